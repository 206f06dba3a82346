//! Scales' bytes: what each protocol says, and that no bytes are anything else.

use super::{Parser, Protocol, Scale};
use crate::clock::SystemClock;
use crate::domain::scale::{Reading, ScaleView};
use crate::domain::units::{Weight, WeightUnit};
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

fn take(protocol: Protocol, bytes: &[u8]) -> Vec<Reading> {
    Parser::new(protocol).take(bytes)
}

fn weighs(thousandths: i64, unit: WeightUnit) -> Vec<Reading> {
    vec![Reading::Steady(Weight { thousandths, unit })]
}

#[test]
fn usb_reports_are_read_and_only_status_4_is_a_weight() {
    let say = |status, unit, exponent: i8, value: u16| {
        let [low, high] = value.to_le_bytes();
        let [exponent] = exponent.to_le_bytes();
        take(Protocol::UsbHid, &[3, status, unit, exponent, low, high])
    };
    assert_eq!(say(4, 0x0B, -1, 342), weighs(34_200, WeightUnit::Oz));
    assert_eq!(say(4, 2, 0, 970), weighs(970_000, WeightUnit::G));
    assert_eq!(say(4, 3, -3, 1_234), weighs(1_234, WeightUnit::Kg));
    assert_eq!(say(4, 0x0C, -2, 215), weighs(2_150, WeightUnit::Lb));
    for (status, reading) in [
        (1, Reading::Fault),
        (2, Reading::Empty),
        (3, Reading::Moving),
        (5, Reading::Negative),
        (6, Reading::Over),
        (7, Reading::Fault),
        (8, Reading::Fault),
    ] {
        assert_eq!(say(status, 0x0B, -1, 342), [reading], "{status}");
    }
    assert_eq!(say(4, 9, 0, 5), [Reading::Fault], "a unit that is none of ours");
    assert_eq!(say(4, 2, 100, 5), [Reading::Fault], "no scale weighs that");
    assert_eq!(take(Protocol::UsbHid, &[3, 4, 2]), [], "a torn report");
}

#[test]
fn nci_messages_are_read() {
    let say = |text: &str| take(Protocol::Nci, text.as_bytes());
    assert_eq!(say("\n02.15LB\r\nS00\r\x03"), weighs(2_150, WeightUnit::Lb));
    assert_eq!(say("\n00034.2OZ\r\nS00\r\x03"), weighs(34_200, WeightUnit::Oz));
    assert_eq!(say("\n02.15LB\r\nS10\r\x03"), [Reading::Moving]);
    assert_eq!(say("\n00.00LB\r\nS20\r\x03"), [Reading::Empty]);
    assert_eq!(say("\nS01\r\x03"), [Reading::Negative]);
    assert_eq!(say("\nS02\r\x03"), [Reading::Over]);
    assert_eq!(
        say("\n02.15LB\r\x03"),
        [],
        "a weight whose status is lost is none"
    );
}

#[test]
fn toledo_messages_are_read() {
    let say = |text: &str| take(Protocol::Toledo, text.as_bytes());
    assert_eq!(say("\x0202.15\r"), weighs(2_150, WeightUnit::Lb));
    assert_eq!(say("\x02?A\r"), [Reading::Moving]);
    assert_eq!(say("\x02?B\r"), [Reading::Over]);
    assert_eq!(say("\x02?D\r"), [Reading::Negative]);
    assert_eq!(say("02.15\r"), [], "its beginning is lost");
    let continuous = |a: u8, b: u8, digits: &str| {
        let mut bytes = vec![0x02, a, b, 0x20];
        bytes.extend(digits.bytes());
        bytes.extend(b"000000\r");
        take(Protocol::ToledoContinuous, &bytes)
    };
    assert_eq!(continuous(0x2C, 0x20, "   215"), weighs(2_150, WeightUnit::Lb));
    assert_eq!(continuous(0x2D, 0x30, "  1234"), weighs(1_234, WeightUnit::Kg));
    assert_eq!(continuous(0x2C, 0x28, "   215"), [Reading::Moving]);
    assert_eq!(continuous(0x2C, 0x22, "   215"), [Reading::Negative]);
}

#[test]
fn sics_messages_are_read() {
    let say = |text: &str| take(Protocol::Sics, text.as_bytes());
    assert_eq!(say("S S      1.234 kg\r\n"), weighs(1_234, WeightUnit::Kg));
    assert_eq!(say("S S     970 g\r\n"), weighs(970_000, WeightUnit::G));
    assert_eq!(say("S S     0.000 kg\r\n"), [Reading::Empty]);
    assert_eq!(say("S S    -0.012 kg\r\n"), [Reading::Negative]);
    assert_eq!(
        say("S D      1.234 kg\r\nS +\r\nS -\r\nS I\r\n"),
        [Reading::Moving, Reading::Over, Reading::Negative, Reading::Fault,]
    );
}

#[test]
fn a_message_may_come_in_pieces() {
    let mut parser = Parser::new(Protocol::Sics);
    assert_eq!(parser.take(b"S S   1.2"), []);
    assert_eq!(parser.take(b"34 kg\r\nS"), weighs(1_234, WeightUnit::Kg));
    assert_eq!(parser.take(b" D 1 kg\r\n"), [Reading::Moving]);
}

proptest! {
    /// Whatever comes: no panic, nothing kept without end, and no weight that is not more than nothing.
    #[test]
    fn any_bytes_are_readings_or_nothing(
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 0..20),
        which in 0_usize..6,
    ) {
        let mut parser = Parser::new(Protocol::ALL[which].1);
        for piece in pieces {
            let readings = parser.take(&piece);
            prop_assert!(readings.len() <= piece.len() + 1);
            prop_assert!(parser.waiting.len() <= super::LONGEST);
            for reading in readings {
                if let Reading::Steady(weight) = reading {
                    prop_assert!(weight.thousandths > 0);
                }
            }
        }
    }

    /// A weight that is written is the weight that is read.
    #[test]
    fn a_sics_weight_comes_back(thousandths in 1_i64..70_000) {
        let text = format!("S S {}.{:03} kg\r\n", thousandths / 1000, thousandths % 1000);
        prop_assert_eq!(take(Protocol::Sics, text.as_bytes()), weighs(thousandths, WeightUnit::Kg));
    }
}

#[test]
fn a_simulated_scale_is_read_and_said_only_when_it_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("scale");
    std::fs::write(&path, "34.2 oz").expect("written");
    let scale = Scale {
        protocol: Protocol::File,
        path: path.clone(),
        baud: 9600,
    };
    let (sender, views) = channel();
    super::start(scale, Arc::new(SystemClock::new()), move |view| {
        sender.send(view).is_ok()
    })
    .expect("started");
    let next = || {
        views
            .recv_timeout(Duration::from_secs(20))
            .expect("a view in time")
    };
    assert_eq!(next(), ScaleView::Moving);
    assert_eq!(
        next(),
        ScaleView::Weight(Weight::parse("34.2 oz").expect("a weight"))
    );
    std::fs::write(&path, "").expect("written");
    assert_eq!(next(), ScaleView::Empty);
    std::fs::remove_file(&path).expect("removed");
    assert!(matches!(next(), ScaleView::Trouble(_)));
}

#[test]
fn the_configuration_knows_every_protocol() {
    let words: Vec<&str> = Protocol::ALL.iter().map(|(word, _)| *word).collect();
    let listed = include_str!("../../config.rs");
    for word in words {
        assert!(listed.contains(&format!("\"{word}\"")), "{word}");
    }
    assert_eq!(Protocol::from_word("rs232"), None);
}
