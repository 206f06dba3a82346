//! Print jobs: one station each, never twice by themselves, never for a label that is being voided.

use super::Case;
use super::station::{Bench, refusal, station, wish};
use crate::domain::ids::{PrintJobId, StationId};
use crate::domain::rows::PrintState;
use crate::domain::shipment::LabelState;
use crate::domain::status::OrderStatus;

pub(super) const CASES: &[Case] = &[
    ("printed: the copy counts, the order is Shipped", printed),
    ("with manifests on, printing does not ship", with_manifests),
    ("a job belongs to its station", stations),
    ("a job is sent once", sent_once),
    ("a label whose void is wanted is not printed", void_wanted),
    (
        "a void that is wanted while the sheet comes out goes on",
        void_meanwhile,
    ),
    (
        "a label that is held before its sheet goes out is not printed",
        held_meanwhile,
    ),
    ("a failed sheet waits for a hand", failed),
    (
        "a job found half sent is doubtful, and a person ends it",
        doubtful,
    ),
    ("a label is printed again by hand without buying again", again),
    ("what was not bought or is voided is not printed", not_printable),
];

fn first_job(bench: &Bench) -> PrintJobId {
    bench.store.print_jobs(&station()).unwrap()[0].id
}

fn status(bench: &Bench, order: crate::domain::ids::OrderId) -> OrderStatus {
    bench.store.order(order).unwrap().order.status
}

fn printed(mut bench: Bench) {
    let want = bench.bought(1);
    let job = first_job(&bench);
    let work = bench.store.begin_printing(job, bench.now).unwrap().unwrap();
    assert_eq!(
        (work.job.state, work.order, work.job.copy),
        (PrintState::Sending, want.order, 1)
    );
    assert_eq!(work.document.bytes.as_bytes(), b"sealed label");
    assert_eq!(work.key.bytes, b"wrapped");
    for _ in 0..2 {
        bench.store.end_printing(job, Ok(()), false, bench.now).unwrap();
    }
    let label = bench.store.label(want.id).unwrap();
    assert_eq!((label.state, label.printed), (LabelState::Printed, 1));
    assert_eq!(status(&bench, want.order), OrderStatus::Shipped);
    assert!(bench.store.print_jobs(&station()).unwrap().is_empty());
    assert_eq!(bench.store.waiting().unwrap().prints, 0);
    bench.void(want.id);
    assert_eq!(status(&bench, want.order), OrderStatus::ReadyToPick);
}

fn with_manifests(mut bench: Bench) {
    let want = bench.bought(1);
    let job = first_job(&bench);
    bench.store.begin_printing(job, bench.now).unwrap();
    bench.store.end_printing(job, Ok(()), true, bench.now).unwrap();
    assert_eq!(status(&bench, want.order), OrderStatus::ReadyForPickup);
    assert_eq!(bench.state(want.id), LabelState::Printed);
}

fn stations(mut bench: Bench) {
    let want = bench.bought(1);
    let other = StationId::from("bench-2");
    assert!(bench.store.print_jobs(&other).unwrap().is_empty());
    let job = bench
        .store
        .want_print(want.id, &other, bench.packer, bench.now)
        .unwrap();
    let jobs = bench.store.print_jobs(&other).unwrap();
    assert_eq!((jobs[0].id, jobs[0].copy), (job, 2));
    bench.store.begin_printing(job, bench.now).unwrap();
    assert_eq!(bench.store.doubt_printing(&station(), bench.now).unwrap(), 0);
    assert_eq!(
        bench.store.print_jobs(&other).unwrap()[0].state,
        PrintState::Sending
    );
}

fn sent_once(mut bench: Bench) {
    bench.bought(1);
    let job = first_job(&bench);
    assert!(bench.store.begin_printing(job, bench.now).unwrap().is_some());
    assert!(bench.store.begin_printing(job, bench.now).unwrap().is_none());
}

