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
    // Of 30 what comes in a quarter of a second is held back.
    for _ in 0..29 {
        buckets.try_take(&us(), Operation::GetOrder).unwrap();
    }
    let wait = buckets.try_take(&us(), Operation::GetOrder).unwrap_err();
    assert_eq!(wait, Duration::from_millis(252));
    clock.advance(wait);
    buckets.try_take(&us(), Operation::GetOrder).unwrap();
}

#[test]
fn sellers_and_operations_do_not_share() {
    let buckets = Buckets::empty(at("2026-11-21T12:00:00Z"));
    assert!(buckets.try_take(&us(), Operation::SearchOrders).is_err());
    let full = Buckets::full(at("2026-11-21T12:00:00Z"));
    for _ in 0..19 {
        full.try_take(&us(), Operation::SearchOrders).unwrap();
    }
    assert!(full.try_take(&us(), Operation::SearchOrders).is_err());
    full.try_take(&us(), Operation::GetOrder).unwrap();
    full.try_take(&StoreId::from("uk"), Operation::SearchOrders)
        .unwrap();
}

#[test]
fn two_stores_of_one_seller_take_from_one_bucket() {
    let buckets = Buckets::full(at("2026-11-21T12:00:00Z"));
    let web = StoreId::from("web");
    buckets.share(web.clone(), us());
    for store in [us(), web.clone()].iter().cycle().take(19) {
        buckets.try_take(store, Operation::SearchOrders).unwrap();
    }
    for store in [us(), web] {
        assert!(buckets.try_take(&store, Operation::SearchOrders).is_err());
    }
    let kept = buckets.levels(Duration::ZERO);
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].name, "us/searchOrders");
}

#[test]
fn searching_refills_once_in_179_seconds() {
    let buckets = Buckets::empty(at("2026-11-21T12:00:00Z"));
    let wait = buckets.wait(&us(), Operation::SearchOrders);
    assert_eq!(
        wait.as_secs(),
        179,
        "1 / 0.0056 s is 178.57 s, and half a percent"
    );
}

#[test]
fn a_429_empties_the_bucket_and_asks_for_at_least_a_period() {
    let clock = at("2026-11-21T12:00:00Z");
    let buckets = Buckets::full(clock.clone());
    let wait = buckets.drain(&us(), Operation::GetOrder, None);
    assert!((2010..=2515).contains(&wait.as_millis()), "{wait:?}");
    assert!(buckets.try_take(&us(), Operation::GetOrder).is_err());
    clock.advance(Duration::from_millis(1999));
    assert!(buckets.try_take(&us(), Operation::GetOrder).is_err());
    clock.advance(Duration::from_millis(516));
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
        Duration::from_millis(202)
    );
    for nonsense in ["", "soon", "0", "-1", "NaN", "inf"] {
        buckets.follow(&us(), Operation::GetOrder, nonsense);
        assert_eq!(
            buckets.wait(&us(), Operation::GetOrder),
            Duration::from_millis(202),
            "{nonsense}"
        );
    }
}

