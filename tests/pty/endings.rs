//! However it ends, the terminal is put back.

use crate::terminal::{PATIENCE, Terminal};
use portable_pty::CommandBuilder;
use ratatui::widgets::Paragraph;

/// A command that runs one of this file's helpers in a terminal of its own.
fn helper(name: &str) -> CommandBuilder {
    let mut command = CommandBuilder::new(std::env::current_exe().expect("this test"));
    command.args([&format!("endings::{name}"), "--exact", "--ignored", "--nocapture"]);
    command.env("RUST_BACKTRACE", "0");
    command
}

#[test]
fn a_panic_puts_the_terminal_back_and_can_be_read() {
    let terminal = Terminal::start(helper("panics_on_the_screen"), 80, 24);
    let status = terminal.wait_for_end(PATIENCE);
    assert!(!status.success());
    terminal.assert_put_back();
    let bytes = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    let (screens, after) = bytes
        .rsplit_once("\x1b[?1049l")
        .expect("the alternate screen was left");
    assert!(screens.contains("packing"), "the screen was there: {screens:?}");
    assert!(
        after.contains("out of tape"),
        "the panic's words come after the screen: {after}"
    );
}

#[test]
#[ignore = "run by another test in a terminal of its own"]
fn panics_on_the_screen() {
    let mut screen = tapegun::terminal::enter().expect("a terminal");
    show(&mut screen, "packing away");
    panic!("out of tape");
}

#[test]
fn a_panic_elsewhere_leaves_the_screen_alone() {
    let terminal = Terminal::start(helper("panics_in_a_task"), 80, 24);
    assert!(terminal.wait_for_end(PATIENCE).success());
    terminal.assert_put_back();
    let bytes = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    assert!(bytes.contains("packing"));
    assert!(
        !bytes.contains("out of ink"),
        "nothing scribbles over the screen: {bytes}"
    );
}

#[test]
#[ignore = "run by another test in a terminal of its own"]
fn panics_in_a_task() {
    let mut screen = tapegun::terminal::enter().expect("a terminal");
    let task = std::thread::spawn(|| panic!("out of ink"));
    assert!(task.join().is_err());
    show(&mut screen, "still packing");
}

/// Draws and waits until the terminal has it.
fn show(screen: &mut tapegun::terminal::Screen, words: &str) {
    screen
        .frames
        .draw(|frame| frame.render_widget(Paragraph::new(words), frame.area()))
        .expect("drawn");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    runtime.block_on(screen.frames.slot().freed());
}

#[test]
fn without_a_terminal_the_screens_are_refused_in_words() {
    let Err(error) = tapegun::terminal::enter() else {
        // Somebody runs the tests by hand: then there is a terminal.
        return;
    };
    assert!(error.to_string().contains("need a terminal"), "{error}");
}
