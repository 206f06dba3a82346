//! Dialogs. The topmost gets the key; all of them hear what was typed through the scan line.
//!
//! A question is answered with the key of [`Action::Yes`](super::keys::Action::Yes) alone, never with Enter
//! and never with a scan, so that nothing a scanner can send answers one. What a question wants typed has a
//! form that no code has: a reason is at least two words, the word to confirm is asked for by name.

use super::forms::Form;
use super::screens::manifest::DoorAsk;
use super::screens::method::MethodList;
use super::screens::picture::Look;
use super::screens::policies::{PolicyList, Told};
use super::screens::split::SplitList;
use crate::domain::change::MANY;
use crate::domain::finding::Search;
use crate::domain::ids::{BulkRunId, IntentId, OrderId, PickListId, QuoteId, Sku, TrackingNumber};
use crate::domain::money::Money;
use crate::domain::note::NoteText;
use crate::domain::order::AssignedMethod;
use crate::domain::packing::UnitRef;
use crate::domain::rate::inputs::{InputField, InputValues};
use crate::domain::rate::{Confirmation, PurchaseChoice};
use crate::domain::refund::{Booking, Paper};
use crate::domain::rows::LabelRow;
use crate::domain::split::Units;
use crate::domain::status::OrderStatus;

/// A dialog.
#[derive(Debug, Clone, PartialEq)]
pub enum Layer {
    /// Every key of the screen below; which is selected: Enter does what it does. Beyond the last one: steps down
    /// the box presets below them.
    Help(usize),
    /// A question that the yes key answers.
    Question(Box<Question>),
    /// The box's weight or size is typed on the scan line.
    Measure(Measure),
    /// One of the four options; which is selected.
    Confirmations(usize),
    /// Services that are not simply for sale, and why; first line shown.
    WhyNot(usize),
    /// What a service asks for besides the box.
    Inputs(Box<InputForm>),
    /// Linked carrier accounts and what labels cost; first line shown.
    Costs(usize),
    /// What waits for Amazon; which is selected.
    Board(usize),
    /// The boxes of the order; which is selected.
    Boxes(usize),
    /// Fields that are typed on purpose.
    Form(Box<Form>),
    /// Which method a bulk run ships by: 0 selects each order's own, then the methods that are offered.
    BulkMethods(usize),
    /// Whose pick list it is to be; 0 selects nobody, then the people by name.
    People {
        /// List.
        list: PickListId,
        /// Selected line.
        selected: usize,
    },
    /// Shipping policies.
    Policies(Box<PolicyList>),
    /// Lines to read.
    Told(Box<Told>),
    /// Methods that an order can be assigned to.
    Method(Box<MethodList>),
    /// A label or slip as it is printed.
    Look(Box<Look>),
    /// What goes as an order of its own.
    Split(Box<SplitList>),
}

/// Fields that a service asks for, and what was typed so far. A field takes text only once it was entered with
/// Enter; until then what is scanned is a scan.
#[derive(Clone, PartialEq)]
pub struct InputForm {
    /// Rate that asks.
    pub rate_id: String,
    /// Its name, for the heading.
    pub method: String,
    /// Fields.
    pub fields: Vec<InputField>,
    /// What was typed, by field; begins with what Amazon has stored.
    pub typed: Vec<String>,
    /// Selected field.
    pub selected: usize,
    /// The selected field was entered: the next line fills it.
    pub editing: bool,
    /// Why the last line did not fit, in words.
    pub wrong: Option<String>,
}

/// What was typed may name a customer: it is not shown.
impl std::fmt::Debug for InputForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InputForm")
            .field("rate_id", &self.rate_id)
            .field("fields", &self.fields.len())
            .field("selected", &self.selected)
            .field("editing", &self.editing)
            .finish_non_exhaustive()
    }
}

impl InputForm {
    /// An empty form.
    pub fn new(rate_id: &str, method: String, fields: &[InputField]) -> Self {
        Self {
            rate_id: rate_id.to_owned(),
            method,
            typed: fields.iter().map(|field| field.stored.clone()).collect(),
            fields: fields.to_vec(),
            selected: 0,
            editing: false,
            wrong: None,
        }
    }

    /// Takes a line for the entered field; stays in it where the line does not fit.
    pub fn fill(&mut self, line: &str) -> Result<(), String> {
        let Some(field) = self.fields.get(self.selected) else {
            return Ok(());
        };
        match field.read(line) {
            Ok(answer) => {
                self.typed[self.selected] = answer;
                self.editing = false;
                self.wrong = None;
                self.selected = (self.selected + 1).min(self.fields.len() - 1);
                Ok(())
            }
            Err(words) => {
                self.wrong = Some(words.clone());
                Err(words)
            }
        }
    }

