//! Labels in ZPL.

use crate::domain::seller::DocumentFormat::Zpl;
use crate::print::{LabelFault, inspect};

/// A label as carriers make them: set-up, sender, recipient, service, barcode.
pub(super) fn label() -> Vec<u8> {
    format(&format!("{SENDER}{RECIPIENT}{BARCODE}"))
}

const SENDER: &str = "^FO40,40^A0N,26,26^FDFROM: DOCK 5, 500 FERRY ST^FS";
const RECIPIENT: &str = "^FO40,300^A0N,34,34^FDPAT DOE^FS^FO40,340^A0N,34,34^FD12 ELM ST APT 4^FS\
                         ^FO40,380^A0N,34,34^FDSPRINGFIELD IL 62704^FS";
const BARCODE: &str = "^FO80,700^BY3,2,240^BCN,,Y,N,N^FD1Z5R89390357567127^FS";

fn format(body: &str) -> Vec<u8> {
    format!("^XA\n^CI28^PW812^LL1218^LH0,0\n{body}\n^PQ1\n^XZ\n").into_bytes()
}

/// 1,056 bytes, a barcode, a service and a frame, and no address: what one account was sold.
pub(super) fn blank() -> Vec<u8> {
    let mut label = format(&format!(
        "^FO20,20^GB772,1178,4^FS^FO40,600^A0N,40,40^FDONTRAC GROUND^FS{BARCODE}"
    ));
    let end = label.len() - 4;
    let padding = vec![b'\n'; 1056 - label.len()];
    label.splice(end..end, padding);
    assert_eq!(label.len(), 1056);
    label
}

fn verdict(document: &str) -> Result<(), LabelFault> {
    inspect(Zpl, document.as_bytes())
}

fn with(body: &str) -> Result<(), LabelFault> {
    inspect(Zpl, &format(&format!("{SENDER}{RECIPIENT}{BARCODE}{body}")))
}

#[test]
fn whole_labels_pass() {
    assert_eq!(inspect(Zpl, &label()), Ok(()));
    let text = String::from_utf8(label()).expect("ASCII");
    assert_eq!(verdict(&format!("\r\n  {text}\r\n")), Ok(()));
    assert_eq!(verdict(&text.to_lowercase()), Ok(()));
    // Set-up in a format of its own before the label; two labels in a row.
    assert_eq!(verdict(&format!("^XA^MCY^XZ\n{text}")), Ok(()));
    assert_eq!(verdict(&format!("{text}{text}")), Ok(()));
}

#[test]
fn addresses_of_other_countries_and_other_ways_to_write_them() {
    for place in [
        "LONDON SW1A 1AA",
        "OTTAWA ON K1A 0B1",
        "10115 BERLIN",
        "MEXICO CITY CDMX 06600",
        "CHIYODA-KU TOKYO 100-0001",
        "62704-1234",
        "SPRINGFIELD\\&IL 62704",
    ] {
        let body = format!("{SENDER}^FO40,300^FDPAT DOE, 12 ELM ST^FS^FO40,380^FD{place}^FS{BARCODE}");
        let body = body.replace("500 FERRY ST", "FERRY STREET");
        assert_eq!(inspect(Zpl, &format(&body)), Ok(()), "{place}");
    }
    // A field in hexadecimal.
    let escaped = RECIPIENT
        .replace("^FDSPRING", "^FH^FD_53PRING")
        .replace("62704", "_36_32704");
    assert_eq!(
        inspect(Zpl, &format(&format!("{escaped}{SENDER}{BARCODE}"))),
        Ok(())
    );
}

#[test]
fn a_label_without_an_address_is_blank() {
    assert_eq!(inspect(Zpl, &blank()), Err(LabelFault::Blank("no address on it")));
    // The tracking number in words is no address.
    let tracking =
        "^FO40,1000^FDTRACKING NUMBER OF THIS PARCEL IN FULL^FS^FO40,1040^FD9400 1112 0108 0805 4830 16^FS";
    let verdict = inspect(Zpl, &format(&format!("{tracking}{BARCODE}")));
    assert_eq!(verdict, Err(LabelFault::Blank("no address on it")));
    // A postal code alone is none either.
    let verdict = inspect(Zpl, &format(&format!("^FO1,1^FDNJ 07105^FS{BARCODE}")));
    assert_eq!(verdict, Err(LabelFault::Blank("no address on it")));
}

