//! What Merchant Fulfillment refuses of a request's form (amazon.md 2.2 to 2.6, 9).

use super::members::{at, choice, flag, need, number, optional, optional_choice, text, time, violated};
use crate::simulator::checks::Parcel;
use crate::simulator::order::Packed;
use crate::simulator::wire::Answer;
use chrono::{DateTime, Utc};
use serde_json::Value;

/// Grams in an ounce.
const OUNCE: f64 = 28.349_523_125;

/// Values of `DeliveryExperience`, from the least.
pub(super) const EXPERIENCES: [&str; 4] = [
    "NoTracking",
    "DeliveryConfirmationWithoutSignature",
    "DeliveryConfirmationWithSignature",
    "DeliveryConfirmationWithAdultSignature",
];

/// Values of `LabelFormat`.
pub(super) const FORMATS: [&str; 5] = ["PDF", "PNG", "ZPL203", "ZPL300", "ShippingServiceDefault"];

/// Carriers' own packagings, without the carrier's name.
const PREDEFINED: [(&str, &str); 3] = [
    (
        "FedEx_",
        "Box_10kg Box_25kg Box_Extra_Large_1 Box_Extra_Large_2 Box_Large_1 Box_Large_2 Box_Medium_1 Box_Medium_2 \
         Box_Small_1 Box_Small_2 Envelope Padded_Pak Pak_1 Pak_2 Tube XL_Pak",
    ),
    (
        "UPS_",
        "Box_10kg Box_25kg Express_Box Express_Box_Large Express_Box_Medium Express_Box_Small Express_Envelope \
         Express_Hard_Pak Express_Legal_Envelope Express_Pak Express_Tube Laboratory_Pak Pad_Pak Pallet",
    ),
    (
        "USPS_",
        "Card Flat Letter FlatRateCardboardEnvelope FlatRateEnvelope FlatRateGiftCardEnvelope \
         FlatRateLegalEnvelope FlatRatePaddedEnvelope FlatRateWindowEnvelope SmallFlatRateEnvelope \
         SmallFlatRateBox MediumFlatRateBox1 MediumFlatRateBox2 LargeFlatRateBox LargeFlatRateBoardGameBox \
         RegionalRateBoxA1 RegionalRateBoxA2 RegionalRateBoxB1 RegionalRateBoxB2 RegionalRateBoxC",
    ),
];

/// `ShipmentRequestDetails`, read.
#[derive(Debug, Clone)]
pub(super) struct Details {
    pub(super) order: String,
    /// `SellerOrderId`: the seller's own name of the box.
    pub(super) reference: String,
    /// Order item id, units, transparency codes.
    pub(super) items: Vec<Packed>,
    pub(super) ship_from: Value,
    /// Sides in inches, weight in ounces.
    measures: [f64; 4],
    pub(super) must_arrive: Option<DateTime<Utc>>,
    pub(super) ship: Option<DateTime<Utc>>,
    /// One of [`EXPERIENCES`].
    pub(super) experience: &'static str,
    pub(super) pick_up: bool,
    /// `DeclaredValue` as sent, in cents.
    declared: Option<u32>,
    /// One of [`FORMATS`], where one was asked for.
    pub(super) format: Option<&'static str>,
    /// `CustomTextForLabel`.
    pub(super) text: Option<String>,
    /// As it was sent.
    pub(super) sent: Value,
}

impl Details {
    /// The box, as services and prices are found for it.
    pub(super) fn parcel(&self) -> Parcel {
        let [length, width, height, ounces] = self.measures;
        Parcel {
            reference: self.reference.clone(),
            ounces: whole(ounces),
            longest: whole(length.max(width).max(height)),
            items: self.items.clone(),
        }
    }

    /// The same to compare with, and smaller.
    pub(super) fn without_what_was_sent(self) -> Self {
        Self {
            sent: Value::Null,
            ..self
        }
    }

