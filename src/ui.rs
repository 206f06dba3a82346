//! Draws the state. Pure: state in, cells out; no IO, no clock, and nothing of the state is changed.
//!
//! It reads `app` (and `domain`) and knows ratatui; colours are meanings of a [`Theme`], and none of them
//! says anything that a word or a glyph does not say too.

pub mod theme;

pub use theme::Theme;

use crate::app::State;
use ratatui::Frame;
use ratatui::text::Line;

/// Draws the whole screen.
pub fn draw(_state: &State, _theme: &Theme, frame: &mut Frame) {
    frame.render_widget(Line::from("tapegun"), frame.area());
}
