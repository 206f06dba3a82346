//! One file for each subcommand.

pub mod catalogue;
pub mod csv;
pub mod demo;
pub mod products;
