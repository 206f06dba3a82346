//! What a quote says is kept to when it is bought: the least Delivery Confirmation, the kind of the box, details that
//! a service asks for; and what labels cost with whom.

use super::Case;
use super::station::{Bench, bought, channel, line, rate, refusal, shop, tracking};
use crate::domain::money::Currency;
use crate::domain::rate::inputs::InputField;
use crate::domain::rate::{Confirmation, Payment, Rate};
use crate::domain::sealed::Sealed;
use crate::domain::spend::{LinkedAccount, Payee, SpendRow, Sum};
use crate::domain::units::Dimensions;
use crate::store::{BoxDetails, Refusal, Settlement, VoidSettlement, WantLabel};
use chrono::TimeDelta;

pub(super) const CASES: &[Case] = &[
    (
        "a new box has at least the confirmation that the order demands",
        a_new_box_has_at_least_the_floor,
    ),
    (
        "a confirmation below the order's demand is refused with the reason",
        below_the_floor_is_refused,
    ),
    (
        "a demand that came later raises the box that is opened",
        a_later_floor_raises_the_box,
    ),
    ("a flat rate is sold for a flat-rate box alone", flat_rates),
    (
        "a new size without a word is a plain box",
        a_new_size_is_a_plain_box,
    ),
    (
        "a service that asks for details is not bought without them",
        details_are_needed,
    ),
    (
        "spend counts Amazon's rates and own accounts apart, voids and refunds apart",
        spend_is_counted_apart,
    ),
    ("linked accounts are kept as Amazon last told them", accounts),
];

fn demanding(bench: &mut Bench, n: u32, floor: Option<Confirmation>) -> crate::domain::ids::OrderId {
    let mut order = channel(n, vec![line("L1", "MUG", 1)]);
    order.confirmation_floor = floor;
    bench.import(order)
}

fn a_new_box_has_at_least_the_floor(mut bench: Bench) {
    for (n, floor, expected) in [
        (1, None, Confirmation::DeliveryConfirmation),
        (
            2,
            Some(Confirmation::NoTracking),
            Confirmation::DeliveryConfirmation,
        ),
        (3, Some(Confirmation::Signature), Confirmation::Signature),
        (
            4,
            Some(Confirmation::AdultSignature),
            Confirmation::AdultSignature,
        ),
    ] {
        let order = demanding(&mut bench, n, floor);
        assert_eq!(bench.open(order).confirmation, expected, "{floor:?}");
    }
}

fn confirm(option: Confirmation) -> BoxDetails {
    BoxDetails {
        confirmation: Some(option),
        ..BoxDetails::default()
    }
}

fn below_the_floor_is_refused(mut bench: Bench) {
    let order = demanding(&mut bench, 1, Some(Confirmation::Signature));
    let parcel = bench.open(order);
    for option in [Confirmation::NoTracking, Confirmation::DeliveryConfirmation] {
        let set = bench
            .store
            .set_box(parcel.id, parcel.turn, &confirm(option), bench.packer, bench.now);
        let Refusal::Other(words) = refusal(set) else {
            panic!("another refusal");
        };
        assert_eq!(
            words,
            "an item of this order must be handed over with Signature: choose Signature or Adult Signature"
        );
    }
    let row = bench
        .store
        .set_box(
            parcel.id,
            parcel.turn,
            &confirm(Confirmation::AdultSignature),
            bench.packer,
            bench.now,
        )
        .unwrap();
    assert_eq!(row.confirmation, Confirmation::AdultSignature, "more is allowed");
}

fn a_later_floor_raises_the_box(mut bench: Bench) {
    let order = demanding(&mut bench, 1, None);
    assert_eq!(bench.open(order).confirmation, Confirmation::DeliveryConfirmation);
    demanding(&mut bench, 1, Some(Confirmation::Signature));
    assert_eq!(bench.open(order).confirmation, Confirmation::Signature);
}

/// A wish for this rate of a packed box. `flat`: the box was taken from the shelf as a flat-rate box.
fn wish(bench: &mut Bench, n: u32, offer: Rate, flat: Option<bool>) -> WantLabel {
    let order = bench.mugs(n, 1);
    let parcel = bench.open(order);
    bench.verify(order, &parcel, "MUG", 0..1);
    let parcel = bench.weigh(&parcel);
    let details = BoxDetails {
        flat_rate: flat,
        ..BoxDetails::default()
    };
    let parcel = bench
        .store
        .set_box(parcel.id, parcel.turn, &details, bench.packer, bench.now)
        .unwrap();
    let quote = bench.quote(order, &parcel, vec![offer]);
    bench.want(order, &parcel, quote)
}

fn one_rate() -> Rate {
    Rate {
        carrier_id: "FEDEX".to_owned(),
        service_id: "FEDEX_PTP_EXPRESS_SAVER_ONE_RATE".to_owned(),
        ..rate("r1", 820)
    }
}

fn flat_rates(mut bench: Bench) {
    let plain_box = wish(&mut bench, 1, one_rate(), None);
    let Refusal::MethodBarred(words) = refusal(bench.store.want_label(&plain_box, bench.now)) else {
        panic!("another refusal");
    };
    assert!(words.contains("flat-rate box"), "{words}");
    let flat_box = wish(&mut bench, 2, one_rate(), Some(true));
    bench.store.want_label(&flat_box, bench.now).unwrap();
    let other_way = wish(&mut bench, 3, rate("r1", 820), Some(true));
    let refused = refusal(bench.store.want_label(&other_way, bench.now));
    assert!(matches!(refused, Refusal::MethodBarred(_)), "{refused:?}");
}

