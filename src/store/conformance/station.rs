//! A bench for the cases: a store with people, a catalogue and orders, and the few acts they are made of.

use crate::domain::address::{AddressKind, Destination};
use crate::domain::bucket::Haste;
use crate::domain::ids::{
    BoxId, IntentId, LineId, OrderId, OrderNumber, QuoteId, ScanId, ShipmentId, Sku, StationId, StoreId,
    TrackingNumber, UserId,
};
use crate::domain::money::{Currency, Money};
use crate::domain::order::{ChannelOrder, ChannelStatus, OrderLine, Programs, Window};
use crate::domain::packing::{PackEvent, PackingSession, ScanRecord, UnitRef};
use crate::domain::product::{Barcode, Product, ProductKind};
use crate::domain::rate::{
    Confirmation, DocumentOption, Payment, PurchaseChoice, QuoteAnswer, QuoteItem, QuoteRequest, Rate,
};
use crate::domain::refund::Paper;
use crate::domain::rows::{BoxRow, LabelRow};
use crate::domain::sealed::{Sealed, WrappedKey};
use crate::domain::seller::DocumentFormat;
use crate::domain::shipment::LabelState;
use crate::domain::transparency::UnitCode;
use crate::domain::units::{Dimensions, LengthUnit, Weight, WeightUnit};
use crate::domain::user::Role;
use crate::store::{
    Asking, BoxDetails, ImportedOrder, Lead, Refusal, SealedDocument, Settlement, Store, StoreError,
    StoreResult, VoidSettlement, VoidWish, WantLabel,
};
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use uuid::Uuid;

/// The store under test and the moment that it is at the bench.
pub(in crate::store) struct Bench {
    pub(in crate::store) store: Box<dyn Store>,
    pub(in crate::store) now: DateTime<Utc>,
    pub(in crate::store) packer: UserId,
    pub(in crate::store) other: UserId,
    pub(in crate::store) supervisor: UserId,
    next: u128,
}

pub(in crate::store) fn shop() -> StoreId {
    StoreId::from("us")
}

pub(in crate::store) fn station() -> StationId {
    StationId::from("bench-1")
}

pub(in crate::store) fn usd(cents: i64) -> Money {
    Money::new(cents, Currency::USD)
}

pub(in crate::store) fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 18, 15, 0, 0).unwrap()
}

/// Order number 3-7-7 from a small number.
pub(in crate::store) fn number(n: u32) -> OrderNumber {
    OrderNumber(format!("111-{n:07}-0000000"))
}

pub(in crate::store) fn line(id: &str, sku: &str, quantity: u32) -> OrderLine {
    OrderLine {
        id: LineId::from(id),
        sku: Sku::from(sku),
        asin: String::new(),
        title: format!("Title of {sku}"),
        quantity,
        unit_price: Some(usd(1999)),
        transparency: false,
        serial_required: false,
        gift: false,
        cancel_requested: false,
    }
}

pub(in crate::store) fn channel(n: u32, lines: Vec<OrderLine>) -> ChannelOrder {
    ChannelOrder {
        origin: crate::domain::order::Origin::Amazon,
        store: shop(),
        number: number(n),
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
        ship_by: Window {
            earliest: None,
            latest: Some(start() + TimeDelta::hours(i64::from(n % 50))),
        },
        deliver_by: Window {
            earliest: None,
            latest: Some(start() + TimeDelta::days(6)),
        },
        service_level: "Standard".to_owned(),
        print_not_before: None,
        confirmation_floor: None,
        lines,
        packages: Vec::new(),
        created_at: start() - TimeDelta::days(1),
        updated_at: start() - TimeDelta::hours(1),
        address_fingerprint: vec![1, 2, 3],
    }
}

pub(in crate::store) fn product(sku: &str, code: &str) -> Product {
    Product {
        sku: Sku::from(sku),
        title: format!("Product {sku}"),
        kind: ProductKind::Standard,
        barcodes: vec![Barcode {
            code: code.to_owned(),
            quantity: 1,
        }],
        components: Vec::new(),
        weight: None,
        dimensions: None,
        price: Some(usd(999)),
        transparency: false,
    }
}

