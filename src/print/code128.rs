//! Code 128, code set B: a barcode as bars and spaces, for sheets that are drawn by us (ISO/IEC 15417).

/// Bars and spaces of each value, in modules, beginning with a bar; the last one is the stop.
const PATTERNS: [&[u8]; 107] = [
    b"212222", b"222122", b"222221", b"121223", b"121322", b"131222", b"122213", b"122312", b"132212",
    b"221213", b"221312", b"231212", b"112232", b"122132", b"122231", b"113222", b"123122", b"123221",
    b"223211", b"221132", b"221231", b"213212", b"223112", b"312131", b"311222", b"321122", b"321221",
    b"312212", b"322112", b"322211", b"212123", b"212321", b"232121", b"111323", b"131123", b"131321",
    b"112313", b"132113", b"132311", b"211313", b"231113", b"231311", b"112133", b"112331", b"132131",
    b"113123", b"113321", b"133121", b"313121", b"211331", b"231131", b"213113", b"213311", b"213131",
    b"311123", b"311321", b"331121", b"312113", b"312311", b"332111", b"314111", b"221411", b"431111",
    b"111224", b"111422", b"121124", b"121421", b"141122", b"141221", b"112214", b"112412", b"122114",
    b"122411", b"142112", b"142211", b"241211", b"221114", b"413111", b"241112", b"134111", b"111242",
    b"121142", b"121241", b"114212", b"124112", b"124211", b"411212", b"421112", b"421211", b"212141",
    b"214121", b"412121", b"111143", b"111341", b"131141", b"114113", b"114311", b"411113", b"411311",
    b"113141", b"114131", b"311141", b"411131", b"211412", b"211214", b"211232", b"2331112",
];
const START_B: usize = 104;
const STOP: usize = 106;

/// Widths of bars and spaces in modules, a bar first; none where a letter is not in the code set.
pub(super) fn widths(text: &str) -> Option<Vec<u8>> {
    let mut values = vec![START_B];
    for byte in text.bytes() {
        values.push(usize::from(byte.checked_sub(32).filter(|value| *value < 95)?));
    }
    let sum: usize = START_B
        + values
            .iter()
            .enumerate()
            .map(|(place, value)| place * value)
            .sum::<usize>();
    values.push(sum % 103);
    values.push(STOP);
    Some(
        values
            .into_iter()
            .flat_map(|value| PATTERNS[value].iter().map(|digit| digit - b'0'))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a symbol back from its bars alone, as a scanner does.
    fn read(widths: &[u8]) -> Option<String> {
        let digits: Vec<u8> = widths.iter().map(|width| width + b'0').collect();
        let stop = digits.len().checked_sub(7)?;
        let value = |piece: &[u8]| PATTERNS.iter().position(|pattern| *pattern == piece);
        let values: Vec<usize> = digits[..stop].chunks(6).map(value).collect::<Option<_>>()?;
        let (check, data) = values.split_last()?;
        let sum: usize = data[0]
            + data
                .iter()
                .enumerate()
                .map(|(place, value)| place * value)
                .sum::<usize>();
        if value(&digits[stop..]) != Some(STOP) || data[0] != START_B || sum % 103 != *check {
            return None;
        }
        let letters = data[1..].iter().map(|value| u8::try_from(value + 32).ok());
        String::from_utf8(letters.collect::<Option<_>>()?).ok()
    }

    #[test]
    fn what_is_drawn_is_read_back_by_its_bars() {
        for text in ["TGL-7", "TGT-12-40", "111-0000001-0000001", "~ !\"", ""] {
            let widths = widths(text).expect("in the code set");
            assert_eq!(read(&widths).as_deref(), Some(text));
            let modules: u32 = widths.iter().map(|width| u32::from(*width)).sum();
            let letters = u32::try_from(text.len()).expect("short");
            assert_eq!(
                modules,
                11 * (letters + 2) + 13,
                "each is 11 modules wide, the stop 13"
            );
        }
    }

    #[test]
    fn every_pattern_is_another_one_and_has_its_width() {
        let different: std::collections::BTreeSet<&[u8]> = PATTERNS.into_iter().collect();
        assert_eq!(different.len(), PATTERNS.len());
        for pattern in &PATTERNS[..STOP] {
            assert_eq!(pattern.iter().map(|digit| digit - b'0').sum::<u8>(), 11);
        }
    }

    #[test]
    fn what_is_not_in_the_code_set_is_no_symbol() {
        assert_eq!(widths("é"), None);
        assert_eq!(widths("\t"), None);
    }
}
