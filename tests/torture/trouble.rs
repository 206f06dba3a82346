//! What goes wrong between the station and Amazon: everything that the simulator can do, drawn at random, and counted
//! where it really struck. What struck least comes first, so that no kind is left to luck.

use crate::rig::{Chance, Rig};
use crate::station::{Api, one_of};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
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
fn of_a_change(chance: &mut Chance) -> Vec<FaultKind> {
    let after = chance.below(2) == 0;
    let byte = usize::try_from(chance.below(600)).expect("small");
    vec![
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
    ]
}

/// Of a purchase besides: what its document, its quote or its order may suffer.
fn of_a_purchase(api: Api) -> Vec<FaultKind> {
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
    kinds
}

/// Of a call that reads.
fn of_a_read(chance: &mut Chance) -> Vec<FaultKind> {
    let byte = usize::try_from(chance.below(900)).expect("small");
    vec![
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
    ]
}

/// Of the login.
fn of_a_login() -> Vec<FaultKind> {
    let refused = |error: &str, status| FaultKind::LoginError {
        error: error.to_owned(),
        status,
    };
    vec![
        refused("server_error", 500),
        refused("invalid_grant", 400),
        FaultKind::ResetBefore,
        FaultKind::Html,
    ]
}

/// The simulator's name of a kind.
fn name(kind: &FaultKind) -> String {
    let kind = serde_json::to_value(kind).expect("JSON");
    kind["kind"].as_str().expect("a name").to_owned()
}

/// Every kind that a day on this API can draw.
pub(crate) fn kinds(api: Api) -> BTreeSet<String> {
    let chance = &mut Chance::new(1);
    let lists = [
        of_a_change(chance),
        of_a_purchase(api),
        of_a_read(chance),
        of_a_login(),
    ];
    lists.iter().flatten().map(name).collect()
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
#[derive(Default)]
pub(crate) struct Trouble {
    struck: Struck,
    dealt: Struck,
}

impl Trouble {
    pub(crate) fn new(rig: &Rig) -> Self {
        lift_limits(rig);
        Self::default()
    }

    /// One of these, of a kind that was dealt and that struck least: what never struck comes again and again, and what
    /// cannot strike still leaves room for the others.
    fn one(&mut self, list: &[FaultKind], chance: &mut Chance) -> FaultKind {
        let count = |kind: &String| {
            let of = |counts: &Struck| counts.get(kind).copied().unwrap_or(0);
            of(&self.struck) + of(&self.dealt)
        };
        let names: BTreeSet<String> = list.iter().map(name).collect();
        let least = names.iter().map(count).min().expect("a kind");
        let rarest: Vec<String> = names.into_iter().filter(|name| count(name) == least).collect();
        let chosen = one_of(chance, &rarest).clone();
        let of_it: Vec<&FaultKind> = list.iter().filter(|kind| name(kind) == chosen).collect();
        *self.dealt.entry(chosen).or_default() += 1;
        (*one_of(chance, &of_it)).clone()
    }

    /// Some faults for the next minutes. The purchase itself suffers most.
    pub(crate) fn draw(&mut self, api: Api, chance: &mut Chance) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut add = |operation: &str, list: &[FaultKind], chance: &mut Chance| {
            let kind = self.one(list, chance);
            let times = 1 + u32::try_from(chance.below(2)).expect("small");
            faults.push(Fault::new(operation, kind).times(times).with_probability(0.4));
        };
        for _ in 0..=chance.below(3) {
            let list = of_a_change(chance);
            add(api.buying(), &list, chance);
        }
        add(api.buying(), &of_a_purchase(api), chance);
        if chance.below(2) == 0 {
            let list = of_a_change(chance);
            add(api.voiding(), &list, chance);
        }
        if chance.below(2) == 0 {
            let operation = *one_of(chance, &READS);
            let list = of_a_read(chance);
            add(operation, &list, chance);
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
            let list = of_a_read(chance);
            add(operation, &list, chance);
        }
        if chance.below(2) == 0 {
            add("token", &of_a_login(), chance);
        }
        faults
    }

    fn count(&mut self, kind: &str, happened: u64) {
        if happened > 0 {
            *self.struck.entry(kind.to_owned()).or_default() += happened;
        }
    }

    /// Takes the faults away and counts those that struck.
    pub(crate) fn clear(&mut self, rig: &Rig, set: &[Fault]) {
        let left: Vec<Value> = serde_json::from_str(&rig.http("GET", "/_sim/faults", "")).expect("a list");
        let left = left.into_iter().filter(|fault| !fault["count"].is_null());
        for (before, after) in set.iter().zip(left) {
            let happened = u64::from(before.count.unwrap_or(0)) - after["count"].as_u64().unwrap_or(0);
            self.count(&name(&before.kind), happened);
        }
        rig.clear_faults();
        lift_limits(rig);
    }

    pub(crate) fn struck(self) -> Struck {
        self.struck
    }
}

/// A day of 300 boxes has about so many rounds whose faults are drawn, with so many purchases each.
const ROUNDS: usize = 22;
const PURCHASES: usize = 6;

#[test]
fn over_a_few_hundred_boxes_every_kind_of_fault_strikes() {
    for api in [Api::ShippingV2, Api::MerchantFulfillmentV0] {
        for seed in 0..50 {
            let mut chance = Chance::new(seed);
            let mut trouble = Trouble::default();
            for _ in 0..ROUNDS {
                for fault in trouble.draw(api, &mut chance) {
                    // Reads, voids and logins are fewer, and some of the time a process is dead.
                    let tries = if fault.operation == api.buying() {
                        PURCHASES
                    } else {
                        2
                    };
                    let strikes = (0..tries).filter(|_| chance.below(10) < 3).count() as u64;
                    let most = u64::from(fault.count.expect("bounded"));
                    trouble.count(&name(&fault.kind), strikes.min(most));
                }
            }
            let never: Vec<_> = kinds(api)
                .into_iter()
                .filter(|kind| !trouble.struck.contains_key(kind))
                .collect();
            assert!(never.is_empty(), "{}, seed {seed}: {never:?}", api.name());
        }
    }
}
