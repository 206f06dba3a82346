//! Everything about one order, for the pack screen and the rules.

use super::catalogue::Shelf;
use super::{confirmations, label_rows, methods, orders, packing, people, quotes, splitting};
use crate::domain::badge;
use crate::domain::ids::OrderId;
use crate::domain::rows::OrderDetail;
use crate::store::StoreResult;
use rusqlite::Connection;

pub(super) fn order(connection: &Connection, id: OrderId) -> StoreResult<OrderDetail> {
    let order = orders::order(connection, id)?;
    let products =
        Shelf::default().with_children(connection, order.channel.lines.iter().map(|line| &line.sku))?;
    Ok(OrderDetail {
        badges: badge::badges(&order.channel, &products),
        method: methods::facts(connection, id, &order.channel.store)?,
        products,
        boxes: packing::boxes(connection, id)?,
        scans: packing::scans(connection, id)?,
        quotes: quotes::latest(connection, id)?,
        labels: label_rows::labels_of(connection, id)?,
        confirmations: confirmations::of_order(connection, id)?,
        history: people::history(connection, id)?,
        other_labels: splitting::other_labels(connection, &order)?,
        order,
    })
}
