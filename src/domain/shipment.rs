//! The life of a label (PURCHASING.md 2): states and the moves between them, as one total table.
//!
//! No IO and no money here: what an answer of Amazon means is told by [`super::intent`].

use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a label is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelState {
    /// Written down, not asked.
    Wanted,
    /// Asked; the answer is awaited.
    Asked,
    /// Bought, document stored.
    Bought,
    /// Bought, but its document is missing, blank or held.
    BoughtWithoutDocument,
    /// Surely not bought.
    Refused,
    /// Asked, and nobody knows what came of it. Freezes the box.
    Unknown,
    /// Printed.
    Printed,
    /// A void is written down.
    VoidWanted,
    /// A void was asked.
    VoidAsked,
    /// Voided.
    Voided,
    /// The carrier or Amazon refused to void: the label lives on.
    VoidRefused,
    /// Nobody knows whether it is void.
    VoidUnknown,
    /// Voided, the money is awaited.
    RefundPending,
    /// Money is back.
    Refunded,
    /// Money is refused.
    RefundRejected,
    /// 60 days have passed without a word.
    RefundNotReported,
    /// Taken back by a person before it was asked.
    Withdrawn,
}

/// Something that moves a label on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LabelMove {
    /// The request goes out (the first time, or a repeat of an unknown one).
    Ask,
    /// Surely not sent, or told to wait: it may be asked again.
    NotSent,
    /// Surely not bought.
    Refuse,
    /// Bought, with a document that may be printed.
    Buy,
    /// Bought, without such a document.
    BuyWithoutDocument,
    /// Nobody knows what came of it.
    Lose,
    /// The document came later.
    AddDocument,
    /// A copy was printed.
    Print,
    /// A person takes the wish back.
    Withdraw,
    /// A supervisor calls an unknown label not bought.
    DecideNotBought,
    /// A void is wanted.
    WantVoid,
    /// The request to void goes out.
    AskVoid,
    /// The request to void was surely not sent, or told to wait.
    VoidNotSent,
    /// Voided (or "already canceled").
    AcceptVoid,
    /// The void is refused.
    RefuseVoid,
    /// Nobody knows whether it is void.
    LoseVoid,
    /// The carrier confirms the void: the money is awaited.
    ExpectRefund,
    /// The money is back.
    Refund,
    /// The money is refused.
    RejectRefund,
    /// 60 days without a word of the money.
    MissRefund,
}

/// A move that the label's state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a label that is {from} cannot {to}")]
pub struct IllegalMove {
    /// Where the label is.
    pub from: LabelState,
    /// What was to happen.
    pub to: LabelMove,
}

impl LabelState {
    /// Every state.
    pub const ALL: [Self; 17] = [
        Self::Wanted,
        Self::Asked,
        Self::Bought,
        Self::BoughtWithoutDocument,
        Self::Refused,
        Self::Unknown,
        Self::Printed,
        Self::VoidWanted,
        Self::VoidAsked,
        Self::Voided,
        Self::VoidRefused,
        Self::VoidUnknown,
        Self::RefundPending,
        Self::Refunded,
        Self::RefundRejected,
        Self::RefundNotReported,
        Self::Withdrawn,
    ];

    /// Where `step` leads from here, or why it cannot be. Total: each of the pairs that is not named is illegal.
    ///
    /// A *bought* is a fact, however late it comes: it is taken in every state before it
    /// (PURCHASING.md 3.6: fencing stops asking, never recording). So is an accepted void.
    pub fn apply(self, step: LabelMove) -> Result<Self, IllegalMove> {
        use LabelMove as M;
        use LabelState as S;
        let to = match (self, step) {
            (S::Wanted | S::Unknown, M::Ask) => S::Asked,
            (S::Asked, M::NotSent) => S::Wanted,
            // From *wanted*: the order is no longer fresh, so nothing is asked at all (PURCHASING.md 3.2).
            (S::Wanted | S::Asked, M::Refuse) | (S::Unknown, M::DecideNotBought) => S::Refused,
            (S::Asked | S::Unknown, M::Lose) => S::Unknown,
            (S::Wanted, M::Withdraw) => S::Withdrawn,
            (S::Asked | S::Unknown | S::Wanted | S::Refused | S::Withdrawn, M::Buy)
            | (S::BoughtWithoutDocument, M::AddDocument) => S::Bought,
            (S::Asked | S::Unknown | S::Wanted | S::Refused | S::Withdrawn, M::BuyWithoutDocument) => {
                S::BoughtWithoutDocument
            }
            (S::Bought | S::Printed, M::Print) => S::Printed,
            (S::Bought | S::BoughtWithoutDocument | S::Printed | S::VoidRefused, M::WantVoid)
            | (S::VoidAsked, M::VoidNotSent) => S::VoidWanted,
            (S::VoidWanted | S::VoidUnknown, M::AskVoid) => S::VoidAsked,
            (S::VoidAsked | S::VoidUnknown | S::VoidWanted | S::VoidRefused, M::AcceptVoid) => S::Voided,
            // A label whose void was refused lives on: it keeps its state, which says so, and prints.
            (S::VoidAsked | S::VoidUnknown, M::RefuseVoid) | (S::VoidRefused, M::Print | M::AddDocument) => {
                S::VoidRefused
            }
            (S::VoidAsked | S::VoidUnknown, M::LoseVoid) => S::VoidUnknown,
            (S::Voided, M::ExpectRefund) => S::RefundPending,
            (S::Voided | S::RefundPending | S::RefundNotReported, M::Refund) => S::Refunded,
            (S::Voided | S::RefundPending | S::RefundNotReported, M::RejectRefund) => S::RefundRejected,
            (S::Voided | S::RefundPending, M::MissRefund) => S::RefundNotReported,
            (from, to) => return Err(IllegalMove { from, to }),
        };
        Ok(to)
    }

