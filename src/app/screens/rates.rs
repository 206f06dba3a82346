//! Rates: asking for them, choosing one, the question that buys.

use crate::app::banner::Tone;
use crate::app::bench::{Bench, Offer, QuoteView, Rebuy};
use crate::app::effect::{Commit, LabelWish, MethodWish, SplitWish};
use crate::app::layers::{Ask, InputForm, Layer, Question, SHIP_ANYWAY};
use crate::app::state::{Awaited, Screen, State};
use crate::app::words;
use crate::domain::choice::{self, Again, WhyGroup};
use crate::domain::ids::{BoxId, IntentId, QuoteId, TrackingNumber, UserId};
use crate::domain::money::Money;
use crate::domain::rate::inputs::InputValues;
use crate::domain::rate::{Confirmation, PurchaseChoice, QuoteState, method_name, words as rate_words};
use crate::domain::refund;
use crate::domain::rows::{LabelRow, OrderDetail};
use crate::domain::user::Permission;
use chrono::{DateTime, Utc};

impl State {
    /// Shows the rates of the open box; asks for them where there are none that fit, or `anew`.
    pub(crate) fn shop_rates(&mut self, anew: bool) {
        let Some(bench) = &self.bench else { return };
        if self.own_box().is_none() {
            let words = crate::app::scans::why_not_packable(bench);
            self.bad(words);
            return;
        }
        if let Err(missing) = bench.quote_request() {
            self.bad(format!("no rates yet: {missing}"));
            return;
        }
        if let Some(words) = self.no_channel() {
            self.bad(words);
            return;
        }
        let view = bench.quote_view(self.now);
        if let Some(bench) = &mut self.bench {
            bench.rebuy = None;
        }
        self.screen = Screen::Rates;
        if view == QuoteView::Wanted {
            self.say_asking();
        } else if anew || view != QuoteView::Fresh {
            self.ask_rates_if_ready();
        } else {
            self.say_offers();
        }
    }

    /// Asks for rates for the box as it is, where nothing is missing.
    pub(crate) fn ask_rates_if_ready(&mut self) {
        let Some(bench) = &mut self.bench else { return };
        let Ok(request) = bench.quote_request() else {
            return;
        };
        bench.asking = true;
        bench.asked = None;
        let order = bench.order;
        self.commit(Commit::WantQuote(request), Awaited::Quote(order));
        self.say_asking();
    }

    fn say_asking(&mut self) {
        let words = match self.status.health.unreachable_since {
            Some(since) => format!(
                "rates are asked for as soon as Amazon answers again (unreachable since {})",
                words::moment(since, self.now, self.setup.zone)
            ),
            None => "asking Amazon for rates".to_owned(),
        };
        self.say(Tone::Wait, words);
    }

    /// What came of the latest quote, said once. A purchase that waited for it goes on, but only while the packer
    /// stands before its rates.
    pub(crate) fn announce_quote(&mut self) {
        let Some(bench) = &mut self.bench else { return };
        if self.screen != Screen::Rates {
            bench.rebuy = None;
            return;
        }
        let failed = match bench.quote().map(|quote| &quote.state) {
            Some(QuoteState::Failed(words)) => Some(words.clone()),
            Some(QuoteState::Answered(_)) => None,
            Some(QuoteState::Wanted) | None => return,
        };
        match (failed, bench.rebuy.take()) {
            (Some(words), _) => self.bad(format!("no rates: {words}")),
            (None, Some(rebuy)) if self.layers.is_empty() => self.go_on_buying(rebuy),
            (None, _) => self.say_offers(),
        }
    }

    fn say_offers(&mut self) {
        let Some(bench) = &self.bench else { return };
        let words = match (&bench.no_choice, bench.offers.get(bench.selected_offer)) {
            (None, Some(offer)) => format!(
                "{} methods · {}: {} {}",
                bench.offers.len(),
                if bench.is_assigned() { "assigned" } else { "chosen" },
                offer.rate.service,
                offer.judgement.price
            ),
            (Some(why), _) => format!("none is chosen: {why}"),
            (None, None) => "Amazon offers no method for this box: check weight and size".to_owned(),
        };
        match bench.cleared.clone() {
            Some(cleared) => self.bad(format!("{cleared} · {words}")),
            None => self.say(Tone::Note, words),
        }
    }

