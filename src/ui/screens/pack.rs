//! The open order: what to scan next in large plain words, ship-to, the box, lines with progress.

use crate::app::bench::{Bench, CustomerView, Turn};
use crate::app::keys::Action;
use crate::app::state::State;
use crate::app::{next_words, words};
use crate::domain::customer::CustomerData;
use crate::domain::order::AssignedMethod;
use crate::domain::packing::{LineProgress, PackingSession};
use crate::domain::rows::{BoxRow, OrderDetail};
use crate::ui::theme::{Meaning, Theme};
use crate::ui::widgets::rows::{below, write};
use crate::ui::widgets::{badges, text};
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

pub(crate) fn draw(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let Some(bench) = &state.bench else { return };
    let Some(detail) = &bench.detail else {
        write(&[Line::from("  Reading the order …")], area, buffer);
        return;
    };
    let mut top = vec![order_line(detail, state, theme)];
    for flag in &detail.order.flags {
        let words = text::fit(&format!(" ✘ {flag}"), usize::from(area.width));
        top.push(Line::from(Span::styled(words, theme.style(Meaning::Alarm))));
    }
    top.extend(notes(state, bench, theme, usize::from(area.width)));
    top.push(Line::from(""));
    top.extend(next(state, bench, theme, usize::from(area.width)));
    top.push(Line::from(""));
    let used = write(&top, area, buffer);
    let rest = below(area, used);
    if area.width >= 120 {
        let [left, gap, right] =
            Layout::horizontal([Constraint::Fill(3), Constraint::Length(2), Constraint::Fill(2)]).areas(rest);
        let _ = gap;
        let method = method_line(detail, theme, usize::from(left.width));
        let used = write(&[box_line(state, bench, theme), method], left, buffer);
        lines(bench, theme, below(left, used), buffer);
        write(
            &ship_to(bench, theme, usize::from(right.width), usize::from(right.height)),
            right,
            buffer,
        );
    } else {
        let to = ship_to_short(bench, theme, usize::from(area.width));
        let method = method_line(detail, theme, usize::from(area.width));
        let mut middle = vec![to, box_line(state, bench, theme), method];
        middle.extend(gift(bench, theme, usize::from(area.width)));
        let used = write(&middle, rest, buffer);
        lines(bench, theme, below(rest, used), buffer);
    }
}

/// Badges, status, ship-by, deliver-by.
pub(crate) fn order_line(detail: &OrderDetail, state: &State, theme: &Theme) -> Line<'static> {
    let channel = &detail.order.channel;
    let promises = state.setup.warehouse.promises(channel);
    let (left, urgency) = badges::until(promises.leave_by, state.now);
    let mut spans = vec![Span::raw("  ")];
    spans.extend(badges::words(&detail.badges, theme));
    spans.push(Span::raw(format!("{}  ", detail.order.status)));
    let wide = state.size.0 >= 100;
    if detail.order.status.is_open() {
        let words = if wide { format!("ship-by {left}") } else { left };
        spans.push(Span::styled(words, theme.style(urgency)));
    }
    if promises.ship_by.is_none() && wide {
        spans.push(Span::raw(" (ours: the channel says none)"));
    }
    let level = format!("  {}", promises.level);
    let used: usize = spans.iter().map(Span::width).sum();
    if used + text::width(&level) <= usize::from(state.size.0) {
        spans.push(Span::raw(level));
    }
    if let Some(by) = promises.deliver_by.filter(|_| wide) {
        spans.push(Span::raw(format!(
            "  deliver by {}",
            words::moment(by, state.now, state.setup.zone)
        )));
    }
    Line::from(spans)
}

/// The newest notes, before anything is done.
fn notes(state: &State, bench: &Bench, theme: &Theme, cells: usize) -> Vec<Line<'static>> {
    let older = bench.notes.len().saturating_sub(2);
    let each = bench.notes.iter().skip(older).map(|note| {
        let words = text::fit(&format!(" ✎ {}", state.note_words(note)), cells);
        Line::from(Span::styled(words, theme.style(Meaning::Soon)))
    });
    each.collect()
}

/// What to do next.
fn next(state: &State, bench: &Bench, theme: &Theme, cells: usize) -> Vec<Line<'static>> {
    let (head, tail) = what_next(state, bench);
    let style = theme.style(Meaning::Next);
    let mut lines = vec![Line::from(Span::styled(
        text::fit(&format!("  ▶ {head}"), cells),
        style,
    ))];
    for words in text::wrap(&tail, cells.saturating_sub(5), 2) {
        lines.push(Line::from(Span::styled(format!("    {words}"), style)));
    }
    lines
}

