//! Several boxes for an order, and taking back what was scanned.

use super::Case;
use super::station::{Bench, channel, coded, line, refusal, station, tracking, usd, verified};
use super::station::{bought as bought_as, rate};
use crate::domain::ids::{IntentId, OrderId};
use crate::domain::outside::Carrier;
use crate::domain::packing::{PackEvent, PackingSession, last_standing};
use crate::domain::rate::Confirmation;
use crate::domain::rows::BoxRow;
use crate::domain::shipment::LabelState;
use crate::domain::status::OrderStatus;
use crate::store::{RecordOutside, Refusal, Turn, VoidSettlement};

const CODE: &str = "AZ:ABCDEFGHIJKLMNOPQRSTUVWXYZ";

pub(super) const CASES: &[Case] = &[
    (
        "the next box is empty, unweighed, and takes the next scans",
        next_box,
    ),
    ("an empty box is not left for another one", empty_box),
    ("no box is left while a code is due", code_due),
    ("a new program opens at the box that was opened last", reopened),
    ("each box has its own quote, label and items", own_labels),
    (
        "an order can leave once its last box is labelled",
        shipped_with_the_last,
    ),
    (
        "a label from elsewhere is never an unprinted one: the order is Shipped with its other box's sheet",
        shipped_with_one_from_elsewhere,
    ),
    (
        "of several boxes the one furthest behind stands for the order",
        slowest_rules,
    ),
    (
        "a void of one box leaves the other boxes' labels alone",
        one_voided,
    ),
    ("taking an order over takes every free box", taken_over),
    ("a box with a label is not opened again", frozen_box),
    ("an empty box has no label", no_label_for_nothing),
    (
        "undo takes back the last scan, and it can be scanned again",
        undone,
    ),
    ("undo takes back a whole case", undone_case),
    ("undo frees a code for its unit", undone_code),
    (
        "only the last standing scan of a box is taken back",
        undone_in_order,
    ),
    ("nothing is taken back from a box with a label", undone_frozen),
];

fn turn(order: OrderId, parcel: &BoxRow) -> Turn {
    Turn {
        order,
        box_id: parcel.id,
        turn: parcel.turn,
    }
}

impl Bench {
    fn next(&mut self, order: OrderId, from: &BoxRow) -> BoxRow {
        self.store
            .next_box(turn(order, from), self.packer, self.now)
            .unwrap()
    }

    /// Puts units of the line of mugs into a box.
    fn put(&mut self, order: OrderId, parcel: &BoxRow, units: std::ops::Range<u32>) {
        for unit in units {
            self.put_event(order, parcel, verified("L1", unit, "MUG"));
        }
    }

    fn put_event(&mut self, order: OrderId, parcel: &BoxRow, event: PackEvent) {
        let stored = self.store.order(order).unwrap().scans;
        let here = stored.iter().filter(|scan| scan.box_id == parcel.id).count();
        let scan = self.scan(order, parcel, u32::try_from(here).unwrap(), event);
        self.store.accept_scan(&scan).unwrap();
    }

    fn undoing(&self, order: OrderId, parcel: &BoxRow) -> PackEvent {
        let scans = self.store.order(order).unwrap().scans;
        PackEvent::undoing(last_standing(&scans, parcel.id).unwrap()).unwrap()
    }

    /// Order `n`: two mugs in box 1, one in box 2; box 2 is open.
    pub(super) fn two_boxes(&mut self, n: u32) -> (OrderId, BoxRow, BoxRow) {
        let order = self.mugs(n, 3);
        let (one, two) = self.in_two_boxes(order);
        (order, one, two)
    }

    /// Packs three mugs: two into box 1, one into box 2; box 2 is open.
    pub(in crate::store) fn in_two_boxes(&mut self, order: OrderId) -> (BoxRow, BoxRow) {
        let one = self.open(order);
        self.put(order, &one, 0..2);
        let two = self.next(order, &one);
        self.put(order, &two, 2..3);
        (one, two)
    }

