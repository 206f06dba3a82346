//! Who may know whom. Every file of the crate is taken apart, and a wrong arrow fails.
//!
//! The rules are the tables below: which rooms a room may name, which outside packages belong to which room,
//! and what a pure room may use at all. Detours (`super::super`, `crate as`, globs of the root) are banned, so
//! that an arrow is always written as `crate::room`.

#[path = "layering/tokens.rs"]
mod tokens;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tokens::{Token, tokens};

/// Longest file, in lines.
const LONGEST: usize = 600;

/// Each room and the rooms it may name. A room may always name itself; `*` is every room.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("clock", &[]),
    ("app", &["domain"]),
    ("ui", &["app", "domain"]),
    ("store", &["domain", "clock"]),
    ("amazon", &["domain", "clock"]),
    ("vault", &["domain", "clock"]),
    ("print", &["domain", "clock"]),
    ("devices", &["domain", "clock"]),
    ("sync", &["store", "amazon", "vault", "domain", "clock"]),
    ("simulator", &["clock"]),
    ("terminal", &[]),
    ("input", &["app"]),
    ("logging", &["domain"]),
    ("config", &["domain"]),
    ("cli", &["domain"]),
    ("error", &["*"]),
    ("fuzzing", &["*"]),
    ("runtime", &["*"]),
    ("commands", &["*"]),
    ("lib", &["*"]),
    ("main", &["*"]),
];

/// Rooms that nobody but the edges may name.
const ONLY_EDGES: &[&str] = &["runtime", "commands", "cli", "error", "logging", "config"];
/// The edges.
const EDGES: &[&str] = &["runtime", "commands", "error", "fuzzing", "lib", "main"];

/// Pure rooms and all the outside packages that they may use.
const PURE: &[(&str, &[&str])] = &[
    (
        "domain",
        &[
            "chrono",
            "chrono_tz",
            "regex",
            "serde",
            "serde_json",
            "sha2",
            "thiserror",
            "toml",
            "unicode_segmentation",
            "unicode_width",
            "uuid",
            "zeroize",
        ],
    ),
    (
        "app",
        &[
            "chrono",
            "chrono_tz",
            "serde",
            "thiserror",
            "toml",
            "unicode_segmentation",
            "unicode_width",
            "uuid",
        ],
    ),
    (
        "ui",
        &[
            "chrono",
            "chrono_tz",
            "ratatui",
            "serde",
            "toml",
            "unicode_segmentation",
            "unicode_width",
        ],
    ),
];

/// What of the standard library a pure room may not use.
const IMPURE: &[&str] = &["env", "fs", "io", "net", "os", "process", "thread"];

/// Outside packages that belong to certain rooms.
const OWNED: &[(&str, &[&str])] = &[
    ("argon2", &["vault"]),
    ("axum", &["simulator"]),
    ("chacha20poly1305", &["vault"]),
    ("clap", &["cli", "commands", "main"]),
    ("lopdf", &["print", "simulator"]),
    ("ratatui", &["ui", "terminal", "runtime"]),
    ("reqwest", &["amazon"]),
    ("rusqlite", &["store"]),
    ("signal_hook", &["terminal"]),
];

/// Only for tests.
const FOR_TESTS: &[&str] = &[
    "criterion",
    "insta",
    "jsonschema",
    "portable_pty",
    "proptest",
    "proptest_state_machine",
    "rxing",
    "tempfile",
    "vt100",
];

/// Files and folders that are compiled for tests alone.
const FOR_TESTS_ALONE: &[&str] = &["conformance", "fixtures", "tests"];

/// What is wrong in one file.
fn faults(room: &str, is_room_file: bool, is_test: bool, source: &str, packages: &[String]) -> Vec<String> {
    let tokens = tokens(source);
    let mut faults = Vec::new();
    for named in rooms_named(&tokens, &mut faults) {
        if !may_name(room, &named) {
            faults.push(format!("`{room}` may not know `{named}`"));
        }
    }
    if is_room_file && super_leaves_the_room(&tokens) {
        faults.push("`super::` leaves the room: write `crate::room`".to_owned());
    }
    for package in packages_named(&tokens, packages) {
        let for_tests = FOR_TESTS.contains(&package.as_str());
        if for_tests && !is_test {
            faults.push(format!("`{package}` is for tests only"));
        }
        if let Some((_, allowed)) = PURE.iter().find(|(name, _)| *name == room)
            && !allowed.contains(&package.as_str())
            && !for_tests
        {
            faults.push(format!("`{room}` is pure and may not use `{package}`"));
        }
        if let Some((_, owners)) = OWNED.iter().find(|(name, _)| *name == package)
            && !owners.contains(&room)
        {
            faults.push(format!("`{package}` belongs to {owners:?}, not to `{room}`"));
        }
    }
    if PURE.iter().any(|(name, _)| *name == room) && !is_test {
        faults.extend(impure(&tokens).map(|what| format!("`{room}` is pure and may not use `std::{what}`")));
    }
    faults
}

