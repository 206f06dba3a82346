use super::*;
use crate::domain::money::Currency;
use crate::domain::units::{LengthUnit, WeightUnit};
use proptest::prelude::*;

pub(super) fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

pub(super) fn service(id: &str, name: &str, cost: i64) -> AddedService {
    AddedService {
        id: id.to_owned(),
        name: name.to_owned(),
        cost: Some(usd(cost)),
    }
}

pub(super) fn group(required: bool, services: &[AddedService]) -> AddedServiceGroup {
    AddedServiceGroup {
        id: "group".to_owned(),
        required,
        services: services.to_vec(),
    }
}

pub(super) fn rate(groups: &[AddedServiceGroup], documents: &[DocumentOption]) -> Rate {
    Rate {
        id: "r".to_owned(),
        carrier_id: "UPS".to_owned(),
        carrier: "UPS".to_owned(),
        service_id: "UPS_PTP_GND".to_owned(),
        service: "UPS Ground".to_owned(),
        total: usd(1000),
        window: None,
        benefits: Vec::new(),
        excluded: Vec::new(),
        items: Vec::new(),
        payment: Payment::ThroughAmazon,
        groups: groups.to_vec(),
        documents: documents.to_vec(),
        needs_inputs: false,
        inputs: None,
    }
}

fn request() -> QuoteRequest {
    let item = |line: &str, serials: &[&str]| QuoteItem {
        line: line.into(),
        quantity: 2,
        unit_weight: None,
        unit_value: Some(usd(500)),
        serials: serials.iter().map(|code| (*code).to_owned()).collect(),
    };
    QuoteRequest {
        order: OrderId(1),
        box_id: BoxId(2),
        box_number: 1,
        items: vec![item("a", &["AZ:1", "AZ:2"]), item("b", &[])],
        weight: Weight {
            thousandths: 12_500,
            unit: WeightUnit::Oz,
        },
        dimensions: Dimensions {
            length: 10_000,
            width: 8_000,
            height: 4_000,
            unit: LengthUnit::In,
        },
        confirmation: Confirmation::DeliveryConfirmation,
        ship_date: None,
    }
}

/// What is changed, and how.
type Edit<'a> = (&'a str, &'a dyn Fn(&mut QuoteRequest));

#[test]
fn whatever_is_sent_changes_the_fingerprint() {
    let same = fingerprint(&request());
    assert_eq!(same.len(), 32);
    let changed = |change: &dyn Fn(&mut QuoteRequest)| {
        let mut other = request();
        change(&mut other);
        fingerprint(&other)
    };
    let edits: [Edit<'_>; 13] = [
        ("order", &|r| r.order = OrderId(9)),
        ("box", &|r| r.box_id = BoxId(9)),
        ("box number", &|r| r.box_number = 2),
        ("line", &|r| r.items[0].line = "c".into()),
        ("quantity", &|r| r.items[0].quantity = 1),
        ("weight of a unit", &|r| r.items[0].unit_weight = Some(r.weight)),
        ("value", &|r| r.items[0].unit_value = None),
        ("code", &|r| r.items[0].serials[0] = "AZ:3".to_owned()),
        ("one code less", &|r| r.items[0].serials.truncate(1)),
        ("weight", &|r| r.weight.thousandths += 1),
        ("size", &|r| r.dimensions.height += 1),
        ("confirmation", &|r| r.confirmation = Confirmation::Signature),
        ("ship date", &|r| r.ship_date = DateTime::from_timestamp(0, 0)),
    ];
    for (what, change) in edits {
        assert_ne!(changed(change), same, "{what}");
    }
    assert_eq!(
        changed(&|r| r.items.reverse()),
        same,
        "the order of lines does not matter"
    );
    assert_eq!(
        changed(&|r| r.items[0].serials.reverse()),
        same,
        "nor that of codes"
    );
}

#[test]
fn services_are_known_by_id_or_else_by_name() {
    for (id, name, wanted) in [
        ("NO_CONFIRMATION", "", Some(Confirmation::NoTracking)),
        (
            "DELIVERY_CONFIRMATION",
            "",
            Some(Confirmation::DeliveryConfirmation),
        ),
        ("SIGNATURE_CONFIRMATION", "", Some(Confirmation::Signature)),
        (
            "ADULT_SIGNATURE_CONFIRMATION",
            "",
            Some(Confirmation::AdultSignature),
        ),
        (
            "ups-17",
            "Adult Signature Required",
            Some(Confirmation::AdultSignature),
        ),
        (
            "ups-18",
            "Delivery confirmation without signature",
            Some(Confirmation::DeliveryConfirmation),
        ),
        (
            "ups-19",
            "Delivery Confirmation",
            Some(Confirmation::DeliveryConfirmation),
        ),
        (
            "NO_CONFIRMATION",
            "Signature Confirmation",
            Some(Confirmation::NoTracking),
        ),
        ("ups-20", "No Tracking", Some(Confirmation::NoTracking)),
        (
            "ups-21",
            "No delivery confirmation",
            Some(Confirmation::NoTracking),
        ),
        ("ups-22", "No signature", Some(Confirmation::DeliveryConfirmation)),
        ("ups-23", "Delivery with signature", Some(Confirmation::Signature)),
        ("ups-24", "Signature", Some(Confirmation::Signature)),
        ("INSURANCE", "Insurance", None),
    ] {
        assert_eq!(confirmation_of(&service(id, name, 0)), wanted, "{id} {name}");
    }
}

