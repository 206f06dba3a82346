//! The leader's side of a label: asking, settling, voiding, deciding (PURCHASING.md 2 to 5).

use super::Case;
use super::station::{Bench, bought, choice, label_document, refusal, tracking, wish};
use crate::domain::ids::{IntentId, TrackingNumber};
use crate::domain::rate::QuoteState;
use crate::domain::rows::OrderFilter;
use crate::domain::shipment::LabelState as S;
use crate::domain::status::OrderStatus;
use crate::store::{Refusal, Settlement, VoidSettlement, WantLabel};
use chrono::TimeDelta;

pub(super) const CASES: &[Case] = &[
    ("a label is bought: order, print job, search, work", is_bought),
    ("only the leader asks", only_the_leader),
    ("a new lead makes what was asked unknown", new_lead),
    ("a label is asked once at a time", asked_once),
    (
        "nothing is asked for an order that was flagged meanwhile",
        flagged_meanwhile,
    ),
    ("not sent: wanted again, not before its time", not_sent),
    ("refused: the box is free, its scans stay", refused),
    ("unknown: the box is frozen", unknown_freezes),
    (
        "a repeat keeps the stored request and can only end bought or unknown",
        repeat,
    ),
    ("settling twice is settling once", settle_twice),
    ("a late success is taken from any epoch", late_success),
    (
        "a failure after the success changes nothing",
        failure_after_success,
    ),
    (
        "a success after a refusal is held, unless the box has another label",
        success_after_refusal,
    ),
    (
        "a tracking number seen on another label is held with an alarm",
        doubled_tracking,
    ),
    ("a second shipment for the same wish is an alarm", second_shipment),
    (
        "without document: bought, and printable once it comes",
        without_document,
    ),
    ("a held label is never printed, whatever comes later", held),
    ("a void frees the box, its units and its order", voided),
    ("a void can be refused, lost, repeated", void_outcomes),
    ("a void may be wanted only for what was bought", void_moves),
    ("an unsent void waits", void_not_sent),
    ("a late accepted void is taken", late_void),
    ("a supervisor decides what nobody knows", decides),
    (
        "nobody else decides, nor too early, nor without a reason",
        decides_not,
    ),
    ("of a quote that has bought only the chosen rate is kept", trimmed),
];

fn status(bench: &Bench, want: &WantLabel) -> OrderStatus {
    bench.store.order(want.order).unwrap().order.status
}

fn lost(why: &str) -> Settlement {
    Settlement::Unknown { why: why.to_owned() }
}

fn no(why: &str) -> Settlement {
    Settlement::Refused {
        why: why.to_owned(),
        error: None,
    }
}

fn is_bought(mut bench: Bench) {
    let want = bench.bought(1);
    let label = bench.store.label(want.id).unwrap();
    assert_eq!((label.state, label.attempts, label.held), (S::Bought, 1, false));
    assert_eq!(label.tracking, Some(TrackingNumber(tracking(1))));
    assert_eq!(label.document, Some(crate::domain::seller::DocumentFormat::Zpl));
    assert_eq!(status(&bench, &want), OrderStatus::ReadyForPickup);
    assert_eq!(bench.store.label_by_tracking(&tracking(1)).unwrap(), Some(label));
    assert_eq!(bench.store.label_by_tracking("1Z").unwrap(), None);
    let (_, document) = bench.store.document(want.id).unwrap().unwrap();
    assert_eq!(document.bytes.as_bytes(), label_document().bytes.as_bytes());
    assert_eq!(bench.store.print_jobs(&want.station).unwrap().len(), 1);
    assert!(bench.store.work().unwrap().is_empty());
    assert_eq!(bench.store.waiting().unwrap().purchases, 0);
    assert_eq!(bench.proven(), 3);
}

fn only_the_leader(mut bench: Bench) {
    let want = bench.wanted(1);
    let old = bench.lead();
    let new = bench.lead();
    assert!(new.epoch > old.epoch);
    assert_eq!(refusal(bench.ask(old, want.id)), Refusal::NotLeader);
    bench.ask(new, want.id).unwrap();
    bench.settle(want.id, &bought("1Z1"));
    bench
        .store
        .want_void(want.id, &wish(bench.packer, ""), bench.now)
        .unwrap();
    assert_eq!(
        refusal(bench.store.begin_voiding(old, want.id, bench.now)),
        Refusal::NotLeader
    );
}

