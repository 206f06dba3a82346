use super::*;
use crate::domain::choice::tests::{at, plain, usd, window};
use crate::domain::method::{KnownMethod, SwitchedOff};
use crate::domain::order::{Flag, OrderLine};
use crate::domain::packing::PackEvent;
use crate::domain::packing::tests::{coded_line, line, product, unit};
use crate::domain::refund::tests::label;
use crate::domain::rows::LabelRow;
use crate::domain::rows::tests::{detail, parcel, record};
use crate::domain::units::{Dimensions, Weight};

#[test]
fn the_time_left_is_amazons_limit_or_the_pace_until_now_whichever_is_slower() {
    let v0 = LabelVia::MerchantFulfillmentV0;
    assert_eq!(time_left(200, v0, 0, None), TimeDelta::seconds(100), "2 a second");
    assert_eq!(
        time_left(80, LabelVia::ShippingV2, 0, None),
        TimeDelta::seconds(1)
    );
    let slow = Some(TimeDelta::seconds(30));
    assert_eq!(
        time_left(10, v0, 10, slow),
        TimeDelta::seconds(30),
        "3 s each until now"
    );
    assert_eq!(
        time_left(10, v0, 100, Some(TimeDelta::seconds(1))),
        TimeDelta::seconds(5)
    );
    assert_eq!(time_left(0, v0, 10, slow), TimeDelta::zero());
    assert_eq!(
        time_left(10, v0, 10, Some(TimeDelta::seconds(-30))),
        TimeDelta::seconds(5),
        "the clock was set back"
    );
}

#[test]
fn what_is_final_is_told() {
    for (state, is_final) in [
        (RowState::New, false),
        (RowState::Asked, false),
        (RowState::Ok, false),
        (RowState::Wanted, false),
        (RowState::Bought, true),
        (RowState::Refused, true),
        (RowState::Unknown, true),
        (RowState::Already, true),
    ] {
        assert_eq!(state.is_final(), is_final, "{state:?}");
    }
}

#[test]
fn a_run_says_where_it_stands_and_whether_amazon_is_being_asked() {
    for (state, is_busy, words) in [
        (RunState::Checking, true, "checking, nothing is bought"),
        (RunState::Ready, false, "ready, nothing is bought yet"),
        (RunState::Running, true, "BUYING"),
        (RunState::Stopping, true, "stopping"),
        (RunState::Stopped, false, "stopped"),
        (RunState::Done, false, "done"),
    ] {
        assert_eq!((state.is_busy(), state.to_string().as_str()), (is_busy, words));
    }
    assert_eq!(
        BulkMode::Each.to_string(),
        "each order's own method, else the cheapest that passes"
    );
    assert_eq!(same().to_string(), "UPS Ground for all");
}

#[test]
fn a_selection_takes_all_these_or_all_but_these() {
    let two: BTreeSet<OrderId> = [OrderId(1), OrderId(2)].into();
    let takes = |selection: &BulkSelection| [1, 3].map(|order| selection.takes(OrderId(order)));
    assert_eq!(takes(&BulkSelection::All), [true, true]);
    assert_eq!(takes(&BulkSelection::These(two.clone())), [true, false]);
    assert_eq!(takes(&BulkSelection::AllBut(two)), [false, true]);
}

fn scanned(number: u32, into: i64, sku: &str, line: &str) -> crate::domain::packing::ScanRecord {
    let units = vec![unit(line, 0, 0)];
    let event = PackEvent::Verified {
        units,
        sku: sku.into(),
    };
    record(number, into, event)
}

/// A lamp in box 1 and a pan in box 2, both weighed; box 3 is empty.
fn order() -> OrderDetail {
    let lines = [line("1", "LAMP", 1), line("2", "PAN", 1)];
    let mut order = detail(&lines, &[product("LAMP", &[]), product("PAN", &[])]);
    order.boxes = (1..=3)
        .map(|number| BoxRow {
            weight: Weight::parse("1 lb").ok(),
            dimensions: Dimensions::parse("10x8x6 in").ok(),
            ..parcel(number)
        })
        .collect();
    order.scans = vec![scanned(1, 1, "LAMP", "1"), scanned(2, 2, "PAN", "2")];
    order
}

fn labelled(parcel: i64, state: LabelState) -> LabelRow {
    LabelRow {
        box_id: BoxId(parcel),
        ..label(state)
    }
}

