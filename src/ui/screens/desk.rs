//! The desk: charts that are looked at. Every figure stands beside its chart, and what is red says so in a word or a
//! glyph too.

use crate::app::keys::Action;
use crate::app::state::State;
use crate::app::words;
use crate::domain::board::URGENT;
use crate::domain::desk::{
    DeskFacts, HOURS, Hour, Limit, PackerLine, UpTo, answers, by_carrier, error_rate, packers,
    refused_by_form, spent,
};
use crate::domain::money::Money;
use crate::domain::user::Permission;
use crate::ui::theme::{Meaning, Theme};
use crate::ui::widgets::rows::{below, heading, write};
use crate::ui::widgets::text;
use chrono::{DateTime, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::Marker;
use ratatui::text::{Line, Span};
use ratatui::widgets::canvas::{Canvas, Line as Stroke};
use ratatui::widgets::{Bar, BarChart, BarGroup, LineGauge, Sparkline, Widget};

/// A bar of the chart of ship-by hours, and the gap after it.
const BAR: u16 = 6;
const GAP: u16 = 1;
/// Rows from which there is room for larger charts.
const TALL: u16 = 30;
/// Name of a packer, of a carrier, of an operation.
const NAME: usize = 11;
/// Rates that are shown though they are full.
const FULL: usize = 6;
/// A scan's answer within one frame of 60 Hz.
const FRAME: UpTo = UpTo::Millis(16);

pub(crate) fn draw(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let words = head(state);
    let line = heading(&words, area.width, theme.style(Meaning::Muted));
    let used = write(&[line], area, buffer);
    let Some(facts) = &state.desk.facts else { return };
    let [left, _, right] = Layout::horizontal([
        Constraint::Percentage(58),
        Constraint::Length(1),
        Constraint::Fill(1),
    ])
    .areas(below(area, used));
    let tall = left.height >= TALL;
    let mut left = Pen::new(left, buffer, theme);
    ship_by(state, facts, tall, &mut left);
    packed(state, facts, tall, &mut left);
    errors(facts, &mut left);
    let mut right = Pen::new(right, buffer, theme);
    waits(state, facts, &mut right);
    answered(facts, tall, &mut right);
    money(facts, tall, &mut right);
    amazon(state, facts, &mut right);
}

fn head(state: &State) -> String {
    match &state.desk.facts {
        None => "  Reading …".to_owned(),
        Some(facts) if facts.everybody => {
            let day = facts.at.with_timezone(&state.setup.zone).format("%a %-d %b");
            format!("  Everybody's numbers, {day}")
        }
        Some(_) => format!("  Your own numbers ({})", state.may_not(Permission::Reports)),
    }
}

/// Writes from the top of an area down.
struct Pen<'a> {
    left: Rect,
    buffer: &'a mut Buffer,
    theme: &'a Theme,
}

impl<'a> Pen<'a> {
    fn new(area: Rect, buffer: &'a mut Buffer, theme: &'a Theme) -> Self {
        let left = area.intersection(buffer.area);
        Self { left, buffer, theme }
    }

    /// The next rows, as far as there are any.
    fn take(&mut self, rows: u16) -> Rect {
        let height = rows.min(self.left.height);
        let taken = Rect { height, ..self.left };
        self.left = below(self.left, height);
        taken
    }

    fn line(&mut self, words: &str, meaning: Meaning) {
        let cells = usize::from(self.left.width);
        let line = Line::from(Span::styled(text::fit(words, cells), self.theme.style(meaning)));
        let area = self.take(1);
        write(&[line], area, self.buffer);
    }

    fn title(&mut self, words: &str) {
        self.line(words, Meaning::Title);
    }

    /// The style of a bar: without colour a line under its empty part would look like a bar, too.
    fn bar(&self, meaning: Meaning) -> Style {
        let style = self.theme.style(meaning);
        Style {
            add_modifier: style.add_modifier.difference(Modifier::UNDERLINED),
            ..style
        }
    }

    fn draw(&mut self, widget: impl Widget, area: Rect) {
        if !area.is_empty() {
            widget.render(area, self.buffer);
        }
    }
}

