//! Which method a bulk run buys for each box: one for all or each order's own, never another than was shown.

use super::Case;
use super::bulk_runs::{advance, answer, begin, listed, ready, rows, shown, states};
use super::station::{Bench, channel, line, rate, refusal, start, usd};
use crate::domain::address::AddressKind;
use crate::domain::bulk::{BulkMode, RowState};
use chrono::TimeDelta;

pub(super) const CASES: &[Case] = &[
    ("one method for all is never swapped", same_method),
    (
        "one method for all is refused where it is red or barred for an order",
        red_and_barred,
    ),
    ("each box of an order is a row of its own", two_boxes),
    ("the list of methods is of every box of the run", every_box),
    ("what became dearer since the yes is not bought", dearer),
    ("where all are late a supervisor may allow the earliest", earliest),
];

fn same_method(mut bench: Bench) {
    let (list, _, run) = ready(&mut bench, 2);
    let supervisor = bench.supervisor;
    let same = |service: &str| BulkMode::Same {
        carrier_id: "UPS".to_owned(),
        service_id: service.to_owned(),
        name: service.to_owned(),
    };
    bench
        .store
        .set_bulk_mode(run, &same("UPS_PTP_NEXT"), supervisor)
        .unwrap();
    advance(&mut bench, run);
    let all = rows(&bench, run);
    assert_eq!(states(&bench, run), [RowState::Refused; 2]);
    assert!(all[0].words.contains("not offered"), "{}", all[0].words);
    bench
        .store
        .set_bulk_mode(run, &same("UPS_PTP_GND"), supervisor)
        .unwrap();
    advance(&mut bench, run);
    assert_eq!(states(&bench, run), [RowState::Ok; 2]);
    let now = bench.now;
    bench.store.start_bulk(run, supervisor, now).unwrap();
    refusal(bench.store.set_bulk_mode(run, &BulkMode::Each, supervisor));
    assert_eq!(shown(&bench, list).mode, same("UPS_PTP_GND"));
}

/// A business order to a commercial address and a household's, on one list, each with the same offers.
fn red_and_barred(mut bench: Bench) {
    let mut business = channel(1, vec![line("L1", "MUG", 1)]);
    business.programs.business = true;
    if let Some(destination) = &mut business.destination {
        destination.kind = AddressKind::Commercial;
    }
    let orders = [bench.import(business), bench.mugs(2, 1)];
    let now = bench.now;
    let list = bench.store.create_pick_list("Wave", &orders, None, now).unwrap();
    for order in orders {
        let parcel = bench.open(order);
        bench.verify(order, &parcel, "MUG", 0..1);
        bench.weigh(&parcel);
    }
    let run = begin(&mut bench, list);
    advance(&mut bench, run);
    let mut home = rate("r1", 500);
    (home.carrier_id, home.carrier) = ("FEDEX".to_owned(), "FedEx".to_owned());
    home.service_id = "FEDEX_PTP_HOME_DELIVERY".to_owned();
    home.service = "FedEx Home Delivery".to_owned();
    let mut saturday = rate("r2", 600);
    saturday.service_id = "UPS_PTP_2ND_DAY".to_owned();
    let window = saturday.window.as_mut().unwrap();
    window.earliest = Some(start() + TimeDelta::days(3));
    window.latest = window.earliest;
    answer(&mut bench, &[home.clone(), saturday.clone(), rate("r3", 820)]);
    advance(&mut bench, run);
    let prices = |bench: &Bench| -> Vec<_> { rows(bench, run).iter().map(|row| row.price).collect() };
    assert_eq!(prices(&bench), [Some(usd(820)), Some(usd(500))], "each its own");
    let methods = bench.store.bulk_methods(run).unwrap();
    let passes: Vec<_> = methods.iter().map(|one| (one.offered, one.passes)).collect();
    assert_eq!(passes, [(2, 2), (2, 1), (2, 1)], "Ground passes for both");

    let supervisor = bench.supervisor;
    for (of, word) in [(home, "FedEx Home Delivery"), (saturday, "Saturday")] {
        let same = BulkMode::Same {
            carrier_id: of.carrier_id,
            service_id: of.service_id,
            name: of.service,
        };
        bench.store.set_bulk_mode(run, &same, supervisor).unwrap();
        // Nor where a supervisor allowed the earliest: late is not red.
        bench
            .store
            .allow_earliest(run, "storm everywhere", supervisor)
            .unwrap();
        advance(&mut bench, run);
        let all = rows(&bench, run);
        assert_eq!(states(&bench, run), [RowState::Refused, RowState::Ok], "{word}");
        assert!(all[0].words.contains(word), "{}", all[0].words);
    }
}

