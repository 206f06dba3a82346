//! What to do now about a refusal that Amazon names (amazon.md 2.12, 3.7). Codes of the older service, which Amazon
//! may or may not still send, count as well: a code that never comes does no harm.

use super::{AmazonError, folded};

/// Codes, folded, with what to do.
const ADVICE: [(&str, &str); 12] = [
    (
        "insufficientfunds",
        "the seller account has not enough money for labels: stop here and tell a supervisor",
    ),
    (
        "invalidshipfromaddress",
        "correct the store's ship_from in the configuration",
    ),
    ("invalidshippingserviceofferid", "ask for rates again"),
    (
        "shippingserviceoffernotavailable",
        "the price or the offer has changed: ask for rates again and look at the price",
    ),
    (
        "shippingservicenotavailable",
        "this method does not take this box: ask for rates again and choose another",
    ),
    (
        "shipmentrequestdetailstoorestrictive",
        "no method fits: choose less Delivery Confirmation, or check weight and size",
    ),
    (
        "labelformatnotsupported",
        "this method has no label that this station can print: choose another",
    ),
    (
        "itemsnotinorder",
        "the order has changed: import it again, then pack it again",
    ),
    (
        "labelcancelwindowexpired",
        "it is too late to void: the label stays paid for, use it or put it aside",
    ),
    (
        "termsandconditionsnotaccepted",
        "accept the carrier's terms in Seller Central, then ask for rates again",
    ),
    (
        "regionnotsupported",
        "Buy Shipping does not serve this marketplace: use another carrier",
    ),
    ("tokenexpired", "the rates have run out: ask for rates again"),
];

impl AmazonError {
    /// What to do now, where the code is known.
    pub fn advice(&self) -> Option<&'static str> {
        let code = folded(&self.code);
        let known = ADVICE.iter().find(|(known, _)| *known == code);
        known.map(|(_, advice)| *advice)
    }

    /// The refusal in words for the packer, with what to do now where that is known.
    pub(super) fn refusal_words(&self) -> String {
        match self.advice() {
            Some(advice) => format!("{}; now: {advice}", self.words()),
            None => self.words(),
        }
    }
}
