//! The whole main job from scripts: the real binary against a simulator over HTTP, JSON outputs and exit statuses
//! checked. Nothing here looks into the store: what is asserted is what a script sees, and the simulator's ledger.

#[path = "cli/boxes.rs"]
mod boxes;
#[path = "cli/choosing.rs"]
mod choosing;
#[path = "cli/find.rs"]
mod find;
#[path = "cli/onto_box.rs"]
mod onto_box;
#[path = "cli/outside.rs"]
mod outside;
#[path = "cli/picking.rs"]
mod picking;
#[path = "cli/refunds.rs"]
mod refunds;
#[path = "cli/report.rs"]
mod report;

use serde_json::Value;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use tapegun::clock::{Clock, SystemClock};
use tapegun::simulator::{Running, Simulator, SimulatorConfig, demo};
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_tapegun");
/// Barcodes of the demo's catalogue.
const MUG: &str = "850047100016";
const SOAP: &str = "850047100030";
const SERUM: &str = "850047100078";
const TOWEL: &str = "850047100108";

/// The day that every test is on: a Wednesday.
const TODAY: &str = "2026-11-18T15:00:00Z";

/// A station in a folder of its own, and a small Amazon that it talks to; both go by the same clock.
struct Station {
    folder: TempDir,
    amazon: Running,
    clock: Arc<SystemClock>,
}

/// What a run said.
struct Said {
    status: i32,
    out: String,
    errors: String,
}

impl Said {
    /// The JSON value that was written, after a run that ended well.
    fn json(&self) -> Value {
        assert_eq!(self.status, 0, "{}{}", self.out, self.errors);
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }

    /// The failure as JSON, with its exit status.
    fn failure(&self, status: i32) -> String {
        assert_eq!(self.status, status, "{}{}", self.out, self.errors);
        let value: Value = serde_json::from_str(&self.out).expect("one JSON value");
        assert_eq!(value["exit"], status, "{value}");
        value.to_string()
    }
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

impl Station {
    /// Configured for the demo's two stores, nothing imported yet.
    fn new() -> Self {
        let clock = Arc::new(SystemClock::set_to(TODAY.parse().expect("a time")));
        let config = SimulatorConfig::demo(Arc::clone(&clock) as Arc<dyn Clock>);
        let station = Self {
            folder: TempDir::new().expect("a folder"),
            amazon: Simulator::start(config).expect("a simulator"),
            clock,
        };
        let base = station.amazon.base_url();
        let mut config = format!("[printer]\nfolder = \"{}\"\n", station.path("labels").display());
        let mut credentials = String::new();
        for (id, token) in [
            ("harbor", demo::REFRESH_TOKEN_FIRST),
            ("meadow", demo::REFRESH_TOKEN_SECOND),
        ] {
            write!(config, "[[stores]]\nid = \"{id}\"\nregion = \"na\"\nmarketplace = \"{}\"\namazon = \"{base}\"\nlogin = \
                 \"{base}\"\n[stores.ship_from]\nname = \"Harbor Home\"\nline1 = \"400 Wharf Street\"\ncity = \
                 \"Columbus\"\nstate = \"OH\"\npostal_code = \"43215\"\ncountry = \"US\"\nphone = \
                 \"614-555-0100\"\nzone = \"America/New_York\"\n",
                demo::MARKETPLACE).expect("text");
            write!(
                credentials,
                "[{id}]\nclient_id = \"{}\"\nclient_secret = \"{}\"\nrefresh_token = \"{token}\"\n",
                demo::CLIENT_ID,
                demo::CLIENT_SECRET
            )
            .expect("text");
        }
        std::fs::write(station.path("config.toml"), config).expect("written");
        std::fs::write(station.path("credentials.toml"), credentials).expect("written");
        chmod(&station.path("credentials.toml"), 0o600);
        station
    }

