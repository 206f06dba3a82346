//! The command line: clap structs only. What a subcommand does is in `commands`.
//!
//! Exit statuses (`error::Exit`): 0 done, 1 failed, 2 not understood, 3 refused by a rule, 4 nobody knows what
//! came of it, 5 waits for Amazon or for another process, 6 the database cannot be used.

mod audit;
mod costs;
mod erase;
mod find;
mod key;
mod label;
pub mod manifest;
mod methods;
mod onto_box;
mod own;
mod picking;
mod policies;
mod products;
mod rehearse;
mod report;
mod review;
mod split;
mod users;

pub use audit::{AuditCommand, AuditExportArgs, AuditListArgs, AuditVerifyArgs};
pub use costs::{CarriersCommand, CarriersListArgs, SpendArgs};
pub use erase::EraseArgs;
pub use find::OrdersFindArgs;
pub use key::{KeyCommand, KeyNewArgs, KeyRotateArgs, KeyStatusArgs};
pub use label::{LabelArgs, LookArgs, LookAs};
pub use methods::{
    MethodsCommand, MethodsListArgs, MethodsOffArgs, MethodsOnArgs, OrdersAssignArgs, OrdersShopArgs,
};
pub use onto_box::OntoBoxArgs;
pub use own::{OrdersAddArgs, OrdersImportArgs, OutsideArgs};
pub use picking::{
    PickFilterArgs, PickListAssignArgs, PickListCommand, PickListCreateArgs, PickListListArgs,
    PickListPrintArgs, PickListRemoveArgs, PickListShowArgs, PickListTemplatesArgs,
};
pub use policies::{
    PoliciesAddArgs, PoliciesChangeArgs, PoliciesCommand, PoliciesCopyArgs, PoliciesDryRunArgs,
    PoliciesExampleArgs, PoliciesListArgs, PoliciesOrderArgs, PolicyArgs,
};
pub use products::{ProductsCommand, ProductsImportArgs};
pub use rehearse::RehearseArgs;
pub use report::{Moment, ReportArgs};
pub use review::{ChangeWord, OrdersCancelArgs, OrdersChangeArgs, OrdersNoteArgs};
pub use split::{OrdersJoinArgs, OrdersSplitArgs};
pub use users::{
    UsersAddArgs, UsersCommand, UsersListArgs, UsersNameArgs, UsersPermissionArgs, UsersPinArgs,
    UsersRoleArgs,
};

use crate::domain::rate::Confirmation;
use crate::domain::status::OrderStatus;
use crate::domain::units::Weight;
use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

mod refunds;
mod sheet;
mod why;

pub use refunds::{
    PaperArgs, RefundsBookArgs, RefundsCommand, RefundsListArgs, RefundsRejectArgs, RefundsUnmovedArgs,
};
pub use sheet::{SheetArgs, SheetKind, SlipArgs};
pub use why::{ProofArgs, WhyArgs};

/// The words under the help.
const EXIT_STATUSES: &str = "Exit statuses:
  0  done
  1  failed
  2  the command line or the configuration was not understood
  3  refused by a rule: nothing was changed or bought
  4  nobody knows what came of a purchase or a void: look it up with `orders show`
  5  waits for Amazon, or for another tapegun that leads
  6  the database cannot be used (damaged, gone, another program's, a newer tapegun's): restore a back-up";

