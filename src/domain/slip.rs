//! The packing slip of a box: what lies in it, for whom, and what a gift says. In every box of a business order
//! (amazon.md 8), and where a gift has a message.
//!
//! Its lines are customer data: they are made at the moment of printing, shown in no log, and overwritten after.

use super::customer::CustomerData;
use super::ids::BoxId;
use super::packing::PackingSession;
use super::rows::OrderDetail;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Longest line, in characters: one line of a 4-inch label.
pub const WIDTH: usize = 44;

/// Most lines: a slip of several sheets, not of a roll.
const MOST_LINES: usize = 300;

/// A packing slip, line by line.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Slip {
    /// Order's number, for the barcode.
    pub number: String,
    /// Lines of at most [`WIDTH`] characters.
    pub lines: Vec<String>,
}

impl std::fmt::Debug for Slip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("•••")
    }
}

/// What is printed beside a label.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// A purchase order number for a strip of its own.
    pub po: Option<&'a str>,
    /// The box's packing slip.
    pub slip: Option<&'a Slip>,
}

impl Slip {
    /// The slip goes into the box without being asked for.
    pub fn is_due(detail: &OrderDetail, customer: &CustomerData) -> bool {
        let gift = customer
            .gift_messages
            .iter()
            .any(|(_, text)| !text.trim().is_empty());
        detail.order.channel.programs.business || gift
    }

    /// The slip of a box of the order.
    pub fn of(detail: &OrderDetail, customer: &CustomerData, parcel: BoxId) -> Self {
        let channel = &detail.order.channel;
        let mut slip = Self {
            number: channel.number.0.clone(),
            lines: Vec::new(),
        };
        slip.add("PACKING SLIP");
        slip.add(&format!("Order {}", channel.number));
        if let Some(part) = detail.order.part_of() {
            slip.add(&format!("This is {part}: the rest is sent separately"));
        }
        if !customer.buyer.po_number.trim().is_empty() {
            slip.add(&format!("PO {}", customer.buyer.po_number));
        }
        let filled: Vec<BoxId> = detail
            .boxes
            .iter()
            .map(|row| row.id)
            .filter(|id| *id == parcel || !PackingSession::of_box(detail, *id).is_empty())
            .collect();
        if let Some(place) = filled
            .iter()
            .position(|id| *id == parcel)
            .filter(|_| filled.len() > 1)
        {
            slip.add(&format!("Box {} of {}", place + 1, filled.len()));
        }
        slip.lines.push(String::new());
        let to = &customer.recipient;
        let city = format!("{} {} {} {}", to.city, to.state, to.postal_code, to.country);
        for line in [&to.name, &to.company]
            .into_iter()
            .chain(&to.lines)
            .chain([&city])
        {
            if !line.trim().is_empty() {
                slip.add(line);
            }
        }
        slip.lines.push(String::new());
        for item in PackingSession::of_box(detail, parcel).parcel_items() {
            if let Some(line) = channel.lines.iter().find(|line| line.id == item.line) {
                slip.add(&format!("{} x {} [{}]", item.quantity, line.title, line.sku));
            }
        }
        for (_, message) in &customer.gift_messages {
            if !message.trim().is_empty() {
                slip.lines.push(String::new());
                slip.add("Gift message:");
                slip.add(message);
            }
        }
        slip
    }

    /// Adds words, broken into lines.
    fn add(&mut self, words: &str) {
        let mut line = String::new();
        for word in words.split_whitespace() {
            let letters: Vec<char> = word.chars().collect();
            // A word that is longer than a line is torn: no piece of it has room beside another.
            for piece in letters.chunks(WIDTH) {
                let used = line.chars().count();
                if used > 0 && used + 1 + piece.len() > WIDTH {
                    self.push(std::mem::take(&mut line));
                }
                if !line.is_empty() {
                    line.push(' ');
                }
                line.extend(piece);
            }
        }
        if !line.is_empty() {
            self.push(line);
        }
    }

    fn push(&mut self, line: String) {
        if self.lines.len() < MOST_LINES {
            self.lines.push(line);
        }
    }
}

#[cfg(test)]
mod tests;
