//! What a bench would ask Amazon, for tests that drive the client itself.

use std::sync::Arc;
use tapegun::amazon::{Buckets, Credentials, Patience, SellerClient};
use tapegun::clock::{Clock, SystemClock};
use tapegun::domain::ids::{BoxId, OrderId, StoreId};
use tapegun::domain::order::ChannelOrder;
use tapegun::domain::rate::{Confirmation, QuoteItem, QuoteRequest};
use tapegun::domain::seller::{CarrierAccount, Region, ShipFrom, StoreProfile};
use tapegun::domain::units::{Dimensions, LengthUnit, Weight, WeightUnit};

/// A client of the shop `us` whose Amazon and Login with Amazon are at `base`.
pub(crate) fn client(base: &str, client_id: &str, client_secret: &str, refresh_token: &str) -> SellerClient {
    client_at([base, base], client_id, client_secret, refresh_token)
}

/// The same, with Amazon and Login with Amazon in two places.
pub(crate) fn client_at(
    [amazon, login]: [&str; 2],
    client_id: &str,
    client_secret: &str,
    refresh_token: &str,
) -> SellerClient {
    let profile = StoreProfile {
        id: StoreId::from("us"),
        kind: tapegun::domain::order::Origin::Amazon,
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
            email: "bench@example.com".to_owned(),
            zone: "America/New_York".to_owned(),
        },
        amazon_base: Some(amazon.to_owned()),
        login_base: Some(login.to_owned()),
        account: CarrierAccount::default(),
    };
    let credentials = Credentials {
        client_id: client_id.to_owned(),
        client_secret: client_secret.into(),
        refresh_token: refresh_token.into(),
        secret_made: None,
        source: tapegun::amazon::CredentialSource::default(),
    };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let buckets = Arc::new(Buckets::full(Arc::clone(&clock)));
    SellerClient::with_patience(&profile, credentials, clock, buckets, Patience::default())
        .expect("a profile that can be")
}

/// The machine's time.
pub(crate) fn now() -> chrono::DateTime<chrono::Utc> {
    SystemClock::new().now()
}

/// Everything of the order in one box; the codes are dealt out to the units that need one.
pub(crate) fn request(order: &ChannelOrder, number: i64, codes: &[&str]) -> QuoteRequest {
    let mut codes = codes.iter().map(|code| (*code).to_owned());
    let items = order.lines.iter().map(|line| QuoteItem {
        line: line.id.clone(),
        quantity: line.quantity,
        unit_weight: Some(Weight {
            thousandths: 900_000,
            unit: WeightUnit::G,
        }),
        unit_value: line.unit_price,
        serials: if line.transparency {
            codes.by_ref().take(line.quantity as usize).collect()
        } else {
            Vec::new()
        },
    });
    QuoteRequest {
        order: OrderId(number),
        box_id: BoxId(number),
        box_number: 1,
        items: items.collect(),
        weight: Weight {
            thousandths: 31_250,
            unit: WeightUnit::Oz,
        },
        dimensions: Dimensions {
            length: 12_000,
            width: 9_250,
            height: 4_000,
            unit: LengthUnit::In,
        },
        confirmation: Confirmation::DeliveryConfirmation,
        ship_date: Some(now()),
    }
}
