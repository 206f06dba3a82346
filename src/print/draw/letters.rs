//! Letters for drawn sheets: eight by eight dots each, rounded while they are made larger. They have the place and size
//! of the printer's letters, not their shape.

use super::canvas::{Area, Canvas, Ink, Way};
use font8x8::UnicodeFonts;

/// Dots of a letter once it is rounded.
const FINE: usize = 32;
/// What a letter costs besides its blocks.
const COST: u64 = 400;

/// Size of letters, in dots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    /// Height of a line.
    pub(super) height: i64,
    /// Width of the widest letters.
    pub(super) width: i64,
    /// Every letter takes as much room as every other.
    pub(super) even: bool,
    /// Room between letters that are even.
    pub(super) gap: i64,
}

impl Size {
    /// From the top of a line to where letters stand.
    pub(super) fn base(self) -> i64 {
        self.height * 7 / 8
    }

    /// How far a letter moves the next one, in eighths of a dot.
    fn advance(self, letter: char) -> i64 {
        if self.even {
            return (self.width + self.gap) * 8;
        }
        let wide = match bounds(rows(letter)) {
            Some((first, last)) => last - first + 2,
            None => 4,
        };
        (wide * self.width).max(1)
    }

    /// Length of a text.
    pub(super) fn length(self, text: &str) -> i64 {
        let eighths: i64 = text.chars().take(MOST).map(|letter| self.advance(letter)).sum();
        eighths / 8
    }
}

/// Most letters of one line.
pub(super) const MOST: usize = 3000;

/// The eight rows of a letter, the left dot lowest; a box for what the font does not have.
fn rows(letter: char) -> [u8; 8] {
    if letter == ' ' || letter == '\u{a0}' {
        return [0; 8];
    }
    font8x8::BASIC_FONTS
        .get(letter)
        .or_else(|| font8x8::LATIN_FONTS.get(letter))
        .or_else(|| font8x8::GREEK_FONTS.get(letter))
        .or_else(|| font8x8::MISC_FONTS.get(letter))
        .unwrap_or([0, 0x7E, 0x42, 0x42, 0x42, 0x42, 0x7E, 0])
}

/// First and last column with ink.
fn bounds(rows: [u8; 8]) -> Option<(i64, i64)> {
    let all = rows.iter().fold(0, |all, row| all | row);
    (all != 0).then(|| (i64::from(all.trailing_zeros()), i64::from(all.ilog2())))
}

/// Twice as large in both directions: a dot's corner goes with its neighbours where two of them agree.
fn doubled(rows: &[u32], side: usize) -> Vec<u32> {
    let is = |x: usize, y: usize| x < side && y < side && rows[y] >> x & 1 == 1;
    let mut fine = vec![0_u32; side * 2];
    for y in 0..side {
        for x in 0..side {
            let here = is(x, y);
            let (up, down) = (is(x, y.wrapping_sub(1)), is(x, y + 1));
            let (left, right) = (is(x.wrapping_sub(1), y), is(x + 1, y));
            let corner = |one: bool, other: bool, third: bool, fourth: bool| {
                if one == other && one != third && other != fourth {
                    one
                } else {
                    here
                }
            };
            let corners = [
                (0, 0, corner(up, left, right, down)),
                (1, 0, corner(up, right, left, down)),
                (0, 1, corner(down, left, right, up)),
                (1, 1, corner(down, right, left, up)),
            ];
            for (right, down, ink) in corners {
                fine[y * 2 + down] |= u32::from(ink) << (x * 2 + right);
            }
        }
    }
    fine
}

/// Where a line of text stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Upper left corner of all that it belongs to, on the sheet.
    pub(super) at: (i64, i64),
    /// Length and height of all that, as it runs.
    pub(super) whole: (i64, i64),
    /// Which way it runs.
    pub(super) way: Way,
    /// Where within it the line begins.
    pub(super) start: (i64, i64),
}

/// Writes a line of text.
pub(super) fn write(canvas: &mut Canvas, place: Place, size: Size, text: &str, ink: Ink) {
    let mut eighths = 0;
    for letter in text.chars().take(MOST) {
        if !canvas.pay(COST) {
            return;
        }
        let shape = rows(letter);
        if let Some((first, last)) = bounds(shape) {
            let coarse: Vec<u32> = shape.iter().map(|row| u32::from(*row)).collect();
            let fine = doubled(&doubled(&coarse, 8), 16);
            let (first, last) = if size.even { (0, 7) } else { (first, last) };
            for block in blocks(&fine, first * 4, (last + 1) * 4, size) {
                let block = Area {
                    x: place.start.0 + eighths / 8 + block.x,
                    y: place.start.1 + block.y,
                    ..block
                };
                canvas.block(place.way.lay(place.at, place.whole, block), ink);
            }
        }
        eighths += size.advance(letter);
    }
}

/// The ink of a letter as blocks: one for each run of dots in a row.
fn blocks(fine: &[u32], first: i64, end: i64, size: Size) -> Vec<Area> {
    let fine_dots = 32;
    let mut blocks = Vec::new();
    for (row, bits) in (0_i64..).zip(fine.iter().take(FINE)) {
        let (top, bottom) = (row * size.height / fine_dots, (row + 1) * size.height / fine_dots);
        if top == bottom {
            continue;
        }
        let mut column = first;
        while column < end {
            if bits >> column & 1 == 0 {
                column += 1;
                continue;
            }
            let from = column;
            while column < end && bits >> column & 1 == 1 {
                column += 1;
            }
            let x = (from - first) * size.width / fine_dots;
            blocks.push(Area {
                x,
                y: top,
                width: ((column - first) * size.width / fine_dots - x).max(1),
                height: bottom - top,
            });
        }
    }
    blocks
}

/// Letters of a font. `0` is scalable, the others have dots of their own and are made larger by whole numbers.
pub(super) fn font_size(font: u8, height: Option<i64>, width: Option<i64>) -> Size {
    let fixed = match font.to_ascii_uppercase() {
        b'A' => Some((9, 5, 1)),
        b'B' => Some((11, 7, 2)),
        b'C' | b'D' => Some((18, 10, 2)),
        b'E' => Some((28, 15, 5)),
        b'F' => Some((26, 13, 3)),
        b'G' => Some((60, 40, 8)),
        b'H' => Some((21, 13, 6)),
        _ => None,
    };
    let Some((tall, wide, gap)) = fixed else {
        let height = height.filter(|height| *height > 0);
        let width = width.filter(|width| *width > 0);
        let tall = height.or(width).unwrap_or(15).clamp(1, 3000);
        let wide = width.unwrap_or(tall).clamp(1, 3000);
        return Size {
            height: tall,
            width: (wide * 3 / 5).max(1),
            even: false,
            gap: 0,
        };
    };
    let times = |asked: Option<i64>, own: i64| asked.map(|asked| ((asked + own / 2) / own).clamp(1, 10));
    let (up, across) = (times(height, tall), times(width, wide));
    let (up, across) = (up.or(across).unwrap_or(1), across.or(up).unwrap_or(1));
    Size {
        height: tall * up,
        width: wide * across,
        even: true,
        gap: gap * across,
    }
}
