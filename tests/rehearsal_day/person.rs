//! Somebody at a terminal: opens orders by scan, packs, weighs, buys, and says what came of each.

use crate::rig::Rig;
use crate::terminal::Terminal;
use portable_pty::CommandBuilder;
use std::collections::BTreeMap;
use std::time::Duration;
use tapegun::clock::{Clock as _, SystemClock};

pub(crate) const F5: &[u8] = b"\x1b[15~";
pub(crate) const F10: &[u8] = b"\x1b[21~";
pub(crate) const F11: &[u8] = b"\x1b[23~";
pub(crate) const INSERT: &[u8] = b"\x1b[2~";
pub(crate) const ENTER: &[u8] = b"\r";
const ESC: &[u8] = b"\x1b";
const NEXT_BOX: &[u8] = b"\x18";
const FLAGS: &[u8] = b"\x07";

/// An order as it is to be packed.
#[derive(Debug, Clone)]
pub(crate) struct Work {
    pub(crate) number: String,
    pub(crate) codes: Vec<String>,
    /// After so many scans the rest goes into a second box.
    pub(crate) second_box: Option<usize>,
    /// Packed, weighed and measured only: its label is bought in bulk.
    pub(crate) bulk: bool,
    pub(crate) weight: &'static str,
}

/// What came of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    /// Every box has its label, or (for the bulk run) all is packed.
    Done,
    /// It is gone on with later: it waits for Amazon.
    Later(String),
    /// Left, with what the screen says.
    Left(String),
}

/// How the day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    Fair,
    /// Amazon does not answer.
    Outage,
}

/// Where a box stands.
enum Bought {
    Printed,
    Again(String),
}

pub(crate) struct Person<'a> {
    rig: &'a Rig,
    pub(crate) name: &'static str,
    pub(crate) screen: Terminal,
    size: (u16, u16),
    clock: SystemClock,
    /// Scans that were answered with green, by order.
    pub(crate) green: BTreeMap<String, usize>,
    /// Orders that stand in their second box.
    second: Vec<String>,
    pub(crate) ends: BTreeMap<String, End>,
    /// Purchases said yes to while Amazon did not answer.
    pub(crate) waited: usize,
    /// Prices that rose while somebody was at it.
    pub(crate) rose: usize,
}

impl<'a> Person<'a> {
    pub(crate) fn sit_down(rig: &'a Rig, name: &'static str, size: (u16, u16)) -> Self {
        let screen = start(rig, name, size, None);
        let mut person = Self {
            rig,
            name,
            screen,
            size,
            clock: SystemClock::new(),
            green: BTreeMap::new(),
            second: Vec::new(),
            ends: BTreeMap::new(),
            waited: 0,
            rose: 0,
        };
        person.sign_in();
        person
    }

    /// The program is killed and starts again when its clock shows `time`.
    pub(crate) fn start_again(&mut self, time: &str) {
        self.screen.signal(rustix::process::Signal::KILL);
        self.screen = start(self.rig, self.name, self.size, Some(time));
        self.sign_in();
    }

    fn sign_in(&mut self) {
        // Who works here is known once the supervisor's name is shown.
        for _ in 0..3 {
            if self.see(60, "Who is packing?", &["supervisor"]).is_some() {
                self.screen.scan(&format!("TGU-{}", self.name));
            }
            if self.see(30, "", &["GOOD signed in: "]).is_some() {
                return;
            }
        }
        panic!("{} cannot sign in:\n{}", self.name, self.screen.text());
    }

    /// Which of these is on the screen first, beside `always`; none within so many seconds.
    pub(crate) fn see(&self, seconds: u64, always: &str, wanted: &[&str]) -> Option<usize> {
        let end = self.clock.monotonic() + Duration::from_secs(seconds);
        loop {
            let text = self.screen.text();
            if text.contains(always)
                && let Some(place) = wanted.iter().position(|words| text.contains(words))
            {
                return Some(place);
            }
            if self.clock.monotonic() > end {
                return None;
            }
            self.screen.breathe();
        }
    }

    /// The verdict across the screen.
    pub(crate) fn banner(&self) -> String {
        let text = self.screen.text();
        let lines: Vec<&str> = text.lines().skip(1).take(2).map(str::trim).collect();
        lines.join(" ").trim().to_owned()
    }

