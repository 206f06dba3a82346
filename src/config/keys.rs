//! Unknown keys, with the nearest known one.

use super::ConfigError;
use super::raw::{line_of, of_toml};
use std::path::Path;
use toml::de::{DeTable, DeValue};

/// Known keys by the path of their table; `*` stands for every table below the root that is not listed. A table that
/// is not known at all may hold any keys.
pub(super) type Known = [(&'static str, &'static [&'static str])];

/// Refuses the first key that is not known.
pub(super) fn check_keys(text: &str, path: &Path, known: &Known) -> Result<(), ConfigError> {
    let table = DeTable::parse(text).map_err(|error| of_toml(&error, text, path))?;
    match unknown(table.get_ref(), "", known) {
        None => Ok(()),
        Some((place, words)) => Err(ConfigError::Text {
            path: path.to_owned(),
            line: line_of(text, place),
            words,
        }),
    }
}

/// The first unknown key: its place in the text, and words.
fn unknown(table: &DeTable<'_>, at: &str, known: &Known) -> Option<(usize, String)> {
    let listed = |wanted: &str| {
        known
            .iter()
            .find(|(path, _)| *path == wanted)
            .map(|(_, keys)| *keys)
    };
    let keys = listed(at).or_else(|| if at.is_empty() { None } else { listed("*") });
    let mut found: Vec<(usize, String)> = Vec::new();
    for (key, value) in table {
        let name: &str = key.get_ref();
        if let Some(keys) = keys.filter(|keys| !keys.contains(&name)) {
            let words = match nearest(name, keys) {
                Some(near) => format!("unknown key {name:?}: did you mean {near:?}?"),
                None => format!("unknown key {name:?}: known here are {}", keys.join(", ")),
            };
            found.push((key.span().start, words));
            continue;
        }
        let below = if at.is_empty() {
            name.to_owned()
        } else {
            format!("{at}.{name}")
        };
        match value.get_ref() {
            DeValue::Table(inner) => found.extend(unknown(inner, &below, known)),
            DeValue::Array(items) => {
                for item in items {
                    if let DeValue::Table(inner) = item.get_ref() {
                        found.extend(unknown(inner, &below, known));
                    }
                }
            }
            _ => {}
        }
    }
    found.into_iter().min_by_key(|(place, _)| *place)
}

/// The known name that was probably meant.
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|candidate| (distance(name, candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.len() / 3).max(1))
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many letters must be changed, added or taken away (Levenshtein), case aside.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, letter) in one.to_lowercase().chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, wanted) in other.iter().enumerate() {
            let change = diagonal + usize::from(letter != *wanted);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}