fn zpl() -> DocumentOption {
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

pub(in crate::store) fn rate(id: &str, cents: i64) -> Rate {
    Rate {
        id: id.to_owned(),
        carrier_id: "UPS".to_owned(),
        carrier: "UPS".to_owned(),
        service_id: "UPS_PTP_GND".to_owned(),
        service: "UPS Ground".to_owned(),
        total: usd(cents),
        window: Some(Window {
            earliest: Some(start() + TimeDelta::days(2)),
            latest: Some(start() + TimeDelta::days(2)),
        }),
        benefits: Vec::new(),
        excluded: Vec::new(),
        items: Vec::new(),
        payment: Payment::ThroughAmazon,
        groups: Vec::new(),
        documents: vec![zpl()],
        needs_inputs: false,
        inputs: None,
    }
}

/// What is bought with [`rate`].
pub(in crate::store) fn choice(id: &str, cents: i64) -> PurchaseChoice {
    PurchaseChoice {
        rate_id: id.to_owned(),
        services: Vec::new(),
        document: zpl(),
        dpi: Some(203),
        price: usd(cents),
    }
}

pub(in crate::store) fn label_document() -> SealedDocument {
    SealedDocument {
        format: DocumentFormat::Zpl,
        kind: "LABEL".to_owned(),
        bytes: Sealed::from_bytes(b"sealed label".to_vec()),
    }
}

pub(in crate::store) fn bought(tracking: &str) -> Settlement {
    Settlement::Bought {
        shipment: Some(ShipmentId(format!("sid-{tracking}"))),
        tracking: Some(TrackingNumber(tracking.to_owned())),
        promise: None,
        documents: vec![label_document()],
        held: None,
        request_id: Some("request-1".to_owned()),
    }
}

/// The refusal that a call must end in.
pub(in crate::store) fn refusal<T: std::fmt::Debug>(result: StoreResult<T>) -> Refusal {
    match result {
        Err(StoreError::Refused(refusal)) => refusal,
        other => panic!("not a refusal: {other:?}"),
    }
}

impl Bench {
    /// People and two products: `MUG` (`0001`) and `PAN` (`0002`).
    pub(in crate::store) fn new(mut store: Box<dyn Store>) -> Self {
        let now = start();
        let packer = store.add_user("Ann", "A1", Role::Lead, now).unwrap().id;
        let other = store.add_user("Bob", "B1", Role::Packer, now).unwrap().id;
        let supervisor = store.add_user("Sue", "S1", Role::Supervisor, now).unwrap().id;
        store
            .put_products(&[product("MUG", "0001"), product("PAN", "0002")], now)
            .unwrap();
        Self {
            store,
            now,
            packer,
            other,
            supervisor,
            next: 0,
        }
    }

    pub(in crate::store) fn wait(&mut self, time: TimeDelta) {
        self.now += time;
    }

    pub(in crate::store) fn fresh(&mut self) -> Uuid {
        self.next += 1;
        Uuid::from_u128(self.next)
    }

    /// An order as an import brings it, with customer data and a data key of its own.
    pub(in crate::store) fn imported(&mut self, channel: ChannelOrder) -> ImportedOrder {
        let id = self.store.next_data_key().unwrap();
        ImportedOrder {
            channel,
            customer: Some(Sealed::from_bytes(b"sealed customer".to_vec())),
            key: Some(WrappedKey {
                id,
                bytes: b"wrapped".to_vec(),
            }),
            po_box: Some(false),
        }
    }

    pub(in crate::store) fn import(&mut self, channel: ChannelOrder) -> OrderId {
        let number = channel.number.clone();
        let imported = self.imported(channel);
        self.store
            .import_orders(&shop(), vec![imported], None, self.now)
            .unwrap();
        self.store.find_orders(&number).unwrap()[0]
    }

    /// Order `n` with one line of `quantity` mugs.
    pub(in crate::store) fn mugs(&mut self, n: u32, quantity: u32) -> OrderId {
        self.import(channel(n, vec![line("L1", "MUG", quantity)]))
    }

    pub(in crate::store) fn open(&mut self, order: OrderId) -> BoxRow {
        self.store
            .begin_packing(
                order,
                self.packer,
                false,
                Confirmation::DeliveryConfirmation,
                self.now,
            )
            .unwrap()
    }

    pub(in crate::store) fn scan(
        &mut self,
        order: OrderId,
        parcel: &BoxRow,
        sequence: u32,
        event: PackEvent,
    ) -> ScanRecord {
        ScanRecord {
            id: ScanId(self.fresh()),
            order,
            box_id: parcel.id,
            turn: parcel.turn,
            sequence,
            event,
            by: self.packer,
            at: self.now,
        }
    }

    /// Verifies units `from..to` of a line, one scan each.
    pub(in crate::store) fn verify(
        &mut self,
        order: OrderId,
        parcel: &BoxRow,
        sku: &str,
        units: std::ops::Range<u32>,
    ) {
        for unit in units {
            let sequence = self.next_sequence(order);
            let scan = self.scan(order, parcel, sequence, verified("L1", unit, sku));
            self.store.accept_scan(&scan).unwrap();
        }
    }

    pub(in crate::store) fn next_sequence(&self, order: OrderId) -> u32 {
        u32::try_from(self.store.order(order).unwrap().scans.len()).unwrap()
    }

    pub(in crate::store) fn weigh(&mut self, parcel: &BoxRow) -> BoxRow {
        let details = BoxDetails {
            weight: Some(Weight {
                thousandths: 12_500,
                unit: WeightUnit::Oz,
            }),
            dimensions: Some(Dimensions {
                length: 10_000,
                width: 8_000,
                height: 4_000,
                unit: LengthUnit::In,
            }),
            confirmation: None,
            flat_rate: None,
        };
        self.store
            .set_box(parcel.id, parcel.turn, &details, self.packer, self.now)
            .unwrap()
    }

    pub(in crate::store) fn request(&self, order: OrderId, parcel: &BoxRow) -> QuoteRequest {
        let detail = self.store.order(order).unwrap();
        let packed = PackingSession::of_box(&detail, parcel.id);
        QuoteRequest {
            order,
            box_id: parcel.id,
            box_number: parcel.number,
            items: packed
                .parcel_items()
                .into_iter()
                .map(|item| QuoteItem {
                    line: item.line,
                    quantity: item.quantity,
                    unit_weight: None,
                    unit_value: Some(usd(1999)),
                    serials: item.serials,
                })
                .collect(),
            weight: parcel.weight.unwrap(),
            dimensions: parcel.dimensions.unwrap(),
            confirmation: parcel.confirmation,
            ship_date: None,
        }
    }

    /// Asks for rates and answers with `rates`.
    pub(in crate::store) fn quote(&mut self, order: OrderId, parcel: &BoxRow, rates: Vec<Rate>) -> QuoteId {
        let request = self.request(order, parcel);
        let quote = self.store.want_quote(&request, self.now).unwrap();
        let answer = QuoteAnswer {
            request_token: "token".to_owned(),
            rates,
            ineligible: Vec::new(),
            unaccepted: Vec::new(),
            unavailable: Vec::new(),
            asked_at: self.now,
            ship_from: String::new(),
            via: crate::domain::seller::LabelVia::ShippingV2,
        };
        self.store.answer_quote(quote, Ok(answer), self.now).unwrap();
        quote
    }

    /// Order `n`, one mug, packed, weighed and with rates: ready to be bought.
    pub(in crate::store) fn ready(&mut self, n: u32) -> WantLabel {
        let order = self.mugs(n, 1);
        self.pack(order)
    }

    /// Packs an order of one mug (again) up to its rates.
    pub(in crate::store) fn pack(&mut self, order: OrderId) -> WantLabel {
        let parcel = self.open(order);
        self.verify(order, &parcel, "MUG", 0..1);
        let parcel = self.weigh(&parcel);
        let quote = self.quote(order, &parcel, vec![rate("r1", 820)]);
        self.want(order, &parcel, quote)
    }

    pub(in crate::store) fn want(&mut self, order: OrderId, parcel: &BoxRow, quote: QuoteId) -> WantLabel {
        WantLabel {
            id: IntentId(self.fresh()),
            order,
            box_id: parcel.id,
            turn: parcel.turn,
            quote,
            choice: choice("r1", 820),
            reason: None,
            inputs: None,
            by: self.packer,
            station: station(),
            haste: Haste::Bench,
        }
    }

    /// Why the box of `want` takes no second wish.
    pub(in crate::store) fn ready_again(&mut self, want: &WantLabel) -> Refusal {
        let again = WantLabel {
            id: IntentId(self.fresh()),
            ..want.clone()
        };
        refusal(self.store.want_label(&again, self.now))
    }

    /// A label that is wanted.
    pub(in crate::store) fn wanted(&mut self, n: u32) -> WantLabel {
        let want = self.ready(n);
        self.store.want_label(&want, self.now).unwrap();
        want
    }

    pub(in crate::store) fn lead(&mut self) -> Lead {
        self.store.take_lead(self.now).unwrap()
    }

    pub(in crate::store) fn ask(&mut self, lead: Lead, id: IntentId) -> StoreResult<u32> {
        let asking = Asking {
            id,
            request: Sealed::from_bytes(b"sealed request".to_vec()),
        };
        self.store.begin_asking(lead, &asking, self.now)
    }

    pub(in crate::store) fn settle(&mut self, id: IntentId, settlement: &Settlement) -> LabelRow {
        self.store.settle(id, settlement, self.now).unwrap()
    }

    /// A label that was bought with tracking number `1Z…n`.
    pub(in crate::store) fn bought(&mut self, n: u32) -> WantLabel {
        let want = self.wanted(n);
        let lead = self.lead();
        self.ask(lead, want.id).unwrap();
        self.settle(want.id, &bought(&tracking(n)));
        want
    }

    /// A label whose outcome nobody knows.
    pub(in crate::store) fn unknown(&mut self, n: u32) -> WantLabel {
        let want = self.wanted(n);
        let lead = self.lead();
        self.ask(lead, want.id).unwrap();
        let settlement = Settlement::Unknown {
            why: "time-out".to_owned(),
        };
        self.settle(want.id, &settlement);
        want
    }

    /// Voids a bought label.
    pub(in crate::store) fn void(&mut self, id: IntentId) {
        self.store
            .want_void(id, &wish(self.packer, "wrong box"), self.now)
            .unwrap();
        let lead = self.lead();
        self.store.begin_voiding(lead, id, self.now).unwrap();
        self.store
            .settle_void(id, &VoidSettlement::Accepted, self.now)
            .unwrap();
    }

    pub(in crate::store) fn state(&self, id: IntentId) -> LabelState {
        self.store.label(id).unwrap().state
    }

    /// The chain is whole, and every label stands where it says.
    pub(in crate::store) fn proven(&self) -> u64 {
        self.store.verify_chain().unwrap().unwrap()
    }
}

/// A wish to void whose old label is destroyed.
pub(in crate::store) fn wish(by: UserId, reason: &str) -> VoidWish {
    VoidWish {
        by,
        reason: reason.to_owned(),
        paper: Paper::destroyed(),
    }
}

pub(in crate::store) fn tracking(n: u32) -> String {
    format!("1Z{n:08}")
}

pub(in crate::store) fn unit(line: &str, unit: u32) -> UnitRef {
    UnitRef {
        line: LineId::from(line),
        unit,
        part: 0,
    }
}

pub(in crate::store) fn verified(line: &str, number: u32, sku: &str) -> PackEvent {
    PackEvent::Verified {
        units: vec![unit(line, number)],
        sku: Sku::from(sku),
    }
}

pub(in crate::store) fn coded(line: &str, number: u32, code: &str) -> PackEvent {
    PackEvent::Coded {
        unit: unit(line, number),
        code: UnitCode::Code(code.to_owned()),
    }
}

/// A box that is not there.
pub(in crate::store) fn no_box() -> BoxId {
    BoxId(999_999)
}
