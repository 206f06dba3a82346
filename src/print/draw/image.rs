//! Pictures on pages that can be unpacked here: gray, coloured, or masks of one bit.

use super::page::{UNPACKED, number};
use super::photo;
use lopdf::{Document, Object, Stream};

/// A picture that was unpacked.
pub(super) struct Plain {
    pub(super) width: usize,
    pub(super) height: usize,
    bits: usize,
    parts: usize,
    turned: bool,
    bytes: Vec<u8>,
}

impl Plain {
    pub(super) fn darkness(&self, x: usize, y: usize) -> u8 {
        let row = (self.width * self.parts * self.bits).div_ceil(8);
        let dark = if self.bits == 1 {
            let byte = self.bytes.get(y * row + x / 8).copied().unwrap_or(0xFF);
            if byte >> (7 - x % 8) & 1 == 1 { 0 } else { 255 }
        } else {
            let from = y * row + x * self.parts;
            let kind = if self.parts == 3 {
                png::ColorType::Rgb
            } else {
                png::ColorType::Grayscale
            };
            let dot = self.bytes.get(from..from + self.parts);
            dot.map_or(0, |dot| photo::darkness(kind, dot))
        };
        if self.turned { 255 - dark } else { dark }
    }
}

/// Unpacks it; none where it is packed or coloured in a way that is not known here.
pub(super) fn plain(pdf: &Document, stream: &Stream) -> Option<Plain> {
    let whole = |name: &[u8]| {
        let number = stream.dict.get_deref(name, pdf).ok()?.as_i64().ok()?;
        usize::try_from(number)
            .ok()
            .filter(|number| (1..=20_000).contains(number))
    };
    let (width, height) = (whole(b"Width")?, whole(b"Height")?);
    let mask = stream
        .dict
        .get(b"ImageMask")
        .and_then(Object::as_bool)
        .unwrap_or(false);
    let bits = if mask { 1 } else { whole(b"BitsPerComponent")? };
    let space = stream
        .dict
        .get_deref(b"ColorSpace", pdf)
        .and_then(Object::as_name);
    let parts = match space {
        Ok(b"DeviceRGB") => 3,
        Ok(b"DeviceGray") => 1,
        _ if mask => 1,
        _ => return None,
    };
    let known = match stream.dict.get_deref(b"Filter", pdf) {
        Ok(Object::Name(name)) => name == b"FlateDecode",
        Ok(Object::Array(names)) => matches!(&names[..], [Object::Name(name)] if name == b"FlateDecode"),
        _ => true,
    };
    if !known || !matches!((bits, parts), (1, 1) | (8, _)) {
        return None;
    }
    let bytes = if stream.dict.has(b"Filter") {
        stream.decompressed_content_with_limit(UNPACKED).ok()?
    } else {
        stream.content.clone()
    };
    let turned = matches!(
        stream.dict.get(b"Decode"),
        Ok(Object::Array(ends)) if ends.first().and_then(number).is_some_and(|end| end > 0.5)
    );
    Some(Plain {
        width,
        height,
        bits,
        parts,
        turned,
        bytes,
    })
}
