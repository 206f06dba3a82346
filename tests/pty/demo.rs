//! The demo, driven by keys and scans alone.

use crate::terminal::{PATIENCE, Terminal};
use portable_pty::CommandBuilder;
use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tapegun::clock::{Clock as _, SystemClock};
use tempfile::TempDir;

/// The demo's orders to try first (`assets/demo/scan-me.md`).
const PRIME: &str = "111-9131413-9770664";
/// What is scanned for it, and what the screen then says.
const IN_PRIME: [(&str, &str); 3] = [
    ("850047100016", "1 of 1"),
    ("850047100030", "1 of 2"),
    ("850047100030", "2 of 2"),
];
const BUSINESS: &str = "112-3788661-7992189";
const THREE_CODES: &str = "114-4407545-2669299";

const F2: &[u8] = b"\x1bOQ";
const F3: &[u8] = b"\x1bOR";
const F5: &[u8] = b"\x1b[15~";
const F7: &[u8] = b"\x1b[18~";
const F8: &[u8] = b"\x1b[19~";
const F10: &[u8] = b"\x1b[21~";
const ENTER: &[u8] = b"\r";
const QUIT: &[u8] = b"\x11";
const ESC: &[u8] = b"\x1b";
const CTRL_B: &[u8] = b"\x02";
const CTRL_D: &[u8] = b"\x04";
const CTRL_P: &[u8] = b"\x10";
const CTRL_R: &[u8] = b"\x12";

/// The program.
pub(crate) fn tapegun(arguments: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tapegun"));
    command.args(arguments);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TAPEGUN_")) {
        command.env_remove(name);
    }
    command
}

/// A demo in a folder that the test can look into.
pub(crate) struct Demo {
    pub(crate) terminal: Terminal,
    folder: TempDir,
}

impl Demo {
    /// Starts it and waits for the first screen.
    pub(crate) fn start(columns: u16, rows: u16) -> Self {
        Self::in_folder(tempfile::tempdir().expect("a folder"), columns, rows, &[])
    }

    fn in_folder(folder: TempDir, columns: u16, rows: u16, environment: &[(&str, &str)]) -> Self {
        let keep = folder.path().join("demo").display().to_string();
        let mut command = tapegun(&["demo", "--keep", &keep]);
        for (name, value) in environment {
            command.env(name, value);
        }
        let terminal = Terminal::start(command, columns, rows);
        terminal.wait_for("Who is packing?");
        terminal.wait_for("Ana");
        Self { terminal, folder }
    }

    /// Starts it with these in the environment and signs in.
    pub(crate) fn signed_in_with(columns: u16, rows: u16, environment: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut demo = Self::in_folder(folder, columns, rows, environment);
        demo.terminal.scan("TGU-ana");
        demo.terminal.wait_for("2 pick lists");
        demo
    }

    /// Kills it as it is, starts it again in its folder and signs in.
    pub(crate) fn killed_and_signed_in_again(
        self,
        columns: u16,
        rows: u16,
        environment: &[(&str, &str)],
    ) -> Self {
        let Self { terminal, folder } = self;
        terminal.signal(rustix::process::Signal::KILL);
        terminal.wait_for_end(PATIENCE);
        drop(terminal);
        let mut demo = Self::in_folder(folder, columns, rows, environment);
        demo.terminal.scan("TGU-ana");
        demo.terminal.wait_for("pick lists");
        demo
    }

    /// Starts it and signs in.
    pub(crate) fn signed_in(columns: u16, rows: u16) -> Self {
        let mut demo = Self::start(columns, rows);
        demo.terminal.scan("TGU-ana");
        demo.terminal.wait_for("2 pick lists");
        demo
    }

    /// Opens an order by its barcode and scans all that is in it.
    fn pack(&mut self, order: &str, scans: &[(&str, &str)]) {
        self.terminal.scan(order);
        self.terminal.wait_for("SCAN NEXT ITEM");
        for (code, shown) in scans {
            self.terminal.scan(code);
            self.terminal.wait_for(shown);
        }
        self.terminal.wait_for("ALL VERIFIED");
    }

