//! Rate shopping ahead of packing (workflow.md 4.5): what an order would go by if it shipped today, asked when it comes
//! and again after midnight for as long as it is open. Pure.
//!
//! It plans, and does not bind: an order whose method nobody assigned goes by the cheapest that passes once its box
//! is packed, weighed and asked about again. So the method may become a faster one from day to day.

use super::boxing::{Suggestion, suggest_for};
use super::choice::{Rules, choose, is_assigned, judge_all};
use super::ids::BoxId;
use super::money::Money;
use super::packing::boxes;
use super::preflight;
use super::rate::{Confirmation, QuoteAnswer, QuoteItem, QuoteRequest, method_name};
use super::rows::OrderDetail;
use super::seller::DocumentFormat;
use super::status::OrderStatus;
use super::units::Dimensions;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// The method that an order would go by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShoppedMethod {
    /// Carrier id.
    pub carrier_id: String,
    /// Service id.
    pub service_id: String,
    /// Carrier and service as packers know them.
    pub name: String,
    /// Price with the services that the order demands.
    pub price: Money,
    /// End of the promised window.
    pub promise: Option<DateTime<Utc>>,
    /// Methods that would be cheaper, and what speaks against each; cheapest first.
    pub passed_over: Vec<String>,
}

/// What rate shopping found for an order, the last time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shopped {
    /// When.
    pub at: DateTime<Utc>,
    /// The day for which it holds, by the calendar of the place that the order ships from.
    pub day: NaiveDate,
    /// What the parcel was taken for, in words; empty where that is not known.
    pub parcel: String,
    /// The method, or why there is none.
    pub found: Result<ShoppedMethod, String>,
    /// What was found before this, where it was another method: its name.
    pub before: Option<String>,
}

impl Shopped {
    /// `UPS Ground $8.20`, or why there is none.
    pub fn words(&self) -> String {
        match &self.found {
            Ok(method) => format!("{} {}", method.name, method.price),
            Err(why) => format!("nothing ({why})"),
        }
    }
}

impl Shopped {
    /// All of it in words: when, as what parcel, what was found, what was passed over and why.
    pub fn lines(&self, zone: Tz) -> Vec<String> {
        let at = self.at.with_timezone(&zone).format("%a %-d %b %H:%M");
        let parcel = if self.parcel.is_empty() {
            String::new()
        } else {
            format!(" as {}", self.parcel)
        };
        let mut lines = vec![format!("Shopped ahead {at}{parcel}: {}", self.words())];
        lines.extend(self.before.iter().map(|name| format!("  before it was {name}")));
        if let Ok(method) = &self.found {
            lines.extend(
                method
                    .passed_over
                    .iter()
                    .map(|words| format!("  cheaper, not taken: {words}")),
            );
        }
        lines
    }
}

/// Orders that are shopped for: those that wait to be packed.
pub fn is_shopped(status: OrderStatus) -> bool {
    matches!(
        status,
        OrderStatus::ReadyToPick | OrderStatus::InPicking | OrderStatus::InPacking
    )
}

/// Today, at the place that orders ship from.
pub fn today(now: DateTime<Utc>, zone: Tz) -> NaiveDate {
    now.with_timezone(&zone).date_naive()
}

/// How long until the day there ends; where midnight is skipped or comes twice, until the first moment of the next.
pub fn until_midnight(now: DateTime<Utc>, zone: Tz) -> TimeDelta {
    let tomorrow = today(now, zone).succ_opt();
    let start = tomorrow.and_then(|day| {
        let minutes = (0..=180).map(TimeDelta::minutes);
        let mut moments = minutes.filter_map(|later| {
            let there = day.and_time(NaiveTime::MIN) + later;
            there.and_local_timezone(zone).earliest()
        });
        moments.next()
    });
    start.map_or(TimeDelta::hours(24), |start| start.with_timezone(&Utc) - now)
}

