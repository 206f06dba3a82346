//! A label that was bought elsewhere: the form, what fills it, what answers it.

use crate::app::effect::{Commit, Effect};
use crate::app::fixtures::{Desk, MUG};
use crate::app::forms::Form;
use crate::app::hints::hints;
use crate::app::keys::Action;
use crate::app::layers::Layer;
use crate::app::message::Key;
use crate::app::state::Screen;
use crate::domain::confirmation::ConfirmationState;
use crate::domain::outside::Carrier;
use crate::domain::seller::LabelVia;
use crate::domain::shipment::LabelState;

const UPS: &str = "1Z5R89390357567127";

fn form(desk: &Desk) -> &Form {
    match desk.state.layer() {
        Some(Layer::Form(form)) => form,
        other => panic!("no form: {other:?}"),
    }
}

fn open() -> Desk {
    let mut desk = Desk::packed();
    desk.detail.order.channel.programs.prime = false;
    desk.changed();
    desk.control('l');
    desk
}

fn yes(desk: &mut Desk) -> Option<Commit> {
    let effects = desk.press(Key::Function(10));
    effects.into_iter().find_map(|effect| match effect {
        Effect::Commit(_, commit @ Commit::RecordOutside(_)) => Some(commit),
        _ => None,
    })
}

#[test]
fn it_is_offered_once_everything_is_packed() {
    let offered = |desk: &Desk| {
        hints(&desk.state)
            .iter()
            .any(|hint| hint.action == Action::Outside)
    };
    assert!(!offered(&Desk::packing()));
    assert!(offered(&Desk::packed()));
    assert!(offered(&Desk::rates()));
    assert!(!offered(&Desk::labelled(LabelState::Bought)));
}

#[test]
fn a_scanned_number_fills_its_field_and_names_the_carrier() {
    let mut desk = open();
    desk.scan(UPS);
    assert_eq!((form(&desk).value(0), form(&desk).value(2)), ("UPS", UPS));
    assert_eq!(form(&desk).selected, 1);
    desk.scan("Ground");
    desk.press(Key::Down);
    desk.press(Key::Down);
    desk.scan("12.34");
    let Some(Commit::RecordOutside(wish)) = yes(&mut desk) else {
        panic!("not recorded: {}", desk.words());
    };
    assert_eq!((wish.carrier, wish.method.as_str()), (Carrier::Ups, "Ground"));
    assert_eq!((wish.tracking.as_str(), wish.checked), (UPS, false));
    assert_eq!(wish.cost.to_string(), "$12.34");
    assert_eq!(desk.state.screen, Screen::Label);
    assert!(desk.state.layers.is_empty() && desk.words().contains("recorded"));
}

#[test]
fn neither_a_scan_nor_enter_records() {
    let mut desk = open();
    for text in [UPS, "Ground", UPS, "TGC-FINISH", MUG, "TGC-CANCEL"] {
        let effects = desk.scan(text);
        assert!(
            !effects
                .iter()
                .any(|effect| matches!(effect, Effect::Commit(_, Commit::RecordOutside(_)))),
            "{text}"
        );
    }
    let mut desk = open();
    let effects = desk.press(Key::Enter);
    assert!(effects.is_empty() && form(&desk).selected == 1);
}

#[test]
fn an_items_code_is_a_scan_in_the_form_too() {
    let mut desk = open();
    desk.scan(MUG);
    assert!(form(&desk).fields.iter().all(|field| field.value.is_empty()));
    assert!(desk.words().starts_with("STOP"), "{}", desk.words());
}

#[test]
fn what_is_missing_or_wrong_is_said_and_nothing_is_recorded() {
    let mut desk = open();
    assert_eq!(yes(&mut desk), None);
    assert!(desk.words().contains("name the carrier"), "{}", desk.words());
    for text in ["UPS", "Ground", "1Z5R89390357567128"] {
        desk.scan(text);
    }
    assert_eq!(yes(&mut desk), None);
    assert!(
        desk.words()
            .contains("does not look like a UPS number: check digit"),
        "{}",
        desk.words()
    );
}

#[test]
fn a_number_without_a_check_digit_is_typed_twice() {
    let mut desk = open();
    for text in ["DHL", "Express", "JD0146000036", "JD0146000037", "9.99"] {
        desk.scan(text);
    }
    assert_eq!(yes(&mut desk), None);
    assert!(desk.words().contains("type the number again"), "{}", desk.words());
    desk.press(Key::Up);
    desk.press(Key::Up);
    desk.scan("jd 0146000036");
    let Some(Commit::RecordOutside(wish)) = yes(&mut desk) else {
        panic!("not recorded: {}", desk.words());
    };
    assert!(wish.checked);
}

#[test]
fn a_prime_order_takes_a_reason_and_says_what_is_lost() {
    let mut desk = Desk::packed();
    desk.detail.order.channel.programs.prime = true;
    desk.changed();
    desk.control('l');
    for text in [UPS, "Ground"] {
        desk.scan(text);
    }
    desk.press(Key::Down);
    desk.press(Key::Down);
    desk.scan("12.34");
    assert_eq!(yes(&mut desk), None);
    assert!(desk.words().contains("Prime order"), "{}", desk.words());
    desk.scan("Amazon offers nothing");
    assert!(yes(&mut desk).is_some());
}

#[test]
fn what_was_typed_is_not_in_debug_output() {
    let mut desk = open();
    desk.scan("Secretcarrier");
    assert_eq!(form(&desk).value(0), "Secretcarrier");
    assert!(!format!("{:?}", desk.state).contains("Secretcarrier"));
}

#[test]
fn a_recorded_label_is_not_printed_is_taken_back_here_and_told_again() {
    let mut desk = Desk::labelled(LabelState::Bought);
    desk.detail.labels[0].via = LabelVia::Outside;
    desk.detail.labels[0].carrier = "UPS".to_owned();
    let label = desk.detail.labels[0].clone();
    desk.detail.confirmations = vec![crate::app::fixtures::told(&label, ConfirmationState::Refused)];
    desk.changed();
    let keys = hints(&desk.state);
    let has = |action| {
        keys.iter()
            .find(|hint| hint.action == action)
            .map(|hint| hint.label.as_str())
    };
    assert_eq!(has(Action::Print), None);
    assert_eq!(has(Action::Outside), Some("Tell again"));
    let effects = desk.control('l');
    assert!(effects.iter().any(|effect| matches!(
        effect,
        Effect::Commit(_, Commit::WantConfirmation { label: told, .. }) if *told == label.id
    )));
    desk.press(Key::Function(8));
    let Some(Layer::Question(question)) = desk.state.layer() else {
        panic!("no question");
    };
    assert!(
        question
            .lines
            .iter()
            .any(|line| line.contains("Void it at UPS yourself"))
    );
    desk.control('d');
    desk.press(Key::Function(10));
    assert!(
        desk.words().contains("void it at UPS yourself"),
        "{}",
        desk.words()
    );
}
