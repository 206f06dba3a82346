//! `users`: people who sign in, what they may do, their PINs.

use super::Context;
use super::report::{Report, table};
use crate::cli::{UsersAddArgs, UsersCommand, UsersListArgs, UsersPinArgs};
use crate::domain::ids::UserId;
use crate::domain::text::Clean;
use crate::domain::user::{Person, Role, User, check_pin};
use crate::error::{Failure, Outcome};
use crate::store::{Store, StoreResult};
use chrono::{DateTime, Utc};
use serde_json::json;
use std::io::BufRead;
use zeroize::Zeroizing;

/// Runs `users`.
pub(super) fn run(command: &UsersCommand, context: &Context, input: &mut dyn BufRead) -> Outcome<Report> {
    match command {
        UsersCommand::Add(arguments) => add(arguments, context),
        UsersCommand::List(arguments) => list(arguments, context),
        UsersCommand::Pin(arguments) => pin(arguments, context, input),
        UsersCommand::Role(arguments) => {
            let role = arguments.role;
            change(context, &arguments.name, move |store, id, by, now| {
                store.set_role(id, role, by, now)
            })
        }
        UsersCommand::Allow(arguments) => {
            let permission = arguments.permission;
            change(context, &arguments.name, move |store, id, by, now| {
                store.grant(id, permission, Some(true), by, now)
            })
        }
        UsersCommand::Forbid(arguments) => {
            let permission = arguments.permission;
            change(context, &arguments.name, move |store, id, by, now| {
                store.grant(id, permission, Some(false), by, now)
            })
        }
        UsersCommand::Disable(arguments) => change(context, &arguments.name, |store, id, by, now| {
            store.switch(id, false, by, now)
        }),
        UsersCommand::Enable(arguments) => change(context, &arguments.name, |store, id, by, now| {
            store.switch(id, true, by, now)
        }),
        UsersCommand::Review(arguments) => {
            let by = context.user()?.id;
            change(context, &arguments.name, move |store, id, _, now| {
                store.review(id, by, now)
            })
        }
    }
}

/// Who does it: checked with the PIN as soon as anybody may change people.
fn by(context: &Context) -> Outcome<Option<UserId>> {
    let guarded = context.store.read_blocking(|store| store.has_administrator())?;
    if guarded {
        Ok(Some(context.user()?.id))
    } else {
        // The first person of all may be named before they are there.
        Ok(context.maybe_user().ok().flatten().map(|user| user.id))
    }
}

fn add(arguments: &UsersAddArgs, context: &Context) -> Outcome<Report> {
    let by = by(context)?;
    let name = Clean::text(&arguments.name);
    let badge = arguments
        .badge
        .as_deref()
        .map_or_else(|| name.clone(), Clean::text);
    let role = if arguments.supervisor {
        Role::Supervisor
    } else {
        arguments.role
    };
    let now = context.clock.now();
    let user = context
        .store
        .write_blocking(move |store| store.add_user_by(&name, &badge, role, by, now))?;
    Ok(Report::new(
        format!("{} added; badge code TGU-{}", user.name, user.badge),
        value(&user),
    ))
}

/// A person by name, switched off or not.
fn person(context: &Context, name: &str) -> Outcome<Person> {
    let people = context.store.read_blocking(|store| store.people())?;
    let mut each = people.into_iter();
    each.find(|person| person.user.name.eq_ignore_ascii_case(name))
        .ok_or_else(|| {
            Failure::usage(format!("nobody is called {name:?} here"))
                .hint("tapegun users list --all shows who there is")
        })
}

fn change(
    context: &Context,
    name: &str,
    act: impl FnOnce(&mut dyn Store, UserId, Option<UserId>, DateTime<Utc>) -> StoreResult<()> + Send + 'static,
) -> Outcome<Report> {
    let by = by(context)?;
    let id = person(context, name)?.user.id;
    let now = context.clock.now();
    context
        .store
        .write_blocking(move |store| act(store, id, by, now))?;
    let changed = person(context, name)?;
    let words = format!("{}: {}", changed.user.name, told(&changed).join(" · "));
    Ok(Report::new(words, all(&changed)))
}

fn list(arguments: &UsersListArgs, context: &Context) -> Outcome<Report> {
    let now = context.clock.now();
    let people = context.store.read_blocking(|store| store.people())?;
    let shown: Vec<Person> = people
        .into_iter()
        .filter(|person| arguments.all || person.disabled_at.is_none())
        .filter(|person| !arguments.review || person.is_review_due(now))
        .collect();
    let rows: Vec<Vec<String>> = shown
        .iter()
        .map(|person| {
            let mut row = vec![person.user.name.clone(), format!("TGU-{}", person.user.badge)];
            row.push(told(person).join(" · "));
            row
        })
        .collect();
    let text = if shown.is_empty() {
        "nobody".to_owned()
    } else {
        table(&rows)
    };
    Ok(Report::new(text, shown.iter().map(all).collect()))
}

/// What is to be said of a person, in words.
fn told(person: &Person) -> Vec<String> {
    let day = |at: DateTime<Utc>| at.format("%Y-%m-%d").to_string();
    let mut words = vec![person.user.role.to_string()];
    for (permission, given) in &person.own {
        words.push(format!("{}{permission}", if *given { "+" } else { "-" }));
    }
    words.push(if person.user.has_pin { "PIN" } else { "no PIN" }.to_owned());
    words.push(
        person
            .seen_at
            .map_or_else(|| "never seen".to_owned(), |at| format!("seen {}", day(at))),
    );
    words.push(format!("reviewed {}", day(person.reviewed_at)));
    words.extend(person.disabled_at.map(|at| format!("OFF since {}", day(at))));
    words
}

fn pin(arguments: &UsersPinArgs, context: &Context, input: &mut dyn BufRead) -> Outcome<Report> {
    let by = context.user()?;
    let whose = match &arguments.name {
        Some(name) => person(context, name)?.user,
        None => by.clone(),
    };
    let hash = if arguments.remove {
        None
    } else {
        let mut line = Zeroizing::new(String::new());
        input.read_line(&mut line)?;
        let pin = line.trim();
        check_pin(pin).map_err(|words| {
            Failure::usage(words)
                .hint("one line on standard input: printf '%s\\n' 493817 | tapegun users pin --user NAME")
        })?;
        Some(context.vault()?.hash_pin(whose.id, pin)?)
    };
    let (id, by, now) = (whose.id, by.id, context.clock.now());
    context
        .store
        .write_blocking(move |store| store.set_pin(id, hash, Some(by), now))?;
    let how = if arguments.remove { "taken away" } else { "set" };
    Ok(Report::new(
        format!("PIN of {} {how}", whose.name),
        json!({ "user": whose.name }),
    ))
}

fn value(user: &User) -> serde_json::Value {
    json!({ "id": user.id, "name": user.name, "badge": user.badge, "role": user.role.word() })
}

fn all(person: &Person) -> serde_json::Value {
    let mut value = value(&person.user);
    value["may"] = json!(person.user.may);
    value["disabled_at"] = json!(person.disabled_at);
    value["seen_at"] = json!(person.seen_at);
    value["reviewed_at"] = json!(person.reviewed_at);
    value["pin"] = json!(person.user.has_pin);
    value
}
