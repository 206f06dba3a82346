//! One test for each rule of a verdict.

use super::*;
use crate::domain::rate::ExcludedBenefit;
use chrono::{NaiveDate, Weekday};
use proptest::prelude::*;

fn date(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).expect("a date")
}

/// Judged for a business at a commercial address in New York.
fn verdict(rate: &Rate) -> Judgement {
    judge(rate, &rules(&new_york()))
}

fn consumer(rate: &Rate) -> Judgement {
    let destination = new_york();
    let rules = Rules {
        business_commercial: false,
        ..rules(&destination)
    };
    judge(rate, &rules)
}

fn says(judgement: &Judgement, words: &str) -> bool {
    judgement.notes.iter().any(|note| note.contains(words))
}

#[test]
fn nothing_speaks_against_a_plain_rate() {
    let judgement = verdict(&plain());
    assert_eq!(
        (judgement.tint, judgement.automatic, judgement.needs_reason),
        (Tint::Normal, true, false)
    );
    assert!(judgement.notes.is_empty() && judgement.against.is_empty() && !judgement.late);
    let choice = judgement.choice.expect("offered");
    assert_eq!(choice.rate_id, "rate-1");
    assert_eq!(choice.services, ["DELIVERY_CONFIRMATION"]);
    assert_eq!((choice.dpi, choice.price), (Some(300), usd(1200)));
}

#[test]
fn a_red_method_chosen_by_hand_takes_a_reason() {
    let rate = Rate {
        window: window("", "2026-11-21T20:00:00Z"),
        ..plain()
    };
    let judgement = verdict(&rate);
    assert_eq!(
        (judgement.tint, judgement.automatic, judgement.needs_reason),
        (Tint::Red, false, true)
    );
    assert!(
        judgement.barred.is_none() && judgement.choice.is_some(),
        "a person may choose it"
    );
    assert!(
        says(&judgement, "would deliver on a Saturday (Nov 21)"),
        "{:?}",
        judgement.notes
    );
    assert!(!consumer(&rate).needs_reason);
}

#[test]
fn a_closed_day_counts_like_a_weekend_with_its_own_words() {
    let friday = plain();
    let closed = |destination: &Destination| judge(&friday, &rules(destination));
    let mut destination = new_york();
    destination.closed_weekdays = vec![Weekday::Fri];
    let judgement = closed(&destination);
    assert_eq!((judgement.tint, judgement.automatic), (Tint::Red, false));
    assert!(
        says(&judgement, "a Friday, when the buyer says closed (Nov 20)"),
        "{:?}",
        judgement.notes
    );
    destination.open_dates = vec![date(20)];
    assert_eq!(closed(&destination).tint, Tint::Normal, "open on this Friday");
    destination.closed_dates = vec![date(20)];
    assert_eq!(
        closed(&destination).tint,
        Tint::Red,
        "said closed as well: closed"
    );
    destination.closed_weekdays.clear();
    destination.open_dates.clear();
    let judgement = closed(&destination);
    assert_eq!(judgement.tint, Tint::Red);
    assert!(
        says(&judgement, "Nov 20, when the buyer says closed"),
        "{:?}",
        judgement.notes
    );
    assert_eq!(consumer(&friday).tint, Tint::Normal);
}

#[test]
fn an_open_date_does_not_open_a_weekend() {
    let mut destination = new_york();
    destination.open_dates = vec![date(21)];
    let rate = Rate {
        window: window("", "2026-11-21T20:00:00Z"),
        ..plain()
    };
    assert_eq!(judge(&rate, &rules(&destination)).tint, Tint::Red);
}

#[test]
fn a_window_that_spans_a_closed_day_is_amber() {
    let mut destination = new_york();
    destination.closed_dates = vec![date(19)];
    let rate = Rate {
        window: window("2026-11-18T14:00:00Z", "2026-11-20T20:00:00Z"),
        ..plain()
    };
    let judgement = judge(&rate, &rules(&destination));
    assert_eq!((judgement.tint, judgement.automatic), (Tint::Amber, true));
    assert!(
        says(&judgement, "may deliver on Nov 19, when the buyer says closed"),
        "{:?}",
        judgement.notes
    );
}

