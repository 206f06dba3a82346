//! A label or slip on the screen: in half blocks, with what can be read on it beside it.

use crate::app::Look;
use crate::app::state::State;
use crate::domain::picture::{INK, Nearness, Picture, half_block};
use crate::ui::theme::{Meaning, Theme};
use crate::ui::widgets::rows::{below, write};
use crate::ui::widgets::text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Widget};

/// Most rows of remarks.
const NOTES: usize = 3;

/// Draws the dialog over the whole body.
pub(super) fn draw(state: &State, look: &Look, theme: &Theme, body: Rect, buffer: &mut Buffer) {
    Clear.render(body, buffer);
    let cells = usize::from(body.width).saturating_sub(4);
    let block = Block::bordered()
        .border_style(theme.style(Meaning::Frame))
        .title(Span::styled(
            format!(" {} ", text::fit(&title(look), cells)),
            theme.style(Meaning::Title),
        ));
    let inner = block.inner(body);
    block.render(body, buffer);
    let Some(sheet) = look.sheet() else {
        let words = match &look.sheets {
            None => "… is being drawn",
            Some(Err(words)) => words.as_str(),
            Some(Ok(_)) => "there is nothing to show",
        };
        let lines: Vec<_> = text::wrap(words, cells, 6).into_iter().map(Line::from).collect();
        write(&lines, inner, buffer);
        return;
    };
    let notes: Vec<Line<'static>> = notes(&sheet.notes, theme, cells);
    let used = write(&notes, inner, buffer);
    let rest = below(inner, used);
    let hint = Rect {
        y: rest.y + rest.height.saturating_sub(1),
        height: rest.height.min(1),
        ..rest
    };
    let words = Line::from(Span::styled(
        text::fit(&hint_words(state, look), usize::from(hint.width)),
        theme.style(Meaning::Muted),
    ));
    write(&[words], hint, buffer);
    let Some(place) = place(look, body) else {
        texts(&sheet.texts, look.top, theme, above(rest), buffer);
        return;
    };
    if let Some(picture) = sheet.picture.as_ref().filter(|_| !state.pictures_itself) {
        half_blocks(picture, look, place, state.setup.shades, theme, buffer);
    }
    if look.nearness == Nearness::Whole {
        let beside = Rect {
            x: place.x + place.width + 2,
            width: (rest.x + rest.width).saturating_sub(place.x + place.width + 2),
            ..above(rest)
        };
        texts(&sheet.texts, look.top, theme, beside, buffer);
    }
}

/// Heading: what it is and which sheet of how many.
fn title(look: &Look) -> String {
    match look.sheet() {
        Some(sheet) if look.count() > 1 => {
            format!(
                "{} · {} ({} of {})",
                look.title,
                sheet.title,
                look.at + 1,
                look.count()
            )
        }
        Some(sheet) => format!("{} · {}", look.title, sheet.title),
        None => look.title.clone(),
    }
}

fn notes(notes: &[String], theme: &Theme, cells: usize) -> Vec<Line<'static>> {
    let lines = notes.iter().flat_map(|words| text::wrap(words, cells, 2));
    lines
        .take(NOTES)
        .map(|words| Line::from(Span::styled(format!(" ! {words}"), theme.style(Meaning::Soon))))
        .collect()
}

fn hint_words(state: &State, look: &Look) -> String {
    use crate::app::keys::Action;
    let name = |action| state.setup.keys.name(action);
    let mut parts = Vec::new();
    let (open, close) = (name(Action::Open), name(Action::Back));
    let drawn = look.sheet().is_some_and(|sheet| sheet.picture.is_some());
    match look.nearness {
        _ if !drawn => {}
        Nearness::Whole => parts.push(format!("{open} nearer · ↑ ↓ texts")),
        Nearness::Wide => parts.push(format!("{open} nearer · ↑ ↓ over it")),
        Nearness::Near => parts.push(format!(
            "{open} whole · ↑ ↓ over it · {} {} sideways",
            name(Action::First),
            name(Action::Last)
        )),
    }
    if look.count() > 1 {
        parts.push(format!("{} next sheet", name(Action::PageDown)));
    }
    parts.push(format!("{close} closes"));
    format!(" {}", parts.join(" · "))
}

