use super::*;
use crate::domain::packing::PackEvent;
use crate::domain::packing::tests::{bundle, line, product, unit};
use crate::domain::product::Product;
use crate::domain::rows::tests::{detail, parcel, record};
use crate::domain::units::LengthUnit;
use proptest::prelude::*;

fn size(text: &str) -> Dimensions {
    Dimensions::parse_product(text).expect("a size")
}

fn fits(walls: &str, items: &[(&str, u64)]) -> bool {
    let items: Vec<_> = items.iter().map(|(text, count)| (size(text), *count)).collect();
    suggest(&[size(walls)], &items) == Suggestion::Fits(0)
}

#[test]
fn the_smallest_box_that_takes_all_is_suggested_wherever_it_stands_on_the_shelf() {
    let shelf = [size("12x12x12 in"), size("6x4x4 in"), size("10x8x6 in")];
    assert_eq!(suggest(&shelf, &[(size("5x3x3 in"), 1)]), Suggestion::Fits(1));
    assert_eq!(suggest(&shelf, &[(size("5x3x3 in"), 2)]), Suggestion::Fits(2));
    assert_eq!(suggest(&shelf, &[(size("11x11x11 in"), 1)]), Suggestion::Fits(0));
    assert_eq!(suggest(&shelf, &[(size("11x11x11 in"), 2)]), Suggestion::NoBox);
    assert_eq!(suggest(&[], &[(size("5x3x3 in"), 1)]), Suggestion::NoBox);
}

#[test]
fn of_two_boxes_of_one_volume_the_first_on_the_shelf_is_taken() {
    let shelf = [size("4x3x2 in"), size("2x3x4 in")];
    assert_eq!(suggest(&shelf, &[(size("1x1x1 in"), 1)]), Suggestion::Fits(0));
}

#[test]
fn an_item_is_turned_as_it_must_be_and_a_long_one_does_not_go_across() {
    assert!(fits("10x4x2 in", &[("2x10x4 in", 1)]));
    assert!(fits("10x4x2 in", &[("4x2x10 in", 1)]));
    // By volume it would: 11 of 1000 cubic inches.
    assert!(!fits("10x10x10 in", &[("11x1x1 in", 1)]));
}

#[test]
fn what_fills_a_box_to_the_last_inch_fits() {
    assert!(fits("4x4x4 in", &[("2x2x2 in", 8)]));
    assert!(!fits("4x4x4 in", &[("2x2x2 in", 9)]));
    assert!(fits("10x8x6 in", &[("10x8x3 in", 1), ("10x4x3 in", 2)]));
}

#[test]
fn volume_alone_does_not_make_it_fit() {
    // Two of them are less than the box by volume, but stand in each other's way.
    assert!(fits("10x10x10 in", &[("6x6x6 in", 1)]));
    assert!(!fits("10x10x10 in", &[("6x6x6 in", 2)]));
}

#[test]
fn an_item_lies_beside_what_lies_there_and_not_in_it() {
    // In a flat box: a square, a strip beside it, and what is left above the square.
    let (square, strip) = ("6x6x1 in", "4x8x1 in");
    assert!(fits("10x8x1 in", &[(square, 1), (strip, 1), ("6x2x1 in", 1)]));
    assert!(!fits("10x8x1 in", &[(square, 1), (strip, 1), ("7x1x1 in", 1)]));
}

