//! The program: arguments, exit status; nothing else.

use clap::Parser;
use std::io::Write;
use std::process::ExitCode;
use tapegun::cli::{Cli, Command};
use tapegun::commands::{self, demo, rehearse, screens};
use tapegun::domain::text::readable;
use tapegun::error::{Exit, Outcome};

fn main() -> ExitCode {
    no_core_dumps();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            if error.use_stderr() {
                // It repeats what was typed, or pasted.
                say(&error.render().to_string());
                return Exit::Usage.into();
            }
            // Help and version are not errors; a closed pipe leaves nobody to tell.
            let _ = error.print();
            return Exit::Done.into();
        }
    };
    match &cli.command {
        None => on_screen(screens::run(&cli.common)),
        Some(Command::Demo(arguments)) => on_screen(demo::run(&demo::DemoOptions {
            keep: arguments.keep.clone(),
            scale: arguments.scale.clone(),
            clock: cli.common.clock,
        })),
        Some(Command::Rehearse(arguments)) if arguments.sheet.is_none() => {
            on_screen(rehearse::run(arguments, &cli.common))
        }
        Some(_) => {
            let (input, out, errors) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
            commands::run(&cli, &mut input.lock(), &mut out.lock(), &mut errors.lock()).into()
        }
    }
}

/// A core would hold customers' data and keys in clear. Where the system refuses, it goes on without.
fn no_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
}

/// The exit status of the screens; why they could not be opened is said in words.
fn on_screen(ended: Outcome<u8>) -> ExitCode {
    match ended {
        Ok(status) => ExitCode::from(status),
        Err(failure) => {
            say(&failure.render());
            failure.exit().into()
        }
    }
}

/// Says why it ended. Nobody may be there to read it; the exit status says it as well.
fn say(words: &str) {
    let _ = write!(std::io::stderr(), "{}", readable(words));
}
