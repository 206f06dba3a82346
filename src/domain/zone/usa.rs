//! The United States: states, the ZIP prefixes that split them, territories and military post offices.
//!
//! Zone lines follow counties (49 CFR 71); a three-digit ZIP prefix that holds counties of both sides gets both.

use chrono_tz::America::{
    Adak, Anchorage, Boise, Chicago, Denver, Juneau, Los_Angeles, Metlakatla, New_York, Phoenix, Puerto_Rico,
};
use chrono_tz::Pacific::{
    Chuuk, Guam, Honolulu, Kosrae, Kwajalein, Majuro, Pago_Pago, Palau, Pohnpei, Saipan,
};
use chrono_tz::Tz;

/// Zones of a state (code or name, upper-case letters only) and ZIP.
pub(super) fn zones(state: &str, zip: &str) -> Vec<Tz> {
    let prefix: Option<u16> = zip
        .get(..3)
        .filter(|_| zip.len() >= 5 && zip.bytes().take(5).all(|byte| byte.is_ascii_digit()))
        .and_then(|prefix| prefix.parse().ok());
    match code(state) {
        "CT" | "DE" | "DC" | "GA" | "ME" | "MD" | "MA" | "NH" | "NJ" | "NY" | "NC" | "OH" | "PA" | "RI"
        | "SC" | "VT" | "VA" | "WV" => vec![New_York],
        "AR" | "IL" | "IA" | "LA" | "MN" | "MS" | "MO" | "OK" | "WI" => vec![Chicago],
        "CO" | "MT" | "NM" | "UT" | "WY" => vec![Denver],
        "CA" | "WA" => vec![Los_Angeles],
        "HI" => vec![Honolulu],
        "AK" => alaska(zip),
        // Phenix City and its neighbours keep Georgia's time.
        "AL" => split(prefix, &[368], &[], Chicago, New_York),
        "FL" => split(prefix, &[324], &[325], New_York, Chicago),
        "IN" => split(prefix, &[465, 475, 479], &[463, 464, 476, 477], New_York, Chicago),
        "KY" => split(
            prefix,
            &[401, 425, 426, 427],
            &[420, 421, 422, 423, 424],
            New_York,
            Chicago,
        ),
        "MI" => split(prefix, &[498, 499], &[], New_York, Chicago),
        "TN" => split(prefix, &[373, 377, 378], &[374, 376, 379], Chicago, New_York),
        "TX" => split(prefix, &[798], &[799, 885], Chicago, Denver),
        "KS" => split(prefix, &[677, 678, 679], &[], Chicago, Denver),
        "NE" => split(prefix, &[690, 691, 692], &[693], Chicago, Denver),
        "ND" => split(prefix, &[585, 586, 587, 588], &[], Chicago, Denver),
        "SD" => split(prefix, &[575, 576], &[577], Chicago, Denver),
        // The Navajo Nation moves its clocks; the rest of Arizona does not.
        "AZ" => split(prefix, &[860, 865], &[], Phoenix, Denver),
        "ID" => split(prefix, &[835], &[838], Boise, Los_Angeles),
        "OR" => split(prefix, &[979], &[], Los_Angeles, Boise),
        // West Wendover keeps Utah's time, Jackpot Idaho's.
        "NV" => split(prefix, &[898], &[], Los_Angeles, Denver),
        "PR" | "VI" => vec![Puerto_Rico],
        "GU" => vec![Guam],
        "MP" => vec![Saipan],
        "AS" => vec![Pago_Pago],
        "PW" => vec![Palau],
        "FM" => vec![Chuuk, Pohnpei, Kosrae],
        "MH" => vec![Majuro, Kwajalein],
        "AA" => vec![New_York, Tz::America__Bogota, Tz::America__Sao_Paulo],
        "AE" => vec![
            Tz::Europe__London,
            Tz::Europe__Berlin,
            Tz::Europe__Istanbul,
            Tz::Africa__Djibouti,
            Tz::Asia__Dubai,
        ],
        "AP" => vec![
            Tz::Asia__Tokyo,
            Tz::Asia__Singapore,
            Guam,
            Tz::Australia__Darwin,
            Tz::Australia__Sydney,
        ],
        _ => vec![
            New_York,
            Chicago,
            Denver,
            Phoenix,
            Los_Angeles,
            Anchorage,
            Honolulu,
        ],
    }
}

