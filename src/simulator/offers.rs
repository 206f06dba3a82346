//! Quotes: which services, at what price, with what promise, for one box of one order.
//!
//! A quote depends only on the seed, the order, the box and the time, so that the same demo shows the same
//! choice.

use super::checks::Parcel;
use super::order::{OfferShape, Order};
use super::random;
use super::service_table::Service;
use super::specifications::{Specification, specifications};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use serde_json::{Value, json};

/// A rate as offered, with what purchases are checked against.
pub(super) struct Offer {
    pub(super) rate_id: String,
    pub(super) service: &'static Service,
    pub(super) cents: u32,
    /// Value-added services: id, cost in cents.
    pub(super) extras: Vec<(&'static str, u32)>,
    pub(super) needs_inputs: bool,
    /// It is the seller's own rate with the carrier, who sends the bill.
    pub(super) direct: bool,
    /// As JSON: thousands of quotes live at once, and maps are large.
    promise: String,
    benefits: String,
    pub(super) specifications: Vec<Specification>,
}

const CONFIRMATION_GROUP: &str = "VAS_GROUP_ID_CONFIRMATION";

/// Amazon's JSON for an amount.
pub(super) fn money(cents: u32) -> Value {
    json!({"value": f64::from(cents) / 100.0, "unit": "USD"})
}

/// A time without fractions, as Shipping writes it.
pub(super) fn stamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

fn local(zone: Tz, day: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    let time = day.and_time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default());
    // A local time that a clock change skips is taken in UTC.
    zone.from_local_datetime(&time)
        .earliest()
        .map_or_else(|| time.and_utc(), |time| time.to_utc())
}

fn add_days(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

fn next(day: NaiveDate, wanted: &[Weekday]) -> NaiveDate {
    (0..7)
        .map(|ahead| add_days(day, ahead))
        .find(|day| wanted.contains(&day.weekday()))
        .unwrap_or(day)
}

/// Values of the confirmation group of a carrier: id, name, cents.
fn confirmations(service: &Service) -> Vec<(&'static str, &'static str, u32)> {
    let (plain, signature, adult) = match service.carrier {
        "USPS" if service.id == "USPS_PTP_EXP" => {
            (("DELIVERY_CONFIRMATION", "Delivery Confirmation"), 0, 955)
        }
        "USPS" => (("DELIVERY_CONFIRMATION", "Delivery Confirmation"), 415, 955),
        "ONTRAC" => return vec![("DELIVERY_CONFIRMATION", "Delivery Confirmation", 0)],
        "AMZN_US" => return Vec::new(),
        _ => (("NO_CONFIRMATION", "No Confirmation"), 625, 765),
    };
    vec![
        (plain.0, plain.1, 0),
        ("SIGNATURE_CONFIRMATION", "Signature Confirmation", signature),
        (
            "ADULT_SIGNATURE_CONFIRMATION",
            "Adult Signature Confirmation",
            adult,
        ),
    ]
}

/// Makes quotes for one box.
pub(super) struct Quoter<'a> {
    pub(super) seed: u64,
    pub(super) order: &'a Order,
    pub(super) parcel: &'a Parcel,
    /// When the parcel is handed over.
    pub(super) ship: DateTime<Utc>,
    pub(super) token: &'a str,
    pub(super) ship_zone: Tz,
    /// What may be offered.
    pub(super) services: &'static [Service],
    /// Cents on top of every price.
    pub(super) rise: u32,
}

