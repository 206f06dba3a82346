//! The desk as a supervisor and as a packer see it, on a busy day and on an empty one.

use super::{Desk, Key, KeyPress, Message, Theme, hostile, render};
use crate::app::fixtures::at;
use crate::domain::desk::OpenOrders;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Modifier;

fn open(badge: &str) -> Desk {
    let mut desk = Desk::signed_in();
    desk.scan(badge);
    desk.send(Message::Key(KeyPress {
        alt: true,
        ..KeyPress::plain(Key::Char('g'))
    }));
    desk
}

pub(super) fn gallery() -> Vec<(&'static str, Desk)> {
    let mut empty = open("TGU-anna");
    if let Some(facts) = &mut empty.state.desk.facts {
        facts.open = OpenOrders::default();
        facts.work.clear();
        facts.refused.clear();
        facts.costs.clear();
        facts.refunds.clear();
        facts.limits.clear();
        facts.waiting = crate::domain::rows::Waiting::default();
        facts.health.unreachable_since = Some(at("2026-11-23T13:35:00Z"));
    }
    let mut poisoned = open("TGU-sam");
    if let Some(facts) = &mut poisoned.state.desk.facts {
        for row in &mut facts.work {
            row.name = hostile(&row.name);
        }
        for row in &mut facts.refused {
            row.form = hostile(&row.form);
        }
        facts.costs[0].carrier = hostile("UPS");
        facts.health.trouble = Some(hostile("a role is missing"));
    }
    vec![
        ("desk", open("TGU-sam")),
        ("desk-own", open("TGU-anna")),
        ("desk-empty", empty),
        ("desk-poisoned", poisoned),
    ]
}

fn shown(terminal: &Terminal<TestBackend>) -> String {
    terminal.backend().to_string()
}

#[test]
fn every_figure_of_the_desk_stands_in_words_at_both_sizes_and_without_colour() {
    let desk = open("TGU-sam");
    for (columns, rows) in [(80, 24), (160, 50)] {
        for theme in [Theme::standard(), Theme::plain()] {
            let shown = shown(&render(&desk.state, &theme, columns, rows));
            for words in [
                "Open orders by ship-by: 366",
                "✘ 3 LATE",
                "Everybody's numbers",
                "Orders packed an hour",
                "Anna",
                "Error scans: 28 of",
                "p50 ≤ ",
                "p99 ≤ ",
                "Labels today: $627.54",
                "UPS",
                "refunds $20.36 (3) · ✘ 1 overdue",
                "✘ 1 UNKNOWN",
                "0/2",
                "Alt-G Write CSV",
            ] {
                assert!(shown.contains(words), "{columns}x{rows}: {words}\n{shown}");
            }
        }
    }
}

#[test]
fn without_colour_the_empty_part_of_a_bar_is_empty() {
    let terminal = render(&open("TGU-sam").state, &Theme::plain(), 80, 24);
    let buffer = terminal.backend().buffer();
    // The chart of ship-by hours and the bars of refused scans.
    for y in (6..=10).chain(18..=20) {
        for cell in (0..46).filter_map(|x| buffer.cell((x, y))) {
            assert!(!cell.modifier.contains(Modifier::UNDERLINED), "{y}: {cell:?}");
        }
    }
}

#[test]
fn a_packer_is_told_that_the_numbers_are_their_own_and_whom_to_ask() {
    let shown = shown(&render(&open("TGU-anna").state, &Theme::plain(), 160, 50));
    assert!(
        shown.contains("Your own numbers (Anna may not see everybody's numbers: ask Sam)"),
        "{shown}"
    );
    assert!(!shown.contains("Ben"), "{shown}");
}

#[test]
fn the_desk_is_found_from_the_lists() {
    let shown = shown(&render(&Desk::signed_in().state, &Theme::plain(), 80, 24));
    assert!(shown.contains("Alt-G Desk"), "{shown}");
}
