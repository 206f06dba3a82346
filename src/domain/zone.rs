//! Time zones of a destination from country, state and postal code.
//!
//! Where a place may lie in two zones and the postal code does not decide, both are given: any that says
//! weekend makes a rate red. Places are judged by the clock that people there keep (IANA's zones).

mod canada;
mod usa;
mod world;

use chrono_tz::Tz;

/// Every zone that the place may lie in; never empty. `country` is ISO 3166 alpha-2 (`UK` is taken for `GB`);
/// state and postal code may be empty. A country that is not known gets a set that spans the day line.
pub fn zones(country: &str, state: &str, postal_code: &str) -> Vec<Tz> {
    let country = letters(country);
    let state = letters(state);
    let postal = letters(postal_code);
    match country.as_str() {
        "US" | "USA" => usa::zones(&state, &postal),
        "CA" => canada::zones(&state, &postal),
        _ => world::zones(&country, &state, &postal),
    }
}

/// Upper-case letters and digits only: `São Paulo` keeps its accents, blanks and dashes go.
fn letters(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests;