/// The packing station in a terminal. Without a subcommand: the screens.
#[derive(Debug, Parser)]
#[command(name = "tapegun", version, after_help = EXIT_STATUSES, max_term_width = 100)]
pub struct Cli {
    /// What holds for every subcommand.
    #[command(flatten)]
    pub common: Common,
    /// What to do; nothing: the screens.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options of every subcommand.
#[derive(Debug, Clone, Default, Args)]
pub struct Common {
    /// Configuration file; without it tapegun/config.toml in the XDG place
    #[arg(long, global = true, value_name = "FILE", env = "TAPEGUN_CONFIG")]
    pub config: Option<PathBuf>,
    /// Folder of database and logs
    #[arg(long, global = true, value_name = "FOLDER", env = "TAPEGUN_DATA")]
    pub data: Option<PathBuf>,
    /// Set the clock, e.g. 2026-11-20T09:00:00Z; only where every store's Amazon is this machine
    #[arg(
        long,
        global = true,
        value_name = "TIME",
        env = "TAPEGUN_CLOCK",
        hide_env_values = true
    )]
    pub clock: Option<DateTime<Utc>>,
    /// Who does it, by name; needed for what spends, voids, overrides or reveals
    #[arg(long, global = true, value_name = "NAME", env = "TAPEGUN_USER")]
    pub user: Option<String>,
    /// Read the PIN of --user from this file descriptor, one line (0: standard input); else from the environment (`TAPEGUN_PIN`)
    #[arg(long, global = true, value_name = "N")]
    pub pin_fd: Option<u32>,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Try everything: embedded simulator, fresh database, demo orders
    Demo(DemoArgs),
    /// Rehearse on a day that never was, with a score: the same screens, no account, no money
    Rehearse(RehearseArgs),
    /// Ask Amazon for what is new and carry out what waits
    Sync(SyncArgs),
    /// Orders
    #[command(subcommand)]
    Orders(OrdersCommand),
    /// The catalogue
    #[command(subcommand)]
    Products(ProductsCommand),
    /// Pick lists
    #[command(subcommand)]
    PickList(PickListCommand),
    /// People who sign in
    #[command(subcommand)]
    Users(UsersCommand),
    /// Pack an order: scans from standard input, one a line, through the same packing session as the screen
    Pack(PackArgs),
    /// Ask for rates of an order's box and show the verdict on each
    Rates(RatesArgs),
    /// Buy the label of an order's box
    Ship(ShipArgs),
    /// Carriers
    #[command(subcommand)]
    Carriers(CarriersCommand),
    /// Shipping methods that the stores know; switch one off or on
    #[command(subcommand)]
    Methods(MethodsCommand),
    /// Shipping policies: rules that assign a method, a confirmation or a tag when an order is created
    #[command(subcommand)]
    Policies(PoliciesCommand),
    /// Why an order's methods were picked, and its scans one by one
    Why(WhyArgs),
    /// Write all that is known of a shipment into one file, for a claim
    Proof(ProofArgs),
    /// What labels cost, Amazon's rates and your own carrier accounts apart
    Spend(SpendArgs),
    /// The desk's numbers: orders by ship-by, packed an hour, scans and errors, spend, refunds; also as CSV
    Report(ReportArgs),
    /// Void an order's label
    Void(VoidArgs),
    /// What voided labels bring back, and labels that no carrier has scanned
    #[command(subcommand)]
    Refunds(RefundsCommand),
    /// Record a label that was bought elsewhere for an order's packed box, and tell Amazon of it
    Outside(OutsideArgs),
    /// Scan a printed label onto its box, where the bench demands it
    OntoBox(OntoBoxArgs),
    /// The day's end.
    #[command(flatten)]
    DayEnd(manifest::DayEndCommand),
    /// Write an order's label to a file, look at it in the terminal, or print it again; never buys
    Label(LabelArgs),
    /// Print barcodes of commands or boxes, or a person's badge
    Sheet(SheetArgs),
    /// Print the packing slip of an order's box, look at it, or write it into a file
    Slip(SlipArgs),
    /// The simulator alone, as a process of its own
    Simulate(SimulateArgs),
    /// Make a consistent copy of the database while packing goes on
    Backup(BackupArgs),
    /// Put a back-up in the database's place; the present one is moved aside
    Restore(RestoreArgs),
    /// Erase customers' data that is due; the leader does so once a day by itself
    Erase(EraseArgs),
    /// Who did what: list, export, and prove that nothing was changed
    #[command(subcommand)]
    Audit(AuditCommand),
    /// The station's keys: which there are, and their rotation
    #[command(subcommand)]
    Key(KeyCommand),
    /// Check configuration, credentials, store, printer and clock, and say what to do
    Doctor(DoctorArgs),
}

/// `demo`.
#[derive(Debug, Clone, Default, Args)]
pub struct DemoArgs {
    /// Keep everything in this folder and go on from there next time
    #[arg(long, value_name = "FOLDER")]
    pub keep: Option<PathBuf>,
    /// A simulated scale: a text file with the weight that stands on it, like 34.2 oz; empty: nothing does
    #[arg(long, value_name = "FILE")]
    pub scale: Option<PathBuf>,
}

/// A switch for scripts.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Output {
    /// Write JSON, one value
    #[arg(long)]
    pub json: bool,
}

