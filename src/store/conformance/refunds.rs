//! What becomes of a label after its void, and before its void window closes (PURCHASING.md 5).

use super::Case;
use super::station::{Bench, bought, refusal, tracking, usd, wish};
use crate::domain::ids::{IntentId, TrackingNumber};
use crate::domain::order::{ChannelPackage, ChannelStatus, Flag};
use crate::domain::refund::{self, Booking, Heard, NOT_REPORTED_AFTER, OldLabel, Paper, RefundFilter};
use crate::domain::rows::LabelRow;
use crate::domain::shipment::LabelState as S;
use crate::domain::status::OrderStatus;
use crate::store::{Settlement, VoidSettlement, WantLabel};
use chrono::TimeDelta;

pub(super) const CASES: &[Case] = &[
    (
        "nothing is voided before it is said what became of the old label",
        paper,
    ),
    ("an order's labels are voided together, in one wish", whole_order),
    (
        "an unknown or asked purchase blocks the void of its order",
        blocked,
    ),
    ("an order without a label has nothing to void", nothing_to_void),
    (
        "the package of a void confirms it, and the refund is expected",
        confirmed,
    ),
    ("a lost void is settled by its package", lost_void),
    (
        "an order that stays Shipped at Amazon stays Ready to Pick here",
        stays_ready,
    ),
    (
        "a label canceled elsewhere is held, with an alarm",
        canceled_elsewhere,
    ),
    ("a parcel that moves with a void label is an alarm", moves_void),
    ("Merchant Fulfillment's word is followed to its end", reported),
    (
        "sixty days without a word: not reported, and still to be booked",
        missed,
    ),
    ("a person books what came back, once and with a reason", booked),
    ("a rejected refund is lost money and trouble", rejected),
    ("refunds are listed, the overdue at the top", listed),
    (
        "labels that no carrier scanned are listed by the days left",
        unmoved,
    ),
    ("readings are planned, counted and end", planned),
];

fn voided(bench: &mut Bench, n: u32) -> WantLabel {
    let want = bench.bought(n);
    bench.void(want.id);
    want
}

/// The order is packed again, and another label is wanted.
fn wanted_again(bench: &mut Bench, want: &WantLabel) -> WantLabel {
    let again = bench.pack(want.order);
    bench.store.want_label(&again, bench.now).unwrap();
    again
}

fn package(number: &str, status: &str) -> ChannelPackage {
    ChannelPackage {
        reference: "1".to_owned(),
        status: status.to_owned(),
        carrier: "UPS".to_owned(),
        service: "Ground".to_owned(),
        tracking: Some(TrackingNumber::from(number)),
        shipped_at: None,
        items: Vec::new(),
    }
}

/// Amazon says that the order is shipped, with these packages.
fn told(bench: &mut Bench, want: &WantLabel, packages: Vec<ChannelPackage>) {
    let mut word = bench.store.order(want.order).unwrap().order.channel;
    word.status = ChannelStatus::Shipped;
    word.packages = packages;
    word.updated_at += TimeDelta::minutes(1);
    bench.import(word);
}

fn label(bench: &Bench, id: IntentId) -> LabelRow {
    bench.store.label(id).unwrap()
}

fn paper(mut bench: Bench) {
    let want = bench.bought(1);
    let mut silent = wish(bench.packer, "wrong");
    silent.paper = Paper::default();
    let words = refusal(bench.store.want_void(want.id, &silent, bench.now)).to_string();
    assert!(words.contains("scan the old label"), "{words}");
    let mut other = silent.clone();
    other.paper = Paper::scanned(TrackingNumber::from("1Z99999999"));
    refusal(bench.store.want_void(want.id, &other, bench.now));
    assert_eq!(bench.state(want.id), S::Bought);
    let mut scanned = silent;
    scanned.paper = Paper::scanned(TrackingNumber(tracking(1).to_lowercase()));
    bench.store.want_void(want.id, &scanned, bench.now).unwrap();
    let label = label(&bench, want.id);
    assert_eq!(label.state, S::VoidWanted);
    assert_eq!(label.aftermath.unwrap().old_label, Some(OldLabel::Scanned));
    let history = bench.store.history(want.order).unwrap();
    assert!(history[0].what.contains("old label scanned"), "{history:?}");
    bench.proven();
}

