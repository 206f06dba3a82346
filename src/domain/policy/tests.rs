mod promises;
mod written;

use super::*;
use crate::domain::address::AddressKind;
use crate::domain::order::{ChannelStatus, OrderLine, Origin, Programs, Window};
use proptest::prelude::*;

fn order() -> ChannelOrder {
    let line = |sku: &str, quantity: u32, cents: i64| OrderLine {
        id: sku.into(),
        sku: sku.into(),
        asin: String::new(),
        title: String::new(),
        quantity,
        unit_price: Some(Money::new(cents, crate::domain::money::Currency::USD)),
        transparency: false,
        serial_required: false,
        gift: false,
        cancel_requested: false,
    };
    ChannelOrder {
        store: "us".into(),
        origin: Origin::Amazon,
        number: "111-1111111-1111111".into(),
        status: ChannelStatus::Unshipped,
        programs: Programs::default(),
        destination: Some(Destination::new("US", "AK", "99501", AddressKind::Residential)),
        ship_by: Window::default(),
        deliver_by: Window {
            earliest: None,
            latest: Some(chrono::DateTime::UNIX_EPOCH),
        },
        service_level: "Standard".to_owned(),
        print_not_before: None,
        confirmation_floor: None,
        lines: vec![line("MUG-RED", 2, 1250), line("PAN", 1, 7500)],
        packages: Vec::new(),
        created_at: chrono::DateTime::UNIX_EPOCH,
        updated_at: chrono::DateTime::UNIX_EPOCH,
        address_fingerprint: Vec::new(),
    }
}

fn facts<'a>(order: &'a ChannelOrder, badges: &'a [Badge]) -> PolicyFacts<'a> {
    PolicyFacts {
        order,
        badges,
        weight: Weight::parse("20 lb").ok(),
        po_box: Some(false),
        warehouse: None,
    }
}

fn rule(name: &str, when: Conditions, method: &str) -> PolicyRule {
    PolicyRule {
        name: name.to_owned(),
        active: true,
        is_final: false,
        when,
        then: Actions {
            method: (!method.is_empty()).then(|| method.to_owned()),
            confirmation: None,
            tag: method.is_empty().then(|| "seen".to_owned()),
            ..Actions::default()
        },
    }
}

fn policies(rules: Vec<PolicyRule>) -> Vec<Policy> {
    let each = rules.into_iter().zip(1_u32..).map(|(rule, place)| Policy {
        id: i64::from(place),
        store: "us".into(),
        place,
        rule,
    });
    each.collect()
}

