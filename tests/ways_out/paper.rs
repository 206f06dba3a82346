//! Ways to paper and to files: slips, strips, badges, box labels and commands for a label printer and as pages; the
//! names of files.

use crate::strings::Strings;
use crate::{judges, seed, until_done};
use tapegun::domain::ids::{OrderNumber, PickListId, Sku};
use tapegun::domain::pick_sheet::{PickItem, PickSheet, PickTote};
use tapegun::domain::seller::DocumentFormat::{Pdf, Zpl};
use tapegun::domain::slip::Slip;
use tapegun::print::{self, Card, PrintError, Printer};

fn card(strings: &mut Strings) -> Card {
    Card {
        code: ["TGB-", "TGU-", "TGC-"][strings.below(3)].to_owned() + &strings.next(),
        words: strings.next(),
    }
}

/// A card whose code is one that a bench may have, so that the sheet is made.
fn plain(strings: &mut Strings) -> Card {
    let code = card(strings).code;
    let code = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(30)
        .collect();
    Card {
        code,
        words: strings.next(),
    }
}

fn slip(strings: &mut Strings) -> Slip {
    let lines = 1 + strings.below(60);
    Slip {
        number: strings.next(),
        lines: (0..lines).map(|_| strings.next()).collect(),
    }
}

fn pick_sheet(strings: &mut Strings) -> PickSheet {
    let item = |strings: &mut Strings| PickItem {
        bin: strings.next(),
        sku: Sku(strings.next()),
        title: strings.next(),
        quantity: 1,
        totes: vec![(1, 1)],
    };
    let items = strings.below(12);
    let totes = strings.below(12);
    PickSheet {
        list: PickListId(7),
        name: strings.next(),
        items: (0..items).map(|_| item(strings)).collect(),
        totes: (1..=u32::try_from(totes).expect("few"))
            .map(|number| PickTote {
                number,
                order: OrderNumber(strings.next()),
                units: 1,
            })
            .collect(),
        left_out: Vec::new(),
    }
}