fn whole_order(mut bench: Bench) {
    let want = bench.bought(1);
    let asked = wish(bench.packer, "buyer called");
    let wanted = bench
        .store
        .want_void_order(want.order, &asked, bench.now)
        .unwrap();
    assert_eq!((wanted.voids, wanted.withdrawn), (vec![want.id], Vec::new()));
    assert_eq!(bench.state(want.id), S::VoidWanted);
    assert!(
        bench.store.print_jobs(&want.station).unwrap().is_empty(),
        "not printed any more"
    );
    let status = bench.store.order(want.order).unwrap().order.status;
    assert_eq!(status, OrderStatus::ReadyForPickup, "not before Amazon accepts");
    // Again: it is on its way, nothing is asked of the paper anew.
    let mut again = asked.clone();
    again.paper = Paper::default();
    let wanted = bench
        .store
        .want_void_order(want.order, &again, bench.now)
        .unwrap();
    assert_eq!(wanted.voids, [want.id]);
    let lead = bench.lead();
    bench.store.begin_voiding(lead, want.id, bench.now).unwrap();
    bench
        .store
        .settle_void(want.id, &VoidSettlement::Accepted, bench.now)
        .unwrap();
    let status = bench.store.order(want.order).unwrap().order.status;
    assert_eq!(status, OrderStatus::ReadyToPick);
    // Not asked for yet: taken back, and the order is free at once.
    let unasked = bench.wanted(2);
    let wanted = bench
        .store
        .want_void_order(unasked.order, &again, bench.now)
        .unwrap();
    assert_eq!(wanted.withdrawn, [unasked.id]);
    assert_eq!(bench.state(unasked.id), S::Withdrawn);
    let status = bench.store.order(unasked.order).unwrap().order.status;
    assert_eq!(status, OrderStatus::ReadyToPick);
}

fn blocked(mut bench: Bench) {
    let want = bench.unknown(1);
    let asked = wish(bench.packer, "");
    let words = refusal(bench.store.want_void_order(want.order, &asked, bench.now)).to_string();
    assert!(
        words.contains("nobody knows whether the label of box 1"),
        "{words}"
    );
    assert_eq!(bench.state(want.id), S::Unknown);
    let other = bench.wanted(2);
    let lead = bench.lead();
    bench.ask(lead, other.id).unwrap();
    let words = refusal(bench.store.want_void_order(other.order, &asked, bench.now)).to_string();
    assert!(words.contains("wait for Amazon's answer"), "{words}");
}

fn nothing_to_void(mut bench: Bench) {
    let want = voided(&mut bench, 1);
    let asked = wish(bench.packer, "");
    let words = refusal(bench.store.want_void_order(want.order, &asked, bench.now)).to_string();
    assert!(words.contains("nothing to void"), "{words}");
}

fn confirmed(mut bench: Bench) {
    let want = voided(&mut bench, 1);
    let after = label(&bench, want.id).aftermath.unwrap();
    assert_eq!(after.voided_at, Some(bench.now));
    assert_eq!(after.expected_by, Some(bench.now + TimeDelta::days(30)));
    assert_eq!(after.old_label, Some(OldLabel::Destroyed));
    told(&mut bench, &want, vec![package(&tracking(1), "PENDING")]);
    assert_eq!(bench.state(want.id), S::Voided, "not confirmed by that");
    told(&mut bench, &want, vec![package(&tracking(1), "LABEL_CANCELLED")]);
    assert_eq!(bench.state(want.id), S::RefundPending);
    assert_eq!(
        label(&bench, want.id).aftermath.unwrap().word.as_deref(),
        Some("LABEL_CANCELLED")
    );
    let rows = bench.proven();
    told(&mut bench, &want, vec![package(&tracking(1), "LABEL_CANCELLED")]);
    assert_eq!(bench.proven(), rows, "told twice is told once");
}

