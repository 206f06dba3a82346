//! What a bench's terminal goes through: signals in every state, a thousand sizes, the same yes twice, scans into a
//! question about money. F11, F19, F22 and F25 of the fault list, each with its figure printed.

use crate::demo::Demo;
use crate::terminal::PATIENCE;
use rustix::process::Signal;
use std::fmt::Write as _;
use std::time::Duration;

const F1: &[u8] = b"\x1bOP";
const F2: &[u8] = b"\x1bOQ";
const F5: &[u8] = b"\x1b[15~";
const F10: &[u8] = b"\x1b[21~";
const PRIME: &str = "111-9131413-9770664";

/// Small seeded chance: chooses inputs, never outcomes.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// Ways to a state of the program, and what its screen says.
type State = (&'static str, fn(&mut Demo), &'static str);

const STATES: [State; 7] = [
    ("sign-in", |_| {}, "Who is packing?"),
    ("lists", sign_in, "2 pick lists"),
    ("packing", open, "SCAN NEXT ITEM"),
    (
        "a dialog",
        |demo| {
            open(demo);
            demo.terminal.send(F2);
        },
        "Type the weight",
    ),
    (
        "the help",
        |demo| {
            open(demo);
            demo.terminal.send(F1);
        },
        "Keys",
    ),
    ("rates", rates, "methods · chosen"),
    (
        "the question of a purchase",
        |demo| {
            rates(demo);
            demo.terminal.send(F10);
        },
        "Buy this label?",
    ),
];

fn sign_in(demo: &mut Demo) {
    demo.terminal.scan("TGU-ana");
    demo.terminal.wait_for("2 pick lists");
}

fn open(demo: &mut Demo) {
    sign_in(demo);
    demo.open_prime();
}

fn rates(demo: &mut Demo) {
    sign_in(demo);
    demo.pack_prime();
    demo.shop_rates("34 oz");
}

#[test]
fn every_signal_in_every_state_ends_it_with_the_terminal_put_back() {
    let signals = [Signal::TERM, Signal::INT, Signal::QUIT, Signal::HUP];
    let mut ended = 0;
    for (place, (name, go, shown)) in STATES.into_iter().enumerate() {
        // Each state meets two of the four, each signal at least three states.
        for signal in [signals[place % 4], signals[(place + 2) % 4]] {
            let mut demo = Demo::start(80, 24);
            go(&mut demo);
            demo.terminal.wait_for(shown);
            demo.terminal.signal(signal);
            let status = demo.terminal.wait_for_end(PATIENCE);
            let wanted = 128 + signal.as_raw().cast_unsigned();
            assert_eq!(status.exit_code(), wanted, "{name}, {signal:?}");
            demo.terminal.assert_put_back();
            assert!(demo.sheets().is_empty(), "{name}: nothing was bought");
            ended += 1;
        }
    }
    println!(
        "F19 signals: {ended} endings in {} states, terminal put back each time",
        STATES.len()
    );
}

#[test]
fn a_thousand_sizes_in_every_kind_of_screen_are_survived() {
    let mut chance = Chance::new(22);
    let mut resized = 0;
    for (name, go, shown) in STATES {
        let mut demo = Demo::start(80, 24);
        go(&mut demo);
        demo.terminal.wait_for(shown);
        for (columns, rows) in [
            (1, 1),
            (2, 2),
            (5, 3),
            (10, 4),
            (300, 100),
            (500, 500),
            (1, 200),
            (400, 1),
        ] {
            demo.terminal.resize(columns, rows);
            resized += 1;
        }
        for _ in 0..143 {
            let columns = u16::try_from(chance.below(220)).expect("small") + 1;
            let rows = u16::try_from(chance.below(70)).expect("small") + 1;
            demo.terminal.resize(columns, rows);
            resized += 1;
        }
        demo.terminal.resize(80, 24);
        demo.terminal.wait_for(shown);
        assert!(demo.sheets().is_empty(), "{name}");
    }
    println!(
        "F22 sizes: {resized} resizes over {} screens and dialogs, 0 panics",
        STATES.len()
    );
    assert!(resized >= 1_000);
}

#[test]
fn the_yes_pressed_twice_buys_once() {
    let mut printed = String::new();
    for pause in [0, 1, 50] {
        let mut demo = Demo::start(80, 24);
        rates(&mut demo);
        demo.terminal.send(F10);
        demo.terminal.wait_for("Buy this label?");
        demo.terminal.send(F10);
        std::thread::sleep(Duration::from_millis(pause));
        demo.terminal.send(F10);
        demo.terminal.wait_for("PRINTED");
        // The order again, and its yes again: it has its label.
        demo.terminal.scan(PRIME);
        demo.terminal.send(F10);
        demo.terminal.send(F5);
        demo.terminal.scan("850047100016");
        demo.terminal.wait_for("STOP");
        assert_eq!(demo.sheets().len(), 1, "{pause} ms");
        let _ = write!(printed, " {pause} ms");
    }
    println!(
        "F11 the yes twice within{printed}: 1 label each, and the order scanned again says that it has one"
    );
}

/// F25: scans while every kind of dialog is open, also those that would be an answer.
#[test]
fn a_scan_into_a_question_about_money_answers_nothing() {
    let mut demo = Demo::start(100, 30);
    rates(&mut demo);
    demo.terminal.send(F10);
    demo.terminal.wait_for("Buy this label?");
    let scans = [
        "y",
        "yes",
        "850047100016",
        PRIME,
        "TGC-FINISH",
        "1Z5R89390357567127",
        "ANYWAY",
        "1",
        "F10",
    ];
    for scan in scans {
        demo.terminal.scan(scan);
    }
    demo.terminal.wait_for("STOP");
    assert!(demo.sheets().is_empty(), "nothing was bought");
    println!(
        "F25 scans into the question of a purchase: {} scans, 0 purchases",
        scans.len()
    );
}
