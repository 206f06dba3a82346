//! How a method is chosen, by scripts alone.

mod methods;
mod policies;
mod why;
