//! Orders of a day that never was, for a rehearsal: one to three articles each, nothing that needs a code of its own. The
//! same seed makes the same day.

use super::people::PEOPLE;
use super::{Article, articles, line, many};
use crate::simulator::order::Order;
use crate::simulator::random;
use chrono::{DateTime, Utc};

/// This many orders of the first store.
pub fn rehearsal(seed: u64, count: usize, start: DateTime<Utc>) -> Vec<Order> {
    let plain = |article: &Article| {
        !article.transparency && !article.sku.starts_with("SET-") && article.sku != "CHARGER-65"
    };
    let goods: Vec<Article> = articles().filter(plain).collect();
    let mut orders = many(count, start);
    for (at, order) in orders.iter_mut().enumerate() {
        let draw = |what: &str, below: usize| {
            let drawn = random::draw(seed, &["rehearsal", what, &at.to_string()]);
            usize::try_from(drawn % below.max(1) as u64).unwrap_or(0)
        };
        let first = draw("first", goods.len());
        // A step that has no common part with their number meets each article once.
        let wanted = 1 + draw("lines", 3).min(goods.len() - 1);
        order.lines = (0..wanted)
            .map(|place| {
                let article = &goods[(first + place) % goods.len()];
                let quantity = 1 + u32::from(draw(&format!("quantity {place}"), 3) == 0);
                line(
                    article,
                    &format!("{:014}", 80_000_000_000_000 + at * 10 + place),
                    quantity,
                )
            })
            .collect();
        let person = &PEOPLE[draw("person", PEOPLE.len())];
        order.address = person.address();
        person.name.clone_into(&mut order.buyer.0);
        order.number = format!(
            "111-{:07}-{:07}",
            draw("number", 10_000_000),
            (at * 7919 + 1_000_003) % 10_000_000
        );
    }
    orders
}

#[cfg(test)]
mod tests {
    use super::rehearsal;
    use chrono::DateTime;
    use std::collections::BTreeSet;

    #[test]
    fn a_seed_makes_the_same_day_and_another_one_another() {
        let day = |seed| {
            let orders = rehearsal(seed, 40, DateTime::UNIX_EPOCH);
            let facts = |order: &crate::simulator::Order| {
                let lines = order.lines.iter().map(|line| (line.sku.clone(), line.quantity));
                (order.number.clone(), lines.collect::<Vec<_>>())
            };
            orders.iter().map(facts).collect::<Vec<_>>()
        };
        assert_eq!(day(7), day(7));
        assert_ne!(day(7), day(8));
        let numbers: BTreeSet<String> = day(7).into_iter().map(|(number, _)| number).collect();
        assert_eq!(numbers.len(), 40);
        let sizes: BTreeSet<usize> = day(7).iter().map(|(_, lines)| lines.len()).collect();
        assert_eq!(sizes, BTreeSet::from([1, 2, 3]));
    }
}
