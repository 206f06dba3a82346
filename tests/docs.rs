//! The documents' tables name tests: each of them must be there, so that no sentence is left without its proof
//! when a test is renamed or removed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tapegun::domain::user::{Permission, Role};

/// Every file below `folder` whose name ends so.
fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the project") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
}

/// The names in code style in the last column of a table whose head ends in "tests".
fn named_tests(document: &str) -> Vec<String> {
    let mut named = Vec::new();
    let mut in_table = false;
    for line in document.lines() {
        let Some(row) = line
            .trim()
            .strip_prefix('|')
            .and_then(|row| row.strip_suffix('|'))
        else {
            in_table = false;
            continue;
        };
        let last = row.rsplit('|').next().unwrap_or_default().trim();
        if last == "tests" {
            in_table = true;
        } else if in_table {
            named.extend(last.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    named
}

#[test]
fn every_test_that_a_document_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    files(&root.join("src"), ".rs", &mut sources);
    files(&root.join("tests"), ".rs", &mut sources);
    let text: String = sources
        .iter()
        .map(|path| std::fs::read_to_string(path).expect("a source file"))
        .collect();
    let functions: BTreeSet<&str> = text
        .split("fn ")
        .filter_map(|rest| rest.split(['(', '<']).next())
        .collect();
    let mut documents = Vec::new();
    files(&root.join("docs"), ".md", &mut documents);
    let mut checked = 0;
    for path in documents {
        let document = std::fs::read_to_string(&path).expect("a document");
        for name in named_tests(&document) {
            let there = if name.contains(' ') {
                text.contains(&format!("\"{name}\""))
            } else {
                functions.contains(name.as_str())
            };
            assert!(
                there,
                "{} names the test {name:?}, which is not there",
                path.display()
            );
            checked += 1;
        }
    }
    assert!(
        checked > 50,
        "only {checked} tests are named: the tables were not read"
    );
}

#[test]
fn a_row_names_the_tests_of_its_last_column_only() {
    let table = "| # | `not_this` | tests |\n| --- | --- | --- |\n| 1 | `nor_this` | `one`, `two words` |\n\n| a | `no` |\n";
    assert_eq!(named_tests(table), ["one", "two words"]);
}

/// The rows of the table whose head begins so, each as its cells.
fn table<'a>(document: &'a str, head: &str) -> Vec<Vec<&'a str>> {
    let from = document.find(head).expect("the table's head");
    document[from..]
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

#[test]
fn every_permission_and_role_is_in_its_document_as_the_program_knows_it() {
    let document = include_str!("../docs/permissions.md");
    let named: Vec<&str> = table(document, "| permission |")
        .iter()
        .map(|row| row[0].trim_matches('`'))
        .collect();
    let known = Permission::ALL.map(Permission::word);
    assert_eq!(named, known);
    let mut below = BTreeSet::new();
    let roles = table(document, "| role |");
    assert_eq!(roles.len(), Role::ALL.len());
    for (row, role) in roles.iter().zip(Role::ALL) {
        assert_eq!(row[0], role.word());
        let mut said = BTreeSet::new();
        for word in row[1].split(", ") {
            if word == "everything" {
                said.extend(known);
            } else if word.starts_with("what a ") {
                said.extend(&below);
            } else {
                said.insert(word);
            }
        }
        let allowed: BTreeSet<&str> = Permission::ALL
            .into_iter()
            .filter(|permission| role.allows(*permission))
            .map(Permission::word)
            .collect();
        assert_eq!(said, allowed, "{role}");
        below = said;
    }
}
