//! A sheet while it is drawn: blocks of ink, cut at its edges, and an account of how much was painted. A hostile
//! document may ask for millions of blocks: when the account is empty the rest is left out.

use crate::domain::picture::Picture;

/// What a drawing may cost: some hundred times what a label takes.
const BUDGET: u64 = 60_000_000;
/// What one block costs besides its dots.
const BLOCK: u64 = 16;

/// A place and size in dots. Places may lie outside the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: i64,
    pub(super) height: i64,
}

/// How a block meets what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// Ink of this darkness.
    Dark(u8),
    /// Black becomes white and white black.
    Turned,
}

/// Which way a text or code runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Way {
    /// To the right.
    #[default]
    Right,
    /// Down: turned by a quarter, clockwise.
    Down,
    /// Upside down.
    Back,
    /// Up.
    Up,
}

impl Way {
    /// A block within something of this length and height that runs this way, as it lies on the sheet.
    pub(super) fn lay(self, at: (i64, i64), size: (i64, i64), block: Area) -> Area {
        let (length, height) = size;
        let Area {
            x: u,
            y: v,
            width,
            height: tall,
        } = block;
        let (x, y, width, height) = match self {
            Self::Right => (u, v, width, tall),
            Self::Down => (height - v - tall, u, tall, width),
            Self::Back => (length - u - width, height - v - tall, width, tall),
            Self::Up => (v, length - u - width, tall, width),
        };
        Area {
            x: at.0 + x,
            y: at.1 + y,
            width,
            height,
        }
    }
}

/// A sheet that is being drawn.
pub(super) struct Canvas {
    pub(super) picture: Picture,
    left: u64,
}

impl Canvas {
    /// White paper; none where it is larger than any label.
    pub(super) fn new(width: i64, height: i64) -> Option<Self> {
        let picture = Picture::white(u32::try_from(width).ok()?, u32::try_from(height).ok()?)?;
        Some(Self {
            picture,
            left: BUDGET,
        })
    }

    /// Takes a cost off the account; `false`: it is empty.
    pub(super) fn pay(&mut self, cost: u64) -> bool {
        self.left = self.left.saturating_sub(cost);
        self.left > 0
    }

    /// Not all was painted.
    pub(super) fn is_spent(&self) -> bool {
        self.left == 0
    }

    /// Paints a block.
    pub(super) fn block(&mut self, area: Area, ink: Ink) {
        let end = |from: i64, length: i64, most: usize| {
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            let (from, to) = (
                from.clamp(0, most),
                from.saturating_add(length.max(0)).clamp(0, most),
            );
            (
                usize::try_from(from).unwrap_or(0),
                usize::try_from(to).unwrap_or(0),
            )
        };
        let (left, right) = end(area.x, area.width, self.picture.width());
        let (top, bottom) = end(area.y, area.height, self.picture.height());
        let dots = (right.saturating_sub(left) * bottom.saturating_sub(top)) as u64;
        if !self.pay(BLOCK + dots / 16) || dots == 0 {
            return;
        }
        for row in top..bottom {
            let dots = &mut self.picture.row_mut(row)[left..right];
            match ink {
                Ink::Dark(dark) => dots.fill(dark),
                Ink::Turned => dots.iter_mut().for_each(|dot| *dot = 255 - *dot),
            }
        }
    }

    /// Paints a single dot.
    pub(super) fn dot(&mut self, x: i64, y: i64, ink: Ink) {
        self.block(
            Area {
                x,
                y,
                width: 1,
                height: 1,
            },
            ink,
        );
    }

    /// What a picture cannot show as it is: a hatched frame.
    pub(super) fn hatch(&mut self, area: Area) {
        let Area { x, y, width, height } = area;
        let (width, height) = (width.clamp(8, 4000), height.clamp(8, 4000));
        for (x, y, width, height) in [
            (x, y, width, 2),
            (x, y + height - 2, width, 2),
            (x, y + 2, 2, height - 4),
            (x + width - 2, y + 2, 2, height - 4),
        ] {
            let side = Area { x, y, width, height };
            self.block(side, Ink::Dark(255));
        }
        for row in 2..height - 2 {
            let mut column = 2 + row % 12;
            while column < width - 2 {
                self.dot(x + column, y + row, Ink::Dark(255));
                column += 12;
            }
        }
    }
}
