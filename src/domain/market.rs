//! Amazon's marketplaces (amazon.md 1.4).

use super::seller::Region;

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
