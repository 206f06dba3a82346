//! Where a filter begins and ends to hold, and what an index keeps of an order.

use super::*;
use crate::domain::finding::index::{PLACE, ROW, pairs};
use crate::domain::finding::words::{Span, Test, minutes};
use chrono::TimeDelta;

/// What a single filter asks for.
fn asked(word: &str) -> Test {
    let search = Search::parse(word, now(), New_York).expect("understood");
    search.terms[0].test.clone()
}

fn is_refused(word: &str) -> bool {
    Search::parse(word, now(), New_York).is_err()
}

/// The numbers that a filter holds for.
fn span(word: &str) -> (i64, i64) {
    match asked(word) {
        Test::Cost(Span::Within(from, to))
        | Test::ShipBy(Span::Within(from, to))
        | Test::DeliverBy(Span::Within(from, to)) => (from, to),
        _ => panic!("{word} asks for no span"),
    }
}

#[test]
fn a_price_is_asked_for_to_the_cent() {
    for (word, expected) in [
        ("cost:>10", (1001, i64::MAX)),
        ("cost:<7.50", (i64::MIN, 749)),
        ("cost:5-10", (500, 1000)),
        ("cost:12.99", (1299, 1299)),
        ("cost:7.5", (750, 750)),
        ("cost:7.05", (705, 705)),
        ("cost:3.", (300, 300)),
    ] {
        assert_eq!(span(word), expected, "{word}");
    }
    for nonsense in ["cost:>", "cost:1.x", "cost:1.2.3", "cost:-5", "cost:1.234"] {
        assert!(is_refused(nonsense), "{nonsense}");
    }
}

#[test]
fn a_moment_is_asked_for_to_the_minute() {
    let minute = |text: &str| minutes(at(text));
    let now = minutes(now());
    // Midnight at the bench is 05:00 UTC.
    let today = (minute("2026-11-20T05:00:00Z"), minute("2026-11-21T04:59:00Z"));
    let tomorrow = (minute("2026-11-21T05:00:00Z"), minute("2026-11-22T04:59:00Z"));
    for (word, expected) in [
        ("ship-by:today", today),
        ("deliver-by:2026-11-20", today),
        ("deliver-by:tomorrow", tomorrow),
        ("ship-by:overdue", (i64::MIN, now - 1)),
        ("ship-by:<4h", (i64::MIN, now + 240)),
        ("ship-by:<30m", (i64::MIN, now + 30)),
        ("deliver-by:<2d", (i64::MIN, now + 2 * 24 * 60)),
        ("ship-by:>4h", (now + 241, i64::MAX)),
        ("ship-by:<2026-11-20", (i64::MIN, today.0 - 1)),
        ("ship-by:>2026-11-20", (tomorrow.0, i64::MAX)),
    ] {
        assert_eq!(span(word), expected, "{word}");
    }
    for nonsense in [
        "ship-by:4h",
        "ship-by:<4x",
        "ship-by:<h",
        "ship-by:<",
        "ship-by:>soon",
    ] {
        assert!(is_refused(nonsense), "{nonsense}");
    }
    // A minute that has begun counts, before 1970 as after it.
    assert_eq!(minute("1970-01-01T00:01:59Z"), 1);
    assert_eq!(minute("1969-12-31T23:59:59Z"), -1);
}

#[test]
fn a_day_begins_where_its_midnight_is_even_if_a_clock_change_swallows_it() {
    // In Santiago the clocks went forward at midnight of September 6, 2026.
    let search =
        Search::parse("ship-by:2026-09-06", now(), chrono_tz::America::Santiago).expect("understood");
    let expected = Span::Within(
        minutes(at("2026-09-06T04:00:00Z")),
        minutes(at("2026-09-07T02:59:00Z")),
    );
    assert!(search.terms[0].test == Test::ShipBy(expected));
}

#[test]
fn a_list_is_asked_for_by_its_number() {
    assert!(asked("list:12,none") == Test::List(vec![12, 0]));
    assert!(asked("list:any") == Test::Listed);
    for nonsense in ["list:0", "list:-1", "list:x"] {
        assert!(is_refused(nonsense), "{nonsense}");
    }
}

