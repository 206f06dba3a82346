//! What the program knows: windows onto the store, the open order, the scan line, the layers.

use super::banner::{Banner, Tone};
use super::bench::Bench;
use super::effect::{Commit, Effect, MoneyFacts, Query, RequestId, Slot, Sound, StatusFacts};
use super::keys::KeyMap;
use super::layers::{Ask, Layer};
use super::screens::audit::AuditView;
use super::screens::bulk::BulkView;
use super::screens::desk::DeskView;
use super::screens::find::FindView;
use super::screens::manifest::DayEnd;
use super::screens::people::PeopleView;
use super::screens::pick::PickView;
use super::screens::picking::PickingView;
use super::window::Window;
use crate::domain::board::BoardRow;
use crate::domain::ids::{OrderId, OrderNumber, StationId, StoreId, TrackingNumber};
use crate::domain::money::Money;
use crate::domain::practice::{Plan, Practice};
use crate::domain::rate::Confirmation;
use crate::domain::rows::{LabelRow, OrderFilter, OrderRow, PickListRow};
use crate::domain::scale::ScaleView;
use crate::domain::seller::{CarrierAccount, DocumentFormat, StoreProfile};
use crate::domain::units::Dimensions;
use crate::domain::user::User;
use crate::domain::warehouse::Warehouse;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;
use uuid::Uuid;

/// A box that the bench has on its shelf: its digit and Enter on the scan line set the size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxPreset {
    /// 1 to 9.
    pub digit: u8,
    /// Name; also the code on its barcode, without `TGB-`.
    pub name: String,
    /// Outer size.
    pub dimensions: Dimensions,
    /// A carrier's flat-rate box.
    pub flat_rate: bool,
}

/// What the program is told once, from the configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// This bench.
    pub station: StationId,
    /// Where the bench stands: clock and ship-by are shown in this zone.
    pub zone: Tz,
    /// Connected shops.
    pub stores: Vec<StoreProfile>,
    /// Pre-filled Delivery Confirmation, where a shop's carrier account does not say.
    pub confirmation: Confirmation,
    /// What this bench's printer can print, best first, where a shop's carrier account does not say.
    pub formats: Vec<DocumentFormat>,
    /// Boxes on the shelf.
    pub presets: Vec<BoxPreset>,
    /// When the warehouse works.
    pub warehouse: Warehouse,
    /// Keys.
    pub keys: KeyMap,
    /// The demo: says so in the header and how to sign in.
    pub demo: bool,
    /// Somebody rehearses: for how long.
    pub rehearsal: Option<Plan>,
    /// The terminal has shades of gray: pictures are shown with them.
    pub shades: bool,
}

impl Setup {
    /// A bench with nothing special: ZPL first, no presets, the default keys.
    pub fn new(station: StationId, zone: Tz) -> Self {
        Self {
            station,
            zone,
            stores: Vec::new(),
            confirmation: Confirmation::DeliveryConfirmation,
            formats: vec![DocumentFormat::Zpl, DocumentFormat::Png, DocumentFormat::Pdf],
            presets: Vec::new(),
            warehouse: Warehouse::always(zone),
            keys: KeyMap::standard(),
            demo: false,
            rehearsal: None,
            shades: false,
        }
    }

    fn account(&self, store: Option<&StoreId>) -> Option<&CarrierAccount> {
        let store = self.stores.iter().find(|known| Some(&known.id) == store)?;
        Some(&store.account)
    }

    /// Pre-filled Delivery Confirmation of the shop's boxes.
    pub fn confirmation_of(&self, store: Option<&StoreId>) -> Confirmation {
        let account = self.account(store);
        account.map_or(self.confirmation, |account| account.default_confirmation)
    }

    /// What the shop's labels can be printed as, best first.
    pub fn formats_of(&self, store: Option<&StoreId>) -> Vec<DocumentFormat> {
        let account = self.account(store);
        account.map_or(&self.formats, |account| &account.formats).clone()
    }
}

