//! The same method in newer rates, and why services are missing.

use super::*;
use crate::domain::rate::Ineligible;
use crate::domain::rate::QuoteAnswer;
use crate::domain::seller::{CarrierAccount, Region, ShipFrom, StoreProfile};

fn judged(rates: &[Rate], confirmation: Confirmation) -> Vec<(usize, Judgement)> {
    let destination = new_york();
    let rules = Rules {
        confirmation,
        deliver_by: Some(at("2026-11-21T00:00:00Z")),
        ..rules(&destination)
    };
    judge_all(rates, &rules)
}

fn chosen() -> Chosen {
    let rates = [plain()];
    let judged = judged(&rates, Confirmation::DeliveryConfirmation);
    Chosen::of(&rates[0], &judged[0].1).expect("for sale")
}

fn later(minor: i64) -> Rate {
    Rate {
        id: "another id".to_owned(),
        total: usd(minor),
        ..plain()
    }
}

fn look(rates: &[Rate]) -> Again {
    again(
        &chosen(),
        rates,
        &judged(rates, Confirmation::DeliveryConfirmation),
    )
}

#[test]
fn the_same_method_is_known_by_carrier_service_and_payee() {
    let cheap = Rate {
        service_id: "UPS_PTP_2DAY".to_owned(),
        ..later(1)
    };
    assert_eq!(look(&[cheap.clone(), later(1200)]), Again::Fits(1));
    assert_eq!(look(&[later(1199)]), Again::Fits(0), "cheaper is no question");
    assert_eq!(look(&[later(1201)]), Again::Rose(0), "a cent more is one");
    assert_eq!(
        look(&[later(1300), later(1100)]),
        Again::Fits(1),
        "of several the best"
    );
    let mut pounds = later(1);
    pounds.total = Money::new(1, Currency::GBP);
    for group in &mut pounds.groups {
        group.services.iter_mut().for_each(|service| service.cost = None);
    }
    assert_eq!(look(&[pounds]), Again::Rose(0), "another currency");
    let own = Rate {
        payment: Payment::DirectToCarrier,
        ..later(1)
    };
    let gone = "UPS Ground was cleared: Amazon does not offer it any more";
    assert_eq!(
        look(&[own]),
        Again::Gone(gone.to_owned()),
        "another payee is another method"
    );
    assert_eq!(look(&[cheap]), Again::Gone(gone.to_owned()));
}

#[test]
fn only_what_is_for_sale_can_have_been_chosen() {
    let of = |rate: &Rate, confirmation| {
        let rates = [rate.clone()];
        Chosen::of(rate, &judged(&rates, confirmation)[0].1)
    };
    assert!(of(&plain(), Confirmation::DeliveryConfirmation).is_some());
    assert_eq!(of(&plain(), Confirmation::AdultSignature), None, "not offered");
    let home = Rate {
        carrier_id: "FEDEX".to_owned(),
        service_id: "FEDEX_PTP_HOME_DELIVERY".to_owned(),
        ..plain()
    };
    assert_eq!(
        of(&home, Confirmation::DeliveryConfirmation),
        None,
        "barred for a business"
    );
}

#[test]
fn a_method_that_the_new_option_does_not_know_is_cleared_with_the_reason() {
    let rates = [later(1200)];
    let judged = judged(&rates, Confirmation::AdultSignature);
    assert_eq!(
        again(&chosen(), &rates, &judged),
        Again::Gone("UPS Ground was cleared: not offered with Adult Signature".to_owned())
    );
}

fn store() -> StoreProfile {
    StoreProfile {
        id: "uk".into(),
        kind: crate::domain::order::Origin::Amazon,
        name: "Harbor UK".to_owned(),
        region: Region::Eu,
        marketplace: "A1F83G8C2ARO7P".to_owned(),
        ship_from: ShipFrom {
            name: String::new(),
            line1: String::new(),
            line2: String::new(),
            city: String::new(),
            state: String::new(),
            postal_code: String::new(),
            country: "GB".to_owned(),
            phone: String::new(),
            email: String::new(),
            zone: String::new(),
        },
        amazon_base: None,
        login_base: None,
        account: CarrierAccount::default(),
    }
}

fn refused(carrier: &str, service: &str, code: &str, message: &str) -> Ineligible {
    Ineligible {
        carrier: carrier.to_owned(),
        service: service.to_owned(),
        reasons: vec![(code.to_owned(), message.to_owned())],
    }
}

