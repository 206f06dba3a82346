//! The form for what a service asks for besides the box: entering fields, taking lines, going on to the question
//! that buys. Whether an answer fits is the domain's business.

use crate::app::layers::Layer;
use crate::app::state::State;

impl State {
    /// Enter in the form: enters the selected field, or leaves it as it was.
    pub(crate) fn enter_field(&mut self) {
        if let Some(Layer::Inputs(form)) = self.layers.last_mut() {
            form.editing = !form.editing;
            form.wrong = None;
        }
    }

    /// A line for the entered field.
    pub(crate) fn typed_into_field(&mut self, text: &str) -> bool {
        let Some(Layer::Inputs(form)) = self.layers.last_mut() else {
            return false;
        };
        if let Err(words) = form.fill(text) {
            self.bad(words);
        }
        true
    }

    /// The form is complete: the question that buys follows.
    pub(super) fn inputs_done(&mut self) {
        let Some(Layer::Inputs(form)) = self.layers.last_mut() else {
            return;
        };
        match form.values() {
            Err(words) => {
                form.wrong = Some(words.clone());
                self.bad(format!("not yet: {words}"));
            }
            Ok(values) => {
                let rate = form.rate_id.clone();
                let still = self.bench.as_ref().is_some_and(|bench| {
                    bench
                        .offers
                        .get(bench.selected_offer)
                        .is_some_and(|offer| offer.rate.id == rate)
                });
                self.layers.pop();
                if still {
                    self.question_buy(None, Some(values));
                } else {
                    self.bad("newer rates came meanwhile: choose the method again");
                }
            }
        }
    }
}
