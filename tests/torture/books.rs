//! The end of a day: what Amazon's ledger says against what the store says.

use crate::station::{Api, Label, Station};
use rusqlite::Connection;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tapegun::simulator::ShipmentView;
use tapegun::store::Store as _;

/// What the comparison found.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// Orders with exactly one live label, known here by its tracking number.
    pub(crate) shipped: usize,
    /// With one live label that a person must look at: it is held or without its document, or known as a package only.
    pub(crate) held: usize,
    /// Nobody knows, and the ledger has sold nothing.
    pub(crate) unknown_unsold: usize,
    /// Sold after the back-up that came back: known as a package of the order, which is held.
    pub(crate) since_back_up: usize,
    /// Canceled by Amazon.
    pub(crate) canceled: usize,
    pub(crate) voided: usize,
    /// Purchases whose outcome nobody knew for a while.
    pub(crate) lost: usize,
    /// Of those: settled by themselves, as bought or as surely not bought.
    pub(crate) recovered: usize,
    /// Orders with more than one live label, or with more labels sold than voided and one.
    pub(crate) duplicates: usize,
    /// Live labels that nobody here knows of.
    pub(crate) orphans: usize,
    /// Everything that must not be, in words.
    pub(crate) wrong: Vec<String>,
}

/// What both sides have of an order.
struct Story<'a> {
    own: &'a [&'a Label],
    sold: &'a [&'a ShipmentView],
    canceled: bool,
    since: &'a BTreeSet<String>,
}

impl Station {
    /// The order has its label, or is held with one.
    pub(crate) fn is_done(&self, order: &str) -> bool {
        const GOOD: [&str; 4] = ["bought", "bought without document", "printed", "void refused"];
        let labels = self.labels(Some(order));
        labels.iter().any(|label| GOOD.contains(&label.state.as_str()))
    }

    /// A person must look at it: nobody knows, or Amazon lists a package of somebody else.
    pub(crate) fn is_held(&self, order: &str) -> bool {
        let unknown = self
            .labels(Some(order))
            .iter()
            .any(|label| label.state == "unknown");
        unknown || self.is_flagged(order)
    }

    fn is_flagged(&self, order: &str) -> bool {
        const FLAGGED: &str =
            "SELECT count(*) FROM orders WHERE number = ?1 AND flags LIKE '%ShippedElsewhere%'";
        self.count(FLAGGED, Some(order)) > 0
    }

