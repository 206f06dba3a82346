use super::{Color, Desk, Key, LabelState, MUG, Theme, gallery, render};
use crate::app::Told;
use crate::app::fixtures::Desk as Bench;
use crate::app::layers::Layer;
use crate::ui::theme::Meaning;

#[test]
fn any_size_is_survived() {
    for (name, desk) in gallery() {
        for (columns, rows) in [
            (1, 1),
            (2, 40),
            (300, 1),
            (39, 11),
            (40, 12),
            (41, 13),
            (80, 24),
            (220, 70),
        ] {
            let terminal = render(&desk.state, &Theme::standard(), columns, rows);
            assert_eq!(terminal.backend().buffer().area.width, columns, "{name}");
        }
    }
}

#[test]
fn a_terminal_that_is_too_small_says_so() {
    let terminal = render(&Bench::packing().state, &Theme::standard(), 20, 4);
    assert!(terminal.backend().to_string().contains("too small"));
}

#[test]
fn the_end_of_the_help_shows_the_last_box_of_a_full_shelf() {
    let mut desk = Bench::packed();
    let shelf = desk.state.setup.presets[0].clone();
    desk.state.setup.presets = (1..=9)
        .map(|digit| crate::app::state::BoxPreset {
            digit,
            ..shelf.clone()
        })
        .collect();
    desk.press(Key::Function(1));
    let help = |desk: &Desk| {
        render(&desk.state, &Theme::standard(), 80, 24)
            .backend()
            .to_string()
    };
    assert!(!help(&desk).contains("9  SMALL"));
    desk.press(Key::End);
    assert!(help(&desk).contains("9  SMALL"), "{}", help(&desk));
}

#[test]
fn without_colour_no_cell_has_any() {
    for (name, desk) in gallery() {
        let terminal = render(&desk.state, &Theme::plain(), 80, 24);
        for cell in terminal.backend().buffer().content() {
            assert!(
                matches!((cell.fg, cell.bg), (Color::Reset, Color::Reset)),
                "{name}"
            );
        }
    }
}

#[test]
fn sixteen_colours_are_enough() {
    for (name, desk) in gallery() {
        let terminal = render(&desk.state, &Theme::standard(), 80, 24);
        for cell in terminal.backend().buffer().content() {
            for color in [cell.fg, cell.bg] {
                assert!(!matches!(color, Color::Rgb(..) | Color::Indexed(_)), "{name}");
            }
        }
    }
}

/// The banner's row of a desk, as text and the colour behind its last cell.
fn banner(desk: &Desk) -> (String, Color) {
    let terminal = render(&desk.state, &Theme::standard(), 80, 24);
    let buffer = terminal.backend().buffer();
    let row = (0..80)
        .filter_map(|x| buffer.cell((x, 1)))
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    (row, buffer.cell((79, 1)).map(|cell| cell.bg).unwrap_or_default())
}

#[test]
fn a_good_and_a_bad_scan_differ_in_word_glyph_and_colour_over_the_full_width() {
    let mut desk = Bench::packing();
    desk.scan(MUG);
    let good = banner(&desk);
    desk.scan("850047100047");
    let bad = banner(&desk);
    assert!(
        good.0.contains("✔ GOOD") && bad.0.contains("✘ STOP"),
        "{good:?} {bad:?}"
    );
    assert_ne!(good.1, bad.1);
    assert_ne!(good.1, Color::Reset);
}

