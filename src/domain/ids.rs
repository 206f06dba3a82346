//! Names of things: a newtype for every id, so that none is passed for another.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(pub String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number_id!(
    /// Our own number of an order. The channel's number is not unique once an order is split.
    OrderId
);
number_id!(
    /// A box of an order: what gets one label.
    BoxId
);
number_id!(
    /// A pick list; also the number that people call it by.
    PickListId
);
number_id!(
    /// A run of bulk ship.
    BulkRunId
);
number_id!(
    /// A stored request for rates and its answer.
    QuoteId
);
number_id!(
    /// A person who signs in.
    UserId
);
number_id!(
    /// One sheet to be printed.
    PrintJobId
);
number_id!(
    /// A data key in the store: one for each order; its wrapped form stands beside the order.
    DataKeyId
);
number_id!(
    /// Rising number of a taking of the lead (PURCHASING.md 7). Also used for the owner's turn at a box.
    Epoch
);
number_id!(
    /// A manifest: what one driver takes along; also the number that people call it by.
    ManifestId
);
number_id!(
    /// A wish for Amazon's collection form of a carrier.
    CollectionFormId
);
number_id!(
    /// A sheet to be printed that is no label: a manifest, a collection form.
    PaperId
);
text_id!(
    /// One connected shop (seller, region, marketplace), by its name in the configuration.
    StoreId
);
text_id!(
    /// Amazon's order number, 3-7-7 digits (`orderId`).
    OrderNumber
);
text_id!(
    /// Amazon's id of an order line (`orderItemId`). Never a SKU (amazon.md 9, trap 9).
    LineId
);
text_id!(
    /// Stock keeping unit, the seller's name of a product.
    Sku
);
text_id!(
    /// Amazon's id of a bought shipment (`shipmentId`).
    ShipmentId
);
text_id!(
    /// The carrier's number on the label.
    TrackingNumber
);
text_id!(
    /// A bench: the station that a print job belongs to.
    StationId
);
uuid_id!(
    /// A stored wish to buy or to void; also the idempotency key that Amazon sees (`UUIDv7`).
    IntentId
);
uuid_id!(
    /// One scan: sending it to the store again is harmless (`UUIDv7`).
    ScanId
);
