//! A desk for tests: a state and a store of plain values that answers what the state asks for.

use super::bench::CustomerView;
use super::effect::{Answer, Commit, Effect, MoneyFacts, Query, Searched, Slot, StatusFacts};
use super::message::{Done, Failure, FailureKind, Key, KeyPress, Message};
use super::state::BoxPreset;
use super::{Setup, State, update};
use crate::domain::address::{AddressKind, Destination};
use crate::domain::badge::badges;
use crate::domain::bulk::{BulkMethod, BulkMode, BulkRow, BulkRun, RowState, RunCounts, RunState};
use crate::domain::confirmation::{ConfirmationRow, ConfirmationState, Shipped};
use crate::domain::customer::{Buyer, CustomerData, Recipient};
use crate::domain::ids::{
    BoxId, BulkRunId, Epoch, IntentId, LineId, OrderId, OrderNumber, PickListId, PrintJobId, QuoteId, Sku,
    StationId, StoreId, TrackingNumber, UserId,
};
use crate::domain::money::{Currency, Money};
use crate::domain::order::{AssignedMethod, ChannelOrder, ChannelStatus, Order, OrderLine, Programs, Window};
use crate::domain::outside::Carrier;
use crate::domain::pick_walk::{PickStep, PickWalk};
use crate::domain::picking::{PickFilter, PickOffer, PickTemplate, Units};
use crate::domain::product::{Barcode, Product, ProductKind};
use crate::domain::rate::{
    AddedService, AddedServiceGroup, Confirmation, DocumentOption, ExcludedBenefit, Ineligible, Payment,
    Quote, QuoteAnswer, QuoteState, Rate, fingerprint,
};
use crate::domain::refund::{Aftermath, OldLabel, Refunds};
use crate::domain::rows::{
    BoxRow, CodeMeaning, HistoryRow, LabelRow, OrderDetail, OrderRow, Page, PickListRow,
};
use crate::domain::seller::DocumentFormat;
use crate::domain::shipment::LabelState;
use crate::domain::status::OrderStatus;
use crate::domain::units::{Dimensions, Weight};
use crate::domain::user::{Role, User};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

mod desk;
mod door;
mod methods;
pub(crate) mod numbers;
mod runs;
mod sheets;
mod stores;

pub(crate) use desk::Desk;
pub(crate) use methods::{known_methods, policies, rehearsal};
pub(crate) use runs::{bulk_rows, bulk_run, pick_offer, pick_walk};
pub(crate) use sheets::drawn_sheets;
pub(crate) use stores::own_store;

/// The mug's UPC.
pub(crate) const MUG: &str = "036000291452";
/// The watch's EAN.
pub(crate) const WATCH: &str = "4006381333931";
/// The open order's number.
pub(crate) const NUMBER: &str = "111-0000001-0000001";

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time in RFC 3339")
}

pub(crate) fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

/// A transparency code of form A.
pub(crate) fn az(last: char) -> String {
    format!("AZ:{}{last}", "K7Q2M9X4B6N8P3R5T1V0W2Y4A")
}

fn product(sku: &str, title: &str, code: &str) -> Product {
    Product {
        sku: sku.into(),
        title: title.to_owned(),
        kind: ProductKind::Standard,
        barcodes: vec![Barcode {
            code: code.to_owned(),
            quantity: 1,
        }],
        components: Vec::new(),
        weight: Weight::parse("6 oz").ok(),
        dimensions: None,
        price: Some(usd(1299)),
        transparency: false,
    }
}

fn line(id: &str, sku: &str, title: &str, quantity: u32, transparency: bool) -> OrderLine {
    OrderLine {
        id: id.into(),
        sku: sku.into(),
        asin: String::new(),
        title: title.to_owned(),
        quantity,
        unit_price: Some(usd(1299)),
        transparency,
        serial_required: false,
        gift: false,
        cancel_requested: false,
    }
}

