//! How a label is printed: an option of that very rate (amazon.md 3.5, the top purchase failure).

use super::{DocumentOption, Rate};
use crate::domain::seller::DocumentFormat;

/// The name of the sheet without which nothing ships.
const LABEL: &str = "LABEL";

/// Chooses one of the rate's own print options, by the order of `formats`, a 4x6 sheet before others, and one of
/// its resolutions: 203 dpi for ZPL, 300 for the others where that is offered, else the first. None: the rate
/// offers nothing that can be printed here.
pub fn choose_document(rate: &Rate, formats: &[DocumentFormat]) -> Option<(DocumentOption, Option<u32>)> {
    let option = formats.iter().find_map(|format| {
        rate.documents
            .iter()
            .filter(|option| option.format == *format && has_label(option))
            .min_by_key(|option| !is_four_by_six(option))
    })?;
    let wanted = match option.format {
        DocumentFormat::Zpl => 203,
        DocumentFormat::Png | DocumentFormat::Pdf => 300,
    };
    let dpi = if option.dpis.contains(&wanted) {
        Some(wanted)
    } else {
        option.dpis.first().copied()
    };
    Some((option.clone(), dpi))
}

/// An option that names no documents at all is taken at its word as a label.
fn has_label(option: &DocumentOption) -> bool {
    option.documents.is_empty() || option.documents.iter().any(|(name, _)| name == LABEL)
}

/// Four by six inches, or what that is in centimetres, give or take 2 mm.
fn is_four_by_six(option: &DocumentOption) -> bool {
    let near = |value: i64, wanted: i64, slack: i64| (value - wanted).abs() <= slack;
    let (short, long) = (option.width.min(option.length), option.width.max(option.length));
    match option.unit.as_str() {
        "INCH" => near(short, 4_000, 80) && near(long, 6_000, 80),
        "CENTIMETER" => near(short, 10_160, 200) && near(long, 15_240, 200),
        _ => false,
    }
}