fn what_next(state: &State, bench: &Bench) -> (String, String) {
    let key = |action| state.setup.keys.name(action);
    if let Some(label) = bench.frozen() {
        let words = format!("{} shows the label", key(Action::Label));
        return (
            format!("THE BOX HAS A LABEL ({})", label.state.words().to_uppercase()),
            words,
        );
    }
    match &bench.turn {
        Turn::Refused { words, .. } => ("NOT YOURS TO PACK".to_owned(), words.clone()),
        Turn::Asked => ("OPENING THE ORDER …".to_owned(), String::new()),
        Turn::None => {
            let status = bench.detail.as_ref().map(|detail| detail.order.status);
            let words = status.map_or_else(String::new, |status| {
                format!("THE ORDER IS {}", status.to_string().to_uppercase())
            });
            (words, "nothing can be packed now".to_owned())
        }
        Turn::Ours(row) => {
            let (head, tail) = next_words(bench);
            if bench.complete().is_err() || !tail.is_empty() {
                return (head, tail);
            }
            if state.own_box_is_empty() {
                let next = format!(
                    "Enter or {} opens the box that waits for its label",
                    key(Action::NextBox)
                );
                return ("NOTHING LIES IN THIS BOX".to_owned(), next);
            }
            let tail = if row.weight.is_none() {
                let typed = format!("now the weight: Enter or {}", key(Action::Weight));
                match (&state.scale, state.offered_weight()) {
                    (_, Some(weight)) => format!("the scale says {weight}: Enter takes it"),
                    (Some(scale), None) => format!("{typed} · {}", scale.words()),
                    (None, None) => typed,
                }
            } else if row.dimensions.is_none() {
                format!(
                    "now the size: Enter or {}, or the digit of a box",
                    key(Action::Size)
                )
            } else {
                format!("now the label: Enter or {} shops rates", key(Action::Rates))
            };
            (head, tail)
        }
    }
}

/// The method assigned ahead; an empty line where none is.
fn method_line(detail: &OrderDetail, theme: &Theme, cells: usize) -> Line<'static> {
    if detail.order.assigned == AssignedMethod::Unknown {
        return Line::from("");
    }
    let lead = "  Method: ";
    let words = detail.method.words(&detail.order.assigned);
    Line::from(vec![
        Span::styled(lead, theme.style(Meaning::Title)),
        Span::raw(text::fit(&words, cells.saturating_sub(text::width(lead)))),
    ])
}

/// Which of how many, and what lies in it, where the order has several.
fn box_name(bench: &Bench, row: &BoxRow) -> String {
    let boxes = bench.detail.as_ref().map_or(0, |detail| detail.boxes.len());
    if boxes < 2 {
        return format!("Box {}", row.number);
    }
    let detail = bench.detail.as_ref();
    let pieces: u64 = detail
        .map(|detail| PackingSession::of_box(detail, row.id).pieces())
        .unwrap_or_default()
        .iter()
        .map(|(_, count)| count)
        .sum();
    format!("Box {} of {boxes} ({pieces} in it)", row.number)
}

fn box_line(state: &State, bench: &Bench, theme: &Theme) -> Line<'static> {
    let Some(row) = bench.pack_box() else {
        return Line::from("");
    };
    let missing = theme.style(Meaning::Soon);
    let weight = row.weight.map_or_else(
        || {
            let expected = bench
                .expected_weight()
                .map(|weight| format!(", {weight} expected"));
            Span::styled(
                format!(
                    "no weight ({}{})",
                    state.setup.keys.name(Action::Weight),
                    expected.unwrap_or_default()
                ),
                missing,
            )
        },
        |weight| match state.weight_warning() {
            Some(_) => Span::styled(format!("{weight} ✘ look again"), theme.style(Meaning::Late)),
            None => Span::raw(weight.to_string()),
        },
    );
    let size = row.dimensions.map_or_else(
        || {
            Span::styled(
                format!("no size ({})", state.setup.keys.name(Action::Size)),
                missing,
            )
        },
        |size| Span::raw(size.to_string()),
    );
    let mut spans = vec![
        Span::styled(
            format!("  {}: ", box_name(bench, row)),
            theme.style(Meaning::Title),
        ),
        weight,
        Span::raw(" · "),
        size,
    ];
    // Where several boxes leave it no room, its own key tells it.
    if !bench.has_boxes() || state.size.0 >= 100 {
        spans.push(Span::raw(format!(" · {}", row.confirmation)));
    }
    Line::from(spans)
}

/// Lines with what is verified; durable scans only.
fn lines(bench: &Bench, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let Some(saved) = &bench.saved else { return };
    let progress = saved.progress();
    let cells = usize::from(area.width);
    let mut all = Vec::new();
    let mut first_open = None;
    for line in &progress {
        if first_open.is_none() && !is_done(line) {
            first_open = Some(all.len());
        }
        all.extend(progress_lines(line, theme, cells));
    }
    // The first line that is not done stays in sight.
    let height = usize::from(area.height);
    let top = first_open
        .unwrap_or(0)
        .saturating_sub(height / 3)
        .min(all.len().saturating_sub(height));
    let more = all.len().saturating_sub(top + height);
    let mut shown: Vec<Line<'static>> = all.into_iter().skip(top).take(height).collect();
    if more > 0
        && let Some(last) = shown.last_mut()
    {
        *last = Line::from(Span::styled(
            format!("  … {} more", more + 1),
            theme.style(Meaning::Muted),
        ));
    }
    write(&shown, area, buffer);
}

