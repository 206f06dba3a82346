//! F15: the disk fills up, before, during and after a purchase; and writes that fail at any moment. On a real small
//! file system, which takes the right to mount one; skipped, by name, where that is missing.

use crate::rig::Rig;
use crate::small::Small;
use crate::{live, pack_and_ship, run, said, tell, try_ship};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use tapegun::domain::shipment::LabelState;
use tapegun::store::Store as _;

const SLOW: &str = r#"[{"operation":"purchaseShipment","kind":"slow","milliseconds":1500}]"#;

/// Starts to buy and comes back once Amazon was asked.
fn asked(rig: &Rig, order: &str) -> std::process::Child {
    let mut child = rig
        .station(&[&["ship", order], &crate::SHIP[..]].concat())
        .spawn()
        .expect("ship");
    let id = rig.id(order);
    let store = rig.store();
    loop {
        let labels = store.labels_of(id).expect("labels");
        if labels.iter().any(|label| label.state == LabelState::Asked) {
            return child;
        }
        assert!(child.try_wait().expect("state").is_none(), "it ended at once");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_full_disk_loses_no_label_and_buys_none_twice() {
    let rig = Rig::start(15, Some(8));
    let orders = rig.orders();
    pack_and_ship(&rig, &orders[0]);
    for order in &orders[1..5] {
        rig.pack(order, &rig.codes(order));
    }
    let Some(disk) = Small::over(&rig.data(), 24) else {
        tell("skipped: a_full_disk_loses_no_label_and_buys_none_twice (no right to mount a file system)");
        return;
    };
    assert!(rig.data().join("tapegun.db.reserve").exists());
    // Full before the wish: nothing is asked, and it is said.
    disk.fill();
    let (status, words) = try_ship(&rig, &orders[1]);
    assert!(status == 1 && words.contains("disk is full"), "{status} {words}");
    assert_eq!(live(&rig, &orders[1]), 0);
    let (status, words) = run(&rig, &["backup", &rig.data().join("b.db").display().to_string()]);
    assert!(status == 1 && words.contains("disk is full"), "{status} {words}");
    assert!(!rig.data().join("b.db").exists() && !rig.data().join("b.db.draft").exists());
    disk.free();
    rig.ship(&orders[1]);

    // Full while Amazon sells: the reserve is released, and the label fits.
    rig.faults(SLOW);
    let buying = asked(&rig, &orders[2]);
    disk.fill();
    let output = buying.wait_with_output().expect("ends");
    let words = said(&output);
    assert!(output.status.success(), "{words}");
    assert!(
        !rig.data().join("tapegun.db.reserve").exists(),
        "the reserve was needed"
    );
    assert_eq!(live(&rig, &orders[2]), 1);
    disk.free();

    // Full, and no reserve either: it is said, nothing more is bought, and it is settled once there is room.
    let buying = asked(&rig, &orders[3]);
    let _ = std::fs::remove_file(rig.data().join("tapegun.db.reserve"));
    disk.fill();
    let output = buying.wait_with_output().expect("ends");
    let words = said(&output);
    assert!(!output.status.success(), "{words}");
    assert!(words.contains("could not be stored"), "{words}");
    assert_eq!(live(&rig, &orders[3]), 1, "Amazon has sold it");
    let (status, words) = try_ship(&rig, &orders[4]);
    assert_ne!(status, 0, "{words}");
    disk.free();
    rig.clear_faults();
    rig.ship(&orders[3]);
    rig.ship(&orders[4]);
    rig.settle_all();
    let wrong = orders[..5].iter().filter(|order| live(&rig, order) != 1).count();
    tell(&format!(
        "F15 a disk that is really full: 4 cases, 5 boxes, {wrong} without exactly one live label"
    ));
    assert_eq!(wrong, 0);
    assert!(rig.store().verify_chain().expect("read").is_ok());
    drop(disk);
}

/// Runs a subcommand under `strace`, which does what `inject` says.
fn traced(rig: &Rig, arguments: &[&str], inject: &[String], trace: &Path) -> (Option<i32>, String) {
    let plain = rig.station(arguments);
    let output = Command::new("strace")
        .args(["-f", "-e", "trace=pwrite64", "-o"])
        .arg(trace)
        .args(inject)
        .arg(plain.get_program())
        .args(plain.get_args())
        .stdin(Stdio::null())
        .output()
        .expect("strace");
    (output.status.code(), said(&output))
}

/// `TAPEGUN_POINTS` sets at how many writes (default 10) each kind of failure begins.
#[test]
fn writes_that_fail_from_any_moment_on_buy_nothing_twice() {
    let may = Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    if !may.is_ok_and(|output| output.status.success()) {
        tell(
            "skipped: writes_that_fail_from_any_moment_on_buy_nothing_twice (no strace here, or it may not trace)",
        );
        return;
    }
    let points = std::env::var("TAPEGUN_POINTS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(10);
    let rig = Rig::start(16, Some(3 * points + 2));
    let orders = rig.orders();
    let (mut cases, mut sold, mut wrong) = (0, 0, 0);
    let mut queue = orders.iter();
    // How many writes a purchase takes.
    let order = queue.next().expect("enough orders");
    rig.pack(order, &rig.codes(order));
    let trace = rig.data().with_file_name("trace");
    let arguments = [&["ship", order], &crate::SHIP[..]].concat();
    assert_eq!(traced(&rig, &arguments, &[], &trace).0, Some(0));
    let writes = std::fs::read_to_string(&trace)
        .expect("a trace")
        .matches("pwrite64(")
        .count();
    assert!(writes > points, "{writes} writes");
    for error in ["ENOSPC", "EIO", "EROFS"] {
        for point in 0..points {
            let order = queue.next().expect("enough orders");
            rig.pack(order, &rig.codes(order));
            let arguments = [&["ship", order], &crate::SHIP[..4], &["--wait", "3"]].concat();
            let nth = 1 + point * writes / points;
            let inject = [
                "-e".to_owned(),
                format!("inject=pwrite64:error={error}:when={nth}+"),
            ];
            let (status, words) = traced(&rig, &arguments, &inject, Path::new("/dev/null"));
            assert!(status.is_some(), "{error} from write {nth}: {words}");
            sold += live(&rig, order);
            cases += 1;
            rig.ship(order);
            rig.settle_all();
            wrong += usize::from(live(&rig, order) != 1);
        }
    }
    tell(&format!(
        "F15/F16 writes that fail suddenly (full, broken, read-only): {cases} cases over the {writes} writes of a \
         purchase, {sold} of them after Amazon had sold, {wrong} without exactly one live label"
    ));
    assert_eq!(wrong, 0);
    assert!(rig.store().verify_chain().expect("read").is_ok());
    assert!(rig.store().restored().expect("read").is_none());
}
