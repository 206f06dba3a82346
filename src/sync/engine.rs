//! The loop: look at the work, plan, carry out, write down; then sleep until something is due, a message comes, or
//! another process changed the store.

use super::backlog::Backlog;
use super::emergency::Emergency;
use super::erase;
use super::halts::Halts;
use super::health::HealthBook;
use super::import;
use super::lead::LeadLock;
use super::memory::{Memory, Note};
use super::options::SyncOptions;
use super::outcome::{Outcome, PassReport, StillWaiting, Stop, SyncError};
use super::plan::{Plan, Step, Work, plan};
use super::shopping::Ahead;
use super::shops::{Core, Shop, stopped};
use crate::amazon::{Buckets, Credentials, SellerClient};
use crate::clock::Clock;
use crate::domain::ids::StoreId;
use crate::domain::seller::StoreProfile;
use crate::store::threads::StoreHandle;
use crate::store::{ImportReport, Lead, StoreResult};
use crate::vault::Vault;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Steps under way at once besides those in bulk, which the buckets bound.
const AT_ONCE: usize = 16;
/// While more than a few are under way, their ends are taken in together: planning costs as much for many ends as
/// for one.
const FEW: usize = 8;
const TOGETHER: Duration = Duration::from_millis(10);
/// How often a process that does not lead tries for the lead.
const LEAD_EVERY: Duration = Duration::from_secs(1);
/// At the end, what is under way is given this long; a purchase cut off here is unknown, not lost.
const LAST_WAIT: Duration = Duration::from_secs(20);
/// Bucket levels are kept this often while calls are made: so much a crash costs the next leader.
const KEEP_LEVELS: Duration = Duration::from_secs(1);

/// The sync task of one process.
pub struct Sync {
    core: Arc<Core>,
    lock: LeadLock,
    lead: Option<Lead>,
    memory: Memory,
    backlog: Backlog,
    tasks: JoinSet<Finished>,
    wake: mpsc::Receiver<()>,
    import_now: Arc<Notify>,
    glance: Duration,
    levels_kept: Duration,
    levels_moved: bool,
    /// What the next report tells besides.
    told: Vec<String>,
    levels_due: bool,
}

/// A step that has ended.
struct Finished {
    step: Step,
    note: Note,
    outcome: Outcome,
}

impl Sync {
    /// A sync task for these shops. Nothing is asked and no lead is taken yet. A message on `wake` means that
    /// this process has written something that waits.
    pub fn new(
        store: StoreHandle,
        vault: Arc<Vault>,
        shops: Vec<(StoreProfile, Credentials)>,
        clock: Arc<dyn Clock>,
        options: SyncOptions,
        wake: mpsc::Receiver<()>,
    ) -> Result<Self, SyncError> {
        // Empty until the lead is taken and the kept levels are restored.
        let buckets = Arc::new(Buckets::empty(Arc::clone(&clock)));
        let mut at_work = BTreeMap::new();
        for (at, (profile, credentials)) in shops.iter().enumerate() {
            let same = |(other, known): &&(StoreProfile, Credentials)| {
                other.region == profile.region && known.is_same_seller(credentials)
            };
            if let Some((first, _)) = shops[..at].iter().find(same) {
                buckets.share(profile.id.clone(), first.id.clone());
            }
        }
        for (profile, credentials) in shops {
            let client = SellerClient::new(&profile, credentials, Arc::clone(&clock), Arc::clone(&buckets))?;
            let ahead = Ahead::of(&profile);
            at_work.insert(profile.id, Shop::new(client, profile.account.via, ahead));
        }
        Ok(Self {
            core: Arc::new(Core {
                // A scan is never kept waiting by what this task writes.
                store: store.behind(),
                vault,
                shops: at_work,
                clock,
                buckets,
                emergency: Emergency::new(options.emergency, options.reserve),
                health: HealthBook::default(),
                halts: Halts::default(),
                inspect: options.inspect,
                erase_in: options.erase_in,
                shelf: options.shelf,
                ending: AtomicBool::new(false),
            }),
            lock: LeadLock::new(options.lead),
            lead: None,
            memory: Memory::default(),
            backlog: Backlog::default(),
            tasks: JoinSet::new(),
            wake,
            import_now: Arc::new(Notify::new()),
            glance: options.glance,
            levels_kept: Duration::ZERO,
            levels_moved: false,
            told: Vec::new(),
            levels_due: false,
        })
    }

