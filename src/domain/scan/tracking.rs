//! Tracking numbers by form and check digit: what a label's own barcode says when it is scanned.

use super::{check_digit_holds, value};

/// The tracking number in the form in which carriers and Amazon write it: without the postal code that USPS
/// puts before it and without the routing digits that `FedEx` puts before it. None: not a known form, or the
/// check digit is wrong.
pub(super) fn read(text: &str) -> Option<String> {
    let upper = text.to_ascii_uppercase();
    if upper.bytes().all(|byte| byte.is_ascii_digit()) {
        return postal(&upper).or_else(|| fedex(&upper));
    }
    (ups(&upper) || amazon(&upper) || ontrac(&upper) || postal_union(&upper)).then_some(upper)
}

/// The form of a UPS number: `1Z` and 16 letters and digits. None: another form.
pub(in crate::domain) fn ups_form(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("1Z")?;
    (rest.len() == 16 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(rest)
}

/// UPS: `1Z` and 16 characters, the last a check digit over the 15 before it.
pub(in crate::domain) fn ups(text: &str) -> bool {
    let Some(rest) = ups_form(text) else {
        return false;
    };
    let sum: u32 = rest
        .bytes()
        .take(15)
        .enumerate()
        .map(|(at, byte)| {
            // Letters count as A = 2, B = 3, …; only the last digit of the sum matters.
            let worth = if byte.is_ascii_digit() {
                value(byte, b'0')
            } else {
                value(byte, b'A') + 2
            };
            worth * if at % 2 == 0 { 1 } else { 2 }
        })
        .sum();
    let check = (10 - sum % 10) % 10;
    rest.bytes()
        .last()
        .is_some_and(|byte| byte.is_ascii_digit() && value(byte, b'0') == check)
}

/// Amazon Logistics: `TBA`, in Canada `TBC`, in Mexico `TBM`, and twelve digits; no check digit is known.
pub(in crate::domain) fn amazon(text: &str) -> bool {
    ["TBA", "TBC", "TBM"].iter().any(|prefix| {
        text.strip_prefix(prefix)
            .is_some_and(|digits| digits.len() == 12 && digits.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// `OnTrac`: `C` or `D` and fourteen digits; its check digit is not published.
pub(in crate::domain) fn ontrac(text: &str) -> bool {
    text.strip_prefix(['C', 'D'])
        .is_some_and(|digits| digits.len() == 14 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The postal union's S10: two letters, eight digits and a check digit, the country.
pub(in crate::domain) fn postal_union(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 13
        || ![0, 1, 11, 12].iter().all(|at| bytes[*at].is_ascii_uppercase())
        || !bytes[2..11].iter().all(u8::is_ascii_digit)
    {
        return false;
    }
    let sum: u32 = bytes[2..10]
        .iter()
        .zip([8, 6, 4, 2, 3, 5, 9, 7])
        .map(|(digit, weight)| value(*digit, b'0') * weight)
        .sum();
    let check = match 11 - sum % 11 {
        10 => 0,
        11 => 5,
        other => other,
    };
    value(bytes[10], b'0') == check
}

/// USPS: 22 or 26 digits from 91 to 95, 20 digits of the older kind, with or without `420` and the postal
/// code (5 or 9 digits) before it.
pub(in crate::domain) fn postal(digits: &str) -> Option<String> {
    let bare = |text: &str| {
        let form = match text.len() {
            22 | 26 => matches!(text.as_bytes(), [b'9', b'1'..=b'5', ..]),
            20 => true,
            _ => false,
        };
        form && check_digit_holds(text) && text.bytes().any(|digit| digit != b'0')
    };
    if bare(digits) {
        return Some(digits.to_owned());
    }
    let rest = digits.strip_prefix("420")?;
    [9, 5]
        .iter()
        .filter_map(|postal_code| rest.get(*postal_code..))
        .find(|number| bare(number))
        .map(str::to_owned)
}

/// `FedEx`: 12 digits (also at the end of the 34 that an express label carries), 15 digits (also at the end of
/// the 22 that begin with 96). The 20 of an SSCC have the same form as the older postal ones.
pub(in crate::domain) fn fedex(digits: &str) -> Option<String> {
    let number = match digits.len() {
        12 | 15 => digits,
        22 => digits.strip_prefix("96")?.get(5..)?,
        34 if digits.starts_with("100") || digits.starts_with("96") => {
            digits.get(20..)?.strip_prefix("00")?
        }
        _ => return None,
    };
    let valid = match number.len() {
        12 => express_check_holds(number),
        _ => check_digit_holds(number),
    };
    (valid && number.bytes().any(|digit| digit != b'0')).then(|| number.to_owned())
}

/// `FedEx` Express: weights 3, 1, 7 from the left over eleven digits, modulo 11, and 10 counts as 0.
fn express_check_holds(number: &str) -> bool {
    let digits: Vec<u32> = number.bytes().map(|byte| value(byte, b'0')).collect();
    let Some((check, payload)) = digits.split_last() else {
        return false;
    };
    let sum: u32 = payload
        .iter()
        .zip([3, 1, 7].into_iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .sum();
    sum % 11 % 10 == *check
}
