//! Sign-in, pick lists, orders.

use crate::app::state::State;
use crate::domain::picking::ListState;
use crate::domain::rows::{OrderRow, PickListRow};
use crate::ui::theme::{Meaning, Theme};
use crate::ui::widgets::rows::{below, entry, heading, window, write};
use crate::ui::widgets::{badges, text};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Wide enough for one line a row.
const WIDE: u16 = 120;

/// Who packs?
pub(crate) fn sign_in(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let mut lines = vec![Line::from(Span::styled(
        "  Who is packing?",
        theme.style(Meaning::Next),
    ))];
    if state.setup.demo {
        lines.push(Line::from(
            "  Demo: Amazon is simulated on this machine; nothing costs money. Press Enter.",
        ));
    } else {
        lines.push(Line::from(
            "  Scan your badge (TGU-…), type your name, or choose it and press Enter.",
        ));
    }
    lines.push(Line::from(""));
    let used = write(&lines, area, buffer);
    let area = below(area, used);
    if state.users.is_empty() {
        write(
            &[Line::from(
                "  Nobody is registered yet: add people with `tapegun users add NAME`.",
            )],
            area,
            buffer,
        );
        return;
    }
    let visible = usize::from(area.height);
    let top = state
        .selected_user
        .saturating_sub(visible / 2)
        .min(state.users.len().saturating_sub(visible));
    for (place, user) in (0..area.height).zip(state.users.iter().skip(top)) {
        let role = user.role;
        let line = Line::from(format!("{}  {role}", text::left(&user.name, 30)));
        let rect = Rect {
            y: area.y + place,
            height: 1,
            ..area
        };
        entry(
            &[line],
            top + usize::from(place) == state.selected_user,
            rect,
            buffer,
            theme,
        );
    }
}

/// Pick lists with counts per badge.
pub(crate) fn pick_lists(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let list = &state.pick_lists;
    let words = match (list.loaded, list.page.total) {
        (false, _) => "  Reading …".to_owned(),
        (true, 0) => "  No pick list yet: make one from orders that are Ready to Pick.".to_owned(),
        (true, total) => format!("  {total} pick lists"),
    };
    let used = write(
        &[heading(&words, area.width, theme.style(Meaning::Muted))],
        area,
        buffer,
    );
    let wide = area.width >= WIDE;
    let name = if wide { 26 } else { 23 };
    let row = |row: &PickListRow| pick_list(row, state, theme, name, wide);
    window(
        list,
        if wide { 1 } else { 2 },
        below(area, used),
        buffer,
        theme,
        row,
    );
}

fn pick_list(row: &PickListRow, state: &State, theme: &Theme, name: usize, wide: bool) -> Vec<Line<'static>> {
    let (left, urgency) = badges::time_left(row.ship_by, state);
    let mut first = vec![Span::styled(
        text::left(&format!("{} {}", row.id, row.name), name),
        theme.style(Meaning::Title),
    )];
    first.extend(counts(row, theme));
    let time = Span::styled(
        text::left(if row.open == 0 { "" } else { &left }, 16),
        theme.style(urgency),
    );
    let stands = Span::raw(text::left(&ListState::of(row).to_string(), 8));
    let whose = Span::raw(text::fit(row.assigned.as_deref().unwrap_or_default(), 11));
    let worn = badges::counts(&row.badges, theme);
    if wide {
        first.push(stands);
        first.push(Span::raw(text::left(&whose.content, 12)));
        first.push(time);
        first.extend(worn);
        return vec![Line::from(first)];
    }
    first.push(whose);
    let mut second = vec![Span::raw("  "), time, stands];
    second.extend(worn);
    vec![Line::from(first), Line::from(second)]
}

/// Open, packed and shipped orders, and what needs a person: what stopped comes before what failed.
fn counts(row: &PickListRow, theme: &Theme) -> [Span<'static>; 4] {
    let trouble = match (row.stopped, row.trouble) {
        (0, 0) => Span::raw(text::left("", 12)),
        (0, count) => Span::styled(
            text::left(&format!("✘ {count} failed"), 12),
            theme.style(Meaning::Late),
        ),
        (count, _) => Span::styled(
            text::left(&format!("✘ {count} stopped"), 12),
            theme.style(Meaning::Late),
        ),
    };
    [
        Span::raw(text::right(&format!("{} open ", row.open), 9)),
        Span::raw(text::right(&format!("{} packed ", row.packed), 11)),
        Span::raw(text::left(&format!("{} shipped", row.shipped), 12)),
        trouble,
    ]
}