    /// Gives somebody a PIN, by the command line beside the running screens.
    pub(crate) fn set_pin(&self, name: &str, pin: &str) {
        let folder = self.folder.path();
        let config = folder.join("config.toml");
        std::fs::write(&config, "station = \"bench-1\"\n").expect("written");
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_tapegun"))
            .args(["users", "pin", "--user", name])
            .arg("--config")
            .arg(&config)
            .arg("--data")
            .arg(folder.join("demo"))
            .env("TAPEGUN_KEY_FILE", folder.join("demo/station-keys"))
            .stdin(std::process::Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut input = child.stdin.take().expect("piped");
        std::io::Write::write_all(&mut input, format!("{pin}\n").as_bytes()).expect("a line");
        drop(input);
        assert!(child.wait().expect("it ends").success());
    }

    /// Opens the Prime order.
    pub(crate) fn open_prime(&mut self) {
        self.terminal.scan(PRIME);
        self.terminal.wait_for("SCAN NEXT ITEM");
    }

    /// Scans what is in the Prime order.
    pub(crate) fn pack_prime(&mut self) {
        self.pack(PRIME, &IN_PRIME);
    }

    /// Weight, size, rates.
    pub(crate) fn shop_rates(&mut self, weight: &str) {
        self.terminal.send(F2);
        self.terminal.wait_for("Type the weight");
        self.terminal.scan(weight);
        self.terminal.wait_for("now the size");
        self.terminal.send(F3);
        self.terminal.wait_for("Type the outer size");
        self.terminal.scan("10x8x4 in");
        self.terminal.wait_for("now the label");
        self.terminal.send(F5);
        self.terminal.wait_for("methods · chosen");
    }

    /// Buys what is selected, and waits until its label is printed.
    pub(crate) fn buy(&mut self) {
        self.terminal.send(F10);
        self.terminal.wait_for("Buy this label?");
        self.terminal.send(F10);
        self.terminal.wait_for("PRINTED");
    }

    /// Sheets in the printer's folder.
    pub(crate) fn sheets(&self) -> Vec<PathBuf> {
        let folder = self.folder.path().join("demo/labels");
        let entries = std::fs::read_dir(folder).expect("the printer's folder");
        let mut sheets: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
        sheets.sort();
        sheets
    }

    /// Files in the folder of exports, with what stands in them; only their owner can read them.
    pub(crate) fn exports(&self) -> Vec<(String, String)> {
        use std::os::unix::fs::PermissionsExt;
        let folder = self.folder.path().join("demo/exports");
        let entries = std::fs::read_dir(folder).expect("the folder of exports");
        let each = entries.map(|entry| {
            let path = entry.expect("a file").path();
            let mode = std::fs::metadata(&path).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("text"))
        });
        each.collect()
    }

    /// Leaves by key.
    fn leave(mut self) {
        self.terminal.send(QUIT);
        self.terminal.wait_for("Leave tapegun?");
        self.terminal.send(F10);
        assert!(self.terminal.wait_for_end(PATIENCE).success());
        self.terminal.assert_put_back();
    }
}

#[test]
fn a_prime_order_is_packed_bought_printed_printed_again_and_voided() {
    let mut demo = Demo::signed_in(80, 24);
    demo.pack(
        PRIME,
        &[
            ("850047100016", "1 of 1"),
            ("850047100047", "STOP wrong item"),
            ("850047100030", "1 of 2"),
            ("850047100030", "2 of 2"),
        ],
    );
    demo.shop_rates("2 lb");
    demo.buy();
    assert_eq!(demo.sheets().len(), 1);
    assert!(is_whole_zpl(&demo.sheets()[0]));

    demo.terminal.send(F7);
    demo.terminal.wait_for("Printed     2 ×");
    assert_eq!(demo.sheets().len(), 2, "printed again without buying again");

    demo.terminal.send(F8);
    demo.terminal.wait_for("Void this label?");
    demo.terminal.scan("wrong box taken");
    demo.terminal.wait_for("why: wrong box taken");
    demo.terminal.send(F10);
    demo.terminal.wait_for("scan the old label");
    demo.terminal.send(CTRL_D);
    demo.terminal.wait_for("is destroyed (Ctrl-D)");
    demo.terminal.send(F10);
    demo.terminal.wait_for("VOIDED");
    demo.terminal.wait_for("Ready to Pick");
    demo.leave();
}

