//! What a fault does to a request before it is carried out, and to its answer afterwards.

use super::faults::FaultKind;
use super::limits;
use super::line::Break;
use super::login;
use super::order::OrderChange;
use super::wire::{Answer, Operation, Request};
use super::world::World;
use chrono::TimeDelta;
use std::time::Duration;

/// The header that tells a rate.
pub(super) const LIMIT: &str = "x-amzn-RateLimit-Limit";

impl World {
    pub(super) fn fails_before(&self, fault: &FaultKind, operation: Operation) -> Option<Answer> {
        match fault {
            FaultKind::TooManyRequests { header } => {
                let mut answer = throttled();
                if *header {
                    let rate = limits::rate(operation, self.switches.limit_scale);
                    answer.headers.push((LIMIT, rate));
                }
                Some(answer)
            }
            FaultKind::RetryAfter { seconds } => {
                let mut answer = throttled();
                answer.headers.push(("Retry-After", seconds.to_string()));
                Some(answer)
            }
            FaultKind::Page { status, after: false } => Some(Answer::page(*status, "Gateway")),
            FaultKind::CaptivePortal { redirect } => {
                let mut answer = Answer::page(if *redirect { 302 } else { 200 }, "Welcome. Please log in.");
                if *redirect {
                    answer.headers.push(("Location", "/_sim/portal".to_owned()));
                }
                Some(answer)
            }
            FaultKind::HalfOpen { after: false } => Some(Answer {
                hangs: true,
                ..Answer::new(500, Vec::new())
            }),
            FaultKind::LoginError { error, status } if operation == Operation::Token => {
                Some(login::refuse(*status, error, "The request was refused."))
            }
            FaultKind::Error { status, after: false } => Some(broken(*status)),
            FaultKind::Named {
                status,
                code,
                message,
                after: false,
            } => Some(Answer::error(*status, code, message, "")),
            FaultKind::ResetBefore => Some(Answer {
                fate: Break::Reset,
                ..Answer::new(500, Vec::new())
            }),
            _ => None,
        }
    }

    /// Faults that change the world before the request is carried out.
    pub(super) fn prepare(&mut self, fault: &FaultKind, operation: Operation, id: &str, request: &Request) {
        match fault {
            FaultKind::ExpiredToken => {
                if let Some(token) = request.header("x-amz-access-token") {
                    let past = self.now() - TimeDelta::seconds(1);
                    if let Some((_, ends)) = self.tokens.get_mut(token) {
                        *ends = past;
                    }
                    if let Some(known) = self.restricted.get_mut(token) {
                        known.ends = past;
                    }
                }
            }
            FaultKind::RevokedToken => {
                if let Some(token) = request.header("x-amz-access-token") {
                    self.tokens.remove(token);
                    self.restricted.remove(token);
                }
            }
            FaultKind::CanceledOrder => {
                let number = match operation {
                    Operation::GetOrder | Operation::ConfirmShipment => Some(id.to_owned()),
                    _ => self.order_of_request(request),
                };
                if let Some(number) = number {
                    let _ = self.change(&number, OrderChange::Cancel);
                }
            }
            _ => {}
        }
    }
}

pub(super) fn throttled() -> Answer {
    Answer::error(
        429,
        "QuotaExceeded",
        "You exceeded your quota for the requested resource.",
        "",
    )
}

fn broken(status: u16) -> Answer {
    match status {
        504 => Answer::error(504, "GatewayTimeout", "The request timed out.", ""),
        503 => Answer::error(
            503,
            "ServiceUnavailable",
            "Service is temporarily unavailable.",
            "",
        ),
        _ => Answer::error(
            status,
            "InternalFailure",
            "We encountered an internal error. Please try again.",
            "",
        ),
    }
}

/// Faults of an answer whose request was carried out.
pub(super) fn fails_after(fault: &FaultKind, mut answer: Answer) -> Answer {
    match fault {
        FaultKind::Error { status, after: true } => return broken(*status),
        FaultKind::Named {
            status,
            code,
            message,
            after: true,
        } => return Answer::error(*status, code, message, ""),
        FaultKind::Page { status, after: true } => return Answer::page(*status, "Gateway"),
        FaultKind::LimitHeader { rate } => {
            answer.headers.retain(|(name, _)| *name != LIMIT);
            answer.headers.push((LIMIT, rate.clone()));
        }
        FaultKind::HalfOpen { after: true } => answer.hangs = true,
        FaultKind::CutInHead { byte } => answer.fate = Break::InHead(*byte),
        FaultKind::Slow { milliseconds } => answer.delay = Duration::from_millis(*milliseconds),
        FaultKind::ResetAfter => answer.fate = Break::Reset,
        FaultKind::CutAt { byte } => answer.fate = Break::After(*byte),
        FaultKind::CutAfterShipmentId => {
            let text = String::from_utf8_lossy(&answer.body);
            let start = ["\"shipmentId\":\"", "\"ShipmentId\":\""]
                .iter()
                .find_map(|name| text.find(name))
                .map(|at| at + 14);
            if let Some(end) = start.and_then(|start| text[start..].find('"').map(|at| start + at + 1)) {
                answer.fate = Break::After(end);
            }
        }
        FaultKind::Html => {
            answer.content_type = "text/html";
            answer.body = b"<html><body><h1>502 Bad Gateway</h1></body></html>".to_vec();
        }
        FaultKind::NotJson => {
            let half = answer.body.len() / 2;
            answer.body.truncate(half);
        }
        FaultKind::NotUtf8 => {
            let middle = answer.body.len() / 2;
            answer.body.splice(middle..middle, [0xff, 0xfe]);
        }
        _ => {}
    }
    answer
}
