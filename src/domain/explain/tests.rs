//! Why a method was picked, in the words that stand on the screen.

use super::*;
use crate::domain::ids::UserId;
use crate::domain::method::AssignedBy;
use crate::domain::money::{Currency, Money};
use crate::domain::order::Window;
use crate::domain::packing::UnitRef;
use crate::domain::packing::tests::{coded_line, line, product, unit};
use crate::domain::policy::PolicyStep;
use crate::domain::rate::{DocumentOption, Ineligible, Payment, PurchaseChoice, Rate};
use crate::domain::refund::tests::label;
use crate::domain::rows::LabelRow;
use crate::domain::rows::tests::detail;
use crate::domain::seller::{DocumentFormat, LabelVia};
use crate::domain::shipment::LabelState;
use chrono::TimeDelta;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn at(hours: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::hours(hours)
}

fn rate(id: &str, service: &str, minor: i64) -> Rate {
    Rate {
        id: id.to_owned(),
        carrier_id: "UPS".to_owned(),
        carrier: "UPS".to_owned(),
        service_id: format!("UPS_{service}"),
        service: service.to_owned(),
        total: usd(minor),
        window: None,
        benefits: Vec::new(),
        excluded: Vec::new(),
        items: Vec::new(),
        payment: Payment::ThroughAmazon,
        groups: Vec::new(),
        documents: Vec::new(),
        needs_inputs: false,
        inputs: None,
    }
}

/// A rate that passes; its price with services is a dollar above the rate's own.
fn passes(rate: &Rate) -> Judgement {
    let price = usd(rate.total.minor + 100);
    Judgement {
        tint: Tint::Normal,
        automatic: true,
        barred: None,
        needs_reason: false,
        breaks_prime: Vec::new(),
        late: false,
        late_by: None,
        unfit_box: None,
        notes: Vec::new(),
        against: Vec::new(),
        choice: Some(choice(rate, price)),
        price,
    }
}

fn choice(rate: &Rate, price: Money) -> PurchaseChoice {
    PurchaseChoice {
        rate_id: rate.id.clone(),
        services: Vec::new(),
        document: DocumentOption {
            format: DocumentFormat::Zpl,
            width: 4_000,
            length: 6_000,
            unit: "INCH".to_owned(),
            dpis: vec![300],
            layouts: vec!["DEFAULT".to_owned()],
            joining: vec![true],
            documents: vec![("LABEL".to_owned(), true)],
        },
        dpi: None,
        price,
    }
}

fn opposed(rate: &Rate, tint: Tint, words: &str) -> Judgement {
    Judgement {
        tint,
        automatic: false,
        notes: vec![words.to_owned()],
        against: vec![words.to_owned()],
        ..passes(rate)
    }
}

fn answer(rates: &[Rate]) -> QuoteAnswer {
    QuoteAnswer {
        request_token: "token".to_owned(),
        rates: rates.to_vec(),
        ineligible: Vec::new(),
        unaccepted: Vec::new(),
        unavailable: Vec::new(),
        asked_at: at(1),
        ship_from: String::new(),
        via: LabelVia::ShippingV2,
    }
}

/// Ground for $8, 2nd Day for $15; both pass.
fn two() -> (QuoteAnswer, Vec<(usize, Judgement)>) {
    let rates = [rate("g", "Ground", 700), rate("d", "2nd Day", 1400)];
    let judged = vec![(1, passes(&rates[1])), (0, passes(&rates[0]))];
    (answer(&rates), judged)
}

