//! Shipping policies: rules of the house that decide, once and when an order is created, how it is to be shipped
//! (workflow.md 4.4). Pure: policies and facts in, what is done and what each policy said out.
//!
//! A policy holds where all of its conditions hold; a condition on a fact that is not known does not hold. Policies
//! run in their order: a later one overrides an earlier one, unless that was final. Prime goes to Amazon Buy
//! Shipping whatever a policy says.

mod conditions;
mod promised;

pub use conditions::{Conditions, Said};
pub use promised::{DateRule, Promised};

use super::address::Destination;
use super::badge::Badge;
use super::ids::{OrderId, OrderNumber, StoreId};
use super::method::{KnownMethod, assign_terms, assigned_name};
use super::money::Money;
use super::order::{AssignedMethod, ChannelOrder};
use super::product::Product;
use super::rate::Confirmation;
use super::units::Weight;
use super::warehouse::Warehouse;
use serde::{Deserialize, Serialize};

/// Longest name of a policy or tag, in characters.
const LONGEST_NAME: usize = 60;

/// A policy of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// Our number.
    pub id: i64,
    /// Store.
    pub store: StoreId,
    /// Its place in the order in which the store's policies run, from 1.
    pub place: u32,
    /// What it says.
    pub rule: PolicyRule,
}

/// What a policy says, as it is written in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PolicyRule {
    /// Name, unique in its store.
    pub name: String,
    /// It takes part.
    #[serde(default = "yes")]
    pub active: bool,
    /// Where it holds, no later policy is asked.
    #[serde(default, rename = "final")]
    pub is_final: bool,
    /// All of these must hold; none given: every order.
    #[serde(default)]
    pub when: Conditions,
    /// What it does.
    pub then: Actions,
}

fn yes() -> bool {
    true
}

/// What a policy does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Actions {
    /// Assigns this method: `carrier:UPS`, a service id, `cheapest`, `elsewhere:UPS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Boxes begin with this Delivery Confirmation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<Confirmation>,
    /// Tags the order: it is found by `#tag`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The speed that the order counts as: `1 Day`, `2 Day`, `3 Day`, `5-7 Days`, `Economy`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_level: Option<String>,
    /// It ships within so many days of its creation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ship_by: Option<DateRule>,
    /// It is delivered within so many days of its creation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deliver_by: Option<DateRule>,
}

impl PolicyRule {
    /// Checks what a file says; the words name what is wrong and how it is written.
    pub fn check(&self) -> Result<(), String> {
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(format!(
                "name: a policy has a name of 1 to {LONGEST_NAME} letters"
            ));
        }
        self.when.check()?;
        if self.then == Actions::default() {
            return Err(
                "then: a policy does something: method, confirmation, tag, service-level, ship-by or deliver-by"
                    .to_owned(),
            );
        }
        self.then.check_promises()?;
        if let Some(text) = &self.then.method
            && AssignedMethod::parse(text).is_none()
        {
            return Err(format!(
                "then.method: {text:?} is no method: write cheapest, carrier:UPS, a service id like UPS_PTP_GND, or \
                 elsewhere:UPS"
            ));
        }
        if let Some(tag) = &self.then.tag {
            let fits = !tag.is_empty()
                && tag.len() <= LONGEST_NAME
                && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            if !fits {
                return Err(format!("then.tag: {tag:?} is no tag: letters, digits and - only"));
            }
        }
        Ok(())
    }

    /// In how far it takes part, in words: `off`, `final`; nothing for the plain case.
    pub fn state(&self) -> &'static str {
        match (self.active, self.is_final) {
            (false, _) => "off",
            (true, true) => "final",
            (true, false) => "",
        }
    }

    /// What it does, in words.
    pub fn does(&self) -> String {
        let mut parts = Vec::new();
        parts.extend(self.then.method.as_ref().map(|text| format!("method {text}")));
        parts.extend(self.then.confirmation.map(|option| format!("{option}")));
        parts.extend(self.then.tag.as_ref().map(|tag| format!("tag #{tag}")));
        parts.extend(self.then.promise_words());
        parts.join(", ")
    }
}

