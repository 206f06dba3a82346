//! Verdicts on rates and the automatic choice among them (issue point 2.5; workflow.md 1.4).
//!
//! A verdict says how a method is shown, whether it may be picked without a person, and why not, in the
//! packer's words. Times of delivery are judged at the destination (`promise`).

mod again;
mod pick;
mod promise;
mod why_not;

pub use again::{Again, Chosen, again};
pub use pick::{choose, is_assigned, judge_all};
pub use promise::{Days, days};
pub use why_not::{WhyGroup, WhyKind, why_not};

use super::address::{AddressKind, Destination};
use super::method::{KnownMethod, switched_off_words};
use super::money::Money;
use super::order::ChannelOrder;
use super::prime;
use super::rate::inputs::InputField;
use super::rate::{
    Confirmation, PurchaseChoice, Rate, choose_document, required_services, words as rate_words,
};
use super::seller::DocumentFormat;
use chrono::{DateTime, TimeDelta, Utc};

/// How a method is shown; of several findings the last in this order wins, so that a weekend is red even where
/// the method is not for this box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tint {
    /// Nothing to say against it.
    Normal,
    /// Look twice: its window spans a day off, it may be late, it promises nothing.
    Amber,
    /// Not for this box or this option.
    Muted,
    /// Will deliver on a day off, or is barred.
    Red,
}

/// What a method is judged by.
#[derive(Debug, Clone)]
pub struct Rules<'a> {
    /// An Amazon Business order to a commercial address, by Amazon's word: the carrier's does not count.
    pub business_commercial: bool,
    /// Where it goes.
    pub destination: &'a Destination,
    /// Latest delivery that the order promises.
    pub deliver_by: Option<DateTime<Utc>>,
    /// Delivery Confirmation wanted for the box.
    pub confirmation: Confirmation,
    /// Least Delivery Confirmation that the order demands; raises `confirmation`.
    pub floor: Option<Confirmation>,
    /// Document formats that can be printed, in order of preference.
    pub formats: &'a [DocumentFormat],
    /// The box is a carrier's flat-rate box or envelope.
    pub flat_rate_box: bool,
    /// Methods that the shop knows: those that are switched off are barred.
    pub known: &'a [KnownMethod],
    /// A Prime order of Amazon's: its rules are asked as well.
    pub prime: bool,
}

impl<'a> Rules<'a> {
    /// The rules for a box of an order; none while the order has no destination (Pending).
    pub fn of(
        order: &'a ChannelOrder,
        confirmation: Confirmation,
        formats: &'a [DocumentFormat],
    ) -> Option<Self> {
        let destination = order.destination.as_ref()?;
        Some(Self {
            business_commercial: is_business_commercial(order),
            destination,
            deliver_by: order.deliver_by.latest,
            confirmation,
            floor: order.confirmation_floor,
            formats,
            flat_rate_box: false,
            known: &[],
            prime: prime::is_prime(order),
        })
    }

    /// The Delivery Confirmation that is bought: the wanted one, or what the order demands if that is more.
    pub fn effective_confirmation(&self) -> Confirmation {
        self.confirmation.at_least(self.floor)
    }
}

/// The verdict on one method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// How it is shown.
    pub tint: Tint,
    /// May be picked without a person (amber: only where nothing better is left).
    pub automatic: bool,
    /// Not allowed whoever chooses it, with the words; the store refuses it too.
    pub barred: Option<String>,
    /// Red, or against Amazon's rules for Prime: chosen by hand it takes a typed reason, kept in the history.
    pub needs_reason: bool,
    /// Amazon's rules for Prime orders that it breaks, in words: not everybody may choose it.
    pub breaks_prime: Vec<&'static str>,
    /// Promised after the order's deliver-by.
    pub late: bool,
    /// How long after it.
    pub late_by: Option<TimeDelta>,
    /// The box on the bench is of the wrong kind for it, in words: it is not sold, and only named when asked why.
    pub unfit_box: Option<String>,
    /// Everything a packer should know, in words.
    pub notes: Vec<String>,
    /// The notes that keep it from being picked automatically; empty exactly when `automatic`.
    pub against: Vec<String>,
    /// What to buy; none: not offered for this option or this printer.
    pub choice: Option<PurchaseChoice>,
    /// Price with services; the bare total where it is not offered.
    pub price: Money,
}

