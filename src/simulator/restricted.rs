//! Tokens API 2021-03-01: Restricted Data Tokens, good for the methods and paths they were made for and for
//! nothing else (amazon.md 1.6).

use super::random;
use super::wire::{Answer, Request};
use super::world::World;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

/// Seconds that a token lives.
const LIFETIME: i64 = 3600;
/// Most resources that one token may name.
const MOST_RESOURCES: usize = 50;

/// What may be read or done with such a token alone: method, path with its placeholder.
const RESTRICTED: &[(&str, &str)] = &[
    ("POST", "/mfn/v0/shipments"),
    ("GET", "/mfn/v0/shipments/{shipmentId}"),
    ("DELETE", "/mfn/v0/shipments/{shipmentId}"),
    ("GET", "/orders/v0/orders"),
    ("GET", "/orders/v0/orders/{orderId}"),
    ("GET", "/orders/v0/orders/{orderId}/address"),
    ("GET", "/orders/v0/orders/{orderId}/buyerInfo"),
    ("GET", "/orders/v0/orders/{orderId}/orderItems"),
    ("GET", "/orders/v0/orders/{orderId}/orderItems/buyerInfo"),
    ("GET", "/orders/v0/orders/{orderId}/regulatedInfo"),
];

/// A token that was given out.
pub(super) struct RestrictedToken {
    pub(super) seller: usize,
    pub(super) ends: DateTime<Utc>,
    resources: Vec<(String, String)>,
}

fn refuse(details: &str) -> Answer {
    Answer::error(
        400,
        "InvalidRequest",
        "Request is missing or has invalid parameters",
        details,
    )
}

fn is_placeholder(segment: &str) -> bool {
    segment.starts_with('{') && segment.ends_with('}')
}

/// Whether a path is one of a template's: a placeholder stands for any one segment.
fn fits(template: &str, path: &str) -> bool {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    loop {
        match (template.next(), path.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one == other || (is_placeholder(one) && !other.is_empty()) => {}
            _ => return false,
        }
    }
}

fn resource(value: &Value) -> Result<(String, String), Answer> {
    let field = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or("");
    let (method, path) = (field("method"), field("path"));
    let known = RESTRICTED
        .iter()
        .any(|(known, template)| *known == method && fits(template, path));
    if known {
        Ok((method.to_owned(), path.to_owned()))
    } else {
        Err(refuse("Resource not provided."))
    }
}

impl World {
    /// `POST /tokens/2021-03-01/restrictedDataToken`.
    pub(super) fn restricted_token(&mut self, seller: usize, request: &Request) -> Result<Answer, Answer> {
        let body = request.json()?;
        // Only for delegation, which no seller here has set up; null is refused as well (amazon.md 1.6).
        if body.get("targetApplication").is_some() {
            return Err(refuse("targetApplication is not valid."));
        }
        let resources = body
            .get("restrictedResources")
            .and_then(Value::as_array)
            .filter(|list| (1..=MOST_RESOURCES).contains(&list.len()))
            .ok_or_else(|| refuse("restrictedResources must name 1 to 50 resources."))?
            .iter()
            .map(resource)
            .collect::<Result<Vec<_>, _>>()?;
        self.tokens_issued += 1;
        let now = self.now();
        let words = ["restricted", &self.tokens_issued.to_string(), &now.to_rfc3339()];
        let token = format!("Atz.sprdt|{}", random::name(self.seed, &words));
        let made = RestrictedToken {
            seller,
            ends: now + TimeDelta::seconds(LIFETIME),
            resources,
        };
        self.restricted.insert(token.clone(), made);
        Ok(Answer::ok(
            &json!({"restrictedDataToken": token, "expiresIn": LIFETIME}),
        ))
    }

    /// The seller whose Restricted Data Token allows this very method and path.
    pub(super) fn restricted_seller(&self, request: &Request) -> Result<usize, Answer> {
        let denied = |details| {
            Answer::error(
                403,
                "Unauthorized",
                "Access to requested resource is denied.",
                details,
            )
        };
        let token = request
            .header("x-amz-access-token")
            .ok_or_else(|| denied("Access token is missing in the request header."))?;
        let known = self
            .restricted
            .get(token)
            .ok_or_else(|| denied("The operation requires a Restricted Data Token."))?;
        if known.ends <= self.now() {
            return Err(denied("The Restricted Data Token has expired."));
        }
        let path = format!("/{}", request.path.join("/"));
        if known
            .resources
            .iter()
            .any(|(method, template)| *method == request.method && fits(template, &path))
        {
            Ok(known.seller)
        } else {
            Err(denied("The Restricted Data Token does not list this resource."))
        }
    }
}
