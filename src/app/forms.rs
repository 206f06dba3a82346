//! Forms: dialogs with fields that a person has entered on purpose. What is typed with Enter fills the selected
//! field; the yes key alone hands the form over. No scan ever answers one.

use std::fmt;

/// Which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormKind {
    /// A label that was bought elsewhere.
    Outside,
    /// An order that is not Amazon's.
    OwnOrder,
    /// A pick list.
    NewList,
}

impl FormKind {
    /// Heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Outside => "Record a label that was bought elsewhere",
            Self::OwnOrder => "Take in an order that is not Amazon's",
            Self::NewList => "Make a pick list",
        }
    }

    /// What the yes key does, in the footer.
    pub fn yes(self) -> &'static str {
        match self {
            Self::Outside => "Record",
            Self::OwnOrder => "Take in",
            Self::NewList => "Make it",
        }
    }
}

/// One field. What was typed may be a customer's, so it prints as `•••`.
#[derive(Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What may stand in it, shown while it is empty.
    pub example: &'static str,
    /// What was typed; empty: nothing yet.
    pub value: String,
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let filled = if self.value.is_empty() { "" } else { "•••" };
        write!(f, "{}: {filled}", self.name)
    }
}

/// A form and what was typed so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Which one.
    pub kind: FormKind,
    /// Fields, in order.
    pub fields: Vec<Field>,
    /// Selected field.
    pub selected: usize,
    /// The yes key was pressed and the store has not answered yet.
    pub sent: bool,
}

impl Form {
    /// A form with nothing typed; each field with an example.
    pub fn new(kind: FormKind, fields: &[(&'static str, &'static str)]) -> Self {
        Self {
            kind,
            fields: fields
                .iter()
                .map(|&(name, example)| Field {
                    name,
                    example,
                    value: String::new(),
                })
                .collect(),
            selected: 0,
            sent: false,
        }
    }

    /// What stands in a field.
    pub fn value(&self, place: usize) -> &str {
        self.fields.get(place).map_or("", |field| field.value.as_str())
    }

    /// Fills a field; a lone dash empties it.
    pub fn set(&mut self, place: usize, value: &str) {
        if let Some(field) = self.fields.get_mut(place) {
            let value = value.trim();
            field.value = if value == "-" {
                String::new()
            } else {
                value.to_owned()
            };
        }
    }

    /// Fills the selected field and goes to the next one.
    pub fn fill(&mut self, value: &str) {
        self.set(self.selected, value);
        self.next();
    }

    /// Goes to the next field; from the last one to the first.
    pub fn next(&mut self) {
        self.selected = (self.selected + 1) % self.fields.len().max(1);
    }
}
