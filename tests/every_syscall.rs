//! F1, F2 and F4 of the fault list: a purchase, a void and an import are killed, or failed with EIO and ENOSPC, at each
//! of their system calls once, by `strace`'s injection; then the station is started again, works to the end, and the
//! simulator's ledger is compared with the store. For F4 the recovery is killed as well. Skipped, by name, where
//! `strace` cannot run.
//!
//! The commands run with `TAPEGUN_THREADS=1`: the sync task and HTTP in the main thread, beside the store's two threads.
//! `strace` counts the calls of each thread for itself, so a point is "the first thread to make its n-th call of this
//! kind"; the table says how many calls the undisturbed run makes and how many points were reached.
//!
//! `TAPEGUN_POINTS` sets how many points of each series are tried (default 10, evenly spread; `all`: every one). The
//! whole: `TAPEGUN_POINTS=all cargo test --release --test every_syscall -- --nocapture --test-threads=1`; one point:
//! `TAPEGUN_POINTS=pwrite64:47`; without the first hundred: `TAPEGUN_SKIP=100`. A run of many says on standard error how far it is.

#[path = "support/rig.rs"]
#[expect(dead_code, reason = "the crash test uses the rest of it")]
mod rig;

use chrono::TimeDelta;
use rig::Rig;
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tapegun::clock::{Clock as _, SystemClock};
use tapegun::domain::rows::LabelRow;
use tapegun::domain::shipment::LabelState;
use tapegun::store::Store as _;

/// kill -9 of what this process has started.
fn kill_children(parent: u32) {
    let children =
        std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
    for child in children.split_whitespace() {
        let _ = Command::new("sh")
            .args(["-c", &format!("kill -9 {child}")])
            .status();
    }
}

/// Calls that write, lock, name or send.
const CALLS: [&str; 13] = [
    "pwrite64",
    "write",
    "writev",
    "fsync",
    "fdatasync",
    "ftruncate",
    "unlink",
    "rename",
    "openat",
    "fcntl",
    "sendto",
    "recvfrom",
    "connect",
];
/// Orders of a rig: each point of a purchase or a void takes one.
const ORDERS: usize = 1200;

/// What happens at the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Kill,
    Eio,
    Enospc,
}

impl Fault {
    fn injection(self, call: &str, at: u32) -> String {
        match self {
            Self::Kill => format!("inject={call}:signal=KILL:when={at}"),
            Self::Eio => format!("inject={call}:error=EIO:when={at}"),
            Self::Enospc => format!("inject={call}:error=ENOSPC:when={at}"),
        }
    }
}