#[test]
fn a_weekend_is_red_even_where_the_method_is_not_offered() {
    let rate = Rate {
        window: window("", "2026-11-21T20:00:00Z"),
        groups: vec![group(true, &[service("ADULT_SIGNATURE_CONFIRMATION", 700)])],
        ..plain()
    };
    let judgement = verdict(&rate);
    assert_eq!((judgement.tint, judgement.choice), (Tint::Red, None));
    assert_eq!(consumer(&rate).tint, Tint::Muted);
}

#[test]
fn without_a_window_there_is_no_promise_and_nothing_automatic() {
    for none in [None, window("2026-11-20T14:00:00Z", "")] {
        let rate = Rate {
            window: none,
            ..plain()
        };
        for judgement in [verdict(&rate), consumer(&rate)] {
            assert!(
                !judgement.automatic && !judgement.needs_reason,
                "only red takes a reason"
            );
            assert!(says(&judgement, "no promise"), "{:?}", judgement.notes);
        }
    }
}

#[test]
fn a_service_named_after_a_weekend_day_is_red_whatever_its_window() {
    for (id, name) in [
        ("UPS_PTP_NEXT_DAY_AIR_SAT", "UPS Next Day Air"),
        (
            "FEDEX_PTP_PRIORITY",
            "FedEx Priority Overnight® Saturday Delivery",
        ),
        ("UPS_PTP_SATURDAY", "UPS"),
        ("USPS_PTP_EXP", "Priority Mail Express (Sunday)"),
        ("usps_ptp_exp_sun", "Priority Mail Express"),
    ] {
        let rate = Rate {
            service_id: id.to_owned(),
            service: name.to_owned(),
            ..plain()
        };
        let judgement = verdict(&rate);
        assert_eq!(
            (judgement.tint, judgement.automatic),
            (Tint::Red, false),
            "{id} {name}"
        );
        assert!(consumer(&rate).automatic, "{id} {name}");
    }
    let rate = Rate {
        service_id: "UPS_PTP_SATELLITE".to_owned(),
        service: "Sundance Ground".to_owned(),
        ..plain()
    };
    assert_eq!(verdict(&rate).tint, Tint::Normal, "only whole words count");
}

#[test]
fn a_price_with_sunday_delivery_is_red_whatever_its_window() {
    let rate = Rate {
        items: vec![item("BASE_RATE"), item("SUNDAY_HOLIDAY_DELIVERY")],
        ..plain()
    };
    assert_eq!(
        (verdict(&rate).tint, verdict(&rate).automatic),
        (Tint::Red, false)
    );
    assert!(consumer(&rate).automatic);
    let rate = Rate {
        items: vec![item("NO_SATURDAY_DELIVERY")],
        ..plain()
    };
    assert_eq!(verdict(&rate).tint, Tint::Normal);
}

#[test]
fn fedex_home_delivery_is_barred_for_business_at_a_commercial_address() {
    for (carrier, id, name) in [
        ("FEDEX", "FEDEX_PTP_HOME_DELIVERY", "FedEx Ground"),
        ("FedEx", "X1", "FedEx Home Delivery®"),
        ("FEDEX", "X1", "fedex® home delivery"),
        ("FEDEX", "X1", "FedEx Home\u{a0}Delivery™"),
        ("X", "X1", "FEDEX HOME DELIVERY"),
        ("FEDEX", "X1", "Home-Delivery"),
    ] {
        let mut rate = Rate {
            carrier_id: carrier.to_owned(),
            carrier: carrier.to_owned(),
            service_id: id.to_owned(),
            service: name.to_owned(),
            ..plain()
        };
        for residential in [false, true] {
            if residential {
                rate.items = vec![item("RESIDENTIAL_SURCHARGE")];
            }
            let judgement = verdict(&rate);
            let barred = judgement.barred.as_deref().unwrap_or_default();
            assert!(barred.contains("not allowed for a business order"), "{id} {name}");
            assert_eq!(
                (judgement.tint, judgement.automatic),
                (Tint::Red, false),
                "{id} {name}"
            );
            assert!(!judgement.needs_reason, "no reason helps");
            assert!(consumer(&rate).barred.is_none(), "{id} {name}");
        }
    }
    for (carrier, name) in [("FEDEX", "FedEx Ground®"), ("UPS", "UPS Home Delivery")] {
        let rate = Rate {
            carrier_id: carrier.to_owned(),
            carrier: carrier.to_owned(),
            service: name.to_owned(),
            ..plain()
        };
        assert!(verdict(&rate).barred.is_none(), "{name}");
    }
}

