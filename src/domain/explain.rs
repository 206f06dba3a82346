//! Why a method was picked: what was offered, what each rule said, which rule chose; and a shipment's scans, one by
//! one. Pure: facts in, words out. Nothing here is of the customer.

use super::choice::{Judgement, Tint, choose};
use super::ids::{IntentId, OrderNumber};
use super::method::assigned_name;
use super::order::AssignedMethod;
use super::packing::{PackEvent, PackingSession};
use super::policy::PolicyOutcome;
use super::rate::{QuoteAnswer, method_name};
use super::rows::OrderDetail;
use super::transparency::UnitCode;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Why a method was picked; kept with the label that was wanted then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// When the rates were asked for.
    pub asked_at: DateTime<Utc>,
    /// How the order was assigned then, in words.
    pub assigned: String,
    /// The method that was picked, with its price; none: nothing is picked by itself.
    pub picked: Option<String>,
    /// Which rule picked it, in words.
    pub rule: String,
    /// Everything that was offered, as it stood on the screen.
    pub offers: Vec<OfferSaid>,
    /// What was not offered, with Amazon's reasons.
    pub missing: Vec<String>,
}

/// An offer and what the rules said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferSaid {
    /// Carrier and service.
    pub method: String,
    /// Price with services, in words.
    pub price: String,
    /// End of the promised window.
    pub promise: Option<DateTime<Utc>>,
    /// `PICKED`, `passes`, `by hand`, `RED`, `BARRED`, `not offered`.
    pub verdict: String,
    /// What each rule said.
    pub said: Vec<String>,
}

/// Explains a choice among judged rates. `wanted` is the id of the rate that a person or the program wants to buy;
/// none: what would be picked by itself.
pub fn explain(
    detail: &OrderDetail,
    answer: &QuoteAnswer,
    judged: &[(usize, Judgement)],
    wanted: Option<&str>,
    reason: Option<&str>,
) -> Explanation {
    let assigned = &detail.order.assigned;
    let automatic = choose(&answer.rates, judged, assigned);
    let wanted = wanted.and_then(|id| answer.rates.iter().position(|rate| rate.id == id));
    let picked = wanted.or_else(|| automatic.as_ref().ok().copied());
    let name = |index: usize| {
        let price = judged
            .iter()
            .find(|(place, _)| *place == index)
            .map(|(_, judgement)| judgement.price.to_string());
        answer.rates.get(index).map_or_else(String::new, |rate| {
            format!(
                "{} {}",
                method_name(&rate.carrier, &rate.service),
                price.unwrap_or_default()
            )
        })
    };
    let by_rule = match assigned {
        AssignedMethod::Unknown => "no method is assigned: the cheapest that passes every rule".to_owned(),
        AssignedMethod::Carrier { .. } => format!(
            "{} ({}): the cheapest of that carrier that passes every rule",
            assigned_name(assigned, &detail.method.known),
            detail.method.by
        ),
        _ => format!("the order is assigned to it: {}", detail.method.words(assigned)),
    };
    let because = reason
        .map(str::trim)
        .filter(|reason| !reason.is_empty())
        .map_or_else(String::new, |reason| format!(" ({reason})"));
    let rule = match (&automatic, wanted) {
        (Ok(index), wanted) if wanted.is_none_or(|wanted| wanted == *index) => by_rule,
        (Ok(index), _) => {
            format!(
                "chosen by hand{because}; by itself it would have been {}",
                name(*index)
            )
        }
        (Err(why), Some(_)) => {
            format!("chosen by hand{because}; by itself nothing would have been picked: {why}")
        }
        (Err(why), None) => format!("nothing is picked by itself: {why}"),
    };
    let offers = judged
        .iter()
        .filter_map(|(index, judgement)| {
            let rate = answer.rates.get(*index)?;
            Some(OfferSaid {
                method: method_name(&rate.carrier, &rate.service),
                price: judgement.price.to_string(),
                promise: rate.window.and_then(|window| window.latest),
                verdict: verdict(judgement, picked == Some(*index)).to_owned(),
                said: judgement.notes.clone(),
            })
        })
        .collect();
    let mut missing: Vec<String> = answer
        .ineligible
        .iter()
        .map(|one| {
            let reasons: Vec<&str> = one.reasons.iter().map(|(_, message)| message.as_str()).collect();
            format!(
                "{}: {}",
                method_name(&one.carrier, &one.service),
                reasons.join("; ")
            )
        })
        .collect();
    missing.extend(
        answer
            .unaccepted
            .iter()
            .map(|carrier| format!("{carrier}: its terms are not accepted")),
    );
    missing.extend(
        answer
            .unavailable
            .iter()
            .map(|carrier| format!("{carrier}: it does not answer Amazon")),
    );
    Explanation {
        asked_at: answer.asked_at,
        assigned: detail.method.words(assigned),
        picked: picked.map(name),
        rule,
        offers,
        missing,
    }
}

fn verdict(judgement: &Judgement, picked: bool) -> &'static str {
    match judgement {
        _ if picked => "PICKED",
        _ if judgement.barred.is_some() => "BARRED",
        _ if judgement.choice.is_none() => "not offered",
        _ if judgement.automatic => "passes",
        _ if judgement.tint == Tint::Red => "RED",
        _ => "by hand",
    }
}

