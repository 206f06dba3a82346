//! The wish to buy: what `want_label` refuses (PURCHASING.md 3.1), each rule for itself.

use super::Case;
use super::station::{Bench, channel, choice, coded, line, number, rate, refusal, shop, usd, verified};
use crate::domain::address::AddressKind;
use crate::domain::ids::{Epoch, IntentId, QuoteId};
use crate::domain::order::ChannelStatus;
use crate::domain::rate::{AddedService, AddedServiceGroup, Confirmation, QuoteAnswer, QuoteState, Rate};
use crate::domain::rows::BoxRow;
use crate::domain::shipment::LabelState;
use crate::domain::status::OrderStatus;
use crate::domain::units::{Weight, WeightUnit};
use crate::store::{BoxDetails, Refusal, StoreError, WantLabel};
use chrono::TimeDelta;

pub(super) const CASES: &[Case] = &[
    ("a wish that keeps every rule is written down", written),
    ("the same wish twice is one wish", twice),
    ("a second live label for a box is refused", second),
    ("a box taken over takes no wish of the old turn", taken_over),
    ("not every unit is verified: refused", incomplete),
    ("a unit without its transparency code: refused", without_code),
    ("an order on hold, in review or canceled cannot ship", cannot_ship),
    ("a quote of 9 minutes buys, an older one does not", old_quote),
    ("a quote from ahead of the clock does not buy", future_quote),
    ("only the newest quote buys", newest_quote),
    ("an unanswered or failed quote does not buy", unanswered),
    ("another box's quote does not buy", other_box),
    ("another weight makes the quote unfit", other_weight),
    (
        "another Delivery Confirmation makes the quote unfit",
        other_confirmation,
    ),
    ("another code makes the quote unfit", other_code),
    ("a rate that was not offered is refused", unknown_rate),
    (
        "FedEx Home Delivery is refused for a business, whoever chose it",
        barred,
    ),
    ("a red method takes a typed reason, which is kept", typed_reason),
    ("a late method takes a typed reason", late),
    ("services and price are those of that very rate", services),
    ("no rates without weight and size", no_weight),
    (
        "the latest quote wins, and answers of older ones are harmless",
        latest_wins,
    ),
    ("a wish can be taken back before it is asked", withdrawn),
];

fn refused(bench: &mut Bench, want: &WantLabel) -> Refusal {
    let refusal = refusal(bench.store.want_label(want, bench.now));
    assert!(
        matches!(bench.store.label(want.id), Err(StoreError::NotFound { .. })),
        "nothing was written"
    );
    refusal
}

fn parcel(bench: &Bench, want: &WantLabel) -> BoxRow {
    bench.store.order(want.order).unwrap().boxes[0].clone()
}

fn written(mut bench: Bench) {
    let want = bench.wanted(1);
    let label = bench.store.label(want.id).unwrap();
    assert_eq!(label.state, LabelState::Wanted);
    assert_eq!(
        (label.carrier.as_str(), label.service.as_str()),
        ("UPS", "UPS Ground")
    );
    assert_eq!((label.price, label.attempts, label.printed), (usd(820), 0, 0));
    assert_eq!(label.wanted_by, bench.packer);
    assert_eq!(bench.store.labels_of(want.order).unwrap(), [label]);
    let (bought, quote) = bench.store.purchase(want.id).unwrap();
    assert_eq!((bought, quote.id), (choice("r1", 820), want.quote));
    assert_eq!(bench.proven(), 1);
    let history = bench.store.history(want.order).unwrap();
    assert!(history[0].what.contains("label wanted: UPS Ground $8.20"));
}

fn twice(mut bench: Bench) {
    let mut want = bench.wanted(1);
    bench.store.want_label(&want, bench.now).unwrap();
    assert_eq!(bench.store.labels_of(want.order).unwrap().len(), 1);
    let other = bench.ready(2);
    want.order = other.order;
    want.box_id = other.box_id;
    refusal(bench.store.want_label(&want, bench.now));
}

fn second(mut bench: Bench) {
    let mut want = bench.wanted(1);
    want.id = IntentId(bench.fresh());
    assert_eq!(refused(&mut bench, &want), Refusal::BoxFrozen(1, "wanted"));
}

