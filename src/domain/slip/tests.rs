//! Packing slips: what stands on them, and that whatever an order holds fits its lines.

use super::{Beside, MOST_LINES, Slip, WIDTH};
use crate::domain::customer::CustomerData;
use crate::domain::ids::BoxId;
use crate::domain::packing::PackEvent;
use crate::domain::packing::tests::{line, product, unit};
use crate::domain::rows::OrderDetail;
use crate::domain::rows::tests::{detail, parcel, record};

fn slip() -> Slip {
    Slip {
        number: "111-0000001-0000001".to_owned(),
        lines: Vec::new(),
    }
}

/// Two lamps, each in a box of its own, and a pan that lies in no box; box 3 is empty.
fn order() -> OrderDetail {
    let lines = [line("1", "LAMP", 2), line("2", "PAN", 1)];
    let mut order = detail(&lines, &[product("LAMP", &[]), product("PAN", &[])]);
    order.boxes = (1..=3).map(parcel).collect();
    order.scans = (0..2)
        .map(|number| {
            let units = vec![unit("1", number, 0)];
            let event = PackEvent::Verified {
                units,
                sku: "LAMP".into(),
            };
            record(number + 1, i64::from(number) + 1, event)
        })
        .collect();
    order
}

fn jane() -> CustomerData {
    let mut customer = CustomerData::default();
    customer.recipient.name = "Jane Doe".to_owned();
    customer.recipient.lines = vec!["1 Pier".to_owned(), "  ".to_owned()];
    customer.recipient.city = "New York".to_owned();
    customer.recipient.state = "NY".to_owned();
    customer.recipient.postal_code = "10001".to_owned();
    customer.recipient.country = "US".to_owned();
    customer
}

#[test]
fn a_slip_says_for_whom_and_what_lies_in_its_box() {
    let lines =
        |order: &OrderDetail, customer: &CustomerData, id| Slip::of(order, customer, BoxId(id)).lines.clone();
    let mut customer = jane();
    let of_second = [
        "PACKING SLIP",
        "Order 111-1111111-1111111",
        "Box 2 of 2",
        "",
        "Jane Doe",
        "1 Pier",
        "New York NY 10001 US",
        "",
        "1 x The LAMP [LAMP]",
    ];
    assert_eq!(lines(&order(), &customer, 2), of_second);
    assert_eq!(
        Slip::of(&order(), &customer, BoxId(2)).number,
        "111-1111111-1111111"
    );
    // The empty box counts where the slip is its own.
    assert_eq!(lines(&order(), &customer, 3)[2], "Box 3 of 3");
    // In one box, no box is named; a blank PO number and a blank message say nothing.
    let mut single = order();
    single.scans.truncate(1);
    customer.buyer.po_number = " ".to_owned();
    customer.gift_messages = vec![("1".to_owned(), " ".to_owned())];
    let plain = lines(&single, &customer, 1);
    assert_eq!(plain[..3], ["PACKING SLIP", "Order 111-1111111-1111111", ""]);
    assert_eq!(plain.last().map(String::as_str), Some("1 x The LAMP [LAMP]"));
    customer.buyer.po_number = "PO-77".to_owned();
    customer.recipient.company = "Harbor Ltd".to_owned();
    customer
        .gift_messages
        .push(("1".to_owned(), "Many  happy returns".to_owned()));
    let full = lines(&single, &customer, 1);
    assert_eq!(full[2..6], ["PO PO-77", "", "Jane Doe", "Harbor Ltd"]);
    assert_eq!(
        full[full.len() - 3..],
        ["", "Gift message:", "Many happy returns"]
    );
}

#[test]
fn a_slip_is_due_for_a_business_and_for_a_gift_that_says_something() {
    let mut order = order();
    let mut customer = jane();
    assert!(!Slip::is_due(&order, &customer));
    customer.gift_messages = vec![("1".to_owned(), " \n".to_owned())];
    assert!(!Slip::is_due(&order, &customer));
    customer.gift_messages.push(("2".to_owned(), "Enjoy".to_owned()));
    assert!(Slip::is_due(&order, &customer));
    customer.gift_messages.clear();
    order.order.channel.programs.business = true;
    assert!(Slip::is_due(&order, &customer));
}

#[test]
fn words_are_broken_into_lines_that_fit() {
    let mut slip = slip();
    slip.add("A stoneware mug of twelve ounces in a blue that no camera has ever shown as it is");
    slip.add(&"x".repeat(100));
    slip.add("  ");
    assert!(
        slip.lines
            .iter()
            .all(|line| !line.is_empty() && line.chars().count() <= WIDTH)
    );
    let text: String = slip.lines.concat();
    assert_eq!(text.matches('x').count(), 100, "nothing is lost");
    for _ in 0..1000 {
        slip.add("more");
    }
    assert_eq!(slip.lines.len(), MOST_LINES);
}

#[test]
fn a_line_is_filled_to_its_last_character_and_not_beyond() {
    let broken = |words: &str| {
        let mut slip = slip();
        slip.add(words);
        slip.lines.clone()
    };
    let (half, rest) = ("x".repeat(20), "y".repeat(WIDTH - 21));
    assert_eq!(broken(&format!("{half} {rest}")), [format!("{half} {rest}")]);
    assert_eq!(
        broken(&format!("{half} {rest}z")),
        [half.clone(), format!("{rest}z")]
    );
    // A word of just one line is not torn; a longer one is, and the next word follows its end.
    let full = "x".repeat(WIDTH);
    assert_eq!(broken(&full), std::slice::from_ref(&full));
    assert_eq!(broken(&format!("{full}x a")), [full.clone(), "x a".to_owned()]);
    assert_eq!(broken(&format!("a {full}")), ["a".to_owned(), full.clone()]);
    assert_eq!(broken(&format!("{full}{full}")), [full.clone(), full.clone()]);
    // Letters count, not bytes.
    let accented = "é".repeat(WIDTH);
    assert_eq!(broken(&accented), std::slice::from_ref(&accented));
    assert_eq!(broken(&format!("{} é", "é".repeat(WIDTH - 2))).len(), 1);
}

#[test]
fn a_slip_prints_as_dots() {
    let mut slip = slip();
    slip.add("Jane Doe");
    assert_eq!(format!("{slip:?}"), "•••");
    let beside = Beside {
        po: None,
        slip: Some(&slip),
    };
    assert!(!format!("{beside:?}").contains("Jane"));
}
