//! Splitting an order for a partial shipment, and joining its parts again.

use super::Case;
use super::station::{Bench, bought, channel, line, number, rate, refusal, shop, tracking, verified};
use crate::domain::ids::{OrderId, TrackingNumber, UserId};
use crate::domain::order::{AssignedMethod, ChannelOrder, ChannelPackage, ChannelStatus, Flag};
use crate::domain::rows::OrderFilter;
use crate::domain::split::{PartOf, Units};
use crate::domain::status::OrderStatus;
use crate::domain::user::Permission;
use crate::store::{AssignMethod, Refusal, SplitOrder, StoreResult};
use chrono::TimeDelta;

pub(super) const CASES: &[Case] = &[
    (
        "a part goes with the order's customer, method and promises, and the rest stays",
        made,
    ),
    ("splitting needs the permission", permission),
    (
        "a Prime order is split with the permission to break its rules and a reason alone",
        prime,
    ),
    (
        "what lies in a box, or is open at another bench, is not split",
        in_work,
    ),
    (
        "an import tells every part, and merges and resets none",
        imported_again,
    ),
    ("Amazon's cancel cancels every part that has no label", canceled),
    (
        "units that Amazon takes leave the part that nobody has begun",
        units_taken,
    ),
    (
        "a package of one part is no stranger to the other, and does not ship it",
        packages,
    ),
    ("each part is listed, packed and shipped by itself", by_itself),
    ("parts are joined while no label of them lives", joined),
    (
        "a part that was joined is made again when the order is split again",
        split_again,
    ),
    (
        "with the last unit packed and labelled, what stays is ready",
        rest_is_ready,
    ),
];

fn two_lines() -> ChannelOrder {
    channel(1, vec![line("L1", "MUG", 3), line("L2", "PAN", 1)])
}

fn units(of: &[(&str, u32)]) -> Units {
    of.iter().map(|(line, units)| ((*line).into(), *units)).collect()
}

impl Bench {
    fn split_by(
        &mut self,
        by: UserId,
        order: OrderId,
        of: &[(&str, u32)],
        why: &str,
    ) -> StoreResult<OrderId> {
        let wish = SplitOrder {
            order,
            units: units(of),
            by,
            reason: why.to_owned(),
        };
        self.store.split_order(&wish, self.now)
    }

    fn split(&mut self, order: OrderId, of: &[(&str, u32)]) -> OrderId {
        self.split_by(self.packer, order, of, "the rest comes on Monday")
            .unwrap()
    }

    fn again(&mut self, change: impl FnOnce(&mut ChannelOrder)) {
        let mut channel = two_lines();
        channel.updated_at += TimeDelta::minutes(5);
        change(&mut channel);
        let imported = self.imported(channel);
        self.store
            .import_orders(&shop(), vec![imported], None, self.now)
            .unwrap();
    }

    /// Units by line, as the part is packed.
    fn has(&self, order: OrderId) -> Vec<(String, u32)> {
        let lines = self.store.order(order).unwrap().order.channel.lines;
        lines.into_iter().map(|line| (line.id.0, line.quantity)).collect()
    }

    fn stands(&self, order: OrderId) -> OrderStatus {
        self.store.order(order).unwrap().order.status
    }

    fn part(&self, order: OrderId) -> Option<(u32, u32)> {
        let part = self.store.order(order).unwrap().order.part_of();
        part.map(|PartOf { place, of }| (place, of))
    }

    /// Packs everything of a part of one line of mugs and buys its label.
    fn ship(&mut self, order: OrderId, mugs: u32, label: u32) {
        let parcel = self.open(order);
        self.verify(order, &parcel, "MUG", 0..mugs);
        let parcel = self.weigh(&parcel);
        let quote = self.quote(order, &parcel, vec![rate("r1", 820)]);
        let want = self.want(order, &parcel, quote);
        self.store.want_label(&want, self.now).unwrap();
        let lead = self.lead();
        self.ask(lead, want.id).unwrap();
        self.settle(want.id, &bought(&tracking(label)));
    }
}

