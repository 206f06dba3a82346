//! Answers as bytes: read up to a limit, then parsed with context that never quotes the answer.

use super::errors::CallError;
use super::wire::Text;
use crate::domain::intent::AmazonError;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde::Deserialize;
use serde_json::error::Category;
use std::time::Duration;

/// Most bytes of an answer, after decompression. A page of 100 orders has about 1 MiB, a joined PDF label less
/// than that.
pub(super) const LARGEST: usize = 8 * 1024 * 1024;

/// Most characters of a place in an answer that an error names.
const LONGEST_PLACE: usize = 100;

/// An answer that came whole.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) request_id: Option<String>,
    pub(super) rate: Option<String>,
    pub(super) retry_after: Option<Duration>,
    pub(super) bytes: Vec<u8>,
}

/// What of an answer's body arrived, and why no more.
pub(super) struct Received {
    pub(super) bytes: Vec<u8>,
    pub(super) trouble: Option<String>,
}

impl Answer {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Parses the body; an error names the place, never the text.
    pub(super) fn read<'a, T: Deserialize<'a>>(&'a self, operation: &'static str) -> Result<T, CallError> {
        read(&self.bytes).map_err(|why| self.garbled(operation, &why))
    }

    pub(super) fn garbled(&self, operation: &'static str, why: &str) -> CallError {
        CallError::Garbled {
            operation,
            why: format!("status {}, {why}", self.status),
            request_id: self.request_id.clone(),
        }
    }

    /// The answer as Amazon's error. `amazon_shaped` only with its JSON shape and a request id.
    pub(super) fn error(&self) -> AmazonError {
        error(self.status, self.request_id.as_deref(), &self.bytes)
    }
}

/// See [`Answer::error`].
pub(super) fn error(status: u16, request_id: Option<&str>, bytes: &[u8]) -> AmazonError {
    let first = read::<ErrorList>(bytes)
        .ok()
        .and_then(|list| list.errors.into_iter().next());
    let shaped = first.as_ref().is_some_and(|error| !error.code.0.is_empty());
    let (code, message) = first.map_or_else(Default::default, |error| (error.code.0, error.message.0));
    AmazonError {
        status,
        code,
        message,
        amazon_shaped: shaped && request_id.is_some(),
        request_id: request_id.map(str::to_owned),
    }
}

#[derive(Deserialize)]
struct ErrorList {
    errors: Vec<ErrorItem>,
}

#[derive(Deserialize)]
struct ErrorItem {
    code: Text,
    #[serde(default)]
    message: Text,
}

/// Parses JSON; the error says where and what kind, and repeats nothing of the text.
pub(super) fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, String> {
    let text =
        std::str::from_utf8(bytes).map_err(|error| format!("not UTF-8 from byte {}", error.valid_up_to()))?;
    let mut json = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        // A name in the answer is the answer's text, too: only what Amazon's own names are made of is repeated.
        let plain = |sign: &char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '[' | ']' | '_');
        let path = error.path().to_string();
        let path: String = path.chars().filter(plain).take(LONGEST_PLACE).collect();
        let place = if path == "." {
            String::new()
        } else {
            format!(" at {path}")
        };
        explain(error.inner(), &place, text.is_empty())
    })?;
    json.end()
        .map_err(|error| explain(&error, " after its end", false))?;
    Ok(value)
}

fn explain(error: &serde_json::Error, place: &str, empty: bool) -> String {
    let what = match error.classify() {
        _ if empty => return "empty".to_owned(),
        Category::Eof => "cut off",
        Category::Syntax => "not JSON",
        Category::Data => "not of the shape that Amazon's model has",
        Category::Io => "not readable",
    };
    format!("{what}{place}, line {} column {}", error.line(), error.column())
}

/// What the headers say that matters.
pub(super) struct Head {
    pub(super) status: u16,
    pub(super) request_id: Option<String>,
    pub(super) rate: Option<String>,
    pub(super) retry_after: Option<Duration>,
}

/// Reads the headers.
pub(super) fn head(response: &reqwest::Response) -> Head {
    let headers = response.headers();
    let retry_after = text(headers, RETRY_AFTER.as_str())
        .and_then(|seconds| seconds.trim().parse().ok())
        .map(|seconds: u64| Duration::from_secs(seconds.min(3600)));
    Head {
        status: response.status().as_u16(),
        request_id: text(headers, "x-amzn-requestid").filter(|id| !id.is_empty()),
        rate: text(headers, "x-amzn-ratelimit-limit"),
        retry_after,
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let text = headers.get(name)?.to_str().ok()?;
    Some(text.chars().filter(char::is_ascii_graphic).take(200).collect())
}

/// Reads a body up to the limit and keeps what came before a failure.
pub(super) async fn receive(mut response: reqwest::Response) -> Received {
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if bytes.len() + chunk.len() > LARGEST => {
                let room = LARGEST - bytes.len();
                bytes.extend_from_slice(&chunk[..room]);
                return Received {
                    bytes,
                    trouble: Some(format!("larger than {} MiB", LARGEST / 1024 / 1024)),
                };
            }
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => return Received { bytes, trouble: None },
            Err(error) => {
                return Received {
                    bytes,
                    trouble: Some(why(&error)),
                };
            }
        }
    }
}

/// Takes the outcome of a sending that may be made again: a whole answer, or why there is none.
pub(super) async fn answer(
    operation: &'static str,
    sent: reqwest::Result<reqwest::Response>,
) -> Result<Answer, CallError> {
    let response = sent.map_err(|error| CallError::Unreachable {
        operation,
        why: why(&error),
        request_id: None,
    })?;
    let Head {
        status,
        request_id,
        rate,
        retry_after,
    } = head(&response);
    let Received { bytes, trouble } = receive(response).await;
    if let Some(why) = trouble {
        return Err(CallError::Garbled {
            operation,
            why: format!("status {status}, after {} bytes: {why}", bytes.len()),
            request_id,
        });
    }
    Ok(Answer {
        status,
        request_id,
        rate,
        retry_after,
        bytes,
    })
}

/// An error of the HTTP machinery in words, without addresses (a query holds tokens).
pub(super) fn why(error: &reqwest::Error) -> String {
    let kind = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else if error.is_decode() {
        "the answer cannot be unpacked"
    } else {
        "the connection broke"
    };
    let mut source: Option<&dyn std::error::Error> = std::error::Error::source(error);
    let mut root = None;
    while let Some(inner) = source {
        if inner.is::<std::io::Error>() && inner.to_string().contains("certificate") {
            return format!(
                "{kind}: {inner}: look at this machine's clock, and at what the network puts before Amazon (a login page, \
                 a proxy)"
            );
        }
        root = Some(inner);
        source = inner.source();
    }
    match root.and_then(|root| root.downcast_ref::<std::io::Error>()) {
        Some(io) => format!("{kind}: {}", io.kind()),
        None => kind.to_owned(),
    }
}

#[cfg(test)]
mod tests;
