//! What a quote says, from scripts: the real binary against a simulator over HTTP. Rates that are over, why services are
//! missing, linked accounts and spend, the least Delivery Confirmation, the purchase order number on its strip.

use serde_json::Value;
use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use tapegun::clock::{Clock, SystemClock};
use tapegun::simulator::{Running, Simulator, SimulatorConfig, demo};
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_tapegun");
const MUG: &str = "850047100016";
const SOAP: &str = "850047100030";
const TOWEL: &str = "850047100108";
const TODAY: &str = "2026-11-18T15:00:00Z";
const LATER: &str = "2026-11-18T15:20:00Z";
const BOX: [&str; 4] = ["--weight", "2 lb", "--size", "10x8x6 in"];

/// A station in a folder of its own, and a small Amazon.
struct Station {
    folder: TempDir,
    amazon: Running,
}

/// Exit status, what was written, what was complained.
struct Said(i32, String, String);

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Self(
            output.status.code().expect("not killed"),
            text(output.stdout),
            text(output.stderr),
        )
    }
}

impl Said {
    fn json(&self) -> Value {
        assert_eq!(self.0, 0, "{}{}", self.1, self.2);
        serde_json::from_str(&self.1).expect("one JSON value")
    }

    fn failure(&self, status: i32) -> String {
        assert_eq!(self.0, status, "{}{}", self.1, self.2);
        self.1.clone()
    }
}

impl Station {
    /// With a person, products and orders.
    fn ready() -> Self {
        let clock = SystemClock::set_to(TODAY.parse().expect("a time"));
        let config = SimulatorConfig::demo(Arc::new(clock) as Arc<dyn Clock>);
        let station = Self {
            folder: TempDir::new().expect("a folder"),
            amazon: Simulator::start(config).expect("a simulator"),
        };
        station.configure();
        assert_eq!(station.run(TODAY, &["users", "add", "Ana"]).0, 0);
        let products = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/products.csv");
        let products = products.to_str().expect("a path");
        station
            .run(TODAY, &["products", "import", products, "--json"])
            .json();
        station.run(TODAY, &["sync", "--once", "--json"]);
        station
    }

