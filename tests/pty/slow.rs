//! What is slow: a line of 9,600 baud to the terminal, and an Amazon that does not answer. F9 and F28 of the fault list,
//! each with its figure printed; only bytes and counts are judged.

use crate::demo::{Demo, tapegun};
use crate::rig::Rig;
use crate::terminal::Terminal;
use rustix::process::Signal;
use std::time::Duration;
use tapegun::clock::{Clock as _, SystemClock};
use tapegun::domain::shipment::LabelState;
use tapegun::store::Store as _;

const BOX: [&str; 4] = ["--weight", "20 oz", "--size", "10x8x6 in"];
/// A line of 9,600 baud shows a few pages.
const LONG: Duration = Duration::from_mins(2);
/// What the kernel holds of a terminal's line on its way.
const HELD: usize = 32 << 10;

#[test]
fn while_amazon_keeps_silent_every_key_is_shown_at_once() {
    let rig = Rig::start(9, Some(3));
    let order = rig.shippable().into_iter().next().expect("an order");
    rig.pack(&order, &rig.codes(&order));
    let rates = rig
        .station(&["rates", &order])
        .args(BOX)
        .args(["--wait", "30"])
        .output();
    assert!(rates.expect("it runs").status.success());
    rig.faults(r#"{"operation":"purchaseShipment","kind":"half-open"}"#);
    let plain = rig.station(&[]);
    let arguments: Vec<String> = plain
        .get_args()
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut terminal = Terminal::start(tapegun(&arguments), 100, 30);
    terminal.wait_for("Who is packing?");
    terminal.wait_for("Ana");
    terminal.send(b"\r");
    terminal.wait_for("signed in: Ana");
    let mut buying = rig
        .station(&["ship", &order])
        .args(BOX)
        .args(["--wait", "30"])
        .spawn()
        .expect("it starts");
    let state = || rig.store().labels_of(rig.id(&order)).expect("labels")[0].state;
    while rig.store().labels_of(rig.id(&order)).expect("labels").is_empty() || state() != LabelState::Asked {
        if buying.try_wait().expect("its state").is_some() {
            let said = buying.wait_with_output().expect("its words");
            panic!("nothing was asked: {said:?} {}", terminal.text());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let mut times = Vec::new();
    let typed = "quickbrownfoxjumpsoverlazydogs";
    for _ in 0..4 {
        for end in 1..=typed.len() {
            let clock = SystemClock::new();
            terminal.send(&typed.as_bytes()[end - 1..end]);
            terminal.wait_for(&typed[..end]);
            times.push(clock.monotonic());
        }
        terminal.send(&vec![0x7F; typed.len()]);
        terminal.wait_gone("qu");
    }
    assert_eq!(state(), LabelState::Asked, "Amazon has not answered yet");
    buying.kill().expect("killed");
    buying.wait().expect("ended");
    times.sort_unstable();
    println!(
        "F9 {} keys while a purchase hangs: shown after {:.1} ms in the middle, {:.1} ms in 99 of 100, {:.1} ms at most",
        times.len(),
        times[times.len() / 2].as_secs_f64() * 1000.0,
        times[times.len() * 99 / 100].as_secs_f64() * 1000.0,
        times.last().expect("some").as_secs_f64() * 1000.0
    );
}

#[test]
fn a_terminal_of_9600_baud_shows_the_newest_and_not_all_that_was() {
    const KEYS: usize = 120;
    let mut demo = Demo::signed_in(80, 24);
    demo.open_prime();
    let quiet = demo.terminal.bytes().len();
    // A whole page, as the measure.
    demo.terminal.signal(Signal::STOP);
    demo.terminal.wait_stopped();
    demo.terminal.signal(Signal::CONT);
    demo.terminal.takes("whole");
    let page = demo.terminal.bytes().len() - quiet;
    demo.terminal.slow_down(960);
    let clock = SystemClock::new();
    for key in 0..KEYS {
        // Each key changes the whole list.
        demo.terminal.send(if key % 2 == 0 { b"\x1bOP" } else { b"\x1b" });
        std::thread::sleep(Duration::from_millis(33));
    }
    let (typed, before) = (clock.monotonic(), demo.terminal.bytes().len());
    demo.terminal.send(b"newest");
    demo.terminal
        .wait_within(LONG, "newest", |screen| screen.contents().contains("newest"));
    let lag = clock.monotonic().saturating_sub(typed);
    let shown = demo.terminal.bytes().len() - before;
    // Of the frames at most the one under way and the newest come after the last key; and what the kernel holds.
    let most = 2 * page + HELD;
    assert!(
        shown <= most,
        "{shown} bytes after the last key, a page has {page}"
    );
    println!(
        "F28 9,600 baud: {KEYS} keys at 30 a second, each of which opens or closes a page; after the last one {shown} bytes \
         and {} ms until it is shown; a whole page has {page} bytes, {} ms",
        lag.as_millis(),
        page * 1000 / 960
    );
}
