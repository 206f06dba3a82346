//! A whole bench in one process: the simulator over real HTTP, a database on disk, a vault, one clock for all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use tapegun::amazon::Credentials;
use tapegun::clock::{Clock, ManualClock};
use tapegun::domain::bucket::Haste;
use tapegun::domain::choice::{Rules, judge_all};
use tapegun::domain::ids::{
    BoxId, Epoch, IntentId, OrderId, OrderNumber, ScanId, StationId, StoreId, UserId,
};
use tapegun::domain::packing::{PackEvent, ScanRecord, UnitRef};
use tapegun::domain::product::{Product, ProductKind};
use tapegun::domain::rate::{Confirmation, QuoteItem, QuoteRequest, QuoteState};
use tapegun::domain::refund::Paper;
use tapegun::domain::rows::{LabelRow, OrderDetail};
use tapegun::domain::seller::{CarrierAccount, DocumentFormat, LabelVia, Region, ShipFrom, StoreProfile};
use tapegun::domain::shipment::LabelState;
use tapegun::domain::units::{Dimensions, Weight};
use tapegun::domain::user::Role;
use tapegun::simulator::{
    Fault, FaultKind, LedgerView, OrderChange, Running, Simulator, SimulatorConfig, Supply, Switches, demo,
};
use tapegun::store::threads::StoreHandle;
use tapegun::store::{BoxDetails, VoidWish, WantLabel};
use tapegun::sync::{PassReport, Sync, SyncOptions, open_vault};
use tapegun::vault::{KeySource, Vault};
use tokio::sync::mpsc;
use uuid::Uuid;

pub(crate) const STATION: &str = "bench-1";

/// Where the tests' Amazon is.
pub(crate) struct Bench {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) simulator: Running,
    pub(crate) store: StoreHandle,
    pub(crate) vault: Arc<Vault>,
    pub(crate) sync: Sync,
    pub(crate) user: UserId,
    /// Of the labels that are wanted from now on.
    pub(crate) haste: Haste,
    /// The only service that is bought; none: whichever is best.
    pub(crate) service: Option<&'static str>,
    /// Station of the wake channel; kept so that it stays open.
    pub(crate) wake: mpsc::Sender<()>,
    /// The label API that the store's account buys through.
    via: LabelVia,
}

fn start() -> DateTime<Utc> {
    "2026-03-02T15:00:00Z".parse().unwrap()
}

/// The store, whose account buys through this API.
fn profile_over(via: LabelVia, base: &str) -> (StoreProfile, Credentials) {
    let (mut store, credentials) = profile(base);
    store.account.via = via;
    "harbor@example.com".clone_into(&mut store.ship_from.email);
    (store, credentials)
}

pub(crate) fn profile(base: &str) -> (StoreProfile, Credentials) {
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
            email: String::new(),
            zone: "America/New_York".to_owned(),
        },
        amazon_base: Some(base.to_owned()),
        login_base: Some(base.to_owned()),
        account: CarrierAccount::default(),
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

/// The check of the printing room.
pub(crate) fn inspect(format: DocumentFormat, bytes: &[u8]) -> Result<(), String> {
    tapegun::print::inspect(format, bytes).map_err(|fault| fault.to_string())
}

impl Bench {
    /// A bench with five plain orders, its first import done.
    pub(crate) async fn new() -> Self {
        Self::with(Switches {
            limits: false,
            ..Switches::default()
        })
        .await
    }

    pub(crate) async fn with(switches: Switches) -> Self {
        Self::over(LabelVia::ShippingV2, switches).await
    }

    /// The same, whose store buys through this API.
    pub(crate) async fn over(via: LabelVia, switches: Switches) -> Self {
        let clock = Arc::new(ManualClock::new(start()));
        let simulator = Simulator::start(SimulatorConfig {
            listen: ([127, 0, 0, 1], 0).into(),
            seed: 7,
            ledger: None,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            sellers: demo::sellers(),
            supply: Supply::Many(5),
            switches,
        })
        .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("tapegun.db");
        let store = StoreHandle::start(&database).unwrap();
        let source = KeySource::File {
            path: folder.path().join("keys"),
            given: false,
        };
        let vault = store
            .write(move |store| Ok(open_vault(&source, store, start()).unwrap()))
            .await
            .unwrap();
        let vault = Arc::new(vault);
        let (sync, wake) = sync(
            via,
            &store,
            &vault,
            &simulator.base_url(),
            Arc::clone(&clock) as Arc<dyn Clock>,
            &database,
        );
        let user = store
            .write(|store| store.add_user("Ada", "1", Role::Supervisor, start()))
            .await
            .unwrap()
            .id;
        let mut bench = Self {
            folder,
            clock,
            simulator,
            store,
            vault,
            sync,
            user,
            haste: Haste::Bench,
            service: None,
            wake,
            via,
        };
        bench.put_products().await;
        let report = bench.sync.once().await.unwrap();
        assert_eq!(
            (report.imported.new, report.trouble.as_slice()),
            (5, [].as_slice()),
            "{report:?}"
        );
        bench
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("tapegun.db")
    }

