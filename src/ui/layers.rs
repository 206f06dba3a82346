//! Dialogs over the screen.

mod board;
mod boxes;
mod method;
pub(crate) mod picture;
mod policies;
mod quotes;
mod split;

use super::theme::{Meaning, Theme};
use super::widgets::rows::write;
use super::widgets::text;
use crate::app::bench::Bench;
use crate::app::hints::help_hints;
use crate::app::keys::Action;
use crate::app::layers::{Ask, CONFIRMATIONS, Layer, Measure, OldPaper, Question};
use crate::app::state::State;
use crate::domain::bulk::BulkMode;
use crate::domain::refund::{Booking, OldLabel};
use crate::domain::rows::LabelRow;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Widget};

/// Draws the topmost dialog in the middle of the body.
pub(crate) fn draw(state: &State, layer: &Layer, theme: &Theme, body: Rect, buffer: &mut Buffer) {
    if let Layer::Look(look) = layer {
        picture::draw(state, look, theme, body, buffer);
        return;
    }
    // Where room is short the dialog takes the full width: remains of rows beside it only confuse.
    let outer = if body.width < 104 { body.width } else { 100 };
    let cells = usize::from(outer).saturating_sub(4);
    let rows = usize::from(body.height).saturating_sub(2);
    let (title, lines) = dialog(state, layer, theme, cells, rows);
    let height = u16::try_from(lines.len() + 2)
        .unwrap_or(body.height)
        .min(body.height);
    let area = Rect {
        x: body.x + (body.width - outer) / 2,
        y: body.y + (body.height - height) / 2,
        width: outer,
        height,
    };
    Clear.render(area, buffer);
    let block = Block::bordered()
        .border_style(theme.style(Meaning::Frame))
        .title(Span::styled(
            format!(" {} ", text::fit(&title, cells)),
            theme.style(Meaning::Title),
        ));
    let inner = block.inner(area);
    block.render(area, buffer);
    let padded = Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    };
    write(&lines, padded, buffer);
}

/// A dialog's title and lines.
fn dialog(
    state: &State,
    layer: &Layer,
    theme: &Theme,
    cells: usize,
    rows: usize,
) -> (String, Vec<Line<'static>>) {
    match layer {
        Layer::Help(selected) => (
            "Keys: ↑ ↓ select, Enter does it".to_owned(),
            help(state, theme, cells, *selected, rows),
        ),
        Layer::WhyNot(top) => (
            "Why not?".to_owned(),
            scrolled(
                quotes::why_not(&state.why_groups(), theme, cells),
                *top,
                rows,
                theme,
            ),
        ),
        Layer::Inputs(form) => (
            "More details".to_owned(),
            scrolled(
                quotes::inputs(form, state, theme, cells),
                form.selected.saturating_sub(3),
                rows,
                theme,
            ),
        ),
        Layer::Costs(top) => (
            "Carrier accounts and costs".to_owned(),
            scrolled(quotes::costs(state, theme, cells), *top, rows, theme),
        ),
        Layer::Question(asked) => (
            asked.ask.title().to_owned(),
            fitted(question(state, asked, theme, cells), rows),
        ),
        Layer::Board(selected) => (
            "What waits for Amazon".to_owned(),
            board::lines(state, *selected, theme, cells, rows),
        ),
        Layer::Boxes(selected) => (
            "Boxes of this order".to_owned(),
            boxes::lines(state, *selected, theme, cells, rows),
        ),
        Layer::Measure(measure) => measure_lines(state, *measure, theme),
        Layer::Split(list) => (
            "Split for a partial shipment".to_owned(),
            split::lines(state, list, theme, cells, rows),
        ),
        Layer::Form(form) => (
            form.kind.title().to_owned(),
            super::forms::lines(state, form, theme, cells, rows),
        ),
        Layer::BulkMethods(selected) => (
            "Which method for all?".to_owned(),
            scrolled(
                bulk_methods(state, *selected, theme, cells),
                selected.saturating_sub(3),
                rows,
                theme,
            ),
        ),
        Layer::People { list, selected } => (
            format!("Whose pick list is {list}?"),
            scrolled(
                people(state, *selected, theme, cells),
                selected.saturating_sub(3),
                rows,
                theme,
            ),
        ),
        Layer::Policies(list) => (
            "Shipping policies, in their order".to_owned(),
            policies::list(list, theme, cells, rows),
        ),
        Layer::Look(look) => (look.title.clone(), Vec::new()),
        Layer::Told(told) => (told.title.clone(), policies::told(told, theme, cells, rows)),
        Layer::Method(list) => (
            format!("Method of order {}", list.number),
            method::lines(state, list, theme, cells, rows),
        ),
        Layer::Confirmations(selected) => (
            "Delivery Confirmation".to_owned(),
            confirmations(state, *selected, theme, cells),
        ),
    }
}

