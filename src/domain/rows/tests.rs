use super::*;

#[test]
fn a_restored_database_is_complete_once_every_order_and_every_shop_was_compared() {
    let restored = |compared, unswept: &[&str]| Restored {
        of: "a back-up of May 3".to_owned(),
        compared,
        total: 7,
        unswept: unswept.iter().map(|shop| StoreId::from(*shop)).collect(),
    };
    assert!(restored(7, &[]).is_complete());
    assert!(!restored(6, &[]).is_complete());
    assert!(!restored(7, &["us"]).is_complete());
    assert!(!restored(6, &["us"]).is_complete());
    assert_eq!(
        restored(6, &[]).to_string(),
        "RESTORED: 6 of 7 orders compared with Amazon, nothing is bought before all are (a back-up of May 3)"
    );
}