    /// Weighs the box and buys its label.
    pub(super) fn label(&mut self, order: OrderId, parcel: &BoxRow, n: u32) -> IntentId {
        let parcel = self.weigh(parcel);
        let quote = self.quote(order, &parcel, vec![rate("r1", 820)]);
        let want = self.want(order, &parcel, quote);
        self.store.want_label(&want, self.now).unwrap();
        let lead = self.lead();
        self.ask(lead, want.id).unwrap();
        self.settle(want.id, &bought_as(&tracking(n)));
        want.id
    }

    /// Records a label from elsewhere for the box.
    fn label_elsewhere(&mut self, order: OrderId, parcel: &BoxRow, place: usize) {
        let record = RecordOutside {
            id: IntentId(self.fresh()),
            order,
            box_id: parcel.id,
            turn: parcel.turn,
            carrier: Carrier::Ups,
            method: "Ground".to_owned(),
            tracking: super::outside::number(place).to_owned(),
            checked: false,
            cost: usd(1234),
            reason: None,
            by: self.packer,
            station: station(),
            manifests: false,
        };
        self.store.record_outside(&record, self.now).unwrap();
    }

    fn status(&self, order: OrderId) -> OrderStatus {
        self.store.order(order).unwrap().order.status
    }
}

fn next_box(mut bench: Bench) {
    let order = bench.mugs(1, 3);
    let one = bench.open(order);
    bench.put(order, &one, 0..2);
    let one = bench.weigh(&one);
    let two = bench.next(order, &one);
    assert_eq!((two.number, two.weight, two.dimensions), (2, None, None));
    assert_eq!(two.owner, Some(bench.packer));
    bench.put(order, &two, 2..3);
    let detail = bench.store.order(order).unwrap();
    assert!(PackingSession::of(&detail).complete().is_ok());
    let pieces = |parcel: &BoxRow| PackingSession::of_box(&detail, parcel.id).pieces();
    assert_eq!(pieces(&one), [("MUG".into(), 2)]);
    assert_eq!(pieces(&two), [("MUG".into(), 1)]);
    // All is packed: the next one is the one that waits for its label.
    let again = bench.next(order, &two);
    assert_eq!((again.id, again.weight), (one.id, one.weight));
}

fn empty_box(mut bench: Bench) {
    let order = bench.mugs(1, 2);
    let one = bench.open(order);
    let refused = bench.store.next_box(turn(order, &one), bench.packer, bench.now);
    assert!(matches!(refusal(refused), Refusal::Other(words) if words.contains("nothing lies in box 1")));
    bench.put(order, &one, 0..2);
    let refused = bench.store.next_box(turn(order, &one), bench.packer, bench.now);
    assert!(matches!(refusal(refused), Refusal::Other(words) if words.contains("every unit is packed")));
    assert_eq!(bench.store.order(order).unwrap().boxes.len(), 1);
}

fn code_due(mut bench: Bench) {
    let mut coded_line = line("L1", "MUG", 2);
    coded_line.transparency = true;
    let order = bench.import(channel(1, vec![coded_line]));
    let one = bench.open(order);
    bench.put(order, &one, 0..1);
    let refused = bench.store.next_box(turn(order, &one), bench.packer, bench.now);
    assert!(matches!(refusal(refused), Refusal::Other(words) if words.contains("first scan the")));
    bench.put_event(order, &one, coded("L1", 0, CODE));
    let two = bench.next(order, &one);
    bench.put(order, &two, 1..2);
    let detail = bench.store.order(order).unwrap();
    let serials = |parcel: &BoxRow| {
        PackingSession::of_box(&detail, parcel.id).parcel_items()[0]
            .serials
            .clone()
    };
    assert_eq!(serials(&one), [CODE]);
    assert!(serials(&two).is_empty(), "a code stays with its unit");
}

fn reopened(mut bench: Bench) {
    let order = bench.mugs(1, 3);
    let one = bench.open(order);
    bench.put(order, &one, 0..1);
    let two = bench.next(order, &one);
    assert_eq!(bench.open(order).id, two.id, "the empty one that was begun");
    let two = bench.open(order);
    let back = bench
        .store
        .open_box(turn(order, &two), 1, bench.packer, bench.now)
        .unwrap();
    assert_eq!(back.id, one.id);
    let again = bench.open(order);
    assert_eq!(again.id, one.id, "gone back to");
    bench.put(order, &again, 1..3);
    assert_eq!(bench.open(order).id, one.id, "no empty box once all is packed");
    let missing = bench.store.open_box(
        turn(order, &bench.store.order(order).unwrap().boxes[0]),
        7,
        bench.packer,
        bench.now,
    );
    assert!(matches!(refusal(missing), Refusal::Other(words) if words.contains("no box 7")));
}

