//! What the story is made of: people, orders of one mug, boxes, rates, documents.

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use tapegun::domain::address::{AddressKind, Destination};
use tapegun::domain::bucket::Haste;
use tapegun::domain::ids::{
    IntentId, LineId, OrderId, OrderNumber, ShipmentId, Sku, StationId, StoreId, TrackingNumber, UserId,
};
use tapegun::domain::intent::{BoughtAnswer, Document};
use tapegun::domain::money::{Currency, Money};
use tapegun::domain::order::{ChannelOrder, ChannelStatus, OrderLine, Programs, Window};
use tapegun::domain::packing::{PackEvent, PackingSession, UnitRef};
use tapegun::domain::product::{Barcode, Product, ProductKind};
use tapegun::domain::rate::{
    DocumentOption, Payment, PurchaseChoice, Quote, QuoteAnswer, QuoteItem, QuoteRequest, Rate,
};
use tapegun::domain::refund::Paper;
use tapegun::domain::rows::{BoxRow, OrderDetail};
use tapegun::domain::sealed::{DocumentBytes, Sealed, WrappedKey};
use tapegun::domain::seller::{DocumentFormat, LabelVia};
use tapegun::domain::units::{Dimensions, LengthUnit, Weight, WeightUnit};
use tapegun::domain::user::Role;
use tapegun::store::sqlite::SqliteStore;
use tapegun::store::{ImportedOrder, SealedDocument, Settlement, Store as _, VoidWish, WantLabel};

pub(crate) const CARRIER: &str = "UPS";
pub(crate) const SERVICE: &str = "UPS Ground";

/// A wish to void whose old label is destroyed.
pub(crate) fn void(by: UserId) -> VoidWish {
    VoidWish {
        by,
        reason: String::new(),
        paper: Paper::destroyed(),
    }
}

pub(crate) fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 18, 15, 0, 0).unwrap()
}

pub(crate) fn station() -> StationId {
    StationId::from("bench-1")
}

/// Two packers and a supervisor; the catalogue has one product.
pub(crate) fn people(store: &mut SqliteStore, now: DateTime<Utc>) -> [UserId; 3] {
    let mug = Product {
        sku: Sku::from("MUG"),
        title: "Mug".to_owned(),
        kind: ProductKind::Standard,
        barcodes: vec![Barcode {
            code: "0001".to_owned(),
            quantity: 1,
        }],
        components: Vec::new(),
        weight: None,
        dimensions: None,
        price: None,
        transparency: false,
    };
    store.put_products(&[mug], now).expect("a catalogue");
    [
        ("Ann", "A1", Role::Packer),
        ("Bob", "B1", Role::Packer),
        ("Sue", "S1", Role::Supervisor),
    ]
    .map(|(name, badge, role)| store.add_user(name, badge, role, now).expect("a person").id)
}

pub(crate) fn line() -> OrderLine {
    OrderLine {
        id: LineId::from("L1"),
        sku: Sku::from("MUG"),
        asin: String::new(),
        title: "Mug".to_owned(),
        quantity: 1,
        unit_price: None,
        transparency: false,
        serial_required: false,
        gift: false,
        cancel_requested: false,
    }
}

/// Order `n`: one mug, to New York.
pub(crate) fn order(store: &mut SqliteStore, n: usize, now: DateTime<Utc>) -> OrderId {
    let number = OrderNumber(format!("111-{n:07}-0000000"));
    let channel = ChannelOrder {
        origin: tapegun::domain::order::Origin::Amazon,
        store: StoreId::from("us"),
        number: number.clone(),
        status: ChannelStatus::Unshipped,
        programs: Programs::default(),
        destination: Some(Destination {
            country: "US".to_owned(),
            state: "NY".to_owned(),
            kind: AddressKind::Residential,
            zones: vec![chrono_tz::America::New_York],
            closed_weekdays: Vec::new(),
            closed_dates: Vec::new(),
            open_dates: Vec::new(),
        }),
        ship_by: Window::default(),
        deliver_by: Window {
            earliest: None,
            latest: Some(start() + TimeDelta::days(6)),
        },
        service_level: "Standard".to_owned(),
        print_not_before: None,
        confirmation_floor: None,
        lines: vec![line()],
        packages: Vec::new(),
        created_at: now,
        updated_at: now,
        address_fingerprint: vec![1],
    };
    let key = WrappedKey {
        id: store.next_data_key().expect("a key"),
        bytes: b"wrapped".to_vec(),
    };
    let imported = ImportedOrder {
        channel,
        customer: Some(Sealed::from_bytes(b"sealed".to_vec())),
        key: Some(key),
        po_box: None,
    };
    let shop = StoreId::from("us");
    store
        .import_orders(&shop, vec![imported], None, now)
        .expect("an import");
    store.find_orders(&number).expect("orders")[0]
}

