//! What a policy says of an order's promises: its service level, ship-by and deliver-by (workflow.md 2.4, examples 6
//! and 7).
//!
//! A date of a policy stands where the channel gives none, and where it is earlier than the channel's: a promise that
//! was made to a buyer is never put off.

use super::{Actions, PolicyFacts};
use crate::domain::order::ChannelOrder;
use crate::domain::warehouse::{EVERY_DAY, Level, Warehouse};
use chrono::{DateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// The most days of a policy.
const MOST_DAYS: u32 = 60;

/// So many days after the order came, counted from the next working day where it came after the cut-off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DateRule {
    /// Days.
    pub days: u32,
    /// Every day of the calendar counts, not only those on which the warehouse works.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub calendar: bool,
    /// Time of day like `14:00`; not given: the warehouse's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_off: Option<String>,
}

impl DateRule {
    fn check(&self, name: &str) -> Result<(), String> {
        if self.days > MOST_DAYS {
            return Err(format!("then.{name}: at most {MOST_DAYS} days"));
        }
        match &self.cut_off {
            Some(text) if time(text).is_none() => Err(format!(
                "then.{name}: cut-off {text:?} is no time of day, write it like \"14:00\""
            )),
            _ => Ok(()),
        }
    }

    /// The warehouse as this rule counts.
    fn counting(&self, warehouse: &Warehouse) -> Warehouse {
        let mut counting = warehouse.clone();
        if let Some(cut_off) = self.cut_off.as_deref().and_then(time) {
            counting.cut_off = Some(cut_off);
        }
        if self.calendar {
            counting.working_days = EVERY_DAY.to_vec();
            counting.holidays = BTreeSet::new();
        }
        counting.ship_within = self.days;
        counting.deliver_within = Some(self.days);
        counting
    }
}

/// `2 business days, cut-off 18:00`.
impl fmt::Display for DateRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.calendar { "day" } else { "business day" };
        let s = if self.days == 1 { "" } else { "s" };
        write!(f, "{} {kind}{s}", self.days)?;
        match &self.cut_off {
            Some(cut_off) => write!(f, ", cut-off {cut_off}"),
            None => Ok(()),
        }
    }
}

fn time(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text.trim(), "%H:%M").ok()
}

/// Service level and dates that policies gave an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promised {
    /// Service level, in our words.
    pub level: Option<String>,
    /// Ship-by.
    pub ship_by: Option<DateTime<Utc>>,
    /// Deliver-by.
    pub deliver_by: Option<DateTime<Utc>>,
}

impl Promised {
    /// Nothing was given.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Lays what policies gave over what the channel says.
    pub fn lay_over(&self, order: &mut ChannelOrder) {
        let earlier = |said: Option<DateTime<Utc>>, given: Option<DateTime<Utc>>| match (said, given) {
            (Some(said), Some(given)) => Some(said.min(given)),
            (said, given) => said.or(given),
        };
        order.ship_by.latest = earlier(order.ship_by.latest, self.ship_by);
        order.deliver_by.latest = earlier(order.deliver_by.latest, self.deliver_by);
        if let Some(level) = &self.level {
            order.service_level.clone_from(level);
        }
    }
}

impl Actions {
    pub(super) fn check_promises(&self) -> Result<(), String> {
        if let Some(level) = &self.service_level
            && Level::said(level).is_none()
        {
            return Err(format!(
                "then.service-level: {level:?} is no level: 1 Day, 2 Day, 3 Day, 5-7 Days or Economy"
            ));
        }
        for (name, rule) in [("ship-by", &self.ship_by), ("deliver-by", &self.deliver_by)] {
            if let Some(rule) = rule {
                rule.check(name)?;
            }
        }
        Ok(())
    }

    pub(super) fn promise_words(&self) -> Vec<String> {
        let level = self
            .service_level
            .as_ref()
            .map(|level| format!("service level {level}"));
        let ship_by = self.ship_by.as_ref().map(|rule| format!("ship-by {rule}"));
        let deliver_by = self.deliver_by.as_ref().map(|rule| format!("deliver-by {rule}"));
        [level, ship_by, deliver_by].into_iter().flatten().collect()
    }

    /// Gives what stands here; the words tell what was given and what was not.
    pub(super) fn promise(&self, facts: &PolicyFacts<'_>, given: &mut Promised) -> Vec<String> {
        let mut did = Vec::new();
        if let Some(level) = self.service_level.as_deref().and_then(Level::said) {
            did.push(format!("service level {level}"));
            given.level = Some(level.to_string());
        }
        if let Some(rule) = &self.ship_by {
            let said = facts.order.ship_by.latest;
            let date = given_date(
                "ship-by",
                rule,
                facts,
                said,
                Warehouse::fallback_ship_by,
                &mut did,
            );
            given.ship_by = date.or(given.ship_by);
        }
        if let Some(rule) = &self.deliver_by {
            let said = facts.order.deliver_by.latest;
            let date = given_date(
                "deliver-by",
                rule,
                facts,
                said,
                Warehouse::fallback_deliver_by,
                &mut did,
            );
            given.deliver_by = date.or(given.deliver_by);
        }
        did
    }
}

/// The date that a rule gives; none where the channel's is not later, or the warehouse's days are not known.
fn given_date(
    name: &str,
    rule: &DateRule,
    facts: &PolicyFacts<'_>,
    said: Option<DateTime<Utc>>,
    made: impl Fn(&Warehouse, DateTime<Utc>) -> Option<DateTime<Utc>>,
    did: &mut Vec<String>,
) -> Option<DateTime<Utc>> {
    let Some(warehouse) = facts.warehouse else {
        did.push(format!("no {name}: the warehouse's days are not known yet"));
        return None;
    };
    let date = made(&rule.counting(warehouse), facts.order.created_at)?;
    let there = date.with_timezone(&warehouse.zone).format("%a %b %-d %H:%M");
    if said.is_some_and(|said| said <= date) {
        did.push(format!("no {name} {there}: the channel's is not later"));
        return None;
    }
    did.push(format!("{name} {there} ({rule})"));
    Some(date)
}
