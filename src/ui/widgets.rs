//! Parts that several screens draw with: measured text, badges, rows of a window, the frame around a screen.

pub(crate) mod badges;
pub(crate) mod chrome;
pub(crate) mod gate;
pub(crate) mod rows;
pub(crate) mod text;
