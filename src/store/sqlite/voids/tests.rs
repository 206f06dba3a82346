//! An order in two boxes: its labels are voided together, and go their own ways.

use crate::domain::ids::{IntentId, TrackingNumber};
use crate::domain::refund::{OldLabel, Paper};
use crate::domain::shipment::LabelState as S;
use crate::domain::status::OrderStatus;
use crate::store::conformance::station::{Bench, refusal, tracking, wish};
use crate::store::sqlite::SqliteStore;
use crate::store::{VoidSettlement, WantLabel};

/// An order with two boxes, each with a bought label. Boxes of one order are made by hand here.
fn two_boxes(folder: &tempfile::TempDir) -> (Bench, WantLabel, IntentId) {
    let path = folder.path().join("tapegun.db");
    let mut bench = Bench::new(Box::new(SqliteStore::open(&path).unwrap()));
    let first = bench.bought(1);
    let second = bench.bought(2);
    let by_hand = rusqlite::Connection::open(&path).unwrap();
    by_hand
        .execute(
            "UPDATE boxes SET order_id = ?1, number = 2 WHERE id = ?2",
            [first.order.0, second.box_id.0],
        )
        .unwrap();
    by_hand
        .execute(
            "UPDATE labels SET order_id = ?1 WHERE box_id = ?2",
            [first.order.0, second.box_id.0],
        )
        .unwrap();
    (bench, first, second.id)
}

fn settle(bench: &mut Bench, id: IntentId, settlement: &VoidSettlement) {
    let lead = bench.lead();
    bench.store.begin_voiding(lead, id, bench.now).unwrap();
    bench.store.settle_void(id, settlement, bench.now).unwrap();
}

#[test]
fn all_labels_of_an_order_are_voided_in_one_wish_and_it_waits_for_each() {
    let folder = tempfile::tempdir().unwrap();
    let (mut bench, first, second) = two_boxes(&folder);
    let order = first.order;
    // One is scanned; nothing is said of the other: nothing is wanted.
    let mut half = wish(bench.packer, "wrong address");
    half.paper = Paper::scanned(TrackingNumber(tracking(1)));
    let words = refusal(bench.store.want_void_order(order, &half, bench.now)).to_string();
    assert!(words.contains(&tracking(2)), "{words}");
    assert_eq!(
        (bench.state(first.id), bench.state(second)),
        (S::Bought, S::Bought)
    );
    half.paper.destroyed = true;
    let wanted = bench.store.want_void_order(order, &half, bench.now).unwrap();
    assert_eq!(wanted.voids.len(), 2);
    let old = |id| bench.store.label(id).unwrap().aftermath.unwrap().old_label;
    assert_eq!(
        (old(first.id), old(second)),
        (Some(OldLabel::Scanned), Some(OldLabel::Destroyed))
    );
    settle(&mut bench, first.id, &VoidSettlement::Accepted);
    let status = |bench: &Bench| bench.store.order(order).unwrap().order.status;
    assert_eq!(status(&bench), OrderStatus::ReadyForPickup, "one still lives");
    let no = VoidSettlement::Refused {
        why: "window closed".to_owned(),
    };
    settle(&mut bench, second, &no);
    assert_eq!(
        status(&bench),
        OrderStatus::ReadyToPick,
        "one box is void and packed again, whatever the other one does"
    );
    assert_eq!(bench.state(second), S::VoidRefused);
    // Wanted again: what is void stays void, the refused one is asked anew.
    let again = wish(bench.packer, "again");
    let wanted = bench.store.want_void_order(order, &again, bench.now).unwrap();
    assert_eq!(wanted.voids, [second]);
    settle(&mut bench, second, &VoidSettlement::Accepted);
    assert_eq!(status(&bench), OrderStatus::ReadyToPick);
    bench.proven();
}

#[test]
fn the_void_of_one_box_leaves_the_other_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (mut bench, first, second) = two_boxes(&folder);
    bench.void(first.id);
    assert_eq!(
        (bench.state(first.id), bench.state(second)),
        (S::Voided, S::Bought)
    );
    let status = bench.store.order(first.order).unwrap().order.status;
    assert_eq!(status, OrderStatus::ReadyToPick, "what lay in it is packed again");
}
