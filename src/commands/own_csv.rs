//! Orders that are not Amazon's as a CSV file, our own format.
//!
//! The first row names the columns, in any order: `number,name,company,line1,line2,line3,city,state,postal_code,
//! country,phone,email,po_number,ship_by,deliver_by,service_level,sku,title,quantity,unit_price,business,
//! commercial`. `number`, `name`, `line1`, `city`, `postal_code`, `country`, `sku` and `quantity` must be there.
//!
//! A row is one item. Rows with the same number are one order: what they say of the order must be the same, or
//! empty behind the first of them. `country` is the ISO code of two letters. `ship_by` and `deliver_by` are a day
//! (`2026-11-24`, until midnight in the store's zone) or a moment (`2026-11-24T17:00:00Z`). `unit_price` is `12.99`
//! or `12.99 USD`; Amazon Shipping wants it. `business` and `commercial` are `yes`, `no` or empty.
//!
//! An error names line, column and rule, never what stood there: it may be a customer's.

use super::csv::{self, CsvError, Row};
use crate::domain::own_order::{ItemDraft, OrderDraft};
use std::collections::HashMap;

/// Most orders of one file: they are stored in one transaction.
const MOST: usize = 5_000;

/// The columns that speak of the order.
const ORDER: [&str; 18] = [
    "number",
    "name",
    "company",
    "line1",
    "line2",
    "line3",
    "city",
    "state",
    "postal_code",
    "country",
    "phone",
    "email",
    "po_number",
    "ship_by",
    "deliver_by",
    "service_level",
    "business",
    "commercial",
];

/// The columns that speak of the item.
const ITEM: [&str; 4] = ["sku", "title", "quantity", "unit_price"];

/// The columns that must be there.
const NEEDED: [&str; 8] = [
    "number",
    "name",
    "line1",
    "city",
    "postal_code",
    "country",
    "sku",
    "quantity",
];

/// Why a file of orders cannot be read. Nothing of it is taken in then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrdersCsvError {
    /// Not CSV.
    #[error(transparent)]
    Csv(#[from] CsvError),
    /// The first row is not the names of the columns.
    #[error("the first line {0}: it must name the columns, like {columns}", columns = [&ORDER[..], &ITEM[..]].concat().join(","))]
    Header(String),
    /// A row with more or fewer fields than columns.
    #[error("line {line}: {found} fields, but {wanted} columns")]
    Fields {
        /// Line, from 1.
        line: usize,
        /// Fields found.
        found: usize,
        /// Columns.
        wanted: usize,
    },
    /// A field that cannot be taken.
    #[error("line {line}, column {column}: {words}")]
    Field {
        /// Line, from 1.
        line: usize,
        /// Column's name.
        column: &'static str,
        /// What is wrong, without what stood there.
        words: String,
    },
    /// Too many orders at once.
    #[error("more than {MOST} orders: split the file")]
    TooMany,
}

/// An order of the file and where it stands: the line of each of its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drafted {
    /// What the file says.
    pub draft: OrderDraft,
    /// Lines of its items, from 1; never empty.
    pub lines: Vec<usize>,
}

/// Reads a file of orders. What the fields hold is checked by [`OrderDraft::check`].
pub fn parse(text: &str) -> Result<Vec<Drafted>, OrdersCsvError> {
    let mut rows = csv::rows(text)?.into_iter();
    let header = rows
        .next()
        .ok_or_else(|| OrdersCsvError::Header("is missing".to_owned()))?;
    let columns = columns(&header)?;
    let mut orders: Vec<Drafted> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for row in rows {
        if row.fields.len() != columns.len() {
            return Err(OrdersCsvError::Fields {
                line: row.line,
                found: row.fields.len(),
                wanted: columns.len(),
            });
        }
        let field = |column: &str| {
            let place = columns.iter().position(|name| *name == column);
            place
                .and_then(|place| row.fields.get(place))
                .map_or("", |field| field.trim())
        };
        let item = ItemDraft {
            sku: field("sku").to_owned(),
            title: field("title").to_owned(),
            quantity: field("quantity").to_owned(),
            unit_price: field("unit_price").to_owned(),
        };
        let number = field("number");
        if number.is_empty() {
            return Err(OrdersCsvError::Field {
                line: row.line,
                column: "number",
                words: "is empty".to_owned(),
            });
        }
        if let Some(known) = places.get(number).and_then(|place| orders.get_mut(*place)) {
            agrees(known, &row, field)?;
            known.draft.items.push(item);
            known.lines.push(row.line);
        } else {
            if orders.len() == MOST {
                return Err(OrdersCsvError::TooMany);
            }
            places.insert(number.to_owned(), orders.len());
            let mut draft = OrderDraft {
                items: vec![item],
                ..OrderDraft::default()
            };
            for column in ORDER {
                if let Some(value) = of_order(&mut draft, column) {
                    field(column).clone_into(value);
                }
            }
            orders.push(Drafted {
                draft,
                lines: vec![row.line],
            });
        }
    }
    Ok(orders)
}