impl Judgement {
    /// Why it takes a typed reason, in words.
    pub fn why_reason(&self) -> String {
        let prime = self.breaks_prime.iter().map(|rule| format!("PRIME: {rule}"));
        let unsaid = prime.filter(|words| !self.against.contains(words));
        let all: Vec<String> = self.against.iter().cloned().chain(unsaid).collect();
        all.join("; ")
    }
}

/// Collects the verdict while the rules speak.
struct Findings {
    tint: Tint,
    notes: Vec<String>,
    against: Vec<String>,
}

impl Findings {
    /// A note that changes nothing.
    fn mark(&mut self, words: impl Into<String>) {
        self.notes.push(words.into());
    }

    /// A note that only colours.
    fn colour(&mut self, tint: Tint, words: impl Into<String>) {
        self.tint = self.tint.max(tint);
        self.notes.push(words.into());
    }

    /// A note that keeps the method from being picked automatically.
    fn oppose(&mut self, tint: Tint, words: impl Into<String>) {
        let words = words.into();
        self.against.push(words.clone());
        self.colour(tint, words);
    }
}

/// Judges one method.
pub fn judge(rate: &Rate, rules: &Rules<'_>) -> Judgement {
    let mut findings = Findings {
        tint: Tint::Normal,
        notes: Vec::new(),
        against: Vec::new(),
    };
    let barred = barred(rate, rules);
    if let Some(words) = &barred {
        findings.oppose(Tint::Red, words.clone());
    }
    days_off(rate, rules, &mut findings);
    let late_by = lateness(rate, rules, &mut findings);
    protection(rate, &mut findings);
    let unfit_box = unfit_box(rate, rules);
    if let Some(words) = &unfit_box {
        findings.oppose(Tint::Muted, words.clone());
    }
    if is_media(rate) {
        findings.oppose(Tint::Muted, "only for books, films and other media");
    }
    let within_reach = inputs(rate, &mut findings);
    let breaks_prime = prime_rules(rate, rules, &mut findings);
    let choice = offer(rate, rules, &mut findings).filter(|_| unfit_box.is_none() && within_reach);
    let automatic = findings.against.is_empty();
    Judgement {
        tint: findings.tint,
        automatic,
        needs_reason: (findings.tint == Tint::Red || !breaks_prime.is_empty())
            && barred.is_none()
            && choice.is_some(),
        barred,
        breaks_prime,
        late: late_by.is_some(),
        late_by,
        unfit_box,
        notes: findings.notes,
        against: findings.against,
        price: choice.as_ref().map_or(rate.total, |choice| choice.price),
        choice,
    }
}

/// FedEx Home Delivery never goes to a business at a commercial address, even where FedEx calls the address
/// residential. Known by its service id and by its name without ® and case. A method that is switched off for the
/// shop goes nowhere.
fn barred(rate: &Rate, rules: &Rules<'_>) -> Option<String> {
    let home = is_fedex_home_delivery(
        &[&rate.carrier_id, &rate.carrier],
        &[&rate.service_id, &rate.service],
    );
    if rules.business_commercial && home {
        return Some(HOME_DELIVERY_BARRED.to_owned());
    }
    rules
        .known
        .iter()
        .filter(|known| known.service_id.eq_ignore_ascii_case(&rate.service_id))
        .find_map(switched_off_words)
}

/// The words that refuse `FedEx` Home Delivery, whoever buys the label and where.
pub(super) const HOME_DELIVERY_BARRED: &str =
    "FedEx Home Delivery is not allowed for a business order to a commercial address: choose another method";

/// Whether one of these names of a carrier and one of these names of its method are `FedEx` Home Delivery's.
pub(super) fn is_fedex_home_delivery(carrier: &[&str], method: &[&str]) -> bool {
    let fedex = carrier
        .iter()
        .chain(method)
        .map(|text| bare(text))
        .any(|text| text.contains("fedex") || text.contains("federalexpress"));
    fedex && method.iter().any(|text| bare(text).contains("homedelivery"))
}

