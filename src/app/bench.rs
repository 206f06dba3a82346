//! The open order: what the store knows of it, the packing session, scans on their way, offers.

use super::effect::RequestId;
use crate::domain::choice::{self, Again, Chosen, Judgement, Rules};
use crate::domain::customer::CustomerData;
use crate::domain::ids::{OrderId, QuoteId, StoreId};
use crate::domain::note::Note;
use crate::domain::order::AssignedMethod;
use crate::domain::packing::{PackingSession, ScanRecord, boxes};
use crate::domain::rate::inputs::InputValues;
use crate::domain::rate::{self, Quote, QuoteAnswer, QuoteRequest, QuoteState, Rate};
use crate::domain::rows::{BoxRow, LabelRow, OrderDetail};
use crate::domain::seller::DocumentFormat;
use crate::domain::status::OrderStatus;
use crate::domain::units::Weight;
use chrono::{DateTime, TimeDelta, Utc};

/// An accepted scan that is not durable yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// Its commit.
    pub request: RequestId,
    /// What is being stored.
    pub record: ScanRecord,
    /// What to say once it is stored.
    pub words: String,
    /// Enter was pressed at.
    pub at: DateTime<Utc>,
}

/// The customer's data of the open order. Never kept longer than the order is open.
#[derive(Debug, PartialEq, Eq)]
pub enum CustomerView {
    /// Being opened.
    Opening,
    /// Opened.
    Open(Box<CustomerData>),
    /// Not to be had, in words.
    Absent(String),
}

/// How far the order's opening for packing is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// Not asked for, or not to be had in this state of the order.
    None,
    /// Asked for.
    Asked,
    /// Refused: not asked for again by itself.
    Refused {
        /// In words.
        words: String,
        /// Another packer has it: it can be taken over.
        taken: bool,
    },
    /// Ours.
    Ours(BoxRow),
}

/// An offer with its verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Offer.
    pub rate: Rate,
    /// Verdict.
    pub judgement: Judgement,
}

/// Where the box's rates are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuoteView {
    /// Never asked for.
    None,
    /// Asked for; the answer is awaited.
    Wanted,
    /// Refused or failed, in words.
    Failed(String),
    /// For a box that was different.
    Unfit,
    /// Older than Amazon sells it for.
    Old,
    /// Can be bought from.
    Fresh,
}

/// A purchase that waits for newer rates, because those that were shown are over.
#[derive(Debug, Clone, PartialEq)]
pub struct Rebuy {
    /// The method, as it was offered.
    pub method: Chosen,
    /// The packer has said yes to that price already.
    pub confirmed: bool,
    /// What was typed as the reason.
    pub reason: Option<String>,
    /// Answers to what the service asks for.
    pub inputs: Option<InputValues>,
}

/// The open order.
#[derive(Debug)]
pub struct Bench {
    /// Our number.
    pub order: OrderId,
    /// What the store knows; none until it was read.
    pub detail: Option<OrderDetail>,
    /// The session of what is durable: what is shown as done.
    pub saved: Option<PackingSession>,
    /// The session with the scans on their way: what verdicts count with.
    pub session: Option<PackingSession>,
    /// Scans on their way, in order.
    pub pending: Vec<Pending>,
    /// A scan was not saved in time: more are refused until it is.
    pub stalled: bool,
    /// Our turn at the box.
    pub turn: Turn,
    /// Ship-to.
    pub customer: CustomerView,
    /// Notes, oldest first, as far as they are opened.
    pub notes: Vec<Note>,
    /// Rates were asked for and the store has not answered yet.
    pub asking: bool,
    /// The quote that was asked for and is not in `detail` yet.
    pub asked: Option<QuoteId>,
    /// Offers of the latest quote, sorted for the screen.
    pub offers: Vec<Offer>,
    /// Selected offer.
    pub selected_offer: usize,
    /// Verdicts on every rate of the latest quote, also on those that are not shown.
    pub judged: Vec<(usize, Judgement)>,
    /// The quote that `offers` are of.
    pub judged_for: Option<QuoteId>,
    /// The method that was selected last.
    pub chosen: Option<Chosen>,
    /// It was selected by a person.
    pub by_hand: bool,
    /// The method that was selected is no longer for sale: why, in words.
    pub cleared: Option<String>,
    /// A method that is bought once newer rates are there, and have not risen.
    pub rebuy: Option<Rebuy>,
    /// Why none is chosen by itself, in words.
    pub no_choice: Option<String>,
    /// Selected label, 0 the newest.
    pub selected_label: usize,
}

