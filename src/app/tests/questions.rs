use crate::app::effect::{Commit, Effect};
use crate::app::fixtures::{Desk, MUG, WATCH, commits, line_id};
use crate::app::hints::{help_hints, hints};
use crate::app::keys::{Action, KeyMap, parse_key};
use crate::app::layers::Layer;
use crate::app::message::{Key, Message};
use crate::app::state::Screen;
use crate::domain::packing::PackEvent;
use crate::domain::shipment::LabelState;
use crate::domain::status::OrderStatus;
use crate::domain::transparency::UnitCode;

/// Selects the offer with this id.
fn select(desk: &mut Desk, id: &str) {
    let bench = desk.state.bench.as_mut().expect("an order");
    bench.selected_offer = bench
        .offers
        .iter()
        .position(|offer| offer.rate.id == id)
        .expect("offered");
}

#[test]
fn the_cheapest_that_passes_is_chosen_and_red_ones_are_marked() {
    let desk = Desk::rates();
    let bench = desk.state.bench.as_ref().expect("an order");
    assert_eq!(bench.offers[bench.selected_offer].rate.id, "GND");
    let barred = bench
        .offers
        .iter()
        .find(|offer| offer.rate.id == "HOME_DELIVERY")
        .expect("offered");
    assert!(barred.judgement.barred.is_some());
}

#[test]
fn enter_never_buys() {
    let mut desk = Desk::rates();
    desk.press(Key::Enter);
    for _ in 0..5 {
        assert!(commits(&desk.press(Key::Enter)).is_empty());
    }
    assert!(matches!(desk.state.layer(), Some(Layer::Question(_))));
    assert!(desk.words().contains("F10 is yes"), "{}", desk.words());
}

#[test]
fn a_red_method_takes_a_reason_and_the_word() {
    let mut desk = Desk::rates();
    select(&mut desk, "SAT");
    desk.press(Key::Function(10));
    assert!(commits(&desk.press(Key::Function(10))).is_empty());
    desk.scan("anyway");
    assert!(
        commits(&desk.press(Key::Function(10))).is_empty(),
        "no reason yet"
    );
    desk.scan("buyer is open on Saturday");
    let effects = desk.press(Key::Function(10));
    let [Commit::WantLabel(wish)] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(wish.reason.as_deref(), Some("buyer is open on Saturday"));
    assert_eq!(wish.choice.rate_id, "SAT");
}

#[test]
fn a_reason_alone_does_not_buy_a_red_method() {
    let mut desk = Desk::rates();
    select(&mut desk, "SAT");
    desk.press(Key::Function(10));
    desk.scan("buyer is open on Saturday");
    assert!(commits(&desk.press(Key::Function(10))).is_empty());
    assert!(desk.words().contains("ANYWAY"), "{}", desk.words());
}

#[test]
fn a_barred_method_cannot_even_be_asked_for() {
    let mut desk = Desk::rates();
    select(&mut desk, "HOME_DELIVERY");
    desk.press(Key::Function(10));
    desk.press(Key::Enter);
    assert!(desk.state.layers.is_empty());
}

#[test]
fn yes_pressed_twice_buys_once() {
    let mut desk = Desk::rates();
    desk.press(Key::Enter);
    desk.slow = true;
    let mut effects = desk.press(Key::Function(10));
    effects.extend(desk.press(Key::Function(10)));
    assert_eq!(commits(&effects).len(), 1);
}

#[test]
fn an_override_takes_a_reason_and_the_name() {
    let mut desk = Desk::packing();
    desk.scan(WATCH);
    desk.press(Key::Function(6));
    assert!(commits(&desk.press(Key::Function(10))).is_empty());
    desk.scan("sticker is torn off");
    let effects = desk.press(Key::Function(10));
    let [Commit::AcceptScan(record)] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    let PackEvent::Coded {
        unit,
        code: UnitCode::Overridden { reason, by },
    } = &record.event
    else {
        panic!("{record:?}")
    };
    assert_eq!(
        (unit.line.clone(), reason.as_str(), *by),
        (line_id("L2"), "sticker is torn off", record.by)
    );
}

#[test]
fn the_override_command_opens_its_question_only_when_a_code_is_due() {
    let mut desk = Desk::packing();
    desk.scan("TGC-OVERRIDE");
    assert!(desk.state.layers.is_empty());
    assert!(desk.words().contains("nothing to override"), "{}", desk.words());
    desk.scan(WATCH);
    desk.scan("TGC-OVERRIDE");
    assert!(matches!(desk.state.layer(), Some(Layer::Question(_))));
}