/// Which screen is shown below the layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Screen {
    /// Who packs?
    SignIn,
    /// Pick lists.
    PickLists,
    /// Orders of a list, or of all.
    Orders,
    /// The open order: what to scan next.
    Pack,
    /// Offers for the open order's box.
    Rates,
    /// The open order's labels.
    Label,
    /// Refunds, and labels without a carrier scan.
    Refunds,
    /// Orders found by words and filters.
    Find,
    /// Who did what.
    Audit,
    /// Bulk ship of a pick list.
    Bulk,
    /// Picking by scan.
    Picking,
    /// What must go, and manifests.
    DayEnd,
    /// The desk: numbers of the day.
    Desk,
}

impl Screen {
    /// Heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::SignIn => "Sign in",
            Self::PickLists => "Pick lists",
            Self::Orders => "Orders",
            Self::Pack => "Pack",
            Self::Rates => "Rates",
            Self::Label => "Label",
            Self::Refunds => "Refunds",
            Self::Find => "Find orders",
            Self::Audit => "Who did what",
            Self::Bulk => "Bulk ship",
            Self::Picking => "Picking",
            Self::DayEnd => "Day's end",
            Self::Desk => "Desk",
        }
    }

    /// An order is open on it.
    pub fn has_order(self) -> bool {
        matches!(self, Self::Pack | Self::Rates | Self::Label)
    }
}

/// Orders of a list.
#[derive(Debug, Default)]
pub struct OrdersView {
    /// Heading: the list's name.
    pub title: String,
    /// Which orders.
    pub filter: OrderFilter,
    /// Rows at hand.
    pub window: Window<OrderRow>,
}

/// Refunds of voided labels, and labels that no carrier has scanned.
#[derive(Debug, Default)]
pub struct RefundsView {
    /// The labels without a carrier scan are shown.
    pub unmoved_shown: bool,
    /// Refunds at hand.
    pub refunds: Window<LabelRow>,
    /// Labels without a carrier scan at hand.
    pub unmoved: Window<LabelRow>,
    /// Paid for labels whose refund is not decided, per currency.
    pub awaited: Vec<Money>,
    /// Paid for labels whose refund was rejected, per currency.
    pub lost: Vec<Money>,
    /// An order that is opened from here leads back here.
    pub(crate) left_from: bool,
}

impl RefundsView {
    /// The list that is shown.
    pub fn window(&self) -> &Window<LabelRow> {
        if self.unmoved_shown {
            &self.unmoved
        } else {
            &self.refunds
        }
    }

    pub(crate) fn window_mut(&mut self) -> &mut Window<LabelRow> {
        if self.unmoved_shown {
            &mut self.unmoved
        } else {
            &mut self.refunds
        }
    }
}

/// What a scan is being looked up for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Finding {
    /// To open the order.
    Order(OrderNumber),
    /// To open the order whose tote it is.
    Tote(String),
    /// To open its label.
    Tracking(TrackingNumber),
    /// It is not the label that is due: whose is it?
    WrongLabel(TrackingNumber),
    /// To judge it with what the catalogue knows.
    Code(String),
}

/// What a commit was for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Awaited {
    /// The order opens for packing.
    Packing(OrderId),
    /// Another box of the order opens; the one that was left.
    OtherBox(OrderId, Box<crate::domain::rows::BoxRow>),
    /// A scan of an order.
    Scan(OrderNumber),
    /// A scan whose refusal was said already.
    Dropped,
    /// A refused scan was noted: nobody waits for it.
    Note,
    /// Weight, size or confirmation.
    Measure(OrderId),
    /// Rates were asked for.
    Quote(OrderId),
    /// A question was answered with yes.
    Question(Box<Ask>),
    /// A purchase that was not asked for is taken back.
    Undone,
    /// A sheet is to be printed.
    Print,
    /// A label is on its box.
    PutOn,
    /// A PIN was typed.
    Pin(Box<User>),
    /// A form was handed over.
    Form,
    /// Amazon is to be told again of a label from elsewhere.
    Told,
    /// Something of a pick list, in words.
    Listed(&'static str),
    /// A method was assigned, with the words for it.
    Assigned(String),
    /// Something of a bulk run, in words.
    Bulk(&'static str),
    /// A picked unit, in words.
    Pick(String),
    /// Something of the day's end; what was scanned, where it was a scan.
    Door(Option<String>),
    /// CSV files are written.
    Exported,
}

/// A read that is not answered yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outstanding {
    /// Its request.
    pub(crate) request: RequestId,
    /// The store changed since: read again.
    pub(crate) stale: bool,
}

