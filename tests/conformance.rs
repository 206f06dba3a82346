//! Checks what the program sends and what the simulator answers against Amazon's models: names, kinds, required
//! fields, enumerations, formats, parameters, statuses.
//!
//! The models are not part of this repository: `TAPEGUN_SPAPI` names their folder (default `../shared/spapi`).
//! Where they are absent the tests say so by name and pass.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

#[path = "support/bench.rs"]
mod bench;
#[path = "conformance/elsewhere.rs"]
mod elsewhere;
#[path = "conformance/forms.rs"]
mod forms;
#[path = "support/model.rs"]
mod model;
#[path = "support/proxy.rs"]
mod proxy;

use bench::{now, request};
use model::{Exchange, Model};
use proxy::Proxy;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use tapegun::amazon::{BoxName, Operation, SellerClient};
use tapegun::clock::SystemClock;
use tapegun::domain::choice::{Rules, judge_all};
use tapegun::domain::ids::{IntentId, OrderNumber, ShipmentId, TrackingNumber};
use tapegun::domain::intent::{VoidWire, WireAnswer};
use tapegun::domain::order::{ChannelOrder, ChannelStatus};
use tapegun::domain::rate::{Confirmation, PurchaseChoice, QuoteRequest};
use tapegun::domain::seller::{DocumentFormat, LabelVia};
use tapegun::simulator::{Simulator, SimulatorConfig, demo};

fn models(test: &str) -> Option<[Model; 5]> {
    let folder = std::env::var_os("TAPEGUN_SPAPI").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/spapi")),
        PathBuf::from,
    );
    let read = |name: &str| Model::read(&folder.join(name));
    let names = [
        "orders_2026-01-01.json",
        "shippingV2.json",
        "merchantFulfillmentV0.json",
        "tokens_2021-03-01.json",
        "ordersV0.json",
    ];
    let models: Option<Vec<Model>> = names.into_iter().map(read).collect();
    if models.is_none() {
        // Written past the test harness, which swallows what a passing test prints.
        let _ = writeln!(
            std::io::stderr(),
            "skipped: {test} (Amazon's models are not in {})",
            folder.display()
        );
    }
    models?.try_into().ok()
}

/// A choice for every way to print of the first rate that offers one, for a signature too.
fn choices(
    order: &ChannelOrder,
    rates: &[tapegun::domain::rate::Rate],
    formats: &[DocumentFormat],
) -> Vec<PurchaseChoice> {
    let rules = Rules::of(order, Confirmation::DeliveryConfirmation, formats).unwrap();
    judge_all(rates, &rules)
        .into_iter()
        .filter_map(|(_, judgement)| judgement.choice)
        .collect()
}

fn codes(order: &ChannelOrder) -> Vec<String> {
    let units: u32 = order
        .lines
        .iter()
        .filter(|line| line.transparency)
        .map(|line| line.quantity)
        .sum();
    (0..units)
        .map(|unit| {
            format!(
                "AZ:{:>0width$}{unit:02}",
                order.number.0.replace('-', ""),
                width = 24
            )
        })
        .collect()
}

async fn tour(client: &SellerClient) {
    let after = now() - chrono::TimeDelta::days(30);
    let mut orders = Vec::new();
    let mut token = None;
    loop {
        let page = client.search_orders(after, token.as_deref()).await.unwrap();
        orders.extend(page.orders.into_iter().map(|order| order.channel));
        token = page.next;
        if token.is_none() {
            break;
        }
    }
    assert!(orders.len() > 5, "the demo has orders");
    let mut formats = [DocumentFormat::Zpl, DocumentFormat::Png, DocumentFormat::Pdf]
        .into_iter()
        .cycle();
    for (order, id) in orders.iter().zip(1..) {
        let codes = codes(order);
        let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        let open = order.status == ChannelStatus::Unshipped && order.destination.is_some();
        let quote = match client.get_rates(&request(order, id, &codes), &order.number).await {
            Ok(quote) => quote,
            Err(error) => {
                assert!(!open, "{} has no rates: {error}", order.number);
                continue;
            }
        };
        let Some(choice) = choices(order, &quote.rates, &[formats.next().unwrap()])
            .into_iter()
            .next()
        else {
            continue;
        };
        let body = client.purchase_body(&choice, &quote.request_token);
        let reference = format!("{id}-1");
        let _permit = client.ready(Operation::PurchaseShipment).await.unwrap();
        let answer = client
            .purchase(&body, IntentId(uuid::Uuid::now_v7()), &reference)
            .await;
        let WireAnswer::Bought(bought) = answer else {
            continue;
        };
        assert_eq!(bought.trouble, None);
        client.documents(&bought.shipment, &reference).await.unwrap();
        let carrier = &quote
            .rates
            .iter()
            .find(|rate| rate.id == choice.rate_id)
            .unwrap()
            .carrier_id;
        client
            .tracking(bought.tracking.as_ref().unwrap(), carrier)
            .await
            .unwrap();
        if id % 2 == 0 {
            assert!(matches!(
                client.cancel(&bought.shipment).await,
                VoidWire::Accepted { .. }
            ));
        }
        // Within the burst of 30: shipped ones and voided ones.
        if id % 5 < 2 {
            client.get_order(&order.number).await.unwrap();
        }
    }
    errors(client, &orders[0]).await;
    forms::tour(client).await;
}

