//! The whole main job from scripts, as in `cli.rs`, against a server that shares nothing with the program:
//! `support/second_amazon.py`. What is asserted is what a script sees, and the server's ledger.

#[path = "support/second.rs"]
mod second;

use second::Second;
use serde_json::{Value, json};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_tapegun");
const PRODUCTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/second_products.csv");
const PRIME: &str = "201-0000001-0000001";
const BUSINESS: &str = "201-0000002-0000002";
const COSMETICS: &str = "201-0000003-0000003";
const PENDING: &str = "201-0000004-0000004";
const CANCELED: &str = "201-0000005-0000005";
/// Barcodes of `second_products.csv`.
const MUG: &str = "4006381333931";
const LAMP: &str = "5901234123457";
const CREAM: &str = "9780201379624";
const BOX: [&str; 4] = ["--weight", "6 lb", "--size", "18x10x9 in"];
const HOME_DELIVERY: &str = "FEDEX_PTP_HOME_DELIVERY";
/// The seed modulo three decides the format of the labels.
const FORMATS: [(&str, &[u8]); 3] = [("ZPL", b"^XA"), ("PNG", b"\x89PNG\r\n\x1a\n"), ("PDF", b"%PDF-")];

/// A station in a folder of its own, configured for the second Amazon.
struct Station {
    folder: TempDir,
    amazon: Second,
    format: (&'static str, &'static [u8]),
}

/// What a run said.
struct Said {
    status: i32,
    out: String,
    errors: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code().expect("not killed"),
            out: String::from_utf8(output.stdout).expect("text"),
            errors: String::from_utf8(output.stderr).expect("text"),
        }
    }
}

impl Said {
    /// The JSON value of a run that ended well.
    fn json(&self) -> Value {
        assert_eq!(self.status, 0, "{}{}", self.out, self.errors);
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }

    /// The failure's words, which come as JSON with the exit status.
    fn failure(&self, status: i32) -> String {
        assert_eq!(self.status, status, "{}{}", self.out, self.errors);
        let value: Value = serde_json::from_str(&self.out).expect("one JSON value");
        assert_eq!(value["exit"], status, "{value}");
        value.to_string()
    }
}

impl Station {
    /// Configured, with a person, the products and the orders; none where there is no python3.
    fn start(test: &str, seed: u64) -> Option<Self> {
        let amazon = Second::start(test, seed)?;
        let format = FORMATS[usize::try_from(seed % 3).expect("small")];
        let station = Self {
            folder: TempDir::new().expect("a folder"),
            amazon,
            format,
        };
        station.configure();
        let added = station
            .run(&["users", "add", "Ana", "--role", "lead", "--json"])
            .json();
        assert!(added.to_string().contains("Ana"), "{added}");
        let people = station.run(&["users", "list", "--json"]).json();
        assert!(people.to_string().contains("Ana"), "{people}");
        let imported = station.run(&["products", "import", PRODUCTS, "--json"]).json();
        assert_eq!(imported["imported"], 3, "{imported}");
        let synced = station.run(&["sync", "--once", "--json"]).json();
        assert_eq!(
            (&synced["new"], &synced["trouble"]),
            (&json!(5), &json!([])),
            "{synced}"
        );
        Some(station)
    }

