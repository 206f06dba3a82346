//! Amazon's rules for Prime orders.

use super::*;
use crate::domain::packing::tests::line;
use crate::domain::rows::tests::detail;

#[test]
fn the_rules_that_come_with_the_program_are_read() {
    let rules = PrimeRules::standard();
    assert!(rules.rules.late.is_some() && rules.rules.untracked.is_some());
    assert!(rules.rules.elsewhere.is_some() && rules.rules.split.is_some());
    assert_eq!((rules.share.days, rules.share.goal), (30, 99));
    let one: PrimeRules =
        toml::from_str("[rules]\nlate = \"in time\"\n[share]\ndays = 7\ngoal = 98").unwrap();
    assert_eq!(one.rules.split, None, "what is left out is not asked for");
}

#[test]
fn only_amazons_prime_orders_are_bound_by_them() {
    let mut order = detail(&[line("1", "MUG", 2)], &[]).order.channel;
    assert_eq!(split_breach(&order), None);
    order.programs.prime = true;
    assert!(split_breach(&order).is_some() && elsewhere_breach(&order).is_some());
    order.origin = Origin::Elsewhere;
    assert_eq!((split_breach(&order), elsewhere_breach(&order)), (None, None));
}

#[test]
fn a_method_that_is_late_or_untracked_breaks_them() {
    let count = |in_time, confirmation| method_breaches(in_time, confirmation).len();
    assert_eq!(count(true, Confirmation::DeliveryConfirmation), 0);
    assert_eq!(count(false, Confirmation::DeliveryConfirmation), 1);
    assert_eq!(count(true, Confirmation::NoTracking), 1);
    assert_eq!(count(false, Confirmation::NoTracking), 2);
}

#[test]
fn the_share_is_said_and_called_low_below_amazons_goal() {
    let share = |orders, buy_shipping| PrimeShare { orders, buy_shipping };
    assert!(share(0, 0).to_string().contains("no Prime order"));
    assert!(!share(0, 0).is_low() && !share(100, 99).is_low() && share(100, 98).is_low());
    assert_eq!(
        share(40, 39).to_string(),
        "Prime by Buy Shipping: 97.5 % of 40 in 30 days, BELOW Amazon's goal 99 %"
    );
    assert!(
        share(1, 1)
            .to_string()
            .contains("100.0 % of 1 in 30 days, Amazon's goal")
    );
}
