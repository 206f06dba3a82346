use super::*;

#[test]
fn the_time_left_is_amazons_limit_or_the_pace_until_now_whichever_is_slower() {
    let v0 = LabelVia::MerchantFulfillmentV0;
    assert_eq!(time_left(200, v0, 0, None), TimeDelta::seconds(100), "2 a second");
    assert_eq!(
        time_left(80, LabelVia::ShippingV2, 0, None),
        TimeDelta::seconds(1)
    );
    let slow = Some(TimeDelta::seconds(30));
    assert_eq!(
        time_left(10, v0, 10, slow),
        TimeDelta::seconds(30),
        "3 s each until now"
    );
    assert_eq!(
        time_left(10, v0, 100, Some(TimeDelta::seconds(1))),
        TimeDelta::seconds(5)
    );
    assert_eq!(time_left(0, v0, 10, slow), TimeDelta::zero());
}

#[test]
fn what_is_final_is_told() {
    for (state, is_final) in [
        (RowState::New, false),
        (RowState::Asked, false),
        (RowState::Ok, false),
        (RowState::Wanted, false),
        (RowState::Bought, true),
        (RowState::Refused, true),
        (RowState::Unknown, true),
        (RowState::Already, true),
    ] {
        assert_eq!(state.is_final(), is_final, "{state:?}");
    }
}
