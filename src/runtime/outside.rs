//! Effects at work: commits in order, reads with the latest of each window, customer data.
//!
//! The loop never waits here: what cannot be handed over at once is kept and handed over later, in order.

use super::finder::Finder;
use super::wishes::{record, want};
use super::{Station, picking};
use crate::app::REHEARSED;
use crate::app::effect::{
    Answer, BoxTurn, Commit, MethodWish, MoneyFacts, Query, RequestId, Slot, StatusFacts,
};
use crate::app::message::{Done, Failure, FailureKind, Message};
use crate::clock::Clock;
use crate::domain::audit::AuditFilter;
use crate::domain::customer::CustomerData;
use crate::domain::ids::{IntentId, OrderId, StationId, TrackingNumber, UserId};
use crate::domain::own_order::OwnOrder;
use crate::domain::refund::RefundFilter;
use crate::domain::rows::LabelRow;
use crate::domain::user::Permission;
use crate::store::threads::StoreHandle;
use crate::store::{
    AssignMethod, BoxDetails, PutOn, Refusal, Store, StoreError, StoreResult, Turn, VoidWish,
};
use crate::sync::{TakeInError, add_note, seal_inputs, take_in};
use crate::vault::Vault;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, mpsc};
use tokio_util::task::TaskTracker;

/// Commits that wait for the store's thread; more are kept by the loop.
const COMMITS: usize = 256;

/// Commits that the loop keeps before it takes no more keys.
const KEPT: usize = 1024;

/// Carries effects out and sends what came of them.
pub struct Outside {
    pub(super) store: StoreHandle,
    pub(super) vault: Arc<Vault>,
    pub(super) finder: Arc<Finder>,
    pub(super) clock: Arc<dyn Clock>,
    station: StationId,
    pub(super) zone: Tz,
    /// Where CSV files are written.
    pub(super) exports: PathBuf,
    pub(super) tasks: TaskTracker,
    pub(super) results: mpsc::Sender<Message>,
    commits: mpsc::Sender<(RequestId, Commit)>,
    wake_sync: mpsc::Sender<()>,
    kept: VecDeque<(RequestId, Commit)>,
    /// Windows with a read under way.
    reads: BTreeMap<Slot, Reading>,
    /// Commits whose results the state has taken in.
    committed: u64,
}

/// A read under way.
struct Reading {
    request: RequestId,
    query: Query,
    /// What the state had taken in when it began.
    committed: u64,
    /// The read that follows it.
    next: Option<(RequestId, Query)>,
}

impl Outside {
    /// Starts the task that commits. Results go to `results`.
    pub fn start(station: &Station, results: mpsc::Sender<Message>, tasks: &TaskTracker) -> Self {
        let (commits, waiting) = mpsc::channel(COMMITS);
        let committer = Committer {
            store: station.store.clone(),
            vault: Arc::clone(&station.vault),
            clock: Arc::clone(&station.clock),
            results: results.clone(),
            wake_sync: station.wake_sync.clone(),
            wake_spool: Arc::clone(&station.wake_spool),
            manifests: station.manifests,
        };
        tasks.spawn(committer.run(waiting));
        Self {
            store: station.store.clone(),
            vault: Arc::clone(&station.vault),
            finder: Arc::new(Finder::new(
                station.store.clone(),
                Some(Arc::clone(&station.vault)),
            )),
            clock: Arc::clone(&station.clock),
            station: station.setup.station.clone(),
            zone: station.setup.zone,
            exports: station.database.with_file_name("exports"),
            tasks: tasks.clone(),
            results,
            commits,
            wake_sync: station.wake_sync.clone(),
            kept: VecDeque::new(),
            reads: BTreeMap::new(),
            committed: 0,
        }
    }

    /// Commits, after everything that was given before.
    pub fn commit(&mut self, request: RequestId, commit: Commit) {
        match commit {
            Commit::ChangeMany(wish) => self.change_many(request, *wish),
            Commit::NoteAnswers { by, hour, answers } => self.note_answers(request, by, hour, *answers),
            Commit::ExportDesk { by } => self.export_desk(request, by),
            commit => {
                self.kept.push_back((request, commit));
                self.flush();
            }
        }
    }