#[test]
fn commands_open_questions_and_answer_none() {
    let mut desk = Desk::rates();
    let effects = desk.scan("TGC-FINISH");
    assert!(commits(&effects).is_empty());
    assert!(matches!(desk.state.layer(), Some(Layer::Question(_))));
    let effects = desk.scan("TGC-FINISH");
    assert!(commits(&effects).is_empty());
    assert!(desk.words().contains("a dialog is open"), "{}", desk.words());
}

#[test]
fn a_wish_not_sent_is_taken_back_and_a_bought_label_is_voided() {
    let mut desk = Desk::labelled(LabelState::Wanted);
    desk.press(Key::Function(8));
    assert!(matches!(
        commits(&desk.press(Key::Function(10)))[..],
        [Commit::WithdrawLabel { .. }]
    ));
    let mut desk = Desk::labelled(LabelState::Bought);
    desk.scan("TGC-VOID");
    desk.control('d');
    assert!(matches!(
        commits(&desk.press(Key::Function(10)))[..],
        [Commit::WantVoid { .. }]
    ));
}

#[test]
fn printing_again_is_one_key_and_never_buys() {
    let mut desk = Desk::labelled(LabelState::Printed);
    assert!(matches!(
        commits(&desk.press(Key::Function(7)))[..],
        [Commit::WantPrint { .. }]
    ));
    // A held label is never printed.
    let mut desk = Desk::labelled(LabelState::Bought);
    desk.detail.labels[0].held = true;
    desk.changed();
    assert!(commits(&desk.press(Key::Function(7))).is_empty());
}

#[test]
fn only_a_supervisor_decides_an_unknown_purchase() {
    let mut desk = Desk::labelled(LabelState::Unknown);
    desk.control('e');
    assert!(desk.state.layers.is_empty());
    desk.scan("TGU-sam");
    assert_eq!(
        desk.state.screen,
        Screen::Label,
        "the supervisor stays at the label"
    );
    desk.control('e');
    desk.scan("tracking 9400111899223197428499");
    desk.scan("seen in Seller Central");
    let effects = desk.press(Key::Function(10));
    let [Commit::DecideUnknown { bought, reason, .. }] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(
        bought.as_ref().map(crate::domain::ids::TrackingNumber::as_str),
        Some("9400111899223197428499")
    );
    assert_eq!(reason, "seen in Seller Central");
}

#[test]
fn an_order_is_held_with_a_reason_and_released() {
    let mut desk = Desk::packing();
    desk.control('o');
    let effects = desk.press(Key::Function(10));
    let [Commit::SetStatus { to, reason, .. }] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((*to, reason.as_str()), (OrderStatus::OnHold, "item missing"));
    assert_eq!(desk.state.screen, Screen::PickLists);
}

#[test]
fn escape_clears_the_line_then_closes_then_goes_back() {
    let mut desk = Desk::rates();
    desk.press(Key::Function(1));
    desk.press(Key::Char('x'));
    desk.press(Key::Esc);
    assert!(desk.state.line.is_empty() && desk.state.layers.len() == 1);
    desk.press(Key::Esc);
    assert!(desk.state.layers.is_empty());
    desk.press(Key::Esc);
    assert_eq!(desk.state.screen, Screen::Pack);
    desk.press(Key::Esc);
    assert_eq!(desk.state.screen, Screen::PickLists);
}

#[test]
fn leaving_takes_two_keys() {
    let mut desk = Desk::packing();
    assert!(!desk.control('q').contains(&Effect::Exit));
    assert!(desk.press(Key::Function(10)).contains(&Effect::Exit));
    let mut desk = Desk::packing();
    desk.control('q');
    assert!(desk.control('q').contains(&Effect::Exit));
}

#[test]
fn a_pasted_line_end_answers_nothing() {
    let mut desk = Desk::packing();
    desk.scan(MUG);
    desk.press(Key::Function(2));
    let effects = desk.send(Message::Pasted("\n\r\n".to_owned()));
    assert!(effects.is_empty() && matches!(desk.state.layer(), Some(Layer::Measure(_))));
    let effects = desk.send(Message::Pasted("12.5 oz\n".to_owned()));
    assert!(matches!(commits(&effects)[..], [Commit::SetBox { .. }]));
}

