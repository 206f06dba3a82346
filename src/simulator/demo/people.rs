//! Recipients of the demo's orders. All are invented; the places are real, so that time zones and rules have
//! something to decide.

use crate::simulator::order::Address;
use chrono_tz::Tz;

/// A recipient.
pub(super) struct Person {
    pub(super) name: &'static str,
    street: &'static str,
    second: &'static str,
    city: &'static str,
    state: &'static str,
    postal_code: &'static str,
    zone: Tz,
}

impl Person {
    /// The address, residential.
    pub(super) fn address(&self) -> Address {
        let mut lines = vec![self.street.to_owned()];
        if !self.second.is_empty() {
            lines.push(self.second.to_owned());
        }
        let digits: String = self
            .postal_code
            .chars()
            .filter(char::is_ascii_digit)
            .take(4)
            .collect();
        Address {
            name: self.name.to_owned(),
            company: None,
            lines,
            city: self.city.to_owned(),
            state: self.state.to_owned(),
            postal_code: self.postal_code.to_owned(),
            country: "US".to_owned(),
            phone: format!("+1 555-014-{digits}"),
            kind: "RESIDENTIAL".to_owned(),
            zone: self.zone,
        }
    }
}

const fn person(
    name: &'static str,
    street: &'static str,
    second: &'static str,
    (city, state, postal_code, zone): (&'static str, &'static str, &'static str, Tz),
) -> Person {
    Person {
        name,
        street,
        second,
        city,
        state,
        postal_code,
        zone,
    }
}

use chrono_tz::America::{Anchorage, Chicago, Denver, Los_Angeles, New_York, Phoenix, Puerto_Rico};
use chrono_tz::Pacific::Honolulu;

/// People at plain addresses; the demo's first orders and the load test's go to them in turn.
pub(super) const PEOPLE: &[Person] = &[
    person(
        "Odette Vanterpool",
        "118 Larkspur Ln",
        "",
        ("Columbus", "OH", "43215", New_York),
    ),
    person(
        "Marius Quillfeather",
        "4207 Birchhollow Rd",
        "Apt 3B",
        ("Madison", "WI", "53703", Chicago),
    ),
    person(
        "Thandiwe Osgood",
        "77 Cobblemere St",
        "",
        ("Boise", "ID", "83702", Denver),
    ),
    person(
        "Lucio Brandywine",
        "960 Saltmarsh Ave",
        "",
        ("Savannah", "GA", "31401", New_York),
    ),
    person(
        "Ingrid Pellworm",
        "5 Kestrel Ct",
        "Unit 12",
        ("Portland", "OR", "97205", Los_Angeles),
    ),
    person(
        "Bartholomew Xu",
        "2301 Tanglewood Dr",
        "",
        ("Austin", "TX", "78704", Chicago),
    ),
    person(
        "Rosalind Achterberg",
        "14 Windrose Way",
        "",
        ("Providence", "RI", "02903", New_York),
    ),
    person(
        "Kwame Featherstone",
        "889 Juniper Bluff",
        "",
        ("Denver", "CO", "80203", Denver),
    ),
    person(
        "Delphine Morrowind",
        "3120 Canal Spur",
        "Fl 2",
        ("New Orleans", "LA", "70119", Chicago),
    ),
    person(
        "Piotr Hazelnutt",
        "61 Millrace Rd",
        "",
        ("Phoenix", "AZ", "85004", Phoenix),
    ),
    person(
        "Anneke Stormalong",
        "702 Harborlight Dr",
        "",
        ("Seattle", "WA", "98101", Los_Angeles),
    ),
    person(
        "Zebulon Crick",
        "45 Old Quarry Rd",
        "",
        ("Burlington", "VT", "05401", New_York),
    ),
];

/// People at places where a rule has something to decide.
pub(super) const PUERTO_RICO: Person = person(
    "Marisol Quintanar",
    "23 Calle Luna",
    "",
    ("San Juan", "PR", "00901", Puerto_Rico),
);
pub(super) const ALASKA: Person = person(
    "Torvald Snowbush",
    "410 Spruce Spit Rd",
    "",
    ("Anchorage", "AK", "99501", Anchorage),
);
pub(super) const HAWAII: Person = person(
    "Leilani Keawe-Doyle",
    "88 Plumeria Pl",
    "",
    ("Honolulu", "HI", "96815", Honolulu),
);
/// Knox, Indiana: a state of two zones, on the Central side.
pub(super) const INDIANA: Person = person(
    "Cornelius Applegarth",
    "15 Depot St",
    "",
    ("Knox", "IN", "46534", Chicago),
);
/// Pensacola: Florida's Central side.
pub(super) const FLORIDA: Person = person(
    "Bettina Gullwing",
    "900 Palafox Bend",
    "",
    ("Pensacola", "FL", "32502", Chicago),
);
/// Rapid City: South Dakota's Mountain side.
pub(super) const DAKOTA: Person = person(
    "Hollis Badlander",
    "31 Granite Row",
    "",
    ("Rapid City", "SD", "57701", Denver),
);
pub(super) const LOS_ANGELES: Person = person(
    "Evangeline Sundara",
    "1440 Vista Perdida",
    "",
    ("Los Angeles", "CA", "90015", Los_Angeles),
);
pub(super) const FORCES: Person = person(
    "Sgt Ambrose Tolliver",
    "PSC 1234 Box 5678",
    "",
    ("APO", "AE", "09012", New_York),
);

/// Names that screens, labels and files must survive.
pub(super) const LONG: Person = person(
    "Wolfeschlegelsteinhausen-Bergerdorffwelche Alexandrina Maxim",
    "12345 Boulevard of the Quite Unreasonably Long Street Names",
    "Building Seventeen, Entrance East, Staircase C, Apartment 4",
    ("Cincinnati", "OH", "45202", New_York),
);
pub(super) const RIGHT_TO_LEFT: Person = person(
    "נועה בן־דוד \u{202e}Reversed\u{202c}",
    "19 شارع النخيل",
    "",
    ("Dearborn", "MI", "48126", New_York),
);
pub(super) const EMOJI: Person = person(
    "Zoë 👩‍👩‍👧‍👦 O’Pale🎈",
    "7 Straße der Köche ^FD~JA_1",
    "",
    ("Chicago", "IL", "60605", Chicago),
);
pub(super) const CONTROL: Person = person(
    "Bobby\u{1b}[2J\u{7}Tables\r\nLine",
    "1 Null\u{0}Byte Ct\u{9b}31m",
    "",
    ("Reno", "NV", "89501", Los_Angeles),
);

/// Businesses: the person who receives, at the business's address.
pub(super) const DENTIST: Person = person(
    "Reception Desk",
    "2200 Molar Pkwy",
    "Ste 410",
    ("Charlotte", "NC", "28202", New_York),
);
pub(super) const BAKERY: Person = person(
    "Honorine Crust",
    "81 Rye Row",
    "",
    ("Philadelphia", "PA", "19106", New_York),
);
pub(super) const SCHOOL: Person = person(
    "Front Office",
    "600 Slate Hill Rd",
    "Bldg A",
    ("Kansas City", "MO", "64106", Chicago),
);
pub(super) const LAW_FIRM: Person = person(
    "Mailroom",
    "1 Gavel Plz",
    "Fl 21",
    ("San Francisco", "CA", "94105", Los_Angeles),
);
pub(super) const HOME_OFFICE: Person = person(
    "Sunniva Deskworth",
    "36 Willowbend Cir",
    "",
    ("Raleigh", "NC", "27601", New_York),
);
