//! Arguments of the day's end: manifests and collection forms.

use super::Output;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// The subcommands of the day's end.
#[derive(Debug, Subcommand)]
pub enum DayEndCommand {
    /// What must go, by carrier; check parcels out at the door by scanning their labels
    #[command(subcommand)]
    Manifest(ManifestCommand),
    /// Amazon's collection forms: one sheet that a driver scans for all parcels
    #[command(subcommand)]
    CollectionForm(CollectionFormCommand),
}

/// `manifest`.
#[derive(Debug, Subcommand)]
pub enum ManifestCommand {
    /// What must go today, by carrier
    Due(ManifestDueArgs),
    /// Open a manifest for a carrier
    Open(ManifestOpenArgs),
    /// Check parcels out: tracking numbers, or one a line from standard input as a scanner sends them
    Scan(ManifestScanArgs),
    /// Write down that a missing parcel does not go, and why
    Leave(ManifestLeaveArgs),
    /// Close it: what is missing is carried over to the next one
    Close(ManifestNumberArgs),
    /// Open a closed one again
    Reopen(ManifestReopenArgs),
    /// Manifests, newest first
    List(ManifestListArgs),
    /// A manifest with its parcels, missing ones first
    Show(ManifestNumberArgs),
    /// Print it, or write its sheets into a file (.zpl or .pdf)
    Print(ManifestPrintArgs),
    /// Write its parcels as CSV
    Export(ManifestExportArgs),
    /// Labels that no carrier has scanned working days after check-out, else ship-by
    NeverMoved(ManifestNeverMovedArgs),
}

/// `manifest due`.
#[derive(Debug, Clone, Args)]
pub struct ManifestDueArgs {
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `manifest open`.
#[derive(Debug, Clone, Args)]
pub struct ManifestOpenArgs {
    /// Carrier, as labels name it, e.g. UPS
    #[arg(long)]
    pub carrier: String,
    /// Only parcels of this store's carrier account; without it, of every store
    #[arg(long, value_name = "ID")]
    pub store: Option<String>,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `manifest scan`.
#[derive(Debug, Clone, Args)]
pub struct ManifestScanArgs {
    /// Number of the manifest
    pub manifest: i64,
    /// What the labels' barcodes say; without any, standard input, one a line
    #[arg(value_name = "TRACKING")]
    pub codes: Vec<String>,
    /// How to write: with --json one value for each scan.
    #[command(flatten)]
    pub output: Output,
}

/// `manifest leave`.
#[derive(Debug, Clone, Args)]
pub struct ManifestLeaveArgs {
    /// Number of the manifest
    pub manifest: i64,
    /// Tracking number of the parcel
    pub tracking: String,
    /// Why it does not go
    #[arg(long)]
    pub reason: String,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `manifest close`, `manifest show`.
#[derive(Debug, Clone, Args)]
pub struct ManifestNumberArgs {
    /// Number of the manifest
    pub manifest: i64,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `manifest reopen`.
#[derive(Debug, Clone, Args)]
pub struct ManifestReopenArgs {
    /// Number of the manifest
    pub manifest: i64,
    /// Why, for the history
    #[arg(long)]
    pub reason: String,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `manifest list`.
#[derive(Debug, Clone, Args)]
pub struct ManifestListArgs {
    /// Leave out so many
    #[arg(long, default_value_t = 0)]
    pub first: usize,
    /// At most so many
    #[arg(long, default_value_t = 50)]
    pub limit: usize,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `manifest print`.
#[derive(Debug, Clone, Args)]
pub struct ManifestPrintArgs {
    /// Number of the manifest
    pub manifest: i64,
    /// Into this file instead, a .zpl or a .pdf
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `manifest export`.
#[derive(Debug, Clone, Args)]
pub struct ManifestExportArgs {
    /// Number of the manifest
    pub manifest: i64,
    /// Into this new file; without it, standard output
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// How to write what was done, with --to.
    #[command(flatten)]
    pub output: Output,
}

/// `manifest never-moved`.
#[derive(Debug, Clone, Args)]
pub struct ManifestNeverMovedArgs {
    /// So many working days of the warehouse have passed without a scan
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub working_days: u32,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `collection-form`.
#[derive(Debug, Subcommand)]
pub enum CollectionFormCommand {
    /// Ask Amazon for a form, for each store on a manifest or for one store and carrier
    Make(CollectionFormMakeArgs),
    /// Wishes for forms, and what came of them
    List(CollectionFormListArgs),
    /// Print a form, or write it into a file (.pdf)
    Print(CollectionFormPrintArgs),
}

/// `collection-form make`.
#[derive(Debug, Clone, Args)]
pub struct CollectionFormMakeArgs {
    /// Number of the manifest
    #[arg(long, required_unless_present_all = ["store", "carrier"])]
    pub manifest: Option<i64>,
    /// Store whose Amazon account is asked
    #[arg(long, value_name = "ID", requires = "carrier", conflicts_with = "manifest")]
    pub store: Option<String>,
    /// Carrier, as labels name it
    #[arg(long, requires = "store", conflicts_with = "manifest")]
    pub carrier: Option<String>,
    /// Wait at most so many seconds for Amazon
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub wait: u64,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `collection-form list`.
#[derive(Debug, Clone, Args)]
pub struct CollectionFormListArgs {
    /// Leave out so many
    #[arg(long, default_value_t = 0)]
    pub first: usize,
    /// At most so many
    #[arg(long, default_value_t = 50)]
    pub limit: usize,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `collection-form print`.
#[derive(Debug, Clone, Args)]
pub struct CollectionFormPrintArgs {
    /// Number of the form
    pub form: i64,
    /// Into this new file instead, a .pdf
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

impl DayEndCommand {
    /// How to write.
    pub fn output(&self) -> Output {
        match self {
            Self::Manifest(command) => match command {
                ManifestCommand::Due(arguments) => arguments.output,
                ManifestCommand::Open(arguments) => arguments.output,
                ManifestCommand::Scan(arguments) => arguments.output,
                ManifestCommand::Leave(arguments) => arguments.output,
                ManifestCommand::Close(arguments) | ManifestCommand::Show(arguments) => arguments.output,
                ManifestCommand::Reopen(arguments) => arguments.output,
                ManifestCommand::List(arguments) => arguments.output,
                ManifestCommand::Print(arguments) => arguments.output,
                ManifestCommand::Export(arguments) => arguments.output,
                ManifestCommand::NeverMoved(arguments) => arguments.output,
            },
            Self::CollectionForm(command) => match command {
                CollectionFormCommand::Make(arguments) => arguments.output,
                CollectionFormCommand::List(arguments) => arguments.output,
                CollectionFormCommand::Print(arguments) => arguments.output,
            },
        }
    }
}
