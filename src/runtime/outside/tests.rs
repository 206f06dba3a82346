use super::*;
use crate::app::Setup;
use crate::clock::SystemClock;
use crate::domain::user::Role;
use crate::ui::Theme;
use crate::vault::StationKeys;
use tempfile::TempDir;

struct Rig {
    outside: Outside,
    results: mpsc::Receiver<Message>,
    store: StoreHandle,
    _folder: TempDir,
}

fn rig() -> Rig {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("tapegun.db");
    let store = StoreHandle::start(&database).expect("a store");
    let (wake_sync, _) = mpsc::channel(1);
    let station = Station {
        store: store.clone(),
        database,
        vault: Arc::new(Vault::new(StationKeys::generate().expect("keys"))),
        clock: Arc::new(SystemClock::new()),
        setup: Setup::new(StationId::from("bench-1"), chrono_tz::UTC),
        theme: Theme::standard(),
        printer: None,
        scale: None,
        manifests: false,
        wake_sync,
        wake_spool: Arc::new(Notify::new()),
    };
    let (send, results) = mpsc::channel(64);
    Rig {
        outside: Outside::start(&station, send, &TaskTracker::new()),
        results,
        store,
        _folder: folder,
    }
}

async fn users_answered(rig: &mut Rig) -> (RequestId, usize) {
    match rig.results.recv().await {
        Some(Message::Answered {
            request,
            answer: Ok(Answer::Users(users)),
            ..
        }) => (request, users.len()),
        other => panic!("users were asked for: {other:?}"),
    }
}

#[tokio::test]
async fn an_answer_that_may_lack_a_commit_is_read_again() {
    let mut rig = rig();
    rig.outside.read(RequestId(1), Slot::Users, Query::Users);
    assert_eq!(users_answered(&mut rig).await, (RequestId(1), 0));
    let now = SystemClock::new().now();
    rig.store
        .write(move |store| store.add_user("Ana", "ana", Role::Packer, now))
        .await
        .expect("added");
    // The state learns of the commit before it takes in the older answer.
    rig.outside.committed();
    assert!(!rig.outside.answered(Slot::Users));
    assert_eq!(users_answered(&mut rig).await, (RequestId(1), 1));
    assert!(rig.outside.answered(Slot::Users));
}

#[tokio::test]
async fn of_the_reads_that_wait_for_a_window_only_the_latest_is_begun() {
    let mut rig = rig();
    assert_eq!(rig.outside.read(RequestId(1), Slot::Users, Query::Users), None);
    assert_eq!(rig.outside.read(RequestId(2), Slot::Users, Query::Users), None);
    let replaced = rig.outside.read(RequestId(3), Slot::Users, Query::Users);
    assert_eq!(replaced, Some(RequestId(2)));
    assert_eq!(users_answered(&mut rig).await.0, RequestId(1));
    rig.outside.answered(Slot::Users);
    assert_eq!(users_answered(&mut rig).await.0, RequestId(3));
}

#[tokio::test]
async fn commits_come_back_in_the_order_given_however_many_wait() {
    let mut rig = rig();
    let count = 3 * COMMITS as u64;
    let note = || Commit::NoteRefusedScan {
        order: None,
        by: None,
        reason: "form".to_owned(),
    };
    for request in 0..count {
        rig.outside.commit(RequestId(request), note());
    }
    for expected in 0..count {
        rig.outside.flush();
        let message = rig.results.recv().await;
        let Some(Message::Committed { request, .. }) = message else {
            panic!("a commit was given: {message:?}")
        };
        assert_eq!(request, RequestId(expected));
    }
}

#[test]
fn a_database_that_can_only_be_looked_at_says_so_in_the_status_line() {
    let facts = || Answer::Status(StatusFacts::default());
    let Answer::Status(said) = with_view_only(facts(), Some("READ-ONLY: look")) else {
        panic!("another answer");
    };
    assert_eq!(said.health.trouble.as_deref(), Some("READ-ONLY: look"));
    assert_eq!(with_view_only(facts(), None), facts());
}

#[tokio::test]
async fn opening_a_customer_on_the_screen_needs_the_permission() {
    let mut rig = rig();
    let now = SystemClock::new().now();
    let by = rig
        .store
        .write(move |store| store.add_user("Ana", "ana", Role::Packer, now))
        .await
        .expect("added")
        .id;
    for allowed in [false, true] {
        rig.store
            .write(move |store| store.grant(by, Permission::SeeCustomers, Some(allowed), None, now))
            .await
            .expect("granted");
        rig.outside.open_customer(OrderId(1), by);
        let Some(Message::CustomerOpened { customer, .. }) = rig.results.recv().await else {
            panic!("a customer was asked for")
        };
        let barred = customer.is_err_and(|words| words.contains("Ana may not see customers' data"));
        assert_eq!(barred, !allowed);
    }
}
