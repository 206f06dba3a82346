use crate::app::effect::{Commit, Effect, Sound};
use crate::app::fixtures::{Desk, MUG, NUMBER, PREFILLED, WATCH, az, commits, taken_over};
use crate::app::layers::{Ask, Layer};
use crate::app::message::Key;
use crate::app::state::Screen;
use crate::domain::ids::{OrderId, UserId};
use crate::domain::shipment::LabelState;

#[test]
fn a_badge_signs_in_and_shows_the_pick_lists() {
    let desk = Desk::signed_in();
    assert_eq!(desk.state.screen, Screen::PickLists);
    assert_eq!(desk.state.user.as_ref().map(|user| user.id), Some(UserId(1)));
    assert_eq!(desk.words(), "GOOD: signed in: Anna");
}

#[test]
fn a_secret_that_ends_is_told_to_whoever_can_change_it() {
    let mut desk = Desk::new();
    desk.status.health.reminder =
        Some("the client secret of store us must be changed by 2026-12-01".to_owned());
    desk.change_person("Sam", |user| {
        user.may.insert(crate::domain::user::Permission::Keys);
    });
    desk.scan("TGU-anna");
    assert!(
        desk.words().starts_with("GOOD: signed in: Anna"),
        "{}",
        desk.words()
    );
    desk.scan("TGU-sam");
    assert!(
        desk.words()
            .starts_with("NOTE: signed in: Sam. the client secret"),
        "{}",
        desk.words()
    );
}

#[test]
fn a_name_signs_in_typed_or_chosen() {
    let mut desk = Desk::new();
    desk.scan("sam");
    assert_eq!(
        desk.state.user.as_ref().map(|user| user.name.as_str()),
        Some("Sam")
    );
    let mut desk = Desk::new();
    desk.press(Key::Down);
    desk.press(Key::Enter);
    assert_eq!(
        desk.state.user.as_ref().map(|user| user.name.as_str()),
        Some("Sam")
    );
}

#[test]
fn nothing_but_a_badge_is_taken_before_sign_in() {
    let mut desk = Desk::new();
    let effects = desk.scan(NUMBER);
    assert_eq!(desk.state.screen, Screen::SignIn);
    assert!(commits(&effects).is_empty());
    assert!(effects.contains(&Effect::Beep(Sound::Bad)));
}

#[test]
fn an_order_is_shipped_and_voided_by_keys_and_scans_alone() {
    let mut desk = Desk::signed_in();
    desk.press(Key::Enter);
    assert_eq!(desk.state.screen, Screen::Orders);
    let effects = desk.press(Key::Enter);
    assert_eq!(desk.state.screen, Screen::Pack);
    assert_eq!(
        commits(&effects),
        [&Commit::BeginPacking {
            order: OrderId(1),
            by: UserId(1),
            take_over: false,
            confirmation: PREFILLED
        }]
    );
    assert!(desk.customer_is_open());
    for code in [MUG, MUG, WATCH] {
        desk.scan(code);
        assert!(desk.words().starts_with("GOOD"), "{}", desk.words());
    }
    desk.scan(&az('B'));
    assert!(desk.words().ends_with("ALL VERIFIED"), "{}", desk.words());
    // Enter goes on with what is missing: weight, size, rates.
    desk.press(Key::Enter);
    desk.scan("20");
    assert_eq!(
        desk.detail.boxes[0]
            .weight
            .map(|weight| weight.to_string())
            .as_deref(),
        Some("20 oz")
    );
    desk.press(Key::Enter);
    desk.scan("10 x 8 x 4");
    assert_eq!(
        desk.detail.boxes[0]
            .dimensions
            .map(|size| size.to_string())
            .as_deref(),
        Some("10x8x4 in")
    );
    desk.press(Key::Enter);
    assert_eq!(desk.state.screen, Screen::Rates);
    desk.answer_quote(crate::app::fixtures::rates());
    assert!(desk.words().contains("UPS Ground $8.12"), "{}", desk.words());
    desk.press(Key::Enter);
    let effects = desk.press(Key::Function(10));
    let [Commit::WantLabel(wish)] = commits(&effects)[..] else {
        panic!("one wish: {effects:?}")
    };
    assert_eq!(
        (wish.choice.rate_id.as_str(), wish.reason.as_deref()),
        ("GND", None)
    );
    assert_eq!(desk.state.screen, Screen::Label);
    // What becomes of it shows without being asked.
    desk.set_label(LabelState::Bought);
    assert!(
        desk.words().starts_with("GOOD: BOUGHT UPS Ground $8.12"),
        "{}",
        desk.words()
    );
    desk.set_label(LabelState::Printed);
    assert!(desk.words().starts_with("GOOD: PRINTED"), "{}", desk.words());
    desk.press(Key::Function(8));
    desk.press(Key::Down);
    desk.scan("1Z999AA10123456784");
    let effects = desk.press(Key::Function(10));
    let [Commit::WantVoid { reason, .. }] = commits(&effects)[..] else {
        panic!("one void: {effects:?}")
    };
    assert_eq!(reason, "wrong method");
    desk.set_label(LabelState::Voided);
    assert!(desk.words().starts_with("GOOD: VOIDED"), "{}", desk.words());
    // Voided: the order can be packed again.
    let effects = desk.press(Key::Enter);
    assert_eq!(desk.state.screen, Screen::Pack);
    assert!(matches!(commits(&effects)[..], [Commit::BeginPacking { .. }]));
}

