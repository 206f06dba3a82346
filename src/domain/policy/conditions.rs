//! The conditions of a policy, and what each says of an order.

use super::PolicyFacts;
use crate::domain::badge::Badge;
use crate::domain::money::Money;
use crate::domain::units::Weight;
use serde::{Deserialize, Serialize};

/// Conditions: each that is given must hold. Lists hold where one of them fits, in any case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Conditions {
    /// The items weigh more than this by the catalogue, like `20 lb`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_over: Option<String>,
    /// The items weigh this or less.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_up_to: Option<String>,
    /// Service level as the channel writes it, like `Standard`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub service_level: Vec<String>,
    /// Goes to a PO box, or does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub po_box: Option<bool>,
    /// Country, like `US`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub country: Vec<String>,
    /// Any country but these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub country_not: Vec<String>,
    /// State, like `AK`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub state: Vec<String>,
    /// Any state but these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub state_not: Vec<String>,
    /// The items cost more than this together, like `100`, in the order's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_over: Option<String>,
    /// The items cost this or less together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_up_to: Option<String>,
    /// Wears one of these badges: prime, business, commercial, transparency.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub badge: Vec<String>,
    /// Wears none of these badges.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub badge_not: Vec<String>,
    /// A line has one of these SKUs; `MUG-*` fits every SKU that begins so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sku: Vec<String>,
    /// The channel gives none of these dates: ship-by, deliver-by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dates_missing: Vec<String>,
}

/// What one condition said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// It holds.
    pub holds: bool,
    /// In words, with the order's fact.
    pub words: String,
}

fn said(holds: bool, words: String) -> Said {
    Said { holds, words }
}

/// One of the list fits, in any case.
fn is_one(list: &[String], fact: &str) -> bool {
    list.iter()
        .any(|one| one.trim().eq_ignore_ascii_case(fact.trim()))
}

fn badge(text: &str) -> Option<Badge> {
    Badge::ALL
        .into_iter()
        .find(|badge| badge.word().eq_ignore_ascii_case(text.trim()))
}

/// Digits and a point, as [`Money::parse`] takes them.
fn is_amount(text: &str) -> bool {
    Money::parse(text.trim(), crate::domain::money::Currency::USD).is_some_and(|amount| amount.minor >= 0)
}

impl Conditions {
    /// Checks what a file says.
    pub(super) fn check(&self) -> Result<(), String> {
        for (name, text) in [
            ("weight-over", &self.weight_over),
            ("weight-up-to", &self.weight_up_to),
        ] {
            if let Some(text) = text {
                Weight::parse(text).map_err(|error| format!("when.{name}: {error}"))?;
            }
        }
        for (name, text) in [
            ("value-over", &self.value_over),
            ("value-up-to", &self.value_up_to),
        ] {
            if let Some(text) = text.as_deref().filter(|text| !is_amount(text)) {
                return Err(format!(
                    "when.{name}: {text:?} is no amount, write it like 100 or 99.50"
                ));
            }
        }
        for text in self.badge.iter().chain(&self.badge_not) {
            if badge(text).is_none() {
                return Err(format!(
                    "when.badge: {text:?} is no badge: prime, business, commercial or transparency"
                ));
            }
        }
        for text in &self.dates_missing {
            if !matches!(text.as_str(), "ship-by" | "deliver-by") {
                return Err(format!(
                    "when.dates-missing: {text:?} is no date: ship-by or deliver-by"
                ));
            }
        }
        Ok(())
    }

    /// The conditions in words; `every order` where none is given.
    pub fn words(&self) -> String {
        let mut all = Vec::new();
        let one = |name: &str, text: Option<&str>| text.map(|text| format!("{name} {text}"));
        all.extend(one("weighs over", self.weight_over.as_deref()));
        all.extend(one("weighs up to", self.weight_up_to.as_deref()));
        all.extend(one("costs over", self.value_over.as_deref()));
        all.extend(one("costs up to", self.value_up_to.as_deref()));
        all.extend(
            self.po_box
                .map(|is| if is { "PO box" } else { "no PO box" }.to_owned()),
        );
        for (name, list) in [
            ("service level", &self.service_level),
            ("country", &self.country),
            ("country not", &self.country_not),
            ("state", &self.state),
            ("state not", &self.state_not),
            ("badge", &self.badge),
            ("badge not", &self.badge_not),
            ("SKU", &self.sku),
            ("the channel gives no", &self.dates_missing),
        ] {
            if !list.is_empty() {
                all.push(format!("{name} {}", list.join(" or ")));
            }
        }
        if all.is_empty() {
            return "every order".to_owned();
        }
        all.join(", ")
    }

