//! A manifest on paper: number as a barcode, counts, every parcel, a line for the driver's hand. No customer data.

use super::{Fate, ManifestDetail};
use crate::domain::slip::Slip;
use chrono_tz::Tz;

/// The manifest's sheets, drawn like a packing slip: the barcode says `TGM-` and its number.
pub fn paper(detail: &ManifestDetail, zone: Tz) -> Slip {
    let manifest = &detail.manifest;
    let at =
        |time: chrono::DateTime<chrono::Utc>| time.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string();
    let mut lines = vec![
        format!("MANIFEST {}", manifest.id),
        manifest.heading(),
        format!("opened {} {}", at(manifest.opened_at), manifest.opened_by),
        match (&manifest.closed_at, &manifest.closed_by) {
            (Some(closed), Some(by)) => format!("closed {} {by}", at(*closed)),
            _ => "OPEN: not closed yet".to_owned(),
        },
        format!("PARCELS: {}", manifest.out),
        format!(
            "carried over: {}  left behind: {}",
            manifest.missing, manifest.left
        ),
        String::new(),
        "Driver: ______________________________".to_owned(),
        String::new(),
    ];
    for parcel in detail.out() {
        lines.push(format!("{} {}", parcel.tracking_words(), parcel.number));
    }
    let rest = detail.parcels.iter().filter(|parcel| parcel.place() == 0);
    for (place, parcel) in rest.enumerate() {
        if place == 0 {
            lines.extend([String::new(), "NOT ON BOARD".to_owned()]);
        }
        lines.push(format!("{} {}", parcel.tracking_words(), parcel.number));
        lines.push(match &parcel.fate {
            Fate::Left { reason, .. } => format!("  left behind: {reason}"),
            fate => format!("  {}", fate.words()),
        });
    }
    Slip {
        number: manifest.code(),
        lines,
    }
}
