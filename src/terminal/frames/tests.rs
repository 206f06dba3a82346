use super::*;
use ratatui::widgets::Paragraph;
use std::sync::mpsc;

/// A terminal that takes a frame only when it is told to.
struct Gate {
    open: mpsc::Receiver<()>,
    seen: mpsc::Sender<Vec<u8>>,
}

impl Write for Gate {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.open
            .recv()
            .map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        let _ = self.seen.send(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn gated() -> (Frames, mpsc::Sender<()>, mpsc::Receiver<Vec<u8>>) {
    let (open, gate) = mpsc::channel();
    let (seen, frames) = mpsc::channel();
    let output = Gate { open: gate, seen };
    let small = Size { width: 20, height: 3 };
    let screen = Frames::start(output, move || Ok(small)).expect("a thread");
    (screen, open, frames)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime")
}

fn say(frames: &mut Frames, text: &str) -> bool {
    frames
        .draw(|frame| frame.render_widget(Paragraph::new(text), frame.area()))
        .expect("drawn")
}

#[test]
fn a_frame_is_one_synchronized_write() {
    let (mut frames, open, seen) = gated();
    assert!(say(&mut frames, "hello"));
    open.send(()).expect("open");
    let bytes = seen.recv().expect("a frame");
    assert!(bytes.starts_with(BEGIN) && bytes.ends_with(END));
    assert!(String::from_utf8(bytes).expect("text").contains("hello"));
}

#[test]
fn while_the_terminal_is_slow_drawing_is_skipped_and_only_the_newest_is_shown() {
    let (mut frames, open, seen) = gated();
    assert!(say(&mut frames, "one"));
    for text in ["two", "three", "four"] {
        assert!(
            !say(&mut frames, text),
            "the slot is taken: nothing may be queued"
        );
    }
    open.send(()).expect("open");
    seen.recv().expect("the first frame");
    runtime().block_on(frames.slot().freed());
    assert!(say(&mut frames, "five"));
    open.send(()).expect("open");
    let text = String::from_utf8(seen.recv().expect("a frame")).expect("text");
    assert!(text.contains("five") && !text.contains("four"));
}

#[test]
fn a_frame_that_changes_nothing_writes_nothing() {
    let (mut frames, open, seen) = gated();
    assert!(say(&mut frames, "same"));
    open.send(()).expect("open");
    seen.recv().expect("a frame");
    runtime().block_on(frames.slot().freed());
    assert!(say(&mut frames, "same"));
    assert!(frames.slot().is_free(), "nothing was handed to the writer");
}

#[test]
fn a_terminal_that_is_gone_is_an_error_at_the_next_frame() {
    let (mut frames, open, _seen) = gated();
    drop(open);
    assert!(say(&mut frames, "lost"));
    runtime().block_on(frames.slot().freed());
    assert!(frames.draw(|_| {}).is_err());
}

#[test]
fn the_bell_rings_without_a_frame() {
    let (frames, open, seen) = gated();
    frames.slot().ring(3);
    open.send(()).expect("open");
    assert_eq!(seen.recv().expect("a bell"), BELL.repeat(3));
}

#[test]
fn closing_waits_for_a_write_under_way_but_not_for_ever() {
    let (mut frames, open, _seen) = gated();
    say(&mut frames, "stuck");
    frames.slot().close(Duration::from_millis(10));
    drop(open);
    assert!(!say_closed(&mut frames));
}

/// Whether a frame still reaches the writer after the end.
fn say_closed(frames: &mut Frames) -> bool {
    let _ = frames.draw(|frame| frame.render_widget("after", frame.area()));
    frames.slot().lock().frame.is_some()
}

#[test]
fn a_picture_that_is_not_wanted_any_more_is_taken_off() {
    let (mut frames, open, seen) = gated();
    let runtime = runtime();
    let mut paint = |text: &str, over: Option<(u64, Way)>| {
        let words = || b"<picture>".to_vec();
        let over = over.map(|(key, way)| Over {
            key,
            way,
            at: (2, 1),
            words: &words,
        });
        let drawn = frames.draw_under(
            |frame| frame.render_widget(Paragraph::new(text), frame.area()),
            over.as_ref(),
        );
        assert!(drawn.expect("drawn"));
        open.send(()).expect("open");
        let bytes = seen.recv().expect("a frame");
        runtime.block_on(frames.slot().freed());
        String::from_utf8(bytes).expect("text")
    };
    let kitty = Some((1, Way::Kitty));
    assert!(paint("one", kitty).contains("\x1b[2;3H<picture>"));
    assert!(!paint("two", kitty).contains("<picture>"), "it is there already");
    let other = paint("two", Some((2, Way::Kitty)));
    let (gone, put) = (other.find("a=d,d=A"), other.find("<picture>"));
    assert!(gone.is_some() && gone < put, "{other}");
    assert!(paint("three", None).contains("a=d,d=A"));
    assert!(paint("four", Some((3, Way::Sixel))).contains("<picture>"));
    let whole = paint("four", None);
    assert!(
        whole.contains("\x1b[2J") && whole.contains("four"),
        "all is painted anew: {whole}"
    );
}
