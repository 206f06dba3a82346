use super::*;

fn press(code: KeyCode, modifiers: KeyModifiers) -> Option<Input> {
    translate(&Event::Key(KeyEvent::new(code, modifiers)))
}

#[test]
fn characters_come_shifted_and_never_say_shift() {
    let capital = press(KeyCode::Char('A'), KeyModifiers::SHIFT);
    assert_eq!(capital, Some(Input::Key(KeyPress::plain(Key::Char('A')))));
}

#[test]
fn control_characters_keep_their_letter() {
    let group_separator = press(KeyCode::Char('5'), KeyModifiers::CONTROL);
    assert_eq!(group_separator, Some(Input::Key(KeyPress::control('5'))));
}

#[test]
fn back_tab_is_tab_with_shift() {
    let back = KeyPress {
        shift: true,
        ..KeyPress::plain(Key::Tab)
    };
    assert_eq!(
        press(KeyCode::BackTab, KeyModifiers::SHIFT),
        Some(Input::Key(back))
    );
}

#[test]
fn releases_focus_and_unknown_keys_are_nothing() {
    let release = KeyEvent::new_with_kind(KeyCode::Enter, KeyModifiers::NONE, KeyEventKind::Release);
    assert_eq!(translate(&Event::Key(release)), None);
    assert_eq!(translate(&Event::FocusGained), None);
    assert_eq!(press(KeyCode::CapsLock, KeyModifiers::NONE), None);
}

#[test]
fn a_resize_is_told() {
    let resized = Input::Resized { columns: 1, rows: 1 };
    assert_eq!(translate(&Event::Resize(1, 1)), Some(resized));
}