/// An answer in which nearly everything is missing for a reason of its own.
fn with_gaps() -> QuoteAnswer {
    let mut late = later(500);
    late.window = window("", "2026-11-21T02:40:00Z");
    let flat = Rate {
        service_id: "USPS_PTP_PRI_SFRB".to_owned(),
        service: "Priority Mail Small Flat Rate Box".to_owned(),
        carrier: "USPS".to_owned(),
        ..later(900)
    };
    let unsigned = Rate {
        service: "UPS Saver".to_owned(),
        groups: vec![group(true, &[service("NO_CONFIRMATION", 0)])],
        ..later(700)
    };
    QuoteAnswer {
        request_token: String::new(),
        rates: vec![late, flat, unsigned, plain()],
        ineligible: vec![
            refused(
                "UPS",
                "UPS Next Day",
                "UNKNOWN",
                "Not an eligible ship method for this order.",
            ),
            refused(
                "FedEx",
                "FedEx 2Day",
                "UNKNOWN",
                "Not an eligible ship method for this order.",
            ),
            refused(
                "OnTrac",
                "OnTrac Ground",
                "SIZE_RESTRICTIONS",
                "Longest side over 40 in",
            ),
            refused(
                "DHL",
                "DHL Parcel",
                "UNKNOWN",
                "You have not accepted the Terms and Conditions of DHL.",
            ),
            refused("USPS", "USPS Weird", "BRAND_NEW_CODE", ""),
        ],
        unaccepted: vec!["DPD".to_owned(), "DHL".to_owned()],
        unavailable: vec!["Royal Mail".to_owned()],
        asked_at: at("2026-11-20T00:00:00Z"),
        ship_from: String::new(),
        via: crate::domain::seller::LabelVia::default(),
    }
}

#[test]
fn every_missing_service_is_named_with_its_reason_and_what_to_do() {
    let answer = with_gaps();
    let judged = judged(&answer.rates, Confirmation::DeliveryConfirmation);
    let groups = why_not(&answer, &judged, Some(&store()));
    let told: Vec<(WhyKind, String, Vec<String>)> = groups
        .iter()
        .map(|group| {
            let entries = group.entries.iter().map(|one| match one.why.as_str() {
                "" => one.name.clone(),
                why => format!("{}: {why}", one.name),
            });
            (group.kind, group.title.clone(), entries.collect())
        })
        .collect();
    let group = |kind, title: &str, entries: &[&str]| {
        let entries: Vec<String> = entries.iter().map(|&entry| entry.to_owned()).collect();
        (kind, title.to_owned(), entries)
    };
    assert_eq!(
        told,
        [
            group(
                WhyKind::Terms,
                "The carrier's terms are not accepted for this store",
                &["DPD", "DHL"]
            ),
            group(
                WhyKind::Unavailable,
                "The carrier does not answer Amazon just now",
                &["Royal Mail"]
            ),
            group(
                WhyKind::Late,
                "Promised after the order's deliver-by",
                &["UPS Ground $5.00: 2 h 40 min after the order's deliver-by"]
            ),
            group(
                WhyKind::BoxKind,
                "Only for the carrier's own flat-rate box",
                &["USPS Priority Mail Small Flat Rate Box $9.00"]
            ),
            group(
                WhyKind::NotSold,
                "Not offered with Delivery Confirmation",
                &["UPS Saver $7.00"]
            ),
            group(
                WhyKind::Rejected,
                "Not an eligible ship method for this order",
                &["UPS Next Day", "FedEx 2Day"]
            ),
            group(
                WhyKind::Rejected,
                "The box has the wrong size for it",
                &["OnTrac Ground: Longest side over 40 in"]
            ),
            group(WhyKind::Rejected, "Brand new code", &["USPS Weird"]),
        ]
    );
    assert!(
        groups[0].what_to_do.contains("sellercentral.amazon.co.uk")
            && groups[0].what_to_do.contains("Harbor UK"),
        "{}",
        groups[0].what_to_do
    );
}

/// Title, entry and what to do of the one group for this reason of Amazon's.
fn told(code: &str, message: &str) -> (WhyKind, String, String, String) {
    let answer = QuoteAnswer {
        rates: Vec::new(),
        ineligible: vec![refused("DHL", "DHL Parcel", code, message)],
        unaccepted: Vec::new(),
        unavailable: Vec::new(),
        ..with_gaps()
    };
    let groups = why_not(&answer, &[], None);
    let [group] = &groups[..] else {
        panic!("{code}: {groups:?}")
    };
    let [entry] = &group.entries[..] else {
        panic!("{code}: {group:?}")
    };
    let entry = match entry.why.as_str() {
        "" => entry.name.clone(),
        why => format!("{}: {why}", entry.name),
    };
    (group.kind, group.title.clone(), entry, group.what_to_do.clone())
}

