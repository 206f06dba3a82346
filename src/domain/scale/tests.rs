//! When a scale's weight may be taken.

use super::{Reading, ScaleView, Settling, far_from};
use crate::domain::units::Weight;
use chrono::{DateTime, TimeDelta, Utc};

fn at(milliseconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::milliseconds(milliseconds)
}

fn weight(text: &str) -> Weight {
    Weight::parse(text).expect("a weight")
}

fn steady(text: &str) -> Reading {
    Reading::Steady(weight(text))
}

#[test]
fn two_equal_steady_readings_200_ms_apart_are_a_weight() {
    let mut scale = Settling::default();
    assert_eq!(scale.hear(steady("12 oz"), at(0)), ScaleView::Moving);
    assert_eq!(
        scale.hear(steady("12 oz"), at(150)),
        ScaleView::Moving,
        "too soon"
    );
    assert_eq!(
        scale.hear(steady("12 oz"), at(200)),
        ScaleView::Weight(weight("12 oz"))
    );
    assert_eq!(
        scale.hear(steady("12.1 oz"), at(300)),
        ScaleView::Moving,
        "another weight begins anew"
    );
    assert_eq!(
        scale.hear(steady("12.1 oz"), at(500)),
        ScaleView::Weight(weight("12.1 oz"))
    );
}

#[test]
fn whatever_is_not_steady_begins_the_wait_anew() {
    for between in [
        Reading::Moving,
        Reading::Empty,
        Reading::Negative,
        Reading::Over,
        Reading::Fault,
    ] {
        let mut scale = Settling::default();
        scale.hear(steady("12 oz"), at(0));
        scale.hear(between, at(100));
        assert_eq!(
            scale.hear(steady("12 oz"), at(250)),
            ScaleView::Moving,
            "{between:?}"
        );
    }
}

#[test]
fn a_silence_or_a_clock_set_back_ends_what_was_said() {
    let mut scale = Settling::default();
    scale.hear(steady("12 oz"), at(0));
    assert_eq!(scale.hear(steady("12 oz"), at(1_500)), ScaleView::Moving);
    assert_eq!(
        scale.hear(steady("12 oz"), at(1_300)),
        ScaleView::Moving,
        "the clock was set back"
    );
    scale.hear(steady("12 oz"), at(1_700));
    assert!(matches!(scale.silence(), ScaleView::Trouble(_)));
    assert_eq!(scale.hear(steady("12 oz"), at(1_900)), ScaleView::Moving);
}

#[test]
fn what_cannot_be_a_parcel_is_no_weight() {
    let heavy = Reading::Steady(Weight {
        thousandths: 900_000,
        ..Weight::HEAVIEST
    });
    let mut scale = Settling::default();
    for moment in [0, 300, 600] {
        assert!(matches!(scale.hear(heavy, at(moment)), ScaleView::Trouble(_)));
    }
}

#[test]
fn a_weight_far_from_the_contents_is_said() {
    let far = |is: &str, should: &str| far_from(weight(is), weight(should)).is_some();
    assert!(!far("34 oz", "33.4 oz") && !far("2 lb", "33.4 oz") && !far("40 oz", "33.4 oz"));
    assert!(far("20 oz", "33.4 oz"), "something is missing");
    assert!(far("34 lb", "33.4 oz"), "the unit is wrong");
    assert!(!far("12 oz", "1.9 oz"), "a box weighs something itself");
    // The borders themselves are not far: nine tenths of it, and a third above it with half a kilogram.
    assert!(!far("9 oz", "10 oz") && far("8.9 oz", "10 oz"));
    assert!(!far("900 g", "300 g") && far("901 g", "300 g"));
}

#[test]
fn what_just_fits_is_no_silence_and_no_clock_set_back() {
    let mut scale = Settling::default();
    scale.hear(steady("12 oz"), at(0));
    assert_eq!(
        scale.hear(steady("12 oz"), at(1_000)),
        ScaleView::Weight(weight("12 oz")),
        "a second is no silence"
    );
    // Two readings of one moment are one.
    let mut scale = Settling::default();
    for moment in [0, 100, 100] {
        scale.hear(steady("12 oz"), at(moment));
    }
    assert_eq!(
        scale.hear(steady("12 oz"), at(200)),
        ScaleView::Weight(weight("12 oz"))
    );
    // After the clock was set back the wait begins at what it says now.
    scale.hear(steady("12 oz"), at(100));
    assert_eq!(scale.hear(steady("12 oz"), at(250)), ScaleView::Moving);
    assert_eq!(
        scale.hear(steady("12 oz"), at(300)),
        ScaleView::Weight(weight("12 oz"))
    );
}

#[test]
fn what_the_scale_says_stands_on_the_screen() {
    for (view, words) in [
        (ScaleView::Weight(weight("12 oz")), "scale: 12 oz"),
        (ScaleView::Moving, "scale: not at rest yet"),
        (ScaleView::Empty, "scale: empty"),
        (ScaleView::Trouble("broken".to_owned()), "scale: broken"),
    ] {
        assert_eq!(view.words(), words);
    }
}
