//! A desk for tests: a state and a store of plain values that answers what the state asks for.

use super::bench::CustomerView;
use super::effect::{Answer, Commit, Effect, Query, Slot, StatusFacts};
use super::message::{Done, Failure, FailureKind, Key, KeyPress, Message};
use super::state::BoxPreset;
use super::{Setup, State, update};
use crate::domain::address::{AddressKind, Destination};
use crate::domain::badge::badges;
use crate::domain::customer::{Buyer, CustomerData, Recipient};
use crate::domain::ids::{
    BoxId, Epoch, IntentId, LineId, OrderId, OrderNumber, PickListId, PrintJobId, QuoteId, Sku, StationId,
    StoreId, TrackingNumber, UserId,
};
use crate::domain::money::{Currency, Money};
use crate::domain::order::{AssignedMethod, ChannelOrder, ChannelStatus, Order, OrderLine, Programs, Window};
use crate::domain::product::{Barcode, Product, ProductKind};
use crate::domain::rate::{
    AddedService, AddedServiceGroup, Confirmation, DocumentOption, ExcludedBenefit, Ineligible, Payment,
    Quote, QuoteAnswer, QuoteState, Rate, fingerprint,
};
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
        },
        products,
        boxes: Vec::new(),
        scans: Vec::new(),
        quotes: Vec::new(),
        labels: Vec::new(),
        history: vec![HistoryRow {
            at: at("2026-11-23T13:00:00Z"),
            by: Some("Bea".to_owned()),
            what: "picked".to_owned(),
        }],
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
        tracking: state
            .was_bought()
            .then(|| TrackingNumber("1Z999AA10123456784".to_owned())),
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
    }
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
    }
}

/// State, clock, and a store of plain values.
pub(crate) struct Desk {
    pub(crate) state: State,
    pub(crate) now: DateTime<Utc>,
    pub(crate) detail: OrderDetail,
    pub(crate) customer: Option<CustomerData>,
    pub(crate) lists: Vec<PickListRow>,
    pub(crate) orders: Vec<OrderRow>,
    pub(crate) meanings: Vec<(String, Vec<CodeMeaning>)>,
    pub(crate) status: StatusFacts,
    /// Everything asked for, in order.
    pub(crate) log: Vec<Effect>,
    /// Commits are left unanswered.
    pub(crate) slow: bool,
    /// The next commits of scans are refused so.
    pub(crate) refusal: Option<Failure>,
    ids: u128,
    version: i64,
}

impl Desk {
    /// Started, nobody signed in.
    pub(crate) fn new() -> Self {
        let mut setup = Setup::new(StationId::from("bench-1"), Tz::America__New_York);
        setup.presets = vec![BoxPreset {
            digit: 1,
            name: "SMALL".to_owned(),
            dimensions: Dimensions::parse("10x8x4 in").expect("a size"),
            flat_rate: false,
        }];
        let now = at("2026-11-23T14:00:30Z");
        let row = |id: i64, name: &str, open: u32| PickListRow {
            id: PickListId(id),
            name: name.to_owned(),
            created_at: now,
            open,
            packed: 2,
            shipped: 5,
            trouble: u32::from(id == 12),
            badges: crate::domain::badge::Badge::ALL
                .into_iter()
                .zip([3, 2, 1, 4])
                .collect(),
            ship_by: Some(at("2026-11-23T19:07:00Z")),
        };
        let mut desk = Self {
            state: State::new(setup, (80, 24), now),
            now,
            detail: order_detail(),
            customer: Some(customer()),
            lists: vec![row(12, "Monday morning", 12), row(11, "Weekend", 0)],
            orders: (1..=40).map(order_row).collect(),
            meanings: vec![(
                "850047100047".to_owned(),
                vec![CodeMeaning {
                    sku: Sku::from("CANDLE-VAN"),
                    quantity: 1,
                }],
            )],
            status: StatusFacts::default(),
            log: Vec::new(),
            slow: false,
            refusal: None,
            ids: 1,
            version: 1,
        };
        desk.status.health.last_ok = Some(now);
        desk.send(Message::Started);
        desk
    }

    /// Anna is signed in; the pick lists are shown.
    pub(crate) fn signed_in() -> Self {
        let mut desk = Self::new();
        desk.scan("TGU-anna");
        desk
    }

    /// The order is open for packing.
    pub(crate) fn packing() -> Self {
        let mut desk = Self::signed_in();
        desk.scan(NUMBER);
        desk
    }