/// A business order to a commercial address in Denver: two mugs, and one watch with a transparency code.
pub(crate) fn order_detail() -> OrderDetail {
    let channel = ChannelOrder {
        origin: crate::domain::order::Origin::Amazon,
        store: StoreId::from("us"),
        number: NUMBER.into(),
        status: ChannelStatus::Unshipped,
        programs: Programs {
            prime: true,
            business: true,
            ..Programs::default()
        },
        destination: Some(Destination {
            country: "US".to_owned(),
            state: "CO".to_owned(),
            kind: AddressKind::Commercial,
            zones: vec![Tz::America__Denver],
            closed_weekdays: Vec::new(),
            closed_dates: Vec::new(),
            open_dates: Vec::new(),
        }),
        ship_by: Window {
            earliest: None,
            latest: Some(at("2026-11-24T04:59:00Z")),
        },
        deliver_by: Window {
            earliest: None,
            latest: Some(at("2026-11-29T06:59:00Z")),
        },
        service_level: "SecondDay".to_owned(),
        print_not_before: None,
        confirmation_floor: None,
        lines: vec![
            line("L1", "MUG-RED", "Stoneware mug 12 oz red", 2, false),
            line("L2", "WATCH-9", "Field watch 38 mm", 1, true),
        ],
        packages: Vec::new(),
        created_at: at("2026-11-22T10:00:00Z"),
        updated_at: at("2026-11-22T10:00:00Z"),
        address_fingerprint: Vec::new(),
    };
    let products = vec![
        product("MUG-RED", "Stoneware mug 12 oz red", MUG),
        product("WATCH-9", "Field watch 38 mm", WATCH),
    ];
    OrderDetail {
        badges: badges(&channel, &products),
        order: Order {
            id: OrderId(1),
            channel,
            status: OrderStatus::InPicking,
            pick_list: Some(PickListId(12)),
            assigned: AssignedMethod::Unknown,
            flags: Vec::new(),
            seen_at: at("2026-11-23T13:55:00Z"),
            erased: false,
            part: None,
            said: None,
        },
        method: crate::domain::method::MethodFacts::default(),
        products,
        boxes: Vec::new(),
        scans: Vec::new(),
        quotes: Vec::new(),
        confirmations: Vec::new(),
        labels: Vec::new(),
        history: vec![HistoryRow {
            at: at("2026-11-23T13:00:00Z"),
            by: Some("Bea".to_owned()),
            what: "picked".to_owned(),
        }],
        other_labels: Vec::new(),
    }
}

/// An offer. `latest` is the end of its window; empty: no promise.
pub(crate) fn rate(id: &str, carrier: &str, service: &str, minor: i64, latest: &str) -> Rate {
    let latest = (!latest.is_empty()).then(|| at(latest));
    Rate {
        id: id.to_owned(),
        carrier_id: carrier.to_uppercase(),
        carrier: carrier.to_owned(),
        service_id: format!("{}_{id}", carrier.to_uppercase()),
        service: service.to_owned(),
        total: usd(minor),
        window: latest.map(|latest| Window {
            earliest: Some(latest - TimeDelta::hours(12)),
            latest: Some(latest),
        }),
        benefits: vec!["CLAIMS_PROTECTED".to_owned()],
        excluded: Vec::new(),
        items: Vec::new(),
        payment: Payment::ThroughAmazon,
        groups: vec![AddedServiceGroup {
            id: "VAS_GROUP_ID_CONFIRMATION".to_owned(),
            required: true,
            services: [
                "NO_CONFIRMATION",
                "DELIVERY_CONFIRMATION",
                "SIGNATURE_CONFIRMATION",
            ]
            .into_iter()
            .map(|id| AddedService {
                id: id.to_owned(),
                name: String::new(),
                cost: Some(usd(0)),
            })
            .collect(),
        }],
        documents: vec![DocumentOption {
            format: DocumentFormat::Zpl,
            width: 4_000,
            length: 6_000,
            unit: "INCH".to_owned(),
            dpis: vec![203],
            layouts: vec!["DEFAULT".to_owned()],
            joining: vec![true],
            documents: vec![("LABEL".to_owned(), true)],
        }],
        needs_inputs: false,
        inputs: None,
    }
}

