//! Bulk ship: which orders may be shipped without anybody looking at them, by which method, and how far a run is.
//!
//! Pure. The same rules for the supervisor's screen and for the command line (workflow.md 5): nothing is bought that
//! the automatic choice does not pick, a method that is asked for is never swapped for another one.

#[cfg(test)]
mod tests;

use super::choice::{Judgement, Rules, Tint, choose, is_assigned, judge_all};
use super::ids::{BoxId, BulkRunId, OrderId, OrderNumber, PickListId, StationId, UserId};
use super::method::KnownMethod;
use super::money::Money;
use super::order::{AssignedMethod, ChannelOrder, Order};
use super::packing::{PackingSession, boxes};
use super::product::Product;
use super::rate::{PurchaseChoice, QuoteAnswer, QuoteRequest, Rate, method_name};
use super::rows::{BoxRow, OrderDetail};
use super::seller::{DocumentFormat, LabelVia};
use super::shipment::LabelState;
use super::status::OrderStatus;
use super::transparency;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// Which method each order of a run goes by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub enum BulkMode {
    /// Each order's own; where none is assigned the cheapest that passes.
    #[default]
    Each,
    /// This one for all: an order to which Amazon does not offer it is refused, never swapped.
    Same {
        /// Carrier's id.
        carrier_id: String,
        /// Service's id.
        service_id: String,
        /// Carrier and service in words.
        name: String,
    },
}

impl fmt::Display for BulkMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Each => f.write_str("each order's own method, else the cheapest that passes"),
            Self::Same { name, .. } => write!(f, "{name} for all"),
        }
    }
}

/// A method that Amazon offers to orders of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BulkMethod {
    /// The mode that would ask for it.
    pub mode: BulkMode,
    /// Boxes of the run that it is offered to.
    pub offered: u32,
    /// Of these, boxes that it would be bought for.
    pub passes: u32,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Rates are asked for; nothing is bought.
    Checking,
    /// Every order has its method and price, or its reason why not; nothing is bought before the yes.
    Ready,
    /// Labels are bought.
    Running,
    /// A person said stop: what is being asked is waited for.
    Stopping,
    /// Stopped between orders; can go on.
    Stopped,
    /// Every order has its result.
    Done,
}

impl RunState {
    /// Amazon is being asked, for rates or for labels.
    pub fn is_busy(self) -> bool {
        matches!(self, Self::Checking | Self::Running | Self::Stopping)
    }
}

impl fmt::Display for RunState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Checking => "checking, nothing is bought",
            Self::Ready => "ready, nothing is bought yet",
            Self::Running => "BUYING",
            Self::Stopping => "stopping",
            Self::Stopped => "stopped",
            Self::Done => "done",
        })
    }
}

/// Where one order of a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// Not looked at yet.
    New,
    /// Its rates are asked for.
    Asked,
    /// It has a method and a price.
    Ok,
    /// Its label is wanted or being asked for.
    Wanted,
    /// Its label is bought.
    Bought,
    /// Not bought; the words say why.
    Refused,
    /// Nobody knows whether it was bought: it settles itself, or a person decides.
    Unknown,
    /// It had a label before the run.
    Already,
}

impl RowState {
    /// Nothing more comes of it in this run.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Bought | Self::Refused | Self::Unknown | Self::Already)
    }
}

/// Orders of a run by where they stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RunCounts {
    /// Orders in all.
    pub orders: u32,
    /// Not looked at yet, or rates asked for.
    pub checking: u32,
    /// With a method and a price.
    pub ok: u32,
    /// Label wanted or asked.
    pub wanted: u32,
    /// Bought.
    pub bought: u32,
    /// Bought and printed.
    pub printed: u32,
    /// Refused.
    pub refused: u32,
    /// Unknown.
    pub unknown: u32,
    /// Had a label before.
    pub already: u32,
}

/// A run as screens and commands read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BulkRun {
    /// Number.
    pub id: BulkRunId,
    /// Its pick list.
    pub list: PickListId,
    /// State.
    pub state: RunState,
    /// Which method.
    pub mode: BulkMode,
    /// Why the earliest method may be bought where all are late; none: it may not.
    pub earliest: Option<String>,
    /// Whose it is, by name.
    pub by: String,
    /// The station that prints.
    pub station: StationId,
    /// Counts.
    pub counts: RunCounts,
    /// What the orders with a price come to, by currency: what is still to be bought.
    pub to_buy: Vec<Money>,
    /// What was bought, by currency.
    pub bought: Vec<Money>,
    /// The yes was said at.
    pub started_at: Option<DateTime<Utc>>,
}

/// An order of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BulkRow {
    /// Order.
    pub order: OrderId,
    /// Its number.
    pub number: OrderNumber,
    /// Which of its boxes, where it is packed in several.
    pub box_number: Option<u32>,
    /// Where it stands.
    pub state: RowState,
    /// Method in words, once chosen.
    pub method: String,
    /// Price, once chosen.
    pub price: Option<Money>,
    /// Why it is refused or not known.
    pub words: String,
    /// Its label's state.
    pub label: Option<LabelState>,
    /// Copies printed.
    pub printed: u32,
}

