//! Sheets against the dots that they must have.

use super::codes::{self, Mode};
use super::draw;
use crate::domain::picture::{DrawnSheet, MOST_DOTS, Nearness, Picture, half_block};
use crate::domain::seller::DocumentFormat;
use crate::domain::slip::Slip;
use crate::print::bars::SYMBOLS;
use base64::Engine as _;
use std::fmt::Write as _;
use std::io::Write as _;

fn zpl(body: &str) -> DrawnSheet {
    let document = format!("^XA^PW200^LL100{body}^XZ");
    let mut sheets = draw(DocumentFormat::Zpl, document.as_bytes(), "Label");
    assert_eq!(sheets.len(), 1);
    sheets.remove(0)
}

fn picture(sheet: &DrawnSheet) -> &Picture {
    sheet.picture.as_ref().expect("drawn")
}

fn dark(picture: &Picture, x: usize, y: usize) -> bool {
    picture.dots()[y * picture.width() + x] > 127
}

/// The smallest box around all ink: left, top, right, bottom.
fn ink(sheet: &DrawnSheet) -> (usize, usize, usize, usize) {
    let picture = picture(sheet);
    let (mut left, mut top, mut right, mut bottom) = (usize::MAX, usize::MAX, 0, 0);
    for y in 0..picture.height() {
        for x in (0..picture.width()).filter(|x| dark(picture, *x, y)) {
            (left, top) = (left.min(x), top.min(y));
            (right, bottom) = (right.max(x), bottom.max(y));
        }
    }
    (left, top, right, bottom)
}

