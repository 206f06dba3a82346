//! The rules of the configuration, each with the words that a person reads.

use super::carriers::{self, Accounts};
use super::raw::{Raw, RawBox, RawPrinter, RawScale, RawStore};
use super::warehouse;
use super::{
    BoxSetting, Config, ConfigError, Environment, Overrides, Places, PrinterSetting, SCALE_PROTOCOLS,
    ScaleSetting,
};
use crate::domain::ids::{StationId, StoreId};
use crate::domain::market::marketplace;
use crate::domain::order::Origin;
use crate::domain::preflight;
use crate::domain::seller::{LabelVia, Region, ShipFrom, StoreProfile};
use crate::domain::units::Dimensions;
use std::net::IpAddr;
use std::path::PathBuf;

/// Sets `scan_labels` in the environment; the demo listens to it as well.
pub const SCAN_LABELS: &str = "TAPEGUN_SCAN_LABELS";

/// Checks the file's settings and lays environment and flags over them.
pub(super) fn config(
    raw: Raw,
    file: Option<PathBuf>,
    places: Places,
    flags: &Overrides,
    environment: Environment<'_>,
) -> Result<Config, ConfigError> {
    let path = places.config.display().to_string();
    let in_file = |words: String| ConfigError::Rule {
        path: path.clone(),
        words,
    };
    let variable = |name: &str, words: String| ConfigError::Rule {
        path: name.to_owned(),
        words,
    };

    let mut station = raw.station.unwrap_or_else(|| "bench-1".to_owned());
    name_rule("station", &station).map_err(in_file)?;
    if let Some(value) = environment("TAPEGUN_STATION") {
        name_rule("station", &value).map_err(|words| variable("TAPEGUN_STATION", words))?;
        station = value;
    }
    let switch = |name: &str, set: Option<bool>| match environment(name).as_deref() {
        None => Ok(set.unwrap_or(false)),
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(other) => Err(variable(name, format!("{other:?} is neither true nor false"))),
    };
    let manifests = switch("TAPEGUN_MANIFESTS", raw.manifests)?;
    let scan_labels = switch(SCAN_LABELS, raw.scan_labels)?;
    let mut printer = raw.printer.map(printer_of).transpose().map_err(in_file)?;
    if let Some(value) = environment("TAPEGUN_PRINTER") {
        let setting = PrinterSetting::parse(&value).map_err(|words| variable("TAPEGUN_PRINTER", words))?;
        printer = Some(setting);
    }
    let named = flags.data.is_some() || environment("TAPEGUN_DATA").is_some();
    let data = raw.data.filter(|_| !named).unwrap_or_else(|| places.data.clone());
    let accounts = carriers::all(raw.carrier, raw.carriers).map_err(in_file)?;
    let stores: Vec<StoreProfile> = raw
        .stores
        .into_iter()
        .map(|store| store_of(store, &accounts))
        .collect::<Result<_, _>>()
        .map_err(in_file)?;
    unique("stores", stores.iter().map(|store| store.id.to_string())).map_err(in_file)?;
    let boxes: Vec<BoxSetting> = raw
        .boxes
        .into_iter()
        .map(box_of)
        .collect::<Result<_, _>>()
        .map_err(in_file)?;
    unique("boxes", boxes.iter().map(|one| one.digit.to_string())).map_err(in_file)?;
    unique("boxes", boxes.iter().map(|one| one.name.clone())).map_err(in_file)?;
    let scale = raw.scale.map(scale_of).transpose().map_err(in_file)?;
    let warehouse = warehouse::warehouse(&raw.warehouse, &stores).map_err(in_file)?;
    Ok(Config {
        file,
        warehouse,
        station: StationId(station),
        data,
        manifests,
        scan_labels,
        key_command: raw.key_command,
        theme: raw.theme.unwrap_or_else(|| "standard".to_owned()),
        keys: raw.keys,
        printer,
        scale,
        boxes,
        carriers: accounts.all,
        stores,
        places,
    })
}

/// Names that end up in files, history and codes: letters, digits, dashes.
fn name_rule(key: &str, name: &str) -> Result<(), String> {
    let plain = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if name.is_empty() || name.len() > 32 || !plain {
        return Err(format!(
            "{key} is {name:?}: use 1 to 32 letters, digits and dashes"
        ));
    }
    Ok(())
}

pub(super) fn unique(key: &str, names: impl Iterator<Item = String>) -> Result<(), String> {
    let mut seen: Vec<String> = Vec::new();
    for name in names {
        if seen.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            return Err(format!("{key}: {name:?} stands there twice"));
        }
        seen.push(name);
    }
    Ok(())
}

fn printer_of(raw: RawPrinter) -> Result<PrinterSetting, String> {
    let setting = match (raw.address, raw.queue, raw.folder) {
        (Some(address), None, None) => PrinterSetting::Raw(address),
        (None, Some(queue), None) => PrinterSetting::Cups(queue),
        (None, None, Some(folder)) => PrinterSetting::Folder(folder),
        _ => return Err("printer: name exactly one of address, queue and folder".to_owned()),
    };
    setting.check().map_err(|words| format!("printer: {words}"))?;
    Ok(setting)
}

