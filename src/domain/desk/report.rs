//! The desk's numbers as tables: the same for the command line, for scripts and for CSV files. No customer data.

use super::{CarrierCost, Hour, OpenOrders, RefusedScans, WorkHour, error_rate};
use crate::domain::csv::Cell;
use crate::domain::ids::{OrderNumber, PickListId, StoreId, TrackingNumber};
use crate::domain::money::{Currency, Money};
use crate::domain::seller::LabelVia;
use crate::domain::shipment::LabelState;
use crate::domain::spend::{Payee, Sum};
use crate::domain::status::OrderStatus;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::fmt;

/// Which table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportKind {
    /// Open orders by the hour of their ship-by.
    ShipBy,
    /// Orders and units packed in each hour by each packer.
    Packed,
    /// Scans, refused scans and answer times in each hour of each packer.
    Scans,
    /// Refused scans by form.
    Errors,
    /// What labels cost on each day with each carrier.
    Spend,
    /// Voided labels and their refunds.
    Refunds,
    /// Labels.
    Labels,
    /// Open orders.
    Orders,
}

impl ReportKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::ShipBy,
        Self::Packed,
        Self::Scans,
        Self::Errors,
        Self::Spend,
        Self::Refunds,
        Self::Labels,
        Self::Orders,
    ];

    /// The word on the command line and in names of files.
    pub fn word(self) -> &'static str {
        match self {
            Self::ShipBy => "ship-by",
            Self::Packed => "packed",
            Self::Scans => "scans",
            Self::Errors => "errors",
            Self::Spend => "spend",
            Self::Refunds => "refunds",
            Self::Labels => "labels",
            Self::Orders => "orders",
        }
    }

    /// By its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.word().eq_ignore_ascii_case(word.trim()))
    }

    /// Names of the columns.
    pub fn head(self) -> &'static [&'static str] {
        match self {
            Self::ShipBy => &["hour_utc", "hour_local", "orders", "late"],
            Self::Packed => &["hour_utc", "hour_local", "packer", "orders", "units"],
            Self::Scans => &[
                "hour_utc",
                "hour_local",
                "packer",
                "scans",
                "refused",
                "refused_share",
                "timed",
                "p50_ms_at_most",
                "p99_ms_at_most",
            ],
            Self::Errors => &["hour_utc", "hour_local", "packer", "what", "scans"],
            Self::Spend => &[
                "day",
                "carrier",
                "paid_to",
                "currency",
                "live",
                "live_labels",
                "voided",
                "voided_labels",
                "refunded",
                "refunded_labels",
            ],
            Self::Refunds => &[
                "voided_utc",
                "voided_local",
                "order",
                "store",
                "carrier",
                "service",
                "state",
                "currency",
                "paid",
                "refunded",
                "expected_by_utc",
                "packer",
                "label",
            ],
            Self::Labels => &[
                "wanted_utc",
                "wanted_local",
                "order",
                "store",
                "box",
                "carrier",
                "service",
                "way",
                "paid_to",
                "state",
                "currency",
                "price",
                "tracking",
                "packer",
                "station",
                "label",
            ],
            Self::Orders => &[
                "ship_by_utc",
                "ship_by_local",
                "order",
                "store",
                "status",
                "units",
                "units_packed",
                "pick_list",
                "imported_utc",
            ],
        }
    }
}

impl fmt::Display for ReportKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A label as a report tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelLine {
    /// Place in the order of all labels, to read on after it.
    pub sequence: i64,
    /// Its id.
    pub label: String,
    /// Wanted at.
    pub wanted_at: DateTime<Utc>,
    /// Order.
    pub order: OrderNumber,
    /// Shop.
    pub store: StoreId,
    /// Number of the box within the order.
    pub box_number: u32,
    /// Carrier.
    pub carrier: String,
    /// Service.
    pub service: String,
    /// Which way it came.
    pub via: LabelVia,
    /// Whom it is paid to.
    pub payee: Payee,
    /// State.
    pub state: LabelState,
    /// Price.
    pub price: Money,
    /// Tracking number.
    pub tracking: Option<TrackingNumber>,
    /// Who wanted it, by name.
    pub packer: String,
    /// Where.
    pub station: String,
    /// Voided at.
    pub voided_at: Option<DateTime<Utc>>,
    /// Until when the refund is expected.
    pub expected_by: Option<DateTime<Utc>>,
    /// What came back.
    pub refunded: Option<Money>,
}

/// An open order as a report tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    /// Our number, to read on after it.
    pub id: i64,
    /// Latest ship-by.
    pub ship_by: Option<DateTime<Utc>>,
    /// Number.
    pub order: OrderNumber,
    /// Shop.
    pub store: StoreId,
    /// Status.
    pub status: OrderStatus,
    /// Things that are scanned once.
    pub units: u32,
    /// Of these, verified.
    pub units_packed: u32,
    /// Pick list.
    pub pick_list: Option<PickListId>,
    /// Imported at.
    pub imported_at: DateTime<Utc>,
}

fn hour(hour: Hour, zone: Tz) -> [Cell; 2] {
    [Cell::Utc(hour.start()), Cell::Local(hour.start(), zone)]
}

fn moment(at: Option<DateTime<Utc>>, zone: Tz) -> [Cell; 2] {
    at.map_or([Cell::Empty, Cell::Empty], |at| {
        [Cell::Utc(at), Cell::Local(at, zone)]
    })
}