impl Quoter<'_> {
    /// All offers, in no particular order of price.
    pub(super) fn offers(&self) -> Vec<Offer> {
        self.services
            .iter()
            .filter(|service| self.offers_at_all(service))
            .map(|service| self.offer(service))
            .collect()
    }

    fn offers_at_all(&self, service: &Service) -> bool {
        let address = &self.order.address;
        let far = matches!(
            address.state.as_str(),
            "PR" | "GU" | "VI" | "AS" | "MP" | "AE" | "AP" | "AA"
        );
        if self.order.shape == OfferShape::FlatRateOnly {
            return service.flat_rate;
        }
        // Territories and the mail of the forces are the post's; OnTrac stays on the mainland.
        match service.carrier {
            "USPS" => true,
            "ONTRAC" => !far && !matches!(address.state.as_str(), "AK" | "HI"),
            _ => !far,
        }
    }

    fn is_cheapest_kind(&self, service: &Service) -> bool {
        match self.order.shape {
            OfferShape::Weekend => service.id == "FEDEX_PTP_HOME_DELIVERY",
            _ => service.id == "ONTRAC_MFN_GROUND" || service.id == "USPS_PTP_GAH",
        }
    }

    /// How far it is from the demo's dock in New Jersey, by the first digit of the postal code.
    fn distance(&self) -> u32 {
        match (
            self.order.address.state.as_str(),
            self.order.address.postal_code.as_bytes().first(),
        ) {
            ("AK" | "HI" | "PR" | "GU", _) | (_, Some(b'8' | b'9')) => 3,
            (_, Some(b'5'..=b'7')) => 2,
            (_, Some(b'2'..=b'4')) => 1,
            _ => 0,
        }
    }

    fn cents(&self, service: &Service) -> u32 {
        let words = [
            "price",
            &self.order.number,
            service.id,
            &self.parcel.ounces.to_string(),
        ];
        let noise = u32::try_from(random::draw(self.seed, &words) % 40).unwrap_or_default();
        let distance = if service.flat_rate {
            0
        } else {
            self.distance() * (60 + service.base / 20)
        };
        let price = service.base + service.per_ounce * self.parcel.ounces + distance + noise + self.rise;
        // On a weekend order the method that must not be bought is the one that tempts.
        if self.order.shape == OfferShape::Weekend && self.is_cheapest_kind(service) {
            price / 2
        } else {
            price
        }
    }

    /// The local day of delivery, and the first day of its window.
    fn days(&self, service: &Service) -> (NaiveDate, NaiveDate) {
        let mut day = self.ship.with_timezone(&self.ship_zone).date_naive();
        let mut left = service.days + if service.ground { self.distance() } else { 0 };
        while left > 0 {
            day = add_days(day, 1);
            if service.moves.on(day.weekday()) {
                left -= 1;
            }
        }
        let cheap = service.ground && service.moves != super::service_table::Moves::Weekdays;
        let workdays = &[
            Weekday::Mon,
            Weekday::Tue,
            Weekday::Wed,
            Weekday::Thu,
            Weekday::Fri,
        ];
        let end = match self.order.shape {
            _ if service.id.ends_with("_SAT") => next(day, &[Weekday::Sat]),
            OfferShape::Weekend if service.id == "USPS_PTP_GAH" => next(day, &[Weekday::Sun]),
            OfferShape::Weekend if cheap => next(day, &[Weekday::Sat]),
            OfferShape::Weekend => next(day, workdays),
            OfferShape::UtcSaturday if self.is_cheapest_kind(service) => next(day, &[Weekday::Fri]),
            OfferShape::Span if cheap => next(day, &[Weekday::Mon]),
            OfferShape::Late if cheap => {
                let promised = self
                    .order
                    .deliver_by
                    .1
                    .with_timezone(&self.order.address.zone)
                    .date_naive();
                add_days(promised.max(day), 1)
            }
            _ => day,
        };
        let start = match self.order.shape {
            OfferShape::Span if cheap => end.checked_sub_days(Days::new(3)).unwrap_or(end),
            _ => end,
        };
        (start, end)
    }

    fn promise(&self, service: &Service) -> Value {
        let zone = self.order.address.zone;
        let (start, end) = self.days(service);
        let pickup = self.ship.with_timezone(&self.ship_zone).date_naive();
        let mut promise = json!({"pickupWindow": {
            "start": stamp(local(self.ship_zone, pickup, 14, 0)),
            "end": stamp(local(self.ship_zone, pickup, 18, 0)),
        }});
        let no_window = self.order.shape == OfferShape::NoPromise && service.id == "ONTRAC_MFN_GROUND";
        if !no_window {
            let (hour, minute) = if service.ground { (20, 0) } else { (17, 0) };
            promise["deliveryWindow"] = json!({
                "start": stamp(local(zone, start, 8, 0)),
                "end": stamp(local(zone, end, hour, minute)),
            });
        }
        promise
    }

    fn benefits(&self, service: &Service) -> Value {
        if service.carrier == "AMZN_US" {
            return json!({"includedBenefits": [], "excludedBenefits": []});
        }
        let late = self.order.shape == OfferShape::Late && service.ground && service.carrier != "FEDEX";
        if late {
            let lost = |benefit: &str| json!({"benefit": benefit, "reasonCodes": ["LATE_DELIVERY_RISK"]});
            return json!({
                "includedBenefits": [],
                "excludedBenefits": [lost("CLAIMS_PROTECTED"), lost("OTDR_PROTECTED")],
            });
        }
        if self.order.shape == OfferShape::SellerExclusions {
            return json!({
                "includedBenefits": ["CLAIMS_PROTECTED"],
                "excludedBenefits": [
                    {"benefit": "OTDR_PROTECTED", "reasonCodes": ["NON_SSA_ORDER", "NON_AHT_ORDER"]},
                ],
            });
        }
        json!({"includedBenefits": ["CLAIMS_PROTECTED", "OTDR_PROTECTED"], "excludedBenefits": []})
    }

    fn offer(&self, service: &'static Service) -> Offer {
        Offer {
            rate_id: random::name(self.seed, &["rate", self.token, service.id]),
            service,
            cents: self.cents(service),
            extras: confirmations(service)
                .into_iter()
                .map(|(id, _, cents)| (id, cents))
                .collect(),
            direct: false,
            needs_inputs: self.order.shape == OfferShape::AdditionalInputs && self.is_cheapest_kind(service),
            promise: self.promise(service).to_string(),
            benefits: self.benefits(service).to_string(),
            specifications: specifications(service),
        }
    }
}

