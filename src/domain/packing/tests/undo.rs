//! What is taken back: of a box the last scan that stands, then the one before it.

use super::{BULB, CASE, LAMP, az, coded_line, line, product, scan};
use crate::domain::ids::{BoxId, ScanId};
use crate::domain::packing::{PackEvent, PackingSession, ScanRecord, last_standing};
use crate::domain::rows::tests::record;
use uuid::Uuid;

#[test]
fn taken_back_scan_by_scan_a_session_goes_the_way_it_came() {
    let lines = [line("1", "BULB", 1), coded_line("2", "LAMP", 4)];
    let products = [
        product("BULB", &[(BULB, 1)]),
        product("LAMP", &[(LAMP, 1), (CASE, 3)]),
    ];
    let mut session = PackingSession::new(&lines, &products);
    let codes = [az(1), az(2), az(3), az(4)];
    let scans = [BULB, CASE, &codes[0], &codes[1], &codes[2], LAMP, &codes[3]];
    let mut before = Vec::new();
    let mut records: Vec<ScanRecord> = Vec::new();
    for (number, raw) in (1..).zip(scans) {
        before.push(session.clone());
        let event = scan(&mut session, raw).expect("it belongs there");
        records.push(record(number, 1, event));
    }
    assert_eq!(session.complete(), Ok(()));
    for number in 8..15 {
        let last = last_standing(&records, BoxId(1)).expect("something stands");
        let undone = PackEvent::undoing(last).expect("it can be taken back");
        session.apply(&undone);
        assert_eq!(Some(&session), before.last(), "{undone:?}");
        before.pop();
        records.push(record(number, 1, undone));
        assert_eq!(PackingSession::replay(&lines, &products, &records), session);
    }
    assert_eq!(last_standing(&records, BoxId(1)), None);
    // What is itself a taking back stays.
    assert_eq!(PackEvent::undoing(&records[13]), None);
}

#[test]
fn only_the_boxs_own_scans_are_taken_back_and_each_once() {
    let verified = |number, parcel| {
        let event = PackEvent::Verified {
            units: Vec::new(),
            sku: "LAMP".into(),
        };
        record(number, parcel, event)
    };
    let undone = |number, parcel, of: u128| {
        let event = PackEvent::Undone {
            scan: ScanId(Uuid::from_u128(of)),
            units: Vec::new(),
            code: None,
        };
        record(number, parcel, event)
    };
    let mut scans = vec![verified(1, 1), verified(2, 2), verified(3, 1), verified(4, 2)];
    let last = |scans: &[ScanRecord], parcel| last_standing(scans, BoxId(parcel)).map(|scan| scan.sequence);
    assert_eq!(
        [last(&scans, 1), last(&scans, 2), last(&scans, 3)],
        [Some(3), Some(4), None]
    );
    scans.push(undone(5, 1, 3));
    assert_eq!([last(&scans, 1), last(&scans, 2)], [Some(1), Some(4)]);
    scans.push(verified(6, 1));
    assert_eq!(last(&scans, 1), Some(6));
}

#[test]
fn what_the_order_does_not_have_cannot_be_taken_back() {
    let mut session = PackingSession::new(&[line("1", "LAMP", 2)], &[product("LAMP", &[(LAMP, 1)])]);
    scan(&mut session, LAMP).expect("a lamp");
    let before = session.clone();
    for (line, unit, part) in [("2", 0, 0), ("1", 1, 0), ("1", 0, 1)] {
        let there = super::unit(line, unit, part);
        session.apply(&PackEvent::Undone {
            scan: ScanId(Uuid::nil()),
            units: vec![there.clone()],
            code: Some(there),
        });
        assert_eq!(session, before, "{line} {unit} {part}");
    }
}
