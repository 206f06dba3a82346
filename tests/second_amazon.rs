//! The client against a server that shares nothing with it: `support/second_amazon.py`, written from Amazon's
//! models, with the order of fields and the optional fields varied by seed.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

#[path = "support/bench.rs"]
mod bench;
#[path = "support/second.rs"]
mod second;

use bench::{now, request};
use second::Second;
use std::collections::BTreeMap;
use tapegun::amazon::{FetchedOrder, Operation, SellerClient};
use tapegun::domain::address::AddressKind;
use tapegun::domain::choice::{Rules, Tint, choose, judge_all};
use tapegun::domain::ids::{IntentId, OrderNumber};
use tapegun::domain::intent::{BoughtAnswer, VoidWire, WireAnswer};
use tapegun::domain::order::{AssignedMethod, ChannelOrder, ChannelStatus};
use tapegun::domain::rate::{Confirmation, PurchaseChoice, QuoteAnswer};
use tapegun::domain::sealed::RequestBytes;
use tapegun::domain::seller::DocumentFormat;

const SEEDS: std::ops::Range<u64> = 0..6;

fn client(second: &Second) -> SellerClient {
    bench::client(&second.base, "second-client", "second-secret", "second-refresh")
}

async fn sweep(client: &SellerClient) -> BTreeMap<String, FetchedOrder> {
    let after = now() - chrono::TimeDelta::days(2);
    let mut orders = BTreeMap::new();
    let mut token = None;
    for _ in 0..10 {
        let page = client.search_orders(after, token.as_deref()).await.unwrap();
        assert_eq!(page.unreadable, 0);
        assert!(page.last_updated_before < now());
        orders.extend(
            page.orders
                .into_iter()
                .map(|order| (order.channel.number.0.clone(), order)),
        );
        token = page.next;
        if token.is_none() {
            return orders;
        }
    }
    panic!("a sweep without an end");
}

/// The method that is picked by itself, and the one that is cheapest at first sight.
fn pick(
    quote: &QuoteAnswer,
    order: &ChannelOrder,
    formats: &[DocumentFormat],
) -> (PurchaseChoice, String, String) {
    let rules = Rules::of(order, Confirmation::DeliveryConfirmation, formats).unwrap();
    let judged = judge_all(&quote.rates, &rules);
    let chosen = choose(&quote.rates, &judged, &AssignedMethod::Unknown).unwrap();
    let judgement = &judged.iter().find(|(index, _)| *index == chosen).unwrap().1;
    assert_eq!(judgement.tint, Tint::Normal, "{:?}", judgement.notes);
    let cheapest = quote.rates.iter().min_by_key(|rate| rate.total.minor).unwrap();
    for (index, judgement) in &judged {
        let service = quote.rates[*index].service_id.as_str();
        if rules.business_commercial {
            assert_eq!(
                judgement.barred.is_some(),
                service == "FEDEX_PTP_HOME_DELIVERY",
                "{service}"
            );
            let weekend = matches!(service, "USPS_PTP_PRI" | "USPS_PTP_EXP_SUN");
            assert!(
                !weekend || judgement.tint == Tint::Red,
                "{service}: {:?}",
                judgement.notes
            );
        }
        assert_eq!(judgement.late, service == "ONTRAC_MFN_GROUND", "{service}");
    }
    (
        judgement.choice.clone().unwrap(),
        quote.rates[chosen].service_id.clone(),
        cheapest.service_id.clone(),
    )
}

async fn buy(client: &SellerClient, body: &RequestBytes, key: IntentId, reference: &str) -> BoughtAnswer {
    let _permit = client.ready(Operation::PurchaseShipment).await.unwrap();
    match client.purchase(body, key, reference).await {
        WireAnswer::Bought(bought) => *bought,
        other => panic!("{other:?}"),
    }
}

fn begins_like(format: DocumentFormat, bytes: &[u8]) -> bool {
    bytes.starts_with(match format {
        DocumentFormat::Zpl => b"^XA".as_slice(),
        DocumentFormat::Png => b"\x89PNG\r\n\x1a\n",
        DocumentFormat::Pdf => b"%PDF-",
    })
}

