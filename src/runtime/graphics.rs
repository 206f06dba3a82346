//! Pictures for terminals that show them: between what is looked at and what the terminal is told.

use crate::app::State;
use crate::config::environment;
use crate::domain::picture::{Part, Picture, Points};
use crate::input;
use crate::terminal::frames::Over;
use crate::terminal::graphics::{self, Dots, Known, Reply, Way};
use crate::ui;
use ratatui::layout::Rect;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The environment's word for how pictures are shown.
const PREVIEW: &str = "TAPEGUN_PREVIEW";
/// Most points of a picture on a screen.
const MOST: usize = 3_000_000;

/// How pictures are to be shown, as far as somebody says so.
pub(super) fn wanted() -> Known {
    Known::wanted(&environment(PREVIEW).unwrap_or_default())
}

/// The keyboard's word for a reply in the terminal's own.
pub(super) fn reply(reply: input::Reply) -> Reply {
    match reply {
        input::Reply::Kitty => Reply::Kitty,
        input::Reply::Attributes { sixel } => Reply::Attributes { sixel },
        input::Reply::Cell { width, height } => Reply::Cell { width, height },
    }
}

/// A picture that the terminal is to show.
pub(super) struct Shown<'a> {
    key: u64,
    way: Way,
    place: Rect,
    words: Box<dyn Fn() -> Vec<u8> + 'a>,
}

impl Shown<'_> {
    /// As the frames want it.
    pub(super) fn over(&self) -> Over<'_> {
        Over {
            key: self.key,
            way: self.way,
            at: (self.place.x, self.place.y),
            words: &*self.words,
        }
    }
}

/// What is looked at, for a terminal that shows it itself.
pub(super) fn over<'a>(known: &Known, state: &'a State) -> Option<Shown<'a>> {
    let way = known.way().filter(|_| state.pictures_itself)?;
    let (look, picture, place) = ui::picture(state)?;
    let (width, height) = known.cell();
    let columns = usize::from(place.width) * usize::from(width);
    let rows = usize::from(place.height) * usize::from(height);
    let mut key = DefaultHasher::new();
    let wish = (
        look.wish.order.0,
        look.wish.label.map(|label| label.0),
        look.wish.parcel.map(|parcel| parcel.0),
    );
    (wish, look.at, look.nearness, look.right, look.down).hash(&mut key);
    (place.x, place.y, place.width, place.height, columns, rows).hash(&mut key);
    let (nearness, right, down) = (look.nearness, look.right, look.down);
    let words = move || {
        // A screen of very many dots gets fewer: it makes them larger itself.
        let (mut columns, mut rows) = (columns, rows);
        while columns * rows > MOST {
            (columns, rows) = (columns / 2, rows / 2);
        }
        // The same part of the picture as half blocks would show, in the terminal's own dots.
        let half = (usize::from(place.width), usize::from(place.height) * 2);
        let part = picture.part(nearness, half.0, half.1, right, down);
        let points = finer(picture, part, columns, rows);
        let dots = Dots {
            columns: points.columns,
            rows: points.rows,
            dark: &points.points,
        };
        graphics::words(way, dots, (place.width, place.height)).unwrap_or_default()
    };
    Some(Shown {
        key: key.finish(),
        way,
        place,
        words: Box::new(words),
    })
}

/// The part in so many points.
fn finer(picture: &Picture, part: Part, columns: usize, rows: usize) -> Points {
    picture.points(Part {
        columns,
        rows,
        ..part
    })
}