    /// Whether an offer made for the other holds for this one. What only a purchase needs may differ: codes,
    /// label and additional inputs.
    pub(super) fn is_quoted_by(&self, other: &Self) -> bool {
        let units = |details: &Self| -> Vec<(String, u32)> {
            details
                .items
                .iter()
                .map(|(id, quantity, _)| (id.clone(), *quantity))
                .collect()
        };
        self.order == other.order
            && units(self) == units(other)
            && self.ship_from == other.ship_from
            && self.measures.map(f64::to_bits) == other.measures.map(f64::to_bits)
            && (self.must_arrive, self.ship) == (other.must_arrive, other.ship)
            && self.experience == other.experience
            && self.pick_up == other.pick_up
            && self.declared == other.declared
    }
}

/// Rounds up to a whole number within what a parcel can be.
fn whole(value: f64) -> u32 {
    (1..=20_000)
        .find(|whole| f64::from(*whole) >= value)
        .unwrap_or(20_000)
}

/// The seller's address: stricter than Shipping v2's, and with an e-mail (amazon.md 2.4).
pub(super) fn address(value: &Value, path: &str) -> Result<(), Answer> {
    let country = text(value, "CountryCode", path, 2)?;
    if country.len() < 2 {
        return Err(violated(
            &value["CountryCode"],
            &at(path, "CountryCode"),
            "must have length greater than or equal to 2",
        ));
    }
    for (field, longest) in [
        ("Name", 30),
        ("AddressLine1", 180),
        ("City", 30),
        ("PostalCode", 30),
        ("Phone", 30),
        ("Email", usize::MAX),
    ] {
        text(value, field, path, longest)?;
    }
    for (field, longest) in [
        ("AddressLine2", 60),
        ("AddressLine3", 60),
        ("DistrictOrCounty", usize::MAX),
        ("StateOrProvinceCode", 30),
    ] {
        optional(value, field, path, longest)?;
    }
    Ok(())
}

/// Ounces.
fn weight(object: &Value, field: &str, path: &str) -> Result<f64, Answer> {
    let weight = need(object, field, path)?;
    let path = at(path, field);
    let ounces = match choice(weight, "Unit", &path, &["oz", "g"])? {
        "g" => number(weight, "Value", &path)? / OUNCE,
        _ => number(weight, "Value", &path)?,
    };
    // Absurd sizes and weights are refused without a word (amazon.md 9, row 8).
    if (0.01..=2400.0).contains(&ounces) {
        Ok(ounces)
    } else {
        Err(super::plain())
    }
}

fn dimensions(details: &Value, path: &str) -> Result<[f64; 3], Answer> {
    let dimensions = need(details, "PackageDimensions", path)?;
    let path = at(path, "PackageDimensions");
    if let Some(token) = optional(dimensions, "PredefinedPackageDimensions", &path, 64)? {
        let known = PREDEFINED.iter().any(|(carrier, names)| {
            token
                .strip_prefix(carrier)
                .is_some_and(|name| names.split(' ').any(|known| known == name))
        });
        if !known {
            let place = at(&path, "PredefinedPackageDimensions");
            return Err(violated(
                &dimensions["PredefinedPackageDimensions"],
                &place,
                "must satisfy enum value set",
            ));
        }
        // Only the longest side decides what a carrier takes.
        return Ok(match token {
            "UPS_Pallet" => [79.0, 47.0, 31.0],
            "UPS_Express_Tube" | "FedEx_Tube" => [38.0, 6.0, 6.0],
            "FedEx_Box_25kg" => [22.0, 17.0, 13.0],
            _ => [16.0, 12.0, 3.0],
        });
    }
    let factor = match choice(dimensions, "Unit", &path, &["inches", "centimeters"])? {
        "inches" => 1.0,
        _ => 1.0 / 2.54,
    };
    let mut sides = [0.0; 3];
    for (side, field) in sides.iter_mut().zip(["Length", "Width", "Height"]) {
        *side = number(dimensions, field, &path)? * factor;
        if !(0.1..=130.0).contains(side) {
            return Err(super::plain());
        }
    }
    Ok(sides)
}

