//! The loop: keys first, then results, then ticks; take all that waits, then paint once.

use super::Station;
use super::outside::Outside;
use crate::app::effect::{Effect, RequestId, Sound, Timer};
use crate::app::message::Message;
use crate::app::{State, update};
use crate::clock::Clock;
use crate::input::{Input, Reply};
use crate::terminal;
use crate::terminal::frames::{Frames, Slot as FrameSlot};
use crate::terminal::graphics::Known;
use crate::terminal::watch::Notice;
use crate::ui::{self, Theme};
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use uuid::{ContextV7, Timestamp, Uuid};

/// Longest time from the first key to the paint that shows it, however many keys follow.
const SOONEST: Duration = Duration::from_millis(16);
/// Shortest time between paints that nobody at the bench has caused: 30 a second.
const BACKGROUND: Duration = Duration::from_millis(33);
/// Looks for other processes' changes: while something waits for Amazon or a printer …
const LOOK_WAITING: Duration = Duration::from_millis(250);
/// … and while nothing does.
const LOOK_IDLE: Duration = Duration::from_secs(1);
/// … and where the system tells of writes: only in case it forgot to.
const LOOK_TOLD: Duration = Duration::from_secs(15);
/// Looks that are told are this far apart.
const LOOK_APART: Duration = Duration::from_millis(20);
/// How long after a write its commit is looked for.
const LOOK_WRITTEN: Duration = Duration::from_secs(2);
/// How long after a change of our own the looks are quick: its answer is likely to come.
const BUSY: Duration = Duration::from_secs(5);
/// Far away; the answer of the look under way plans the next one.
const NEVER: Duration = Duration::from_hours(1);
/// Results taken in one go before keys are looked at again.
const RESULTS_AT_ONCE: usize = 64;

/// Why the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The packer left.
    Left,
    /// A signal, or the terminal is gone.
    Told {
        /// Exit status.
        status: u8,
        /// Nobody is there to read anything.
        gone: bool,
    },
}

impl Ending {
    /// The terminal failed under the loop, as after a hang-up.
    const GONE: Self = Self::Told {
        status: 129,
        gone: true,
    };

    /// Exit status of the program.
    pub fn status(self) -> u8 {
        match self {
            Self::Left => 0,
            Self::Told { status, .. } => status,
        }
    }

    /// Nobody is there to read anything.
    pub fn is_gone(self) -> bool {
        matches!(self, Self::Told { gone: true, .. })
    }
}

/// When the next paint is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    Nothing,
    Now,
    At(Instant),
}

impl Due {
    /// Whether the loop is to be woken once the terminal has taken the last frame. What is still due now found it
    /// busy: it may have become free since, and then only this tells.
    fn waits_for_terminal(self, is_free: bool) -> bool {
        match self {
            Self::Nothing => false,
            Self::Now => true,
            Self::At(_) => !is_free,
        }
    }
}

/// What comes to the loop.
pub struct Inputs {
    /// Keys, in batches.
    pub keys: mpsc::Receiver<Vec<Input>>,
    /// Results of effects.
    pub results: mpsc::Receiver<Message>,
    /// Writes to the database; none where the system does not tell.
    pub writes: Option<mpsc::Receiver<()>>,
}

/// The next write; never, where nobody tells.
async fn next_write(writes: &mut Option<mpsc::Receiver<()>>) -> Option<()> {
    let Some(told) = writes else {
        return std::future::pending().await;
    };
    let written = told.recv().await;
    if written.is_none() {
        *writes = None;
    }
    written
}

/// The loop's own things.
pub struct Bench {
    state: State,
    frames: Frames,
    slot: Arc<FrameSlot>,
    outside: Outside,
    clock: Arc<dyn Clock>,
    theme: Theme,
    ids: ContextV7,
    /// Requests that somebody at the bench waits for: their answers are painted at once.
    prompt: HashSet<RequestId>,
    timers: Vec<(Instant, Timer)>,
    due: Due,
    /// What the terminal shows is not known: paint all of it.
    cut: bool,
    painted: Instant,
    look: Instant,
    busy_until: Instant,
    looked: Instant,
    written: Instant,
    /// The system tells when the database is written.
    told: bool,
    version: Option<i64>,
    changed: watch::Sender<i64>,
    leaving: bool,
    /// How the terminal shows pictures.
    graphics: Known,
}

impl Bench {
    /// A loop that has not begun. `changed` tells others in this process the store's version.
    pub fn new(
        state: State,
        frames: Frames,
        outside: Outside,
        station: &Station,
        changed: watch::Sender<i64>,
    ) -> Self {
        let slot = frames.slot();
        let now = Instant::now();
        Self {
            state,
            frames,
            slot,
            outside,
            clock: Arc::clone(&station.clock),
            theme: station.theme.clone(),
            ids: ContextV7::new(),
            prompt: HashSet::new(),
            timers: Vec::new(),
            due: Due::Now,
            cut: false,
            painted: now,
            look: now + LOOK_IDLE,
            busy_until: now,
            looked: now,
            written: now,
            told: false,
            version: None,
            changed,
            leaving: false,
            graphics: super::graphics::wanted(),
        }
    }

