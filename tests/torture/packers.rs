//! Packers: they scan and weigh, and die while they do it. Every accepted scan is counted.

use crate::books::Verdict;
use crate::rig::Chance;
use crate::station::{Process, Station};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;
use std::sync::Mutex;
use std::time::Duration;

/// Scans that the program has called accepted, and that were found missing later.
#[derive(Debug, Default)]
pub(crate) struct Scans {
    /// By order, of all rounds.
    pub(crate) accepted: BTreeMap<String, usize>,
    pub(crate) total: usize,
    pub(crate) lost: usize,
    pub(crate) kills: u32,
}

/// Every scan of an order, of boxes that a void freed as well.
const ALL: &str =
    "SELECT count(*) FROM scans JOIN orders ON orders.id = scans.order_id WHERE orders.number = ?1";
/// Those that lie in its box now.
const NOW: &str = "SELECT count(*) FROM scans JOIN orders ON orders.id = scans.order_id JOIN boxes ON boxes.id = \
                   scans.box_id WHERE orders.number = ?1 AND scans.round = boxes.round";
const WEIGHED: &str = "SELECT count(*) FROM boxes JOIN orders ON orders.id = boxes.order_id WHERE orders.number = ?1 AND \
                       weight IS NOT NULL AND dimensions IS NOT NULL";

impl Station {
    pub(crate) fn is_packed(&self, order: &str) -> bool {
        self.count(NOW, Some(order)) >= self.codes[order].len()
    }

    /// Packs and weighs an order; dies of `deaths` in a hundred. What cannot be done now (a full disk) is left for
    /// later.
    pub(crate) fn pack(&self, order: &str, deaths: u64, chance: &mut Chance, scans: &Mutex<Scans>) -> bool {
        let codes = &self.codes[order];
        for _ in 0..6 {
            let kept = self.count(NOW, Some(order));
            if kept >= codes.len() {
                break;
            }
            let dies = chance.below(100) < deaths;
            let accepted = self.scan(order, &codes[kept..], dies, chance);
            let all = self.count(ALL, Some(order));
            let mut scans = scans.lock().expect("no panic");
            scans.kills += u32::from(dies);
            scans.total += accepted;
            let known = scans.accepted.entry(order.to_owned()).or_default();
            *known += accepted;
            let missing = known.saturating_sub(all);
            // A scan that was saved and not answered any more counts from now on, too.
            *known = all;
            scans.lost += missing;
        }
        for _ in 0..6 {
            if self.count(WEIGHED, Some(order)) > 0 {
                break;
            }
            let dies = chance.below(100) < deaths / 2;
            scans.lock().expect("no panic").kills += u32::from(dies);
            self.weigh(
                order,
                dies.then(|| Duration::from_millis(chance.below(150))),
                chance.below(2) == 0,
            );
        }
        self.is_packed(order) && self.count(WEIGHED, Some(order)) > 0
    }

    /// Scans these codes one after the other; how many were accepted.
    fn scan(&self, order: &str, codes: &[String], dies: bool, chance: &mut Chance) -> usize {
        let mut command = self.command(&["pack", order, "--json"]);
        command.stdin(Stdio::piped()).stderr(Stdio::null());
        let mut packer = Process(command.spawn().expect("pack"));
        let mut scanner = packer.0.stdin.take().expect("piped");
        let mut answers = BufReader::new(packer.0.stdout.take().expect("piped"));
        let last = if dies {
            usize::try_from(chance.below(codes.len() as u64 + 1)).expect("few")
        } else {
            codes.len()
        };
        let mut accepted = 0;
        for code in &codes[..last] {
            let mut answer = String::new();
            if writeln!(scanner, "{code}").is_err() || answers.read_line(&mut answer).unwrap_or(0) == 0 {
                break;
            }
            accepted += usize::from(answer.contains("\"accepted\":true"));
        }
        if dies {
            if let Some(code) = codes.get(last) {
                let _ = writeln!(scanner, "{code}");
                std::thread::sleep(Duration::from_micros(chance.below(20_000)));
            }
            packer.kill();
        } else {
            drop(scanner);
            let _ = packer.0.wait();
        }
        accepted
    }

    /// Weighs and measures the box and asks for rates; waits for them or does not.
    pub(crate) fn weigh(&self, order: &str, dies_after: Option<Duration>, waits: bool) {
        let wait = if waits { "6" } else { "0" };
        let mut process = self.start(&[
            "rates",
            order,
            "--weight",
            "20 oz",
            "--size",
            "10x8x6 in",
            "--wait",
            wait,
        ]);
        if let Some(time) = dies_after {
            std::thread::sleep(time);
            process.kill();
        }
        let ended = process.ended_within(Duration::from_mins(2));
        assert!(ended.is_some(), "rates {order} never ends");
    }

    /// Names the scans that are missing at the end, against all that were accepted; how many they are.
    pub(crate) fn judge_scans(&self, scans: &Scans, verdict: &mut Verdict) -> usize {
        let mut lost = 0;
        for (order, accepted) in &scans.accepted {
            let missing = accepted.saturating_sub(self.count(ALL, Some(order)));
            if missing > 0 {
                let words = format!("{order}: {missing} scans that were called accepted are lost");
                verdict.wrong.push(words);
            }
            lost += missing;
        }
        lost
    }
}
