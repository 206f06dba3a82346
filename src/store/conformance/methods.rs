//! Methods assigned ahead, and methods that are switched off.

use super::Case;
use super::station::{Bench, channel, line, refusal, shop};
use crate::domain::ids::OrderId;
use crate::domain::method::AssignedBy;
use crate::domain::order::AssignedMethod;
use crate::domain::status::OrderStatus;
use crate::store::{AssignMethod, Refusal};

pub(super) const CASES: &[Case] = &[
    (
        "a method is assigned by a person, and the history says from what to what",
        assigned,
    ),
    (
        "an order with a label, or one that is gone, takes no method",
        too_late,
    ),
    ("a shop knows the methods that its rates named", learned),
    (
        "what is switched off is not bought, whoever chose it, until it is on again",
        off_is_not_bought,
    ),
    ("what is switched off is not assigned", off_is_not_assigned),
    (
        "switching a method needs the permission, and a reason",
        who_switches,
    ),
    (
        "a Prime order goes to a label from elsewhere with the permission and a reason alone",
        prime,
    ),
    ("another import leaves the method as it is", imported_again),
];

fn method(text: &str) -> AssignedMethod {
    AssignedMethod::parse(text).unwrap()
}

fn wish(bench: &Bench, order: OrderId, text: &str) -> AssignMethod {
    AssignMethod {
        order,
        method: method(text),
        by: bench.packer,
        reason: String::new(),
    }
}

fn assigned(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    let detail = bench.store.order(order).unwrap();
    assert_eq!(detail.order.assigned, AssignedMethod::Unknown);
    assert_eq!(detail.method.by, AssignedBy::Nobody);
    let mut wanted = wish(&bench, order, "carrier:UPS");
    wanted.reason = "contract".to_owned();
    bench.store.assign_method(&wanted, bench.now).unwrap();
    let detail = bench.store.order(order).unwrap();
    assert_eq!(detail.order.assigned, method("carrier:UPS"));
    assert_eq!(detail.method.by, AssignedBy::Person("Ann".to_owned()));
    assert_eq!(
        (detail.method.why.as_str(), detail.method.at),
        ("contract", Some(bench.now))
    );
    assert_eq!(
        detail.history[0].what,
        "method assigned: the cheapest of UPS that passes, before: the cheapest that passes (contract)"
    );
    // Another one takes its place.
    bench
        .store
        .assign_method(&wish(&bench, order, "UPS_PTP_GND"), bench.now)
        .unwrap();
    let detail = bench.store.order(order).unwrap();
    assert_eq!(detail.order.assigned, method("UPS_PTP_GND"));
    assert_eq!(detail.method.why, "");
}

fn too_late(mut bench: Bench) {
    let want = bench.wanted(1);
    let wanted = wish(&bench, want.order, "UPS_PTP_GND");
    let words = refusal(bench.store.assign_method(&wanted, bench.now)).to_string();
    assert!(words.contains("has a label"), "{words}");
    let order = bench.mugs(2, 1);
    bench
        .store
        .set_status(
            order,
            OrderStatus::Canceled,
            Some(bench.supervisor),
            "test",
            bench.now,
        )
        .unwrap();
    let wanted = wish(&bench, order, "UPS_PTP_GND");
    refusal(bench.store.assign_method(&wanted, bench.now));
}

fn learned(mut bench: Bench) {
    assert!(bench.store.known_methods(None).unwrap().is_empty());
    bench.ready(1);
    bench.ready(2);
    let known = bench.store.known_methods(Some(&shop())).unwrap();
    let [one] = &known[..] else { panic!("{known:?}") };
    assert_eq!(
        (
            one.service_id.as_str(),
            one.service.as_str(),
            one.carrier.as_str()
        ),
        ("UPS_PTP_GND", "UPS Ground", "UPS")
    );
    assert!(one.off.is_none());
    assert!(
        bench
            .store
            .known_methods(Some(&"other".into()))
            .unwrap()
            .is_empty()
    );
}

fn switched(bench: &mut Bench, on: bool) {
    bench
        .store
        .switch_method(
            &shop(),
            "ups_ptp_gnd",
            on,
            bench.supervisor,
            "claims never paid",
            bench.now,
        )
        .unwrap();
}

fn off_is_not_bought(mut bench: Bench) {
    let want = bench.ready(1);
    switched(&mut bench, false);
    let words = match refusal(bench.store.want_label(&want, bench.now)) {
        Refusal::MethodBarred(words) => words,
        other => panic!("{other:?}"),
    };
    assert!(
        words.contains("switched off for store us by Sue (claims never paid)"),
        "{words}"
    );
    switched(&mut bench, true);
    bench.store.want_label(&want, bench.now).unwrap();
}

fn off_is_not_assigned(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    // Before any rates named it.
    switched(&mut bench, false);
    let wanted = wish(&bench, order, "UPS_PTP_GND");
    let refused = refusal(bench.store.assign_method(&wanted, bench.now));
    assert!(matches!(refused, Refusal::MethodBarred(_)), "{refused:?}");
    assert_eq!(
        bench.store.order(order).unwrap().order.assigned,
        AssignedMethod::Unknown
    );
    // The rates bring its name and leave it off.
    bench.ready(2);
    let known = bench.store.known_methods(None).unwrap();
    assert_eq!((known.len(), known[0].service.as_str()), (1, "UPS Ground"));
    assert_eq!(known[0].off.as_ref().unwrap().by, "Sue");
}

fn who_switches(mut bench: Bench) {
    let (packer, supervisor) = (bench.packer, bench.supervisor);
    let words = refusal(
        bench
            .store
            .switch_method(&shop(), "X", false, packer, "why not", bench.now),
    );
    let words = words.to_string();
    assert!(
        words.contains("Ann may not change shipping policies or methods: ask Sue"),
        "{words}"
    );
    refusal(
        bench
            .store
            .switch_method(&shop(), "X", false, supervisor, " ", bench.now),
    );
    assert!(bench.store.known_methods(None).unwrap().is_empty());
}

fn prime(mut bench: Bench) {
    let mut word = channel(1, vec![line("L1", "MUG", 1)]);
    word.programs.prime = true;
    let order = bench.import(word);
    let mut wanted = wish(&bench, order, "elsewhere:UPS");
    wanted.reason = "strike at the depot".to_owned();
    let words = refusal(bench.store.assign_method(&wanted, bench.now)).to_string();
    assert!(
        words.contains("Ann may not break Amazon's rules for a Prime order: ask Sue"),
        "{words}"
    );
    wanted.by = bench.supervisor;
    wanted.reason = " ".to_owned();
    let words = refusal(bench.store.assign_method(&wanted, bench.now)).to_string();
    assert!(words.contains("PRIME"), "{words}");
    wanted.reason = "strike at the depot".to_owned();
    bench.store.assign_method(&wanted, bench.now).unwrap();
    assert_eq!(
        bench.store.order(order).unwrap().order.assigned,
        method("elsewhere:UPS")
    );
}

fn imported_again(mut bench: Bench) {
    let order = bench.mugs(1, 1);
    bench
        .store
        .assign_method(&wish(&bench, order, "carrier:UPS"), bench.now)
        .unwrap();
    let mut word = channel(1, vec![line("L1", "MUG", 2)]);
    word.updated_at = bench.now;
    bench.import(word);
    let detail = bench.store.order(order).unwrap();
    assert_eq!(detail.order.channel.lines[0].quantity, 2);
    assert_eq!(detail.order.assigned, method("carrier:UPS"));
}
