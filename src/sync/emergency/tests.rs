//! The reserve beside the database.

use super::*;
use std::os::unix::fs::MetadataExt as _;

#[test]
fn the_reserve_takes_real_room_and_gives_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let reserve = folder.path().join("db.reserve");
    let emergency = Emergency::new(folder.path().join("db.emergency"), reserve.clone());
    emergency.make_reserve();
    let facts = std::fs::metadata(&reserve).unwrap();
    assert_eq!(facts.len(), RESERVE);
    assert!(facts.blocks() * 512 >= RESERVE, "allocated, not a hole");
    emergency.release_reserve();
    assert!(!reserve.exists());
    emergency.make_reserve();
    assert!(reserve.exists(), "put back once the disk has room");
}

#[test]
fn a_reserve_that_cannot_be_made_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("absent").join("db.reserve");
    let emergency = Emergency::new(folder.path().join("db.emergency"), nowhere);
    emergency.make_reserve();
    emergency.release_reserve();
    assert!(emergency.is_clear());
}