#[test]
fn badges_are_words_and_red_methods_are_red_with_a_word() {
    let mut desk = Bench::signed_in();
    desk.press(Key::Enter);
    let shown = render(&desk.state, &Theme::standard(), 80, 24)
        .backend()
        .to_string();
    assert!(
        shown.contains("[PRIME] [BUSINESS] [COMMERCIAL] [TRANSPARENCY]"),
        "{shown}"
    );
    let desk = Bench::rates();
    let terminal = render(&desk.state, &Theme::standard(), 80, 24);
    let buffer = terminal.backend().buffer();
    let row = (0..24).find(|y| {
        let words: String = (0..80)
            .filter_map(|x| buffer.cell((x, *y)))
            .map(ratatui::buffer::Cell::symbol)
            .collect();
        words.contains("USPS Priority Mail") && words.contains("✘ RED")
    });
    let row = row.expect("the Saturday method is marked");
    assert_eq!(
        buffer.cell((4, row)).map(|cell| cell.fg),
        Theme::standard().style(Meaning::Weekend).fg
    );
}

#[test]
fn a_red_method_is_red_where_it_is_explained_too() {
    let mut desk = Bench::rates();
    desk.state.layers.push(Layer::Told(Box::new(Told {
        title: "Why?".to_owned(),
        lines: vec!["  passes: one".to_owned(), "  RED: another".to_owned()],
        top: 0,
    })));
    let terminal = render(&desk.state, &Theme::standard(), 80, 24);
    let buffer = terminal.backend().buffer();
    let colour_of = |first: &str| {
        let cells = (0..24).flat_map(|y| (0..78).map(move |x| (x, y)));
        let mut found = cells.filter(|(x, y)| {
            let word: String = (*x..80)
                .filter_map(|x| buffer.cell((x, *y)))
                .map(ratatui::buffer::Cell::symbol)
                .take(first.len())
                .collect();
            word == first
        });
        found.next().and_then(|at| buffer.cell(at)).map(|cell| cell.fg)
    };
    assert_eq!(
        colour_of("RED: another"),
        Theme::standard().style(Meaning::Weekend).fg
    );
    assert_ne!(
        colour_of("passes: one"),
        Theme::standard().style(Meaning::Weekend).fg
    );
}

#[test]
fn what_is_typed_and_the_cursor_stay_in_sight() {
    let mut desk = Bench::packing();
    for letter in "A".repeat(200).chars() {
        desk.press(Key::Char(letter));
    }
    desk.press(Key::Char('Z'));
    let mut terminal = render(&desk.state, &Theme::standard(), 80, 24);
    let position = terminal.get_cursor_position().expect("a cursor");
    assert_eq!(position.y, 21);
    assert!(position.x < 80);
    assert!(terminal.backend().to_string().contains("AZ"));
}

#[test]
fn customer_data_is_on_the_screen_only_while_its_order_is_open() {
    let mut desk = Bench::packing();
    assert!(
        render(&desk.state, &Theme::standard(), 80, 24)
            .backend()
            .to_string()
            .contains("Jordan Reyes")
    );
    desk.press(Key::Esc);
    assert!(!format!("{:?}", desk.state).contains("Jordan"));
    let desk = Bench::labelled(LabelState::Printed);
    assert!(
        !format!("{:?}", desk.state).contains("Jordan"),
        "Debug never shows it"
    );
}

#[test]
fn a_frame_of_a_long_list_is_drawn_from_its_window_alone() {
    let mut desk = Bench::signed_in();
    desk.orders = (1..=100_000).map(crate::app::fixtures::order_row).collect();
    desk.press(Key::Enter);
    desk.press(Key::End);
    let shown = render(&desk.state, &Theme::standard(), 80, 24)
        .backend()
        .to_string();
    assert!(shown.contains("111-0000001-0100000"), "{shown}");
    assert!(!shown.contains('…') || shown.contains("▶"), "{shown}");
}

#[test]
fn the_theme_tables_are_whole() {
    for theme in [Theme::standard(), Theme::plain()] {
        let alarm = theme.style(Meaning::Alarm);
        assert_ne!(alarm, theme.style(Meaning::Good));
        assert_ne!(alarm, theme.style(Meaning::Text));
    }
    assert!(Theme::parse("[alarm]\nfg = \"no such colour\"").is_err());
    assert!(Theme::parse("[no-such-meaning]").is_err());
    assert!(Theme::named("standard").is_some() && Theme::named("x").is_none());
}
