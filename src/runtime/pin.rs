//! Whether a PIN is right, for the screens and the command line alike.

use crate::domain::ids::UserId;
use crate::store::{Refusal, Store, StoreError, StoreResult};
use crate::vault::Vault;
use chrono::{DateTime, Utc};

/// Checks a person's PIN. Refused while too many wrong ones lock it, whatever was typed; the words never say more than
/// that it was wrong.
pub fn check_pin(
    store: &mut dyn Store,
    vault: &Vault,
    user: UserId,
    pin: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let refused = |words: String| Err(StoreError::Refused(Refusal::Other(words)));
    let kept = store.pin(user)?;
    if let Some(until) = kept.locked_until.filter(|until| *until > now) {
        let minutes = (until - now).num_seconds() / 60 + 1;
        return refused(format!(
            "too many wrong PINs: try again in {minutes} minutes, or ask who may change people for a new one"
        ));
    }
    let Some(hash) = kept.hash else { return Ok(()) };
    let right = vault.is_pin(user, &hash, pin.trim());
    let tried = store.pin_tried(user, right, now)?;
    if right {
        return Ok(());
    }
    refused(match tried.locked_until {
        Some(_) => "wrong PIN, too many times: it is locked for a while".to_owned(),
        None => "wrong PIN: type the six digits again".to_owned(),
    })
}
