//! Changing many orders at once: which may be, and from how many on the number must be confirmed. Pure.

use super::rows::OrderRow;
use super::status::OrderStatus;

/// Above this the person confirms how many orders it is (workflow.md 2.4.8).
pub const MANY: usize = 500;

/// Whether a change of many reaches this order, or why not, in words.
pub fn may(row: &OrderRow, to: OrderStatus) -> Result<(), String> {
    if row.label.is_some_and(super::shipment::LabelState::is_live) {
        return Err("it has a label: void that first".to_owned());
    }
    match (row.status, to) {
        (status, to) if status == to => Err(format!("it is {to} already")),
        // Releasing many never takes one off a list, out of a box or out of Review.
        (OrderStatus::OnHold, OrderStatus::ReadyToPick) => Ok(()),
        (status, OrderStatus::ReadyToPick) => Err(format!("it is {status}, not On Hold")),
        (status, to) => status
            .move_to(to)
            .map(|_| ())
            .map_err(|refusal| refusal.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{OrderId, OrderNumber, StoreId};
    use crate::domain::shipment::LabelState;

    fn row(status: OrderStatus, label: Option<LabelState>) -> OrderRow {
        OrderRow {
            id: OrderId(1),
            number: OrderNumber::from("1"),
            store: StoreId::from("us"),
            status,
            badges: Vec::new(),
            units: 1,
            lines: 1,
            title: String::new(),
            ship_by: None,
            deliver_by: None,
            label,
            trouble: false,
            pick_list: None,
            part: None,
            packer: None,
        }
    }

    #[test]
    fn many_are_held_where_each_could_be_and_released_only_from_hold() {
        use OrderStatus::{
            Canceled, InPacking, OnHold, Pending, ReadyForPickup, ReadyToPick, Review, Shipped,
        };
        for status in [Pending, Review, ReadyToPick, InPacking] {
            assert!(may(&row(status, None), OnHold).is_ok(), "{status}");
            assert!(may(&row(status, None), ReadyToPick).is_err(), "{status}");
        }
        for status in [OnHold, ReadyForPickup, Shipped, Canceled] {
            assert!(may(&row(status, None), OnHold).is_err(), "{status}");
        }
        assert!(may(&row(OnHold, None), ReadyToPick).is_ok());
        let words = may(&row(OnHold, Some(LabelState::Bought)), ReadyToPick).expect_err("it has a label");
        assert!(words.contains("void"), "{words}");
        assert!(may(&row(OnHold, Some(LabelState::Voided)), ReadyToPick).is_ok());
        // What is there already says so, whatever it is.
        for status in OrderStatus::ALL {
            let words = may(&row(status, None), status).expect_err("it is there");
            assert_eq!(words, format!("it is {status} already"));
        }
        let words = may(&row(InPacking, None), ReadyToPick).expect_err("somebody packs it");
        assert_eq!(words, format!("it is {InPacking}, not On Hold"));
    }
}
