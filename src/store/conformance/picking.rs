//! Pick lists from filters and templates, whose list it is, orders that leave it, and what stops on a list.

use super::Case;
use super::station::{Bench, channel, line, refusal};
use crate::domain::badge::Badge;
use crate::domain::ids::{OrderId, PickListId, Sku, StoreId};
use crate::domain::order::ChannelStatus;
use crate::domain::picking::{ListState, PickDraft, PickFilter, PickTemplate, Units};
use crate::domain::rows::OrderFilter;
use crate::domain::status::OrderStatus;
use crate::store::{PickScan, StoreError};
use chrono::TimeDelta;

pub(super) const CASES: &[Case] = &[
    (
        "a pick list takes what its filter asks for, the most urgent first, and nothing that is on a list",
        filters,
    ),
    (
        "a filter by carrier or cost takes what is known",
        carrier_and_cost,
    ),
    ("templates are saved, replaced, counted and forgotten", templates),
    ("a pick list is somebody's, or nobody's", assigned),
    (
        "an order that leaves its list is Ready to Pick and can go on another one",
        removed,
    ),
    ("an order with a live label leaves no list", label_stays),
    (
        "an order that stops while it is on a list is flagged at once, on the list and on the order",
        stopped,
    ),
    ("a list goes from open to done with its orders", states),
    (
        "a pick list is printed by bin, with a total for each product and a tote for each order",
        sheet,
    ),
    (
        "each scan of a picker counts once, in its tote, and no further than the order wants",
        by_scan,
    ),
];

fn on(bench: &Bench, list: PickListId) -> Vec<OrderId> {
    let filter = OrderFilter {
        pick_list: Some(list),
        ..OrderFilter::default()
    };
    let page = bench.store.orders(&filter, 0, 99).unwrap();
    page.rows.iter().map(|row| row.id).collect()
}

fn filters(mut bench: Bench) {
    let now = bench.now;
    let mut orders = Vec::new();
    for n in 1..=12 {
        let quantity = if n % 2 == 0 { 1 } else { 3 };
        let mut word = channel(n, vec![line("L1", "MUG", quantity)]);
        word.programs.prime = n % 3 == 0;
        if n > 10 {
            word.store = StoreId::from("uk");
        }
        orders.push(bench.import(word));
    }
    let all = PickFilter::default();
    assert_eq!(bench.store.pick_matches(&all, now).unwrap(), 12);
    let single_prime = PickFilter {
        units: Some(Units::Single),
        badges: vec![Badge::Prime],
        ..all.clone()
    };
    let multi = PickFilter {
        units: Some(Units::Multi),
        limit: 2,
        ..all.clone()
    };
    let not_prime = PickFilter {
        without: vec![Badge::Prime],
        ..all.clone()
    };
    let uk = PickFilter {
        store: Some(StoreId::from("uk")),
        ..all.clone()
    };
    let soon = PickFilter {
        due_within: Some(5 * 60),
        ..all.clone()
    };
    for (filter, count) in [
        (&single_prime, 2),
        (&multi, 6),
        (&not_prime, 8),
        (&uk, 2),
        (&soon, 5),
    ] {
        assert_eq!(bench.store.pick_matches(filter, now).unwrap(), count, "{filter}");
    }
    let (list, count) = bench
        .store
        .pick("Multi", &multi, Some(bench.packer), now)
        .unwrap()
        .unwrap();
    assert_eq!(count, 2, "no more than its limit");
    assert_eq!(on(&bench, list), [orders[0], orders[2]]);
    let (list, _) = bench
        .store
        .pick("Prime", &single_prime, None, now)
        .unwrap()
        .unwrap();
    assert_eq!(on(&bench, list), [orders[5], orders[11]]);
    assert_eq!(bench.store.pick("Prime", &single_prime, None, now).unwrap(), None);
    assert_eq!(bench.store.pick_matches(&all, now).unwrap(), 8);
    refusal(bench.store.pick(" ", &all, None, now));
    assert_eq!(bench.store.pick_lists(0, 9).unwrap().total, 2);
}

