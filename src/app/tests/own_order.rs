//! An order that is not Amazon's, taken in by hand; rates that Amazon does not sell.

use crate::app::effect::{Commit, Effect};
use crate::app::fixtures::{Desk, own_store};
use crate::app::forms::FormKind;
use crate::app::hints::hints;
use crate::app::keys::Action;
use crate::app::layers::Layer;
use crate::app::message::Key;
use crate::app::state::Screen;
use crate::domain::order::Origin;

fn desk() -> Desk {
    let mut desk = Desk::signed_in();
    desk.state.setup.stores = vec![own_store()];
    desk
}

/// Types these into the fields from Number on; an empty one goes on.
fn fill(desk: &mut Desk, values: &[&str]) {
    for value in values {
        if value.is_empty() {
            desk.press(Key::Enter);
        } else {
            desk.scan(value);
        }
    }
}

const VALUES: [&str; 17] = [
    "W-1001",
    "Marguerite Canary",
    "",
    "7 Quillfeather Row",
    "",
    "Columbus",
    "OH",
    "43004",
    "US",
    "6145550100",
    "",
    "2026-11-25",
    "",
    "",
    "MUG-RED; WATCH-9",
    "2; 1",
    "12.99; 40",
];

fn yes(desk: &mut Desk) -> Option<Commit> {
    let effects = desk.press(Key::Function(10));
    effects.into_iter().find_map(|effect| match effect {
        Effect::Commit(_, commit @ Commit::TakeOrderIn(_)) => Some(commit),
        _ => None,
    })
}

#[test]
fn it_is_offered_where_a_store_is_elsewhere() {
    let offered = |desk: &Desk| {
        hints(&desk.state)
            .iter()
            .any(|hint| hint.action == Action::AddOrder)
    };
    assert!(!offered(&Desk::signed_in()));
    let mut desk = desk();
    assert!(offered(&desk));
    desk.control('a');
    assert_eq!(desk.state.screen, Screen::Orders);
    assert!(offered(&desk));
}

#[test]
fn a_filled_form_becomes_an_order_with_its_lines() {
    let mut desk = desk();
    desk.control('k');
    fill(&mut desk, &VALUES);
    let Some(Commit::TakeOrderIn(order)) = yes(&mut desk) else {
        panic!("not taken in: {}", desk.words());
    };
    assert_eq!(
        (order.channel.store.as_str(), order.channel.number.as_str()),
        ("web", "W-1001")
    );
    assert_eq!(order.channel.origin, Origin::Elsewhere);
    let lines: Vec<(&str, u32)> = order
        .channel
        .lines
        .iter()
        .map(|line| (line.sku.as_str(), line.quantity))
        .collect();
    assert_eq!(lines, [("MUG-RED", 2), ("WATCH-9", 1)]);
    assert_eq!(order.customer.recipient.postal_code, "43004");
    assert!(desk.state.layers.is_empty() && desk.words().contains("taken in"));
}

#[test]
fn what_is_wrong_is_said_by_its_field_and_stays_in_the_form() {
    let mut desk = desk();
    desk.control('k');
    let mut values = VALUES;
    values[8] = "USA";
    fill(&mut desk, &values);
    assert!(yes(&mut desk).is_none());
    assert!(
        desk.words().contains("Country: write the ISO code US"),
        "{}",
        desk.words()
    );
    assert!(matches!(desk.state.layer(), Some(Layer::Form(form)) if form.kind == FormKind::OwnOrder));
}

#[test]
fn nothing_typed_stands_in_debug_output_and_badges_stay_scans() {
    let mut desk = desk();
    desk.control('k');
    fill(&mut desk, &VALUES);
    // Not handed over with Enter yet.
    for letter in "Hollowmere".chars() {
        desk.press(Key::Char(letter));
    }
    let state = format!("{:?}", desk.state);
    desk.state.line.clear();
    let text = format!("{state} {:?}", yes(&mut desk));
    for secret in ["Marguerite", "Quillfeather", "43004", "6145550100", "Hollowmere"] {
        assert!(!text.contains(secret), "{secret}");
    }
    desk.control('k');
    desk.scan("TGU-sam");
    assert!(desk.words().contains("Sam"), "{}", desk.words());
}

#[test]
fn where_amazon_sells_no_label_rates_are_not_asked_for() {
    let mut desk = Desk::packed();
    let mut store = own_store();
    store.id = desk.detail.order.channel.store.clone();
    store.marketplace = String::new();
    desk.state.setup.stores = vec![store];
    desk.detail.order.channel.origin = Origin::Elsewhere;
    desk.changed();
    let effects = desk.press(Key::Function(5));
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::Commit(_, Commit::WantQuote(_))))
    );
    assert_eq!(desk.state.screen, Screen::Pack);
    assert!(
        desk.words().contains("record its label here (Ctrl-L)"),
        "{}",
        desk.words()
    );
}
