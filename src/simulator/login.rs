//! Login with Amazon: refresh tokens in, access tokens out. Its errors have a shape of their own.

use super::random;
use super::wire::{Answer, Operation, Request, pairs};
use super::world::World;
use chrono::TimeDelta;
use serde_json::{Value, json};

/// Seconds that an access token lives.
const LIFETIME: i64 = 3600;

pub(super) fn refuse(status: u16, error: &str, description: &str) -> Answer {
    let body = json!({"error": error, "error_description": description});
    Answer::new(status, body.to_string().into_bytes())
}

fn fields(request: &Request) -> Option<Vec<(String, String)>> {
    let kind = request.header("content-type").unwrap_or("").to_ascii_lowercase();
    let text = std::str::from_utf8(&request.body).ok()?;
    if kind.starts_with("application/json") {
        let Ok(Value::Object(map)) = serde_json::from_str(text) else {
            return None;
        };
        return map
            .into_iter()
            .map(|(name, value)| Some((name, value.as_str()?.to_owned())))
            .collect();
    }
    kind.starts_with("application/x-www-form-urlencoded")
        .then(|| pairs(text))
}

impl World {
    /// `POST /auth/o2/token`.
    pub(super) fn login(&mut self, request: &Request) -> Answer {
        let Some(fields) = fields(request) else {
            return refuse(400, "invalid_request", "The request is neither a form nor JSON.");
        };
        let field = |name: &str| {
            fields
                .iter()
                .find(|(known, value)| known == name && !value.is_empty())
                .map(|(_, value)| value.as_str())
        };
        match field("grant_type") {
            Some("refresh_token") => {}
            Some("client_credentials") => {
                return refuse(400, "invalid_scope", "No grantless operation is offered here.");
            }
            Some(_) => return refuse(400, "unsupported_grant_type", "The grant type is not supported."),
            None => {
                return refuse(
                    400,
                    "invalid_request",
                    "The request is missing the parameter grant_type.",
                );
            }
        }
        if field("scope").is_some() {
            return refuse(
                400,
                "invalid_request",
                "scope and refresh_token exclude each other.",
            );
        }
        let (Some(client), Some(secret), Some(refresh)) =
            (field("client_id"), field("client_secret"), field("refresh_token"))
        else {
            return refuse(
                400,
                "invalid_request",
                "client_id, client_secret and refresh_token are required.",
            );
        };
        if !self
            .sellers
            .iter()
            .any(|seller| seller.client_id == client && seller.client_secret == secret)
        {
            return refuse(401, "invalid_client", "Client authentication failed");
        }
        let Some(seller) = self
            .sellers
            .iter()
            .position(|seller| seller.client_id == client && seller.refresh_token == refresh)
        else {
            return refuse(
                400,
                "invalid_grant",
                "The request has an invalid grant parameter : refresh_token.",
            );
        };
        self.tokens_issued += 1;
        let issued = self.tokens_issued.to_string();
        // The time makes tokens of an earlier run unknown to this one.
        let now = self.now();
        let token = format!(
            "Atza|{}",
            random::name(self.seed, &["access", &issued, &now.to_rfc3339()])
        );
        self.tokens
            .insert(token.clone(), (seller, now + TimeDelta::seconds(LIFETIME)));
        Answer::ok(&json!({
            "access_token": token,
            "refresh_token": refresh,
            "token_type": "bearer",
            "expires_in": LIFETIME,
        }))
    }

    /// Whose token a request carries, whatever it is good for.
    pub(super) fn caller(&self, request: &Request) -> Option<usize> {
        let token = request.header("x-amz-access-token")?;
        self.tokens
            .get(token)
            .map(|(seller, _)| *seller)
            .or_else(|| self.restricted.get(token).map(|known| known.seller))
    }

    /// The seller whose token the request carries: the kind of token that the operation demands, and no other.
    pub(super) fn seller_of(&self, request: &Request, operation: Operation) -> Result<usize, Answer> {
        if operation.is_restricted() {
            return self.restricted_seller(request);
        }
        let denied = |status, details| {
            Answer::error(
                status,
                "Unauthorized",
                "Access to requested resource is denied.",
                details,
            )
        };
        let bad = if operation.is_orders() { 403 } else { 401 };
        let token = request
            .header("x-amz-access-token")
            .ok_or_else(|| denied(bad, "Access token is missing in the request header."))?;
        let now = self.now();
        match self.tokens.get(token) {
            None if self.restricted.contains_key(token) => {
                Err(denied(403, "A Restricted Data Token is not accepted here."))
            }
            None => Err(denied(
                bad,
                "The access token you provided is revoked, malformed or invalid.",
            )),
            Some((_, ends)) if *ends <= now => Err(denied(403, "The access token you provided has expired.")),
            Some((seller, _)) => Ok(*seller),
        }
    }
}
