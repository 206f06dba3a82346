//! The sweep: every order of a shop that changed since the watermark, whatever its status, page by page
//! (PURCHASING.md 6). Customers' data is sealed before it leaves this file.

use super::outcome::{Outcome, Stop};
use super::shops::{Core, Shop};
use crate::amazon::FetchedOrder;
use crate::domain::address::{AddressFault, address_faults};
use crate::domain::customer::CustomerData;
use crate::domain::ids::{OrderNumber, StoreId};
use crate::domain::policy::is_po_box;
use crate::domain::sealed::WrappedKey;
use crate::store::{ImportReport, ImportedOrder};
use crate::vault::{Slot, Vault};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// Sweeps overlap by this much: Amazon's index may lag (amazon.md 4.2, 4.5).
const OVERLAP: TimeDelta = TimeDelta::minutes(5);
/// How far back the first sweep of a shop goes.
const FIRST_SWEEP: TimeDelta = TimeDelta::days(30);
/// Time between sweeps: Amazon gives one call in about 179 s (amazon.md 4.1).
pub(super) const EVERY: Duration = Duration::from_mins(3);
/// Orders stored in one transaction: short enough that a scan never waits long for the writer.
const PIECE: usize = 25;

/// A sweep under way.
#[derive(Debug, Clone)]
pub(super) struct Sweep {
    after: DateTime<Utc>,
    /// Token of the next page; none at the first.
    next: Option<String>,
    /// `lastUpdatedBefore` of the first page: up to there everything is known once the last page is stored.
    known_until: Option<DateTime<Utc>>,
}

impl Core {
    /// Fetches and stores one page of a shop's sweep.
    pub(super) async fn import(&self, id: &StoreId) -> Result<Outcome, Stop> {
        let shop = self.shop(id)?;
        let mut under_way = shop.sweep.lock().await;
        let sweep = match under_way.take() {
            Some(sweep) => sweep,
            None => self.new_sweep(id).await?,
        };
        let page = match shop
            .client
            .search_orders(sweep.after, sweep.next.as_deref())
            .await
        {
            Ok(page) => page,
            Err(error) => {
                // A page token lives 24 hours and Amazon may refuse it: then from the start again.
                let again = error.is_unreachable() || error.wait().is_some();
                *under_way = again.then_some(sweep);
                return self.heard(id, Err(error));
            }
        };
        self.health.ok(id, self.clock.now());
        let unreadable = format!("{id} orders");
        self.health.trouble(
            &unreadable,
            (page.unreadable > 0).then(|| {
                format!(
                    "{} orders of store {id} cannot be read: look for them in Seller Central",
                    page.unreadable
                )
            }),
        );
        let report = self.store_orders(id, page.orders).await?;
        let known_until = sweep.known_until.unwrap_or(page.last_updated_before);
        let more = page.next.is_some();
        if more {
            *under_way = Some(Sweep {
                next: page.next,
                known_until: Some(known_until),
                ..sweep
            });
        } else {
            self.finish(id, known_until).await?;
        }
        Ok(Outcome::Imported { report, more })
    }

    async fn new_sweep(&self, id: &StoreId) -> Result<Sweep, Stop> {
        let shop = id.clone();
        let watermark = self.store.read(move |store| store.watermark(&shop)).await?;
        let after = watermark.map_or(self.clock.now() - FIRST_SWEEP, |known| known - OVERLAP);
        Ok(Sweep {
            after,
            next: None,
            known_until: None,
        })
    }

    async fn finish(&self, id: &StoreId, known_until: DateTime<Utc>) -> Result<(), Stop> {
        let (shop, now) = (id.clone(), self.clock.now());
        self.store
            .write(move |store| store.finish_sweep(&shop, known_until, now))
            .await?;
        self.health.imported(now);
        self.remind_of(id).await?;
        Ok(())
    }

    /// Seals and stores orders in small pieces.
    pub(super) async fn store_orders(
        &self,
        shop: &StoreId,
        orders: Vec<FetchedOrder>,
    ) -> Result<ImportReport, Stop> {
        let mut whole = ImportReport::default();
        let mut orders = orders.into_iter().peekable();
        while orders.peek().is_some() {
            let piece: Vec<FetchedOrder> = orders.by_ref().take(PIECE).collect();
            let faults = faults_of(&piece);
            let sealed = self.seal(shop, piece).await?;
            let (id, now) = (shop.clone(), self.clock.now());
            let report = self
                .store
                .write(move |store| {
                    let report = store.import_orders(&id, sealed, None, now)?;
                    // Where the program ends between the two, the next sweep says it again.
                    for (number, faults) in faults {
                        store.note_address_faults(&id, &number, &faults, now)?;
                    }
                    Ok(report)
                })
                .await?;
            whole.new += report.new;
            whole.changed += report.changed;
            whole.flagged.extend(report.flagged);
        }
        Ok(whole)
    }

