//! One seller's client: set-up, headers, and the one way in which reads are made. What spends goes through
//! [`super::spend`], over an HTTP client of its own.

use super::auth::{AccessToken, Credentials, Kept, Login};
use super::body::{self, Answer};
use super::errors::{CallError, SetupError};
use super::limits::{Buckets, Operation};
use super::{agent, places};
use crate::clock::Clock;
use crate::domain::bucket::Haste;
use crate::domain::seller::{ShipFrom, StoreProfile};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use reqwest::{Client, Method, Url};
use secrecy::ExposeSecret as _;
use std::sync::Arc;
use std::time::Duration;

pub(super) const ACCESS_TOKEN: HeaderName = HeaderName::from_static("x-amz-access-token");
const BUSINESS_ID: HeaderName = HeaderName::from_static("x-amzn-shipping-business-id");

/// Longest connecting before a purchase or a void; with the longest login it keeps to the 5 s of
/// PURCHASING.md 3.3. A connection that fails means that nothing was sent, so giving up early costs nothing.
const LONGEST_CONNECT: Duration = Duration::from_secs(4);

/// How long things may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Name, connection and TLS. Before a purchase or a void at most 4 s, whatever is set here.
    pub connect: Duration,
    /// A whole call, from the connection to the last byte.
    pub whole: Duration,
    /// Longest wait for a token of a bucket before a read gives up with [`CallError::Throttled`].
    pub bucket: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            whole: Duration::from_mins(1),
            bucket: Duration::from_secs(5),
        }
    }
}

/// Asks Amazon for one connected shop. Clones share login, buckets and connections.
#[derive(Clone)]
pub struct SellerClient {
    pub(super) profile: StoreProfile,
    pub(super) base: Url,
    pub(super) login: Arc<Login>,
    /// The token for Merchant Fulfillment's restricted operations, made when the first of them is wanted.
    pub(super) restricted: Arc<Kept>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) buckets: Arc<Buckets>,
    pub(super) patience: Patience,
    /// In which line of the buckets its calls stand.
    pub(super) haste: Haste,
    /// For reads.
    http: Client,
    /// For what spends: no retries, no redirects, HTTP/1, short-lived connections, no compression.
    pub(super) spending: Client,
    business_id: HeaderValue,
}

impl SellerClient {
    /// A client for the shop. Nothing is sent yet.
    pub fn new(
        profile: &StoreProfile,
        credentials: Credentials,
        clock: Arc<dyn Clock>,
        buckets: Arc<Buckets>,
    ) -> Result<Self, SetupError> {
        Self::with_patience(profile, credentials, clock, buckets, Patience::default())
    }

    /// Likewise, with time-outs of one's own.
    pub fn with_patience(
        profile: &StoreProfile,
        credentials: Credentials,
        clock: Arc<dyn Clock>,
        buckets: Arc<Buckets>,
        patience: Patience,
    ) -> Result<Self, SetupError> {
        let store = profile.id.as_str();
        credentials.check(store)?;
        let amazon = profile
            .amazon_base
            .as_deref()
            .unwrap_or_else(|| places::host(profile.region));
        let base = places::base(store, "amazon_base", amazon)?;
        let login_base = profile.login_base.as_deref().unwrap_or(places::LOGIN);
        let login_base = places::base(store, "login_base", login_base)?;
        let unmakeable = |error: reqwest::Error| SetupError::Client {
            store: store.to_owned(),
            why: root(&error).to_string(),
        };
        let http = reads(&base, patience).map_err(unmakeable)?;
        let spending = spends(&base, patience).map_err(unmakeable)?;
        let login_http = if base.scheme() == login_base.scheme()
            && places::is_loopback(&base) == places::is_loopback(&login_base)
        {
            http.clone()
        } else {
            reads(&login_base, patience).map_err(unmakeable)?
        };
        Ok(Self {
            login: Arc::new(Login::new(
                credentials,
                &login_base,
                login_http,
                Arc::clone(&clock),
            )),
            restricted: Arc::new(Kept::new(Arc::clone(&clock))),
            profile: profile.clone(),
            base,
            clock,
            buckets,
            patience,
            haste: Haste::Bench,
            http,
            spending,
            business_id: HeaderValue::from_static(places::business_id(&profile.marketplace, profile.region)),
        })
    }

    /// The same client for calls that nobody stands before: each of its calls lets those of the bench go first.
    #[must_use]
    pub fn in_bulk(&self) -> Self {
        Self {
            haste: Haste::Bulk,
            ..self.clone()
        }
    }

    /// The shop that this client asks for.
    pub fn store(&self) -> &crate::domain::ids::StoreId {
        &self.profile.id
    }

    /// Where the shop's orders are placed.
    pub fn origin(&self) -> crate::domain::order::Origin {
        self.profile.kind
    }

    /// Where its boxes leave from.
    pub fn ship_from(&self) -> &ShipFrom {
        &self.profile.ship_from
    }

    /// The marketplace of its seller account.
    pub fn marketplace(&self) -> &str {
        &self.profile.marketplace
    }

