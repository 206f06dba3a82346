//! Labels that were bought elsewhere: recorded and taken back. What Amazon is told of them is `telling`'s.

use super::Case;
use super::station::{Bench, channel, line, refusal, shop, station, usd, wish};
use crate::domain::address::AddressKind;
use crate::domain::confirmation::{ConfirmationRow, ConfirmationState as C};
use crate::domain::ids::{IntentId, OrderId};
use crate::domain::order::{ChannelPackage, ChannelStatus, Flag, Origin};
use crate::domain::outside::Carrier;
use crate::domain::seller::LabelVia;
use crate::domain::shipment::LabelState as S;
use crate::domain::status::OrderStatus;
use crate::store::{RecordOutside, Refusal};
use chrono::TimeDelta;

pub(super) const CASES: &[Case] = &[
    (
        "a label from elsewhere is bought at once and Amazon is to be told",
        recorded,
    ),
    ("the same label twice is one label", recorded_twice),
    (
        "a box with a label takes none from elsewhere, and the other way round",
        one_live,
    ),
    ("a label from elsewhere wants every unit and code", incomplete),
    (
        "a label from elsewhere wants a number that can be the carrier's",
        wrong_number,
    ),
    ("a tracking number is on one label only", number_once),
    ("a number without a check digit wants a person's word", unverified),
    (
        "FedEx Home Delivery to a business is refused from elsewhere too",
        home_delivery,
    ),
    (
        "a Prime order takes a reason, by who may break Amazon's rules",
        prime,
    ),
    (
        "it is taken back with a reason, at once, and Amazon is not told",
        taken_back,
    ),
    (
        "a package with our number from elsewhere is ours",
        package_is_ours,
    ),
    ("an order that is not Amazon's is never told", elsewhere),
    ("an order waits for pickup where manifests are on", manifests),
];

const NUMBERS: [&str; 2] = ["1Z5R89390357567127", "1Z0000000000000019"];

pub(super) fn number(place: usize) -> &'static str {
    NUMBERS[place]
}

/// A record for an order of one mug, packed.
pub(super) fn ready(bench: &mut Bench, n: u32) -> RecordOutside {
    let order = bench.mugs(n, 1);
    packed(bench, order)
}

pub(super) fn packed(bench: &mut Bench, order: OrderId) -> RecordOutside {
    let parcel = bench.open(order);
    bench.verify(order, &parcel, "MUG", 0..1);
    RecordOutside {
        id: IntentId(bench.fresh()),
        order,
        box_id: parcel.id,
        turn: parcel.turn,
        carrier: Carrier::Ups,
        method: "Ground".to_owned(),
        tracking: number(0).to_owned(),
        checked: false,
        cost: usd(1234),
        reason: None,
        by: bench.packer,
        station: station(),
        manifests: false,
    }
}

pub(super) fn told(bench: &Bench, record: &RecordOutside) -> ConfirmationRow {
    let told = bench.store.confirmations_of(record.order).unwrap();
    told.into_iter().find(|told| told.label == record.id).unwrap()
}

fn recorded(mut bench: Bench) {
    let record = ready(&mut bench, 1);
    let label = bench.store.record_outside(&record, bench.now).unwrap();
    assert_eq!((label.state, label.via), (S::Bought, LabelVia::Outside));
    assert_eq!(
        (label.carrier.as_str(), label.service.as_str()),
        ("UPS", "Ground")
    );
    assert_eq!(label.price, usd(1234));
    assert_eq!(label.tracking, Some(number(0).into()));
    assert_eq!((label.shipment, label.document, label.attempts), (None, None, 0));
    let detail = bench.store.order(record.order).unwrap();
    assert_eq!(detail.order.status, OrderStatus::Shipped);
    assert!(bench.store.work().unwrap().is_empty());
    assert!(bench.store.print_jobs(&station()).unwrap().is_empty());
    assert!(
        bench
            .store
            .want_print(record.id, &station(), bench.packer, bench.now)
            .is_err()
    );
    assert_eq!(
        bench.store.label_by_tracking(number(0)).unwrap().unwrap().id,
        record.id
    );
    let [told] = &bench.store.confirmations_at_work().unwrap()[..] else {
        panic!("one is to be told");
    };
    assert_eq!((told.state, told.shipped.reference), (C::Wanted, 1));
    assert_eq!(told.shipped.items.len(), 1);
    assert_eq!(bench.store.waiting().unwrap().confirmations, 1);
    assert_eq!(detail.confirmations, std::slice::from_ref(told));
    let history = detail.history.iter().map(|row| row.what.as_str());
    assert!(
        history
            .clone()
            .any(|what| what.contains("label from elsewhere recorded: UPS Ground $12.34"))
    );
    assert_eq!(bench.proven(), 1);
}

