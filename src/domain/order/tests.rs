use super::{Flag, Origin};

#[test]
fn a_flag_says_what_to_do() {
    for (flag, words) in [
        (Flag::Canceled, "put everything back"),
        (Flag::CancelRequested, "do not ship before that is settled"),
        (Flag::AddressChanged, "address changed"),
        (Flag::ItemsChanged, "count again"),
        (Flag::ShippedElsewhere, "nothing is bought"),
        (Flag::NoProduct("MUG".into()), "SKU MUG: import it first"),
    ] {
        assert!(flag.to_string().contains(words), "{flag}");
    }
}

#[test]
fn only_amazons_orders_are_amazons() {
    assert!(Origin::Amazon.is_amazon());
    assert!(!Origin::Elsewhere.is_amazon());
}
