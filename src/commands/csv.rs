//! Comma-separated values (RFC 4180): quoted fields, doubled quotes, line breaks within quotes. Every field knows
//! its line, so that an error can name it. What is written is [`crate::domain::csv`].

/// Why a text is not CSV.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CsvError {
    /// A quote that is never closed.
    #[error("line {0}: a quote is never closed")]
    Open(usize),
    /// Something stands behind the closing quote of a field.
    #[error("line {0}: text behind a closing quote: double a quote that belongs to the text")]
    BehindQuote(usize),
    /// A quote in the middle of a field that does not begin with one.
    #[error("line {0}: a quote in the middle of a field: put the whole field in quotes")]
    StrayQuote(usize),
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Line that it begins on, from 1.
    pub line: usize,
    /// Its fields.
    pub fields: Vec<String>,
}

/// Where the reader is within a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Plain,
    Quoted,
    Closed,
}

/// Reads all rows; empty lines are left out. A byte order mark at the start is skipped.
pub fn rows(text: &str) -> Result<Vec<Row>, CsvError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows = Vec::new();
    let (mut line, mut begins, mut opened) = (1, 1, 1);
    let mut fields: Vec<String> = Vec::new();
    let mut field = String::new();
    let mut place = Place::Start;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (place, letter) {
            (Place::Quoted, '"') if letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            (Place::Quoted, '"') => place = Place::Closed,
            (Place::Quoted, letter) => {
                line += usize::from(letter == '\n');
                field.push(letter);
            }
            (Place::Start, '"') => {
                opened = line;
                place = Place::Quoted;
            }
            (_, ',') => {
                fields.push(std::mem::take(&mut field));
                place = Place::Start;
            }
            (_, '\r') if letters.peek() == Some(&'\n') => {}
            (_, '\n') => {
                fields.push(std::mem::take(&mut field));
                push(&mut rows, begins, std::mem::take(&mut fields));
                line += 1;
                begins = line;
                place = Place::Start;
            }
            (Place::Closed, _) => return Err(CsvError::BehindQuote(line)),
            (Place::Plain, '"') => return Err(CsvError::StrayQuote(line)),
            (Place::Start | Place::Plain, letter) => {
                field.push(letter);
                place = Place::Plain;
            }
        }
    }
    if place == Place::Quoted {
        return Err(CsvError::Open(opened));
    }
    fields.push(field);
    push(&mut rows, begins, fields);
    Ok(rows)
}

fn push(rows: &mut Vec<Row>, line: usize, fields: Vec<String>) {
    if fields.iter().any(|field| !field.is_empty()) {
        rows.push(Row { line, fields });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_quoted_comes_back(fields in prop::collection::vec("[a-z,\"\n;* ]{0,8}", 1..6)) {
            let quoted: Vec<String> =
                fields.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\""))).collect();
            let text = format!("{}\r\n", quoted.join(","));
            let wanted: Vec<Row> = if fields.iter().all(String::is_empty) {
                Vec::new()
            } else {
                vec![Row { line: 1, fields }]
            };
            prop_assert_eq!(rows(&text), Ok(wanted));
        }

        #[test]
        fn any_text_is_read_or_refused_without_panic(text in "[a,\"\r\n]{0,40}") {
            let _ = rows(&text);
        }
    }
}
