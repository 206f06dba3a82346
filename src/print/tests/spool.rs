//! The ways to a printer, with a printer that is only a socket and an `lp` that is only a script.

use super::zpl;
use crate::clock::SystemClock;
use crate::domain::seller::DocumentFormat::{Png, Zpl};
use crate::print::spool::{Patience, to_queue, to_socket};
use crate::print::{PrintError, Printer, send};
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::{self, JoinHandle};
use std::time::Duration;

fn soon() -> Patience {
    Patience {
        connect: Duration::from_secs(5),
        stall: Duration::from_millis(100),
        whole: Duration::from_millis(300),
        farewell: Duration::from_secs(5),
    }
}

/// Longer than any machine that runs these tests needs.
fn patient() -> Patience {
    Patience {
        farewell: Duration::from_mins(1),
        ..Patience::default()
    }
}

/// A printer on the loopback interface, and what it does with the one connection that it takes.
fn printer<T: Send + 'static>(act: impl FnOnce(TcpStream) -> T + Send + 'static) -> (String, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    (
        address,
        thread::spawn(move || act(listener.accept().expect("a connection").0)),
    )
}

fn everything(mut stream: TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("readable");
    bytes
}

#[test]
fn a_raw_printer_gets_every_byte_and_an_end() {
    let (address, got) = printer(everything);
    assert_eq!(
        send(&Printer::Raw(address), "label-1", Zpl, &zpl::label(), None),
        Ok(())
    );
    assert_eq!(got.join().expect("the printer"), zpl::label());
}

#[test]
fn a_printer_that_talks_back_is_heard_out() {
    let (address, got) = printer(|mut stream| {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("the label, and its end");
        // Whoever has hung up already makes the second of these fail.
        for _ in 0..2 {
            stream
                .write_all(b"\x02030,0,0,1245\x03\r\n")
                .expect("somebody listens");
        }
        bytes
    });
    let sent = to_socket(&address, &zpl::label(), &patient(), &SystemClock::new());
    assert_eq!(sent, Ok(()));
    assert_eq!(got.join().expect("the printer"), zpl::label());
}

#[test]
fn a_printer_that_is_off_was_sent_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    drop(listener);
    let error =
        send(&Printer::Raw(address), "label-1", Zpl, &zpl::label(), None).expect_err("nobody listens");
    assert!(matches!(error, PrintError::Unreachable { .. }), "{error}");
    assert!(!error.may_have_printed());
    assert!(error.to_string().contains("it refuses the connection"), "{error}");
}

#[test]
fn a_printer_that_stops_taking_is_not_waited_for_forever() {
    let (done, wait) = std::sync::mpsc::channel::<()>();
    let (address, held) = printer(move |stream| {
        let _ = wait.recv();
        drop(stream);
    });
    let document = vec![b' '; 64 * 1024 * 1024];
    let error = to_socket(&address, &document, &soon(), &SystemClock::new()).expect_err("it never reads");
    let PrintError::Stopped { sent, total, .. } = error else {
        panic!("{error}")
    };
    assert!(sent > 0 && sent < total);
    assert!(error.may_have_printed());
    drop(done);
    held.join().expect("the printer");
}

#[test]
fn a_printer_that_hangs_up_in_the_middle_is_noticed() {
    let (address, got) = printer(|mut stream| {
        let mut some = [0; 16];
        stream.read_exact(&mut some).expect("some bytes");
    });
    let document = vec![b' '; 64 * 1024 * 1024];
    let error = to_socket(&address, &document, &soon(), &SystemClock::new()).expect_err("it hung up");
    assert!(matches!(error, PrintError::Stopped { .. }), "{error}");
    got.join().expect("the printer");
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("there").permissions().mode() & 0o777
}

#[test]
fn the_folder_keeps_every_sheet_to_the_stations_user() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("new/labels");
    let printer = Printer::Folder(folder.clone());
    for _ in 0..3 {
        assert_eq!(send(&printer, "0193-1", Zpl, &zpl::label(), None), Ok(()));
    }
    assert_eq!(mode(&folder), 0o700);
    for name in ["0193-1.zpl", "0193-1-2.zpl", "0193-1-3.zpl"] {
        assert_eq!(mode(&folder.join(name)), 0o600);
        assert_eq!(fs::read(folder.join(name)).expect("readable"), zpl::label());
    }
}

