//! What quotes hold: each kind of offer that a rule has to judge.

use super::*;
use crate::simulator::OfferShape;
use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};

async fn quote_of(bench: &Bench, shape: OfferShape) -> (Order, Value) {
    let number = bench
        .amazon
        .orders()
        .into_iter()
        .find(|number| {
            let order = bench.order(number);
            order.shape == shape && order.seller == 0 && order.base == crate::simulator::Base::Open
        })
        .unwrap();
    (bench.order(&number), bench.rates(&number).await)
}

fn end(order: &Order, rate: &Value) -> Option<NaiveDate> {
    let end = rate["promise"]["deliveryWindow"]["end"].as_str()?;
    let end = DateTime::parse_from_rfc3339(end).unwrap();
    Some(end.with_timezone(&order.address.zone).date_naive())
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Rates from the cheapest up.
fn sorted(quote: &Value) -> Vec<&Value> {
    let mut rates: Vec<&Value> = quote["rates"].as_array().unwrap().iter().collect();
    rates.sort_by(|a, b| {
        a["totalCharge"]["value"]
            .as_f64()
            .unwrap()
            .total_cmp(&b["totalCharge"]["value"].as_f64().unwrap())
    });
    rates
}

/// On every day of the week, so that the demo can be shown on any.
#[tokio::test]
async fn cheap_methods_land_on_the_weekend_and_home_delivery_is_the_cheapest() {
    for day in 0..7 {
        let bench = Bench::with(|config| {
            config.clock = Arc::new(ManualClock::new(tuesday() + TimeDelta::days(day)));
        })
        .await;
        let number = demo::number(2);
        let order = bench.order(&number);
        assert_eq!(
            (order.shape, order.address.kind.as_str()),
            (OfferShape::Weekend, "COMMERCIAL")
        );
        let quote = bench.rates(&number).await;
        let rates = sorted(&quote);
        assert_eq!(rates[0]["serviceId"], "FEDEX_PTP_HOME_DELIVERY");
        for cheap in &rates[..4] {
            assert!(is_weekend(end(&order, cheap).unwrap()), "{}", cheap["serviceId"]);
        }
        let sundays = rates
            .iter()
            .filter(|rate| end(&order, rate).unwrap().weekday() == Weekday::Sun);
        assert!(sundays.count() > 0);
        let passes = rates
            .iter()
            .filter(|rate| !is_weekend(end(&order, rate).unwrap()));
        let last = order.deliver_by.1.with_timezone(&order.address.zone).date_naive();
        assert!(
            passes.filter(|rate| end(&order, rate).unwrap() <= last).count() > 3,
            "on {day}"
        );
    }
}

#[tokio::test]
async fn the_tour_can_be_shipped_in_time_on_every_day_of_the_week() {
    for day in 0..7 {
        let bench = Bench::with(|config| {
            config.clock = Arc::new(ManualClock::new(tuesday() + TimeDelta::days(day)));
        })
        .await;
        for place in [1, 3] {
            let order = bench.order(&demo::number(place));
            let quote = bench.rates(&order.number).await;
            let last = order.deliver_by.1.with_timezone(&order.address.zone).date_naive();
            let rates = sorted(&quote);
            assert!(
                rates
                    .iter()
                    .any(|rate| end(&order, rate).is_some_and(|day| day <= last)),
                "{place} on {day}"
            );
        }
    }
}

#[tokio::test]
async fn a_local_friday_is_a_saturday_in_utc() {
    let bench = Bench::new().await;
    let (order, quote) = quote_of(&bench, OfferShape::UtcSaturday).await;
    let cheapest = sorted(&quote)[0];
    assert_eq!(end(&order, cheapest).unwrap().weekday(), Weekday::Fri);
    let utc = DateTime::parse_from_rfc3339(cheapest["promise"]["deliveryWindow"]["end"].as_str().unwrap());
    assert_eq!(utc.unwrap().weekday(), Weekday::Sat);
}

#[tokio::test]
async fn a_window_spans_a_weekend() {
    let bench = Bench::new().await;
    let (order, quote) = quote_of(&bench, OfferShape::Span).await;
    let cheapest = sorted(&quote)[0];
    assert_eq!(end(&order, cheapest).unwrap().weekday(), Weekday::Mon);
    let window = &cheapest["promise"]["deliveryWindow"];
    let hours = DateTime::parse_from_rfc3339(window["end"].as_str().unwrap()).unwrap()
        - DateTime::parse_from_rfc3339(window["start"].as_str().unwrap()).unwrap();
    assert!(hours > TimeDelta::days(3));
}

#[tokio::test]
async fn late_offers_come_with_and_without_a_warning() {
    let bench = Bench::new().await;
    let (order, quote) = quote_of(&bench, OfferShape::Late).await;
    let last = order.deliver_by.1.with_timezone(&order.address.zone).date_naive();
    let late: Vec<bool> = sorted(&quote)
        .into_iter()
        .filter(|rate| end(&order, rate).unwrap() > last)
        .map(|rate| {
            rate["benefits"]["excludedBenefits"]
                .to_string()
                .contains("LATE_DELIVERY_RISK")
        })
        .collect();
    assert!(late.contains(&true) && late.contains(&false), "{late:?}");
}

#[tokio::test]
async fn the_other_kinds_of_offers() {
    let bench = Bench::new().await;
    let (_, flat) = quote_of(&bench, OfferShape::FlatRateOnly).await;
    let ids: Vec<&str> = sorted(&flat)
        .into_iter()
        .map(|rate| rate["serviceId"].as_str().unwrap())
        .collect();
    let branded = |id: &&str| ["_FRE", "_MFRB", "_ONE_RATE"].iter().any(|end| id.ends_with(end));
    assert!(ids.len() == 3 && ids.iter().all(branded), "{ids:?}");
    let (_, none) = quote_of(&bench, OfferShape::NoPromise).await;
    assert_eq!(
        sorted(&none)
            .iter()
            .filter(|rate| rate["promise"].get("deliveryWindow").is_none())
            .count(),
        1
    );
    let (_, excluded) = quote_of(&bench, OfferShape::SellerExclusions).await;
    let reasons = &excluded["rates"][0]["benefits"]["excludedBenefits"][0]["reasonCodes"];
    assert_eq!(*reasons, json!(["NON_SSA_ORDER", "NON_AHT_ORDER"]));
    let saturday = rate(&none, "UPS_PTP_2ND_DAY_AIR_SAT");
    assert!(
        saturday["rateItemList"]
            .to_string()
            .contains("SUNDAY_HOLIDAY_DELIVERY")
    );
    assert_eq!(
        saturday["billedWeight"],
        json!({"unit": "KILOGRAM", "value": 1.36})
    );
}

#[tokio::test]
async fn the_same_box_costs_the_same_and_a_heavier_one_more() {
    let bench = Bench::new().await;
    let number = demo::number(1);
    let cents = |quote: &Value| {
        rate(quote, "UPS_PTP_GND")["totalCharge"]["value"]
            .as_f64()
            .unwrap()
    };
    let (first, second) = (bench.rates(&number).await, bench.rates(&number).await);
    assert!((cents(&first) - cents(&second)).abs() < f64::EPSILON);
    assert_ne!(first["requestToken"], second["requestToken"]);
    let mut body = bench.rates_body(&number);
    body["packages"][0]["weight"]["value"] = json!(20);
    let heavy = bench.post(RATES, &body).await.body["payload"].clone();
    assert!(cents(&heavy) > cents(&first) + 5.0);
}

#[tokio::test]
async fn territories_get_the_post_alone() {
    let bench = Bench::new().await;
    let number = bench
        .amazon
        .orders()
        .into_iter()
        .find(|number| bench.order(number).address.state == "PR")
        .unwrap();
    let quote = bench.rates(&number).await;
    assert!(sorted(&quote).iter().all(|rate| rate["carrierId"] == "USPS"));
}
