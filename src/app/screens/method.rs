//! The method assigned ahead: one of those that the shop knows, one carrier's cheapest, whatever is cheapest, or a
//! label from elsewhere. Nothing is bought here, so Enter assigns.

use crate::app::effect::{Commit, MethodWish, Query, Slot};
use crate::app::layers::{Ask, Layer, Question};
use crate::app::state::{Awaited, Screen, State};
use crate::domain::ids::{OrderId, OrderNumber};
use crate::domain::method::{assign_terms, assigned_name, switched_off_words};
use crate::domain::order::{AssignedMethod, ChannelOrder};
use crate::domain::outside::Carrier;
use crate::domain::rows::OrderDetail;
use crate::domain::user::Permission;

/// Methods that an order can be assigned to.
#[derive(Debug, Clone, PartialEq)]
pub struct MethodList {
    /// Order.
    pub order: OrderId,
    /// Its number.
    pub number: OrderNumber,
    /// How it is assigned now, in words.
    pub now: String,
    /// Rows.
    pub rows: Vec<MethodRow>,
    /// Selected row.
    pub selected: usize,
    /// A Prime order of Amazon's.
    pub prime: bool,
}

/// One method.
#[derive(Debug, Clone, PartialEq)]
pub struct MethodRow {
    /// Method.
    pub method: AssignedMethod,
    /// Its name.
    pub name: String,
    /// Why it cannot be assigned, in words.
    pub refused: Option<String>,
    /// What to know before, where a permission and a reason are wanted.
    pub weighty: Vec<String>,
}

impl MethodList {
    /// Everything that this order can be assigned to; the method that it is assigned to is selected.
    pub fn of(detail: &OrderDetail) -> Self {
        let known = &detail.method.known;
        let channel = &detail.order.channel;
        let mut methods = vec![AssignedMethod::Unknown];
        let mut carriers: Vec<&str> = known.iter().map(|one| one.carrier_id.as_str()).collect();
        carriers.retain(|id| !id.is_empty());
        carriers.dedup();
        methods.extend(carriers.into_iter().map(|id| AssignedMethod::Carrier {
            carrier_id: id.to_owned(),
        }));
        methods.extend(known.iter().map(|one| AssignedMethod::Service {
            carrier_id: one.carrier_id.clone(),
            service_id: one.service_id.clone(),
        }));
        methods.extend(
            Carrier::KNOWN
                .into_iter()
                .map(|carrier| AssignedMethod::Outside { carrier }),
        );
        // Assigned by id before any rates named it.
        if !methods.contains(&detail.order.assigned) {
            methods.push(detail.order.assigned.clone());
        }
        let rows: Vec<MethodRow> = methods
            .into_iter()
            .map(|method| row(detail, channel, method))
            .collect();
        let selected = rows.iter().position(|row| row.method == detail.order.assigned);
        Self {
            order: detail.order.id,
            number: channel.number.clone(),
            now: detail.method.words(&detail.order.assigned),
            rows,
            selected: selected.unwrap_or(0),
            prime: crate::domain::prime::is_prime(channel),
        }
    }

    /// Moves the selection: `to` is told where it is and how many rows there are.
    pub(crate) fn step(&mut self, to: impl Fn(usize, usize) -> usize) {
        self.selected = to(self.selected, self.rows.len());
    }
}

fn row(detail: &OrderDetail, channel: &ChannelOrder, method: AssignedMethod) -> MethodRow {
    let known = &detail.method.known;
    let terms = assign_terms(channel, &method, known);
    let off = match &method {
        AssignedMethod::Service { service_id, .. } => known
            .iter()
            .find(|one| one.service_id.eq_ignore_ascii_case(service_id))
            .and_then(switched_off_words),
        _ => None,
    };
    MethodRow {
        name: assigned_name(&method, known),
        refused: off.or_else(|| terms.as_ref().err().cloned()),
        weighty: terms
            .ok()
            .filter(|terms| terms.needs_permission)
            .map_or_else(Vec::new, |terms| terms.notes),
        method,
    }
}

impl State {
    /// Opens the list for the open order, or for the selected one of a list once that is read.
    pub(crate) fn choose_method(&mut self) {
        if self.screen == Screen::Orders {
            if let Some(row) = self.orders.window.selection() {
                let order = row.id;
                self.read(Slot::Method, Query::Order(order));
            }
            return;
        }
        let detail = self.bench.as_ref().and_then(|bench| bench.detail.as_ref());
        if let Some(list) = detail.map(MethodList::of) {
            self.push_methods(list);
        }
    }

    /// Shows the list; for a Prime order with the share that ships with Amazon Buy Shipping.
    fn push_methods(&mut self, list: MethodList) {
        if list.prime {
            self.read_costs();
        }
        self.layers.push(Layer::Method(Box::new(list)));
    }

    /// The order is read: shows its methods, unless the packer has gone on meanwhile.
    pub(crate) fn show_methods(&mut self, detail: &OrderDetail) {
        let selected = self.orders.window.selection().map(|row| row.id);
        if self.screen == Screen::Orders && self.layers.is_empty() && selected == Some(detail.order.id) {
            self.push_methods(MethodList::of(detail));
        }
    }

    /// Assigns the selected method; what takes a permission and a reason is asked first.
    pub(crate) fn assign_selected(&mut self) {
        let Some(Layer::Method(list)) = self.layers.last() else {
            return;
        };
        let Some(row) = list.rows.get(list.selected).cloned() else {
            return;
        };
        let (order, number) = (list.order, list.number.clone());
        let Some(user) = self.user.clone() else { return };
        if let Some(words) = row.refused {
            self.bad(words);
            return;
        }
        if !row.weighty.is_empty() {
            if !self.may(Permission::BreakPrime) {
                self.bad(self.may_not(Permission::BreakPrime));
                return;
            }
            self.layers.pop();
            let mut lines = vec![format!("order {number}: {}", row.name)];
            lines.extend(row.weighty.iter().map(|words| format!("! {words}")));
            lines.push("Type why (two words or more) and Enter.".to_owned());
            self.ask(Question::new(Ask::Assign(order, row.method), lines).with_reasons(&[]));
            return;
        }
        self.layers.pop();
        self.commit(
            Commit::AssignMethod(MethodWish {
                order,
                method: row.method,
                by: user.id,
                reason: String::new(),
            }),
            Awaited::Assigned(format!("order {number} is assigned to {}", row.name)),
        );
    }

    pub(crate) fn method_assigned(&mut self, words: &str) {
        self.good(words);
        let slot = if self.screen == Screen::Orders {
            Slot::Orders
        } else {
            Slot::Order
        };
        self.read_again(slot);
    }
}
