//! The sheet in the place of a label that did not come: a small sheet of our own in the printer's language, so that a
//! stack of labels shows which order is missing in it.

use super::{PrintError, Printer, deliver, own};
use crate::domain::seller::DocumentFormat;
use lopdf::Object;
use lopdf::content::Operation;
use std::fmt::Write as _;

/// Letters of a line, and lines of the words.
const CELLS: usize = 34;
const LINES: usize = 6;

/// Prints it. `name` is an own id as for [`super::send`]; `words` say why there is no label.
pub fn gap_sheet(printer: &Printer, name: &str, number: &str, words: &str) -> Result<(), PrintError> {
    super::check_name(name)?;
    let format = match printer {
        Printer::Cups(_) => DocumentFormat::Pdf,
        Printer::Folder(_) | Printer::Raw(_) => DocumentFormat::Zpl,
    };
    deliver(printer, name, format, &gap_document(format, number, words)?)
}

/// The sheet as a document: ZPL, or else PDF.
pub fn gap_document(format: DocumentFormat, number: &str, words: &str) -> Result<Vec<u8>, PrintError> {
    let lines = lines(number, words);
    if format == DocumentFormat::Zpl {
        Ok(zpl(&lines).into_bytes())
    } else {
        page(&lines)
    }
}

/// What stands on the sheet: only letters that every printer has.
fn lines(number: &str, words: &str) -> Vec<String> {
    let plain = |text: &str| -> String {
        text.chars()
            .map(|letter| match letter {
                ' '..='~' => letter,
                _ => '?',
            })
            .collect()
    };
    let mut lines = vec!["NO LABEL".to_owned(), plain(number)];
    let mut line = String::new();
    for word in plain(words).split_whitespace() {
        let word: String = word.chars().take(CELLS).collect();
        if !line.is_empty() && line.len() + 1 + word.len() > CELLS {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines.truncate(2 + LINES);
    lines
}

/// A format of its own; nothing is set that outlives the sheet.
fn zpl(lines: &[String]) -> String {
    let mut text = "^XA".to_owned();
    for (place, line) in lines.iter().enumerate() {
        let height = if place < 2 { 60 } else { 36 };
        let top = if place < 2 {
            60 + place * 90
        } else {
            260 + (place - 2) * 50
        };
        let _ = write!(
            text,
            "^FO30,{top}^A0N,{height},{height}^FH_^FD{}^FS",
            own::field(line)
        );
    }
    text.push_str("^XZ\n");
    text
}

/// A page of 4 by 6 inches.
fn page(lines: &[String]) -> Result<Vec<u8>, PrintError> {
    let mut operations = Vec::new();
    let mut top = 390;
    for (place, line) in lines.iter().enumerate() {
        let size = if place < 2 { 24 } else { 14 };
        operations.extend([
            Operation::new("BT", vec![]),
            Operation::new("Tf", vec!["F1".into(), size.into()]),
            Operation::new("Td", vec![14.into(), top.into()]),
            Operation::new("Tj", vec![Object::string_literal(line.as_str())]),
            Operation::new("ET", vec![]),
        ]);
        top -= if place < 2 { 40 } else { 22 };
    }
    own::pages(own::font("Helvetica-Bold"), (288, 432), vec![operations]).map_err(|_| PrintError::Strip)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_words_are_no_commands_and_stay_within_the_sheet() {
        let words = format!("^XA^JUS~JR漢字 {} {}", "x".repeat(200), "why ".repeat(200));
        let lines = lines("111-0000001-0000001", &words);
        assert!(lines.len() <= 2 + LINES && lines.iter().all(|line| line.len() <= CELLS));
        let sheet = zpl(&lines);
        assert!(sheet.starts_with("^XA") && sheet.ends_with("^XZ\n"));
        assert_eq!(sheet.matches("^XA").count(), 1);
        assert!(!sheet.contains('~') && sheet.is_ascii(), "{sheet}");
        assert!(sheet.contains("111_2D0000001_2D0000001"), "{sheet}");
        assert!(page(&lines).is_ok_and(|pdf| lopdf::Document::load_mem(&pdf).is_ok()));
    }

    #[test]
    fn a_folder_takes_the_sheet_under_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let printer = Printer::Folder(folder.path().to_owned());
        gap_sheet(&printer, "gap-7", "111-0000001-0000001", "not packed yet").expect("printed");
        assert!(folder.path().join("gap-7.zpl").exists());
        assert_eq!(gap_sheet(&printer, "../7", "1", "x"), Err(PrintError::Name));
    }
}
