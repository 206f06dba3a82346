//! `doctor`: checks configuration, credentials, Amazon, store, keys, printer and clock, and says what to do.

use super::Context;
use super::context::{self, Shops};
use super::key;
use super::report::{Report, table};
use crate::amazon::{Buckets, SellerClient};
use crate::cli::Common;
use crate::config::{Config, PrinterSetting};
use crate::domain::ids::StoreId;
use crate::domain::rotation::SecretAge;
use crate::domain::seller::{LabelVia, StoreProfile};
use crate::domain::user::Permission;
use crate::error::{Exit, Failure};
use crate::runtime::tokio_runtime;
use crate::sync;
use serde::Serialize;
use std::net::{TcpStream, ToSocketAddrs};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How long a printer or Amazon may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Mark {
    /// As it should be.
    Good,
    /// Works, but look at it.
    Look,
    /// Does not work.
    Bad,
}

/// One check.
#[derive(Debug, Serialize)]
struct Check {
    mark: Mark,
    what: &'static str,
    words: String,
    /// What to do now.
    now: Option<String>,
}

/// All checks so far.
#[derive(Default)]
struct Checks(Vec<Check>);

impl Checks {
    fn good(&mut self, what: &'static str, words: impl Into<String>) {
        self.add(Mark::Good, what, words, None);
    }

    fn look(&mut self, what: &'static str, words: impl Into<String>, now: &str) {
        self.add(Mark::Look, what, words, Some(now.to_owned()));
    }

    fn bad(&mut self, what: &'static str, words: impl Into<String>, now: &str) {
        self.add(Mark::Bad, what, words, Some(now.to_owned()));
    }

    fn failed(&mut self, what: &'static str, failure: &Failure, now: &str) {
        let lines: Vec<String> = failure
            .render()
            .lines()
            .map(|line| line.trim().to_owned())
            .collect();
        self.bad(what, lines.join(" ").trim_start_matches("tapegun: "), now);
    }

    fn add(&mut self, mark: Mark, what: &'static str, words: impl Into<String>, now: Option<String>) {
        self.0.push(Check {
            mark,
            what,
            words: words.into(),
            now,
        });
    }
}

/// Runs `doctor`. Fails where any check is bad.
pub(super) fn run(common: &Common) -> Report {
    let mut checks = Checks::default();
    match context::load(common) {
        Ok(config) => {
            configured(&config, &mut checks);
            station(common, &config, &mut checks);
        }
        Err(failure) => checks.failed(
            "configuration",
            &failure,
            "correct it; tapegun doctor --example shows a whole file",
        ),
    }
    let rows: Vec<Vec<String>> = checks
        .0
        .iter()
        .flat_map(|check| {
            let mark = match check.mark {
                Mark::Good => "good",
                Mark::Look => "LOOK",
                Mark::Bad => "BAD",
            };
            let first = vec![mark.to_owned(), check.what.to_owned(), check.words.clone()];
            let now = check
                .now
                .as_ref()
                .map(|now| vec![String::new(), String::new(), format!("now: {now}")]);
            [Some(first), now].into_iter().flatten()
        })
        .collect();
    let bad = checks.0.iter().any(|check| check.mark == Mark::Bad);
    let json = serde_json::json!({ "good": !bad, "checks": checks.0 });
    Report::new(table(&rows), json).ending(if bad { Exit::Failed } else { Exit::Done })
}

/// What can be said from the configuration alone.
fn configured(config: &Config, checks: &mut Checks) {
    match &config.file {
        Some(file) => checks.good("configuration", file.display().to_string()),
        None => checks.look(
            "configuration",
            format!("{} does not exist: only defaults", config.places.config.display()),
            "tapegun doctor --example writes one to begin with",
        ),
    }
    if config.stores.is_empty() {
        checks.bad(
            "stores",
            "no store is configured",
            "write one [[stores]] for each shop",
        );
    }
    for store in config.stores.iter().filter(|store| !store.has_account()) {
        checks.good(
            "stores",
            format!(
                "store {}: orders from files or by hand, labels from elsewhere",
                store.id
            ),
        );
    }
    for (name, near) in unknown_variables() {
        let now = near.map_or_else(|| "unset it".to_owned(), |near| format!("did you mean {near}?"));
        checks.look("environment", format!("{name} means nothing to tapegun"), &now);
    }
    carriers(config, checks);
    printer(config, checks);
}

