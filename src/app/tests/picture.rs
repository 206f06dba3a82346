//! Looking at labels and slips.

use crate::app::effect::{Effect, PictureWish};
use crate::app::fixtures::{Desk, drawn_sheets};
use crate::app::layers::Layer;
use crate::app::message::{Key, KeyPress, Message};
use crate::app::{Look, State};
use crate::domain::picture::Nearness;
use crate::domain::shipment::LabelState;
use crate::domain::user::Permission;

fn alt_i(desk: &mut Desk) -> Vec<PictureWish> {
    let effects = desk.send(Message::Key(KeyPress {
        alt: true,
        ..KeyPress::plain(Key::Char('i'))
    }));
    let wish = |effect: &Effect| match effect {
        Effect::OpenPicture(wish) => Some(*wish),
        _ => None,
    };
    effects.iter().filter_map(wish).collect()
}

fn look(state: &State) -> Option<&Look> {
    match state.layer() {
        Some(Layer::Look(look)) => Some(look),
        _ => None,
    }
}

#[test]
fn a_label_is_looked_at_near_and_sheet_by_sheet() {
    let mut desk = Desk::labelled(LabelState::Printed);
    let wishes = alt_i(&mut desk);
    let [wish] = wishes[..] else { panic!("{wishes:?}") };
    assert_eq!(wish.label, Some(desk.detail.labels[0].id));
    assert!(look(&desk.state).is_some_and(|look| look.sheets.is_none()));
    desk.send(Message::PictureOpened {
        wish,
        sheets: Ok(drawn_sheets()),
    });
    let shown = |desk: &Desk| {
        let look = look(&desk.state).expect("open");
        (look.at, look.nearness, look.right, look.down, look.top)
    };
    desk.press(Key::Down);
    assert_eq!(shown(&desk), (0, Nearness::Whole, 0, 0, 1));
    desk.press(Key::Enter);
    desk.press(Key::Down);
    assert_eq!(shown(&desk), (0, Nearness::Wide, 0, 5, 0));
    desk.press(Key::Enter);
    for _ in 0..21 {
        desk.press(Key::End);
        desk.press(Key::Down);
    }
    desk.press(Key::Home);
    assert_eq!(shown(&desk), (0, Nearness::Near, 95, 100, 0));
    desk.press(Key::PageDown);
    desk.press(Key::PageDown);
    assert_eq!(shown(&desk), (1, Nearness::Near, 0, 0, 0));
    desk.press(Key::PageUp);
    desk.press(Key::Enter);
    assert_eq!(shown(&desk), (0, Nearness::Whole, 0, 0, 0));
    desk.press(Key::Esc);
    assert!(look(&desk.state).is_none());
}

#[test]
fn sheets_that_nobody_waits_for_any_more_are_let_go() {
    let mut desk = Desk::labelled(LabelState::Printed);
    let wish = alt_i(&mut desk)[0];
    desk.press(Key::Esc);
    desk.send(Message::PictureOpened {
        wish,
        sheets: Ok(drawn_sheets()),
    });
    assert!(desk.state.layers.is_empty());
    alt_i(&mut desk);
    let other = PictureWish { label: None, ..wish };
    desk.send(Message::PictureOpened {
        wish: other,
        sheets: Ok(drawn_sheets()),
    });
    assert!(look(&desk.state).is_some_and(|look| look.sheets.is_none()));
    desk.send(Message::PictureOpened {
        wish,
        sheets: Err("the customer's data of this order is erased".to_owned()),
    });
    assert!(desk.words().contains("erased"), "{}", desk.words());
}

#[test]
fn the_slip_of_the_open_box_is_looked_at_while_it_is_packed() {
    let mut desk = Desk::packing();
    let wish = alt_i(&mut desk)[0];
    assert_eq!((wish.label, wish.parcel), (None, Some(desk.detail.boxes[0].id)));
    assert!(look(&desk.state).is_some_and(|look| look.title.starts_with("Packing slip")));
}

#[test]
fn who_may_not_see_customers_sees_no_label() {
    let mut desk = Desk::labelled(LabelState::Printed);
    let wish = alt_i(&mut desk)[0];
    desk.change_person("Anna", |anna| {
        anna.may.remove(&Permission::SeeCustomers);
    });
    assert!(look(&desk.state).is_none(), "closed when it was taken");
    desk.send(Message::PictureOpened {
        wish,
        sheets: Ok(drawn_sheets()),
    });
    assert!(desk.state.layers.is_empty());
    assert!(alt_i(&mut desk).is_empty());
    assert!(
        desk.words().contains("may not") && desk.words().contains("ask Sam"),
        "{}",
        desk.words()
    );
}

#[test]
fn a_picture_is_closed_while_the_next_persons_pin_is_asked_for() {
    let mut desk = Desk::labelled(LabelState::Printed);
    alt_i(&mut desk);
    assert!(look(&desk.state).is_some());
    desk.change_person("Sam", |sam| sam.has_pin = true);
    desk.scan("TGU-sam");
    assert!(look(&desk.state).is_none());
    assert!(desk.words().contains("PIN of Sam"), "{}", desk.words());
}
