//! `products import`: the catalogue from a CSV file.

pub use super::catalogue::{parse, parse_bins};

use super::{Context, Report};
use crate::cli::{ProductsCommand, ProductsImportArgs};
use crate::domain::user::Permission;
use crate::error::{Failure, Outcome};
use anyhow::Context as _;
use serde_json::json;

/// Runs `products`.
pub fn run(command: &ProductsCommand, context: &Context) -> Outcome<Report> {
    match command {
        ProductsCommand::Import(arguments) => import(arguments, context),
    }
}

fn import(arguments: &ProductsImportArgs, context: &Context) -> Outcome<Report> {
    let path = arguments.file.display();
    let text = std::fs::read_to_string(&arguments.file).with_context(|| format!("{path} cannot be read"))?;
    let wrong = |error: super::catalogue::CatalogueError| {
        Failure::refused(error.to_string())
            .while_doing(format!("{path} is not imported"))
            .hint("correct the line and import again; nothing was changed")
    };
    let products = parse(&text).map_err(wrong)?;
    let bins = parse_bins(&text).map_err(wrong)?;
    // What is scanned for what: as soon as people are kept apart, not everybody's.
    if context.store.read_blocking(|store| store.has_administrator())? {
        let by = context.user()?.id;
        context
            .store
            .read_blocking(move |store| store.permit(by, Permission::Catalogue))?;
    }
    let now = context.clock.now();
    let count = context.store.write_blocking(move |store| {
        let count = store.put_products(&products, now)?;
        store.put_bins(&bins)?;
        Ok(count)
    })?;
    Ok(Report::new(
        format!("{count} products imported"),
        json!({ "imported": count }),
    ))
}