fn scale_of(raw: RawScale) -> Result<ScaleSetting, String> {
    if !SCALE_PROTOCOLS.contains(&raw.protocol.as_str()) {
        return Err(format!(
            "scale: {:?} is no protocol: write one of {}",
            raw.protocol,
            SCALE_PROTOCOLS.join(", ")
        ));
    }
    if raw.path.as_os_str().is_empty() {
        return Err("scale: path is empty: write the scale's device file, like /dev/hidraw0".to_owned());
    }
    let baud = raw.baud.unwrap_or(9600);
    if !(300..=921_600).contains(&baud) {
        return Err(format!(
            "scale: {baud} is no speed of a serial line: 9600 is usual"
        ));
    }
    Ok(ScaleSetting {
        protocol: raw.protocol,
        path: raw.path,
        baud,
    })
}

fn box_of(raw: RawBox) -> Result<BoxSetting, String> {
    name_rule("boxes.name", &raw.name)?;
    if !(1..=9).contains(&raw.digit) {
        return Err(format!(
            "boxes.digit of {:?} is {}: use 1 to 9",
            raw.name, raw.digit
        ));
    }
    Ok(BoxSetting {
        digit: raw.digit,
        dimensions: Dimensions::parse(&raw.size)
            .map_err(|error| format!("boxes.size of {:?}: {error}", raw.name))?,
        name: raw.name,
        flat_rate: raw.flat_rate,
    })
}

fn store_of(raw: RawStore, accounts: &Accounts) -> Result<StoreProfile, String> {
    name_rule("stores.id", &raw.id)?;
    let at = format!("stores.{}", raw.id);
    let kind = raw.kind.unwrap_or_default();
    let (region, marketplace) = account_of(&at, kind, raw.region, raw.marketplace)?;
    for (key, base) in [("amazon", &raw.amazon), ("login", &raw.login)] {
        if let Some(base) = base {
            address_rule(base).map_err(|words| format!("{at}.{key} is {base:?}: {words}"))?;
        }
    }
    let account = accounts.of_store(&at, raw.carrier.as_deref())?;
    ship_from_rule(&raw.ship_from, account.via).map_err(|words| format!("{at}.ship_from.{words}"))?;
    Ok(StoreProfile {
        name: raw.name.unwrap_or_else(|| raw.id.clone()),
        id: StoreId(raw.id),
        kind,
        region,
        marketplace,
        ship_from: raw.ship_from,
        amazon_base: raw.amazon,
        login_base: raw.login,
        account,
    })
}

/// Region and marketplace of the seller account. A store elsewhere may have none: then its labels come from
/// elsewhere, too.
fn account_of(
    at: &str,
    kind: Origin,
    region: Option<Region>,
    marketplace_id: Option<String>,
) -> Result<(Region, String), String> {
    let (region, marketplace_id) = match (region, marketplace_id) {
        (Some(region), Some(marketplace_id)) => (region, marketplace_id),
        (None, None) if kind == Origin::Elsewhere => return Ok((Region::Na, String::new())),
        (None, _) => {
            return Err(format!(
                "{at}.region is missing: write \"na\", \"eu\" or \"fe\"{}",
                both_or_none(kind)
            ));
        }
        (_, None) => {
            return Err(format!(
                "{at}.marketplace is missing: the United States are ATVPDKIKX0DER{}",
                both_or_none(kind)
            ));
        }
    };
    let Some(market) = marketplace(&marketplace_id) else {
        return Err(format!(
            "{at}.marketplace is {marketplace_id:?}, which is none of Amazon's: the United States are ATVPDKIKX0DER, \
             the United Kingdom is A1F83G8C2ARO7P",
        ));
    };
    if market.region != region {
        return Err(format!(
            "{at}.region is {:?}, but marketplace {} ({}) belongs to {:?}",
            region_key(region),
            market.id,
            market.country,
            region_key(market.region)
        ));
    }
    Ok((region, marketplace_id))
}

fn both_or_none(kind: Origin) -> &'static str {
    match kind {
        Origin::Amazon => "",
        Origin::Elsewhere => "; or leave out both region and marketplace where it has no Amazon account",
    }
}

/// A region as it is written in the configuration.
fn region_key(region: Region) -> &'static str {
    match region {
        Region::Na => "na",
        Region::Eu => "eu",
        Region::Fe => "fe",
    }
}

/// What Amazon takes of a ship-from, and a time zone.
fn ship_from_rule(from: &ShipFrom, via: LabelVia) -> Result<(), String> {
    preflight::ship_from(from, via).map_err(|fault| fault.to_string())?;
    if from.zone.parse::<chrono_tz::Tz>().is_err() {
        return Err(format!(
            "zone is {:?}: write an IANA time zone like \"America/New_York\"",
            from.zone
        ));
    }
    Ok(())
}

/// Https, or plain http on this machine; no query, no user.
fn address_rule(base: &str) -> Result<(), &'static str> {
    let (plain, rest) = if let Some(rest) = base.strip_prefix("https://") {
        (false, rest)
    } else if let Some(rest) = base.strip_prefix("http://") {
        (true, rest)
    } else {
        return Err("write an address that begins with https://");
    };
    if rest.is_empty() || rest.starts_with('/') || rest.contains(['?', '#', '@', ' ', '\\']) {
        return Err("write only the scheme, the host and the path of an address");
    }
    if plain && !is_loopback(base) {
        return Err(
            "plain http is only for addresses of this machine (127.0.0.1, ::1, localhost): write https://",
        );
    }
    Ok(())
}

/// The address names this machine: `localhost`, 127.0.0.0/8 or `::1`.
pub fn is_loopback(base: &str) -> bool {
    let Some((_, rest)) = base.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or("");
    if authority.contains('@') {
        return false;
    }
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(""),
        None => authority.split(':').next().unwrap_or(""),
    };
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
