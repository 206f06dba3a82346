//! The day's end: what must go, what a scan at the door does, how a manifest ends and begins again, forms and sheets.

use super::Case;
use super::station::{Bench, refusal, shop, station, tracking};
use crate::domain::collection::{FormSettlement, FormState};
use crate::domain::ids::{CollectionFormId, IntentId, ManifestId, OrderId, ScanId, StoreId};
use crate::domain::manifest::{Fate, Manifest, Parcel};
use crate::domain::refund::Heard;
use crate::domain::rows::PrintState;
use crate::domain::sealed::{Sealed, WrappedKey};
use crate::domain::status::OrderStatus;
use crate::store::{CheckOut, FormDocument, OpenManifest, PaperOf, StoreError, StoreResult, WantForm};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub(super) const CASES: &[Case] = &[
    ("what is labelled today must go, by carrier", due),
    (
        "a parcel is checked out once, and its order is Shipped where it waited for pickup",
        checked_out,
    ),
    (
        "the same scan again is harmless, another one of the parcel is refused",
        twice,
    ),
    ("void, unknown, held and canceled parcels stay here", refused),
    ("another carrier's parcel is refused on a manifest", other_carrier),
    (
        "a label is found in whatever form its carrier prints the number",
        forms_of_number,
    ),
    ("one manifest a carrier is open at a time", one_open),
    (
        "closing carries over what is missing, and the next manifest misses it",
        carried_over,
    ),
    (
        "a parcel is left behind with a reason, until it is scanned after all",
        left_behind,
    ),
    (
        "a closed manifest takes nothing, and can be opened again",
        reopened,
    ),
    ("what its carrier has already is not missing", moving),
    (
        "an order of two boxes is Shipped with its last parcel",
        two_labels,
    ),
    ("labels that never moved say when they left", never_moved),
    (
        "a collection form is wished for once, asked under one key, and kept sealed",
        forms,
    ),
    ("a lost lead asks for no form", form_lead),
    ("sheets that are no labels are sent once", papers),
];

fn since(bench: &Bench) -> DateTime<Utc> {
    bench.now - TimeDelta::hours(10)
}

fn open(bench: &mut Bench, carrier: &str) -> StoreResult<Manifest> {
    let wish = OpenManifest {
        carrier: carrier.to_owned(),
        store: None,
        by: bench.packer,
    };
    bench.store.open_manifest(&wish, bench.now)
}

fn scan(bench: &mut Bench, manifest: &Manifest, code: &str) -> StoreResult<Parcel> {
    let scan = CheckOut {
        scan: ScanId(bench.fresh()),
        manifest: manifest.id,
        code: code.to_owned(),
        by: bench.packer,
    };
    bench.store.check_out(&scan, bench.now)
}

fn words(result: StoreResult<Parcel>) -> String {
    refusal(result).to_string()
}

fn status(bench: &Bench, order: OrderId) -> OrderStatus {
    bench.store.order(order).unwrap().order.status
}

fn missing(bench: &Bench, id: ManifestId) -> Vec<IntentId> {
    let detail = bench.store.manifest(id, since(bench)).unwrap();
    let found: Vec<IntentId> = detail.missing().map(|parcel| parcel.label).collect();
    assert_eq!(detail.manifest.missing as usize, found.len());
    found
}

fn due(mut bench: Bench) {
    assert!(bench.store.day_end(since(&bench)).unwrap().is_empty());
    let (one, two) = (bench.bought(1), bench.bought(2));
    bench.wanted(3);
    let due = bench.store.day_end(since(&bench)).unwrap();
    assert_eq!(due.len(), 1);
    assert_eq!(
        (due[0].carrier.as_str(), due[0].missing()),
        ("UPS", 2),
        "not what is only wanted"
    );
    assert_eq!(due[0].stores, [(shop(), 2)]);
    assert!(due[0].open.is_empty() && due[0].ship_by.is_some());
    // Tomorrow they still wait for pickup; one that was Shipped by its label alone does not.
    bench
        .store
        .set_status(
            two.order,
            OrderStatus::Shipped,
            Some(bench.packer),
            "gone",
            bench.now,
        )
        .unwrap();
    bench.wait(TimeDelta::days(1));
    let due = bench.store.day_end(since(&bench)).unwrap();
    assert_eq!(due[0].missing(), 1);
    let manifest = open(&mut bench, "ups").unwrap();
    assert_eq!(missing(&bench, manifest.id), [one.id]);
}