    /// The same with people, products and orders.
    fn ready() -> Self {
        let station = Self::new();
        let add = ["users", "add", "Ana", "--role", "lead"];
        station.run(&add).json_free();
        let products = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/products.csv");
        let imported = station
            .run(&["products", "import", products.to_str().expect("a path"), "--json"])
            .json();
        assert!(imported["imported"].as_u64() > Some(10), "{imported}");
        let synced = station.run(&["sync", "--once", "--json"]);
        let synced: Value = serde_json::from_str(&synced.out).expect("one JSON value");
        assert!(synced["new"].as_u64() > Some(10), "{synced}");
        station
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
            .env("TAPEGUN_CLOCK", self.clock.now().to_rfc3339())
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Said {
        self.command(arguments).output().expect("it runs").into()
    }

    /// As Ana, with JSON.
    fn ana(&self, arguments: &[&str]) -> Said {
        let mut all = arguments.to_vec();
        all.extend(["--user", "Ana", "--json"]);
        self.run(&all)
    }

    /// Packs an order with these scans; each verdict and the summary as JSON.
    fn pack(&self, order: &str, scans: &[&str], more: &[&str]) -> (i32, Vec<Value>) {
        let mut arguments = vec!["pack", order, "--user", "Ana", "--json"];
        arguments.extend(more);
        let mut child = self
            .command(&arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut input = child.stdin.take().expect("piped");
        for scan in scans {
            writeln!(input, "{scan}").expect("taken");
        }
        drop(input);
        let said = Said::from(child.wait_with_output().expect("it ends"));
        let lines = said
            .out
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON lines"))
            .collect();
        (said.status, lines)
    }

    fn status(&self, order: &str) -> String {
        let shown = self.run(&["orders", "show", order, "--json"]).json();
        shown["status"].as_str().expect("a status").to_owned()
    }
}

impl Said {
    /// Ended well, whatever it said.
    fn json_free(self) {
        assert_eq!(self.status, 0, "{}{}", self.out, self.errors);
    }
}

fn chmod(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("set");
}

/// The demo's order with these programs (sorted) and SKUs.
fn order_of(station: &Station, program: Option<&str>, skus: &[(&str, u32)]) -> String {
    station
        .amazon
        .orders()
        .into_iter()
        .find(|number| {
            let order = station.amazon.order(number).expect("an order");
            let lines: Vec<(&str, u32)> = order
                .lines
                .iter()
                .map(|line| (line.sku.as_str(), line.quantity))
                .collect();
            lines == skus && program.is_none_or(|program| order.programs.iter().any(|one| one == program))
        })
        .expect("the demo has such an order")
}

const BOX: [&str; 4] = ["--weight", "2 lb", "--size", "10x8x6 in"];

#[test]
fn an_order_goes_from_import_to_label_and_back_by_scripts_alone() {
    let station = Station::ready();
    let order = order_of(&station, Some("PRIME"), &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]);
    let order = order.as_str();

    let listed = station
        .run(&["orders", "list", "--json", "--status", "ready-to-pick"])
        .json();
    let listed = listed["orders"].as_array().expect("orders");
    let row = listed
        .iter()
        .find(|row| row["number"] == order)
        .expect("imported");
    assert_eq!(row["badges"], serde_json::json!(["Prime"]));
    let made = station
        .ana(&["pick-list", "create", "First wave", "--order", order])
        .json();
    assert_eq!(made["orders"], 1);
    let list = made["pick_list"].to_string();
    let shown = station.run(&["pick-list", "show", &list, "--json"]).json();
    assert_eq!(shown["orders"][0]["number"], order);
    assert_eq!(
        station.run(&["pick-list", "list", "--json"]).json()["rows"][0]["open"],
        1
    );

    // Not everything is there, and something wrong is.
    let (status, lines) = station.pack(order, &[MUG, TOWEL, "AZ:SHORT", SOAP], &[]);
    assert_eq!(status, 3, "not complete: {lines:?}");
    let accepted: Vec<bool> = lines
        .iter()
        .filter_map(|line| line["accepted"].as_bool())
        .collect();
    assert_eq!(accepted, [true, false, false, true], "{lines:?}");
    assert!(
        lines[1]["words"]
            .as_str()
            .is_some_and(|words| words.contains("wrong item")),
        "{lines:?}"
    );
    let words = station.ana(&[&["rates", order], &BOX[..]].concat()).failure(3);
    assert!(words.contains("not scanned"), "{words}");
    // A second run goes on where the first one ended.
    let (status, lines) = station.pack(order, &[SOAP, SOAP], &[]);
    assert_eq!(status, 0, "{lines:?}");
    assert_eq!(lines[1]["accepted"], false, "one too many");
    assert_eq!(lines[2]["complete"], true);

    buys_and_prints(&station, order);
    writes_prints_and_voids(&station, order);
}

/// Rates, refusals that cost nothing, the label.
fn buys_and_prints(station: &Station, order: &str) {
    let rates = station.ana(&[&["rates", order], &BOX[..]].concat()).json();
    let picked = rates["picked"].as_str().expect("one passes").to_owned();
    assert!(
        rates["rates"].as_array().is_some_and(|rates| rates.len() > 3),
        "{rates}"
    );
    let best = &rates["rates"][0];
    assert_eq!(
        (&best["service"], &best["automatic"]),
        (&Value::from(picked.clone()), &Value::from(true))
    );

    assert_eq!(
        station.run(&["rates", order, "--json"]).json()["picked"],
        picked,
        "to look takes no name"
    );
    let refused = station.run(&["ship", order, "--json"]).failure(2);
    assert!(refused.contains("--user"), "{refused}");
    let refused = station.ana(&["ship", order, "--at-most", "0.01"]).failure(3);
    assert!(refused.contains("more than $0.01"), "{refused}");
    assert!(
        station.amazon.ledger().live(order).is_empty(),
        "nothing was bought"
    );

    let shipped = station.ana(&["ship", order]).json();
    let label = &shipped["label"];
    assert_eq!(
        (&label["state"], &shipped["printed"]),
        (&Value::from("printed"), &Value::from(true)),
        "{shipped}"
    );
    let live = station.amazon.ledger();
    let live = live.live(order);
    assert_eq!(live.len(), 1);
    assert_eq!(live[0].service_id, picked);
    assert_eq!(label["tracking"], live[0].tracking.as_str());
    assert_eq!(station.status(order), "Shipped");
    let sheets = || {
        std::fs::read_dir(station.path("labels"))
            .expect("the printer's folder")
            .count()
    };
    assert_eq!(sheets(), 1);
    let again = station.ana(&["ship", order]).failure(3);
    assert!(again.contains("label") || again.contains("Shipped"), "{again}");
}

/// The label's document, another copy, and back to Ready to Pick.
fn writes_prints_and_voids(station: &Station, order: &str) {
    let sheets = || {
        std::fs::read_dir(station.path("labels"))
            .expect("the printer's folder")
            .count()
    };
    let file = station.path("label.zpl");
    let written = station
        .ana(&["label", order, "--to", file.to_str().expect("a path")])
        .json();
    assert_eq!(written["format"], "ZPL");
    let document = std::fs::read(&file).expect("written");
    assert!(
        document.starts_with(b"^XA") && document.len() as u64 == written["bytes"].as_u64().expect("a number")
    );
    assert_eq!(
        std::fs::metadata(&file).expect("there").permissions().mode() & 0o777,
        0o600
    );
    let printed = station.ana(&["label", order, "--print"]).json();
    assert_eq!((&printed["copy"], sheets()), (&Value::from(2), 2));

    let words = station
        .ana(&["void", order, "--reason", "customer called"])
        .failure(3);
    assert!(words.contains("--label-destroyed"), "{words}");
    let voided = station
        .ana(&["void", order, "--reason", "customer called", "--label-destroyed"])
        .json();
    let state = voided["label"]["state"].as_str().expect("a state");
    assert!(matches!(state, "voided" | "refund_pending"), "{voided}");
    assert!(station.amazon.ledger().live(order).is_empty());
    assert_eq!(station.status(order), "Ready to Pick");
    let words = station.ana(&["label", order, "--print"]).failure(3);
    assert!(words.contains("its label is"), "{words}");
    let words = station.ana(&["void", order, "--reason", "again"]).failure(3);
    assert!(words.contains("its label is"), "{words}");
    assert_eq!(
        station.amazon.ledger().shipments.len(),
        1,
        "one label was ever bought"
    );
    let history = station.run(&["orders", "show", order]).out;
    assert!(
        history.contains("Ana") && history.contains("customer called"),
        "{history}"
    );
    assert!(history.contains("old label said to be destroyed"), "{history}");
}

#[test]
fn transparency_codes_reach_amazon_unit_by_unit() {
    let station = Station::ready();
    let order = order_of(&station, None, &[("SERUM-30", 3)]);
    let codes = [1, 2].map(|unit| format!("AZ:DEMO2026SERUMUNITNUMBER00{unit}"));
    let scans = [
        SERUM,
        &codes[0],
        SERUM,
        &codes[0],
        &codes[1],
        SERUM,
        "TGC-OVERRIDE",
    ];
    let (status, lines) = station.pack(&order, &scans, &["--override-codes", "sticker torn"]);
    assert_eq!(status, 0, "{lines:?}");
    let accepted: Vec<bool> = lines
        .iter()
        .filter_map(|line| line["accepted"].as_bool())
        .collect();
    assert_eq!(accepted, [true, true, true, false, true, true, true], "{lines:?}");
    let shipped = station
        .ana(&[&["ship", &order, "--no-print"], &BOX[..]].concat())
        .json();
    assert_eq!(shipped["label"]["state"], "bought", "{shipped}");
    let ledger = station.amazon.ledger();
    let live = ledger.live(&order);
    assert_eq!(live[0].items[0].serials, codes);
    assert_eq!(live[0].items[0].quantity, 3);
}

#[test]
fn a_business_at_a_commercial_address_gets_no_home_delivery_and_no_weekend_without_a_reason() {
    let station = Station::ready();
    let order = order_of(
        &station,
        Some("AMAZON_BUSINESS"),
        &[("TOWEL-FACE", 4), ("SOAP-LAV", 2)],
    );
    let (status, lines) = station.pack(&order, &[TOWEL, TOWEL, TOWEL, TOWEL, SOAP, SOAP], &[]);
    assert_eq!(status, 0, "{lines:?}");
    let rates = station.ana(&[&["rates", &order], &BOX[..]].concat()).json();
    let rates = rates["rates"].as_array().expect("rates");
    let barred = rates
        .iter()
        .find(|rate| rate["barred"].is_string())
        .expect("FedEx Home Delivery is offered");
    let home = barred["service"].as_str().expect("an id");
    let words = station
        .ana(&["ship", &order, "--service", home, "--reason", "cheap"])
        .failure(3);
    assert!(words.contains("FedEx Home Delivery is not allowed"), "{words}");
    let red = rates
        .iter()
        .find(|rate| rate["tint"] == "red" && rate["barred"].is_null() && rate["offered"] == true)
        .expect("a weekend delivery is offered");
    let service = red["service"].as_str().expect("an id");
    let words = station.ana(&["ship", &order, "--service", service]).failure(3);
    assert!(
        words.contains("takes a reason") && words.contains("--reason"),
        "{words}"
    );
    assert!(
        station.amazon.ledger().live(&order).is_empty(),
        "nothing was bought"
    );
    let shipped = station
        .ana(&["ship", &order, "--service", service, "--reason", "they are open"])
        .json();
    assert_eq!(shipped["printed"], true);
    let history = station.run(&["orders", "show", &order]).out;
    assert!(history.contains("they are open"), "{history}");
}

#[test]
fn exit_statuses_mean_something() {
    let station = Station::new();
    assert_eq!(station.run(&["--version"]).status, 0);
    assert_eq!(station.run(&["fly"]).status, 2);
    assert_eq!(
        station.run(&["ship", "1", "--weight", "0 oz"]).status,
        2,
        "a weight that cannot be"
    );
    station
        .run(&["orders", "show", "111-1111111-1111111", "--json"])
        .failure(1);
    let void = ["void", "111-1111111-1111111", "--reason", "x"];
    station.ana(&void).failure(2);
    station.run(&["users", "add", "Ana"]).json_free();
    station.ana(&["pick-list", "create", "none"]).failure(3);
    let catalogue = station.path("products.csv");
    std::fs::write(&catalogue, "sku,title,weight\nA,Cup,heavy\n").expect("written");
    let words = station
        .run(&[
            "products",
            "import",
            catalogue.to_str().expect("a path"),
            "--json",
        ])
        .failure(3);
    assert!(words.contains("line 2, column weight"), "{words}");
    let said = station.run(&["orders", "show", "111-1111111-1111111"]);
    assert!(
        said.errors.contains("tapegun: there is no order") && said.errors.contains("now: "),
        "{}",
        said.errors
    );
    assert!(said.out.is_empty());
}

#[test]
fn while_amazon_is_away_a_wish_waits_and_is_carried_out_later() {
    let station = Station::ready();
    let order = order_of(&station, Some("PRIME"), &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]);
    assert_eq!(station.pack(&order, &[MUG, SOAP, SOAP], &[]).0, 0);
    let config = std::fs::read_to_string(station.path("config.toml")).expect("there");
    let away = config.replace(&station.amazon.base_url(), "http://127.0.0.1:9");
    std::fs::write(station.path("config.toml"), away).expect("written");
    let words = station
        .ana(&[&["rates", &order, "--wait", "1"], &BOX[..]].concat())
        .failure(5);
    assert!(words.contains("tapegun sync --once"), "{words}");
    std::fs::write(station.path("config.toml"), config).expect("written");
    assert!(station.ana(&["rates", &order]).json()["picked"].is_string());
}

#[test]
fn what_reveals_a_customer_takes_a_name() {
    let station = Station::ready();
    let order = order_of(&station, Some("PRIME"), &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]);
    let name = station.amazon.order(&order).expect("an order").buyer.0;
    let plain = station.run(&["orders", "show", &order, "--json"]);
    assert!(!plain.out.contains(&name), "no customer without being asked");
    station
        .run(&["orders", "show", &order, "--reveal", "--json"])
        .failure(2);
    let shown = station.ana(&["orders", "show", &order, "--reveal"]);
    assert!(shown.json()["customer"]["recipient"]["city"].is_string());
    let history = station.run(&["orders", "show", &order]).out;
    assert!(history.contains("Ana: customer's data shown"), "{history}");
}

