use super::*;

fn error(code: &str, message: &str) -> AmazonError {
    AmazonError {
        status: 400,
        code: code.to_owned(),
        message: message.to_owned(),
        amazon_shaped: true,
        request_id: None,
    }
}

#[test]
fn refusals_have_names() {
    for (code, message) in [
        ("PackageToUpdateNotFound", "Package to update is not found"),
        ("InvalidInput", "The order is already fulfilled"),
        ("InvalidInput", "PackageToUpdateNotFound: order already fulfilled"),
    ] {
        assert!(
            matches!(
                classify_refusal(false, &error(code, message)),
                ConfirmOutcome::AlreadyShipped { .. }
            ),
            "{code} {message}"
        );
    }
    let plus = classify_refusal(false, &error("InvalidInput", "Not allowed for FBM Ship+ orders"));
    assert!(matches!(plus, ConfirmOutcome::Refused { why } if why.contains("FBM Ship+ order")));
    let other = classify_refusal(false, &error("InvalidInput", "OrderItemId is invalid"));
    assert!(matches!(other, ConfirmOutcome::Refused { why } if why.contains("OrderItemId is invalid")));
}

#[test]
fn a_refusal_of_a_repeat_may_be_the_effect_of_the_first_success() {
    let again = classify_refusal(true, &error("InvalidInput", "anything"));
    assert!(matches!(again, ConfirmOutcome::AlreadyShipped { .. }));
    // FBM Ship+ takes none, the first or the second time.
    let plus = classify_refusal(true, &error("", "FBM Ship Plus"));
    assert!(matches!(plus, ConfirmOutcome::Refused { .. }));
}

#[test]
fn states_are_stored_by_their_words() {
    for state in ConfirmationState::ALL {
        assert_eq!(ConfirmationState::from_words(state.words()), Some(state));
    }
    assert!(ConfirmationState::Wanted.can_ask() && ConfirmationState::Unknown.can_ask());
    assert!(!ConfirmationState::Confirmed.can_ask() && !ConfirmationState::Dropped.can_ask());
}

#[test]
fn only_a_refused_one_may_be_wanted_again() {
    for state in ConfirmationState::ALL {
        assert_eq!(
            state.can_want_again(),
            state == ConfirmationState::Refused,
            "{state}"
        );
        assert_eq!(state.to_string(), state.words());
    }
}

#[test]
fn a_confirmation_says_where_it_stands_and_why() {
    use ConfirmationState::{Asked, Confirmed, Dropped, Refused, Unknown, Wanted};
    let row = |state, reason: Option<&str>| {
        let row = ConfirmationRow {
            label: IntentId(uuid::Uuid::from_u128(1)),
            order: OrderId(1),
            store: "us".into(),
            number: "111-1111111-1111111".into(),
            state,
            shipped: Shipped {
                reference: 3,
                carrier: Carrier::Ups,
                method: "Ground".to_owned(),
                tracking: "1Z1".into(),
                shipped_at: DateTime::UNIX_EPOCH,
                items: Vec::new(),
            },
            request: None,
            reason: reason.map(str::to_owned),
            attempts: 1,
            in_doubt: false,
            not_before: None,
            changed_at: DateTime::UNIX_EPOCH,
        };
        row.words()
    };
    for (state, reason, words) in [
        (Wanted, None, "Amazon is told as soon as it can be"),
        (Wanted, Some(""), "Amazon is told as soon as it can be"),
        (
            Wanted,
            Some("no network"),
            "Amazon is told as soon as it can be: no network",
        ),
        (Asked, None, "Amazon is being told"),
        (Confirmed, None, "Amazon knows it as package 3"),
        (Refused, Some("too late"), "AMAZON WAS NOT TOLD: too late"),
        (
            Unknown,
            Some("cut off"),
            "not known whether Amazon heard it: cut off; it is told again",
        ),
        (Dropped, None, "Amazon was not told: the label was taken back"),
    ] {
        assert_eq!(row(state, reason), words);
    }
}
