//! "Why not?": every service that a packer might miss, in groups, with the reason in words and what to do.

use super::{Judgement, how_late};
use crate::domain::market;
use crate::domain::rate::{Ineligible, QuoteAnswer, Rate, method_name, words};
use crate::domain::seller::StoreProfile;
use serde::Serialize;

/// Why services are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyKind {
    /// The carrier's terms are not accepted by this seller.
    Terms,
    /// The carrier cannot be asked just now.
    Unavailable,
    /// Offered, and promised after the order's deliver-by.
    Late,
    /// For another kind of box than the one on the bench.
    BoxKind,
    /// Not allowed for this order.
    Barred,
    /// Not sold for this Delivery Confirmation, this printer, or without more details.
    NotSold,
    /// Amazon rejected it.
    Rejected,
}

/// Services that miss for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WhyGroup {
    /// Kind.
    pub kind: WhyKind,
    /// The reason, in words.
    pub title: String,
    /// What to do about it, in words; may be empty.
    pub what_to_do: String,
    /// Services or carriers; with a word of their own where they differ.
    pub entries: Vec<WhyEntry>,
}

/// One service or carrier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WhyEntry {
    /// Its name.
    pub name: String,
    /// What holds for it alone, e.g. how late it is; may be empty.
    pub why: String,
}

/// All services that are not simply for sale, by reason. `store`: whose seller must accept terms.
pub fn why_not(
    answer: &QuoteAnswer,
    judged: &[(usize, Judgement)],
    store: Option<&StoreProfile>,
) -> Vec<WhyGroup> {
    let mut groups = Groups(Vec::new());
    for carrier in &answer.unaccepted {
        groups.add(terms(store), entry(carrier.clone(), ""));
    }
    for carrier in &answer.unavailable {
        let group = (
            WhyKind::Unavailable,
            "The carrier does not answer Amazon just now".to_owned(),
            "Ask for rates again in a few minutes, or choose another carrier.".to_owned(),
        );
        groups.add(group, entry(carrier.clone(), ""));
    }
    for (index, judgement) in judged {
        if let Some(rate) = answer.rates.get(*index) {
            judged_one(rate, judgement, &mut groups);
        }
    }
    for service in &answer.ineligible {
        rejected(service, store, &mut groups);
    }
    groups.0.sort_by_key(|group| group.kind);
    groups.0
}

fn entry(name: String, why: impl Into<String>) -> WhyEntry {
    WhyEntry {
        name,
        why: why.into(),
    }
}

type Reason = (WhyKind, String, String);

struct Groups(Vec<WhyGroup>);

impl Groups {
    /// Adds to the group of this reason; the same entry twice is one.
    fn add(&mut self, (kind, title, what_to_do): Reason, entry: WhyEntry) {
        let known = self
            .0
            .iter_mut()
            .find(|group| group.kind == kind && group.title == title);
        match known {
            Some(group) if group.entries.contains(&entry) => {}
            Some(group) => group.entries.push(entry),
            None => self.0.push(WhyGroup {
                kind,
                title,
                what_to_do,
                entries: vec![entry],
            }),
        }
    }
}

fn terms(store: Option<&StoreProfile>) -> Reason {
    (
        WhyKind::Terms,
        "The carrier's terms are not accepted for this store".to_owned(),
        store.map_or_else(
            || {
                "Accept them in Seller Central with this store's account, then ask for rates again."
                    .to_owned()
            },
            market::way_to_accept_terms,
        ),
    )
}