    /// Everything that was typed, checked as a whole.
    pub fn values(&self) -> Result<InputValues, String> {
        let typed: Vec<(String, String)> = self
            .fields
            .iter()
            .zip(&self.typed)
            .map(|(field, typed)| (field.key(), typed.clone()))
            .collect();
        InputValues::read(&self.fields, &typed)
    }
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Weight.
    Weight,
    /// Size; presets can be picked by digit.
    Size,
}

/// The four options in the order in which the dialog shows them.
pub const CONFIRMATIONS: [Confirmation; 4] = [
    Confirmation::NoTracking,
    Confirmation::DeliveryConfirmation,
    Confirmation::Signature,
    Confirmation::AdultSignature,
];

/// The word that must be typed to buy a method that is never picked automatically.
pub const SHIP_ANYWAY: &str = "ANYWAY";

/// A question and what was answered so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What is asked.
    pub ask: Ask,
    /// Words that explain, one paragraph each.
    pub lines: Vec<String>,
    /// Reasons that can be selected; empty: it must be typed, if it is wanted at all.
    pub reasons: Vec<String>,
    /// Selected reason.
    pub selected: usize,
    /// A reason is wanted.
    pub wants_reason: bool,
    /// Typed reason.
    pub reason: Option<String>,
    /// A word that must be typed, and whether it was.
    pub word: Option<(&'static str, bool)>,
    /// Old labels of which something must be said before they are voided.
    pub paper: Option<OldPaper>,
    /// The yes key was pressed and the store has not answered yet.
    pub sent: bool,
}

/// Old labels that are in question, and what was said of them so far.
#[derive(Debug, Clone, PartialEq)]
pub struct OldPaper {
    /// The labels that would be voided.
    pub labels: Vec<LabelRow>,
    /// What was said.
    pub said: Paper,
}

impl Question {
    /// A question without reason and word.
    pub fn new(ask: Ask, lines: Vec<String>) -> Self {
        Self {
            ask,
            lines,
            reasons: Vec::new(),
            selected: 0,
            wants_reason: false,
            reason: None,
            word: None,
            paper: None,
            sent: false,
        }
    }

    /// Wants a reason: one of these, or typed; or only typed where there are none.
    #[must_use]
    pub fn with_reasons(mut self, reasons: &[&str]) -> Self {
        self.wants_reason = true;
        self.reasons = reasons.iter().map(|&reason| reason.to_owned()).collect();
        self
    }

    /// Wants to hear what became of these old labels.
    #[must_use]
    pub fn with_paper(mut self, labels: Vec<LabelRow>) -> Self {
        self.paper = Some(OldPaper {
            labels,
            said: Paper::default(),
        });
        self
    }

    /// What was said of the old labels.
    pub fn said(&self) -> Paper {
        self.paper
            .as_ref()
            .map_or_else(Paper::default, |paper| paper.said.clone())
    }

    /// The reason as it stands: typed, else selected.
    pub fn reason(&self) -> Option<&str> {
        self.reason
            .as_deref()
            .or_else(|| self.reasons.get(self.selected).map(String::as_str))
    }

