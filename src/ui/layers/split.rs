//! The dialog that splits an order: each line with how many of its units go and how many stay.

use super::scrolled;
use crate::app::SplitList;
use crate::app::keys::Action;
use crate::app::state::State;
use crate::ui::theme::{Meaning, Theme};
use crate::ui::widgets::text;
use ratatui::text::{Line, Span};

pub(super) fn lines(
    state: &State,
    list: &SplitList,
    theme: &Theme,
    cells: usize,
    rows: usize,
) -> Vec<Line<'static>> {
    let mut head = vec![Line::from(Span::styled(
        text::fit(
            &format!("Order {}: what goes as an order of its own?", list.title),
            cells,
        ),
        theme.style(Meaning::Title),
    ))];
    if let Some(rule) = list.breach {
        head.push(Line::from(Span::styled(
            text::fit(&format!("! PRIME: {rule}"), cells),
            theme.style(Meaning::Late),
        )));
    }
    head.push(Line::from(Span::styled(
        text::left("    goes  stays", cells),
        theme.style(Meaning::Muted),
    )));
    let mut shown = Vec::new();
    for (place, row) in list.rows.iter().enumerate() {
        let selected = place == list.selected;
        let mark = if selected { "▶ " } else { "  " };
        let boxed = row.units - row.free;
        let tail = match boxed {
            0 => String::new(),
            boxed => format!("  ({boxed} in a box)"),
        };
        let words = format!(
            "{mark}{:>6}  {:>5}  {} [{}]{tail}",
            row.going,
            row.units - row.going,
            row.title,
            row.sku
        );
        let meaning = match (selected, row.going) {
            (true, _) => Meaning::Selected,
            (false, 0) => Meaning::Text,
            (false, _) => Meaning::Next,
        };
        shown.push(Line::from(Span::styled(
            text::fit(&words, cells),
            theme.style(meaning),
        )));
    }
    let key = |action| state.setup.keys.name(action);
    let mut foot = vec![
        Line::from(""),
        Line::from(Span::styled(
            text::fit(
                &format!(
                    "number, Enter  how many go    Enter  all or none    {}  split",
                    key(Action::Yes)
                ),
                cells,
            ),
            theme.style(Meaning::Key),
        )),
    ];
    if let Some(part) = list.part {
        foot.push(Line::from(Span::styled(
            text::fit(
                &format!("This is {part}: {} joins it again", key(Action::Split)),
                cells,
            ),
            theme.style(Meaning::Key),
        )));
    }
    let room = rows.saturating_sub(head.len() + foot.len());
    head.extend(scrolled(
        shown,
        list.selected.saturating_sub(room.saturating_sub(1)),
        room,
        theme,
    ));
    head.extend(foot);
    head
}
