//! What came of each of many orders: its line, the summary, the exit status.

use crate::commands::orders::label_words;
use crate::domain::ids::OrderNumber;
use crate::domain::money::Money;
use crate::domain::rows::LabelRow;
use crate::error::Exit;
use crate::sync::{BulkBox, BulkEnd};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;

/// What came of one order, for its line and the summary.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) number: OrderNumber,
    pub(super) came: Came,
    pub(super) words: String,
    pub(super) price: Option<Money>,
    pub(super) label: Option<Box<LabelRow>>,
}

/// In the order of the summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Came {
    Bought,
    NotPrinted,
    WouldBuy,
    Already,
    Refused,
    Waits,
    Unknown,
}

impl Came {
    const ALL: [Self; 7] = [
        Self::Bought,
        Self::NotPrinted,
        Self::WouldBuy,
        Self::Already,
        Self::Refused,
        Self::Waits,
        Self::Unknown,
    ];

    fn words(self) -> &'static str {
        match self {
            Self::Bought => "bought",
            Self::NotPrinted => "bought, not printed",
            Self::WouldBuy => "would be bought",
            Self::Already => "has a label already",
            Self::Refused => "refused",
            Self::Waits => "waits",
            Self::Unknown => "UNKNOWN whether bought",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Bought => "bought",
            Self::NotPrinted => "not_printed",
            Self::WouldBuy => "would_buy",
            Self::Already => "already",
            Self::Refused => "refused",
            Self::Waits => "waits",
            Self::Unknown => "unknown",
        }
    }
}

/// Says each order as it ends, or keeps them for one JSON value.
pub(super) struct Told<'a> {
    pub(super) text: Option<&'a mut dyn Write>,
    pub(super) lines: Vec<Line>,
}

impl Told<'_> {
    pub(super) fn say(&mut self, line: Line) -> std::io::Result<()> {
        self.note(&format!("{}  {}: {}", line.number, line.came.words(), line.words))?;
        self.lines.push(line);
        Ok(())
    }

    pub(super) fn note(&mut self, words: &str) -> std::io::Result<()> {
        if let Some(text) = &mut self.text {
            writeln!(text, "{words}")?;
            text.flush()?;
        }
        Ok(())
    }

    /// What was bought and could not be printed.
    pub(super) fn printed(&mut self, failed: &BTreeMap<OrderNumber, String>) -> std::io::Result<()> {
        let mut notes = Vec::new();
        for line in &mut self.lines {
            if line.came == Came::Bought
                && let Some(why) = failed.get(&line.number)
            {
                line.came = Came::NotPrinted;
                notes.push(format!(
                    "{}  NOT PRINTED: {why}; now: tapegun label {} --print",
                    line.number, line.number
                ));
            }
        }
        notes.iter().try_for_each(|words| self.note(words))
    }
}

pub(super) fn line_of(one: &BulkBox, end: BulkEnd) -> Line {
    let line = |came, words: String| Line {
        number: one.number.clone(),
        came,
        words,
        price: None,
        label: None,
    };
    match end {
        BulkEnd::WouldBuy(choice) => Line {
            price: Some(choice.price),
            ..line(Came::WouldBuy, choice.price.to_string())
        },
        BulkEnd::Bought(label) => {
            // A label that is held, or came without its document, has no sheet.
            let came = if label.held || label.document.is_none() {
                Came::NotPrinted
            } else {
                Came::Bought
            };
            Line {
                price: Some(label.price),
                label: Some(label.clone()),
                ..line(came, label_words(&label))
            }
        }
        BulkEnd::Refused(why) => line(Came::Refused, why),
        BulkEnd::Unknown(label) => Line {
            label: Some(label.clone()),
            ..line(Came::Unknown, label_words(&label))
        },
        BulkEnd::Waits(why) => line(Came::Waits, why),
    }
}

/// What the labels cost together, by currency.
fn total(lines: &[Line]) -> BTreeMap<String, Money> {
    let mut total: BTreeMap<String, Money> = BTreeMap::new();
    for price in lines.iter().filter_map(|line| line.price) {
        total
            .entry(price.currency.code().to_owned())
            .and_modify(|sum| sum.minor += price.minor)
            .or_insert(price);
    }
    total
}

fn counts(lines: &[Line]) -> Vec<(Came, usize)> {
    let each = Came::ALL.into_iter().map(|came| {
        let count = lines.iter().filter(|line| line.came == came).count();
        (came, count)
    });
    each.filter(|(_, count)| *count > 0).collect()
}

/// `12 bought, 1 refused; $98.40 together`, and what to do now.
pub(super) fn summary(lines: &[Line]) -> String {
    let counts = counts(lines);
    let parts: Vec<String> = counts
        .iter()
        .map(|(came, count)| format!("{count} {}", came.words()))
        .collect();
    let sums: Vec<String> = total(lines).values().map(Money::to_string).collect();
    let mut text = if parts.is_empty() {
        "nothing to ship".to_owned()
    } else {
        parts.join(", ")
    };
    if !sums.is_empty() {
        text = format!("{text}; {} together", sums.join(" and "));
    }
    for (came, words) in [
        (
            Came::WouldBuy,
            "nothing was bought: --yes instead of --dry-run buys",
        ),
        (Came::Waits, "run it again: what has a label is passed over"),
        (
            Came::Unknown,
            "tapegun sync --once looks them up; buy no other label for these boxes",
        ),
    ] {
        if counts.iter().any(|(counted, _)| *counted == came) {
            text = format!("{text}\n  now: {words}");
        }
    }
    text
}

pub(super) fn whole(lines: &[Line]) -> Value {
    let orders: Vec<Value> = lines
        .iter()
        .map(|line| {
            json!({
                "number": line.number, "result": line.came.key(), "words": line.words,
                "price": line.price, "label": line.label,
            })
        })
        .collect();
    let counts: BTreeMap<&str, usize> = counts(lines)
        .into_iter()
        .map(|(came, count)| (came.key(), count))
        .collect();
    let total: Vec<Money> = total(lines).into_values().collect();
    json!({ "orders": orders, "counts": counts, "total": total })
}

/// The gravest of all.
pub(super) fn exit(lines: &[Line]) -> Exit {
    let any = |came| lines.iter().any(|line| line.came == came);
    if any(Came::Unknown) {
        Exit::Unknown
    } else if any(Came::Waits) {
        Exit::Waiting
    } else if any(Came::Refused) {
        Exit::Refused
    } else if any(Came::NotPrinted) {
        Exit::Failed
    } else {
        Exit::Done
    }
}
