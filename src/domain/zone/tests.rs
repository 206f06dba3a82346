use super::*;
use chrono_tz::America::{Anchorage, Chicago, Denver, Los_Angeles, New_York, Phoenix};
use proptest::prelude::*;

#[test]
fn places_are_known_by_code_and_by_name() {
    for (country, state, postal, wanted) in [
        ("US", "NY", "10001", vec![New_York]),
        ("us", "New York", "10001-0001", vec![New_York]),
        ("US", " n.y. ", "", vec![New_York]),
        ("US", "DC", "20500", vec![New_York]),
        ("US", "TX", "", vec![Chicago, Denver]),
        ("US", "TX", "7990", vec![Chicago, Denver]),
        ("US", "AZ", "85001", vec![Phoenix]),
        ("US", "AK", "", vec![Anchorage, Tz::America__Adak]),
        ("US", "VI", "00801", vec![Tz::America__Puerto_Rico]),
        ("US", "MP", "96950", vec![Tz::Pacific__Saipan]),
        ("US", "WA", "98101", vec![Los_Angeles]),
        ("CA", "ON", "P9N 1A1", vec![Tz::America__Winnipeg]),
        ("CA", "ON", "M5V 1A1", vec![Tz::America__Toronto]),
        ("CA", "QC", "G4T 1A1", vec![Tz::America__Halifax]),
        ("CA", "SK", "S9V 1A1", vec![Tz::America__Edmonton]),
        ("CA", "NL", "A1C 1A1", vec![Tz::America__St_Johns]),
        ("FR", "", "97400", vec![Tz::Indian__Reunion]),
        ("FR", "", "75001", vec![Tz::Europe__Paris]),
        ("ES", "", "35001", vec![Tz::Atlantic__Canary]),
        ("ES", "", "28001", vec![Tz::Europe__Madrid]),
        ("PT", "", "9500-001", vec![Tz::Atlantic__Azores]),
        ("AU", "WA", "6000", vec![Tz::Australia__Perth]),
        ("MX", "Sonora", "83000", vec![Tz::America__Hermosillo]),
        ("BR", "SP", "01310-100", vec![Tz::America__Sao_Paulo]),
        ("JP", "", "", vec![Tz::Asia__Tokyo]),
    ] {
        assert_eq!(
            zones(country, state, postal),
            wanted,
            "{country} {state} {postal}"
        );
    }
}

#[test]
fn every_state_and_territory_is_known() {
    let unknown = zones("US", "XX", "").len();
    for state in [
        "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS",
        "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC",
        "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY",
        "PR", "VI", "GU", "MP", "AS", "FM", "MH", "PW", "AA", "AE", "AP",
    ] {
        assert!(zones("US", state, "").len() < unknown, "{state}");
    }
}

#[test]
fn amazons_marketplaces_are_known() {
    let unknown = zones("ZZ", "", "");
    for country in [
        "US", "CA", "MX", "BR", "ES", "GB", "FR", "BE", "NL", "DE", "IT", "SE", "ZA", "PL", "EG", "TR", "SA",
        "AE", "IN", "SG", "AU", "JP", "IE",
    ] {
        assert_ne!(zones(country, "", ""), unknown, "{country}");
    }
}

proptest! {
    #[test]
    fn there_is_always_a_zone(country in "\\PC{0,3}", state in "\\PC{0,12}", postal in "\\PC{0,8}") {
        prop_assert!(!zones(&country, &state, &postal).is_empty());
    }

    #[test]
    fn a_postal_code_only_narrows(state in "[A-Z]{2}", zip in "[0-9]{5}") {
        // What a state may be without a ZIP covers what it is with any, but for Alaska's islands' own zones.
        let wide = zones("US", &state, "");
        let narrow = zones("US", &state, &zip);
        prop_assert!(state == "AK" || narrow.iter().all(|zone| wide.contains(zone)), "{state} {zip}");
    }
}
