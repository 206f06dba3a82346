//! Several boxes for an order, and taking back what was done last.

use crate::app::bench::Turn;
use crate::app::effect::Commit;
use crate::app::fixtures::{Desk, MUG, WATCH, az, commits};
use crate::app::message::{Key, KeyPress, Message};
use crate::app::state::Screen;
use crate::domain::packing::PackEvent;
use crate::domain::shipment::LabelState;

fn own_box(desk: &Desk) -> u32 {
    match desk.state.bench.as_ref().map(|bench| &bench.turn) {
        Some(Turn::Ours(row)) => row.number,
        other => panic!("no box is ours: {other:?}"),
    }
}

fn alt(desk: &mut Desk, letter: char) {
    desk.send(Message::Key(KeyPress {
        alt: true,
        ..KeyPress::plain(Key::Char(letter))
    }));
}

/// Two mugs in box 1, the watch with its code in box 2, which is open.
fn two_boxes() -> Desk {
    let mut desk = Desk::packing();
    for code in [MUG, MUG, "TGC-NEXT", WATCH, &az('B')] {
        desk.scan(code);
    }
    desk
}

#[test]
fn the_next_box_is_opened_by_key_or_command_and_takes_the_next_scans() {
    let mut desk = Desk::packing();
    desk.control('x');
    assert_eq!(desk.detail.boxes.len(), 1, "nothing lies in the first one");
    desk.scan(MUG);
    desk.scan(MUG);
    desk.control('x');
    assert_eq!((own_box(&desk), desk.detail.boxes.len()), (2, 2));
    assert_eq!(desk.words(), "GOOD: BOX 2: scan what goes into it");
    let effects = desk.scan(WATCH);
    assert!(
        matches!(commits(&effects)[..], [Commit::AcceptScan(record)] if record.box_id.0 == 8 && record.sequence == 0)
    );
    desk.control('x');
    assert_eq!(own_box(&desk), 2, "its code is due first");
    desk.scan(&az('B'));
    desk.control('x');
    assert_eq!(
        own_box(&desk),
        1,
        "all is packed: the box that waits for its label"
    );
    assert!(desk.words().contains("BOX 1: now its weight"), "{}", desk.words());
    assert_eq!(two_boxes().detail.boxes.len(), 2, "by the command barcode");
}

#[test]
fn scans_made_while_the_next_box_opens_fall_into_it() {
    let mut desk = Desk::packing();
    desk.scan(MUG);
    desk.slow = true;
    let asked = desk.control('x');
    desk.scan(MUG);
    assert!(
        !desk.log.iter().any(|effect| matches!(
            effect,
            crate::app::effect::Effect::Commit(_, Commit::AcceptScan(record)) if record.sequence == 1
        )),
        "not into the box that was left"
    );
    desk.slow = false;
    let request = asked
        .iter()
        .find_map(|effect| match effect {
            crate::app::effect::Effect::Commit(request, Commit::NextBox(_)) => Some(*request),
            _ => None,
        })
        .expect("asked for");
    let mut row = desk.detail.boxes[0].clone();
    row.id = crate::domain::ids::BoxId(8);
    row.number = 2;
    desk.detail.boxes.push(row.clone());
    let done = crate::app::message::Done::Box(row);
    desk.send(Message::Committed { request, done });
    let last = desk.detail.scans.last().expect("a scan");
    assert_eq!((last.box_id.0, last.sequence), (8, 0));
}

#[test]
fn each_box_is_weighed_and_labelled_on_its_own() {
    let mut desk = two_boxes();
    desk.scan("1 lb 4 oz");
    desk.scan("1");
    let bench = desk.state.bench.as_ref().expect("open");
    let request = bench.quote_request().expect("packed");
    assert_eq!((request.box_number, request.items.len()), (2, 1));
    assert_eq!(request.items[0].serials, [az('B')]);
    desk.control('x');
    let bench = desk.state.bench.as_ref().expect("open");
    assert!(
        bench.quote_request().is_err(),
        "box 1 has a weight of its own to take"
    );
    desk.scan("2 lb");
    desk.scan("1");
    let bench = desk.state.bench.as_ref().expect("open");
    let request = bench.quote_request().expect("packed");
    assert_eq!((request.box_number, request.items.len()), (1, 1));
    assert_eq!(request.items[0].quantity, 2);
}

#[test]
fn a_label_on_one_box_leaves_the_other_to_be_packed() {
    let mut desk = two_boxes();
    let second = desk.detail.boxes[1].id;
    desk.set_label(LabelState::Printed);
    desk.detail.labels[0].box_id = second;
    desk.detail.order.status = crate::domain::status::OrderStatus::InPacking;
    desk.changed();
    desk.press(Key::Function(9));
    assert_eq!(desk.state.screen, Screen::Label);
    let bench = desk.state.bench.as_ref().expect("open");
    assert!(
        bench.packable() && bench.frozen().is_none(),
        "box 1 waits for its label"
    );
    assert_eq!(bench.pack_box().map(|row| row.number), Some(1));
}

#[test]
fn the_boxes_are_shown_and_one_of_them_is_opened() {
    let mut desk = two_boxes();
    alt(&mut desk, 'b');
    desk.press(Key::Up);
    desk.press(Key::Enter);
    assert_eq!(own_box(&desk), 1);
    assert!(desk.state.layers.is_empty());
}

#[test]
fn undo_takes_back_the_last_scan_then_the_one_before() {
    let mut desk = Desk::packing();
    desk.scan(MUG);
    desk.scan(MUG);
    let effects = desk.control('z');
    let last = desk.detail.scans[1].id;
    assert!(matches!(
        commits(&effects)[..],
        [Commit::AcceptScan(record)] if matches!(&record.event, PackEvent::Undone { scan, .. } if *scan == last)
    ));
    assert!(
        desk.words().contains("taken back: 1 × Stoneware mug"),
        "{}",
        desk.words()
    );
    desk.scan("TGC-UNDO");
    let session = desk
        .state
        .bench
        .as_ref()
        .and_then(|bench| bench.saved.as_ref())
        .expect("open");
    assert!(session.is_empty());
    desk.control('z');
    assert!(desk.words().contains("does nothing here"), "{}", desk.words());
    desk.scan(MUG);
    assert!(desk.words().contains("(1 of 2)"), "{}", desk.words());
}

#[test]
fn undo_of_a_new_box_goes_back_to_the_one_before() {
    let mut desk = Desk::packing();
    for code in [MUG, "TGC-NEXT"] {
        desk.scan(code);
    }
    assert_eq!(own_box(&desk), 2);
    desk.control('z');
    assert_eq!(own_box(&desk), 1);
    desk.scan(MUG);
    assert_eq!(desk.detail.scans.last().map(|scan| scan.box_id.0), Some(7));
}

#[test]
fn a_purchase_is_taken_back_only_until_amazon_is_asked() {
    let mut desk = Desk::labelled(LabelState::Wanted);
    let effects = desk.control('z');
    assert!(matches!(commits(&effects)[..], [Commit::WithdrawLabel { .. }]));
    assert!(desk.words().contains("nothing was bought"), "{}", desk.words());
    for state in [
        LabelState::Asked,
        LabelState::Unknown,
        LabelState::Bought,
        LabelState::Printed,
    ] {
        let mut desk = Desk::labelled(state);
        let effects = desk.control('z');
        assert!(commits(&effects).is_empty(), "{state}");
        assert!(
            desk.words().contains("not taken back"),
            "{state}: {}",
            desk.words()
        );
    }
}