fn may_name(room: &str, named: &str) -> bool {
    if room == named || !ROOMS.iter().any(|(name, _)| *name == named) {
        return true;
    }
    if EDGES.contains(&room) {
        return true;
    }
    let allowed = ROOMS
        .iter()
        .find(|(name, _)| *name == room)
        .map_or(&[][..], |(_, allowed)| allowed);
    allowed.contains(&named) && !ONLY_EDGES.contains(&named)
}

/// The rooms that follow `crate::` (or the crate's own name), also in groups.
fn rooms_named(tokens: &[Token], faults: &mut Vec<String>) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        let Some(word) = token.word() else { continue };
        let next = tokens.get(at + 1);
        let after = tokens.get(at + 2);
        let begins_path = at == 0 || tokens[at - 1] != Token::Path;
        if (word == "crate" || word == "tapegun") && begins_path && next == Some(&Token::Path) {
            match after {
                Some(Token::Word(room)) => {
                    named.insert(room.clone());
                }
                Some(Token::Mark('{')) => named.extend(group(&tokens[at + 3..])),
                _ => faults.push("the whole crate is imported: name the rooms".to_owned()),
            }
        } else if word == "crate" && next.and_then(Token::word) == Some("as") {
            faults.push("`crate as` hides who is known".to_owned());
        } else if word == "super"
            && next == Some(&Token::Path)
            && after.and_then(Token::word) == Some("super")
        {
            faults.push("`super::super`: write `crate::room`".to_owned());
        }
    }
    named
}

/// First words of a group's members.
fn group(tokens: &[Token]) -> Vec<String> {
    let mut depth = 0;
    let mut wanted = true;
    let mut named = Vec::new();
    for token in tokens {
        match token {
            Token::Mark('{') => depth += 1,
            Token::Mark('}') if depth == 0 => break,
            Token::Mark('}') => depth -= 1,
            Token::Mark(',') if depth == 0 => wanted = true,
            Token::Word(word) if depth == 0 && wanted => {
                named.push(word.clone());
                wanted = false;
            }
            _ => {}
        }
    }
    named
}

/// In a room's own file `super` is the crate, unless it stands in a module within the file.
fn super_leaves_the_room(tokens: &[Token]) -> bool {
    let mut modules = Vec::new();
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Mark('{') => {
                depth += 1;
                if at >= 2 && tokens[at - 2].word() == Some("mod") {
                    modules.push(depth);
                }
            }
            Token::Mark('}') => {
                if modules.last() == Some(&depth) {
                    modules.pop();
                }
                depth -= 1;
            }
            Token::Word(word)
                if word == "super" && modules.is_empty() && tokens.get(at + 1) == Some(&Token::Path) =>
            {
                return true;
            }
            _ => {}
        }
    }
    false
}

fn packages_named(tokens: &[Token], packages: &[String]) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        let Some(word) = token.word().filter(|word| packages.iter().any(|p| p == word)) else {
            continue;
        };
        let begins =
            !(at >= 2 && tokens[at - 1] == Token::Path && tokens[at - 2].word().is_some_and(|w| w != "use"));
        let used = at > 0 && matches!(tokens[at - 1].word(), Some("use" | "crate"));
        if begins && (tokens.get(at + 1) == Some(&Token::Path) || used) {
            named.insert(word.to_owned());
        }
    }
    named
}

fn impure(tokens: &[Token]) -> impl Iterator<Item = String> {
    let mut found = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.word() == Some("std") && tokens.get(at + 1) == Some(&Token::Path) {
            let words = match tokens.get(at + 2) {
                Some(Token::Word(word)) => vec![word.clone()],
                Some(Token::Mark('{')) => group(&tokens[at + 3..]),
                _ => Vec::new(),
            };
            found.extend(words.into_iter().filter(|word| IMPURE.contains(&word.as_str())));
        }
    }
    found.into_iter()
}