fn ship_by(state: &State, facts: &DeskFacts, tall: bool, pen: &mut Pen<'_>) {
    let open = &facts.open;
    let late = match open.late {
        0 => String::new(),
        late => format!(" · ✘ {late} LATE"),
    };
    let meaning = if open.late > 0 {
        Meaning::Late
    } else {
        Meaning::Title
    };
    pen.line(
        &format!(" Open orders by ship-by: {}{late}", open.total()),
        meaning,
    );
    let area = pen.take(if tall { pen.left.height * 2 / 5 } else { 6 });
    if open.total() == 0 {
        let line = Line::from(Span::styled(" There is none.", pen.theme.style(Meaning::Muted)));
        write(&[line], area, pen.buffer);
        return;
    }
    // The bars at the ends are no hours: late, and later than all that fit.
    let room = usize::from((area.width.saturating_sub(1) + GAP) / (BAR + GAP));
    let hours = room.saturating_sub(2).min(open.hours.len());
    let (shown, rest) = open.hours.split_at(hours);
    let later = open.later + rest.iter().map(|(_, orders)| orders).sum::<u64>();
    // What is later than all that fit does not make the hours flat.
    let most = shown.iter().map(|(_, orders)| *orders).max().unwrap_or(later);
    let late = if open.late > 0 {
        ("✘LATE", Meaning::Late)
    } else {
        ("late", Meaning::Muted)
    };
    let mut bars = vec![(open.late, late.0.to_owned(), late.1)];
    bars.extend(shown.iter().map(|(hour, orders)| {
        let soon = hour.next().start() - facts.at < URGENT;
        let meaning = if soon { Meaning::Soon } else { Meaning::Done };
        (*orders, clock(*hour, state, facts.at), meaning)
    }));
    if later > 0 {
        bars.push((later, "later".to_owned(), Meaning::Muted));
    }
    let bars: Vec<Bar<'_>> = bars
        .into_iter()
        .map(|(orders, label, meaning)| {
            let style = pen.bar(meaning);
            Bar::with_label(Line::styled(label, style), orders)
                .style(style)
                .value_style(style.add_modifier(Modifier::REVERSED))
        })
        .collect();
    let chart = BarChart::default()
        .data(BarGroup::default().bars(&bars))
        .max(most.max(open.late).max(1))
        .bar_width(BAR)
        .bar_gap(GAP);
    pen.draw(chart, indented(area));
}

/// An hour where the bench stands: `17:00` today, `Tue 9` on another day.
fn clock(hour: Hour, state: &State, now: DateTime<Utc>) -> String {
    let zone = state.setup.zone;
    let (at, today) = (hour.start().with_timezone(&zone), now.with_timezone(&zone));
    if at.date_naive() == today.date_naive() {
        at.format("%H:%M").to_string()
    } else {
        at.format("%a %-H").to_string()
    }
}

fn indented(area: Rect) -> Rect {
    Rect {
        x: area.x + area.width.min(1),
        width: area.width.saturating_sub(1),
        ..area
    }
}

fn packed(state: &State, facts: &DeskFacts, tall: bool, pen: &mut Pen<'_>) {
    let to = Hour::of(facts.at).next();
    let from = to.before(HOURS);
    let lines = packers(&facts.work, (from, to));
    let local = |hour: Hour| {
        hour.start()
            .with_timezone(&state.setup.zone)
            .format("%H:%M")
            .to_string()
    };
    let orders: u64 = lines.iter().map(|line| line.orders).sum();
    pen.title(&format!(
        " Orders packed an hour, {} to now: {orders}",
        local(from)
    ));
    let room = if tall { pen.left.height / 2 } else { 4 };
    if lines.is_empty() {
        pen.line(" Nobody has scanned in these hours.", Meaning::Muted);
        pen.take(room - 1);
        return;
    }
    let most = lines
        .iter()
        .flat_map(|line| &line.hours)
        .copied()
        .max()
        .unwrap_or(0);
    let each = if tall { 2 } else { 1 };
    let fits = usize::from(room / each);
    let (shown, hidden) = lines.split_at(fits.min(lines.len()));
    for line in shown {
        let area = pen.take(each);
        packer(line, most, area, pen);
    }
    let missing = u16::try_from(fits - shown.len()).unwrap_or(0) * each;
    if hidden.is_empty() {
        pen.take(missing);
    } else {
        let orders: u64 = hidden.iter().map(|line| line.orders).sum();
        pen.line(
            &format!(" … {} more: {orders} orders", hidden.len()),
            Meaning::Muted,
        );
    }
}

