//! Amazon's marketplaces (amazon.md 1.4).

use crate::domain::seller::Region;

/// Id, country, region.
const MARKETPLACES: [(&str, &str, Region); 23] = [
    ("ATVPDKIKX0DER", "US", Region::Na),
    ("A2EUQ1WTGCTBG2", "CA", Region::Na),
    ("A1AM78C64UM0Y8", "MX", Region::Na),
    ("A2Q3Y263D00KWC", "BR", Region::Na),
    ("A1F83G8C2ARO7P", "GB", Region::Eu),
    ("A1PA6795UKMFR9", "DE", Region::Eu),
    ("A13V1IB3VIYZZH", "FR", Region::Eu),
    ("APJ6JRA9NG5V4", "IT", Region::Eu),
    ("A1RKKUPIHCS9HS", "ES", Region::Eu),
    ("A1805IZSGTT6HS", "NL", Region::Eu),
    ("AMEN7PMS3EDWL", "BE", Region::Eu),
    ("A28R8C7NBKEWEA", "IE", Region::Eu),
    ("A2NODRKZP88ZB9", "SE", Region::Eu),
    ("A1C3SOZRARQ6R3", "PL", Region::Eu),
    ("A33AVAJ2PDY3EV", "TR", Region::Eu),
    ("ARBP9OOSHTCHU", "EG", Region::Eu),
    ("A17E79C6D8DWNP", "SA", Region::Eu),
    ("A2VIGQ35RCS4UG", "AE", Region::Eu),
    ("A21TJRUUN4KGV", "IN", Region::Eu),
    ("AE08WJ6YKNBMC", "ZA", Region::Eu),
    ("A1VC38T7YXB528", "JP", Region::Fe),
    ("A39IBJ37TRP1C6", "AU", Region::Fe),
    ("A19VAU5U5O7RUS", "SG", Region::Fe),
];

/// Country and region of a marketplace.
pub(super) fn marketplace(id: &str) -> Option<(&'static str, Region)> {
    MARKETPLACES
        .iter()
        .find(|(known, ..)| *known == id)
        .map(|(_, country, region)| (*country, *region))
}

/// A region as it is written in the configuration.
pub(super) fn region_key(region: Region) -> &'static str {
    match region {
        Region::Na => "na",
        Region::Eu => "eu",
        Region::Fe => "fe",
    }
}
