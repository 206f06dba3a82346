//! One file for each subcommand.
//!
//! A subcommand reads its arguments, works through the same store, session and sync task as the screens, and says
//! what came of it: in words, or with `--json` as one JSON value. [`context`] opens what they all stand on.

mod audit;
mod backup;
mod carriers;
mod carry;
pub mod catalogue;
mod collection_form;
pub mod context;
pub mod csv;
pub mod demo;
mod desk;
mod doctor;
mod erase;
mod find;
pub mod gate;
mod key;
mod label;
mod look;
mod manifest;
mod methods;
mod onto_box;
mod orders;
mod outside;
pub mod own_csv;
mod own_orders;
mod pack;
mod parcel;
mod pick_list;
mod policies;
pub mod products;
mod rates;
mod refunds;
pub mod rehearse;
pub mod report;
mod restore;
mod review;
pub mod screens;
mod sheet;
mod ship;
mod ship_many;
mod simulate;
mod slip;
mod split;
mod sync;
mod users;
mod void;
mod why;

pub use context::Context;
use gate::{Gate, Kind};
pub use report::Report;

use crate::cli::manifest::{DayEndCommand, ManifestCommand};
use crate::cli::{CarriersCommand, Cli, Command, OrdersCommand, Output, ProductsCommand};
use crate::error::{Exit, Failure, Outcome};
use std::io::{BufRead, Write};

/// Runs a subcommand that needs no screen: all but `demo` and the bare start, which are not understood here. A failure
/// is written to `errors` (in JSON to `out` where that was asked for) and becomes the exit status.
pub fn run(cli: &Cli, input: &mut dyn BufRead, out: &mut dyn Write, errors: &mut dyn Write) -> Exit {
    let kind = match &cli.command {
        _ if output(cli).json => Kind::Json,
        Some(Command::Report(_) | Command::DayEnd(DayEndCommand::Manifest(ManifestCommand::Export(_)))) => {
            Kind::Rows
        }
        _ => Kind::Text,
    };
    let (out, errors) = (&mut Gate::new(out, kind), &mut Gate::new(errors, Kind::Text));
    let ended = carry_out(cli, input, out);
    match ended {
        Ok(exit) => exit,
        Err(failure) if is_closed_pipe(&failure) => Exit::Done,
        Err(failure) => {
            // Nobody may be there to read it; the exit status says it as well.
            let written = if output(cli).json {
                writeln!(out, "{}", failure.json())
            } else {
                write!(errors, "{}", failure.render())
            };
            if let Err(error) = written {
                tracing::warn!(%error, "a failure could not be said");
            }
            failure.exit()
        }
    }
}

