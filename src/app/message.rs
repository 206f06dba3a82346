//! What happened: everything that can reach the machine. Facts in the past tense, plain data.
//!
//! The runtime turns keys, timers and results into these; nothing else changes the state.

use super::effect::{Answer, PictureWish, RequestId, Slot, Timer};
use super::screens::manifest::DoorDone;
use crate::domain::customer::CustomerData;
use crate::domain::ids::QuoteId;
use crate::domain::ids::{OrderId, PickListId, PrintJobId};
use crate::domain::note::Note;
use crate::domain::picture::DrawnSheet;
use crate::domain::rows::BoxRow;
use crate::domain::scale::ScaleView;
use uuid::Uuid;

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    // --- from the person and the scanner ---------------------------------------------------------
    /// The program started: the first message of all.
    Started,
    /// A key was pressed. A scan is nothing but keys that end in Enter.
    Key(KeyPress),
    /// Text was pasted (bracketed paste): as if typed, but an empty line in it answers nothing.
    Pasted(String),
    /// More was pasted than any code or reason is long: it was not kept.
    PastedTooMuch {
        /// How much.
        characters: usize,
    },
    /// The terminal shows pictures itself, or does not after all.
    PicturesKnown(bool),
    /// The terminal has this size.
    Resized {
        /// Columns.
        columns: u16,
        /// Rows.
        rows: u16,
    },

    // --- results -----------------------------------------------------------------------------------
    /// A commit is durable.
    Committed {
        /// Which one.
        request: RequestId,
        /// What it brought.
        done: Done,
    },
    /// A commit was refused or failed: nothing was changed.
    Refused {
        /// Which one.
        request: RequestId,
        /// Why.
        failure: Failure,
    },
    /// A read was answered. Answers to a request that is not the slot's latest are dropped.
    Answered {
        /// Window that it is for.
        slot: Slot,
        /// Which one.
        request: RequestId,
        /// Rows, or why there are none, in words.
        answer: Result<Answer, String>,
    },
    /// Customer data of an order was opened; none where it is pending or erased, or words why it failed.
    CustomerOpened {
        /// Order.
        order: OrderId,
        /// Data.
        customer: Result<Option<CustomerData>, String>,
    },
    /// Notes of an order were opened, oldest first; or words why they could not be.
    NotesOpened {
        /// Order.
        order: OrderId,
        /// Notes.
        notes: Result<Vec<Note>, String>,
    },
    /// A label or slip was drawn; or words why it was not.
    PictureOpened {
        /// What was asked for.
        wish: PictureWish,
        /// Sheets in the order in which they are printed.
        sheets: Result<Vec<DrawnSheet>, String>,
    },
    /// Fresh `UUIDv7`s for scans and intents, as asked for by [`super::effect::Effect::FreshIds`].
    Ids(Vec<Uuid>),

    // --- from the background -----------------------------------------------------------------------
    /// A timer that was asked for has passed.
    Tick(Timer),
    /// The scale of this bench says something else than before.
    Scale(ScaleView),
    /// Somebody changed the store: its version now.
    StoreChanged(i64),
}

/// A key, in our own words. Only presses arrive, never releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyPress {
    /// Key.
    pub key: Key,
    /// With Control.
    pub control: bool,
    /// With Alt.
    pub alt: bool,
    /// With Shift (never set for characters: they come shifted).
    pub shift: bool,
}

impl KeyPress {
    /// The key alone.
    pub const fn plain(key: Key) -> Self {
        Self {
            key,
            control: false,
            alt: false,
            shift: false,
        }
    }

    /// The character with Control.
    pub const fn control(letter: char) -> Self {
        Self {
            key: Key::Char(letter),
            control: true,
            alt: false,
            shift: false,
        }
    }
}

/// Which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// A character. With Control `]` or `5` (how terminals spell 0x1D) it is the scanner's group separator.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Tab.
    Tab,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Home.
    Home,
    /// End.
    End,
    /// A function key, from 1.
    Function(u8),
}

/// What a commit brought back.
#[derive(Debug, Clone, PartialEq)]
pub enum Done {
    /// Nothing but that it is done.
    Nothing,
    /// The box, after `BeginPacking` and `SetBox`.
    Box(BoxRow),
    /// The quote, after `WantQuote`.
    Quote(QuoteId),
    /// The pick list, after `CreatePickList`; none: there was no order for it.
    PickList(Option<PickListId>),
    /// After `Door`.
    Door(DoorDone),
    /// The sheet, after `WantPrint`.
    Print(PrintJobId),
    /// After `ExportDesk`.
    Exported {
        /// Where.
        folder: String,
        /// How many files.
        files: usize,
        /// Rows in all of them.
        rows: usize,
    },
    /// After `ChangeMany`.
    Many {
        /// Orders that changed.
        changed: usize,
        /// Orders that did not.
        refused: usize,
        /// The first of them, and why.
        first: Option<(String, String)>,
    },
}

/// Why a commit was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Kind, where the program goes on differently.
    pub kind: FailureKind,
    /// What happened and what to do now, in the packer's words (the store error's `Display`).
    pub words: String,
}

/// Kinds of failure that the program tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// Another packer has the box (`Refusal::TakenOver`): offer to take it over.
    TakenOver,
    /// Any other rule of the store refuses.
    Refused,
    /// The machine failed (disk full, store gone).
    Failed,
}
