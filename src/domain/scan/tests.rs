use super::{
    Command, LONGEST, Scan, ScanError, barcode_key, classify, is_cut_order_number, is_gtin, is_misread_gtin,
    is_tracking_number,
};
use proptest::prelude::*;

const AZ: &str = "AZ:L1Z2H38F4C5Q6R7E5K6Z1C2K3E";
const SGTIN: &str = "0100376204200301214P1OZMT7D8B81EMF4WW4";

/// Shippers' numbers with letters in every place.
const UPS: [&str; 4] = [
    "1Z999AA10123456784",
    "1Z12345E6605272234",
    "1Z8V92A70367203024",
    "1ZXX3150YW44070023",
];

fn code(text: &str) -> Scan {
    Scan::Code(text.to_owned())
}

fn transparency(text: &str) -> Scan {
    Scan::Transparency(text.to_owned())
}

fn tracking(text: &str) -> Scan {
    Scan::Tracking(text.into())
}

fn scan(raw: &str) -> Scan {
    classify(raw).expect("a scan")
}

#[test]
fn a_transparency_code_has_exactly_26_letters_or_digits_after_its_prefix() {
    assert_eq!(scan(AZ), transparency(AZ));
    assert_eq!(
        scan(&AZ.replace("AZ:", "ZA:")),
        transparency(&AZ.replace("AZ:", "ZA:"))
    );
    assert_eq!(scan(&AZ.to_lowercase()), transparency(AZ));
    for damaged in [
        &AZ[..28],
        &format!("{AZ}E"),
        "AZ:",
        "ZA:QFUL6MXBXE3A2EBC0",
        &AZ.replace('L', "-"),
        &AZ.replace('L', "é"),
    ] {
        assert!(matches!(scan(damaged), Scan::DamagedTransparency(_)), "{damaged}");
    }
}

#[test]
fn an_sgtin_is_understood_however_it_arrives() {
    for raw in [
        SGTIN.to_owned(),
        format!("]d2{SGTIN}"),
        format!("]C1{SGTIN}\r\n"),
        format!("]d2\u{1d}{SGTIN}\u{1d}\u{1e}\u{4}"),
        format!("{SGTIN}<GS>"),
        "(01)00376204200301(21)4P1OZMT7D8B81EMF4WW4".to_owned(),
        "]d20100376204200301172705311012AB\u{1d}214P1OZMT7D8B81EMF4WW4".to_owned(),
        "]d20100376204200301^]214P1OZMT7D8B81EMF4WW4^]1012AB".to_owned(),
    ] {
        assert_eq!(scan(&raw), transparency(SGTIN), "{raw:?}");
    }
}

#[test]
fn an_sgtin_with_a_wrong_check_digit_is_damaged() {
    let wrong = SGTIN.replacen("00376204200301", "00376204200302", 1);
    assert!(matches!(scan(&wrong), Scan::DamagedTransparency(_)));
    assert!(matches!(
        scan(&format!("]d2{wrong}")),
        Scan::DamagedTransparency(_)
    ));
}

#[test]
fn a_gs1_symbol_without_such_a_serial_is_its_products_barcode() {
    assert_eq!(scan("]d20100376204200301"), code("376204200301"));
    assert_eq!(scan("]C101003762042003011727053110LOT7"), code("376204200301"));
    assert_eq!(scan("010037620420030121SHORT"), code("376204200301"));
    assert_eq!(scan("(01)10376204200308(10)A"), code("10376204200308"));
    // The same digits from a plain Code 128 are whatever the catalogue says they are.
    assert_eq!(scan("0100376204200301"), code("0100376204200301"));
}

#[test]
fn a_gs1_symbol_is_its_product_whatever_else_it_says() {
    let gtin = "0100376204200301";
    for other in [
        "00003456789012345675",    // shipping container
        "11270531",                // production date
        "2007",                    // variant
        "240ADDITIONAL\u{1d}",     // additional identification
        "400PO-4711\u{1d}",        // customer's purchase order
        "42043004\u{1d}",          // ship-to postal code
        "3102001250",              // net weight
        "39221299\u{1d}",          // price
        "4300ADA'S KITCHEN\u{1d}", // ship-to company
        "70032711301200\u{1d}",    // expiry with its hour
        "8008261124\u{1d}",        // production time
        "4149506000111117",        // location of the shelf
        "3012\u{1d}",              // count of items
        "99OUR OWN\u{1d}",         // between the two of us
    ] {
        assert_eq!(
            scan(&format!("]C1{other}{gtin}")),
            code("376204200301"),
            "{other}"
        );
    }
}

