//! The program: arguments, exit status; nothing else.

use clap::Parser;
use std::process::ExitCode;
use tapegun::cli::{Cli, Command};
use tapegun::commands::{self, demo};
use tapegun::error::Exit;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are not errors; a closed pipe leaves nobody to tell.
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Usage.into()
            } else {
                Exit::Done.into()
            };
        }
    };
    if let Some(Command::Demo(arguments)) = &cli.command {
        let options = demo::DemoOptions {
            keep: arguments.keep.clone(),
            clock: cli.common.clock,
        };
        return match demo::run(&options) {
            Ok(status) => ExitCode::from(status),
            Err(error) => {
                eprintln!("tapegun: {error:#}");
                ExitCode::FAILURE
            }
        };
    }
    let (input, out, errors) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    commands::run(&cli, &mut input.lock(), &mut out.lock(), &mut errors.lock()).into()
}