/// Five offers: two that pass, one on a Saturday, one barred, one late without protection.
pub(crate) fn rates() -> Vec<Rate> {
    let mut late = rate("LATE", "USPS", "USPS Parcel Select", 499, "2026-12-01T03:00:00Z");
    late.excluded = vec![ExcludedBenefit {
        benefit: "CLAIMS_PROTECTED".to_owned(),
        reasons: vec!["LATE_DELIVERY_RISK".to_owned()],
    }];
    late.benefits.clear();
    vec![
        rate("GND", "UPS", "UPS Ground", 812, "2026-11-28T03:00:00Z"),
        rate("2DAY", "FedEx", "FedEx 2Day®", 1940, "2026-11-26T03:00:00Z"),
        rate("SAT", "USPS", "USPS Priority Mail", 640, "2026-11-29T03:00:00Z"),
        rate(
            "HOME_DELIVERY",
            "FedEx",
            "FedEx Home Delivery®",
            598,
            "2026-11-28T03:00:00Z",
        ),
        late,
    ]
}

pub(crate) fn label(state: LabelState) -> LabelRow {
    LabelRow {
        id: IntentId(Uuid::from_u128(900)),
        order: OrderId(1),
        number: NUMBER.into(),
        box_id: BoxId(7),
        state,
        carrier: "UPS".to_owned(),
        service: "UPS Ground".to_owned(),
        price: usd(812),
        shipment: state.was_bought().then(|| "shp-1".into()),
        tracking: state.was_bought().then(|| "1Z999AA10123456784".into()),
        promise: Some(Window {
            earliest: None,
            latest: Some(at("2026-11-28T03:00:00Z")),
        }),
        reason: None,
        wanted_at: at("2026-11-23T14:01:00Z"),
        wanted_by: UserId(1),
        changed_at: at("2026-11-23T14:02:00Z"),
        attempts: 1,
        printed: u32::from(state == LabelState::Printed),
        document: state.was_bought().then_some(DocumentFormat::Zpl),
        held: false,
        via: crate::domain::seller::LabelVia::ShippingV2,
        aftermath: None,
        onto_box: crate::domain::onto_box::OntoBox::NotAsked,
    }
}

/// Another label of the order, of this box.
pub(crate) fn other_label(state: LabelState, parcel: i64) -> LabelRow {
    LabelRow {
        id: IntentId(Uuid::from_u128(901)),
        box_id: BoxId(parcel),
        tracking: Some(TrackingNumber::from("9400111899223197428499")),
        ..label(state)
    }
}

/// What is known of a label that was bought at `bought` and voided at `voided`.
pub(crate) fn aftermath(bought: &str, voided: Option<&str>) -> Aftermath {
    Aftermath {
        bought_at: at(bought),
        voided_at: voided.map(at),
        expected_by: voided.map(|voided| at(voided) + TimeDelta::days(30)),
        old_label: voided.map(|_| OldLabel::Destroyed),
        refunded: None,
        word: None,
        word_at: None,
        scanned: false,
        looks: 0,
    }
}

/// Refunds in every state; the first is overdue.
pub(crate) fn refund_rows() -> Vec<LabelRow> {
    let states = [
        (LabelState::RefundPending, "2026-10-02T09:00:00Z"),
        (LabelState::RefundNotReported, "2026-09-01T09:00:00Z"),
        (LabelState::Voided, "2026-11-22T09:00:00Z"),
        (LabelState::Refunded, "2026-10-20T09:00:00Z"),
        (LabelState::RefundRejected, "2026-10-21T09:00:00Z"),
    ];
    let rows = (1_u128..).zip(states).map(|(number, (state, voided))| {
        let mut after = aftermath("2026-10-01T09:00:00Z", Some(voided));
        after.refunded = (state == LabelState::Refunded).then(|| usd(700));
        LabelRow {
            id: IntentId(Uuid::from_u128(700 + number)),
            number: OrderNumber(format!("111-0000001-{number:07}")),
            aftermath: Some(after),
            ..label(state)
        }
    });
    rows.collect()
}

