use super::*;
use crate::domain::ids::{OrderNumber, StoreId};
use crate::domain::note::NoteText;
use crate::domain::own_order::{ItemDraft, OrderDraft};
use crate::domain::status::OrderStatus;
use crate::domain::user::Role;
use crate::sync::{add_note, open_notes, take_in};
use crate::vault::StationKeys;
use chrono::{DateTime, Utc};

struct Rig {
    finder: Finder,
    store: StoreHandle,
    vault: Arc<Vault>,
    by: UserId,
    _folder: tempfile::TempDir,
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).expect("a time")
}

fn rig() -> Rig {
    let folder = tempfile::tempdir().expect("a folder");
    let store = StoreHandle::start(&folder.path().join("tapegun.db")).expect("a store");
    let vault = Arc::new(Vault::new(StationKeys::generate().expect("keys")));
    let by = store
        .write_blocking(|store| store.add_user("Ann", "A1", Role::Packer, now()))
        .expect("a packer")
        .id;
    Rig {
        by,
        finder: Finder::new(store.clone(), Some(Arc::clone(&vault))),
        store,
        vault,
        _folder: folder,
    }
}

impl Rig {
    fn add(&self, number: &str, name: &str, po: &str) -> OrderId {
        let draft = OrderDraft {
            number: number.to_owned(),
            name: name.to_owned(),
            line1: "1 Pier".to_owned(),
            city: "Columbus".to_owned(),
            state: "OH".to_owned(),
            postal_code: "43215".to_owned(),
            country: "US".to_owned(),
            po_number: po.to_owned(),
            items: vec![ItemDraft {
                sku: "MUG".to_owned(),
                quantity: "1".to_owned(),
                ..ItemDraft::default()
            }],
            ..OrderDraft::default()
        };
        let shop = StoreId::from("web");
        let order = draft
            .check(&shop, chrono_tz::UTC, crate::domain::money::Currency::USD, now())
            .expect("a draft");
        let (vault, found) = (Arc::clone(&self.vault), OrderNumber::from(number));
        self.store
            .write_blocking(move |store| {
                take_in(store, &vault, &shop, vec![order], now()).expect("taken in");
                Ok(store.find_orders(&found)?[0])
            })
            .expect("stored")
    }

    fn find(&self, words: &str, names: bool) -> Searched {
        let search = Search::parse(words, now(), chrono_tz::UTC).expect("understood");
        let names = names.then_some(self.by);
        self.finder.find(&search, names, 0, 10).expect("found")
    }

    fn ids(&self, words: &str, names: bool) -> Vec<OrderId> {
        self.find(words, names)
            .page
            .rows
            .iter()
            .map(|row| row.id)
            .collect()
    }
}

#[test]
fn the_index_follows_the_store() {
    let rig = rig();
    assert_eq!(rig.find("", false).orders, 0);
    let first = rig.add("WEB-1", "Ann Kowalski", "");
    let second = rig.add("WEB-2", "Bob Smith", "PO-4711");
    assert_eq!(rig.ids("web-", false), [first, second]);
    rig.store
        .write_blocking(move |store| store.set_status(first, OrderStatus::OnHold, None, "why", now()))
        .expect("held");
    assert_eq!(rig.ids("status:on-hold", false), [first]);
    assert_eq!(rig.ids("-status:on-hold", false), [second]);
}

#[test]
fn names_are_found_once_they_are_open_and_new_ones_too() {
    let rig = rig();
    let first = rig.add("WEB-1", "Ann Kowalski", "PO-4711");
    assert!(!rig.find("kowalski", true).names_known);
    rig.finder.open_names(rig.by);
    let found = rig.find("kowalski", true);
    assert!(found.names_known);
    assert_eq!((found.names, found.page.total), (1, 1));
    assert_eq!(rig.ids("kowalski", false), []);
    assert_eq!(rig.ids("po-47", false), [first]);
    // The address changes: the new name is found at the next search, the old one is not.
    rig.add("WEB-1", "Ann Smith", "PO-4711");
    assert_eq!(rig.ids("kowalski", true), []);
    assert_eq!(rig.ids("smith", true), [first]);
    let second = rig.add("WEB-2", "Bob Smith", "");
    assert!(!rig.find("smith", true).names_known);
    rig.finder.open_names(rig.by);
    assert_eq!(rig.ids("smith", true), [first, second]);
    rig.finder.forget_names();
    assert!(!rig.finder.has_names());
    assert_eq!(rig.ids("smith", true), []);
}