#[test]
fn what_is_no_gs1_symbol_is_left_to_the_catalogue() {
    for plain in [
        "010037620420030121",                      // ends where the serial should begin
        "01003762042003012112345678901234567890A", // a serial of 21 characters
        "990037620420030121SHORT",                 // another beginning
        "(01)376204200301",                        // a GTIN in a field of 14 digits has 14
        "(01)0037620420030X",
    ] {
        assert_eq!(scan(plain), code(plain));
    }
    // Only the scanner's own word makes a plain Code 128 a GS1 symbol.
    assert_eq!(scan("]C00100376204200301"), code("0100376204200301"));
    // Behind the GTIN stands no application identifier: the symbol is not read by halves.
    assert_eq!(scan("]C101003762042003019XLOT"), code("01003762042003019XLOT"));
}

#[test]
fn only_transparencys_own_address_is_a_code() {
    let address = "https://transparency.example.com/q/AbC123";
    assert_eq!(scan(&format!("]Q1{address}")), transparency(address));
    let amazon = "https://www.amazon.com/transparency/c/AbC123";
    assert_eq!(scan(amazon), transparency(amazon));
    for other in [
        "https://www.example.com/register?transparency=1",
        "https://www.amazon.com/dp/B000000001",
        "https://transparency",
    ] {
        assert_eq!(scan(other), code(other));
    }
}

#[test]
fn aim_prefixes_and_line_ends_are_stripped() {
    for raw in [
        "]E0036000291452",
        "036000291452\r\n",
        "]E00036000291452",
        "\u{2}036000291452\u{3}",
        " 036000291452\t",
    ] {
        assert_eq!(scan(raw), code("036000291452"), "{raw:?}");
    }
    assert_eq!(scan("]A0WIDGET-7"), code("WIDGET-7"));
    assert_eq!(scan("]C0WIDGET-7"), code("WIDGET-7"));
    assert_eq!(scan("]x"), code("]x"));
    assert_eq!(scan("]-1abc"), code("]-1abc"));
}

#[test]
fn nothing_and_noise_are_no_scan() {
    for empty in ["", "\r\n", "]C1", "]d2\u{1d}", "<GS>"] {
        assert_eq!(classify(empty), Err(ScanError::Empty), "{empty:?}");
    }
    for damaged in [
        "0360\u{0}0291452",
        "AB\u{1b}[2J",
        "AB\u{202e}CD",
        "[)>\u{1e}06\u{1d}P1\u{1e}\u{4}",
    ] {
        assert_eq!(classify(damaged), Err(ScanError::Damaged), "{damaged:?}");
    }
    assert_eq!(classify(&"A".repeat(LONGEST)), Ok(code(&"A".repeat(LONGEST))));
    assert_eq!(
        classify(&"A".repeat(LONGEST + 1)),
        Err(ScanError::TooLong(LONGEST + 1))
    );
}

#[test]
fn an_order_number_has_3_7_7_digits() {
    assert_eq!(
        scan("113-1234567-7654321"),
        Scan::Order("113-1234567-7654321".into())
    );
    for other in ["113-1234567-765432", "11A-1234567-7654321", "113_1234567-7654321"] {
        assert_eq!(scan(other), code(other));
    }
}

#[test]
fn the_stations_own_codes_are_known_in_any_case() {
    assert_eq!(scan("TGL-12"), Scan::PickList(12));
    assert_eq!(scan("tgt-A7"), Scan::Tote("A7".to_owned()));
    assert_eq!(scan("TGB-small"), Scan::BoxPreset("small".to_owned()));
    assert_eq!(scan("TGU-4711"), Scan::Badge("4711".to_owned()));
    for (word, command) in [
        ("VOID", Command::Void),
        ("reprint", Command::Reprint),
        ("Rates", Command::Rates),
        ("FINISH", Command::Finish),
        ("cancel", Command::Cancel),
        ("OVERRIDE", Command::Override),
        ("NEXT", Command::Next),
        ("boxes", Command::Boxes),
        ("undo", Command::Undo),
        ("hold", Command::Hold),
    ] {
        assert_eq!(scan(&format!("TGC-{word}")), Scan::Command(command));
    }
    for unknown in [
        "TGC-BUY",
        "TGL-",
        "TGL-0",
        "TGL--4",
        "TGL-1x",
        "TGL-99999999999999999999",
        "TGU-",
    ] {
        assert_eq!(
            classify(unknown),
            Err(ScanError::UnknownStationCode(unknown.to_owned())),
            "{unknown}"
        );
    }
    assert_eq!(scan("TGX-1"), code("TGX-1"));
}