/// What policies are judged by, as it is known when the order is created.
#[derive(Debug, Clone)]
pub struct PolicyFacts<'a> {
    /// The order, as the channel told it.
    pub order: &'a ChannelOrder,
    /// Its badges.
    pub badges: &'a [Badge],
    /// What its items weigh together by the catalogue; none: not known of every item.
    pub weight: Option<Weight>,
    /// Goes to a PO box; none: not known.
    pub po_box: Option<bool>,
    /// The warehouse's days; none: not known, and no date is made.
    pub warehouse: Option<&'a Warehouse>,
}

impl PolicyFacts<'_> {
    /// Where it goes.
    fn destination(&self) -> Option<&Destination> {
        self.order.destination.as_ref()
    }

    /// What its items cost together; none: a price is missing, or they differ in currency.
    fn value(&self) -> Option<Money> {
        let mut sum: Option<Money> = None;
        for line in &self.order.lines {
            let price = line.unit_price?;
            let minor = price.minor.checked_mul(i64::from(line.quantity))?;
            sum = Some(match sum {
                None => Money::new(minor, price.currency),
                Some(sum) if sum.currency == price.currency => {
                    Money::new(sum.minor.checked_add(minor)?, sum.currency)
                }
                Some(_) => return None,
            });
        }
        sum
    }
}

/// What an order's items weigh together by the catalogue, in the unit of the first; none where one is not known.
pub fn catalogue_weight(order: &ChannelOrder, products: &[Product]) -> Option<Weight> {
    let mut unit = None;
    let mut picograms: i128 = 0;
    for line in &order.lines {
        let weight = products.iter().find(|known| known.sku == line.sku)?.weight?;
        unit.get_or_insert(weight.unit);
        picograms += weight.picograms() * i128::from(line.quantity);
    }
    let unit = unit?;
    let one = Weight { thousandths: 1, unit }.picograms();
    let thousandths = i64::try_from((picograms + one - 1) / one).ok()?;
    (thousandths > 0).then_some(Weight { thousandths, unit })
}

/// Whether an address goes to a PO box: `PO Box 12`, `P.O. Box`, `Post Office Box`, `Box 12`.
pub fn is_po_box(lines: &[String]) -> bool {
    lines.iter().any(|line| {
        let words: Vec<String> = line
            .replace('.', "")
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let texts: Vec<&str> = words.iter().map(String::as_str).collect();
        let number =
            |word: Option<&&str>| word.is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        texts
            .windows(2)
            .any(|pair| matches!(pair, ["po", "box"] | ["pob", _]) || pair == ["p", "o"])
            || texts
                .windows(3)
                .any(|three| matches!(three, ["post", "office", "box"] | ["p", "o", "box"]))
            || texts
                .first()
                .is_some_and(|first| *first == "pobox" || *first == "box" && number(texts.get(1)))
    })
}

/// What one policy said of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyStep {
    /// Policy.
    pub policy: String,
    /// All of its conditions held.
    pub held: bool,
    /// What each condition said.
    pub said: Vec<Said>,
    /// What it did, in words; what it could not do as well.
    pub did: Vec<String>,
    /// No later one was asked.
    pub ended: bool,
}

/// What the policies come to for an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyOutcome {
    /// The method that is assigned, and by which policy.
    pub method: Option<(AssignedMethod, String)>,
    /// The Delivery Confirmation that boxes begin with, and by which policy.
    pub confirmation: Option<(Confirmation, String)>,
    /// Tags, and by which policy.
    pub tags: Vec<(String, String)>,
    /// Service level and dates.
    #[serde(default)]
    pub promised: Promised,
    /// What each policy said, in the order in which they were asked.
    pub steps: Vec<PolicyStep>,
}

impl PolicyOutcome {
    /// A policy did something.
    pub fn touched(&self) -> bool {
        self.steps.iter().any(|step| step.held)
    }

