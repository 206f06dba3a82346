//! `users`: people who sign in.

use super::Context;
use super::report::{Report, table};
use crate::cli::{UsersAddArgs, UsersCommand};
use crate::domain::text::Clean;
use crate::domain::user::{Role, User};
use crate::error::Outcome;
use serde_json::json;

/// Runs `users`.
pub(super) fn run(command: &UsersCommand, context: &Context) -> Outcome<Report> {
    match command {
        UsersCommand::Add(arguments) => add(arguments, context),
        UsersCommand::List(_) => list(context),
    }
}

fn add(arguments: &UsersAddArgs, context: &Context) -> Outcome<Report> {
    let name = Clean::text(&arguments.name);
    let badge = arguments
        .badge
        .as_deref()
        .map_or_else(|| name.clone(), Clean::text);
    let role = if arguments.supervisor {
        Role::Supervisor
    } else {
        Role::Packer
    };
    let now = context.clock.now();
    let user = context
        .store
        .write_blocking(move |store| store.add_user(&name, &badge, role, now))?;
    Ok(Report::new(
        format!("{} added; badge code TGU-{}", user.name, user.badge),
        value(&user),
    ))
}

fn list(context: &Context) -> Outcome<Report> {
    let users = context.store.read_blocking(|store| store.users())?;
    let rows: Vec<Vec<String>> = users
        .iter()
        .map(|user| {
            vec![
                user.name.clone(),
                format!("TGU-{}", user.badge),
                role(user).to_owned(),
            ]
        })
        .collect();
    let json = users.iter().map(value).collect();
    Ok(Report::new(table(&rows), json))
}

fn role(user: &User) -> &'static str {
    match user.role {
        Role::Packer => "packer",
        Role::Supervisor => "supervisor",
    }
}

fn value(user: &User) -> serde_json::Value {
    json!({ "id": user.id, "name": user.name, "badge": user.badge, "role": role(user) })
}
