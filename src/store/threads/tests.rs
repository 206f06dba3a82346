//! The handle: answers, panics, closing.

use super::StoreHandle;
use crate::domain::user::Role;
use crate::store::{Store, StoreError, StoreResult};
use chrono::{TimeZone, Utc};
use std::sync::mpsc;

/// Holds the writing thread until the sender is used, so that others line up behind it.
fn held(handle: &StoreHandle) -> mpsc::Sender<()> {
    let (go, hold) = mpsc::channel::<()>();
    let (job, _answer) = super::write_job(move |_| {
        hold.recv().unwrap();
        Ok(())
    });
    let lanes = handle.writer().unwrap();
    assert!(lanes.first.try_send(job).is_ok());
    lanes.bell.send(()).unwrap();
    go
}

fn add(store: &mut dyn Store, name: &str) -> StoreResult<()> {
    let now = Utc.with_ymd_and_hms(2026, 11, 18, 15, 0, 0).unwrap();
    store.add_user(name, name, Role::Packer, now).map(|_| ())
}

#[test]
fn a_write_is_seen_by_the_reader_and_after_closing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let handle = StoreHandle::start(&path).unwrap();
    let before = handle.read_blocking(|store| store.version()).unwrap();
    handle.write_blocking(|store| add(store, "Ann")).unwrap();
    let users = handle.read_blocking(|store| store.users()).unwrap();
    assert_eq!(users[0].name, "Ann");
    let after = handle.read_blocking(|store| store.version()).unwrap();
    assert_ne!(before, after, "the change shows on the reading connection");
    drop(handle);
    let handle = StoreHandle::start(&path).unwrap();
    assert_eq!(handle.read_blocking(|store| store.users()).unwrap().len(), 1);
}

#[test]
fn a_panic_is_an_error_and_the_thread_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let handle = StoreHandle::start(&folder.path().join("store.db")).unwrap();
    let fault: StoreResult<()> = handle.write_blocking(|store| {
        add(store, "Ann")?;
        panic!("fault in a closure")
    });
    assert!(matches!(fault, Err(StoreError::Failed(_))));
    let fault: StoreResult<()> = handle.read_blocking(|_| panic!("fault in a closure"));
    assert!(matches!(fault, Err(StoreError::Failed(_))));
    handle.write_blocking(|store| add(store, "Bob")).unwrap();
    assert_eq!(handle.read_blocking(|store| store.users()).unwrap().len(), 2);
}

#[tokio::test]
async fn tasks_wait_for_their_answers() {
    let folder = tempfile::tempdir().unwrap();
    let handle = StoreHandle::start(&folder.path().join("store.db")).unwrap();
    handle.write(|store| add(store, "Ann")).await.unwrap();
    let users = handle.read(|store| store.users()).await.unwrap();
    assert_eq!(users.len(), 1);
    let refused = handle.write(|store| add(store, "Ann")).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))));
}

#[tokio::test]
async fn what_was_begun_is_finished_when_nobody_waits_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let handle = StoreHandle::start(&folder.path().join("store.db")).unwrap();
    let (started, wait) = mpsc::channel();
    let waiting = handle.clone();
    let task = tokio::spawn(async move {
        let begun = started;
        waiting
            .write(move |store| {
                begun.send(()).unwrap();
                add(store, "Ann")
            })
            .await
    });
    tokio::task::spawn_blocking(move || wait.recv())
        .await
        .unwrap()
        .unwrap();
    task.abort();
    let users = handle.write(|store| store.users()).await.unwrap();
    assert_eq!(users.len(), 1);
}

#[test]
fn the_last_handle_may_be_dropped_on_a_store_thread() {
    let folder = tempfile::tempdir().unwrap();
    let handle = StoreHandle::start(&folder.path().join("store.db")).unwrap();
    let (done, wait) = mpsc::channel();
    let own = handle.clone();
    let (job, _answer) = super::write_job(move |_| {
        drop(own);
        done.send(()).unwrap();
        Ok(())
    });
    let lanes = handle.writer().unwrap();
    let (lane, bell) = (lanes.first.clone(), lanes.bell.clone());
    drop(handle);
    lane.blocking_send(job).unwrap();
    bell.send(()).unwrap();
    wait.recv().unwrap();
}

#[test]
fn what_the_bench_asks_for_goes_before_what_waits_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    let handle = StoreHandle::start(&folder.path().join("store.db")).unwrap();
    let (bulk, order) = (handle.clone().behind(), mpsc::channel());
    let asked = |behind: bool, name: &'static str| {
        let said = order.0.clone();
        let (job, _answer) = super::write_job(move |_| {
            said.send(name).unwrap();
            Ok(())
        });
        let handle = if behind { &bulk } else { &handle };
        handle
            .writer()
            .unwrap()
            .send_blocking(handle.behind, job)
            .unwrap();
    };
    // The thread is held while the others line up.
    let go = held(&handle);
    asked(true, "bulk");
    asked(true, "more bulk");
    asked(false, "scan");
    asked(false, "next scan");
    go.send(()).unwrap();
    let done: Vec<&str> = (0..4).map(|_| order.1.recv().unwrap()).collect();
    assert_eq!(done, ["scan", "next scan", "bulk", "more bulk"]);
}

#[tokio::test]
async fn what_is_saved_together_is_each_saved_or_refused_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let handle = StoreHandle::start(&folder.path().join("store.db")).unwrap();
    let (bulk, go) = (handle.clone().behind(), held(&handle));
    let writes = ["Ann", "Bob", "Ann", "Cid"].map(|name| bulk.write(move |store| add(store, name)));
    let panics = bulk.write(|store| {
        add(store, "Dan")?;
        panic!("fault in a closure");
        #[expect(unreachable_code, reason = "gives the closure its type")]
        Ok(())
    });
    let [ann, bob, again, cid] = writes;
    let together = async { tokio::join!(ann, bob, again, panics, cid) };
    let release = async { go.send(()).unwrap() };
    let ((ann, bob, again, panics, cid), ()) = tokio::join!(together, release);
    ann.unwrap();
    bob.unwrap();
    assert!(matches!(again, Err(StoreError::Refused(_))));
    assert!(matches!(panics, Err(StoreError::Failed(_))));
    cid.unwrap();
    let users = handle.read(|store| store.users()).await.unwrap();
    let names: Vec<String> = users.into_iter().map(|user| user.name).collect();
    // What a closure had saved before its fault was whole by itself.
    assert_eq!(names, ["Ann", "Bob", "Cid", "Dan"]);
}

#[tokio::test]
async fn where_one_undoes_all_none_is_called_saved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let handle = StoreHandle::start(&path).unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    // As a full disk does.
    other
        .execute_batch(
            "CREATE TRIGGER full BEFORE INSERT ON users WHEN NEW.name = 'Bob' \
             BEGIN SELECT RAISE(ROLLBACK, 'undone'); END",
        )
        .unwrap();
    let (bulk, go) = (handle.clone().behind(), held(&handle));
    let [ann, bob, cid] = ["Ann", "Bob", "Cid"].map(|name| bulk.write(move |store| add(store, name)));
    let together = async { tokio::join!(ann, bob, cid) };
    let ((ann, bob, cid), ()) = tokio::join!(together, async { go.send(()).unwrap() });
    assert!(
        ann.is_err() && bob.is_err() && cid.is_err(),
        "{ann:?} {bob:?} {cid:?}"
    );
    assert!(handle.read(|store| store.users()).await.unwrap().is_empty());
    bulk.write(|store| add(store, "Ann")).await.unwrap();
    assert_eq!(handle.read(|store| store.users()).await.unwrap().len(), 1);
}
