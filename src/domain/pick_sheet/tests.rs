use super::*;
use crate::domain::packing::tests::{bundle, line, product};
use crate::domain::refund::tests::label;
use crate::domain::rows::tests::detail;
use crate::domain::shipment::LabelState;
use crate::domain::status::OrderStatus;

#[test]
fn bins_are_walked_as_a_person_walks_them() {
    let mut bins = vec!["", "B-1", "A-10", "a-2", "A-2-3", "A-2", "10", "9"];
    bins.sort_by(|a, b| by_bin(a, b));
    assert_eq!(bins, ["9", "10", "A-2", "a-2", "A-2-3", "A-10", "B-1", ""]);
}

#[test]
fn a_tote_names_its_list_and_its_place() {
    assert_eq!(read_tote("7-3"), Some((PickListId(7), 3)));
    for code in ["7", "7-0", "0-3", "-7-3", "7-3-1", "x-3", "7-", ""] {
        assert_eq!(read_tote(code), None, "{code}");
    }
}

fn order(number: &str, lines: &[crate::domain::order::OrderLine]) -> OrderDetail {
    let kit = bundle(ProductKind::Kit, product("KIT", &[]), &[("MUG", 9)]);
    let set = bundle(
        ProductKind::Group,
        product("SET", &[]),
        &[("PAN", 1), ("MUG", 2), ("GIFT", 0)],
    );
    let bare = bundle(ProductKind::Group, product("BARE", &[]), &[]);
    let products = [kit, set, bare, product("PAN", &[]), product("MUG", &[])];
    let mut order = detail(lines, &products);
    order.order.channel.number = number.into();
    order
}

#[test]
fn products_are_counted_over_all_orders_and_by_tote() {
    let orders = [
        (1, order("A", &[line("1", "MUG", 2), line("2", "SET", 2)])),
        (
            3,
            order(
                "B",
                &[line("1", "KIT", 1), line("2", "NONE", 0), line("3", "BARE", 1)],
            ),
        ),
        (4, order("C", &[line("1", "SET", 1)])),
    ];
    let bins: BTreeMap<Sku, String> = [("PAN", "B-1"), ("MUG", "A-1"), ("KIT", "A-1")]
        .map(|(sku, bin)| (sku.into(), bin.to_owned()))
        .into();
    let sheet = pick_sheet(PickListId(7), "Wave", &orders, &bins);
    let items: Vec<_> = sheet
        .items
        .iter()
        .map(|item| {
            (
                item.bin.as_str(),
                item.sku.as_str(),
                item.quantity,
                &item.totes[..],
            )
        })
        .collect();
    assert_eq!(
        items,
        [
            ("A-1", "KIT", 1, &[(3, 1)][..]),
            ("A-1", "MUG", 8, &[(1, 6), (4, 2)]),
            ("B-1", "PAN", 3, &[(1, 2), (4, 1)]),
            ("", "BARE", 1, &[(3, 1)]),
        ]
    );
    let totes: Vec<(u32, &str, u32)> = sheet
        .totes
        .iter()
        .map(|tote| (tote.number, tote.order.as_str(), tote.units))
        .collect();
    assert_eq!(totes, [(1, "A", 8), (3, "B", 2), (4, "C", 3)]);
    assert_eq!(sheet.units(), 13);
    assert_eq!(sheet.tote_code(3), "TGT-7-3");
    assert_eq!(read_tote("7-3"), Some((sheet.list, 3)));
    assert!(sheet.left_out.is_empty());
    assert_eq!(
        (sheet.name.as_str(), sheet.items[1].title.as_str()),
        ("Wave", "The MUG")
    );
}

#[test]
fn what_may_not_be_shipped_or_has_a_label_is_not_picked() {
    for status in OrderStatus::ALL {
        let mut one = order("A", &[line("1", "MUG", 1)]);
        one.order.status = status;
        let sheet = pick_sheet(PickListId(7), "Wave", &[(1, one)], &BTreeMap::new());
        let is_picked = status.can_ship() && status != OrderStatus::Shipped;
        assert_eq!(sheet.totes.is_empty(), !is_picked, "{status}");
        assert_eq!(sheet.left_out.is_empty(), is_picked, "{status}");
    }
    for state in LabelState::ALL {
        let mut one = order("A", &[line("1", "MUG", 1)]);
        one.labels = vec![label(LabelState::Voided), label(state)];
        let sheet = pick_sheet(PickListId(7), "Wave", &[(1, one)], &BTreeMap::new());
        assert_eq!(sheet.items.is_empty(), state.is_live(), "{state}");
    }
}
