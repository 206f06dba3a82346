//! The screens' wishes in the store's words.

use crate::app::effect::{LabelWish, OutsideWish};
use crate::domain::bucket::Haste;
use crate::domain::rate::inputs::InputValues;
use crate::domain::sealed::Sealed;
use crate::store::{RecordOutside, WantLabel};

pub(super) fn want(wish: LabelWish, inputs: Option<Sealed<InputValues>>) -> WantLabel {
    WantLabel {
        id: wish.id,
        order: wish.order,
        box_id: wish.box_id,
        turn: wish.turn,
        quote: wish.quote,
        choice: wish.choice,
        reason: wish.reason,
        inputs,
        by: wish.by,
        station: wish.station,
        haste: Haste::Bench,
    }
}

pub(super) fn record(wish: OutsideWish, manifests: bool) -> RecordOutside {
    RecordOutside {
        id: wish.id,
        order: wish.order,
        box_id: wish.box_id,
        turn: wish.turn,
        carrier: wish.carrier,
        method: wish.method,
        tracking: wish.tracking,
        checked: wish.checked,
        cost: wish.cost,
        reason: wish.reason,
        by: wish.by,
        station: wish.station,
        manifests,
    }
}
