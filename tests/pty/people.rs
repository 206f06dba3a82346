//! Badges, permissions and a PIN at the bench.

use crate::demo::Demo;

const ALT_X: &[u8] = b"\x1bx";
const CTRL_Y: &[u8] = b"\x19";
const ESC: &[u8] = b"\x1b";
const ENTER: &[u8] = b"\r";

#[test]
fn a_supervisor_comes_by_badge_and_pin_and_the_packers_order_stays_as_it_was() {
    let mut demo = Demo::signed_in(80, 24);
    demo.open_prime();
    demo.terminal.send(ALT_X);
    demo.terminal.wait_for("Ana may not cancel orders: ask Sam");
    // Sam gets a PIN from the command line beside it.
    demo.set_pin("Sam", "493817");
    let mut demo = demo.killed_and_signed_in_again(80, 24, &[]);
    demo.open_prime();
    demo.terminal.scan("TGU-sam");
    demo.terminal.wait_for("PIN of Sam");
    demo.terminal.send(b"493818");
    let screen = demo.terminal.wait_for("PIN: ••••••");
    assert!(!screen.contains("493818"), "{screen}");
    demo.terminal.send(ENTER);
    demo.terminal.wait_for("wrong PIN");
    demo.terminal.scan("493817");
    demo.terminal.wait_for("signed in: Sam");
    demo.terminal.wait_for("2 pick lists");
    demo.terminal.send(CTRL_Y);
    demo.terminal.wait_for("PIN of user Sam set");
    demo.terminal.send(ESC);
    demo.terminal.wait_for("2 pick lists");
    demo.terminal.scan("TGU-ana");
    demo.terminal.wait_for("SCAN NEXT ITEM");
    demo.terminal.wait_for("signed in: Ana");
}
