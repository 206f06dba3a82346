use super::*;
use crate::domain::money::Currency;
use crate::domain::rate::ExcludedBenefit;
use crate::domain::rate::tests::{group, option, rate, service, usd};
use proptest::prelude::*;

fn item(id: &str, minor: i64, kind: &str) -> RateItem {
    RateItem {
        id: id.to_owned(),
        charge: Some(usd(minor)),
        name: String::new(),
        kind: kind.to_owned(),
    }
}

fn priced(items: &[RateItem]) -> Rate {
    let signature = group(true, &[service("SIGNATURE_CONFIRMATION", "", 625)]);
    Rate {
        items: items.to_vec(),
        ..rate(&[signature], &[])
    }
}

#[test]
fn the_parts_of_a_price_are_said() {
    let signature = ["SIGNATURE_CONFIRMATION".to_owned()];
    let items = [
        item("BASE_RATE", 900, "MANDATORY"),
        item("FUEL_SURCHARGE", 150, ""),
        item("FBM_SHIP_PLUS_CREDIT", 50, "INCLUDED"),
        item("ADULT_SIGNATURE_CONFIRMATION", 765, "OPTIONAL"),
    ];
    assert_eq!(
        price(&priced(&items), &signature, usd(1625)),
        "$16.25 = base $9.00 + fuel surcharge $1.50 − Ship Plus credit $0.50 + signature confirmation $6.25"
    );
    assert_eq!(price(&priced(&[]), &[], usd(1000)), "$10.00 = base $10.00");
    let mut free = priced(&[]);
    free.total = usd(0);
    assert_eq!(
        price(&free, &[], usd(0)),
        "$0.00 = base $0.00",
        "the carrier's own account is billed"
    );
    let only_off = [item("REBATE", 100, "")];
    assert_eq!(
        price(&priced(&only_off), &[], usd(1000)),
        "$10.00 = base $11.00 − rebate $1.00"
    );
    assert_eq!(
        price(&priced(&[item("BASE_RATE", 900, "")]), &[], usd(1000)),
        "$10.00 = base $9.00 + not itemised $1.00"
    );
}

#[test]
fn protection_is_said_with_what_is_lost_and_why() {
    let mut one = rate(&[], &[]);
    assert_eq!(protection(&one), "nothing stated");
    one.benefits = vec!["CLAIMS_PROTECTED".to_owned()];
    one.excluded = vec![ExcludedBenefit {
        benefit: "OTDR_PROTECTED".to_owned(),
        reasons: vec!["NON_SSA_ORDER".to_owned(), "SOMETHING_NEW".to_owned()],
    }];
    assert_eq!(
        protection(&one),
        "claims protection; no on-time delivery protection (Shipping Settings Automation is off in Seller Central, \
         something new)"
    );
    one.benefits.clear();
    one.excluded[0].reasons = vec!["LATE_DELIVERY_RISK".to_owned()];
    assert_eq!(
        protection(&one),
        "no on-time delivery protection (risk of late delivery)"
    );
}

#[test]
fn it_is_said_whose_rate_it_is() {
    let mut one = rate(&[], &[]);
    assert_eq!(payment(&one), "Amazon's rate");
    one.payment = Payment::DirectToCarrier;
    assert_eq!(payment(&one), "your own account with UPS");
    one.payment = Payment::Unknown("PAY_LATER".to_owned());
    assert_eq!(payment(&one), "whose rate: pay later");
    one.payment = Payment::Unknown(String::new());
    assert_eq!(payment(&one), "Amazon does not say whose rate it is");
}

#[test]
fn what_can_be_printed_is_said_once() {
    let mut zpl = option(DocumentFormat::Zpl, 4_000, 6_000, &[("LABEL", true)]);
    zpl.dpis = vec![300, 203];
    let mut pdf = option(
        DocumentFormat::Pdf,
        8_500,
        11_000,
        &[("PACKSLIP", true), ("LABEL", true)],
    );
    pdf.dpis.clear();
    assert_eq!(
        documents(&[zpl.clone(), pdf, zpl]),
        "ZPL 4x6 in (203, 300 dpi), PDF 8.5x11 in with packing slip"
    );
    let mut unsized_png = option(DocumentFormat::Png, 0, 0, &[("LABEL", true)]);
    unsized_png.dpis.clear();
    for (width, length) in [(4_000, 0), (0, 6_000)] {
        let half = DocumentOption {
            width,
            length,
            ..unsized_png.clone()
        };
        assert_eq!(documents(&[half]), "PNG", "half a size is none");
    }
    assert_eq!(documents(&[unsized_png]), "PNG", "no size was said");
    assert_eq!(documents(&[]), "nothing that Amazon names");
}

proptest! {
    #[test]
    fn the_parts_add_up_to_the_price(
        charges in prop::collection::vec((prop::sample::select(vec![
            "BASE_RATE", "FUEL_SURCHARGE", "REBATE", "AMAZON_SPONSORED_DISCOUNT", "OTHER",
        ]), -500_i64..2_000), 0..6),
        total in 1_i64..5_000,
        signed in any::<bool>(),
    ) {
        let items: Vec<RateItem> = charges.iter().map(|(id, minor)| item(id, *minor, "")).collect();
        let mut one = priced(&items);
        one.total = usd(total);
        let bought = if signed { vec!["SIGNATURE_CONFIRMATION".to_owned()] } else { Vec::new() };
        let price = Money::new(total + if signed { 625 } else { 0 }, Currency::USD);
        let parts = price_parts(&one, &bought, price);
        prop_assert_eq!(parts.iter().map(|(_, part)| part.minor).sum::<i64>(), price.minor);
    }
}
