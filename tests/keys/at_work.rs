//! The station works while its keys are rotated, PINs open afterwards as before, and no byte of the data folder opens
//! with the keys of before.

use crate::rig::Rig;
use crate::terminal::Terminal;
use crate::{keys_of, must, source, with_sam};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use portable_pty::CommandBuilder;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tapegun::domain::ids::{DataKeyId, OrderNumber, StoreId};
use tapegun::domain::sealed::WrappedKey;
use tapegun::store::Store as _;
use tapegun::vault::Vault;

const ESC: &[u8] = b"\x1b";

/// Algorithm and station key's id before a wrapped key; nonce, key and tag after.
const HEAD: usize = 5;
const WRAPPED: usize = HEAD + 24 + 32 + 16;

/// The name on the order's parcel, read with the keys that the station has now.
fn recipient(rig: &Rig, order: &str) -> String {
    let vault = Vault::open(&source(&keys_of(rig))).expect("keys");
    let (shop, number) = (StoreId::from("us"), OrderNumber(order.to_owned()));
    let (key, sealed) = rig
        .store()
        .customer(rig.id(order))
        .expect("read")
        .expect("a customer");
    let customer = vault
        .open_customer(&key, &shop, &number, &sealed)
        .expect("it opens");
    customer.recipient.name.clone()
}

fn bench(rig: &Rig) -> Terminal {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tapegun"));
    let config = rig.data().with_file_name("config.toml");
    command.args(["--config", &config.display().to_string()]);
    command.args(["--data", &rig.data().display().to_string()]);
    let mut screen = Terminal::start(command, 110, 34);
    screen.wait_for("Who is packing?");
    screen.wait_for("administrator");
    screen.scan("TGU-Sam");
    screen.wait_for("signed in: Sam");
    screen
}

#[test]
fn a_bench_and_a_second_process_go_on_while_the_keys_are_rotated() {
    let rig = with_sam(68, 12);
    let orders = rig.shippable();
    assert!(orders.len() >= 8, "{}", orders.len());
    let (shown, packed) = orders.split_at(4);
    let names: Vec<String> = shown.iter().map(|order| recipient(&rig, order)).collect();
    let first = std::fs::read(keys_of(&rig)).expect("keys");
    let mut screen = bench(&rig);
    for ((order, name), other) in shown.iter().zip(&names).zip(packed) {
        std::thread::scope(|scope| {
            let rotation = scope.spawn(|| must(&rig, &["key", "rotate"]));
            // A second process: scans, typed words of an order, a label.
            rig.pack(other, &rig.codes(other));
            must(&rig, &["orders", "note", other, "leave at the back door"]);
            rig.ship(other);
            let words = rotation.join().expect("rotated");
            assert!(words.contains("the old key is forgotten"), "{words}");
        });
        // The bench that was there before all rotations opens what is under the newest key.
        screen.scan(order);
        screen.wait_for(name);
        screen.send(ESC);
        screen.wait_gone(name);
    }
    let text = String::from_utf8_lossy(&std::fs::read(keys_of(&rig)).expect("keys")).into_owned();
    assert_eq!(text.matches("\nretired ").count(), 4);
    assert_ne!(text.as_bytes(), first);
    for other in &packed[..4] {
        let notes = must(&rig, &["orders", "show", other, "--reveal"]);
        assert!(notes.contains("leave at the back door"), "{notes}");
        assert_eq!(rig.store().labels_of(rig.id(other)).expect("labels").len(), 1);
    }
    must(&rig, &["audit", "verify"]);
}

#[test]
fn a_pin_opens_after_a_rotation_as_before() {
    let rig = with_sam(69, 2);
    must(&rig, &["users", "add", "Pia", "--role", "lead"]);
    let mut child = rig
        .station_of("Pia", &["users", "pin"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("it runs");
    writeln!(child.stdin.take().expect("piped"), "493817").expect("a PIN");
    assert!(child.wait().expect("ends").success());
    let order = rig.orders()[0].clone();
    let shows = |pin: &str| {
        let output = rig
            .station_of("Pia", &["orders", "show", &order, "--reveal"])
            .env("TAPEGUN_PIN", pin)
            .output()
            .expect("it runs");
        output.status.code()
    };
    for _ in 0..2 {
        assert_eq!((shows("493817"), shows("493818")), (Some(0), Some(3)));
        must(&rig, &["key", "rotate"]);
    }
    assert_eq!((shows("493817"), shows("493818")), (Some(0), Some(3)));
}

/// Files of the station in which a wrapped key stands that these keys open: as it is or behind base64, also in free
/// pages and in the log.
fn open_with(keys: &Path, head: &[u8], rig: &Rig) -> BTreeSet<PathBuf> {
    let vault = Vault::open(&source(keys)).expect("keys");
    let opens = |bytes: &[u8]| {
        (1..=60).any(|id| {
            let (id, bytes) = (DataKeyId(id), bytes.to_vec());
            vault.open_key(&WrappedKey { id, bytes }).is_ok()
        })
    };
    let mut found = BTreeSet::new();
    for file in crate::files(&rig.data()) {
        let bytes = std::fs::read(&file).expect("readable");
        let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
        let runs = bytes
            .split(|byte| !is_base64(byte))
            .filter(|run| run.len() >= WRAPPED);
        let decoded: Vec<Vec<u8>> = runs.filter_map(|run| BASE64.decode(run).ok()).collect();
        let mut texts = std::iter::once(&bytes).chain(&decoded);
        let is_here = texts.any(|text| {
            text.windows(WRAPPED)
                .any(|part| part.starts_with(head) && opens(part))
        });
        if is_here {
            found.insert(file);
        }
    }
    found
}

#[test]
fn no_byte_of_the_data_folder_opens_with_the_keys_of_before() {
    let rig = with_sam(70, 6);
    let file = rig.data().join("b.db");
    must(&rig, &["backup", &file.display().to_string()]);
    must(&rig, &["restore", &file.display().to_string()]);
    let old = rig.data().with_file_name("old-keys");
    std::fs::copy(keys_of(&rig), &old).expect("copied");
    let head_of = || {
        let (shop, number) = (StoreId::from("us"), OrderNumber(rig.orders()[0].clone()));
        let key = rig
            .store()
            .order_key(&shop, &number)
            .expect("read")
            .expect("a key");
        key.bytes[..HEAD].to_vec()
    };
    let head = head_of();
    let before = open_with(&old, &head, &rig);
    assert!(
        before.len() >= 3,
        "here, beside the back-up, and in what was put aside: {before:?}"
    );
    must(&rig, &["key", "rotate"]);
    assert_eq!(open_with(&old, &head, &rig), BTreeSet::new());
    let after = open_with(&keys_of(&rig), &head_of(), &rig);
    assert!(after.len() >= 3, "{after:?}");
}
