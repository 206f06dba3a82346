//! The sheet that a person without a scanner types from, or scans with one.

use super::{PRODUCTS, number};
use std::fmt::Write as _;

/// Transparency codes that fit the demo's units, by SKU: any may be used, each once.
pub(super) const CODES: &[(&str, &[&str])] = &[
    (
        "SERUM-30",
        &[
            "AZ:DEMO2026SERUMUNITNUMBER001",
            "AZ:DEMO2026SERUMUNITNUMBER002",
            "AZ:DEMO2026SERUMUNITNUMBER003",
            "ZA:DEMO2026SERUMUNITNUMBER004",
            "AZ:DEMO2026SERUMUNITNUMBER005",
            "AZ:DEMO2026SERUMUNITNUMBER006",
        ],
    ),
    (
        "CREAM-50",
        &[
            "010085004710008521DEMOCREAMUNIT0000001",
            "010085004710008521DEMOCREAMUNIT0000002",
        ],
    ),
];

/// The sheet as Markdown: the tour's orders, product barcodes, transparency codes, and the rest of the orders.
pub fn scan_sheet() -> String {
    let mut out = String::from(
        "# Scan me\n\n\
         Everything the demo's orders can be packed with. Scan from this sheet, or type a code and press Enter.\n\n\
         ## Try these orders first\n\n\
         | order | what is in it | what it shows |\n| --- | --- | --- |\n",
    );
    for (at, goods, shows) in [
        (1, "MUG-BLUE, SOAP-LAV x2", "Prime"),
        (
            2,
            "TOWEL-FACE x4, SOAP-LAV x2",
            "Business + Commercial: red methods, FedEx Home Delivery is the cheapest",
        ),
        (3, "SERUM-30 x3", "three transparency units"),
        (
            9,
            "SET-SKIN: CLEANSER-150, TOWEL-FACE x2, SOAP-LAV",
            "a group: its transparency code comes with the cleanser",
        ),
        (12, "SOAP-LAV x14", "a case of 12 and two units"),
    ] {
        let _ = writeln!(out, "| `{}` | {goods} | {shows} |", number(at));
    }
    out.push_str("\n## Products\n\n| SKU | title | barcode | case |\n| --- | --- | --- | --- |\n");
    for row in PRODUCTS.lines().skip(1) {
        let fields: Vec<&str> = row.split(',').collect();
        let [sku, title, kind, barcodes, ..] = fields.as_slice() else {
            continue;
        };
        let mut codes = barcodes.split(';').filter(|code| !code.is_empty());
        let unit = codes
            .next()
            .map_or_else(|| format!("{kind}: scan its parts"), |code| format!("`{code}`"));
        let case = codes.next().and_then(|code| code.split_once('*'));
        let case = case.map_or_else(String::new, |(code, units)| format!("`{code}` ({units} units)"));
        let _ = writeln!(out, "| {sku} | {title} | {unit} | {case} |");
    }
    out.push_str("\n## Transparency codes\n\nEach fits one unit and can be used once.\n\n");
    for (sku, codes) in CODES {
        for code in *codes {
            let _ = writeln!(out, "- {sku}: `{code}`");
        }
    }
    out
}
