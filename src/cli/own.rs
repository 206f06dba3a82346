//! What comes from elsewhere: orders that are not Amazon's, labels that were bought elsewhere.

use super::Output;
use clap::Args;
use std::path::PathBuf;

/// `orders import`.
#[derive(Debug, Clone, Args)]
pub struct OrdersImportArgs {
    /// CSV file; a row is one item, rows with one number are one order
    #[arg(
        help = "CSV file with the columns number,name,company,line1,line2,line3,city,state,postal_code,country,phone,email,po_number,ship_by,deliver_by,service_level,sku,title,quantity,unit_price,business,commercial; a row is one item"
    )]
    pub file: PathBuf,
    /// Store that they are of: one with kind = "elsewhere"
    #[arg(long, value_name = "ID")]
    pub store: String,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `orders add`. Prints without the customer's data.
#[derive(Clone, Args)]
pub struct OrdersAddArgs {
    /// The shop's own number of the order
    pub number: String,
    /// Store that it is of: one with kind = "elsewhere"
    #[arg(long, value_name = "ID")]
    pub store: String,
    /// Whom it goes to
    #[arg(long)]
    pub name: String,
    /// Company
    #[arg(long)]
    pub company: Option<String>,
    /// First line of the address
    #[arg(long)]
    pub line1: String,
    /// Second line of the address
    #[arg(long)]
    pub line2: Option<String>,
    /// Third line of the address
    #[arg(long)]
    pub line3: Option<String>,
    /// City
    #[arg(long)]
    pub city: String,
    /// State or region
    #[arg(long)]
    pub state: Option<String>,
    /// Postal code
    #[arg(long)]
    pub postal_code: String,
    /// ISO code of two letters, e.g. US
    #[arg(long)]
    pub country: String,
    /// Phone
    #[arg(long)]
    pub phone: Option<String>,
    /// E-mail
    #[arg(long)]
    pub email: Option<String>,
    /// Purchase order number of a business customer
    #[arg(long)]
    pub po_number: Option<String>,
    /// Latest shipping: 2026-11-24, or 2026-11-24T17:00:00Z
    #[arg(long, value_name = "TIME")]
    pub ship_by: Option<String>,
    /// Latest delivery: 2026-11-28, or 2026-11-28T17:00:00Z
    #[arg(long, value_name = "TIME")]
    pub deliver_by: Option<String>,
    /// Service level in the shop's words
    #[arg(long)]
    pub service_level: Option<String>,
    /// An item: SKU,QUANTITY,UNIT PRICE,TITLE; once for each
    #[arg(long = "item", value_name = "ITEM", required = true)]
    pub items: Vec<String>,
    /// A business customer
    #[arg(long)]
    pub business: bool,
    /// A commercial address
    #[arg(long)]
    pub commercial: bool,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

impl std::fmt::Debug for OrdersAddArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrdersAddArgs")
            .field("number", &self.number)
            .field("store", &self.store)
            .field("items", &self.items)
            .finish_non_exhaustive()
    }
}

/// `outside`.
#[derive(Debug, Clone, Args)]
pub struct OutsideArgs {
    /// Amazon's order number, or our own with a # before it
    pub order: String,
    /// USPS, UPS, FedEx, DHL, OnTrac, or another one by its name
    #[arg(long, value_name = "NAME", required_unless_present = "tell_again")]
    pub carrier: Option<String>,
    /// Method in the carrier's words, e.g. Ground
    #[arg(long, required_unless_present = "tell_again")]
    pub method: Option<String>,
    /// Tracking number; its check digit is verified for USPS, UPS and FedEx
    #[arg(long, value_name = "NUMBER", required_unless_present = "tell_again")]
    pub tracking: Option<String>,
    /// The number again, for a carrier whose numbers have no check digit
    #[arg(long, value_name = "NUMBER")]
    pub again: Option<String>,
    /// What the label cost, e.g. 12.34 or "12.34 EUR"
    #[arg(long, value_name = "AMOUNT", required_unless_present = "tell_again")]
    pub cost: Option<String>,
    /// Why, for the history; Prime orders need it
    #[arg(long)]
    pub reason: Option<String>,
    /// Record nothing: tell Amazon again of a label that it refused to be told of
    #[arg(long, conflicts_with_all = ["carrier", "method", "tracking", "again", "cost"])]
    pub tell_again: bool,
    /// Wait at most so many seconds until Amazon is told
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub wait: u64,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}
