//! A token bucket as data: time is an argument.
