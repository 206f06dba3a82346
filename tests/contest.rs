//! Several hands on one box, and a process that is given too little: F11, F12, F33 of the fault list. The real program,
//! many processes on one store, against the simulator as a process of its own; its ledger is what counts.
//!
//! What each row measures is printed; only counts are asserted. `TAPEGUN_CONTESTS` sets how many boxes each number of
//! processes fights for (default 2): `TAPEGUN_CONTESTS=50 cargo test --test contest -- --nocapture --test-threads=1`.

#[path = "support/rig.rs"]
#[expect(dead_code, reason = "the crash test uses the rest of it")]
mod rig;

use rig::Rig;
use std::fmt::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tapegun::domain::rows::LabelRow;
use tapegun::store::Store as _;

const BOX: [&str; 6] = ["--weight", "20 oz", "--size", "10x8x6 in", "--wait", "30"];

fn contests() -> usize {
    let set = std::env::var("TAPEGUN_CONTESTS").ok();
    set.and_then(|text| text.parse().ok()).unwrap_or(2)
}

#[expect(clippy::disallowed_methods, reason = "measured and printed, never judged")]
fn now() -> Instant {
    Instant::now()
}

fn ship(rig: &Rig, order: &str) -> Child {
    let mut command = rig.station(&["ship", order]);
    command.args(BOX).spawn().expect("it starts")
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

/// How often Amazon sold a label for the order, and how many of them live.
fn sold(rig: &Rig, order: &str) -> (usize, usize) {
    let ledger = rig.ledger();
    let of_order: Vec<bool> = ledger
        .iter()
        .filter(|(number, ..)| number == order)
        .map(|(_, live, ..)| *live)
        .collect();
    (of_order.len(), of_order.iter().filter(|live| **live).count())
}

fn labels(rig: &Rig, order: &str) -> Vec<LabelRow> {
    rig.store().labels_of(rig.id(order)).expect("labels")
}

/// The order's box is packed, weighed, and has rates that can be bought from.
fn ready(rig: &Rig, order: &str) {
    let codes = rig.codes(order);
    rig.pack(order, &codes);
    let mut command = rig.station(&["rates", order]);
    let output = command.args(BOX).output().expect("it runs");
    assert!(output.status.success(), "{}", said(&output));
}

/// All of them bought what they were asked for, or said in words why not: never a second label, never silence.
fn judge(rig: &Rig, order: &str, outputs: &[Output]) -> usize {
    for output in outputs {
        let status = output.status.code().expect("not killed");
        assert!(matches!(status, 0 | 3 | 5), "{status}: {}", said(output));
        assert!(!said(output).trim().is_empty(), "nothing was said");
    }
    assert!(
        sold(rig, order).0 <= 1,
        "a second label: {:?}",
        labels(rig, order)
    );
    // Whoever won, the box ends with one label.
    rig.ship(order);
    assert_eq!(sold(rig, order), (1, 1), "{:?}", labels(rig, order));
    outputs.iter().filter(|output| output.status.success()).count()
}

/// F12: one box, 2, 4 and 8 processes at once.
#[test]
fn of_many_processes_on_one_box_one_buys_and_the_others_are_told() {
    let rounds = contests();
    let rig = Rig::start(12, Some(3 * rounds + 2));
    let mut orders = rig.shippable().into_iter();
    for processes in [2, 4, 8] {
        let (mut bought, mut told, mut slowest) = (0, 0, Duration::ZERO);
        for _ in 0..rounds {
            let order = orders.next().expect("enough orders");
            ready(&rig, &order);
            let began = now();
            let children: Vec<Child> = (0..processes).map(|_| ship(&rig, &order)).collect();
            let outputs: Vec<Output> = children
                .into_iter()
                .map(|child| {
                    let output = child.wait_with_output().expect("it ends");
                    slowest = slowest.max(began.elapsed());
                    output
                })
                .collect();
            let winners = judge(&rig, &order, &outputs);
            bought += 1;
            told += processes - winners;
        }
        println!(
            "F12 {processes} processes on one box, {rounds} boxes: {bought} labels, 0 duplicates, {told} losers told in \
             words; all had ended {slowest:?} after the start, processes included"
        );
    }
}

/// F11 for scripts: the same box asked for again at once, after 50 ms, and after it was bought.
#[test]
fn a_box_that_is_asked_for_twice_is_bought_once() {
    let rig = Rig::start(11, Some(8));
    let mut orders = rig.shippable().into_iter();
    for pause in [Duration::from_millis(1), Duration::from_millis(50)] {
        let order = orders.next().expect("enough orders");
        ready(&rig, &order);
        let first = ship(&rig, &order);
        std::thread::sleep(pause);
        let second = ship(&rig, &order);
        let outputs = [first, second].map(|child| child.wait_with_output().expect("it ends"));
        judge(&rig, &order, &outputs);
        println!("F11 asked for twice within {pause:?}: 1 label");
    }
    let order = orders.next().expect("enough orders");
    ready(&rig, &order);
    let first = ship(&rig, &order).wait_with_output().expect("it ends");
    assert!(first.status.success(), "{}", said(&first));
    let second = ship(&rig, &order).wait_with_output().expect("it ends");
    assert_eq!(second.status.code(), Some(3), "{}", said(&second));
    assert!(said(&second).contains("label"), "{}", said(&second));
    assert_eq!(sold(&rig, &order), (1, 1));
    println!("F11 asked for again once it was bought: refused with exit status 3, 1 label");
}

/// Runs `ship` under one of the shell's limits. One that hangs is killed after a minute.
fn limited(rig: &Rig, order: &str, limit: &str) -> Output {
    let plain = rig.station(&["ship", order]);
    let mut command = Command::new("sh");
    command
        .args([
            "-c",
            &format!("ulimit {limit} && exec timeout -s KILL 60 \"$0\" \"$@\""),
        ])
        .arg(plain.get_program())
        .args(plain.get_args())
        .args(BOX)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.output().expect("a shell")
}

/// F33: too few files, too little memory, from far too little to enough. Whatever the process came to, no box has a
/// second label, the database is whole, and the next run with enough of both buys what is missing.
#[test]
fn too_few_files_or_too_little_memory_buy_nothing_twice() {
    let files: Vec<String> = (4..=40).step_by(3).map(|count| format!("-n {count}")).collect();
    // Close together where some threads still fit and others do not any more.
    let memory = (1..=12)
        .map(|step| step * 48_000)
        .chain((7..=17).map(|step| step * 16_000 + 8_000));
    let memory: Vec<String> = memory.map(|size| format!("-v {size}")).collect();
    for (what, limits) in [("files", files), ("memory", memory)] {
        let rig = Rig::start(33, Some(limits.len() + 2));
        let mut orders = rig.shippable().into_iter();
        let (mut done, mut failed, mut died) = (0, 0, 0);
        for limit in &limits {
            let order = orders.next().expect("enough orders");
            ready(&rig, &order);
            let output = limited(&rig, &order, limit);
            let hung = output.status.signal() == Some(9) || output.status.code() == Some(128 + 9);
            assert_ne!(
                output.status.code(),
                Some(101),
                "{limit}: a panic: {}",
                said(&output)
            );
            assert!(!hung, "{limit}: it hangs: {}", said(&output));
            if output.status.code().is_some_and(|code| (1..=100).contains(&code)) {
                let words = said(&output);
                let told = ["(ulimit -n)", "too little memory"];
                assert!(told.iter().any(|part| words.contains(part)), "{limit}: {words}");
            }
            match output.status.code() {
                Some(0) => done += 1,
                Some(_) => failed += 1,
                None => died += 1,
            }
            assert!(sold(&rig, &order).0 <= 1, "{limit}: {:?}", labels(&rig, &order));
            rig.ship(&order);
            assert_eq!(sold(&rig, &order), (1, 1), "{limit}: {:?}", labels(&rig, &order));
            let chain = rig.store().verify_chain().expect("readable");
            assert!(chain.is_ok(), "{limit}: {chain:?}");
        }
        let (few, many) = (limits.first().expect("some"), limits.last().expect("some"));
        println!(
            "F33 {what}, ulimit {few} to {many}: {} runs, {done} bought, {failed} failed in words, {died} died; 0 \
             duplicates, every box ends with 1 label",
            limits.len()
        );
        assert!(done > 0 && done < limits.len(), "{what}: the limits do not bite");
    }
}

/// All rows of all tables, as text.
fn content(rig: &Rig) -> String {
    let path = rig.data().join("tapegun.db");
    let database = rusqlite::Connection::open(path).expect("the database");
    let tables =
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let mut tables = database.prepare(tables).expect("SQL");
    let names: Vec<String> = tables
        .query_map([], |row| row.get(0))
        .and_then(Iterator::collect)
        .expect("names");
    let mut text = String::new();
    for name in names {
        let mut rows = database
            .prepare(&format!("SELECT * FROM \"{name}\""))
            .expect("SQL");
        let columns = rows.column_count();
        let mut rows = rows.query([]).expect("rows");
        while let Some(row) = rows.next().expect("a row") {
            let cells: Vec<_> = (0..columns).map(|at| row.get_ref(at).expect("a cell")).collect();
            writeln!(text, "{name} {cells:?}").expect("a text");
        }
    }
    text
}

/// PURCHASING.md 7: a question under way is nobody's business at a start.
#[test]
fn starting_a_process_changes_nothing() {
    let rig = Rig::start(7, Some(3));
    let order = rig.shippable().into_iter().next().expect("an order");
    ready(&rig, &order);
    rig.faults(r#"{"operation":"purchaseShipment","kind":"half-open","after":true}"#);
    let mut buying = ship(&rig, &order);
    while sold(&rig, &order).0 == 0 {
        std::thread::yield_now();
    }
    buying.kill().expect("killed");
    buying.wait().expect("ended");
    assert_eq!(labels(&rig, &order)[0].state.words(), "asked");
    let before = content(&rig);
    for arguments in [
        &["orders", "list"][..],
        &["orders", "show", &order],
        &["pick-list", "list"],
        &["doctor"],
    ] {
        rig.station(arguments).output().expect("it runs");
        assert!(content(&rig) == before, "{arguments:?} changed the database");
    }
}

/// PURCHASING.md 8: what settling and voiding stand on is not sealed.
#[test]
fn without_its_key_a_store_still_tells_ids_and_tracking_numbers() {
    let rig = Rig::start(8, Some(2));
    let order = rig.shippable().into_iter().next().expect("an order");
    rig.pack(&order, &rig.codes(&order));
    rig.ship(&order);
    let label = labels(&rig, &order).remove(0);
    let tracking = label.tracking.expect("bought").0;
    // The key of another station, as after a machine was set up anew.
    let file = rig.data().with_file_name("other-keys");
    let with_another_key = |arguments: &[&str]| {
        let mut command = rig.station(arguments);
        said(&command.env("TAPEGUN_KEY_FILE", &file).output().expect("it runs"))
    };
    let words = with_another_key(&["orders", "show", &order]);
    assert!(
        words.contains(&tracking) && words.contains(&label.id.to_string()),
        "{words}"
    );
    let words = with_another_key(&["void", &order, "--reason", "wrong box", "--label-destroyed"]);
    assert!(words.contains("put the key file of this station back"), "{words}");
}
