//! Labels as PDF.

use crate::domain::seller::DocumentFormat::Pdf;
use crate::print::{LabelFault, inspect};
use lopdf::{Document, Object, Stream, dictionary};

/// A document of pages with these drawings; each page may use the drawing `X1`.
fn document(pages: &[&str], external: Option<Stream>) -> Vec<u8> {
    let mut pdf = Document::with_version("1.4");
    let tree = pdf.new_object_id();
    let font =
        pdf.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" });
    let mut parts = dictionary! { "Font" => dictionary! { "F1" => font } };
    if let Some(external) = external {
        let external = pdf.add_object(external);
        parts.set("XObject", dictionary! { "X1" => external });
    }
    let parts = pdf.add_object(parts);
    let kids: Vec<Object> = pages
        .iter()
        .map(|drawing| {
            let mut stream = Stream::new(dictionary! {}, drawing.as_bytes().to_vec());
            stream.compress().expect("in memory");
            let content = pdf.add_object(stream);
            let page =
                pdf.add_object(dictionary! { "Type" => "Page", "Parent" => tree, "Contents" => content });
            page.into()
        })
        .collect();
    let count = i64::try_from(kids.len()).expect("few");
    let pages = dictionary! {
        "Type" => "Pages",
        "Kids" => kids,
        "Count" => count,
        "MediaBox" => vec![0.into(), 0.into(), 288.into(), 432.into()],
        "Resources" => parts,
    };
    pdf.objects.insert(tree, Object::Dictionary(pages));
    let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    pdf.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).expect("in memory");
    bytes
}

const LABEL: &str = "1 w 8 8 272 416 re S\nBT /F1 11 Tf 20 400 Td (PAT DOE) Tj 0 -14 Td (12 ELM ST) Tj \
                     0 -14 Td [(SPRING) -20 (FIELD IL 62704)] TJ ET\n20 90 3 90 re f\n";

pub(super) fn label() -> Vec<u8> {
    document(&[LABEL], None)
}

/// What one account was sold: a page without any drawing.
pub(super) fn blank() -> Vec<u8> {
    document(&[""], None)
}

#[test]
fn labels_with_and_without_a_packing_slip_pass() {
    assert_eq!(inspect(Pdf, &label()), Ok(()));
    assert_eq!(
        inspect(Pdf, &document(&[LABEL, "BT (PACKING SLIP) Tj ET"], None)),
        Ok(())
    );
}

#[test]
fn a_page_without_drawing_is_blank() {
    let nothing = Err(LabelFault::Blank("the page draws nothing"));
    assert_eq!(inspect(Pdf, &blank()), nothing);
    // A frame, blank text, a path that is never painted.
    assert_eq!(inspect(Pdf, &document(&["1 w 8 8 272 416 re S"], None)), nothing);
    assert_eq!(
        inspect(
            Pdf,
            &document(&["BT /F1 11 Tf (                              ) Tj ET"], None)
        ),
        nothing
    );
    assert_eq!(
        inspect(Pdf, &document(&["8 8 272 416 re n ".repeat(40).as_str()], None)),
        nothing
    );
    // The label is the first page, whatever the slip shows.
    assert_eq!(inspect(Pdf, &document(&["", LABEL], None)), nothing);
    assert_eq!(
        inspect(Pdf, &document(&[], None)),
        Err(LabelFault::Blank("the document has no page"))
    );
}

fn image(dots: Vec<u8>) -> Stream {
    Stream::new(
        dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => 64, "Height" => 64,
            "BitsPerComponent" => 8, "ColorSpace" => "DeviceGray", "Filter" => Object::Null,
        },
        dots,
    )
}

#[test]
fn a_label_may_be_a_picture_but_not_of_one_colour() {
    let draw = "q 288 0 0 432 0 0 cm /X1 Do Q";
    let packed = |dots: Vec<u8>| {
        let mut stream = image(dots);
        stream.dict.remove(b"Filter");
        stream.compress().expect("in memory");
        stream
    };
    let bars = (0..64 * 64).map(|at| if at % 7 < 3 { 0 } else { 255 }).collect();
    assert_eq!(inspect(Pdf, &document(&[draw], Some(packed(bars)))), Ok(()));
    let white = packed(vec![255; 64 * 64]);
    assert_eq!(
        inspect(Pdf, &document(&[draw], Some(white))),
        Err(LabelFault::Blank("the page draws nothing"))
    );
    // Named, but not there; there, but not drawn.
    assert!(inspect(Pdf, &document(&[draw], None)).is_err());
    let bars = (0..64 * 64).map(|at| if at % 7 < 3 { 0 } else { 255 }).collect();
    assert!(inspect(Pdf, &document(&["q Q"], Some(packed(bars)))).is_err());
}

#[test]
fn a_label_may_be_a_drawing_within_a_drawing() {
    let form = |drawing: &str| {
        Stream::new(
            dictionary! { "Type" => "XObject", "Subtype" => "Form" },
            drawing.as_bytes().to_vec(),
        )
    };
    assert_eq!(inspect(Pdf, &document(&["/X1 Do"], Some(form(LABEL)))), Ok(()));
    assert!(matches!(
        inspect(Pdf, &document(&["/X1 Do"], Some(form("")))),
        Err(LabelFault::Blank(_))
    ));
    // A drawing that draws itself ends.
    assert!(matches!(
        inspect(Pdf, &document(&["/X1 Do"], Some(form("/X1 Do")))),
        Err(LabelFault::Blank(_))
    ));
}

#[test]
fn a_cut_or_broken_document_is_noticed() {
    let label = label();
    let half = &label[..label.len() / 2];
    assert_eq!(
        inspect(Pdf, half),
        Err(LabelFault::Truncated("the page's end mark is missing"))
    );
    let mut broken = b"%PDF-1.4\n".to_vec();
    broken.extend(b"nothing of a document\n%%EOF\n");
    assert!(inspect(Pdf, &broken).is_err());
}

#[test]
fn a_drawing_that_draws_itself_ends() {
    let itself = Stream::new(dictionary! { "Subtype" => "Form" }, b"/X1 Do ".repeat(40));
    let document = document(&["/X1 Do"], Some(itself));
    let fault = LabelFault::Damaged("it draws more than any label");
    assert_eq!(inspect(Pdf, &document), Err(fault));
}

#[test]
fn a_page_that_runs_opens_or_carries_something_is_refused() {
    let whole = label();
    let acting = |action: lopdf::Dictionary, key: &str| {
        let mut pdf = Document::load_mem(&whole).expect("a document");
        let root = pdf
            .trailer
            .get(b"Root")
            .and_then(Object::as_reference)
            .expect("a root");
        pdf.get_dictionary_mut(root).expect("a catalog").set(key, action);
        let mut bytes = Vec::new();
        pdf.save_to(&mut bytes).expect("saved");
        inspect(Pdf, &bytes)
    };
    let script = dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("app.alert(1)") };
    let launch = dictionary! { "S" => "Launch", "F" => Object::string_literal("sh") };
    let files = dictionary! { "EmbeddedFiles" => dictionary! {} };
    for (action, key) in [(script, "OpenAction"), (launch, "OpenAction"), (files, "Names")] {
        assert_eq!(
            acting(action, key),
            Err(LabelFault::Damaged("it holds a program or a file"))
        );
    }
    let view = dictionary! { "S" => "GoTo", "D" => "Fit" };
    assert_eq!(acting(view, "OpenAction"), Ok(()));
}