fn columns(header: &Row) -> Result<Vec<&'static str>, OrdersCsvError> {
    let mut columns: Vec<&'static str> = Vec::new();
    for name in &header.fields {
        let name = name.trim().to_lowercase();
        let column = ORDER.into_iter().chain(ITEM).find(|column| *column == name);
        // Not the name itself: in a file without a header it is a customer's.
        let column = column.ok_or_else(|| {
            OrdersCsvError::Header(format!("names an unknown column in place {}", columns.len() + 1))
        })?;
        if columns.contains(&column) {
            return Err(OrdersCsvError::Header(format!("names {column} twice")));
        }
        columns.push(column);
    }
    for needed in NEEDED {
        if !columns.contains(&needed) {
            return Err(OrdersCsvError::Header(format!("does not name {needed}")));
        }
    }
    Ok(columns)
}

/// Another row of the same order says the same of it, or nothing.
fn agrees<'a>(known: &mut Drafted, row: &Row, field: impl Fn(&str) -> &'a str) -> Result<(), OrdersCsvError> {
    for column in ORDER {
        let said = field(column);
        let Some(value) = of_order(&mut known.draft, column) else {
            continue;
        };
        if !said.is_empty() && value != said {
            return Err(OrdersCsvError::Field {
                line: row.line,
                column,
                words: format!(
                    "is not what line {} of the same order says: repeat it, or leave it empty",
                    known.lines.first().copied().unwrap_or(1)
                ),
            });
        }
    }
    Ok(())
}

fn of_order<'a>(draft: &'a mut OrderDraft, column: &str) -> Option<&'a mut String> {
    Some(match column {
        "number" => &mut draft.number,
        "name" => &mut draft.name,
        "company" => &mut draft.company,
        "line1" => &mut draft.line1,
        "line2" => &mut draft.line2,
        "line3" => &mut draft.line3,
        "city" => &mut draft.city,
        "state" => &mut draft.state,
        "postal_code" => &mut draft.postal_code,
        "country" => &mut draft.country,
        "phone" => &mut draft.phone,
        "email" => &mut draft.email,
        "po_number" => &mut draft.po_number,
        "ship_by" => &mut draft.ship_by,
        "deliver_by" => &mut draft.deliver_by,
        "service_level" => &mut draft.service_level,
        "business" => &mut draft.business,
        "commercial" => &mut draft.commercial,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEADER: &str = "number,name,line1,city,state,postal_code,country,sku,quantity,unit_price";

    fn read(rows: &str) -> Result<Vec<Drafted>, String> {
        parse(&format!("{HEADER}\n{rows}")).map_err(|error| error.to_string())
    }

    #[test]
    fn rows_with_one_number_are_one_order() {
        let orders = read(
            "W-1,Ada,1 Row,Columbus,OH,43004,US,MUG,2,12.99\nW-2,Bo,2 Row,Columbus,OH,43004,US,PAN,1,\n\
             W-1,,,,,,,PAN,1,20\n",
        )
        .unwrap();
        assert_eq!(orders.len(), 2);
        assert_eq!(orders[0].lines, [2, 4]);
        assert_eq!(orders[0].draft.items.len(), 2);
        assert_eq!(
            (
                orders[0].draft.name.as_str(),
                orders[0].draft.items[1].sku.as_str()
            ),
            ("Ada", "PAN")
        );
    }

    #[test]
    fn rows_of_one_order_that_differ_are_refused_by_line_and_column() {
        let words = read("W-1,Ada,1 Row,Columbus,OH,43004,US,MUG,2,\nW-1,Canary,,,,,,PAN,1,\n").unwrap_err();
        assert!(
            words.starts_with("line 3, column name: is not what line 2"),
            "{words}"
        );
        assert!(!words.contains("Canary"), "{words}");
    }

    #[test]
    fn a_wrong_header_or_row_is_refused_without_naming_what_stood_there() {
        for (text, words) in [
            ("", "the first line is missing"),
            ("Marguerite Canary,7 Row\n", "unknown column in place 1"),
            ("number,number\n", "names number twice"),
            ("number,name\n", "does not name line1"),
        ] {
            let said = parse(text).unwrap_err().to_string();
            assert!(said.contains(words) && !said.contains("Canary"), "{said}");
        }
        assert!(
            read("W-1,Ada\n")
                .unwrap_err()
                .contains("line 2: 2 fields, but 10 columns")
        );
        assert!(
            read(",Ada,1,C,O,4,US,MUG,1,\n")
                .unwrap_err()
                .contains("line 2, column number: is empty")
        );
        assert!(read("\"W-1,Ada\n").unwrap_err().contains("never closed"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_without_panic(text in "[a-z,\"\n ]{0,80}") {
            let _ = parse(&format!("{HEADER}\n{text}"));
            let _ = parse(&text);
        }
    }
}
