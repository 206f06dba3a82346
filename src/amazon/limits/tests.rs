use super::*;
use crate::clock::ManualClock;
use chrono::TimeDelta;

fn at(time: &str) -> Arc<ManualClock> {
    Arc::new(ManualClock::new(time.parse().unwrap()))
}

fn us() -> StoreId {
    StoreId::from("us")
}

#[test]
fn a_full_bucket_gives_its_burst_then_makes_wait() {
    let clock = at("2026-11-21T12:00:00Z");
    let buckets = Buckets::full(clock.clone());
    for _ in 0..30 {
        buckets.try_take(&us(), Operation::GetOrder).unwrap();
    }
    let wait = buckets.try_take(&us(), Operation::GetOrder).unwrap_err();
    assert_eq!(wait, Duration::from_secs(2));
    clock.advance(wait);
    buckets.try_take(&us(), Operation::GetOrder).unwrap();
}

#[test]
fn sellers_and_operations_do_not_share() {
    let buckets = Buckets::empty(at("2026-11-21T12:00:00Z"));
    assert!(buckets.try_take(&us(), Operation::SearchOrders).is_err());
    let full = Buckets::full(at("2026-11-21T12:00:00Z"));
    for _ in 0..20 {
        full.try_take(&us(), Operation::SearchOrders).unwrap();
    }
    assert!(full.try_take(&us(), Operation::SearchOrders).is_err());
    full.try_take(&us(), Operation::GetOrder).unwrap();
    full.try_take(&StoreId::from("uk"), Operation::SearchOrders)
        .unwrap();
}

#[test]
fn searching_refills_once_in_179_seconds() {
    let buckets = Buckets::empty(at("2026-11-21T12:00:00Z"));
    let wait = buckets.wait(&us(), Operation::SearchOrders);
    assert_eq!(wait.as_secs(), 178, "1 / 0.0056 s is 178.57 s");
}

#[test]
fn a_429_empties_the_bucket_and_asks_for_at_least_a_period() {
    let clock = at("2026-11-21T12:00:00Z");
    let buckets = Buckets::full(clock.clone());
    let wait = buckets.drain(&us(), Operation::GetOrder, None);
    assert!((2000..=2500).contains(&wait.as_millis()), "{wait:?}");
    assert!(buckets.try_take(&us(), Operation::GetOrder).is_err());
    clock.advance(Duration::from_millis(1999));
    assert!(buckets.try_take(&us(), Operation::GetOrder).is_err());
    clock.advance(Duration::from_millis(501));
    buckets.try_take(&us(), Operation::GetOrder).unwrap();
}

#[test]
fn a_retry_after_is_obeyed() {
    let clock = at("2026-11-21T12:00:00Z");
    let buckets = Buckets::full(clock.clone());
    let wait = buckets.drain(&us(), Operation::GetRates, Some(Duration::from_secs(7)));
    assert_eq!(wait, Duration::from_secs(7));
    clock.advance(Duration::from_secs(6));
    assert_eq!(buckets.wait(&us(), Operation::GetRates), Duration::from_secs(1));
}

#[test]
fn follows_the_rate_that_amazon_tells() {
    let buckets = Buckets::empty(at("2026-11-21T12:00:00Z"));
    buckets.follow(&us(), Operation::GetOrder, "5.0");
    assert_eq!(
        buckets.wait(&us(), Operation::GetOrder),
        Duration::from_millis(200)
    );
    for nonsense in ["", "soon", "0", "-1", "NaN", "inf"] {
        buckets.follow(&us(), Operation::GetOrder, nonsense);
        assert_eq!(
            buckets.wait(&us(), Operation::GetOrder),
            Duration::from_millis(200),
            "{nonsense}"
        );
    }
}

#[test]
fn levels_travel_as_data() {
    let clock = at("2026-11-21T12:00:00Z");
    let before = Buckets::full(clock.clone());
    for _ in 0..30 {
        before.try_take(&us(), Operation::GetOrder).unwrap();
    }
    let levels = before.levels();
    assert_eq!(
        levels,
        [Level {
            name: "us/getOrder".to_owned(),
            millitokens: 0,
            at: clock.now(),
        }]
    );
    clock.advance(Duration::from_secs(4));
    let after = Buckets::empty(clock.clone());
    after.restore(&levels);
    after.try_take(&us(), Operation::GetOrder).unwrap();
    after.try_take(&us(), Operation::GetOrder).unwrap();
    assert!(
        after.try_take(&us(), Operation::GetOrder).is_err(),
        "4 s bring two tokens"
    );
}

#[test]
fn a_level_from_the_future_adds_nothing_and_a_foreign_one_is_passed_over() {
    let clock = at("2026-11-21T12:00:00Z");
    let buckets = Buckets::full(clock.clone());
    let level = |name: &str| Level {
        name: name.to_owned(),
        millitokens: 0,
        at: clock.now() + TimeDelta::hours(1),
    };
    buckets.restore(&[level("us/getOrder"), level("us/fly"), level("getRates")]);
    assert!(buckets.try_take(&us(), Operation::GetOrder).is_err());
    assert_eq!(buckets.levels().len(), 1);
}

#[tokio::test]
async fn waiting_gives_up_at_once_where_it_would_take_too_long() {
    let buckets = Buckets::empty(at("2026-11-21T12:00:00Z"));
    let error = buckets
        .take(&us(), Operation::SearchOrders, Duration::from_secs(5))
        .await
        .unwrap_err();
    assert_eq!(error.wait().unwrap().as_secs(), 178);
    assert!(!error.is_unreachable());
    assert!(error.to_string().contains("searchOrders"), "{error}");
}

#[tokio::test]
async fn a_dropped_wait_takes_nothing() {
    let clock = at("2026-11-21T12:00:00Z");
    let buckets = Buckets::empty(clock.clone());
    let us = us();
    let waiting = buckets.take(&us, Operation::GetOrder, Duration::from_mins(1));
    assert!(
        tokio::time::timeout(Duration::from_millis(1), waiting)
            .await
            .is_err()
    );
    clock.advance(Duration::from_secs(2));
    buckets.try_take(&us, Operation::GetOrder).unwrap();
}