#[test]
fn every_required_group_is_answered_with_an_id_of_that_rate() {
    let ups = group(
        true,
        &[
            service("NO_CONFIRMATION", "", 0),
            service("SIGNATURE_CONFIRMATION", "", 625),
        ],
    );
    let bought = |groups: &[AddedServiceGroup], wanted| required_services(&rate(groups, &[]), wanted);
    let one = |id: &str, minor| Ok((vec![id.to_owned()], usd(minor)));
    let ups = [ups];
    assert_eq!(
        bought(&ups, Confirmation::NoTracking),
        one("NO_CONFIRMATION", 1000)
    );
    assert_eq!(
        bought(&ups, Confirmation::Signature),
        one("SIGNATURE_CONFIRMATION", 1625)
    );
    assert_eq!(
        bought(&ups, Confirmation::DeliveryConfirmation),
        Err("not offered with Delivery Confirmation".to_owned())
    );
    assert!(
        bought(&ups, Confirmation::AdultSignature).is_err(),
        "an adult signature is not just a signature"
    );
    let postal = [group(true, &[service("DELIVERY_CONFIRMATION", "", 0)])];
    assert!(bought(&postal, Confirmation::NoTracking).is_err());
    let two = [ups[0].clone(), group(true, &[service("X", "No confirmation", 0)])];
    let both = (vec!["NO_CONFIRMATION".to_owned(), "X".to_owned()], usd(1000));
    assert_eq!(bought(&two, Confirmation::NoTracking), Ok(both));
    assert!(
        bought(&two, Confirmation::Signature).is_err(),
        "the second group has none"
    );
}

#[test]
fn a_rate_that_knows_no_confirmations_confirms_no_signature() {
    let nothing = (Vec::new(), usd(1000));
    assert_eq!(
        required_services(&rate(&[], &[]), Confirmation::NoTracking),
        Ok(nothing.clone())
    );
    assert_eq!(
        required_services(&rate(&[], &[]), Confirmation::DeliveryConfirmation),
        Ok(nothing)
    );
    assert!(required_services(&rate(&[], &[]), Confirmation::Signature).is_err());
    assert!(required_services(&rate(&[], &[]), Confirmation::AdultSignature).is_err());
}

#[test]
fn an_optional_group_is_used_where_it_serves_the_wish() {
    let optional = [group(false, &[service("SIGNATURE_CONFIRMATION", "", 415)])];
    let bought = |wanted| required_services(&rate(&optional, &[]), wanted);
    assert_eq!(
        bought(Confirmation::Signature),
        Ok((vec!["SIGNATURE_CONFIRMATION".to_owned()], usd(1415)))
    );
    assert_eq!(bought(Confirmation::NoTracking), Ok((Vec::new(), usd(1000))));
    assert!(bought(Confirmation::DeliveryConfirmation).is_err());
}

#[test]
fn another_required_group_is_answered_with_what_is_free() {
    let free = [group(
        true,
        &[
            service("INSURANCE_100", "", 200),
            service("INSURANCE_0", "", 0),
            service("INSURANCE_00", "", 0),
        ],
    )];
    assert_eq!(
        required_services(&rate(&free, &[]), Confirmation::NoTracking),
        Ok((vec!["INSURANCE_0".to_owned()], usd(1000)))
    );
    let dear = [group(true, &[service("INSURANCE_100", "", 200)])];
    assert!(required_services(&rate(&dear, &[]), Confirmation::NoTracking).is_err());
    let optional = [group(false, &[service("INSURANCE_100", "", 200)])];
    assert_eq!(
        required_services(&rate(&optional, &[]), Confirmation::NoTracking),
        Ok((Vec::new(), usd(1000)))
    );
}

#[test]
fn of_several_that_match_the_cheapest_is_taken() {
    let several = [group(
        true,
        &[
            service("A", "Signature", 500),
            service("B", "Signature confirmation", 100),
        ],
    )];
    assert_eq!(
        required_services(&rate(&several, &[]), Confirmation::Signature),
        Ok((vec!["B".to_owned()], usd(1100)))
    );
}

