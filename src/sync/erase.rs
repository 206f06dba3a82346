//! Erases the customers whose 30 days are over, once a day: in the database and its log, in the files of keys beside
//! the back-ups, in databases that a restore put aside, and the sheets that a folder printer has written.

use super::outcome::{Outcome, Stop};
use super::shops::Core;
use crate::clock::Clock;
use crate::domain::erasure::Erasure;
use crate::domain::ids::{OrderNumber, UserId};
use crate::domain::sheet;
use crate::store::threads::StoreHandle;
use crate::store::{StoreResult, backups, sqlite};
use chrono::{DateTime, Utc};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What the health calls it.
const ABOUT: &str = "erasure";
/// Orders erased in one transaction: short enough that a scan never waits long for the writer.
const PIECE: usize = 10;
/// A reader that is in the way of emptying the log is gone after this.
const READER: Duration = Duration::from_millis(200);
/// How often the log is tried before it is left for the next run.
const TRIES: u32 = 10;
/// How often it is looked whether a run is due.
pub(super) const LOOK: Duration = Duration::from_hours(1);

/// What an erasure run works on.
#[derive(Debug, Clone)]
pub struct EraseIn {
    /// The database: its back-ups and those put aside are found by it.
    pub database: PathBuf,
    /// Folder into which this station's labels are printed, where its printer is a folder.
    pub sheets: Option<PathBuf>,
}

/// Erases everything that is due now. `by`: who asked for it; none for the daily run.
pub async fn erase_due(
    store: &StoreHandle,
    place: &EraseIn,
    by: Option<UserId>,
    clock: &dyn Clock,
) -> StoreResult<Erasure> {
    let mut run = Erasure {
        at: clock.now(),
        ..Erasure::default()
    };
    loop {
        let now = clock.now();
        let due = store.read(move |store| store.due_for_erasure(now, PIECE)).await?;
        if due.is_empty() {
            break;
        }
        let erased = store
            .write(move |store| store.erase_customers(&due, by, now))
            .await?;
        if erased.is_empty() {
            // Each of them went on meanwhile: the next run looks again.
            break;
        }
        run.erased += u32::try_from(erased.len()).unwrap_or(u32::MAX);
    }
    let (database, now) = (place.database.clone(), run.at);
    let files = tokio::task::spawn_blocking(move || {
        let mut left = backups::prune(&database);
        left.extend(sqlite::erase_aside(&database, now));
        left
    });
    match files.await {
        Ok(left) => run.left.extend(left),
        Err(_) => run.left.push("the back-ups were not looked through".to_owned()),
    }
    if let Some(folder) = &place.sheets {
        run.left.extend(forget_sheets(store, folder).await?);
    }
    if run.erased > 0 && !empty_log(store).await? {
        run.left
            .push("the database's log could not be emptied: another program reads it".to_owned());
    }
    let note = run.clone();
    store.write(move |store| store.note_erasure(&note)).await?;
    tracing::info!(erased = run.erased, left = run.left.len(), "erasure run");
    Ok(run)
}

async fn empty_log(store: &StoreHandle) -> StoreResult<bool> {
    let store = store.clone().first();
    for _ in 0..TRIES {
        if store.write(|store| store.empty_log()).await? {
            return Ok(true);
        }
        tokio::time::sleep(READER).await;
    }
    Ok(false)
}

/// Takes away the sheets of erased orders that were printed into a folder. In words what stayed.
async fn forget_sheets(store: &StoreHandle, folder: &Path) -> StoreResult<Vec<String>> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(Vec::new());
    };
    let sheets: Vec<(PathBuf, Vec<OrderNumber>)> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let of = orders_of(path.file_stem()?.to_str()?);
            (path.is_file() && !of.is_empty()).then_some((path, of))
        })
        .collect();
    let numbers: Vec<OrderNumber> = sheets.iter().flat_map(|(_, of)| of.clone()).collect();
    let erased = store.read(move |store| store.erased_among(&numbers)).await?;
    let gone = sheets
        .into_iter()
        .filter(|(_, of)| of.iter().any(|number| erased.contains(number)));
    let failed = gone.filter_map(|(path, _)| {
        let error = std::fs::remove_file(&path).err()?;
        Some(format!("{} could not be removed: {error}", path.display()))
    });
    Ok(failed.collect())
}

