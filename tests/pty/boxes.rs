//! An order in several boxes, at the bench.

use crate::demo::Demo;

const ENTER: &[u8] = b"\r";
const NEXT_BOX: &[u8] = b"\x18";
const UNDO: &[u8] = b"\x1a";
const BOXES: &[u8] = b"\x1bb";
const ESC: &[u8] = b"\x1b";

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
    for _ in 0..200 {
        if demo.sheets().len() >= 2 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(demo.sheets().len(), 2, "a label for each box");
}
