//! Every order in about a hundred bytes, asked whole at each keystroke.

use super::words::{NO_FLAG, Search, Span, Test, minutes};
use super::{FLAG_WORDS, FindRow, Names, Tracking, flag_word};
use crate::domain::badge::Badge;
use crate::domain::ids::OrderId;
use crate::domain::shipment::LabelState;
use crate::domain::status::OrderStatus;
use std::cmp::Ordering;

/// So many changes are put into their places one by one.
const FEW: usize = 500;

/// Bytes of a row.
pub(super) const ROW: usize = size_of::<Kept>();

/// Bytes of its place in the list.
pub(super) const PLACE: usize = size_of::<u32>();

/// No moment, no price.
const NONE: i32 = i32::MIN;

/// What is kept of one order.
#[derive(Clone, Copy)]
struct Kept {
    id: i64,
    /// Which pairs of signs its text has: a word with another pair is not in it.
    pairs: [u64; 2],
    ship_by: i32,
    deliver_by: i32,
    cost: i32,
    text: u32,
    list: u32,
    length: u16,
    store: u16,
    carrier: u16,
    method: u16,
    status: u8,
    badges: u8,
    /// Place in [`LabelState::ALL`] from 1; 0: no label.
    label: u8,
    flags: u8,
    tracking: u8,
}

/// Words that many orders share: stores, carriers, methods. In lower case.
#[derive(Default)]
struct Shared(Vec<String>);

impl Shared {
    fn number(&mut self, word: &str) -> u16 {
        let word = word.to_lowercase();
        let known = self.0.iter().position(|known| *known == word);
        let place = known.unwrap_or_else(|| {
            self.0.push(word);
            self.0.len() - 1
        });
        u16::try_from(place).unwrap_or(u16::MAX)
    }

    /// Which of them fulfil a condition.
    fn which(&self, is: impl Fn(&str) -> bool) -> Vec<bool> {
        self.0.iter().map(|word| is(word)).collect()
    }
}

/// What of every order may be asked for, in memory.
#[derive(Default)]
pub struct Index {
    /// By order, rising.
    rows: Vec<Kept>,
    /// Places in `rows` as a list shows them: open orders first, the most urgent at the top.
    order: Vec<u32>,
    /// Places whose row is not in its place of `order`, or not in it at all.
    unsorted: Vec<u32>,
    /// Rows have moved: `order` is to be made from anew.
    stale: bool,
    text: String,
    /// Bytes of `text` that no row uses any more.
    unused: usize,
    stores: Shared,
    carriers: Shared,
    methods: Shared,
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Orders of the window, in the order of the list.
    pub orders: Vec<OrderId>,
    /// Orders in all.
    pub total: usize,
}

impl Index {
    /// Orders in it.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// No order is in it.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Bytes taken.
    pub fn size(&self) -> usize {
        self.rows.capacity() * ROW + self.order.capacity() * PLACE + self.text.capacity()
    }

    /// Gives back what growing took too much of.
    pub fn shrink(&mut self) {
        self.rows.shrink_to_fit();
        self.text.shrink_to_fit();
        self.order.shrink_to_fit();
    }

    /// Takes an order in, or what became of it.
    pub fn put(&mut self, row: &FindRow) {
        let place = self.rows.binary_search_by_key(&row.id.0, |kept| kept.id);
        let known = place.ok().map(|place| self.rows[place]);
        let (text, length) = self.put_text(row, known);
        let label = row
            .label
            .and_then(|label| LabelState::ALL.iter().position(|state| *state == label));
        let kept = Kept {
            id: row.id.0,
            pairs: pairs(&row.text),
            ship_by: row.ship_by.map_or(NONE, |time| narrow(minutes(time))),
            deliver_by: row.deliver_by.map_or(NONE, |time| narrow(minutes(time))),
            cost: row.cost.map_or(NONE, |cost| {
                let hundredths = match cost.currency.exponent() {
                    0 => cost.minor.saturating_mul(100),
                    3 => cost.minor / 10,
                    _ => cost.minor,
                };
                narrow(hundredths)
            }),
            text,
            list: row
                .pick_list
                .map_or(0, |list| u32::try_from(list.0).unwrap_or(u32::MAX)),
            length,
            store: self.stores.number(row.store.as_str()),
            carrier: self.carriers.number(&row.carrier),
            method: self.methods.number(&row.method),
            status: bit_place(&OrderStatus::ALL, &row.status),
            badges: row
                .badges
                .iter()
                .fold(0, |bits, badge| bits | 1 << bit_place(&Badge::ALL, badge)),
            label: label.map_or(0, |place| u8::try_from(place + 1).unwrap_or(0)),
            flags: row.flags.iter().fold(0, |bits, flag| {
                bits | 1 << bit_place(&FLAG_WORDS, &flag_word(flag))
            }),
            tracking: bit_place(&Tracking::ALL, &Tracking::of(row.label, row.scanned)),
        };
        match place {
            Ok(place) => {
                let old = std::mem::replace(&mut self.rows[place], kept);
                if old.ship_by != kept.ship_by || is_open(&old) != is_open(&kept) {
                    self.unsorted.push(u32::try_from(place).unwrap_or(u32::MAX));
                }
            }
            Err(place) => {
                if place == self.rows.len() {
                    self.unsorted.push(u32::try_from(place).unwrap_or(u32::MAX));
                } else {
                    // Every later row moves.
                    self.stale = true;
                }
                self.rows.insert(place, kept);
            }
        }
    }

