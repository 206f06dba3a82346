//! Linked carrier accounts as Amazon last told them, and what labels cost with whom.

use super::values::{all, badge_bits, first, json, label_state, maybe_time, micros, money, parsed, run};
use crate::domain::badge::Badge;
use crate::domain::ids::StoreId;
use crate::domain::money::{Currency, Money};
use crate::domain::prime::PrimeShare;
use crate::domain::shipment::LabelState;
use crate::domain::spend::{LinkedAccount, Payee, SpendRow, StoreAccounts, Sum, Sums};
use crate::store::StoreResult;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

pub(super) fn want_accounts(
    connection: &Connection,
    stores: &[StoreId],
    now: DateTime<Utc>,
) -> StoreResult<()> {
    for store in stores {
        run(
            connection,
            "INSERT INTO carrier_accounts (store, wanted_at) VALUES (?1, ?2) \
             ON CONFLICT (store) DO UPDATE SET wanted_at = ifnull(wanted_at, excluded.wanted_at)",
            params![store.as_str(), micros(now)],
        )?;
    }
    Ok(())
}

pub(super) fn wanted_accounts(connection: &Connection) -> StoreResult<Vec<StoreId>> {
    all(
        connection,
        "SELECT store FROM carrier_accounts WHERE wanted_at IS NOT NULL ORDER BY store",
        [],
        |row| Ok(StoreId(row.get(0)?)),
    )
}

/// What was told before stays where a later asking fails.
pub(super) fn answer_accounts(
    connection: &Connection,
    store: &StoreId,
    answer: Result<&[LinkedAccount], &str>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    match answer {
        Ok(accounts) => run(
            connection,
            "INSERT INTO carrier_accounts (store, accounts, told_at) VALUES (?1, ?2, ?3) \
             ON CONFLICT (store) DO UPDATE SET accounts = excluded.accounts, told_at = excluded.told_at, \
             wanted_at = NULL, failure = NULL",
            params![store.as_str(), json(&accounts)?, micros(now)],
        ),
        Err(failure) => run(
            connection,
            "INSERT INTO carrier_accounts (store, failure) VALUES (?1, ?2) \
             ON CONFLICT (store) DO UPDATE SET failure = excluded.failure, wanted_at = NULL",
            params![store.as_str(), failure],
        ),
    }?;
    Ok(())
}

pub(super) fn accounts(connection: &Connection) -> StoreResult<Vec<StoreAccounts>> {
    all(
        connection,
        "SELECT store, accounts, told_at, wanted_at IS NOT NULL, failure FROM carrier_accounts ORDER BY store",
        [],
        |row| {
            Ok(StoreAccounts {
                store: StoreId(row.get(0)?),
                accounts: parsed(&row.get::<_, String>(1)?)?,
                told_at: maybe_time(row.get(2)?)?,
                asking: row.get(3)?,
                failure: row.get(4)?,
            })
        },
    )
}

/// Sums over all labels that were ever bought and wanted since then, by currency and payee.
pub(super) fn spend(connection: &Connection, since: Option<DateTime<Utc>>) -> StoreResult<Vec<SpendRow>> {
    let groups: Vec<(Payee, LabelState, u64, Money)> = all(
        connection,
        "SELECT CASE via WHEN 'outside' THEN 'elsewhere' ELSE payee END AS payee, state, count(*), \
         sum(price_minor), price_currency FROM labels WHERE wanted_at >= ? \
         GROUP BY 1, state, price_currency",
        [since.map_or(i64::MIN, micros)],
        |row| {
            Ok((
                Payee::from_key(&row.get::<_, String>(0)?),
                label_state(&row.get::<_, String>(1)?)?,
                u64::try_from(row.get::<_, i64>(2)?).unwrap_or(0),
                money(row.get(3)?, &row.get::<_, String>(4)?)?,
            ))
        },
    )?;
    let mut rows: BTreeMap<(String, Payee), (Currency, Sums)> = BTreeMap::new();
    for (payee, state, labels, cost) in groups.into_iter().filter(|group| group.1.was_bought()) {
        let key = (cost.currency.code().to_owned(), payee);
        let (_, sums) = rows.entry(key).or_insert((cost.currency, Sums::default()));
        let minor = cost.minor;
        sums.add(state, Sum { labels, minor });
    }
    let each = rows.into_iter().map(|((_, payee), (currency, sums))| SpendRow {
        currency,
        payee,
        live: sums.live,
        voided: sums.voided,
        refunded: sums.refunded,
    });
    Ok(each.collect())
}

/// How Prime orders ship: a split order counts once, and with Amazon only where all its labels are Amazon's.
pub(super) fn prime_share(connection: &Connection, since: DateTime<Utc>) -> StoreResult<PrimeShare> {
    let share = first(
        connection,
        "SELECT count(*), ifnull(sum(ours), 0) FROM (SELECT min(via <> 'outside') AS ours FROM labels \
         JOIN orders ON orders.id = labels.order_id JOIN channel_orders ON channel_orders.order_id = orders.id \
         WHERE wanted_at >= ?1 AND orders.badges & ?2 <> 0 AND ifnull(json_extract(word, '$.origin'), 'amazon') = 'amazon' \
         AND state IN ('bought', 'bought without document', 'printed', 'void refused') \
         GROUP BY orders.store, orders.number)",
        params![micros(since), badge_bits(&[Badge::Prime])],
        |row| {
            Ok(PrimeShare {
                orders: u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0),
                buy_shipping: u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0),
            })
        },
    )?;
    Ok(share.unwrap_or_default())
}
