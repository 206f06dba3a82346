//! Pick lists by scripts alone: filters, templates, assigning, taking orders off.

use crate::Station;

#[test]
fn a_list_is_made_by_a_filter_or_a_template_given_to_a_person_and_left_by_an_order() {
    let station = Station::ready();
    let templates = station.run(&["pick-list", "templates", "--json"]).json();
    let matches = |name: &str| {
        let all = templates["templates"].as_array().expect("templates");
        let found = all
            .iter()
            .find(|one| one["name"] == name)
            .expect("comes with the program");
        found["matches"].as_u64().expect("a count")
    };
    let (single, multi) = (matches("Single unit"), matches("Multi unit"));
    assert!(single > 0 && multi > 0, "{templates}");

    let save = [
        "pick-list",
        "templates",
        "--save",
        "Two",
        "--units",
        "single",
        "--limit",
        "2",
    ];
    station.ana(&save).json();
    let made = station
        .ana(&["pick-list", "create", "Wave", "--template", "two"])
        .json();
    assert_eq!(made["orders"], 2, "{made}");
    let list = made["pick_list"].to_string();
    let shown = station.run(&["pick-list", "show", &list, "--json"]).json();
    assert_eq!(shown["list"]["state"], "open", "{shown}");
    let orders: Vec<String> = shown["orders"]
        .as_array()
        .expect("orders")
        .iter()
        .map(|order| order["number"].as_str().expect("a number").to_owned())
        .collect();
    assert!(
        shown["orders"]
            .as_array()
            .expect("orders")
            .iter()
            .all(|order| order["units"] == 1)
    );

    station.ana(&["pick-list", "assign", &list, "--to", "ana"]).json();
    station
        .ana(&["pick-list", "assign", &list, "--to", "nobody-here"])
        .failure(2);
    let listed = station.run(&["pick-list", "list", "--json"]).json();
    assert_eq!(listed["rows"][0]["assigned"], "Ana", "{listed}");

    let hold = ["orders", "set-status", &orders[0], "on-hold", "--reason", "asked"];
    station.ana(&hold).json();
    let listed = station.run(&["pick-list", "list", "--json"]).json();
    assert_eq!(listed["rows"][0]["stopped"], 1, "{listed}");
    station
        .ana(&["pick-list", "remove", &orders[0], "--reason", "on hold"])
        .json();
    station
        .ana(&["pick-list", "remove", &orders[1], "--reason", "later"])
        .json();
    assert_eq!(station.status(&orders[0]), "On Hold");
    assert_eq!(station.status(&orders[1]), "Ready to Pick");
    station
        .ana(&["pick-list", "remove", &orders[1], "--reason", "later"])
        .failure(3);

    let unread = ["pick-list", "create", "x", "--units", "double"];
    station.ana(&unread).failure(2);
    let none = [
        "pick-list",
        "create",
        "x",
        "--due-within",
        "0m",
        "--carrier",
        "dhl",
    ];
    station.ana(&none).failure(3);
    let both = [
        "pick-list",
        "create",
        "x",
        "--order",
        &orders[1],
        "--units",
        "single",
    ];
    station.ana(&both).failure(2);
    station.ana(&["pick-list", "templates", "--drop", "two"]).json();
    station
        .ana(&["pick-list", "templates", "--drop", "two"])
        .failure(1);
}

#[test]
fn a_list_is_written_to_a_file_and_shipped_in_bulk_by_who_may_alone() {
    let station = Station::ready();
    let made = station
        .ana(&["pick-list", "create", "Wave", "--units", "single", "--limit", "2"])
        .json();
    let list = made["pick_list"].to_string();
    let to = station.folder.path().join("list.pdf").display().to_string();
    let written = station.ana(&["pick-list", "print", &list, "--to", &to]).json();
    assert_eq!(
        (written["units"].as_u64(), written["totes"].as_u64()),
        (Some(2), Some(2)),
        "{written}"
    );
    assert!(std::fs::read(&to).expect("written").starts_with(b"%PDF-"));
    station.ana(&["pick-list", "print", "99"]).failure(1);
    station.run(&["users", "add", "Ben"]).json_free();
    let packer = station.run(&["ship", "--pick-list", &list, "--yes", "--user", "Ben", "--json"]);
    let words = packer.failure(3);
    assert!(
        words.contains("Ben may not buy many labels at once: ask Ana"),
        "{words}"
    );
}
