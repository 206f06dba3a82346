//! The codes of units: transparency, serials, overrides.

use super::{BULB, CASE, LAMP, az, bundle, coded_line, line, priced, product, scan, unit};
use crate::domain::ids::UserId;
use crate::domain::order::OrderLine;
use crate::domain::packing::{CodeNeed, Expectation, PackEvent, PackingSession, Refusal, Verdict};
use crate::domain::product::ProductKind;
use crate::domain::rows::CodeMeaning;
use crate::domain::scan::{Scan, classify};
use crate::domain::transparency::UnitCode;

#[test]
fn each_unit_is_asked_for_its_own_code_right_after_it() {
    let mut session = PackingSession::new(&[coded_line("1", "LAMP", 3)], &[product("LAMP", &[(LAMP, 1)])]);
    assert!(!session.ships_in_bulk());
    assert_eq!(scan(&mut session, &az(1)), Err(Refusal::CodeTooEarly));
    for number in 0..3 {
        scan(&mut session, LAMP).expect("the unit");
        let Expectation::Code {
            unit: due,
            number: of,
            units,
            need,
            note,
            waiting,
            ..
        } = session.expects()
        else {
            panic!("a code is due");
        };
        assert_eq!(
            (due, of, units, note, waiting),
            (unit("1", number, 0), number + 1, 3, None, 1)
        );
        assert_eq!(need, CodeNeed::Transparency);
        assert!(matches!(scan(&mut session, LAMP), Err(Refusal::CodeFirst { .. })));
        assert_eq!(scan(&mut session, "AZ:123"), Err(Refusal::DamagedCode));
        if number > 0 {
            assert_eq!(scan(&mut session, &az(0).to_lowercase()), Err(Refusal::CodeTwice));
        }
        assert!(session.complete().is_err());
        scan(&mut session, &az(number)).expect("its code");
    }
    assert_eq!(session.complete(), Ok(()));
    assert_eq!(session.items()[0].serials, [az(0), az(1), az(2)]);
    assert_eq!(scan(&mut session, &az(4)), Err(Refusal::CodeTooEarly));
}

#[test]
fn a_case_queues_its_codes() {
    let products = [product("LAMP", &[(CASE, 3)])];
    let mut session = PackingSession::new(&[coded_line("1", "LAMP", 3)], &products);
    scan(&mut session, CASE).expect("the case");
    for number in 0..3_u32 {
        assert!(
            matches!(session.expects(), Expectation::Code { waiting, .. } if waiting == 3 - number as usize)
        );
        assert_eq!(
            session.complete().expect_err("codes are missing"),
            [format!(
                "{} of 3 transparency codes missing: The LAMP",
                3 - number
            )]
        );
        scan(&mut session, &az(number)).expect("its code");
    }
    assert_eq!(session.complete(), Ok(()));
}

#[test]
fn a_serial_stands_in_but_no_barcode_does() {
    let products = [
        product("LAMP", &[(LAMP, 1), ("LAMPCODE", 1)]),
        product("KIT", &[("KIT-CODE", 1)]),
    ];
    let mut session = PackingSession::new(&[coded_line("1", "LAMP", 2)], &products);
    scan(&mut session, LAMP).expect("the unit");
    for known in [LAMP, "lampcode", "KIT-CODE"] {
        assert!(
            matches!(scan(&mut session, known), Err(Refusal::CodeFirst { .. })),
            "{known}"
        );
    }
    // Known to the catalogue only; a valid EAN that nobody knows; too short; an FNSKU.
    let catalogue = [CodeMeaning {
        sku: "CHAIR".into(),
        quantity: 1,
    }];
    let elsewhere = session.scan_known(&Scan::Code("CHAIR-0001".to_owned()), &catalogue);
    assert!(matches!(elsewhere, Verdict::Refused(Refusal::CodeFirst { .. })));
    for none in [BULB, "SN123", "X001ABCDEF", "https://example.com/1"] {
        assert!(
            matches!(scan(&mut session, none), Err(Refusal::NoCode { .. })),
            "{none}"
        );
    }
    for away in [
        "113-1234567-7654321",
        "1Z5R89390357567127",
        "TGC-OVERRIDE",
        "TGU-0000007",
    ] {
        assert!(
            matches!(
                session.scan(&classify(away).expect("a scan")),
                Verdict::Elsewhere(_)
            ),
            "{away}"
        );
    }
    let event = scan(&mut session, "SN1234567").expect("a serial");
    assert_eq!(
        event,
        PackEvent::Coded {
            unit: unit("1", 0, 0),
            code: UnitCode::Serial("SN1234567".to_owned())
        }
    );
    scan(&mut session, LAMP).expect("the second unit");
    assert_eq!(scan(&mut session, "sn1234567"), Err(Refusal::CodeTwice));
}

