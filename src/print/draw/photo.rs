//! Labels that are pictures already (PNG), and drawn sheets as PNG files.

use super::undrawn;
use crate::domain::picture::{DrawnSheet, MOST_DOTS, Picture};
use png::{BitDepth, ColorType, Decoder, Encoder, Limits, Transformations};
use std::io::Cursor;

/// Memory that decoding may take.
const MEMORY: usize = 64 * 1024 * 1024;

/// A label that is a picture.
pub(super) fn draw(document: &[u8]) -> DrawnSheet {
    match decoded(document) {
        Ok(picture) => DrawnSheet {
            title: String::new(),
            picture: Some(picture),
            texts: vec!["(a picture: nothing in it can be read as text)".to_owned()],
            notes: Vec::new(),
        },
        Err(words) => undrawn(words.to_owned()),
    }
}

fn decoded(document: &[u8]) -> Result<Picture, &'static str> {
    const DAMAGED: &str = "the picture cannot be decoded";
    let mut decoder = Decoder::new_with_limits(Cursor::new(document), Limits { bytes: MEMORY });
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|_| DAMAGED)?;
    let info = reader.info();
    if info.interlaced || u64::from(info.width) * u64::from(info.height) > MOST_DOTS {
        return Err("the picture is larger than any label, or woven in a way that is not drawn");
    }
    let mut picture =
        Picture::white(info.width, info.height).ok_or("the picture is larger than any label")?;
    let (color, _) = reader.output_color_type();
    let samples = color.samples();
    let mut row = 0;
    while let Some(line) = reader.next_row().map_err(|_| DAMAGED)? {
        let dots = picture.row_mut(row);
        for (dot, from) in dots.iter_mut().zip(line.data().chunks_exact(samples)) {
            *dot = darkness(color, from);
        }
        row += 1;
    }
    Ok(picture)
}

/// How dark a dot is on white paper.
pub(super) fn darkness(color: ColorType, dot: &[u8]) -> u8 {
    let light = |red: u8, green: u8, blue: u8| {
        let sum = u32::from(red) * 3 + u32::from(green) * 6 + u32::from(blue);
        u8::try_from(sum / 10).unwrap_or(u8::MAX)
    };
    let (light, opacity) = match (color, dot) {
        (ColorType::GrayscaleAlpha, [gray, alpha]) => (*gray, *alpha),
        (ColorType::Rgb, [red, green, blue]) => (light(*red, *green, *blue), u8::MAX),
        (ColorType::Rgba, [red, green, blue, alpha]) => (light(*red, *green, *blue), *alpha),
        (_, [gray, ..]) => (*gray, u8::MAX),
        _ => (u8::MAX, 0),
    };
    u8::try_from(u32::from(255 - light) * u32::from(opacity) / 255).unwrap_or(u8::MAX)
}

/// A picture as a PNG file; none where there is no memory for it.
pub fn png(picture: &Picture) -> Option<Vec<u8>> {
    let (width, height) = (
        u32::try_from(picture.width()).ok()?,
        u32::try_from(picture.height()).ok()?,
    );
    let light: zeroize::Zeroizing<Vec<u8>> =
        zeroize::Zeroizing::new(picture.dots().iter().map(|dark| 255 - dark).collect());
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&light).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}
