//! Quotes that grow old, methods that are cleared, details that are asked for, the dialog of costs.

use crate::app::bench::QuoteView;
use crate::app::effect::{Commit, Effect, MoneyFacts};
use crate::app::fixtures::{Desk, commits, rates};
use crate::app::layers::{Ask, Layer};
use crate::app::message::Key;
use crate::app::state::Screen;
use crate::domain::choice::WhyKind;
use crate::domain::money::Money;
use crate::domain::rate::inputs::InputField;
use crate::domain::rate::{Confirmation, Rate};
use crate::domain::spend::StoreAccounts;
use chrono::TimeDelta;

const F10: Key = Key::Function(10);

/// Newer rates: other ids, and UPS Ground at this price; none: without it.
fn newer(ground: Option<i64>) -> Vec<Rate> {
    let mut all = rates();
    if ground.is_none() {
        all.retain(|rate| rate.id != "GND");
    }
    for rate in &mut all {
        if rate.id == "GND"
            && let Some(minor) = ground
        {
            rate.total = Money::new(minor, rate.total.currency);
        }
        rate.id = format!("new-{}", rate.id);
    }
    all
}

/// Rates are shown; ten minutes pass.
fn old() -> Desk {
    let mut desk = Desk::rates();
    desk.now += TimeDelta::minutes(10);
    desk
}

fn wishes(effects: &[Effect]) -> Vec<(String, i64)> {
    commits(effects)
        .into_iter()
        .filter_map(|commit| match commit {
            Commit::WantLabel(wish) => Some((wish.choice.rate_id.clone(), wish.choice.price.minor)),
            _ => None,
        })
        .collect()
}

/// Wishes to buy since then.
fn bought_since(desk: &Desk, from: usize) -> Vec<(String, i64)> {
    wishes(&desk.log[from..])
}

fn question(desk: &Desk) -> String {
    match desk.state.layer() {
        Some(Layer::Question(question)) if matches!(question.ask, Ask::Buy { .. }) => {
            question.lines.join("\n")
        }
        other => panic!("no question that buys: {other:?}, {}", desk.words()),
    }
}

fn asks_for_rates(effects: &[Effect]) -> bool {
    matches!(commits(effects)[..], [Commit::WantQuote(_)])
}

#[test]
fn rates_that_are_over_are_asked_for_again_before_anything_is_bought() {
    let mut desk = old();
    assert!(asks_for_rates(&desk.press(F10)), "{}", desk.words());
    assert!(desk.words().contains("these rates are over"), "{}", desk.words());
    desk.answer_quote(newer(Some(812)));
    assert!(!question(&desk).contains("ROSE"), "the same price is no news");
    assert_eq!(
        wishes(&desk.press(F10)),
        [("new-GND".to_owned(), 812)],
        "of the newer rates"
    );
}

#[test]
fn a_price_that_rose_takes_a_new_yes() {
    let mut desk = old();
    desk.press(F10);
    let from = desk.log.len();
    desk.answer_quote(newer(Some(940)));
    assert!(
        desk.words().contains("rose from $8.12 to $9.40"),
        "{}",
        desk.words()
    );
    assert!(question(&desk).contains("$8.12 → $9.40"), "{}", question(&desk));
    assert_eq!(bought_since(&desk, from), []);
    assert_eq!(wishes(&desk.press(F10)), [("new-GND".to_owned(), 940)]);
}

#[test]
fn a_yes_holds_for_the_same_price_and_for_less() {
    for minor in [812, 700] {
        let mut desk = Desk::rates();
        desk.press(F10);
        question(&desk);
        desk.now += TimeDelta::minutes(10);
        assert!(asks_for_rates(&desk.press(F10)));
        let from = desk.log.len();
        desk.answer_quote(newer(Some(minor)));
        assert_eq!(bought_since(&desk, from), [("new-GND".to_owned(), minor)]);
    }
    let mut desk = Desk::rates();
    desk.press(F10);
    desk.now += TimeDelta::minutes(10);
    desk.press(F10);
    let from = desk.log.len();
    desk.answer_quote(newer(Some(813)));
    assert_eq!(bought_since(&desk, from), [], "a cent more is never silent");
    assert!(question(&desk).contains("$8.12 → $8.13"));
}

