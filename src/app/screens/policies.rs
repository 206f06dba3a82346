//! Shipping policies: listed in their order, each with what it would do with the open orders. They are changed by a
//! supervisor's command; here nothing is.

use crate::app::effect::{Query, Slot};
use crate::app::layers::Layer;
use crate::app::state::State;
use crate::domain::policy::{Policy, Rehearsal};

/// Orders that a rehearsal shows at most.
pub const REHEARSED: usize = 200;

/// The policies of every store.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PolicyList {
    /// They are read.
    pub loaded: bool,
    /// Policies, by store and place.
    pub rows: Vec<Policy>,
    /// Selected.
    pub selected: usize,
}

/// Lines to read, with a heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Heading.
    pub title: String,
    /// Lines; one that begins with two blanks belongs to the one above.
    pub lines: Vec<String>,
    /// First line shown.
    pub top: usize,
}

impl State {
    pub(crate) fn show_policies(&mut self) {
        self.layers.push(Layer::Policies(Box::default()));
        self.read(Slot::Policies, Query::Policies);
    }

    pub(crate) fn take_policies(&mut self, policies: &[Policy]) {
        for layer in &mut self.layers {
            if let Layer::Policies(list) = layer {
                list.loaded = true;
                list.selected = list.selected.min(policies.len().saturating_sub(1));
                list.rows = policies.to_vec();
            }
        }
    }

    /// What the selected policy alone would do with the open orders of its store.
    pub(crate) fn rehearse_selected(&mut self) {
        let Some(Layer::Policies(list)) = self.layers.last() else {
            return;
        };
        if let Some(policy) = list.rows.get(list.selected) {
            let policy = Box::new(policy.clone());
            self.read(Slot::Rehearsal, Query::Rehearse(policy));
        }
    }

    /// The rehearsal is there: shown, unless the list was left meanwhile.
    pub(crate) fn take_rehearsal(&mut self, policy: &Policy, rehearsal: &Rehearsal) {
        if !matches!(self.layers.last(), Some(Layer::Policies(_))) {
            return;
        }
        let mut lines = vec![
            format!("When: {}", policy.rule.when.words()),
            format!("Then: {}", policy.rule.does()),
            String::new(),
            format!(
                "{} of {} open orders of store {} would be touched if they were created now; nothing is changed.",
                rehearsal.touched_in_all, rehearsal.looked_at, policy.store
            ),
        ];
        for one in &rehearsal.touched {
            lines.push(one.number.to_string());
            lines.extend(one.outcome.lines().into_iter().map(|words| format!("  {words}")));
        }
        if rehearsal.touched.len() < rehearsal.touched_in_all {
            lines.push(format!("… the first {} are shown", rehearsal.touched.len()));
        }
        self.layers.push(Layer::Told(Box::new(Told {
            title: format!("Dry run: {}", policy.rule.name),
            lines,
            top: 0,
        })));
    }
}
