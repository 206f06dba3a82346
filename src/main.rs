//! The program: arguments, logging, exit status; nothing else.

fn main() {}
