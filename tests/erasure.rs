//! 31 simulated days, 200 customers, with the real program: nothing of an erased customer opens or is found in any
//! file that this station holds, with the station's keys in hand; also not after a back-up of the first day is put
//! back with a copy of its keys that lay elsewhere.

#[path = "support/rig.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod rig;

#[path = "support/coats.rs"]
mod coats;

#[path = "erasure/sealed.rs"]
mod sealed;
#[path = "erasure/typed.rs"]
mod typed;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::{DateTime, TimeDelta, Utc};
use rig::Rig;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tapegun::clock::{Clock as _, SystemClock};
use tapegun::domain::ids::{DataKeyId, OrderNumber, StoreId};
use tapegun::domain::refund::Paper;
use tapegun::domain::sealed::WrappedKey;
use tapegun::domain::status::OrderStatus;
use tapegun::simulator::demo;
use tapegun::store::{Erasing as _, Store as _, VoidWish, backups};
use tapegun::vault::{StationKeys, Vault};

/// Algorithm and station key's id before a wrapped key; nonce, key and tag after.
const HEAD: usize = 5;
const WRAPPED: usize = HEAD + 24 + 32 + 16;

/// An order with the key that opens its customer.
struct Customer {
    number: String,
    key: WrappedKey,
}

fn customers(rig: &Rig) -> Vec<Customer> {
    let store = rig.store();
    let each = rig.orders().into_iter().map(|number| {
        let key = store
            .order_key(&StoreId::from("us"), &OrderNumber(number.clone()))
            .expect("read")
            .expect("a key");
        Customer { number, key }
    });
    each.collect()
}

/// Every file below these folders.
fn files(folders: &[&Path]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in folders {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                found.extend(files(&[&path]));
            } else {
                found.push(path);
            }
        }
    }
    found
}

/// With the station's keys in hand: which of these customers' keys open, wherever in these files they stand, as they
/// are or behind base64.
fn opened(rig: &Rig, customers: &[Customer], folders: &[&Path]) -> BTreeSet<String> {
    let vault =
        Vault::new(StationKeys::load(&rig.data().with_file_name("keys")).expect("the station's keys"));
    let head = &customers[0].key.bytes[..HEAD];
    let mut candidates: BTreeSet<Vec<u8>> = BTreeSet::new();
    for file in files(folders) {
        let bytes = std::fs::read(&file).expect("readable");
        let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
        let hidden = bytes
            .split(|byte| !is_base64(byte))
            .filter(|run| run.len() >= WRAPPED);
        let decoded: Vec<Vec<u8>> = hidden.filter_map(|run| BASE64.decode(run).ok()).collect();
        for text in std::iter::once(&bytes).chain(&decoded) {
            let places = text.windows(WRAPPED).filter(|part| part.starts_with(head));
            candidates.extend(places.map(<[u8]>::to_vec));
        }
    }
    let mut found = BTreeSet::new();
    for bytes in candidates {
        for customer in customers {
            let id = DataKeyId(customer.key.id.0);
            let bytes = bytes.clone();
            if vault.open_key(&WrappedKey { id, bytes }).is_ok() {
                found.insert(customer.number.clone());
            }
        }
    }
    found
}

