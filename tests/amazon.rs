//! The client against the simulator over real HTTP, with everything on the line that can go wrong.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

#[path = "support/bench.rs"]
mod bench;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bench::{now, request};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tapegun::amazon::{CallError, Operation, SellerClient};
use tapegun::clock::SystemClock;
use tapegun::domain::choice::{Rules, judge_all};
use tapegun::domain::ids::{IntentId, OrderNumber};
use tapegun::domain::intent::{BoughtAnswer, VoidWire, WireAnswer};
use tapegun::domain::order::{ChannelOrder, ChannelStatus};
use tapegun::domain::rate::Confirmation;
use tapegun::domain::sealed::RequestBytes;
use tapegun::domain::seller::DocumentFormat;
use tapegun::simulator::{Fault, FaultKind, OrderChange, Running, Simulator, SimulatorConfig, demo};
use tokio::io::AsyncReadExt as _;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

const REFERENCE: &str = "1-1";
/// A certificate for `localhost` that vouches for itself, made for this test alone.
const CERTIFICATE: &str = "\
    MIIBnDCCAUGgAwIBAgIUZM8zK1z4NvSvODwrQC6QyknV/0UwCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2\
    MTEyOTE1MDk1OVoYDzIxMjYxMTA1MTUwOTU5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC\
    AAQxFx/uDGzZRTp9axrUqkG2YwTm6jrA2niSb6XuFM9dMxKWZ+Un3gPJKMs82UgH9RLBYNEadEplph+OgmJjC99to28wbTAdBgNV\
    HQ4EFgQUvxWsqMn/a5RQ+VOPIuAoVz+NAaMwHwYDVR0jBBgwFoAUvxWsqMn/a5RQ+VOPIuAoVz+NAaMwDwYDVR0TAQH/BAUwAwEB\
    /zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZIzj0EAwIDSQAwRgIhAJrlmIelC9SnCBsi7qv5Ia6qpnkj0zX11vck\
    DnQUPhotAiEA2b6LV7/A2DVgfCfhJEhO9xMbnOb+1dxDRldK9SqWauw=";
/// Its key, PKCS #8.
const ITS_KEY: &str = "\
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQ9RiTPXfma8VE+61dsyhLyQAKhSTM5NVclND8Ynj/1ShRANCAAQx\
    Fx/uDGzZRTp9axrUqkG2YwTm6jrA2niSb6XuFM9dMxKWZ+Un3gPJKMs82UgH9RLBYNEadEplph+OgmJjC99t";

/// A simulator, a client, an open order, and the body that buys a label for it.
struct Desk {
    simulator: Running,
    client: SellerClient,
    order: ChannelOrder,
    body: RequestBytes,
}

fn amazon() -> (Running, SellerClient) {
    let simulator = Simulator::start(SimulatorConfig::demo(Arc::new(SystemClock::new()))).unwrap();
    let client = bench::client(
        &simulator.base_url(),
        demo::CLIENT_ID,
        demo::CLIENT_SECRET,
        demo::REFRESH_TOKEN_FIRST,
    );
    (simulator, client)
}

async fn open_order(client: &SellerClient) -> ChannelOrder {
    let page = client
        .search_orders(now() - chrono::TimeDelta::days(30), None)
        .await
        .unwrap();
    let plain = |order: &ChannelOrder| {
        order.status == ChannelStatus::Unshipped
            && order.confirmation_floor.is_none()
            && order.lines.iter().all(|line| !line.transparency)
    };
    page.orders
        .into_iter()
        .map(|order| order.channel)
        .find(plain)
        .unwrap()
}

async fn body(client: &SellerClient, order: &ChannelOrder) -> RequestBytes {
    let quote = client
        .get_rates(&request(order, 1, &[]), &order.number)
        .await
        .unwrap();
    let rules = Rules::of(order, Confirmation::DeliveryConfirmation, &[DocumentFormat::Zpl]).unwrap();
    let judged = judge_all(&quote.rates, &rules);
    let choice = judged
        .into_iter()
        .find_map(|(_, judgement)| judgement.choice)
        .unwrap();
    client.purchase_body(&choice, &quote.request_token)
}

