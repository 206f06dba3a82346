//! A station and a simulator, each a process of its own, and the means to kill the station.

use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;
use tapegun::domain::ids::{OrderId, OrderNumber};
use tapegun::domain::packing::{CodeNeed, Expectation, PackingSession, Verdict};
use tapegun::domain::rows::OrderDetail;
use tapegun::domain::scan::classify;
use tapegun::simulator::demo;
use tapegun::store::Store as _;
use tapegun::store::sqlite::SqliteStore;

/// Small seeded chance: chooses moments, never outcomes.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

pub(crate) struct Rig {
    folder: tempfile::TempDir,
    simulator: Child,
    address: String,
}

impl Drop for Rig {
    fn drop(&mut self) {
        let _ = self.simulator.kill();
        let _ = self.simulator.wait();
    }
}

impl Rig {
    /// Starts the simulator with so many plain orders (none: the demo's) and a station that has imported them.
    pub(crate) fn start(seed: u64, count: Option<usize>) -> Self {
        let orders = count.map(|count| vec!["--orders".to_owned(), count.to_string()]);
        Self::supplied(seed, &orders.unwrap_or_default())
    }

    /// The same with so many orders of all kinds, and a carrier's own box on the shelf.
    pub(crate) fn mixed(seed: u64, count: usize) -> Self {
        let orders = ["--orders".to_owned(), count.to_string(), "--mixed".to_owned()];
        let rig = Self::supplied(seed, &orders);
        let path = rig.folder.path().join("config.toml");
        let config = std::fs::read_to_string(&path).expect("configuration");
        let shelf = "[[boxes]]\ndigit = 1\nname = \"FLAT\"\nsize = \"11x8x5 in\"\nflat_rate = true\n";
        std::fs::write(path, config + shelf).expect("configuration");
        rig
    }

