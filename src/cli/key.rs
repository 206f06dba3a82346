//! `key`: the station's keys.

use super::Output;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `key`.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Where the station's keys come from, which there are, and what still needs an old one
    Status(KeyStatusArgs),
    /// Make a new station key and put every order's key, here and beside the back-ups, under it; packing goes on
    Rotate(KeyRotateArgs),
    /// Write new keys into a new file, for a station that has no database yet and keeps its keys elsewhere
    New(KeyNewArgs),
}

impl KeyCommand {
    /// How to write.
    pub fn output(&self) -> Output {
        match self {
            Self::Status(arguments) => arguments.output,
            Self::Rotate(arguments) => arguments.output,
            Self::New(arguments) => arguments.output,
        }
    }
}

/// `key status`.
#[derive(Debug, Clone, Args)]
pub struct KeyStatusArgs {
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `key rotate`.
#[derive(Debug, Clone, Args)]
pub struct KeyRotateArgs {
    /// Write the file with the new key here, where the station's keys are kept by a keyring or the service manager: put
    /// it there, then rotate again
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// Forget the old keys also where a back-up that is out of reach still needs one: it cannot be opened any more
    #[arg(long)]
    pub forget: bool,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `key new`.
#[derive(Debug, Clone, Args)]
pub struct KeyNewArgs {
    /// Where; the file must not exist
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}