/// Which orders of a pick list a run takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum BulkSelection {
    /// All of them.
    #[default]
    All,
    /// These.
    These(BTreeSet<OrderId>),
    /// All but these.
    AllBut(BTreeSet<OrderId>),
}

impl BulkSelection {
    /// The order is taken.
    pub fn takes(&self, order: OrderId) -> bool {
        match self {
            Self::All => true,
            Self::These(orders) => orders.contains(&order),
            Self::AllBut(orders) => !orders.contains(&order),
        }
    }
}

/// What a run is begun with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkWish {
    /// The pick list.
    pub list: PickListId,
    /// Which of its orders.
    pub orders: BulkSelection,
    /// Which method.
    pub mode: BulkMode,
    /// What each shop's labels can be printed as, best first.
    pub formats: Vec<(super::ids::StoreId, Vec<DocumentFormat>)>,
    /// Who: a supervisor.
    pub by: UserId,
    /// The station that prints.
    pub station: StationId,
}

/// The box of an order that can be shipped without anybody looking at it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadyBox {
    /// The box.
    pub parcel: BoxRow,
    /// What rates are asked for.
    pub request: QuoteRequest,
}

/// A box with what may be asked for it, or why nothing may.
pub type EachBox = (BoxId, Result<ReadyBox, NotReady>);

/// Why an order is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotReady {
    /// It has a label already.
    Already(LabelState),
    /// In words.
    Refused(String),
}

/// The boxes of an order that may be shipped in bulk, or why not: all that is known before Amazon is asked. What is
/// wrong with the order is said once, what is wrong with a box for that box.
pub fn ready_boxes(detail: &OrderDetail) -> Result<Vec<EachBox>, NotReady> {
    let filled = boxes::boxes(detail);
    let free: Vec<_> = filled
        .iter()
        .filter(|one| !one.is_frozen() && !one.is_empty())
        .collect();
    let live = detail.labels.iter().find(|label| label.state.is_live());
    if let Some(label) = live.filter(|_| free.is_empty()) {
        return Err(NotReady::Already(label.state));
    }
    may_ship(&detail.order, &detail.products).map_err(NotReady::Refused)?;
    if free.is_empty() {
        return Err(NotReady::Refused("not packed yet".to_owned()));
    }
    if detail.order.status != OrderStatus::InPacking {
        let words = format!("it is {}: open it for packing first", detail.order.status);
        return Err(NotReady::Refused(words));
    }
    let session = PackingSession::of(detail);
    Ok(free
        .into_iter()
        .map(|one| {
            let parcel = one.row.clone();
            let request = QuoteRequest::of(detail, &session, &parcel).map_err(NotReady::Refused);
            (parcel.id, request.map(|request| ReadyBox { parcel, request }))
        })
        .collect())
}

/// One box of an order as [`ready_boxes`] tells it; without a name the only one that is free.
pub fn ready(detail: &OrderDetail, named: Option<BoxId>) -> Result<ReadyBox, NotReady> {
    if let Some(label) = detail
        .labels
        .iter()
        .find(|label| Some(label.box_id) == named && label.state.freezes_box())
    {
        return Err(NotReady::Already(label.state));
    }
    let mut each = ready_boxes(detail)?.into_iter();
    let Some(named) = named else {
        return match (each.next(), each.next()) {
            (Some((_, one)), None) => one,
            _ => Err(NotReady::Refused(
                "it was packed into several boxes since the run was begun: begin another run for it"
                    .to_owned(),
            )),
        };
    };
    each.find(|(id, _)| *id == named).map_or_else(
        || {
            Err(NotReady::Refused(
                "its boxes were changed since the run was begun: begin another run".to_owned(),
            ))
        },
        |(_, one)| one,
    )
}

/// The order's own rules: its status, what it waits for, codes and serial numbers.
fn may_ship(order: &Order, products: &[Product]) -> Result<(), String> {
    if !order.status.can_ship() {
        return Err(format!("an order that is {} cannot be shipped", order.status));
    }
    if let Some(flag) = order.flags.first() {
        return Err(flag.to_string());
    }
    let lines = &order.channel.lines;
    if lines.iter().any(|line| transparency::needs_code(line, products)) {
        return Err("needs Transparency codes: such orders are packed and shipped one by one".to_owned());
    }
    if lines.iter().any(|line| line.serial_required) {
        return Err("Amazon wants a serial number: ship it by itself".to_owned());
    }
    Ok(())
}

/// What is bought for an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkPick {
    /// What to buy.
    pub choice: PurchaseChoice,
    /// Method in words.
    pub method: String,
    /// The supervisor's reason, where the method is late and was allowed.
    pub reason: Option<String>,
}

