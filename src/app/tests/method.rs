//! The method assigned ahead: chosen from a list, taken at the bench.

use crate::app::effect::{Commit, Effect, MethodWish};
use crate::app::fixtures::{Desk, commits, known_methods as known, rates};
use crate::app::layers::{Ask, Layer};
use crate::app::message::{Key, KeyPress, Message};
use crate::domain::method::AssignedBy;
use crate::domain::order::AssignedMethod;
use crate::domain::user::Permission;

fn alt(desk: &mut Desk, letter: char) -> Vec<Effect> {
    desk.send(Message::Key(KeyPress {
        alt: true,
        ..KeyPress::plain(Key::Char(letter))
    }))
}

fn list(desk: &Desk) -> crate::app::screens::method::MethodList {
    match desk.state.layer() {
        Some(Layer::Method(list)) => (**list).clone(),
        other => panic!("no list: {other:?}"),
    }
}

fn select(desk: &mut Desk, name: &str) {
    let place = list(desk).rows.iter().position(|row| row.name.contains(name));
    desk.press(Key::Home);
    for _ in 0..place.unwrap_or_else(|| panic!("{name}: {:?}", list(desk).rows)) {
        desk.press(Key::Down);
    }
}

#[test]
fn a_method_is_assigned_from_the_list_and_nothing_is_bought() {
    let mut desk = Desk::packing();
    desk.detail.method.known = known();
    desk.changed();
    alt(&mut desk, 'm');
    assert_eq!(list(&desk).rows[0].method, AssignedMethod::Unknown);
    let on = known().into_iter().find(|one| one.off.is_none()).unwrap();
    select(&mut desk, &on.name());
    let effects = desk.press(Key::Enter);
    let [Commit::AssignMethod(MethodWish { method, reason, .. })] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(
        (method.to_string(), reason.as_str()),
        (format!("{}/{}", on.carrier_id, on.service_id), "")
    );
    assert!(desk.state.layer().is_none());
    assert!(
        desk.words().contains(&format!("is assigned to {}", on.name())),
        "{}",
        desk.words()
    );
}

#[test]
fn what_is_switched_off_is_shown_with_the_reason_and_not_assigned() {
    let mut desk = Desk::packing();
    desk.detail.method.known = known();
    desk.changed();
    alt(&mut desk, 'm');
    let off = known().into_iter().find(|one| one.off.is_some()).unwrap();
    select(&mut desk, &off.name());
    assert!(commits(&desk.press(Key::Enter)).is_empty());
    assert!(
        desk.words().contains("switched off for store us by Sue"),
        "{}",
        desk.words()
    );
}

#[test]
fn a_scan_assigns_nothing() {
    let mut desk = Desk::packing();
    desk.detail.method.known = known();
    desk.changed();
    alt(&mut desk, 'm');
    let effects = desk.scan("850047100016");
    assert!(
        commits(&effects)
            .iter()
            .all(|commit| !matches!(commit, Commit::AssignMethod(_))),
        "{effects:?}"
    );
}

#[test]
fn prime_goes_elsewhere_by_a_supervisors_yes_with_a_reason() {
    let mut desk = Desk::packing();
    assert!(desk.detail.order.channel.programs.prime);
    alt(&mut desk, 'm');
    select(&mut desk, "elsewhere, UPS");
    assert!(commits(&desk.press(Key::Enter)).is_empty());
    assert!(
        desk.words()
            .contains("Anna may not break Amazon's rules for a Prime order: ask Sam"),
        "{}",
        desk.words()
    );
    desk.change_person("Anna", |anna| {
        anna.may.insert(Permission::BreakPrime);
    });
    desk.press(Key::Enter);
    assert!(
        matches!(desk.state.layer(), Some(Layer::Question(question)) if matches!(question.ask, Ask::Assign(..)))
    );
    assert!(
        commits(&desk.press(Key::Function(10))).is_empty(),
        "a reason is wanted"
    );
    desk.scan("strike at the depot");
    let effects = desk.press(Key::Function(10));
    let [Commit::AssignMethod(MethodWish { reason, .. })] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(reason, "strike at the depot");
}

#[test]
fn the_assigned_method_is_selected_among_the_rates_although_another_is_cheaper() {
    let mut desk = Desk::packed();
    let dear = rates().into_iter().max_by_key(|rate| rate.total.minor).unwrap();
    desk.detail.order.assigned = AssignedMethod::parse(&dear.service_id).unwrap();
    desk.detail.method.by = AssignedBy::Person("Ana".to_owned());
    desk.changed();
    desk.press(Key::Function(5));
    let mut offers = rates();
    // Nothing to say against it.
    for rate in &mut offers {
        if rate.service_id == dear.service_id {
            rate.window = Some(tuesday());
        }
    }
    desk.answer_quote(offers);
    let bench = desk.state.bench.as_ref().unwrap();
    let selected = &bench.offers[bench.selected_offer];
    assert_eq!(selected.rate.service_id, dear.service_id, "{:?}", bench.no_choice);
    assert!(desk.words().contains("assigned: "), "{}", desk.words());
}

/// A Tuesday before the order's deliver-by.
fn tuesday() -> crate::domain::order::Window {
    let latest = crate::app::fixtures::at("2026-11-24T20:00:00Z");
    crate::domain::order::Window {
        earliest: Some(latest),
        latest: Some(latest),
    }
}

#[test]
fn a_late_method_for_a_prime_order_is_bought_by_who_may_break_its_rules_with_a_reason() {
    let mut desk = Desk::packed();
    assert!(desk.detail.order.channel.programs.prime);
    desk.detail.order.channel.deliver_by.latest = Some(crate::app::fixtures::at("2026-11-24T10:00:00Z"));
    desk.changed();
    desk.press(Key::Function(5));
    let mut offers = rates();
    offers.truncate(1);
    offers[0].window = Some(tuesday());
    desk.answer_quote(offers);
    assert!(commits(&desk.press(Key::Function(10))).is_empty());
    assert!(
        desk.words()
            .contains("Anna may not break Amazon's rules for a Prime order: ask Sam"),
        "{}",
        desk.words()
    );
    assert!(desk.state.layer().is_none());
    desk.change_person("Anna", |anna| {
        anna.may.insert(Permission::BreakPrime);
    });
    desk.press(Key::Function(10));
    let Some(Layer::Question(question)) = desk.state.layer() else {
        panic!("no question: {}", desk.words())
    };
    assert!(question.wants_reason && question.missing().is_some());
    assert!(
        question.lines.iter().any(|line| line.contains("PRIME: ")),
        "{:?}",
        question.lines
    );
}