fn recorded_twice(mut bench: Bench) {
    let record = ready(&mut bench, 1);
    bench.store.record_outside(&record, bench.now).unwrap();
    bench.store.record_outside(&record, bench.now).unwrap();
    assert_eq!(bench.store.labels_of(record.order).unwrap().len(), 1);
    assert_eq!(bench.store.confirmations_of(record.order).unwrap().len(), 1);
    let mut other = ready(&mut bench, 2);
    other.id = record.id;
    assert!(bench.store.record_outside(&other, bench.now).is_err());
}

fn one_live(mut bench: Bench) {
    let want = bench.wanted(1);
    let mut record = RecordOutside {
        order: want.order,
        box_id: want.box_id,
        turn: want.turn,
        ..ready(&mut bench, 2)
    };
    let frozen = refusal(bench.store.record_outside(&record, bench.now));
    assert!(matches!(frozen, Refusal::BoxFrozen(1, "wanted")), "{frozen:?}");
    record = ready(&mut bench, 3);
    let parcel = bench.store.order(record.order).unwrap().boxes[0].clone();
    let parcel = bench.weigh(&parcel);
    let quote = bench.quote(record.order, &parcel, vec![super::station::rate("r1", 820)]);
    let want = bench.want(record.order, &parcel, quote);
    bench.store.record_outside(&record, bench.now).unwrap();
    let frozen = refusal(bench.store.want_label(&want, bench.now));
    assert!(matches!(frozen, Refusal::BoxFrozen(1, "bought")), "{frozen:?}");
    assert!(
        refusal(
            bench
                .store
                .set_status(record.order, OrderStatus::ReadyToPick, None, "", bench.now)
        )
        .to_string()
        .contains("void it first")
    );
}

fn incomplete(mut bench: Bench) {
    let order = bench.mugs(1, 2);
    let record = packed(&mut bench, order);
    let missing = refusal(bench.store.record_outside(&record, bench.now));
    assert!(matches!(missing, Refusal::Incomplete(_)), "{missing:?}");
    let mut other = ready(&mut bench, 2);
    other.turn.0 += 1;
    assert!(matches!(
        refusal(bench.store.record_outside(&other, bench.now)),
        Refusal::TakenOver { .. }
    ));
    other.turn.0 -= 1;
    let mut changed = channel(2, vec![line("L1", "MUG", 1)]);
    changed.status = ChannelStatus::Canceled;
    changed.updated_at = bench.now;
    bench.import(changed);
    let canceled = refusal(bench.store.record_outside(&other, bench.now));
    assert!(matches!(canceled, Refusal::CannotShip(_)), "{canceled:?}");
    assert!(bench.store.labels_of(other.order).unwrap().is_empty());
}

fn wrong_number(mut bench: Bench) {
    let mut record = ready(&mut bench, 1);
    record.tracking = "1Z5R89390357567128".to_owned();
    let refused = refusal(bench.store.record_outside(&record, bench.now)).to_string();
    assert!(
        refused.contains("does not look like a UPS number: check digit"),
        "{refused}"
    );
    record.tracking = number(0).to_owned();
    record.cost = usd(-1);
    assert!(bench.store.record_outside(&record, bench.now).is_err());
    record.cost = usd(0);
    record.method = " ".to_owned();
    assert!(bench.store.record_outside(&record, bench.now).is_err());
    record.method = "Ground".to_owned();
    bench.store.record_outside(&record, bench.now).unwrap();
}

fn number_once(mut bench: Bench) {
    let record = ready(&mut bench, 1);
    bench.store.record_outside(&record, bench.now).unwrap();
    let other = ready(&mut bench, 2);
    let refused = refusal(bench.store.record_outside(&other, bench.now)).to_string();
    assert!(
        refused.contains("on a label of order 111-0000001-0000000"),
        "{refused}"
    );
    // A label that was recorded by mistake and taken back may be recorded again for its own order.
    bench
        .store
        .want_void(record.id, &wish(bench.packer, "wrong cost"), bench.now)
        .unwrap();
    assert!(bench.store.record_outside(&other, bench.now).is_err());
    let again = packed(&mut bench, record.order);
    bench.store.record_outside(&again, bench.now).unwrap();
}

fn unverified(mut bench: Bench) {
    let mut record = ready(&mut bench, 1);
    record.carrier = Carrier::Dhl;
    record.tracking = "jd0146 0000".to_owned();
    let refused = refusal(bench.store.record_outside(&record, bench.now)).to_string();
    assert!(refused.contains("no check digit"), "{refused}");
    record.checked = true;
    let label = bench.store.record_outside(&record, bench.now).unwrap();
    assert_eq!(label.tracking, Some("JD01460000".into()));
}

