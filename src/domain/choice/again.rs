//! The same method in newer rates: it costs the same or less, it became dearer, or it is gone. Ids of rates are
//! new in every answer, so a method is known by carrier, service and who is paid.

use super::Judgement;
use crate::domain::money::Money;
use crate::domain::rate::{Payment, Rate, method_name};

/// A method that was chosen, as it was offered then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Carrier id.
    pub carrier_id: String,
    /// Service id.
    pub service_id: String,
    /// Who is paid.
    pub payment: Payment,
    /// Name, for the words.
    pub name: String,
    /// Price with services, as it was shown.
    pub price: Money,
}

impl Chosen {
    /// The method as it is offered; none where it is not for sale.
    pub fn of(rate: &Rate, judgement: &Judgement) -> Option<Self> {
        (judgement.choice.is_some() && judgement.barred.is_none()).then(|| Self {
            carrier_id: rate.carrier_id.clone(),
            service_id: rate.service_id.clone(),
            payment: rate.payment.clone(),
            name: method_name(&rate.carrier, &rate.service),
            price: judgement.price,
        })
    }

    /// This rate is the same method.
    pub fn is(&self, rate: &Rate) -> bool {
        rate.carrier_id == self.carrier_id
            && rate.service_id == self.service_id
            && rate.payment == self.payment
    }
}

/// What became of a method. The number is its place in the newer rates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Again {
    /// It costs as much as before, or less.
    Fits(usize),
    /// It costs more, or it is priced in another currency: nobody buys it without a new yes.
    Rose(usize),
    /// It is not for sale any more, with the words for the packer.
    Gone(String),
}

/// Looks a chosen method up in newer rates. Of several offers of it the best by verdict counts; `judged` is sorted
/// so.
pub fn again(chosen: &Chosen, rates: &[Rate], judged: &[(usize, Judgement)]) -> Again {
    let same: Vec<&(usize, Judgement)> = judged
        .iter()
        .filter(|(index, _)| rates.get(*index).is_some_and(|rate| chosen.is(rate)))
        .collect();
    let sold = same
        .iter()
        .find(|(_, judgement)| judgement.choice.is_some() && judgement.barred.is_none());
    if let Some((index, judgement)) = sold {
        let dearer =
            judgement.price.currency != chosen.price.currency || judgement.price.minor > chosen.price.minor;
        return if dearer {
            Again::Rose(*index)
        } else {
            Again::Fits(*index)
        };
    }
    let why = match same.first() {
        None => "Amazon does not offer it any more".to_owned(),
        Some((_, judgement)) => judgement
            .barred
            .clone()
            .or_else(|| judgement.unfit_box.clone())
            .or_else(|| not_sold(judgement))
            .unwrap_or_else(|| "it is not for sale any more".to_owned()),
    };
    Again::Gone(format!("{} was cleared: {why}", chosen.name))
}

/// The last finding against a method that has nothing to buy: the offer itself is judged last.
fn not_sold(judgement: &Judgement) -> Option<String> {
    judgement
        .against
        .iter()
        .rev()
        .find(|words| words.starts_with("not offered with"))
        .or(judgement.against.last())
        .cloned()
}
