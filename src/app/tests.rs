//! The machine, told and asked by values alone.

mod corpus;
mod flow;
mod questions;
mod refunds;
mod scans;
