//! Canada: provinces, and the forward sortation areas that split them.

use chrono_tz::America::{
    Atikokan, Cambridge_Bay, Creston, Dawson_Creek, Edmonton, Goose_Bay, Halifax, Iqaluit, Moncton,
    Rankin_Inlet, Regina, St_Johns, Toronto, Vancouver, Whitehorse, Winnipeg, Yellowknife,
};
use chrono_tz::Tz;

/// Zones of a province (code or name, upper-case letters only) and postal code.
pub(super) fn zones(province: &str, postal: &str) -> Vec<Tz> {
    let area = postal.get(..3).unwrap_or("");
    match province {
        "NL" | "NF" | "NEWFOUNDLANDANDLABRADOR" | "NEWFOUNDLAND" => match area {
            "A0P" | "A0R" | "A0K" | "A2V" | "" => vec![St_Johns, Goose_Bay],
            _ => vec![St_Johns],
        },
        "NS" | "NOVASCOTIA" | "PE" | "PRINCEEDWARDISLAND" => vec![Halifax],
        "NB" | "NEWBRUNSWICK" => vec![Moncton],
        "QC" | "PQ" | "QUEBEC" | "QUÉBEC" => match area {
            // The Magdalen Islands; the Lower North Shore keeps Atlantic time.
            "G4T" => vec![Halifax],
            "G0G" | "" => vec![Toronto, Halifax],
            _ => vec![Toronto],
        },
        "ON" | "ONTARIO" => match area.get(..2).unwrap_or("") {
            "P8" | "P9" => vec![Winnipeg],
            "P0" | "" => vec![Toronto, Winnipeg, Atikokan],
            _ => vec![Toronto],
        },
        "MB" | "MANITOBA" => vec![Winnipeg],
        "SK" | "SASKATCHEWAN" => match area {
            // Lloydminster keeps Alberta's time, Creighton Manitoba's.
            "S9V" => vec![Edmonton],
            "S0P" => vec![Regina, Winnipeg],
            "S0M" | "" => vec![Regina, Edmonton],
            _ => vec![Regina],
        },
        "AB" | "ALBERTA" => vec![Edmonton],
        "BC" | "BRITISHCOLUMBIA" => match area {
            "V1G" | "V1J" => vec![Dawson_Creek],
            "V0C" => vec![Vancouver, Dawson_Creek],
            "V1A" | "V1C" => vec![Edmonton],
            "V0A" | "V0B" | "" => vec![Vancouver, Edmonton, Creston],
            _ => vec![Vancouver],
        },
        "YT" | "YUKON" => vec![Whitehorse],
        "NT" | "NORTHWESTTERRITORIES" => vec![Yellowknife],
        "NU" | "NUNAVUT" => vec![Iqaluit, Rankin_Inlet, Cambridge_Bay],
        _ => vec![St_Johns, Halifax, Toronto, Winnipeg, Regina, Edmonton, Vancouver],
    }
}
