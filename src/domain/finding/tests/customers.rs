//! What is kept of customers: as much as is asked for, in pieces that never grow, and nothing of it after.

use super::*;
use crate::domain::finding::names::PIECE;

/// Orders whose names or PO number contain a word, of the first so many.
fn holding(names: &Names, word: &str, with_names: bool, orders: i64) -> Vec<i64> {
    let mut walk = names.walk(with_names);
    (1..=orders).filter(|order| walk.holds(*order, word)).collect()
}

#[test]
fn a_customers_names_are_kept_once_and_apart() {
    let mut names = Names::default();
    assert!(names.is_empty());
    let mut data = customer("Susan Smith", "Doe", "PO-1");
    data.buyer.company = "Harbor Ltd".to_owned();
    names.put(OrderId(1), &data);
    assert!(!names.is_empty());
    assert_eq!(names.bytes(), b"susan smith\ndoe\nharbor ltdpo-1");
    // A letter that begins the word may come before it in vain; two names are not one.
    assert_eq!(holding(&names, "smith", true, 1), [1]);
    assert_eq!(holding(&names, "smithdoe", true, 1), [] as [i64; 0]);
    // Nor are the last name and the PO number, and a name is no PO number.
    assert_eq!(holding(&names, "ltdpo", true, 1), [] as [i64; 0]);
    assert_eq!(holding(&names, "po-1", false, 1), [1]);
    assert_eq!(holding(&names, "ltd", false, 1), [] as [i64; 0]);
    assert_eq!(holding(&names, "po-12", true, 1), [] as [i64; 0]);
    assert_eq!(format!("{names:?}"), "Names(1 orders, •••)");
    // Who has neither takes nothing.
    names.put(OrderId(2), &CustomerData::default());
    assert_eq!(names.len(), 1);
}

#[test]
fn names_and_numbers_that_are_longer_than_any_are_not_kept() {
    let kept = |name: usize, po: usize| {
        let mut names = Names::default();
        let data = customer(&"n".repeat(name), "", &"p".repeat(po));
        names.put(OrderId(1), &data);
        names.bytes().len()
    };
    assert_eq!(kept(1023, 0), 1023);
    assert_eq!(kept(1024, 5), 5);
    assert_eq!(kept(5, 1023), 1028);
    assert_eq!(kept(5, 1024), 5);
    assert_eq!(kept(1023, 1023), 2046);
    // Together, too: the second name still fits with its line between, or it does not.
    let both = |company: usize| {
        let mut names = Names::default();
        names.put(OrderId(1), &customer("nnn", &"c".repeat(company), ""));
        names.bytes().len()
    };
    assert_eq!((both(1020), both(1021)), (3 + 1 + 1020, 3));
}

#[test]
fn pieces_are_filled_to_the_end_and_never_grow() {
    let mut names = Names::default();
    assert_eq!(names.size(), 0);
    let data = customer(&"n".repeat(24), "", "12345678");
    let in_a_piece = i64::try_from(PIECE / 32).expect("few");
    for order in 1..=in_a_piece {
        names.put(OrderId(order), &data);
    }
    assert_eq!((names.bytes().len(), names.pieces()), (PIECE, Some(1)));
    for order in in_a_piece + 1..=in_a_piece * 5 / 2 {
        names.put(OrderId(order), &data);
    }
    assert_eq!(names.bytes().len(), PIECE * 5 / 2);
    assert_eq!(names.pieces(), Some(3));
    assert_eq!(
        holding(&names, "12345678", false, in_a_piece * 5 / 2).len(),
        names.len()
    );
}

#[test]
fn what_does_not_fit_whole_goes_into_the_next_piece() {
    let mut names = Names::default();
    assert_eq!((names.size(), names.pieces()), (0, Some(0)));
    let data = customer(&"x".repeat(800), "", &"y".repeat(300));
    for order in 1..=140 {
        names.put(OrderId(order), &data);
    }
    let in_a_piece = PIECE / 1100;
    assert_eq!(names.pieces(), Some(140_usize.div_ceil(in_a_piece)));
    assert_eq!(holding(&names, &"y".repeat(300), false, 140).len(), 140);
    assert_eq!(holding(&names, "xy", true, 140), [] as [i64; 0]);
    // What they take: their pieces, and some bytes for each order.
    let least = 3 * PIECE + 140 * 16;
    assert!(
        (least..3 * PIECE + 140 * 64).contains(&names.size()),
        "{}",
        names.size()
    );
}

#[test]
fn what_is_forgotten_is_overwritten_and_nothing_else() {
    let mut names = Names::default();
    for (order, name, po) in [(2, "Ann", "P-2"), (1, "Bob", "P-1"), (3, "Cyd", "P-3")] {
        names.put(OrderId(order), &customer(name, "", po));
    }
    assert_eq!(names.bytes(), b"annp-2bobp-1cydp-3");
    for (word, order) in [
        ("bob", 1),
        ("ann", 2),
        ("cyd", 3),
        ("p-1", 1),
        ("p-2", 2),
        ("p-3", 3),
    ] {
        assert_eq!(holding(&names, word, true, 3), [order], "{word}");
    }
    names.forget(OrderId(1));
    assert_eq!(names.bytes(), b"annp-2\0\0\0\0\0\0cydp-3");
    names.forget(OrderId(7));
    assert_eq!(names.len(), 2);
    assert_eq!(holding(&names, "p-", false, 3), [2, 3]);
    names.put(OrderId(2), &customer("Eve", "", ""));
    assert_eq!(names.bytes(), b"\0\0\0\0\0\0\0\0\0\0\0\0cydp-3eve");
    assert_eq!(holding(&names, "", true, 3), [2, 3], "every order that is kept");
}
