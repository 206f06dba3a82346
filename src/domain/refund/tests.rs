//! What Amazon's words mean, when the next reading is due, and what a booking may say; with their borders.

use super::*;
use crate::domain::ids::{BoxId, IntentId, OrderId, OrderNumber, ShipmentId, UserId};
use crate::domain::money::Currency;
use proptest::prelude::*;
use uuid::Uuid;

fn start() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

fn days(count: i64) -> DateTime<Utc> {
    start() + TimeDelta::days(count)
}

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

/// Bought at the start; where its state says so, voided a day later.
pub(in crate::domain) fn label(state: LabelState) -> LabelRow {
    let over = state.was_bought() && !state.is_bought();
    LabelRow {
        id: IntentId(Uuid::from_u128(1)),
        order: OrderId(1),
        number: OrderNumber::from("111-1111111-1111111"),
        box_id: BoxId(1),
        state,
        carrier: "UPS".to_owned(),
        service: "UPS Ground".to_owned(),
        price: usd(812),
        shipment: Some(ShipmentId::from("s")),
        tracking: Some(TrackingNumber::from("1Z1")),
        promise: None,
        reason: None,
        wanted_at: start(),
        wanted_by: UserId(1),
        changed_at: start(),
        attempts: 1,
        printed: 1,
        document: None,
        held: false,
        via: LabelVia::ShippingV2,
        onto_box: crate::domain::onto_box::OntoBox::NotAsked,
        aftermath: state.was_bought().then(|| Aftermath {
            bought_at: start(),
            voided_at: over.then(|| days(1)),
            expected_by: over.then(|| days(31)),
            old_label: None,
            refunded: None,
            word: None,
            word_at: None,
            scanned: false,
            looks: 0,
        }),
    }
}

fn via(mut label: LabelRow, via: LabelVia) -> LabelRow {
    label.via = via;
    label
}

fn with(mut label: LabelRow, change: impl FnOnce(&mut Aftermath)) -> LabelRow {
    change(label.aftermath.as_mut().expect("bought"));
    label
}

#[test]
fn usps_decides_in_sixty_days_and_the_others_in_thirty() {
    assert_eq!(decided_within("USPS"), TimeDelta::days(60));
    assert_eq!(decided_within("U.S.P.S. Priority"), TimeDelta::days(60));
    assert_eq!(
        decided_within("United States Postal Service"),
        TimeDelta::days(60)
    );
    for carrier in ["UPS", "FedEx", "OnTrac", "DHL Express", ""] {
        assert_eq!(decided_within(carrier), TimeDelta::days(30), "{carrier}");
    }
}

#[test]
fn the_package_confirms_a_void_and_nothing_else_does() {
    let voided = label(LabelState::Voided);
    for status in ["LABEL_CANCELLED", "CANCELLED", "canceled", "Label Canceled"] {
        let verdict = verdict(&voided, &Heard::Package(status.to_owned()));
        assert_eq!(verdict.step, Some(LabelMove::ExpectRefund), "{status}");
    }
    for status in ["PENDING", "SHIPPED", "PENDING_PICK_UP", "", "SOMETHING_NEW"] {
        assert_eq!(
            verdict(&voided, &Heard::Package(status.to_owned())),
            Verdict::default(),
            "{status}"
        );
    }
    assert_eq!(verdict(&voided, &Heard::Nothing), Verdict::default());
    let lost = label(LabelState::VoidUnknown);
    assert_eq!(
        verdict(&lost, &Heard::Package("LABEL_CANCELLED".to_owned())).step,
        Some(LabelMove::AcceptVoid),
        "the lost answer to a void"
    );
}

#[test]
fn a_label_canceled_elsewhere_is_an_alarm_and_stays_live() {
    for state in [LabelState::Bought, LabelState::Printed, LabelState::VoidRefused] {
        let verdict = verdict(&label(state), &Heard::Package("CANCELLED".to_owned()));
        assert_eq!(verdict.step, None, "{state}");
        assert!(verdict.alarm.is_some_and(|words| words.contains("elsewhere")));
    }
    // While our own void is asked for, its package is no news.
    let asked = label(LabelState::VoidAsked);
    assert_eq!(
        verdict(&asked, &Heard::Package("CANCELLED".to_owned())),
        Verdict::default()
    );
}