#[test]
fn without_a_vault_nothing_of_customers_is_opened() {
    let rig = rig();
    rig.add("WEB-1", "Ann Kowalski", "PO-4711");
    let finder = Finder::new(rig.store.clone(), None);
    let search = Search::parse("kowalski", now(), chrono_tz::UTC).expect("understood");
    let found = finder.find(&search, Some(rig.by), 0, 10).expect("found");
    finder.open_names(rig.by);
    assert_eq!((found.page.total, found.names_known), (0, true));
    assert!(!finder.has_names());
}

/// Ann is given or forbidden this.
fn grant(rig: &Rig, permission: Permission, given: bool) {
    let by = rig.by;
    rig.store
        .write_blocking(move |store| store.grant(by, permission, Some(given), None, now()))
        .expect("granted");
}

#[test]
fn finding_by_name_needs_the_permission() {
    let rig = rig();
    rig.add("WEB-1", "Ann Kowalski", "");
    grant(&rig, Permission::SeeCustomers, false);
    let search = Search::parse("kowalski", now(), chrono_tz::UTC).expect("understood");
    let refused = rig
        .finder
        .find(&search, Some(rig.by), 0, 10)
        .expect_err("refused");
    assert!(
        refused.to_string().contains("Ann may not see customers' data"),
        "{refused}"
    );
    assert_eq!(rig.find("", false).orders, 1);
    rig.finder.open_names(rig.by);
    assert!(!rig.finder.has_names(), "nothing was opened either");
    grant(&rig, Permission::SeeCustomers, true);
    assert!(rig.ids("kowalski", true).is_empty(), "not open yet");
    rig.finder.open_names(rig.by);
    assert_eq!(rig.ids("kowalski", true).len(), 1);
}

#[test]
fn reading_a_note_needs_the_permission() {
    let rig = rig();
    let order = rig.add("WEB-1", "Ann Kowalski", "");
    let (by, vault) = (rig.by, Arc::clone(&rig.vault));
    let text = NoteText("ring twice at Kowalski".to_owned());
    rig.store
        .write_blocking(move |store| add_note(store, &vault, order, by, &text, now()))
        .expect("noted");
    let read = |rig: &Rig| {
        let vault = Arc::clone(&rig.vault);
        rig.store
            .read_blocking(move |store| open_notes(store, &vault, order, by))
    };
    grant(&rig, Permission::SeeCustomers, false);
    let refused = read(&rig).expect_err("refused").to_string();
    assert!(refused.contains("Ann may not see customers' data"), "{refused}");
    grant(&rig, Permission::SeeCustomers, true);
    assert_eq!(read(&rig).expect("read").len(), 1);
}

#[test]
fn changing_many_orders_needs_the_permission() {
    let rig = rig();
    let order = rig.add("WEB-1", "Ann Kowalski", "");
    let wish = ManyWish {
        search: Search::parse("web-1", now(), chrono_tz::UTC).expect("understood"),
        names: false,
        to: OrderStatus::OnHold,
        count: 1,
        by: rig.by,
        reason: "stock".to_owned(),
    };
    let stands = || {
        let read = rig.store.read_blocking(move |store| store.order(order));
        read.expect("the order").order.status
    };
    let before = stands();
    let refused = rig.finder.change(&wish, now()).expect_err("refused");
    assert!(
        refused
            .to_string()
            .contains("Ann may not change many orders at once"),
        "{refused}"
    );
    assert_eq!(stands(), before);
    grant(&rig, Permission::ChangeMany, true);
    rig.finder.change(&wish, now()).expect("changed");
    assert_eq!(stands(), OrderStatus::OnHold);
}
