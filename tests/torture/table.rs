//! The tables of a run, in Markdown.

use crate::day::{Evening, Event};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const HEAD: &str = "| seed | API | boxes | kills at random | while packing | at points | full disk | read-only | stopped | \
                    clock | restored | faults | lost answers | recovered | voided | shipped | held | nobody knows | \
                    since back-up | canceled | scans | duplicates | orphans | lost scans |";

fn of(counts: &BTreeMap<Event, u32>, event: Event) -> u32 {
    counts.get(&event).copied().unwrap_or(0)
}

fn cells(evening: &Evening) -> [u64; 22] {
    let (tally, verdict) = (&evening.tally, &evening.verdict);
    let disasters = &tally.disasters;
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    [
        number(evening.boxes),
        tally.random_kills.into(),
        evening.packer_kills.into(),
        tally.points.values().map(|count| u64::from(*count)).sum(),
        of(disasters, Event::FullDisk).into(),
        of(disasters, Event::ReadOnly).into(),
        of(disasters, Event::Stopped).into(),
        (of(disasters, Event::ClockAhead) + of(disasters, Event::ClockBack)).into(),
        of(disasters, Event::Restore).into(),
        evening.struck.values().sum(),
        number(verdict.lost),
        number(verdict.recovered),
        number(verdict.voided),
        number(verdict.shipped),
        number(verdict.held),
        number(verdict.unknown_unsold),
        number(verdict.since_back_up),
        number(verdict.canceled),
        number(evening.scans),
        number(verdict.duplicates),
        number(verdict.orphans),
        number(evening.lost_scans),
    ]
}

fn line(seed: &str, api: &str, cells: &[u64]) -> String {
    let cells: Vec<String> = cells.iter().map(u64::to_string).collect();
    format!("| {seed} | {api} | {} |", cells.join(" | "))
}

/// One day.
pub(crate) fn row(evening: &Evening) -> String {
    line(&evening.seed.to_string(), evening.api.name(), &cells(evening))
}

/// All of them, their sum, and what was met by kind.
pub(crate) fn whole(evenings: &[Evening]) -> String {
    let rule = "| --- ".repeat(24) + "|";
    let mut text = format!("{HEAD}\n{rule}\n");
    let mut sum = [0; 22];
    for evening in evenings {
        let _ = writeln!(text, "{}", row(evening));
        for (sum, cell) in sum.iter_mut().zip(cells(evening)) {
            *sum += cell;
        }
    }
    let _ = writeln!(text, "{}", line("all", "", &sum));
    let mut points: BTreeMap<Event, u32> = BTreeMap::new();
    let mut struck: BTreeMap<&str, u64> = BTreeMap::new();
    for evening in evenings {
        for (event, count) in &evening.tally.points {
            *points.entry(*event).or_default() += count;
        }
        for (kind, count) in &evening.struck {
            *struck.entry(kind).or_default() += count;
        }
    }
    let _ = writeln!(text, "\n| killed | times |\n| --- | --- |");
    for (event, count) in points {
        let _ = writeln!(text, "| {} | {count} |", words(event));
    }
    let _ = writeln!(text, "\n| fault | struck |\n| --- | --- |");
    for (kind, count) in struck {
        let _ = writeln!(text, "| {kind} | {count} |");
    }
    text
}

fn words(event: Event) -> &'static str {
    match event {
        Event::Wished => "the wish is written, nothing is asked",
        Event::Asked => "asked, and Amazon never carries it out",
        Event::OnTheWay => "the request is sent, Amazon carries it out after the death",
        Event::Sold => "Amazon has sold, before its answer",
        Event::Answered => "the answer has come and is not stored",
        Event::Stored => "stored, before the sheet is printed",
        Event::Void => "Amazon has voided, before its answer",
        _ => "at a random moment",
    }
}