fn packages() -> Vec<String> {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("the crate's own files");
    let manifest: toml::Table = manifest.parse().expect("the crate's own files");
    let names = |table: &str| -> Vec<String> {
        let table = manifest[table].as_table().expect("the crate's own files");
        table.keys().map(|name| name.replace('-', "_")).collect()
    };
    [names("dependencies"), names("dev-dependencies")].concat()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the crate's own files") {
        let path = entry.expect("the crate's own files").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn no_file_knows_more_than_its_room_may() {
    let packages = packages();
    let source_folder = root().join("src");
    let mut wrong = Vec::new();
    for path in sources(&source_folder) {
        let inside = path.strip_prefix(&source_folder).expect("the crate's own files");
        let first = inside
            .components()
            .next()
            .expect("the crate's own files")
            .as_os_str()
            .to_string_lossy();
        let room = first.trim_end_matches(".rs").to_owned();
        if !ROOMS.iter().any(|(name, _)| *name == room) {
            wrong.push(format!(
                "{}: a room that the table does not name",
                inside.display()
            ));
        }
        let is_room_file = inside.components().count() == 1;
        let is_test = inside.components().any(|part| {
            let part = part.as_os_str().to_string_lossy();
            FOR_TESTS_ALONE.contains(&part.trim_end_matches(".rs"))
        });
        let source = std::fs::read_to_string(&path).expect("the crate's own files");
        let is_test = is_test || source.contains("#[cfg(test)]\nmod ");
        for fault in faults(&room, is_room_file, is_test, &source, &packages) {
            wrong.push(format!("{}: {fault}", inside.display()));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn no_file_is_too_long_and_every_room_says_what_it_is() {
    let mut wrong = Vec::new();
    for folder in ["src", "tests"] {
        for path in sources(&root().join(folder)) {
            let source = std::fs::read_to_string(&path).expect("the crate's own files");
            let lines = source.lines().count();
            if lines > LONGEST {
                wrong.push(format!("{}: {lines} lines, {LONGEST} at most", path.display()));
            }
            let is_room = folder == "src" && path.parent() == Some(root().join("src").as_path());
            if is_room && !source.starts_with("//!") {
                wrong.push(format!(
                    "{}: its first lines do not say what lives there",
                    path.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn wrong_arrows_are_found() {
    let packages = packages();
    let cases: &[(&str, &str)] = &[
        ("domain", "use crate::store::Store;"),
        ("domain", "fn f() -> crate::clock::SystemClock {}"),
        ("domain", "use tokio::time;"),
        ("domain", "use ::tokio::time;"),
        ("domain", "use std::fs;"),
        ("domain", "use std::{fmt, fs::File};"),
        ("app", "use crate::{domain::ids, ui};"),
        ("app", "use std::io::Write;"),
        ("ui", "use crate::runtime::Loop;"),
        ("store", "use reqwest::Client;"),
        ("store", "use crate::vault;"),
        ("amazon", "use crate::simulator::Wire;"),
        ("simulator", "use crate::domain::money::Money;"),
        ("simulator", "let x = crate::amazon::Wire;"),
        ("sync", "use crate::app::State;"),
        ("sync", "use crate :: /* detour */ runtime;"),
        ("print", "use crate::*;"),
        ("print", "use crate as everything;"),
        ("print", "use super::super::store;"),
        ("vault", "use rusqlite;"),
        ("runtime", "use proptest::prelude;"),
    ];
    for (room, source) in cases {
        let found = faults(room, false, false, source, &packages);
        assert!(!found.is_empty(), "{room}: {source}");
    }
}

#[test]
fn right_arrows_and_mere_words_pass() {
    let packages = packages();
    let cases: &[(&str, &str)] = &[
        (
            "domain",
            "use crate::domain::ids::Sku; use std::fmt; use chrono::Utc;",
        ),
        (
            "domain",
            "// use crate::store\n/* crate::ui /* nested */ crate::ui */ let s = \"crate::ui\";",
        ),
        (
            "domain",
            "let s = r#\"use crate::ui \" tokio::x\"#; let c = '\"'; use crate::domain::ids;",
        ),
        ("domain", "fn f<'a>(x: &'a str) -> char { '\\'' }"),
        ("app", "use crate::{domain::{ids, store}, app::State};"),
        ("sync", "use crate::store::Store; use tokio::time;"),
        ("runtime", "use crate::{app, ui, store, sync};"),
    ];
    for (room, source) in cases {
        let found = faults(room, false, false, source, &packages);
        assert!(found.is_empty(), "{room}: {source}: {found:?}");
    }
    assert!(super_leaves_the_room(&tokens("use super::store;")));
    assert!(!super_leaves_the_room(&tokens(
        "mod tests { use super::*; fn f() { if x { super::y() } } }"
    )));
}
