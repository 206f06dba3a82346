//! `tapegun demo`: the whole program on one machine with nothing else, in a folder of its own.
//!
//! The embedded simulator plays Amazon on a loopback port, the database is fresh, the demo's orders are
//! imported over HTTP like any others, and labels are "printed" into a folder.

use crate::amazon::Credentials;
use crate::app::Setup;
use crate::app::state::BoxPreset;
use crate::clock::{Clock, SystemClock};
use crate::commands::context::demand_onto_box;
use crate::commands::products;
use crate::commands::screens::log_to;
use crate::config;
use crate::devices::scale::{Protocol, Scale};
use crate::domain::ids::{StationId, StoreId};
use crate::domain::practice::Plan;
use crate::domain::rate::Confirmation;
use crate::domain::seller::{CarrierAccount, DocumentFormat, Region, ShipFrom, StoreProfile};
use crate::domain::units::Dimensions;
use crate::domain::user::Role;
use crate::error::Outcome;
use crate::print::Printer;
use crate::runtime::{self, Station};
use crate::simulator::{Running, Simulator, SimulatorConfig, Supply, Switches, demo};
use crate::store::Store;
use crate::store::threads::StoreHandle;
use crate::sync::{self, Sync, SyncOptions};
use crate::terminal;
use crate::ui::Theme;
use crate::vault::{KeySource, Vault};
use anyhow::Context;
use chrono::{DateTime, Utc};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::{Notify, mpsc};

/// Decides the demo's prices and tracking numbers: every demo is alike.
const SEED: u64 = 4_711;
/// The demo's bench.
const BENCH: &str = "bench-1";
/// Orders of the first pick list; the others go on a second one.
const FIRST_LIST: usize = 12;
/// Orders on the second list at most.
const SECOND_LIST: usize = 500;

/// What the command line says.
#[derive(Debug, Clone, Default)]
pub struct DemoOptions {
    /// Keep everything in this folder and go on from there next time.
    pub keep: Option<PathBuf>,
    /// A text file with what stands on the simulated scale.
    pub scale: Option<PathBuf>,
    /// Time to begin at, instead of now: Amazon is on this machine, so it may be set.
    pub clock: Option<DateTime<Utc>>,
}

/// Who works in it, on what, and for how long.
pub(super) struct Cast {
    /// For the name of its folder.
    pub(super) name: &'static str,
    /// Decides prices, tracking numbers and, in a rehearsal, orders.
    pub(super) seed: u64,
    /// People: name, badge, role.
    pub(super) staff: Vec<(String, String, Role)>,
    /// So many orders of a rehearsal, on one list; none: the demo's, on two.
    pub(super) orders: Option<usize>,
    /// The rehearsal.
    pub(super) plan: Option<Plan>,
}

impl Cast {
    fn demo() -> Self {
        let person = |(name, badge, role): (&str, &str, &str)| {
            let role = Role::parse(role).unwrap_or(Role::Packer);
            (name.to_owned(), badge.to_owned(), role)
        };
        Self {
            name: "demo",
            seed: SEED,
            staff: demo::STAFF.map(person).to_vec(),
            orders: None,
            plan: None,
        }
    }
}

/// Runs the demo until the packer leaves. Returns the exit status.
pub fn run(options: &DemoOptions) -> Outcome<u8> {
    play(options, Cast::demo())
}

