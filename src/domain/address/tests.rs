use super::AddressKind;

#[test]
fn amazons_kinds_of_address_are_known_in_any_case() {
    for (word, kind) in [
        ("RESIDENTIAL", AddressKind::Residential),
        ("Commercial", AddressKind::Commercial),
        (" pickup_point ", AddressKind::PickupPoint),
        ("Houseboat ", AddressKind::Unknown("Houseboat".to_owned())),
        ("", AddressKind::Unknown(String::new())),
    ] {
        assert_eq!(AddressKind::parse(word), kind, "{word:?}");
    }
}