/// Open orders: late ones first, then by hour, then the rest.
pub fn ship_by(open: &OpenOrders, zone: Tz) -> Vec<Vec<Cell>> {
    let plain = |words: &str, orders: u64, late: &str| {
        vec![
            Cell::text(words),
            Cell::text(words),
            Cell::count(orders),
            Cell::text(late),
        ]
    };
    let mut rows = vec![plain("late", open.late, "yes")];
    rows.extend(open.hours.iter().map(|(at, orders)| {
        let [utc, local] = hour(*at, zone);
        vec![utc, local, Cell::count(*orders), Cell::text("no")]
    }));
    rows.push(plain("later", open.later, "no"));
    rows
}

/// A row for each hour of each packer in which anything was packed.
pub fn packed(work: &[WorkHour], zone: Tz) -> Vec<Vec<Cell>> {
    let each = work.iter().filter(|row| row.orders != 0 || row.units != 0);
    each.map(|row| {
        let [utc, local] = hour(row.hour, zone);
        vec![
            utc,
            local,
            Cell::text(&row.name),
            Cell::Whole(row.orders),
            Cell::Whole(row.units),
        ]
    })
    .collect()
}

/// A row for each hour of each packer in which anything was scanned.
pub fn scans(work: &[WorkHour], zone: Tz) -> Vec<Vec<Cell>> {
    let percentile = |row: &WorkHour, percent| match row.answers.percentile(percent) {
        None => Cell::Empty,
        Some(super::UpTo::Millis(millis)) => Cell::count(millis.into()),
        Some(super::UpTo::More) => Cell::text("more"),
    };
    let each = work.iter();
    each.map(|row| {
        let [utc, local] = hour(row.hour, zone);
        vec![
            utc,
            local,
            Cell::text(&row.name),
            Cell::count(row.scans),
            Cell::count(row.refused),
            error_rate(row.scans, row.refused).map_or(Cell::Empty, Cell::PerMille),
            Cell::count(row.answers.count()),
            percentile(row, 50),
            percentile(row, 99),
        ]
    })
    .collect()
}

/// Refused scans.
pub fn errors(refused: &[RefusedScans], zone: Tz) -> Vec<Vec<Cell>> {
    let each = refused.iter().map(|row| {
        let [utc, local] = hour(row.hour, zone);
        vec![
            utc,
            local,
            Cell::text(&row.name),
            Cell::text(&row.form),
            Cell::count(row.scans),
        ]
    });
    each.collect()
}

/// What labels of a day cost.
pub fn spend(day: DateTime<Utc>, costs: &[CarrierCost], zone: Tz) -> Vec<Vec<Cell>> {
    let sum = |sum: Sum, currency: Currency| {
        [
            Cell::Amount(Money::new(sum.minor, currency)),
            Cell::count(sum.labels),
        ]
    };
    let each = costs.iter().map(|row| {
        let day = day.with_timezone(&zone).date_naive();
        let mut cells = vec![
            Cell::text(day.to_string()),
            Cell::text(&row.carrier),
            Cell::text(row.payee.key()),
            Cell::text(row.currency.code()),
        ];
        for part in [row.live, row.voided, row.refunded] {
            cells.extend(sum(part, row.currency));
        }
        cells
    });
    each.collect()
}

/// A voided label.
pub fn refund(line: &LabelLine, zone: Tz) -> Vec<Cell> {
    let [voided, voided_local] = moment(line.voided_at, zone);
    let [expected, _] = moment(line.expected_by, zone);
    vec![
        voided,
        voided_local,
        Cell::text(line.order.as_str()),
        Cell::text(line.store.as_str()),
        Cell::text(&line.carrier),
        Cell::text(&line.service),
        Cell::text(line.state.words()),
        Cell::text(line.price.currency.code()),
        Cell::Amount(line.price),
        line.refunded.map_or(Cell::Empty, Cell::Amount),
        expected,
        Cell::text(&line.packer),
        Cell::text(&line.label),
    ]
}

/// A label.
pub fn label(line: &LabelLine, zone: Tz) -> Vec<Cell> {
    let [wanted, wanted_local] = moment(Some(line.wanted_at), zone);
    vec![
        wanted,
        wanted_local,
        Cell::text(line.order.as_str()),
        Cell::text(line.store.as_str()),
        Cell::count(line.box_number.into()),
        Cell::text(&line.carrier),
        Cell::text(&line.service),
        Cell::text(line.via.key()),
        Cell::text(line.payee.key()),
        Cell::text(line.state.words()),
        Cell::text(line.price.currency.code()),
        Cell::Amount(line.price),
        Cell::maybe(line.tracking.as_ref().map(TrackingNumber::as_str)),
        Cell::text(&line.packer),
        Cell::text(&line.station),
        Cell::text(&line.label),
    ]
}

/// An open order.
pub fn order(line: &OrderLine, zone: Tz) -> Vec<Cell> {
    let [by, by_local] = moment(line.ship_by, zone);
    vec![
        by,
        by_local,
        Cell::text(line.order.as_str()),
        Cell::text(line.store.as_str()),
        Cell::text(line.status.to_string()),
        Cell::count(line.units.into()),
        Cell::count(line.units_packed.into()),
        line.pick_list.map_or(Cell::Empty, |list| Cell::Whole(list.0)),
        Cell::Utc(line.imported_at),
    ]
}
