//! Logs to a file, never to the terminal, never with customer data.
//!
//! The types that hold customer data print as `•••`, so a log line cannot carry it by accident. What is
//! logged is set with `TAPEGUN_LOG` (for example `tapegun=debug`), `info` by default.

use crate::domain::text::one_line;
use std::io::{self, Write};
use std::path::Path;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{Builder, InitError, Rotation};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Environment variable that sets what is logged.
pub const FILTER_VARIABLE: &str = "TAPEGUN_LOG";
/// Logged by default: our own words and everybody's warnings.
const DEFAULT_FILTER: &str = "warn,tapegun=info";
/// Days of logs that are kept.
const DAYS: usize = 14;

/// Why nothing can be logged.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    /// The folder cannot be written.
    #[error("the log cannot be written: {0}")]
    Folder(#[from] InitError),
    /// The filter is not understood.
    #[error("{FILTER_VARIABLE} is not understood ({0}): try {FILTER_VARIABLE}=tapegun=debug")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Logging was started already.
    #[error("logging was started twice")]
    Twice,
}

/// Keeps the log open; what is still in memory is written when it is dropped.
pub struct LogGuard {
    _writer: WorkerGuard,
}

/// Starts logging to `folder/tapegun.DATE.log`, one file a day; older than two weeks are removed. `filter`
/// is the value of [`FILTER_VARIABLE`], if it is set.
pub fn start(folder: &Path, filter: Option<&str>) -> Result<LogGuard, LoggingError> {
    let filter = EnvFilter::try_new(filter.unwrap_or(DEFAULT_FILTER))?;
    let file = Builder::new()
        .rotation(Rotation::DAILY)
        .filename_prefix("tapegun")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(folder)?;
    // Lossy: a full disk or a slow one must never hold up a scan.
    let (writer, guard) = tracing_appender::non_blocking(file);
    tracing::subscriber::set_global_default(lines(filter, writer)).map_err(|_| LoggingError::Twice)?;
    Ok(LogGuard { _writer: guard })
}

/// What writes events: one line each, without anything that acts on a terminal in which the log is read.
pub fn lines<W>(filter: EnvFilter, writer: W) -> impl tracing::Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(OneLine(writer))
        .finish()
}

/// Makes one line of each event.
struct OneLine<W>(W);

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for OneLine<W> {
    type Writer = Line<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        Line(self.0.make_writer())
    }
}

/// An event on its way: the subscriber hands it over whole.
struct Line<W>(W);

impl<W: Write> Write for Line<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let mut line = one_line(text.trim_end_matches(['\n', '\r'])).into_owned();
        line.push('\n');
        self.0.write_all(line.as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
