//! The catalogue as a CSV file, our own format.
//!
//! The first row names the columns, in any order: `sku,title,type,barcodes,components,weight,dimensions,price,
//! transparency,bin`; only `sku` and `title` must be there. `type` is `standard` (or empty), `kit` or `group`.
//! `barcodes` and `components` are separated by semicolons, `*12` behind one is its number of units. Weight, size
//! and price carry their unit: `14.2 oz`, `5x4.5x4 in`, `12.99 USD`. `transparency` is `yes`, `no` or empty.

use super::csv::{self, CsvError, Row};
use crate::domain::ids::Sku;
use crate::domain::money::{Currency, Money};
use crate::domain::product::{Barcode, Component, Product, ProductKind};
use crate::domain::scan::barcode_key;
use crate::domain::text::Clean;
use crate::domain::units::{Dimensions, Weight};
use std::collections::BTreeMap;

/// The columns.
const COLUMNS: [&str; 10] = [
    "sku",
    "title",
    "type",
    "barcodes",
    "components",
    "weight",
    "dimensions",
    "price",
    "transparency",
    "bin",
];

/// Why a catalogue cannot be read. Nothing of it is imported then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// Not CSV.
    #[error(transparent)]
    Csv(#[from] CsvError),
    /// The first row is not the names of the columns.
    #[error("the first line {0}: it must name the columns, like {columns}", columns = COLUMNS.join(","))]
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
    /// A field that cannot be read.
    #[error("line {line}, column {column}: {words}")]
    Field {
        /// Line, from 1.
        line: usize,
        /// Column's name.
        column: &'static str,
        /// What is wrong.
        words: String,
    },
}

/// Reads a catalogue. Codes that stand for two products are refused, and components that are not in the file are
/// left to the store: they may be there already.
pub fn parse(text: &str) -> Result<Vec<Product>, CatalogueError> {
    let mut rows = csv::rows(text)?.into_iter();
    let header = rows
        .next()
        .ok_or_else(|| CatalogueError::Header("is missing".to_owned()))?;
    let columns = columns(&header)?;
    let mut products: Vec<Product> = Vec::new();
    let mut skus: BTreeMap<Sku, usize> = BTreeMap::new();
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows {
        if row.fields.len() != columns.len() {
            return Err(CatalogueError::Fields {
                line: row.line,
                found: row.fields.len(),
                wanted: columns.len(),
            });
        }
        let line = Line {
            columns: &columns,
            row: &row,
        };
        let product = line.product()?;
        if let Some(other) = skus.insert(product.sku.clone(), row.line) {
            return Err(line.wrong("sku", format!("{} stands in line {other} already", product.sku)));
        }
        for barcode in &product.barcodes {
            if let Some(other) = codes.insert(barcode_key(&barcode.code), row.line) {
                return Err(line.wrong(
                    "barcodes",
                    format!("{} stands in line {other} already", barcode.code),
                ));
            }
        }
        products.push(product);
    }
    Ok(products)
}

/// Where the products of a catalogue lie, where it says so.
pub fn parse_bins(text: &str) -> Result<Vec<(Sku, String)>, CatalogueError> {
    let mut rows = csv::rows(text)?.into_iter();
    let header = rows
        .next()
        .ok_or_else(|| CatalogueError::Header("is missing".to_owned()))?;
    let columns = columns(&header)?;
    if !columns.contains(&"bin") {
        return Ok(Vec::new());
    }
    rows.map(|row| {
        let line = Line {
            columns: &columns,
            row: &row,
        };
        let bin = Clean::text(line.field("bin"));
        if bin.chars().count() > 24 {
            return Err(line.wrong("bin", "has more than 24 letters"));
        }
        Ok((Sku(line.needed("sku")?), bin))
    })
    .collect()
}

fn columns(header: &Row) -> Result<Vec<&'static str>, CatalogueError> {
    let mut columns: Vec<&'static str> = Vec::new();
    for name in &header.fields {
        let name = name.trim().to_lowercase();
        let column = COLUMNS.into_iter().find(|column| *column == name);
        let column =
            column.ok_or_else(|| CatalogueError::Header(format!("names an unknown column {name:?}")))?;
        if columns.contains(&column) {
            return Err(CatalogueError::Header(format!("names {column} twice")));
        }
        columns.push(column);
    }
    for needed in ["sku", "title"] {
        if !columns.contains(&needed) {
            return Err(CatalogueError::Header(format!("does not name {needed}")));
        }
    }
    Ok(columns)
}

