//! Changes of pick lists, of bulk runs, of split orders and of sheets, each one transaction.

use crate::app::effect::{BulkAct, Commit};
use crate::app::message::Done;
use crate::store::{OwnSheet, PickScan, SplitOrder, Store, StoreError, StoreResult};
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
        Commit::Bulk(act) => bulk(store, act, now)?,
        Commit::Pick {
            list,
            order,
            sku,
            before,
            quantity,
            by,
        } => {
            let scan = PickScan {
                list,
                order,
                sku,
                before,
                quantity,
                by,
            };
            store.pick_unit(&scan, now)?;
        }
        Commit::PickShort {
            list,
            order,
            sku,
            by,
            reason,
        } => {
            let scan = PickScan {
                list,
                order,
                sku,
                before: 0,
                quantity: 0,
                by,
            };
            store.pick_short(&scan, &reason, now)?;
        }
        Commit::PrintPickList { list, station, by } => {
            store.want_list_sheet(list, &station, Some(by), now)?;
        }
        Commit::PrintSheet { slip, station, by } => {
            let sheet = slip.map_or(OwnSheet::Commands, |(order, parcel)| {
                OwnSheet::Slip(order, parcel)
            });
            store.want_sheet(sheet, &station, by, now)?;
        }
        Commit::Split(wish) => {
            let split = SplitOrder {
                order: wish.order,
                units: wish.units,
                by: wish.by,
                reason: wish.reason,
            };
            store.split_order(&split, now)?;
        }
        Commit::Join { order, by } => {
            store.join_order(order, by, now)?;
        }
        _ => return Err(StoreError::Failed("this is no change of a pick list".to_owned())),
    }
    Ok(Done::Nothing)
}

fn bulk(store: &mut dyn Store, act: BulkAct, now: DateTime<Utc>) -> StoreResult<()> {
    match act {
        BulkAct::Begin(wish) => store.begin_bulk(&wish, now).map(drop),
        BulkAct::Mode { run, mode, by } => store.set_bulk_mode(run, &mode, by),
        BulkAct::Earliest { run, reason, by } => store.allow_earliest(run, &reason, by),
        BulkAct::Start { run, by } => store.start_bulk(run, by, now),
        BulkAct::Stop { run, by } => store.stop_bulk(run, by, now),
        BulkAct::Retry { run, by } => store.retry_bulk(run, by, now),
    }
}
