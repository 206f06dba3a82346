//! `collection-form`: Amazon's sheet for a driver, wished for here and asked for by the sync task.

use super::Context;
use super::carry::Carrier;
use super::report::{Report, table};
use super::sheet::write;
use crate::cli::manifest::{
    CollectionFormCommand, CollectionFormListArgs, CollectionFormMakeArgs, CollectionFormPrintArgs,
};
use crate::domain::collection::{CollectionForm, FormState};
use crate::domain::ids::{CollectionFormId, ManifestId, StoreId};
use crate::domain::seller::DocumentFormat;
use crate::error::{Exit, Failure, Outcome};
use crate::print::{self, Printer};
use crate::store::{PaperOf, WantForm};
use crate::sync::{self, OwnPaper, SendPaper};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Runs `collection-form`.
pub(super) fn run(command: &CollectionFormCommand, context: &Context) -> Outcome<Report> {
    match command {
        CollectionFormCommand::Make(arguments) => make(arguments, context),
        CollectionFormCommand::List(arguments) => list(arguments, context),
        CollectionFormCommand::Print(arguments) => print_it(arguments, context),
    }
}

/// Which stores' accounts are asked, for which carrier.
fn asked(arguments: &CollectionFormMakeArgs, context: &Context) -> Outcome<(Vec<StoreId>, String)> {
    if let (Some(store), Some(carrier)) = (&arguments.store, &arguments.carrier) {
        return Ok((vec![StoreId::from(store.as_str())], carrier.clone()));
    }
    let id = ManifestId(arguments.manifest.unwrap_or_default());
    let now = context.clock.now();
    let (stores, known) = context
        .store
        .read_blocking(move |store| Ok((store.stores_on_manifest(id)?, store.manifest(id, now)?)))?;
    if stores.is_empty() {
        return Err(Failure::refused(format!(
            "nothing on manifest {id} was bought through Amazon's Shipping v2: give the driver our own manifest"
        ))
        .hint(format!("tapegun manifest print {id}")));
    }
    Ok((stores, known.manifest.carrier))
}

fn make(arguments: &CollectionFormMakeArgs, context: &Context) -> Outcome<Report> {
    let user = context.user()?;
    let (stores, carrier) = asked(arguments, context)?;
    let mut carry = Carrier::new(context)?;
    let (manifest, now) = (arguments.manifest.map(ManifestId), context.clock.now());
    let wanted = context.store.write_blocking(move |store| {
        let each = stores.into_iter().map(|shop| {
            let wish = WantForm {
                key: Uuid::now_v7(),
                store: shop,
                carrier: carrier.clone(),
                manifest,
                by: user.id,
            };
            store.want_collection_form(&wish, now)
        });
        each.collect::<Result<Vec<CollectionForm>, _>>()
    })?;
    let ids: Vec<CollectionFormId> = wanted.iter().map(|form| form.id).collect();
    let ended = carry.until(Duration::from_secs(arguments.wait), move |store| {
        let forms = ids
            .iter()
            .map(|id| store.collection_form(*id))
            .collect::<Result<Vec<_>, _>>()?;
        let settled = |form: &CollectionForm| matches!(form.state, FormState::Made | FormState::Refused);
        Ok(forms.iter().all(settled).then_some(forms))
    });
    carry.end();
    let ended = ended?;
    let Some(forms) = ended.result else {
        return Err(Failure::new(Exit::Waiting, ended.why.join("; "))
            .while_doing("the collection form is not made yet")
            .hint("tapegun sync goes on with it; tapegun collection-form list shows it"));
    };
    let text: Vec<String> = forms.iter().map(words).collect();
    let none = forms.iter().all(|form| form.state == FormState::Refused);
    let report = Report::new(text.join("\n"), json!({ "forms": forms }));
    Ok(if none {
        report.ending(Exit::Refused)
    } else {
        report
    })
}

fn words(form: &CollectionForm) -> String {
    let why = form
        .reason
        .as_ref()
        .map_or_else(String::new, |why| format!(": {why}"));
    format!(
        "collection form {} of {} (store {}): {}{why}",
        form.id,
        form.carrier,
        form.store,
        form.state.words()
    )
}

fn list(arguments: &CollectionFormListArgs, context: &Context) -> Outcome<Report> {
    let (first, limit) = (arguments.first, arguments.limit);
    let page = context
        .store
        .read_blocking(move |store| store.collection_forms(first, limit))?;
    let mut rows = Vec::new();
    for form in &page.rows {
        rows.push(vec![
            form.id.to_string(),
            form.carrier.clone(),
            form.store.to_string(),
            form.manifest
                .map_or_else(String::new, |id| format!("manifest {id}")),
            form.wanted_at.format("%Y-%m-%d %H:%M").to_string(),
            form.state.words().to_owned(),
            form.reason.clone().unwrap_or_default(),
        ]);
    }
    let mut text = table(&rows);
    if page.total == 0 {
        text.push_str("no collection form was asked for yet\n");
    }
    Ok(Report::new(
        text,
        json!({ "first": page.first, "total": page.total, "forms": page.rows }),
    ))
}

fn print_it(arguments: &CollectionFormPrintArgs, context: &Context) -> Outcome<Report> {
    let id = CollectionFormId(arguments.form);
    if let Some(path) = &arguments.to {
        let vault = context.vault()?;
        let page = runtime()?
            .block_on(sync::open_form(&context.store, &vault, id))
            .map_err(Failure::refused)?;
        write(path, &page.0)?;
        return Ok(Report::new(
            format!("{}: collection form {id}", path.display()),
            json!({ "file": path, "form": id }),
        ));
    }
    print_paper(context, PaperOf::Form(id))?;
    Ok(Report::new(
        format!("printed: collection form {id}"),
        json!({ "printed": true, "form": id }),
    ))
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

/// Writes the wish to print into the station's spool and prints what waits there.
pub(super) fn print_paper(context: &Context, of: PaperOf) -> Outcome<()> {
    let user = context.user()?;
    let Some(printer) = context.printer() else {
        return Err(Failure::usage("this station has no printer").hint(
            "--to FILE writes it into a file; or name a printer under [printer] in the configuration",
        ));
    };
    let (station, now) = (context.config.station.clone(), context.clock.now());
    let name = station.clone();
    context
        .store
        .write_blocking(move |store| store.want_paper(of, &name, user.id, now))?;
    let zpl = matches!(printer, Printer::Raw(_))
        || context.config.carriers[0].formats.contains(&DocumentFormat::Zpl);
    let send = papers_to(printer, zpl);
    let vault = context.vault()?;
    let zone = super::manifest::zone(context)?;
    let sheets = runtime()?.block_on(sync::print_papers(
        &context.store,
        &vault,
        &send,
        (&station, zone),
        context.clock.as_ref(),
    ))?;
    match sheets.into_iter().rfind(|(other, _)| *other == of) {
        Some((_, Err(why))) => Err(Failure::new(Exit::Failed, why).while_doing("not printed")),
        // Printed here, or by the station's own spool meanwhile.
        Some((_, Ok(()))) | None => Ok(()),
    }
}

fn papers_to(printer: Printer, zpl: bool) -> SendPaper {
    Arc::new(move |name, paper| {
        let paper = match paper {
            OwnPaper::Slip(slip) => print::Paper::Slip(slip),
            OwnPaper::Page(page) => print::Paper::Page(&page.0),
        };
        print::send_paper(&printer, name, zpl, paper).map_err(|error| error.to_string())
    })
}
