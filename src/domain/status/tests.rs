use super::OrderStatus::{
    self, Canceled, InPacking, InPicking, OnHold, Pending, ReadyForPickup, ReadyToPick, Review, Shipped,
};

/// The whole table: from, and everything that it may become.
const TABLE: [(OrderStatus, &[OrderStatus]); 9] = [
    (Pending, &[Review, OnHold, ReadyToPick, Canceled]),
    (Review, &[OnHold, ReadyToPick, Canceled]),
    (OnHold, &[Pending, Review, ReadyToPick, Canceled]),
    (
        ReadyToPick,
        &[
            Review,
            OnHold,
            InPicking,
            InPacking,
            ReadyForPickup,
            Shipped,
            Canceled,
        ],
    ),
    (
        InPicking,
        &[
            Review,
            OnHold,
            ReadyToPick,
            InPacking,
            ReadyForPickup,
            Shipped,
            Canceled,
        ],
    ),
    (
        InPacking,
        &[
            Review,
            OnHold,
            ReadyToPick,
            InPicking,
            ReadyForPickup,
            Shipped,
            Canceled,
        ],
    ),
    (ReadyForPickup, &[Shipped, ReadyToPick]),
    (Shipped, &[ReadyToPick]),
    (Canceled, &[]),
];

#[test]
fn every_pair_is_allowed_or_refused_as_the_table_says() {
    for (from, allowed) in TABLE {
        for to in OrderStatus::ALL {
            let moved = from.move_to(to);
            if from == to || allowed.contains(&to) {
                assert_eq!(moved, Ok(to), "{from} to {to}");
            } else {
                let refused = moved.expect_err("not in the table");
                assert_eq!((refused.from, refused.to), (from, to));
                assert_eq!(
                    refused.to_string(),
                    format!("an order that is {from} cannot become {to}")
                );
            }
        }
    }
}

#[test]
fn four_statuses_cannot_be_shipped() {
    let barred: Vec<_> = OrderStatus::ALL
        .into_iter()
        .filter(|status| !status.can_ship())
        .collect();
    assert_eq!(barred, [Pending, Review, OnHold, Canceled]);
}

#[test]
fn only_the_way_back_from_a_label_is_a_void() {
    for from in OrderStatus::ALL {
        for to in OrderStatus::ALL {
            let void = matches!((from, to), (ReadyForPickup | Shipped, ReadyToPick));
            assert_eq!(from.is_void(to), void, "{from} to {to}");
        }
    }
}

#[test]
fn shipped_and_canceled_orders_are_not_open() {
    let closed: Vec<_> = OrderStatus::ALL
        .into_iter()
        .filter(|status| !status.is_open())
        .collect();
    assert_eq!(closed, [Shipped, Canceled]);
}

#[test]
fn statuses_are_said_as_packers_know_them() {
    for (status, words) in [
        (super::OrderStatus::ReadyToPick, "Ready to Pick"),
        (super::OrderStatus::InPacking, "In Packing"),
        (super::OrderStatus::ReadyForPickup, "Ready for Pickup"),
        (super::OrderStatus::OnHold, "On Hold"),
    ] {
        assert_eq!(status.to_string(), words);
    }
}
