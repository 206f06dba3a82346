//! A rehearsal's score: what a new packer did well, in figures that mean something at the bench.
//!
//! Pure. What happened is told by the machine with its time; nothing here knows customers or money.

use super::ids::OrderId;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;

/// Points of an order that is packed, labelled and printed.
const ORDER: i64 = 100;
/// Most points for speed, for each order …
const SPEED: i64 = 50;
/// … at so many seconds an order or fewer, …
const FAST: i64 = 60;
/// … and none at so many or more.
const SLOW: i64 = 240;
/// Lost with a scan that was refused.
const ERROR: i64 = 10;
/// Lost with a step that was wrong: a key that does nothing there, going on without a code, a void.
const WRONG_STEP: i64 = 5;
/// A longer pause between two scans counts as this long.
const LONGEST_PAUSE: TimeDelta = TimeDelta::minutes(2);

/// How long a rehearsal goes on: until so many orders are done, or the time is over; whichever is first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Plan {
    /// Orders; 0: as many as there are.
    pub orders: u32,
    /// Minutes, from the first order that is opened.
    pub minutes: Option<u32>,
}

/// Why a rehearsal is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// All orders are done.
    Orders,
    /// The time is over.
    Time,
}

/// A rehearsal under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Practice {
    plan: Plan,
    began: Option<DateTime<Utc>>,
    ended: Option<DateTime<Utc>>,
    last_scan: Option<DateTime<Utc>>,
    done: BTreeSet<OrderId>,
    scans: u32,
    errors: u32,
    wrong_steps: u32,
    scanning: TimeDelta,
}

/// What it comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Score {
    /// Orders that were done.
    pub orders: u32,
    /// Seconds since the first order was opened, to the end of the rehearsal.
    pub seconds: i64,
    /// Orders in an hour at this pace.
    pub per_hour: i64,
    /// Scans, refused ones too.
    pub scans: u32,
    /// Of these refused.
    pub errors: u32,
    /// Tenths of a second from one scan to the next.
    pub tenths_per_scan: i64,
    /// Steps that were wrong.
    pub wrong_steps: u32,
    /// All of it in one number.
    pub points: i64,
}

impl Practice {
    /// Not begun: it begins when the first order is opened.
    pub fn new(plan: Plan) -> Self {
        Self {
            plan,
            began: None,
            ended: None,
            last_scan: None,
            done: BTreeSet::new(),
            scans: 0,
            errors: 0,
            wrong_steps: 0,
            scanning: TimeDelta::zero(),
        }
    }

    fn counts(&self) -> bool {
        self.began.is_some() && self.ended.is_none()
    }

    /// An order was opened: the time runs from the first one on, and to the first scan of each.
    pub fn opened(&mut self, now: DateTime<Utc>) {
        if self.ended.is_none() {
            self.began.get_or_insert(now);
            self.last_scan = Some(now);
        }
    }

    /// A code was scanned, and was right or refused.
    pub fn scanned(&mut self, right: bool, now: DateTime<Utc>) {
        if !self.counts() {
            return;
        }
        self.scans = self.scans.saturating_add(1);
        self.errors = self.errors.saturating_add(u32::from(!right));
        let since = self
            .last_scan
            .replace(now)
            .map_or(TimeDelta::zero(), |last| now - last);
        self.scanning += since.clamp(TimeDelta::zero(), LONGEST_PAUSE);
    }

    /// A step was wrong.
    pub fn wrong_step(&mut self) {
        if self.counts() {
            self.wrong_steps = self.wrong_steps.saturating_add(1);
        }
    }

    /// An order is done. Says whether that was news.
    pub fn finished(&mut self, order: OrderId) -> bool {
        self.counts() && self.done.insert(order)
    }

    /// An order's label was voided: it is not done.
    pub fn undone(&mut self, order: OrderId) {
        if self.counts() {
            self.done.remove(&order);
        }
    }

    /// Looks whether it is over; says so once.
    pub fn over(&mut self, now: DateTime<Utc>) -> Option<Over> {
        let began = self.began.filter(|_| self.ended.is_none())?;
        let done = u32::try_from(self.done.len()).unwrap_or(u32::MAX);
        let why = if self.plan.orders > 0 && done >= self.plan.orders {
            Over::Orders
        } else if self
            .plan
            .minutes
            .is_some_and(|minutes| now - began >= TimeDelta::minutes(i64::from(minutes)))
        {
            Over::Time
        } else {
            return None;
        };
        self.ended = Some(now);
        Some(why)
    }

    /// How it stands.
    pub fn score(&self, now: DateTime<Utc>) -> Score {
        let until = self.ended.unwrap_or(now);
        let seconds = self.began.map_or(0, |began| (until - began).num_seconds().max(0));
        let orders = i64::try_from(self.done.len()).unwrap_or(i64::MAX);
        let scans = i64::from(self.scans);
        let each = if orders > 0 { seconds / orders } else { SLOW };
        let speed = SPEED * (SLOW - each.clamp(FAST, SLOW)) / (SLOW - FAST);
        let lost = i64::from(self.errors) * ERROR + i64::from(self.wrong_steps) * WRONG_STEP;
        Score {
            orders: u32::try_from(orders).unwrap_or(u32::MAX),
            seconds,
            per_hour: orders * 3600 / seconds.max(1),
            scans: self.scans,
            errors: self.errors,
            tenths_per_scan: if scans > 0 {
                self.scanning.num_milliseconds() / scans / 100
            } else {
                0
            },
            wrong_steps: self.wrong_steps,
            points: (orders * (ORDER + speed) - lost).max(0),
        }
    }

