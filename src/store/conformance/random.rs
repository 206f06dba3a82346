use super::Make;
pub(super) fn never_two_live_labels(_make: Make<'_>) {}