/// A box's id and, where it is ready, its number.
type Told = (i64, Result<u32, NotReady>);

/// The boxes that are ready, or why the order is not.
fn boxes_of(order: &OrderDetail) -> Result<Vec<Told>, NotReady> {
    let each = ready_boxes(order)?.into_iter();
    Ok(each
        .map(|(id, one)| (id.0, one.map(|one| one.request.box_number)))
        .collect())
}

fn refused<T: std::fmt::Debug>(told: Result<T, NotReady>) -> String {
    match told {
        Err(NotReady::Refused(words)) => words,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn each_box_with_something_in_it_and_no_label_is_ready() {
    let mut order = order();
    assert_eq!(boxes_of(&order), Ok(vec![(1, Ok(1)), (2, Ok(2))]));
    order.labels = vec![labelled(1, LabelState::Printed)];
    assert_eq!(boxes_of(&order), Ok(vec![(2, Ok(2))]));
    order.labels.push(labelled(2, LabelState::Asked));
    assert_eq!(boxes_of(&order), Err(NotReady::Already(LabelState::Printed)));
    order.labels = vec![labelled(1, LabelState::Voided), labelled(2, LabelState::Refused)];
    assert_eq!(boxes_of(&order), Ok(vec![(1, Ok(1)), (2, Ok(2))]));
    // What is wrong with a box is said of that box.
    order.boxes[1].weight = None;
    let no_weight = NotReady::Refused("the box has no weight yet".to_owned());
    assert_eq!(boxes_of(&order), Ok(vec![(1, Ok(1)), (2, Err(no_weight))]));
}

#[test]
fn an_order_that_may_not_be_shipped_without_a_look_says_why() {
    let told = |change: &dyn Fn(&mut OrderDetail)| {
        let mut order = order();
        change(&mut order);
        refused(ready_boxes(&order))
    };
    for status in [OrderStatus::Pending, OrderStatus::OnHold, OrderStatus::Canceled] {
        assert_eq!(
            told(&|order| order.order.status = status),
            format!("an order that is {status} cannot be shipped")
        );
    }
    assert_eq!(
        told(&|order| order.order.status = OrderStatus::InPicking),
        "it is In Picking: open it for packing first"
    );
    assert_eq!(told(&|order| order.scans.clear()), "not packed yet");
    assert_eq!(
        told(&|order| order.order.flags = vec![Flag::AddressChanged]),
        Flag::AddressChanged.to_string()
    );
    let lines = |order: &mut OrderDetail, line: OrderLine| order.order.channel.lines[1] = line;
    assert!(told(&|order| lines(order, coded_line("2", "PAN", 1))).starts_with("needs Transparency codes"));
    let wants_serial = OrderLine {
        serial_required: true,
        ..line("2", "PAN", 1)
    };
    assert_eq!(
        told(&|order| lines(order, wants_serial.clone())),
        "Amazon wants a serial number: ship it by itself"
    );
}

#[test]
fn the_box_that_a_run_was_begun_for_is_the_one_that_is_shipped() {
    let mut order = order();
    let number = |order: &OrderDetail, named: Option<i64>| {
        ready(order, named.map(BoxId)).map(|one| (one.parcel.number, one.request.box_id.0))
    };
    assert_eq!(number(&order, Some(2)), Ok((2, 2)));
    assert!(refused(number(&order, None)).contains("packed into several boxes"));
    assert!(refused(number(&order, Some(3))).contains("boxes were changed"));
    order.labels = vec![labelled(1, LabelState::Bought)];
    assert_eq!(number(&order, None), Ok((2, 2)));
    assert_eq!(number(&order, Some(2)), Ok((2, 2)));
    for state in LabelState::ALL {
        order.labels = vec![labelled(1, state)];
        let told = number(&order, Some(1));
        if state.freezes_box() {
            assert_eq!(told, Err(NotReady::Already(state)));
        } else {
            assert_eq!(told, Ok((1, 1)), "{state}");
        }
    }
    order.labels.clear();
    order.scans.clear();
    assert_eq!(refused(number(&order, None)), "not packed yet");
}

const ZPL: &[DocumentFormat] = &[DocumentFormat::Zpl];

fn same() -> BulkMode {
    BulkMode::Same {
        carrier_id: "UPS".to_owned(),
        service_id: "UPS_PTP_GND".to_owned(),
        name: "UPS Ground".to_owned(),
    }
}

fn rate(id: &str, service: &str, minor: i64, latest: &str) -> Rate {
    Rate {
        id: id.to_owned(),
        service_id: format!("UPS_PTP_{service}"),
        service: format!("UPS {service}"),
        total: usd(minor),
        window: window("", latest),
        ..plain()
    }
}

fn answer(rates: &[Rate]) -> QuoteAnswer {
    QuoteAnswer {
        request_token: "token".to_owned(),
        rates: rates.to_vec(),
        ineligible: Vec::new(),
        unaccepted: Vec::new(),
        unavailable: Vec::new(),
        asked_at: at("2026-11-19T12:00:00Z"),
        ship_from: String::new(),
        via: LabelVia::ShippingV2,
    }
}

fn picked(
    order: &OrderDetail,
    answer: &QuoteAnswer,
    mode: &BulkMode,
    earliest: Option<&str>,
) -> Result<(String, String, Option<String>), String> {
    pick(order, &order.boxes[0], ZPL, answer, mode, earliest)
        .map(|pick| (pick.choice.rate_id, pick.method, pick.reason))
}

#[test]
fn each_order_goes_by_its_own_method_and_one_for_all_is_never_swapped() {
    let mut order = order();
    let ground = plain();
    let air = rate("air", "AIR", 900, "2026-11-20T20:00:00Z");
    let both = answer(&[ground.clone(), air.clone()]);
    let by = |id: &str, method: &str| Ok((id.to_owned(), method.to_owned(), None));
    // A supervisor's reason is not asked for where a method passes.
    for earliest in [None, Some("peak")] {
        assert_eq!(
            picked(&order, &both, &BulkMode::Each, earliest),
            by("air", "UPS AIR")
        );
        assert_eq!(
            picked(&order, &both, &same(), earliest),
            by("rate-1", "UPS Ground")
        );
    }
    order.order.assigned = AssignedMethod::parse("UPS_PTP_GND").expect("a method");
    assert_eq!(
        picked(&order, &both, &BulkMode::Each, None),
        by("rate-1", "UPS Ground")
    );
    assert_eq!(
        picked(&order, &answer(&[air]), &same(), Some("peak")),
        Err("UPS Ground is not offered for this box: it is not swapped for another".to_owned())
    );
    assert_eq!(
        picked(&order, &answer(&[]), &BulkMode::Each, None),
        Err("Amazon offers no method for this box: check weight and size".to_owned())
    );
    // Switched off: barred, and said so.
    order.method.known = vec![KnownMethod {
        store: "us".into(),
        service_id: "UPS_PTP_GND".to_owned(),
        service: "UPS Ground".to_owned(),
        carrier_id: "UPS".to_owned(),
        carrier: "UPS".to_owned(),
        off: Some(SwitchedOff {
            at: at("2026-11-19T12:00:00Z"),
            by: "Sue".to_owned(),
            why: "claims".to_owned(),
        }),
    }];
    let off = picked(&order, &both, &same(), Some("peak")).expect_err("switched off");
    assert!(
        off.starts_with("UPS Ground is switched off for store us by Sue"),
        "{off}"
    );
    order.order.channel.destination = None;
    assert_eq!(
        picked(&order, &both, &BulkMode::Each, None),
        Err("Amazon has given no address for this order yet".to_owned())
    );
    assert_eq!(
        offered(&order.order.channel, &[], &order.boxes[0], ZPL, &both),
        []
    );
}

#[test]
fn where_all_are_late_a_supervisor_may_take_the_earliest() {
    let mut order = order();
    order.order.channel.deliver_by.latest = Some(at("2026-11-20T04:59:59Z"));
    let ground = rate("ground", "GND", 800, "2026-11-24T20:00:00Z");
    let air = rate("air", "AIR", 1900, "2026-11-21T20:00:00Z");
    let late = answer(&[ground.clone(), air.clone()]);
    let why = picked(&order, &late, &BulkMode::Each, None).expect_err("all are late");
    assert!(why.starts_with("no method is picked automatically"), "{why}");
    assert_eq!(
        picked(&order, &late, &BulkMode::Each, Some("peak")),
        Ok(("air".to_owned(), "UPS AIR".to_owned(), Some("peak".to_owned())))
    );
    // The one for all, late or not; without the supervisor's word it says what stands against it.
    assert_eq!(
        picked(&order, &late, &same(), Some("peak")),
        Ok(("ground".to_owned(), "UPS GND".to_owned(), Some("peak".to_owned())))
    );
    let why = picked(&order, &late, &same(), None).expect_err("late");
    assert!(why.starts_with("UPS Ground: late: "), "{why}");
    // Two that come at the same time: the cheaper.
    let dear = rate("dear", "DEAR", 2900, "2026-11-21T20:00:00Z");
    assert_eq!(
        picked(
            &order,
            &answer(&[dear, air, ground]),
            &BulkMode::Each,
            Some("peak")
        )
        .map(|pick| pick.0),
        Ok("air".to_owned())
    );
}

fn judgement(rate: &Rate, late: bool) -> Judgement {
    let destination = crate::domain::choice::tests::new_york();
    let rules = crate::domain::choice::tests::rules(&destination);
    let against = if late {
        vec!["late: by a day".to_owned()]
    } else {
        Vec::new()
    };
    Judgement {
        late,
        against,
        automatic: !late,
        ..crate::domain::choice::judge(rate, &rules)
    }
}

#[test]
fn a_supervisors_word_for_what_is_late_allows_nothing_else() {
    let rates = [
        rate("a", "A", 800, "2026-11-21T20:00:00Z"),
        rate("b", "B", 900, "2026-11-24T20:00:00Z"),
    ];
    let any = AssignedMethod::Unknown;
    let chosen = |change: &dyn Fn(&mut Judgement), wanted: &AssignedMethod| {
        let mut judged = vec![(0, judgement(&rates[0], true)), (1, judgement(&rates[1], true))];
        change(&mut judged[0].1);
        earliest_of_late(&rates, &judged, wanted)
    };
    assert_eq!(chosen(&|_| {}, &any), Some(0));
    let second = AssignedMethod::parse("UPS_PTP_B").expect("a method");
    assert_eq!(chosen(&|_| {}, &second), Some(1));
    // What cannot be bought is no method, late or not.
    let out: [&dyn Fn(&mut Judgement); 4] = [
        &|one| one.barred = Some("switched off".to_owned()),
        &|one| one.unfit_box = Some("a flat-rate box".to_owned()),
        &|one| one.choice = None,
        &|one| one.tint = Tint::Muted,
    ];
    for change in out {
        assert_eq!(chosen(change, &any), Some(1));
    }
    // What is late and something else is not allowed by it.
    assert_eq!(
        chosen(&|one| one.against.push("Saturday".to_owned()), &any),
        Some(1)
    );
    // One that is in time, and is opposed for something else: nothing is allowed.
    let in_time = |one: &mut Judgement| {
        one.late = false;
        one.against = vec!["Saturday".to_owned()];
    };
    assert_eq!(chosen(&in_time, &any), None);
    assert_eq!(chosen(&in_time, &second), Some(1), "it is not asked for");
    // Without a promise it comes last.
    let mut unpromised = rates.clone();
    unpromised[0].window = None;
    let judged = [(0, judgement(&rates[0], true)), (1, judgement(&rates[1], true))];
    assert_eq!(earliest_of_late(&unpromised, &judged, &any), Some(1));
    assert_eq!(earliest_of_late(&unpromised, &judged[..1], &any), Some(0));
}

#[test]
fn methods_that_are_offered_say_whether_they_would_be_bought() {
    let mut order = order();
    let in_time = rate("air", "AIR", 1900, "2026-11-20T20:00:00Z");
    let late = rate("ground", "GND", 800, "2026-11-24T20:00:00Z");
    let unprintable = Rate {
        id: "pdf".to_owned(),
        documents: Vec::new(),
        ..in_time.clone()
    };
    order.order.channel.deliver_by.latest = Some(at("2026-11-21T04:59:59Z"));
    let all = answer(&[late, in_time, unprintable]);
    let mut told: Vec<(String, bool)> = offered(&order.order.channel, &[], &order.boxes[0], ZPL, &all)
        .into_iter()
        .map(|(rate, passes)| (rate.id, passes))
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            ("air".to_owned(), true),
            ("ground".to_owned(), false),
            ("pdf".to_owned(), false),
        ]
    );
}
