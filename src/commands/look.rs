//! Labels and slips shown in the terminal, or written as pictures, by the same path as the screens.

use super::Context;
use super::report::Report;
use super::sheet::write;
use crate::app::effect::PictureWish;
use crate::cli::{LookArgs, LookAs};
use crate::domain::picture::{DrawnSheet, Nearness, Part, half_block};
use crate::error::{Failure, Outcome};
use crate::print;
use crate::runtime;
use crate::terminal::frames;
use crate::terminal::graphics::{self, Dots, Way};
use serde_json::json;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Columns where nobody says, and most of a terminal's.
const COLUMNS: u16 = 100;
/// Rows of points of one sheet, however long it is.
const ROWS: usize = 2000;

/// Looks at what the wish names.
pub(super) fn look(context: &Context, wish: PictureWish, arguments: &LookArgs) -> Outcome<Report> {
    if let Some(id) = wish.label.filter(|_| arguments.png.is_some()) {
        let label = context.store.read_blocking(move |store| store.label(id))?;
        super::label::check_usable(&label)?;
    }
    let vault = context.vault()?;
    let tokio = runtime::tokio_runtime(true)?;
    let drawn = runtime::pictures(
        &context.store,
        &vault,
        wish,
        arguments.png.is_some(),
        context.clock.now(),
    );
    let sheets = tokio.block_on(drawn).map_err(Failure::refused)?;
    let mut files = Vec::new();
    if let Some(path) = &arguments.png {
        files = write_all(&sheets, path)?;
    }
    let mut text = String::new();
    for sheet in &sheets {
        let _ = writeln!(text, "{}", sheet.title);
        for note in &sheet.notes {
            let _ = writeln!(text, "! {note}");
        }
        if arguments.png.is_none() {
            let columns = columns(arguments);
            match arguments.how {
                Some(LookAs::Kitty) => text.push_str(&graphic(sheet, Way::Kitty, columns)),
                Some(LookAs::Sixel) => text.push_str(&graphic(sheet, Way::Sixel, columns)),
                Some(LookAs::HalfBlocks) | None => text.push_str(&half_blocks(sheet, columns)),
            }
            for words in &sheet.texts {
                let _ = writeln!(text, "  {words}");
            }
        }
    }
    for file in &files {
        let _ = writeln!(text, "{}", file.display());
    }
    let told: Vec<_> = sheets.iter().map(facts).collect();
    Ok(Report::new(
        text.trim_end(),
        json!({ "sheets": told, "files": files }),
    ))
}

/// A sheet for a script: its size, what can be read on it, what must be known of it.
fn facts(sheet: &DrawnSheet) -> serde_json::Value {
    let size = sheet
        .picture
        .as_ref()
        .map(|picture| [picture.width(), picture.height()]);
    json!({ "title": sheet.title, "dots": size, "texts": sheet.texts, "notes": sheet.notes })
}

fn columns(arguments: &LookArgs) -> usize {
    let terminal = || frames::columns().unwrap_or(COLUMNS).min(COLUMNS);
    usize::from(arguments.columns.unwrap_or_else(terminal))
}

/// The sheet in its full width.
fn half_blocks(sheet: &DrawnSheet, columns: usize) -> String {
    let mut text = String::new();
    if let Some(picture) = &sheet.picture {
        let part = picture.part(Nearness::Wide, columns, ROWS, 0, 0);
        let points = picture.points(part);
        for row in (0..points.rows).step_by(2) {
            let line: String = (0..points.columns)
                .map(|column| half_block(points.at(column, row), points.at(column, row + 1)))
                .collect();
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }
    text
}

/// The sheet in its full width, in the terminal's own dots.
fn graphic(sheet: &DrawnSheet, way: Way, columns: usize) -> String {
    const CELL: (usize, usize) = (10, 20);
    let Some(picture) = &sheet.picture else {
        return String::new();
    };
    let wide = columns * CELL.0;
    let high = (picture.height() * wide / picture.width().max(1)).clamp(1, 6000);
    let lines = high.div_ceil(CELL.1);
    let whole = picture.part(Nearness::Wide, wide, usize::MAX / 4096, 0, 0);
    let points = picture.points(Part {
        columns: wide,
        rows: high,
        ..whole
    });
    let dots = Dots {
        columns: points.columns,
        rows: points.rows,
        dark: &points.points,
    };
    let cells = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
    let words = graphics::words(way, dots, (cells(columns), cells(lines))).unwrap_or_default();
    let mut text = String::from_utf8(words).unwrap_or_default();
    // Kitty's protocol leaves the cursor where it was.
    let below = if way == Way::Kitty { lines } else { 1 };
    text.push_str(&"\n".repeat(below));
    text
}

/// Each sheet as a PNG file of its own.
fn write_all(sheets: &[DrawnSheet], path: &Path) -> Outcome<Vec<PathBuf>> {
    let pictures = sheets.iter().filter_map(|sheet| sheet.picture.as_ref());
    let mut files = Vec::new();
    for (place, picture) in pictures.enumerate() {
        let file = if place == 0 {
            path.to_owned()
        } else {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            path.with_file_name(format!("{stem}-{}.png", place + 1))
        };
        let bytes =
            print::png(picture).ok_or_else(|| Failure::refused("the picture is too large to be written"))?;
        write(&file, &bytes)?;
        files.push(file);
    }
    if files.is_empty() {
        return Err(
            Failure::refused("nothing of it can be drawn").hint("--to FILE writes the document itself")
        );
    }
    Ok(files)
}
