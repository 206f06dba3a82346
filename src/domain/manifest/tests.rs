//! What goes with whom, what a scan at the door means, and what never moved; with their borders.

use super::*;
use crate::domain::ids::ManifestId;
use crate::domain::onto_box::OntoBox;
use crate::domain::order::Flag;
use crate::domain::refund::tests::label;
use crate::domain::rows::LabelRow;
use crate::domain::warehouse::Warehouse;
use chrono::{NaiveDate, Weekday};
use proptest::prelude::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn manifest(carrier: &str) -> Manifest {
    Manifest {
        id: ManifestId(12),
        carrier: carrier.to_owned(),
        store: None,
        opened_at: at("2026-11-20T20:00:00Z"),
        opened_by: "Ana".to_owned(),
        closed_at: None,
        closed_by: None,
        out: 0,
        missing: 0,
        left: 0,
    }
}

fn judged(manifest: &Manifest, label: &LabelRow) -> Result<(), Refused> {
    let store = StoreId::from("us");
    let at_door = AtDoor {
        label,
        store: &store,
        flags: &[],
        out: None,
    };
    judge(manifest, Some(at_door))
}

#[test]
fn carriers_have_one_spelling() {
    for (one, other) in [
        ("UPS", "ups"),
        ("FedEx", "FEDEX"),
        ("United States Postal Service", "USPS"),
        ("U.S.P.S.", "USPS"),
        ("AMZN_US", "Amazon Shipping"),
    ] {
        assert_eq!(carrier_key(one), carrier_key(other), "{one}");
    }
    for (one, other) in [
        ("UPS", "USPS"),
        ("UPS", "UPS Mail Innovations"),
        ("OnTrac", "FedEx"),
    ] {
        assert_ne!(carrier_key(one), carrier_key(other), "{one}");
    }
    assert_ne!(
        carrier_key("佐川急便"),
        carrier_key("日本郵便"),
        "letters of no alphabet of ours"
    );
}

#[test]
fn a_label_is_read_with_what_its_carrier_prints_around_the_number() {
    let usps = "9400109205568876543219";
    for scanned in [
        usps.to_owned(),
        format!("42010001{usps}"),
        format!("420100011234{usps}"),
        format!("]C142010001\u{1d}{usps}"),
        format!("42010001<GS>{usps}"),
    ] {
        assert_eq!(
            readings(&scanned).first().map(String::as_str),
            Some(usps),
            "{scanned:?}"
        );
    }
    // FedEx: 34 digits of an express label, 22 of a ground label.
    assert_eq!(readings("1001921334250001000300779017972697")[0], "779017972697");
    assert_eq!(readings("9632080190000000000000779017972697")[0], "779017972697");
    assert_eq!(readings("1z999aa10123456784")[0], "1Z999AA10123456784");
    // A carrier whose numbers have no known form: as it was scanned.
    assert_eq!(readings(" LX 42 ")[0], "LX 42");
    assert!(readings(" LX 42 ").contains(&"LX42".to_owned()));
    assert!(readings("\u{1d}\n").is_empty());
}

#[test]
fn a_live_label_goes_and_every_other_state_is_refused_with_what_to_do() {
    let ups = manifest("UPS");
    for state in LabelState::ALL {
        let verdict = judged(&ups, &label(state));
        match state {
            LabelState::Bought
            | LabelState::BoughtWithoutDocument
            | LabelState::Printed
            | LabelState::VoidRefused => assert_eq!(verdict, Ok(()), "{state}"),
            LabelState::VoidWanted
            | LabelState::VoidAsked
            | LabelState::VoidUnknown
            | LabelState::Voided
            | LabelState::RefundPending
            | LabelState::Refunded
            | LabelState::RefundRejected
            | LabelState::RefundNotReported => assert_eq!(verdict, Err(Refused::Void(state))),
            other => assert_eq!(verdict, Err(Refused::NotBought(other))),
        }
    }
}

