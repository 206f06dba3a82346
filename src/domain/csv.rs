//! Comma-separated values for spreadsheets: the one writer of everything that leaves as CSV.
//!
//! The rules: RFC 4180 (rows end in CR LF, a field with a comma, a quote or a line break is quoted, quotes are doubled);
//! UTF-8; a file begins with a byte order mark, so that spreadsheets read it as UTF-8, and standard output does not;
//! a text that a spreadsheet would take for a formula, or for a number that loses its last digits, gets an apostrophe
//! before it; numbers are plain decimals with a point and without a unit, their currency in a column of its own; times
//! are `2026-11-23 14:00:30`.

use super::money::Money;
use super::text::readable;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// What a file begins with.
pub const MARK: &str = "\u{feff}";

/// A field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words, names, numbers of orders.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// An amount in units of its currency, e.g. `5.53`.
    Amount(Money),
    /// Thousandths, written as a decimal, e.g. `0.125`.
    PerMille(u64),
    /// A moment in UTC.
    Utc(DateTime<Utc>),
    /// A moment where the bench stands.
    Local(DateTime<Utc>, Tz),
}

impl Cell {
    /// Words.
    pub fn text(words: impl Into<String>) -> Self {
        Self::Text(words.into())
    }

    /// A count.
    pub fn count(count: u64) -> Self {
        Self::Whole(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// A text that may be missing.
    pub fn maybe(words: Option<impl Into<String>>) -> Self {
        words.map_or(Self::Empty, Self::text)
    }

    /// As it is read by people, without any rule of a spreadsheet's.
    pub fn plain(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(words) => words.clone(),
            Self::Whole(number) => number.to_string(),
            Self::Amount(money) => money.digits(),
            Self::PerMille(thousandths) => format!("{}.{:03}", thousandths / 1000, thousandths % 1000),
            Self::Utc(at) => at.format(TIME).to_string(),
            Self::Local(at, zone) => at.with_timezone(zone).format(TIME).to_string(),
        }
    }

    fn field(&self) -> String {
        match self {
            Self::Text(words) => quoted(&safe(words)),
            other => other.plain(),
        }
    }
}

const TIME: &str = "%Y-%m-%d %H:%M:%S";

/// Digits that a spreadsheet keeps of a number.
const KEPT_DIGITS: usize = 15;

/// The text without line ends, tabs and whatever hides.
fn harmless(words: &str) -> String {
    let plain = readable(words).replace(['\n', '\r', '\t'], " ");
    if plain == words {
        plain
    } else {
        plain.trim_start().to_owned()
    }
}

/// A text as a spreadsheet shows it and does nothing else with it.
fn safe(words: &str) -> String {
    let words = harmless(words);
    let first = words.trim_start().chars().next();
    let formula = first.is_some_and(|first| "=+-@＝＋－＠".contains(first));
    let digits = !words.is_empty() && words.bytes().all(|byte| byte.is_ascii_digit());
    let loses = digits && (words.len() > KEPT_DIGITS || words.len() > 1 && words.starts_with('0'));
    if formula || loses {
        format!("'{words}")
    } else {
        words
    }
}

fn quoted(field: &str) -> String {
    if field.contains(['"', ',', '\n', '\r', ';']) || field.starts_with(' ') || field.ends_with(' ') {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

/// One row with its end.
pub fn row(cells: &[Cell]) -> String {
    let fields: Vec<String> = cells.iter().map(Cell::field).collect();
    format!("{}\r\n", fields.join(","))
}

/// A row of names.
pub fn head(names: &[&str]) -> String {
    let cells: Vec<Cell> = names.iter().map(|name| Cell::text(*name)).collect();
    row(&cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;
    use proptest::prelude::*;

    fn one(cell: Cell) -> String {
        row(&[cell]).trim_end_matches("\r\n").to_owned()
    }

    #[test]
    fn nothing_that_is_written_is_a_formula() {
        for hostile in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            " =1",
            "\u{200b}=1",
            "\n\t@x",
            "＝1",
            "＋1",
            "－1",
            "＠1",
        ] {
            let field = one(Cell::text(hostile));
            assert!(field.trim_start_matches('"').starts_with('\''), "{field}");
        }
        assert_eq!(
            row(&[Cell::text("a,b"), Cell::text("say \"x\""), Cell::text(" c")]),
            "\"a,b\",\"say \"\"x\"\"\",\" c\"\r\n"
        );
        assert_eq!(head(&["hour", "orders"]), "hour,orders\r\n");
    }

    #[test]
    fn numbers_are_numbers_and_long_ones_are_texts() {
        let credit = Money::new(-507, Currency::USD);
        assert_eq!(one(Cell::Amount(credit)), "-5.07");
        assert_eq!(
            one(Cell::Amount(Money::new(1200, Currency::parse("JPY").unwrap()))),
            "1200"
        );
        assert_eq!(one(Cell::Whole(-3)), "-3");
        assert_eq!(one(Cell::PerMille(1042)), "1.042");
        assert_eq!(
            one(Cell::text("9400111899223817428490")),
            "'9400111899223817428490"
        );
        assert_eq!(one(Cell::text("043215")), "'043215");
        assert_eq!(one(Cell::text("123456789012345")), "123456789012345");
        assert_eq!(one(Cell::text("0")), "0");
        assert_eq!(one(Cell::text("1Z999AA10123456784")), "1Z999AA10123456784");
        assert_eq!(one(Cell::Empty), "");
        assert_eq!(one(Cell::maybe(None::<String>)), "");
    }

    #[test]
    fn times_are_written_so_that_spreadsheets_know_them() {
        let at = DateTime::UNIX_EPOCH + chrono::TimeDelta::seconds(1_795_442_430);
        assert_eq!(one(Cell::Utc(at)), "2026-11-23 14:00:30");
        assert_eq!(one(Cell::Local(at, Tz::America__New_York)), "2026-11-23 09:00:30");
    }

    proptest! {
        /// Whatever stands in a text, a row has the fields that it was given.
        #[test]
        fn a_row_has_the_fields_that_it_was_given(
            fields in prop::collection::vec("[-=+@a-z0-9,\"\n\r;' é]{0,8}", 1..6)
        ) {
            let cells: Vec<Cell> = fields.iter().map(Cell::text).collect();
            let rows = strict(&row(&cells)).expect("by the rules");
            let back: Vec<&str> = rows[0].iter().map(|field| field.strip_prefix('\'').unwrap_or(field)).collect();
            let given: Vec<String> = fields.iter().map(|field| harmless(field)).collect();
            let given: Vec<&str> = given.iter().map(|field| field.strip_prefix('\'').unwrap_or(field)).collect();
            prop_assert_eq!(back, given);
            for field in &rows[0] {
                prop_assert!(!field.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{field:?}");
            }
        }
    }

    /// Reads by RFC 4180 to the letter: every row ends in CR LF, bare quotes and line breaks are faults.
    pub(crate) fn strict(text: &str) -> Result<Vec<Vec<String>>, String> {
        let (mut rows, mut row, mut rest) = (Vec::new(), Vec::new(), text);
        while !rest.is_empty() {
            let field;
            if let Some(body) = rest.strip_prefix('"') {
                let mut from = 0;
                let end = loop {
                    let quote = body[from..].find('"').ok_or("an open quote")? + from;
                    if body[quote + 1..].starts_with('"') {
                        from = quote + 2;
                    } else {
                        break quote;
                    }
                };
                field = body[..end].replace("\"\"", "\"");
                rest = &body[end + 1..];
            } else {
                let end = rest.find([',', '\r', '\n', '"']).ok_or("no end of the row")?;
                field = rest[..end].to_owned();
                rest = &rest[end..];
            }
            row.push(field);
            if let Some(more) = rest.strip_prefix(',') {
                rest = more;
            } else if let Some(more) = rest.strip_prefix("\r\n") {
                rest = more;
                rows.push(std::mem::take(&mut row));
            } else {
                return Err(format!("neither a comma nor the end of a row: {rest:?}"));
            }
        }
        if row.is_empty() {
            Ok(rows)
        } else {
            Err("a row without its end".to_owned())
        }
    }
}
