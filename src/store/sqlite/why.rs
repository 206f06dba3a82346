//! Why a method was picked: kept with the label, read with the order's scans.

use super::label_rows::bytes;
use super::typed::Explained;
use super::values::{all, json, parsed, run, small, time, uuid};
use super::{SqliteStore, orders, policies};
use crate::domain::choice::{Rules, judge_all};
use crate::domain::explain::{Explanation, ScanTold, WhyFacts, explain};
use crate::domain::ids::{IntentId, OrderId};
use crate::domain::rate::{Quote, QuoteState};
use crate::domain::rows::{BoxRow, OrderDetail};
use crate::domain::seller::DocumentFormat;
use crate::store::{Explaining, StoreResult, WantLabel};
use rusqlite::{Connection, params};

impl Explaining for SqliteStore {
    fn why(&self, order: OrderId) -> StoreResult<WhyFacts> {
        let explained = self.read_typed(|connection| {
            let number = orders::order(connection, order)?.channel.number;
            let facts = WhyFacts {
                policies: policies::ran(connection, order)?,
                labels: labels(connection, order)?,
                scans: scans(connection, order)?,
            };
            Ok(Explained(number, facts))
        });
        explained.map(|Explained(_, facts)| facts)
    }
}

/// Keeps why this label's method was picked, beside the wish for it.
pub(super) fn keep(
    connection: &Connection,
    detail: &OrderDetail,
    parcel: &BoxRow,
    quote: &Quote,
    want: &WantLabel,
) -> StoreResult<()> {
    let QuoteState::Answered(answer) = &quote.state else {
        return Ok(());
    };
    // What the station prints best is not known here: what is wanted comes first.
    let formats = [
        want.choice.document.format,
        DocumentFormat::Zpl,
        DocumentFormat::Png,
        DocumentFormat::Pdf,
    ];
    let Some(rules) = Rules::of(&detail.order.channel, parcel.confirmation, &formats) else {
        return Ok(());
    };
    let rules = Rules {
        flat_rate_box: parcel.flat_rate,
        known: &detail.method.known,
        ..rules
    };
    let judged = judge_all(&answer.rates, &rules);
    let why = explain(
        detail,
        answer,
        &judged,
        Some(&want.choice.rate_id),
        want.reason.as_deref(),
    );
    run(
        connection,
        "INSERT INTO explanations (label, explanation) VALUES (?, ?)",
        params![bytes(&want.id), json(&why)?],
    )?;
    Ok(())
}

fn labels(connection: &Connection, order: OrderId) -> StoreResult<Vec<(IntentId, Explanation)>> {
    all(
        connection,
        "SELECT labels.id, explanation FROM explanations JOIN labels ON labels.id = explanations.label \
         WHERE order_id = ? ORDER BY labels.sequence",
        [order.0],
        |row| {
            let id = IntentId(uuid(&row.get::<_, Vec<u8>>(0)?)?);
            Ok((id, parsed(&row.get::<_, String>(1)?)?))
        },
    )
}

/// Every accepted scan of every round, in the order in which they were made.
fn scans(connection: &Connection, order: OrderId) -> StoreResult<Vec<ScanTold>> {
    all(
        connection,
        "SELECT scans.at, users.name, boxes.number, scans.round, scans.sequence, scans.event FROM scans \
         JOIN boxes ON boxes.id = scans.box_id LEFT JOIN users ON users.id = scans.by \
         WHERE scans.order_id = ? ORDER BY scans.round, boxes.number, scans.sequence",
        [order.0],
        |row| {
            Ok(ScanTold {
                at: time(row.get(0)?)?,
                by: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
                box_number: small(row.get(2)?)?,
                round: small(row.get(3)?)?,
                sequence: small(row.get(4)?)?,
                event: parsed(&row.get::<_, String>(5)?)?,
            })
        },
    )
}
