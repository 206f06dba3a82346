//! What every subcommand stands on: configuration, clock, store, people, orders by their names.

use crate::amazon::{CredentialSource, Credentials};
use crate::cli::Common;
use crate::clock::{Clock, SystemClock};
use crate::config::credentials::StoreCredentials;
use crate::config::{self, Config, Overrides, PrinterSetting, credentials};
use crate::domain::ids::{OrderId, OrderNumber, StationId, StoreId};
use crate::domain::rate::Confirmation;
use crate::domain::rows::OrderDetail;
use crate::domain::seller::StoreProfile;
use crate::domain::typed::WordSealer;
use crate::domain::user::{Permission, User};
use crate::domain::warehouse::Warehouse;
use crate::error::{Exit, Failure, Outcome};
use crate::print::Printer;
use crate::runtime::check_pin;
use crate::store::sqlite::SqliteStore;
use crate::store::threads::StoreHandle;
use crate::sync;
use crate::vault::{KeySource, LateVault, Vault};
use anyhow::Context as _;
use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use zeroize::Zeroizing;

/// An opened station.
pub struct Context {
    /// Configuration.
    pub config: Config,
    /// The one clock.
    pub clock: Arc<dyn Clock>,
    /// The store.
    pub store: StoreHandle,
    user: Option<String>,
    pin_fd: Option<u32>,
    unlocked: AtomicBool,
}

/// Shops that can be asked, and in words why the others cannot.
pub type Shops = (Vec<(StoreProfile, Credentials)>, Vec<String>);

impl Context {
    /// Reads the configuration and opens the store, making its folder where there is none.
    pub fn open(common: &Common) -> Outcome<Self> {
        let config = load(common)?;
        let clock = clock(common, &config)?;
        make_folder(&config.data)?;
        say_check(&config.database());
        let store = StoreHandle::start(&config.database())?;
        use_sealer(&store, &key_source(&config))?;
        demand_onto_box(&store, &config.station, config.scan_labels)?;
        keep_warehouse(&store, &config.warehouse)?;
        Ok(Self {
            config,
            clock,
            store,
            user: common.user.clone(),
            pin_fd: common.pin_fd,
            unlocked: AtomicBool::new(false),
        })
    }

    /// Opens the vault: keys are made only for a store that is empty.
    pub fn vault(&self) -> Outcome<Arc<Vault>> {
        let (keys, now) = (key_source(&self.config), self.clock.now());
        if let Some(folder) = self.config.places.keys.parent() {
            make_folder(folder)?;
        }
        // The vault's refusals are not the store's: they pass through the store's thread as a value.
        let vault = self
            .store
            .write_blocking(move |store| Ok(sync::open_vault(&keys, store, now)))??;
        Ok(Arc::new(vault))
    }

    /// The shops with their credentials.
    pub fn shops(&self) -> Outcome<Shops> {
        let mut shops: Shops = (Vec::new(), Vec::new());
        let all = credentials::load(&self.config, &config::environment)?;
        for (profile, (id, found)) in self.config.stores.iter().zip(all) {
            if !profile.has_account() {
                continue;
            }
            match found {
                Ok(found) => shops
                    .0
                    .push((profile.clone(), looked_for_again(found, id, &self.config))),
                Err(error) => shops.1.push(error.to_string()),
            }
        }
        Ok(shops)
    }

    /// Who does it: needed for what spends, voids, overrides or reveals.
    pub fn user(&self) -> Outcome<User> {
        let name = self.user.clone().ok_or_else(|| {
            Failure::usage("nobody is named for this").hint("say who does it: --user NAME (or TAPEGUN_USER)")
        })?;
        let user = self.named(&name)?;
        self.unlock(&user)?;
        Ok(user)
    }

    /// Who does it, where somebody is named.
    pub fn maybe_user(&self) -> Outcome<Option<User>> {
        self.user.is_some().then(|| self.user()).transpose()
    }

    /// Refused, in words that say whom to ask, where this person may not do it. For what writes nothing itself: what
    /// does is asked again by the store.
    pub fn permit(&self, user: &User, permission: Permission) -> Outcome<()> {
        let by = user.id;
        Ok(self
            .store
            .read_blocking(move |store| store.permit(by, permission))?)
    }

