//! Looking at a label or slip as it is printed, before or after it is.

use crate::app::banner::Tone;
use crate::app::bench::Bench;
use crate::app::effect::{Effect, PictureWish};
use crate::app::keys::Action;
use crate::app::layers::Layer;
use crate::app::state::{Screen, State};
use crate::domain::picture::{DrawnSheet, Nearness};
use crate::domain::user::Permission;

/// How far a step goes over a sheet that does not fit, in hundredths of what does not fit.
const STEP: usize = 5;

/// Sheets that are looked at. They are overwritten when the dialog is closed.
#[derive(Clone, PartialEq)]
pub struct Look {
    /// Heading.
    pub title: String,
    /// What was asked for.
    pub wish: PictureWish,
    /// The sheets; none until they are drawn; or words why there are none.
    pub sheets: Option<Result<Vec<DrawnSheet>, String>>,
    /// Which sheet is shown.
    pub at: usize,
    /// How near.
    pub nearness: Nearness,
    /// How far to the right, in hundredths.
    pub right: usize,
    /// How far down, in hundredths.
    pub down: usize,
    /// First text beside the whole sheet.
    pub top: usize,
}

impl std::fmt::Debug for Look {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Look")
            .field("wish", &self.wish)
            .finish_non_exhaustive()
    }
}

impl Look {
    /// The sheet that is shown.
    pub fn sheet(&self) -> Option<&DrawnSheet> {
        self.sheets.as_ref()?.as_ref().ok()?.get(self.at)
    }

    /// Sheets at hand.
    pub fn count(&self) -> usize {
        match &self.sheets {
            Some(Ok(sheets)) => sheets.len(),
            _ => 0,
        }
    }

    /// Moves over the sheet, or to another one.
    pub(crate) fn step(&mut self, action: Action) {
        let whole = self.nearness == Nearness::Whole;
        let texts = self.sheet().map_or(0, |sheet| sheet.texts.len());
        match action {
            Action::Up if whole => self.top = self.top.saturating_sub(1),
            Action::Down if whole => self.top = (self.top + 1).min(texts.saturating_sub(1)),
            Action::Up => self.down = self.down.saturating_sub(STEP),
            Action::Down => self.down = (self.down + STEP).min(100),
            Action::First => self.right = self.right.saturating_sub(STEP),
            Action::Last => self.right = (self.right + STEP).min(100),
            Action::PageUp => self.turn_to(self.at.saturating_sub(1)),
            Action::PageDown => self.turn_to((self.at + 1).min(self.count().saturating_sub(1))),
            _ => {}
        }
    }

    fn turn_to(&mut self, sheet: usize) {
        if sheet != self.at {
            (self.at, self.top, self.down, self.right) = (sheet, 0, 0, 0);
        }
    }
}

impl State {
    /// Asks for the sheets of the selected label, or for the slip of the open box.
    pub(crate) fn look(&mut self) {
        let Some(by) = self.sees_customers() else {
            self.bad(self.may_not(Permission::SeeCustomers));
            return;
        };
        let label = match self.screen {
            Screen::Refunds => self.refunds.window().selection(),
            Screen::Label => self.bench.as_ref().and_then(Bench::label),
            _ => None,
        };
        let (title, wish) = if let Some(label) = label {
            let title = format!("Label of order {}", label.number);
            let wish = PictureWish {
                order: label.order,
                label: Some(label.id),
                parcel: None,
                by,
            };
            (title, wish)
        } else {
            let Some(bench) = &self.bench else { return };
            let wish = PictureWish {
                order: bench.order,
                label: None,
                parcel: self.own_box().map(|row| row.id),
                by,
            };
            (format!("Packing slip of order {}", bench.number()), wish)
        };
        self.effects.push(Effect::OpenPicture(wish));
        self.layers.push(Layer::Look(Box::new(Look {
            title,
            wish,
            sheets: None,
            at: 0,
            nearness: Nearness::Whole,
            right: 0,
            down: 0,
            top: 0,
        })));
    }

    /// The sheets are drawn: shown where the dialog that waits for them is still open, by the same person.
    pub(crate) fn picture_opened(&mut self, wish: PictureWish, sheets: Result<Vec<DrawnSheet>, String>) {
        if self.sees_customers() != Some(wish.by) {
            return;
        }
        let refused = sheets.as_ref().err().cloned();
        for layer in &mut self.layers {
            if let Layer::Look(look) = layer
                && look.wish == wish
                && look.sheets.is_none()
            {
                look.sheets = Some(sheets);
                break;
            }
        }
        if let Some(words) = refused {
            self.say(Tone::Bad, words);
        }
    }

    /// Nearer, and from the nearest back to the whole.
    pub(crate) fn look_nearer(&mut self) {
        if let Some(Layer::Look(look)) = self.layers.last_mut() {
            look.nearness = look.nearness.next();
            (look.right, look.down, look.top) = (0, 0, 0);
        }
    }

    /// Closes what somebody looks at who may not any more.
    pub(crate) fn close_looks(&mut self) {
        self.layers.retain(|layer| !matches!(layer, Layer::Look(_)));
    }
}