    /// Runs until the end. Returns why it ended, and what is left to say once the screens are closed.
    pub async fn run(
        mut self,
        inputs: Inputs,
        notices: &mut mpsc::Receiver<Notice>,
    ) -> (Ending, Vec<String>) {
        let ending = self.until_the_end(inputs, notices).await;
        self.state.now = self.clock.now();
        (ending, self.state.last_words())
    }

    async fn until_the_end(&mut self, inputs: Inputs, notices: &mut mpsc::Receiver<Notice>) -> Ending {
        let Inputs {
            mut keys,
            mut results,
            mut writes,
        } = inputs;
        self.told = writes.is_some();
        self.take(Message::Started, true);
        loop {
            if self.leaving {
                self.outside.close().await;
                return Ending::Left;
            }
            if self.paint_if_due().is_err() {
                return Ending::GONE;
            }
            let waits_for_terminal = self.due.waits_for_terminal(self.slot.is_free());
            let wake = self.next_wake();
            // Biased: the end before everything, then the person, then results, then ticks: a flood of results
            // never delays a key, and a flood of keys is cut by the paint that is due.
            tokio::select! {
                biased;
                notice = notices.recv() => match notice {
                    Some(Notice::End { status, gone }) => return Ending::Told { status, gone },
                    Some(Notice::Continued) => if self.take_terminal_again().is_err() { return Ending::GONE },
                    Some(Notice::Resized) => self.take_size(),
                    None => return Ending::GONE,
                },
                batch = keys.recv(), if self.outside.has_room() => match batch {
                    Some(batch) => self.take_keys(batch, &mut keys),
                    None => return Ending::GONE,
                },
                Some(message) = results.recv() => self.take_results(message, &mut results),
                written = next_write(&mut writes) => match written {
                    Some(()) => self.look_soon(),
                    None => self.told = false,
                },
                () = self.slot.freed(), if waits_for_terminal => {}
                () = tokio::time::sleep_until(wake) => self.take_ticks(),
            }
            self.outside.flush();
        }
    }

    /// Takes keys until none waits or the paint is due; a batch that was begun is taken whole.
    fn take_keys(&mut self, first: Vec<Input>, more: &mut mpsc::Receiver<Vec<Input>>) {
        let deadline = Instant::now() + SOONEST;
        let mut next = Some(first);
        while let Some(batch) = next.take() {
            for input in batch {
                let message = match input {
                    Input::Told(reply) => {
                        self.told_of_itself(reply);
                        continue;
                    }
                    Input::Key(press) => Message::Key(press),
                    Input::Pasted(text) => Message::Pasted(text),
                    Input::PastedTooMuch { characters } => Message::PastedTooMuch { characters },
                };
                self.take(message, true);
            }
            if Instant::now() < deadline && !self.leaving {
                next = more.try_recv().ok();
            }
        }
        self.due = Due::Now;
    }

    fn take_results(&mut self, first: Message, more: &mut mpsc::Receiver<Message>) {
        let mut next = Some(first);
        for taken in 1..=RESULTS_AT_ONCE {
            let Some(message) = next.take() else { break };
            self.take_result(message);
            if taken < RESULTS_AT_ONCE {
                next = more.try_recv().ok();
            }
        }
    }

    fn take_result(&mut self, message: Message) {
        let prompt = match &message {
            Message::StoreChanged(version) => {
                self.plan_look();
                if self.version.replace(*version) == Some(*version) {
                    return;
                }
                self.changed.send_replace(*version);
                self.outside.wake_sync();
                self.outside.catch_up_names();
                false
            }
            Message::Answered { slot, request, .. } => {
                if !self.outside.answered(*slot) {
                    return;
                }
                self.prompt.remove(request)
            }
            Message::Committed { .. } => {
                self.outside.committed();
                self.busy_until = Instant::now() + BUSY;
                self.plan_look();
                true
            }
            _ => true,
        };
        self.take(message, prompt);
        self.want_paint(prompt);
    }

    fn take_ticks(&mut self) {
        let now = Instant::now();
        if now >= self.look {
            // The next look is planned when this one is answered.
            self.look = now + NEVER;
            self.looked = now;
            self.outside.look_at_version();
        }
        let (passed, waiting): (Vec<_>, Vec<_>) = std::mem::take(&mut self.timers)
            .into_iter()
            .partition(|(at, _)| *at <= now);
        self.timers = waiting;
        for (_, timer) in passed {
            self.take(Message::Tick(timer), false);
            self.want_paint(matches!(timer, Timer::Unsaved(_)));
        }
    }

