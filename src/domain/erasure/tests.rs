//! The 30 days, from whichever moment they count.

use super::*;
use chrono::TimeZone as _;

fn day(day: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 1, 12, 0, 0).unwrap() + TimeDelta::days(day)
}

fn part(status: OrderStatus) -> Part {
    Part {
        status,
        settled_at: (!status.is_open()).then(|| day(0)),
        changed_at: day(0),
        bought_at: None,
        under_way: false,
        channel: ChannelStatus::Unshipped,
        channel_at: day(-1),
    }
}

#[test]
fn it_counts_from_shipped_then_from_the_last_label_then_from_canceled() {
    let shipped = Part {
        bought_at: Some(day(-3)),
        ..part(OrderStatus::Shipped)
    };
    assert_eq!(
        due_at(&[shipped]),
        Some(day(30)),
        "from Shipped, not from its label"
    );
    let ready = Part {
        bought_at: Some(day(-3)),
        ..part(OrderStatus::ReadyForPickup)
    };
    assert_eq!(due_at(&[ready]), Some(day(27)), "from the last label");
    assert_eq!(due_at(&[part(OrderStatus::Canceled)]), Some(day(30)));
}

#[test]
fn what_is_still_to_be_shipped_is_kept() {
    for status in OrderStatus::ALL.into_iter().filter(|status| status.is_open()) {
        assert_eq!(due_at(&[part(status)]), None, "{status}");
    }
    assert_eq!(due_at(&[]), None);
    // A time of an earlier life does not count.
    let again = Part {
        settled_at: Some(day(0)),
        ..part(OrderStatus::ReadyToPick)
    };
    assert_eq!(due_at(&[again]), None);
}

#[test]
fn an_open_purchase_or_void_is_waited_for() {
    for status in OrderStatus::ALL {
        let open = Part {
            under_way: true,
            bought_at: Some(day(0)),
            ..part(status)
        };
        assert_eq!(due_at(&[open]), None, "{status}");
    }
}

#[test]
fn a_split_order_waits_for_its_last_part() {
    let later = Part {
        settled_at: Some(day(5)),
        ..part(OrderStatus::Canceled)
    };
    assert_eq!(
        due_at(&[part(OrderStatus::Shipped), later.clone()]),
        Some(day(35))
    );
    assert_eq!(due_at(&[later, part(OrderStatus::OnHold)]), None);
}

#[test]
fn amazons_word_counts_where_the_bench_knows_of_nothing() {
    for channel in [ChannelStatus::Shipped, ChannelStatus::Canceled] {
        let elsewhere = Part {
            channel,
            channel_at: day(2),
            ..part(OrderStatus::InPacking)
        };
        assert_eq!(due_at(&[elsewhere]), Some(day(32)));
    }
    // After a void Amazon goes on saying Shipped; it is packed again and counts from then.
    let again = Part {
        channel: ChannelStatus::Shipped,
        channel_at: day(-20),
        changed_at: day(4),
        ..part(OrderStatus::ReadyToPick)
    };
    assert_eq!(due_at(&[again]), Some(day(34)));
}

#[test]
fn a_run_is_due_once_a_day_also_by_a_clock_that_was_set_back() {
    let run = Erasure {
        at: day(0),
        ..Erasure::default()
    };
    assert_eq!(run.pause(day(0) + TimeDelta::hours(23)), TimeDelta::hours(1));
    assert_eq!(run.pause(day(1)), TimeDelta::zero());
    assert_eq!(run.pause(day(-400)), TimeDelta::zero());
    let left = Erasure {
        left: vec!["a back-up".to_owned()],
        ..run
    };
    assert_eq!(left.pause(day(0)), TimeDelta::hours(1));
}