    /// Whether more keys may be taken: not while the store is this far behind (a flood, a disk that hangs).
    pub fn has_room(&self) -> bool {
        self.kept.len() < KEPT
    }

    /// Hands over what was kept, as far as there is room.
    pub fn flush(&mut self) {
        while let Some(kept) = self.kept.pop_front() {
            match self.commits.try_send(kept) {
                Ok(()) => {}
                Err(TrySendError::Full(kept)) => return self.kept.push_front(kept),
                Err(TrySendError::Closed(_)) => return,
            }
        }
    }

    /// Hands over all that is kept, waiting for room: the last thing before the end.
    pub async fn close(&mut self) {
        while let Some(kept) = self.kept.pop_front() {
            if self.commits.send(kept).await.is_err() {
                return;
            }
        }
    }

    /// Reads for a window. Returns the read that it replaces, which was not begun and never will be.
    pub fn read(&mut self, request: RequestId, slot: Slot, query: Query) -> Option<RequestId> {
        if let Some(reading) = self.reads.get_mut(&slot) {
            return reading
                .next
                .replace((request, query))
                .map(|(replaced, _)| replaced);
        }
        self.begin_read(request, slot, query);
        None
    }

    /// The state takes in what came of a commit.
    pub fn committed(&mut self) {
        self.committed += 1;
    }

    /// A window's read was answered: the one that waits for it begins. Says whether the state may take the
    /// answer in: not where it has taken in a commit since the read began, which the answer may lack. Then the
    /// same is read again, so that nothing that was shown as saved ever disappears.
    pub fn answered(&mut self, slot: Slot) -> bool {
        let Some(reading) = self.reads.remove(&slot) else {
            return true;
        };
        let fresh = reading.committed == self.committed;
        if let Some((request, query)) = reading.next {
            self.begin_read(request, slot, query);
        } else if !fresh {
            self.begin_read(reading.request, slot, reading.query);
        }
        fresh
    }

    fn begin_read(&mut self, request: RequestId, slot: Slot, query: Query) {
        let (store, results, station) = (self.store.clone(), self.results.clone(), self.station.clone());
        let reading = Reading {
            request,
            query: query.clone(),
            committed: self.committed,
            next: None,
        };
        self.reads.insert(slot, reading);
        match query {
            Query::Search(wish) => return self.search(request, *wish),
            Query::Desk { by, now } => return self.read_desk(request, by, now),
            _ => {}
        }
        tokio::spawn(async move {
            let answer = store.read(move |store| answer(store, &query, &station)).await;
            let answer = answer
                .map(|answer| with_view_only(answer, store.view_only()))
                .map_err(|error| error.to_string());
            send(
                &results,
                Message::Answered {
                    slot,
                    request,
                    answer,
                },
            )
            .await;
        });
    }

    /// Opens the customer data of an order for a person.
    pub fn open_customer(&self, order: OrderId, by: UserId) {
        let (store, vault, results) = (self.store.clone(), Arc::clone(&self.vault), self.results.clone());
        tokio::spawn(async move {
            let customer = open_customer(&store, &vault, order, by).await;
            send(&results, Message::CustomerOpened { order, customer }).await;
        });
    }

    /// Somebody changed the store: the sync task may have something to do.
    pub fn wake_sync(&self) {
        // A full channel is awake already.
        let _ = self.wake_sync.try_send(());
    }

    /// Asks the store whether anybody changed it; answers `StoreChanged` in any case.
    pub fn look_at_version(&self) {
        let (store, results) = (self.store.clone(), self.results.clone());
        tokio::spawn(async move {
            match store.read(|store| store.version()).await {
                Ok(version) => send(&results, Message::StoreChanged(version)).await,
                Err(error) => {
                    tracing::warn!(%error, "the store's version cannot be read");
                    // Unlike any version: the windows are read again and show what is wrong.
                    send(&results, Message::StoreChanged(i64::MIN)).await;
                }
            }
        });
    }
}

