//! A rehearsal under way: what the screens tell its score, and its end.

use crate::app::banner::Tone;
use crate::app::keys::Action;
use crate::app::layers::{Ask, Layer};
use crate::app::screens::policies::Told;
use crate::app::state::State;
use crate::domain::practice::Over;
use crate::domain::rows::OrderDetail;
use crate::domain::status::OrderStatus;

impl State {
    /// The score in a line, while somebody rehearses.
    pub fn practice_line(&self) -> Option<String> {
        self.practice.as_ref().map(|practice| practice.line(self.now))
    }

    /// What is left to say once the screens are closed.
    pub fn last_words(&self) -> Vec<String> {
        let Some(practice) = &self.practice else {
            return Vec::new();
        };
        let score = practice.score(self.now);
        let mut lines = vec!["Rehearsal".to_owned()];
        lines.extend(score.lines().iter().map(|line| format!("  {line}")));
        lines.push(format!("  {}", score.advice()));
        lines
    }

    pub(crate) fn practice_opened(&mut self) {
        if let Some(practice) = &mut self.practice {
            practice.opened(self.now);
        }
    }

    pub(crate) fn practice_scanned(&mut self, right: bool, at: chrono::DateTime<chrono::Utc>) {
        if let Some(practice) = &mut self.practice {
            practice.scanned(right, at);
        }
    }

    /// A key did nothing where it was pressed. What people press without meaning it does not count.
    pub(crate) fn practice_key(&mut self, action: Action) {
        let harmless = matches!(
            action,
            Action::Up
                | Action::Down
                | Action::PageUp
                | Action::PageDown
                | Action::First
                | Action::Last
                | Action::Open
                | Action::Quit
        );
        if let Some(practice) = self.practice.as_mut().filter(|_| !harmless) {
            practice.wrong_step();
        }
    }

    /// A question was answered with yes: a void takes the order's points back, and going on without a code costs some.
    pub(crate) fn practice_answered(&mut self, ask: &Ask) {
        let order = self.bench.as_ref().map(|bench| bench.order);
        let Some(practice) = &mut self.practice else {
            return;
        };
        match ask {
            Ask::Override(_) => practice.wrong_step(),
            Ask::Void(_) | Ask::VoidOrder(_) => {
                practice.wrong_step();
                if let Some(order) = order {
                    practice.undone(order);
                }
            }
            _ => {}
        }
    }

    /// The open order was read: done once its labels are bought.
    pub(crate) fn practice_read(&mut self, detail: &OrderDetail) {
        let done = matches!(
            detail.order.status,
            OrderStatus::ReadyForPickup | OrderStatus::Shipped
        );
        if let Some(practice) = self.practice.as_mut().filter(|_| done) {
            practice.finished(detail.order.id);
        }
    }

    /// Says once that it is over, with the score.
    pub(crate) fn practice_looks(&mut self) {
        let now = self.now;
        let Some(practice) = &mut self.practice else {
            return;
        };
        let Some(over) = practice.over(now) else { return };
        let score = practice.score(now);
        let mut lines = vec![
            match over {
                Over::Orders => "All orders are done.".to_owned(),
                Over::Time => "The time is over.".to_owned(),
            },
            String::new(),
        ];
        lines.extend(score.lines());
        lines.extend([String::new(), score.advice().to_owned()]);
        let key = self.setup.keys.name(Action::Quit);
        lines.push(format!(
            "Nothing counts from here on: look around, or leave with {key} and try again."
        ));
        self.layers.push(Layer::Told(Box::new(Told {
            title: "Rehearsal over".to_owned(),
            lines,
            top: 0,
        })));
        self.say(Tone::Good, format!("REHEARSAL OVER: {} points", score.points));
    }
}
