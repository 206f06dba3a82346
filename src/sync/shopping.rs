//! Rate shopping ahead of packing: for each order that waits to be packed, once when it came and again after midnight.
//! Nobody waits for it: the bench goes before, and a few are asked for at a time.

use super::memory::Memory;
use super::outcome::{Outcome, Stop};
use super::plan::{Key, Moment, Plan, Step};
use super::shops::Core;
use crate::domain::bucket::Haste;
use crate::domain::ids::{OrderId, OrderNumber, StoreId};
use crate::domain::order::AssignedMethod;
use crate::domain::rows::OrderDetail;
use crate::domain::seller::StoreProfile;
use crate::domain::shopping::{self, Shopped, ShoppedMethod, is_shopped};
use crate::store::StoreResult;
use chrono_tz::Tz;
use std::time::Duration;

/// Orders of a shop that are asked about at once.
const AT_ONCE: usize = 4;

/// A shop for whose orders rates are shopped for ahead.
#[derive(Debug, Clone)]
pub(super) struct Ahead {
    account: crate::domain::seller::CarrierAccount,
    /// Its calendar decides when a day begins.
    zone: Tz,
}

impl Ahead {
    /// Where the shop's carrier account wants it.
    pub(super) fn of(profile: &StoreProfile) -> Option<Self> {
        let account = Some(profile.account.clone()).filter(|account| account.rate_shopping)?;
        let zone = profile.ship_from.zone.parse().unwrap_or(Tz::UTC);
        Some(Self { account, zone })
    }
}

impl Core {
    /// Adds what is due; a shop for which nothing is left rests until midnight or until orders come.
    pub(super) async fn plan_shopping(
        &self,
        memory: &mut Memory,
        now: Moment,
        plan: &mut Plan,
    ) -> StoreResult<()> {
        for (id, shop) in &self.shops {
            let Some(ahead) = &shop.ahead else { continue };
            let due = memory.shopping.get(id).copied().unwrap_or_default();
            if due > now.watch {
                plan.later(due.saturating_sub(now.watch));
                continue;
            }
            let busy = |order: &OrderId| memory.busy.contains(&Key::Shopping(*order));
            let (shop_id, day) = (id.clone(), shopping::today(now.wall, ahead.zone));
            let waiting = self
                .store
                .read(move |store| store.shopping_due(&shop_id, day, 2 * AT_ONCE))
                .await?;
            if waiting.is_empty() {
                let midnight = shopping::until_midnight(now.wall, ahead.zone).to_std();
                let pause = midnight.unwrap_or_default() + Duration::from_secs(1);
                memory.shopping.insert(id.clone(), now.watch + pause);
                plan.later(pause);
                continue;
            }
            let room = AT_ONCE.saturating_sub(waiting.iter().filter(|(order, _)| busy(order)).count());
            let fresh = waiting.into_iter().filter(|(order, _)| !busy(order)).take(room);
            for (order, number) in fresh {
                plan.steps.push(Step::Shop(order, id.clone(), number));
            }
        }
        Ok(())
    }

    /// Asks for an order's rates as it will probably be packed, and keeps what would be picked.
    pub(super) async fn shop_ahead(
        &self,
        order: OrderId,
        id: &StoreId,
        number: &OrderNumber,
    ) -> Result<Outcome, Stop> {
        let Some(ahead) = self.shop(id)?.ahead.clone() else {
            return Ok(Outcome::Nothing);
        };
        let detail = self.store.read(move |store| store.order(order)).await?;
        if !is_shopped(detail.order.status) {
            return Ok(Outcome::Nothing);
        }
        let (parcel, found) = self.found_for(&detail, id, number, &ahead).await?;
        let now = self.clock.now();
        let shopped = Shopped {
            at: now,
            day: shopping::today(now, ahead.zone),
            parcel,
            found,
            before: None,
        };
        let words = format!("{number}: shopped ahead: {}", shopped.words());
        self.store
            .write(move |store| store.put_shopped(order, &shopped))
            .await?;
        Ok(Outcome::Settled(words))
    }

    async fn found_for(
        &self,
        detail: &OrderDetail,
        id: &StoreId,
        number: &OrderNumber,
        ahead: &Ahead,
    ) -> Result<(String, Result<ShoppedMethod, String>), Stop> {
        if let AssignedMethod::Outside { carrier } = &detail.order.assigned {
            let words = format!("its label is bought elsewhere, {carrier}");
            return Ok((String::new(), Err(words)));
        }
        let channel = &detail.order.channel;
        let confirmation = ahead
            .account
            .default_confirmation
            .at_least(channel.confirmation_floor);
        let (request, parcel) = match shopping::request(detail, &self.shelf, confirmation) {
            Ok(request) => request,
            Err(words) => return Ok((String::new(), Err(words))),
        };
        let found = match self.rates_of(&request, channel, id, number, Haste::Bulk).await? {
            Ok(answer) => shopping::pick(detail, &answer, confirmation, &ahead.account.formats),
            Err(words) => Err(words),
        };
        Ok((parcel, found))
    }
}
