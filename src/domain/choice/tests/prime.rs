//! Amazon's rules for Prime orders in a verdict.

use super::*;

fn judged(rate: &Rate, prime: bool, deliver_by: Option<&str>, confirmation: Confirmation) -> Judgement {
    let destination = new_york();
    let rules = Rules {
        business_commercial: false,
        deliver_by: deliver_by.map(at),
        confirmation,
        prime,
        ..rules(&destination)
    };
    judge(rate, &rules)
}

const DELIVERY: Confirmation = Confirmation::DeliveryConfirmation;
const BEFORE: Option<&str> = Some("2026-11-20T19:59:59Z");
const AFTER: Option<&str> = Some("2026-11-20T20:00:00Z");

#[test]
fn a_late_or_untracked_method_breaks_primes_rules_and_takes_a_reason() {
    let late = judged(&plain(), true, BEFORE, DELIVERY);
    assert!(late.late && late.needs_reason && late.breaks_prime.len() == 1);
    assert!(
        late.notes.iter().any(|note| note.starts_with("PRIME: ")),
        "{:?}",
        late.notes
    );
    let silent = Rate {
        window: None,
        ..plain()
    };
    assert_eq!(
        judged(&silent, true, AFTER, DELIVERY).breaks_prime.len(),
        1,
        "it promises nothing"
    );
    let untracked = judged(&plain(), true, AFTER, Confirmation::NoTracking);
    assert!(
        untracked.needs_reason && !untracked.automatic,
        "never picked by itself"
    );
    assert_eq!(untracked.breaks_prime.len(), 1);
    let plain_one = judged(&plain(), true, AFTER, DELIVERY);
    assert!(plain_one.automatic && plain_one.breaks_prime.is_empty() && !plain_one.needs_reason);
    assert!(judged(&plain(), true, None, DELIVERY).automatic);
}

#[test]
fn other_orders_are_not_bound_by_them() {
    for (deliver_by, confirmation) in [(BEFORE, DELIVERY), (AFTER, Confirmation::NoTracking)] {
        let judgement = judged(&plain(), false, deliver_by, confirmation);
        assert!(judgement.breaks_prime.is_empty() && !judgement.needs_reason);
    }
}