/// `sync`.
#[derive(Debug, Clone, Args)]
pub struct SyncArgs {
    /// One full pass, then end; without it, runs on until Ctrl-C or SIGTERM
    #[arg(long)]
    pub once: bool,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `orders`.
#[derive(Debug, Subcommand)]
pub enum OrdersCommand {
    /// List orders by ship-by
    List(OrdersListArgs),
    /// Find orders by words and filters, as Ctrl-F on the screens does
    Find(OrdersFindArgs),
    /// Everything about one order
    Show(OrdersShowArgs),
    /// Move an order by hand, e.g. to on-hold and back; ready-to-pick voids the labels of an order that has any
    SetStatus(SetStatusArgs),
    /// Write a note on an order; whoever opens it sees it
    Note(OrdersNoteArgs),
    /// Cancel an order for good; it must be canceled in Seller Central too
    Cancel(OrdersCancelArgs),
    /// Split an order for a partial shipment: what is named goes as an order of its own
    Split(OrdersSplitArgs),
    /// Join the parts of a split order again, while no label of them is bought
    Join(OrdersJoinArgs),
    /// Put many orders on hold, or release them
    Change(OrdersChangeArgs),
    /// Take in orders that are not Amazon's from a CSV file: all of them or none
    Import(OrdersImportArgs),
    /// Take in one order that is not Amazon's
    Add(Box<OrdersAddArgs>),
    /// Assign orders a shipping method ahead
    Assign(OrdersAssignArgs),
    /// Shop rates ahead anew for every order of a store that waits to be packed
    Shop(OrdersShopArgs),
}

/// `orders list`.
#[derive(Debug, Clone, Default, Args)]
pub struct OrdersListArgs {
    /// Only of this status
    #[arg(long, value_parser = status)]
    pub status: Option<OrderStatus>,
    /// Only of this store
    #[arg(long, value_name = "ID")]
    pub store: Option<String>,
    /// Only of this pick list, in its order
    #[arg(long, value_name = "NUMBER")]
    pub pick_list: Option<i64>,
    /// Number, SKU or tracking number contains this
    #[arg(long)]
    pub text: Option<String>,
    /// Leave out so many
    #[arg(long, default_value_t = 0)]
    pub first: usize,
    /// At most so many
    #[arg(long, default_value_t = 100)]
    pub limit: usize,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `orders show`.
#[derive(Debug, Clone, Args)]
pub struct OrdersShowArgs {
    /// Amazon's order number, or our own with a # before it
    pub order: String,
    /// Show recipient and gift message too; needs --user
    #[arg(long)]
    pub reveal: bool,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `orders set-status`.
#[derive(Debug, Clone, Args)]
pub struct SetStatusArgs {
    /// Amazon's order number, or our own with a # before it
    pub order: String,
    /// review, on-hold, ready-to-pick, in-picking, …
    #[arg(value_parser = status)]
    pub status: OrderStatus,
    /// Why, for the history
    #[arg(long)]
    pub reason: String,
    /// What became of the old labels, where labels are voided.
    #[command(flatten)]
    pub paper: PaperArgs,
    /// Wait at most so many seconds for Amazon's answers to voids
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub wait: u64,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `pack`.
#[derive(Debug, Clone, Args)]
pub struct PackArgs {
    /// Amazon's order number, or our own with a # before it
    pub order: String,
    /// Take the box over from another packer
    #[arg(long)]
    pub take_over: bool,
    /// Pack on in this box of the order; the line TGC-NEXT closes the box and opens the next one, TGC-UNDO takes back
    /// the last scan
    #[arg(long = "box", value_name = "NUMBER")]
    pub box_number: Option<u32>,
    /// Reason of the lines TGC-OVERRIDE: each stands in for the code that is due
    #[arg(long, value_name = "REASON")]
    pub override_codes: Option<String>,
    /// Write JSON, one value for each scan
    #[arg(long)]
    pub json: bool,
}

/// Weight, size and option of a box.
#[derive(Debug, Clone, Default, Args)]
pub struct BoxArgs {
    /// Which box of the order; else the first that waits for its label
    #[arg(long = "box", value_name = "NUMBER")]
    pub box_number: Option<u32>,
    /// Weight of the packed box, e.g. "12.5 oz", "1 lb 4 oz", "340 g"
    #[arg(long, value_parser = Weight::parse)]
    pub weight: Option<Weight>,
    /// Outer size, e.g. "10x8x4 in", or the name of a configured box
    #[arg(long)]
    pub size: Option<String>,
    /// no-tracking, delivery-confirmation, signature or adult-signature
    #[arg(long, value_parser = confirmation)]
    pub confirmation: Option<Confirmation>,
    /// Wait at most so many seconds for the answer
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub wait: u64,
}

/// `rates`.
#[derive(Debug, Clone, Args)]
pub struct RatesArgs {
    /// Amazon's order number, or our own with a # before it
    pub order: String,
    /// Say of every service that is missing, late or for another kind of box why, and what to do
    #[arg(long)]
    pub why_not: bool,
    /// The box.
    #[command(flatten)]
    pub parcel: BoxArgs,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `ship`.
#[derive(Debug, Clone, Args)]
pub struct ShipArgs {
    /// Amazon's order numbers, or our own with a # before them; several are shipped like a pick list
    #[arg(required_unless_present = "pick_list", value_name = "ORDER")]
    pub orders: Vec<String>,
    /// Ship every packed, weighed and measured box of this pick list
    #[arg(long, value_name = "NUMBER", conflicts_with = "orders")]
    pub pick_list: Option<i64>,
    /// Of many: buy the labels
    #[arg(long)]
    pub yes: bool,
    /// Of many: ask for rates and show what would be bought, and buy nothing
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// Of many: buy nothing more once the labels cost so much together, e.g. 900
    #[arg(long, value_name = "AMOUNT")]
    pub total_at_most: Option<String>,
    /// Service by its id (of many: this one for all, never swapped); none: the assigned method, or the cheapest that
    /// passes the rules
    #[arg(long, value_name = "ID")]
    pub service: Option<String>,
    /// Why a method is bought that is never picked by itself (weekend, late, …); kept in the history
    #[arg(long)]
    pub reason: Option<String>,
    /// Buy nothing that costs more, e.g. 12.50
    #[arg(long, value_name = "AMOUNT")]
    pub at_most: Option<String>,
    /// A detail that the service asks for, as `rates --json` names it; may be given several times
    #[arg(long = "input", value_name = "NAME=VALUE", value_parser = input)]
    pub inputs: Vec<(String, String)>,
    /// Leave the sheet in the station's queue
    #[arg(long)]
    pub no_print: bool,
    /// The box.
    #[command(flatten)]
    pub parcel: BoxArgs,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

impl ShipArgs {
    /// Many boxes, none of which is said anything of here.
    pub fn is_many(&self) -> bool {
        self.pick_list.is_some() || self.orders.len() > 1
    }
}

/// `void`.
#[derive(Debug, Clone, Args)]
pub struct VoidArgs {
    /// Amazon's order number, or our own with a # before it
    pub order: String,
    /// Which label, where the order has several; its id from `orders show`
    #[arg(long, value_name = "ID")]
    pub label: Option<uuid::Uuid>,
    /// Why, for the history
    #[arg(long)]
    pub reason: String,
    /// What became of the old label.
    #[command(flatten)]
    pub paper: PaperArgs,
    /// Wait at most so many seconds for the answer
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub wait: u64,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `simulate`.
#[derive(Debug, Clone, Args)]
pub struct SimulateArgs {
    /// Address to listen on; port 0 lets the system choose
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8642")]
    pub listen: SocketAddr,
    /// Decides prices, tracking numbers and chance
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Keep what was sold in this file
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// So many plain orders instead of the demo's
    #[arg(long, value_name = "COUNT")]
    pub orders: Option<usize>,
    /// Of all the demo's kinds in turn, not plain ones
    #[arg(long, requires = "orders")]
    pub mixed: bool,
}

/// `backup`.
#[derive(Debug, Clone, Args)]
pub struct BackupArgs {
    /// An existing folder (the copy is named by the time), or a new file
    pub to: PathBuf,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `restore`.
#[derive(Debug, Clone, Args)]
pub struct RestoreArgs {
    /// The back-up, with its file of keys (.keys) beside it; or another copy of the database
    pub file: PathBuf,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `doctor`.
#[derive(Debug, Clone, Args)]
pub struct DoctorArgs {
    /// Write the commented example configuration to standard output, and nothing else
    #[arg(long)]
    pub example: bool,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// Reads a status: `on-hold`, `On Hold`, `on_hold`.
fn status(text: &str) -> Result<OrderStatus, String> {
    const ALL: [OrderStatus; 9] = [
        OrderStatus::Pending,
        OrderStatus::Review,
        OrderStatus::OnHold,
        OrderStatus::ReadyToPick,
        OrderStatus::InPicking,
        OrderStatus::InPacking,
        OrderStatus::ReadyForPickup,
        OrderStatus::Shipped,
        OrderStatus::Canceled,
    ];
    let key = |text: &str| text.to_lowercase().replace([' ', '_'], "-");
    ALL.into_iter()
        .find(|status| key(&status.to_string()) == key(text))
        .ok_or_else(|| {
            let known: Vec<String> = ALL.iter().map(|status| key(&status.to_string())).collect();
            format!("write one of {}", known.join(", "))
        })
}

/// Reads `NAME=VALUE`.
fn input(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.to_owned())),
        _ => Err("write NAME=VALUE".to_owned()),
    }
}

/// Reads a Delivery Confirmation option.
fn confirmation(text: &str) -> Result<Confirmation, String> {
    Confirmation::parse(text).ok_or_else(|| {
        let known: Vec<&str> = Confirmation::ALL.iter().map(|option| option.key()).collect();
        format!("write one of {}", known.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn statuses_are_read_as_people_write_them() {
        for text in ["on-hold", "On Hold", "ON_HOLD"] {
            assert_eq!(status(text), Ok(OrderStatus::OnHold));
        }
        assert!(status("open").is_err_and(|words| words.contains("ready-to-pick")));
    }

    #[test]
    fn common_options_may_stand_behind_the_subcommand() {
        let cli = Cli::try_parse_from([
            "tapegun",
            "void",
            "111-1111111-1111111",
            "--reason",
            "x",
            "--user",
            "Ana",
        ]);
        let cli = cli.expect("parses");
        assert_eq!(cli.common.user.as_deref(), Some("Ana"));
    }
}
