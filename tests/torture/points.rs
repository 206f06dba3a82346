//! The points between intent, request and result, and what else happens to running processes.

use crate::day::{Day, Event};
use crate::station::{Api, Label, Process, signal};
use rustix::process::Signal;
use std::time::Duration;
use tapegun::simulator::{Fault, FaultKind};

/// What a point needs to go wrong; none: anything may.
pub(crate) fn fault(event: Event, api: Api) -> Option<Vec<Fault>> {
    let slow = |milliseconds| FaultKind::Slow { milliseconds };
    let buying = |kind| Some(vec![Fault::new(api.buying(), kind).times(50)]);
    match event {
        Event::Wished | Event::OnTheWay | Event::Stored => Some(Vec::new()),
        Event::Asked => buying(FaultKind::HalfOpen { after: false }),
        Event::Sold => buying(slow(5_000)),
        Event::Answered => buying(slow(400)),
        Event::Stopped => buying(slow(300)),
        Event::Void => Some(vec![Fault::new(api.voiding(), slow(3_000)).times(5)]),
        _ => None,
    }
}

const SOON: Duration = Duration::from_secs(6);

fn any(labels: &[Label], state: &str) -> bool {
    labels.iter().any(|label| label.state == state)
}

impl Day {
    /// Ships the boxes and does to the processes what the event says.
    pub(crate) fn meet(&mut self, event: Event, batch: &[String]) {
        if batch.is_empty() {
            return;
        }
        match event {
            Event::Wished => self.wished(batch),
            Event::Asked => self.asked(batch),
            Event::OnTheWay => self.on_the_way(batch),
            Event::Sold => self.sold(batch),
            Event::Answered => self.answered(batch),
            Event::Stored => self.stored(batch),
            Event::Void => self.void(batch),
            Event::Stopped => self.stopped(batch),
            Event::FullDisk => self.full_disk(batch),
            Event::RandomKill => self.random_kill(batch),
            Event::ClockAhead | Event::ClockBack => {
                *self.tally.disasters.entry(event).or_default() += 1;
                self.random_kill(batch);
            }
            Event::ReadOnly | Event::Restore => {}
        }
    }

    /// Kills all that runs; the point counts where it was `reached`.
    fn die(&mut self, event: Event, reached: bool, ships: &mut Vec<Process>) {
        for mut ship in ships.drain(..) {
            ship.kill();
        }
        for mut sync in self.syncs.drain(..) {
            sync.kill();
        }
        if reached {
            *self.tally.points.entry(event).or_default() += 1;
        }
    }

    fn wished(&mut self, batch: &[String]) {
        // Rates are there before the leader stands still.
        for order in batch {
            self.station.weigh(order, None, true);
        }
        for sync in &self.syncs {
            signal(sync.id(), Signal::STOP);
        }
        let mut ships = self.ship(batch);
        self.station
            .until(SOON, |station| any(&station.states(batch), "wanted"));
        let reached = any(&self.station.states(batch), "wanted");
        self.die(Event::Wished, reached, &mut ships);
    }

    fn asked(&mut self, batch: &[String]) {
        let mut ships = self.ship(batch);
        self.station
            .until(SOON, |station| any(&station.states(batch), "asked"));
        std::thread::sleep(Duration::from_millis(self.chance.below(30)));
        let reached = any(&self.station.states(batch), "asked");
        self.die(Event::Asked, reached, &mut ships);
    }

    fn on_the_way(&mut self, batch: &[String]) {
        for order in batch {
            self.station.weigh(order, None, true);
        }
        let simulator = self.station.rig.simulator();
        let mut ships = self.ship(batch);
        // Merchant Fulfillment wants a token more before the first is asked: only then Amazon may stand still.
        let sign = match self.station.api {
            Api::ShippingV2 => "wanted",
            Api::MerchantFulfillmentV0 => "asked",
        };
        self.station
            .until(SOON, |station| any(&station.states(batch), sign));
        signal(simulator, Signal::STOP);
        let sold = self.station.sold();
        let mut times = 0;
        let reached = self.station.until(Duration::from_secs(3), |station| {
            times = if any(&station.states(batch), "asked") {
                times + 1
            } else {
                0
            };
            times > 40
        });
        self.die(Event::OnTheWay, false, &mut ships);
        signal(simulator, Signal::CONT);
        // What lay in the connection is carried out now.
        let carried_out = self
            .station
            .until(Duration::from_secs(2), |station| station.sold() > sold);
        if reached && carried_out {
            *self.tally.points.entry(Event::OnTheWay).or_default() += 1;
        }
    }