#[test]
fn several_values_of_a_filter_are_told_apart() {
    // A value that is given twice is asked for once.
    assert!(asked("status:pending,review,pending") == asked("status:review,pending"));
    assert!(asked("status:pending,") == asked("status:pending"));
    assert!(asked("flag:any") == Test::Flag((1 << FLAG_WORDS.len()) - 1));
    assert!(asked("store:US,,web") == Test::Store(vec!["us".to_owned(), "web".to_owned()]));
    assert!(asked("carrier:ups,none") == Test::Carrier(vec!["ups".to_owned(), String::new()]));
    for word in ["!", "-", "12:30", "a1:b", "x_y:z"] {
        assert!(asked(word) == Test::Text(word.to_owned()), "{word}");
    }
    assert!(is_refused("a-b:c"));
    let search = Search::parse("mug -pan status:open 12:30", now(), New_York).expect("understood");
    assert_eq!(search.free_words(), ["mug", "12:30"]);
    assert!(!search.is_empty());
    assert!(Search::parse(" ", now(), New_York).is_ok_and(|search| search.is_empty()));
}

#[test]
fn every_flag_badge_and_state_of_an_order_is_found_by_its_word() {
    let fault = crate::domain::address::AddressFault::NoCity;
    let flags = [
        Flag::Canceled,
        Flag::CancelRequested,
        Flag::AddressChanged,
        Flag::ItemsChanged,
        Flag::ShippedElsewhere,
        Flag::NoProduct(Sku::from("PAN")),
        Flag::AddressTrouble(fault),
        Flag::StoreNotNotified,
    ];
    let words: Vec<&str> = flags.iter().map(flag_word).collect();
    assert_eq!(words, FLAG_WORDS);
    for (word, flag) in words.into_iter().zip(flags) {
        // Twice: of two lines, say. Once more would not undo it.
        let mut index = index(&[
            FindRow {
                flags: vec![flag.clone(), flag],
                badges: vec![Badge::Prime, Badge::Prime],
                ..row(1, "one")
            },
            row(2, "two"),
        ]);
        assert_eq!(found(&mut index, &format!("flag:{word}")), [1]);
        assert_eq!(found(&mut index, "flag:any"), [1]);
        assert_eq!(found(&mut index, "flag:none"), [2]);
        assert_eq!(found(&mut index, "badge:prime"), [1]);
    }
    for (place, state) in LabelState::ALL.into_iter().enumerate() {
        let mut index = index(&[
            FindRow {
                label: Some(state),
                ..row(1, "one")
            },
            row(2, "two"),
        ]);
        let word = &values("label")[place];
        assert_eq!(found(&mut index, &format!("label:{word}")), [1], "{state}");
        assert_eq!(found(&mut index, &format!("-label:{word}")), [2], "{state}");
    }
}

#[test]
fn a_parcel_is_as_far_as_its_label_and_its_carrier_say() {
    for state in LabelState::ALL {
        let voided = matches!(
            state,
            LabelState::Voided
                | LabelState::RefundPending
                | LabelState::Refunded
                | LabelState::RefundRejected
                | LabelState::RefundNotReported
        );
        let (before, after) = match (state.is_bought(), voided) {
            (true, _) => (Tracking::NotScanned, Tracking::Scanned),
            (_, true) => (Tracking::Voided, Tracking::Voided),
            _ => (Tracking::None, Tracking::None),
        };
        assert_eq!(Tracking::of(Some(state), false), before, "{state}");
        assert_eq!(Tracking::of(Some(state), true), after, "{state}");
    }
    assert_eq!(Tracking::of(None, true), Tracking::None);
}

#[test]
fn prices_of_every_currency_are_asked_for_in_hundredths() {
    let costing = |id, minor, currency: &str| FindRow {
        cost: Some(Money::new(minor, Currency::parse(currency).expect("a currency"))),
        ..row(id, "mug")
    };
    let mut index = index(&[
        costing(1, 825, "USD"),
        costing(2, 825, "JPY"),
        costing(3, 8_259, "KWD"),
        costing(4, i64::MAX, "USD"),
        costing(5, i64::MIN, "USD"),
    ]);
    assert_eq!(found(&mut index, "cost:8.25"), [1, 3]);
    assert_eq!(found(&mut index, "cost:825"), [2]);
    assert_eq!(found(&mut index, "cost:>9000"), [4]);
    // What is too far away to be kept is far away, not unknown.
    assert_eq!(found(&mut index, "cost:none"), [] as [i64; 0]);
    assert_eq!(found(&mut index, "cost:<1"), [5]);
}

