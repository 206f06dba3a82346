//! Signing in with a PIN, and each packer's own open order.

use crate::app::bench::CustomerView;
use crate::app::effect::{Commit, Effect, Pin};
use crate::app::fixtures::{Desk, commits};
use crate::app::hints::hints;
use crate::app::keys::Action;
use crate::app::message::{Done, Failure, FailureKind, Key, KeyPress, Message};
use crate::app::state::Screen;
use crate::domain::shipment::LabelState;
use crate::domain::user::Permission;

/// A desk at which Sam has a PIN.
fn with_pin(mut desk: Desk) -> Desk {
    desk.change_person("Sam", |sam| sam.has_pin = true);
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
fn a_right_pin_that_comes_late_signs_nobody_in() {
    let mut desk = with_pin(Desk::new());
    desk.slow = true;
    desk.scan("TGU-sam");
    let effects = desk.scan("493817");
    let Some(Effect::Commit(request, _)) = effects.iter().find(|effect| matches!(effect, Effect::Commit(..)))
    else {
        panic!("{effects:?}")
    };
    let request = *request;
    desk.press(Key::Esc);
    let done = Done::Nothing;
    desk.send(Message::Committed { request, done });
    assert_eq!(name(&desk), None);
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
    desk.change_person("Anna", |anna| {
        anna.may.remove(&Permission::SeeCustomers);
    });
    let effects = desk.scan(crate::app::fixtures::NUMBER);
    let opened = effects
        .iter()
        .any(|effect| matches!(effect, Effect::OpenCustomer(..)));
    assert!(!opened, "{effects:?}");
    // They are told whom to ask, and what was asked for by somebody else is not shown either.
    let order = desk.detail.order.id;
    desk.send(Message::CustomerOpened {
        order,
        customer: Ok(desk.customer.clone()),
    });
    let bench = desk.state.bench.as_ref().expect("open");
    let CustomerView::Absent(words) = &bench.customer else {
        panic!("shown")
    };
    assert_eq!(words, "not shown: Anna may not see customers' data: ask Sam");
}

#[test]
fn a_badge_at_an_open_label_hides_the_customer_from_who_may_not_see() {
    let mut desk = Desk::labelled(LabelState::Bought);
    let shown = |desk: &Desk| {
        matches!(
            desk.state.bench.as_ref().expect("open").customer,
            CustomerView::Open(_)
        )
    };
    assert!(shown(&desk));
    desk.change_person("Sam", |sam| {
        sam.may.remove(&Permission::SeeCustomers);
    });
    desk.scan("TGU-sam");
    assert_eq!((name(&desk), desk.state.screen), (Some("Sam"), Screen::Label));
    assert!(!shown(&desk));
    desk.scan("TGU-anna");
    assert!(shown(&desk));
}

#[test]
fn who_gets_a_pin_while_at_the_bench_is_asked_for_it() {
    let mut desk = with_pin(Desk::signed_in());
    assert_eq!(name(&desk), Some("Anna"), "hers is not asked for");
    desk.change_person("Anna", |anna| anna.has_pin = true);
    assert_eq!(name(&desk), None);
    assert!(desk.words().contains("PIN of Anna"), "{}", desk.words());
}

#[test]
fn what_is_taken_from_who_is_at_the_bench_is_gone_at_once() {
    let mut desk = Desk::packing();
    let shown = |desk: &Desk| {
        let bench = desk.state.bench.as_ref().expect("open");
        matches!(bench.customer, CustomerView::Open(_))
    };
    assert!(shown(&desk));
    desk.change_person("Anna", |anna| {
        anna.may.remove(&Permission::SeeCustomers);
    });
    assert!(!shown(&desk));
    // Switched off: nobody is at the bench any more.
    desk.people.retain(|user| user.name != "Anna");
    desk.changed();
    assert_eq!((name(&desk), desk.state.screen), (None, Screen::SignIn));
    assert!(
        desk.words().contains("Anna is switched off here"),
        "{}",
        desk.words()
    );
}

#[test]
fn a_key_that_is_barred_says_whom_to_ask() {
    let alt = |letter| {
        Message::Key(KeyPress {
            key: Key::Char(letter),
            control: false,
            alt: true,
            shift: false,
        })
    };
    let mut desk = Desk::packing();
    desk.send(alt('x'));
    assert!(desk.state.layer().is_none());
    assert!(
        desk.words().contains("Anna may not cancel orders: ask Sam"),
        "{}",
        desk.words()
    );
    let keys = |desk: &Desk, action| hints(&desk.state).iter().any(|hint| hint.action == action);
    assert!(!keys(&desk, Action::CancelOrder) && keys(&desk, Action::Hold));
    desk.change_person("Anna", |anna| {
        anna.may.remove(&Permission::Hold);
    });
    assert!(!keys(&desk, Action::Hold));
    // What is not possible for anybody says that instead.
    desk.control('e');
    assert!(desk.words().contains("nothing here"), "{}", desk.words());
}

#[test]
fn a_scan_while_a_pin_is_asked_for_is_no_try() {
    let mut desk = with_pin(Desk::packing());
    desk.scan("TGU-sam");
    let effects = desk.scan(crate::app::fixtures::MUG);
    assert!(commits(&effects).is_empty(), "{effects:?}");
    assert!(desk.words().contains("six digits"), "{}", desk.words());
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
