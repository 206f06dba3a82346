//! The audit log: what spends, voids, overrides or reveals stands in it, is found, and the chain holds.

use super::Case;
use super::station::{Bench, number, wish};
use crate::domain::audit::AuditFilter;
use chrono::TimeDelta;

pub(super) const CASES: &[Case] = &[
    (
        "whoever buys, voids, reveals or adds people stands in the audit log",
        who_did_what,
    ),
    (
        "the audit log is searched by words, person, order and time",
        searched,
    ),
    ("a refused change leaves no row in the audit log", refused),
];

fn who_did_what(mut bench: Bench) {
    let want = bench.bought(1);
    bench
        .store
        .note_revealed(want.order, bench.supervisor, "customer's data shown", bench.now)
        .unwrap();
    bench
        .store
        .want_void(want.id, &wish(bench.other, "wrong box"), bench.now)
        .unwrap();
    let rows = bench.store.audit(&AuditFilter::default(), 0, 100).unwrap().rows;
    for (who, part, order) in [
        ("Ann", "label wanted", Some(number(1))),
        ("Sue", "customer's data shown", Some(number(1))),
        ("Bob", "void wanted", Some(number(1))),
    ] {
        let found = rows
            .iter()
            .any(|row| row.who.as_deref() == Some(who) && row.what.contains(part) && row.order == order);
        assert!(found, "{who} {part}: {rows:?}");
    }
    assert!(
        rows.iter().any(|row| row.what.contains("user Sue added")),
        "{rows:?}"
    );
    let proof = bench.store.verify_audit().unwrap().unwrap();
    assert_eq!(usize::try_from(proof.rows).unwrap(), rows.len());
    assert_eq!(proof.hash, rows[0].hash);
}

fn searched(mut bench: Bench) {
    bench.wanted(1);
    let between = bench.now + TimeDelta::minutes(1);
    bench.wait(TimeDelta::hours(1));
    bench.wanted(2);
    let count = |filter: AuditFilter| bench.store.audit(&filter, 0, 100).unwrap().total;
    let all = count(AuditFilter::default());
    let text = |text: &str| AuditFilter {
        text: text.to_owned(),
        ..AuditFilter::default()
    };
    assert_eq!(count(text("LABEL wanted")), 2);
    assert_eq!(count(text("wanted ann 0000002")), 1);
    assert_eq!(count(text("nothing like it")), 0);
    assert_eq!(count(text("100%' OR 1")), 0);
    let order = AuditFilter {
        order: Some(number(2)),
        ..AuditFilter::default()
    };
    let of_two = count(order);
    assert!(of_two > 0 && of_two < all);
    let who = |who: &str| AuditFilter {
        who: Some(who.to_owned()),
        ..AuditFilter::default()
    };
    assert_eq!((count(who("ann")) > 0, count(who("Nobody"))), (true, 0));
    let since = AuditFilter {
        since: Some(between),
        ..AuditFilter::default()
    };
    let until = AuditFilter {
        until: Some(between),
        ..AuditFilter::default()
    };
    assert_eq!(count(since.clone()) + count(until), all);
    assert!(count(since) > 0);
    // Windows, newest first, without holes; the pieces of an export, oldest first.
    let page = bench.store.audit(&AuditFilter::default(), 1, 2).unwrap();
    assert_eq!((page.first, page.rows.len(), page.total), (1, 2, all));
    assert_eq!(page.rows[0].row, page.rows[1].row + 1);
    let after = bench.store.audit_after(1, 2).unwrap();
    assert_eq!(after.iter().map(|row| row.row).collect::<Vec<_>>(), [2, 3]);
}

fn refused(mut bench: Bench) {
    let want = bench.wanted(1);
    let before = bench.store.verify_audit().unwrap().unwrap();
    // The label is not bought yet: there is nothing to void.
    bench
        .store
        .want_void(want.id, &wish(bench.packer, "too early"), bench.now)
        .unwrap_err();
    assert_eq!(bench.store.verify_audit().unwrap().unwrap(), before);
}
