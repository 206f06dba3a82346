use super::*;
use crate::domain::ids::{BulkRunId, LineId, PickListId, Sku, StationId, UserId};
use crate::domain::order::{ChannelOrder, ChannelStatus, OrderLine, Origin, Programs, Window};
use crate::domain::shopping::Shopped;
use crate::domain::status::OrderStatus;
use crate::domain::user::Role;
use crate::store::{
    Auditing as _, BulkRuns as _, Erasing as _, ImportedOrder, PickScan, Picking as _, Shopping as _,
    Store as _,
};

/// A sealer of rehearsals: what it seals cannot be read by chance, and opens in its own place alone.
struct Fake;

impl Fake {
    fn turned(place: WordsPlace<'_>, bytes: &[u8]) -> Vec<u8> {
        let mask =
            u8::try_from(place.number).unwrap() ^ u8::try_from(place.order.as_str().len()).unwrap() ^ 0x5A;
        bytes.iter().map(|byte| byte ^ mask).collect()
    }
}

impl WordSealer for Fake {
    fn new_key(&self, _: Option<&[u8]>, id: DataKeyId) -> Result<WrappedKey, String> {
        let bytes = vec![7; 40];
        Ok(WrappedKey { id, bytes })
    }

    fn seal(
        &self,
        _: &WrappedKey,
        place: WordsPlace<'_>,
        words: &TypedWords,
    ) -> Result<Sealed<TypedWords>, String> {
        Ok(Sealed::from_bytes(Self::turned(place, words.0.as_bytes())))
    }

    fn open(
        &self,
        _: &WrappedKey,
        place: WordsPlace<'_>,
        sealed: &Sealed<TypedWords>,
    ) -> Result<TypedWords, String> {
        String::from_utf8(Self::turned(place, sealed.as_bytes()))
            .map(TypedWords)
            .map_err(|error| error.to_string())
    }
}

fn at(day: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_796_000_000 + day * 86_400, 0).unwrap()
}

fn order(number: &str) -> ImportedOrder {
    ImportedOrder {
        channel: ChannelOrder {
            store: StoreId::from("us"),
            origin: Origin::Amazon,
            number: OrderNumber::from(number),
            status: ChannelStatus::Unshipped,
            programs: Programs::default(),
            destination: None,
            ship_by: Window::default(),
            deliver_by: Window::default(),
            service_level: "Standard".to_owned(),
            print_not_before: None,
            confirmation_floor: None,
            lines: vec![OrderLine {
                id: LineId::from("1"),
                sku: Sku::from("MUG"),
                asin: String::new(),
                title: "Mug".to_owned(),
                quantity: 2,
                unit_price: None,
                transparency: false,
                serial_required: false,
                gift: false,
                cancel_requested: false,
            }],
            packages: Vec::new(),
            created_at: at(0),
            updated_at: at(0),
            address_fingerprint: Vec::new(),
        },
        customer: None,
        key: None,
        po_box: None,
    }
}

/// A store with two orders and a sealer.
fn store() -> (SqliteStore, OrderId, OrderId, UserId) {
    let mut store = SqliteStore::open_in_memory().unwrap();
    store.use_sealer(Arc::new(Fake));
    let orders = vec![order("111-1"), order("111-2")];
    store
        .import_orders(&StoreId::from("us"), orders, None, at(0))
        .unwrap();
    let by = store.add_user("Sam", "sam", Role::Supervisor, at(0)).unwrap().id;
    let find = |number: &str| store.find_orders(&OrderNumber::from(number)).unwrap()[0];
    let (one, two) = (find("111-1"), find("111-2"));
    (store, one, two, by)
}

/// Everything that the database holds as text or bytes, as one.
fn whole(store: &SqliteStore) -> String {
    let connection = &store.connection;
    let tables = all(
        connection,
        "SELECT name FROM sqlite_schema WHERE type = 'table'",
        [],
        |row| Ok(row.get::<_, String>(0)?),
    );
    let mut text = String::new();
    for table in tables.unwrap() {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                let value = row.get_ref(column).unwrap();
                if let Ok(bytes) = value.as_bytes() {
                    text.push_str(&String::from_utf8_lossy(bytes));
                    text.push('\n');
                }
            }
        }
    }
    text
}

