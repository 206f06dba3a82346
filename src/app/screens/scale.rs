//! The scale: its weight is offered where the box wants one, once.

use crate::app::state::State;
use crate::domain::scale::{ScaleView, far_from};
use crate::domain::units::Weight;

impl State {
    /// The scale says something else than before: whatever was taken of it is no longer on it.
    pub(crate) fn scale_heard(&mut self, view: ScaleView) {
        if self.scale.as_ref() != Some(&view) {
            self.weight_taken = false;
        }
        self.scale = Some(view);
    }

    /// What stands on the scale belongs to a box that is done with, or to none: it is not offered to another one.
    pub(crate) fn forget_weight(&mut self) {
        self.weight_taken = true;
    }

    /// The weight on the scale, where it may be taken for our box.
    pub fn offered_weight(&self) -> Option<Weight> {
        match (&self.scale, self.weight_taken) {
            (Some(ScaleView::Weight(weight)), false) => Some(*weight),
            _ => None,
        }
    }

    /// Why the box's weight is far from what lies in it; none where it may be right, or nothing is known.
    pub fn weight_warning(&self) -> Option<String> {
        let bench = self.bench.as_ref()?;
        far_from(bench.pack_box()?.weight?, bench.expected_weight()?)
    }
}