fn new_lead(mut bench: Bench) {
    let asked = bench.wanted(1);
    let voiding = bench.bought(2);
    bench
        .store
        .want_void(voiding.id, &wish(bench.packer, ""), bench.now)
        .unwrap();
    let lead = bench.lead();
    bench.ask(lead, asked.id).unwrap();
    bench.store.begin_voiding(lead, voiding.id, bench.now).unwrap();
    bench.lead();
    assert_eq!(bench.state(asked.id), S::Unknown);
    assert_eq!(bench.state(voiding.id), S::VoidUnknown);
    let work = bench.store.work().unwrap();
    assert_eq!(work.len(), 2);
    assert!(work.iter().all(|item| item.in_doubt));
    assert_eq!(bench.store.waiting().unwrap().unknown, 1);
}

fn asked_once(mut bench: Bench) {
    let want = bench.wanted(1);
    let lead = bench.lead();
    bench.ask(lead, want.id).unwrap();
    assert!(matches!(
        refusal(bench.ask(lead, want.id)),
        Refusal::IllegalMove(_)
    ));
    assert_eq!(bench.store.label(want.id).unwrap().attempts, 1);
}

fn flagged_meanwhile(mut bench: Bench) {
    let want = bench.wanted(1);
    let mut word = bench.store.order(want.order).unwrap().order.channel;
    word.lines[0].cancel_requested = true;
    word.updated_at += TimeDelta::minutes(1);
    bench.import(word);
    let lead = bench.lead();
    assert!(matches!(
        refusal(bench.ask(lead, want.id)),
        Refusal::CannotShip(_)
    ));
    let label = bench.settle(want.id, &no("the buyer asks to cancel"));
    assert_eq!((label.state, label.attempts), (S::Refused, 0));
}

fn not_sent(mut bench: Bench) {
    let want = bench.wanted(1);
    let lead = bench.lead();
    bench.ask(lead, want.id).unwrap();
    let later = bench.now + TimeDelta::seconds(30);
    let settlement = Settlement::NotSent {
        why: "throttled".to_owned(),
        not_before: Some(later),
    };
    assert_eq!(bench.settle(want.id, &settlement).state, S::Wanted);
    let work = bench.store.work().unwrap();
    assert_eq!(work[0].not_before, Some(later));
    assert!(!work[0].in_doubt);
    assert_eq!(work[0].last_attempt, 1);
    assert_eq!(bench.ask(lead, want.id).unwrap(), 2);
    assert_eq!(bench.settle(want.id, &no("no such rate")).state, S::Refused);
}

fn refused(mut bench: Bench) {
    let want = bench.wanted(1);
    let lead = bench.lead();
    bench.ask(lead, want.id).unwrap();
    let label = bench.settle(want.id, &no("the token has expired"));
    assert_eq!(label.state, S::Refused);
    assert_eq!(label.reason.as_deref(), Some("the token has expired"));
    let detail = bench.store.order(want.order).unwrap();
    assert_eq!(
        (detail.scans.len(), detail.order.status),
        (1, OrderStatus::InPacking)
    );
    let page = bench.store.orders(&OrderFilter::default(), 0, 1).unwrap();
    assert!(page.rows[0].trouble);
    assert_eq!(page.rows[0].label, Some(S::Refused));
    let again = WantLabel {
        id: IntentId(bench.fresh()),
        ..want
    };
    bench.store.want_label(&again, bench.now).unwrap();
    let page = bench.store.orders(&OrderFilter::default(), 0, 1).unwrap();
    assert!(!page.rows[0].trouble, "the new wish settles it");
}

fn unknown_freezes(mut bench: Bench) {
    let want = bench.unknown(1);
    assert_eq!(bench.state(want.id), S::Unknown);
    let again = WantLabel {
        id: IntentId(bench.fresh()),
        ..want.clone()
    };
    assert_eq!(
        refusal(bench.store.want_label(&again, bench.now)),
        Refusal::BoxFrozen(1, "unknown")
    );
    refusal(bench.store.want_void(want.id, &wish(bench.packer, ""), bench.now));
    let page = bench.store.orders(&OrderFilter::default(), 0, 1).unwrap();
    assert!(page.rows[0].trouble);
}

fn repeat(mut bench: Bench) {
    let want = bench.unknown(1);
    let lead = bench.lead();
    let asking = crate::store::Asking {
        id: want.id,
        request: crate::domain::sealed::Sealed::from_bytes(b"rebuilt".to_vec()),
    };
    assert_eq!(bench.store.begin_asking(lead, &asking, bench.now).unwrap(), 2);
    let (_, stored) = bench.store.stored_request(want.id).unwrap().unwrap();
    assert_eq!(stored.as_bytes(), b"sealed request", "never rebuilt");
    assert_eq!(bench.settle(want.id, &no("TOKEN_EXPIRED")).state, S::Unknown);
    bench.ask(lead, want.id).unwrap();
    let settlement = Settlement::NotSent {
        why: "no network".to_owned(),
        not_before: None,
    };
    assert_eq!(bench.settle(want.id, &settlement).state, S::Unknown);
    assert!(bench.store.work().unwrap()[0].in_doubt);
    bench.ask(lead, want.id).unwrap();
    assert_eq!(bench.settle(want.id, &bought("1Z1")).state, S::Bought);
}

