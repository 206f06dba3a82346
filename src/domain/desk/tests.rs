use super::report::ReportKind;
use super::*;
use proptest::prelude::*;

pub(in crate::domain) fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

fn work(hour: i64, by: i64, orders: i64, scans: u64, refused: u64) -> WorkHour {
    WorkHour {
        hour: Hour(hour),
        by: (by > 0).then_some(UserId(by)),
        name: ["nobody signed in", "Ana", "Ben", "Cem"][usize::try_from(by).expect("few")].to_owned(),
        orders,
        units: orders * 2,
        scans,
        refused,
        answers: AnswerTimes::default(),
    }
}

#[test]
fn hours_are_counted_in_utc() {
    let hour = Hour::of(at("2026-11-23T14:59:59Z"));
    assert_eq!(hour.start(), at("2026-11-23T14:00:00Z"));
    assert_eq!(hour.next().start(), at("2026-11-23T15:00:00Z"));
    assert_eq!(hour.before(14).start(), at("2026-11-23T00:00:00Z"));
    let span = Span {
        from: at("2026-11-23T14:30:00Z"),
        to: at("2026-11-23T16:00:00Z"),
    };
    assert_eq!(span.hours(), (hour, hour.next().next()));
}

#[test]
fn a_day_begins_at_midnight_where_the_bench_stands() {
    let zone = Tz::America__New_York;
    assert_eq!(
        day_start(at("2026-11-23T04:59:00Z"), zone),
        at("2026-11-22T05:00:00Z")
    );
    assert_eq!(
        day_start(at("2026-11-23T05:00:00Z"), zone),
        at("2026-11-23T05:00:00Z")
    );
    // The night when clocks are put back has one day more hour, and one begin.
    assert_eq!(
        next_day(at("2026-11-01T04:30:00Z"), zone),
        at("2026-11-02T05:00:00Z")
    );
    assert_eq!(
        next_day(at("2026-03-08T12:00:00Z"), zone),
        at("2026-03-09T04:00:00Z")
    );
    // Midnight that the clock skipped.
    let zone = Tz::America__Santiago;
    assert_eq!(
        day_start(at("2026-09-06T12:00:00Z"), zone),
        at("2026-09-06T04:00:00Z")
    );
    let span = Span {
        from: at("2026-10-31T12:00:00Z"),
        to: at("2026-11-02T12:00:00Z"),
    };
    let days = span.days(Tz::America__New_York);
    let begins: Vec<String> = days.iter().map(|day| day.from.to_rfc3339()).collect();
    assert_eq!(
        begins,
        [
            "2026-10-31T12:00:00+00:00",
            "2026-11-01T04:00:00+00:00",
            "2026-11-02T05:00:00+00:00"
        ]
    );
    assert_eq!(days.last().map(|day| day.to), Some(span.to));
}