/// A reader that has had enough (`| head`) is no failure.
fn is_closed_pipe(failure: &Failure) -> bool {
    failure
        .cause::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

fn carry_out(cli: &Cli, input: &mut dyn BufRead, out: &mut dyn Write) -> Outcome<Exit> {
    let Some(command) = &cli.command else {
        return Err(
            Failure::usage("the screens need a terminal").hint("tapegun --help names the subcommands")
        );
    };
    let common = &cli.common;
    let open = || Context::open(common);
    let report = match command {
        Command::Demo(_) => return Err(Failure::usage("the demo needs a terminal")),
        Command::Rehearse(arguments) => match &arguments.sheet {
            Some(path) => rehearse::sheet(path)?,
            None => return Err(Failure::usage("a rehearsal needs a terminal")),
        },
        Command::Simulate(arguments) => return simulate::run(arguments, common, out),
        Command::Doctor(arguments) if arguments.example => {
            write!(out, "{}", crate::config::Config::example())?;
            return Ok(Exit::Done);
        }
        Command::Report(arguments) => return desk::run(arguments, &open()?, out),
        Command::Pack(arguments) => return pack::run(arguments, &open()?, input, out),
        Command::Doctor(_) => doctor::run(common),
        Command::Key(command) => key::run(command, common)?,
        Command::Backup(arguments) => backup::run(arguments, &open()?)?,
        Command::Audit(command) => audit::run(command, &open()?)?,
        Command::Erase(arguments) => erase::run(arguments, &open()?)?,
        Command::Restore(arguments) => restore::run(arguments, common)?,
        Command::Sync(arguments) if !arguments.once => return sync::run_on(arguments, &open()?, out),
        Command::Sync(_) => sync::run(&open()?)?,
        Command::Orders(command) => orders::run(command, &open()?)?,
        Command::Products(command) => products::run(command, &open()?)?,
        Command::PickList(command) => pick_list::run(command, &open()?)?,
        Command::Users(command) => users::run(command, &open()?, input)?,
        Command::Rates(arguments) => rates::run(arguments, &open()?)?,
        Command::Ship(arguments) if arguments.is_many() => {
            return ship_many::run(arguments, &open()?, out);
        }
        Command::Ship(arguments) => ship::run(arguments, &open()?)?,
        Command::Carriers(CarriersCommand::List(arguments)) => carriers::list(arguments, &open()?)?,
        Command::Methods(command) => methods::run(command, &open()?)?,
        Command::Why(arguments) => why::why(arguments, &open()?)?,
        Command::Proof(arguments) => why::proof(arguments, &open()?)?,
        Command::Policies(command) => policies::run(command, &open()?)?,
        Command::Spend(arguments) => carriers::spend(arguments, &open()?)?,
        Command::Void(arguments) => void::run(arguments, &open()?)?,
        Command::Refunds(command) => refunds::run(command, &open()?)?,
        Command::Outside(arguments) => outside::run(arguments, &open()?)?,
        Command::OntoBox(arguments) => onto_box::run(arguments, &open()?)?,
        Command::DayEnd(command) => return manifest::run(command, &open()?, input, out),
        Command::Label(arguments) => label::run(arguments, &open()?)?,
        Command::Sheet(arguments) => sheet::run(arguments, &open()?)?,
        Command::Slip(arguments) => slip::run(arguments, &open()?)?,
    };
    report.write(output(cli), out)?;
    Ok(report.exit)
}

/// How the subcommand is to write.
fn output(cli: &Cli) -> Output {
    match &cli.command {
        None | Some(Command::Demo(_) | Command::Rehearse(_) | Command::Simulate(_)) => Output::default(),
        Some(Command::Pack(arguments)) => Output { json: arguments.json },
        Some(Command::Sync(arguments)) => arguments.output,
        Some(Command::Rates(arguments)) => arguments.output,
        Some(Command::Ship(arguments)) => arguments.output,
        Some(Command::Carriers(CarriersCommand::List(arguments))) => arguments.output,
        Some(Command::Methods(command)) => command.output(),
        Some(Command::Why(arguments)) => arguments.output,
        Some(Command::Proof(arguments)) => arguments.output,
        Some(Command::Policies(command)) => command.output(),
        Some(Command::Spend(arguments)) => arguments.output,
        Some(Command::Report(arguments)) => arguments.output,
        Some(Command::Void(arguments)) => arguments.output,
        Some(Command::Refunds(command)) => command.output(),
        Some(Command::Outside(arguments)) => arguments.output,
        Some(Command::OntoBox(arguments)) => arguments.output,
        Some(Command::DayEnd(command)) => command.output(),
        Some(Command::Label(arguments)) => arguments.output,
        Some(Command::Sheet(arguments)) => arguments.output,
        Some(Command::Slip(arguments)) => arguments.output,
        Some(Command::Backup(arguments)) => arguments.output,
        Some(Command::Restore(arguments)) => arguments.output,
        Some(Command::Audit(command)) => command.output(),
        Some(Command::Key(command)) => command.output(),
        Some(Command::Erase(arguments)) => arguments.output,
        Some(Command::Doctor(arguments)) => arguments.output,
        Some(Command::Products(ProductsCommand::Import(arguments))) => arguments.output,
        Some(Command::Orders(command)) => match command {
            OrdersCommand::List(arguments) => arguments.output,
            OrdersCommand::Find(arguments) => arguments.output,
            OrdersCommand::Show(arguments) => arguments.output,
            OrdersCommand::SetStatus(arguments) => arguments.output,
            OrdersCommand::Note(arguments) => arguments.output,
            OrdersCommand::Cancel(arguments) => arguments.output,
            OrdersCommand::Change(arguments) => arguments.output,
            OrdersCommand::Split(arguments) => arguments.output,
            OrdersCommand::Join(arguments) => arguments.output,
            OrdersCommand::Import(arguments) => arguments.output,
            OrdersCommand::Add(arguments) => arguments.output,
            OrdersCommand::Assign(arguments) => arguments.output,
            OrdersCommand::Shop(arguments) => arguments.output,
        },
        Some(Command::PickList(command)) => command.output(),
        Some(Command::Users(command)) => command.output(),
    }
}