/// The label's own sheet, by the name of one that was printed beside it.
fn beside(name: &str) -> &str {
    let label = name.strip_suffix("-po").or_else(|| name.strip_suffix("-slip"));
    label.unwrap_or(name)
}

/// Whose sheet a file may be, by its name: order number, copy, and what the folder added (`-2` for a second file of
/// the name, `-po` for a strip, `-slip` for a packing slip).
fn orders_of(stem: &str) -> Vec<OrderNumber> {
    let mut found = Vec::new();
    // `tapegun slip` and sheets in the place of a label put the word before the number.
    let word = ["slip-", "gap-"].iter().find_map(|word| stem.strip_prefix(word));
    let mut rest = beside(word.unwrap_or(stem));
    while found.len() < 2
        && let Some((number, copy)) = rest.rsplit_once('-')
        && !copy.is_empty()
        && copy.bytes().all(|byte| byte.is_ascii_digit())
    {
        rest = beside(number);
        found.push(sheet::number(rest));
    }
    found
}

impl Core {
    /// The daily run.
    pub(super) async fn erase(&self) -> Result<Outcome, Stop> {
        self.remind().await?;
        if self.next_erasure(self.clock.now()).await? > Duration::ZERO {
            // Another process made one.
            return Ok(Outcome::Nothing);
        }
        let run = erase_due(&self.store, &self.erase_in, None, self.clock.as_ref()).await;
        let run = match run {
            Ok(run) => run,
            Err(error) => {
                let words = format!("customers' data that is due was not erased: {error}");
                self.health.trouble(ABOUT, Some(words));
                return Err(error.into());
            }
        };
        let left = (!run.left.is_empty()).then(|| {
            format!(
                "customers' data that is due still stands in: {}",
                run.left.join("; ")
            )
        });
        self.health.trouble(ABOUT, left);
        if run.erased == 0 {
            return Ok(Outcome::Nothing);
        }
        Ok(Outcome::Settled(words(run.erased)))
    }

    /// Time until the next run, by what the store says of the last one.
    pub(super) async fn next_erasure(&self, now: DateTime<Utc>) -> StoreResult<Duration> {
        let last = self.store.read(|store| store.erasure()).await?;
        Ok(last.map_or(Duration::ZERO, |last| {
            last.pause(now).to_std().unwrap_or_default()
        }))
    }
}

/// How many, in words.
pub fn words(erased: u32) -> String {
    match erased {
        1 => "1 order's customer data erased: its 30 days are over".to_owned(),
        more => format!("{more} orders' customer data erased: their 30 days are over"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_told_by_its_name() {
        let of = |stem: &str| -> Vec<String> { orders_of(stem).into_iter().map(|one| one.0).collect() };
        let number = "111-9131413-9770664";
        assert_eq!(of("111-9131413-9770664-1")[0], number);
        assert_eq!(of("111-9131413-9770664-12-po")[0], number);
        assert_eq!(of("111-9131413-9770664-1-2")[1], number);
        assert_eq!(of("111-9131413-9770664-1-po-2")[1], number);
        assert_eq!(of("111-9131413-9770664-1-slip")[0], number);
        assert_eq!(of("111-9131413-9770664-1-slip-2")[1], number);
        assert_eq!(of("slip-111-9131413-9770664-1")[0], number);
        assert_eq!(of("notes"), Vec::<String>::new());
        assert_eq!(of("W-x-1")[0], "W-x");
        assert_eq!(of("slip-W-x5F7-1")[0], "W_7");
        assert_eq!(of("gap-111-9131413-9770664-7")[0], number);
        assert_eq!(of("gap-111-9131413-9770664-7-2")[1], number);
        assert_eq!(of("o-x2312-1-po")[0], "#12");
    }
}
