//! What the program knows: windows onto the store, the open order, the scan line, the layers.

use super::effect::{RequestId, Slot, StatusFacts};
use super::keys::KeyMap;
use crate::domain::ids::StationId;
use crate::domain::rate::Confirmation;
use crate::domain::seller::{DocumentFormat, StoreProfile};
use crate::domain::units::Dimensions;
use crate::domain::user::User;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A box that the bench has on its shelf: its digit and Enter on the scan line set the size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxPreset {
    /// 1 to 9.
    pub digit: u8,
    /// Name; also the code on its barcode, without `TGB-`.
    pub name: String,
    /// Outer size.
    pub dimensions: Dimensions,
    /// A carrier's flat-rate box.
    pub flat_rate: bool,
}

/// What the program is told once, from the configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// This bench.
    pub station: StationId,
    /// Where the bench stands: clock and ship-by are shown in this zone.
    pub zone: Tz,
    /// Connected shops.
    pub stores: Vec<StoreProfile>,
    /// Pre-filled Delivery Confirmation (of the carrier account).
    pub confirmation: Confirmation,
    /// What this bench's printer can print, best first.
    pub formats: Vec<DocumentFormat>,
    /// Boxes on the shelf.
    pub presets: Vec<BoxPreset>,
    /// Keys.
    pub keys: KeyMap,
    /// The demo: says so in the header and how to sign in.
    pub demo: bool,
}

impl Setup {
    /// A bench with nothing special: ZPL first, no presets, the default keys.
    pub fn new(station: StationId, zone: Tz) -> Self {
        Self {
            station,
            zone,
            stores: Vec::new(),
            confirmation: Confirmation::DeliveryConfirmation,
            formats: vec![DocumentFormat::Zpl, DocumentFormat::Png, DocumentFormat::Pdf],
            presets: Vec::new(),
            keys: KeyMap::standard(),
            demo: false,
        }
    }
}

/// The program's state. One owner, no locks.
#[derive(Debug)]
pub struct State {
    /// Configuration.
    pub setup: Setup,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// As of the last message.
    pub now: DateTime<Utc>,
    /// Who is signed in.
    pub user: Option<User>,
    /// People who can sign in.
    pub users: Vec<User>,
    /// For the status line.
    pub status: StatusFacts,
    /// The store's version that the windows were asked for.
    pub version: i64,
    /// Fresh ids for scans and intents, made outside.
    pub(crate) ids: Vec<Uuid>,
    /// The last request's number.
    pub(crate) requests: u64,
    /// The latest read of each slot that is not answered yet.
    pub(crate) reads: BTreeMap<Slot, RequestId>,
}

impl State {
    /// A program that has not started: send it [`super::message::Message::Started`].
    pub fn new(setup: Setup, size: (u16, u16), now: DateTime<Utc>) -> Self {
        Self {
            setup,
            size,
            now,
            user: None,
            users: Vec::new(),
            status: StatusFacts::default(),
            version: 0,
            ids: Vec::new(),
            requests: 0,
            reads: BTreeMap::new(),
        }
    }
}
