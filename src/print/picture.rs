//! Labels that are pictures (PNG).

use super::LabelFault;
use png::{ColorType, Decoder, DecodingError, Limits, Transformations};
use std::io::{Cursor, ErrorKind};

/// The eight bytes that every PNG begins with.
const MAGIC: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Memory that decoding may take: a 4 by 6 inch label of 600 dots an inch in full colour fits.
const MEMORY: usize = 64 * 1024 * 1024;

/// Least and most of a label that is ink, in thousandths. A barcode alone is far above the least.
const INK: std::ops::RangeInclusive<u64> = 5..=900;

/// Decodes the whole picture and counts its ink.
pub(super) fn inspect(document: &[u8]) -> Result<(), LabelFault> {
    if !document.starts_with(MAGIC) {
        return Err(LabelFault::NotThisFormat("PNG"));
    }
    let mut decoder = Decoder::new_with_limits(Cursor::new(document), Limits { bytes: MEMORY });
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|error| fault(&error))?;
    let (color, _) = reader.output_color_type();
    let samples = color.samples();
    let (mut ink, mut dots) = (0_u64, 0_u64);
    while let Some(row) = reader.next_row().map_err(|error| fault(&error))? {
        for dot in row.data().chunks_exact(samples) {
            dots += 1;
            ink += u64::from(is_ink(color, dot));
        }
    }
    if ink == 0 || ink == dots {
        return Err(LabelFault::Blank("the picture has one colour"));
    }
    if !INK.contains(&(ink * 1000 / dots)) {
        return Err(LabelFault::Blank("the picture shows next to nothing"));
    }
    Ok(())
}

/// The dot is printed: dark and not transparent.
fn is_ink(color: ColorType, dot: &[u8]) -> bool {
    let (light, opacity) = match (color, dot) {
        (ColorType::GrayscaleAlpha, [gray, alpha]) => (u32::from(*gray), *alpha),
        (ColorType::Rgb, [red, green, blue]) => (lightness(*red, *green, *blue), u8::MAX),
        (ColorType::Rgba, [red, green, blue, alpha]) => (lightness(*red, *green, *blue), *alpha),
        (_, [gray, ..]) => (u32::from(*gray), u8::MAX),
        _ => return false,
    };
    light < 128 && opacity >= 128
}

fn lightness(red: u8, green: u8, blue: u8) -> u32 {
    (u32::from(red) * 3 + u32::from(green) * 6 + u32::from(blue)) / 10
}

fn fault(error: &DecodingError) -> LabelFault {
    match error {
        DecodingError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            LabelFault::Truncated("the picture's data ends early")
        }
        DecodingError::LimitsExceeded => LabelFault::Damaged("the picture is larger than any label"),
        _ => LabelFault::Damaged("the picture cannot be decoded"),
    }
}
