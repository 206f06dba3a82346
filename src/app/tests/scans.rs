use crate::app::effect::{Commit, Effect, Sound, Timer};
use crate::app::fixtures::{Desk, MUG, NUMBER, WATCH, az, commits, taken_over};
use crate::app::message::{Done, Failure, FailureKind, Key, KeyPress, Message};
use crate::app::state::Screen;

/// The requests of scans on their way.
fn pending(desk: &Desk) -> Vec<crate::app::effect::RequestId> {
    desk.state
        .bench
        .iter()
        .flat_map(|bench| &bench.pending)
        .map(|pending| pending.request)
        .collect()
}

#[test]
fn green_comes_only_with_the_commit() {
    let mut desk = Desk::packing();
    desk.slow = true;
    let effects = desk.scan(MUG);
    assert!(!effects.contains(&Effect::Beep(Sound::Good)));
    assert!(desk.words().starts_with("WAIT: saving"), "{}", desk.words());
    let request = pending(&desk)[0];
    let effects = desk.send(Message::Committed {
        request,
        done: Done::Nothing,
    });
    assert!(effects.contains(&Effect::Beep(Sound::Good)));
    assert_eq!(desk.words(), "GOOD: Stoneware mug 12 oz red (1 of 2)");
}

#[test]
fn scans_on_their_way_count_in_verdicts_and_carry_their_place() {
    let mut desk = Desk::packing();
    desk.slow = true;
    let mut effects = desk.scan(MUG);
    effects.extend(desk.scan(MUG));
    effects.extend(desk.scan(MUG));
    let sequences: Vec<u32> = commits(&effects)
        .into_iter()
        .filter_map(|commit| {
            if let Commit::AcceptScan(record) = commit {
                Some(record.sequence)
            } else {
                None
            }
        })
        .collect();
    assert_eq!(sequences, [0, 1]);
    assert!(desk.words().starts_with("STOP: one too many"), "{}", desk.words());
}

#[test]
fn a_refused_commit_turns_it_and_every_later_scan_red() {
    let mut desk = Desk::packing();
    desk.slow = true;
    for code in [MUG, MUG, WATCH] {
        desk.scan(code);
    }
    let requests = pending(&desk);
    desk.send(Message::Committed {
        request: requests[0],
        done: Done::Nothing,
    });
    let failure = Failure {
        kind: FailureKind::Failed,
        words: "the disk is full".to_owned(),
    };
    let effects = desk.send(Message::Refused {
        request: requests[1],
        failure: failure.clone(),
    });
    assert!(effects.contains(&Effect::Beep(Sound::Bad)));
    assert!(
        desk.words().contains("NOT SAVED") && desk.words().contains("the scan after it"),
        "{}",
        desk.words()
    );
    assert!(pending(&desk).is_empty());
    // The later one's own refusal says nothing new.
    let before = desk.words();
    assert!(
        !desk
            .send(Message::Refused {
                request: requests[2],
                failure
            })
            .contains(&Effect::Beep(Sound::Bad))
    );
    assert_eq!(desk.words(), before);
}

#[test]
fn a_scan_that_is_not_saved_in_time_stops_the_next_one_aloud() {
    let mut desk = Desk::packing();
    desk.slow = true;
    let effects = desk.scan(MUG);
    let request = pending(&desk)[0];
    assert!(effects.contains(&Effect::Schedule(
        Timer::Unsaved(request),
        crate::app::update::UNSAVED_AFTER
    )));
    desk.send(Message::Tick(Timer::Unsaved(request)));
    assert!(desk.words().contains("not saved yet"));
    let effects = desk.scan(MUG);
    assert!(commits(&effects).is_empty() && effects.contains(&Effect::Beep(Sound::Bad)));
    desk.send(Message::Committed {
        request,
        done: Done::Nothing,
    });
    assert!(desk.words().starts_with("GOOD"), "{}", desk.words());
    assert!(matches!(commits(&desk.scan(MUG))[..], [Commit::AcceptScan(_)]));
}

#[test]
fn a_refusal_is_not_hidden_by_the_green_of_the_scan_before_it() {
    let mut desk = Desk::packing();
    desk.slow = true;
    for _ in 0..3 {
        desk.scan(MUG);
    }
    let refused = desk.words();
    assert!(refused.starts_with("STOP: one too many"), "{refused}");
    for request in pending(&desk) {
        let effects = desk.send(Message::Committed {
            request,
            done: Done::Nothing,
        });
        assert!(!effects.contains(&Effect::Beep(Sound::Good)));
        assert_eq!(desk.words(), refused);
    }
}

