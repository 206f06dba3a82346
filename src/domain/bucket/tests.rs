use super::*;
use proptest::prelude::*;

fn rate(text: &str) -> CallRate {
    CallRate::parse(text).expect("a rate")
}

#[test]
fn rates_are_read_as_amazon_writes_them() {
    assert_eq!(rate("0.0056"), CallRate(5_600_000));
    assert_eq!(rate("80"), CallRate(80_000_000_000));
    assert_eq!(rate(" 80.0 "), CallRate(80_000_000_000));
    assert_eq!(rate("0.00559999999999999998"), CallRate(5_599_999));
    for wrong in [
        "",
        "0",
        "0.0",
        "-1",
        "1e3",
        "1.",
        ".5",
        "fast",
        "99999999999999999999",
    ] {
        assert_eq!(CallRate::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn a_burst_goes_out_at_once_and_then_the_rate_holds() {
    let mut bucket = Bucket::new(rate("0.5"), 30, 0);
    for _ in 0..30 {
        assert_eq!(bucket.take(0), Ok(()));
    }
    assert_eq!(bucket.take(0), Err(2000));
    assert_eq!(bucket.take(1999), Err(1));
    assert_eq!(bucket.take(2000), Ok(()));
    assert_eq!(bucket.take(2000), Err(2000));
}

#[test]
fn one_call_in_179_seconds_is_exact() {
    let mut bucket = Bucket::new(rate("0.0056"), 1, 0);
    assert_eq!(bucket.take(0), Ok(()));
    assert_eq!(
        bucket.take(0),
        Err(178_572),
        "1 / 0.0056 s, rounded up to the millisecond"
    );
    assert_eq!(bucket.take(178_571), Err(1));
    assert_eq!(bucket.take(178_572), Ok(()));
}

#[test]
fn a_level_survives_being_kept() {
    let mut bucket = Bucket::new(rate("0.5"), 30, 0);
    for _ in 0..30 {
        bucket.take(0).expect("a call");
    }
    assert_eq!(bucket.level(1000), 500);
    let mut again = Bucket::new(rate("0.5"), 30, 9_000);
    again.restore(500, 1000, 2000);
    assert_eq!(again.level(2000), 1000);
    again.restore(i64::MAX, 2000, 2000);
    assert_eq!(again.level(2000), 30_000, "never above the burst");
    again.restore(-5, 2000, 2000);
    assert_eq!(again.level(2000), 0);
    again.restore(500, 60_000, 2000);
    assert_eq!(again.level(2000), 500, "kept in the future: nothing gathered");
}

#[test]
fn too_many_requests_empties_it() {
    let mut bucket = Bucket::new(rate("1"), 5, 0);
    bucket.drain(0);
    assert_eq!(bucket.take(0), Err(1000));
}

#[test]
fn a_new_rate_keeps_what_was_gathered() {
    let mut bucket = Bucket::new(rate("1"), 5, 0);
    bucket.drain(0);
    bucket.set_rate(rate("2"), 500);
    assert_eq!(bucket.level(500), 500);
    assert_eq!(bucket.take(500), Err(250));
}

#[test]
fn a_clock_that_goes_back_gathers_nothing_and_blocks_nothing() {
    let mut bucket = Bucket::new(rate("1"), 1, 1_000_000);
    bucket.take(1_000_000).expect("a call");
    assert_eq!(bucket.take(0), Err(1000));
    assert_eq!(bucket.take(1000), Ok(()));
}

#[test]
fn the_wait_for_the_third_is_three_periods() {
    let mut bucket = Bucket::new(rate("2"), 1, 0);
    bucket.take(0).expect("full");
    assert_eq!((bucket.wait(1, 0), bucket.wait(3, 0)), (500, 1500));
    assert_eq!(bucket.wait(3, 400), 1100);
}

#[test]
fn a_cautious_rate_is_half_a_percent_slower_and_a_single_call_waits_the_least_spread_longer() {
    assert_eq!(rate("1").cautious(5), CallRate(995_000_000));
    assert_eq!(rate("1").cautious(2), CallRate(995_000_000));
    // 1 / 0.995 s and 25 ms.
    assert_eq!(rate("1").cautious(1), CallRate(970_850_103));
    assert_eq!(CallRate(1).cautious(5), CallRate(1), "never nothing");
}

#[test]
fn ways_differ_by_a_quarter_of_the_time_between_two_calls_within_bounds() {
    for (calls, millis) in [
        ("0.5", 250),
        ("1", 250),
        ("2", 125),
        ("5", 50),
        ("10", 25),
        ("80", 25),
    ] {
        assert_eq!(
            rate(calls).spread(),
            Duration::from_millis(millis),
            "{calls} a second"
        );
    }
}

#[test]
fn a_cautious_bucket_holds_back_what_the_rate_gives_in_the_spread() {
    let mut bucket = Bucket::cautious(rate("1"), 10, 0);
    assert_eq!(bucket.level(0), 9_750);
    // Amazon doubles the rate and halves the burst: a quarter of a call more is held back of five.
    bucket.follow(rate("2"), 5, 0);
    assert_eq!(bucket.level(0), 4_750);
    assert_eq!(bucket.level(60_000), 4_750, "no more than that gathers");
    bucket.drain(0);
    assert_eq!(bucket.wait(1, 0), 503, "1 / (2 × 0.995) s");
    assert_eq!(
        Bucket::cautious(rate("1"), 1, 0).level(0),
        1_000,
        "one call always fits"
    );
}

#[test]
fn whole_calls_gather_in_a_time() {
    let bucket = Bucket::new(rate("0.5"), 30, 0);
    for (seconds, calls) in [(0, 0), (1, 0), (2, 1), (11, 5), (3_600, 1_800)] {
        assert_eq!(
            bucket.gathers_in(Duration::from_secs(seconds)),
            calls,
            "{seconds} s"
        );
    }
}

proptest! {
    /// Amazon counts arrivals, by a clock of its own: nothing is one too many, however the ways differ.
    #[test]
    fn a_cautious_bucket_never_brings_one_too_many(
        per_mille in 5_u32..100_000,
        more in 0_u32..30,
        single in any::<bool>(),
        calls in prop::collection::vec((0_i64..2_000, 0_u64..=1_000), 1..300),
        slow in any::<bool>(),
    ) {
        let published = CallRate(u64::from(per_mille) * 1_000_000);
        let spread = if single { SPREAD_LEAST } else { published.spread() };
        let held_back = u32::try_from(spread.as_millis()).expect("short") * per_mille / 1_000_000 + 1;
        let burst = if single { 1 } else { 1 + held_back + more };
        let mut ours = Bucket::cautious(published, burst, 0);
        // As if Amazon's clock lost four thousandths of the time.
        let theirs = CallRate(published.0 * if slow { 996 } else { 1000 } / 1000);
        let (mut now, mut arrivals) = (0_i64, Vec::new());
        for (pause, way) in calls {
            // Mostly as fast as it goes.
            now += if pause > 1_000 { pause - 1_000 } else { 0 };
            if let Err(wait) = ours.take(now) {
                now += i64::try_from(wait).expect("short");
                ours.take(now).expect("waited");
            }
            let way = u64::try_from(spread.as_millis()).expect("short") * way / 1_000;
            arrivals.push(now + i64::try_from(way).expect("short"));
        }
        arrivals.sort_unstable();
        let mut amazon = Bucket::new(theirs, burst, 0);
        for arrival in arrivals {
            prop_assert_eq!(amazon.take(arrival), Ok(()));
        }
    }

    #[test]
    fn never_more_than_burst_plus_rate(
        per_mille in 1_u32..100_000,
        burst in 1_u32..50,
        steps in prop::collection::vec(0_i64..5_000, 1..200),
    ) {
        let rate = CallRate(u64::from(per_mille) * 1_000_000);
        let mut bucket = Bucket::new(rate, burst, 0);
        let (mut now, mut taken) = (0_i64, 0_i128);
        for step in steps {
            now += step;
            if bucket.take(now).is_ok() {
                taken += 1;
            }
            let allowed = i128::from(burst) * TOKEN + i128::from(now) * i128::from(rate.0);
            prop_assert!(taken * TOKEN <= allowed);
        }
    }

    #[test]
    fn the_wait_is_neither_too_short_nor_too_long(per_mille in 1_u32..100_000, spent in 0_i64..10_000) {
        let mut bucket = Bucket::new(CallRate(u64::from(per_mille) * 1_000_000), 1, 0);
        bucket.take(0).expect("full");
        if let Err(wait) = bucket.clone().take(spent) {
            let wait = i64::try_from(wait).expect("short");
            prop_assert!(bucket.clone().take(spent + wait - 1).is_err());
            prop_assert!(bucket.clone().take(spent + wait).is_ok());
        }
    }
}
