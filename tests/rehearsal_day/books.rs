//! The end of the day: the station's own books against the simulator's ledger, and the table.

use crate::person::{End, Work};
use crate::rig::Rig;
use crate::trouble::Trouble;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use tapegun::domain::status::OrderStatus;
use tapegun::simulator::{Base, OfferShape, Order};
use tapegun::store::Store as _;

/// What the day was about, by the rarest thing in it.
pub(crate) fn kind(order: &Order) -> &'static str {
    let has = |program: &str| order.programs.iter().any(|known| known == program);
    let line = |start: &str| order.lines.iter().any(|line| line.sku.starts_with(start));
    match () {
        () if order.base == Base::Pending => "Pending at first",
        () if order.lines.iter().any(|line| line.cancel_requested) => "buyer asks to cancel",
        () if line("SET-") => "group",
        () if order.lines.iter().any(|line| line.transparency) => "transparency",
        () if order.lines.iter().any(|line| line.serial) => "serial number",
        () if line("TEA-BOX") => "kit",
        () if has("AMAZON_BUSINESS") => "Business",
        () if order.shape == OfferShape::AdditionalInputs => "asks for more details",
        () if order.shape != OfferShape::Plain => "odd offers",
        () if has("PRIME") => "Prime",
        () if order.address.kind == "PICKUP_POINT" => "pickup point",
        () if ["PR", "AK", "HI", "AE", "AP", "AA"].contains(&order.address.state.as_str()) => "far away",
        () => "plain",
    }
}

/// What the books say of the day.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// By kind: orders, shipped.
    kinds: BTreeMap<&'static str, (usize, usize)>,
    /// Orders that are not shipped, by why.
    left: BTreeMap<String, usize>,
    several_boxes: usize,
    in_bulk: usize,
    labels: usize,
    voids: usize,
    scans: usize,
    pub(crate) shipped: usize,
    /// Everything that is wrong.
    pub(crate) wrong: Vec<String>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Compares everything.
pub(crate) fn judge(
    rig: &Rig,
    orders: &[Order],
    plans: &BTreeMap<String, Work>,
    ends: &BTreeMap<String, End>,
    green: &BTreeMap<String, usize>,
) -> Verdict {
    let mut verdict = Verdict::default();
    let store = rig.store();
    let ledger: Value = serde_json::from_str(&rig.http("GET", "/_sim/ledger", "")).expect("JSON");
    // Key, order, tracking number of each label that is alive at Amazon.
    let mut alive: BTreeMap<String, (String, String)> = BTreeMap::new();
    for sold in ledger["shipments"].as_array().expect("shipments") {
        verdict.labels += 1;
        if sold["status"] == "live" {
            let (key, order) = (text(&sold["key"]), text(&sold["orderId"]));
            if alive
                .insert(key.clone(), (order.clone(), text(&sold["tracking"])))
                .is_some()
            {
                verdict
                    .wrong
                    .push(format!("{order}: two labels of one key {key}"));
            }
        } else {
            verdict.voids += 1;
        }
    }
    for order in orders {
        let number = &order.number;
        let detail = store.order(rig.id(number)).expect("order");
        let row = verdict.kinds.entry(kind(order)).or_default();
        row.0 += 1;
        let shipped = detail.order.status == OrderStatus::Shipped;
        row.1 += usize::from(shipped);
        verdict.shipped += usize::from(shipped);
        verdict.several_boxes += usize::from(detail.boxes.len() > 1);
        verdict.in_bulk += usize::from(shipped && plans.get(number).is_some_and(|work| work.bulk));
        verdict.scans += detail.scans.len();
        let seen = green.get(number).copied().unwrap_or(0);
        if detail.scans.len() < seen {
            let words = format!(
                "{number}: {seen} green scans, {} in the store",
                detail.scans.len()
            );
            verdict.wrong.push(words);
        }
        let mut boxes = BTreeSet::new();
        for label in detail.labels.iter().filter(|label| label.state.is_bought()) {
            if !boxes.insert(label.box_id) {
                verdict.wrong.push(format!("{number}: two labels for one box"));
            }
            let tracking = label.tracking.as_ref().map(ToString::to_string);
            let known = alive.remove(&label.id.to_string());
            if known.as_ref() != Some(&(number.clone(), tracking.clone().unwrap_or_default())) {
                let words = format!("{number}: {tracking:?} in the store, {known:?} at Amazon");
                verdict.wrong.push(words);
            }
        }
        if shipped && boxes.len() != detail.boxes.len() {
            let words = format!(
                "{number} is shipped: {} labels for {} boxes",
                boxes.len(),
                detail.boxes.len()
            );
            verdict.wrong.push(words);
        }
        if !shipped {
            let why = match ends.get(number) {
                Some(End::Left(words) | End::Later(words)) => without_digits(words),
                Some(End::Done) => "done, but not shipped".to_owned(),
                None => "nobody took it".to_owned(),
            };
            *verdict
                .left
                .entry(format!("{}: {why}", detail.order.status))
                .or_default() += 1;
        }
    }
    for (order, tracking) in alive.into_values() {
        verdict.wrong.push(format!(
            "{order}: {tracking} is alive at Amazon, and the store knows nothing"
        ));
    }
    let waiting = store.waiting().expect("counts");
    if waiting.purchases + waiting.unknown + waiting.voids > 0 {
        verdict.wrong.push(format!("not settled: {waiting:?}"));
    }
    if let Err(broken) = store.verify_chain().expect("a chain") {
        verdict.wrong.push(format!("the audit's chain: {broken}"));
    }
    verdict
}

/// So that reasons of one sort are counted together.
fn without_digits(words: &str) -> String {
    let plain: String = words
        .chars()
        .filter(|letter| !letter.is_ascii_digit() && *letter != '|')
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What people at the screens met.
pub(crate) struct Day {
    pub(crate) seconds: u64,
    pub(crate) waited: usize,
    pub(crate) rose: usize,
}

/// The table, in Markdown.
pub(crate) fn table(verdict: &Verdict, day: &Day, trouble: &Trouble) -> String {
    let mut out = String::from("| kind | orders | shipped | left |\n| --- | --- | --- | --- |\n");
    let (mut all, mut shipped) = (0, 0);
    for (kind, (orders, done)) in &verdict.kinds {
        let _ = writeln!(out, "| {kind} | {orders} | {done} | {} |", orders - done);
        all += orders;
        shipped += done;
    }
    let _ = writeln!(out, "| all | {all} | {shipped} | {} |\n", all - shipped);
    out.push_str("| left, and what the screen said | orders |\n| --- | --- |\n");
    for (why, count) in &verdict.left {
        let _ = writeln!(out, "| {why} | {count} |");
    }
    out.push_str("\n| figure | |\n| --- | --- |\n");
    let struck: u64 = trouble.struck.values().sum();
    for (name, figure) in [
        ("orders in several boxes", verdict.several_boxes as u64),
        ("shipped in bulk", verdict.in_bulk as u64),
        ("accepted scans", verdict.scans as u64),
        ("labels in the ledger", verdict.labels as u64),
        ("of these voided", verdict.voids as u64),
        ("purchases that waited in the outage", day.waited as u64),
        ("prices that rose at the yes", day.rose as u64),
        ("faults that struck", struck),
        ("seconds", day.seconds),
    ] {
        let _ = writeln!(out, "| {name} | {figure} |");
    }
    out.push_str("\n| fault | struck |\n| --- | --- |\n");
    for (name, count) in &trouble.struck {
        let _ = writeln!(out, "| {name} | {count} |");
    }
    out
}