    fn configure(&self) {
        let base = self.amazon.base_url();
        let mut config = format!("[printer]\nfolder = \"{}\"\n", self.path("labels").display());
        let mut credentials = String::new();
        for (id, token) in [
            ("harbor", demo::REFRESH_TOKEN_FIRST),
            ("meadow", demo::REFRESH_TOKEN_SECOND),
        ] {
            let marketplace = demo::MARKETPLACE;
            write!(
                config,
                "[[stores]]\nid = \"{id}\"\nregion = \"na\"\nmarketplace = \"{marketplace}\"\namazon = \"{base}\"\n\
                 login = \"{base}\"\n[stores.ship_from]\nname = \"Harbor Home\"\nline1 = \"400 Wharf Street\"\n\
                 city = \"Columbus\"\nstate = \"OH\"\npostal_code = \"43215\"\ncountry = \"US\"\n\
                 phone = \"614-555-0100\"\nzone = \"America/New_York\"\n"
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
        std::fs::write(self.path("config.toml"), config).expect("written");
        let file = self.path("credentials.toml");
        std::fs::write(&file, credentials).expect("written");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("set");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, at: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("TAPEGUN_CONFIG", self.path("config.toml"))
            .env("TAPEGUN_DATA", self.path("data"))
            .env("TAPEGUN_CLOCK", at)
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, at: &str, arguments: &[&str]) -> Said {
        self.command(at, arguments).output().expect("it runs").into()
    }

    /// As Ana, with JSON.
    fn ana(&self, at: &str, arguments: &[&str]) -> Said {
        self.run(at, &[arguments, &["--user", "Ana", "--json"]].concat())
    }

    fn packs(&self, order: &str, scans: &[&str]) {
        let mut child = self
            .command(TODAY, &["pack", order, "--user", "Ana", "--json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut input = child.stdin.take().expect("piped");
        for scan in scans {
            writeln!(input, "{scan}").expect("taken");
        }
        drop(input);
        let said = Said::from(child.wait_with_output().expect("it ends"));
        assert_eq!(said.0, 0, "{}", said.1);
    }

    /// The demo's order with these SKUs and this program.
    fn order(&self, program: &str, skus: &[(&str, u32)]) -> String {
        let found = self.amazon.orders().into_iter().find(|number| {
            let order = self.amazon.order(number).expect("an order");
            let lines = order.lines.iter().map(|line| (line.sku.as_str(), line.quantity));
            lines.eq(skus.iter().copied()) && order.programs.iter().any(|one| one == program)
        });
        found.expect("the demo has such an order")
    }

    fn prime(&self) -> String {
        let order = self.order("PRIME", &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]);
        self.packs(&order, &[MUG, SOAP, SOAP]);
        order
    }

    fn sold(&self, order: &str) -> usize {
        self.amazon.ledger().live(order).len()
    }
}

#[test]
fn rates_that_are_over_are_never_silently_dearer() {
    let station = Station::ready();
    let order = station.prime();
    let rates = station
        .ana(TODAY, &[&["rates", order.as_str()], &BOX[..]].concat())
        .json();
    let picked = rates["picked"].as_str().expect("one passes").to_owned();
    station.amazon.switch(|switches| switches.price_rise_cents = 150);
    let ship = ["ship", order.as_str(), "--service", &picked];
    let words = station.ana(LATER, &ship).failure(3);
    assert!(words.contains("rose from"), "{words}");
    assert!(words.contains("--at-most"), "what to do: {words}");
    assert_eq!(station.sold(&order), 0, "nothing was bought");
    // The same again, within the new rates' life, is the yes to the new price.
    let shipped = station.ana(LATER, &ship).json();
    assert_eq!(shipped["printed"], true, "{shipped}");
    assert_eq!(station.sold(&order), 1);
    let spend = station.run(LATER, &["spend", "--json"]).json();
    assert_eq!(spend["rows"][0]["paid_to"], "amazon", "{spend}");
    assert_eq!(spend["rows"][0]["live"]["labels"], 1, "{spend}");
    let none = station
        .run(LATER, &["spend", "--since", "2026-11-19", "--json"])
        .json();
    assert_eq!(none["rows"], serde_json::json!([]));
}

#[test]
fn a_dearer_price_within_at_most_and_the_same_price_go_on() {
    let station = Station::ready();
    let order = station.prime();
    station
        .ana(TODAY, &[&["rates", order.as_str()], &BOX[..]].concat())
        .json();
    station.amazon.switch(|switches| switches.price_rise_cents = 150);
    let shipped = station.ana(LATER, &["ship", &order, "--at-most", "90"]).json();
    assert_eq!(shipped["printed"], true, "{shipped}");
    assert_eq!(station.sold(&order), 1);
}

#[test]
fn missing_services_and_what_each_rate_says_are_told() {
    let station = Station::ready();
    let order = station.prime();
    let all = [&["rates", order.as_str(), "--why-not"], &BOX[..]].concat();
    let said = station.run(TODAY, &[&all[..], &["--user", "Ana"]].concat());
    assert_eq!(said.0, 0, "{}", said.2);
    let why = station.ana(TODAY, &all).json();
    let groups = why["why_not"].as_array().expect("groups");
    assert!(!groups.is_empty(), "{why}");
    for group in groups {
        let title = group["title"].as_str().expect("a title");
        assert!(said.1.contains(title), "{title}: {}", said.1);
    }
    assert!(
        groups.iter().any(|group| group["kind"] == "rejected"),
        "{groups:?}"
    );
    let rate = &why["rates"][0];
    assert_eq!(rate["whose_rate"], "amazon");
    assert!(
        rate["prints_as"]
            .as_str()
            .is_some_and(|words| words.contains("ZPL 4x6 in")),
        "{rate}"
    );
    let parts: f64 = rate["parts"]
        .as_array()
        .expect("parts")
        .iter()
        .map(|part| {
            part["amount"]
                .as_str()
                .expect("digits")
                .parse::<f64>()
                .expect("a number")
        })
        .sum();
    let price: f64 = rate["price"].as_str().expect("digits").parse().expect("a number");
    assert!((parts - price).abs() < 0.005, "{rate}");
}

#[test]
fn linked_accounts_are_listed_for_each_store_with_the_way_to_link_one() {
    let station = Station::ready();
    let listed = station.run(TODAY, &["carriers", "list", "--json"]).json();
    let stores = listed.as_array().expect("stores");
    assert_eq!(stores.len(), 2);
    assert_eq!(stores[0]["accounts"], serde_json::json!([]), "{listed}");
    assert_eq!(stores[1]["accounts"][0]["carrier"], "FEDEX", "{listed}");
    for store in stores {
        let way = store["how_to_link"].as_str().expect("words");
        assert!(way.contains("sellercentral.amazon.com"), "{way}");
    }
    let words = station.run(TODAY, &["carriers", "list"]).1;
    assert!(
        words.contains("no account is linked") && words.contains("FEDEX"),
        "{words}"
    );
}

#[test]
fn a_details_option_that_is_not_asked_for_is_refused() {
    let station = Station::ready();
    let order = station.prime();
    station
        .ana(TODAY, &[&["rates", order.as_str()], &BOX[..]].concat())
        .json();
    let words = station
        .ana(TODAY, &["ship", &order, "--input", "hs=691110"])
        .failure(3);
    assert!(words.contains("is not asked for"), "{words}");
    assert_eq!(station.sold(&order), 0);
}

#[test]
fn the_purchase_order_number_is_printed_on_a_strip_of_the_same_job() {
    let station = Station::ready();
    let order = station.order("AMAZON_BUSINESS", &[("TOWEL-FACE", 4), ("SOAP-LAV", 2)]);
    station.packs(&order, &[TOWEL, TOWEL, TOWEL, TOWEL, SOAP, SOAP]);
    let number = station
        .amazon
        .order(&order)
        .expect("an order")
        .buyer
        .3
        .clone()
        .expect("a business customer's number");
    let rates = station
        .ana(TODAY, &[&["rates", order.as_str()], &BOX[..]].concat())
        .json();
    let service = rates["rates"]
        .as_array()
        .expect("rates")
        .iter()
        .find(|rate| rate["offered"] == true && rate["barred"].is_null())
        .and_then(|rate| rate["service"].as_str())
        .expect("one is offered")
        .to_owned();
    let shipped = station
        .ana(
            TODAY,
            &["ship", &order, "--service", &service, "--reason", "they are open"],
        )
        .json();
    assert_eq!(shipped["printed"], true, "{shipped}");
    let sheet = std::fs::read_dir(station.path("labels"))
        .expect("the printer's folder")
        .map(|entry| std::fs::read(entry.expect("a file").path()).expect("a sheet"))
        .next()
        .expect("one sheet");
    let sheet = String::from_utf8_lossy(&sheet);
    let escaped = number.replace('-', "_2D");
    assert!(
        sheet.starts_with("^XA^FO30,60") && sheet.contains(&format!("PO_20{escaped}^FS")),
        "{}",
        &sheet[..200.min(sheet.len())]
    );
    // The carrier's label itself, byte for byte.
    let file = station.path("label.zpl");
    let to = file.to_str().expect("a path");
    station.ana(TODAY, &["label", &order, "--to", to]).json();
    let label = std::fs::read_to_string(&file).expect("written");
    // A business order's packing slip comes after it.
    assert!(sheet.contains(&label), "the label follows its strip unchanged");
    assert!(!label.contains("_2D"));
}

#[test]
fn details_that_a_service_asks_for_are_given_checked_and_sent() {
    let station = Station::ready();
    let order = station
        .amazon
        .orders()
        .into_iter()
        .find(|number| {
            let order = station.amazon.order(number).expect("an order");
            order.lines.iter().any(|line| line.sku.as_str() == "BATT-AA24")
                && format!("{:?}", order.shape) == "AdditionalInputs"
        })
        .expect("the demo has such an order");
    let barcode = barcode_of("BATT-AA24");
    station.packs(&order, &[&barcode]);
    let rates = station
        .ana(TODAY, &[&["rates", order.as_str()], &BOX[..]].concat())
        .json();
    let asking = rates["rates"]
        .as_array()
        .expect("rates")
        .iter()
        .find(|rate| rate["inputs"].as_array().is_some_and(|inputs| !inputs.is_empty()))
        .unwrap_or_else(|| panic!("one asks for more: {rates}"));
    assert_eq!(asking["automatic"], false, "never picked by itself");
    let service = asking["service"].as_str().expect("an id");
    let ship = ["ship", order.as_str(), "--service", service];
    let words = station.ana(TODAY, &ship).failure(3);
    assert!(
        words.contains("is needed") && words.contains("--input"),
        "{words}"
    );
    let wrong = [&ship[..], &["--input", "harmonizedSystemCode=12x"]].concat();
    station.ana(TODAY, &wrong).failure(3);
    assert_eq!(station.sold(&order), 0, "nothing was bought");
    let right = [&ship[..], &["--input", "harmonizedSystemCode=850680"]].concat();
    let shipped = station.ana(TODAY, &right).json();
    assert_eq!(shipped["printed"], true, "{shipped}");
    assert_eq!(station.sold(&order), 1);
}

/// A product's barcode in the demo's catalogue.
fn barcode_of(sku: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/products.csv");
    let text = std::fs::read_to_string(file).expect("the catalogue");
    let row = text.lines().find(|row| row.starts_with(sku)).expect("a product");
    let digits = row
        .split(|letter: char| !letter.is_ascii_digit())
        .find(|digits| digits.len() >= 12);
    digits.expect("a barcode").to_owned()
}
