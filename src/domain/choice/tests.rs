mod later;
mod pick;
mod prime;
mod table;
mod verdict;

use super::*;
use crate::domain::money::Currency;
use crate::domain::order::Window;
use crate::domain::rate::{AddedService, AddedServiceGroup, DocumentOption, Payment, RateItem};

pub(crate) fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time in RFC 3339")
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it stands for the window that a rate may have"
)]
pub(crate) fn window(earliest: &str, latest: &str) -> Option<Window> {
    let time = |text: &str| (!text.is_empty()).then(|| at(text));
    Some(Window {
        earliest: time(earliest),
        latest: time(latest),
    })
}

pub(crate) fn service(id: &str, cost: i64) -> AddedService {
    AddedService {
        id: id.to_owned(),
        name: String::new(),
        cost: Some(usd(cost)),
    }
}

pub(crate) fn group(required: bool, services: &[AddedService]) -> AddedServiceGroup {
    AddedServiceGroup {
        id: "VAS_GROUP_ID_CONFIRMATION".to_owned(),
        required,
        services: services.to_vec(),
    }
}

pub(crate) fn zpl() -> DocumentOption {
    DocumentOption {
        format: DocumentFormat::Zpl,
        width: 4_000,
        length: 6_000,
        unit: "INCH".to_owned(),
        dpis: vec![300],
        layouts: vec!["DEFAULT".to_owned()],
        joining: vec![true],
        documents: vec![("LABEL".to_owned(), true)],
    }
}

/// A plain UPS rate that nothing speaks against: Friday, November 20, 2026 in New York.
pub(crate) fn plain() -> Rate {
    Rate {
        id: "rate-1".to_owned(),
        carrier_id: "UPS".to_owned(),
        carrier: "UPS".to_owned(),
        service_id: "UPS_PTP_GND".to_owned(),
        service: "UPS Ground".to_owned(),
        total: usd(1200),
        window: window("", "2026-11-20T20:00:00Z"),
        benefits: vec!["CLAIMS_PROTECTED".to_owned()],
        excluded: Vec::new(),
        items: Vec::new(),
        payment: Payment::ThroughAmazon,
        groups: vec![group(
            true,
            &[
                service("NO_CONFIRMATION", 0),
                service("DELIVERY_CONFIRMATION", 0),
                service("SIGNATURE_CONFIRMATION", 625),
            ],
        )],
        documents: vec![zpl()],
        needs_inputs: false,
        inputs: None,
    }
}

pub(crate) fn new_york() -> Destination {
    Destination::new("US", "NY", "10001", AddressKind::Commercial)
}

pub(crate) fn rules(destination: &Destination) -> Rules<'_> {
    Rules {
        business_commercial: true,
        destination,
        deliver_by: None,
        confirmation: Confirmation::DeliveryConfirmation,
        floor: None,
        formats: &[DocumentFormat::Zpl],
        flat_rate_box: false,
        known: &[],
        prime: false,
    }
}

pub(crate) fn item(id: &str) -> RateItem {
    RateItem {
        id: id.to_owned(),
        charge: None,
        name: String::new(),
        kind: String::new(),
    }
}

#[test]
fn rules_are_read_from_the_order() {
    let mut order = ChannelOrder {
        origin: crate::domain::order::Origin::Amazon,
        store: "us".into(),
        number: "111-1111111-1111111".into(),
        status: crate::domain::order::ChannelStatus::Unshipped,
        programs: crate::domain::order::Programs {
            business: true,
            ..Default::default()
        },
        destination: Some(new_york()),
        ship_by: Window::default(),
        deliver_by: window("", "2026-11-24T04:59:59Z").expect("a window"),
        service_level: String::new(),
        print_not_before: None,
        confirmation_floor: Some(Confirmation::Signature),
        lines: Vec::new(),
        packages: Vec::new(),
        created_at: at("2026-11-19T00:00:00Z"),
        updated_at: at("2026-11-19T00:00:00Z"),
        address_fingerprint: Vec::new(),
    };
    let formats = [DocumentFormat::Zpl];
    let of = |order: &ChannelOrder| {
        let rules = Rules::of(order, Confirmation::NoTracking, &formats)?;
        Some((
            rules.business_commercial,
            rules.deliver_by,
            rules.effective_confirmation(),
        ))
    };
    assert_eq!(
        of(&order),
        Some((true, Some(at("2026-11-24T04:59:59Z")), Confirmation::Signature))
    );
    order.programs.business = false;
    assert_eq!(
        of(&order).map(|rules| rules.0),
        Some(false),
        "a consumer's order to an office"
    );
    order.programs.business = true;
    order.destination = Some(Destination::new("US", "NY", "10001", AddressKind::Residential));
    assert_eq!(
        of(&order).map(|rules| rules.0),
        Some(false),
        "a business order to a home"
    );
    order.destination = None;
    assert_eq!(of(&order), None);
}
