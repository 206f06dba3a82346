//! Typed words: kept sealed beside their order, with a mark in their place, and put back where the order is read.

use super::values::{all, first, micros, refused, run};
use super::{SqliteStore, import, orders, proof};
use crate::domain::audit::Audited;
use crate::domain::bulk::BulkRow;
use crate::domain::explain::WhyFacts;
use crate::domain::ids::{DataKeyId, OrderId, OrderNumber, StoreId};
use crate::domain::manifest::{Fate, ManifestDetail};
use crate::domain::packing::PackEvent;
use crate::domain::pick_walk::PickWalk;
use crate::domain::rate::QuoteState;
use crate::domain::refund::Refunds;
use crate::domain::rows::{LabelRow, OrderDetail, Page};
use crate::domain::sealed::{Sealed, WrappedKey};
use crate::domain::transparency::UnitCode;
use crate::domain::typed::{
    CLOSED, ERASED, NOT_KEPT, TypedWords, WordSealer, WordsPlace, amazons_words, filled, has_marks, mark,
};
use crate::store::{GapSheet, StoreError, StoreResult, Typing};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};
use std::sync::Arc;

impl Typing for SqliteStore {
    fn use_sealer(&self, sealer: Arc<dyn WordSealer>) {
        // The first one stays: both are of the same station.
        let _ = self.sealer.set(sealer);
    }
}

/// Seals and opens within one transaction.
pub(super) struct Typist(Option<Arc<dyn WordSealer>>);

impl SqliteStore {
    pub(super) fn typist(&self) -> Typist {
        Typist(self.sealer.get().cloned())
    }

    /// As [`SqliteStore::write`], for what holds words that somebody typed.
    pub(super) fn write_typed<R>(
        &mut self,
        work: impl FnOnce(&Connection, &Typist) -> StoreResult<R>,
    ) -> StoreResult<R> {
        let typist = self.typist();
        self.write(|connection| work(connection, &typist))
    }

    /// As [`SqliteStore::read`], with typed words put back.
    pub(super) fn read_typed<R: Told>(
        &self,
        work: impl FnOnce(&Connection) -> StoreResult<R>,
    ) -> StoreResult<R> {
        let typist = self.typist();
        self.read(|connection| {
            let mut told = work(connection)?;
            told.each(&mut |order, text| typist.open(connection, order, text))?;
            Ok(told)
        })
    }
}