#[test]
fn protection_lost_for_late_delivery_is_not_automatic_and_sellers_settings_only_mark() {
    let without = |reasons: &[&str]| Rate {
        excluded: vec![ExcludedBenefit {
            benefit: "CLAIMS_PROTECTED".to_owned(),
            reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect(),
        }],
        ..plain()
    };
    for reasons in [
        &["LATE_DELIVERY_RISK"][..],
        &["NON_SSA_ORDER", "LATE_DELIVERY_RISK"][..],
    ] {
        let judgement = consumer(&without(reasons));
        assert_eq!(
            (judgement.tint, judgement.automatic),
            (Tint::Amber, false),
            "{reasons:?}"
        );
        assert!(says(&judgement, "no claims protection: risk of late delivery"));
    }
    for reasons in [
        &["NON_SSA_ORDER"][..],
        &["NON_AHT_ORDER"][..],
        &["SOMETHING_NEW"][..],
        &[],
    ] {
        let judgement = consumer(&without(reasons));
        assert_eq!(
            (judgement.tint, judgement.automatic),
            (Tint::Normal, true),
            "{reasons:?}"
        );
        assert!(says(&judgement, "no claims protection"), "{reasons:?}");
    }
    for (reasons, of_the_account) in [
        ("NON_SSA_ORDER", true),
        ("NON_AHT_ORDER", true),
        ("SOMETHING_NEW", false),
    ] {
        assert_eq!(
            says(&consumer(&without(&[reasons])), "the same for every method"),
            of_the_account,
            "{reasons}"
        );
    }
}

#[test]
fn late_against_the_deliver_by_is_marked_and_not_automatic() {
    let destination = new_york();
    let judged = |deliver_by: Option<&str>| {
        let rules = Rules {
            business_commercial: false,
            deliver_by: deliver_by.map(at),
            ..rules(&destination)
        };
        judge(&plain(), &rules)
    };
    let late = judged(Some("2026-11-20T19:59:59Z"));
    assert_eq!(
        (late.late, late.automatic, late.needs_reason, late.tint),
        (true, false, false, Tint::Amber)
    );
    assert!(says(&late, "late"));
    assert!(
        !judged(Some("2026-11-20T20:00:00Z")).late,
        "on the last second is in time"
    );
    assert!(judged(None).automatic);
}

#[test]
fn flat_rates_are_only_for_flat_rate_boxes() {
    for (id, name) in [
        ("USPS_PTP_PRI_FRE", "Priority Mail"),
        ("USPS_PTP_PRI_LFRE", "Priority Mail"),
        ("USPS_PTP_PRI_PFRE", "Priority Mail"),
        ("USPS_PTP_PRI_SFRB", "Priority Mail"),
        ("USPS_PTP_PRI_MFRB", "Priority Mail"),
        ("USPS_PTP_PRI_LFRB", "Priority Mail"),
        ("FEDEX_PTP_EXPRESS_SAVER_ONE_RATE", "FedEx Express Saver"),
        ("X1", "Priority Mail® Flat-Rate Envelope"),
        ("X1", "FedEx One Rate"),
    ] {
        let rate = Rate {
            service_id: id.to_owned(),
            service: name.to_owned(),
            ..plain()
        };
        let judgement = verdict(&rate);
        assert_eq!(
            (judgement.tint, judgement.automatic),
            (Tint::Muted, false),
            "{id} {name}"
        );
        let destination = new_york();
        let rules = Rules {
            flat_rate_box: true,
            ..rules(&destination)
        };
        assert!(judge(&rate, &rules).automatic, "{id} {name}");
    }
}

#[test]
fn media_mail_depends_on_the_contents() {
    for (id, name) in [
        ("USPS_PTP_MM", "USPS"),
        ("USPS_PTP_BPM", "USPS"),
        ("UPS_PTP_SUREPOST_MEDIA", "UPS"),
        ("X1", "Media Mail®"),
        ("X1", "Bound Printed Matter"),
    ] {
        let rate = Rate {
            service_id: id.to_owned(),
            service: name.to_owned(),
            ..plain()
        };
        assert_eq!(
            (verdict(&rate).tint, verdict(&rate).automatic),
            (Tint::Muted, false),
            "{id} {name}"
        );
    }
}

#[test]
fn a_service_that_asks_for_more_is_not_automatic() {
    let rate = Rate {
        needs_inputs: true,
        ..plain()
    };
    assert!(!consumer(&rate).automatic);
}

