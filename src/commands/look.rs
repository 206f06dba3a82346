//! Labels and slips shown in the terminal, or written as pictures, by the same path as the screens.

use super::Context;
use super::report::Report;
use super::sheet::write;
use crate::app::effect::PictureWish;
use crate::cli::LookArgs;
use crate::domain::picture::{DrawnSheet, Nearness, half_block};
use crate::error::{Failure, Outcome};
use crate::print;
use crate::runtime;
use crate::terminal::frames;
use serde_json::json;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Columns where nobody says, and most of a terminal's.
const COLUMNS: u16 = 100;
/// Rows of points of one sheet, however long it is.
const ROWS: usize = 2000;

/// Looks at what the wish names.
pub(super) fn look(context: &Context, wish: PictureWish, arguments: &LookArgs) -> Outcome<Report> {
    let vault = context.vault()?;
    let tokio = runtime::tokio_runtime(true)?;
    let drawn = runtime::pictures(&context.store, &vault, wish, context.clock.now());
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
            text.push_str(&half_blocks(sheet, columns(arguments)));
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

/// The sheet in its full width, and below it what can be read on it.
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
    for words in &sheet.texts {
        let _ = writeln!(text, "  {words}");
    }
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