#[test]
fn the_keys_that_come_with_the_program_are_whole() {
    let keys = KeyMap::standard();
    for action in [
        Action::Open,
        Action::Yes,
        Action::Weight,
        Action::Size,
        Action::Confirmation,
        Action::Rates,
        Action::Override,
        Action::Print,
        Action::Void,
        Action::ReadyToPick,
        Action::Destroyed,
        Action::Refunds,
        Action::Book,
        Action::Label,
        Action::WhyNot,
        Action::Costs,
        Action::Flags,
        Action::Hold,
        Action::Decide,
        Action::AllOrders,
        Action::NewList,
        Action::Template,
        Action::Assign,
        Action::Unlist,
        Action::PrintList,
        Action::Pick,
        Action::Bulk,
        Action::Mark,
        Action::MarkAll,
        Action::Up,
        Action::Down,
        Action::PageUp,
        Action::PageDown,
        Action::First,
        Action::Last,
        Action::Back,
        Action::Help,
        Action::SignOut,
        Action::Quit,
    ] {
        let binding = keys
            .binding(action)
            .unwrap_or_else(|| panic!("{action:?} has no key"));
        assert_eq!(keys.action(binding.press), Some(action));
    }
}

#[test]
fn a_printable_key_is_never_an_action() {
    for text in ["a", "1", "?", "Space", "Ctrl-M", "Ctrl-J", "Ctrl-I", "Ctrl-H"] {
        assert!(parse_key(text).is_err(), "{text}");
    }
    let mut keys = KeyMap::standard();
    assert!(keys.rebind("rates", "F8").is_err(), "taken by void");
    let mut keys = KeyMap::standard();
    assert!(keys.rebind("rates", "Alt-J").is_ok());
    assert!(keys.rebind("nonsense", "F12").is_err());
}

#[test]
fn every_hint_does_something_and_help_shows_them_all() {
    let desks: [fn() -> Desk; 7] = [
        Desk::new,
        Desk::signed_in,
        Desk::packing,
        Desk::packed,
        Desk::rates,
        || Desk::labelled(LabelState::Printed),
        || {
            let mut desk = Desk::signed_in();
            desk.control('r');
            desk
        },
    ];
    for make in desks {
        let desk = make();
        let shown: Vec<Action> = help_hints(&desk.state)
            .into_iter()
            .map(|hint| hint.action)
            .collect();
        for hint in hints(&desk.state) {
            assert!(
                shown.contains(&hint.action),
                "{:?} is missing from help of {:?}",
                hint.action,
                desk.state.screen
            );
            assert!(!hint.key.is_empty() && !hint.says.is_empty());
        }
    }
}

/// Opens the help and selects the line of this action.
fn select_in_help(desk: &mut Desk, action: Action) {
    desk.press(Key::Function(1));
    let place = help_hints(&desk.state)
        .iter()
        .position(|hint| hint.action == action)
        .expect("in the help");
    for _ in 0..place {
        desk.press(Key::Down);
    }
    assert!(matches!(desk.state.layer(), Some(Layer::Help(selected)) if *selected == place));
}

#[test]
fn enter_on_a_line_of_the_help_does_what_its_key_does() {
    let mut desk = Desk::packed();
    select_in_help(&mut desk, Action::Weight);
    desk.press(Key::Enter);
    assert!(
        matches!(desk.state.layer(), Some(Layer::Measure(_))),
        "{:?}",
        desk.state.layer()
    );
}

#[test]
fn the_help_says_yes_to_nothing() {
    let mut desk = Desk::rates();
    desk.press(Key::Enter);
    assert!(matches!(desk.state.layer(), Some(Layer::Question(_))));
    select_in_help(&mut desk, Action::Yes);
    let effects = desk.press(Key::Enter);
    assert!(commits(&effects).is_empty());
    assert!(
        desk.words().contains("Nothing but F10 itself says yes"),
        "{}",
        desk.words()
    );
}

#[test]
fn help_tells_of_the_screen_below_it_whether_it_is_open_or_not() {
    for make in [Desk::signed_in, Desk::packed, Desk::rates] {
        let mut desk = make();
        let before = help_hints(&desk.state);
        desk.press(Key::Function(1));
        assert_eq!(help_hints(&desk.state), before);
    }
    let mut desk = Desk::packed();
    select_in_help(&mut desk, Action::Back);
    desk.press(Key::Enter);
    assert_ne!(desk.state.screen, Screen::Pack, "the line says Back, not Close");
}
