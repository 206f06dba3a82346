//! Windows of the order lists, and pick lists with their counts.

use super::Case;
use super::station::{Bench, channel, line, number, refusal, shop};
use crate::domain::badge::Badge;
use crate::domain::ids::{OrderId, OrderNumber, StoreId};
use crate::domain::order::ChannelStatus;
use crate::domain::rows::OrderFilter;
use crate::domain::status::OrderStatus;
use chrono::TimeDelta;

pub(super) const CASES: &[Case] = &[
    (
        "a list is sorted by ship-by, then number; its windows fit together",
        windows,
    ),
    ("a list can be of one shop, one status, or both", filters),
    ("a list follows its orders", follows),
    (
        "a search finds number, SKU and tracking number, whatever their case",
        search,
    ),
    ("a pick list keeps its order and shows its counts", pick_list),
    (
        "an order goes on one pick list, once, and only when it is Ready to Pick",
        one_list,
    ),
    ("orders without a list are offered by ship-by", unlisted),
    ("pick lists are listed newest first", newest_first),
    (
        "an order is moved by hand only where its status allows it",
        by_hand,
    ),
];

fn all() -> OrderFilter {
    OrderFilter::default()
}

fn ids(bench: &Bench, filter: &OrderFilter, first: usize, limit: usize) -> Vec<OrderId> {
    let page = bench.store.orders(filter, first, limit).unwrap();
    assert_eq!(page.first, first);
    page.rows.iter().map(|row| row.id).collect()
}

fn total(bench: &Bench, filter: &OrderFilter) -> usize {
    bench.store.orders(filter, 0, 1).unwrap().total
}

fn windows(mut bench: Bench) {
    let mut expected = Vec::new();
    for n in 0..130 {
        let mut word = channel(n, vec![line("L1", "MUG", 2), line("L2", "PAN", 3)]);
        if n % 10 == 0 {
            word.ship_by.latest = None;
        }
        let ship_by = word.ship_by.latest.map_or(i64::MAX, |at| at.timestamp());
        let id = bench.import(word);
        expected.push((ship_by, number(n), id));
    }
    expected.sort();
    let expected: Vec<OrderId> = expected.into_iter().map(|(_, _, id)| id).collect();
    for limit in [1, 7, 50, 200] {
        for first in [0, 1, 60, 64, 65, 100, 120, 129, 130, 500] {
            let end = expected.len().min(first + limit);
            let window = expected.get(first..end).unwrap_or_default();
            assert_eq!(ids(&bench, &all(), first, limit), window, "{first}+{limit}");
        }
    }
    let page = bench.store.orders(&all(), 129, 5).unwrap();
    assert_eq!((page.total, page.rows[0].ship_by), (130, None));
    let row = &bench.store.orders(&all(), 0, 1).unwrap().rows[0];
    assert_eq!((row.units, row.lines, row.title.as_str()), (5, 2, "Title of MUG"));
    assert_eq!(
        (row.status, row.label, row.trouble),
        (OrderStatus::ReadyToPick, None, false)
    );
}

fn filters(mut bench: Bench) {
    for n in 0..20 {
        let mut word = channel(n, vec![line("L1", "MUG", 1)]);
        if n % 2 == 0 {
            word.store = StoreId::from("uk");
        }
        if n % 5 == 0 {
            word.status = ChannelStatus::Pending;
        }
        bench.import(word);
    }
    let store = Some(StoreId::from("uk"));
    let status = Some(OrderStatus::Pending);
    let cases = [
        (None, None, 20),
        (store.clone(), None, 10),
        (None, status, 4),
        (store, status, 2),
        (Some(StoreId::from("mars")), None, 0),
    ];
    for (store, status, count) in cases {
        let filter = OrderFilter {
            status,
            store,
            ..all()
        };
        assert_eq!(total(&bench, &filter), count);
        assert_eq!(ids(&bench, &filter, 0, 50).len(), count);
    }
}

fn follows(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let of = |status| OrderFilter {
        status: Some(status),
        ..all()
    };
    assert_eq!(total(&bench, &of(OrderStatus::ReadyToPick)), 1);
    bench.open(order);
    assert_eq!(total(&bench, &of(OrderStatus::ReadyToPick)), 0);
    assert_eq!(ids(&bench, &of(OrderStatus::InPacking), 0, 5), [order]);
    bench.mugs(2, 1);
    let mut later = channel(1, vec![line("L1", "MUG", 1)]);
    later.ship_by.latest = Some(bench.now + TimeDelta::days(90));
    later.updated_at += TimeDelta::minutes(1);
    bench.import(later);
    assert_eq!(
        ids(&bench, &all(), 1, 5),
        [order],
        "a later ship-by goes down the list"
    );
}

fn search(mut bench: Bench) {
    let want = bench.bought(7);
    bench.import(channel(8, vec![line("L1", "PAN", 1)]));
    let find = |bench: &Bench, text: &str| {
        let filter = OrderFilter {
            text: Some(text.to_owned()),
            ..all()
        };
        let found = ids(bench, &filter, 0, 10);
        assert_eq!(total(bench, &filter), found.len());
        found
    };
    assert_eq!(find(&bench, "0000007"), [want.order]);
    assert_eq!(find(&bench, " mug "), [want.order]);
    assert_eq!(find(&bench, "1z00000007"), [want.order]);
    assert_eq!(find(&bench, "111-").len(), 2);
    assert_eq!(find(&bench, "").len(), 2, "blank finds all");
    assert!(find(&bench, "%").is_empty());
    let filter = OrderFilter {
        text: Some("111-".to_owned()),
        status: Some(OrderStatus::ReadyForPickup),
        store: Some(shop()),
        ..all()
    };
    assert_eq!(ids(&bench, &filter, 0, 10), [want.order]);
}

