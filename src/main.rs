//! The program: arguments, logging, exit status; nothing else.

use std::process::ExitCode;
use tapegun::commands::demo::{self, DemoOptions};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() != Some("demo") {
        eprintln!("tapegun: try `tapegun demo`");
        return ExitCode::from(2);
    }
    match demo::run(&DemoOptions::default()) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            eprintln!("tapegun: {error:#}");
            ExitCode::FAILURE
        }
    }
}
