//! The store on its own two threads: one owns the writing connection, one a reading connection of its own.
//!
//! Callers send a closure and wait for its answer; the queues are bounded, so whoever asks too much waits. A
//! closure that panics costs its caller a [`StoreError::Failed`], never the thread. No rule of the trade lives
//! here: which answer is still wanted ("latest wins") is the caller's business.

use super::sqlite::SqliteStore;
use super::{Store, StoreError, StoreResult};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use tokio::sync::{mpsc, oneshot};

/// Closures that wait for a thread in each lane. More than that, and the caller waits.
const QUEUE: usize = 256;

/// What waits for one thread: scans and everything else of the bench first, then what runs behind it.
struct Lanes<J> {
    first: mpsc::Sender<J>,
    behind: mpsc::Sender<J>,
    /// Rung once for each job, after it was put into its lane.
    bell: std::sync::mpsc::Sender<()>,
}

/// The thread's end of them.
struct Waiting<J> {
    first: mpsc::Receiver<J>,
    behind: mpsc::Receiver<J>,
    bell: std::sync::mpsc::Receiver<()>,
    /// The bell was heard and its job left where it lies.
    heard: bool,
}

fn lanes<J>() -> (Lanes<J>, Waiting<J>) {
    let (first, first_waiting) = mpsc::channel(QUEUE);
    let (behind, behind_waiting) = mpsc::channel(QUEUE);
    let (bell, rung) = std::sync::mpsc::channel();
    let waiting = Waiting {
        first: first_waiting,
        behind: behind_waiting,
        bell: rung,
        heard: false,
    };
    (Lanes { first, behind, bell }, waiting)
}

impl<J> Lanes<J> {
    fn lane(&self, behind: bool) -> &mpsc::Sender<J> {
        if behind { &self.behind } else { &self.first }
    }

    async fn send(&self, behind: bool, job: J) -> StoreResult<()> {
        self.lane(behind).send(job).await.map_err(|_| gone())?;
        self.bell.send(()).map_err(|_| gone())
    }

    fn send_blocking(&self, behind: bool, job: J) -> StoreResult<()> {
        self.lane(behind).blocking_send(job).map_err(|_| gone())?;
        self.bell.send(()).map_err(|_| gone())
    }
}

impl<J> Waiting<J> {
    /// The next job and whether it is of the lane behind; none once every handle is gone and nothing waits.
    fn next(&mut self) -> Option<(J, bool)> {
        if !std::mem::take(&mut self.heard) {
            self.bell.recv().ok()?;
        }
        let first = self.first.try_recv().map(|job| (job, false));
        first
            .or_else(|_| self.behind.try_recv().map(|job| (job, true)))
            .ok()
    }

    /// Another job of the lane behind, unless the first lane has one.
    fn more_behind(&mut self) -> Option<J> {
        self.heard = self.heard || self.bell.try_recv().is_ok();
        if !self.heard || !self.first.is_empty() {
            return None;
        }
        let job = self.behind.try_recv().ok()?;
        self.heard = false;
        Some(job)
    }
}

/// Closures of the lane behind that are committed together: a durable commit costs more than what most of them
/// write, and a scan waits for at most so many.
const TOGETHER: usize = 8;

/// Says what came of a closure, once it is known whether its commit (with others, perhaps) failed.
type Reply = Box<dyn FnOnce(Option<&StoreError>)>;
type WriteJob = Box<dyn FnOnce(&mut dyn Store) -> Reply + Send>;
type ReadJob = Box<dyn FnOnce(&dyn Store) + Send>;

/// A store that any task or thread may use. Clones share the same two threads; when the last one is dropped,
/// what waits is still done, then the connections are closed.
#[derive(Clone)]
pub struct StoreHandle {
    inner: Arc<Inner>,
    /// Its closures let those of the other handles go first.
    behind: bool,
}

