//! Bulk runs as data: what is checked before any money, the yes, the order of the list, stop, retry, and that a run
//! goes on from whatever the store holds.

use super::Case;
use super::station::{Bench, bought, channel, line, rate, refusal, station, usd};
use crate::domain::bulk::{BulkMode, BulkRow, BulkRun, BulkSelection, BulkWish, RowState, RunState};
use crate::domain::ids::{BulkRunId, IntentId, OrderId, PickListId, QuoteId, StoreId};
use crate::domain::rate::{QuoteAnswer, Rate};
use crate::domain::seller::DocumentFormat;
use crate::domain::shipment::LabelState;
use crate::domain::status::OrderStatus;
use crate::store::{Refusal, Settlement};

pub(super) const CASES: &[Case] = &[
    (
        "a bulk run takes the permission, and a list has one at a time",
        supervisors,
    ),
    (
        "before any money each order has a method and a price, or its reason",
        checked,
    ),
    (
        "nothing is wanted before the yes, and then in the list's order",
        the_yes,
    ),
    (
        "sheets are printed in the list's order, with a gap sheet for what failed",
        printed,
    ),
    ("an order that nobody has packed leaves no gap sheet", not_begun),
    (
        "a stop takes back what was not asked, and the run can go on",
        stopped,
    ),
    (
        "a stop takes back also what somebody wanted who is switched off since",
        stopped_after,
    ),
    (
        "what a person printed of a run is not printed again by it",
        printed_by_hand,
    ),
    ("a retry touches refused orders alone", retried),
    ("what nobody knows is told so, and settles itself", unknown),
];

/// Packed and weighed orders on a list.
pub(super) fn listed(bench: &mut Bench, count: u32) -> (PickListId, Vec<OrderId>) {
    let orders: Vec<OrderId> = (1..=count).map(|n| bench.mugs(n, 1)).collect();
    let now = bench.now;
    let list = bench.store.create_pick_list("Wave", &orders, None, now).unwrap();
    for order in &orders {
        let parcel = bench.open(*order);
        bench.verify(*order, &parcel, "MUG", 0..1);
        bench.weigh(&parcel);
    }
    (list, orders)
}

fn wish(bench: &Bench, list: PickListId) -> BulkWish {
    BulkWish {
        list,
        orders: BulkSelection::All,
        mode: BulkMode::Each,
        formats: vec![(StoreId::from("us"), vec![DocumentFormat::Zpl])],
        by: bench.supervisor,
        station: station(),
    }
}

pub(super) fn begin(bench: &mut Bench, list: PickListId) -> BulkRunId {
    let wish = wish(bench, list);
    bench.store.begin_bulk(&wish, bench.now).unwrap()
}

/// Steps until nothing moves any more.
pub(super) fn advance(bench: &mut Bench, run: BulkRunId) {
    for _ in 0..200 {
        let ids: Vec<IntentId> = (0..8).map(|_| IntentId(bench.fresh())).collect();
        if !bench.store.advance_bulk(run, &ids, bench.now).unwrap() {
            return;
        }
    }
    panic!("the run never rests");
}

/// Answers every wish for rates.
pub(super) fn answer(bench: &mut Bench, rates: &[Rate]) {
    let wanted = bench.store.wanted_quotes_in_bulk(QuoteId(0), 500).unwrap();
    for (quote, ..) in wanted {
        let answer = QuoteAnswer {
            request_token: "token".to_owned(),
            rates: rates.to_vec(),
            ineligible: Vec::new(),
            unaccepted: Vec::new(),
            unavailable: Vec::new(),
            asked_at: bench.now,
            ship_from: String::new(),
            via: crate::domain::seller::LabelVia::ShippingV2,
        };
        bench.store.answer_quote(quote.id, Ok(answer), bench.now).unwrap();
    }
}

pub(super) fn shown(bench: &Bench, list: PickListId) -> BulkRun {
    bench.store.bulk_run_of(list).unwrap().expect("a run")
}

pub(super) fn rows(bench: &Bench, run: BulkRunId) -> Vec<BulkRow> {
    bench.store.bulk_rows(run, 0, 100).unwrap().rows
}

