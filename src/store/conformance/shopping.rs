//! Rate shopping ahead of packing: what is due, and what is kept.

use super::Case;
use super::station::{Bench, channel, line, shop, usd};
use crate::domain::ids::OrderId;
use crate::domain::order::AssignedMethod;
use crate::domain::shopping::{Shopped, ShoppedMethod};
use crate::store::AssignMethod;
use chrono::{Days, NaiveDate};

pub(super) const CASES: &[Case] = &[
    (
        "an order is shopped for once a day, the most urgent first",
        once_a_day,
    ),
    (
        "what changed of an order, or its method, makes it due again",
        due_again,
    ),
    (
        "what has a label or does not wait to be packed is not shopped for",
        not_waiting,
    ),
    (
        "another method than the day before is told in the history, the same one is not",
        told,
    ),
];

fn found(bench: &Bench, name: &str) -> Shopped {
    Shopped {
        at: bench.now,
        day: today(bench),
        parcel: "12 oz, 8x6x4 in".to_owned(),
        found: Ok(ShoppedMethod {
            carrier_id: "UPS".to_owned(),
            service_id: "UPS_PTP_GND".to_owned(),
            name: name.to_owned(),
            price: usd(820),
            promise: None,
            passed_over: Vec::new(),
        }),
        before: None,
    }
}

fn today(bench: &Bench) -> NaiveDate {
    bench.now.date_naive()
}

fn due(bench: &Bench, day: NaiveDate) -> Vec<OrderId> {
    let due = bench.store.shopping_due(&shop(), day, 10).unwrap();
    due.into_iter().map(|(order, _)| order).collect()
}

fn once_a_day(mut bench: Bench) {
    let later = bench.mugs(1, 1);
    let mut urgent = channel(2, vec![line("L1", "MUG", 1)]);
    urgent.ship_by.latest = Some(bench.now);
    let urgent = bench.import(urgent);
    let day = today(&bench);
    assert_eq!(due(&bench, day), [urgent, later]);
    assert_eq!(bench.store.shopping_due(&shop(), day, 1).unwrap().len(), 1);
    assert!(
        bench
            .store
            .shopping_due(&"other".into(), day, 10)
            .unwrap()
            .is_empty()
    );
    bench
        .store
        .put_shopped(urgent, &found(&bench, "UPS Ground"))
        .unwrap();
    assert_eq!(due(&bench, day), [later]);
    assert_eq!(
        due(&bench, day + Days::new(1)),
        [later, urgent],
        "and again the next day"
    );
    let shopped = bench.store.order(urgent).unwrap().method.shopped.unwrap();
    assert_eq!(shopped.words(), "UPS Ground $8.20");
    assert_eq!(
        bench.store.order(urgent).unwrap().order.assigned,
        AssignedMethod::Unknown
    );
    assert_eq!(bench.store.shop_again(&shop()).unwrap(), 1);
    assert_eq!(due(&bench, day), [urgent, later]);
}

fn due_again(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let day = today(&bench);
    let shopped = found(&bench, "UPS Ground");
    let again = |bench: &mut Bench, what: &str| {
        assert_eq!(due(bench, day), [order], "{what}");
        bench.store.put_shopped(order, &shopped).unwrap();
        assert!(due(bench, day).is_empty(), "{what}");
    };
    again(&mut bench, "new");
    let mut told = channel(1, vec![line("L1", "MUG", 1)]);
    bench.import(told.clone());
    assert!(due(&bench, day).is_empty(), "nothing changed");
    told.lines[0].quantity = 2;
    bench.import(told.clone());
    again(&mut bench, "items");
    told.address_fingerprint = vec![9];
    bench.import(told.clone());
    again(&mut bench, "address");
    told.deliver_by.latest = Some(bench.now);
    bench.import(told);
    again(&mut bench, "promise");
    let assign = AssignMethod {
        order,
        method: AssignedMethod::parse("carrier:UPS").unwrap(),
        by: bench.packer,
        reason: String::new(),
    };
    bench.store.assign_method(&assign, bench.now).unwrap();
    again(&mut bench, "assigned");
}

fn not_waiting(mut bench: Bench) {
    let day = today(&bench);
    let want = bench.bought(1);
    assert!(due(&bench, day).is_empty(), "it has a label");
    bench.void(want.id);
    assert_eq!(due(&bench, day), [want.order], "voided");
    let mut pending = channel(2, vec![line("L1", "MUG", 1)]);
    pending.status = crate::domain::order::ChannelStatus::Pending;
    pending.destination = None;
    bench.import(pending);
    assert_eq!(due(&bench, day), [want.order]);
}

fn told(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let count = |bench: &Bench| {
        let history = bench.store.order(order).unwrap().history;
        let told = history
            .iter()
            .filter(|row| row.what.starts_with("rate shopping: "));
        told.count()
    };
    bench
        .store
        .put_shopped(order, &found(&bench, "UPS Ground"))
        .unwrap();
    bench
        .store
        .put_shopped(order, &found(&bench, "UPS Ground"))
        .unwrap();
    assert_eq!(count(&bench), 0);
    bench
        .store
        .put_shopped(order, &found(&bench, "UPS 2nd Day"))
        .unwrap();
    assert_eq!(count(&bench), 1);
    let detail = bench.store.order(order).unwrap();
    assert_eq!(
        detail.history[0].what,
        "rate shopping: UPS 2nd Day $8.20, before: UPS Ground"
    );
    assert_eq!(
        detail.method.shopped.unwrap().before.as_deref(),
        Some("UPS Ground")
    );
}