/// An Amazon Business order to a commercial address, by Amazon's word: the carrier's does not count.
pub fn is_business_commercial(order: &ChannelOrder) -> bool {
    let kind = order.destination.as_ref().map(|destination| &destination.kind);
    order.programs.business && kind == Some(&AddressKind::Commercial)
}

/// Lower-case letters and digits only: without ®, dashes, blanks.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Words of an id or name, upper case: `UPS_PTP_2DAY_SAT` has `SAT`.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_uppercase)
}

/// Weekends and closed days count for a business at a commercial address; a rate without a window for all.
fn days_off(rate: &Rate, rules: &Rules<'_>, findings: &mut Findings) {
    let window = rate.window.filter(|window| window.latest.is_some());
    if rules.business_commercial {
        if let Some(day) = named_day(rate) {
            findings.oppose(
                Tint::Red,
                format!("a {day} delivery service: this business is closed on weekends"),
            );
        }
        if rate.items.iter().any(|item| item.id == "SUNDAY_HOLIDAY_DELIVERY") {
            findings.oppose(Tint::Red, "the price includes Sunday or holiday delivery");
        }
        if let Some(window) = window {
            let days = days(&window, rules.destination);
            if let Some(words) = days.promised_off {
                findings.oppose(Tint::Red, words);
            } else if let Some(words) = days.spans_off {
                findings.colour(Tint::Amber, words);
            }
        }
    }
    if window.is_none() {
        findings.oppose(Tint::Amber, "no promise: Amazon gives no delivery date");
    }
}

/// Saturday or Sunday, where the service is named after it.
fn named_day(rate: &Rate) -> Option<&'static str> {
    words(&rate.service_id)
        .chain(words(&rate.service))
        .find_map(|word| match word.as_str() {
            "SAT" | "SATURDAY" => Some("Saturday"),
            "SUN" | "SUNDAY" => Some("Sunday"),
            _ => None,
        })
}

/// Amazon sells services that miss the promise, so the window is compared with the order's own (amazon.md 3.4).
fn lateness(rate: &Rate, rules: &Rules<'_>, findings: &mut Findings) -> Option<TimeDelta> {
    let latest = rate.window.and_then(|window| window.latest);
    let (latest, deliver_by) = latest.zip(rules.deliver_by)?;
    let late_by = Some(latest - deliver_by).filter(|late| *late > TimeDelta::zero())?;
    findings.oppose(Tint::Amber, format!("late: promised {}", how_late(late_by)));
    Some(late_by)
}