#[test]
fn two_currencies_are_never_one_price() {
    let mut pounds = service("NO_CONFIRMATION", "", 0);
    pounds.cost = Some(Money::new(100, Currency::GBP));
    assert!(required_services(&rate(&[group(true, &[pounds])], &[]), Confirmation::NoTracking).is_err());
}

pub(super) fn option(
    format: DocumentFormat,
    width: i64,
    length: i64,
    documents: &[(&str, bool)],
) -> DocumentOption {
    DocumentOption {
        format,
        width,
        length,
        unit: "INCH".to_owned(),
        dpis: vec![300],
        layouts: vec!["DEFAULT".to_owned(), "LEFT".to_owned()],
        joining: vec![true],
        documents: documents
            .iter()
            .map(|(name, mandatory)| ((*name).to_owned(), *mandatory))
            .collect(),
    }
}

#[test]
fn the_label_is_printed_as_that_rate_offers_in_the_order_of_preference() {
    use DocumentFormat::{Pdf, Png, Zpl};
    let pdf = option(
        Pdf,
        8_500,
        11_000,
        &[("PACKSLIP", true), ("LABEL", true), ("RECEIPT", false)],
    );
    let small = option(Pdf, 4_000, 6_000, &[("PACKSLIP", true), ("LABEL", true)]);
    let zpl = option(Zpl, 4_000, 6_000, &[("LABEL", true)]);
    let rate = rate(&[], &[pdf, small.clone(), zpl]);
    let format =
        |formats: &[DocumentFormat]| choose_document(&rate, formats).map(|(option, _)| option.format);
    assert_eq!(format(&[Png, Zpl, Pdf]), Some(Zpl));
    assert_eq!(format(&[Pdf, Zpl]), Some(Pdf));
    assert_eq!(format(&[Png]), None);
    assert_eq!(format(&[]), None);
    let (chosen, dpi) = choose_document(&rate, &[Pdf]).expect("offered");
    assert_eq!(
        (chosen.width, chosen.length, dpi),
        (4_000, 6_000, Some(300)),
        "4x6 before 8.5x11"
    );
    assert_eq!(chosen, small, "the very option that is offered");
}

#[test]
fn only_a_resolution_that_is_offered_is_asked_for() {
    let dpi = |format, dpis: &[u32]| {
        let mut one = option(format, 4_000, 6_000, &[("LABEL", true)]);
        one.dpis = dpis.to_vec();
        choose_document(&rate(&[], &[one]), &[format]).map(|(_, dpi)| dpi)
    };
    assert_eq!(dpi(DocumentFormat::Zpl, &[300]), Some(Some(300)));
    assert_eq!(dpi(DocumentFormat::Zpl, &[300, 203]), Some(Some(203)));
    assert_eq!(dpi(DocumentFormat::Png, &[203, 300]), Some(Some(300)));
    assert_eq!(dpi(DocumentFormat::Pdf, &[]), Some(None));
}

#[test]
fn an_option_without_a_label_is_none() {
    let slip = option(DocumentFormat::Pdf, 4_000, 6_000, &[("PACKSLIP", true)]);
    assert!(choose_document(&rate(&[], &[slip]), &[DocumentFormat::Pdf]).is_none());
    let optional = option(
        DocumentFormat::Pdf,
        4_000,
        6_000,
        &[("PACKSLIP", false), ("LABEL", false)],
    );
    assert!(choose_document(&rate(&[], &[optional]), &[DocumentFormat::Pdf]).is_some());
    let silent = option(DocumentFormat::Zpl, 4_000, 6_000, &[]);
    assert!(choose_document(&rate(&[], &[silent]), &[DocumentFormat::Zpl]).is_some());
}

#[test]
fn options_are_read_as_written_in_the_configuration() {
    for option in Confirmation::ALL {
        assert_eq!(Confirmation::parse(option.key()), Some(option));
    }
    assert_eq!(Confirmation::parse(" Signature "), Some(Confirmation::Signature));
    assert_eq!(
        Confirmation::parse("no-preference"),
        None,
        "valid when asking, never when buying"
    );
}

#[test]
fn an_option_below_what_the_order_demands_names_those_that_are_enough() {
    use Confirmation::{AdultSignature, DeliveryConfirmation, NoTracking, Signature};
    for enough in Confirmation::ALL {
        assert_eq!(enough.below(None), None, "the order demands nothing");
        assert_eq!(enough.below(Some(NoTracking)), None);
    }
    assert_eq!(Signature.below(Some(Signature)), None);
    assert_eq!(AdultSignature.below(Some(Signature)), None);
    assert_eq!(
        DeliveryConfirmation.below(Some(Signature)).as_deref(),
        Some("an item of this order must be handed over with Signature: choose Signature or Adult Signature")
    );
    assert_eq!(
        Signature.below(Some(AdultSignature)).as_deref(),
        Some("an item of this order must be handed over with Adult Signature: choose Adult Signature")
    );
}