/// A name, a line of bars, figures.
fn packer(line: &PackerLine, most: u64, area: Rect, pen: &mut Pen<'_>) {
    let now = line.hours.last().copied().unwrap_or(0);
    let figures = format!(" {:>3} now {now:<2}", line.orders);
    let wide = text::width(&figures).max(11);
    let name = text::left(&format!(" {}", line.name), NAME);
    let cells = usize::from(area.width).saturating_sub(NAME + wide);
    let each = (cells / line.hours.len().max(1)).clamp(1, 4);
    let data: Vec<u64> = line
        .hours
        .iter()
        .flat_map(|orders| std::iter::repeat_n(*orders, each))
        .collect();
    let chart = u16::try_from(data.len()).unwrap_or(u16::MAX);
    let last = area.height.saturating_sub(1);
    let row = Rect {
        y: area.y + last,
        height: area.height.min(1),
        ..area
    };
    write(&[Line::from(name)], row, pen.buffer);
    let at = area.x + u16::try_from(NAME).unwrap_or(0);
    let spark = Rect {
        x: at,
        width: chart,
        ..area
    }
    .intersection(area);
    let style = pen.theme.style(Meaning::Done);
    pen.draw(
        Sparkline::default().data(data).max(most.max(1)).style(style),
        spark,
    );
    let tail = Rect { x: at + chart, ..row }.intersection(row);
    write(&[Line::from(figures)], tail, pen.buffer);
}

fn errors(facts: &DeskFacts, pen: &mut Pen<'_>) {
    let sum = |of: fn(&crate::domain::desk::WorkHour) -> u64| facts.work.iter().map(of).sum::<u64>();
    let (scans, refused) = (sum(|row| row.scans), sum(|row| row.refused));
    let share = error_rate(scans, refused)
        .map(|share| format!(" ({}.{} %)", share / 10, share % 10))
        .unwrap_or_default();
    pen.title(&format!(" Error scans: {refused} of {}{share}", scans + refused));
    let forms = refused_by_form(&facts.refused);
    if forms.is_empty() {
        pen.line(" None was refused.", Meaning::Muted);
        return;
    }
    let room = pen.left.height;
    let style = pen.bar(Meaning::Late);
    let bars: Vec<Bar<'_>> = forms
        .iter()
        .take(usize::from(room))
        .map(|(form, scans)| {
            Bar::with_label(text::left(form, 18), *scans)
                .style(style)
                .value_style(style.add_modifier(Modifier::REVERSED))
        })
        .collect();
    let gap = u16::from(usize::from(room) >= 2 * bars.len());
    let chart = BarChart::horizontal(bars).bar_width(1).bar_gap(gap);
    let area = indented(pen.take(room));
    pen.draw(chart, area);
}

fn waits(state: &State, facts: &DeskFacts, pen: &mut Pen<'_>) {
    let waiting = &facts.waiting;
    let key = state.setup.keys.name(Action::Waiting);
    pen.title(&format!("What waits ({key} shows each)"));
    if waiting.unknown > 0 {
        pen.line(
            &format!("✘ {} UNKNOWN: settle them first", waiting.unknown),
            Meaning::Late,
        );
    }
    let counts = [
        (waiting.purchases, "to buy"),
        (waiting.voids, "to void"),
        (waiting.quotes, "rates"),
        (waiting.prints, "to print"),
        (waiting.confirmations, "to tell"),
        (waiting.onto_box, "to scan on"),
    ];
    let words: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if words.is_empty() {
        pen.line("Nothing.", Meaning::Muted);
    } else {
        pen.line(&words.join(" · "), Meaning::Soon);
    }
}

