//! The station under torture: its processes, its clock, and looks into its database from outside.

use crate::rig::{Chance, Rig};
use crate::small::Small;
use chrono::TimeDelta;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeMap;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tapegun::clock::{Clock as _, SystemClock};
use uuid::Uuid;

/// Which of Amazon's label APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Api {
    ShippingV2,
    MerchantFulfillmentV0,
}

impl Api {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ShippingV2 => "v2",
            Self::MerchantFulfillmentV0 => "v0",
        }
    }

    /// The simulator's name of the call that buys.
    pub(crate) fn buying(self) -> &'static str {
        match self {
            Self::ShippingV2 => "purchaseShipment",
            Self::MerchantFulfillmentV0 => "createShipment",
        }
    }

    /// Of the call that voids.
    pub(crate) fn voiding(self) -> &'static str {
        match self {
            Self::ShippingV2 => "cancelShipment",
            Self::MerchantFulfillmentV0 => "cancelShipmentV0",
        }
    }
}

/// A process of the station; killed when it is dropped.
pub(crate) struct Process(pub(crate) Child);

impl Process {
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// kill -9; true where it was still running.
    pub(crate) fn kill(&mut self) -> bool {
        let ran = self.0.try_wait().expect("state").is_none();
        let _ = self.0.kill();
        self.0.wait().expect("ends");
        ran
    }