    /// Another process on the same machine: its own sync task over the same store.
    pub(crate) fn second_sync(&self) -> (Sync, mpsc::Sender<()>) {
        sync(
            self.via,
            &self.store,
            &self.vault,
            &self.simulator.base_url(),
            Arc::clone(&self.clock) as Arc<dyn Clock>,
            &self.database(),
        )
    }

    /// A sync task whose stopwatch runs on by so much at every look: a machine that is too slow.
    pub(crate) fn slow_sync(&self, by: Duration) -> (Sync, mpsc::Sender<()>) {
        let clock = Arc::new(SlowClock {
            wall: Arc::clone(&self.clock),
            watch: Mutex::new(Duration::ZERO),
            by,
        });
        sync(
            self.via,
            &self.store,
            &self.vault,
            &self.simulator.base_url(),
            clock,
            &self.database(),
        )
    }

    /// The process dies and comes back: the lead is free again, nothing in memory is left.
    pub(crate) fn restart(&mut self) {
        let (fresh, wake) = self.second_sync();
        drop(std::mem::replace(&mut self.sync, fresh));
        self.wake = wake;
    }

    /// The process ends, the store's ship-from is changed in the configuration, the process starts again.
    pub(crate) fn move_warehouse(&mut self) {
        let mut moved = profile_over(self.via, &self.simulator.base_url());
        "2 Dock Street".clone_into(&mut moved.0.ship_from.line1);
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let (fresh, wake) = sync_of(&self.store, &self.vault, moved, clock, &self.database());
        drop(std::mem::replace(&mut self.sync, fresh));
        self.wake = wake;
    }

    /// The process ends, the store buys through Merchant Fulfillment v0 from now on, the process starts again.
    pub(crate) fn buy_through_merchant_fulfillment(&mut self) {
        let mut moved = profile(&self.simulator.base_url());
        moved.0.account.via = tapegun::domain::seller::LabelVia::MerchantFulfillmentV0;
        "bench@example.com".clone_into(&mut moved.0.ship_from.email);
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let (fresh, wake) = sync_of(&self.store, &self.vault, moved, clock, &self.database());
        drop(std::mem::replace(&mut self.sync, fresh));
        self.wake = wake;
    }

    async fn put_products(&self) {
        let skus = (0..5).flat_map(|at| {
            let number = self.simulator.orders()[at].clone();
            self.simulator.order(&number).unwrap().lines
        });
        let products: Vec<Product> = skus
            .map(|line| Product {
                sku: line.sku.as_str().into(),
                title: line.title,
                kind: ProductKind::Standard,
                barcodes: Vec::new(),
                components: Vec::new(),
                weight: None,
                dimensions: None,
                price: None,
                transparency: false,
            })
            .collect();
        let now = self.clock.now();
        self.store
            .write(move |store| store.put_products(&products, now))
            .await
            .unwrap();
    }

    /// The `at`th order, in Amazon's own order of numbers.
    pub(crate) async fn order(&self, at: usize) -> OrderId {
        let number = OrderNumber(self.simulator.orders()[at].clone());
        self.store
            .read(move |store| Ok(store.find_orders(&number)?[0]))
            .await
            .unwrap()
    }

    pub(crate) async fn detail(&self, order: OrderId) -> OrderDetail {
        self.store.read(move |store| store.order(order)).await.unwrap()
    }

    /// Packs every unit into one box and says what it weighs.
    pub(crate) async fn pack(&self, order: OrderId) -> (BoxId, Epoch) {
        let (by, now) = (self.user, self.clock.now());
        let detail = self.detail(order).await;
        let confirmation = Confirmation::DeliveryConfirmation;
        self.store
            .write(move |store| {
                let parcel = store.begin_packing(order, by, true, confirmation, now)?;
                let done = store.order(order)?.scans.len();
                let units = detail.order.channel.lines.iter().flat_map(|line| {
                    (0..line.quantity).map(|unit| {
                        let unit = UnitRef {
                            line: line.id.clone(),
                            unit,
                            part: 0,
                        };
                        (unit, line.sku.clone())
                    })
                });
                for (sequence, (unit, sku)) in (0_u32..).zip(units).skip(done) {
                    store.accept_scan(&ScanRecord {
                        id: ScanId(Uuid::now_v7()),
                        order,
                        box_id: parcel.id,
                        turn: parcel.turn,
                        sequence,
                        event: PackEvent::Verified {
                            units: vec![unit],
                            sku,
                        },
                        by,
                        at: now,
                    })?;
                }
                let details = BoxDetails {
                    weight: Some(Weight::parse("2 lb").unwrap()),
                    dimensions: Some(Dimensions::parse("10x8x4 in").unwrap()),
                    confirmation: Some(confirmation),
                    flat_rate: None,
                };
                store.set_box(parcel.id, parcel.turn, &details, by, now)?;
                Ok((parcel.id, parcel.turn))
            })
            .await
            .unwrap()
    }

