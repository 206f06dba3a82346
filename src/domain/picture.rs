//! Sheets as pictures: what a label or slip looks like on paper, in dots, and how it is made small enough for a screen.
//!
//! Pure. Whatever is on a sheet may name a customer: it prints as its size alone and is overwritten when it is let go.

use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Most dots of a picture: 4 by 6 inches at 600 dots an inch, and a little more.
pub const MOST_DOTS: u64 = 10_000_000;

/// Longest side of a picture, in dots.
pub const LONGEST_SIDE: u32 = 12_000;

/// Dots on white paper; each has a darkness from 0 (paper) to 255 (ink).
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Picture {
    width: usize,
    height: usize,
    dots: Vec<u8>,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({}x{})", self.width, self.height)
    }
}

impl Picture {
    /// White paper of this size. None where it is empty or larger than any label.
    pub fn white(width: u32, height: u32) -> Option<Self> {
        let dots = u64::from(width) * u64::from(height);
        if dots == 0 || dots > MOST_DOTS || width.max(height) > LONGEST_SIDE {
            return None;
        }
        let (width, height) = (usize::try_from(width).ok()?, usize::try_from(height).ok()?);
        Some(Self {
            width,
            height,
            dots: vec![0; width * height],
        })
    }

    /// Dots in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Darkness of each dot, row by row.
    pub fn dots(&self) -> &[u8] {
        &self.dots
    }

    /// A row of dots, to be painted on.
    pub fn row_mut(&mut self, row: usize) -> &mut [u8] {
        let width = self.width;
        self.dots
            .get_mut(row * width..(row + 1) * width)
            .unwrap_or_default()
    }

    /// The same turned by half.
    pub fn turn_half(&mut self) {
        self.dots.reverse();
    }

    /// How dark a part of the paper is on the average; paper ends at its edge.
    fn darkness(&self, left: usize, top: usize, right: usize, bottom: usize) -> u8 {
        let (right, bottom) = (right.min(self.width), bottom.min(self.height));
        if left >= right || top >= bottom {
            return 0;
        }
        let sum: usize = (top..bottom)
            .map(|row| {
                let row = &self.dots[row * self.width + left..row * self.width + right];
                row.iter().map(|dot| usize::from(*dot)).sum::<usize>()
            })
            .sum();
        u8::try_from(sum / ((right - left) * (bottom - top))).unwrap_or(u8::MAX)
    }
}

/// How near a sheet is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Nearness {
    /// All of it.
    #[default]
    Whole,
    /// Its full width.
    Wide,
    /// Near enough to read small letters.
    Near,
}

impl Nearness {
    /// The next one, in a ring.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Whole => Self::Wide,
            Self::Wide => Self::Near,
            Self::Near => Self::Whole,
        }
    }
}

/// Points across the paper that small letters need to be read.
const NEAR_POINTS: usize = 270;

/// A part of a picture as points on a screen: `columns` by `rows` of them, row by row, each its darkness.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Points {
    /// Points in a row.
    pub columns: usize,
    /// Rows of points.
    pub rows: usize,
    /// Darkness of each.
    pub points: Vec<u8>,
}

impl fmt::Debug for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Points({}x{})", self.columns, self.rows)
    }
}

/// The part of a picture that is shown: its place and size in dots, and the points that it becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// First dot from the left.
    pub left: usize,
    /// First row.
    pub top: usize,
    /// Dots.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Points in a row.
    pub columns: usize,
    /// Rows of points.
    pub rows: usize,
}

impl Picture {
    /// What of it is shown on `columns` by `rows` square points. `right` and `down` say how far from its corner, in
    /// hundredths of what does not fit.
    pub fn part(&self, nearness: Nearness, columns: usize, rows: usize, right: usize, down: usize) -> Part {
        let (columns, rows) = (columns.max(1), rows.max(1));
        // Thousandths of a dot in a point.
        let across = self.width * 1000;
        let scale = match nearness {
            Nearness::Whole => (across / columns).max(self.height * 1000 / rows),
            Nearness::Wide => across / columns,
            Nearness::Near => across / NEAR_POINTS.max(columns),
        }
        .max(1);
        let (shown_columns, shown_rows) = (
            (across / scale).clamp(1, columns),
            (self.height * 1000 / scale).clamp(1, rows),
        );
        let width = (shown_columns * scale / 1000).clamp(1, self.width);
        let height = (shown_rows * scale / 1000).clamp(1, self.height);
        Part {
            left: (self.width - width) * right.min(100) / 100,
            top: (self.height - height) * down.min(100) / 100,
            width,
            height,
            columns: shown_columns,
            rows: shown_rows,
        }
    }

