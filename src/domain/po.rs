//! A business customer's purchase order number on its parcels: by which way, and in which signs.
//!
//! The number is customer data. Nothing here keeps it; who prints it opens it at that moment.

use super::customer::CustomerData;
use super::seller::{DocumentFormat, LabelVia};

/// Longest text that Merchant Fulfillment prints on a label (`CustomTextForLabel`, amazon.md 2.8).
const LONGEST_AT_AMAZON: usize = 14;

/// Longest number on a strip of our own: one line of a 4-inch label.
const LONGEST: usize = 40;

/// The number in the signs that may be printed: letters and digits of ASCII, blank, `.` `_` `-` `/` `#`. Others
/// are left out, for `^` and `~` command a printer. None: nothing is left.
pub fn printable(number: &str) -> Option<String> {
    let mut text = String::new();
    for letter in number.chars() {
        let kept = letter.is_ascii_alphanumeric() || matches!(letter, ' ' | '.' | '_' | '-' | '/' | '#');
        if kept && !(letter == ' ' && text.ends_with(' ')) {
            text.push(letter);
        }
    }
    let text: String = text.trim().chars().take(LONGEST).collect();
    let text = text.trim_end();
    text.chars()
        .any(|letter| letter.is_ascii_alphanumeric())
        .then(|| text.to_owned())
}

/// Letters and digits alone, upper case: two spellings of one number are alike.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

/// Amazon appended the number to the recipient's name, which is on the label (amazon.md 8): it stands there as
/// words of its own. A number that is only a part of a longer word does not count.
fn is_in_name(number: &str, customer: &CustomerData) -> bool {
    let wanted = bare(number);
    let recipient = &customer.recipient;
    [&recipient.name, &recipient.company].into_iter().any(|text| {
        let words: Vec<String> = text
            .split(|letter: char| {
                letter.is_whitespace() || matches!(letter, ',' | ':' | ';' | '(' | ')' | '#')
            })
            .map(bare)
            .filter(|word| !word.is_empty())
            .collect();
        // The number may hold blanks itself, and "PO" may be written to it.
        (0..words.len()).any(|first| {
            (first..words.len()).any(|last| {
                let run = words[first..=last].concat();
                run == wanted || run.strip_prefix("PO").is_some_and(|rest| rest == wanted)
            })
        })
    })
}

/// The number as it is to be printed for this customer; none where there is none, or where the carrier's label
/// shows it already in the recipient's name.
pub fn to_print(customer: &CustomerData) -> Option<String> {
    let number = printable(&customer.buyer.po_number)?;
    (!is_in_name(&customer.buyer.po_number, customer)).then_some(number)
}

/// The number as Amazon prints it on the carrier's label; none where it cannot, so that a strip of our own is
/// printed. Merchant Fulfillment prints 14 characters, in ZPL of 203 dots only, and never on FedEx. Shipping v2
/// prints our reference of the package, by which another box's answer is noticed: it stays a reference.
pub fn through_amazon(
    number: &str,
    via: LabelVia,
    format: DocumentFormat,
    dpi: Option<u32>,
    carrier: &str,
) -> Option<String> {
    let fits = via == LabelVia::MerchantFulfillmentV0
        && format == DocumentFormat::Zpl
        && dpi == Some(203)
        && !bare(carrier).contains("FEDEX");
    let number = printable(number).filter(|_| fits)?;
    (number.len() <= LONGEST_AT_AMAZON).then_some(number)
}

#[cfg(test)]
mod tests;