#[test]
fn a_label_without_a_barcode_or_anything_is_blank() {
    let verdict = inspect(Zpl, &format(&format!("{SENDER}{RECIPIENT}")));
    assert_eq!(verdict, Err(LabelFault::Blank("no barcode on it")));
    assert_eq!(
        inspect(Zpl, &format("^FO20,20^GB772,1178,4^FS")),
        Err(LabelFault::Blank("nothing on it"))
    );
    let empty = BARCODE.replace("1Z5R89390357567127", " ");
    let verdict = inspect(Zpl, &format(&format!("{SENDER}{RECIPIENT}{empty}")));
    assert_eq!(verdict, Err(LabelFault::Blank("no barcode on it")));
}

#[test]
fn a_label_may_be_one_picture_but_not_of_one_colour() {
    let picture = |bytes: usize, data: &str| format(&format!("^FO0,0^GFA,{bytes},{bytes},102,{data}^FS"));
    assert_eq!(inspect(Zpl, &picture(123_624, ":Z64:eJzsvXmcXFWZ")), Ok(()));
    assert!(matches!(
        inspect(Zpl, &picture(123_624, &"0".repeat(400))),
        Err(LabelFault::Blank(_))
    ));
    assert!(
        matches!(
            inspect(Zpl, &picture(2_000, ":Z64:eJzsvXmc")),
            Err(LabelFault::Blank(_))
        ),
        "a logo"
    );
}

#[test]
fn binary_pictures_are_counted_and_may_hold_any_byte() {
    let mut data = vec![0x5e, 0x7e, 0x02, 0x00];
    data.resize(30_000, 0xff);
    let mut document = b"^XA^FO0,0^GFB,30000,30000,102,".to_vec();
    document.extend(&data);
    let cut = document.clone();
    document.extend(b"^FS^XZ");
    assert_eq!(inspect(Zpl, &document), Ok(()));
    assert_eq!(
        inspect(Zpl, &cut[..20_000]),
        Err(LabelFault::Truncated("a graphic ends early"))
    );
    // Shorter data than said would swallow what follows.
    assert!(inspect(Zpl, b"^XA^GFB,30000,30000,102,~JR^FS^XZ").is_err());
    assert!(inspect(Zpl, b"^XA^GFB,x,y^FS^XZ").is_err());
}

#[test]
fn a_label_that_is_not_closed_is_cut_off() {
    let text = String::from_utf8(label()).expect("ASCII");
    assert_eq!(
        verdict(&text.replace("^XZ", "")),
        Err(LabelFault::Truncated("^XZ is missing"))
    );
    assert_eq!(
        verdict(&format!("{text}^XA^FDx")),
        Err(LabelFault::Truncated("^XZ is missing"))
    );
    assert!(matches!(
        verdict(&format!("{text}^")),
        Err(LabelFault::Truncated(_))
    ));
}

/// The rest of the language (ZPL II guide), and names that it does not have.
const OTHERS: &str = "\
    ^CM ^CN1 ^CO ^CP ^CWA,E:X.TTF ^DN ^EG ^FLE:A.TTF ^HF ^HG ^HL ^HT ^HV ^HW ^HY ^HZ ^IL ^IM ^JB ^JH ^JI \
    ^JJ ^JS ^JT ^JW ^KD ^KL ^KN ^KV ^LF ^MA ^MI ^MW ^NC ^NI ^NN ^NP ^NT ^NW ^PN ^PP ^SE ^SI ^SL ^SO ^SP \
    ^SQ ^SR ^SS ^ST ^SX ^TO ^WA ^WD ^WE ^WF ^WI ^WL ^WP ^WR ^WS ^WV ^XG ^XS ^ZZ ^ZT ^RF ^RS ^RB ^RU ^RW \
    ^HR ^WT ^B6 ^BG ^BH ^BN ^BV ^BW ~CD ~CT ~DB ~DE ~DN ~DS ~DT ~DU ~DY ~EG ~HB ~HD ~HI ~HM ~HQ ~HU ~JB \
    ~JC ~JD ~JE ~JF ~JG ~JL ~JN ~JO ~JP ~JQ ~JS ~JX ~KB ~NC ~NR ~NT ~PH ~PL ~PM ~PP ~PR ~PS ~RO ~RV ~SD \
    ~TA ~WL ~WQ ~WR";

