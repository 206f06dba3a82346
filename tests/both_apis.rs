//! The same scripted day over Shipping v2 and over Merchant Fulfillment v0: the real binary, the same orders, the same
//! scans and commands. What a script sees must be the same word for word, apart from ids, tracking numbers and
//! moments; and so must what Amazon sold.

use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use tapegun::clock::{Clock, SystemClock};
use tapegun::simulator::{Fault, FaultKind, Running, Simulator, SimulatorConfig, demo};
use tempfile::TempDir;

const APIS: [&str; 2] = ["shipping-v2", "merchant-fulfillment-v0"];
const TODAY: &str = "2026-11-18T15:00:00Z";
const BOX: [&str; 4] = ["--weight", "2 lb", "--size", "10x8x6 in"];
/// Barcodes of the demo's catalogue.
const MUG: &str = "850047100016";
const SOAP: &str = "850047100030";
const SERUM: &str = "850047100078";
const TOWEL: &str = "850047100108";
/// What differs from one day to the next by its nature.
/// Or because each API says in lists of its own which services it does not offer.
const VOLATILE: [&str; 19] = [
    "ineligible",
    "unaccepted",
    "unavailable",
    "why_not",
    "id",
    "quote",
    "asked_at",
    "wanted_at",
    "changed_at",
    "bought_at",
    "voided_at",
    "expected_by",
    "word_at",
    "at",
    "bytes",
    "via",
    "request_id",
    // Only Shipping v2 itemises prices and says how large a sheet is.
    "parts",
    "prints_as",
];

/// Only Shipping v2 names this part of a price.
const WEEKEND_FEE: &str = "the price includes Sunday or holiday delivery";

/// A day at a station whose store buys through one API.
struct Day {
    folder: TempDir,
    amazon: Running,
    clock: Arc<SystemClock>,
    /// Everything that was said, in order.
    said: Vec<String>,
}

