//! Names of sheets on paper and in folders: made of our own letters, whatever an order's number holds, and read back, so
//! that a sheet is found by its order.

use super::ids::OrderNumber;
use std::fmt::Write as _;

/// What stands for a sign that is no letter, digit or hyphen.
const MARK: &str = "-x";

/// Stands before a name that would begin with a hyphen, or with some of these and a hyphen: so it leads back.
const BEFORE: char = 'o';

fn begins_like_one(name: &str) -> bool {
    name.trim_start_matches(BEFORE).starts_with('-')
}

/// The order's number in letters, digits and hyphens.
pub fn name(number: &OrderNumber) -> String {
    let mut name = String::new();
    for byte in number.as_str().bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            name.push(char::from(byte));
        } else {
            let _ = write!(name, "{MARK}{byte:02X}");
        }
    }
    if begins_like_one(&name) {
        name.insert(0, BEFORE);
    }
    name
}

/// The order's number that such a name was made of.
pub fn number(name: &str) -> OrderNumber {
    let inner = name
        .strip_prefix(BEFORE)
        .filter(|rest| begins_like_one(rest))
        .unwrap_or(name);
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(first) = rest.bytes().next() {
        let marked = rest
            .strip_prefix(MARK)
            .and_then(|tail| tail.get(..2))
            .filter(|digits| {
                digits
                    .bytes()
                    .all(|digit| matches!(digit, b'0'..=b'9' | b'A'..=b'F'))
            })
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            .filter(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-');
        if let Some(byte) = marked {
            bytes.push(byte);
            rest = &rest[MARK.len() + 2..];
        } else {
            bytes.push(first);
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    OrderNumber(String::from_utf8(bytes).unwrap_or_else(|_| name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amazons_numbers_are_their_own_names() {
        let number = OrderNumber::from("111-9131413-9770664");
        assert_eq!(name(&number), number.as_str());
        assert_eq!(name(&OrderNumber::from("W_1/../2")), "W-x5F1-x2F-x2E-x2E-x2F2");
        assert_eq!(name(&OrderNumber::from("#12")), "o-x2312");
    }

    proptest! {
        #[test]
        fn whatever_a_number_holds_its_name_is_ours_and_leads_back(raw in "[A-Za-z0-9_.#/ é\u{202e}-]{1,50}") {
            let number_of = OrderNumber(raw);
            let made = name(&number_of);
            prop_assert!(made.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{made}");
            prop_assert!(!made.starts_with('-'));
            // Only a number that is written like a name of another one is taken for that one.
            if !number_of.as_str().contains("-x") {
                prop_assert_eq!(number(&made), number_of);
            }
        }
    }
}
