use super::*;
use crate::domain::product::{Barcode, ProductKind};

fn product(sku: &str, codes: &[(&str, u32)]) -> Product {
    Product {
        sku: Sku::from(sku),
        title: sku.to_owned(),
        kind: ProductKind::Standard,
        barcodes: codes
            .iter()
            .map(|(code, quantity)| Barcode {
                code: (*code).to_owned(),
                quantity: *quantity,
            })
            .collect(),
        components: Vec::new(),
        weight: None,
        dimensions: None,
        price: None,
        transparency: false,
    }
}

fn step(bin: &str, sku: &str, tote: u32, wanted: u32) -> PickStep {
    PickStep {
        bin: bin.to_owned(),
        sku: Sku::from(sku),
        title: sku.to_owned(),
        order: OrderId(i64::from(tote)),
        number: OrderNumber(format!("order {tote}")),
        tote,
        wanted,
        picked: 0,
        short: None,
    }
}

fn walk() -> PickWalk {
    let mut walk = PickWalk {
        list: PickListId(7),
        name: "Wave".to_owned(),
        steps: vec![
            step("A-10", "PAN", 1, 1),
            step("A-2", "MUG", 2, 2),
            step("A-2", "MUG", 1, 1),
        ],
        put_back: Vec::new(),
        products: vec![
            product("MUG", &[("036000291452", 1), ("4006381333931", 12)]),
            product("PAN", &[("PAN-1", 1)]),
        ],
    };
    walk.sort();
    walk
}

#[test]
fn the_walk_goes_by_bin_product_and_tote() {
    let walk = walk();
    let order: Vec<(&str, u32)> = walk
        .steps
        .iter()
        .map(|step| (step.bin.as_str(), step.tote))
        .collect();
    assert_eq!(order, [("A-2", 1), ("A-2", 2), ("A-10", 1)]);
    assert_eq!(walk.next(0), Some(0));
    assert_eq!(walk.counts(), (0, 4, 0));
}

#[test]
fn a_scan_goes_into_the_next_tote_that_wants_it_and_no_further() {
    let mut walk = walk();
    let take = |step| PickVerdict::Take { step, quantity: 1 };
    assert_eq!(walk.scan("036000291452", 0), take(0));
    walk.steps[0].picked = 1;
    assert_eq!(walk.scan("036000291452", 0), take(1));
    walk.steps[1].picked = 2;
    let PickVerdict::Refused(words) = walk.scan("036000291452", 0) else {
        panic!("all is picked")
    };
    assert!(words.contains("put this one back"), "{words}");
    assert_eq!(walk.next(0), Some(2));
    walk.steps[2].short = Some("not there".to_owned());
    assert_eq!(walk.next(0), None);
    assert_eq!(walk.counts(), (3, 4, 1));
}

#[test]
fn a_case_that_is_too_large_and_what_is_not_on_the_list_are_refused() {
    let walk = walk();
    for (code, says) in [
        ("4006381333931", "a case of 12"),
        ("850047100047", "not on this list"),
    ] {
        let PickVerdict::Refused(words) = walk.scan(code, 0) else {
            panic!("{code}")
        };
        assert!(words.contains(says), "{words}");
    }
}

#[test]
fn a_bin_is_gone_to_by_its_scan() {
    let mut walk = walk();
    assert_eq!(walk.scan("a-10", 0), PickVerdict::Bin(2));
    walk.steps[2].picked = 1;
    assert!(matches!(walk.scan("A-10", 0), PickVerdict::Refused(words) if words.contains("is done")));
}

fn words(verdict: PickVerdict) -> String {
    match verdict {
        PickVerdict::Refused(words) => words,
        other => panic!("taken: {other:?}"),
    }
}

#[test]
fn the_walk_goes_on_from_where_a_person_stands_and_round() {
    let mut walk = walk();
    assert_eq!([walk.next(1), walk.next(2)], [Some(1), Some(2)]);
    walk.steps[2].picked = 1;
    assert_eq!(walk.next(2), Some(0));
    walk.steps[0].picked = 1;
    assert_eq!(walk.next(2), Some(1));
    let next = |walk: &PickWalk, from| match walk.scan("036000291452", from) {
        PickVerdict::Take { step, quantity: 1 } => step,
        other => panic!("{other:?}"),
    };
    assert_eq!([next(&walk, 0), next(&walk, 1), next(&walk, 2)], [1, 1, 1]);
    walk.steps[0].picked = 0;
    assert_eq!([next(&walk, 0), next(&walk, 1), next(&walk, 2)], [0, 1, 0]);
    walk.steps.clear();
    assert_eq!(walk.next(0), None);
}

#[test]
fn a_case_goes_into_a_tote_that_takes_all_of_it() {
    let mut walk = walk();
    walk.steps[1].wanted = 12;
    walk.steps[0].picked = 1;
    let whole = PickVerdict::Take {
        step: 1,
        quantity: 12,
    };
    assert_eq!(walk.scan("4006381333931", 0), whole);
    walk.steps[1].picked = 1;
    assert_eq!(
        words(walk.scan("4006381333931", 0)),
        "a case of 12, and tote T2 takes 11: scan single units"
    );
}

#[test]
fn a_code_of_several_quantities_and_an_unknown_bin_are_refused() {
    let mut walk = walk();
    walk.products[1] = product("PAN", &[("PAN-1", 1), ("pan-1", 6)]);
    assert!(words(walk.scan("PAN-1", 0)).contains("several quantities"));
    // A code of another product of the order does not stand in the way of it.
    walk.products.push(product("CUP", &[("CUP-1", 1)]));
    assert!(words(walk.scan("CUP-1", 0)).contains("CUP: all of it is picked"));
    // A step without a bin is no bin, whatever is scanned.
    walk.steps[2].bin.clear();
    assert_eq!(words(walk.scan("A-10", 0)), "not on this list: put it back");
    assert_eq!(walk.scan(" A-2 ", 0), PickVerdict::Bin(0));
    walk.steps[0].picked = 1;
    assert_eq!(walk.scan("A-2", 0), PickVerdict::Bin(1));
    assert!(matches!(walk.scan(" ", 0), PickVerdict::Refused(_)));
}

#[test]
fn what_is_left_and_what_is_not_there_are_counted() {
    let mut walk = walk();
    let left = |walk: &PickWalk| walk.steps.iter().map(PickStep::left).collect::<Vec<u32>>();
    assert_eq!(left(&walk), [1, 2, 1]);
    walk.steps[1].picked = 1;
    assert_eq!(left(&walk), [1, 1, 1]);
    walk.steps[1].short = Some("one is broken".to_owned());
    assert_eq!(left(&walk), [1, 0, 1]);
    assert_eq!(walk.counts(), (1, 4, 1));
    // The order was changed to fewer after they were picked.
    walk.steps[1].wanted = 0;
    assert_eq!((left(&walk), walk.counts()), (vec![1, 0, 1], (1, 2, 0)));
}

#[test]
fn what_was_picked_stays_picked_in_a_newer_reading_of_the_list() {
    let mut newer = walk();
    let mut known = walk();
    known.steps[1].picked = 2;
    newer.steps[0].picked = 1;
    newer.steps[2].order = OrderId(9);
    known.steps[2].picked = 1;
    newer.keep_picked(&known);
    let picked: Vec<u32> = newer.steps.iter().map(|step| step.picked).collect();
    assert_eq!(picked, [1, 2, 0], "another order's are not this one's");
}
