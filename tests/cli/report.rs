//! Reports by scripts: the desk's numbers in words, as JSON and as CSV by the rules of spreadsheets.

use crate::{BOX, MUG, SOAP, Station, TOWEL, order_of};
use std::os::unix::fs::PermissionsExt;

/// Reads by RFC 4180 to the letter: each row ends in CR LF, quotes only around whole fields. None is a fault.
fn strict(text: &str) -> Option<Vec<Vec<String>>> {
    let (mut rows, mut row, mut rest) = (Vec::new(), Vec::new(), text);
    while !rest.is_empty() {
        let field = if let Some(body) = rest.strip_prefix('"') {
            let mut end = 0;
            loop {
                end += body[end..].find('"')?;
                if !body[end + 1..].starts_with('"') {
                    break;
                }
                end += 2;
            }
            rest = &body[end + 1..];
            body[..end].replace("\"\"", "\"")
        } else {
            let end = rest.find([',', '\r', '\n', '"'])?;
            let (field, more) = rest.split_at(end);
            rest = more;
            field.to_owned()
        };
        row.push(field);
        if let Some(more) = rest.strip_prefix(',') {
            rest = more;
        } else {
            rest = rest.strip_prefix("\r\n")?;
            rows.push(std::mem::take(&mut row));
        }
    }
    row.is_empty().then_some(rows)
}

/// Rows by the rules: as many fields as the head, no formula, numbers plain.
fn checked(text: &str) -> Vec<Vec<String>> {
    let rows = strict(text).unwrap_or_else(|| panic!("no CSV by the rules: {text:?}"));
    for row in &rows {
        assert_eq!(row.len(), rows[0].len(), "{row:?}");
        for field in row {
            let number = field.parse::<f64>().is_ok();
            assert!(
                number || !field.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']),
                "{field:?}"
            );
            let digits = field.len() > 15 && field.bytes().all(|byte| byte.is_ascii_digit());
            assert!(!digits, "{field:?} would lose its last digits");
        }
    }
    rows
}

/// Ana (a lead) has bought a label and scanned something wrong; Sue is a supervisor whose name is a formula.
fn busy() -> Station {
    let station = Station::ready();
    for (name, role) in [("=Sue, \"S\"", "supervisor"), ("Ben", "packer")] {
        station
            .run(&["users", "add", name, "--role", role, "--badge", role])
            .json_free();
    }
    let order = order_of(&station, Some("PRIME"), &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]);
    let (status, lines) = station.pack(&order, &[MUG, TOWEL, SOAP, SOAP], &[]);
    assert_eq!(status, 0, "{lines:?}");
    station.ana(&[&["ship", &order], &BOX[..]].concat()).json();
    station
}

const SUE: &str = "=Sue, \"S\"";

#[test]
fn every_report_is_csv_by_the_rules_and_never_written_over_a_file() {
    let station = busy();
    let kinds = [
        "ship-by", "packed", "scans", "errors", "spend", "refunds", "labels", "orders",
    ];
    for kind in kinds {
        let path = station.path(&format!("{kind}.csv")).display().to_string();
        let report = |more: &[&str]| {
            let words = [&["report", kind, "--user", SUE][..], more].concat();
            station.run(&words)
        };
        let told = report(&["--csv", &path, "--json"]).json();
        let file = std::fs::read_to_string(&path).expect("written");
        let mode = std::fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{kind}");
        let text = file
            .strip_prefix('\u{feff}')
            .expect("a mark, so that spreadsheets read UTF-8");
        let rows = checked(text);
        assert_eq!(told["rows"], rows.len() - 1, "{kind}");
        // The same without the mark on standard output.
        assert_eq!(report(&["--csv", "-"]).out, text, "{kind}");
        let again = report(&["--csv", &path]);
        assert_eq!(again.status, 1, "never over another file: {}", again.errors);
        let json = report(&["--json"]).json();
        assert_eq!(
            json["rows"].as_array().map(Vec::len),
            Some(rows.len() - 1),
            "{kind}"
        );
        assert!(!report(&[]).out.is_empty());
        // No customer is in any of them: the demo's buyers have names, streets and towns.
        for order in station.amazon.orders() {
            let order = station.amazon.order(&order).expect("an order");
            for part in [
                &order.address.name,
                &order.address.lines[0],
                &order.buyer.0,
                &order.buyer.1,
            ] {
                assert!(!file.contains(part.as_str()), "{kind}: {part}");
            }
        }
    }
    let audit = station.run(&["audit", "list", "exported", "--json"]).json();
    assert_eq!(audit["total"], 16, "{audit}");
}

#[test]
fn the_numbers_are_those_of_the_day_and_of_who_may_see_them() {
    let station = busy();
    let rows = |kind: &str, who: &str| {
        let said = station.run(&["report", kind, "--csv", "-", "--user", who]);
        assert_eq!(said.status, 0, "{}", said.errors);
        checked(&said.out).split_off(1)
    };
    // 15:00 in UTC is 10:00 where the first store ships from.
    assert_eq!(
        rows("packed", SUE),
        [["2026-11-18 15:00:00", "2026-11-18 10:00:00", "Ana", "1", "3"]]
    );
    let scans = &rows("scans", SUE)[0];
    assert_eq!(scans[2..6], ["Ana", "3", "1", "0.250"]);
    let spend = &rows("spend", SUE)[0];
    assert_eq!(
        (spend[0].as_str(), spend[3].as_str(), spend[5].as_str()),
        ("2026-11-18", "USD", "1")
    );
    assert!(
        spend[4].parse::<f64>().is_ok_and(|amount| amount > 1.0),
        "{spend:?}"
    );
    assert_eq!(rows("labels", "Ana").len(), 1, "her own");
    for kind in ["packed", "scans", "errors", "spend", "labels", "refunds"] {
        assert!(rows(kind, "Ben").is_empty(), "{kind}: nothing of anybody else");
    }
    let said = station.run(&["report", "orders", "--csv", "-", "--user", "Ben"]);
    assert!(
        said.status == 3 && said.errors.contains("Ben may not see everybody's numbers"),
        "{}",
        said.errors
    );
    let said = station.run(&["report", "packed", "--csv", "-"]);
    assert!(
        said.status == 2 && said.errors.contains("--user"),
        "{}",
        said.errors
    );
    // Another day.
    let day = |from: &str, to: &str| {
        let words = [
            "report", "packed", "--from", from, "--to", to, "--user", SUE, "--json",
        ];
        station.run(&words)
    };
    let told = |said: crate::Said| said.json()["rows"].as_array().map(Vec::len);
    assert_eq!(told(day("2026-11-18", "2026-11-18")), Some(1));
    assert_eq!(told(day("2026-11-01", "2026-11-17")), Some(0));
    day("2026-11-19", "2026-11-18").failure(2);
}

#[test]
fn the_audit_log_is_written_by_the_same_rules() {
    let station = busy();
    let path = station.path("audit.csv").display().to_string();
    station
        .run(&["audit", "export", &path, "--user", SUE])
        .json_free();
    let file = std::fs::read_to_string(&path).expect("written");
    let rows = checked(file.strip_prefix('\u{feff}').expect("a mark"));
    assert_eq!(rows[0][0], "row");
    assert!(rows.iter().any(|row| row[5].contains("=Sue")), "{rows:?}");
    station.run(&["audit", "verify", "--against", &path]).json_free();
}