    /// Opens the question that buys the selected method; first the form of what it asks for, where it asks. Rates
    /// that are over are asked for again before anything else.
    pub(crate) fn ask_buy(&mut self) {
        let Some(bench) = &self.bench else { return };
        let Some(method) = bench.selected_method() else {
            return;
        };
        if bench.quote_view(self.now) == QuoteView::Old {
            self.buy_again(Rebuy {
                method,
                confirmed: false,
                reason: None,
                inputs: None,
            });
            return;
        }
        let Some(offer) = bench.offers.get(bench.selected_offer) else {
            return;
        };
        let fields = offer.rate.asked_inputs();
        if fields.is_empty() {
            self.question_buy(None, None);
            return;
        }
        let form = InputForm::new(&offer.rate.id, method.name, fields);
        self.layers.push(Layer::Inputs(Box::new(form)));
    }

    /// Asks for new rates, and goes on with this purchase once they are there.
    fn buy_again(&mut self, rebuy: Rebuy) {
        if let Some(bench) = &mut self.bench {
            bench.rebuy = Some(rebuy);
        }
        self.ask_rates_if_ready();
        self.say(
            Tone::Wait,
            "these rates are over: asking Amazon for new ones before anything is bought",
        );
    }

    /// Newer rates are there: the same method goes on where it costs the same or less; what became dearer takes a
    /// new yes; what is gone is said.
    fn go_on_buying(&mut self, rebuy: Rebuy) {
        let Some(bench) = &mut self.bench else { return };
        let rates = bench.answer().map_or(&[][..], |answer| &answer.rates);
        let (index, rose) = match choice::again(&rebuy.method, rates, &bench.judged) {
            Again::Gone(words) => {
                bench.cleared = Some(words);
                self.say_offers();
                return;
            }
            Again::Fits(index) => (index, None),
            Again::Rose(index) => (index, Some(rebuy.method.price)),
        };
        let place = rates
            .get(index)
            .and_then(|rate| bench.offers.iter().position(|offer| offer.rate.id == rate.id));
        let Some(place) = place else {
            self.say_offers();
            return;
        };
        bench.selected_offer = place;
        let offer = &bench.offers[place];
        let reasoned = !offer.judgement.needs_reason || rebuy.reason.is_some();
        let fields = offer.rate.asked_inputs().to_vec();
        let inputs = match &rebuy.inputs {
            Some(given) if !fields.is_empty() => InputValues::read(&fields, &given.0).ok(),
            _ => None,
        };
        if !fields.is_empty() && inputs.is_none() {
            self.ask_buy();
            return;
        }
        let yes_holds = rebuy.confirmed && rose.is_none() && reasoned;
        let reason = rebuy.reason;
        self.question_buy(rose, inputs);
        if yes_holds
            && let Some(Layer::Question(question)) = self.layers.last_mut()
            && matches!(question.ask, Ask::Buy { .. })
        {
            // The packer said yes to this price or a higher one a moment ago.
            question.reason = reason;
            if let Some((_, typed)) = &mut question.word {
                *typed = true;
            }
            let question = question.clone();
            self.say_yes(&question);
        }
    }

