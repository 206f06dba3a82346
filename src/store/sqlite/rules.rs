//! The domain's rules as the store asks them. The store decides nothing of the trade by itself.

use super::erasure::ERASED;
use crate::domain::choice::{self, Rules};
use crate::domain::order::{ChannelStatus, OrderLine};
use crate::domain::packing::PackingSession;
use crate::domain::product::{Product, ProductKind};
use crate::domain::rate::{PurchaseChoice, Quote, QuoteItem, QuoteRequest, QuoteState, Rate, fingerprint};
use crate::domain::rows::{BoxRow, OrderDetail};
use crate::domain::status::OrderStatus;
use crate::store::{Refusal, WantLabel};
use chrono::{DateTime, TimeDelta, Utc};

/// A quote buys for 10 minutes at Amazon; the store takes it for 9 (PURCHASING.md 1).
const QUOTE_LIFE: TimeDelta = TimeDelta::minutes(9);

/// How many things of an order are scanned once: units, for a group its children.
pub(super) fn scans_wanted(lines: &[OrderLine], products: &[Product]) -> i64 {
    lines
        .iter()
        .map(|line| {
            let product = products.iter().find(|product| product.sku == line.sku);
            let parts = match product {
                Some(product) if product.kind == ProductKind::Group && !product.components.is_empty() => {
                    product
                        .components
                        .iter()
                        .map(|child| i64::from(child.quantity))
                        .sum()
                }
                _ => 1,
            };
            i64::from(line.quantity) * parts
        })
        .sum()
}

/// The order may be shipped at all: its status at the bench and at Amazon, its flags, its customer data.
pub(super) fn can_ship(detail: &OrderDetail) -> Result<(), Refusal> {
    let order = &detail.order;
    if !order.status.can_ship() {
        return Err(Refusal::CannotShip(format!(
            "an order that is {} cannot be shipped",
            order.status
        )));
    }
    if order.status != OrderStatus::InPacking {
        return Err(Refusal::CannotShip(format!(
            "this order is {}: open it for packing first",
            order.status
        )));
    }
    if let Some(flag) = order.flags.first() {
        return Err(Refusal::CannotShip(flag.to_string()));
    }
    match order.channel.status {
        ChannelStatus::Unshipped | ChannelStatus::PartiallyShipped | ChannelStatus::Shipped => {}
        _ => {
            return Err(Refusal::CannotShip(
                "Amazon does not say that this order may be shipped".to_owned(),
            ));
        }
    }
    if order.erased {
        return Err(Refusal::CannotShip(format!("{ERASED}: it cannot be shipped")));
    }
    if order.channel.destination.is_none() {
        return Err(Refusal::CannotShip(
            "there is no address for this order: it cannot be shipped".to_owned(),
        ));
    }
    Ok(())
}

/// Every unit of the order is verified with its code, and the box holds what the quote was asked for, as it is now; the
/// answer is there and young. The offer that is to be bought.
pub(super) fn fitting_rate<'a>(
    detail: &OrderDetail,
    parcel: &BoxRow,
    quote: &'a Quote,
    want: &WantLabel,
    now: DateTime<Utc>,
) -> Result<&'a Rate, Refusal> {
    let session = PackingSession::replay(&detail.order.channel.lines, &detail.products, &detail.scans);
    session
        .complete()
        .map_err(|missing| Refusal::Incomplete(missing.join("; ")))?;
    let unfit = |words: &str| Refusal::QuoteUnfit(words.to_owned());
    if quote.request.box_id != parcel.id || quote.request.order != detail.order.id {
        return Err(unfit("these rates are for another box"));
    }
    let QuoteState::Answered(answer) = &quote.state else {
        return Err(unfit("these rates are not answered"));
    };
    if !answer.is_young(now, QUOTE_LIFE) {
        return Err(unfit("these rates are older than 9 minutes"));
    }
    let packed = PackingSession::of_box(detail, parcel.id);
    let as_it_is =
        request_now(&quote.request, &packed, parcel).ok_or_else(|| unfit("the box has no weight or size"))?;
    if fingerprint(&as_it_is) != quote.fingerprint {
        return Err(unfit("the box changed since these rates were asked for"));
    }
    answer
        .rates
        .iter()
        .find(|rate| rate.id == want.choice.rate_id)
        .ok_or_else(|| unfit("this method is not among the rates"))
}

