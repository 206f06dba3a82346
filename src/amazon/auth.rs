//! Login with Amazon: a refresh token becomes an access token, kept until a minute before it ends
//! (amazon.md 1.1). One refresh at a time; who waits for it gets its result.

use super::body::{self, Answer};
use super::errors::{CallError, SetupError};
use crate::clock::Clock;
use chrono::{DateTime, Utc};
use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
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
    /// When the client secret was made, where its owner says it.
    pub secret_made: Option<DateTime<Utc>>,
    /// Where they are looked for again, so that a secret is changed without a new start.
    pub source: CredentialSource,
}

/// Gives a shop's credentials as they are now; none: as before.
#[derive(Clone, Default)]
pub struct CredentialSource(Option<Arc<dyn Fn() -> Option<Credentials> + Send + Sync>>);

impl CredentialSource {
    /// A source that is asked before each login.
    pub fn new(read: impl Fn() -> Option<Credentials> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(read)))
    }
}

impl std::fmt::Debug for CredentialSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() {
            "looked for again"
        } else {
            "as they are"
        })
    }
}

impl Credentials {
    /// Both ask for one seller: Amazon counts their calls together.
    pub fn is_same_seller(&self, other: &Self) -> bool {
        self.client_id == other.client_id
            && self.refresh_token.expose_secret() == other.refresh_token.expose_secret()
    }

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

/// One token that is renewed by one caller at a time; who waits for it gets its result.
pub(super) struct Kept {
    clock: Arc<dyn Clock>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    token: Option<AccessToken>,
    count: u64,
}

impl Kept {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            held: Mutex::default(),
        }
    }

    /// The token, where it is good for at least a minute and not `refused`; else what `renew` brings: a token as a
    /// header, and its life from now. If somebody has renewed a refused one meanwhile, that one.
    pub(super) async fn token<R>(
        &self,
        refused: Option<&AccessToken>,
        renew: impl FnOnce() -> R,
    ) -> Result<AccessToken, CallError>
    where
        R: Future<Output = Result<(HeaderValue, Duration), CallError>>,
    {
        // Held across the request on purpose: the others wait for this one instead of making their own.
        let mut held = self.held.lock().await;
        if let Some(token) = &held.token
            && refused.is_none_or(|refused| refused.number != token.number)
            && self.clock.monotonic() < token.until
        {
            return Ok(token.clone());
        }
        held.token = None;
        let (header, life) = renew().await?;
        held.count += 1;
        let token = AccessToken {
            header,
            number: held.count,
            until: self.clock.monotonic() + life.saturating_sub(MARGIN),
        };
        held.token = Some(token.clone());
        Ok(token)
    }

    /// Forgets `refused`, so that the next call makes a fresh one.
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
}

/// The login of one seller.
pub(super) struct Login {
    credentials: RwLock<Credentials>,
    address: Url,
    http: reqwest::Client,
    kept: Kept,
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
            credentials: RwLock::new(credentials),
            address: super::client::path(base, &["auth", "o2", "token"]),
            http,
            kept: Kept::new(clock),
        }
    }

    /// A token that is good for at least a minute.
    pub(super) async fn token(&self) -> Result<AccessToken, CallError> {
        self.kept.token(None, || self.refresh()).await
    }

    /// A token other than `refused`, which Amazon answered with 401 or 403. If somebody has renewed it
    /// meanwhile, that one.
    pub(super) async fn renewed(&self, refused: &AccessToken) -> Result<AccessToken, CallError> {
        self.kept.token(Some(refused), || self.refresh()).await
    }

    /// Forgets `refused`, so that the next call logs in afresh.
    pub(super) async fn forget(&self, refused: &AccessToken) {
        self.kept.forget(refused).await;
    }

    /// The credentials that are used now.
    pub(super) fn credentials(&self) -> RwLockReadGuard<'_, Credentials> {
        self.credentials.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in credentials that were changed where they come from. True: they were.
    fn catch_up(&self) -> bool {
        let Some(read) = self.credentials().source.0.clone() else {
            return false;
        };
        let Some(fresh) = read() else { return false };
        let is_same = {
            let known = self.credentials();
            known.client_id == fresh.client_id
                && known.client_secret.expose_secret() == fresh.client_secret.expose_secret()
                && known.refresh_token.expose_secret() == fresh.refresh_token.expose_secret()
                && known.secret_made == fresh.secret_made
        };
        if is_same || fresh.check("").is_err() {
            return false;
        }
        tracing::info!("credentials were changed: the new ones are used from here on");
        let mut known = self.credentials.write().unwrap_or_else(PoisonError::into_inner);
        let source = known.source.clone();
        *known = Credentials { source, ..fresh };
        true
    }

    async fn refresh(&self) -> Result<(HeaderValue, Duration), CallError> {
        self.catch_up();
        match self.log_in().await {
            // Changed between the look and the answer.
            Err(CallError::Login { .. }) if self.catch_up() => self.log_in().await,
            other => other,
        }
    }

    async fn log_in(&self) -> Result<(HeaderValue, Duration), CallError> {
        let form = {
            let known = self.credentials();
            encoded(&[
                ("grant_type", "refresh_token"),
                ("refresh_token", known.refresh_token.expose_secret()),
                ("client_id", known.client_id.as_str()),
                ("client_secret", known.client_secret.expose_secret()),
            ])
        };
        let sent = self
            .http
            .post(self.address.clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded;charset=UTF-8")
            .body(form)
            .send()
            .await;
        let answer = body::answer(OPERATION, sent).await?;
        tracing::debug!(
            operation = OPERATION,
            status = answer.status,
            request_id = answer.request_id.as_deref()
        );
        granted(&answer)
    }
}

/// Reads the answer: the token as a header, and how long it lives.
pub(super) fn granted(answer: &Answer) -> Result<(HeaderValue, Duration), CallError> {
    if answer.is_success() {
        let granted: Granted = answer.read(OPERATION)?;
        let header = header(&granted.access_token)
            .ok_or_else(|| answer.garbled(OPERATION, "access_token is not a token"))?;
        return Ok((header, life(&granted.expires_in)));
    }
    Err(refusal(answer))
}

/// A token as a header that logs do not show.
pub(super) fn header(token: &str) -> Option<HeaderValue> {
    let mut header = HeaderValue::from_str(token)
        .ok()
        .filter(|header| !header.is_empty())?;
    header.set_sensitive(true);
    Some(header)
}

/// The life of a token by what its answer says (seconds).
pub(super) fn life(said: &super::wire::Digits) -> Duration {
    let life = said.whole().and_then(|life| u64::try_from(life).ok());
    Duration::from_secs(life.unwrap_or(UNSAID))
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