/// The n-th call of a kind.
type Point = (&'static str, u32);

fn points_wanted(default: usize) -> usize {
    match std::env::var("TAPEGUN_POINTS") {
        Ok(text) if text == "all" => usize::MAX,
        Ok(text) => text.parse().unwrap_or(default),
        Err(_) => default,
    }
}

fn may_trace(test: &str) -> bool {
    let traced = Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let may = traced.is_ok_and(|status| status.success());
    if !may {
        // Written past the test harness, which swallows what a passing test prints.
        let _ = writeln!(
            std::io::stderr(),
            "skipped: {test} (no strace here, or it may not trace)"
        );
    }
    may
}

/// Evenly spread points of a list; or the one that was asked for.
fn spread(points: &[Point], wanted: usize) -> Vec<Point> {
    if let Ok(Some((call, at))) = std::env::var("TAPEGUN_POINTS")
        .as_deref()
        .map(|text| text.split_once(':'))
    {
        let at = at.parse().expect("the number of a call");
        let call = CALLS.iter().find(|known| **known == call).expect("a call");
        return vec![(*call, at)];
    }
    let count = points.len().min(wanted);
    let skipped = std::env::var("TAPEGUN_SKIP").map_or(0, |text| text.parse().expect("a number"));
    (skipped..count)
        .map(|number| points[number * points.len() / count])
        .collect()
}

/// How far a long run is, past the test harness.
fn progress(what: &str, fault: Fault, place: usize, of: usize) {
    if of > 20 && place.is_multiple_of(10) {
        let _ = writeln!(std::io::stderr(), "{what}, {fault:?}: {place} of {of}");
    }
}

/// A station under test: its data as it was before, to begin each point with.
struct Bench {
    rig: Rig,
    folder: tempfile::TempDir,
    orders: Vec<String>,
    used: usize,
}

impl Bench {
    fn new(orders: Option<usize>) -> Self {
        let rig = Rig::start(7, orders);
        let found = rig.shippable();
        let bench = Self {
            rig,
            folder: tempfile::tempdir().expect("a folder"),
            orders: found,
            used: 0,
        };
        copy(&bench.rig.data(), &bench.folder.path().join("before"));
        bench
    }

    /// The data as it was; an order that nothing was done with, neither here nor at the simulator.
    fn reset(&mut self) -> String {
        let data = self.rig.data();
        std::fs::remove_dir_all(&data).expect("the old data");
        copy(&self.folder.path().join("before"), &data);
        self.used += 1;
        self.orders[self.used - 1].clone()
    }

    /// Runs a command under `strace`; the trace says what was reached.
    fn traced(&self, arguments: &[&str], inject: Option<&str>) -> (Output, String) {
        let trace = self.folder.path().join("trace");
        let plain = self.rig.station(arguments);
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-o"]).arg(&trace);
        command.args(["-e", &format!("trace={}", CALLS.join(","))]);
        if let Some(inject) = inject {
            command.args(["-e", inject]);
        }
        command
            .arg(plain.get_program())
            .args(plain.get_args())
            .env("TAPEGUN_THREADS", "1")
            .stdin(Stdio::null());
        let mut strace = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("strace");
        // A failed wake-up between its threads, which no kernel makes fail, may leave it waiting: it is killed then.
        for _ in 0..1_200 {
            if strace.try_wait().expect("a child of ours").is_some() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        if strace.try_wait().expect("a child of ours").is_none() {
            kill_children(strace.id());
        }
        let output = strace.wait_with_output().expect("strace");
        let trace = std::fs::read(&trace).expect("a trace");
        (output, String::from_utf8_lossy(&trace).into_owned())
    }

    /// Every point of a run that nothing disturbs: for each kind of call as many as its busiest thread makes.
    fn points(&self, arguments: &[&str]) -> (Vec<Point>, usize) {
        let (output, trace) = self.traced(arguments, None);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        let mut made: BTreeMap<(&str, &str), u32> = BTreeMap::new();
        for line in trace.lines() {
            let Some((thread, rest)) = line.split_once(' ') else {
                continue;
            };
            let name = rest.trim_start().split('(').next().unwrap_or_default();
            if let Some(call) = CALLS.iter().find(|call| **call == name) {
                *made.entry((call, thread)).or_default() += 1;
            }
        }
        let calls = made.values().sum::<u32>();
        let mut points = Vec::new();
        for call in CALLS {
            let of_call = made.iter().filter(|((name, _), _)| *name == call);
            let most = of_call.map(|(_, count)| *count).max().unwrap_or(0);
            points.extend((1..=most).map(|at| (call, at)));
        }
        (points, usize::try_from(calls).expect("few"))
    }

    /// One more run of the same command, as the next day begins: time has passed.
    fn later(&self, arguments: &[&str], seconds: i64) -> Output {
        let mut command = self.rig.station(arguments);
        command.env("TAPEGUN_CLOCK", later(seconds));
        command.output().expect("it runs")
    }

    /// Works to the end: what waits is settled, what was not bought is bought.
    fn ship_to_the_end(&self, order: &str) -> LabelRow {
        for again in 1..30 {
            let _ = self.later(&["sync", "--once"], 20 * again);
            if !self.labels(order).iter().any(|label| label.state.is_live()) {
                let _ = self.later(&SHIP(order), 20 * again);
            }
            let label = self
                .labels(order)
                .into_iter()
                .find(|label| label.state.is_bought());
            if let Some(label) = label {
                return label;
            }
        }
        panic!("order {order} is never bought: {:?}", self.labels(order));
    }

    fn labels(&self, order: &str) -> Vec<LabelRow> {
        self.rig.store().labels_of(self.rig.id(order)).expect("labels")
    }

    /// What the simulator sold for an order: live, key, tracking number.
    fn sold(&self, order: &str) -> Vec<(bool, String, String)> {
        let ledger = self.rig.ledger().into_iter();
        let of_order = ledger.filter(|(number, ..)| number == order);
        of_order
            .map(|(_, live, key, tracking)| (live, key, tracking))
            .collect()
    }

    /// I5, with SQLite's own eyes.
    fn file_is_whole(&self) {
        let chain = self.rig.store().verify_chain().expect("a chain");
        assert!(chain.is_ok(), "I5: {chain:?}");
        let path = self.rig.data().join("tapegun.db");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let database = Connection::open_with_flags(path, flags).expect("it opens");
        let check = |sql: &str| -> String { database.query_row(sql, [], |row| row.get(0)).expect("a check") };
        assert_eq!(check("PRAGMA integrity_check"), "ok", "I5");
        let strays = check("SELECT cast(count(*) AS text) FROM pragma_foreign_key_check");
        assert_eq!(strays, "0", "I5: rows without their parents");
    }

    /// One live label for the order, ours, and nothing else was ever sold for it (I1, I2, I4).
    fn sold_once(&self, order: &str) {
        let label = self.ship_to_the_end(order);
        let sold = self.sold(order);
        let tracking = label
            .tracking
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        assert_eq!(
            sold,
            [(true, label.id.to_string(), tracking)],
            "order {order}, label {}",
            label.state
        );
        self.file_is_whole();
    }

    /// The void is carried out once, and nothing else is touched (I6).
    fn voided_once(&self, order: &str, others: usize) {
        for again in 1..30 {
            let done = |label: &LabelRow| label.state.was_bought() && !label.state.is_bought();
            if self.labels(order).iter().all(done) {
                break;
            }
            let _ = self.later(&["sync", "--once"], 20 * again);
            if self.labels(order).iter().any(|label| label.state.can_void()) {
                let _ = self.later(&VOID(order), 20 * again);
            }
        }
        let labels = self.labels(order);
        assert_eq!(labels.len(), 1, "{labels:?}");
        assert!(labels[0].state == LabelState::Voided, "{labels:?}");
        let sold = self.sold(order);
        assert!(
            sold.len() == 1 && !sold[0].0,
            "the label is live at the carrier: {sold:?}"
        );
        let live = self.rig.ledger().iter().filter(|(_, live, ..)| *live).count();
        assert_eq!(live, others, "I6: another label was voided");
        self.file_is_whole();
    }
}

#[expect(non_snake_case, reason = "they stand for constants")]
fn SHIP(order: &str) -> [&str; 8] {
    [
        "ship",
        order,
        "--weight",
        "20 oz",
        "--size",
        "10x8x6 in",
        "--wait",
        "8",
    ]
}

#[expect(non_snake_case, reason = "they stand for constants")]
fn VOID(order: &str) -> [&str; 7] {
    [
        "void",
        order,
        "--reason",
        "wrong box",
        "--label-destroyed",
        "--wait",
        "8",
    ]
}

fn later(seconds: i64) -> String {
    (SystemClock::new().now() + TimeDelta::seconds(seconds)).to_rfc3339()
}

fn said(output: &Output) -> String {
    let text = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    text.join(" ")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let copied: PathBuf = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &copied);
        } else {
            std::fs::copy(&path, &copied).expect("a copy");
        }
    }
}

