use super::*;
use crate::amazon::fake::{Fake, Play, client, json};
use crate::domain::address::AddressKind;
use crate::domain::money::{Currency, Money};
use crate::domain::order::ChannelStatus;
use crate::domain::rate::Confirmation;
use chrono::Weekday;

const ORDER: &str = r#"{
  "orderId": "113-1234567-1234567", "createdTime": "2026-11-20T08:00:00.123Z", "lastUpdatedTime": "2026-11-21T09:00:00.456Z",
  "programs": ["PRIME", "AMAZON_BUSINESS", "FBM_SHIP_PLUS", ""], "salesChannel": {"channelName": "AMAZON"},
  "buyer": {"buyerName": "Bea Buyer", "buyerEmail": "x@marketplace.amazon.com", "buyerCompanyName": "Acme", "buyerPurchaseOrderNumber": "PO-1"},
  "recipient": {"deliveryAddress": {"name": "Rita Recipient", "companyName": "Acme", "addressLine1": "5 Main St", "addressLine2": "",
      "addressLine3": "Dock 2", "city": "Boise", "stateOrRegion": "ID", "postalCode": "83702", "countryCode": "us", "phone": "2085550100", "addressType": "COMMERCIAL"},
    "deliveryPreference": {"dropOffLocation": "desk", "deliveryTime": {
      "businessHours": [{"dayOfWeek": "MON", "timeWindows": [{"startTime": {"hour": 9, "minute": 0}, "endTime": {"hour": 17, "minute": 0}}]},
        {"dayOfWeek": "TUE", "timeWindows": [{}]}, {"dayOfWeek": "WED", "timeWindows": [{}]}, {"dayOfWeek": "THU", "timeWindows": [{}]},
        {"dayOfWeek": "FRI", "timeWindows": []}, {"dayOfWeek": "HOLIDAY", "timeWindows": [{}]}],
      "exceptionDates": [{"exceptionDate": "2026-11-26", "exceptionDateType": "CLOSED"}, {"exceptionDate": "2026-11-28", "exceptionDateType": "OPEN"}]}}},
  "fulfillment": {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT", "fulfillmentServiceLevel": "EXPEDITED",
    "shipByWindow": {"earliestDateTime": "2026-11-20T08:00:00Z", "latestDateTime": "2026-11-24T07:59:59Z"},
    "deliverByWindow": {"latestDateTime": "2026-11-30T07:59:59Z"}, "labelPrintingWindow": {"earliestDateTime": "2026-11-21T00:00:00Z"}},
  "orderItems": [
    {"orderItemId": "11", "quantityOrdered": 3, "programs": ["TRANSPARENCY"],
     "product": {"asin": "B0", "title": "Lamp\n", "sellerSku": "LAMP-1", "price": {"unitPrice": {"amount": "19.99", "currencyCode": "USD"}}},
     "cancellation": {"cancellationRequest": {"requester": "BUYER", "cancelReason": "x"}},
     "fulfillment": {"packing": {"giftOption": {"giftMessage": "With love", "giftWrapLevel": ""}, "serialNumberRequirement": {"requirementType": "REQUIRED"}},
       "shipping": {"shippingConstraints": {"signatureConfirmation": "MANDATORY"}}}},
    {"orderItemId": 12, "quantityOrdered": "1", "product": {}, "fulfillment": {"shipping": {"shippingConstraints": {"recipientAgeVerification": "MANDATORY"}}}}],
  "packages": [
    {"packageReferenceId": "1", "packageStatus": {"status": "CANCELLED", "detailedStatus": "LABEL_CANCELLED"}, "carrier": "UPS",
     "shippingService": "Ground", "trackingNumber": "1Z9", "shipTime": "2026-11-21T08:00:00Z", "packageItems": [{"orderItemId": "11", "quantity": 2}]},
    {"packageReferenceId": "2", "packageStatus": {"status": "SHIPPED", "detailedStatus": "PENDING_PICK_UP"}, "trackingNumber": ""}]
}"#;

