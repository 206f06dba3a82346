//! `tapegun` alone: the screens of a configured station.

use super::Context;
use crate::app::Setup;
use crate::app::keys::KeyMap;
use crate::app::state::BoxPreset;
use crate::cli::Common;
use crate::config::Config;
use crate::devices::scale::{Protocol, Scale};
use crate::domain::seller::StoreProfile;
use crate::error::{Failure, Outcome};
use crate::logging::{self, LogGuard};
use crate::runtime::{self, Station};
use crate::sync::{Sync, SyncOptions};
use crate::terminal;
use crate::ui::Theme;
use chrono_tz::Tz;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{Notify, mpsc};

/// Opens the screens until the packer leaves. Returns the exit status.
pub fn run(common: &Common) -> Outcome<u8> {
    terminal::is_there()?;
    let context = Context::open(common)?;
    let config = &context.config;
    if config.stores.is_empty() {
        return Err(Failure::usage("no store is connected yet").hint(
            "try everything with: tapegun demo; or write a configuration: tapegun doctor --example shows one",
        ));
    }
    if context.store.read_blocking(|store| store.users())?.is_empty() {
        return Err(Failure::usage("nobody can sign in yet")
            .hint("add the first person: tapegun users add NAME --badge CODE --role supervisor"));
    }
    let view_only = context.store.view_only().is_some();
    let _log = match log_to(&config.data) {
        Ok(log) => Some(log),
        // Nothing can be written there: the screens are for looking.
        Err(_) if view_only => None,
        Err(failure) => return Err(failure),
    };
    let setup = setup(config)?;
    let theme = theme(config)?;
    let vault = context.vault()?;
    let (shops, problems) = context.shops()?;
    for problem in &problems {
        tracing::warn!(problem, "a store cannot be asked");
    }
    let tokio = runtime::tokio_runtime(false)?;
    let (wake_sync, wakes) = mpsc::channel(1);
    let sync = {
        let _inside = tokio.enter();
        Sync::new(
            context.store.clone(),
            Arc::clone(&vault),
            shops,
            Arc::clone(&context.clock),
            SyncOptions::beside(&config.database(), runtime::inspect)
                .woken_by_changes()
                .with_sheets(config.sheets())
                .with_shelf(config.shelf()),
            wakes,
        )?
    };
    let station = Station {
        store: context.store.clone(),
        database: config.database(),
        vault,
        clock: Arc::clone(&context.clock),
        setup,
        theme,
        printer: context.printer(),
        scale: scale(config),
        manifests: config.manifests,
        wake_sync,
        wake_spool: Arc::new(Notify::new()),
    };
    let mut beside: Vec<runtime::Beside> = Vec::new();
    if !view_only {
        beside.push(Box::new(move |stop| tokio::spawn(sync.run(stop))));
    }
    Ok(runtime::run(&tokio, &station, beside)?)
}

/// The scale that the configuration names.
fn scale(config: &Config) -> Option<Scale> {
    let setting = config.scale.as_ref()?;
    Some(Scale {
        protocol: Protocol::from_word(&setting.protocol)?,
        path: setting.path.clone(),
        baud: setting.baud,
    })
}

/// Starts the log beside the database.
pub(super) fn log_to(data: &Path) -> Outcome<LogGuard> {
    let folder = data.join("log");
    super::context::make_folder(&folder)?;
    let filter = crate::config::environment(logging::FILTER_VARIABLE);
    Ok(logging::start(&folder, filter.as_deref())?)
}

/// What the configuration says to the screens.
fn setup(config: &Config) -> Outcome<Setup> {
    let mut keys = KeyMap::standard();
    for (action, key) in &config.keys {
        keys.rebind(action, key)
            .map_err(|words| Failure::usage(format!("key {action}: {words}")))?;
    }
    let presets = config.boxes.iter().map(|shelf| BoxPreset {
        digit: shelf.digit,
        name: shelf.name.clone(),
        dimensions: shelf.dimensions,
        flat_rate: shelf.flat_rate,
    });
    Ok(Setup {
        confirmation: config.carriers[0].default_confirmation,
        formats: config.carriers[0].formats.clone(),
        presets: presets.collect(),
        keys,
        stores: config.stores.clone(),
        warehouse: config.warehouse.clone(),
        ..Setup::new(config.station.clone(), zone(&config.stores)?)
    })
}

/// Where the bench stands: where the first store ships from.
/// Where the bench stands: that of the first store.
pub(super) fn zone(stores: &[StoreProfile]) -> Outcome<Tz> {
    let Some(first) = stores.first() else {
        return Ok(Tz::UTC);
    };
    let name = &first.ship_from.zone;
    name.parse()
        .map_err(|_| Failure::usage(format!("store {}: {name:?} is no time zone", first.id)))
}

/// The theme that the configuration names, where the terminal has colours.
fn theme(config: &Config) -> Outcome<Theme> {
    if runtime::colourless() {
        return Ok(Theme::plain());
    }
    Theme::named(&config.theme).ok_or_else(|| Failure::usage(format!("there is no theme {:?}", config.theme)))
}
