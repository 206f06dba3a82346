//! Hints (what to do now), exit statuses, rendering of the cause chain.
//!
//! Every subcommand fails with a [`Failure`]: what happened, why (the chain of causes), what to do now (the hint),
//! and the exit status that scripts go by.

use crate::config::ConfigError;
use crate::store::{Refusal, StoreError};
use crate::sync::SyncError;
use crate::vault::VaultError;
use serde_json::json;
use std::fmt::Write;
use std::process::ExitCode;

/// How a run ended, for scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Failed: the machine, a file, a lookup.
    Failed = 1,
    /// The command line, or the configuration, was not understood.
    Usage = 2,
    /// Refused by a rule of the trade: nothing was changed or bought.
    Refused = 3,
    /// Nobody knows what came of a purchase or a void.
    Unknown = 4,
    /// Waits: Amazon is not reachable or slow, or another process leads.
    Waiting = 5,
    /// The database cannot be used: damaged, gone, another program's, or a newer tapegun's. Nothing was changed.
    Database = 6,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a subcommand failed.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    error: anyhow::Error,
    hint: Option<String>,
}

/// Result of a subcommand.
pub type Outcome<T> = Result<T, Failure>;

impl Failure {
    /// A failure in words, with its exit status.
    pub fn new(exit: Exit, words: impl Into<String>) -> Self {
        Self {
            exit,
            error: anyhow::Error::msg(words.into()),
            hint: None,
        }
    }

    /// Refused by a rule.
    pub fn refused(words: impl Into<String>) -> Self {
        Self::new(Exit::Refused, words)
    }

    /// The command line was not understood.
    pub fn usage(words: impl Into<String>) -> Self {
        Self::new(Exit::Usage, words)
    }

    /// What to do now; the last word wins.
    #[must_use]
    pub fn hint(mut self, words: impl Into<String>) -> Self {
        self.hint = Some(words.into());
        self
    }

    /// What was being done when it failed.
    #[must_use]
    pub fn while_doing(mut self, words: impl Into<String>) -> Self {
        self.error = self.error.context(words.into());
        self
    }

    /// The exit status.
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// A cause of this kind, if there is one.
    pub fn cause<T: std::error::Error + Send + Sync + 'static>(&self) -> Option<&T> {
        self.error.chain().find_map(|cause| cause.downcast_ref())
    }

    /// For a person: what happened, why, what to do now.
    pub fn render(&self) -> String {
        let mut text = format!("tapegun: {}\n", self.error);
        for cause in self.causes() {
            let _ = writeln!(text, "  because: {cause}");
        }
        if let Some(hint) = &self.hint {
            let _ = writeln!(text, "  now: {hint}");
        }
        text
    }

    /// For a script.
    pub fn json(&self) -> serde_json::Value {
        json!({
            "error": self.error.to_string(),
            "because": self.causes(),
            "now": self.hint,
            "exit": self.exit as u8,
        })
    }

    /// Causes that say something new: a transparent error repeats its source.
    fn causes(&self) -> Vec<String> {
        let mut said = self.error.to_string();
        let mut causes = Vec::new();
        for cause in self.error.chain().skip(1) {
            let words = cause.to_string();
            if !said.contains(&words) {
                causes.push(words.clone());
                said = words;
            }
        }
        causes
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        let error = error.into();
        let (exit, hint) = classify(&error);
        let hint = short_of(&error).or(hint);
        Self {
            exit,
            error,
            hint: hint.map(str::to_owned),
        }
    }
}

/// The machine, or the limits of this process, ran out of something: what to do, whatever failed for want of it. Told by
/// the system's words, which stand in every cause that kept no more than them.
fn short_of(error: &anyhow::Error) -> Option<&'static str> {
    const FILES: &str = "raise the limit of open files (ulimit -n) or close other programs, then try again";
    const MEMORY: &str = "there is too little memory, or there are too many processes: close other programs, then try \
                          again";
    error.chain().find_map(|cause| {
        let words = cause.to_string();
        let says = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
        if says(&["(os error 23)", "(os error 24)"]) {
            Some(FILES)
        } else if says(&["(os error 12)", "no thread can be started", "out of memory"]) {
            Some(MEMORY)
        } else {
            None
        }
    })
}

