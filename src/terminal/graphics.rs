//! Pictures in terminals that can show them: what is asked of the terminal, what it answers, and how dots become its
//! words. Two ways are known: the kitty graphics protocol and sixel. No picture is kept here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};

/// How a terminal shows pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The kitty graphics protocol.
    Kitty,
    /// Sixel.
    Sixel,
}

/// What a terminal answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// It understands the kitty graphics protocol.
    Kitty,
    /// Its attributes: whether sixel is one of them. Every terminal answers this; it is the last answer.
    Attributes {
        /// Sixel is.
        sixel: bool,
    },
    /// A cell has so many dots.
    Cell {
        /// From left to right.
        width: u16,
        /// From top to bottom.
        height: u16,
    },
}

/// Asks: kitty's protocol (a picture of one dot, not shown), the size of a cell, the attributes.
pub const ASK: &[u8] = b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[16t\x1b[c";
/// Takes all pictures off the terminal and out of its memory.
pub const FORGET: &[u8] = b"\x1b_Ga=d,d=A,q=2\x1b\\";
/// Our one picture.
const ID: u32 = 7316;
/// Bytes of a piece, as the protocol wants them.
const PIECE: usize = 4096;
/// Shades of gray in sixel.
const SHADES: usize = 16;
/// Largest size of a cell that is believed.
const LARGEST_CELL: u16 = 200;

/// A picture was put there: it must be taken off when the terminal is put back.
static PUT: AtomicBool = AtomicBool::new(false);

/// Whether a picture may be left in the terminal's memory.
pub(super) fn was_put() -> bool {
    PUT.load(Ordering::Relaxed)
}

/// What is known of the terminal. Nothing until it was asked; half blocks are drawn as long.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    asked: bool,
    forced: bool,
    way: Option<Way>,
    cell: Option<(u16, u16)>,
}

impl Known {
    /// By what somebody wants: `kitty`, `sixel`, `half-blocks`; whatever else: the terminal is asked.
    pub fn wanted(word: &str) -> Self {
        let way = match word {
            "kitty" => Some(Way::Kitty),
            "sixel" => Some(Way::Sixel),
            _ => None,
        };
        Self {
            forced: way.is_some() || word == "half-blocks",
            way,
            ..Self::default()
        }
    }

    /// The terminal is to be asked now: once, and not where somebody said what is wanted and half blocks need nothing.
    pub fn ask(&mut self) -> bool {
        let ask = !self.asked && (!self.forced || self.way.is_some());
        self.asked |= ask;
        ask
    }

    /// Takes in what it answers. Nothing that was not asked for is believed.
    pub fn heard(&mut self, reply: Reply) {
        if !self.asked {
            return;
        }
        match reply {
            Reply::Cell { width, height } => {
                let believed = |side: u16| (2..=LARGEST_CELL).contains(&side);
                if believed(width) && believed(height) {
                    self.cell = Some((width, height));
                }
            }
            _ if self.forced => {}
            Reply::Kitty => self.way = Some(Way::Kitty),
            Reply::Attributes { sixel } => {
                if sixel && self.way.is_none() {
                    self.way = Some(Way::Sixel);
                }
            }
        }
    }

    /// How it shows pictures; none: in half blocks.
    pub fn way(&self) -> Option<Way> {
        self.way
    }

    /// Dots of a cell; a usual size where it does not say.
    pub fn cell(&self) -> (u16, u16) {
        self.cell.unwrap_or((10, 20))
    }
}

/// Dots on white paper, each its darkness.
#[derive(Clone, Copy)]
pub struct Dots<'a> {
    /// In a row.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
    /// Darkness, row by row.
    pub dark: &'a [u8],
}

/// The words that show these dots from the cursor on, over so many cells. None where there is nothing to show.
pub fn words(way: Way, dots: Dots<'_>, cells: (u16, u16)) -> Option<Vec<u8>> {
    if dots.columns == 0 || dots.rows == 0 || dots.dark.len() < dots.columns * dots.rows {
        return None;
    }
    PUT.store(true, Ordering::Relaxed);
    match way {
        Way::Kitty => kitty(dots, cells),
        Way::Sixel => Some(sixel(dots)),
    }
}

