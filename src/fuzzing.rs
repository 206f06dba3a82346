//! Every reader of bytes from outside, by name: what the fuzz targets (`fuzz/`) and `tests/fuzz_corpus.rs` run. Each
//! target calls the very function that the program calls and asserts its promises: it does not panic, its result is
//! bounded and clean, and what it made of the bytes it makes of its own result, too.
//!
//! Hidden, and not part of the interface: some of these functions belong to their rooms alone.

use crate::amazon::fuzzing as amazon;
use crate::app::effect::{Answer, Query};
use crate::commands::{catalogue, csv};
use crate::config::{Config, Overrides, Places, PrinterSetting, is_loopback};
use crate::domain::ids::StationId;
use crate::domain::picture::MOST_DOTS;
use crate::domain::scan::{self, Scan, ScanError};
use crate::domain::seller::DocumentFormat;
use crate::domain::text::{self, Clean};
use crate::domain::transparency;
use crate::print;
use crate::runtime;
use crate::store::Store;

/// A reader under its name: the name of its fuzz target and of its folder of the corpus.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: &[Target] = &[
    ("amazon_documents", amazon::documents),
    ("amazon_errors", amazon::errors),
    ("amazon_login", amazon::login),
    ("amazon_merchant", amazon::merchant),
    ("amazon_orders", amazon::orders),
    ("amazon_prefix", amazon::prefix),
    ("amazon_purchase", amazon::purchase),
    ("amazon_rates", amazon::rates),
    ("amazon_tracking", amazon::tracking),
    ("catalogue", products),
    ("clean", clean),
    ("configuration", configuration),
    ("label_drawn", drawn),
    ("label_page", |bytes| label(DocumentFormat::Pdf, bytes)),
    ("label_picture", |bytes| label(DocumentFormat::Png, bytes)),
    ("label_zpl", |bytes| label(DocumentFormat::Zpl, bytes)),
    ("scan", scanned),
    ("transparency", codes),
];

/// One window of the screens, as the store has it now: what the loop asks for outside.
pub fn read(store: &dyn Store, query: &Query, station: &StationId) -> Result<Answer, String> {
    runtime::answer(store, query, station).map_err(|error| error.to_string())
}

/// Runs one target by its name.
pub fn run(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|(known, _)| *known == name);
    let (_, target) = target.expect("a target of this name");
    target(bytes);
}

fn safe(text: &str) {
    let bad = text.chars().find(|sign| sign.is_control() || text::hides(*sign));
    assert_eq!(bad, None, "a character that hides or acts on a terminal");
}

fn scanned(bytes: &[u8]) {
    let raw = String::from_utf8_lossy(bytes);
    let scan = match scan::classify(&raw) {
        Ok(scan) => scan,
        Err(error) => {
            if !matches!(error, ScanError::TooLong(_)) {
                assert!(raw.chars().count() <= scan::LONGEST);
            }
            return safe(&error.to_string());
        }
    };
    let text = match &scan {
        Scan::Code(text)
        | Scan::Transparency(text)
        | Scan::DamagedTransparency(text)
        | Scan::Tote(text)
        | Scan::BoxPreset(text)
        | Scan::Badge(text) => text.clone(),
        Scan::Order(number) => number.0.clone(),
        Scan::Tracking(number) => number.0.clone(),
        Scan::PickList(_) | Scan::Manifest(_) | Scan::Command(_) => return,
    };
    safe(&text);
    assert!(text.chars().count() <= scan::LONGEST);
    match &scan {
        // Whoever types what is shown has scanned the same thing.
        Scan::Transparency(_) | Scan::Order(_) | Scan::Tracking(_) => {
            assert_eq!(scan::classify(&text), Ok(scan));
        }
        Scan::Code(_) => {
            let key = scan::barcode_key(&text);
            assert_eq!(scan::barcode_key(&key), key, "a key is its own key");
        }
        _ => {}
    }
}

fn clean(bytes: &[u8]) {
    let raw = String::from_utf8_lossy(bytes);
    for longest in [Clean::MAX, 40, 1] {
        let clean = Clean::bounded(&raw, longest);
        safe(&clean);
        assert!(clean.chars().count() <= longest);
        assert_eq!(
            Clean::bounded(&clean, longest),
            clean,
            "clean text is its own clean text"
        );
    }
}

fn codes(bytes: &[u8]) {
    let raw = String::from_utf8_lossy(bytes);
    let key = transparency::key(&raw);
    assert_eq!(transparency::key(&key), key, "a key is its own key");
    let form = transparency::form(&raw);
    if transparency::gtin(&raw).is_some() {
        assert_eq!(form, Some(transparency::Form::Sgtin));
    }
    if transparency::is_serial(&raw) {
        assert!((7..=20).contains(&raw.len()));
    }
    if form.is_some() {
        safe(&raw);
    }
}

fn products(bytes: &[u8]) {
    let raw = String::from_utf8_lossy(bytes);
    if let Ok(rows) = csv::rows(&raw) {
        let fields: usize = rows.iter().flat_map(|row| &row.fields).map(String::len).sum();
        assert!(fields <= raw.len());
    }
    match catalogue::parse(&raw) {
        Ok(products) => {
            for product in products {
                safe(&product.title);
                safe(product.sku.as_str());
                assert!(!product.sku.as_str().is_empty());
                product.barcodes.iter().for_each(|barcode| safe(&barcode.code));
            }
        }
        Err(error) => safe(&error.to_string()),
    }
}

fn configuration(bytes: &[u8]) {
    let raw = String::from_utf8_lossy(bytes);
    let places = Places::of("config.toml".into(), "data".into());
    let read = Config::of_text(Some(&raw), places, &Overrides::default(), &|_| None);
    if let Ok(config) = read {
        let stores = config.stores.iter();
        for address in stores
            .flat_map(|store| [&store.amazon_base, &store.login_base])
            .flatten()
        {
            let plain = !address.to_ascii_lowercase().starts_with("https://");
            assert!(
                !plain || is_loopback(address),
                "another machine is asked over TLS alone"
            );
        }
    }
    if let Ok(PrinterSetting::Raw(address)) = PrinterSetting::parse(&raw) {
        assert!(address.contains(':'));
    }
}

/// Drawn in the language that it looks like: bounded in dots and texts, and what is read on it is clean.
fn drawn(bytes: &[u8]) {
    let format = if bytes.starts_with(b"%PDF") {
        DocumentFormat::Pdf
    } else if bytes.starts_with(b"\x89PNG") {
        DocumentFormat::Png
    } else {
        DocumentFormat::Zpl
    };
    let sheets = print::draw(format, bytes, "Label");
    assert!((1..=12).contains(&sheets.len()));
    for sheet in sheets {
        let dots = sheet
            .picture
            .as_ref()
            .map_or(0, |picture| picture.dots().len() as u64);
        assert!(dots <= MOST_DOTS);
        assert!(sheet.texts.len() <= 210);
        sheet.texts.iter().chain(&sheet.notes).for_each(|text| safe(text));
    }
}

fn label(format: DocumentFormat, bytes: &[u8]) {
    if let Err(fault) = print::inspect(format, bytes) {
        safe(&fault.to_string());
    }
}