/// Every key that does something here, the selected one marked; what it does takes as many lines as it needs.
fn help(state: &State, theme: &Theme, cells: usize, selected: usize, rows: usize) -> Vec<Line<'static>> {
    let hints = help_hints(state);
    let last = hints.len().saturating_sub(1);
    let mut lines: Vec<Line<'static>> = Vec::new();
    let (mut first, mut end) = (0, 0);
    for (place, hint) in hints.iter().enumerate() {
        if place == selected.min(last) {
            first = lines.len();
        }
        let style = theme.style(if place == selected {
            Meaning::Selected
        } else {
            Meaning::Text
        });
        let says = text::wrap(&hint.says, cells.saturating_sub(26), 3);
        for (row, says) in says.into_iter().enumerate() {
            let (mark, key, label) = match row {
                0 if place == selected => ("▶ ", hint.key.as_str(), hint.label.as_str()),
                0 => ("  ", hint.key.as_str(), hint.label.as_str()),
                _ => ("  ", "", ""),
            };
            lines.push(Line::from(vec![
                Span::raw(mark),
                Span::styled(text::left(key, 10), theme.style(Meaning::Key)),
                Span::styled(format!("{}{says}", text::left(label, 14)), style),
            ]));
        }
        if place == selected {
            end = lines.len();
        }
    }
    lines.push(Line::from(""));
    for words in [
        "Letters, digits and signs only ever fill the scan line: a scanner never presses a key of these.",
        "Scan anything at any time: item, case, transparency code, order, pick list, box, badge, tracking number, command.",
        "In the scan line: 12.5 oz sets the weight, 10x8x4 in the size, a digit takes a box from the shelf.",
    ] {
        lines.extend(text::wrap(words, cells, 3).into_iter().map(Line::from));
    }
    for preset in &state.setup.presets {
        lines.push(Line::from(text::fit(
            &format!("{}  {}  {}", preset.digit, preset.name, preset.dimensions),
            cells,
        )));
    }
    // The selected line stays in sight; the last one brings along the words below it, each step beyond it a box.
    let top = if selected < last {
        end.saturating_sub(rows.saturating_sub(1))
    } else {
        first + (selected - last)
    };
    scrolled(lines, top, rows, theme)
}

