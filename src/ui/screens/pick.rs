//! Picking by scan: what is next in large words, the walk below it.

use crate::app::state::State;
use crate::domain::pick_walk::{PickStep, PickWalk};
use crate::ui::theme::{Meaning, Theme};
use crate::ui::widgets::rows::write;
use crate::ui::widgets::text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Draws the walk.
pub(crate) fn draw(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let cells = usize::from(area.width);
    let Some(walk) = &state.pick.walk else {
        write(&[Line::from("  Reading …")], area, buffer);
        return;
    };
    let mut lines = heading(walk, theme, cells);
    match walk.next(state.pick.at) {
        Some(place) => {
            lines.extend(next(&walk.steps[place], theme, cells));
            let room = usize::from(area.height).saturating_sub(lines.len());
            let first = place.saturating_sub(room / 3);
            let rows = walk.steps.iter().enumerate().skip(first).take(room);
            lines.extend(rows.map(|(row, step)| line(step, row == place, theme, cells)));
        }
        None if walk.steps.is_empty() => lines.push(Line::from("  Nothing of this list is to be picked.")),
        None => lines.push(styled(
            "  ALL PICKED: bring the totes to the bench.",
            Meaning::Done,
            theme,
            cells,
        )),
    }
    write(&lines, area, buffer);
}

fn styled(words: &str, meaning: Meaning, theme: &Theme, cells: usize) -> Line<'static> {
    Line::from(Span::styled(text::fit(words, cells), theme.style(meaning)))
}

fn heading(walk: &PickWalk, theme: &Theme, cells: usize) -> Vec<Line<'static>> {
    let (picked, wanted, short) = walk.counts();
    let tail = if short > 0 {
        format!(" · ✘ {short} short")
    } else {
        String::new()
    };
    let words = format!(
        "  List {} {} · {picked} of {wanted} units picked{tail}",
        walk.list, walk.name
    );
    let mut lines = vec![styled(&words, Meaning::Title, theme, cells)];
    for (tote, number, why) in &walk.put_back {
        let words = format!("  ✘ PUT BACK what lies in T{tote}: order {number} is {why}");
        lines.push(styled(&words, Meaning::Late, theme, cells));
    }
    lines
}

/// Where to go and what to take.
fn next(step: &PickStep, theme: &Theme, cells: usize) -> Vec<Line<'static>> {
    let bin = if step.bin.is_empty() {
        "no bin known".to_owned()
    } else {
        format!("BIN {}", step.bin)
    };
    vec![
        styled(
            &format!("  ▶ {bin} · take {} · put into T{}", step.left(), step.tote),
            Meaning::Next,
            theme,
            cells,
        ),
        styled(
            &format!("    {} · {}", step.sku, step.title),
            Meaning::Text,
            theme,
            cells,
        ),
        Line::from(""),
    ]
}

fn line(step: &PickStep, is_next: bool, theme: &Theme, cells: usize) -> Line<'static> {
    let (mark, meaning) = match (step.left(), &step.short) {
        (_, Some(_)) => ("✘", Meaning::Late),
        (0, None) => ("✔", Meaning::Done),
        _ if is_next => ("▶", Meaning::Next),
        _ => ("·", Meaning::Text),
    };
    let tail = match &step.short {
        Some(why) => format!("short: {why}"),
        None => step.title.clone(),
    };
    let words = format!(
        "  {mark} {} {} {} {} {tail}",
        text::left(&step.bin, 10),
        text::left(&format!("T{}", step.tote), 5),
        text::left(&format!("{}/{}", step.picked, step.wanted), 7),
        text::left(step.sku.as_str(), 16),
    );
    styled(&words, meaning, theme, cells)
}