/// A picture as text, a sign for two dots above each other.
fn as_text(picture: &Picture, columns: usize) -> String {
    let points = picture.points(picture.part(Nearness::Wide, columns, 2000, 0, 0));
    let mut text = String::new();
    for row in (0..points.rows).step_by(2) {
        let line: String = (0..points.columns)
            .map(|column| half_block(points.at(column, row), points.at(column, row + 1)))
            .collect();
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

#[test]
fn boxes_lines_and_rings_have_their_dots() {
    assert_eq!(ink(&zpl("^FO10,20^GB50,30,3^FS")), (10, 20, 59, 49));
    let framed = zpl("^FO10,20^GB50,30,3^FS");
    assert!(dark(picture(&framed), 12, 22) && !dark(picture(&framed), 13, 23));
    assert_eq!(ink(&zpl("^LH5,5^FO10,20^GB50,1,4^FS")), (15, 25, 64, 28));
    assert_eq!(ink(&zpl("^FT10,60^GB50,30,3^FS")), (10, 30, 59, 59));
    let ring = zpl("^FO10,10^GC40,4^FS");
    assert_eq!(ink(&ring), (10, 10, 49, 49));
    assert!(!dark(picture(&ring), 30, 30) && !dark(picture(&ring), 11, 11) && dark(picture(&ring), 11, 30));
    let turned = zpl("^FO10,10^GB40,40,40^FS^FO20,20^GB10,10,10,W^FS^FO30,30^FR^GB30,10,10^FS");
    assert!(!dark(picture(&turned), 25, 25), "white on black");
    assert!(
        !dark(picture(&turned), 35, 35) && dark(picture(&turned), 55, 35),
        "turned where they meet"
    );
    assert_eq!(ink(&zpl("^POI^FO10,20^GB50,30,3^FS")), (140, 50, 189, 79));
}

#[test]
fn texts_stand_at_their_place_in_every_direction() {
    let (left, top, right, bottom) = ink(&zpl("^FO20,10^A0N,24,24^FDWWWW^FS"));
    assert_eq!((left, top), (20, 10));
    assert!(
        (60..100).contains(&right) && (26..34).contains(&bottom),
        "{right} {bottom}"
    );
    let long = right - left;
    let (left, top, right, bottom) = ink(&zpl("^FO20,10^A0R,24,24^FDWWWW^FS"));
    assert!(
        left > 20 && right <= 44 && top == 10 && bottom - top == long,
        "{left} {right}"
    );
    let (left, top, right, bottom) = ink(&zpl("^FO20,10^A0B,24,24^FDWWWW^FS"));
    assert!(
        left == 20 && right < 44 && bottom - top == long,
        "{left} {right} {top}"
    );
    let (_, top, _, bottom) = ink(&zpl("^FT20,60^A0N,24,24^FDWWWW^FS"));
    assert!(
        top >= 36 && bottom == 59,
        "the foot of the letters: {top} {bottom}"
    );
    // A font with dots of its own, three times as large.
    let (left, _, right, bottom) = ink(&zpl("^FO0,0^ABN,33,21^FDHH^FS"));
    assert!(
        left < 6 && (40..54).contains(&right) && bottom < 33,
        "{right} {bottom}"
    );
    // The same text twice as large takes twice the room.
    let wide = |size: u32| ink(&zpl(&format!("^FO0,0^A0N,{size},{size}^FDHello^FS"))).2;
    assert!(wide(40).abs_diff(wide(20) * 2) <= 4);
}

#[test]
fn paragraphs_break_between_words_and_stand_where_they_are_told() {
    let sheet = zpl("^FO0,0^A0N,20,20^FB100,3,0,R,0^FDone two three four\\&five^FS");
    let (_, _, right, bottom) = ink(&sheet);
    assert!((90..=100).contains(&right), "{right}");
    assert!((45..60).contains(&bottom), "three lines: {bottom}");
    let (left, ..) = ink(&zpl("^FO0,0^A0N,20,20^FB100,1,0,C,0^FDii^FS"));
    assert!((40..55).contains(&left), "{left}");
}

#[test]
fn what_is_read_is_listed_from_top_to_bottom_and_clean() {
    let sheet = zpl("^CI28^FO0,60^A0N,20,20^FDbelow^FS^FO0,10^A0N,20,20^FH^FDZo_C3_AB _5E\u{202e}^FS");
    assert_eq!(sheet.texts, ["Zoë ^", "below"]);
    let latin = b"^XA^FO0,0^A0N,20,20^FH^FDZo_EB^FS^XZ";
    assert_eq!(draw(DocumentFormat::Zpl, latin, "Label")[0].texts, ["Zoë"]);
}

#[test]
fn a_graphic_is_the_same_however_it_is_written() {
    let bytes = [0xFF, 0x00, 0x81, 0x00, 0x81, 0x00, 0xFF, 0x00];
    let plain = zpl("^FO8,8^GFA,8,8,2,FF00810081008F00^FS");
    assert!(dark(picture(&plain), 8, 8) && !dark(picture(&plain), 9, 9) && dark(picture(&plain), 15, 9));
    let plain = zpl("^FO8,8^GFA,8,8,2,FF0081008100FF00^FS");
    let crushed = zpl("^FO8,8^GFA,8,8,2,HF,81,:HF,^FS");
    assert_eq!(crushed.picture, plain.picture);
    let packed = base64::engine::general_purpose::STANDARD.encode(bytes);
    assert_eq!(
        zpl(&format!("^FO8,8^GFA,8,8,2,:B64:{packed}:0000^FS")).picture,
        plain.picture
    );
    let mut deflated = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    deflated.write_all(&bytes).expect("memory");
    let packed = base64::engine::general_purpose::STANDARD.encode(deflated.finish().expect("memory"));
    assert_eq!(
        zpl(&format!("^FO8,8^GFA,8,8,2,:Z64:{packed}:0000^FS")).picture,
        plain.picture
    );
    let mut binary = b"^XA^PW200^LL100^FO8,8^GFB,8,8,2,".to_vec();
    binary.extend(bytes);
    binary.extend(b"^FS^XZ");
    assert_eq!(
        draw(DocumentFormat::Zpl, &binary, "Label")[0].picture,
        plain.picture
    );
}

/// Reads the bars along a row (or a column) of dots, as a scanner does; the marks of GS1 as `|`.
fn read_bars(dots: &[bool], module: usize) -> Option<String> {
    let start = dots.iter().position(|dot| *dot)?;
    let end = dots.iter().rposition(|dot| *dot)?;
    let mut widths: Vec<usize> = Vec::new();
    let mut last = None;
    for dot in &dots[start..=end] {
        if last == Some(*dot) {
            *widths.last_mut()? += 1;
        } else {
            widths.push(1);
            last = Some(*dot);
        }
    }
    let digits: String = widths.iter().map(|width| (width / module).to_string()).collect();
    let (symbols, stop) = digits.split_at_checked(digits.len().checked_sub(7)?)?;
    let value = |symbol: &str| SYMBOLS.iter().position(|known| *known == symbol);
    let values: Vec<usize> = (0..symbols.len())
        .step_by(6)
        .map(|place| value(symbols.get(place..place + 6)?))
        .collect::<Option<_>>()?;
    let (check, all) = values.split_last()?;
    let sum: usize = all
        .iter()
        .enumerate()
        .map(|(place, value)| value * place.max(1))
        .sum();
    if value(stop) != Some(106) || sum % 103 != *check {
        return None;
    }
    let mut set = all[0];
    let mut text = String::new();
    for value in &all[1..] {
        match (set, *value) {
            (_, 102) => text.push('|'),
            (104 | 105, 101) => set = 103,
            (103 | 105, 100) => set = 104,
            (103 | 104, 99) => set = 105,
            (105, pair) => {
                let _ = write!(text, "{pair:02}");
            }
            (103, low) if low >= 64 => text.push(char::from(u8::try_from(low - 64).ok()?)),
            (_, sign) => text.push(char::from(u8::try_from(sign + 32).ok()?)),
        }
    }
    Some(text)
}

#[test]
fn bars_are_read_back_in_every_set_and_direction() {
    for (mode, data, wanted) in [
        ("N", "1Z5R89390357567127", "1Z5R89390357567127"),
        ("N", ">:420>;07105", "42007105"),
        ("N", ">;>8420071059>69", "|4200710599"),
        ("N", ">9AB", "AB"),
        ("A", "TBA123456789012", "TBA123456789012"),
        ("A", "12345678901", "12345678901"),
        ("U", "0012345678901234567", "|00123456789012345675"),
        ("D", "(420)07105(92)12345", "|420071059212345"),
    ] {
        let body = format!("^PW900^LL400^FO20,20^BY2^BCN,100,N,N,N,{mode}^FD{data}^FS");
        let sheet = zpl(&body);
        let shown = picture(&sheet);
        let row: Vec<bool> = (0..shown.width()).map(|x| dark(shown, x, 60)).collect();
        assert_eq!(read_bars(&row, 2).as_deref(), Some(wanted), "{mode} {data}");
        assert!(!dark(shown, 20, 121), "no text under it");
    }
    let sheet = zpl("^PW400^LL900^FO20,20^BY3^BCR,100,Y,N,N^FDTGL-7^FS");
    let shown = picture(&sheet);
    let column: Vec<bool> = (0..shown.height()).map(|y| dark(shown, 100, y)).collect();
    assert_eq!(read_bars(&column, 3).as_deref(), Some("TGL-7"), "running down");
    assert_eq!(sheet.texts, ["▌▐ TGL-7"]);
    for (data, mode) in [
        ("", Mode::Asked),
        ("Zoë", Mode::Asked),
        (&"9".repeat(500), Mode::Short),
    ] {
        assert!(codes::code128(data, mode).is_none(), "{data}");
    }
}

#[test]
fn a_data_matrix_is_read_back_and_other_codes_are_named() {
    let sheet = zpl("^FO10,10^BXN,4,200^FDAZ:1234567890^FS");
    let shown = picture(&sheet);
    let (left, top, right, bottom) = ink(&sheet);
    let side = (right - left + 1) / 4;
    assert_eq!((bottom - top + 1) / 4, side);
    let modules: Vec<bool> = (0..side * side)
        .map(|place| dark(shown, left + place % side * 4 + 1, top + place / side * 4 + 1))
        .collect();
    let read = datamatrix::DataMatrix::decode(&modules, side).expect("readable");
    assert_eq!(read, b"AZ:1234567890");
    let quick = zpl("^FO10,10^BQN,2,3^FDQA,https://example.com^FS");
    let (left, top, right, bottom) = ink(&quick);
    assert_eq!((left, top, right - left), (10, 10, bottom - top));
    assert_eq!(quick.texts, ["▚ QR: https://example.com"]);
    let maxi = zpl("^FO10,10^BD2^FD003840840071050000[)>01^FS");
    assert_eq!(maxi.notes, ["MaxiCode: hatched, not drawn as it is"]);
    assert!(ink(&maxi).2 > 150);
}

#[test]
fn what_is_not_drawn_is_named() {
    let sheet = zpl("^FO0,0^XGR:LOGO.GRF,1,1^FS~DGR:X^FO0,0^A0N,20,20^FDtext^FS^MD5^PR4");
    assert_eq!(sheet.notes, ["^XG is not drawn", "~DG is not drawn"]);
}

#[test]
fn each_format_is_a_sheet_and_a_sheet_that_shows_nothing_is_none() {
    let sheets = draw(
        DocumentFormat::Zpl,
        b"^XA^PW300^LL200^XZ^XA^FO0,0^A0N,20,20^FDone^FS^XZ\n^XA^FO0,0^A0N,20,20^FDtwo^FS^XZ",
        "Label",
    );
    let titles: Vec<&str> = sheets.iter().map(|sheet| sheet.title.as_str()).collect();
    assert_eq!(titles, ["Label, sheet 1 of 2", "Label, sheet 2 of 2"]);
    assert_eq!(
        (picture(&sheets[1]).width(), sheets[1].texts[0].as_str()),
        (300, "two")
    );
}

#[test]
fn a_picture_keeps_its_dots_and_comes_back_from_its_file() {
    let sheet = zpl("^FO10,20^GB50,30,3^FS");
    let file = super::png(picture(&sheet)).expect("written");
    let again = draw(DocumentFormat::Png, &file, "Label");
    assert_eq!(again[0].picture, sheet.picture);
}

#[test]
fn our_own_slips_are_drawn_alike_in_both_languages() {
    let slip = Slip {
        number: "111-9131413-9770664".to_owned(),
        lines: vec!["PACKING SLIP".to_owned(), String::new(), "1 x MUG".to_owned()],
    };
    for format in [DocumentFormat::Zpl, DocumentFormat::Pdf] {
        let document = crate::print::slip(format, &slip).expect("a slip");
        let sheets = draw(format, &document, "Packing slip");
        assert_eq!((sheets.len(), &sheets[0].notes), (1, &Vec::new()));
        assert!(
            sheets[0].texts.iter().any(|text| text == "1 x MUG"),
            "{:?}",
            sheets[0].texts
        );
        let shown = picture(&sheets[0]);
        let read = (0..shown.height() / 4).find_map(|y| {
            let row: Vec<bool> = (0..shown.width()).map(|x| dark(shown, x, y)).collect();
            (1..6).find_map(|module| read_bars(&row, module))
        });
        if format == DocumentFormat::Zpl {
            assert_eq!(read.as_deref(), Some("111-9131413-9770664"));
        }
    }
}

#[test]
fn a_page_shows_its_pictures_texts_and_what_it_has_besides() {
    use lopdf::content::{Content, Operation};
    use lopdf::{Document, Stream, dictionary};
    let mut pdf = Document::with_version("1.5");
    let pages = pdf.new_object_id();
    let plain =
        pdf.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" });
    let own = pdf.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "Own" });
    let image = pdf.add_object(Stream::new(
        dictionary! { "Subtype" => "Image", "Width" => 2, "Height" => 1, "BitsPerComponent" => 8,
        "ColorSpace" => "DeviceGray" },
        vec![0, 255],
    ));
    let packed = pdf.add_object(Stream::new(
        dictionary! { "Subtype" => "Image", "Width" => 2, "Height" => 1, "BitsPerComponent" => 8,
        "ColorSpace" => "DeviceGray", "Filter" => "DCTDecode" },
        vec![1, 2, 3],
    ));
    let resources = pdf.add_object(dictionary! {
        "Font" => dictionary! { "F1" => plain, "F2" => own },
        "XObject" => dictionary! { "I1" => image, "I2" => packed },
    });
    let name = |text: &str| lopdf::Object::Name(text.as_bytes().to_vec());
    let picture_at = |x: i64, which: &str| {
        vec![
            Operation::new("q", vec![]),
            Operation::new(
                "cm",
                vec![72.into(), 0.into(), 0.into(), 36.into(), x.into(), 0.into()],
            ),
            Operation::new("Do", vec![name(which)]),
            Operation::new("Q", vec![]),
        ]
    };
    let mut operations = picture_at(0, "I1");
    operations.extend(picture_at(144, "I2"));
    operations.extend([
        Operation::new("BT", vec![]),
        Operation::new("Tf", vec![name("F1"), 12.into()]),
        Operation::new("Td", vec![10.into(), 120.into()]),
        Operation::new("Tj", vec![lopdf::Object::string_literal("SHIP TO")]),
        Operation::new("Tf", vec![name("F2"), 12.into()]),
        Operation::new("Tj", vec![lopdf::Object::string_literal("xx")]),
        Operation::new("ET", vec![]),
    ]);
    let content = Content { operations }.encode().expect("encoded");
    let content = pdf.add_object(Stream::new(dictionary! {}, content));
    let page = pdf.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content, "Resources" => resources,
    });
    pdf.objects.insert(
        pages,
        lopdf::Object::Dictionary(dictionary! {
            "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1,
            "MediaBox" => vec![0.into(), 0.into(), 288.into(), 144.into()],
        }),
    );
    let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    pdf.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).expect("written");
    let sheets = draw(DocumentFormat::Pdf, &bytes, "Label");
    let shown = picture(&sheets[0]);
    assert_eq!((shown.width(), shown.height()), (812, 406));
    assert!(
        dark(shown, 50, 380) && !dark(shown, 150, 380),
        "half of the picture is black"
    );
    assert_eq!(sheets[0].texts, ["(a picture)", "SHIP TO"]);
    assert_eq!(sheets[0].notes.len(), 2, "{:?}", sheets[0].notes);
    let locked = draw(DocumentFormat::Pdf, b"%PDF-1.4 nothing", "Label");
    assert!(locked[0].picture.is_none() && !locked[0].notes.is_empty());
}

