//! `ship` of many boxes: a pick list, or several orders. Rates, the automatic choice, the label, the sheet for each
//! box that is packed, weighed and measured, as fast as Amazon's limits allow.
//!
//! Each box is told as soon as its end is known. Run again, it goes on with what is left: a box that has a label is
//! passed over. Nothing is bought that the automatic choice does not pick: nothing red, late or barred.

mod lines;
mod spool;

use self::lines::{Came, Line, Told, exit, line_of, summary, whole};
use self::spool::Spool;
use super::Context;
use super::carry::{Carrier, sheets_to};
use super::orders::label_words;
use crate::cli::ShipArgs;
use crate::domain::bulk::{self, BulkMode, NotReady, ReadyBox};
use crate::domain::ids::{OrderId, PickListId, UserId};
use crate::domain::money::{Currency, Money};
use crate::domain::rate::{PurchaseChoice, QuoteAnswer, QuoteState, fingerprint};
use crate::domain::rows::{OrderDetail, OrderFilter};
use crate::domain::seller::DocumentFormat;
use crate::domain::user::Permission;
use crate::error::{Exit, Failure, Outcome};
use crate::sync::{Bulk, BulkBox, Choose};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What was chosen until now, by currency, in its smallest unit.
type Spent = Mutex<BTreeMap<String, i64>>;

/// Orders read in one window.
const PAGE: usize = 500;

/// Runs `ship` for many boxes.
pub(super) fn run(arguments: &ShipArgs, context: &Context, out: &mut dyn Write) -> Outcome<Exit> {
    check(arguments)?;
    let by = if arguments.dry_run {
        context.maybe_user()?.map_or(UserId(0), |user| user.id)
    } else {
        let user = context.user()?;
        context
            .permit(&user, Permission::BulkShip)
            .map_err(|refusal| refusal.hint("--dry-run is anybody's; tapegun ship ORDER ships one order"))?;
        user.id
    };
    let mut ready = Vec::new();
    let mut details = BTreeMap::new();
    let mut lines = Vec::new();
    for order in orders(arguments, context)? {
        let detail = context.detail(order)?;
        match ready_boxes(&detail) {
            Ok(each) => {
                ready.extend(each);
                details.insert(order, detail);
            }
            Err(line) => lines.push(line),
        }
    }
    let mut told = Told {
        text: (!arguments.output.json).then_some(&mut *out),
        lines: Vec::new(),
    };
    for line in lines {
        told.say(line)?;
    }
    let boxes = if ready.len() == 1 { "box" } else { "boxes" };
    told.note(&format!("{} {boxes} to ship", ready.len()))?;
    if !ready.is_empty() {
        let choose = automatic(arguments, context, details);
        ship(arguments, context, by, ready, choose, &mut told)?;
    }
    let lines = told.lines;
    if arguments.output.json {
        writeln!(out, "{}", whole(&lines))?;
    } else {
        writeln!(out, "{}", summary(&lines))?;
    }
    out.flush()?;
    Ok(exit(&lines))
}

/// What is said of one box cannot be said of many, and money takes a yes.
fn check(arguments: &ShipArgs) -> Outcome<()> {
    let parcel = &arguments.parcel;
    if arguments.reason.is_some()
        || parcel.weight.is_some()
        || parcel.size.is_some()
        || parcel.confirmation.is_some()
    {
        return Err(Failure::usage(
            "--reason, --weight, --size and --confirmation are for one box, not for many",
        )
        .hint(
            "tapegun ship ORDER with these, then the others together; --service ID is one method for all",
        ));
    }
    for (option, text) in [
        ("--at-most", &arguments.at_most),
        ("--total-at-most", &arguments.total_at_most),
    ] {
        if let Some(text) = text
            .as_deref()
            .filter(|text| Money::parse(text, Currency::USD).is_none())
        {
            return Err(Failure::usage(format!(
                "{option}: {text:?} is no amount, write it like 12.50"
            )));
        }
    }
    if !arguments.yes && !arguments.dry_run {
        return Err(Failure::usage("many labels are bought only with a yes: nothing was bought").hint(
            "--dry-run shows what would be bought and what it costs, --yes buys; --total-at-most AMOUNT sets a limit",
        ));
    }
    Ok(())
}