fn checked_out(mut bench: Bench) {
    let want = bench.bought(1);
    assert_eq!(status(&bench, want.order), OrderStatus::ReadyForPickup);
    let manifest = open(&mut bench, "UPS").unwrap();
    bench.wait(TimeDelta::minutes(4));
    let parcel = scan(&mut bench, &manifest, &tracking(1)).unwrap();
    assert_eq!((parcel.label, parcel.place()), (want.id, 1));
    assert!(matches!(&parcel.fate, Fate::Out { at, by, .. } if *at == bench.now && by == "Ann"));
    assert_eq!(status(&bench, want.order), OrderStatus::Shipped);
    assert!(missing(&bench, manifest.id).is_empty());
    let history = bench.store.history(want.order).unwrap();
    let what = format!("checked out on manifest {}", manifest.id);
    assert!(
        history
            .iter()
            .any(|row| row.what == what && row.by.as_deref() == Some("Ann"))
    );
    bench.proven();
}

fn twice(mut bench: Bench) {
    bench.bought(1);
    let manifest = open(&mut bench, "UPS").unwrap();
    let first = CheckOut {
        scan: ScanId(bench.fresh()),
        manifest: manifest.id,
        code: tracking(1),
        by: bench.packer,
    };
    let out = bench.store.check_out(&first, bench.now).unwrap();
    bench.wait(TimeDelta::minutes(1));
    assert_eq!(bench.store.check_out(&first, bench.now).unwrap(), out);
    assert!(words(scan(&mut bench, &manifest, &tracking(1))).contains("ALREADY OUT"));
    let (by, from) = (bench.packer, since(&bench));
    bench
        .store
        .close_manifest(manifest.id, by, from, bench.now)
        .unwrap();
    let next = open(&mut bench, "UPS").unwrap();
    let again = words(scan(&mut bench, &next, &tracking(1)));
    assert!(again.contains(&format!("on manifest {}", manifest.id)), "{again}");
    assert_eq!(
        bench
            .store
            .manifest(manifest.id, since(&bench))
            .unwrap()
            .manifest
            .out,
        1
    );
}

fn refused(mut bench: Bench) {
    let manifest = open(&mut bench, "UPS").unwrap();
    assert!(words(scan(&mut bench, &manifest, "1Z999AA10123456784")).contains("UNKNOWN"));
    let void = bench.bought(1);
    bench.void(void.id);
    assert!(words(scan(&mut bench, &manifest, &tracking(1))).contains("VOID"));
    let canceled = bench.bought(2);
    let mut channel = bench.store.order(canceled.order).unwrap().order.channel;
    channel.status = crate::domain::order::ChannelStatus::Canceled;
    let imported = bench.imported(channel);
    bench
        .store
        .import_orders(&shop(), vec![imported], None, bench.now)
        .unwrap();
    let said = words(scan(&mut bench, &manifest, &tracking(2)));
    assert!(said.contains("CANCELED"), "{said}");
    bench.store.demand_onto_box(&station(), true).unwrap();
    bench.bought(3);
    let said = words(scan(&mut bench, &manifest, &tracking(3)));
    assert!(said.contains("was not scanned onto its box"), "{said}");
    let shown = bench.store.manifest(manifest.id, since(&bench)).unwrap();
    assert_eq!(shown.manifest.out, 0, "nothing was taken");
}

