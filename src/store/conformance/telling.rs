//! What Amazon is told of labels that were bought elsewhere: once, with one reference, until it has surely heard.

use super::Case;
use super::outside::{number, packed, ready, told};
use super::station::{Bench, channel, coded, line, refusal, verified, wish};
use crate::domain::confirmation::ConfirmationState as C;
use crate::store::{ConfirmSettlement, RecordOutside, Refusal};
use chrono::TimeDelta;

pub(super) const CASES: &[Case] = &[
    (
        "what Amazon may know of a label that is taken back is said",
        taken_back_late,
    ),
    (
        "a box keeps its package number, another box gets the next",
        references,
    ),
    ("transparency codes are told, serial numbers are not", codes),
    (
        "confirmations are asked by the leader alone, and settled once",
        confirmed,
    ),
    ("a lost confirmation is asked again as it was sent", lost),
    ("a new lead makes what was asked unknown", new_lead),
    (
        "a refused confirmation is trouble until it is wanted again",
        told_again,
    ),
    (
        "a label bought through Amazon is never confirmed",
        never_confirmed,
    ),
];

fn taken_back_late(mut bench: Bench) {
    let record = ready(&mut bench, 1);
    bench.store.record_outside(&record, bench.now).unwrap();
    let lead = bench.lead();
    bench
        .store
        .begin_confirming(lead, record.id, "{}", bench.now)
        .unwrap();
    let heard = ConfirmSettlement::Confirmed {
        why: None,
        request_id: None,
    };
    bench
        .store
        .settle_confirmation(record.id, &heard, bench.now)
        .unwrap();
    bench
        .store
        .want_void(record.id, &wish(bench.packer, "damaged"), bench.now)
        .unwrap();
    assert_eq!(told(&bench, &record).state, C::Confirmed);
    let history = bench.store.order(record.order).unwrap().history;
    assert!(
        history
            .iter()
            .any(|row| row.what.contains("Amazon may know tracking number"))
    );
    // Another label of the same box edits the same package.
    let mut again = packed(&mut bench, record.order);
    again.tracking = number(1).to_owned();
    bench.store.record_outside(&again, bench.now).unwrap();
    assert_eq!(told(&bench, &again).shipped.reference, 1);
}

fn references(mut bench: Bench) {
    let first = ready(&mut bench, 1);
    bench.store.record_outside(&first, bench.now).unwrap();
    let mut other = ready(&mut bench, 2);
    other.tracking = number(1).to_owned();
    bench.store.record_outside(&other, bench.now).unwrap();
    // Each order of Amazon's counts for itself.
    assert_eq!(told(&bench, &first).shipped.reference, 1);
    assert_eq!(told(&bench, &other).shipped.reference, 1);
}

fn codes(mut bench: Bench) {
    let mut coded_line = line("L1", "MUG", 1);
    coded_line.transparency = true;
    let mut serial_line = line("L2", "PAN", 1);
    serial_line.serial_required = true;
    let order = bench.import(channel(1, vec![coded_line, serial_line]));
    let parcel = bench.open(order);
    let code = "AZ:L1Z2H38F4C5Q6R7E5K6Z1C2K3E";
    for (place, event) in [
        verified("L1", 0, "MUG"),
        coded("L1", 0, code),
        verified("L2", 0, "PAN"),
        coded("L2", 0, "SN-778899"),
    ]
    .into_iter()
    .enumerate()
    {
        let sequence = u32::try_from(place).unwrap();
        let scan = bench.scan(order, &parcel, sequence, event);
        bench.store.accept_scan(&scan).unwrap();
    }
    let record = RecordOutside {
        order,
        box_id: parcel.id,
        turn: parcel.turn,
        ..ready(&mut bench, 2)
    };
    bench.store.record_outside(&record, bench.now).unwrap();
    let items = told(&bench, &record).shipped.items;
    assert_eq!(items[0].codes, [code]);
    assert!(items[1].codes.is_empty() && items[1].quantity == 1);
}

