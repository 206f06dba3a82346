//! Words: the command line's, as text and as JSON, the log, exports.

use crate::shop::{NUMBER, fill};
use crate::strings::Strings;
use crate::{judges, seed, until_done};
use clap::Parser as _;
use std::io::{Cursor, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use tapegun::cli::Cli;
use tapegun::commands;
use tapegun::domain::csv::{self, Cell};
use tapegun::logging;
use tapegun::store::sqlite::SqliteStore;
use tracing_subscriber::EnvFilter;

const CONFIG: &str = "station = \"bench-1\"\n[[stores]]\nid = \"us\"\nname = \"Demo\"\nregion = \"na\"\n\
    marketplace = \"ATVPDKIKX0DER\"\namazon = \"http://127.0.0.1:9\"\nlogin = \"http://127.0.0.1:9\"\n[stores.ship_from]\n\
    name = \"Demo Goods\"\nline1 = \"1 Warehouse Way\"\ncity = \"Columbus\"\nstate = \"OH\"\npostal_code = \"43215\"\n\
    country = \"US\"\nphone = \"614-555-0100\"\nzone = \"America/New_York\"\n";

/// What is asked of the store; each is run for a person and for a script.
const ASKED: &[&[&str]] = &[
    &["orders", "list", "--limit", "100000"],
    &["orders", "show", NUMBER],
    &["orders", "find", "113"],
    &["pick-list", "list"],
    &["pick-list", "show", "1"],
    &["pick-list", "templates"],
    &["users", "list"],
    &["methods", "list"],
    &["policies", "list"],
    &["refunds", "list"],
    &["why", NUMBER],
    &["spend"],
    &["audit", "list", "--limit", "100000"],
];

/// Runs a subcommand in this process; what it wrote and complained.
fn run(folder: &Path, arguments: &[&str]) -> (Vec<u8>, Vec<u8>) {
    let (config, data) = (folder.join("config.toml"), folder.join("data"));
    let mut all = vec!["tapegun".to_owned()];
    all.extend(arguments.iter().map(|one| (*one).to_owned()));
    all.extend(["--config".to_owned(), config.display().to_string()]);
    all.extend(["--data".to_owned(), data.display().to_string()]);
    let cli = Cli::try_parse_from(&all).unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
    let (mut out, mut errors) = (Vec::new(), Vec::new());
    commands::run(&cli, &mut Cursor::new(Vec::new()), &mut out, &mut errors);
    (out, errors)
}

fn filled(strings: &mut Strings, orders: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("config.toml"), CONFIG).expect("written");
    std::fs::create_dir(folder.path().join("data")).expect("made");
    let mut store = SqliteStore::open(&folder.path().join("data/tapegun.db")).expect("a store");
    fill(&mut store, strings, orders).expect("filled");
    folder
}

#[test]
fn nothing_of_a_stranger_comes_out_of_a_command() {
    let mut spoken = 0;
    until_done("command line, text and JSON", |strings| {
        let folder = filled(strings, 60);
        for asked in ASKED {
            let (out, errors) = run(folder.path(), asked);
            judges::words(&out).map_err(|fault| format!("{asked:?}: {fault}"))?;
            judges::words(&errors).map_err(|fault| format!("{asked:?}: {fault}"))?;
            let (json, _) = run(folder.path(), &[asked, &["--json"][..]].concat());
            judges::json(&json).map_err(|fault| format!("{asked:?}: {fault}"))?;
            spoken += out.len() + json.len();
        }
        // What was typed comes back in a refusal.
        for _ in 0..10 {
            let typed = format!("x{}", strings.next()).replace('\0', "");
            let (out, errors) = run(folder.path(), &["orders", "show", &typed]);
            judges::words(&[out, errors].concat())?;
            let (json, _) = run(folder.path(), &["orders", "show", &typed, "--json"]);
            judges::json(&json)?;
        }
        let proof = folder.path().join("proof.json");
        run(
            folder.path(),
            &["proof", NUMBER, "--to", &proof.display().to_string()],
        );
        let proof = std::fs::read_to_string(&proof).expect("a proof");
        judges::json(proof.replace('\n', "").as_bytes()).map_err(|fault| format!("proof: {fault}"))
    });
    assert!(spoken > 100_000, "the commands said something: {spoken} bytes");
}

