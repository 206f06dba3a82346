//! `tapegun sync` without `--once`: runs on as a process of its own, hands the lead over, and ends when it is told to
//! (F13, F19).

#[path = "support/rig.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod rig;

use rig::Rig;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, ExitStatus};
use std::time::Duration;
use tapegun::clock::{Clock as _, SystemClock};
use tapegun::domain::shipment::LabelState;
use tapegun::store::Store as _;

const SHIP: [&str; 4] = ["--weight", "20 oz", "--size", "10x8x6 in"];

/// A sync that runs on, and what it says.
struct Alone {
    process: Child,
    lines: BufReader<ChildStdout>,
}

impl Alone {
    fn start(rig: &Rig) -> Self {
        let mut process = rig.station(&["sync"]).spawn().expect("sync");
        let lines = BufReader::new(process.stdout.take().expect("piped"));
        Self { process, lines }
    }

    /// Reads on until a line has these words.
    fn says(&mut self, words: &str) -> String {
        let mut all = String::new();
        loop {
            let from = all.len();
            let read = self.lines.read_line(&mut all).expect("a line");
            assert!(read > 0, "it never said {words:?}: {all}");
            if all[from..].contains(words) {
                return all[from..].to_owned();
            }
        }
    }

    fn signal(&self, signal: rustix::process::Signal) {
        let id = i32::try_from(self.process.id()).expect("a small number");
        let id = rustix::process::Pid::from_raw(id).expect("not zero");
        rustix::process::kill_process(id, signal).expect("signalled");
    }