fn other_carrier(mut bench: Bench) {
    bench.bought(1);
    let usps = open(&mut bench, "USPS").unwrap();
    let said = words(scan(&mut bench, &usps, &tracking(1)));
    assert!(said.contains("goes with UPS"), "{said}");
    assert!(
        missing(&bench, usps.id).is_empty(),
        "it is not this one's to miss"
    );
    let wish = OpenManifest {
        carrier: "UPS".to_owned(),
        store: Some(StoreId::from("elsewhere")),
        by: bench.packer,
    };
    let only = bench.store.open_manifest(&wish, bench.now).unwrap();
    let said = words(scan(&mut bench, &only, &tracking(1)));
    assert!(said.contains("store us"), "{said}");
}

/// A label as Amazon sold it, with this carrier's number on it.
fn bought_as(bench: &mut Bench, n: u32, number: &str) -> OrderId {
    let want = bench.wanted(n);
    let lead = bench.lead();
    bench.ask(lead, want.id).unwrap();
    bench.settle(want.id, &super::station::bought(number));
    want.order
}

fn forms_of_number(mut bench: Bench) {
    let manifest = open(&mut bench, "UPS").unwrap();
    let usps = "9400109205568876543219";
    bought_as(&mut bench, 1, usps);
    scan(&mut bench, &manifest, &format!("]C142010001\u{1d}{usps}")).unwrap();
    // The label's own number may be the longer one.
    bought_as(&mut bench, 2, "420100019400109205568876543226");
    let parcel = scan(&mut bench, &manifest, "9400109205568876543226").unwrap();
    assert_eq!(parcel.place(), 2);
    bought_as(&mut bench, 3, "779017972697");
    scan(&mut bench, &manifest, "1001921334250001000300779017972697").unwrap();
    bought_as(&mut bench, 4, "LX-77");
    scan(&mut bench, &manifest, "lx-77\n").unwrap();
}

fn one_open(mut bench: Bench) {
    let first = open(&mut bench, "United Parcel Service").unwrap();
    let said = refusal(open(&mut bench, "ups")).to_string();
    assert!(
        said.contains(&format!("manifest {}", first.id)) && said.contains("close it first"),
        "{said}"
    );
    let of_store = OpenManifest {
        carrier: "UPS".to_owned(),
        store: Some(shop()),
        by: bench.packer,
    };
    refusal(bench.store.open_manifest(&of_store, bench.now));
    open(&mut bench, "USPS").unwrap();
    let (by, from) = (bench.packer, since(&bench));
    bench.store.close_manifest(first.id, by, from, bench.now).unwrap();
    let of_us = bench.store.open_manifest(&of_store, bench.now).unwrap();
    assert!(of_us.id > first.id);
    let other = OpenManifest {
        store: Some(StoreId::from("uk")),
        ..of_store
    };
    bench.store.open_manifest(&other, bench.now).unwrap();
    refusal(open(&mut bench, "UPS"));
    refusal(open(&mut bench, "  "));
    let page = bench.store.manifests(0, 2, since(&bench)).unwrap();
    assert_eq!((page.total, page.rows.len()), (4, 2));
    assert!(page.rows[0].id > page.rows[1].id);
}

fn carried_over(mut bench: Bench) {
    let (_, stays) = (bench.bought(1), bench.bought(2));
    // Shipped by its label alone: only carrying it over keeps it in sight tomorrow.
    bench
        .store
        .set_status(
            stays.order,
            OrderStatus::Shipped,
            Some(bench.packer),
            "printed",
            bench.now,
        )
        .unwrap();
    let first = open(&mut bench, "UPS").unwrap();
    scan(&mut bench, &first, &tracking(1)).unwrap();
    let (by, from) = (bench.packer, since(&bench));
    let closed = bench.store.close_manifest(first.id, by, from, bench.now).unwrap();
    assert_eq!((closed.out, closed.missing, closed.left), (1, 1, 0));
    assert!(!closed.is_open() && closed.closed_by.as_deref() == Some("Ann"));
    assert_eq!(
        bench.store.close_manifest(first.id, by, from, bench.now).unwrap(),
        closed,
        "harmless"
    );
    bench.wait(TimeDelta::days(2));
    let next = open(&mut bench, "UPS").unwrap();
    assert_eq!(missing(&bench, next.id), [stays.id]);
    scan(&mut bench, &next, &tracking(2)).unwrap();
    assert!(bench.store.day_end(since(&bench)).unwrap()[0].stores.is_empty());
    let shown = bench.store.manifest(first.id, since(&bench)).unwrap();
    assert_eq!(
        shown.missing().map(|parcel| parcel.label).collect::<Vec<_>>(),
        [stays.id],
        "the record stays"
    );
}