#[test]
fn the_reason_of_a_red_method_is_kept_over_new_rates() {
    let mut desk = Desk::rates();
    while desk
        .state
        .bench
        .as_ref()
        .is_some_and(|bench| bench.offers[bench.selected_offer].rate.id != "SAT")
    {
        desk.press(Key::Down);
    }
    desk.press(F10);
    desk.scan("anyway");
    desk.scan("buyer is open on Saturday");
    desk.now += TimeDelta::minutes(10);
    desk.press(F10);
    let from = desk.log.len();
    desk.answer_quote(newer(Some(812)));
    let kept = commits(&desk.log[from..])
        .into_iter()
        .find_map(|commit| match commit {
            Commit::WantLabel(wish) => Some((wish.choice.rate_id.clone(), wish.reason.clone())),
            _ => None,
        });
    assert_eq!(
        kept,
        Some(("new-SAT".to_owned(), Some("buyer is open on Saturday".to_owned())))
    );
}

#[test]
fn a_method_that_is_gone_is_cleared_and_nothing_is_bought() {
    let mut desk = Desk::rates();
    desk.press(F10);
    desk.now += TimeDelta::minutes(10);
    desk.press(F10);
    let from = desk.log.len();
    desk.answer_quote(newer(None));
    assert_eq!(bought_since(&desk, from), []);
    assert!(desk.state.layers.is_empty());
    assert!(
        desk.words()
            .contains("UPS Ground was cleared: Amazon does not offer it any more"),
        "{}",
        desk.words()
    );
}

#[test]
fn who_walks_away_buys_nothing() {
    let mut desk = Desk::rates();
    desk.press(F10);
    desk.now += TimeDelta::minutes(10);
    desk.press(F10);
    desk.press(Key::Esc);
    assert_eq!(desk.state.screen, Screen::Pack);
    let from = desk.log.len();
    desk.answer_quote(newer(Some(812)));
    assert_eq!(bought_since(&desk, from), []);
    desk.press(Key::Function(5));
    assert_eq!(
        bought_since(&desk, from),
        [],
        "nor when the rates are looked at again"
    );
}

#[test]
fn another_option_asks_again_and_clears_what_it_does_not_know() {
    let mut desk = Desk::rates();
    desk.press(Key::Function(4));
    desk.press(Key::Down);
    let effects = desk.press(Key::Enter);
    assert!(
        commits(&effects)
            .iter()
            .any(|commit| matches!(commit, Commit::WantQuote(request) if request.confirmation == Confirmation::Signature)),
        "{effects:?}"
    );
    let mut unsigned = newer(Some(812));
    for rate in &mut unsigned {
        if rate.id == "new-GND" {
            rate.groups[0]
                .services
                .retain(|service| service.id != "SIGNATURE_CONFIRMATION");
        }
    }
    desk.answer_quote(unsigned);
    assert!(
        desk.words()
            .contains("UPS Ground was cleared: not offered with Signature"),
        "{}",
        desk.words()
    );
    let bench = desk.state.bench.as_ref().expect("an order");
    assert_eq!(
        bench.cleared.as_deref(),
        Some("UPS Ground was cleared: not offered with Signature"),
        "it stays in sight"
    );
    assert_ne!(bench.offers[bench.selected_offer].rate.id, "new-GND");
}

#[test]
fn a_method_chosen_by_hand_stays_chosen_in_newer_rates() {
    let mut desk = Desk::rates();
    desk.press(Key::Down);
    let selected = |desk: &Desk| {
        let bench = desk.state.bench.as_ref().expect("an order");
        bench.offers[bench.selected_offer].rate.id.clone()
    };
    assert_eq!(selected(&desk), "2DAY");
    desk.press(Key::Function(5));
    desk.answer_quote(newer(Some(812)));
    assert_eq!(selected(&desk), "new-2DAY");
}

#[test]
fn an_option_below_the_orders_demand_is_refused_with_the_reason() {
    let mut desk = Desk::packed();
    desk.detail.order.channel.confirmation_floor = Some(Confirmation::Signature);
    desk.changed();
    desk.press(Key::Function(4));
    desk.press(Key::Home);
    assert!(commits(&desk.press(Key::Up)).is_empty());
    let effects = desk.press(Key::Enter);
    assert!(commits(&effects).is_empty(), "{effects:?}");
    assert!(
        desk.words().contains("must be handed over with Signature"),
        "{}",
        desk.words()
    );
    assert!(matches!(desk.state.layer(), Some(Layer::Confirmations(_))));
}