/// `want_label` takes a quote for 9 minutes (PURCHASING.md 1).
const QUOTE_LIFE: TimeDelta = TimeDelta::minutes(9);

impl Bench {
    /// The shop that the order is of, once the order is read.
    pub fn store(&self) -> Option<&StoreId> {
        Some(&self.detail.as_ref()?.order.channel.store)
    }

    /// An order that is being read.
    pub fn new(order: OrderId) -> Self {
        Self {
            order,
            detail: None,
            saved: None,
            session: None,
            pending: Vec::new(),
            stalled: false,
            notes: Vec::new(),
            turn: Turn::None,
            customer: CustomerView::Opening,
            asking: false,
            asked: None,
            offers: Vec::new(),
            selected_offer: 0,
            judged: Vec::new(),
            judged_for: None,
            chosen: None,
            by_hand: false,
            cleared: None,
            rebuy: None,
            no_choice: None,
            selected_label: 0,
        }
    }

    /// Amazon's number, once read.
    pub fn number(&self) -> &str {
        self.detail
            .as_ref()
            .map_or("…", |detail| detail.order.channel.number.as_str())
    }

    /// Its number, with the part where it is one: `111-2222222-3333333 1/2`.
    pub fn title(&self) -> String {
        let part = self.detail.as_ref().and_then(|detail| detail.order.part_of());
        match part {
            Some(part) => format!("{} {}/{}", self.number(), part.place, part.of),
            None => self.number().to_owned(),
        }
    }

    /// The box that is packed: ours, else the first that waits for its label, else the newest.
    pub fn pack_box(&self) -> Option<&BoxRow> {
        if let Turn::Ours(row) = &self.turn {
            return Some(row);
        }
        let detail = self.detail.as_ref()?;
        boxes::unlabelled(detail).or(detail.boxes.last())
    }

    /// The newest label of all.
    pub fn newest_label(&self) -> Option<&LabelRow> {
        self.detail.as_ref()?.labels.first()
    }

    /// The label that is looked at.
    pub fn label(&self) -> Option<&LabelRow> {
        let labels = &self.detail.as_ref()?.labels;
        labels.get(self.selected_label.min(labels.len().saturating_sub(1)))
    }

    /// The label, or what may become one, that keeps what is to be packed from being changed: that of our box, else
    /// the newest that lives, unless another box of the order waits for its label.
    pub fn frozen(&self) -> Option<&LabelRow> {
        let detail = self.detail.as_ref()?;
        let mut live = detail.labels.iter().filter(|label| label.state.is_live());
        match &self.turn {
            Turn::Ours(row) => live.find(|label| label.box_id == row.id),
            _ if boxes::unlabelled(detail).is_some() => None,
            _ => live.next(),
        }
    }

    /// Several boxes are packed, or begun.
    pub fn has_boxes(&self) -> bool {
        self.detail.as_ref().is_some_and(|detail| detail.boxes.len() > 1)
    }

    /// The order can be packed now, as far as its status says.
    pub fn packable(&self) -> bool {
        self.detail.as_ref().is_some_and(|detail| {
            matches!(
                detail.order.status,
                OrderStatus::ReadyToPick | OrderStatus::InPicking | OrderStatus::InPacking
            )
        }) && self.frozen().is_none()
    }

    /// It is still being read or opened: scans wait.
    pub fn opening(&self) -> bool {
        self.detail.is_none() || self.turn == Turn::Asked
    }

