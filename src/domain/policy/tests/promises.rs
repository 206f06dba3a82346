//! Service level and dates that a policy gives.

use super::*;
use crate::domain::warehouse::Warehouse;
use chrono::{DateTime, NaiveDate, TimeZone, Utc};

fn toml(then: &str) -> PolicyRule {
    toml::from_str(&format!("name = \"P\"\n[then]\n{then}")).expect("a policy")
}

/// Monday to Friday in New York, cut-off 17:00.
fn house() -> Warehouse {
    let mut house = Warehouse::always(chrono_tz::America::New_York);
    house.working_days.truncate(5);
    house.cut_off = chrono::NaiveTime::from_hms_opt(17, 0, 0);
    house
}

/// November 2026; the 16th is a Monday.
fn at(day: u32, hour: u32) -> DateTime<Utc> {
    let time = NaiveDate::from_ymd_opt(2026, 11, day).and_then(|day| day.and_hms_opt(hour, 0, 0));
    chrono_tz::America::New_York
        .from_local_datetime(&time.expect("a time"))
        .single()
        .expect("one")
        .with_timezone(&Utc)
}

fn outcome(then: &str, came: DateTime<Utc>, change: impl FnOnce(&mut ChannelOrder)) -> (Promised, String) {
    let mut order = order();
    order.created_at = came;
    order.deliver_by.latest = None;
    change(&mut order);
    let house = house();
    let facts = PolicyFacts {
        warehouse: Some(&house),
        ..facts(&order, &[])
    };
    let outcome = run(&policies(vec![toml(then)]), &facts, &[]);
    (outcome.promised.clone(), outcome.lines().join("; "))
}

/// The day and hour of a date, there.
fn there(date: Option<DateTime<Utc>>) -> String {
    let date = date.expect("a date").with_timezone(&chrono_tz::America::New_York);
    date.format("%a %H:%M").to_string()
}

#[test]
fn the_ship_by_of_the_examples() {
    let rule = r#"ship-by = { days = 1, cut-off = "14:00" }"#;
    for (day, hour, expected) in [(16, 13, "Tue"), (16, 15, "Wed"), (19, 15, "Mon"), (21, 15, "Tue")] {
        let (given, said) = outcome(rule, at(day, hour), |_| {});
        assert_eq!(there(given.ship_by), format!("{expected} 14:00"), "{said}");
        assert!(said.contains("(1 business day, cut-off 14:00)"), "{said}");
    }
}

#[test]
fn the_deliver_by_of_the_examples() {
    let rule = r#"deliver-by = { days = 2, cut-off = "18:00" }"#;
    for (day, hour, expected) in [(16, 15, "Wed"), (16, 19, "Thu"), (19, 19, "Tue"), (21, 15, "Wed")] {
        let (given, said) = outcome(rule, at(day, hour), |_| {});
        assert_eq!(there(given.deliver_by), format!("{expected} 23:59"), "{said}");
    }
    // Every day of the calendar counts.
    let (given, _) = outcome("deliver-by = { days = 2, calendar = true }", at(19, 15), |_| {});
    assert_eq!(there(given.deliver_by), "Sat 23:59");
}

#[test]
fn the_channels_promise_is_never_put_off() {
    let rule = "deliver-by = { days = 5 }\nship-by = { days = 3 }";
    let (given, said) = outcome(rule, at(16, 10), |order| {
        order.deliver_by.latest = Some(at(18, 20));
        order.ship_by.latest = Some(at(20, 20));
    });
    assert_eq!(given.deliver_by, None);
    assert!(
        said.contains("no deliver-by") && said.contains("the channel's is not later"),
        "{said}"
    );
    let mut order = order();
    order.ship_by.latest = Some(at(20, 20));
    given.lay_over(&mut order);
    assert_eq!(order.ship_by.latest, given.ship_by, "an earlier one stands");
    assert_eq!(there(given.ship_by), "Thu 17:00");
    order.ship_by.latest = Some(at(17, 8));
    given.lay_over(&mut order);
    assert_eq!(
        order.ship_by.latest,
        Some(at(17, 8)),
        "also where the channel's came later"
    );
}

#[test]
fn a_service_level_is_given_in_our_words() {
    let (given, said) = outcome("service-level = \"second day\"", at(16, 10), |_| {});
    assert_eq!(given.level.as_deref(), Some("2 Day"));
    assert!(said.contains("service level 2 Day"), "{said}");
    let mut order = order();
    given.lay_over(&mut order);
    assert_eq!(
        house().promises(&order).level,
        crate::domain::warehouse::Level::TwoDay
    );
}

#[test]
fn without_the_warehouses_days_no_date_is_made() {
    let order = order();
    let facts = facts(&order, &[]);
    let outcome = run(&policies(vec![toml("ship-by = { days = 1 }")]), &facts, &[]);
    assert!(outcome.promised.is_empty());
    assert!(
        outcome.lines()[0].contains("not known yet"),
        "{:?}",
        outcome.lines()
    );
}

#[test]
fn what_is_no_date_or_level_is_refused_in_words() {
    for (then, words) in [
        (
            "service-level = \"soon\"",
            "then.service-level: \"soon\" is no level",
        ),
        ("ship-by = { days = 61 }", "then.ship-by: at most 60 days"),
        (
            "deliver-by = { days = 1, cut-off = \"2 PM\" }",
            "then.deliver-by: cut-off \"2 PM\" is no time of day",
        ),
    ] {
        let refused = toml(then).check().expect_err("refused");
        assert!(refused.contains(words), "{refused}");
    }
    let rule = toml("service-level = \"Economy\"\nship-by = { days = 2 }");
    assert_eq!(rule.check(), Ok(()));
    assert_eq!(rule.does(), "service level Economy, ship-by 2 business days");
}