#[test]
fn what_is_picked_by_itself_says_by_which_rule() {
    let mut order = detail(&[], &[]);
    let (answer, judged) = two();
    let said = |order: &OrderDetail, wanted: Option<&str>| {
        let why = explain(order, &answer, &judged, wanted, None);
        (why.picked.unwrap_or_default(), why.rule)
    };
    let ground = "UPS Ground $8.00".to_owned();
    let cheapest = "no method is assigned: the cheapest that passes every rule".to_owned();
    assert_eq!(said(&order, None), (ground.clone(), cheapest.clone()));
    // The person wants what would be picked anyway: the rule has picked it.
    assert_eq!(said(&order, Some("g")), (ground.clone(), cheapest));
    order.order.assigned = AssignedMethod::Carrier {
        carrier_id: "ups".to_owned(),
    };
    order.method.by = AssignedBy::Policy("Heavy".to_owned());
    assert_eq!(
        said(&order, None).1,
        "the cheapest of ups that passes (policy Heavy): the cheapest of that carrier that passes every rule"
    );
    order.order.assigned = AssignedMethod::Service {
        carrier_id: String::new(),
        service_id: "UPS_2nd Day".to_owned(),
    };
    assert_eq!(
        said(&order, None),
        (
            "UPS 2nd Day $15.00".to_owned(),
            "the order is assigned to it: UPS_2nd Day, assigned by policy Heavy".to_owned()
        )
    );
}

#[test]
fn what_is_chosen_by_hand_says_why_and_what_would_have_been_picked() {
    let mut order = detail(&[], &[]);
    let (offers, judged) = two();
    let said = |order: &OrderDetail, wanted: Option<&str>, reason: Option<&str>| {
        let why = explain(order, &offers, &judged, wanted, reason);
        (why.picked, why.rule)
    };
    assert_eq!(
        said(&order, Some("d"), Some(" in a hurry ")),
        (
            Some("UPS 2nd Day $15.00".to_owned()),
            "chosen by hand (in a hurry); by itself it would have been UPS Ground $8.00".to_owned()
        )
    );
    for no_reason in [None, Some(" ")] {
        assert_eq!(
            said(&order, Some("d"), no_reason).1,
            "chosen by hand; by itself it would have been UPS Ground $8.00"
        );
    }
    order.order.assigned = AssignedMethod::Service {
        carrier_id: String::new(),
        service_id: "FEDEX_PTP_GROUND".to_owned(),
    };
    let nothing = "the assigned method FEDEX_PTP_GROUND is not offered for this box: choose another";
    assert_eq!(
        said(&order, None, None),
        (None, format!("nothing is picked by itself: {nothing}"))
    );
    assert_eq!(
        said(&order, Some("g"), None),
        (
            Some("UPS Ground $8.00".to_owned()),
            format!("chosen by hand; by itself nothing would have been picked: {nothing}")
        )
    );
    // A rate that is not offered any more is no choice.
    assert_eq!(said(&order, Some("gone"), None).0, None);
}

#[test]
fn every_offer_has_its_verdict_and_what_was_said_of_it() {
    let rates =
        ["Ground", "Saver", "Air", "Dear", "Barred", "None"].map(|service| rate(service, service, 900));
    let barred = Judgement {
        barred: Some("switched off".to_owned()),
        ..opposed(&rates[4], Tint::Red, "switched off")
    };
    let not_sold = Judgement {
        choice: None,
        ..opposed(&rates[5], Tint::Red, "not for this printer")
    };
    let judged = vec![
        (0, passes(&rates[0])),
        (1, passes(&rates[1])),
        (2, opposed(&rates[2], Tint::Amber, "late")),
        (3, opposed(&rates[3], Tint::Red, "delivers on Sunday")),
        (4, barred),
        (5, not_sold),
    ];
    let mut answer = answer(&rates);
    answer.rates[2].window = Some(Window {
        earliest: None,
        latest: Some(at(48)),
    });
    let why = explain(&detail(&[], &[]), &answer, &judged, None, None);
    let verdicts: Vec<(&str, &str)> = why
        .offers
        .iter()
        .map(|offer| (offer.method.as_str(), offer.verdict.as_str()))
        .collect();
    assert_eq!(
        verdicts,
        [
            ("UPS Ground", "PICKED"),
            ("UPS Saver", "passes"),
            ("UPS Air", "by hand"),
            ("UPS Dear", "RED"),
            ("UPS Barred", "BARRED"),
            ("UPS None", "not offered"),
        ]
    );
    assert_eq!(why.offers[2].promise, Some(at(48)));
    assert_eq!(why.offers[3].said, ["delivers on Sunday"]);
    assert_eq!(
        why.lines(Tz::UTC, Tz::UTC)[..6],
        [
            "▶ UPS Ground $10.00",
            "  because: no method is assigned: the cheapest that passes every rule",
            "  rates of Thu 1 Jan 1970 01:00:00 UTC:",
            "  PICKED: UPS Ground $10.00, by no promise: nothing against it",
            "  passes: UPS Saver $10.00, by no promise: nothing against it",
            "  by hand: UPS Air $10.00, by Sat 3 Jan 1970 00:00:00 UTC: late",
        ]
    );
    let told = why.lines(Tz::America__New_York, Tz::America__Denver);
    assert_eq!(
        told[2], "  rates of Wed 31 Dec 1969 20:00:00 EST:",
        "the bench's clock"
    );
    assert!(
        told[5].contains("by Fri 2 Jan 1970 17:00:00 MST"),
        "the destination's: {}",
        told[5]
    );
}

