//! What every sheet of our own is made of: escaped fields of ZPL, and pages of PDF in one font. What stands on a sheet, and
//! where, is its own file's business.

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, Stream, dictionary};
use std::fmt::Write as _;

/// Text of a ZPL field in hexadecimal (`^FH`), so that no sign of it is ever a command.
pub(super) fn field(text: &str) -> String {
    let mut data = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            data.push(char::from(byte));
        } else {
            let _ = write!(data, "_{byte:02X}");
        }
    }
    data
}

/// One of the fonts that every reader of PDF has.
pub(super) fn font(name: &str) -> Dictionary {
    dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => name }
}

/// Pages of this size in points, one for each of the drawings, which call the font `F1`.
pub(super) fn pages(
    font: Dictionary,
    (width, height): (i64, i64),
    drawings: Vec<Vec<Operation>>,
) -> Result<Vec<u8>, lopdf::Error> {
    let mut pdf = Document::with_version("1.5");
    let root = pdf.new_object_id();
    let font = pdf.add_object(font);
    let resources = pdf.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let mut kids: Vec<Object> = Vec::new();
    for operations in drawings {
        let drawing = Content { operations }.encode()?;
        let drawing = pdf.add_object(Stream::new(dictionary! {}, drawing));
        let page = pdf.add_object(dictionary! {
            "Type" => "Page", "Parent" => root, "Contents" => drawing, "Resources" => resources,
            "MediaBox" => vec![0.into(), 0.into(), width.into(), height.into()],
        });
        kids.push(page.into());
    }
    let count = i64::try_from(kids.len()).unwrap_or(0);
    pdf.objects.insert(
        root,
        Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }),
    );
    let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => root });
    pdf.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes)?;
    Ok(bytes)
}