    /// The question that buys the selected method. `rose`: the price that was shown before.
    pub(super) fn question_buy(&mut self, rose: Option<Money>, inputs: Option<InputValues>) {
        let Some(bench) = &self.bench else { return };
        let (Some(offer), Some(quote), Some(row)) = (
            bench.offers.get(bench.selected_offer),
            bench.quote(),
            bench.pack_box(),
        ) else {
            return;
        };
        let Some(choice) = offer.judgement.choice.clone() else {
            return;
        };
        if let Some(rule) = offer.judgement.breaks_prime.first()
            && !self.may(Permission::BreakPrime)
        {
            let words = format!("{} ({rule})", self.may_not(Permission::BreakPrime));
            self.bad(words);
            return;
        }
        let destination = bench
            .detail
            .as_ref()
            .and_then(|detail| detail.order.channel.destination.as_ref());
        let mut lines = Vec::new();
        if let Some(before) = rose {
            lines.push(format!(
                "! THE PRICE ROSE while you were at it: {before} → {}",
                choice.price
            ));
        }
        lines.extend([
            format!(
                "{} · {} · {}",
                method_words(offer),
                choice.price,
                rate_words::payment(&offer.rate)
            ),
            format!(
                "delivery {}",
                words::delivery(offer.rate.window.as_ref(), destination)
            ),
            format!(
                "box {}: {} · {} · {}",
                row.number,
                row.weight.map(|weight| weight.to_string()).unwrap_or_default(),
                row.dimensions.map(|size| size.to_string()).unwrap_or_default(),
                row.confirmation
            ),
        ]);
        lines.extend(offer.judgement.notes.iter().map(|note| format!("! {note}")));
        if let Some(detail) = &bench.detail {
            lines.extend(paid_before(detail, row.id, choice.price, self.now));
        }
        let mut question = Question::new(
            Ask::Buy {
                quote: quote.id,
                choice: Box::new(choice),
                inputs,
            },
            lines,
        );
        if offer.judgement.needs_reason {
            question.lines.push(format!(
                "This method is never picked automatically. Type why (two words or more) and Enter, then {SHIP_ANYWAY} and Enter."
            ));
            question = question.with_reasons(&[]);
            question.word = Some((SHIP_ANYWAY, false));
        }
        if let Some(before) = rose {
            let now = self.bench.as_ref().and_then(Bench::selected_method);
            let words = now.map_or_else(String::new, |now| {
                format!(
                    "{} rose from {before} to {}: nothing is bought yet",
                    now.name, now.price
                )
            });
            self.bad(words);
        }
        self.ask(question);
    }

    /// Chooses the Delivery Confirmation, unless the order demands more.
    pub(crate) fn set_confirmation(&mut self, confirmation: Option<Confirmation>) {
        let floor = self
            .bench
            .as_ref()
            .and_then(|bench| bench.detail.as_ref())
            .and_then(|detail| detail.order.channel.confirmation_floor);
        match confirmation.and_then(|option| option.below(floor)) {
            Some(words) => self.bad(words),
            None => self.set_box(None, None, confirmation, None),
        }
    }

    /// Why services are missing from the open box's rates.
    pub fn why_groups(&self) -> Vec<WhyGroup> {
        let Some(bench) = &self.bench else {
            return Vec::new();
        };
        let (Some(answer), Some(detail)) = (bench.answer(), &bench.detail) else {
            return Vec::new();
        };
        let store = self
            .setup
            .stores
            .iter()
            .find(|store| store.id == detail.order.channel.store);
        choice::why_not(answer, &bench.judged, store)
    }

    /// The yes key: answers the question, or opens the one that buys.
    pub(crate) fn yes(&mut self) {
        if matches!(self.layers.last(), Some(Layer::Inputs(_))) {
            self.inputs_done();
            return;
        }
        if matches!(self.layers.last(), Some(Layer::Form(_))) {
            self.hand_over_form();
            return;
        }
        if matches!(self.layers.last(), Some(Layer::Split(_))) {
            self.split_yes();
            return;
        }
        let Some(Layer::Question(question)) = self.layers.last() else {
            self.ask_buy();
            return;
        };
        if question.sent {
            return;
        }
        if let Some(missing) = question.missing() {
            self.bad(format!("not yet: {missing}"));
            return;
        }
        let question = question.clone();
        if self.rates_ran_out(&question) {
            return;
        }
        if let Ask::Door(ask) = &question.ask {
            self.door_yes(&question, ask);
            return;
        }
        self.say_yes(&question);
    }