/// Variables that begin with TAPEGUN_ and are not known.
fn unknown_variables() -> Vec<(String, Option<&'static str>)> {
    const KNOWN: [&str; 12] = [
        "TAPEGUN_CONFIG",
        "TAPEGUN_DATA",
        "TAPEGUN_CLOCK",
        "TAPEGUN_USER",
        "TAPEGUN_PIN",
        "TAPEGUN_STATION",
        "TAPEGUN_MANIFESTS",
        "TAPEGUN_PRINTER",
        "TAPEGUN_LOG",
        "TAPEGUN_PREVIEW",
        "TAPEGUN_KEY_FILE",
        "TAPEGUN_KEYS",
    ];
    const PARTS: [&str; 4] = ["_CLIENT_ID", "_CLIENT_SECRET", "_REFRESH_TOKEN", "_SPAPI"];
    std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| name.starts_with("TAPEGUN_") && !KNOWN.contains(&name.as_str()))
        .filter(|name| !PARTS.iter().any(|part| name.ends_with(part)))
        .map(|name| {
            let near = crate::config::nearest(&name, &KNOWN);
            (name, near)
        })
        .collect()
}

/// Everything that needs the store and Amazon.
fn station(common: &Common, config: &Config, checks: &mut Checks) {
    data_folder(&config.data, checks);
    let context = match Context::open(common) {
        Ok(context) => context,
        Err(failure) => {
            checks.failed("store", &failure, "the words say what stands in the way");
            return;
        }
    };
    store(&context, checks);
    match context.vault() {
        Ok(vault) => match key::unfinished(&context, &vault) {
            Ok(false) => checks.good("keys", "the station's keys open this store"),
            Ok(true) => checks.look(
                "keys",
                "a rotation is not finished: orders or back-ups still need an old key",
                "tapegun key rotate goes on with it",
            ),
            Err(failure) => checks.failed("keys", &failure, "the words say what stands in the way"),
        },
        Err(failure) => checks.failed("keys", &failure, "put the key file of this station back"),
    }
    match context.shops() {
        Ok(shops) => amazon(&context, shops, checks),
        Err(failure) => checks.failed(
            "credentials",
            &failure,
            "write them into credentials.toml, mode 0600",
        ),
    }
}

fn data_folder(path: &Path, checks: &mut Checks) {
    let Ok(found) = std::fs::metadata(path) else {
        return;
    };
    let mode = found.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        checks.look(
            "data folder",
            format!(
                "{} can be entered by other users (mode {mode:03o})",
                path.display()
            ),
            &format!("chmod 700 {}", path.display()),
        );
    }
}

fn store(context: &Context, checks: &mut Checks) {
    let looked = context.store.read_blocking(|store| {
        let waiting = store.waiting()?;
        let restored = store.restored()?;
        Ok((
            store.verify_chain()?,
            store.users()?,
            waiting,
            store.health()?,
            restored,
        ))
    });
    let (chain, users, waiting, health, restored) = match looked {
        Ok(looked) => looked,
        Err(error) => {
            checks.bad(
                "store",
                error.to_string(),
                "tapegun restore FILE puts the latest back-up back",
            );
            return;
        }
    };
    match chain {
        Ok(rows) => checks.good(
            "store",
            format!(
                "{}; {rows} rows of history hold",
                context.config.database().display()
            ),
        ),
        Err(words) => checks.bad(
            "store",
            words,
            "somebody changed the database: tapegun restore FILE puts the latest back-up back",
        ),
    }
    if let Some(words) = context.store.view_only() {
        checks.bad("store", words, "make it writable, then start again");
    }
    if let Some(restored) = restored {
        checks.look(
            "restored",
            restored.to_string(),
            "tapegun sync --once compares them, or leave the screens open",
        );
    }
    backups(context, checks);
    erasure(context, checks);
    if users.is_empty() {
        checks.look("people", "nobody can sign in", "tapegun users add NAME");
    } else {
        checks.good("people", format!("{} can sign in", users.len()));
        people(context, checks);
    }
    if waiting.unknown > 0 {
        checks.look(
            "labels",
            format!(
                "{} labels of which nobody knows what came of them",
                waiting.unknown
            ),
            "tapegun sync --once looks them up",
        );
    }
    let now = context.clock.now();
    if let Some(last) = health.last_ok.filter(|last| *last > now) {
        checks.bad(
            "clock",
            format!("the clock says {now}, but Amazon was last asked at {last}"),
            "set the machine's clock, switch on NTP",
        );
    } else {
        checks.good("clock", now.format("%Y-%m-%d %H:%M:%S UTC").to_string());
    }
}

