//! The simulator over real HTTP: a client of the tests' own, the main job, then each kind of behaviour apart.

mod broken_answers;
mod client;
mod confirmations;
mod demo_data;
mod external;
mod fault_table;
mod flow;
mod labels;
mod ledger_file;
mod login_and_limits;
mod merchant;
mod merchant_purchases;
mod merchant_refunds;
mod models;
mod purchase_refusals;
mod quote_refusals;
mod quotes;
mod restricted;

use super::order::Order;
use super::{Running, Simulator, SimulatorConfig, demo};
use crate::clock::{Clock, ManualClock};
use chrono::{DateTime, TimeZone, Utc};
use client::{Call, Reply, read};
use serde_json::{Value, json};
use std::sync::Arc;

/// A Tuesday afternoon in New York.
fn tuesday() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 10, 6, 18, 0, 0).unwrap()
}

/// A simulator with a clock that is moved by hand, and a client logged in as a seller.
struct Bench {
    amazon: Running,
    clock: Arc<ManualClock>,
    token: String,
}

impl Bench {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut SimulatorConfig)) -> Self {
        let clock = Arc::new(ManualClock::new(tuesday()));
        let mut config = SimulatorConfig::demo(Arc::clone(&clock) as Arc<dyn Clock>);
        change(&mut config);
        let amazon = Simulator::start(config).unwrap();
        let mut bench = Self {
            amazon,
            clock,
            token: String::new(),
        };
        bench.log_in(demo::REFRESH_TOKEN_FIRST).await;
        bench
    }

    async fn log_in(&mut self, refresh_token: &str) {
        let reply = self.token(&login(refresh_token)).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        self.token = reply.body["access_token"].as_str().unwrap().to_owned();
    }

    async fn token(&self, body: &Value) -> Reply {
        read(self.call("POST", "/auth/o2/token").json(body))
            .await
            .unwrap()
    }

    /// A request without a token.
    fn call(&self, method: &str, path: &str) -> Call {
        Call::new(self.amazon.addr(), method, path)
    }

    fn ask(&self, method: &str, path: &str) -> Call {
        self.call(method, path)
            .header("x-amz-access-token", &self.token)
            .header("x-amzn-shipping-business-id", "AmazonShipping_US")
    }

    async fn get(&self, path: &str) -> Reply {
        read(self.ask("GET", path)).await.unwrap()
    }

    async fn post(&self, path: &str, body: &Value) -> Reply {
        read(self.ask("POST", path).json(body)).await.unwrap()
    }

    async fn rates(&self, order: &str) -> Value {
        let reply = self.post(RATES, &self.rates_body(order)).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.body["payload"].clone()
    }

    /// A quote for everything in the order, three pounds.
    fn rates_body(&self, order: &str) -> Value {
        let items: Vec<Value> = self
            .order(order)
            .lines
            .iter()
            .map(|line| {
                json!({"itemIdentifier": line.id, "quantity": line.quantity,
                "itemValue": {"value": 10.5, "unit": "USD"}})
            })
            .collect();
        json!({
            "channelDetails": {"channelType": "AMAZON", "amazonOrderDetails": {"orderId": order}},
            "shipFrom": {"name": "Dock", "addressLine1": "500 Dock St", "city": "Newark", "stateOrRegion": "NJ",
                "postalCode": "07105", "countryCode": "US"},
            "packages": [{
                "dimensions": {"length": 10, "width": 8, "height": 4.5, "unit": "INCH"},
                "weight": {"unit": "POUND", "value": 3},
                "insuredValue": {"value": 0, "unit": "USD"},
                "packageClientReferenceId": format!("{order}-1"),
                "items": items,
            }],
        })
    }

    /// A Restricted Data Token for all that Merchant Fulfillment restricts.
    async fn restricted(&self) -> String {
        let resources = json!({"restrictedResources": [
            {"method": "POST", "path": "/mfn/v0/shipments"},
            {"method": "GET", "path": "/mfn/v0/shipments/{shipmentId}"},
            {"method": "DELETE", "path": "/mfn/v0/shipments/{shipmentId}"},
        ]});
        let reply = self.post(RESTRICTED, &resources).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.body["restrictedDataToken"].as_str().unwrap().to_owned()
    }

    /// `ShipmentRequestDetails` for everything in the order, three pounds.
    fn details(&self, order: &str) -> Value {
        let items: Vec<Value> = self
            .order(order)
            .lines
            .iter()
            .map(|line| json!({"OrderItemId": line.id, "Quantity": line.quantity}))
            .collect();
        json!({
            "AmazonOrderId": order,
            "SellerOrderId": format!("{order}-1"),
            "ItemList": items,
            "ShipFromAddress": {"Name": "Dock", "AddressLine1": "500 Dock St", "City": "Newark",
                "StateOrProvinceCode": "NJ", "PostalCode": "07105", "CountryCode": "US",
                "Email": "dock@harbor.example", "Phone": "9735550100"},
            "PackageDimensions": {"Length": 10, "Width": 8, "Height": 4.5, "Unit": "inches"},
            "Weight": {"Value": 48, "Unit": "oz"},
            "ShippingServiceOptions": {"DeliveryExperience": "NoTracking", "CarrierWillPickUp": false,
                "LabelFormat": "ZPL300"},
        })
    }

    async fn eligible(&self, details: &Value) -> Value {
        let reply = self
            .post(ELIGIBLE, &json!({"ShipmentRequestDetails": details}))
            .await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.body["payload"].clone()
    }

    /// A purchase of a service of an eligible answer.
    async fn create(&self, details: &Value, payload: &Value, service: &str) -> Reply {
        let body = json!({
            "ShipmentRequestDetails": details,
            "ShippingServiceId": service,
            "ShippingServiceOfferId": eligible_service(payload, service)["ShippingServiceOfferId"],
        });
        self.create_as(&body).await
    }

    async fn create_as(&self, body: &Value) -> Reply {
        let token = self.restricted().await;
        read(
            self.ask("POST", MERCHANT)
                .header("x-amz-access-token", &token)
                .json(body),
        )
        .await
        .unwrap()
    }

    /// `getShipment` or `cancelShipment`.
    async fn merchant(&self, method: &str, shipment: &str) -> Reply {
        let token = self.restricted().await;
        let path = format!("{MERCHANT}/{shipment}");
        read(self.ask(method, &path).header("x-amz-access-token", &token))
            .await
            .unwrap()
    }

    fn order(&self, number: &str) -> Order {
        self.amazon.order(number).unwrap()
    }

    async fn buy(&self, key: &str, body: &Value) -> Reply {
        self.try_buy(key, body).await.unwrap()
    }

    async fn try_buy(&self, key: &str, body: &Value) -> std::io::Result<Reply> {
        read(
            self.ask("POST", SHIPMENTS)
                .header("x-amzn-IdempotencyKey", key)
                .json(body),
        )
        .await
    }
}

