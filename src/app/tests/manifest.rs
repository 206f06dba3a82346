//! The day's end: scans at the door are green only once they are saved, refusals are red and aloud, what is missing is
//! carried over or left behind, and nothing but the yes key closes a manifest.

use crate::app::effect::{Commit, Effect, Sound, Timer};
use crate::app::fixtures::{Desk, NUMBER};
use crate::app::layers::Layer;
use crate::app::message::{Key, KeyPress, Message};
use crate::app::screens::manifest::DoorCommit;
use crate::app::state::Screen;
use crate::domain::manifest::{Fate, NeverMoved};
use crate::domain::shipment::LabelState;
use crate::domain::user::Permission;

const FIRST: &str = "1Z999AA10123456784";
const SECOND: &str = "1Z12345E0205271688";
const OF_USPS: &str = "420100019400109205568876543219";

fn alt(desk: &mut Desk, letter: char) -> Vec<Effect> {
    desk.send(Message::Key(KeyPress {
        alt: true,
        ..KeyPress::plain(Key::Char(letter))
    }))
}

/// The day's end is shown, nothing is open.
fn at_the_door() -> Desk {
    let mut desk = Desk::signed_in();
    alt(&mut desk, 'e');
    assert_eq!(desk.state.screen, Screen::DayEnd);
    desk
}

/// The manifest of UPS is being filled.
fn filling() -> Desk {
    let mut desk = at_the_door();
    desk.press(Key::Enter);
    assert!(
        desk.words().contains("manifest 12 of UPS is open"),
        "{}",
        desk.words()
    );
    desk
}

fn commits(effects: &[Effect]) -> Vec<DoorCommit> {
    let each = effects.iter().filter_map(|effect| match effect {
        Effect::Commit(_, Commit::Door(commit)) => Some(commit.clone()),
        _ => None,
    });
    each.collect()
}

fn beeps(effects: &[Effect]) -> Vec<Sound> {
    let each = effects.iter().filter_map(|effect| match effect {
        Effect::Beep(sound) => Some(*sound),
        _ => None,
    });
    each.collect()
}

#[test]
fn a_parcel_is_green_only_once_it_is_saved_and_the_last_one_says_that_nothing_is_missing() {
    let mut desk = filling();
    let effects = desk.scan(FIRST);
    assert!(matches!(&commits(&effects)[..], [DoorCommit::CheckOut { code, .. }] if code == FIRST));
    assert_eq!(beeps(&effects), [Sound::Good]);
    assert!(
        desk.words().contains("OUT 1") && desk.words().contains("2 still missing"),
        "{}",
        desk.words()
    );
    desk.slow = true;
    let effects = desk.scan(SECOND);
    assert!(beeps(&effects).is_empty(), "not yet");
    assert!(desk.words().contains("saving"), "{}", desk.words());
    desk.slow = false;
    desk.scan("1Z12345E6605272234");
    desk.scan(SECOND);
    assert!(desk.words().contains("NOTHING IS MISSING"), "{}", desk.words());
}

#[test]
fn a_scan_that_is_not_saved_in_time_stops_the_next_one_aloud() {
    let mut desk = filling();
    desk.slow = true;
    let effects = desk.scan(FIRST);
    let timer = effects.iter().find_map(|effect| match effect {
        Effect::Schedule(Timer::Unsaved(request), _) => Some(*request),
        _ => None,
    });
    let request = timer.expect("it is watched");
    let effects = desk.send(Message::Tick(Timer::Unsaved(request)));
    assert_eq!(beeps(&effects), [Sound::Bad]);
    let effects = desk.scan(SECOND);
    assert!(commits(&effects).is_empty(), "not taken");
    assert!(desk.words().contains("not taken"), "{}", desk.words());
}

#[test]
fn what_does_not_go_along_is_refused_in_words_with_its_sound_and_noted_without_its_code() {
    let mut desk = filling();
    desk.scan(FIRST);
    for (code, words) in [
        (FIRST, "ALREADY OUT"),
        (OF_USPS, "WRONG CARRIER: it goes with USPS"),
        ("1Z5R89390357567127", "UNKNOWN"),
        ("850047100016", "UNKNOWN"),
    ] {
        let effects = desk.scan(code);
        assert_eq!(beeps(&effects), [Sound::Bad], "{code}");
        assert!(desk.words().contains(words), "{code}: {}", desk.words());
        let noted = effects.iter().find_map(|effect| match effect {
            Effect::Commit(_, Commit::NoteRefusedScan { reason, .. }) => Some(reason.clone()),
            _ => None,
        });
        assert_eq!(noted.as_deref(), Some("refused at the door"));
    }
}

#[test]
fn before_a_manifest_is_open_a_parcel_is_refused_with_what_to_do() {
    let mut desk = at_the_door();
    let effects = desk.scan(FIRST);
    assert!(commits(&effects).is_empty());
    assert_eq!(beeps(&effects), [Sound::Bad]);
    assert!(
        desk.words().contains("choose the carrier, press Enter"),
        "{}",
        desk.words()
    );
    // The other carrier is one line down.
    desk.press(Key::Down);
    let effects = desk.press(Key::Enter);
    assert!(matches!(&commits(&effects)[..], [DoorCommit::Open { carrier, .. }] if carrier == "USPS"));
    desk.scan(OF_USPS);
    assert!(desk.words().contains("OUT 1"), "{}", desk.words());
}

