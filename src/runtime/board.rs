//! The board's rows: every label that waits for Amazon, with what its order says.

use crate::domain::board::{BoardRow, Waits, sort};
use crate::domain::rate::method_name;
use crate::domain::rows::WorkItem;
use crate::domain::shipment::LabelState;
use crate::store::{Store, StoreResult};

/// Rows at most: what is on no board is on the orders' list.
const MOST: usize = 200;

/// What waits, most urgent first.
pub(super) fn rows(store: &dyn Store) -> StoreResult<Vec<BoardRow>> {
    let mut items: Vec<WorkItem> = store.work()?;
    let in_bulk = store.work_in_bulk(0, MOST)?;
    items.extend(in_bulk.into_iter().map(|(_, item)| item));
    let mut rows = Vec::new();
    for item in items.into_iter().take(MOST) {
        let Some(waits) = waits(item.label.state) else {
            continue;
        };
        let label = item.label;
        let detail = store.order(label.order)?;
        let parcel = detail.boxes.iter().find(|row| row.id == label.box_id);
        rows.push(BoardRow {
            order: label.order,
            number: label.number,
            box_number: parcel.map_or(1, |row| row.number),
            waits,
            method: method_name(&label.carrier, &label.service),
            price: label.price,
            since: label.wanted_at,
            ship_by: detail.order.channel.ship_by.latest,
            why: label.reason,
        });
    }
    sort(&mut rows);
    Ok(rows)
}

fn waits(state: LabelState) -> Option<Waits> {
    match state {
        LabelState::Wanted | LabelState::Asked => Some(Waits::Buying),
        LabelState::Unknown => Some(Waits::Settling),
        LabelState::VoidWanted | LabelState::VoidAsked | LabelState::VoidUnknown => Some(Waits::Voiding),
        LabelState::BoughtWithoutDocument => Some(Waits::Label),
        _ => None,
    }
}