    /// Orders that Amazon has canceled.
    pub(crate) fn canceled(&self) -> BTreeSet<String> {
        let orders: Vec<Value> =
            serde_json::from_str(&self.rig.http("GET", "/_sim/orders", "")).expect("a list");
        let canceled = orders.iter().filter(|order| {
            let status = order["status"].as_str().unwrap_or_default();
            status.eq_ignore_ascii_case("cancelled") || status.eq_ignore_ascii_case("canceled")
        });
        canceled
            .map(|order| order["orderId"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Every label that Amazon has sold.
    pub(crate) fn ledger(&self) -> Vec<ShipmentView> {
        let ledger: Value = serde_json::from_str(&self.rig.http("GET", "/_sim/ledger", "")).expect("JSON");
        serde_json::from_value(ledger["shipments"].clone()).expect("shipments")
    }

    /// Compares the books. `since`: shipments sold after the back-up that came back, of which this store need not
    /// know more than Amazon's package.
    pub(crate) fn compare(&self, since: &BTreeSet<String>) -> Verdict {
        let mut verdict = Verdict::default();
        let sold = self.ledger();
        let mut by_order: BTreeMap<&str, Vec<&ShipmentView>> = BTreeMap::new();
        for shipment in &sold {
            by_order.entry(&shipment.order_id).or_default().push(shipment);
        }
        let canceled = self.canceled();
        let labels = self.labels(None);
        for order in self.codes.keys() {
            let own: Vec<&Label> = labels.iter().filter(|label| label.order == *order).collect();
            let sold = by_order.remove(order.as_str()).unwrap_or_default();
            let story = Story {
                own: &own,
                sold: &sold,
                canceled: canceled.contains(order),
                since,
            };
            self.compare_order(order, &story, &mut verdict);
        }
        for (order, sold) in by_order {
            verdict.orphans += sold.len();
            verdict
                .wrong
                .push(format!("{order}: sold for an order that nobody has here"));
        }
        verdict.voided = labels.iter().filter(|label| label.is_voided()).count();
        self.count_lost(&labels, &mut verdict);
        let chain = self.rig.store().verify_chain().expect("a chain");
        if let Err(why) = chain {
            verdict.wrong.push(format!("I5: {why}"));
        }
        let check = whole(&self.look());
        if check != "ok 0" {
            verdict.wrong.push(format!("I5: {check}"));
        }
        verdict
    }

    fn compare_order(&self, order: &str, story: &Story<'_>, verdict: &mut Verdict) {
        let Story { own, sold, .. } = *story;
        let live: Vec<&&ShipmentView> = sold.iter().filter(|one| one.status == "live").collect();
        let bought: Vec<&&Label> = own.iter().filter(|label| label.is_bought()).collect();
        let voided = own.iter().filter(|label| label.is_voided()).count();
        let flagged = self.is_flagged(order);
        let mut wrong = |words: &str| {
            let known: Vec<String> = own
                .iter()
                .map(|label| {
                    format!(
                        "{} {} held {} {:?} {:?} {:?}",
                        label.id, label.state, label.held, label.tracking, label.shipment, label.reason
                    )
                })
                .collect();
            let sold: Vec<String> = sold
                .iter()
                .map(|one| {
                    format!(
                        "{} {} {} {:?}",
                        one.shipment_id, one.status, one.tracking, one.key
                    )
                })
                .collect();
            verdict.wrong.push(format!(
                "{order}: {words}; here: {known:?}; flagged {flagged}; sold: {sold:?}"
            ));
        };
        if live.len() > 1 || (!flagged && sold.len() > voided + 1) {
            wrong("more than one label was sold");
            verdict.duplicates += 1;
            return;
        }
        let Some(live) = live.first() else {
            if !bought.is_empty() {
                wrong("bought here, and Amazon has no live label");
            } else if own.iter().any(|label| label.state == "unknown") {
                verdict.unknown_unsold += 1;
            } else if story.canceled {
                verdict.canceled += 1;
            } else {
                wrong("never shipped");
            }
            return;
        };
        let by_key = |label: &&&&Label| match self.api {
            Api::ShippingV2 => live.key.as_deref() == Some(label.id.as_str()),
            Api::MerchantFulfillmentV0 => true,
        };
        match bought.iter().find(by_key) {
            Some(label) if label.tracking.as_deref() == Some(live.tracking.as_str()) => {
                if label.held || label.state == "bought without document" {
                    verdict.held += 1;
                    if label.reason.is_none() && label.shipment.is_some() {
                        wrong("held without a reason");
                    }
                } else {
                    verdict.shipped += 1;
                }
            }
            // Amazon's answer gave another number: never printed, and said.
            Some(label) if label.held && label.reason.is_some() => verdict.held += 1,
            Some(_) => wrong("another tracking number than Amazon's, and nobody is told"),
            None if own.iter().any(|label| label.state == "unknown") => {
                wrong("unknown, and the ledger could have settled it");
            }
            None if flagged && story.since.contains(&live.shipment_id) => verdict.since_back_up += 1,
            None => {
                wrong("a live label that nobody here knows of");
                verdict.orphans += 1;
            }
        }
    }

    fn count_lost(&self, labels: &[Label], verdict: &mut Verdict) {
        let connection = self.look();
        let mut rows = connection
            .prepare("SELECT DISTINCT label FROM label_history WHERE state = 'unknown'")
            .expect("a query");
        let lost: BTreeSet<String> = rows
            .query_map([], |row| row.get::<_, Vec<u8>>(0))
            .expect("rows")
            .map(|id| {
                let id = id.expect("an id");
                uuid::Uuid::from_slice(&id).expect("an id").to_string()
            })
            .collect();
        verdict.lost = lost.len();
        let settled = labels
            .iter()
            .filter(|label| lost.contains(&label.id) && label.state != "unknown");
        verdict.recovered = settled.count();
    }
}

/// SQLite's own check, and the number of rows without their parents.
fn whole(database: &Connection) -> String {
    let check = |sql: &str| -> String { database.query_row(sql, [], |row| row.get(0)).expect("a check") };
    format!(
        "{} {}",
        check("PRAGMA integrity_check"),
        check("SELECT cast(count(*) AS text) FROM pragma_foreign_key_check")
    )
}
