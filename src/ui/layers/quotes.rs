//! Dialogs about quotes: why services are missing, what a service asks for, what labels cost with whom.

use crate::app::layers::InputForm;
use crate::app::state::State;
use crate::app::{SPEND_DAYS, words};
use crate::domain::choice::WhyGroup;
use crate::domain::market;
use crate::domain::money::{Currency, Money};
use crate::domain::spend::Sum;
use crate::ui::theme::{Meaning, Theme};
use crate::ui::widgets::text;
use ratatui::text::{Line, Span};

/// Most lines of one paragraph.
const LONG: usize = 40;

/// Services that are not simply for sale, in groups.
pub(super) fn why_not(groups: &[WhyGroup], theme: &Theme, cells: usize) -> Vec<Line<'static>> {
    if groups.is_empty() {
        return vec![Line::from("Nothing is missing: Amazon names no other service.")];
    }
    let mut lines = Vec::new();
    for group in groups {
        if !lines.is_empty() {
            lines.push(Line::from(""));
        }
        let title = format!("{} ({})", group.title, group.entries.len());
        for line in text::wrap(&title, cells, 3) {
            lines.push(Line::from(Span::styled(line, theme.style(Meaning::Title))));
        }
        for line in text::wrap(&group.what_to_do, cells.saturating_sub(2), 5) {
            lines.push(Line::from(Span::styled(
                format!("→ {line}"),
                theme.style(Meaning::Next),
            )));
        }
        let (plain, own): (Vec<_>, Vec<_>) = group.entries.iter().partition(|entry| entry.why.is_empty());
        let together: Vec<&str> = plain.iter().map(|entry| entry.name.as_str()).collect();
        let room = cells.saturating_sub(2);
        let mut entries = text::wrap(&together.join(", "), room, LONG);
        for entry in own {
            entries.extend(text::wrap(&format!("{}: {}", entry.name, entry.why), room, 4));
        }
        lines.extend(entries.into_iter().map(|line| Line::from(format!("  {line}"))));
    }
    lines
}

/// The form of what a service asks for: each field with its answer, the hint of the selected one.
pub(super) fn inputs(form: &InputForm, state: &State, theme: &Theme, cells: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for line in text::wrap(
        &format!("Amazon asks for more before it sells {}:", form.method),
        cells,
        2,
    ) {
        lines.push(Line::from(line));
    }
    let room = cells.saturating_sub(4);
    let label = (room / 2).min(36);
    for (place, (field, typed)) in form.fields.iter().zip(&form.typed).enumerate() {
        let selected = place == form.selected;
        let answer = match (selected && form.editing, typed.is_empty(), field.required) {
            (true, _, _) => "▏ type it, then Enter".to_owned(),
            (false, false, _) => format!("✔ {typed}"),
            (false, true, true) => "· needed".to_owned(),
            (false, true, false) => "-".to_owned(),
        };
        let words = format!(
            "{}{} {}",
            if selected { "▶ " } else { "  " },
            text::left(&field.label(), label),
            text::fit(&answer, room.saturating_sub(label))
        );
        let meaning = if selected {
            Meaning::Selected
        } else {
            Meaning::Text
        };
        lines.push(Line::from(Span::styled(words, theme.style(meaning))));
        if selected {
            for line in text::wrap(&field.hint(), room, 3) {
                lines.push(Line::from(Span::styled(
                    format!("    {line}"),
                    theme.style(Meaning::Muted),
                )));
            }
        }
    }
    if let Some(wrong) = &form.wrong {
        for line in text::wrap(&format!("✘ {wrong}"), cells, 3) {
            lines.push(Line::from(Span::styled(line, theme.style(Meaning::Alarm))));
        }
    }
    lines.push(Line::from(""));
    let yes = state.setup.keys.name(crate::app::keys::Action::Yes);
    let last = if form.editing {
        "Enter  take the line    Esc  leave the field as it was".to_owned()
    } else {
        format!("Enter  type into the field    {yes}  go on    Esc  do not buy")
    };
    lines.push(Line::from(Span::styled(
        text::fit(&last, cells),
        theme.style(Meaning::Key),
    )));
    lines
}

/// Linked carrier accounts of each store, and what labels cost.
pub(super) fn costs(state: &State, theme: &Theme, cells: usize) -> Vec<Line<'static>> {
    let Some(facts) = &state.costs else {
        return vec![Line::from("… being read")];
    };
    let title = |words: &str| Line::from(Span::styled(text::fit(words, cells), theme.style(Meaning::Title)));
    let mut lines = vec![title(&format!("What labels cost in the last {SPEND_DAYS} days"))];
    if facts.spend.is_empty() {
        lines.push(Line::from("  no label was bought"));
    }
    for row in &facts.spend {
        let sum = |sum: &Sum| sum_words(*sum, row.currency);
        let words = format!(
            "{}: {} · voided {} · refunded {}",
            row.payee,
            sum(&row.live),
            sum(&row.voided),
            sum(&row.refunded)
        );
        for line in text::wrap(&words, cells.saturating_sub(2), 3) {
            lines.push(Line::from(format!("  {line}")));
        }
    }
    lines.push(Line::from(Span::styled(
        text::fit(&format!("  {}", facts.prime), cells),
        theme.style(if facts.prime.is_low() {
            Meaning::Late
        } else {
            Meaning::Text
        }),
    )));
    for store in &state.setup.stores {
        lines.push(Line::from(""));
        lines.push(title(&format!("Carrier accounts of {}", store.name)));
        let known = facts.accounts.iter().find(|known| known.store == store.id);
        if let Some(known) = known {
            for account in &known.accounts {
                let words = format!("{}  {}", text::left(&account.carrier, 14), account.account);
                lines.push(Line::from(text::fit(&format!("  {words}"), cells)));
            }
        }
        let (words, meaning) = match known {
            None => ("… asking Amazon".to_owned(), Meaning::Wait),
            Some(known) if known.asking => ("… asking Amazon".to_owned(), Meaning::Wait),
            Some(known) => match (&known.failure, known.told_at) {
                (Some(why), _) => (format!("✘ Amazon did not say: {why}"), Meaning::Alarm),
                (None, Some(at)) => {
                    let at = words::moment(at, state.now, state.setup.zone);
                    let none = if known.accounts.is_empty() {
                        "no account is linked: Amazon's rates are used; "
                    } else {
                        ""
                    };
                    (format!("{none}as of {at}"), Meaning::Muted)
                }
                (None, None) => ("not asked yet".to_owned(), Meaning::Muted),
            },
        };
        for line in text::wrap(&words, cells.saturating_sub(2), 3) {
            lines.push(Line::from(Span::styled(
                format!("  {line}"),
                theme.style(meaning),
            )));
        }
        for line in text::wrap(&market::way_to_link_accounts(store), cells.saturating_sub(4), 5) {
            lines.push(Line::from(Span::styled(
                format!("  → {line}"),
                theme.style(Meaning::Next),
            )));
        }
    }
    lines
}

fn sum_words(sum: Sum, currency: Currency) -> String {
    match sum.labels {
        0 => "none".to_owned(),
        1 => format!("{} (1 label)", Money::new(sum.minor, currency)),
        many => format!("{} ({many} labels)", Money::new(sum.minor, currency)),
    }
}
