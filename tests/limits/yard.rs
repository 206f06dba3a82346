//! A warehouse of packed boxes before a simulator with Amazon's published limits, behind a slow line.

use crate::calls::Calls;
use chrono::Utc;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tapegun::amazon::Credentials;
use tapegun::clock::{Clock, SystemClock};
use tapegun::domain::choice::{Rules, choose, judge_all};
use tapegun::domain::ids::{OrderId, OrderNumber, ScanId, StationId, StoreId, UserId};
use tapegun::domain::packing::{Expectation, PackEvent, PackingSession, ScanRecord, UnitRef};
use tapegun::domain::product::{Product, ProductKind};
use tapegun::domain::rate::{Confirmation, QuoteRequest};
use tapegun::domain::rows::OrderDetail;
use tapegun::domain::seller::{CarrierAccount, DocumentFormat, LabelVia, Region, ShipFrom, StoreProfile};
use tapegun::domain::transparency::UnitCode;
use tapegun::domain::units::{Dimensions, Weight};
use tapegun::domain::user::Role;
use tapegun::simulator::{Fault, FaultKind, Running, Simulator, SimulatorConfig, Supply, Switches, demo};
use tapegun::store::threads::StoreHandle;
use tapegun::store::{BoxDetails, StoreResult};
use tapegun::sync::{Bulk, BulkBox, BulkEnd, Choose, Sync, SyncOptions, open_vault};
use tapegun::vault::{KeySource, Vault};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Orders that a packer scans meanwhile.
const SCANNED: usize = 150;
const FORMATS: [DocumentFormat; 1] = [DocumentFormat::Zpl];

/// How the day went.
pub(crate) struct Day {
    pub(crate) took: Duration,
    pub(crate) bought: usize,
    /// Everything that was not bought, in words.
    pub(crate) others: Vec<String>,
    /// How long scans took meanwhile.
    pub(crate) scans: String,
    /// Where the time went.
    pub(crate) spans: String,
}

pub(crate) struct Yard {
    _folder: tempfile::TempDir,
    database: PathBuf,
    simulator: Running,
    store: StoreHandle,
    vault: Arc<Vault>,
    clock: Arc<dyn Clock>,
    user: UserId,
    via: LabelVia,
    pub(crate) calls: Calls,
    boxes: Vec<BulkBox>,
    /// Orders that are scanned meanwhile.
    scanned: Vec<OrderId>,
}

fn profile(base: &str, via: LabelVia) -> (StoreProfile, Credentials) {
    let profile = StoreProfile {
        id: StoreId::from("us"),
        kind: tapegun::domain::order::Origin::Amazon,
        name: "Harbor".to_owned(),
        region: Region::Na,
        marketplace: demo::MARKETPLACE.to_owned(),
        ship_from: ShipFrom {
            name: "Harbor Goods".to_owned(),
            line1: "1 Dock Street".to_owned(),
            line2: String::new(),
            city: "Newark".to_owned(),
            state: "NJ".to_owned(),
            postal_code: "07102".to_owned(),
            country: "US".to_owned(),
            phone: "555-0100".to_owned(),
            email: "dock@harbor.example".to_owned(),
            zone: "America/New_York".to_owned(),
        },
        amazon_base: Some(base.to_owned()),
        login_base: Some(base.to_owned()),
        account: CarrierAccount {
            via,
            ..CarrierAccount::default()
        },
    };
    let credentials = Credentials {
        client_id: demo::CLIENT_ID.to_owned(),
        client_secret: SecretString::from(demo::CLIENT_SECRET),
        refresh_token: SecretString::from(demo::REFRESH_TOKEN_FIRST),
        secret_made: None,
        source: tapegun::amazon::CredentialSource::default(),
    };
    (profile, credentials)
}

fn inspect(format: DocumentFormat, bytes: &[u8]) -> Result<(), String> {
    tapegun::print::inspect(format, bytes).map_err(|fault| fault.to_string())
}