/// A session in which a code is due, of a product with these barcodes.
fn due(barcodes: &[(&str, u32)]) -> PackingSession {
    let mut session = PackingSession::new(&[coded_line("1", "LAMP", 2)], &[product("LAMP", barcodes)]);
    scan(&mut session, barcodes[0].0).expect("the unit");
    session
}

#[test]
fn a_misread_barcode_is_no_serial_and_the_packer_is_told_why() {
    let mut session = due(&[(LAMP, 1), (CASE, 3), ("SHELF-CODE", 1)]);
    let mut refused = 0;
    // Each digit of the barcode misread as each other digit, in each length that a scanner sends it in.
    for whole in [
        LAMP.to_owned(),
        format!("0{LAMP}"),
        format!("00{LAMP}"),
        CASE.to_owned(),
    ] {
        for at in 0..whole.len() {
            for digit in b'0'..=b'9' {
                let mut misread = whole.clone().into_bytes();
                if std::mem::replace(&mut misread[at], digit) == digit {
                    continue;
                }
                let misread = String::from_utf8(misread).expect("digits");
                match session.scan(&classify(&misread).expect("a scan")) {
                    Verdict::Refused(Refusal::MisreadBarcode { code, .. }) => assert_eq!(code, misread),
                    // One in eleven passes FedEx's check: looked up as a tracking number, never a serial.
                    Verdict::Elsewhere(Scan::Tracking(_)) => {}
                    other => panic!("{misread}: {other:?}"),
                }
                refused += 1;
            }
        }
    }
    assert_eq!(refused, (12 + 13 + 14 + 14) * 9);
    // Cut short, run together, behind the identifier of a GTIN, a UPC-E.
    let cut = [
        &LAMP[1..],
        &LAMP[..11],
        &LAMP[..7],
        &CASE[3..],
        "SHELF-COD",
        "elf-code",
    ];
    let glued = "SHELF-CODESHELF-CODE".to_owned();
    let others = [
        glued.as_str(),
        "0110376204200308",
        "04252614",
        "113-1234567-765432",
        "1234567-7654321",
        "113-1234567-765432",
        "1234567-7654321",
    ];
    for misread in cut.into_iter().chain(others) {
        assert!(
            matches!(scan(&mut session, misread), Err(Refusal::MisreadBarcode { .. })),
            "{misread}"
        );
    }
    let refusal = scan(&mut session, "036000291453").expect_err("misread");
    assert_eq!(
        refusal.to_string(),
        "036000291453 looks like a misread barcode: scan the transparency code again; if it is truly \
         the serial number, type SN: and scan it"
    );
}

#[test]
fn serials_of_digits_alone_are_taken_where_they_look_like_no_barcode() {
    for serial in [
        "1234567",
        "123456789",
        "1234567890",
        "12345678901",
        "358240051111110",
        "0110376204200309",
        "09876543211234567891",
        "850047100016-0001",
    ] {
        let event = scan(&mut due(&[(LAMP, 1)]), serial).expect(serial);
        let PackEvent::Coded { code, .. } = event else {
            panic!("{serial}")
        };
        assert_eq!(code, UnitCode::Serial(serial.to_owned()));
    }
}

