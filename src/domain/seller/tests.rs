use super::*;

fn ship_from() -> ShipFrom {
    ShipFrom {
        name: "Harbor".to_owned(),
        line1: "1 Quay".to_owned(),
        line2: String::new(),
        city: "Columbus".to_owned(),
        state: "OH".to_owned(),
        postal_code: "43004".to_owned(),
        country: "US".to_owned(),
        phone: "555".to_owned(),
        email: "dock@example.com".to_owned(),
        zone: "America/New_York".to_owned(),
    }
}

#[test]
fn each_field_that_amazon_is_sent_tells_one_ship_from_from_another() {
    let digest = ship_from().digest();
    assert!(digest.len() == 64 && digest.bytes().all(|digit| digit.is_ascii_hexdigit()));
    assert_eq!(ship_from().digest(), digest);
    let changes: [fn(&mut ShipFrom) -> &mut String; 9] = [
        |from| &mut from.name,
        |from| &mut from.line1,
        |from| &mut from.line2,
        |from| &mut from.city,
        |from| &mut from.state,
        |from| &mut from.postal_code,
        |from| &mut from.country,
        |from| &mut from.phone,
        |from| &mut from.email,
    ];
    for change in changes {
        let mut moved = ship_from();
        change(&mut moved).push('x');
        assert_ne!(moved.digest(), digest);
    }
    let mut shifted = ship_from();
    "Harbor1".clone_into(&mut shifted.name);
    " Quay".clone_into(&mut shifted.line1);
    assert_ne!(shifted.digest(), digest, "a field ends where it ends");
}

#[test]
fn each_way_to_a_label_has_its_word() {
    for (via, key, words) in [
        (LabelVia::ShippingV2, "shipping-v2", "Shipping v2"),
        (
            LabelVia::MerchantFulfillmentV0,
            "merchant-fulfillment-v0",
            "Merchant Fulfillment v0",
        ),
        (LabelVia::Outside, "outside", "bought elsewhere"),
    ] {
        assert_eq!((via.key(), via.words()), (key, words));
        assert_eq!(LabelVia::parse(key), Some(via));
    }
    assert_eq!(LabelVia::parse("pigeon"), None);
}

#[test]
fn a_store_without_a_marketplace_has_no_account_to_buy_with() {
    let mut store = StoreProfile {
        id: "web".into(),
        name: "Web".to_owned(),
        kind: Origin::Elsewhere,
        region: Region::Na,
        marketplace: String::new(),
        ship_from: ship_from(),
        amazon_base: None,
        login_base: None,
        account: CarrierAccount::default(),
    };
    assert!(!store.has_account());
    "ATVPDKIKX0DER".clone_into(&mut store.marketplace);
    assert!(store.has_account());
}
