use super::*;

#[test]
fn bins_are_walked_as_a_person_walks_them() {
    let mut bins = vec!["", "B-1", "A-10", "a-2", "A-2-3", "A-2", "10", "9"];
    bins.sort_by(|a, b| by_bin(a, b));
    assert_eq!(bins, ["9", "10", "A-2", "a-2", "A-2-3", "A-10", "B-1", ""]);
}

#[test]
fn a_tote_names_its_list_and_its_place() {
    assert_eq!(read_tote("7-3"), Some((PickListId(7), 3)));
    for code in ["7", "7-0", "0-3", "-7-3", "7-3-1", "x-3", "7-", ""] {
        assert_eq!(read_tote(code), None, "{code}");
    }
}
