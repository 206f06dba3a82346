//! What belongs to customers and may be searched for: names and PO numbers, in memory alone, zeroized.

use crate::domain::customer::CustomerData;
use crate::domain::ids::OrderId;
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// Bytes of one piece: pieces never grow, so that no copy is left behind by growing.
pub(super) const PIECE: usize = 64 * 1024;
/// Longest text kept of one order.
const LONGEST: usize = 1024;

/// Names and PO numbers of orders that are not erased. Prints as `•••`; zeroized when dropped or forgotten.
#[derive(Default)]
pub struct Names {
    pieces: Vec<Zeroizing<Vec<u8>>>,
    /// By order, rising.
    entries: Vec<Entry>,
}

#[derive(Clone, Copy)]
struct Entry {
    order: i64,
    piece: u32,
    at: u32,
    names: u16,
    po: u16,
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Names({} orders, •••)", self.entries.len())
    }
}

impl Names {
    /// Orders whose names are kept.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// No order's names are kept.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Bytes taken.
    pub fn size(&self) -> usize {
        self.pieces.len() * PIECE + self.entries.capacity() * size_of::<Entry>()
    }

    /// Keeps an order's names and PO number, in lower case, instead of what was kept before.
    pub fn put(&mut self, order: OrderId, customer: &CustomerData) {
        self.forget(order);
        let (to, by) = (&customer.recipient, &customer.buyer);
        let mut names = Zeroizing::new(String::with_capacity(LONGEST));
        for name in [&to.name, &to.company, &by.name, &by.company] {
            let name = Zeroizing::new(name.to_lowercase());
            if !name.is_empty() && !names.contains(name.as_str()) && names.len() + name.len() < LONGEST {
                if !names.is_empty() {
                    names.push('\n');
                }
                names.push_str(&name);
            }
        }
        let po = Zeroizing::new(by.po_number.to_lowercase());
        let po = if po.len() < LONGEST { po.as_bytes() } else { &[] };
        let needed = names.len() + po.len();
        if needed == 0 {
            return;
        }
        let room = self.pieces.last().map_or(0, |piece| PIECE - piece.len());
        if room < needed {
            self.pieces.push(Zeroizing::new(Vec::with_capacity(PIECE)));
        }
        let Some(piece) = self.pieces.last_mut() else {
            return;
        };
        let at = piece.len();
        piece.extend_from_slice(names.as_bytes());
        piece.extend_from_slice(po);
        let entry = Entry {
            order: order.0,
            piece: narrow(self.pieces.len() - 1),
            at: narrow(at),
            names: u16::try_from(names.len()).unwrap_or(0),
            po: u16::try_from(po.len()).unwrap_or(0),
        };
        match self.place(order) {
            Ok(place) => self.entries[place] = entry,
            Err(place) => self.entries.insert(place, entry),
        }
    }

    /// Overwrites what is kept of an order.
    pub fn forget(&mut self, order: OrderId) {
        let Ok(place) = self.place(order) else { return };
        let entry = self.entries.remove(place);
        if let Some(bytes) = self.pieces.get_mut(entry.piece as usize) {
            let from = entry.at as usize;
            let length = usize::from(entry.names) + usize::from(entry.po);
            bytes[from..from + length].zeroize();
        }
    }

    fn place(&self, order: OrderId) -> Result<usize, usize> {
        self.entries.binary_search_by_key(&order.0, |entry| entry.order)
    }

    /// Everything that is kept, for a test that nothing is.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.pieces
            .iter()
            .flat_map(|piece| piece.iter().copied())
            .collect()
    }

    /// How many pieces there are; none where one has grown, and so left behind what was in it.
    #[cfg(test)]
    pub(super) fn pieces(&self) -> Option<usize> {
        let in_place = self.pieces.iter().all(|piece| piece.capacity() == PIECE);
        in_place.then_some(self.pieces.len())
    }

    /// Asks orders in rising order.
    pub(super) fn walk(&self, with_names: bool) -> Walk<'_> {
        Walk {
            names: self,
            with_names,
            next: 0,
        }
    }
}

/// Orders asked one after the other.
pub(super) struct Walk<'a> {
    names: &'a Names,
    with_names: bool,
    next: usize,
}

impl Walk<'_> {
    /// The PO number of this order, or its names where they are asked for, contain the word.
    pub(super) fn holds(&mut self, order: i64, word: &str) -> bool {
        let entries = &self.names.entries;
        while entries.get(self.next).is_some_and(|entry| entry.order < order) {
            self.next += 1;
        }
        let Some(entry) = entries.get(self.next).filter(|entry| entry.order == order) else {
            return false;
        };
        let Some(piece) = self.names.pieces.get(entry.piece as usize) else {
            return false;
        };
        let middle = entry.at as usize + usize::from(entry.names);
        let po = &piece[middle..middle + usize::from(entry.po)];
        contains(po, word.as_bytes())
            || self.with_names && contains(&piece[entry.at as usize..middle], word.as_bytes())
    }
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    let Some(first) = word.first() else { return true };
    let mut rest = text;
    while rest.len() >= word.len() {
        let Some(at) = rest[..=rest.len() - word.len()]
            .iter()
            .position(|byte| byte == first)
        else {
            return false;
        };
        if rest[at..].starts_with(word) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
