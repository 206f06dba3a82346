//! Finding orders: each keystroke filters, Enter keeps and searches names, a scan stays a scan.

use crate::app::effect::{Effect, Query, Slot, Timer};
use crate::app::fixtures::{Desk, MUG, NUMBER};
use crate::app::message::{Key, Message};
use crate::app::state::Screen;
use crate::domain::finding::Search;

/// What was searched, in order: the words' number and whether names were.
fn searches(effects: &[Effect]) -> Vec<(Search, bool)> {
    let each = effects.iter().filter_map(|effect| match effect {
        Effect::Read(_, Slot::Search, Query::Search(wish)) => Some((wish.search.clone(), wish.names)),
        _ => None,
    });
    each.collect()
}

fn find(desk: &Desk, words: &str) -> Search {
    Search::parse(words, desk.now, desk.state.setup.zone).expect("understood")
}

fn finding() -> Desk {
    let mut desk = Desk::signed_in();
    desk.control('f');
    assert_eq!(desk.state.screen, Screen::Find);
    desk
}

#[test]
fn each_keystroke_filters_and_enter_keeps_it_and_searches_names() {
    let mut desk = finding();
    let effects = desk.press(Key::Char('m'));
    assert_eq!(searches(&effects), [(find(&desk, "m"), false)]);
    desk.press(Key::Char('u'));
    let effects = desk.press(Key::Backspace);
    assert_eq!(searches(&effects), [(find(&desk, "m"), false)]);
    let effects = desk.scan("ug badge:prime");
    assert_eq!(
        searches(&effects).last(),
        Some(&(find(&desk, "mug badge:prime"), true))
    );
    assert_eq!(desk.state.find.kept, "mug badge:prime");
    assert!(desk.state.line.is_empty());
    // Nothing is asked twice where nothing was typed.
    assert!(searches(&desk.press(Key::Down)).is_empty());
    // Enter alone opens what is selected, and Esc comes back to it.
    desk.press(Key::Enter);
    assert_eq!(desk.state.screen, Screen::Pack);
    desk.press(Key::Esc);
    assert_eq!(desk.state.screen, Screen::Find);
    assert_eq!(desk.state.find.kept, "mug badge:prime");
    // Esc gives up what was kept, then the screen.
    let effects = desk.press(Key::Esc);
    assert_eq!(searches(&effects), [(Search::default(), true)]);
    desk.press(Key::Esc);
    assert_eq!(desk.state.screen, Screen::PickLists);
}

#[test]
fn a_scan_while_finding_does_what_it_does_everywhere() {
    let mut desk = finding();
    desk.scan(NUMBER);
    assert_eq!(desk.state.screen, Screen::Pack);
    desk.press(Key::Esc);
    desk.control('f');
    desk.scan("TGU-sam");
    assert!(desk.words().contains("Sam"), "{}", desk.words());
    assert_eq!(desk.state.screen, Screen::Find);
    desk.scan("TGL-12");
    assert_eq!(desk.state.screen, Screen::Orders);
    // An item finds the orders that want it, and is no refused scan.
    let mut desk = finding();
    let effects = desk.scan(MUG);
    assert_eq!(searches(&effects).last(), Some(&(find(&desk, MUG), true)));
    assert!(desk.words().is_empty(), "{}", desk.words());
}

#[test]
fn a_filter_that_is_not_whole_yet_says_so_and_leaves_the_rows() {
    let mut desk = finding();
    let rows = desk.state.find.window.page.rows.len();
    for letter in "status:".chars() {
        desk.press(Key::Char(letter));
    }
    assert!(desk.state.find.fault.is_some());
    assert_eq!(desk.state.find.window.page.rows.len(), rows);
    for letter in "pending".chars() {
        desk.press(Key::Char(letter));
    }
    assert!(desk.state.find.fault.is_none());
}

#[test]
fn names_that_are_still_being_opened_are_searched_again_until_all_are() {
    let mut desk = finding();
    desk.names_known = false;
    let effects = desk.scan("kowalski");
    let waits = |effects: &[Effect]| {
        let mut all = effects.iter();
        all.any(|effect| matches!(effect, Effect::Schedule(Timer::Names, _)))
    };
    assert!(waits(&effects));
    let effects = desk.send(Message::Tick(Timer::Names));
    assert_eq!(searches(&effects).len(), 1);
    assert!(waits(&effects));
    desk.names_known = true;
    let effects = desk.send(Message::Tick(Timer::Names));
    assert!(!waits(&effects));
    assert!(searches(&desk.send(Message::Tick(Timer::Names))).is_empty());
}

#[test]
fn signing_out_forgets_what_was_searched_and_the_names() {
    let mut desk = finding();
    desk.scan("kowalski");
    let effects = desk.control('u');
    assert!(effects.contains(&Effect::ForgetNames));
    assert!(desk.state.find.kept.is_empty());
    assert!(!format!("{:?}", desk.log).to_lowercase().contains("kowalski"));
}

#[test]
fn who_may_not_see_customers_finds_none_by_name() {
    let mut desk = finding();
    desk.scan("kowalski");
    // Whoever comes next may not: what was searched is gone, and the names with it.
    desk.change_person("Sam", |user| {
        user.may.remove(&crate::domain::user::Permission::SeeCustomers);
    });
    let effects = desk.scan("TGU-sam");
    assert!(effects.contains(&Effect::ForgetNames));
    assert_eq!(searches(&effects).last(), Some(&(Search::default(), false)));
    let effects = desk.scan("kowalski");
    let Some(Effect::Read(_, _, Query::Search(wish))) =
        effects.iter().find(|effect| matches!(effect, Effect::Read(..)))
    else {
        panic!("{effects:?}")
    };
    assert_eq!((wish.names, wish.by), (false, None));
}

#[test]
fn a_pin_that_is_typed_is_no_search() {
    let mut desk = finding();
    desk.change_person("Sam", |user| user.has_pin = true);
    desk.scan("TGU-sam");
    let effects = desk.press(Key::Char('4'));
    assert!(searches(&effects).is_empty(), "{effects:?}");
    assert_eq!(desk.state.find_text(), "");
}

#[test]
fn the_store_changing_brings_what_is_found_up_to_date() {
    let mut desk = finding();
    desk.scan("status:open");
    desk.orders.truncate(3);
    desk.changed();
    assert_eq!(desk.state.find.window.page.total, 3);
}