#[test]
fn a_scan_is_told_by_package_and_tracking_and_alarms_where_the_label_is_void() {
    let printed = label(LabelState::Printed);
    for status in ["IN_TRANSIT", "DELIVERED", "UNDELIVERABLE", "PICKED_UP"] {
        assert!(
            verdict(&printed, &Heard::Package(status.to_owned())).scanned,
            "{status}"
        );
    }
    for status in [
        "InTransit",
        "Delivered",
        "Lost",
        "OutForDelivery",
        "DeliveryAttempted",
    ] {
        assert!(
            verdict(&printed, &Heard::Tracking(status.to_owned())).scanned,
            "{status}"
        );
    }
    for status in ["PreTransit", "PickupCancelled", "", "Mystery"] {
        assert!(
            !verdict(&printed, &Heard::Tracking(status.to_owned())).scanned,
            "{status}"
        );
    }
    assert_eq!(
        verdict(&printed, &Heard::Tracking("InTransit".to_owned())).alarm,
        None
    );
    let voided = verdict(
        &label(LabelState::RefundPending),
        &Heard::Package("IN_TRANSIT".to_owned()),
    );
    assert!(
        voided
            .alarm
            .is_some_and(|words| words.contains("although it is void"))
    );
}

#[test]
fn merchant_fulfillment_reports_to_the_end() {
    let heard = |state, status: &str| verdict(&label(state), &Heard::Shipment(status.to_owned())).step;
    assert_eq!(
        heard(LabelState::Voided, "RefundPending"),
        Some(LabelMove::ExpectRefund)
    );
    assert_eq!(heard(LabelState::RefundPending, "RefundPending"), None);
    assert_eq!(
        heard(LabelState::Voided, "RefundApplied"),
        Some(LabelMove::Refund)
    );
    assert_eq!(
        heard(LabelState::RefundPending, "RefundApplied"),
        Some(LabelMove::Refund)
    );
    assert_eq!(
        heard(LabelState::RefundNotReported, "RefundApplied"),
        Some(LabelMove::Refund)
    );
    assert_eq!(
        heard(LabelState::RefundPending, "RefundRejected"),
        Some(LabelMove::RejectRefund)
    );
    assert_eq!(heard(LabelState::Voided, "Purchased"), None);
    assert_eq!(heard(LabelState::Voided, ""), None);
    let why = verdict(
        &label(LabelState::RefundPending),
        &Heard::Shipment("RefundRejected".to_owned()),
    )
    .why;
    assert!(why.is_some_and(|why| why.contains("too late")));
}

#[test]
fn each_way_to_a_label_has_its_reading() {
    let now = days(2);
    let v0 = LabelVia::MerchantFulfillmentV0;
    assert_eq!(reading(&label(LabelState::Voided), now), Some(Reading::Package));
    assert_eq!(
        reading(&label(LabelState::RefundPending), now),
        Some(Reading::Nothing)
    );
    assert_eq!(
        reading(&via(label(LabelState::Voided), v0), now),
        Some(Reading::Shipment)
    );
    assert_eq!(
        reading(&via(label(LabelState::RefundPending), v0), now),
        Some(Reading::Shipment)
    );
    assert_eq!(
        reading(&via(label(LabelState::Voided), LabelVia::Outside), now),
        Some(Reading::Nothing),
        "nobody reports a label bought elsewhere"
    );
    assert_eq!(reading(&label(LabelState::Printed), now), Some(Reading::Tracking));
    assert_eq!(
        reading(&via(label(LabelState::Printed), v0), now),
        Some(Reading::Package),
        "v0 tells nothing of a parcel's way"
    );
    let moving = |word: &str| {
        with(label(LabelState::Printed), |after| {
            after.scanned = true;
            after.word = Some(word.to_owned());
        })
    };
    for word in ["InTransit", "OUT_FOR_DELIVERY", "DeliveryAttempted"] {
        assert_eq!(reading(&moving(word), now), Some(Reading::Tracking), "{word}");
    }
    for word in ["Delivered", "LOST", "Undeliverable", "RETURNED_TO_SELLER"] {
        assert_eq!(reading(&moving(word), now), None, "{word}: its way has ended");
    }
    assert_eq!(
        reading(&via(label(LabelState::Printed), LabelVia::Outside), now),
        None
    );
    for state in [LabelState::Wanted, LabelState::VoidWanted, LabelState::Refunded] {
        assert_eq!(reading(&label(state), now), None, "{state}");
    }
}

