//! People: each permission guards its action in the store itself, whoever calls; PINs lock; the last who may change
//! people stays.

use super::station::{Bench, channel, line, refusal, shop, unit, wish};
use super::{Case, outside};
use crate::domain::bucket::Haste;
use crate::domain::ids::UserId;
use crate::domain::packing::PackEvent;
use crate::domain::picking::PickFilter;
use crate::domain::refund::Booking;
use crate::domain::status::OrderStatus;
use crate::domain::transparency::UnitCode;
use crate::domain::user::{Permission, Role, TRIES};
use crate::store::{OpenManifest, StoreResult, VoidWish, WantForm, WantLabel};
use chrono::TimeDelta;

pub(super) const CASES: &[Case] = &[
    ("buying needs the permission", buy),
    ("buying in bulk needs the permission", bulk),
    ("voiding needs the permission", void),
    ("deciding an unknown purchase needs the permission", decide),
    ("booking a refund needs the permission", refunds),
    ("seeing a customer needs the permission", see),
    ("going on without a code needs the permission", override_code),
    ("settling a flag needs the permission", settle),
    ("telling Amazon again needs the permission", tell_again),
    ("holding an order and releasing it needs the permission", hold),
    ("canceling an order needs the permission", cancel),
    (
        "making, giving and changing a pick list needs the permission",
        pick_lists,
    ),
    ("closing a manifest needs the permission", manifests),
    ("changing people needs the permission", users),
    ("rotating the station's keys needs the permission", keys),
    ("a refusal says whom to ask", whom_to_ask),
    (
        "whoever is switched off may nothing and is on no list",
        switched_off,
    ),
    ("wrong PINs lock for longer and longer, a right one ends it", pins),
    ("what changes people stands in the audit log", audited),
];

/// The bench's packer is forbidden this.
fn forbid(bench: &mut Bench, permission: Permission) {
    let (packer, now) = (bench.packer, bench.now);
    bench
        .store
        .grant(packer, permission, Some(false), None, now)
        .unwrap();
}

fn allow(bench: &mut Bench, permission: Permission) {
    let (packer, now) = (bench.packer, bench.now);
    bench
        .store
        .grant(packer, permission, Some(true), None, now)
        .unwrap();
}

/// Refused in words that name the permission, and nothing is changed by it.
fn not_allowed<T: std::fmt::Debug>(result: StoreResult<T>, permission: Permission) {
    let words = refusal(result).to_string();
    assert!(
        words.contains("may not") && words.contains(permission.says()),
        "{words}"
    );
}

fn keys(mut bench: Bench) {
    let by = bench.packer;
    not_allowed(bench.store.put_rewrapped(&[], by), Permission::Keys);
    allow(&mut bench, Permission::Keys);
    bench.store.put_rewrapped(&[], by).unwrap();
}

fn buy(mut bench: Bench) {
    let want = bench.ready(1);
    forbid(&mut bench, Permission::Buy);
    not_allowed(bench.store.want_label(&want, bench.now), Permission::Buy);
    assert!(bench.store.labels_of(want.order).unwrap().is_empty());
    // The same for a label that was bought elsewhere.
    let record = outside::ready(&mut bench, 2);
    not_allowed(
        bench.store.record_outside(&record, bench.now).map(|_| ()),
        Permission::Buy,
    );
    allow(&mut bench, Permission::Buy);
    bench.store.want_label(&want, bench.now).unwrap();
    bench.store.record_outside(&record, bench.now).unwrap();
}

fn bulk(mut bench: Bench) {
    let want = WantLabel {
        haste: Haste::Bulk,
        ..bench.ready(1)
    };
    forbid(&mut bench, Permission::BulkShip);
    not_allowed(bench.store.want_label(&want, bench.now), Permission::BulkShip);
    allow(&mut bench, Permission::BulkShip);
    bench.store.want_label(&want, bench.now).unwrap();
}