async fn order(body: &str) -> Result<FetchedOrder, CallError> {
    let bytes = json(200, &format!(r#"{{"order": {body}}}"#));
    let fake = Fake::start(move |_| Play::Say(bytes.clone())).await;
    let order = client(&fake)
        .get_order(&OrderNumber::from("113-1234567-1234567"))
        .await;
    let heard = &fake.heard()[0];
    assert_eq!(
        heard.line,
        "GET /orders/2026-01-01/orders/113-1234567-1234567?includedData=RECIPIENT%2CBUYER%2CFULFILLMENT%2CPACKAGES%2CCANCELLATION"
    );
    assert!(heard.header("x-amzn-shipping-business-id").is_none());
    order
}

#[tokio::test]
async fn an_order_in_the_domains_words() {
    let FetchedOrder { channel, customer } = order(ORDER).await.unwrap();
    assert_eq!(channel.store.as_str(), "us");
    assert_eq!(channel.status, ChannelStatus::Unshipped);
    assert!(channel.programs.prime && channel.programs.business && !channel.programs.premium);
    assert_eq!(channel.programs.other, ["FBM_SHIP_PLUS"]);
    assert_eq!(channel.service_level, "EXPEDITED");
    assert_eq!(channel.created_at.timestamp_subsec_millis(), 123);
    assert!(channel.ship_by.latest.is_some() && channel.deliver_by.earliest.is_none());
    assert!(channel.print_not_before.is_some());
    assert_eq!(channel.confirmation_floor, Some(Confirmation::AdultSignature));
    let destination = channel.destination.unwrap();
    assert_eq!(
        (destination.country.as_str(), destination.state.as_str()),
        ("US", "ID")
    );
    assert_eq!(destination.kind, AddressKind::Commercial);
    assert_eq!(
        destination.zones,
        [chrono_tz::America::Boise],
        "from the postal code"
    );
    assert_eq!(
        destination.closed_weekdays,
        [Weekday::Fri, Weekday::Sat, Weekday::Sun]
    );
    assert_eq!(destination.closed_dates, ["2026-11-26".parse().unwrap()]);
    assert_eq!(destination.open_dates, ["2026-11-28".parse().unwrap()]);
    let line = &channel.lines[0];
    assert_eq!((line.quantity, line.sku.as_str()), (3, "LAMP-1"));
    assert!(!line.title.contains('\n'));
    assert!(line.transparency && line.serial_required && line.gift && line.cancel_requested);
    assert_eq!(line.unit_price, Some(Money::new(1999, Currency::USD)));
    let second = &channel.lines[1];
    assert_eq!(
        (second.id.as_str(), second.quantity),
        ("12", 1),
        "numbers as strings and the other way round"
    );
    assert!(!second.transparency && !second.gift && !second.cancel_requested);
    assert_eq!(channel.packages[0].status, "LABEL_CANCELLED");
    assert_eq!(channel.packages[0].tracking.as_ref().unwrap().as_str(), "1Z9");
    assert_eq!(
        channel.packages[0].items,
        [(crate::domain::ids::LineId::from("11"), 2)]
    );
    assert_eq!(channel.packages[1].status, "SHIPPED");
    assert_eq!(channel.packages[1].tracking, None);
    let customer = customer.unwrap();
    assert_eq!(customer.recipient.name, "Rita Recipient");
    assert_eq!(customer.recipient.lines, ["5 Main St", "Dock 2"]);
    assert_eq!(customer.recipient.postal_code, "83702");
    assert_eq!(customer.buyer.po_number, "PO-1");
    assert_eq!(
        customer.gift_messages,
        [("11".to_owned(), "With love".to_owned())]
    );
}

#[tokio::test]
async fn a_pending_order_has_neither_customer_nor_destination() {
    let body = r#"{"orderId": "113-1234567-1234567", "createdTime": "2026-11-20T08:00:00Z", "lastUpdatedTime": "2026-11-20T08:00:00Z",
        "salesChannel": {"channelName": "AMAZON"}, "recipient": {"deliveryAddress": {"countryCode": "", "name": ""}}, "buyer": null,
        "fulfillment": {"fulfillmentStatus": "PENDING"}, "orderItems": [{"orderItemId": "1", "quantityOrdered": 1, "product": {}}]}"#;
    let order = order(body).await.unwrap();
    assert_eq!(order.channel.status, ChannelStatus::Pending);
    assert_eq!(order.channel.destination, None);
    assert!(order.customer.is_none());
}

#[tokio::test]
async fn unknown_words_are_kept() {
    let body = ORDER
        .replace("UNSHIPPED", "INVOICE_UNCONFIRMED")
        .replace("COMMERCIAL", "HOUSEBOAT");
    let channel = order(&body).await.unwrap().channel;
    assert_eq!(
        channel.status,
        ChannelStatus::Unknown("INVOICE_UNCONFIRMED".to_owned())
    );
    assert_eq!(
        channel.destination.unwrap().kind,
        AddressKind::Unknown("HOUSEBOAT".to_owned())
    );
}

#[test]
fn every_optional_field_may_be_missing_empty_or_odd() {
    let keys = [
        "programs",
        "buyer",
        "recipient",
        "fulfillment",
        "packages",
        "deliveryAddress",
        "deliveryPreference",
        "deliveryTime",
        "businessHours",
        "exceptionDates",
        "shipByWindow",
        "labelPrintingWindow",
        "product",
        "price",
        "unitPrice",
        "cancellation",
        "cancellationRequest",
        "packing",
        "shipping",
        "giftOption",
        "packageStatus",
        "packageItems",
        "addressType",
        "phone",
        "title",
    ];
    for key in keys {
        for odd in ["null", "\"\"", "7", "[]", "{}", "true"] {
            let body = ORDER.replace(
                &format!("\"{key}\":"),
                &format!("\"{key}\": {odd}, \"was{key}\":"),
            );
            let wire: WireOrder = crate::amazon::body::read(body.as_bytes())
                .unwrap_or_else(|error| panic!("{key} {odd}: {error}"));
            let order = wire.plain(&"us".into()).unwrap();
            assert_eq!(order.channel.lines.len(), 2, "{key} {odd}");
        }
    }
}

#[tokio::test]
async fn an_order_whose_quantity_cannot_be_read_is_refused() {
    for odd in ["null", "\"\"", "2.5", "-1", "[]"] {
        let body = ORDER.replace("\"quantityOrdered\": 3", &format!("\"quantityOrdered\": {odd}"));
        let error = order(&body).await.unwrap_err();
        assert!(matches!(error, CallError::Garbled { .. }), "{odd}: {error}");
    }
    let error = order(&ORDER.replace("113-1234567-1234567", "114-0000000-0000000"))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("another order"), "{error}");
    assert!(!error.to_string().contains("Rita"));
}

