use super::MerchantStatus;

#[test]
fn a_status_is_said_as_amazon_writes_it() {
    for word in [
        "Purchased",
        "RefundPending",
        "RefundApplied",
        "RefundRejected",
        "Something New",
        "",
    ] {
        assert_eq!(MerchantStatus::parse(word).to_string(), word);
    }
    assert_eq!(
        MerchantStatus::parse(" RefundApplied "),
        MerchantStatus::RefundApplied
    );
}
