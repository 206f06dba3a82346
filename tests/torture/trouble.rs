//! What goes wrong between the station and Amazon: everything that the simulator can do, drawn at random, and counted
//! where it really struck.

use crate::rig::{Chance, Rig};
use crate::station::{Api, one_of};
use serde_json::Value;
use std::collections::BTreeMap;
use tapegun::simulator::{Fault, FaultKind};

/// Faults that struck, by kind.
pub(crate) type Struck = BTreeMap<String, u64>;

/// The reads that buying and packing stand on.
const READS: [&str; 2] = ["searchOrders", "getOrder"];

fn named(status: u16, code: &str, message: &str) -> FaultKind {
    FaultKind::Named {
        status,
        code: code.to_owned(),
        message: message.to_owned(),
        after: false,
    }
}

/// Of a call that changes something: what may happen before it is carried out, or after.
fn of_a_change(chance: &mut Chance) -> FaultKind {
    let after = chance.below(2) == 0;
    let byte = usize::try_from(chance.below(600)).expect("small");
    let kinds = [
        FaultKind::TooManyRequests { header: after },
        FaultKind::RetryAfter { seconds: 1 },
        FaultKind::Page { status: 502, after },
        FaultKind::Page { status: 200, after },
        FaultKind::Page { status: 403, after },
        FaultKind::CaptivePortal { redirect: after },
        FaultKind::Error { status: 500, after },
        FaultKind::Error { status: 503, after },
        FaultKind::Error { status: 504, after },
        FaultKind::Slow {
            milliseconds: 50 + chance.below(900),
        },
        FaultKind::ResetBefore,
        FaultKind::ResetAfter,
        FaultKind::CutInHead { byte: byte / 4 },
        FaultKind::CutAt { byte },
        FaultKind::CutAfterShipmentId,
        FaultKind::Html,
        FaultKind::NotJson,
        FaultKind::NotUtf8,
        FaultKind::ExpiredToken,
        FaultKind::RevokedToken,
        FaultKind::StaleAnswer,
    ];
    one_of(chance, &kinds).clone()
}

/// Of a purchase besides: what its document, its quote or its order may suffer.
fn of_a_purchase(api: Api, chance: &mut Chance) -> FaultKind {
    let mut kinds = vec![
        FaultKind::ExpiredQuote,
        FaultKind::CanceledOrder,
        FaultKind::BlankLabel,
        FaultKind::WrongOrder,
        FaultKind::WrongLabel,
        FaultKind::UsedTracking,
        named(400, "InsufficientFunds", "The account balance is insufficient."),
        named(403, "Unauthorized", "Access to requested resource is denied."),
        named(500, "InternalFailure", "TOKEN_EXPIRED"),
    ];
    match api {
        Api::ShippingV2 => {
            kinds.push(named(400, "InvalidRequest", "The token has expired"));
        }
        Api::MerchantFulfillmentV0 => {
            kinds.push(FaultKind::TruncatedGzip);
            kinds.push(FaultKind::BadChecksum);
            kinds.push(named(400, "InvalidInput", "Invalid Input"));
        }
    }
    one_of(chance, &kinds).clone()
}

/// Of a call that reads.
fn of_a_read(chance: &mut Chance) -> FaultKind {
    let byte = usize::try_from(chance.below(900)).expect("small");
    let kinds = [
        FaultKind::TooManyRequests { header: false },
        FaultKind::Page {
            status: 503,
            after: false,
        },
        FaultKind::CaptivePortal { redirect: false },
        FaultKind::Error {
            status: 500,
            after: false,
        },
        FaultKind::Slow { milliseconds: 300 },
        FaultKind::ResetBefore,
        FaultKind::CutAt { byte },
        FaultKind::CutInHead { byte: byte / 8 },
        FaultKind::Html,
        FaultKind::NotJson,
        FaultKind::NotUtf8,
        FaultKind::ExpiredToken,
        FaultKind::RevokedToken,
    ];
    one_of(chance, &kinds).clone()
}

