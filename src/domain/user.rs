//! People who sign in: roles, and what each may do.

use super::ids::UserId;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// What a person does here. A role is a beginning: each permission can be given or taken on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Packs and ships.
    Packer,
    /// Leads a shift: ships in bulk, books refunds.
    Lead,
    /// Decides what a packer may not: unknown purchases.
    Supervisor,
    /// Keeps the catalogue; packs nothing.
    Listings,
    /// Everything, people too.
    Administrator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [
        Self::Packer,
        Self::Lead,
        Self::Supervisor,
        Self::Listings,
        Self::Administrator,
    ];

    /// The word on the command line and on screens.
    pub fn word(self) -> &'static str {
        match self {
            Self::Packer => "packer",
            Self::Lead => "lead",
            Self::Supervisor => "supervisor",
            Self::Listings => "listings",
            Self::Administrator => "administrator",
        }
    }

    /// The role by its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|role| role.word().eq_ignore_ascii_case(word.trim()))
    }

    /// What the role allows by itself.
    pub fn allows(self, permission: Permission) -> bool {
        use Permission as P;
        let packer = matches!(
            permission,
            P::Buy
                | P::Void
                | P::Override
                | P::SeeCustomers
                | P::Hold
                | P::Split
                | P::PickLists
                | P::Manifests
        );
        let lead = packer || matches!(permission, P::BulkShip | P::Refunds);
        match self {
            Self::Packer => packer,
            Self::Lead => lead,
            Self::Supervisor => {
                lead || matches!(
                    permission,
                    P::Decide
                        | P::Catalogue
                        | P::Cancel
                        | P::ChangeMany
                        | P::BreakPrime
                        | P::Policies
                        | P::Proof
                        | P::Reports
                )
            }
            Self::Listings => permission == P::Catalogue,
            Self::Administrator => true,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Something that not everybody may do. `docs/permissions.md` names the action that each guards, and its test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// Buy a label, or record one that was bought elsewhere.
    Buy,
    /// Void labels.
    Void,
    /// Go on without a transparency code, or past what an order was stopped for.
    Override,
    /// Buy many labels at once.
    BulkShip,
    /// Say what came of a purchase that nobody knows.
    Decide,
    /// Book what came of a refund.
    Refunds,
    /// See a customer's name and address, find by them, read notes, or take a label out as a file.
    SeeCustomers,
    /// Put an order on hold, or release it.
    Hold,
    /// Split an order for a partial shipment, or join its parts again.
    Split,
    /// Cancel an order for good.
    Cancel,
    /// Change all orders that a search finds.
    ChangeMany,
    /// Make pick lists, give them to people, take orders off them.
    PickLists,
    /// Say what goes out of the door: close a manifest or open it again, leave a parcel behind, ask for a collection form.
    Manifests,
    /// Break one of Amazon's rules for a Prime order: late, untracked, with a label from elsewhere, split.
    BreakPrime,
    /// Change shipping policies; switch methods off and on.
    Policies,
    /// Write a customer's data into a proof.
    Proof,
    /// See everybody's numbers on the desk and in reports, not only one's own.
    Reports,
    /// Change the catalogue: what is scanned for what.
    Catalogue,
    /// Add people, change what they may do, switch them off.
    Users,
    /// Rotate the station's keys.
    Keys,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 20] = [
        Self::Buy,
        Self::Void,
        Self::Override,
        Self::BulkShip,
        Self::Decide,
        Self::Refunds,
        Self::SeeCustomers,
        Self::Hold,
        Self::Split,
        Self::Cancel,
        Self::ChangeMany,
        Self::PickLists,
        Self::Manifests,
        Self::BreakPrime,
        Self::Policies,
        Self::Proof,
        Self::Reports,
        Self::Catalogue,
        Self::Users,
        Self::Keys,
    ];

    /// The word on the command line and in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Buy => "buy",
            Self::Void => "void",
            Self::Override => "override",
            Self::BulkShip => "bulk-ship",
            Self::Decide => "decide",
            Self::Refunds => "refunds",
            Self::SeeCustomers => "see-customers",
            Self::Hold => "hold",
            Self::Split => "split",
            Self::Cancel => "cancel",
            Self::ChangeMany => "change-many",
            Self::PickLists => "pick-lists",
            Self::Manifests => "manifests",
            Self::BreakPrime => "break-prime",
            Self::Policies => "policies",
            Self::Proof => "proof",
            Self::Reports => "reports",
            Self::Catalogue => "catalogue",
            Self::Users => "users",
            Self::Keys => "keys",
        }
    }

    /// The permission by its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|permission| permission.word().eq_ignore_ascii_case(word.trim()))
    }

    /// What it allows, after "may".
    pub fn says(self) -> &'static str {
        match self {
            Self::Buy => "buy labels",
            Self::Void => "void labels",
            Self::Override => "go on without a transparency code or past a warning",
            Self::BulkShip => "buy many labels at once",
            Self::Decide => "decide what came of an unknown purchase",
            Self::Refunds => "book refunds",
            Self::SeeCustomers => "see customers' data",
            Self::Hold => "hold or release orders",
            Self::Split => "split orders or join them",
            Self::Cancel => "cancel orders",
            Self::ChangeMany => "change many orders at once",
            Self::PickLists => "make or change pick lists",
            Self::Manifests => "close manifests or ask for collection forms",
            Self::BreakPrime => "break Amazon's rules for a Prime order",
            Self::Policies => "change shipping policies or methods",
            Self::Proof => "write customers' data into a proof",
            Self::Reports => "see everybody's numbers",
            Self::Catalogue => "change the catalogue",
            Self::Users => "add people or change what they may do",
            Self::Keys => "rotate the station's keys",
        }
    }
}

