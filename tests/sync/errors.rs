//! Every error with which Amazon answers a purchase, a void or a question for rates (amazon.md 1.7, 2.12, 3, 9), over
//! both label APIs: what the label is then, and what the packer reads. The table is kept in `docs/errors.md`.

use crate::bench::Bench;
use crate::tables;
use std::fmt::Write as _;
use tapegun::app::state_words;
use tapegun::domain::ids::IntentId;
use tapegun::domain::rate::QuoteState;
use tapegun::domain::seller::LabelVia::{self, MerchantFulfillmentV0 as V0, ShippingV2 as V2};
use tapegun::domain::shipment::LabelState as S;
use tapegun::simulator::{Fault, FaultKind, Switches};

/// What is asked of Amazon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ask {
    Rates,
    Buy,
    /// A purchase for an order that is not Amazon's.
    BuyElsewhere,
    Void,
}
use Ask::{Buy, BuyElsewhere, Rates, Void};

/// One error, and what must come of it.
struct Case {
    /// Section or trap of amazon.md.
    source: &'static str,
    ask: Ask,
    over: &'static [LabelVia],
    error: &'static str,
    kind: FaultKind,
    /// Another operation than the one that is asked for meets it.
    operation: Option<&'static str>,
    /// It is the answer to a repeat, after an answer that was lost.
    repeated: bool,
    /// The label afterwards; none for rates.
    state: Option<S>,
    /// Must be in the packer's words.
    says: &'static str,
}