#[test]
fn a_manifest_is_closed_by_the_yes_key_alone_and_says_what_is_carried_over() {
    let mut desk = filling();
    desk.scan(FIRST);
    desk.press(Key::Function(10));
    let Some(Layer::Question(question)) = desk.state.layer() else {
        panic!("it is asked")
    };
    assert!(
        question.lines.iter().any(|line| line.contains("2 are MISSING")),
        "{:?}",
        question.lines
    );
    desk.press(Key::Enter);
    let effects = desk.scan(SECOND);
    assert!(
        commits(&effects).is_empty(),
        "a scan answers no question, nor goes under it"
    );
    let effects = desk.press(Key::Function(10));
    assert!(matches!(&commits(&effects)[..], [DoorCommit::Close { .. }]));
    assert!(
        desk.words().contains("closed: 1 parcels, 2 carried over"),
        "{}",
        desk.words()
    );
    assert_eq!((desk.state.day_end.chosen, desk.state.layers.len()), (None, 0));
}

#[test]
fn a_missing_parcel_is_left_behind_with_a_reason() {
    let mut desk = filling();
    desk.press(Key::Down);
    alt(&mut desk, 'h');
    desk.press(Key::Down);
    let effects = desk.press(Key::Function(10));
    let [DoorCommit::Leave { label, reason, .. }] = &commits(&effects)[..] else {
        panic!("left behind: {}", desk.words())
    };
    assert_eq!(reason, "damaged: is packed again");
    let parcel = desk.door.parcels.iter().find(|parcel| parcel.label == *label);
    assert!(matches!(parcel.unwrap().fate, Fate::Left { .. }));
    assert_eq!(desk.state.day_end.manifest().unwrap().missing().count(), 2);
}

#[test]
fn its_barcode_takes_a_manifest_up_from_anywhere_and_an_unknown_one_is_said() {
    let mut desk = filling();
    desk.press(Key::Esc);
    assert_eq!(
        (desk.state.screen, desk.state.day_end.chosen),
        (Screen::DayEnd, None)
    );
    desk.press(Key::Esc);
    assert_eq!(desk.state.screen, Screen::PickLists);
    desk.scan("tgm-12");
    assert!(desk.state.day_end.manifest().is_some());
    desk.scan(FIRST);
    assert!(desk.words().contains("OUT 1"), "{}", desk.words());
    desk.scan("TGM-99");
    assert!(
        desk.words().contains("there is no manifest 99"),
        "{}",
        desk.words()
    );
    // An order's barcode opens the order, and Esc leads back.
    desk.scan("TGM-12");
    desk.press(Key::Enter);
    assert!(desk.state.screen.has_order());
    desk.press(Key::Esc);
    assert_eq!(desk.state.screen, Screen::DayEnd);
    desk.scan(NUMBER);
    assert!(desk.state.screen.has_order());
}

#[test]
fn a_form_is_asked_for_and_both_sheets_are_printed() {
    let mut desk = filling();
    desk.scan(FIRST);
    alt(&mut desk, 'f');
    let effects = desk.press(Key::Function(10));
    assert!(matches!(&commits(&effects)[..], [DoorCommit::WantForms { .. }]));
    assert!(desk.words().contains("asking Amazon"), "{}", desk.words());
    let effects = desk.press(Key::Function(7));
    assert!(matches!(&commits(&effects)[..], [DoorCommit::Print { .. }]));
    desk.door.forms[0].state = crate::domain::collection::FormState::Made;
    desk.changed();
    desk.press(Key::Function(7));
    assert!(
        desk.words().contains("its collection form go to the printer"),
        "{}",
        desk.words()
    );
}

#[test]
fn labels_that_never_moved_are_one_key_further() {
    let mut desk = at_the_door();
    desk.door.unmoved = vec![NeverMoved {
        label: crate::app::fixtures::label(LabelState::Printed),
        out_at: Some(desk.now - chrono::TimeDelta::days(5)),
        ship_by: None,
    }];
    alt(&mut desk, 'e');
    assert_eq!(desk.state.day_end.facts.unmoved.len(), 1);
    desk.press(Key::Enter);
    assert!(desk.state.screen.has_order());
    desk.press(Key::Esc);
    assert!(desk.state.screen == Screen::DayEnd && desk.state.day_end.unmoved_shown);
    alt(&mut desk, 'e');
    assert!(!desk.state.day_end.unmoved_shown);
}

#[test]
fn who_may_not_close_manifests_is_told_whom_to_ask() {
    let mut desk = filling();
    desk.change_person("Anna", |anna| {
        anna.may.remove(&Permission::Manifests);
    });
    for effects in [
        desk.press(Key::Function(10)),
        alt(&mut desk, 'h'),
        alt(&mut desk, 'f'),
    ] {
        assert!(commits(&effects).is_empty() && desk.state.layers.is_empty());
        assert!(
            desk.words()
                .contains("Anna may not close manifests or ask for collection forms: ask Sam"),
            "{}",
            desk.words()
        );
    }
    // Checking parcels out is for everybody.
    assert!(!commits(&desk.scan(FIRST)).is_empty());
}
