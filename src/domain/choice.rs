//! Verdicts on rates and the automatic choice among them.