/// What a series met.
#[derive(Default)]
struct Tally {
    tried: BTreeMap<&'static str, u32>,
    reached: BTreeMap<&'static str, u32>,
}

impl Tally {
    fn count(&mut self, (call, _): Point, trace: &str) -> bool {
        let reached = trace.contains("(INJECTED)") || trace.contains("+++ killed by SIGKILL");
        *self.tried.entry(call).or_default() += 1;
        *self.reached.entry(call).or_default() += u32::from(reached);
        reached
    }

    fn say(&self, what: &str, fault: Fault, calls: usize) {
        let sum = |counts: &BTreeMap<&str, u32>| counts.values().sum::<u32>();
        let mut line = format!(
            "{what}, {fault:?}: {calls} calls in an undisturbed run, {} points tried, {} reached:",
            sum(&self.tried),
            sum(&self.reached)
        );
        for (call, reached) in &self.reached {
            let _ = write!(line, " {call} {reached}");
        }
        println!("{line}");
        // The run that was counted may have waited for a token and made more calls than those that follow.
        assert!(sum(&self.reached) * 4 > sum(&self.tried), "{line}");
    }
}

/// A failed call is said in words: no panic, no status that means a crash.
fn ended_in_words(fault: Fault, point: Point, output: &Output) {
    if fault != Fault::Kill {
        let text = said(output);
        // An eventfd of the runtime cannot fail so on any machine, and the runtime does not expect it to.
        if text.contains("failed to wake I/O driver") {
            return;
        }
        assert!(!text.contains("panicked"), "{fault:?} at {point:?}: {text}");
        assert!(
            output.status.code().is_some_and(|code| code < 100),
            "{fault:?} at {point:?}: {:?}",
            output.status
        );
    }
}