fn confirmed(mut bench: Bench) {
    let record = ready(&mut bench, 1);
    bench.store.record_outside(&record, bench.now).unwrap();
    let old = bench.lead();
    let lead = bench.lead();
    assert_eq!(
        refusal(bench.store.begin_confirming(old, record.id, "{}", bench.now)),
        Refusal::NotLeader
    );
    assert_eq!(
        bench
            .store
            .begin_confirming(lead, record.id, "{\"a\":1}", bench.now)
            .unwrap(),
        1
    );
    assert!(
        bench
            .store
            .begin_confirming(lead, record.id, "{}", bench.now)
            .is_err()
    );
    assert!(bench.store.confirmations_at_work().unwrap().is_empty());
    assert_eq!(bench.store.waiting().unwrap().confirmations, 1);
    let heard = ConfirmSettlement::Confirmed {
        why: None,
        request_id: Some("r".to_owned()),
    };
    let row = bench
        .store
        .settle_confirmation(record.id, &heard, bench.now)
        .unwrap();
    assert_eq!(
        (row.state, row.request.as_deref()),
        (C::Confirmed, Some("{\"a\":1}"))
    );
    // A failure after the success changes nothing.
    let no = ConfirmSettlement::Refused {
        why: "late".to_owned(),
        request_id: None,
    };
    assert_eq!(
        bench
            .store
            .settle_confirmation(record.id, &no, bench.now)
            .unwrap(),
        row
    );
    assert_eq!(bench.store.waiting().unwrap().confirmations, 0);
    assert!(
        bench
            .store
            .want_confirmation(record.id, bench.packer, bench.now)
            .is_err()
    );
}

fn lost(mut bench: Bench) {
    let record = ready(&mut bench, 1);
    bench.store.record_outside(&record, bench.now).unwrap();
    let lead = bench.lead();
    bench
        .store
        .begin_confirming(lead, record.id, "first", bench.now)
        .unwrap();
    let not_before = Some(bench.now + TimeDelta::seconds(4));
    let unknown = ConfirmSettlement::Unknown {
        why: "broke off".to_owned(),
        not_before,
    };
    let row = bench
        .store
        .settle_confirmation(record.id, &unknown, bench.now)
        .unwrap();
    assert_eq!(
        (row.state, row.in_doubt, row.not_before),
        (C::Unknown, true, not_before)
    );
    bench
        .store
        .begin_confirming(lead, record.id, "second", bench.now)
        .unwrap();
    let waits = ConfirmSettlement::NotSent {
        why: "429".to_owned(),
        not_before: None,
    };
    let row = bench
        .store
        .settle_confirmation(record.id, &waits, bench.now)
        .unwrap();
    assert_eq!(
        (row.state, row.request.as_deref(), row.attempts),
        (C::Unknown, Some("first"), 2)
    );
}

fn new_lead(mut bench: Bench) {
    let record = ready(&mut bench, 1);
    bench.store.record_outside(&record, bench.now).unwrap();
    let lead = bench.lead();
    bench
        .store
        .begin_confirming(lead, record.id, "{}", bench.now)
        .unwrap();
    let lead = bench.lead();
    let row = told(&bench, &record);
    assert_eq!((row.state, row.in_doubt), (C::Unknown, true));
    bench
        .store
        .begin_confirming(lead, record.id, "{}", bench.now)
        .unwrap();
}

fn told_again(mut bench: Bench) {
    let record = ready(&mut bench, 1);
    bench.store.record_outside(&record, bench.now).unwrap();
    let lead = bench.lead();
    bench
        .store
        .begin_confirming(lead, record.id, "first", bench.now)
        .unwrap();
    let no = ConfirmSettlement::Refused {
        why: "OrderItemId is invalid".to_owned(),
        request_id: None,
    };
    let row = bench
        .store
        .settle_confirmation(record.id, &no, bench.now)
        .unwrap();
    assert!(row.words().contains("AMAZON WAS NOT TOLD: OrderItemId"));
    let trouble = |bench: &Bench| {
        let page = bench
            .store
            .orders(&crate::domain::rows::OrderFilter::default(), 0, 10)
            .unwrap();
        page.rows.iter().any(|row| row.trouble)
    };
    assert!(trouble(&bench));
    bench
        .store
        .want_confirmation(record.id, bench.packer, bench.now)
        .unwrap();
    assert!(!trouble(&bench));
    let row = told(&bench, &record);
    assert_eq!((row.state, row.request), (C::Wanted, None));
    bench
        .store
        .begin_confirming(lead, record.id, "second", bench.now)
        .unwrap();
    bench
        .store
        .settle_confirmation(record.id, &no, bench.now)
        .unwrap();
    bench
        .store
        .want_void(record.id, &wish(bench.packer, "give up"), bench.now)
        .unwrap();
    assert!(!trouble(&bench));
    assert!(
        bench
            .store
            .want_confirmation(record.id, bench.packer, bench.now)
            .is_err()
    );
}

fn never_confirmed(mut bench: Bench) {
    let want = bench.bought(1);
    assert!(bench.store.confirmations_of(want.order).unwrap().is_empty());
    assert!(bench.store.confirmations_at_work().unwrap().is_empty());
    let lead = bench.lead();
    assert!(
        bench
            .store
            .begin_confirming(lead, want.id, "{}", bench.now)
            .is_err()
    );
    assert!(
        bench
            .store
            .want_confirmation(want.id, bench.packer, bench.now)
            .is_err()
    );
}
