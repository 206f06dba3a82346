//! After a day of demo traffic no customer's text stands in the station's files, in the log, or in anything a
//! command said: looked for plain, case folded, as UTF-16, behind base64, gzip, Flate and ZPL's `^FH`.

#[path = "support/rig.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod rig;

#[path = "support/coats.rs"]
mod coats;

use base64::Engine as _;
use coats::found;
use rig::Rig;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use tapegun::domain::text::Clean;
use tapegun::simulator::demo;

#[test]
fn no_customers_text_is_left_in_files_logs_or_errors() {
    let rig = Rig::start(7, None);
    let mut spoken = Vec::new();
    let mut shipped = 0;
    let mut run = |arguments: &[&str]| {
        let output = rig
            .station(arguments)
            .env("TAPEGUN_LOG", "trace")
            .output()
            .expect("runs");
        spoken.extend(output.stdout);
        spoken.extend(output.stderr);
        output.status.success()
    };
    for order in rig.shippable() {
        rig.pack(&order, &rig.codes(&order));
        let bought = run(&[
            "ship",
            &order,
            "--weight",
            "30 lb",
            "--size",
            "20x16x12 in",
            "--wait",
            "20",
        ]);
        shipped += u32::from(bought);
        if bought && shipped % 5 == 0 {
            run(&[
                "void",
                &order,
                "--reason",
                "a day of demo traffic",
                "--label-destroyed",
            ]);
        }
        run(&["orders", "show", &order]);
        run(&["orders", "show", &order, "--json"]);
    }
    shipped += own_orders(&rig, &mut run);
    run(&["orders", "list", "--json"]);
    run(&["doctor"]);
    run(&["sync", "--once", "--json"]);
    // Refusals and failures speak, too.
    run(&["ship", "111-0000000-0000000", "--weight", "1 oz"]);
    rig.faults(r#"[{"operation":"*","kind":"html"}]"#);
    run(&["sync", "--once"]);
    rig.faults(r#"[{"operation":"*","kind":"not-utf8"}]"#);
    run(&["sync", "--once"]);
    assert!(
        shipped >= 10,
        "a day of traffic: only {shipped} orders were shipped"
    );

    let canaries = canaries();
    let said = found(&spoken, &canaries);
    assert!(said.is_empty(), "said by a command: {said:?}");
    let files = files_below(&rig.data());
    assert!(files.iter().any(|file| file.ends_with("tapegun.db")), "{files:?}");
    for file in &files {
        let hits = found(&std::fs::read(file).expect("readable"), &canaries);
        assert!(hits.is_empty(), "{}: {hits:?}", file.display());
    }
}

/// Customers of orders that are not Amazon's.
const OWN: [&str; 5] = [
    "Marguerite Starling",
    "77 Quillfeather Terrace",
    "Wrenmouth",
    "starling@wren.example",
    "PO-HERON-4711",
];

/// Orders from a file and by hand, right and wrong; a label for one, another recorded. How many were shipped.
fn own_orders(rig: &Rig, run: &mut dyn FnMut(&[&str]) -> bool) -> u32 {
    let folder = rig.data().parent().expect("a folder").to_owned();
    let config = folder.join("config.toml");
    let text = std::fs::read_to_string(&config).expect("configuration");
    let store = text.split("[[stores]]").nth(1).expect("a store");
    let own = store.replacen("id = \"us\"", "id = \"web\"\nkind = \"elsewhere\"", 1);
    std::fs::write(&config, format!("{text}\n[[stores]]{own}")).expect("written");
    let credentials = folder.join("credentials.toml");
    let text = std::fs::read_to_string(&credentials).expect("credentials");
    let own = text.replacen("[us]", "[web]", 1);
    std::fs::write(&credentials, format!("{text}{own}")).expect("written");
    let [name, street, city, email, po] = OWN;
    let row = |number: &str, country: &str| {
        format!("{number},{name},{street},{city},OH,43004,{country},{email},{po},MUG-BLUE,1,12.99\n")
    };
    let header = "number,name,line1,city,state,postal_code,country,email,po_number,sku,quantity,unit_price\n";
    let file = folder.join("orders.csv");
    let path = file.display().to_string();
    let mut import = |text: String| {
        std::fs::write(&file, text).expect("written");
        run(&["orders", "import", &path, "--store", "web"])
    };
    assert!(
        !import(format!("{header}{}", row("W-1", "USA"))),
        "a country of three letters"
    );
    assert!(!import(row("W-1", "US")), "no header");
    assert!(
        !import(format!("{header}\"{}", row("W-1", "US"))),
        "an open quote"
    );
    assert!(import(format!(
        "{header}{}{}",
        row("W-1", "US"),
        row("W-2", "US")
    )));
    let add = |number, country| {
        let mut all = vec![
            "orders", "add", number, "--store", "web", "--name", name, "--line1", street,
        ];
        all.extend([
            "--city",
            city,
            "--state",
            "OH",
            "--postal-code",
            "43004",
            "--country",
            country,
        ]);
        all.extend(["--email", email, "--po-number", po, "--item", "MUG-BLUE,1,12.99"]);
        all
    };
    assert!(run(&add("W-3", "US")) && !run(&add("W-4", "Wrenmouth")));
    for number in ["W-1", "W-2", "W-3"] {
        rig.pack(number, &rig.codes(number));
    }
    let measured = ["--weight", "30 lb", "--size", "20x16x12 in", "--wait", "20"];
    let mut shipped = 0;
    for number in ["W-1", "W-2"] {
        shipped += u32::from(run(&[&["ship", number][..], &measured].concat()));
    }
    assert_eq!(shipped, 2);
    let label = [
        "--carrier",
        "UPS",
        "--method",
        "Ground",
        "--tracking",
        "1Z5R89390357567127",
        "--cost",
        "9",
    ];
    assert!(run(&[&["outside", "W-3"][..], &label].concat()));
    run(&["orders", "show", "W-3"]);
    shipped
}

/// The search itself finds what it looks for, in every coat that a label may wear.
#[test]
fn the_search_finds_a_canary_in_every_coat() {
    let canaries = vec!["larkspur ln".to_owned()];
    let plain = b"^XA^FD118 Larkspur Ln^FS^XZ".to_vec();
    let mut gzip = flate2::read::GzEncoder::new(plain.as_slice(), flate2::Compression::default());
    let mut zlib = flate2::read::ZlibEncoder::new(plain.as_slice(), flate2::Compression::default());
    let (mut zipped, mut flated) = (b"junk".to_vec(), b"%PDF stream ".to_vec());
    gzip.read_to_end(&mut zipped).expect("gzip");
    zlib.read_to_end(&mut flated).expect("zlib");
    let utf16: Vec<u8> = "118 LARKSPUR LN"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let base64 = base64::engine::general_purpose::STANDARD.encode(&zipped[4..]);
    let hexed = b"^FH^FD118 Larkspur_20Ln^FS".to_vec();
    let quoted = format!(r#"{{"contents":"{base64}"}}"#).into_bytes();
    for (coat, bytes) in [
        ("plain", plain),
        ("gzip", zipped),
        ("zlib", flated),
        ("utf-16", utf16),
        ("base64 of gzip", quoted),
        ("^FH", hexed),
    ] {
        assert_eq!(found(&bytes, &canaries).len(), 1, "{coat}");
    }
    assert!(found(b"Larkspur Lane", &canaries).is_empty());
}

/// Every text of the demo's customers that is long enough not to stand anywhere by chance.
fn canaries() -> Vec<String> {
    let texts = demo::customer_texts()
        .into_iter()
        .chain(OWN.map(str::to_owned))
        .map(|text| Clean::text(&text).to_lowercase());
    let mut texts: Vec<String> = texts.filter(|text| text.chars().count() >= 6).collect();
    texts.dedup();
    assert!(texts.len() > 50, "{texts:?}");
    texts
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}