fn settle_twice(mut bench: Bench) {
    let want = bench.bought(1);
    let before = (bench.store.order(want.order).unwrap(), bench.proven());
    let again = bench.settle(want.id, &bought(&tracking(1)));
    assert_eq!(again.state, S::Bought);
    assert_eq!((bench.store.order(want.order).unwrap(), bench.proven()), before);
    assert_eq!(bench.store.print_jobs(&want.station).unwrap().len(), 1);
    let other = bench.unknown(2);
    let rows = bench.proven();
    bench.settle(other.id, &lost("time-out"));
    assert_eq!(bench.proven(), rows);
}

fn late_success(mut bench: Bench) {
    let want = bench.wanted(1);
    let lead = bench.lead();
    bench.ask(lead, want.id).unwrap();
    bench.lead();
    bench.lead();
    assert_eq!(bench.settle(want.id, &bought("1Z1")).state, S::Bought);
    assert_eq!(status(&bench, &want), OrderStatus::ReadyForPickup);
}

fn failure_after_success(mut bench: Bench) {
    let want = bench.bought(1);
    for settlement in [lost("late"), no("late")] {
        assert_eq!(bench.settle(want.id, &settlement).state, S::Bought);
    }
    bench.void(want.id);
    assert_eq!(bench.settle(want.id, &lost("very late")).state, S::Voided);
}

fn success_after_refusal(mut bench: Bench) {
    let want = bench.wanted(1);
    let lead = bench.lead();
    bench.ask(lead, want.id).unwrap();
    bench.settle(want.id, &no("refused"));
    let label = bench.settle(want.id, &bought("1Z1"));
    assert_eq!((label.state, label.held), (S::BoughtWithoutDocument, true));
    let other = bench.wanted(2);
    bench.ask(lead, other.id).unwrap();
    bench.settle(other.id, &no("refused"));
    let second = WantLabel {
        id: IntentId(bench.fresh()),
        ..other.clone()
    };
    bench.store.want_label(&second, bench.now).unwrap();
    let label = bench.settle(other.id, &bought("1Z2"));
    assert_eq!((label.state, label.held), (S::Refused, true));
    assert_eq!(
        label.tracking,
        Some(TrackingNumber::from("1Z2")),
        "recorded, never lost"
    );
    assert!(label.reason.unwrap().contains("ALARM"));
    assert_eq!(bench.state(second.id), S::Wanted);
}

fn doubled_tracking(mut bench: Bench) {
    let first = bench.bought(1);
    let want = bench.wanted(2);
    let lead = bench.lead();
    bench.ask(lead, want.id).unwrap();
    let label = bench.settle(want.id, &bought(&tracking(1)));
    assert_eq!((label.state, label.held), (S::BoughtWithoutDocument, true));
    assert_eq!(bench.store.print_jobs(&want.station).unwrap().len(), 1);
    refusal(
        bench
            .store
            .want_print(want.id, &want.station, bench.packer, bench.now),
    );
    assert_eq!(bench.state(first.id), S::Bought);
}

fn second_shipment(mut bench: Bench) {
    let want = bench.bought(1);
    let label = bench.settle(want.id, &bought("1ZOTHER"));
    assert!(label.held);
    assert_eq!(
        label.tracking,
        Some(TrackingNumber(tracking(1))),
        "the first one stays"
    );
    assert!(label.reason.unwrap().contains("1ZOTHER"));
}

fn without_document(mut bench: Bench) {
    let want = bench.wanted(1);
    let lead = bench.lead();
    bench.ask(lead, want.id).unwrap();
    let Settlement::Bought {
        shipment, tracking, ..
    } = bought("1Z1")
    else {
        unreachable!()
    };
    let settlement = Settlement::Bought {
        shipment,
        tracking,
        promise: None,
        documents: Vec::new(),
        held: None,
        request_id: None,
    };
    assert_eq!(bench.settle(want.id, &settlement).state, S::BoughtWithoutDocument);
    assert_eq!(status(&bench, &want), OrderStatus::ReadyForPickup);
    assert!(bench.store.print_jobs(&want.station).unwrap().is_empty());
    assert_eq!(bench.store.work().unwrap().len(), 1);
    for _ in 0..2 {
        let label = bench
            .store
            .add_document(want.id, vec![label_document()], bench.now)
            .unwrap();
        assert_eq!(label.state, S::Bought);
    }
    assert_eq!(bench.store.print_jobs(&want.station).unwrap().len(), 1);
}

