//! Many boxes at once: for each its rates are asked for, a method is chosen, the wish to buy is written, and what
//! came of it is told. Only wishes are written here, as the screens write theirs; the leader carries them out,
//! whichever process that is.

use super::backlog::stale;
use crate::clock::Clock;
use crate::domain::bucket::Haste;
use crate::domain::ids::{BoxId, Epoch, IntentId, OrderId, OrderNumber, QuoteId, StationId, StoreId, UserId};
use crate::domain::rate::{PurchaseChoice, Quote, QuoteAnswer, QuoteRequest, QuoteState};
use crate::domain::rows::LabelRow;
use crate::domain::shipment::LabelState;
use crate::store::threads::StoreHandle;
use crate::store::{StoreError, StoreResult, WantLabel};
use chrono::TimeDelta;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Boxes between their rates and their label at once: enough to keep the quickest bucket busy over a slow line,
/// few enough that no quote grows old at the slowest (256 boxes at 2 a second take 2 minutes of its 9).
const UNDER_WAY: usize = 256;
/// A stored answer up to this age is bought from: the rest of its 9 minutes is for waiting.
const YOUNG: TimeDelta = TimeDelta::minutes(5);
/// Wishes for rates written in one transaction: well within 5 ms.
const PIECE: usize = 8;
/// How often the store is looked at while boxes are under way.
const LOOK: Duration = Duration::from_millis(10);
/// Nobody knows at once, but most unknown purchases settle themselves: by a repeat after 5 s, by the order's packages
/// after 30 s.
const SETTLES_WITHIN: Duration = Duration::from_secs(45);
/// How often it is said that everything waits.
const SAY_EVERY: Duration = Duration::from_secs(10);

/// A box to ship, packed, weighed and measured.
#[derive(Debug, Clone)]
pub struct BulkBox {
    /// Shop.
    pub store: StoreId,
    /// Order.
    pub order: OrderId,
    /// Its number.
    pub number: OrderNumber,
    /// Box.
    pub box_id: BoxId,
    /// Its owner's turn.
    pub turn: Epoch,
    /// What rates are asked for.
    pub request: QuoteRequest,
    /// A stored answer to the same request; used where it is young enough to buy from.
    pub quote: Option<Quote>,
}

/// What is told of the boxes.
#[derive(Debug, Clone)]
pub enum BulkEnd {
    /// The method that would be bought; nothing is (a rehearsal).
    WouldBuy(PurchaseChoice),
    /// Bought, with or without a document, held or not: the label says.
    Bought(Box<LabelRow>),
    /// Not bought, in words.
    Refused(String),
    /// Nobody knows: the box is frozen.
    Unknown(Box<LabelRow>),
    /// Not done in time or stopped, in words. What was wished for and could not be taken back stays written down.
    Waits(String),
}

/// Chooses the method for a box, or says in words why there is none.
pub type Choose = Arc<dyn Fn(&BulkBox, &QuoteAnswer) -> Result<PurchaseChoice, String> + Send + Sync>;

/// Ships many boxes.
pub struct Bulk {
    /// The store.
    pub store: StoreHandle,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Wakes the sync task of this process.
    pub wake: mpsc::Sender<()>,
    /// Whoever wants the labels.
    pub by: UserId,
    /// The station that prints them.
    pub station: StationId,
    /// Only asks for rates and chooses.
    pub rehearsal: bool,
    /// Without any progress for so long, what is left is told as waiting.
    pub patience: Duration,
    /// Chooses the method.
    pub choose: Choose,
}

/// Boxes by how far they are.
#[derive(Default)]
struct Boxes {
    next: VecDeque<BulkBox>,
    asked: HashMap<QuoteId, BulkBox>,
    wanted: HashMap<IntentId, BulkBox>,
    /// Nobody knows, and until when that may settle itself (stopwatch).
    unknown: HashMap<IntentId, (BulkBox, Duration)>,
}

impl Boxes {
    /// What is unknown is told as it stands at the next look.
    fn wait_no_longer(&mut self) {
        for (_, until) in self.unknown.values_mut() {
            *until = Duration::ZERO;
        }
    }

    fn under_way(&self) -> usize {
        self.asked.len() + self.wanted.len() + self.unknown.len()
    }
}

