//! The table of moves, and what must hold whatever moves are tried.

use super::{LabelMove, LabelState};
use LabelState as S;
use proptest::prelude::*;

const MOVES: [LabelMove; 20] = [
    LabelMove::Ask,
    LabelMove::NotSent,
    LabelMove::Refuse,
    LabelMove::Buy,
    LabelMove::BuyWithoutDocument,
    LabelMove::Lose,
    LabelMove::AddDocument,
    LabelMove::Print,
    LabelMove::Withdraw,
    LabelMove::DecideNotBought,
    LabelMove::WantVoid,
    LabelMove::AskVoid,
    LabelMove::VoidNotSent,
    LabelMove::AcceptVoid,
    LabelMove::RefuseVoid,
    LabelMove::LoseVoid,
    LabelMove::ExpectRefund,
    LabelMove::Refund,
    LabelMove::RejectRefund,
    LabelMove::MissRefund,
];

#[test]
fn the_main_life_of_a_label() {
    let mut state = S::Wanted;
    for (step, to) in [
        (LabelMove::Ask, S::Asked),
        (LabelMove::Buy, S::Bought),
        (LabelMove::Print, S::Printed),
        (LabelMove::Print, S::Printed),
        (LabelMove::WantVoid, S::VoidWanted),
        (LabelMove::AskVoid, S::VoidAsked),
        (LabelMove::AcceptVoid, S::Voided),
        (LabelMove::ExpectRefund, S::RefundPending),
        (LabelMove::Refund, S::Refunded),
    ] {
        state = state.apply(step).unwrap();
        assert_eq!(state, to);
    }
}

#[test]
fn an_unknown_label_is_repeated_never_wanted_again() {
    assert_eq!(S::Unknown.apply(LabelMove::Ask), Ok(S::Asked));
    assert!(S::Unknown.apply(LabelMove::NotSent).is_err());
    assert!(S::Unknown.apply(LabelMove::Refuse).is_err());
    assert_eq!(S::Unknown.apply(LabelMove::DecideNotBought), Ok(S::Refused));
}

#[test]
fn a_wish_for_an_order_that_is_no_longer_fresh_is_refused_without_asking() {
    assert_eq!(S::Wanted.apply(LabelMove::Refuse), Ok(S::Refused));
}

#[test]
fn a_void_cannot_be_asked_for_what_was_not_bought() {
    for state in [
        S::Wanted,
        S::Asked,
        S::Unknown,
        S::Refused,
        S::Withdrawn,
        S::Voided,
    ] {
        assert!(!state.can_void(), "{state}");
    }
    for state in [S::Bought, S::BoughtWithoutDocument, S::Printed, S::VoidRefused] {
        assert!(state.can_void(), "{state}");
    }
}

#[test]
fn nothing_prints_once_its_void_is_wanted() {
    for state in S::ALL {
        assert_eq!(
            state.can_print(),
            matches!(state, S::Bought | S::Printed | S::VoidRefused),
            "{state}"
        );
        assert_eq!(
            state.can_print(),
            state.apply(LabelMove::Print).is_ok(),
            "{state}"
        );
    }
}

#[test]
fn words_name_one_state_each() {
    for state in S::ALL {
        assert_eq!(S::from_words(state.words()), Some(state));
    }
    assert_eq!(S::from_words("lost"), None);
}

#[test]
fn the_words_of_a_refusal_read_as_a_sentence() {
    let refused = S::Voided.apply(LabelMove::Print).unwrap_err();
    assert_eq!(refused.to_string(), "a label that is voided cannot be printed");
}

proptest! {
    /// Only a fact that came late brings a dead label back to life; nothing asks for one twice.
    #[test]
    fn only_a_late_purchase_revives(moves in proptest::collection::vec(0..MOVES.len(), 0..40)) {
        let mut state = S::Wanted;
        for step in moves.into_iter().map(|index| MOVES[index]) {
            if let Ok(next) = state.apply(step) {
                if !state.is_live() && next.is_live() {
                    prop_assert!(matches!(step, LabelMove::Buy | LabelMove::BuyWithoutDocument));
                    prop_assert!(!state.was_bought());
                }
                if state.was_bought() {
                    prop_assert!(next.was_bought(), "{} forgot that it was bought by {}", next, step);
                }
                if next == S::Asked {
                    prop_assert!(matches!(state, S::Wanted | S::Unknown));
                }
                prop_assert!(!state.is_bought() || state.is_live());
                state = next;
            } else {
                let refused = state.apply(step).unwrap_err();
                prop_assert_eq!(refused.from, state);
            }
        }
    }
}

#[test]
fn what_each_state_means_for_the_box_the_money_and_the_packer() {
    let table = [
        (S::Wanted, "frozen"),
        (S::Asked, "frozen"),
        (S::Unknown, "frozen trouble"),
        (S::Refused, "trouble"),
        (S::Withdrawn, ""),
        (S::Bought, "frozen paid was-paid prints voids"),
        (S::BoughtWithoutDocument, "frozen paid was-paid voids trouble"),
        (S::Printed, "frozen paid was-paid prints voids"),
        (S::VoidWanted, "frozen paid was-paid"),
        (S::VoidAsked, "frozen paid was-paid"),
        (S::VoidUnknown, "frozen paid was-paid trouble"),
        (S::VoidRefused, "frozen paid was-paid prints voids trouble"),
        (S::Voided, "was-paid"),
        (S::RefundPending, "was-paid"),
        (S::Refunded, "was-paid"),
        (S::RefundRejected, "was-paid trouble"),
        (S::RefundNotReported, "was-paid trouble"),
    ];
    for (state, meaning) in table {
        let said: Vec<&str> = [
            (state.freezes_box(), "frozen"),
            (state.is_bought(), "paid"),
            (state.was_bought(), "was-paid"),
            (state.can_print(), "prints"),
            (state.can_void(), "voids"),
            (state.is_trouble(), "trouble"),
        ]
        .into_iter()
        .filter_map(|(holds, word)| holds.then_some(word))
        .collect();
        assert_eq!(said.join(" "), meaning, "{state}");
        // A box with such a label takes no second one.
        assert_eq!(state.is_live(), state.freezes_box(), "{state}");
    }
    assert!(
        S::ALL
            .iter()
            .all(|state| table.iter().any(|(known, _)| known == state))
    );
}