fn carrier_and_cost(mut bench: Bench) {
    let now = bench.now;
    // Rates were shopped for it, then it went back.
    let order = bench.mugs(1, 1);
    bench.pack(order);
    let back = OrderStatus::ReadyToPick;
    bench.store.set_status(order, back, None, "", now).unwrap();
    bench.mugs(2, 1);
    let rate = bench.store.order(order).unwrap().quotes.remove(0);
    let crate::domain::rate::QuoteState::Answered(answer) = rate.state else {
        panic!("answered")
    };
    let cheapest = answer.rates.iter().map(|rate| rate.total.minor).min().unwrap();
    let of = |draft: PickDraft| draft.read().unwrap();
    let dear = of(PickDraft {
        cost_from: format!("{}.{:02}", (cheapest + 1) / 100, (cheapest + 1) % 100),
        ..PickDraft::default()
    });
    let cheap = of(PickDraft {
        cost_to: format!("{}.{:02}", cheapest / 100, cheapest % 100),
        ..PickDraft::default()
    });
    let ups = of(PickDraft {
        carrier: "ups".to_owned(),
        ..PickDraft::default()
    });
    let unassigned = of(PickDraft {
        carrier: "none".to_owned(),
        ..PickDraft::default()
    });
    assert_eq!(bench.store.pick_matches(&dear, now).unwrap(), 0);
    assert_eq!(bench.store.pick_matches(&cheap, now).unwrap(), 1);
    assert_eq!(bench.store.pick_matches(&ups, now).unwrap(), 0);
    assert_eq!(bench.store.pick_matches(&unassigned, now).unwrap(), 2);
    let (list, _) = bench.store.pick("Cheap", &cheap, None, now).unwrap().unwrap();
    assert_eq!(on(&bench, list), [order]);
}

fn templates(mut bench: Bench) {
    let now = bench.now;
    bench.mugs(1, 1);
    bench.mugs(2, 3);
    let found = |bench: &Bench, name: &str| {
        let offer = bench.store.pick_offer(now).unwrap();
        offer
            .templates
            .into_iter()
            .find(|(template, _)| template.name == name)
    };
    let (_, count) = found(&bench, "Single unit").expect("comes with the program");
    assert_eq!(count, 1);
    let template = |limit| PickTemplate {
        name: "Small".to_owned(),
        filter: PickFilter {
            limit,
            ..PickFilter::default()
        },
    };
    bench.store.save_pick_template(&template(5)).unwrap();
    bench.store.save_pick_template(&template(6)).unwrap();
    let (kept, count) = found(&bench, "Small").expect("saved");
    assert_eq!(
        (kept.filter.limit, count),
        (6, 2),
        "the later one, its limit apart"
    );
    bench.store.drop_pick_template("SMALL").unwrap();
    assert_eq!(found(&bench, "Small"), None);
    assert!(matches!(
        bench.store.drop_pick_template("Small"),
        Err(StoreError::NotFound { .. })
    ));
    let nameless = PickTemplate {
        name: " ".to_owned(),
        filter: PickFilter::default(),
    };
    refusal(bench.store.save_pick_template(&nameless));
}

fn assigned(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let now = bench.now;
    let list = bench.store.create_pick_list("A", &[order], None, now).unwrap();
    assert_eq!(bench.store.pick_list(list).unwrap().assigned, None);
    let (packer, by) = (Some(bench.packer), Some(bench.supervisor));
    bench.store.assign_pick_list(list, packer, by, now).unwrap();
    let users = bench.store.users().unwrap();
    let name = users
        .iter()
        .find(|user| Some(user.id) == packer)
        .map(|user| user.name.clone());
    assert_eq!(bench.store.pick_list(list).unwrap().assigned, name);
    assert_eq!(bench.store.pick_lists(0, 9).unwrap().rows[0].assigned, name);
    bench.store.assign_pick_list(list, None, by, now).unwrap();
    assert_eq!(bench.store.pick_list(list).unwrap().assigned, None);
    let nowhere = PickListId(99);
    assert!(bench.store.assign_pick_list(nowhere, packer, by, now).is_err());
    assert!(bench.store.pick_list(nowhere).is_err());
}