#[test]
fn levels_travel_as_data() {
    let clock = at("2026-11-21T12:00:00Z");
    let before = Buckets::full(clock.clone());
    while before.try_take(&us(), Operation::GetOrder).is_ok() {}
    let levels = before.levels(Duration::ZERO);
    assert_eq!(
        levels,
        [Level {
            name: "us/getOrder".to_owned(),
            millitokens: 875,
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
        "4 s bring two tokens, nearly"
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
    assert_eq!(buckets.levels(Duration::ZERO).len(), 1);
}

#[tokio::test]
async fn waiting_gives_up_at_once_where_it_would_take_too_long() {
    let buckets = Buckets::empty(at("2026-11-21T12:00:00Z"));
    let error = buckets
        .take(
            &us(),
            Operation::SearchOrders,
            Haste::Bench,
            Duration::from_secs(5),
        )
        .await
        .unwrap_err();
    assert_eq!(error.wait().unwrap().as_secs(), 179);
    assert!(!error.is_unreachable());
    assert!(error.to_string().contains("searchOrders"), "{error}");
}

#[tokio::test]
async fn a_dropped_wait_takes_nothing() {
    let clock = at("2026-11-21T12:00:00Z");
    let buckets = Buckets::empty(clock.clone());
    let us = us();
    let waiting = buckets.take(&us, Operation::GetOrder, Haste::Bench, Duration::from_mins(1));
    assert!(
        tokio::time::timeout(Duration::from_millis(1), waiting)
            .await
            .is_err()
    );
    clock.advance(Duration::from_millis(2011));
    buckets.try_take(&us, Operation::GetOrder).unwrap();
}

#[test]
fn after_a_crash_in_the_middle_of_asking_a_quick_bucket_counts_as_used_up() {
    let clock = at("2026-11-21T12:00:00Z");
    let before = Buckets::full(clock.clone());
    before.try_take(&us(), Operation::GetRates).unwrap();
    before.try_take(&us(), Operation::SearchOrders).unwrap();
    let levels = before.levels(Duration::from_secs(5));
    clock.advance(Duration::from_secs(5));
    let after = Buckets::empty(clock.clone());
    after.restore(&levels);
    assert!(after.try_take(&us(), Operation::GetRates).is_err(), "80 a second");
    after
        .try_take(&us(), Operation::SearchOrders)
        .expect("a slow one is as it was left");
    clock.advance(Duration::from_secs(1));
    after.try_take(&us(), Operation::GetRates).unwrap();
}

#[test]
fn the_bench_goes_before_what_waits_in_bulk() {
    let clock = at("2026-11-21T12:00:00Z");
    let buckets = Buckets::empty(clock.clone());
    let join = |haste| Waiting::join(&buckets, &us(), Operation::GetOrder, haste);
    let (many, next) = (join(Haste::Bulk), join(Haste::Bulk));
    let bench = join(Haste::Bench);
    let period = Duration::from_millis(2011);
    clock.advance(period);
    assert_eq!(
        many.first_takes(Held::take),
        Err(Duration::from_millis(2010)),
        "it came first, but the bench goes before it"
    );
    assert_eq!(bench.first_takes(Held::take), Ok(()));
    drop(bench);
    clock.advance(period);
    assert!(
        next.first_takes(Held::take).is_err(),
        "then in the order of arrival"
    );
    assert_eq!(many.first_takes(Held::take), Ok(()));
    drop(many);
    clock.advance(period);
    assert_eq!(next.first_takes(Held::take), Ok(()));
}

#[tokio::test]
async fn whoever_is_first_now_is_told_so() {
    let buckets = Buckets::full(at("2026-11-21T12:00:00Z"));
    let first = Waiting::join(&buckets, &us(), Operation::SearchOrders, Haste::Bulk);
    let second = Waiting::join(&buckets, &us(), Operation::SearchOrders, Haste::Bulk);
    assert!(second.first_takes(Held::take).is_err());
    drop(first);
    second.bell.notified().await;
    assert_eq!(second.first_takes(Held::take), Ok(()));
}

#[tokio::test]
async fn a_permit_is_used_by_the_next_sending_or_given_back() {
    let clock = at("2026-11-21T12:00:00Z");
    let buckets = Arc::new(Buckets::empty(clock.clone()));
    let us = us();
    assert!(!buckets.wait(&us, Operation::GetOrder).is_zero());
    clock.advance(Duration::from_millis(2011));
    let permit = async || {
        Permit::wait(
            &buckets,
            &us,
            Operation::GetOrder,
            Haste::Bench,
            Duration::from_millis(1),
        )
        .await
    };
    drop(permit().await.expect("one token"));
    let used = permit().await.expect("it was given back");
    assert!(permit().await.is_err(), "one token, one permit");
    buckets.spend(&us, Operation::GetOrder).expect("the permit's");
    assert!(buckets.spend(&us, Operation::GetOrder).is_err());
    drop(used);
    assert!(permit().await.is_err(), "used, so not given back");
}

#[tokio::test]
async fn what_is_sent_late_counts_from_its_sending() {
    let clock = at("2026-11-21T12:00:00Z");
    let buckets = Arc::new(Buckets::full(clock.clone()));
    let us = us();
    let permit = async || {
        let patience = Duration::from_millis(1);
        Permit::wait(&buckets, &us, Operation::CreateShipment, Haste::Bulk, patience).await
    };
    // Of two a second and a bucket of two: the second may follow an eighth of a second after the first, at Amazon.
    let first = permit().await.expect("a full bucket");
    clock.advance(Duration::from_secs(3));
    assert!(permit().await.is_err(), "the first was not sent yet");
    buckets.spend(&us, Operation::CreateShipment).expect("the first");
    drop(first);
    assert!(permit().await.is_err());
    clock.advance(Duration::from_millis(126));
    assert!(permit().await.is_ok());
}