    /// The box has this label, or may have it: no second one may be wanted (PURCHASING.md 2).
    ///
    /// *Void refused* counts: the carrier still has the label, and I1 allows it no second one.
    pub fn is_live(self) -> bool {
        match self {
            Self::Wanted
            | Self::Asked
            | Self::Unknown
            | Self::Bought
            | Self::BoughtWithoutDocument
            | Self::Printed
            | Self::VoidWanted
            | Self::VoidAsked
            | Self::VoidRefused
            | Self::VoidUnknown => true,
            Self::Refused
            | Self::Voided
            | Self::RefundPending
            | Self::Refunded
            | Self::RefundRejected
            | Self::RefundNotReported
            | Self::Withdrawn => false,
        }
    }

    /// The box cannot be changed: no scan, no split, no other weight (PURCHASING.md 1).
    pub fn freezes_box(self) -> bool {
        self.is_live()
    }

    /// A copy may be printed: bought with a document, and no void wanted.
    pub fn can_print(self) -> bool {
        matches!(self, Self::Bought | Self::Printed | Self::VoidRefused)
    }

    /// A void may be wanted.
    pub fn can_void(self) -> bool {
        self.apply(LabelMove::WantVoid).is_ok()
    }

    /// Amazon sold it and it was not voided: it is paid for and a parcel may carry it.
    pub fn is_bought(self) -> bool {
        matches!(
            self,
            Self::Bought
                | Self::BoughtWithoutDocument
                | Self::Printed
                | Self::VoidWanted
                | Self::VoidAsked
                | Self::VoidRefused
                | Self::VoidUnknown
        )
    }

    /// Amazon sold it once, whatever came after: its tracking number is ours.
    pub fn was_bought(self) -> bool {
        self.is_bought()
            || matches!(
                self,
                Self::Voided
                    | Self::RefundPending
                    | Self::Refunded
                    | Self::RefundRejected
                    | Self::RefundNotReported
            )
    }

    /// A person should look at it: nobody knows, or somebody said no.
    pub fn is_trouble(self) -> bool {
        matches!(
            self,
            Self::Refused
                | Self::Unknown
                | Self::BoughtWithoutDocument
                | Self::VoidRefused
                | Self::VoidUnknown
                | Self::RefundRejected
                | Self::RefundNotReported
        )
    }

    /// How far the label is on its way to a parcel that can leave, for an order in several boxes: the box that is
    /// furthest behind rules, and any trouble makes the order one (workflow.md 4.7.4).
    pub fn progress(self) -> u8 {
        match self {
            _ if self.is_trouble() => 0,
            Self::Voided | Self::RefundPending | Self::Refunded | Self::Withdrawn => 1,
            Self::VoidWanted | Self::VoidAsked => 2,
            Self::Wanted => 3,
            Self::Asked => 4,
            Self::Bought => 5,
            _ => 6,
        }
    }

    /// The state in the packer's words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Wanted => "wanted",
            Self::Asked => "asked",
            Self::Bought => "bought",
            Self::BoughtWithoutDocument => "bought without document",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Printed => "printed",
            Self::VoidWanted => "void wanted",
            Self::VoidAsked => "void asked",
            Self::Voided => "voided",
            Self::VoidRefused => "void refused",
            Self::VoidUnknown => "void unknown",
            Self::RefundPending => "refund pending",
            Self::Refunded => "refunded",
            Self::RefundRejected => "refund rejected",
            Self::RefundNotReported => "refund not reported",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state by its words.
    pub fn from_words(words: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.words() == words)
    }
}

impl fmt::Display for LabelState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

impl fmt::Display for LabelMove {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ask => "be asked",
            Self::NotSent => "be unsent",
            Self::Refuse => "be refused",
            Self::Buy | Self::BuyWithoutDocument => "be bought",
            Self::Lose => "become unknown",
            Self::AddDocument => "take a document",
            Self::Print => "be printed",
            Self::Withdraw => "be withdrawn",
            Self::DecideNotBought => "be called not bought",
            Self::WantVoid | Self::AskVoid | Self::VoidNotSent | Self::AcceptVoid => "be voided",
            Self::RefuseVoid => "be refused a void",
            Self::LoseVoid => "become void unknown",
            Self::ExpectRefund | Self::Refund => "be refunded",
            Self::RejectRefund => "be refused a refund",
            Self::MissRefund => "miss its refund",
        })
    }
}

#[cfg(test)]
mod tests;
