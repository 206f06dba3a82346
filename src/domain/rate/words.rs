//! Everything that a quote says, in the packer's words: the parts of its price, whose rate it is, what is
//! protected or lost and why, what its label can be printed as. Codes that are not known are shown as they came,
//! in plain letters.

use super::{DocumentOption, Payment, Rate, RateItem};
use crate::domain::money::Money;
use crate::domain::seller::DocumentFormat;
use std::fmt::Write;

/// A benefit as people call it (`includedBenefits`).
pub fn benefit(code: &str) -> String {
    match code {
        "CLAIMS_PROTECTED" => "claims protection".to_owned(),
        "OTDR_PROTECTED" => "on-time delivery protection".to_owned(),
        "FBM_SHIP_PLUS" => "Ship Plus credit".to_owned(),
        other => plain(other),
    }
}

/// Why a benefit is lost (`reasonCodes`; amazon.md 2.7).
pub fn reason(code: &str) -> String {
    match code {
        "LATE_DELIVERY_RISK" => "risk of late delivery".to_owned(),
        "NON_SSA_ORDER" => "Shipping Settings Automation is off in Seller Central".to_owned(),
        "NON_AHT_ORDER" => "Automated Handling Time is off in Seller Central".to_owned(),
        other => plain(other),
    }
}

/// `LATE_DELIVERY_RISK` in plain letters.
pub fn plain(code: &str) -> String {
    code.to_lowercase().replace('_', " ")
}

/// What is protected with this method, and what is not and why.
pub fn protection(rate: &Rate) -> String {
    let kept: Vec<String> = rate.benefits.iter().map(|code| benefit(code)).collect();
    let lost = rate.excluded.iter().map(|lost| {
        let why: Vec<String> = lost.reasons.iter().map(|code| reason(code)).collect();
        if why.is_empty() {
            format!("no {}", benefit(&lost.benefit))
        } else {
            format!("no {} ({})", benefit(&lost.benefit), why.join(", "))
        }
    });
    let lost: Vec<String> = lost.collect();
    match (kept.is_empty(), lost.is_empty()) {
        (true, true) => "nothing stated".to_owned(),
        (false, true) => kept.join(", "),
        (true, false) => lost.join("; "),
        (false, false) => format!("{}; {}", kept.join(", "), lost.join("; ")),
    }
}

/// Whose rate it is.
pub fn payment(rate: &Rate) -> String {
    match &rate.payment {
        Payment::ThroughAmazon => "Amazon's rate".to_owned(),
        Payment::DirectToCarrier => format!("your own account with {}", rate.carrier),
        Payment::Unknown(code) if code.is_empty() => "Amazon does not say whose rate it is".to_owned(),
        Payment::Unknown(code) => format!("whose rate: {}", plain(code)),
    }
}

/// A part of a price as people call it (`RateItemID`, amazon.md 3.4); Amazon's own words where it has any.
pub fn part(item: &RateItem) -> String {
    if !item.name.is_empty() {
        return item.name.clone();
    }
    match item.id.as_str() {
        "BASE_RATE" => "base".to_owned(),
        "VAT" => "VAT".to_owned(),
        "AMAZON_SPONSORED_DISCOUNT" => "Amazon's discount".to_owned(),
        "COD" => "cash on delivery".to_owned(),
        "FBM_SHIP_PLUS_CREDIT" => "Ship Plus credit".to_owned(),
        "NO_CONFIRMATION" => "no confirmation".to_owned(),
        other => plain(other),
    }
}

/// What is taken off a price, by its name; carriers write it with and without a minus.
fn takes_off(item: &RateItem) -> bool {
    ["CREDIT", "DISCOUNT", "REBATE"]
        .iter()
        .any(|word| item.id.contains(word))
}