    fn close_dialogs(&mut self) {
        for _ in 0..4 {
            if !self.screen.text().contains('┌') {
                return;
            }
            self.screen.send(ESC);
            std::thread::sleep(Duration::from_millis(400));
        }
    }

    /// Does all that can be done for these, one after the other.
    pub(crate) fn work(&mut self, works: &[Work], weather: Weather) {
        for work in works {
            let end = self.one(work, weather).unwrap_or_else(|end| end);
            if end != End::Done {
                println!("{} {}: {end:?}", self.name, work.number);
            }
            self.ends.insert(work.number.clone(), end);
        }
    }

    /// One order as far as the yes to its first label, which is not said.
    pub(crate) fn stand_before_yes(&mut self, work: &Work) -> bool {
        let ready = self
            .open(work)
            .and_then(|()| self.pack(work))
            .and_then(|()| self.measure(work))
            .and_then(|()| self.rates(work, Weather::Fair))
            .and_then(|()| self.ask(work));
        if let Err(end) = &ready {
            println!("{} {}: {end:?}", self.name, work.number);
            self.ends.insert(work.number.clone(), end.clone());
        }
        ready.is_ok()
    }

    /// The yes that was not said yet.
    pub(crate) fn say_yes_in_outage(&mut self, work: &Work) {
        let end = match self.yes(work, Weather::Outage) {
            Ok(Bought::Printed) => End::Done,
            Ok(Bought::Again(why)) => End::Later(why),
            Err(end) => end,
        };
        println!("{} {} in the outage: {end:?}", self.name, work.number);
        self.ends.insert(work.number.clone(), end);
    }

    fn one(&mut self, work: &Work, weather: Weather) -> Result<End, End> {
        self.open(work)?;
        self.pack(work)?;
        if work.bulk {
            self.measure(work)?;
            return Ok(End::Done);
        }
        let boxes = 1 + usize::from(work.second_box.is_some());
        let mut why = String::new();
        for _ in 0..5 * boxes {
            self.measure(work)?;
            self.rates(work, weather)?;
            self.ask(work)?;
            match self.yes(work, weather)? {
                Bought::Printed if self.more_boxes(work) => {}
                Bought::Printed => return Ok(End::Done),
                Bought::Again(words) => {
                    why = words;
                    self.screen.send(ENTER);
                    if self.see(10, &format!("Pack {}", work.number), &["▶"]).is_none() {
                        self.open(work)?;
                    }
                }
            }
        }
        Err(End::Later(why))
    }

    /// Another box of the order waits for its label; it is opened.
    fn more_boxes(&mut self, work: &Work) -> bool {
        if work.second_box.is_none() {
            return false;
        }
        let store = self.rig.store();
        let detail = tapegun::store::Store::order(&store, self.rig.id(&work.number)).expect("order");
        let bare = detail.boxes.iter().any(|parcel| {
            let mut labels = detail.labels.iter();
            !labels.any(|label| label.box_id == parcel.id && label.state.is_live())
        });
        if bare {
            self.screen.send(ENTER);
            self.see(20, &format!("Pack {}", work.number), &["now the", "NOTHING LIES"]);
        }
        bare
    }

    fn open(&mut self, work: &Work) -> Result<(), End> {
        let number = &work.number;
        let head = format!("Pack {number}");
        self.close_dialogs();
        self.screen.scan(number);
        let marks = [
            "SCAN NEXT ITEM",
            "SCAN THE ",
            "ALL VERIFIED",
            "NOTHING LIES",
            "NOT YOURS TO PACK",
            "THE BOX HAS A LABEL",
            "THE ORDER IS ",
        ];
        let label = format!("Label {number}");
        if self.see(20, "", &[&head, &label]) == Some(1) {
            // It waited for Amazon, or it is done.
            return match self.see(30, &label, &["✔ PRINTED", "✘ NOT BOUGHT"]) {
                Some(0) if !self.more_boxes(work) => Err(End::Done),
                Some(_) => {
                    self.screen.send(ENTER);
                    self.see(20, &head, &marks[..4])
                        .map(|_| ())
                        .ok_or_else(|| End::Later(format!("not gone on with: {}", self.banner())))
                }
                None => Err(End::Later(format!("still waits: {}", self.banner()))),
            };
        }
        let mut seen = self.see(20, &head, &marks);
        if seen == Some(4) {
            self.screen.send(ENTER);
            if self.see(10, "", &["Take the order over?"]).is_some() {
                self.screen.send(F10);
            }
            seen = self.see(20, &head, &marks[..4]).or(Some(4));
        }
        match seen {
            Some(0..=3) => Ok(()),
            Some(4) => Err(End::Left("not yours to pack".to_owned())),
            Some(_) => Err(self.closed()),
            None => Err(End::Later(format!("not opened: {}", self.banner()))),
        }
    }

