//! Changes of pick lists, each one transaction.

use crate::app::effect::Commit;
use crate::app::message::Done;
use crate::store::{Store, StoreError, StoreResult};
use chrono::{DateTime, Utc};

/// Carries out what is asked for of a pick list.
pub(super) fn carry_out(store: &mut dyn Store, commit: Commit, now: DateTime<Utc>) -> StoreResult<Done> {
    match commit {
        Commit::CreatePickList {
            name,
            filter,
            template,
            by,
        } => {
            // Saved first: a template that is refused makes no list.
            if let Some(template) = template {
                store.save_pick_template(&template)?;
            }
            let made = store.pick(&name, &filter, Some(by), now)?;
            return Ok(Done::PickList(made.map(|(list, _)| list)));
        }
        Commit::AssignPickList { list, to, by } => store.assign_pick_list(list, to, Some(by), now)?,
        Commit::RemoveFromPickList { order, by, reason } => {
            store.remove_from_pick_list(order, Some(by), &reason, now)?;
        }
        _ => return Err(StoreError::Failed("this is no change of a pick list".to_owned())),
    }
    Ok(Done::Nothing)
}