/// The order as it will probably be packed, with what is assumed in words; or what the catalogue lacks. The weight is
/// that of the items; the size that of the box of the shelf that they fit in, or of the one item that there is.
pub fn request(
    detail: &OrderDetail,
    shelf: &[Dimensions],
    confirmation: Confirmation,
) -> Result<(QuoteRequest, String), String> {
    let lines = &detail.order.channel.lines;
    let weight = boxes::expected_weight(detail, None)
        .ok_or("the catalogue has no weight for one of its products: add it")?;
    let dimensions = match suggest_for(detail, None, shelf) {
        Suggestion::Fits(place) => shelf[place],
        Suggestion::NoSize(skus) => {
            let skus: Vec<&str> = skus.iter().map(super::ids::Sku::as_str).collect();
            return Err(format!(
                "the catalogue has no size for {}: add it",
                skus.join(", ")
            ));
        }
        Suggestion::NoBox => alone(detail).ok_or("no box of the shelf is large enough for all its items")?,
    };
    preflight::parcel(&weight, &dimensions)?;
    let items = lines.iter().filter(|line| line.quantity > 0).map(|line| {
        let product = detail.products.iter().find(|known| known.sku == line.sku);
        QuoteItem {
            line: line.id.clone(),
            quantity: line.quantity,
            unit_weight: product.and_then(|product| product.weight),
            unit_value: line.unit_price,
            serials: Vec::new(),
        }
    });
    let first = detail.boxes.first();
    let request = QuoteRequest {
        order: detail.order.id,
        box_id: first.map_or(BoxId(0), |row| row.id),
        box_number: first.map_or(1, |row| row.number),
        items: items.collect(),
        weight,
        dimensions,
        confirmation,
        ship_date: None,
    };
    Ok((request, format!("{weight}, {dimensions}")))
}

/// The size of the order's only unit: it may ship in its own carton.
fn alone(detail: &OrderDetail) -> Option<Dimensions> {
    let contents = super::boxing::contents(detail, None).ok()?;
    match contents[..] {
        [(size, 1)] => Some(size),
        _ => None,
    }
}

/// What the order would go by: its assigned carrier's or anybody's cheapest that passes every rule.
pub fn pick(
    detail: &OrderDetail,
    answer: &QuoteAnswer,
    confirmation: Confirmation,
    formats: &[DocumentFormat],
) -> Result<ShoppedMethod, String> {
    let rules = Rules::of(&detail.order.channel, confirmation, formats).ok_or("it has no address yet")?;
    let rules = Rules {
        known: &detail.method.known,
        ..rules
    };
    let judged = judge_all(&answer.rates, &rules);
    let place = choose(&answer.rates, &judged, &detail.order.assigned)?;
    let price_of = |place: usize| {
        judged
            .iter()
            .find(|(index, _)| *index == place)
            .map(|(_, one)| &one.price)
    };
    let price = price_of(place).copied().ok_or("its price is not known")?;
    let mut cheaper: Vec<_> = judged
        .iter()
        .filter(|(_, one)| one.price.currency == price.currency && one.price.minor < price.minor)
        .collect();
    cheaper.sort_by_key(|(index, one)| (one.price.minor, *index));
    let passed_over = cheaper.into_iter().map(|(index, one)| {
        let rate = &answer.rates[*index];
        let against = one.barred.iter().chain(&one.unfit_box).chain(&one.against);
        let against: Vec<&str> = against.map(String::as_str).collect();
        let against = match against[..] {
            [] if !is_assigned(rate, &detail.order.assigned) => "not the assigned one".to_owned(),
            // Picked only where nothing better is left: its notes say what is not so good about it.
            [] => one.notes.join("; "),
            _ => against.join("; "),
        };
        format!(
            "{} {}: {against}",
            method_name(&rate.carrier, &rate.service),
            one.price
        )
    });
    let rate = &answer.rates[place];
    Ok(ShoppedMethod {
        carrier_id: rate.carrier_id.clone(),
        service_id: rate.service_id.clone(),
        name: method_name(&rate.carrier, &rate.service),
        price,
        promise: rate.window.and_then(|window| window.latest),
        passed_over: passed_over.collect(),
    })
}

#[cfg(test)]
mod tests;