/// A PNG file in pieces. The terminal answers nothing (`q=2`), and the cursor stays (`C=1`).
fn kitty(dots: Dots<'_>, (columns, rows): (u16, u16)) -> Option<Vec<u8>> {
    let light: Vec<u8> = dots.dark[..dots.columns * dots.rows]
        .iter()
        .map(|dark| 255 - dark)
        .collect();
    let mut file = Vec::new();
    let (width, height) = (u32::try_from(dots.columns).ok()?, u32::try_from(dots.rows).ok()?);
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&light).ok()?;
    writer.finish().ok()?;
    let text = STANDARD.encode(file);
    let mut words = Vec::with_capacity(text.len() + 256);
    let pieces = text.as_bytes().chunks(PIECE);
    let last = pieces.len().saturating_sub(1);
    for (place, piece) in pieces.enumerate() {
        let more = u8::from(place < last);
        let head = if place == 0 {
            format!("\x1b_Ga=T,f=100,t=d,q=2,C=1,i={ID},p=1,c={columns},r={rows},m={more};")
        } else {
            format!("\x1b_Gm={more},q=2;")
        };
        words.extend_from_slice(head.as_bytes());
        words.extend_from_slice(piece);
        words.extend_from_slice(b"\x1b\\");
    }
    Some(words)
}

