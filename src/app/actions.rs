//! What keys do. Only what [`super::hints`] calls possible is done; the rest says so.

use super::banner::Tone;
use super::hints::{barred_now, help_hints, possible};
use super::keys::Action;
use super::layers::{Ask, CONFIRMATIONS, Layer, Measure, Question};
use super::state::{Screen, State};
use crate::domain::scan::Command;

/// Rows that a page key moves in dialogs.
const DIALOG_PAGE: usize = 10;

impl State {
    pub(crate) fn act(&mut self, action: Action) {
        if action == Action::Back {
            self.back();
            return;
        }
        if !possible(self).iter().any(|(possible, _)| *possible == action) {
            self.not_possible(action);
            return;
        }
        match action {
            Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::First | Action::Last => {
                self.step(action);
            }
            Action::Open => self.open(),
            Action::Yes if self.screen == Screen::Bulk && self.layers.is_empty() => self.ask_bulk(),
            Action::Yes if self.screen == Screen::DayEnd && self.layers.is_empty() => {
                self.ask_close_manifest();
            }
            Action::Yes => self.yes(),
            Action::Help => self.toggle_help(),
            Action::Weight => self.layers.push(Layer::Measure(Measure::Weight)),
            Action::Size => self.layers.push(Layer::Measure(Measure::Size)),
            Action::Confirmation => self.choose_confirmation(),
            Action::Rates if self.screen == Screen::Label => self.show_pack(),
            Action::Rates => self.shop_rates(self.screen == Screen::Rates),
            Action::Override => self.ask_override(),
            Action::NextBox => self.next_box(),
            Action::Boxes => self.show_boxes(),
            Action::Undo => self.undo(),
            Action::Print if self.screen == Screen::DayEnd => self.print_manifest(),
            Action::DayEnd => self.show_day_end(),
            Action::LeaveBehind => self.ask_leave_behind(),
            Action::CollectionForm => self.ask_collection_form(),
            Action::Print => self.print_again(),
            Action::Slip => self.print_slip(),
            Action::CommandSheet => self.print_sheet(None, "the barcodes go to the printer"),
            Action::Void => self.ask_void(),
            Action::ReadyToPick => self.ask_to_pick(),
            Action::Destroyed => self.say_destroyed(),
            Action::Refunds => self.show_refunds(),
            Action::Audit => self.show_audit(),
            Action::Desk => self.show_desk(),
            Action::Book => self.ask_book(),
            Action::Label => self.screen = Screen::Label,
            Action::Look => self.look(),
            Action::WhyNot => self.layers.push(Layer::WhyNot(0)),
            Action::Costs => self.show_costs(),
            Action::Waiting => self.show_board(),
            Action::Flags => self.ask_flags(),
            Action::Method => self.choose_method(),
            Action::Policies => self.show_policies(),
            Action::Why => self.show_why(),
            Action::Hold => self.ask_hold(),
            Action::Note => self.ask_note(),
            Action::ChangeMany => self.ask_many(),
            Action::CancelOrder => self.ask_cancel_order(),
            Action::Split => self.split_key(),
            Action::Decide => self.ask_decide(),
            Action::Outside => self.outside(),
            Action::AddOrder => self.add_order(),
            Action::Find => self.show_find(),
            Action::AllOrders => self.open_list(
                "All orders".to_owned(),
                crate::domain::rows::OrderFilter::default(),
            ),
            Action::NewList => self.ask_new_list(),
            Action::Template if self.screen == Screen::Bulk => self.ask_method(),
            Action::Template => self.next_template(),
            Action::Assign if self.screen == Screen::Bulk => self.ask_earliest(),
            Action::Assign => self.ask_assign(),
            Action::Bulk => self.bulk_key(),
            Action::Mark => self.mark(),
            Action::MarkAll => self.mark_all(),
            Action::Unlist if self.screen == Screen::Picking => self.ask_short(),
            Action::Unlist => self.ask_unlist(),
            Action::Pick => self.show_picking(),
            Action::PrintList => self.print_list(),
            Action::SignOut => self.sign_out(),
            Action::Quit => self.ask(Question::new(
                Ask::Quit,
                vec!["Everything is saved; an order that is open can be gone on with later.".to_owned()],
            )),
            Action::Back => {}
        }
    }

    /// The end: what is counted is handed over first.
    pub(crate) fn leave(&mut self) {
        self.note_answers();
        self.effects.push(super::effect::Effect::Exit);
    }

