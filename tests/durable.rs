//! Every accepted scan is on the disk before it is acknowledged: read off the system calls of the real program
//! under `strace`, with scans fed one after another. Skipped, by name, where `strace` cannot run.

#[path = "support/rig.rs"]
#[expect(dead_code, reason = "the crash test uses the rest of it")]
mod rig;
#[path = "support/trace.rs"]
mod trace;

use rig::Rig;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use trace::{acknowledged, calls};

/// Whether `strace` is here and may look into other programs.
fn may_trace() -> bool {
    Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Packs an order under `strace`, each scan after the answer to the one before; one scan is refused.
/// Returns the trace and how many scans were accepted.
fn packed_under_strace(rig: &Rig, order: &str, codes: &[String], folder: &Path) -> (String, usize) {
    let file = folder.join("trace");
    let plain = rig.station(&["pack", order, "--json"]);
    let mut child = Command::new("strace")
        .args(["-f", "-y", "-s", "96", "-e", "signal=none", "-o"])
        .arg(&file)
        .args(["-e", "trace=read,write,writev,pwrite64,pwritev,fdatasync,fsync"])
        .arg(plain.get_program())
        .args(plain.get_args())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("strace");
    let mut scanner = child.stdin.take().expect("piped");
    let mut answers = BufReader::new(child.stdout.take().expect("piped"));
    let mut accepted = 0;
    let scans = std::iter::once("000000000000").chain(codes.iter().map(String::as_str));
    for scan in scans {
        writeln!(scanner, "{scan}").expect("a scan");
        let mut answer = String::new();
        assert!(
            answers.read_line(&mut answer).expect("an answer") > 0,
            "{scan}: it ended"
        );
        accepted += usize::from(answer.contains("\"accepted\":true"));
    }
    drop(scanner);
    assert!(child.wait().expect("it ends").success());
    (std::fs::read_to_string(&file).expect("a trace"), accepted)
}

#[test]
fn a_scan_is_on_the_disk_before_it_is_acknowledged() {
    if !may_trace() {
        // Written past the test harness, which swallows what a passing test prints.
        let _ = writeln!(
            std::io::stderr(),
            "skipped: a_scan_is_on_the_disk_before_it_is_acknowledged (no strace here, or it may not trace)"
        );
        return;
    }
    let rig = Rig::start(11, None);
    let (order, codes) = rig
        .shippable()
        .into_iter()
        .map(|order| (rig.codes(&order), order))
        .map(|(codes, order)| (order, codes))
        .max_by_key(|(_, codes)| codes.len())
        .expect("the demo has orders");
    let folder = tempfile::tempdir().expect("a folder");
    let (trace, accepted) = packed_under_strace(&rig, &order, &codes, folder.path());
    assert_eq!(
        accepted,
        codes.len(),
        "all but the first scan are the order's own"
    );
    assert_eq!(rig.scans(&order), accepted);
    let calls = calls(&trace);
    assert_eq!(acknowledged(&calls, "tapegun.db-wal"), Ok(accepted));
}

/// A trace of one scan: what stands between its write into the log and the end of its acknowledgement.
fn verdict(between: &str) -> Result<usize, String> {
    let trace = format!(
        "7 read(0<pipe:[1]>,  <unfinished ...>\n8 fsync(9</data/tapegun.db-wal>) = 0\n7 <... read resumed>\"850\\n\", 8192) = 4\n\
         8 write(9</data/tapegun.db-wal>, \"\\1 = (\"..., 24) = 24\n{between}\
         +++ exited with 0 +++\n",
    );
    acknowledged(&calls(&trace), "tapegun.db-wal")
}

const ANSWER: &str = "7 write(1<pipe:[2]>, \"{\\\"accepted\\\":true}\\n\", 18) = 18\n";

#[test]
fn the_reading_of_a_trace_lets_no_late_sync_pass() {
    let of_log = "8 fdatasync(9</data/tapegun.db-wal>) = 0\n";
    assert_eq!(verdict(&format!("{of_log}{ANSWER}")), Ok(1));
    let slow = "8 fsync(9</data/tapegun.db-wal> <unfinished ...>\n7 read(5</x>, \"\", 1) = 0\n8 <... fsync resumed>) = 0\n";
    assert_eq!(verdict(&format!("{slow}{ANSWER}")), Ok(1));
    let late = Err("scan 1: acknowledged before it was on the disk".to_owned());
    for between in [
        ANSWER.to_owned(),
        format!("{ANSWER}{of_log}"),
        format!("8 fdatasync(9</data/tapegun.db-wal>) = -1 EIO (Input/output error)\n{ANSWER}"),
        format!("8 fdatasync(9</data/tapegun.db>) = 0\n{ANSWER}"),
        format!("8 fsync(9</data/tapegun.db-wal> <unfinished ...>\n{ANSWER}8 <... fsync resumed>) = 0\n"),
        format!("8 fsync(9</data/tapegun.db-wal> <unfinished ...>\n{ANSWER}"),
        format!("{of_log}8 pwrite64(9</data/tapegun.db-wal>, \"more\", 4, 96) = 4\n{ANSWER}"),
    ] {
        assert_eq!(verdict(&between), late, "{between}");
    }
    let again = format!("{of_log}{ANSWER}7 read(0<pipe:[1]>, \"851\\n\", 8192) = 4\n{ANSWER}");
    let unwritten = Err("scan 2: acknowledged, and nothing was written".to_owned());
    assert_eq!(verdict(&again), unwritten);
}
