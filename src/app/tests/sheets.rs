//! The packing slip and the command sheet by key, and whose order it is in lists.

use crate::app::effect::{Commit, Effect};
use crate::app::fixtures::{Desk, commits};
use crate::app::hints::hints;
use crate::app::keys::Action;
use crate::app::message::{Key, KeyPress, Message};
use crate::domain::shipment::LabelState;
use crate::domain::user::Permission;

fn alt(desk: &mut Desk, letter: char) -> Vec<Effect> {
    desk.send(Message::Key(KeyPress {
        alt: true,
        ..KeyPress::plain(Key::Char(letter))
    }))
}

fn offers(desk: &Desk) -> bool {
    hints(&desk.state).iter().any(|hint| hint.action == Action::Slip)
}

#[test]
fn a_packing_slip_is_printed_by_key_once_something_lies_in_the_box() {
    assert!(!offers(&Desk::new()));
    let mut desk = Desk::packed();
    assert!(offers(&desk));
    let effects = alt(&mut desk, 'o');
    let [
        Commit::PrintSheet {
            slip: Some((order, _)),
            ..
        },
    ] = commits(&effects)[..]
    else {
        panic!("{effects:?}")
    };
    assert_eq!(*order, desk.detail.order.id);
    assert!(
        offers(&Desk::labelled(LabelState::Printed)),
        "of the shown label's box"
    );
    desk.change_person("Anna", |anna| {
        anna.may.remove(&Permission::SeeCustomers);
    });
    assert!(!offers(&desk), "it shows the customer's address");
    assert!(commits(&alt(&mut desk, 'o')).is_empty());
}

#[test]
fn the_command_sheet_is_printed_from_the_first_screen() {
    let mut desk = Desk::signed_in();
    let effects = alt(&mut desk, 't');
    assert!(
        matches!(commits(&effects)[..], [Commit::PrintSheet { slip: None, .. }]),
        "{effects:?}"
    );
}
