//! One seed: all boxes of a day, packed, bought, voided and bought anew, while everything goes wrong.

use crate::books::Verdict;
use crate::packers::Scans;
use crate::rig::Chance;
use crate::station::{Api, Process, Station, one_of};
use crate::trouble::{self, Struck, Trouble};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;
use tapegun::simulator::Fault;

/// What a round is about, besides random faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
    /// kill -9 of some process at a random moment.
    RandomKill,
    /// Killed once the wish is written and nothing is asked.
    Wished,
    /// Once it is written down as asked; Amazon gets the request and never carries it out.
    Asked,
    /// Once the request is sent; Amazon carries it out after the death.
    OnTheWay,
    /// Once Amazon has sold, before the answer.
    Sold,
    /// Once the answer has come, before it is stored.
    Answered,
    /// Once it is stored, before the sheet is printed.
    Stored,
    /// A void, killed once Amazon has carried it out.
    Void,
    /// The leader stands still for longer than a send may be late, and goes on.
    Stopped,
    FullDisk,
    ReadOnly,
    ClockAhead,
    ClockBack,
    /// Yesterday's back-up comes back, with labels bought since.
    Restore,
}

/// Each of them once; the restore at the end, when few orders are left to compare.
const EACH: [Event; 14] = [
    Event::Wished,
    Event::Asked,
    Event::OnTheWay,
    Event::Sold,
    Event::Answered,
    Event::Stored,
    Event::RandomKill,
    Event::Void,
    Event::Stopped,
    Event::FullDisk,
    Event::ReadOnly,
    Event::ClockAhead,
    Event::ClockBack,
    Event::Restore,
];

/// The database came from a back-up, and is not compared with Amazon yet.
const RESTORED: &str = "SELECT count(*) FROM settings WHERE key = 'restored' AND number IS NOT NULL";

/// What a run met.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) random_kills: u32,
    /// At named points: how often it was reached.
    pub(crate) points: BTreeMap<Event, u32>,
    /// Everything else that was done to it.
    pub(crate) disasters: BTreeMap<Event, u32>,
    pub(crate) voids: usize,
    /// Scans since the back-up that came back: gone with it, by its nature.
    pub(crate) rolled_back: usize,
}

/// A day's end.
pub(crate) struct Evening {
    pub(crate) seed: u64,
    pub(crate) api: Api,
    pub(crate) boxes: usize,
    pub(crate) tally: Tally,
    pub(crate) struck: Struck,
    pub(crate) scans: usize,
    pub(crate) lost_scans: usize,
    pub(crate) packer_kills: u32,
    pub(crate) verdict: Verdict,
}

pub(crate) struct Day {
    pub(crate) station: Arc<Station>,
    pub(crate) chance: Chance,
    pub(crate) scans: Arc<Mutex<Scans>>,
    pub(crate) tally: Tally,
    pub(crate) syncs: Vec<Process>,
    pub(crate) trouble: Trouble,
    queue: VecDeque<String>,
    /// Shipments that Amazon sold between the back-up and its coming back.
    since: BTreeSet<String>,
    /// Boxes of a round.
    size: usize,
    /// A process needs so long until it does something.
    pub(crate) breath: u64,
    seed: u64,
}

/// Runs a day to its end and compares the books.
pub(crate) fn day(seed: u64, api: Api, boxes: usize, size: usize) -> Evening {
    let station = Arc::new(Station::open(seed, api, boxes));
    let trouble = Trouble::new(&station.rig);
    let queue: VecDeque<String> = station.codes.keys().cloned().collect();
    let mut day = Day {
        station,
        chance: Chance::new(seed),
        scans: Arc::default(),
        tally: Tally::default(),
        syncs: Vec::new(),
        trouble,
        queue,
        since: BTreeSet::new(),
        size,
        breath: if cfg!(debug_assertions) { 900 } else { 300 },
        seed,
    };
    for event in day.plan(boxes) {
        day.round(event);
    }
    day.finish();
    day.evening(boxes)
}

impl Day {
    /// Each event once, in any order, and then by chance; a restore comes last.
    fn plan(&mut self, boxes: usize) -> Vec<Event> {
        let rounds = boxes.div_ceil(self.size).max(EACH.len());
        let mut plan: Vec<Event> = EACH[..EACH.len() - 1].to_vec();
        while plan.len() + 1 < rounds {
            let event = match self.chance.below(100) {
                0..40 => Event::RandomKill,
                40..82 => *one_of(&mut self.chance, &EACH[..6]),
                82..90 => Event::Void,
                90..93 => Event::Stopped,
                93..96 => Event::FullDisk,
                96..97 => Event::ReadOnly,
                97..98 => Event::ClockBack,
                _ => Event::ClockAhead,
            };
            plan.push(event);
        }
        for at in (1..plan.len()).rev() {
            let other = usize::try_from(self.chance.below(at as u64 + 1)).expect("an index");
            plan.swap(at, other);
        }
        plan.push(Event::Restore);
        plan
    }

