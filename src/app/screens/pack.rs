//! The open order: what Enter goes on with, the box, questions about the order.

use crate::app::banner::Tone;
use crate::app::bench::Turn;
use crate::app::layers::{Ask, Layer, Measure, Question};
use crate::app::scans::Again;
use crate::app::state::{BoxPreset, Screen, State};
use crate::domain::boxing::{Suggestion, suggest_for};
use crate::domain::ids::OrderId;
use crate::domain::packing::{Expectation, PackingSession};
use crate::domain::rows::BoxRow;
use crate::domain::status::OrderStatus;
use crate::domain::units::Dimensions;

impl State {
    /// Our box, while it can be changed.
    pub(crate) fn own_box(&self) -> Option<&BoxRow> {
        let bench = self.bench.as_ref()?;
        match &bench.turn {
            Turn::Ours(row) if bench.frozen().is_none() => Some(row),
            _ => None,
        }
    }

    pub(crate) fn show_pack(&mut self) {
        self.screen = Screen::Pack;
        self.take_turn(Again::No);
    }

    /// Enter on the pack screen: the next thing that is missing before a label can be bought.
    pub(crate) fn go_on(&mut self) {
        let Some(bench) = &self.bench else { return };
        if let Turn::Refused { words, taken } = &bench.turn {
            let (order, words) = (bench.order, words.clone());
            if !taken {
                self.take_turn(Again::Same);
                return;
            }
            self.ask(Question::new(
                Ask::TakeOver(order),
                vec![
                    words,
                    "Take it over only if nobody is packing it now: the other packer's next scan is refused."
                        .to_owned(),
                ],
            ));
            return;
        }
        let Some(row) = self.own_box() else { return };
        if self.own_box_is_empty() {
            // All is packed, and not here.
            self.next_box();
        } else if row.weight.is_none() {
            match self.offered_weight() {
                Some(weight) => self.set_box(Some(weight), None, None, None),
                None => self.layers.push(Layer::Measure(Measure::Weight)),
            }
        } else if row.dimensions.is_none() {
            self.layers.push(Layer::Measure(Measure::Size));
        } else {
            self.shop_rates(false);
        }
    }

    /// A single digit on the scan line: a box on the shelf. `false`: no such box, so it is a scan.
    pub(crate) fn preset_digit(&mut self, text: &str) -> bool {
        let mut digits = text.trim().chars();
        let (Some(digit), None) = (digits.next().and_then(|digit| digit.to_digit(10)), digits.next()) else {
            return false;
        };
        match self
            .setup
            .presets
            .iter()
            .find(|preset| u32::from(preset.digit) == digit)
            .cloned()
        {
            Some(preset) => {
                self.take_preset(&preset);
                true
            }
            None => false,
        }
    }

    pub(crate) fn preset_named(&mut self, name: &str) {
        let preset = self
            .setup
            .presets
            .iter()
            .find(|preset| preset.name.eq_ignore_ascii_case(name))
            .cloned();
        match preset {
            Some(preset) if self.screen.has_order() => self.take_preset(&preset),
            Some(_) => self.refuse("no order open", "that is a box: open an order first"),
            None => self.refuse(
                "unknown box",
                format!(
                    "no box on this bench is called {name}: enter its size with {}",
                    self.setup.keys.name(crate::app::keys::Action::Size)
                ),
            ),
        }
    }

    /// The box of the shelf that the items fit in, by the catalogue's sizes; a carrier's flat-rate box is a choice of
    /// its own and never suggested. None: no size is known, or no box is large enough.
    pub fn suggested_box(&self) -> Option<&BoxPreset> {
        let bench = self.bench.as_ref()?;
        let plain: Vec<&BoxPreset> = self.setup.presets.iter().filter(|one| !one.flat_rate).collect();
        let sizes: Vec<Dimensions> = plain.iter().map(|one| one.dimensions).collect();
        let id = bench.pack_box().map(|row| row.id);
        match suggest_for(bench.detail.as_ref()?, id, &sizes) {
            Suggestion::Fits(place) => plain.get(place).copied(),
            Suggestion::NoBox | Suggestion::NoSize(_) => None,
        }
    }

    /// Enter alone where the size is asked for.
    pub(crate) fn take_suggested_box(&mut self) {
        if let Some(preset) = self.suggested_box().cloned() {
            self.take_preset(&preset);
        }
    }

    fn take_preset(&mut self, preset: &BoxPreset) {
        self.set_box(None, Some(preset.dimensions), None, Some(preset.flat_rate));
    }

    pub(crate) fn ask_override(&mut self) {
        let session = self.bench.as_ref().and_then(|bench| bench.session.as_ref());
        let Some(Expectation::Code {
            unit,
            number,
            units,
            title,
            need,
            ..
        }) = session.map(PackingSession::expects)
        else {
            return;
        };
        self.ask(
            Question::new(
                Ask::Override(unit),
                vec![
                    format!(
                        "{title}: unit {number} of {units} goes without its {}.",
                        need.words()
                    ),
                    "Amazon may refuse the rates, and answers for the unit with your name and this reason."
                        .to_owned(),
                    "Type the reason (two words or more) and Enter:".to_owned(),
                ],
            )
            .with_reasons(&[]),
        );
    }

    pub(crate) fn ask_hold(&mut self) {
        let Some((order, number, status)) = self.order_in_question() else {
            return;
        };
        let question = if status == OrderStatus::OnHold {
            Question::new(
                Ask::Move(order, OrderStatus::ReadyToPick),
                vec![format!("Order {number} becomes Ready to Pick.")],
            )
            .with_reasons(&[
                "settled with the customer",
                "stock is here",
                "put on hold by mistake",
            ])
        } else {
            Question::new(
                Ask::Move(order, OrderStatus::OnHold),
                vec![format!("Order {number} cannot be shipped until it is released.")],
            )
            .with_reasons(&[
                "item missing",
                "item damaged",
                "address looks wrong",
                "waiting for the customer",
            ])
        };
        self.ask(question);
    }

    pub(crate) fn ask_flags(&mut self) {
        let Some(detail) = self.bench.as_ref().and_then(|bench| bench.detail.as_ref()) else {
            return;
        };
        let order: OrderId = detail.order.id;
        let mut lines: Vec<String> = detail.order.flags.iter().map(ToString::to_string).collect();
        lines.push("Say so only when the box on the bench is right for what Amazon says now.".to_owned());
        self.ask(Question::new(Ask::Flags(order), lines).with_reasons(&[
            "checked the box against the order",
            "asked the customer",
            "asked the supervisor",
        ]));
    }

    pub(crate) fn order_moved(&mut self, to: OrderStatus) {
        if to == OrderStatus::Canceled && self.screen.has_order() {
            self.leave_order();
            self.say(
                Tone::Note,
                "the order is Canceled here: cancel it in Seller Central too, where it is Amazon's",
            );
            return;
        }
        self.good(format!("the order is {to} now"));
        match self.screen {
            Screen::Orders | Screen::PickLists | Screen::SignIn => {
                self.read_shown_orders();
            }
            _ if to == OrderStatus::OnHold => {
                self.leave_order();
                self.say(Tone::Note, "the order is On Hold now");
            }
            _ => self.read_again(crate::app::effect::Slot::Order),
        }
    }

    pub(super) fn override_code(
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