    /// Takes in what was read: the sessions are made anew, scans on their way stay counted.
    pub fn take(&mut self, detail: OrderDetail) {
        self.pending
            .retain(|pending| detail.scans.iter().all(|scan| scan.id != pending.record.id));
        let lines = &detail.order.channel.lines;
        let saved = PackingSession::replay(lines, &detail.products, &detail.scans);
        let mut session = saved.clone();
        for pending in &self.pending {
            session.apply(&pending.record.event);
        }
        if let Turn::Ours(row) = &mut self.turn
            && let Some(fresh) = detail
                .boxes
                .iter()
                .find(|fresh| fresh.id == row.id && fresh.turn == row.turn)
        {
            *row = fresh.clone();
        }
        self.saved = Some(saved);
        self.session = Some(session);
        self.detail = Some(detail);
        self.settle_asking();
    }

    /// Rates are no longer awaited once the store shows the quote that was asked for.
    pub(crate) fn settle_asking(&mut self) {
        let newest = self.quote().map(|quote| quote.id);
        if self.asked.is_some_and(|asked| newest >= Some(asked)) {
            self.asking = false;
            self.asked = None;
        }
    }

    /// The next scan's place in the box's record.
    pub fn next_sequence(&self, row: &BoxRow) -> u32 {
        let stored = self
            .detail
            .iter()
            .flat_map(|detail| &detail.scans)
            .filter(|scan| scan.box_id == row.id)
            .map(|scan| scan.sequence + 1)
            .max()
            .unwrap_or(0);
        stored.max(
            self.pending
                .iter()
                .filter(|pending| pending.record.box_id == row.id)
                .map(|pending| pending.record.sequence + 1)
                .max()
                .unwrap_or(0),
        )
    }

    /// Everything is verified and coded, durably.
    pub fn complete(&self) -> Result<(), Vec<String>> {
        match &self.saved {
            Some(session) => session.complete(),
            None => Err(vec!["the order is still being read".to_owned()]),
        }
    }

    /// What rates would be asked for now, or what is missing, in words.
    pub fn quote_request(&self) -> Result<QuoteRequest, String> {
        let (Some(detail), Some(session), Some(row)) = (&self.detail, &self.saved, self.pack_box()) else {
            return Err("the order is still being read".to_owned());
        };
        if let Err(missing) = session.complete() {
            return Err(missing
                .into_iter()
                .next()
                .unwrap_or_else(|| "not every unit is verified".to_owned()));
        }
        QuoteRequest::of(detail, session, row)
    }

    /// The box's latest quote.
    pub fn quote(&self) -> Option<&Quote> {
        let row = self.pack_box()?;
        self.detail
            .as_ref()?
            .quotes
            .iter()
            .filter(|quote| quote.request.box_id == row.id)
            .max_by_key(|quote| quote.id)
    }

    /// The answer of the box's latest quote.
    pub fn answer(&self) -> Option<&QuoteAnswer> {
        match &self.quote()?.state {
            QuoteState::Answered(answer) => Some(answer),
            _ => None,
        }
    }

    /// Where the box's rates are.
    pub fn quote_view(&self, now: DateTime<Utc>) -> QuoteView {
        let Some(quote) = self.quote() else {
            return if self.asking {
                QuoteView::Wanted
            } else {
                QuoteView::None
            };
        };
        let fits = self
            .quote_request()
            .is_ok_and(|request| rate::fingerprint(&request) == quote.fingerprint);
        match &quote.state {
            _ if self.asking => QuoteView::Wanted,
            _ if !fits => QuoteView::Unfit,
            QuoteState::Wanted => QuoteView::Wanted,
            QuoteState::Failed(words) => QuoteView::Failed(words.clone()),
            QuoteState::Answered(answer) if !answer.is_young(now, QUOTE_LIFE) => QuoteView::Old,
            QuoteState::Answered(_) => QuoteView::Fresh,
        }
    }

