use super::*;

const HEADER: &str = "sku,title,type,barcodes,components,weight,dimensions,price,transparency\n";

fn refused(rows: &str) -> String {
    parse(&format!("{HEADER}{rows}")).expect_err(rows).to_string()
}

#[test]
fn every_column_is_read() {
    let text = format!(
        "{HEADER}TEA,\"Tea, \"\"Earl Grey\"\"\n100 bags\",kit,850047100177;10850047100174*12,CUP*2;BAG,8 oz,6x5x0.3 \
         in,10.40 USD,yes\r\n\r\nCUP,Cup,,,,,,,\n"
    );
    let products = parse(&text).expect("a catalogue");
    assert_eq!(products.len(), 2);
    let tea = &products[0];
    assert_eq!(
        (tea.sku.as_str(), tea.title.as_str()),
        ("TEA", "Tea, \"Earl Grey\" 100 bags")
    );
    assert_eq!(tea.kind, ProductKind::Kit);
    let codes: Vec<(&str, u32)> = tea
        .barcodes
        .iter()
        .map(|one| (one.code.as_str(), one.quantity))
        .collect();
    assert_eq!(codes, [("850047100177", 1), ("10850047100174", 12)]);
    let parts: Vec<(&str, u32)> = tea
        .components
        .iter()
        .map(|one| (one.sku.as_str(), one.quantity))
        .collect();
    assert_eq!(parts, [("CUP", 2), ("BAG", 1)]);
    assert_eq!(
        tea.weight.map(|weight| weight.to_string()).as_deref(),
        Some("8 oz")
    );
    assert_eq!(
        tea.dimensions.map(|size| size.to_string()).as_deref(),
        Some("6x5x0.3 in")
    );
    assert_eq!(tea.price.map(|price| price.minor), Some(1040));
    assert!(tea.transparency && !products[1].transparency);
    assert_eq!(products[1].kind, ProductKind::Standard);
}

#[test]
fn columns_may_stand_in_any_order_and_be_left_out() {
    let products = parse("\u{feff}Title,SKU\nCup,CUP").expect("a catalogue");
    assert_eq!(
        (products[0].sku.as_str(), products[0].title.as_str()),
        ("CUP", "Cup")
    );
    for (header, says) in [
        ("", "the first line is missing"),
        ("sku\nA", "does not name title"),
        ("sku,title,colour\nA,B,C", "unknown column \"colour\""),
        ("sku,title,sku\nA,B,C", "names sku twice"),
    ] {
        let words = parse(header).expect_err(header).to_string();
        assert!(
            words.contains(says) && words.contains("sku,title,type"),
            "{words}"
        );
    }
}

#[test]
fn errors_name_line_and_column() {
    for (rows, says) in [
        ("A,Cup,,,,,,\n", "line 2: 8 fields, but 9 columns"),
        (",Cup,,,,,,,\n", "line 2, column sku: is empty"),
        ("A,,,,,,,,\n", "line 2, column title: is empty"),
        (
            "A,Cup,,,,,,,\nB,Cup,bundle,,,,,,\n",
            "line 3, column type: \"bundle\" is none of",
        ),
        (
            "A,Cup,,1*x,,,,,\n",
            "line 2, column barcodes: \"1*x\": write the number",
        ),
        ("A,Cup,,1*0,,,,,\n", "line 2, column barcodes: \"1*0\""),
        ("A,Cup,,*2,,,,,\n", "line 2, column barcodes: \"*2\" has no name"),
        (
            "A,Cup,,12345;12345,,,,,\n",
            "line 2, column barcodes: 12345 stands there twice",
        ),
        ("A,Cup,,,A,,,,\n", "line 2, column components: A contains itself"),
        (
            "A,Cup,group,,,,,,\n",
            "line 2, column components: a group needs at least one",
        ),
        (
            "A,Cup,,,B,,,,\n",
            "line 2, column components: only kits and groups",
        ),
        (
            "A,Cup,,,,12,,,\n",
            "line 2, column weight: \"12\" is not a weight",
        ),
        ("A,Cup,,,,0 oz,,,\n", "line 2, column weight: a weight of zero"),
        (
            "A,Cup,,,,,5x4 in,,\n",
            "line 2, column dimensions: \"5x4 in\" is not a size",
        ),
        (
            "A,Cup,,,,,,12.99,\n",
            "line 2, column price: \"12.99\" is no price",
        ),
        ("A,Cup,,,,,,12.999 USD,\n", "line 2, column price"),
        (
            "A,Cup,,,,,,-1 USD,\n",
            "line 2, column price: \"-1 USD\" is below zero",
        ),
        (
            "A,Cup,,,,,,,maybe\n",
            "line 2, column transparency: \"maybe\" is neither",
        ),
        (
            "A,\"Cup\nof two lines\",,,,,,,\nA,Cup,,,,,,,\n",
            "line 4, column sku: A stands in line 2 already",
        ),
        (
            "A,Cup,,850047100177,,,,,\nB,Cup,,0850047100177,,,,,\n",
            "line 3, column barcodes: 0850047100177 stands in line 2",
        ),
        ("A,\"Cup,,,,,,,\n", "line 2: a quote is never closed"),
        ("A,\"Cup\"s,,,,,,,\n", "line 2: text behind a closing quote"),
        ("A,Cup 12\",,,,,,,\n", "line 2: a quote in the middle"),
    ] {
        let words = refused(rows);
        assert!(words.contains(says), "{words}");
    }
}

#[test]
fn the_demos_catalogue_is_one() {
    let products = parse(crate::simulator::demo::PRODUCTS).expect("a catalogue");
    assert!(products.len() > 10);
}

#[test]
fn bins_are_read_where_the_catalogue_names_them() {
    let text = "sku,title,bin\nMUG,Mug,A-2\nPAN,Pan,\n";
    let bins = parse_bins(text).unwrap();
    assert_eq!(
        bins,
        [
            (Sku::from("MUG"), "A-2".to_owned()),
            (Sku::from("PAN"), String::new())
        ]
    );
    assert_eq!(parse_bins("sku,title\nMUG,Mug\n"), Ok(Vec::new()));
    let long = format!("sku,title,bin\nMUG,Mug,{}\n", "x".repeat(25));
    assert!(parse_bins(&long).unwrap_err().to_string().contains("bin"));
}
