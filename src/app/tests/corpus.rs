//! Issue, "what it must show", 5: codes typed on every screen and dialog give the same verdict and have no
//! other effect.

use crate::app::effect::{Commit, Effect};
use crate::app::fixtures::{Desk, MUG, WATCH, az, commits};
use crate::app::message::Key;
use crate::domain::scan::{Scan, classify};
use crate::domain::shipment::LabelState;
use proptest::prelude::*;

/// Codes that an order's session judges, or that are refused for their form.
fn corpus() -> Vec<String> {
    let mut codes: Vec<String> = [
        MUG,
        WATCH,
        "0036000291452",
        "]E00036000291452",
        "]C10100036000291452",
        "10850047100047",
        "850047100047",
        "MUG-RED",
        "X001ABCDEF",
        "B07PXYZ123",
        "SN20260042",
        "AZ:TOOSHORT",
        "az:k7q2m9x4b6n8p3r5t1v0w2y4ac",
        "TGT-17",
        "TGC-NONSENSE",
        "TGL-",
        "https://www.amazon.com/t/K7Q2M9X4B6N8P3R5",
        "12345678",
        "123456",
        "y",
        "Y",
        "yes",
        "1Z999AA10123456784",
        "9400111899223197428499",
        "TBA123456789012",
        "420802049400111899223197428499",
        "111-9999999-9999999",
        "TGU-nobody",
        "TGB-NOBOX",
        "+$%/.-",
        "q",
        "]d2010003600029145221SERIAL0001",
    ]
    .into_iter()
    .map(str::to_owned)
    .collect();
    codes.push(az('C'));
    codes.push("9".repeat(600));
    codes
}

/// Every screen and dialog of an order that is packed and has no label.
fn places() -> Vec<(&'static str, Desk)> {
    let rates_then = |keys: &[Key]| {
        let mut desk = Desk::rates();
        for key in keys {
            desk.press(*key);
        }
        desk
    };
    let control = |letter| {
        let mut desk = Desk::rates();
        desk.press(Key::Esc);
        desk.control(letter);
        desk
    };
    let mut red = Desk::rates();
    let bench = red.state.bench.as_mut().expect("an order");
    bench.selected_offer = bench
        .offers
        .iter()
        .position(|offer| offer.rate.id == "SAT")
        .expect("offered");
    red.press(Key::Function(10));
    let mut why_not = Desk::rates();
    why_not.control('w');
    vec![
        ("pack", rates_then(&[Key::Esc])),
        ("rates", rates_then(&[])),
        ("help", rates_then(&[Key::Function(1)])),
        ("weight", rates_then(&[Key::Function(2)])),
        ("size", rates_then(&[Key::Function(3)])),
        ("confirmation", rates_then(&[Key::Function(4)])),
        ("buy", rates_then(&[Key::Enter])),
        ("buy red", red),
        ("why not", why_not),
        ("hold", control('o')),
        ("quit", control('q')),
    ]
}

fn places_with_label(state: LabelState) -> Vec<(&'static str, Desk)> {
    let with = |act: &dyn Fn(&mut Desk)| {
        let mut desk = Desk::labelled(state);
        desk.scan("TGU-sam");
        act(&mut desk);
        desk
    };
    vec![
        ("label", with(&|_| {})),
        (
            "void",
            with(&|desk| {
                desk.press(Key::Function(8));
            }),
        ),
        (
            "decide",
            with(&|desk| {
                desk.control('e');
            }),
        ),
        (
            "label help",
            with(&|desk| {
                desk.press(Key::Function(1));
            }),
        ),
    ]
}

/// What a code did: its verdict, and what it asked the store for.
fn outcome(desk: &mut Desk, code: &str) -> (String, Vec<String>) {
    let effects = desk.scan(code);
    assert!(desk.state.line.is_empty(), "{code} was handed over");
    let asked = commits(&effects)
        .into_iter()
        .map(|commit| {
            format!("{commit:?}")
                .split(['(', '{'])
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .collect();
    (desk.words(), asked)
}

fn same_everywhere(make: &dyn Fn() -> Vec<(&'static str, Desk)>) {
    for code in corpus() {
        let mut expected: Option<(String, Vec<String>)> = None;
        for (name, mut desk) in make() {
            let layers = desk.state.layers.clone();
            let got = outcome(&mut desk, &code);
            assert!(got.1.is_empty(), "{code:?} on {name}: {:?}", got.1);
            assert!(!desk.log.contains(&Effect::Exit));
            // A void's question hears of the old label; it is not answered by that.
            if name == "void" && matches!(classify(&code), Ok(Scan::Tracking(_))) {
                assert_eq!(desk.state.layers.len(), layers.len());
                continue;
            }
            assert_eq!(desk.state.layers, layers, "{code:?} changed the dialog {name}");
            match &expected {
                None => expected = Some(got),
                Some(expected) => assert_eq!(&got, expected, "{code:?} on {name}"),
            }
        }
    }
}

#[test]
fn a_code_gives_the_same_verdict_on_every_screen_and_dialog() {
    same_everywhere(&places);
}

#[test]
fn a_code_gives_the_same_verdict_on_every_dialog_of_a_label() {
    same_everywhere(&|| places_with_label(LabelState::Bought));
    same_everywhere(&|| places_with_label(LabelState::Unknown));
}

#[test]
fn an_item_scanned_into_an_open_dialog_is_packed_and_the_dialog_stays() {
    let make = |keys: &[Key]| {
        let mut desk = Desk::packing();
        for key in keys {
            desk.press(*key);
        }
        desk
    };
    for keys in [
        &[][..],
        &[Key::Function(1)],
        &[Key::Function(2)],
        &[Key::Function(3)],
        &[Key::Function(4)],
    ] {
        let mut desk = make(keys);
        let layers = desk.state.layers.clone();
        let effects = desk.scan(MUG);
        assert!(
            matches!(commits(&effects)[..], [Commit::AcceptScan(_)]),
            "{keys:?}"
        );
        assert_eq!(desk.words(), "GOOD: Stoneware mug 12 oz red (1 of 2)");
        assert_eq!(desk.state.layers, layers);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    /// Whatever one word a scanner sends, in any dialog: nothing is bought, voided, decided or left.
    #[test]
    fn no_word_answers_a_question(word in "[!-~]{1,40}") {
        for (name, mut desk) in places() {
            let effects = desk.scan(&word);
            for commit in commits(&effects) {
                prop_assert!(
                    matches!(commit, Commit::AcceptScan(_) | Commit::SetBox { .. } | Commit::WantQuote(_)),
                    "{word:?} on {name}: {commit:?}"
                );
            }
            prop_assert!(!effects.contains(&Effect::Exit));
        }
    }
}