    /// A key that does nothing here says so, except those that people press without meaning it.
    fn not_possible(&mut self, action: Action) {
        self.practice_key(action);
        if let Some(lacking) = barred_now(self, action) {
            self.bad(self.may_not(lacking));
            return;
        }
        if matches!(self.layers.last(), Some(Layer::Question(_))) && action == Action::Open {
            let key = self.setup.keys.name(Action::Yes);
            self.say(
                Tone::Note,
                format!("Enter answers no question here: {key} is yes, Esc is no"),
            );
            return;
        }
        if action == Action::Quit {
            // Pressed again in its own question.
            if matches!(self.layers.last(), Some(Layer::Question(question)) if question.ask == Ask::Quit) {
                self.leave();
            }
            return;
        }
        if matches!(
            action,
            Action::Open
                | Action::Up
                | Action::Down
                | Action::PageUp
                | Action::PageDown
                | Action::First
                | Action::Last
        ) {
            return;
        }
        if action == Action::Undo
            && let Some(words) = self.why_no_undo()
        {
            self.bad(words);
            return;
        }
        if let Some(binding) = self.setup.keys.binding(action) {
            let words = format!("{} ({}) does nothing here just now", binding.press, binding.label);
            self.say(Tone::Note, words);
        }
    }

    pub(crate) fn ask(&mut self, question: Question) {
        self.layers.push(Layer::Question(Box::new(question)));
    }

    /// A command barcode does what its key does; the question that follows is answered by a key alone.
    pub(crate) fn command(&mut self, command: Command) {
        let action = match command {
            Command::Void => Action::Void,
            Command::Reprint => Action::Print,
            Command::Rates => Action::Rates,
            Command::Finish => Action::Yes,
            Command::Override => Action::Override,
            Command::Next => Action::NextBox,
            Command::Boxes => Action::Boxes,
            Command::Undo => Action::Undo,
            Command::Hold => Action::Hold,
            Command::Cancel => {
                self.back();
                return;
            }
        };
        if !self.layers.is_empty() {
            self.refuse(
                "command in a dialog",
                "a dialog is open: answer it or press Esc first, then scan the command again",
            );
            return;
        }
        if !self.screen.has_order() {
            self.refuse(
                "no order open",
                "no order is open: open one first, then scan the command",
            );
            return;
        }
        if action == Action::Yes && self.refused_while_due() {
            return;
        }
        // Commands are understood on each screen of the order: go to the one that has the action.
        match action {
            Action::Void | Action::Print
                if self
                    .bench
                    .as_ref()
                    .is_some_and(|bench| bench.newest_label().is_some()) =>
            {
                self.screen = Screen::Label;
            }
            Action::Override | Action::NextBox | Action::Undo | Action::Hold
                if self.screen == Screen::Rates =>
            {
                self.screen = Screen::Pack;
            }
            Action::Yes if self.screen != Screen::Rates => {
                self.shop_rates(false);
                return;
            }
            _ => {}
        }
        if possible(self).iter().any(|(possible, _)| *possible == action) {
            self.act(action);
        } else {
            let words = match command {
                Command::Undo => {
                    let why = self.why_no_undo();
                    let words = why.unwrap_or_else(|| "there is nothing to take back just now".to_owned());
                    self.refuse("command refused", words);
                    return;
                }
                Command::Void => "there is no label that can be voided",
                Command::Reprint => "there is no label that can be printed",
                Command::Override => "no code is due just now: there is nothing to override",
                Command::Next => "there is no other box to go on with just now",
                Command::Boxes => "this order has one box",
                _ => "that cannot be done just now",
            };
            self.refuse("command refused", words);
        }
    }

    fn toggle_help(&mut self) {
        if matches!(self.layers.last(), Some(Layer::Help(_))) {
            self.layers.pop();
        } else {
            self.layers.push(Layer::Help(0));
        }
    }

    /// Does what the selected line of the help tells, as its key would: who does not know the key, or whose
    /// terminal keeps it to itself, finds everything here. The yes is pressed by its own key only.
    fn act_from_help(&mut self, selected: usize) {
        let Some(action) = help_hints(self).get(selected).map(|hint| hint.action) else {
            return;
        };
        if action == Action::Yes {
            let key = self.setup.keys.name(Action::Yes);
            self.say(Tone::Note, format!("Nothing but {key} itself says yes"));
            return;
        }
        self.layers.pop();
        if action != Action::Help {
            self.act(action);
        }
    }

