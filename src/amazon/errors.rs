//! Why a call or a set-up failed, in words, and what to do now. Never with customer data.

use crate::domain::intent::AmazonError;
use std::time::Duration;

/// Why a call to Amazon brought no answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Amazon could not be reached, or fails on its side (5xx): the same call may be made again later.
    #[error("Amazon cannot be reached ({operation}: {why}): work goes on, this is tried again")]
    Unreachable {
        /// Operation, e.g. `getRates`.
        operation: &'static str,
        /// In words.
        why: String,
        /// `x-amzn-RequestId`, where there was an answer.
        request_id: Option<String>,
    },
    /// Amazon's limit for this operation is used up: the same call may be made after `wait`.
    #[error("Amazon's limit for {operation} is used up: again in {} s", wait.as_secs().max(1))]
    Throttled {
        /// Operation.
        operation: &'static str,
        /// Not again before.
        wait: Duration,
    },
    /// Amazon refused the call: it must not be made again unchanged.
    #[error("Amazon refused {operation}: {}", words(error))]
    Refused {
        /// Operation.
        operation: &'static str,
        /// Amazon's own error.
        error: AmazonError,
    },
    /// Login with Amazon refused the credentials.
    #[error("Login with Amazon refused ({code}): {}", login_hint(code))]
    Login {
        /// `invalid_grant`, `invalid_client`, …
        code: String,
    },
    /// The answer is not what Amazon's model says: not JSON, cut off, not UTF-8, too large, or of another shape.
    #[error("Amazon's answer to {operation} cannot be read ({why}){}", request(request_id.as_deref()))]
    Garbled {
        /// Operation.
        operation: &'static str,
        /// Where and what, without the answer's text.
        why: String,
        /// `x-amzn-RequestId`, for support.
        request_id: Option<String>,
    },
}

impl CallError {
    /// Amazon is absent or fails: packing goes on and what waits, waits.
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Self::Unreachable { .. })
    }

    /// How long to wait, where Amazon's limit is used up.
    pub fn wait(&self) -> Option<Duration> {
        match self {
            Self::Throttled { wait, .. } => Some(*wait),
            _ => None,
        }
    }

    /// The id that Amazon's support asks for.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Unreachable { request_id, .. } | Self::Garbled { request_id, .. } => request_id.as_deref(),
            Self::Refused { error, .. } => error.request_id.as_deref(),
            Self::Throttled { .. } | Self::Login { .. } => None,
        }
    }
}

fn words(error: &AmazonError) -> String {
    let mut text = match (error.code.is_empty(), error.message.is_empty()) {
        (true, true) => format!("status {}", error.status),
        (true, false) => error.message.clone(),
        (false, true) => error.code.clone(),
        (false, false) => format!("{} ({})", error.message, error.code),
    };
    if error.is_of_the_application() {
        text.push_str("; check that the application has the role Direct-to-Consumer Shipping, that it was authorised again after the role was added, and the store's region");
    } else if let Some(advice) = error.advice() {
        text.push_str("; now: ");
        text.push_str(advice);
    }
    text.push_str(&request(error.request_id.as_deref()));
    text
}

fn request(id: Option<&str>) -> String {
    id.map_or_else(String::new, |id| format!(" [request {id}]"))
}

fn login_hint(code: &str) -> &'static str {
    match code {
        "invalid_grant" => {
            "the refresh token is not valid any more, authorise the application again in Seller Central"
        }
        "invalid_client" | "unauthorized_client" => {
            "client id or secret is wrong or was rotated, put the new secret in the credentials file"
        }
        "access_denied" => "the seller has withdrawn the authorisation",
        _ => "check client id, client secret and refresh token of this store",
    }
}

/// Why a store's client cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// A base address is not one that may be used.
    #[error("store {store}: {what} {address:?} {why}")]
    Address {
        /// Store.
        store: String,
        /// Which address.
        what: &'static str,
        /// As configured.
        address: String,
        /// Why not.
        why: &'static str,
    },
    /// A credential holds something that no header or form can carry.
    #[error("store {store}: {what} is empty or holds characters that a credential cannot have")]
    Credential {
        /// Store.
        store: String,
        /// Which one.
        what: &'static str,
    },
    /// The TLS or HTTP machinery could not be made.
    #[error(
        "store {store}: the HTTPS client cannot be made ({why}): install the system's CA certificates (package ca-certificates)"
    )]
    Client {
        /// Store.
        store: String,
        /// Why.
        why: String,
    },
}
