//! Speed of the rules on the path of a scan: they must vanish beside the disk and the terminal.

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use tapegun::domain::ids::{LineId, Sku};
use tapegun::domain::order::OrderLine;
use tapegun::domain::packing::PackingSession;
use tapegun::domain::product::{Barcode, Product, ProductKind};
use tapegun::domain::scan::classify;

fn line(number: usize) -> (OrderLine, Product) {
    let sku = Sku(format!("SKU-{number}"));
    let line = OrderLine {
        id: LineId(format!("L{number}")),
        sku: sku.clone(),
        asin: String::new(),
        title: format!("Product {number}"),
        quantity: 3,
        unit_price: None,
        transparency: false,
        serial_required: false,
        gift: false,
        cancel_requested: false,
    };
    let product = Product {
        sku,
        title: format!("Product {number}"),
        kind: ProductKind::Standard,
        barcodes: vec![Barcode {
            code: format!("CODE-{number}"),
            quantity: 1,
        }],
        components: Vec::new(),
        weight: None,
        dimensions: None,
        price: None,
        transparency: false,
    };
    (line, product)
}

fn scans(criterion: &mut Criterion) {
    let codes = [
        "]E00036000291452",
        "AZ:D66F7JYOR8G3BHKSCO4OYHEKRU",
        "114-9876543-1234567",
        "1Z17E2100217295733",
        "TGC-FINISH",
        "0100376204200301214P1OZMT7D8B81EMF4WW4",
    ];
    criterion.bench_function("classify one of each form", |bench| {
        bench.iter(|| {
            codes
                .iter()
                .filter(|code| classify(black_box(code)).is_ok())
                .count()
        });
    });
    let (lines, products): (Vec<_>, Vec<_>) = (0..20).map(line).unzip();
    let session = PackingSession::new(&lines, &products);
    let scan = classify("CODE-19").expect("a plain code");
    criterion.bench_function("verdict in an order of 20 lines", |bench| {
        bench.iter(|| session.scan(black_box(&scan)));
    });
}

criterion_group!(benches, scans);
criterion_main!(benches);