fn void_wanted(mut bench: Bench) {
    let want = bench.bought(1);
    let job = first_job(&bench);
    bench
        .store
        .want_void(want.id, &wish(bench.packer, "wrong"), bench.now)
        .unwrap();
    assert!(bench.store.begin_printing(job, bench.now).unwrap().is_none());
    assert!(bench.store.print_jobs(&station()).unwrap().is_empty());
    refusal(bench.store.end_printing(job, Ok(()), false, bench.now));
    assert_eq!(bench.store.label(want.id).unwrap().printed, 0);
    refusal(
        bench
            .store
            .want_print(want.id, &station(), bench.packer, bench.now),
    );
}

fn void_meanwhile(mut bench: Bench) {
    let want = bench.bought(1);
    let job = first_job(&bench);
    bench.store.begin_printing(job, bench.now).unwrap();
    bench
        .store
        .want_void(want.id, &wish(bench.packer, "wrong"), bench.now)
        .unwrap();
    bench.store.end_printing(job, Ok(()), false, bench.now).unwrap();
    let label = bench.store.label(want.id).unwrap();
    assert_eq!((label.state, label.printed), (LabelState::VoidWanted, 1));
    assert_eq!(status(&bench, want.order), OrderStatus::ReadyForPickup);
}

fn held_meanwhile(mut bench: Bench) {
    let want = bench.bought(1);
    let job = first_job(&bench);
    let label = bench.settle(want.id, &super::station::bought("1ZOTHER"));
    assert!(label.held);
    assert!(bench.store.begin_printing(job, bench.now).unwrap().is_none());
    assert!(bench.store.print_jobs(&station()).unwrap().is_empty());
}

fn failed(mut bench: Bench) {
    let want = bench.bought(1);
    let job = first_job(&bench);
    bench.store.begin_printing(job, bench.now).unwrap();
    let no_paper = Err("no paper".to_owned());
    bench.store.end_printing(job, no_paper, false, bench.now).unwrap();
    let jobs = bench.store.print_jobs(&station()).unwrap();
    assert_eq!(
        (jobs[0].state, jobs[0].reason.as_deref()),
        (PrintState::Failed, Some("no paper"))
    );
    assert!(bench.store.begin_printing(job, bench.now).unwrap().is_none());
    assert_eq!(bench.state(want.id), LabelState::Bought);
    let next = bench
        .store
        .want_print(want.id, &station(), bench.packer, bench.now)
        .unwrap();
    bench.store.begin_printing(next, bench.now).unwrap();
    bench.store.end_printing(next, Ok(()), false, bench.now).unwrap();
    assert!(bench.store.print_jobs(&station()).unwrap().is_empty());
}

fn doubtful(mut bench: Bench) {
    let want = bench.bought(1);
    let job = first_job(&bench);
    bench.store.begin_printing(job, bench.now).unwrap();
    assert_eq!(bench.store.doubt_printing(&station(), bench.now).unwrap(), 1);
    let jobs = bench.store.print_jobs(&station()).unwrap();
    assert_eq!(jobs[0].state, PrintState::Doubtful);
    assert!(bench.store.begin_printing(job, bench.now).unwrap().is_none());
    bench.store.end_printing(job, Ok(()), false, bench.now).unwrap();
    assert_eq!(bench.state(want.id), LabelState::Printed);
}

fn again(mut bench: Bench) {
    let want = bench.bought(1);
    for copy in 1..=3 {
        if copy > 1 {
            bench
                .store
                .want_print(want.id, &station(), bench.packer, bench.now)
                .unwrap();
        }
        let job = first_job(&bench);
        bench.store.begin_printing(job, bench.now).unwrap().unwrap();
        bench.store.end_printing(job, Ok(()), false, bench.now).unwrap();
        assert_eq!(bench.store.label(want.id).unwrap().printed, copy);
    }
    assert_eq!(bench.store.label(want.id).unwrap().attempts, 1);
}

fn not_printable(mut bench: Bench) {
    let wanted = bench.wanted(1);
    let voided = bench.bought(2);
    bench.void(voided.id);
    for id in [wanted.id, voided.id] {
        refusal(bench.store.want_print(id, &station(), bench.packer, bench.now));
    }
}