/// The program's state. One owner, no locks.
pub struct State {
    /// Configuration.
    pub setup: Setup,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// As of the last message.
    pub now: DateTime<Utc>,
    /// Who is signed in.
    pub user: Option<User>,
    /// People who can sign in.
    pub users: Vec<User>,
    /// Selected on the sign-in screen.
    pub selected_user: usize,
    /// Screen.
    pub screen: Screen,
    /// Dialogs, the topmost last.
    pub layers: Vec<Layer>,
    /// What was typed or scanned since the last Enter.
    pub line: String,
    /// The last verdict.
    pub banner: Option<Banner>,
    /// How long the last accepted scan took from Enter to durable.
    pub answer_time: Option<Duration>,
    /// Pick lists.
    pub pick_lists: Window<PickListRow>,
    /// Orders of a list.
    pub orders: OrdersView,
    /// What is known of pick lists besides their rows.
    pub picking: PickingView,
    /// Bulk ship.
    pub bulk: BulkView,
    /// Picking by scan.
    pub pick: PickView,
    /// Refunds.
    pub refunds: RefundsView,
    /// Found orders.
    pub find: FindView,
    /// Who did what.
    pub audit: AuditView,
    /// What must go, and the manifest that is filled.
    pub day_end: DayEnd,
    /// The desk.
    pub desk: DeskView,
    /// The open order.
    pub bench: Option<Bench>,
    /// What the scale says, where the bench has one.
    pub scale: Option<ScaleView>,
    /// The weight on the scale was taken, or was there before the box: it is not offered again until it changes.
    pub(crate) weight_taken: bool,
    /// Who may go on without being asked, and whose order is open.
    pub people: PeopleView,
    /// The terminal shows pictures itself: their place is left blank.
    pub pictures_itself: bool,
    /// The score of a rehearsal.
    pub practice: Option<Practice>,
    /// For the status line.
    pub status: StatusFacts,
    /// What waits for Amazon, while that dialog is open; none until it was read.
    pub board: Option<Vec<BoardRow>>,
    /// Linked carrier accounts and what labels cost, while that dialog is open.
    pub costs: Option<MoneyFacts>,
    /// The store's version that the windows were asked for.
    pub version: i64,
    /// Scans that came while the order they belong to was being opened.
    pub(crate) queue: VecDeque<String>,
    /// Codes that were refused in a row.
    pub(crate) refusals: Refusals,
    /// Once this order is read, its labels are asked to be voided.
    pub(crate) to_pick: Option<OrderId>,
    /// A scan that is being looked up.
    pub(crate) finding: Option<Finding>,
    /// Fresh ids for scans and intents, made outside.
    pub(crate) ids: VecDeque<Uuid>,
    /// More ids were asked for.
    pub(crate) ids_asked: bool,
    /// The last request's number.
    pub(crate) requests: u64,
    /// The latest read of each slot that is not answered yet.
    pub(crate) reads: BTreeMap<Slot, Outstanding>,
    /// Commits that are not answered yet.
    pub(crate) awaited: BTreeMap<RequestId, Awaited>,
    /// What this message asks for; handed out by `update`.
    pub(crate) effects: Vec<Effect>,
}