/// The loop may have ended meanwhile: then nobody wants the result.
pub(super) async fn send(results: &mpsc::Sender<Message>, message: Message) {
    let _ = results.send(message).await;
}

/// Commits one after the other, each durable before the next begins.
struct Committer {
    store: StoreHandle,
    clock: Arc<dyn Clock>,
    results: mpsc::Sender<Message>,
    wake_sync: mpsc::Sender<()>,
    wake_spool: Arc<Notify>,
    manifests: bool,
    vault: Arc<Vault>,
}

impl Committer {
    async fn run(self, mut commits: mpsc::Receiver<(RequestId, Commit)>) {
        while let Some((request, commit)) = commits.recv().await {
            let now = self.clock.now();
            let (wakes_sync, wakes_spool) = (wakes::sync(&commit), wakes::spool(&commit));
            let (manifests, vault) = (self.manifests, Arc::clone(&self.vault));
            let written = self
                .store
                .write(move |store| match commit {
                    Commit::TakeOrderIn(order) => taken_in(store, &vault, *order, now),
                    Commit::Door(commit) => super::manifest::carry_out(store, commit, now),
                    commit => carry_out(store, &vault, commit, manifests, now),
                })
                .await;
            let message = match written {
                Ok(done) => {
                    if wakes_sync {
                        // A full channel is awake already.
                        let _ = self.wake_sync.try_send(());
                    }
                    if wakes_spool {
                        self.wake_spool.notify_one();
                    }
                    Message::Committed { request, done }
                }
                Err(error) => Message::Refused {
                    request,
                    failure: failure(&error),
                },
            };
            send(&self.results, message).await;
        }
    }
}

pub(super) fn failure(error: &StoreError) -> Failure {
    let kind = match error {
        StoreError::Refused(Refusal::TakenOver { .. } | Refusal::OwnedBy { .. }) => FailureKind::TakenOver,
        StoreError::Refused(_) | StoreError::NotFound { .. } => FailureKind::Refused,
        StoreError::Unusable(_)
        | StoreError::Damaged(_)
        | StoreError::ReadOnly(_)
        | StoreError::DiskFull
        | StoreError::Failed(_) => FailureKind::Failed,
    };
    Failure {
        kind,
        words: error.to_string(),
    }
}