pub(crate) fn verified() -> PackEvent {
    PackEvent::Verified {
        units: vec![UnitRef {
            line: line().id,
            unit: 0,
            part: 0,
        }],
        sku: line().sku,
    }
}

pub(crate) fn ounces(ounces: i64) -> Weight {
    Weight {
        thousandths: ounces * 1000,
        unit: WeightUnit::Oz,
    }
}

pub(crate) fn size() -> Dimensions {
    Dimensions {
        length: 10_000,
        width: 8_000,
        height: 4_000,
        unit: LengthUnit::In,
    }
}

/// The request for rates of the order's box as it is; none while it has no weight.
pub(crate) fn request(detail: &OrderDetail) -> Option<QuoteRequest> {
    let parcel = detail.boxes.first()?;
    let session = PackingSession::replay(&detail.order.channel.lines, &detail.products, &detail.scans);
    Some(QuoteRequest {
        order: detail.order.id,
        box_id: parcel.id,
        box_number: parcel.number,
        items: session
            .items()
            .into_iter()
            .map(|item| QuoteItem {
                line: item.line,
                quantity: item.quantity,
                unit_weight: None,
                unit_value: None,
                serials: item.serials,
            })
            .collect(),
        weight: parcel.weight?,
        dimensions: parcel.dimensions?,
        confirmation: parcel.confirmation,
        ship_date: None,
    })
}

fn option() -> DocumentOption {
    DocumentOption {
        format: DocumentFormat::Zpl,
        width: 4000,
        length: 6000,
        unit: "INCH".to_owned(),
        dpis: vec![203],
        layouts: Vec::new(),
        joining: vec![false],
        documents: vec![("LABEL".to_owned(), true)],
    }
}

fn price() -> Money {
    Money::new(820, Currency::USD)
}

pub(crate) fn answer(now: DateTime<Utc>) -> QuoteAnswer {
    let days = |days| Some(start() + TimeDelta::days(days));
    let rate = Rate {
        id: "r1".to_owned(),
        carrier_id: CARRIER.to_owned(),
        carrier: CARRIER.to_owned(),
        service_id: "UPS_PTP_GND".to_owned(),
        service: SERVICE.to_owned(),
        total: price(),
        window: Some(Window {
            earliest: days(2),
            latest: days(2),
        }),
        benefits: Vec::new(),
        excluded: Vec::new(),
        items: Vec::new(),
        payment: Payment::ThroughAmazon,
        groups: Vec::new(),
        documents: vec![option()],
        needs_inputs: false,
        inputs: None,
    };
    QuoteAnswer {
        request_token: "token".to_owned(),
        rates: vec![rate],
        ineligible: Vec::new(),
        unaccepted: Vec::new(),
        unavailable: Vec::new(),
        asked_at: now,
        ship_from: String::new(),
        via: LabelVia::ShippingV2,
    }
}

pub(crate) fn want(id: IntentId, parcel: &BoxRow, quote: &Quote, by: UserId) -> WantLabel {
    WantLabel {
        id,
        order: quote.request.order,
        box_id: parcel.id,
        turn: parcel.turn,
        quote: quote.id,
        choice: PurchaseChoice {
            rate_id: "r1".to_owned(),
            services: Vec::new(),
            document: option(),
            dpi: Some(203),
            price: price(),
        },
        reason: None,
        inputs: None,
        by,
        station: station(),
        haste: Haste::Bench,
    }
}

pub(crate) fn tracking(sale: usize) -> TrackingNumber {
    TrackingNumber(format!("1Z{sale:08}"))
}

/// The sale that a shipment id names.
pub(crate) fn sale_of(shipment: &ShipmentId) -> usize {
    let number = shipment
        .as_str()
        .strip_prefix("sid-")
        .expect("the carrier's own id");
    number.parse().expect("a number")
}

pub(crate) fn document() -> Document {
    Document {
        format: DocumentFormat::Zpl,
        kind: "LABEL".to_owned(),
        bytes: DocumentBytes(b"^XA^XZ".to_vec()),
    }
}

/// What is written down of a success.
pub(crate) fn bought(answer: &BoughtAnswer) -> Settlement {
    let documents = answer.documents.iter().map(|document| SealedDocument {
        format: document.format,
        kind: document.kind.clone(),
        bytes: Sealed::from_bytes(b"sealed".to_vec()),
    });
    Settlement::Bought {
        shipment: Some(answer.shipment.clone()),
        tracking: answer.tracking.clone(),
        promise: answer.promise,
        documents: documents.collect(),
        held: None,
        request_id: answer.request_id.clone(),
    }
}
