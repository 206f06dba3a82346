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

/// Country, state, postal code, and the zones that the place may lie in: where the clocks of one country differ, and
/// each country of one clock.
const PLACES: [(&str, &str, &str, &str); 139] = [
    ("IE", "", "", "Europe/Dublin"),
    ("DE", "", "", "Europe/Berlin"),
    ("AT", "", "", "Europe/Vienna"),
    ("CH", "", "", "Europe/Zurich"),
    ("LI", "", "", "Europe/Zurich"),
    ("IT", "", "", "Europe/Rome"),
    ("NL", "", "", "Europe/Amsterdam"),
    ("BE", "", "", "Europe/Brussels"),
    ("LU", "", "", "Europe/Luxembourg"),
    ("MC", "", "", "Europe/Monaco"),
    ("AD", "", "", "Europe/Andorra"),
    ("GI", "", "", "Europe/Gibraltar"),
    ("DK", "", "", "Europe/Copenhagen"),
    ("SE", "", "", "Europe/Stockholm"),
    ("NO", "", "", "Europe/Oslo"),
    ("FI", "", "", "Europe/Helsinki"),
    ("AX", "", "", "Europe/Helsinki"),
    ("IS", "", "", "Atlantic/Reykjavik"),
    ("PL", "", "", "Europe/Warsaw"),
    ("CZ", "", "", "Europe/Prague"),
    ("SK", "", "", "Europe/Bratislava"),
    ("HU", "", "", "Europe/Budapest"),
    ("SI", "", "", "Europe/Ljubljana"),
    ("HR", "", "", "Europe/Zagreb"),
    ("RO", "", "", "Europe/Bucharest"),
    ("BG", "", "", "Europe/Sofia"),
    ("GR", "", "", "Europe/Athens"),
    ("CY", "", "", "Asia/Nicosia"),
    ("MT", "", "", "Europe/Malta"),
    ("EE", "", "", "Europe/Tallinn"),
    ("LV", "", "", "Europe/Riga"),
    ("LT", "", "", "Europe/Vilnius"),
    ("TR", "", "", "Europe/Istanbul"),
    ("EG", "", "", "Africa/Cairo"),
    ("ZA", "", "", "Africa/Johannesburg"),
    ("IL", "", "", "Asia/Jerusalem"),
    ("SA", "", "", "Asia/Riyadh"),
    ("AE", "", "", "Asia/Dubai"),
    ("QA", "", "", "Asia/Qatar"),
    ("KW", "", "", "Asia/Kuwait"),
    ("BH", "", "", "Asia/Bahrain"),
    ("OM", "", "", "Asia/Muscat"),
    ("IN", "", "", "Asia/Kolkata"),
    ("SG", "", "", "Asia/Singapore"),
    ("HK", "", "", "Asia/Hong_Kong"),
    ("TW", "", "", "Asia/Taipei"),
    ("CN", "", "", "Asia/Shanghai"),
    ("JP", "", "", "Asia/Tokyo"),
    ("KR", "", "", "Asia/Seoul"),
    ("PR", "", "", "America/Puerto_Rico"),
    ("VI", "", "", "America/Puerto_Rico"),
    ("GU", "", "", "Pacific/Guam"),
    ("MP", "", "", "Pacific/Saipan"),
    ("AS", "", "", "Pacific/Pago_Pago"),
    ("PW", "", "", "Pacific/Palau"),
    ("MH", "", "", "Pacific/Majuro"),
    ("GP", "", "", "America/Guadeloupe"),
    ("MQ", "", "", "America/Martinique"),
    ("GF", "", "", "America/Cayenne"),
    ("RE", "", "", "Indian/Reunion"),
    ("YT", "", "", "Indian/Mayotte"),
    ("PM", "", "", "America/Miquelon"),
    ("GB", "", "", "Europe/London"),
    ("UK", "", "", "Europe/London"),
    ("JE", "", "", "Europe/London"),
    ("NZ", "", "", "Pacific/Auckland Pacific/Chatham"),
    ("FM", "", "", "Pacific/Chuuk Pacific/Pohnpei Pacific/Kosrae"),
    ("ES", "", "", "Europe/Madrid Atlantic/Canary"),
    ("PT", "", "", "Europe/Lisbon Atlantic/Azores"),
    ("PT", "", "1100-001", "Europe/Lisbon"),
    ("FR", "", "97100", "America/Guadeloupe"),
    ("FR", "", "97200", "America/Martinique"),
    ("FR", "", "97300", "America/Cayenne"),
    ("FR", "", "97500", "America/Miquelon"),
    ("FR", "", "97600", "Indian/Mayotte"),
    ("FR", "", "98700", "Pacific/Tahiti"),
    ("FR", "", "98800", "Pacific/Noumea"),
    ("AU", "NSW", "2898", "Australia/Lord_Howe"),
    (
        "AU",
        "NSW",
        "2880",
        "Australia/Broken_Hill Australia/Darwin Australia/Perth",
    ),
    ("AU", "ACT", "2600", "Australia/Sydney"),
    ("AU", "Victoria", "3000", "Australia/Melbourne"),
    ("AU", "QLD", "4000", "Australia/Brisbane"),
    ("AU", "SA", "5000", "Australia/Adelaide"),
    ("AU", "TAS", "7000", "Australia/Hobart"),
    ("AU", "NT", "0800", "Australia/Darwin"),
    ("BR", "AC", "", "America/Rio_Branco"),
    ("BR", "AM", "", "America/Manaus America/Rio_Branco"),
    ("BR", "RR", "", "America/Boa_Vista"),
    ("BR", "Rondônia", "", "America/Porto_Velho"),
    ("BR", "MT", "", "America/Cuiaba"),
    ("BR", "MS", "", "America/Campo_Grande"),
    ("BR", "PE", "", "America/Recife America/Noronha"),
    (
        "BR",
        "",
        "",
        "America/Sao_Paulo America/Manaus America/Rio_Branco America/Noronha",
    ),
    ("MX", "BC", "", "America/Tijuana"),
    ("MX", "SIN", "", "America/Mazatlan"),
    ("MX", "NAY", "", "America/Mazatlan America/Bahia_Banderas"),
    ("MX", "CHH", "", "America/Chihuahua America/Ciudad_Juarez"),
    ("MX", "ROO", "", "America/Cancun"),
    ("MX", "TAM", "", "America/Monterrey America/Matamoros"),
    ("MX", "Nuevo León", "", "America/Monterrey America/Matamoros"),
    (
        "MX",
        "",
        "",
        "America/Mexico_City America/Cancun America/Hermosillo America/Tijuana",
    ),
    ("MX", "JAL", "", "America/Mexico_City"),
    ("CA", "NL", "A0P 1A0", "America/St_Johns America/Goose_Bay"),
    ("CA", "NL", "", "America/St_Johns America/Goose_Bay"),
    ("CA", "NS", "B3H", "America/Halifax"),
    ("CA", "PE", "", "America/Halifax"),
    ("CA", "New Brunswick", "", "America/Moncton"),
    ("CA", "QC", "G0G 1A0", "America/Toronto America/Halifax"),
    ("CA", "QC", "", "America/Toronto America/Halifax"),
    ("CA", "QC", "H2X", "America/Toronto"),
    (
        "CA",
        "ON",
        "P0T 1A0",
        "America/Toronto America/Winnipeg America/Atikokan",
    ),
    (
        "CA",
        "ON",
        "",
        "America/Toronto America/Winnipeg America/Atikokan",
    ),
    ("CA", "MB", "", "America/Winnipeg"),
    ("CA", "SK", "S0P 0H0", "America/Regina America/Winnipeg"),
    ("CA", "SK", "S0M", "America/Regina America/Edmonton"),
    ("CA", "SK", "", "America/Regina America/Edmonton"),
    ("CA", "SK", "S4P", "America/Regina"),
    ("CA", "AB", "", "America/Edmonton"),
    ("CA", "BC", "V1G 1A1", "America/Dawson_Creek"),
    ("CA", "BC", "V0C 1A0", "America/Vancouver America/Dawson_Creek"),
    ("CA", "BC", "V1A 1A1", "America/Edmonton"),
    (
        "CA",
        "BC",
        "V0B 1A0",
        "America/Vancouver America/Edmonton America/Creston",
    ),
    (
        "CA",
        "BC",
        "",
        "America/Vancouver America/Edmonton America/Creston",
    ),
    ("CA", "BC", "V5K", "America/Vancouver"),
    ("CA", "YT", "", "America/Whitehorse"),
    ("CA", "NT", "", "America/Yellowknife"),
    (
        "CA",
        "NU",
        "",
        "America/Iqaluit America/Rankin_Inlet America/Cambridge_Bay",
    ),
    ("US", "TX", "79901", "America/Denver"),
    ("US", "TX", "79830", "America/Chicago America/Denver"),
    ("US", "TX", "75201", "America/Chicago"),
    ("US", "FL", "32501", "America/Chicago"),
    ("US", "FL", "32401", "America/New_York America/Chicago"),
    ("US", "FL", "33101", "America/New_York"),
    ("US", "IN", "46401", "America/Chicago"),
    ("US", "AK", "99501", "America/Anchorage"),
    ("US", "AK", "99546", "America/Adak"),
    ("US", "AK", "99547", "America/Adak"),
    ("US", "AK", "99926", "America/Metlakatla America/Juneau"),
    ("US", "AK", "995", "America/Anchorage America/Adak"),
];

#[test]
fn each_place_keeps_the_clock_of_its_people() {
    for (country, state, postal, wanted) in PLACES {
        let found: Vec<&str> = zones(country, state, postal).into_iter().map(Tz::name).collect();
        assert_eq!(found.join(" "), wanted, "{country} {state} {postal}");
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
