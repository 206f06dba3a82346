//! Which value-added services of a rate are bought for a Delivery Confirmation option (amazon.md 3.6).

use super::{AddedService, AddedServiceGroup, Confirmation, Rate};
use crate::domain::money::Money;

/// What a value-added service confirms, by its id or else by its name; none: it is about something else.
pub fn confirmation_of(service: &AddedService) -> Option<Confirmation> {
    by_words(&service.id).or_else(|| by_words(&service.name))
}

fn by_words(text: &str) -> Option<Confirmation> {
    let letters: String = text
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect();
    let has = |word: &str| letters.contains(word);
    if has("NOCONFIRMATION") || has("NOTRACKING") || has("NODELIVERYCONFIRMATION") {
        Some(Confirmation::NoTracking)
    } else if has("WITHOUTSIGNATURE") || has("NOSIGNATURE") {
        Some(Confirmation::DeliveryConfirmation)
    } else if has("ADULTSIGNATURE") {
        Some(Confirmation::AdultSignature)
    } else if has("SIGNATURECONFIRMATION") || has("WITHSIGNATURE") || letters == "SIGNATURE" {
        Some(Confirmation::Signature)
    } else if has("DELIVERYCONFIRMATION") {
        Some(Confirmation::DeliveryConfirmation)
    } else {
        None
    }
}

/// Answers every group of the rate: ids of that very rate, and the rate's price with them.
///
/// - A group that knows confirmations is answered with the wanted one; of several the cheapest. A required
///   group without it, or an optional one where a confirmation was wanted, means: not offered for this option.
/// - A required group about something else is answered with a free service, the least demanding first (by
///   what it confirms, then by its place). Nothing that costs is bought without having been asked for.
/// - A rate that knows no confirmations at all serves *No Tracking* and *Delivery Confirmation*.
///
/// The error says in the packer's words why the method is not offered.
pub fn required_services(rate: &Rate, wanted: Confirmation) -> Result<(Vec<String>, Money), String> {
    let mut ids = Vec::new();
    let mut price = rate.total;
    let confirms =
        |group: &AddedServiceGroup| group.services.iter().any(|one| confirmation_of(one).is_some());
    if wanted >= Confirmation::Signature && !rate.groups.iter().any(confirms) {
        return Err(not_offered(wanted));
    }
    let mut confirmed = false;
    for group in &rate.groups {
        let chosen = if confirms(group) {
            let chosen = cheapest(group, |one| confirmation_of(one) == Some(wanted));
            confirmed |= chosen.is_some();
            if chosen.is_none() && group.required {
                return Err(not_offered(wanted));
            }
            chosen
        } else if group.required {
            Some(cheapest(group, is_free).ok_or_else(|| {
                "asks for an extra service that costs and was not ordered: choose another method".to_owned()
            })?)
        } else {
            None
        };
        let Some(service) = chosen else { continue };
        if let Some(cost) = service.cost {
            price = price
                .plus(cost)
                .ok_or_else(|| "its price is given in two currencies: choose another method".to_owned())?;
        }
        ids.push(service.id.clone());
    }
    if !confirmed && wanted != Confirmation::NoTracking && rate.groups.iter().any(confirms) {
        return Err(not_offered(wanted));
    }
    Ok((ids, price))
}

fn not_offered(wanted: Confirmation) -> String {
    format!("not offered with {wanted}")
}

fn is_free(service: &AddedService) -> bool {
    service.cost.is_none_or(|cost| cost.minor == 0)
}

/// The cheapest fitting service; a tie goes to the least demanding, then to the first.
fn cheapest(group: &AddedServiceGroup, fits: impl Fn(&AddedService) -> bool) -> Option<&AddedService> {
    group
        .services
        .iter()
        .filter(|service| fits(service))
        .min_by_key(|service| {
            (
                service.cost.map_or(0, |cost| cost.minor),
                confirmation_of(service),
            )
        })
}
