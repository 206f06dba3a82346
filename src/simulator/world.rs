//! Everything the simulator knows, and the way of a request through it: count, faults, token, bucket, the
//! operation itself, faults of the answer.

use super::accident::{LIMIT, fails_after, throttled};
use super::faults::{FaultKind, Faults, Switches};
use super::ledger::{CollectionForm, Confirmation, Entry, Journal, Shipment};
use super::ledger_view::LedgerView;
use super::limits::{self, Limits};
use super::merchant::MerchantQuote;
use super::order::Order;
use super::order_search::Cursor;
use super::quote::{Quote, check_business};
use super::restricted::RestrictedToken;
use super::routes::operation_of;
use super::tally::{Asked, Tally, shown};
use super::wire::{Answer, Operation, Request};
use super::{SimulatorConfig, demo, random};
use crate::clock::Clock;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// A selling account.
#[derive(Clone)]
pub struct Seller {
    /// Merchant id, e.g. `A1DEMOSELLER01`.
    pub merchant: String,
    /// Marketplace id.
    pub marketplace: String,
    /// Login with Amazon client.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// The seller's refresh token.
    pub refresh_token: String,
    /// Carrier ids whose terms the seller has not accepted.
    pub unaccepted: Vec<String>,
    /// The seller's own accounts with carriers, linked in Seller Central: carrier id, account. Rates of these
    /// carriers are paid to them.
    pub linked: Vec<(String, String)>,
}

/// Where the orders come from.
pub enum Supply {
    /// The demo's ([`demo::orders`]), made relative to the start.
    Demo,
    /// Plain orders of the first seller ([`demo::many`]).
    Many(usize),
    /// Orders of the first seller, of all the demo's kinds in turn ([`demo::mixed`]).
    Mixed(usize),
    /// These.
    Given(Vec<Order>),
}

/// The simulator's whole state.
pub(super) struct World {
    clock: Arc<dyn Clock>,
    /// How far this world's time was put ahead of the clock.
    pub(super) ahead: Duration,
    pub(super) seed: u64,
    pub(super) sellers: Vec<Seller>,
    pub(super) tokens: HashMap<String, (usize, DateTime<Utc>)>,
    pub(super) restricted: HashMap<String, RestrictedToken>,
    pub(super) tokens_issued: u64,
    pub(super) orders: BTreeMap<String, Order>,
    pub(super) cursors: HashMap<String, Cursor>,
    pub(super) quotes: HashMap<String, Quote>,
    /// By order.
    pub(super) merchant_quotes: HashMap<String, Vec<MerchantQuote>>,
    pub(super) quotes_made: u64,
    pub(super) shipments: Vec<Shipment>,
    pub(super) confirmations: Vec<Confirmation>,
    pub(super) forms: Vec<CollectionForm>,
    pub(super) journal: Journal,
    pub(super) faults: Faults,
    pub(super) switches: Switches,
    limits: Limits,
    pub(super) tally: Tally,
    /// What each operation answered rightly the last times.
    pub(super) last_answers: HashMap<Operation, Vec<Vec<u8>>>,
    answered: u64,
}

impl World {
    /// Opens the ledger, makes the orders as of the ledger's first line, and carries out what it tells.
    pub(super) fn open(config: SimulatorConfig) -> io::Result<Self> {
        let (mut journal, entries) = Journal::open(config.ledger.as_deref())?;
        let (start, seed) = match entries.first() {
            Some(Entry::Opened { at, seed }) => (*at, *seed),
            _ => (config.clock.now(), config.seed),
        };
        if entries.is_empty() {
            journal.keep(&Entry::Opened { at: start, seed })?;
        }
        let orders = match config.supply {
            Supply::Demo => demo::orders(start),
            Supply::Many(count) => demo::many(count, start),
            Supply::Mixed(count) => demo::mixed(count, start),
            Supply::Given(orders) => orders,
        };
        let mut world = Self {
            clock: config.clock,
            ahead: Duration::ZERO,
            seed,
            sellers: config.sellers,
            tokens: HashMap::new(),
            restricted: HashMap::new(),
            tokens_issued: 0,
            orders: orders
                .into_iter()
                .map(|order| (order.number.clone(), order))
                .collect(),
            cursors: HashMap::new(),
            quotes: HashMap::new(),
            merchant_quotes: HashMap::new(),
            quotes_made: 0,
            shipments: Vec::new(),
            confirmations: Vec::new(),
            forms: Vec::new(),
            journal,
            faults: Faults::new(seed),
            switches: config.switches,
            limits: Limits::default(),
            tally: Tally::default(),
            last_answers: HashMap::new(),
            answered: 0,
        };
        for entry in entries {
            match entry {
                Entry::Opened { .. } => {}
                Entry::Bought { shipment } => world.record_purchase(*shipment),
                Entry::Canceled { shipment, at, refund } => world.record_cancel(&shipment, at, refund),
                Entry::Confirmed { confirmation } => world.record_confirmation(*confirmation),
                Entry::FormMade { form } => world.forms.push(form),
                Entry::Scanned { shipment, at } => world.record_scan(&shipment, at),
                Entry::Changed { order, at, what } => world.record_change(&order, at, *what),
            }
        }
        Ok(world)
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now() + self.ahead
    }

