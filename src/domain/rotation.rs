//! When a secret must be changed: Amazon wants a new client secret at least every 180 days (amazon.md 7).

use super::ids::StoreId;
use chrono::{DateTime, TimeDelta, Utc};

/// How long a client secret may be used.
pub const SECRET_LIVES: TimeDelta = TimeDelta::days(180);

/// So long before its end it is said.
pub const REMIND_BEFORE: TimeDelta = TimeDelta::days(30);

/// What is to be said of a secret that is in use since then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretAge {
    /// Nothing yet.
    Young,
    /// It ends within [`REMIND_BEFORE`].
    Due {
        /// When.
        ends: DateTime<Utc>,
    },
    /// It should have been changed.
    Over {
        /// When it ended.
        ended: DateTime<Utc>,
    },
}

impl SecretAge {
    /// By the time since it is in use.
    pub fn of(since: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        let ends = since + SECRET_LIVES;
        if now >= ends {
            Self::Over { ended: ends }
        } else if now >= ends - REMIND_BEFORE {
            Self::Due { ends }
        } else {
            Self::Young
        }
    }

    /// In words, with what to do now.
    pub fn words(self, shop: &StoreId) -> Option<String> {
        let (verb, day) = match self {
            Self::Young => return None,
            Self::Due { ends } => ("must be changed by", ends),
            Self::Over { ended } => ("should have been changed by", ended),
        };
        Some(format!(
            "the client secret of store {shop} {verb} {}: make a new one in Seller Central and put it into \
             credentials.toml, it is taken in while you work",
            day.format("%Y-%m-%d")
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_spoken_of_from_day_150_on() {
        let since = DateTime::UNIX_EPOCH;
        let on = |day: i64| SecretAge::of(since, since + TimeDelta::days(day));
        assert_eq!(on(149).words(&StoreId::from("us")), None);
        let due = on(150).words(&StoreId::from("us")).unwrap();
        assert!(due.contains("must be changed by 1970-06-30"), "{due}");
        assert!(matches!(on(179), SecretAge::Due { .. }));
        let over = on(180).words(&StoreId::from("us")).unwrap();
        assert!(over.contains("should have been changed by 1970-06-30"), "{over}");
    }
}
