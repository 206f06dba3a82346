//! Codes typed as slowly as a person and as fast as a scanner: on every screen and in every dialog the same
//! verdict, and nothing else happens. The pause between two characters is what is tested; nothing waits on it.

use crate::demo::Demo;
use std::time::Duration;

/// Two codes, so that the second verdict is told from the first.
const CODES: [&str; 2] = ["XYZ-99", "AZ:DAMAGED"];

impl Demo {
    /// Types both codes; each is refused in these words, and the screen stays where it was.
    fn type_codes(&mut self, pause: Duration, refusals: [&str; 2], still_there: &str) {
        for (code, refusal) in CODES.iter().zip(refusals) {
            for letter in code.bytes() {
                self.terminal.send(&[letter]);
                std::thread::sleep(pause);
            }
            self.terminal.wait_for(code);
            self.terminal.send(b"\r");
            self.terminal.wait_gone(&format!(": {code}"));
            let screen = self.terminal.wait_for(refusal);
            assert!(screen.contains(still_there), "{code}: {screen}");
        }
    }
}

fn everywhere(pause: Duration) {
    let at_the_bench = ["unknown code XYZ-99", "damaged transparency code"];
    let mut demo = Demo::start(100, 30);
    demo.type_codes(pause, ["nobody is signed in"; 2], "Who is packing?");
    demo.terminal.scan("TGU-ana");
    demo.terminal.wait_for("2 pick lists");
    demo.type_codes(pause, ["no order is open"; 2], "First wave");
    demo.open_prime();
    demo.type_codes(pause, at_the_bench, "SCAN NEXT ITEM");
    demo.terminal.send(b"\x1bOP");
    demo.terminal.wait_for("Keys");
    demo.type_codes(pause, at_the_bench, "Keys");
    demo.terminal.send(b"\x1b");
    demo.terminal.wait_gone("┌ Keys");
    demo.terminal.send(b"\x1bOQ");
    demo.terminal.wait_for("Type the weight");
    demo.type_codes(pause, at_the_bench, "Type the weight");
    demo.terminal.send(b"\x1b");
    demo.terminal.wait_gone("Type the weight");
    demo.pack_prime();
    demo.shop_rates("34 oz");
    demo.type_codes(pause, at_the_bench, "Protection");
    demo.terminal.send(b"\r");
    demo.terminal.wait_for("Buy this label?");
    demo.type_codes(pause, at_the_bench, "Buy this label?");
    assert_eq!(demo.sheets().len(), 0, "nothing was bought");
    demo.terminal.send(b"\x1b");
    demo.terminal.wait_gone("Buy this label?");
    demo.buy();
    demo.type_codes(pause, at_the_bench, "Tracking");
    demo.terminal.send(b"\x1b[19~");
    demo.terminal.wait_for("Void this label?");
    demo.type_codes(pause, at_the_bench, "Void this label?");
    assert_eq!(demo.sheets().len(), 1, "nothing was printed again");
}

#[test]
fn a_thousand_characters_a_second() {
    everywhere(Duration::from_millis(1));
}

#[test]
fn a_hundred_characters_a_second() {
    everywhere(Duration::from_millis(10));
}

#[test]
fn ten_characters_a_second() {
    everywhere(Duration::from_millis(100));
}