/// One change as one transaction.
fn carry_out(
    store: &mut dyn Store,
    vault: &Vault,
    commit: Commit,
    manifests: bool,
    now: DateTime<Utc>,
) -> StoreResult<Done> {
    match commit {
        Commit::BeginPacking {
            order,
            by,
            take_over,
            confirmation,
        } => {
            let taken = store.begin_packing(order, by, take_over, confirmation, now)?;
            return Ok(Done::Box(taken));
        }
        Commit::CheckPin { user, pin } => super::check_pin(store, vault, user, pin.reveal(), now)?,
        Commit::NextBox(from) => return Ok(Done::Box(store.next_box(turn_of(from), from.by, now)?)),
        Commit::OpenBox(from, number) => {
            return Ok(Done::Box(store.open_box(turn_of(from), number, from.by, now)?));
        }
        Commit::AcceptScan(scan) => store.accept_scan(&scan)?,
        Commit::NoteRefusedScan { order, by, reason } => store.note_refused_scan(order, by, &reason, now)?,
        Commit::SetBox {
            box_id,
            turn,
            by,
            weight,
            dimensions,
            confirmation,
            flat_rate,
        } => {
            let details = BoxDetails {
                weight,
                dimensions,
                confirmation,
                flat_rate,
            };
            return Ok(Done::Box(store.set_box(box_id, turn, &details, by, now)?));
        }
        Commit::WantQuote(request) => return Ok(Done::Quote(store.want_quote(&request, now)?)),
        Commit::WantAccounts(stores) => store.want_accounts(&stores, now)?,
        Commit::WantLabel(mut wish) => {
            let inputs = match wish.inputs.take() {
                Some(values) => Some(seal_inputs(store, vault, wish.id, wish.order, &values)?),
                None => None,
            };
            store.want_label(&want(*wish, inputs), now)?;
        }
        Commit::WithdrawLabel { label, by } => store.withdraw_label(label, by, now)?,
        Commit::WantVoid {
            label,
            by,
            reason,
            paper,
        } => store.want_void(label, &VoidWish { by, reason, paper }, now)?,
        Commit::WantVoidOrder {
            order,
            by,
            reason,
            paper,
        } => {
            store.want_void_order(order, &VoidWish { by, reason, paper }, now)?;
        }
        Commit::BookRefund {
            label,
            booking,
            by,
            reason,
        } => {
            store.book_refund(label, &booking, by, &reason, now)?;
        }
        Commit::DecideUnknown {
            label,
            bought,
            by,
            reason,
        } => store.decide_unknown(label, bought, by, &reason, now)?,
        Commit::WantPrint { label, by, station } => {
            return Ok(Done::Print(store.want_print(label, &station, by, now)?));
        }
        Commit::SetStatus {
            order,
            to,
            by,
            reason,
        } => store.set_status(order, to, Some(by), &reason, now)?,
        Commit::TakeOrderIn(_) | Commit::ChangeMany(_) | Commit::Door(_) => {
            return Err(StoreError::Failed(
                "this is not one transaction: it is carried out elsewhere".to_owned(),
            ));
        }
        Commit::PutOn { label, scanned, by } => {
            put_on(store, (label, scanned, by), manifests, now)?;
        }
        Commit::AddNote { order, by, text } => add_note(store, vault, order, by, &text, now)?,
        Commit::RecordOutside(wish) => {
            store.record_outside(&record(*wish, manifests), now)?;
        }
        Commit::WantConfirmation { label, by } => store.want_confirmation(label, by, now)?,
        Commit::AssignMethod(wish) => store.assign_method(&assign(wish), now)?,
        Commit::ClearFlags { order, by, reason } => store.clear_flags(order, by, &reason, now)?,
        // Lists, picking, bulk ship, parts.
        commit => return picking::carry_out(store, commit, now),
    }
    Ok(Done::Nothing)
}

fn put_on(
    store: &mut dyn Store,
    (label, scanned, by): (IntentId, TrackingNumber, UserId),
    manifests: bool,
    now: DateTime<Utc>,
) -> StoreResult<LabelRow> {
    let scan = PutOn {
        label,
        scanned,
        by,
        manifests,
    };
    store.put_on(&scan, now)
}

fn assign(wish: MethodWish) -> AssignMethod {
    AssignMethod {
        order: wish.order,
        method: wish.method,
        by: wish.by,
        reason: wish.reason,
    }
}

fn turn_of(from: BoxTurn) -> Turn {
    Turn {
        order: from.order,
        box_id: from.box_id,
        turn: from.turn,
    }
}

/// A database that can only be looked at says so in the status line.
fn with_view_only(mut answer: Answer, words: Option<&str>) -> Answer {
    if let (Answer::Status(facts), Some(words)) = (&mut answer, words) {
        facts.health.trouble = Some(words.to_owned());
    }
    answer
}

/// An order that is not Amazon's, sealed and stored.
fn taken_in(store: &mut dyn Store, vault: &Vault, order: OwnOrder, now: DateTime<Utc>) -> StoreResult<Done> {
    let shop = order.channel.store.clone();
    match take_in(store, vault, &shop, vec![order], now) {
        Ok(_) => Ok(Done::Nothing),
        Err(TakeInError::Store(error)) => Err(error),
        Err(TakeInError::Vault(error)) => Err(StoreError::Failed(error.to_string())),
    }
}