fn void(mut bench: Bench) {
    let want = bench.bought(1);
    let wish = VoidWish {
        by: bench.packer,
        ..wish(bench.packer, "wrong box")
    };
    forbid(&mut bench, Permission::Void);
    not_allowed(bench.store.want_void(want.id, &wish, bench.now), Permission::Void);
    let all = bench.store.want_void_order(want.order, &wish, bench.now);
    not_allowed(all.map(|_| ()), Permission::Void);
    allow(&mut bench, Permission::Void);
    bench.store.want_void(want.id, &wish, bench.now).unwrap();
}

fn decide(mut bench: Bench) {
    let want = bench.unknown(1);
    bench.wait(TimeDelta::minutes(30));
    let by = bench.other;
    let decided = bench.store.decide_unknown(want.id, None, by, "seen", bench.now);
    not_allowed(decided, Permission::Decide);
    let now = bench.now;
    bench
        .store
        .grant(by, Permission::Decide, Some(true), None, now)
        .unwrap();
    bench
        .store
        .decide_unknown(want.id, None, by, "seen", now)
        .unwrap();
}

fn refunds(mut bench: Bench) {
    let want = bench.bought(1);
    bench.void(want.id);
    forbid(&mut bench, Permission::Refunds);
    let (by, now) = (bench.packer, bench.now);
    let booked = bench
        .store
        .book_refund(want.id, &Booking::Rejected, by, "seen", now);
    not_allowed(booked, Permission::Refunds);
    allow(&mut bench, Permission::Refunds);
    bench
        .store
        .book_refund(want.id, &Booking::Rejected, by, "seen", now)
        .unwrap();
}

fn see(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    forbid(&mut bench, Permission::SeeCustomers);
    let shown = bench.store.note_revealed(order, bench.packer, "shown", bench.now);
    not_allowed(shown, Permission::SeeCustomers);
    allow(&mut bench, Permission::SeeCustomers);
    bench
        .store
        .note_revealed(order, bench.packer, "shown", bench.now)
        .unwrap();
}

fn override_code(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let parcel = bench.open(order);
    bench.verify(order, &parcel, "MUG", 0..1);
    forbid(&mut bench, Permission::Override);
    let event = PackEvent::Coded {
        unit: unit("L1", 0),
        code: UnitCode::Overridden {
            reason: "no code on it".to_owned(),
            by: bench.packer,
        },
    };
    let sequence = bench.next_sequence(order);
    let scan = bench.scan(order, &parcel, sequence, event);
    not_allowed(bench.store.accept_scan(&scan), Permission::Override);
    allow(&mut bench, Permission::Override);
    bench.store.accept_scan(&scan).unwrap();
    let history = bench.store.history(order).unwrap();
    assert!(
        history[0].what.contains("overridden: no code on it"),
        "{history:?}"
    );
}

fn settle(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    bench.wait(TimeDelta::minutes(1));
    let mut word = channel(1, vec![line("L1", "MUG", 1)]);
    word.updated_at = bench.now;
    word.lines[0].cancel_requested = true;
    let word = bench.imported(word);
    bench
        .store
        .import_orders(&shop(), vec![word], None, bench.now)
        .unwrap();
    let flagged = |bench: &Bench| !bench.store.order(order).unwrap().order.flags.is_empty();
    assert!(flagged(&bench));
    forbid(&mut bench, Permission::Override);
    let (by, now) = (bench.packer, bench.now);
    not_allowed(
        bench.store.clear_flags(order, by, "seen", now),
        Permission::Override,
    );
    assert!(flagged(&bench));
    allow(&mut bench, Permission::Override);
    bench.store.clear_flags(order, by, "seen", now).unwrap();
    assert!(!flagged(&bench));
}

fn tell_again(mut bench: Bench) {
    let want = bench.bought(1);
    forbid(&mut bench, Permission::Buy);
    let again = bench.store.want_confirmation(want.id, bench.packer, bench.now);
    not_allowed(again, Permission::Buy);
}

fn hold(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let (by, now) = (bench.packer, bench.now);
    let set = |bench: &mut Bench, to| bench.store.set_status(order, to, Some(by), "stock", now);
    forbid(&mut bench, Permission::Hold);
    not_allowed(set(&mut bench, OrderStatus::OnHold), Permission::Hold);
    allow(&mut bench, Permission::Hold);
    set(&mut bench, OrderStatus::OnHold).unwrap();
    forbid(&mut bench, Permission::Hold);
    not_allowed(set(&mut bench, OrderStatus::ReadyToPick), Permission::Hold);
    // What the sync finds it holds by itself.
    bench
        .store
        .set_status(order, OrderStatus::ReadyToPick, None, "compared", now)
        .unwrap();
}

