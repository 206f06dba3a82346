//! Shipping policies: kept in their order, run once at an order's creation, rehearsed.

use super::Case;
use super::station::{Bench, channel, line, refusal, shop, usd};
use crate::domain::ids::OrderId;
use crate::domain::method::AssignedBy;
use crate::domain::order::{AssignedMethod, ChannelStatus};
use crate::domain::policy::{Actions, Conditions, DateRule, Policy, PolicyRule};
use crate::domain::rate::Confirmation;
use crate::domain::rows::OrderFilter;
use crate::domain::warehouse::Warehouse;
use crate::store::AssignMethod;

pub(super) const CASES: &[Case] = &[
    (
        "a policy runs when an order is created, and the history says what it did",
        runs,
    ),
    (
        "a policy runs once: neither a later import nor a later policy changes the order",
        once,
    ),
    ("a Pending order's policies run when its address comes", pending),
    (
        "a person's choice stands against the policy that ran before it",
        person,
    ),
    (
        "a person's choice for a Pending order stands when its policies run",
        person_before,
    ),
    (
        "a policy's Delivery Confirmation is what boxes begin with",
        confirmation,
    ),
    ("a policy never sends a Prime order elsewhere", prime),
    ("an order is found by a policy's tag", tagged),
    (
        "a policy gives a service level and dates, and an import keeps them",
        promised,
    ),
    (
        "policies run in their order, which can be changed, and are copied between stores",
        ordered,
    ),
    ("changing policies needs the permission, and they are sound", who),
    (
        "a rehearsal says which open orders would be touched and why, and changes nothing",
        rehearsed,
    ),
];

fn rule(name: &str, method: &str) -> PolicyRule {
    PolicyRule {
        name: name.to_owned(),
        active: true,
        is_final: false,
        when: Conditions::default(),
        then: Actions {
            method: Some(method.to_owned()),
            ..Actions::default()
        },
    }
}

fn add(bench: &mut Bench, rule: &PolicyRule) -> Policy {
    bench
        .store
        .add_policy(&shop(), rule, bench.supervisor, bench.now)
        .unwrap()
}

fn method(bench: &Bench, order: OrderId) -> String {
    bench.store.order(order).unwrap().order.assigned.to_string()
}

fn runs(mut bench: Bench) {
    let mut cheap = rule("Cheap to UPS", "carrier:UPS");
    cheap.when.value_up_to = Some("50".to_owned());
    add(&mut bench, &cheap);
    let (one, three) = (bench.mugs(1, 1), bench.mugs(2, 3));
    assert_eq!(
        (method(&bench, one).as_str(), method(&bench, three).as_str()),
        ("carrier:UPS", "cheapest")
    );
    let detail = bench.store.order(one).unwrap();
    assert_eq!(detail.method.by, AssignedBy::Policy("Cheap to UPS".to_owned()));
    assert!(
        detail
            .history
            .iter()
            .any(|row| row.what == "policy Cheap to UPS: method the cheapest of UPS that passes"),
        "{:?}",
        detail.history
    );
    let (at, outcome) = bench.store.policy_run(three).unwrap().unwrap();
    assert_eq!(at, bench.now);
    assert_eq!(
        outcome.lines(),
        ["Cheap to UPS: did not hold (costs $59.97, over $50.00)"]
    );
}

fn once(mut bench: Bench) {
    let mut cheap = rule("Cheap", "carrier:UPS");
    cheap.when.value_up_to = Some("50".to_owned());
    let cheap = add(&mut bench, &cheap);
    let order = bench.mugs(1, 3);
    let mut word = channel(1, vec![line("L1", "MUG", 1)]);
    word.updated_at = bench.now;
    bench.import(word);
    assert_eq!(method(&bench, order), "cheapest");
    bench
        .store
        .change_policy(
            cheap.id,
            &rule("Cheap", "USPS_PTP_PM"),
            bench.supervisor,
            bench.now,
        )
        .unwrap();
    bench.mugs(1, 1);
    assert_eq!(method(&bench, order), "cheapest");
    let fresh = bench.mugs(2, 1);
    assert_eq!(method(&bench, fresh), "USPS_PTP_PM");
}

