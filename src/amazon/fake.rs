//! A raw TCP server for this room's tests: says exactly the bytes that it is told to, or hangs up.

use super::{Buckets, Credentials, Patience, SellerClient};
use crate::clock::{Clock, ManualClock};
use crate::domain::ids::StoreId;
use crate::domain::seller::{CarrierAccount, Region, ShipFrom, StoreProfile};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One request as it was heard.
#[derive(Debug, Clone, Default)]
pub(super) struct Heard {
    /// `POST /shipping/v2/shipments`.
    pub(super) line: String,
    /// Names in lower case.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Heard {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(heard, _)| heard == name)
            .map(|(_, value)| value.as_str())
    }

    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn is_login(&self) -> bool {
        self.line.starts_with("POST /auth/o2/token")
    }
}

/// What the server does.
pub(super) enum Play {
    /// Writes these bytes and closes.
    Say(Vec<u8>),
    /// Reads the request, then resets the connection.
    Reset,
    /// Never answers.
    Hang,
}

pub(super) struct Fake {
    pub(super) address: SocketAddr,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl Fake {
    /// Starts; logins are granted unless `play` is asked for them with `logins`.
    pub(super) async fn start(play: impl Fn(&Heard) -> Play + Send + Sync + 'static) -> Self {
        Self::with_logins(move |heard| {
            if heard.is_login() {
                Play::Say(json(
                    200,
                    r#"{"access_token":"Atza|one","token_type":"bearer","expires_in":3600}"#,
                ))
            } else {
                play(heard)
            }
        })
        .await
    }

    /// Starts; `play` answers logins too.
    pub(super) async fn with_logins(play: impl Fn(&Heard) -> Play + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&heard);
        let play = Arc::new(play);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (play, noted) = (Arc::clone(&play), Arc::clone(&noted));
                tokio::spawn(async move { serve(stream, &*play, &noted).await });
            }
        });
        Self { address, heard }
    }

    /// A server that resets every connection at once, without reading.
    pub(super) async fn resetting() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_zero_linger().unwrap();
            }
        });
        Self {
            address,
            heard: Arc::default(),
        }
    }

    pub(super) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Requests besides logins.
    pub(super) fn heard(&self) -> Vec<Heard> {
        let heard = self.heard.lock().unwrap();
        heard.iter().filter(|heard| !heard.is_login()).cloned().collect()
    }

    /// Logins.
    pub(super) fn logins(&self) -> Vec<Heard> {
        let heard = self.heard.lock().unwrap();
        heard.iter().filter(|heard| heard.is_login()).cloned().collect()
    }
}

async fn serve(
    mut stream: TcpStream,
    play: &(dyn Fn(&Heard) -> Play + Send + Sync),
    noted: &Mutex<Vec<Heard>>,
) {
    let Some(heard) = hear(&mut stream).await else {
        return;
    };
    noted.lock().unwrap().push(heard.clone());
    match play(&heard) {
        Play::Say(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
            // Waits for the other side, so that closing never turns into a reset that eats what was said.
            let _ = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut [0; 64])).await;
        }
        Play::Reset => stream.set_zero_linger().unwrap(),
        Play::Hang => std::future::pending().await,
    }
}

async fn hear(stream: &mut TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let top = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = top.lines();
    let mut heard = Heard {
        line: lines.next()?.trim_end_matches(" HTTP/1.1").to_owned(),
        ..Heard::default()
    };
    for line in lines.filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').unwrap();
        heard
            .headers
            .push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = heard
        .header("content-length")
        .map_or(0, |length| length.parse().unwrap());
    while bytes.len() < end + length {
        stream.read_buf(&mut bytes).await.ok()?;
    }
    heard.body = bytes[end..].to_vec();
    Some(heard)
}

/// A whole answer in JSON with a request id.
pub(super) fn json(status: u16, body: &str) -> Vec<u8> {
    with_headers(
        status,
        "x-amzn-RequestId: request-1\r\ncontent-type: application/json\r\n",
        body.as_bytes(),
    )
}

/// A whole answer with these headers (each ends in CR LF).
pub(super) fn with_headers(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "HTTP/1.1 {status} Whatever\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

pub(super) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new("2026-11-21T12:00:00Z".parse().unwrap()))
}

pub(super) fn profile(base: &str) -> StoreProfile {
    StoreProfile {
        id: StoreId::from("us"),
        kind: crate::domain::order::Origin::Amazon,
        name: "Shop".to_owned(),
        region: Region::Na,
        marketplace: "ATVPDKIKX0DER".to_owned(),
        ship_from: ShipFrom {
            name: "Packing House".to_owned(),
            line1: "1 Dock Road".to_owned(),
            line2: String::new(),
            city: "Columbus".to_owned(),
            state: "OH".to_owned(),
            postal_code: "43004".to_owned(),
            country: "US".to_owned(),
            phone: "6145550100".to_owned(),
            email: String::new(),
            zone: "America/New_York".to_owned(),
        },
        amazon_base: Some(base.to_owned()),
        login_base: Some(base.to_owned()),
        account: CarrierAccount::default(),
    }
}

pub(super) fn credentials() -> Credentials {
    Credentials {
        client_id: "amzn1.application-oa2-client.one".to_owned(),
        client_secret: "secret-one".into(),
        refresh_token: "Atzr|one".into(),
        secret_made: None,
        source: super::CredentialSource::default(),
    }
}

/// A client of `profile` with full buckets and short time-outs.
pub(super) fn client_of(profile: &StoreProfile, clock: Arc<ManualClock>) -> SellerClient {
    client_with(profile, credentials(), clock)
}

/// The same with credentials of its own.
pub(super) fn client_with(
    profile: &StoreProfile,
    credentials: Credentials,
    clock: Arc<ManualClock>,
) -> SellerClient {
    let clock: Arc<dyn Clock> = clock;
    let buckets = Arc::new(Buckets::full(Arc::clone(&clock)));
    let patience = Patience {
        connect: Duration::from_secs(2),
        whole: Duration::from_secs(5),
        bucket: Duration::from_millis(10),
    };
    SellerClient::with_patience(profile, credentials, clock, buckets, patience).unwrap()
}

pub(super) fn client(fake: &Fake) -> SellerClient {
    client_of(&profile(&fake.base()), clock())
}
