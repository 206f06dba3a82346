//! A bench may demand that each label is scanned onto its box: the right one, once, and not before is the order Shipped.

use super::Case;
use super::station::{Bench, bought, refusal, station, tracking, wish};
use crate::domain::ids::{IntentId, OrderId, StationId, TrackingNumber};
use crate::domain::onto_box::OntoBox;
use crate::domain::rows::LabelRow;
use crate::domain::status::OrderStatus;
use crate::store::{PutOn, Refusal, StoreResult, VoidSettlement};
use chrono::TimeDelta;

pub(super) const CASES: &[Case] = &[
    ("no bench demands it until it says so", not_demanded),
    (
        "a label is scanned onto its box: who and when, and the order is Shipped",
        scanned,
    ),
    ("the label of another box is refused, with its order", wrong),
    (
        "nothing of the scan is lost by sending it again, and the first stays",
        twice,
    ),
    ("scanned before its sheet is called printed", before_printing),
    ("by hand an order is not Shipped while its label is due", by_hand),
    ("with manifests on, the scan does not ship", with_manifests),
    ("held, void and void wanted labels belong on no box", on_no_box),
    ("a new label after a void is scanned anew", after_a_void),
    (
        "the rule holds for labels that are wanted from then on, at that bench",
        from_then_on,
    ),
];

fn demand(bench: &mut Bench) {
    bench.store.demand_onto_box(&station(), true).unwrap();
}

fn print(bench: &mut Bench, id: IntentId) {
    let jobs = bench.store.print_jobs(&station()).unwrap();
    let job = jobs.iter().find(|job| job.label == id).unwrap().id;
    bench.store.begin_printing(job, bench.now).unwrap();
    bench.store.end_printing(job, Ok(()), false, bench.now).unwrap();
}

fn put_on(bench: &mut Bench, label: IntentId, scanned: &str) -> StoreResult<LabelRow> {
    let scan = PutOn {
        label,
        scanned: TrackingNumber::from(scanned),
        by: bench.packer,
        manifests: false,
    };
    bench.store.put_on(&scan, bench.now)
}

fn words(refusal: &Refusal) -> String {
    refusal.to_string()
}

fn status(bench: &Bench, order: OrderId) -> OrderStatus {
    bench.store.order(order).unwrap().order.status
}

fn not_demanded(mut bench: Bench) {
    assert!(!bench.store.demands_onto_box(&station()).unwrap());
    let want = bench.bought(1);
    print(&mut bench, want.id);
    assert_eq!(status(&bench, want.order), OrderStatus::Shipped);
    assert_eq!(bench.store.label(want.id).unwrap().onto_box, OntoBox::NotAsked);
    refusal(put_on(&mut bench, want.id, &tracking(1)));
}

fn scanned(mut bench: Bench) {
    demand(&mut bench);
    assert!(bench.store.demands_onto_box(&station()).unwrap());
    let want = bench.bought(1);
    assert_eq!(bench.store.waiting().unwrap().onto_box, 1);
    print(&mut bench, want.id);
    assert_eq!(bench.store.label(want.id).unwrap().onto_box, OntoBox::Due);
    assert_eq!(status(&bench, want.order), OrderStatus::ReadyForPickup);
    bench.wait(TimeDelta::minutes(3));
    let label = put_on(&mut bench, want.id, &tracking(1)).unwrap();
    let done = OntoBox::Done {
        by: bench.packer,
        at: bench.now,
    };
    assert_eq!(label.onto_box, done);
    assert_eq!(bench.store.label(want.id).unwrap().onto_box, done);
    assert_eq!(status(&bench, want.order), OrderStatus::Shipped);
    assert_eq!(bench.store.waiting().unwrap().onto_box, 0);
    let history = bench.store.history(want.order).unwrap();
    let row = history
        .iter()
        .find(|row| row.what.contains("scanned onto this box"));
    assert_eq!(row.and_then(|row| row.by.as_deref()), Some("Ann"), "{history:?}");
    bench.proven();
}

fn wrong(mut bench: Bench) {
    demand(&mut bench);
    let (one, two) = (bench.bought(1), bench.bought(2));
    for want in [&one, &two] {
        print(&mut bench, want.id);
    }
    let number = bench.store.label(two.id).unwrap().number;
    let said = words(&refusal(put_on(&mut bench, one.id, &tracking(2))));
    assert!(
        said.contains("WRONG LABEL") && said.contains(number.as_str()),
        "{said}"
    );
    let said = words(&refusal(put_on(&mut bench, one.id, "1ZNOBODY")));
    assert!(said.contains("no label of this station"), "{said}");
    for want in [&one, &two] {
        assert_eq!(bench.store.label(want.id).unwrap().onto_box, OntoBox::Due);
        assert_eq!(status(&bench, want.order), OrderStatus::ReadyForPickup);
    }
}

