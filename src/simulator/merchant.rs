//! Merchant Fulfillment v0, the older way to Amazon's labels (amazon.md 2): eligible services, shipments and
//! their refunds, additional inputs. Its services, prices and promises are Shipping v2's, so that the same day
//! can be worked over either.
//!
//! Field names are Amazon's own, capital letters and all: `CarrierWillPickUp` is read, `CarrierWillPickup` is
//! not.

mod checks;
mod inputs;
mod members;
mod quote;
mod shipments;
mod show;

pub(super) use inputs::is_harmonized_code;
pub(super) use quote::MerchantQuote;
pub(super) use show::file;

use super::wire::Answer;
use super::world::World;

/// An error of the table in amazon.md 2.12.
fn named(status: u16, code: &str, message: &str) -> Answer {
    Answer::error(status, code, message, "")
}

/// What SP-API says most of the time: nothing.
fn plain() -> Answer {
    Answer::error(400, "InvalidInput", "Invalid Input", "")
}

impl World {
    /// Carries out an operation of Merchant Fulfillment. Where it is vague about errors, all that can be corrected
    /// in the request are one.
    pub(super) fn vaguely(
        &mut self,
        operation: impl FnOnce(&mut Self) -> Result<Answer, Answer>,
    ) -> Result<Answer, Answer> {
        operation(self).map_err(|refusal| {
            if self.switches.vague_errors && matches!(refusal.status, 400 | 404) {
                plain()
            } else {
                refusal
            }
        })
    }
}
