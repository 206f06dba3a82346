//! The automatic choice and the order on the screen.

use super::*;
use crate::domain::order::AssignedMethod;
use proptest::prelude::*;

const FRIDAY: &str = "2026-11-20T20:00:00Z";
const SATURDAY: &str = "2026-11-21T20:00:00Z";

/// A rate of a carrier with a price and the end of its window.
fn rate(carrier: &str, minor: i64, latest: &str) -> Rate {
    Rate {
        id: format!("{carrier}-{minor}-{latest}"),
        carrier_id: carrier.to_owned(),
        carrier: carrier.to_owned(),
        service_id: format!("{carrier}_PTP_GND"),
        service: format!("{carrier} Ground"),
        total: usd(minor),
        window: window("", latest),
        ..plain()
    }
}

fn spanning(carrier: &str, minor: i64) -> Rate {
    Rate {
        window: window("2026-11-20T14:00:00Z", "2026-11-23T20:00:00Z"),
        ..rate(carrier, minor, FRIDAY)
    }
}

fn chosen(rates: &[Rate], assigned: &AssignedMethod) -> Result<usize, String> {
    let destination = new_york();
    choose(rates, &judge_all(rates, &rules(&destination)), assigned)
}

fn assigned(carrier: &str, service: &str) -> AssignedMethod {
    AssignedMethod::Service {
        carrier_id: carrier.to_owned(),
        service_id: service.to_owned(),
    }
}

#[test]
fn the_cheapest_that_passes_is_taken() {
    let rates = [
        rate("UPS", 900, FRIDAY),
        rate("USPS", 700, FRIDAY),
        rate("ONTRAC", 500, SATURDAY),
    ];
    assert_eq!(chosen(&rates, &AssignedMethod::Unknown), Ok(1));
}

#[test]
fn services_count_as_price() {
    let mut dear = rate("USPS", 700, FRIDAY);
    dear.groups = vec![group(true, &[service("DELIVERY_CONFIRMATION", 300)])];
    assert_eq!(
        chosen(&[dear, rate("UPS", 900, FRIDAY)], &AssignedMethod::Unknown),
        Ok(1)
    );
}

#[test]
fn amber_is_taken_only_where_nothing_better_is_left() {
    let rates = [spanning("USPS", 500), rate("UPS", 900, FRIDAY)];
    assert_eq!(chosen(&rates, &AssignedMethod::Unknown), Ok(1));
    let rates = [
        spanning("USPS", 500),
        rate("UPS", 900, SATURDAY),
        spanning("UPS", 400),
    ];
    assert_eq!(chosen(&rates, &AssignedMethod::Unknown), Ok(2));
}

#[test]
fn ties_go_to_the_earlier_promise_then_to_the_fixed_carrier_order() {
    let rates = [
        rate("USPS", 700, FRIDAY),
        rate("ONTRAC", 700, "2026-11-20T19:00:00Z"),
    ];
    assert_eq!(chosen(&rates, &AssignedMethod::Unknown), Ok(1));
    let rates = [
        rate("ZZZ", 700, FRIDAY),
        rate("FEDEX", 700, FRIDAY),
        rate("UPS", 700, FRIDAY),
        rate("AAA", 700, FRIDAY),
    ];
    assert_eq!(chosen(&rates, &AssignedMethod::Unknown), Ok(2));
    let rates = [rate("ZZZ", 700, FRIDAY), rate("AAA", 700, FRIDAY)];
    assert_eq!(chosen(&rates, &AssignedMethod::Unknown), Ok(1));
    let rates = [rate("ONTRAC", 700, FRIDAY), rate("FEDEX", 700, FRIDAY)];
    assert_eq!(chosen(&rates, &AssignedMethod::Unknown), Ok(1));
    let rates = [rate("UPS", 700, FRIDAY), rate("USPS", 700, FRIDAY)];
    assert_eq!(chosen(&rates, &AssignedMethod::Unknown), Ok(1));
}

#[test]
fn the_assigned_method_is_taken_although_it_is_not_the_cheapest() {
    let rates = [rate("USPS", 700, FRIDAY), rate("UPS", 900, FRIDAY)];
    assert_eq!(chosen(&rates, &assigned("UPS", "UPS_PTP_GND")), Ok(1));
    assert_eq!(chosen(&rates, &assigned("", "ups_ptp_gnd")), Ok(1));
    let dearer = [rate("USPS", 900, FRIDAY), rate("UPS", 700, FRIDAY)];
    assert_eq!(chosen(&dearer, &assigned("USPS", "USPS_PTP_GND")), Ok(0));
    let words = chosen(&rates, &assigned("FEDEX", "FEDEX_PTP_GROUND")).expect_err("not offered");
    assert!(
        words.contains("the assigned method FEDEX_PTP_GROUND is not offered"),
        "{words}"
    );
    assert!(
        chosen(&rates, &assigned("FEDEX", "UPS_PTP_GND")).is_err(),
        "of that carrier"
    );
}

#[test]
fn an_assigned_method_must_pass_too_and_no_other_is_taken_for_it() {
    let rates = [rate("USPS", 700, FRIDAY), rate("UPS", 900, SATURDAY)];
    let words = chosen(&rates, &assigned("UPS", "UPS_PTP_GND")).expect_err("red");
    assert!(
        words.contains("UPS Ground") && words.contains("a Saturday (Nov 21)"),
        "{words}"
    );
    let rates = [spanning("UPS", 900), rate("USPS", 700, FRIDAY)];
    assert_eq!(
        chosen(&rates, &assigned("UPS", "UPS_PTP_GND")),
        Ok(0),
        "amber: nothing better of it is left"
    );
}

