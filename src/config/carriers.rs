//! The rules of carrier accounts: which of Amazon's label APIs each buys through, and what that one needs.

use super::check::unique;
use super::raw::RawCarrier;
use crate::domain::rate::Confirmation;
use crate::domain::seller::{CarrierAccount, LabelVia};

/// The accounts of a file.
pub(super) struct Accounts {
    pub(super) all: Vec<CarrierAccount>,
    /// The first one serves stores that name none: it is the only one, or that of `[carrier]`.
    first_serves: bool,
}

/// All accounts. `[carrier]` is the short form of a single one and comes first; without any there is the usual one.
pub(super) fn all(short: Option<RawCarrier>, several: Vec<RawCarrier>) -> Result<Accounts, String> {
    let mut accounts = Vec::new();
    let first_serves = short.is_some() || several.len() < 2;
    if let Some(raw) = short {
        let usual = CarrierAccount::default().name;
        let name = raw.name.clone().unwrap_or(usual);
        accounts.push(account("carrier", name, raw)?);
    }
    for mut raw in several {
        let name = raw
            .name
            .take()
            .ok_or("carriers: one has no name: write name = \"…\", by which a store picks it")?;
        accounts.push(account("carriers", name, raw)?);
    }
    unique("carriers", accounts.iter().map(|account| account.name.clone()))?;
    if accounts.is_empty() {
        accounts.push(CarrierAccount::default());
    }
    Ok(Accounts {
        all: accounts,
        first_serves,
    })
}

fn account(key: &str, name: String, raw: RawCarrier) -> Result<CarrierAccount, String> {
    if name.trim().is_empty() {
        return Err(format!("{key}.name is empty"));
    }
    let usual = CarrierAccount::default();
    let via = match raw.api.as_deref() {
        None => usual.via,
        Some(text) => api(text).ok_or_else(|| {
            format!(
                "{key}.api of {name:?} is {text:?}: write \"{}\" or \"{}\"",
                LabelVia::ShippingV2.key(),
                LabelVia::MerchantFulfillmentV0.key()
            )
        })?,
    };
    let default_confirmation = match raw.confirmation {
        None => usual.default_confirmation,
        Some(text) => Confirmation::parse(&text).ok_or_else(|| {
            let known: Vec<&str> = Confirmation::ALL.iter().map(|option| option.key()).collect();
            format!(
                "{key}.confirmation is {text:?}: write one of {}",
                known.join(", ")
            )
        })?,
    };
    let formats = raw.formats.unwrap_or(usual.formats);
    if formats.is_empty() {
        return Err(format!(
            "{key}.formats is empty: name at least one of ZPL, PNG, PDF"
        ));
    }
    Ok(CarrierAccount {
        name,
        via,
        default_confirmation,
        formats,
        rate_shopping: raw.rate_shopping.unwrap_or(usual.rate_shopping),
    })
}

/// Labels that are bought elsewhere are recorded, not bought through an account.
fn api(text: &str) -> Option<LabelVia> {
    LabelVia::parse(text).filter(|via| *via != LabelVia::Outside)
}

impl Accounts {
    /// The account that the store names; else the one that serves stores which name none.
    pub(super) fn of_store(&self, at: &str, named: Option<&str>) -> Result<CarrierAccount, String> {
        let found = match named {
            Some(name) => self.all.iter().find(|account| account.name == name),
            None => self.all.first().filter(|_| self.first_serves),
        };
        found.cloned().ok_or_else(|| {
            let known: Vec<String> = self
                .all
                .iter()
                .map(|account| format!("{:?}", account.name))
                .collect();
            let wrong = match named {
                Some(name) => format!("is {name:?}, which is no carrier account"),
                None => "is missing, and there are several carrier accounts".to_owned(),
            };
            format!("{at}.carrier {wrong}: write one of {}", known.join(", "))
        })
    }
}
