//! What a subcommand says: words for a person, or one JSON value for a script.

use crate::cli::Output;
use crate::error::Exit;
use serde_json::Value;
use std::io::Write;

/// What a subcommand says when it is done.
#[derive(Debug, Clone)]
pub struct Report {
    /// For a person; may have several lines.
    pub text: String,
    /// For a script.
    pub json: Value,
    /// How it ended.
    pub exit: Exit,
}

impl Report {
    /// Done.
    pub fn new(text: impl Into<String>, json: Value) -> Self {
        Self {
            text: text.into(),
            json,
            exit: Exit::Done,
        }
    }

    /// The same, ended otherwise.
    #[must_use]
    pub fn ending(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// Writes it as asked.
    pub fn write(&self, output: Output, out: &mut dyn Write) -> std::io::Result<()> {
        if output.json {
            serde_json::to_writer(&mut *out, &self.json)?;
            writeln!(out)?;
        } else if !self.text.is_empty() {
            writeln!(out, "{}", self.text.trim_end())?;
        }
        out.flush()
    }
}

/// Rows of text in columns: each as wide as its widest cell, the last one as it is.
pub fn table(rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            let width = unicode_width::UnicodeWidthStr::width(cell.as_str());
            match widths.get_mut(column) {
                Some(known) => *known = width.max(*known),
                None => widths.push(width),
            }
        }
    }
    let mut text = String::new();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            text += cell;
            if column + 1 < row.len() {
                let width = unicode_width::UnicodeWidthStr::width(cell.as_str());
                text += &" ".repeat(widths[column] - width + 2);
            }
        }
        text = text.trim_end().to_owned();
        text.push('\n');
    }
    text
}
