//! Where Amazon is: regional hosts, marketplaces, business ids (amazon.md 1.3, 1.4, 3.2).

use super::errors::SetupError;
pub use crate::domain::market::{Marketplace, marketplace};
use crate::domain::money::Currency;
use crate::domain::seller::Region;
use reqwest::Url;

/// Login with Amazon: one host for all regions.
pub(super) const LOGIN: &str = "https://api.amazon.com";

/// Value of `x-amzn-shipping-business-id`. Amazon assumes the UK where it is missing, so it is always sent.
/// Marketplaces without a value of their own send their region's largest (what Amazon wants there was not found).
pub(super) fn business_id(marketplace_id: &str, region: Region) -> &'static str {
    match marketplace(marketplace_id).map(|place| place.country) {
        Some("US") => "AmazonShipping_US",
        Some("IN") => "AmazonShipping_IN",
        Some("GB") => "AmazonShipping_UK",
        Some("AE") => "AmazonShipping_UAE",
        Some("SA") => "AmazonShipping_SA",
        Some("EG") => "AmazonShipping_EG",
        Some("IT") => "AmazonShipping_IT",
        Some("ES") => "AmazonShipping_ES",
        Some("FR") => "AmazonShipping_FR",
        Some("JP") => "AmazonShipping_JP",
        _ => match region {
            Region::Na => "AmazonShipping_US",
            Region::Eu => "AmazonShipping_UK",
            Region::Fe => "AmazonShipping_JP",
        },
    }
}

/// Currency of the marketplace; the dollar where it is not known.
pub(super) fn currency(marketplace_id: &str) -> Currency {
    let code = match marketplace(marketplace_id).map(|place| place.country) {
        Some("CA") => "CAD",
        Some("MX") => "MXN",
        Some("BR") => "BRL",
        Some("GB") => "GBP",
        Some("DE" | "FR" | "IT" | "ES" | "NL" | "BE" | "IE") => "EUR",
        Some("SE") => "SEK",
        Some("PL") => "PLN",
        Some("TR") => "TRY",
        Some("EG") => "EGP",
        Some("SA") => "SAR",
        Some("AE") => "AED",
        Some("IN") => "INR",
        Some("ZA") => "ZAR",
        Some("JP") => "JPY",
        Some("AU") => "AUD",
        Some("SG") => "SGD",
        _ => "USD",
    };
    Currency::parse(code).unwrap_or(Currency::USD)
}

/// The region's own host.
pub(super) fn host(region: Region) -> &'static str {
    match region {
        Region::Na => "https://sellingpartnerapi-na.amazon.com",
        Region::Eu => "https://sellingpartnerapi-eu.amazon.com",
        Region::Fe => "https://sellingpartnerapi-fe.amazon.com",
    }
}

/// Checks a base address: https, or plain http to a loopback address; no user, query or fragment.
pub(super) fn base(store: &str, what: &'static str, address: &str) -> Result<Url, SetupError> {
    let refuse = |why| SetupError::Address {
        store: store.to_owned(),
        what,
        address: address.to_owned(),
        why,
    };
    let url = Url::parse(address).map_err(|_| refuse("is not an address"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("must not carry a user name or password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("must end before ? and #"));
    }
    match url.scheme() {
        "https" if url.has_host() => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(refuse("must be https: plain http is for loopback addresses only")),
        _ => Err(refuse("must begin with https://")),
    }
}

/// The address is this machine's own: `localhost`, 127.0.0.0/8 or `::1`.
pub(super) fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        host == "localhost"
            || host
                .trim_start_matches('[')
                .trim_end_matches(']')
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    })
}

#[cfg(test)]
mod tests;