    /// The rates ran out while the question stood open: they are asked for again, and the yes holds for this price.
    fn rates_ran_out(&mut self, question: &Question) -> bool {
        let Ask::Buy { inputs, .. } = &question.ask else {
            return false;
        };
        let Some(bench) = &self.bench else { return false };
        if bench.quote_view(self.now) != QuoteView::Old {
            return false;
        }
        let Some(method) = bench.selected_method() else {
            return false;
        };
        let rebuy = Rebuy {
            method,
            confirmed: true,
            reason: question.reason.clone(),
            inputs: inputs.clone(),
        };
        self.layers.clear();
        self.buy_again(rebuy);
        true
    }

    fn say_yes(&mut self, question: &Question) {
        if question.ask == Ask::Quit {
            self.leave();
            return;
        }
        let Some(by) = self.user.as_ref().map(|user| user.id) else {
            return;
        };
        let reason = question.reason().unwrap_or_default().to_owned();
        let commit = match question.ask.clone() {
            Ask::Quit | Ask::Door(_) => return,
            Ask::Override(unit) => {
                self.layers.pop();
                self.override_code(&unit, &reason, by);
                return;
            }
            Ask::TakeOver(_) => {
                self.layers.pop();
                self.take_turn(crate::app::scans::Again::TakeOver);
                return;
            }
            Ask::Buy {
                quote,
                choice,
                inputs,
            } => {
                let reason = question.reason.clone();
                let Some(wish) = self.label_wish(quote, *choice, inputs, reason, by) else {
                    return;
                };
                Commit::WantLabel(Box::new(wish))
            }
            Ask::Note { order, text } => Commit::AddNote { order, by, text },
            Ask::Many { search, count, .. } => self.change_many(question, search, count, by),
            Ask::Withdraw(label) => Commit::WithdrawLabel { label, by },
            Ask::Void(label) => Commit::WantVoid {
                label,
                by,
                reason,
                paper: question.said(),
            },
            Ask::VoidOrder(order) => Commit::WantVoidOrder {
                order,
                by,
                reason,
                paper: question.said(),
            },
            Ask::Book { label, booking, .. } => {
                let Some(booking) = booking else { return };
                Commit::BookRefund {
                    label,
                    booking,
                    by,
                    reason,
                }
            }
            Ask::Decide { label, bought } => Commit::DecideUnknown {
                label,
                bought,
                by,
                reason,
            },
            Ask::Move(order, to) => Commit::SetStatus {
                order,
                to,
                by,
                reason,
            },
            Ask::Flags(order) => Commit::ClearFlags { order, by, reason },
            Ask::Split(order, units) => Commit::Split(SplitWish {
                order,
                units,
                by,
                reason,
            }),
            Ask::Join(order) => Commit::Join { order, by },
            Ask::Assign(order, method) => Commit::AssignMethod(MethodWish {
                order,
                method,
                by,
                reason,
            }),
            Ask::Unlist(_) | Ask::Short { .. } | Ask::Bulk(_) | Ask::Earliest(_) => {
                let commit = self.list_yes(&question.ask, reason);
                let Some(commit) = commit else { return };
                commit
            }
        };
        if let Some(Layer::Question(question)) = self.layers.last_mut() {
            question.sent = true;
        }
        self.commit(commit, Awaited::Question(Box::new(question.ask.clone())));
    }

    /// The wish to buy for the box at hand; none, in words, where it is not the bench's any more.
    fn label_wish(
        &mut self,
        quote: QuoteId,
        choice: PurchaseChoice,
        inputs: Option<InputValues>,
        reason: Option<String>,
        by: UserId,
    ) -> Option<LabelWish> {
        let at_hand = self
            .own_box()
            .cloned()
            .zip(self.bench.as_ref().map(|bench| bench.order));
        let Some((row, order)) = at_hand else {
            self.bad("the box is not yours to ship any more: go back and open the order again");
            return None;
        };
        let Some(id) = self.fresh_id() else {
            self.bad("not bought: press the key again");
            return None;
        };
        Some(LabelWish {
            id: IntentId(id),
            order,
            box_id: row.id,
            turn: row.turn,
            quote,
            choice,
            reason,
            inputs,
            by,
            station: self.setup.station.clone(),
        })
    }

