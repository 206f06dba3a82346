//! What every store must do: many small cases, one for each rule of [`Store`](super::Store). An
//! implementation runs them all by calling [`run`] with a way to make an empty store.

mod auditing;
mod boxes;
mod bulk;
mod bulk_rules;
mod bulk_runs;
mod erasing;
mod finding;
mod importing;
mod labels;
mod lists;
mod manifests;
mod methods;
mod onto_box;
mod outside;
mod packing;
mod people;
mod picking;
mod policies;
mod prime;
mod printing;
mod quoting;
mod random;
mod refunds;
mod reporting;
mod review;
mod sheets;
mod shopping;
mod splitting;
pub(super) mod station;
mod telling;
mod upkeep;
mod wanting;
mod why;

use super::Store;

/// Makes an empty store.
pub type Make<'a> = &'a dyn Fn() -> Box<dyn Store>;

/// Runs every case, then random acts, each on a store of its own.
pub fn run(make: impl Fn() -> Box<dyn Store>) {
    run_cases(&make);
    random::never_two_live_labels(&make);
}

/// Runs every case on a store of its own.
pub fn run_cases(make: impl Fn() -> Box<dyn Store>) {
    let cases = [
        upkeep::CASES,
        importing::CASES,
        lists::CASES,
        picking::CASES,
        finding::CASES,
        review::CASES,
        packing::CASES,
        boxes::CASES,
        splitting::CASES,
        wanting::CASES,
        bulk::CASES,
        bulk_runs::CASES,
        bulk_rules::CASES,
        labels::CASES,
        printing::CASES,
        onto_box::CASES,
        manifests::CASES,
        refunds::CASES,
        quoting::CASES,
        outside::CASES,
        telling::CASES,
        erasing::CASES,
        auditing::CASES,
        methods::CASES,
        prime::CASES,
        shopping::CASES,
        sheets::CASES,
        policies::CASES,
        why::CASES,
        people::CASES,
        reporting::CASES,
    ];
    for (name, case) in cases.into_iter().flatten() {
        println!("case: {name}");
        case(station::Bench::new(make()));
    }
}

/// A case: its name says the rule.
type Case = (&'static str, fn(station::Bench));
