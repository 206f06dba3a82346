//! The carriers' services that are offered, and those that never are.

use chrono::Weekday;

/// How long a service takes, counted in days on which it moves parcels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moves {
    /// Monday to Friday.
    Weekdays,
    /// Monday to Saturday.
    Saturdays,
    /// Every day.
    EveryDay,
}

impl Moves {
    pub(super) fn on(self, day: Weekday) -> bool {
        match self {
            Self::Weekdays => !matches!(day, Weekday::Sat | Weekday::Sun),
            Self::Saturdays => day != Weekday::Sun,
            Self::EveryDay => true,
        }
    }
}

/// A service.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) carrier: &'static str,
    pub(super) carrier_name: &'static str,
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    /// Price in cents: base, and for each ounce.
    pub(super) base: u32,
    pub(super) per_ounce: u32,
    /// Moving days from pick-up to delivery, at the least distance.
    pub(super) days: u32,
    pub(super) moves: Moves,
    /// Ground services take longer, the further away.
    pub(super) ground: bool,
    /// Needs the carrier's own packaging.
    pub(super) flat_rate: bool,
}

#[expect(clippy::too_many_arguments, reason = "one row of the table below")]
const fn row(
    carrier: (&'static str, &'static str),
    id: &'static str,
    name: &'static str,
    base: u32,
    per_ounce: u32,
    days: u32,
    moves: Moves,
    ground: bool,
    flat_rate: bool,
) -> Service {
    let (carrier, carrier_name) = carrier;
    Service {
        carrier,
        carrier_name,
        id,
        name,
        base,
        per_ounce,
        days,
        moves,
        ground,
        flat_rate,
    }
}

const ONTRAC: Named = ("ONTRAC", "OnTrac");
const USPS: Named = ("USPS", "USPS");
const UPS: Named = ("UPS", "UPS");
const FEDEX: Named = ("FEDEX", "FedEx");

use Moves::{EveryDay, Saturdays, Weekdays};

/// What is offered, roughly from the cheapest up.
pub(super) const SERVICES: &[Service] = &[
    row(
        ONTRAC,
        "ONTRAC_MFN_GROUND",
        "OnTrac Ground",
        553,
        6,
        2,
        EveryDay,
        true,
        false,
    ),
    row(
        USPS,
        "USPS_PTP_GAH",
        "USPS Ground Advantage®",
        589,
        8,
        3,
        Saturdays,
        true,
        false,
    ),
    row(
        FEDEX,
        "FEDEX_PTP_HOME_DELIVERY",
        "FedEx Home Delivery®",
        842,
        5,
        2,
        EveryDay,
        true,
        false,
    ),
    row(
        UPS,
        "UPS_PTP_GROUND_SAVER",
        "UPS® Ground Saver",
        795,
        6,
        4,
        Saturdays,
        true,
        false,
    ),
    row(
        UPS,
        "UPS_PTP_GND",
        "UPS® Ground",
        904,
        5,
        2,
        Weekdays,
        true,
        false,
    ),
    row(
        FEDEX,
        "FEDEX_PTP_GROUND",
        "FedEx Ground®",
        915,
        5,
        2,
        Weekdays,
        true,
        false,
    ),
    row(
        USPS,
        "USPS_PTP_PRI",
        "USPS Priority Mail®",
        948,
        14,
        2,
        Saturdays,
        true,
        false,
    ),
    row(
        USPS,
        "USPS_PTP_PRI_FRE",
        "USPS Priority Mail® Flat Rate Envelope",
        935,
        0,
        2,
        Saturdays,
        true,
        true,
    ),
    row(
        USPS,
        "USPS_PTP_PRI_MFRB",
        "USPS Priority Mail® Medium Flat Rate Box",
        1640,
        0,
        2,
        Saturdays,
        true,
        true,
    ),
    row(
        FEDEX,
        "FEDEX_PTP_EXPRESS_SAVER_ONE_RATE",
        "FedEx Express Saver® One Rate",
        1485,
        0,
        3,
        Weekdays,
        false,
        true,
    ),
    row(
        UPS,
        "UPS_PTP_3_DAY_SELECT",
        "UPS 3 Day Select®",
        1712,
        11,
        3,
        Weekdays,
        false,
        false,
    ),
    row(
        FEDEX,
        "FEDEX_PTP_SECOND_DAY",
        "FedEx 2Day®",
        1995,
        13,
        2,
        Weekdays,
        false,
        false,
    ),
    row(
        UPS,
        "UPS_PTP_2ND_DAY_AIR",
        "UPS 2nd Day Air®",
        2135,
        14,
        2,
        Weekdays,
        false,
        false,
    ),
    row(
        UPS,
        "UPS_PTP_2ND_DAY_AIR_SAT",
        "UPS 2nd Day Air® Saturday Delivery",
        3790,
        14,
        2,
        Saturdays,
        false,
        false,
    ),
    row(
        USPS,
        "USPS_PTP_EXP",
        "USPS Priority Mail Express®",
        3125,
        19,
        1,
        EveryDay,
        false,
        false,
    ),
    row(
        UPS,
        "UPS_PTP_NEXT_DAY_AIR_SAVER",
        "UPS Next Day Air Saver®",
        3980,
        22,
        1,
        Weekdays,
        false,
        false,
    ),
    row(
        FEDEX,
        "FEDEX_PTP_STANDARD_OVERNIGHT",
        "FedEx Standard Overnight®",
        4120,
        24,
        1,
        Weekdays,
        false,
        false,
    ),
];

/// An id and a name.
pub(super) type Named = (&'static str, &'static str);

/// Never offered: carrier, service, and what Amazon says of it.
pub(super) const INELIGIBLE: &[(Named, Named, &str)] = &[
    (
        USPS,
        ("USPS_PTP_MM", "USPS Media Mail®"),
        "Not an eligible ship method for this order.",
    ),
    (
        USPS,
        ("USPS_PTP_BPM", "USPS Bound Printed Matter"),
        "Not an eligible ship method for this order.",
    ),
    (
        ("DHLECOMMERCE", "DHL eCommerce"),
        ("DHLECOMMERCE_PTP_GND", "DHL SmartMail Parcel Ground"),
        "The carrier is temporarily unavailable.",
    ),
    (
        ("ONTRAC", "OnTrac"),
        ("ONTRAC_MFN_SUNRISE", "OnTrac Sunrise"),
        "This shipping service does not deliver from the given source to the given destination.",
    ),
];
