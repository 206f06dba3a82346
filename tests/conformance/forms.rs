//! What is asked for at the day's end: Shipping v2's collection forms.

use tapegun::amazon::SellerClient;
use tapegun::domain::collection::{FormAnswer, offered};
use uuid::Uuid;

/// A form of the first carrier that has parcels, found again in the history and by its id; refusals too.
pub(super) async fn tour(client: &SellerClient) {
    let since = super::now() - chrono::TimeDelta::hours(1);
    let listed = client.unmanifested().await.unwrap();
    // Not every seller bought a label of a carrier with forms; that one did is seen by what was asked.
    let Some(carrier) = listed.first() else { return };
    assert_eq!(offered(&carrier.carrier, &listed), Some(carrier));
    let key = Uuid::now_v7();
    let FormAnswer::Made(first) = client.generate_form(&carrier.carrier_id, key).await else {
        panic!("no form")
    };
    let FormAnswer::Made(again) = client.generate_form(&carrier.carrier_id, key).await else {
        panic!("the same key brings the same form")
    };
    assert_eq!(first, again);
    let refused = client.generate_form(&carrier.carrier_id, Uuid::now_v7()).await;
    assert!(
        matches!(refused, FormAnswer::Refused(_)),
        "nothing is left for another"
    );
    let history = client
        .form_history(since, super::now() + chrono::TimeDelta::hours(1))
        .await
        .unwrap();
    assert_eq!(history.len(), 1, "one form, however often it was asked for");
    assert_eq!(client.collection_form(&history[0].id).await.unwrap(), first);
    assert!(client.collection_form("amzn1.cf.none").await.is_err());
}
