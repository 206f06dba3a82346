//! The desk's numbers: counted with what they count, and told to who may see them.

use super::Case;
use super::station::{Bench, channel, line, number, refusal, start, unit, usd, verified};
use crate::domain::desk::report::LabelLine;
use crate::domain::desk::{AnswerTimes, Hour, OpenRefunds, Span, WorkHour};
use crate::domain::ids::UserId;
use crate::domain::packing::PackEvent;
use crate::domain::rows::OrderFilter;
use crate::domain::spend::Sum;
use crate::domain::status::OrderStatus;
use crate::domain::user::Permission;
use crate::store::{LabelLines, Refusal};
use chrono::TimeDelta;
use std::time::Duration;

pub(super) const CASES: &[Case] = &[
    (
        "scans are counted by hour and person, and what is taken out counts less",
        counted,
    ),
    ("refused scans are counted by form", refused),
    ("answer times are added up by hour and person", answered),
    ("seeing everybody's numbers needs the permission", permission),
    ("open orders are counted by the hour of their ship-by", by_ship_by),
    ("what was bought is summed by carrier", costs),
    ("refunds that are not decided are summed", refunds),
    ("labels are told of piece by piece, each once", labels),
    ("open orders are told of by ship-by, each once", orders),
];

/// The hours around now.
fn hours(bench: &Bench) -> (Hour, Hour) {
    let hour = Hour::of(bench.now);
    (hour.before(5), hour.next())
}

fn work(bench: &Bench, viewer: UserId) -> Vec<WorkHour> {
    bench.store.work_hours(viewer, hours(bench)).unwrap()
}

fn day() -> Span {
    Span {
        from: start() - TimeDelta::hours(12),
        to: start() + TimeDelta::days(3),
    }
}

fn counted(mut bench: Bench) {
    let order = bench.mugs(1, 2);
    let parcel = bench.open(order);
    bench.verify(order, &parcel, "MUG", 0..1);
    let told = |bench: &Bench| {
        let rows = work(bench, bench.supervisor);
        let each = rows
            .into_iter()
            .map(|row| (row.name, row.orders, row.units, row.scans));
        each.collect::<Vec<_>>()
    };
    assert_eq!(told(&bench), [("Ann".to_owned(), 0, 1, 1)]);
    let scan = bench.scan(order, &parcel, 1, verified("L1", 1, "MUG"));
    bench.store.accept_scan(&scan).unwrap();
    // Sent again it is harmless here too.
    bench.store.accept_scan(&scan).unwrap();
    assert_eq!(told(&bench), [("Ann".to_owned(), 1, 2, 2)]);
    bench.wait(TimeDelta::hours(1));
    let undone = PackEvent::Undone {
        scan: scan.id,
        units: vec![unit("L1", 1)],
        code: None,
    };
    let undo = bench.scan(order, &parcel, 2, undone);
    bench.store.accept_scan(&undo).unwrap();
    assert_eq!(
        told(&bench),
        [("Ann".to_owned(), 1, 2, 2), ("Ann".to_owned(), -1, -1, 1)]
    );
    // What is refused counts nothing.
    let late = bench.scan(order, &parcel, 9, verified("L1", 1, "MUG"));
    assert_eq!(refusal(bench.store.accept_scan(&late)), Refusal::OutOfOrder);
    assert_eq!(told(&bench).len(), 2);
}

fn refused(mut bench: Bench) {
    let (ann, now) = (bench.packer, bench.now);
    for reason in ["wrong item", "wrong item", "12 more in a row"] {
        bench
            .store
            .note_refused_scan(None, Some(ann), reason, now)
            .unwrap();
    }
    bench.store.note_refused_scan(None, None, "damaged", now).unwrap();
    let rows = bench
        .store
        .refused_scans(bench.supervisor, hours(&bench))
        .unwrap();
    let told: Vec<(&str, &str, u64)> = rows
        .iter()
        .map(|row| (row.name.as_str(), row.form.as_str(), row.scans))
        .collect();
    assert_eq!(
        told,
        [
            ("nobody signed in", "damaged", 1),
            ("Ann", "in a row", 12),
            ("Ann", "wrong item", 2)
        ]
    );
    let sums: Vec<u64> = work(&bench, bench.supervisor)
        .iter()
        .map(|row| row.refused)
        .collect();
    assert_eq!(sums, [1, 14]);
}