fn says(store: &SqliteStore, id: OrderId) -> Vec<String> {
    let history = store.order(id).unwrap().history;
    history.into_iter().map(|row| row.what).collect()
}

#[test]
fn a_typed_reason_is_sealed_and_shown_where_its_order_is_read() {
    let (mut store, one, _, by) = store();
    store
        .set_status(one, OrderStatus::OnHold, Some(by), "Ada Lovelace called", at(1))
        .unwrap();
    let told = says(&store, one);
    assert!(
        told.iter().any(|what| what.contains("Ada Lovelace called")),
        "{told:?}"
    );
    let audit = store
        .audit(&crate::domain::audit::AuditFilter::default(), 0, 100)
        .unwrap();
    assert!(
        audit.rows.iter().any(|row| row.what.contains("Ada Lovelace")),
        "{audit:?}"
    );
    // An export goes elsewhere: marks alone.
    let exported = store.audit_after(0, 100).unwrap();
    assert!(
        exported.iter().all(|row| !row.what.contains("Ada")),
        "{exported:?}"
    );
    assert!(
        exported.iter().any(|row| row.what.contains("⟦words 1⟧")),
        "{exported:?}"
    );
    assert!(!whole(&store).contains("Lovelace"));
}

#[test]
fn a_mark_of_another_order_stays_closed() {
    let (mut store, one, two, by) = store();
    store
        .set_status(one, OrderStatus::OnHold, Some(by), "Ada Lovelace", at(1))
        .unwrap();
    // Typed, or written by Amazon, in another order: sealed as it is, and not looked through.
    store
        .set_status(two, OrderStatus::OnHold, Some(by), "see ⟦words 1⟧", at(1))
        .unwrap();
    assert!(
        says(&store, two)
            .iter()
            .any(|what| what.contains("see ⟦words 1⟧"))
    );
    store
        .note_refused_scan(Some(two), None, "⟦words 1⟧", at(1))
        .unwrap();
    let told = says(&store, two);
    assert!(told.iter().all(|what| !what.contains("Ada")), "{told:?}");
}

#[test]
fn typed_words_go_with_their_order_and_the_chain_stays_whole() {
    let (mut store, one, two, by) = store();
    for id in [one, two] {
        store
            .set_status(
                id,
                OrderStatus::Canceled,
                Some(by),
                "Ada Lovelace asked for it",
                at(1),
            )
            .unwrap();
    }
    let due = store.due_for_erasure(at(40), 1).unwrap();
    store.erase_customers(&due, None, at(40)).unwrap();
    let (gone, left) = if due[0].number.as_str() == "111-1" {
        (one, two)
    } else {
        (two, one)
    };
    let told = says(&store, gone);
    assert!(told.iter().any(|what| what.contains(ERASED)), "{told:?}");
    assert!(
        says(&store, left)
            .iter()
            .any(|what| what.contains("Ada Lovelace"))
    );
    store.verify_audit().unwrap().unwrap();
    // What is typed afterwards is not kept, and says so.
    let kept = store
        .typist()
        .keep(&store.connection, gone, "it was Ada Lovelace", at(41));
    assert_eq!(kept.unwrap(), NOT_KEPT);
    assert!(!whole(&store).contains("it was"));
}

#[test]
fn amazons_own_words_are_sealed_and_told_once() {
    let (store, one, ..) = store();
    let typist = store.typist();
    let why = "Amazon refused (InvalidInput 400): no such street, Ada Lovelace";
    let connection = &store.connection;
    let kept = typist.keep_said(connection, one, why, None, at(1)).unwrap();
    assert_eq!(kept, "Amazon refused (InvalidInput 400): ⟦words 1⟧");
    let again = typist
        .keep_said(connection, one, why, Some(&kept), at(1))
        .unwrap();
    assert_eq!(again, kept, "the same again keeps its mark");
    let other = typist
        .keep_said(connection, one, &format!("{why}!"), Some(&kept), at(1))
        .unwrap();
    assert_ne!(other, kept);
    let ours = "nobody knows what came of it";
    assert_eq!(
        typist
            .keep_said(connection, one, ours, Some(&kept), at(1))
            .unwrap(),
        ours
    );
    assert!(!whole(&store).contains("Lovelace"));
}

