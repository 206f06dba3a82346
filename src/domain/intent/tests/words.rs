//! What else hangs on Amazon's words: whether a void is asked again, whether a quote still buys, what a packer reads.

use super::*;

fn void(first: bool, status: u16, code: &str, message: &str) -> VoidOutcome {
    classify_void(first, VoidWire::Error(error(status, code, message)))
}

#[test]
fn a_void_that_never_left_is_asked_again_unless_an_earlier_one_is_in_doubt() {
    let never_left = |first| {
        let why = "no such host".to_owned();
        classify_void(first, VoidWire::NotSent { why })
    };
    let later = VoidOutcome::NotSent {
        why: "no such host".to_owned(),
        again: Again::Later,
    };
    assert_eq!(never_left(true), later);
    let in_doubt = VoidOutcome::Unknown {
        why: "the question could not be repeated: no such host".to_owned(),
    };
    assert_eq!(never_left(false), in_doubt);
}

#[test]
fn a_void_with_a_token_that_ran_out_is_asked_again_with_a_fresh_one() {
    for status in [401, 403] {
        let outcome = void(true, status, "Unauthorized", "Access denied");
        let again = matches!(
            outcome,
            VoidOutcome::NotSent {
                again: Again::AfterFreshToken,
                ..
            }
        );
        assert!(again, "{status}");
    }
}

#[test]
fn a_refused_void_says_what_its_own_refusal_asks_for() {
    let refused = |code: &str, message: &str| match void(true, 400, code, message) {
        VoidOutcome::Refused { why } => why,
        other => panic!("{other:?}"),
    };
    let foreign = refused("ResourceNotFound", "");
    assert!(foreign.contains("import the order again"), "{foreign}");
    let mute = refused("InvalidInput", "");
    assert_eq!(
        mute,
        "Amazon does not say what is wrong; now: the label stays paid for, a supervisor voids it in Seller Central. \
         Amazon answered 400 InvalidInput (request r-1)"
    );
}

#[test]
fn a_shipment_is_canceled_already_in_whatever_words_but_not_because_its_order_is() {
    for (code, message) in [
        ("AlreadyCanceled", ""),
        (
            "InvalidInput",
            "The label of this order has already been canceled.",
        ),
        ("InvalidInput", "The shipment of this order has been cancelled."),
    ] {
        assert_eq!(
            void(true, 400, code, message),
            VoidOutcome::Accepted,
            "{code} {message}"
        );
    }
    let order = void(true, 400, "InvalidInput", "This order has already been canceled.");
    assert!(matches!(order, VoidOutcome::Refused { .. }), "{order:?}");
}

#[test]
fn a_refusal_of_the_parcel_leaves_the_quote_as_good_as_it_was() {
    for (code, message) in [
        ("InvalidShipFromAddress", ""),
        ("InvalidInput", "The rate is not for a box of this weight"),
        ("InvalidInput", "The request token is not this seller's"),
        ("InvalidInput", "The pick-up slot has expired"),
    ] {
        let outcome = buy(true, 400, code, message);
        let good = matches!(
            outcome,
            BuyOutcome::Refused {
                stale_quote: false,
                ..
            }
        );
        assert!(good, "{code} {message}");
    }
    assert!(error(400, "InvalidInput", "The rate has expired").names_stale_quote());
}

#[test]
fn an_answer_that_proves_nothing_says_which_doubt_is_left() {
    let words = |first| match (buy(first, 503, "Busy", ""), void(first, 503, "Busy", "")) {
        (BuyOutcome::Unknown { why }, VoidOutcome::Unknown { why: same }) if why == same => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        words(true),
        "Amazon answered 503 Busy; that does not prove that nothing was done"
    );
    assert_eq!(
        words(false),
        "Amazon answered 503 Busy; an earlier sending may have succeeded"
    );
}

#[test]
fn only_a_seller_who_cannot_pay_stops_the_other_purchases() {
    let broke = error(400, "InsufficientFunds", "");
    assert!(broke.says_no_money());
    let advice = broke.advice().expect("known");
    assert!(advice.contains("adds a payment method"), "{advice}");
    let other = error(400, "InvalidShipFromAddress", "");
    assert!(!other.says_no_money());
    let unknown = error(400, "InvalidInput", "The moon is not in the right house.");
    assert_eq!((unknown.says_no_money(), unknown.advice()), (false, None));
}
