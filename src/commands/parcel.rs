//! The box of an order on the command line: its session, its measures, its quote.

use super::Context;
use super::carry::Carrier;
use crate::cli::BoxArgs;
use crate::domain::choice::{Judgement, Rules, judge_all};
use crate::domain::packing::{PackingSession, boxes};
use crate::domain::rate::{Quote, QuoteAnswer, QuoteRequest, QuoteState, fingerprint};
use crate::domain::rows::{BoxRow, OrderDetail};
use crate::domain::units::Dimensions;
use crate::error::{Exit, Failure, Outcome};
use crate::store::{BoxDetails, Refusal, StoreError, StoreResult, Turn};
use chrono::TimeDelta;
use std::time::Duration;

/// A quote is taken for 9 minutes (PURCHASING.md 1); one that is older than this is asked for again first.
const FRESH: TimeDelta = TimeDelta::minutes(8);

/// The packing session as it is stored.
pub(super) fn session(detail: &OrderDetail) -> PackingSession {
    PackingSession::replay(&detail.order.channel.lines, &detail.products, &detail.scans)
}

/// The box that rates are asked for: measured as the arguments say.
pub(super) struct Parcel {
    /// The order, read after the box was measured.
    pub(super) detail: OrderDetail,
    /// The box.
    pub(super) row: BoxRow,
}

/// Opens the box and sets what the arguments give. A box that the named user packs already stays in its turn, so that
/// a screen that is open on it is not disturbed; else the user's turn begins, and another packer's box is refused.
/// Without a name a box is only looked at.
pub(super) fn open(context: &Context, text: &str, arguments: &BoxArgs) -> Outcome<Parcel> {
    let order = context.order(text)?;
    let (details, wanted) = (details(context, arguments)?, arguments.box_number);
    let user = if details == BoxDetails::default() {
        context.maybe_user()?
    } else {
        Some(context.user()?)
    };
    let (confirmation, now) = (context.default_confirmation(order)?, context.clock.now());
    let (row, detail) = context.store.write_blocking(move |store| {
        let detail = store.order(order)?;
        let free = match wanted {
            Some(number) => Some(named_box(&detail, number)?),
            None => boxes::unlabelled(&detail).or_else(|| boxes::free_boxes(&detail).next()),
        };
        let mut row = match (free, &user) {
            (Some(free), None) => free.clone(),
            (Some(free), Some(user)) if free.owner == Some(user.id) => free.clone(),
            (_, Some(user)) => {
                let row = store.begin_packing(order, user.id, false, confirmation, now)?;
                match free {
                    Some(free) if free.id != row.id => {
                        let from = Turn {
                            order,
                            box_id: row.id,
                            turn: row.turn,
                        };
                        store.open_box(from, free.number, user.id, now)?
                    }
                    _ => row,
                }
            }
            (None, None) => {
                return Err(StoreError::Refused(Refusal::Other(
                    "no box of this order is open: pack it first".to_owned(),
                )));
            }
        };
        if let Some(user) = user.filter(|_| details != BoxDetails::default()) {
            row = store.set_box(row.id, row.turn, &details, user.id, now)?;
        }
        Ok((row, store.order(order)?))
    })?;
    Ok(Parcel { detail, row })
}

/// The box with this number, where it has no label.
fn named_box(detail: &OrderDetail, number: u32) -> StoreResult<&BoxRow> {
    let refuse = |words: String| StoreError::Refused(Refusal::Other(words));
    if detail.boxes.iter().all(|one| one.number != number) {
        let words = format!("this order has no box {number}: it has {}", detail.boxes.len());
        return Err(refuse(words));
    }
    boxes::free_boxes(detail)
        .find(|one| one.number == number)
        .ok_or_else(|| {
            refuse(format!(
                "box {number} has a label: void it before changing the box"
            ))
        })
}

