//! The box that is suggested for what lies on the bench.

use crate::app::effect::Commit;
use crate::app::fixtures::{Desk, MUG, WATCH, az, commits};
use crate::app::layers::{Layer, Measure};
use crate::app::message::Key;
use crate::app::state::BoxPreset;
use crate::domain::units::Dimensions;

fn size(text: &str) -> Dimensions {
    Dimensions::parse_product(text).expect("a size")
}

fn shelf(desk: &mut Desk, boxes: &[(&str, &str, bool)]) {
    desk.state.setup.presets = (1..)
        .zip(boxes)
        .map(|(digit, (name, text, flat_rate))| BoxPreset {
            digit,
            name: (*name).to_owned(),
            dimensions: size(text),
            flat_rate: *flat_rate,
        })
        .collect();
}

fn measured(desk: &mut Desk, each: Option<&str>) {
    let detail = desk.state.bench.as_mut().and_then(|bench| bench.detail.as_mut());
    for product in &mut detail.expect("an order is open").products {
        product.dimensions = each.map(size);
    }
}

/// All verified and weighed; the size is asked for.
fn asked(each: Option<&str>, boxes: &[(&str, &str, bool)]) -> Desk {
    let mut desk = Desk::packing();
    for code in [MUG, MUG, WATCH, &az('B')] {
        desk.scan(code);
    }
    desk.scan("20 oz");
    measured(&mut desk, each);
    shelf(&mut desk, boxes);
    desk.press(Key::Enter);
    assert!(matches!(
        desk.state.layers.last(),
        Some(Layer::Measure(Measure::Size))
    ));
    desk
}

const BOXES: [(&str, &str, bool); 3] = [
    ("LARGE", "20x20x20 in", false),
    ("FITTING", "10x8x6 in", false),
    ("TINY", "2x2x2 in", false),
];

#[test]
fn enter_alone_takes_the_smallest_box_that_the_items_fit_in() {
    let mut desk = asked(Some("4x4x4 in"), &BOXES);
    let effects = desk.press(Key::Enter);
    assert!(matches!(
        commits(&effects)[..],
        [Commit::SetBox { dimensions: Some(taken), flat_rate: Some(false), .. }] if *taken == size("10x8x6 in")
    ));
}

#[test]
fn a_flat_rate_box_is_never_suggested() {
    let mut flat = BOXES;
    flat[1].2 = true;
    let desk = asked(Some("4x4x4 in"), &flat);
    assert_eq!(
        desk.state.suggested_box().map(|one| one.name.as_str()),
        Some("LARGE")
    );
}

#[test]
fn nothing_is_suggested_where_no_size_is_known_or_nothing_is_large_enough() {
    for each in [None, Some("40x4x4 in")] {
        let mut desk = asked(each, &BOXES);
        assert_eq!(desk.state.suggested_box(), None);
        assert!(commits(&desk.press(Key::Enter)).is_empty());
        assert_eq!(desk.state.layers.len(), 1, "the size is still asked for");
    }
}
