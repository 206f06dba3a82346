//! Amazon's rules for Prime orders, kept as data (`assets/prime.toml`): what breaks one, in words, and the share of
//! Prime orders that ship with Amazon Buy Shipping. Whoever breaks a rule needs a permission and gives a reason; the
//! store asks for both ([`super::user::Permission::BreakPrime`]).

use super::order::{ChannelOrder, Origin};
use super::rate::Confirmation;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::LazyLock;

/// The rules.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrimeRules {
    /// What is asked for.
    pub rules: Asked,
    /// How the share is counted.
    pub share: ShareRule,
}

/// Rules with their words; none: not asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Asked {
    /// Promised within the order's deliver-by.
    pub late: Option<String>,
    /// Tracked.
    pub untracked: Option<String>,
    /// Amazon Buy Shipping alone.
    pub elsewhere: Option<String>,
    /// Neither split nor merged.
    pub split: Option<String>,
}

/// How the share of Buy Shipping is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareRule {
    /// Over so many days.
    pub days: u32,
    /// What Amazon wants, in percent.
    pub goal: u32,
}

static RULES: LazyLock<PrimeRules> = LazyLock::new(|| {
    toml::from_str(include_str!("../../assets/prime.toml")).expect("the embedded rules are checked by a test")
});

impl PrimeRules {
    /// The rules that come with the program.
    pub fn standard() -> &'static Self {
        &RULES
    }
}

/// Of which orders Amazon wants it: Prime, and its own.
pub fn is_prime(order: &ChannelOrder) -> bool {
    order.programs.prime && order.origin == Origin::Amazon
}

/// The rule that splitting the order breaks, in words.
pub fn split_breach(order: &ChannelOrder) -> Option<&'static str> {
    RULES.rules.split.as_deref().filter(|_| is_prime(order))
}

/// The rule that a label from elsewhere breaks, in words.
pub fn elsewhere_breach(order: &ChannelOrder) -> Option<&'static str> {
    RULES.rules.elsewhere.as_deref().filter(|_| is_prime(order))
}

/// The rules that a method breaks, in words: `in_time` where it promises to be there by the order's deliver-by.
pub fn method_breaches(in_time: bool, confirmation: Confirmation) -> Vec<&'static str> {
    let rules = &RULES.rules;
    let late = rules.late.as_deref().filter(|_| !in_time);
    let untracked = rules
        .untracked
        .as_deref()
        .filter(|_| confirmation == Confirmation::NoTracking);
    late.into_iter().chain(untracked).collect()
}

/// Prime orders that shipped, and how many of them with Amazon Buy Shipping.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct PrimeShare {
    /// Prime orders with a label that lives.
    pub orders: u64,
    /// Those of them whose labels all came from Amazon Buy Shipping.
    pub buy_shipping: u64,
}

impl PrimeShare {
    /// In tenths of a percent, rounded down; none without an order.
    pub fn permille(self) -> Option<u64> {
        (self.orders > 0).then(|| self.buy_shipping * 1000 / self.orders)
    }

    /// Below what Amazon wants.
    pub fn is_low(self) -> bool {
        self.permille()
            .is_some_and(|permille| permille < u64::from(RULES.share.goal) * 10)
    }
}

/// `Prime by Buy Shipping: 97.5 % of 40 in 30 days, BELOW Amazon's goal 99 %`.
impl fmt::Display for PrimeShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ShareRule { days, goal } = RULES.share;
        let Some(permille) = self.permille() else {
            return write!(f, "Prime by Buy Shipping: no Prime order shipped in {days} days");
        };
        let below = if self.is_low() { "BELOW " } else { "" };
        write!(
            f,
            "Prime by Buy Shipping: {}.{} % of {} in {days} days, {below}Amazon's goal {goal} %",
            permille / 10,
            permille % 10,
            self.orders
        )
    }
}

#[cfg(test)]
mod tests;