    /// What rates are asked for for the box.
    pub(crate) async fn quote_request(&self, order: OrderId, box_id: BoxId) -> QuoteRequest {
        let detail = self.detail(order).await;
        let parcel = detail.boxes.iter().find(|parcel| parcel.id == box_id).unwrap();
        QuoteRequest {
            order,
            box_id,
            box_number: parcel.number,
            items: detail
                .order
                .channel
                .lines
                .iter()
                .map(|line| QuoteItem {
                    line: line.id.clone(),
                    quantity: line.quantity,
                    unit_weight: None,
                    unit_value: line.unit_price,
                    serials: Vec::new(),
                })
                .collect(),
            weight: parcel.weight.unwrap(),
            dimensions: parcel.dimensions.unwrap(),
            confirmation: parcel.confirmation,
            ship_date: None,
        }
    }

    /// Asks for rates of the box through the sync task.
    pub(crate) async fn want_quote(&self, order: OrderId, box_id: BoxId) -> tapegun::domain::ids::QuoteId {
        let request = self.quote_request(order, box_id).await;
        let now = self.clock.now();
        self.store
            .write(move |store| store.want_quote(&request, now))
            .await
            .unwrap()
    }

    /// Packs, gets rates and writes the wish to buy the best of them. Nothing is bought yet.
    pub(crate) async fn want(&mut self, order: OrderId) -> IntentId {
        let (box_id, turn) = self.pack(order).await;
        let quote = self.want_quote(order, box_id).await;
        self.pass().await;
        self.want_from(order, box_id, turn, quote).await
    }

    pub(crate) async fn want_from(
        &self,
        order: OrderId,
        box_id: BoxId,
        turn: Epoch,
        quote: tapegun::domain::ids::QuoteId,
    ) -> IntentId {
        let detail = self.detail(order).await;
        let parcel = detail.boxes.iter().find(|parcel| parcel.id == box_id).unwrap();
        let answered = self.store.read(move |store| store.quote(quote)).await.unwrap();
        let QuoteState::Answered(answer) = answered.state else {
            panic!("{:?}", answered.state);
        };
        let formats = [DocumentFormat::Zpl];
        let rules = Rules::of(&detail.order.channel, parcel.confirmation, &formats).unwrap();
        let judged = judge_all(&answer.rates, &rules);
        let (_, best) = judged
            .iter()
            .filter(|(at, _)| {
                self.service
                    .is_none_or(|only| answer.rates[*at].service_id == only)
            })
            .find(|(_, judgement)| judgement.barred.is_none() && judgement.choice.is_some())
            .expect("an offer that may be bought");
        let want = WantLabel {
            id: IntentId(Uuid::now_v7()),
            order,
            box_id,
            turn,
            quote,
            choice: best.choice.clone().unwrap(),
            reason: Some("a test".to_owned()),
            inputs: None,
            by: self.user,
            station: StationId::from(STATION),
            haste: self.haste,
        };
        let (id, now) = (want.id, self.clock.now());
        self.store
            .write(move |store| store.want_label(&want, now))
            .await
            .unwrap();
        id
    }

    pub(crate) async fn want_void(&self, label: IntentId) {
        let (by, now) = (self.user, self.clock.now());
        self.store
            .write(move |store| {
                store.want_void(
                    label,
                    &VoidWish {
                        by,
                        reason: "changed my mind".to_owned(),
                        paper: Paper::destroyed(),
                    },
                    now,
                )
            })
            .await
            .unwrap();
    }

    pub(crate) async fn label(&self, label: IntentId) -> LabelRow {
        self.store.read(move |store| store.label(label)).await.unwrap()
    }

    pub(crate) async fn pass(&mut self) -> PassReport {
        self.sync.pass().await.unwrap()
    }

    /// Lets time pass on all clocks, then carries out what has become due.
    pub(crate) async fn after(&mut self, seconds: u64) -> PassReport {
        self.clock.advance(Duration::from_secs(seconds));
        self.pass().await
    }

