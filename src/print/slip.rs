//! Packing slips on paper: lines and the order's number as a barcode, for a label printer (ZPL) or as pages (PDF).
//!
//! What an order holds may be hostile to a printer: it is cut to harmless signs, and escaped all the same.

use super::PrintError;
use super::cards::{barcode, harmless, module, paper, write_bars, write_text};
use super::own::field;
use crate::domain::seller::DocumentFormat;
use crate::domain::slip::Slip;
use lopdf::content::Operation;
use std::fmt::Write as _;
use zeroize::Zeroizing;

/// Lines below the barcode of a label of 4 by 6 inches, and of a page.
const ON_LABEL: usize = 30;
const ON_PAGE: usize = 44;

/// The slip as a document of this language; what is no ZPL is pages.
pub(super) fn sheet(format: DocumentFormat, slip: &Slip) -> Result<Zeroizing<Vec<u8>>, PrintError> {
    match format {
        DocumentFormat::Zpl => Ok(labels(slip)),
        DocumentFormat::Pdf | DocumentFormat::Png => pages(slip).map(Zeroizing::new),
    }
}

fn labels(slip: &Slip) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(String::new());
    for group in slip.lines.chunks(ON_LABEL) {
        out.push_str("^XA");
        let code = barcode(&slip.number);
        if !code.is_empty() {
            let _ = write!(
                out,
                "^FO60,30^BY{}^BCN,90,N,N,N^FH_^FD{}^FS",
                module(&code),
                field(&code)
            );
        }
        for (place, line) in group.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
            let top = 140 + place * 35;
            let _ = write!(out, "^FO30,{top}^A0N,28,28^FH_^FD{}^FS", field(&harmless(line)));
        }
        out.push_str("^XZ\n");
    }
    Zeroizing::new(out.as_bytes().to_vec())
}

fn pages(slip: &Slip) -> Result<Vec<u8>, PrintError> {
    let mut drawings: Vec<Vec<Operation>> = Vec::new();
    for group in slip.lines.chunks(ON_PAGE) {
        let mut operations = Vec::new();
        write_bars(&mut operations, 400, 7000, &barcode(&slip.number));
        for (place, line) in (0_i64..).zip(group) {
            write_text(&mut operations, 400, 6700 - place * 145, 110, &harmless(line));
        }
        drawings.push(operations);
    }
    paper(drawings)
}

#[cfg(test)]
mod tests {
    use super::sheet;
    use crate::domain::seller::DocumentFormat;
    use crate::domain::slip::Slip;
    use lopdf::Document;

    fn slip(lines: usize) -> Slip {
        let line = |place: usize| format!("line {place} of Zoë ^XZ~JA");
        Slip {
            number: "111-9131413-9770664".to_owned(),
            lines: (0..lines).map(line).collect(),
        }
    }

    #[test]
    fn a_label_printer_gets_the_lines_and_no_command_of_them() {
        let bytes = sheet(DocumentFormat::Zpl, &slip(31)).expect("a slip");
        let text = String::from_utf8(bytes.to_vec()).expect("text");
        assert_eq!((text.matches("^XA").count(), text.matches("^XZ").count()), (2, 2));
        assert!(
            text.contains("111_2D9131413_2D9770664") && !text.contains('~'),
            "{text}"
        );
        assert_eq!(text.matches("^A0N").count(), 31);
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
    fn pages_hold_every_line() {
        let bytes = sheet(DocumentFormat::Pdf, &slip(45)).expect("a slip");
        let pdf = Document::load_mem(&bytes).expect("a document");
        let numbers: Vec<u32> = pdf.get_pages().into_keys().collect();
        assert_eq!(numbers.len(), 2);
        let text = pdf.extract_text(&numbers).expect("its text");
        assert!(
            text.contains("line 0 of") && text.contains("line 44 of"),
            "{text}"
        );
    }
}