#[test]
fn what_is_to_be_packed_is_measured_as_the_catalogue_says() {
    let measured = |sku: &str, text: &str| Product {
        dimensions: Some(size(text)),
        ..product(sku, &[])
    };
    let lines = [
        line("1", "SET", 2),
        line("2", "MUG", 3),
        line("3", "KIT", 1),
        line("4", "GONE", 0),
    ];
    let products = vec![
        bundle(ProductKind::Group, product("SET", &[]), &[("PAN", 1), ("MUG", 2)]),
        bundle(ProductKind::Kit, measured("KIT", "9x9x9 in"), &[("MUG", 4)]),
        measured("MUG", "4x4x4 in"),
        measured("PAN", "10x10x2 in"),
    ];
    let mut order = detail(&lines, &products);
    let (mug, pan, kit) = (size("4x4x4 in"), size("10x10x2 in"), size("9x9x9 in"));
    let all = vec![(pan, 2), (mug, 4), (mug, 3), (kit, 1)];
    assert_eq!(contents(&order, None), Ok(all.clone()));
    // In one box all that was ordered is measured, whatever is scanned; in several what lies in the box.
    order.boxes = vec![parcel(1), parcel(2)];
    let scanned = |number, into, sku: &str, unit| {
        let units = vec![unit];
        let event = PackEvent::Verified {
            units,
            sku: sku.into(),
        };
        record(number, into, event)
    };
    order.scans = vec![scanned(1, 1, "MUG", unit("2", 0, 0))];
    assert_eq!(contents(&order, Some(BoxId(1))), Ok(all.clone()));
    order.scans.push(scanned(2, 2, "PAN", unit("1", 0, 0)));
    assert_eq!(contents(&order, Some(BoxId(1))), Ok(vec![(mug, 1)]));
    assert_eq!(contents(&order, Some(BoxId(2))), Ok(vec![(pan, 1)]));
    assert_eq!(contents(&order, None), Ok(all));
    let shelf = [size("12x12x12 in"), size("5x5x5 in")];
    assert_eq!(suggest_for(&order, Some(BoxId(1)), &shelf), Suggestion::Fits(1));
    assert_eq!(suggest_for(&order, Some(BoxId(2)), &shelf), Suggestion::Fits(0));
    // A group that is measured as one is not measured by its children.
    order.products[0].dimensions = Some(kit);
    assert_eq!(contents(&order, None), Ok(vec![(kit, 2), (mug, 3), (kit, 1)]));
    // What has no size is named once.
    order.products[0].dimensions = None;
    order.products[2].dimensions = None;
    order.products[3].dimensions = None;
    assert_eq!(contents(&order, None), Err(vec!["PAN".into(), "MUG".into()]));
    assert_eq!(
        suggest_for(&order, Some(BoxId(1)), &shelf),
        Suggestion::NoSize(vec!["MUG".into()])
    );
}

#[test]
fn inches_and_centimetres_are_compared_as_they_are() {
    assert!(fits("10x10x10 in", &[("25.4x25.4x25.4 cm", 1)]));
    assert!(!fits("10x10x10 in", &[("25.5x25.4x25.4 cm", 1)]));
}

#[test]
fn a_great_many_are_judged_by_volume_with_room_to_spare() {
    assert!(fits("10x10x10 in", &[("1x1x1 in", 700)]));
    assert!(!fits("10x10x10 in", &[("1x1x1 in", 701)]));
    // Each by itself must go in all the same.
    assert!(!fits("10x10x10 in", &[("1x1x1 in", 100), ("11x1x1 in", 1)]));
    assert!(fits("4x2x5 in", &[("1x1x1 in", 40)]));
    assert!(!fits("4x2x5 in", &[("0.9x0.9x0.9 in", 41)]));
    assert!(!fits("10x10x10 in", &[("1x1x1 in", u64::MAX)]));
}

#[test]
fn nothing_goes_into_the_smallest_box() {
    assert_eq!(
        suggest(&[size("4x4x4 in"), size("2x2x2 in")], &[]),
        Suggestion::Fits(1)
    );
}

fn edges() -> impl Strategy<Value = Dimensions> {
    (1_i64..12, 1_i64..12, 1_i64..12).prop_map(|(length, width, height)| Dimensions {
        length: length * 1000,
        width: width * 1000,
        height: height * 1000,
        unit: LengthUnit::In,
    })
}

proptest! {
    #[test]
    fn no_two_items_overlap_and_none_is_beyond_the_walls(
        walls in edges(),
        items in prop::collection::vec(edges(), 0..30),
    ) {
        let (walls, items): (Edges, Vec<Edges>) = (nanometres(&walls), items.iter().map(nanometres).collect());
        if let Some(placed) = place(&items, walls) {
            prop_assert_eq!(placed.len(), items.len());
            let sorted = |edges: &Edges| {
                let mut edges = *edges;
                edges.sort_unstable();
                edges
            };
            let mut laid: Vec<Edges> = placed.iter().map(|one| sorted(&one.edges)).collect();
            let mut wanted: Vec<Edges> = items.iter().map(sorted).collect();
            laid.sort_unstable();
            wanted.sort_unstable();
            prop_assert_eq!(laid, wanted);
            for (index, one) in placed.iter().enumerate() {
                for (axis, wall) in walls.iter().enumerate() {
                    prop_assert!(one.at[axis] >= 0);
                    prop_assert!(one.end(axis) <= *wall);
                }
                for other in &placed[index + 1..] {
                    let apart = (0..3).any(|axis| {
                        one.at[axis] + one.edges[axis] <= other.at[axis]
                            || other.at[axis] + other.edges[axis] <= one.at[axis]
                    });
                    prop_assert!(apart);
                }
            }
        }
    }

    #[test]
    fn a_larger_box_never_takes_less(walls in edges(), item in edges(), more in 0_i64..5) {
        let larger = Dimensions { length: walls.length + more * 1000, ..walls };
        let fits = |walls| suggest(&[walls], &[(item, 1)]) == Suggestion::Fits(0);
        prop_assert!(!fits(walls) || fits(larger));
    }
}
