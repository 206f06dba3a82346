//! What was typed for a dialog, or for the box, told from scans by its form alone: a reason is two words or
//! more, a measure is a number with its unit, the confirming word is asked for by name. No code looks so.

use super::effect::Commit;
use super::forms::FormKind;
use super::layers::{Ask, Layer, Measure};
use super::state::{Awaited, Screen, State};
use crate::domain::ids::TrackingNumber;
use crate::domain::note::NoteText;
use crate::domain::scan::{self, Scan};
use crate::domain::text::Clean;
use crate::domain::units::{Dimensions, Weight};

/// Longest reason that is kept, in characters.
const REASON: usize = 200;

impl State {
    /// Takes the text where a dialog or the box asked for it; `false`: it is a scan.
    pub(crate) fn typed(&mut self, text: &str) -> bool {
        if self.people.asked.is_some() {
            return self.pin_typed(text);
        }
        if self.user.is_none() {
            return self.sign_in_by_name(text);
        }
        match self.layers.last() {
            Some(Layer::Question(_)) => self.typed_into_question(text),
            Some(Layer::Inputs(form)) if form.editing => self.typed_into_field(text),
            Some(Layer::Form(form)) => match form.kind {
                FormKind::Outside => self.typed_into_outside(text),
                FormKind::OwnOrder => self.typed_into_own_order(text),
                FormKind::NewList => self.typed_into_new_list(text),
            },
            Some(Layer::Measure(Measure::Weight)) => match bare_weight(text, self.metric()) {
                Some(weight) => self.measured(weight.map(|weight| (Some(weight), None))),
                None => false,
            },
            Some(Layer::Measure(Measure::Size)) => match size(text, self.metric()) {
                Some(size) => self.measured(size.map(|size| (None, Some(size)))),
                None => self.preset_digit(text),
            },
            Some(Layer::Split(_)) => self.typed_into_split(text),
            None if self.screen == Screen::Audit => self.audit_typed(text),
            None if self.screen == Screen::Find => self.typed_for_find(text),
            _ if matches!(self.screen, Screen::Pack | Screen::Rates) => self.typed_for_box(text),
            _ => false,
        }
    }

    /// On the scan line of the open box: a measure with its unit, or the digit of a box on the shelf.
    fn typed_for_box(&mut self, text: &str) -> bool {
        if self.preset_digit(text) {
            return true;
        }
        if text.trim().contains(char::is_whitespace) {
            if let Ok(weight) = Weight::parse(text) {
                return self.measured(Ok((Some(weight), None)));
            }
            if let Ok(size) = Dimensions::parse(text) {
                return self.measured(Ok((None, Some(size))));
            }
        }
        false
    }

    fn measured(&mut self, measured: Result<(Option<Weight>, Option<Dimensions>), String>) -> bool {
        match measured {
            Ok((weight, dimensions)) => self.set_box(weight, dimensions, None, None),
            Err(words) => self.bad(words),
        }
        true
    }

    /// Changes the open box.
    pub(crate) fn set_box(
        &mut self,
        weight: Option<Weight>,
        dimensions: Option<Dimensions>,
        confirmation: Option<crate::domain::rate::Confirmation>,
        flat_rate: Option<bool>,
    ) {
        let (Some(row), Some(by)) = (self.own_box().cloned(), self.user.as_ref().map(|user| user.id)) else {
            let words = self.bench.as_ref().map_or_else(
                || "no order is open: open one first".to_owned(),
                super::scans::why_not_packable,
            );
            self.bad(words);
            return;
        };
        let order = self.bench.as_ref().map(|bench| bench.order);
        let Some(order) = order else { return };
        if matches!(
            self.layers.last(),
            Some(Layer::Measure(_) | Layer::Confirmations(_))
        ) {
            self.layers.pop();
        }
        self.commit(
            Commit::SetBox {
                box_id: row.id,
                turn: row.turn,
                by,
                weight,
                dimensions,
                confirmation,
                flat_rate,
            },
            Awaited::Measure(order),
        );
    }