/// The same over Merchant Fulfillment.
async fn older_tour(client: &SellerClient) {
    let after = now() - chrono::TimeDelta::days(30);
    let page = client.search_orders(after, None).await.unwrap();
    let labels = client.labels(LabelVia::MerchantFulfillmentV0).unwrap();
    let formats = [DocumentFormat::Zpl, DocumentFormat::Png, DocumentFormat::Pdf];
    let mut bought_some = false;
    // One read a second: a few orders are enough.
    let open = page
        .orders
        .iter()
        .map(|order| &order.channel)
        .filter(|order| order.status == ChannelStatus::Unshipped && order.destination.is_some());
    for ((order, id), format) in open.take(6).zip(1..).zip(formats.iter().cycle()) {
        let codes = codes(order);
        let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        let confirmation = Confirmation::ALL[usize::try_from(id % 4).unwrap()];
        let request = QuoteRequest {
            confirmation,
            ..request(order, id, &codes)
        };
        let Ok(quote) = labels.quote(&request, &order.number).await else {
            continue;
        };
        let Some(rules) = Rules::of(order, confirmation, std::slice::from_ref(format)) else {
            continue;
        };
        let choice = judge_all(&quote.rates, &rules)
            .into_iter()
            .find_map(|(_, judgement)| judgement.choice);
        let Some(choice) = choice else { continue };
        let service = &quote
            .rates
            .iter()
            .find(|rate| rate.id == choice.rate_id)
            .unwrap()
            .service_id;
        client.seller_inputs(service, &order.number).await.unwrap();
        let body = labels
            .purchase_body(
                &request,
                &order.number,
                &choice,
                &quote,
                &tapegun::amazon::Extras::default(),
            )
            .unwrap();
        let ours = BoxName {
            reference: format!("{id}-1"),
            number: order.number.clone(),
        };
        let permit = client.ready(labels.buying()).await.unwrap();
        let key = IntentId(uuid::Uuid::now_v7());
        let answer = labels.buy(&body, key, &ours).await;
        drop(permit);
        let WireAnswer::Bought(bought) = answer else {
            continue;
        };
        assert_eq!(bought.trouble, None);
        bought_some = true;
        labels.documents(&bought.shipment, &ours).await.unwrap();
        if id % 2 == 0 {
            let _permit = client.ready(labels.voiding()).await.unwrap();
            assert!(matches!(
                labels.void(&bought.shipment).await,
                VoidWire::Accepted { .. }
            ));
            client.merchant_shipment(&bought.shipment).await.unwrap();
        }
    }
    assert!(bought_some);
    let unknown = ShipmentId::from("0f2c9a51-77aa-4c1e-9d0b-5e8d2f3a4b6c");
    assert!(client.merchant_shipment(&unknown).await.is_err());
    let none = OrderNumber::from("000-0000000-0000000");
    assert!(client.seller_inputs("UPS_PTP_GND", &none).await.is_err());
    let strange = QuoteRequest {
        items: Vec::new(),
        ..request(&page.orders[0].channel, 99, &[])
    };
    assert!(labels.quote(&strange, &none).await.is_err());
}