fn orders(arguments: &ShipArgs, context: &Context) -> Outcome<Vec<OrderId>> {
    let Some(list) = arguments.pick_list else {
        return arguments.orders.iter().map(|text| context.order(text)).collect();
    };
    let filter = OrderFilter {
        pick_list: Some(PickListId(list)),
        ..OrderFilter::default()
    };
    let mut orders = Vec::new();
    loop {
        let (filter, first) = (filter.clone(), orders.len());
        let page = context
            .store
            .read_blocking(move |store| store.orders(&filter, first, PAGE))?;
        if page.total == 0 {
            return Err(
                Failure::new(Exit::Failed, format!("there is no pick list {list}"))
                    .hint("tapegun pick-list list"),
            );
        }
        orders.extend(page.rows.iter().map(|row| row.id));
        if page.rows.is_empty() || orders.len() >= page.total {
            return Ok(orders);
        }
    }
}

/// The boxes of an order that can be shipped without anybody looking at them, or why not: the rules of bulk ship, the
/// same as on the supervisor's screen.
fn ready_boxes(detail: &OrderDetail) -> Result<Vec<BulkBox>, Line> {
    let why_not = |why| match (why, detail.labels.first()) {
        (NotReady::Already(_), Some(label)) => line(detail, Came::Already, label_words(label)),
        (NotReady::Already(label), None) => line(detail, Came::Already, label.to_string()),
        (NotReady::Refused(words), _) => line(detail, Came::Refused, words),
    };
    bulk::ready_boxes(detail)
        .map_err(why_not)?
        .into_iter()
        .map(|(_, one)| Ok(bulk_box(detail, one.map_err(why_not)?)))
        .collect()
}

fn line(detail: &OrderDetail, came: Came, words: String) -> Line {
    Line {
        number: detail.order.channel.number.clone(),
        came,
        words,
        price: None,
        label: None,
    }
}

/// A box with its stored answer, where that is to the very same request.
fn bulk_box(detail: &OrderDetail, ready: ReadyBox) -> BulkBox {
    let print = fingerprint(&ready.request);
    let stored = detail
        .quotes
        .iter()
        .filter(|quote| quote.request.box_id == ready.parcel.id)
        .max_by_key(|quote| quote.id)
        .filter(|quote| quote.fingerprint == print && matches!(quote.state, QuoteState::Answered(_)));
    BulkBox {
        store: detail.order.channel.store.clone(),
        order: detail.order.id,
        number: detail.order.channel.number.clone(),
        box_id: ready.parcel.id,
        turn: ready.parcel.turn,
        request: ready.request,
        quote: stored.cloned(),
    }
}

/// The automatic choice under the limits that were given.
fn automatic(arguments: &ShipArgs, context: &Context, details: BTreeMap<OrderId, OrderDetail>) -> Choose {
    let formats: BTreeMap<OrderId, Vec<DocumentFormat>> = details
        .iter()
        .map(|(order, detail)| {
            let account = context.config.account(&detail.order.channel.store);
            (*order, account.formats.clone())
        })
        .collect();
    let arguments = arguments.clone();
    let mode = mode(&arguments);
    let spent: Spent = Mutex::default();
    Arc::new(move |one: &BulkBox, answer: &QuoteAnswer| {
        let detail = details.get(&one.order).ok_or("the order is not here")?;
        let parcel = detail.boxes.iter().find(|parcel| parcel.id == one.box_id);
        let parcel = parcel.ok_or("the box is not here")?;
        let formats = &formats[&one.order];
        let choice = bulk::pick(detail, parcel, formats, answer, &mode, None)?.choice;
        if let Some(most) = amount(arguments.at_most.as_deref(), choice.price)
            && choice.price.minor > most.minor
        {
            return Err(format!("the label costs {}, more than {most}", choice.price));
        }
        within_total(&arguments, &spent, &choice)?;
        Ok(choice)
    })
}

