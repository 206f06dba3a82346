//! Bulk ship: which orders may be shipped without anybody looking at them, by which method, and how far a run is.
//!
//! Pure. The same rules for the supervisor's screen and for the command line (workflow.md 5): nothing is bought that
//! the automatic choice does not pick, a method that is asked for is never swapped for another one.

#[cfg(test)]
mod tests;

use super::choice::{Rules, choose, judge_all};
use super::ids::{BulkRunId, OrderId, OrderNumber, PickListId, StationId, UserId};
use super::money::Money;
use super::order::{AssignedMethod, Flag};
use super::packing::PackingSession;
use super::rate::{PurchaseChoice, QuoteAnswer, QuoteRequest, Rate, method_name};
use super::rows::{BoxRow, OrderDetail};
use super::seller::{DocumentFormat, LabelVia};
use super::shipment::LabelState;
use super::status::OrderStatus;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
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
    /// Orders of the run that it is offered to.
    pub offered: u32,
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

/// What a run is begun with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkWish {
    /// The pick list.
    pub list: PickListId,
    /// Of its orders these; empty: all.
    pub orders: Vec<OrderId>,
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

/// Why an order is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotReady {
    /// It has a label already.
    Already(LabelState),
    /// In words.
    Refused(String),
}

/// The box of an order that may be shipped in bulk, or why not: all that is known before Amazon is asked.
pub fn ready(detail: &OrderDetail) -> Result<ReadyBox, NotReady> {
    let order = &detail.order;
    let refused = |words: String| Err(NotReady::Refused(words));
    let mut free = detail.boxes.iter().filter(|one| {
        let mut labels = detail.labels.iter();
        !labels.any(|label| label.box_id == one.id && label.state.freezes_box())
    });
    let parcel = match (free.next(), free.next()) {
        (Some(parcel), None) => parcel,
        (Some(_), Some(_)) => return refused("several boxes: ship them one by one".to_owned()),
        (None, _) => {
            return match detail.labels.first() {
                Some(label) => Err(NotReady::Already(label.state)),
                None => refused("not packed yet".to_owned()),
            };
        }
    };
    if !order.status.can_ship() {
        return refused(format!("an order that is {} cannot be shipped", order.status));
    }
    if order.status != OrderStatus::InPacking {
        return refused(format!("it is {}: open it for packing first", order.status));
    }
    if let Some(flag) = order.flags.first() {
        return refused(flag_words(flag));
    }
    let lines = &order.channel.lines;
    if lines
        .iter()
        .any(|line| super::transparency::needs_code(line, &detail.products))
    {
        return refused("needs Transparency codes: such orders are packed and shipped one by one".to_owned());
    }
    if lines.iter().any(|line| line.serial_required) {
        return refused("Amazon wants a serial number: ship it by itself".to_owned());
    }
    let session = PackingSession::replay(lines, &detail.products, &detail.scans);
    match QuoteRequest::of(detail, &session, parcel) {
        Ok(request) => Ok(ReadyBox {
            parcel: parcel.clone(),
            request,
        }),
        Err(missing) => refused(missing),
    }
}

fn flag_words(flag: &Flag) -> String {
    flag.to_string()
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
    let order = &detail.order;
    let rules = Rules::of(&order.channel, parcel.confirmation, formats)
        .ok_or("Amazon has given no address for this order yet")?;
    let rules = Rules {
        flat_rate_box: parcel.flat_rate,
        known: &detail.method.known,
        ..rules
    };
    let judged = judge_all(&answer.rates, &rules);
    let wanted = match mode {
        BulkMode::Each => order.assigned.clone(),
        BulkMode::Same {
            carrier_id,
            service_id,
            ..
        } => AssignedMethod::Service {
            carrier_id: carrier_id.clone(),
            service_id: service_id.clone(),
        },
    };
    let (place, reason) = match choose(&answer.rates, &judged, &wanted) {
        Ok(place) => (place, None),
        Err(why) => {
            let Some(reason) = earliest else { return Err(why) };
            let late = judged
                .iter()
                .filter(|(place, judgement)| {
                    judgement.late
                        && judgement.barred.is_none()
                        && judgement.unfit_box.is_none()
                        && judgement.choice.is_some()
                        && judgement.against.iter().all(|words| words.starts_with("late: "))
                        && is_wanted(&answer.rates[*place], &wanted)
                })
                .min_by_key(|(place, judgement)| {
                    let promise = answer.rates[*place].window.and_then(|window| window.latest);
                    (promise.is_none(), promise, judgement.price.minor)
                });
            match late {
                Some((place, _)) => (*place, Some(reason.to_owned())),
                None => return Err(why),
            }
        }
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

fn is_wanted(rate: &Rate, wanted: &AssignedMethod) -> bool {
    match wanted {
        AssignedMethod::Unknown => true,
        AssignedMethod::Service {
            carrier_id,
            service_id,
        } => {
            rate.service_id.eq_ignore_ascii_case(service_id)
                && (carrier_id.is_empty() || rate.carrier_id.eq_ignore_ascii_case(carrier_id))
        }
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
