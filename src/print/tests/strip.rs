//! The strip with the purchase order number: beside the carrier's label, which stays as it is.

use crate::domain::seller::DocumentFormat;
use crate::print::strip::sheet;
use crate::print::{Printer, send};
use proptest::prelude::*;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_strip_is_a_format_of_its_own() {
    let strip = text(&sheet(DocumentFormat::Zpl, "PO-77_8/1 #2").unwrap());
    assert_eq!(
        strip,
        "^XA^FO30,60^A0N,70,70^FH_^FDPO_20PO_2D77_5F8_2F1_20_232^FS^XZ\n"
    );
}

#[test]
fn a_strip_can_be_printed_in_every_language() {
    let pdf = sheet(DocumentFormat::Pdf, "A-1").unwrap();
    let loaded = lopdf::Document::load_mem(&pdf).unwrap();
    assert!(loaded.extract_text(&[1]).unwrap().contains("PO A-1"));
    let png = sheet(DocumentFormat::Png, "A-1").unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
    let mut dots = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut dots).unwrap();
    let ink: u32 = dots.iter().map(|dot| u32::from(*dot < 128)).sum();
    assert!((1_000..80_000).contains(&ink), "{ink} dots");
}

#[test]
fn the_carriers_label_is_printed_byte_for_byte_after_the_strip() {
    let label = super::zpl::label();
    let folder = tempfile::tempdir().unwrap();
    let printer = Printer::Folder(folder.path().to_owned());
    send(&printer, "one", DocumentFormat::Zpl, &label, Some("77812")).unwrap();
    let sheet_bytes = std::fs::read(folder.path().join("one.zpl")).unwrap();
    let strip = sheet(DocumentFormat::Zpl, "77812").unwrap();
    assert_eq!(sheet_bytes, [strip, label.clone()].concat(), "one job");
    send(&printer, "two", DocumentFormat::Zpl, &label, None).unwrap();
    assert_eq!(std::fs::read(folder.path().join("two.zpl")).unwrap(), label);
}

proptest! {
    #[test]
    fn no_sign_of_a_number_is_a_command(number in any::<String>()) {
        let strip = text(&sheet(DocumentFormat::Zpl, &number).unwrap());
        prop_assert_eq!(strip.matches('^').count(), 7);
        prop_assert_eq!(strip.matches('~').count(), 0);
        prop_assert!(strip.bytes().all(|byte| byte == b'\n' || !byte.is_ascii_control()));
    }
}