impl Offer {
    /// Windows of pick-up and delivery, as `getRates` answers them.
    pub(super) fn promise(&self) -> Value {
        serde_json::from_str(&self.promise).unwrap_or_default()
    }

    /// Benefits kept and lost, as `getRates` answers them.
    pub(super) fn benefits(&self) -> Value {
        serde_json::from_str(&self.benefits).unwrap_or_default()
    }

    /// Who is paid for it.
    pub(super) const fn payment(&self) -> &'static str {
        if self.direct {
            "PAY_DIRECT_TO_CARRIER"
        } else {
            "PAY_THROUGH_AMAZON"
        }
    }

    /// The rate as `getRates` answers it.
    pub(super) fn show(&self, parcel: &Parcel) -> Value {
        let service = self.service;
        let choices: Vec<Value> = confirmations(service)
            .into_iter()
            .map(|(id, name, cents)| json!({"id": id, "name": name, "cost": money(cents)}))
            .collect();
        let specifications: Vec<Value> = self.specifications.iter().map(Specification::show).collect();
        let fuel = self.cents / 12;
        let mut items = vec![
            json!({"rateItemID": "BASE_RATE", "rateItemType": "MANDATORY", "rateItemNameLocalization": "Base Rate",
                "rateItemCharge": money(self.cents - fuel)}),
            json!({"rateItemID": "FUEL_SURCHARGE", "rateItemType": "MANDATORY",
                "rateItemNameLocalization": "Fuel Surcharge", "rateItemCharge": money(fuel)}),
        ];
        if service.id.ends_with("_SAT") {
            items.push(
                json!({"rateItemID": "SUNDAY_HOLIDAY_DELIVERY", "rateItemType": "INCLUDED",
                "rateItemNameLocalization": "Saturday Delivery", "rateItemCharge": money(0)}),
            );
        }
        let groups = if choices.is_empty() {
            json!([])
        } else {
            json!([{
                "groupId": CONFIRMATION_GROUP,
                "groupDescription": "Delivery Confirmation",
                "isRequired": true,
                "valueAddedServices": choices,
            }])
        };
        json!({
            "rateId": self.rate_id,
            "carrierId": service.carrier,
            "carrierName": service.carrier_name,
            "serviceId": service.id,
            "serviceName": service.name,
            "billedWeight": {
                "unit": "KILOGRAM",
                "value": (f64::from(parcel.ounces) * 2.834_952_312_5).round() / 100.0,
            },
            "totalCharge": money(self.cents),
            "promise": self.promise(),
            "supportedDocumentSpecifications": specifications,
            "availableValueAddedServiceGroups": groups,
            "requiresAdditionalInputs": self.needs_inputs,
            "rateItemList": items,
            "paymentType": self.payment(),
            "benefits": self.benefits(),
        })
    }
}
