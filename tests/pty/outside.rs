//! A label that was bought elsewhere, recorded at the bench.

use crate::demo::Demo;

const RECORD: &[u8] = b"\x0c";
const DESTROYED: &[u8] = b"\x04";
const DOWN: &[u8] = b"\x1b[B";
const F8: &[u8] = b"\x1b[19~";
const F10: &[u8] = b"\x1b[21~";

#[test]
fn a_label_from_elsewhere_is_recorded_told_and_taken_back() {
    let mut demo = Demo::signed_in(80, 24);
    // It takes somebody who may break Amazon's rules for Prime.
    demo.terminal.scan("TGU-sam");
    demo.terminal.wait_for("Sam");
    demo.open_prime();
    demo.pack_prime();
    // Said once the last scan is durable; before that the key is not offered.
    demo.terminal.wait_for("· ALL VERIFIED");
    demo.terminal.send(RECORD);
    demo.terminal.wait_for("Record a label that was bought elsewhere");
    demo.terminal.wait_for("late-delivery protection (SLA)");
    demo.terminal.scan("1Z5R89390357567127");
    demo.terminal.wait_for("UPS");
    demo.terminal.scan("Ground");
    demo.terminal.send(DOWN);
    demo.terminal.send(DOWN);
    demo.terminal.scan("12.34");
    demo.terminal.wait_for("this is a Prime order");
    demo.terminal.scan("Amazon offers nothing");
    demo.terminal.send(F10);
    demo.terminal.wait_for("BOUGHT ELSEWHERE");
    demo.terminal.wait_for("Amazon knows it as package 1");
    assert!(demo.sheets().is_empty(), "there is nothing to print");
    demo.terminal.send(F8);
    demo.terminal.wait_for("Void it at UPS");
    demo.terminal.send(DESTROYED);
    demo.terminal.send(F10);
    demo.terminal.wait_for("TAKEN BACK");
}
