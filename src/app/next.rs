//! What a scan did and what comes next, in the packer's words.

use super::bench::Bench;
use crate::domain::packing::{Expectation, PackEvent};
use crate::domain::transparency::UnitCode;

/// What an accepted scan did, in words.
pub(crate) fn accepted_words(bench: &Bench, event: &PackEvent) -> String {
    let Some(session) = &bench.session else {
        return String::new();
    };
    let mut after = session.clone();
    after.apply(event);
    match event {
        PackEvent::Verified { units, sku } => {
            let parts = after.progress().into_iter().flat_map(|line| line.parts);
            let (mut title, mut verified, mut wanted) = (sku.to_string(), 0, 0);
            for part in parts.filter(|part| part.sku == *sku) {
                verified += part.verified;
                wanted += part.wanted;
                title = part.title;
            }
            let times = if units.len() > 1 {
                format!("{} × ", units.len())
            } else {
                String::new()
            };
            format!("{times}{title} ({verified} of {wanted})")
        }
        PackEvent::Undone { units, code, .. } => {
            let line = units.first().or(code.as_ref()).map(|unit| &unit.line);
            let progress = after.progress().into_iter();
            let title = progress
                .into_iter()
                .find(|progress| Some(&progress.line) == line)
                .map(|progress| progress.title)
                .unwrap_or_default();
            match code {
                Some(_) => format!("taken back: the code of {title}"),
                None => format!("taken back: {} × {title}: take it out of the box", units.len()),
            }
        }
        PackEvent::Coded { unit, code } => {
            let line = after.progress().into_iter().find(|line| line.line == unit.line);
            let (codes, wanted) = line
                .as_ref()
                .map_or((0, 0), |line| (line.codes, line.codes_wanted));
            let what = match code {
                UnitCode::Code(_) => "transparency code",
                UnitCode::Serial(_) => "serial number",
                UnitCode::Overridden { .. } => "code overridden",
            };
            let title = line.map(|line| line.title).unwrap_or_default();
            format!("{what} for {title} ({codes} of {wanted})")
        }
    }
}

/// What to do next, in large plain words.
pub fn next_words(bench: &Bench) -> (String, String) {
    let Some(session) = &bench.session else {
        return ("Opening the order …".to_owned(), String::new());
    };
    match session.expects() {
        Expectation::Unit { title, sku, .. } => ("SCAN NEXT ITEM".to_owned(), format!("{title}  [{sku}]")),
        Expectation::Code {
            number,
            units,
            title,
            need,
            note,
            waiting,
            ..
        } => {
            let more = if waiting > 1 {
                format!(" · {waiting} units wait for theirs")
            } else {
                String::new()
            };
            let note = note.map(|note| format!(" · {note}")).unwrap_or_default();
            (
                format!(
                    "SCAN THE {} OF UNIT {number} OF {units}",
                    need.words().to_uppercase()
                ),
                format!("{title}{more}{note}"),
            )
        }
        Expectation::Done => ("ALL VERIFIED".to_owned(), String::new()),
    }
}