fn taken_over(mut bench: Bench) {
    let mut want = bench.ready(1);
    want.turn = Epoch(want.turn.0 - 1);
    assert!(matches!(refused(&mut bench, &want), Refusal::TakenOver { .. }));
}

fn incomplete(mut bench: Bench) {
    let order = bench.mugs(1, 2);
    let parcel = bench.open(order);
    bench.verify(order, &parcel, "MUG", 0..1);
    let parcel = bench.weigh(&parcel);
    let quote = bench.quote(order, &parcel, vec![rate("r1", 820)]);
    let want = bench.want(order, &parcel, quote);
    assert!(matches!(refused(&mut bench, &want), Refusal::Incomplete(_)));
}

fn without_code(mut bench: Bench) {
    let mut word = channel(1, vec![line("L1", "MUG", 1)]);
    word.lines[0].transparency = true;
    let order = bench.import(word);
    let want = bench.pack(order);
    assert!(matches!(refused(&mut bench, &want), Refusal::Incomplete(_)));
}

fn cannot_ship(mut bench: Bench) {
    for (n, status) in [
        (1, OrderStatus::OnHold),
        (2, OrderStatus::Review),
        (3, OrderStatus::Canceled),
    ] {
        let want = bench.ready(n);
        bench
            .store
            .set_status(want.order, status, Some(bench.supervisor), "", bench.now)
            .unwrap();
        assert!(
            matches!(refused(&mut bench, &want), Refusal::CannotShip(_)),
            "{status}"
        );
    }
    let want = bench.ready(4);
    let mut word = channel(4, vec![line("L1", "MUG", 1)]);
    word.status = ChannelStatus::Unfulfillable;
    word.updated_at += TimeDelta::minutes(1);
    bench.import(word);
    assert!(matches!(refused(&mut bench, &want), Refusal::CannotShip(_)));
}

fn old_quote(mut bench: Bench) {
    let want = bench.ready(1);
    let other = bench.ready(2);
    bench.wait(TimeDelta::minutes(9));
    bench.store.want_label(&want, bench.now).unwrap();
    bench.wait(TimeDelta::seconds(1));
    assert!(matches!(refused(&mut bench, &other), Refusal::QuoteUnfit(_)));
}

fn future_quote(mut bench: Bench) {
    let want = bench.ready(1);
    bench.wait(TimeDelta::minutes(-30));
    assert!(matches!(refused(&mut bench, &want), Refusal::QuoteUnfit(_)));
}

fn newest_quote(mut bench: Bench) {
    let want = bench.ready(1);
    let parcel = parcel(&bench, &want);
    let newer = bench.quote(want.order, &parcel, vec![rate("r1", 820)]);
    assert!(matches!(refused(&mut bench, &want), Refusal::QuoteUnfit(_)));
    let want = WantLabel { quote: newer, ..want };
    bench.store.want_label(&want, bench.now).unwrap();
    // A quote that a label names stays in the store, and is old all the same.
    bench
        .store
        .withdraw_label(want.id, bench.packer, bench.now)
        .unwrap();
    bench.quote(want.order, &parcel, vec![rate("r1", 820)]);
    let again = WantLabel {
        id: IntentId(bench.fresh()),
        ..want
    };
    assert!(matches!(refused(&mut bench, &again), Refusal::QuoteUnfit(_)));
}

fn unanswered(mut bench: Bench) {
    let mut want = bench.ready(1);
    let parcel = parcel(&bench, &want);
    let request = bench.request(want.order, &parcel);
    want.quote = bench.store.want_quote(&request, bench.now).unwrap();
    assert!(matches!(refused(&mut bench, &want), Refusal::QuoteUnfit(_)));
    bench
        .store
        .answer_quote(want.quote, Err("no rates".to_owned()), bench.now)
        .unwrap();
    assert!(matches!(refused(&mut bench, &want), Refusal::QuoteUnfit(_)));
}

fn other_box(mut bench: Bench) {
    let mut want = bench.ready(1);
    want.quote = bench.ready(2).quote;
    assert!(matches!(refused(&mut bench, &want), Refusal::QuoteUnfit(_)));
    want.quote = QuoteId(999_999);
    assert!(matches!(refused(&mut bench, &want), Refusal::QuoteUnfit(_)));
}

fn change_box(bench: &mut Bench, want: &WantLabel, details: &BoxDetails) {
    let packer = bench.packer;
    bench
        .store
        .set_box(want.box_id, want.turn, details, packer, bench.now)
        .unwrap();
}