    /// The person's PIN, where they have one: asked for once, never on the command line itself.
    fn unlock(&self, user: &User) -> Outcome<()> {
        if !user.has_pin || self.unlocked.load(Ordering::Relaxed) {
            return Ok(());
        }
        let pin = self.given_pin()?.ok_or_else(|| {
            Failure::refused(format!("{} has a PIN, and none was given", user.name))
                .hint("in TAPEGUN_PIN, or on a file descriptor: --pin-fd 0 reads a line of standard input")
        })?;
        let (vault, id, now) = (self.vault()?, user.id, self.clock.now());
        self.store
            .write_blocking(move |store| check_pin(store, &vault, id, &pin, now))?;
        self.unlocked.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn given_pin(&self) -> Outcome<Option<Zeroizing<String>>> {
        let Some(descriptor) = self.pin_fd else {
            return Ok(config::environment("TAPEGUN_PIN").map(Zeroizing::new));
        };
        let path = format!("/dev/fd/{descriptor}");
        let mut file = std::fs::File::open(&path).with_context(|| format!("{path} cannot be read"))?;
        let mut line = Zeroizing::new(String::new());
        let mut byte = [0];
        // Byte by byte: what follows the line is somebody else's, e.g. scans.
        while line.len() < 64 && std::io::Read::read(&mut file, &mut byte)? == 1 && byte[0] != b'\n' {
            line.push(char::from(byte[0]));
        }
        Ok(Some(line))
    }

    fn named(&self, name: &str) -> Outcome<User> {
        let users = self.store.read_blocking(|store| store.users())?;
        users
            .into_iter()
            .find(|user| user.name.eq_ignore_ascii_case(name))
            .ok_or_else(|| {
                Failure::usage(format!("nobody is called {name:?} here"))
                    .hint("tapegun users list shows who there is, tapegun users add NAME adds one")
            })
    }

    /// An order by Amazon's number (a part of a split order: `NUMBER/2`), or by our own with a # before it.
    pub fn order(&self, text: &str) -> Outcome<OrderId> {
        if let Some(id) = text.strip_prefix('#') {
            let id = id
                .parse()
                .map_err(|_| Failure::usage(format!("{text:?} is no order")))?;
            self.store.read_blocking(move |store| store.order(OrderId(id)))?;
            return Ok(OrderId(id));
        }
        let text = text.trim();
        let found = self.numbered(text)?;
        // A shop's own number may hold the sign itself.
        if let (true, Some((number, place))) = (found.is_empty(), text.rsplit_once('/'))
            && let Some(place) = place.parse::<usize>().ok().and_then(|place| place.checked_sub(1))
            && let Some(part) = self.numbered(number)?.get(place)
        {
            return Ok(*part);
        }
        match found[..] {
            [one] => Ok(one),
            [] => Err(Failure::new(Exit::Failed, format!("there is no order {text}"))
                .hint("tapegun sync --once imports what is new, tapegun orders list shows what is there")),
            _ => {
                let parts: Vec<String> = (1..=found.len()).map(|place| format!("{text}/{place}")).collect();
                Err(Failure::usage(format!("order {text} was split"))
                    .hint(format!("name one of its parts: {}", parts.join(", "))))
            }
        }
    }

    /// The parts of an order by the channel's number; one where it was not split.
    fn numbered(&self, text: &str) -> Outcome<Vec<OrderId>> {
        let number = OrderNumber::from(text);
        Ok(self
            .store
            .read_blocking(move |store| store.find_orders(&number))?)
    }

    /// Everything about an order.
    pub fn detail(&self, order: OrderId) -> Outcome<OrderDetail> {
        Ok(self.store.read_blocking(move |store| store.order(order))?)
    }

    /// Delivery Confirmation that the order's boxes begin with: that of its store's carrier account.
    pub fn default_confirmation(&self, order: OrderId) -> Outcome<Confirmation> {
        let store = self.detail(order)?.order.channel.store;
        Ok(self.config.account(&store).default_confirmation)
    }

    /// This station's printer.
    pub fn printer(&self) -> Option<Printer> {
        self.config.printer.as_ref().map(|setting| match setting {
            PrinterSetting::Folder(path) => Printer::Folder(path.clone()),
            PrinterSetting::Raw(address) => Printer::Raw(address.clone()),
            PrinterSetting::Cups(queue) => Printer::Cups(queue.clone()),
        })
    }
}

/// Credentials that are read again before each login, so that a new secret is taken in while the station works.
fn looked_for_again(found: StoreCredentials, id: StoreId, config: &Config) -> Credentials {
    let config = config.clone();
    let read = move || match credentials::load(&config, &config::environment) {
        Ok(all) => {
            let ours = all.into_iter().find(|(store, _)| *store == id);
            ours.and_then(|(_, found)| found.ok()).map(plain)
        }
        Err(error) => {
            tracing::warn!(%error, "the credentials cannot be read again: the ones before are used");
            None
        }
    };
    Credentials {
        source: CredentialSource::new(read.clone()),
        ..plain(found)
    }
}

fn plain(found: StoreCredentials) -> Credentials {
    Credentials {
        client_id: found.client_id,
        client_secret: found.client_secret,
        refresh_token: found.refresh_token,
        secret_made: found.client_secret_made,
        source: CredentialSource::default(),
    }
}

/// Where the station's keys are.
pub fn key_source(config: &Config) -> KeySource {
    KeySource::locate(&config.places.keys, &config.key_command)
}

/// What people type about orders is sealed with the station's keys, on both threads of the store.
pub(super) fn use_sealer(store: &StoreHandle, keys: &KeySource) -> Outcome<()> {
    let sealer: Arc<dyn WordSealer> = Arc::new(LateVault::new(keys.clone()));
    let reading = Arc::clone(&sealer);
    store.read_blocking(move |store| {
        store.use_sealer(reading);
        Ok(())
    })?;
    store.write_blocking(move |store| {
        store.use_sealer(sealer);
        Ok(())
    })?;
    Ok(())
}

/// The bench's rule for its labels, where the store does not have it so yet.
pub(super) fn demand_onto_box(store: &StoreHandle, station: &StationId, demanded: bool) -> Outcome<()> {
    let station = station.clone();
    let name = station.clone();
    let known = store.read_blocking(move |store| store.demands_onto_box(&name))?;
    if known != demanded && store.view_only().is_none() {
        store.write_blocking(move |store| store.demand_onto_box(&station, demanded))?;
    }
    Ok(())
}

/// When the warehouse works, where the store does not have it so yet: policies count by it.
pub(super) fn keep_warehouse(store: &StoreHandle, warehouse: &Warehouse) -> Outcome<()> {
    let known = store.read_blocking(|store| store.warehouse())?;
    if known.as_ref() != Some(warehouse) && store.view_only().is_none() {
        let warehouse = warehouse.clone();
        store.write_blocking(move |store| store.keep_warehouse(&warehouse))?;
    }
    Ok(())
}

/// A large database that is about to be checked from end to end keeps a person waiting for seconds.
fn say_check(database: &Path) {
    const LARGE: u64 = 64 * 1024 * 1024;
    let is_large = std::fs::metadata(database).is_ok_and(|facts| facts.len() >= LARGE);
    if is_large && SqliteStore::is_check_due(database) {
        // Nobody may be there to read it.
        let _ = writeln!(
            std::io::stderr(),
            "tapegun: the database was not left by a clean end: it is checked first, this takes some seconds"
        );
    }
}

/// Reads the configuration that the common options name.
pub fn load(common: &Common) -> Outcome<Config> {
    let flags = Overrides {
        file: common.config.clone(),
        data: common.data.clone(),
    };
    Ok(Config::load(&flags, &config::environment)?)
}

/// The clock; set only where every store's Amazon is this machine.
pub fn clock(common: &Common, config: &Config) -> Outcome<Arc<dyn Clock>> {
    match common.clock {
        None => Ok(Arc::new(SystemClock::new())),
        Some(time) if config.only_loopback() => Ok(Arc::new(SystemClock::set_to(time))),
        Some(_) => Err(Failure::usage(
            "the clock can be set only where every store's Amazon is this machine",
        )
        .hint("leave out --clock (and TAPEGUN_CLOCK)")),
    }
}

/// Makes a folder that only its owner can enter.
pub fn make_folder(path: &Path) -> Outcome<()> {
    if path.as_os_str().is_empty() {
        return Ok(());
    }
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("the folder {} cannot be made", path.display()))?;
    Ok(())
}