    /// Why nothing can be packed.
    fn closed(&self) -> End {
        let text = self.screen.text();
        let line = text.lines().find(|line| line.contains('▶')).unwrap_or_default();
        let words = line.replace('▶', "").trim().to_lowercase();
        if words.contains("shipped") || words.contains("printed") {
            End::Done
        } else if words.contains("pending") || words.contains("the box has a label") {
            End::Later(words)
        } else {
            End::Left(words)
        }
    }

    /// Scans what is not packed yet, each after the green of the one before.
    fn pack(&mut self, work: &Work) -> Result<(), End> {
        let packed = if self.ends.contains_key(&work.number) {
            self.rig.scans(&work.number)
        } else {
            0
        };
        // What is in an order that was Pending is known only now.
        let known = match work.codes.as_slice() {
            [] => self.rig.codes(&work.number),
            codes => codes.to_vec(),
        };
        for (at, code) in known.iter().enumerate().skip(packed) {
            if work.second_box == Some(at) && !self.second.contains(&work.number) {
                self.screen.send(NEXT_BOX);
                if self.see(20, "", &["Box 2 of 2 (0 in it)"]).is_none() {
                    return Err(End::Later(format!("no second box: {}", self.banner())));
                }
                self.second.push(work.number.clone());
                // What is said of the new box is not the green of the next scan.
                std::thread::sleep(Duration::from_millis(500));
            }
            self.scan(work, code)?;
        }
        let all = self.see(
            20,
            &format!("Pack {}", work.number),
            &["ALL VERIFIED", "NOTHING LIES"],
        );
        all.map(|_| ())
            .ok_or_else(|| End::Later(format!("not all verified: {}", self.banner())))
    }

    fn scan(&mut self, work: &Work, code: &str) -> Result<(), End> {
        let mut before = self.banner();
        for _ in 0..4 {
            self.screen.scan(code);
            let end = self.clock.monotonic() + Duration::from_secs(20);
            while self.clock.monotonic() < end {
                let now = self.banner();
                if now != before && now.contains("GOOD") && now.contains(" of ") {
                    *self.green.entry(work.number.clone()).or_default() += 1;
                    return Ok(());
                }
                // "Not saved yet" is no refusal: the green comes.
                if now != before && now.contains("STOP") && !now.contains("saved") {
                    break;
                }
                self.screen.breathe();
            }
            before = self.banner();
            std::thread::sleep(Duration::from_millis(500));
        }
        Err(End::Later(format!("a scan is refused: {}", self.banner())))
    }

    /// Weight and size, where they are missing.
    fn measure(&mut self, work: &Work) -> Result<(), End> {
        let head = format!("Pack {}", work.number);
        for _ in 0..8 {
            let asked = ["now the weight", "now the size", "now the label", "NOTHING LIES"];
            match self.see(20, &head, &asked) {
                Some(0) => self.screen.scan(work.weight),
                Some(1) => self.screen.scan("14x12x10 in"),
                Some(2) => return Ok(()),
                Some(_) => self.screen.send(ENTER),
                None => break,
            }
            // The answer is green, and another thing is asked for.
            std::thread::sleep(Duration::from_millis(300));
        }
        Err(End::Later(format!("not measured: {}", self.banner())))
    }

    fn rates(&mut self, work: &Work, weather: Weather) -> Result<(), End> {
        let head = format!("Rates {}", work.number);
        let answers = [
            " methods · ",
            "none is chosen",
            "offers no method",
            "no rates: ",
            "as soon as",
        ];
        // The last one is an answer only while nothing better can come.
        let (answers, patience) = match weather {
            Weather::Fair => (&answers[..4], 40),
            Weather::Outage => (&answers[..], 6),
        };
        let mut flat = false;
        for _ in 0..6 {
            self.screen.send(F5);
            std::thread::sleep(Duration::from_millis(400));
            match self.see(patience, &head, answers) {
                Some(0) => return Ok(()),
                // Only the carrier's own box will do: it is taken from the shelf.
                Some(1) if !flat && self.banner().contains("flat-rate") => {
                    flat = true;
                    self.screen.send(ESC);
                    self.see(10, &format!("Pack {}", work.number), &["now the label"]);
                    self.screen.scan("1");
                    self.see(10, "", &["11x8x5 in"]);
                }
                Some(1 | 2) => return Err(End::Left(self.banner())),
                _ if weather == Weather::Outage => break,
                _ => std::thread::sleep(Duration::from_millis(500)),
            }
        }
        Err(End::Later("rates wait for Amazon".to_owned()))
    }