fn answered(mut bench: Bench) {
    let (ann, hour) = (bench.packer, Hour::of(bench.now));
    let mut times = AnswerTimes::default();
    times.add(Duration::from_millis(3));
    times.add(Duration::from_secs(9));
    bench.store.note_answers(ann, hour, &times).unwrap();
    bench.store.note_answers(ann, hour, &times).unwrap();
    bench
        .store
        .note_answers(bench.other, hour.before(1), &times)
        .unwrap();
    let rows = work(&bench, ann);
    times.merge(&times.clone());
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].answers, times);
}

fn permission(mut bench: Bench) {
    let want = bench.bought(1);
    bench.void(want.id);
    let (ann, bob, sue, now) = (bench.packer, bench.other, bench.supervisor, bench.now);
    bench
        .store
        .note_refused_scan(None, Some(ann), "surplus", now)
        .unwrap();
    let counts = |bench: &Bench, viewer| {
        let store = &bench.store;
        let refused = store.refused_scans(viewer, hours(bench)).unwrap();
        let lines = store
            .label_lines(viewer, LabelLines::Wanted, day(), None, 9)
            .unwrap();
        let voided = store
            .label_lines(viewer, LabelLines::Voided, day(), None, 9)
            .unwrap();
        [
            work(bench, viewer).len(),
            refused.len(),
            store.carrier_costs(viewer, day()).unwrap().len(),
            store.open_refunds(viewer, now).unwrap().len(),
            lines.len(),
            voided.len(),
        ]
    };
    assert_eq!(counts(&bench, sue), [1; 6]);
    assert_eq!(counts(&bench, ann), [1; 6], "their own");
    assert_eq!(counts(&bench, bob), [0; 6], "nothing of anybody else");
    assert!(bench.store.sees_everybody(sue).unwrap() && !bench.store.sees_everybody(bob).unwrap());
    let words = refusal(bench.store.order_lines(bob, OrderStatus::ReadyToPick, None, 9)).to_string();
    assert!(
        words.contains("may not") && words.contains(Permission::Reports.says()),
        "{words}"
    );
    // Given, it is seen; taken, no more; switched off, nothing at all.
    bench
        .store
        .grant(bob, Permission::Reports, Some(true), None, now)
        .unwrap();
    assert_eq!(counts(&bench, bob), [1; 6]);
    bench
        .store
        .grant(sue, Permission::Reports, Some(false), None, now)
        .unwrap();
    assert_eq!(counts(&bench, sue), [0; 6]);
    bench.store.switch(bob, false, None, now).unwrap();
    refusal(bench.store.work_hours(bob, hours(&bench)));
    refusal(bench.store.sees_everybody(bob));
}