/// `main` unless the prefix is one of the `other`'s; both where the prefix holds both or is not known.
fn split(prefix: Option<u16>, both: &[u16], other: &[u16], main: Tz, second: Tz) -> Vec<Tz> {
    match prefix {
        None => vec![main, second],
        Some(prefix) if both.contains(&prefix) => vec![main, second],
        Some(prefix) if other.contains(&prefix) => vec![second],
        Some(_) => vec![main],
    }
}

/// Adak and Atka lie west of 169° 30' W; Metlakatla has gone its own ways.
fn alaska(zip: &str) -> Vec<Tz> {
    match zip.get(..5).unwrap_or(zip) {
        "99546" | "99547" => vec![Adak],
        "99926" => vec![Metlakatla, Juneau],
        zip if zip.len() == 5 => vec![Anchorage],
        _ => vec![Anchorage, Adak],
    }
}

/// The two-letter code of a state given as code or name.
fn code(state: &str) -> &str {
    NAMES
        .iter()
        .find(|(name, _)| *name == state)
        .map_or(state, |(_, code)| code)
}

const NAMES: [(&str, &str); 61] = [
    ("ALABAMA", "AL"),
    ("ALASKA", "AK"),
    ("AMERICANSAMOA", "AS"),
    ("ARIZONA", "AZ"),
    ("ARKANSAS", "AR"),
    ("ARMEDFORCESAMERICAS", "AA"),
    ("ARMEDFORCESEUROPE", "AE"),
    ("ARMEDFORCESPACIFIC", "AP"),
    ("CALIFORNIA", "CA"),
    ("COLORADO", "CO"),
    ("CONNECTICUT", "CT"),
    ("DELAWARE", "DE"),
    ("DISTRICTOFCOLUMBIA", "DC"),
    ("FLORIDA", "FL"),
    ("GEORGIA", "GA"),
    ("GUAM", "GU"),
    ("HAWAII", "HI"),
    ("IDAHO", "ID"),
    ("ILLINOIS", "IL"),
    ("INDIANA", "IN"),
    ("IOWA", "IA"),
    ("KANSAS", "KS"),
    ("KENTUCKY", "KY"),
    ("LOUISIANA", "LA"),
    ("MAINE", "ME"),
    ("MARYLAND", "MD"),
    ("MASSACHUSETTS", "MA"),
    ("MICHIGAN", "MI"),
    ("MINNESOTA", "MN"),
    ("MISSISSIPPI", "MS"),
    ("MISSOURI", "MO"),
    ("MONTANA", "MT"),
    ("NEBRASKA", "NE"),
    ("NEVADA", "NV"),
    ("NEWHAMPSHIRE", "NH"),
    ("NEWJERSEY", "NJ"),
    ("NEWMEXICO", "NM"),
    ("NEWYORK", "NY"),
    ("NORTHCAROLINA", "NC"),
    ("NORTHDAKOTA", "ND"),
    ("NORTHERNMARIANAISLANDS", "MP"),
    ("OHIO", "OH"),
    ("OKLAHOMA", "OK"),
    ("OREGON", "OR"),
    ("PENNSYLVANIA", "PA"),
    ("PUERTORICO", "PR"),
    ("RHODEISLAND", "RI"),
    ("SOUTHCAROLINA", "SC"),
    ("SOUTHDAKOTA", "SD"),
    ("TENNESSEE", "TN"),
    ("TEXAS", "TX"),
    ("USVIRGINISLANDS", "VI"),
    ("UTAH", "UT"),
    ("VERMONT", "VT"),
    ("VIRGINIA", "VA"),
    ("VIRGINISLANDS", "VI"),
    ("WASHINGTON", "WA"),
    ("WASHINGTONDC", "DC"),
    ("WESTVIRGINIA", "WV"),
    ("WISCONSIN", "WI"),
    ("WYOMING", "WY"),
];
