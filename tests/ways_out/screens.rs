//! The screens over a hostile store: a walk of keys through every screen and dialog, each frame judged as cells and as
//! the bytes that the terminal gets.

use crate::shop::{NUMBER, SHOP, customer, fill, now};
use crate::strings::Strings;
use crate::{judges, seed, until_done};
use chrono_tz::America::New_York;
use ratatui::layout::Size;
use std::collections::VecDeque;
use std::io::Write;
use std::sync::{Arc, Mutex};
use tapegun::app::effect::{Commit, Effect};
use tapegun::app::message::{Done, Failure, FailureKind, Key, KeyPress, Message};
use tapegun::app::{Setup, State, update};
use tapegun::domain::ids::{StationId, StoreId};
use tapegun::domain::note::{Note, NoteText};
use tapegun::fuzzing;
use tapegun::store::Store;
use tapegun::store::sqlite::SqliteStore;
use tapegun::terminal::frames::Frames;
use tapegun::ui::{self, Theme};
use uuid::Uuid;

/// What the terminal was sent.
#[derive(Clone, Default)]
struct Tape(Arc<Mutex<Vec<u8>>>);

impl Write for Tape {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("not poisoned").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A bench over a store, that answers what the state asks for.
struct Bench {
    state: State,
    store: SqliteStore,
    ids: u128,
}

impl Bench {
    fn new(strings: &mut Strings) -> Self {
        let mut store = SqliteStore::open_in_memory().expect("a store");
        fill(&mut store, strings, 24).expect("filled");
        let setup = Setup::new(StationId::from("bench-1"), New_York);
        let state = State::new(setup, (100, 40), now());
        let mut bench = Self { state, store, ids: 1 };
        bench.send(Message::Started, strings);
        bench
    }

    fn send(&mut self, message: Message, strings: &mut Strings) {
        let mut waiting = VecDeque::from([message]);
        while let Some(message) = waiting.pop_front() {
            for effect in update(&mut self.state, message, now()) {
                waiting.extend(self.answer(effect, strings));
            }
        }
    }

    fn answer(&mut self, effect: Effect, strings: &mut Strings) -> Option<Message> {
        match effect {
            Effect::Read(request, slot, query) => Some(Message::Answered {
                slot,
                request,
                answer: fuzzing::read(&self.store, &query, &StationId::from("bench-1"))
                    .map_err(|_| strings.next()),
            }),
            Effect::Commit(
                request,
                Commit::BeginPacking {
                    order,
                    by,
                    take_over,
                    confirmation,
                },
            ) => {
                let begun = self
                    .store
                    .begin_packing(order, by, take_over, confirmation, now());
                Some(match begun {
                    Ok(parcel) => Message::Committed {
                        request,
                        done: Done::Box(parcel),
                    },
                    Err(_) => Message::Refused {
                        request,
                        failure: refusal(strings),
                    },
                })
            }
            Effect::Commit(request, _) => Some(Message::Refused {
                request,
                failure: refusal(strings),
            }),
            Effect::OpenCustomer(order, _) => Some(Message::CustomerOpened {
                order,
                customer: Ok(Some(customer(strings))),
            }),
            Effect::OpenNotes(order, _) => Some(Message::NotesOpened {
                order,
                notes: Ok(vec![Note {
                    at: now(),
                    by: strings.next(),
                    text: NoteText(strings.next()),
                }]),
            }),
            Effect::FreshIds(count) => {
                let first = self.ids;
                self.ids += count as u128;
                Some(Message::Ids((first..self.ids).map(Uuid::from_u128).collect()))
            }
            _ => None,
        }
    }