    /// What the catalogue says that the contents of the box weigh together, in the unit of the first product.
    pub fn expected_weight(&self) -> Option<Weight> {
        let detail = self.detail.as_ref()?;
        boxes::expected_weight(detail, self.pack_box().map(|row| row.id))
    }

    /// Judges the latest answer anew. Within one answer the selection stays. In a newer one it stays on the method
    /// that was selected by hand, where that is still for sale, else goes to the chosen one; a method that is gone is
    /// cleared with the reason.
    pub fn judge(&mut self, formats: &[DocumentFormat]) {
        let before = self.offers.get(self.selected_offer);
        let selected = before.map(|offer| offer.rate.id.clone());
        if let Some(offer) = before {
            self.chosen = Chosen::of(&offer.rate, &offer.judgement);
        }
        let Some(fresh) = self.judged(formats) else {
            self.offers.clear();
            self.judged.clear();
            self.no_choice = None;
            self.selected_offer = 0;
            return;
        };
        let newer = self.judged_for.is_some_and(|quote| quote != fresh.quote);
        self.judged_for = Some(fresh.quote);
        let mut wanted = selected;
        if newer {
            let rates = self.answer().map_or(&[][..], |answer| &answer.rates);
            let again = self
                .chosen
                .as_ref()
                .map(|chosen| choice::again(chosen, rates, &fresh.judged));
            let kept = match &again {
                Some(Again::Fits(index) | Again::Rose(index)) if self.by_hand => rates.get(*index),
                _ => None,
            };
            wanted = kept.map(|rate| rate.id.clone());
            self.by_hand = wanted.is_some();
            self.cleared = match again {
                Some(Again::Gone(words)) => Some(words),
                _ => None,
            };
        }
        self.offers = fresh.offers;
        self.judged = fresh.judged;
        self.no_choice = fresh.picked.as_ref().err().cloned();
        let place = |id: &String| self.offers.iter().position(|offer| offer.rate.id == *id);
        self.selected_offer = wanted
            .as_ref()
            .and_then(place)
            .or_else(|| fresh.picked.as_ref().ok().and_then(place))
            .unwrap_or(0);
    }

    /// The order is assigned to a method, a carrier or a label from elsewhere.
    pub fn is_assigned(&self) -> bool {
        let detail = self.detail.as_ref();
        detail.is_some_and(|detail| detail.order.assigned != AssignedMethod::Unknown)
    }

    /// The method that is selected, where it is for sale.
    pub fn selected_method(&self) -> Option<Chosen> {
        let offer = self.offers.get(self.selected_offer)?;
        Chosen::of(&offer.rate, &offer.judgement)
    }

    fn judged(&self, formats: &[DocumentFormat]) -> Option<Fresh> {
        let detail = self.detail.as_ref()?;
        let (quote, answer) = (self.quote()?, self.answer()?);
        let rules = Rules {
            flat_rate_box: self.pack_box()?.flat_rate,
            known: &detail.method.known,
            ..Rules::of(&detail.order.channel, quote.request.confirmation, formats)?
        };
        let judged = choice::judge_all(&answer.rates, &rules);
        let picked = choice::choose(&answer.rates, &judged, &detail.order.assigned).map(|index| {
            answer
                .rates
                .get(index)
                .map(|rate| rate.id.clone())
                .unwrap_or_default()
        });
        // What is for another kind of box is only named when somebody asks why.
        let offers = judged
            .iter()
            .filter(|(_, judgement)| judgement.unfit_box.is_none())
            .filter_map(|(index, judgement)| {
                answer.rates.get(*index).map(|rate| Offer {
                    rate: rate.clone(),
                    judgement: judgement.clone(),
                })
            })
            .collect();
        Some(Fresh {
            quote: quote.id,
            offers,
            judged,
            picked,
        })
    }
}

/// What judging an answer brings.
struct Fresh {
    quote: QuoteId,
    offers: Vec<Offer>,
    judged: Vec<(usize, Judgement)>,
    /// Id of the rate that is chosen by itself, or why there is none.
    picked: Result<String, String>,
}