pub(super) fn states(bench: &Bench, run: BulkRunId) -> Vec<RowState> {
    rows(bench, run).iter().map(|row| row.state).collect()
}

/// A run whose orders all have a price.
pub(super) fn ready(bench: &mut Bench, count: u32) -> (PickListId, Vec<OrderId>, BulkRunId) {
    let (list, orders) = listed(bench, count);
    let run = begin(bench, list);
    advance(bench, run);
    answer(bench, &[rate("r1", 820)]);
    advance(bench, run);
    assert_eq!(shown(bench, list).state, RunState::Ready);
    (list, orders, run)
}

/// The label of an order, by its newest.
fn label(bench: &Bench, order: OrderId) -> IntentId {
    bench.store.labels_of(order).unwrap()[0].id
}

fn supervisors(mut bench: Bench) {
    let (list, orders) = listed(&mut bench, 2);
    let packers = BulkWish {
        by: bench.other,
        ..wish(&bench, list)
    };
    let barred = |refused: Refusal| {
        let words = refused.to_string();
        assert!(
            words.contains("Bob may not buy many labels at once: ask"),
            "{words}"
        );
    };
    barred(refusal(bench.store.begin_bulk(&packers, bench.now)));
    let run = begin(&mut bench, list);
    let (packer, now) = (bench.other, bench.now);
    barred(refusal(bench.store.start_bulk(run, packer, now)));
    barred(refusal(bench.store.retry_bulk(run, packer, now)));
    barred(refusal(bench.store.set_bulk_mode(run, &BulkMode::Each, packer)));
    barred(refusal(bench.store.allow_earliest(run, "late today", packer)));
    let again = begin(&mut bench, list);
    assert_ne!(run, again, "what was only checked is given up");
    advance(&mut bench, again);
    answer(&mut bench, &[rate("r1", 820)]);
    advance(&mut bench, again);
    let supervisor = bench.supervisor;
    bench.store.start_bulk(again, supervisor, now).unwrap();
    assert_eq!(begin(&mut bench, list), again, "what is bought is gone on with");
    let named = |order| BulkWish {
        orders: BulkSelection::These([order].into()),
        ..wish(&bench, list)
    };
    let (elsewhere, second) = (named(OrderId(9999)), named(orders[1]));
    assert_eq!(
        bench.store.begin_bulk(&second, now).unwrap(),
        again,
        "it is being bought"
    );
    bench.store.stop_bulk(again, supervisor, now).unwrap();
    advance(&mut bench, again);
    assert_eq!(begin(&mut bench, list), again, "what was stopped can go on");
    refusal(bench.store.begin_bulk(&elsewhere, now));
    assert_eq!(shown(&bench, list).state, RunState::Stopped, "and is left alone");
    let third = bench.store.begin_bulk(&second, now).unwrap();
    assert_ne!(third, again, "marked orders are another run");
    assert_eq!(states(&bench, again), [RowState::Refused; 2]);
    assert_eq!(rows(&bench, third).len(), 1);
}