    fn typed_into_question(&mut self, text: &str) -> bool {
        if self.old_label_scanned(text) || self.booking_typed(text) {
            return true;
        }
        let sentence = is_sentence(text) && !self.is_own_barcode(text);
        let Some(Layer::Question(question)) = self.layers.last_mut() else {
            return false;
        };
        if question.sent {
            return false;
        }
        if let Some((word, given)) = &mut question.word
            && text.trim().eq_ignore_ascii_case(word)
        {
            *given = true;
            return true;
        }
        if let Ask::Many { count, confirmed, .. } = &mut question.ask
            && text.trim().parse() == Ok(*count)
        {
            *confirmed = true;
            return true;
        }
        if !sentence {
            return false;
        }
        if let Ask::Note { text: note, .. } = &mut question.ask {
            *note = NoteText(Clean::bounded(text.trim(), NoteText::LONGEST));
            return true;
        }
        if let Ask::Decide { bought, .. } = &mut question.ask
            && let Some(number) = tracking_sentence(text)
        {
            *bought = Some(number);
            return true;
        }
        if question.wants_reason {
            question.reason = Some(Clean::bounded(text.trim(), REASON));
            return true;
        }
        false
    }

    /// A barcode of the open order's products may hold blanks; it is a scan all the same.
    pub(crate) fn is_own_barcode(&self, text: &str) -> bool {
        let key = scan::barcode_key(text);
        self.bench
            .iter()
            .filter_map(|bench| bench.detail.as_ref())
            .flat_map(|detail| &detail.products)
            .flat_map(|product| &product.barcodes)
            .any(|barcode| scan::barcode_key(&barcode.code) == key)
    }

    /// The shop ships from a place that weighs in grams.
    pub(crate) fn metric(&self) -> bool {
        let store = self
            .bench
            .as_ref()
            .and_then(|bench| bench.detail.as_ref())
            .map(|detail| &detail.order.channel.store);
        let profile = self
            .setup
            .stores
            .iter()
            .find(|profile| Some(&profile.id) == store);
        profile
            .or(self.setup.stores.first())
            .is_some_and(|profile| profile.ship_from.country != "US")
    }
}

/// Two words or more, with a letter in it, and no form of a scan.
fn is_sentence(text: &str) -> bool {
    text.split_whitespace().count() > 1
        && text.chars().any(char::is_alphabetic)
        && matches!(scan::classify(text), Ok(Scan::Code(_)))
}

/// `tracking 1Z…`: the number that Seller Central shows, typed on purpose.
fn tracking_sentence(text: &str) -> Option<TrackingNumber> {
    let mut words = text.split_whitespace();
    if !words.next()?.eq_ignore_ascii_case("tracking") {
        return None;
    }
    let number: String = words.collect();
    (!number.is_empty() && number.chars().all(|letter| letter.is_ascii_alphanumeric()))
        .then(|| TrackingNumber(number.to_ascii_uppercase()))
}

/// A bare number: at most four digits before the point, which no product code has.
fn is_short_number(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    (1..=4).contains(&whole.len())
        && part.len() <= 3
        && whole
            .chars()
            .chain(part.chars())
            .all(|digit| digit.is_ascii_digit())
}

/// A weight, in the shop's unit where none is typed; none: not a weight's form.
fn bare_weight(text: &str, metric: bool) -> Option<Result<Weight, String>> {
    let text = text.trim();
    if is_short_number(text) {
        let unit = if metric { "g" } else { "oz" };
        return Some(Weight::parse(&format!("{text} {unit}")).map_err(|error| error.to_string()));
    }
    let measure = text.len() <= 16
        && text.starts_with(|letter: char| letter.is_ascii_digit() || letter == '.')
        && ["oz", "lb", "lbs", "g", "kg"]
            .iter()
            .any(|unit| text.to_ascii_lowercase().ends_with(unit));
    measure.then(|| Weight::parse(text).map_err(|error| error.to_string()))
}

/// Three edges, in the shop's unit where none is typed; none: not a size's form.
fn size(text: &str, metric: bool) -> Option<Result<Dimensions, String>> {
    let text = text.trim().to_lowercase().replace(['×', '*'], "x");
    let edges: Vec<&str> = if text.contains('x') {
        text.split('x').collect()
    } else {
        text.split_whitespace().collect()
    };
    let [first, second, third] = edges[..] else {
        return Dimensions::parse(&text).ok().map(Ok);
    };
    let number_of = |edge: &str| {
        edge.trim()
            .trim_end_matches(|letter: char| letter.is_ascii_alphabetic() || letter == ' ')
            .to_owned()
    };
    let (first, second, third_number) = (number_of(first), number_of(second), number_of(third));
    if ![&first, &second, &third_number]
        .iter()
        .all(|edge| is_short_number(edge))
    {
        return None;
    }
    let unit = third
        .trim()
        .trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.')
        .trim();
    let unit = match (unit, metric) {
        ("", false) => "in",
        ("", true) => "cm",
        (unit, _) => unit,
    };
    Some(
        Dimensions::parse(&format!("{first}x{second}x{third_number} {unit}"))
            .map_err(|error| error.to_string()),
    )
}
