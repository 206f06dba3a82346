//! The one clock. Nothing else in the program asks what time it is.

use chrono::{DateTime, Utc};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Tells the time: of the wall, and of a stopwatch that never jumps.
pub trait Clock: Send + Sync {
    /// Wall time in UTC.
    fn now(&self) -> DateTime<Utc>;
    /// Time since some start; never jumps, whatever happens to the wall clock.
    fn monotonic(&self) -> Duration;
}

/// The machine's clock, or one that was set ahead or back by `--clock` (allowed only where Amazon is a
/// loopback address).
pub struct SystemClock {
    start: Instant,
    offset: chrono::TimeDelta,
}

impl SystemClock {
    /// The machine's own time.
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
            offset: chrono::TimeDelta::zero(),
        }
    }

    /// A clock that shows `time` now and runs on from there.
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    pub fn set_to(time: DateTime<Utc>) -> Self {
        Self {
            start: Instant::now(),
            offset: time - Utc::now(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now() + self.offset
    }

    fn monotonic(&self) -> Duration {
        self.start.elapsed()
    }
}

/// A clock that moves only when told to, for tests and rehearsals.
pub struct ManualClock {
    time: Mutex<(DateTime<Utc>, Duration)>,
}

impl ManualClock {
    /// A clock that stands at `time`.
    pub fn new(time: DateTime<Utc>) -> Self {
        Self {
            time: Mutex::new((time, Duration::ZERO)),
        }
    }

    /// Moves both clocks on.
    pub fn advance(&self, by: Duration) {
        let mut time = self
            .time
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        time.0 += by;
        time.1 += by;
    }

    /// Makes the wall clock jump; the stopwatch goes on as if nothing had happened.
    pub fn jump_to(&self, wall: DateTime<Utc>) {
        self.time
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .0 = wall;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        self.time
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .0
    }

    fn monotonic(&self) -> Duration {
        self.time
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .1
    }
}