/// What Amazon refuses, to see the shape of its errors.
async fn errors(client: &SellerClient, order: &ChannelOrder) {
    assert!(
        client
            .get_order(&OrderNumber::from("000-0000000-0000000"))
            .await
            .is_err()
    );
    let mut strange = request(order, 99, &[]);
    strange.items[0].quantity = 1000;
    assert!(client.get_rates(&strange, &order.number).await.is_err());
    assert!(
        client
            .documents(&ShipmentId::from("amzn1.sid.none"), "1-1")
            .await
            .is_err()
    );
    assert!(
        client
            .tracking(&TrackingNumber::from("1Z0"), "UPS")
            .await
            .is_err()
    );
    assert!(matches!(
        client.cancel(&ShipmentId::from("amzn1.sid.none")).await,
        VoidWire::Error(_)
    ));
}

#[tokio::test]
async fn what_is_sent_and_answered_is_amazons() {
    let Some(models) = models("what_is_sent_and_answered_is_amazons") else {
        return;
    };
    let config = SimulatorConfig::demo(Arc::new(SystemClock::new()));
    let simulator = Simulator::start(config).unwrap();
    let proxy = Proxy::start(simulator.addr()).await;
    let base = format!("http://{}", proxy.address);
    for refresh_token in [demo::REFRESH_TOKEN_FIRST, demo::REFRESH_TOKEN_SECOND] {
        tour(&bench::client(
            &base,
            demo::CLIENT_ID,
            demo::CLIENT_SECRET,
            refresh_token,
        ))
        .await;
    }
    // Another Amazon, whose orders are still open; limits are measured elsewhere.
    let mut config = SimulatorConfig::demo(Arc::new(SystemClock::new()));
    config.switches.limits = false;
    let second = Simulator::start(config).unwrap();
    let line = Proxy::start(second.addr()).await;
    let base = format!("http://{}", line.address);
    older_tour(&bench::client(
        &base,
        demo::CLIENT_ID,
        demo::CLIENT_SECRET,
        demo::REFRESH_TOKEN_FIRST,
    ))
    .await;
    // A third one for what comes from elsewhere: its orders are still open.
    let third = Simulator::start(SimulatorConfig::demo(Arc::new(SystemClock::new()))).unwrap();
    let wire = Proxy::start(third.addr()).await;
    let base = format!("http://{}", wire.address);
    elsewhere::tour(&bench::client(
        &base,
        demo::CLIENT_ID,
        demo::CLIENT_SECRET,
        demo::REFRESH_TOKEN_FIRST,
    ))
    .await;
    let mut seen: BTreeMap<String, BTreeSet<u16>> = BTreeMap::new();
    let mut wrong = BTreeSet::new();
    for exchange in [proxy.take(), line.take(), wire.take()].into_iter().flatten() {
        if exchange.path == "/auth/o2/token" {
            continue;
        }
        let judged = models.iter().find_map(|model| model.judge(&exchange));
        let (operation, found) =
            judged.unwrap_or_else(|| panic!("{} {} is in no model", exchange.method, exchange.path));
        wrong.extend(
            found
                .iter()
                .filter(|why| !is_amazons_own_fault(why))
                .map(|why| format!("{operation} {}: {}", exchange.status, squeezed(why))),
        );
        seen.entry(operation).or_default().insert(exchange.status);
    }
    let all = [
        "cancelShipment",
        "confirmShipment",
        "createRestrictedDataToken",
        "createShipment",
        "generateCollectionForm",
        "getAdditionalSellerInputs",
        "getCollectionForm",
        "getCollectionFormHistory",
        "getEligibleShipmentServices",
        "getOrder",
        "getRates",
        "getShipment",
        "getShipmentDocuments",
        "getTracking",
        "getUnmanifestedShipments",
        "purchaseShipment",
        "searchOrders",
    ];
    assert_eq!(seen.keys().map(String::as_str).collect::<Vec<_>>(), all);
    for (operation, statuses) in &seen {
        assert!(
            statuses.contains(&200) || statuses.contains(&204),
            "{operation} never succeeded: {statuses:?}"
        );
    }
    assert!(
        seen["getRates"].iter().any(|status| *status >= 400),
        "errors were seen too"
    );
    assert!(
        wrong.is_empty(),
        "{} kinds:\n{}",
        wrong.len(),
        wrong.iter().take(40).cloned().collect::<Vec<_>>().join("\n")
    );
}

/// Amazon answers `""` where its own model of Merchant Fulfillment lists other values (amazon.md 2.7, 2.8), and so
/// does the simulator.
fn is_amazons_own_fault(why: &str) -> bool {
    why.starts_with("answer")
        && why.contains(": \"\" is not one of")
        && (why.contains("/LabelFormat:") || why.contains("/FileType:"))
}