impl Yard {
    /// So many packed boxes, some more orders to scan, everything imported, and from then on a slow line.
    pub(crate) async fn with(via: LabelVia, boxes: usize, latency: Duration) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let simulator = Simulator::start(SimulatorConfig {
            listen: ([127, 0, 0, 1], 0).into(),
            seed: 7,
            ledger: None,
            clock: Arc::clone(&clock),
            sellers: demo::sellers(),
            supply: Supply::Many(boxes + SCANNED),
            switches: Switches::default(),
        })
        .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("tapegun.db");
        let store = StoreHandle::start(&database).unwrap();
        let at = clock.now();
        let source = KeySource::File {
            path: folder.path().join("keys"),
            given: false,
        };
        let vault = store
            .write(move |store| Ok(open_vault(&source, store, at).unwrap()))
            .await
            .unwrap();
        let now = clock.now();
        let user = store
            .write(move |store| store.add_user("Ada", "1", Role::Lead, now))
            .await
            .unwrap()
            .id;
        let mut yard = Self {
            _folder: folder,
            database,
            simulator,
            store,
            vault: Arc::new(vault),
            clock,
            user,
            via,
            calls: Calls::listen(),
            boxes: Vec::new(),
            scanned: Vec::new(),
        };
        yard.put_products().await;
        let (mut sync, _wake) = yard.sync();
        let report = sync.once().await.unwrap();
        assert_eq!(
            usize::try_from(report.imported.new).unwrap(),
            boxes + SCANNED,
            "{report:?}"
        );
        sync.end().await;
        for number in yard.simulator.orders().into_iter().take(boxes) {
            let order = yard.order(&number).await;
            let packed = yard.pack(order).await;
            yard.boxes.push(packed);
        }
        for number in yard.simulator.orders().into_iter().skip(boxes) {
            yard.scanned.push(yard.order(&number).await);
        }
        // Logging in, once in an hour, is no part of what is measured.
        for operation in [
            "searchOrders",
            "getOrder",
            "getRates",
            "purchaseShipment",
            "getEligibleShipmentServices",
            "createShipment",
        ] {
            let slow = FaultKind::Slow {
                milliseconds: u64::try_from(latency.as_millis()).unwrap(),
            };
            yard.simulator.fault(Fault::new(operation, slow));
        }
        yard.calls = Calls::listen();
        yard
    }

    fn sync(&self) -> (Sync, mpsc::Sender<()>) {
        let (wake, woken) = mpsc::channel(1);
        let options = SyncOptions::beside(&self.database, inspect);
        let sync = Sync::new(
            self.store.clone(),
            Arc::clone(&self.vault),
            vec![profile(&self.simulator.base_url(), self.via)],
            Arc::clone(&self.clock),
            options,
            woken,
        );
        (sync.unwrap(), wake)
    }

    async fn order(&self, number: &str) -> OrderId {
        let number = OrderNumber::from(number);
        self.store
            .read(move |store| Ok(store.find_orders(&number)?[0]))
            .await
            .unwrap()
    }

    async fn put_products(&self) {
        let orders = self.simulator.orders();
        let lines = orders
            .iter()
            .flat_map(|number| self.simulator.order(number).unwrap().lines);
        let products: BTreeMap<String, Product> = lines
            .map(|line| {
                let product = Product {
                    sku: line.sku.as_str().into(),
                    title: line.title,
                    kind: ProductKind::Standard,
                    barcodes: Vec::new(),
                    components: Vec::new(),
                    weight: None,
                    dimensions: None,
                    price: None,
                    transparency: false,
                };
                (line.sku, product)
            })
            .collect();
        let (products, now): (Vec<Product>, _) = (products.into_values().collect(), self.clock.now());
        self.store
            .write(move |store| store.put_products(&products, now))
            .await
            .unwrap();
    }

    async fn pack(&self, order: OrderId) -> BulkBox {
        let (by, now) = (self.user, self.clock.now());
        self.store
            .write(move |store| {
                let parcel =
                    store.begin_packing(order, by, false, Confirmation::DeliveryConfirmation, now)?;
                for scan in scans(&store.order(order)?, by, now) {
                    store.accept_scan(&scan)?;
                }
                let details = BoxDetails {
                    weight: Some(Weight::parse("2 lb").unwrap()),
                    dimensions: Some(Dimensions::parse("10x8x4 in").unwrap()),
                    confirmation: None,
                    flat_rate: None,
                };
                store.set_box(parcel.id, parcel.turn, &details, by, now)?;
                Ok(bulk_box(&store.order(order)?))
            })
            .await
            .unwrap()
    }

    /// Ships everything in one go, with a packer at the bench meanwhile.
    pub(crate) async fn ship_all(&self) -> Day {
        let (sync, wake) = self.sync();
        let end = CancellationToken::new();
        let running = tokio::spawn(sync.run(end.clone()));
        let scans = tokio::spawn(scan_on(
            self.store.clone(),
            Arc::clone(&self.clock),
            self.scanned.clone(),
            self.user,
            end.clone(),
        ));
        let bulk = Bulk {
            store: self.store.clone(),
            clock: Arc::clone(&self.clock),
            wake,
            by: self.user,
            station: StationId::from("bench-1"),
            rehearsal: false,
            patience: Duration::from_mins(1),
            choose: self.choose().await,
        };
        let ends = Mutex::new((0, Vec::new()));
        let told = |one: &BulkBox, end: BulkEnd| {
            let mut ends = ends.lock().unwrap();
            match end {
                BulkEnd::Bought(label) if label.document.is_some() => ends.0 += 1,
                other => ends.1.push(format!("{}: {other:?}", one.number)),
            }
        };
        let begun = self.calls.now();
        let stop = CancellationToken::new();
        bulk.ship(self.boxes.clone(), stop, told, |words| println!("{words}"))
            .await
            .unwrap();
        let ended = self.calls.now();
        let took = ended.saturating_sub(begun);
        let pace = self
            .asked()
            .map(|operation| self.calls.spans(operation, begun, ended));
        end.cancel();
        running.await.unwrap();
        let (bought, others) = ends.into_inner().unwrap();
        Day {
            took,
            bought,
            others,
            scans: scans.await.unwrap(),
            spans: pace.join("\n"),
        }
    }

    /// What a box costs: a quote and a purchase.
    fn asked(&self) -> [&'static str; 2] {
        match self.via {
            LabelVia::MerchantFulfillmentV0 => ["getEligibleShipmentServices", "createShipment"],
            _ => ["getRates", "purchaseShipment"],
        }
    }

    async fn choose(&self) -> Choose {
        let ids: Vec<OrderId> = self.boxes.iter().map(|one| one.order).collect();
        let details: BTreeMap<OrderId, OrderDetail> = self
            .store
            .read(move |store| ids.into_iter().map(|id| Ok((id, store.order(id)?))).collect())
            .await
            .unwrap();
        Arc::new(move |one, answer| {
            let order = &details[&one.order].order;
            let rules = Rules::of(&order.channel, one.request.confirmation, &FORMATS).unwrap();
            let judged = judge_all(&answer.rates, &rules);
            let chosen = choose(&answer.rates, &judged, &order.assigned)?;
            let (_, judgement) = judged.iter().find(|(index, _)| *index == chosen).unwrap();
            Ok(judgement.choice.clone().unwrap())
        })
    }

    /// Each box cost one quote and one purchase, no order was asked for by itself, nothing was too fast: by the
    /// client's own log and by what arrived at Amazon.
    pub(crate) fn kept_to_the_limits(&self, boxes: usize) {
        let table = self.calls.table();
        let (quoting, buying) = match self.via {
            LabelVia::MerchantFulfillmentV0 => {
                (("getEligibleShipmentServices", 6, 12), ("createShipment", 2, 2))
            }
            _ => (("getRates", 80, 100), ("purchaseShipment", 80, 100)),
        };
        let ledger = self.simulator.ledger();
        assert_eq!(self.calls.throttled(), 0, "{table}");
        assert!(
            ledger.throttled.values().all(|count| *count == 0),
            "{:?}",
            ledger.throttled
        );
        assert_eq!(self.calls.count(quoting.0), boxes, "{table}");
        assert_eq!(self.calls.count(buying.0), boxes, "{table}");
        assert_eq!(self.calls.count("getOrder"), 0, "{table}");
        assert!(
            self.calls.count("searchOrders") <= boxes.div_ceil(100) + 1,
            "{table}"
        );
        for (operation, rate, burst) in [quoting, buying, ("searchOrders", 1, 20)] {
            for seconds in [1, 5, 60] {
                let most = self.calls.most_within(operation, Duration::from_secs(seconds));
                let plan = usize::try_from(rate * seconds + burst).unwrap();
                assert!(most <= plan, "{operation}: {most} in {seconds} s, {plan} allowed");
            }
            let peak = ledger
                .peak_requests_per_minute
                .get(operation)
                .copied()
                .unwrap_or(0);
            assert!(peak <= rate * 60 + burst, "{operation}: {peak} arrived in 60 s");
        }
    }

    /// What Amazon sold is what the store calls bought, one label a box.
    pub(crate) async fn books_agree(&self, boxes: usize) {
        let mut sold: BTreeMap<String, String> = BTreeMap::new();
        for shipment in self.simulator.ledger().shipments {
            let other = sold.insert(shipment.order_id, shipment.tracking);
            assert_eq!(other, None, "one label a box");
        }
        assert_eq!(sold.len(), boxes);
        let ids: Vec<OrderId> = self.boxes.iter().map(|one| one.order).collect();
        let labels = self
            .store
            .read(move |store| {
                ids.into_iter()
                    .map(|id| store.labels_of(id))
                    .collect::<StoreResult<Vec<_>>>()
            })
            .await
            .unwrap();
        for label in labels.into_iter().flatten() {
            let tracking = label.tracking.map(|tracking| tracking.0);
            assert_eq!(sold.get(label.number.as_str()), tracking.as_ref());
        }
        let chain = self.store.read(|store| store.verify_chain()).await.unwrap();
        assert!(chain.is_ok(), "{chain:?}");
    }
}