impl Explanation {
    /// In words: what was picked and by which rule, then each offer with what the rules said. Times are the bench's
    /// (`here`), promises the destination's (`there`).
    pub fn lines(&self, here: Tz, there: Tz) -> Vec<String> {
        let mut lines = vec![format!(
            "▶ {}",
            self.picked.as_deref().unwrap_or("nothing is picked by itself")
        )];
        lines.push(format!("  because: {}", self.rule));
        lines.push(format!("  rates of {}:", moment(self.asked_at, here)));
        for offer in &self.offers {
            let promise = offer
                .promise
                .map_or_else(|| "no promise".to_owned(), |promise| moment(promise, there));
            let said = if offer.said.is_empty() {
                "nothing against it".to_owned()
            } else {
                offer.said.join("; ")
            };
            lines.push(format!(
                "  {}: {} {}, by {promise}: {said}",
                offer.verdict, offer.method, offer.price
            ));
        }
        lines.extend(
            self.missing
                .iter()
                .map(|words| format!("  not offered by Amazon: {words}")),
        );
        lines
    }
}

/// A moment as the clock on the wall there shows it.
fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone)
        .format("%a %-d %b %Y %H:%M:%S %Z")
        .to_string()
}

/// A scan of an order, whichever round of its box it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScanTold {
    /// When.
    pub at: DateTime<Utc>,
    /// Who, by name.
    pub by: String,
    /// Number of the box within the order.
    pub box_number: u32,
    /// How often the box was emptied before, by a void.
    pub round: u32,
    /// Place in the box's record, from 0.
    pub sequence: u32,
    /// What it did.
    pub event: PackEvent,
}

/// Everything that explains an order's shipments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct WhyFacts {
    /// What the policies said when the order was created.
    pub policies: Option<(DateTime<Utc>, PolicyOutcome)>,
    /// Why each label's method was picked, oldest first.
    pub labels: Vec<(IntentId, Explanation)>,
    /// Every accepted scan, in order.
    pub scans: Vec<ScanTold>,
}

/// A scan replayed: what it did, and how far the box was then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replayed {
    /// The scan.
    pub scan: ScanTold,
    /// In words.
    pub words: String,
    /// Units verified after it.
    pub verified: u32,
    /// Units of the order.
    pub wanted: u32,
}

/// Replays the scans of an order through the packing session, each round of a box from the beginning.
pub fn replay(detail: &OrderDetail, scans: &[ScanTold]) -> Vec<Replayed> {
    let fresh = || PackingSession::replay(&detail.order.channel.lines, &detail.products, &[]);
    let (mut session, mut round) = (fresh(), None);
    let mut told = Vec::with_capacity(scans.len());
    for scan in scans {
        if round.is_some_and(|round| round != scan.round) {
            session = fresh();
        }
        round = Some(scan.round);
        session.apply(&scan.event);
        let progress = session.progress();
        told.push(Replayed {
            words: words(&scan.event),
            verified: progress.iter().map(|line| line.verified).sum(),
            wanted: progress.iter().map(|line| line.wanted).sum(),
            scan: scan.clone(),
        });
    }
    told
}

fn words(event: &PackEvent) -> String {
    match event {
        PackEvent::Verified { units, sku } => match units.len() {
            1 => format!("{sku} scanned"),
            many => format!("{sku} scanned, a case of {many}"),
        },
        PackEvent::Coded { unit, code } => match code {
            UnitCode::Code(code) => format!("code {code} for unit {} of line {}", unit.unit + 1, unit.line),
            UnitCode::Serial(serial) => {
                format!("serial {serial} for unit {} of line {}", unit.unit + 1, unit.line)
            }
            UnitCode::Overridden { reason, .. } => {
                format!(
                    "no code for unit {} of line {}: {reason}",
                    unit.unit + 1,
                    unit.line
                )
            }
        },
        PackEvent::Undone { units, code, .. } => match code {
            Some(unit) => format!("code of unit {} of line {} taken back", unit.unit + 1, unit.line),
            None => format!("{} taken out of the box again", units.len()),
        },
    }
}

/// Everything in words, for a screen: policies, the rates at hand, each label, each scan. Times are those of the bench
/// (`here`), promises those of the destination.
pub fn lines(
    number: &OrderNumber,
    detail: &OrderDetail,
    facts: &WhyFacts,
    now: Option<&Explanation>,
    here: Tz,
) -> Vec<String> {
    let destination = detail.order.channel.destination.as_ref();
    let there = destination
        .and_then(|to| to.zones.first().copied())
        .unwrap_or(here);
    let mut lines = vec![format!(
        "Order {number}: {}",
        detail.method.words(&detail.order.assigned)
    )];
    match &facts.policies {
        None => lines.push("No policy was asked when it was created.".to_owned()),
        Some((at, outcome)) => {
            lines.push(format!("Policies, asked once at {}:", moment(*at, here)));
            lines.extend(outcome.lines().into_iter().map(|words| format!("  {words}")));
        }
    }
    if let Some(shopped) = &detail.method.shopped {
        lines.extend(shopped.lines(here));
    }
    if let Some(now) = now {
        lines.push(String::new());
        lines.push("The rates at hand:".to_owned());
        lines.extend(now.lines(here, there));
    }
    for (label, why) in &facts.labels {
        lines.push(String::new());
        let state = detail.labels.iter().find(|known| known.id == *label);
        lines.push(format!(
            "Label {}:",
            state.map_or_else(
                || label.to_string(),
                |known| {
                    format!(
                        "{} {}, {}",
                        method_name(&known.carrier, &known.service),
                        known.price,
                        known.state
                    )
                }
            )
        ));
        lines.extend(why.lines(here, there));
    }
    lines.push(String::new());
    let replayed = replay(detail, &facts.scans);
    lines.push(format!("Scan by scan ({}):", replayed.len()));
    for one in &replayed {
        lines.push(format!(
            "  {} {} box {}: {} ({} of {} verified)",
            moment(one.scan.at, here),
            one.scan.by,
            one.scan.box_number,
            one.words,
            one.verified,
            one.wanted
        ));
    }
    lines
}

#[cfg(test)]
mod tests;
