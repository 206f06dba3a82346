//! What a refusal that Amazon names means and what to do now, in the packer's words (amazon.md 2.12, 3.3 to 3.7, 9).
//! Codes of the older service, which Amazon may or may not still send, count as well: a code that never comes does no
//! harm. Where Amazon's code says nothing (`InvalidInput` for almost all), its sentence is known by a part of it.

use super::{AmazonError, folded};

/// A refusal that is known.
struct Known {
    /// Codes, folded.
    codes: &'static [&'static str],
    /// Parts of Amazon's sentence, folded.
    sentences: &'static [&'static str],
    /// What happened and why.
    what: &'static str,
    /// What to do now.
    now: &'static str,
}

/// The first that fits is taken: what names more stands before what names less.
const KNOWN: [Known; 27] = [
    Known {
        codes: &["insufficientfunds"],
        sentences: &["insufficientfunds", "insufficientbalance"],
        what: "the seller account has too little balance",
        now: "a supervisor adds a payment method in Seller Central, then buy it again",
    },
    Known {
        codes: &["termsandconditionsnotaccepted"],
        sentences: &["termsandconditions"],
        what: "the carrier's terms are not accepted",
        now: "a supervisor accepts the carrier's terms in Seller Central, then ask for rates again",
    },
    Known {
        codes: &["tokenexpired", "requesttokenexpired", "rateexpired"],
        sentences: &["tokenhasexpired", "tokenexpired", "ratehasexpired"],
        what: "the rates have run out",
        now: "ask for rates again",
    },
    Known {
        codes: &["invalidshippingserviceofferid"],
        sentences: &["ratedoesnotbelong"],
        what: "Amazon does not know this offer any more",
        now: "ask for rates again",
    },
    Known {
        codes: &["shippingserviceoffernotavailable"],
        sentences: &[],
        what: "the price or the offer has changed",
        now: "ask for rates again and look at the price",
    },
    Known {
        codes: &["shippingservicenotavailable"],
        sentences: &[],
        what: "this method does not take this box",
        now: "ask for rates again and choose another method",
    },
    Known {
        codes: &["shipmentrequestdetailstoorestrictive"],
        sentences: &[],
        what: "no method fits all that is asked for",
        now: "choose less Delivery Confirmation, or check weight and size",
    },
    Known {
        codes: &["labelformatnotsupported"],
        sentences: &["requestedlabelformat"],
        what: "this method has no label that this station can print",
        now: "ask for rates again and choose another method",
    },
    Known {
        codes: &[],
        sentences: &[
            "documentationspecification",
            "supporteddpi",
            "documentspecification",
        ],
        what: "this method does not print the label in this form",
        now: "ask for rates again; if it happens again, choose another method",
    },
    Known {
        codes: &[],
        sentences: &["valueaddedservices"],
        what: "this method does not sell this Delivery Confirmation",
        now: "ask for rates again and choose the Delivery Confirmation anew",
    },
    Known {
        codes: &[],
        sentences: &[
            "requiresadditionalinputs",
            "additionalinputs",
            "additionalsellerinputs",
        ],
        what: "this method wants more facts about the box",
        now: "ask for rates again and type what the method asks for, or choose another",
    },
    Known {
        codes: &[],
        sentences: &["existinrigel"],
        what: "Amazon sells no label for an order that is shipped or closed",
        now: "look at the order in Seller Central; ship it with Merchant Fulfillment or another carrier if it is still to go",
    },
    Known {
        codes: &["packagetoupdatenotfound"],
        sentences: &["packagetoupdatenotfound", "alreadyfulfilled", "alreadyshipped"],
        what: "Amazon has this order as shipped",
        now: "import it again and look which package it is",
    },
    Known {
        codes: &["itemsnotinorder"],
        sentences: &["itemsnotinorder", "orderitemidisinvalid"],
        what: "the order has changed at Amazon",
        now: "import it again, then pack it again",
    },
    Known {
        codes: &[],
        sentences: &["transparencycode", "serialnumber"],
        what: "Amazon does not take a Transparency code of this box",
        now: "scan the code of each unit again; a unit whose code is refused twice goes to a supervisor",
    },
    Known {
        codes: &[],
        sentences: &["exceedsthedeclaredpackageweight"],
        what: "the products weigh more than the box",
        now: "weigh the packed box again, and check the products' weights",
    },
    Known {
        codes: &["invalidshipfromaddress"],
        sentences: &["shipfromaddress", "shipfrom"],
        what: "Amazon does not take the store's address",
        now: "a supervisor corrects ship_from in the configuration",
    },
    Known {
        codes: &[],
        sentences: &["packagedimensions", "packages0dimensions", "possiblesize"],
        what: "Amazon does not take the size of the box",
        now: "measure the box again",
    },
    Known {
        codes: &[],
        sentences: &["packages0weight", "possibleweight"],
        what: "Amazon does not take the weight of the box",
        now: "weigh the box again",
    },
    Known {
        codes: &["labelcancelwindowexpired"],
        sentences: &["cannolongerbecanceled", "cannolongerbecancelled"],
        what: "it is too late to void, or the carrier has the parcel",
        now: "the label stays paid for: use it, or put it aside and tell a supervisor",
    },
    Known {
        codes: &["invalidstate"],
        sentences: &[],
        what: "the label is in a state in which it cannot be voided",
        now: "a supervisor looks at it in Seller Central",
    },
    Known {
        codes: &["regionnotsupported"],
        sentences: &[],
        what: "Buy Shipping does not serve this marketplace",
        now: "use another carrier",
    },
    Known {
        codes: &[],
        sentences: &["iscanceled", "iscancelled"],
        what: "the order is canceled",
        now: "do not ship it: put the goods back",
    },
    Known {
        codes: &[],
        sentences: &["ispending"],
        what: "the order is not paid yet",
        now: "put it aside: it opens by itself",
    },
    Known {
        codes: &["resourcenotfound", "notfound"],
        sentences: &[],
        what: "Amazon does not find it in this seller's account",
        now: "import the order again; if it stays so, a supervisor checks the store's credentials and region",
    },
    Known {
        codes: &["invalidrequest"],
        sentences: &["idempotencykeywasused"],
        what: "Amazon does not understand this request",
        now: "buy nothing in its place; give the request number to whoever looks after this program",
    },
    Known {
        codes: &["unauthorized", "accessdenied"],
        sentences: &[
            "accesstorequestedresourceisdenied",
            "doesnothaveaccesstooneormorerequested",
        ],
        what: "Amazon lets this application not do that",
        now: "a supervisor checks the role Direct-to-Consumer Shipping and authorises the application again",
    },
];