fn lost_void(mut bench: Bench) {
    let want = bench.bought(1);
    bench
        .store
        .want_void(want.id, &wish(bench.packer, ""), bench.now)
        .unwrap();
    let lead = bench.lead();
    bench.store.begin_voiding(lead, want.id, bench.now).unwrap();
    let lost = VoidSettlement::Unknown {
        why: "time-out".to_owned(),
    };
    bench.store.settle_void(want.id, &lost, bench.now).unwrap();
    told(&mut bench, &want, vec![package(&tracking(1), "CANCELLED")]);
    assert_eq!(bench.state(want.id), S::RefundPending);
    let order = bench.store.order(want.order).unwrap().order;
    assert_eq!(order.status, OrderStatus::ReadyToPick);
    bench.proven();
}

fn stays_ready(mut bench: Bench) {
    let want = voided(&mut bench, 1);
    for status in ["LABEL_CANCELLED", "PENDING", "CANCELLED"] {
        told(&mut bench, &want, vec![package(&tracking(1), status)]);
        let order = bench.store.order(want.order).unwrap().order;
        assert_eq!(
            (order.status, order.flags),
            (OrderStatus::ReadyToPick, Vec::new()),
            "{status}"
        );
    }
    // And another label may be wanted for it.
    let again = wanted_again(&mut bench, &want);
    assert_eq!(bench.state(again.id), S::Wanted);
    // A package that is not ours is another matter.
    let foreign = vec![
        package(&tracking(1), "CANCELLED"),
        package("1ZFOREIGN", "SHIPPED"),
    ];
    told(&mut bench, &want, foreign);
    let order = bench.store.order(want.order).unwrap().order;
    assert_eq!(order.flags, [Flag::ShippedElsewhere]);
}

fn canceled_elsewhere(mut bench: Bench) {
    let want = bench.bought(1);
    told(&mut bench, &want, vec![package(&tracking(1), "LABEL_CANCELLED")]);
    let row = label(&bench, want.id);
    assert_eq!((row.state, row.held), (S::Bought, true));
    assert!(row.reason.unwrap().contains("canceled elsewhere"));
    refusal(
        bench
            .store
            .want_print(want.id, &want.station, bench.packer, bench.now),
    );
    let rows = bench.proven();
    told(&mut bench, &want, vec![package(&tracking(1), "LABEL_CANCELLED")]);
    assert_eq!(bench.proven(), rows, "said once");
    bench.void(want.id);
    assert_eq!(bench.state(want.id), S::Voided);
}

fn moves_void(mut bench: Bench) {
    let want = voided(&mut bench, 1);
    told(&mut bench, &want, vec![package(&tracking(1), "IN_TRANSIT")]);
    let row = label(&bench, want.id);
    assert!(row.aftermath.unwrap().scanned);
    assert!(row.reason.unwrap().contains("although it is void"));
    let page = bench
        .store
        .orders(&crate::domain::rows::OrderFilter::default(), 0, 1)
        .unwrap();
    assert!(page.rows[0].trouble, "a person must look");
    bench.proven();
}

fn reported(mut bench: Bench) {
    let want = voided(&mut bench, 1);
    let hear = |bench: &mut Bench, status: &str| {
        let heard = Heard::Shipment(status.to_owned());
        bench.store.settle_follow_up(want.id, &heard, bench.now).unwrap()
    };
    assert_eq!(hear(&mut bench, "Purchased").state, S::Voided);
    assert_eq!(hear(&mut bench, "RefundPending").state, S::RefundPending);
    assert_eq!(hear(&mut bench, "RefundPending").state, S::RefundPending);
    let row = hear(&mut bench, "RefundApplied");
    assert_eq!(row.state, S::Refunded);
    assert_eq!(
        row.aftermath.unwrap().refunded,
        None,
        "no amount was told, none is invented"
    );
    assert_eq!(
        hear(&mut bench, "RefundRejected").state,
        S::Refunded,
        "decided is decided"
    );
    bench.proven();
}

