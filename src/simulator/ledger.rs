//! What was sold: kept durably before it is answered.

use super::order::{Address, OrderChange, Packed};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Seek as _, Write as _};
use std::path::Path;

/// A shipment as sold.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Shipment {
    pub(super) id: String,
    pub(super) order: String,
    pub(super) seller: usize,
    /// The idempotency key it was bought under.
    pub(super) key: Option<String>,
    /// Fingerprint of the request that bought it.
    pub(super) body: String,
    /// `packageClientReferenceId` of the quote.
    pub(super) reference: String,
    pub(super) carrier: (String, String),
    pub(super) service: (String, String),
    pub(super) tracking: String,
    pub(super) cents: u32,
    pub(super) bought: DateTime<Utc>,
    pub(super) canceled: Option<DateTime<Utc>>,
    /// Promise and benefits as quoted.
    pub(super) promise: serde_json::Value,
    pub(super) benefits: serde_json::Value,
    pub(super) documents: Documents,
    /// Order item id, units, serial numbers.
    pub(super) items: Vec<Packed>,
    /// What Merchant Fulfillment keeps of it; `None`: sold by Shipping v2.
    #[serde(default)]
    pub(super) merchant: Option<Box<MerchantSale>>,
    /// When the carrier first scanned the parcel.
    #[serde(default)]
    pub(super) scanned: Option<DateTime<Utc>>,
    /// What becomes of the money after a cancellation, where the interface ever says.
    #[serde(default)]
    pub(super) refund: Option<Refund>,
    /// The recipient, where the order is not Amazon's.
    #[serde(default)]
    pub(super) ship_to: Option<Box<Address>>,
    /// The carrier sends the bill, not Amazon.
    #[serde(default)]
    pub(super) direct: bool,
}

/// A shipment of Merchant Fulfillment as it is shown again, in Amazon's fields.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct MerchantSale {
    /// Items, ship-from, dimensions and weight as they were sent.
    pub(super) details: serde_json::Value,
    /// `ShippingService` as sold.
    pub(super) service: serde_json::Value,
    /// `Insurance`.
    pub(super) insurance: serde_json::Value,
    /// `CustomTextForLabel`, as asked for.
    pub(super) text: Option<String>,
}

/// When the refund of a canceled label is decided, and how.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Refund {
    pub(super) decided: DateTime<Utc>,
    pub(super) rejected: bool,
}

/// A confirmation of a parcel whose label was bought elsewhere.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Confirmation {
    pub(super) order: String,
    pub(super) seller: usize,
    pub(super) at: DateTime<Utc>,
    /// `packageReferenceId`.
    pub(super) reference: String,
    pub(super) carrier: String,
    pub(super) carrier_name: String,
    pub(super) method: String,
    pub(super) tracking: String,
    pub(super) shipped: DateTime<Utc>,
    pub(super) items: Vec<Packed>,
}

/// A collection form as made.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct CollectionForm {
    pub(super) id: String,
    pub(super) seller: usize,
    pub(super) carrier: (String, String),
    /// The idempotency key it was asked for under.
    pub(super) key: Option<String>,
    pub(super) at: DateTime<Utc>,
    /// What is on it.
    pub(super) shipments: Vec<String>,
}

/// What was asked for on paper.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Documents {
    pub(super) format: String,
    pub(super) dpi: Option<u64>,
    /// In tenths of an inch: width, length.
    pub(super) size: (u32, u32),
    pub(super) kinds: Vec<String>,
    /// The carrier's system gave out an empty label.
    pub(super) blank: bool,
    /// What is printed beside the carrier's own marks, by Shipping v2's names.
    #[serde(default)]
    pub(super) printed: Vec<String>,
}

/// One line of the ledger's file.
#[derive(Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "kebab-case")]
pub(super) enum Entry {
    /// The first: when, and with what seed.
    Opened { at: DateTime<Utc>, seed: u64 },
    /// A label was sold.
    Bought { shipment: Box<Shipment> },
    /// A label was canceled.
    Canceled {
        shipment: String,
        at: DateTime<Utc>,
        #[serde(default)]
        refund: Option<Refund>,
    },
    /// A parcel with a label from elsewhere was confirmed.
    Confirmed { confirmation: Box<Confirmation> },
    /// A collection form was made.
    FormMade { form: CollectionForm },
    /// The carrier scanned a parcel for the first time.
    Scanned { shipment: String, at: DateTime<Utc> },
    /// An order was changed from outside.
    Changed {
        order: String,
        at: DateTime<Utc>,
        what: Box<OrderChange>,
    },
}

/// The ledger's file and the length of its whole lines; without one, nothing is kept.
pub(super) struct Journal(Option<(File, u64)>);

impl Journal {
    /// Opens the file and reads what it holds. A torn last line, never answered for, is cut off.
    pub(super) fn open(path: Option<&Path>) -> io::Result<(Self, Vec<Entry>)> {
        let Some(path) = path else {
            return Ok((Self(None), Vec::new()));
        };
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)?;
        let mut entries = Vec::new();
        let mut whole = 0;
        let mut reader = BufReader::new(&file);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            if line.last() != Some(&b'\n') {
                break;
            }
            entries.push(serde_json::from_slice(&line).map_err(|error| {
                io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!(
                        "{}: line {} is no ledger entry: {error}",
                        path.display(),
                        entries.len() + 1
                    ),
                )
            })?);
            whole += line.len() as u64;
            line.clear();
        }
        file.set_len(whole)?;
        file.seek(io::SeekFrom::End(0))?;
        Ok((Self(Some((file, whole))), entries))
    }

    /// Appends an entry and waits until it is on the disk.
    pub(super) fn keep(&mut self, entry: &Entry) -> io::Result<()> {
        let Some((file, whole)) = &mut self.0 else {
            return Ok(());
        };
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        if let Err(error) = file.write_all(&line).and_then(|()| file.sync_data()) {
            // What is refused must not be found again, nor tear the next line.
            file.set_len(*whole)?;
            return Err(error);
        }
        *whole += line.len() as u64;
        Ok(())
    }
}
