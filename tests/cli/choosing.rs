//! How a method is chosen, and the day's end, by scripts alone.

mod manifest;
mod methods;
mod policies;
mod split;
mod why;
