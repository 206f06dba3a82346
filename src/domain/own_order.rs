//! Orders that are not Amazon's: what a file or a person says of one, checked before it is taken in. Pure.
//!
//! Faults name the field and the rule, never what stood in it: names and addresses get into no message.

use super::address::{AddressKind, Destination};
use super::customer::{Buyer, CustomerData, Recipient};
use super::ids::{LineId, OrderNumber, Sku, StoreId};
use super::money::{Currency, Money};
use super::order::{ChannelOrder, ChannelStatus, OrderLine, Origin, Programs, Window};
use super::text::Clean;
use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use std::fmt;

/// Most units of one line.
const MOST_UNITS: u32 = 10_000;

/// One line of an order as it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemDraft {
    /// Stock keeping unit.
    pub sku: String,
    /// Title; empty: the SKU.
    pub title: String,
    /// Units.
    pub quantity: String,
    /// Price of one unit, with or without its currency; may be empty.
    pub unit_price: String,
}

/// An order as it was written: every field is text, empty where nothing was said.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct OrderDraft {
    /// The shop's own number.
    pub number: String,
    /// Ship-to: name.
    pub name: String,
    /// Company.
    pub company: String,
    /// First line of the address.
    pub line1: String,
    /// Second line.
    pub line2: String,
    /// Third line.
    pub line3: String,
    /// City.
    pub city: String,
    /// State or region.
    pub state: String,
    /// Postal code.
    pub postal_code: String,
    /// ISO 3166 alpha-2.
    pub country: String,
    /// Phone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// Purchase order number of a business customer.
    pub po_number: String,
    /// Latest shipping: a day, or a moment.
    pub ship_by: String,
    /// Latest delivery: a day, or a moment.
    pub deliver_by: String,
    /// Service level in the shop's words.
    pub service_level: String,
    /// A business customer: yes or no.
    pub business: String,
    /// A commercial address: yes or no.
    pub commercial: String,
    /// Lines.
    pub items: Vec<ItemDraft>,
}

impl fmt::Debug for OrderDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderDraft")
            .field("number", &self.number)
            .field("items", &self.items)
            .finish_non_exhaustive()
    }
}

/// What is wrong with a draft: the field, by its column's name, and the rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {words}")]
pub struct DraftFault {
    /// Field.
    pub field: &'static str,
    /// Which line of the order it is of, from 0; none: of the order.
    pub item: Option<usize>,
    /// What is wrong and what to write.
    pub words: String,
}

/// An order that may be taken in: the trade's part, and the customer's, which must be sealed before it is stored.
/// `ChannelOrder::address_fingerprint` is empty here: the vault makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnOrder {
    /// Everything but the customer's data.
    pub channel: ChannelOrder,
    /// Customer's data.
    pub customer: CustomerData,
}

fn fault(field: &'static str, words: impl Into<String>) -> DraftFault {
    DraftFault {
        field,
        item: None,
        words: words.into(),
    }
}