fn missed(mut bench: Bench) {
    let want = voided(&mut bench, 1);
    bench.now += NOT_REPORTED_AFTER - TimeDelta::seconds(1);
    let row = bench
        .store
        .settle_follow_up(want.id, &Heard::Nothing, bench.now)
        .unwrap();
    assert_eq!(row.state, S::Voided);
    bench.now += TimeDelta::seconds(1);
    let row = bench
        .store
        .settle_follow_up(want.id, &Heard::Nothing, bench.now)
        .unwrap();
    assert_eq!(row.state, S::RefundNotReported);
    assert!(
        bench.store.follow_ups(9).unwrap().is_empty(),
        "nothing more is read"
    );
    let booking = Booking::Paid(usd(1));
    let row = bench
        .store
        .book_refund(want.id, &booking, bench.packer, "seen late", bench.now)
        .unwrap();
    assert_eq!(row.state, S::Refunded);
}

fn booked(mut bench: Bench) {
    let want = voided(&mut bench, 1);
    let price = label(&bench, want.id).price;
    let packer = bench.packer;
    let whole = Booking::Paid(price);
    refusal(bench.store.book_refund(want.id, &whole, packer, " ", bench.now));
    let above = Booking::Paid(usd(price.minor + 1));
    refusal(
        bench
            .store
            .book_refund(want.id, &above, packer, "statement", bench.now),
    );
    let row = bench
        .store
        .book_refund(want.id, &whole, packer, "statement 12", bench.now)
        .unwrap();
    assert_eq!(
        (row.state, row.aftermath.unwrap().refunded),
        (S::Refunded, Some(price))
    );
    refusal(
        bench
            .store
            .book_refund(want.id, &whole, packer, "again", bench.now),
    );
    let live = bench.bought(2);
    refusal(
        bench
            .store
            .book_refund(live.id, &whole, packer, "no void", bench.now),
    );
    let history = bench.store.history(want.order).unwrap();
    assert!(history[0].what.contains("statement 12"), "{history:?}");
    bench.proven();
}

fn rejected(mut bench: Bench) {
    let want = voided(&mut bench, 1);
    let again = wanted_again(&mut bench, &want);
    let lead = bench.lead();
    bench.ask(lead, again.id).unwrap();
    bench.settle(again.id, &bought("1ZSECOND"));
    let labels = bench.store.labels_of(want.order).unwrap();
    let both = refund::both_paid(&labels, &labels[0], bench.now);
    assert!(both[0].contains("both are paid for now"), "{both:?}");
    let row = bench
        .store
        .book_refund(want.id, &Booking::Rejected, bench.packer, "too late", bench.now)
        .unwrap();
    assert_eq!(row.state, S::RefundRejected);
    let refunds = bench.store.refunds(RefundFilter::All, 0, 9, bench.now).unwrap();
    assert_eq!((refunds.awaited, refunds.lost), (Vec::new(), vec![row.price]));
    let labels = bench.store.labels_of(want.order).unwrap();
    let both = refund::both_paid(&labels, &labels[0], bench.now);
    assert!(both[0].starts_with("TWO LABELS ARE PAID"), "{both:?}");
    let page = bench
        .store
        .orders(&crate::domain::rows::OrderFilter::default(), 0, 1)
        .unwrap();
    assert!(page.rows[0].trouble);
}

fn listed(mut bench: Bench) {
    let late = voided(&mut bench, 1);
    bench.now += TimeDelta::days(20);
    let recent = voided(&mut bench, 2);
    let decided = voided(&mut bench, 3);
    let booking = Booking::Paid(usd(5));
    bench
        .store
        .book_refund(decided.id, &booking, bench.packer, "seen", bench.now)
        .unwrap();
    bench.bought(4);
    bench.now += TimeDelta::days(11);
    let ids = |filter, first, limit| {
        let refunds = bench.store.refunds(filter, first, limit, bench.now).unwrap();
        let ids: Vec<IntentId> = refunds.page.rows.iter().map(|label| label.id).collect();
        (ids, refunds.page.total)
    };
    assert_eq!(
        ids(RefundFilter::All, 0, 9),
        (vec![late.id, recent.id, decided.id], 3)
    );
    assert_eq!(ids(RefundFilter::All, 1, 1), (vec![recent.id], 3));
    assert_eq!(ids(RefundFilter::Open, 0, 9), (vec![late.id, recent.id], 2));
    assert_eq!(ids(RefundFilter::Overdue, 0, 9), (vec![late.id], 1));
    let refunds = bench.store.refunds(RefundFilter::All, 0, 9, bench.now).unwrap();
    let rows = &refunds.page.rows;
    assert_eq!(refunds.awaited, [usd(rows[0].price.minor + rows[1].price.minor)]);
    for row in rows {
        assert_eq!(refund::is_overdue(row, bench.now), row.id == late.id);
    }
}