    /// Clears the scan line; else closes the dialog; else goes back.
    fn back(&mut self) {
        if !self.line.is_empty() {
            self.line.clear();
            return;
        }
        if let Some(Layer::Inputs(form)) = self.layers.last_mut()
            && form.editing
        {
            form.editing = false;
            form.wrong = None;
            return;
        }
        if self.pin_left() || self.layers.pop().is_some() {
            return;
        }
        match self.screen {
            Screen::SignIn | Screen::PickLists => {}
            Screen::Orders | Screen::Refunds | Screen::Audit | Screen::Picking | Screen::Desk => {
                self.show_pick_lists();
            }
            Screen::Bulk => self.leave_bulk(),
            Screen::DayEnd => self.leave_day_end(),
            Screen::Find => self.leave_find(),
            Screen::Rates => self.show_pack(),
            Screen::Pack | Screen::Label => self.leave_order(),
        }
    }

    fn choose_confirmation(&mut self) {
        let now = self.own_box().map(|row| row.confirmation);
        let selected = CONFIRMATIONS
            .iter()
            .position(|option| Some(*option) == now)
            .unwrap_or(1);
        self.layers.push(Layer::Confirmations(selected));
    }

    /// Enter with an empty scan line.
    fn open(&mut self) {
        match self.layers.last() {
            Some(Layer::Confirmations(selected)) => {
                let confirmation = CONFIRMATIONS.get(*selected).copied();
                self.set_confirmation(confirmation);
            }
            Some(Layer::Measure(Measure::Weight)) => {
                let expected = self.bench.as_ref().and_then(super::bench::Bench::expected_weight);
                self.set_box(self.offered_weight().or(expected), None, None, None);
            }
            Some(Layer::Measure(Measure::Size)) => self.take_suggested_box(),
            Some(Layer::Boxes(selected)) => self.open_selected_box(*selected),
            Some(Layer::Board(selected)) => self.open_board_row(*selected),
            Some(Layer::Inputs(_)) => self.enter_field(),
            Some(Layer::Method(_)) => self.assign_selected(),
            Some(Layer::Split(_)) => self.turn_split_row(),
            Some(Layer::Policies(_)) => self.rehearse_selected(),
            Some(Layer::Help(selected)) => self.act_from_help(*selected),
            Some(Layer::Look(_)) => self.look_nearer(),
            Some(Layer::BulkMethods(selected)) => self.choose_bulk_method(*selected),
            Some(Layer::People { list, selected }) => self.assign(*list, *selected),
            Some(Layer::Form(_)) => {
                if let Some(Layer::Form(form)) = self.layers.last_mut() {
                    form.next();
                }
            }
            Some(_) => {}
            None => match self.screen {
                Screen::SignIn => self.sign_in_selected(),
                Screen::PickLists => self.open_selected_list(),
                Screen::Orders => self.open_selected_order(),
                Screen::Pack => self.go_on(),
                Screen::Rates => self.ask_buy(),
                Screen::Label => self.after_label(),
                Screen::Refunds => self.open_selected_refund(),
                Screen::Audit => self.search_audit(""),
                Screen::Find => self.open_selected_found(),
                Screen::Bulk => self.open_selected_bulk(),
                Screen::DayEnd => self.open_day_end(),
                Screen::Picking | Screen::Desk => {}
            },
        }
    }

    /// Moves the selection of the topmost thing.
    fn step(&mut self, action: Action) {
        if self.layers.is_empty() {
            self.step_on_screen(action);
        } else {
            self.step_in_layer(action);
        }
    }

