//! Reviews with their reasons, canceling, holds, notes.

use super::Case;
use super::station::{Bench, channel, line, number, product, refusal, shop};
use crate::domain::address::AddressFault;
use crate::domain::ids::OrderId;
use crate::domain::order::{ChannelOrder, ChannelStatus, Flag, Origin};
use crate::domain::sealed::{Sealed, WrappedKey};
use crate::domain::status::OrderStatus;
use crate::store::{ImportedOrder, Refusal};
use chrono::TimeDelta;

pub(super) const CASES: &[Case] = &[
    (
        "an order without a product goes to Review and comes back with it",
        no_product,
    ),
    (
        "an address that no parcel reaches goes to Review until it is mended or settled",
        address,
    ),
    (
        "a buyer who asks to cancel sends the order to Review, unless it is on a list",
        asks_to_cancel,
    ),
    ("what a person put into Review stays there", by_hand),
    (
        "an order that is canceled here is not notified to its store until Amazon says canceled",
        canceled,
    ),
    (
        "an order that is held while Pending is released to Pending",
        held_pending,
    ),
    (
        "notes are kept sealed under the order's key, in their order",
        notes,
    ),
];

fn stands(bench: &Bench, order: OrderId) -> (OrderStatus, Vec<Flag>) {
    let order = bench.store.order(order).unwrap().order;
    (order.status, order.flags)
}

fn again(bench: &mut Bench, change: impl Fn(&mut ChannelOrder)) {
    bench.wait(TimeDelta::minutes(1));
    let mut word = channel(1, vec![line("L1", "MUG", 1)]);
    word.updated_at = bench.now;
    change(&mut word);
    let word = bench.imported(word);
    bench
        .store
        .import_orders(&shop(), vec![word], None, bench.now)
        .unwrap();
}

fn no_product(mut bench: Bench) {
    let order = bench.import(channel(1, vec![line("L1", "LAMP", 1)]));
    let flag = Flag::NoProduct("LAMP".into());
    assert_eq!(stands(&bench, order), (OrderStatus::Review, vec![flag]));
    let now = bench.now;
    let refused = bench.store.create_pick_list("List", &[order], None, now);
    assert!(matches!(refusal(refused), Refusal::Other(words) if words.contains("Review")));
    bench.store.put_products(&[product("LAMP", "0003")], now).unwrap();
    assert_eq!(stands(&bench, order), (OrderStatus::ReadyToPick, Vec::new()));
    assert!(!bench.store.rows_of(&[order]).unwrap()[0].trouble);
}

fn address(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let (now, by) = (bench.now, bench.packer);
    let note = |bench: &mut Bench, faults: &[AddressFault]| {
        bench
            .store
            .note_address_faults(&shop(), &number(1), faults, now)
            .unwrap();
    };
    note(&mut bench, &[]);
    assert_eq!(stands(&bench, order).0, OrderStatus::ReadyToPick);
    note(&mut bench, &[AddressFault::NoStreet]);
    let flag = Flag::AddressTrouble(AddressFault::NoStreet);
    assert_eq!(stands(&bench, order), (OrderStatus::Review, vec![flag]));
    // Settled by a person: the same trouble does not come back, another one does.
    bench
        .store
        .clear_flags(order, by, "asked the buyer", now)
        .unwrap();
    assert_eq!(stands(&bench, order), (OrderStatus::ReadyToPick, Vec::new()));
    note(&mut bench, &[AddressFault::NoStreet]);
    again(&mut bench, |_| {});
    assert_eq!(stands(&bench, order), (OrderStatus::ReadyToPick, Vec::new()));
    note(&mut bench, &[AddressFault::NoCity]);
    assert_eq!(stands(&bench, order).0, OrderStatus::Review);
    // Mended at Amazon.
    note(&mut bench, &[]);
    assert_eq!(stands(&bench, order), (OrderStatus::ReadyToPick, Vec::new()));
}

fn asks_to_cancel(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    again(&mut bench, |word| word.lines[0].cancel_requested = true);
    assert_eq!(
        stands(&bench, order),
        (OrderStatus::Review, vec![Flag::CancelRequested])
    );
    let (now, by) = (bench.now, bench.packer);
    bench.store.clear_flags(order, by, "he wants it", now).unwrap();
    assert_eq!(stands(&bench, order), (OrderStatus::ReadyToPick, Vec::new()));

    let listed = bench.mugs(2, 1);
    bench
        .store
        .create_pick_list("List", &[listed], None, now)
        .unwrap();
    let mut word = channel(2, vec![line("L1", "MUG", 1)]);
    word.lines[0].cancel_requested = true;
    word.updated_at = now;
    let word = bench.imported(word);
    bench.store.import_orders(&shop(), vec![word], None, now).unwrap();
    assert_eq!(
        stands(&bench, listed),
        (OrderStatus::InPicking, vec![Flag::CancelRequested])
    );
}

