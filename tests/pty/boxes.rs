//! An order in several boxes, and in several parts, at the bench; slips and sheets on paper.

use crate::demo::Demo;

const ENTER: &[u8] = b"\r";
const NEXT_BOX: &[u8] = b"\x18";
const UNDO: &[u8] = b"\x1a";
const BOXES: &[u8] = b"\x1bb";
const ESC: &[u8] = b"\x1b";
const SPLIT: &[u8] = b"\x1bz";
const SLIP: &[u8] = b"\x1bo";
const SHEET: &[u8] = b"\x1bt";
const DOWN: &[u8] = b"\x1b[B";
const F10: &[u8] = b"\x1b[21~";

#[test]
fn an_order_goes_into_two_boxes_and_each_gets_its_label() {
    let mut demo = Demo::signed_in(80, 24);
    demo.open_prime();
    demo.terminal.scan("850047100016");
    demo.terminal.wait_for("1 of 1");
    demo.terminal.send(NEXT_BOX);
    demo.terminal.wait_for("Box 2 of 2 (0 in it)");
    demo.terminal.scan("850047100030");
    demo.terminal.wait_for("Box 2 of 2 (1 in it)");
    demo.terminal.send(UNDO);
    demo.terminal.wait_for("taken back");
    demo.terminal.wait_for("Box 2 of 2 (0 in it)");
    demo.terminal.scan("850047100030");
    demo.terminal.wait_for("Box 2 of 2 (1 in it)");
    demo.terminal.scan("850047100030");
    demo.terminal.wait_for("ALL VERIFIED");
    demo.terminal.wait_for("Box 2 of 2 (2 in it)");
    demo.terminal.send(BOXES);
    demo.terminal.wait_for("Boxes of this order");
    demo.terminal.wait_for("2 × Lavender hand soap");
    demo.terminal.send(ESC);
    // An escape that runs into the next key would be another key.
    demo.terminal.wait_for("F5 Rates");
    demo.shop_rates("1 lb 6 oz");
    demo.buy();
    demo.terminal.wait_for("Next box");
    demo.terminal.send(ENTER);
    demo.terminal.wait_for("Box 1 of 2 (1 in it)");
    demo.terminal.wait_for("F2 Weight");
    demo.shop_rates("1 lb");
    demo.buy();
    // The sheet goes out after its purchase is shown.
    come_out(&demo, 2);
    assert_eq!(demo.sheets().len(), 2, "a label for each box");
    // A slip of the shown label's box, and the barcodes of commands and of boxes.
    demo.terminal.send(SLIP);
    demo.terminal.wait_for("the packing slip goes to the printer");
    come_out(&demo, 3);
    demo.terminal.send(ESC);
    demo.terminal.wait_for("Alt-A Assign");
    demo.terminal.send(SHEET);
    demo.terminal.wait_for("the barcodes go to the printer");
    come_out(&demo, 5);
    assert_eq!(demo.sheets().len(), 5);
}

fn come_out(demo: &Demo, count: usize) {
    for _ in 0..200 {
        if demo.sheets().len() >= count {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

#[test]
fn an_order_is_split_by_keys_and_its_number_offers_both_parts() {
    let mut demo = Demo::signed_in(80, 24);
    demo.terminal.scan("TGU-sam");
    demo.terminal.wait_for("Sam");
    demo.open_prime();
    demo.terminal.send(SPLIT);
    demo.terminal.wait_for("what goes as an order of its own?");
    demo.terminal.send(DOWN);
    demo.terminal.scan("2");
    demo.terminal.send(F10);
    demo.terminal.wait_for("Split a Prime order?");
    demo.terminal.scan("out of stock");
    demo.terminal.send(F10);
    demo.terminal.wait_for("waits as an order of its own");
    demo.terminal.wait_for("111-9131413-9770664 1/2");
    demo.terminal.send(ESC);
    demo.terminal.wait_for("Alt-A Assign");
    demo.terminal.scan("111-9131413-9770664");
    demo.terminal
        .wait_for("2 parts of order 111-9131413-9770664: choose one");
    demo.terminal.wait_for("2/2 Lavender hand soap");
    demo.terminal.wait_for("In Packing (you)");
}