#[test]
fn a_serial_that_looks_like_a_barcode_is_taken_once_a_person_names_it() {
    for (typed, serial) in [
        ("SN:036000291453", "036000291453"),
        ("sn: 20260042", "20260042"),
        // One that passes FedEx's check.
        ("SN:986578788855", "986578788855"),
        ("SN:03600029145", "03600029145"),
        // Twenty digits that may be a parcel's.
        ("SN:09876543211234567890", "09876543211234567890"),
        ("SN:LAMP-0001", "LAMP-0001"),
    ] {
        let event = scan(&mut due(&[(LAMP, 1)]), typed).expect(typed);
        let PackEvent::Coded { code, .. } = event else {
            panic!("{typed}")
        };
        assert_eq!(code, UnitCode::Serial(serial.to_owned()), "{typed}");
    }
    // A whole barcode stays one, and so do other codes.
    assert!(matches!(
        scan(&mut due(&[(LAMP, 1)]), &format!("SN:{LAMP}")),
        Err(Refusal::CodeFirst { .. } | Refusal::NoCode { .. })
    ));
    for none in [
        &format!("SN:{BULB}"),
        "SN:12345",
        "SN:X001ABCDEF",
        "SN:",
        "SN:123456789012345678901",
    ] {
        assert!(
            matches!(scan(&mut due(&[(LAMP, 1)]), none), Err(Refusal::NoCode { .. })),
            "{none}"
        );
    }
    let catalogue = [CodeMeaning {
        sku: "CHAIR".into(),
        quantity: 1,
    }];
    let known = due(&[(LAMP, 1)]).scan_known(&Scan::Code("SN:123456789018".to_owned()), &catalogue);
    assert!(matches!(known, Verdict::Refused(Refusal::CodeFirst { .. })));
}

#[test]
fn an_override_needs_a_due_code_and_a_reason() {
    let mut session = PackingSession::new(&[coded_line("1", "LAMP", 1)], &[product("LAMP", &[(LAMP, 1)])]);
    assert_eq!(
        session.override_code("torn", UserId(7)),
        Err(Refusal::NothingToOverride)
    );
    scan(&mut session, LAMP).expect("the unit");
    assert_eq!(
        session.override_code(" \u{200b}\n", UserId(7)),
        Err(Refusal::ReasonMissing)
    );
    let event = session.override_code("torn\noff", UserId(7)).expect("due");
    let code = UnitCode::Overridden {
        reason: "torn off".to_owned(),
        by: UserId(7),
    };
    assert_eq!(
        event,
        PackEvent::Coded {
            unit: unit("1", 0, 0),
            code
        }
    );
    session.apply(&event);
    assert_eq!(session.complete(), Ok(()));
    assert_eq!(
        (session.items()[0].quantity, session.items()[0].serials.len()),
        (1, 0)
    );
}

#[test]
fn form_b_is_compared_with_the_product() {
    let sgtin = "0100376204200301214P1OZMT7D8B81EMF4WW4";
    let mut session = PackingSession::new(&[coded_line("1", "LAMP", 1)], &[product("LAMP", &[(LAMP, 1)])]);
    scan(&mut session, LAMP).expect("the unit");
    assert_eq!(
        scan(&mut session, sgtin),
        Err(Refusal::CodeOfAnotherProduct {
            item: "The LAMP".to_owned()
        })
    );
    let mut session = PackingSession::new(
        &[coded_line("1", "LAMP", 1)],
        &[product("LAMP", &[("376204200301", 1)])],
    );
    scan(&mut session, "376204200301").expect("the unit");
    scan(&mut session, sgtin).expect("the same GTIN");
}

