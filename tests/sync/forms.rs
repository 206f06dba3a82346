//! Collection forms: written down first, asked under one key, found again where the answer was lost, told where there
//! is none.

use crate::bench::{Bench, STATION};
use tapegun::clock::Clock as _;
use tapegun::domain::collection::{CollectionForm, FormState};
use tapegun::domain::ids::{CollectionFormId, StationId, StoreId};
use tapegun::domain::rows::PrintState;
use tapegun::simulator::FaultKind;
use tapegun::store::{PaperOf, WantForm};
use tapegun::sync::{OwnPaper, SendPaper, open_form, print_papers};
use uuid::Uuid;

fn requests(bench: &Bench, operation: &str) -> u64 {
    bench
        .ledger()
        .requests
        .get(operation)
        .copied()
        .unwrap_or_default()
}

/// A label of the first order; its carrier.
async fn labelled(bench: &mut Bench) -> String {
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.pass().await;
    bench.is_bought_once(label).await;
    bench.label(label).await.carrier
}

async fn want(bench: &Bench, carrier: &str) -> CollectionFormId {
    let (by, now) = (bench.user, bench.clock.now());
    let wish = WantForm {
        key: Uuid::now_v7(),
        store: StoreId::from("us"),
        carrier: carrier.to_owned(),
        manifest: None,
        by,
    };
    let wanted = bench
        .store
        .write(move |store| store.want_collection_form(&wish, now))
        .await;
    wanted.unwrap().id
}

async fn form(bench: &Bench, id: CollectionFormId) -> CollectionForm {
    bench
        .store
        .read(move |store| store.collection_form(id))
        .await
        .unwrap()
}

/// A carrier that Amazon offers forms for, and a bench with a parcel of it.
async fn with_a_parcel() -> (Bench, String) {
    let mut bench = Bench::new().await;
    bench.service = Some("USPS_PTP_GAH");
    let carrier = labelled(&mut bench).await;
    assert_eq!(carrier, "USPS");
    (bench, carrier)
}

#[tokio::test]
async fn a_form_is_made_sealed_and_printed_from_the_store() {
    let (mut bench, carrier) = with_a_parcel().await;
    let id = want(&bench, &carrier).await;
    bench.pass().await;
    let made = form(&bench, id).await;
    assert_eq!(made.state, FormState::Made, "{made:?}");
    assert_eq!(requests(&bench, "getUnmanifestedShipments"), 1);
    assert_eq!(requests(&bench, "generateCollectionForm"), 1);
    let page = open_form(&bench.store, &bench.vault, id).await.unwrap();
    assert!(page.0.starts_with(b"%PDF"));
    let on_disk = std::fs::read(bench.database()).unwrap();
    assert!(
        !on_disk.windows(5).any(|five| five == b"%PDF-"),
        "it lies there sealed"
    );

    // Through the station's spool, once.
    let (by, now, station) = (bench.user, bench.clock.now(), StationId::from(STATION));
    let name = station.clone();
    bench
        .store
        .write(move |store| store.want_paper(PaperOf::Form(id), &name, by, now))
        .await
        .unwrap();
    let printer: SendPaper = std::sync::Arc::new(|name: &str, paper: OwnPaper<'_>| match paper {
        OwnPaper::Page(page) if page.0.starts_with(b"%PDF") && name.starts_with("collection-form-") => Ok(()),
        _ => Err("not the form".to_owned()),
    });
    for printed in [1, 0] {
        let here = (&station, chrono_tz::Tz::UTC);
        let done = print_papers(&bench.store, &bench.vault, &printer, here, bench.clock.as_ref()).await;
        let done = done.unwrap();
        assert_eq!(done.len(), printed);
        assert!(done.iter().all(|(_, result)| result.is_ok()), "{done:?}");
    }
    // Everything is on it: there is nothing for a second one.
    let again = want(&bench, &carrier).await;
    bench.pass().await;
    let none = form(&bench, again).await;
    assert_eq!(none.state, FormState::Refused);
    assert!(
        none.reason
            .unwrap()
            .contains("all its parcels are on one already")
    );
}