/// Exit status and hint by the first cause that is known.
fn classify(error: &anyhow::Error) -> (Exit, Option<&'static str>) {
    for cause in error.chain() {
        if let Some(error) = cause.downcast_ref::<StoreError>() {
            return of_store(error);
        }
        if let Some(SyncError::Store(error)) = cause.downcast_ref::<SyncError>() {
            return of_store(error);
        }
        if cause.is::<ConfigError>() || matches!(cause.downcast_ref(), Some(SyncError::Setup(_))) {
            return (
                Exit::Usage,
                Some("tapegun doctor checks everything and says what to do"),
            );
        }
        if cause.is::<VaultError>() {
            return (
                Exit::Failed,
                Some("put the key file of this station back; a new key cannot open old orders"),
            );
        }
    }
    (Exit::Failed, None)
}

fn of_store(error: &StoreError) -> (Exit, Option<&'static str>) {
    match error {
        StoreError::Refused(Refusal::NotLeader) => (Exit::Waiting, Some("another tapegun leads: try again")),
        StoreError::Refused(Refusal::TakenOver { .. }) => {
            (Exit::Refused, Some("pack it again with --take-over"))
        }
        StoreError::Refused(Refusal::QuoteUnfit(_)) => (Exit::Refused, Some("tapegun rates ORDER")),
        StoreError::Refused(_) => (Exit::Refused, None),
        StoreError::NotFound { .. } => (Exit::Failed, Some("tapegun orders list shows what is there")),
        StoreError::Unusable(_) | StoreError::Damaged(_) => (Exit::Database, None),
        StoreError::ReadOnly(_) | StoreError::DiskFull | StoreError::Failed(_) => (Exit::Failed, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_by_a_rule_has_its_own_status() {
        let failure = Failure::from(StoreError::Refused(Refusal::CannotShip(
            "an order that is Pending".to_owned(),
        )));
        assert_eq!(failure.exit(), Exit::Refused);
        let failure = Failure::from(StoreError::DiskFull);
        assert_eq!(failure.exit(), Exit::Failed);
        let failure = Failure::from(StoreError::Refused(Refusal::NotLeader));
        assert_eq!(failure.exit(), Exit::Waiting);
        let failure = Failure::from(ConfigError::NoHome);
        assert_eq!(failure.exit(), Exit::Usage);
    }

    #[test]
    fn it_says_what_happened_why_and_what_to_do() {
        let source = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let error = ConfigError::Unreadable {
            path: "/etc/tapegun/config.toml".into(),
            source,
        };
        let failure = Failure::from(error).while_doing("the station cannot start");
        assert_eq!(
            failure.render(),
            "tapegun: the station cannot start\n  because: /etc/tapegun/config.toml cannot be read\n  because: \
             permission denied\n  now: tapegun doctor checks everything and says what to do\n"
        );
        assert_eq!(failure.json()["exit"], 2);
    }

    #[test]
    fn what_the_machine_is_short_of_is_said_whatever_failed_for_it() {
        let rendered =
            |error: anyhow::Error| Failure::from(error.context("the sync task cannot start")).render();
        for number in [23, 24] {
            let files = std::io::Error::from_raw_os_error(number).into();
            assert!(rendered(files).contains("now: raise the limit of open files"));
        }
        let file = StoreError::Failed("tapegun.db.high: Too many open files (os error 24)".to_owned());
        assert!(rendered(file.into()).contains("now: raise the limit of open files"));
        let memory = std::io::Error::from_raw_os_error(12).into();
        assert!(rendered(memory).contains("too little memory"));
        let database = StoreError::Failed("out of memory".to_owned());
        assert!(rendered(database.into()).contains("too little memory"));
        let other = std::io::Error::from_raw_os_error(2).into();
        assert!(!rendered(other).contains("now:"));
    }

    #[test]
    fn context_does_not_hide_the_status() {
        let error =
            anyhow::Error::from(StoreError::Refused(Refusal::Other("no".to_owned()))).context("shipping");
        assert_eq!(Failure::from(error).exit(), Exit::Refused);
    }
}