#[test]
fn a_word_is_found_as_it_stands_and_not_by_its_pairs_of_letters() {
    let mut index = index(&[row(1, "w-1 bab bb"), row(2, "w-2 abc abc-d xabc")]);
    assert_eq!(found(&mut index, "bab"), [1]);
    assert_eq!(found(&mut index, "bba"), [] as [i64; 0]);
    // A SKU is a whole word, and never the order's number.
    assert_eq!(found(&mut index, "sku:abc"), [2]);
    assert_eq!(found(&mut index, "sku:abc-d"), [2]);
    for none in ["sku:w-2", "sku:bc", "sku:ab", "sku:abc-"] {
        assert_eq!(found(&mut index, none), [] as [i64; 0], "{none}");
    }
}

#[test]
fn pairs_of_letters_are_spread_so_that_most_orders_are_not_read() {
    let ones = |text: &str| pairs(text).map(u64::count_ones).iter().sum::<u32>();
    assert_eq!(
        [ones(""), ones("a"), ones("ab"), ones("aba"), ones("abab")],
        [0, 0, 1, 2, 2]
    );
    let mut used = [0_u64; 2];
    for one in 'a'..='z' {
        for other in 'a'..='z' {
            let pair = pairs(&format!("{one}{other}"));
            used = [used[0] | pair[0], used[1] | pair[1]];
        }
    }
    assert_eq!(used, [u64::MAX; 2], "no bit is idle");
}

#[test]
fn an_index_takes_a_row_a_place_and_its_text_of_each_order() {
    let mut empty = Index::default();
    assert!(empty.is_empty());
    empty.shrink();
    assert_eq!((empty.len(), empty.size()), (0, 0));
    let text = "111-0000001-0000001 mug";
    let mut index = index(&(1..=1_000).map(|id| row(id, text)).collect::<Vec<_>>());
    assert!(!index.is_empty());
    let search = Search::parse("", now(), New_York).expect("understood");
    let found = index.find(&search, &Names::default(), false, &[], 0, 1);
    assert_eq!((found.total, found.orders.len()), (1_000, 1));
    let taken = 1_000 * (ROW + PLACE + text.len());
    assert!(index.size() > taken);
    index.shrink();
    assert_eq!(index.size(), taken);
    const { assert!(ROW < 100, "about a hundred bytes an order") };
}

#[test]
fn texts_that_no_order_has_any_more_never_take_more_than_those_in_use() {
    let mut index = index(&[row(1, "w-1 aaaaaaaaaa"), row(2, "w-2 bbbbbbbbbb")]);
    for round in 0..50 {
        index.put(&row(2, &format!("w-2 {round:010}")));
        index.shrink();
        assert!(
            index.size() <= 2 * ROW + 6 * 14,
            "round {round}: {}",
            index.size()
        );
    }
    assert_eq!(found(&mut index, "aaaaaaaaaa"), [1]);
    assert_eq!(found(&mut index, "0000000049"), [2]);
    // An order that says what it said takes nothing more.
    index.shrink();
    let before = index.size();
    for _ in 0..50 {
        index.put(&row(1, "w-1 aaaaaaaaaa"));
    }
    index.shrink();
    assert_eq!(index.size(), before);
}

#[test]
fn orders_come_in_any_order_and_many_at_once() {
    let dated = |id: i64| FindRow {
        ship_by: Some(now() + TimeDelta::minutes(id * 7 % 1_009)),
        ..row(id, &format!("w-{id:04}"))
    };
    let search = Search::parse("", now(), New_York).expect("understood");
    let mut expected: Vec<FindRow> = (1..=1_000).map(dated).collect();
    expected.sort_by_key(|row| row.ship_by);
    let expected: Vec<OrderId> = expected.iter().map(|row| row.id).collect();
    // Rising, falling, and the even ones after the odd ones; asked in between, so that a list is there already.
    let falling = (1..=1_000).rev();
    let odd_first = (1..=1_000).step_by(2).chain((2..=1_000).step_by(2));
    for order in [
        (1..=1_000).collect::<Vec<i64>>(),
        falling.collect(),
        odd_first.collect(),
    ] {
        let mut index = Index::default();
        for (place, id) in order.into_iter().enumerate() {
            index.put(&dated(id));
            if [3, 400, 998].contains(&place) {
                let found = index.find(&search, &Names::default(), false, &[], 0, 5_000);
                assert_eq!(found.orders.len(), place + 1);
            }
        }
        let found = index.find(&search, &Names::default(), false, &[], 0, 5_000);
        assert_eq!(found.orders, expected);
    }
}
