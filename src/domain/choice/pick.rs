//! The order of methods on the screen and the automatic choice.

use super::{Judgement, Rules, Tint, judge};
use crate::domain::order::AssignedMethod;
use crate::domain::rate::Rate;
use std::cmp::Ordering;
use std::fmt::Write;

/// The fixed order of carriers for ties; others follow by their id.
const CARRIERS: [&str; 7] = ["USPS", "UPS", "FEDEX", "ONTRAC", "AMAZON", "DHL", "ROYALMAIL"];

/// Judges all methods; sorted for the screen: what is picked by itself first, then what a person may choose,
/// then what is not offered; within that by price, promise, carrier. The number is the place in `rates`.
pub fn judge_all(rates: &[Rate], rules: &Rules<'_>) -> Vec<(usize, Judgement)> {
    let mut all: Vec<(usize, Judgement)> = rates
        .iter()
        .enumerate()
        .map(|(index, rate)| (index, judge(rate, rules)))
        .collect();
    all.sort_by(|a, b| class(&a.1).cmp(&class(&b.1)).then_with(|| cheaper(rates, a, b)));
    all
}

/// 0 automatic, 1 automatic where nothing better is left, 2 by hand, 3 not for this box, 4 barred or not offered.
fn class(judgement: &Judgement) -> u8 {
    match judgement {
        _ if judgement.barred.is_some() => 4,
        _ if judgement.unfit_box.is_some() => 3,
        _ if judgement.choice.is_none() => 4,
        _ if judgement.automatic && judgement.tint == Tint::Normal => 0,
        _ if judgement.automatic => 1,
        _ if judgement.tint == Tint::Muted => 3,
        _ => 2,
    }
}

/// Cheaper first, then the earlier promise, then the fixed carrier order; last the ids, so that the choice is
/// repeatable whatever order Amazon sends.
fn cheaper(rates: &[Rate], a: &(usize, Judgement), b: &(usize, Judgement)) -> Ordering {
    let key = |one: &(usize, Judgement)| {
        let rate = &rates[one.0];
        let promise = rate.window.and_then(|window| window.latest);
        (
            (one.1.price.currency.code().to_owned(), one.1.price.minor),
            (promise.is_none(), promise),
            (
                carrier_rank(rate),
                rate.carrier_id.clone(),
                rate.service_id.clone(),
                rate.id.clone(),
            ),
        )
    };
    key(a).cmp(&key(b))
}

/// What late methods have in common.
const LATE: &str = "late: promised after the order's deliver-by";

fn carrier_rank(rate: &Rate) -> usize {
    let id = super::bare(&rate.carrier_id).to_uppercase();
    CARRIERS
        .iter()
        .position(|carrier| *carrier == id)
        .or_else(|| CARRIERS.iter().position(|carrier| id.starts_with(carrier)))
        .unwrap_or(CARRIERS.len())
}

/// The automatic choice: the assigned method, or where none is assigned the cheapest that passes; amber only
/// where nothing better is left. The number is the place in `rates`; the error says why there is none.
pub fn choose(
    rates: &[Rate],
    judged: &[(usize, Judgement)],
    assigned: &AssignedMethod,
) -> Result<usize, String> {
    let candidates: Vec<&(usize, Judgement)> = judged
        .iter()
        .filter(|one| is_assigned(&rates[one.0], assigned))
        .collect();
    let best = candidates
        .iter()
        .filter(|one| one.1.automatic && one.1.choice.is_some())
        .min_by(|a, b| class(&a.1).cmp(&class(&b.1)).then_with(|| cheaper(rates, a, b)));
    if let Some(best) = best {
        return Ok(best.0);
    }
    Err(match assigned {
        _ if rates.is_empty() => "Amazon offers no method for this box: check weight and size".to_owned(),
        AssignedMethod::Unknown => format!("no method is picked automatically: {}", reasons(&candidates)),
        AssignedMethod::Carrier { carrier_id } if candidates.is_empty() => {
            format!("the assigned carrier {carrier_id} offers nothing for this box: choose another")
        }
        AssignedMethod::Carrier { carrier_id } => format!(
            "no method of the assigned carrier {carrier_id} is picked automatically: {}",
            reasons(&candidates)
        ),
        AssignedMethod::Outside { carrier } => format!(
            "this order is assigned to a label from elsewhere ({carrier}): record that label, or choose a method here \
             by hand"
        ),
        AssignedMethod::Service { service_id, .. } => match candidates.first() {
            None => format!("the assigned method {service_id} is not offered for this box: choose another"),
            Some((index, judgement)) => format!(
                "the assigned method {} is not picked automatically: {}",
                rates[*index].service,
                judgement.against.join("; ")
            ),
        },
    })
}

/// The method is among those that the order is assigned to.
pub fn is_assigned(rate: &Rate, assigned: &AssignedMethod) -> bool {
    match assigned {
        AssignedMethod::Unknown => true,
        AssignedMethod::Carrier { carrier_id } => rate.carrier_id.eq_ignore_ascii_case(carrier_id),
        AssignedMethod::Outside { .. } => false,
        AssignedMethod::Service {
            carrier_id,
            service_id,
        } => {
            rate.service_id.eq_ignore_ascii_case(service_id)
                && (carrier_id.is_empty() || rate.carrier_id.eq_ignore_ascii_case(carrier_id))
        }
    }
}

/// What stands against the methods, most frequent first: `3 late: …; 1 no promise: …`.
fn reasons(candidates: &[&(usize, Judgement)]) -> String {
    let mut counts: Vec<(&str, u32)> = Vec::new();
    for (_, judgement) in candidates {
        let Some(words) = judgement.against.first() else {
            continue;
        };
        // How late each of them is does not matter for the count.
        let words = if words.starts_with("late: ") {
            LATE
        } else {
            words.as_str()
        };
        match counts.iter_mut().find(|(known, _)| *known == words) {
            Some((_, count)) => *count += 1,
            None => counts.push((words, 1)),
        }
    }
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let mut text = String::new();
    for (index, (words, count)) in counts.iter().enumerate() {
        let separator = if index == 0 { "" } else { "; " };
        let _ = write!(text, "{separator}{count} × {words}");
    }
    text
}
