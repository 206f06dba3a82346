//! The sheet that a person without a scanner types from, or scans with one.

use super::{PRODUCTS, number, orders};
use chrono::DateTime;
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
        "SET-SKIN",
        &["AZ:DEMO2026SKINCARESETUNIT001", "AZ:DEMO2026SKINCARESETUNIT002"],
    ),
    (
        "CREAM-50",
        &[
            "010085004710008521DEMOCREAMUNIT0000001",
            "010085004710008521DEMOCREAMUNIT0000002",
        ],
    ),
];

/// Who works in the demo: name, badge, role.
pub const STAFF: [(&str, &str, &str); 3] = [
    ("Ana", "ana", "packer"),
    ("Ben", "ben", "packer"),
    ("Sam", "sam", "supervisor"),
];

/// Orders worth trying, by their places in the demo, and what each shows. The first three are the tour.
const TRY: &[(u64, &str)] = &[
    (1, "Prime"),
    (
        2,
        "Business + Commercial: cheap methods land on the weekend, FedEx Home Delivery is the cheapest",
    ),
    (3, "three transparency units"),
    (4, "Business, but residential"),
    (
        5,
        "a window that ends on Saturday in UTC and on Friday at its place",
    ),
    (
        6,
        "a business that is closed on Fridays and on the next two Mondays",
    ),
    (7, "windows that span the weekend; a case of 24"),
    (9, "a group: its transparency code comes with the cleanser"),
    (
        10,
        "a group whose parts are scanned, in several boxes where you like: Ctrl-X or `TGC-NEXT`",
    ),
    (11, "a kit, scanned as one"),
    (12, "a case of 12 and two units"),
    (13, "a gift"),
    (14, "pending; opens by itself"),
    (16, "the buyer asks to cancel"),
    (17, "signature required, and a serial number"),
    (30, "late offers"),
    (32, "flat-rate packaging only"),
    (33, "a method without a promise"),
    (34, "a method that needs additional inputs"),
];

/// Command barcodes, and what each does. None spends.
const COMMANDS: &[(&str, &str)] = &[
    ("TGC-NEXT", "closes the box and opens the next one"),
    ("TGC-BOXES", "shows the boxes of the order"),
    (
        "TGC-UNDO",
        "takes back the last scan, or a purchase that was not asked for yet",
    ),
    ("TGC-RATES", "shops rates"),
    ("TGC-FINISH", "opens the question that buys"),
    ("TGC-REPRINT", "prints the label again"),
    ("TGC-VOID", "opens the question that voids"),
    ("TGC-HOLD", "opens the question that puts the order on hold"),
    ("TGC-OVERRIDE", "opens the question that goes on without a code"),
    ("TGC-CANCEL", "closes the dialog, else leaves the order"),
];

/// The sheet as Markdown: the tour's orders, product barcodes, transparency codes, and the rest of the orders.
pub fn scan_sheet() -> String {
    let mut out = String::from(
        "# Scan me\n\n\
         Everything the demo's orders can be packed with. Scan from this sheet, or type a code and press Enter.\n\n\
         ## Try these orders first\n\n\
         | order | what is in it | what it shows |\n| --- | --- | --- |\n",
    );
    let orders = orders(DateTime::UNIX_EPOCH);
    for (place, shows) in TRY {
        let number = number(*place);
        let lines = orders
            .iter()
            .filter(|order| order.number == number)
            .flat_map(|order| &order.lines);
        let goods: Vec<String> = lines
            .map(|line| format!("{} x{}", line.sku, line.quantity))
            .collect();
        let _ = writeln!(out, "| `{number}` | {} | {shows} |", goods.join(", "));
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
    out.push_str("\n## Badges\n\n| badge | who | role |\n| --- | --- | --- |\n");
    for (name, badge, role) in STAFF {
        let _ = writeln!(out, "| `TGU-{badge}` | {name} | {role} |");
    }
    out.push_str("\n## Commands\n\n| code | what it does |\n| --- | --- |\n");
    for (code, does) in COMMANDS {
        let _ = writeln!(out, "| `{code}` | {does} |");
    }
    out.push_str("\n## Transparency codes\n\nEach fits one unit and can be used once.\n\n");
    for (sku, codes) in CODES {
        for code in *codes {
            let _ = writeln!(out, "- {sku}: `{code}`");
        }
    }
    out
}