#[test]
fn readings_of_a_void_back_off_and_end_where_time_decides() {
    let mut voided = label(LabelState::Voided);
    let mut now = days(1);
    let mut pauses = Vec::new();
    for looks in 0..6 {
        voided = with(voided, |after| after.looks = looks);
        let due = next_look(&voided, now).expect("planned");
        pauses.push((due - now).num_minutes());
        now = due;
    }
    assert_eq!(pauses, [10, 60, 360, 1440, 1440, 1440]);
    // Later weekly, but never past the day on which it is not reported.
    let late = with(label(LabelState::Voided), |after| after.looks = 30);
    assert_eq!(next_look(&late, days(40)), Some(days(47)));
    assert_eq!(next_look(&late, days(58)), Some(days(61)));
    // Confirmed: v2 says nothing more, so only the day counts.
    assert_eq!(
        next_look(&label(LabelState::RefundPending), days(3)),
        Some(days(61))
    );
    let reported = label(LabelState::RefundNotReported);
    assert_eq!(next_look(&reported, days(62)), None);
    let v0 = via(reported, LabelVia::MerchantFulfillmentV0);
    let v0 = with(v0, |after| after.looks = 30);
    assert_eq!(next_look(&v0, days(62)), Some(days(69)), "v0 may still say it");
    assert_eq!(next_look(&v0, days(179)), None);
}

#[test]
fn tracking_is_read_six_times_at_most() {
    let printed = label(LabelState::Printed);
    let mut now = start();
    let mut ages = Vec::new();
    while let Some(due) = next_look(&printed, now) {
        ages.push((due - start()).num_days());
        now = due;
    }
    assert_eq!(ages, [1, 3, 7, 10, 12, 13]);
    // With its carrier, four times more, until it has arrived.
    let moving = with(label(LabelState::Printed), |after| after.scanned = true);
    let (mut now, mut ages) = (days(3), Vec::new());
    while let Some(due) = next_look(&moving, now) {
        ages.push((due - start()).num_days());
        now = due;
    }
    assert_eq!(ages, [5, 10, 20, 40]);
    // A station that was off for a week reads once, not thrice.
    assert_eq!(next_look(&printed, days(8)), Some(days(10)));
}

#[test]
fn sixty_days_of_silence_are_not_reported_and_never_a_refund() {
    for state in [LabelState::Voided, LabelState::RefundPending] {
        assert!(!is_missed(&label(state), days(60)));
        assert!(is_missed(&label(state), days(61)));
        assert_eq!(reading(&label(state), days(61)), Some(Reading::Nothing));
    }
    for state in [
        LabelState::Refunded,
        LabelState::RefundRejected,
        LabelState::Printed,
    ] {
        assert!(!is_missed(&label(state), days(400)), "{state}");
    }
}

#[test]
fn overdue_is_said_from_the_day_after_the_expected_one() {
    let pending = label(LabelState::RefundPending);
    assert!(!is_overdue(&pending, days(31)));
    assert!(is_overdue(&pending, days(31) + TimeDelta::seconds(1)));
    assert_eq!(expectation(&pending, days(2)), "expected by Nov 4");
    assert_eq!(expectation(&pending, days(32)), "OVERDUE since Nov 4");
    assert!(!is_overdue(&label(LabelState::Refunded), days(99)));
    assert!(is_overdue(&label(LabelState::RefundNotReported), days(61)));
    assert!(expectation(&label(LabelState::RefundNotReported), days(61)).contains("not reported"));
    let back = with(label(LabelState::Refunded), |after| {
        after.refunded = Some(usd(700));
    });
    assert_eq!(expectation(&back, days(9)), "$7.00 of $8.12 is back");
    assert_eq!(
        expectation(&label(LabelState::Refunded), days(9)),
        "back, says Amazon"
    );
    assert_eq!(expectation(&label(LabelState::Printed), days(9)), "");
}

#[test]
fn days_left_count_down_to_the_end_of_the_void_window() {
    let printed = label(LabelState::Printed);
    assert_eq!(days_left(&printed, start()), Some(14));
    assert_eq!(days_left(&printed, days(13)), Some(1));
    assert_eq!(days_left(&printed, days(14)), Some(0));
    assert_eq!(days_left(&printed, days(14) + TimeDelta::seconds(1)), Some(-1));
    assert_eq!(
        window_words(&printed, days(13) + TimeDelta::hours(1)),
        "VOID IT TODAY"
    );
    assert_eq!(window_words(&printed, days(15)), "void window closed");
    assert_eq!(days_left(&label(LabelState::Voided), start()), None);
    assert!(
        !is_unmoved(&printed, days(1)),
        "a parcel of yesterday is not late"
    );
    assert!(is_unmoved(&printed, days(2)));
    assert!(is_unmoved(&printed, days(28)));
    assert!(!is_unmoved(&printed, days(29)));
}