fn pairs(of: &[(&str, u32)]) -> Vec<(String, u32)> {
    of.iter()
        .map(|(line, units)| ((*line).to_owned(), *units))
        .collect()
}

fn made(mut bench: Bench) {
    let order = bench.import(two_lines());
    let ups = AssignedMethod::Carrier {
        carrier_id: "UPS".to_owned(),
    };
    let assign = AssignMethod {
        order,
        method: ups.clone(),
        by: bench.packer,
        reason: String::new(),
    };
    bench.store.assign_method(&assign, bench.now).unwrap();
    let part = bench.split(order, &[("L1", 1), ("L2", 1)]);
    assert_eq!(bench.has(order), pairs(&[("L1", 2)]));
    assert_eq!(bench.has(part), pairs(&[("L1", 1), ("L2", 1)]));
    assert_eq!(
        (bench.part(order), bench.part(part)),
        (Some((1, 2)), Some((2, 2)))
    );
    let (left, made) = (
        bench.store.order(order).unwrap(),
        bench.store.order(part).unwrap(),
    );
    assert_eq!(made.order.channel.number, left.order.channel.number);
    assert_eq!(made.order.whole(), two_lines());
    assert_eq!(
        (made.order.status, made.order.pick_list),
        (OrderStatus::ReadyToPick, None)
    );
    assert_eq!(made.order.assigned, ups);
    assert_eq!(
        bench.store.customer(part).unwrap(),
        bench.store.customer(order).unwrap()
    );
    assert!(
        made.history[0].what.contains("1 × MUG, 1 × PAN"),
        "{}",
        made.history[0].what
    );
    assert!(
        left.history[0]
            .what
            .contains("part 1 of 2 (the rest comes on Monday)")
    );
    assert_eq!(bench.store.find_orders(&number(1)).unwrap(), [order, part]);
    let page = bench.store.orders(&OrderFilter::default(), 0, 9).unwrap();
    let rows: Vec<_> = page
        .rows
        .iter()
        .map(|row| (row.units, row.part.map(|part| part.place)))
        .collect();
    assert_eq!(rows, [(2, Some(1)), (2, Some(2))]);
    assert_eq!(page.rows[1].lines, 2);
    let with = |text: &str| {
        let filter = OrderFilter {
            text: Some(text.to_owned()),
            ..OrderFilter::default()
        };
        let page = bench.store.orders(&filter, 0, 9).unwrap();
        page.rows.iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!((with("mug"), with("pan")), (vec![order, part], vec![part]));
}

fn permission(mut bench: Bench) {
    let order = bench.import(two_lines());
    let (packer, supervisor, now) = (bench.packer, bench.supervisor, bench.now);
    bench
        .store
        .grant(packer, Permission::Split, Some(false), Some(supervisor), now)
        .unwrap();
    let words = refusal(bench.split_by(packer, order, &[("L1", 1)], "")).to_string();
    assert!(words.contains("may not split orders"), "{words}");
    let part = bench.split_by(supervisor, order, &[("L1", 1)], "").unwrap();
    let words = refusal(bench.store.join_order(part, packer, now)).to_string();
    assert!(words.contains("may not split orders"), "{words}");
}

fn prime(mut bench: Bench) {
    let mut channel = two_lines();
    channel.programs.prime = true;
    let order = bench.import(channel);
    let (packer, supervisor) = (bench.packer, bench.supervisor);
    let words = refusal(bench.split_by(packer, order, &[("L1", 1)], "no stock")).to_string();
    assert!(words.contains("Amazon's rules for a Prime order"), "{words}");
    let words = refusal(bench.split_by(supervisor, order, &[("L1", 1)], " ")).to_string();
    assert!(
        words.contains("with a reason alone: Prime orders are neither split"),
        "{words}"
    );
    assert_eq!(bench.part(order), None);
    bench
        .split_by(supervisor, order, &[("L1", 1)], "no stock")
        .unwrap();
    assert_eq!(bench.part(order), Some((1, 2)));
}

fn in_work(mut bench: Bench) {
    let order = bench.import(two_lines());
    let parcel = bench.open(order);
    bench.verify(order, &parcel, "MUG", 0..2);
    let other = bench.other;
    assert!(matches!(
        refusal(bench.split_by(other, order, &[("L2", 1)], "")),
        Refusal::OwnedBy { owner } if owner == "Ann"
    ));
    let words = refusal(bench.split_by(bench.packer, order, &[("L1", 2)], "")).to_string();
    assert!(words.contains("2 of MUG cannot go: 1 can"), "{words}");
    let part = bench.split(order, &[("L1", 1), ("L2", 1)]);
    assert_eq!(bench.has(part), pairs(&[("L1", 1), ("L2", 1)]));
    // What is packed stays packed, and the part's units are units of its own.
    assert_eq!(bench.store.order(order).unwrap().scans.len(), 2);
    let theirs = bench.open(part);
    bench.verify(part, &theirs, "MUG", 0..1);
    let scan = bench.scan(part, &theirs, 1, verified("L1", 1, "MUG"));
    assert!(
        refusal(bench.store.accept_scan(&scan))
            .to_string()
            .contains("not ordered")
    );
}

fn imported_again(mut bench: Bench) {
    let order = bench.import(two_lines());
    let part = bench.split(order, &[("L1", 1)]);
    let (list, packer, now) = (vec![order], bench.packer, bench.now);
    bench
        .store
        .create_pick_list("Monday", &list, Some(packer), now)
        .unwrap();
    bench.wait(TimeDelta::minutes(3));
    bench.again(|channel| channel.deliver_by.latest = Some(channel.updated_at + TimeDelta::days(2)));
    for (id, has) in [
        (order, pairs(&[("L1", 2), ("L2", 1)])),
        (part, pairs(&[("L1", 1)])),
    ] {
        assert_eq!(bench.has(id), has);
        let detail = bench.store.order(id).unwrap();
        assert!(detail.order.flags.is_empty(), "{:?}", detail.order.flags);
        assert_eq!(detail.order.seen_at, bench.now);
        let promised = detail.order.channel.deliver_by.latest.unwrap();
        assert_eq!(promised - detail.order.channel.updated_at, TimeDelta::days(2));
    }
    assert_eq!(
        (bench.stands(order), bench.stands(part)),
        (OrderStatus::InPicking, OrderStatus::ReadyToPick)
    );
    assert_eq!(bench.store.find_orders(&number(1)).unwrap(), [order, part]);
}

fn canceled(mut bench: Bench) {
    let order = bench.import(two_lines());
    let part = bench.split(order, &[("L1", 2), ("L2", 1)]);
    bench.ship(order, 1, 1);
    bench.again(|channel| {
        channel.status = ChannelStatus::Canceled;
        for line in &mut channel.lines {
            line.quantity = 0;
        }
    });
    assert_eq!(bench.stands(part), OrderStatus::Canceled);
    let left = bench.store.order(order).unwrap().order;
    assert!(
        left.flags.contains(&Flag::Canceled),
        "its label has to be voided first"
    );
    assert_eq!(left.status, OrderStatus::ReadyForPickup);
}

fn units_taken(mut bench: Bench) {
    let order = bench.import(two_lines());
    let part = bench.split(order, &[("L1", 2)]);
    bench.open(order);
    bench.again(|channel| channel.lines[0].quantity = 2);
    assert_eq!(bench.has(order), pairs(&[("L1", 1), ("L2", 1)]));
    assert_eq!(bench.has(part), pairs(&[("L1", 1)]));
    assert!(
        bench.store.order(order).unwrap().order.flags.is_empty(),
        "nothing changed for it"
    );
    bench.wait(TimeDelta::minutes(5));
    bench.again(|channel| {
        channel.updated_at += TimeDelta::minutes(5);
        channel.lines[0].quantity = 1;
    });
    assert_eq!(bench.stands(part), OrderStatus::Canceled, "nothing is left of it");
    assert_eq!(bench.part(order), None, "the one that is left is whole again");
    assert_eq!(bench.store.find_orders(&number(1)).unwrap(), [order]);
    // What comes back is the whole order's.
    bench.again(|channel| channel.updated_at += TimeDelta::minutes(9));
    assert_eq!(bench.has(order), pairs(&[("L1", 3), ("L2", 1)]));
    assert_eq!(bench.has(part), pairs(&[]));
}

fn packages(mut bench: Bench) {
    let order = bench.import(two_lines());
    let part = bench.split(order, &[("L1", 2), ("L2", 1)]);
    bench.ship(order, 1, 7);
    let package = |number: &str| ChannelPackage {
        reference: number.to_owned(),
        status: "SHIPPED".to_owned(),
        carrier: "UPS".to_owned(),
        service: "Ground".to_owned(),
        tracking: Some(TrackingNumber::from(number)),
        shipped_at: None,
        items: Vec::new(),
    };
    // Amazon may call the whole order shipped with the first part.
    bench.again(|channel| {
        channel.status = ChannelStatus::Shipped;
        channel.packages = vec![package(&tracking(7))];
    });
    let waiting = bench.store.order(part).unwrap();
    assert!(waiting.order.flags.is_empty(), "{:?}", waiting.order.flags);
    assert_eq!(waiting.order.status, OrderStatus::ReadyToPick);
    assert_eq!(waiting.tracking_numbers(), [TrackingNumber(tracking(7))]);
    assert!(waiting.labels.is_empty());
    assert_eq!(
        waiting.all_labels().count(),
        1,
        "what the other part bought is no stranger's"
    );
    bench.again(|channel| {
        channel.status = ChannelStatus::Shipped;
        channel.updated_at += TimeDelta::minutes(1);
        channel.packages = vec![package(&tracking(7)), package("1ZSTRANGER")];
    });
    let gone = bench.store.order(part).unwrap().order;
    assert!(gone.flags.contains(&Flag::ShippedElsewhere));
    assert_eq!(gone.status, OrderStatus::Shipped, "it left without us");
}

fn by_itself(mut bench: Bench) {
    let order = bench.import(channel(1, vec![line("L1", "MUG", 3)]));
    let part = bench.split(order, &[("L1", 1)]);
    let (packer, now) = (bench.packer, bench.now);
    let first = bench
        .store
        .create_pick_list("one", &[order], Some(packer), now)
        .unwrap();
    let second = bench
        .store
        .create_pick_list("two", &[part], Some(packer), now)
        .unwrap();
    assert_ne!(first, second);
    bench.ship(order, 2, 1);
    assert_eq!(bench.stands(order), OrderStatus::ReadyForPickup);
    assert_eq!(bench.stands(part), OrderStatus::InPicking);
    bench.ship(part, 1, 2);
    assert_eq!(bench.stands(part), OrderStatus::ReadyForPickup);
    assert_eq!(bench.proven(), bench.proven());
}

fn joined(mut bench: Bench) {
    let order = bench.import(two_lines());
    let now = bench.now;
    let words = refusal(bench.store.join_order(order, bench.packer, now)).to_string();
    assert!(words.contains("not split"), "{words}");
    let part = bench.split(order, &[("L1", 1)]);
    let parcel = bench.open(part);
    bench.verify(part, &parcel, "MUG", 0..1);
    let words = refusal(bench.store.join_order(part, bench.packer, now)).to_string();
    assert!(words.contains("part 2 of 2 lies in a box"), "{words}");
    bench.ship_packed(part);
    let words = refusal(bench.store.join_order(part, bench.packer, now)).to_string();
    assert!(
        words.contains("part 2 of 2 is bought or on its way: void it first"),
        "{words}"
    );
    let words = refusal(bench.store.join_order(order, bench.packer, now)).to_string();
    assert!(
        words.contains("part 2 of 2 is bought or on its way: void it first"),
        "{words}"
    );
    let label = bench.store.labels_of(part).unwrap()[0].id;
    bench.void(label);
    assert_eq!(bench.store.join_order(part, bench.packer, now).unwrap(), order);
    assert_eq!(bench.has(order), pairs(&[("L1", 3), ("L2", 1)]));
    assert_eq!(
        (bench.part(order), bench.stands(part)),
        (None, OrderStatus::Canceled)
    );
    assert_eq!(bench.store.find_orders(&number(1)).unwrap(), [order]);
    // Amazon still lists the voided package: it is ours.
    let whole = bench.store.order(order).unwrap();
    assert_eq!(whole.tracking_numbers(), [TrackingNumber(tracking(3))]);
    let history = whole.history;
    assert!(
        history[0].what.contains("joined again: 1 × MUG"),
        "{}",
        history[0].what
    );
}

impl Bench {
    /// Buys the label of a part whose one mug is scanned.
    fn ship_packed(&mut self, order: OrderId) {
        let parcel = self.store.order(order).unwrap().boxes[0].clone();
        let parcel = self.weigh(&parcel);
        let quote = self.quote(order, &parcel, vec![rate("r1", 820)]);
        let want = self.want(order, &parcel, quote);
        self.store.want_label(&want, self.now).unwrap();
        let lead = self.lead();
        self.ask(lead, want.id).unwrap();
        self.settle(want.id, &bought(&tracking(3)));
    }
}

fn split_again(mut bench: Bench) {
    let order = bench.import(two_lines());
    let part = bench.split(order, &[("L1", 1)]);
    bench.store.join_order(part, bench.packer, bench.now).unwrap();
    let again = bench.split(order, &[("L2", 1)]);
    assert_eq!(again, part);
    assert_eq!(
        (bench.stands(part), bench.has(part)),
        (OrderStatus::ReadyToPick, pairs(&[("L2", 1)]))
    );
    let third = bench.split(order, &[("L1", 1)]);
    assert_eq!(bench.part(third), Some((3, 3)));
    assert_eq!(bench.store.find_orders(&number(1)).unwrap(), [order, part, third]);
    // A part can be split and joined like the order.
    assert_eq!(
        bench.store.join_order(third, bench.packer, bench.now).unwrap(),
        order
    );
    assert_eq!(bench.part(part), Some((2, 2)));
}

fn rest_is_ready(mut bench: Bench) {
    let order = bench.import(channel(1, vec![line("L1", "MUG", 2)]));
    let first = bench.open(order);
    bench.verify(order, &first, "MUG", 0..1);
    let turn = crate::store::Turn {
        order,
        box_id: first.id,
        turn: first.turn,
    };
    let second = bench.store.next_box(turn, bench.packer, bench.now).unwrap();
    let scan = bench.scan(order, &second, 0, verified("L1", 1, "MUG"));
    bench.store.accept_scan(&scan).unwrap();
    let first = bench.weigh(&first);
    let quote = bench.quote(order, &first, vec![rate("r1", 820)]);
    let want = bench.want(order, &first, quote);
    bench.store.want_label(&want, bench.now).unwrap();
    let lead = bench.lead();
    bench.ask(lead, want.id).unwrap();
    bench.settle(want.id, &bought(&tracking(5)));
    assert_eq!(bench.stands(order), OrderStatus::InPacking, "box 2 has no label");
    // The second one is broken: taken out, and sent later.
    let undo = crate::domain::packing::PackEvent::undoing(&scan).unwrap();
    let undone = bench.scan(order, &second, 1, undo);
    bench.store.accept_scan(&undone).unwrap();
    bench.split(order, &[("L1", 1)]);
    assert_eq!(bench.stands(order), OrderStatus::ReadyForPickup);
}