fn list(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

/// Whether a single policy with these conditions holds, and what it said.
fn holds(facts: &PolicyFacts<'_>, when: Conditions) -> (bool, String) {
    let rule = rule("One", when, "cheapest");
    rule.check().expect("a sound policy");
    let outcome = run(&policies(vec![rule]), facts, &[]);
    (outcome.touched(), outcome.lines().join("\n"))
}

#[test]
fn each_condition_holds_by_its_fact_alone_and_says_the_fact() {
    let order = order();
    let badges = [Badge::Business];
    let facts = facts(&order, &badges);
    for (when, expected, words) in [
        ("{}", true, "every order"),
        (r#"{"weight-over":"19.9 lb"}"#, true, "weighs 20 lb, over 19.9 lb"),
        (
            r#"{"weight-over":"20 lb"}"#,
            false,
            "weighs 20 lb, not over 20 lb",
        ),
        (r#"{"weight-up-to":"320 oz"}"#, true, "not over 320 oz"),
        (
            r#"{"service-level":["expedited","STANDARD"]}"#,
            true,
            "service level Standard",
        ),
        (
            r#"{"service-level":["NextDay"]}"#,
            false,
            "service level Standard",
        ),
        (r#"{"po-box":true}"#, false, "goes to no PO box"),
        (r#"{"po-box":false}"#, true, "goes to no PO box"),
        (r#"{"country":["us"]}"#, true, "country US"),
        (r#"{"country-not":["US"]}"#, false, "country US"),
        (r#"{"state":["HI","ak"]}"#, true, "state AK"),
        (r#"{"state-not":["AK"]}"#, false, "state AK"),
        (r#"{"value-over":"99.99"}"#, true, "costs $100.00, over $99.99"),
        (r#"{"value-over":"100"}"#, false, "not over $100.00"),
        (r#"{"value-up-to":"100"}"#, true, "not over $100.00"),
        (r#"{"badge":["prime","business"]}"#, true, "is Business"),
        (r#"{"badge":["prime"]}"#, false, "is not prime"),
        (r#"{"badge-not":["business"]}"#, false, "is Business"),
        (r#"{"sku":["mug-*"]}"#, true, "has SKU MUG-RED"),
        (r#"{"sku":["MUG"]}"#, false, "has no SKU MUG"),
        (
            r#"{"dates-missing":["ship-by"]}"#,
            true,
            "the channel gives no ship-by",
        ),
        (r#"{"dates-missing":["deliver-by"]}"#, false, "gives a deliver-by"),
    ] {
        let conditions: Conditions = serde_json::from_str(when).expect("conditions");
        let (held, told) = holds(&facts, conditions);
        assert_eq!(held, expected, "{when}: {told}");
        assert!(told.contains(words), "{words:?} is not in {told:?}");
    }
}

#[test]
fn all_conditions_must_hold_and_an_unknown_fact_holds_for_nothing() {
    let order = order();
    let mut facts = facts(&order, &[]);
    let both = Conditions {
        country: list(&["US"]),
        state: list(&["NY"]),
        ..Conditions::default()
    };
    assert!(!holds(&facts, both).0);
    facts.po_box = None;
    facts.weight = None;
    for when in [
        Conditions {
            po_box: Some(true),
            ..Conditions::default()
        },
        Conditions {
            po_box: Some(false),
            ..Conditions::default()
        },
        Conditions {
            weight_over: Some("1 oz".to_owned()),
            ..Conditions::default()
        },
        Conditions {
            weight_up_to: Some("100 lb".to_owned()),
            ..Conditions::default()
        },
    ] {
        let (held, words) = holds(&facts, when);
        assert!(!held && words.contains("know"), "{words}");
    }
}

#[test]
fn a_later_policy_overrides_unless_an_earlier_one_is_final() {
    let order = order();
    let facts = facts(&order, &[]);
    let mut rules = vec![
        rule("First", Conditions::default(), "carrier:UPS"),
        rule("Second", Conditions::default(), "USPS_PTP_PM"),
    ];
    let outcome = run(&policies(rules.clone()), &facts, &[]);
    assert_eq!(
        outcome.method,
        AssignedMethod::parse("USPS_PTP_PM").map(|method| (method, "Second".to_owned()))
    );
    rules[0].is_final = true;
    let outcome = run(&policies(rules.clone()), &facts, &[]);
    assert_eq!(
        outcome.method,
        AssignedMethod::parse("carrier:UPS").map(|method| (method, "First".to_owned()))
    );
    assert_eq!(outcome.steps.len(), 1, "the second is not asked");
    rules[0].active = false;
    let outcome = run(&policies(rules.clone()), &facts, &[]);
    assert_eq!(outcome.method.map(|(_, by)| by).as_deref(), Some("Second"));
    let mut elsewhere = policies(rules);
    elsewhere[1].store = "eu".into();
    assert_eq!(run(&elsewhere, &facts, &[]), PolicyOutcome::default());
}

#[test]
fn prime_goes_to_amazon_buy_shipping_whatever_a_policy_says() {
    let mut order = order();
    order.programs.prime = true;
    let rules = vec![rule("Own account", Conditions::default(), "elsewhere:UPS")];
    let outcome = run(&policies(rules.clone()), &facts(&order, &[]), &[]);
    assert_eq!(outcome.method, None);
    assert!(
        outcome.lines()[0].contains("a Prime order goes to Amazon Buy Shipping whatever a policy says"),
        "{:?}",
        outcome.lines()
    );
    order.programs.prime = false;
    let outcome = run(&policies(rules), &facts(&order, &[]), &[]);
    assert!(outcome.method.is_some());
}

#[test]
fn a_policy_never_assigns_what_is_switched_off_nor_less_confirmation_than_the_order_demands() {
    let mut order = order();
    order.confirmation_floor = Some(Confirmation::AdultSignature);
    let off = KnownMethod {
        store: "us".into(),
        service_id: "UPS_PTP_GND".to_owned(),
        service: "UPS Ground".to_owned(),
        carrier_id: "UPS".to_owned(),
        carrier: "UPS".to_owned(),
        off: Some(crate::domain::method::SwitchedOff {
            at: chrono::DateTime::UNIX_EPOCH,
            by: "Sue".to_owned(),
            why: "claims".to_owned(),
        }),
    };
    let mut one = rule("Ground", Conditions::default(), "UPS_PTP_GND");
    one.then.confirmation = Some(Confirmation::Signature);
    let outcome = run(&policies(vec![one]), &facts(&order, &[]), &[off]);
    assert_eq!(outcome.method, None);
    assert_eq!(
        outcome.confirmation.map(|(option, _)| option),
        Some(Confirmation::AdultSignature)
    );
    assert!(
        outcome.steps[0].did[0].contains("switched off"),
        "{:?}",
        outcome.steps
    );
}

#[test]
fn a_policy_is_checked_before_it_is_kept() {
    let good = rule("Heavy", Conditions::default(), "carrier:UPS");
    good.check().expect("sound");
    let with = |change: &dyn Fn(&mut PolicyRule)| {
        let mut bad = good.clone();
        change(&mut bad);
        bad.check().expect_err("refused")
    };
    assert!(with(&|bad| bad.name = " ".to_owned()).starts_with("name:"));
    assert!(with(&|bad| bad.then = Actions::default()).starts_with("then:"));
    assert!(with(&|bad| bad.then.method = Some("by air:UPS".to_owned())).starts_with("then.method:"));
    assert!(with(&|bad| bad.then.tag = Some("two words".to_owned())).starts_with("then.tag:"));
    assert!(with(&|bad| bad.when.weight_over = Some("heavy".to_owned())).starts_with("when.weight-over:"));
    assert!(with(&|bad| bad.when.value_over = Some("-3".to_owned())).starts_with("when.value-over:"));
    assert!(with(&|bad| bad.when.badge = vec!["gold".to_owned()]).starts_with("when.badge:"));
    assert!(with(&|bad| bad.when.dates_missing = vec!["paid".to_owned()]).starts_with("when.dates-missing:"));
}

#[test]
fn po_boxes_are_known_by_how_they_are_written() {
    for text in [
        "PO Box 12",
        "P.O. Box 99",
        "p o box 7",
        "Post Office Box 3",
        "POB 12",
        "Box 12",
        "P.O.BOX 4",
    ] {
        assert!(is_po_box(&[String::new(), text.to_owned()]), "{text}");
    }
    for text in [
        "12 Box Elder Road",
        "Boxwood Lane 3",
        "400 Wharf Street",
        "Poblano 3",
        "Office 3, Post Road",
    ] {
        assert!(!is_po_box(&[text.to_owned()]), "{text}");
    }
}

fn any_rule() -> impl Strategy<Value = PolicyRule> {
    (
        any::<bool>(),
        any::<bool>(),
        prop::option::of(prop::sample::select(vec!["1 oz", "20 lb", "30 lb"])),
        prop::option::of(any::<bool>()),
        prop::sample::subsequence(vec!["US", "CA"], 0..=2),
        prop::sample::select(vec!["carrier:UPS", "USPS_PTP_PM", "elsewhere:UPS", "cheapest"]),
    )
        .prop_map(|(active, is_final, weight, po_box, country, method)| PolicyRule {
            active,
            is_final,
            ..rule(
                "Any",
                Conditions {
                    weight_over: weight.map(str::to_owned),
                    po_box,
                    country: list(&country),
                    ..Conditions::default()
                },
                method,
            )
        })
}

proptest! {
    /// The method is the last one assigned before a final policy that holds; Prime is never sent elsewhere; what is
    /// inactive changes nothing; nothing is asked after a final one.
    #[test]
    fn whatever_the_policies_are(rules in prop::collection::vec(any_rule(), 0..8), prime in any::<bool>()) {
        let mut order = order();
        order.programs.prime = prime;
        let facts = facts(&order, &[]);
        let all = policies(rules.clone());
        let outcome = run(&all, &facts, &[]);
        if prime {
            let elsewhere = matches!(outcome.method, Some((AssignedMethod::Outside { .. }, _)));
            prop_assert!(!elsewhere);
        }
        let active: Vec<Policy> = all.iter().filter(|policy| policy.rule.active).cloned().collect();
        prop_assert_eq!(run(&active, &facts, &[]), outcome.clone());
        if let Some(end) = outcome.steps.iter().position(|step| step.ended) {
            prop_assert_eq!(end + 1, outcome.steps.len());
        }
        let last = outcome
            .steps
            .iter()
            .zip(&active)
            .rfind(|(step, policy)| step.held && step.did.iter().any(|did| did.starts_with("method ")) && policy.rule.active)
            .and_then(|(_, policy)| policy.rule.then.method.as_deref().and_then(AssignedMethod::parse));
        prop_assert_eq!(last, outcome.method.map(|(method, _)| method));
    }
}