    fn put_text(&mut self, row: &FindRow, known: Option<Kept>) -> (u32, u16) {
        if let Some(known) = known {
            if self.text_of(&known) == row.text {
                return (known.text, known.length);
            }
            self.unused += usize::from(known.length);
        }
        if self.unused * 2 > self.text.len() {
            self.pack_text();
        }
        let end = row.text.floor_char_boundary(usize::from(u16::MAX));
        let at = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.text.push_str(&row.text[..end]);
        (at, u16::try_from(end).unwrap_or(u16::MAX))
    }

    fn pack_text(&mut self) {
        let mut packed = String::with_capacity(self.text.len() - self.unused);
        for row in &mut self.rows {
            let at = u32::try_from(packed.len()).unwrap_or(u32::MAX);
            let from = row.text as usize;
            packed.push_str(&self.text[from..from + usize::from(row.length)]);
            row.text = at;
        }
        self.text = packed;
        self.unused = 0;
    }

    fn text_of(&self, row: &Kept) -> &str {
        let from = row.text as usize;
        &self.text[from..from + usize::from(row.length)]
    }

    /// Puts into its place what changed; where it is much, or rows have moved, all from anew.
    fn sort(&mut self) {
        let mut changed = std::mem::take(&mut self.unsorted);
        changed.sort_unstable();
        changed.dedup();
        let mut order = std::mem::take(&mut self.order);
        if std::mem::take(&mut self.stale) || changed.len() > FEW {
            order.clear();
            order.extend(0..u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
            order.sort_by(|one, other| self.compare(*one, *other));
        } else if !changed.is_empty() {
            order.retain(|place| changed.binary_search(place).is_err());
            for place in changed {
                let at = order.partition_point(|other| self.compare(*other, place) == Ordering::Less);
                order.insert(at, place);
            }
        }
        self.order = order;
    }

    /// Open orders by ship-by, the earliest first; then the others, the latest first.
    fn compare(&self, one: u32, other: u32) -> Ordering {
        let (one, other) = (&self.rows[one as usize], &self.rows[other as usize]);
        let by_number = || {
            self.text_of(one)
                .cmp(self.text_of(other))
                .then(one.id.cmp(&other.id))
        };
        let by_date = |row: &Kept| {
            if row.ship_by == NONE {
                i32::MAX
            } else {
                row.ship_by
            }
        };
        match (is_open(one), is_open(other)) {
            (true, true) => by_date(one).cmp(&by_date(other)).then_with(by_number),
            (false, false) => other.ship_by.cmp(&one.ship_by).then_with(by_number),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }

    /// The orders that a search asks for: `limit` from the `first` one. A free word may also be a customer's PO
    /// number, or, with `with_names`, a part of a name, as far as `names` holds them; and it may stand for SKUs
    /// that carry it as a barcode (`meanings`).
    pub fn find(
        &mut self,
        search: &Search,
        names: &Names,
        with_names: bool,
        meanings: &[(String, Vec<String>)],
        first: usize,
        limit: usize,
    ) -> Found {
        self.sort();
        let tests: Vec<Asked<'_>> = search
            .terms
            .iter()
            .map(|term| self.prepare(&term.test, term.not, meanings))
            .collect();
        let mut hits = vec![0_u64; self.rows.len().div_ceil(64)];
        let mut total = 0;
        let mut walk = names.walk(with_names);
        for (place, row) in self.rows.iter().enumerate() {
            if tests
                .iter()
                .all(|asked| self.holds(asked, row, &mut walk) != asked.not)
            {
                hits[place / 64] |= 1 << (place % 64);
                total += 1;
            }
        }
        let is_hit = |place: &&u32| hits[**place as usize / 64] >> (**place % 64) & 1 == 1;
        let window = self.order.iter().filter(is_hit).skip(first).take(limit);
        Found {
            orders: window
                .map(|place| OrderId(self.rows[*place as usize].id))
                .collect(),
            total,
        }
    }

    fn prepare<'a>(&self, test: &'a Test, not: bool, meanings: &'a [(String, Vec<String>)]) -> Asked<'a> {
        let holds_any = |words: &[String], word: &str| {
            let mut words = words.iter();
            words.any(|asked| {
                if asked.is_empty() {
                    word.is_empty()
                } else {
                    word.contains(asked.as_str())
                }
            })
        };
        let test = match test {
            Test::Text(word) => Ready::Text {
                word,
                pairs: pairs(word),
                skus: meanings
                    .iter()
                    .find(|(code, _)| code == word)
                    .map_or(&[], |(_, skus)| skus),
            },
            Test::Store(words) => {
                Ready::Store(self.stores.which(|store| words.iter().any(|word| word == store)))
            }
            Test::Carrier(words) => Ready::Carrier(self.carriers.which(|carrier| holds_any(words, carrier))),
            Test::Method(words) => Ready::Method(self.methods.which(|method| holds_any(words, method))),
            other => Ready::Plain(other),
        };
        Asked { not, test }
    }

    fn holds(&self, asked: &Asked<'_>, row: &Kept, walk: &mut super::names::Walk<'_>) -> bool {
        let one = |which: &[bool], number: u16| which.get(usize::from(number)).copied().unwrap_or(false);
        let bit = |bits: u32, place: u8| bits >> place & 1 == 1;
        match &asked.test {
            Ready::Text { word, pairs, skus } => {
                let may = pairs
                    .iter()
                    .zip(&row.pairs)
                    .all(|(asked, has)| asked & has == *asked);
                may && self.text_of(row).contains(word)
                    || !skus.is_empty() && has_word(self.text_of(row), skus)
                    || walk.holds(row.id, word)
            }
            Ready::Store(which) => one(which, row.store),
            Ready::Carrier(which) => one(which, row.carrier),
            Ready::Method(which) => one(which, row.method),
            Ready::Plain(test) => match test {
                Test::Sku(skus) => has_word(self.text_of(row), skus),
                Test::Status(bits) => bit(*bits, row.status),
                Test::Badge(bits) => bits & u32::from(row.badges) != 0,
                Test::ShipBy(span) => span_holds(*span, row.ship_by),
                Test::DeliverBy(span) => span_holds(*span, row.deliver_by),
                Test::Cost(span) => span_holds(*span, row.cost),
                Test::Tracking(bits) => bit(*bits, row.tracking),
                Test::Label(bits) => row.label > 0 && bit(*bits, row.label - 1),
                Test::Flag(bits) => bits & u32::from(row.flags) != 0 || bits & NO_FLAG != 0 && row.flags == 0,
                Test::List(lists) => lists.contains(&i64::from(row.list)),
                Test::Listed => row.list > 0,
                Test::Text(_) | Test::Store(_) | Test::Carrier(_) | Test::Method(_) => false,
            },
        }
    }
}

/// A condition, ready to be asked of 100,000 orders.
struct Asked<'a> {
    not: bool,
    test: Ready<'a>,
}

enum Ready<'a> {
    Text {
        word: &'a str,
        pairs: [u64; 2],
        skus: &'a [String],
    },
    Store(Vec<bool>),
    Carrier(Vec<bool>),
    Method(Vec<bool>),
    Plain(&'a Test),
}

fn is_open(row: &Kept) -> bool {
    OrderStatus::ALL
        .get(usize::from(row.status))
        .is_some_and(|status| status.is_open())
}

fn span_holds(span: Span, number: i32) -> bool {
    span.holds((number != NONE).then_some(i64::from(number)))
}

/// One of these is a whole word of the text.
fn has_word(text: &str, words: &[String]) -> bool {
    words.iter().any(|word| {
        let mut places = text.match_indices(word.as_str());
        places.any(|(at, _)| {
            let (before, after) = (&text[..at], &text[at + word.len()..]);
            before.ends_with(' ') && (after.is_empty() || after.starts_with(' '))
        })
    })
}

/// Which pairs of neighbouring signs a text has, by a hash of each.
pub(super) fn pairs(text: &str) -> [u64; 2] {
    let mut pairs = [0_u64; 2];
    for pair in text.as_bytes().windows(2) {
        let pair = u32::from(u16::from_be_bytes([pair[0], pair[1]]));
        let hash = pair.wrapping_mul(0x9E37_79B1) >> 25;
        pairs[(hash >> 6) as usize] |= 1 << (hash & 63);
    }
    pairs
}

fn bit_place<T: PartialEq>(all: &[T], one: &T) -> u8 {
    let place = all.iter().position(|other| other == one).unwrap_or(0);
    u8::try_from(place).unwrap_or(0)
}

fn narrow(number: i64) -> i32 {
    i32::try_from(number.clamp(i64::from(i32::MIN + 1), i64::from(i32::MAX))).unwrap_or(i32::MAX)
}