fn other_weight(mut bench: Bench) {
    let want = bench.ready(1);
    let details = BoxDetails {
        weight: Some(Weight {
            thousandths: 12_501,
            unit: WeightUnit::Oz,
        }),
        ..BoxDetails::default()
    };
    change_box(&mut bench, &want, &details);
    assert!(matches!(refused(&mut bench, &want), Refusal::QuoteUnfit(_)));
}

fn other_confirmation(mut bench: Bench) {
    let want = bench.ready(1);
    let details = BoxDetails {
        confirmation: Some(Confirmation::Signature),
        ..BoxDetails::default()
    };
    change_box(&mut bench, &want, &details);
    assert!(matches!(refused(&mut bench, &want), Refusal::QuoteUnfit(_)));
}

fn other_code(mut bench: Bench) {
    let mut word = channel(1, vec![line("L1", "MUG", 1)]);
    word.lines[0].transparency = true;
    let order = bench.import(word);
    let parcel = bench.open(order);
    for (sequence, event) in [(0, verified("L1", 0, "MUG")), (1, coded("L1", 0, "SERIAL-1"))] {
        let scan = bench.scan(order, &parcel, sequence, event);
        bench.store.accept_scan(&scan).unwrap();
    }
    let parcel = bench.weigh(&parcel);
    let quote = bench.quote(order, &parcel, vec![rate("r1", 820)]);
    let want = bench.want(order, &parcel, quote);
    let scan = bench.scan(order, &parcel, 2, coded("L1", 0, "SERIAL-2"));
    bench.store.accept_scan(&scan).unwrap();
    assert!(matches!(refused(&mut bench, &want), Refusal::QuoteUnfit(_)));
    let back = bench.scan(order, &parcel, 3, coded("L1", 0, "SERIAL-1"));
    bench.store.accept_scan(&back).unwrap();
    bench.store.want_label(&want, bench.now).unwrap();
}

fn unknown_rate(mut bench: Bench) {
    let mut want = bench.ready(1);
    want.choice = choice("r9", 820);
    assert!(matches!(refused(&mut bench, &want), Refusal::QuoteUnfit(_)));
}

/// A business order to a commercial address, packed, with this one rate.
fn business(bench: &mut Bench, offer: Rate) -> WantLabel {
    let mut word = channel(1, vec![line("L1", "MUG", 1)]);
    word.programs.business = true;
    word.destination.as_mut().unwrap().kind = AddressKind::Commercial;
    let order = bench.import(word);
    let parcel = bench.open(order);
    bench.verify(order, &parcel, "MUG", 0..1);
    let parcel = bench.weigh(&parcel);
    let quote = bench.quote(order, &parcel, vec![offer]);
    bench.want(order, &parcel, quote)
}

fn barred(mut bench: Bench) {
    let mut home = rate("r1", 820);
    home.carrier = "FedEx®".to_owned();
    home.service_id = "FEDEX_PTP_HOME_DELIVERY".to_owned();
    home.service = "FedEx Home Delivery®".to_owned();
    let mut want = business(&mut bench, home);
    want.reason = Some("the boss says so".to_owned());
    assert!(matches!(refused(&mut bench, &want), Refusal::MethodBarred(_)));
}

fn typed_reason(mut bench: Bench) {
    let mut saturday = rate("r1", 820);
    saturday.service = "UPS 2nd Day Air Saturday".to_owned();
    let mut want = business(&mut bench, saturday);
    for reason in [None, Some("  ".to_owned())] {
        want.reason = reason;
        assert!(matches!(refused(&mut bench, &want), Refusal::MethodBarred(_)));
    }
    want.reason = Some("they work on Saturdays".to_owned());
    bench.store.want_label(&want, bench.now).unwrap();
    let history = bench.store.history(want.order).unwrap();
    assert!(history[0].what.contains("they work on Saturdays"));
}

/// Late is marked, and never picked automatically; a person may choose it without a reason.
fn late(mut bench: Bench) {
    let mut want = bench.ready(1);
    let mut slow = rate("r1", 820);
    let window = slow.window.as_mut().unwrap();
    window.latest = Some(bench.now + TimeDelta::days(9));
    let parcel = parcel(&bench, &want);
    want.quote = bench.quote(want.order, &parcel, vec![slow]);
    want.reason = None;
    bench.store.want_label(&want, bench.now).unwrap();
}

