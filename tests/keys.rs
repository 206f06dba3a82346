//! The station's keys: rotated with the real program while it is killed again and again, with back-ups beside it and a
//! database that a restore put aside; where they come from; and that no key, secret or token comes out anywhere.

#[path = "support/coats.rs"]
mod coats;
#[path = "support/rig.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod rig;
#[path = "pty/terminal.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod terminal;

#[path = "keys/at_work.rs"]
mod at_work;

use chrono::TimeDelta;
use rig::{Chance, Rig};
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tapegun::clock::{Clock as _, SystemClock};
use tapegun::domain::ids::{OrderNumber, StoreId};
use tapegun::simulator::demo;
use tapegun::store::{Store as _, backups};
use tapegun::vault::{KeySource, StationKeys, Vault};

/// Runs as the supervisor; status and words.
fn run(rig: &Rig, arguments: &[&str]) -> (i32, String) {
    let output = rig.station_of("Sam", arguments).output().expect("it runs");
    let words = [output.stdout, output.stderr].concat();
    (
        output.status.code().expect("not killed"),
        String::from_utf8_lossy(&words).into_owned(),
    )
}

fn must(rig: &Rig, arguments: &[&str]) -> String {
    let (status, words) = run(rig, arguments);
    assert_eq!(status, 0, "{arguments:?}: {words}");
    words
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn keys_of(rig: &Rig) -> PathBuf {
    rig.data().with_file_name("keys")
}

fn source(path: &Path) -> KeySource {
    KeySource::File {
        path: path.to_owned(),
        given: false,
    }
}

/// Every order's customer opens with the keys that the station has now.
fn everything_opens(rig: &Rig, when: &str) {
    let vault = Vault::open(&source(&keys_of(rig))).expect("keys");
    let store = rig.store();
    let orders = rig.orders();
    assert!(!orders.is_empty());
    for number in orders {
        let (shop, order) = (StoreId::from("us"), OrderNumber(number.clone()));
        let (key, sealed) = store
            .customer(rig.id(&number))
            .expect("read")
            .expect("a customer");
        vault
            .open_customer(&key, &shop, &order, &sealed)
            .unwrap_or_else(|error| panic!("{when}: {number}: {error}"));
    }
}

/// How many data keys, here and beside the back-ups, a file of keys opens.
fn opened_with(keys: &Path, rig: &Rig) -> usize {
    let vault = Vault::open(&source(keys)).expect("keys");
    let store = rig.store();
    let here = rig.orders().into_iter().filter_map(|number| {
        store
            .order_key(&StoreId::from("us"), &OrderNumber(number))
            .expect("read")
    });
    let mut opened = here.filter(|key| vault.open_key(key).is_ok()).count();
    for backup in backups::known(&rig.data().join("tapegun.db")) {
        let file = backups::KeyFile::read(&backup.keys).expect("a file of keys");
        opened += file
            .keys
            .into_iter()
            .filter(|(id, bytes)| {
                let key = tapegun::domain::sealed::WrappedKey {
                    id: *id,
                    bytes: bytes.clone(),
                };
                vault.open_key(&key).is_ok()
            })
            .count();
    }
    opened
}

fn with_sam(seed: u64, orders: usize) -> Rig {
    let rig = Rig::start(seed, Some(orders));
    must_as_ana(&rig, &["users", "add", "Sam", "--role", "administrator"]);
    rig
}

fn must_as_ana(rig: &Rig, arguments: &[&str]) {
    let output = rig.station(arguments).output().expect("it runs");
    assert!(output.status.success(), "{arguments:?}");
}

#[test]
fn a_rotation_puts_everything_under_the_new_key_and_forgets_the_old_one() {
    let rig = with_sam(61, 12);
    let (first, second) = (rig.data().join("first.db"), rig.data().join("second.db"));
    must(&rig, &["backup", &first.display().to_string()]);
    must(&rig, &["restore", &first.display().to_string()]);
    must(&rig, &["backup", &second.display().to_string()]);
    let old = rig.data().join("old-keys");
    std::fs::copy(keys_of(&rig), &old).expect("copied");
    assert_eq!(opened_with(&old, &rig), 36, "12 orders here and in two back-ups");

    let (status, words) = {
        let output = rig.station(&["key", "rotate"]).output().expect("runs");
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    assert!(
        status == Some(3) && words.contains("Ana may not rotate the station's keys: ask Sam"),
        "{words}"
    );
    let words = must(&rig, &["key", "rotate"]);
    assert!(
        words.contains("12 orders and 2 back-ups are under the new key"),
        "{words}"
    );
    assert!(words.contains("the old key is forgotten"), "{words}");
    everything_opens(&rig, "rotated");
    assert_eq!(
        opened_with(&old, &rig),
        0,
        "a copy of the old file opens nothing any more"
    );
    assert_eq!(opened_with(&keys_of(&rig), &rig), 36);
    let status = must(&rig, &["key", "status"]);
    assert!(
        status.contains("version 2: in use") && status.contains("version 1: retired"),
        "{status}"
    );
    let audit = must(&rig, &["audit", "list", "rotated"]);
    assert!(audit.contains("the station's key was rotated"), "{audit}");
    must(&rig, &["audit", "verify"]);
    // A back-up from before the rotation is put back, and is under the new key from there on.
    must(&rig, &["restore", &first.display().to_string()]);
    everything_opens(&rig, "restored");
    must(&rig, &["sync", "--once"]);
    // Nothing of the old database that the restore put aside needs the old key either.
    let words = must(&rig, &["key", "rotate"]);
    assert!(!words.contains("LOOK AT IT"), "{words}");
    everything_opens(&rig, "rotated again");
}

#[test]
fn a_back_up_that_is_out_of_reach_keeps_the_old_key() {
    let rig = with_sam(62, 4);
    let (file, away) = (rig.data().join("b.db"), tempfile::tempdir().expect("a disk"));
    must(&rig, &["backup", &file.display().to_string()]);
    let keys = backups::keys_of(&file);
    std::fs::rename(&keys, away.path().join("keys")).expect("moved");
    let words = must(&rig, &["key", "rotate"]);
    assert!(
        words.contains("LOOK AT IT") && words.contains("needs the old key"),
        "{words}"
    );
    let status = must(&rig, &["key", "status"]);
    assert!(status.contains("version 1: old: it only opens"), "{status}");
    let (_, words) = run(&rig, &["doctor"]);
    assert!(words.contains("a rotation is not finished"), "{words}");
    // It comes back: its orders open, and the next rotation takes it along.
    std::fs::rename(away.path().join("keys"), &keys).expect("moved");
    assert_eq!(opened_with(&keys_of(&rig), &rig), 8);
    let words = must(&rig, &["key", "rotate"]);
    assert!(words.contains("the old key is forgotten"), "{words}");
    assert_eq!(opened_with(&keys_of(&rig), &rig), 8);
    let (_, words) = run(&rig, &["doctor"]);
    assert!(words.contains("the station's keys open this store"), "{words}");
}

#[test]
fn no_key_is_rotated_while_a_bought_label_waits_under_it() {
    let rig = with_sam(65, 2);
    let waiting = rig.data().join("tapegun.db.emergency");
    let before = std::fs::read(keys_of(&rig)).expect("keys");
    std::fs::write(&waiting, "a bought label\n").expect("written");
    let (status, words) = run(&rig, &["key", "rotate"]);
    assert_eq!(status, 5, "{words}");
    assert!(words.contains("a bought label that is not stored yet"), "{words}");
    assert_eq!(std::fs::read(keys_of(&rig)).expect("keys"), before);
    std::fs::remove_file(&waiting).expect("stored");
    must(&rig, &["key", "rotate"]);
}

#[test]
fn a_rotation_that_is_killed_anywhere_loses_nothing() {
    let rig = with_sam(63, 40);
    let folder = rig.data().join("backups");
    std::fs::create_dir(&folder).expect("made");
    for place in 0..3 {
        must(
            &rig,
            &[
                "backup",
                &folder.join(format!("{place}.db")).display().to_string(),
            ],
        );
    }
    // However fast the machine is: killed within the time that a whole rotation takes.
    let clock = SystemClock::new();
    let begun = clock.monotonic();
    must(&rig, &["key", "rotate"]);
    let takes = clock.monotonic().saturating_sub(begun);
    let longest = u64::try_from(takes.as_micros()).expect("short").max(1);
    let mut chance = Chance::new(63);
    let mut killed = 0;
    for round in 0..30 {
        let mut child = rig
            .station_of("Sam", &["key", "rotate"])
            .spawn()
            .expect("it runs");
        std::thread::sleep(Duration::from_micros(chance.below(longest)));
        killed += u32::from(child.try_wait().expect("state").is_none());
        let _ = child.kill();
        child.wait().expect("ends");
        // Whatever is in the key file, everything opens: here and from every back-up.
        assert_eq!(opened_with(&keys_of(&rig), &rig), 160, "round {round}");
        if round % 6 == 5 {
            everything_opens(&rig, &format!("round {round}"));
            must(&rig, &["sync", "--once"]);
        }
    }
    println!("30 rotations, {killed} of them killed before their end");
    assert!(killed >= 10, "{killed}");
    let words = must(&rig, &["key", "rotate"]);
    assert!(
        words.contains("the old key is forgotten") || !words.contains("LOOK"),
        "{words}"
    );
    let status = must(&rig, &["key", "status"]);
    assert!(
        !status.contains("only opens") && !status.contains("under an old key"),
        "{status}"
    );
    assert_eq!(opened_with(&keys_of(&rig), &rig), 160);
    let leftovers: Vec<String> = std::fs::read_dir(rig.data().parent().expect("a folder"))
        .expect("readable")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.contains("tapegun-keys"))
        .collect();
    assert_eq!(
        leftovers,
        Vec::<String>::new(),
        "what a kill leaves behind holds keys"
    );
}

#[test]
fn a_running_sync_goes_on_under_the_new_key() {
    let rig = with_sam(64, 6);
    let mut sync = rig
        .station(&["sync"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    std::thread::sleep(Duration::from_millis(600));
    must(&rig, &["key", "rotate"]);
    // It still opens what it needs, although its keys are of before.
    let order = rig.orders()[0].clone();
    rig.pack(&order, &rig.codes(&order));
    rig.ship(&order);
    let _ = sync.kill();
    sync.wait().expect("ends");
    everything_opens(&rig, "a sync of before the rotation went on");
    let status = must(&rig, &["key", "status"]);
    assert!(!status.contains("under an old key"), "{status}");
}

#[test]
fn keys_come_from_a_file_the_environment_the_service_manager_or_a_command() {
    let rig = with_sam(65, 3);
    let order = rig.orders()[0].clone();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let moved = elsewhere.path().join("tapegun-keys");
    std::fs::rename(keys_of(&rig), &moved).expect("moved");
    let show = |set: &dyn Fn(&mut Command)| {
        let mut command = rig.station(&["orders", "show", &order, "--reveal"]);
        set(&mut command);
        let output = command.output().expect("it runs");
        let words = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&words).into_owned())
    };
    let (status, words) = show(&|_| {});
    assert!(status != Some(0) && words.contains("is missing"), "{words}");
    let text = std::fs::read_to_string(&moved).expect("keys");
    for (what, set) in [
        (
            "a file",
            &(|command: &mut Command| {
                command.env("TAPEGUN_KEY_FILE", &moved);
            }) as &dyn Fn(&mut Command),
        ),
        ("the service manager", &|command| {
            command.env("CREDENTIALS_DIRECTORY", elsewhere.path());
        }),
        ("the environment", &|command| {
            command.env("TAPEGUN_KEYS", &text);
        }),
    ] {
        let (status, words) = show(set);
        assert_eq!(status, Some(0), "{what}: {words}");
    }
    // Others can read it: refused.
    std::fs::set_permissions(&moved, std::fs::Permissions::from_mode(0o644)).expect("mode");
    let (status, words) = show(&|command| {
        command.env("TAPEGUN_KEY_FILE", &moved);
    });
    assert!(
        status != Some(0) && words.contains("can be read by others"),
        "{words}"
    );
    std::fs::set_permissions(&moved, std::fs::Permissions::from_mode(0o600)).expect("mode");

    // A keyring, played by a script.
    let keyring = elsewhere.path().join("secret-tool");
    let script = format!(
        "#!/bin/sh\n[ \"$1 $2 $3\" = 'lookup application tapegun' ] || exit 1\nexec cat '{}'\n",
        moved.display()
    );
    std::fs::write(&keyring, script).expect("written");
    std::fs::set_permissions(&keyring, std::fs::Permissions::from_mode(0o700)).expect("mode");
    let config = rig.data().with_file_name("config.toml");
    let before = std::fs::read_to_string(&config).expect("configuration");
    let command = format!(
        "key_command = [\"{}\", \"lookup\", \"application\", \"tapegun\"]\n",
        keyring.display()
    );
    std::fs::write(&config, command + &before).expect("written");
    assert_eq!(show(&|_| {}).0, Some(0));
    must(
        &rig,
        &["orders", "set-status", &order, "on-hold", "--reason", "waits"],
    );
    let (status, words) = run(&rig, &["key", "rotate"]);
    assert!(status == 3 && words.contains("--to FILE"), "{words}");
    let fresh = elsewhere.path().join("fresh");
    must(&rig, &["key", "rotate", "--to", &fresh.display().to_string()]);
    std::fs::copy(&fresh, &moved).expect("put there");
    let words = must(&rig, &["key", "rotate"]);
    assert!(
        words.contains("3 orders") && words.contains("take its line out there"),
        "{words}"
    );
    let mut keys = StationKeys::load(&moved).expect("keys");
    keys.retire_old();
    keys.replace(&moved).expect("replaced");
    assert_eq!(show(&|_| {}).0, Some(0), "the new key alone opens everything");
}

/// What must come out nowhere: the station's keys, the application's secret, tokens.
fn secrets(rig: &Rig) -> Vec<String> {
    let keys = std::fs::read_to_string(keys_of(rig)).expect("keys");
    let lines = keys
        .lines()
        .filter(|line| line.starts_with("key ") || line.starts_with("fingerprint "));
    let mut secrets: Vec<String> = lines
        .filter_map(|line| {
            line.split(' ')
                .find(|word| word.len() > 40)
                .map(str::to_lowercase)
        })
        .collect();
    secrets.extend([demo::CLIENT_SECRET, demo::REFRESH_TOKEN_FIRST].map(str::to_lowercase));
    // Access tokens of the simulator begin so.
    secrets.push("atza|".to_owned());
    assert_eq!(secrets.len(), 5);
    secrets
}

#[test]
fn no_secret_is_in_a_log_an_error_arguments_or_the_configuration() {
    let rig = with_sam(66, 3);
    let mut spoken = Vec::new();
    let mut arguments_seen = Vec::new();
    let mut say = |arguments: &[&str]| {
        let mut child = rig
            .station_of("Sam", arguments)
            .env("TAPEGUN_LOG", "trace")
            .spawn()
            .expect("it runs");
        arguments_seen.extend(std::fs::read(format!("/proc/{}/cmdline", child.id())).unwrap_or_default());
        let mut out = Vec::new();
        child
            .stdout
            .take()
            .expect("piped")
            .read_to_end(&mut out)
            .expect("read");
        child
            .stderr
            .take()
            .expect("piped")
            .read_to_end(&mut out)
            .expect("read");
        child.wait().expect("ends");
        spoken.extend(out);
    };
    let order = rig.orders()[0].clone();
    rig.pack(&order, &rig.codes(&order));
    say(&[
        "ship",
        &order,
        "--weight",
        "20 oz",
        "--size",
        "10x8x6 in",
        "--wait",
        "20",
    ]);
    for arguments in [
        &["doctor"][..],
        &["doctor", "--json"],
        &["key", "status"],
        &["key", "rotate"],
        &["key", "status", "--json"],
        &["sync", "--once"],
        &["void", &order, "--reason", "x", "--label-destroyed"],
    ] {
        say(arguments);
    }
    // Failures speak, too: a login that is refused, answers that cannot be read, keys that are damaged.
    rig.faults(r#"[{"operation":"*","kind":"html"}]"#);
    say(&["sync", "--once"]);
    rig.clear_faults();
    let credentials = rig.data().with_file_name("credentials.toml");
    let whole = std::fs::read_to_string(&credentials).expect("credentials");
    for broken in [
        whole.replace("client_secret", "client_secrets"),
        whole.replace("\"\n", "\n"),
        whole.replace("client_id = \"", "client_id = \"x"),
    ] {
        std::fs::write(&credentials, broken).expect("written");
        say(&["sync", "--once"]);
        say(&["doctor"]);
    }
    std::fs::write(&credentials, &whole).expect("written");
    let secrets = secrets(&rig);
    let keys = std::fs::read_to_string(keys_of(&rig)).expect("keys");
    std::fs::write(keys_of(&rig), keys.replace("key ", "key x")).expect("written");
    say(&["orders", "show", &order, "--reveal"]);

    assert_eq!(
        coats::found(&spoken, &secrets),
        Vec::<String>::new(),
        "said by a command"
    );
    assert_eq!(
        coats::found(&arguments_seen, &secrets),
        Vec::<String>::new(),
        "in arguments"
    );
    let config = std::fs::read(rig.data().with_file_name("config.toml")).expect("configuration");
    assert_eq!(
        coats::found(&config, &secrets),
        Vec::<String>::new(),
        "in the configuration"
    );
    for path in files(&rig.data()) {
        let found = coats::found(&std::fs::read(&path).expect("readable"), &secrets);
        assert_eq!(found, Vec::<String>::new(), "{}", path.display());
    }
}

#[test]
fn no_core_is_dumped() {
    let rig = with_sam(71, 2);
    let mut sync = rig.station(&["sync"]).spawn().expect("it runs");
    let limits = format!("/proc/{}/limits", sync.id());
    let is_none = |line: &str| {
        line.split_whitespace()
            .take(6)
            .eq("Max core file size 0 0".split(' '))
    };
    let none = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        std::fs::read_to_string(&limits).is_ok_and(|text| text.lines().any(is_none))
    });
    let _ = sync.kill();
    sync.wait().expect("ends");
    assert!(none, "a core may be dumped");
}

