use super::*;
use proptest::prelude::*;

fn customer(name: &str, company: &str, number: &str) -> CustomerData {
    let mut customer = CustomerData::default();
    name.clone_into(&mut customer.recipient.name);
    company.clone_into(&mut customer.recipient.company);
    number.clone_into(&mut customer.buyer.po_number);
    customer
}

#[test]
fn only_harmless_signs_are_printed() {
    assert_eq!(printable("PO-77812").as_deref(), Some("PO-77812"));
    assert_eq!(printable(" A  1\t/ #2 ").as_deref(), Some("A 1/ #2"));
    assert_eq!(printable("^XA^JUS~JR\u{2}77").as_deref(), Some("XAJUSJR77"));
    for nothing in ["", "   ", "^~", "-/-", "漢字"] {
        assert_eq!(printable(nothing), None, "{nothing:?}");
    }
}

#[test]
fn a_number_in_the_recipients_name_is_not_printed_twice() {
    for name in [
        "Jordan Reyes PO-77812",
        "Jordan Reyes (PO 77812)",
        "Jordan Reyes, PO#77812",
        "jordan reyes po77812",
    ] {
        assert_eq!(to_print(&customer(name, "", "PO-77812")), None, "{name}");
    }
    assert_eq!(to_print(&customer("Jordan Reyes PO# 77812", "", "77812")), None);
    assert_eq!(to_print(&customer("Jordan", "Acme 77 812", "77 812")), None);
    assert_eq!(
        to_print(&customer("Jordan Reyes", "Acme", "PO-77812")).as_deref(),
        Some("PO-77812")
    );
    assert_eq!(
        to_print(&customer("Building 177812", "", "77812")).as_deref(),
        Some("77812"),
        "a part of a longer number is not the number"
    );
    assert_eq!(
        to_print(&customer("Jordan Potter", "Post Office Supplies", "77812")).as_deref(),
        Some("77812"),
        "a name that begins with PO is no number"
    );
    assert_eq!(to_print(&customer("Jordan Reyes", "", "")), None);
}

#[test]
fn amazon_prints_fourteen_signs_in_zpl_of_203_dots_and_never_on_fedex() {
    use DocumentFormat::{Pdf, Png, Zpl};
    let v0 = LabelVia::MerchantFulfillmentV0;
    let fourteen = "PO-12345678901";
    assert_eq!(fourteen.len(), 14);
    assert_eq!(
        through_amazon(fourteen, v0, Zpl, Some(203), "UPS").as_deref(),
        Some(fourteen)
    );
    for (number, via, format, dpi, carrier) in [
        ("PO-123456789012", v0, Zpl, Some(203), "UPS"),
        (fourteen, v0, Zpl, Some(203), "FedEx®"),
        (fourteen, v0, Zpl, Some(300), "UPS"),
        (fourteen, v0, Zpl, None, "UPS"),
        (fourteen, v0, Png, Some(203), "UPS"),
        (fourteen, v0, Pdf, Some(203), "UPS"),
        (fourteen, LabelVia::ShippingV2, Zpl, Some(203), "UPS"),
        (fourteen, LabelVia::Outside, Zpl, Some(203), "UPS"),
        ("^~", v0, Zpl, Some(203), "UPS"),
    ] {
        assert_eq!(
            through_amazon(number, via, format, dpi, carrier),
            None,
            "{number} {via:?} {format:?} {dpi:?} {carrier}"
        );
    }
}

proptest! {
    #[test]
    fn nothing_that_commands_a_printer_is_left(number in any::<String>()) {
        if let Some(text) = printable(&number) {
            prop_assert!(text.len() <= 40);
            prop_assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" ._-/#".contains(&byte)));
            prop_assert_eq!(printable(&text), Some(text));
        }
    }

    #[test]
    fn a_number_that_amazon_appended_is_found(number in "[A-Z0-9]{3,12}(-[0-9]{2,4})?", sign in prop::sample::select(vec![" ", " PO ", " PO#", ", "])) {
        let name = format!("Jordan Reyes{sign}{number}");
        prop_assert_eq!(to_print(&customer(&name, "", &number)), None);
    }
}