/// Runs the screens on the embedded simulator, with these people and orders.
pub(super) fn play(options: &DemoOptions, cast: Cast) -> Outcome<u8> {
    terminal::is_there()?;
    let folder = Folder::of(options.keep.as_deref(), cast.name)?;
    let log = log_to(&folder.path)?;
    let clock: Arc<dyn Clock> = Arc::new(options.clock.map_or_else(SystemClock::new, SystemClock::set_to));
    let scale = options.scale.clone().map(simulated_scale);
    let tokio = runtime::tokio_runtime(false)?;
    let amazon = {
        let _inside = tokio.enter();
        start_amazon(&folder, &clock, &cast).context("the simulator cannot listen on this machine")?
    };
    let database = folder.path.join("tapegun.db");
    let store = StoreHandle::start(&database)?;
    // The demo has no file: the rule is tried with the environment alone.
    let scan_labels = config::environment(config::SCAN_LABELS).as_deref() == Some("true");
    demand_onto_box(&store, &StationId::from(BENCH), scan_labels)?;
    let keys = KeySource::File {
        path: folder.path.join("station-keys"),
        given: false,
    };
    super::context::use_sealer(&store, &keys)?;
    let vault = Arc::new(tokio.block_on(open_vault(&store, keys, clock.now()))?);
    let shops = shops(&amazon)?;
    let mut setup = setup(shops.iter().map(|(profile, _)| profile.clone()).collect())?;
    setup.rehearsal = cast.plan;
    let (wake_sync, wakes) = mpsc::channel(1);
    let options = SyncOptions::beside(&database, runtime::inspect)
        .woken_by_changes()
        .with_sheets(Some(folder.path.join("labels")))
        .with_shelf(setup.presets.iter().map(|preset| preset.dimensions).collect());
    let mut sync = Sync::new(
        store.clone(),
        Arc::clone(&vault),
        shops,
        Arc::clone(&clock),
        options,
        wakes,
    )?;
    tokio.block_on(prepare(&store, &mut sync, cast, clock.now()))?;

    let labels = folder.path.join("labels");
    std::fs::create_dir_all(&labels)?;
    let station = Station {
        store,
        database,
        vault,
        clock,
        setup,
        theme: if runtime::colourless() {
            Theme::plain()
        } else {
            Theme::standard()
        },
        printer: Some(Printer::Folder(labels.clone())),
        scale,
        manifests: false,
        wake_sync,
        wake_spool: Arc::new(Notify::new()),
    };
    let beside: runtime::Beside = Box::new(move |stop| tokio::spawn(sync.run(stop)));
    let status = runtime::run(&tokio, &station, vec![beside])?;
    tokio.block_on(amazon.stop());
    drop((station, log));
    folder.close();
    Ok(status)
}

/// A scale that is a text file: what a person writes into it is what it weighs.
fn simulated_scale(path: PathBuf) -> Scale {
    Scale {
        protocol: Protocol::File,
        path,
        baud: 0,
    }
}

/// The demo's folder: kept where asked, else a fresh one that goes with the demo.
struct Folder {
    path: PathBuf,
    fresh: bool,
}

impl Folder {
    fn of(keep: Option<&Path>, name: &str) -> anyhow::Result<Self> {
        use std::os::unix::fs::DirBuilderExt;
        let (path, fresh) = keep.map_or_else(
            || {
                (
                    std::env::temp_dir().join(format!("tapegun-{name}-{}", uuid::Uuid::now_v7())),
                    true,
                )
            },
            |folder| (folder.to_owned(), false),
        );
        std::fs::DirBuilder::new()
            .recursive(!fresh)
            .mode(0o700)
            .create(&path)
            .with_context(|| format!("the demo's folder {} cannot be made", path.display()))?;
        Ok(Self { path, fresh })
    }

    fn close(self) {
        if self.fresh
            && let Err(error) = std::fs::remove_dir_all(&self.path)
        {
            tracing::warn!(%error, "the demo's folder stays behind");
        }
    }
}

fn start_amazon(folder: &Folder, clock: &Arc<dyn Clock>, cast: &Cast) -> std::io::Result<Running> {
    let supply = cast.orders.map_or(Supply::Demo, |count| {
        Supply::Given(demo::rehearsal(cast.seed, count, clock.now()))
    });
    Simulator::start(SimulatorConfig {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        seed: cast.seed,
        ledger: (!folder.fresh).then(|| folder.path.join("amazon-ledger.jsonl")),
        clock: Arc::clone(clock),
        sellers: demo::sellers(),
        supply,
        switches: Switches::default(),
    })
}

async fn open_vault(store: &StoreHandle, keys: KeySource, now: DateTime<Utc>) -> anyhow::Result<Vault> {
    // The vault's refusals are not the store's: they pass through the store's thread as a value.
    let opened = store
        .write(move |store| Ok(sync::open_vault(&keys, store, now)))
        .await?;
    Ok(opened?)
}