fn pending(mut bench: Bench) {
    let mut domestic = rule("Domestic", "carrier:UPS");
    domestic.when.country = vec!["US".to_owned()];
    add(&mut bench, &domestic);
    let mut word = channel(1, vec![line("L1", "MUG", 1)]);
    let to = word.destination.take();
    word.status = ChannelStatus::Pending;
    let order = bench.import(word.clone());
    assert_eq!(method(&bench, order), "cheapest");
    assert!(bench.store.policy_run(order).unwrap().is_none());
    word.destination = to;
    word.status = ChannelStatus::Unshipped;
    word.updated_at = bench.now;
    bench.import(word);
    assert_eq!(method(&bench, order), "carrier:UPS");
}

fn person(mut bench: Bench) {
    add(&mut bench, &rule("All", "carrier:UPS"));
    let order = bench.mugs(1, 1);
    let wanted = AssignMethod {
        order,
        method: AssignedMethod::Unknown,
        by: bench.packer,
        reason: String::new(),
    };
    bench.store.assign_method(&wanted, bench.now).unwrap();
    let mut word = channel(1, vec![line("L1", "MUG", 2)]);
    word.updated_at = bench.now;
    bench.import(word);
    assert_eq!(method(&bench, order), "cheapest");
    assert_eq!(
        bench.store.order(order).unwrap().method.by,
        AssignedBy::Person("Ann".to_owned())
    );
}

fn person_before(mut bench: Bench) {
    add(&mut bench, &rule("All", "carrier:UPS"));
    let mut word = channel(1, vec![line("L1", "MUG", 1)]);
    let to = word.destination.take();
    word.status = ChannelStatus::Pending;
    let order = bench.import(word.clone());
    let wanted = AssignMethod {
        order,
        method: AssignedMethod::parse("USPS_PTP_PM").unwrap(),
        by: bench.packer,
        reason: String::new(),
    };
    bench.store.assign_method(&wanted, bench.now).unwrap();
    word.destination = to;
    word.status = ChannelStatus::Unshipped;
    word.updated_at = bench.now;
    bench.import(word);
    assert!(bench.store.policy_run(order).unwrap().is_some());
    assert_eq!(method(&bench, order), "USPS_PTP_PM");
}

fn confirmation(mut bench: Bench) {
    let mut dear = rule("Dear", "cheapest");
    dear.then = Actions {
        confirmation: Some(Confirmation::Signature),
        ..Actions::default()
    };
    dear.when.value_over = Some("50".to_owned());
    add(&mut bench, &dear);
    let (one, three) = (bench.mugs(1, 1), bench.mugs(2, 3));
    assert_eq!(bench.open(one).confirmation, Confirmation::DeliveryConfirmation);
    assert_eq!(bench.open(three).confirmation, Confirmation::Signature);
}

fn prime(mut bench: Bench) {
    add(&mut bench, &rule("Own account", "elsewhere:UPS"));
    let mut word = channel(1, vec![line("L1", "MUG", 1)]);
    word.programs.prime = true;
    let order = bench.import(word);
    assert_eq!(method(&bench, order), "cheapest");
    let history = bench.store.history(order).unwrap();
    assert!(
        history.iter().any(|row| row
            .what
            .contains("a Prime order goes to Amazon Buy Shipping whatever a policy says")),
        "{history:?}"
    );
    let plain = bench.mugs(2, 1);
    assert_eq!(method(&bench, plain), "elsewhere:UPS");
}

