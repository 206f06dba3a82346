use super::*;
use proptest::prelude::*;

fn now() -> DateTime<Utc> {
    "2026-11-24T12:00:00Z".parse().expect("a time")
}

pub(super) fn draft() -> OrderDraft {
    OrderDraft {
        number: "W-1001".to_owned(),
        name: "Marguerite Canary".to_owned(),
        line1: "7 Quillfeather Row".to_owned(),
        city: "Columbus".to_owned(),
        state: "OH".to_owned(),
        postal_code: "43004".to_owned(),
        country: "us".to_owned(),
        ship_by: "2026-11-25".to_owned(),
        items: vec![ItemDraft {
            sku: "MUG-RED".to_owned(),
            title: "Red mug".to_owned(),
            quantity: "2".to_owned(),
            unit_price: "12.99".to_owned(),
        }],
        ..OrderDraft::default()
    }
}

fn check(draft: &OrderDraft) -> Result<OwnOrder, DraftFault> {
    draft.check(&"web".into(), Tz::America__New_York, Currency::USD, now())
}

#[test]
fn a_draft_becomes_an_order_from_elsewhere() {
    let OwnOrder { channel, customer } = check(&draft()).unwrap();
    assert_eq!(channel.origin, Origin::Elsewhere);
    assert_eq!(
        (channel.store.as_str(), channel.number.as_str()),
        ("web", "W-1001")
    );
    assert_eq!(channel.status, ChannelStatus::Unshipped);
    assert!(!channel.programs.prime && !channel.programs.business);
    let to = channel.destination.unwrap();
    assert_eq!((to.country.as_str(), to.kind), ("US", AddressKind::Residential));
    // A day ends at midnight where the warehouse stands.
    assert_eq!(
        channel.ship_by.latest,
        Some("2026-11-26T04:59:59Z".parse().unwrap())
    );
    assert_eq!(channel.deliver_by.latest, None);
    let line = &channel.lines[0];
    assert_eq!((line.id.as_str(), line.quantity), ("1", 2));
    assert_eq!(line.unit_price, Some(Money::new(1299, Currency::USD)));
    assert_eq!(customer.recipient.lines, ["7 Quillfeather Row"]);
}

#[test]
fn business_commercial_moments_and_currencies_are_read() {
    let mut draft = draft();
    "yes".clone_into(&mut draft.business);
    "Yes".clone_into(&mut draft.commercial);
    "2026-11-26T17:00:00+01:00".clone_into(&mut draft.deliver_by);
    "9.50 EUR".clone_into(&mut draft.items[0].unit_price);
    let channel = check(&draft).unwrap().channel;
    assert!(channel.programs.business);
    assert_eq!(channel.destination.unwrap().kind, AddressKind::Commercial);
    assert_eq!(
        channel.deliver_by.latest,
        Some("2026-11-26T16:00:00Z".parse().unwrap())
    );
    assert_eq!(channel.lines[0].unit_price.unwrap().to_string(), "€9.50");
}

#[test]
fn each_field_has_its_rule_and_no_message_quotes_it() {
    type Spoil = fn(&mut OrderDraft);
    let cases: [(&str, &str, Spoil); 20] = [
        ("number", "is empty", |draft| draft.number.clear()),
        ("number", "letters, digits", |draft| {
            draft.number = "canary 1".to_owned();
        }),
        ("name", "is empty", |draft| draft.name = " ".to_owned()),
        ("name", "at most 50", |draft| draft.name = "canary".repeat(9)),
        ("company", "at most 50", |draft| {
            draft.company = "canary".repeat(9);
        }),
        ("line1", "is empty", |draft| draft.line1.clear()),
        ("line2", "at most 60", |draft| draft.line2 = "canary".repeat(11)),
        ("city", "is empty", |draft| draft.city.clear()),
        ("state", "is empty", |draft| draft.state.clear()),
        ("postal_code", "is empty", |draft| draft.postal_code.clear()),
        ("country", "two letters", |draft| {
            draft.country = "canary".to_owned();
        }),
        ("country", "write the ISO code US", |draft| {
            draft.country = "USA".to_owned();
        }),
        ("country", "write the ISO code GB", |draft| {
            draft.country = "uk".to_owned();
        }),
        ("phone", "at most 20", |draft| draft.phone = "canary".repeat(4)),
        ("email", "with its @", |draft| draft.email = "canary".to_owned()),
        ("ship_by", "write a day", |draft| {
            draft.ship_by = "canary".to_owned();
        }),
        ("business", "yes or no", |draft| {
            draft.business = "canary".to_owned();
        }),
        ("sku", "at least one item", |draft| draft.items.clear()),
        ("quantity", "whole number", |draft| {
            draft.items[0].quantity = "0".to_owned();
        }),
        ("unit_price", "like 12.99", |draft| {
            draft.items[0].unit_price = "-1".to_owned();
        }),
    ];
    for (field, words, spoil) in cases {
        let mut draft = draft();
        spoil(&mut draft);
        let fault = check(&draft).expect_err(field);
        assert_eq!(fault.field, field);
        let said = fault.to_string();
        assert!(said.contains(words), "{field}: {said}");
        assert!(!said.to_lowercase().contains("canary"), "{said}");
    }
}