#[test]
fn a_new_client_secret_is_taken_in_and_an_old_one_is_spoken_of() {
    let rig = with_sam(67, 3);
    let credentials = rig.data().with_file_name("credentials.toml");
    let whole = std::fs::read_to_string(&credentials).expect("credentials");
    // Written down as old: doctor says so, and the leader's health does.
    let today = SystemClock::new().now();
    let made = (today - TimeDelta::days(100)).date_naive();
    std::fs::write(&credentials, format!("{whole}client_secret_made = \"{made}\"\n")).expect("written");
    // So many days after the secret was made.
    let on = |day: i64, arguments: &[&str]| {
        let when = made.and_hms_opt(12, 0, 0).expect("noon").and_utc() + TimeDelta::days(day);
        let output = rig
            .station(arguments)
            .env("TAPEGUN_CLOCK", when.format("%Y-%m-%dT%H:%M:%SZ").to_string())
            .output()
            .expect("it runs");
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    };
    let ends = made + TimeDelta::days(180);
    assert!(!on(148, &["doctor"]).contains("must be changed"));
    let words = on(155, &["doctor"]);
    assert!(
        words.contains("LOOK  secret") && words.contains(&format!("must be changed by {ends}")),
        "{words}"
    );
    let words = on(181, &["doctor"]);
    assert!(
        words.contains(&format!("should have been changed by {ends}")),
        "{words}"
    );
    on(160, &["sync", "--once"]);
    let health = rig.store().health().expect("health");
    assert!(
        health
            .reminder
            .is_some_and(|words| words.contains("client secret of store us"))
    );
    // Not written down: it counts from the day on which it was first used here, which is today.
    std::fs::write(&credentials, &whole).expect("written");
    on(161, &["sync", "--once"]);
    assert_eq!(rig.store().health().expect("health").reminder, None);
    let words = on(100 + 160, &["doctor"]);
    let ends = (today + TimeDelta::days(180)).date_naive();
    assert!(words.contains(&format!("must be changed by {ends}")), "{words}");
}