#[test]
fn a_whole_label_looks_as_it_did() {
    let document = include_bytes!("../../../fuzz/corpus/label_drawn/codes");
    let sheets = draw(DocumentFormat::Zpl, document, "Label");
    insta::assert_snapshot!("label", as_text(picture(&sheets[0]), 100));
}

#[test]
fn hostile_labels_stay_small_and_say_so() {
    let huge = "9".repeat(400);
    for body in [
        format!("^PW{huge}^LL{huge}^FO0,0^FDx^FS"),
        "^PW12000^LL12000^FO0,0^FDx^FS".to_owned(),
        format!("^FO0,0^GFA,{huge},{huge},{huge},FF^FS"),
        "^FO0,0^GFA,999999999,999999999,1,zzzzzzzzzzzzzzzzF^FS".to_owned(),
        "^FO0,0^GFA,8,2000000,1500,:::::!!!,,,^FS".to_owned(),
        format!("^FO0,0^GB{huge},{huge},{huge}^FS"),
        "^FO0,0^A0N,32000,32000^FDWWWWWWWWWW^FS".repeat(300),
        "^FO-32000,-32000^GE32000,32000,1^FS".repeat(300),
        format!("^BY10^FO0,0^BCN,32000^FD{}^FS", "x".repeat(5000)),
        format!("^FO0,0^BXN,60,200^FD{}^FS", "x".repeat(800)),
        format!("^FO0,0^A0N,10,10^FB1,9999,-9999^FD{}^FS", "a ".repeat(5000)),
        "^FO0,0^GFC,10,10,1,:Z64:eJz7////fwAJ/gP9:0000^FS".to_owned(),
        "^FO0,0^B7N,99999^FDx^FS^FO0,0^GD0,0,0^FS^GC^FS^GB^FS^A^FD^FS^BC^FDx^FS^FH\u{0}^FD\u{0}zz^FS"
            .to_owned(),
        "^XA".repeat(100) + &"^FO0,0^FDx^FS^XZ^XA".repeat(100),
        "^FX".repeat(70_000),
    ] {
        let document = format!("^XA{body}^XZ");
        let sheets = draw(DocumentFormat::Zpl, document.as_bytes(), "Label");
        assert!(
            (1..=12).contains(&sheets.len()),
            "{}",
            &body[..body.len().min(60)]
        );
        for sheet in sheets {
            let dots = sheet
                .picture
                .as_ref()
                .map_or(0, |picture| picture.dots().len() as u64);
            assert!(dots <= MOST_DOTS);
            assert!(sheet.texts.len() <= 200 && sheet.notes.len() <= 16);
        }
    }
}