/// All but the last row.
fn above(area: Rect) -> Rect {
    Rect {
        height: area.height.saturating_sub(1),
        ..area
    }
}

/// Where the picture stands on the screen, in cells; none where there is none, or no room.
pub(crate) fn place(look: &Look, body: Rect) -> Option<Rect> {
    let sheet = look.sheet()?;
    let picture = sheet.picture.as_ref()?;
    let inner = Block::bordered().inner(body);
    let cells = usize::from(body.width).saturating_sub(4);
    let noted: usize = sheet
        .notes
        .iter()
        .map(|words| text::wrap(words, cells, 2).len())
        .sum();
    let rest = above(below(inner, u16::try_from(noted.min(NOTES)).unwrap_or(0)));
    let most = match look.nearness {
        Nearness::Whole => rest.width * 3 / 5,
        Nearness::Wide | Nearness::Near => rest.width.saturating_sub(2),
    };
    if most < 4 || rest.height < 2 {
        return None;
    }
    let (columns, rows) = (usize::from(most), usize::from(rest.height) * 2);
    let part = picture.part(look.nearness, columns, rows, look.right, look.down);
    let cells = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
    Some(Rect {
        x: rest.x + 1,
        y: rest.y,
        width: cells(part.columns),
        height: cells(part.rows.div_ceil(2)).min(rest.height),
    })
}

/// Each cell is two points above each other.
fn half_blocks(
    picture: &Picture,
    look: &Look,
    place: Rect,
    shades: bool,
    theme: &Theme,
    buffer: &mut Buffer,
) {
    let (columns, rows) = (usize::from(place.width), usize::from(place.height) * 2);
    let points = picture.points(picture.part(look.nearness, columns, rows, look.right, look.down));
    for (row, y) in (place.y..place.y + place.height).enumerate() {
        for (column, x) in (place.x..place.x + place.width).enumerate() {
            let (upper, lower) = (points.at(column, row * 2), points.at(column, row * 2 + 1));
            let (sign, style) = if shades {
                shaded(upper, lower)
            } else if theme.has_colours() {
                let style = Style::new().fg(Color::Black).bg(Color::White);
                (half_block(upper, lower), style)
            } else {
                (half_block(upper, lower), Style::new())
            };
            if let Some(cell) = buffer.cell_mut((x, y)) {
                cell.set_char(sign).set_style(style);
            }
        }
    }
}

/// Two points in shades of gray. The sign is the one that a screen without shades would show, as far as that goes.
fn shaded(upper: u8, lower: u8) -> (char, Style) {
    let (above, below) = (gray(upper), gray(lower));
    let style = |front, back| Style::new().fg(front).bg(back);
    match (upper >= INK, lower >= INK) {
        (true, true) if above == below => ('█', style(above, above)),
        (false, false) if above == below => (' ', style(above, above)),
        (false, true) => ('▄', style(below, above)),
        _ => ('▀', style(above, below)),
    }
}

/// Of the 24 shades that terminals of 256 colours have.
fn gray(dark: u8) -> Color {
    Color::Indexed(255 - u8::try_from(u16::from(dark) * 23 / 255).unwrap_or(23))
}

fn texts(texts: &[String], top: usize, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let cells = usize::from(area.width).saturating_sub(1);
    if cells < 8 {
        return;
    }
    let mut lines = vec![Line::from(Span::styled(
        text::fit("What can be read on it:", cells),
        theme.style(Meaning::Title),
    ))];
    if top > 0 {
        lines.push(Line::from("▲ …"));
    }
    for words in texts.iter().skip(top) {
        let wrapped = text::wrap(words, cells, 3);
        lines.extend(wrapped.into_iter().map(Line::from));
    }
    let room = usize::from(area.height);
    if lines.len() > room && room > 0 {
        lines.truncate(room - 1);
        lines.push(Line::from("▼ …"));
    }
    write(&lines, area, buffer);
}