#[test]
fn the_next_order_is_one_key_away() {
    let mut desk = Desk::signed_in();
    desk.press(Key::Enter);
    desk.press(Key::Enter);
    desk.set_label(LabelState::Printed);
    desk.press(Key::Function(9));
    desk.press(Key::Enter);
    assert_eq!(desk.state.screen, Screen::Orders);
    assert_eq!(desk.state.orders.window.selected, 1);
}

#[test]
fn an_order_with_a_label_opens_on_the_label() {
    let mut desk = Desk::signed_in();
    desk.set_label(LabelState::Unknown);
    desk.scan(NUMBER);
    assert_eq!(desk.state.screen, Screen::Label);
    assert!(
        !desk
            .log
            .iter()
            .any(|effect| matches!(effect, Effect::Commit(_, Commit::BeginPacking { .. })))
    );
}

#[test]
fn another_packers_order_is_taken_over_only_when_asked() {
    let mut desk = Desk::signed_in();
    desk.refusal = Some(taken_over());
    desk.scan(NUMBER);
    assert!(
        matches!(desk.state.layer(), Some(Layer::Question(question)) if question.ask == Ask::TakeOver(OrderId(1)))
    );
    let effects = desk.press(Key::Function(10));
    assert!(matches!(
        commits(&effects)[..],
        [Commit::BeginPacking { take_over: true, .. }]
    ));
    assert!(desk.state.layers.is_empty());
    desk.refusal = None;
    desk.scan(MUG);
    assert!(desk.words().starts_with("GOOD"), "{}", desk.words());
}

#[test]
fn lists_read_windows_around_the_selection_never_all_rows() {
    let mut desk = Desk::signed_in();
    desk.orders = (1..=100_000).map(crate::app::fixtures::order_row).collect();
    desk.press(Key::Enter);
    desk.press(Key::End);
    let window = &desk.state.orders.window;
    assert_eq!(window.selected, 99_999);
    assert!(
        window.page.rows.len() <= 100,
        "{} rows at hand",
        window.page.rows.len()
    );
    assert_eq!(window.selection().map(|row| row.id), Some(OrderId(100_000)));
    for _ in 0..200 {
        desk.press(Key::Up);
        assert!(desk.state.orders.window.selection().is_some());
    }
}

#[test]
fn the_store_is_read_again_once_for_any_number_of_changes() {
    let mut desk = Desk::packing();
    let reads = |desk: &mut Desk| {
        desk.log.clear();
        desk.changed();
        desk.log
            .iter()
            .filter(|effect| matches!(effect, Effect::Read(..)))
            .count()
    };
    // The header's counts, who may do what, and the order.
    assert_eq!(reads(&mut desk), 3);
}

#[test]
fn a_quote_that_no_longer_fits_cannot_be_bought_from() {
    let mut desk = Desk::rates();
    desk.scan("2 lb 1 oz");
    // A new question goes out by itself; until it is answered nothing is sold.
    let effects = desk.press(Key::Enter);
    assert!(commits(&effects).is_empty());
    assert!(desk.state.layers.is_empty());
    desk.answer_quote(crate::app::fixtures::rates());
    desk.now += chrono::TimeDelta::minutes(10);
    desk.press(Key::Enter);
    assert!(
        desk.state.layers.is_empty(),
        "rates of ten minutes ago are not sold"
    );
}