    /// How it ended, where it has within `time`.
    pub(crate) fn ended_within(&mut self, time: Duration) -> Option<ExitStatus> {
        let clock = SystemClock::new();
        loop {
            if let Some(status) = self.0.try_wait().expect("state") {
                return Some(status);
            }
            if clock.monotonic() > time {
                return None;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Told to end, as by a person; killed where that takes too long.
    pub(crate) fn end(&mut self) {
        signal(self.id(), Signal::TERM);
        if self.ended_within(Duration::from_secs(10)).is_none() {
            self.kill();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn signal(process: u32, signal: Signal) {
    let id = i32::try_from(process).ok().and_then(Pid::from_raw);
    // It may have ended meanwhile.
    let _ = kill_process(id.expect("a process"), signal);
}

/// A label as the database has it.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub(crate) id: String,
    pub(crate) order: String,
    pub(crate) state: String,
    pub(crate) held: bool,
    pub(crate) printed: bool,
    pub(crate) tracking: Option<String>,
    pub(crate) shipment: Option<String>,
    pub(crate) reason: Option<String>,
}

impl Label {
    /// It is paid for, and no void of it was accepted.
    pub(crate) fn is_bought(&self) -> bool {
        const BOUGHT: [&str; 7] = [
            "bought",
            "bought without document",
            "printed",
            "void wanted",
            "void asked",
            "void unknown",
            "void refused",
        ];
        BOUGHT.contains(&self.state.as_str())
    }

    pub(crate) fn is_voided(&self) -> bool {
        const VOIDED: [&str; 5] = [
            "voided",
            "refund pending",
            "refunded",
            "refund rejected",
            "refund not reported",
        ];
        VOIDED.contains(&self.state.as_str())
    }

    /// Nothing more happens to it by itself, for good or ill.
    pub(crate) fn is_at_rest(&self) -> bool {
        !matches!(
            self.state.as_str(),
            "wanted" | "asked" | "unknown" | "void wanted" | "void asked" | "void unknown"
        )
    }
}

pub(crate) struct Station {
    /// Goes before the folder in which it lies.
    pub(crate) disk: Option<Small>,
    pub(crate) rig: Rig,
    pub(crate) api: Api,
    /// Seconds that the station's time, and the simulator's, is ahead of the machine's.
    ahead: AtomicI64,
    /// Seconds by which the clock of the processes that are started now is wrong.
    pub(crate) wrong: AtomicI64,
    /// What to scan, by order.
    pub(crate) codes: BTreeMap<String, Vec<String>>,
}

impl Station {
    pub(crate) fn open(seed: u64, api: Api, boxes: usize) -> Self {
        let rig = Rig::start(seed, Some(boxes));
        let config = rig.data().with_file_name("config.toml");
        if api == Api::MerchantFulfillmentV0 {
            let text = std::fs::read_to_string(&config).expect("configuration");
            let text = text
                .replace("[carrier]\n", "[carrier]\napi = \"merchant-fulfillment-v0\"\n")
                .replace("\nzone = ", "\nemail = \"bench@example.com\"\nzone = ");
            std::fs::write(&config, text).expect("written");
        }
        // A memory disk also spares the machine's own the many durable writes.
        let megabytes = 64 + u32::try_from(boxes / 4).expect("not that many");
        let disk = Small::over(&rig.data(), megabytes);
        let codes = rig.all_codes();
        Self {
            rig,
            api,
            ahead: AtomicI64::new(0),
            wrong: AtomicI64::new(0),
            disk,
            codes,
        }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.rig.station(arguments);
        let seconds = self.ahead.load(Ordering::SeqCst) + self.wrong.load(Ordering::SeqCst);
        let time = SystemClock::new().now() + TimeDelta::seconds(seconds);
        command.env("TAPEGUN_CLOCK", time.to_rfc3339());
        command
    }

    /// Runs a command to its end, which must come within two minutes.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let mut process = Process(self.command(arguments).spawn().expect("it starts"));
        let [out, errors] = [
            gather(process.0.stdout.take().expect("piped")),
            gather(process.0.stderr.take().expect("piped")),
        ];
        let status = process.ended_within(Duration::from_mins(2));
        let Some(status) = status else {
            process.kill();
            let words = String::from_utf8_lossy(&out.join().expect("no panic")).into_owned();
            panic!("{arguments:?} never ends: {words}");
        };
        Output {
            status,
            stdout: out.join().expect("no panic"),
            stderr: errors.join().expect("no panic"),
        }
    }

    /// Starts a process whose words nobody reads.
    pub(crate) fn start(&self, arguments: &[&str]) -> Process {
        let mut command = self.command(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Process(command.spawn().expect("it starts"))
    }

    /// Time passes, here and at Amazon.
    pub(crate) fn advance(&self, seconds: i64) {
        self.ahead.fetch_add(seconds, Ordering::SeqCst);
        self.rig
            .post("/_sim/clock", &format!("{{\"advance_seconds\":{seconds}}}"));
    }

    /// Labels that Amazon has sold until now: by its own durable file, so also while it stands still.
    pub(crate) fn sold(&self) -> usize {
        let ledger = self.rig.data().with_file_name("ledger.jsonl");
        let lines = std::fs::read_to_string(ledger).unwrap_or_default();
        lines.matches("\"entry\":\"bought\"").count()
    }

    pub(crate) fn voided(&self) -> usize {
        let ledger = self.rig.data().with_file_name("ledger.jsonl");
        let lines = std::fs::read_to_string(ledger).unwrap_or_default();
        lines.matches("\"entry\":\"canceled\"").count()
    }

    fn database(&self) -> std::path::PathBuf {
        self.rig.data().join("tapegun.db")
    }

    /// The database as another program sees it, read only.
    pub(crate) fn look(&self) -> Connection {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(self.database(), flags).expect("it opens");
        connection.busy_timeout(Duration::from_secs(5)).expect("a time");
        connection
    }

    /// A connection that can hold the database's lock, and leaves no trace when it closes.
    pub(crate) fn blocker(&self) -> Connection {
        let connection = Connection::open(self.database()).expect("it opens");
        connection.busy_timeout(Duration::from_secs(5)).expect("a time");
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
            .expect("set");
        connection
    }

    /// All labels, or those of one order; oldest first.
    pub(crate) fn labels(&self, order: Option<&str>) -> Vec<Label> {
        let connection = self.look();
        let mut rows = connection
            .prepare_cached(
                "SELECT labels.id, orders.number, labels.state, held, printed, tracking, shipment, reason
                 FROM labels JOIN orders ON orders.id = labels.order_id
                 WHERE ?1 IS NULL OR orders.number = ?1 ORDER BY sequence",
            )
            .expect("a query");
        let rows = rows.query_map([order], |row| {
            Ok(Label {
                id: Uuid::from_slice(&row.get::<_, Vec<u8>>(0)?)
                    .expect("an id")
                    .to_string(),
                order: row.get(1)?,
                state: row.get(2)?,
                held: row.get(3)?,
                printed: row.get::<_, i64>(4)? > 0,
                tracking: row.get(5)?,
                shipment: row.get(6)?,
                reason: row.get(7)?,
            })
        });
        rows.expect("rows").collect::<Result<_, _>>().expect("labels")
    }

    /// States of the labels of these orders.
    pub(crate) fn states(&self, orders: &[String]) -> Vec<Label> {
        let each = orders.iter();
        each.flat_map(|order| self.labels(Some(order))).collect()
    }

    /// One number out of the database.
    pub(crate) fn count(&self, sql: &str, order: Option<&str>) -> usize {
        let connection = self.look();
        let count: i64 = match order {
            Some(order) => connection.query_row(sql, [order], |row| row.get(0)),
            None => connection.query_row(sql, [], |row| row.get(0)),
        }
        .expect("a count");
        usize::try_from(count).expect("a count")
    }

    /// Waits until `is` holds; false where it does not within `time`.
    pub(crate) fn until(&self, time: Duration, mut is: impl FnMut(&Self) -> bool) -> bool {
        let clock = SystemClock::new();
        loop {
            if is(self) {
                return true;
            }
            if clock.monotonic() > time {
                return false;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

/// Reads to the end beside whatever else is done.
fn gather(mut from: impl std::io::Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.read_to_end(&mut bytes);
        bytes
    })
}

/// Picks one of a list.
pub(crate) fn one_of<'a, T>(chance: &mut Chance, list: &'a [T]) -> &'a T {
    let at = usize::try_from(chance.below(list.len() as u64)).expect("an index");
    &list[at]
}