/// Where a group's code is asked for, and what is said about it.
fn bearer(prices: [Option<(i64, &str)>; 3]) -> (String, Option<String>) {
    let group = bundle(
        ProductKind::Group,
        product("SET", &[]),
        &[("A", 2), ("B", 1), ("C", 1)],
    );
    let mut products = vec![group];
    for (sku, price) in ["A", "B", "C"].into_iter().zip(prices) {
        let child = product(sku, &[(&format!("CODE-{sku}"), 1)]);
        products.push(match price {
            Some((minor, currency)) => priced(child, minor, currency),
            None => child,
        });
    }
    let mut session = PackingSession::new(&[coded_line("1", "SET", 2)], &products);
    for sku in ["A", "B", "C"] {
        scan(&mut session, &format!("CODE-{sku}")).expect("a child");
        if let Expectation::Code {
            sku: asked,
            note,
            units,
            ..
        } = session.expects()
        {
            assert_eq!((asked.as_str(), units), (sku, 2));
            return (sku.to_owned(), note);
        }
    }
    panic!("the code is asked for at one of the children");
}

#[test]
fn a_groups_code_is_asked_at_its_most_expensive_child() {
    assert_eq!(
        bearer([Some((100, "USD")), Some((300, "USD")), Some((200, "USD"))]),
        ("B".to_owned(), None)
    );
    assert_eq!(
        bearer([Some((100, "USD")), None, Some((200, "USD"))]),
        ("C".to_owned(), None)
    );
    assert_eq!(bearer([None, Some((100, "USD")), Some((100, "USD"))]).0, "B");
    // The child's own price counts, not that of two of it.
    assert_eq!(bearer([Some((200, "USD")), Some((300, "USD")), None]).0, "B");
    let (child, note) = bearer([None, None, None]);
    assert_eq!(child, "A");
    assert_eq!(
        note.as_deref(),
        Some("no child has a price: the code is asked for at the first")
    );
    let (child, note) = bearer([Some((1, "USD")), Some((300, "EUR")), None]);
    assert_eq!(child, "A");
    assert!(note.is_some_and(|note| note.contains("currencies")));
}

#[test]
fn a_group_has_one_code_for_each_unit_of_its_line() {
    let group = bundle(ProductKind::Group, product("SET", &[]), &[("A", 2), ("B", 1)]);
    let products = [
        group,
        priced(product("A", &[("CODE-A", 1)]), 5, "USD"),
        product("B", &[("CODE-B", 1)]),
    ];
    let mut session = PackingSession::new(&[coded_line("1", "SET", 2)], &products);
    scan(&mut session, "CODE-A").expect("first A of the first unit");
    scan(&mut session, &az(1)).expect("due at the first A");
    scan(&mut session, "CODE-A").expect("second A of the first unit");
    assert!(matches!(session.expects(), Expectation::Unit { .. }));
    assert_eq!(session.items(), []);
    scan(&mut session, "CODE-A").expect("first A of the second unit");
    scan(&mut session, &az(2)).expect("the second unit's code");
    for code in ["CODE-A", "CODE-B", "CODE-B"] {
        scan(&mut session, code).expect("the rest");
    }
    assert_eq!(session.complete(), Ok(()));
    assert_eq!(session.items()[0].serials, [az(1), az(2)]);
    assert_eq!(session.codes().len(), 2);
}

#[test]
fn a_required_serial_is_asked_like_a_code_and_is_none() {
    let wants = OrderLine {
        serial_required: true,
        ..line("1", "LAMP", 1)
    };
    let mut session = PackingSession::new(&[wants], &[product("LAMP", &[(LAMP, 1)])]);
    assert!(!session.ships_in_bulk());
    scan(&mut session, LAMP).expect("the unit");
    assert!(matches!(
        session.expects(),
        Expectation::Code {
            need: CodeNeed::Serial,
            ..
        }
    ));
    assert_eq!(
        scan(&mut session, &az(1)),
        Err(Refusal::SerialWanted {
            item: "The LAMP".to_owned()
        })
    );
    assert_eq!(
        session.complete().expect_err("missing"),
        ["1 of 1 serial numbers missing: The LAMP"]
    );
    scan(&mut session, "SN1234567").expect("the serial");
    assert_eq!(session.complete(), Ok(()));
}