fn checked(mut bench: Bench) {
    let (list, orders) = listed(&mut bench, 3);
    let now = bench.now;
    let mut coded = channel(7, vec![line("L1", "MUG", 1)]);
    coded.lines[0].transparency = true;
    let mut serial = channel(8, vec![line("L1", "MUG", 1)]);
    serial.lines[0].serial_required = true;
    let more: Vec<OrderId> = [coded, serial]
        .into_iter()
        .map(|word| bench.import(word))
        .collect();
    let unpacked = bench.mugs(9, 1);
    let second = [more.clone(), vec![unpacked]].concat();
    let other = bench
        .store
        .create_pick_list("Second", &second, None, now)
        .unwrap();
    for order in &more {
        bench.open(*order);
    }
    bench
        .store
        .set_status(orders[1], OrderStatus::OnHold, None, "", now)
        .unwrap();

    let run = begin(&mut bench, list);
    advance(&mut bench, run);
    assert_eq!(
        states(&bench, run),
        [RowState::Asked, RowState::Refused, RowState::Asked]
    );
    assert_eq!(shown(&bench, list).state, RunState::Checking);
    answer(&mut bench, &[rate("r1", 820)]);
    advance(&mut bench, run);
    let told = shown(&bench, list);
    assert_eq!(
        (told.state, told.counts.ok, told.counts.refused),
        (RunState::Ready, 2, 1)
    );
    assert_eq!(told.to_buy, [usd(1640)]);
    let all = rows(&bench, run);
    assert_eq!(
        (all[0].method.as_str(), all[0].price),
        ("UPS Ground", Some(usd(820)))
    );
    assert!(all[1].words.contains("On Hold"), "{}", all[1].words);
    let methods = bench.store.bulk_methods(run).unwrap();
    assert_eq!((methods[0].offered, methods[0].passes), (2, 2));
    assert!(
        bench.store.labels_of(orders[0]).unwrap().is_empty(),
        "nothing is wanted"
    );

    let run = begin(&mut bench, other);
    advance(&mut bench, run);
    let all = rows(&bench, run);
    assert_eq!(states(&bench, run), [RowState::Refused; 3]);
    assert!(all[0].words.contains("Transparency"), "{}", all[0].words);
    assert!(all[1].words.contains("serial"), "{}", all[1].words);
    assert_eq!(all[2].words, "not packed yet");
    assert_eq!(shown(&bench, other).state, RunState::Ready);
}

fn the_yes(mut bench: Bench) {
    let (list, orders, run) = ready(&mut bench, 3);
    let (supervisor, now) = (bench.supervisor, bench.now);
    advance(&mut bench, run);
    assert!(
        bench.store.work_in_bulk(0, 9).unwrap().is_empty(),
        "no yes, no wish"
    );
    bench.store.start_bulk(run, supervisor, now).unwrap();
    bench.store.start_bulk(run, supervisor, now).unwrap();
    advance(&mut bench, run);
    let wanted: Vec<OrderId> = bench
        .store
        .work_in_bulk(0, 9)
        .unwrap()
        .into_iter()
        .map(|(_, item)| item.label.order)
        .collect();
    assert_eq!(wanted, orders, "in the order of the list");
    let lead = bench.lead();
    for (n, order) in orders.iter().enumerate() {
        let id = label(&bench, *order);
        bench.ask(lead, id).unwrap();
        bench.settle(id, &bought(&format!("1Z{n}")));
    }
    advance(&mut bench, run);
    let told = shown(&bench, list);
    assert_eq!((told.state, told.counts.bought), (RunState::Done, 3));
    assert_eq!(told.bought, [usd(2460)]);
    assert!(bench.store.live_bulk_runs().unwrap().is_empty());
}

fn printed(mut bench: Bench) {
    let (_, orders, run) = ready(&mut bench, 3);
    let (supervisor, now) = (bench.supervisor, bench.now);
    bench.store.start_bulk(run, supervisor, now).unwrap();
    advance(&mut bench, run);
    let lead = bench.lead();
    // The last one is bought first, the second is refused.
    let ids: Vec<IntentId> = orders.iter().map(|order| label(&bench, *order)).collect();
    for id in &ids {
        bench.ask(lead, *id).unwrap();
    }
    bench.settle(ids[2], &bought("1Z2"));
    advance(&mut bench, run);
    let sheets = |bench: &Bench| bench.store.print_jobs(&station()).unwrap().len();
    assert_eq!(sheets(&bench), 0, "its turn comes after the first two");
    bench.settle(ids[1], &refused());
    bench.settle(ids[0], &bought("1Z0"));
    advance(&mut bench, run);
    let jobs = bench.store.print_jobs(&station()).unwrap();
    assert_eq!(
        (jobs.len(), jobs[0].label),
        (1, ids[0]),
        "a gap sheet waits for it"
    );
    assert!(bench.store.gap_sheets(&station()).unwrap().is_empty());
    bench.store.begin_printing(jobs[0].id, now).unwrap();
    bench.store.end_printing(jobs[0].id, Ok(()), false, now).unwrap();
    advance(&mut bench, run);
    let gaps = bench.store.gap_sheets(&station()).unwrap();
    assert_eq!(gaps.len(), 1);
    assert!(gaps[0].words.contains("no funds"), "{}", gaps[0].words);
    assert_eq!(sheets(&bench), 0, "what follows waits for the gap sheet");
    assert_eq!(bench.store.live_bulk_runs().unwrap(), [(run, RunState::Done)]);
    bench.store.end_gap_sheet(gaps[0].id, true).unwrap();
    advance(&mut bench, run);
    assert_eq!(bench.store.print_jobs(&station()).unwrap()[0].label, ids[2]);
    assert!(bench.store.live_bulk_runs().unwrap().is_empty());
}