/// Amazon's rules for a Prime order that the method breaks: none is picked automatically that is late or promises
/// nothing anyway, so that one is only named.
fn prime_rules(rate: &Rate, rules: &Rules<'_>, findings: &mut Findings) -> Vec<&'static str> {
    if !rules.prime {
        return Vec::new();
    }
    let promise = rate.window.and_then(|window| window.latest);
    let in_time = match (promise, rules.deliver_by) {
        (Some(promise), Some(deliver_by)) => promise <= deliver_by,
        (None, Some(_)) => false,
        (_, None) => true,
    };
    let broken = prime::method_breaches(in_time, rules.effective_confirmation());
    for rule in &broken {
        let words = format!("PRIME: {rule}");
        if in_time {
            findings.oppose(Tint::Amber, words);
        } else {
            findings.colour(Tint::Amber, words);
        }
    }
    broken
}

/// How long after the promise, in two figures at most: `2 h 40 min after the order's deliver-by`.
pub(crate) fn how_late(late: TimeDelta) -> String {
    let (days, hours, minutes) = (late.num_days(), late.num_hours() % 24, late.num_minutes() % 60);
    let span = match (days, hours, minutes) {
        (0, 0, 0) => "less than a minute".to_owned(),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (1, 0, _) => "1 day".to_owned(),
        (1, hours, _) => format!("1 day {hours} h"),
        (days, 0, _) => format!("{days} days"),
        (days, hours, _) => format!("{days} days {hours} h"),
    };
    format!("{span} after the order's deliver-by")
}

/// Benefits lost. A risk of this very method stands against it; what the seller's settings exclude is only said.
fn protection(rate: &Rate, findings: &mut Findings) {
    for excluded in &rate.excluded {
        let benefit = rate_words::benefit(&excluded.benefit);
        if excluded
            .reasons
            .iter()
            .any(|reason| reason == "LATE_DELIVERY_RISK")
        {
            findings.oppose(Tint::Amber, format!("no {benefit}: risk of late delivery"));
        } else if excluded
            .reasons
            .iter()
            .any(|reason| reason == "NON_SSA_ORDER" || reason == "NON_AHT_ORDER")
        {
            findings.mark(format!(
                "no {benefit}: a setting of the seller account, the same for every method"
            ));
        } else {
            findings.mark(format!("no {benefit}"));
        }
    }
}

/// Flat rates are for the carriers' own boxes and envelopes alone, and those boxes for flat rates.
fn unfit_box(rate: &Rate, rules: &Rules<'_>) -> Option<String> {
    let words = match (rules.flat_rate_box, is_flat_rate(rate)) {
        (false, true) => "only for the carrier's own flat-rate box",
        (true, false) => "only for a plain box: this one is a carrier's flat-rate box",
        _ => return None,
    };
    Some(words.to_owned())
}

/// Services that ask for more than a box has. `false`: they cannot be given here.
fn inputs(rate: &Rate, findings: &mut Findings) -> bool {
    if !rate.needs_inputs {
        return true;
    }
    let Some(fields) = &rate.inputs else {
        findings.oppose(
            Tint::Amber,
            "Amazon asks for more details for this method, which could not be fetched: ask for rates again, or buy \
             it in Seller Central",
        );
        return false;
    };
    if let Some(field) = fields.iter().find(|field| field.is_out_of_reach()) {
        findings.oppose(
            Tint::Amber,
            format!(
                "Amazon asks for {}, which cannot be typed here: buy it in Seller Central",
                field.label()
            ),
        );
        return false;
    }
    if fields.iter().any(|field| field.required) {
        let asked: Vec<String> = fields
            .iter()
            .filter(|field| field.required)
            .map(InputField::label)
            .collect();
        findings.oppose(
            Tint::Amber,
            format!("Amazon asks for more before it sells this: {}", asked.join(", ")),
        );
    }
    true
}

/// Amazon offers flat rates although it does not know the box (amazon.md 3.4).
fn is_flat_rate(rate: &Rate) -> bool {
    let id: Vec<String> = words(&rate.service_id).collect();
    let branded = |word: &String| matches!(word.as_str(), "FRE" | "LFRE" | "PFRE" | "SFRB" | "MFRB" | "LFRB");
    id.iter().any(branded)
        || id.windows(2).any(|pair| pair[0] == "ONE" && pair[1] == "RATE")
        || ["flatrate", "onerate"]
            .iter()
            .any(|name| bare(&rate.service).contains(name))
}

/// Media Mail and Bound Printed Matter depend on the contents.
fn is_media(rate: &Rate) -> bool {
    words(&rate.service_id).any(|word| matches!(word.as_str(), "MM" | "BPM" | "MEDIA"))
        || ["mediamail", "boundprintedmatter"]
            .iter()
            .any(|name| bare(&rate.service).contains(name))
}

/// Services and document of that very rate; none where a group or the printer is not served.
fn offer(rate: &Rate, rules: &Rules<'_>, findings: &mut Findings) -> Option<PurchaseChoice> {
    let confirmation = rules.effective_confirmation();
    if confirmation > rules.confirmation {
        findings.mark(format!("the order demands {confirmation}"));
    }
    let services = required_services(rate, confirmation);
    let document = choose_document(rate, rules.formats);
    if let Err(words) = &services {
        findings.oppose(Tint::Muted, words.clone());
    }
    if document.is_none() {
        findings.oppose(Tint::Muted, "offers no label that this station can print");
    }
    let ((services, price), (document, dpi)) = services.ok().zip(document)?;
    Some(PurchaseChoice {
        rate_id: rate.id.clone(),
        services,
        document,
        dpi,
        price,
    })
}

#[cfg(test)]
pub(crate) mod tests;