#[tokio::test]
async fn three_orders_from_the_sweep_to_the_label() {
    for seed in SEEDS {
        let Some(second) = Second::start("second_amazon", seed) else {
            return;
        };
        let client = client(&second);
        let orders = sweep(&client).await;
        assert_eq!(orders.len(), 5, "seed {seed}");
        statuses(&orders);

        let format = [DocumentFormat::Zpl, DocumentFormat::Png, DocumentFormat::Pdf]
            [usize::try_from(seed % 3).unwrap()];
        let codes = [
            "AZ:SECONDSECONDSECONDSECOND01",
            "AZ:SECONDSECONDSECONDSECOND02",
            "AZ:SECONDSECONDSECONDSECOND03",
        ];
        for (number, wanted, cheapest) in [
            ("201-0000001-0000001", "USPS_PTP_PRI", "ONTRAC_MFN_GROUND"),
            ("201-0000002-0000002", "UPS_PTP_GND", "FEDEX_PTP_HOME_DELIVERY"),
            ("201-0000003-0000003", "USPS_PTP_PRI", "ONTRAC_MFN_GROUND"),
        ] {
            let order = &orders[number].channel;
            let id = i64::from(number.as_bytes()[10] - b'0');
            let reference = format!("{id}-1");
            let request = request(order, id, &codes);
            let quote = client.get_rates(&request, &order.number).await.unwrap();
            let (choice, service, seen) = pick(&quote, order, &[format]);
            assert_eq!(
                (service.as_str(), seen.as_str()),
                (wanted, cheapest),
                "seed {seed}"
            );
            let body = client.purchase_body(&choice, &quote.request_token);
            let key = IntentId(uuid::Uuid::now_v7());
            let bought = buy(&client, &body, key, &reference).await;
            assert_eq!(bought.trouble, None, "seed {seed}");
            assert!(
                bought
                    .documents
                    .iter()
                    .all(|one| one.format == format && begins_like(format, &one.bytes.0))
            );
            let again = buy(&client, &body, key, &reference).await;
            assert_eq!(
                again.shipment, bought.shipment,
                "the same key brings the same shipment"
            );
            let documents = client.documents(&bought.shipment, &reference).await.unwrap();
            assert_eq!(documents.documents, bought.documents);
            proves(&second, &client, order, &bought, &choice, key).await;
        }
        let ledger = second.ledger();
        assert_eq!(
            ledger["shipments"].as_array().unwrap().len(),
            3,
            "one for each box"
        );
        assert_eq!(ledger["refusals"], serde_json::json!([]), "seed {seed}");
        assert_eq!(ledger["logins"], 1);
        let third = &ledger["shipments"][2];
        assert_eq!(
            third["items"][0]["serialNumbers"],
            serde_json::json!(codes),
            "unit by unit"
        );
        voids(&client, &ledger).await;
    }
}

fn statuses(orders: &BTreeMap<String, FetchedOrder>) {
    let order = |number: &str| &orders[number];
    let prime = order("201-0000001-0000001");
    assert!(prime.channel.programs.prime && !prime.channel.programs.business);
    let business = &order("201-0000002-0000002").channel;
    assert!(business.programs.business);
    let destination = business.destination.as_ref().unwrap();
    assert_eq!(destination.kind, AddressKind::Commercial);
    assert_eq!(destination.closed_weekdays.len(), 3, "Friday, Saturday, Sunday");
    assert!(order("201-0000003-0000003").channel.lines[0].transparency);
    let pending = order("201-0000004-0000004");
    assert_eq!(pending.channel.status, ChannelStatus::Pending);
    assert!(pending.customer.is_none() && pending.channel.destination.is_none());
    assert_eq!(
        order("201-0000005-0000005").channel.status,
        ChannelStatus::Canceled
    );
    for number in [
        "201-0000001-0000001",
        "201-0000002-0000002",
        "201-0000003-0000003",
    ] {
        let order = order(number);
        assert_eq!(order.channel.status, ChannelStatus::Unshipped);
        assert!(order.customer.as_ref().unwrap().recipient.name.contains("Canary"));
        assert!(
            !format!("{order:?}").contains("Canary"),
            "customer data does not print"
        );
    }
}

