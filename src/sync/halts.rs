//! Shops whose account cannot pay: the first label is refused with the reason, and nothing else is asked for that shop
//! until a person has acted. One message, not one for each label. Lost with the process, which costs one question.

use super::shops::Core;
use crate::domain::ids::StoreId;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// After this long one label is asked for again, to see whether the account can pay by now.
const AGAIN: Duration = Duration::from_mins(2);

/// The shops that wait, by the stopwatch until when, and why.
#[derive(Debug, Default)]
pub(super) struct Halts(Mutex<BTreeMap<StoreId, (Duration, String)>>);

impl Halts {
    fn shops<R>(&self, act: impl FnOnce(&mut BTreeMap<StoreId, (Duration, String)>) -> R) -> R {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Of what the health speaks.
fn about(shop: &StoreId) -> String {
    format!("payment of {shop}")
}

impl Core {
    /// How long purchases of this shop wait, and why. Once the time is over, one goes on and the others wait for what
    /// comes of it.
    pub(super) fn halted(&self, shop: &StoreId) -> Option<(Duration, String)> {
        let now = self.clock.monotonic();
        self.halts.shops(|shops| {
            let (until, why) = shops.get_mut(shop)?;
            if *until > now {
                return Some((until.saturating_sub(now), why.clone()));
            }
            *until = now + AGAIN;
            None
        })
    }

    /// Amazon says that the account cannot pay. True for the first that hears it: it tells the packer.
    pub(super) fn halt(&self, shop: &StoreId, why: &str) -> bool {
        let until = self.clock.monotonic() + AGAIN;
        let first = self
            .halts
            .shops(|shops| {
                shops.insert(
                    shop.clone(),
                    (until, format!("nothing is bought for store {shop}: {why}")),
                )
            })
            .is_none();
        self.health.trouble(
            &about(shop),
            Some(format!("store {shop}: nothing is bought, {why}")),
        );
        first
    }

    /// The account can pay.
    pub(super) fn go_on(&self, shop: &StoreId) {
        if self.halts.shops(|shops| shops.remove(shop)).is_some() {
            self.health.trouble(&about(shop), None);
        }
    }
}
