//! Shipping v2 for channel AMAZON: wire types and their meaning (amazon.md 3).

mod accounts;
mod collection;
pub(super) mod documents;
mod inputs;
pub(super) mod purchase;
pub(super) mod rates;
mod request;
pub(super) mod tracking;

pub(super) use documents::{decode, joined};
pub(super) use request::{country, cut, stamp};
