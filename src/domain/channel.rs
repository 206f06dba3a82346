//! Which of Shipping v2's channels sells a label for an order, and what to ship with where none does. Pure.

use super::market::marketplace;
use super::order::Origin;

/// Which of Shipping v2's channels sells labels for an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Buy Shipping, for Amazon's own orders.
    Amazon,
    /// Amazon Shipping, for orders from elsewhere.
    External,
}

/// The channel that sells labels for an order of this origin, or words why none does and what to ship with.
///
/// Buy Shipping is offered in the US and the UK, for Amazon's orders alone (workflow.md 1); Amazon Shipping where
/// it has a business id (amazon.md 3.2), through a seller account of its own.
pub fn channel(origin: Origin, marketplace_id: &str) -> Result<Channel, String> {
    let country = marketplace(marketplace_id).map(|place| place.country);
    match (origin, country) {
        (Origin::Amazon, Some("US" | "GB")) => Ok(Channel::Amazon),
        (Origin::Amazon, country) => Err(format!(
            "Amazon sells Buy Shipping labels in the US and the UK only: ship with {}, and record its label here",
            own_carrier(country)
        )),
        (
            Origin::Elsewhere,
            Some("US" | "IN" | "GB" | "AE" | "SA" | "EG" | "IT" | "ES" | "FR" | "JP"),
        ) => Ok(Channel::External),
        (Origin::Elsewhere, None) => Err(
            "this is not an order of Amazon's, so Buy Shipping sells no label for it, and its store has no Amazon \
             Shipping account: ship with your own carrier (UPS, FedEx, USPS, DHL …), and record its label here"
                .to_owned(),
        ),
        (Origin::Elsewhere, country) => Err(format!(
            "this is not an order of Amazon's, so Buy Shipping sells no label for it, and Amazon Shipping is not \
             offered in this store's country: ship with {}, and record its label here",
            own_carrier(country)
        )),
    }
}

/// A carrier to ship with where Amazon sells no label.
fn own_carrier(country: Option<&str>) -> &'static str {
    match country {
        Some("CA") => "Canada Post, UPS or FedEx",
        Some("MX") => "Estafeta, DHL or FedEx",
        Some("BR") => "Correios",
        Some("DE") => "DHL, DPD or Hermes",
        Some("FR") => "La Poste or DPD",
        Some("IT") => "Poste Italiane or BRT",
        Some("ES") => "Correos or SEUR",
        Some("NL") => "PostNL or DHL",
        Some("BE") => "bpost or DPD",
        Some("IE") => "An Post or DPD",
        Some("SE") => "PostNord or DHL",
        Some("PL") => "InPost or Poczta Polska",
        Some("TR") => "PTT or Aras",
        Some("EG") => "Egypt Post or Aramex",
        Some("SA") => "SPL or Aramex",
        Some("AE") => "Emirates Post or Aramex",
        Some("IN") => "India Post or Delhivery",
        Some("ZA") => "The Courier Guy or Aramex",
        Some("JP") => "Japan Post or Yamato",
        Some("AU") => "Australia Post",
        Some("SG") => "SingPost or Ninja Van",
        // In the US and the UK Amazon sells labels for every order.
        _ => "your own carrier",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::market::MARKETPLACES;

    #[test]
    fn buy_shipping_is_sold_for_amazons_orders_in_the_us_and_the_uk_alone() {
        for place in MARKETPLACES {
            let sold = channel(Origin::Amazon, place.id);
            if matches!(place.country, "US" | "GB") {
                assert_eq!(sold, Ok(Channel::Amazon));
            } else {
                let words = sold.expect_err("refused");
                assert!(
                    words.contains("record its label here") && !words.contains("your own carrier"),
                    "{words}"
                );
            }
            // Whatever the marketplace: never for an order from elsewhere.
            assert_ne!(channel(Origin::Elsewhere, place.id), Ok(Channel::Amazon));
        }
        let german = channel(Origin::Amazon, "A1PA6795UKMFR9").expect_err("refused");
        assert!(german.contains("ship with DHL"), "{german}");
    }

    #[test]
    fn amazon_shipping_is_sold_where_it_is_offered() {
        assert_eq!(channel(Origin::Elsewhere, "ATVPDKIKX0DER"), Ok(Channel::External));
        assert_eq!(
            channel(Origin::Elsewhere, "A13V1IB3VIYZZH"),
            Ok(Channel::External)
        );
        let none = channel(Origin::Elsewhere, "").expect_err("refused");
        assert!(none.contains("no Amazon Shipping account"), "{none}");
        let canada = channel(Origin::Elsewhere, "A2EUQ1WTGCTBG2").expect_err("refused");
        assert!(canada.contains("Canada Post"), "{canada}");
    }
}
