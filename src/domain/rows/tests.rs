use super::*;
use crate::domain::address::{AddressKind, Destination};
use crate::domain::ids::ScanId;
use crate::domain::order::{AssignedMethod, ChannelOrder, ChannelStatus, OrderLine, Origin, Programs};
use crate::domain::packing::PackEvent;
use crate::domain::refund::tests::label;
use uuid::Uuid;

/// An order with these lines in no box yet: nothing is scanned, asked, bought or told of it.
pub(in crate::domain) fn detail(lines: &[OrderLine], products: &[Product]) -> OrderDetail {
    let at = DateTime::UNIX_EPOCH;
    OrderDetail {
        order: Order {
            id: OrderId(1),
            channel: ChannelOrder {
                store: "us".into(),
                origin: Origin::Amazon,
                number: "111-1111111-1111111".into(),
                status: ChannelStatus::Unshipped,
                programs: Programs::default(),
                destination: Some(Destination::new("US", "NY", "10001", AddressKind::Residential)),
                ship_by: Window::default(),
                deliver_by: Window::default(),
                service_level: "Standard".to_owned(),
                print_not_before: None,
                confirmation_floor: None,
                lines: lines.to_vec(),
                packages: Vec::new(),
                created_at: at,
                updated_at: at,
                address_fingerprint: Vec::new(),
            },
            status: OrderStatus::InPacking,
            pick_list: None,
            assigned: AssignedMethod::Unknown,
            flags: Vec::new(),
            seen_at: at,
            erased: false,
            part: None,
            said: None,
        },
        badges: Vec::new(),
        method: MethodFacts::default(),
        products: products.to_vec(),
        boxes: Vec::new(),
        scans: Vec::new(),
        quotes: Vec::new(),
        labels: Vec::new(),
        confirmations: Vec::new(),
        history: Vec::new(),
        other_labels: Vec::new(),
    }
}

/// An empty box whose id is its number.
pub(in crate::domain) fn parcel(number: u32) -> BoxRow {
    BoxRow {
        id: BoxId(i64::from(number)),
        number,
        weight: None,
        dimensions: None,
        confirmation: Confirmation::DeliveryConfirmation,
        turn: Epoch(1),
        owner: None,
        flat_rate: false,
    }
}

/// The scan whose id is this number, into a box.
pub(in crate::domain) fn record(number: u32, parcel: i64, event: PackEvent) -> ScanRecord {
    ScanRecord {
        id: ScanId(Uuid::from_u128(u128::from(number))),
        order: OrderId(1),
        box_id: BoxId(parcel),
        turn: Epoch(1),
        sequence: number,
        event,
        by: UserId(1),
        at: DateTime::UNIX_EPOCH,
    }
}

#[test]
fn a_restored_database_is_complete_once_every_order_and_every_shop_was_compared() {
    let restored = |compared, unswept: &[&str]| Restored {
        of: "a back-up of May 3".to_owned(),
        compared,
        total: 7,
        unswept: unswept.iter().map(|shop| StoreId::from(*shop)).collect(),
    };
    assert!(restored(7, &[]).is_complete());
    assert!(!restored(6, &[]).is_complete());
    assert!(!restored(7, &["us"]).is_complete());
    assert!(!restored(6, &["us"]).is_complete());
    assert_eq!(
        restored(6, &[]).to_string(),
        "RESTORED: 6 of 7 orders compared with Amazon, nothing is bought before all are (a back-up of May 3)"
    );
}

#[test]
fn every_label_of_an_order_makes_its_package_ours_voided_or_not() {
    let mut order = detail(&[], &[]);
    let numbered = |number: Option<&str>, state| LabelRow {
        tracking: number.map(TrackingNumber::from),
        ..label(state)
    };
    order.labels = vec![
        numbered(Some("1Z2"), LabelState::Printed),
        numbered(None, LabelState::Unknown),
        numbered(Some("1Z1"), LabelState::Voided),
    ];
    assert_eq!(
        order.tracking_numbers(),
        [TrackingNumber::from("1Z2"), TrackingNumber::from("1Z1")]
    );
}
