//! Why a method was picked, on one screen.

use crate::app::fixtures::{Desk, commits};
use crate::app::layers::Layer;
use crate::app::message::{Key, KeyPress, Message};

fn why(desk: &mut Desk) -> Option<String> {
    let effects = desk.send(Message::Key(KeyPress {
        alt: true,
        ..KeyPress::plain(Key::Char('y'))
    }));
    assert!(commits(&effects).is_empty(), "{effects:?}");
    match desk.state.layer() {
        Some(Layer::Told(told)) => Some(told.lines.join("\n")),
        _ => None,
    }
}

#[test]
fn the_rates_at_hand_are_explained_with_every_offer_and_the_rule_that_chose() {
    let mut desk = Desk::rates();
    let told = why(&mut desk).expect("told");
    assert!(
        told.contains("because: no method is assigned: the cheapest that passes every rule"),
        "{told}"
    );
    assert!(told.contains("BARRED: FedEx Home Delivery"), "{told}");
    assert!(told.contains("RED: "), "{told}");
    let line = |word: &str| {
        told.lines()
            .find(|line| line.contains(word))
            .map(ToOwned::to_owned)
    };
    assert!(
        line("rates of ").is_some_and(|line| line.contains(" EST")),
        "the bench's clock: {told}"
    );
    assert!(
        line("RED: ").is_some_and(|line| line.contains(" MST")),
        "the destination's: {told}"
    );
    assert!(told.contains("not offered by Amazon: "), "{told}");
    assert!(told.contains("Scan by scan"), "{told}");
    // Chosen by hand: what would have been picked is told too.
    desk.press(Key::Esc);
    desk.press(Key::Down);
    let told = why(&mut desk).expect("told");
    assert!(
        told.contains("chosen by hand; by itself it would have been"),
        "{told}"
    );
}

#[test]
fn it_is_told_on_the_pack_screen_before_there_are_rates() {
    let mut desk = Desk::packing();
    let told = why(&mut desk).expect("told");
    assert!(
        told.contains("No policy was asked") && !told.contains("The rates at hand"),
        "{told}"
    );
}