/// The request that would be sent for the box as it is now. What a product weighs and costs was looked up when
/// the quote was asked for and cannot change what lies in the box.
fn request_now(asked: &QuoteRequest, packed: &PackingSession, parcel: &BoxRow) -> Option<QuoteRequest> {
    let items = packed
        .parcel_items()
        .into_iter()
        .map(|item| {
            let known = asked.items.iter().find(|known| known.line == item.line);
            QuoteItem {
                unit_weight: known.and_then(|known| known.unit_weight),
                unit_value: known.and_then(|known| known.unit_value),
                line: item.line,
                quantity: item.quantity,
                serials: item.serials,
            }
        })
        .collect();
    Some(QuoteRequest {
        order: asked.order,
        box_id: parcel.id,
        box_number: parcel.number,
        items,
        weight: parcel.weight?,
        dimensions: parcel.dimensions?,
        confirmation: parcel.confirmation,
        ship_date: asked.ship_date,
    })
}

/// The method is allowed for this order, whoever chose it, and what is bought is an offer of that very rate. Brings the
/// rules for Prime orders that it breaks: whoever wants it must be allowed to.
pub(super) fn allowed(
    detail: &OrderDetail,
    parcel: &BoxRow,
    rate: &Rate,
    want: &WantLabel,
) -> Result<Vec<&'static str>, Refusal> {
    let formats = [want.choice.document.format];
    let rules = Rules::of(&detail.order.channel, parcel.confirmation, &formats)
        .ok_or_else(|| Refusal::CannotShip("there is no address for this order".to_owned()))?;
    let rules = Rules {
        flat_rate_box: parcel.flat_rate,
        known: &detail.method.known,
        ..rules
    };
    let judgement = choice::judge(rate, &rules);
    if let Some(words) = judgement.barred {
        return Err(Refusal::MethodBarred(words));
    }
    let Some(offer) = judgement.choice.clone() else {
        return Err(Refusal::MethodBarred(judgement.against.join("; ")));
    };
    if !same_offer(&offer, &want.choice) || !is_document_of(rate, &want.choice) {
        return Err(Refusal::MethodBarred(
            "this is not what the method offers for this box: choose it again".to_owned(),
        ));
    }
    if want.inputs.is_none() && rate.asked_inputs().iter().any(|field| field.required) {
        return Err(Refusal::MethodBarred(
            "Amazon asks for more details before it sells this method: enter them first".to_owned(),
        ));
    }
    let reason = want.reason.as_deref().map_or("", str::trim);
    if judgement.needs_reason && reason.is_empty() {
        return Err(Refusal::MethodBarred(format!(
            "this method takes a typed reason: {}",
            judgement.why_reason()
        )));
    }
    Ok(judgement.breaks_prime)
}

fn same_offer(offer: &PurchaseChoice, wanted: &PurchaseChoice) -> bool {
    let sorted = |services: &[String]| {
        let mut services = services.to_vec();
        services.sort();
        services
    };
    offer.rate_id == wanted.rate_id
        && offer.price == wanted.price
        && sorted(&offer.services) == sorted(&wanted.services)
}

fn is_document_of(rate: &Rate, wanted: &PurchaseChoice) -> bool {
    rate.documents.contains(&wanted.document)
        && wanted
            .dpi
            .is_none_or(|dpi| wanted.document.dpis.is_empty() || wanted.document.dpis.contains(&dpi))
}
