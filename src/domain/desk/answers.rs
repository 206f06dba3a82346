//! How long scans took from their Enter to durable, counted in fixed steps: no scan is kept by itself.

use std::fmt;
use std::time::Duration;

/// Upper ends of the steps in milliseconds; the last step has none. A frame of 60 Hz ends a step.
const STEPS: [u32; 17] = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 25, 33, 50, 100, 250, 500, 1000];

/// Counts of answer times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnswerTimes([u64; STEPS.len() + 1]);

/// The end of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UpTo {
    /// At most so many milliseconds.
    Millis(u32),
    /// More than the last step's end.
    More,
}

impl fmt::Display for UpTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Millis(millis) => write!(f, "≤ {millis} ms"),
            Self::More => write!(f, "> {} ms", STEPS[STEPS.len() - 1]),
        }
    }
}

impl AnswerTimes {
    /// Counts one.
    pub fn add(&mut self, time: Duration) {
        let step = STEPS
            .iter()
            .position(|end| time <= Duration::from_millis(u64::from(*end)));
        self.0[step.unwrap_or(STEPS.len())] += 1;
    }

    /// Counts so many in a step that was kept; a step that this program does not know is its last.
    pub fn put(&mut self, step: usize, scans: u64) {
        self.0[step.min(STEPS.len())] += scans;
    }

    /// Steps that count anything.
    pub fn steps(&self) -> impl Iterator<Item = (usize, u64)> {
        self.0.iter().copied().enumerate().filter(|(_, scans)| *scans > 0)
    }

    /// All steps with their ends.
    pub fn all(&self) -> impl Iterator<Item = (UpTo, u64)> {
        (0..).map(end).zip(self.0)
    }

    /// Counts those of another too.
    pub fn merge(&mut self, other: &Self) {
        for (sum, scans) in self.0.iter_mut().zip(other.0) {
            *sum += scans;
        }
    }

    /// Scans that were counted.
    pub fn count(&self) -> u64 {
        self.0.iter().sum()
    }

    /// So many of 100 scans took no longer than this; none without a scan.
    pub fn percentile(&self, percent: u64) -> Option<UpTo> {
        let count = self.count();
        if count == 0 {
            return None;
        }
        let wanted = (count * percent).div_ceil(100).max(1);
        let mut sum = 0;
        for (step, scans) in self.0.iter().enumerate() {
            sum += scans;
            if sum >= wanted {
                return Some(end(step));
            }
        }
        Some(UpTo::More)
    }
}

fn end(step: usize) -> UpTo {
    STEPS.get(step).map_or(UpTo::More, |millis| UpTo::Millis(*millis))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn times(millis: &[u64]) -> AnswerTimes {
        let mut times = AnswerTimes::default();
        for millis in millis {
            times.add(Duration::from_millis(*millis));
        }
        times
    }

    #[test]
    fn a_percentile_is_the_end_of_its_step() {
        assert_eq!(AnswerTimes::default().percentile(50), None);
        let times = times(&[1, 1, 2, 7, 2000]);
        assert_eq!(times.count(), 5);
        assert_eq!(times.percentile(50), Some(UpTo::Millis(2)));
        assert_eq!(times.percentile(80), Some(UpTo::Millis(8)));
        assert_eq!(times.percentile(99), Some(UpTo::More));
        assert_eq!(UpTo::Millis(8).to_string(), "≤ 8 ms");
        assert_eq!(UpTo::More.to_string(), "> 1000 ms");
    }

    #[test]
    fn what_is_kept_by_steps_comes_back() {
        let times = times(&[1, 3, 16, 17, 5000]);
        let mut back = AnswerTimes::default();
        for (step, scans) in times.steps() {
            back.put(step, scans);
        }
        assert_eq!(back, times);
        // A step of a newer program is slow, never lost.
        back.put(99, 1);
        assert_eq!(back.count(), 6);
        assert_eq!(back.percentile(100), Some(UpTo::More));
        assert_eq!(back.all().count(), STEPS.len() + 1);
    }

    proptest! {
        /// The exact percentile lies in the step that is named.
        #[test]
        fn the_exact_percentile_lies_in_its_step(
            mut millis in prop::collection::vec(0_u64..1500, 1..200), percent in 1_u64..=100
        ) {
            let found = times(&millis).percentile(percent).expect("scans");
            millis.sort_unstable();
            let place = (millis.len() as u64 * percent).div_ceil(100).max(1) - 1;
            let exact = millis[usize::try_from(place).expect("few")];
            let step = STEPS.iter().position(|end| exact <= u64::from(*end));
            prop_assert_eq!(found, end(step.unwrap_or(STEPS.len())));
        }

        /// However counts are merged, none is lost.
        #[test]
        fn merging_loses_none(one in prop::collection::vec(0_u64..1500, 0..50),
                              other in prop::collection::vec(0_u64..1500, 0..50)) {
            let mut merged = times(&one);
            merged.merge(&times(&other));
            let all: Vec<u64> = one.iter().chain(&other).copied().collect();
            prop_assert_eq!(merged, times(&all));
        }
    }
}
