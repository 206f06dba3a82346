//! A rehearsal on the screens.

use crate::app::fixtures::{Desk, MUG, NUMBER, WATCH, az};
use crate::app::layers::Layer;
use crate::app::message::Key;
use crate::domain::practice::{Plan, Practice};
use crate::domain::shipment::LabelState;
use chrono::TimeDelta;

fn rehearsing(orders: u32) -> Desk {
    let mut desk = Desk::signed_in();
    desk.state.practice = Some(Practice::new(Plan {
        orders,
        minutes: Some(30),
    }));
    desk
}

fn line(desk: &Desk) -> String {
    desk.state.practice_line().expect("somebody rehearses")
}

#[test]
fn scans_errors_and_wrong_steps_are_counted_and_the_end_is_told() {
    let mut desk = rehearsing(1);
    desk.scan("850047100047");
    assert!(
        line(&desk).contains(" 0 error scans"),
        "not before an order is open"
    );
    desk.scan(NUMBER);
    desk.now += TimeDelta::seconds(6);
    desk.scan(MUG);
    desk.scan(MUG);
    desk.scan("850047100047");
    assert!(
        line(&desk).contains("1 error scans · 2.0 s/scan · 0 wrong steps"),
        "{}",
        line(&desk)
    );
    desk.press(Key::Function(7));
    assert!(line(&desk).contains("1 wrong steps"), "{}", line(&desk));
    for code in [WATCH, &az('B'), "1 lb 4 oz", "1"] {
        desk.scan(code);
    }
    assert!(line(&desk).contains(" · 0/1 orders · "), "{}", line(&desk));
    desk.set_label(LabelState::Bought);
    assert!(
        line(&desk).starts_with("OVER: 135 points · 1/1 orders"),
        "{}",
        line(&desk)
    );
    let Some(Layer::Told(told)) = desk.state.layer() else {
        panic!("{:?}", desk.state.layer())
    };
    assert!(
        told.lines.iter().any(|line| line == "Orders done: 1"),
        "{:?}",
        told.lines
    );
    let words = desk.state.last_words().join("\n");
    assert!(
        words.contains("Error scans: 1") && words.contains("POINTS: 135"),
        "{words}"
    );
    // Nothing counts any more.
    desk.press(Key::Esc);
    desk.scan("850047100047");
    assert!(line(&desk).contains("1 error scans"), "{}", line(&desk));
}

#[test]
fn the_time_is_over_with_the_minute() {
    let mut desk = rehearsing(5);
    desk.scan(NUMBER);
    desk.now += TimeDelta::minutes(31);
    desk.changed();
    let Some(Layer::Told(told)) = desk.state.layer() else {
        panic!("{:?}", desk.state.layer())
    };
    assert_eq!(told.lines[0], "The time is over.");
}

#[test]
fn nobody_rehearses_on_a_real_day() {
    let desk = Desk::packing();
    assert_eq!(desk.state.practice_line(), None);
    assert!(desk.state.last_words().is_empty());
}
