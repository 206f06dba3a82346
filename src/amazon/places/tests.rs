use super::*;
use crate::domain::market::MARKETPLACES;

#[test]
fn knows_all_marketplaces_of_amazons_table() {
    assert_eq!(MARKETPLACES.len(), 23);
    let place = marketplace("A1F83G8C2ARO7P").unwrap();
    assert_eq!((place.country, place.region), ("GB", Region::Eu));
    assert_eq!(marketplace("nowhere"), None);
}

#[test]
fn always_names_a_business() {
    assert_eq!(business_id("ATVPDKIKX0DER", Region::Na), "AmazonShipping_US");
    assert_eq!(business_id("A1F83G8C2ARO7P", Region::Eu), "AmazonShipping_UK");
    assert_eq!(business_id("A2VIGQ35RCS4UG", Region::Eu), "AmazonShipping_UAE");
    for place in MARKETPLACES {
        assert!(business_id(place.id, place.region).starts_with("AmazonShipping_"));
    }
}

#[test]
fn plain_http_is_for_loopback_only() {
    for good in [
        "https://sandbox.sellingpartnerapi-na.amazon.com",
        "https://proxy.example.com/amazon",
        "http://127.0.0.1:8080",
        "http://127.3.2.1",
        "http://[::1]:99/base",
        "http://localhost:1",
    ] {
        assert!(base("us", "amazon_base", good).is_ok(), "{good}");
    }
    for bad in [
        "http://sellingpartnerapi-na.amazon.com",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "https://user:word@example.com",
        "https://example.com/?a=b",
        "amazon.com",
        "",
    ] {
        let error = base("us", "amazon_base", bad).unwrap_err().to_string();
        assert!(error.contains("store us: amazon_base"), "{error}");
    }
}
