//! Whatever is scanned: never more than ordered, no code twice, the same records give the same session.

use super::{az, bundle, coded_line, line, product};

use crate::domain::ids::{BoxId, Epoch, OrderId, ScanId, UserId};
use crate::domain::order::OrderLine;
use crate::domain::packing::{PackEvent, PackingSession, ScanRecord, Verdict};
use crate::domain::product::{Product, ProductKind};
use crate::domain::scan::classify;
use chrono::DateTime;
use proptest::prelude::*;

fn catalogue() -> Vec<Product> {
    vec![
        product(
            "LAMP",
            &[("036000291452", 1), ("10376204200308", 3), ("SHARED", 1)],
        ),
        product("BULB", &[("4006381333931", 1), ("SHARED", 1)]),
        bundle(
            ProductKind::Kit,
            product("KIT", &[("KIT-CODE", 1)]),
            &[("LAMP", 1)],
        ),
        bundle(
            ProductKind::Group,
            product("SET", &[("SET-CODE", 1)]),
            &[("LAMP", 2), ("BULB", 1)],
        ),
    ]
}

fn lines() -> impl Strategy<Value = Vec<OrderLine>> {
    let one = (
        prop::sample::select(vec!["LAMP", "BULB", "KIT", "SET", "GONE"]),
        0_u32..4,
        any::<bool>(),
        any::<bool>(),
    );
    prop::collection::vec(one, 0..4).prop_map(|lines| {
        lines
            .into_iter()
            .enumerate()
            .map(|(at, (sku, quantity, coded, serial))| {
                let id = at.to_string();
                let line = if coded {
                    coded_line(&id, sku, quantity)
                } else {
                    line(&id, sku, quantity)
                };
                OrderLine {
                    serial_required: serial,
                    ..line
                }
            })
            .collect()
    })
}

/// What a scanner may send: what belongs here mostly, anything sometimes, and now and then an override.
fn scans() -> impl Strategy<Value = Vec<Option<String>>> {
    let one = prop_oneof![
        6 => prop::sample::select(vec!["036000291452", "4006381333931", "10376204200308", "KIT-CODE"])
            .prop_map(|code| Some(code.to_owned())),
        4 => (0_u32..12).prop_map(|number| Some(az(number))),
        2 => (0_u32..6).prop_map(|number| Some(format!("SN{number:07}"))),
        1 => prop::sample::select(vec!["SHARED", "SET-CODE", "TGC-VOID", "113-1234567-7654321", "AZ:1"])
            .prop_map(|code| Some(code.to_owned())),
        1 => "(?s).{0,40}".prop_map(Some),
        1 => Just(None),
    ];
    prop::collection::vec(one, 0..60)
}

fn record(sequence: usize, event: PackEvent) -> ScanRecord {
    ScanRecord {
        id: ScanId(uuid::Uuid::nil()),
        order: OrderId(1),
        box_id: BoxId(1),
        turn: Epoch(1),
        sequence: u32::try_from(sequence).expect("few"),
        event,
        by: UserId(1),
        at: DateTime::UNIX_EPOCH,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn whatever_is_scanned(lines in lines(), scans in scans()) {
        let products = catalogue();
        let mut session = PackingSession::new(&lines, &products);
        let mut events = Vec::new();
        for raw in scans {
            let verdict = match raw {
                Some(raw) => match classify(&raw) {
                    Ok(scan) => session.scan(&scan),
                    Err(_) => continue,
                },
                None => match session.override_code("torn off", UserId(1)) {
                    Ok(event) => Verdict::Accepted(event),
                    Err(_) => continue,
                },
            };
            if let Verdict::Accepted(event) = verdict {
                let before = session.clone();
                session.apply(&event);
                prop_assert_ne!(&session, &before, "an accepted scan does something");
                events.push(event);
            }
            let progress = session.progress();
            for line in &progress {
                prop_assert!(line.verified <= line.wanted);
                prop_assert!(line.codes <= line.wanted);
                for part in &line.parts {
                    prop_assert!(part.verified <= part.wanted);
                }
            }
            let whole = !progress.is_empty()
                && progress.iter().all(|line| line.verified == line.wanted && line.codes >= line.codes_wanted);
            prop_assert_eq!(session.complete().is_ok(), whole);
            let items = session.items();
            let mut serials: Vec<_> = items.iter().flat_map(|item| item.serials.clone()).collect();
            for item in &items {
                let ordered = lines.iter().find(|line| line.id == item.line).expect("a line of the order");
                prop_assert!(item.quantity <= ordered.quantity);
                prop_assert!(item.serials.len() <= item.quantity as usize);
            }
            serials.sort();
            let all = serials.len();
            serials.dedup();
            prop_assert_eq!(serials.len(), all, "no code twice");
        }
        let units = events.iter().map(|event| match event {
            PackEvent::Verified { units, .. } => units.len() as u64,
            PackEvent::Coded { .. } | PackEvent::Undone { .. } => 0,
        }).sum::<u64>();
        let verified = session.progress().iter().flat_map(|line| line.parts.clone()).map(|part| part.verified).sum::<u64>();
        prop_assert_eq!(units, verified, "every unit once");
        let records: Vec<_> = events.into_iter().enumerate().map(|(at, event)| record(at, event)).collect();
        prop_assert_eq!(PackingSession::replay(&lines, &products, &records), session);
    }
}
