mod borders;
mod customers;

use super::*;
use crate::domain::customer::CustomerData;
use crate::domain::ids::Sku;
use crate::domain::money::Currency;
use chrono_tz::America::New_York;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

/// A Friday, 9 in the morning where the bench stands.
fn now() -> DateTime<Utc> {
    at("2026-11-20T14:00:00Z")
}

fn row(id: i64, text: &str) -> FindRow {
    FindRow {
        id: OrderId(id),
        store: StoreId::from("us"),
        status: OrderStatus::ReadyToPick,
        badges: Vec::new(),
        ship_by: Some(now()),
        deliver_by: None,
        text: text.to_owned(),
        flags: Vec::new(),
        pick_list: None,
        label: None,
        carrier: String::new(),
        method: String::new(),
        cost: None,
        scanned: false,
        erased: false,
    }
}

fn index(rows: &[FindRow]) -> Index {
    let mut index = Index::default();
    for row in rows {
        index.put(row);
    }
    index
}

/// Ids of what is found.
fn found(index: &mut Index, words: &str) -> Vec<i64> {
    let search = Search::parse(words, now(), New_York).expect("understood");
    let found = index.find(&search, &Names::default(), false, &[], 0, 100);
    assert_eq!(found.total, found.orders.len());
    found.orders.iter().map(|order| order.0).collect()
}

/// One order of each kind, told apart by their ids.
fn many() -> Index {
    let usd = |minor| Some(Money::new(minor, Currency::USD));
    index(&[
        FindRow {
            badges: vec![Badge::Prime],
            ship_by: Some(at("2026-11-20T22:00:00Z")),
            deliver_by: Some(at("2026-11-23T04:59:00Z")),
            pick_list: Some(PickListId(12)),
            ..row(1, "111-0000001-0000001 mug-blue")
        },
        FindRow {
            status: OrderStatus::Pending,
            ship_by: None,
            flags: vec![Flag::NoProduct(Sku::from("PAN-9"))],
            ..row(2, "111-0000002-0000002 pan-9")
        },
        FindRow {
            status: OrderStatus::Shipped,
            badges: vec![Badge::Business, Badge::Commercial],
            ship_by: Some(at("2026-11-18T22:00:00Z")),
            label: Some(LabelState::Printed),
            carrier: "UPS".to_owned(),
            method: "UPS Ground".to_owned(),
            cost: usd(1010),
            scanned: true,
            ..row(3, "112-0000003-0000003 mug-blue 1z999aa10123456784")
        },
        FindRow {
            store: StoreId::from("web"),
            status: OrderStatus::OnHold,
            ship_by: Some(at("2026-11-20T12:00:00Z")),
            label: Some(LabelState::Voided),
            carrier: "USPS".to_owned(),
            method: "USPS Priority Mail".to_owned(),
            cost: usd(750),
            ..row(4, "web-77 mug-blue-xl")
        },
        FindRow {
            ship_by: Some(at("2026-11-22T04:30:00Z")),
            label: Some(LabelState::Bought),
            status: OrderStatus::ReadyForPickup,
            carrier: "FedEx".to_owned(),
            method: "FedEx 2Day".to_owned(),
            cost: usd(1000),
            ..row(5, "113-0000005-0000005 kit 4")
        },
    ])
}