fn at(clock: DateTime<Utc>) -> String {
    clock.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Runs a subcommand at a time; its status and words.
fn run(rig: &Rig, now: DateTime<Utc>, arguments: &[&str]) -> (i32, String) {
    run_of(rig, "Ana", now, arguments)
}

fn run_of(rig: &Rig, user: &str, now: DateTime<Utc>, arguments: &[&str]) -> (i32, String) {
    let output = rig
        .station_of(user, arguments)
        .env("TAPEGUN_CLOCK", at(now))
        .output()
        .expect("it runs");
    let words = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    (output.status.code().expect("not killed"), words)
}

fn must(rig: &Rig, now: DateTime<Utc>, arguments: &[&str]) -> String {
    let (status, words) = run(rig, now, arguments);
    assert_eq!(status, 0, "{arguments:?}: {words}");
    words
}

/// What labels cost. The share of Prime orders beside it is of the last thirty days alone.
fn spent(rig: &Rig, now: DateTime<Utc>) -> serde_json::Value {
    let told: serde_json::Value = serde_json::from_str(&must(rig, now, &["spend", "--json"])).expect("JSON");
    told["rows"].clone()
}

#[test]
fn after_31_days_no_erased_customer_opens_anywhere() {
    let rig = Rig::start(51, Some(200));
    let today = SystemClock::new().now();
    let day_31 = today + TimeDelta::days(31);
    let elsewhere = tempfile::tempdir().expect("a folder");
    let backups_folder = rig.data().join("backups");
    std::fs::create_dir(&backups_folder).expect("made");
    let all = customers(&rig);
    assert_eq!(all.len(), 200);
    let (shipped, rest) = all.split_at(8);
    let (canceled, live) = rest.split_at(110);
    for order in shipped {
        rig.pack(&order.number, &rig.codes(&order.number));
        rig.ship(&order.number);
    }
    {
        let mut store = rig.store();
        for order in canceled {
            let id = rig.id(&order.number);
            store
                .set_status(id, OrderStatus::Canceled, None, "a test", today)
                .expect("canceled");
        }
        // The last of the shipped ones is being voided on the 31st day.
        let label = store.labels_of(rig.id(&shipped[7].number)).expect("labels")[0].id;
        let wish = VoidWish {
            by: store.users().expect("users")[0].id,
            reason: "a test".to_owned(),
            paper: Paper::destroyed(),
        };
        store.want_void(label, &wish, today).expect("void wanted");
    }
    let erased: Vec<&Customer> = shipped[..7].iter().chain(canceled).collect();
    let kept: Vec<&Customer> = shipped[7..].iter().chain(live).collect();
    let names = |of: &[&Customer]| -> BTreeSet<String> { of.iter().map(|one| one.number.clone()).collect() };

    // A back-up of the first day, its pair copied to another building, and a database that a restore put aside.
    must(&rig, today, &["backup", &backups_folder.display().to_string()]);
    let backup = backups::known(&rig.data().join("tapegun.db"))[0].file.clone();
    let copy = elsewhere.path().join("copy.db");
    std::fs::copy(&backup, &copy).expect("copied");
    std::fs::copy(backups::keys_of(&backup), backups::keys_of(&copy)).expect("copied");
    must(
        &rig,
        today + TimeDelta::days(2),
        &["restore", &backup.display().to_string()],
    );
    // The search finds what is there: every customer opens on the first days.
    let (data, labels) = (rig.data(), rig.data().with_file_name("labels"));
    let everywhere: [&Path; 2] = [&data, &labels];
    assert_eq!(opened(&rig, &all, &everywhere).len(), 200);
    let keys = data.with_file_name("keys");
    let customers = Customers::of_the_demo(today);
    let thief = sealed::steal(&keys, &everywhere);
    assert_eq!((thief.orders.len(), thief.closed, thief.databases), (200, 0, 3));
    assert_eq!(customers.in_plain(&thief.plain), customers.everybody());
    let slip = shipped[0].number.as_str();
    must(&rig, today, &["slip", slip]);
    let statistics = spent(&rig, today);
    let sheets = std::fs::read_dir(&labels).expect("a folder").count();
    assert_eq!(sheets, 9, "each label was printed into the folder, and a slip");

    let (_, words) = run(&rig, day_31 - TimeDelta::days(2), &["erase", "--due"]);
    assert!(words.contains("nothing is due"), "{words}");
    let due = must(&rig, day_31, &["erase", "--due", "--dry-run"]);
    assert!(
        due.contains(&erased[0].number) && !due.contains(&kept[0].number),
        "{due}"
    );
    let words = must(&rig, day_31, &["erase", "--due"]);
    assert!(words.contains("117 orders' customer data erased"), "{words}");

    assert_eq!(opened(&rig, &all, &everywhere), names(&kept));
    let log = std::fs::metadata(data.join("tapegun.db-wal")).map_or(0, |facts| facts.len());
    assert_eq!(log, 0, "the log was emptied");
    assert_eq!(std::fs::read_dir(&labels).expect("a folder").count(), 1);
    is_erased(&rig, day_31, erased[0], kept[1]);
    let is_gone = |when: &str| {
        let thief = sealed::steal(&keys, &everywhere);
        assert_eq!(thief.orders, names(&kept), "{when}");
        has_what_it_needs(&thief, &kept[0].number, when);
        let lives = |email: &String| kept.iter().any(|one| customers.email_of(&one.number) == *email);
        let wanted: BTreeSet<String> = customers.everybody().into_iter().filter(lives).collect();
        assert_eq!(customers.in_plain(&thief.plain), wanted, "{when}");
        assert_eq!(
            customers.written_in(&everywhere, &labels),
            Vec::<String>::new(),
            "{when}"
        );
    };
    is_gone("erased on day 31");
    // What is kept is whole: each live customer can be read, and nothing is counted otherwise.
    for live in &kept {
        let shown = must(&rig, day_31, &["orders", "show", &live.number, "--reveal"]);
        assert!(shown.contains(&customers.name_of(&live.number)), "{shown}");
    }
    assert_eq!(spent(&rig, day_31), statistics);
    must(&rig, day_31, &["audit", "verify"]);

    // Put back from the copy that lay elsewhere, whose file of keys nobody has pruned.
    assert_eq!(
        opened(&rig, &all, &[elsewhere.path()]).len(),
        200,
        "the copy still opens"
    );
    must(&rig, day_31, &["restore", &copy.display().to_string()]);
    assert_eq!(opened(&rig, &all, &everywhere), names(&kept));
    is_erased(&rig, day_31, erased[0], kept[1]);

    is_gone("the back-up of day 1, put back on day 31");
    must(&rig, day_31, &["audit", "verify"]);
}

/// What a live order needs is there: its label, what was asked for it, its customer.
fn has_what_it_needs(thief: &sealed::Thief, order: &str, when: &str) {
    for kind in ["customer", "document", "request"] {
        assert!(thief.kinds[order].contains(kind), "{when}: {kind}");
    }
}

/// The demo's customers: what they are known by.
struct Customers {
    /// By order: name, e-mail.
    by_order: BTreeMap<String, (String, String)>,
    /// Every text that is long enough not to stand anywhere by chance, folded.
    texts: Vec<String>,
}

impl Customers {
    fn of_the_demo(today: DateTime<Utc>) -> Self {
        let mut texts: BTreeSet<String> = BTreeSet::new();
        let mut by_order = BTreeMap::new();
        for order in demo::many(200, today) {
            by_order.insert(order.number, (order.address.name.clone(), order.buyer.1.clone()));
            texts.extend([
                order.address.name,
                order.address.phone,
                order.buyer.0,
                order.buyer.1,
            ]);
            texts.extend(order.address.lines);
        }
        let folded = texts.into_iter().map(|text| text.to_lowercase());
        Self {
            by_order,
            texts: folded.filter(|text| text.chars().count() >= 7).collect(),
        }
    }

    fn email_of(&self, order: &str) -> String {
        self.by_order[order].1.clone()
    }

    fn name_of(&self, order: &str) -> String {
        self.by_order[order].0.clone()
    }

    fn everybody(&self) -> BTreeSet<String> {
        self.by_order.values().map(|(_, email)| email.clone()).collect()
    }

    /// Whose e-mail addresses stand in this plain text: each has one of its own.
    fn in_plain(&self, plain: &[u8]) -> BTreeSet<String> {
        let text = String::from_utf8_lossy(plain).into_owned();
        let quoted = |email: &String| text.contains(&format!("\"{email}\""));
        self.everybody().into_iter().filter(quoted).collect()
    }

    /// Files that hold any customer's text in any coat; sheets of live orders in the folder of labels may.
    fn written_in(&self, folders: &[&Path], labels: &Path) -> Vec<String> {
        let each = files(folders)
            .into_iter()
            .filter(|file| !file.starts_with(labels));
        let hits = each.filter_map(|file| {
            let bytes = std::fs::read(&file).expect("readable");
            let found = coats::found(&bytes, &self.texts);
            (!found.is_empty()).then(|| format!("{}: {found:?}", file.display()))
        });
        hits.collect()
    }
}

/// The erased order says so, its numbers stay; the live one can be read.
fn is_erased(rig: &Rig, now: DateTime<Utc>, erased: &Customer, live: &Customer) {
    let (status, words) = run(rig, now, &["orders", "show", &erased.number, "--reveal"]);
    assert!(status == 3 && words.contains("is erased"), "{status} {words}");
    let (status, words) = run(rig, now, &["label", &erased.number, "--print"]);
    assert!(status != 0 && words.contains("is erased"), "{status} {words}");
    must(rig, now, &["orders", "show", &erased.number]);
    must(rig, now, &["orders", "show", &live.number, "--reveal"]);
    let store = rig.store();
    let labels = store.labels_of(rig.id(&erased.number)).expect("labels");
    assert!(labels[0].tracking.is_some(), "tracking number and price stay");
    store.verify_chain().expect("read").expect("the chain is whole");
}

#[test]
fn the_leader_erases_by_itself_once_a_day() {
    let rig = Rig::start(52, Some(4));
    let today = SystemClock::new().now();
    let all = customers(&rig);
    {
        let mut store = rig.store();
        let id = rig.id(&all[0].number);
        store
            .set_status(id, OrderStatus::Canceled, None, "a test", today)
            .expect("canceled");
        let run = store.erasure().expect("read").expect("the first sync made a run");
        assert_eq!((run.erased, run.left.len()), (0, 0));
    }
    let later = today + TimeDelta::days(31);
    let (_, words) = run(&rig, later, &["sync", "--once"]);
    assert!(words.contains("1 order's customer data erased"), "{words}");
    let (_, words) = run(&rig, later, &["doctor"]);
    assert!(words.contains("erasure"), "{words}");
    assert_eq!(opened(&rig, &all, &[&rig.data()]).len(), 3);

    // A file of keys that cannot be read is said aloud, and made up for once it can.
    let folder = rig.data().join("b.db");
    must(&rig, later, &["backup", &folder.display().to_string()]);
    let keys = backups::keys_of(&folder);
    let whole = std::fs::read(&keys).expect("its keys");
    std::fs::write(&keys, "cut").expect("written");
    let (status, words) = run(&rig, later, &["erase", "--due"]);
    assert!(
        status == 1 && words.contains("is cut or changed"),
        "{status} {words}"
    );
    let (_, words) = run(&rig, later, &["doctor"]);
    assert!(words.contains("is cut or changed"), "{words}");
    std::fs::write(&keys, whole).expect("written");
    must(&rig, later, &["erase", "--due"]);
}

#[test]
fn the_audit_log_is_listed_exported_and_proven() {
    let rig = Rig::start(53, Some(2));
    let now = SystemClock::new().now();
    let order = rig.orders()[0].clone();
    must(&rig, now, &["orders", "show", &order, "--reveal"]);
    let list = must(
        &rig,
        now,
        &["audit", "list", "customer's", "--by", "Ana", "--order", &order],
    );
    assert!(list.contains("customer's data shown"), "{list}");
    let file = rig.data().join("audit.csv");
    let path = file.display().to_string();
    must(&rig, now, &["audit", "export", &path]);
    let text = std::fs::read_to_string(&file).expect("the export");
    assert!(
        text.starts_with("\u{feff}row,at,who,store,order,what,hash\r\n") && text.contains(&order),
        "{text}"
    );
    assert_eq!(
        run(&rig, now, &["audit", "export", &path]).0,
        1,
        "never over another file"
    );
    must(&rig, now, &["audit", "verify", "--against", &path]);
    // Another log is told from the one that was exported.
    let other = text.replacen("user Ana added", "user Bob added", 1);
    let hash = text
        .lines()
        .nth(1)
        .and_then(|row| row.rsplit(',').next())
        .expect("a hash");
    std::fs::write(&file, other.replacen(hash, &"0".repeat(64), 1)).expect("written");
    let (status, words) = run(&rig, now, &["audit", "verify", "--against", &path]);
    assert!(
        status == 1 && words.contains("row 1 of the audit log is not what it was"),
        "{status} {words}"
    );
}
