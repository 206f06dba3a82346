//! Signing in with a PIN, and each packer's own open order.

use crate::app::effect::{Commit, Effect, Pin};
use crate::app::fixtures::{Desk, commits};
use crate::app::message::{Failure, FailureKind, Key};
use crate::app::state::Screen;
use crate::domain::user::Permission;

/// A desk at which Sam has a PIN.
fn with_pin(mut desk: Desk) -> Desk {
    for user in &mut desk.state.users {
        user.has_pin = user.name == "Sam";
    }
    desk
}

fn name(desk: &Desk) -> Option<&str> {
    desk.state.user.as_ref().map(|user| user.name.as_str())
}

#[test]
fn a_person_with_a_pin_is_in_only_once_it_was_right() {
    let mut desk = with_pin(Desk::new());
    desk.scan("TGU-sam");
    assert_eq!((name(&desk), desk.state.screen), (None, Screen::SignIn));
    assert!(desk.words().contains("PIN of Sam"), "{}", desk.words());
    desk.refusal = Some(Failure {
        kind: FailureKind::Refused,
        words: "wrong PIN: type the six digits again".to_owned(),
    });
    let effects = desk.scan("000001");
    let [Commit::CheckPin { pin, .. }] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(*pin, Pin::new("000001"));
    assert!(
        !format!("{effects:?}").contains("000001"),
        "a PIN is never printed"
    );
    assert_eq!(name(&desk), None);
    assert!(desk.words().contains("wrong PIN"), "{}", desk.words());
    desk.refusal = None;
    desk.scan("493817");
    assert_eq!((name(&desk), desk.state.screen), (Some("Sam"), Screen::PickLists));
}

#[test]
fn esc_or_another_badge_ends_the_question_for_a_pin() {
    let mut desk = with_pin(Desk::new());
    desk.scan("TGU-sam");
    desk.press(Key::Esc);
    assert!(desk.state.people.asked.is_none());
    desk.scan("TGU-sam");
    desk.scan("TGU-anna");
    assert_eq!(name(&desk), Some("Anna"));
    assert!(desk.state.people.asked.is_none());
}

#[test]
fn who_switches_by_badge_finds_the_order_as_it_was_left() {
    let mut desk = with_pin(Desk::packing());
    let order = desk.state.bench.as_ref().expect("open").order;
    desk.scan("TGU-sam");
    // Until the PIN is right Anna is at the bench, and her order open.
    assert_eq!((name(&desk), desk.state.screen), (Some("Anna"), Screen::Pack));
    desk.scan("493817");
    assert_eq!((name(&desk), desk.state.screen), (Some("Sam"), Screen::PickLists));
    desk.scan("TGU-anna");
    assert_eq!((name(&desk), desk.state.screen), (Some("Anna"), Screen::Pack));
    assert_eq!(desk.state.bench.as_ref().expect("open again").order, order);
    // Sam is not asked again until he signs out.
    desk.scan("TGU-sam");
    assert_eq!(name(&desk), Some("Sam"));
}

#[test]
fn who_may_not_see_customers_sees_none() {
    let mut desk = Desk::signed_in();
    if let Some(user) = &mut desk.state.user {
        user.may.remove(&Permission::SeeCustomers);
    }
    let effects = desk.scan(crate::app::fixtures::NUMBER);
    let opened = effects
        .iter()
        .any(|effect| matches!(effect, Effect::OpenCustomer(_)));
    assert!(!opened, "{effects:?}");
}

#[test]
fn the_log_is_searched_by_what_is_typed() {
    let mut desk = Desk::signed_in();
    desk.control('y');
    assert_eq!(
        (desk.state.screen, desk.state.audit.window.page.total),
        (Screen::Audit, 4)
    );
    desk.scan("wanted");
    assert_eq!(desk.state.audit.window.page.total, 2);
    desk.press(Key::Enter);
    assert_eq!(desk.state.audit.window.page.total, 4, "Enter alone shows all");
    // A badge is a badge here, too.
    desk.scan("TGU-sam");
    assert_eq!(name(&desk), Some("Sam"));
    desk.press(Key::Esc);
    assert_eq!(desk.state.screen, Screen::PickLists);
}