#[test]
fn what_amazon_does_not_offer_is_named_with_its_reasons() {
    let mut answer = answer(&[]);
    answer.ineligible = vec![Ineligible {
        carrier: "USPS".to_owned(),
        service: "Priority Mail".to_owned(),
        reasons: vec![
            ("1".to_owned(), "too heavy".to_owned()),
            ("2".to_owned(), "too long".to_owned()),
        ],
    }];
    answer.unaccepted = vec!["ONTRAC".to_owned()];
    answer.unavailable = vec!["FEDEX".to_owned()];
    let why = explain(&detail(&[], &[]), &answer, &[], None, None);
    assert_eq!(why.asked_at, at(1));
    assert_eq!(why.assigned, "the cheapest that passes");
    let nothing = "nothing is picked by itself: Amazon offers no method for this box: check weight and size";
    assert_eq!(
        why.lines(Tz::UTC, Tz::UTC),
        [
            "▶ nothing is picked by itself",
            &format!("  because: {nothing}"),
            "  rates of Thu 1 Jan 1970 01:00:00 UTC:",
            "  not offered by Amazon: USPS Priority Mail: too heavy; too long",
            "  not offered by Amazon: ONTRAC: its terms are not accepted",
            "  not offered by Amazon: FEDEX: it does not answer Amazon",
        ]
    );
}

fn told(round: u32, event: PackEvent) -> ScanTold {
    ScanTold {
        at: at(2),
        by: "Ana".to_owned(),
        box_number: 1,
        round,
        sequence: 0,
        event,
    }
}

fn scanned(units: &[UnitRef]) -> PackEvent {
    PackEvent::Verified {
        units: units.to_vec(),
        sku: "LAMP".into(),
    }
}

fn undone(units: &[UnitRef], code: Option<UnitRef>) -> PackEvent {
    PackEvent::Undone {
        scan: crate::domain::ids::ScanId(uuid::Uuid::nil()),
        units: units.to_vec(),
        code,
    }
}

#[test]
fn an_order_is_told_scan_by_scan() {
    let lines = [coded_line("1", "LAMP", 3), line("2", "PAN", 1)];
    let order = detail(&lines, &[product("LAMP", &[]), product("PAN", &[])]);
    let coded = |code| PackEvent::Coded {
        unit: unit("1", 1, 0),
        code,
    };
    let pair = [unit("1", 0, 0), unit("1", 1, 0)];
    let scans = [
        scanned(&pair),
        coded(UnitCode::Code("AZ:1".to_owned())),
        coded(UnitCode::Serial("SN0000001".to_owned())),
        coded(UnitCode::Overridden {
            reason: "torn off".to_owned(),
            by: UserId(1),
        }),
        undone(&[], Some(unit("1", 1, 0))),
        undone(&pair, None),
        scanned(&pair[..1]),
    ];
    let steps: Vec<(String, u32, u32)> = replay(&order, &scans.map(|event| told(0, event)))
        .into_iter()
        .map(|step| (step.words, step.verified, step.wanted))
        .collect();
    assert_eq!(
        steps,
        [
            ("LAMP scanned, a case of 2".to_owned(), 2, 4),
            ("code AZ:1 for unit 2 of line 1".to_owned(), 2, 4),
            ("serial SN0000001 for unit 2 of line 1".to_owned(), 2, 4),
            ("no code for unit 2 of line 1: torn off".to_owned(), 2, 4),
            ("code of unit 2 of line 1 taken back".to_owned(), 2, 4),
            ("2 taken out of the box again".to_owned(), 0, 4),
            ("LAMP scanned".to_owned(), 1, 4),
        ]
    );
}