    fn step_in_layer(&mut self, action: Action) {
        let help_lines = match self.layers.last() {
            // Below the keys stand the boxes of the shelf: each is one step further.
            Some(Layer::Help(_)) => help_hints(self).len() + self.setup.presets.len(),
            _ => 0,
        };
        let people = self.users.len() + 1;
        let (box_count, board_rows) = (self.box_count(), self.board_rows());
        let methods = self.bulk.methods.len() + 1;
        if let Some(layer) = self.layers.last_mut() {
            match layer {
                Layer::BulkMethods(selected) => *selected = moved(*selected, action, DIALOG_PAGE, methods),
                Layer::People { selected, .. } => *selected = moved(*selected, action, DIALOG_PAGE, people),
                Layer::Help(selected) => *selected = moved(*selected, action, DIALOG_PAGE, help_lines),
                Layer::WhyNot(top) | Layer::Costs(top) => {
                    *top = moved(*top, action, DIALOG_PAGE, 500);
                }
                Layer::Question(question) => {
                    question.selected = moved(question.selected, action, 1, question.reasons.len());
                    // A selected reason takes the place of a typed one.
                    question.reason = None;
                }
                Layer::Confirmations(selected) => {
                    *selected = moved(*selected, action, 1, CONFIRMATIONS.len());
                }
                Layer::Inputs(form) => {
                    form.selected = moved(form.selected, action, 1, form.fields.len());
                    form.wrong = None;
                }
                Layer::Policies(list) => {
                    list.selected = moved(list.selected, action, DIALOG_PAGE, list.rows.len());
                }
                Layer::Told(told) => told.top = moved(told.top, action, DIALOG_PAGE, 12 * told.lines.len()),
                Layer::Method(list) => list.step(|from, length| moved(from, action, DIALOG_PAGE, length)),
                Layer::Form(form) => form.selected = moved(form.selected, action, 5, form.fields.len()),
                Layer::Split(list) => {
                    list.selected = moved(list.selected, action, DIALOG_PAGE, list.rows.len());
                }
                Layer::Boxes(selected) => *selected = moved(*selected, action, DIALOG_PAGE, box_count),
                Layer::Board(selected) => *selected = moved(*selected, action, DIALOG_PAGE, board_rows),
                Layer::Look(look) => look.step(action),
                Layer::Measure(_) => {}
            }
        }
    }

    fn step_on_screen(&mut self, action: Action) {
        let visible = self.visible_rows();
        let page = visible.saturating_sub(8).max(1);
        match self.screen {
            Screen::SignIn => self.selected_user = moved(self.selected_user, action, page, self.users.len()),
            Screen::PickLists => {
                let window = &mut self.pick_lists;
                let to = moved(window.selected, action, page, window.page.total);
                if let Some(span) = window.select(to, visible) {
                    self.read_pick_lists(span);
                }
            }
            Screen::Orders => {
                let window = &mut self.orders.window;
                let to = moved(window.selected, action, page, window.page.total);
                if let Some(span) = window.select(to, visible) {
                    self.read_orders(span);
                }
            }
            Screen::Find => {
                let window = &mut self.find.window;
                let to = moved(window.selected, action, page, window.page.total);
                if window.select(to, visible).is_some() {
                    self.read_found();
                }
            }
            Screen::Refunds => {
                let window = self.refunds.window_mut();
                let to = moved(window.selected, action, page, window.page.total);
                if window.select(to, visible).is_some() {
                    self.read_refunds(self.refunds_slot());
                }
            }
            Screen::Audit => {
                let window = &mut self.audit.window;
                let to = moved(window.selected, action, page, window.page.total);
                if window.select(to, visible).is_some() {
                    self.read_audit();
                }
            }
            Screen::Picking => {
                let count = self.pick.walk.as_ref().map_or(0, |walk| walk.steps.len());
                self.pick.at = moved(self.pick.at, action, page, count);
            }
            Screen::Bulk => {
                let window = &mut self.bulk.rows;
                let to = moved(window.selected, action, page, window.page.total);
                if window.select(to, visible).is_some() {
                    self.read_bulk();
                }
            }
            Screen::DayEnd => {
                let length = self.day_end_rows();
                let row = self.day_end_row();
                *row = moved(*row, action, page, length);
            }
            Screen::Rates => {
                if let Some(bench) = &mut self.bench {
                    bench.selected_offer = moved(bench.selected_offer, action, page, bench.offers.len());
                    bench.by_hand = true;
                    bench.cleared = None;
                    bench.rebuy = None;
                }
            }
            Screen::Label => {
                if let Some(bench) = &mut self.bench {
                    let labels = bench.detail.as_ref().map_or(0, |detail| detail.labels.len());
                    bench.selected_label = moved(bench.selected_label, action, page, labels);
                }
            }
            Screen::Pack | Screen::Desk => {}
        }
    }
}

fn moved(from: usize, action: Action, page: usize, length: usize) -> usize {
    let last = length.saturating_sub(1);
    match action {
        Action::Up => from.saturating_sub(1),
        Action::Down => (from + 1).min(last),
        Action::PageUp => from.saturating_sub(page),
        Action::PageDown => (from + page).min(last),
        Action::First => 0,
        Action::Last => last,
        _ => from,
    }
}