fn by_ship_by(mut bench: Bench) {
    // Order n is due n hours after the start.
    for n in [0, 2, 2, 3, 7, 9] {
        let next =
            u32::try_from(bench.store.orders(&OrderFilter::default(), 0, 99).unwrap().total).unwrap() * 50;
        bench.mugs(n + next, 1);
    }
    let mut never = channel(40, vec![line("L1", "MUG", 1)]);
    never.ship_by.latest = None;
    bench.import(never);
    let gone = bench.mugs(3 + 50 * 9, 1);
    bench
        .store
        .set_status(
            gone,
            OrderStatus::Canceled,
            Some(bench.supervisor),
            "gone",
            bench.now,
        )
        .unwrap();
    let now = start() + TimeDelta::minutes(90);
    let open = bench.store.open_by_ship_by(now, 2).unwrap();
    let hour = Hour::of(start());
    assert_eq!(open.late, 1);
    assert_eq!(open.hours, [(Hour(hour.0 + 2), 2), (Hour(hour.0 + 3), 1)]);
    assert_eq!((open.later, open.total()), (3, 7));
    let all = bench.store.open_by_ship_by(now, 24).unwrap();
    assert_eq!((all.hours.len(), all.later), (4, 1));
    // Read in pieces they are the same.
    let mut pieces = bench.store.open_by_ship_by(now, 1).unwrap();
    for hours in [1, 2, 5] {
        let from = pieces.hours.last().unwrap().0.next().start();
        pieces.tell_apart(bench.store.due_hours(from, hours).unwrap());
    }
    assert_eq!(pieces, all);
    // Days later all are late but the one that has no ship-by.
    let late = bench
        .store
        .open_by_ship_by(start() + TimeDelta::days(9), 24)
        .unwrap();
    assert_eq!((late.late, late.hours.len(), late.later), (6, 0, 1));
    // Within the hour in which one is due, the part of it that is over is late.
    let within = bench
        .store
        .open_by_ship_by(start() + TimeDelta::minutes(121), 24)
        .unwrap();
    assert_eq!(within.late, 3);
}

fn costs(mut bench: Bench) {
    let voided = bench.bought(1);
    bench.void(voided.id);
    bench.bought(2);
    bench.wanted(3);
    bench.wait(TimeDelta::days(5));
    bench.bought(4);
    let rows = bench.store.carrier_costs(bench.supervisor, day()).unwrap();
    assert_eq!(rows.len(), 1, "{rows:?}");
    let sum = |labels, minor| Sum { labels, minor };
    assert_eq!((rows[0].live, rows[0].voided), (sum(1, 820), sum(1, 820)));
    assert_eq!(rows[0].refunded, Sum::default());
}

fn refunds(mut bench: Bench) {
    let want = bench.bought(1);
    bench.void(want.id);
    let open = |bench: &Bench| bench.store.open_refunds(bench.supervisor, bench.now).unwrap();
    let row = OpenRefunds {
        sum: Sum {
            labels: 1,
            minor: 820,
        },
        currency: usd(0).currency,
        overdue: 0,
    };
    assert_eq!(open(&bench), [row]);
    bench.wait(TimeDelta::days(61));
    assert_eq!(open(&bench), [OpenRefunds { overdue: 1, ..row }]);
    bench
        .store
        .book_refund(
            want.id,
            &crate::domain::refund::Booking::Paid(usd(820)),
            bench.supervisor,
            "seen on the statement",
            bench.now,
        )
        .unwrap();
    assert!(open(&bench).is_empty());
}

fn labels(mut bench: Bench) {
    for n in 1..=5 {
        bench.wanted(n);
        if n == 3 {
            bench.wait(TimeDelta::minutes(1));
        }
    }
    let mut seen = Vec::new();
    let mut after: Option<LabelLine> = None;
    loop {
        let lines = bench
            .store
            .label_lines(bench.supervisor, LabelLines::Wanted, day(), after.as_ref(), 2)
            .unwrap();
        seen.extend(lines.iter().map(|line| line.order.clone()));
        after = lines.into_iter().nth(1);
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, (1..=5).map(number).collect::<Vec<_>>());
    let none = Span {
        from: day().to,
        to: day().to + TimeDelta::days(1),
    };
    let lines = bench
        .store
        .label_lines(bench.supervisor, LabelLines::Wanted, none, None, 9)
        .unwrap();
    assert!(lines.is_empty());
}

fn orders(mut bench: Bench) {
    for n in [4, 1, 3, 2] {
        bench.mugs(n, n);
    }
    let first = bench
        .store
        .order_lines(bench.supervisor, OrderStatus::ReadyToPick, None, 3)
        .unwrap();
    let rest = bench
        .store
        .order_lines(bench.supervisor, OrderStatus::ReadyToPick, first.last(), 3)
        .unwrap();
    let told: Vec<u32> = first.iter().chain(&rest).map(|line| line.units).collect();
    assert_eq!(told, [1, 2, 3, 4]);
    assert_eq!(first[0].order, number(1));
}