fn not_begun(mut bench: Bench) {
    let orders = [bench.mugs(1, 1), bench.mugs(2, 1)];
    let (supervisor, now) = (bench.supervisor, bench.now);
    let list = bench.store.create_pick_list("Wave", &orders, None, now).unwrap();
    let parcel = bench.open(orders[1]);
    bench.verify(orders[1], &parcel, "MUG", 0..1);
    bench.weigh(&parcel);
    let run = begin(&mut bench, list);
    advance(&mut bench, run);
    answer(&mut bench, &[rate("r1", 820)]);
    advance(&mut bench, run);
    bench.store.start_bulk(run, supervisor, now).unwrap();
    advance(&mut bench, run);
    let (lead, id) = (bench.lead(), label(&bench, orders[1]));
    bench.ask(lead, id).unwrap();
    bench.settle(id, &bought("1Z0"));
    advance(&mut bench, run);
    assert_eq!(states(&bench, run), [RowState::Refused, RowState::Bought]);
    assert!(bench.store.gap_sheets(&station()).unwrap().is_empty());
    assert_eq!(bench.store.print_jobs(&station()).unwrap()[0].label, id);
}

fn refused() -> Settlement {
    Settlement::Refused {
        why: "no funds".to_owned(),
        error: None,
    }
}

fn stopped(mut bench: Bench) {
    let (list, orders, run) = ready(&mut bench, 3);
    let (supervisor, packer, now) = (bench.supervisor, bench.packer, bench.now);
    refusal(bench.store.stop_bulk(run, supervisor, now));
    bench.store.start_bulk(run, supervisor, now).unwrap();
    advance(&mut bench, run);
    let lead = bench.lead();
    let first = label(&bench, orders[0]);
    bench.ask(lead, first).unwrap();
    bench.store.stop_bulk(run, packer, now).unwrap();
    advance(&mut bench, run);
    assert_eq!(
        states(&bench, run),
        [RowState::Wanted, RowState::Ok, RowState::Ok]
    );
    assert_eq!(
        shown(&bench, list).state,
        RunState::Stopping,
        "the asked one is waited for"
    );
    bench.settle(first, &bought("1Z0"));
    advance(&mut bench, run);
    assert_eq!(shown(&bench, list).state, RunState::Stopped);
    let taken_back = label(&bench, orders[1]);
    assert_eq!(bench.state(taken_back), LabelState::Withdrawn);
    bench.store.start_bulk(run, supervisor, now).unwrap();
    advance(&mut bench, run);
    assert_eq!(
        states(&bench, run),
        [RowState::Bought, RowState::Wanted, RowState::Wanted]
    );
    for (n, order) in orders.iter().enumerate().skip(1) {
        let id = label(&bench, *order);
        bench.ask(lead, id).unwrap();
        bench.settle(id, &bought(&format!("1Z{n}")));
    }
    bench.store.stop_bulk(run, supervisor, now).unwrap();
    advance(&mut bench, run);
    assert_eq!(
        shown(&bench, list).state,
        RunState::Done,
        "nothing is left to go on with"
    );
}

fn stopped_after(mut bench: Bench) {
    let (list, orders, run) = ready(&mut bench, 2);
    let (supervisor, packer, now) = (bench.supervisor, bench.packer, bench.now);
    bench.store.start_bulk(run, supervisor, now).unwrap();
    advance(&mut bench, run);
    bench.store.switch(supervisor, false, None, now).unwrap();
    bench.store.stop_bulk(run, packer, now).unwrap();
    advance(&mut bench, run);
    assert_eq!(shown(&bench, list).state, RunState::Stopped);
    for order in orders {
        assert_eq!(bench.state(label(&bench, order)), LabelState::Withdrawn);
    }
}