fn manifests(mut bench: Bench) {
    let want = bench.bought(1);
    let (by, now) = (bench.packer, bench.now);
    let since = now - TimeDelta::hours(10);
    let wish = OpenManifest {
        carrier: "UPS".to_owned(),
        store: None,
        by,
    };
    forbid(&mut bench, Permission::Manifests);
    // To open one and to check parcels out is for everybody.
    let open = bench.store.open_manifest(&wish, now).unwrap().id;
    let form = WantForm {
        key: uuid::Uuid::now_v7(),
        store: shop(),
        carrier: "UPS".to_owned(),
        manifest: Some(open),
        by,
    };
    let left = bench.store.leave_behind(open, want.id, by, "damaged", now);
    not_allowed(left, Permission::Manifests);
    not_allowed(
        bench.store.want_collection_form(&form, now),
        Permission::Manifests,
    );
    not_allowed(
        bench.store.close_manifest(open, by, since, now),
        Permission::Manifests,
    );
    allow(&mut bench, Permission::Manifests);
    bench
        .store
        .leave_behind(open, want.id, by, "damaged", now)
        .unwrap();
    bench.store.want_collection_form(&form, now).unwrap();
    bench.store.close_manifest(open, by, since, now).unwrap();
    forbid(&mut bench, Permission::Manifests);
    let again = bench.store.reopen_manifest(open, by, "one more", now);
    not_allowed(again, Permission::Manifests);
}

fn cancel(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let (by, now) = (bench.packer, bench.now);
    let canceled = bench
        .store
        .set_status(order, OrderStatus::Canceled, Some(by), "no stock", now);
    not_allowed(canceled, Permission::Cancel);
    let stands = bench.store.order(order).unwrap().order.status;
    assert_eq!(stands, OrderStatus::ReadyToPick);
    allow(&mut bench, Permission::Cancel);
    bench
        .store
        .set_status(order, OrderStatus::Canceled, Some(by), "no stock", now)
        .unwrap();
}

fn pick_lists(mut bench: Bench) {
    let (first, second) = (bench.mugs(1, 1), bench.mugs(2, 1));
    let (by, now) = (Some(bench.packer), bench.now);
    let filter = PickFilter::default();
    forbid(&mut bench, Permission::PickLists);
    let made = bench.store.create_pick_list("One", &[first], by, now);
    not_allowed(made, Permission::PickLists);
    not_allowed(bench.store.pick("All", &filter, by, now), Permission::PickLists);
    allow(&mut bench, Permission::PickLists);
    let list = bench.store.create_pick_list("One", &[first], by, now).unwrap();
    bench.store.pick("All", &filter, by, now).unwrap();
    forbid(&mut bench, Permission::PickLists);
    let given = bench.store.assign_pick_list(list, by, by, now);
    not_allowed(given, Permission::PickLists);
    let taken_off = bench.store.remove_from_pick_list(second, by, "gone", now);
    not_allowed(taken_off, Permission::PickLists);
    assert_eq!(bench.store.pick_list(list).unwrap().assigned, None);
    assert!(bench.store.order(second).unwrap().order.pick_list.is_some());
}