#[test]
fn ups_numbers_need_their_check_digit() {
    assert_eq!(scan("1Z5R89390357567127"), tracking("1Z5R89390357567127"));
    assert_eq!(scan("1z5r89390357567127"), tracking("1Z5R89390357567127"));
    assert_eq!(scan("1Z5R89390357567128"), code("1Z5R89390357567128"));
    assert_eq!(scan("1Z5R8939035756712"), code("1Z5R8939035756712"));
    // Letters wherever an account number has them.
    for number in UPS {
        assert_eq!(scan(number), tracking(number));
        let (rest, last) = number.split_at(17);
        let other = format!("{rest}{}", (last.parse::<u32>().expect("a digit") + 1) % 10);
        assert_eq!(scan(&other), code(&other));
    }
    // Another sign among them, or one too few: no last digit makes it a number.
    for digit in 0..10 {
        for other in [
            format!("1Z5R8939035756-12{digit}"),
            format!("1Z5R893903575671{digit}"),
        ] {
            assert_eq!(scan(&other), code(&other));
        }
    }
}

#[test]
fn usps_numbers_shed_the_postal_code_before_them() {
    for number in [
        "9405803699300124287899",
        "92748931507708513018050063",
        "03071790000523483741",
    ] {
        assert_eq!(scan(number), tracking(number));
        assert_eq!(scan(&format!("42022153{number}")), tracking(number));
        assert_eq!(scan(&format!("]C142022153\u{1d}{number}")), tracking(number));
    }
    assert_eq!(
        scan("4201028200009261290113185417468510"),
        tracking("9261290113185417468510")
    );
    for wrong in [
        "9405803699300124287898",
        "03071790000523483742",
        "4201028200009261290113185417468511",
    ] {
        assert_eq!(scan(wrong), code(wrong));
    }
    assert_eq!(scan("00000000000000000000"), code("00000000000000000000"));
}

#[test]
fn fedex_numbers_need_their_check_digits() {
    for number in [
        "986578788855",
        "799531274483",
        "041441760228964",
        "568283610012734",
    ] {
        assert_eq!(scan(number), tracking(number));
    }
    assert_eq!(
        scan("1001921334250001000300779017972697"),
        tracking("779017972697")
    );
    assert_eq!(
        scan("9622001900000000000000776632517510"),
        tracking("776632517510")
    );
    assert_eq!(scan("9611020987654312345672"), tracking("987654312345672"));
    for wrong in [
        "996578788855",
        "568283610012732",
        "1001901781990001000300617767839438",
        // The digits of an express label behind a beginning that none has.
        "2001921334250001000300779017972697",
    ] {
        assert_eq!(scan(wrong), code(wrong));
    }
}

#[test]
fn amazon_and_postal_union_numbers() {
    assert_eq!(scan("TBA123456789012"), tracking("TBA123456789012"));
    assert_eq!(scan("TBA12345678901"), code("TBA12345678901"));
    assert_eq!(scan("c04711000000013"), tracking("C04711000000013"));
    assert_eq!(scan("C0471100000001"), code("C0471100000001"));
    assert_eq!(scan("TBX123456789012"), code("TBX123456789012"));
    assert_eq!(scan("RB123456785GB"), tracking("RB123456785GB"));
    assert_eq!(scan("RB123456784GB"), code("RB123456784GB"));
    for number in ["RA473124829GB", "CP473124850US"] {
        assert_eq!(scan(number), tracking(number));
    }
    // The check digit is right, the form is not.
    for other in ["R1123456785GB", "RB123456785G1"] {
        assert_eq!(scan(other), code(other));
    }
}

