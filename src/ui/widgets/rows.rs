//! A window of rows: only what fits is drawn, whatever the list holds.

use crate::app::window::{Row, Window};
use crate::ui::theme::{Meaning, Theme};
use crate::ui::widgets::text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// Draws the rows around the selection, `height` lines each; a row that is not at hand is shown as `…`.
pub(crate) fn window<T: Row>(
    window: &Window<T>,
    height: u16,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
    row: impl Fn(&T) -> Vec<Line<'static>>,
) {
    let visible = usize::from(area.height / height.max(1));
    let top = window.top(visible);
    for place in 0..visible.min(window.page.total.saturating_sub(top)) {
        let index = top + place;
        let y = area.y + u16::try_from(place).unwrap_or(0) * height;
        let lines = window.row(index).map_or_else(|| vec![Line::from("  …")], &row);
        let rect = Rect { y, height, ..area };
        entry(&lines, index == window.selected, rect, buffer, theme);
    }
}

/// One row: a mark before it, so that the selection does not depend on colour.
pub(crate) fn entry(lines: &[Line<'static>], selected: bool, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    for (offset, line) in (0..area.height).zip(lines) {
        let mark = match (selected, offset) {
            (true, 0) => "▶ ",
            _ => "  ",
        };
        let mut marked = vec![Span::raw(mark)];
        marked.extend(line.spans.clone());
        buffer.set_line(area.x, area.y + offset, &Line::from(marked), area.width);
    }
    if selected {
        let style = theme.style(Meaning::Selected);
        let height = area.height.min(u16::try_from(lines.len()).unwrap_or(u16::MAX));
        buffer.set_style(Rect { height, ..area }.intersection(buffer.area), style);
    }
}

/// Writes lines from the top of the area; what does not fit is left out. Returns the rows used.
pub(crate) fn write(lines: &[Line<'static>], area: Rect, buffer: &mut Buffer) -> u16 {
    let mut used = 0;
    for line in lines.iter().take(usize::from(area.height)) {
        buffer.set_line(area.x, area.y + used, line, area.width);
        used += 1;
    }
    used
}

/// What is left of the area below its first `rows` rows.
pub(crate) fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    }
}

/// A heading over the full width.
pub(crate) fn heading(words: &str, cells: u16, style: Style) -> Line<'static> {
    Line::from(Span::styled(text::left(words, usize::from(cells)), style))
}
