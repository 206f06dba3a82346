//! Which key does what. The table is data (`assets/keys.toml`); footer, help and documents are made from it.

use super::message::{Key, KeyPress};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;

/// Something a key can do. In the order in which help shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Act on the selection.
    Open,
    /// Yes to a question; opens the question that buys.
    Yes,
    /// Weight of the box.
    Weight,
    /// Size of the box.
    Size,
    /// Delivery Confirmation.
    Confirmation,
    /// Shop rates.
    Rates,
    /// Go on without a transparency code.
    Override,
    /// Close the box, open the next one.
    NextBox,
    /// The boxes of the order.
    Boxes,
    /// Take back the last scan, the box's closing, or a purchase that was not asked for.
    Undo,
    /// Print again.
    Print,
    /// Print the box's packing slip.
    Slip,
    /// Print the barcodes of commands and boxes.
    CommandSheet,
    /// Void, or withdraw.
    Void,
    /// Order back to Ready to Pick: void every label.
    ReadyToPick,
    /// In a void: the old label is destroyed.
    Destroyed,
    /// Show the label.
    Label,
    /// Look at the label or slip as it is printed.
    Look,
    /// Why services are missing.
    WhyNot,
    /// Linked carrier accounts and what labels cost.
    Costs,
    /// What waits for Amazon.
    Waiting,
    /// Settle flags.
    Flags,
    /// Assign the order's method ahead.
    Method,
    /// Shipping policies.
    Policies,
    /// Why the method is picked.
    Why,
    /// Hold, or release.
    Hold,
    /// Write a note.
    Note,
    /// Split the order, or join its parts.
    Split,
    /// Cancel the order.
    CancelOrder,
    /// Hold or release all that are found.
    ChangeMany,
    /// A supervisor's decision.
    Decide,
    /// Record a label that was bought elsewhere, or tell Amazon of it again.
    Outside,
    /// Take in an order that is not Amazon's.
    AddOrder,
    /// Find orders by words and filters.
    Find,
    /// Orders of every list.
    AllOrders,
    /// Make a pick list.
    NewList,
    /// Take the next saved template.
    Template,
    /// Say whose pick list it is.
    Assign,
    /// Take an order off its pick list.
    Unlist,
    /// Print the pick list.
    PrintList,
    /// Pick by scan.
    Pick,
    /// Bulk ship; there: stop, or look at the refused again.
    Bulk,
    /// Mark an order.
    Mark,
    /// Mark all, or none.
    MarkAll,
    /// Refunds; there: labels without a carrier scan, and back.
    Refunds,
    /// Who did what.
    Audit,
    /// What must go, and manifests; there: labels that never moved, and back.
    DayEnd,
    /// A missing parcel does not go.
    LeaveBehind,
    /// Ask Amazon for a collection form.
    CollectionForm,
    /// The desk; there: write its numbers as CSV files.
    Desk,
    /// Book a refund.
    Book,
    /// Selection up.
    Up,
    /// Selection down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// First row.
    First,
    /// Last row.
    Last,
    /// Back.
    Back,
    /// Help.
    Help,
    /// Sign out.
    SignOut,
    /// Quit.
    Quit,
}

/// An action's key and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Key.
    pub press: KeyPress,
    /// A second key that does the same, where not every terminal hands over the first.
    pub also: Option<KeyPress>,
    /// Word in the footer.
    pub label: String,
    /// What it does.
    pub says: String,
}

/// Every action with its key and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyMap(BTreeMap<Action, Binding>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBinding {
    key: String,
    also: Option<String>,
    label: String,
    says: String,
}

impl KeyMap {
    /// The table that comes with the program.
    pub fn standard() -> Self {
        Self::parse(include_str!("../../assets/keys.toml")).expect("the embedded table is checked by a test")
    }