impl Desk {
    async fn new() -> Self {
        let (simulator, client) = amazon();
        let order = open_order(&client).await;
        let body = body(&client, &order).await;
        Self {
            simulator,
            client,
            order,
            body,
        }
    }

    async fn buy(&self, key: IntentId) -> WireAnswer {
        self.client.purchase(&self.body, key, REFERENCE).await
    }

    async fn buy_with(&self, kind: FaultKind) -> (IntentId, WireAnswer) {
        self.simulator
            .fault(Fault::new("purchaseShipment", kind).times(1));
        let key = key();
        let answer = self.buy(key).await;
        assert_eq!(self.requests(key), 1, "sent exactly once");
        (key, answer)
    }

    /// Purchases that came over the wire under this key.
    fn requests(&self, key: IntentId) -> u64 {
        let ledger = self.simulator.ledger();
        ledger
            .purchase_requests_by_key
            .get(&key.to_string())
            .copied()
            .unwrap_or(0)
    }

    fn live(&self) -> usize {
        self.simulator.ledger().live(self.order.number.as_str()).len()
    }
}

fn key() -> IntentId {
    IntentId(uuid::Uuid::now_v7())
}

fn bought(answer: WireAnswer) -> BoughtAnswer {
    match answer {
        WireAnswer::Bought(bought) => *bought,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_label_from_quote_to_void() {
    let desk = Desk::new().await;
    let key = key();
    let first = bought(desk.buy(key).await);
    assert_eq!(first.trouble, None);
    assert_eq!(first.documents[0].kind, "LABEL");
    assert!(first.request_id.is_some() && first.promise.is_some());
    let again = bought(desk.buy(key).await);
    assert_eq!(
        again.shipment, first.shipment,
        "the same key brings the same shipment"
    );
    assert_eq!((desk.live(), desk.requests(key)), (1, 2));
    let order = desk.client.get_order(&desk.order.number).await.unwrap().channel;
    assert_eq!(order.status, ChannelStatus::Shipped);
    assert_eq!(order.packages[0].tracking, first.tracking);
    let documents = desk.client.documents(&first.shipment, REFERENCE).await.unwrap();
    assert_eq!(documents.documents, first.documents);
    assert!(matches!(
        desk.client.cancel(&first.shipment).await,
        VoidWire::Accepted { .. }
    ));
    assert_eq!(desk.live(), 0);
}

#[tokio::test]
async fn a_label_bought_without_an_answer_is_found_again_under_its_key() {
    for kind in [
        FaultKind::ResetAfter,
        FaultKind::Html,
        FaultKind::CutAt { byte: 0 },
        FaultKind::CutAt { byte: 20 },
    ] {
        let desk = Desk::new().await;
        let (key, answer) = desk.buy_with(kind.clone()).await;
        assert!(matches!(answer, WireAnswer::Lost { .. }), "{kind:?}: {answer:?}");
        assert_eq!(desk.live(), 1, "{kind:?}: it was bought");
        let found = bought(desk.buy(key).await);
        assert_eq!(found.trouble, None);
        assert_eq!(desk.live(), 1, "and only once");
    }
}

#[tokio::test]
async fn a_cut_answer_keeps_the_shipment_and_the_document_is_fetched_again() {
    let desk = Desk::new().await;
    let (_, answer) = desk.buy_with(FaultKind::CutAfterShipmentId).await;
    let cut = bought(answer);
    assert!(cut.documents.is_empty() && cut.trouble.is_some());
    let whole = desk.client.documents(&cut.shipment, REFERENCE).await.unwrap();
    assert_eq!(whole.trouble, None);
    assert!(whole.tracking.is_some());
    assert_eq!(desk.live(), 1);
}

#[tokio::test]
async fn answers_in_no_language_are_lost_or_keep_what_they_name() {
    for kind in [FaultKind::NotJson, FaultKind::NotUtf8] {
        let desk = Desk::new().await;
        let (_, answer) = desk.buy_with(kind).await;
        match answer {
            WireAnswer::Lost { .. } => {}
            WireAnswer::Bought(bought) => assert!(bought.trouble.is_some()),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn what_surely_did_nothing_is_an_error_in_amazons_words() {
    for (kind, status) in [
        (FaultKind::TooManyRequests { header: false }, 429),
        (
            FaultKind::Error {
                status: 500,
                after: false,
            },
            500,
        ),
        (
            FaultKind::Error {
                status: 503,
                after: false,
            },
            503,
        ),
        (FaultKind::ExpiredQuote, 400),
        (FaultKind::CanceledOrder, 400),
    ] {
        let desk = Desk::new().await;
        let (_, answer) = desk.buy_with(kind.clone()).await;
        let WireAnswer::Error(error) = answer else {
            panic!("{kind:?}: {answer:?}")
        };
        assert!(error.amazon_shaped && error.request_id.is_some(), "{error:?}");
        assert_eq!(error.status, status);
        assert_eq!(error.code == "TOKEN_EXPIRED", kind == FaultKind::ExpiredQuote);
        assert_eq!(desk.live(), 0);
    }
}

#[tokio::test]
async fn a_reset_before_anything_was_done_is_lost_all_the_same() {
    let desk = Desk::new().await;
    desk.simulator
        .fault(Fault::new("purchaseShipment", FaultKind::ResetBefore).times(1));
    let key = key();
    let answer = desk.buy(key).await;
    assert!(matches!(answer, WireAnswer::Lost { .. }), "{answer:?}");
    assert_eq!(desk.live(), 0);
    let late = bought(desk.buy(key).await);
    assert_eq!(late.trouble, None);
    assert_eq!(desk.live(), 1);
}

#[tokio::test]
async fn an_expired_token_is_renewed_by_reads_and_forgotten_by_purchases() {
    let desk = Desk::new().await;
    desk.simulator
        .fault(Fault::new("getOrder", FaultKind::ExpiredToken).times(1));
    desk.client.get_order(&desk.order.number).await.unwrap();
    let (key, answer) = desk.buy_with(FaultKind::ExpiredToken).await;
    assert!(
        matches!(&answer, WireAnswer::Error(error) if matches!(error.status, 401 | 403) && error.amazon_shaped),
        "{answer:?}"
    );
    let _permit = desk.client.ready(Operation::PurchaseShipment).await.unwrap();
    bought(desk.buy(key).await);
}

#[tokio::test]
async fn reads_say_what_went_wrong() {
    let (simulator, client) = amazon();
    let number = open_order(&client).await.number;
    let ask = async |kind: FaultKind| {
        simulator.fault(Fault::new("getOrder", kind).times(1));
        client.get_order(&number).await.unwrap_err()
    };
    for status in [500, 503] {
        let error = ask(FaultKind::Error { status, after: false }).await;
        assert!(error.is_unreachable() && error.request_id().is_some(), "{error}");
    }
    let error = ask(FaultKind::ResetBefore).await;
    assert!(error.is_unreachable(), "{error}");
    for (kind, words) in [
        (FaultKind::Html, "not JSON"),
        (FaultKind::NotJson, "cut off"),
        (FaultKind::NotUtf8, "not UTF-8"),
        (FaultKind::CutAt { byte: 100 }, "after 100 bytes"),
    ] {
        let error = ask(kind).await;
        assert!(matches!(error, CallError::Garbled { .. }), "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
    for header in [true, false] {
        let error = ask(FaultKind::TooManyRequests { header }).await;
        let wait = error.wait().unwrap_or_else(|| panic!("{error}"));
        tokio::time::sleep(wait).await;
    }
    client.get_order(&number).await.unwrap();
    simulator.switch(|switches| switches.missing_role = true);
    let order = open_order(&client).await;
    let error = client
        .get_rates(&request(&order, 1, &[]), &order.number)
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("Direct-to-Consumer Shipping"),
        "{error}"
    );
}

#[tokio::test]
async fn changes_at_amazon_are_seen() {
    let (simulator, client) = amazon();
    let order = open_order(&client).await;
    simulator
        .change(order.number.as_str(), OrderChange::RequestCancel)
        .unwrap();
    let seen = client.get_order(&order.number).await.unwrap().channel;
    assert!(seen.lines.iter().all(|line| line.cancel_requested));
    simulator
        .change(order.number.as_str(), OrderChange::Cancel)
        .unwrap();
    let seen = client.get_order(&order.number).await.unwrap().channel;
    assert_eq!(seen.status, ChannelStatus::Canceled);
    let error = client
        .get_order(&OrderNumber::from("111-0000000-0000000"))
        .await
        .unwrap_err();
    assert!(
        matches!(error, CallError::Refused { ref error, .. } if error.status == 404),
        "{error}"
    );
}

/// Whatever happens on the line: one request for each sending, what is said to be bought was bought, what is
/// said not to have been sent was not, and repeating a key never buys twice.
#[tokio::test]
async fn many_purchases_on_a_bad_line() {
    let desk = Desk::new().await;
    desk.simulator.switch(|switches| switches.limits = false);
    for kind in [
        FaultKind::ResetBefore,
        FaultKind::ResetAfter,
        FaultKind::CutAfterShipmentId,
        FaultKind::CutAt { byte: 90 },
        FaultKind::Html,
        FaultKind::Error {
            status: 500,
            after: true,
        },
        FaultKind::Error {
            status: 503,
            after: false,
        },
    ] {
        desk.simulator
            .fault(Fault::new("purchaseShipment", kind).with_probability(0.08));
    }
    let mut sold = std::collections::BTreeSet::new();
    let (mut lost, mut whole) = (0, 0);
    for _ in 0..60 {
        let key = key();
        for sendings in 1..=6 {
            match desk.buy(key).await {
                WireAnswer::NotSent { why } => panic!("{why}"),
                WireAnswer::Bought(bought) => {
                    whole += u32::from(bought.trouble.is_none());
                    sold.insert(bought.shipment.0);
                    assert!(
                        desk.requests(key) <= sendings,
                        "never more requests than sendings"
                    );
                    break;
                }
                WireAnswer::Lost { .. } | WireAnswer::Error(_) => lost += 1,
            }
            assert!(desk.requests(key) <= sendings);
        }
    }
    let ledger = desk.simulator.ledger();
    let theirs: std::collections::BTreeSet<_> = ledger
        .shipments
        .iter()
        .map(|one| one.shipment_id.clone())
        .collect();
    assert!(sold.is_subset(&theirs), "nothing is invented");
    let mut keys: Vec<_> = ledger.shipments.iter().map(|one| one.key.clone()).collect();
    let count = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), count, "no key bought twice");
    assert!(lost > 5 && whole > 20, "{lost} lost, {whole} whole");
}

#[tokio::test]
async fn nothing_goes_to_whoever_shows_a_certificate_that_nobody_vouches_for() {
    let desk = Desk::new().await;
    let decoded = |text: &str| STANDARD.decode(text).unwrap();
    let key = PrivateKeyDer::Pkcs8(decoded(ITS_KEY).into());
    let shown = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![decoded(CERTIFICATE).into()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(shown));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (came, heard) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (count, bytes) = (Arc::clone(&came), Arc::clone(&heard));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let read = stream.read(&mut [0; 1024]).await.unwrap_or(0);
                bytes.fetch_add(read, Ordering::SeqCst);
            }
        }
    });
    let login = desk.simulator.base_url();
    let client = bench::client_at(
        [&format!("https://localhost:{port}"), &login],
        demo::CLIENT_ID,
        demo::CLIENT_SECRET,
        demo::REFRESH_TOKEN_FIRST,
    );
    let mut asked = 0;
    for _ in 0..3 {
        let answer = client.purchase(&desk.body, self::key(), REFERENCE).await;
        assert!(matches!(answer, WireAnswer::NotSent { .. }), "{answer:?}");
        assert!(format!("{answer:?}").contains("certificate"), "{answer:?}");
        asked += 1;
    }
    assert!(client.get_order(&desk.order.number).await.is_err());
    assert!(came.load(Ordering::SeqCst) >= asked, "it was asked");
    assert_eq!(heard.load(Ordering::SeqCst), 0);
    assert_eq!(desk.live(), 0);
    println!(
        "F30 a certificate that nobody vouches for: {asked} purchases not sent, 0 bytes of a request, 0 bought"
    );
}