fn removed(mut bench: Bench) {
    let (one, two) = (bench.mugs(1, 1), bench.mugs(2, 1));
    let now = bench.now;
    let by = Some(bench.packer);
    let list = bench.store.create_pick_list("A", &[one, two], None, now).unwrap();
    bench.open(two);
    for order in [one, two] {
        bench
            .store
            .remove_from_pick_list(order, by, "no mug left", now)
            .unwrap();
        let detail = bench.store.order(order).unwrap();
        assert_eq!(detail.order.status, OrderStatus::ReadyToPick);
        assert_eq!(detail.order.pick_list, None);
        assert!(
            detail.history[0].what.contains("no mug left"),
            "{:?}",
            detail.history
        );
        refusal(bench.store.remove_from_pick_list(order, by, "", now));
    }
    assert!(on(&bench, list).is_empty());
    let again = bench.store.create_pick_list("B", &[two, one], None, now).unwrap();
    assert_eq!(on(&bench, again), [two, one]);
}

fn label_stays(mut bench: Bench) {
    let now = bench.now;
    let by = Some(bench.packer);
    let order = bench.mugs(1, 1);
    let list = bench.store.create_pick_list("A", &[order], None, now).unwrap();
    let want = bench.pack(order);
    bench.store.want_label(&want, now).unwrap();
    refusal(bench.store.remove_from_pick_list(order, by, "", now));
    let lead = bench.lead();
    bench.ask(lead, want.id).unwrap();
    bench.settle(want.id, &super::station::bought("1Z1"));
    refusal(bench.store.remove_from_pick_list(order, by, "", now));
    assert_eq!(on(&bench, list), [order]);
    bench.void(want.id);
    let detail = bench.store.order(order).unwrap();
    assert_eq!(
        detail.order.status,
        OrderStatus::ReadyToPick,
        "a void brings it back"
    );
    bench.store.remove_from_pick_list(order, by, "", now).unwrap();
    assert!(on(&bench, list).is_empty());
}

fn stopped(mut bench: Bench) {
    let now = bench.now;
    let orders: Vec<OrderId> = (1..=4).map(|n| bench.mugs(n, 1)).collect();
    let list = bench.store.create_pick_list("A", &orders, None, now).unwrap();
    let counts = |bench: &Bench| {
        let row = bench.store.pick_list(list).unwrap();
        (row.open, row.stopped, row.trouble)
    };
    assert_eq!(counts(&bench), (4, 0, 0));
    for (order, to) in [(orders[0], OrderStatus::OnHold), (orders[1], OrderStatus::Review)] {
        bench.store.set_status(order, to, None, "asked", now).unwrap();
    }
    assert_eq!(counts(&bench), (2, 2, 2));
    let mut canceled = channel(3, vec![line("L1", "MUG", 1)]);
    canceled.status = ChannelStatus::Canceled;
    canceled.updated_at = now + TimeDelta::minutes(1);
    bench.import(canceled);
    assert_eq!(counts(&bench), (1, 3, 3), "Amazon's word counts at once");
    let rows = bench
        .store
        .orders(
            &OrderFilter {
                pick_list: Some(list),
                ..OrderFilter::default()
            },
            0,
            9,
        )
        .unwrap()
        .rows;
    let flagged: Vec<bool> = rows.iter().map(|row| row.trouble).collect();
    assert_eq!(flagged, [true, true, true, false]);
    // Released, and off the list: no flag stays behind.
    let back = OrderStatus::ReadyToPick;
    bench.store.set_status(orders[0], back, None, "", now).unwrap();
    bench
        .store
        .remove_from_pick_list(orders[1], None, "", now)
        .unwrap();
    assert_eq!(counts(&bench), (2, 1, 1));
    let held = bench.store.order(orders[1]).unwrap();
    assert_eq!(
        held.order.status,
        OrderStatus::Review,
        "it is not Ready to Pick by leaving"
    );
    // An order that is held while it is on no list is nobody's trouble.
    let free = bench.mugs(9, 1);
    bench
        .store
        .set_status(free, OrderStatus::OnHold, None, "", now)
        .unwrap();
    let found = bench.store.orders(
        &OrderFilter {
            status: Some(OrderStatus::OnHold),
            ..OrderFilter::default()
        },
        0,
        9,
    );
    assert!(!found.unwrap().rows[0].trouble);
}

