use super::parser::{LONGEST_PASTE, Parser};
use super::*;
use crate::app::message::Key;
use proptest::prelude::*;

/// What these bytes are, and silence after them.
fn read_all(bytes: &[u8]) -> Vec<Input> {
    let mut parser = Parser::default();
    let mut out = Vec::new();
    parser.feed(bytes, &mut out);
    parser.silence(&mut out);
    // What the terminal says of itself is no key.
    out.retain(|input| !matches!(input, Input::Told(_)));
    out
}

fn key(key: Key) -> Input {
    Input::Key(KeyPress::plain(key))
}

fn text(text: &str) -> Vec<Input> {
    text.chars().map(|letter| key(Key::Char(letter))).collect()
}

fn one(bytes: &[u8]) -> KeyPress {
    match read_all(bytes)[..] {
        [Input::Key(press)] => press,
        ref other => panic!("{bytes:?}: {other:?}"),
    }
}

#[test]
fn a_scan_is_its_characters_and_enter() {
    let mut scan = text("]C1010ABC-x\u{e9}\u{4e2d}");
    scan.push(key(Key::Enter));
    assert_eq!(read_all("]C1010ABC-x\u{e9}\u{4e2d}\r".as_bytes()), scan);
    // A line feed right behind the carriage return is the same Enter.
    assert_eq!(read_all("]C1010ABC-x\u{e9}\u{4e2d}\r\n".as_bytes()), scan);
    assert_eq!(read_all(b"\n"), [key(Key::Enter)]);
    assert_eq!(read_all(b"\r\r\n"), [key(Key::Enter), key(Key::Enter)]);
}

#[test]
fn control_characters_keep_their_letter() {
    assert_eq!(one(b"\x1d"), KeyPress::control('5'));
    assert_eq!(one(b"\x11"), KeyPress::control('q'));
    assert_eq!(one(b"\x1a"), KeyPress::control('z'));
    assert_eq!(one(b"\x00"), KeyPress::control(' '));
    assert_eq!(one(b"\x7f"), KeyPress::plain(Key::Backspace));
    assert_eq!(one(b"\t"), KeyPress::plain(Key::Tab));
}

#[test]
fn every_key_is_known_in_every_spelling() {
    let spellings: &[(&[u8], Key)] = &[
        (b"\x1bOP", Key::Function(1)),
        (b"\x1b[11~", Key::Function(1)),
        (b"\x1b[[A", Key::Function(1)),
        (b"\x1b[P", Key::Function(1)),
        (b"\x1bOS", Key::Function(4)),
        (b"\x1b[15~", Key::Function(5)),
        (b"\x1b[[E", Key::Function(5)),
        (b"\x1b[17~", Key::Function(6)),
        (b"\x1b[21~", Key::Function(10)),
        (b"\x1b[23~", Key::Function(11)),
        (b"\x1b[24~", Key::Function(12)),
        (b"\x1b[A", Key::Up),
        (b"\x1bOA", Key::Up),
        (b"\x1b[B", Key::Down),
        (b"\x1b[C", Key::Right),
        (b"\x1b[D", Key::Left),
        (b"\x1b[H", Key::Home),
        (b"\x1b[1~", Key::Home),
        (b"\x1b[F", Key::End),
        (b"\x1b[4~", Key::End),
        (b"\x1b[2~", Key::Insert),
        (b"\x1b[3~", Key::Delete),
        (b"\x1b[5~", Key::PageUp),
        (b"\x1b[6~", Key::PageDown),
        (b"\x1b[13u", Key::Enter),
        (b"\x1b", Key::Esc),
    ];
    for (bytes, wanted) in spellings {
        assert_eq!(one(bytes), KeyPress::plain(*wanted), "{bytes:?}");
    }
    let with = |key, shift, alt, control| KeyPress {
        key,
        control,
        alt,
        shift,
    };
    assert_eq!(one(b"\x1b[Z"), with(Key::Tab, true, false, false));
    assert_eq!(one(b"\x1b[1;5A"), with(Key::Up, false, false, true));
    assert_eq!(one(b"\x1b[15;2~"), with(Key::Function(5), true, false, false));
    assert_eq!(one(b"\x1b[1;3P"), with(Key::Function(1), false, true, false));
    assert_eq!(one(b"\x1bw"), with(Key::Char('w'), false, true, false));
    assert_eq!(
        one("\x1b\u{e9}".as_bytes()),
        with(Key::Char('\u{e9}'), false, true, false)
    );
    assert_eq!(one(b"\x1b[97;5u"), with(Key::Char('a'), false, false, true));
    for letter in ['[', 'O', ']', 'P'] {
        let press = with(Key::Char(letter), false, true, false);
        assert_eq!(one(format!("\x1b{letter}").as_bytes()), press, "{letter}");
    }
    assert_eq!(read_all(b"\x1b\x1b"), [key(Key::Esc), key(Key::Esc)]);
}

