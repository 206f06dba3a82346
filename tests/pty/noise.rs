//! What no keyboard sends, as bytes in a real terminal: mouse reports, replies, broken text, noisy scans, a megabyte of
//! pasted text, a stop. F21, F23, F24, F26 and F27 of the fault list, each with its figure printed.

use crate::demo::Demo;
use crate::hardship::Chance;
use crate::terminal::{PATIENCE, Terminal};
use rustix::process::Signal;
use std::time::Duration;
use tapegun::clock::{Clock as _, SystemClock};

const F10: &[u8] = b"\x1b[21~";
const MUG: &str = "850047100016";
/// A megabyte goes through a terminal's 4,096 bytes at a time, on a machine that does other things too.
const LONG: Duration = Duration::from_mins(5);
/// What a flood may cost, and whatever else the program took meanwhile.
const SPARE: u64 = 16 << 10;

/// The order is packed, its rates are there, and the question about money is open.
fn question() -> Demo {
    let mut demo = Demo::signed_in(100, 30);
    demo.pack_prime();
    demo.shop_rates("34 oz");
    demo.terminal.send(F10);
    demo.terminal.wait_for("Buy this label?");
    demo
}

impl Terminal {
    /// Nothing is swallowed and nothing hangs: what is typed now is on the scan line, whole.
    pub(crate) fn takes(&mut self, text: &str) {
        // Longer than any sequence is waited for; and Esc would close what is open.
        std::thread::sleep(Duration::from_millis(60));
        self.send(&[0x7F; 40]);
        self.send(text.as_bytes());
        self.wait_within(LONG, text, |screen| screen.contents().contains(text));
        self.send(&vec![0x7F; text.len()]);
        self.wait_gone(text);
    }
}

#[test]
fn two_thousand_sequences_that_are_no_keys_end_nothing_and_swallow_nothing() {
    const NOISE: &[&[u8]] = &[
        b"\x1b[M   ",
        b"\x1b[M\x20\x20\x20",
        b"\x1b[M\x00\x00\x00",
        b"\x1b[<0;0;0M",
        b"\x1b[<35;0;0m",
        b"\x1b[0;0;0M",
        b"\x1b[I",
        b"\x1b[O",
        b"\x1b[?2026;2$y",
        b"\x1b[?997;1n",
        b"\x1b[?1;2c",
        b"\x1b[>1;10;0c",
        b"\x1b[1;1R",
        b"\x1b[0;0R",
        b"\x1b]11;rgb:2e2e/3434/3636\x07",
        b"\x1b]52;c;aGFsbG8=\x1b\\",
        b"\x1bP1+r544e=787465726d\x1b\\",
        b"\x1b_Gi=31;OK\x1b\\",
        b"\x1b[97;1:3u",
        b"\x1b[1;2;3;4;5;6;7;8;9;10m",
    ];
    const BROKEN: &[&[u8]] = &[
        b"\xff",
        b"\x80",
        b"\xc3",
        b"\xe2\x82",
        b"\xc0\xaf",
        b"\xe0\x80\xaf",
        b"\xed\xa0\x80",
        b"\xf5\x80\x80\x80",
        b"\xc2\x9b",
    ];
    let mut demo = question();
    let mut chance = Chance::new(27);
    let mut sent = 0;
    for round in 0..20 {
        for _ in 0..100 {
            let list = if chance.below(5) == 0 { BROKEN } else { NOISE };
            let at = usize::try_from(chance.below(list.len() as u64)).expect("small");
            demo.terminal.send(list[at]);
            sent += 1;
        }
        demo.terminal.takes(&format!("all there {round}"));
    }
    let screen = demo.terminal.wait_for("Buy this label?");
    assert!(screen.contains("Buy this label?"), "nothing has closed it");
    // Half a sequence, and then a scan after a pause.
    for half in [&b"\x1b[<0;0"[..], b"\x1b[?", b"\x1b[M ", b"\x1bP1+r", b"\xe2\x82"] {
        demo.terminal.send(half);
        demo.terminal.takes("still here");
    }
    assert!(demo.sheets().is_empty(), "nothing was bought");
    demo.terminal.send(F10);
    demo.terminal.wait_for("PRINTED");
    println!(
        "F27, F26 sequences and broken text: {sent} sent, 0 panics, 0 purchases, typed text whole after each hundred"
    );
}

#[test]
fn noisy_scans_in_a_terminal_buy_nothing_and_pack_nothing() {
    let mut demo = Demo::signed_in(100, 30);
    demo.open_prime();
    let mut times = Vec::new();
    for number in 0..15 {
        let code = format!("{}-{number:02}", &MUG[..7]);
        let clock = SystemClock::new();
        demo.terminal.scan(&code);
        demo.terminal.wait_for(&format!("unknown code {code}:"));
        times.push(clock.monotonic().as_millis());
    }
    times.sort_unstable();
    let mut chance = Chance::new(24);
    let ends = ["\r", "\r\n", "\n", "\t"];
    for number in 0..300 {
        let at = usize::try_from(chance.below(11)).expect("small") + 1;
        let mut noise = match chance.below(4) {
            0 => MUG[..at].to_owned(),
            1 => MUG[at..].to_owned(),
            2 => format!("{MUG}{MUG}"),
            _ => format!("{}\u{1d}\u{1e}{number}", &MUG[..at]),
        };
        // A digit alone sets the box of the shelf.
        if noise.len() == 1 {
            noise.push('X');
        }
        noise.push_str(ends[usize::try_from(chance.below(4)).expect("small")]);
        demo.terminal.send(noise.as_bytes());
    }
    demo.terminal.takes("after the noise");
    demo.terminal.wait_for("STOP");
    let screen = demo.terminal.wait_for("SCAN NEXT ITEM");
    assert!(screen.contains("0 of 1"), "nothing was packed: {screen}");
    demo.terminal.scan(MUG);
    demo.terminal.wait_for("1 of 1");
    assert!(demo.sheets().is_empty());
    println!(
        "F24 noisy scans in a terminal: 300, 0 accepted, 0 purchases; 15 one by one, each told after {} ms in the middle, {} ms at \
         most; the next right one is taken",
        times[times.len() / 2],
        times.last().expect("some")
    );
}

