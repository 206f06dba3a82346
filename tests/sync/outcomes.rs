//! What goes wrong on the wire, and the named outcome of each: the label's state, what the packer reads, and that it
//! ends with one label or none. Both label APIs, buying and voiding. The table is kept in `docs/outcomes.md`.

use crate::bench::Bench;
use crate::tables;
use std::fmt::Write as _;
use std::time::Duration;
use tapegun::app::state_words;
use tapegun::domain::ids::IntentId;
use tapegun::domain::seller::LabelVia::{self, MerchantFulfillmentV0 as V0, ShippingV2 as V2};
use tapegun::domain::shipment::LabelState as S;
use tapegun::simulator::{Fault, FaultKind, Switches};

/// What goes wrong | the simulator's fault | the label then: bought over v2, bought over v0, voided over v2, over v0.
/// `-`: cannot happen there.
const FAULTS: &str = r#"
429 without a header | {"kind":"too-many-requests"} | wanted | wanted | void wanted | void wanted
429 with the rate | {"kind":"too-many-requests","header":true} | wanted | wanted | void wanted | void wanted
429 with Retry-After | {"kind":"retry-after","seconds":7} | wanted | wanted | void wanted | void wanted
500, nothing done | {"kind":"error","status":500} | unknown | unknown | void unknown | void unknown
500, done all the same | {"kind":"error","status":500,"after":true} | unknown | unknown | void unknown | voided
503, nothing done | {"kind":"error","status":503} | unknown | unknown | void unknown | void unknown
503, done all the same | {"kind":"error","status":503,"after":true} | unknown | unknown | void unknown | voided
504 of a gateway, nothing done | {"kind":"error","status":504} | unknown | unknown | void unknown | void unknown
a page with 200, done | {"kind":"html"} | unknown | unknown | void unknown | void unknown
a page with 200, nothing done | {"kind":"page","status":200} | unknown | unknown | void unknown | void unknown
a page with 502, nothing done | {"kind":"page","status":502} | unknown | unknown | void unknown | void unknown
a page with 400, nothing done | {"kind":"page","status":400} | unknown | unknown | void unknown | void unknown
a network that wants a login (200) | {"kind":"captive-portal"} | unknown | unknown | void unknown | void unknown
a network that wants a login (302) | {"kind":"captive-portal","redirect":true} | unknown | unknown | void unknown | void unknown
connection reset, nothing done | {"kind":"reset-before"} | unknown | unknown | void unknown | void unknown
connection reset, done | {"kind":"reset-after"} | unknown | unknown | void unknown | void unknown
answer cut in its head | {"kind":"cut-in-head","byte":20} | unknown | unknown | void unknown | void unknown
answer cut in its body | {"kind":"cut-at","byte":3} | unknown | unknown | void unknown | void unknown
answer cut after the shipment id | {"kind":"cut-after-shipment-id"} | bought | bought | - | -
answer that is half | {"kind":"not-json"} | bought | bought | - | -
answer that is not UTF-8 | {"kind":"not-utf8"} | bought | bought | - | -
answer that comes late | {"kind":"slow","milliseconds":30} | bought | bought | voided | voided
access token expired | {"kind":"expired-token"} | bought | bought | voided | voided
access token revoked | {"kind":"revoked-token"} | bought | bought | voided | voided
rate limit of nonsense | {"kind":"limit-header","rate":"-1"} | bought | bought | voided | voided
blank label | {"kind":"blank-label"} | bought without document | bought without document | - | -
gzip that ends early | {"kind":"truncated-gzip"} | - | bought | - | -
another checksum | {"kind":"bad-checksum"} | - | bought without document | - | -
"#;