fn left_behind(mut bench: Bench) {
    let (one, two) = (bench.bought(1), bench.bought(2));
    let manifest = open(&mut bench, "UPS").unwrap();
    let (by, now, id) = (bench.packer, bench.now, manifest.id);
    refusal(bench.store.leave_behind(id, one.id, by, "  ", now));
    bench.store.leave_behind(id, one.id, by, "damaged", now).unwrap();
    bench
        .store
        .leave_behind(id, two.id, by, "not found", now)
        .unwrap();
    assert!(missing(&bench, id).is_empty());
    let shown = bench.store.manifest(id, since(&bench)).unwrap();
    assert_eq!(shown.manifest.left, 2);
    assert!(
        matches!(&shown.parcels[0].fate, Fate::Left { reason, by } if reason == "damaged" && by == "Ann")
    );
    // Found after all.
    scan(&mut bench, &manifest, &tracking(2)).unwrap();
    let from = since(&bench);
    let closed = bench.store.close_manifest(id, by, from, now).unwrap();
    assert_eq!((closed.out, closed.missing, closed.left), (1, 0, 1));
    let next = open(&mut bench, "UPS").unwrap();
    assert!(missing(&bench, next.id).is_empty(), "it is not asked for again");
    refusal(bench.store.leave_behind(next.id, two.id, by, "gone", now));
    scan(&mut bench, &next, &tracking(1)).unwrap();
}

fn reopened(mut bench: Bench) {
    let (want, by) = (bench.bought(1), bench.packer);
    let manifest = open(&mut bench, "UPS").unwrap();
    let (id, from, now) = (manifest.id, since(&bench), bench.now);
    bench.store.close_manifest(id, by, from, now).unwrap();
    assert!(words(scan(&mut bench, &manifest, &tracking(1))).contains("is closed"));
    refusal(bench.store.leave_behind(id, want.id, by, "late", now));
    refusal(bench.store.reopen_manifest(id, by, " ", now));
    let again = bench
        .store
        .reopen_manifest(id, by, "the driver waits", now)
        .unwrap();
    assert!(again.is_open());
    assert_eq!(missing(&bench, id), [want.id]);
    let closed = bench.store.close_manifest(id, by, from, now).unwrap();
    assert_eq!(closed.missing, 1);
    bench
        .store
        .reopen_manifest(id, by, "the driver waits", now)
        .unwrap();
    scan(&mut bench, &manifest, &tracking(1)).unwrap();
    let closed = bench.store.close_manifest(id, by, from, now).unwrap();
    assert_eq!((closed.out, closed.missing), (1, 0));
    open(&mut bench, "UPS").unwrap();
    let said = refusal(bench.store.reopen_manifest(id, by, "late", now)).to_string();
    assert!(said.contains("is open already"), "{said}");
    assert!(matches!(
        bench.store.manifest(ManifestId(99), from),
        Err(StoreError::NotFound { .. })
    ));
}

fn moving(mut bench: Bench) {
    let (want, by) = (bench.bought(1), bench.packer);
    let manifest = open(&mut bench, "UPS").unwrap();
    let heard = Heard::Tracking("InTransit".to_owned());
    bench.store.settle_follow_up(want.id, &heard, bench.now).unwrap();
    assert!(missing(&bench, manifest.id).is_empty(), "it is not here any more");
    assert_eq!(status(&bench, want.order), OrderStatus::ReadyForPickup);
    let from = since(&bench);
    bench
        .store
        .close_manifest(manifest.id, by, from, bench.now)
        .unwrap();
    assert_eq!(status(&bench, want.order), OrderStatus::Shipped);
}