fn states(mut bench: Bench) {
    let now = bench.now;
    let orders: Vec<OrderId> = (1..=2).map(|n| bench.mugs(n, 1)).collect();
    let list = bench.store.create_pick_list("A", &orders, None, now).unwrap();
    let state = |bench: &Bench| ListState::of(&bench.store.pick_list(list).unwrap());
    assert_eq!(state(&bench), ListState::Open);
    let want = bench.pack(orders[0]);
    assert_eq!(state(&bench), ListState::Packing);
    bench.store.want_label(&want, now).unwrap();
    let lead = bench.lead();
    bench.ask(lead, want.id).unwrap();
    bench.settle(want.id, &super::station::bought("1Z1"));
    assert_eq!(state(&bench), ListState::Packing);
    bench
        .store
        .remove_from_pick_list(orders[1], None, "", now)
        .unwrap();
    assert_eq!(state(&bench), ListState::Done);
    bench.void(want.id);
    assert_eq!(state(&bench), ListState::Open, "the void opens it again");
}

fn sheet(mut bench: Bench) {
    let now = bench.now;
    let one = bench.import(channel(1, vec![line("L1", "MUG", 2), line("L2", "PAN", 1)]));
    let two = bench.import(channel(2, vec![line("L1", "MUG", 3)]));
    let held = bench.import(channel(3, vec![line("L1", "MUG", 7)]));
    let list = bench
        .store
        .create_pick_list("Wave", &[one, held, two], None, now)
        .unwrap();
    bench
        .store
        .set_status(held, OrderStatus::OnHold, None, "", now)
        .unwrap();
    let bins = [
        (Sku::from("MUG"), "B-10".to_owned()),
        (Sku::from("PAN"), " B-2 ".to_owned()),
    ];
    assert_eq!(bench.store.put_bins(&bins).unwrap(), 2);
    let sheet = bench.store.pick_sheet(list).unwrap();
    let items: Vec<(&str, &str, u32)> = sheet
        .items
        .iter()
        .map(|item| (item.bin.as_str(), item.sku.as_str(), item.quantity))
        .collect();
    assert_eq!(items, [("B-2", "PAN", 1), ("B-10", "MUG", 5)]);
    assert_eq!(sheet.items[1].totes, [(1, 2), (3, 3)]);
    let totes: Vec<(u32, u32)> = sheet.totes.iter().map(|tote| (tote.number, tote.units)).collect();
    assert_eq!(totes, [(1, 3), (3, 3)], "each keeps its place on the list");
    assert_eq!((sheet.left_out.len(), sheet.units()), (1, 6));
    assert_eq!(sheet.tote_code(3), format!("TGT-{list}-3"));
    bench
        .store
        .put_bins(&[(Sku::from("PAN"), String::new())])
        .unwrap();
    assert_eq!(
        bench.store.pick_sheet(list).unwrap().items[1].bin,
        "",
        "at the end"
    );
    // A place stays an order's own when others leave.
    assert_eq!(bench.store.order_of_tote(list, 3).unwrap(), [two]);
    bench.store.remove_from_pick_list(one, None, "", now).unwrap();
    assert_eq!(bench.store.pick_sheet(list).unwrap().totes[0].number, 3);
    assert_eq!(bench.store.order_of_tote(list, 3).unwrap(), [two]);
    assert!(bench.store.order_of_tote(list, 1).unwrap().is_empty());
    // Wanted at a station, once.
    let station = super::station::station();
    bench.store.want_list_sheet(list, &station, None, now).unwrap();
    assert!(
        bench
            .store
            .want_list_sheet(PickListId(99), &station, None, now)
            .is_err()
    );
    let wanted = bench.store.list_sheets(&station).unwrap();
    assert_eq!((wanted.len(), wanted[0].1), (1, list));
    bench
        .store
        .end_list_sheet(wanted[0].0, Err("paper".to_owned()))
        .unwrap();
    assert!(bench.store.list_sheets(&station).unwrap().is_empty());
}