fn held(mut bench: Bench) {
    let want = bench.wanted(1);
    let lead = bench.lead();
    bench.ask(lead, want.id).unwrap();
    let Settlement::Bought {
        shipment, tracking, ..
    } = bought("1Z1")
    else {
        unreachable!()
    };
    let settlement = Settlement::Bought {
        shipment,
        tracking,
        promise: None,
        documents: vec![label_document()],
        held: Some("the label is blank".to_owned()),
        request_id: None,
    };
    let label = bench.settle(want.id, &settlement);
    assert_eq!((label.state, label.held), (S::BoughtWithoutDocument, true));
    let label = bench
        .store
        .add_document(want.id, vec![label_document()], bench.now)
        .unwrap();
    assert!(label.held);
    assert!(bench.store.print_jobs(&want.station).unwrap().is_empty());
    bench.void(want.id);
    assert_eq!(bench.state(want.id), S::Voided);
}

fn voided(mut bench: Bench) {
    let want = bench.bought(1);
    bench.void(want.id);
    let detail = bench.store.order(want.order).unwrap();
    assert_eq!(detail.order.status, OrderStatus::ReadyToPick);
    assert!(detail.scans.is_empty());
    assert_eq!(detail.boxes.len(), 1);
    assert_eq!(detail.boxes[0].owner, None);
    let again = bench.pack(want.order);
    assert_eq!(again.box_id, want.box_id);
    bench.store.want_label(&again, bench.now).unwrap();
    let states: Vec<S> = bench
        .store
        .labels_of(want.order)
        .unwrap()
        .iter()
        .map(|label| label.state)
        .collect();
    assert_eq!(states, [S::Wanted, S::Voided]);
    bench.proven();
}

fn void_outcomes(mut bench: Bench) {
    let want = bench.bought(1);
    let lead = bench.lead();
    let why = || "too late".to_owned();
    let packer = bench.packer;
    bench
        .store
        .want_void(want.id, &wish(packer, "torn"), bench.now)
        .unwrap();
    bench.store.begin_voiding(lead, want.id, bench.now).unwrap();
    let refused = VoidSettlement::Refused { why: why() };
    let label = bench.store.settle_void(want.id, &refused, bench.now).unwrap();
    assert_eq!(label.state, S::VoidRefused);
    let second = bench.ready_again(&want);
    assert!(
        matches!(second, Refusal::BoxFrozen(1, "void refused")),
        "the label lives on"
    );
    bench
        .store
        .want_void(want.id, &wish(packer, "torn"), bench.now)
        .unwrap();
    assert_eq!(bench.store.begin_voiding(lead, want.id, bench.now).unwrap(), 2);
    let unknown = VoidSettlement::Unknown { why: why() };
    let label = bench.store.settle_void(want.id, &unknown, bench.now).unwrap();
    assert_eq!(label.state, S::VoidUnknown);
    bench.store.begin_voiding(lead, want.id, bench.now).unwrap();
    let label = bench.store.settle_void(want.id, &refused, bench.now).unwrap();
    assert_eq!(
        label.state,
        S::VoidUnknown,
        "an error answer to a repeat proves nothing"
    );
    let rejected = VoidSettlement::Rejected { why: why() };
    let label = bench.store.settle_void(want.id, &rejected, bench.now).unwrap();
    assert_eq!(label.state, S::VoidRefused, "the shipment's own status does");
    bench
        .store
        .want_void(want.id, &wish(packer, "torn"), bench.now)
        .unwrap();
    bench.store.begin_voiding(lead, want.id, bench.now).unwrap();
    for _ in 0..2 {
        let label = bench
            .store
            .settle_void(want.id, &VoidSettlement::Accepted, bench.now)
            .unwrap();
        assert_eq!(label.state, S::Voided);
    }
    assert_eq!(status(&bench, &want), OrderStatus::ReadyToPick);
}