/// Orders of a list: badges as words, ship-by with the time left.
pub(crate) fn orders(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let list = &state.orders.window;
    let words = match (list.loaded, list.page.total) {
        (false, _) => "  Reading …".to_owned(),
        (true, 0) => "  No orders here.".to_owned(),
        (true, total) => format!("  {total} orders · {} of {total} selected", list.selected + 1),
    };
    let words = match &state.picking.list {
        Some(row) if list.loaded && list.page.total > 0 => {
            format!(
                "  {} of {} · {}",
                list.selected + 1,
                list.page.total,
                list_words(row)
            )
        }
        _ => words,
    };
    let used = write(
        &[heading(&words, area.width, theme.style(Meaning::Muted))],
        area,
        buffer,
    );
    let wide = area.width >= WIDE;
    let cells = usize::from(area.width).saturating_sub(2);
    let row = |row: &OrderRow| order(row, state, theme, cells, wide);
    window(
        list,
        if wide { 1 } else { 2 },
        below(area, used),
        buffer,
        theme,
        row,
    );
}

/// What stands above the orders of a pick list.
fn list_words(row: &PickListRow) -> String {
    let mut parts = Vec::new();
    if row.stopped > 0 {
        parts.push(format!("✘ {} stopped", row.stopped));
    }
    if row.trouble > 0 {
        parts.push(format!("✘ {} failed", row.trouble));
    }
    parts.push(format!(
        "{} open {} packed {} shipped",
        row.open, row.packed, row.shipped
    ));
    parts.push(ListState::of(row).to_string());
    parts.extend(row.assigned.as_ref().map(|name| format!("{name}'s")));
    parts.join(" · ")
}

/// An order's row in a list.
pub(crate) fn order(
    row: &OrderRow,
    state: &State,
    theme: &Theme,
    cells: usize,
    wide: bool,
) -> Vec<Line<'static>> {
    let (left, urgency) = badges::time_left(row.ship_by, state);
    let (left, urgency) = if row.status.is_open() {
        (left, urgency)
    } else {
        (String::new(), Meaning::Muted)
    };
    // Whose it is: another packer sees it before the order is opened.
    let held = match &row.packer {
        Some(name) if state.user.as_ref().is_some_and(|user| user.name == *name) => " (you)".to_owned(),
        Some(name) => format!(" ({name})"),
        None => String::new(),
    };
    let status = match row.label {
        // It may not be shipped: what was picked for it goes back.
        _ if row.pick_list.is_some() && !row.status.can_ship() => {
            format!("STOPPED: {}, put back", row.status)
        }
        Some(label) => format!("{}{held} · label {label}", row.status),
        None => format!("{}{held}", row.status),
    };
    let units = if row.units == 1 {
        "1 unit".to_owned()
    } else {
        format!("{} units", row.units)
    };
    let whole = match row.part {
        Some(part) => format!("{}/{} {}", part.place, part.of, row.title),
        None => row.title.clone(),
    };
    let mark = if row.trouble { "✘ " } else { "" };
    let status_meaning = if row.trouble { Meaning::Late } else { Meaning::Text };
    let marked = if state.bulk.is_marked(row.id) { "●" } else { "" };
    let number = Span::styled(
        text::left(&format!("{}{marked}", row.number), 20),
        theme.style(Meaning::Title),
    );
    let time = Span::styled(text::right(&left, 16), theme.style(urgency));
    if wide {
        let worn = badges::words_width(&row.badges);
        let title = cells.saturating_sub(20 + 9 + 16 + 2 + 30 + 1 + 47);
        let mut line = vec![
            number,
            Span::raw(text::left(&units, 9)),
            Span::raw(text::left(&whole, title)),
            time,
            Span::raw("  "),
            Span::styled(
                text::left(&format!("{mark}{status}"), 30),
                theme.style(status_meaning),
            ),
            Span::raw(" "),
        ];
        line.extend(badges::words(&row.badges, theme));
        line.push(Span::raw(" ".repeat(47_usize.saturating_sub(worn))));
        return vec![Line::from(line)];
    }
    let title = cells.saturating_sub(20 + 9 + 16);
    let first = vec![
        number,
        Span::raw(text::left(&units, 9)),
        Span::raw(text::left(&whole, title)),
        time,
    ];
    let room = cells.saturating_sub(2 + badges::words_width(&row.badges));
    let mut second = vec![Span::raw("  ")];
    second.extend(badges::words(&row.badges, theme));
    second.push(Span::styled(
        text::fit(&format!("{mark}{status}"), room),
        theme.style(status_meaning),
    ));
    vec![Line::from(first), Line::from(second)]
}
