//! Shipping policies by scripts alone: from a file, rehearsed, run at import.

use crate::{Station, order_of};

const DEAR: &str = "name = \"Dear ones signed\"\nfinal = true\n[when]\nvalue-over = \"1\"\n[then]\nmethod = \
                    \"carrier:USPS\"\nconfirmation = \"signature\"\ntag = \"dear\"\n";
const OWN: &str = "name = \"Own account\"\n[then]\nmethod = \"elsewhere:UPS\"\n";

/// A station with people and products, and nothing imported yet.
fn station(policies: &[&str]) -> Station {
    let station = Station::new();
    station.run(&["users", "add", "Ana"]).json_free();
    station.run(&["users", "add", "Sue", "--supervisor"]).json_free();
    let products = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/products.csv");
    station
        .run(&["products", "import", products.to_str().expect("a path")])
        .json_free();
    for (place, policy) in policies.iter().enumerate() {
        let file = station.path(&format!("policy-{place}.toml"));
        std::fs::write(&file, policy).expect("written");
        let add = [
            "policies",
            "add",
            file.to_str().expect("a path"),
            "--store",
            "harbor",
        ];
        station.ana(&add).failure(3);
        station
            .run(&[&add[..], &["--user", "Sue", "--json"]].concat())
            .json();
    }
    station
}

#[test]
fn a_policy_from_a_file_decides_at_import_and_prime_stays_with_buy_shipping() {
    let station = station(&[OWN]);
    station.run(&["sync", "--once", "--json"]);
    let prime = order_of(&station, Some("PRIME"), &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]);
    let shown = station.ana(&["orders", "show", &prime]).json();
    assert_eq!(shown["method"], "the cheapest that passes", "{shown}");
    assert!(
        shown["history"]
            .to_string()
            .contains("a Prime order goes to Amazon Buy Shipping whatever a policy says"),
        "{shown}"
    );
    let listed = station
        .ana(&["orders", "list", "--store", "harbor", "--status", "ready-to-pick"])
        .json();
    let plain = listed["orders"]
        .as_array()
        .expect("orders")
        .iter()
        .find(|order| !order["badges"].to_string().contains("Prime"))
        .and_then(|order| order["number"].as_str())
        .expect("one without Prime");
    let shown = station.ana(&["orders", "show", plain]).json();
    assert_eq!(
        shown["method"], "a label from elsewhere, UPS, assigned by policy Own account",
        "{shown}"
    );
}

#[test]
fn policies_are_listed_ordered_switched_and_rehearsed() {
    let station = station(&[DEAR, OWN]);
    station.run(&["sync", "--once", "--json"]);
    let listed = station.ana(&["policies", "list"]).json();
    let ids: Vec<String> = listed["policies"]
        .as_array()
        .expect("policies")
        .iter()
        .map(|policy| policy["id"].to_string())
        .collect();
    assert_eq!(ids.len(), 2, "{listed}");
    let rehearsed = station.ana(&["policies", "dry-run", "--store", "harbor"]).json();
    assert!(rehearsed["touched"].as_u64() > Some(0), "{rehearsed}");
    assert!(
        rehearsed.to_string().contains("Dear ones signed: held (costs"),
        "{rehearsed}"
    );
    let tagged = station.ana(&["orders", "list", "--text", "#dear"]).json();
    assert!(tagged["total"].as_u64() > Some(0), "{tagged}");
    let sue = |arguments: &[&str]| station.run(&[arguments, &["--user", "Sue", "--json"]].concat());
    let moved = sue(&["policies", "order", &ids[1], "1"]).json();
    assert_eq!(moved["policies"][0]["id"].to_string(), ids[1], "{moved}");
    assert_eq!(
        sue(&["policies", "disable", &ids[0]]).json()["policy"]["rule"]["active"],
        false
    );
    assert_eq!(sue(&["policies", "copy", "harbor", "meadow"]).json()["copied"], 2);
    sue(&["policies", "remove", &ids[1]]).json();
    let shown = station.ana(&["policies", "show", &ids[0]]).json();
    let file = station.path("shown.toml");
    std::fs::write(&file, shown["file"].as_str().expect("a file")).expect("written");
    sue(&["policies", "change", &ids[0], file.to_str().expect("a path")]).json();
    // What the example says can be added as it is.
    let example = station.run(&["policies", "example"]);
    let file = station.path("example.toml");
    std::fs::write(&file, &example.out).expect("written");
    sue(&[
        "policies",
        "add",
        file.to_str().expect("a path"),
        "--store",
        "meadow",
    ])
    .json();
    std::fs::write(&file, "name = \"x\"\n[then]\nmethd = \"cheapest\"\n").expect("written");
    let words = sue(&[
        "policies",
        "add",
        file.to_str().expect("a path"),
        "--store",
        "meadow",
    ])
    .failure(2);
    assert!(
        words.contains("methd") && words.contains("policies example"),
        "{words}"
    );
}
