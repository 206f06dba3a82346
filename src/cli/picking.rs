//! What makes and changes pick lists. Clap structs only.

use super::Output;
use crate::domain::picking::PickDraft;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `pick-list`.
#[derive(Debug, Subcommand)]
pub enum PickListCommand {
    /// Make a pick list: of these orders, or of the most urgent ones that match a filter or a template
    Create(Box<PickListCreateArgs>),
    /// List pick lists, newest first
    List(PickListListArgs),
    /// A pick list with its counts and orders
    Show(PickListShowArgs),
    /// Give a pick list to a person, or to nobody
    Assign(PickListAssignArgs),
    /// Take an order off its pick list: it is Ready to Pick again
    Remove(PickListRemoveArgs),
    /// Print a pick list: products by bin, totes, barcodes; or write it to a file
    Print(PickListPrintArgs),
    /// Saved filters; with --save or --drop: keep one, forget one
    Templates(Box<PickListTemplatesArgs>),
}

impl PickListCommand {
    /// How to write.
    pub fn output(&self) -> Output {
        match self {
            Self::Create(arguments) => arguments.output,
            Self::List(arguments) => arguments.output,
            Self::Show(arguments) => arguments.output,
            Self::Assign(arguments) => arguments.output,
            Self::Remove(arguments) => arguments.output,
            Self::Print(arguments) => arguments.output,
            Self::Templates(arguments) => arguments.output,
        }
    }
}

/// Which orders; what is not given is not asked for.
#[derive(Debug, Clone, Default, Args)]
pub struct PickFilterArgs {
    /// single: orders of one unit; multi: of several
    #[arg(long, value_name = "single|multi")]
    pub units: Option<String>,
    /// Only orders with all of these badges: prime, business, commercial, transparency
    #[arg(long, value_name = "BADGES")]
    pub badges: Option<String>,
    /// Only orders with none of these badges
    #[arg(long, value_name = "BADGES")]
    pub without: Option<String>,
    /// Only orders whose ship-by is within this time, like 8h, 2d or 90m
    #[arg(long, value_name = "TIME")]
    pub due_within: Option<String>,
    /// Only orders whose assigned method is of this carrier; none: no method is assigned
    #[arg(long, value_name = "CARRIER")]
    pub carrier: Option<String>,
    /// Only orders whose cheapest known rate costs at least so much
    #[arg(long, value_name = "AMOUNT")]
    pub cost_from: Option<String>,
    /// Only orders whose cheapest known rate costs at most so much
    #[arg(long, value_name = "AMOUNT")]
    pub cost_to: Option<String>,
    /// Only orders of this store
    #[arg(long, value_name = "ID")]
    pub store: Option<String>,
    /// Orders at most, the most urgent first
    #[arg(long, value_name = "NUMBER")]
    pub limit: Option<u32>,
}

impl PickFilterArgs {
    /// Something was given.
    pub fn is_any(&self) -> bool {
        self.over(PickDraft::default()) != PickDraft::default()
    }

    /// What was given takes the place of what stands there.
    #[must_use]
    pub fn over(&self, mut draft: PickDraft) -> PickDraft {
        let fields = [
            (&self.units, &mut draft.units),
            (&self.badges, &mut draft.badges),
            (&self.without, &mut draft.without),
            (&self.due_within, &mut draft.due_within),
            (&self.carrier, &mut draft.carrier),
            (&self.cost_from, &mut draft.cost_from),
            (&self.cost_to, &mut draft.cost_to),
            (&self.store, &mut draft.store),
        ];
        for (given, field) in fields {
            if let Some(given) = given {
                field.clone_from(given);
            }
        }
        if let Some(limit) = self.limit {
            draft.limit = limit.to_string();
        }
        draft
    }
}

/// `pick-list create`.
#[derive(Debug, Clone, Args)]
pub struct PickListCreateArgs {
    /// Name
    pub name: String,
    /// Orders in this order; none: the most urgent ones that match
    #[arg(long = "order", value_name = "ORDER")]
    pub orders: Vec<String>,
    /// A saved template by its name; what is given besides takes the place of what it says
    #[arg(long, value_name = "NAME")]
    pub template: Option<String>,
    /// Which orders.
    #[command(flatten)]
    pub filter: PickFilterArgs,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `pick-list list`.
#[derive(Debug, Clone, Args)]
pub struct PickListListArgs {
    /// At most so many
    #[arg(long, default_value_t = 50)]
    pub limit: usize,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `pick-list show`.
#[derive(Debug, Clone, Args)]
pub struct PickListShowArgs {
    /// Its number
    pub number: i64,
    /// At most so many orders
    #[arg(long, default_value_t = 500)]
    pub limit: usize,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `pick-list assign`.
#[derive(Debug, Clone, Args)]
pub struct PickListAssignArgs {
    /// Its number
    pub number: i64,
    /// To whom, by name
    #[arg(long, value_name = "NAME", required_unless_present = "nobody")]
    pub to: Option<String>,
    /// To nobody
    #[arg(long, conflicts_with = "to")]
    pub nobody: bool,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `pick-list remove`.
#[derive(Debug, Clone, Args)]
pub struct PickListRemoveArgs {
    /// Amazon's order number, or our own with a # before it
    pub order: String,
    /// Why, for the history
    #[arg(long)]
    pub reason: String,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `pick-list print`.
#[derive(Debug, Clone, Args)]
pub struct PickListPrintArgs {
    /// Its number
    pub number: i64,
    /// Into this file, as PDF where it ends in .pdf, else as ZPL; without it to the station's printer
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `pick-list templates`.
#[derive(Debug, Clone, Args)]
pub struct PickListTemplatesArgs {
    /// Keep the filter that is given under this name
    #[arg(long, value_name = "NAME")]
    pub save: Option<String>,
    /// Forget this one
    #[arg(long, value_name = "NAME", conflicts_with = "save")]
    pub drop: Option<String>,
    /// Which orders.
    #[command(flatten)]
    pub filter: PickFilterArgs,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}
