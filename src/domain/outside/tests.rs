use super::*;
use crate::domain::address::{AddressKind, Destination};
use crate::domain::order::{ChannelStatus, Programs, Window};
use proptest::prelude::*;

const UPS: &str = "1Z5R89390357567127";
const USPS: &str = "9405803699300124287899";
const FEDEX: &str = "987654312345672";

fn order(prime: bool, business: bool, kind: AddressKind, origin: Origin) -> ChannelOrder {
    let at = "2026-11-20T12:00:00Z".parse().expect("a time");
    ChannelOrder {
        origin,
        store: "us".into(),
        number: "111-1111111-1111111".into(),
        status: ChannelStatus::Unshipped,
        programs: Programs {
            prime,
            business,
            ..Programs::default()
        },
        destination: Some(Destination::new("US", "OH", "43004", kind)),
        ship_by: Window::default(),
        deliver_by: Window::default(),
        service_level: "Standard".to_owned(),
        print_not_before: None,
        confirmation_floor: None,
        lines: Vec::new(),
        packages: Vec::new(),
        created_at: at,
        updated_at: at,
        address_fingerprint: Vec::new(),
    }
}

fn number(carrier: &Carrier, text: &str) -> Result<(String, bool), String> {
    check_number(carrier, text)
        .map(|checked| (checked.number.0, checked.verified))
        .map_err(|fault| fault.to_string())
}

#[test]
fn carriers_are_known_by_name_in_any_spelling_and_others_keep_theirs() {
    for (text, carrier) in [
        ("usps", Carrier::Usps),
        ("U.P.S.", Carrier::Ups),
        ("fedex", Carrier::FedEx),
        ("Fed Ex", Carrier::FedEx),
        ("DHL", Carrier::Dhl),
        ("on-trac", Carrier::OnTrac),
        (" Evri ", Carrier::Other("Evri".to_owned())),
    ] {
        assert_eq!(Carrier::parse(text), Some(carrier), "{text}");
    }
    assert_eq!(Carrier::parse(" - "), None);
    assert_eq!(Carrier::Other("Evri".to_owned()).amazon_code(), "Other");
    assert_eq!(Carrier::FedEx.amazon_code(), "FedEx");
}

#[test]
fn the_check_digit_of_ups_usps_and_fedex_is_verified() {
    assert_eq!(number(&Carrier::Ups, UPS), Ok((UPS.to_owned(), true)));
    assert_eq!(
        number(&Carrier::Ups, "1z 5r8 939 03 5756 7127"),
        Ok((UPS.to_owned(), true))
    );
    assert_eq!(number(&Carrier::Usps, USPS), Ok((USPS.to_owned(), true)));
    assert_eq!(
        number(&Carrier::Usps, &format!("42043004{USPS}")),
        Ok((USPS.to_owned(), true))
    );
    assert_eq!(number(&Carrier::FedEx, FEDEX), Ok((FEDEX.to_owned(), true)));
}

#[test]
fn a_wrong_check_digit_and_a_wrong_form_are_told_apart_in_words() {
    let wrong = |carrier: &Carrier, text: &str| number(carrier, text).expect_err("refused");
    for (carrier, text, words) in [
        (
            Carrier::Ups,
            "1Z5R89390357567128",
            "does not look like a UPS number: check digit",
        ),
        (
            Carrier::Usps,
            "9405803699300124287890",
            "does not look like a USPS number: check digit",
        ),
        (
            Carrier::FedEx,
            "987654312345673",
            "does not look like a FedEx number: check digit",
        ),
        (Carrier::Ups, "12345", "it has 1Z and 16"),
        (Carrier::Usps, "12345", "20, 22 or 26 digits"),
        (Carrier::FedEx, "12345", "12 or 15 digits"),
        (Carrier::FedEx, "ABCDEFGHIJKL", "12 or 15 digits"),
        (Carrier::Usps, "ABCDEFGHIJKLMNOPQRSTUV", "20, 22 or 26 digits"),
        (Carrier::Ups, " ", "scan it, or type it"),
        (Carrier::Ups, "1Z5R8939035756712é", "up to 40 letters and digits"),
        (Carrier::Usps, UPS, "that is a UPS number, not USPS's"),
        (Carrier::Ups, USPS, "that is a USPS number, not UPS's"),
        (Carrier::Dhl, UPS, "that is a UPS number, not DHL's"),
    ] {
        let said = wrong(&carrier, text);
        assert!(said.contains(words), "{carrier} {text}: {said}");
    }
}

#[test]
fn other_carriers_numbers_are_taken_unverified() {
    for carrier in [Carrier::Dhl, Carrier::OnTrac, Carrier::Other("Evri".to_owned())] {
        assert_eq!(
            number(&carrier, "jd01-4600 0036"),
            Ok(("JD0146000036".to_owned(), false))
        );
    }
    assert_eq!(Carrier::of_number(&UPS.into()), Some(Carrier::Ups));
    assert_eq!(Carrier::of_number(&USPS.into()), Some(Carrier::Usps));
    assert_eq!(Carrier::of_number(&FEDEX.into()), Some(Carrier::FedEx));
    assert_eq!(Carrier::of_number(&"JD0146000036".into()), None);
}