/// Source | asked | over | error | how Amazon answers (status and code, or the simulator's fault; before it a colon and
/// which operation, or that it is the answer to a repeat) | Amazon's sentence | the label then | what must be said.
const CASES: &str = "
3.3 | rates | v2 | items heavier than the box | 400 InvalidInput | Total items weight exceeds the declared package weight. | none | weigh the packed box again
9, trap 7 | rates | both | a member of the ship-from address | 400 InvalidInput | Value at 'shipFrom.countryCode' failed to satisfy constraint: length between 1 and 2. | none | corrects ship_from
9, trap 8 | rates | both | Invalid Input without a detail | 400 InvalidInput | Invalid Input | none | choose another method
2.12 | rates | v0 | RegionNotSupported | 404 RegionNotSupported | Not here. | none | another carrier
2.12 | rates | v0 | ShipmentRequestDetailsTooRestrictive | 400 ShipmentRequestDetailsTooRestrictive | No offer. | none | less Delivery Confirmation
1.7 | rates | both | the role is missing | 403 Unauthorized | Access to requested resource is denied. | none | Direct-to-Consumer
2.12 | rates | v0 | InvalidRequest | 400 InvalidRequest | Malformed. | none | request number
2.12 | rates | v0 | InvalidShipFromAddress | 400 InvalidShipFromAddress | Bad origin. | none | ship_from
2.12 | rates | v0 | ShippingServiceNotAvailable | 404 ShippingServiceNotAvailable | Not for this weight. | none | choose another method
2.12 | rates | v0 | ItemsNotInOrder | 404 ItemsNotInOrder | No such item. | none | pack it again
2.12 | rates | v0 | TermsAndConditionsNotAccepted | 403 TermsAndConditionsNotAccepted | Not accepted. | none | accepts the carrier's terms
2.12 | rates | v0 | ResourceNotFound | 404 ResourceNotFound | Not found. | none | import the order again
2.12 | buy | both | InsufficientFunds | 400 InsufficientFunds | Insufficient funds. | refused | payment method
2.12 | buy | both | InvalidRequest | 400 InvalidRequest | Malformed. | refused | request number
2.12 | buy | both | InvalidShipFromAddress | 400 InvalidShipFromAddress | Bad origin. | refused | ship_from
2.12 | buy | both | InvalidShippingServiceOfferId | 400 InvalidShippingServiceOfferId | Unknown offer. | refused | ask for rates again
2.12 | buy | both | ShippingServiceOfferNotAvailable | 400 ShippingServiceOfferNotAvailable | The rate changed. | refused | look at the price
2.12 | buy | both | ShippingServiceNotAvailable | 404 ShippingServiceNotAvailable | Not for this weight. | refused | choose another method
2.12 | buy | both | ShipmentRequestDetailsTooRestrictive | 400 ShipmentRequestDetailsTooRestrictive | No offer fits. | refused | less Delivery Confirmation
2.12 | buy | both | LabelFormatNotSupported | 400 LabelFormatNotSupported | Format not offered. | refused | that this station can print
2.12 | buy | both | ItemsNotInOrder | 404 ItemsNotInOrder | No such item. | refused | pack it again
2.12 | buy | both | TermsAndConditionsNotAccepted | 403 TermsAndConditionsNotAccepted | Not accepted. | refused | accepts the carrier's terms
2.12 | buy | both | RegionNotSupported | 404 RegionNotSupported | Not here. | refused | another carrier
2.12 | buy | both | ResourceNotFound | 404 ResourceNotFound | Not found. | refused | import the order again
2.12 | buy | both | ShipmentAlreadyExists | 400 ShipmentAlreadyExists | Already shipped. | unknown | does not prove that nothing was done
9, trap 1 | buy | v0 | Invalid Input without a detail | 400 InvalidInput | Invalid Input | refused | does not say what is wrong
9, trap 2 | buy | v0 | a bare number as message | 400 InvalidInput | be7a0a53-00c3-4f6f-a63a-639f76ee9253 | refused | does not say what is wrong
9, trap 3 | buy | v0 | label format refused although listed | 400 InvalidInput | The shipping service does not offer the requested label format. | refused | choose another method
9, trap 7 | buy | v0 | a member of the ship-from address | 400 InvalidInput | Value 'USA' at 'shipmentRequestDetails.shipFromAddress.countryCode' failed to satisfy constraint | refused | corrects ship_from
9, trap 8 | buy | v0 | a member of the size | 400 InvalidInput | Value '0.001' at 'shipmentRequestDetails.packageDimensions.length' failed to satisfy constraint | refused | measure the box again
9, trap 9 | buy | both | an order item id that is none | 400 InvalidInput | OrderItemId is invalid | refused | pack it again
2.12 | buy | both | a Transparency code refused | 400 InvalidInput | The transparency code is invalid. | refused | scan the code of each unit again
9, trap 10 | buy | v2 | value-added services invalid | 400 InvalidInput | The requested value added services are invalid. Please check the value added services offered in the GetRates response. | refused | Delivery Confirmation anew
9, trap 11 | buy | v2 | dpi missing or not offered | 400 InvalidInput | Currently, supported dpi : [300, 203] | refused | ask for rates again
9, trap 12 | buy | v2 | document specification | 400 InvalidInput | invalid documentation specification | refused | ask for rates again
3.7 | buy | v2 | TOKEN_EXPIRED | expired-quote | | refused | the rates have run out
3.7 | buy | v2 | TOKEN_EXPIRED to a repeat, after an answer that was lost | repeat: 400 InvalidRequest | TOKEN_EXPIRED | unknown | NOBODY KNOWS
3.7 | buy | v2 | a rate of another token | 400 InvalidInput | The rate does not belong to the request token. | refused | ask for rates again
3.7 | buy | v2 | Order doesn't exist in Rigel | 400 InvalidInput | Order doesn't exist in Rigel | refused | Seller Central
3.7 | buy | v2 | additional inputs missing | 400 InvalidInput | The rate requires additional inputs: harmonizedSystemCode. | refused | type what the method asks for
3.7 | buy | v2 | the key was used for something else | 400 InvalidInput | The idempotency key was used with a different request. | refused | does not understand
9, trap 21 | buy | both | package to update not found | 400 InvalidInput | PackageToUpdateNotFound: The order is already fulfilled. | refused | which package it is
3.7 | buy | both | the order is pending | 400 InvalidInput | Order 111-1111111-1111111 is pending. | refused | opens by itself
1.7 | buy | both | an error that nobody knows | 400 NewCode | Something new. | refused | Something new.
1.7 | buy | both | 401, again with a fresh token | 401 Unauthorized | Access token is invalid. | refused | authorises
9, trap 28 | buy | both | 403, again with a fresh token | 403 Unauthorized | Access to requested resource is denied. | refused | Direct-to-Consumer
1.7 | buy | both | 404 NotFound | 404 NotFound | Not found. | refused | import the order again
1.7 | buy | both | 413 InvalidRequest | 413 InvalidRequest | The request size exceeds the maximum. | refused | request number
1.7 | buy | both | 415 InvalidRequest | 415 InvalidRequest | The media type is not supported. | refused | request number
3.7 | buy | both | the order is canceled meanwhile | canceled-order | | refused | do not ship it
9, trap 13 | buy elsewhere | v2 | what the sandbox sells and production does not | 403 Unauthorized | Access to requested resource is denied. | refused | Direct-to-Consumer
9, trap 27 | buy | v0 | the restricted token is refused | createRestrictedDataToken: 403 Unauthorized | Application does not have access to one or more requested data elements | wanted | Direct-to-Consumer
9, trap 29 | buy | both | 429 QuotaExceeded | 429 QuotaExceeded | You exceeded your quota for the requested resource. | wanted | not bought yet
1.7 | buy | both | 500 InternalFailure | 500 InternalFailure | We encountered an internal error. Please try again. | unknown | NOBODY KNOWS
1.7 | buy | both | 503 ServiceUnavailable | 503 ServiceUnavailable | Service is temporarily unavailable. | unknown | NOBODY KNOWS
9, trap 16 | buy | both | a blank label | blank-label | | bought without document | must not be printed
9, trap 4 | buy | v0 | a label whose gzip ends early | truncated-gzip | | bought | it prints now
2.8 | buy | v0 | a label with another's checksum | bad-checksum | | bought without document | label is missing
2.12 | void | both | LabelCancelWindowExpired | 400 LabelCancelWindowExpired | Too late. | void refused | stays paid for
2.12 | void | both | InvalidState | 404 InvalidState | Not in this state. | void refused | Seller Central
2.12 | void | both | ResourceNotFound | 404 ResourceNotFound | Not found. | void refused | credentials and region
3.2 | void | v2 | can no longer be canceled | 400 InvalidInput | The shipment can no longer be canceled. | void refused | stays paid for
1.7 | void | both | Invalid Input without a detail | 400 InvalidInput | Invalid Input | void refused | does not say what is wrong
1.7 | void | both | an error that nobody knows | 400 NewCode | Something new. | void refused | Something new.
1.7 | void | both | 401, again with a fresh token | 401 Unauthorized | Access token is invalid. | void refused | authorises
9, trap 28 | void | both | 403, again with a fresh token | 403 Unauthorized | Access to requested resource is denied. | void refused | Direct-to-Consumer
9, trap 27 | void | v0 | the restricted token is refused | createRestrictedDataToken: 403 Unauthorized | Application does not have access to one or more requested data elements | void wanted | Direct-to-Consumer
9, trap 29 | void | both | 429 QuotaExceeded | 429 QuotaExceeded | You exceeded your quota for the requested resource. | void wanted | a void is written down
1.7 | void | both | 500 InternalFailure | 500 InternalFailure | We encountered an internal error. Please try again. | void unknown | NOBODY KNOWS
1.7 | void | both | 503 ServiceUnavailable | 503 ServiceUnavailable | Service is temporarily unavailable. | void unknown | NOBODY KNOWS
8 | void | v2 | already canceled | 400 InvalidInput | The shipment is already canceled. | voided | VOIDED
";

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for line in CASES.trim().lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [source, ask, over, error, answer, sentence, state, says] = cells[..] else {
            panic!("{line}")
        };
        let (before, answer) = answer
            .split_once(": ")
            .map_or((None, answer), |(before, answer)| (Some(before), answer));
        let kind = match answer.split_once(' ') {
            Some((status, code)) => named(status.parse().unwrap(), code, sentence),
            None => serde_json::from_value(serde_json::json!({ "kind": answer })).unwrap(),
        };
        cases.push(Case {
            source,
            ask: match ask {
                "rates" => Rates,
                "buy" => Buy,
                "buy elsewhere" => BuyElsewhere,
                _ => Void,
            },
            over: match over {
                "v2" => &[V2],
                "v0" => &[V0],
                _ => &[V2, V0],
            },
            error,
            kind,
            operation: before.filter(|before| *before != "repeat"),
            repeated: before == Some("repeat"),
            state: (state != "none").then(|| S::from_words(state).unwrap()),
            says,
        });
    }
    cases
}