struct Inner {
    view_only: Option<String>,
    writer: Option<Lanes<WriteJob>>,
    reader: Option<Lanes<ReadJob>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl StoreHandle {
    /// Opens the database at `path` (making it where there is none) and starts its threads. One that cannot be
    /// written is opened for looking: every change is refused in words ([`StoreHandle::view_only`]).
    pub fn start(path: &Path) -> StoreResult<Self> {
        match SqliteStore::open(path) {
            Ok(writer) => {
                let reader = SqliteStore::open_reader(path)?;
                Self::with(Box::new(writer), Box::new(reader), None)
            }
            Err(StoreError::ReadOnly(words)) if path.exists() => {
                let [writer, reader] = [SqliteStore::open_view(path)?, SqliteStore::open_view(path)?];
                Self::with(Box::new(writer), Box::new(reader), Some(words))
            }
            Err(error) => Err(error),
        }
    }

    /// Starts threads over two openings of the same store.
    pub fn over(writer: Box<dyn Store>, reader: Box<dyn Store>) -> StoreResult<Self> {
        Self::with(writer, reader, None)
    }

    fn with(
        mut writer: Box<dyn Store>,
        reader: Box<dyn Store>,
        view_only: Option<String>,
    ) -> StoreResult<Self> {
        let (write_jobs, mut waiting_writes) = lanes::<WriteJob>();
        let (read_jobs, mut waiting_reads) = lanes::<ReadJob>();
        let writing = spawn("store-writer", move || {
            while let Some((job, behind)) = waiting_writes.next() {
                if behind {
                    write_together(writer.as_mut(), job, &mut waiting_writes);
                } else {
                    job(writer.as_mut())(None);
                }
            }
        })?;
        let reading = spawn("store-reader", move || {
            while let Some((job, _)) = waiting_reads.next() {
                job(reader.as_ref());
            }
        })?;
        Ok(Self {
            inner: Arc::new(Inner {
                view_only,
                writer: Some(write_jobs),
                reader: Some(read_jobs),
                threads: Mutex::new(vec![reading, writing]),
            }),
            behind: false,
        })
    }

    /// Why nothing can be changed, in words; none where everything can.
    pub fn view_only(&self) -> Option<&str> {
        self.inner.view_only.as_deref()
    }

    /// The same store for work that nobody stands before: whatever the other handles ask for goes first, at the
    /// latest after the closure that runs. So no closure of this handle may take long (DESIGN.md 4: 5 ms).
    #[must_use]
    pub fn behind(mut self) -> Self {
        self.behind = true;
        self
    }

    /// The same store for work that must not be gathered with others behind the bench.
    #[must_use]
    pub fn first(mut self) -> Self {
        self.behind = false;
        self
    }

    /// Runs `work` on the writing thread. Once it has begun it is finished, even where the caller stops waiting.
    pub async fn write<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Store) -> StoreResult<R> + Send + 'static,
    ) -> StoreResult<R> {
        let (job, answer) = write_job(work);
        self.writer()?.send(self.behind, job).await?;
        answer.await.map_err(|_| gone())?
    }

    /// Runs `work` on the reading thread.
    pub async fn read<R: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Store) -> StoreResult<R> + Send + 'static,
    ) -> StoreResult<R> {
        let (job, answer) = read_job(work);
        self.reader()?.send(self.behind, job).await?;
        answer.await.map_err(|_| gone())?
    }

    /// As [`StoreHandle::write`], from a plain thread. Panics inside an async task.
    pub fn write_blocking<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Store) -> StoreResult<R> + Send + 'static,
    ) -> StoreResult<R> {
        let (job, answer) = write_job(work);
        self.writer()?.send_blocking(self.behind, job)?;
        answer.blocking_recv().map_err(|_| gone())?
    }

    /// As [`StoreHandle::read`], from a plain thread. Panics inside an async task.
    pub fn read_blocking<R: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Store) -> StoreResult<R> + Send + 'static,
    ) -> StoreResult<R> {
        let (job, answer) = read_job(work);
        self.reader()?.send_blocking(self.behind, job)?;
        answer.blocking_recv().map_err(|_| gone())?
    }

    fn writer(&self) -> StoreResult<&Lanes<WriteJob>> {
        self.inner.writer.as_ref().ok_or_else(gone)
    }

    fn reader(&self) -> StoreResult<&Lanes<ReadJob>> {
        self.inner.reader.as_ref().ok_or_else(gone)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        // The reader first: only a writer that closes last takes its log away.
        self.reader = None;
        for thread in threads {
            // A closure may own the last handle: its own thread then ends by itself.
            if thread.thread().id() != thread::current().id() {
                drop(thread.join());
            }
            self.writer = None;
        }
    }
}

/// Carries out a closure of the lane behind with those that wait behind it, and commits them together.
fn write_together(store: &mut dyn Store, job: WriteJob, waiting: &mut Waiting<WriteJob>) {
    if store.begin_group().is_err() {
        // By itself it says why.
        return job(store)(None);
    }
    let mut replies = vec![job(store)];
    while replies.len() < TOGETHER
        && let Some(job) = waiting.more_behind()
    {
        replies.push(job(store));
    }
    let failed = store.end_group().err();
    for reply in replies {
        reply(failed.as_ref());
    }
}

fn write_job<R: Send + 'static>(
    work: impl FnOnce(&mut dyn Store) -> StoreResult<R> + Send + 'static,
) -> (WriteJob, oneshot::Receiver<StoreResult<R>>) {
    let (reply, answer) = oneshot::channel();
    let job: WriteJob = Box::new(move |store| {
        let result = guarded(|| work(store));
        Box::new(move |failed| {
            let result = match failed {
                Some(error) => result.and(Err(alike(error))),
                None => result,
            };
            // Whoever stopped waiting does not want to know.
            drop(reply.send(result));
        })
    });
    (job, answer)
}

fn read_job<R: Send + 'static>(
    work: impl FnOnce(&dyn Store) -> StoreResult<R> + Send + 'static,
) -> (ReadJob, oneshot::Receiver<StoreResult<R>>) {
    let (reply, answer) = oneshot::channel();
    let job: ReadJob = Box::new(move |store| {
        if !reply.is_closed() {
            drop(reply.send(guarded(|| work(store))));
        }
    });
    (job, answer)
}

/// The failure of a commit, for each of those that were committed together.
fn alike(error: &StoreError) -> StoreError {
    match error {
        StoreError::DiskFull => StoreError::DiskFull,
        StoreError::Damaged(words) => StoreError::Damaged(words.clone()),
        other => StoreError::Failed(other.to_string()),
    }
}

/// A panic rolls the transaction back (it is dropped) and becomes an error.
fn guarded<R>(work: impl FnOnce() -> StoreResult<R>) -> StoreResult<R> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(StoreError::Failed(
            "a fault in the program, nothing was saved; the log says where".to_owned(),
        ))
    })
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> StoreResult<JoinHandle<()>> {
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(|error| StoreError::Failed(format!("no thread for the store: {error}")))
}

fn gone() -> StoreError {
    StoreError::Failed("the store is closed".to_owned())
}

#[cfg(test)]
mod tests;