#[test]
fn a_country_without_states_needs_none() {
    let mut draft = draft();
    draft.state.clear();
    "GB".clone_into(&mut draft.country);
    assert!(check(&draft).is_ok());
}

#[test]
fn the_same_sku_twice_is_named_with_its_line() {
    let mut draft = draft();
    draft.items.push(draft.items[0].clone());
    let fault = check(&draft).unwrap_err();
    assert_eq!((fault.field, fault.item), ("sku", Some(1)));
}

#[test]
fn nobody_stands_in_debug_output() {
    let text = format!("{:?} {:?}", draft(), check(&draft()).unwrap());
    assert!(
        !text.contains("Marguerite") && !text.contains("Quillfeather") && !text.contains("43004"),
        "{text}"
    );
}

#[test]
fn what_is_said_again_unchanged_is_no_news() {
    let known = check(&draft()).unwrap().channel;
    let later = now() + chrono::TimeDelta::hours(1);
    let again = |draft: &OrderDraft| {
        draft
            .check(&"web".into(), Tz::America__New_York, Currency::USD, later)
            .unwrap()
            .channel
    };
    assert_eq!(told_again(&known, again(&draft()), true), known);
    // Another phone changes nothing that is readable, and is news all the same.
    assert_eq!(told_again(&known, again(&draft()), false).updated_at, later);
    let mut changed = draft();
    "3".clone_into(&mut changed.items[0].quantity);
    let told = told_again(&known, again(&changed), true);
    assert_eq!((told.updated_at, told.created_at), (later, now()));
}

#[test]
fn a_draft_shows_nothing_of_the_customer_when_it_is_printed_for_debugging() {
    let shown = format!("{:?}", draft());
    assert!(shown.contains("W-1001") && shown.contains("MUG-RED"), "{shown}");
    assert!(
        !shown.contains("Canary") && !shown.contains("Quillfeather"),
        "{shown}"
    );
}

#[test]
fn a_fault_names_the_item_that_it_is_of() {
    let mut draft = draft();
    draft.items.push(ItemDraft {
        sku: "CUP".to_owned(),
        quantity: "none".to_owned(),
        ..ItemDraft::default()
    });
    let fault = check(&draft).expect_err("no number");
    assert_eq!((fault.field, fault.item), ("quantity", Some(1)));
}

#[test]
fn a_field_takes_its_most_letters_and_not_one_more() {
    let mut draft = draft();
    draft.items[0].sku = "S".repeat(100);
    assert!(check(&draft).is_ok());
    draft.items[0].sku.push('S');
    let fault = check(&draft).expect_err("too long");
    assert_eq!((fault.field, fault.item), ("sku", Some(0)));
    assert_eq!(fault.words, "has 101 letters, at most 100 fit");
}

#[test]
fn each_country_prices_in_its_own_money() {
    for (country, code) in [
        ("US", "USD"),
        ("CA", "CAD"),
        ("MX", "MXN"),
        ("BR", "BRL"),
        ("GB", "GBP"),
        ("DE", "EUR"),
        ("LU", "EUR"),
        ("SE", "SEK"),
        ("PL", "PLN"),
        ("TR", "TRY"),
        ("EG", "EGP"),
        ("SA", "SAR"),
        ("AE", "AED"),
        ("IN", "INR"),
        ("ZA", "ZAR"),
        ("JP", "JPY"),
        ("AU", "AUD"),
        ("SG", "SGD"),
        ("XX", "USD"),
    ] {
        assert_eq!(currency_of(country).code(), code, "{country}");
    }
}

proptest! {
    #[test]
    fn any_text_is_taken_or_refused(values in prop::collection::vec("\\PC{0,70}", 12)) {
        let mut draft = draft();
        let fields = [
            &mut draft.number, &mut draft.name, &mut draft.company, &mut draft.line1, &mut draft.line2,
            &mut draft.city, &mut draft.state, &mut draft.postal_code, &mut draft.country, &mut draft.phone,
            &mut draft.ship_by, &mut draft.items[0].quantity,
        ];
        for (field, value) in fields.into_iter().zip(&values) {
            field.clone_from(value);
        }
        if let Ok(order) = check(&draft) {
            prop_assert!(order.customer.recipient.name.chars().count() <= 50);
            prop_assert_eq!(order.customer.recipient.country.len(), 2);
        }
    }
}
