//! Wishes in bulk: written like those of the bench, read in windows, after the bench.

use super::Case;
use super::station::{Bench, rate, shop};
use crate::domain::bucket::Haste;
use crate::domain::ids::{BoxId, QuoteId};
use crate::domain::rate::{QuoteAnswer, QuoteRequest};
use crate::domain::seller::LabelVia;
use crate::domain::shipment::LabelState;
use crate::store::{StoreError, WantLabel};
use chrono::TimeDelta;

pub(super) const CASES: &[Case] = &[
    (
        "quotes in bulk are read in windows, apart from the bench's",
        quotes,
    ),
    ("one refused quote does not touch the others", refused_quote),
    (
        "labels in bulk are read in windows, apart from the bench's",
        labels,
    ),
    ("what came of a label in bulk is work like any other", unknown),
    ("answers and ends are told as they come", told),
    (
        "only a finished sweep tells up to when everything is known",
        swept,
    ),
];

fn request(bench: &mut Bench, n: u32) -> QuoteRequest {
    let order = bench.mugs(n, 1);
    let parcel = bench.open(order);
    bench.verify(order, &parcel, "MUG", 0..1);
    let parcel = bench.weigh(&parcel);
    bench.request(order, &parcel)
}

fn wanted(bench: &mut Bench, requests: &[QuoteRequest]) -> Vec<QuoteId> {
    let wanted = bench.store.want_quotes_in_bulk(requests, bench.now).unwrap();
    wanted.into_iter().map(Result::unwrap).collect()
}

fn quotes(mut bench: Bench) {
    let requests: Vec<QuoteRequest> = (1..=3).map(|n| request(&mut bench, n)).collect();
    let ids = wanted(&mut bench, &requests);
    assert!(bench.store.wanted_quotes().unwrap().is_empty());
    let window = |bench: &Bench, after, limit| {
        let window = bench.store.wanted_quotes_in_bulk(after, limit).unwrap();
        window.into_iter().map(|(quote, ..)| quote.id).collect::<Vec<_>>()
    };
    assert_eq!(window(&bench, QuoteId(0), 2), ids[..2]);
    assert_eq!(window(&bench, ids[1], 2), ids[2..]);
    // Asked for anew at the bench, the box waits there and no longer in bulk.
    let anew = bench.store.want_quote(&requests[0], bench.now).unwrap();
    assert_eq!(window(&bench, QuoteId(0), 9), ids[1..]);
    assert_eq!(bench.store.wanted_quotes().unwrap()[0].0.id, anew);
}

fn refused_quote(mut bench: Bench) {
    let good = request(&mut bench, 1);
    let bad = QuoteRequest {
        box_id: BoxId(99),
        ..good.clone()
    };
    let wanted = bench.store.want_quotes_in_bulk(&[bad, good], bench.now).unwrap();
    assert!(matches!(wanted[0], Err(StoreError::NotFound { .. })));
    assert!(wanted[1].is_ok());
    assert_eq!(bench.store.wanted_quotes_in_bulk(QuoteId(0), 9).unwrap().len(), 1);
}

fn in_bulk(bench: &mut Bench, n: u32) -> WantLabel {
    let want = WantLabel {
        haste: Haste::Bulk,
        ..bench.ready(n)
    };
    bench.store.want_label(&want, bench.now).unwrap();
    want
}

fn labels(mut bench: Bench) {
    let many: Vec<WantLabel> = (1..=3).map(|n| in_bulk(&mut bench, n)).collect();
    let one = bench.wanted(4);
    let work = bench.store.work().unwrap();
    assert_eq!(work.len(), 1);
    assert_eq!((work[0].label.id, work[0].haste), (one.id, Haste::Bench));
    let first = bench.store.work_in_bulk(0, 2).unwrap();
    let ids: Vec<_> = first.iter().map(|(_, item)| item.label.id).collect();
    assert_eq!(ids, [many[0].id, many[1].id]);
    assert!(first.iter().all(|(_, item)| item.haste == Haste::Bulk));
    let rest = bench.store.work_in_bulk(first[1].0, 2).unwrap();
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0].1.label.id, many[2].id);
    let (packer, now) = (bench.packer, bench.now);
    bench.store.withdraw_label(many[0].id, packer, now).unwrap();
    assert_eq!(bench.store.work_in_bulk(0, 9).unwrap().len(), 2);
}

fn unknown(mut bench: Bench) {
    let want = in_bulk(&mut bench, 1);
    let lead = bench.lead();
    bench.ask(lead, want.id).unwrap();
    assert!(bench.store.work_in_bulk(0, 9).unwrap().is_empty());
    bench.lead();
    let work = bench.store.work().unwrap();
    assert_eq!(
        (work[0].label.state, work[0].haste),
        (LabelState::Unknown, Haste::Bulk)
    );
}

fn told(mut bench: Bench) {
    let requests: Vec<QuoteRequest> = (1..=2).map(|n| request(&mut bench, n)).collect();
    let ids = wanted(&mut bench, &requests);
    assert!(bench.store.answered_quotes(&ids).unwrap().is_empty());
    let answer = QuoteAnswer {
        request_token: "token".to_owned(),
        rates: vec![rate("r1", 820)],
        ineligible: Vec::new(),
        unaccepted: Vec::new(),
        unavailable: Vec::new(),
        asked_at: bench.now,
        ship_from: String::new(),
        via: LabelVia::ShippingV2,
    };
    bench.store.answer_quote(ids[1], Ok(answer), bench.now).unwrap();
    let answered = bench.store.answered_quotes(&ids).unwrap();
    assert_eq!(
        answered.iter().map(|quote| quote.id).collect::<Vec<_>>(),
        ids[1..]
    );
    bench
        .store
        .answer_quote(ids[0], Err("no".to_owned()), bench.now)
        .unwrap();
    assert_eq!(
        bench.store.answered_quotes(&ids).unwrap().len(),
        2,
        "a failure is an answer"
    );

    let want = in_bulk(&mut bench, 3);
    assert!(bench.store.settled_labels(&[want.id]).unwrap().is_empty());
    let lead = bench.lead();
    bench.ask(lead, want.id).unwrap();
    assert!(bench.store.settled_labels(&[want.id]).unwrap().is_empty());
    bench.lead();
    let settled = bench.store.settled_labels(&[want.id]).unwrap();
    assert_eq!(settled[0].state, LabelState::Unknown);
}

fn swept(mut bench: Bench) {
    assert_eq!(bench.store.swept_until(&shop()).unwrap(), None);
    bench.mugs(1, 1);
    assert_eq!(
        bench.store.swept_until(&shop()).unwrap(),
        None,
        "an import alone is no sweep"
    );
    let until = bench.now - TimeDelta::minutes(2);
    bench.store.finish_sweep(&shop(), until, bench.now).unwrap();
    assert_eq!(bench.store.swept_until(&shop()).unwrap(), Some(until));
}
