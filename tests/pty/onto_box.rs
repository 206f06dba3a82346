//! A bench that wants each label scanned onto its box: the real screens, another box's label, a kill, the right label.

use crate::demo::Demo;

const F10: &[u8] = b"\x1b[21~";
const ENTER: &[u8] = b"\r";
const BUSINESS: &str = "112-3788661-7992189";

#[test]
fn the_label_is_scanned_onto_its_box_also_after_a_kill() {
    let mut demo = Demo::signed_in_with(80, 24, &[("TAPEGUN_SCAN_LABELS", "true")]);
    demo.pack_prime();
    demo.shop_rates("2 lb");
    demo.terminal.send(F10);
    demo.terminal.wait_for("Buy this label?");
    demo.terminal.send(F10);
    // It is due once it is printed; longer words break where the carrier's name lets them.
    demo.terminal.wait_for("PRINTED");
    let screen = demo.terminal.wait_for("1 to scan on");
    let tracking = screen
        .lines()
        .find_map(|line| line.trim().strip_prefix("Tracking"))
        .expect("a tracking number")
        .trim()
        .to_owned();
    demo.terminal.send(ENTER);
    demo.terminal.wait_for("STOP not done");
    demo.terminal.scan("1Z5R89390357567127");
    demo.terminal.wait_for("STOP WRONG LABEL");
    demo.terminal.scan(BUSINESS);
    demo.terminal.wait_for("STOP not done");

    // Killed and started again: it is asked for all the same.
    let mut demo = demo.killed_and_signed_in_again(80, 24, &[("TAPEGUN_SCAN_LABELS", "true")]);
    demo.terminal.wait_for("1 to scan on");
    demo.terminal.scan(&tracking);
    demo.terminal.wait_for("not scanned yet");
    demo.terminal.scan(&tracking);
    demo.terminal.wait_for("GOOD ON ITS BOX");
    demo.terminal.wait_for("Shipped");
    demo.terminal.wait_gone("1 to scan on");
}
