//! Lines, boxes and rings.

use super::canvas::{Area, Canvas, Ink};
use crate::domain::picture::LONGEST_SIDE;

/// A box of lines; a filled one where the lines meet.
pub(super) fn frame(canvas: &mut Canvas, area: Area, thick: i64, ink: Ink) {
    let Area { x, y, width, height } = area;
    if thick * 2 >= width.min(height) {
        return canvas.block(area, ink);
    }
    for (x, y, width, height) in [
        (x, y, width, thick),
        (x, y + height - thick, width, thick),
        (x, y + thick, thick, height - thick * 2),
        (x + width - thick, y + thick, thick, height - thick * 2),
    ] {
        let side = Area { x, y, width, height };
        canvas.block(side, ink);
    }
}

/// A ring within an area.
pub(super) fn ring(canvas: &mut Canvas, area: Area, thick: i64, ink: Ink) {
    // How far the edge of an ellipse stands in at a row.
    let inset = |width: i64, height: i64, row: i64| {
        let from_middle = (2 * row + 1 - height).abs();
        let rest = height * height - from_middle * from_middle;
        if rest <= 0 {
            return None;
        }
        Some((width - width * rest.isqrt() / height.max(1)) / 2)
    };
    let Area { x, y, width, height } = area;
    for row in 0..height.min(LONGEST_SIDE.into()) {
        let Some(outer) = inset(width, height, row) else {
            continue;
        };
        let (inner_width, inner_height) = (width - thick * 2, height - thick * 2);
        let hole = (inner_width > 0 && inner_height > 0)
            .then(|| inset(inner_width, inner_height, row - thick))
            .flatten()
            .map(|inner| inner + thick);
        let pieces = match hole {
            Some(inner) => vec![(outer, inner - outer), (width - inner, inner - outer)],
            None => vec![(outer, width - outer * 2)],
        };
        for (from, length) in pieces {
            let piece = Area {
                x: x + from,
                y: y + row,
                width: length,
                height: 1,
            };
            canvas.block(piece, ink);
        }
    }
}

/// A diagonal, falling to the right or to the left.
pub(super) fn diagonal(canvas: &mut Canvas, area: Area, thick: i64, falls_right: bool, ink: Ink) {
    let height = area.height.max(1);
    for row in 0..height.min(LONGEST_SIDE.into()) {
        let along = if falls_right { row } else { height - 1 - row };
        let piece = Area {
            x: area.x + along * area.width / height,
            y: area.y + row,
            width: thick,
            height: 1,
        };
        canvas.block(piece, ink);
    }
}
