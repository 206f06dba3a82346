//! Whose parcel a label is: the tracking number that stands on it as text or in a barcode.
//!
//! Of ZPL alone, whose fields are text. In a picture nothing is read.

use super::scan::is_tracking_number;

/// The tracking number that stands on a ZPL label where `ours` stands nowhere. None where ours is on it, and where no
/// number can be read (a label that is one picture).
pub fn another_parcel(document: &[u8], ours: &str) -> Option<String> {
    let ours = plain(ours.as_bytes());
    let mut other = None;
    for field in fields(document) {
        let text = plain(field);
        if text.contains(&ours) {
            return None;
        }
        if other.is_none() && is_tracking_number(&text) {
            other = Some(text);
        }
    }
    other
}

/// Data of the fields (`^FD`), up to the next command.
fn fields(document: &[u8]) -> impl Iterator<Item = &[u8]> {
    let begins = (0..document.len()).filter(|at| document[*at..].starts_with(b"^FD"));
    begins.map(|at| {
        let rest = &document[at + 3..];
        let end = rest.iter().position(|byte| *byte == b'^');
        &rest[..end.unwrap_or(rest.len())]
    })
}

/// Letters and digits alone: people group numbers with blanks, barcodes mark their sets with other signs.
fn plain(text: &[u8]) -> String {
    let kept = text.iter().filter(|byte| byte.is_ascii_alphanumeric());
    kept.map(|byte| char::from(byte.to_ascii_uppercase())).collect()
}

#[cfg(test)]
mod tests {
    use super::another_parcel;

    const OURS: &str = "1Z5R89390357567127";
    const THEIRS: &str = "1Z999AA10123456784";

    #[test]
    fn a_label_that_carries_anothers_number_alone_is_told() {
        let label = |number: &str| format!("^XA^FDHarbor Goods^FS^BCN,,Y^FD>:{number}^FS^FDZIP 43004^FS^XZ");
        assert_eq!(
            another_parcel(label(THEIRS).as_bytes(), OURS).as_deref(),
            Some(THEIRS)
        );
        assert_eq!(another_parcel(label(OURS).as_bytes(), OURS), None);
        let grouped = label("1Z 5R8 939 03 5756 7127");
        assert_eq!(another_parcel(grouped.as_bytes(), OURS), None);
        // Both: a label may carry another parcel's number as well, e.g. of a return.
        let both = label(THEIRS) + &label(OURS);
        assert_eq!(another_parcel(both.as_bytes(), OURS), None);
    }

    #[test]
    fn where_no_number_can_be_read_nothing_is_said() {
        for label in [
            &b""[..],
            b"^XA^GFA,100,100,10,FFFF^FS^XZ",
            b"^XA^FDorder 111-1234567-1234567^FS^XZ",
            b"%PDF-1.4",
            b"^FD",
        ] {
            assert_eq!(another_parcel(label, OURS), None);
        }
    }
}