#[test]
fn a_pasted_megabyte_is_refused_in_words_and_costs_nothing() {
    let megabyte = "0123456789abcde\n".repeat(65_536);
    let line = megabyte.replace('\n', "f");
    let mut demo = Demo::signed_in(100, 30);
    demo.open_prime();
    demo.terminal.scan(MUG);
    demo.terminal.wait_for("1 of 1");
    let before = demo.terminal.memory();
    // Marked by the terminal as pasted.
    demo.terminal
        .send(format!("\x1b[200~{megabyte}\x1b[201~").as_bytes());
    demo.terminal
        .wait_within(LONG, "the refusal of the paste", |screen| {
            screen
                .contents()
                .contains("1048576 characters were pasted and not taken")
        });
    demo.terminal.takes("alive 1");
    // Ten of them.
    demo.terminal.send(b"\x1b[200~");
    for _ in 0..10 {
        demo.terminal.send(megabyte.as_bytes());
    }
    demo.terminal.send(b"\x1b[201~");
    let clock = SystemClock::new();
    demo.terminal.takes("alive 10");
    let ten = clock.monotonic().as_millis();
    demo.terminal
        .wait_for("10485760 characters were pasted and not taken");
    // Not marked, in one line: one scan that is too long.
    demo.terminal.send(line.as_bytes());
    demo.terminal.send(b"\r");
    demo.terminal
        .wait_within(LONG, "the refusal of the line", |screen| {
            screen.contents().contains("longer than any code")
        });
    demo.terminal.takes("alive 2");
    // Not marked, in 65,536 lines: as many refused scans, counted together.
    demo.terminal.send(megabyte.as_bytes());
    demo.terminal.takes("alive 3");
    demo.terminal.wait_for("codes in a row were refused");
    let after = demo.terminal.memory();
    let grown = after.saturating_sub(before);
    assert!(grown <= SPARE, "{before} KiB before, {after} KiB after");
    // What was packed is packed, what is missing can be packed.
    demo.terminal.wait_for("1 of 1");
    demo.terminal.scan("850047100030");
    demo.terminal.wait_for("1 of 2");
    assert!(demo.sheets().is_empty());
    println!(
        "F23 three pastes of 1 MiB, one of 10: refused in words, 0 actions, {grown} KiB more memory, alive after each; after \
         the 10 MiB what is typed was there after {ten} ms"
    );
}

#[test]
fn a_stop_gives_the_terminal_back_and_going_on_paints_it_again() {
    let mut demo = question();
    for time in 1..=2 {
        demo.terminal.signal(Signal::TSTP);
        demo.terminal.wait_stopped();
        let there = |screen: &vt100::Screen| screen.alternate_screen();
        demo.terminal.wait_until("the terminal as it was", |screen| {
            !there(screen) && !screen.hide_cursor() && !screen.bracketed_paste()
        });
        demo.terminal.signal(Signal::CONT);
        demo.terminal.wait_until("the screens again", there);
        demo.terminal.wait_for("Buy this label?");
        demo.terminal.takes(&format!("after the stop {time}"));
    }
    // A stop that cannot be caught leaves the terminal as it is; the whole page is painted again all the same.
    demo.terminal.signal(Signal::STOP);
    demo.terminal.wait_stopped();
    demo.terminal.wipe();
    demo.terminal.signal(Signal::CONT);
    demo.terminal.wait_for("Buy this label?");
    assert!(demo.sheets().is_empty(), "nothing was bought");
    // Ctrl-Z itself is a key: it takes back the last scan.
    demo.terminal.send(b"\x1b");
    demo.terminal.wait_gone("Buy this label?");
    demo.terminal.send(b"\x1b");
    demo.terminal.wait_for("ALL VERIFIED");
    demo.terminal.send(b"\x1a");
    demo.terminal.wait_for("1 of 2");
    demo.terminal.signal(Signal::TERM);
    demo.terminal.wait_for_end(PATIENCE);
    demo.terminal.assert_put_back();
    println!("F21 stopped and continued: 3 times, terminal put back and painted whole again; Ctrl-Z undoes");
}

#[test]
fn a_scan_that_comes_while_it_stands_still_is_taken_once_and_whole() {
    let mut demo = Demo::signed_in(100, 30);
    demo.open_prime();
    for (signal, code, shown) in [
        (Signal::TSTP, MUG, "1 of 1"),
        (Signal::STOP, "850047100030", "1 of 2"),
        (Signal::TSTP, "850047100030", "2 of 2"),
    ] {
        demo.terminal.signal(signal);
        demo.terminal.wait_stopped();
        demo.terminal.wipe();
        demo.terminal.scan(code);
        demo.terminal.signal(Signal::CONT);
        demo.terminal.wait_for(shown);
        // The whole page is there, not what has changed alone.
        demo.terminal.wait_for("111-9131413-9770664");
    }
    demo.terminal.wait_for("ALL VERIFIED");
    assert!(demo.sheets().is_empty());
    println!("F21 3 scans while it stood still: each taken once and whole once it went on");
}