/// One row with its columns' names.
struct Line<'a> {
    columns: &'a [&'static str],
    row: &'a Row,
}

impl Line<'_> {
    fn wrong(&self, column: &'static str, words: impl Into<String>) -> CatalogueError {
        CatalogueError::Field {
            line: self.row.line,
            column,
            words: words.into(),
        }
    }

    /// A field without blanks around it; empty where the column is missing.
    fn field(&self, column: &str) -> &str {
        self.columns
            .iter()
            .position(|name| *name == column)
            .and_then(|place| self.row.fields.get(place))
            .map_or("", |field| field.trim())
    }

    /// A field that may be empty, read by `read`.
    fn optional<T>(
        &self,
        column: &'static str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, CatalogueError> {
        match self.field(column) {
            "" => Ok(None),
            text => read(text).map(Some).map_err(|words| self.wrong(column, words)),
        }
    }

    fn needed(&self, column: &'static str) -> Result<String, CatalogueError> {
        let text = Clean::text(self.field(column));
        if text.is_empty() {
            return Err(self.wrong(column, "is empty"));
        }
        Ok(text)
    }

    fn product(&self) -> Result<Product, CatalogueError> {
        let kind = match self.field("type").to_lowercase().as_str() {
            "" | "standard" => ProductKind::Standard,
            "kit" => ProductKind::Kit,
            "group" => ProductKind::Group,
            other => return Err(self.wrong("type", format!("{other:?} is none of standard, kit, group"))),
        };
        let components: Vec<Component> = self
            .counted("components")?
            .into_iter()
            .map(|(sku, quantity)| Component {
                sku: Sku(sku),
                quantity,
            })
            .collect();
        let sku = Sku(self.needed("sku")?);
        if components.iter().any(|component| component.sku == sku) {
            return Err(self.wrong("components", format!("{sku} contains itself")));
        }
        match kind {
            ProductKind::Group if components.is_empty() => {
                return Err(self.wrong("components", "a group needs at least one component"));
            }
            ProductKind::Standard if !components.is_empty() => {
                return Err(self.wrong("components", "only kits and groups have components"));
            }
            _ => {}
        }
        Ok(Product {
            title: self.needed("title")?,
            kind,
            barcodes: self
                .counted("barcodes")?
                .into_iter()
                .map(|(code, quantity)| Barcode { code, quantity })
                .collect(),
            components,
            weight: self.optional("weight", |text| {
                Weight::parse(text).map_err(|error| error.to_string())
            })?,
            dimensions: self.optional("dimensions", |text| {
                Dimensions::parse_product(text).map_err(|error| error.to_string())
            })?,
            price: self.optional("price", price)?,
            transparency: match self.field("transparency").to_lowercase().as_str() {
                "" | "no" | "false" | "0" => false,
                "yes" | "true" | "1" => true,
                other => return Err(self.wrong("transparency", format!("{other:?} is neither yes nor no"))),
            },
            sku,
        })
    }

    /// Parts separated by semicolons, each with its number of units: `A;B*12`.
    fn counted(&self, column: &'static str) -> Result<Vec<(String, u32)>, CatalogueError> {
        let mut parts: Vec<(String, u32)> = Vec::new();
        for part in self
            .field(column)
            .split(';')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            let (name, count) = match part.rsplit_once('*') {
                None => (part, 1),
                Some((name, count)) => {
                    let count: u32 = count
                        .trim()
                        .parse()
                        .ok()
                        .filter(|count| (1..=100_000).contains(count))
                        .ok_or_else(|| {
                            self.wrong(
                                column,
                                format!("{part:?}: write the number of units behind *, like *12"),
                            )
                        })?;
                    (name.trim(), count)
                }
            };
            let name = Clean::text(name);
            if name.is_empty() {
                return Err(self.wrong(column, format!("{part:?} has no name before *")));
            }
            if parts.iter().any(|(known, _)| *known == name) {
                return Err(self.wrong(column, format!("{name} stands there twice")));
            }
            parts.push((name, count));
        }
        Ok(parts)
    }
}

/// `12.99 USD`.
fn price(text: &str) -> Result<Money, String> {
    let wrong = || format!("{text:?} is no price: write it with its currency, like 12.99 USD");
    let (digits, code) = text.split_once(' ').ok_or_else(wrong)?;
    let currency = Currency::parse(code.trim()).ok_or_else(wrong)?;
    let price = Money::parse(digits, currency).ok_or_else(wrong)?;
    if price.minor < 0 {
        return Err(format!("{text:?} is below zero"));
    }
    Ok(price)
}

#[cfg(test)]
mod tests;