    fn supplied(seed: u64, orders: &[String]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut simulator = Command::new(env!("CARGO_BIN_EXE_tapegun"))
            .args(["simulate", "--listen", "127.0.0.1:0", "--seed", &seed.to_string()])
            .args(orders)
            .arg("--ledger")
            .arg(folder.path().join("ledger.jsonl"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("simulator");
        let mut first = String::new();
        let mut lines = BufReader::new(simulator.stdout.take().expect("piped"));
        while !first.contains("127.0.0.1:") {
            first.clear();
            assert!(
                lines.read_line(&mut first).expect("a line") > 0,
                "the simulator ended at once"
            );
        }
        std::thread::spawn(move || lines.read_to_string(&mut String::new()));
        let from = first.find("127.0.0.1:").expect("checked");
        let address = first[from..]
            .chars()
            .take_while(|letter| letter.is_ascii_digit() || ".:".contains(*letter))
            .collect();
        let rig = Self {
            folder,
            simulator,
            address,
        };
        rig.configure();
        rig.post("/_sim/switches", r#"{"limits":false}"#);
        let products = rig.folder.path().join("products.csv");
        std::fs::write(&products, demo::PRODUCTS).expect("catalogue");
        rig.must(&["users", "add", "Ana", "--role", "lead"]);
        rig.must(&["products", "import", &products.display().to_string()]);
        rig.must(&["sync", "--once"]);
        rig
    }

    fn configure(&self) {
        let base = self.base();
        let config = format!(
            "station = \"bench-1\"\n[printer]\nfolder = \"{folder}/labels\"\n[carrier]\nname = \"ABS\"\n\
             [[stores]]\nid = \"us\"\nname = \"Demo\"\nregion = \"na\"\nmarketplace = \"{market}\"\n\
             amazon = \"{base}\"\nlogin = \"{base}\"\n[stores.ship_from]\nname = \"Demo Goods\"\n\
             line1 = \"1 Warehouse Way\"\ncity = \"Columbus\"\nstate = \"OH\"\npostal_code = \"43215\"\n\
             country = \"US\"\nphone = \"614-555-0100\"\nzone = \"America/New_York\"\n",
            folder = self.folder.path().display(),
            market = demo::MARKETPLACE,
        );
        std::fs::create_dir_all(self.folder.path().join("labels")).expect("folder");
        std::fs::write(self.folder.path().join("config.toml"), config).expect("configuration");
        let credentials = format!(
            "[us]\nclient_id = \"{}\"\nclient_secret = \"{}\"\nrefresh_token = \"{}\"\n",
            demo::CLIENT_ID,
            demo::CLIENT_SECRET,
            demo::REFRESH_TOKEN_FIRST
        );
        let path = self.folder.path().join("credentials.toml");
        std::fs::write(&path, credentials).expect("credentials");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("mode");
    }

    pub(crate) fn station(&self, arguments: &[&str]) -> Command {
        self.station_of("Ana", arguments)
    }

    /// A subcommand by this person.
    pub(crate) fn station_of(&self, user: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tapegun"));
        command
            .args(arguments)
            .arg("--config")
            .arg(self.folder.path().join("config.toml"))
            .arg("--data")
            .arg(self.data())
            .args(["--user", user])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// The simulator's process.
    pub(crate) fn simulator(&self) -> u32 {
        self.simulator.id()
    }

    /// Where Amazon is played.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    fn must(&self, arguments: &[&str]) -> Output {
        let output = self.station(arguments).output().expect("runs");
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        output
    }

    /// The store as it is on disk now.
    pub(crate) fn store(&self) -> SqliteStore {
        SqliteStore::open(&database(&self.data())).expect("the store opens after every crash")
    }

    /// Numbers of all open orders.
    pub(crate) fn orders(&self) -> Vec<String> {
        let page = self
            .store()
            .orders(&tapegun::domain::rows::OrderFilter::default(), 0, 10_000)
            .expect("orders");
        page.rows.into_iter().map(|row| row.number.0).collect()
    }

    /// Numbers of the orders that may be shipped and need nobody's eye.
    pub(crate) fn shippable(&self) -> Vec<String> {
        let filter = tapegun::domain::rows::OrderFilter::default();
        let page = self.store().orders(&filter, 0, 10_000).expect("orders");
        let rows = page
            .rows
            .into_iter()
            .filter(|row| row.status.can_ship() && !row.trouble);
        rows.map(|row| row.number.0).collect()
    }

    pub(crate) fn id(&self, order: &str) -> OrderId {
        let found = self
            .store()
            .find_orders(&OrderNumber(order.to_owned()))
            .expect("orders");
        *found.first().expect("the order was imported")
    }

    /// What to scan for an order, one after the other; a serial number wherever a code is asked for.
    pub(crate) fn codes(&self, order: &str) -> Vec<String> {
        let id = self.id(order);
        scans_of(&self.store().order(id).expect("order"))
    }

    /// The same for every order.
    pub(crate) fn all_codes(&self) -> BTreeMap<String, Vec<String>> {
        let store = self.store();
        let each = self.orders().into_iter().map(|number| {
            let found = store.find_orders(&OrderNumber(number.clone())).expect("orders");
            let detail = store.order(found[0]).expect("order");
            (number, scans_of(&detail))
        });
        each.collect()
    }

    /// Scans that the store holds.
    pub(crate) fn scans(&self, order: &str) -> usize {
        self.store().order(self.id(order)).expect("order").scans.len()
    }

    /// Packs what is still to be packed.
    pub(crate) fn pack(&self, order: &str, codes: &[String]) {
        let left = &codes[self.scans(order).min(codes.len())..];
        if left.is_empty() {
            return;
        }
        let mut child = self
            .station(&["pack", order, "--json"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("pack");
        let mut scanner = child.stdin.take().expect("piped");
        for code in left {
            writeln!(scanner, "{code}").expect("a scan");
        }
        drop(scanner);
        let output = child.wait_with_output().expect("ends");
        assert!(output.status.success(), "pack {order}: {}", said(&output));
    }

    /// Scans one after the other, each after the answer to the one before, and kills at a random moment.
    /// Returns how many were acknowledged before.
    pub(crate) fn pack_and_kill(&self, order: &str, codes: &[String], chance: &mut Chance) -> usize {
        let mut child = self
            .station(&["pack", order, "--json"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("pack");
        let mut scanner = child.stdin.take().expect("piped");
        let stop_after = usize::try_from(chance.below(codes.len() as u64 + 1)).expect("small");
        let mut answers = BufReader::new(child.stdout.take().expect("piped"));
        let mut acknowledged = 0;
        for code in &codes[..stop_after] {
            writeln!(scanner, "{code}").expect("a scan");
            let mut answer = String::new();
            if answers.read_line(&mut answer).unwrap_or(0) == 0 {
                break;
            }
            acknowledged += usize::from(answer.contains("\"accepted\":true"));
        }
        if let Some(code) = codes.get(stop_after) {
            let _ = writeln!(scanner, "{code}");
            std::thread::sleep(Duration::from_micros(chance.below(20_000)));
        }
        child.kill().expect("kill -9");
        child.wait().expect("ends");
        acknowledged
    }

    /// Starts to buy and kills at a random moment once the wish is in the store. False: it was over before.
    pub(crate) fn ship_and_kill(&self, order: &str, chance: &mut Chance) -> bool {
        let mut child = self.station(&ship(order)).spawn().expect("ship");
        let id = self.id(order);
        let store = self.store();
        let wait = Duration::from_millis(chance.below(260));
        loop {
            if !store.labels_of(id).expect("labels").is_empty() {
                std::thread::sleep(wait);
                let over = child.try_wait().expect("state").is_some();
                let _ = child.kill();
                child.wait().expect("ends");
                return !over;
            }
            if child.try_wait().expect("state").is_some() {
                return false;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Ships until the label is bought: every other ending is tried again, as a person would.
    pub(crate) fn ship(&self, order: &str) {
        for again in 0..400 {
            if self.is_bought(order) {
                return;
            }
            self.station(&ship(order)).output().expect("ship");
            if again > 0 && !self.is_bought(order) {
                std::thread::sleep(Duration::from_millis(100));
                self.station(&["sync", "--once"]).output().expect("sync");
            }
        }
        let labels = self.store().labels_of(self.id(order)).expect("labels");
        panic!("order {order} is never bought: {labels:?}");
    }

    fn is_bought(&self, order: &str) -> bool {
        let labels = self.store().labels_of(self.id(order)).expect("labels");
        labels.iter().any(|label| label.state.was_bought())
    }

    /// Lets the background task finish what waits.
    pub(crate) fn settle_all(&self) {
        for _ in 0..20 {
            self.station(&["sync", "--once"]).output().expect("sync");
            let waiting = self.store().waiting().expect("counts");
            if waiting.purchases == 0 && waiting.unknown == 0 {
                return;
            }
        }
    }

    pub(crate) fn faults(&self, faults: &str) {
        self.post("/_sim/faults", faults);
    }

    pub(crate) fn clear_faults(&self) {
        self.http("DELETE", "/_sim/faults", "");
    }

    /// Order, live, key, tracking number of every label sold.
    pub(crate) fn ledger(&self) -> Vec<(String, bool, String, String)> {
        let ledger: Value = serde_json::from_str(&self.http("GET", "/_sim/ledger", "")).expect("JSON");
        let shipments = ledger["shipments"].as_array().expect("shipments").clone();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        shipments
            .iter()
            .map(|one| {
                let live = one["status"] == "live";
                (
                    text(&one["orderId"]),
                    live,
                    text(&one["key"]),
                    text(&one["tracking"]),
                )
            })
            .collect()
    }

    pub(crate) fn ledger_by_order(&self) -> BTreeMap<String, u32> {
        let mut sold = BTreeMap::new();
        for (order, ..) in self.ledger() {
            *sold.entry(order).or_default() += 1;
        }
        sold
    }

    pub(crate) fn post(&self, path: &str, body: &str) {
        self.http("POST", path, body);
    }

    pub(crate) fn http(&self, method: &str, path: &str, body: &str) -> String {
        let mut wire = TcpStream::connect(&self.address).expect("simulator");
        write!(
            wire,
            "{method} {path} HTTP/1.1\r\nhost: sim\r\ncontent-type: application/json\r\nconnection: close\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        )
        .expect("request");
        let mut answer = String::new();
        wire.read_to_string(&mut answer).expect("answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
        assert!(head.contains(" 200 "), "{method} {path}: {head} {body}");
        assert!(
            !head.to_lowercase().contains("chunked"),
            "the simulator answers whole: {head}"
        );
        body.to_owned()
    }
}

/// What to scan for an order, one after the other; a code of its own, or a serial number, wherever one is asked for.
fn scans_of(detail: &OrderDetail) -> Vec<String> {
    let id = detail.order.id;
    let mut session = PackingSession::new(&detail.order.channel.lines, &detail.products);
    let mut codes = Vec::new();
    loop {
        let code = match session.expects() {
            Expectation::Unit { sku, .. } => {
                let product = detail.products.iter().find(|product| product.sku == sku);
                let single =
                    product.and_then(|product| product.barcodes.iter().find(|barcode| barcode.quantity == 1));
                single.expect("a product with a barcode").code.clone()
            }
            Expectation::Code {
                need: CodeNeed::Serial,
                ..
            } => format!("SN{id}N{}", codes.len() + 1000),
            Expectation::Code { .. } => {
                let (order, unit) = (id.to_string(), codes.len());
                format!("AZ:R{order:0>12}U{unit:0>12}")
            }
            Expectation::Done => return codes,
        };
        let scan = classify(&code).expect("a code");
        let Verdict::Accepted(event) = session.scan(&scan) else {
            panic!("{code} is refused: {:?}", session.scan(&scan));
        };
        session.apply(&event);
        codes.push(code);
    }
}

fn ship(order: &str) -> [&str; 8] {
    [
        "ship",
        order,
        "--weight",
        "20 oz",
        "--size",
        "10x8x6 in",
        "--wait",
        "20",
    ]
}

fn said(output: &Output) -> String {
    format!(
        "{} {}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn database(data: &Path) -> std::path::PathBuf {
    data.join("tapegun.db")
}
