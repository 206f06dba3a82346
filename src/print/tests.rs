//! The printers' names and the rules that hold for every printer; each format has its own file.

mod page;
mod picture;
mod spool;
mod strip;
mod zpl;

use super::{LabelFault, PrintError, Printer, inspect, send};
use crate::domain::seller::DocumentFormat::{self, Pdf, Png, Zpl};
use proptest::prelude::*;
use std::path::PathBuf;

#[test]
fn printers_are_named_in_one_line() {
    for (text, printer) in [
        (
            "folder:/tmp/labels",
            Printer::Folder(PathBuf::from("/tmp/labels")),
        ),
        ("folder:labels", Printer::Folder(PathBuf::from("labels"))),
        ("raw:10.0.0.7:9100", Printer::Raw("10.0.0.7:9100".to_owned())),
        (
            "raw:zebra.local:6101",
            Printer::Raw("zebra.local:6101".to_owned()),
        ),
        ("cups:Zebra_ZD421", Printer::Cups("Zebra_ZD421".to_owned())),
    ] {
        assert_eq!(text.parse(), Ok(printer.clone()));
        assert_eq!(printer.to_string(), text);
    }
    assert_eq!("raw:zebra".parse(), Ok(Printer::Raw("zebra:9100".to_owned())));
    for wrong in [
        "",
        "folder",
        "folder:",
        "raw:",
        "cups:",
        "usb:/dev/lp0",
        "raw:http://x",
        "cups:-o",
        "cups:a b",
        "cups:a/b",
    ] {
        assert!(wrong.parse::<Printer>().is_err(), "{wrong}");
    }
}

#[test]
fn only_own_ids_name_a_sheet() {
    let folder = tempfile::tempdir().expect("a folder");
    let printer = Printer::Folder(folder.path().to_owned());
    for name in ["", "../a", "a/b", "-a", "a b", "a.zpl", &"a".repeat(226), "ä"] {
        assert_eq!(
            send(&printer, name, Zpl, &zpl::label(), None),
            Err(PrintError::Name),
            "{name}"
        );
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("readable").count(), 0);
}

#[test]
fn what_is_no_label_never_reaches_a_printer() {
    let folder = tempfile::tempdir().expect("a folder");
    let printer = Printer::Folder(folder.path().to_owned());
    for (format, document) in [
        (Zpl, zpl::blank()),
        (Png, picture::one_colour()),
        (Pdf, page::blank()),
        (Zpl, Vec::new()),
    ] {
        assert!(matches!(
            send(&printer, "label-1", format, &document, None),
            Err(PrintError::Label(_))
        ));
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("readable").count(), 0);
}

#[test]
fn a_raw_printer_gets_nothing_but_zpl() {
    // Port 1 of the documentation's network: refused before anything is asked.
    let printer = Printer::Raw("192.0.2.1:1".to_owned());
    for (format, document) in [(Png, picture::label()), (Pdf, page::label())] {
        let refused = send(&printer, "label-1", format, &document, None);
        assert!(
            matches!(refused, Err(PrintError::WrongLanguage { .. })),
            "{refused:?}"
        );
    }
}

#[test]
fn every_format_knows_its_own() {
    let labels = [(Zpl, zpl::label()), (Png, picture::label()), (Pdf, page::label())];
    for (format, document) in &labels {
        for (other, _) in &labels {
            let verdict = inspect(*other, document);
            if other == format {
                assert_eq!(verdict, Ok(()), "{format:?}");
            } else {
                assert!(
                    matches!(verdict, Err(LabelFault::NotThisFormat(_))),
                    "{format:?} as {other:?}"
                );
            }
        }
        assert_eq!(inspect(*format, &[]), Err(LabelFault::Empty));
    }
    assert_eq!(
        inspect(Zpl, &vec![b' '; 16 * 1024 * 1024 + 1]),
        Err(LabelFault::TooLarge(16 * 1024 * 1024 + 1))
    );
}

#[test]
fn a_label_cut_anywhere_is_noticed() {
    for (format, document) in [(Zpl, zpl::label()), (Png, picture::label()), (Pdf, page::label())] {
        let whole = document.trim_ascii_end().len();
        for cut in (1..whole).step_by((whole / 200).max(1)) {
            assert!(
                inspect(format, &document[..cut]).is_err(),
                "{format:?} cut at {cut} of {whole}"
            );
        }
    }
}

#[test]
fn no_words_hold_anything_of_the_document() {
    let canary = "CANARYLANE";
    for document in [
        format!("^XA^FD{canary}^FS"),
        format!("^XA^FD{canary}^FS^XZ"),
        format!("^XA^FDx~JR{canary}^FS^XZ"),
        format!("^XA{canary}^XZ"),
        canary.to_owned(),
    ] {
        for format in [Zpl, Png, Pdf] {
            let fault = inspect(format, document.as_bytes()).expect_err("no label");
            assert!(!format!("{fault} {fault:?}").contains(canary), "{fault}");
        }
    }
}

fn formats() -> impl Strategy<Value = DocumentFormat> {
    prop::sample::select(vec![Zpl, Png, Pdf])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_damaged_label_is_refused_or_passed_but_never_panics(
        format in formats(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut document = match format {
            Zpl => zpl::label(),
            Png => picture::label(),
            Pdf => page::label(),
        };
        for (at, byte) in damage {
            let at = at.index(document.len());
            document[at] = byte;
        }
        let _ = inspect(format, &document);
    }
}
