//! Amazon's marketplaces (amazon.md 1.4).

use super::seller::{Region, StoreProfile};

/// One of Amazon's marketplaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marketplace {
    /// Amazon's id, e.g. `ATVPDKIKX0DER`.
    pub id: &'static str,
    /// ISO 3166 alpha-2 (`GB`, never `UK`).
    pub country: &'static str,
    /// Region whose host serves it.
    pub region: Region,
}

const fn place(id: &'static str, country: &'static str, region: Region) -> Marketplace {
    Marketplace { id, country, region }
}

/// All of them.
pub const MARKETPLACES: [Marketplace; 23] = [
    place("ATVPDKIKX0DER", "US", Region::Na),
    place("A2EUQ1WTGCTBG2", "CA", Region::Na),
    place("A1AM78C64UM0Y8", "MX", Region::Na),
    place("A2Q3Y263D00KWC", "BR", Region::Na),
    place("A1F83G8C2ARO7P", "GB", Region::Eu),
    place("A1PA6795UKMFR9", "DE", Region::Eu),
    place("A13V1IB3VIYZZH", "FR", Region::Eu),
    place("APJ6JRA9NG5V4", "IT", Region::Eu),
    place("A1RKKUPIHCS9HS", "ES", Region::Eu),
    place("A1805IZSGTT6HS", "NL", Region::Eu),
    place("AMEN7PMS3EDWL", "BE", Region::Eu),
    place("A28R8C7NBKEWEA", "IE", Region::Eu),
    place("A2NODRKZP88ZB9", "SE", Region::Eu),
    place("A1C3SOZRARQ6R3", "PL", Region::Eu),
    place("A33AVAJ2PDY3EV", "TR", Region::Eu),
    place("ARBP9OOSHTCHU", "EG", Region::Eu),
    place("A17E79C6D8DWNP", "SA", Region::Eu),
    place("A2VIGQ35RCS4UG", "AE", Region::Eu),
    place("A21TJRUUN4KGV", "IN", Region::Eu),
    place("AE08WJ6YKNBMC", "ZA", Region::Eu),
    place("A1VC38T7YXB528", "JP", Region::Fe),
    place("A39IBJ37TRP1C6", "AU", Region::Fe),
    place("A19VAU5U5O7RUS", "SG", Region::Fe),
];

/// The marketplace with this id.
pub fn marketplace(id: &str) -> Option<Marketplace> {
    MARKETPLACES.into_iter().find(|place| place.id == id)
}

/// The page of Seller Central on which an order of this marketplace is canceled.
pub fn seller_central_order(id: &str, number: &str) -> String {
    format!("https://{}/orders-v3/order/{number}", seller_central(id))
}

/// Where this marketplace's sellers sign in: the host of its Seller Central; the United States' where the
/// marketplace is not known.
pub fn seller_central(id: &str) -> &'static str {
    match marketplace(id).map(|place| place.country) {
        Some("CA") => "sellercentral.amazon.ca",
        Some("MX") => "sellercentral.amazon.com.mx",
        Some("BR") => "sellercentral.amazon.com.br",
        Some("GB") => "sellercentral.amazon.co.uk",
        Some("DE") => "sellercentral.amazon.de",
        Some("FR") => "sellercentral.amazon.fr",
        Some("IT") => "sellercentral.amazon.it",
        Some("ES") => "sellercentral.amazon.es",
        Some("NL") => "sellercentral.amazon.nl",
        Some("BE") => "sellercentral.amazon.com.be",
        Some("IE") => "sellercentral.amazon.ie",
        Some("SE") => "sellercentral.amazon.se",
        Some("PL") => "sellercentral.amazon.pl",
        Some("TR") => "sellercentral.amazon.com.tr",
        Some("EG") => "sellercentral.amazon.eg",
        Some("SA") => "sellercentral.amazon.sa",
        Some("AE") => "sellercentral.amazon.ae",
        Some("IN") => "sellercentral.amazon.in",
        Some("ZA") => "sellercentral.amazon.co.za",
        Some("JP") => "sellercentral.amazon.co.jp",
        Some("AU") => "sellercentral.amazon.com.au",
        Some("SG") => "sellercentral.amazon.sg",
        _ => "sellercentral.amazon.com",
    }
}

/// How this store's seller accepts a carrier's terms, in words.
pub fn way_to_accept_terms(store: &StoreProfile) -> String {
    format!(
        "Sign in to {} with the account of {}, open Settings, Shipping Settings, Buy Shipping, and accept the \
         terms of each of these carriers. Then ask for rates again.",
        seller_central(&store.marketplace),
        store.name
    )
}

/// How this store's seller links an account of its own with a carrier, in words.
pub fn way_to_link_accounts(store: &StoreProfile) -> String {
    format!(
        "To use rates of your own: sign in to {} with the account of {}, open Settings, Shipping Settings, Buy \
         Shipping, and link the carrier account there.",
        seller_central(&store.marketplace),
        store.name
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_marketplace_has_a_seller_central_of_its_own() {
        let mut hosts: Vec<&str> = MARKETPLACES
            .iter()
            .map(|place| seller_central(place.id))
            .collect();
        hosts.sort_unstable();
        hosts.dedup();
        assert_eq!(hosts.len(), MARKETPLACES.len());
        assert_eq!(seller_central("nowhere"), "sellercentral.amazon.com");
        assert_eq!(
            seller_central_order("A1F83G8C2ARO7P", "111-1111111-1111111"),
            "https://sellercentral.amazon.co.uk/orders-v3/order/111-1111111-1111111"
        );
    }

    #[test]
    fn the_ways_into_seller_central_name_the_host_and_the_store() {
        let store = StoreProfile {
            id: "uk".into(),
            kind: crate::domain::order::Origin::Amazon,
            name: "Harbor UK".to_owned(),
            region: crate::domain::seller::Region::Eu,
            marketplace: "A1F83G8C2ARO7P".to_owned(),
            ship_from: crate::domain::seller::ShipFrom {
                name: String::new(),
                line1: String::new(),
                line2: String::new(),
                city: String::new(),
                state: String::new(),
                postal_code: String::new(),
                country: "GB".to_owned(),
                phone: String::new(),
                email: String::new(),
                zone: String::new(),
            },
            amazon_base: None,
            login_base: None,
            account: crate::domain::seller::CarrierAccount::default(),
        };
        for (way, what) in [
            (way_to_accept_terms(&store), "accept the terms"),
            (way_to_link_accounts(&store), "link the carrier account"),
        ] {
            for words in ["sellercentral.amazon.co.uk", "Harbor UK", "Buy Shipping", what] {
                assert!(way.contains(words), "{way}");
            }
        }
    }
}