    /// A part of it as points.
    pub fn points(&self, part: Part) -> Points {
        let mut points = Vec::with_capacity(part.columns * part.rows);
        for row in 0..part.rows {
            let top = part.top + row * part.height / part.rows;
            let bottom = (part.top + (row + 1) * part.height / part.rows).max(top + 1);
            for column in 0..part.columns {
                let left = part.left + column * part.width / part.columns;
                let right = (part.left + (column + 1) * part.width / part.columns).max(left + 1);
                points.push(self.darkness(left, top, right, bottom));
            }
        }
        Points {
            columns: part.columns,
            rows: part.rows,
            points,
        }
    }
}

impl Points {
    /// Darkness of a point; paper beyond the edge.
    pub fn at(&self, column: usize, row: usize) -> u8 {
        if column >= self.columns {
            return 0;
        }
        self.points.get(row * self.columns + column).copied().unwrap_or(0)
    }
}

/// From this darkness on a point is ink where a screen has no shades.
pub const INK: u8 = 56;

/// Two points above each other as one sign, where a screen has no shades.
pub fn half_block(upper: u8, lower: u8) -> char {
    match (upper >= INK, lower >= INK) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    }
}

/// A sheet that was drawn.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct DrawnSheet {
    /// What it is: label, strip, packing slip.
    pub title: String,
    /// How it looks; none where it cannot be drawn.
    pub picture: Option<Picture>,
    /// What can be read on it, from top to bottom.
    pub texts: Vec<String>,
    /// What must be known of it, in words.
    pub notes: Vec<String>,
}

impl fmt::Debug for DrawnSheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DrawnSheet")
            .field("picture", &self.picture)
            .field("texts", &self.texts.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn half_black() -> Picture {
        let mut picture = Picture::white(100, 200).expect("small");
        for row in 0..100 {
            picture.row_mut(row).fill(255);
        }
        picture
    }

    #[test]
    fn paper_has_a_size_and_an_end() {
        assert_eq!(Picture::white(0, 5), None);
        assert_eq!(Picture::white(u32::MAX, u32::MAX), None);
        assert_eq!(Picture::white(LONGEST_SIDE + 1, 1), None);
        assert!(Picture::white(2400, 3600).is_some());
        assert!(half_black().row_mut(200).is_empty());
    }

    #[test]
    fn the_whole_keeps_its_shape_and_the_near_shows_a_part() {
        let picture = half_black();
        let whole = picture.part(Nearness::Whole, 80, 40, 0, 0);
        assert_eq!((whole.columns, whole.rows), (20, 40));
        assert_eq!((whole.width, whole.height), (100, 200));
        let wide = picture.part(Nearness::Wide, 50, 40, 0, 100);
        assert_eq!((wide.width, wide.height, wide.top), (100, 80, 120));
        let near = picture.part(Nearness::Near, 50, 40, 100, 0);
        assert_eq!((near.width, near.left), (18, 82));
        for part in [whole, wide, near] {
            assert!(part.left + part.width <= 100 && part.top + part.height <= 200);
            assert_eq!(picture.points(part).points.len(), part.columns * part.rows);
        }
    }

    #[test]
    fn points_are_as_dark_as_their_dots() {
        let picture = half_black();
        let points = picture.points(picture.part(Nearness::Whole, 80, 40, 0, 0));
        assert_eq!(
            (points.at(3, 19), points.at(3, 20), points.at(30, 0)),
            (255, 0, 0)
        );
        assert_eq!(half_block(255, 0), '▀');
        assert_eq!(half_block(0, 255), '▄');
        assert_eq!(half_block(255, 255), '█');
        assert_eq!(half_block(10, 10), ' ');
    }

    #[test]
    fn a_sheet_says_nothing_of_what_is_on_it() {
        let sheet = DrawnSheet {
            title: "Label".to_owned(),
            picture: Some(half_black()),
            texts: vec!["Jane Doe".to_owned()],
            notes: Vec::new(),
        };
        let shown = format!("{sheet:?} {:?}", sheet.picture);
        assert!(!shown.contains("Jane"), "{shown}");
    }
}