#[tokio::test]
async fn a_page_names_the_next_and_repeats_its_question() {
    let page = format!(
        r#"{{"orders": [{ORDER}, null, {{"orderId": ""}}], "pagination": {{"nextToken": "a+b/c="}}, "lastUpdatedBefore": "2026-11-21T11:58:00Z"}}"#
    );
    let bytes = json(200, &page);
    let fake = Fake::start(move |_| Play::Say(bytes.clone())).await;
    let client = client(&fake);
    let after = "2026-11-21T11:00:00Z".parse().unwrap();
    let first = client.search_orders(after, None).await.unwrap();
    assert_eq!((first.orders.len(), first.unreadable), (1, 2));
    assert_eq!(first.next.as_deref(), Some("a+b/c="));
    assert_eq!(
        first.last_updated_before,
        "2026-11-21T11:58:00Z".parse::<DateTime<Utc>>().unwrap()
    );
    client.search_orders(after, first.next.as_deref()).await.unwrap();
    let heard = fake.heard();
    assert_eq!(
        heard[0].line,
        "GET /orders/2026-01-01/orders?lastUpdatedAfter=2026-11-21T11%3A00%3A00.000Z&marketplaceIds=ATVPDKIKX0DER&fulfilledBy=MERCHANT&maxResultsPerPage=100&includedData=RECIPIENT%2CBUYER%2CFULFILLMENT%2CPACKAGES%2CCANCELLATION"
    );
    assert!(
        !heard[0].line.contains("fulfillmentStatuses"),
        "a status filter hides what was canceled"
    );
    assert_eq!(
        heard[1].line,
        format!("{}&paginationToken=a%2Bb%2Fc%3D", heard[0].line)
    );
}

#[tokio::test]
async fn the_last_page_has_no_next_and_an_unsaid_bound_is_two_minutes_back() {
    for pagination in [
        "",
        r#""pagination": null,"#,
        r#""pagination": {"nextToken": ""},"#,
        r#""pagination": {"nextToken": null},"#,
    ] {
        let bytes = json(200, &format!(r#"{{{pagination} "orders": []}}"#));
        let fake = Fake::start(move |_| Play::Say(bytes.clone())).await;
        let page = client(&fake)
            .search_orders("2026-11-21T11:00:00Z".parse().unwrap(), None)
            .await
            .unwrap();
        assert_eq!(page.next, None);
        assert_eq!(
            page.last_updated_before,
            "2026-11-21T11:58:00Z".parse::<DateTime<Utc>>().unwrap()
        );
    }
}
