//! What a policy may say, what it says of an order, and in which words.

use super::*;

#[test]
fn names_and_tags_are_as_long_as_they_may_be_and_no_longer() {
    let named = |name: &str| rule(name, Conditions::default(), "").check();
    let tagged = |tag: &str| {
        let mut one = rule("Tag", Conditions::default(), "");
        one.then.tag = Some(tag.to_owned());
        one.check()
    };
    let long = |letters: usize| "é".repeat(letters);
    assert!(named(&long(60)).is_ok() && named("  x ").is_ok());
    for name in ["", "  ", &long(61), "a\tb"] {
        assert!(named(name).is_err(), "{name:?}");
    }
    assert!(tagged(&"x".repeat(60)).is_ok() && tagged("b2b-9").is_ok());
    for tag in ["", &"x".repeat(61), "a b", "é", "a_b"] {
        assert!(tagged(tag).is_err(), "{tag:?}");
    }
    // Each of the three actions is enough, and a weight or an amount is read as people write them.
    let mut one = rule("Signed", Conditions::default(), "");
    one.then = Actions {
        confirmation: Some(Confirmation::Signature),
        ..Actions::default()
    };
    one.when = Conditions {
        weight_over: Some("1 lb 4 oz".to_owned()),
        weight_up_to: Some("340 g".to_owned()),
        value_over: Some("0".to_owned()),
        value_up_to: Some(" 99.50 ".to_owned()),
        badge: list(&["Prime"]),
        badge_not: list(&["business"]),
        dates_missing: list(&["ship-by", "deliver-by"]),
        ..Conditions::default()
    };
    assert_eq!(one.check(), Ok(()));
    for (broken, words) in [
        (
            Conditions {
                weight_up_to: Some("heavy".to_owned()),
                ..one.when.clone()
            },
            "when.weight-up-to:",
        ),
        (
            Conditions {
                value_up_to: Some("dear".to_owned()),
                ..one.when.clone()
            },
            "when.value-up-to:",
        ),
        (
            Conditions {
                badge_not: list(&["gold"]),
                ..one.when.clone()
            },
            "when.badge:",
        ),
    ] {
        one.when = broken;
        let said = one.check().expect_err(words);
        assert!(said.starts_with(words), "{said}");
    }
}

#[test]
fn a_policy_says_in_words_whether_it_takes_part_when_it_holds_and_what_it_does() {
    let mut one = rule("Heavy", Conditions::default(), "carrier:UPS");
    assert_eq!(one.state(), "");
    one.is_final = true;
    assert_eq!(one.state(), "final");
    one.active = false;
    assert_eq!(one.state(), "off");
    assert_eq!(one.does(), "method carrier:UPS");
    one.then.confirmation = Some(Confirmation::Signature);
    one.then.tag = Some("heavy".to_owned());
    assert_eq!(
        one.does(),
        format!("method carrier:UPS, {}, tag #heavy", Confirmation::Signature)
    );
    assert_eq!(Conditions::default().words(), "every order");
    let all: Conditions = serde_json::from_str(
        r#"{"weight-over":"1 lb","weight-up-to":"20 lb","service-level":["Standard","Expedited"],"po-box":true,
        "country":["US"],"country-not":["CA"],"state":["AK","HI"],"state-not":["NY"],"value-over":"10",
        "value-up-to":"100","badge":["prime"],"badge-not":["business"],"sku":["MUG-*"],"dates-missing":["ship-by"]}"#,
    )
    .expect("conditions");
    assert_eq!(
        all.words(),
        "weighs over 1 lb, weighs up to 20 lb, costs over 10, costs up to 100, PO box, service level Standard or \
         Expedited, country US, country not CA, state AK or HI, state not NY, badge prime, badge not business, SKU \
         MUG-*, the channel gives no ship-by"
    );
    let no_po_box = Conditions {
        po_box: Some(false),
        ..Conditions::default()
    };
    assert_eq!(no_po_box.words(), "no PO box");
    // What a file leaves out: it takes part, and is not final.
    let written: PolicyRule =
        serde_json::from_str(r#"{"name":"Any","then":{"method":"cheapest"}}"#).expect("a policy");
    assert!(written.active && !written.is_final && written.when == Conditions::default());
}

#[test]
fn what_each_policy_said_and_did_is_told_line_by_line() {
    let mut order = order();
    order.confirmation_floor = Some(Confirmation::Signature);
    let facts = facts(&order, &[]);
    let mut alaska = rule(
        "Alaska",
        Conditions {
            state: list(&["AK"]),
            country: list(&["US"]),
            ..Conditions::default()
        },
        "",
    );
    alaska.then.confirmation = Some(Confirmation::DeliveryConfirmation);
    let mut again = rule("Again", Conditions::default(), "");
    again.then.confirmation = Some(Confirmation::AdultSignature);
    again.is_final = true;
    let elsewhere = rule(
        "Hawaii",
        Conditions {
            state: list(&["HI"]),
            country: list(&["US"]),
            ..Conditions::default()
        },
        "cheapest",
    );
    let outcome = run(&policies(vec![alaska, elsewhere, again]), &facts, &[]);
    assert_eq!(
        outcome.lines(),
        [
            format!(
                "Alaska: held (country US; state AK): boxes begin with {}: the order demands more than {}, tag #seen",
                Confirmation::Signature,
                Confirmation::DeliveryConfirmation
            ),
            "Hawaii: did not hold (state AK)".to_owned(),
            // The tag stands already: it is not set twice.
            format!(
                "Again: held (every order): boxes begin with {}; final",
                Confirmation::AdultSignature
            ),
        ]
    );
    assert_eq!(outcome.tags, [("seen".to_owned(), "Alaska".to_owned())]);
    assert_eq!(
        outcome.confirmation,
        Some((Confirmation::AdultSignature, "Again".to_owned()))
    );
    assert!(outcome.touched());
    let untouched = run(
        &policies(vec![rule(
            "Hawaii",
            Conditions {
                state: list(&["HI"]),
                ..Conditions::default()
            },
            "",
        )]),
        &facts,
        &[],
    );
    assert!(!untouched.touched() && untouched.tags.is_empty());
}