/// The same fault at other places of a list is one kind.
fn squeezed(why: &str) -> String {
    let mut text = String::new();
    for part in why.split('/') {
        if !text.is_empty() {
            text.push('/');
        }
        text.push_str(
            if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) {
                "n"
            } else {
                part
            },
        );
    }
    text.chars().take(300).collect()
}

#[test]
fn the_judge_sees_what_is_wrong() {
    let Some([orders, shipping, ..]) = models("the_judge_sees_what_is_wrong") else {
        return;
    };
    let exchange = |method: &str, path: &str, query: &[(&str, &str)], body: &str, answer: &str| Exchange {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        headers: HashMap::from([(
            "x-amzn-shipping-business-id".to_owned(),
            "AmazonShipping_US".to_owned(),
        )]),
        body: body.as_bytes().to_vec(),
        status: 200,
        answer: answer.as_bytes().to_vec(),
    };
    let wrong = |model: &Model, exchange: &Exchange| model.judge(exchange).unwrap().1;
    let list = "/orders/2026-01-01/orders";
    let good = exchange(
        "GET",
        list,
        &[
            ("lastUpdatedAfter", "2026-11-21T12:00:00.000Z"),
            ("includedData", "BUYER,PACKAGES"),
        ],
        "",
        r#"{"orders":[]}"#,
    );
    assert_eq!(wrong(&orders, &good), Vec::<String>::new());
    for (query, answer) in [
        (
            vec![("LastUpdatedAfter", "2026-11-21T12:00:00Z")],
            r#"{"orders":[]}"#,
        ),
        (vec![("lastUpdatedAfter", "yesterday")], r#"{"orders":[]}"#),
        (vec![("includedData", "BUYER,ADDRESS")], r#"{"orders":[]}"#),
        (vec![("maxResultsPerPage", "all")], r#"{"orders":[]}"#),
        (vec![], "{}"),
        (vec![], r#"{"orders":[{"orderId":"1"}]}"#),
        (vec![], r#"{"orders":[],"lastUpdatedBefore":"soon"}"#),
        (vec![], r#"{"orders":[],"misspelt":1}"#),
        (vec![], "<html>"),
    ] {
        let found = wrong(&orders, &exchange("GET", list, &query, "", answer));
        assert_eq!(found.len().min(1), 1, "{query:?} {answer}");
    }
    let cancel = "/shipping/v2/shipments/a%2Fb/cancel";
    assert_eq!(
        wrong(&shipping, &exchange("PUT", cancel, &[], "", "{}")),
        Vec::<String>::new()
    );
    let mut other = exchange("PUT", cancel, &[], "", "{}");
    other.headers.insert(
        "x-amzn-shipping-business-id".to_owned(),
        "AmazonShipping_DE".to_owned(),
    );
    assert_eq!(wrong(&shipping, &other).len(), 1);
    other = exchange("PUT", cancel, &[], "", r#"{"errors":[{"code":"x"}]}"#);
    other.status = 400;
    assert_eq!(wrong(&shipping, &other).len(), 1, "an error without a message");
    other.status = 418;
    assert_eq!(wrong(&shipping, &other).len(), 1);
    let buy = exchange(
        "POST",
        "/shipping/v2/shipments",
        &[],
        r#"{"requestToken":"t","rateId":"r","requestedDocumentSpecification":{"format":"ZPL","size":{"width":4,"length":6,"unit":"INCHES"},"needFileJoining":"no","requestedDocumentTypes":["LABEL"]}}"#,
        r#"{"payload":{"shipmentId":"s","packageDocumentDetails":[],"promise":{}}}"#,
    );
    assert_eq!(wrong(&shipping, &buy).len(), 2, "the unit and the truth value");
    let tracking = exchange("GET", "/shipping/v2/tracking", &[("trackingId", "1")], "", "{}");
    assert_eq!(
        wrong(&shipping, &tracking),
        ["query parameter carrierId is missing"]
    );
    assert!(
        shipping
            .judge(&exchange("DELETE", cancel, &[], "", "{}"))
            .is_none()
    );
    assert!(
        shipping
            .judge(&exchange("GET", "/shipping/v2", &[], "", "{}"))
            .is_none()
    );
}