    /// Opens the question that buys, and answers what it asks besides.
    fn ask(&mut self, work: &Work) -> Result<(), End> {
        self.screen.send(F10);
        let answers = ["Buy this label?", "More details", "may not"];
        match self.see(30, &work.number, &answers) {
            Some(0) => {}
            Some(1) => {
                self.screen.send(ENTER);
                std::thread::sleep(Duration::from_millis(300));
                self.screen.scan("33074910");
                self.see(10, "", &["✔ 33074910"]);
                self.screen.send(F10);
                if self.see(20, "", &["Buy this label?"]).is_none() {
                    return Err(End::Later(format!("details: {}", self.banner())));
                }
            }
            Some(_) => return Err(End::Left(self.banner())),
            None => return Err(End::Later(format!("no question: {}", self.banner()))),
        }
        if self.screen.text().contains("ANYWAY is not typed yet") {
            self.screen.scan("buyer agreed by telephone");
            self.see(10, "", &["why: buyer"]);
            self.screen.scan("ANYWAY");
            self.see(10, "", &["✔ ANYWAY"]);
        }
        Ok(())
    }

    /// Says yes and waits for what comes of it.
    fn yes(&mut self, work: &Work, weather: Weather) -> Result<Bought, End> {
        let number = &work.number;
        self.screen.send(F10);
        let (label, rates) = (format!("Label {number}"), format!("Rates {number}"));
        let begun = self.clock.monotonic();
        let after = |seconds| self.clock.monotonic() > begun + Duration::from_secs(seconds);
        while !after(90) {
            let text = self.screen.text();
            if text.contains("its label is missing") && after(20) {
                break;
            }
            if text.contains("THE PRICE ROSE") && text.contains("F10  Buy") {
                self.rose += 1;
                self.screen.send(F10);
                std::thread::sleep(Duration::from_millis(700));
            } else if text.contains(&label) {
                if text.contains("✔ PRINTED") {
                    return Ok(Bought::Printed);
                }
                if text.contains("✘ NOT BOUGHT") {
                    return Ok(Bought::Again(format!("not bought: {}", self.banner())));
                }
                if text.contains("BUT HELD") {
                    return Err(End::Left(format!("held: {}", self.banner())));
                }
                if weather == Weather::Outage && text.contains("written down") {
                    self.waited += 1;
                    return Err(End::Later("its purchase waits for Amazon".to_owned()));
                }
            } else if text.contains(&rates)
                && !text.contains('┌')
                && (text.contains("STOP") || text.contains(" methods · "))
            {
                return Ok(Bought::Again(format!("rates anew: {}", self.banner())));
            }
            self.screen.breathe();
        }
        Err(End::Later(format!("no label in time: {}", self.banner())))
    }

    /// An order in Review is looked at, and goes on.
    pub(crate) fn review(&mut self, work: &Work) {
        self.close_dialogs();
        self.screen.scan(&work.number);
        let head = format!("Pack {}", work.number);
        if self.see(20, &head, &["THE ORDER IS REVIEW"]).is_none() {
            return;
        }
        self.screen.send(FLAGS);
        if self.see(10, "", &["Seen what changed?"]).is_some() {
            self.screen.send(F10);
            self.see(20, "", &["noted"]);
        }
        // It is taken up anew: what it was is not shown any more.
        self.screen.send(ESC);
        std::thread::sleep(Duration::from_millis(500));
    }
}

fn start(rig: &Rig, name: &str, size: (u16, u16), time: Option<&str>) -> Terminal {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tapegun"));
    let config = rig.data().parent().expect("a folder").join("config.toml");
    command.args(["--config", &config.display().to_string()]);
    command.args(["--data", &rig.data().display().to_string()]);
    command.env("TAPEGUN_STATION", format!("bench-{}", name.to_lowercase()));
    if let Some(time) = time {
        command.env("TAPEGUN_CLOCK", time);
    }
    Terminal::start(command, size.0, size.1)
}
