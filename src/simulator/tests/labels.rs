//! Labels, documents and tracking numbers.

use super::*;
use crate::simulator::label::code128;
use crate::simulator::tracking_number::tracking_number;
use crate::simulator::{Fault, FaultKind};
use base64::Engine as _;

async fn document(bench: &Bench, place: u64, format: &str, dpi: Option<u64>, kinds: &[&str]) -> Vec<u8> {
    let quote = bench.rates(&demo::number(place)).await;
    let mut body = purchase_body(&quote, "UPS_PTP_GND");
    let wanted = &mut body["requestedDocumentSpecification"];
    wanted["format"] = json!(format);
    wanted["dpi"] = json!(dpi);
    wanted["requestedDocumentTypes"] = json!(kinds);
    let key = format!("{place} {format} {dpi:?}");
    let reply = bench.buy(&key, &body).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let documents = &reply.body["payload"]["packageDocumentDetails"][0]["packageDocuments"];
    assert_eq!(documents[0]["format"], format);
    base64::engine::general_purpose::STANDARD
        .decode(documents[0]["contents"].as_str().unwrap())
        .unwrap()
}

#[tokio::test]
async fn zpl_comes_in_the_resolution_asked_for() {
    let bench = Bench::new().await;
    for (dpi, width, length) in [(203, 812, 1218), (300, 1200, 1800)] {
        let label = String::from_utf8(document(&bench, 1, "ZPL", Some(dpi), &["LABEL"]).await).unwrap();
        assert!(label.starts_with("^XA") && label.trim_end().ends_with("^XZ"));
        assert!(label.contains(&format!("^PW{width}\n^LL{length}\n")), "{label}");
        assert!(label.contains("^BC"));
    }
}

/// Hostile text can neither end a field nor start a command.
#[tokio::test]
async fn zpl_takes_any_name() {
    let bench = Bench::new().await;
    for place in 1..=demo::orders(tuesday()).len() as u64 {
        let order = bench.order(&demo::number(place));
        let plain = order.seller == 0 && order.base == crate::simulator::Base::Open;
        if !plain || matches!(order.address.state.as_str(), "PR" | "AE") {
            continue;
        }
        if order.shape == crate::simulator::OfferShape::FlatRateOnly {
            continue;
        }
        let label = String::from_utf8(document(&bench, place, "ZPL", Some(300), &["LABEL"]).await).unwrap();
        assert_eq!(label.matches("^XA").count(), 1);
        assert_eq!(label.matches("~JA").count(), 0, "{label}");
        assert!(!label.chars().any(|letter| letter.is_control() && letter != '\n'));
        assert_eq!(
            label.matches("^FD").count(),
            label.matches("^FS").count() - 2,
            "{label}"
        );
    }
}

#[tokio::test]
async fn png_is_a_picture_of_four_by_six_inches() {
    let bench = Bench::new().await;
    for (dpi, size) in [(203, (812, 1218)), (300, (1200, 1800))] {
        let bytes = document(&bench, 1, "PNG", Some(dpi), &["LABEL"]).await;
        let decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        let mut reader = decoder.read_info().unwrap();
        let mut dots = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut dots).unwrap();
        assert_eq!((info.width, info.height), size);
        let black: u32 = dots.iter().map(|byte| byte.count_zeros()).sum();
        assert!(black > 10_000, "{black} black dots");
    }
}

#[tokio::test]
async fn pdf_has_a_page_for_the_label_and_one_for_the_pack_slip() {
    let bench = Bench::new().await;
    let bytes = document(&bench, 1, "PDF", None, &["PACKSLIP", "LABEL"]).await;
    let pdf = lopdf::Document::load_mem(&bytes).unwrap();
    let pages = pdf.get_pages();
    assert_eq!(pages.len(), 2);
    for page in pages.values() {
        let drawing = String::from_utf8(pdf.get_page_content(*page)).unwrap();
        assert!(drawing.contains("(Odette Vanterpool) Tj"), "{drawing}");
    }
}

#[tokio::test]
async fn a_blank_label_stays_blank_when_it_is_fetched_again() {
    let bench = Bench::new().await;
    bench
        .amazon
        .fault(Fault::new("purchaseShipment", FaultKind::BlankLabel).times(3));
    let zpl = document(&bench, 1, "ZPL", Some(300), &["LABEL"]).await;
    assert_eq!(zpl.len(), 1056);
    assert!(!String::from_utf8_lossy(&zpl).contains("^FD"));
    let pdf = document(&bench, 1, "PDF", None, &["PACKSLIP", "LABEL"]).await;
    let pdf = lopdf::Document::load_mem(&pdf).unwrap();
    for page in pdf.get_pages().values() {
        assert!(pdf.get_page_content(*page).trim_ascii().is_empty());
    }
    document(&bench, 1, "PNG", Some(203), &["LABEL"]).await;
    let shipment = bench.amazon.ledger().shipments[0].shipment_id.clone();
    let path = format!(
        "{SHIPMENTS}/{shipment}/documents?packageClientReferenceId={}-1",
        demo::number(1)
    );
    let again = bench.get(&path).await.body;
    let contents = again["payload"]["packageDocumentDetail"]["packageDocuments"][0]["contents"]
        .as_str()
        .unwrap();
    assert_eq!(
        base64::engine::general_purpose::STANDARD
            .decode(contents)
            .unwrap(),
        zpl
    );
}

#[test]
fn code_128_counts_its_check_symbol() {
    // "PJJ123C", the example of many textbooks: check value 55.
    let widths = code128("PJJ123C");
    assert_eq!(widths.len(), (1 + 7 + 1) * 6 + 7);
    assert_eq!(widths.iter().sum::<u32>(), 9 * 11 + 13);
    assert_eq!(widths[8 * 6..9 * 6], [3, 1, 1, 3, 2, 1], "value 55");
}

#[test]
fn tracking_numbers_carry_right_check_digits() {
    let ups = tracking_number("UPS", "UPS_PTP_GND", 1, 7);
    assert_eq!((ups.len(), &ups[..2]), (18, "1Z"));
    let post = tracking_number("USPS", "USPS_PTP_GAH", 1, 7);
    assert_eq!(post.len(), 22);
    let sum: u32 = post
        .chars()
        .rev()
        .enumerate()
        .map(|(at, digit)| digit.to_digit(10).unwrap() * if at % 2 == 1 { 3 } else { 1 })
        .sum();
    assert_eq!(sum % 10, 0);
    let fedex = tracking_number("FEDEX", "FEDEX_PTP_GROUND", 1, 7);
    assert_eq!(fedex.len(), 12);
    assert_eq!(tracking_number("ONTRAC", "ONTRAC_MFN_GROUND", 1, 7).len(), 15);
    let many: std::collections::HashSet<_> = (0..5000)
        .map(|serial| tracking_number("FEDEX", "FEDEX_PTP_GROUND", 1, serial))
        .collect();
    assert_eq!(many.len(), 5000);
}