    /// Rings for an import at once, e.g. when a person asks for it.
    pub fn import_bell(&self) -> Arc<Notify> {
        Arc::clone(&self.import_now)
    }

    /// Works until `shutdown`. Errors of the store or the lock are said in the health and tried again.
    pub async fn run(self, shutdown: CancellationToken) {
        self.run_telling(shutdown, |_| {}).await;
    }

    /// As [`Sync::run`], and tells after every turn what came of it. What waits is not told: nobody planned it
    /// for this.
    pub async fn run_telling(mut self, shutdown: CancellationToken, mut tell: impl FnMut(PassReport)) {
        let mut wake_open = true;
        let bell = self.import_bell();
        loop {
            let mut report = PassReport::default();
            let seen = self.version().await;
            let next = match self.turn().await {
                Ok(next) => next,
                Err(error) => {
                    tracing::error!(%error, "the sync task cannot work");
                    report.trouble.push(error.to_string());
                    LEAD_EVERY
                }
            };
            // In this order: an end comes first, then results (they free the next step), then wishes.
            tokio::select! {
                biased;
                () = shutdown.cancelled() => break,
                Some(finished) = self.tasks.join_next() => self.finish(finished.ok(), Some(&mut report)),
                message = self.wake.recv(), if wake_open => wake_open = message.is_some(),
                () = bell.notified() => self.import_at_once(),
                () = changed(&self.core, seen, next, self.glance) => {}
            }
            self.gather(Some(&mut report)).await;
            self.fill(&mut report);
            tell(report);
        }
        let mut report = PassReport::default();
        self.wind_up(Some(&mut report)).await;
        self.fill(&mut report);
        tell(report);
    }

    /// What is told besides the ends of steps.
    fn fill(&mut self, report: &mut PassReport) {
        report.another_leads = self.lead.is_none();
        report.settled.append(&mut self.told);
        report.trouble.extend(self.core.health.troubles());
    }

    /// One full pass: takes the lead if it is free, imports every shop, carries out all that is due, and reports.
    /// Does not wait for what is due later.
    pub async fn once(&mut self) -> Result<PassReport, SyncError> {
        if self.lead().await? {
            self.import_at_once();
        }
        self.pass().await
    }

    /// As [`Sync::once`], but imports only where that is due.
    pub async fn pass(&mut self) -> Result<PassReport, SyncError> {
        let mut report = PassReport::default();
        loop {
            self.turn().await?;
            if self.lead.is_none() {
                report.another_leads = true;
                break;
            }
            match self.tasks.join_next().await {
                Some(finished) => self.finish(finished.ok(), Some(&mut report)),
                None => break,
            }
            self.gather(Some(&mut report)).await;
        }
        if !report.another_leads {
            report.waiting = self.planned().await?.waiting;
            // What that plan would have begun is not begun.
            self.backlog.read_again();
            report.waiting.extend(self.imports_waiting());
        }
        let leads = !report.another_leads;
        self.write_down(leads, leads).await?;
        report.settled.append(&mut self.told);
        report.trouble = self.core.health.troubles();
        Ok(report)
    }

    /// Ends an unneeded sync task: what is under way is finished, the levels are kept, the lead is given back.
    pub async fn end(&mut self) {
        self.wind_up(None).await;
    }

    async fn wind_up(&mut self, mut report: Option<&mut PassReport>) {
        self.core.ending.store(true, Ordering::Relaxed);
        let ended = tokio::time::timeout(LAST_WAIT, async {
            while let Some(finished) = self.tasks.join_next().await {
                self.finish(finished.ok(), report.as_deref_mut());
            }
        });
        if ended.await.is_err() {
            tracing::error!(
                "ended while Amazon was being asked: what came of it is settled at the next start"
            );
        }
        if self.lead.take().is_some() {
            let kept = self.keep_levels(true).await;
            if let Err(error) = kept.and(self.core.write_health().await) {
                tracing::error!(%error, "the last words of the sync task could not be stored");
            }
        }
        self.lock.give_back();
    }

