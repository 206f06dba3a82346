//! F24: 10,000 noisy scans, keys and bytes, from the terminal's bytes through the keys to the state of the bench.
//!
//! The one key that is left out is F10, the yes: whoever presses it has answered.

use crate::app::effect::{Commit, Effect, Sound};
use crate::app::fixtures::{Desk, MUG, NUMBER, WATCH, az, commits};
use crate::app::message::{Key, KeyPress, Message};
use crate::domain::packing::PackEvent;
use crate::domain::shipment::LabelState;
use crate::domain::transparency::UnitCode;
use crate::input::Input;
use crate::input::parser::Parser;

const CASES: u64 = 10_000;
const SEED: u64 = 24;
/// How xterm and the like spell F10.
const YES: &[&[u8]] = &[b"\x1b[21~", b"\x1b[21;"];

/// Small seeded chance: chooses the noise, never an outcome.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).expect("small")
    }

    fn one<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let at = self.below(list.len());
        &list[at]
    }
}

/// What came of a piece of noise.
#[derive(Debug, PartialEq, Eq)]
enum Must {
    /// A code that is not whole: refused aloud, whatever is open.
    BeRefused,
    /// The item's code in another wrapping: one scan of that item where items are scanned.
    BeTaken,
    /// No code at all.
    DoNothing,
}

/// Codes of products and orders, cut, glued, misread: none of them is a code any more. Where a serial number is
/// `due`, of this order's products: a part of a stranger's barcode, or the last seven digits of an order number, cannot be told from one.
fn spoilt(chance: &mut Chance, due: bool) -> Vec<u8> {
    let all = [MUG, WATCH, NUMBER, "850047100047", "10850047100047"];
    let whole = *chance.one(if due { &all[..2] } else { &all });
    let digits = whole.as_bytes().to_vec();
    match chance.below(4) {
        0 => digits[..=chance.below(digits.len() - 1)].to_vec(),
        1 => digits[1 + chance.below(digits.len() - 1)..].to_vec(),
        2 => [digits, chance.one(&[MUG, WATCH, NUMBER]).as_bytes().to_vec()].concat(),
        _ => {
            let mut misread = digits;
            let at = chance.below(misread.len());
            misread[at] = match misread[at] {
                b'-' => b'+',
                digit => b'0' + (digit - b'0' + 1 + u8::try_from(chance.below(9)).expect("small")) % 10,
            };
            misread
        }
    }
}

/// The mug's code as scanners are set to send it.
fn wrapped(chance: &mut Chance) -> Vec<u8> {
    let prefix = *chance.one(&["", "]E0", "]E00", "0", "00", "]C0", "  ", "\u{feff}", "\u{1d}"]);
    let end = *chance.one(&["\r", "\r\n", "\n", "\t", " \r", "\u{1d}\r"]);
    format!("{prefix}{MUG}{end}").into_bytes()
}

fn random(chance: &mut Chance) -> Vec<u8> {
    const SEQUENCES: &[&[u8]] = &[
        b"\x1b[M   ",
        b"\x1b[<0;0;0M",
        b"\x1b[I",
        b"\x1b[?2026;2$y",
        b"\x1b[",
        b"\x1bO",
        b"\x1b]0;title",
        b"\x1bP",
        b"\x1b[200~",
        b"\x1b[201~",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"\r",
        b"\r\n",
        b"\x1d",
        b"\x1e\x04",
        b"[)>\x1e06\x1d",
        b"\x02",
        b"\x03",
    ];
    let mut bytes = Vec::new();
    for _ in 0..=chance.below(30) {
        match chance.below(4) {
            0 => bytes.extend(*chance.one(SEQUENCES)),
            1 => bytes.push(u8::try_from(chance.below(256)).expect("a byte")),
            _ => bytes.push(b'!' + u8::try_from(chance.below(94)).expect("printable")),
        }
    }
    if YES
        .iter()
        .any(|yes| bytes.windows(yes.len()).any(|window| window == *yes))
    {
        bytes.clear();
    }
    bytes.push(b'\r');
    bytes
}

