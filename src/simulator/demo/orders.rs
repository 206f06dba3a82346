//! The demo's orders, one of each kind that the rules speak of, and plain ones between them.

use super::people::{
    ALASKA, BAKERY, CONTROL, DAKOTA, DENTIST, EMOJI, FLORIDA, FORCES, HAWAII, HOME_OFFICE, INDIANA, LAW_FIRM,
    LONG, LOS_ANGELES, PEOPLE, PUERTO_RICO, Person, RIGHT_TO_LEFT, SCHOOL,
};
use super::{Article, articles, line, number};
use crate::simulator::order::{Base, Hours, OfferShape, Order};
use chrono::{DateTime, Datelike, Days, NaiveTime, TimeDelta, TimeZone, Utc};

/// An order in the making.
pub(super) struct Draft {
    person: &'static Person,
    lines: Vec<(&'static str, u32)>,
    seller: usize,
    programs: Vec<&'static str>,
    kind: &'static str,
    company: Option<(&'static str, &'static str)>,
    shape: OfferShape,
    level: &'static str,
    /// Hours from the start until it must be shipped.
    due: i64,
    /// Days from then until it must be delivered.
    promised: u64,
    base: Base,
    gift: Option<&'static str>,
    asks_cancel: bool,
    signature: bool,
    hours: Option<Preference>,
}

/// Delivery preferences of a business.
#[derive(Clone, Copy)]
enum Preference {
    /// Monday to Friday, 8 to 17.
    Weekdays,
    /// Monday to Thursday, and closed on the next two Mondays.
    ClosedFridays,
}

fn to(person: &'static Person, lines: &[(&'static str, u32)]) -> Draft {
    Draft {
        person,
        lines: lines.to_vec(),
        seller: 0,
        programs: Vec::new(),
        kind: "RESIDENTIAL",
        company: None,
        shape: OfferShape::Plain,
        level: "STANDARD",
        due: 30,
        promised: 6,
        base: Base::Open,
        gift: None,
        asks_cancel: false,
        signature: false,
        hours: None,
    }
}

impl Draft {
    fn prime(mut self) -> Self {
        self.programs.push("PRIME");
        Self {
            level: "EXPEDITED",
            due: self.due.min(10),
            promised: 3,
            ..self
        }
    }

    fn business(mut self, company: &'static str, purchase_order: &'static str) -> Self {
        self.programs.push("AMAZON_BUSINESS");
        Self {
            company: Some((company, purchase_order)),
            ..self
        }
    }

    fn commercial(self) -> Self {
        Self {
            kind: "COMMERCIAL",
            ..self
        }
    }

    fn pickup_point(self) -> Self {
        Self {
            kind: "PICKUP_POINT",
            ..self
        }
    }

    fn offers(self, shape: OfferShape) -> Self {
        // Weekends must lie before the promised day, or all would be late.
        let promised = match shape {
            OfferShape::Weekend | OfferShape::Span | OfferShape::UtcSaturday => 11,
            OfferShape::Late => 3,
            _ => self.promised,
        };
        Self {
            shape,
            promised,
            ..self
        }
    }

    fn due(self, hours: i64) -> Self {
        Self { due: hours, ..self }
    }

    fn second_store(self) -> Self {
        Self { seller: 1, ..self }
    }

    /// The order at its place in the demo.
    pub(super) fn order(self, at: u64, start: DateTime<Utc>) -> Order {
        let age = i64::try_from(at).unwrap_or_default();
        let pending = self.base == Base::Pending;
        // Pending orders are young: they open while the demo is looked at.
        let created = if pending {
            start - TimeDelta::seconds(20 * (age % 4))
        } else {
            start - TimeDelta::minutes(20 * age)
        };
        let due = start + TimeDelta::hours(self.due);
        let mut address = self.person.address();
        self.kind.clone_into(&mut address.kind);
        let deadline = due.with_timezone(&address.zone).date_naive() + Days::new(self.promised);
        let last = deadline.and_time(NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default());
        let last = address
            .zone
            .from_local_datetime(&last)
            .latest()
            .map_or(due, |time| time.to_utc());
        address.company = self.company.map(|(name, _)| name.to_owned());
        let hours = self.hours.map(|preference| preference.hours(start));
        let buyer = (
            self.person.name.to_owned(),
            format!("b{at:02}x7q@marketplace.amazon.example"),
            self.company.map(|(name, _)| name.to_owned()),
            self.company.map(|(_, purchase_order)| purchase_order.to_owned()),
        );
        let known: Vec<Article> = articles().collect();
        let mut lines: Vec<_> = self
            .lines
            .iter()
            .zip(1..)
            .filter_map(|((sku, quantity), place)| {
                let article = known.iter().find(|article| article.sku == *sku)?;
                Some(line(
                    article,
                    &format!("{:014}", 30_000_000_000_000 + at * 100 + place),
                    *quantity,
                ))
            })
            .collect();
        for line in &mut lines {
            line.gift = self.gift.map(str::to_owned);
            line.cancel_requested = self.asks_cancel;
        }
        Order {
            number: number(at),
            seller: self.seller,
            created,
            updated: created,
            base: self.base,
            programs: self
                .programs
                .iter()
                .map(|program| (*program).to_owned())
                .collect(),
            level: self.level.to_owned(),
            ship_by: (created, due),
            deliver_by: (due + TimeDelta::days(1), last),
            address,
            hours,
            buyer,
            lines,
            signature: self.signature,
            shape: self.shape,
            packages: Vec::new(),
        }
    }
}