#[test]
fn each_old_label_is_scanned_or_destroyed() {
    let mut second = label(LabelState::Printed);
    second.id = IntentId(Uuid::from_u128(2));
    second.tracking = Some(TrackingNumber::from("1Z2"));
    let both = [label(LabelState::Printed), second];
    let missing = Paper::default().of_all(&both).expect_err("nothing was said");
    assert!(missing.contains("scan the old label"), "{missing}");
    let one = Paper::scanned(TrackingNumber::from(" 1z1 "));
    assert!(one.of_all(&both).expect_err("one is missing").contains("1Z2"));
    let rest = Paper {
        destroyed: true,
        ..one
    };
    assert_eq!(
        rest.of_all(&both),
        Ok(vec![OldLabel::Scanned, OldLabel::Destroyed])
    );
    let strange = Paper {
        scanned: vec![TrackingNumber::from("1Z9")],
        destroyed: true,
    };
    assert!(strange.of_all(&both).expect_err("another label").contains("1Z9"));
    for old in [OldLabel::Scanned, OldLabel::Destroyed] {
        assert_eq!(OldLabel::parse(old.key()), Some(old));
    }
}

#[test]
fn a_booking_fits_the_label() {
    let pending = label(LabelState::RefundPending);
    let book = |label: &LabelRow, minor| check_booking(label, &Booking::Paid(usd(minor)));
    assert_eq!(book(&pending, 812), Ok(LabelMove::Refund));
    assert_eq!(book(&label(LabelState::Voided), 1), Ok(LabelMove::Refund));
    assert!(book(&pending, 813).is_err_and(|why| why.contains("more than")));
    assert!(book(&pending, 0).is_err());
    assert!(book(&label(LabelState::Printed), 812).is_err_and(|why| why.contains("voided")));
    assert!(book(&label(LabelState::Refunded), 812).is_err_and(|why| why.contains("once")));
    let pounds = Booking::Paid(Money::new(812, Currency::GBP));
    assert!(check_booking(&pending, &pounds).is_err_and(|why| why.contains("USD")));
    assert_eq!(
        check_booking(&pending, &Booking::Rejected),
        Ok(LabelMove::RejectRefund)
    );
}

#[test]
fn both_prices_are_shown_and_a_rejection_makes_two_paid_labels() {
    let mut old = label(LabelState::RefundPending);
    old.id = IntentId(Uuid::from_u128(2));
    old.price = usd(640);
    let new = label(LabelState::Printed);
    let words = both_paid(&[new.clone(), old.clone()], &new, days(2));
    assert_eq!(
        words,
        ["both are paid for now: $8.12 and $6.40 for the voided UPS Ground, refund expected by Nov 4"]
    );
    old.state = LabelState::RefundRejected;
    let words = both_paid(&[new.clone(), old.clone()], &new, days(2));
    assert!(words[0].starts_with("TWO LABELS ARE PAID"), "{words:?}");
    old.state = LabelState::Refunded;
    assert!(both_paid(&[new.clone(), old.clone()], &new, days(2)).is_empty());
    old.state = LabelState::RefundPending;
    old.box_id = BoxId(2);
    assert!(
        both_paid(&[new.clone(), old], &new, days(2)).is_empty(),
        "another box"
    );
}

fn any_state() -> impl Strategy<Value = LabelState> {
    (0..LabelState::ALL.len()).prop_map(|at| LabelState::ALL[at])
}

fn any_via() -> impl Strategy<Value = LabelVia> {
    (0..LabelVia::ALL.len()).prop_map(|at| LabelVia::ALL[at])
}

fn any_heard() -> impl Strategy<Value = Heard> {
    let words = prop_oneof![
        "[A-Za-z_ ]{0,12}",
        Just("LABEL_CANCELLED".to_owned()),
        Just("RefundApplied".to_owned()),
        Just("RefundRejected".to_owned()),
        Just("InTransit".to_owned()),
    ];
    (0..4, words).prop_map(|(kind, words)| match kind {
        0 => Heard::Package(words),
        1 => Heard::Shipment(words),
        2 => Heard::Tracking(words),
        _ => Heard::Nothing,
    })
}