fn by_scan(mut bench: Bench) {
    let now = bench.now;
    let one = bench.import(channel(1, vec![line("L1", "MUG", 2), line("L2", "PAN", 1)]));
    let two = bench.mugs(2, 1);
    let list = bench
        .store
        .create_pick_list("Wave", &[one, two], None, now)
        .unwrap();
    let scan = |order, sku: &str, before, quantity| PickScan {
        list,
        order,
        sku: Sku::from(sku),
        before,
        quantity,
        by: bench.packer,
    };
    let (first, second, case) = (
        scan(one, "MUG", 0, 1),
        scan(one, "MUG", 1, 1),
        scan(two, "MUG", 0, 2),
    );
    let (pan, other, much) = (
        scan(one, "PAN", 0, 1),
        scan(two, "PAN", 0, 1),
        scan(one, "MUG", 2, 1),
    );
    let state = |bench: &Bench| ListState::of(&bench.store.pick_list(list).unwrap());
    assert_eq!(state(&bench), ListState::Open);
    bench.store.pick_unit(&first, now).unwrap();
    bench.store.pick_unit(&first, now).unwrap();
    let walk = bench.store.pick_walk(list).unwrap();
    assert_eq!(walk.counts(), (1, 4, 0), "the same scan again counts once");
    assert_eq!(state(&bench), ListState::Picking);
    refusal(bench.store.pick_unit(&scan_of(&second, 5), now));
    bench.store.pick_unit(&second, now).unwrap();
    refusal(bench.store.pick_unit(&much, now));
    refusal(bench.store.pick_unit(&case, now));
    assert!(bench.store.pick_unit(&other, now).is_err(), "not in that order");
    refusal(bench.store.pick_short(&pan, " ", now));
    bench.store.pick_short(&pan, "bin is empty", now).unwrap();
    assert!(bench.store.history(one).unwrap()[0].what.contains("bin is empty"));
    assert_eq!(bench.store.pick_walk(list).unwrap().counts(), (2, 4, 1));
    // Held meanwhile: nothing more is picked for it, and what was goes back.
    bench
        .store
        .set_status(one, OrderStatus::OnHold, None, "", now)
        .unwrap();
    refusal(bench.store.pick_unit(&pan, now));
    let walk = bench.store.pick_walk(list).unwrap();
    assert_eq!(
        (walk.steps.len(), walk.put_back.len(), walk.put_back[0].0),
        (1, 1, 1)
    );
    bench
        .store
        .set_status(one, OrderStatus::ReadyToPick, None, "", now)
        .unwrap();
    let rest = PickScan { quantity: 1, ..case };
    bench.store.pick_unit(&rest, now).unwrap();
    assert_eq!(state(&bench), ListState::Picked);
    bench.store.remove_from_pick_list(two, None, "", now).unwrap();
    refusal(bench.store.pick_unit(&PickScan { before: 1, ..rest }, now));
}

fn scan_of(scan: &PickScan, before: u32) -> PickScan {
    PickScan {
        before,
        ..scan.clone()
    }
}
