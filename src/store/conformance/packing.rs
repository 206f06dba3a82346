//! Accepted scans, turns at a box, the unit index and the code index.

use super::Case;
use super::station::{Bench, channel, coded, line, no_box, refusal, unit, verified};
use crate::domain::ids::{Epoch, Sku};
use crate::domain::packing::{PackEvent, PackingSession};
use crate::domain::rate::Confirmation;
use crate::domain::rows::CodeUse;
use crate::domain::status::OrderStatus;
use crate::domain::transparency::UnitCode;
use crate::domain::units::{Weight, WeightUnit};
use crate::store::{BoxDetails, Refusal, StoreError};

const CODE: &str = "AZ:ABCDEFGHIJKLMNOPQRSTUVWXYZ";

pub(super) const CASES: &[Case] = &[
    ("opening an order makes a box and a turn", opening),
    ("another packer's box is taken over only on purpose", taking_over),
    ("an accepted scan is there, at the same unit", accepted),
    ("the same scan twice is harmless", twice),
    ("a scan of an older turn is refused", older_turn),
    ("a scan out of its sequence is refused", sequence),
    ("a unit lies in one box only", unit_once),
    ("a unit that was not ordered is refused", unknown_unit),
    ("a frozen box takes no scan, no weight, no turn", frozen),
    ("a refused scan changes nothing", nothing_stays),
    ("a code belongs to its unit", code_once),
    ("a code may be scanned anew for the same unit", code_replaced),
    (
        "after a void the same codes stand for the same line again",
        code_after_void,
    ),
    ("an override names a reason and who did it", overridden),
    ("an order that is not being packed takes no scan", not_packing),
    ("weight and size are more than nothing", sizes),
    ("a refused scan is noted", refused_scans),
];

fn opening(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let parcel = bench.open(order);
    assert_eq!((parcel.number, parcel.owner), (1, Some(bench.packer)));
    assert_eq!(parcel.confirmation, Confirmation::DeliveryConfirmation);
    let detail = bench.store.order(order).unwrap();
    assert_eq!(detail.order.status, OrderStatus::InPacking);
    assert_eq!(detail.boxes, std::slice::from_ref(&parcel));
    let again = bench.open(order);
    assert_eq!(again.id, parcel.id);
    assert!(
        again.turn > parcel.turn,
        "an older program of the same packer is out"
    );
}

fn taking_over(mut bench: Bench) {
    let order = bench.mugs(1, 2);
    let parcel = bench.open(order);
    bench.verify(order, &parcel, "MUG", 0..1);
    let other = bench.other;
    let begin = |bench: &mut Bench, take_over| {
        bench
            .store
            .begin_packing(order, other, take_over, Confirmation::Signature, bench.now)
    };
    assert_eq!(
        refusal(begin(&mut bench, false)),
        Refusal::OwnedBy {
            owner: "Ann".to_owned()
        }
    );
    let theirs = begin(&mut bench, true).unwrap();
    assert_eq!(
        theirs.confirmation,
        Confirmation::DeliveryConfirmation,
        "the box keeps its own"
    );
    let late = bench.scan(order, &parcel, 1, verified("L1", 1, "MUG"));
    assert_eq!(
        refusal(bench.store.accept_scan(&late)),
        Refusal::TakenOver {
            owner: "Bob".to_owned()
        }
    );
    let next = bench.scan(order, &theirs, 1, verified("L1", 1, "MUG"));
    bench.store.accept_scan(&next).unwrap();
}

fn accepted(mut bench: Bench) {
    let order = bench.mugs(1, 2);
    let parcel = bench.open(order);
    let scan = bench.scan(order, &parcel, 0, verified("L1", 0, "MUG"));
    bench.store.accept_scan(&scan).unwrap();
    let detail = bench.store.order(order).unwrap();
    assert_eq!(detail.scans, [scan]);
    let session = PackingSession::replay(&detail.order.channel.lines, &detail.products, &detail.scans);
    assert_eq!(session.progress()[0].verified, 1);
}

fn twice(mut bench: Bench) {
    let order = bench.mugs(1, 2);
    let parcel = bench.open(order);
    let scan = bench.scan(order, &parcel, 0, verified("L1", 0, "MUG"));
    bench.store.accept_scan(&scan).unwrap();
    bench.store.accept_scan(&scan).unwrap();
    assert_eq!(bench.store.order(order).unwrap().scans.len(), 1);
}

fn older_turn(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let old = bench.open(order);
    bench.open(order);
    let scan = bench.scan(order, &old, 0, verified("L1", 0, "MUG"));
    assert!(matches!(
        refusal(bench.store.accept_scan(&scan)),
        Refusal::TakenOver { .. }
    ));
}