fn answered(facts: &DeskFacts, tall: bool, pen: &mut Pen<'_>) {
    let times = answers(&facts.work);
    pen.title("Scans answered");
    let (Some(half), Some(most)) = (times.percentile(50), times.percentile(99)) else {
        pen.line("None was timed yet.", Meaning::Muted);
        return;
    };
    let (glyph, meaning) = if most > FRAME {
        ("✘ ", Meaning::Late)
    } else {
        ("", Meaning::Text)
    };
    pen.line(
        &format!("{glyph}p50 {half} · p99 {most} ({})", times.count()),
        meaning,
    );
    if !tall {
        return;
    }
    let steps: Vec<(UpTo, u64)> = times.all().collect();
    let count = float(times.count().max(1));
    let mut sum = 0;
    let shares: Vec<f64> = steps
        .iter()
        .map(|(_, scans)| {
            sum += scans;
            float(sum) / count * 100.0
        })
        .collect();
    let frame = steps.iter().position(|(end, _)| *end == FRAME).unwrap_or(0);
    let colour = |meaning: Meaning| pen.theme.style(meaning).fg.unwrap_or(Color::Reset);
    let (curve, border) = (colour(Meaning::Done), colour(Meaning::Frame));
    let last = steps.len() - 1;
    let chart = Canvas::default()
        .marker(Marker::Dot)
        .x_bounds([0.0, place(last)])
        .y_bounds([0.0, 100.0])
        .paint(move |context| {
            context.draw(&Stroke::new(place(frame), 0.0, place(frame), 100.0, border));
            context.layer();
            for (step, pair) in shares.windows(2).enumerate() {
                context.draw(&Stroke::new(
                    place(step),
                    pair[0],
                    place(step + 1),
                    pair[1],
                    curve,
                ));
            }
        });
    let area = pen.take(8);
    pen.draw(chart, area);
    // What the strokes are: the ends of the steps below, the frame in its place.
    let cells = usize::from(area.width);
    let at = frame * cells.saturating_sub(1) / last;
    let axis = format!("{}{}", text::left("≤1 ms", at), "16 ms: one frame");
    let slowest = "> 1 s";
    let axis = format!(
        "{}{slowest}",
        text::left(&axis, cells.saturating_sub(text::width(slowest)))
    );
    pen.line(&axis, Meaning::Muted);
}

#[expect(clippy::cast_precision_loss, reason = "counts of scans are far below 2^52")]
fn float(count: u64) -> f64 {
    count as f64
}

fn place(step: usize) -> f64 {
    u32::try_from(step).map_or(0.0, f64::from)
}

fn money(facts: &DeskFacts, tall: bool, pen: &mut Pen<'_>) {
    let totals: Vec<String> = spent(&facts.costs)
        .into_iter()
        .map(|(sum, labels)| format!("{sum} ({labels})"))
        .collect();
    let total = if totals.is_empty() {
        "none".to_owned()
    } else {
        totals.join(", ")
    };
    pen.title(&format!("Labels today: {total}"));
    let carriers = by_carrier(&facts.costs);
    let room = if tall { 8 } else { 2 };
    let most = carriers
        .iter()
        .map(|(_, cost, _)| cost.minor)
        .max()
        .unwrap_or(0)
        .max(1);
    for (carrier, cost, labels) in carriers.iter().take(room) {
        let figures = format!("{cost} ({labels})");
        let ratio = share(cost.minor, most);
        gauge(&text::left(carrier, NAME), &figures, ratio, Meaning::Done, pen);
    }
    if carriers.len() > room {
        pen.line(
            &format!("… {} more carriers", carriers.len() - room),
            Meaning::Muted,
        );
    }
    for refunds in &facts.refunds {
        let sum = Money::new(refunds.sum.minor, refunds.currency);
        let overdue = match refunds.overdue {
            0 => String::new(),
            overdue => format!(" · ✘ {overdue} overdue"),
        };
        let meaning = if refunds.overdue > 0 {
            Meaning::Late
        } else {
            Meaning::Text
        };
        pen.line(
            &format!("refunds {sum} ({}){overdue}", refunds.sum.labels),
            meaning,
        );
    }
    if facts.refunds.is_empty() {
        pen.line("no refund is awaited", Meaning::Muted);
    }
}