/// Whether anybody may change people, and who is to be reviewed.
fn people(context: &Context, checks: &mut Checks) {
    let Ok(people) = context.store.read_blocking(|store| store.people()) else {
        return;
    };
    let may = |permission| people.iter().any(|person| person.user.may.contains(&permission));
    if !may(Permission::Users) {
        checks.look(
            "people",
            "nobody is administrator: anybody at this machine may add people and change what they may do",
            "tapegun users add NAME --role administrator",
        );
    }
    let now = context.clock.now();
    let due = people.iter().filter(|person| person.is_review_due(now)).count();
    if due > 0 {
        checks.look(
            "people",
            format!("{due} are to be looked at, as everybody once in a quarter"),
            "tapegun users list --review, then tapegun users review NAME for each",
        );
    }
}

/// When customers' data that was due was erased last, and whether some of it could not be reached.
fn erasure(context: &Context, checks: &mut Checks) {
    let last = match context.store.read_blocking(|store| store.erasure()) {
        Ok(last) => last,
        Err(error) => {
            return checks.bad(
                "erasure",
                error.to_string(),
                "the words say what stands in the way",
            );
        }
    };
    let now = "tapegun erase --due tries again and says what is in the way";
    match last {
        Some(run) if !run.left.is_empty() => checks.bad("erasure", run.left.join("; "), now),
        Some(run) if context.clock.now() - run.at > chrono::TimeDelta::days(2) => checks.look(
            "erasure",
            format!("the last run is of {}", run.at.format("%Y-%m-%d %H:%M UTC")),
            "tapegun erase --due, or leave tapegun sync running: it erases once a day",
        ),
        Some(run) => checks.good(
            "erasure",
            format!("last run {}", run.at.format("%Y-%m-%d %H:%M UTC")),
        ),
        None => checks.good("erasure", "nothing was due yet"),
    }
}

/// When the last back-up was made.
fn backups(context: &Context, checks: &mut Checks) {
    let known = crate::store::backups::known(&context.config.database());
    let now = context.clock.now();
    match known.iter().map(|backup| backup.made_at).max() {
        Some(last) if now - last <= chrono::TimeDelta::days(2) => {
            checks.good("back-up", format!("{}", last.format("%Y-%m-%d %H:%M UTC")));
        }
        Some(last) => checks.look(
            "back-up",
            format!("the last one is of {}", last.format("%Y-%m-%d %H:%M UTC")),
            "tapegun backup FOLDER, every day",
        ),
        None => checks.look(
            "back-up",
            "none was made on this station",
            "tapegun backup FOLDER, every day, on another disk",
        ),
    }
}

/// Logs in for each shop: the credentials are right and the clock is near enough.
fn amazon(context: &Context, (shops, problems): Shops, checks: &mut Checks) {
    for words in problems {
        checks.bad(
            "credentials",
            words,
            "write them into credentials.toml, mode 0600",
        );
    }
    if shops.is_empty() {
        return;
    }
    let Ok(runtime) = tokio_runtime(true) else {
        checks.bad(
            "Amazon",
            "the machine has no room for another task",
            "end other programs",
        );
        return;
    };
    let buckets = Arc::new(Buckets::full(Arc::clone(&context.clock)));
    for (profile, credentials) in shops {
        let id: StoreId = profile.id.clone();
        let client = {
            let _inside = runtime.enter();
            SellerClient::new(
                &profile,
                credentials,
                Arc::clone(&context.clock),
                Arc::clone(&buckets),
            )
        };
        let client = match client {
            Ok(client) => client,
            Err(error) => {
                checks.bad("credentials", error.to_string(), "correct the store's settings");
                continue;
            }
        };
        secret(context, &client, checks);
        match runtime.block_on(async { tokio::time::timeout(PATIENCE, client.log_in()).await }) {
            Ok(Ok(())) => {
                checks.good("Amazon", format!("store {id}: Amazon accepts the credentials"));
                restricted(&runtime, &client, &profile, checks);
            }
            Ok(Err(error)) => checks.bad(
                "Amazon",
                format!("store {id}: {error}"),
                "look at network and credentials",
            ),
            Err(_) => checks.bad(
                "Amazon",
                format!("store {id}: no answer within 3 s"),
                "look at the network",
            ),
        }
    }
}

