//! What rates are asked for: the box as it is packed now.

use super::{QuoteItem, QuoteRequest};
use crate::domain::order::OrderLine;
use crate::domain::packing::PackingSession;
use crate::domain::preflight;
use crate::domain::product::Product;
use crate::domain::rows::{BoxRow, OrderDetail};

impl QuoteRequest {
    /// The request for a box as it is packed now, or what is missing, in the packer's words: every unit of the order
    /// verified with its code (in whatever box), weight, size. What a unit weighs and costs is taken from catalogue
    /// and order where known.
    pub fn of(detail: &OrderDetail, session: &PackingSession, parcel: &BoxRow) -> Result<Self, String> {
        if let Err(missing) = session.complete() {
            return Err(missing.join("; "));
        }
        let weight = parcel.weight.ok_or("the box has no weight yet")?;
        let dimensions = parcel.dimensions.ok_or("the box has no size yet")?;
        preflight::parcel(&weight, &dimensions)?;
        let packed = PackingSession::of_box(detail, parcel.id);
        if packed.is_empty() {
            return Err(format!("nothing lies in box {}: open another one", parcel.number));
        }
        let items = items(&detail.order.channel.lines, &detail.products, &packed);
        Ok(Self {
            order: detail.order.id,
            box_id: parcel.id,
            box_number: parcel.number,
            items,
            weight,
            dimensions,
            confirmation: parcel.confirmation,
            ship_date: None,
        })
    }
}

/// What lies in the box, with what order and catalogue say of a unit's weight and price.
fn items(lines: &[OrderLine], products: &[Product], packed: &PackingSession) -> Vec<QuoteItem> {
    packed
        .parcel_items()
        .into_iter()
        .map(|item| {
            let line = lines.iter().find(|line| line.id == item.line);
            let product = line.and_then(|line| products.iter().find(|known| known.sku == line.sku));
            QuoteItem {
                line: item.line,
                quantity: item.quantity,
                unit_weight: product.and_then(|product| product.weight),
                unit_value: line.and_then(|line| line.unit_price),
                serials: item.serials,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