impl Preference {
    fn hours(self, start: DateTime<Utc>) -> Hours {
        let days: &[&str] = match self {
            Self::Weekdays => &["MON", "TUE", "WED", "THU", "FRI"],
            Self::ClosedFridays => &["MON", "TUE", "WED", "THU"],
        };
        let to_monday = 7 - u64::from(start.weekday().num_days_from_monday());
        let closed = match self {
            Self::Weekdays => Vec::new(),
            Self::ClosedFridays => [to_monday, to_monday + 7]
                .map(|ahead| start.date_naive() + Days::new(ahead))
                .to_vec(),
        };
        Hours {
            open: days.iter().map(|day| ((*day).to_owned(), 8, 17)).collect(),
            closed,
        }
    }
}

/// All, in the order of their numbers' places. The first three are the tour's.
pub(super) fn drafts() -> Vec<Draft> {
    let mut all = tour();
    all.extend(rules());
    all.extend(plain());
    all
}

/// This many orders of the first store, of all its kinds in turn; all of the last day and older than Orders may lag.
pub(super) fn mixed(count: usize, start: DateTime<Utc>) -> Vec<Order> {
    std::iter::repeat_with(drafts)
        .flatten()
        .filter(|draft| draft.seller == 0)
        .take(count)
        .zip(1..)
        .map(|(draft, at)| {
            let mut order = draft.order(at, start);
            if order.base != Base::Pending {
                order.created = start - TimeDelta::minutes(5 + i64::try_from(at % 1_200).unwrap_or_default());
                order.updated = order.created;
                order.ship_by.0 = order.created;
            }
            order
        })
        .collect()
}

/// What a person tries first: Prime; Business to a commercial address; three transparency units.
fn tour() -> Vec<Draft> {
    vec![
        to(&PEOPLE[0], &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]).prime(),
        to(&DENTIST, &[("TOWEL-FACE", 4), ("SOAP-LAV", 2)])
            .business("Molar & Daughters Dental", "PO-2026-0417")
            .commercial()
            .offers(OfferShape::Weekend),
        to(&PEOPLE[1], &[("SERUM-30", 3)]),
    ]
}