fn a_new_size_is_a_plain_box(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let parcel = bench.open(order);
    let mut set = |details: BoxDetails| {
        bench
            .store
            .set_box(parcel.id, parcel.turn, &details, bench.packer, bench.now)
            .unwrap()
            .flat_rate
    };
    let size = Some(Dimensions::parse("10x8x4 in").unwrap());
    assert!(set(BoxDetails {
        dimensions: size,
        flat_rate: Some(true),
        ..BoxDetails::default()
    }));
    assert!(set(confirm(Confirmation::Signature)), "only the option changed");
    assert!(!set(BoxDetails {
        dimensions: size,
        ..BoxDetails::default()
    }));
}

fn details_are_needed(mut bench: Bench) {
    let offer = Rate {
        needs_inputs: true,
        inputs: Some(vec![InputField {
            required: true,
            ..InputField::text("hs", "HS code")
        }]),
        ..rate("r1", 820)
    };
    let without = wish(&mut bench, 1, offer, None);
    let Refusal::MethodBarred(words) = refusal(bench.store.want_label(&without, bench.now)) else {
        panic!("another refusal");
    };
    assert!(words.contains("more details"), "{words}");
    let with = WantLabel {
        inputs: Some(Sealed::from_bytes(b"sealed answers".to_vec())),
        ..without
    };
    bench.store.want_label(&with, bench.now).unwrap();
    let (_, stored) = bench.store.label_inputs(with.id).unwrap().expect("stored");
    assert_eq!(stored.as_bytes(), b"sealed answers");
    let plain = wish(&mut bench, 2, rate("r1", 820), None);
    bench.store.want_label(&plain, bench.now).unwrap();
    assert!(bench.store.label_inputs(plain.id).unwrap().is_none());
}

fn buy(bench: &mut Bench, n: u32, payment: Payment) -> WantLabel {
    let offer = Rate {
        payment,
        ..rate("r1", 820)
    };
    let want = wish(bench, n, offer, None);
    bench.store.want_label(&want, bench.now).unwrap();
    let lead = bench.lead();
    bench.ask(lead, want.id).unwrap();
    bench.settle(want.id, &bought(&tracking(n)));
    want
}

fn spend_is_counted_apart(mut bench: Bench) {
    assert_eq!(bench.store.spend(None).unwrap(), []);
    let begun = bench.now;
    buy(&mut bench, 1, Payment::ThroughAmazon);
    bench.wait(TimeDelta::minutes(1));
    let later = bench.now;
    buy(&mut bench, 2, Payment::ThroughAmazon);
    buy(&mut bench, 3, Payment::DirectToCarrier);
    let voided = buy(&mut bench, 4, Payment::DirectToCarrier);
    bench
        .store
        .want_void(
            voided.id,
            &super::station::wish(bench.packer, "wrong box"),
            bench.now,
        )
        .unwrap();
    let lead = bench.lead();
    bench.store.begin_voiding(lead, voided.id, bench.now).unwrap();
    bench
        .store
        .settle_void(voided.id, &VoidSettlement::Accepted, bench.now)
        .unwrap();
    // Neither refused nor wanted: nothing was paid for these.
    let refused = wish(&mut bench, 5, rate("r1", 820), None);
    bench.store.want_label(&refused, bench.now).unwrap();
    let lead = bench.lead();
    bench.ask(lead, refused.id).unwrap();
    bench.settle(
        refused.id,
        &Settlement::Refused {
            why: "no".to_owned(),
            error: None,
        },
    );
    let sum = |labels: u64| Sum {
        labels,
        minor: i64::try_from(labels).unwrap() * 820,
    };
    let row = |payee, live, voided| SpendRow {
        currency: Currency::USD,
        payee,
        live: sum(live),
        voided: sum(voided),
        refunded: sum(0),
    };
    let all = [row(Payee::Amazon, 2, 0), row(Payee::OwnAccount, 1, 1)];
    assert_eq!(bench.store.spend(None).unwrap(), all);
    assert_eq!(bench.store.spend(Some(begun)).unwrap(), all);
    assert_eq!(
        bench.store.spend(Some(later)).unwrap(),
        [row(Payee::Amazon, 1, 0), row(Payee::OwnAccount, 1, 1)]
    );
    let never = bench.now + TimeDelta::days(1);
    assert_eq!(bench.store.spend(Some(never)).unwrap(), []);
}

fn accounts(mut bench: Bench) {
    assert_eq!(bench.store.accounts().unwrap(), []);
    bench.store.want_accounts(&[shop()], bench.now).unwrap();
    bench.store.want_accounts(&[shop()], bench.now).unwrap();
    assert_eq!(bench.store.wanted_accounts().unwrap(), [shop()]);
    let told = vec![LinkedAccount {
        carrier: "UPS".to_owned(),
        account: "a-1".to_owned(),
    }];
    bench
        .store
        .answer_accounts(&shop(), Ok(told.clone()), bench.now)
        .unwrap();
    assert_eq!(bench.store.wanted_accounts().unwrap(), []);
    let at = bench.now;
    bench.wait(TimeDelta::hours(1));
    bench.store.want_accounts(&[shop()], bench.now).unwrap();
    bench
        .store
        .answer_accounts(&shop(), Err("no answer".to_owned()), bench.now)
        .unwrap();
    let known = &bench.store.accounts().unwrap()[0];
    assert_eq!(known.accounts, told, "what was told before stays");
    assert_eq!(
        (known.told_at, known.asking, known.failure.as_deref()),
        (Some(at), false, Some("no answer"))
    );
}
