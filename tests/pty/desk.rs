//! The desk, opened by key as a supervisor and as a packer.

use crate::demo::Demo;

const ALT_G: &[u8] = b"\x1bg";
const ESC: &[u8] = b"\x1b";

#[test]
fn the_desk_is_opened_by_key_shows_what_was_packed_and_writes_its_files() {
    let mut demo = Demo::signed_in(80, 24);
    demo.terminal.wait_for("Alt-G Desk");
    demo.open_prime();
    demo.pack_prime();
    demo.terminal.send(ESC);
    demo.terminal.wait_for("pick lists");
    demo.terminal.send(ALT_G);
    // A packer's own numbers, and whom to ask for everybody's.
    demo.terminal.wait_for("Your own numbers (Ana may not");
    demo.terminal.wait_for("to now: 1");
    demo.terminal.wait_for("Error scans: 0 of 3");
    demo.terminal.wait_for("p99 ≤");
    demo.terminal.wait_for("Open orders by ship-by");
    // The supervisor comes by badge: the same screen, everybody's numbers.
    demo.terminal.scan("TGU-sam");
    let screen = demo.terminal.wait_for("Everybody's numbers");
    assert!(screen.contains("Ana"), "{screen}");
    demo.terminal.send(ALT_G);
    demo.terminal.wait_for("8 CSV files");
    let mut files = demo.exports();
    assert_eq!(files.len(), 8);
    for (name, text) in &mut files {
        assert!(name.starts_with("desk-"), "{name}");
        assert!(text.starts_with('\u{feff}') && text.ends_with("\r\n"), "{name}");
    }
    let packed = files.iter().find(|(name, _)| name.ends_with("-packed.csv"));
    assert!(
        packed.is_some_and(|(_, text)| text.contains(",Ana,1,")),
        "{packed:?}"
    );
    demo.terminal.send(ESC);
    demo.terminal.wait_for("2 pick lists");
}

#[test]
fn a_large_terminal_and_one_without_colour_show_the_same_figures() {
    for environment in [&[][..], &[("NO_COLOR", "1")]] {
        let mut demo = Demo::signed_in_with(160, 50, environment);
        demo.terminal.scan("TGU-sam");
        demo.terminal.wait_for("signed in: Sam");
        demo.terminal.send(ALT_G);
        for words in [
            "Everybody's numbers",
            "Open orders by ship-by",
            "Labels today: none",
            "harbor/searchOrders",
        ] {
            demo.terminal.wait_for(words);
        }
    }
}