#[test]
fn an_assigned_carrier_that_offers_nothing_is_told_apart_from_one_whose_methods_do_not_pass() {
    let carrier = |id: &str| AssignedMethod::Carrier {
        carrier_id: id.to_owned(),
    };
    let rates = [rate("UPS", 900, SATURDAY), rate("USPS", 700, FRIDAY)];
    let nothing = chosen(&rates, &carrier("FEDEX")).expect_err("not offered");
    assert_eq!(
        nothing,
        "the assigned carrier FEDEX offers nothing for this box: choose another"
    );
    let red = chosen(&rates, &carrier("UPS")).expect_err("a Saturday");
    assert!(
        red.starts_with("no method of the assigned carrier UPS is picked automatically: 1 × would deliver"),
        "{red}"
    );
}

#[test]
fn where_nothing_passes_the_words_say_why() {
    let no_promise = Rate {
        window: None,
        ..rate("ONTRAC", 500, FRIDAY)
    };
    let rates = [
        rate("UPS", 900, SATURDAY),
        no_promise,
        rate("USPS", 700, SATURDAY),
    ];
    let words = chosen(&rates, &AssignedMethod::Unknown).expect_err("nothing passes");
    assert!(
        words.contains("2 × would deliver on a Saturday (Nov 21); 1 × no promise"),
        "{words}"
    );
    let words = chosen(&[], &AssignedMethod::Unknown).expect_err("no rates");
    assert!(words.contains("Amazon offers no method for this box"), "{words}");
}

#[test]
fn the_screen_shows_what_passes_first_and_what_is_not_offered_last() {
    let home = Rate {
        service_id: "FEDEX_PTP_HOME_DELIVERY".to_owned(),
        ..rate("FEDEX", 100, FRIDAY)
    };
    let flat = Rate {
        service_id: "USPS_PTP_PRI_SFRB".to_owned(),
        ..rate("USPS", 200, FRIDAY)
    };
    let rates = [
        home,
        flat,
        rate("UPS", 300, SATURDAY),
        spanning("USPS", 400),
        rate("UPS", 900, FRIDAY),
        rate("USPS", 800, FRIDAY),
    ];
    let destination = new_york();
    let order: Vec<usize> = judge_all(&rates, &rules(&destination))
        .iter()
        .map(|one| one.0)
        .collect();
    assert_eq!(order, [5, 4, 3, 2, 1, 0]);
}

#[test]
fn what_a_person_may_choose_stands_before_what_is_not_for_this_box_and_that_before_what_is_not_sold() {
    let media = Rate {
        service_id: "USPS_PTP_MM".to_owned(),
        ..rate("USPS", 300, FRIDAY)
    };
    let unsigned = Rate {
        groups: vec![group(true, &[service("NO_CONFIRMATION", 0)])],
        ..rate("ONTRAC", 200, FRIDAY)
    };
    let rates = [unsigned, media, rate("UPS", 900, SATURDAY)];
    let destination = new_york();
    let order: Vec<usize> = judge_all(&rates, &rules(&destination))
        .iter()
        .map(|one| one.0)
        .collect();
    assert_eq!(order, [2, 1, 0], "whatever they cost");
}

fn any_rate() -> impl Strategy<Value = Rate> {
    let carriers = prop_oneof![Just("UPS"), Just("USPS"), Just("FEDEX"), Just("ONTRAC")];
    let ends = prop_oneof![
        Just(FRIDAY),
        Just(SATURDAY),
        Just("2026-11-23T20:00:00Z"),
        Just("")
    ];
    (carriers, 400_i64..410, ends, any::<bool>()).prop_map(|(carrier, minor, latest, spans)| {
        if spans {
            spanning(carrier, minor)
        } else {
            rate(carrier, minor, latest)
        }
    })
}

proptest! {
    #[test]
    fn the_choice_does_not_depend_on_the_order_of_the_answer(mut rates in prop::collection::vec(any_rate(), 0..12)) {
        let first = chosen(&rates, &AssignedMethod::Unknown).map(|index| rates[index].clone());
        rates.reverse();
        let second = chosen(&rates, &AssignedMethod::Unknown).map(|index| rates[index].clone());
        prop_assert_eq!(first, second);
    }

    #[test]
    fn what_is_chosen_is_automatic_and_nothing_better_is_left(rates in prop::collection::vec(any_rate(), 0..12)) {
        let destination = new_york();
        let rules = rules(&destination);
        let judged = judge_all(&rates, &rules);
        prop_assert_eq!(judged.len(), rates.len());
        match choose(&rates, &judged, &AssignedMethod::Unknown) {
            Ok(index) => {
                let best = judge(&rates[index], &rules);
                prop_assert!(best.automatic);
                for rate in &rates {
                    let other = judge(rate, &rules);
                    let better = other.automatic
                        && (other.tint, other.price.minor) < (best.tint, best.price.minor);
                    prop_assert!(!better);
                }
            }
            Err(_) => prop_assert!(judged.iter().all(|one| !one.1.automatic)),
        }
    }
}