fn printed_by_hand(mut bench: Bench) {
    let (_, orders, run) = ready(&mut bench, 2);
    let (supervisor, packer, now) = (bench.supervisor, bench.packer, bench.now);
    bench.store.start_bulk(run, supervisor, now).unwrap();
    advance(&mut bench, run);
    let lead = bench.lead();
    let ids = [label(&bench, orders[0]), label(&bench, orders[1])];
    for (place, id) in ids.into_iter().enumerate().rev() {
        bench.ask(lead, id).unwrap();
        bench.settle(id, &bought(&format!("1Z{place}")));
        if place == 1 {
            advance(&mut bench, run);
            assert!(
                bench.store.print_jobs(&station()).unwrap().is_empty(),
                "it waits for its turn"
            );
            bench.store.want_print(id, &station(), packer, now).unwrap();
        }
    }
    advance(&mut bench, run);
    let jobs = bench.store.print_jobs(&station()).unwrap();
    let mut printed: Vec<IntentId> = jobs.iter().map(|job| job.label).collect();
    printed.sort();
    let mut each = ids.to_vec();
    each.sort();
    assert_eq!(printed, each, "one sheet of each label");
}

fn retried(mut bench: Bench) {
    let (list, orders, run) = ready(&mut bench, 2);
    let (supervisor, now) = (bench.supervisor, bench.now);
    refusal(bench.store.retry_bulk(run, supervisor, now));
    bench.store.start_bulk(run, supervisor, now).unwrap();
    refusal(bench.store.retry_bulk(run, supervisor, now));
    advance(&mut bench, run);
    let lead = bench.lead();
    let ids: Vec<IntentId> = orders.iter().map(|order| label(&bench, *order)).collect();
    for (id, settlement) in ids.iter().zip([bought("1Z0"), refused()]) {
        bench.ask(lead, *id).unwrap();
        bench.settle(*id, &settlement);
    }
    advance(&mut bench, run);
    assert_eq!(states(&bench, run), [RowState::Bought, RowState::Refused]);
    assert_eq!(shown(&bench, list).state, RunState::Done);
    bench.store.retry_bulk(run, supervisor, now).unwrap();
    advance(&mut bench, run);
    answer(&mut bench, &[rate("r1", 820)]);
    advance(&mut bench, run);
    assert_eq!(states(&bench, run), [RowState::Bought, RowState::Ok]);
    assert_eq!(
        shown(&bench, list).state,
        RunState::Ready,
        "another yes is wanted"
    );
    bench.store.start_bulk(run, supervisor, now).unwrap();
    advance(&mut bench, run);
    assert_eq!(bench.store.labels_of(orders[0]).unwrap().len(), 1);
    assert_eq!(states(&bench, run)[1], RowState::Wanted);
}

fn unknown(mut bench: Bench) {
    let (list, orders, run) = ready(&mut bench, 1);
    let (supervisor, now) = (bench.supervisor, bench.now);
    bench.store.start_bulk(run, supervisor, now).unwrap();
    advance(&mut bench, run);
    let lead = bench.lead();
    let id = label(&bench, orders[0]);
    bench.ask(lead, id).unwrap();
    let settlement = Settlement::Unknown {
        why: "the answer was lost".to_owned(),
    };
    bench.settle(id, &settlement);
    advance(&mut bench, run);
    assert_eq!(states(&bench, run), [RowState::Unknown]);
    let told = shown(&bench, list);
    assert_eq!((told.state, told.counts.unknown), (RunState::Done, 1));
    refusal(bench.store.retry_bulk(run, supervisor, now));
    assert_eq!(
        bench.store.live_bulk_runs().unwrap(),
        [(run, RunState::Done)],
        "it is still looked at"
    );
    bench.settle(id, &bought("1Z9"));
    advance(&mut bench, run);
    assert_eq!(states(&bench, run), [RowState::Bought]);
}
