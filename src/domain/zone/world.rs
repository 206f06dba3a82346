//! The rest of the world: Amazon's marketplaces and their neighbours, and a set for whatever is not listed.

use chrono_tz::Tz;

/// Zones of a country (ISO 3166 alpha-2), state and postal code, upper-case letters and digits only.
pub(super) fn zones(country: &str, state: &str, postal: &str) -> Vec<Tz> {
    if let Some(zone) = whole(country) {
        return vec![zone];
    }
    let two = postal.get(..2).unwrap_or("");
    let three = postal.get(..3).unwrap_or("");
    match country {
        // Overseas departments are also written as France.
        "FR" => vec![match three {
            "971" => Tz::America__Guadeloupe,
            "972" => Tz::America__Martinique,
            "973" => Tz::America__Cayenne,
            "974" => Tz::Indian__Reunion,
            "975" => Tz::America__Miquelon,
            "976" => Tz::Indian__Mayotte,
            "987" => Tz::Pacific__Tahiti,
            "988" => Tz::Pacific__Noumea,
            _ => Tz::Europe__Paris,
        }],
        "ES" => match two {
            "35" | "38" => vec![Tz::Atlantic__Canary],
            "" => vec![Tz::Europe__Madrid, Tz::Atlantic__Canary],
            _ => vec![Tz::Europe__Madrid],
        },
        "PT" => match two {
            "95" | "96" | "97" | "98" | "99" => vec![Tz::Atlantic__Azores],
            "" => vec![Tz::Europe__Lisbon, Tz::Atlantic__Azores],
            _ => vec![Tz::Europe__Lisbon],
        },
        "AU" => australia(state, postal),
        "NZ" => vec![Tz::Pacific__Auckland, Tz::Pacific__Chatham],
        "BR" => brazil(state),
        "MX" => mexico(state),
        "FM" => vec![Tz::Pacific__Chuuk, Tz::Pacific__Pohnpei, Tz::Pacific__Kosrae],
        _ => vec![
            Tz::Pacific__Kiritimati,
            Tz::Asia__Tokyo,
            Tz::Asia__Kolkata,
            Tz::Europe__Berlin,
            Tz::America__Sao_Paulo,
            Tz::America__Los_Angeles,
            Tz::Pacific__Pago_Pago,
        ],
    }
}

/// Countries of one clock.
fn whole(country: &str) -> Option<Tz> {
    Some(match country {
        "GB" | "UK" | "GG" | "JE" | "IM" => Tz::Europe__London,
        "IE" => Tz::Europe__Dublin,
        "DE" => Tz::Europe__Berlin,
        "AT" => Tz::Europe__Vienna,
        "CH" | "LI" => Tz::Europe__Zurich,
        "IT" | "SM" | "VA" => Tz::Europe__Rome,
        "NL" => Tz::Europe__Amsterdam,
        "BE" => Tz::Europe__Brussels,
        "LU" => Tz::Europe__Luxembourg,
        "MC" => Tz::Europe__Monaco,
        "AD" => Tz::Europe__Andorra,
        "GI" => Tz::Europe__Gibraltar,
        "DK" => Tz::Europe__Copenhagen,
        "SE" => Tz::Europe__Stockholm,
        "NO" => Tz::Europe__Oslo,
        "FI" | "AX" => Tz::Europe__Helsinki,
        "IS" => Tz::Atlantic__Reykjavik,
        "PL" => Tz::Europe__Warsaw,
        "CZ" => Tz::Europe__Prague,
        "SK" => Tz::Europe__Bratislava,
        "HU" => Tz::Europe__Budapest,
        "SI" => Tz::Europe__Ljubljana,
        "HR" => Tz::Europe__Zagreb,
        "RO" => Tz::Europe__Bucharest,
        "BG" => Tz::Europe__Sofia,
        "GR" => Tz::Europe__Athens,
        "CY" => Tz::Asia__Nicosia,
        "MT" => Tz::Europe__Malta,
        "EE" => Tz::Europe__Tallinn,
        "LV" => Tz::Europe__Riga,
        "LT" => Tz::Europe__Vilnius,
        "TR" => Tz::Europe__Istanbul,
        "EG" => Tz::Africa__Cairo,
        "ZA" => Tz::Africa__Johannesburg,
        "IL" => Tz::Asia__Jerusalem,
        "SA" => Tz::Asia__Riyadh,
        "AE" => Tz::Asia__Dubai,
        "QA" => Tz::Asia__Qatar,
        "KW" => Tz::Asia__Kuwait,
        "BH" => Tz::Asia__Bahrain,
        "OM" => Tz::Asia__Muscat,
        "IN" => Tz::Asia__Kolkata,
        "SG" => Tz::Asia__Singapore,
        "HK" => Tz::Asia__Hong_Kong,
        "TW" => Tz::Asia__Taipei,
        "CN" => Tz::Asia__Shanghai,
        "JP" => Tz::Asia__Tokyo,
        "KR" => Tz::Asia__Seoul,
        "PR" | "VI" => Tz::America__Puerto_Rico,
        "GU" => Tz::Pacific__Guam,
        "MP" => Tz::Pacific__Saipan,
        "AS" => Tz::Pacific__Pago_Pago,
        "PW" => Tz::Pacific__Palau,
        "MH" => Tz::Pacific__Majuro,
        "GP" | "BL" | "MF" => Tz::America__Guadeloupe,
        "MQ" => Tz::America__Martinique,
        "GF" => Tz::America__Cayenne,
        "RE" => Tz::Indian__Reunion,
        "YT" => Tz::Indian__Mayotte,
        "PM" => Tz::America__Miquelon,
        _ => return None,
    })
}