    /// Leads if it can, plans and starts what is due. Returns the time until the next look.
    async fn turn(&mut self) -> Result<Duration, SyncError> {
        if !self.lead().await? {
            return Ok(LEAD_EVERY);
        }
        let clear = self.core.store_what_waits().await;
        self.told.extend(self.core.end_restored().await?);
        let plan = self.planned().await?;
        let lead = self.lead;
        let in_bulk: usize = self.memory.in_bulk.values().sum();
        let mut room = (AT_ONCE + in_bulk).saturating_sub(self.tasks.len());
        for step in plan.steps {
            let Some(lead) = lead else { break };
            if step.in_bulk().is_none() {
                if room == 0 {
                    continue;
                }
                room -= 1;
            }
            self.memory.begin(&step);
            if matches!(step, Step::Follow(_)) {
                self.memory.background.begin(self.core.clock.monotonic());
            }
            let note = self.memory.note(&step);
            let core = Arc::clone(&self.core);
            self.tasks.spawn(carry_out(core, lead, step, note));
        }
        self.write_down(true, false).await?;
        Ok(if clear {
            plan.next.unwrap_or(Duration::MAX)
        } else {
            LEAD_EVERY
        })
    }

    async fn planned(&mut self) -> StoreResult<Plan> {
        let work = self
            .core
            .store
            .read(|store| {
                let restored = store.restored()?;
                let uncompared = match &restored {
                    Some(_) => store.uncompared(AT_ONCE)?,
                    None => Vec::new(),
                };
                let sound = store.check_sound().map_err(|error| error.to_string());
                Ok(Work {
                    sound,
                    labels: store.work()?,
                    quotes: store.wanted_quotes()?,
                    restored,
                    uncompared,
                    follow_ups: store.follow_ups(1)?,
                    accounts: store.wanted_accounts()?,
                    forms: store.forms_at_work()?,
                    confirmations: store.confirmations_at_work()?,
                })
            })
            .await?;
        self.memory.forget_settled(&work);
        self.core.say_restored(work.restored.as_ref());
        let asking = self.core.emergency.is_clear() && work.sound.is_ok();
        self.core.health.trouble("database", work.sound.clone().err());
        let (now, may_buy) = (self.core.now(), work.restored.is_none());
        let mut plan = plan(work, &self.memory, now, asking);
        if asking && may_buy {
            self.backlog
                .plan(&self.core, &mut self.memory, now, &mut plan)
                .await?;
            self.core.plan_shopping(&mut self.memory, now, &mut plan).await?;
        }
        Ok(plan)
    }

    /// Takes in the ends of steps that come soon after one another.
    async fn gather(&mut self, mut report: Option<&mut PassReport>) {
        let end = tokio::time::sleep(TOGETHER);
        tokio::pin!(end);
        while self.tasks.len() > FEW {
            tokio::select! {
                () = &mut end => break,
                Some(finished) = self.tasks.join_next() => self.finish(finished.ok(), report.as_deref_mut()),
            }
        }
    }

    /// Holds the lead, or takes it where it is free.
    async fn lead(&mut self) -> Result<bool, SyncError> {
        if self.lead.is_some() {
            return Ok(true);
        }
        if !self.lock.take()? {
            return Ok(false);
        }
        let now = self.core.clock.now();
        let (lead, health) = self
            .core
            .store
            .write(move |store| Ok((store.take_lead(now)?, store.health()?)))
            .await?;
        tracing::info!(epoch = lead.epoch.0, "this process leads");
        self.core.restore_buckets(lead).await?;
        // From now on there is a record: a leader that follows soon does not begin with empty buckets.
        self.core.keep_buckets(Duration::ZERO).await?;
        self.core.health.begin(health, self.core.shops.keys().cloned());
        self.core.emergency.make_reserve();
        if let Err(stop) = self.core.read_emergency() {
            self.core.health.trouble("emergency", Some(stop.to_string()));
        }
        self.memory = Memory::default();
        self.backlog.read_again();
        self.plan_first_imports().await?;
        self.plan_erasure().await?;
        self.lead = Some(lead);
        Ok(true)
    }