fn named(status: u16, code: &str, message: &str) -> FaultKind {
    FaultKind::Named {
        status,
        code: code.to_owned(),
        message: message.to_owned(),
        after: false,
    }
}

fn operation(ask: Ask, via: LabelVia) -> &'static str {
    match (ask, via) {
        (Rates, V0) => "getEligibleShipmentServices",
        (Rates, _) => "getRates",
        (Buy | BuyElsewhere, V0) => "createShipment",
        (Buy | BuyElsewhere, _) => "purchaseShipment",
        (Void, V0) => "cancelShipmentV0",
        (Void, _) => "cancelShipment",
    }
}

async fn bench(via: LabelVia) -> Bench {
    Bench::over(
        via,
        Switches {
            limits: false,
            ..Switches::default()
        },
    )
    .await
}

/// Meets the error once (a token twice) and gives what the label is then and what the packer reads.
async fn meet(
    bench: &mut Bench,
    via: LabelVia,
    case: &Case,
    bought: &mut Option<IntentId>,
) -> (Option<S>, String) {
    let times = match case.kind {
        FaultKind::Named {
            status: 401 | 403, ..
        } => 2,
        _ => 1,
    };
    let order = match case.ask {
        BuyElsewhere => bench.elsewhere("12.99").await,
        _ => bench.order(0).await,
    };
    let name = case.operation.unwrap_or_else(|| operation(case.ask, via));
    let fault = Fault::new(name, case.kind.clone()).times(times);
    let label = match case.ask {
        Rates => {
            let (box_id, _) = bench.pack(order).await;
            let quote = bench.want_quote(order, box_id).await;
            bench.simulator.fault(fault);
            bench.pass().await;
            let quote = bench.store.read(move |store| store.quote(quote)).await.unwrap();
            let QuoteState::Failed(words) = quote.state else {
                panic!("{}: {:?}", case.error, quote.state)
            };
            return (None, words);
        }
        Buy | BuyElsewhere => {
            let label = bench.want(order).await;
            if case.repeated {
                bench.fault(name, FaultKind::ResetAfter);
                bench.pass().await;
                bench.clock.advance(std::time::Duration::from_secs(10));
            }
            bench.simulator.fault(fault);
            label
        }
        Void => {
            let label = if let Some(label) = bought {
                *label
            } else {
                let label = bench.want(order).await;
                bench.pass().await;
                bench.after(5).await;
                bench.is_bought_once(label).await;
                *bought = Some(label);
                label
            };
            if case.operation.is_some() {
                // So is the one that the purchase took, for an hour.
                bench.clock.advance(std::time::Duration::from_secs(3_700));
            }
            bench.want_void(label).await;
            bench.simulator.fault(fault);
            label
        }
    };
    bench.pass().await;
    if times > 1 && case.operation.is_none() {
        // Our own limit: the question with a fresh token waits for its turn.
        bench.after(2).await;
    }
    let row = bench.label(label).await;
    let mut words = state_words(&row).1;
    if case.operation.is_some() {
        let health = bench.store.read(|store| store.health()).await.unwrap();
        let trouble = health.trouble.unwrap_or_default();
        write!(words, "; in the status line: {trouble}").unwrap();
    }
    (Some(row.state), words)
}