#[test]
fn no_field_of_an_export_is_calculated() {
    let mut exported = 0;
    until_done("exports", |strings| {
        for _ in 0..200 {
            let fields: Vec<Cell> = (0..5).map(|_| Cell::text(strings.next())).collect();
            judges::csv(&csv::row(&fields), 1, 5)?;
        }
        exported += 1;
        if exported % 20 != 1 {
            return Ok(());
        }
        let folder = filled(strings, 5);
        let file = folder.path().join("audit.csv");
        run(folder.path(), &["audit", "export", &file.display().to_string()]);
        let text = std::fs::read_to_string(&file).expect("an export");
        judges::csv(&text, text.lines().count(), 7)
    });
}

/// A log in memory.
#[derive(Clone, Default)]
struct Tape(Arc<Mutex<Vec<u8>>>);

impl Write for Tape {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("not poisoned").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Writes so many events into a log, in every way that a text can be logged; what stands in it.
fn logged(subscriber: impl tracing::Subscriber + Send + Sync, tape: &Tape, texts: &[String]) -> String {
    tracing::subscriber::with_default(subscriber, || {
        for text in texts {
            let error = std::io::Error::other(text.clone());
            tracing::info!("{text}");
            tracing::warn!(order = %text, "displayed");
            tracing::error!(order = ?text, "debugged");
            tracing::info!(text = text.as_str(), "a value");
            tracing::error!(%error, "an error");
        }
    });
    let bytes = std::mem::take(&mut *tape.0.lock().expect("not poisoned"));
    String::from_utf8(bytes).expect("text")
}

#[test]
fn an_event_is_one_line_of_the_log() {
    until_done("log", |strings| {
        let texts: Vec<String> = (0..500).map(|_| strings.next()).collect();
        let tape = Tape::default();
        let writer = tape.clone();
        let lines = logging::lines(EnvFilter::new("trace"), move || writer.clone());
        judges::log(&logged(lines, &tape, &texts), texts.len() * 5)
    });
}

#[test]
fn a_planted_hole_in_the_log_is_caught() {
    let mut strings = Strings::new(seed());
    let mut caught = 0;
    for _ in 0..100 {
        let tape = Tape::default();
        let writer = tape.clone();
        let bare = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        let texts = [strings.next()];
        caught += usize::from(judges::log(&logged(bare, &tape, &texts), 5).is_err());
    }
    assert!(caught > 50, "{caught}");
}

#[test]
fn a_planted_hole_in_words_and_json_is_caught() {
    let mut strings = Strings::new(seed());
    let (mut words, mut json) = (0, 0);
    for _ in 0..200 {
        let text = strings.next();
        words += usize::from(judges::words(text.as_bytes()).is_err());
        json += usize::from(judges::json(&serde_json::to_vec(&text).expect("JSON")).is_err());
    }
    assert!(words > 100 && json > 50, "{words} {json}");
    assert!(judges::json(b"not JSON").is_err());
}

#[test]
fn a_planted_hole_in_an_export_is_caught() {
    for planted in [
        "=1+1",
        "a,\"b",
        "\"=1\"",
        " @x",
        "a\tb",
        "a;b",
        "\u{ff1d}1",
        "a,b",
    ] {
        assert!(judges::csv(planted, 1, 1).is_err(), "{planted:?}");
    }
    judges::csv("'=1\n\"a;b\"", 2, 1).expect("harmless");
    assert!(judges::csv("a\nb", 1, 1).is_err(), "a row too many");
}