fn is_done(line: &LineProgress) -> bool {
    line.verified >= line.wanted && line.codes >= line.codes_wanted
}

fn progress_lines(line: &LineProgress, theme: &Theme, cells: usize) -> Vec<Line<'static>> {
    let done = is_done(line);
    let (glyph, meaning) = if done {
        ("✔", Meaning::Done)
    } else {
        ("·", Meaning::Text)
    };
    let codes = match line.codes_wanted {
        0 => String::new(),
        wanted => format!("  codes {} of {wanted}", line.codes),
    };
    let count = format!("{} of {}", line.verified, line.wanted);
    let sku = text::fit(line.sku.as_str(), 20);
    let counted = 10.max(text::width(&count) + 1);
    let room = cells.saturating_sub(2 + 2 + counted + text::width(&codes) + text::width(&sku) + 4);
    let head = format!(
        "  {glyph} {}{}  [{sku}]{codes}",
        text::left(&count, counted),
        text::left(&line.title, room),
    );
    let mut lines = vec![Line::from(Span::styled(
        text::fit(&head, cells),
        theme.style(meaning),
    ))];
    let group = line.parts.len() > 1 || line.parts.first().is_some_and(|part| part.sku != line.sku);
    for part in line.parts.iter().filter(|_| group) {
        let done = part.verified >= part.wanted;
        let (glyph, meaning) = if done {
            ("✔", Meaning::Done)
        } else {
            ("·", Meaning::Text)
        };
        let words = format!(
            "      {glyph} {} of {}  {}  [{}]",
            part.verified, part.wanted, part.title, part.sku
        );
        lines.push(Line::from(Span::styled(
            text::fit(&words, cells),
            theme.style(meaning),
        )));
    }
    lines
}

fn address(customer: &CustomerData) -> Vec<String> {
    let to = &customer.recipient;
    let city = [
        to.city.as_str(),
        to.state.as_str(),
        to.postal_code.as_str(),
        to.country.as_str(),
    ]
    .into_iter()
    .filter(|part| !part.is_empty())
    .collect::<Vec<_>>()
    .join(" ");
    let mut lines = vec![to.name.clone(), to.company.clone()];
    lines.extend(to.lines.iter().cloned());
    lines.push(city);
    lines.retain(|line| !line.trim().is_empty());
    lines
}

fn ship_to_short(bench: &Bench, theme: &Theme, cells: usize) -> Line<'static> {
    let words = match &bench.customer {
        CustomerView::Opening => "…".to_owned(),
        CustomerView::Absent(words) => words.clone(),
        CustomerView::Open(customer) => address(customer).join(", "),
    };
    let lead = "  Ship to: ";
    let words = text::fit(&words, cells.saturating_sub(text::width(lead)));
    Line::from(vec![
        Span::styled(lead, theme.style(Meaning::Title)),
        Span::raw(words),
    ])
}

fn gift(bench: &Bench, theme: &Theme, cells: usize) -> Vec<Line<'static>> {
    let CustomerView::Open(customer) = &bench.customer else {
        return Vec::new();
    };
    customer
        .gift_messages
        .iter()
        .map(|(_, message)| {
            let words = text::fit(&format!("  GIFT: {message}"), cells);
            Line::from(Span::styled(words, theme.style(Meaning::Soon)))
        })
        .collect()
}

fn ship_to(bench: &Bench, theme: &Theme, cells: usize, rows: usize) -> Vec<Line<'static>> {
    let mut lines = vec![Line::from(Span::styled("Ship to", theme.style(Meaning::Title)))];
    match &bench.customer {
        CustomerView::Opening => lines.push(Line::from("…")),
        CustomerView::Absent(words) => {
            lines.extend(text::wrap(words, cells, 3).into_iter().map(Line::from));
        }
        CustomerView::Open(customer) => {
            lines.extend(
                address(customer)
                    .into_iter()
                    .map(|line| Line::from(text::fit(&line, cells))),
            );
            if !customer.recipient.phone.is_empty() {
                lines.push(Line::from(text::fit(&customer.recipient.phone, cells)));
            }
            if !customer.buyer.po_number.is_empty() {
                lines.push(Line::from(text::fit(
                    &format!("PO {}", customer.buyer.po_number),
                    cells,
                )));
            }
            for (_, message) in &customer.gift_messages {
                lines.push(Line::from(""));
                lines.push(Line::from(Span::styled(
                    "Gift message",
                    theme.style(Meaning::Soon),
                )));
                lines.extend(text::wrap(message, cells, 6).into_iter().map(Line::from));
            }
        }
    }
    let history = bench.detail.iter().flat_map(|detail| &detail.history);
    let room = rows.saturating_sub(lines.len() + 2);
    if room > 2 {
        lines.push(Line::from(""));
        lines.push(Line::from(Span::styled("History", theme.style(Meaning::Title))));
        lines.extend(history.take(room).map(|row| {
            let by = row.by.as_deref().map(|by| format!(" ({by})")).unwrap_or_default();
            Line::from(text::fit(&format!("{}{by}", row.what), cells))
        }));
    }
    lines
}