    /// What `read` makes of the client secret that is used now.
    pub fn with_secret<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        read(self.login.credentials().client_secret.expose_secret())
    }

    /// When the client secret was made, where its owner says it.
    pub fn secret_made(&self) -> Option<chrono::DateTime<chrono::Utc>> {
        self.login.credentials().secret_made
    }

    /// Logs in and asks nothing else: shows that the credentials are right.
    pub async fn log_in(&self) -> Result<(), CallError> {
        self.login.token().await.map(drop)
    }

    /// Headers of a call besides the token.
    pub(super) fn headers(&self, operation: Operation) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if operation.is_shipping() {
            headers.insert(BUSINESS_ID, self.business_id.clone());
        }
        headers
    }

    /// Makes one call that costs nothing and is not restricted: waits for its bucket, sends it, and once again with a fresh token
    /// where Amazon answers 401 or 403.
    pub(super) async fn ask(
        &self,
        operation: Operation,
        method: Method,
        url: Url,
        body: Option<Vec<u8>>,
    ) -> Result<Answer, CallError> {
        let token = self.login.token().await?;
        let answer = self
            .ask_with(&token, operation, method.clone(), url.clone(), body.clone())
            .await?;
        let answer = if matches!(answer.status, 401 | 403) {
            let token = self.login.renewed(&token).await?;
            self.ask_with(&token, operation, method, url, body).await?
        } else {
            answer
        };
        self.judge(operation, answer)
    }

    pub(super) async fn ask_with(
        &self,
        token: &AccessToken,
        operation: Operation,
        method: Method,
        url: Url,
        body: Option<Vec<u8>>,
    ) -> Result<Answer, CallError> {
        self.buckets
            .take(&self.profile.id, operation, self.haste, self.patience.bucket)
            .await?;
        let mut request = self
            .http
            .request(method, url)
            .headers(self.headers(operation))
            .header(ACCESS_TOKEN, token.header.clone());
        if let Some(body) = body {
            request = request.body(body);
        }
        let answer = body::answer(operation.name(), request.send().await)
            .await
            .inspect_err(|error| self.log(operation, None, error.request_id()))?;
        self.log(operation, Some(answer.status), answer.request_id.as_deref());
        if let Some(rate) = &answer.rate {
            self.buckets.follow(&self.profile.id, operation, rate);
        }
        Ok(answer)
    }

    pub(super) fn judge(&self, operation: Operation, answer: Answer) -> Result<Answer, CallError> {
        match answer.status {
            200..300 => Ok(answer),
            429 => Err(CallError::Throttled {
                operation: operation.name(),
                wait: self
                    .buckets
                    .drain(&self.profile.id, operation, answer.retry_after),
            }),
            500.. => {
                let error = answer.error();
                Err(CallError::Unreachable {
                    operation: operation.name(),
                    why: format!("it failed with status {} {}", error.status, error.code)
                        .trim_end()
                        .to_owned(),
                    request_id: error.request_id,
                })
            }
            400..500 => Err(CallError::Refused {
                operation: operation.name(),
                error: answer.error(),
            }),
            _ => Err(answer.garbled(operation.name(), "neither an answer nor an error")),
        }
    }

    /// Names and ids only: bodies and addresses hold customer data.
    pub(super) fn log(&self, operation: Operation, status: Option<u16>, request_id: Option<&str>) {
        tracing::info!(
            store = self.profile.id.as_str(),
            operation = operation.name(),
            status,
            request_id,
            "asked Amazon"
        );
    }
}

impl std::fmt::Debug for SellerClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SellerClient")
            .field("store", &self.profile.id)
            .finish_non_exhaustive()
    }
}

fn common(base: &Url, patience: Patience) -> reqwest::ClientBuilder {
    let mut headers = HeaderMap::new();
    let agent = HeaderValue::from_str(&agent::own()).expect("printable ASCII only");
    headers.insert(USER_AGENT, agent);
    let builder = Client::builder()
        .default_headers(headers)
        .connect_timeout(patience.connect)
        .timeout(patience.whole)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false);
    let builder = if places::is_loopback(base) {
        builder.no_proxy()
    } else {
        builder.https_only(true)
    };
    if base.scheme() == "http" {
        // Without TLS the machine's certificates are not looked for: the demo runs where there are none.
        builder.tls_certs_only([])
    } else {
        builder
    }
}

/// The innermost cause: the outer ones say only that something failed.
fn root(error: &reqwest::Error) -> &dyn std::error::Error {
    let mut root: &dyn std::error::Error = error;
    while let Some(source) = root.source() {
        root = source;
    }
    root
}

fn reads(base: &Url, patience: Patience) -> reqwest::Result<Client> {
    common(base, patience).gzip(true).build()
}

fn spends(base: &Url, patience: Patience) -> reqwest::Result<Client> {
    // What is written down as asked goes out within 5 s or not at all (PURCHASING.md 3.3).
    let connect = patience.connect.min(LONGEST_CONNECT);
    common(base, patience)
        .connect_timeout(connect)
        .http1_only()
        .pool_idle_timeout(Duration::from_secs(5))
        .no_gzip()
        .build()
}

/// The address below `base`, each part escaped.
pub(super) fn path(base: &Url, parts: &[&str]) -> Url {
    let mut url = base.clone();
    url.path_segments_mut()
        .expect("http and https addresses have paths")
        .pop_if_empty()
        .extend(parts);
    url
}

#[cfg(test)]
mod tests;
