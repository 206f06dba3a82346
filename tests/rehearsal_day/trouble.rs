//! What goes wrong all day long, and how often it struck.

use crate::rig::Rig;
use serde_json::Value;
use std::collections::BTreeMap;
use tapegun::simulator::{Fault, FaultKind};

/// So many are dealt of each: more than a day can strike.
const DEALT: u32 = 1_000_000;

/// About three of ten purchases and of ten reads suffer something.
fn faults() -> Vec<Fault> {
    let of_a_purchase = [
        FaultKind::Error {
            status: 500,
            after: false,
        },
        FaultKind::Error {
            status: 500,
            after: true,
        },
        FaultKind::ResetBefore,
        FaultKind::ResetAfter,
        FaultKind::Slow { milliseconds: 1_500 },
        FaultKind::TooManyRequests { header: false },
    ];
    let of_a_read = [
        FaultKind::Error {
            status: 500,
            after: false,
        },
        FaultKind::ResetBefore,
        FaultKind::Slow { milliseconds: 700 },
        FaultKind::TooManyRequests { header: false },
    ];
    let purchases = of_a_purchase.map(|kind| Fault::new("purchaseShipment", kind).with_probability(0.058));
    let reads = [
        "getRates",
        "getOrder",
        "searchOrders",
        "getShipmentDocuments",
        "getAdditionalInputs",
    ];
    let reads = reads.into_iter().flat_map(|read| {
        let kinds = of_a_read.clone();
        kinds.map(|kind| Fault::new(read, kind).with_probability(0.085))
    });
    let all = purchases.into_iter().chain(reads);
    all.map(|fault| fault.times(DEALT)).collect()
}

/// What struck so far.
#[derive(Default)]
pub(crate) struct Trouble {
    pub(crate) struck: BTreeMap<String, u64>,
}

impl Trouble {
    pub(crate) fn begin(rig: &Rig) {
        rig.faults(&serde_json::to_string(&faults()).expect("JSON"));
    }

    /// Every connection is reset.
    pub(crate) fn outage(rig: &Rig) {
        let fault = Fault::new("*", FaultKind::ResetBefore).times(DEALT);
        rig.faults(&serde_json::to_string(&fault).expect("JSON"));
    }

    /// Takes all faults away and counts what struck.
    pub(crate) fn end(&mut self, rig: &Rig, named: Option<&str>) {
        let left: Vec<Value> = serde_json::from_str(&rig.http("GET", "/_sim/faults", "")).expect("a list");
        for fault in left {
            let struck = u64::from(DEALT) - fault["count"].as_u64().unwrap_or(u64::from(DEALT));
            let kind = fault["kind"].as_str().unwrap_or_default();
            let after = if fault["after"] == true { " after" } else { "" };
            let name = named.map_or_else(|| format!("{kind}{after}"), str::to_owned);
            if struck > 0 {
                *self.struck.entry(name).or_default() += struck;
            }
        }
        rig.clear_faults();
    }
}