fn item(value: &Value, path: &str) -> Result<Packed, Answer> {
    let id = text(value, "OrderItemId", path, 100)?.to_owned();
    let sent = need(value, "Quantity", path)?;
    let quantity = sent
        .as_u64()
        .and_then(|quantity| u32::try_from(quantity).ok())
        .filter(|quantity| *quantity > 0)
        .ok_or_else(|| {
            violated(
                sent,
                &at(path, "Quantity"),
                "must have value greater than or equal to 1",
            )
        })?;
    if value.get("ItemWeight").is_some_and(|weight| !weight.is_null()) {
        weight(value, "ItemWeight", path)?;
    }
    let codes = match value.get("TransparencyCodeList") {
        None | Some(Value::Null) => Vec::new(),
        Some(list) => list
            .as_array()
            .and_then(|list| list.iter().map(|code| code.as_str().map(str::to_owned)).collect())
            .ok_or_else(|| {
                violated(
                    list,
                    &at(path, "TransparencyCodeList"),
                    "must be a list of strings",
                )
            })?,
    };
    Ok((id, quantity, codes))
}

/// The declared value in cents.
fn declared(options: &Value, path: &str) -> Result<Option<u32>, Answer> {
    let Some(value) = options.get("DeclaredValue").filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let path = at(path, "DeclaredValue");
    text(value, "CurrencyCode", &path, 3)?;
    let amount = number(value, "Amount", &path)?;
    (0..=10_000_000)
        .find(|cents| (f64::from(*cents) - amount * 100.0).abs() < 0.5)
        .map(Some)
        .ok_or_else(|| {
            violated(
                &value["Amount"],
                &at(&path, "Amount"),
                "must be an amount of money",
            )
        })
}

/// `ShipmentRequestDetails` of a request.
pub(super) fn details(body: &Value) -> Result<Details, Answer> {
    let details = need(body, "ShipmentRequestDetails", "")?;
    let path = "shipmentRequestDetails";
    let order = text(details, "AmazonOrderId", path, 50)?.to_owned();
    let ship_from = need(details, "ShipFromAddress", path)?;
    address(ship_from, &at(path, "ShipFromAddress"))?;
    let list = need(details, "ItemList", path)?;
    let items = list
        .as_array()
        .filter(|items| !items.is_empty())
        .ok_or_else(|| violated(list, &at(path, "ItemList"), "must not be empty"))?
        .iter()
        .zip(1..)
        .map(|(value, place)| item(value, &format!("{path}.itemList.{place}.member")))
        .collect::<Result<Vec<_>, _>>()?;
    let [length, width, height] = dimensions(details, path)?;
    let ounces = weight(details, "Weight", path)?;
    let options = need(details, "ShippingServiceOptions", path)?;
    let inner = at(path, "ShippingServiceOptions");
    let label = details.get("LabelCustomization").unwrap_or(&Value::Null);
    let label_path = at(path, "LabelCustomization");
    optional_choice(label, "StandardIdForLabel", &label_path, &["AmazonOrderId"])?;
    optional_choice(
        options,
        "CarrierWillPickUpOption",
        &inner,
        &["CarrierWillPickUp", "ShipperWillDropOff", "NoPreference"],
    )?;
    Ok(Details {
        order,
        reference: optional(details, "SellerOrderId", path, 64)?
            .unwrap_or("")
            .to_owned(),
        items,
        ship_from: ship_from.clone(),
        measures: [length, width, height, ounces],
        must_arrive: time(details, "MustArriveByDate", path)?,
        ship: time(details, "ShipDate", path)?,
        experience: choice(options, "DeliveryExperience", &inner, &EXPERIENCES)?,
        pick_up: flag(options, "CarrierWillPickUp", &inner)?,
        declared: declared(options, &inner)?,
        format: optional_choice(options, "LabelFormat", &inner, &FORMATS)?,
        text: optional(label, "CustomTextForLabel", &label_path, 14)?.map(str::to_owned),
        sent: details.clone(),
    })
}