    /// Every unit is verified and coded, the box is weighed and measured.
    pub(crate) fn packed() -> Self {
        let mut desk = Self::packing();
        for code in [MUG, MUG, WATCH, &az('B'), "1 lb 4 oz", "1"] {
            desk.scan(code);
        }
        desk
    }

    /// Rates are shown.
    pub(crate) fn rates() -> Self {
        let mut desk = Self::packed();
        desk.press(Key::Function(5));
        desk.answer_quote(rates());
        desk
    }

    /// The label is there, in this state.
    pub(crate) fn labelled(state: LabelState) -> Self {
        let mut desk = Self::packed();
        desk.set_label(state);
        desk.press(Key::Function(9));
        desk
    }

    /// The store's label changes, and the store says so.
    pub(crate) fn set_label(&mut self, state: LabelState) {
        let id = self.detail.labels.first().map(|label| label.id);
        self.detail.labels = vec![LabelRow {
            id: id.unwrap_or(label(state).id),
            ..label(state)
        }];
        self.detail.order.status = match state {
            LabelState::Printed => OrderStatus::Shipped,
            state if state.is_bought() => OrderStatus::ReadyForPickup,
            LabelState::Voided => OrderStatus::ReadyToPick,
            _ => OrderStatus::InPacking,
        };
        self.changed();
    }

    pub(crate) fn answer_quote(&mut self, rates: Vec<Rate>) {
        let asked_at = self.now;
        if let Some(quote) = self.detail.quotes.last_mut() {
            quote.state = QuoteState::Answered(QuoteAnswer {
                request_token: "token".to_owned(),
                rates,
                ineligible: vec![Ineligible {
                    carrier: "OnTrac".to_owned(),
                    service: "OnTrac Ground".to_owned(),
                    reasons: vec![(
                        "TERMS".to_owned(),
                        "Carrier terms are not accepted: accept them in Seller Central".to_owned(),
                    )],
                }],
                asked_at,
            });
        }
        self.changed();
    }

    pub(crate) fn changed(&mut self) {
        self.version += 1;
        self.send(Message::StoreChanged(self.version));
    }

    /// Sends one message, answers what it asks for, and returns all effects.
    pub(crate) fn send(&mut self, message: Message) -> Vec<Effect> {
        let mut all = Vec::new();
        let mut messages = std::collections::VecDeque::from([message]);
        while let Some(message) = messages.pop_front() {
            let effects = update(&mut self.state, message, self.now);
            for effect in &effects {
                messages.extend(self.answer(effect));
            }
            all.extend(effects);
        }
        self.log.extend(all.clone());
        all
    }

    pub(crate) fn press(&mut self, key: Key) -> Vec<Effect> {
        self.send(Message::Key(KeyPress::plain(key)))
    }

    pub(crate) fn control(&mut self, letter: char) -> Vec<Effect> {
        self.send(Message::Key(KeyPress::control(letter)))
    }

    /// Types the text and Enter, character by character.
    pub(crate) fn scan(&mut self, text: &str) -> Vec<Effect> {
        let mut all = Vec::new();
        for letter in text.chars() {
            all.extend(self.press(Key::Char(letter)));
        }
        all.extend(self.press(Key::Enter));
        all
    }

    pub(crate) fn words(&self) -> String {
        self.state
            .banner
            .as_ref()
            .map(|banner| format!("{}: {}", banner.tone.word(), banner.words))
            .unwrap_or_default()
    }

    pub(crate) fn customer_is_open(&self) -> bool {
        self.state
            .bench
            .as_ref()
            .is_some_and(|bench| matches!(bench.customer, CustomerView::Open(_)))
    }

    fn answer(&mut self, effect: &Effect) -> Vec<Message> {
        match effect {
            Effect::FreshIds(count) => {
                let first = self.ids;
                self.ids += *count as u128;
                vec![Message::Ids((first..self.ids).map(Uuid::from_u128).collect())]
            }
            Effect::Read(request, slot, query) => {
                vec![Message::Answered {
                    slot: *slot,
                    request: *request,
                    answer: Ok(self.read(*slot, query)),
                }]
            }
            Effect::OpenCustomer(order) => {
                vec![Message::CustomerOpened {
                    order: *order,
                    customer: Ok(self.customer.clone()),
                }]
            }
            Effect::Commit(request, commit) if !self.slow => {
                let scan = matches!(
                    commit,
                    Commit::AcceptScan(_) | Commit::BeginPacking { take_over: false, .. }
                );
                if scan && let Some(failure) = self.refusal.clone() {
                    return vec![Message::Refused {
                        request: *request,
                        failure,
                    }];
                }
                let done = self.write(commit);
                self.version += 1;
                vec![
                    Message::Committed {
                        request: *request,
                        done,
                    },
                    Message::StoreChanged(self.version),
                ]
            }
            _ => Vec::new(),
        }
    }

