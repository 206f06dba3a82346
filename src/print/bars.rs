//! Code 128, set B, as widths of bars and gaps (ISO/IEC 15417): what every bench scanner reads.

/// Widths of each symbol, beginning with a bar; the last one is the stop.
pub(super) const SYMBOLS: [&str; 107] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213",
    "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132",
    "221231", "213212", "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",
    "212123", "212321", "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313",
    "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121", "313121", "211331",
    "231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
    "314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214",
    "112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
    "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311", "113141",
    "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
];

/// Start of set B, and the stop.
const START: usize = 104;
const STOP: usize = 106;

/// Widths of bars and gaps in turn, beginning with a bar; none where the text has a sign that the set does not have.
pub(super) fn code128(text: &str) -> Option<Vec<u8>> {
    let values: Vec<usize> = text
        .bytes()
        .map(|byte| (32..127).contains(&byte).then(|| usize::from(byte) - 32))
        .collect::<Option<_>>()?;
    if values.is_empty() || values.len() > 40 {
        return None;
    }
    let weighted: usize = values.iter().zip(1..).map(|(value, place)| value * place).sum();
    let check = (START + weighted) % 103;
    let symbols = std::iter::once(START).chain(values).chain([check, STOP]);
    Some(
        symbols
            .flat_map(|symbol| SYMBOLS[symbol].bytes())
            .map(|width| width - b'0')
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::{SYMBOLS, code128};
    use std::collections::BTreeSet;

    #[test]
    fn every_symbol_has_its_width_and_none_stands_twice() {
        let different: BTreeSet<&str> = SYMBOLS.into_iter().collect();
        assert_eq!(different.len(), SYMBOLS.len());
        for (value, symbol) in SYMBOLS.iter().enumerate() {
            let width: u32 = symbol.bytes().map(|digit| u32::from(digit - b'0')).sum();
            assert_eq!(width, if value == 106 { 13 } else { 11 }, "{value}");
        }
    }

    #[test]
    fn the_check_symbol_counts_every_place() {
        // 104 + 1×48 + 2×42 + 3×42 + 4×17 + 5×18 + 6×19 + 7×35 = 879, which leaves 55.
        let widths = code128("PJJ123C").expect("letters and digits");
        let check: String = widths[8 * 6..9 * 6]
            .iter()
            .map(|width| char::from(b'0' + width))
            .collect();
        assert_eq!(check, SYMBOLS[55]);
        assert_eq!(widths.len(), 9 * 6 + 7);
    }

    /// Reads a text back from its bars alone, as a scanner does.
    fn read(widths: &[u8]) -> Option<String> {
        let digits: String = widths.iter().map(|width| char::from(b'0' + width)).collect();
        let (symbols, stop) = digits.split_at_checked(digits.len().checked_sub(7)?)?;
        let value = |symbol: &str| SYMBOLS.iter().position(|known| *known == symbol);
        let values: Vec<usize> = (0..symbols.len())
            .step_by(6)
            .map(|place| value(symbols.get(place..place + 6)?))
            .collect::<Option<_>>()?;
        let (check, text) = values.split_last()?;
        let sum: usize = text[0]
            + text
                .iter()
                .enumerate()
                .map(|(place, value)| place * value)
                .sum::<usize>();
        if value(stop) != Some(super::STOP) || text[0] != super::START || sum % 103 != *check {
            return None;
        }
        let letters = text[1..].iter().map(|value| u8::try_from(value + 32).ok());
        String::from_utf8(letters.collect::<Option<_>>()?).ok()
    }

    #[test]
    fn what_is_drawn_is_read_back_by_its_bars() {
        for text in ["TGL-7", "TGT-12-40", "111-0000001-0000001", "~ !\""] {
            let widths = code128(text).expect("in the set");
            assert_eq!(read(&widths).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_the_set_does_not_have_is_no_barcode() {
        for text in ["", "Zoë", "a\tb", &"A".repeat(41)] {
            assert_eq!(code128(text), None, "{text:?}");
        }
    }
}