/// So many people are named as whom to ask.
pub const ASKED: usize = 3;

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A person, known by name and by badge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Our number.
    pub id: UserId,
    /// Unique name; appears in the history.
    pub name: String,
    /// The code on the badge, without its `TGU-` prefix.
    pub badge: String,
    /// Role.
    pub role: Role,
    /// What they may do, all told.
    pub may: BTreeSet<Permission>,
    /// They have a PIN: it is asked for before they spend or see.
    pub has_pin: bool,
}

impl User {
    /// Why this cannot be done by them, and whom to ask: who else may.
    pub fn may_not(&self, permission: Permission, others: &[&str]) -> String {
        let ask = if others.is_empty() {
            format!(
                "an administrator gives it: tapegun users allow {} {permission}",
                self.name
            )
        } else {
            format!("ask {}", others.join(" or "))
        };
        format!("{} may not {}: {ask}", self.name, permission.says())
    }

    /// A person who may what the role allows, without a PIN.
    pub fn plain(id: UserId, name: &str, badge: &str, role: Role) -> Self {
        Self {
            id,
            name: name.to_owned(),
            badge: badge.to_owned(),
            role,
            may: Permission::ALL
                .into_iter()
                .filter(|permission| role.allows(*permission))
                .collect(),
            has_pin: false,
        }
    }
}

/// A person with everything that is kept about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Name, badge, role, and what they may do; nothing once they are switched off.
    pub user: User,
    /// What was given or taken besides the role.
    pub own: Vec<(Permission, bool)>,
    /// Switched off since; none: they work here.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When they last signed in or did something on the command line.
    pub seen_at: Option<DateTime<Utc>>,
    /// When somebody last looked whether they should still be here and may what they may; at first: when they came.
    pub reviewed_at: DateTime<Utc>,
}

/// Everybody is looked at once in a quarter.
pub const REVIEW: TimeDelta = TimeDelta::days(91);

impl Person {
    /// It is time to look whether they should still be here.
    pub fn is_review_due(&self, now: DateTime<Utc>) -> bool {
        self.disabled_at.is_none() && now - self.reviewed_at >= REVIEW
    }
}

/// Whether these roles and grants allow it: what was given or taken on its own counts before the role.
pub fn may(role: Role, own: &[(Permission, bool)], permission: Permission) -> bool {
    let said = own.iter().find(|(about, _)| *about == permission);
    said.map_or_else(|| role.allows(permission), |(_, given)| *given)
}

/// Wrong PINs in a row before the first wait.
pub const TRIES: u32 = 5;

/// How long nobody may try after so many wrong PINs in a row: from the fifth on a minute, doubled each time, a day at
/// most.
pub fn lock_out(failures: u32) -> Option<TimeDelta> {
    let over = failures.checked_sub(TRIES)?;
    Some(TimeDelta::minutes(1 << over.min(11)).min(TimeDelta::days(1)))
}

