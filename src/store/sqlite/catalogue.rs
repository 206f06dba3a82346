//! The catalogue: products, barcodes, children.

use super::values::{all, first, from_word, json, maybe_parsed, micros, money, run, small, word};
use super::{flags, orders};
use crate::domain::ids::{OrderId, Sku};
use crate::domain::product::{Barcode, Component, Product};
use crate::domain::rows::CodeMeaning;
use crate::domain::scan::barcode_key;
use crate::store::StoreResult;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};
use std::collections::{BTreeSet, HashMap};

pub(super) fn put_products(
    connection: &Connection,
    products: &[Product],
    now: DateTime<Utc>,
) -> StoreResult<u32> {
    for product in products {
        put_product(connection, product, now)?;
    }
    refresh_open_orders(connection, products, now)?;
    Ok(u32::try_from(products.len()).unwrap_or(u32::MAX))
}

fn put_product(connection: &Connection, product: &Product, now: DateTime<Utc>) -> StoreResult<()> {
    let sku = product.sku.as_str();
    run(
        connection,
        "INSERT INTO products (sku, title, kind, weight, dimensions, price_minor, price_currency, transparency, changed_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sku) DO UPDATE SET title = excluded.title, \
         kind = excluded.kind, weight = excluded.weight, dimensions = excluded.dimensions, \
         price_minor = excluded.price_minor, price_currency = excluded.price_currency, \
         transparency = excluded.transparency, changed_at = excluded.changed_at",
        params![
            sku,
            product.title,
            word(&product.kind)?,
            product.weight.as_ref().map(json).transpose()?,
            product.dimensions.as_ref().map(json).transpose()?,
            product.price.map(|price| price.minor),
            product.price.as_ref().map(|price| price.currency.code()),
            product.transparency,
            micros(now),
        ],
    )?;
    run(connection, "DELETE FROM barcodes WHERE sku = ?", [sku])?;
    for (position, barcode) in (0_i64..).zip(&product.barcodes) {
        run(
            connection,
            "INSERT INTO barcodes (sku, position, code, quantity) VALUES (?, ?, ?, ?)",
            params![sku, position, barcode_key(&barcode.code), barcode.quantity],
        )?;
    }
    run(connection, "DELETE FROM components WHERE sku = ?", [sku])?;
    for (position, component) in (0_i64..).zip(&product.components) {
        run(
            connection,
            "INSERT INTO components (sku, position, child, quantity) VALUES (?, ?, ?, ?)",
            params![sku, position, component.sku.as_str(), component.quantity],
        )?;
    }
    Ok(())
}

/// Open orders that name a changed product, or a parent of one, are judged again: flags, badges, units.
fn refresh_open_orders(connection: &Connection, products: &[Product], now: DateTime<Utc>) -> StoreResult<()> {
    let mut touched = BTreeSet::new();
    for product in products {
        let found = all(
            connection,
            "SELECT orders.id FROM order_lines JOIN orders ON orders.id = order_lines.order_id \
             WHERE order_lines.sku IN (SELECT ?1 UNION SELECT sku FROM components WHERE child = ?1) \
             AND orders.status NOT IN ('shipped', 'canceled')",
            [product.sku.as_str()],
            |row| Ok(row.get::<_, i64>(0)?),
        )?;
        touched.extend(found);
    }
    let mut shelf = Shelf::default();
    for order in touched {
        let order = orders::order(connection, OrderId(order))?;
        flags::judge_products(connection, &order, &mut shelf, now)?;
    }
    Ok(())
}

pub(super) fn products(connection: &Connection, skus: &[Sku]) -> StoreResult<Vec<Product>> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for sku in skus {
        if seen.insert(sku)
            && let Some(product) = product(connection, sku)?
        {
            found.push(product);
        }
    }
    Ok(found)
}

fn product(connection: &Connection, sku: &Sku) -> StoreResult<Option<Product>> {
    let Some(mut product) = first(
        connection,
        "SELECT sku, title, kind, weight, dimensions, price_minor, price_currency, transparency \
         FROM products WHERE sku = ?",
        [sku.as_str()],
        product_row,
    )?
    else {
        return Ok(None);
    };
    product.barcodes = all(
        connection,
        "SELECT code, quantity FROM barcodes WHERE sku = ? ORDER BY position",
        [sku.as_str()],
        |row| {
            Ok(Barcode {
                code: row.get(0)?,
                quantity: small(row.get(1)?)?,
            })
        },
    )?;
    product.components = all(
        connection,
        "SELECT child, quantity FROM components WHERE sku = ? ORDER BY position",
        [sku.as_str()],
        |row| {
            Ok(Component {
                sku: Sku(row.get(0)?),
                quantity: small(row.get(1)?)?,
            })
        },
    )?;
    Ok(Some(product))
}

fn product_row(row: &Row<'_>) -> StoreResult<Product> {
    let price = match (row.get::<_, Option<i64>>(5)?, row.get::<_, Option<String>>(6)?) {
        (Some(minor), Some(currency)) => Some(money(minor, &currency)?),
        _ => None,
    };
    Ok(Product {
        sku: Sku(row.get(0)?),
        title: row.get(1)?,
        kind: from_word(&row.get::<_, String>(2)?)?,
        barcodes: Vec::new(),
        components: Vec::new(),
        weight: maybe_parsed(row.get(3)?)?,
        dimensions: maybe_parsed(row.get(4)?)?,
        price,
        transparency: row.get(7)?,
    })
}

pub(super) fn code_meanings(connection: &Connection, code: &str) -> StoreResult<Vec<CodeMeaning>> {
    all(
        connection,
        "SELECT DISTINCT sku, quantity FROM barcodes WHERE code = ? ORDER BY sku, quantity",
        [barcode_key(code)],
        |row| {
            Ok(CodeMeaning {
                sku: Sku(row.get(0)?),
                quantity: small(row.get(1)?)?,
            })
        },
    )
}

/// Products that were read already: an import asks for the same few again and again.
#[derive(Default)]
pub(super) struct Shelf {
    known: HashMap<Sku, Option<Product>>,
}

impl Shelf {
    /// Products of these SKUs and, for kits and groups, of their children.
    pub(super) fn with_children<'a>(
        &mut self,
        connection: &Connection,
        skus: impl Iterator<Item = &'a Sku>,
    ) -> StoreResult<Vec<Product>> {
        let mut wanted: Vec<Sku> = skus.cloned().collect();
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        while let Some(sku) = wanted.pop() {
            if !seen.insert(sku.clone()) {
                continue;
            }
            if let Some(product) = self.look_up(connection, &sku)? {
                wanted.extend(product.components.iter().map(|child| child.sku.clone()));
                found.push(product.clone());
            }
        }
        found.sort_by(|one, other| one.sku.cmp(&other.sku));
        Ok(found)
    }

    /// Whether the catalogue has this product.
    pub(super) fn has(&mut self, connection: &Connection, sku: &Sku) -> StoreResult<bool> {
        Ok(self.look_up(connection, sku)?.is_some())
    }

    fn look_up(&mut self, connection: &Connection, sku: &Sku) -> StoreResult<Option<&Product>> {
        if !self.known.contains_key(sku) {
            let product = product(connection, sku)?;
            self.known.insert(sku.clone(), product);
        }
        Ok(self.known.get(sku).and_then(Option::as_ref))
    }
}
