//! What Amazon says, taken in: never over what the bench has done (DESIGN.md 5, PURCHASING.md 5 and 6).

use super::Case;
use super::station::{Bench, channel, line, number, product, refusal, shop, start, tracking};
use crate::domain::ids::{OrderId, TrackingNumber};
use crate::domain::order::{ChannelOrder, ChannelPackage, ChannelStatus, Flag};
use crate::domain::rate::Confirmation;
use crate::domain::rows::OrderFilter;
use crate::domain::status::OrderStatus;
use crate::store::{ImportReport, Refusal};
use chrono::TimeDelta;

pub(super) const CASES: &[Case] = &[
    ("an order comes back as Amazon said it", comes_back),
    ("the same word twice changes nothing but its age", twice),
    ("an older word never replaces a younger one", older_word),
    ("a Pending order opens by itself", pending_opens),
    (
        "a Pending order has no key and no customer until its address comes",
        pending_customer,
    ),
    ("Amazon's cancel cancels an order without a label", canceled),
    (
        "Amazon's cancel only flags an order with a label",
        canceled_with_label,
    ),
    (
        "the buyer's wish to cancel is flagged until a packer settles it",
        cancel_requested,
    ),
    (
        "another address is flagged only once the bench has begun",
        address_changed,
    ),
    (
        "other items are flagged, and rates for the old ones are gone",
        items_changed,
    ),
    (
        "a package that is not ours is flagged, ours is not",
        shipped_elsewhere,
    ),
    ("a voided label's package is still ours", voided_package),
    (
        "a package is not judged while one of our purchases is open",
        package_of_an_unknown,
    ),
    (
        "an order that left without us is Shipped and flagged",
        left_without_us,
    ),
    (
        "a SKU without product is flagged until the catalogue has it",
        no_product,
    ),
    ("a finished sweep speaks for all of the shop's orders", sweep),
    ("the watermark never goes back", watermark),
    ("badges follow the catalogue", badges_follow),
];

fn again(bench: &mut Bench, channel: &ChannelOrder, change: impl FnOnce(&mut ChannelOrder)) -> ImportReport {
    let mut channel = channel.clone();
    change(&mut channel);
    channel.updated_at += TimeDelta::minutes(5);
    let imported = bench.imported(channel);
    bench
        .store
        .import_orders(&shop(), vec![imported], None, bench.now)
        .unwrap()
}

fn status(bench: &Bench, order: OrderId) -> OrderStatus {
    bench.store.order(order).unwrap().order.status
}

fn flags(bench: &Bench, order: OrderId) -> Vec<Flag> {
    bench.store.order(order).unwrap().order.flags
}

fn package(tracking: &str) -> ChannelPackage {
    ChannelPackage {
        reference: "1".to_owned(),
        status: "SHIPPED".to_owned(),
        carrier: "UPS".to_owned(),
        service: "Ground".to_owned(),
        tracking: Some(TrackingNumber::from(tracking)),
        shipped_at: None,
        items: Vec::new(),
    }
}

fn one_mug() -> ChannelOrder {
    channel(1, vec![line("L1", "MUG", 1)])
}

fn comes_back(mut bench: Bench) {
    let word = one_mug();
    let id = bench.import(word.clone());
    let order = bench.store.order(id).unwrap();
    assert_eq!(order.order.channel, word);
    assert_eq!(order.order.status, OrderStatus::ReadyToPick);
    assert_eq!(order.order.seen_at, bench.now);
    assert!(order.order.flags.is_empty() && order.boxes.is_empty() && !order.order.erased);
    assert_eq!(bench.store.destination(id).unwrap(), word.destination);
}

fn twice(mut bench: Bench) {
    let id = bench.import(one_mug());
    bench.wait(TimeDelta::minutes(3));
    let imported = bench.imported(one_mug());
    let report = bench
        .store
        .import_orders(&shop(), vec![imported], None, bench.now)
        .unwrap();
    assert_eq!(report, ImportReport::default());
    assert_eq!(bench.store.order(id).unwrap().order.seen_at, bench.now);
    assert_eq!(bench.store.find_orders(&number(1)).unwrap(), [id]);
}