fn share(part: i64, whole: i64) -> f64 {
    let per_mille = part.clamp(0, whole).saturating_mul(1000) / whole.max(1);
    i32::try_from(per_mille).map_or(0.0, f64::from) / 1000.0
}

/// A word, a bar, a figure.
fn gauge(name: &str, figures: &str, ratio: f64, meaning: Meaning, pen: &mut Pen<'_>) {
    let area = pen.take(1);
    let style = pen.bar(meaning);
    let tail = text::width(figures).max(7);
    let wide = area.width.saturating_sub(u16::try_from(tail + 1).unwrap_or(0));
    let bar = Rect { width: wide, ..area };
    let chart = LineGauge::default()
        .label(Line::from(name.to_owned()))
        .ratio(ratio.clamp(0.0, 1.0))
        .filled_symbol("█")
        .unfilled_symbol("·")
        .filled_style(style)
        .unfilled_style(pen.theme.style(Meaning::Muted));
    pen.draw(chart, bar);
    let rest = Rect {
        x: area.x + wide,
        width: area.width - wide,
        ..area
    };
    let figures = Line::from(Span::styled(text::right(figures, tail + 1), style));
    write(&[figures], rest, pen.buffer);
}

fn amazon(state: &State, facts: &DeskFacts, pen: &mut Pen<'_>) {
    let health = &facts.health;
    let (words, meaning) = match (health.unreachable_since, health.last_ok) {
        (Some(since), _) => (
            format!("✘ Amazon UNREACHABLE for {}", words::span(facts.at - since)),
            Meaning::Late,
        ),
        (None, Some(last)) => (
            format!("Amazon ok {}", words::moment(last, facts.at, state.setup.zone)),
            Meaning::Title,
        ),
        (None, None) => ("Amazon not asked yet".to_owned(), Meaning::Title),
    };
    let imported = health.last_import.filter(|_| health.unreachable_since.is_none());
    let import = imported.map_or_else(String::new, |at| {
        format!(" · orders {}", words::moment(at, facts.at, state.setup.zone))
    });
    pen.line(&format!("{words}{import}"), meaning);
    if let Some(trouble) = &health.trouble {
        pen.line(&format!("✘ {trouble}"), Meaning::Late);
    }
    let room = usize::from(pen.left.height);
    // Those that are full tell little: a few of them, and how many more.
    let used = facts.limits.iter().filter(|limit| limit.per_mille < 1000).count();
    let shown = used.max(FULL).min(facts.limits.len());
    let shown = if facts.limits.len() > shown.min(room) {
        shown.min(room.saturating_sub(1))
    } else {
        shown
    };
    let shop = |limit: &Limit| limit.name.split('/').next().map(str::to_owned);
    let one_shop = facts
        .limits
        .windows(2)
        .all(|pair| shop(&pair[0]) == shop(&pair[1]));
    for limit in &facts.limits[..shown] {
        rate(limit, one_shop, pen);
    }
    let hidden = &facts.limits[shown..];
    if hidden.is_empty() {
        return;
    }
    let full = hidden.iter().all(|limit| limit.per_mille >= 1000);
    let words = if full { "all full" } else { "fuller than these" };
    pen.line(&format!("… {} more rates, {words}", hidden.len()), Meaning::Muted);
}

/// How much of a rate is left. The shop is named where there are several, or where there is room.
fn rate(limit: &Limit, one_shop: bool, pen: &mut Pen<'_>) {
    let meaning = match limit.per_mille {
        0..=99 => Meaning::Late,
        100..=299 => Meaning::Soon,
        _ => Meaning::Done,
    };
    let cells = if pen.left.width >= 50 { 34 } else { 16 };
    let name = match limit.name.rsplit('/').next() {
        Some(operation) if one_shop && text::width(&limit.name) > cells => text::fit(operation, cells),
        _ => text::fit_end(&limit.name, cells),
    };
    let figures = format!("{}/{}", limit.calls, limit.burst);
    let ratio = f64::from(limit.per_mille) / 1000.0;
    gauge(&text::left(&name, cells), &figures, ratio, meaning, pen);
}