fn australia(state: &str, postal: &str) -> Vec<Tz> {
    match (state, postal) {
        (_, "2898") => vec![Tz::Australia__Lord_Howe],
        (_, "2880" | "0872") => vec![
            Tz::Australia__Broken_Hill,
            Tz::Australia__Darwin,
            Tz::Australia__Perth,
        ],
        ("NSW" | "NEWSOUTHWALES" | "ACT" | "AUSTRALIANCAPITALTERRITORY", _) => vec![Tz::Australia__Sydney],
        ("VIC" | "VICTORIA", _) => vec![Tz::Australia__Melbourne],
        ("QLD" | "QUEENSLAND", _) => vec![Tz::Australia__Brisbane],
        ("SA" | "SOUTHAUSTRALIA", _) => vec![Tz::Australia__Adelaide],
        ("WA" | "WESTERNAUSTRALIA", _) => vec![Tz::Australia__Perth],
        ("TAS" | "TASMANIA", _) => vec![Tz::Australia__Hobart],
        ("NT" | "NORTHERNTERRITORY", _) => vec![Tz::Australia__Darwin],
        _ => vec![
            Tz::Australia__Sydney,
            Tz::Australia__Brisbane,
            Tz::Australia__Adelaide,
            Tz::Australia__Darwin,
            Tz::Australia__Perth,
        ],
    }
}

fn brazil(state: &str) -> Vec<Tz> {
    match state {
        "AC" | "ACRE" => vec![Tz::America__Rio_Branco],
        "AM" | "AMAZONAS" => vec![Tz::America__Manaus, Tz::America__Rio_Branco],
        "RR" | "RORAIMA" => vec![Tz::America__Boa_Vista],
        "RO" | "RONDÔNIA" | "RONDONIA" => vec![Tz::America__Porto_Velho],
        "MT" | "MATOGROSSO" => vec![Tz::America__Cuiaba],
        "MS" | "MATOGROSSODOSUL" => vec![Tz::America__Campo_Grande],
        "PE" | "PERNAMBUCO" => vec![Tz::America__Recife, Tz::America__Noronha],
        "" => vec![
            Tz::America__Sao_Paulo,
            Tz::America__Manaus,
            Tz::America__Rio_Branco,
            Tz::America__Noronha,
        ],
        _ => vec![Tz::America__Sao_Paulo],
    }
}

fn mexico(state: &str) -> Vec<Tz> {
    match state {
        "BC" | "BCN" | "BAJACALIFORNIA" | "BAJACALIFORNIANORTE" => vec![Tz::America__Tijuana],
        "BCS" | "BAJACALIFORNIASUR" | "SIN" | "SINALOA" => vec![Tz::America__Mazatlan],
        "NAY" | "NAYARIT" => vec![Tz::America__Mazatlan, Tz::America__Bahia_Banderas],
        "SON" | "SONORA" => vec![Tz::America__Hermosillo],
        "CHH" | "CHIHUAHUA" => vec![Tz::America__Chihuahua, Tz::America__Ciudad_Juarez],
        "ROO" | "QROO" | "QUINTANAROO" => vec![Tz::America__Cancun],
        "TAM" | "TAMAULIPAS" | "NLE" | "NUEVOLEON" | "NUEVOLEÓN" | "COA" | "COAHUILA" => {
            vec![Tz::America__Monterrey, Tz::America__Matamoros]
        }
        "" => vec![
            Tz::America__Mexico_City,
            Tz::America__Cancun,
            Tz::America__Hermosillo,
            Tz::America__Tijuana,
        ],
        _ => vec![Tz::America__Mexico_City],
    }
}