    /// The score in a line, as long as it goes on.
    pub fn line(&self, now: DateTime<Utc>) -> String {
        let score = self.score(now);
        let wanted = match self.plan.orders {
            0 => String::new(),
            orders => format!("/{orders}"),
        };
        let over = if self.ended.is_some() { "OVER: " } else { "" };
        format!(
            "{over}{} points · {}{wanted} orders · {}/h · {} error scans · {} s/scan · {} wrong steps",
            score.points,
            score.orders,
            score.per_hour,
            score.errors,
            score.seconds_per_scan(),
            score.wrong_steps,
        )
    }
}

impl Score {
    /// Seconds from one scan to the next, with a tenth.
    pub fn seconds_per_scan(&self) -> String {
        format!("{}.{}", self.tenths_per_scan / 10, self.tenths_per_scan % 10)
    }

    /// The summary, line by line.
    pub fn lines(&self) -> Vec<String> {
        let (minutes, seconds) = (self.seconds / 60, self.seconds % 60);
        vec![
            format!("Orders done: {}", self.orders),
            format!("Time: {minutes}:{seconds:02}"),
            format!("Orders an hour: {}", self.per_hour),
            format!("Scans: {}", self.scans),
            format!("Error scans: {}", self.errors),
            format!("Seconds a scan: {}", self.seconds_per_scan()),
            format!("Wrong steps: {}", self.wrong_steps),
            format!("POINTS: {}", self.points),
        ]
    }

    /// What to do better, in words.
    pub fn advice(&self) -> &'static str {
        let errors = i64::from(self.errors) * ERROR;
        let steps = i64::from(self.wrong_steps) * WRONG_STEP;
        if self.orders == 0 {
            "No order was done: scan an order, its items, then weight, size and F10. F1 shows every key."
        } else if errors >= steps && errors > 0 {
            "Most was lost by refused scans: read the red line before the next scan."
        } else if steps > 0 {
            "Most was lost by wrong steps: the last line shows the keys that do something, F1 all of them."
        } else if self.seconds / i64::from(self.orders.max(1)) > FAST {
            "Not one mistake. Now faster: scan the order's barcode instead of choosing it."
        } else {
            "Not one mistake, and fast."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn practice(orders: u32, minutes: Option<u32>) -> Practice {
        Practice::new(Plan { orders, minutes })
    }

    #[test]
    fn time_runs_from_the_first_order_and_nothing_counts_before() {
        let mut run = practice(2, None);
        run.scanned(false, at(0));
        run.wrong_step();
        assert!(!run.finished(OrderId(1)));
        assert_eq!(run.score(at(500)), Score { ..Score::default() });
        run.opened(at(1000));
        run.scanned(true, at(1004));
        run.opened(at(1010));
        run.scanned(true, at(1011));
        let score = run.score(at(1036));
        assert_eq!((score.seconds, score.scans, score.errors), (36, 2, 0));
        assert_eq!(score.seconds_per_scan(), "2.5", "4 s and 1 s");
    }

    #[test]
    fn an_order_counts_once_and_not_once_it_is_voided() {
        let mut run = practice(0, None);
        run.opened(at(0));
        assert!(run.finished(OrderId(1)) && !run.finished(OrderId(1)));
        run.finished(OrderId(2));
        run.undone(OrderId(2));
        assert_eq!(run.score(at(60)).orders, 1);
        assert_eq!(run.score(at(60)).per_hour, 60);
        assert_eq!(run.over(at(1_000_000)), None, "no end was planned");
    }

    #[test]
    fn points_are_for_orders_and_speed_less_errors_and_wrong_steps() {
        let mut run = practice(0, None);
        run.opened(at(0));
        assert_eq!(run.score(at(10)).points, 0);
        run.finished(OrderId(1));
        assert_eq!(run.score(at(30)).points, 150, "fast");
        assert_eq!(run.score(at(150)).points, 125, "half way between fast and slow");
        assert_eq!(run.score(at(900)).points, 100, "slow");
        run.scanned(false, at(1));
        run.scanned(false, at(2));
        run.wrong_step();
        assert_eq!(run.score(at(900)).points, 75);
        for _ in 0..50 {
            run.wrong_step();
        }
        assert_eq!(run.score(at(900)).points, 0, "never less than nothing");
    }

    #[test]
    fn a_long_pause_is_cut() {
        let mut run = practice(0, None);
        run.opened(at(0));
        run.scanned(true, at(10_000));
        assert_eq!(run.score(at(10_000)).seconds_per_scan(), "120.0");
    }

    #[test]
    fn it_is_over_once_by_orders_or_by_time_and_nothing_counts_after() {
        let mut run = practice(1, Some(10));
        assert_eq!(run.over(at(0)), None);
        run.opened(at(0));
        run.finished(OrderId(1));
        assert_eq!(run.over(at(20)), Some(Over::Orders));
        assert_eq!(run.over(at(30)), None);
        run.scanned(false, at(40));
        run.wrong_step();
        run.finished(OrderId(2));
        let score = run.score(at(5000));
        assert_eq!(
            (score.orders, score.errors, score.wrong_steps, score.seconds),
            (1, 0, 0, 20)
        );
        assert!(run.line(at(5000)).starts_with("OVER: 150 points · 1/1 orders"));
        let mut run = practice(5, Some(10));
        run.opened(at(0));
        assert_eq!(run.over(at(599)), None);
        assert_eq!(run.over(at(600)), Some(Over::Time));
        assert!(run.score(at(600)).advice().starts_with("No order was done"));
    }
}