    /// In words, one line for each policy: `Heavy: held (weighs 30 lb, over 20 lb): method carrier:UPS`.
    pub fn lines(&self) -> Vec<String> {
        let said = |step: &PolicyStep| {
            let each: Vec<&str> = step
                .said
                .iter()
                .filter(|said| said.holds == step.held)
                .map(|said| said.words.as_str())
                .collect();
            if each.is_empty() {
                "every order".to_owned()
            } else {
                each.join("; ")
            }
        };
        let each = self.steps.iter().map(|step| {
            if step.held {
                let end = if step.ended { "; final" } else { "" };
                format!(
                    "{}: held ({}): {}{end}",
                    step.policy,
                    said(step),
                    step.did.join(", ")
                )
            } else {
                format!("{}: did not hold ({})", step.policy, said(step))
            }
        });
        each.collect()
    }
}

/// Runs the active policies of the order's store in their order.
pub fn run(policies: &[Policy], facts: &PolicyFacts<'_>, known: &[KnownMethod]) -> PolicyOutcome {
    let mut outcome = PolicyOutcome::default();
    let mut ordered: Vec<&Policy> = policies
        .iter()
        .filter(|policy| policy.rule.active && policy.store == facts.order.store)
        .collect();
    ordered.sort_by_key(|policy| (policy.place, policy.id));
    for policy in ordered {
        let said = policy.rule.when.judge(facts);
        let held = said.iter().all(|said| said.holds);
        let ended = held && policy.rule.is_final;
        let did = if held {
            act(&policy.rule, facts, known, &mut outcome)
        } else {
            Vec::new()
        };
        outcome.steps.push(PolicyStep {
            policy: policy.rule.name.clone(),
            held,
            said,
            did,
            ended,
        });
        if ended {
            break;
        }
    }
    outcome
}

/// Does what a policy that holds says; the words tell what was done and what was not.
fn act(
    rule: &PolicyRule,
    facts: &PolicyFacts<'_>,
    known: &[KnownMethod],
    outcome: &mut PolicyOutcome,
) -> Vec<String> {
    let mut did = Vec::new();
    if let Some(method) = rule.then.method.as_deref().and_then(AssignedMethod::parse) {
        let name = assigned_name(&method, known);
        match assign_terms(facts.order, &method, known) {
            Ok(terms) if terms.needs_permission => did.push(format!(
                "not {name}: a Prime order goes to Amazon Buy Shipping whatever a policy says"
            )),
            Ok(_) => {
                did.push(format!("method {name}"));
                outcome.method = Some((method, rule.name.clone()));
            }
            Err(words) => did.push(format!("not {name}: {words}")),
        }
    }
    if let Some(confirmation) = rule.then.confirmation {
        let floor = facts.order.confirmation_floor;
        let least = confirmation.at_least(floor);
        did.push(if least == confirmation {
            format!("boxes begin with {confirmation}")
        } else {
            format!("boxes begin with {least}: the order demands more than {confirmation}")
        });
        outcome.confirmation = Some((least, rule.name.clone()));
    }
    if let Some(tag) = &rule.then.tag
        && !outcome.tags.iter().any(|(known, _)| known == tag)
    {
        did.push(format!("tag #{tag}"));
        outcome.tags.push((tag.clone(), rule.name.clone()));
    }
    did.extend(rule.then.promise(facts, &mut outcome.promised));
    did
}

/// What the policies would do with one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehearsed {
    /// Order.
    pub order: OrderId,
    /// Its number.
    pub number: OrderNumber,
    /// What they would do, and why.
    pub outcome: PolicyOutcome,
}

/// A rehearsal over the open orders of a store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rehearsal {
    /// Open orders that were looked at.
    pub looked_at: usize,
    /// Those of them that a policy would touch, most urgent first; at most as many as were asked for.
    pub touched: Vec<Rehearsed>,
    /// All that would be touched.
    pub touched_in_all: usize,
}

#[cfg(test)]
mod tests;