#[test]
fn each_reason_to_stay_has_its_words() {
    let (ups, good) = (manifest("UPS"), label(LabelState::Printed));
    let words = |refused: Result<(), Refused>| refused.unwrap_err().to_string();
    assert!(words(judge(&ups, None)).starts_with("UNKNOWN"));
    assert!(words(judged(&manifest("USPS"), &good)).contains("WRONG CARRIER: it goes with UPS"));
    let only = Manifest {
        store: Some(StoreId::from("uk")),
        ..ups.clone()
    };
    assert!(words(judged(&only, &good)).contains("store us"));
    let closed = Manifest {
        closed_at: Some(at("2026-11-20T21:00:00Z")),
        ..ups.clone()
    };
    assert!(words(judged(&closed, &good)).contains("manifest 12 is closed"));
    let held = LabelRow {
        held: true,
        ..good.clone()
    };
    assert_eq!(judged(&ups, &held), Err(Refused::Held));
    let due = LabelRow {
        onto_box: OntoBox::Due,
        ..good.clone()
    };
    assert_eq!(judged(&ups, &due), Err(Refused::NotOnItsBox));
    let store = StoreId::from("us");
    let door = |flags: &'static [Flag], out| AtDoor {
        label: &good,
        store: &store,
        flags,
        out,
    };
    for flags in [&[Flag::Canceled], &[Flag::CancelRequested]] {
        assert!(words(judge(&ups, Some(door(flags, None)))).contains("keep the parcel here"));
    }
    assert_eq!(judge(&ups, Some(door(&[Flag::AddressChanged], None))), Ok(()));
    let here = words(judge(&ups, Some(door(&[], Some((ManifestId(12), "Ben"))))));
    assert!(here.contains("Ben scanned it on this manifest"), "{here}");
    let before = words(judge(&ups, Some(door(&[], Some((ManifestId(11), "Ben"))))));
    assert!(
        before.contains("on manifest 11") && before.contains("came back"),
        "{before}"
    );
}

#[test]
fn the_day_begins_at_the_benchs_midnight_also_where_the_clock_is_changed() {
    let begin = |now: &str, zone: Tz| day_began(at(now), zone);
    let york = chrono_tz::America::New_York;
    assert_eq!(begin("2026-11-20T03:00:00Z", york), at("2026-11-19T05:00:00Z"));
    assert_eq!(begin("2026-11-20T06:00:00Z", york), at("2026-11-20T05:00:00Z"));
    // In Beirut the clock is put forward at midnight.
    assert_eq!(
        begin("2026-03-29T10:00:00Z", chrono_tz::Asia::Beirut),
        at("2026-03-28T22:00:00Z")
    );
}

fn weekdays() -> Warehouse {
    Warehouse {
        working_days: vec![
            Weekday::Mon,
            Weekday::Tue,
            Weekday::Wed,
            Weekday::Thu,
            Weekday::Fri,
        ],
        holidays: std::collections::BTreeSet::from([NaiveDate::from_ymd_opt(2026, 11, 26).unwrap()]),
        ..Warehouse::always(chrono_tz::America::New_York)
    }
}

#[test]
fn a_parcel_never_moved_after_so_many_working_days_of_the_warehouse() {
    let row = |out: Option<&str>, ship_by: Option<&str>| NeverMoved {
        label: label(LabelState::Printed),
        out_at: out.map(at),
        ship_by: ship_by.map(at),
    };
    // Out on Wednesday; Thursday is a holiday, then Friday and Monday pass.
    let out = row(Some("2026-11-25T22:00:00Z"), Some("2026-11-20T22:00:00Z"));
    for (now, moved) in [
        ("2026-11-27T22:00:00Z", false),
        ("2026-11-29T22:00:00Z", false),
        ("2026-11-30T15:00:00Z", true),
    ] {
        assert_eq!(never_moved(&out, 2, at(now), &weekdays()), moved, "{now}");
    }
    // Never out: counted from its ship-by.
    let stayed = row(None, Some("2026-11-20T22:00:00Z"));
    assert!(!never_moved(&stayed, 2, at("2026-11-23T22:00:00Z"), &weekdays()));
    assert!(never_moved(&stayed, 2, at("2026-11-24T15:00:00Z"), &weekdays()));
    let mut moves = stayed;
    moves.label.aftermath.as_mut().unwrap().scanned = true;
    assert!(!never_moved(&moves, 2, at("2026-12-24T15:00:00Z"), &weekdays()));
}