    /// The store did what a question asked for.
    pub(crate) fn answered_yes(&mut self, ask: &Ask, done: &crate::app::message::Done) {
        self.layers
            .retain(|layer| !matches!(layer, Layer::Question(question) if question.ask == *ask));
        match ask {
            Ask::Buy { choice, .. } => {
                self.layers.clear();
                if self.screen.has_order() {
                    self.screen = Screen::Label;
                }
                if let Some(bench) = &mut self.bench {
                    bench.selected_label = 0;
                }
                let words = match self.status.health.unreachable_since {
                    Some(_) => format!(
                        "written down ({}): bought as soon as Amazon answers again",
                        choice.price
                    ),
                    None => format!("written down ({}): asking Amazon for the label", choice.price),
                };
                self.say(Tone::Wait, words);
            }
            Ask::Withdraw(_) => self.good("taken back: nothing was bought"),
            Ask::Void(label) => {
                let words = match self.outside_carrier(*label) {
                    Some(carrier) => {
                        format!("taken back: tear the label up, and void it at {carrier} yourself")
                    }
                    None => "the void is written down: asking Amazon; tear the label up".to_owned(),
                };
                self.say(Tone::Wait, words);
            }
            Ask::VoidOrder(_) => self.say(
                Tone::Wait,
                "the voids are written down: asking Amazon; tear the labels up",
            ),
            Ask::Book { .. } => {
                self.good("booked");
                self.read_again(crate::app::effect::Slot::Refunds);
            }
            Ask::Decide { bought, .. } => self.good(decided_words(bought.as_ref())),
            Ask::Move(_, to) => {
                self.order_moved(*to);
                return;
            }
            Ask::Note { order, .. } => {
                self.open_notes(*order);
                self.good("the note is written");
            }
            Ask::Many { .. } => {
                self.many_changed(done);
                return;
            }
            Ask::Flags(_) => self.good("noted: the order can be gone on with"),
            Ask::Assign(..) => {
                self.method_assigned("assigned");
                return;
            }
            Ask::Split(..) => self.good("split: the other part waits as an order of its own, Ready to Pick"),
            Ask::Join(_) => self.good("joined: the parts are one order again"),
            Ask::Unlist(_) | Ask::Short { .. } | Ask::Bulk(_) | Ask::Earliest(_) => {
                self.list_yes_done(ask);
                return;
            }
            Ask::Door(ask) => return self.door_agreed(ask, done),
            Ask::Override(_) | Ask::TakeOver(_) | Ask::Quit => {}
        }
        self.read_again(crate::app::effect::Slot::Order);
        self.read_again(crate::app::effect::Slot::Status);
    }
}

fn decided_words(bought: Option<&TrackingNumber>) -> String {
    match bought {
        Some(number) => format!("decided: bought, {number}; its label has to come from Seller Central"),
        None => "decided: not bought; the box is free again".to_owned(),
    }
}

/// That labels of this box are paid for already, with both prices.
fn paid_before(detail: &OrderDetail, parcel: BoxId, price: Money, now: DateTime<Utc>) -> Vec<String> {
    let words = |label: &LabelRow| {
        let fate = refund::expectation(label, now);
        format!(
            "! this box's voided label cost {}, refund {fate}; with {price} both are paid for now",
            label.price
        )
    };
    refund::unreturned(&detail.labels, parcel).map(words).collect()
}

/// Carrier and service, without saying the carrier twice.
pub fn method_words(offer: &Offer) -> String {
    method_name(&offer.rate.carrier, &offer.rate.service)
}