/// Bands of six rows, a line for each shade that is in them.
fn sixel(dots: Dots<'_>) -> Vec<u8> {
    let shade = |column: usize, row: usize| {
        let dark = dots.dark.get(row * dots.columns + column).copied().unwrap_or(0);
        (255 - usize::from(dark)) * (SHADES - 1) / 255
    };
    let mut words = format!("\x1bP0;1;0q\"1;1;{};{}", dots.columns, dots.rows);
    for number in 0..SHADES {
        let light = number * 100 / (SHADES - 1);
        let _ = write!(words, "#{number};2;{light};{light};{light}");
    }
    for top in (0..dots.rows).step_by(6) {
        let rows = top..(top + 6).min(dots.rows);
        let mut used = [false; SHADES];
        for row in rows.clone() {
            for column in 0..dots.columns {
                used[shade(column, row)] = true;
            }
        }
        for number in (0..SHADES).filter(|number| used[*number]) {
            let _ = write!(words, "#{number}");
            let bits = |column: usize| {
                rows.clone()
                    .enumerate()
                    .filter(|(_, row)| shade(column, *row) == number)
                    .fold(0_u8, |bits, (place, _)| bits | 1 << place)
            };
            let mut column = 0;
            while column < dots.columns {
                let sign = bits(column);
                let mut end = column + 1;
                while end < dots.columns && bits(end) == sign {
                    end += 1;
                }
                let letter = char::from(63 + sign);
                match end - column {
                    count @ 4.. => {
                        let _ = write!(words, "!{count}{letter}");
                    }
                    count => words.extend(std::iter::repeat_n(letter, count)),
                }
                column = end;
            }
            words.push('$');
        }
        words.push('-');
    }
    words.push_str("\x1b\\");
    words.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws what a sixel string says, as a terminal does: darkness of each dot.
    fn drawn(words: &[u8], columns: usize, rows: usize) -> Vec<u8> {
        let text = std::str::from_utf8(words).expect("ASCII");
        let body = text
            .strip_prefix("\x1bP0;1;0q")
            .and_then(|text| text.strip_suffix("\x1b\\"));
        let mut signs = body.expect("a sixel string").chars().peekable();
        let mut dark = vec![0_u8; columns * rows];
        let (mut x, mut top, mut shade) = (0, 0, 0);
        let number = |signs: &mut std::iter::Peekable<std::str::Chars<'_>>| {
            let mut number = 0;
            while let Some(digit) = signs.peek().and_then(|sign| sign.to_digit(10)) {
                number = number * 10 + usize::try_from(digit).expect("a digit");
                signs.next();
            }
            number
        };
        while let Some(sign) = signs.next() {
            let mut times = 1;
            let mut sign = sign;
            match sign {
                '"' => {
                    while signs
                        .peek()
                        .is_some_and(|sign| sign.is_ascii_digit() || *sign == ';')
                    {
                        signs.next();
                    }
                    continue;
                }
                '#' => {
                    shade = number(&mut signs);
                    while signs.peek() == Some(&';') {
                        signs.next();
                        number(&mut signs);
                    }
                    continue;
                }
                '$' => {
                    x = 0;
                    continue;
                }
                '-' => {
                    (x, top) = (0, top + 6);
                    continue;
                }
                '!' => {
                    times = number(&mut signs);
                    sign = signs.next().expect("a sign to repeat");
                }
                _ => {}
            }
            let bits = u32::from(sign) - 63;
            for _ in 0..times {
                for place in (0..6).filter(|place| bits >> place & 1 == 1) {
                    let light = shade * 255 / (SHADES - 1);
                    dark[(top + place) * columns + x] = 255 - u8::try_from(light).expect("a byte");
                }
                x += 1;
            }
        }
        dark
    }

    #[test]
    fn sixel_draws_the_same_dots() {
        let (columns, rows) = (23, 16);
        let dark: Vec<u8> = (0..columns * rows)
            .map(|place| if place % 7 < 3 || place > 200 { 255 } else { 0 })
            .collect();
        let dots = Dots {
            columns,
            rows,
            dark: &dark,
        };
        let words = words(Way::Sixel, dots, (3, 1)).expect("words");
        assert_eq!(drawn(&words, columns, rows), dark);
    }

    #[test]
    fn kitty_gets_a_picture_in_pieces_and_answers_nothing() {
        // Noise, which nothing makes smaller.
        let mut noise = 1_u32;
        let dark: Vec<u8> = std::iter::repeat_with(|| {
            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            noise.to_be_bytes()[1]
        })
        .take(200 * 200)
        .collect();
        let dots = Dots {
            columns: 200,
            rows: 200,
            dark: &dark,
        };
        let words = words(Way::Kitty, dots, (20, 10)).expect("words");
        let text = String::from_utf8(words).expect("ASCII");
        let pieces: Vec<&str> = text.split("\x1b\\").filter(|piece| !piece.is_empty()).collect();
        assert!(pieces.len() > 2);
        assert!(pieces[0].starts_with("\x1b_Ga=T,f=100,t=d,q=2,C=1,i=7316,p=1,c=20,r=10,m=1;"));
        assert!(
            pieces
                .iter()
                .all(|piece| piece.contains("q=2") && piece.len() < 4300)
        );
        assert!(pieces.last().is_some_and(|piece| piece.starts_with("\x1b_Gm=0")));
        let data: String = pieces
            .iter()
            .filter_map(|piece| piece.split_once(';'))
            .map(|(_, data)| data)
            .collect();
        let file = STANDARD.decode(data).expect("base 64");
        assert!(file.starts_with(b"\x89PNG"));
    }

    #[test]
    fn the_terminal_is_asked_once_and_believed_only_then() {
        let mut known = Known::wanted("");
        known.heard(Reply::Kitty);
        assert_eq!(known.way(), None, "nobody asked");
        assert!(known.ask() && !known.ask());
        known.heard(Reply::Attributes { sixel: true });
        assert_eq!(known.way(), Some(Way::Sixel));
        known.heard(Reply::Cell { width: 9, height: 18 });
        known.heard(Reply::Cell {
            width: 0,
            height: 60_000,
        });
        assert_eq!(known.cell(), (9, 18));
        known.heard(Reply::Kitty);
        assert_eq!(known.way(), Some(Way::Kitty));
        let mut half = Known::wanted("half-blocks");
        assert!(!half.ask());
        half.heard(Reply::Kitty);
        assert_eq!(half.way(), None);
        let mut forced = Known::wanted("sixel");
        assert!(forced.ask(), "for the size of its cells");
        forced.heard(Reply::Kitty);
        assert_eq!(forced.way(), Some(Way::Sixel));
    }

    #[test]
    fn nothing_is_shown_of_nothing() {
        let dots = Dots {
            columns: 3,
            rows: 3,
            dark: &[0; 4],
        };
        assert_eq!(words(Way::Kitty, dots, (1, 1)), None);
    }
}