#[test]
fn a_method_without_the_option_or_the_format_is_not_offered() {
    let rate = Rate {
        groups: vec![group(true, &[service("NO_CONFIRMATION", 0)])],
        ..plain()
    };
    let judgement = consumer(&rate);
    assert_eq!((judgement.tint, judgement.automatic), (Tint::Muted, false));
    assert!(judgement.choice.is_none() && !judgement.needs_reason);
    assert!(
        says(&judgement, "not offered with Delivery Confirmation"),
        "{:?}",
        judgement.notes
    );
    let rate = Rate {
        documents: Vec::new(),
        ..plain()
    };
    let judgement = consumer(&rate);
    assert!(judgement.choice.is_none() && !judgement.automatic);
    assert!(says(&judgement, "offers no label that this station can print"));
}

#[test]
fn the_order_can_demand_more_than_the_packer_chose() {
    let destination = new_york();
    let rules = Rules {
        floor: Some(Confirmation::Signature),
        ..rules(&destination)
    };
    let judgement = judge(&plain(), &rules);
    let choice = judgement.choice.clone().expect("offered");
    assert_eq!(choice.services, ["SIGNATURE_CONFIRMATION"]);
    assert_eq!((choice.price, judgement.price), (usd(1825), usd(1825)));
    assert!(says(&judgement, "the order demands Signature"));
}

fn any_time() -> impl Strategy<Value = DateTime<Utc>> {
    (1_780_000_000_i64..1_900_000_000)
        .prop_map(|second| DateTime::from_timestamp(second, 0).expect("in range"))
}

proptest! {
    #[test]
    fn automatic_means_that_nothing_is_against_it(
        latest in prop::option::of(any_time()),
        hours in 0_i64..400,
        deliver_by in prop::option::of(any_time()),
        business in any::<bool>(),
    ) {
        let destination = new_york();
        let earliest = latest.map(|latest| latest - chrono::TimeDelta::hours(hours));
        let rate = Rate { window: Some(Window { earliest, latest }), ..plain() };
        let rules = Rules { business_commercial: business, deliver_by, ..rules(&destination) };
        let judgement = judge(&rate, &rules);
        prop_assert_eq!(judgement.automatic, judgement.against.is_empty());
        prop_assert!(judgement.against.iter().all(|words| judgement.notes.contains(words)));
        prop_assert!(judgement.tint != Tint::Red || !judgement.automatic);
        prop_assert!(!(judgement.late && judgement.automatic));
        prop_assert!(latest.is_some() || !judgement.automatic);
    }

    #[test]
    fn one_more_possible_zone_never_makes_it_better(latest in any_time()) {
        let rate = Rate { window: Some(Window { earliest: None, latest: Some(latest) }), ..plain() };
        let narrow = new_york();
        let mut wide = new_york();
        wide.zones.push(chrono_tz::America::Chicago);
        wide.zones.push(chrono_tz::Asia::Tokyo);
        prop_assert!(judge(&rate, &rules(&wide)).tint >= judge(&rate, &rules(&narrow)).tint);
    }

    #[test]
    fn a_wider_window_never_makes_it_better(latest in any_time(), hours in 0_i64..2_000) {
        let one = Rate { window: Some(Window { earliest: Some(latest), latest: Some(latest) }), ..plain() };
        let earliest = Some(latest - chrono::TimeDelta::hours(hours));
        let wide = Rate { window: Some(Window { earliest, latest: Some(latest) }), ..plain() };
        prop_assert!(verdict(&wide).tint >= verdict(&one).tint);
    }
}

#[test]
fn the_promised_day_itself_is_no_earlier_day_of_the_window() {
    let days_of = |earliest: &str, latest: &str| {
        let window = window(earliest, latest).expect("a window");
        let days = days(&window, &new_york());
        (days.promised_off, days.spans_off)
    };
    let saturday = Some("would deliver on a Saturday (Nov 21)".to_owned());
    assert_eq!(
        days_of("2026-11-21T14:00:00Z", "2026-11-21T20:00:00Z"),
        (saturday.clone(), None)
    );
    assert_eq!(
        days_of("2026-11-20T14:00:00Z", "2026-11-21T20:00:00Z"),
        (saturday, None),
        "Friday is a day of work"
    );
    assert_eq!(
        days_of("2026-11-21T14:00:00Z", "2026-11-23T20:00:00Z"),
        (None, Some("may deliver on a Saturday (Nov 21)".to_owned()))
    );
}