#[test]
fn every_reason_of_amazons_is_said_in_words_with_what_to_do() {
    for (code, title, to_do) in [
        ("NO_COVERAGE", "does not serve this way", "another carrier"),
        (
            "PICKUP_SLOT_RESTRICTION",
            "No pick-up is left",
            "Ask again tomorrow",
        ),
        (
            "UNSUPPORTED_VAS",
            "services asked for",
            "another Delivery Confirmation",
        ),
        (
            "VAS_COMBINATION_RESTRICTION",
            "services asked for",
            "another Delivery Confirmation",
        ),
        ("SIZE_RESTRICTIONS", "wrong size", "Check the size"),
        ("WEIGHT_RESTRICTIONS", "wrong weight", "Check the weight"),
        ("LATE_DELIVERY", "after the order's deliver-by", "a faster method"),
        (
            "PROGRAM_CONSTRAINTS",
            "the program that the order is in",
            "a method that Amazon offers",
        ),
        ("CARRIER_CANNOT_SHIP_TO_POBOX", "post office boxes", "USPS"),
        (
            "EXCLUDED_FROM_CARRIER_RESPONSE",
            "does not offer it for this box",
            "another method",
        ),
    ] {
        let (kind, said, entry, what_to_do) = told(code, "Amazon's own words.");
        assert_eq!(kind, WhyKind::Rejected, "{code}");
        assert!(
            said.contains(title) && what_to_do.contains(to_do),
            "{code}: {said}; {what_to_do}"
        );
        assert_eq!(entry, "DHL Parcel: Amazon's own words.", "{code}");
    }
    for (code, message, title) in [
        ("BRAND_NEW_CODE", "", "Brand new code"),
        ("UNKNOWN", "", "Amazon gives no reason"),
        ("", "", "Amazon gives no reason"),
        ("UNKNOWN", "too far away.", "Too far away"),
    ] {
        let (_, said, entry, what_to_do) = told(code, message);
        assert_eq!(
            (said.as_str(), entry.as_str(), what_to_do.as_str()),
            (title, "DHL Parcel", "")
        );
    }
}

#[test]
fn terms_that_are_not_accepted_are_known_by_code_or_by_message() {
    for (code, message) in [
        ("TERMS_AND_CONDITIONS_NOT_ACCEPTED", ""),
        ("UNKNOWN", "See the Terms and Conditions of DHL."),
        ("UNKNOWN", "You must accept DHL's terms first."),
    ] {
        let (kind, _, entry, to_do) = told(code, message);
        assert_eq!(
            (kind, entry.as_str()),
            (WhyKind::Terms, "DHL"),
            "{code} {message}"
        );
        assert!(to_do.contains("Accept them in Seller Central"), "{to_do}");
    }
    for message in [
        "DHL does not accept this box.",
        "Not possible in terms of weight.",
    ] {
        assert_eq!(told("UNKNOWN", message).0, WhyKind::Rejected, "{message}");
    }
}

#[test]
fn how_late_is_said_in_two_figures() {
    for (minutes, words) in [
        (0, "less than a minute"),
        (40, "40 min"),
        (120, "2 h"),
        (160, "2 h 40 min"),
        (24 * 60, "1 day"),
        (27 * 60 + 5, "1 day 3 h"),
        (50 * 60, "2 days 2 h"),
    ] {
        let late = TimeDelta::minutes(minutes);
        assert_eq!(how_late(late), format!("{words} after the order's deliver-by"));
    }
}

#[test]
fn a_flat_rate_box_takes_flat_rates_alone() {
    let destination = new_york();
    let rules = Rules {
        flat_rate_box: true,
        ..rules(&destination)
    };
    let judgement = judge(&plain(), &rules);
    assert!(judgement.choice.is_none() && judgement.unfit_box.is_some());
    let one_rate = Rate {
        service_id: "FEDEX_PTP_EXPRESS_SAVER_ONE_RATE".to_owned(),
        ..plain()
    };
    assert!(judge(&one_rate, &rules).choice.is_some());
    for half in [
        "UPS_PTP_NEXT_DAY_ONE",
        "ONTRAC_PTP_FLEX_RATE",
        "UPS_PTP_ONE_DAY_RATE",
    ] {
        let method = Rate {
            service_id: half.to_owned(),
            ..plain()
        };
        assert!(
            judge(&method, &rules).choice.is_none(),
            "{half} is no One Rate: not for a flat-rate box"
        );
    }
    let plain_box = Rules {
        flat_rate_box: false,
        ..rules
    };
    let judgement = judge(&one_rate, &plain_box);
    assert!(judgement.choice.is_none(), "FedEx One Rate is a flat rate, too");
    assert!(!judgement.needs_reason && judgement.tint == Tint::Muted);
}

#[test]
fn methods_that_ask_for_more_are_sold_with_it_and_never_picked_by_themselves() {
    use crate::domain::rate::inputs::{InputField, InputKind};
    let destination = new_york();
    let judged = |inputs: Option<Vec<InputField>>| {
        let rate = Rate {
            needs_inputs: true,
            inputs,
            ..plain()
        };
        let judgement = judge(&rate, &rules(&destination));
        (
            judgement.automatic,
            judgement.choice.is_some(),
            judgement.against.join("; "),
        )
    };
    let code = InputField {
        required: true,
        ..InputField::text("hs", "HS code")
    };
    let (automatic, sold, words) = judged(Some(vec![code.clone()]));
    assert!(!automatic && sold && words.contains("HS code"), "{words}");
    let address = InputField {
        kind: InputKind::Other("address".to_owned()),
        ..code.clone()
    };
    let (automatic, sold, words) = judged(Some(vec![address]));
    assert!(!automatic && !sold && words.contains("Seller Central"), "{words}");
    let (automatic, sold, _) = judged(None);
    assert!(!automatic && !sold, "nobody knows what is asked for");
    let optional = InputField {
        required: false,
        ..code
    };
    let (automatic, sold, _) = judged(Some(vec![optional]));
    assert!(automatic && sold, "nothing must be given");
}
