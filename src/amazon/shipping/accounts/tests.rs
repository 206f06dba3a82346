use super::*;
use crate::amazon::fake::{Fake, Play, client, json};

async fn answered(body: &str) -> Vec<LinkedAccount> {
    let bytes = json(200, body);
    let fake = Fake::start(move |_| Play::Say(bytes.clone())).await;
    let accounts = client(&fake).carrier_accounts().await.unwrap();
    let heard = fake.heard();
    let request = heard.last().unwrap();
    assert!(
        request.line.starts_with("PUT /shipping/v2/carrierAccounts"),
        "it is read with PUT: {}",
        request.line
    );
    assert_eq!(request.text(), "{}");
    assert_eq!(
        request.header("x-amzn-shipping-business-id"),
        Some("AmazonShipping_US"),
        "the default would be the UK"
    );
    accounts
}

#[tokio::test]
async fn linked_accounts_are_read_with_and_without_a_wrapper() {
    let linked = |carrier: &str, account: &str| LinkedAccount {
        carrier: carrier.to_owned(),
        account: account.to_owned(),
    };
    let body = r#"{"activeAccounts": [{"accountId": "a-1", "carrierId": "UPS"}, {"carrierId": "FEDEX", "new": 1}, {}, null]}"#;
    let expected = [linked("UPS", "a-1"), linked("FEDEX", "")];
    assert_eq!(answered(body).await, expected);
    assert_eq!(answered(&format!(r#"{{"payload": {body}}}"#)).await, expected);
    assert_eq!(answered(r#"{"activeAccounts": []}"#).await, []);
}
