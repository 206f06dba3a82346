//! How the sync task is, for the status line. Written to the store only when something that a person sees has
//! changed: a write wakes every screen.

use super::shops::Core;
use crate::amazon::CallError;
use crate::domain::ids::StoreId;
use crate::domain::rows::SyncHealth;
use crate::store::StoreResult;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The time of the last success is written at most this often.
const OK_EVERY: TimeDelta = TimeDelta::minutes(1);

/// What is known of the health.
#[derive(Debug, Default)]
pub(super) struct HealthBook {
    page: Mutex<Page>,
}

#[derive(Debug, Default)]
struct Page {
    written: SyncHealth,
    down: BTreeMap<StoreId, DateTime<Utc>>,
    last_ok: Option<DateTime<Utc>>,
    last_import: Option<DateTime<Utc>>,
    /// By what it is about; the newest words for each.
    trouble: BTreeMap<String, String>,
    /// What must be done soon, by shop.
    reminders: BTreeMap<StoreId, String>,
}

impl HealthBook {
    fn page<R>(&self, act: impl FnOnce(&mut Page) -> R) -> R {
        act(&mut self.page.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Goes on from what the last leader wrote.
    pub(super) fn begin(&self, written: SyncHealth, shops: impl Iterator<Item = StoreId>) {
        self.page(|page| {
            page.last_ok = written.last_ok;
            page.last_import = written.last_import;
            page.down = written
                .unreachable_since
                .map(|since| shops.map(|shop| (shop, since)).collect())
                .unwrap_or_default();
            page.trouble.clear();
            page.written = written;
        });
    }

    pub(super) fn ok(&self, shop: &StoreId, now: DateTime<Utc>) {
        self.page(|page| {
            page.down.remove(shop);
            page.trouble.remove(shop.as_str());
            page.last_ok = Some(now);
        });
    }

    pub(super) fn failed(&self, shop: &StoreId, error: &CallError, now: DateTime<Utc>) {
        self.page(|page| match error {
            CallError::Unreachable { .. } => {
                page.down.entry(shop.clone()).or_insert(now);
            }
            // Credentials, roles, answers that cannot be read: the shop's trouble, and a person's.
            CallError::Login { .. } | CallError::Garbled { .. } => {
                page.trouble.insert(shop.to_string(), error.to_string());
            }
            CallError::Refused { error: refusal, .. } if matches!(refusal.status, 401 | 403) => {
                page.trouble.insert(shop.to_string(), error.to_string());
            }
            // A refusal of one order or one box is told there; and it shows that Amazon is there.
            CallError::Refused { .. } | CallError::Throttled { .. } => {
                page.down.remove(shop);
            }
        });
    }

    /// The network failed on the way to this shop.
    pub(super) fn down(&self, shop: &StoreId, now: DateTime<Utc>) {
        self.page(|page| {
            page.down.entry(shop.clone()).or_insert(now);
        });
    }

    pub(super) fn imported(&self, now: DateTime<Utc>) {
        self.page(|page| page.last_import = Some(now));
    }

    pub(super) fn last_import(&self) -> Option<DateTime<Utc>> {
        self.page(|page| page.last_import)
    }

    /// Says or takes back what is wrong with something.
    pub(super) fn trouble(&self, about: &str, words: Option<String>) {
        self.page(|page| match words {
            Some(words) => {
                if page.trouble.get(about) != Some(&words) {
                    tracing::warn!(about, trouble = words.as_str(), "sync trouble");
                }
                page.trouble.insert(about.to_owned(), words);
            }
            None => {
                page.trouble.remove(about);
            }
        });
    }

    /// Says or takes back what must be done soon for a shop.
    pub(super) fn remind(&self, shop: &StoreId, words: Option<String>) {
        self.page(|page| match words {
            Some(words) => drop(page.reminders.insert(shop.clone(), words)),
            None => drop(page.reminders.remove(shop)),
        });
    }

    pub(super) fn troubles(&self) -> Vec<String> {
        self.page(|page| page.trouble.values().cloned().collect())
    }

    /// The health as it should be written; none when nothing that matters has changed.
    fn due(&self) -> Option<SyncHealth> {
        self.page(|page| {
            let health = SyncHealth {
                unreachable_since: page.down.values().min().copied(),
                last_ok: page.last_ok,
                last_import: page.last_import,
                trouble: (!page.trouble.is_empty())
                    .then(|| page.trouble.values().cloned().collect::<Vec<_>>().join("; ")),
                reminder: (!page.reminders.is_empty())
                    .then(|| page.reminders.values().cloned().collect::<Vec<_>>().join("; ")),
            };
            let old = &page.written;
            let same = health.unreachable_since == old.unreachable_since
                && health.last_import == old.last_import
                && health.trouble == old.trouble
                && health.reminder == old.reminder;
            let ok_is_young = match (health.last_ok, old.last_ok) {
                (Some(new), Some(old)) => new - old < OK_EVERY,
                (new, old) => new == old,
            };
            (!same || !ok_is_young).then_some(health)
        })
    }
}

impl Core {
    /// Writes the health where it has changed.
    pub(super) async fn write_health(&self) -> StoreResult<()> {
        let Some(health) = self.health.due() else {
            return Ok(());
        };
        let stored = health.clone();
        self.store.write(move |store| store.set_health(&stored)).await?;
        self.health.page(|page| page.written = health);
        Ok(())
    }
}