/// Amazon wants a new client secret every 180 days.
fn secret(context: &Context, client: &SellerClient, checks: &mut Checks) {
    let Ok(vault) = context.vault() else { return };
    let (id, print) = (client.store().clone(), sync::secret_print(&vault, client));
    let (made, now) = (client.secret_made(), context.clock.now());
    let shop = id.clone();
    let age = context
        .store
        .read_blocking(move |store| sync::secret_age(store, &shop, &print, made, now));
    match age {
        Ok(Some(age)) => match age.words(&id) {
            Some(words) if matches!(age, SecretAge::Over { .. }) => {
                checks.bad("secret", words, "Amazon may shut the application out");
            }
            Some(words) => checks.look("secret", words, "before that day"),
            None => checks.good("secret", format!("store {id}: young enough")),
        },
        // It is noted when the leader first uses it.
        Ok(None) => {}
        Err(error) => checks.bad(
            "secret",
            error.to_string(),
            "the words say what stands in the way",
        ),
    }
}

/// Merchant Fulfillment's labels need a token of their own, which Amazon gives only with the role.
fn restricted(
    runtime: &tokio::runtime::Runtime,
    client: &SellerClient,
    profile: &StoreProfile,
    checks: &mut Checks,
) {
    if profile.account.via != LabelVia::MerchantFulfillmentV0 {
        return;
    }
    let id = &profile.id;
    match runtime.block_on(async { tokio::time::timeout(PATIENCE, client.check_restricted()).await }) {
        Ok(Ok(())) => checks.good(
            "labels",
            format!("store {id}: Amazon gives the Restricted Data Token"),
        ),
        Ok(Err(error)) => checks.bad(
            "labels",
            format!("store {id}: {error}"),
            "give the application the role Direct-to-Consumer Shipping and authorise it again",
        ),
        Err(_) => checks.bad(
            "labels",
            format!("store {id}: no answer within 3 s"),
            "look at the network",
        ),
    }
}

/// Which of Amazon's label APIs each store buys through, and what that one needs.
fn carriers(config: &Config, checks: &mut Checks) {
    for store in &config.stores {
        let account = &store.account;
        let needs = match account.via {
            LabelVia::MerchantFulfillmentV0 => {
                "; it needs the role Direct-to-Consumer Shipping with a Restricted Data Token, a ship-from name of at \
                 most 30 letters and an e-mail address, and a lost answer is never asked again"
            }
            LabelVia::ShippingV2 => "; it needs the role Direct-to-Consumer Shipping",
            LabelVia::Outside => "",
        };
        checks.good(
            "carrier",
            format!(
                "store {}: {} buys through {}{needs}",
                store.id,
                account.name,
                account.via.words()
            ),
        );
    }
}

fn printer(config: &Config, checks: &mut Checks) {
    match &config.printer {
        None => checks.look(
            "printer",
            "none: labels are bought and kept, not printed",
            "name one under [printer]; tapegun label ORDER --to FILE writes a label",
        ),
        Some(PrinterSetting::Folder(path)) => match std::fs::metadata(path) {
            Ok(found) if found.is_dir() => checks.good("printer", format!("folder {}", path.display())),
            Ok(_) => checks.bad(
                "printer",
                format!("{} is no folder", path.display()),
                "name a folder",
            ),
            Err(_) => checks.good(
                "printer",
                format!("folder {}, made with the first label", path.display()),
            ),
        },
        Some(PrinterSetting::Raw(address)) => {
            let reached = address
                .to_socket_addrs()
                .ok()
                .and_then(|mut found| found.find(|one| TcpStream::connect_timeout(one, PATIENCE).is_ok()));
            match reached {
                Some(_) => checks.good("printer", format!("{address} answers")),
                None => checks.bad(
                    "printer",
                    format!("{address} does not answer"),
                    "look at power, cable and address",
                ),
            }
        }
        Some(PrinterSetting::Cups(queue)) => {
            let known = std::process::Command::new("lpstat").args(["-p", queue]).output();
            match known {
                Ok(output) if output.status.success() => {
                    checks.good("printer", format!("CUPS queue {queue}"));
                }
                Ok(_) => checks.bad(
                    "printer",
                    format!("CUPS does not know the queue {queue}"),
                    "lpstat -e names the queues",
                ),
                Err(_) => checks.bad(
                    "printer",
                    "CUPS is not installed (no lpstat)",
                    "install cups-client",
                ),
            }
        }
    }
}
