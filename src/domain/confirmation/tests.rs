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
