//! Why a method was picked, and the scans behind a label.

use super::Case;
use super::station::{Bench, rate, tracking};
use crate::domain::explain::replay;
use crate::domain::order::AssignedMethod;
use crate::store::AssignMethod;

pub(super) const CASES: &[Case] = &[
    ("what explains a label is kept with the wish for it", kept),
    (
        "a method chosen by hand is explained with what would have been picked",
        by_hand,
    ),
    ("the scans are there after a void, round by round", rounds),
];

fn kept(mut bench: Bench) {
    let want = bench.wanted(1);
    let facts = bench.store.why(want.order).unwrap();
    let [(label, why)] = &facts.labels[..] else {
        panic!("{facts:?}")
    };
    assert_eq!(*label, want.id);
    assert_eq!(why.picked.as_deref(), Some("UPS Ground $8.20"));
    assert_eq!(
        why.rule,
        "no method is assigned: the cheapest that passes every rule"
    );
    assert_eq!((why.offers.len(), why.offers[0].verdict.as_str()), (1, "PICKED"));
    assert!(facts.policies.is_none());
    // It stands whatever becomes of quote and label.
    bench
        .store
        .withdraw_label(want.id, bench.packer, bench.now)
        .unwrap();
    assert_eq!(bench.store.why(want.order).unwrap().labels, facts.labels);
}

fn by_hand(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let wanted = AssignMethod {
        order,
        method: AssignedMethod::parse("carrier:UPS").unwrap(),
        by: bench.packer,
        reason: "contract".to_owned(),
    };
    bench.store.assign_method(&wanted, bench.now).unwrap();
    let parcel = bench.open(order);
    bench.verify(order, &parcel, "MUG", 0..1);
    let parcel = bench.weigh(&parcel);
    let mut cheap = rate("r2", 500);
    cheap.service_id = "UPS_PTP_SAVER".to_owned();
    cheap.service = "UPS Saver".to_owned();
    let quote = bench.quote(order, &parcel, vec![rate("r1", 820), cheap]);
    let mut want = bench.want(order, &parcel, quote);
    want.reason = Some("the saver is late here".to_owned());
    bench.store.want_label(&want, bench.now).unwrap();
    let facts = bench.store.why(order).unwrap();
    let why = &facts.labels[0].1;
    assert_eq!(
        why.rule,
        "chosen by hand (the saver is late here); by itself it would have been UPS Saver $5.00"
    );
    assert!(
        why.assigned.contains("assigned by Ann (contract)"),
        "{}",
        why.assigned
    );
    let verdicts: Vec<&str> = why.offers.iter().map(|offer| offer.verdict.as_str()).collect();
    assert_eq!(verdicts, ["passes", "PICKED"]);
}

fn rounds(mut bench: Bench) {
    let want = bench.bought(1);
    bench.void(want.id);
    let again = bench.pack(want.order);
    bench.store.want_label(&again, bench.now).unwrap();
    let facts = bench.store.why(want.order).unwrap();
    assert_eq!(facts.labels.len(), 2, "{}", tracking(1));
    let detail = bench.store.order(want.order).unwrap();
    let replayed = replay(&detail, &facts.scans);
    let told: Vec<(u32, &str, u32, u32)> = replayed
        .iter()
        .map(|one| (one.scan.round, one.words.as_str(), one.verified, one.wanted))
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].0 < told[1].0, "{told:?}");
    assert!(
        told.iter()
            .all(|one| (one.1, one.2, one.3) == ("MUG scanned", 1, 1)),
        "{told:?}"
    );
    assert_eq!(replayed[0].scan.by, "Ann");
}
