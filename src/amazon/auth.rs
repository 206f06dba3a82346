//! Login with Amazon: a refresh token becomes an access token, kept until a minute before it ends
//! (amazon.md 1.1). One refresh at a time; who waits for it gets its result.

use super::body::{self, Answer};
use super::errors::{CallError, SetupError};
use crate::clock::Clock;
use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// How long before its end a token is not used any more.
const MARGIN: Duration = Duration::from_mins(1);
/// Life of a token where Amazon does not say: shorter than any that was seen (3600 s).
const UNSAID: u64 = 600;
const OPERATION: &str = "Login with Amazon";

/// What one seller's application logs in with. Secrets print as nothing.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// `client_id`, e.g. `amzn1.application-oa2-client.…`.
    pub client_id: String,
    /// `client_secret`; rotated at least every 180 days.
    pub client_secret: SecretString,
    /// The seller's refresh token (`Atzr|…`), for one region.
    pub refresh_token: SecretString,
}

impl Credentials {
    /// Refuses what can never be right, so that it shows at start and not at the first order.
    pub(super) fn check(&self, store: &str) -> Result<(), SetupError> {
        let parts = [
            ("the client id", self.client_id.as_str()),
            ("the client secret", self.client_secret.expose_secret()),
            ("the refresh token", self.refresh_token.expose_secret()),
        ];
        for (what, text) in parts {
            if text.is_empty() || !text.chars().all(|sign| sign.is_ascii_graphic()) {
                return Err(SetupError::Credential {
                    store: store.to_owned(),
                    what,
                });
            }
        }
        Ok(())
    }
}

/// An access token, ready as a header that logs do not show.
#[derive(Clone)]
pub(super) struct AccessToken {
    pub(super) header: HeaderValue,
    number: u64,
    /// Stopwatch time of its end, the margin taken off.
    until: Duration,
}

/// The login of one seller.
pub(super) struct Login {
    credentials: Credentials,
    address: Url,
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    token: Option<AccessToken>,
    count: u64,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    expires_in: super::wire::Digits,
}

#[derive(Deserialize)]
struct Denied {
    error: super::wire::Text,
}

impl Login {
    pub(super) fn new(
        credentials: Credentials,
        base: &Url,
        http: reqwest::Client,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            credentials,
            address: super::client::path(base, &["auth", "o2", "token"]),
            http,
            clock,
            held: Mutex::default(),
        }
    }

    /// A token that is good for at least a minute.
    pub(super) async fn token(&self) -> Result<AccessToken, CallError> {
        self.token_besides(None).await
    }

    /// A token other than `refused`, which Amazon answered with 401 or 403. If somebody has renewed it
    /// meanwhile, that one.
    pub(super) async fn renewed(&self, refused: &AccessToken) -> Result<AccessToken, CallError> {
        self.token_besides(Some(refused.number)).await
    }

    /// Forgets `refused`, so that the next call logs in afresh.
    pub(super) async fn forget(&self, refused: &AccessToken) {
        let mut held = self.held.lock().await;
        if held
            .token
            .as_ref()
            .is_some_and(|token| token.number == refused.number)
        {
            held.token = None;
        }
    }

    async fn token_besides(&self, refused: Option<u64>) -> Result<AccessToken, CallError> {
        // Held across the request on purpose: the others wait for this refresh instead of making their own.
        let mut held = self.held.lock().await;
        if let Some(token) = &held.token
            && refused != Some(token.number)
            && self.clock.monotonic() < token.until
        {
            return Ok(token.clone());
        }
        held.token = None;
        let (header, life) = self.refresh().await?;
        held.count += 1;
        let token = AccessToken {
            header,
            number: held.count,
            until: self.clock.monotonic() + life.saturating_sub(MARGIN),
        };
        held.token = Some(token.clone());
        Ok(token)
    }

    async fn refresh(&self) -> Result<(HeaderValue, Duration), CallError> {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", self.credentials.refresh_token.expose_secret()),
            ("client_id", self.credentials.client_id.as_str()),
            ("client_secret", self.credentials.client_secret.expose_secret()),
        ];
        let sent = self
            .http
            .post(self.address.clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded;charset=UTF-8")
            .body(encoded(&form))
            .send()
            .await;
        let answer = body::answer(OPERATION, sent).await?;
        tracing::debug!(
            operation = OPERATION,
            status = answer.status,
            request_id = answer.request_id.as_deref()
        );
        if answer.is_success() {
            let granted: Granted = answer.read(OPERATION)?;
            let mut header = HeaderValue::from_str(&granted.access_token)
                .ok()
                .filter(|header| !header.is_empty())
                .ok_or_else(|| answer.garbled(OPERATION, "access_token is not a token"))?;
            header.set_sensitive(true);
            let life = granted
                .expires_in
                .whole()
                .and_then(|life| u64::try_from(life).ok());
            return Ok((header, Duration::from_secs(life.unwrap_or(UNSAID))));
        }
        Err(refusal(&answer))
    }
}

/// Login's own error shape: `{"error": "...", "error_description": "..."}`. The description is not kept: it
/// may repeat what was sent.
fn refusal(answer: &Answer) -> CallError {
    let code = answer
        .read::<Denied>(OPERATION)
        .map(|denied| denied.error.0)
        .unwrap_or_default();
    let retriable = matches!(code.as_str(), "server_error" | "temporarily_unavailable");
    if retriable || code.is_empty() || answer.status >= 500 || answer.status == 429 {
        return CallError::Unreachable {
            operation: OPERATION,
            why: format!("it answered with status {} {code}", answer.status)
                .trim_end()
                .to_owned(),
            request_id: answer.request_id.clone(),
        };
    }
    CallError::Login { code }
}

/// `application/x-www-form-urlencoded`.
fn encoded(fields: &[(&str, &str)]) -> String {
    let mut url = Url::parse("form:").expect("a constant address");
    url.query_pairs_mut().extend_pairs(fields);
    url.query().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