#[test]
fn who_packed_most_stands_first_and_each_hour_has_its_place() {
    let rows = [
        work(10, 1, 3, 9, 1),
        work(12, 1, -1, 2, 0),
        work(11, 2, 5, 20, 0),
        work(12, 0, 0, 0, 4),
        work(3, 3, 9, 9, 9),
    ];
    let lines = packers(&rows, (Hour(10), Hour(13)));
    let told: Vec<(&str, &[u64], u64, u64)> = lines
        .iter()
        .map(|line| {
            (
                line.name.as_str(),
                line.hours.as_slice(),
                line.orders,
                line.refused,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("Ben", &[0, 5, 0][..], 5, 0),
            ("Ana", &[3, 0, 0], 2, 1),
            ("nobody signed in", &[0, 0, 0], 0, 4)
        ]
    );
}

#[test]
fn refused_scans_are_summed_by_form_and_shared() {
    let row = |form: &str, scans| RefusedScans {
        hour: Hour(1),
        name: "Ana".to_owned(),
        form: form.to_owned(),
        scans,
    };
    let rows = [row("wrong item", 2), row("surplus", 3), row("wrong item", 2)];
    assert_eq!(
        refused_by_form(&rows),
        [("wrong item".to_owned(), 4), ("surplus".to_owned(), 3)]
    );
    assert_eq!(error_rate(975, 25), Some(25));
    assert_eq!(error_rate(0, 0), None);
    assert_eq!(refusal("wrong item"), (1, "wrong item".to_owned()));
    assert_eq!(refusal("12 more in a row"), (12, "in a row".to_owned()));
    assert_eq!(refusal(&"x".repeat(99)).1.len(), 60);
}

#[test]
fn what_is_spent_is_what_was_paid_and_is_not_back() {
    let row = |carrier: &str, live, voided, refunded| CarrierCost {
        carrier: carrier.to_owned(),
        payee: Payee::Amazon,
        currency: Currency::USD,
        live: Sum {
            labels: 1,
            minor: live,
        },
        voided: Sum {
            labels: 1,
            minor: voided,
        },
        refunded: Sum {
            labels: 1,
            minor: refunded,
        },
    };
    let rows = [row("USPS", 500, 0, 900), row("UPS", 800, 200, 0)];
    assert_eq!(spent(&rows), [(Money::new(1500, Currency::USD), 4)]);
    assert_eq!(
        by_carrier(&rows),
        [
            ("UPS".to_owned(), Money::new(1000, Currency::USD), 2),
            ("USPS".to_owned(), Money::new(500, Currency::USD), 2)
        ]
    );
}

#[test]
fn a_bucket_fills_from_the_level_that_was_kept() {
    let kept = at("2026-11-23T14:00:00Z");
    let told = |millitokens, rate, seconds| {
        limit(
            "us/getOrder",
            (millitokens, kept),
            (rate, 30),
            kept + TimeDelta::seconds(seconds),
        )
        .map(|limit| (limit.calls, limit.per_mille))
    };
    assert_eq!(told(0, "0.5", 0), Some((0, 0)));
    assert_eq!(told(0, "0.5", 30), Some((15, 500)));
    assert_eq!(told(29_000, "0.5", 3600), Some((30, 1000)));
    assert_eq!(told(0, "much", 0), None);
    let mut limits = [
        limit("a", (9000, kept), ("1", 10), kept).expect("a rate"),
        limit("b", (1000, kept), ("1", 10), kept).expect("a rate"),
    ];
    sort_limits(&mut limits);
    assert_eq!(limits[0].name, "b");
}

#[test]
fn every_report_has_its_word_and_its_columns() {
    for kind in ReportKind::ALL {
        assert_eq!(ReportKind::parse(kind.word()), Some(kind));
        let mut head = kind.head().to_vec();
        head.sort_unstable();
        head.dedup();
        assert_eq!(head.len(), kind.head().len(), "{kind}");
    }
    assert_eq!(ReportKind::parse("everything"), None);
}

#[test]
fn rows_have_a_field_for_each_column() {
    let zone = Tz::UTC;
    let open = OpenOrders {
        late: 2,
        hours: vec![(Hour(4), 3)],
        later: 1,
    };
    assert_eq!(open.total(), 6);
    let costs = [CarrierCost {
        carrier: "UPS".to_owned(),
        payee: Payee::Amazon,
        currency: Currency::USD,
        live: Sum {
            labels: 1,
            minor: 500,
        },
        voided: Sum::default(),
        refunded: Sum::default(),
    }];
    let refused = [RefusedScans {
        hour: Hour(4),
        name: "Ana".to_owned(),
        form: "surplus".to_owned(),
        scans: 1,
    }];
    let work = [work(4, 1, 1, 1, 1)];
    let tables = [
        (ReportKind::ShipBy, report::ship_by(&open, zone)),
        (ReportKind::Packed, report::packed(&work, zone)),
        (ReportKind::Scans, report::scans(&work, zone)),
        (ReportKind::Errors, report::errors(&refused, zone)),
        (
            ReportKind::Spend,
            report::spend(at("2026-11-23T00:00:00Z"), &costs, zone),
        ),
    ];
    for (kind, rows) in tables {
        assert!(!rows.is_empty(), "{kind}");
        for row in rows {
            assert_eq!(row.len(), kind.head().len(), "{kind}");
        }
    }
}

proptest! {
    /// No order is lost between the hours and the sums, and nothing is counted below zero.
    #[test]
    fn lines_sum_up_to_their_hours(
        rows in prop::collection::vec((0_i64..30, 0_i64..4, -2_i64..9, 0_u64..20, 0_u64..5), 0..60)
    ) {
        let rows: Vec<WorkHour> =
            rows.into_iter().map(|(hour, by, orders, scans, refused)| work(hour, by, orders, scans, refused)).collect();
        let (from, to) = (Hour(5), Hour(17));
        let lines = packers(&rows, (from, to));
        let within: Vec<&WorkHour> = rows.iter().filter(|row| (from..to).contains(&row.hour)).collect();
        prop_assert_eq!(
            lines.iter().map(|line| line.refused).sum::<u64>(),
            within.iter().map(|row| row.refused).sum::<u64>()
        );
        for line in &lines {
            prop_assert_eq!(line.hours.len(), 12);
            let exact: i64 = within.iter().filter(|row| row.name == line.name).map(|row| row.orders).sum();
            prop_assert_eq!(line.orders, u64::try_from(exact).unwrap_or(0));
        }
        prop_assert!(lines.windows(2).all(|pair| pair[0].orders >= pair[1].orders));
    }

    /// Days follow each other without a gap, whatever the clock does there.
    #[test]
    fn days_cover_their_span(start in 1_700_000_000_i64..1_900_000_000, days in 1_i64..40, place in 0_usize..4) {
        let zone = [Tz::America__New_York, Tz::America__Santiago, Tz::Europe__London, Tz::UTC][place];
        let from = DateTime::from_timestamp(start, 0).expect("a time");
        let span = Span { from, to: from + TimeDelta::days(days) };
        let days = span.days(zone);
        prop_assert_eq!(days.first().map(|day| day.from), Some(span.from));
        prop_assert_eq!(days.last().map(|day| day.to), Some(span.to));
        prop_assert!(days.windows(2).all(|pair| pair[0].to == pair[1].from && pair[0].from < pair[0].to));
        for day in days {
            prop_assert!(day.to - day.from <= TimeDelta::hours(25));
        }
    }
}
