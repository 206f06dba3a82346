//! The desk: who sees whose numbers, when they are read, what is written down of answer times.

use crate::app::effect::{Commit, Effect, Query, Slot, Timer};
use crate::app::fixtures::Desk;
use crate::app::message::{Done, Key, KeyPress, Message};
use crate::app::state::Screen;
use crate::domain::ids::UserId;
use chrono::TimeDelta;

fn open(desk: &mut Desk) -> Vec<Effect> {
    desk.send(Message::Key(KeyPress {
        alt: true,
        ..KeyPress::plain(Key::Char('g'))
    }))
}

fn reads(effects: &[Effect]) -> usize {
    effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Read(_, Slot::Desk, Query::Desk { .. })))
        .count()
}

fn noted(effects: &[Effect]) -> u64 {
    let each = effects.iter().filter_map(|effect| match effect {
        Effect::Commit(_, Commit::NoteAnswers { answers, .. }) => Some(answers.count()),
        _ => None,
    });
    each.sum()
}

#[test]
fn a_packer_sees_their_own_numbers_and_a_supervisor_everybodys() {
    let mut desk = Desk::signed_in();
    open(&mut desk);
    assert_eq!(desk.state.screen, Screen::Desk);
    let facts = desk.state.desk.facts.as_ref().expect("read");
    assert!(!facts.everybody && facts.work.iter().all(|row| row.by == Some(UserId(1))));
    // Somebody else at the bench: nothing of the numbers before stays.
    let effects = desk.scan("TGU-sam");
    assert_eq!(desk.state.screen, Screen::Desk);
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Read(_, _, Query::Desk { by: UserId(2), .. }))),
        "{effects:?}"
    );
    assert!(
        desk.state
            .desk
            .facts
            .as_ref()
            .is_some_and(|facts| facts.everybody)
    );
    desk.control('u');
    assert!(desk.state.desk.facts.is_none());
    open(&mut desk);
    assert_eq!(
        desk.state.screen,
        Screen::SignIn,
        "nobody sees it before signing in"
    );
}

#[test]
fn many_changes_are_one_look_and_without_any_nothing_is_read() {
    let mut desk = Desk::signed_in();
    assert_eq!(reads(&open(&mut desk)), 1);
    let mut effects = Vec::new();
    for version in 100..150 {
        effects.extend(desk.send(Message::StoreChanged(version)));
    }
    assert_eq!(reads(&effects), 0);
    let planned = effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Schedule(Timer::Desk, _)));
    assert_eq!(planned.count(), 1, "{effects:?}");
    assert_eq!(reads(&desk.send(Message::Tick(Timer::Desk))), 1);
    // The minute is waited for by the clock anyway; no timer of its own runs.
    let minute = desk.send(Message::Tick(Timer::Clock));
    assert_eq!(reads(&minute), 1);
    assert!(
        !minute
            .iter()
            .any(|effect| matches!(effect, Effect::Schedule(Timer::Desk, _)))
    );
    desk.press(Key::Esc);
    assert_eq!(desk.state.screen, Screen::PickLists);
    assert_eq!(reads(&desk.send(Message::Tick(Timer::Clock))), 0);
    assert_eq!(reads(&desk.send(Message::Tick(Timer::Desk))), 0);
}

#[test]
fn answer_times_are_written_once_a_minute_and_never_with_each_scan() {
    let mut desk = Desk::packing();
    let effects = [
        desk.scan(crate::app::fixtures::MUG),
        desk.scan(crate::app::fixtures::MUG),
    ]
    .concat();
    assert_eq!(noted(&effects), 0);
    assert_eq!(noted(&desk.send(Message::Tick(Timer::Clock))), 2);
    assert_eq!(noted(&desk.send(Message::Tick(Timer::Clock))), 0, "nothing new");
    // Whose they are is settled before somebody else comes.
    desk.scan(crate::app::fixtures::WATCH);
    let effects = desk.scan("TGU-sam");
    assert!(effects.iter().any(|effect| matches!(
        effect,
        Effect::Commit(_, Commit::NoteAnswers { by: UserId(1), .. })
    )));
    assert_eq!(noted(&effects), 1);
}

#[test]
fn an_hours_answer_times_stay_in_their_hour_and_none_is_lost_at_the_end() {
    let mut desk = Desk::packing();
    desk.scan(crate::app::fixtures::MUG);
    desk.now += TimeDelta::hours(1);
    assert_eq!(noted(&desk.scan(crate::app::fixtures::MUG)), 1);
    desk.control('q');
    let effects = desk.press(Key::Function(10));
    assert_eq!(noted(&effects), 1);
    assert!(effects.contains(&Effect::Exit));
}

#[test]
fn the_same_key_writes_the_numbers_as_files_and_says_where() {
    let mut desk = Desk::signed_in();
    open(&mut desk);
    desk.slow = true;
    let effects = open(&mut desk);
    let Some(Effect::Commit(request, Commit::ExportDesk { by: UserId(1) })) = effects.last() else {
        panic!("{effects:?}");
    };
    open(&mut desk);
    assert!(desk.words().contains("being written already"), "{}", desk.words());
    desk.send(Message::Committed {
        request: *request,
        done: Done::Exported {
            folder: "/data/exports".to_owned(),
            files: 7,
            rows: 93,
        },
    });
    assert!(
        desk.words()
            .contains("7 CSV files with 93 rows written into /data/exports"),
        "{}",
        desk.words()
    );
    assert!(
        matches!(open(&mut desk).last(), Some(Effect::Commit(..))),
        "once more"
    );
}