impl Day {
    fn begin(api: &str) -> Self {
        let clock = Arc::new(SystemClock::set_to(TODAY.parse().expect("a time")));
        let config = SimulatorConfig::demo(Arc::clone(&clock) as Arc<dyn Clock>);
        let day = Self {
            folder: TempDir::new().expect("a folder"),
            amazon: Simulator::start(config).expect("a simulator"),
            clock,
            said: Vec::new(),
        };
        let base = day.amazon.base_url();
        let mut config = format!(
            "[printer]\nfolder = \"{}\"\n[carrier]\napi = \"{api}\"\nconfirmation = \"signature\"\n",
            day.path("labels").display()
        );
        let mut credentials = String::new();
        for (id, token) in [
            ("harbor", demo::REFRESH_TOKEN_FIRST),
            ("meadow", demo::REFRESH_TOKEN_SECOND),
        ] {
            write!(
                config,
                "[[stores]]\nid = \"{id}\"\nregion = \"na\"\nmarketplace = \"{}\"\namazon = \"{base}\"\nlogin = \
                 \"{base}\"\n[stores.ship_from]\nname = \"Harbor Home\"\nline1 = \"400 Wharf Street\"\ncity = \
                 \"Columbus\"\nstate = \"OH\"\npostal_code = \"43215\"\ncountry = \"US\"\nphone = \
                 \"614-555-0100\"\nemail = \"bench@example.com\"\nzone = \"America/New_York\"\n",
                demo::MARKETPLACE
            )
            .expect("text");
            write!(
                credentials,
                "[{id}]\nclient_id = \"{}\"\nclient_secret = \"{}\"\nrefresh_token = \"{token}\"\n",
                demo::CLIENT_ID,
                demo::CLIENT_SECRET
            )
            .expect("text");
        }
        std::fs::write(day.path("config.toml"), config).expect("written");
        let secrets = day.path("credentials.toml");
        std::fs::write(&secrets, credentials).expect("written");
        std::fs::set_permissions(&secrets, std::fs::Permissions::from_mode(0o600)).expect("set");
        day
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tapegun"));
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("TAPEGUN_CONFIG", self.path("config.toml"))
            .env("TAPEGUN_DATA", self.path("data"))
            .env("TAPEGUN_CLOCK", self.clock.now().to_rfc3339())
            .args(arguments)
            .args(["--user", "Ana", "--json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs one command with these scans, and notes what it said.
    fn does(&mut self, arguments: &[&str], scans: &[&str]) -> Value {
        let mut child = self.command(arguments).spawn().expect("it runs");
        let mut input = child.stdin.take().expect("piped");
        for scan in scans {
            writeln!(input, "{scan}").expect("taken");
        }
        drop(input);
        let output = child.wait_with_output().expect("it ends");
        let text = String::from_utf8(output.stdout).expect("text");
        let lines: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        let said = lines.last().cloned().unwrap_or_default();
        let status = output.status.code().expect("not killed");
        let mut entry = json!({"asked": arguments, "status": status, "said": lines});
        forget_volatile(&mut entry);
        self.said.push(entry.to_string());
        said
    }

    fn run(&mut self, arguments: &[&str]) -> Value {
        self.does(arguments, &[])
    }

    /// The demo's order with this program and these SKUs.
    fn order_of(&self, program: Option<&str>, skus: &[(&str, u32)]) -> String {
        self.amazon
            .orders()
            .into_iter()
            .find(|number| {
                let order = self.amazon.order(number).expect("an order");
                let lines: Vec<(&str, u32)> = order
                    .lines
                    .iter()
                    .map(|line| (line.sku.as_str(), line.quantity))
                    .collect();
                lines == skus && program.is_none_or(|program| order.programs.iter().any(|one| one == program))
            })
            .expect("the demo has such an order")
    }

    /// Packs, asks for rates, ships, and shows the order.
    fn ships(&mut self, order: &str, scans: &[&str], how: &[&str]) -> Value {
        self.does(&["pack", order], scans);
        self.run(&[&["rates", order], &BOX[..]].concat());
        let shipped = self.run(&[&["ship", order], how].concat());
        self.run(&["orders", "show", order]);
        shipped
    }

    /// The printed sheets, in the order in which they came out.
    fn sheets(&self) -> Vec<String> {
        let folder = std::fs::read_dir(self.path("labels")).expect("the printer's folder");
        let mut files: Vec<(std::time::SystemTime, PathBuf)> = folder
            .map(|entry| {
                let entry = entry.expect("an entry");
                let when = entry.metadata().and_then(|about| about.modified());
                (when.expect("a time"), entry.path())
            })
            .collect();
        files.sort();
        files
            .iter()
            .map(|(_, file)| String::from_utf8_lossy(&std::fs::read(file).expect("a sheet")).into_owned())
            .collect()
    }

    /// What was said, with Amazon's ids by their number in the ledger.
    fn told(&self) -> Vec<String> {
        self.said.iter().map(|text| self.without_ids(text)).collect()
    }

    fn without_ids(&self, text: &str) -> String {
        let mut text = text
            .replace(&self.folder.path().display().to_string(), "FOLDER")
            .replace(&format!("\"{WEEKEND_FEE}\","), "")
            .replace(&format!("; {WEEKEND_FEE}"), "");
        for (number, sold) in self.amazon.ledger().shipments.iter().enumerate() {
            text = text
                .replace(&sold.shipment_id, &format!("SHIPMENT {number}"))
                .replace(&sold.tracking, &format!("TRACKING {number}"));
        }
        text
    }

    /// What Amazon sold: order, service, price, format, units with their codes, live or not.
    fn sold(&self) -> Vec<String> {
        self.amazon
            .ledger()
            .shipments
            .iter()
            .map(|sold| {
                let items: Vec<String> = sold
                    .items
                    .iter()
                    .map(|item| format!("{} x{} {:?}", item.order_item_id, item.quantity, item.serials))
                    .collect();
                format!(
                    "{} {} {} {} {} {items:?}",
                    sold.order_id, sold.service_id, sold.cents, sold.format, sold.status
                )
            })
            .collect()
    }
}

fn forget_volatile(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|key, value| {
                let is_id = key == "label" && value.is_string();
                !is_id && !VOLATILE.contains(&key.as_str())
            });
            object.values_mut().for_each(forget_volatile);
            // Services that do not have the wanted Delivery Confirmation: Shipping v2 lists them and the station says
            // that they are not offered with it, Merchant Fulfillment leaves them out.
            if let Some(Value::Array(rates)) = object.get_mut("rates") {
                rates.retain(|rate| rate["offered"] == true);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(forget_volatile),
        _ => {}
    }
}

/// Import, pack, rates, ship, reprint, void, ship again; a Prime order, one with transparency codes, a business.
fn work(day: &mut Day) {
    day.run(&["users", "add", "Ana", "--role", "lead"]);
    let products = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/products.csv");
    day.run(&["products", "import", products.to_str().expect("a path")]);
    day.run(&["sync", "--once"]);
    day.run(&["orders", "list", "--status", "ready-to-pick"]);

    let prime = day.order_of(Some("PRIME"), &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]);
    let shipped = day.ships(&prime, &[MUG, TOWEL, SOAP, SOAP], &[]);
    assert_eq!(shipped["label"]["state"], "printed", "{shipped}");
    day.run(&["ship", &prime]);
    let file = day.path("label.zpl");
    day.run(&["label", &prime, "--to", file.to_str().expect("a path")]);
    day.run(&["label", &prime, "--print"]);
    day.run(&["void", &prime, "--reason", "customer called", "--label-destroyed"]);
    day.run(&["label", &prime, "--print"]);
    day.run(&["orders", "show", &prime]);
    let again = day.ships(&prime, &[MUG, SOAP, SOAP], &["--confirmation", "adult-signature"]);
    assert_eq!(again["label"]["state"], "printed", "{again}");

    let serum = day.order_of(None, &[("SERUM-30", 3)]);
    let codes = [1, 2, 3].map(|unit| format!("AZ:DEMO2026SERUMUNITNUMBER00{unit}"));
    let scans = [SERUM, &codes[0], SERUM, &codes[0], &codes[1], SERUM, &codes[2]];
    let shipped = day.ships(&serum, &scans, &["--no-print"]);
    assert_eq!(shipped["label"]["state"], "bought", "{shipped}");

    let business = day.order_of(Some("AMAZON_BUSINESS"), &[("TOWEL-FACE", 4), ("SOAP-LAV", 2)]);
    day.does(&["pack", &business], &[TOWEL, TOWEL, TOWEL, TOWEL, SOAP, SOAP]);
    let rates = day.run(&[&["rates", &business], &BOX[..]].concat());
    let rates = rates["rates"].as_array().expect("rates").clone();
    let barred = rates.iter().find(|rate| rate["barred"].is_string());
    let home = barred.expect("FedEx Home Delivery is offered")["service"].clone();
    let home = home.as_str().expect("an id");
    let refused = day.run(&["ship", &business, "--service", home, "--reason", "cheap"]);
    assert_eq!(refused["exit"], 3, "{refused}");
    let red = rates
        .iter()
        .find(|rate| rate["tint"] == "red" && rate["barred"].is_null() && rate["offered"] == true);
    let weekend = red.expect("a weekend delivery is offered")["service"].clone();
    let weekend = weekend.as_str().expect("an id");
    let refused = day.run(&["ship", &business, "--service", weekend]);
    assert_eq!(refused["exit"], 3, "{refused}");
    day.run(&["ship", &business]);
    day.run(&["void", &business, "--reason", "wrong box", "--label-destroyed"]);
    day.run(&["sync", "--once"]);
    day.run(&["orders", "list"]);
}

#[test]
fn the_same_day_over_both_apis_has_the_same_outcome() {
    let days = APIS.map(|api| {
        let mut day = Day::begin(api);
        work(&mut day);
        day
    });
    let [newer, older] = &days;
    for (day, api) in days.iter().zip(APIS) {
        let ledger = day.amazon.ledger();
        assert!(ledger.shipments.iter().all(|sold| sold.api == api), "{api}");
        assert_eq!(ledger.shipments.len(), 4, "{api}");
    }
    for (one, other) in newer.told().iter().zip(older.told()) {
        if *one != other {
            let at = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
            let near =
                |text: &str| String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(300)..]).into_owned();
            panic!(
                "{}\n  newer: …{:.700}\n  older: …{:.700}",
                &one[..80.min(one.len())],
                near(one),
                near(&other)
            );
        }
    }
    assert_eq!(newer.said.len(), older.said.len());
    assert_eq!(newer.sold(), older.sold());
    let sheets = |day: &Day| -> Vec<String> {
        let sheets = day.sheets();
        sheets.iter().map(|sheet| day.without_ids(sheet)).collect()
    };
    // The customer's purchase order number comes on a strip of our own, or as Amazon's text on the label.
    let strip = "^XA^FO30,60^A0N,70,70^FH_^FDPO_20PO_2D2026_2D0417^FS^XZ\n";
    let text = "^FO40,1146^A0N,26,26^FDPO-2026-0417^FS\n";
    let without = |sheets: Vec<String>, number: &str| -> (usize, Vec<String>) {
        let found = sheets.iter().filter(|sheet| sheet.contains(number)).count();
        let rest = sheets.iter().map(|sheet| sheet.replace(number, "")).collect();
        (found, rest)
    };
    let (newer, older) = (without(sheets(newer), strip), without(sheets(older), text));
    assert_eq!(newer.0, 1, "once, and on the one order that has a number");
    assert_eq!(newer, older);
}

