//! `products import`: the catalogue from a CSV file.

pub use super::catalogue::parse;