#[test]
fn what_rate_shopping_was_told_is_sealed_and_shown_with_its_order() {
    let (mut store, one, ..) = store();
    let why = "Amazon refused (InvalidInput 400): no such street, Ada Lovelace";
    let shopped = Shopped {
        at: at(1),
        day: at(1).date_naive(),
        parcel: String::new(),
        found: Err(why.to_owned()),
        before: None,
    };
    store.put_shopped(one, &shopped).unwrap();
    store.put_shopped(one, &shopped).unwrap();
    assert_eq!(store.order(one).unwrap().method.shopped, Some(shopped));
    assert!(!whole(&store).contains("Lovelace"));
    let kept = all(&store.connection, "SELECT id FROM typed_words", [], |row| {
        Ok(row.get::<_, i64>(0)?)
    });
    assert_eq!(kept.unwrap().len(), 1, "the same again keeps its mark");
}

/// A pick list of this order.
fn pick_list(connection: &Connection, id: OrderId) {
    let list = "INSERT INTO pick_lists (id, name, created_at) VALUES (1, 'noon', 0)";
    run(connection, list, []).unwrap();
    let onto = "UPDATE orders SET pick_list = 1, pick_position = 0, status = 'in_picking' WHERE id = ?";
    run(connection, onto, [id.0]).unwrap();
}

#[test]
fn why_a_unit_is_short_is_sealed_and_shown_on_the_walk() {
    let (mut store, one, _, by) = store();
    pick_list(&store.connection, one);
    let scan = PickScan {
        list: PickListId(1),
        order: one,
        sku: Sku::from("MUG"),
        before: 0,
        quantity: 0,
        by,
    };
    store
        .pick_short(&scan, "Ada Lovelace took the last", at(1))
        .unwrap();
    let walk = store.pick_walk(PickListId(1)).unwrap();
    assert_eq!(walk.steps[0].short.as_deref(), Some("Ada Lovelace took the last"));
    assert!(says(&store, one).iter().any(|what| what.contains("Ada Lovelace")));
    assert!(!whole(&store).contains("Lovelace"));
}

/// A bulk run copies what was told of a rate or a label: the marks, not the words.
#[test]
fn a_bulk_run_and_its_sheets_show_words_and_hold_marks() {
    let (store, one, _, by) = store();
    let connection = &store.connection;
    let why = "Amazon refused (InvalidInput 400): no such street, Ada Lovelace";
    let kept = store
        .typist()
        .keep_said(connection, one, why, None, at(1))
        .unwrap();
    pick_list(connection, one);
    run(
        connection,
        "INSERT INTO bulk_runs (id, pick_list, state, mode, formats, station, by, made_at) \
         VALUES (1, 1, '\"running\"', '{}', '{}', 'bench', ?, 0)",
        [by.0],
    )
    .unwrap();
    run(
        connection,
        "INSERT INTO bulk_orders (run, position, order_id, state, words) VALUES (1, 0, ?, 'refused', ?)",
        params![one.0, kept],
    )
    .unwrap();
    run(
        connection,
        "INSERT INTO gap_sheets (run, station, number, words, state) VALUES (1, 'bench', '111-1', ?, 'wanted')",
        [&kept],
    )
    .unwrap();
    let rows = store.bulk_rows(BulkRunId(1), 0, 10).unwrap().rows;
    assert_eq!(rows[0].words, why);
    let sheets = store.gap_sheets(&StationId::from("bench")).unwrap();
    assert_eq!(sheets[0].words, why);
    assert!(!whole(&store).contains("Lovelace"));
}