impl Typist {
    /// Keeps words about an order; the mark that stands for them. Empty words stay empty.
    pub(super) fn keep(
        &self,
        connection: &Connection,
        id: OrderId,
        words: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<String> {
        let words = words.trim();
        let Some(vault) = &self.0 else {
            return Ok(words.to_owned());
        };
        if words.is_empty() || has_marks(words) && is_ours(connection, id, words)? {
            return Ok(words.to_owned());
        }
        let order = orders::order(connection, id)?;
        if order.erased {
            return Ok(NOT_KEPT.to_owned());
        }
        let (store, number) = (&order.channel.store, &order.channel.number);
        let key = if let Some(key) = orders::order_key(connection, store, number)? {
            key
        } else {
            let check = proof::key_check(connection)?;
            let id_of_key = orders::next_data_key(connection)?;
            let key = vault
                .new_key(check.as_deref(), id_of_key)
                .map_err(StoreError::Failed)?;
            import::put_key(connection, id, &key, &order.channel, now)?;
            key
        };
        run(
            connection,
            "INSERT INTO typed_words (order_id, at, data_key, sealed) VALUES (?, ?, ?, x'')",
            params![id.0, micros(now), key.id.0],
        )?;
        let place = WordsPlace {
            number: connection.last_insert_rowid(),
            store,
            order: number,
        };
        let sealed = vault
            .seal(&key, place, &TypedWords(words.to_owned()))
            .map_err(StoreError::Failed)?;
        run(
            connection,
            "UPDATE typed_words SET sealed = ? WHERE id = ?",
            params![sealed.as_bytes(), place.number],
        )?;
        Ok(mark(place.number))
    }

    /// Likewise, where there are words at all.
    pub(super) fn keep_some(
        &self,
        connection: &Connection,
        id: OrderId,
        words: Option<&str>,
        now: DateTime<Utc>,
    ) -> StoreResult<Option<String>> {
        words
            .map(|words| self.keep(connection, id, words, now))
            .transpose()
    }

    /// Keeps what Amazon wrote within our own words. `last`: what was told before; the same again keeps its mark.
    pub(super) fn keep_said(
        &self,
        connection: &Connection,
        id: OrderId,
        why: &str,
        last: Option<&str>,
        now: DateTime<Utc>,
    ) -> StoreResult<String> {
        let Some((ours, theirs)) = amazons_words(why).filter(|_| self.0.is_some()) else {
            return Ok(why.to_owned());
        };
        if let Some(last) = last.filter(|last| has_marks(last)) {
            let mut said = last.to_owned();
            self.open(
                connection,
                &orders::order(connection, id)?.channel.number,
                &mut said,
            )?;
            if said == why {
                return Ok(last.to_owned());
            }
        }
        Ok(format!("{ours}{}", self.keep(connection, id, theirs, now)?))
    }

    /// Puts the words back in the place of their marks; those of another order stay closed.
    fn open(&self, connection: &Connection, order: &OrderNumber, text: &mut String) -> StoreResult<()> {
        let Some(vault) = self.0.as_ref().filter(|_| has_marks(text)) else {
            return Ok(());
        };
        *text = filled(text, |number| match row(connection, number, order)? {
            None => Ok(ERASED.to_owned()),
            Some((store, key, sealed)) => {
                let place = WordsPlace {
                    number,
                    store: &store,
                    order,
                };
                // Whoever reads an order reads all that can be read of it.
                Ok::<_, StoreError>(match vault.open(&key, place, &sealed) {
                    Ok(words) => words.0.clone(),
                    Err(why) => {
                        tracing::warn!(number, why, "typed words do not open");
                        CLOSED.to_owned()
                    }
                })
            }
        })?;
        Ok(())
    }
}

/// The words are a mark of this very order, and nothing else: they were kept already.
fn is_ours(connection: &Connection, id: OrderId, words: &str) -> StoreResult<bool> {
    let known = all(
        connection,
        "SELECT id FROM typed_words WHERE order_id = ?",
        [id.0],
        |row| Ok(mark(row.get(0)?)),
    )?;
    Ok(known.iter().any(|known| known == words))
}

type SealedRow = (StoreId, WrappedKey, Sealed<TypedWords>);

fn row(connection: &Connection, number: i64, order: &OrderNumber) -> StoreResult<Option<SealedRow>> {
    first(
        connection,
        "SELECT orders.store, data_keys.id, wrapped, sealed FROM typed_words \
         JOIN orders ON orders.id = typed_words.order_id JOIN data_keys ON data_keys.id = typed_words.data_key \
         WHERE typed_words.id = ? AND orders.number = ? AND wrapped IS NOT NULL AND erased = 0",
        params![number, order.as_str()],
        |row| {
            let key = WrappedKey {
                id: DataKeyId(row.get(1)?),
                bytes: row.get(2)?,
            };
            Ok((StoreId(row.get(0)?), key, Sealed::from_bytes(row.get(3)?)))
        },
    )
}

/// The order that a label is of.
pub(super) fn order_of(connection: &Connection, label: &[u8]) -> StoreResult<OrderId> {
    first(
        connection,
        "SELECT order_id FROM labels WHERE id = ?",
        [label],
        |row| Ok(OrderId(row.get(0)?)),
    )?
    .ok_or_else(|| refused("there is no such label"))
}

/// The scan with the reason of an override kept; none where it has no reason.
pub(super) fn scanned(
    connection: &Connection,
    typist: &Typist,
    scan: &crate::domain::packing::ScanRecord,
) -> StoreResult<Option<crate::domain::packing::ScanRecord>> {
    let PackEvent::Coded {
        code: UnitCode::Overridden { reason, .. },
        ..
    } = &scan.event
    else {
        return Ok(None);
    };
    let kept = typist.keep(connection, scan.order, reason, scan.at)?;
    let mut scan = scan.clone();
    if let Some(reason) = overridden(&mut scan.event) {
        *reason = kept;
    }
    Ok(Some(scan))
}

fn overridden(event: &mut PackEvent) -> Option<&mut String> {
    match event {
        PackEvent::Coded {
            code: UnitCode::Overridden { reason, .. },
            ..
        } => Some(reason),
        _ => None,
    }
}

/// Opens a text that tells of an order.
pub(super) type Open<'a> = dyn FnMut(&OrderNumber, &mut String) -> StoreResult<()> + 'a;

/// What tells of orders: each of its texts that may hold marks.
pub(super) trait Told {
    /// Hands over each text.
    fn each(&mut self, open: &mut Open<'_>) -> StoreResult<()>;
}

impl Told for LabelRow {
    fn each(&mut self, open: &mut Open<'_>) -> StoreResult<()> {
        match &mut self.reason {
            Some(reason) => open(&self.number, reason),
            None => Ok(()),
        }
    }
}

impl<T: Told> Told for Vec<T> {
    fn each(&mut self, open: &mut Open<'_>) -> StoreResult<()> {
        self.iter_mut().try_for_each(|one| one.each(open))
    }
}

impl<T: Told> Told for Option<T> {
    fn each(&mut self, open: &mut Open<'_>) -> StoreResult<()> {
        self.iter_mut().try_for_each(|one| one.each(open))
    }
}

impl<T: Told> Told for Page<T> {
    fn each(&mut self, open: &mut Open<'_>) -> StoreResult<()> {
        self.rows.each(open)
    }
}

impl Told for Refunds {
    fn each(&mut self, open: &mut Open<'_>) -> StoreResult<()> {
        self.page.each(open)
    }
}

impl Told for Audited {
    fn each(&mut self, open: &mut Open<'_>) -> StoreResult<()> {
        match &self.order {
            Some(order) => open(order, &mut self.what),
            None => Ok(()),
        }
    }
}

impl Told for ManifestDetail {
    fn each(&mut self, open: &mut Open<'_>) -> StoreResult<()> {
        for parcel in &mut self.parcels {
            if let Fate::Left { reason, .. } = &mut parcel.fate {
                open(&parcel.number, reason)?;
            }
        }
        Ok(())
    }
}

impl Told for BulkRow {
    fn each(&mut self, open: &mut Open<'_>) -> StoreResult<()> {
        open(&self.number, &mut self.words)
    }
}

impl Told for GapSheet {
    fn each(&mut self, open: &mut Open<'_>) -> StoreResult<()> {
        open(&self.number, &mut self.words)
    }
}

impl Told for PickWalk {
    fn each(&mut self, open: &mut Open<'_>) -> StoreResult<()> {
        self.steps
            .iter_mut()
            .filter_map(|step| Some((&step.number, step.short.as_mut()?)))
            .try_for_each(|(number, why)| open(number, why))
    }
}

impl Told for OrderDetail {
    fn each(&mut self, open: &mut Open<'_>) -> StoreResult<()> {
        let number = self.order.channel.number.clone();
        for row in &mut self.history {
            open(&number, &mut row.what)?;
        }
        self.labels.each(open)?;
        for reason in self
            .confirmations
            .iter_mut()
            .filter_map(|row| row.reason.as_mut())
        {
            open(&number, reason)?;
        }
        for reason in self
            .scans
            .iter_mut()
            .filter_map(|scan| overridden(&mut scan.event))
        {
            open(&number, reason)?;
        }
        for quote in &mut self.quotes {
            if let QuoteState::Failed(why) = &mut quote.state {
                open(&number, why)?;
            }
        }
        if let Some(Err(why)) = self.method.shopped.as_mut().map(|shopped| &mut shopped.found) {
            open(&number, why)?;
        }
        open(&number, &mut self.method.why)
    }
}

/// What explains an order, with the order's number.
pub(super) struct Explained(pub(super) OrderNumber, pub(super) WhyFacts);

impl Told for Explained {
    fn each(&mut self, open: &mut Open<'_>) -> StoreResult<()> {
        let Self(number, facts) = self;
        for (_, explanation) in &mut facts.labels {
            open(number, &mut explanation.rule)?;
        }
        for reason in facts
            .scans
            .iter_mut()
            .filter_map(|scan| overridden(&mut scan.event))
        {
            open(number, reason)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
