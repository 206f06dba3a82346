//! Every reader of bytes from outside, over the corpus of `fuzz/corpus` and seeded mutations of it, on stable: the same
//! functions with the same promises as the fuzz targets (`tapegun::fuzzing`).
//!
//! `TAPEGUN_MUTATIONS` sets how many mutations each file of the corpus gets (default 60; 20000 is a long run),
//! `TAPEGUN_SEED` the seed. An input that breaks a promise is written to the target folder and named: it belongs into
//! the corpus.

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tapegun::fuzzing::{TARGETS, Target};

/// Longest input that mutations make of a file of the corpus.
const LONGEST: usize = 64 * 1024;
/// No input may keep a reader longer than this, on any machine.
const SLOWEST: Duration = Duration::from_secs(10);
/// What a mutation likes to put in.
const PIECES: &[&[u8]] = &[
    b"\0",
    b"\x1b[2J",
    b"\r\n",
    b"\"",
    b"\\",
    b"\\ud800",
    b"{",
    b"[",
    b"]",
    b"}",
    b",",
    b":",
    b"null",
    b"1e999",
    b"-0",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    "\u{202e}".as_bytes(),
    "\u{200b}".as_bytes(),
    "\u{301}".as_bytes(),
    b"\x1d",
    b"^XA",
    b"^FD",
    b"~",
    b"%%EOF",
    b"endstream",
    b"99999999999999999999",
    b"AZ:",
    b"01",
    b"21",
    b"=",
    b"[[stores]]",
    b"'''",
];

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

fn folder(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(target)
}

fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let files = std::fs::read_dir(folder(target)).expect("a corpus for every target");
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    let read = |path: PathBuf| (path.clone(), std::fs::read(path).expect("readable"));
    files.into_iter().map(read).collect()
}

/// Small seeded chance (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or(usize::MAX) % end.max(1)
    }

    fn slice<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let from = self.below(bytes.len() + 1);
        let length = self.below((bytes.len() - from + 1).min(64));
        &bytes[from..from + length]
    }
}

/// Changes `bytes` in one to eight places; pieces come from `other`, too.
fn mutate(bytes: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
    for _ in 0..=chance.below(8) {
        let at = chance.below(bytes.len() + 1);
        match chance.below(7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
            1 if at < bytes.len() => bytes[at] = u8::try_from(chance.below(256)).expect("a byte"),
            2 => {
                let end = (at + chance.below(32)).min(bytes.len());
                bytes.drain(at..end);
            }
            3 => {
                let piece = PIECES[chance.below(PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            4 => {
                let piece = chance.slice(other).to_owned();
                bytes.splice(at..at, piece);
            }
            5 => {
                let piece = chance.slice(bytes).repeat(1 + chance.below(20));
                bytes.splice(at..at, piece);
            }
            _ => bytes.truncate(at),
        }
    }
    bytes.truncate(LONGEST);
}

/// Runs a target; an input that breaks it is kept and named.
fn holds((name, target): Target, bytes: &[u8], from: &str) {
    let begun = now();
    let result = catch_unwind(|| target(bytes));
    let slow = now() - begun > SLOWEST;
    if result.is_err() || slow {
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("broke-{name}"));
        std::fs::write(&kept, bytes).expect("kept");
        let how = if slow {
            "took too long over"
        } else {
            "broke its promise over"
        };
        panic!("{name} {how} {from}: the input is in {}", kept.display());
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test measures with the machine's own clock"
)]
fn now() -> Instant {
    Instant::now()
}

#[test]
fn every_reader_holds_over_its_corpus() {
    for target in TARGETS {
        let files = corpus(target.0);
        assert!(files.len() >= 2, "{}: the corpus is too small", target.0);
        for (path, bytes) in &files {
            holds(*target, bytes, &path.display().to_string());
        }
    }
}

#[test]
fn every_reader_holds_over_mutations_of_its_corpus() {
    let mutations = setting("TAPEGUN_MUTATIONS", 60);
    let seed = setting("TAPEGUN_SEED", 1);
    for target in TARGETS {
        let files = corpus(target.0);
        for (number, (path, bytes)) in files.iter().enumerate() {
            let mut chance = Chance(
                seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)
                    .wrapping_add(number as u64)
                    | 1,
            );
            for mutation in 0..mutations {
                let mut changed = bytes.clone();
                let other = &files[chance.below(files.len())].1;
                mutate(&mut changed, other, &mut chance);
                holds(
                    *target,
                    &changed,
                    &format!("mutation {mutation} of {}", path.display()),
                );
            }
        }
    }
}

#[test]
fn every_target_has_its_fuzz_target_and_every_folder_its_target() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<String> = std::fs::read_dir(root.join("fuzz/corpus"))
        .expect("a corpus")
        .map(|entry| {
            entry
                .expect("a folder")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    folders.sort();
    let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(folders, names);
    for name in names {
        let source = std::fs::read_to_string(root.join(format!("fuzz/fuzz_targets/{name}.rs")));
        assert!(
            source
                .expect("a fuzz target")
                .contains(&format!("run(\"{name}\""))
        );
    }
}