/// What the arguments say of the box. A box of the shelf may be a carrier's own flat-rate box.
fn details(context: &Context, arguments: &BoxArgs) -> Outcome<BoxDetails> {
    let preset = arguments.size.as_deref().and_then(|size| {
        context
            .config
            .boxes
            .iter()
            .find(|one| one.name.eq_ignore_ascii_case(size))
    });
    let dimensions = match (&arguments.size, preset) {
        (None, _) => None,
        (Some(_), Some(preset)) => Some(preset.dimensions),
        (Some(size), None) => {
            Some(Dimensions::parse(size).map_err(|error| Failure::usage(format!("--size: {error}")))?)
        }
    };
    Ok(BoxDetails {
        weight: arguments.weight,
        dimensions,
        confirmation: arguments.confirmation,
        flat_rate: preset.map(|preset| preset.flat_rate),
    })
}

impl Parcel {
    /// The answer to what the box asks now: a stored one where it still fits and `anew` is not set, else Amazon's.
    pub(super) fn quote(&self, context: &Context, wait: u64, anew: bool) -> Outcome<(Quote, QuoteAnswer)> {
        let request = QuoteRequest::of(&self.detail, &session(&self.detail), &self.row).map_err(|words| {
            Failure::refused(words)
                .hint("tapegun pack ORDER verifies units; --weight and --size measure the box")
        })?;
        let now = context.clock.now();
        let print = fingerprint(&request);
        if let Some((quote, answer)) = self.stored(&print).filter(|_| !anew)
            && answer.is_young(now, FRESH)
        {
            return Ok((quote, answer));
        }
        let id = context
            .store
            .write_blocking(move |store| store.want_quote(&request, now))?;
        let mut carrier = Carrier::new(context)?;
        let waited = carrier.until(Duration::from_secs(wait), move |store| {
            let quote = store.quote(id)?;
            Ok((quote.state != QuoteState::Wanted).then_some(quote))
        });
        carrier.end();
        let waited = waited?;
        let Some(quote) = waited.result else {
            return Err(still_waiting("the rates are not there yet", &waited.why));
        };
        match quote.state.clone() {
            QuoteState::Answered(answer) => Ok((quote, answer)),
            QuoteState::Failed(words) => Err(Failure::refused(words).while_doing("Amazon gives no rates")),
            QuoteState::Wanted => Err(still_waiting("the rates are not there yet", &[])),
        }
    }

    /// The box's latest stored answer to what it asks now, however old.
    pub(super) fn answer_before(&self) -> Option<(Quote, QuoteAnswer)> {
        let request = QuoteRequest::of(&self.detail, &session(&self.detail), &self.row).ok()?;
        self.stored(&fingerprint(&request))
    }

    /// The box's latest stored answer, if it was asked for the same.
    fn stored(&self, print: &[u8]) -> Option<(Quote, QuoteAnswer)> {
        let quotes = self
            .detail
            .quotes
            .iter()
            .filter(|quote| quote.request.box_id == self.row.id);
        let quote = quotes
            .max_by_key(|quote| quote.id)
            .filter(|quote| quote.fingerprint == print)?;
        match &quote.state {
            QuoteState::Answered(answer) => Some((quote.clone(), answer.clone())),
            _ => None,
        }
    }

    /// The verdict on each rate, best first.
    pub(super) fn judged(&self, answer: &QuoteAnswer, context: &Context) -> Outcome<Vec<(usize, Judgement)>> {
        let formats = &context.config.account(&self.detail.order.channel.store).formats;
        let rules = Rules::of(&self.detail.order.channel, self.row.confirmation, formats)
            .ok_or_else(|| Failure::refused("Amazon has given no address for this order yet"))?;
        let rules = Rules {
            flat_rate_box: self.row.flat_rate,
            known: &self.detail.method.known,
            ..rules
        };
        Ok(judge_all(&answer.rates, &rules))
    }
}

/// Nothing came in time: what is written down stays and is carried out later.
pub(super) fn still_waiting(what: &str, why: &[String]) -> Failure {
    let mut words = what.to_owned();
    if !why.is_empty() {
        words = format!("{words}: {}", why.join("; "));
    }
    Failure::new(Exit::Waiting, words)
        .hint("what was asked for stays written down; tapegun sync --once carries it on")
}
