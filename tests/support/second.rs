//! Starts the second small Amazon (`second_amazon.py`) as a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// A running second Amazon; ends with it.
pub(crate) struct Second {
    process: Child,
    /// `http://127.0.0.1:PORT`.
    pub(crate) base: String,
    /// Where its ledger is written.
    pub(crate) ledger: PathBuf,
    _folder: tempfile::TempDir,
}

impl Second {
    /// Starts one; none, said aloud, where there is no python3.
    pub(crate) fn start(test: &str, seed: u64) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let ledger = folder.path().join("ledger.json");
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/second_amazon.py");
        let spawned = Command::new("python3")
            .args(["-B", script, "--seed", &seed.to_string(), "--ledger"])
            .arg(&ledger)
            .stdout(Stdio::piped())
            .stdin(Stdio::null())
            .spawn();
        let Ok(mut process) = spawned else {
            // Written past the test harness, which swallows what a passing test prints.
            let _ = writeln!(std::io::stderr(), "skipped: {test} (no python3 here)");
            return None;
        };
        let mut line = String::new();
        let output = process.stdout.take().expect("piped");
        BufReader::new(output)
            .read_line(&mut line)
            .expect("its first line");
        let address = line
            .trim()
            .strip_prefix("listening on ")
            .expect("its address")
            .to_owned();
        Some(Self {
            process,
            base: format!("http://{address}"),
            ledger,
            _folder: folder,
        })
    }

    /// The ledger as it stands.
    pub(crate) fn ledger(&self) -> serde_json::Value {
        let text = std::fs::read_to_string(&self.ledger).expect("a ledger");
        serde_json::from_str(&text).expect("JSON")
    }
}

impl Drop for Second {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
