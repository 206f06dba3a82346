//! Erasing customers: when it is due, what goes, what stays, and that nothing brings it back.

use super::Case;
use super::station::{
    Bench, bought, channel, label_document, line, number, refusal, shop, station, tracking, wish,
};
use crate::domain::erasure::{Due, Erasure};
use crate::domain::ids::{OrderId, OrderNumber};
use crate::domain::order::ChannelStatus;
use crate::domain::rate::QuoteState;
use crate::domain::status::OrderStatus;
use crate::store::{VoidSettlement, WantLabel};
use chrono::TimeDelta;

pub(super) const CASES: &[Case] = &[
    ("an order is due 30 days after it was shipped", thirty_days),
    ("an open purchase or void is waited for", waits),
    (
        "erasing takes all that came from the customer, and no more",
        what_goes,
    ),
    (
        "what was erased cannot be printed, bought or fetched again",
        no_way_back,
    ),
    ("no import brings an erased customer back", import),
    ("an order that went on meanwhile is not erased", went_on),
    ("erasure runs are remembered", runs),
];

const MONTH: TimeDelta = TimeDelta::days(30);

/// An order whose label is printed: shipped now.
fn shipped(bench: &mut Bench, n: u32) -> WantLabel {
    let want = bench.bought(n);
    let job = bench.store.print_jobs(&station()).unwrap()[0].id;
    bench.store.begin_printing(job, bench.now).unwrap().unwrap();
    bench.store.end_printing(job, Ok(()), false, bench.now).unwrap();
    want
}

fn due(bench: &Bench) -> Vec<OrderNumber> {
    let due = bench.store.due_for_erasure(bench.now, 100).unwrap();
    due.into_iter().map(|due| due.number).collect()
}

fn erase(bench: &mut Bench) -> Vec<Due> {
    let due = bench.store.due_for_erasure(bench.now, 100).unwrap();
    bench.store.erase_customers(&due, None, bench.now).unwrap()
}

fn status(bench: &Bench, order: OrderId) -> OrderStatus {
    bench.store.order(order).unwrap().order.status
}

fn thirty_days(mut bench: Bench) {
    let want = shipped(&mut bench, 1);
    assert_eq!(status(&bench, want.order), OrderStatus::Shipped);
    let canceled = bench.mugs(2, 1);
    bench
        .store
        .set_status(
            canceled,
            OrderStatus::Canceled,
            Some(bench.supervisor),
            "asked",
            bench.now,
        )
        .unwrap();
    bench.mugs(3, 1);
    bench.wait(TimeDelta::hours(1));
    // Bought and not checked out yet: it counts from the label.
    bench.bought(4);
    bench.wait(MONTH - TimeDelta::hours(1) - TimeDelta::seconds(1));
    assert_eq!(due(&bench), []);
    bench.wait(TimeDelta::seconds(1));
    assert_eq!(due(&bench), [number(1), number(2)]);
    bench.wait(TimeDelta::hours(1));
    assert_eq!(due(&bench), [number(1), number(2), number(4)]);
    assert_eq!(bench.store.due_for_erasure(bench.now, 1).unwrap().len(), 1);
    assert_eq!(erase(&mut bench).len(), 3);
    assert_eq!(due(&bench), []);
}

fn waits(mut bench: Bench) {
    let want = shipped(&mut bench, 1);
    bench.wait(MONTH);
    bench
        .store
        .want_void(want.id, &wish(bench.packer, "lost"), bench.now)
        .unwrap();
    assert_eq!(due(&bench), [], "void wanted");
    let lead = bench.lead();
    bench.store.begin_voiding(lead, want.id, bench.now).unwrap();
    assert_eq!(due(&bench), [], "void asked");
    let refused = VoidSettlement::Refused {
        why: "too late".to_owned(),
    };
    bench.store.settle_void(want.id, &refused, bench.now).unwrap();
    assert_eq!(due(&bench), [number(1)], "settled");

    let unknown = bench.unknown(2);
    let id = unknown.order;
    let mut gone = channel(2, vec![line("L1", "MUG", 1)]);
    gone.status = ChannelStatus::Shipped;
    gone.updated_at = bench.now;
    let gone = bench.imported(gone);
    bench
        .store
        .import_orders(&shop(), vec![gone], None, bench.now)
        .unwrap();
    bench.wait(MONTH);
    assert_eq!(due(&bench), [number(1)], "nobody knows whether it was bought");
    bench.settle(unknown.id, &bought(&tracking(2)));
    bench.wait(MONTH);
    assert!(due(&bench).contains(&number(2)), "{:?}", status(&bench, id));
}