/// Six digits, not all alike and no run like 123456; in words what is wrong.
pub fn check_pin(pin: &str) -> Result<(), &'static str> {
    let digits: Vec<u8> = pin.bytes().collect();
    if digits.len() != 6 || !digits.iter().all(u8::is_ascii_digit) {
        return Err("a PIN has six digits");
    }
    let steps: Vec<i16> = digits
        .windows(2)
        .map(|pair| i16::from(pair[1]) - i16::from(pair[0]))
        .collect();
    if [0, 1, -1].iter().any(|step| steps.iter().all(|one| one == step)) {
        return Err("six digits alike or in a row are guessed first: choose others");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_values_fit() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.word()), Some(role));
        }
        for permission in Permission::ALL {
            assert_eq!(Permission::parse(permission.word()), Some(permission));
            assert!(Role::Administrator.allows(permission));
        }
        assert_eq!(Permission::parse("everything"), None);
    }

    #[test]
    fn a_permission_is_given_or_taken_whatever_the_role_says() {
        let own = [(Permission::Void, false), (Permission::Users, true)];
        assert!(!may(Role::Packer, &own, Permission::Void));
        assert!(may(Role::Packer, &own, Permission::Users));
        assert!(may(Role::Packer, &own, Permission::Buy));
        assert!(!may(Role::Listings, &[], Permission::Buy));
        assert!(!may(Role::Packer, &[], Permission::BulkShip));
        assert!(!may(Role::Lead, &[], Permission::Decide));
        assert!(!may(Role::Supervisor, &[], Permission::Users));
    }

    /// `docs/permissions.md` shows the same.
    #[test]
    fn each_role_allows_what_it_allows_and_no_more() {
        use Permission as P;
        let packer = [
            P::Buy,
            P::Void,
            P::Override,
            P::SeeCustomers,
            P::Hold,
            P::Split,
            P::PickLists,
            P::Manifests,
        ];
        let lead = [P::BulkShip, P::Refunds];
        let supervisor = [
            P::Decide,
            P::Cancel,
            P::ChangeMany,
            P::BreakPrime,
            P::Policies,
            P::Proof,
            P::Reports,
            P::Catalogue,
        ];
        for permission in P::ALL {
            let is_packers = packer.contains(&permission);
            let is_leads = is_packers || lead.contains(&permission);
            let allowed = Role::ALL.map(|role| role.allows(permission));
            let expected = [
                is_packers,
                is_leads,
                is_leads || supervisor.contains(&permission),
                permission == P::Catalogue,
                true,
            ];
            assert_eq!(allowed, expected, "{permission}");
            let ann = User::plain(UserId(1), "Ann", "A", Role::Lead);
            assert_eq!(ann.may.contains(&permission), is_leads, "{permission}");
        }
    }

    #[test]
    fn who_may_not_is_told_whom_to_ask() {
        let ann = User::plain(UserId(1), "Ann", "A", Role::Packer);
        assert_eq!(
            ann.may_not(Permission::BulkShip, &["Sue", "Tom"]),
            "Ann may not buy many labels at once: ask Sue or Tom"
        );
        assert_eq!(
            ann.may_not(Permission::Users, &[]),
            "Ann may not add people or change what they may do: an administrator gives it: tapegun users allow Ann \
             users"
        );
        // Every permission says something else, and every role and permission is shown by its word.
        let mut said: Vec<&str> = Permission::ALL.map(Permission::says).to_vec();
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), Permission::ALL.len());
        assert_eq!(Role::Supervisor.to_string(), "supervisor");
        assert_eq!(Permission::BreakPrime.to_string(), "break-prime");
        assert_eq!(Role::parse(" PACKER "), Some(Role::Packer));
        assert_eq!(Role::parse("boss"), None);
    }

    #[test]
    fn wrong_pins_lock_out_longer_and_longer() {
        assert_eq!(lock_out(4), None);
        let minutes: Vec<i64> = (5..9)
            .filter_map(lock_out)
            .map(|wait| wait.num_minutes())
            .collect();
        assert_eq!(minutes, [1, 2, 4, 8]);
        assert_eq!(lock_out(u32::MAX), Some(TimeDelta::days(1)));
        assert_eq!(lock_out(15), Some(TimeDelta::minutes(1024)));
        assert_eq!(lock_out(16), Some(TimeDelta::days(1)));
    }

    #[test]
    fn a_pin_is_six_digits_that_nobody_guesses_first() {
        assert_eq!(check_pin("493817"), Ok(()));
        // All but one digit alike, or in a row.
        for good in ["000001", "123457", "654320", "135791"] {
            assert_eq!(check_pin(good), Ok(()), "{good}");
        }
        for wrong in [
            "",
            "12345",
            "1234567",
            "12a456",
            "４９３８１７",
            "000000",
            "123456",
            "654321",
        ] {
            assert!(check_pin(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn everybody_is_reviewed_once_in_a_quarter() {
        let since = DateTime::UNIX_EPOCH;
        let mut person = Person {
            user: User::plain(UserId(1), "Ann", "A", Role::Packer),
            own: Vec::new(),
            disabled_at: None,
            seen_at: None,
            reviewed_at: since,
        };
        assert!(!person.is_review_due(since + REVIEW - TimeDelta::seconds(1)));
        assert!(person.is_review_due(since + REVIEW));
        person.reviewed_at = since + REVIEW;
        assert!(!person.is_review_due(since + REVIEW));
        person.disabled_at = Some(since);
        assert!(!person.is_review_due(since + REVIEW * 5));
    }
}
