//! The printed label is scanned onto its box: the right one is recorded, any other is an alarm, nothing goes on before.

use crate::app::banner::Tone;
use crate::app::effect::{Commit, Effect, Query, Sound};
use crate::app::fixtures::{Desk, NUMBER, commits, label, other_label};
use crate::app::message::Key;
use crate::app::state::Screen;
use crate::domain::ids::{BoxId, TrackingNumber};
use crate::domain::onto_box::OntoBox;
use crate::domain::rows::{BoxRow, LabelRow};
use crate::domain::shipment::LabelState;
use crate::domain::status::OrderStatus;

const OWN: &str = "1Z999AA10123456784";
const OTHERS: &str = "9400111899223197428499";
const NOBODYS: &str = "1Z5R89390357567127";

/// A printed label that its bench wants to see scanned.
fn due() -> Desk {
    let mut desk = Desk::labelled(LabelState::Printed);
    desk.detail.labels[0].onto_box = OntoBox::Due;
    desk.detail.order.status = OrderStatus::ReadyForPickup;
    desk.changed();
    desk
}

/// Two boxes, each with a label that is due; the first is looked at.
fn two_boxes() -> Desk {
    let mut desk = due();
    let first: BoxRow = desk.detail.boxes[0].clone();
    desk.detail.boxes.push(BoxRow {
        id: BoxId(8),
        number: 2,
        ..first
    });
    desk.detail.labels.push(LabelRow {
        onto_box: OntoBox::Due,
        ..other_label(LabelState::Printed, 8)
    });
    desk.changed();
    desk
}

fn beeps(effects: &[Effect]) -> Vec<Sound> {
    let sounds = effects.iter().filter_map(|effect| match effect {
        Effect::Beep(sound) => Some(*sound),
        _ => None,
    });
    sounds.collect()
}

fn put_on(effects: &[Effect]) -> Vec<(crate::domain::ids::IntentId, TrackingNumber)> {
    let each = commits(effects).into_iter().filter_map(|commit| match commit {
        Commit::PutOn { label, scanned, .. } => Some((*label, scanned.clone())),
        _ => None,
    });
    each.collect()
}

#[test]
fn the_right_label_is_recorded_and_green_only_once_it_is_saved() {
    let mut desk = due();
    desk.slow = true;
    let effects = desk.scan(OWN);
    let id = desk.detail.labels[0].id;
    assert_eq!(put_on(&effects), [(id, TrackingNumber::from(OWN))]);
    assert!(desk.words().starts_with("WAIT"), "{}", desk.words());
    assert!(beeps(&effects).is_empty());
    let mut desk = due();
    let effects = desk.scan(OWN);
    assert_eq!(beeps(&effects), [Sound::Good]);
    assert!(desk.words().starts_with("GOOD: ON ITS BOX"), "{}", desk.words());
    assert_eq!(desk.state.screen, Screen::Label);
    // Then Enter goes on.
    desk.press(Key::Enter);
    assert_ne!(desk.state.screen, Screen::Label);
}

#[test]
fn the_label_of_another_box_is_an_alarm_that_names_the_box() {
    let mut desk = two_boxes();
    let effects = desk.scan(OTHERS);
    assert!(put_on(&effects).is_empty());
    assert_eq!(beeps(&effects), [Sound::Bad]);
    assert!(
        desk.words().contains("belongs on box 2, not on box 1"),
        "{}",
        desk.words()
    );
    // The second box is chosen: now it is the right one.
    desk.press(Key::Down);
    assert_eq!(put_on(&desk.scan(OTHERS)).len(), 1);
}

#[test]
fn the_label_of_another_order_is_an_alarm_and_opens_nothing() {
    let mut desk = due();
    let effects = desk.scan(NOBODYS);
    assert!(put_on(&effects).is_empty());
    let looked_up = |effect: &Effect| matches!(effect, Effect::Read(_, _, Query::FindTracking(_)));
    assert!(effects.iter().any(looked_up), "{effects:?}");
    assert_eq!(beeps(&effects), [Sound::Bad]);
    assert!(
        desk.words().contains("no label of this station has"),
        "{}",
        desk.words()
    );
    assert_eq!(desk.state.screen, Screen::Label);

    let mut other = label(LabelState::Printed);
    other.number = "111-7654321-7654321".into();
    desk.state
        .wrong_label(&TrackingNumber::from(NOBODYS), Some(&other));
    assert!(
        desk.words().contains("belongs to order 111-7654321-7654321"),
        "{}",
        desk.words()
    );
}

#[test]
fn nothing_goes_on_before_the_label_is_scanned_but_esc_leaves() {
    for go_on in [Key::Enter, Key::Char('f')] {
        let mut desk = due();
        match go_on {
            Key::Enter => desk.press(Key::Enter),
            _ => desk.scan("TGC-FINISH"),
        };
        assert_eq!(desk.state.screen, Screen::Label);
        assert!(desk.words().starts_with("STOP: not done"), "{}", desk.words());
        assert!(desk.words().contains("(…6784)"), "{}", desk.words());
    }
    let mut desk = due();
    desk.press(Key::Esc);
    assert!(!desk.state.screen.has_order());
}

#[test]
fn another_order_is_not_opened_while_a_label_is_due() {
    let mut desk = due();
    desk.detail.order.channel.number = "111-7654321-7654321".into();
    desk.detail.order.id = crate::domain::ids::OrderId(1);
    desk.state.bench.as_mut().expect("open").order = crate::domain::ids::OrderId(2);
    desk.scan("111-7654321-7654321");
    assert!(desk.words().starts_with("STOP: not done"), "{}", desk.words());
    assert_eq!(
        desk.state.bench.as_ref().map(|bench| bench.order),
        Some(crate::domain::ids::OrderId(2))
    );
}

#[test]
fn a_bench_without_the_rule_asks_nothing() {
    let mut desk = Desk::labelled(LabelState::Printed);
    assert!(put_on(&desk.scan(OWN)).is_empty());
    desk.press(Key::Enter);
    assert_ne!(desk.state.screen, Screen::Label);
}

#[test]
fn held_and_voided_labels_are_asked_for_by_nobody() {
    for (state, held) in [
        (LabelState::Printed, true),
        (LabelState::VoidWanted, false),
        (LabelState::Voided, false),
        (LabelState::Unknown, false),
    ] {
        let mut desk = Desk::labelled(state);
        desk.detail.labels[0].onto_box = OntoBox::Due;
        desk.detail.labels[0].held = held;
        desk.changed();
        assert!(put_on(&desk.scan(OWN)).is_empty(), "{state}");
    }
}

#[test]
fn a_refusal_of_the_store_is_said() {
    let mut desk = due();
    desk.slow = true;
    let effects = desk.scan(OWN);
    let request = effects.iter().find_map(|effect| match effect {
        Effect::Commit(request, Commit::PutOn { .. }) => Some(*request),
        _ => None,
    });
    let failure = crate::app::message::Failure {
        kind: crate::app::message::FailureKind::Failed,
        words: "the disk is full".to_owned(),
    };
    desk.send(crate::app::message::Message::Refused {
        request: request.expect("a commit"),
        failure,
    });
    let tone = desk.state.banner.as_ref().map(|banner| banner.tone);
    assert_eq!(tone, Some(Tone::Bad));
    assert!(desk.words().contains("the disk is full"));
    assert_eq!(
        desk.state.bench.as_ref().map(|bench| bench.number().to_owned()),
        Some(NUMBER.to_owned())
    );
}