fn what_goes(mut bench: Bench) {
    let want = shipped(&mut bench, 1);
    let kept = shipped(&mut bench, 2);
    bench.wait(MONTH);
    let before = bench.store.label(want.id).unwrap();
    let only = Due {
        store: shop(),
        number: number(1),
        since: bench.now,
    };
    let by = Some(bench.supervisor);
    let erased = bench
        .store
        .erase_customers(std::slice::from_ref(&only), by, bench.now)
        .unwrap();
    assert_eq!(erased, [only]);
    let detail = bench.store.order(want.order).unwrap();
    assert!(detail.order.erased);
    assert!(detail.order.channel.address_fingerprint.is_empty());
    assert!(matches!(&detail.quotes[0].state, QuoteState::Failed(words) if words.contains("erased")));
    assert!(bench.store.customer(want.order).unwrap().is_none());
    assert!(bench.store.document(want.id).unwrap().is_none());
    assert!(bench.store.stored_request(want.id).unwrap().is_none());
    assert_eq!(bench.store.order_key(&shop(), &number(1)).unwrap(), None);
    let history = bench.store.history(want.order).unwrap();
    assert!(history[0].what.contains("customer's data erased"), "{history:?}");
    assert_eq!(history[0].by.as_deref(), Some("Sue"));
    // Money, tracking number and proof stay.
    let label = bench.store.label(want.id).unwrap();
    assert_eq!((label.price, &label.tracking), (before.price, &before.tracking));
    assert_eq!(bench.store.spend(None).unwrap()[0].live.labels, 2);
    bench.proven();
    // The other's customer is untouched.
    assert!(bench.store.customer(kept.order).unwrap().is_some());
    assert!(bench.store.document(kept.id).unwrap().is_some());
    assert!(bench.store.stored_request(kept.id).unwrap().is_some());
    let numbers = [number(1), number(2), number(3)];
    assert_eq!(bench.store.erased_among(&numbers).unwrap(), [number(1)]);
}

fn no_way_back(mut bench: Bench) {
    let want = shipped(&mut bench, 1);
    let job = bench
        .store
        .want_print(want.id, &station(), bench.packer, bench.now)
        .unwrap();
    bench.wait(MONTH);
    erase(&mut bench);
    assert!(bench.store.begin_printing(job, bench.now).unwrap().is_none());
    assert!(bench.store.print_jobs(&station()).unwrap().is_empty());
    let why = refusal(
        bench
            .store
            .want_print(want.id, &station(), bench.packer, bench.now),
    );
    assert!(why.to_string().contains("is erased"), "{why}");
    // A document that comes late is not kept.
    let _ = bench
        .store
        .add_document(want.id, vec![label_document()], bench.now);
    assert!(bench.store.document(want.id).unwrap().is_none());
    // A label can still be voided: nothing of the customer is needed for it.
    bench.void(want.id);
    let parcel = bench.open(want.order);
    bench.verify(want.order, &parcel, "MUG", 0..1);
    let parcel = bench.weigh(&parcel);
    let quote = bench.quote(want.order, &parcel, vec![super::station::rate("r1", 820)]);
    let again = bench.want(want.order, &parcel, quote);
    let why = refusal(bench.store.want_label(&again, bench.now));
    assert!(why.to_string().contains("is erased"), "{why}");
}

fn import(mut bench: Bench) {
    let want = shipped(&mut bench, 1);
    bench.wait(MONTH);
    erase(&mut bench);
    let mut news = channel(1, vec![line("L1", "MUG", 1)]);
    news.status = ChannelStatus::Shipped;
    news.updated_at = bench.now;
    news.address_fingerprint = vec![9, 9];
    let imported = bench.imported(news);
    bench
        .store
        .import_orders(&shop(), vec![imported], None, bench.now)
        .unwrap();
    let order = bench.store.order(want.order).unwrap().order;
    assert!(order.erased && order.channel.address_fingerprint.is_empty());
    assert!(order.flags.is_empty(), "{:?}", order.flags);
    assert!(bench.store.customer(want.order).unwrap().is_none());
    assert_eq!(bench.store.order_key(&shop(), &number(1)).unwrap(), None);

    // One that was over long before we first hear of it comes without its customer.
    let mut old = channel(5, vec![line("L1", "MUG", 1)]);
    old.status = ChannelStatus::Shipped;
    old.updated_at = bench.now - MONTH;
    let id = bench.import(old);
    assert!(bench.store.order(id).unwrap().order.erased);
    assert!(bench.store.customer(id).unwrap().is_none());
    // A younger one counts from Amazon's word, not from today.
    let mut young = channel(6, vec![line("L1", "MUG", 1)]);
    young.status = ChannelStatus::Canceled;
    young.updated_at = bench.now - TimeDelta::days(29);
    let id = bench.import(young);
    assert!(bench.store.customer(id).unwrap().is_some());
    bench.wait(TimeDelta::days(1));
    assert_eq!(due(&bench), [number(6)]);
}

fn went_on(mut bench: Bench) {
    let want = shipped(&mut bench, 1);
    bench.wait(MONTH);
    let due = bench.store.due_for_erasure(bench.now, 100).unwrap();
    bench
        .store
        .want_void(want.id, &wish(bench.packer, "lost"), bench.now)
        .unwrap();
    assert_eq!(bench.store.erase_customers(&due, None, bench.now).unwrap(), []);
    assert!(bench.store.customer(want.order).unwrap().is_some());
}

fn runs(mut bench: Bench) {
    assert_eq!(bench.store.erasure().unwrap(), None);
    let run = Erasure {
        at: bench.now,
        erased: 3,
        left: vec!["a disk".to_owned()],
    };
    bench.store.note_erasure(&run).unwrap();
    assert_eq!(bench.store.erasure().unwrap(), Some(run));
    assert!(bench.store.empty_log().unwrap());
}
