//! What a search is made of: all orders once, then every change.

use super::Case;
use super::station::{Bench, channel, line, number, shop, tracking};
use crate::domain::finding::FindRow;
use crate::domain::ids::OrderId;
use crate::domain::order::{ChannelStatus, Flag};
use crate::domain::shipment::LabelState;
use crate::domain::status::OrderStatus;

pub(super) const CASES: &[Case] = &[
    (
        "all orders are told for a search, in pieces that fit together",
        pieces,
    ),
    ("a search hears of every change of what it may ask for", changes),
    (
        "a search hears of a label, its carrier, method, cost and tracking number",
        label,
    ),
    (
        "sealed customers are handed out in pieces, Pending orders have none",
        customers,
    ),
    (
        "found orders are read as lists show them, in the order asked for",
        rows,
    ),
];

fn all(bench: &Bench) -> Vec<FindRow> {
    let mut all: Vec<FindRow> = Vec::new();
    loop {
        let after = all.last().map_or(OrderId(0), |row| row.id);
        let piece = bench.store.find_rows(after, 7).unwrap();
        let more = piece.len() == 7;
        all.extend(piece);
        if !more {
            return all;
        }
    }
}

fn pieces(mut bench: Bench) {
    assert_eq!(bench.store.find_mark().unwrap(), 0);
    let ids: Vec<OrderId> = (0..30).map(|n| bench.mugs(n, 1)).collect();
    let rows = all(&bench);
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), ids);
    assert_eq!(rows[3].text, format!("{} mug", number(3)));
    assert_eq!(rows[3].ship_by, channel(3, Vec::new()).ship_by.latest);
    assert_eq!(rows[3].status, OrderStatus::ReadyToPick);
    assert!(
        rows.iter()
            .all(|row| row.carrier.is_empty() && row.cost.is_none() && !row.erased)
    );
}

fn changes(mut bench: Bench) {
    let first = bench.mugs(1, 1);
    let second = bench.mugs(2, 1);
    let mark = bench.store.find_mark().unwrap();
    let (none, same) = bench.store.find_changes(mark, 10).unwrap();
    assert!(none.is_empty());
    assert_eq!(same, mark);
    // Held, then released: told once, as it stands.
    let now = bench.now;
    for to in [OrderStatus::OnHold, OrderStatus::ReadyToPick, OrderStatus::OnHold] {
        bench.store.set_status(second, to, None, "why", now).unwrap();
    }
    let (told, mark) = bench.store.find_changes(mark, 10).unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].id, told[0].status), (second, OrderStatus::OnHold));
    // Put on a list; canceled at Amazon.
    bench.store.create_pick_list("List", &[first], None, now).unwrap();
    let mut word = channel(2, vec![line("L1", "MUG", 1)]);
    word.status = ChannelStatus::Canceled;
    word.updated_at = now;
    let word = bench.imported(word);
    bench.store.import_orders(&shop(), vec![word], None, now).unwrap();
    let (one, next) = bench.store.find_changes(mark, 1).unwrap();
    let (other, last) = bench.store.find_changes(next, 10).unwrap();
    assert_eq!(one.len(), 1);
    assert_eq!(one[0].id, first);
    assert!(one[0].pick_list.is_some());
    assert_eq!(other.len(), 1);
    assert_eq!(other[0].status, OrderStatus::Canceled);
    assert_eq!(other[0].flags, [Flag::Canceled]);
    assert!(last > next);
}

fn label(mut bench: Bench) {
    bench.mugs(2, 1);
    let mark = bench.store.find_mark().unwrap();
    bench.bought(1);
    let (told, _) = bench.store.find_changes(mark, 10).unwrap();
    let [row] = &told[..] else { panic!("{told:?}") };
    assert_eq!(row.label, Some(LabelState::Bought));
    assert_eq!((row.carrier.as_str(), row.method.as_str()), ("UPS", "UPS Ground"));
    assert!(row.cost.is_some());
    assert!(row.text.ends_with(&tracking(1).to_lowercase()), "{}", row.text);
}

fn customers(mut bench: Bench) {
    let mut pending = channel(1, vec![line("L1", "MUG", 1)]);
    pending.status = ChannelStatus::Pending;
    let imported = crate::store::ImportedOrder {
        channel: pending,
        customer: None,
        key: None,
        po_box: None,
    };
    bench
        .store
        .import_orders(&shop(), vec![imported], None, bench.now)
        .unwrap();
    let ids: Vec<OrderId> = (2..7).map(|n| bench.mugs(n, 1)).collect();
    let first = bench.store.customers_after(OrderId(0), 3).unwrap();
    let rest = bench.store.customers_after(first[2].order, 10).unwrap();
    let all: Vec<OrderId> = first.iter().chain(&rest).map(|one| one.order).collect();
    assert_eq!(all, ids);
    assert_eq!(first[0].number, number(2));
    assert_eq!(first[0].data.as_bytes(), b"sealed customer");
}

fn rows(mut bench: Bench) {
    let ids: Vec<OrderId> = (1..5).map(|n| bench.mugs(n, n)).collect();
    let asked = [ids[3], OrderId(999), ids[0]];
    let rows = bench.store.rows_of(&asked).unwrap();
    let told: Vec<_> = rows.iter().map(|row| (row.id, row.units)).collect();
    assert_eq!(told, [(ids[3], 4), (ids[0], 1)]);
}
