//! Everything that is sealed in a station's databases and back-ups, opened with whatever keys can still be had: what a
//! thief with the station's keys in hand would read.

use crate::files;
use rusqlite::{Connection, OpenFlags};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tapegun::domain::customer::CustomerData;
use tapegun::domain::ids::{DataKeyId, IntentId, OrderNumber, StoreId};
use tapegun::domain::note::NoteText;
use tapegun::domain::rate::inputs::InputValues;
use tapegun::domain::sealed::{Sealed, WrappedKey};
use tapegun::domain::typed::TypedWords;
use tapegun::store::backups::KeyFile;
use tapegun::vault::{OrderSeal, Slot, StationKeys, Vault};
use uuid::Uuid;

/// What opened: orders, the plain texts, and how many blobs stayed closed.
#[derive(Default)]
pub(crate) struct Thief {
    pub(crate) orders: BTreeSet<String>,
    /// What opened of each order: customer, note, words, document, request, inputs.
    pub(crate) kinds: BTreeMap<String, BTreeSet<String>>,
    pub(crate) plain: Vec<u8>,
    pub(crate) opened: usize,
    pub(crate) closed: usize,
    pub(crate) databases: usize,
}

/// A blob: its order, the number of its key, how it is opened.
type Opener<'a> = Box<dyn Fn(&OrderSeal, &StoreId, &OrderNumber) -> Option<Vec<u8>> + 'a>;

/// Takes everything that these folders hold.
pub(crate) fn steal(keys: &Path, folders: &[&Path]) -> Thief {
    let vault = Vault::new(StationKeys::load(keys).expect("the station's keys"));
    let mut thief = Thief::default();
    // Keys of every file beside a back-up open blobs of every database: they may belong to any copy.
    let mut wrapped: BTreeMap<i64, BTreeSet<Vec<u8>>> = BTreeMap::new();
    let all = files(folders);
    for file in all
        .iter()
        .filter(|file| file.extension().is_some_and(|ending| ending == "keys"))
    {
        for (id, bytes) in KeyFile::read(file).expect("a file of keys").keys {
            wrapped.entry(id.0).or_default().insert(bytes);
        }
    }
    let databases: Vec<_> = all
        .iter()
        .filter(|file| std::fs::read(file).is_ok_and(|bytes| bytes.starts_with(b"SQLite format 3\0")))
        .collect();
    for file in &databases {
        let connection = open(file);
        let mut statement = connection
            .prepare("SELECT id, wrapped FROM data_keys WHERE wrapped IS NOT NULL")
            .expect("keys");
        let rows = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .expect("rows");
        for (id, bytes) in rows.map(|row| row.expect("a key")) {
            wrapped.entry(id).or_default().insert(bytes);
        }
    }
    let seals: BTreeMap<i64, Vec<OrderSeal>> = wrapped
        .into_iter()
        .map(|(id, each)| {
            let open = each.into_iter().filter_map(|bytes| {
                let id = DataKeyId(id);
                vault.open_key(&WrappedKey { id, bytes }).ok()
            });
            (id, open.collect())
        })
        .collect();
    for file in databases {
        thief.databases += 1;
        take(&open(file), &seals, &mut thief);
    }
    thief
}

fn open(file: &Path) -> Connection {
    Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a database")
}

/// Columns that hold bytes: those that are sealed, which [`take`] opens, and those that say nothing of a customer.
const BYTES: &[&str] = &[
    "customers.sealed",
    "documents.bytes",
    "labels.inputs",
    "labels.request",
    "order_notes.sealed",
    "typed_words.sealed",
    // Keys under the station's key, ids, hashes and keyed fingerprints.
    "audit_chain.hash",
    "check_outs.scan",
    "collection_forms.key",
    "data_keys.wrapped",
    "label_history.hash",
    "label_history.previous",
    "labels.fingerprint",
    "labels.id",
    "labels.new_fingerprint",
    "quotes.fingerprint",
    "scans.id",
    "secrets.print",
    "settings.bytes",
    // Sealed under a key of its own: Amazon's sheet for the driver, which counts parcels and names no customer.
    "collection_forms.document",
];

/// No column of bytes is missed: a new one is opened here, or says nothing of a customer.
fn is_known(connection: &Connection) {
    let mut statement = connection
        .prepare(
            "SELECT tables.name || '.' || columns.name FROM sqlite_schema AS tables \
             JOIN pragma_table_info(tables.name) AS columns \
             WHERE tables.type = 'table' AND columns.type = 'BLOB' AND columns.name <> 'label'",
        )
        .expect("columns");
    let columns = statement.query_map([], |row| row.get(0)).expect("rows");
    let missed: Vec<String> = columns
        .map(|column| column.expect("a name"))
        .filter(|column: &String| !BYTES.contains(&column.as_str()))
        .collect();
    assert_eq!(missed, Vec::<String>::new(), "bytes that nobody looks into");
}

