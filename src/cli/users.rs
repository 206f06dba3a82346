//! `users`: people, what they may do, PINs.

use super::Output;
use crate::domain::user::{Permission, Role};
use clap::{Args, Subcommand};

/// `users`.
#[derive(Debug, Subcommand)]
pub enum UsersCommand {
    /// Add a person
    Add(UsersAddArgs),
    /// List people: role, what was given or taken besides, last seen, reviewed
    List(UsersListArgs),
    /// Give a person another role
    Role(UsersRoleArgs),
    /// Allow a person something besides the role
    Allow(UsersPermissionArgs),
    /// Forbid a person something that the role allows
    Forbid(UsersPermissionArgs),
    /// Switch a person off: who has left, within 24 hours
    Disable(UsersNameArgs),
    /// Switch a person on again
    Enable(UsersNameArgs),
    /// Set the PIN of --user, or of another person; six digits from standard input
    Pin(UsersPinArgs),
    /// Note that somebody looked whether this person should still be here and may what is needed
    Review(UsersNameArgs),
}

impl UsersCommand {
    /// How to write.
    pub fn output(&self) -> Output {
        match self {
            Self::Add(arguments) => arguments.output,
            Self::List(arguments) => arguments.output,
            Self::Role(arguments) => arguments.output,
            Self::Allow(arguments) | Self::Forbid(arguments) => arguments.output,
            Self::Disable(arguments) | Self::Enable(arguments) | Self::Review(arguments) => arguments.output,
            Self::Pin(arguments) => arguments.output,
        }
    }
}

/// `users add`.
#[derive(Debug, Clone, Args)]
pub struct UsersAddArgs {
    /// Name; appears in the history
    pub name: String,
    /// Code on the badge, without TGU-; the name where not given
    #[arg(long)]
    pub badge: Option<String>,
    /// packer, lead, supervisor, listings or administrator
    #[arg(long, value_parser = role, default_value = "packer")]
    pub role: Role,
    /// The same as --role supervisor
    #[arg(long, conflicts_with = "role")]
    pub supervisor: bool,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `users list`.
#[derive(Debug, Clone, Args)]
pub struct UsersListArgs {
    /// Only those who are to be reviewed: everybody once in a quarter
    #[arg(long)]
    pub review: bool,
    /// Those who are switched off, too
    #[arg(long)]
    pub all: bool,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `users role`.
#[derive(Debug, Clone, Args)]
pub struct UsersRoleArgs {
    /// Who
    pub name: String,
    /// packer, lead, supervisor, listings or administrator
    #[arg(value_parser = role)]
    pub role: Role,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `users allow`, `users forbid`.
#[derive(Debug, Clone, Args)]
pub struct UsersPermissionArgs {
    /// Who
    pub name: String,
    /// buy, void, override, bulk-ship, decide, refunds, see-customers, catalogue or users
    #[arg(value_parser = permission)]
    pub permission: Permission,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// A person by name.
#[derive(Debug, Clone, Args)]
pub struct UsersNameArgs {
    /// Who
    pub name: String,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `users pin`.
#[derive(Debug, Clone, Args)]
pub struct UsersPinArgs {
    /// Whose, where it is not one's own
    pub name: Option<String>,
    /// Take it away
    #[arg(long)]
    pub remove: bool,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

fn role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| {
        let all: Vec<&str> = Role::ALL.into_iter().map(Role::word).collect();
        format!("the roles are {}", all.join(", "))
    })
}

fn permission(word: &str) -> Result<Permission, String> {
    Permission::parse(word).ok_or_else(|| {
        let all: Vec<&str> = Permission::ALL.into_iter().map(Permission::word).collect();
        format!("the permissions are {}", all.join(", "))
    })
}
