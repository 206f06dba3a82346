//! Named cases of "will deliver on a weekend" for a business order to a commercial address.

use super::*;
use Tint::{Amber, Normal, Red};

struct Case {
    name: &'static str,
    /// Country, state, postal code.
    place: (&'static str, &'static str, &'static str),
    /// Earliest and latest, UTC; empty: not given.
    window: (&'static str, &'static str),
    tint: Tint,
}

const fn case(
    name: &'static str,
    place: (&'static str, &'static str, &'static str),
    window: (&'static str, &'static str),
    tint: Tint,
) -> Case {
    Case {
        name,
        place,
        window,
        tint,
    }
}

const NEW_YORK: (&str, &str, &str) = ("US", "NY", "10001");
const LONDON: (&str, &str, &str) = ("GB", "", "SW1A 1AA");
/// Half past midnight on a Saturday in this zone, half past eleven on Friday one zone further west.
const EASTERN_SATURDAY: (&str, &str) = ("", "2026-11-21T05:30:00Z");
const CENTRAL_SATURDAY: (&str, &str) = ("", "2026-11-21T06:30:00Z");
const MOUNTAIN_SATURDAY: (&str, &str) = ("", "2026-11-21T07:30:00Z");
const PACIFIC_SATURDAY: (&str, &str) = ("", "2026-11-21T08:30:00Z");
const ALASKA_SATURDAY: (&str, &str) = ("", "2026-11-21T09:30:00Z");

const CASES: &[Case] = &[
    // The end of the window, local
    case("Friday afternoon", NEW_YORK, ("", "2026-11-20T20:00:00Z"), Normal),
    case(
        "a UTC Saturday that is a local Friday",
        NEW_YORK,
        ("", "2026-11-21T04:59:59Z"),
        Normal,
    ),
    case(
        "local midnight is the day before",
        NEW_YORK,
        ("", "2026-11-21T05:00:00Z"),
        Normal,
    ),
    case(
        "a second past midnight is Saturday",
        NEW_YORK,
        ("", "2026-11-21T05:00:01Z"),
        Red,
    ),
    case("Saturday evening", NEW_YORK, ("", "2026-11-22T01:00:00Z"), Red),
    case("Sunday noon", NEW_YORK, ("", "2026-11-22T17:00:00Z"), Red),
    case(
        "Monday 00:00 is Sunday",
        NEW_YORK,
        ("", "2026-11-23T05:00:00Z"),
        Red,
    ),
    case(
        "a UTC Monday that is a local Sunday",
        NEW_YORK,
        ("", "2026-11-23T04:00:00Z"),
        Red,
    ),
    case(
        "Monday a second past midnight",
        NEW_YORK,
        ("", "2026-11-23T05:00:01Z"),
        Normal,
    ),
    // Spans
    case(
        "Friday to Monday spans a weekend",
        NEW_YORK,
        ("2026-11-20T14:00:00Z", "2026-11-23T20:00:00Z"),
        Amber,
    ),
    case(
        "Sunday to Monday spans a Sunday",
        NEW_YORK,
        ("2026-11-22T14:00:00Z", "2026-11-23T20:00:00Z"),
        Amber,
    ),
    case(
        "Sunday's last second to Monday",
        NEW_YORK,
        ("2026-11-23T04:59:59Z", "2026-11-23T20:00:00Z"),
        Amber,
    ),
    case(
        "Monday to Friday",
        NEW_YORK,
        ("2026-11-23T05:00:00Z", "2026-11-28T05:00:00Z"),
        Normal,
    ),
    case(
        "Monday to Saturday",
        NEW_YORK,
        ("2026-11-23T05:00:00Z", "2026-11-28T20:00:00Z"),
        Red,
    ),
    case(
        "two weeks ending on a Friday",
        NEW_YORK,
        ("2026-11-09T14:00:00Z", "2026-11-20T20:00:00Z"),
        Amber,
    ),
    case(
        "begins after it ends",
        NEW_YORK,
        ("2026-11-22T14:00:00Z", "2026-11-20T20:00:00Z"),
        Normal,
    ),
    // Split states
    case(
        "Gary, Indiana, is Central",
        ("US", "IN", "46402"),
        EASTERN_SATURDAY,
        Normal,
    ),
    case(
        "Evansville, Indiana, is Central",
        ("US", "IN", "47708"),
        EASTERN_SATURDAY,
        Normal,
    ),
    case(
        "Indianapolis is Eastern",
        ("US", "IN", "46204"),
        EASTERN_SATURDAY,
        Red,
    ),
    case(
        "Rensselaer, Indiana: the prefix lies in both",
        ("US", "IN", "47978"),
        EASTERN_SATURDAY,
        Red,
    ),
    case("Indiana without a ZIP", ("US", "IN", ""), EASTERN_SATURDAY, Red),
    case(
        "Indiana spelled out",
        ("US", "Indiana", "46402-1234"),
        EASTERN_SATURDAY,
        Normal,
    ),
    case(
        "Nashville is Central",
        ("US", "TN", "37201"),
        EASTERN_SATURDAY,
        Normal,
    ),
    case(
        "Knoxville is Eastern",
        ("US", "TN", "37902"),
        EASTERN_SATURDAY,
        Red,
    ),
    case(
        "Louisville is Eastern",
        ("US", "KY", "40202"),
        EASTERN_SATURDAY,
        Red,
    ),
    case(
        "Paducah is Central",
        ("US", "KY", "42001"),
        EASTERN_SATURDAY,
        Normal,
    ),
    case("Miami is Eastern", ("US", "FL", "33101"), EASTERN_SATURDAY, Red),
    case(
        "Pensacola is Central",
        ("US", "FL", "32501"),
        EASTERN_SATURDAY,
        Normal,
    ),
    case(
        "Panama City, Florida: both",
        ("US", "FL", "32401"),
        EASTERN_SATURDAY,
        Red,
    ),
    case(
        "Birmingham, Alabama",
        ("US", "AL", "35203"),
        EASTERN_SATURDAY,
        Normal,
    ),
    case(
        "Phenix City keeps Georgia's time",
        ("US", "AL", "36867"),
        EASTERN_SATURDAY,
        Red,
    ),
    case(
        "Michigan's western end: both",
        ("US", "MI", "49938"),
        EASTERN_SATURDAY,
        Red,
    ),
    case("Houston is Central", ("US", "TX", "77002"), CENTRAL_SATURDAY, Red),
    case(
        "El Paso is Mountain",
        ("US", "TX", "79901"),
        CENTRAL_SATURDAY,
        Normal,
    ),
    case(
        "Hudspeth County, Texas: both",
        ("US", "TX", "79851"),
        CENTRAL_SATURDAY,
        Red,
    ),
    case(
        "Goodland, Kansas: both",
        ("US", "KS", "67735"),
        CENTRAL_SATURDAY,
        Red,
    ),
    case("Omaha is Central", ("US", "NE", "68102"), CENTRAL_SATURDAY, Red),
    case(
        "Scottsbluff is Mountain",
        ("US", "NE", "69361"),
        CENTRAL_SATURDAY,
        Normal,
    ),
    case(
        "Dickinson, North Dakota: both",
        ("US", "ND", "58601"),
        CENTRAL_SATURDAY,
        Red,
    ),
    case(
        "Rapid City is Mountain",
        ("US", "SD", "57701"),
        CENTRAL_SATURDAY,
        Normal,
    ),
    case(
        "Sioux Falls is Central",
        ("US", "SD", "57104"),
        CENTRAL_SATURDAY,
        Red,
    ),
    case("Boise is Mountain", ("US", "ID", "83702"), MOUNTAIN_SATURDAY, Red),
    case(
        "Coeur d'Alene is Pacific",
        ("US", "ID", "83814"),
        MOUNTAIN_SATURDAY,
        Normal,
    ),
    case(
        "Portland, Oregon, is Pacific",
        ("US", "OR", "97201"),
        MOUNTAIN_SATURDAY,
        Normal,
    ),
    case(
        "Ontario, Oregon: both",
        ("US", "OR", "97914"),
        MOUNTAIN_SATURDAY,
        Red,
    ),
    case(
        "Las Vegas is Pacific",
        ("US", "NV", "89101"),
        MOUNTAIN_SATURDAY,
        Normal,
    ),
    case(
        "West Wendover keeps Utah's time",
        ("US", "NV", "89883"),
        MOUNTAIN_SATURDAY,
        Red,
    ),
    case(
        "Phoenix in July stays back",
        ("US", "AZ", "85001"),
        ("", "2026-07-18T06:30:00Z"),
        Normal,
    ),
    case(
        "Window Rock in July goes ahead",
        ("US", "AZ", "86515"),
        ("", "2026-07-18T06:30:00Z"),
        Red,
    ),
    case("an unknown state", ("US", "XX", "10001"), EASTERN_SATURDAY, Red),
    // Alaska, Hawaii, territories, military
    case(
        "Anchorage, Friday",
        ("US", "AK", "99501"),
        PACIFIC_SATURDAY,
        Normal,
    ),
    case("Anchorage, Saturday", ("US", "AK", "99501"), ALASKA_SATURDAY, Red),
    case(
        "Adak lies an hour further west",
        ("US", "AK", "99546"),
        ALASKA_SATURDAY,
        Normal,
    ),
    case("Honolulu, Friday", ("US", "HI", "96813"), ALASKA_SATURDAY, Normal),
    case(
        "Honolulu, a UTC Monday that is a Sunday",
        ("US", "HI", "96813"),
        ("", "2026-11-23T09:00:00Z"),
        Red,
    ),
    case(
        "Puerto Rico, Friday",
        ("US", "PR", "00901"),
        ("", "2026-11-21T03:30:00Z"),
        Normal,
    ),
    case(
        "Puerto Rico, Saturday",
        ("PR", "", "00901"),
        ("", "2026-11-21T04:30:00Z"),
        Red,
    ),
    case(
        "Guam, a UTC Friday that is a Saturday",
        ("US", "GU", "96910"),
        ("", "2026-11-20T15:00:00Z"),
        Red,
    ),
    case(
        "Guam, a UTC Sunday that is a Monday",
        ("GU", "", "96910"),
        ("", "2026-11-22T15:00:00Z"),
        Normal,
    ),
    case(
        "Pago Pago, the last Friday on earth",
        ("US", "AS", "96799"),
        ("", "2026-11-21T10:30:00Z"),
        Normal,
    ),
    case(
        "Pago Pago, Saturday",
        ("AS", "", "96799"),
        ("", "2026-11-21T11:30:00Z"),
        Red,
    ),
    case(
        "APO Pacific: Saturday in Japan",
        ("US", "AP", "96201"),
        ("", "2026-11-20T15:30:00Z"),
        Red,
    ),
    case(
        "APO Europe: Saturday further east",
        ("US", "AE", "09012"),
        ("", "2026-11-20T22:30:00Z"),
        Red,
    ),
    case(
        "APO Europe, Friday noon",
        ("US", "AE", "09012"),
        ("", "2026-11-20T12:00:00Z"),
        Normal,
    ),
    // United Kingdom and others
    case("London in winter", LONDON, ("", "2026-11-20T23:30:00Z"), Normal),
    case(
        "London in summer: already Saturday",
        LONDON,
        ("", "2026-07-17T23:30:00Z"),
        Red,
    ),
    case(
        "UK written as UK",
        ("UK", "", "SW1A 1AA"),
        ("", "2026-07-17T23:30:00Z"),
        Red,
    ),
    case(
        "Berlin, already Saturday",
        ("DE", "", "10115"),
        ("", "2026-11-20T23:30:00Z"),
        Red,
    ),
    case(
        "Tokyo, already Saturday",
        ("JP", "", "100-0001"),
        ("", "2026-11-20T15:30:00Z"),
        Red,
    ),
    case(
        "Vancouver, still Friday",
        ("CA", "BC", "V6B 1A1"),
        MOUNTAIN_SATURDAY,
        Normal,
    ),
    case(
        "Cranbrook keeps Alberta's time",
        ("CA", "BC", "V1C 1A1"),
        MOUNTAIN_SATURDAY,
        Red,
    ),
    case(
        "a country we do not know",
        ("ZZ", "", ""),
        ("", "2026-11-20T12:00:00Z"),
        Red,
    ),
    case(
        "a country we do not know, Wednesday",
        ("ZZ", "", ""),
        ("", "2026-11-18T12:00:00Z"),
        Normal,
    ),
    // Nights on which the clocks move
    case(
        "New York goes back: Monday 00:00 is Sunday",
        NEW_YORK,
        ("", "2026-11-02T05:00:00Z"),
        Red,
    ),
    case(
        "New York goes back: a second later",
        NEW_YORK,
        ("", "2026-11-02T05:00:01Z"),
        Normal,
    ),
    case(
        "New York goes ahead: Monday's first second",
        NEW_YORK,
        ("", "2027-03-15T04:00:01Z"),
        Normal,
    ),
    case(
        "New York goes ahead: Monday 00:00",
        NEW_YORK,
        ("", "2027-03-15T04:00:00Z"),
        Red,
    ),
    case(
        "London goes back: Monday 00:00 is Sunday",
        LONDON,
        ("", "2026-10-26T00:00:00Z"),
        Red,
    ),
    case(
        "London goes ahead: Monday's first second",
        LONDON,
        ("", "2027-03-28T23:00:01Z"),
        Normal,
    ),
];

#[test]
fn weekends_are_judged_at_the_destination() {
    assert!(CASES.len() >= 40);
    for case in CASES {
        let (country, state, postal) = case.place;
        let destination = Destination::new(country, state, postal, AddressKind::Commercial);
        let rate = Rate {
            window: window(case.window.0, case.window.1),
            ..plain()
        };
        let judgement = judge(&rate, &rules(&destination));
        assert_eq!(judgement.tint, case.tint, "{}: {:?}", case.name, judgement.notes);
        assert_eq!(
            judgement.automatic,
            case.tint != Red,
            "{}: {:?}",
            case.name,
            judgement.against
        );
        let consumer = Rules {
            business_commercial: false,
            ..rules(&destination)
        };
        assert_eq!(
            judge(&rate, &consumer).tint,
            Normal,
            "{}: for a consumer",
            case.name
        );
    }
}

#[test]
fn where_midnight_does_not_exist_the_first_moment_of_a_day_still_ends_the_day_before() {
    // Havana's clocks go from Saturday 24:00 straight to Sunday 01:00.
    let destination = Destination {
        zones: vec![chrono_tz::America::Havana],
        ..new_york()
    };
    let window = window("", "2027-03-14T05:00:00Z").expect("a window");
    let promised = days(&window, &destination).promised;
    assert_eq!(
        promised,
        [chrono::NaiveDate::from_ymd_opt(2027, 3, 13).expect("a date")]
    );
}

#[test]
fn where_midnight_comes_twice_both_end_the_day_before() {
    // The Azores' clocks go from Sunday 01:00 back to Sunday 00:00.
    let destination = Destination::new("PT", "", "9500-001", AddressKind::Commercial);
    for end in ["2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"] {
        let window = window("", end).expect("a window");
        let promised = days(&window, &destination).promised;
        assert_eq!(
            promised,
            [chrono::NaiveDate::from_ymd_opt(2026, 10, 24).expect("a date")],
            "{end}"
        );
    }
}