fn own_labels(mut bench: Bench) {
    let (order, one, two) = bench.two_boxes(1);
    let one = bench
        .store
        .open_box(turn(order, &two), one.number, bench.packer, bench.now)
        .unwrap();
    let one = bench.weigh(&one);
    let quote = bench.quote(order, &one, vec![rate("r1", 820)]);
    let stored = bench.store.quote(quote).unwrap();
    assert_eq!(stored.request.items[0].quantity, 2, "what lies in this box");
    let want = bench.want(order, &one, quote);
    let other = crate::store::WantLabel {
        box_id: two.id,
        ..want.clone()
    };
    assert!(matches!(
        refusal(bench.store.want_label(&other, bench.now)),
        Refusal::TakenOver { .. } | Refusal::QuoteUnfit(_)
    ));
    bench.store.want_label(&want, bench.now).unwrap();
    assert_eq!(bench.status(order), OrderStatus::InPacking);
    let next = bench.open(order);
    assert_eq!(next.id, two.id, "the box that waits");
    let second = bench.label(order, &next, 2);
    assert_eq!(bench.state(second), LabelState::Bought);
    assert_eq!(bench.state(want.id), LabelState::Wanted, "one live label a box");
}

fn shipped_with_the_last(mut bench: Bench) {
    let (order, one, two) = bench.two_boxes(1);
    let one = bench
        .store
        .open_box(turn(order, &two), 1, bench.packer, bench.now)
        .unwrap_or(one);
    bench.label(order, &one, 1);
    assert_eq!(bench.status(order), OrderStatus::InPacking);
    let two = bench.open(order);
    bench.label(order, &two, 2);
    assert_eq!(bench.status(order), OrderStatus::ReadyForPickup);
}

/// A label of Amazon's and one from elsewhere in one order, whichever comes first: Shipped with the sheet that is
/// printed, and not before.
fn shipped_with_one_from_elsewhere(mut bench: Bench) {
    for (n, elsewhere_first) in [(1, true), (2, false)] {
        let (order, _, two) = bench.two_boxes(n);
        if elsewhere_first {
            bench.label_elsewhere(order, &two, 0);
            let one = bench.open(order);
            bench.label(order, &one, n);
        } else {
            bench.label(order, &two, n);
            let one = bench.open(order);
            bench.label_elsewhere(order, &one, 1);
        }
        assert_eq!(
            bench.status(order),
            OrderStatus::ReadyForPickup,
            "not printed yet"
        );
        let jobs = bench.store.print_jobs(&station()).unwrap();
        let [job] = &jobs[..] else {
            panic!("one sheet is to be printed: {jobs:?}")
        };
        bench.store.begin_printing(job.id, bench.now).unwrap().unwrap();
        bench
            .store
            .end_printing(job.id, Ok(()), false, bench.now)
            .unwrap();
        assert_eq!(
            bench.status(order),
            OrderStatus::Shipped,
            "from elsewhere first: {elsewhere_first}"
        );
    }
}

fn slowest_rules(mut bench: Bench) {
    let (order, _, two) = bench.two_boxes(1);
    let row = |bench: &Bench| {
        let page = bench
            .store
            .orders(&crate::domain::rows::OrderFilter::default(), 0, 10)
            .unwrap();
        page.rows[0].label
    };
    let first = bench.label(order, &two, 2);
    assert_eq!(row(&bench), Some(LabelState::Bought));
    let one = bench.open(order);
    let one = bench.weigh(&one);
    let quote = bench.quote(order, &one, vec![rate("r1", 820)]);
    let want = bench.want(order, &one, quote);
    bench.store.want_label(&want, bench.now).unwrap();
    assert_eq!(row(&bench), Some(LabelState::Wanted), "not {first}");
    let lead = bench.lead();
    bench.ask(lead, want.id).unwrap();
    let refused = crate::store::Settlement::Refused {
        why: "no".to_owned(),
        error: None,
    };
    bench.settle(want.id, &refused);
    assert_eq!(
        row(&bench),
        Some(LabelState::Refused),
        "any box in trouble is the order's"
    );
    assert_eq!(bench.status(order), OrderStatus::InPacking);
}