#[test]
fn a_timer_of_a_saved_scan_says_nothing() {
    let mut desk = Desk::packing();
    let effects = desk.scan(MUG);
    let Some(Effect::Schedule(timer, _)) = effects
        .iter()
        .find(|effect| matches!(effect, Effect::Schedule(Timer::Unsaved(_), _)))
    else {
        panic!("a timer")
    };
    let before = desk.words();
    assert!(desk.send(Message::Tick(*timer)).is_empty());
    assert_eq!(desk.words(), before);
}

#[test]
fn a_box_that_was_taken_over_takes_no_more_scans() {
    let mut desk = Desk::packing();
    desk.refusal = Some(taken_over());
    desk.scan(MUG);
    assert!(
        desk.words().contains("Bea has taken this box over"),
        "{}",
        desk.words()
    );
    desk.refusal = None;
    let effects = desk.scan(MUG);
    assert!(commits(&effects).is_empty(), "{effects:?}");
}

#[test]
fn items_scanned_right_behind_their_order_wait_for_it() {
    let mut desk = Desk::signed_in();
    desk.slow = true;
    desk.scan(NUMBER);
    desk.scan(MUG);
    assert!(pending(&desk).is_empty());
    desk.slow = false;
    let begun = desk.log.iter().rev().find_map(|effect| match effect {
        Effect::Commit(request, Commit::BeginPacking { .. }) => Some(*request),
        _ => None,
    });
    let row = crate::domain::rows::BoxRow {
        id: crate::domain::ids::BoxId(7),
        number: 1,
        weight: None,
        dimensions: None,
        confirmation: crate::app::fixtures::PREFILLED,
        turn: crate::domain::ids::Epoch(1),
        owner: None,
        flat_rate: false,
    };
    let effects = desk.send(Message::Committed {
        request: begun.expect("begun"),
        done: Done::Box(row),
    });
    assert!(
        matches!(commits(&effects)[..], [Commit::AcceptScan(_)]),
        "{effects:?}"
    );
}

#[test]
fn scans_behind_an_order_that_is_not_here_are_not_taken() {
    let mut desk = Desk::packing();
    // The look-up is not answered at once.
    let number: crate::domain::ids::OrderNumber = "111-9999999-9999999".into();
    for letter in number.as_str().chars() {
        desk.press(Key::Char(letter));
    }
    let effects = crate::app::update(
        &mut desk.state,
        Message::Key(KeyPress::plain(Key::Enter)),
        desk.now,
    );
    let Some(Effect::Read(request, slot, _)) = effects.first() else {
        panic!("a look-up: {effects:?}")
    };
    let (request, slot) = (*request, *slot);
    assert!(commits(&desk.scan(MUG)).is_empty());
    let answer = Ok(crate::app::effect::Answer::Found(Vec::new()));
    let effects = desk.send(Message::Answered {
        slot,
        request,
        answer,
    });
    assert!(commits(&effects).is_empty());
    assert!(
        desk.words().contains("the scan after it was not taken"),
        "{}",
        desk.words()
    );
    assert_eq!(desk.state.screen, Screen::Pack);
}

#[test]
fn a_barcode_of_any_product_is_never_taken_as_a_serial() {
    let mut desk = Desk::packing();
    desk.scan(WATCH);
    let effects = desk.scan("850047100047");
    assert!(commits(&effects).is_empty());
    assert!(
        desk.words().contains("first scan the transparency code"),
        "{}",
        desk.words()
    );
    // What the catalogue does not know and looks like a serial is one.
    let effects = desk.scan("SN20260042");
    assert!(
        matches!(commits(&effects)[..], [Commit::AcceptScan(_)]),
        "{}",
        desk.words()
    );
}

#[test]
fn a_misread_barcode_is_refused_with_the_reason_until_a_person_names_it_a_serial() {
    let mut desk = Desk::packing();
    desk.scan(WATCH);
    let effects = desk.scan("850047100048");
    assert!(commits(&effects).is_empty());
    assert!(
        desk.words()
            .starts_with("STOP: 850047100048 looks like a misread barcode"),
        "{}",
        desk.words()
    );
    // What the catalogue knows is called a barcode, named as a serial or not.
    for known in ["850047100047", "SN:850047100047"] {
        assert!(commits(&desk.scan(known)).is_empty());
        assert!(desk.words().starts_with("STOP"), "{}", desk.words());
    }
    let effects = desk.scan("SN:850047100048");
    let [Commit::AcceptScan(record)] = commits(&effects)[..] else {
        panic!("{}", desk.words())
    };
    assert!(format!("{:?}", record.event).contains("Serial(\"850047100048\")"));
}