fn unmoved(mut bench: Bench) {
    let old = bench.bought(1);
    bench.now += TimeDelta::days(9);
    let moving = bench.bought(2);
    told(&mut bench, &moving, vec![package(&tracking(2), "IN_TRANSIT")]);
    let silent = bench.bought(3);
    let void = bench.bought(4);
    bench.void(void.id);
    let heard = Heard::Tracking("PreTransit".to_owned());
    bench
        .store
        .settle_follow_up(silent.id, &heard, bench.now)
        .unwrap();
    let ids = |bench: &Bench| {
        let page = bench.store.unmoved(0, 9, bench.now).unwrap();
        for row in &page.rows {
            assert!(refund::is_unmoved(row, bench.now), "the rule and the query agree");
        }
        let ids: Vec<IntentId> = page.rows.iter().map(|label| label.id).collect();
        assert_eq!(ids.len(), page.total);
        ids
    };
    assert_eq!(ids(&bench), [old.id], "what was bought today is not late");
    bench.now += TimeDelta::days(2);
    assert_eq!(ids(&bench), [old.id, silent.id]);
    bench.now += TimeDelta::days(4);
    assert_eq!(
        ids(&bench),
        [silent.id, old.id],
        "what can be voided no more comes last"
    );
    let heard = Heard::Tracking("InTransit".to_owned());
    bench
        .store
        .settle_follow_up(silent.id, &heard, bench.now)
        .unwrap();
    assert_eq!(ids(&bench), [old.id]);
    bench.now += TimeDelta::days(30);
    assert!(ids(&bench).is_empty());
}

fn planned(mut bench: Bench) {
    let want = bench.bought(1);
    let due = |bench: &Bench| {
        let planned = bench.store.follow_ups(9).unwrap();
        planned
            .into_iter()
            .map(|item| (item.label.id, item.due))
            .collect::<Vec<_>>()
    };
    let bought = label(&bench, want.id).aftermath.unwrap().bought_at;
    assert_eq!(due(&bench), [(want.id, bought + TimeDelta::days(1))]);
    bench
        .store
        .want_void(want.id, &wish(bench.packer, ""), bench.now)
        .unwrap();
    assert!(
        due(&bench).is_empty(),
        "while the void is asked for, nothing is read"
    );
    let lead = bench.lead();
    bench.store.begin_voiding(lead, want.id, bench.now).unwrap();
    let no = VoidSettlement::Refused { why: "no".to_owned() };
    bench.store.settle_void(want.id, &no, bench.now).unwrap();
    assert_eq!(due(&bench).len(), 1, "refused: it lives on");
    bench.void(want.id);
    assert_eq!(due(&bench), [(want.id, bench.now + TimeDelta::minutes(10))]);
    bench.now += TimeDelta::minutes(10);
    bench
        .store
        .settle_follow_up(want.id, &Heard::Nothing, bench.now)
        .unwrap();
    assert_eq!(due(&bench), [(want.id, bench.now + TimeDelta::hours(1))]);
    let soon = bench.bought(2);
    assert_eq!(due(&bench)[0].0, want.id, "soonest first");
    assert_eq!(bench.store.follow_ups(1).unwrap().len(), 1);
    assert_eq!(due(&bench)[1].0, soon.id);
    // What was surely not bought has no aftermath.
    let refused = bench.wanted(3);
    let lead = bench.lead();
    bench.ask(lead, refused.id).unwrap();
    let no = Settlement::Refused {
        why: "no".to_owned(),
        error: None,
    };
    assert_eq!(bench.settle(refused.id, &no).aftermath, None);
}
