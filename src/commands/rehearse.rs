//! `rehearse`: the screens on a day that never was, with a score. The embedded simulator is all the Amazon there is: a
//! configuration with real accounts is refused, and the data lies in a place of its own that goes at the end.

use super::context;
use super::demo::{self, Cast, DemoOptions};
use super::products;
use super::report::Report;
use super::sheet::{format_of, write};
use crate::cli::{Common, RehearseArgs};
use crate::domain::practice::Plan;
use crate::domain::text::Clean;
use crate::domain::user::Role;
use crate::error::{Failure, Outcome};
use crate::print::{self, Card};
use crate::simulator::demo as cast;
use serde_json::json;
use std::path::Path;

/// Orders where nobody says how many.
const ORDERS: u32 = 10;
/// Orders at hand where only the time is said.
const PLENTY: u32 = 120;

/// Rehearses until the packer leaves. Returns the exit status.
pub fn run(arguments: &RehearseArgs, common: &Common) -> Outcome<u8> {
    let cast = cast_of(arguments)?;
    refuse_what_is_real(common)?;
    let options = DemoOptions {
        keep: None,
        scale: None,
        clock: common.clock,
    };
    demo::play(&options, cast)
}

fn cast_of(arguments: &RehearseArgs) -> Outcome<Cast> {
    let packer = Clean::bounded(&arguments.packer, 40);
    if packer.is_empty() {
        return Err(Failure::usage("who rehearses?").hint("--packer NAME"));
    }
    let plan = Plan {
        orders: match (arguments.orders, arguments.minutes) {
            (Some(orders), _) => orders,
            (None, Some(_)) => 0,
            (None, None) => ORDERS,
        },
        minutes: arguments.minutes,
    };
    let orders = if plan.orders == 0 { PLENTY } else { plan.orders };
    Ok(Cast {
        name: "rehearsal",
        seed: arguments.seed,
        // Alone at the bench: Enter signs in.
        staff: vec![(packer, "trainee".to_owned(), Role::Packer)],
        orders: Some(usize::try_from(orders).unwrap_or(usize::MAX)),
        plan: Some(plan),
    })
}

/// Real accounts and real data are never touched, not even looked at.
fn refuse_what_is_real(common: &Common) -> Outcome<()> {
    if common.data.is_some() {
        return Err(Failure::refused(
            "a rehearsal keeps its data in a place of its own, which goes when it ends",
        )
        .hint("leave out --data (and TAPEGUN_DATA)"));
    }
    if common.config.is_none() {
        return Ok(());
    }
    let config = context::load(common)?;
    let real = config.stores.iter().find(|store| store.has_account());
    if let (Some(store), false) = (real, config.only_loopback()) {
        return Err(Failure::refused(format!(
            "this configuration has real accounts (store {}): a rehearsal never touches them",
            store.id
        ))
        .hint("leave out --config (and TAPEGUN_CONFIG): a rehearsal needs no configuration"));
    }
    Ok(())
}

/// The goods' barcodes on paper: there is nothing else to scan in a rehearsal.
pub(super) fn sheet(path: &Path) -> Outcome<Report> {
    let goods = products::parse(cast::PRODUCTS).map_err(anyhow::Error::from)?;
    let mut cards = vec![Card {
        code: "TGU-trainee".to_owned(),
        words: "Badge".to_owned(),
    }];
    for product in goods {
        if let Some(barcode) = product.barcodes.first() {
            cards.push(Card {
                code: barcode.code.clone(),
                words: format!("{} {}", product.sku, product.title),
            });
        }
    }
    let sheet = print::cards(format_of(path)?, "Goods of the rehearsal", &cards)
        .map_err(|error| Failure::refused(error.to_string()))?;
    write(path, &sheet)?;
    let codes: Vec<&str> = cards.iter().map(|card| card.code.as_str()).collect();
    Ok(Report::new(
        format!("{}: {} barcodes", path.display(), cards.len()),
        json!({ "file": path, "codes": codes }),
    ))
}
