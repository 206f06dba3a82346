//! From wire types to the domain's words (amazon.md 4.3).

use super::model::{
    WireAddress, WireConstraints, WireDeliveryTime, WireItem, WireOrder, WirePackage, WireRange,
};
use crate::amazon::FetchedOrder;
use crate::amazon::wire::{Many, Maybe, Opaque};
use crate::domain::address::{AddressKind, Destination};
use crate::domain::customer::{Buyer, CustomerData, Recipient};
use crate::domain::ids::{LineId, OrderNumber, Sku, StoreId, TrackingNumber};
use crate::domain::order::{ChannelOrder, ChannelPackage, ChannelStatus, OrderLine, Programs, Window};
use crate::domain::rate::Confirmation;
use crate::domain::text::Clean;
use crate::domain::zone::zones;
use chrono::Weekday;

impl WireOrder {
    /// The order in the domain's words; none where it has no clean number, no times, or a quantity that cannot be
    /// read (a line of nought would count as packed).
    pub(super) fn plain(self, store: &StoreId) -> Option<FetchedOrder> {
        let number = name(self.order_id)?;
        let updated_at = self.last_updated_time.0.or(self.created_time.0)?;
        let created_at = self.created_time.0.unwrap_or(updated_at);
        let fulfillment = self.fulfillment.or_empty();
        let recipient = self.recipient.or_empty();
        let address = recipient.delivery_address.or_empty();
        let hours = recipient.delivery_preference.or_empty().delivery_time.or_empty();
        let destination = destination(&address, &hours);
        let buyer = self.buyer.or_empty();
        let mut gift_messages = Vec::new();
        let mut floor = None;
        let mut lines = Vec::new();
        for item in self.order_items.0.into_iter().filter_map(|item| item.0) {
            let (line, gift_message, least) = item.plain()?;
            floor = floor.max(least);
            if !gift_message.is_empty() {
                gift_messages.push((line.id.0.clone(), gift_message));
            }
            lines.push(line);
        }
        let customer = CustomerData {
            recipient: person(address),
            buyer: Buyer {
                name: buyer.buyer_name.0,
                email: buyer.buyer_email.0,
                company: buyer.buyer_company_name.0,
                po_number: buyer.buyer_purchase_order_number.0,
            },
            gift_messages,
        };
        let channel = ChannelOrder {
            origin: crate::domain::order::Origin::Amazon,
            store: store.clone(),
            number: OrderNumber(number),
            status: status(&fulfillment.fulfillment_status.0),
            programs: programs(self.programs),
            destination,
            ship_by: window(fulfillment.ship_by_window),
            deliver_by: window(fulfillment.deliver_by_window),
            service_level: fulfillment.fulfillment_service_level.0,
            print_not_before: window(fulfillment.label_printing_window).earliest,
            confirmation_floor: floor,
            lines,
            packages: self
                .packages
                .0
                .into_iter()
                .filter_map(|package| package.0)
                .map(WirePackage::plain)
                .collect(),
            created_at,
            updated_at,
            address_fingerprint: Vec::new(),
        };
        Some(FetchedOrder {
            channel,
            customer: (customer != CustomerData::default()).then_some(customer),
        })
    }
}

impl WireItem {
    /// The line, its gift message, and the least confirmation that it demands.
    fn plain(self) -> Option<(OrderLine, String, Option<Confirmation>)> {
        let id = name(self.order_item_id)?;
        let quantity = u32::try_from(self.quantity_ordered.whole()?).ok()?;
        let product = self.product.or_empty();
        let fulfillment = self.fulfillment.or_empty();
        let packing = fulfillment.packing.or_empty();
        let gift = packing.gift_option.0;
        let requester = self
            .cancellation
            .or_empty()
            .cancellation_request
            .or_empty()
            .requester
            .0;
        let line = OrderLine {
            id: LineId(id),
            sku: Sku(product.seller_sku.0),
            asin: product.asin.0,
            title: product.title.0,
            quantity,
            unit_price: product
                .price
                .or_empty()
                .unit_price
                .0
                .and_then(|price| price.money()),
            transparency: self
                .programs
                .0
                .iter()
                .any(|program| is(&program.0, "TRANSPARENCY")),
            serial_required: is(
                &packing.serial_number_requirement.or_empty().requirement_type.0,
                "REQUIRED",
            ),
            gift: gift
                .as_ref()
                .is_some_and(|gift| !gift.gift_message.0.is_empty() || !gift.gift_wrap_level.0.is_empty()),
            cancel_requested: is(&requester, "BUYER"),
        };
        let message = gift.map(|gift| gift.gift_message.0).unwrap_or_default();
        let constraints = fulfillment.shipping.or_empty().shipping_constraints.or_empty();
        Some((line, message, least(&constraints)))
    }
}