fn by_hand(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let now = bench.now;
    bench
        .store
        .set_status(order, OrderStatus::Review, None, "looks odd", now)
        .unwrap();
    again(&mut bench, |word| word.service_level = "Expedited".to_owned());
    bench.store.put_products(&[product("MUG", "0001")], now).unwrap();
    assert_eq!(stands(&bench, order).0, OrderStatus::Review);
}

fn canceled(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let (now, by) = (bench.now, bench.supervisor);
    bench
        .store
        .set_status(order, OrderStatus::Canceled, Some(by), "out of stock", now)
        .unwrap();
    assert_eq!(
        stands(&bench, order),
        (OrderStatus::Canceled, vec![Flag::StoreNotNotified])
    );
    // Final, and not settled at the bench.
    refusal(
        bench
            .store
            .set_status(order, OrderStatus::ReadyToPick, Some(by), "oh", now),
    );
    refusal(bench.store.clear_flags(order, by, "seen", now));
    again(&mut bench, |word| word.service_level = "Expedited".to_owned());
    assert_eq!(
        stands(&bench, order),
        (OrderStatus::Canceled, vec![Flag::StoreNotNotified])
    );
    again(&mut bench, |word| word.status = ChannelStatus::Canceled);
    assert_eq!(
        stands(&bench, order),
        (OrderStatus::Canceled, vec![Flag::Canceled])
    );

    // An order from elsewhere has no Amazon to be told.
    let mut word = channel(2, vec![line("L1", "MUG", 1)]);
    word.origin = Origin::Elsewhere;
    let other = bench.import(word);
    bench
        .store
        .set_status(other, OrderStatus::Canceled, Some(by), "out of stock", now)
        .unwrap();
    assert_eq!(stands(&bench, other), (OrderStatus::Canceled, Vec::new()));
}

fn pending(bench: &mut Bench) -> OrderId {
    let mut word = channel(1, vec![line("L1", "MUG", 1)]);
    word.status = ChannelStatus::Pending;
    let imported = ImportedOrder {
        channel: word,
        customer: None,
        key: None,
        po_box: None,
    };
    bench
        .store
        .import_orders(&shop(), vec![imported], None, bench.now)
        .unwrap();
    bench.store.find_orders(&number(1)).unwrap()[0]
}

fn held_pending(mut bench: Bench) {
    let order = pending(&mut bench);
    let now = bench.now;
    bench
        .store
        .set_status(order, OrderStatus::OnHold, None, "why", now)
        .unwrap();
    bench
        .store
        .set_status(order, OrderStatus::ReadyToPick, None, "why", now)
        .unwrap();
    assert_eq!(stands(&bench, order).0, OrderStatus::Pending);
    // Paid meanwhile: held until a person releases it.
    bench
        .store
        .set_status(order, OrderStatus::OnHold, None, "why", now)
        .unwrap();
    again(&mut bench, |_| {});
    assert_eq!(stands(&bench, order).0, OrderStatus::OnHold);
    bench
        .store
        .set_status(order, OrderStatus::ReadyToPick, None, "why", now)
        .unwrap();
    assert_eq!(stands(&bench, order).0, OrderStatus::ReadyToPick);
}

fn notes(mut bench: Bench) {
    let order = bench.mugs(2, 1);
    let (now, by, other) = (bench.now, bench.packer, bench.other);
    for (who, bytes) in [(by, b"first"), (other, b"later")] {
        let text = Sealed::from_bytes(bytes.to_vec());
        bench.store.add_note(order, who, &text, None, now).unwrap();
    }
    let notes = bench.store.notes(order).unwrap();
    let told: Vec<_> = notes
        .iter()
        .map(|note| (note.by.as_str(), note.text.as_bytes()))
        .collect();
    assert_eq!(told, [("Ann", &b"first"[..]), ("Bob", b"later")]);
    let history = bench.store.history(order).unwrap();
    assert_eq!(history[0].what, crate::domain::note::NOTE_ADDED);
    // A Pending order has no key yet: the note brings one, and the import goes on with it.
    let order = pending(&mut bench);
    let text = Sealed::from_bytes(b"note".to_vec());
    refusal(bench.store.add_note(order, by, &text, None, now));
    let key = WrappedKey {
        id: bench.store.next_data_key().unwrap(),
        bytes: b"wrapped".to_vec(),
    };
    bench.store.add_note(order, by, &text, Some(&key), now).unwrap();
    let kept = bench.store.order_key(&shop(), &number(1)).unwrap();
    assert_eq!(kept, Some(key));
    assert_eq!(bench.store.notes(order).unwrap().len(), 1);
}
