//! Sheets of our own barcodes.

use super::{Card, ON_PAGE, command_cards, sheet};
use crate::domain::seller::DocumentFormat;
use lopdf::Document;

fn card(code: &str, words: &str) -> Card {
    Card {
        code: code.to_owned(),
        words: words.to_owned(),
    }
}

fn many(count: usize) -> Vec<Card> {
    (0..count)
        .map(|place| card(&format!("TGC-{place}"), "does it"))
        .collect()
}

#[test]
fn a_label_printer_gets_every_card_and_no_command_of_a_name() {
    let mut cards = many(6);
    cards.push(card("TGU-ana", "Ana ^XZ~JA\u{202e}"));
    let text =
        String::from_utf8(sheet(DocumentFormat::Zpl, "Cards ^JUS", &cards).expect("a sheet")).expect("text");
    assert_eq!(text.matches("^XA").count(), 3);
    assert_eq!(text.matches("^XZ").count(), 3);
    assert_eq!(text.matches("^BC").count(), 7);
    assert!(
        text.contains("TGU_2Dana") && !text.contains('~') && !text.contains("^JUS"),
        "{text}"
    );
    let allowed = ["^XA", "^XZ", "^FO", "^A0", "^FH", "^FD", "^FS", "^BY", "^BC"];
    let commands = text.split('^').skip(1).map(|rest| format!("^{}", &rest[..2]));
    assert!(
        commands
            .into_iter()
            .all(|command| allowed.contains(&command.as_str())),
        "{text}"
    );
}

#[test]
fn pages_hold_every_card() {
    for (count, pages) in [(1, 1), (ON_PAGE, 1), (ON_PAGE + 1, 2)] {
        let bytes = sheet(DocumentFormat::Pdf, "Commands", &many(count)).expect("a sheet");
        let pdf = Document::load_mem(&bytes).expect("a document");
        let numbers: Vec<u32> = pdf.get_pages().into_keys().collect();
        assert_eq!(numbers.len(), pages);
        let text = pdf.extract_text(&numbers).expect("its text");
        for place in 0..count {
            assert!(text.contains(&format!("TGC-{place}")), "{place}: {text}");
        }
    }
}

#[test]
fn what_cannot_be_a_barcode_is_refused() {
    for code in ["", "Zoë", "A^B", "A>B", "A~B"] {
        assert!(
            sheet(DocumentFormat::Zpl, "x", &[card(code, "x")]).is_err(),
            "{code:?}"
        );
    }
    assert!(sheet(DocumentFormat::Pdf, "x", &[]).is_err());
}

#[test]
fn every_command_on_the_sheet_is_understood() {
    use crate::domain::scan::{Scan, classify};
    for card in command_cards() {
        assert!(
            matches!(classify(&card.code), Ok(Scan::Command(_))),
            "{}",
            card.code
        );
    }
}