fn parcel(n: u32, fate: Fate) -> Parcel {
    Parcel {
        label: IntentId(uuid::Uuid::from_u128(u128::from(n))),
        order: OrderId(i64::from(n)),
        number: OrderNumber(format!("111-{n:07}-0000000")),
        store: StoreId::from("us"),
        box_number: 1,
        carrier: "UPS".to_owned(),
        service: "UPS Ground".to_owned(),
        tracking: Some(TrackingNumber(format!("1Z{n:016}"))),
        state: LabelState::Printed,
        ship_by: None,
        fate,
    }
}

#[test]
fn the_paper_names_every_parcel_in_the_order_of_its_scan_and_what_is_not_on_board() {
    let out = |n, place| {
        let (at, by) = (at("2026-11-20T20:10:00Z"), "Ana".to_owned());
        parcel(n, Fate::Out { place, at, by })
    };
    let detail = ManifestDetail {
        manifest: Manifest {
            out: 2,
            missing: 1,
            left: 1,
            ..manifest("UPS")
        },
        parcels: vec![
            parcel(1, Fate::Missing),
            parcel(
                2,
                Fate::Left {
                    reason: "damaged".to_owned(),
                    by: "Ana".to_owned(),
                },
            ),
            out(4, 2),
            out(3, 1),
        ],
    };
    let sheet = paper(&detail, chrono_tz::America::New_York);
    assert_eq!(sheet.number, "TGM-12");
    let text = sheet.lines.join("\n");
    let place = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what} in {text}"));
    assert!(place("PARCELS: 2") < place("0000003"));
    assert!(place("1Z0000000000000003") < place("1Z0000000000000004"));
    assert!(place("1Z0000000000000004") < place("NOT ON BOARD"));
    assert!(place("NOT ON BOARD") < place("1Z0000000000000001"));
    assert!(place("1Z0000000000000002") < place("left behind: damaged"));
    assert!(text.contains("opened 2026-11-20 15:00 Ana"), "{text}");
}

proptest! {
    #[test]
    fn any_scan_has_readings_without_controls_and_none_twice(text in "\\PC{0,60}|[0-9]{1,40}|[\\x00-\\x7f]{0,40}") {
        let all = readings(&text);
        for (place, form) in all.iter().enumerate() {
            prop_assert!(!form.chars().any(char::is_control));
            prop_assert!(!all[..place].contains(form));
        }
    }

    #[test]
    fn a_spelling_is_its_own_spelling(name in "\\PC{0,30}") {
        let key = carrier_key(&name);
        prop_assert_eq!(carrier_key(&key), key);
    }

    #[test]
    fn once_a_parcel_never_moved_it_stays_so_until_it_is_scanned(hours in 0_i64..800, more in 0_i64..400, days in 1_u32..5) {
        let row = NeverMoved {
            label: label(LabelState::Printed),
            out_at: Some(at("2026-11-20T12:00:00Z")),
            ship_by: None,
        };
        let now = at("2026-11-20T12:00:00Z") + TimeDelta::hours(hours);
        if never_moved(&row, days, now, &weekdays()) {
            prop_assert!(never_moved(&row, days, now + TimeDelta::hours(more), &weekdays()));
            prop_assert!(hours >= i64::from(days - 1) * 24, "so many days have passed");
        }
    }
}
