//! What assigns methods ahead and switches methods off. Clap structs only.

use super::Output;
use crate::domain::order::AssignedMethod;
use clap::{Args, Subcommand};

/// `methods`.
#[derive(Debug, Subcommand)]
pub enum MethodsCommand {
    /// Methods that the stores know from their rates, and which are switched off
    List(MethodsListArgs),
    /// By who may: a method is neither assigned nor bought any more for a store
    Off(MethodsOffArgs),
    /// By who may: it may be assigned and bought again
    On(MethodsOnArgs),
}

impl MethodsCommand {
    /// How to write.
    pub fn output(&self) -> Output {
        match self {
            Self::List(arguments) => arguments.output,
            Self::Off(arguments) => arguments.output,
            Self::On(arguments) => arguments.output,
        }
    }
}

/// `methods list`.
#[derive(Debug, Clone, Args)]
pub struct MethodsListArgs {
    /// Only of this store
    #[arg(long, value_name = "ID")]
    pub store: Option<String>,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `methods off`.
#[derive(Debug, Clone, Args)]
pub struct MethodsOffArgs {
    /// Store
    pub store: String,
    /// Service by its id, as `methods list` and `rates` name it
    pub service: String,
    /// Why; whoever wants the method is told
    #[arg(long)]
    pub reason: String,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `methods on`.
#[derive(Debug, Clone, Args)]
pub struct MethodsOnArgs {
    /// Store
    pub store: String,
    /// Service by its id
    pub service: String,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `orders assign`.
#[derive(Debug, Clone, Args)]
pub struct OrdersAssignArgs {
    /// Amazon's order numbers, or our own with a # before them
    #[arg(required = true, value_name = "ORDER")]
    pub orders: Vec<String>,
    /// cheapest, carrier:UPS, a service by its id, or elsewhere:UPS for a label from elsewhere
    #[arg(long, value_parser = method)]
    pub method: AssignedMethod,
    /// Why; wanted where a Prime order is assigned to a label from elsewhere
    #[arg(long, default_value = "")]
    pub reason: String,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `orders shop`.
#[derive(Debug, Clone, Args)]
pub struct OrdersShopArgs {
    /// The store whose orders are meant
    #[arg(long, value_name = "ID")]
    pub store: String,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

fn method(text: &str) -> Result<AssignedMethod, String> {
    AssignedMethod::parse(text).ok_or_else(|| {
        format!("{text:?} is no method: write cheapest, carrier:UPS, a service id like UPS_PTP_GND, or elsewhere:UPS")
    })
}