/// Every unit of the order, and its serial number where one is asked for.
fn scans(detail: &OrderDetail, by: UserId, at: chrono::DateTime<Utc>) -> Vec<ScanRecord> {
    let parcel = detail.boxes.last().unwrap();
    let mut session = PackingSession::new(&detail.order.channel.lines, &detail.products);
    let mut scans: Vec<ScanRecord> = Vec::new();
    let mut add = |session: &mut PackingSession, event: PackEvent| {
        session.apply(&event);
        scans.push(ScanRecord {
            id: ScanId(Uuid::now_v7()),
            order: detail.order.id,
            box_id: parcel.id,
            turn: parcel.turn,
            sequence: u32::try_from(scans.len()).unwrap(),
            event,
            by,
            at,
        });
    };
    for line in &detail.order.channel.lines {
        for unit in 0..line.quantity {
            let unit = UnitRef {
                line: line.id.clone(),
                unit,
                part: 0,
            };
            let verified = PackEvent::Verified {
                units: vec![unit.clone()],
                sku: line.sku.clone(),
            };
            add(&mut session, verified);
            if matches!(session.expects(), Expectation::Code { .. }) {
                let code = UnitCode::Serial(format!("SN{:06}N{}", detail.order.id, unit.unit));
                add(&mut session, PackEvent::Coded { unit, code });
            }
        }
    }
    scans
}