const HEAD: &str = "# Errors of Amazon, and what the packer reads

Every error with which Amazon is known to answer a question for rates, a purchase or a void, over Shipping v2 (v2) and Merchant
Fulfillment v0 (v0). The words are those that the program really says: the test in the last column plays each row over HTTP and
fails when a word of this table differs. Numbers in the first column are sections and traps of the notes on Amazon's API.
*Unknown* settles itself as `purchasing.md` says; *refused* means surely not bought. Where the seller account has too little
balance, only the first label is refused; the others of that store wait, and one of them is tried again every two minutes.

| source | asked | over | error | the label then | what the packer reads | tests |
| --- | --- | --- | --- | --- | --- | --- |
";

#[tokio::test]
async fn every_error_of_amazon_is_said_in_the_packers_words() {
    let (mut document, mut wrong) = (HEAD.to_owned(), Vec::new());
    let cases = cases();
    for ask in [Rates, Buy, BuyElsewhere, Void] {
        for via in [V2, V0] {
            let (mut at, mut bought) = (bench(via).await, None);
            for case in cases
                .iter()
                .filter(|case| case.ask == ask && case.over.contains(&via))
            {
                if case.operation.is_some() {
                    // The token of the label before is still good.
                    (at, bought) = (bench(via).await, None);
                }
                // Our own limits: one void, one read a second.
                at.clock.advance(std::time::Duration::from_secs(6));
                let (state, words) = meet(&mut at, via, case, &mut bought).await;
                let place = format!("{} {ask:?} over {}: {words}", case.error, via.words());
                if state != case.state || !words.contains(case.says) {
                    wrong.push(format!("{place} | is {state:?}, must say {:?}", case.says));
                }
                at.simulator.clear_faults();
                let (asked, over) = match (ask, via) {
                    (Rates, V0) => ("rates", "v0"),
                    (Rates, _) => ("rates", "v2"),
                    (Buy, V0) => ("purchase", "v0"),
                    (Buy, _) => ("purchase", "v2"),
                    (BuyElsewhere, _) => ("purchase, channel EXTERNAL", "v2"),
                    (Void, V0) => ("void", "v0"),
                    (Void, _) => ("void", "v2"),
                };
                writeln!(
                    document,
                    "| {} | {asked} | {over} | {} | {} | {} | `every_error_of_amazon_is_said_in_the_packers_words` |",
                    case.source,
                    case.error,
                    state.map_or("none", S::words),
                    tables::steady(&words)
                )
                .unwrap();
                let goes_on = matches!(state, None | Some(S::Refused | S::VoidRefused))
                    && case.error != "InsufficientFunds"
                    && !matches!(case.kind, FaultKind::CanceledOrder);
                if !goes_on {
                    (at, bought) = (bench(via).await, None);
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    tables::is_up_to_date("errors.md", &document);
}

#[tokio::test]
async fn where_the_account_cannot_pay_one_label_is_refused_and_the_others_wait() {
    for via in [V2, V0] {
        let mut bench = bench(via).await;
        let mut packed = Vec::new();
        for at in 0..3 {
            let order = bench.order(at).await;
            let (box_id, turn) = bench.pack(order).await;
            packed.push((order, box_id, turn, bench.want_quote(order, box_id).await));
        }
        bench.pass().await;
        let mut labels = Vec::new();
        for (order, box_id, turn, quote) in packed {
            labels.push(bench.want_from(order, box_id, turn, quote).await);
        }
        bench.simulator.fault(Fault::new(
            operation(Buy, via),
            named(400, "InsufficientFunds", "Insufficient funds."),
        ));
        let report = bench.pass().await;
        bench.after(5).await;
        let mut states = Vec::new();
        for label in &labels {
            states.push(bench.label(*label).await.state);
        }
        states.sort_by_key(|state| state.words());
        assert_eq!(states, [S::Refused, S::Wanted, S::Wanted], "{report:?}");
        let said = |report: &tapegun::sync::PassReport| {
            let about = report
                .trouble
                .iter()
                .filter(|words| words.contains("payment method"));
            about.count()
        };
        assert_eq!(said(&report), 1, "{report:?}");
        let asked = bench.asked_in_all();
        bench.after(60).await;
        assert_eq!(
            bench.asked_in_all(),
            asked,
            "nothing more is asked for this store"
        );
        let health = bench.store.read(|store| store.health()).await.unwrap();
        assert!(health.trouble.unwrap().contains("payment method"));
        // Two minutes later one is tried again, and the one alone.
        bench.after(61).await;
        assert_eq!(bench.asked_in_all(), asked + 1);
        // A supervisor has added a payment method.
        bench.simulator.clear_faults();
        for _ in 0..4 {
            bench.after(121).await;
        }
        let mut bought = 0;
        for label in &labels {
            bought += usize::from(bench.label(*label).await.state == S::Bought);
        }
        assert_eq!(bought, 2);
        assert_eq!(said(&bench.after(5).await), 0);
        bench.books_agree().await;
    }
}