/// Labels that no carrier has scanned: three days left, one day over.
pub(crate) fn unmoved_rows() -> Vec<LabelRow> {
    let bought = ["2026-11-12T18:00:00Z", "2026-11-08T18:00:00Z"];
    let rows = (1_u128..).zip(bought).map(|(number, bought)| {
        let mut after = aftermath(bought, None);
        after.word = Some("PreTransit".to_owned());
        after.word_at = Some(at("2026-11-22T18:00:00Z"));
        LabelRow {
            id: IntentId(Uuid::from_u128(800 + number)),
            number: OrderNumber(format!("111-0000002-{number:07}")),
            aftermath: Some(after),
            ..label(LabelState::Printed)
        }
    });
    rows.collect()
}

pub(crate) fn customer() -> CustomerData {
    CustomerData {
        recipient: Recipient {
            name: "Jordan Reyes".to_owned(),
            company: "Front Range Supply LLC".to_owned(),
            lines: vec!["1200 Larimer St".to_owned(), "Suite 400".to_owned()],
            city: "Denver".to_owned(),
            state: "CO".to_owned(),
            postal_code: "80204-1234".to_owned(),
            country: "US".to_owned(),
            phone: "+1 303 555 0199".to_owned(),
        },
        buyer: Buyer {
            name: String::new(),
            email: String::new(),
            company: String::new(),
            po_number: "PO-77812".to_owned(),
        },
        gift_messages: Vec::new(),
    }
}

pub(crate) fn order_row(number: i64) -> OrderRow {
    let detail = order_detail();
    OrderRow {
        id: OrderId(number),
        number: OrderNumber(format!("111-0000001-{number:07}")),
        store: StoreId::from("us"),
        status: OrderStatus::InPicking,
        badges: detail.badges,
        units: 3,
        lines: 2,
        title: "Stoneware mug 12 oz red".to_owned(),
        ship_by: Some(at("2026-11-23T14:00:00Z") + TimeDelta::hours(number * 3)),
        deliver_by: None,
        label: None,
        trouble: false,
        pick_list: Some(PickListId(12)),
        part: None,
        packer: None,
    }
}

/// Another packer has it.
pub(crate) fn taken_over() -> Failure {
    Failure {
        kind: FailureKind::TakenOver,
        words: "Bea has taken this box over: go back and open it again".to_owned(),
    }
}

/// Commits among effects, refused scans' notes left out.
pub(crate) fn commits(effects: &[Effect]) -> Vec<&Commit> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Commit(_, Commit::NoteRefusedScan { .. }) => None,
            Effect::Commit(_, commit) => Some(commit),
            _ => None,
        })
        .collect()
}

/// Delivery Confirmation is what the desk's account pre-fills.
pub(crate) const PREFILLED: Confirmation = Confirmation::DeliveryConfirmation;

/// An order line's id.
pub(crate) fn line_id(text: &str) -> LineId {
    LineId::from(text)
}

/// The store that the desk's order is of.
pub(crate) fn store_profile() -> crate::domain::seller::StoreProfile {
    use crate::domain::seller::{Region, ShipFrom, StoreProfile};
    StoreProfile {
        id: "us".into(),
        kind: crate::domain::order::Origin::default(),
        name: "Harbor Goods".to_owned(),
        region: Region::Na,
        marketplace: "ATVPDKIKX0DER".to_owned(),
        ship_from: ShipFrom {
            name: "Harbor Goods".to_owned(),
            line1: "9 Harbor Road".to_owned(),
            line2: String::new(),
            city: "Columbus".to_owned(),
            state: "OH".to_owned(),
            postal_code: "43215".to_owned(),
            country: "US".to_owned(),
            phone: "614-555-0100".to_owned(),
            email: String::new(),
            zone: "America/New_York".to_owned(),
        },
        amazon_base: None,
        login_base: None,
        account: crate::domain::seller::CarrierAccount::default(),
    }
}

