//! Rates: sorted, with price, delivery at the destination, protection and verdict; the reasons of the
//! selected one below.

use super::pack::order_line;
use crate::app::bench::{Bench, Offer, QuoteView};
use crate::app::keys::Action;
use crate::app::state::State;
use crate::app::{method_words, words};
use crate::domain::address::Destination;
use crate::domain::choice::Tint;
use crate::domain::rate::words as rate_words;
use crate::ui::theme::{Meaning, Theme};
use crate::ui::widgets::rows::{below, entry, heading, write};
use crate::ui::widgets::text;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

const PRICE: usize = 9;
const DELIVERY: usize = 27;
const VERDICT: usize = 9;

pub(crate) fn draw(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let Some(bench) = &state.bench else { return };
    let Some(detail) = &bench.detail else { return };
    let top = vec![order_line(detail, state, theme), quote_line(state, bench, theme)];
    let used = write(&top, area, buffer);
    let rest = below(area, used);
    let destination = detail.order.channel.destination.as_ref();
    let cells = usize::from(area.width);
    let mut foot_lines = bench
        .offers
        .get(bench.selected_offer)
        .map(|offer| details(offer, bench, destination, theme, cells))
        .unwrap_or_default();
    // The list keeps its heading and five rows.
    let most = usize::from(rest.height.saturating_sub(6).max(5));
    if foot_lines.len() > most {
        foot_lines.truncate(most.saturating_sub(1));
        foot_lines.push(Line::from("  … more in a larger window"));
    }
    let reasons = u16::try_from(foot_lines.len().max(5)).unwrap_or(5);
    let [table, foot] = Layout::vertical([Constraint::Fill(1), Constraint::Length(reasons)]).areas(rest);
    let columns = Columns::of(area.width);
    let words = columns.row(
        "Method",
        "Price",
        "Delivery (local time)",
        "Protection",
        "Verdict",
    );
    let used = write(
        &[heading(
            &format!("  {words}"),
            area.width,
            theme.style(Meaning::Muted),
        )],
        table,
        buffer,
    );
    offers(bench, destination, &columns, theme, below(table, used), buffer);
    write(&foot_lines, foot, buffer);
}

/// Cells of the columns.
struct Columns {
    method: usize,
    protection: usize,
}

impl Columns {
    fn of(cells: u16) -> Self {
        let cells = usize::from(cells);
        let protection = if cells >= 120 { 40 } else { 11 };
        Self {
            method: cells.saturating_sub(2 + PRICE + 2 + DELIVERY + 1 + protection + VERDICT),
            protection,
        }
    }

    fn row(&self, method: &str, price: &str, delivery: &str, protection: &str, verdict: &str) -> String {
        format!(
            "{}{}  {} {}{}",
            text::left(method, self.method),
            text::right(price, PRICE),
            text::left(delivery, DELIVERY),
            text::left(
                &text::fit(protection, self.protection.saturating_sub(1)),
                self.protection
            ),
            text::left(verdict, VERDICT),
        )
    }
}

fn quote_line(state: &State, bench: &Bench, theme: &Theme) -> Line<'static> {
    let again = state.setup.keys.name(Action::Rates);
    let (meaning, words) = match bench.quote_view(state.now) {
        QuoteView::None => (Meaning::Muted, format!("no rates yet: {again} asks for them")),
        QuoteView::Wanted => (Meaning::Wait, "… waiting for Amazon's rates".to_owned()),
        QuoteView::Failed(why) => (Meaning::Alarm, format!("✘ no rates: {why}")),
        QuoteView::Unfit => (
            Meaning::Soon,
            format!("✘ the box has changed since: {again} asks again"),
        ),
        QuoteView::Old => (
            Meaning::Soon,
            format!("✘ these rates are over: {again} asks again, and so does buying"),
        ),
        QuoteView::Fresh => (Meaning::Muted, "rates of now".to_owned()),
    };
    let row = bench.pack_box();
    let weight = row
        .and_then(|row| row.weight)
        .map(|weight| weight.to_string())
        .unwrap_or_default();
    let size = row
        .and_then(|row| row.dimensions)
        .map(|size| size.to_string())
        .unwrap_or_default();
    let confirmation = row.map(|row| row.confirmation.to_string()).unwrap_or_default();
    Line::from(vec![
        Span::raw(format!("  {weight} · {size} · {confirmation} · ")),
        Span::styled(words, theme.style(meaning)),
    ])
}