    pub(super) fn pending(&self) -> TimeDelta {
        TimeDelta::seconds(self.switches.pending_seconds.into())
    }

    /// Answers a request.
    pub(super) fn handle(&mut self, request: &Request) -> Answer {
        let mut answer = if request.path.first().is_some_and(|first| first == "_sim") {
            self.control(request)
        } else {
            match operation_of(request) {
                Some((operation, id)) => self.play(operation, id.unwrap_or(""), request),
                None => Answer::not_found("The requested resource doesn't exist."),
            }
        };
        self.answered += 1;
        if answer.foreign {
            return answer;
        }
        let id = random::name(self.seed, &["request", &self.answered.to_string()]);
        let id = format!(
            "{}-{}-{}-{}-{}",
            &id[..8],
            &id[8..12],
            &id[12..16],
            &id[16..20],
            &id[20..]
        );
        answer.headers.push(("x-amzn-RequestId", id));
        let shown = self.now() + TimeDelta::seconds(self.switches.clock_skew_seconds);
        answer
            .headers
            .push(("Date", shown.format("%a, %d %b %Y %H:%M:%S GMT").to_string()));
        answer
    }

    fn play(&mut self, operation: Operation, id: &str, request: &Request) -> Answer {
        let seller = self.caller(request);
        self.count(operation, id, seller, request);
        let at = self.now();
        let answer = self.play_counted(operation, id, request);
        self.tally.answered(Asked {
            at,
            operation: operation.name(),
            seller,
            status: answer.status,
        });
        answer
    }

    fn play_counted(&mut self, operation: Operation, id: &str, request: &Request) -> Answer {
        let faults = self.faults.strike(operation);
        if let Some(answer) = faults
            .iter()
            .find_map(|fault| self.fails_before(fault, operation))
        {
            if answer.status == 429 {
                let count = &mut self.tally.throttled_by_faults;
                *count.entry(operation.name()).or_default() += 1;
            }
            self.faults.put_back(operation, &faults);
            return answer;
        }
        for fault in &faults {
            self.prepare(fault, operation, id, request);
        }
        let mut answer = match self.admit(operation, &faults, request) {
            Ok(seller) => self.carry_out(operation, seller, id, &faults, request),
            Err(answer) => answer,
        };
        if matches!(answer.status, 200..=299 | 400 | 404) && operation != Operation::Token {
            let rate = limits::rate(operation, self.switches.limit_scale);
            answer.headers.push((LIMIT, rate));
        }
        let right = (answer.status == 200).then(|| answer.body.clone());
        if right.is_none() || !faults.iter().all(FaultKind::leaves_the_answer) {
            self.faults.put_back(operation, &faults);
        }
        for fault in faults {
            answer = fails_after(&fault, self.mix_up(&fault, operation, answer));
        }
        if let Some(right) = right {
            self.remember(operation, &right);
        }
        answer
    }

    fn count(&mut self, operation: Operation, id: &str, seller: Option<usize>, request: &Request) {
        let now = self.clock.monotonic() + self.ahead;
        self.tally.arrived(operation, seller, now);
        match operation {
            Operation::PurchaseShipment => {
                let key = request.header("x-amzn-idempotencykey").unwrap_or("").to_owned();
                *self.tally.purchases_by_key.entry(key).or_default() += 1;
            }
            Operation::CreateShipment => {
                let order = self.order_of_request(request).unwrap_or_default();
                *self.tally.creates_by_order.entry(order).or_default() += 1;
            }
            Operation::CancelShipment | Operation::CancelShipmentV0 => {
                *self.tally.cancels_by_shipment.entry(id.to_owned()).or_default() += 1;
            }
            _ => {}
        }
    }