    /// The next boxes, packed.
    fn batch(&mut self) -> Vec<String> {
        let count = self.size.min(self.queue.len());
        let batch: Vec<String> = self.queue.drain(..count).collect();
        self.packers(&batch, 0).join().expect("no panic");
        let (packed, later): (Vec<_>, Vec<_>) =
            batch.into_iter().partition(|order| self.station.is_packed(order));
        self.queue.extend(later);
        packed
    }

    /// Packs in the background.
    fn packers(&mut self, orders: &[String], deaths: u64) -> JoinHandle<()> {
        let (station, scans) = (Arc::clone(&self.station), Arc::clone(&self.scans));
        let mut chance = Chance::new(self.chance.below(u64::MAX));
        let orders = orders.to_vec();
        std::thread::spawn(move || {
            for order in orders {
                station.pack(&order, deaths, &mut chance, &scans);
            }
        })
    }

    fn round(&mut self, event: Event) {
        let batch = self.batch();
        match event {
            Event::Restore => self.restore(&batch),
            Event::ReadOnly => self.read_only(&batch),
            _ => self.ordinary(event, &batch),
        }
        let seconds = *one_of(&mut self.chance, &[7, 40, 130, 400, 800]);
        self.station.advance(seconds);
        self.station.run(&["sync", "--once"]);
        for order in batch {
            if !self.station.is_done(&order) {
                self.queue.push_back(order);
            }
        }
    }

    fn ordinary(&mut self, event: Event, batch: &[String]) {
        let next: Vec<String> = self.queue.iter().take(self.size).cloned().collect();
        let packers = self.packers(&next, 25);
        let faults = self.faults(event);
        trouble::set(&self.station.rig, &faults);
        let wrong = match event {
            Event::ClockAhead => 86_400,
            Event::ClockBack => -86_400,
            _ => 0,
        };
        self.station.wrong.store(wrong, Ordering::SeqCst);
        self.lead();
        self.meet(event, batch);
        self.end_syncs(batch);
        self.station.wrong.store(0, Ordering::SeqCst);
        packers.join().expect("no panic");
        self.trouble.clear(&self.station.rig, &faults);
    }

    /// The faults of a round: random ones, or just what its point needs.
    fn faults(&mut self, event: Event) -> Vec<Fault> {
        match crate::points::fault(event, self.station.api) {
            Some(fault) => fault,
            None => self.trouble.draw(self.station.api, &mut self.chance),
        }
    }

    /// Two processes that only ask Amazon; the first leads.
    pub(crate) fn lead(&mut self) {
        const EPOCHS: &str = "SELECT coalesce(max(epoch), 0) FROM epochs";
        let before = self.station.count(EPOCHS, None);
        self.syncs.clear();
        self.syncs.push(self.station.start(&["sync"]));
        self.station.until(Duration::from_secs(4), |station| {
            station.count(EPOCHS, None) > before
        });
        self.syncs.push(self.station.start(&["sync"]));
    }

    /// Ends them: killed, or told to end.
    fn end_syncs(&mut self, batch: &[String]) {
        if self.chance.below(3) == 0 {
            for mut sync in self.syncs.drain(..) {
                sync.end();
            }
        } else {
            self.kill_all(batch);
        }
    }

    /// kill -9 of whatever runs. It counts where something was under way.
    pub(crate) fn kill_all(&mut self, batch: &[String]) {
        let under_way = self.station.states(batch).iter().any(|label| !label.is_at_rest());
        for mut sync in self.syncs.drain(..) {
            self.tally.random_kills += u32::from(sync.kill() && under_way);
        }
    }

    /// Asks for the labels of these boxes: one process for all, or one for each.
    pub(crate) fn ship(&mut self, batch: &[String]) -> Vec<Process> {
        if batch.len() > 1 && self.chance.below(5) > 0 {
            let mut arguments = vec!["ship"];
            arguments.extend(batch.iter().map(String::as_str));
            arguments.extend(["--yes", "--wait", "8"]);
            vec![self.station.start(&arguments)]
        } else {
            let each = batch.iter();
            each.map(|order| self.station.start(&["ship", order, "--wait", "8"]))
                .collect()
        }
    }

    /// Waits for these boxes' labels, at most so long; then whoever still waits is killed.
    pub(crate) fn wait(&mut self, ships: &mut Vec<Process>, batch: &[String], milliseconds: u64) {
        let station = Arc::clone(&self.station);
        station.until(Duration::from_millis(milliseconds), |_| {
            ships
                .iter_mut()
                .all(|ship| ship.0.try_wait().expect("state").is_some())
        });
        let under_way = station.states(batch).iter().any(|label| !label.is_at_rest());
        for mut ship in ships.drain(..) {
            self.tally.random_kills += u32::from(ship.kill() && under_way);
        }
    }