async fn proves(
    second: &Second,
    client: &SellerClient,
    order: &ChannelOrder,
    bought: &BoughtAnswer,
    choice: &PurchaseChoice,
    key: IntentId,
) {
    let after = client.get_order(&order.number).await.unwrap().channel;
    assert_eq!(after.status, ChannelStatus::Shipped);
    assert_eq!(after.packages.len(), 1);
    assert_eq!(after.packages[0].tracking, bought.tracking);
    let ledger = second.ledger();
    let sold = ledger["shipments"]
        .as_array()
        .unwrap()
        .iter()
        .find(|shipment| shipment["shipmentId"] == bought.shipment.as_str())
        .unwrap();
    assert_eq!(sold["idempotencyKey"], key.to_string());
    assert_eq!(sold["state"], "bought");
    let price: Vec<&str> = sold["price"].as_str().unwrap().split('.').collect();
    let cents = format!("{}{:0<2}", price[0], price.get(1).copied().unwrap_or(""));
    assert_eq!(cents.parse::<i64>().unwrap(), choice.price.minor);
    let carrier = sold["carrierId"].as_str().unwrap();
    let tracking = client
        .tracking(bought.tracking.as_ref().unwrap(), carrier)
        .await
        .unwrap();
    assert_eq!(tracking.status, "PreTransit");
}

async fn voids(client: &SellerClient, ledger: &serde_json::Value) {
    let shipment = ledger["shipments"][0]["shipmentId"].as_str().unwrap().into();
    assert!(matches!(
        client.cancel(&shipment).await,
        VoidWire::Accepted { request_id: Some(_) }
    ));
    match client.cancel(&shipment).await {
        VoidWire::Error(error) => assert!(
            error.amazon_shaped && error.message.contains("already"),
            "{error:?}"
        ),
        other => panic!("{other:?}"),
    }
    let order = client
        .get_order(&OrderNumber::from("201-0000001-0000001"))
        .await
        .unwrap()
        .channel;
    assert_eq!(order.packages[0].status, "LABEL_CANCELLED");
    assert_eq!(
        order.status,
        ChannelStatus::Shipped,
        "Amazon's order stays shipped after a void"
    );
}

#[tokio::test]
async fn what_it_refuses_comes_back_in_amazons_words() {
    let Some(second) = Second::start("second_amazon refusals", 3) else {
        return;
    };
    let client = client(&second);
    let orders = sweep(&client).await;
    let cream = &orders["201-0000003-0000003"].channel;
    let two = request(
        cream,
        3,
        &["AZ:SECONDSECONDSECONDSECOND01", "AZ:SECONDSECONDSECONDSECOND02"],
    );
    let error = client.get_rates(&two, &cream.number).await.unwrap_err();
    assert!(error.to_string().contains("one for each unit"), "{error}");
    assert!(error.request_id().is_some());
    let mug = &orders["201-0000001-0000001"].channel;
    let quote = client
        .get_rates(&request(mug, 1, &[]), &mug.number)
        .await
        .unwrap();
    let (choice, _, _) = pick(&quote, mug, &[DocumentFormat::Zpl]);
    let key = IntentId(uuid::Uuid::now_v7());
    let mut other = choice.clone();
    other.services.clear();
    let answer = client
        .purchase(&client.purchase_body(&other, &quote.request_token), key, "1-1")
        .await;
    assert!(
        matches!(&answer, WireAnswer::Error(error) if error.amazon_shaped && error.status == 400),
        "{answer:?}"
    );
    let body = client.purchase_body(&choice, &quote.request_token);
    buy(&client, &body, key, "1-1").await;
    let answer = client
        .purchase(&body, IntentId(uuid::Uuid::now_v7()), "1-1")
        .await;
    assert!(
        matches!(&answer, WireAnswer::Error(error) if error.message.contains("Rigel")),
        "{answer:?}"
    );
    assert_eq!(second.ledger()["shipments"].as_array().unwrap().len(), 1);
}