#[test]
fn each_round_of_a_box_begins_with_nothing() {
    let order = detail(&[line("1", "LAMP", 3)], &[product("LAMP", &[])]);
    let scans = [
        told(0, scanned(&[unit("1", 0, 0)])),
        told(0, scanned(&[unit("1", 1, 0)])),
        told(1, scanned(&[unit("1", 2, 0)])),
        told(1, scanned(&[unit("1", 0, 0)])),
    ];
    let verified: Vec<u32> = replay(&order, &scans).iter().map(|step| step.verified).collect();
    assert_eq!(verified, [1, 2, 1, 2]);
    assert!(replay(&order, &[]).is_empty());
}

#[test]
fn everything_that_explains_an_order_stands_below_each_other() {
    let mut order = detail(&[line("1", "LAMP", 2)], &[product("LAMP", &[])]);
    let number = order.order.channel.number.clone();
    let (offers, judged) = two();
    let why = explain(&order, &offers, &judged, None, None);
    assert_eq!(
        lines(&number, &order, &WhyFacts::default(), None, Tz::UTC),
        [
            "Order 111-1111111-1111111: the cheapest that passes",
            "No policy was asked when it was created.",
            "",
            "Scan by scan (0):",
        ]
    );
    order.labels = vec![
        LabelRow {
            id: IntentId(uuid::Uuid::from_u128(2)),
            ..label(LabelState::Printed)
        },
        LabelRow {
            service: "2nd Day".to_owned(),
            price: usd(1500),
            ..label(LabelState::Voided)
        },
    ];
    let step = PolicyStep {
        policy: "Heavy".to_owned(),
        held: false,
        said: Vec::new(),
        did: Vec::new(),
        ended: false,
    };
    let gone = IntentId(uuid::Uuid::from_u128(7));
    let facts = WhyFacts {
        policies: Some((
            at(0),
            PolicyOutcome {
                steps: vec![step],
                ..PolicyOutcome::default()
            },
        )),
        labels: vec![(order.labels[1].id, why.clone()), (gone, why.clone())],
        scans: vec![told(0, scanned(&[unit("1", 0, 0)]))],
    };
    let mut expected = vec![
        "Order 111-1111111-1111111: the cheapest that passes".to_owned(),
        "Policies, asked once at Thu 1 Jan 1970 00:00:00 UTC:".to_owned(),
        "  Heavy: did not hold (every order)".to_owned(),
        String::new(),
        "The rates at hand:".to_owned(),
    ];
    expected.extend(why.lines(Tz::UTC, Tz::UTC));
    for title in [
        format!("Label UPS 2nd Day $15.00, {}:", LabelState::Voided),
        format!("Label {gone}:"),
    ] {
        expected.extend([String::new(), title]);
        expected.extend(why.lines(Tz::UTC, Tz::UTC));
    }
    expected.extend([
        String::new(),
        "Scan by scan (1):".to_owned(),
        "  Thu 1 Jan 1970 02:00:00 UTC Ana box 1: LAMP scanned (1 of 2 verified)".to_owned(),
    ]);
    assert_eq!(lines(&number, &order, &facts, Some(&why), Tz::UTC), expected);
}
