//! Every way out of the program, with texts that hold anything an order, a carrier or a person may bring: cells of the
//! screens, the bytes that reach the terminal (its title, too), the log, words and JSON of the command line, CSV
//! exports, what goes to a label printer, file names. No control byte, bidi override, zero-width character or command
//! comes out that we did not write ourselves.
//!
//! Each way has a judge of its own that shares no code with what it judges (`ways_out/judges.rs`), and each judge is
//! shown to catch the same strings where the way's rule is missing (`a_planted_hole_…`).
//!
//! `TAPEGUN_FUZZ` sets how many strings go through each way (20,000; 1000000 is the long run, in release),
//! `TAPEGUN_SEED` where they begin. The store is filled past the edge that cleans what comes from outside: what is
//! shown here is the last gate of each way, not the first.

#[path = "ways_out/judges.rs"]
mod judges;
#[path = "ways_out/paper.rs"]
mod paper;
#[path = "ways_out/screens.rs"]
mod screens;
#[path = "ways_out/shop.rs"]
mod shop;
#[path = "ways_out/strings.rs"]
mod strings;
#[path = "ways_out/words.rs"]
mod words;

/// How many strings go through each way.
fn fuzz() -> usize {
    setting("TAPEGUN_FUZZ", 20_000)
}

fn seed() -> u64 {
    setting("TAPEGUN_SEED", 1)
}

fn setting<T: std::str::FromStr>(name: &str, default: T) -> T {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// Runs a way until so many strings went through it, and says how many.
fn until_done(way: &str, mut round: impl FnMut(&mut strings::Strings) -> Result<(), String>) {
    let mut strings = strings::Strings::new(seed());
    while strings.given() < fuzz() {
        if let Err(fault) = round(&mut strings) {
            panic!(
                "{way}: after {} strings (seed {}): {fault}",
                strings.given(),
                seed()
            );
        }
    }
    println!("{way}: {} strings, nothing came out", strings.given());
}
