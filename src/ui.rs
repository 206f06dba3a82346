//! Draws the state. Pure: state in, cells out; no IO, no clock, and nothing of the state is changed.
//!
//! It reads `app` (and `domain`) and knows ratatui; colours are meanings of a [`Theme`], and none of them
//! says anything that a word or a glyph does not say too. Lists draw only the rows that fit. Every text is
//! measured in cells before it is drawn.

mod forms;
mod layers;
mod screens;
#[cfg(test)]
mod tests;
pub mod theme;
mod widgets;

pub use theme::{Meaning, Theme};

use crate::app::layers::Layer;
use crate::app::state::Screen;
use crate::app::{Look, State};
use crate::domain::picture::Picture;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use widgets::chrome;

/// The least room that anything useful fits in.
const LEAST: (u16, u16) = (40, 12);

/// Draws the whole screen.
pub fn draw(state: &State, theme: &Theme, frame: &mut Frame<'_>) {
    let area = frame.area();
    if area.width < LEAST.0 || area.height < LEAST.1 {
        too_small(area, frame);
        return;
    }
    let [header, banner, body, line, status, footer] = rows_of(area);
    let buffer = frame.buffer_mut();
    buffer.set_style(area, theme.style(Meaning::Text));
    chrome::header(state, theme, header, buffer);
    chrome::banner(state, theme, banner, buffer);
    let inner = Rect {
        y: body.y + 1,
        height: body.height.saturating_sub(1),
        ..body
    };
    match state.screen {
        Screen::SignIn => screens::lists::sign_in(state, theme, inner, buffer),
        Screen::PickLists => screens::lists::pick_lists(state, theme, inner, buffer),
        Screen::Orders => screens::lists::orders(state, theme, inner, buffer),
        Screen::Pack => screens::pack::draw(state, theme, inner, buffer),
        Screen::Rates => screens::rates::draw(state, theme, inner, buffer),
        Screen::Refunds => screens::refunds::draw(state, theme, inner, buffer),
        Screen::Audit => screens::audit::draw(state, theme, inner, buffer),
        Screen::Desk => screens::desk::draw(state, theme, inner, buffer),
        Screen::Find => screens::find::draw(state, theme, inner, buffer),
        Screen::Picking => screens::pick::draw(state, theme, inner, buffer),
        Screen::Bulk => screens::bulk::draw(state, theme, inner, buffer),
        Screen::DayEnd => screens::manifest::draw(state, theme, inner, buffer),
        Screen::Label => screens::label::draw(state, theme, inner, buffer),
    }
    if let Some(layer) = state.layers.last() {
        layers::draw(state, layer, theme, body, buffer);
    }
    let cursor = chrome::scan_line(state, theme, line, buffer);
    chrome::status(state, theme, status, buffer);
    chrome::footer(state, theme, footer, buffer);
    widgets::gate::clean(buffer);
    frame.set_cursor_position(cursor);
}

/// Header, verdict, body, scan line, status line, footer.
fn rows_of(area: Rect) -> [Rect; 6] {
    let tall = if area.height >= 36 { 3 } else { 2 };
    Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(tall),
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(area)
}

/// The picture that is looked at and where it stands, for a terminal that shows it itself.
pub fn picture(state: &State) -> Option<(&Look, &Picture, Rect)> {
    let area = Rect::new(0, 0, state.size.0, state.size.1);
    if area.width < LEAST.0 || area.height < LEAST.1 {
        return None;
    }
    let Some(Layer::Look(look)) = state.layers.last() else {
        return None;
    };
    let [_, _, body, ..] = rows_of(area);
    let picture = look.sheet()?.picture.as_ref()?;
    Some((look, picture, layers::picture::place(look, body)?))
}

/// Says so in whatever room there is; nothing is scanned blindly by it, the scan line works on.
fn too_small(area: Rect, frame: &mut Frame<'_>) {
    let words = widgets::text::wrap(
        "too small: 80x24 is wanted",
        usize::from(area.width),
        usize::from(area.height),
    );
    let lines: Vec<_> = words.into_iter().map(ratatui::text::Line::from).collect();
    widgets::rows::write(&lines, area, frame.buffer_mut());
}
