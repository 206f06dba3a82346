//! Shipping policies. Clap structs only.

use super::Output;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `policies`.
#[derive(Debug, Subcommand)]
pub enum PoliciesCommand {
    /// Policies in the order in which they run
    List(PoliciesListArgs),
    /// One policy, as a file would say it
    Show(PolicyArgs),
    /// Write an example of a policy file
    Example(PoliciesExampleArgs),
    /// By who may: add a policy from a file
    Add(PoliciesAddArgs),
    /// By who may: put what a file says in a policy's place
    Change(PoliciesChangeArgs),
    /// By who may: the policy takes part again
    Enable(PolicyArgs),
    /// By who may: the policy takes no part any more
    Disable(PolicyArgs),
    /// By who may: take a policy away
    Remove(PolicyArgs),
    /// By who may: run a policy at this place of its store's order
    Order(PoliciesOrderArgs),
    /// By who may: copy a store's policies to another store
    Copy(PoliciesCopyArgs),
    /// Which open orders would be touched, and why; changes nothing
    DryRun(PoliciesDryRunArgs),
}

impl PoliciesCommand {
    /// How to write.
    pub fn output(&self) -> Output {
        match self {
            Self::List(arguments) => arguments.output,
            Self::Show(arguments)
            | Self::Enable(arguments)
            | Self::Disable(arguments)
            | Self::Remove(arguments) => arguments.output,
            Self::Example(arguments) => arguments.output,
            Self::Add(arguments) => arguments.output,
            Self::Change(arguments) => arguments.output,
            Self::Order(arguments) => arguments.output,
            Self::Copy(arguments) => arguments.output,
            Self::DryRun(arguments) => arguments.output,
        }
    }
}

/// `policies list`.
#[derive(Debug, Clone, Args)]
pub struct PoliciesListArgs {
    /// Only of this store
    #[arg(long, value_name = "ID")]
    pub store: Option<String>,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `policies example`.
#[derive(Debug, Clone, Args)]
pub struct PoliciesExampleArgs {
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// One policy.
#[derive(Debug, Clone, Args)]
pub struct PolicyArgs {
    /// Its number, as `policies list` shows it
    pub policy: i64,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `policies add`.
#[derive(Debug, Clone, Args)]
pub struct PoliciesAddArgs {
    /// TOML file; `policies example` writes one
    pub file: PathBuf,
    /// Store
    #[arg(long, value_name = "ID")]
    pub store: String,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `policies change`.
#[derive(Debug, Clone, Args)]
pub struct PoliciesChangeArgs {
    /// Its number
    pub policy: i64,
    /// TOML file
    pub file: PathBuf,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `policies order`.
#[derive(Debug, Clone, Args)]
pub struct PoliciesOrderArgs {
    /// Its number
    pub policy: i64,
    /// Place, from 1; a later policy overrides an earlier one
    pub place: u32,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `policies copy`.
#[derive(Debug, Clone, Args)]
pub struct PoliciesCopyArgs {
    /// Store to copy from
    pub from: String,
    /// Store to copy to; a policy of a name that is in use there is left out
    pub to: String,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `policies dry-run`.
#[derive(Debug, Clone, Args)]
pub struct PoliciesDryRunArgs {
    /// Store
    #[arg(long, value_name = "ID")]
    pub store: String,
    /// Only what this file says, instead of the store's policies
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Show at most so many orders
    #[arg(long, default_value_t = 200)]
    pub limit: usize,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}