/// One method for all where it is named: an order to which it is not offered, or against which something speaks, is
/// refused, never swapped. Else each order's own.
fn mode(arguments: &ShipArgs) -> BulkMode {
    arguments.service.as_ref().map_or(BulkMode::Each, |service| {
        let (carrier_id, service_id) = service.split_once('/').unwrap_or(("", service));
        BulkMode::Same {
            carrier_id: carrier_id.to_owned(),
            service_id: service_id.to_owned(),
            name: service.clone(),
        }
    })
}

/// An amount of the command line in the currency of a price; checked before.
fn amount(text: Option<&str>, price: Money) -> Option<Money> {
    Money::parse(text?, price.currency)
}

/// Counts what is wanted together; refused labels count too, so that the limit is never passed.
fn within_total(arguments: &ShipArgs, spent: &Spent, choice: &PurchaseChoice) -> Result<(), String> {
    let price = choice.price;
    let Some(most) = amount(arguments.total_at_most.as_deref(), price) else {
        return Ok(());
    };
    let mut spent = spent.lock().unwrap_or_else(PoisonError::into_inner);
    let spent = spent.entry(price.currency.code().to_owned()).or_default();
    if *spent + price.minor > most.minor {
        return Err(format!("the labels would cost more than {most} together"));
    }
    *spent += price.minor;
    Ok(())
}

/// Ships the boxes, telling each.
fn ship(
    arguments: &ShipArgs,
    context: &Context,
    by: UserId,
    boxes: Vec<BulkBox>,
    choose: Choose,
    told: &mut Told<'_>,
) -> Outcome<()> {
    let carrier = Carrier::new(context)?;
    let printer = context
        .printer()
        .filter(|_| !arguments.no_print && !arguments.dry_run);
    let spool = printer
        .map(|printer| Spool::new(context, sheets_to(printer)))
        .transpose()?
        .map(Arc::new);
    let stop = CancellationToken::new();
    let said = RefCell::new((told, Ok(())));
    let say = |act: &dyn Fn(&mut Told<'_>) -> std::io::Result<()>| {
        let (told, failed) = &mut *said.borrow_mut();
        if let Err(error) = act(told) {
            // Nobody reads any more: what is under way is ended, nothing more is begun.
            stop.cancel();
            *failed = Err(error);
        }
    };
    carrier.beside(async |wake| {
        let bulk = Bulk {
            store: context.store.clone(),
            clock: Arc::clone(&context.clock),
            wake,
            by,
            station: context.config.station.clone(),
            rehearsal: arguments.dry_run,
            patience: Duration::from_secs(arguments.parcel.wait),
            choose,
        };
        let stopper = tokio::spawn(stop_on_signal(stop.clone()));
        let printing = spool.clone().map(|spool| tokio::spawn(spool.run()));
        let ended = bulk
            .ship(
                boxes,
                stop.clone(),
                |one, end| {
                    let line = line_of(one, end);
                    if let Some(spool) = &spool {
                        spool.wake.notify_one();
                    }
                    say(&|told| told.say(line.clone()));
                },
                |words| say(&|told| told.note(words)),
            )
            .await;
        stopper.abort();
        if let (Some(spool), Some(printing)) = (&spool, printing) {
            spool.done.cancel();
            // A fault inside it leaves sheets in the queue, where they are found again.
            let _ = printing.await;
        }
        ended
    })?;
    let (told, failed) = said.into_inner();
    failed?;
    if let Some(spool) = spool {
        told.printed(&spool.failed())?;
    }
    Ok(())
}

async fn stop_on_signal(stop: CancellationToken) {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
    stop.cancel();
}