fn home_delivery(mut bench: Bench) {
    let mut business = channel(1, vec![line("L1", "MUG", 1)]);
    business.programs.business = true;
    if let Some(to) = &mut business.destination {
        to.kind = AddressKind::Commercial;
    }
    let order = bench.import(business);
    let mut record = packed(&mut bench, order);
    record.carrier = Carrier::FedEx;
    record.method = "Home Delivery".to_owned();
    record.tracking = "987654312345672".to_owned();
    let refused = refusal(bench.store.record_outside(&record, bench.now));
    assert!(matches!(refused, Refusal::MethodBarred(_)), "{refused:?}");
    record.method = "Ground".to_owned();
    bench.store.record_outside(&record, bench.now).unwrap();
}

fn prime(mut bench: Bench) {
    let mut prime = channel(1, vec![line("L1", "MUG", 1)]);
    prime.programs.prime = true;
    let order = bench.import(prime);
    let mut record = packed(&mut bench, order);
    let reason = Some("Amazon offers nothing".to_owned());
    let refused = refusal(bench.store.record_outside(
        &RecordOutside {
            reason: reason.clone(),
            ..record.clone()
        },
        bench.now,
    ));
    assert!(
        refused
            .to_string()
            .contains("Ann may not break Amazon's rules for a Prime order: ask Sue"),
        "{refused}"
    );
    record.by = bench.supervisor;
    let refused = refusal(bench.store.record_outside(&record, bench.now)).to_string();
    assert!(
        refused.contains("typed reason") && refused.contains("SLA"),
        "{refused}"
    );
    record.reason = Some("  ".to_owned());
    assert!(bench.store.record_outside(&record, bench.now).is_err());
    record.reason = reason;
    bench.store.record_outside(&record, bench.now).unwrap();
}

fn taken_back(mut bench: Bench) {
    let record = ready(&mut bench, 1);
    bench.store.record_outside(&record, bench.now).unwrap();
    assert!(
        bench
            .store
            .want_void(record.id, &wish(bench.packer, " "), bench.now)
            .is_err()
    );
    bench
        .store
        .want_void(record.id, &wish(bench.packer, "wrong carrier"), bench.now)
        .unwrap();
    let label = bench.store.label(record.id).unwrap();
    assert_eq!(label.state, S::Voided);
    assert!(label.reason.unwrap().contains("void it at UPS yourself"));
    let detail = bench.store.order(record.order).unwrap();
    assert_eq!(detail.order.status, OrderStatus::ReadyToPick);
    assert!(detail.scans.is_empty());
    assert_eq!(told(&bench, &record).state, C::Dropped);
    assert!(bench.store.confirmations_at_work().unwrap().is_empty());
    let lead = bench.lead();
    assert!(
        bench
            .store
            .begin_confirming(lead, record.id, "{}", bench.now)
            .is_err()
    );
    assert!(
        bench
            .store
            .want_void(record.id, &wish(bench.packer, "again"), bench.now)
            .is_err()
    );
    assert_eq!(bench.proven(), 3);
}

fn package_is_ours(mut bench: Bench) {
    let record = ready(&mut bench, 1);
    bench.store.record_outside(&record, bench.now).unwrap();
    let mut shipped = channel(1, vec![line("L1", "MUG", 1)]);
    shipped.status = ChannelStatus::Shipped;
    shipped.updated_at = bench.now;
    shipped.packages = vec![ChannelPackage {
        reference: "1".to_owned(),
        status: "SHIPPED".to_owned(),
        carrier: "UPS".to_owned(),
        service: "Ground".to_owned(),
        tracking: Some("1z5r8 9390357567127".into()),
        shipped_at: None,
        items: Vec::new(),
    }];
    bench.import(shipped.clone());
    assert!(bench.store.order(record.order).unwrap().order.flags.is_empty());
    shipped.packages[0].tracking = Some("1Z000".into());
    shipped.updated_at = bench.now + TimeDelta::seconds(1);
    bench.import(shipped);
    assert_eq!(
        bench.store.order(record.order).unwrap().order.flags,
        [Flag::ShippedElsewhere]
    );
}

fn elsewhere(mut bench: Bench) {
    let mut own = channel(1, vec![line("L1", "MUG", 1)]);
    own.origin = Origin::Elsewhere;
    own.programs.prime = true;
    let order = bench.import(own);
    let record = packed(&mut bench, order);
    bench.store.record_outside(&record, bench.now).unwrap();
    assert!(bench.store.confirmations_of(order).unwrap().is_empty());
    assert_eq!(bench.store.order(order).unwrap().order.channel.store, shop());
}

fn manifests(mut bench: Bench) {
    let mut record = ready(&mut bench, 1);
    record.manifests = true;
    bench.store.record_outside(&record, bench.now).unwrap();
    let status = bench.store.order(record.order).unwrap().order.status;
    assert_eq!(status, OrderStatus::ReadyForPickup);
}
