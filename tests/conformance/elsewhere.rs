//! What is asked for boxes and orders from elsewhere: `confirmShipment`, and Shipping v2's channel EXTERNAL.

use super::bench::{now, request};
use super::choices;
use tapegun::amazon::{Operation, SellerClient};
use tapegun::domain::confirmation::{ConfirmedItem, Shipped};
use tapegun::domain::customer::{Buyer, CustomerData, Recipient};
use tapegun::domain::ids::{IntentId, LineId};
use tapegun::domain::intent::{VoidWire, WireAnswer};
use tapegun::domain::order::{ChannelOrder, ChannelStatus};
use tapegun::domain::outside::Carrier;
use tapegun::domain::seller::DocumentFormat;

/// Confirms one order, in vain a second time with nothing left, and buys and voids a label of Amazon Shipping.
pub(super) async fn tour(client: &SellerClient) {
    let after = now() - chrono::TimeDelta::days(30);
    let page = client.search_orders(after, None).await.unwrap();
    let plain = |order: &&ChannelOrder| {
        order.status == ChannelStatus::Unshipped && order.lines.iter().all(|line| !line.transparency)
    };
    let orders = page.orders.iter().map(|order| &order.channel);
    let order = orders.clone().find(plain).expect("the demo has such an order");
    let coded = orders
        .clone()
        .find(|order| {
            order.status == ChannelStatus::Unshipped && order.lines.iter().any(|line| line.transparency)
        })
        .expect("the demo has such an order");
    for (order, carrier) in [(order, Carrier::Other("Evri".to_owned())), (coded, Carrier::Ups)] {
        let body = client.confirmation_body(&shipped(order, 1, carrier));
        client.confirm_shipment(&order.number, &body).await.unwrap();
    }
    let again = client.confirmation_body(&shipped(order, 2, Carrier::Ups));
    assert!(client.confirm_shipment(&order.number, &again).await.is_err());
    external(client, order).await;
}

fn shipped(order: &ChannelOrder, reference: u32, carrier: Carrier) -> Shipped {
    let codes = super::codes(order);
    let mut codes = codes.into_iter();
    Shipped {
        reference,
        carrier,
        method: "Ground".to_owned(),
        tracking: "1Z5R89390357567127".into(),
        shipped_at: now(),
        items: order
            .lines
            .iter()
            .map(|line| ConfirmedItem {
                line: line.id.clone(),
                quantity: line.quantity,
                codes: if line.transparency {
                    codes.by_ref().take(line.quantity as usize).collect()
                } else {
                    Vec::new()
                },
            })
            .collect(),
    }
}

async fn external(client: &SellerClient, order: &ChannelOrder) {
    let customer = CustomerData {
        recipient: Recipient {
            name: "Marguerite Starling".to_owned(),
            company: "Starling Ltd".to_owned(),
            lines: vec!["77 Quillfeather Terrace".to_owned(), "Flat 2".to_owned()],
            city: "Columbus".to_owned(),
            state: "OH".to_owned(),
            postal_code: "43004".to_owned(),
            country: "US".to_owned(),
            phone: "614-555-0100".to_owned(),
        },
        buyer: Buyer::default(),
        gift_messages: Vec::new(),
    };
    let mut request = request(order, 77, &[]);
    for (item, number) in request.items.iter_mut().zip(1..) {
        item.line = LineId(number.to_string());
    }
    let quote = client.get_external_rates(&request, &customer).await.unwrap();
    let choice = choices(order, &quote.rates, &[DocumentFormat::Zpl])
        .into_iter()
        .next()
        .expect("Amazon Shipping offers a rate");
    let body = client.purchase_body(&choice, &quote.request_token);
    let _permit = client.ready(Operation::PurchaseShipment).await.unwrap();
    let answer = client
        .purchase(&body, IntentId(uuid::Uuid::now_v7()), "77-1")
        .await;
    let WireAnswer::Bought(bought) = answer else {
        panic!("{answer:?}");
    };
    assert!(matches!(
        client.cancel(&bought.shipment).await,
        VoidWire::Accepted { .. }
    ));
}