fn bulk_box(detail: &OrderDetail) -> BulkBox {
    let session = PackingSession::replay(&detail.order.channel.lines, &detail.products, &detail.scans);
    let parcel = detail.boxes.last().unwrap();
    BulkBox {
        store: detail.order.channel.store.clone(),
        order: detail.order.id,
        number: detail.order.channel.number.clone(),
        box_id: parcel.id,
        turn: parcel.turn,
        request: QuoteRequest::of(detail, &session, parcel).unwrap(),
        quote: None,
    }
}

/// A packer who opens a box and scans it full, one order after the other, until the end: how long each durable
/// answer took.
async fn scan_on(
    store: StoreHandle,
    clock: Arc<dyn Clock>,
    orders: Vec<OrderId>,
    by: UserId,
    end: CancellationToken,
) -> String {
    let mut took: Vec<Duration> = Vec::new();
    for order in orders {
        if end.is_cancelled() {
            break;
        }
        let now = clock.now();
        let record = store
            .write(move |store| {
                store.begin_packing(order, by, true, Confirmation::DeliveryConfirmation, now)?;
                Ok(scans(&store.order(order)?, by, now))
            })
            .await
            .unwrap();
        for scan in record {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let begun = clock.monotonic();
            store.write(move |store| store.accept_scan(&scan)).await.unwrap();
            took.push(clock.monotonic().saturating_sub(begun));
        }
    }
    took.sort_unstable();
    let at = |per_cent: usize| took[(took.len() - 1) * per_cent / 100];
    format!(
        "{} scans, median {:?}, 99 of 100 within {:?}, longest {:?}",
        took.len(),
        at(50),
        at(99),
        at(100)
    )
}
