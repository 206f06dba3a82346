//! The day's end at the bench: a label, its parcel checked out by scan, a refusal, a kill, the manifest closed.

use crate::demo::Demo;

const DAY_END: &[u8] = b"\x1be";
const F10: &[u8] = b"\x1b[21~";
const ENTER: &[u8] = b"\r";
const ESC: &[u8] = b"\x1b";

/// The day that the demo is on, so that no midnight falls into it.
const CLOCK: (&str, &str) = ("TAPEGUN_CLOCK", "2026-11-18T15:00:00Z");

#[test]
fn a_parcel_is_checked_out_at_the_door_and_stays_out_after_a_kill() {
    let mut demo = Demo::signed_in_with(80, 24, &[CLOCK]);
    demo.terminal.send(DAY_END);
    demo.terminal.wait_for("Nothing must go.");
    demo.terminal.send(ESC);
    demo.terminal.wait_for("2 pick lists");
    demo.pack_prime();
    demo.shop_rates("2 lb");
    demo.terminal.send(F10);
    demo.terminal.wait_for("Buy this label?");
    demo.terminal.send(F10);
    let screen = demo.terminal.wait_for("PRINTED");
    let tracking = screen
        .lines()
        .find_map(|line| line.trim().strip_prefix("Tracking"))
        .expect("a tracking number")
        .trim()
        .to_owned();

    demo.terminal.send(ESC);
    demo.terminal.wait_for("2 pick lists");
    demo.terminal.send(DAY_END);
    demo.terminal.wait_for("Enter opens a manifest for");
    demo.terminal.scan(&tracking);
    demo.terminal.wait_for("STOP no manifest is open here");
    demo.terminal.send(ENTER);
    demo.terminal.wait_for("✘ 1 MISSING");
    demo.terminal.scan("1Z5R89390357567127");
    demo.terminal.wait_for("STOP UNKNOWN");
    demo.terminal.scan(&tracking);
    demo.terminal.wait_for("GOOD OUT 1");
    demo.terminal.wait_for("✔ nothing missing");

    // Killed and started again: it is out, and its manifest is open.
    let mut demo = demo.killed_and_signed_in_again(80, 24, &[CLOCK]);
    demo.terminal.scan("TGM-1");
    demo.terminal.wait_for("1 out · ✔ nothing missing");
    demo.terminal.scan(&tracking);
    demo.terminal.wait_for("STOP ALREADY OUT");
    demo.terminal.send(F10);
    demo.terminal.wait_for("Close the manifest?");
    demo.terminal.send(F10);
    demo.terminal.wait_for("is closed: 1 parcels");
    demo.terminal.wait_for("Nothing must go.");
}
