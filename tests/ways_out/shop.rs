//! A store whose every text is hostile, filled past the edge.

use crate::strings::Strings;
use chrono::{DateTime, Utc};
use tapegun::domain::address::{AddressKind, Destination};
use tapegun::domain::customer::{Buyer, CustomerData, Recipient};
use tapegun::domain::ids::{LineId, OrderId, OrderNumber, Sku, StoreId, TrackingNumber};
use tapegun::domain::order::{
    ChannelOrder, ChannelPackage, ChannelStatus, OrderLine, Origin, Programs, Window,
};
use tapegun::domain::product::{Barcode, Product, ProductKind};
use tapegun::domain::user::Role;
use tapegun::store::{ImportedOrder, Store, StoreResult};

/// The order whose number can be typed.
pub(crate) const NUMBER: &str = "111-0000001-0000001";
/// Its shop.
pub(crate) const SHOP: &str = "us";

pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_796_000_000, 0).expect("a time")
}

/// Fills a store with so many orders, a hostile text in every place that has one.
pub(crate) fn fill(store: &mut dyn Store, strings: &mut Strings, orders: usize) -> StoreResult<()> {
    let (shop, now) = (StoreId::from(SHOP), now());
    store.add_user(&name(strings), "anna", Role::Supervisor, now)?;
    store.add_user("Ana", "ana", Role::Packer, now)?;
    let products: Vec<Product> = (0..4).map(|place| product(strings, place)).collect();
    store.put_products(&products, now)?;
    let imported: Vec<ImportedOrder> = (0..orders)
        .map(|place| ImportedOrder {
            channel: order(strings, place, &products),
            customer: None,
            key: None,
            po_box: None,
        })
        .collect();
    store.import_orders(&shop, imported, None, now)?;
    let listed: Vec<OrderId> = store.unlisted_orders(orders / 2)?;
    if !listed.is_empty() {
        store.create_pick_list(&name(strings), &listed, None, now)?;
    }
    store.note_audit(None, &strings.next(), now)?;
    store.note_refused_scan(None, None, &strings.next(), now)?;
    for id in store.find_orders(&OrderNumber::from(NUMBER))? {
        store.note_refused_scan(Some(id), None, &strings.next(), now)?;
    }
    Ok(())
}

/// A name that is not empty and not another's.
fn name(strings: &mut Strings) -> String {
    format!("Ann {}", strings.own())
}

fn product(strings: &mut Strings, place: usize) -> Product {
    Product {
        sku: Sku(format!("S{place}{}", strings.own())),
        title: strings.next(),
        kind: ProductKind::Standard,
        barcodes: vec![Barcode {
            code: format!("03600029145{place}"),
            quantity: 1,
        }],
        components: Vec::new(),
        weight: None,
        dimensions: None,
        price: None,
        transparency: false,
    }
}

fn order(strings: &mut Strings, place: usize, products: &[Product]) -> ChannelOrder {
    let lines = (0..=strings.below(5)).map(|line| OrderLine {
        id: LineId(format!("L{line}{}", strings.own())),
        sku: match strings.below(3) {
            0 => Sku(strings.own()),
            known => products[known].sku.clone(),
        },
        asin: strings.next(),
        title: strings.next(),
        quantity: 1 + u32::try_from(strings.below(3)).unwrap_or(0),
        unit_price: None,
        transparency: false,
        serial_required: false,
        gift: strings.below(4) == 0,
        cancel_requested: false,
    });
    let lines: Vec<OrderLine> = lines.collect();
    let package = ChannelPackage {
        reference: strings.next(),
        status: strings.next(),
        carrier: strings.next(),
        service: strings.next(),
        tracking: Some(TrackingNumber(strings.own())),
        shipped_at: None,
        items: Vec::new(),
    };
    let first = place == 0;
    ChannelOrder {
        store: StoreId::from(SHOP),
        origin: Origin::Amazon,
        number: if first {
            OrderNumber::from(NUMBER)
        } else {
            OrderNumber(format!("113-{}", strings.own()))
        },
        status: match strings.below(5) {
            0 if !first => ChannelStatus::Unknown(strings.next()),
            _ => ChannelStatus::Unshipped,
        },
        programs: Programs {
            prime: strings.below(2) == 0,
            business: strings.below(2) == 0,
            premium: false,
            other: vec![strings.next()],
        },
        destination: Some(Destination::new(
            "US",
            &strings.next(),
            "43215",
            AddressKind::Residential,
        )),
        ship_by: Window {
            earliest: None,
            latest: Some(now()),
        },
        deliver_by: Window::default(),
        service_level: strings.next(),
        print_not_before: None,
        confirmation_floor: None,
        lines,
        packages: if first { Vec::new() } else { vec![package] },
        created_at: now(),
        updated_at: now(),
        address_fingerprint: Vec::new(),
    }
}

/// A customer who is hostile from name to gift message.
pub(crate) fn customer(strings: &mut Strings) -> CustomerData {
    CustomerData {
        recipient: Recipient {
            name: strings.next(),
            company: strings.next(),
            lines: vec![strings.next(), strings.next()],
            city: strings.next(),
            state: strings.next(),
            postal_code: strings.next(),
            country: strings.next(),
            phone: strings.next(),
        },
        buyer: Buyer {
            name: strings.next(),
            email: strings.next(),
            company: strings.next(),
            po_number: strings.next(),
        },
        gift_messages: vec![(strings.next(), strings.next())],
    }
}