#[test]
fn a_shipped_order_goes_back_to_ready_to_pick_and_its_refund_is_booked() {
    let mut demo = Demo::signed_in(100, 30);
    demo.pack_prime();
    demo.shop_rates("2 lb");
    demo.buy();
    demo.terminal.wait_for("Ctrl-P Ready to Pick");
    let screen = demo.terminal.text();
    let tracking = screen
        .lines()
        .find_map(|line| line.trim().strip_prefix("Tracking"))
        .expect("a tracking number")
        .trim()
        .to_owned();
    demo.terminal.send(CTRL_P);
    demo.terminal.wait_for("void all labels?");
    demo.terminal.scan(&tracking);
    demo.terminal.wait_for("scanned: destroy it");
    demo.terminal.send(F10);
    demo.terminal.wait_for("VOIDED");
    demo.terminal.wait_for("Ready to Pick");
    demo.terminal.send(ESC);
    demo.terminal.wait_for("2 pick lists");
    demo.terminal.send(CTRL_R);
    demo.terminal.wait_for("Refunds of voided labels: 1");
    demo.terminal.wait_for("expected by");
    demo.terminal.send(CTRL_B);
    demo.terminal.wait_for("Ana may not book refunds: ask Sam");
    demo.terminal.scan("TGU-sam");
    demo.terminal.wait_for("signed in: Sam");
    demo.terminal.send(CTRL_B);
    demo.terminal.wait_for("What came of this refund?");
    demo.terminal.scan("1.25");
    demo.terminal.wait_for("$1.25 came back");
    demo.terminal.send(F10);
    demo.terminal.wait_for("$1.25 of");
    demo.terminal.send(CTRL_R);
    demo.terminal.wait_for("was scanned by its carrier");
    demo.leave();
}

fn is_whole_zpl(sheet: &Path) -> bool {
    let text = std::fs::read_to_string(sheet).expect("a label");
    text.starts_with("^XA") && text.trim_end().ends_with("^XZ")
}

#[test]
fn a_business_order_shows_red_methods_and_buys_a_good_one() {
    let mut demo = Demo::signed_in(160, 50);
    let towel = "850047100108";
    let soap = "850047100030";
    demo.pack(
        BUSINESS,
        &[
            (towel, "1 of 4"),
            (towel, "2 of 4"),
            (towel, "3 of 4"),
            (towel, "4 of 4"),
            (soap, "1 of 2"),
            (soap, "2 of 2"),
        ],
    );
    demo.shop_rates("3 lb");
    let screen = demo.terminal.text();
    assert!(
        screen.contains("[BUSINESS]") && screen.contains("[COMMERCIAL]"),
        "{screen}"
    );
    assert!(screen.contains("FedEx Home Delivery"), "{screen}");
    demo.buy();
    assert_eq!(demo.sheets().len(), 1);
}

#[test]
fn every_unit_wants_its_own_transparency_code() {
    let mut demo = Demo::signed_in(80, 24);
    let serum = "850047100078";
    demo.terminal.scan(THREE_CODES);
    demo.terminal.wait_for("SCAN NEXT ITEM");
    for unit in 1..=3 {
        demo.terminal.scan(serum);
        demo.terminal.wait_for(&format!("CODE OF UNIT {unit} OF 3"));
        if unit == 2 {
            demo.terminal.scan("AZ:DEMO2026SERUMUNITNUMBER001");
            demo.terminal.wait_for("STOP");
        }
        demo.terminal.scan(&format!("AZ:DEMO2026SERUMUNITNUMBER00{unit}"));
        demo.terminal.wait_for(&format!("codes {unit} of 3"));
    }
    demo.terminal.wait_for("ALL VERIFIED");
    demo.shop_rates("1 lb");
    demo.buy();
}

#[test]
fn a_kept_demo_goes_on_where_it_was_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let keep = folder.path().join("demo").display().to_string();
    let mut terminal = Terminal::start(tapegun(&["demo", "--keep", &keep]), 80, 24);
    terminal.wait_for("Ana");
    terminal.scan("TGU-ana");
    terminal.wait_for("2 pick lists");
    terminal.scan(PRIME);
    terminal.wait_for("SCAN NEXT ITEM");
    terminal.scan("850047100016");
    terminal.wait_for("GOOD");
    terminal.signal(rustix::process::Signal::KILL);
    terminal.wait_for_end(PATIENCE);

    let mut terminal = Terminal::start(tapegun(&["demo", "--keep", &keep]), 80, 24);
    terminal.wait_for("Ana");
    terminal.scan("TGU-ana");
    terminal.wait_for("2 pick lists");
    terminal.scan(PRIME);
    terminal.wait_for("1 of 1");
}

#[test]
fn resizing_to_one_cell_and_back_paints_the_screen_again() {
    let mut demo = Demo::signed_in(80, 24);
    for (columns, rows) in [(1, 1), (2, 2), (5, 3), (10, 4), (300, 100), (1, 50), (200, 1)] {
        demo.terminal.resize(columns, rows);
        demo.terminal.send(b"x");
    }
    demo.terminal.resize(80, 24);
    demo.terminal.wait_for("2 pick lists");
    demo.terminal.wait_for("xxxxxxx");
    demo.leave();
}