    /// What is still missing before the yes key does it, in words.
    pub fn missing(&self) -> Option<String> {
        if self.wants_reason && self.reason().is_none() {
            return Some("type why (two words or more), then Enter".to_owned());
        }
        if let Some(paper) = &self.paper
            && paper.said.of_all(&paper.labels).is_err()
        {
            return Some("scan the old label, or call it destroyed".to_owned());
        }
        if let Ask::Book { booking: None, .. } = self.ask {
            return Some("type what came back, like 7.61, or rejected, then Enter".to_owned());
        }
        if let Ask::Note { text, .. } = &self.ask
            && text.0.is_empty()
        {
            return Some("type the note (two words or more), then Enter".to_owned());
        }
        if let Ask::Many {
            count,
            confirmed: false,
            ..
        } = &self.ask
            && *count > MANY
        {
            return Some(format!("type how many orders it is, {count}, then Enter"));
        }
        match self.word {
            Some((word, false)) => Some(format!("type {word}, then Enter")),
            _ => None,
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// Buy this?
    Buy {
        /// Quote.
        quote: QuoteId,
        /// What to buy.
        choice: Box<PurchaseChoice>,
        /// Answers to what the service asks for.
        inputs: Option<InputValues>,
    },
    /// Take back a purchase that was not sent.
    Withdraw(IntentId),
    /// Void this label?
    Void(IntentId),
    /// Void all labels of the order, so that it is Ready to Pick?
    VoidOrder(OrderId),
    /// What came of this refund?
    Book {
        /// Label.
        label: IntentId,
        /// What was paid for it.
        price: Money,
        /// As typed.
        booking: Option<Booking>,
    },
    /// Go on without the code of this unit?
    Override(UnitRef),
    /// What came of this purchase?
    Decide {
        /// Label.
        label: IntentId,
        /// Typed tracking number: it was bought.
        bought: Option<TrackingNumber>,
    },
    /// Hold, release or cancel.
    Move(OrderId, OrderStatus),
    /// Write this note?
    Note {
        /// Order.
        order: OrderId,
        /// As typed; empty: not yet.
        text: NoteText,
    },
    /// Flags were seen.
    Flags(OrderId),
    /// Split the order although it is a Prime order: these units go.
    Split(OrderId, Units),
    /// Join the parts of the order again?
    Join(OrderId),
    /// Assign the order to this method, which takes a supervisor and a reason.
    Assign(OrderId, AssignedMethod),
    /// Take the box over from another packer.
    TakeOver(OrderId),
    /// Take the order off its pick list.
    Unlist(OrderId),
    /// Hold or release every order that is found: the selected reason says which.
    Many {
        /// What finds them.
        search: Search,
        /// How many there are.
        count: usize,
        /// The number was typed; not asked for where they are few.
        confirmed: bool,
    },
    /// Go on without the rest of this product?
    Short {
        /// Order.
        order: OrderId,
        /// Product.
        sku: Sku,
    },
    /// Buy the labels of this run?
    Bulk(BulkRunId),
    /// The earliest method where all are late?
    Earliest(BulkRunId),
    /// Something of the day's end.
    Door(DoorAsk),
    /// Leave the program.
    Quit,
}

impl Ask {
    /// Heading.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Buy { .. } => "Buy this label?",
            Self::Withdraw(_) => "Take the purchase back?",
            Self::Void(_) => "Void this label?",
            Self::VoidOrder(_) => "Back to Ready to Pick: void all labels?",
            Self::Book { .. } => "What came of this refund?",
            Self::Override(_) => "Go on without the code?",
            Self::Decide { .. } => "What came of this purchase?",
            Self::Move(_, OrderStatus::OnHold) => "Put the order on hold?",
            Self::Move(_, OrderStatus::Canceled) => "Cancel the order for good?",
            Self::Note { .. } => "A note on the order",
            Self::Move(_, _) => "Release the order?",
            Self::Flags(_) => "Seen what changed?",
            Self::Assign(..) => "Assign this method?",
            Self::Split(..) => "Split a Prime order?",
            Self::Join(_) => "Join the parts again?",
            Self::TakeOver(_) => "Take the order over?",
            Self::Unlist(_) => "Take the order off its pick list?",
            Self::Many { .. } => "Change all that are found?",
            Self::Short { .. } => "Go on without the rest?",
            Self::Bulk(_) => "Buy all these labels?",
            Self::Earliest(_) => "Allow the earliest method for this run?",
            Self::Door(ask) => ask.title(),
            Self::Quit => "Leave tapegun?",
        }
    }

    /// What the yes key does, in the footer.
    pub fn yes(&self) -> &'static str {
        match self {
            Self::Buy { .. } => "Buy",
            Self::Withdraw(_) => "Take back",
            Self::Void(_) => "Void",
            Self::VoidOrder(_) => "Void all",
            Self::Book { .. } => "Book",
            Self::Override(_) => "Override",
            Self::Decide { .. } => "Decide",
            Self::Move(_, OrderStatus::OnHold) => "Hold",
            Self::Move(_, OrderStatus::Canceled) => "Cancel it",
            Self::Note { .. } => "Write it",
            Self::Move(_, _) => "Release",
            Self::Flags(_) => "Seen",
            Self::Assign(..) => "Assign",
            Self::Split(..) => "Split",
            Self::Join(_) => "Join",
            Self::TakeOver(_) => "Take over",
            Self::Unlist(_) => "Take off",
            Self::Many { .. } => "Change all",
            Self::Short { .. } => "Go on",
            Self::Bulk(_) => "Buy all",
            Self::Earliest(_) => "Allow",
            Self::Door(ask) => ask.yes(),
            Self::Quit => "Quit",
        }
    }
}
