//! What the screens do: one file for each kind of screen. How they look is `ui`'s business.

pub(crate) mod audit;
mod board;
pub(crate) mod boxes;
pub(crate) mod bulk;
pub(crate) mod costs;
pub(crate) mod find;
pub(crate) mod inputs;
pub(crate) mod label;
pub(crate) mod lists;
pub(crate) mod manifest;
pub(crate) mod method;
pub(crate) mod onto_box;
pub(crate) mod outside;
pub(crate) mod own_order;
pub(crate) mod pack;
pub(crate) mod people;
pub(crate) mod pick;
pub(crate) mod picking;
pub(crate) mod picture;
pub(crate) mod policies;
pub(crate) mod practice;
pub(crate) mod rates;
pub(crate) mod refunds;
pub(crate) mod review;
mod scale;
pub(crate) mod why;