#[test]
fn a_carrier_is_named_once_in_its_method() {
    assert_eq!(method_name("UPS", "UPS Ground"), "UPS Ground");
    assert_eq!(method_name("OnTrac", "ONTRAC Ground"), "ONTRAC Ground");
    assert_eq!(method_name("FedEx", "2Day"), "FedEx 2Day");
}

#[test]
fn details_are_asked_for_only_where_the_method_needs_them() {
    let code = inputs::InputField::text("harmonizedSystemCode", "Harmonized System code");
    let asked = |needs_inputs: bool, fields: Option<Vec<inputs::InputField>>| {
        let one = Rate {
            needs_inputs,
            inputs: fields,
            ..rate(&[], &[])
        };
        one.asked_inputs().to_vec()
    };
    assert_eq!(asked(true, Some(vec![code.clone()])), std::slice::from_ref(&code));
    assert_eq!(asked(false, Some(vec![code])), []);
    assert_eq!(asked(true, None), [], "Amazon did not say which");
}

/// What of two sheets is printed, by size: thousandths of the unit.
fn preferred(unit: &str, one: (i64, i64), other: (i64, i64)) -> (i64, i64) {
    let sheet = |(width, length)| DocumentOption {
        unit: unit.to_owned(),
        ..option(DocumentFormat::Pdf, width, length, &[("LABEL", true)])
    };
    let rate = rate(&[], &[sheet(one), sheet(other)]);
    choose_document(&rate, &[DocumentFormat::Pdf])
        .map(|(chosen, _)| (chosen.width, chosen.length))
        .expect("both can be printed")
}

#[test]
fn a_sheet_of_four_by_six_is_known_in_inches_and_centimetres_and_lying() {
    for (unit, sheet, other) in [
        ("INCH", (4_000, 6_000), (8_500, 11_000)),
        ("INCH", (6_000, 4_000), (8_500, 11_000)),
        // A label printer's 4x8 has the width only, an A6 card's foot the length only.
        ("INCH", (4_000, 6_000), (4_000, 8_000)),
        ("INCH", (4_000, 6_000), (2_000, 6_000)),
        ("CENTIMETER", (10_160, 15_240), (21_000, 29_700)),
        ("CENTIMETER", (10_160, 15_240), (10_160, 20_320)),
        ("CENTIMETER", (10_160, 15_240), (7_500, 15_240)),
        // Carriers round: 2 mm are none.
        ("INCH", (4_080, 5_920), (8_500, 11_000)),
        ("INCH", (4_000, 6_000), (4_081, 6_000)),
        ("CENTIMETER", (10_000, 15_100), (21_000, 29_700)),
        ("CENTIMETER", (10_360, 15_440), (21_000, 29_700)),
        ("CENTIMETER", (10_160, 15_240), (10_361, 15_240)),
    ] {
        assert_eq!(preferred(unit, other, sheet), sheet, "{unit} {sheet:?} {other:?}");
    }
    // Four by six of another unit are not it: the first that is offered is taken.
    assert_eq!(
        preferred("MILLIMETER", (8_500, 11_000), (4_000, 6_000)),
        (8_500, 11_000)
    );
}

proptest! {
    #[test]
    fn bought_services_are_always_of_that_rate(
        ids in prop::collection::vec(prop::sample::select(vec![
            "NO_CONFIRMATION", "DELIVERY_CONFIRMATION", "SIGNATURE_CONFIRMATION", "ADULT_SIGNATURE_CONFIRMATION", "OTHER",
        ]), 0..6),
        required in any::<bool>(),
        wanted in prop::sample::select(Confirmation::ALL.to_vec()),
    ) {
        let services: Vec<AddedService> = ids.iter().map(|id| service(id, "", 0)).collect();
        let rate = rate(&[group(required, &services)], &[]);
        if let Ok((bought, price)) = required_services(&rate, wanted) {
            prop_assert!(bought.iter().all(|id| ids.contains(&id.as_str())));
            prop_assert!(bought.len() == 1 || !required || ids.is_empty());
            prop_assert_eq!(price, rate.total);
        }
    }
}

#[test]
fn a_quote_from_ahead_of_the_clock_is_not_young() {
    let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
    let asked = |seconds| QuoteAnswer {
        request_token: String::new(),
        rates: Vec::new(),
        ineligible: Vec::new(),
        unaccepted: Vec::new(),
        unavailable: Vec::new(),
        asked_at: now + TimeDelta::seconds(seconds),
        ship_from: String::new(),
        via: LabelVia::default(),
    };
    let young = |seconds| asked(seconds).is_young(now, TimeDelta::minutes(9));
    assert!(young(0) && young(-540) && young(60));
    assert!(!young(-541), "too old");
    assert!(
        !young(61) && !young(86_400),
        "the clock was set back: its age is not known"
    );
}
