//! What is possible while a label is looked at.

use super::Possible;
use crate::app::keys::Action;
use crate::app::screens::picture::Look;
use crate::domain::picture::Nearness;

/// Nearer and over the sheet; to the next one where there are several.
pub(super) fn on_look(look: &Look) -> Possible {
    let mut all = Vec::new();
    if look.sheet().is_some_and(|sheet| sheet.picture.is_some()) {
        let nearer = match look.nearness {
            Nearness::Near => "Whole",
            Nearness::Whole | Nearness::Wide => "Nearer",
        };
        all.push((Action::Open, Some(nearer)));
    }
    all.extend([(Action::Up, None), (Action::Down, None)]);
    if look.nearness != Nearness::Whole {
        all.extend([(Action::First, Some("Left")), (Action::Last, Some("Right"))]);
    }
    if look.count() > 1 {
        all.extend([
            (Action::PageUp, Some("Sheet before")),
            (Action::PageDown, Some("Next sheet")),
        ]);
    }
    all
}