fn pick_list(mut bench: Bench) {
    let orders: Vec<OrderId> = (1..=6)
        .map(|n| {
            let mut word = channel(n, vec![line("L1", "MUG", 1)]);
            word.programs.prime = n <= 2;
            bench.import(word)
        })
        .collect();
    let reversed: Vec<OrderId> = orders.iter().rev().copied().collect();
    let list = bench
        .store
        .create_pick_list("Morning", &reversed, Some(bench.packer), bench.now)
        .unwrap();
    let of_list = OrderFilter {
        pick_list: Some(list),
        ..all()
    };
    assert_eq!(ids(&bench, &of_list, 0, 10), reversed);
    assert_eq!(ids(&bench, &of_list, 4, 10), reversed[4..]);
    let ship_by = |bench: &Bench, n: usize| {
        let order = bench.store.order(orders[n]).unwrap();
        order.order.channel.ship_by.latest
    };
    let counts = |bench: &Bench| {
        let row = bench.store.pick_lists(0, 5).unwrap().rows.remove(0);
        (row.open, row.packed, row.shipped, row.trouble)
    };
    assert_eq!(counts(&bench), (6, 0, 0, 0));
    let row = bench.store.pick_lists(0, 5).unwrap().rows.remove(0);
    assert_eq!((row.id, row.name.as_str()), (list, "Morning"));
    assert_eq!(row.badges, [(Badge::Prime, 2)]);
    assert_eq!(row.ship_by, ship_by(&bench, 0));
    let parcel = bench.open(orders[0]);
    bench.verify(orders[0], &parcel, "MUG", 0..1);
    assert_eq!(counts(&bench), (6, 1, 0, 0), "packed");
    let want = bench.pack(orders[1]);
    bench.store.want_label(&want, bench.now).unwrap();
    let lead = bench.lead();
    bench.ask(lead, want.id).unwrap();
    bench.settle(want.id, &super::station::bought("1Z1"));
    assert_eq!(counts(&bench), (5, 1, 1, 0), "bought");
    let unsure = bench.pack(orders[2]);
    bench.store.want_label(&unsure, bench.now).unwrap();
    bench.ask(lead, unsure.id).unwrap();
    let settlement = crate::store::Settlement::Unknown { why: String::new() };
    bench.settle(unsure.id, &settlement);
    bench
        .store
        .set_status(orders[3], OrderStatus::OnHold, None, "", bench.now)
        .unwrap();
    assert_eq!(counts(&bench), (4, 1, 1, 2), "unknown, and one held back");
    bench.void(want.id);
    assert_eq!(counts(&bench), (5, 1, 0, 2), "a void brings it back");
}

fn one_list(mut bench: Bench) {
    let one = bench.mugs(1, 1);
    let two = bench.mugs(2, 1);
    let now = bench.now;
    refusal(bench.store.create_pick_list(" ", &[one], None, now));
    refusal(bench.store.create_pick_list("A", &[], None, now));
    refusal(bench.store.create_pick_list("A", &[one, one], None, now));
    assert_eq!(bench.store.pick_lists(0, 9).unwrap().total, 0);
    let list = bench.store.create_pick_list("A", &[one], None, now).unwrap();
    refusal(bench.store.create_pick_list("B", &[two, one], None, now));
    assert_eq!(bench.store.order(two).unwrap().order.pick_list, None);
    let detail = bench.store.order(one).unwrap();
    assert_eq!(detail.order.pick_list, Some(list));
    assert_eq!(detail.order.status, OrderStatus::InPicking);
    bench
        .store
        .set_status(two, OrderStatus::OnHold, None, "", now)
        .unwrap();
    refusal(bench.store.create_pick_list("B", &[two], None, now));
}

fn unlisted(mut bench: Bench) {
    let late = bench.mugs(9, 1);
    let soon = bench.mugs(2, 1);
    let on_list = bench.mugs(1, 1);
    bench
        .store
        .create_pick_list("A", &[on_list], None, bench.now)
        .unwrap();
    let opened = bench.mugs(3, 1);
    bench.open(opened);
    assert_eq!(bench.store.unlisted_orders(10).unwrap(), [soon, late]);
    assert_eq!(bench.store.unlisted_orders(1).unwrap(), [soon]);
}

fn newest_first(mut bench: Bench) {
    for n in 1..=5 {
        let order = bench.mugs(n, 1);
        bench
            .store
            .create_pick_list(&format!("list {n}"), &[order], None, bench.now)
            .unwrap();
    }
    let page = bench.store.pick_lists(1, 2).unwrap();
    let names: Vec<&str> = page.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!((names, page.total), (vec!["list 4", "list 3"], 5));
}

fn by_hand(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let now = bench.now;
    for (to, allowed) in [
        (OrderStatus::Pending, false),
        (OrderStatus::Shipped, false),
        (OrderStatus::ReadyForPickup, false),
        (OrderStatus::Review, true),
        (OrderStatus::ReadyToPick, true),
        (OrderStatus::OnHold, true),
        (OrderStatus::Canceled, true),
        (OrderStatus::ReadyToPick, false),
    ] {
        let moved = bench
            .store
            .set_status(order, to, Some(bench.supervisor), "because", now);
        assert_eq!(moved.is_ok(), allowed, "{to}");
    }
    let history = bench.store.history(order).unwrap();
    assert_eq!(history[0].what, "Canceled: because");
    let missing = bench.store.find_orders(&OrderNumber::from("no")).unwrap();
    assert!(missing.is_empty());
}
