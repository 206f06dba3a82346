use super::{Flag, Origin};
use crate::domain::address::AddressFault;

#[test]
fn a_flag_says_what_to_do() {
    for (flag, words) in [
        (Flag::Canceled, "put everything back"),
        (Flag::CancelRequested, "do not ship before that is settled"),
        (Flag::AddressChanged, "address changed"),
        (Flag::ItemsChanged, "count again"),
        (Flag::ShippedElsewhere, "nothing is bought"),
        (Flag::NoProduct("MUG".into()), "SKU MUG: import it first"),
        (Flag::AddressTrouble(AddressFault::NoCity), "there is no city"),
        (Flag::StoreNotNotified, "cancel it in Seller Central too"),
    ] {
        assert!(flag.to_string().contains(words), "{flag}");
    }
}

#[test]
fn only_amazons_orders_are_amazons() {
    assert!(Origin::Amazon.is_amazon());
    assert!(!Origin::Elsewhere.is_amazon());
}

#[test]
fn a_flag_waits_in_review_or_not_and_comes_with_a_fact_or_not() {
    for (flag, is_review, is_fact) in [
        (Flag::Canceled, false, true),
        (Flag::CancelRequested, true, false),
        (Flag::AddressChanged, false, false),
        (Flag::ItemsChanged, false, false),
        (Flag::ShippedElsewhere, false, true),
        (Flag::NoProduct("MUG".into()), true, true),
        (Flag::AddressTrouble(AddressFault::NoCity), true, false),
        (Flag::StoreNotNotified, false, true),
    ] {
        assert_eq!((flag.is_review(), flag.is_fact()), (is_review, is_fact), "{flag}");
    }
}
