//! What can go, what Amazon's changes do to parts, and how a part sees the whole.

use super::*;
use crate::domain::packing::UnitRef;
use crate::domain::packing::tests::{bundle, line, product, unit};
use crate::domain::product::ProductKind;
use crate::domain::rows::tests::{detail, parcel, record};

fn verified(sku: &str, units: &[UnitRef]) -> PackEvent {
    PackEvent::Verified {
        units: units.to_vec(),
        sku: sku.into(),
    }
}

fn units(of: &[(&str, u32)]) -> Units {
    of.iter().map(|(line, units)| ((*line).into(), *units)).collect()
}

/// Three mugs and a set of a pan and two spoons, twice; these scans lie in box 1.
fn order(scans: &[PackEvent]) -> OrderDetail {
    let set = bundle(
        ProductKind::Group,
        product("SET", &[]),
        &[("PAN", 1), ("SPOON", 2)],
    );
    let mut detail = detail(&[line("1", "MUG", 3), line("2", "SET", 2)], &[set]);
    detail.boxes = vec![parcel(1)];
    detail.scans = (1..)
        .zip(scans)
        .map(|(number, event)| record(number, 1, event.clone()))
        .collect();
    detail
}

#[test]
fn some_must_go_and_some_must_stay() {
    let order = order(&[]);
    assert_eq!(going(&order, &units(&[])), Err(NoSplit::NothingGoes));
    assert_eq!(going(&order, &units(&[("1", 0)])), Err(NoSplit::NothingGoes));
    let all = units(&[("1", 3), ("2", 2)]);
    assert_eq!(going(&order, &all), Err(NoSplit::NothingStays));
    let most = units(&[("1", 3), ("2", 1)]);
    assert_eq!(going(&order, &most), Ok(most));
    assert!(matches!(
        going(&order, &units(&[("1", 4)])),
        Err(NoSplit::TooMany {
            wanted: 4,
            free: 3,
            ..
        })
    ));
    assert!(matches!(
        going(&order, &units(&[("9", 1)])),
        Err(NoSplit::NotOrdered(_))
    ));
}

#[test]
fn what_lies_in_a_box_stays_and_a_set_is_never_torn() {
    // One mug, and the pan of the first set: its spoons are still open, and the whole set stays.
    let begun = order(&[
        verified("MUG", &[unit("1", 0, 0)]),
        verified("PAN", &[unit("2", 0, 0)]),
    ]);
    assert_eq!(free_units(&begun), units(&[("1", 2), ("2", 1)]));
    assert!(matches!(
        going(&begun, &units(&[("2", 2)])),
        Err(NoSplit::TooMany { free: 1, .. })
    ));
    // The first mug is taken out again, the second is in: units are numbered, so the first stays too.
    let undone = order(&[
        verified("MUG", &[unit("1", 0, 0)]),
        verified("MUG", &[unit("1", 1, 0)]),
        PackEvent::Undone {
            scan: record(1, 1, verified("MUG", &[])).id,
            units: vec![unit("1", 0, 0)],
            code: None,
        },
    ]);
    assert_eq!(free_units(&undone)[&"1".into()], 1);
    let all_out = order(&[
        verified("MUG", &[unit("1", 0, 0)]),
        PackEvent::Undone {
            scan: record(1, 1, verified("MUG", &[])).id,
            units: vec![unit("1", 0, 0)],
            code: None,
        },
    ]);
    assert_eq!(free_units(&all_out)[&"1".into()], 3);
}

#[test]
fn only_an_open_order_that_amazon_lets_ship_is_split() {
    let mut one = order(&[]).order;
    assert_eq!(may_split(&one), Ok(()));
    one.channel.status = ChannelStatus::Pending;
    assert_eq!(may_split(&one), Err(NoSplit::Channel));
    one.channel.status = ChannelStatus::Unshipped;
    one.flags = vec![Flag::CancelRequested];
    assert_eq!(may_split(&one), Err(NoSplit::Flagged(Flag::CancelRequested)));
    one.flags.clear();
    for status in [
        OrderStatus::Pending,
        OrderStatus::ReadyForPickup,
        OrderStatus::Shipped,
        OrderStatus::Canceled,
    ] {
        one.status = status;
        assert_eq!(may_split(&one), Err(NoSplit::Status(status)));
    }
}

#[test]
fn products_are_dealt_to_their_lines_in_order() {
    let detail = detail(
        &[line("1", "MUG", 2), line("2", "PAN", 1), line("3", "MUG", 2)],
        &[],
    );
    let wish = |sku: &str, count| by_sku(&detail, &[(sku.into(), count)]);
    assert_eq!(wish("mug", 3), Ok(units(&[("1", 2), ("3", 1)])));
    assert_eq!(wish("CUP", 1), Err(NoSplit::NotOrdered("CUP".into())));
    // Too many of them: said by the line that they come to.
    assert!(going(&detail, &wish("MUG", 9).unwrap()).is_err());
}

fn share(of: &[(&str, u32)], closed: bool, begun: bool) -> Share {
    Share {
        units: units(of),
        closed,
        begun,
    }
}

#[test]
fn what_amazon_adds_goes_to_the_first_open_part_and_what_it_takes_leaves_the_last() {
    let lines = |mugs, pans| [line("1", "MUG", mugs), line("2", "PAN", pans)];
    let parts = || {
        vec![
            share(&[("1", 2)], true, true),
            share(&[("1", 1)], false, true),
            share(&[("1", 1), ("2", 1)], false, false),
        ]
    };
    let mut more = parts();
    share_out(&mut more, &lines(5, 2));
    assert_eq!(
        more.iter().map(|part| part.units.clone()).collect::<Vec<_>>(),
        [
            units(&[("1", 2)]),
            units(&[("1", 2), ("2", 1)]),
            units(&[("1", 1), ("2", 1)])
        ]
    );
    let mut less = parts();
    share_out(&mut less, &lines(3, 1));
    assert_eq!(less[2].units[&"1".into()], 0, "nobody has begun it");
    assert_eq!(less[1].units[&"1".into()], 1);
    share_out(&mut less, &lines(2, 1));
    assert_eq!(less[1].units[&"1".into()], 0, "then the open one");
    share_out(&mut less, &lines(1, 1));
    assert_eq!(less[0].units[&"1".into()], 1, "at last the one that left");
    // A line that is gone is gone everywhere, and a part without units gets nothing.
    let mut gone = vec![share(&[], true, false), share(&[("1", 4)], false, false)];
    share_out(&mut gone, &[line("2", "PAN", 1)]);
    assert!(gone[0].is_empty() && gone[1].is_empty());
}

#[test]
fn a_part_sees_its_own_units_and_any_change_of_the_whole() {
    let whole = [line("1", "MUG", 3), line("2", "PAN", 1)];
    let mut part = detail(&whole, &[]).order;
    let amazon = part.channel.clone();
    part.channel.lines = cut(&whole, &units(&[("1", 2)]));
    part.part = Some(Part {
        of: PartOf { place: 1, of: 2 },
        whole: whole.to_vec(),
    });
    assert_eq!(part.title(), "111-1111111-1111111, part 1 of 2");
    assert_eq!(part.whole(), amazon);
    assert_eq!(as_part(&part, amazon.clone()).lines, part.channel.lines);
    // One of three is canceled: that is no news of the two that are here only by chance.
    let mut fewer = amazon.clone();
    fewer.lines[0].quantity = 2;
    fewer.lines[1].quantity = 2;
    let seen = as_part(&part, fewer).lines;
    assert_eq!(seen.len(), 2, "what was dealt out otherwise stands whole");
    assert_ne!(seen, part.channel.lines);
}
