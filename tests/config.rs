//! A corpus of configuration files: each valid one is read, each invalid one is refused with the words that a
//! person reads. The first line of an invalid file holds them: `# says: …`.

use std::path::{Path, PathBuf};
use tapegun::config::{Config, Overrides, Places};

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/config")
        .join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the corpus")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

fn load(path: &Path) -> Result<Config, String> {
    let text = std::fs::read_to_string(path).expect("readable");
    let places = Places::of("config.toml".into(), "data".into());
    Config::of_text(Some(&text), places, &Overrides::default(), &|_| None).map_err(|error| error.to_string())
}

#[test]
fn valid_files_are_read() {
    for path in files("valid") {
        if let Err(words) = load(&path) {
            panic!("{}: {words}", path.display());
        }
    }
}

#[test]
fn invalid_files_are_refused_in_words() {
    for path in files("invalid") {
        let text = std::fs::read_to_string(&path).expect("readable");
        let says = text
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("# says: "))
            .expect("what it says");
        match load(&path) {
            Ok(_) => panic!("{} is taken", path.display()),
            Err(words) => assert!(words.contains(says), "{}: {words}", path.display()),
        }
    }
}