/// The parts of what is paid for this rate with the services `bought`: their sum is `price`, to the cent. What
/// Amazon does not itemise is a part of its own.
pub fn price_parts(rate: &Rate, bought: &[String], price: Money) -> Vec<(String, Money)> {
    let mut parts: Vec<(String, Money)> = Vec::new();
    for item in rate.items.iter().filter(|item| item.kind != "OPTIONAL") {
        let Some(charge) = item.charge.filter(|charge| charge.currency == price.currency) else {
            continue;
        };
        let minor = if takes_off(item) {
            -charge.minor.saturating_abs()
        } else {
            charge.minor
        };
        if minor != 0 {
            parts.push((part(item), Money::new(minor, price.currency)));
        }
    }
    let sum = |parts: &[(String, Money)]| -> Option<i64> {
        parts
            .iter()
            .try_fold(0_i64, |sum, (_, money)| sum.checked_add(money.minor))
    };
    // What Amazon itemised belongs to the total; the services that are bought come on top.
    let rest = sum(&parts).and_then(|sum| rate.total.minor.checked_sub(sum));
    match (parts.is_empty(), rest) {
        (true, _) | (_, None) => parts = vec![("base".to_owned(), rate.total)],
        (false, Some(0)) => {}
        (false, Some(rest)) => {
            let based = rate.items.iter().any(|item| item.id == "BASE_RATE");
            let rest = Money::new(rest, price.currency);
            if based {
                parts.push(("not itemised".to_owned(), rest));
            } else {
                // Merchant Fulfillment names only what it adds or takes off.
                parts.insert(0, ("base".to_owned(), rest));
            }
        }
    }
    let services = rate.groups.iter().flat_map(|group| &group.services);
    for service in services.filter(|service| bought.contains(&service.id)) {
        if let Some(cost) = service.cost.filter(|cost| cost.minor != 0) {
            let name = if service.name.is_empty() {
                plain(&service.id)
            } else {
                service.name.clone()
            };
            parts.push((name, cost));
        }
    }
    parts
}

/// The parts of a price as one line: `$14.37 = base $8.12 + signature confirmation $6.25 − rebate $1.00`.
pub fn price(rate: &Rate, bought: &[String], price: Money) -> String {
    let mut text = price.to_string();
    for (place, (name, part)) in price_parts(rate, bought, price).into_iter().enumerate() {
        let sign = match (place, part.minor < 0) {
            (0, false) => "=",
            (0, true) => "= −",
            (_, false) => "+",
            (_, true) => "−",
        };
        let amount = Money::new(part.minor.saturating_abs(), part.currency);
        let _ = write!(text, " {sign} {name} {amount}");
    }
    text
}

/// What the label can be printed as: `ZPL 4x6 in (203, 300 dpi), PDF 8.5x11 in with pack slip`.
pub fn documents(options: &[DocumentOption]) -> String {
    let mut words: Vec<String> = Vec::new();
    for option in options {
        let format = match option.format {
            DocumentFormat::Zpl => "ZPL",
            DocumentFormat::Png => "PNG",
            DocumentFormat::Pdf => "PDF",
        };
        let unit = match option.unit.as_str() {
            "INCH" => "in",
            "CENTIMETER" => "cm",
            other => other,
        };
        let mut text = format.to_owned();
        // Merchant Fulfillment does not say how large the sheet is.
        if option.width > 0 && option.length > 0 {
            let (width, length) = (thousandths(option.width), thousandths(option.length));
            let _ = write!(text, " {width}x{length} {unit}");
        }
        if !option.dpis.is_empty() {
            let mut dpis = option.dpis.clone();
            dpis.sort_unstable();
            let dpis: Vec<String> = dpis.iter().map(u32::to_string).collect();
            let _ = write!(text, " ({} dpi)", dpis.join(", "));
        }
        let others: Vec<String> = option
            .documents
            .iter()
            .filter(|(name, mandatory)| *mandatory && name != "LABEL")
            .map(|(name, _)| match name.as_str() {
                "PACKSLIP" => "packing slip".to_owned(),
                other => plain(other),
            })
            .collect();
        if !others.is_empty() {
            let _ = write!(text, " with {}", others.join(", "));
        }
        if !words.contains(&text) {
            words.push(text);
        }
    }
    if words.is_empty() {
        "nothing that Amazon names".to_owned()
    } else {
        words.join(", ")
    }
}

/// Thousandths without needless digits: `8.5`, `4`.
fn thousandths(value: i64) -> String {
    let text = format!("{}.{:03}", value / 1000, (value % 1000).abs());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests;
