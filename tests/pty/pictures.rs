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

/// Waits until the program has written these bytes behind `from`; returns where they begin.
fn written(demo: &Demo, from: usize, wanted: &[u8], what: &str) -> usize {
    let mut found = None;
    demo.terminal.wait_until(what, |_| true);
    for _ in 0..400 {
        let bytes = demo.terminal.bytes();
        found = bytes[from..]
            .windows(wanted.len())
            .position(|window| window == wanted)
            .map(|place| from + place);
        if found.is_some() {
            break;
        }
        demo.terminal.breathe();
    }
    found.unwrap_or_else(|| panic!("waited in vain for {what}"))
}

#[test]
fn a_terminal_that_shows_pictures_is_asked_once_and_nothing_remains_of_them() {
    let mut demo = Demo::signed_in(80, 24);
    demo.pack_prime();
    assert!(
        !demo
            .terminal
            .bytes()
            .windows(6)
            .any(|window| window == b"\x1b_Gi=3"),
        "not before there is a picture"
    );
    demo.terminal.send(ALT_I);
    demo.terminal.wait_for("What can be read on it");
    let asked = written(&demo, 0, b"\x1b_Gi=31,s=1,v=1,a=q", "the question");
    // The answers of a terminal that understands kitty's protocol, in the middle of a scan.
    demo.terminal
        .send(b"85004\x1b_Gi=31;OK\x1b\\\x1b[6;18;9t\x1b[?62;4;22c7100");
    demo.terminal.wait_for("Scan: 850047100");
    let shown = written(&demo, asked, b"\x1b_Ga=T,f=100", "the picture");
    demo.terminal.send(ENTER);
    // A scan closes nothing; the dialog is closed by Esc, and the picture with it.
    demo.terminal.send(ESC);
    let gone = written(&demo, shown, b"\x1b_Ga=d,d=A,q=2\x1b\\", "its end");
    assert!(gone > shown);
    demo.terminal.wait_gone("What can be read on it");
}