#[test]
fn policies_run_by_their_places_whatever_order_they_come_in() {
    let order = order();
    let mut all = policies(
        ["carrier:UPS", "carrier:USPS", "carrier:FEDEX"]
            .map(|method| rule(method, Conditions::default(), method))
            .to_vec(),
    );
    all.reverse();
    let asked = |all: &[Policy]| -> Vec<String> {
        let steps = run(all, &facts(&order, &[]), &[]).steps;
        steps.into_iter().map(|step| step.policy).collect()
    };
    assert_eq!(asked(&all), ["carrier:UPS", "carrier:USPS", "carrier:FEDEX"]);
    // At one place the older one is asked first.
    for policy in &mut all {
        policy.place = 1;
    }
    assert_eq!(asked(&all), ["carrier:UPS", "carrier:USPS", "carrier:FEDEX"]);
}

#[test]
fn what_an_order_costs_is_known_where_every_price_is_and_in_one_currency() {
    let mut order = order();
    let costs = |order: &ChannelOrder| facts(order, &[]).value().map(|value| value.minor);
    assert_eq!(costs(&order), Some(2 * 1250 + 7500));
    order.lines[1].unit_price = Some(Money::new(
        7500,
        crate::domain::money::Currency::parse("EUR").expect("a currency"),
    ));
    assert_eq!(costs(&order), None);
    order.lines[1].unit_price = None;
    assert_eq!(costs(&order), None);
    let over = Conditions {
        value_up_to: Some("1000".to_owned()),
        ..Conditions::default()
    };
    let (held, words) = holds(&facts(&order, &[]), over);
    assert!(!held && words.contains("prices are not all known"), "{words}");
    order.lines.clear();
    assert_eq!(costs(&order), None);
}

#[test]
fn the_catalogue_weighs_an_order_where_it_weighs_every_item() {
    let mut order = order();
    let weighing = |sku: &str, weight: &str| Product {
        sku: sku.into(),
        title: String::new(),
        kind: crate::domain::product::ProductKind::Standard,
        barcodes: Vec::new(),
        components: Vec::new(),
        weight: Weight::parse(weight).ok(),
        dimensions: None,
        price: None,
        transparency: false,
    };
    let mut products = [weighing("PAN", "1 lb"), weighing("MUG-RED", "12 oz")];
    let weighs = |order: &ChannelOrder, products: &[Product]| {
        catalogue_weight(order, products).map(|weight| weight.to_string())
    };
    // In the unit of the first line; what is left of a thousandth counts as one.
    assert_eq!(weighs(&order, &products).as_deref(), Some("40 oz"));
    products[1] = weighing("MUG-RED", "1 kg");
    assert_eq!(weighs(&order, &products).as_deref(), Some("2.454 kg"));
    products[0].weight = None;
    assert_eq!(weighs(&order, &products), None);
    assert_eq!(
        weighs(&order, &products[1..]),
        None,
        "a product that is not known"
    );
    for line in &mut order.lines {
        line.quantity = 0;
    }
    assert_eq!(
        weighs(&order, &[weighing("PAN", "1 lb"), weighing("MUG-RED", "1 lb")]),
        None
    );
    order.lines.clear();
    assert_eq!(weighs(&order, &products), None);
}

#[test]
fn badges_skus_and_places_are_read_as_people_write_them() {
    let order = order();
    let badges = [Badge::Prime];
    let all_known = facts(&order, &badges);
    for (when, expected, words) in [
        (
            r#"{"badge-not":["business"," COMMERCIAL "]}"#,
            true,
            "is not business",
        ),
        (r#"{"sku":["pan"]}"#, true, "has SKU PAN"),
        (r#"{"sku":["MUG-RED-X*"]}"#, false, "has no SKU MUG-RED-X*"),
        (r#"{"sku":["mug-blue","P*"]}"#, true, "has SKU PAN"),
        (r#"{"state-not":["NY"]}"#, true, "state AK"),
        (r#"{"country-not":["CA"]}"#, true, "country US"),
        (r#"{"country":["CA"]}"#, false, "country US"),
        (r#"{"value-up-to":"99.99"}"#, false, "costs $100.00, over $99.99"),
        (r#"{"weight-up-to":"19 lb"}"#, false, "weighs 20 lb, over 19 lb"),
    ] {
        let conditions: Conditions = serde_json::from_str(when).expect("conditions");
        let (held, told) = holds(&all_known, conditions);
        assert_eq!(held, expected, "{when}: {told}");
        assert!(told.contains(words), "{words:?} is not in {told:?}");
    }
    let mut pending = order.clone();
    pending.destination = None;
    for when in [r#"{"state":["AK"]}"#, r#"{"country-not":["CA"]}"#] {
        let conditions: Conditions = serde_json::from_str(when).expect("conditions");
        let (held, told) = holds(&facts(&pending, &[]), conditions);
        assert!(!held && told.contains("the address is not known yet"), "{told}");
    }
    let mut to_po_box = facts(&order, &[]);
    to_po_box.po_box = Some(true);
    for (wanted, expected) in [(true, true), (false, false)] {
        let when = Conditions {
            po_box: Some(wanted),
            ..Conditions::default()
        };
        let (held, told) = holds(&to_po_box, when);
        assert_eq!(held, expected, "{told}");
        assert!(told.contains("goes to a PO box"), "{told}");
    }
}