fn every_box(mut bench: Bench) {
    let (list, _) = listed(&mut bench, 203);
    let run = begin(&mut bench, list);
    // Rates are asked for in pieces.
    for _ in 0..4 {
        advance(&mut bench, run);
        answer(&mut bench, &[rate("r1", 820)]);
    }
    advance(&mut bench, run);
    let methods = bench.store.bulk_methods(run).unwrap();
    assert_eq!((methods[0].offered, methods[0].passes), (203, 203));
}

fn two_boxes(mut bench: Bench) {
    let orders = [bench.mugs(1, 3), bench.mugs(2, 1)];
    let now = bench.now;
    let list = bench.store.create_pick_list("Wave", &orders, None, now).unwrap();
    let (one, two) = bench.in_two_boxes(orders[0]);
    let parcel = bench.open(orders[1]);
    bench.verify(orders[1], &parcel, "MUG", 0..1);
    for parcel in [&one, &parcel] {
        bench.weigh(parcel);
    }
    let run = begin(&mut bench, list);
    advance(&mut bench, run);
    let all = rows(&bench, run);
    let boxes: Vec<_> = all
        .iter()
        .map(|row| (row.order, row.box_number, row.state))
        .collect();
    assert_eq!(
        boxes,
        [
            (orders[0], Some(1), RowState::Asked),
            (orders[0], Some(2), RowState::Refused),
            (orders[1], None, RowState::Asked),
        ]
    );
    assert!(all[1].words.contains("weight"), "{}", all[1].words);
    bench.weigh(&two);
    let supervisor = bench.supervisor;
    answer(&mut bench, &[rate("r1", 820)]);
    advance(&mut bench, run);
    bench.store.retry_bulk(run, supervisor, now).unwrap();
    advance(&mut bench, run);
    answer(&mut bench, &[rate("r1", 820)]);
    advance(&mut bench, run);
    assert_eq!(states(&bench, run), [RowState::Ok; 3]);
    bench.store.start_bulk(run, supervisor, now).unwrap();
    advance(&mut bench, run);
    let labels = bench.store.labels_of(orders[0]).unwrap();
    assert_eq!(labels.len(), 2, "a label for each box");
    assert_ne!(labels[0].box_id, labels[1].box_id);
}

fn dearer(mut bench: Bench) {
    let (_, orders, run) = ready(&mut bench, 1);
    let supervisor = bench.supervisor;
    // The yes comes when the rates are too old to buy from: they are asked for again, and cost more.
    bench.wait(TimeDelta::minutes(6));
    let now = bench.now;
    bench.store.start_bulk(run, supervisor, now).unwrap();
    advance(&mut bench, run);
    assert_eq!(states(&bench, run), [RowState::Asked]);
    answer(&mut bench, &[rate("r1", 821)]);
    advance(&mut bench, run);
    assert_eq!(states(&bench, run), [RowState::Refused]);
    let words = rows(&bench, run)[0].words.clone();
    assert!(words.contains("the price rose"), "{words}");
    assert!(bench.store.labels_of(orders[0]).unwrap().is_empty());
}

fn earliest(mut bench: Bench) {
    let (list, _) = listed(&mut bench, 1);
    let run = begin(&mut bench, list);
    advance(&mut bench, run);
    let late = |id: &str, cents, days| {
        let mut late = rate(id, cents);
        for end in late
            .window
            .iter_mut()
            .flat_map(|window| [&mut window.earliest, &mut window.latest])
        {
            *end = Some(start() + TimeDelta::days(days));
        }
        late
    };
    answer(&mut bench, &[late("r1", 500, 20), late("r2", 900, 10)]);
    advance(&mut bench, run);
    assert_eq!(
        states(&bench, run),
        [RowState::Refused],
        "late, and nobody allowed it"
    );
    let supervisor = bench.supervisor;
    refusal(bench.store.allow_earliest(run, " ", supervisor));
    bench
        .store
        .allow_earliest(run, "storm everywhere", supervisor)
        .unwrap();
    advance(&mut bench, run);
    assert_eq!(states(&bench, run), [RowState::Ok]);
    assert_eq!(
        rows(&bench, run)[0].price,
        Some(usd(900)),
        "the earliest, not the cheapest"
    );
    let now = bench.now;
    bench.store.start_bulk(run, supervisor, now).unwrap();
    advance(&mut bench, run);
    assert_eq!(states(&bench, run), [RowState::Wanted]);
}