/// What to do about the refusals that say nothing but that something is wrong.
const NO_REASON: Known = Known {
    codes: &["invalidinput", "badrequest"],
    sentences: &[],
    what: "Amazon does not say what is wrong",
    now: "check weight and size, ask for rates again, then choose another method",
};

impl AmazonError {
    fn known(&self) -> Option<&'static Known> {
        let (code, message) = (folded(&self.code), folded(&self.message));
        let by_code = KNOWN.iter().find(|known| known.codes.contains(&code.as_str()));
        // A code that says something counts more than a sentence.
        by_code
            .or_else(|| {
                KNOWN
                    .iter()
                    .find(|known| known.sentences.iter().any(|part| message.contains(part)))
            })
            .or_else(|| {
                let says_nothing = message.is_empty()
                    || message == code
                    || self.message.split_whitespace().all(super::is_uuid);
                (NO_REASON.codes.contains(&code.as_str()) && says_nothing).then_some(&NO_REASON)
            })
    }

    /// What to do now, where the refusal is known.
    pub fn advice(&self) -> Option<&'static str> {
        self.known().map(|known| known.now)
    }

    /// A 403 that names nothing else is about what this application may do.
    pub fn is_of_the_application(&self) -> bool {
        self.status == 403
            && self
                .known()
                .is_none_or(|known| known.codes.contains(&"unauthorized"))
    }

    /// The seller cannot pay: whatever else is asked for this shop is refused as well until a person has acted.
    pub fn says_no_money(&self) -> bool {
        (self.known()).is_some_and(|known| known.codes.contains(&"insufficientfunds"))
    }

    /// The refusal in words for the packer: what happened and what to do now where that is known, then Amazon's own
    /// words. The request number is stored beside them.
    pub(super) fn refusal_words(&self) -> String {
        match self.known() {
            Some(known) => format!("{}; now: {}. {}", known.what, known.now, self.words()),
            None => self.words(),
        }
    }

    /// The same of a void, whose words alone are kept: with the request number that Amazon's support asks for.
    pub(super) fn void_refusal_words(&self) -> String {
        let words = match self.known() {
            Some(known) if known.codes == NO_REASON.codes => format!(
                "{}; now: the label stays paid for, a supervisor voids it in Seller Central. {}",
                known.what,
                self.words()
            ),
            _ => self.refusal_words(),
        };
        match &self.request_id {
            Some(request) => format!("{words} (request {request})"),
            None => words,
        }
    }
}
