//! The demo's two stores: their accounts, catalogue and orders, and plain orders in any number.
//!
//! The catalogue is `assets/demo/products.csv`, the file that `tapegun products import` reads; the sheet to scan
//! from is `assets/demo/scan-me.md`.

mod orders;
mod people;
mod rehearsal;
mod sheet;

pub use rehearsal::rehearsal;
pub use sheet::{STAFF, scan_sheet};

use super::order::{Base, Line, OfferShape, Order};
use super::random;
use super::world::Seller;
use chrono::{DateTime, TimeDelta, Utc};
use people::PEOPLE;

/// The demo's catalogue: `sku,title,type,barcodes,components,weight,dimensions,price,transparency`. Barcodes
/// and components are separated by semicolons; `*12` behind one is its number of units.
pub const PRODUCTS: &str = include_str!("../../assets/demo/products.csv");

/// Login with Amazon client id of both stores (one private application).
pub const CLIENT_ID: &str = "amzn1.application-oa2-client.demo0tapegun0demo0tapegun0demo0";
/// Its secret.
pub const CLIENT_SECRET: &str = "amzn1.oa2-cs.v1.demo-secret-of-no-use-anywhere";
/// Refresh token of the first store.
pub const REFRESH_TOKEN_FIRST: &str = "Atzr|demo-first-store";
/// Refresh token of the second store.
pub const REFRESH_TOKEN_SECOND: &str = "Atzr|demo-second-store";
/// The marketplace of both: the United States.
pub const MARKETPLACE: &str = "ATVPDKIKX0DER";

/// The two selling accounts. The second has not accepted the terms of UPS, and has linked its own
/// account with FedEx.
pub fn sellers() -> Vec<Seller> {
    let seller = |merchant: &str, refresh_token: &str, unaccepted: &[&str], linked: &[(&str, &str)]| Seller {
        merchant: merchant.to_owned(),
        marketplace: MARKETPLACE.to_owned(),
        client_id: CLIENT_ID.to_owned(),
        client_secret: CLIENT_SECRET.to_owned(),
        refresh_token: refresh_token.to_owned(),
        unaccepted: unaccepted.iter().map(|carrier| (*carrier).to_owned()).collect(),
        linked: linked
            .iter()
            .map(|(carrier, account)| ((*carrier).to_owned(), (*account).to_owned()))
            .collect(),
    };
    vec![
        seller("A1DEMOHARBOR01", REFRESH_TOKEN_FIRST, &[], &[]),
        seller(
            "A1DEMOMEADOW02",
            REFRESH_TOKEN_SECOND,
            &["UPS"],
            &[("FEDEX", "demo-fedex-510087")],
        ),
    ]
}

/// A product as the orders need it.
struct Article {
    sku: &'static str,
    title: &'static str,
    cents: u32,
    transparency: bool,
}

fn articles() -> impl Iterator<Item = Article> {
    PRODUCTS.lines().skip(1).filter_map(|row| {
        let fields: Vec<&'static str> = row.split(',').collect();
        let [sku, title, _, _, _, _, _, price, transparency, ..] = fields.as_slice() else {
            return None;
        };
        let digits = price.trim_end_matches(" USD").replace('.', "");
        Some(Article {
            sku,
            title,
            cents: digits.parse().ok()?,
            transparency: *transparency == "yes",
        })
    })
}

/// The demo's orders as of `start`. Numbers, people and goods are always the same; times follow `start`.
pub fn orders(start: DateTime<Utc>) -> Vec<Order> {
    orders::drafts()
        .into_iter()
        .zip(1..)
        .map(|(draft, at)| draft.order(at, start))
        .collect()
}

/// This many orders of the first store, of all the demo's kinds in turn: a day for a rehearsal of the whole place.
pub fn mixed(count: usize, start: DateTime<Utc>) -> Vec<Order> {
    orders::mixed(count, start)
}

/// Number of the demo order that stands at this place of [`orders`], counted from 1.
pub fn number(at: u64) -> String {
    let draw = random::draw(7, &["order", &at.to_string()]);
    format!(
        "{}-{:07}-{:07}",
        111 + draw % 4,
        draw / 7 % 10_000_000,
        draw / 70_000_007 % 10_000_000
    )
}

/// This many plain orders of the first store, for load: one line each, to real places, due in the next days.
pub fn many(count: usize, start: DateTime<Utc>) -> Vec<Order> {
    let articles: Vec<Article> = articles()
        .filter(|article| !article.transparency && !article.sku.starts_with("SET-"))
        .collect();
    (0..count)
        .map(|at| {
            let person = &PEOPLE[at % PEOPLE.len()];
            let article = &articles[at % articles.len()];
            // Spread over the last day, all older than the two minutes that Orders may lag.
            let seconds = i64::try_from(at % 86_000).unwrap_or_default();
            let created = start - TimeDelta::seconds(seconds + 240);
            let line = line(
                article,
                &format!("{:014}", 70_000_000_000_000 + at),
                1 + u32::from(at % 7 == 0),
            );
            let due = start + TimeDelta::hours(6 + i64::try_from(at % 48).unwrap_or_default());
            Order {
                number: format!("111-{:07}-{:07}", 5_000_000 + at / 10_000_000, at % 10_000_000),
                seller: 0,
                created,
                updated: created,
                base: Base::Open,
                programs: if at % 5 == 0 {
                    vec!["PRIME".to_owned()]
                } else {
                    Vec::new()
                },
                level: "STANDARD".to_owned(),
                ship_by: (created, due),
                deliver_by: (due + TimeDelta::days(2), due + TimeDelta::days(5)),
                address: person.address(),
                hours: None,
                buyer: (
                    person.name.to_owned(),
                    format!("buyer{at}@marketplace.example"),
                    None,
                    None,
                ),
                lines: vec![line],
                signature: false,
                shape: OfferShape::Plain,
                packages: Vec::new(),
            }
        })
        .collect()
}

fn line(article: &Article, id: &str, quantity: u32) -> Line {
    let asin = random::name(7, &["asin", article.sku])[..8].to_ascii_uppercase();
    Line {
        id: id.to_owned(),
        sku: article.sku.to_owned(),
        asin: format!("B0{asin}"),
        title: article.title.to_owned(),
        quantity,
        cents: article.cents,
        transparency: article.transparency,
        serial: article.sku == "CHARGER-65",
        gift: None,
        cancel_requested: false,
    }
}

/// Texts of the demo's customers (names, companies, streets, telephones, e-mails, gift messages): none of them
/// may be found in a station's files unsealed.
pub fn customer_texts() -> Vec<String> {
    let mut texts = Vec::new();
    for order in orders(DateTime::UNIX_EPOCH) {
        let address = order.address;
        texts.extend([address.name, address.phone]);
        texts.extend(address.company);
        texts.extend(address.lines);
        let (name, email, company, purchase_order) = order.buyer;
        texts.extend([name, email]);
        texts.extend([company, purchase_order].into_iter().flatten());
        texts.extend(order.lines.into_iter().filter_map(|line| line.gift));
    }
    texts.retain(|text| !text.is_empty());
    texts.sort();
    texts.dedup();
    texts
}