impl WirePackage {
    fn plain(self) -> ChannelPackage {
        let status = self.package_status.or_empty();
        let tracking = self.tracking_number.0.trim();
        ChannelPackage {
            reference: self.package_reference_id.0,
            // A canceled label shows only in the detail (PURCHASING.md 5); everything else in the status.
            status: if status.status.0.is_empty() || is(&status.detailed_status.0, "LABEL_CANCELLED") {
                status.detailed_status.0
            } else {
                status.status.0
            },
            carrier: self.carrier.0,
            service: self.shipping_service.0,
            tracking: (!tracking.is_empty()).then(|| TrackingNumber(tracking.to_owned())),
            shipped_at: self.ship_time.0,
            items: self
                .package_items
                .0
                .into_iter()
                .filter_map(|item| item.0)
                .filter_map(|item| {
                    let quantity = u32::try_from(item.quantity.whole()?).ok()?;
                    Some((LineId(name(item.order_item_id)?), quantity))
                })
                .collect(),
        }
    }
}

/// A name that goes back to Amazon as it came, and is shown: none where it is empty or not clean.
fn name(name: Opaque) -> Option<String> {
    Some(name.0).filter(|name| !name.is_empty() && Clean::text(name) == *name)
}

fn is(text: &str, word: &str) -> bool {
    text.trim().eq_ignore_ascii_case(word)
}

fn status(text: &str) -> ChannelStatus {
    match text.trim().to_ascii_uppercase().as_str() {
        "PENDING" | "PENDING_AVAILABILITY" => ChannelStatus::Pending,
        "UNSHIPPED" => ChannelStatus::Unshipped,
        "PARTIALLY_SHIPPED" => ChannelStatus::PartiallyShipped,
        "SHIPPED" => ChannelStatus::Shipped,
        "CANCELLED" | "CANCELED" => ChannelStatus::Canceled,
        "UNFULFILLABLE" => ChannelStatus::Unfulfillable,
        _ => ChannelStatus::Unknown(text.to_owned()),
    }
}

fn programs(list: Many<crate::amazon::wire::Text>) -> Programs {
    let mut programs = Programs::default();
    for program in list.0 {
        match program.0.trim().to_ascii_uppercase().as_str() {
            "PRIME" => programs.prime = true,
            "AMAZON_BUSINESS" => programs.business = true,
            "PREMIUM" => programs.premium = true,
            "" => {}
            _ => programs.other.push(program.0),
        }
    }
    programs
}

fn window(range: Maybe<WireRange>) -> Window {
    let range = range.or_empty();
    Window {
        earliest: range.earliest_date_time.0,
        latest: range.latest_date_time.0,
    }
}

/// Signature, or an adult's where Amazon wants age or identity checked (amazon.md 4.3).
fn least(constraints: &WireConstraints) -> Option<Confirmation> {
    let mandatory = |text: &str| is(text, "MANDATORY");
    if mandatory(&constraints.recipient_age_verification.0)
        || mandatory(&constraints.recipient_identity_verification.0)
    {
        Some(Confirmation::AdultSignature)
    } else if mandatory(&constraints.signature_confirmation.0) {
        Some(Confirmation::Signature)
    } else {
        None
    }
}

fn person(address: WireAddress) -> Recipient {
    let lines = [
        address.address_line1,
        address.address_line2,
        address.address_line3,
        address.district_or_county,
        address.municipality,
    ];
    Recipient {
        name: address.name.0,
        company: address.company_name.0,
        lines: lines
            .into_iter()
            .map(|line| line.0)
            .filter(|line| !line.is_empty())
            .collect(),
        city: address.city.0,
        state: address.state_or_region.0,
        postal_code: address.postal_code.0,
        country: address.country_code.0.trim().to_ascii_uppercase(),
        phone: address.phone.0,
    }
}

/// What rules need of an address; none while Amazon names no country.
fn destination(address: &WireAddress, hours: &WireDeliveryTime) -> Option<Destination> {
    let country = address.country_code.0.trim().to_ascii_uppercase();
    if country.is_empty() {
        return None;
    }
    let kind = match address.address_type.0.trim().to_ascii_uppercase().as_str() {
        "RESIDENTIAL" => AddressKind::Residential,
        "COMMERCIAL" => AddressKind::Commercial,
        "PICKUP_POINT" => AddressKind::PickupPoint,
        _ => AddressKind::Unknown(address.address_type.0.clone()),
    };
    let dates = |word: &str| {
        hours
            .exception_dates
            .0
            .iter()
            .filter_map(|exception| exception.0.as_ref())
            .filter(|exception| is(&exception.exception_date_type.0, word))
            .filter_map(|exception| exception.exception_date.0)
            .collect()
    };
    Some(Destination {
        zones: zones(&country, &address.state_or_region.0, &address.postal_code.0),
        state: address.state_or_region.0.clone(),
        kind,
        closed_weekdays: closed_weekdays(hours),
        closed_dates: dates("CLOSED"),
        open_dates: dates("OPEN"),
        country,
    })
}

/// Weekdays without hours, where the buyer stated hours for any day at all.
fn closed_weekdays(hours: &WireDeliveryTime) -> Vec<Weekday> {
    let open: Vec<Weekday> = hours
        .business_hours
        .0
        .iter()
        .filter_map(|day| day.0.as_ref())
        .filter(|day| day.time_windows.0.iter().any(|window| window.0.is_some()))
        .filter_map(|day| day.day_of_week.0.parse().ok())
        .collect();
    if open.is_empty() {
        return Vec::new();
    }
    let mut day = Weekday::Mon;
    let mut closed = Vec::new();
    for _ in 0..7 {
        if !open.contains(&day) {
            closed.push(day);
        }
        day = day.succ();
    }
    closed
}