    fn sold(&mut self, batch: &[String]) {
        let before = self.station.sold();
        let mut ships = self.ship(batch);
        let reached = self.station.until(SOON, |station| station.sold() > before);
        std::thread::sleep(Duration::from_millis(self.chance.below(50)));
        self.die(Event::Sold, reached, &mut ships);
    }

    fn answered(&mut self, batch: &[String]) {
        let before = self.station.sold();
        let mut ships = self.ship(batch);
        let sold = self.station.until(SOON, |station| station.sold() > before);
        // The answer comes 400 ms after the sale, and nobody can write then.
        let blocker = self.station.blocker();
        let locked = blocker.execute_batch("BEGIN IMMEDIATE").is_ok();
        std::thread::sleep(Duration::from_millis(700));
        let reached = sold && locked && any(&self.station.states(batch), "asked");
        self.die(Event::Answered, reached, &mut ships);
        if locked {
            blocker.execute_batch("ROLLBACK").expect("given back");
        }
    }

    fn stored(&mut self, batch: &[String]) {
        let waits = |labels: &[Label]| {
            labels
                .iter()
                .any(|label| label.state == "bought" && !label.printed)
        };
        let mut ships = self.ship(batch);
        self.station.until(SOON, |station| waits(&station.states(batch)));
        for mut ship in ships.drain(..) {
            ship.kill();
        }
        let reached = waits(&self.station.states(batch));
        self.die(Event::Stored, reached, &mut ships);
    }

    /// One box that has its label loses it again, while the others are bought.
    fn void(&mut self, batch: &[String]) {
        let mut ships = self.ship(batch);
        let labels = self.station.labels(None);
        let can = |label: &&Label| {
            matches!(label.state.as_str(), "bought" | "printed") && !label.held && label.shipment.is_some()
        };
        let known: Vec<String> = labels
            .iter()
            .filter(can)
            .map(|label| label.order.clone())
            .collect();
        if known.is_empty() {
            return self.wait(&mut ships, batch, 4_000);
        }
        let order = crate::station::one_of(&mut self.chance, &known).clone();
        let before = self.station.voided();
        ships.push(self.station.start(&[
            "void",
            &order,
            "--reason",
            "wrong box",
            "--label-destroyed",
            "--wait",
            "4",
        ]));
        let reached = self.station.until(SOON, |station| station.voided() > before);
        std::thread::sleep(Duration::from_millis(self.chance.below(100)));
        self.die(Event::Void, reached, &mut ships);
        self.again(order);
    }

    fn stopped(&mut self, batch: &[String]) {
        let mut ships = self.ship(batch);
        self.station
            .until(SOON, |station| any(&station.states(batch), "asked"));
        std::thread::sleep(Duration::from_micros(self.chance.below(3_000)));
        let Some(leader) = self.syncs.first().map(Process::id) else {
            return;
        };
        signal(leader, Signal::STOP);
        // Longer than a request may be late (5 s); Amazon and the others go on.
        std::thread::sleep(Duration::from_millis(5_500 + self.chance.below(1_500)));
        signal(leader, Signal::CONT);
        *self.tally.disasters.entry(Event::Stopped).or_default() += 1;
        self.wait(&mut ships, batch, 2_500);
    }

    fn full_disk(&mut self, batch: &[String]) {
        let mut ships = self.ship(batch);
        std::thread::sleep(Duration::from_millis(self.chance.below(self.breath)));
        if let Some(disk) = &self.station.disk {
            disk.fill();
            std::thread::sleep(Duration::from_millis(200 + self.chance.below(1_000)));
            if self.chance.below(3) == 0 {
                self.kill_all(batch);
            }
            let disk = self.station.disk.as_ref().expect("it is there");
            disk.free();
            *self.tally.disasters.entry(Event::FullDisk).or_default() += 1;
        }
        self.wait(&mut ships, batch, 3_000);
    }

    fn random_kill(&mut self, batch: &[String]) {
        let mut ships = self.ship(batch);
        std::thread::sleep(Duration::from_millis(self.chance.below(self.breath)));
        match self.chance.below(4) {
            0 => self.kill_all(batch),
            1 => {
                let mut leader = self.syncs.remove(0);
                self.tally.random_kills += u32::from(leader.kill());
            }
            2 => self.wait(&mut ships, batch, 1),
            _ => {}
        }
        self.wait(&mut ships, batch, 3_000);
    }
}
