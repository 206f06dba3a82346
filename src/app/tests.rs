//! The machine, told and asked by values alone.

mod board;
mod boxes;
mod bulk;
mod corpus;
mod find;
mod flow;
mod manifest;
mod method;
mod onto_box;
mod outside;
mod own_order;
mod people;
mod pick;
mod picking;
mod picture;
mod policies;
mod practice;
mod questions;
mod quotes;
mod refunds;
mod review;
mod scale;
mod scans;
mod sizes;
mod split;
mod why;