    /// Shops are swept at once, or when their last sweep is old enough.
    async fn plan_first_imports(&mut self) -> StoreResult<()> {
        let now = self.core.now();
        let since = self.core.health.last_import();
        let pause = since.and_then(|last| import::EVERY.checked_sub((now.wall - last).to_std().ok()?));
        for shop in self.core.swept() {
            let id = shop.clone();
            let known = self.core.store.read(move |store| store.watermark(&id)).await?;
            let pause = pause.filter(|_| known.is_some()).unwrap_or_default();
            let due = (now.watch + pause, String::new());
            self.memory.imports.insert(shop.clone(), due);
        }
        Ok(())
    }

    async fn plan_erasure(&mut self) -> StoreResult<()> {
        let now = self.core.now();
        self.memory.erasure = Some(now.watch + self.core.next_erasure(now.wall).await?);
        self.core.remind().await?;
        Ok(())
    }

    fn import_at_once(&mut self) {
        let now = self.core.clock.monotonic();
        for shop in self.core.swept() {
            let due = (now, String::new());
            self.memory.imports.insert(shop.clone(), due);
        }
    }

    /// Notes what came of a step.
    fn finish(&mut self, finished: Option<Finished>, report: Option<&mut PassReport>) {
        let Some(Finished { step, note, outcome }) = finished else {
            // A step that panicked: its label is *asked* in this epoch. Taking the lead anew makes it unknown,
            // and nothing stays marked as busy.
            tracing::error!("a step of the sync task failed inside: the lead is taken anew");
            self.lead = None;
            return;
        };
        self.levels_moved = true;
        if matches!(step, Step::Import(_)) {
            // A slow bucket's level is kept after each call.
            self.levels_due = true;
        }
        self.memory.end(&step);
        match outcome {
            Outcome::Settled(_) => self.backlog.settled(&step),
            _ if step.in_bulk().is_some() => self.backlog.read_again(),
            _ => {}
        }
        let now = self.core.clock.monotonic();
        if let Step::Import(shop) = &step {
            self.note_import(shop, &outcome, now);
        } else if matches!(step, Step::Erase) {
            let pause = match &outcome {
                Outcome::Wait { pause, .. } => *pause,
                _ => erase::LOOK,
            };
            self.memory.erasure = Some(now + pause);
        } else if matches!(step, Step::Compare(..)) {
            if let Outcome::Wait { why, pause } = &outcome {
                self.memory.comparing = Some((now + *pause, why.clone()));
            }
        } else if let Step::Shop(_, shop, _) = &step {
            if let Outcome::Wait { pause, .. } = &outcome {
                self.memory.shopping.insert(shop.clone(), now + *pause);
            }
        } else if let Step::Follow(_) = &step {
            if let Outcome::Wait { pause, .. } = &outcome {
                self.memory.background.wait(now + *pause);
            }
        } else {
            self.memory.put_note(&step, note, &outcome, now);
        }
        if matches!(outcome, Outcome::NotLeader) {
            // The lock is asked for again by its name: the file may have been replaced.
            self.lead = None;
            self.lock.give_back();
        }
        if let Some(report) = report {
            tell(report, outcome);
        }
    }

    fn note_import(&mut self, shop: &StoreId, outcome: &Outcome, now: Duration) {
        let (pause, why) = match outcome {
            Outcome::Imported { more: true, .. } => (Duration::ZERO, String::new()),
            Outcome::Wait { why, pause } => (*pause, why.clone()),
            _ => (import::EVERY, String::new()),
        };
        if let Outcome::Imported { report, .. } = outcome
            && report.new + report.changed > 0
        {
            self.memory.shopping.remove(shop);
        }
        self.memory.imports.insert(shop.clone(), (now + pause, why));
    }