fn buying(fault: Fault, wanted: usize) {
    let mut bench = Bench::new(Some(ORDERS));
    let order = packed(&mut bench);
    let (points, calls) = bench.points(&SHIP(&order));
    let mut tally = Tally::default();
    let points = spread(&points, wanted);
    for (place, point) in points.iter().copied().enumerate() {
        progress("buying", fault, place, points.len());
        let order = packed(&mut bench);
        let (output, trace) = bench.traced(&SHIP(&order), Some(&fault.injection(point.0, point.1)));
        tally.count(point, &trace);
        ended_in_words(fault, point, &output);
        bench.sold_once(&order);
    }
    tally.say("buying", fault, calls);
}

fn packed(bench: &mut Bench) -> String {
    let order = bench.reset();
    let codes = bench.rig.codes(&order);
    bench.rig.pack(&order, &codes);
    order
}

fn voiding(fault: Fault, wanted: usize) {
    let mut bench = Bench::new(Some(ORDERS));
    let order = packed(&mut bench);
    bench.ship_to_the_end(&order);
    let (points, calls) = bench.points(&VOID(&order));
    let mut tally = Tally::default();
    let points = spread(&points, wanted);
    for (place, point) in points.iter().copied().enumerate() {
        progress("voiding", fault, place, points.len());
        let order = packed(&mut bench);
        bench.ship_to_the_end(&order);
        let live = bench.rig.ledger().iter().filter(|(_, live, ..)| *live).count();
        let (output, trace) = bench.traced(&VOID(&order), Some(&fault.injection(point.0, point.1)));
        tally.count(point, &trace);
        ended_in_words(fault, point, &output);
        bench.voided_once(&order, live - 1);
    }
    tally.say("voiding", fault, calls);
}