#[test]
fn a_wrong_item_is_called_by_its_name() {
    let mut desk = Desk::packing();
    desk.scan("850047100047");
    assert!(
        desk.words().contains("CANDLE-VAN is not in this order"),
        "{}",
        desk.words()
    );
}

#[test]
fn a_refused_scan_is_noted_without_its_code() {
    let mut desk = Desk::packing();
    let effects = desk.scan(&az('B'));
    let notes: Vec<&Effect> = effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Commit(_, Commit::NoteRefusedScan { .. })))
        .collect();
    assert_eq!(notes.len(), 1);
    assert!(!format!("{notes:?}").contains("AZ:"));
}

#[test]
fn the_separator_and_the_tabulator_of_scanners_are_understood() {
    let mut desk = Desk::packing();
    for letter in "]C101".chars() {
        desk.press(Key::Char(letter));
    }
    for letter in "00036000291452".chars() {
        desk.press(Key::Char(letter));
    }
    desk.send(Message::Key(KeyPress::control(']')));
    for letter in "10LOT".chars() {
        desk.press(Key::Char(letter));
    }
    let effects = desk.press(Key::Tab);
    assert!(
        matches!(commits(&effects)[..], [Commit::AcceptScan(_)]),
        "{}",
        desk.words()
    );
}

#[test]
fn a_killed_program_opens_at_the_same_unit() {
    let mut desk = Desk::packing();
    desk.scan(MUG);
    let mut again = Desk::signed_in();
    again.detail = desk.detail;
    again.scan(NUMBER);
    let effects = again.scan(MUG);
    let [Commit::AcceptScan(record)] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(record.sequence, 1);
    assert_eq!(again.words(), "GOOD: Stoneware mug 12 oz red (2 of 2)");
}

#[test]
fn codes_that_are_refused_faster_than_anybody_scans_are_counted_together() {
    let mut desk = Desk::packing();
    let notes = |effects: &[Effect]| {
        let noted = effects
            .iter()
            .filter(|effect| matches!(effect, Effect::Commit(_, Commit::NoteRefusedScan { .. })));
        noted.count()
    };
    let mut rows = 0;
    for number in 0..10_000 {
        rows += notes(&desk.scan(&format!("NONSENSE-{number}")));
    }
    assert_eq!(rows, 20);
    assert!(
        desk.words()
            .starts_with("STOP: 10000 codes in a row were refused"),
        "{}",
        desk.words()
    );
    // Still: an item that is in the order is taken at once.
    assert!(matches!(commits(&desk.scan(MUG))[..], [Commit::AcceptScan(_)]));
    let effects = desk.send(Message::Tick(Timer::Refusals));
    assert_eq!(notes(&effects), 1);
    assert!(
        format!("{effects:?}").contains("9980 more in a row"),
        "{effects:?}"
    );
    assert!(desk.send(Message::Tick(Timer::Refusals)).is_empty());
    desk.now += chrono::TimeDelta::seconds(2);
    assert_eq!(
        notes(&desk.scan("NONSENSE")),
        1,
        "a second later each is noted again"
    );
}

#[test]
fn more_than_a_line_is_not_taken_from_a_paste() {
    let mut desk = Desk::packing();
    for pasted in [
        Message::Pasted(format!("{MUG}\n{MUG}\n")),
        Message::PastedTooMuch {
            characters: 1_000_000,
        },
    ] {
        let effects = desk.send(pasted);
        assert!(commits(&effects).is_empty(), "{effects:?}");
        assert!(effects.contains(&Effect::Beep(Sound::Bad)));
        assert!(desk.words().contains("pasted and not taken"), "{}", desk.words());
        assert!(desk.state.line.is_empty());
    }
    let effects = desk.send(Message::Pasted(format!("{MUG}\r\n")));
    assert!(matches!(commits(&effects)[..], [Commit::AcceptScan(_)]));
}

#[test]
fn a_tracking_number_opens_its_label() {
    let mut desk = Desk::signed_in();
    desk.set_label(crate::domain::shipment::LabelState::Printed);
    desk.scan("1Z999AA10123456784");
    assert_eq!(desk.state.screen, Screen::Label);
}

#[test]
fn another_badge_takes_the_bench() {
    let mut desk = Desk::packing();
    desk.scan("TGU-sam");
    assert_eq!(desk.state.screen, Screen::PickLists);
    assert!(
        desk.state.bench.is_none(),
        "the order's customer data is gone from the screen"
    );
}