#[test]
fn the_doctor_says_what_to_do() {
    let station = Station::new();
    let good = station.run(&["doctor", "--json"]).json();
    assert_eq!(good["good"], true, "{good}");
    let checks = good["checks"].as_array().expect("checks");
    let mark = |what: &str| {
        let check = checks.iter().find(|check| check["what"] == what);
        check.map(|check| check["mark"].as_str().expect("a mark").to_owned())
    };
    assert_eq!(mark("people").as_deref(), Some("look"), "nobody can sign in yet");
    for what in ["configuration", "store", "keys", "Amazon", "printer", "clock"] {
        assert_eq!(mark(what).as_deref(), Some("good"), "{what}: {good}");
    }
    let odd = station
        .command(&["doctor"])
        .env("TAPEGUN_STATOIN", "x")
        .output()
        .expect("it runs");
    let odd = Said::from(odd).out;
    assert!(
        odd.contains("TAPEGUN_STATOIN means nothing") && odd.contains("did you mean TAPEGUN_STATION?"),
        "{odd}"
    );
    chmod(&station.path("credentials.toml"), 0o644);
    let said = station.run(&["doctor"]);
    assert_eq!(said.status, 1);
    assert!(
        said.out.contains("BAD") && said.out.contains("chmod 600"),
        "{}",
        said.out
    );
    std::fs::write(station.path("config.toml"), "statoin = \"x\"\n").expect("written");
    let said = station.run(&["doctor"]);
    assert!(said.out.contains("did you mean \"station\"?"), "{}", said.out);
    let example = station.run(&["doctor", "--example"]);
    assert_eq!(example.out, tapegun::config::Config::example());
}