#[tokio::test]
async fn a_carrier_without_forms_is_said_and_asked_for_nothing_more() {
    let mut bench = Bench::new().await;
    bench.service = Some("ONTRAC_MFN_GROUND");
    let carrier = labelled(&mut bench).await;
    let id = want(&bench, &carrier).await;
    bench.pass().await;
    let none = form(&bench, id).await;
    assert_eq!(none.state, FormState::Refused);
    let why = none.reason.unwrap();
    assert!(
        why.contains("no collection form for OnTrac") && why.contains("our own manifest"),
        "{why}"
    );
    assert_eq!(requests(&bench, "generateCollectionForm"), 0);
}

#[tokio::test]
async fn the_older_label_api_has_no_forms() {
    let mut bench = Bench::new().await;
    bench.buy_through_merchant_fulfillment();
    let id = want(&bench, "USPS").await;
    bench.pass().await;
    let none = form(&bench, id).await;
    assert!(none.reason.unwrap().contains("Merchant Fulfillment v0"));
    assert_eq!(requests(&bench, "getUnmanifestedShipments"), 0);
}

#[tokio::test]
async fn a_lost_answer_is_found_in_the_history_and_no_second_form_is_made() {
    for kind in [FaultKind::ResetAfter, FaultKind::ResetBefore] {
        let (mut bench, carrier) = with_a_parcel().await;
        let found = kind == FaultKind::ResetAfter;
        bench.fault("generateCollectionForm", kind);
        let id = want(&bench, &carrier).await;
        bench.pass().await;
        assert_eq!(form(&bench, id).await.state, FormState::Asked);
        bench.after(60).await;
        let made = form(&bench, id).await;
        assert_eq!(made.state, FormState::Made, "{made:?}");
        assert_eq!(made.form.is_some(), found, "the history knows its id");
        let asked = requests(&bench, "generateCollectionForm");
        assert_eq!(asked, if found { 1 } else { 2 });
    }
}

#[tokio::test]
async fn a_process_that_died_between_asking_and_writing_down_asks_under_the_same_key() {
    let (mut bench, carrier) = with_a_parcel().await;
    let id = want(&bench, &carrier).await;
    let now = bench.clock.now();
    bench
        .store
        .write(move |store| {
            let lead = store.take_lead(now)?;
            store.begin_form(lead, id, "USPS", now)
        })
        .await
        .unwrap();
    bench.restart();
    bench.pass().await;
    assert_eq!(form(&bench, id).await.state, FormState::Made);
    assert_eq!(
        requests(&bench, "getUnmanifestedShipments"),
        0,
        "its carrier is known"
    );
}

#[tokio::test]
async fn a_form_that_the_history_never_shows_is_given_up_with_amazons_words() {
    let mut bench = Bench::new().await;
    bench.service = Some("USPS_PTP_GAH");
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.pass().await;
    bench.fault("generateCollectionForm", FaultKind::ResetBefore);
    let id = want(&bench, "USPS").await;
    bench.pass().await;
    // Nothing is left for a form: Amazon says so, and this alone does not prove that the first sending brought nothing.
    bench.want_void(label).await;
    bench.after(60).await;
    assert_eq!(form(&bench, id).await.state, FormState::Asked);
    bench.after(20 * 60).await;
    let none = form(&bench, id).await;
    assert_eq!(none.state, FormState::Refused, "{none:?}");
    assert!(none.reason.unwrap().contains("no unmanifested shipments"));
}

#[tokio::test]
async fn sheets_of_a_failed_printer_stay_with_their_reason() {
    let (mut bench, carrier) = with_a_parcel().await;
    let id = want(&bench, &carrier).await;
    bench.pass().await;
    let (by, now, station) = (bench.user, bench.clock.now(), StationId::from(STATION));
    let name = station.clone();
    bench
        .store
        .write(move |store| store.want_paper(PaperOf::Form(id), &name, by, now))
        .await
        .unwrap();
    let printer: SendPaper = std::sync::Arc::new(|_: &str, _: OwnPaper<'_>| Err("out of paper".to_owned()));
    let here = (&station, chrono_tz::Tz::UTC);
    print_papers(&bench.store, &bench.vault, &printer, here, bench.clock.as_ref())
        .await
        .unwrap();
    let left = bench
        .store
        .read(move |store| store.papers(&StationId::from(STATION)))
        .await
        .unwrap();
    assert_eq!(
        (left[0].state, left[0].reason.as_deref()),
        (PrintState::Failed, Some("out of paper"))
    );
}