fn services(mut bench: Bench) {
    let mut want = bench.ready(1);
    let mut served = rate("r1", 820);
    served.groups = vec![AddedServiceGroup {
        id: "VAS_GROUP_ID_CONFIRMATION".to_owned(),
        required: true,
        services: [("NO_CONFIRMATION", 0), ("DELIVERY_CONFIRMATION", 30)]
            .map(|(id, cost)| AddedService {
                id: id.to_owned(),
                name: id.to_owned(),
                cost: Some(usd(cost)),
            })
            .to_vec(),
    }];
    let parcel = parcel(&bench, &want);
    want.quote = bench.quote(want.order, &parcel, vec![served]);
    assert!(
        matches!(refused(&mut bench, &want), Refusal::MethodBarred(_)),
        "no service"
    );
    want.choice.services = vec!["DELIVERY_CONFIRMATION".to_owned()];
    assert!(
        matches!(refused(&mut bench, &want), Refusal::MethodBarred(_)),
        "old price"
    );
    want.choice.price = usd(850);
    want.choice.document.width += 1;
    assert!(
        matches!(refused(&mut bench, &want), Refusal::MethodBarred(_)),
        "other paper"
    );
    want.choice.document.width -= 1;
    bench.store.want_label(&want, bench.now).unwrap();
}

fn no_weight(mut bench: Bench) {
    let want = bench.ready(1);
    let parcel = parcel(&bench, &want);
    let mut request = bench.request(want.order, &parcel);
    request.weight.thousandths = 0;
    refusal(bench.store.want_quote(&request, bench.now));
    let mut request = bench.request(want.order, &parcel);
    request.dimensions.height = 0;
    refusal(bench.store.want_quote(&request, bench.now));
    // A box of solid gold.
    let mut request = bench.request(want.order, &parcel);
    request.weight.thousandths = 2_200_000;
    let said = refusal(bench.store.want_quote(&request, bench.now)).to_string();
    assert!(said.contains("solid lead"), "{said}");
}

fn latest_wins(mut bench: Bench) {
    let want = bench.ready(1);
    let parcel = parcel(&bench, &want);
    let request = bench.request(want.order, &parcel);
    let older = bench.store.want_quote(&request, bench.now).unwrap();
    let newer = bench.store.want_quote(&request, bench.now).unwrap();
    let waiting = bench.store.wanted_quotes().unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(
        (waiting[0].0.id, waiting[0].1.clone(), waiting[0].2.clone()),
        (newer, shop(), number(1))
    );
    assert_eq!(bench.store.waiting().unwrap().quotes, 1);
    let answer = QuoteAnswer {
        request_token: "late".to_owned(),
        rates: Vec::new(),
        ineligible: Vec::new(),
        unaccepted: Vec::new(),
        unavailable: Vec::new(),
        asked_at: bench.now,
        ship_from: String::new(),
        via: crate::domain::seller::LabelVia::ShippingV2,
    };
    bench
        .store
        .answer_quote(older, Ok(answer.clone()), bench.now)
        .unwrap();
    assert_eq!(bench.store.quote(newer).unwrap().state, QuoteState::Wanted);
    bench
        .store
        .answer_quote(newer, Ok(answer.clone()), bench.now)
        .unwrap();
    let detail = bench.store.order(want.order).unwrap();
    assert_eq!(detail.quotes.len(), 1);
    assert_eq!(detail.quotes[0].state, QuoteState::Answered(answer));
    assert!(bench.store.wanted_quotes().unwrap().is_empty());
}

fn withdrawn(mut bench: Bench) {
    let want = bench.wanted(1);
    bench
        .store
        .withdraw_label(want.id, bench.packer, bench.now)
        .unwrap();
    assert_eq!(bench.state(want.id), LabelState::Withdrawn);
    assert!(bench.store.work().unwrap().is_empty());
    let again = WantLabel {
        id: IntentId(bench.fresh()),
        ..want
    };
    bench.store.want_label(&again, bench.now).unwrap();
    let lead = bench.lead();
    bench.ask(lead, again.id).unwrap();
    let late = bench.store.withdraw_label(again.id, bench.packer, bench.now);
    assert!(matches!(refusal(late), Refusal::IllegalMove(_)));
}