#[test]
fn the_clock_is_set_only_for_an_amazon_on_this_machine() {
    let station = Station::ready();
    let clock = ["orders", "list", "--json", "--clock", "2026-11-20T09:00:00Z"];
    station.run(&clock).json();
    let config = std::fs::read_to_string(station.path("config.toml")).expect("there");
    let base = format!("amazon = \"{}\"\n", station.amazon.base_url());
    std::fs::write(station.path("config.toml"), config.replace(&base, "")).expect("written");
    let words = station.run(&clock).failure(2);
    assert!(words.contains("--clock"), "{words}");
}

#[test]
fn the_simulator_runs_as_a_process_of_its_own() {
    let mut child = Command::new(BINARY)
        .args(["simulate", "--listen", "127.0.0.1:0", "--orders", "3"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped"))
        .read_line(&mut line)
        .expect("a line");
    let address = line.trim().strip_prefix("http://").expect("a base address");
    assert!(std::net::TcpStream::connect(address).is_ok());
    let id = i32::try_from(child.id()).expect("a small number");
    rustix::process::kill_process(
        rustix::process::Pid::from_raw(id).expect("not zero"),
        rustix::process::Signal::TERM,
    )
    .expect("told to end");
    assert!(child.wait().expect("it ends").success());
    let outside = Command::new(BINARY)
        .args(["simulate", "--listen", "0.0.0.0:0"])
        .output()
        .expect("it runs");
    assert_eq!(outside.status.code(), Some(2));
}