#[test]
fn floods_of_keys_trigger_nothing_and_leave_the_screen_alive() {
    let mut demo = Demo::signed_in(80, 24);
    // Far more than the kernel's buffer and the reading library's: nothing may be lost or stall.
    for _ in 0..40 {
        demo.terminal
            .send("0123456789abcdefghijklmnopqrstuvwxyz".repeat(20).as_bytes());
    }
    demo.terminal.wait_for("Scan: …");
    demo.terminal.send(b"\x1b");
    demo.terminal.wait_gone("…");
    demo.terminal.send(b"still here");
    demo.terminal.wait_for("still here");
    demo.terminal.wait_for("2 pick lists");
    demo.terminal.send(ENTER);
    demo.terminal.wait_for("STOP");
}

#[test]
fn signals_end_the_demo_with_the_terminal_put_back() {
    use rustix::process::Signal;
    for signal in [Signal::TERM, Signal::INT, Signal::QUIT, Signal::HUP] {
        let demo = Demo::start(80, 24);
        demo.terminal.signal(signal);
        let status = demo.terminal.wait_for_end(Duration::from_secs(7));
        assert_eq!(
            status.exit_code(),
            128 + signal.as_raw().cast_unsigned(),
            "{signal:?}"
        );
        demo.terminal.assert_put_back();
    }
}

#[test]
fn a_terminal_that_vanishes_without_a_signal_ends_the_program() {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = folder.path().join("ended");
    let mut told = tapegun::runtime::changes::watch(&ended).expect("a system that tells");
    // The terminal belongs to a process of its own, which is killed: so it vanishes as with a broken line.
    let mut host = std::process::Command::new(std::env::current_exe().expect("this test"))
        .args(["demo::hosts_a_terminal", "--exact", "--ignored", "--nocapture"])
        .env("HOSTED_IN", folder.path())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("a host");
    let mut line = String::new();
    let mut shown = std::io::BufReader::new(host.stdout.take().expect("its words"));
    while !line.contains("the screens are open") {
        line.clear();
        assert_ne!(
            shown.read_line(&mut line).expect("its words"),
            0,
            "the host ended too early"
        );
    }
    let clock = SystemClock::new();
    host.kill().expect("killed");
    host.wait().expect("ended");
    // Two seconds are promised; the rest is for a machine that builds and tests at the same time.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    let waited = runtime.block_on(async { tokio::time::timeout(Duration::from_secs(4), told.recv()).await });
    assert_eq!(waited, Ok(Some(())), "the program outlives its terminal");
    println!(
        "F20 a terminal that vanishes: ended {} ms after it",
        clock.monotonic().as_millis()
    );
}

#[test]
#[ignore = "run by another test in a process of its own"]
fn hosts_a_terminal() {
    let folder = std::env::var("HOSTED_IN").expect("a folder");
    // The session's leader hears the hang-up and ignores it; it says when the program has ended.
    let mut shell = CommandBuilder::new("sh");
    let script = "trap '' HUP; \"$0\" demo --keep \"$1/demo\"; echo $? > \"$1/ended\"";
    shell.args(["-c", script, env!("CARGO_BIN_EXE_tapegun"), &folder]);
    let terminal = Terminal::start(shell, 80, 24);
    terminal.wait_for("Ana");
    println!("the screens are open");
    terminal.wait_for_end(Duration::from_mins(1));
}

#[test]
fn the_screens_of_an_empty_station_say_what_to_do_first() {
    let home = tempfile::tempdir().expect("a folder");
    let mut command = tapegun(&[]);
    command.env("HOME", home.path());
    for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
        command.env_remove(name);
    }
    let terminal = Terminal::start(command, 80, 24);
    assert_eq!(terminal.wait_for_end(PATIENCE).exit_code(), 2);
    terminal.assert_put_back();
    let words = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    assert!(words.contains("tapegun demo"), "{words}");
}

#[test]
fn why_not_names_what_is_missing_and_scrolls() {
    let mut demo = Demo::signed_in(80, 24);
    demo.pack_prime();
    demo.shop_rates("2 lb");
    demo.terminal.send(b"\x17");
    demo.terminal.wait_for("Why not?");
    demo.terminal.send(b"\x1b[6~");
    demo.terminal.wait_for("Not an eligible ship method");
    demo.terminal.send(b"\x1b");
    demo.terminal.wait_for("prints as");
    demo.leave();
}