    fn read(&self, slot: Slot, query: &Query) -> Answer {
        let _ = slot;
        match query {
            Query::Users => Answer::Users(vec![
                User {
                    id: UserId(1),
                    name: "Anna".to_owned(),
                    badge: "anna".to_owned(),
                    role: Role::Packer,
                },
                User {
                    id: UserId(2),
                    name: "Sam".to_owned(),
                    badge: "sam".to_owned(),
                    role: Role::Supervisor,
                },
            ]),
            Query::Status => Answer::Status(self.status.clone()),
            Query::PickLists { first, limit } => Answer::PickLists(page(&self.lists, *first, *limit)),
            Query::Orders { first, limit, .. } => Answer::Orders(page(&self.orders, *first, *limit)),
            Query::Order(_) => Answer::Order(Box::new(self.detail.clone())),
            Query::FindCode(code) => {
                let found = self.meanings.iter().find(|(known, _)| known == code);
                Answer::Code(found.map(|(_, meanings)| meanings.clone()).unwrap_or_default())
            }
            Query::FindOrder(number) => {
                let here = self.detail.order.channel.number == *number;
                Answer::Found(if here { vec![OrderId(1)] } else { Vec::new() })
            }
            Query::FindTracking(number) => {
                let label = self
                    .detail
                    .labels
                    .iter()
                    .find(|label| label.tracking.as_ref() == Some(number));
                Answer::Label(label.cloned().map(Box::new))
            }
        }
    }

    fn write(&mut self, commit: &Commit) -> Done {
        match commit {
            Commit::BeginPacking { by, confirmation, .. } => {
                self.detail.order.status = OrderStatus::InPacking;
                let turn = Epoch(self.detail.boxes.first().map_or(1, |row| row.turn.0 + 1));
                if self.detail.boxes.is_empty() {
                    self.detail.boxes.push(BoxRow {
                        id: BoxId(7),
                        number: 1,
                        weight: None,
                        dimensions: None,
                        confirmation: *confirmation,
                        turn,
                        owner: Some(*by),
                    });
                }
                self.detail.boxes[0].turn = turn;
                Done::Box(self.detail.boxes[0].clone())
            }
            Commit::AcceptScan(record) => {
                self.detail.scans.push(record.clone());
                Done::Nothing
            }
            Commit::SetBox {
                weight,
                dimensions,
                confirmation,
                ..
            } => {
                let row = &mut self.detail.boxes[0];
                row.weight = weight.or(row.weight);
                row.dimensions = dimensions.or(row.dimensions);
                row.confirmation = confirmation.unwrap_or(row.confirmation);
                Done::Box(row.clone())
            }
            Commit::WantQuote(request) => {
                let id = QuoteId(i64::try_from(self.detail.quotes.len()).expect("few") + 1);
                self.detail.quotes.push(Quote {
                    id,
                    request: request.clone(),
                    fingerprint: fingerprint(request),
                    wanted_at: self.now,
                    state: QuoteState::Wanted,
                });
                Done::Quote(id)
            }
            Commit::WantLabel(wish) => {
                self.detail.labels.insert(
                    0,
                    LabelRow {
                        id: wish.id,
                        ..label(LabelState::Wanted)
                    },
                );
                Done::Nothing
            }
            Commit::CreatePickList { .. } => Done::PickList(Some(PickListId(13))),
            Commit::WantPrint { .. } => Done::Print(PrintJobId(1)),
            Commit::SetStatus { to, .. } => {
                self.detail.order.status = *to;
                Done::Nothing
            }
            _ => Done::Nothing,
        }
    }
}

fn page<T: Clone>(rows: &[T], first: usize, limit: usize) -> Page<T> {
    Page {
        first,
        rows: rows.iter().skip(first).take(limit).cloned().collect(),
        total: rows.len(),
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
