use super::*;

#[test]
fn an_envelope_keeps_its_bytes_and_shows_none() {
    let sealed: Sealed<String> = Sealed::from_bytes(vec![1, 77, 3]);
    assert_eq!(sealed.as_bytes(), [1, 77, 3]);
    assert!(sealed == sealed.clone());
    assert!(sealed != Sealed::from_bytes(vec![1, 77, 4]));
    assert_eq!(format!("{sealed:?}"), "Sealed(3 bytes)");
    assert_eq!(format!("{:?}", DocumentBytes(vec![77])), "•••");
    assert_eq!(format!("{:?}", RequestBytes(vec![77])), "•••");
}
