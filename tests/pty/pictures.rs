//! A label looked at on the screen, in half blocks.

use crate::demo::Demo;

const ALT_I: &[u8] = b"\x1bi";
const END: &[u8] = b"\x1b[F";
const ENTER: &[u8] = b"\r";
const ESC: &[u8] = b"\x1b";
const ORDER: &str = "111-9131413-9770664";

#[test]
fn a_bought_label_is_looked_at_near_and_closed_again() {
    let mut demo = Demo::signed_in_with(80, 24, &[("TAPEGUN_PREVIEW", "half-blocks")]);
    demo.pack_prime();
    // The slip of the open box, before there is a label.
    demo.terminal.send(ALT_I);
    let slip = demo.terminal.wait_for("PACKING SLIP");
    assert!(slip.contains(ORDER), "{slip}");
    demo.terminal.send(ESC);
    demo.terminal.wait_gone("PACKING SLIP");
    demo.shop_rates("2 lb");
    demo.buy();
    let before = demo.sheets();
    demo.terminal.send(ALT_I);
    let whole = demo.terminal.wait_for("What can be read on it");
    assert!(
        whole.contains("SHIP TO:") && whole.contains("Label of order"),
        "{whole}"
    );
    demo.terminal
        .wait_until("ink", |screen| screen.contents().contains('▄'));
    demo.terminal.send(ENTER);
    demo.terminal.wait_gone("What can be read on it");
    demo.terminal.send(ENTER);
    demo.terminal.wait_for("sideways");
    demo.terminal.send(END);
    demo.terminal.send(ENTER);
    demo.terminal.wait_for("What can be read on it");
    // Letters of a scanner are no keys here either: they stand on the scan line.
    demo.terminal.send(b"xyz");
    demo.terminal.wait_for("Scan: xyz");
    demo.terminal.send(ESC);
    demo.terminal.wait_gone("xyz");
    demo.terminal.send(ESC);
    demo.terminal.wait_gone("What can be read on it");
    demo.terminal.wait_for("Tracking");
    assert_eq!(demo.sheets(), before, "nothing was printed");
}