/// The method for an order among what Amazon offers, or why there is none. Automatic methods only: nothing red, late
/// or barred; `earliest` is the supervisor's reason to take the earliest one where all that is asked for is late.
pub fn pick(
    detail: &OrderDetail,
    parcel: &BoxRow,
    formats: &[DocumentFormat],
    answer: &QuoteAnswer,
    mode: &BulkMode,
    earliest: Option<&str>,
) -> Result<BulkPick, String> {
    let judged = judged(
        &detail.order.channel,
        &detail.method.known,
        parcel,
        formats,
        answer,
    )
    .ok_or("Amazon has given no address for this order yet")?;
    let wanted = match mode {
        BulkMode::Each => detail.order.assigned.clone(),
        BulkMode::Same {
            carrier_id,
            service_id,
            ..
        } => AssignedMethod::Service {
            carrier_id: carrier_id.clone(),
            service_id: service_id.clone(),
        },
    };
    let (place, reason) = match (choose(&answer.rates, &judged, &wanted), earliest) {
        (Ok(place), _) => (place, None),
        (Err(why), Some(reason)) => match earliest_of_late(&answer.rates, &judged, &wanted) {
            Some(place) => (place, Some(reason.to_owned())),
            None => return Err(why_not(mode, why, &answer.rates, &judged, &wanted)),
        },
        (Err(why), None) => return Err(why_not(mode, why, &answer.rates, &judged, &wanted)),
    };
    let rate = &answer.rates[place];
    let choice = judged
        .iter()
        .find(|(index, _)| *index == place)
        .and_then(|(_, judgement)| judgement.choice.clone())
        .ok_or("no method is picked automatically")?;
    Ok(BulkPick {
        choice,
        method: method_name(&rate.carrier, &rate.service),
        reason,
    })
}

/// What is offered for a box, judged by its order's rules; none while the order has no destination.
fn judged(
    order: &ChannelOrder,
    known: &[KnownMethod],
    parcel: &BoxRow,
    formats: &[DocumentFormat],
    answer: &QuoteAnswer,
) -> Option<Vec<(usize, Judgement)>> {
    let rules = Rules {
        flat_rate_box: parcel.flat_rate,
        known,
        ..Rules::of(order, parcel.confirmation, formats)?
    };
    Some(judge_all(&answer.rates, &rules))
}

/// Methods that are offered for a box, each with whether it would be bought where it is asked for by name.
pub fn offered(
    order: &ChannelOrder,
    known: &[KnownMethod],
    parcel: &BoxRow,
    formats: &[DocumentFormat],
    answer: &QuoteAnswer,
) -> Vec<(Rate, bool)> {
    let judged = judged(order, known, parcel, formats, answer).unwrap_or_default();
    let each = judged.into_iter();
    each.map(|(place, judgement)| {
        let passes = judgement.automatic && judgement.choice.is_some();
        (answer.rates[place].clone(), passes)
    })
    .collect()
}

/// Where all methods that could be bought are late, the one that comes first, of two the cheaper. None where one of them
/// is in time: then something else stands against it, and no supervisor has allowed that.
fn earliest_of_late(rates: &[Rate], judged: &[(usize, Judgement)], wanted: &AssignedMethod) -> Option<usize> {
    let within_reach = |one: &&(usize, Judgement)| {
        let judgement = &one.1;
        judgement.barred.is_none()
            && judgement.unfit_box.is_none()
            && judgement.choice.is_some()
            && judgement.tint != Tint::Muted
            && is_assigned(&rates[one.0], wanted)
    };
    let candidates: Vec<_> = judged.iter().filter(within_reach).collect();
    if candidates.iter().any(|(_, judgement)| !judgement.late) {
        return None;
    }
    candidates
        .into_iter()
        .filter(|(_, judgement)| judgement.against.iter().all(|words| words.starts_with("late: ")))
        .min_by_key(|(place, judgement)| {
            let promise = rates[*place].window.and_then(|window| window.latest);
            (promise.is_none(), promise, judgement.price.minor)
        })
        .map(|(place, _)| *place)
}

/// Why there is no method. Where one was asked for all, that one is named and what stands against it.
fn why_not(
    mode: &BulkMode,
    why: String,
    rates: &[Rate],
    judged: &[(usize, Judgement)],
    wanted: &AssignedMethod,
) -> String {
    let BulkMode::Same { name, .. } = mode else {
        return why;
    };
    match judged
        .iter()
        .find(|(place, _)| is_assigned(&rates[*place], wanted))
    {
        Some((_, judgement)) => match &judgement.barred {
            Some(words) => words.clone(),
            None => format!("{name}: {}", judgement.against.join("; ")),
        },
        None => format!("{name} is not offered for this box: it is not swapped for another"),
    }
}

/// Labels that Amazon sells in a second: the published limits of both ways (amazon.md 3.2, 4.2).
fn per_second(via: LabelVia) -> u32 {
    match via {
        LabelVia::MerchantFulfillmentV0 => 2,
        _ => 80,
    }
}

/// How long the labels that are left take at least: at Amazon's limit, or as fast as it went until now, whichever is
/// slower.
pub fn time_left(left: u32, via: LabelVia, done: u32, since: Option<TimeDelta>) -> TimeDelta {
    let at_the_limit = i64::from(left) * 1000 / i64::from(per_second(via));
    let as_it_went = match since {
        Some(since) if done > 0 => since.num_milliseconds().max(0) / i64::from(done) * i64::from(left),
        _ => 0,
    };
    TimeDelta::milliseconds(at_the_limit.max(as_it_went))
}