    pub(crate) fn fault(&self, operation: &str, kind: FaultKind) {
        self.simulator.fault(Fault::new(operation, kind).times(1));
    }

    pub(crate) async fn change(&self, order: OrderId, change: OrderChange) {
        let number = self.detail(order).await.order.channel.number;
        assert!(self.simulator.change(number.as_str(), change).unwrap());
    }

    pub(crate) fn ledger(&self) -> LedgerView {
        self.simulator.ledger()
    }

    /// Purchase requests that Amazon got under this label's key.
    pub(crate) fn asked(&self, label: IntentId) -> u64 {
        let requests = self.ledger().purchase_requests_by_key;
        requests.get(&label.to_string()).copied().unwrap_or_default()
    }

    /// Purchase requests of both APIs that Amazon got.
    pub(crate) fn asked_in_all(&self) -> u64 {
        let ledger = self.ledger();
        let by_key = ledger.purchase_requests_by_key.values().sum::<u64>();
        by_key + ledger.create_requests_by_order.values().sum::<u64>()
    }

    /// `createShipment` requests that Amazon got for this order: they carry no key.
    pub(crate) async fn created(&self, order: OrderId) -> u64 {
        let number = self.detail(order).await.order.channel.number;
        let requests = self.ledger().create_requests_by_order;
        requests.get(number.as_str()).copied().unwrap_or_default()
    }

    /// PURCHASING.md 9, I1 and I2: what Amazon has sold and not canceled is what the store calls bought, one for
    /// one, and no box has two.
    pub(crate) async fn books_agree(&self) {
        let mut ours: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for at in 0..5 {
            let order = self.order(at).await;
            let detail = self.detail(order).await;
            // One request on the wire for each attempt that was written down, and none besides.
            let (mut attempts, created) = (0, self.created(order).await);
            for label in &detail.labels {
                let asked = self.asked(label.id);
                assert!(asked <= u64::from(label.attempts), "{asked} sent: {label:?}");
                attempts += u64::from(label.attempts);
            }
            assert!(created <= attempts, "{created} sent, {attempts} written down");
            let live: Vec<&LabelRow> = detail
                .labels
                .iter()
                .filter(|label| label.state.is_bought())
                .collect();
            for label in &live {
                let same_box = live.iter().filter(|other| other.box_id == label.box_id);
                assert_eq!(same_box.count(), 1, "one live label a box");
            }
            let tracking = live.iter().map(|label| label.tracking.clone().unwrap().0);
            let mut tracking: Vec<String> = tracking.collect();
            tracking.sort();
            if !tracking.is_empty() {
                ours.insert(detail.order.channel.number.0.clone(), tracking);
            }
        }
        let mut theirs: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for shipment in self.ledger().shipments.iter().filter(|one| one.status == "live") {
            theirs
                .entry(shipment.order_id.clone())
                .or_default()
                .push(shipment.tracking.clone());
        }
        for tracking in theirs.values_mut() {
            tracking.sort();
        }
        assert_eq!(ours, theirs, "the store's books and Amazon's");
        let chain = self.store.read(|store| store.verify_chain()).await.unwrap();
        assert!(chain.is_ok(), "{chain:?}");
    }

    /// The label is bought once, can be printed, and the books agree.
    pub(crate) async fn is_bought_once(&self, label: IntentId) {
        let row = self.label(label).await;
        assert_eq!(row.state, LabelState::Bought, "{row:?}");
        assert!(row.document.is_some() && !row.held);
        self.books_agree().await;
    }
}

struct SlowClock {
    wall: Arc<ManualClock>,
    watch: Mutex<Duration>,
    by: Duration,
}

impl Clock for SlowClock {
    fn now(&self) -> DateTime<Utc> {
        self.wall.now()
    }

    fn monotonic(&self) -> Duration {
        let mut watch = self.watch.lock().unwrap();
        *watch += self.by;
        *watch
    }
}

fn sync(
    via: LabelVia,
    store: &StoreHandle,
    vault: &Arc<Vault>,
    base: &str,
    clock: Arc<dyn Clock>,
    database: &Path,
) -> (Sync, mpsc::Sender<()>) {
    sync_of(store, vault, profile_over(via, base), clock, database)
}

pub(crate) fn sync_of(
    store: &StoreHandle,
    vault: &Arc<Vault>,
    shop: (StoreProfile, Credentials),
    clock: Arc<dyn Clock>,
    database: &Path,
) -> (Sync, mpsc::Sender<()>) {
    let (wake, woken) = mpsc::channel(8);
    let options = SyncOptions::beside(database, inspect);
    let sync = Sync::new(
        store.clone(),
        Arc::clone(vault),
        vec![shop],
        clock,
        options,
        woken,
    );
    (sync.unwrap(), wake)
}