/// A part of long lines, saying that there is more.
fn scrolled(lines: Vec<Line<'static>>, top: usize, rows: usize, theme: &Theme) -> Vec<Line<'static>> {
    if lines.len() <= rows || rows < 2 {
        return lines;
    }
    let total = lines.len();
    let top = top.min(total - (rows - 1));
    let mut shown: Vec<Line<'static>> = lines.into_iter().skip(top).take(rows - 1).collect();
    let words = format!("{} to {} of {total}: ↑ ↓", top + 1, top + shown.len());
    shown.push(Line::from(Span::styled(words, theme.style(Meaning::Muted))));
    shown
}

/// What answers the question stays in sight, whatever must give way.
fn fitted(mut lines: Vec<Line<'static>>, rows: usize) -> Vec<Line<'static>> {
    if lines.len() > rows && rows > 2 {
        let last = lines.pop();
        lines.truncate(rows - 2);
        lines.push(Line::from("…"));
        lines.extend(last);
    }
    lines
}

fn question(state: &State, question: &Question, theme: &Theme, cells: usize) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = Vec::new();
    for paragraph in &question.lines {
        let meaning = if paragraph.starts_with("! ") {
            Meaning::Weekend
        } else {
            Meaning::Text
        };
        for line in text::wrap(paragraph, cells, 4) {
            lines.push(Line::from(Span::styled(line, theme.style(meaning))));
        }
    }
    if !question.reasons.is_empty() {
        lines.push(Line::from(""));
    }
    for (place, reason) in question.reasons.iter().enumerate() {
        let selected = question.reason.is_none() && place == question.selected;
        let mark = if selected { "▶ " } else { "  " };
        let style = theme.style(if selected {
            Meaning::Selected
        } else {
            Meaning::Text
        });
        lines.push(Line::from(Span::styled(
            text::fit(&format!("{mark}{reason}"), cells),
            style,
        )));
    }
    if let Some(reason) = &question.reason {
        lines.push(Line::from(text::fit(&format!("✔ why: {reason}"), cells)));
    }
    if let Some(paper) = &question.paper {
        lines.push(Line::from(""));
        lines.extend(paper_lines(state, paper, theme, cells));
    }
    if let Ask::Book { booking, .. } = &question.ask {
        let words = match booking {
            None => "· nothing is typed yet".to_owned(),
            Some(Booking::Paid(amount)) => format!("✔ {amount} came back"),
            Some(Booking::Rejected) => "✔ rejected: nothing comes back".to_owned(),
        };
        lines.push(Line::from(Span::styled(
            text::fit(&words, cells),
            theme.style(Meaning::Title),
        )));
    }
    if let Ask::Note { text: note, .. } = &question.ask {
        let words = if note.0.is_empty() {
            "· nothing is typed yet".to_owned()
        } else {
            format!("✔ {}", note.0)
        };
        lines.extend(text::wrap(&words, cells, 4).into_iter().map(Line::from));
    }
    if let Some((word, given)) = question.word {
        let line = if given {
            format!("✔ {word}")
        } else {
            format!("· {word} is not typed yet")
        };
        lines.push(Line::from(line));
    }
    if let Ask::Decide { bought, .. } = &question.ask {
        let words = match bought {
            Some(number) => format!("As it stands: BOUGHT, tracking {number}"),
            None => "As it stands: NOT BOUGHT".to_owned(),
        };
        lines.push(Line::from(Span::styled(
            text::fit(&words, cells),
            theme.style(Meaning::Title),
        )));
    }
    lines.push(Line::from(""));
    let last = if question.sent {
        "… being written down".to_owned()
    } else {
        let missing = question
            .missing()
            .map(|missing| format!("    first {missing}"))
            .unwrap_or_default();
        format!(
            "{}  {}    Esc  no{missing}",
            state.setup.keys.name(Action::Yes),
            question.ask.yes()
        )
    };
    lines.push(Line::from(Span::styled(
        text::fit(&last, cells),
        theme.style(Meaning::Key),
    )));
    lines
}

/// Each old label: scanned, destroyed, or what is to be done with it.
fn paper_lines(state: &State, paper: &OldPaper, theme: &Theme, cells: usize) -> Vec<Line<'static>> {
    let key = state.setup.keys.name(Action::Destroyed);
    let boxes = state
        .bench
        .as_ref()
        .and_then(|bench| bench.detail.as_ref())
        .map_or(&[][..], |detail| &detail.boxes);
    let line = |label: &LabelRow| {
        let number = label
            .tracking
            .as_ref()
            .map_or_else(|| "label without a number".to_owned(), ToString::to_string);
        let number = match boxes.iter().find(|parcel| parcel.id == label.box_id) {
            Some(parcel) if boxes.len() > 1 => format!("box {} {} {number}", parcel.number, label.price),
            _ => number,
        };
        let (words, meaning) = match paper.said.of(label) {
            Some(OldLabel::Scanned) => (format!("✔ {number} scanned: destroy it"), Meaning::Done),
            Some(OldLabel::Destroyed) => (format!("✔ {number} is destroyed ({key})"), Meaning::Done),
            None => (
                format!("· {number}: scan it, or {key} it is destroyed"),
                Meaning::Next,
            ),
        };
        Line::from(Span::styled(text::fit(&words, cells), theme.style(meaning)))
    };
    paper.labels.iter().map(line).collect()
}