#[test]
fn the_doctor_says_which_api_each_store_uses_and_what_it_needs() {
    let [newer, older] = APIS.map(Day::begin);
    let doctor = |day: &Day| {
        let output = day.command(&["doctor"]).output().expect("it runs");
        let said: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        (output.status.code(), said.to_string())
    };
    let (_, words) = doctor(&newer);
    let newest = "store harbor: Amazon Buy Shipping buys through Shipping v2";
    assert!(
        words.contains(newest) && !words.contains("Restricted Data Token"),
        "{words}"
    );
    let (status, words) = doctor(&older);
    assert_eq!(status, Some(0), "{words}");
    for said in [
        "store harbor: Amazon Buy Shipping buys through Merchant Fulfillment v0; it needs the role \
         Direct-to-Consumer Shipping",
        "30 letters and an e-mail address",
        "store meadow: Amazon gives the Restricted Data Token",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    let denied = FaultKind::Named {
        status: 403,
        code: "Unauthorized".to_owned(),
        message: "Access to requested resource is denied.".to_owned(),
        after: false,
    };
    older
        .amazon
        .fault(Fault::new("createRestrictedDataToken", denied));
    let (status, words) = doctor(&older);
    assert_eq!(status, Some(1));
    assert!(
        words.contains("store harbor: Amazon refused createRestrictedDataToken")
            && words.contains("authorise it again"),
        "{words}"
    );
}