impl OrderDraft {
    /// Checks the draft. Days count in the store's `zone`; `currency` is that of prices without one; `now` is when
    /// the order was placed, as far as anybody here knows.
    pub fn check(
        &self,
        store: &StoreId,
        zone: Tz,
        currency: Currency,
        now: DateTime<Utc>,
    ) -> Result<OwnOrder, DraftFault> {
        let number = text("number", &self.number, 1, 50)?;
        if !number
            .chars()
            .all(|sign| sign.is_ascii_alphanumeric() || "-_.#/".contains(sign))
        {
            return Err(fault("number", "letters, digits and - _ . # / only"));
        }
        let recipient = self.recipient()?;
        let kind = if yes("commercial", &self.commercial)? {
            AddressKind::Commercial
        } else {
            AddressKind::Residential
        };
        let destination =
            Destination::new(&recipient.country, &recipient.state, &recipient.postal_code, kind);
        let until = |field, value: &str| moment(field, value, zone);
        let business = yes("business", &self.business)?;
        Ok(OwnOrder {
            channel: ChannelOrder {
                store: store.clone(),
                origin: Origin::Elsewhere,
                number: OrderNumber(number),
                status: ChannelStatus::Unshipped,
                programs: Programs {
                    business,
                    ..Programs::default()
                },
                destination: Some(destination),
                ship_by: Window {
                    earliest: None,
                    latest: until("ship_by", &self.ship_by)?,
                },
                deliver_by: Window {
                    earliest: None,
                    latest: until("deliver_by", &self.deliver_by)?,
                },
                service_level: text("service_level", &self.service_level, 0, 60)?,
                print_not_before: None,
                confirmation_floor: None,
                lines: self.lines(currency)?,
                packages: Vec::new(),
                created_at: now,
                updated_at: now,
                address_fingerprint: Vec::new(),
            },
            customer: CustomerData {
                buyer: Buyer {
                    name: recipient.name.clone(),
                    email: self.email()?,
                    company: recipient.company.clone(),
                    po_number: text("po_number", &self.po_number, 0, 60)?,
                },
                recipient,
                gift_messages: Vec::new(),
            },
        })
    }

    /// Ship-to within Amazon Shipping's limits (amazon.md 3.3), so that none is found out at the bench.
    fn recipient(&self) -> Result<Recipient, DraftFault> {
        let country = text("country", &self.country, 1, 30)?.to_ascii_uppercase();
        match country.as_str() {
            "UK" => return Err(fault("country", "write the ISO code GB, not UK")),
            "USA" => return Err(fault("country", "write the ISO code US, not USA")),
            code if code.len() != 2 || !code.bytes().all(|sign| sign.is_ascii_uppercase()) => {
                return Err(fault("country", "write the ISO code of two letters, like US"));
            }
            _ => {}
        }
        let lines = [("line2", &self.line2), ("line3", &self.line3)];
        let mut all = vec![text("line1", &self.line1, 1, 60)?];
        for (field, line) in lines {
            all.push(text(field, line, 0, 60)?);
        }
        all.retain(|line| !line.is_empty());
        let needs_state = matches!(country.as_str(), "US" | "CA" | "AU" | "MX" | "BR" | "IN" | "JP");
        Ok(Recipient {
            name: text("name", &self.name, 1, 50)?,
            company: text("company", &self.company, 0, 50)?,
            lines: all,
            city: text("city", &self.city, 1, 50)?,
            state: text("state", &self.state, usize::from(needs_state), 50)?,
            postal_code: text("postal_code", &self.postal_code, 1, 20)?,
            country,
            phone: text("phone", &self.phone, 0, 20)?,
        })
    }

    fn email(&self) -> Result<String, DraftFault> {
        let email = text("email", &self.email, 0, 64)?;
        if !email.is_empty() && !email.contains('@') {
            return Err(fault("email", "write it with its @, or leave it empty"));
        }
        Ok(email)
    }

    fn lines(&self, currency: Currency) -> Result<Vec<OrderLine>, DraftFault> {
        if self.items.is_empty() {
            return Err(fault("sku", "an order has at least one item"));
        }
        let mut lines: Vec<OrderLine> = Vec::new();
        for (place, item) in self.items.iter().enumerate() {
            let line = item.line(place, currency).map_err(|fault| DraftFault {
                item: Some(place),
                ..fault
            })?;
            if lines.iter().any(|other| other.sku == line.sku) {
                return Err(DraftFault {
                    item: Some(place),
                    ..fault("sku", "stands in this order already: add the quantities up")
                });
            }
            lines.push(line);
        }
        Ok(lines)
    }
}