    fn scan(&mut self, code: &str, strings: &mut Strings) {
        for letter in code.chars() {
            self.send(Message::Key(KeyPress::plain(Key::Char(letter))), strings);
        }
        self.send(Message::Key(KeyPress::plain(Key::Enter)), strings);
    }
}

fn refusal(strings: &mut Strings) -> Failure {
    Failure {
        kind: [FailureKind::Refused, FailureKind::TakenOver, FailureKind::Failed][strings.below(3)],
        words: strings.next(),
    }
}

/// A key that somebody may press anywhere.
fn key(strings: &mut Strings) -> KeyPress {
    const KEYS: [Key; 12] = [
        Key::Enter,
        Key::Esc,
        Key::Up,
        Key::Down,
        Key::Left,
        Key::Right,
        Key::Tab,
        Key::Backspace,
        Key::PageDown,
        Key::Home,
        Key::End,
        Key::Delete,
    ];
    match strings.below(6) {
        0 | 1 => KeyPress::plain(KEYS[strings.below(KEYS.len())]),
        2 | 3 => KeyPress::plain(Key::Function(1 + u8::try_from(strings.below(12)).expect("few"))),
        4 => {
            let letter = u8::try_from(strings.below(26)).expect("few");
            let alt = strings.below(2) == 0;
            KeyPress {
                alt,
                control: !alt,
                ..KeyPress::plain(Key::Char(char::from(b'a' + letter)))
            }
        }
        _ => KeyPress::plain(Key::Char(strings.next().chars().next().unwrap_or('\u{202e}'))),
    }
}

#[test]
fn no_cell_and_no_byte_to_the_terminal_is_a_strangers() {
    let tape = Tape::default();
    let size = Size {
        width: 110,
        height: 40,
    };
    let mut frames = Frames::start(tape.clone(), move || Ok(size)).expect("frames");
    let slot = frames.slot();
    let theme = Theme::standard();
    let mut seen = std::collections::BTreeSet::new();
    until_done("screens and terminal", |strings| {
        let mut bench = Bench::new(strings);
        bench.scan("TGU-anna", strings);
        for step in 0..50 {
            match step % 25 {
                3 => bench.scan(NUMBER, strings),
                6 => bench.scan("036000291451", strings),
                9 => bench.send(Message::Pasted(strings.next()), strings),
                12 => bench.send(Message::StoreChanged(i64::from(step)), strings),
                _ => bench.send(Message::Key(key(strings)), strings),
            }
            seen.insert(format!(
                "{:?} {}",
                bench.state.screen,
                bench.state.layers.len().min(2)
            ));
            let mut verdict = Ok(());
            let drawn = frames.draw(|frame| {
                ui::draw(&bench.state, &theme, frame);
                verdict = judges::cells(frame.buffer_mut());
            });
            assert!(drawn.expect("the terminal is there"), "the slot was free");
            verdict.map_err(|fault| format!("{:?}: {fault}", bench.state.screen))?;
            while !slot.is_free() {
                std::thread::yield_now();
            }
            let bytes = std::mem::take(&mut *tape.0.lock().expect("not poisoned"));
            judges::terminal(&bytes)?;
        }
        assert_eq!(SHOP, StoreId::from(SHOP).as_str());
        Ok(())
    });
    println!("screens seen: {seen:?}");
    assert!(seen.len() >= 6, "the walk came too few screens far: {seen:?}");
}

#[test]
fn a_planted_hole_on_a_screen_is_caught() {
    let mut strings = Strings::new(seed());
    let mut caught = 0;
    for _ in 0..200 {
        let text = strings.next();
        let mut buffer = ratatui::buffer::Buffer::empty(ratatui::layout::Rect::new(0, 0, 80, 1));
        buffer.set_string(0, 0, &text, ratatui::style::Style::default());
        caught += usize::from(judges::cells(&buffer).is_err());
    }
    assert!(caught > 30, "the gate has something to do: {caught}");
}

#[test]
fn a_planted_hole_to_the_terminal_is_caught() {
    judges::terminal(b"\x1b[?2026h\x1b[1;5Hplain\x1b[38;5;1m \x1b[?25l\x1b[?2026l")
        .expect("our own commands");
    for planted in [
        "\u{1b}]0;title\u{7}",
        "\u{1b}]2;title\u{1b}\\",
        "\u{1b}]52;c;eA==\u{7}",
        "\u{1b}[6n",
        "\u{1b}[?1049l",
        "\u{1b}c",
        "\u{1b}",
        "\u{1b}[5i",
        "a\u{9b}2J",
        "a\u{7}",
        "a\nb",
        "a\u{202e}b",
        "a\u{200d}b",
        "\u{1b}Px\u{1b}\\",
        "\u{1b}[>c",
    ] {
        assert!(judges::terminal(planted.as_bytes()).is_err(), "{planted:?}");
    }
}
