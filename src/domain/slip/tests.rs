//! Packing slips: whatever an order holds fits its lines.

use super::{MOST_LINES, Slip, WIDTH};

fn slip() -> Slip {
    Slip {
        number: "111-0000001-0000001".to_owned(),
        lines: Vec::new(),
    }
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
fn a_slip_prints_as_dots() {
    let mut slip = slip();
    slip.add("Jane Doe");
    assert_eq!(format!("{slip:?}"), "•••");
}