#[test]
fn characters_come_shifted_and_never_say_shift() {
    assert_eq!(one(b"A"), KeyPress::plain(Key::Char('A')));
    assert_eq!(one(b"\x1b[97;2u"), KeyPress::plain(Key::Char('A')));
}

/// What is no key at all, each whole.
const NOISE: &[&[u8]] = &[
    // Mouse reports, also with the place 0, in each of the ways in which they are written.
    b"\x1b[M   ",
    b"\x1b[M\x20\x00\x00",
    b"\x1b[M!!\xff",
    b"\x1b[<0;0;0M",
    b"\x1b[<64;10;0m",
    b"\x1b[0;0;0M",
    // Focus, replies that nobody asked for, states that nobody knows.
    b"\x1b[I",
    b"\x1b[O",
    b"\x1b[?2026;2$y",
    b"\x1b[?1;2c",
    b"\x1b[?997;1n",
    b"\x1b[>1;10;0c",
    b"\x1b[0n",
    b"\x1b[1;1R",
    b"\x1b[24;80R",
    b"\x1b[57399;1:3u",
    b"\x1b[97;1:3u",
    b"\x1b[21;9~",
    b"\x1b[99~",
    b"\x1b[65536~",
    b"\x1b[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21m",
    // Control strings.
    b"\x1b]11;rgb:2e2e/3434/3636\x07",
    b"\x1b]52;c;aGFsbG8=\x1b\\",
    b"\x1bP1+r544e=787465726d\x1b\\",
    b"\x1b_Gi=31;OK\x1b\\",
];

#[test]
fn releases_focus_and_unknown_keys_are_nothing() {
    for noise in NOISE {
        assert_eq!(read_all(noise), [], "{noise:?}");
    }
}

#[test]
fn what_is_typed_after_noise_is_all_there() {
    let mut scan = text("850047100016");
    scan.push(key(Key::Enter));
    for noise in NOISE {
        let mut bytes = noise.to_vec();
        bytes.extend(b"850047100016\r");
        assert_eq!(read_all(&bytes), scan, "{noise:?}");
        // Cut at any place, with silence behind it.
        for end in 1..noise.len() {
            let mut parser = Parser::default();
            let mut out = Vec::new();
            parser.feed(&noise[..end], &mut out);
            parser.silence(&mut out);
            assert_eq!(parser.patience(), None);
            out.clear();
            parser.feed(b"850047100016\r", &mut out);
            assert_eq!(out, scan, "{noise:?} cut at {end}");
        }
    }
}

#[test]
fn what_the_terminal_says_of_itself_is_heard_and_is_no_key() {
    let told = |bytes: &[u8]| {
        let mut parser = Parser::default();
        let mut out = Vec::new();
        parser.feed(bytes, &mut out);
        assert_eq!(parser.patience(), None, "it is whole");
        out
    };
    assert_eq!(told(b"\x1b_Gi=31;OK\x1b\\"), [Input::Told(Reply::Kitty)]);
    assert_eq!(told(b"\x1b_Gi=31;ENOTSUPPORTED:x\x1b\\"), []);
    assert_eq!(
        told(b"\x1b[?62;4;22c"),
        [Input::Told(Reply::Attributes { sixel: true })]
    );
    assert_eq!(
        told(b"\x1b[?4;6c"),
        [Input::Told(Reply::Attributes { sixel: false })]
    );
    let long = b"\x1b[?65;4;6;18;22;28;29;31;40;41;42;43;44;45;46;47;48;49c";
    assert_eq!(told(long), [Input::Told(Reply::Attributes { sixel: true })]);
    let cell = Reply::Cell { width: 9, height: 18 };
    assert_eq!(told(b"\x1b[6;18;9t"), [Input::Told(cell)]);
    assert_eq!(told(b"\x1b[6;99999;9t"), []);
    // In the middle of a scan it takes nothing away.
    let mut wanted = text("12");
    wanted.push(Input::Told(cell));
    wanted.extend(text("34"));
    assert_eq!(told(b"12\x1b[6;18;9t34"), wanted);
}

