//! A recording proxy: hands every request on to one server and keeps what was said on both sides.

use crate::model::Exchange;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A running proxy.
pub(crate) struct Proxy {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    heard: Arc<Mutex<Vec<Exchange>>>,
}

impl Proxy {
    /// Starts one before `server`.
    pub(crate) async fn start(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let heard = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let noted = Arc::clone(&noted);
                tokio::spawn(async move {
                    if let Some(exchange) = hand_on(client, server).await {
                        noted.lock().expect("no panic").push(exchange);
                    }
                });
            }
        });
        Self { address, heard }
    }

    /// What was said so far.
    pub(crate) fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut *self.heard.lock().expect("no panic"))
    }
}

/// One request and its answer; connections are closed after it.
async fn hand_on(mut client: TcpStream, server: SocketAddr) -> Option<Exchange> {
    let (line, headers, body) = read_request(&mut client).await?;
    let mut upstream = TcpStream::connect(server).await.ok()?;
    let kept = headers
        .iter()
        .filter(|(name, _)| *name != "connection" && *name != "accept-encoding")
        .map(|(name, value)| format!("{name}: {value}\r\n"));
    let request = format!("{line}\r\n{}connection: close\r\n\r\n", kept.collect::<String>());
    upstream.write_all(request.as_bytes()).await.ok()?;
    upstream.write_all(&body).await.ok()?;
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer).await.ok()?;
    let exchange = exchange(&line, headers, body, &answer);
    client.write_all(&answer).await.ok()?;
    client.shutdown().await.ok()?;
    exchange
}

async fn read_request(client: &mut TcpStream) -> Option<(String, HashMap<String, String>, Vec<u8>)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if client.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let top = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let (line, rest) = top.split_once("\r\n")?;
    let headers = headers(rest);
    let length = headers
        .get("content-length")
        .map_or(Some(0), |length| length.parse().ok())?;
    while bytes.len() < end + 4 + length {
        client.read_buf(&mut bytes).await.ok()?;
    }
    Some((line.to_owned(), headers, bytes[end + 4..].to_vec()))
}

fn headers(lines: &str) -> HashMap<String, String> {
    lines
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect()
}

fn exchange(line: &str, headers: HashMap<String, String>, body: Vec<u8>, answer: &[u8]) -> Option<Exchange> {
    let mut words = line.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let url = reqwest::Url::parse(&format!("http://server{target}")).ok()?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let top = std::str::from_utf8(&answer[..end]).ok()?;
    Some(Exchange {
        method: method.to_owned(),
        path: url.path().to_owned(),
        query: url.query_pairs().into_owned().collect(),
        headers,
        body,
        status: top.split(' ').nth(1)?.parse().ok()?,
        answer: unchunked(top, &answer[end + 4..])?,
    })
}

fn unchunked(top: &str, body: &[u8]) -> Option<Vec<u8>> {
    if !top.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        return Some(body.to_vec());
    }
    let mut whole = Vec::new();
    let mut rest = body;
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?, 16).ok()?;
        if length == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(rest.get(end + 2..end + 2 + length)?);
        rest = rest.get(end + 4 + length..)?;
    }
}