    /// This order is to be packed and shipped again.
    pub(crate) fn again(&mut self, order: String) {
        self.queue.push_back(order);
    }

    /// A read-only disk: nothing is packed, bought or settled on it, and afterwards everything is.
    fn read_only(&mut self, batch: &[String]) {
        let Some(first) = batch.first() else { return };
        let disk = self.station.disk.as_ref();
        if disk.is_some_and(|disk| disk.again("ro")) {
            let before = self.station.sold();
            for arguments in [&["ship", first, "--wait", "1"][..], &["sync", "--once"]] {
                let output = self.station.run(arguments);
                assert_ne!(output.status.code(), Some(0), "seed {}: {arguments:?}", self.seed);
            }
            assert_eq!(self.station.sold(), before, "bought on a read-only disk");
            let disk = self.station.disk.as_ref().expect("it is there");
            assert!(disk.again("rw"), "the disk stays read-only");
            *self.tally.disasters.entry(Event::ReadOnly).or_default() += 1;
        }
        self.ordinary(Event::RandomKill, batch);
    }

    /// A back-up, a few labels more, and the back-up comes back.
    fn restore(&mut self, batch: &[String]) {
        let file = self.station.rig.data().with_file_name("yesterday.db");
        let _ = std::fs::remove_file(&file);
        let file = file.display().to_string();
        let made = self.station.run(&["backup", &file]);
        assert!(made.status.success(), "seed {}: {}", self.seed, said(&made));
        let before = self.scans.lock().expect("no panic").accepted.clone();
        let known = self.shipments();
        self.ordinary(Event::RandomKill, batch);
        let put_back = self.station.run(&["restore", &file]);
        assert!(
            put_back.status.success(),
            "seed {}: {}",
            self.seed,
            said(&put_back)
        );
        {
            let mut scans = self.scans.lock().expect("no panic");
            let gone: usize = scans.accepted.values().sum::<usize>() - before.values().sum::<usize>();
            self.tally.rolled_back += gone;
            scans.accepted = before;
        }
        let mut compared = false;
        for _ in 0..60 {
            self.station.run(&["sync", "--once"]);
            compared = self.station.count(RESTORED, None) == 0;
            if compared {
                break;
            }
            self.station.advance(61);
        }
        assert!(
            compared,
            "seed {}: the restored database is never compared",
            self.seed
        );
        self.since = &self.shipments() - &known;
        *self.tally.disasters.entry(Event::Restore).or_default() += 1;
    }

    /// Ids of all that Amazon has sold until now.
    fn shipments(&self) -> BTreeSet<String> {
        let sold = self.station.ledger().into_iter();
        sold.map(|one| one.shipment_id).collect()
    }

    /// Everything works again: what is left is shipped, what time settles is settled.
    fn finish(&mut self) {
        let mut left: BTreeSet<String> = BTreeSet::new();
        for _ in 0..40 {
            self.station.advance(800);
            self.station.run(&["sync", "--once"]);
            let canceled = self.station.canceled();
            let orders: Vec<String> = self.station.codes.keys().cloned().collect();
            left = orders
                .into_iter()
                .filter(|order| !canceled.contains(order) && !self.station.is_done(order))
                .filter(|order| !self.station.is_held(order))
                .collect();
            if left.is_empty() {
                break;
            }
            let batch: Vec<String> = left.iter().take(60).cloned().collect();
            self.packers(&batch, 0).join().expect("no panic");
            self.lead();
            let mut ships = self.ship(&batch);
            self.wait(&mut ships, &batch, 40_000);
            for mut sync in self.syncs.drain(..) {
                sync.end();
            }
        }
        for _ in 0..3 {
            self.station.advance(3_700);
            self.station.run(&["sync", "--once"]);
        }
        for order in &left {
            // Nothing of a customer is in it.
            let story = self.station.run(&["orders", "show", order]);
            eprintln!("seed {}: never shipped: {}", self.seed, said(&story));
        }
    }

    fn evening(self, boxes: usize) -> Evening {
        let mut verdict = self.station.compare(&self.since);
        let scans = self.scans.lock().expect("no panic");
        let missing = self.station.judge_scans(&scans, &mut verdict);
        let mut tally = self.tally;
        tally.voids = verdict.voided;
        Evening {
            seed: self.seed,
            api: self.station.api,
            boxes,
            tally,
            struck: self.trouble.struck(),
            scans: scans.total,
            lost_scans: scans.lost + missing,
            packer_kills: scans.kills,
            verdict,
        }
    }
}

pub(crate) fn said(output: &std::process::Output) -> String {
    let text = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    text.join(" ")
}