fn one_voided(mut bench: Bench) {
    let (order, _, two) = bench.two_boxes(1);
    let second = bench.label(order, &two, 2);
    let one = bench.open(order);
    let first = bench.label(order, &one, 1);
    assert_eq!(bench.status(order), OrderStatus::ReadyForPickup);
    bench.void(first);
    assert_eq!(bench.state(second), LabelState::Bought);
    assert_eq!(
        bench.status(order),
        OrderStatus::ReadyToPick,
        "two mugs are to be packed again"
    );
    let again = bench.open(order);
    assert_eq!(again.id, one.id);
    bench.put(order, &again, 0..2);
    bench.label(order, &again, 3);
    assert_eq!(bench.status(order), OrderStatus::ReadyForPickup);
    // All of an order: it goes back only with its last void.
    let wish = super::station::wish(bench.packer, "wrong");
    let wanted = bench.store.want_void_order(order, &wish, bench.now).unwrap();
    let lead = bench.lead();
    for (place, id) in wanted.voids.iter().enumerate() {
        assert_eq!(bench.status(order), OrderStatus::ReadyForPickup, "void {place}");
        bench.store.begin_voiding(lead, *id, bench.now).unwrap();
        bench
            .store
            .settle_void(*id, &VoidSettlement::Accepted, bench.now)
            .unwrap();
    }
    assert_eq!(bench.status(order), OrderStatus::ReadyToPick);
}

fn taken_over(mut bench: Bench) {
    let (order, one, two) = bench.two_boxes(1);
    let other = bench.other;
    let begin = |bench: &mut Bench, take_over| {
        bench.store.begin_packing(
            order,
            other,
            take_over,
            Confirmation::DeliveryConfirmation,
            bench.now,
        )
    };
    assert!(matches!(
        refusal(begin(&mut bench, false)),
        Refusal::OwnedBy { .. }
    ));
    begin(&mut bench, true).unwrap();
    let owners: Vec<_> = bench
        .store
        .order(order)
        .unwrap()
        .boxes
        .iter()
        .map(|row| row.owner)
        .collect();
    assert_eq!(owners, [Some(other), Some(other)]);
    for left in [&one, &two] {
        let late = bench.store.next_box(turn(order, left), bench.packer, bench.now);
        assert!(matches!(refusal(late), Refusal::TakenOver { .. }));
    }
}

fn frozen_box(mut bench: Bench) {
    let (order, _, two) = bench.two_boxes(1);
    bench.label(order, &two, 2);
    let one = bench.open(order);
    let back = bench
        .store
        .open_box(turn(order, &one), 2, bench.packer, bench.now);
    assert!(matches!(refusal(back), Refusal::BoxFrozen(2, _)));
}

fn no_label_for_nothing(mut bench: Bench) {
    let order = bench.mugs(1, 2);
    let one = bench.open(order);
    bench.put(order, &one, 0..1);
    let two = bench.next(order, &one);
    let one = bench
        .store
        .open_box(turn(order, &two), 1, bench.packer, bench.now)
        .unwrap();
    bench.put(order, &one, 1..2);
    let two = bench
        .store
        .open_box(turn(order, &one), 2, bench.packer, bench.now)
        .unwrap();
    let two = bench.weigh(&two);
    let detail = bench.store.order(order).unwrap();
    let session = PackingSession::of(&detail);
    let words = crate::domain::rate::QuoteRequest::of(&detail, &session, &two).unwrap_err();
    assert!(words.contains("nothing lies in box 2"), "{words}");
    // The first one's rates buy nothing for it.
    let one = bench.next(order, &two);
    bench.label(order, &one, 1);
    assert_eq!(
        bench.status(order),
        OrderStatus::ReadyForPickup,
        "the empty box needs no label"
    );
}