#[test]
fn a_product_code_is_no_tracking_number() {
    for other in ["WIDGET-7", "4006381333931", SGTIN, AZ] {
        assert!(!is_tracking_number(other), "{other}");
    }
    assert!(UPS.iter().all(|number| is_tracking_number(number)));
}

#[test]
fn a_valid_upc_is_never_a_tracking_number() {
    // Passes FedEx's check as well.
    let both = (100_000_000_000_u64..100_000_100_000)
        .map(|number| number.to_string())
        .find(|text| is_gtin(text) && is_tracking_number(text))
        .expect("one in a hundred");
    assert_eq!(scan(&both), code(&both));
}

#[test]
fn check_digits_of_every_length() {
    for good in ["96385074", "036000291452", "4006381333931", "10376204200308"] {
        assert!(is_gtin(good), "{good}");
        let last = good.len() - 1;
        for digit in '0'..='9' {
            let other = format!("{}{digit}", &good[..last]);
            assert_eq!(is_gtin(&other), other == good, "{other}");
        }
    }
    for bad in [
        "",
        "0",
        "00000000",
        "000000000000",
        "3600029145",
        "03600029145X",
        "٠٣٦٠٠٠٢٩",
    ] {
        assert!(!is_gtin(bad), "{bad}");
    }
}

#[test]
fn a_upc_is_one_code_in_all_its_lengths() {
    for same in [
        "036000291452",
        "0036000291452",
        "00036000291452",
        " 036000291452 ",
    ] {
        assert_eq!(barcode_key(same), "036000291452");
    }
    assert_eq!(barcode_key("00000096385074"), "96385074");
    assert_eq!(barcode_key("4006381333931"), "4006381333931");
    assert_eq!(barcode_key("10376204200308"), "10376204200308");
    assert_eq!(barcode_key("widget-7"), "WIDGET-7");
    // No check digit, no GTIN: the zeros belong to the code.
    assert_eq!(barcode_key("0036000291453"), "0036000291453");
}

#[test]
fn a_part_of_an_order_number_is_told_by_its_hyphen() {
    let order = "113-1234567-7654321";
    for start in 0..order.len() {
        for end in start + 1..=order.len() {
            let part = &order[start..end];
            assert_eq!(
                is_cut_order_number(part),
                part != order && part.contains('-'),
                "{part}"
            );
        }
    }
    for other in [
        "",
        "SN-1234567",
        "113-12345678",
        "12345678-1",
        "113-1234567-7654321-1",
    ] {
        assert!(!is_cut_order_number(other), "{other}");
    }
}

#[test]
fn digits_of_a_barcodes_length_with_a_wrong_check_digit_are_a_misread_one() {
    for misread in [
        "036000291453",
        "4006381333932",
        "96385075",
        "10376204200309",
        "0110376204200308",
        "00000000",
    ] {
        assert!(is_misread_gtin(misread), "{misread}");
    }
    for other in [
        "036000291452",
        "4006381333931",
        "0110376204200309",
        "12345678901",
        "SN2026004212",
        "",
        "03600029145X",
    ] {
        assert!(!is_misread_gtin(other), "{other}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn anything_can_be_scanned(raw in "(?s).{0,60}|[\\]C1d2()0-9\u{1d}A-Z:^<>GS-]{0,60}") {
        if let Ok(Scan::Code(code)) = classify(&raw) {
            prop_assert!(!code.is_empty());
            let bare = super::trim(super::strip_aim(super::trim(&raw)).1);
            if is_gtin(bare) {
                prop_assert_eq!(barcode_key(bare), code);
            }
        }
    }

    #[test]
    fn keys_are_stable(code in "\\PC{0,30}|[0-9]{8,14}") {
        let key = barcode_key(&code);
        prop_assert_eq!(barcode_key(&key), key);
    }

    #[test]
    fn an_aim_prefix_changes_no_product_code(digits in "[0-9]{11}", letter in "[EAC]", modifier in "[04]") {
        let upc = (0..10).map(|check| format!("{digits}{check}")).find(|upc| is_gtin(upc));
        if let Some(upc) = upc {
            let scanned = classify(&format!("]{letter}{modifier}0{upc}\r"));
            prop_assert_eq!(scanned, classify(&upc));
        }
    }
}