fn two_labels(mut bench: Bench) {
    let (order, one, two) = bench.two_boxes(1);
    bench.label(order, &one, 1);
    bench.label(order, &two, 2);
    let manifest = open(&mut bench, "UPS").unwrap();
    let parcel = scan(&mut bench, &manifest, &tracking(2)).unwrap();
    assert_eq!(parcel.box_number, 2);
    assert_eq!(
        status(&bench, order),
        OrderStatus::ReadyForPickup,
        "one is still here"
    );
    scan(&mut bench, &manifest, &tracking(1)).unwrap();
    assert_eq!(status(&bench, order), OrderStatus::Shipped);
}

fn never_moved(mut bench: Bench) {
    let (out, here) = (bench.bought(1), bench.bought(2));
    let manifest = open(&mut bench, "UPS").unwrap();
    let left = bench.now;
    scan(&mut bench, &manifest, &tracking(1)).unwrap();
    bench.wait(TimeDelta::days(3));
    let rows = bench.store.never_moved(bench.now).unwrap();
    let row = |id: IntentId| rows.iter().find(|row| row.label.id == id).unwrap();
    assert_eq!((row(out.id).out_at, row(here.id).out_at), (Some(left), None));
    assert!(row(here.id).ship_by.is_some());
    assert_eq!(row(here.id).since(), row(here.id).ship_by.unwrap());
    let heard = Heard::Tracking("InTransit".to_owned());
    bench.store.settle_follow_up(out.id, &heard, bench.now).unwrap();
    let rows = bench.store.never_moved(bench.now).unwrap();
    assert!(rows.iter().all(|row| row.label.id != out.id));
}

fn wish(bench: &Bench, key: u128) -> WantForm {
    WantForm {
        key: Uuid::from_u128(key),
        store: shop(),
        carrier: "UPS".to_owned(),
        manifest: None,
        by: bench.packer,
    }
}

fn document(bench: &mut Bench) -> FormDocument {
    let id = bench.store.next_data_key().unwrap();
    let bytes = b"wrapped".to_vec();
    (
        WrappedKey { id, bytes },
        Sealed::from_bytes(b"sealed page".to_vec()),
    )
}