fn measure_lines(state: &State, measure: Measure, theme: &Theme) -> (String, Vec<Line<'static>>) {
    match measure {
        Measure::Weight => {
            let mut lines = vec![
                Line::from("Type the weight of the packed box and press Enter:"),
                Line::from("12.5 oz · 1 lb 4 oz · 340 g · 1.2 kg"),
            ];
            if let Some(scale) = &state.scale {
                let enter = match state.offered_weight() {
                    Some(_) => ": Enter alone takes it",
                    None => "",
                };
                lines.push(Line::from(Span::styled(
                    format!("{}{enter}", scale.words()),
                    theme.style(Meaning::Next),
                )));
            }
            if let Some(expected) = state.bench.as_ref().and_then(Bench::expected_weight)
                && state.offered_weight().is_none()
            {
                lines.push(Line::from(""));
                lines.push(Line::from(Span::styled(
                    format!("Enter alone takes {expected}: what the catalogue says without the box"),
                    theme.style(Meaning::Next),
                )));
            }
            ("Weight".to_owned(), lines)
        }
        Measure::Size => {
            let mut lines = vec![Line::from(
                "Type the outer size and press Enter: 10x8x4 in · 25x20x10 cm",
            )];
            let suggested = state.suggested_box();
            for preset in &state.setup.presets {
                let flat = if preset.flat_rate { " (flat rate)" } else { "" };
                let is_it = suggested.is_some_and(|one| one.digit == preset.digit);
                let (fits, meaning) = if is_it {
                    ("  ◀ fits", Meaning::Next)
                } else {
                    ("", Meaning::Text)
                };
                lines.push(Line::from(Span::styled(
                    format!(
                        "{}  {}  {}{flat}{fits}",
                        preset.digit,
                        text::left(&preset.name, 24),
                        preset.dimensions
                    ),
                    theme.style(meaning),
                )));
            }
            if let Some(suggested) = suggested {
                lines.push(Line::from(""));
                lines.push(Line::from(Span::styled(
                    format!(
                        "Enter alone takes {}: by the catalogue's sizes, without padding",
                        suggested.name
                    ),
                    theme.style(Meaning::Next),
                )));
            }
            ("Size".to_owned(), lines)
        }
    }
}

fn confirmations(state: &State, selected: usize, theme: &Theme, cells: usize) -> Vec<Line<'static>> {
    let floor = state
        .bench
        .as_ref()
        .and_then(|bench| bench.detail.as_ref())
        .and_then(|detail| detail.order.channel.confirmation_floor);
    let mut lines: Vec<Line<'static>> = CONFIRMATIONS
        .iter()
        .enumerate()
        .map(|(place, option)| {
            let mark = if place == selected { "▶ " } else { "  " };
            let enough = option.below(floor).is_none();
            let tail = if enough {
                ""
            } else {
                "  ✘ not enough for this order"
            };
            let style = theme.style(match (place == selected, enough) {
                (true, _) => Meaning::Selected,
                (false, true) => Meaning::Text,
                (false, false) => Meaning::Muted,
            });
            Line::from(Span::styled(format!("{mark}{option}{tail}"), style))
        })
        .collect();
    if let Some(floor) = floor {
        let words = format!("An item of this order must be handed over with {floor}.");
        lines.push(Line::from(""));
        lines.extend(text::wrap(&words, cells, 2).into_iter().map(Line::from));
    }
    lines
}

/// Each order's own, then the methods that are offered.
fn bulk_methods(state: &State, selected: usize, theme: &Theme, cells: usize) -> Vec<Line<'static>> {
    let total = state.bulk.run.as_ref().map_or(0, |run| run.counts.orders);
    let offered = state.bulk.methods.iter();
    let named = offered.map(|method| {
        format!(
            "{} · passes for {} of {total}, offered to {}",
            method.mode, method.passes, method.offered
        )
    });
    choice(
        std::iter::once(BulkMode::Each.to_string()).chain(named),
        selected,
        theme,
        cells,
    )
}

/// Nobody, then the people by name.
fn people(state: &State, selected: usize, theme: &Theme, cells: usize) -> Vec<Line<'static>> {
    let names = state.users.iter().map(|user| user.name.clone());
    choice(
        std::iter::once("nobody".to_owned()).chain(names),
        selected,
        theme,
        cells,
    )
}

/// Lines of which one is selected.
fn choice(
    all: impl Iterator<Item = String>,
    selected: usize,
    theme: &Theme,
    cells: usize,
) -> Vec<Line<'static>> {
    all.enumerate()
        .map(|(place, words)| {
            let (mark, meaning) = if place == selected {
                ("▶ ", Meaning::Selected)
            } else {
                ("  ", Meaning::Text)
            };
            Line::from(Span::styled(
                text::fit(&format!("{mark}{words}"), cells),
                theme.style(meaning),
            ))
        })
        .collect()
}