#[test]
fn a_void_is_read_daily_for_two_weeks_and_weekly_after() {
    let looked = |after_void: TimeDelta| {
        let now = days(1) + after_void;
        // Merchant Fulfillment reports; the early looks are over.
        let label = with(
            via(label(LabelState::Voided), LabelVia::MerchantFulfillmentV0),
            |after| {
                after.looks = 1_000;
            },
        );
        next_look(&label, now).map(|due| (due - now).num_days())
    };
    assert_eq!(looked(TimeDelta::days(14) - TimeDelta::seconds(1)), Some(1));
    assert_eq!(looked(TimeDelta::days(14)), Some(7));
}

#[test]
fn a_package_listed_as_canceled_says_so_in_the_history() {
    for (state, step) in [
        (LabelState::Voided, LabelMove::ExpectRefund),
        (LabelState::VoidUnknown, LabelMove::AcceptVoid),
    ] {
        let verdict = verdict(&label(state), &Heard::Package("LABEL_CANCELLED".to_owned()));
        assert_eq!(verdict.step, Some(step));
        assert_eq!(verdict.why.as_deref(), Some("Amazon lists the label as canceled"));
    }
}

#[test]
fn a_booking_is_said_in_the_history_with_its_reason() {
    let paid = Booking::Paid(usd(812));
    assert_eq!(
        booking_words(&paid, " statement of May "),
        "$8.12 booked by hand: statement of May"
    );
    assert_eq!(booking_words(&paid, "  "), "$8.12 booked by hand");
    assert_eq!(booking_words(&Booking::Rejected, ""), "rejection booked by hand");
}

#[test]
fn the_old_labels_paper_is_said_in_words() {
    assert_eq!(OldLabel::Scanned.words(), "old label scanned");
    assert_eq!(OldLabel::Destroyed.words(), "old label said to be destroyed");
    let both = [label(LabelState::Printed), label(LabelState::Printed)];
    assert_eq!(
        Paper::destroyed().of_all(&both),
        Ok(vec![OldLabel::Destroyed, OldLabel::Destroyed])
    );
}

#[test]
fn the_end_of_a_refund_is_said_in_words() {
    let whole = with(label(LabelState::Refunded), |after| {
        after.refunded = Some(usd(812));
    });
    assert_eq!(expectation(&whole, days(9)), "$8.12 is back");
    assert_eq!(
        expectation(&label(LabelState::RefundRejected), days(9)),
        "rejected: the money is lost"
    );
}

#[test]
fn what_was_heard_of_a_parcel_is_said_with_its_day() {
    let silent = label(LabelState::Printed);
    assert_eq!(heard_words(&silent), "nothing was heard of it yet");
    let heard = with(label(LabelState::Printed), |after| {
        after.word = Some("PreTransit".to_owned());
        after.word_at = Some(days(2));
    });
    assert_eq!(heard_words(&heard), "Amazon on Oct 6: PreTransit");
}

proptest! {
    #[test]
    fn whatever_is_heard_makes_a_legal_move_and_invents_no_refund(
        state in any_state(), way in any_via(), heard in any_heard(),
    ) {
        let verdict = verdict(&via(label(state), way), &heard);
        if let Some(step) = verdict.step {
            prop_assert!(state.apply(step).is_ok(), "{state} {step}");
            let told = matches!(&heard, Heard::Shipment(status) if status == "RefundApplied");
            prop_assert!(step != LabelMove::Refund || told);
        }
    }

    #[test]
    fn a_look_is_never_in_the_past_unless_the_day_of_silence_is_over(
        state in any_state(), way in any_via(), looks in 0_u32..500, minutes in 0_i64..400_000,
    ) {
        prop_assume!(state.was_bought());
        let label = with(via(label(state), way), |after| after.looks = looks);
        let now = start() + TimeDelta::minutes(minutes);
        if let Some(due) = next_look(&label, now) {
            prop_assert!(due > now || is_missed(&label, now));
            prop_assert!(reading(&label, now).is_some());
        }
    }

    #[test]
    fn every_open_refund_comes_to_an_end_without_a_word(way in any_via(), confirmed in any::<bool>()) {
        let mut label = via(
            label(if confirmed { LabelState::RefundPending } else { LabelState::Voided }),
            way,
        );
        let mut now = days(1);
        let mut looks = 0;
        while let Some(due) = next_look(&label, now) {
            now = due;
            looks += 1;
            prop_assert!(looks < 60, "bounded");
            label = with(label, |after| after.looks += 1);
            if is_missed(&label, now) {
                label.state = LabelState::RefundNotReported;
            }
        }
        prop_assert_eq!(label.state, LabelState::RefundNotReported);
    }
}
