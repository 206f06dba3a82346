//! Documents that tests write: a table whose rows are what the program really says. Where the program says something
//! else by now, the test fails; `TAPEGUN_BLESS=1` writes the document anew, to be read before it is kept.

use std::path::PathBuf;

/// Holds a document of `docs/` against what it should be.
pub(crate) fn is_up_to_date(name: &str, wanted: &str) {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "docs", name].iter().collect();
    if std::env::var_os("TAPEGUN_BLESS").is_some() {
        std::fs::write(&path, wanted).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    for (kept, wanted) in kept.lines().zip(wanted.lines()) {
        assert_eq!(
            kept, wanted,
            "{name} is out of date: TAPEGUN_BLESS=1 writes it anew"
        );
    }
    assert_eq!(
        kept.lines().count(),
        wanted.lines().count(),
        "{name} is out of date: TAPEGUN_BLESS=1 writes it anew"
    );
}

/// What differs from run to run is left out: request numbers, seconds of waiting.
pub(crate) fn steady(words: &str) -> String {
    let mut text = String::new();
    let mut rest = words;
    while let Some(at) = rest.find("request ") {
        let (before, after) = rest.split_at(at + "request ".len());
        text.push_str(before);
        let end = after.find([')', ']', ' ', ',']).unwrap_or(after.len());
        let (number, behind) = after.split_at(end);
        let is_number = number.len() > 5 && number.bytes().any(|byte| byte.is_ascii_digit());
        text.push_str(if is_number { "…" } else { number });
        rest = behind;
    }
    text.push_str(rest);
    text.replace('|', "\\|").replace('\n', " ")
}
