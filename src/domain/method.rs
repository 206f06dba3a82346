//! The method that an order is assigned to ahead: who assigned it, which methods a shop knows, which are switched
//! off. Pure.
//!
//! A method is assigned by a person or by a policy. Unknown is not "none": it is the cheapest that passes the
//! rules (workflow.md 1.4). What is switched off for a shop is neither assigned nor bought (workflow.md 4.3).

use super::choice::{self, is_business_commercial, is_fedex_home_delivery};
use super::ids::StoreId;
use super::order::{AssignedMethod, ChannelOrder};
use super::outside::Carrier;
use super::prime::elsewhere_breach;
use super::rate::method_name;
use super::shopping::Shopped;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A method that a shop was offered once, or that was switched off for it before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KnownMethod {
    /// Shop.
    pub store: StoreId,
    /// Service id.
    pub service_id: String,
    /// Name of the service; its id where no offer was seen yet.
    pub service: String,
    /// Carrier id; empty where no offer was seen yet.
    pub carrier_id: String,
    /// Name of the carrier; empty where no offer was seen yet.
    pub carrier: String,
    /// Since when it is switched off, by whom and why; none: it is on.
    pub off: Option<SwitchedOff>,
}

impl KnownMethod {
    /// Carrier and service, without saying the carrier twice.
    pub fn name(&self) -> String {
        method_name(&self.carrier, &self.service)
    }
}

/// That a method is switched off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SwitchedOff {
    /// Since when.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// Why.
    pub why: String,
}

/// How an order came to its method.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssignedBy {
    /// Nobody assigned one.
    #[default]
    Nobody,
    /// A person, by name.
    Person(String),
    /// A shipping policy, by name.
    Policy(String),
}

impl fmt::Display for AssignedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => f.write_str("nobody"),
            Self::Person(name) => f.write_str(name),
            Self::Policy(name) => write!(f, "policy {name}"),
        }
    }
}

/// What is known about an order's method besides the method itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct MethodFacts {
    /// Who assigned it.
    pub by: AssignedBy,
    /// Why, in words; may be empty.
    pub why: String,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// Methods that the shop knows, by carrier and name.
    pub known: Vec<KnownMethod>,
    /// What rate shopping found ahead.
    pub shopped: Option<Shopped>,
}

impl MethodFacts {
    /// `UPS Ground, assigned by Ana (contract)`.
    pub fn words(&self, assigned: &AssignedMethod) -> String {
        let name = assigned_name(assigned, &self.known);
        if self.by == AssignedBy::Nobody {
            return match &self.shopped {
                Some(shopped) => format!("{name}; shopped ahead: {}", shopped.words()),
                None => name,
            };
        }
        let why = if self.why.is_empty() {
            String::new()
        } else {
            format!(" ({})", self.why)
        };
        format!("{name}, assigned by {}{why}", self.by)
    }
}

/// The method's name in words, as a packer knows it.
pub fn assigned_name(assigned: &AssignedMethod, known: &[KnownMethod]) -> String {
    let carrier = |id: &str| {
        let named = known
            .iter()
            .find(|one| one.carrier_id.eq_ignore_ascii_case(id) && !one.carrier.is_empty());
        named.map_or_else(|| id.to_owned(), |one| one.carrier.clone())
    };
    match assigned {
        AssignedMethod::Unknown => "the cheapest that passes".to_owned(),
        AssignedMethod::Carrier { carrier_id } => {
            format!("the cheapest of {} that passes", carrier(carrier_id))
        }
        AssignedMethod::Service { service_id, .. } => {
            let one = known
                .iter()
                .find(|one| one.service_id.eq_ignore_ascii_case(service_id));
            one.map_or_else(|| service_id.clone(), KnownMethod::name)
        }
        AssignedMethod::Outside { carrier } => format!("a label from elsewhere, {carrier}"),
    }
}

