//! Splitting the open order for a partial shipment: how many units of each line go as an order of their own.

use crate::app::effect::{Commit, SplitWish};
use crate::app::layers::{Ask, Layer, Question};
use crate::app::state::{Awaited, State};
use crate::domain::ids::{LineId, OrderId, Sku};
use crate::domain::prime;
use crate::domain::rows::OrderDetail;
use crate::domain::split::{self, PartOf, Units};
use crate::domain::user::Permission;

/// What goes and what stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitList {
    /// Order.
    pub order: OrderId,
    /// Its number, with the part where it is one.
    pub title: String,
    /// Lines.
    pub rows: Vec<SplitRow>,
    /// Selected line.
    pub selected: usize,
    /// It is a part already: it can be joined again.
    pub part: Option<PartOf>,
    /// The rule that splitting it breaks.
    pub breach: Option<&'static str>,
}

/// One line of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitRow {
    /// Line.
    pub line: LineId,
    /// Product.
    pub sku: Sku,
    /// Its title.
    pub title: String,
    /// Units.
    pub units: u32,
    /// Units that can go.
    pub free: u32,
    /// Units that go.
    pub going: u32,
}

impl SplitList {
    /// Everything stays at first.
    pub fn of(detail: &OrderDetail) -> Self {
        let free = split::free_units(detail);
        let lines = detail.order.channel.lines.iter();
        Self {
            order: detail.order.id,
            title: detail.order.title(),
            rows: lines
                .map(|line| SplitRow {
                    line: line.id.clone(),
                    sku: line.sku.clone(),
                    title: line.title.clone(),
                    units: line.quantity,
                    free: free.get(&line.id).copied().unwrap_or(0),
                    going: 0,
                })
                .collect(),
            selected: 0,
            part: detail.order.part_of(),
            breach: prime::split_breach(&detail.order.channel),
        }
    }

    /// Units that go, by line.
    pub fn going(&self) -> Units {
        let each = self.rows.iter().filter(|row| row.going > 0);
        each.map(|row| (row.line.clone(), row.going)).collect()
    }

    /// What goes, in words: `1 × MUG-RED`.
    pub fn goods(&self) -> String {
        let each = self.rows.iter().filter(|row| row.going > 0);
        let each: Vec<String> = each.map(|row| format!("{} × {}", row.going, row.sku)).collect();
        each.join(", ")
    }

    /// What is still missing, in words.
    pub fn missing(&self) -> Option<&'static str> {
        let (all, going): (u64, u64) = self.rows.iter().fold((0, 0), |(all, going), row| {
            (all + u64::from(row.units), going + u64::from(row.going))
        });
        match going {
            0 => Some("nothing goes yet: select a line and type how many units of it go, then Enter"),
            _ if going == all => Some("nothing would stay: at least one unit must"),
            _ => None,
        }
    }

    /// Enter alone: all units of the line that can go, or none.
    fn turn_over(&mut self) {
        if let Some(row) = self.rows.get_mut(self.selected) {
            row.going = if row.going == 0 { row.free } else { 0 };
        }
        self.next();
    }

    fn next(&mut self) {
        self.selected = (self.selected + 1).min(self.rows.len().saturating_sub(1));
    }
}

impl State {
    /// The open order can be split, or is a part that can be joined.
    pub(crate) fn can_split(&self) -> bool {
        let detail = self.bench.as_ref().and_then(|bench| bench.detail.as_ref());
        detail.is_some_and(|detail| {
            let units: u32 = detail.order.channel.lines.iter().map(|line| line.quantity).sum();
            let open = split::may_split(&detail.order).is_ok();
            open && (units > 1 || detail.order.part_of().is_some())
        })
    }

    /// The key opens the dialog; pressed there, it asks whether to join the parts again.
    pub(crate) fn split_key(&mut self) {
        if let Some(Layer::Split(list)) = self.layers.last() {
            let lines = vec![
                format!(
                    "Order {}: its units and those of its first other open part are one order again.",
                    list.title
                ),
                "The later part ends; nothing of it may lie in a box or have a label.".to_owned(),
            ];
            let order = list.order;
            self.layers.pop();
            self.ask(Question::new(Ask::Join(order), lines));
            return;
        }
        let detail = self.bench.as_ref().and_then(|bench| bench.detail.as_ref());
        if let Some(list) = detail.map(SplitList::of) {
            self.layers.push(Layer::Split(Box::new(list)));
        }
    }

    /// A number in the dialog is how many units of the selected line go. `false`: it is a scan.
    pub(crate) fn typed_into_split(&mut self, text: &str) -> bool {
        let Some(Layer::Split(list)) = self.layers.last_mut() else {
            return false;
        };
        let text = text.trim();
        // Barcodes are longer than any quantity.
        let number = (text.len() <= 4).then(|| text.parse::<u32>().ok()).flatten();
        let Some(number) = number else { return false };
        let Some(row) = list.rows.get_mut(list.selected) else {
            return true;
        };
        if number > row.free {
            let words = if row.free < row.units {
                format!(
                    "{number} of {} cannot go: {} can; what lies in a box stays",
                    row.sku, row.free
                )
            } else {
                format!("the order has {} of {}", row.units, row.sku)
            };
            self.bad(words);
            return true;
        }
        row.going = number;
        list.next();
        true
    }

    pub(crate) fn turn_split_row(&mut self) {
        if let Some(Layer::Split(list)) = self.layers.last_mut() {
            list.turn_over();
        }
    }

    /// The yes key in the dialog.
    pub(crate) fn split_yes(&mut self) {
        let Some(Layer::Split(list)) = self.layers.last() else {
            return;
        };
        let list = list.clone();
        if let Some(words) = list.missing() {
            self.bad(format!("not yet: {words}"));
            return;
        }
        if let Some(rule) = list.breach {
            if !self.may(Permission::BreakPrime) {
                self.bad(format!("{}: {rule}", self.may_not(Permission::BreakPrime)));
                return;
            }
            self.layers.pop();
            let lines = vec![
                format!(
                    "Order {}: {} go as an order of their own.",
                    list.title,
                    list.goods()
                ),
                format!("! PRIME: {rule}. Amazon may count this one against you."),
                "Type why (two words or more) and Enter.".to_owned(),
            ];
            let ask = Ask::Split(list.order, list.going());
            self.ask(Question::new(ask, lines).with_reasons(&[]));
            return;
        }
        let Some(by) = self.user.as_ref().map(|user| user.id) else {
            return;
        };
        self.layers.pop();
        let words = format!(
            "split: {} wait as an order of their own, Ready to Pick",
            list.goods()
        );
        self.commit(
            Commit::Split(SplitWish {
                order: list.order,
                units: list.going(),
                by,
                reason: String::new(),
            }),
            Awaited::Assigned(words),
        );
    }
}
