//! The machine, told and asked by values alone.

mod board;
mod boxes;
mod corpus;
mod find;
mod flow;
mod manifest;
mod method;
mod onto_box;
mod outside;
mod own_order;
mod picking;
mod policies;
mod questions;
mod quotes;
mod refunds;
mod review;
mod scale;
mod scans;
mod why;