    /// One message and all that follows from it at once.
    fn take(&mut self, message: Message, prompt: bool) {
        let mut messages = VecDeque::from([message]);
        while let Some(message) = messages.pop_front() {
            for effect in update(&mut self.state, message, self.clock.now()) {
                match effect {
                    Effect::Commit(request, commit) => self.outside.commit(request, commit),
                    Effect::Read(request, slot, query) => {
                        if prompt {
                            self.prompt.insert(request);
                        }
                        if let Some(replaced) = self.outside.read(request, slot, query) {
                            self.prompt.remove(&replaced);
                        }
                    }
                    Effect::OpenCustomer(order, by) => self.outside.open_customer(order, by),
                    Effect::FreshIds(count) => messages.push_front(Message::Ids(self.fresh_ids(count))),
                    Effect::OpenNotes(order, by) => self.outside.open_notes(order, by),
                    Effect::OpenPicture(wish) => self.outside.open_picture(wish),
                    Effect::ForgetNames => self.outside.forget_names(),
                    Effect::Beep(sound) => self.slot.ring(rings(sound)),
                    Effect::Schedule(timer, after) => self.schedule(timer, after),
                    Effect::Exit => self.leaving = true,
                }
            }
        }
    }

    /// A timer that is asked for again starts anew.
    fn schedule(&mut self, timer: Timer, after: Duration) {
        self.timers.retain(|(_, other)| *other != timer);
        self.timers.push((Instant::now() + after, timer));
    }

    fn fresh_ids(&self, count: usize) -> Vec<Uuid> {
        let now = self.clock.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        let fresh = || {
            Uuid::new_v7(Timestamp::from_unix(
                &self.ids,
                seconds,
                now.timestamp_subsec_nanos(),
            ))
        };
        std::iter::repeat_with(fresh).take(count).collect()
    }

    /// Plans the next look by the clock: soon where something waits for Amazon or the printer, seldom where
    /// the system tells of writes anyway.
    fn plan_look(&mut self) {
        let now = Instant::now();
        let waiting = self.state.status.waiting;
        let busy = waiting.purchases + waiting.voids + waiting.prints + waiting.quotes > 0;
        // A write is told before its commit can be seen, by as long as the disk takes: look again, less and
        // less often.
        let since = now.saturating_duration_since(self.written);
        let after = if self.told && since < LOOK_WRITTEN {
            (since / 2).max(LOOK_APART)
        } else if self.told {
            LOOK_TOLD
        } else if busy || now < self.busy_until {
            LOOK_WAITING
        } else {
            LOOK_IDLE
        };
        self.look = self.look.min(now + after);
    }

    /// Somebody wrote: look, but not in a row.
    fn look_soon(&mut self) {
        self.written = Instant::now();
        self.look = self.look.min((self.looked + LOOK_APART).max(self.written));
    }

    /// Plans a paint: at once for the person, capped for the background.
    fn want_paint(&mut self, prompt: bool) {
        if prompt {
            self.due = Due::Now;
        } else if self.due == Due::Nothing {
            self.due = Due::At((self.painted + BACKGROUND).max(Instant::now()));
        }
    }

    fn paint_if_due(&mut self) -> std::io::Result<()> {
        let due = match self.due {
            Due::Nothing => false,
            Due::Now => true,
            Due::At(at) => at <= Instant::now(),
        };
        if due && self.slot.is_free() {
            if std::mem::take(&mut self.cut) {
                self.frames.forget()?;
            }
            if ui::picture(&self.state).is_some() && self.graphics.ask() {
                // A terminal that does not know what it is asked may write it down: all is painted over it.
                self.frames.ask();
                self.frames.forget()?;
            }
            let (state, theme) = (&self.state, &self.theme);
            let over = super::graphics::over(&self.graphics, state);
            let over = over.as_ref().map(super::graphics::Shown::over);
            if self
                .frames
                .draw_under(|frame| ui::draw(state, theme, frame), over.as_ref())?
            {
                self.due = Due::Nothing;
                self.painted = Instant::now();
            }
        }
        Ok(())
    }

    /// The terminal answers what it was asked when the first picture was shown.
    fn told_of_itself(&mut self, reply: Reply) {
        self.graphics.heard(super::graphics::reply(reply));
        let itself = self.graphics.way().is_some();
        self.take(Message::PicturesKnown(itself), true);
    }

    /// The next moment at which something is to be done without being told.
    fn next_wake(&self) -> Instant {
        let timers = self.timers.iter().map(|(at, _)| *at).min();
        let paint = match self.due {
            Due::At(at) if self.slot.is_free() => Some(at),
            _ => None,
        };
        let wakes = [Some(self.look), timers, paint];
        wakes.into_iter().flatten().min().unwrap_or(self.look)
    }

    /// After a stop: the shell has had the terminal meanwhile.
    fn take_terminal_again(&mut self) -> std::io::Result<()> {
        terminal::enter_again()?;
        self.take_size();
        Ok(())
    }

    /// Whatever the size is by now: on its way there the terminal may have cut what it showed.
    fn take_size(&mut self) {
        self.cut = true;
        let (columns, rows) = self.frames.size();
        self.take(Message::Resized { columns, rows }, true);
        self.due = Due::Now;
    }
}

/// Rings of the bell: one for good, three for bad, so that any terminal can tell them apart.
fn rings(sound: Sound) -> u8 {
    match sound {
        Sound::Good => 1,
        Sound::Bad => 3,
    }
}

#[cfg(test)]
mod tests;