impl Bulk {
    /// Ships the boxes, telling the end of each and, now and then, why all of them wait. After `stop` nothing more
    /// is wanted, what was not asked yet is taken back, and what is being asked is waited for.
    pub async fn ship(
        mut self,
        boxes: Vec<BulkBox>,
        stop: CancellationToken,
        mut told: impl FnMut(&BulkBox, BulkEnd),
        mut waits: impl FnMut(&str),
    ) -> StoreResult<()> {
        self.store = self.store.behind();
        let mut boxes = Boxes {
            next: boxes.into(),
            ..Boxes::default()
        };
        let (mut progress, mut said) = (self.clock.monotonic(), self.clock.monotonic());
        let mut stopped = false;
        while !(boxes.next.is_empty() && boxes.under_way() == 0) {
            if stop.is_cancelled() && !stopped {
                stopped = true;
                self.stop(&mut boxes, &mut told).await;
            }
            let mut moved = self.begin(&mut boxes, &mut told).await?;
            moved |= self.look(&mut boxes, &mut told).await?;
            let now = self.clock.monotonic();
            if moved {
                (progress, said) = (now, now);
                continue;
            }
            if now.saturating_sub(progress) > self.patience {
                let left = boxes
                    .next
                    .drain(..)
                    .chain(boxes.asked.drain().map(|(_, one)| one));
                for one in left.chain(boxes.wanted.drain().map(|(_, one)| one)) {
                    told(&one, BulkEnd::Waits("Amazon has not answered yet".to_owned()));
                }
                boxes.wait_no_longer();
                continue;
            }
            if now.saturating_sub(said) > SAY_EVERY {
                said = now;
                if let Some(words) = self.why_waiting(&boxes).await? {
                    // A wait for the limits of the sweep is no silence of Amazon.
                    progress = now;
                    waits(&words);
                }
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    /// Nothing more is wanted.
    async fn stop(&self, boxes: &mut Boxes, told: &mut impl FnMut(&BulkBox, BulkEnd)) {
        let stopped = || BulkEnd::Waits("stopped, nothing was bought".to_owned());
        for one in boxes
            .next
            .drain(..)
            .chain(boxes.asked.drain().map(|(_, one)| one))
        {
            told(&one, stopped());
        }
        let (by, now) = (self.by, self.clock.now());
        boxes.wait_no_longer();
        let ids: Vec<IntentId> = boxes.wanted.keys().copied().collect();
        for id in ids {
            let taken_back = self
                .store
                .write(move |store| store.withdraw_label(id, by, now))
                .await;
            // Refused: it is being asked, and its end is waited for.
            if taken_back.is_ok()
                && let Some(one) = boxes.wanted.remove(&id)
            {
                told(&one, stopped());
            }
        }
    }

    /// Begins boxes as far as there is room: writes their wishes for rates.
    async fn begin(&self, boxes: &mut Boxes, told: &mut impl FnMut(&BulkBox, BulkEnd)) -> StoreResult<bool> {
        let mut moved = false;
        while !boxes.next.is_empty() && boxes.under_way() < UNDER_WAY {
            moved = true;
            let mut piece = Vec::with_capacity(PIECE);
            while piece.len() < PIECE
                && let Some(mut one) = boxes.next.pop_front()
            {
                match one.quote.take().filter(|quote| self.is_young(quote)) {
                    Some(quote) => self.choose_all(vec![(one, quote)], boxes, told).await?,
                    None => piece.push(one),
                }
            }
            let requests: Vec<QuoteRequest> = piece.iter().map(|one| one.request.clone()).collect();
            let now = self.clock.now();
            let wished = self
                .store
                .write(move |store| store.want_quotes_in_bulk(&requests, now))
                .await?;
            for (one, wish) in piece.into_iter().zip(wished) {
                match wish {
                    Ok(quote) => drop(boxes.asked.insert(quote, one)),
                    Err(refused) => told(&one, BulkEnd::Refused(refused.to_string())),
                }
            }
            self.wake_sync();
        }
        Ok(moved)
    }

    /// Young enough to buy from, even where the box waits a while for its turn.
    fn is_young(&self, quote: &Quote) -> bool {
        match &quote.state {
            QuoteState::Answered(answer) => answer.is_young(self.clock.now(), YOUNG),
            _ => false,
        }
    }

    /// Looks what was answered and what was settled.
    async fn look(&self, boxes: &mut Boxes, told: &mut impl FnMut(&BulkBox, BulkEnd)) -> StoreResult<bool> {
        let quotes: Vec<QuoteId> = boxes.asked.keys().copied().collect();
        let labels: Vec<IntentId> = boxes.wanted.keys().chain(boxes.unknown.keys()).copied().collect();
        let (answered, settled) = self
            .store
            .read(move |store| Ok((store.answered_quotes(&quotes)?, store.settled_labels(&labels)?)))
            .await?;
        let mut moved = !answered.is_empty();
        let now = self.clock.monotonic();
        for label in settled {
            let id = label.id;
            let (one, until) = if let Some(one) = boxes.wanted.remove(&id) {
                moved = true;
                (one, now + SETTLES_WITHIN)
            } else if let Some(unknown) = boxes.unknown.remove(&id) {
                unknown
            } else {
                continue;
            };
            if label.state == LabelState::Unknown && now < until {
                boxes.unknown.insert(id, (one, until));
            } else {
                moved = true;
                told(&one, end_of(label));
            }
        }
        let mut answers = Vec::with_capacity(answered.len());
        for quote in answered {
            if let Some(one) = boxes.asked.remove(&quote.id) {
                answers.push((one, quote));
            }
        }
        self.choose_all(answers, boxes, told).await?;
        Ok(moved)
    }

    /// Chooses for each box and writes the wishes to buy, each a transaction of its own.
    async fn choose_all(
        &self,
        answers: Vec<(BulkBox, Quote)>,
        boxes: &mut Boxes,
        told: &mut impl FnMut(&BulkBox, BulkEnd),
    ) -> StoreResult<()> {
        let mut wishes: JoinSet<(BulkBox, IntentId, StoreResult<()>)> = JoinSet::new();
        for (one, quote) in answers {
            let chosen = match &quote.state {
                QuoteState::Answered(answer) => (self.choose)(&one, answer),
                QuoteState::Failed(why) => Err(why.clone()),
                QuoteState::Wanted => Err("its rates were not answered".to_owned()),
            };
            let choice = match chosen {
                Ok(choice) if self.rehearsal => {
                    told(&one, BulkEnd::WouldBuy(choice));
                    continue;
                }
                Ok(choice) => choice,
                Err(why) => {
                    told(&one, BulkEnd::Refused(why));
                    continue;
                }
            };
            let want = WantLabel {
                id: IntentId(Uuid::now_v7()),
                order: one.order,
                box_id: one.box_id,
                turn: one.turn,
                quote: quote.id,
                choice,
                reason: None,
                inputs: None,
                by: self.by,
                station: self.station.clone(),
                haste: Haste::Bulk,
            };
            let (store, now) = (self.store.clone(), self.clock.now());
            wishes.spawn(async move {
                let id = want.id;
                let written = store.write(move |store| store.want_label(&want, now)).await;
                (one, id, written)
            });
        }
        let mut failed = None;
        while let Some(wish) = wishes.join_next().await {
            let Ok((one, id, written)) = wish else { continue };
            match written {
                Ok(()) => drop(boxes.wanted.insert(id, one)),
                Err(refused @ (StoreError::Refused(_) | StoreError::NotFound { .. })) => {
                    told(&one, BulkEnd::Refused(refused.to_string()));
                }
                Err(error) => failed = Some(error),
            }
        }
        self.wake_sync();
        failed.map_or(Ok(()), Err)
    }

    /// Why nothing moves, where it is the orders' freshness.
    async fn why_waiting(&self, boxes: &Boxes) -> StoreResult<Option<String>> {
        let Some(shop) = boxes.wanted.values().next().map(|one| one.store.clone()) else {
            return Ok(None);
        };
        let swept = self.store.read(move |store| store.swept_until(&shop)).await?;
        Ok(stale(swept, self.clock.now()))
    }

    fn wake_sync(&self) {
        // A full channel is awake already.
        let _ = self.wake.try_send(());
    }
}

/// What a label that is neither wanted nor asked any more means for its box.
fn end_of(label: LabelRow) -> BulkEnd {
    match label.state {
        LabelState::Refused | LabelState::Withdrawn => {
            let why = label.reason.unwrap_or_else(|| "Amazon refused".to_owned());
            BulkEnd::Refused(why)
        }
        LabelState::Unknown => BulkEnd::Unknown(Box::new(label)),
        _ => BulkEnd::Bought(Box::new(label)),
    }
}