#[test]
fn each_filter_finds_what_it_says() {
    let mut index = many();
    let cases: &[(&str, &[i64])] = &[
        ("", &[4, 1, 5, 2, 3]),
        ("111-", &[1, 2]),
        ("MUG-BLUE", &[4, 1, 3]),
        ("sku:mug-blue", &[1, 3]),
        ("1Z999AA1", &[3]),
        ("-mug", &[5, 2]),
        ("mug 112", &[3]),
        ("status:pending", &[2]),
        ("status:open", &[4, 1, 5, 2]),
        ("status:shipped,on-hold", &[4, 3]),
        ("-status:open", &[3]),
        ("!status:open", &[3]),
        ("badge:prime", &[1]),
        ("badge:prime,commercial", &[1, 3]),
        ("store:web", &[4]),
        ("store:us", &[1, 5, 2, 3]),
        // 22:00 UTC is 17:00 at the bench; 04:30 UTC on the 22nd is still the 21st there.
        ("ship-by:today", &[4, 1]),
        ("ship-by:tomorrow", &[5]),
        ("ship-by:2026-11-21", &[5]),
        ("ship-by:<2026-11-20", &[3]),
        ("ship-by:>2026-11-20", &[5]),
        ("ship-by:overdue", &[4, 3]),
        ("ship-by:<8h", &[4, 1, 3]),
        ("ship-by:>8h", &[5]),
        ("ship-by:none", &[2]),
        ("deliver-by:2026-11-22", &[1]),
        ("deliver-by:none status:open", &[4, 5, 2]),
        ("carrier:ups", &[3]),
        ("carrier:none", &[1, 2]),
        ("method:2day,priority", &[4, 5]),
        ("cost:>10", &[3]),
        ("cost:<10", &[4]),
        ("cost:10", &[5]),
        ("cost:7.5-10", &[4, 5]),
        ("cost:none", &[1, 2]),
        ("tracking:scanned", &[3]),
        ("tracking:not-scanned", &[5]),
        ("tracking:voided", &[4]),
        ("tracking:none", &[1, 2]),
        ("label:printed", &[3]),
        ("label:bought,voided", &[4, 5]),
        ("flag:any", &[2]),
        ("flag:no-product", &[2]),
        ("flag:none", &[4, 1, 5, 3]),
        ("flag:canceled", &[]),
        ("list:12", &[1]),
        ("list:any", &[1]),
        ("list:none", &[4, 5, 2, 3]),
        ("STATUS:Pending PAN", &[2]),
    ];
    for (words, expected) in cases {
        assert_eq!(found(&mut index, words), *expected, "{words:?}");
    }
    // No filter is left without a case.
    for filter in FILTERS {
        assert!(
            cases
                .iter()
                .any(|(words, _)| words.contains(&format!("{}:", filter.word))),
            "{}",
            filter.word
        );
    }
}

#[test]
fn a_word_that_is_not_understood_says_what_there_is() {
    let parse = |words: &str| Search::parse(words, now(), New_York).map_err(|fault| fault.to_string());
    for (words, said) in [
        ("state:pending", "there are status, badge"),
        ("status:", "open, pending, review"),
        ("status:lost", "ready-to-pick"),
        ("badge:gold", "prime, business"),
        ("cost:dear", "5-10"),
        ("cost:1.234", "5-10"),
        ("ship-by:soon", "tomorrow"),
        ("ship-by:2026-13-01", "today"),
        ("list:-4", "none"),
        ("tracking:lost", "not-scanned"),
        ("label:gone", "printed"),
        ("flag:red", "no-product"),
    ] {
        let words_said = parse(words).expect_err(words);
        assert!(words_said.contains(said), "{words}: {words_said}");
    }
    // A time of day is no filter, a lone dash is no "not".
    assert!(parse("12:30 -").is_ok());
    assert!(parse("mug status:pending").is_ok_and(|search| !search.is_empty()));
}

#[test]
fn every_value_that_is_shown_is_understood() {
    for filter in FILTERS {
        let mut all = values(filter.word);
        all.extend(filter.example.split_whitespace().map(str::to_owned));
        assert!(!all.is_empty(), "{}", filter.word);
        for value in all {
            let word = format!("{}:{value}", filter.word);
            assert!(Search::parse(&word, now(), New_York).is_ok(), "{word}");
        }
    }
}

#[test]
fn windows_of_what_is_found_fit_together_and_count_all() {
    let rows: Vec<FindRow> = (1..=300)
        .map(|id| FindRow {
            ship_by: Some(now() + chrono::TimeDelta::minutes(id * 7 % 100)),
            ..row(id, &format!("111-{id:07}-0000000 mug"))
        })
        .collect();
    let mut index = index(&rows);
    let search = Search::parse("mug", now(), New_York).expect("understood");
    let mut all = Vec::new();
    for first in (0..300).step_by(50) {
        let found = index.find(&search, &Names::default(), false, &[], first, 50);
        assert_eq!(found.total, 300);
        all.extend(found.orders);
    }
    let mut expected = rows;
    expected.sort_by_key(|row| (row.ship_by, row.text.clone()));
    assert_eq!(all, expected.iter().map(|row| row.id).collect::<Vec<_>>());
}