/// Rates that say everything that a rate can say.
pub(crate) fn telling_rates() -> Vec<Rate> {
    use crate::domain::rate::RateItem;
    use crate::domain::rate::inputs::{InputField, InputKind};
    let part = |id: &str, minor: i64| RateItem {
        id: id.to_owned(),
        charge: Some(usd(minor)),
        name: String::new(),
        kind: String::new(),
    };
    let mut all = rates();
    let letter = DocumentOption {
        format: DocumentFormat::Pdf,
        width: 8_500,
        length: 11_000,
        dpis: Vec::new(),
        documents: vec![("PACKSLIP".to_owned(), true), ("LABEL".to_owned(), true)],
        ..all[0].documents[0].clone()
    };
    all[0].items = vec![
        part("BASE_RATE", 700),
        part("FUEL_SURCHARGE", 162),
        part("AMAZON_SPONSORED_DISCOUNT", 50),
    ];
    all[0].excluded = vec![ExcludedBenefit {
        benefit: "OTDR_PROTECTED".to_owned(),
        reasons: vec!["NON_SSA_ORDER".to_owned()],
    }];
    all[0].documents.push(letter);
    all[1].payment = Payment::DirectToCarrier;
    let mut international = rate("INTL", "DHL", "DHL Express", 3900, "2026-11-28T03:00:00Z");
    international.needs_inputs = true;
    international.inputs = Some(vec![
        InputField {
            required: true,
            length: (Some(6), Some(10)),
            patterns: vec![("^[0-9]+$".to_owned(), "digits only".to_owned())],
            ..InputField::text("harmonizedSystemCode", "Harmonized System code")
        },
        InputField {
            required: true,
            choices: vec!["SALE".to_owned(), "GIFT".to_owned(), "RETURN".to_owned()],
            stored: "SALE".to_owned(),
            ..InputField::text("customs/reason", "Reason for export")
        },
        InputField {
            kind: InputKind::YesNo,
            ..InputField::text("fragile", "Fragile")
        },
    ]);
    let mut flat = rate(
        "SFRB",
        "USPS",
        "USPS Priority Mail Small Flat Rate Box",
        1040,
        "2026-11-27T03:00:00Z",
    );
    flat.service_id = "USPS_PTP_PRI_SFRB".to_owned();
    all.extend([international, flat]);
    all
}

/// Linked accounts and spend.
pub(crate) fn money_facts() -> MoneyFacts {
    use crate::domain::spend::{LinkedAccount, Payee, SpendRow, StoreAccounts, Sum};
    let sum = |labels, minor| Sum { labels, minor };
    let row = |payee, live, voided, refunded| SpendRow {
        currency: Currency::USD,
        payee,
        live,
        voided,
        refunded,
    };
    MoneyFacts {
        prime: crate::domain::prime::PrimeShare {
            orders: 40,
            buy_shipping: 39,
        },
        accounts: vec![StoreAccounts {
            store: "us".into(),
            accounts: vec![
                LinkedAccount {
                    carrier: "UPS".to_owned(),
                    account: "amzn1.carrier.0a12".to_owned(),
                },
                LinkedAccount {
                    carrier: "FEDEX".to_owned(),
                    account: "amzn1.carrier.77f0".to_owned(),
                },
            ],
            told_at: Some(at("2026-11-23T13:58:00Z")),
            asking: false,
            failure: None,
        }],
        spend: vec![
            row(Payee::Amazon, sum(412, 356_712), sum(3, 2_410), sum(1, 812)),
            row(Payee::OwnAccount, sum(77, 51_200), Sum::default(), Sum::default()),
        ],
    }
}

/// What Amazon is told of a label from elsewhere, in this state.
pub(crate) fn told(label: &LabelRow, state: ConfirmationState) -> ConfirmationRow {
    ConfirmationRow {
        label: label.id,
        order: label.order,
        store: "us".into(),
        number: label.number.clone(),
        state,
        shipped: Shipped {
            reference: 1,
            carrier: Carrier::Ups,
            method: "Ground".to_owned(),
            tracking: "1Z5R89390357567127".into(),
            shipped_at: at("2026-11-23T14:00:00Z"),
            items: Vec::new(),
        },
        request: None,
        reason: (state == ConfirmationState::Refused).then(|| "OrderItemId is invalid".to_owned()),
        attempts: 1,
        in_doubt: false,
        not_before: None,
        changed_at: at("2026-11-23T14:00:00Z"),
    }
}
