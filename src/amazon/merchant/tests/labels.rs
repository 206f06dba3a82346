use super::*;
use crate::amazon::body::LARGEST;
use crate::amazon::fake::{client_of, clock};
use crate::amazon::labels::BoxName;
use crate::domain::intent::BoughtAnswer;
use crate::domain::seller::DocumentFormat;

async fn fetched(body: String) -> BoughtAnswer {
    let fake = amazon(move |_| Play::Say(json(200, &body))).await;
    let client = client_of(&shop(&fake.base()), clock());
    let ours = BoxName {
        reference: "7-2".to_owned(),
        number: order(),
    };
    let answer = client
        .labels(VIA)
        .unwrap()
        .documents(&shipment(), &ours)
        .await
        .unwrap();
    let heard = &asked(&fake)[0];
    assert_eq!(heard.line, format!("GET /mfn/v0/shipments/{SHIPMENT}"));
    assert_eq!(heard.header("x-amz-access-token"), Some("Atz.sprdt|1"));
    answer
}

async fn label(file: String) -> BoughtAnswer {
    fetched(shipment_with(&file, "Purchased")).await
}

#[tokio::test]
async fn a_label_is_unpacked_and_told_by_its_first_bytes() {
    let pdf = b"%PDF-1.7 rest";
    let png = b"\x89PNG\r\n\x1a\nrest";
    for (bytes, kind, format) in [
        (ZPL, "application/zpl", DocumentFormat::Zpl),
        (&pdf[..], "application/pdf", DocumentFormat::Pdf),
        (&png[..], "image/png", DocumentFormat::Png),
        (ZPL, "", DocumentFormat::Zpl),
        (&png[..], "image/x-unheard-of", DocumentFormat::Png),
    ] {
        let answer = label(file(bytes, kind, &sum(bytes))).await;
        assert_eq!(answer.trouble, None, "{kind}");
        assert_eq!(answer.documents[0].format, format);
        assert_eq!(answer.documents[0].bytes.0, bytes);
        assert_eq!(answer.tracking.unwrap().as_str(), "1Z17E2100217295733");
    }
}

#[tokio::test]
async fn the_checksum_may_be_of_the_packed_or_the_unpacked_file_or_missing() {
    let digits = |bytes: &[u8]| {
        let sum = Md5::digest(bytes);
        sum.iter()
            .fold(String::new(), |all, byte| all + &format!("{byte:02X}"))
    };
    for good in [sum(ZPL), sum(&packed(ZPL)), digits(ZPL), String::new()] {
        let answer = label(file(ZPL, "application/zpl", &good)).await;
        assert_eq!(answer.trouble, None, "{good}");
    }
    for bad in [sum(b"another"), "no checksum at all".to_owned()] {
        let answer = label(file(ZPL, "application/zpl", &bad)).await;
        let trouble = answer.trouble.unwrap();
        assert!(trouble.contains("checksum"), "{trouble}");
        assert_eq!(answer.documents.len(), 1, "kept, and held for its trouble");
    }
}

#[tokio::test]
async fn what_is_no_label_is_said() {
    let raw =
        |contents: &str| format!(r#"{{"Contents":"{contents}","FileType":"application/zpl","Checksum":""}}"#);
    let mut cut = packed(&ZPL.repeat(50));
    cut.truncate(cut.len() / 2);
    for (file, words) in [
        (raw(""), "no label"),
        ("null".to_owned(), "no label"),
        (raw("*not base64*"), "decoded"),
        (raw(&STANDARD.encode(&cut)), "unpacked"),
        (raw(&STANDARD.encode(packed(b""))), "empty"),
        (raw(&STANDARD.encode(packed(&vec![b' '; LARGEST + 1]))), "larger"),
        (raw(&STANDARD.encode(packed(b"<html>"))), "not of the kind"),
        (file(b"<html>", "", ""), "not known"),
    ] {
        let answer = label(file).await;
        assert!(answer.documents.is_empty(), "{words}");
        let trouble = answer.trouble.unwrap();
        assert!(trouble.contains(words), "{words}: {trouble}");
    }
    let other = label(file(b"%PDF-1.7", "application/zpl", "")).await;
    assert!(other.trouble.unwrap().contains("another kind"));
}

#[tokio::test]
async fn a_label_that_is_not_packed_is_taken_too() {
    let contents = STANDARD.encode(ZPL);
    let answer = label(format!(
        r#"{{"Contents":"{contents}","FileType":"application/zpl","Checksum":""}}"#
    ))
    .await;
    assert_eq!((answer.trouble, answer.documents.len()), (None, 1));
}

#[tokio::test]
async fn another_orders_or_a_canceled_label_is_not_to_be_used() {
    let whole = whole();
    let other = fetched(whole.replace(ORDER, "222-2222222-2222222")).await;
    assert!(other.trouble.unwrap().contains("do not use this label"));
    for status in ["RefundPending", "RefundApplied", "RefundRejected"] {
        let canceled = fetched(whole.replace("Purchased", status)).await;
        assert!(
            canceled.trouble.unwrap().contains("do not use this label"),
            "{status}"
        );
    }
    let unknown = fetched(whole.replace("Purchased", "")).await;
    assert_eq!(unknown.trouble, None, "an empty status says nothing");
}
