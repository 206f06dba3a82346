//! What `getRates` refuses of a request's form (amazon.md 3.3, 9).

use super::order::Packed;
use super::wire::Answer;
use serde_json::Value;

/// A box as it was quoted.
#[derive(Debug, Clone)]
pub(super) struct Parcel {
    pub(super) reference: String,
    /// Whole ounces, rounded up.
    pub(super) ounces: u32,
    /// Longest side in whole inches, rounded up.
    pub(super) longest: u32,
    /// Order item id, units, serial numbers.
    pub(super) items: Vec<Packed>,
}

/// A field of an object, required.
pub(super) fn need<'a>(object: &'a Value, field: &str, path: &str) -> Result<&'a Value, Answer> {
    match object.get(field) {
        None | Some(Value::Null) => Err(Answer::invalid(&format!("{path}{field} is required."))),
        Some(value) => Ok(value),
    }
}

/// A text of 1 to `longest` characters, required.
pub(super) fn text<'a>(
    object: &'a Value,
    field: &str,
    path: &str,
    longest: usize,
) -> Result<&'a str, Answer> {
    let value = need(object, field, path)?
        .as_str()
        .ok_or_else(|| Answer::invalid(&format!("{path}{field} must be a string.")))?;
    limited(value, field, path, longest)
}

fn limited<'a>(value: &'a str, field: &str, path: &str, longest: usize) -> Result<&'a str, Answer> {
    if value.is_empty() || value.chars().count() > longest {
        return Err(Answer::invalid(&format!(
            "Value at '{path}{field}' failed to satisfy constraint: length between 1 and {longest}."
        )));
    }
    Ok(value)
}

fn optional(object: &Value, field: &str, path: &str, longest: usize) -> Result<(), Answer> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(()),
        Some(_) => text(object, field, path, longest).map(|_| ()),
    }
}

fn number(object: &Value, field: &str, path: &str) -> Result<f64, Answer> {
    need(object, field, path)?
        .as_f64()
        .filter(|value| value.is_finite())
        .ok_or_else(|| Answer::invalid(&format!("{path}{field} must be a number.")))
}

/// An address within Shipping v2's limits; `UK` and `USA` are no country codes.
pub(super) fn address(value: &Value, path: &str) -> Result<(), Answer> {
    text(value, "name", path, 50)?;
    text(value, "addressLine1", path, 60)?;
    for field in ["addressLine2", "addressLine3"] {
        optional(value, field, path, 60)?;
    }
    for field in ["city", "stateOrRegion", "postalCode"] {
        text(value, field, path, usize::MAX)?;
    }
    optional(value, "email", path, 64)?;
    optional(value, "phoneNumber", path, 20)?;
    let country = text(value, "countryCode", path, 2)?;
    if country == "UK" || !country.chars().all(|letter| letter.is_ascii_uppercase()) || country.len() != 2 {
        return Err(Answer::invalid(&format!(
            "{path}countryCode must be an ISO 3166-1 alpha-2 code."
        )));
    }
    Ok(())
}

fn ounces(value: &Value, path: &str) -> Result<f64, Answer> {
    let factor = match text(value, "unit", path, 20)? {
        "OUNCE" => 1.0,
        "POUND" => 16.0,
        "GRAM" => 1.0 / 28.349_523_125,
        "KILOGRAM" => 1000.0 / 28.349_523_125,
        _ => return Err(Answer::invalid(&format!("{path}unit is not a unit of weight."))),
    };
    Ok(number(value, "value", path)? * factor)
}

fn currency(value: &Value, path: &str) -> Result<(), Answer> {
    text(value, "unit", path, 3)?;
    if number(value, "value", path)? < 0.0 {
        return Err(Answer::invalid(&format!("{path}value must not be negative.")));
    }
    Ok(())
}