fn forms(mut bench: Bench) {
    bench.bought(1);
    let manifest = open(&mut bench, "UPS").unwrap();
    assert!(bench.store.stores_on_manifest(manifest.id).unwrap().is_empty());
    scan(&mut bench, &manifest, &tracking(1)).unwrap();
    assert_eq!(bench.store.stores_on_manifest(manifest.id).unwrap(), [shop()]);
    let now = bench.now;
    let wanted = WantForm {
        manifest: Some(manifest.id),
        ..wish(&bench, 7)
    };
    let form = bench.store.want_collection_form(&wanted, now).unwrap();
    assert_eq!((form.state, form.key), (FormState::Wanted, Uuid::from_u128(7)));
    let again = bench.store.want_collection_form(&wish(&bench, 8), now).unwrap();
    assert_eq!((again.id, again.key), (form.id, form.key), "one at a time");
    let lead = bench.lead();
    bench.store.begin_form(lead, form.id, "UPS", now).unwrap();
    bench.wait(TimeDelta::minutes(2));
    bench.store.begin_form(lead, form.id, "UPS", bench.now).unwrap();
    let asked = &bench.store.forms_at_work().unwrap()[0];
    assert_eq!(
        (asked.state, asked.asked_at),
        (FormState::Asked, Some(now)),
        "first asked then"
    );
    let waits = FormSettlement::Waits("no answer".to_owned());
    let waiting = bench.store.settle_form(form.id, &waits, None, bench.now).unwrap();
    assert_eq!(
        (waiting.state, waiting.reason.as_deref()),
        (FormState::Asked, Some("no answer"))
    );
    let made = FormSettlement::Made {
        form: Some("cf-1".to_owned()),
    };
    refusal(bench.store.settle_form(form.id, &made, None, bench.now));
    let page = document(&mut bench);
    let kept = bench
        .store
        .settle_form(form.id, &made, Some(&page), bench.now)
        .unwrap();
    assert_eq!(
        (kept.state, kept.form.as_deref()),
        (FormState::Made, Some("cf-1"))
    );
    assert_eq!(bench.store.form_document(form.id).unwrap(), Some(page));
    let late = FormSettlement::Refused("late".to_owned());
    assert_eq!(
        bench
            .store
            .settle_form(form.id, &late, None, bench.now)
            .unwrap()
            .state,
        FormState::Made
    );
    assert!(bench.store.forms_at_work().unwrap().is_empty());
    let next = bench
        .store
        .want_collection_form(&wish(&bench, 9), bench.now)
        .unwrap();
    let none = bench.store.settle_form(next.id, &late, None, bench.now).unwrap();
    assert_eq!(
        (none.state, none.reason.as_deref()),
        (FormState::Refused, Some("late"))
    );
    let page = bench.store.collection_forms(0, 9).unwrap();
    assert_eq!((page.total, page.rows[0].id), (2, next.id));
    let other = WantForm {
        carrier: "USPS".to_owned(),
        manifest: Some(manifest.id),
        ..wish(&bench, 10)
    };
    refusal(bench.store.want_collection_form(&other, now));
}

fn form_lead(mut bench: Bench) {
    let now = bench.now;
    let form = bench.store.want_collection_form(&wish(&bench, 7), now).unwrap();
    let old = bench.lead();
    bench.lead();
    refusal(bench.store.begin_form(old, form.id, "UPS", now));
    assert_eq!(
        bench.store.collection_form(form.id).unwrap().state,
        FormState::Wanted
    );
}

fn papers(mut bench: Bench) {
    let manifest = open(&mut bench, "UPS").unwrap();
    let (by, now, of) = (bench.packer, bench.now, PaperOf::Manifest(manifest.id));
    let paper = bench.store.want_paper(of, &station(), by, now).unwrap();
    assert!(bench.store.begin_paper(paper, now).unwrap());
    assert!(
        !bench.store.begin_paper(paper, now).unwrap(),
        "never twice by itself"
    );
    bench.store.doubt_printing(&station(), now).unwrap();
    assert_eq!(
        bench.store.papers(&station()).unwrap()[0].state,
        PrintState::Doubtful
    );
    let next = bench.store.want_paper(of, &station(), by, now).unwrap();
    let open = bench.store.papers(&station()).unwrap();
    assert_eq!(
        open.iter().map(|row| row.id).collect::<Vec<_>>(),
        [next],
        "the doubt is settled"
    );
    assert!(bench.store.begin_paper(next, now).unwrap());
    bench
        .store
        .end_paper(next, Err("out of paper".to_owned()), now)
        .unwrap();
    assert_eq!(
        bench.store.papers(&station()).unwrap()[0].reason.as_deref(),
        Some("out of paper")
    );
    let last = bench.store.want_paper(of, &station(), by, now).unwrap();
    assert!(bench.store.begin_paper(last, now).unwrap());
    bench.store.end_paper(last, Ok(()), now).unwrap();
    assert!(bench.store.papers(&station()).unwrap().is_empty());
    refusal(bench.store.end_paper(last, Ok(()), now));
    // A form that is not made has no sheet.
    let form = bench.store.want_collection_form(&wish(&bench, 7), now).unwrap();
    refusal(
        bench
            .store
            .want_paper(PaperOf::Form(form.id), &station(), by, now),
    );
    let unknown = PaperOf::Form(CollectionFormId(99));
    assert!(bench.store.want_paper(unknown, &station(), by, now).is_err());
}