fn users(mut bench: Bench) {
    let (packer, other, now) = (bench.packer, bench.other, bench.now);
    // Until somebody may change people, anybody at this machine may.
    assert!(!bench.store.has_administrator().unwrap());
    bench
        .store
        .set_role(packer, Role::Administrator, None, now)
        .unwrap();
    for by in [Some(other), None] {
        refusal(bench.store.set_role(other, Role::Supervisor, by, now));
        refusal(bench.store.grant(other, Permission::Void, Some(true), by, now));
        refusal(bench.store.switch(other, false, by, now));
        refusal(bench.store.set_pin(packer, Some("hash".to_owned()), by, now));
        refusal(bench.store.add_user_by("Zoe", "Z1", Role::Packer, by, now));
    }
    refusal(bench.store.review(other, other, now));
    bench
        .store
        .set_role(other, Role::Lead, Some(packer), now)
        .unwrap();
    bench.store.review(other, packer, now).unwrap();
    // The last one cannot give it away.
    refusal(bench.store.set_role(packer, Role::Packer, Some(packer), now));
    refusal(
        bench
            .store
            .grant(packer, Permission::Users, Some(false), Some(packer), now),
    );
    refusal(bench.store.switch(packer, false, Some(packer), now));
    let people = bench.store.people().unwrap();
    let is = |id: UserId| {
        people
            .iter()
            .find(|person| person.user.id == id)
            .unwrap()
            .user
            .role
    };
    assert_eq!((is(packer), is(other)), (Role::Administrator, Role::Lead));
}

fn whom_to_ask(mut bench: Bench) {
    let (other, now) = (bench.other, bench.now);
    let want = bench.unknown(1);
    let words = refusal(bench.store.decide_unknown(want.id, None, other, "seen", now)).to_string();
    assert_eq!(
        words,
        "Bob may not decide what came of an unknown purchase: ask Sue"
    );
    let supervisor = bench.supervisor;
    bench.store.switch(supervisor, false, None, now).unwrap();
    let words = refusal(bench.store.decide_unknown(want.id, None, other, "seen", now)).to_string();
    assert!(words.contains("tapegun users allow Bob decide"), "{words}");
}

fn switched_off(mut bench: Bench) {
    let want = bench.ready(1);
    let (packer, now) = (bench.packer, bench.now);
    bench.store.switch(packer, false, None, now).unwrap();
    let words = refusal(bench.store.want_label(&want, now)).to_string();
    assert!(words.contains("switched off"), "{words}");
    assert!(bench.store.users().unwrap().iter().all(|user| user.id != packer));
    assert!(
        bench
            .store
            .people()
            .unwrap()
            .iter()
            .any(|person| person.disabled_at == Some(now))
    );
    refusal(bench.store.note_revealed(want.order, packer, "shown", now));
    // What they packed is still told by their name.
    assert_eq!(
        bench.store.order(want.order).unwrap().boxes[0].owner,
        Some(packer)
    );
    bench.store.switch(packer, true, None, now).unwrap();
    bench.store.want_label(&want, now).unwrap();
}

fn pins(mut bench: Bench) {
    let (packer, now) = (bench.packer, bench.now);
    assert_eq!(bench.store.pin(packer).unwrap().hash, None);
    bench
        .store
        .set_pin(packer, Some("kept".to_owned()), Some(packer), now)
        .unwrap();
    for tries in 1..TRIES {
        let pin = bench.store.pin_tried(packer, false, now).unwrap();
        assert_eq!((pin.failures, pin.locked_until), (tries, None));
    }
    let pin = bench.store.pin_tried(packer, false, now).unwrap();
    assert_eq!(pin.locked_until, Some(now + TimeDelta::minutes(1)));
    let pin = bench.store.pin_tried(packer, false, now).unwrap();
    assert_eq!(pin.locked_until, Some(now + TimeDelta::minutes(2)));
    assert_eq!(bench.store.pin(packer).unwrap(), pin, "it is kept");
    let pin = bench.store.pin_tried(packer, true, now).unwrap();
    assert_eq!((pin.failures, pin.locked_until), (0, None));
    assert_eq!(pin.hash.as_deref(), Some("kept"));
}

fn audited(mut bench: Bench) {
    let (packer, supervisor, now) = (bench.packer, bench.supervisor, bench.now);
    bench
        .store
        .grant(packer, Permission::Void, Some(false), Some(supervisor), now)
        .unwrap();
    bench.store.switch(packer, false, Some(supervisor), now).unwrap();
    let filter = crate::domain::audit::AuditFilter::default();
    let rows = bench.store.audit(&filter, 0, 10).unwrap().rows;
    assert_eq!(rows[0].what, "user Ann switched off");
    assert_eq!(rows[1].what, "user Ann is forbidden to void labels");
    assert_eq!(rows[1].who.as_deref(), Some("Sue"));
}