    /// Reads a whole table; the words say what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let raw: BTreeMap<Action, RawBinding> = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut map = BTreeMap::new();
        for (
            action,
            RawBinding {
                key,
                also,
                label,
                says,
            },
        ) in raw
        {
            map.insert(
                action,
                Binding {
                    press: parse_key(&key)?,
                    also: also.as_deref().map(parse_key).transpose()?,
                    label,
                    says,
                },
            );
        }
        let keys = Self(map);
        keys.check()?;
        Ok(keys)
    }

    /// Gives an action (by its name in the table, e.g. `rates`) another key, its only one.
    pub fn rebind(&mut self, action: &str, key: &str) -> Result<(), String> {
        #[derive(Deserialize)]
        struct Named {
            action: Action,
        }
        let text = format!("action = \"{action}\"");
        let named: Named =
            toml::from_str(&text).map_err(|_| format!("{action:?} is no action (see assets/keys.toml)"))?;
        let press = parse_key(key)?;
        let binding = self
            .0
            .get_mut(&named.action)
            .ok_or_else(|| format!("{action:?} has no key"))?;
        binding.press = press;
        binding.also = None;
        self.check()
    }

    fn check(&self) -> Result<(), String> {
        let mut seen: BTreeMap<String, Action> = BTreeMap::new();
        for (action, binding) in &self.0 {
            for press in std::iter::once(binding.press).chain(binding.also) {
                if let Some(other) = seen.insert(press.to_string(), *action) {
                    return Err(format!("{press} is given to both {other:?} and {action:?}"));
                }
            }
        }
        Ok(())
    }

    /// What this key does, if anything.
    pub fn action(&self, press: KeyPress) -> Option<Action> {
        let folded = fold(press);
        self.0
            .iter()
            .find(|(_, binding)| binding.press == folded || binding.also == Some(folded))
            .map(|(action, _)| *action)
    }

    /// An action's key and words.
    pub fn binding(&self, action: Action) -> Option<&Binding> {
        self.0.get(&action)
    }

    /// An action's key as it is written, e.g. `F10`.
    pub fn name(&self, action: Action) -> String {
        self.0
            .get(&action)
            .map(|binding| binding.press.to_string())
            .unwrap_or_default()
    }
}

/// Control and Alt make letters caseless; Shift alone is not part of any key of ours.
fn fold(press: KeyPress) -> KeyPress {
    let key = match press.key {
        Key::Char(letter) => Key::Char(letter.to_ascii_lowercase()),
        other => other,
    };
    KeyPress {
        key,
        control: press.control,
        alt: press.alt,
        shift: false,
    }
}

/// Reads a key as it is written in the table. Printable keys are refused: they belong to the scanner.
pub fn parse_key(text: &str) -> Result<KeyPress, String> {
    let mut press = KeyPress::plain(Key::Enter);
    let mut rest = text;
    loop {
        if let Some(tail) = rest.strip_prefix("Ctrl-") {
            press.control = true;
            rest = tail;
        } else if let Some(tail) = rest.strip_prefix("Alt-") {
            press.alt = true;
            rest = tail;
        } else {
            break;
        }
    }
    press.key = match rest {
        "Enter" => Key::Enter,
        "Esc" => Key::Esc,
        "Tab" => Key::Tab,
        "Up" => Key::Up,
        "Down" => Key::Down,
        "Left" => Key::Left,
        "Right" => Key::Right,
        "PageUp" => Key::PageUp,
        "PageDown" => Key::PageDown,
        "Home" => Key::Home,
        "End" => Key::End,
        "Delete" => Key::Delete,
        "Insert" => Key::Insert,
        _ => {
            let function = rest
                .strip_prefix('F')
                .and_then(|number| number.parse::<u8>().ok());
            let mut letters = rest.chars();
            match (function, letters.next(), letters.next()) {
                (Some(number @ 1..=24), _, _) => Key::Function(number),
                (None, Some(letter), None) if letter.is_ascii_alphabetic() => {
                    Key::Char(letter.to_ascii_lowercase())
                }
                _ => {
                    return Err(format!(
                        "{text:?} is no key: write F1 to F24, Ctrl-X, Alt-X, Enter, Esc, Up …"
                    ));
                }
            }
        }
    };
    match press.key {
        Key::Char(_) if !press.control && !press.alt => Err(format!(
            "{text:?} cannot be an action's key: printable keys belong to the scanner"
        )),
        Key::Char('j' | 'm' | 'i' | 'h') if press.control => Err(format!(
            "{text:?} cannot be an action's key: terminals send it for Enter, Tab or Backspace"
        )),
        _ => Ok(press),
    }
}

impl fmt::Display for KeyPress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.control {
            f.write_str("Ctrl-")?;
        }
        if self.alt {
            f.write_str("Alt-")?;
        }
        match self.key {
            Key::Char(letter) => write!(f, "{}", letter.to_ascii_uppercase()),
            Key::Function(number) => write!(f, "F{number}"),
            other => write!(f, "{other:?}"),
        }
    }
}