#[test]
fn commands_that_change_or_question_the_printer_are_refused() {
    let known = [
        "~JR",
        "~JA",
        "~DGR:LOGO.GRF,1,1,FF",
        "~HS",
        "~WC",
        "~CC!",
        "^JUS",
        "^JUF",
        "^DFR:FORM.ZPL",
        "^XFR:FORM.ZPL",
        "^NBS",
        "^NSA",
        "^ND2,A",
        "^WX02",
        "^KPsecret",
        "^HH",
        "^ISR:A.GRF",
        "^IDR:*.*",
        "^CC!",
        "^CT!",
        "^CD;",
        "^JZ",
        "^SC9600",
        "^SZ1",
        "^TOA,B",
        "^MPE",
        "^EFs",
        "^jus",
    ];
    for command in known.into_iter().chain(OTHERS.split_whitespace()) {
        let Err(LabelFault::Command(name)) = with(command) else {
            panic!("{command} must be refused: {:?}", with(command));
        };
        assert_eq!(name, command[..3].to_ascii_uppercase());
    }
    // At once, even within a field.
    assert_eq!(
        with("^FO1,1^FDPAT~JRDOE^FS"),
        Err(LabelFault::Command("~JR".to_owned()))
    );
    for harmless in [
        "^MNY^MFN,N^LRN^POI^PR4^MD10",
        "^FO1,1^FR^GB1,1,1^FS",
        "^FO1,1^BDN,2^FDx^FS",
        "^FX a comment",
        "^FO1,1^A@N,20,20,E:ARIAL.TTF^FDx^FS",
        "^LH10,12^MCY^PW812^CI27^CF0,0^LT0^LS0^MMT^JMA^MUD^ML1218",
        "^FO1,1^BXN,4,200^FDx^FS^FO1,1^BQN,2,4^FDx^FS^FO1,1^B7N,4^FDx^FS^FO1,1^B0N,4^FDx^FS",
    ] {
        assert_eq!(with(harmless), Ok(()), "{harmless}");
    }
}

#[test]
fn nothing_stands_outside_the_formats() {
    let text = String::from_utf8(label()).expect("ASCII");
    for hidden in [
        "! U1 setvar \"ip.addr\" \"10.0.0.1\"\r\n",
        "\u{2}FDx\u{3}",
        "^FDx^FS",
    ] {
        assert!(
            matches!(verdict(&format!("{text}{hidden}")), Err(LabelFault::Damaged(_))),
            "{hidden}"
        );
        assert!(verdict(&format!("{hidden}{text}")).is_err(), "{hidden}");
    }
    assert!(matches!(
        verdict(&format!("^XA{text}^XZ")),
        Err(LabelFault::Damaged(_))
    ));
    assert!(matches!(
        verdict(&format!("{text}^XZ")),
        Err(LabelFault::Damaged(_))
    ));
    // Control characters that stand for prefixes.
    assert!(matches!(
        with("^FO1,1^FDx\u{10}JR^FS"),
        Err(LabelFault::Damaged(_))
    ));
}

#[test]
fn a_label_does_not_ask_for_many_copies() {
    assert_eq!(with("^PQ2,0,1,Y"), Ok(()));
    assert_eq!(with("^PQ500"), Err(LabelFault::Command("^PQ".to_owned())));
}
