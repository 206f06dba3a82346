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

/// A day of any month of 2027, with the hours of the clock there.
fn moment(month: u32, day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    let there = NaiveDate::from_ymd_opt(2027, month, day).and_then(|day| day.and_hms_opt(hour, minute, 0));
    let there = New_York.from_local_datetime(&there.expect("a time")).earliest();
    there.expect("a time").with_timezone(&Utc)
}

/// The clocks go forward on March 14, 2027 at 2 in the morning, and back on November 7.
#[test]
fn a_cut_off_that_a_clock_change_swallows_or_doubles_still_ends_its_day() {
    let mut house = Warehouse::always(New_York);
    house.cut_off = NaiveTime::from_hms_opt(2, 30, 0);
    assert_eq!(house.leave_by(moment(3, 14, 12, 0)), moment(3, 14, 1, 30));
    house.cut_off = NaiveTime::from_hms_opt(1, 30, 0);
    // 1:30 comes twice on that day: the later one counts.
    assert_eq!(
        house.leave_by(moment(11, 7, 12, 0)),
        moment(11, 7, 1, 30) + chrono::TimeDelta::hours(1)
    );
    // And never after what the channel says, though that be the earlier one.
    assert_eq!(house.leave_by(moment(11, 7, 1, 45)), moment(11, 7, 1, 45));
}

#[test]
fn a_warehouse_without_a_cut_off_has_until_the_end_of_the_day() {
    let mut house = Warehouse::always(New_York);
    let last_second = |day| at(day, 23, 59) + chrono::TimeDelta::seconds(59);
    assert_eq!(house.fallback_ship_by(at(16, 23, 0)), Some(last_second(17)));
    assert_eq!(house.fallback_deliver_by(at(16, 23, 0)), None);
    house.deliver_within = Some(0);
    assert_eq!(house.fallback_deliver_by(at(16, 23, 0)), Some(last_second(16)));
    // What falls on a day without work leaves by the end of the last one with it.
    house.holidays.extend([day(17), day(18)]);
    assert_eq!(house.leave_by(at(18, 9, 0)), last_second(16));
    assert!(!house.works(day(17)) && house.works(day(19)));
}

#[test]
fn an_order_that_comes_at_the_cut_off_is_too_late_for_the_day() {
    let house = weekdays(14);
    assert_eq!(house.business_days_after(at(16, 13, 59), 0), day(16));
    assert_eq!(house.business_days_after(at(16, 14, 0), 0), day(17));
    assert_eq!(house.business_days_after(at(21, 9, 0), 0), day(23), "a Saturday");
}

#[test]
fn every_level_is_known_by_each_of_its_words() {
    for (expected, shown, words) in [
        (
            Level::OneDay,
            "1 Day",
            &["SameDay", "next day", "1-Day", "One Day", "Overnight", "Priority"][..],
        ),
        (Level::TwoDay, "2 Day", &["SecondDay", "2 day", "TWO_DAY"]),
        (Level::ThreeDay, "3 Day", &["Expedited", "3-day", "three day"]),
        (Level::FiveToSeven, "5-7 Days", &["Standard", "5-7 day"]),
        (Level::Economy, "Economy", &["Free Economy"]),
    ] {
        for words in words.iter().chain([&shown]) {
            assert_eq!(Level::said(words), Some(expected), "{words}");
        }
        assert_eq!(expected.to_string(), shown);
    }
    assert_eq!(Level::said("by pigeon"), None);
}
