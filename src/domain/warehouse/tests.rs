use super::*;
use chrono_tz::America::New_York;

/// A moment at the warehouse: the days of this week are 16 (Monday) to 22 November 2026.
fn at(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    let there = NaiveDate::from_ymd_opt(2026, 11, day).and_then(|day| day.and_hms_opt(hour, minute, 0));
    let there = New_York.from_local_datetime(&there.expect("a time")).latest();
    there.expect("a time").with_timezone(&Utc)
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).expect("a day")
}

fn weekdays(cut_off: u32) -> Warehouse {
    Warehouse {
        cut_off: NaiveTime::from_hms_opt(cut_off, 0, 0),
        working_days: vec![
            Weekday::Mon,
            Weekday::Tue,
            Weekday::Wed,
            Weekday::Thu,
            Weekday::Fri,
        ],
        ..Warehouse::always(New_York)
    }
}

/// workflow.md 2.4, points 6 and 7.
#[test]
fn the_policies_of_the_examples_give_their_days() {
    let ship = weekdays(14);
    for (came, expected) in [
        (at(16, 13, 0), 17),
        (at(16, 15, 0), 18),
        (at(19, 15, 0), 23),
        (at(21, 15, 0), 24),
    ] {
        assert_eq!(
            ship.business_days_after(came, 1),
            day(expected),
            "ship-by, {came}"
        );
    }
    let deliver = weekdays(18);
    for (came, expected) in [
        (at(16, 15, 0), 18),
        (at(16, 19, 0), 19),
        (at(19, 19, 0), 24),
        (at(21, 15, 0), 25),
    ] {
        assert_eq!(
            deliver.business_days_after(came, 2),
            day(expected),
            "deliver-by, {came}"
        );
    }
}

/// workflow.md 2.4, point 4.
#[test]
fn a_ship_by_before_the_cut_off_is_a_day_earlier_and_a_later_one_keeps_its_day() {
    let house = weekdays(17);
    assert_eq!(house.leave_by(at(18, 23, 59)), at(18, 17, 0));
    assert_eq!(house.leave_by(at(18, 17, 0)), at(18, 17, 0));
    assert_eq!(house.leave_by(at(18, 16, 59)), at(17, 17, 0));
    assert_eq!(house.leave_by(at(18, 3, 0)), at(17, 17, 0));
}

#[test]
fn what_falls_on_a_day_without_work_leaves_on_the_one_before() {
    let mut house = weekdays(17);
    // Saturday, Sunday, and Monday morning: Friday.
    for ship_by in [at(21, 23, 59), at(22, 23, 59), at(23, 9, 0)] {
        assert_eq!(house.leave_by(ship_by), at(20, 17, 0), "{ship_by}");
    }
    house.holidays.insert(day(20));
    assert_eq!(house.leave_by(at(22, 23, 59)), at(19, 17, 0));
    // Counted in business days, a holiday is none.
    assert_eq!(house.business_days_after(at(19, 9, 0), 1), day(23));
    assert_eq!(house.business_days_after(at(20, 9, 0), 1), day(24));
    // A warehouse without a cut-off keeps the moment on a working day.
    house.cut_off = None;
    assert_eq!(house.leave_by(at(18, 3, 0)), at(18, 3, 0));
    assert_eq!(
        house
            .leave_by(at(22, 12, 0))
            .with_timezone(&New_York)
            .date_naive(),
        day(19)
    );
    // One that never works changes nothing, and counts to an end.
    house.working_days.clear();
    assert_eq!(house.leave_by(at(18, 3, 0)), at(18, 3, 0));
    assert!(house.business_days_after(at(18, 3, 0), 2) > day(18));
}

#[test]
fn an_earlier_ship_by_never_leaves_later() {
    let house = weekdays(17);
    let all: Vec<_> = (0..14 * 24)
        .map(|hour| at(14, 0, 0) + chrono::TimeDelta::hours(hour))
        .collect();
    let leave: Vec<_> = all.iter().map(|ship_by| house.leave_by(*ship_by)).collect();
    assert!(leave.is_sorted(), "lists stay in the order of ship-by");
    assert!(all.iter().zip(&leave).all(|(ship_by, leave)| leave <= ship_by));
}

fn order(level: &str, ship_by: Option<DateTime<Utc>>, deliver_by: Option<DateTime<Utc>>) -> ChannelOrder {
    let draft = crate::domain::own_order::OrderDraft {
        number: "W-1".to_owned(),
        name: "A".to_owned(),
        line1: "B".to_owned(),
        city: "C".to_owned(),
        state: "OH".to_owned(),
        postal_code: "43215".to_owned(),
        country: "US".to_owned(),
        service_level: level.to_owned(),
        items: vec![crate::domain::own_order::ItemDraft {
            sku: "MUG".to_owned(),
            quantity: "1".to_owned(),
            ..Default::default()
        }],
        ..Default::default()
    };
    let shop = crate::domain::ids::StoreId::from("web");
    let usd = crate::domain::money::Currency::USD;
    let mut channel = draft
        .check(&shop, New_York, usd, at(16, 13, 0))
        .expect("a draft")
        .channel;
    channel.ship_by.latest = ship_by;
    channel.deliver_by.latest = deliver_by;
    channel
}

/// workflow.md 2.4, point 1.
#[test]
fn the_level_is_what_the_channel_says_else_what_deliver_by_needs_else_5_to_7_days() {
    let house = weekdays(17);
    let level = |words: &str, deliver_by| {
        let promises = house.promises(&order(words, None, deliver_by));
        (promises.level, promises.source)
    };
    assert_eq!(
        level("SECOND_DAY", Some(at(26, 20, 0))),
        (Level::TwoDay, LevelSource::Channel)
    );
    for (words, expected) in [
        ("NextDay", Level::OneDay),
        ("SAME_DAY", Level::OneDay),
        ("Expedited", Level::ThreeDay),
        ("Standard", Level::FiveToSeven),
        ("FREE_ECONOMY", Level::Economy),
        ("5-7 Days", Level::FiveToSeven),
    ] {
        assert_eq!(level(words, None), (expected, LevelSource::Channel), "{words}");
    }
    for (until, expected) in [
        (17, Level::OneDay),
        (18, Level::TwoDay),
        (19, Level::ThreeDay),
        (20, Level::ThreeDay),
        (21, Level::FiveToSeven),
        (23, Level::FiveToSeven),
        (24, Level::Economy),
    ] {
        let found = level("by pigeon", Some(at(until, 20, 0)));
        assert_eq!(found, (expected, LevelSource::DeliverBy), "{until}");
    }
    assert_eq!(level("", None), (Level::FiveToSeven, LevelSource::Fallback));
}

#[test]
fn where_the_channel_promises_nothing_the_warehouse_does() {
    let mut house = weekdays(14);
    let promises = house.promises(&order("", None, None));
    assert_eq!(promises.leave_by, Some(at(17, 14, 0)));
    assert_eq!((promises.ship_by, promises.deliver_by), (None, None));
    house.deliver_within = Some(2);
    let promises = house.promises(&order("", None, None));
    assert_eq!(
        promises
            .deliver_by
            .map(|by| by.with_timezone(&New_York).date_naive()),
        Some(day(18))
    );
    assert!(!promises.deliver_by_said);
    let said = house.promises(&order("", Some(at(19, 23, 0)), Some(at(20, 20, 0))));
    assert_eq!(said.leave_by, Some(at(19, 14, 0)));
    assert_eq!(said.ship_by, Some(at(19, 23, 0)));
    assert_eq!(
        (said.deliver_by, said.deliver_by_said),
        (Some(at(20, 20, 0)), true)
    );
}
