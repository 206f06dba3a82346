//! What the client asked, read from its own log: when, what, and with which answer.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tapegun::clock::{Clock, SystemClock};
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

/// One call.
#[derive(Debug, Clone)]
struct Call {
    operation: String,
    status: u64,
    at: Duration,
}

/// All calls since the log was opened.
#[derive(Clone)]
pub(crate) struct Calls {
    heard: Arc<Mutex<Vec<Call>>>,
    clock: Arc<SystemClock>,
}

#[derive(Default)]
struct Fields {
    operation: Option<String>,
    status: Option<u64>,
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "operation" {
            self.operation = Some(value.to_owned());
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "status" {
            self.status = Some(value);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

impl<S: tracing::Subscriber + for<'a> LookupSpan<'a>> tracing_subscriber::Layer<S> for Calls {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        if let Some(operation) = fields.operation {
            self.heard.lock().unwrap().push(Call {
                operation,
                status: fields.status.unwrap_or(0),
                at: self.clock.monotonic(),
            });
        }
    }
}

impl Calls {
    /// Listens to all that this process says from now on.
    pub(crate) fn listen() -> Self {
        static ONCE: std::sync::OnceLock<Calls> = std::sync::OnceLock::new();
        let calls = ONCE.get_or_init(|| {
            let calls = Self {
                heard: Arc::default(),
                clock: Arc::new(SystemClock::new()),
            };
            tracing::subscriber::set_global_default(tracing_subscriber::registry().with(calls.clone()))
                .expect("the only one");
            calls
        });
        calls.heard.lock().unwrap().clear();
        calls.clone()
    }

    fn by_operation(&self) -> BTreeMap<String, Vec<Call>> {
        let mut by_operation: BTreeMap<String, Vec<Call>> = BTreeMap::new();
        for call in self.heard.lock().unwrap().iter() {
            by_operation
                .entry(call.operation.clone())
                .or_default()
                .push(call.clone());
        }
        by_operation
    }

    /// How many calls of an operation were answered.
    pub(crate) fn count(&self, operation: &str) -> usize {
        self.by_operation().get(operation).map_or(0, Vec::len)
    }

    /// How many were refused for being too fast.
    pub(crate) fn throttled(&self) -> usize {
        let heard = self.heard.lock().unwrap();
        heard.iter().filter(|call| call.status == 429).count()
    }

    /// Most calls of an operation within any `window`.
    pub(crate) fn most_within(&self, operation: &str, window: Duration) -> usize {
        let mut times: Vec<Duration> = self
            .by_operation()
            .remove(operation)
            .unwrap_or_default()
            .into_iter()
            .map(|call| call.at)
            .collect();
        times.sort_unstable();
        let ends = |from: usize| times[from..].partition_point(|at| *at < times[from] + window);
        (0..times.len()).map(ends).max().unwrap_or(0)
    }

    /// Time by the log's own clock.
    pub(crate) fn now(&self) -> Duration {
        self.clock.monotonic()
    }

    /// Where the time went: from `begun` to the first answer, from there to the last, and from there to `ended`; and
    /// what the answers' even pace was.
    pub(crate) fn spans(&self, operation: &str, begun: Duration, ended: Duration) -> String {
        let calls = self.by_operation().remove(operation).unwrap_or_default();
        let times = calls.iter().map(|call| call.at);
        let (Some(first), Some(last)) = (times.clone().min(), times.max()) else {
            return format!("  {operation}: never asked");
        };
        let seconds = |from: Duration, to: Duration| to.saturating_sub(from).as_secs_f64();
        let gaps = calls.len().saturating_sub(1).max(1);
        let pace = seconds(first, last) / f64::from(u32::try_from(gaps).unwrap_or(u32::MAX));
        format!(
            "  {operation}: first answer after {:.3} s, then one every {pace:.4} s, and {:.3} s after the last",
            seconds(begun, first),
            seconds(last, ended)
        )
    }

    /// A line for each operation.
    pub(crate) fn table(&self) -> String {
        let mut text = String::new();
        for (operation, calls) in self.by_operation() {
            let most = self.most_within(&operation, Duration::from_mins(1));
            let _ = writeln!(
                text,
                "  {operation}: {} calls, at most {most} in 60 s",
                calls.len()
            );
        }
        let _ = write!(text, "  refused for being too fast (429): {}", self.throttled());
        text
    }
}