/// Rates of which UPS Ground asks for a customs code.
fn asking() -> Desk {
    let mut desk = Desk::packed();
    desk.press(Key::Function(5));
    let mut offers = rates();
    offers.truncate(1);
    offers[0].needs_inputs = true;
    offers[0].inputs = Some(vec![
        InputField {
            required: true,
            length: (Some(6), Some(10)),
            ..InputField::text("hs", "HS code")
        },
        InputField::text("note", "Note"),
    ]);
    desk.answer_quote(offers);
    desk
}

#[test]
fn details_are_typed_on_purpose_checked_and_sent_with_the_wish() {
    let mut desk = asking();
    assert!(
        desk.words().contains("none is chosen") && desk.words().contains("HS code"),
        "never by itself: {}",
        desk.words()
    );
    desk.press(F10);
    assert!(matches!(desk.state.layer(), Some(Layer::Inputs(_))));
    // A scan fills nothing before the field was entered.
    desk.scan("850047100047");
    let typed = |desk: &Desk| match desk.state.layer() {
        Some(Layer::Inputs(form)) => form.typed.clone(),
        other => panic!("no form: {other:?}"),
    };
    assert_eq!(typed(&desk), ["", ""]);
    desk.press(F10);
    assert!(desk.words().contains("HS code is needed"), "{}", desk.words());
    desk.press(Key::Enter);
    desk.scan("123");
    assert!(desk.words().contains("too short"), "{}", desk.words());
    desk.scan("691110");
    assert_eq!(typed(&desk), ["691110", ""]);
    assert!(
        wishes(&desk.press(F10)).is_empty(),
        "the question that buys comes first"
    );
    question(&desk);
    let effects = desk.press(F10);
    let [Commit::WantLabel(wish)] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    let inputs = wish.inputs.as_ref().expect("answers");
    assert_eq!(inputs.0, [("hs".to_owned(), "691110".to_owned())]);
    assert!(
        !format!("{effects:?}").contains("691110"),
        "what was typed may name a customer"
    );
}

#[test]
fn esc_leaves_the_field_then_the_form() {
    let mut desk = asking();
    desk.press(F10);
    desk.press(Key::Enter);
    desk.press(Key::Esc);
    assert!(matches!(desk.state.layer(), Some(Layer::Inputs(form)) if !form.editing));
    desk.press(Key::Esc);
    assert!(desk.state.layers.is_empty());
}

#[test]
fn flat_rates_are_not_shown_for_a_plain_box_and_the_other_way_round() {
    let mut offers = rates();
    offers[1].service = "FedEx One Rate".to_owned();
    let mut desk = Desk::packed();
    desk.press(Key::Function(5));
    desk.answer_quote(offers);
    let shown = |desk: &Desk| -> Vec<String> {
        let bench = desk.state.bench.as_ref().expect("an order");
        bench.offers.iter().map(|offer| offer.rate.id.clone()).collect()
    };
    assert!(!shown(&desk).contains(&"2DAY".to_owned()));
    let groups = desk.state.why_groups();
    assert!(groups.iter().any(|group| group.kind == WhyKind::BoxKind));
    assert!(groups.iter().any(|group| group.kind == WhyKind::Late));
    assert!(
        groups.iter().any(|group| group.kind == WhyKind::Terms),
        "{groups:?}"
    );
    desk.detail.boxes[0].flat_rate = true;
    desk.changed();
    assert_eq!(shown(&desk), ["2DAY"]);
}

#[test]
fn the_view_says_that_rates_are_over() {
    let desk = old();
    let bench = desk.state.bench.as_ref().expect("an order");
    assert_eq!(bench.quote_view(desk.now), QuoteView::Old);
}

#[test]
fn costs_ask_for_accounts_that_are_old_once() {
    let mut desk = Desk::signed_in();
    desk.state.setup.stores = vec![crate::app::fixtures::store_profile()];
    let asked = |effects: &[Effect]| {
        commits(effects)
            .into_iter()
            .filter(|commit| matches!(commit, Commit::WantAccounts(_)))
            .count()
    };
    assert_eq!(asked(&desk.control('t')), 1);
    desk.changed();
    assert_eq!(asked(&desk.log), 1, "once for each time that it is opened");
    desk.press(Key::Esc);
    desk.costs = MoneyFacts {
        prime: crate::domain::prime::PrimeShare::default(),
        accounts: vec![StoreAccounts {
            store: "us".into(),
            accounts: Vec::new(),
            told_at: Some(desk.now),
            asking: false,
            failure: None,
        }],
        spend: Vec::new(),
    };
    assert_eq!(
        asked(&desk.control('t')),
        0,
        "what was told just now is not asked for"
    );
}