fn void_moves(mut bench: Bench) {
    let wanted = bench.wanted(1);
    let unknown = bench.unknown(2);
    for id in [wanted.id, unknown.id] {
        let void = bench.store.want_void(id, &wish(bench.packer, ""), bench.now);
        assert!(matches!(refusal(void), Refusal::IllegalMove(_)));
    }
    let bought = bench.bought(3);
    bench.void(bought.id);
    refusal(
        bench
            .store
            .want_void(bought.id, &wish(bench.packer, ""), bench.now),
    );
    let by_hand = bench.bought(4);
    for to in [
        OrderStatus::ReadyToPick,
        OrderStatus::Canceled,
        OrderStatus::OnHold,
    ] {
        refusal(bench.store.set_status(by_hand.order, to, None, "", bench.now));
    }
}

fn void_not_sent(mut bench: Bench) {
    let want = bench.bought(1);
    bench
        .store
        .want_void(want.id, &wish(bench.packer, ""), bench.now)
        .unwrap();
    assert_eq!(bench.store.waiting().unwrap().voids, 1);
    let lead = bench.lead();
    bench.store.begin_voiding(lead, want.id, bench.now).unwrap();
    let later = bench.now + TimeDelta::seconds(5);
    let settlement = VoidSettlement::NotSent {
        why: "no network".to_owned(),
        not_before: Some(later),
    };
    let label = bench.store.settle_void(want.id, &settlement, bench.now).unwrap();
    assert_eq!(label.state, S::VoidWanted);
    let work = bench.store.work().unwrap();
    assert_eq!((work[0].not_before, work[0].in_doubt), (Some(later), false));
}

fn late_void(mut bench: Bench) {
    let want = bench.bought(1);
    bench
        .store
        .want_void(want.id, &wish(bench.packer, ""), bench.now)
        .unwrap();
    let lead = bench.lead();
    bench.store.begin_voiding(lead, want.id, bench.now).unwrap();
    bench.lead();
    let label = bench
        .store
        .settle_void(want.id, &VoidSettlement::Accepted, bench.now)
        .unwrap();
    assert_eq!(label.state, S::Voided);
}

fn decides(mut bench: Bench) {
    let want = bench.unknown(1);
    let supervisor = bench.supervisor;
    bench
        .store
        .decide_unknown(
            want.id,
            Some(TrackingNumber::from("1Z1")),
            supervisor,
            "seen in Seller Central",
            bench.now,
        )
        .unwrap();
    let label = bench.store.label(want.id).unwrap();
    assert_eq!(label.state, S::BoughtWithoutDocument);
    assert_eq!(label.tracking, Some(TrackingNumber::from("1Z1")));
    assert_eq!(status(&bench, &want), OrderStatus::ReadyForPickup);
    let other = bench.unknown(2);
    bench.wait(TimeDelta::minutes(10));
    bench
        .store
        .decide_unknown(other.id, None, supervisor, "not in Seller Central", bench.now)
        .unwrap();
    assert_eq!(bench.state(other.id), S::Refused);
    let history = bench.store.history(other.order).unwrap();
    assert_eq!(history[0].by.as_deref(), Some("Sue"));
}

fn decides_not(mut bench: Bench) {
    let want = bench.unknown(1);
    let bought = bench.bought(2);
    let (packer, supervisor, now) = (bench.packer, bench.supervisor, bench.now);
    let later = now + TimeDelta::hours(1);
    let store = &mut bench.store;
    refusal(store.decide_unknown(want.id, None, packer, "looked", later));
    refusal(store.decide_unknown(want.id, None, supervisor, "looked", now + TimeDelta::minutes(9)));
    refusal(store.decide_unknown(want.id, None, supervisor, " ", later));
    for number in ["", &tracking(2)] {
        let number = TrackingNumber::from(number);
        refusal(store.decide_unknown(want.id, Some(number), supervisor, "looked", later));
    }
    refusal(store.decide_unknown(bought.id, None, supervisor, "looked", later));
    assert_eq!(bench.state(want.id), S::Unknown);
}

fn trimmed(mut bench: Bench) {
    let want = bench.ready(1);
    let parcel = bench.store.order(want.order).unwrap().boxes[0].clone();
    let rates = ["r1", "r2", "r3"]
        .map(|id| super::station::rate(id, 820))
        .to_vec();
    let quote = bench.quote(want.order, &parcel, rates);
    let want = WantLabel {
        quote,
        choice: choice("r2", 820),
        ..want
    };
    bench.store.want_label(&want, bench.now).unwrap();
    let lead = bench.lead();
    bench.ask(lead, want.id).unwrap();
    bench.settle(want.id, &bought("1Z1"));
    let QuoteState::Answered(answer) = bench.store.quote(quote).unwrap().state else {
        panic!("the answer is gone");
    };
    assert_eq!(answer.rates.len(), 1);
    assert_eq!(answer.rates[0].id, "r2");
}