/// Some faults for the next minutes. The purchase itself suffers most.
pub(crate) fn draw(api: Api, chance: &mut Chance) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut add = |operation: &str, kind: FaultKind, chance: &mut Chance| {
        let times = 1 + u32::try_from(chance.below(2)).expect("small");
        faults.push(Fault::new(operation, kind).times(times).with_probability(0.4));
    };
    for _ in 0..=chance.below(3) {
        let kind = of_a_change(chance);
        add(api.buying(), kind, chance);
    }
    if chance.below(3) == 0 {
        let kind = of_a_purchase(api, chance);
        add(api.buying(), kind, chance);
    }
    if chance.below(2) == 0 {
        let kind = of_a_change(chance);
        add(api.voiding(), kind, chance);
    }
    if chance.below(2) == 0 {
        let operation = *one_of(chance, &READS);
        let kind = of_a_read(chance);
        add(operation, kind, chance);
    }
    if chance.below(2) == 0 {
        let operations = match api {
            Api::ShippingV2 => ["getRates", "getShipmentDocuments", "getTracking"],
            Api::MerchantFulfillmentV0 => [
                "getEligibleShipmentServices",
                "getShipment",
                "createRestrictedDataToken",
            ],
        };
        let operation = *one_of(chance, &operations);
        let kind = of_a_read(chance);
        add(operation, kind, chance);
    }
    if chance.below(4) == 0 {
        let kinds = [
            FaultKind::LoginError {
                error: "server_error".to_owned(),
                status: 500,
            },
            FaultKind::LoginError {
                error: "invalid_grant".to_owned(),
                status: 400,
            },
            FaultKind::ResetBefore,
            FaultKind::Html,
        ];
        let kind = one_of(chance, &kinds).clone();
        add("token", kind, chance);
    }
    faults
}

/// The simulator has no limits here, and says so: the station's own pace follows what Amazon says. Slow enough a
/// refill that what one process has gathered is not taken for spent by the next.
fn lift_limits(rig: &Rig) {
    for (operation, rate) in [
        ("searchOrders", "0.9"),
        ("getOrder", "0.9"),
        ("getShipment", "0.9"),
        ("createShipment", "20"),
        ("getEligibleShipmentServices", "40"),
    ] {
        let kind = FaultKind::LimitHeader {
            rate: rate.to_owned(),
        };
        let fault = Fault::new(operation, kind);
        rig.faults(&serde_json::to_string(&fault).expect("JSON"));
    }
}

/// Sets faults at the simulator.
pub(crate) fn set(rig: &Rig, faults: &[Fault]) {
    rig.faults(&serde_json::to_string(faults).expect("JSON"));
}

/// The faults that are set at the simulator, and what is known of those that were.
pub(crate) struct Trouble {
    struck: Struck,
}

impl Trouble {
    pub(crate) fn new(rig: &Rig) -> Self {
        let trouble = Self {
            struck: Struck::new(),
        };
        lift_limits(rig);
        trouble
    }

    /// Takes the faults away and counts those that struck.
    pub(crate) fn clear(&mut self, rig: &Rig, set: &[Fault]) {
        let left: Vec<Value> = serde_json::from_str(&rig.http("GET", "/_sim/faults", "")).expect("a list");
        let left = left.into_iter().filter(|fault| !fault["count"].is_null());
        for (before, after) in set.iter().zip(left) {
            let happened = u64::from(before.count.unwrap_or(0)) - after["count"].as_u64().unwrap_or(0);
            if happened > 0 {
                let kind = after["kind"].as_str().unwrap_or_default().to_owned();
                *self.struck.entry(kind).or_default() += happened;
            }
        }
        rig.clear_faults();
        lift_limits(rig);
    }

    pub(crate) fn struck(self) -> Struck {
        self.struck
    }
}