fn importing(fault: Fault, wanted: usize) {
    let mut bench = Bench::new(Some(12));
    let all = bench.rig.orders();
    // Before the first import: people and products, no order.
    let import = ["sync", "--once"];
    let _ = bench.reset();
    let (data, before) = (bench.rig.data(), bench.folder.path().join("before"));
    std::fs::remove_dir_all(&data).expect("the data");
    std::fs::remove_dir_all(&before).expect("the data");
    let products = data.with_file_name("products.csv").display().to_string();
    for arguments in [&["users", "add", "Ana"][..], &["products", "import", &products]] {
        let output = bench.rig.station(arguments).output().expect("it runs");
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    }
    copy(&data, &before);
    bench.used = 0;
    let _ = bench.reset();
    let (points, calls) = bench.points(&import);
    let mut tally = Tally::default();
    let points = spread(&points, wanted);
    for (place, point) in points.iter().copied().enumerate() {
        progress("importing", fault, place, points.len());
        bench.used = 0;
        let _ = bench.reset();
        let (output, trace) = bench.traced(&import, Some(&fault.injection(point.0, point.1)));
        tally.count(point, &trace);
        ended_in_words(fault, point, &output);
        // A leader without a record of the buckets begins with empty ones: it may have to wait for its turn.
        let again = (1..10).map(|minutes| bench.later(&import, 60 * minutes));
        let ended = again.into_iter().find(|output| output.status.success());
        assert!(
            ended.is_some(),
            "{fault:?} at {point:?}: the import never ends well"
        );
        let mut orders = bench.rig.orders();
        let mut all = all.clone();
        orders.sort();
        all.sort();
        assert_eq!(orders, all, "{fault:?} at {point:?}: an order is missing");
        for order in &orders {
            let customer = bench.rig.store().customer(bench.rig.id(order)).expect("a read");
            assert!(
                customer.is_some(),
                "{fault:?} at {point:?}: order {order} has lost its customer's data"
            );
        }
        bench.file_is_whole();
    }
    tally.say("importing", fault, calls);
}

#[test]
fn a_purchase_killed_at_any_call_is_made_once() {
    if may_trace("a_purchase_killed_at_any_call_is_made_once") {
        buying(Fault::Kill, points_wanted(10));
    }
}

#[test]
fn a_purchase_with_a_failed_call_is_made_once() {
    if may_trace("a_purchase_with_a_failed_call_is_made_once") {
        buying(Fault::Eio, points_wanted(10));
        buying(Fault::Enospc, points_wanted(6));
    }
}

#[test]
fn a_void_killed_or_failed_at_any_call_is_carried_out_once() {
    if may_trace("a_void_killed_or_failed_at_any_call_is_carried_out_once") {
        voiding(Fault::Kill, points_wanted(6));
        voiding(Fault::Eio, points_wanted(4));
    }
}

#[test]
fn an_import_killed_or_failed_at_any_call_loses_no_order() {
    if may_trace("an_import_killed_or_failed_at_any_call_loses_no_order") {
        importing(Fault::Kill, points_wanted(6));
        importing(Fault::Eio, points_wanted(4));
    }
}

/// F4: the recovery from the first kill is killed as well.
#[test]
fn a_recovery_that_is_killed_recovers() {
    if !may_trace("a_recovery_that_is_killed_recovers") {
        return;
    }
    let wanted = points_wanted(10).min(500);
    let mut bench = Bench::new(Some(ORDERS));
    let order = packed(&mut bench);
    let (points, calls) = bench.points(&SHIP(&order));
    let mut tally = Tally::default();
    // The second point wanders through the list in steps that meet all of it.
    let mut second = 0;
    for (place, first) in spread(&points, wanted).into_iter().enumerate() {
        progress("killed twice", Fault::Kill, place, wanted.min(points.len()));
        let order = packed(&mut bench);
        bench.traced(&SHIP(&order), Some(&Fault::Kill.injection(first.0, first.1)));
        second = (second + points.len() * 5 / 13 + 1) % points.len();
        let point = points[second];
        let (_, trace) = bench.traced(&SHIP(&order), Some(&Fault::Kill.injection(point.0, point.1)));
        tally.count(point, &trace);
        bench.sold_once(&order);
    }
    let reached: u32 = tally.reached.values().sum();
    println!("killed twice: {calls} calls, {wanted} pairs tried, {reached} second kills reached");
    assert!(reached > 0);
}
