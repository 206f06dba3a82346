//! What a yes does to a unit without a code, and how a decision about an unknown purchase is said.

use crate::app::state::State;
use crate::domain::ids::TrackingNumber;

impl State {
    pub(super) fn override_code(
        &mut self,
        unit: &crate::domain::packing::UnitRef,
        reason: &str,
        by: crate::domain::ids::UserId,
    ) {
        let Some(session) = self.bench.as_ref().and_then(|bench| bench.session.as_ref()) else {
            return;
        };
        match session.override_code(reason, by) {
            Ok(event) if matches!(&event, crate::domain::packing::PackEvent::Coded { unit: due, .. } if due == unit) =>
            {
                self.accept(&event);
            }
            Ok(_) => self.bad("another unit's code is due now: look again before you override"),
            Err(refusal) => self.refuse("override refused", refusal.to_string()),
        }
    }
}

pub(super) fn decided_words(bought: Option<&TrackingNumber>) -> String {
    match bought {
        Some(number) => format!("decided: bought, {number}; its label has to come from Seller Central"),
        None => "decided: not bought; the box is free again".to_owned(),
    }
}
