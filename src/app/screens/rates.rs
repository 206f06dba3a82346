//! Rates: asking for them, choosing one, the question that buys.

use crate::app::banner::Tone;
use crate::app::bench::{Offer, QuoteView};
use crate::app::effect::{Commit, LabelWish};
use crate::app::layers::{Ask, Layer, Question, SHIP_ANYWAY};
use crate::app::message::Done;
use crate::app::state::{Awaited, Screen, State};
use crate::app::words;
use crate::domain::ids::{BoxId, IntentId, TrackingNumber};
use crate::domain::money::Money;
use crate::domain::rate::{QuoteState, method_name};
use crate::domain::refund;
use crate::domain::rows::{LabelRow, OrderDetail};
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
        let view = bench.quote_view(self.now);
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

    /// What came of the latest quote, said once.
    pub(crate) fn announce_quote(&mut self) {
        if self.screen != Screen::Rates {
            return;
        }
        match self
            .bench
            .as_ref()
            .and_then(|bench| bench.quote())
            .map(|quote| &quote.state)
        {
            Some(QuoteState::Failed(words)) => {
                let words = format!("no rates: {words}");
                self.bad(words);
            }
            Some(QuoteState::Answered(_)) => self.say_offers(),
            _ => {}
        }
    }

    fn say_offers(&mut self) {
        let Some(bench) = &self.bench else { return };
        let words = match (&bench.no_choice, bench.offers.get(bench.selected_offer)) {
            (None, Some(offer)) => format!(
                "{} methods · chosen: {} {}",
                bench.offers.len(),
                offer.rate.service,
                offer.judgement.price
            ),
            (Some(why), _) => format!("none is chosen: {why}"),
            (None, None) => "Amazon offers no method for this box: check weight and size".to_owned(),
        };
        self.say(Tone::Note, words);
    }

    /// Opens the question that buys the selected method.
    pub(crate) fn ask_buy(&mut self) {
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
        let destination = bench
            .detail
            .as_ref()
            .and_then(|detail| detail.order.channel.destination.as_ref());
        let mut lines = vec![
            format!("{} · {}", method_words(offer), choice.price),
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
        ];
        lines.extend(offer.judgement.notes.iter().map(|note| format!("! {note}")));
        if let Some(detail) = &bench.detail {
            lines.extend(paid_before(detail, row.id, choice.price, self.now));
        }
        let mut question = Question::new(
            Ask::Buy {
                quote: quote.id,
                choice: Box::new(choice),
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
        self.ask(question);
    }

    /// The yes key: answers the question, or opens the one that buys.
    pub(crate) fn yes(&mut self) {
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
        self.say_yes(&question);
    }

    fn say_yes(&mut self, question: &Question) {
        if question.ask == Ask::Quit {
            self.effects.push(crate::app::effect::Effect::Exit);
            return;
        }
        let Some(by) = self.user.as_ref().map(|user| user.id) else {
            return;
        };
        let reason = question.reason().unwrap_or_default().to_owned();
        let commit = match question.ask.clone() {
            Ask::Quit => return,
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
            Ask::Buy { quote, choice } => {
                let (Some(row), Some(order)) = (
                    self.own_box().cloned(),
                    self.bench.as_ref().map(|bench| bench.order),
                ) else {
                    self.bad("the box is not yours to ship any more: go back and open the order again");
                    return;
                };
                let Some(id) = self.fresh_id() else {
                    self.bad("not bought: press the key again");
                    return;
                };
                Commit::WantLabel(LabelWish {
                    id: IntentId(id),
                    order,
                    box_id: row.id,
                    turn: row.turn,
                    quote,
                    choice: *choice,
                    reason: question.reason.clone(),
                    by,
                    station: self.setup.station.clone(),
                })
            }
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
            Ask::NewList => Commit::CreatePickList {
                name: reason,
                limit: 40,
                by,
            },
        };
        if let Some(Layer::Question(question)) = self.layers.last_mut() {
            question.sent = true;
        }
        self.commit(commit, Awaited::Question(Box::new(question.ask.clone())));
    }

    /// The store did what a question asked for.
    pub(crate) fn answered_yes(&mut self, ask: &Ask, done: &Done) {
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
            Ask::Void(_) => self.say(
                Tone::Wait,
                "the void is written down: asking Amazon; tear the label up",
            ),
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
            Ask::Flags(_) => self.good("noted: the order can be gone on with"),
            Ask::NewList => {
                match done {
                    Done::PickList(Some(id)) => self.good(format!("pick list {id} is made")),
                    _ => self.say(Tone::Note, "no order waits for a list"),
                }
                self.read_again(crate::app::effect::Slot::PickLists);
                return;
            }
            Ask::Override(_) | Ask::TakeOver(_) | Ask::Quit => {}
        }
        self.read_again(crate::app::effect::Slot::Order);
        self.read_again(crate::app::effect::Slot::Status);
    }

    fn override_code(
        &mut self,
        unit: &crate::domain::packing::UnitRef,
        reason: &str,
        by: crate::domain::ids::UserId,
    ) {
        let Some(session) = self.bench.as_ref().and_then(|bench| bench.session.as_ref()) else {
            return;
        };
        match session.override_code(reason, by) {
            Ok(event) if matches!(&event, crate::domain::packing::PackEvent::Coded { unit: due, .. } if due == unit) =>
            {
                self.accept(&event);
            }
            Ok(_) => self.bad("another unit's code is due now: look again before you override"),
            Err(refusal) => self.refuse("override refused", refusal.to_string()),
        }
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