    /// Sweeps that failed; one that is merely not due yet does not wait.
    fn imports_waiting(&self) -> Vec<StillWaiting> {
        let now = self.core.clock.monotonic();
        let failed = self
            .memory
            .imports
            .iter()
            .filter(|(_, (due, why))| *due > now && !why.is_empty());
        failed
            .map(|(shop, (due, why))| StillWaiting {
                number: None,
                label: None,
                why: format!("import of store {shop}: {why}"),
                again_in: Some(due.saturating_sub(now).as_secs()),
            })
            .collect()
    }

    async fn keep_levels(&mut self, at_once: bool) -> StoreResult<()> {
        let now = self.core.clock.monotonic();
        let due = at_once || self.levels_due || now.saturating_sub(self.levels_kept) >= KEEP_LEVELS;
        if !self.levels_moved || !due {
            return Ok(());
        }
        let asking = if self.tasks.is_empty() {
            Duration::ZERO
        } else {
            KEEP_LEVELS
        };
        self.core.keep_buckets(asking).await?;
        self.levels_kept = now;
        (self.levels_moved, self.levels_due) = (false, false);
        Ok(())
    }

    /// Levels and health. While an answer waits for the store, that these cannot be stored either is no news, and
    /// no reason to end and lose the answer.
    async fn write_down(&mut self, levels: bool, at_once: bool) -> StoreResult<()> {
        let levels = if levels {
            self.keep_levels(at_once).await
        } else {
            Ok(())
        };
        let written = levels.and(self.core.write_health().await);
        match written {
            Err(error) if !self.core.emergency.is_clear() => {
                tracing::warn!(%error, "levels and health are not stored");
                Ok(())
            }
            other => other,
        }
    }

    async fn version(&self) -> Option<i64> {
        self.core.store.read(|store| store.version()).await.ok()
    }
}

/// Ends when the store's version is another than `seen`, or after `next`.
async fn changed(core: &Core, seen: Option<i64>, next: Duration, glance: Duration) {
    let end = tokio::time::sleep(next.min(Duration::from_hours(1)));
    tokio::pin!(end);
    loop {
        tokio::select! {
            () = &mut end => return,
            () = tokio::time::sleep(glance) => {}
        }
        if core.store.read(|store| store.version()).await.ok() != seen {
            return;
        }
    }
}

async fn carry_out(core: Arc<Core>, lead: Lead, step: Step, mut note: Note) -> Finished {
    let result: Result<Outcome, Stop> = match &step {
        Step::Quote(quote, shop, number, haste) => core.quote(quote, shop, number, *haste).await,
        Step::Buy(item) => core.buy(lead, item, &mut note).await,
        Step::Repeat(item) => core.repeat(lead, item, &mut note).await,
        Step::Look(item) => core.look(item, &mut note).await,
        Step::Document(item) => core.document(item, &mut note).await,
        Step::Void(item) => core.void(lead, item, &mut note).await,
        Step::Confirm(row) => core.confirm(lead, row, &mut note).await,
        Step::Import(shop) => core.import(shop).await,
        Step::Compare(order, shop, number) => core.compare(*order, shop, number).await,
        Step::Follow(item) => core.follow(item).await,
        Step::Accounts(shop) => core.accounts(shop).await,
        Step::Shop(order, shop, number) => core.shop_ahead(*order, shop, number).await,
        Step::Form(wish) => core.form(lead, wish, &mut note).await,
        Step::Erase => core.erase().await,
    };
    let outcome = result.unwrap_or_else(|stop| {
        let outcome = stopped(&stop, note.tries);
        note.tries += 1;
        outcome
    });
    Finished { step, note, outcome }
}

fn tell(report: &mut PassReport, outcome: Outcome) {
    match outcome {
        Outcome::Settled(words) => report.settled.push(words),
        Outcome::Imported { report: imported, .. } => {
            let ImportReport {
                new,
                changed,
                flagged,
            } = imported;
            report.imported.new += new;
            report.imported.changed += changed;
            report.imported.flagged.extend(flagged);
        }
        Outcome::Wait { .. } | Outcome::Nothing | Outcome::NotLeader => {}
    }
}