impl AssignedMethod {
    /// Reads it as it is written on the command line and in policies: `cheapest` (or `unknown`), `carrier:UPS`,
    /// `UPS_PTP_GND`, `UPS/UPS_PTP_GND`, `elsewhere:UPS`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        // A slash parts carrier and service.
        let sign = |c: char| c.is_ascii_graphic() && c != '/';
        let is_id = |id: &str| !id.is_empty() && id.len() <= 100 && id.chars().all(sign);
        let lower = text.to_ascii_lowercase();
        if matches!(lower.as_str(), "cheapest" | "unknown") {
            return Some(Self::Unknown);
        }
        if let Some((kind, rest)) = text.split_once(':') {
            return match kind.trim().to_ascii_lowercase().as_str() {
                "carrier" => is_id(rest.trim()).then(|| Self::Carrier {
                    carrier_id: rest.trim().to_owned(),
                }),
                "elsewhere" => Carrier::parse(rest).map(|carrier| Self::Outside { carrier }),
                _ => None,
            };
        }
        let (carrier_id, service_id) = text.split_once('/').unwrap_or(("", text));
        let fits = is_id(service_id) && (carrier_id.is_empty() || is_id(carrier_id));
        fits.then(|| Self::Service {
            carrier_id: carrier_id.to_owned(),
            service_id: service_id.to_owned(),
        })
    }
}

/// As [`AssignedMethod::parse`] reads it.
impl fmt::Display for AssignedMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("cheapest"),
            Self::Carrier { carrier_id } => write!(f, "carrier:{carrier_id}"),
            Self::Service {
                carrier_id,
                service_id,
            } if carrier_id.is_empty() => f.write_str(service_id),
            Self::Service {
                carrier_id,
                service_id,
            } => write!(f, "{carrier_id}/{service_id}"),
            Self::Outside { carrier } => write!(f, "elsewhere:{carrier}"),
        }
    }
}

/// What assigning a method to an order by hand takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssignTerms {
    /// What the person must know, in words.
    pub notes: Vec<String>,
    /// Not everybody may ([`super::user::Permission::BreakPrime`]), and a typed reason is wanted.
    pub needs_permission: bool,
}

/// What assigning this method takes, or the words that refuse it.
pub fn assign_terms(
    order: &ChannelOrder,
    method: &AssignedMethod,
    known: &[KnownMethod],
) -> Result<AssignTerms, String> {
    let mut terms = AssignTerms::default();
    match method {
        AssignedMethod::Carrier { carrier_id } => {
            let mut of_carrier = known
                .iter()
                .filter(|one| one.carrier_id.eq_ignore_ascii_case(carrier_id))
                .peekable();
            if of_carrier.peek().is_some() && of_carrier.all(|one| one.off.is_some()) {
                return Err(format!(
                    "every method of {carrier_id} is switched off for this store: assign another carrier"
                ));
            }
        }
        AssignedMethod::Service { service_id, .. } => {
            let one = known
                .iter()
                .find(|one| one.service_id.eq_ignore_ascii_case(service_id));
            if let Some(words) = one.and_then(switched_off_words) {
                return Err(words);
            }
            let names: Vec<&str> = one
                .map(|one| [one.carrier_id.as_str(), &one.carrier, &one.service])
                .into_iter()
                .flatten()
                .chain([service_id.as_str()])
                .collect();
            if is_business_commercial(order) && is_fedex_home_delivery(&names, &names) {
                return Err(choice::HOME_DELIVERY_BARRED.to_owned());
            }
        }
        AssignedMethod::Outside { .. } if order.origin.is_amazon() => {
            terms.notes.push(
                "This order loses its late-delivery protection (SLA): only labels bought through Amazon have it."
                    .to_owned(),
            );
            if let Some(rule) = elsewhere_breach(order) {
                terms
                    .notes
                    .push(format!("PRIME: {rule}, and Amazon counts this one against you."));
                terms.needs_permission = true;
            }
        }
        AssignedMethod::Unknown | AssignedMethod::Outside { .. } => {}
    }
    Ok(terms)
}

/// That a method is switched off, in words; none: it is on.
pub fn switched_off_words(method: &KnownMethod) -> Option<String> {
    let off = method.off.as_ref()?;
    Some(format!(
        "{} is switched off for store {} by {} ({}): choose another method",
        method.name(),
        method.store,
        off.by,
        off.why
    ))
}

#[cfg(test)]
mod tests;