#[test]
fn the_folder_never_follows_a_link_and_never_writes_over_a_file() {
    let home = tempfile::tempdir().expect("a folder");
    let victim = home.path().join("victim");
    fs::write(&victim, "precious").expect("written");
    symlink(&victim, home.path().join("label-1.zpl")).expect("linked");
    symlink(home.path().join("nowhere"), home.path().join("label-1-2.zpl")).expect("linked");
    assert_eq!(
        send(
            &Printer::Folder(home.path().to_owned()),
            "label-1",
            Zpl,
            &zpl::label(),
            None
        ),
        Ok(())
    );
    assert_eq!(fs::read(&victim).expect("readable"), b"precious");
    assert!(!home.path().join("nowhere").exists());
    assert_eq!(
        fs::read(home.path().join("label-1-3.zpl")).expect("readable"),
        zpl::label()
    );
}

#[test]
fn a_folder_that_is_a_file_is_said_so() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("file");
    fs::write(&file, "").expect("written");
    let error = send(&Printer::Folder(file), "label-1", Zpl, &zpl::label(), None).expect_err("no folder");
    assert!(matches!(error, PrintError::Folder { .. }));
}

/// An `lp` that does what the script says, in a folder of its own. A child writes it: a file that this process
/// has open for writing at the moment of another test's fork could not be run.
fn lp(script: &str) -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().expect("a folder");
    let path = home.path().join("lp");
    let written = Command::new("sh")
        .args([
            "-c",
            "printf '#!/bin/sh\\ncd \"${0%%/*}\" || exit 9\\n%s\\n' \"$2\" > \"$1\" && chmod 700 \"$1\"",
            "sh",
        ])
        .arg(&path)
        .arg(script)
        .status();
    assert!(written.expect("a shell").success());
    (home, path)
}

fn queue(lp: &Path, queue: &str, patience: &Patience) -> Result<(), PrintError> {
    to_queue(
        lp,
        queue,
        "label-1",
        Zpl,
        &zpl::label(),
        patience,
        &SystemClock::new(),
    )
}

#[test]
fn cups_gets_the_label_on_its_input_and_plain_arguments() {
    let (home, lp) = lp("printf '%s\\n' \"$@\" > arguments\ncat > document");
    assert_eq!(queue(&lp, "Zebra;reboot", &Patience::default()), Ok(()));
    let arguments = fs::read_to_string(home.path().join("arguments")).expect("written");
    assert_eq!(
        arguments.lines().collect::<Vec<_>>(),
        ["-d", "Zebra;reboot", "-t", "label-1", "-o", "raw"]
    );
    assert_eq!(
        fs::read(home.path().join("document")).expect("written"),
        zpl::label()
    );
    // A picture goes through CUPS' own filters.
    let sent = to_queue(
        &lp,
        "Zebra",
        "label-1",
        Png,
        b"x",
        &Patience::default(),
        &SystemClock::new(),
    );
    assert_eq!(sent, Ok(()));
    let arguments = fs::read_to_string(home.path().join("arguments")).expect("written");
    assert_eq!(
        arguments.lines().collect::<Vec<_>>(),
        ["-d", "Zebra", "-t", "label-1"]
    );
}

#[test]
fn cups_own_words_are_passed_on_clean() {
    let (_home, lp) =
        lp("cat > /dev/null\nprintf 'lp: The printer or class does not exist.\\033[2J\\n' >&2\nexit 1");
    let error = queue(&lp, "gone", &Patience::default()).expect_err("refused");
    assert!(
        error
            .to_string()
            .contains("(lp: The printer or class does not exist. [2J)"),
        "{error}"
    );
    let (_home, lp) = self::lp("exec true");
    // Ended well, but did not read: whatever it says, the label did not arrive. (A pipe takes a small label.)
    let large = vec![b' '; 1024 * 1024];
    let unread = to_queue(
        &lp,
        "q",
        "label-1",
        Zpl,
        &large,
        &Patience::default(),
        &SystemClock::new(),
    );
    assert!(matches!(unread, Err(PrintError::Queue { .. })));
}

#[test]
fn an_lp_that_hangs_or_is_missing_is_an_error() {
    let (_home, lp) = lp("exec sleep 600");
    let error = queue(&lp, "slow", &soon()).expect_err("killed");
    assert!(error.to_string().contains("lp did not end"), "{error}");
    let error = queue(Path::new("/nonexistent/lp"), "q", &soon()).expect_err("missing");
    assert!(error.to_string().contains("lp is not installed"), "{error}");
    let error = queue(&lp, "-o", &soon()).expect_err("an option");
    assert!(matches!(error, PrintError::Queue { .. }));
}