fn tagged(mut bench: Bench) {
    let mut fragile = rule("Fragile", "cheapest");
    fragile.then = Actions {
        tag: Some("fragile".to_owned()),
        ..Actions::default()
    };
    fragile.when.sku = vec!["PAN".to_owned()];
    add(&mut bench, &fragile);
    bench.mugs(1, 1);
    let order = bench.import(channel(2, vec![line("L1", "PAN", 1)]));
    let filter = OrderFilter {
        text: Some("#fragile".to_owned()),
        ..OrderFilter::default()
    };
    let page = bench.store.orders(&filter, 0, 10).unwrap();
    assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [order]);
}

fn ordered(mut bench: Bench) {
    let first = add(&mut bench, &rule("First", "carrier:UPS"));
    let second = add(&mut bench, &rule("Second", "carrier:USPS"));
    assert_eq!((first.place, second.place), (1, 2));
    let order = bench.mugs(1, 1);
    assert_eq!(method(&bench, order), "carrier:USPS", "the later one overrides");
    bench
        .store
        .move_policy(second.id, 1, bench.supervisor, bench.now)
        .unwrap();
    let order = bench.mugs(2, 1);
    assert_eq!(method(&bench, order), "carrier:UPS");
    let other = "eu".into();
    add(&mut bench, &rule("Third", "cheapest"));
    let copied = bench
        .store
        .copy_policies(&shop(), &other, bench.supervisor, bench.now)
        .unwrap();
    let again = bench
        .store
        .copy_policies(&shop(), &other, bench.supervisor, bench.now)
        .unwrap();
    assert_eq!((copied, again), (3, 0));
    let names = |bench: &Bench, store: &str| -> Vec<(u32, String)> {
        let all = bench.store.policies(Some(&store.into())).unwrap();
        all.into_iter()
            .map(|policy| (policy.place, policy.rule.name))
            .collect()
    };
    let expected = [
        (1, "Second".to_owned()),
        (2, "First".to_owned()),
        (3, "Third".to_owned()),
    ];
    assert_eq!(names(&bench, "eu"), expected);
    bench
        .store
        .remove_policy(first.id, bench.supervisor, bench.now)
        .unwrap();
    assert_eq!(
        names(&bench, "us"),
        [(1, "Second".to_owned()), (2, "Third".to_owned())]
    );
    assert_eq!(names(&bench, "eu"), expected);
}

fn who(mut bench: Bench) {
    let sound = rule("Heavy", "carrier:UPS");
    let words = refusal(bench.store.add_policy(&shop(), &sound, bench.packer, bench.now)).to_string();
    assert!(
        words.contains("Ann may not change shipping policies or methods: ask Sue"),
        "{words}"
    );
    let unsound = rule("Heavy", "by air:UPS");
    refusal(
        bench
            .store
            .add_policy(&shop(), &unsound, bench.supervisor, bench.now),
    );
    let known = add(&mut bench, &sound);
    let twice = rule(" heavy ", "cheapest");
    refusal(
        bench
            .store
            .add_policy(&shop(), &twice, bench.supervisor, bench.now),
    );
    refusal(
        bench
            .store
            .change_policy(known.id, &sound, bench.packer, bench.now),
    );
    refusal(
        bench
            .store
            .change_policy(known.id, &unsound, bench.supervisor, bench.now),
    );
    refusal(bench.store.move_policy(known.id, 1, bench.packer, bench.now));
    refusal(bench.store.remove_policy(known.id, bench.packer, bench.now));
    refusal(
        bench
            .store
            .copy_policies(&shop(), &"eu".into(), bench.packer, bench.now),
    );
    assert_eq!(bench.store.policies(None).unwrap(), [known]);
}