const RATES: &str = "/shipping/v2/shipments/rates";
const SHIPMENTS: &str = "/shipping/v2/shipments";
const RESTRICTED: &str = "/tokens/2021-03-01/restrictedDataToken";
const ELIGIBLE: &str = "/mfn/v0/eligibleShippingServices";
const MERCHANT: &str = "/mfn/v0/shipments";
const ORDERS: &str = "/orders/2026-01-01/orders";
const ALL_DATA: &str = "BUYER,RECIPIENT,PROCEEDS,CANCELLATION,FULFILLMENT,PACKAGES";

fn login(refresh_token: &str) -> Value {
    json!({
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "client_id": demo::CLIENT_ID,
        "client_secret": demo::CLIENT_SECRET,
    })
}

/// A service of an eligible answer.
fn eligible_service<'a>(payload: &'a Value, service: &str) -> &'a Value {
    let services = payload["ShippingServiceList"].as_array().unwrap();
    services
        .iter()
        .find(|one| one["ShippingServiceId"] == service)
        .unwrap_or_else(|| panic!("no {service}"))
}

/// The rate of a service in a quote.
fn rate<'a>(quote: &'a Value, service: &str) -> &'a Value {
    let rates = quote["rates"].as_array().unwrap();
    rates
        .iter()
        .find(|rate| rate["serviceId"] == service)
        .unwrap_or_else(|| panic!("no {service}"))
}

/// A purchase of a service as ZPL at 300 dots, with the least confirmation.
fn purchase_body(quote: &Value, service: &str) -> Value {
    let rate = rate(quote, service);
    json!({
        "requestToken": quote["requestToken"],
        "rateId": rate["rateId"],
        "requestedDocumentSpecification": {
            "format": "ZPL",
            "size": {"width": 4, "length": 6, "unit": "INCH"},
            "dpi": 300,
            "pageLayout": "DEFAULT",
            "needFileJoining": true,
            "requestedDocumentTypes": ["LABEL"],
        },
        "requestedValueAddedServices":
            [{"id": rate["availableValueAddedServiceGroups"][0]["valueAddedServices"][0]["id"]}],
    })
}