#[test]
fn an_order_of_amazons_loses_its_protection_and_prime_needs_a_reason() {
    let home = AddressKind::Residential;
    let plain = terms(
        &order(false, false, home.clone(), Origin::Amazon),
        &Carrier::Ups,
        "Ground",
    )
    .unwrap();
    assert!(plain.notes[0].contains("late-delivery protection (SLA)") && !plain.breaks_prime);
    let prime = terms(
        &order(true, false, home.clone(), Origin::Amazon),
        &Carrier::Ups,
        "Ground",
    )
    .unwrap();
    assert!(prime.breaks_prime && prime.notes.iter().any(|note| note.contains("PRIME")));
    let own = terms(
        &order(true, false, home, Origin::Elsewhere),
        &Carrier::Ups,
        "Ground",
    )
    .unwrap();
    assert!(!own.breaks_prime && own.notes.is_empty());
}

#[test]
fn fedex_home_delivery_is_refused_for_business_at_a_commercial_address_only() {
    let home_delivery = |business, kind, carrier: &Carrier| {
        terms(
            &order(false, business, kind, Origin::Amazon),
            carrier,
            "Home Delivery®",
        )
    };
    let barred = home_delivery(true, AddressKind::Commercial, &Carrier::FedEx);
    assert!(barred.is_err_and(|words| words.contains("FedEx Home Delivery is not allowed")));
    let named = Carrier::Other("Federal Express".to_owned());
    assert!(home_delivery(true, AddressKind::Commercial, &named).is_err());
    assert!(home_delivery(true, AddressKind::Residential, &Carrier::FedEx).is_ok());
    assert!(home_delivery(false, AddressKind::Commercial, &Carrier::FedEx).is_ok());
    assert!(home_delivery(true, AddressKind::Commercial, &Carrier::Ups).is_ok());
}

#[test]
fn costs_are_read_with_and_without_their_currency() {
    let read = |text| parse_cost(text, Currency::USD).map(|cost| cost.to_string());
    assert_eq!(read("12.34").as_deref(), Some("$12.34"));
    assert_eq!(read("12.34 gbp").as_deref(), Some("£12.34"));
    assert_eq!(read("0").as_deref(), Some("$0.00"));
    for wrong in ["", "-1", "12.345", "12.34 EUR x", "twelve", "12.34 EU"] {
        assert_eq!(read(wrong), None, "{wrong}");
    }
}

#[test]
fn a_carrier_is_said_by_its_name() {
    for carrier in Carrier::KNOWN {
        assert_eq!(carrier.to_string(), carrier.name());
    }
    assert_eq!(Carrier::Other("Estafeta".to_owned()).to_string(), "Estafeta");
}

#[test]
fn a_mistyped_number_in_each_form_of_a_carrier_is_told_by_its_check_digit() {
    for (carrier, text, check_digit) in [
        (Carrier::Usps, "03071790000523483742", true),
        (Carrier::Usps, "4201028200009261290113185417468511", true),
        (Carrier::Usps, "RB123456784US", true),
        (Carrier::Usps, "RB12345678US", false),
        (Carrier::Usps, "ABCDEFGHIJKLM", false),
        (Carrier::Usps, "1234567890123", false),
        // Another country's post.
        (Carrier::Usps, "RB123456785GB", false),
        (Carrier::FedEx, "9611020987654312345673", true),
        (Carrier::FedEx, "9711020987654312345673", false),
        (Carrier::FedEx, "1001921334250001000300779017972698", true),
        (Carrier::FedEx, "9622001900000000000000776632517511", true),
        (Carrier::FedEx, "2001921334250001000300779017972697", false),
    ] {
        let said = number(&carrier, text).expect_err("refused");
        assert_eq!(
            said.contains("check digit wrong"),
            check_digit,
            "{carrier} {text}: {said}"
        );
    }
}

#[test]
fn a_number_has_at_most_forty_letters_and_digits() {
    let evri = Carrier::Other("Evri".to_owned());
    let longest = "H".repeat(40);
    assert_eq!(number(&evri, &longest), Ok((longest.clone(), false)));
    let said = number(&evri, &format!("{longest}H")).expect_err("too long");
    assert!(said.contains("up to 40 letters and digits"), "{said}");
    assert!(number(&evri, &format!("{longest}HH")).is_err());
}

proptest! {
    /// Any one digit mistyped in a valid number is found, whichever of the three carriers it is of.
    #[test]
    fn one_mistyped_digit_is_found(place in 0_usize..22, digit in 0_u8..10) {
        for (carrier, valid) in [(Carrier::Ups, UPS), (Carrier::Usps, USPS), (Carrier::FedEx, FEDEX)] {
            let mut text = valid.as_bytes().to_vec();
            let Some(sign) = text.get_mut(place).filter(|sign| sign.is_ascii_digit()) else { continue };
            // UPS doubles every second digit: there its check cannot see a difference of five.
            let difference = (b'0' + digit).abs_diff(*sign);
            if difference == 0 || carrier == Carrier::Ups && difference == 5 {
                continue;
            }
            *sign = b'0' + digit;
            let text = String::from_utf8(text).expect("ASCII");
            // The first digits of USPS's and UPS's numbers are their form.
            prop_assert!(check_number(&carrier, &text).is_err(), "{} {}", carrier, text);
        }
    }

    /// Nothing that is typed or scanned is fatal, and what is taken is letters and digits.
    #[test]
    fn any_text_is_survived(text in "\\PC{0,60}") {
        for carrier in Carrier::KNOWN.into_iter().chain([Carrier::Other("x".to_owned())]) {
            if let Ok(checked) = check_number(&carrier, &text) {
                prop_assert!(checked.number.as_str().bytes().all(|sign| sign.is_ascii_alphanumeric()));
                prop_assert_eq!(checked.verified, carrier.verifies());
            }
        }
    }
}