fn older_word(mut bench: Bench) {
    let id = bench.import(one_mug());
    let mut old = one_mug();
    old.updated_at -= TimeDelta::hours(1);
    old.status = ChannelStatus::Canceled;
    bench.import(old);
    assert_eq!(status(&bench, id), OrderStatus::ReadyToPick);
    assert_eq!(bench.store.order(id).unwrap().order.channel, one_mug());
}

fn pending_opens(mut bench: Bench) {
    let mut word = one_mug();
    word.status = ChannelStatus::Pending;
    let id = bench.import(word.clone());
    assert_eq!(status(&bench, id), OrderStatus::Pending);
    let packing = bench
        .store
        .begin_packing(id, bench.packer, false, Confirmation::Signature, bench.now);
    assert!(matches!(refusal(packing), Refusal::CannotShip(_)));
    again(&mut bench, &word, |word| {
        word.status = ChannelStatus::Unshipped;
    });
    assert_eq!(status(&bench, id), OrderStatus::ReadyToPick);
}

fn pending_customer(mut bench: Bench) {
    let mut word = one_mug();
    word.status = ChannelStatus::Pending;
    word.destination = None;
    let mut imported = bench.imported(word.clone());
    imported.customer = None;
    imported.key = None;
    bench
        .store
        .import_orders(&shop(), vec![imported], None, bench.now)
        .unwrap();
    let id = bench.store.find_orders(&number(1)).unwrap()[0];
    assert_eq!(bench.store.customer(id).unwrap(), None);
    assert_eq!(bench.store.order_key(&shop(), &number(1)).unwrap(), None);
    again(&mut bench, &word, |word| {
        word.status = ChannelStatus::Unshipped;
    });
    assert!(bench.store.customer(id).unwrap().is_some());
}

fn canceled(mut bench: Bench) {
    let id = bench.mugs(1, 1);
    bench.open(id);
    let report = again(&mut bench, &one_mug(), |word| {
        word.status = ChannelStatus::Canceled;
    });
    assert_eq!(report.changed, 1);
    assert_eq!(report.flagged, [(id, Flag::Canceled)]);
    assert_eq!(status(&bench, id), OrderStatus::Canceled);
}

fn canceled_with_label(mut bench: Bench) {
    let want = bench.bought(1);
    again(&mut bench, &one_mug(), |word| {
        word.status = ChannelStatus::Canceled;
    });
    assert_eq!(status(&bench, want.order), OrderStatus::ReadyForPickup);
    assert_eq!(flags(&bench, want.order), [Flag::Canceled]);
}

fn cancel_requested(mut bench: Bench) {
    let want = bench.ready(1);
    again(&mut bench, &one_mug(), |word| {
        word.lines[0].cancel_requested = true;
    });
    assert_eq!(flags(&bench, want.order), [Flag::CancelRequested]);
    assert!(matches!(
        refusal(bench.store.want_label(&want, bench.now)),
        Refusal::CannotShip(_)
    ));
    bench
        .store
        .clear_flags(want.order, bench.packer, "the buyer changed his mind", bench.now)
        .unwrap();
    bench.store.want_label(&want, bench.now).unwrap();
}

fn address_changed(mut bench: Bench) {
    let id = bench.mugs(1, 1);
    let mut moved = one_mug();
    moved.address_fingerprint = vec![9];
    moved.updated_at += TimeDelta::minutes(1);
    bench.import(moved.clone());
    assert!(flags(&bench, id).is_empty());
    bench.open(id);
    again(&mut bench, &moved, |word| {
        word.address_fingerprint = vec![8];
    });
    assert_eq!(flags(&bench, id), [Flag::AddressChanged]);
}

fn items_changed(mut bench: Bench) {
    let want = bench.ready(1);
    again(&mut bench, &one_mug(), |word| {
        word.lines[0].quantity = 2;
    });
    assert_eq!(flags(&bench, want.order), [Flag::ItemsChanged]);
    bench
        .store
        .clear_flags(want.order, bench.packer, "seen", bench.now)
        .unwrap();
    assert!(matches!(
        refusal(bench.store.want_label(&want, bench.now)),
        Refusal::Incomplete(_)
    ));
}