#[test]
fn nothing_but_our_own_commands_reaches_a_label_printer() {
    until_done("label printer", |strings| {
        let slip = slip(strings);
        let sheet = print::slip(Zpl, &slip).map_err(|error| error.to_string())?;
        judges::zpl(&sheet, |sheets| sheets == slip.lines.len().div_ceil(30))?;
        let strip = print::po_strip(Zpl, &strings.next()).map_err(|error| error.to_string())?;
        judges::zpl(&strip, |sheets| sheets == 1)?;
        let list = pick_sheet(strings);
        let sheet = print::pick_list_document(Zpl, &list).map_err(|error| error.to_string())?;
        judges::zpl(&sheet, |sheets| {
            sheets == list.items.len().div_ceil(9).max(1) + list.totes.len().div_ceil(9)
        })?;
        let gap = print::gap_document(Zpl, &strings.next(), &strings.next());
        judges::zpl(&gap.map_err(|error| error.to_string())?, |sheets| sheets == 1)?;
        let title = strings.next();
        let mut cards: Vec<Card> = (0..=strings.below(9)).map(|_| plain(strings)).collect();
        let sheet = print::cards(Zpl, &title, &cards).map_err(|error| error.to_string())?;
        judges::zpl(&sheet, |sheets| sheets == cards.len().div_ceil(3))?;
        cards.push(card(strings));
        match print::cards(Zpl, &title, &cards) {
            Ok(sheet) => judges::zpl(&sheet, |sheets| sheets == cards.len().div_ceil(3)),
            Err(PrintError::Card) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    });
}

#[test]
fn nothing_but_text_and_bars_is_on_a_page() {
    until_done("pages", |strings| {
        let slip = slip(strings);
        let sheet = print::slip(Pdf, &slip).map_err(|error| error.to_string())?;
        judges::pages(&sheet)?;
        let list = pick_sheet(strings);
        judges::pages(&print::pick_list_document(Pdf, &list).map_err(|error| error.to_string())?)?;
        let gap = print::gap_document(Pdf, &strings.next(), &strings.next());
        judges::pages(&gap.map_err(|error| error.to_string())?)?;
        judges::pages(&print::po_strip(Pdf, &strings.next()).map_err(|error| error.to_string())?)?;
        let title = strings.next();
        let cards: Vec<Card> = (0..=strings.below(30)).map(|_| plain(strings)).collect();
        judges::pages(&print::cards(Pdf, &title, &cards).map_err(|error| error.to_string())?)
    });
}

#[test]
fn no_file_has_a_name_that_is_not_ours() {
    let outer = tempfile::tempdir().expect("a folder");
    let printer = Printer::Folder(outer.path().join("sheets"));
    print::send_own(&printer, "sheet-commands", Zpl, b"^XA^XZ").expect("an own name");
    let mut written = 1;
    until_done("file names", |strings| {
        for _ in 0..1000 {
            let name = strings.next();
            match print::send_own(&printer, &name, Zpl, b"^XA^XZ") {
                Ok(()) => written += 1,
                Err(PrintError::Name | PrintError::Folder { .. }) => {}
                Err(error) => return Err(error.to_string()),
            }
        }
        judges::files(outer.path(), "sheets")
    });
    println!("file names: {written} files");
}

#[test]
fn a_planted_hole_in_a_sheet_is_caught() {
    let mut strings = Strings::new(seed());
    let caught = (0..200).filter(|_| {
        let text = strings.next();
        judges::zpl(
            format!("^XA^FO30,25^A0N,30,30^FH_^FD{text}^FS^XZ\n").as_bytes(),
            |sheets| sheets == 1,
        )
        .is_err()
    });
    assert!(caught.count() > 150);
    for planted in [
        "^XA^FO1,1^A0N,1,1^FH_^FD_5E_0A^FS^XZ",
        "^XA^FO1,1^BY2^BCN,1,N,N,N^FH_^FD_3E9^FS^XZ",
        "^XA^JUS^XZ",
        "^XA^XZ~JR",
        "x^XA^XZ",
        "^XA^XA^XZ",
        "^XA^FO1,1^FDa b^FS^XZ",
        "^XA^FO1,1^FH^FDa^FS^XZ",
        "^XA^CI28^FO1,1^A0N,1,1^FH_^FD_E2_80_AE^FS^XZ",
        "^XA^CI28^FO1,1^A0N,1,1^FH_^FD_C2^FS^XZ",
        "^XA^CI13^XZ",
    ] {
        assert!(judges::zpl(planted.as_bytes(), |_| true).is_err(), "{planted}");
    }
}

#[test]
fn a_planted_hole_in_a_page_is_caught() {
    let sheet = print::po_strip(Pdf, "4711").expect("a strip");
    judges::pages(&sheet).expect("a strip is harmless");
    let mut pdf = lopdf::Document::load_mem(&sheet).expect("a document");
    let action =
        lopdf::dictionary! { "S" => "JavaScript", "JS" => lopdf::Object::string_literal("app.alert(1)") };
    let root = pdf
        .trailer
        .get(b"Root")
        .and_then(lopdf::Object::as_reference)
        .expect("a root");
    pdf.get_dictionary_mut(root)
        .expect("a catalog")
        .set("OpenAction", action);
    let mut planted = Vec::new();
    pdf.save_to(&mut planted).expect("saved");
    assert!(judges::pages(&planted).is_err());
}

#[test]
fn a_planted_hole_in_file_names_is_caught() {
    for planted in ["../x.zpl", "a b.zpl", "x", "-x.zpl", "x.zpl.sh"] {
        let outer = tempfile::tempdir().expect("a folder");
        let folder = outer.path().join("sheets");
        std::fs::create_dir(&folder).expect("made");
        std::fs::write(folder.join("a-1.zpl"), "").expect("written");
        judges::files(outer.path(), "sheets").expect("an own name");
        std::fs::write(folder.join(planted), "").expect("written");
        assert!(judges::files(outer.path(), "sheets").is_err(), "{planted}");
    }
}