const OF_LABEL: &str = "JOIN orders ON orders.id = labels.order_id";

/// Every place that holds sealed bytes: query, then how it is opened.
fn take(connection: &Connection, seals: &BTreeMap<i64, Vec<OrderSeal>>, thief: &mut Thief) {
    is_known(connection);
    let places = [
        "SELECT sealed, data_key, store, number, '', 0, 'customer' FROM customers \
         JOIN orders ON orders.id = customers.order_id"
            .replace("data_key,", "customers.data_key,"),
        "SELECT sealed, order_notes.data_key, store, number, '', 0, 'note' FROM order_notes \
         JOIN orders ON orders.id = order_notes.order_id"
            .to_owned(),
        "SELECT sealed, typed_words.data_key, store, number, '', typed_words.id, 'words' FROM typed_words \
         JOIN orders ON orders.id = typed_words.order_id"
            .to_owned(),
        format!(
            "SELECT documents.bytes, documents.data_key, store, number, hex(label) || ' ' || kind, 0, 'document' \
             FROM documents JOIN labels ON labels.id = documents.label {OF_LABEL}"
        ),
        format!(
            "SELECT request, request_key, store, number, hex(labels.id), 0, 'request' FROM labels {OF_LABEL} \
             WHERE request IS NOT NULL"
        ),
        format!(
            "SELECT inputs, inputs_key, store, number, hex(labels.id), 0, 'inputs' FROM labels {OF_LABEL} \
             WHERE inputs IS NOT NULL"
        ),
    ];
    for sql in places {
        let Ok(mut statement) = connection.prepare(&sql) else {
            panic!("{sql}");
        };
        let mut rows = statement.query([]).expect("rows");
        while let Some(row) = rows.next().expect("a row") {
            let bytes: Vec<u8> = row.get(0).expect("bytes");
            let key: i64 = row.get(1).expect("a key");
            let (store, number) = (
                StoreId(row.get(2).expect("a shop")),
                OrderNumber(row.get(3).expect("a number")),
            );
            let (which, place): (String, i64) = (row.get(4).expect("which"), row.get(5).expect("a number"));
            let kind: String = row.get(6).expect("a kind");
            let opener = opener(&kind, bytes, &which, place);
            let plain = seals
                .get(&key)
                .and_then(|each| each.iter().find_map(|seal| opener(seal, &store, &number)));
            match plain {
                Some(plain) => {
                    thief.opened += 1;
                    thief.orders.insert(number.0.clone());
                    let kinds = thief.kinds.entry(number.0.clone()).or_default();
                    kinds.insert(kind.clone());
                    thief.plain.extend(plain);
                    thief.plain.push(b'\n');
                }
                None => thief.closed += 1,
            }
        }
    }
}

fn opener<'a>(kind: &'a str, bytes: Vec<u8>, which: &'a str, place: i64) -> Opener<'a> {
    let (label, document) = which.split_once(' ').unwrap_or((which, ""));
    let label = Uuid::parse_str(label).map(IntentId);
    Box::new(move |seal, store, number| match kind {
        "customer" => {
            let sealed = Sealed::<CustomerData>::from_bytes(bytes.clone());
            let data = seal.open(Slot::CUSTOMER, store, number, &sealed).ok()?;
            serde_json::to_vec(&data).ok()
        }
        "note" => {
            let sealed = Sealed::<NoteText>::from_bytes(bytes.clone());
            let text = seal.open(Slot::NOTE, store, number, &sealed).ok()?;
            Some(text.0.clone().into_bytes())
        }
        "words" => {
            let sealed = Sealed::<TypedWords>::from_bytes(bytes.clone());
            let text = seal.open(&Slot::words(place), store, number, &sealed).ok()?;
            Some(text.0.clone().into_bytes())
        }
        "inputs" => {
            let sealed = Sealed::<InputValues>::from_bytes(bytes.clone());
            let slot = Slot::inputs(*label.as_ref().ok()?);
            let values = seal.open(&slot, store, number, &sealed).ok()?;
            serde_json::to_vec(&values).ok()
        }
        "document" => {
            let label = label.as_ref().ok()?;
            let opened = seal.open_document(
                *label,
                document,
                store,
                number,
                &Sealed::from_bytes(bytes.clone()),
            );
            opened.ok().map(|bytes| bytes.0.clone())
        }
        _ => {
            let label = label.as_ref().ok()?;
            let opened = seal.open_request(*label, store, number, &Sealed::from_bytes(bytes.clone()));
            opened.ok().map(|bytes| bytes.0.clone())
        }
    })
}
