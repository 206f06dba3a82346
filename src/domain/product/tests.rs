use super::*;

#[test]
fn a_barcode_counts_each_of_its_numbers_once_and_never_nothing() {
    let barcodes = [
        ("036000291452", 1),
        ("0036000291452", 1),
        ("036000291452", 12),
        ("CASE", 6),
        ("case", 0),
    ];
    let product = Product {
        sku: "SOAP".into(),
        title: "Soap".to_owned(),
        kind: ProductKind::Standard,
        barcodes: barcodes
            .into_iter()
            .map(|(code, quantity)| Barcode {
                code: code.to_owned(),
                quantity,
            })
            .collect(),
        components: Vec::new(),
        weight: None,
        dimensions: None,
        price: None,
        transparency: false,
    };
    assert_eq!(product.quantities_of("036000291452"), [1, 12]);
    assert_eq!(
        product.quantities_of("CASE"),
        [6],
        "a code that counts nothing is none"
    );
    assert!(product.quantities_of("4006381333931").is_empty());
}
