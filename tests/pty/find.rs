//! Finding orders, notes, and many at once, at the bench.

use crate::demo::Demo;

const FIND: &[u8] = b"\x06";
const NOTE: &[u8] = b"\x1bn";
const F10: &[u8] = b"\x1b[21~";
const ENTER: &[u8] = b"\r";
const ESC: &[u8] = b"\x1b";

#[test]
fn an_order_is_found_while_typing_noted_on_and_found_by_its_buyers_name() {
    let mut demo = Demo::signed_in(80, 24);
    demo.terminal.send(FIND);
    demo.terminal.wait_for("Part of a number");
    // Each keystroke filters; a filter says what it takes.
    demo.terminal.send(b"status:");
    demo.terminal.wait_for("ready-to-pick");
    demo.terminal.send(b"review");
    demo.terminal.wait_for("1 of ");
    demo.terminal.wait_for("113-1607908-4090903");
    // Enter keeps it, Enter opens it: the reason is on the screen.
    demo.terminal.send(ENTER);
    demo.terminal.wait_for("· status:review");
    demo.terminal.send(ENTER);
    demo.terminal.wait_for("The buyer asks to cancel");
    demo.terminal.wait_for("THE ORDER IS REVIEW");
    demo.terminal.send(NOTE);
    demo.terminal.wait_for("Type the note");
    demo.terminal.scan("asked the buyer by mail");
    demo.terminal.wait_for("✔ asked the buyer by mail");
    demo.terminal.send(F10);
    demo.terminal.wait_for("the note is written");
    demo.terminal.wait_for("Ana: asked the buyer by mail");
    // Back to what was found; a scan opens an order from there as from anywhere.
    demo.terminal.send(ESC);
    demo.terminal.wait_for("· status:review");
    demo.open_prime();
}