fn sides(package: &Value) -> Result<[f64; 3], Answer> {
    let path = "packages[0].dimensions.";
    let dimensions = need(package, "dimensions", "packages[0].")?;
    let factor = match text(dimensions, "unit", path, 20)? {
        "INCH" => 1.0,
        "CENTIMETER" => 1.0 / 2.54,
        _ => {
            return Err(Answer::invalid(
                "packages[0].dimensions.unit is not a unit of length.",
            ));
        }
    };
    let mut sides = [0.0; 3];
    for (side, field) in sides.iter_mut().zip(["length", "width", "height"]) {
        *side = number(dimensions, field, path)? * factor;
        if !(0.1..=130.0).contains(side) {
            return Err(Answer::invalid(&format!(
                "{path}{field} is not a possible size of a package."
            )));
        }
    }
    Ok(sides)
}

fn item(value: &Value, index: usize, external: bool) -> Result<(Packed, f64), Answer> {
    let path = format!("packages[0].items[{index}].");
    let quantity = need(value, "quantity", &path)?
        .as_u64()
        .and_then(|quantity| u32::try_from(quantity).ok())
        .filter(|quantity| *quantity > 0)
        .ok_or_else(|| Answer::invalid(&format!("{path}quantity must be a positive integer.")))?;
    // Outside Amazon's orders the identifier is the seller's own and may be missing; the value may not.
    let id = if external {
        optional(value, "itemIdentifier", &path, 100)?;
        value.get("itemIdentifier").and_then(Value::as_str).unwrap_or("")
    } else {
        text(value, "itemIdentifier", &path, 100)?
    }
    .to_owned();
    if external {
        need(value, "itemValue", &path)?;
    }
    if let Some(price) = value.get("itemValue") {
        currency(price, &format!("{path}itemValue."))?;
    }
    let serials = match value.get("serialNumbers") {
        None | Some(Value::Null) => Vec::new(),
        Some(list) => list
            .as_array()
            .and_then(|list| list.iter().map(|code| code.as_str().map(str::to_owned)).collect())
            .ok_or_else(|| Answer::invalid(&format!("{path}serialNumbers must be a list of strings.")))?,
    };
    if external && !serials.is_empty() {
        return Err(Answer::invalid(&format!(
            "{path}serialNumbers is only for orders of Amazon."
        )));
    }
    if serials.len() > quantity as usize {
        return Err(Answer::invalid(&format!(
            "{path}serialNumbers holds more than the quantity."
        )));
    }
    let weight = match value.get("weight") {
        None | Some(Value::Null) => 0.0,
        Some(weight) => ounces(weight, &format!("{path}weight."))?,
    };
    Ok(((id, quantity, serials), weight * f64::from(quantity)))
}

/// Rounds up to a whole number within what a parcel can be.
fn whole(value: f64) -> u32 {
    (1..=20_000)
        .find(|whole| f64::from(*whole) >= value)
        .unwrap_or(20_000)
}

/// The one package of a quote; `external`: of an order that is not Amazon's.
pub(super) fn parcel(body: &Value, external: bool) -> Result<Parcel, Answer> {
    let packages = need(body, "packages", "")?
        .as_array()
        .ok_or_else(|| Answer::invalid("packages must be a list."))?;
    let [package] = packages.as_slice() else {
        return Err(Answer::invalid(
            "Exactly one package is supported for each shipment.",
        ));
    };
    let path = "packages[0].";
    let sides = sides(package)?;
    let weight = ounces(need(package, "weight", path)?, "packages[0].weight.")?;
    if !(0.01..=2400.0).contains(&weight) {
        return Err(Answer::invalid(
            "packages[0].weight is not a possible weight of a package.",
        ));
    }
    currency(need(package, "insuredValue", path)?, "packages[0].insuredValue.")?;
    let reference = text(package, "packageClientReferenceId", path, 100)?.to_owned();
    let list = need(package, "items", path)?
        .as_array()
        .filter(|items| !items.is_empty())
        .ok_or_else(|| Answer::invalid("packages[0].items must not be empty."))?;
    let mut items = Vec::new();
    let mut together = 0.0;
    for (index, value) in list.iter().enumerate() {
        let (read, weight) = item(value, index, external)?;
        items.push(read);
        together += weight;
    }
    if together > weight + 1e-6 {
        return Err(Answer::invalid(
            "Total items weight exceeds the declared package weight.",
        ));
    }
    Ok(Parcel {
        reference,
        ounces: whole(weight),
        longest: whole(sides.into_iter().fold(0.0, f64::max)),
        items,
    })
}
