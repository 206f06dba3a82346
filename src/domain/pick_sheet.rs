//! What is printed of a pick list: products by bin with their totals, and which tote each order gets.
//!
//! Pure. A tote's number is the place of its order on the list; its code is `TGT-<list>-<number>`.

#[cfg(test)]
mod tests;

use super::ids::{OrderNumber, PickListId, Sku};
use super::product::ProductKind;
use super::rows::OrderDetail;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A product to pick: all its units of the list together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickItem {
    /// Where it lies; empty: not known.
    pub bin: String,
    /// Product.
    pub sku: Sku,
    /// Title.
    pub title: String,
    /// Units in all.
    pub quantity: u32,
    /// Tote and units, by tote.
    pub totes: Vec<(u32, u32)>,
}

/// The tote of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickTote {
    /// Number on the list, from 1.
    pub number: u32,
    /// Order.
    pub order: OrderNumber,
    /// Units to pick for it.
    pub units: u32,
}

/// A pick list as it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickSheet {
    /// List.
    pub list: PickListId,
    /// Its name.
    pub name: String,
    /// Products, by bin.
    pub items: Vec<PickItem>,
    /// Totes, by number.
    pub totes: Vec<PickTote>,
    /// Orders of the list that are not to be picked: they may not be shipped, or have a label.
    pub left_out: Vec<OrderNumber>,
}

impl PickSheet {
    /// The code on a tote.
    pub fn tote_code(&self, number: u32) -> String {
        format!("TGT-{}-{number}", self.list)
    }

    /// Units in all.
    pub fn units(&self) -> u32 {
        self.items.iter().map(|item| item.quantity).sum()
    }
}

/// The sheet of a list whose orders stand in its order, each with its place on the list. A group is picked as its children, a kit as itself.
pub fn pick_sheet(
    list: PickListId,
    name: &str,
    orders: &[(u32, OrderDetail)],
    bins: &BTreeMap<Sku, String>,
) -> PickSheet {
    let mut items: BTreeMap<Sku, PickItem> = BTreeMap::new();
    let (mut totes, mut left_out) = (Vec::new(), Vec::new());
    for (number, detail) in orders {
        let number = *number;
        let order = &detail.order.channel;
        let labelled = detail.labels.iter().any(|label| label.state.is_live());
        if !detail.order.status.can_ship() || labelled || !detail.order.status.is_open() {
            left_out.push(order.number.clone());
            continue;
        }
        let mut units = 0;
        for line in &order.lines {
            let product = detail.products.iter().find(|product| product.sku == line.sku);
            let parts: Vec<(Sku, u32)> = match product {
                Some(product) if product.kind == ProductKind::Group && !product.components.is_empty() => {
                    product
                        .components
                        .iter()
                        .map(|child| (child.sku.clone(), child.quantity))
                        .collect()
                }
                _ => vec![(line.sku.clone(), 1)],
            };
            for (sku, each) in parts {
                let quantity = line.quantity * each;
                if quantity == 0 {
                    continue;
                }
                units += quantity;
                let known = detail.products.iter().find(|product| product.sku == sku);
                let item = items.entry(sku.clone()).or_insert_with(|| PickItem {
                    bin: bins.get(&sku).cloned().unwrap_or_default(),
                    title: known.map_or_else(|| line.title.clone(), |product| product.title.clone()),
                    sku,
                    quantity: 0,
                    totes: Vec::new(),
                });
                item.quantity += quantity;
                match item.totes.last_mut() {
                    Some((tote, count)) if *tote == number => *count += quantity,
                    _ => item.totes.push((number, quantity)),
                }
            }
        }
        totes.push(PickTote {
            number,
            order: order.number.clone(),
            units,
        });
    }
    let mut items: Vec<PickItem> = items.into_values().collect();
    items.sort_by(|a, b| by_bin(&a.bin, &b.bin).then_with(|| a.sku.cmp(&b.sku)));
    PickSheet {
        list,
        name: name.to_owned(),
        items,
        totes,
        left_out,
    }
}

/// The list and the place behind `TGT-`: `7-3`.
pub fn read_tote(code: &str) -> Option<(PickListId, u32)> {
    let (list, place) = code.trim().split_once('-')?;
    let list: i64 = list.parse().ok().filter(|list| *list > 0)?;
    let place: u32 = place.parse().ok().filter(|place| *place > 0)?;
    Some((PickListId(list), place))
}

/// Bins as a person walks them: numbers by their size (`A-2` before `A-10`), what has no bin at the end.
pub fn by_bin(a: &str, b: &str) -> Ordering {
    let key = |bin: &str| -> Vec<(bool, u64, String)> {
        let mut parts: Vec<(bool, u64, String)> = Vec::new();
        let mut number = String::new();
        let end = |number: &mut String, parts: &mut Vec<(bool, u64, String)>| {
            if !number.is_empty() {
                parts.push((false, number.parse().unwrap_or(u64::MAX), String::new()));
                number.clear();
            }
        };
        for letter in bin.to_uppercase().chars() {
            if letter.is_ascii_digit() {
                number.push(letter);
            } else {
                end(&mut number, &mut parts);
                parts.push((true, 0, letter.to_string()));
            }
        }
        end(&mut number, &mut parts);
        parts
    };
    a.is_empty()
        .cmp(&b.is_empty())
        .then_with(|| key(a).cmp(&key(b)))
        .then_with(|| a.cmp(b))
}
