//! The scale at the bench: offered once, never carried over.

use crate::app::effect::Commit;
use crate::app::fixtures::{Desk, MUG, WATCH, az, commits};
use crate::app::message::{Key, Message};
use crate::domain::scale::ScaleView;
use crate::domain::units::Weight;

fn weight(text: &str) -> Weight {
    Weight::parse(text).expect("a weight")
}

fn hear(desk: &mut Desk, text: &str) {
    desk.send(Message::Scale(ScaleView::Weight(weight(text))));
}

fn verified() -> Desk {
    let mut desk = Desk::packing();
    for code in [MUG, MUG, WATCH, &az('B')] {
        desk.scan(code);
    }
    desk
}

#[test]
fn enter_takes_the_weight_that_the_scale_offers() {
    let mut desk = verified();
    hear(&mut desk, "1 lb 4 oz");
    let effects = desk.press(Key::Enter);
    assert!(matches!(
        commits(&effects)[..],
        [Commit::SetBox { weight: Some(taken), .. }] if *taken == weight("1 lb 4 oz")
    ));
    assert_eq!(desk.state.offered_weight(), None, "taken once");
    desk.send(Message::Scale(ScaleView::Moving));
    hear(&mut desk, "1 lb 4 oz");
    assert!(desk.state.offered_weight().is_some(), "something moved on it");
}

#[test]
fn what_is_not_at_rest_is_not_taken() {
    for view in [
        ScaleView::Moving,
        ScaleView::Empty,
        ScaleView::Trouble("off".to_owned()),
    ] {
        let mut desk = verified();
        desk.send(Message::Scale(view));
        assert!(commits(&desk.press(Key::Enter)).is_empty(), "the dialog opens");
        assert_eq!(desk.state.layers.len(), 1);
    }
}

#[test]
fn a_weight_is_not_carried_over_to_the_next_box_or_order() {
    let mut desk = Desk::packing();
    desk.scan(MUG);
    hear(&mut desk, "12 oz");
    desk.control('x');
    assert_eq!(desk.state.offered_weight(), None, "it was there before the box");
    desk.scan(MUG);
    desk.scan(WATCH);
    desk.scan(&az('B'));
    assert_eq!(desk.state.offered_weight(), None);
    hear(&mut desk, "13 oz");
    assert_eq!(desk.state.offered_weight(), Some(weight("13 oz")));
    let mut desk = Desk::signed_in();
    hear(&mut desk, "12 oz");
    desk.scan(crate::app::fixtures::NUMBER);
    assert_eq!(desk.state.offered_weight(), None, "nor into an order");
}

#[test]
fn a_weight_far_from_the_contents_is_said_and_kept() {
    let mut desk = verified();
    desk.scan("20 lb");
    assert!(
        desk.words().contains("LOOK: 20 lb is far more"),
        "{}",
        desk.words()
    );
    assert!(desk.state.weight_warning().is_some());
    desk.scan("5 oz");
    assert!(
        desk.words().contains("is everything in the box?"),
        "{}",
        desk.words()
    );
    desk.scan("1 lb 4 oz");
    assert_eq!(desk.state.weight_warning(), None);
}