fn sequence(mut bench: Bench) {
    let order = bench.mugs(1, 2);
    let parcel = bench.open(order);
    let early = bench.scan(order, &parcel, 1, verified("L1", 0, "MUG"));
    assert_eq!(refusal(bench.store.accept_scan(&early)), Refusal::OutOfOrder);
    bench.verify(order, &parcel, "MUG", 0..1);
    let late = bench.scan(order, &parcel, 0, verified("L1", 1, "MUG"));
    assert_eq!(refusal(bench.store.accept_scan(&late)), Refusal::OutOfOrder);
}

fn unit_once(mut bench: Bench) {
    let order = bench.mugs(1, 2);
    let parcel = bench.open(order);
    bench.verify(order, &parcel, "MUG", 0..1);
    let again = bench.scan(order, &parcel, 1, verified("L1", 0, "MUG"));
    assert_eq!(refusal(bench.store.accept_scan(&again)), Refusal::UnitPacked);
    let case = PackEvent::Verified {
        units: vec![unit("L1", 1), unit("L1", 1)],
        sku: Sku::from("MUG"),
    };
    let twice_in_one = bench.scan(order, &parcel, 1, case);
    assert_eq!(
        refusal(bench.store.accept_scan(&twice_in_one)),
        Refusal::UnitPacked
    );
}

fn unknown_unit(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let parcel = bench.open(order);
    for (line, number) in [("L1", 1), ("L9", 0)] {
        let scan = bench.scan(order, &parcel, 0, verified(line, number, "MUG"));
        refusal(bench.store.accept_scan(&scan));
    }
}

fn frozen(mut bench: Bench) {
    let want = bench.wanted(1);
    let parcel = bench.store.order(want.order).unwrap().boxes[0].clone();
    let frozen = Refusal::BoxFrozen(1, "wanted");
    let scan = bench.scan(want.order, &parcel, 1, coded("L1", 0, CODE));
    assert_eq!(refusal(bench.store.accept_scan(&scan)), frozen);
    let details = BoxDetails {
        confirmation: Some(Confirmation::Signature),
        ..BoxDetails::default()
    };
    let packer = bench.packer;
    let set = bench
        .store
        .set_box(parcel.id, parcel.turn, &details, packer, bench.now);
    assert_eq!(refusal(set), frozen);
    let begin = bench
        .store
        .begin_packing(want.order, packer, true, Confirmation::Signature, bench.now);
    assert_eq!(refusal(begin), frozen);
    let request = bench.request(want.order, &parcel);
    assert_eq!(refusal(bench.store.want_quote(&request, bench.now)), frozen);
}

fn nothing_stays(mut bench: Bench) {
    let order = bench.mugs(1, 3);
    let parcel = bench.open(order);
    bench.verify(order, &parcel, "MUG", 0..1);
    let version = bench.store.order(order).unwrap();
    let case = PackEvent::Verified {
        units: vec![unit("L1", 1), unit("L1", 0)],
        sku: Sku::from("MUG"),
    };
    let half = bench.scan(order, &parcel, 1, case);
    refusal(bench.store.accept_scan(&half));
    assert_eq!(bench.store.order(order).unwrap(), version);
    bench.verify(order, &parcel, "MUG", 1..3);
}

/// Two orders of two mugs, each with its first unit verified.
fn two_orders(bench: &mut Bench) -> [(crate::domain::ids::OrderId, crate::domain::rows::BoxRow); 2] {
    [1, 2].map(|n| {
        let order = bench.import(channel(n, vec![line("L1", "MUG", 2), line("L2", "PAN", 1)]));
        let parcel = bench.open(order);
        bench.verify(order, &parcel, "MUG", 0..2);
        (order, parcel)
    })
}

fn code_once(mut bench: Bench) {
    let [(one, box_one), (two, box_two)] = two_orders(&mut bench);
    let scan = bench.scan(one, &box_one, 2, coded("L1", 0, CODE));
    bench.store.accept_scan(&scan).unwrap();
    let used = CodeUse {
        number: super::station::number(1),
        line: "L1".into(),
    };
    assert_eq!(bench.store.code_use(&CODE.to_lowercase()).unwrap(), Some(used));
    assert_eq!(bench.store.code_use("AZ:OTHER").unwrap(), None);
    let number = super::station::number(1);
    let in_other_order = bench.scan(two, &box_two, 2, coded("L1", 0, CODE));
    assert_eq!(
        refusal(bench.store.accept_scan(&in_other_order)),
        Refusal::CodeUsed(number.clone())
    );
    for (line, unit) in [("L1", 1), ("L2", 0)] {
        let other_unit = bench.scan(one, &box_one, 3, coded(line, unit, &CODE.to_lowercase()));
        assert_eq!(
            refusal(bench.store.accept_scan(&other_unit)),
            Refusal::CodeUsed(number.clone())
        );
    }
}