    /// Tells it to end; how it ended and how long that took.
    fn end(&mut self, signal: rustix::process::Signal) -> (ExitStatus, Duration) {
        let clock = SystemClock::new();
        let before = clock.monotonic();
        self.signal(signal);
        let status = self.process.wait().expect("ends");
        (status, clock.monotonic().saturating_sub(before))
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn live(rig: &Rig, order: &str) -> usize {
    let ledger = rig.ledger();
    ledger
        .iter()
        .filter(|(of, live, ..)| of == order && *live)
        .count()
}

/// Wants a label and does not wait for it: the sync that runs on buys it.
fn want(rig: &Rig, order: &str) -> Child {
    rig.pack(order, &rig.codes(order));
    rig.station(&[&["ship", order], &SHIP[..], &["--wait", "30"]].concat())
        .spawn()
        .expect("ship")
}

#[test]
fn it_buys_hands_over_and_ends_with_a_signal() {
    let rig = Rig::start(70, Some(4));
    let orders = rig.orders();
    let mut first = Alone::start(&rig);
    first.says("this tapegun leads");
    let mut second = Alone::start(&rig);
    second.says("another tapegun on this machine leads");
    assert!(want(&rig, &orders[0]).wait().expect("ends").success());
    let line = first.says(": bought");
    assert!(line.contains(&orders[0]), "{line}");

    // Told to end while Amazon sells: the purchase is finished, then it ends.
    rig.faults(r#"[{"operation":"purchaseShipment","kind":"slow","milliseconds":1500,"count":1}]"#);
    let mut buying = want(&rig, &orders[1]);
    while live(&rig, &orders[1]) == 0 {
        std::thread::yield_now();
    }
    let (status, took_buying) = first.end(rustix::process::Signal::TERM);
    assert_eq!(status.code(), Some(0));
    let labels = rig.store().labels_of(rig.id(&orders[1])).expect("labels");
    // The command that wanted it may have printed it already.
    assert!(
        matches!(labels[0].state, LabelState::Bought | LabelState::Printed),
        "{labels:?}"
    );
    buying.wait().expect("ends");
    second.says("this tapegun leads");
    assert!(want(&rig, &orders[2]).wait().expect("ends").success());
    second.says(": bought");
    let (status, took_idle) = second.end(rustix::process::Signal::INT);
    assert_eq!(status.code(), Some(0));
    assert!(took_idle < Duration::from_secs(5), "{took_idle:?}");
    println!("F19 the sync alone: ended idle in {took_idle:?}, while Amazon sold in {took_buying:?}, exit 0");
    for order in &orders[..3] {
        assert_eq!(live(&rig, order), 1, "{order}");
    }
}

#[test]
fn a_purchase_that_takes_longer_than_the_end_waits_is_settled_by_the_next() {
    let rig = Rig::start(71, Some(2));
    let orders = rig.orders();
    let mut first = Alone::start(&rig);
    first.says("this tapegun leads");
    rig.faults(r#"[{"operation":"purchaseShipment","kind":"half-open","after":true,"count":1}]"#);
    let mut buying = want(&rig, &orders[0]);
    while live(&rig, &orders[0]) == 0 {
        std::thread::yield_now();
    }
    // Whoever waits for a label leads, too, where nobody does: here only the sync alone is to follow.
    gone(&mut buying);
    let (status, took) = first.end(rustix::process::Signal::TERM);
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(15), "{took:?}");
    let labels = rig.store().labels_of(rig.id(&orders[0])).expect("labels");
    assert_eq!(labels[0].state, LabelState::Asked, "nothing is known of it yet");
    let mut second = Alone::start(&rig);
    second.says(": bought");
    assert_eq!(live(&rig, &orders[0]), 1);
    println!("F19 the sync alone: with an answer that never comes it ended in {took:?}");
}

/// The command that waits for its label dies; its wish is written down.
fn gone(buying: &mut std::process::Child) {
    buying.kill().expect("kill -9");
    buying.wait().expect("ends");
}

/// F13: the one that leads dies with an order in hand; another takes over without being told.
#[test]
fn a_leader_that_is_killed_is_followed_and_nothing_is_bought_twice() {
    let rig = Rig::start(72, Some(4));
    let orders = rig.orders();
    let clock = SystemClock::new();
    let mut first = Alone::start(&rig);
    first.says("this tapegun leads");
    let mut second = Alone::start(&rig);
    second.says("another tapegun on this machine leads");
    rig.faults(r#"[{"operation":"purchaseShipment","kind":"slow","milliseconds":60000,"count":1}]"#);
    let mut buying = want(&rig, &orders[0]);
    while live(&rig, &orders[0]) == 0 {
        std::thread::yield_now();
    }
    gone(&mut buying);
    let killed = clock.monotonic();
    first.process.kill().expect("kill -9");
    second.says("this tapegun leads");
    let took = clock.monotonic().saturating_sub(killed);
    second.says(": bought");
    assert_eq!(live(&rig, &orders[0]), 1);
    println!("F13 a killed leader: another leads after {took:?}, its purchase is settled, 1 live label");
    assert!(took < Duration::from_secs(10), "{took:?}");
}

/// Found by `tests/torture.rs`: whoever waits for rates leads where nobody does, and must not wait for a purchase of
/// another box on which Amazon keeps silent.
#[test]
fn who_waits_for_rates_waits_no_longer_than_was_said() {
    let rig = Rig::start(73, Some(2));
    let orders = rig.orders();
    rig.pack(&orders[1], &rig.codes(&orders[1]));
    rig.faults(r#"[{"operation":"purchaseShipment","kind":"half-open","count":20}]"#);
    let mut buying = want(&rig, &orders[0]);
    let id = rig.id(&orders[0]);
    for _ in 0..5_000 {
        let labels = rig.store().labels_of(id).expect("labels");
        if labels.iter().any(|label| label.state == LabelState::Asked) {
            break;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    gone(&mut buying);
    // Now nobody knows, and it is asked again after 5 s.
    std::thread::sleep(Duration::from_secs(6));
    let clock = SystemClock::new();
    let rates = [&["rates", &orders[1]], &SHIP[..], &["--wait", "1"]].concat();
    let output = rig.station(&rates).output().expect("it runs");
    let took = clock.monotonic();
    println!("rates beside a purchase that is never answered: {took:?}");
    assert!(output.status.success(), "the rates are there: {output:?}");
    // 5 s for the pass, 20 s for the purchase that is under way; Amazon's silence lasts for 60 s.
    assert!(took < Duration::from_secs(45), "{took:?}");
    let labels = rig.store().labels_of(id).expect("labels");
    assert_eq!(labels.len(), 1);
}
