//! `ship` of a pick list, by the real binary against the simulator as a process of its own: what it buys, what it
//! leaves aside and why, and that it can be run again.

#[path = "support/rig.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod rig;

use rig::Rig;
use serde_json::Value;

/// Six orders on a pick list, of which the first three are packed and measured and the fourth is only packed.
fn pick_list() -> (Rig, Vec<String>) {
    let rig = Rig::start(3, Some(6));
    let orders = rig.orders();
    let mut create = vec!["pick-list", "create", "Wave"];
    for order in &orders {
        create.extend(["--order", order]);
    }
    let made = rig.station(&create).output().expect("runs");
    assert!(made.status.success());
    for (at, order) in orders.iter().take(4).enumerate() {
        rig.pack(order, &rig.codes(order));
        if at < 3 {
            let measured = rig
                .station(&["rates", order, "--weight", "20 oz", "--size", "10x8x6 in"])
                .output()
                .expect("runs");
            assert!(measured.status.success());
        }
    }
    (rig, orders)
}

/// Exit status, standard output, standard error.
fn run(rig: &Rig, arguments: &[&str]) -> (i32, String, String) {
    let output = rig
        .station(&[&["ship", "--pick-list", "1"], arguments].concat())
        .output()
        .expect("runs");
    (
        output.status.code().expect("not killed"),
        String::from_utf8(output.stdout).expect("text"),
        String::from_utf8(output.stderr).expect("text"),
    )
}

fn counts(text: &str) -> Value {
    let value: Value = serde_json::from_str(text).expect("one JSON value");
    value["counts"].clone()
}

#[test]
fn a_pick_list_is_shipped_once_however_often_it_is_asked_for() {
    let (rig, orders) = pick_list();

    let (status, _, errors) = run(&rig, &[]);
    assert_eq!(status, 2, "no yes, no labels");
    assert!(errors.contains("--dry-run"), "{errors}");
    let (status, text, _) = run(&rig, &["--dry-run"]);
    assert_eq!(status, 3, "{text}");
    assert!(text.contains("3 would be bought, 3 refused; $"), "{text}");
    assert!(text.contains("the box has no weight yet"), "{text}");
    let (_, text, _) = run(&rig, &["--yes", "--total-at-most", "0.50", "--json"]);
    assert_eq!(counts(&text), serde_json::json!({ "refused": 6 }), "{text}");
    assert!(rig.ledger().is_empty(), "nothing was bought yet");

    let (status, text, errors) = run(&rig, &["--yes", "--json"]);
    assert_eq!(status, 3, "{text} {errors}");
    assert_eq!(
        counts(&text),
        serde_json::json!({ "bought": 3, "refused": 3 }),
        "{text}"
    );
    let value: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["total"].as_array().map(Vec::len), Some(1));
    let mut sold: Vec<String> = rig.ledger().into_iter().map(|(order, ..)| order).collect();
    sold.sort();
    assert_eq!(sold, orders[..3]);
    let sheets = std::fs::read_dir(rig.data().parent().expect("a folder").join("labels"));
    assert_eq!(sheets.expect("the printer's folder").count(), 3, "printed");

    let (_, text, _) = run(&rig, &["--yes", "--json"]);
    assert_eq!(
        counts(&text),
        serde_json::json!({ "already": 3, "refused": 3 }),
        "{text}"
    );
    assert_eq!(rig.ledger().len(), 3);
}

#[test]
fn one_method_is_bought_for_all_and_never_swapped() {
    let (rig, _) = pick_list();
    let (status, text, _) = run(&rig, &["--dry-run", "--service", "NO_SUCH_METHOD", "--json"]);
    assert_eq!(status, 3, "{text}");
    assert_eq!(counts(&text), serde_json::json!({ "refused": 6 }), "{text}");
    assert!(text.contains("it is not swapped for another"), "{text}");
    let rates = rig
        .station(&["rates", &rig.orders()[0], "--json"])
        .output()
        .expect("runs");
    let rates: Value = serde_json::from_slice(&rates.stdout).expect("JSON");
    let passing = rates["rates"]
        .as_array()
        .expect("rates")
        .iter()
        .find(|rate| rate["automatic"] == true)
        .expect("one passes");
    let service = passing["service"].as_str().expect("an id").to_owned();
    let (_, text, errors) = run(&rig, &["--yes", "--service", &service, "--json"]);
    let bought = counts(&text)["bought"].as_u64();
    assert!(bought > Some(0), "{text} {errors}");
    let value: Value = serde_json::from_str(&text).expect("JSON");
    let methods: Vec<&str> = value["orders"]
        .as_array()
        .expect("orders")
        .iter()
        .filter_map(|line| line["label"]["service"].as_str())
        .collect();
    assert!(methods.windows(2).all(|pair| pair[0] == pair[1]), "{methods:?}");
}

#[test]
fn what_nobody_knows_settles_itself_before_it_is_told() {
    let (rig, _) = pick_list();
    // The label is bought, and the answer is lost on the way.
    rig.faults(r#"{"operation":"purchaseShipment","kind":"reset-after","count":2}"#);
    let (status, text, errors) = run(&rig, &["--yes", "--json"]);
    assert_eq!(status, 3, "{text} {errors}");
    assert_eq!(
        counts(&text),
        serde_json::json!({ "bought": 3, "refused": 3 }),
        "{text}"
    );
    assert_eq!(rig.ledger().len(), 3, "one label a box");
}