#[test]
fn an_order_that_changed_is_found_as_it_is_now() {
    let mut index = many();
    assert_eq!(found(&mut index, "status:shipped"), [3]);
    index.put(&FindRow {
        status: OrderStatus::Shipped,
        ship_by: Some(at("2026-11-20T22:00:00Z")),
        ..row(1, "111-0000001-0000001 mug-blue 9400111899223197428499")
    });
    assert_eq!(found(&mut index, "status:shipped"), [1, 3]);
    assert_eq!(found(&mut index, "94001118"), [1]);
    assert_eq!(index.len(), 5);
    // Texts that nobody uses any more do not pile up.
    for round in 0..20_000 {
        index.put(&row(2, &format!("111-0000002-0000002 pan-{round}")));
    }
    assert!(index.size() < 512 * 1024, "{}", index.size());
    assert_eq!(found(&mut index, "pan-19999"), [2]);
    assert_eq!(found(&mut index, "112-"), [3]);
}

#[test]
fn the_list_stays_sorted_whatever_changes_one_by_one() {
    let dated = |id: i64, minutes: i64, open: bool| FindRow {
        ship_by: (minutes % 7 != 0).then(|| now() + chrono::TimeDelta::minutes(minutes)),
        status: if open {
            OrderStatus::ReadyToPick
        } else {
            OrderStatus::Shipped
        },
        ..row(id, &format!("111-{id:07}-0000000"))
    };
    let mut rows: Vec<FindRow> = (1..=60).map(|id| dated(id, id * 37 % 50, true)).collect();
    let mut changing = index(&rows);
    for step in 0..300_i64 {
        let id = step * 13 % 70 + 1;
        let changed = dated(id, step * 31 % 90, step % 3 != 0);
        changing.put(&changed);
        match rows.iter_mut().find(|row| row.id.0 == id) {
            Some(row) => *row = changed,
            None => rows.push(changed),
        }
        rows.sort_by_key(|row| row.id);
        assert_eq!(
            found(&mut changing, ""),
            found(&mut index(&rows), ""),
            "step {step}"
        );
    }
}

fn customer(name: &str, company: &str, po: &str) -> CustomerData {
    let mut data = CustomerData::default();
    name.clone_into(&mut data.recipient.name);
    company.clone_into(&mut data.recipient.company);
    name.clone_into(&mut data.buyer.name);
    po.clone_into(&mut data.buyer.po_number);
    data
}

#[test]
fn names_are_asked_only_where_they_are_wanted_and_po_numbers_always() {
    let mut index = many();
    let mut names = Names::default();
    names.put(OrderId(1), &customer("Zoë Ångström", "Harbor Ltd", "PO-4711"));
    names.put(OrderId(3), &customer("Ann Kowalski", "", ""));
    let mut ask = |names: &Names, words: &str, with_names: bool| {
        let search = Search::parse(words, now(), New_York).expect("understood");
        let found = index.find(&search, names, with_names, &[], 0, 10);
        found.orders.iter().map(|order| order.0).collect::<Vec<_>>()
    };
    assert_eq!(ask(&names, "kowal", true), [3]);
    assert_eq!(ask(&names, "KOWALSKI ann", true), [3]);
    assert_eq!(ask(&names, "kowal", false), Vec::<i64>::new());
    assert_eq!(ask(&names, "ångström harbor", true), [1]);
    assert_eq!(ask(&names, "po-47", false), [1]);
    assert_eq!(ask(&names, "harbor status:shipped", true), Vec::<i64>::new());
    // Given again: the old name is gone. Forgotten: nothing is left.
    names.put(OrderId(3), &customer("Ann Smith", "", ""));
    assert_eq!(ask(&names, "kowal", true), Vec::<i64>::new());
    assert_eq!(ask(&names, "smith", true), [3]);
    names.forget(OrderId(3));
    assert_eq!(ask(&names, "smith", true), Vec::<i64>::new());
    assert_eq!(names.len(), 1);
    assert!(
        !names.bytes().windows(5).any(|bytes| bytes == b"smith"),
        "overwritten"
    );
    assert!(!format!("{names:?}").contains("ngstr"));
}

#[test]
fn a_barcode_that_is_entered_finds_the_orders_that_want_its_product() {
    let mut index = many();
    let search = Search::parse("850047100016", now(), New_York).expect("understood");
    let meanings = [("850047100016".to_owned(), vec!["mug-blue".to_owned()])];
    let found = index.find(&search, &Names::default(), true, &meanings, 0, 10);
    assert_eq!(found.orders, [OrderId(1), OrderId(3)]);
    assert_eq!(search.free_words(), ["850047100016"]);
}

#[test]
fn what_was_typed_is_not_shown_for_debugging() {
    let search = Search::parse("kowalski", now(), New_York).expect("understood");
    assert_eq!(format!("{search:?}"), "Search(1 words, •••)");
}