fn operation(voids: bool, via: LabelVia) -> &'static str {
    match (voids, via) {
        (false, V0) => "createShipment",
        (false, _) => "purchaseShipment",
        (true, V0) => "cancelShipmentV0",
        (true, _) => "cancelShipment",
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

/// A label that is wanted, or bought and to be voided.
async fn wish(bench: &mut Bench, voids: bool) -> IntentId {
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    if voids {
        bench.pass().await;
        bench.after(5).await;
        bench.is_bought_once(label).await;
        bench.want_void(label).await;
    }
    label
}

/// Once everything works again and time has passed: at most one label was ever sold, what is known agrees with Amazon's
/// books, and an unknown left is one that nobody could settle.
async fn ends_well(bench: &mut Bench, voids: bool, via: LabelVia, label: IntentId, place: &str) {
    bench.simulator.clear_faults();
    for seconds in [6, 30, 60, 120, 600] {
        bench.after(seconds).await;
    }
    let (row, sold) = (bench.label(label).await, bench.ledger().shipments);
    assert!(sold.len() <= 1, "{place}: {sold:?}");
    if voids {
        let voided = matches!(row.state, S::Voided | S::RefundPending | S::Refunded);
        assert!(voided, "{place}: {row:?}");
        bench.books_agree().await;
        return;
    }
    let settled = match row.state {
        S::Bought => sold.len() == 1,
        S::BoughtWithoutDocument => sold.len() == 1 && (row.held || row.tracking.is_some()),
        // Nothing was sold, and nobody can prove it: v0 is never asked again; v2 no more after its two minutes.
        S::Unknown => sold.is_empty() && via == V0,
        _ => false,
    };
    assert!(settled, "{place}: {row:?} {sold:?}");
    if row.state != S::Unknown {
        bench.books_agree().await;
    }
}

const HEAD: &str = "# What goes wrong on the wire

For each fault between the station and Amazon, what the label is right after it and what the packer reads; over Shipping v2 (v2)
and Merchant Fulfillment v0 (v0). The test in the last column plays each row over HTTP, compares the words, then lets
everything work again and checks that at most one label was sold and that our books agree with Amazon's.

| what goes wrong | asked | over | the label then | what the packer reads | tests |
| --- | --- | --- | --- | --- | --- |
";

#[tokio::test]
async fn whatever_goes_wrong_on_the_wire_has_a_named_outcome() {
    let (mut document, mut wrong) = (HEAD.to_owned(), Vec::new());
    let (mut cases, mut pages) = (0, 0);
    for (place, voids, via) in [(2, false, V2), (3, false, V0), (4, true, V2), (5, true, V0)] {
        for line in FAULTS.trim().lines() {
            let cells: Vec<&str> = line.split(" | ").map(str::trim).collect();
            let wanted = cells[place];
            if wanted == "-" {
                continue;
            }
            let kind: FaultKind = serde_json::from_str(cells[1]).unwrap();
            let mut at = bench(via).await;
            let label = wish(&mut at, voids).await;
            at.simulator
                .fault(Fault::new(operation(voids, via), kind).times(1));
            at.pass().await;
            if cells[0].contains("access token") {
                // Our own limit: the question with a fresh token waits for its turn.
                at.after(2).await;
            }
            let row = at.label(label).await;
            let (_, words) = state_words(&row);
            let over = if via == V0 { "v0" } else { "v2" };
            let asked = if voids { "void" } else { "purchase" };
            let place = format!("{}, {asked} over {over}: {words}", cells[0]);
            if row.state.words() != wanted {
                wrong.push(format!("{place} | is {}, not {wanted}", row.state));
            }
            writeln!(
                document,
                "| {} | {asked} | {over} | {wanted} | {} | `whatever_goes_wrong_on_the_wire_has_a_named_outcome` |",
                cells[0],
                tables::steady(&words)
            )
            .unwrap();
            ends_well(&mut at, voids, via, label, &place).await;
            cases += 1;
            let page = ["a page", "a network that wants", "50"];
            pages += usize::from(page.iter().any(|part| cells[0].starts_with(part)));
        }
    }
    println!(
        "F5, F8, F30 purchases and voids that something happened to on the wire: {cases}, of them 5xx and pages of HTML {pages}; 0 second labels, 0 pages taken for an answer"
    );
    assert_eq!(wrong, Vec::<String>::new());
    tables::is_up_to_date("outcomes.md", &document);
}

#[tokio::test]
async fn a_login_that_fails_leaves_the_wish_as_it_is_and_says_what_to_do() {
    for (error, status, says) in [
        ("invalid_grant", 400, "authorise the application again"),
        ("invalid_client", 401, "put the new secret"),
        ("server_error", 500, ""),
    ] {
        for via in [V2, V0] {
            let mut bench = bench(via).await;
            let label = wish(&mut bench, false).await;
            // The token that is kept runs out first.
            bench.clock.advance(Duration::from_mins(8));
            bench
                .simulator
                .fault(Fault::new("*", FaultKind::RevokedToken).times(1));
            bench.simulator.fault(Fault::new(
                "token",
                FaultKind::LoginError {
                    error: error.to_owned(),
                    status,
                },
            ));
            let report = bench.pass().await;
            let row = bench.label(label).await;
            assert_eq!(row.state, S::Wanted, "{error}: {report:?}");
            assert!(
                says.is_empty() || report.trouble.iter().any(|words| words.contains(says)),
                "{error}: {report:?}"
            );
            assert!(bench.ledger().shipments.is_empty());
        }
    }
    println!("F31 3 ways in which a login is refused, over two APIs: 6 wishes wait, 0 sold, each said");
}

/// F10: answers that are whole and well formed and belong to another parcel.
#[tokio::test]
async fn an_answer_that_belongs_to_another_parcel_is_held() {
    let kinds = [
        (FaultKind::WrongOrder, "another order"),
        (FaultKind::WrongLabel, "another label"),
        (FaultKind::UsedTracking, "a tracking number of another label"),
        (FaultKind::StaleAnswer, "the answer of the purchase before"),
    ];
    let mut met = 0;
    for via in [V2, V0] {
        for (kind, what) in &kinds {
            let mut at = bench(via).await;
            let before = at.order(1).await;
            let sold_before = at.want(before).await;
            at.pass().await;
            at.after(5).await;
            assert_eq!(at.label(sold_before).await.state, S::Bought);
            let label = wish(&mut at, false).await;
            at.fault(operation(false, via), kind.clone());
            at.pass().await;
            at.after(5).await;
            let row = at.label(label).await;
            assert!(row.state.is_bought(), "{what} over {}: {row:?}", via.words());
            assert!(row.held, "{what} over {}: {row:?}", via.words());
            let (_, words) = state_words(&row);
            let told = ["do not ship", "do not use", "must not be printed"];
            assert!(told.iter().any(|part| words.contains(part)), "{words}");
            let order = at.order(0).await;
            let number = at.detail(order).await.order.channel.number;
            let sold = at.ledger().shipments;
            let of_it = sold.iter().filter(|one| one.order_id == number.as_str()).count();
            assert_eq!(of_it, 1, "{what} over {}", via.words());
            met += 1;
        }
    }
    println!(
        "F10 answers that belong to another parcel: {met} of {met} held, 0 may be printed, 0 second labels"
    );
}

#[tokio::test]
async fn a_clock_that_jumps_a_day_buys_nothing_twice_and_nothing_stale() {
    for via in [V2, V0] {
        // Between the wish and the question: the rates have run out.
        let mut at = bench(via).await;
        let label = wish(&mut at, false).await;
        at.after(86_400).await;
        let row = at.label(label).await;
        assert_eq!(
            (row.state, at.ledger().shipments.len()),
            (S::Refused, 0),
            "{row:?}"
        );
        assert!(state_words(&row).1.contains("ask for rates again"));

        // Between the lost answer and the look at the packages.
        let mut at = bench(via).await;
        let label = wish(&mut at, false).await;
        at.fault(operation(false, via), FaultKind::ResetAfter);
        at.pass().await;
        assert_eq!(at.label(label).await.state, S::Unknown);
        at.after(86_400).await;
        at.after(60).await;
        let row = at.label(label).await;
        assert!(row.state.is_bought(), "{row:?}");
        assert_eq!(at.ledger().shipments.len(), 1);
        at.books_agree().await;
    }
    println!(
        "F14 a day ahead between wish and question, and after a lost answer, over two APIs: 4 purchases, 0 stale, 0 twice"
    );
}
