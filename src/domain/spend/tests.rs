use super::*;

#[test]
fn each_label_is_counted_with_one_payee() {
    let unknown = || Payment::Unknown(String::new());
    for (payment, via, payee) in [
        (Payment::ThroughAmazon, LabelVia::ShippingV2, Payee::Amazon),
        (Payment::DirectToCarrier, LabelVia::ShippingV2, Payee::OwnAccount),
        (
            Payment::ThroughAmazon,
            LabelVia::MerchantFulfillmentV0,
            Payee::Amazon,
        ),
        (unknown(), LabelVia::ShippingV2, Payee::NotSaid),
        (unknown(), LabelVia::Outside, Payee::Elsewhere),
        (Payment::DirectToCarrier, LabelVia::Outside, Payee::Elsewhere),
    ] {
        assert_eq!(Payee::of(&payment, via), payee, "{payment:?} {via:?}");
    }
    for payee in Payee::ALL {
        assert_eq!(Payee::from_key(payee.key()), payee);
    }
    assert_eq!(Payee::from_key("something new"), Payee::NotSaid);
}

#[test]
fn each_payee_is_named() {
    let named: Vec<String> = Payee::ALL.iter().map(ToString::to_string).collect();
    for words in [
        "Amazon's rates",
        "your own carrier accounts",
        "bought elsewhere",
        "not said",
    ] {
        assert!(named.iter().any(|name| name == words), "{named:?}");
    }
}