#[test]
fn a_code_that_is_scanned_right_behind_esc_is_not_taken_for_a_reply() {
    let mut wanted = vec![key(Key::Esc)];
    wanted.extend(text("]E0036000291452"));
    wanted.push(key(Key::Enter));
    assert_eq!(read_all(b"\x1b]E0036000291452\r"), wanted);
}

#[test]
fn broken_text_is_shown_as_such_and_takes_nothing_with_it() {
    for broken in [
        &b"\xff"[..],
        b"\x80",
        b"\xc3",
        b"\xe2\x82",
        b"\xc0\xaf",
        b"\xe0\x80\xaf",
        b"\xed\xa0\x80",
        b"\xf0\x80\x80\x80",
        b"\xf5\x80\x80\x80",
    ] {
        let mut bytes = broken.to_vec();
        bytes.extend(b"A\r");
        let out = read_all(&bytes);
        let (head, tail) = out.split_at(out.len() - 2);
        assert_eq!(tail, [key(Key::Char('A')), key(Key::Enter)], "{broken:?}");
        assert!(!head.is_empty(), "{broken:?} is seen");
        assert!(
            head.iter().all(|one| *one == key(Key::Char('\u{fffd}'))),
            "{broken:?}: {head:?}"
        );
    }
}

#[test]
fn a_marked_paste_is_one_thing_and_bounded() {
    let paste = |text: &str| read_all(format!("\x1b[200~{text}\x1b[201~A").as_bytes());
    let after = |input: Input| vec![input, key(Key::Char('A'))];
    for whole in ["", "111-9131413-9770664\r", "a\x1b[21~b\x1b[20", "\u{4e2d}\u{e9}"] {
        assert_eq!(paste(whole), after(Input::Pasted(whole.to_owned())), "{whole:?}");
    }
    let longest = "\u{4e2d}".repeat(LONGEST_PASTE);
    assert_eq!(paste(&longest), after(Input::Pasted(longest.clone())));
    for characters in [LONGEST_PASTE + 1, 1_000_000] {
        let long = "x".repeat(characters);
        assert_eq!(paste(&long), after(Input::PastedTooMuch { characters }));
    }
    // Its end never comes.
    assert_eq!(read_all(b"\x1b[200~half"), [Input::Pasted("half".to_owned())]);
}

/// Bytes of all kinds, sequences more often than by mere chance.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        any::<u8>().prop_map(|byte| vec![byte]),
        prop::sample::select(NOISE).prop_map(<[u8]>::to_vec),
        prop::sample::select(vec![
            "\x1b",
            "\x1b[",
            "\x1bO",
            "\x1b]",
            "\x1b[200~",
            "\x1b[201~",
            ";",
            ":",
            "M",
            "~",
            "\r"
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        "[0-9A-Z-]{1,20}".prop_map(String::into_bytes),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    /// Whatever came before: after silence everything that is typed is there, and the pieces in which bytes are
    /// read do not matter.
    #[test]
    fn after_any_bytes_and_silence_a_scan_is_whole(bytes in bytes(), cut in any::<prop::sample::Index>()) {
        let mut whole = Parser::default();
        let mut out = Vec::new();
        whole.feed(&bytes, &mut out);
        let at = cut.index(bytes.len() + 1);
        let mut pieces = Parser::default();
        let mut same = Vec::new();
        pieces.feed(&bytes[..at], &mut same);
        pieces.feed(&bytes[at..], &mut same);
        prop_assert_eq!(&out, &same);
        whole.silence(&mut out);
        prop_assert_eq!(whole.patience(), None);
        out.clear();
        whole.feed(b"850047100016\r", &mut out);
        let mut scan = text("850047100016");
        scan.push(key(Key::Enter));
        prop_assert_eq!(out, scan);
    }
}
