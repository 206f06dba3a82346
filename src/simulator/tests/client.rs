//! The tests' own HTTP/1.1 client: one connection for each request, and everything that arrives before it
//! breaks.

use serde_json::Value;
use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A request in the making.
pub(super) struct Call {
    addr: SocketAddr,
    line: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Call {
    pub(super) fn new(addr: SocketAddr, method: &str, path: &str) -> Self {
        let headers = [
            ("host", addr.to_string()),
            ("connection", "close".to_owned()),
            ("user-agent", "tests/1 (Language=Rust)".to_owned()),
        ];
        Self {
            addr,
            line: format!("{method} {path} HTTP/1.1\r\n"),
            headers: headers.map(|(name, value)| (name.to_owned(), value)).into(),
            body: Vec::new(),
        }
    }

    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_lowercase(), value.to_owned());
        self
    }

    pub(super) fn body(mut self, body: Vec<u8>) -> Self {
        self.body = body;
        let length = self.body.len().to_string();
        self.header("content-length", &length)
    }

    pub(super) fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json")
            .body(body.to_string().into_bytes())
    }

    /// All bytes of the answer, and the error that ended it, if one did.
    async fn send(self) -> io::Result<(Vec<u8>, Option<io::Error>)> {
        let mut stream = TcpStream::connect(self.addr).await?;
        let mut out = self.line.into_bytes();
        for (name, value) in &self.headers {
            out.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&self.body);
        stream.write_all(&out).await?;
        let mut bytes = Vec::new();
        let end = stream.read_to_end(&mut bytes).await.err();
        Ok((bytes, end))
    }

    /// What arrived of the body, whole or not.
    pub(super) async fn arrived(self) -> Vec<u8> {
        let (bytes, _) = self.send().await.unwrap();
        bytes[head_length(&bytes).unwrap()..].to_vec()
    }
}

/// An answer, read.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    /// Names in lower case.
    pub(super) headers: BTreeMap<String, String>,
    /// `Null` where it is not JSON.
    pub(super) body: Value,
}

impl Reply {
    pub(super) fn code(&self) -> &str {
        self.body["errors"][0]["code"].as_str().unwrap_or("")
    }

    pub(super) fn message(&self) -> String {
        let error = &self.body["errors"][0];
        let part = |name: &str| error[name].as_str().unwrap_or("");
        format!("{} {}", part("message"), part("details"))
    }
}

fn head_length(bytes: &[u8]) -> Option<usize> {
    bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .map(|at| at + 4)
}

/// Sends a request and reads its whole answer; a broken one is an error.
pub(super) async fn read(call: Call) -> io::Result<Reply> {
    let (bytes, end) = call.send().await?;
    if let Some(error) = end {
        return Err(error);
    }
    let head_length = head_length(&bytes).ok_or(io::ErrorKind::UnexpectedEof)?;
    let head = String::from_utf8_lossy(&bytes[..head_length]).into_owned();
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|status| status.parse().ok());
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let body = &bytes[head_length..];
    let length = headers
        .get("content-length")
        .and_then(|length| length.parse::<usize>().ok());
    // No content has no length either.
    if length != Some(body.len()) && !head.starts_with("HTTP/1.1 204") {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Reply {
        status: status.ok_or(io::ErrorKind::InvalidData)?,
        headers,
        body: serde_json::from_slice(body).unwrap_or(Value::Null),
    })
}
