//! The control desk under `/_sim`: faults, switches, orders, the ledger. No part of Amazon.
//!
//! | request | does |
//! | --- | --- |
//! | `GET /_sim` | seed, time, switches and faults that are set |
//! | `GET /_sim/ledger` | everything sold and asked |
//! | `GET /_sim/requests` | every request with its time, operation, seller and status; `?operation=` narrows |
//! | `GET /_sim/limits` | rate a second and burst of every operation, as they are enforced now |
//! | `GET /_sim/faults`, `POST`, `DELETE` | shows, adds (one [`Fault`] or a list), clears |
//! | `GET /_sim/switches`, `POST` | shows, changes the named ones |
//! | `POST /_sim/clock` | `{"advance_seconds": n}`: puts the simulator's time ahead |
//! | `GET /_sim/orders` | all orders with their state |
//! | `POST /_sim/orders/{id}` | an [`OrderChange`] |
//! | `POST /_sim/shipments/{id}/scan` | the carrier scans the parcel (shipment id or tracking number) |

use super::faults::Fault;
use super::limits::published;
use super::order::OrderChange;
use super::tally::Asked;
use super::wire::{Answer, Operation, Request};
use super::world::World;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::time::Duration;

fn read<T: DeserializeOwned>(value: Value) -> Result<T, Answer> {
    serde_json::from_value(value).map_err(|error| Answer::invalid(&error.to_string()))
}

fn show<T: serde::Serialize + ?Sized>(value: &T) -> Answer {
    match serde_json::to_value(value) {
        Ok(value) => Answer::ok(&value),
        Err(error) => Answer::error(500, "InternalFailure", &error.to_string(), ""),
    }
}

impl World {
    pub(super) fn control(&mut self, request: &Request) -> Answer {
        self.desk(request).unwrap_or_else(|refusal| refusal)
    }

    /// What each operation allows a seller.
    fn plan(&self) -> Value {
        let scale = self.switches.limit_scale;
        Operation::ALL
            .iter()
            .filter(|operation| **operation != Operation::Token && self.switches.limits)
            .map(|operation| {
                let (rate, burst) = published(*operation);
                let allowed = json!({"rate": rate * scale, "burst": (burst * scale).max(1.0)});
                (operation.name().to_owned(), allowed)
            })
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    fn desk(&mut self, request: &Request) -> Result<Answer, Answer> {
        let path: Vec<&str> = request.path.iter().skip(1).map(String::as_str).collect();
        match (request.method.as_str(), path.as_slice()) {
            ("GET", []) => Ok(Answer::ok(&json!({
                "seed": self.seed,
                "now": self.now(),
                "switches": self.switches,
                "faults": self.faults.all(),
            }))),
            ("GET", ["ledger"]) => Ok(show(&self.ledger())),
            ("GET", ["requests"]) => {
                let wanted = request.parameter("operation");
                let asked: Vec<&Asked> = self
                    .tally
                    .log
                    .iter()
                    .filter(|asked| wanted.is_none_or(|wanted| wanted == asked.operation))
                    .collect();
                Ok(show(&asked))
            }
            ("GET", ["limits"]) => Ok(Answer::ok(&self.plan())),
            ("GET", ["portal"]) => Ok(Answer::page(200, "Welcome. Please log in.")),
            ("GET", ["faults"]) => Ok(show(self.faults.all())),
            ("POST", ["faults"]) => {
                let faults: Vec<Fault> = match request.json()? {
                    list @ Value::Array(_) => read(list)?,
                    one => vec![read(one)?],
                };
                if let Some(wrong) = faults.iter().find(|fault| !fault.is_valid()) {
                    return Err(Answer::invalid(&format!("no such fault: {wrong:?}")));
                }
                for fault in faults {
                    self.faults.add(fault);
                }
                Ok(show(self.faults.all()))
            }
            ("DELETE", ["faults"]) => {
                self.faults.clear();
                Ok(show(self.faults.all()))
            }
            ("GET", ["switches"]) => Ok(show(&self.switches)),
            ("POST", ["switches"]) => {
                let mut all = json!(self.switches);
                if let (Some(all), Value::Object(named)) = (all.as_object_mut(), request.json()?) {
                    for (name, value) in named {
                        if !all.contains_key(&name) {
                            return Err(Answer::invalid(&format!("no such switch: {name}")));
                        }
                        all.insert(name, value);
                    }
                }
                self.switches = read(all)?;
                Ok(show(&self.switches))
            }
            ("POST", ["clock"]) => {
                let body = request.json()?;
                let seconds = body["advance_seconds"].as_u64();
                self.ahead += Duration::from_secs(
                    seconds.ok_or_else(|| Answer::invalid("advance_seconds must be a whole number"))?,
                );
                Ok(Answer::ok(&json!({"now": self.now()})))
            }
            ("GET", ["orders"]) => {
                let (now, pending) = (self.now(), self.pending());
                let orders: Vec<Value> = self
                    .orders
                    .values()
                    .map(|order| {
                        json!({
                            "orderId": order.number,
                            "seller": self.sellers[order.seller].merchant,
                            "status": order.status(now, pending),
                            "programs": order.programs,
                            "addressType": order.address.kind,
                            "offers": order.shape,
                        })
                    })
                    .collect();
                Ok(show(&orders))
            }
            ("POST", ["orders", id]) => {
                let change: OrderChange = read(request.json()?)?;
                match self.change(id, change) {
                    Ok(true) => Ok(Answer::ok(&json!({}))),
                    Ok(false) => Err(Answer::not_found("no such order")),
                    Err(error) => Err(Answer::error(500, "InternalFailure", &error.to_string(), "")),
                }
            }
            ("POST", ["shipments", id, "scan"]) => match self.scan(id) {
                Ok(true) => Ok(Answer::ok(&json!({}))),
                Ok(false) => Err(Answer::not_found("no such shipment")),
                Err(error) => Err(Answer::error(500, "InternalFailure", &error.to_string(), "")),
            },
            _ => Err(Answer::not_found("no such control")),
        }
    }
}
