//! What belongs to the customer: names, addresses, messages (amazon.md 7's list, with PO number, company,
//! e-mail, phone and postal code). Prints as `•••`; is sealed before it is stored.

use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

macro_rules! secret_debug {
    ($name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("•••")
            }
        }
    };
}

/// Whom a box goes to (`recipient.deliveryAddress`). Every text is clean, empty where not given.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Recipient {
    /// Name as Amazon gives it; may carry the PO number (amazon.md 8).
    pub name: String,
    /// Company, where given.
    pub company: String,
    /// Address lines 1 to 3.
    pub lines: Vec<String>,
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
}
secret_debug!(Recipient);

/// Who ordered (`buyer`).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Buyer {
    /// Buyer's name.
    pub name: String,
    /// Buyer's (relayed) e-mail.
    pub email: String,
    /// Buyer's company.
    pub company: String,
    /// Purchase order number of a business customer.
    pub po_number: String,
}
secret_debug!(Buyer);

/// All customer data of one order, sealed as one under the order's data key.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct CustomerData {
    /// Ship-to.
    pub recipient: Recipient,
    /// Buyer.
    pub buyer: Buyer,
    /// Gift messages by order line id.
    pub gift_messages: Vec<(String, String)>,
}
secret_debug!(CustomerData);
