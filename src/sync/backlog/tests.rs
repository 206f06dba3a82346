//! Which wishes wait, and what is swept first.

use super::*;

fn now() -> Moment {
    Moment {
        wall: DateTime::UNIX_EPOCH + TimeDelta::days(20_000),
        watch: Duration::from_secs(1_000),
    }
}

fn ago(seconds: i64) -> DateTime<Utc> {
    now().wall - TimeDelta::seconds(seconds)
}

#[test]
fn many_labels_wait_for_a_sweep_that_is_half_a_minute_from_too_old() {
    assert_eq!(stale(Some(ago(270)), now().wall), None);
    assert!(stale(Some(ago(271)), now().wall).is_some_and(|why| why.contains("4 minutes ago")));
    assert!(stale(None, now().wall).is_some_and(|why| why.contains("never")));
    let ahead = stale(Some(ago(-1)), now().wall);
    assert!(
        ahead.is_some_and(|why| why.contains("set the clock")),
        "a word from ahead of the clock has no age"
    );
}

#[test]
fn the_sweep_is_made_at_once_unless_it_must_wait_itself() {
    let shop = StoreId::from("us");
    let planned = |due: Duration, why: &str| {
        let mut memory = Memory::default();
        memory.imports.insert(shop.clone(), (due, why.to_owned()));
        let mut plan = Plan::default();
        sweep_now(&shop, &mut memory, now(), &mut plan);
        (plan.steps.len(), memory.imports[&shop].0)
    };
    let (here, later) = (now().watch, now().watch + Duration::from_secs(100));
    assert_eq!(planned(later, ""), (1, here), "merely not due yet");
    assert_eq!(planned(later, "Amazon's limit is used up"), (0, later));
    assert_eq!(planned(here, "Amazon's limit was used up"), (1, here));
}

/// Found by `tests/torture.rs`: with a clock a day ahead every sweep is too old as it ends, and a pass never ended.
#[test]
fn a_sweep_that_is_too_old_as_it_ends_is_not_made_again_at_once() {
    let shop = StoreId::from("us");
    let planned = |ended: Duration| {
        let mut memory = Memory::default();
        let due = now().watch + import::EVERY.saturating_sub(ended);
        memory.imports.insert(shop.clone(), (due, String::new()));
        let mut plan = Plan::default();
        sweep_now(&shop, &mut memory, now(), &mut plan);
        (plan.steps.len(), plan.next)
    };
    let seconds = Duration::from_secs;
    assert_eq!(planned(Duration::ZERO), (0, Some(seconds(60))));
    assert_eq!(planned(seconds(59)), (0, Some(seconds(1))));
    assert_eq!(planned(seconds(60)), (1, None));
}

#[test]
fn a_sweep_that_is_planned_or_under_way_is_not_planned_again() {
    let shop = StoreId::from("us");
    let mut memory = Memory::default();
    let mut plan = Plan::default();
    sweep_now(&shop, &mut memory, now(), &mut plan);
    sweep_now(&shop, &mut memory, now(), &mut plan);
    assert_eq!(plan.steps.len(), 1);
    memory.begin(&plan.steps[0]);
    let mut next = Plan::default();
    sweep_now(&shop, &mut memory, now(), &mut next);
    assert!(next.steps.is_empty());
}