/// What our own rules say of an offer.
fn judged_one(rate: &Rate, judgement: &Judgement, groups: &mut Groups) {
    let name = format!(
        "{} {}",
        method_name(&rate.carrier, &rate.service),
        judgement.price
    );
    if let Some(words) = &judgement.unfit_box {
        let what_to_do = "Choose the box that stands on the bench from the shelf's boxes; one whose size is typed \
                          counts as plain.";
        let reason = (WhyKind::BoxKind, sentence(words), what_to_do.to_owned());
        groups.add(reason, entry(name, ""));
    } else if let Some(words) = &judgement.barred {
        groups.add((WhyKind::Barred, sentence(words), String::new()), entry(name, ""));
    } else if judgement.choice.is_none() {
        for words in judgement
            .against
            .iter()
            .filter(|words| !words.starts_with("late: "))
        {
            let what_to_do = if words.starts_with("not offered with") {
                "Choose another Delivery Confirmation, if the order allows it."
            } else {
                ""
            };
            let reason = (WhyKind::NotSold, sentence(words), what_to_do.to_owned());
            groups.add(reason, entry(name.clone(), ""));
        }
    } else if let Some(late) = judgement.late_by {
        let reason = (
            WhyKind::Late,
            "Promised after the order's deliver-by".to_owned(),
            "Can be chosen by hand; Amazon's late-delivery protection does not hold for it.".to_owned(),
        );
        groups.add(reason, entry(name, how_late(late)));
    }
}

/// A service that Amazon does not offer, once for each reason.
fn rejected(service: &Ineligible, store: Option<&StoreProfile>, groups: &mut Groups) {
    let name = method_name(&service.carrier, &service.service);
    if service.reasons.is_empty() {
        let reason = (
            WhyKind::Rejected,
            "Amazon gives no reason".to_owned(),
            String::new(),
        );
        groups.add(reason, entry(name, ""));
        return;
    }
    for (code, message) in &service.reasons {
        if is_about_terms(code, message) {
            let carrier = if service.carrier.is_empty() {
                name.clone()
            } else {
                service.carrier.clone()
            };
            groups.add(terms(store), entry(carrier, ""));
            continue;
        }
        let (title, what_to_do) = in_words(code, message);
        let own = if title == sentence(message) {
            String::new()
        } else {
            message.clone()
        };
        groups.add(
            (WhyKind::Rejected, title, what_to_do.to_owned()),
            entry(name.clone(), own),
        );
    }
}

/// Terms that are not accepted: in production the code is often UNKNOWN and the message says it (amazon.md 3.4).
fn is_about_terms(code: &str, message: &str) -> bool {
    let message = message.to_lowercase();
    code == "TERMS_AND_CONDITIONS_NOT_ACCEPTED"
        || message.contains("terms and conditions")
        || (message.contains("terms") && message.contains("accept"))
}

/// The reason and what to do, by Amazon's code; by its message where the code says nothing.
fn in_words(code: &str, message: &str) -> (String, &'static str) {
    let (title, what_to_do) = match code {
        "NO_COVERAGE" => ("The carrier does not serve this way", "Choose another carrier."),
        "PICKUP_SLOT_RESTRICTION" => (
            "No pick-up is left for it today",
            "Ask again tomorrow, or choose another method.",
        ),
        "UNSUPPORTED_VAS" | "VAS_COMBINATION_RESTRICTION" => (
            "Not offered with the services asked for",
            "Choose another Delivery Confirmation, if the order allows it.",
        ),
        "SIZE_RESTRICTIONS" => (
            "The box has the wrong size for it",
            "Check the size, or pack into another box.",
        ),
        "WEIGHT_RESTRICTIONS" => (
            "The box has the wrong weight for it",
            "Check the weight, or split the order into two boxes.",
        ),
        "LATE_DELIVERY" => (
            "It would come after the order's deliver-by",
            "Choose a faster method.",
        ),
        "PROGRAM_CONSTRAINTS" => (
            "Not allowed by the program that the order is in",
            "Choose a method that Amazon offers for it.",
        ),
        "CARRIER_CANNOT_SHIP_TO_POBOX" => (
            "The carrier does not deliver to post office boxes",
            "Choose USPS or another postal carrier.",
        ),
        "EXCLUDED_FROM_CARRIER_RESPONSE" => (
            "The carrier does not offer it for this box",
            "Choose another method.",
        ),
        _ => ("", ""),
    };
    let title = if !title.is_empty() {
        title.to_owned()
    } else if !message.is_empty() {
        sentence(message)
    } else if code.is_empty() || code == "UNKNOWN" {
        "Amazon gives no reason".to_owned()
    } else {
        sentence(&words::plain(code))
    };
    (title, what_to_do)
}

/// With a capital and without a full stop at the end.
fn sentence(text: &str) -> String {
    let text = text.trim().trim_end_matches('.');
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}