fn meaning(tint: Tint) -> Meaning {
    match tint {
        Tint::Normal => Meaning::Text,
        Tint::Amber => Meaning::Amber,
        Tint::Red => Meaning::Weekend,
        Tint::Muted => Meaning::Muted,
    }
}

/// The verdict's word: says what the colour says.
fn verdict(offer: &Offer) -> &'static str {
    let judgement = &offer.judgement;
    match judgement.tint {
        _ if judgement.barred.is_some() => "✘ BARRED",
        _ if judgement.choice.is_none() => "- n/a",
        Tint::Red => "✘ RED",
        _ if judgement.late => "✘ LATE",
        Tint::Amber => "! amber",
        Tint::Muted => "- unfit",
        Tint::Normal if judgement.automatic => "✔ ok",
        Tint::Normal => "! by hand",
    }
}

/// Whether anything is protected, where there is no room for more.
fn protection_word(offer: &Offer) -> &'static str {
    match (offer.rate.benefits.is_empty(), offer.rate.excluded.is_empty()) {
        (false, true) => "✔ yes",
        (false, false) => "! partly",
        (true, false) => "✘ lost",
        (true, true) => "- none",
    }
}

fn offers(
    bench: &Bench,
    destination: Option<&Destination>,
    columns: &Columns,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    let visible = usize::from(area.height);
    let top = bench
        .selected_offer
        .saturating_sub(visible / 2)
        .min(bench.offers.len().saturating_sub(visible));
    for (place, offer) in (0..area.height).zip(bench.offers.iter().skip(top)) {
        let words = columns.row(
            &method_words(offer),
            &offer.judgement.price.to_string(),
            &words::delivery(offer.rate.window.as_ref(), destination),
            &if columns.protection < 30 {
                protection_word(offer).to_owned()
            } else {
                rate_words::protection(&offer.rate)
            },
            verdict(offer),
        );
        let line = Line::from(Span::styled(words, theme.style(meaning(offer.judgement.tint))));
        let rect = Rect {
            y: area.y + place,
            height: 1,
            ..area
        };
        entry(
            &[line],
            top + usize::from(place) == bench.selected_offer,
            rect,
            buffer,
            theme,
        );
    }
}

/// Everything about the selected method: what stands against it first, then price, whose rate, protection, print.
fn details(
    offer: &Offer,
    bench: &Bench,
    destination: Option<&Destination>,
    theme: &Theme,
    cells: usize,
) -> Vec<Line<'static>> {
    let room = cells.saturating_sub(4);
    let mut lines = vec![Line::from(Span::styled(
        "─".repeat(cells),
        theme.style(Meaning::Frame),
    ))];
    let mut say = |words: &str, most: usize, meaning: Meaning| {
        for line in text::wrap(words, room, most) {
            lines.push(Line::from(Span::styled(
                format!("  {line}"),
                theme.style(meaning),
            )));
        }
    };
    if let Some(cleared) = &bench.cleared {
        say(&format!("✘ {cleared}"), 3, Meaning::Alarm);
    }
    if let Some(why) = &bench.no_choice {
        say(&format!("none is chosen by itself: {why}"), 2, Meaning::Soon);
    }
    let (rate, judgement) = (&offer.rate, &offer.judgement);
    let services = judgement
        .choice
        .as_ref()
        .map_or(&[][..], |choice| &choice.services);
    let price = rate_words::price(rate, services, judgement.price);
    say(&format!("{}: {price}", method_words(offer)), 3, Meaning::Title);
    if judgement.notes.is_empty() {
        say("✔ nothing speaks against it", 1, Meaning::Text);
    }
    // What is lost of the protection is said with it, below.
    let lost: Vec<String> = rate
        .excluded
        .iter()
        .map(|lost| format!("no {}", rate_words::benefit(&lost.benefit)))
        .collect();
    let own = judgement
        .notes
        .iter()
        .filter(|note| !lost.iter().any(|lost| note.starts_with(lost.as_str())));
    for note in own {
        say(&format!("! {note}"), 2, meaning(judgement.tint));
    }
    let about = format!(
        "{} · {} · {}",
        rate_words::payment(rate),
        words::delivery(rate.window.as_ref(), destination),
        rate_words::protection(rate)
    );
    say(&about, 3, Meaning::Text);
    say(
        &format!("prints as {}", rate_words::documents(&rate.documents)),
        3,
        Meaning::Muted,
    );
    lines
}