fn rehearsed(mut bench: Bench) {
    let (one, two) = (bench.mugs(1, 1), bench.mugs(2, 2));
    let mut word = channel(3, vec![line("L1", "MUG", 9)]);
    word.status = ChannelStatus::Shipped;
    bench.import(word);
    let mut dear = rule("Dear", "carrier:UPS");
    dear.when.value_over = Some("30".to_owned());
    let rehearsal = bench.store.rehearse_policies(&shop(), Some(&dear), 10).unwrap();
    assert_eq!((rehearsal.looked_at, rehearsal.touched_in_all), (2, 1));
    let [touched] = &rehearsal.touched[..] else {
        panic!("{rehearsal:?}")
    };
    assert_eq!(touched.order, two);
    assert_eq!(usd(3998).to_string(), "$39.98");
    assert!(
        touched.outcome.lines()[0].contains("held (costs $39.98, over $30.00): method the cheapest of UPS"),
        "{:?}",
        touched.outcome.lines()
    );
    assert!(bench.store.policies(None).unwrap().is_empty());
    assert_eq!(
        (method(&bench, one).as_str(), method(&bench, two).as_str()),
        ("cheapest", "cheapest")
    );
    assert!(bench.store.policy_run(two).unwrap().is_none());
    let mut off = dear.clone();
    off.active = false;
    add(&mut bench, &off);
    let stored = bench.store.rehearse_policies(&shop(), None, 10).unwrap();
    assert_eq!(stored.touched_in_all, 0, "one that is off touches nothing");
}

fn promised(mut bench: Bench) {
    let mut house = Warehouse::always(chrono_tz::America::New_York);
    house.working_days.truncate(5);
    house.cut_off = chrono::NaiveTime::from_hms_opt(17, 0, 0);
    assert_eq!(bench.store.warehouse().unwrap(), None);
    bench.store.keep_warehouse(&house).unwrap();
    assert_eq!(bench.store.warehouse().unwrap(), Some(house));
    let mut fast = rule("Fast", "cheapest");
    fast.then = Actions {
        service_level: Some("2 Day".to_owned()),
        ship_by: Some(DateRule {
            days: 1,
            calendar: false,
            cut_off: Some("14:00".to_owned()),
        }),
        ..Actions::default()
    };
    add(&mut bench, &fast);
    let mut word = channel(1, vec![line("L1", "MUG", 2)]);
    word.ship_by.latest = None;
    let order = bench.import(word.clone());
    let seen = |bench: &Bench| bench.store.order(order).unwrap().order;
    let first = seen(&bench);
    // It came on Tuesday at 10:00 in New York.
    let wednesday = "2026-11-18T19:00:00Z".parse().unwrap();
    assert_eq!(first.channel.ship_by.latest, Some(wednesday));
    assert_eq!(first.channel.service_level, "2 Day");
    assert_eq!(first.whole(), word, "the channel's own word stays as it is");
    let listed = |bench: &Bench| {
        let page = bench.store.orders(&OrderFilter::default(), 0, 9).unwrap();
        page.rows[0].ship_by
    };
    assert_eq!(listed(&bench), Some(wednesday));
    // The dry run names the date too, and an import does not take it away; an earlier one of the channel's stands.
    let rehearsal = bench.store.rehearse_policies(&shop(), None, 9).unwrap();
    let said = rehearsal.touched[0].outcome.lines().join("; ");
    assert!(
        said.contains("ship-by Wed Nov 18 14:00 (1 business day, cut-off 14:00)"),
        "{said}"
    );
    word.updated_at = bench.now;
    bench.import(word.clone());
    assert_eq!(
        (seen(&bench).channel.ship_by.latest, listed(&bench)),
        (Some(wednesday), Some(wednesday))
    );
    let tuesday = wednesday - chrono::TimeDelta::days(1);
    word.ship_by.latest = Some(tuesday);
    word.updated_at += chrono::TimeDelta::minutes(1);
    bench.import(word);
    assert_eq!(
        (seen(&bench).channel.ship_by.latest, listed(&bench)),
        (Some(tuesday), Some(tuesday))
    );
    // A part of the order has them too.
    let split = crate::store::SplitOrder {
        order,
        units: [("L1".into(), 1)].into(),
        by: bench.packer,
        reason: String::new(),
    };
    let part = bench.store.split_order(&split, bench.now).unwrap();
    assert_eq!(
        bench.store.order(part).unwrap().order.channel.service_level,
        "2 Day"
    );
}