    /// What each given condition says of the order; nothing given: nothing is said, and it holds.
    pub(super) fn judge(&self, facts: &PolicyFacts<'_>) -> Vec<Said> {
        let mut all = Vec::new();
        self.weights(facts, &mut all);
        if !self.service_level.is_empty() {
            let level = &facts.order.service_level;
            all.push(said(
                is_one(&self.service_level, level),
                format!("service level {level}"),
            ));
        }
        if let Some(wanted) = self.po_box {
            all.push(match facts.po_box {
                Some(true) => said(wanted, "goes to a PO box".to_owned()),
                Some(false) => said(!wanted, "goes to no PO box".to_owned()),
                None => said(false, "the address is not known yet".to_owned()),
            });
        }
        self.places(facts, &mut all);
        self.values(facts, &mut all);
        self.badges(facts, &mut all);
        if !self.sku.is_empty() {
            let fits = |sku: &str| {
                self.sku.iter().any(|wanted| match wanted.strip_suffix('*') {
                    Some(begin) => sku
                        .get(..begin.len())
                        .is_some_and(|head| head.eq_ignore_ascii_case(begin)),
                    None => wanted.eq_ignore_ascii_case(sku),
                })
            };
            let line = facts.order.lines.iter().find(|line| fits(line.sku.as_str()));
            all.push(match line {
                Some(line) => said(true, format!("has SKU {}", line.sku)),
                None => said(false, format!("has no SKU {}", self.sku.join(", "))),
            });
        }
        for text in &self.dates_missing {
            let date = if text == "ship-by" {
                facts.order.ship_by.latest
            } else {
                facts.order.deliver_by.latest
            };
            all.push(match date {
                None => said(true, format!("the channel gives no {text}")),
                Some(_) => said(false, format!("the channel gives a {text}")),
            });
        }
        all
    }

    fn weights(&self, facts: &PolicyFacts<'_>, all: &mut Vec<Said>) {
        let parse = |text: Option<&str>| text.and_then(|text| Weight::parse(text).ok());
        for (limit, over) in [
            (parse(self.weight_over.as_deref()), true),
            (parse(self.weight_up_to.as_deref()), false),
        ] {
            let Some(limit) = limit else { continue };
            let Some(weight) = facts.weight else {
                all.push(said(
                    false,
                    "the catalogue does not know every item's weight".to_owned(),
                ));
                continue;
            };
            let is_over = weight.picograms() > limit.picograms();
            let words = if is_over { "over" } else { "not over" };
            all.push(said(is_over == over, format!("weighs {weight}, {words} {limit}")));
        }
    }

    fn places(&self, facts: &PolicyFacts<'_>, all: &mut Vec<Said>) {
        for (list, wanted, is_state) in [
            (&self.country, true, false),
            (&self.country_not, false, false),
            (&self.state, true, true),
            (&self.state_not, false, true),
        ] {
            if list.is_empty() {
                continue;
            }
            let Some(to) = facts.destination() else {
                all.push(said(false, "the address is not known yet".to_owned()));
                continue;
            };
            let place = if is_state { &to.state } else { &to.country };
            let what = if is_state { "state" } else { "country" };
            all.push(said(is_one(list, place) == wanted, format!("{what} {place}")));
        }
    }

    fn values(&self, facts: &PolicyFacts<'_>, all: &mut Vec<Said>) {
        for (limit, over) in [(&self.value_over, true), (&self.value_up_to, false)] {
            let Some(limit) = limit else { continue };
            let Some(value) = facts.value() else {
                all.push(said(false, "the items' prices are not all known".to_owned()));
                continue;
            };
            let Some(limit) = Money::parse(limit.trim(), value.currency) else {
                all.push(said(false, format!("{limit} is no amount")));
                continue;
            };
            let is_over = value.minor > limit.minor;
            let words = if is_over { "over" } else { "not over" };
            all.push(said(is_over == over, format!("costs {value}, {words} {limit}")));
        }
    }

    fn badges(&self, facts: &PolicyFacts<'_>, all: &mut Vec<Said>) {
        let worn = |list: &[String]| {
            list.iter()
                .filter_map(|text| badge(text))
                .find(|badge| facts.badges.contains(badge))
        };
        if !self.badge.is_empty() {
            all.push(match worn(&self.badge) {
                Some(badge) => said(true, format!("is {badge}")),
                None => said(false, format!("is not {}", self.badge.join(" or "))),
            });
        }
        if !self.badge_not.is_empty() {
            all.push(match worn(&self.badge_not) {
                Some(badge) => said(false, format!("is {badge}")),
                None => said(true, format!("is not {}", self.badge_not.join(" or "))),
            });
        }
    }
}