fn twice(mut bench: Bench) {
    demand(&mut bench);
    let want = bench.bought(1);
    print(&mut bench, want.id);
    let first = put_on(&mut bench, want.id, &tracking(1)).unwrap();
    bench.wait(TimeDelta::minutes(5));
    let again = put_on(&mut bench, want.id, &tracking(1)).unwrap();
    assert_eq!(again.onto_box, first.onto_box);
    refusal(put_on(&mut bench, want.id, "1ZNOBODY"));
}

fn before_printing(mut bench: Bench) {
    demand(&mut bench);
    let want = bench.bought(1);
    put_on(&mut bench, want.id, &tracking(1)).unwrap();
    assert_eq!(
        status(&bench, want.order),
        OrderStatus::ReadyForPickup,
        "nothing is printed yet"
    );
    print(&mut bench, want.id);
    assert_eq!(status(&bench, want.order), OrderStatus::Shipped);
}

fn by_hand(mut bench: Bench) {
    demand(&mut bench);
    let want = bench.bought(1);
    print(&mut bench, want.id);
    let by_hand = |bench: &mut Bench| {
        let (by, now) = (Some(bench.supervisor), bench.now);
        bench
            .store
            .set_status(want.order, OrderStatus::Shipped, by, "it left", now)
    };
    let said = words(&refusal(by_hand(&mut bench)));
    assert!(said.contains("not scanned onto its box"), "{said}");
    put_on(&mut bench, want.id, &tracking(1)).unwrap();
    by_hand(&mut bench).unwrap();
}

fn with_manifests(mut bench: Bench) {
    demand(&mut bench);
    let want = bench.bought(1);
    print(&mut bench, want.id);
    let scan = PutOn {
        label: want.id,
        scanned: TrackingNumber(tracking(1)),
        by: bench.packer,
        manifests: true,
    };
    bench.store.put_on(&scan, bench.now).unwrap();
    assert_eq!(status(&bench, want.order), OrderStatus::ReadyForPickup);
}

fn on_no_box(mut bench: Bench) {
    demand(&mut bench);
    let held = bench.bought(1);
    assert!(bench.settle(held.id, &bought("1ZOTHER")).held);
    let said = words(&refusal(put_on(&mut bench, held.id, &tracking(1))));
    assert!(said.contains("held"), "{said}");
    let wanted = bench.bought(2);
    bench
        .store
        .want_void(wanted.id, &wish(bench.packer, "wrong"), bench.now)
        .unwrap();
    refusal(put_on(&mut bench, wanted.id, &tracking(2)));
    let voided = bench.bought(3);
    bench.void(voided.id);
    refusal(put_on(&mut bench, voided.id, &tracking(3)));
    assert_eq!(bench.store.waiting().unwrap().onto_box, 0);
}

fn after_a_void(mut bench: Bench) {
    demand(&mut bench);
    let old = bench.bought(1);
    print(&mut bench, old.id);
    put_on(&mut bench, old.id, &tracking(1)).unwrap();
    bench.void(old.id);
    let new = bench.pack(old.order);
    bench.store.want_label(&new, bench.now).unwrap();
    let lead = bench.lead();
    bench.ask(lead, new.id).unwrap();
    bench.settle(new.id, &bought(&tracking(9)));
    print(&mut bench, new.id);
    assert_eq!(bench.store.label(new.id).unwrap().onto_box, OntoBox::Due);
    let said = words(&refusal(put_on(&mut bench, new.id, &tracking(1))));
    assert!(said.contains("tear it up"), "{said}");
    put_on(&mut bench, new.id, &tracking(9)).unwrap();
    // A void that is refused leaves the label on its box.
    bench
        .store
        .want_void(new.id, &wish(bench.packer, "again"), bench.now)
        .unwrap();
    let lead = bench.lead();
    bench.store.begin_voiding(lead, new.id, bench.now).unwrap();
    let refused = VoidSettlement::Refused {
        why: "too late".to_owned(),
    };
    bench.store.settle_void(new.id, &refused, bench.now).unwrap();
    assert!(matches!(
        bench.store.label(new.id).unwrap().onto_box,
        OntoBox::Done { .. }
    ));
}

fn from_then_on(mut bench: Bench) {
    let before = bench.bought(1);
    let other = StationId::from("bench-2");
    bench.store.demand_onto_box(&other, true).unwrap();
    let elsewhere = bench.bought(2);
    demand(&mut bench);
    let after = bench.bought(3);
    bench.store.demand_onto_box(&station(), false).unwrap();
    let later = bench.bought(4);
    let due = |id| bench.store.label(id).unwrap().onto_box;
    assert_eq!(due(before.id), OntoBox::NotAsked);
    assert_eq!(due(elsewhere.id), OntoBox::NotAsked, "another bench's rule");
    assert_eq!(due(after.id), OntoBox::Due);
    assert_eq!(due(later.id), OntoBox::NotAsked);
}