impl ItemDraft {
    fn line(&self, place: usize, currency: Currency) -> Result<OrderLine, DraftFault> {
        let sku = text("sku", &self.sku, 1, 100)?;
        let quantity = self
            .quantity
            .trim()
            .parse()
            .ok()
            .filter(|quantity| (1..=MOST_UNITS).contains(quantity))
            .ok_or_else(|| fault("quantity", format!("write a whole number from 1 to {MOST_UNITS}")))?;
        let title = text("title", &self.title, 0, 200)?;
        let price = self.unit_price.trim();
        let unit_price = match price {
            "" => None,
            price => Some(
                read_price(price, currency)
                    .ok_or_else(|| fault("unit_price", "write it like 12.99, or 12.99 USD"))?,
            ),
        };
        Ok(OrderLine {
            id: LineId((place + 1).to_string()),
            title: if title.is_empty() { sku.clone() } else { title },
            sku: Sku(sku),
            asin: String::new(),
            quantity,
            unit_price,
            transparency: false,
            serial_required: false,
            gift: false,
            cancel_requested: false,
        })
    }
}

fn read_price(price: &str, currency: Currency) -> Option<Money> {
    let (digits, currency) = match price.split_once(' ') {
        Some((digits, code)) => (digits, Currency::parse(code.trim())?),
        None => (price, currency),
    };
    Money::parse(digits, currency).filter(|price| price.minor >= 0)
}

/// Clean text of so many letters.
fn text(field: &'static str, value: &str, least: usize, most: usize) -> Result<String, DraftFault> {
    let clean = Clean::text(value);
    let letters = clean.chars().count();
    if letters < least {
        return Err(fault(field, "is empty"));
    }
    if letters > most {
        return Err(fault(field, format!("has {letters} letters, at most {most} fit")));
    }
    Ok(clean)
}

fn yes(field: &'static str, value: &str) -> Result<bool, DraftFault> {
    match value.trim().to_ascii_lowercase().as_str() {
        "" | "no" | "false" | "0" | "n" => Ok(false),
        "yes" | "true" | "1" | "y" => Ok(true),
        _ => Err(fault(field, "write yes or no")),
    }
}

/// A day ends at midnight in the store's zone; a moment is one.
fn moment(field: &'static str, value: &str, zone: Tz) -> Result<Option<DateTime<Utc>>, DraftFault> {
    let value = value.trim();
    if value.is_empty() {
        return Ok(None);
    }
    if let Ok(moment) = DateTime::parse_from_rfc3339(value) {
        return Ok(Some(moment.with_timezone(&Utc)));
    }
    let day: Option<NaiveDate> = value.parse().ok();
    day.and_then(|day| day.and_hms_opt(23, 59, 59))
        .and_then(|end| zone.from_local_datetime(&end).latest())
        .map(|end| Some(end.with_timezone(&Utc)))
        .ok_or_else(|| {
            fault(
                field,
                "write a day like 2026-11-24, or a moment like 2026-11-24T17:00:00Z",
            )
        })
}

/// The currency of a store's prices without one: that of the country that it ships from; the dollar where that is
/// not known.
pub fn currency_of(country: &str) -> Currency {
    let code = match country {
        "CA" => "CAD",
        "MX" => "MXN",
        "BR" => "BRL",
        "GB" => "GBP",
        "DE" | "FR" | "IT" | "ES" | "NL" | "BE" | "IE" | "AT" | "PT" | "FI" | "GR" | "LU" => "EUR",
        "SE" => "SEK",
        "PL" => "PLN",
        "TR" => "TRY",
        "EG" => "EGP",
        "SA" => "SAR",
        "AE" => "AED",
        "IN" => "INR",
        "ZA" => "ZAR",
        "JP" => "JPY",
        "AU" => "AUD",
        "SG" => "SGD",
        _ => "USD",
    };
    Currency::parse(code).unwrap_or(Currency::USD)
}

/// The order as it is to be stored where the same one is known already: what was said again unchanged keeps its
/// moments, so that nothing counts as news.
pub fn told_again(known: &ChannelOrder, mut said: ChannelOrder, same_customer: bool) -> ChannelOrder {
    let news = said.updated_at;
    said.created_at = known.created_at;
    said.updated_at = known.updated_at;
    if said != *known || !same_customer {
        said.updated_at = news.max(known.updated_at);
    }
    said
}

#[cfg(test)]
mod tests;