/// One window as the store has it now.
pub(crate) fn answer(store: &dyn Store, query: &Query, station: &StationId) -> StoreResult<Answer> {
    Ok(match query {
        Query::Users => Answer::Users(store.users()?),
        Query::Status => Answer::Status(StatusFacts {
            waiting: store.waiting()?,
            health: store.health()?,
            prints: store.print_jobs(station)?,
        }),
        Query::PickLists { first, limit } => Answer::PickLists(store.pick_lists(*first, *limit)?),
        Query::Search(_) | Query::Desk { .. } => {
            return Err(StoreError::Failed(
                "this is not one read: it is read elsewhere".to_owned(),
            ));
        }
        Query::Orders { filter, first, limit } => Answer::Orders(store.orders(filter, *first, *limit)?),
        Query::Board => Answer::Board(super::board::rows(store)?),
        Query::Order(order) => Answer::Order(Box::new(store.order(*order)?)),
        Query::Why(order) => Answer::Why(*order, Box::new(store.why(*order)?)),
        Query::DayEnd {
            manifest,
            since,
            unmoved,
        } => Answer::DayEnd(Box::new(super::manifest::facts(
            store, station, *manifest, *since, *unmoved,
        )?)),
        Query::Policies => Answer::Policies(store.policies(None)?),
        Query::Rehearse(policy) => {
            let rehearsal = store.rehearse_policies(&policy.store, Some(&policy.rule), REHEARSED)?;
            Answer::Rehearsal(policy.clone(), Box::new(rehearsal))
        }
        Query::FindCode(code) => Answer::Code(store.code_meanings(code)?),
        Query::FindTote(list, place) => Answer::Found(store.order_of_tote(*list, *place)?),
        Query::FindOrder(number) => Answer::Found(store.find_orders(number)?),
        Query::Refunds { first, limit, now } => Answer::Refunds(Box::new(store.refunds(
            RefundFilter::All,
            *first,
            *limit,
            *now,
        )?)),
        Query::Unmoved { first, limit, now } => {
            Answer::Unmoved(Box::new(store.unmoved(*first, *limit, *now)?))
        }
        Query::Audit { text, first, limit } => {
            let filter = AuditFilter {
                text: text.clone(),
                ..AuditFilter::default()
            };
            Answer::Audit(Box::new(store.audit(&filter, *first, *limit)?))
        }
        Query::Money(since) => Answer::Money(Box::new(MoneyFacts {
            accounts: store.accounts()?,
            spend: store.spend(Some(*since))?,
            prime: store.prime_share(*since)?,
        })),
        Query::Bulk { list, first, limit } => Answer::Bulk(match store.bulk_run_of(*list)? {
            Some(run) => {
                let rows = store.bulk_rows(run.id, *first, *limit)?;
                Some(Box::new((run, rows)))
            }
            None => None,
        }),
        Query::PickWalk(list) => Answer::PickWalk(Box::new(store.pick_walk(*list)?)),
        Query::BulkMethods(run) => Answer::BulkMethods(store.bulk_methods(*run)?),
        Query::PickList(list) => Answer::PickList(Box::new(store.pick_list(*list)?)),
        Query::PickOffer(now) => Answer::PickOffer(store.pick_offer(*now)?),
        Query::PickMatches(filter, now) => Answer::PickMatches(store.pick_matches(filter, *now)?),
        Query::FindTracking(tracking) => {
            Answer::Label(store.label_by_tracking(tracking.as_str())?.map(Box::new))
        }
    })
}

/// Customer data, or words why it cannot be shown. None where there is none (pending, erased).
async fn open_customer(
    store: &StoreHandle,
    vault: &Vault,
    order: OrderId,
    by: UserId,
) -> Result<Option<CustomerData>, String> {
    let sealed = store
        .read(move |store| {
            store.permit(by, Permission::SeeCustomers)?;
            let Some((key, sealed)) = store.customer(order)? else {
                return Ok(None);
            };
            let order = store.order(order)?.order;
            Ok(Some((key, sealed, order.channel.store, order.channel.number)))
        })
        .await
        .map_err(|error| error.to_string())?;
    let Some((key, sealed, shop, number)) = sealed else {
        return Ok(None);
    };
    let opened = vault.open_customer(&key, &shop, &number, &sealed);
    opened.map(Some).map_err(|error| error.to_string())
}

mod wakes;

#[cfg(test)]
mod tests;