/// Codes that were refused within a second: nobody scans so fast.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Refusals {
    /// The first of them (UTC).
    pub(crate) since: Option<DateTime<Utc>>,
    /// All of them.
    pub(crate) count: u32,
    /// Those without a row of their own in the history.
    pub(crate) unnoted: u32,
}

/// What is typed may name a customer: its length is shown, and nothing of what stands behind the screens.
impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State")
            .field("screen", &self.screen)
            .field("layers", &self.layers)
            .field("line", &self.line.chars().count())
            .finish_non_exhaustive()
    }
}

impl State {
    /// Scans kept while an order is being opened; more are refused aloud.
    pub(crate) const QUEUE: usize = 32;

    /// A program that has not started: send it [`super::message::Message::Started`].
    pub fn new(setup: Setup, size: (u16, u16), now: DateTime<Utc>) -> Self {
        Self {
            pictures_itself: false,
            practice: setup.rehearsal.map(Practice::new),
            setup,
            size,
            now,
            user: None,
            users: Vec::new(),
            selected_user: 0,
            screen: Screen::SignIn,
            layers: Vec::new(),
            line: String::new(),
            banner: None,
            answer_time: None,
            pick_lists: Window::default(),
            orders: OrdersView::default(),
            picking: PickingView::default(),
            bulk: BulkView::default(),
            pick: PickView::default(),
            refunds: RefundsView::default(),
            find: FindView::default(),
            audit: AuditView::default(),
            desk: DeskView::default(),
            people: PeopleView::default(),
            day_end: DayEnd::default(),
            bench: None,
            scale: None,
            weight_taken: false,
            status: StatusFacts::default(),
            board: None,
            costs: None,
            version: 0,
            queue: VecDeque::new(),
            refusals: Refusals::default(),
            to_pick: None,
            finding: None,
            ids: VecDeque::new(),
            ids_asked: false,
            requests: 0,
            reads: BTreeMap::new(),
            awaited: BTreeMap::new(),
            effects: Vec::new(),
        }
    }

    /// Rows of a list that fit the terminal, a little generously: windows read ahead anyway.
    pub fn visible_rows(&self) -> usize {
        usize::from(self.size.1).clamp(1, 500)
    }

    /// The topmost dialog.
    pub fn layer(&self) -> Option<&Layer> {
        self.layers.last()
    }

    /// Commits that are not answered yet: an exit waits for them.
    pub fn commits_outstanding(&self) -> usize {
        self.awaited.len()
    }

    pub(crate) fn request(&mut self) -> RequestId {
        self.requests += 1;
        RequestId(self.requests)
    }

    pub(crate) fn commit(&mut self, commit: Commit, awaited: Awaited) -> RequestId {
        let request = self.request();
        self.awaited.insert(request, awaited);
        self.effects.push(Effect::Commit(request, commit));
        request
    }

    pub(crate) fn read(&mut self, slot: Slot, query: Query) {
        let request = self.request();
        self.reads.insert(
            slot,
            Outstanding {
                request,
                stale: false,
            },
        );
        self.effects.push(Effect::Read(request, slot, query));
    }

    /// A remark, without sound.
    pub(crate) fn say(&mut self, tone: Tone, words: impl Into<String>) {
        self.banner = Some(Banner {
            tone,
            words: words.into(),
            at: self.now,
        });
    }

    /// Good, aloud.
    pub(crate) fn good(&mut self, words: impl Into<String>) {
        self.say(Tone::Good, words);
        self.effects.push(Effect::Beep(Sound::Good));
    }

    /// Refused, aloud.
    pub(crate) fn bad(&mut self, words: impl Into<String>) {
        self.say(Tone::Bad, words);
        self.effects.push(Effect::Beep(Sound::Bad));
    }

    /// A fresh id; more are asked for in time.
    pub(crate) fn fresh_id(&mut self) -> Option<Uuid> {
        let id = self.ids.pop_front();
        if self.ids.len() < 32 && !self.ids_asked {
            self.ids_asked = true;
            self.effects.push(Effect::FreshIds(64));
        }
        id
    }
}