/// Fills a fresh store: people, products, the orders over HTTP, two pick lists.
async fn prepare(store: &StoreHandle, sync: &mut Sync, cast: Cast, now: DateTime<Utc>) -> anyhow::Result<()> {
    let Cast { staff, orders, .. } = cast;
    let bins = products::parse_bins(demo::PRODUCTS)?;
    let products = products::parse(demo::PRODUCTS)?;
    store
        .write(move |store| {
            if store.users()?.is_empty() {
                for (name, badge, role) in &staff {
                    store.add_user(name, badge, *role, now)?;
                }
            }
            store.put_products(&products, now)?;
            store.put_bins(&bins)
        })
        .await?;
    sync.once().await?;
    store
        .write(move |store| {
            if orders.is_some() {
                return list(store, "Rehearsal", SECOND_LIST, now);
            }
            list(store, "First wave", FIRST_LIST, now)?;
            list(store, "Second wave", SECOND_LIST, now)
        })
        .await?;
    Ok(())
}

/// A pick list of the most urgent orders that are on none.
fn list(
    store: &mut dyn Store,
    name: &str,
    limit: usize,
    now: DateTime<Utc>,
) -> crate::store::StoreResult<()> {
    let orders = store.unlisted_orders(limit)?;
    if !orders.is_empty() {
        store.create_pick_list(name, &orders, None, now)?;
    }
    Ok(())
}

/// The two shops, served by the simulator.
fn shops(amazon: &Running) -> anyhow::Result<Vec<(StoreProfile, Credentials)>> {
    let names = [("harbor", "Harbor Home"), ("meadow", "Meadow Beauty")];
    let sellers = demo::sellers();
    anyhow::ensure!(sellers.len() == names.len(), "the demo has two shops");
    let shop = |(seller, (id, name)): (crate::simulator::Seller, (&str, &str))| {
        let profile = StoreProfile {
            id: StoreId::from(id),
            kind: crate::domain::order::Origin::Amazon,
            name: name.to_owned(),
            region: Region::Na,
            marketplace: seller.marketplace,
            ship_from: ship_from(name),
            amazon_base: Some(amazon.base_url()),
            login_base: Some(amazon.base_url()),
            account: CarrierAccount {
                rate_shopping: true,
                ..CarrierAccount::default()
            },
        };
        let credentials = Credentials {
            client_id: seller.client_id,
            client_secret: seller.client_secret.into(),
            refresh_token: seller.refresh_token.into(),
            secret_made: None,
            source: crate::amazon::CredentialSource::default(),
        };
        (profile, credentials)
    };
    Ok(sellers.into_iter().zip(names).map(shop).collect())
}

fn ship_from(name: &str) -> ShipFrom {
    ShipFrom {
        name: name.to_owned(),
        line1: "400 Wharf Street".to_owned(),
        line2: String::new(),
        city: "Columbus".to_owned(),
        state: "OH".to_owned(),
        postal_code: "43215".to_owned(),
        country: "US".to_owned(),
        phone: "614-555-0100".to_owned(),
        email: String::new(),
        zone: "America/New_York".to_owned(),
    }
}

/// The demo's bench.
fn setup(stores: Vec<StoreProfile>) -> anyhow::Result<Setup> {
    let boxes = [
        (1, "small", "8x6x4 in"),
        (2, "medium", "12x9x6 in"),
        (3, "large", "16x12x10 in"),
    ];
    let mut setup = Setup::new(StationId::from(BENCH), chrono_tz::America::New_York);
    setup.stores = stores;
    setup.confirmation = Confirmation::DeliveryConfirmation;
    setup.formats = vec![DocumentFormat::Zpl, DocumentFormat::Png, DocumentFormat::Pdf];
    for (digit, name, size) in boxes {
        setup.presets.push(BoxPreset {
            digit,
            name: name.to_owned(),
            dimensions: Dimensions::parse(size)?,
            flat_rate: false,
        });
    }
    setup.demo = true;
    Ok(setup)
}