    fn configure(&self) {
        let base = &self.amazon.base;
        let config = format!(
            "[printer]\nfolder = \"{labels}\"\n[carrier]\nformats = [\"{format}\"]\n\
             [[stores]]\nid = \"second\"\nregion = \"na\"\nmarketplace = \"ATVPDKIKX0DER\"\namazon = \"{base}\"\n\
             login = \"{base}\"\n[stores.ship_from]\nname = \"Second Goods\"\nline1 = \"9 Harbor Road\"\n\
             city = \"Columbus\"\nstate = \"OH\"\npostal_code = \"43215\"\ncountry = \"US\"\n\
             phone = \"614-555-0100\"\nzone = \"America/New_York\"\n",
            labels = self.path("labels").display(),
            format = self.format.0,
        );
        std::fs::write(self.path("config.toml"), config).expect("written");
        let credentials = self.path("credentials.toml");
        let text = "[second]\nclient_id = \"second-client\"\nclient_secret = \"second-secret\"\nrefresh_token = \
                    \"second-refresh\"\n";
        std::fs::write(&credentials, text).expect("written");
        std::fs::set_permissions(&credentials, std::fs::Permissions::from_mode(0o600)).expect("set");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("TAPEGUN_CONFIG", self.path("config.toml"))
            .env("TAPEGUN_DATA", self.path("data"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Said {
        self.command(arguments).output().expect("it runs").into()
    }

    /// As Ana, with JSON.
    fn ana(&self, arguments: &[&str]) -> Said {
        self.run(&[arguments, &["--user", "Ana", "--json"]].concat())
    }

    /// Packs with these scans: exit status, each scan's verdict, and the summary.
    fn pack(&self, order: &str, scans: &[&str]) -> (i32, Vec<bool>, Value) {
        let mut child = self
            .command(&["pack", order, "--user", "Ana", "--json"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut scanner = child.stdin.take().expect("piped");
        for scan in scans {
            writeln!(scanner, "{scan}").expect("taken");
        }
        drop(scanner);
        let said = Said::from(child.wait_with_output().expect("it ends"));
        let mut lines: Vec<Value> = said
            .out
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON lines"))
            .collect();
        let summary = lines.pop().unwrap_or_else(|| panic!("{}", said.errors));
        let verdicts = lines
            .iter()
            .map(|line| line["accepted"].as_bool().expect("a verdict"))
            .collect();
        (said.status, verdicts, summary)
    }

    /// Packs what must be complete at the end, every scan accepted.
    fn packs(&self, order: &str, scans: &[&str]) {
        let (status, verdicts, summary) = self.pack(order, scans);
        assert_eq!(
            (status, &summary["complete"]),
            (0, &json!(true)),
            "{order}: {summary}"
        );
        assert_eq!(verdicts, vec![true; scans.len()], "{order}");
    }

    fn show(&self, order: &str) -> Value {
        self.run(&["orders", "show", order, "--json"]).json()
    }

    /// What the server sold for an order and did not take back.
    fn live(&self, order: &str) -> Vec<Value> {
        let ledger = self.amazon.ledger();
        let shipments = ledger["shipments"].as_array().expect("shipments");
        shipments
            .iter()
            .filter(|one| one["orderId"] == order && one["state"] == "bought")
            .cloned()
            .collect()
    }

    fn sold(&self) -> usize {
        self.amazon.ledger()["shipments"]
            .as_array()
            .expect("shipments")
            .len()
    }

    fn sheets(&self) -> usize {
        let Ok(sheets) = std::fs::read_dir(self.path("labels")) else {
            return 0;
        };
        // A business customer's packing slip is a sheet of its own where labels are not ZPL.
        sheets
            .map(|sheet| sheet.expect("a sheet").file_name())
            .filter(|name| !name.to_string_lossy().contains("-slip"))
            .count()
    }
}

/// Three codes that differ by seed, as they stand on the units.
fn codes(seed: u64) -> Vec<String> {
    (1..=3)
        .map(|unit| format!("AZ:SECONDSEED{seed:02}SECONDUNIT{unit:04}"))
        .collect()
}

/// Each format of labels once, and each order once voided.
const SEEDS: [u64; 3] = [3, 4, 5];

#[test]
fn the_main_job_by_scripts_against_another_server() {
    for seed in SEEDS {
        let Some(station) = Station::start("second_cli", seed) else {
            return;
        };
        lists_and_pick_list(&station);
        let codes = codes(seed);
        packs_by_scans(&station, &codes);
        business_to_a_commercial_address(&station);
        ships(&station, PRIME, "USPS_PTP_PRI");
        ships(&station, BUSINESS, "UPS_PTP_GND");
        ships(&station, COSMETICS, "USPS_PTP_PRI");
        ledger_holds(&station, &codes);
        writes(&station);
        voids_and_ships_again(&station, seed, &codes);
        ledger_holds(&station, &codes);
        let ledger = station.amazon.ledger();
        assert_eq!(
            ledger["refusals"],
            json!([]),
            "seed {seed}: everything that was asked is allowed"
        );
        assert_eq!(
            ledger["requests"]["purchaseShipment"], 4,
            "each label was asked for once"
        );
    }
}

/// What was imported, and a pick list of what can be packed.
fn lists_and_pick_list(station: &Station) {
    let listed = station.run(&["orders", "list", "--json"]).json();
    let rows = listed["orders"].as_array().expect("orders");
    let row = |number: &str| rows.iter().find(|row| row["number"] == number);
    for (number, badges) in [
        (PRIME, json!(["Prime"])),
        (BUSINESS, json!(["Business", "Commercial"])),
        (COSMETICS, json!(["Transparency"])),
    ] {
        let row = row(number).unwrap_or_else(|| panic!("{number} is not listed: {listed}"));
        assert_eq!(
            (&row["status"], &row["trouble"]),
            (&json!("Ready to Pick"), &json!(false)),
            "{row}"
        );
        assert_eq!(row["badges"], badges);
    }
    assert_eq!(station.show(PENDING)["status"], "Pending");
    assert_eq!(station.show(CANCELED)["status"], "Canceled");
    for order in [PENDING, CANCELED] {
        station.ana(&[&["ship", order], &BOX[..]].concat()).failure(3);
    }
    let made = station
        .ana(&[
            "pick-list",
            "create",
            "Morning",
            "--order",
            COSMETICS,
            "--order",
            PRIME,
            "--order",
            BUSINESS,
        ])
        .json();
    assert_eq!(made["orders"], 3, "{made}");
    let number = made["pick_list"].to_string();
    let lists = station.run(&["pick-list", "list", "--json"]).json();
    assert_eq!(
        (&lists["rows"][0]["name"], &lists["rows"][0]["open"]),
        (&json!("Morning"), &json!(3))
    );
    let shown = station.run(&["pick-list", "show", &number, "--json"]).json();
    let numbers: Vec<&Value> = shown["orders"]
        .as_array()
        .expect("orders")
        .iter()
        .map(|row| &row["number"])
        .collect();
    assert_eq!(
        numbers,
        [COSMETICS, PRIME, BUSINESS],
        "in the order in which they were named"
    );
    assert_eq!(station.show(PRIME)["status"], "In Picking");
}

/// Every unit by its barcode, with what must be refused in between.
fn packs_by_scans(station: &Station, codes: &[String]) {
    let (status, verdicts, summary) = station.pack(PRIME, &[MUG, LAMP]);
    assert_eq!(
        (status, verdicts),
        (3, vec![true, false]),
        "a lamp is not in it: {summary}"
    );
    station.ana(&[&["rates", PRIME], &BOX[..]].concat()).failure(3);
    station.packs(PRIME, &[MUG]);
    let (_, verdicts, _) = station.pack(PRIME, &[MUG]);
    assert_eq!(verdicts, [false], "one too many");

    station.packs(BUSINESS, &[LAMP, MUG]);

    let scans = [
        CREAM, &codes[0], CREAM, &codes[0], &codes[1], CREAM, "AZ:SHORT", &codes[2],
    ];
    let (status, verdicts, summary) = station.pack(COSMETICS, &scans);
    assert_eq!((status, &summary["complete"]), (0, &json!(true)), "{summary}");
    let refused = [3, 6];
    let expected: Vec<bool> = (0..scans.len()).map(|place| !refused.contains(&place)).collect();
    assert_eq!(verdicts, expected, "a code counts once, and a broken one never");
    for order in [PRIME, BUSINESS, COSMETICS] {
        let shown = station.show(order);
        assert_eq!(
            (&shown["complete"], &shown["status"]),
            (&json!(true), &json!("In Packing")),
            "{shown}"
        );
    }
}

/// Weekend methods are red, FedEx Home Delivery is barred though cheapest, and refusals buy nothing.
fn business_to_a_commercial_address(station: &Station) {
    let answer = station.ana(&[&["rates", BUSINESS], &BOX[..]].concat()).json();
    let rates = answer["rates"].as_array().expect("rates");
    let rate = |service: &str| {
        let found = rates.iter().find(|rate| rate["service"] == service);
        found.unwrap_or_else(|| panic!("{service} is not there: {answer}"))
    };
    let cents = |rate: &Value| {
        rate["price"]
            .as_str()
            .expect("a price")
            .replace('.', "")
            .parse::<u64>()
            .expect("cents")
    };
    let cheapest = rates.iter().min_by_key(|rate| cents(rate)).expect("rates");
    assert_eq!(cheapest["service"], HOME_DELIVERY);
    for rate in rates {
        let barred = rate["service"] == HOME_DELIVERY;
        assert_eq!(rate["barred"].is_string(), barred, "{rate}");
        assert!(!barred || rate["automatic"] == false, "{rate}");
    }
    for service in ["USPS_PTP_PRI", "USPS_PTP_EXP_SUN"] {
        let rate = rate(service);
        assert_eq!(
            (&rate["tint"], &rate["automatic"]),
            (&json!("red"), &json!(false)),
            "{rate}"
        );
        assert_eq!(rate["needs_reason"], true, "{rate}");
    }
    assert_eq!(rate("ONTRAC_MFN_GROUND")["late"], true);
    let picked = rate(answer["picked"].as_str().expect("one passes"));
    assert_eq!(
        (&picked["service"], &picked["tint"]),
        (&json!("UPS_PTP_GND"), &json!("normal"))
    );
    for reason in ["", "cheap", "the supervisor says so", "FedEx Home Delivery"] {
        let words = station
            .ana(&["ship", BUSINESS, "--service", HOME_DELIVERY, "--reason", reason])
            .failure(3);
        assert!(words.contains("FedEx Home Delivery is not allowed"), "{words}");
    }
    station
        .ana(&["ship", BUSINESS, "--service", HOME_DELIVERY])
        .failure(3);
    for service in ["USPS_PTP_PRI", "USPS_PTP_EXP_SUN"] {
        for more in [&[][..], &["--reason", "  "]] {
            let words = station
                .ana(&[&["ship", BUSINESS, "--service", service], more].concat())
                .failure(3);
            assert!(words.contains("takes a reason"), "{words}");
        }
    }
    assert_eq!(station.sold(), 0, "refusals buy nothing");
    assert_eq!(
        station.amazon.ledger()["requests"]["purchaseShipment"],
        Value::Null,
        "nor ask for anything"
    );
}

/// The automatic choice, which is what `rates` says: never red, never FedEx Home Delivery.
fn ships(station: &Station, order: &str, wanted: &str) {
    let (sold, sheets) = (station.sold(), station.sheets());
    let answer = station.ana(&[&["rates", order], &BOX[..]].concat()).json();
    assert_eq!(answer["picked"], wanted, "{answer}");
    let shipped = station.ana(&["ship", order]).json();
    let label = &shipped["label"];
    assert_eq!(
        (&label["state"], &shipped["printed"]),
        (&json!("printed"), &json!(true)),
        "{shipped}"
    );
    let live = station.live(order);
    assert_eq!(
        (live.len(), station.sold()),
        (1, sold + 1),
        "one label, and none for another order"
    );
    assert_eq!(
        (&live[0]["serviceId"], &live[0]["format"]),
        (&json!(wanted), &json!(station.format.0))
    );
    assert_eq!(
        (&label["tracking"], &label["id"]),
        (&live[0]["trackingId"], &live[0]["idempotencyKey"])
    );
    assert_eq!(station.sheets(), sheets + 1);
    assert_eq!(station.show(order)["status"], "Shipped");
    station.ana(&["ship", order]).failure(3);
    assert_eq!(station.sold(), sold + 1, "asking again buys nothing");
}

/// Exactly one live label for each shipped order, for exactly the units and codes that were scanned.
fn ledger_holds(station: &Station, codes: &[String]) {
    let expected = [
        (
            PRIME,
            json!([{ "orderItemId": "10000000001", "quantity": 2, "serialNumbers": [] }]),
        ),
        (
            BUSINESS,
            json!([
                { "orderItemId": "10000000002", "quantity": 1, "serialNumbers": [] },
                { "orderItemId": "10000000003", "quantity": 1, "serialNumbers": [] },
            ]),
        ),
        (
            COSMETICS,
            json!([{ "orderItemId": "10000000004", "quantity": 3, "serialNumbers": codes }]),
        ),
    ];
    for (order, units) in expected {
        let live = station.live(order);
        assert_eq!(live.len(), 1, "{order}: {live:?}");
        assert_eq!(live[0]["items"], units, "{order}: unit by unit");
        let shown = station.show(order);
        let labels = shown["labels"].as_array().expect("labels");
        let ours: Vec<&Value> = labels
            .iter()
            .filter(|label| label["state"] == "printed")
            .collect();
        assert_eq!(ours.len(), 1, "{shown}");
        assert_eq!(ours[0]["tracking"], live[0]["trackingId"], "{shown}");
    }
    for order in [PENDING, CANCELED] {
        assert_eq!(station.live(order).len(), 0, "{order}");
    }
}

/// The document into a file that nobody else may read, once, and another copy on paper.
fn writes(station: &Station) {
    for order in [PRIME, BUSINESS, COSMETICS] {
        let file = station.path(&format!("{order}.label"));
        let to = file.to_str().expect("a path");
        let written = station.ana(&["label", order, "--to", to]).json();
        assert_eq!(written["format"], station.format.0, "{written}");
        let document = std::fs::read(&file).expect("written");
        assert!(document.starts_with(station.format.1), "{written}");
        assert_eq!(written["bytes"].as_u64(), u64::try_from(document.len()).ok());
        assert_eq!(
            std::fs::metadata(&file).expect("there").permissions().mode() & 0o777,
            0o600
        );
        station.ana(&["label", order, "--to", to]).failure(1);
        assert_eq!(
            std::fs::read(&file).expect("there"),
            document,
            "a file that is there stays as it is"
        );
    }
    let sheets = station.sheets();
    assert_eq!(station.ana(&["label", PRIME, "--print"]).json()["copy"], 2);
    assert_eq!(
        (station.sheets(), station.sold()),
        (sheets + 1, 3),
        "a copy buys nothing"
    );
}

/// A void takes the label back for good; the order is packed and shipped again. Which order: by the seed.
fn voids_and_ships_again(station: &Station, seed: u64, codes: &[String]) {
    let cosmetics = [CREAM, &codes[0], CREAM, &codes[1], CREAM, &codes[2]];
    let (order, service, scans): (&str, &str, &[&str]) = match seed % 3 {
        0 => (PRIME, "USPS_PTP_PRI", &[MUG, MUG]),
        1 => (BUSINESS, "UPS_PTP_GND", &[MUG, LAMP]),
        _ => (COSMETICS, "USPS_PTP_PRI", &cosmetics),
    };
    let first = station.live(order).remove(0);
    station
        .run(&["void", order, "--reason", "no name", "--json"])
        .failure(2);
    assert_eq!(station.live(order).len(), 1, "nobody, no void");
    let voided = station
        .ana(&["void", order, "--reason", "wrong box", "--label-destroyed"])
        .json();
    let state = voided["label"]["state"].as_str().expect("a state");
    assert!(matches!(state, "voided" | "refund_pending"), "{voided}");
    assert_eq!(station.live(order).len(), 0);
    let shown = station.show(order);
    assert_eq!(shown["status"], "Ready to Pick", "{shown}");
    assert!(shown["history"].to_string().contains("wrong box"), "{shown}");
    station.ana(&["void", order, "--reason", "again"]).failure(3);
    let file = station.path("void.label");
    station
        .ana(&["label", order, "--to", file.to_str().expect("a path")])
        .failure(3);
    assert!(!file.exists(), "a void label is not written");
    station.run(&["sync", "--once", "--json"]);
    station.packs(order, scans);
    ships(station, order, service);
    let second = station.live(order).remove(0);
    assert_ne!(first["shipmentId"], second["shipmentId"]);
    assert_ne!(first["idempotencyKey"], second["idempotencyKey"]);
    let ledger = station.amazon.ledger();
    let shipments = ledger["shipments"].as_array().expect("shipments");
    let old = shipments
        .iter()
        .find(|one| one["shipmentId"] == first["shipmentId"])
        .expect("kept");
    assert_eq!(old["state"], "cancelled");
}