fn keys(chance: &mut Chance) -> Vec<Input> {
    let press = |chance: &mut Chance| {
        let letter = char::from(b'a' + u8::try_from(chance.below(26)).expect("a letter"));
        let plain = [
            Key::Esc,
            Key::Enter,
            Key::Tab,
            Key::Up,
            Key::Down,
            Key::PageUp,
            Key::PageDown,
            Key::Home,
            Key::End,
        ];
        match chance.below(4) {
            0 => KeyPress::control(letter),
            1 => KeyPress {
                alt: true,
                ..KeyPress::plain(Key::Char(letter))
            },
            2 => KeyPress::plain(*chance.one(&plain)),
            _ => KeyPress::plain(Key::Function(*chance.one(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12]))),
        }
    };
    (0..=chance.below(20))
        .map(|_| Input::Key(press(chance)))
        .collect()
}

type Place = (&'static str, fn() -> Desk);

const PLACES: &[Place] = &[
    ("nobody is signed in", Desk::new),
    ("pick lists", Desk::signed_in),
    ("packing", Desk::packing),
    ("a code is due", || {
        let mut desk = Desk::packing();
        desk.scan(WATCH);
        desk
    }),
    ("the weight is asked for", || {
        let mut desk = Desk::packing();
        desk.press(Key::Function(2));
        desk
    }),
    ("rates", Desk::rates),
    ("the question of a purchase", || {
        let mut desk = Desk::rates();
        desk.press(Key::Enter);
        desk
    }),
    ("a label", || Desk::labelled(LabelState::Printed)),
    ("the question of a void", || {
        let mut desk = Desk::labelled(LabelState::Printed);
        desk.press(Key::Function(8));
        desk
    }),
];

fn read(bytes: &[u8]) -> Vec<Input> {
    let mut parser = Parser::default();
    let mut out = Vec::new();
    parser.feed(bytes, &mut out);
    parser.silence(&mut out);
    out
}

fn hear(desk: &mut Desk, inputs: Vec<Input>) -> Vec<Effect> {
    let messages = inputs.into_iter().filter_map(|input| match input {
        Input::Key(press) => Some(Message::Key(press)),
        Input::Pasted(text) => Some(Message::Pasted(text)),
        Input::PastedTooMuch { characters } => Some(Message::PastedTooMuch { characters }),
        // What the terminal says of itself never reaches the bench.
        Input::Told(_) => None,
    });
    let each = messages.flat_map(|message| desk.send(message));
    each.collect()
}

/// What costs money or undoes something that did, and what only a yes may do.
fn is_answer(commit: &Commit) -> bool {
    matches!(
        commit,
        Commit::WantLabel(_)
            | Commit::WantVoid { .. }
            | Commit::WantVoidOrder { .. }
            | Commit::WithdrawLabel { .. }
            | Commit::DecideUnknown { .. }
            | Commit::RecordOutside(_)
            | Commit::BookRefund { .. }
            | Commit::WantConfirmation { .. }
            | Commit::TakeOrderIn(_)
            | Commit::ChangeMany(_)
            | Commit::SetStatus { .. }
            | Commit::ClearFlags { .. }
            | Commit::PutOn { .. }
    )
}

#[derive(Debug, Default)]
struct Tally {
    refused: u32,
    taken: u32,
    serials: u32,
    bytes: usize,
}

fn case(chance: &mut Chance, tally: &mut Tally) {
    let (name, make) = *chance.one(PLACES);
    let due = name == "a code is due";
    let mut desk = make();
    let (must, inputs, what) = match chance.below(8) {
        0..=2 => {
            let mut bytes = spoilt(chance, due);
            bytes.extend(*chance.one(&[&b"\r"[..], b"\r\n", b"\t"]));
            tally.bytes += bytes.len();
            (
                Must::BeRefused,
                read(&bytes),
                format!("{:?}", String::from_utf8_lossy(&bytes)),
            )
        }
        3 => {
            let bytes = wrapped(chance);
            tally.bytes += bytes.len();
            (
                Must::BeTaken,
                read(&bytes),
                format!("{:?}", String::from_utf8_lossy(&bytes)),
            )
        }
        4 => {
            let inputs = keys(chance);
            let what = format!("{inputs:?}");
            (Must::DoNothing, inputs, what)
        }
        _ => {
            let bytes = random(chance);
            tally.bytes += bytes.len();
            (Must::DoNothing, read(&bytes), format!("{bytes:?}"))
        }
    };
    let effects = hear(&mut desk, inputs);
    let asked = commits(&effects);
    let answered: Vec<_> = asked.iter().filter(|commit| is_answer(commit)).collect();
    assert!(answered.is_empty(), "{what} at {name}: {answered:?}");
    let accepted: Vec<&PackEvent> = asked
        .iter()
        .filter_map(|commit| match commit {
            Commit::AcceptScan(record) if !matches!(record.event, PackEvent::Undone { .. }) => {
                Some(&record.event)
            }
            _ => None,
        })
        .collect();
    match must {
        Must::BeTaken if matches!(name, "packing" | "the weight is asked for") => {
            assert!(
                matches!(accepted[..], [PackEvent::Verified { .. }]),
                "{what} at {name}: {accepted:?}"
            );
            tally.taken += 1;
        }
        Must::BeRefused => {
            assert!(accepted.is_empty(), "{what} at {name}: {accepted:?}");
            let short = name == "the weight is asked for"
                || asked.iter().any(|commit| matches!(commit, Commit::SetBox { .. }));
            assert!(
                effects.contains(&Effect::Beep(Sound::Bad)) || short,
                "{what} at {name} is told aloud: {}",
                desk.words()
            );
            tally.refused += 1;
        }
        Must::BeTaken | Must::DoNothing => {
            // Where a code is due, any word of 7 to 20 letters and digits may be the unit's serial number.
            let serial = |event: &&PackEvent| {
                matches!(
                    event,
                    PackEvent::Coded {
                        code: UnitCode::Serial(_),
                        ..
                    }
                )
            };
            assert!(accepted.iter().all(serial), "{what} at {name}: {accepted:?}");
            assert!(accepted.is_empty() || due, "{what} at {name}");
            tally.serials += u32::try_from(accepted.len()).expect("few");
        }
    }
}

#[test]
fn ten_thousand_noisy_scans_buy_nothing_and_pack_nothing_wrong() {
    let mut chance = Chance(SEED);
    let mut tally = Tally::default();
    for _ in 0..CASES {
        case(&mut chance, &mut tally);
    }
    let Tally {
        refused,
        taken,
        serials,
        bytes,
    } = tally;
    assert!(refused > 3_000 && taken > 200, "{refused} {taken}");
    println!(
        "F24 {CASES} noisy cases at {} places, {bytes} bytes: 0 panics, 0 purchases, 0 voids; {refused} spoilt codes, 0 accepted; \
         {taken} codes in odd wrapping, each taken once; {serials} words taken as the serial number that was due",
        PLACES.len()
    );
}

#[test]
fn a_code_cut_down_to_a_box_of_the_shelf_sets_that_box_and_says_so() {
    let mut desk = Desk::packing();
    let effects = hear(&mut desk, read(b"1\r"));
    assert!(
        matches!(commits(&effects)[..], [Commit::SetBox { .. }]),
        "{effects:?}"
    );
    assert!(!desk.words().is_empty());
    let effects = hear(&mut desk, read(format!("{}\r", az('B')).as_bytes()));
    assert!(effects.contains(&Effect::Beep(Sound::Bad)), "no code is due");
}