fn code_replaced(mut bench: Bench) {
    let [(one, box_one), (two, box_two)] = two_orders(&mut bench);
    for (sequence, code) in [(2, "SERIAL-1"), (3, "SERIAL-2"), (4, "SERIAL-1")] {
        let scan = bench.scan(one, &box_one, sequence, coded("L1", 0, code));
        bench.store.accept_scan(&scan).unwrap();
    }
    let elsewhere = bench.scan(two, &box_two, 2, coded("L1", 0, "SERIAL-2"));
    assert!(matches!(
        refusal(bench.store.accept_scan(&elsewhere)),
        Refusal::CodeUsed(_)
    ));
}

fn code_after_void(mut bench: Bench) {
    let mut word = channel(1, vec![line("L1", "MUG", 2)]);
    word.lines[0].transparency = true;
    let order = bench.import(word);
    let pack = |bench: &mut Bench, codes: [&str; 2]| {
        let parcel = bench.open(order);
        bench.verify(order, &parcel, "MUG", 0..2);
        for (unit, code) in (0_u32..).zip(codes) {
            let scan = bench.scan(order, &parcel, unit + 2, coded("L1", unit, code));
            bench.store.accept_scan(&scan).unwrap();
        }
        let parcel = bench.weigh(&parcel);
        let quote = bench.quote(order, &parcel, vec![super::station::rate("r1", 820)]);
        let want = bench.want(order, &parcel, quote);
        bench.store.want_label(&want, bench.now).unwrap();
        want
    };
    let want = pack(&mut bench, ["SERIAL-A", "SERIAL-B"]);
    let lead = bench.lead();
    bench.ask(lead, want.id).unwrap();
    bench.settle(want.id, &super::station::bought("1Z1"));
    bench.void(want.id);
    let other = bench.mugs(2, 1);
    let parcel = bench.open(other);
    bench.verify(other, &parcel, "MUG", 0..1);
    let stolen = bench.scan(other, &parcel, 1, coded("L1", 0, "SERIAL-A"));
    assert!(
        matches!(refusal(bench.store.accept_scan(&stolen)), Refusal::CodeUsed(_)),
        "a voided order's codes are still its own"
    );
    // The units of a line are alike: the packer takes them in any order.
    pack(&mut bench, ["SERIAL-B", "SERIAL-A"]);
}

fn overridden(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let parcel = bench.open(order);
    bench.verify(order, &parcel, "MUG", 0..1);
    let supervisor = bench.supervisor;
    let event = |reason: &str| PackEvent::Coded {
        unit: unit("L1", 0),
        code: UnitCode::Overridden {
            reason: reason.to_owned(),
            by: supervisor,
        },
    };
    let empty = bench.scan(order, &parcel, 1, event("  "));
    refusal(bench.store.accept_scan(&empty));
    let scan = bench.scan(order, &parcel, 1, event("the sticker is missing"));
    bench.store.accept_scan(&scan).unwrap();
    let history = bench.store.history(order).unwrap();
    assert_eq!(history[0].by.as_deref(), Some("Sue"));
    assert!(history[0].what.contains("the sticker is missing"));
}

fn not_packing(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let parcel = bench.open(order);
    bench
        .store
        .set_status(order, OrderStatus::OnHold, Some(bench.packer), "wait", bench.now)
        .unwrap();
    let scan = bench.scan(order, &parcel, 0, verified("L1", 0, "MUG"));
    assert!(matches!(
        refusal(bench.store.accept_scan(&scan)),
        Refusal::CannotShip(_)
    ));
}

fn sizes(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let parcel = bench.open(order);
    let details = BoxDetails {
        weight: Some(Weight {
            thousandths: 0,
            unit: WeightUnit::Lb,
        }),
        ..BoxDetails::default()
    };
    let packer = bench.packer;
    refusal(
        bench
            .store
            .set_box(parcel.id, parcel.turn, &details, packer, bench.now),
    );
    let set = bench.store.set_box(
        parcel.id,
        Epoch(parcel.turn.0 + 1),
        &BoxDetails::default(),
        packer,
        bench.now,
    );
    assert!(matches!(refusal(set), Refusal::TakenOver { .. }));
    let nowhere = bench
        .store
        .set_box(no_box(), parcel.turn, &details, packer, bench.now);
    assert!(matches!(nowhere, Err(StoreError::NotFound { .. })));
    let weighed = bench.weigh(&parcel);
    assert_eq!(bench.store.order(order).unwrap().boxes, [weighed]);
}

fn refused_scans(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    bench
        .store
        .note_refused_scan(Some(order), Some(bench.packer), "unknown code", bench.now)
        .unwrap();
    bench
        .store
        .note_refused_scan(None, None, "damaged", bench.now)
        .unwrap();
    let history = bench.store.history(order).unwrap();
    assert_eq!(history[0].what, "scan refused: unknown code");
    assert_eq!(history[0].by.as_deref(), Some("Ann"));
}