    /// Fingerprints the addresses and seals the customers' data, each under its order's own key.
    async fn seal(&self, shop: &StoreId, orders: Vec<FetchedOrder>) -> Result<Vec<ImportedOrder>, Stop> {
        let with_data = orders.iter().filter(|order| order.customer.is_some());
        let numbers: Vec<OrderNumber> = with_data.map(|order| order.channel.number.clone()).collect();
        let mut keys = self.keys_for(shop, numbers).await?.into_iter();
        let mut sealed = Vec::with_capacity(orders.len());
        for FetchedOrder {
            mut channel,
            customer,
        } in orders
        {
            let Some(customer) = customer else {
                sealed.push(ImportedOrder {
                    channel,
                    customer: None,
                    key: None,
                    po_box: None,
                });
                continue;
            };
            channel.address_fingerprint = address_fingerprint(&self.vault, &customer);
            let Some((key, fresh)) = keys.next() else {
                return Err(Stop::Words("an order has no data key".to_owned()));
            };
            let seal = self.vault.open_key(&key)?;
            let data = seal.seal(Slot::CUSTOMER, shop, &channel.number, &customer)?;
            sealed.push(ImportedOrder {
                channel,
                customer: Some(data),
                key: fresh.then_some(key),
                po_box: Some(is_po_box(&customer.recipient.lines)),
            });
        }
        Ok(sealed)
    }

    /// The data key of each order, and whether it is new.
    async fn keys_for(
        &self,
        shop: &StoreId,
        numbers: Vec<OrderNumber>,
    ) -> Result<Vec<(WrappedKey, bool)>, Stop> {
        let id = shop.clone();
        let known = self
            .store
            .read(move |store| {
                let each = numbers.iter().map(|number| store.order_key(&id, number));
                each.collect::<Result<Vec<_>, _>>()
            })
            .await?;
        let missing = known.iter().filter(|key| key.is_none()).count();
        let mut ids = self
            .store
            .write(move |store| {
                (0..missing)
                    .map(|_| store.next_data_key())
                    .collect::<Result<Vec<_>, _>>()
            })
            .await?
            .into_iter();
        let mut keys = Vec::with_capacity(known.len());
        for key in known {
            if let Some(key) = key {
                keys.push((key, false));
            } else {
                let id = ids
                    .next()
                    .ok_or_else(|| Stop::Words("the store gave too few key numbers".to_owned()))?;
                keys.push((self.vault.new_order_key(id)?, true));
            }
        }
        Ok(keys)
    }

    /// Asks Amazon for one order as it is now, with its address's fingerprint.
    pub(super) async fn refresh(&self, shop: &Shop, number: &OrderNumber) -> Result<FetchedOrder, Stop> {
        let id = shop.client.store().clone();
        let mut fetched = self.heard(&id, shop.client.get_order(number).await)?;
        if let Some(customer) = &fetched.customer {
            fetched.channel.address_fingerprint = address_fingerprint(&self.vault, customer);
        }
        Ok(fetched)
    }
}

/// What is wrong with the addresses that came; an order without customer data has none yet.
fn faults_of(orders: &[FetchedOrder]) -> Vec<(OrderNumber, Vec<AddressFault>)> {
    let each = orders.iter().filter_map(|order| {
        let customer = order.customer.as_ref()?;
        Some((order.channel.number.clone(), address_faults(&customer.recipient)))
    });
    each.collect()
}

/// Fingerprint of what decides where a parcel goes. The phone is left out: Amazon stops giving it once an order
/// is shipped.
pub(super) fn address_fingerprint(vault: &Vault, customer: &CustomerData) -> Vec<u8> {
    let to = &customer.recipient;
    let mut parts = vec![
        to.name.as_str(),
        &to.company,
        &to.city,
        &to.state,
        &to.postal_code,
        &to.country,
    ];
    parts.extend(to.lines.iter().map(String::as_str));
    vault.fingerprint(&parts)
}