fn undone(mut bench: Bench) {
    let order = bench.mugs(1, 2);
    let parcel = bench.open(order);
    bench.put(order, &parcel, 0..2);
    let undo = bench.undoing(order, &parcel);
    bench.put_event(order, &parcel, undo);
    let packed =
        |bench: &Bench| PackingSession::of(&bench.store.order(order).unwrap()).progress()[0].verified;
    assert_eq!(packed(&bench), 1);
    bench.put(order, &parcel, 1..2);
    assert_eq!(packed(&bench), 2, "the same unit again");
    let undo = bench.undoing(order, &parcel);
    bench.put_event(order, &parcel, undo);
    let undo = bench.undoing(order, &parcel);
    bench.put_event(order, &parcel, undo);
    assert_eq!(packed(&bench), 0, "down to the empty box");
    // The freed unit may lie in another box now.
    bench.put(order, &parcel, 0..1);
    let two = bench.next(order, &parcel);
    bench.put(order, &two, 1..2);
    assert_eq!(packed(&bench), 2);
}

fn undone_case(mut bench: Bench) {
    let order = bench.mugs(1, 12);
    let parcel = bench.open(order);
    let units = (0..12).map(|unit| super::station::unit("L1", unit)).collect();
    bench.put_event(
        order,
        &parcel,
        PackEvent::Verified {
            units,
            sku: "MUG".into(),
        },
    );
    let undo = bench.undoing(order, &parcel);
    bench.put_event(order, &parcel, undo);
    let detail = bench.store.order(order).unwrap();
    assert!(PackingSession::of(&detail).is_empty());
    bench.put(order, &parcel, 0..12);
}

fn undone_code(mut bench: Bench) {
    let mut coded_line = line("L1", "MUG", 1);
    coded_line.transparency = true;
    let order = bench.import(channel(1, vec![coded_line]));
    let parcel = bench.open(order);
    bench.put(order, &parcel, 0..1);
    bench.put_event(order, &parcel, coded("L1", 0, CODE));
    let undo = bench.undoing(order, &parcel);
    bench.put_event(order, &parcel, undo);
    let session = PackingSession::of(&bench.store.order(order).unwrap());
    assert!(session.codes().is_empty() && session.progress()[0].verified == 1);
    bench.put_event(order, &parcel, coded("L1", 0, CODE));
    let detail = bench.store.order(order).unwrap();
    assert!(PackingSession::of(&detail).complete().is_ok());
}

fn undone_in_order(mut bench: Bench) {
    let order = bench.mugs(1, 2);
    let parcel = bench.open(order);
    bench.put(order, &parcel, 0..2);
    let first = bench.store.order(order).unwrap().scans[0].clone();
    let undo = PackEvent::undoing(&first).unwrap();
    let early = bench.scan(order, &parcel, 2, undo);
    assert_eq!(refusal(bench.store.accept_scan(&early)), Refusal::OutOfOrder);
    let undo = bench.undoing(order, &parcel);
    let PackEvent::Undone { scan, .. } = undo else {
        unreachable!("an undo")
    };
    let more = PackEvent::Undone {
        scan,
        units: vec![super::station::unit("L1", 0)],
        code: None,
    };
    let wrong = bench.scan(order, &parcel, 2, more);
    assert_eq!(
        refusal(bench.store.accept_scan(&wrong)),
        Refusal::OutOfOrder,
        "nothing but what it did"
    );
    assert_eq!(
        bench.store.order(order).unwrap().scans.len(),
        2,
        "a refused undo leaves nothing"
    );
}

fn undone_frozen(mut bench: Bench) {
    let want = bench.wanted(1);
    let detail = bench.store.order(want.order).unwrap();
    let parcel = detail.boxes[0].clone();
    let undo = bench.undoing(want.order, &parcel);
    let late = bench.scan(want.order, &parcel, 1, undo);
    assert!(matches!(
        refusal(bench.store.accept_scan(&late)),
        Refusal::BoxFrozen(1, _)
    ));
    // A purchase that was not asked for is taken back first.
    bench
        .store
        .withdraw_label(want.id, bench.packer, bench.now)
        .unwrap();
    bench.store.accept_scan(&late).unwrap();
    assert!(PackingSession::of(&bench.store.order(want.order).unwrap()).is_empty());
}