    fn admit(
        &mut self,
        operation: Operation,
        faults: &[FaultKind],
        request: &Request,
    ) -> Result<usize, Answer> {
        if operation == Operation::Token {
            return Ok(0);
        }
        match request.header("user-agent") {
            None => return Err(Answer::invalid("The user-agent header is required.")),
            Some(agent) if agent.chars().count() > 500 => {
                return Err(Answer::invalid("The user-agent header exceeds 500 characters."));
            }
            Some(_) => {}
        }
        let seller = self.seller_of(request, operation)?;
        if self.switches.missing_role && !operation.is_orders() {
            return Err(Answer::error(
                403,
                "Unauthorized",
                "Access to requested resource is denied.",
                "",
            ));
        }
        let now = self.clock.monotonic() + self.ahead;
        if self.switches.limits
            && !self
                .limits
                .take(seller, operation, self.switches.limit_scale, now)
        {
            *self.tally.throttled.entry(operation.name()).or_default() += 1;
            return Err(throttled());
        }
        if request.method == "POST"
            && !request
                .header("content-type")
                .unwrap_or("")
                .to_ascii_lowercase()
                .starts_with("application/json")
        {
            return Err(Answer::error(
                415,
                "InvalidRequest",
                "The content type is not supported.",
                "",
            ));
        }
        if operation.is_shipping() {
            check_business(request)?;
        }
        if faults.contains(&FaultKind::ExpiredQuote) {
            self.expire_quote(request);
        }
        Ok(seller)
    }

    fn carry_out(
        &mut self,
        operation: Operation,
        seller: usize,
        id: &str,
        faults: &[FaultKind],
        request: &Request,
    ) -> Answer {
        let done = match operation {
            Operation::Token => return self.login(request),
            Operation::SearchOrders => self.search_orders(seller, request),
            Operation::GetOrder => self.get_order(seller, id, request),
            Operation::GetRates => self.get_rates(seller, request),
            Operation::PurchaseShipment => {
                self.purchase(seller, request, faults.contains(&FaultKind::BlankLabel))
            }
            Operation::CancelShipment => self.cancel(seller, id),
            Operation::GetShipmentDocuments => self.documents(seller, id, request),
            Operation::GetTracking => self.tracking(seller, request),
            Operation::GetAdditionalInputs => self.additional_inputs(seller, request),
            Operation::RestrictedDataToken => self.restricted_token(seller, request),
            Operation::GetEligibleShipmentServices => {
                self.vaguely(|world| world.eligible_services(seller, request))
            }
            Operation::CreateShipment => {
                let blank = faults.contains(&FaultKind::BlankLabel);
                self.vaguely(|world| world.create_shipment(seller, request, blank))
            }
            Operation::GetShipment => self.vaguely(|world| world.get_shipment(seller, id)),
            Operation::CancelShipmentV0 => self.vaguely(|world| world.cancel_merchant(seller, id)),
            Operation::GetAdditionalSellerInputs => {
                self.vaguely(|world| world.additional_seller_inputs(seller, request))
            }
            Operation::ConfirmShipment => self.confirm_shipment(seller, id, request),
            Operation::GetCarrierAccounts => self.carrier_accounts(seller, request),
            Operation::GetUnmanifestedShipments => self.unmanifested(seller, request),
            Operation::GenerateCollectionForm => self.generate_form(seller, request),
            Operation::GetCollectionFormHistory => self.form_history(seller, request),
            Operation::GetCollectionForm => self.get_form(seller, id),
        };
        done.unwrap_or_else(|refusal| refusal)
    }

    /// Everything sold and asked.
    pub(super) fn ledger(&self) -> LedgerView {
        let now = self.now();
        let merchant = |seller: usize| self.sellers.get(seller).map_or("", |seller| &seller.merchant);
        LedgerView {
            shipments: self
                .shipments
                .iter()
                .map(|shipment| shipment.view(merchant(shipment.seller), now))
                .collect(),
            confirmations: self
                .confirmations
                .iter()
                .map(|confirmation| confirmation.view(merchant(confirmation.seller)))
                .collect(),
            requests: shown(&self.tally.requests),
            purchase_requests_by_key: self.tally.purchases_by_key.clone(),
            cancel_requests_by_shipment: self.tally.cancels_by_shipment.clone(),
            create_requests_by_order: self.tally.creates_by_order.clone(),
            peak_requests_per_minute: shown(&self.tally.peaks),
            throttled: shown(&self.tally.throttled),
            throttled_by_faults: shown(&self.tally.throttled_by_faults),
        }
    }
}
