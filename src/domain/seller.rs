//! Stores (seller, region, marketplace), ship-from, carrier accounts, printers' languages.

use super::ids::StoreId;
use super::order::Origin;
use super::rate::Confirmation;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Amazon's three regions (amazon.md 1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Region {
    /// North America.
    Na,
    /// Europe, Middle East, India, South Africa.
    Eu,
    /// Far East.
    Fe,
}

/// Where boxes leave from. Amazon's limits: name 1–50, lines 1–60, phone 1–20, e-mail ≤ 64 (amazon.md 3.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShipFrom {
    /// Name or company printed as sender.
    pub name: String,
    /// First line.
    pub line1: String,
    /// Second line, may be empty.
    #[serde(default)]
    pub line2: String,
    /// City.
    pub city: String,
    /// State or region code.
    pub state: String,
    /// Postal code.
    pub postal_code: String,
    /// ISO 3166 alpha-2; `GB`, never `UK`.
    pub country: String,
    /// Phone.
    pub phone: String,
    /// E-mail, may be empty.
    #[serde(default)]
    pub email: String,
    /// IANA zone of the warehouse, e.g. `America/New_York`: ship-by and the clock on the screen.
    pub zone: String,
}

impl ShipFrom {
    /// Tells one ship-from from another: SHA-256 of all its fields, as hexadecimal digits.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        let fields = [
            &self.name,
            &self.line1,
            &self.line2,
            &self.city,
            &self.state,
            &self.postal_code,
            &self.country,
            &self.phone,
            &self.email,
        ];
        for field in fields {
            hash.update(field.len().to_le_bytes());
            hash.update(field);
        }
        hash.finalize()
            .iter()
            .fold(String::new(), |digits, byte| digits + &format!("{byte:02x}"))
    }
}

/// One connected shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreProfile {
    /// Name in the configuration; never changes.
    pub id: StoreId,
    /// Name on the screen.
    pub name: String,
    /// Where its orders are placed.
    #[serde(default)]
    pub kind: Origin,
    /// Region; decides the host.
    pub region: Region,
    /// Amazon's marketplace id, e.g. `ATVPDKIKX0DER`; of a store elsewhere the one whose seller account buys its
    /// labels (Amazon Shipping), empty where it has none.
    pub marketplace: String,
    /// Ship-from of its labels.
    pub ship_from: ShipFrom,
    /// Base address of the Selling Partner API, where it is not the region's own. Plain http only for loopback.
    pub amazon_base: Option<String>,
    /// Base address of Login with Amazon, likewise.
    pub login_base: Option<String>,
    /// The account that buys its labels.
    #[serde(default)]
    pub account: CarrierAccount,
}

impl StoreProfile {
    /// A seller account of Amazon's stands behind it: labels can be bought.
    pub fn has_account(&self) -> bool {
        !self.marketplace.is_empty()
    }
}

/// Which way a label comes to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LabelVia {
    /// Bought from Amazon through Shipping v2 (amazon.md 3).
    #[default]
    ShippingV2,
    /// Bought from Amazon through Merchant Fulfillment v0, which knows no idempotency key (amazon.md 2).
    MerchantFulfillmentV0,
    /// Bought elsewhere and recorded here by a person; Amazon is told by `confirmShipment`.
    Outside,
}

impl LabelVia {
    /// All ways.
    pub const ALL: [Self; 3] = [Self::ShippingV2, Self::MerchantFulfillmentV0, Self::Outside];

    /// The word used in the configuration, on the command line and in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::ShippingV2 => "shipping-v2",
            Self::MerchantFulfillmentV0 => "merchant-fulfillment-v0",
            Self::Outside => "outside",
        }
    }

    /// The way in words, as people know it.
    pub fn words(self) -> &'static str {
        match self {
            Self::ShippingV2 => "Shipping v2",
            Self::MerchantFulfillmentV0 => "Merchant Fulfillment v0",
            Self::Outside => "bought elsewhere",
        }
    }

    /// The way by its word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|via| via.key() == text)
    }
}

/// An Amazon Buy Shipping account: one may serve all stores (mission, amazon-buy-shipping).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarrierAccount {
    /// Unique name; cannot be changed once used.
    pub name: String,
    /// Which of Amazon's label APIs it buys through.
    pub via: LabelVia,
    /// Pre-filled Delivery Confirmation of every box.
    pub default_confirmation: Confirmation,
    /// Document formats in order of preference, e.g. `ZPL`, `PNG`, `PDF`.
    pub formats: Vec<DocumentFormat>,
    /// Rates are shopped for ahead, for every open order when it comes and again after midnight.
    #[serde(default)]
    pub rate_shopping: bool,
}

impl Default for CarrierAccount {
    fn default() -> Self {
        Self {
            name: "Amazon Buy Shipping".to_owned(),
            via: LabelVia::default(),
            default_confirmation: Confirmation::DeliveryConfirmation,
            formats: vec![DocumentFormat::Zpl, DocumentFormat::Png, DocumentFormat::Pdf],
            rate_shopping: false,
        }
    }
}

/// The language of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum DocumentFormat {
    /// Zebra printer language.
    Zpl,
    /// Picture.
    Png,
    /// Page.
    Pdf,
}

#[cfg(test)]
mod tests;