fn shipped_elsewhere(mut bench: Bench) {
    let want = bench.bought(1);
    let ours = tracking(1).to_lowercase();
    again(&mut bench, &one_mug(), |word| {
        word.status = ChannelStatus::Shipped;
        word.packages = vec![package(&ours)];
    });
    assert!(flags(&bench, want.order).is_empty(), "our own package");
    let other = bench.ready(2);
    let word = channel(2, vec![line("L1", "MUG", 1)]);
    again(&mut bench, &word, |word| {
        word.packages = vec![package("9400")];
    });
    assert_eq!(flags(&bench, other.order), [Flag::ShippedElsewhere]);
    refusal(bench.store.want_label(&other, bench.now));
    refusal(
        bench
            .store
            .clear_flags(other.order, bench.packer, "never mind", bench.now),
    );
}

fn voided_package(mut bench: Bench) {
    let want = bench.bought(1);
    bench.void(want.id);
    again(&mut bench, &one_mug(), |word| {
        word.status = ChannelStatus::Shipped;
        word.packages = vec![package(&tracking(1))];
    });
    assert!(flags(&bench, want.order).is_empty());
    let next = bench.pack(want.order);
    bench.store.want_label(&next, bench.now).unwrap();
}

fn package_of_an_unknown(mut bench: Bench) {
    let want = bench.unknown(1);
    again(&mut bench, &one_mug(), |word| {
        word.packages = vec![package("1ZNEW")];
    });
    assert!(flags(&bench, want.order).is_empty());
    bench.settle(want.id, &super::station::bought("1ZOTHER"));
    assert_eq!(flags(&bench, want.order), [Flag::ShippedElsewhere]);
}

fn left_without_us(mut bench: Bench) {
    let id = bench.mugs(1, 1);
    again(&mut bench, &one_mug(), |word| {
        word.status = ChannelStatus::Shipped;
    });
    assert_eq!(status(&bench, id), OrderStatus::Shipped);
    assert_eq!(flags(&bench, id), [Flag::ShippedElsewhere]);
}

fn no_product(mut bench: Bench) {
    let word = channel(1, vec![line("L1", "CUP", 1)]);
    let id = bench.import(word);
    let missing = Flag::NoProduct("CUP".into());
    assert_eq!(flags(&bench, id), [missing]);
    bench
        .store
        .put_products(&[product("CUP", "0003")], bench.now)
        .unwrap();
    assert!(flags(&bench, id).is_empty());
}

fn sweep(mut bench: Bench) {
    let id = bench.mugs(1, 1);
    let until = start() + TimeDelta::minutes(30);
    bench.store.finish_sweep(&shop(), until, until).unwrap();
    assert_eq!(bench.store.order(id).unwrap().order.seen_at, until);
    assert_eq!(bench.store.watermark(&shop()).unwrap(), Some(until));
    bench.wait(TimeDelta::hours(1));
    bench.import(one_mug());
    assert_eq!(
        bench.store.order(id).unwrap().order.seen_at,
        bench.now,
        "its own answer is younger"
    );
}

fn watermark(mut bench: Bench) {
    let late = start() + TimeDelta::hours(2);
    bench
        .store
        .import_orders(&shop(), Vec::new(), Some(late), bench.now)
        .unwrap();
    bench
        .store
        .import_orders(&shop(), Vec::new(), Some(start()), bench.now)
        .unwrap();
    assert_eq!(bench.store.watermark(&shop()).unwrap(), Some(late));
}

fn badges_follow(mut bench: Bench) {
    let mut word = one_mug();
    word.programs.prime = true;
    let id = bench.import(word);
    let words = |bench: &Bench| {
        let page = bench.store.orders(&OrderFilter::default(), 0, 10).unwrap();
        assert_eq!(page.rows[0].badges, bench.store.order(id).unwrap().badges);
        page.rows[0]
            .badges
            .iter()
            .map(|badge| badge.word())
            .collect::<Vec<_>>()
    };
    assert_eq!(words(&bench), ["Prime"]);
    let mut mug = product("MUG", "0001");
    mug.transparency = true;
    bench.store.put_products(&[mug], bench.now).unwrap();
    assert_eq!(words(&bench), ["Prime", "Transparency"]);
}