/// One or more of each kind that a rule speaks of.
fn rules() -> Vec<Draft> {
    let weekdays = Some(Preference::Weekdays);
    vec![
        to(&HOME_OFFICE, &[("NOTE-A5", 2)])
            .business("Deskworth Consulting", "SD-88")
            .offers(OfferShape::Weekend),
        Draft {
            hours: weekdays,
            ..to(&LAW_FIRM, &[("LAMP-DSK", 1)])
                .business("Gavel Gavel & Gavel LLP", "GGG/2026/12")
                .commercial()
                .offers(OfferShape::UtcSaturday)
        },
        Draft {
            hours: Some(Preference::ClosedFridays),
            ..to(&BAKERY, &[("KETTLE-17", 1)])
                .business("Crust & Crumb Bakery", "RYE-3")
                .commercial()
        },
        to(&SCHOOL, &[("PEN-GEL10", 6), ("NOTE-A5", 24)])
            .business("Slate Hill Elementary", "SHE 00771")
            .commercial()
            .offers(OfferShape::Span),
        to(&PEOPLE[2], &[("CREAM-50", 1), ("SERUM-30", 1)]).prime(),
        to(&PEOPLE[3], &[("SET-SKIN", 1)]),
        to(&PEOPLE[4], &[("SET-DESK", 2)]),
        to(&PEOPLE[5], &[("TEA-BOX", 1)]),
        to(&PEOPLE[6], &[("SOAP-LAV", 14)]),
        Draft {
            gift: Some("Happy birthday Grandpa! From all of us at Larkspur Lane"),
            ..to(&PEOPLE[7], &[("TEA-BOX", 1), ("CANDLE-VAN", 1)])
        },
        Draft {
            base: Base::Pending,
            ..to(&PEOPLE[8], &[("MUG-RED", 1)])
        },
        Draft {
            base: Base::Pending,
            ..to(&PEOPLE[9], &[("CABLE-USB2", 2)]).prime()
        },
        Draft {
            asks_cancel: true,
            ..to(&PEOPLE[10], &[("TOWEL-GRY", 1)])
        },
        Draft {
            signature: true,
            ..to(&PEOPLE[11], &[("CHARGER-65", 1)])
        },
        to(&PUERTO_RICO, &[("CANDLE-VAN", 2)]),
        to(&ALASKA, &[("MUG-RED", 2)]),
        to(&HAWAII, &[("TOWEL-GRY", 1)]),
        to(&FORCES, &[("BATT-AA24", 1)]),
        to(&INDIANA, &[("TEA-EARL", 1)])
            .business("Applegarth Feed & Seed", "7")
            .commercial()
            .offers(OfferShape::UtcSaturday),
        to(&FLORIDA, &[("MAT-YOGA", 1)]).offers(OfferShape::Weekend),
        to(&DAKOTA, &[("WEIGHT-10", 2)])
            .business("Badlander Gym", "BG-10")
            .commercial()
            .offers(OfferShape::Weekend),
        to(&LOS_ANGELES, &[("CABLE-USB2", 1)]).offers(OfferShape::UtcSaturday),
        to(&LONG, &[("NOTE-A5", 1)]),
        to(&RIGHT_TO_LEFT, &[("PEN-GEL10", 1)]),
        to(&EMOJI, &[("CANDLE-VAN", 1)]),
        to(&CONTROL, &[("BATT-AA24", 2)]),
        to(&PEOPLE[0], &[("KETTLE-17", 1)]).offers(OfferShape::Late),
        to(&PEOPLE[1], &[("LAMP-DSK", 1)]).offers(OfferShape::SellerExclusions),
        to(&PEOPLE[2], &[("NOTE-A5", 1)]).offers(OfferShape::FlatRateOnly),
        to(&PEOPLE[3], &[("CABLE-USB2", 1)]).offers(OfferShape::NoPromise),
        to(&PEOPLE[4], &[("BATT-AA24", 1)]).offers(OfferShape::AdditionalInputs),
        to(&PEOPLE[5], &[("MUG-BLUE", 1)]).pickup_point(),
        to(&PEOPLE[6], &[("MUG-BLUE", 1), ("MUG-RED", 1)]).due(-2),
        to(&PEOPLE[7], &[("TOWEL-FACE", 2)]).prime().due(1),
    ]
}

/// What most of a day is made of, in both stores.
fn plain() -> Vec<Draft> {
    vec![
        to(&PEOPLE[8], &[("SOAP-LAV", 1)]).prime(),
        to(&PEOPLE[9], &[("CANDLE-VAN", 1)]),
        to(&PEOPLE[10], &[("TEA-EARL", 2)]),
        to(&PEOPLE[11], &[("MUG-RED", 1)]).prime(),
        to(&PEOPLE[0], &[("PEN-GEL10", 1), ("NOTE-A5", 1)]),
        to(&PEOPLE[1], &[("MUG-BLUE", 2)]).second_store(),
        to(&PEOPLE[2], &[("CHARGER-65", 1), ("CABLE-USB2", 1)]).second_store(),
        to(&PEOPLE[3], &[("SERUM-30", 1)]).second_store().prime(),
        to(&BAKERY, &[("TOWEL-FACE", 10)])
            .business("Crust & Crumb Bakery", "RYE-4")
            .commercial()
            .offers(OfferShape::Weekend)
            .second_store(),
        to(&PEOPLE[4], &[("MAT-YOGA", 1)]).second_store(),
        to(&PEOPLE[5], &[("TOWEL-GRY", 2)]).second_store(),
        to(&PEOPLE[6], &[("KETTLE-17", 1)]).second_store().due(4),
    ]
}
