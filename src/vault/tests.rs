//! The vault keeps what it promises: nothing opens in another place, under another key, or changed.

use super::*;
use crate::domain::sealed::RequestBytes;
use proptest::prelude::*;
use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use uuid::Uuid;
use zeroize::Zeroizing;

fn vault() -> Vault {
    Vault::new(StationKeys::generate().unwrap())
}

fn store() -> StoreId {
    StoreId::from("us")
}

fn number(last: u32) -> OrderNumber {
    OrderNumber(format!("111-0000000-{last:07}"))
}

fn customer(name: &str) -> CustomerData {
    let mut data = CustomerData::default();
    name.clone_into(&mut data.recipient.name);
    "98101".clone_into(&mut data.recipient.postal_code);
    data.gift_messages
        .push(("line".to_owned(), "Happy birthday".to_owned()));
    data
}

fn refused<T: std::fmt::Debug>(result: Result<T, VaultError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn a_sealed_value_opens_in_its_own_place_only() {
    let vault = vault();
    let key = vault.new_order_key(DataKeyId(1)).unwrap();
    let seal = vault.open_key(&key).unwrap();
    let sealed = seal
        .seal(Slot::CUSTOMER, &store(), &number(1), &customer("Ada"))
        .unwrap();
    assert_eq!(
        vault.open_customer(&key, &store(), &number(1), &sealed).unwrap(),
        customer("Ada")
    );
    for (slot, shop, order) in [
        ("orders.other", store(), number(1)),
        (Slot::CUSTOMER, StoreId::from("uk"), number(1)),
        (Slot::CUSTOMER, store(), number(2)),
    ] {
        assert!(refused(seal.open(slot, &shop, &order, &sealed)).contains("does not open"));
    }
}

#[test]
fn a_blob_of_another_data_key_does_not_open() {
    let vault = vault();
    let first = vault
        .open_key(&vault.new_order_key(DataKeyId(1)).unwrap())
        .unwrap();
    let second = vault
        .open_key(&vault.new_order_key(DataKeyId(2)).unwrap())
        .unwrap();
    let sealed = first
        .seal(Slot::CUSTOMER, &store(), &number(1), &customer("Ada"))
        .unwrap();
    assert!(refused(second.open(Slot::CUSTOMER, &store(), &number(1), &sealed)).contains("does not open"));
    // The id in the blob's head is not what protects it: the key itself differs, too.
    let mut forged = sealed.as_bytes().to_vec();
    forged[8] = 2;
    let forged = Sealed::<CustomerData>::from_bytes(forged);
    assert!(refused(second.open(Slot::CUSTOMER, &store(), &number(1), &forged)).contains("does not open"));
}

#[test]
fn a_wrapped_key_under_another_number_does_not_open() {
    let vault = vault();
    let mut key = vault.new_order_key(DataKeyId(1)).unwrap();
    key.id = DataKeyId(2);
    assert!(refused(vault.open_key(&key)).contains("does not open"));
}

#[test]
fn documents_and_requests_of_two_labels_are_not_exchanged() {
    let vault = vault();
    let seal = vault
        .open_key(&vault.new_order_key(DataKeyId(7)).unwrap())
        .unwrap();
    let (one, two) = (IntentId(Uuid::from_u128(1)), IntentId(Uuid::from_u128(2)));
    let bytes = DocumentBytes(b"^XA^XZ".to_vec());
    let document = seal
        .seal_document(one, "LABEL", &store(), &number(1), &bytes)
        .unwrap();
    assert_eq!(
        seal.open_document(one, "LABEL", &store(), &number(1), &document)
            .unwrap(),
        bytes
    );
    assert!(
        seal.open_document(two, "LABEL", &store(), &number(1), &document)
            .is_err()
    );
    assert!(
        seal.open_document(one, "PACKSLIP", &store(), &number(1), &document)
            .is_err()
    );
    let body = RequestBytes(b"{}".to_vec());
    let request = seal.seal_request(one, &store(), &number(1), &body).unwrap();
    assert_eq!(
        seal.open_request(one, &store(), &number(1), &request).unwrap(),
        body
    );
    assert!(seal.open_request(two, &store(), &number(1), &request).is_err());
}

#[test]
fn two_sealings_of_one_value_differ_and_show_nothing() {
    let vault = vault();
    let seal = vault
        .open_key(&vault.new_order_key(DataKeyId(1)).unwrap())
        .unwrap();
    let value = customer("CANARY-NAME");
    let one = seal.seal(Slot::CUSTOMER, &store(), &number(1), &value).unwrap();
    let two = seal.seal(Slot::CUSTOMER, &store(), &number(1), &value).unwrap();
    assert_ne!(one.as_bytes(), two.as_bytes());
    assert!(!one.as_bytes().windows(6).any(|window| window == b"CANARY"));
}

#[test]
fn another_stations_key_is_refused_in_words() {
    let (ours, theirs) = (vault(), vault());
    let key = ours.new_order_key(DataKeyId(1)).unwrap();
    assert!(refused(theirs.open_key(&key)).contains("which the key file does not hold"));
    assert!(refused(theirs.check(&ours.key_check())).contains("use the key file that belongs"));
    ours.check(&ours.key_check()).unwrap();
}

#[test]
fn a_key_check_is_bound_to_the_key_and_not_only_to_its_id() {
    let vault = vault();
    let mut check = vault.key_check();
    *check.last_mut().unwrap() ^= 1;
    assert!(refused(vault.check(&check)).contains("another"));
    assert!(refused(vault.check(&[])).contains("no key check"));
    check[0] = 9;
    assert!(refused(vault.check(&check)).contains("newer tapegun"));
}

#[test]
fn a_rotated_station_still_opens_what_the_old_key_sealed() {
    let mut keys = StationKeys::generate().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    keys.save(&path).unwrap();
    let old = Vault::new(StationKeys::load(&path).unwrap());
    let (wrapped, check) = (old.new_order_key(DataKeyId(1)).unwrap(), old.key_check());
    let print = old.fingerprint(&["a"]);
    keys.rotate().unwrap();
    let new = Vault::new(keys);
    new.open_key(&wrapped).unwrap();
    new.check(&check).unwrap();
    assert_eq!(new.fingerprint(&["a"]), print);
    assert!(old.open_key(&new.new_order_key(DataKeyId(2)).unwrap()).is_err());
}

#[test]
fn fingerprints_are_keyed_and_mind_the_borders() {
    let vault = vault();
    assert_eq!(vault.fingerprint(&["ab", "c"]), vault.fingerprint(&["ab", "c"]));
    assert_ne!(vault.fingerprint(&["ab", "c"]), vault.fingerprint(&["a", "bc"]));
    assert_ne!(vault.fingerprint(&["ab"]), vault.fingerprint(&["ab", ""]));
    assert_ne!(
        vault.fingerprint(&["ab"]),
        super::tests::vault().fingerprint(&["ab"])
    );
}

#[test]
fn the_keyed_hash_is_hmac_sha256() {
    // RFC 4231, test case 1, whose key is 20 bytes of 0x0b: zeros up to our 32 do not change an HMAC.
    let mut key = [0_u8; 32];
    key[..20].fill(0x0b);
    let mut mac = mac::Mac::new(&key);
    mac.raw(b"Hi There");
    let expected = [
        0xb0, 0x34, 0x4c, 0x61, 0xd8, 0xdb, 0x38, 0x53, 0x5c, 0xa8, 0xaf, 0xce, 0xaf, 0x0b, 0xf1, 0x2b, 0x88,
        0x1d, 0xc2, 0x00, 0xc9, 0x83, 0x3d, 0xa7, 0x26, 0xe9, 0x37, 0x6c, 0x2e, 0x32, 0xcf, 0xf7,
    ];
    assert_eq!(mac.finish(), expected);
}

#[test]
fn a_key_file_is_private_and_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep").join("keys");
    StationKeys::generate().unwrap().save(&path).unwrap();
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let before = std::fs::read(&path).unwrap();
    assert!(refused(StationKeys::generate().unwrap().save(&path)).contains("cannot be written"));
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
}

#[test]
fn a_key_file_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    StationKeys::generate().unwrap().save(&path).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let words = refused(StationKeys::load(&path));
    assert!(
        words.contains("mode 640") && words.contains("chmod 600"),
        "{words}"
    );
}

#[test]
fn missing_and_damaged_key_files_are_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    assert!(refused(StationKeys::load(&path)).contains("is missing"));
    StationKeys::generate().unwrap().save(&path).unwrap();
    let whole = std::fs::read_to_string(&path).unwrap();
    let key_line = whole.lines().find(|line| line.starts_with("key ")).unwrap();
    let cases = [
        (String::new(), "first line"),
        (whole.replace("format 1", "format 2"), "newer tapegun"),
        (whole.replace(key_line, ""), "holds no key"),
        (whole.replace(key_line, "key 1"), "check does not fit"),
        (
            whole.replacen("fingerprint ", "fingerprint A", 1),
            "check does not fit",
        ),
        (format!("{whole}{key_line}\n"), "versions rise"),
        ("x".repeat(70_000), "too long"),
    ];
    for (content, words) in cases {
        std::fs::write(&path, content).unwrap();
        let refusal = refused(StationKeys::load(&path));
        assert!(refusal.contains(words), "{refusal}");
    }
    std::fs::write(&path, [0xff, 0xfe]).unwrap();
    assert!(refused(StationKeys::load(&path)).contains("not text"));
}

#[test]
fn the_environment_names_the_key_file_before_the_usual_place() {
    let folder = tempfile::tempdir().unwrap();
    let usual = folder.path().join("usual");
    let file = |path: &Path, given| KeySource::File {
        path: path.to_owned(),
        given,
    };
    let credentials = Some(folder.path().as_os_str());
    let locate = |file, text: Option<&str>, command: &[String]| {
        let text = text.map(|text| Zeroizing::new(text.to_owned()));
        KeySource::locate_in(&usual, command, file, credentials, text)
    };
    let command = ["secret-tool".to_owned()];
    assert_eq!(
        locate(Some(OsStr::new("/k")), Some("x"), &command),
        file(Path::new("/k"), true)
    );
    assert_eq!(locate(None, None, &[]), file(&usual, false));
    assert_eq!(locate(None, None, &command), KeySource::Command(command.to_vec()));
    assert_eq!(
        locate(None, Some("x"), &command),
        KeySource::Text(Zeroizing::new("x".to_owned()))
    );
    let credential = folder.path().join("tapegun-keys");
    std::fs::write(&credential, "").unwrap();
    assert_eq!(locate(None, Some("x"), &command), file(&credential, true));
}

#[test]
fn a_key_is_made_for_an_empty_store_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    let source = KeySource::File {
        path: path.clone(),
        given: false,
    };
    let foreign = vault().key_check();
    assert!(refused(Vault::open_or_create(&source, None, false)).contains("is missing"));
    assert!(refused(Vault::open_or_create(&source, Some(&foreign), true)).contains("is missing"));
    assert!(!path.exists(), "no key was made");
    let given = KeySource::File {
        path: path.clone(),
        given: true,
    };
    assert!(refused(Vault::open_or_create(&given, None, true)).contains("is missing"));

    let (made, check) = Vault::open_or_create(&source, None, true).unwrap();
    let check = check.expect("a new store records its key check");
    let (again, nothing) = Vault::open_or_create(&source, Some(&check), false).unwrap();
    assert_eq!((again.key_check(), nothing), (made.key_check(), None));
    assert!(refused(Vault::open_or_create(&source, Some(&foreign), false)).contains("another"));
    assert!(refused(Vault::open_or_create(&source, None, false)).contains("no key check"));
    std::fs::remove_file(&path).unwrap();
    assert!(refused(Vault::open_or_create(&source, Some(&check), false)).contains("is missing"));
}

#[test]
fn nothing_of_the_vault_prints_itself() {
    let keys = StationKeys::generate().unwrap();
    assert_eq!(format!("{keys:?}"), "•••");
    let vault = Vault::new(keys);
    let seal = vault
        .open_key(&vault.new_order_key(DataKeyId(1)).unwrap())
        .unwrap();
    assert_eq!(format!("{vault:?} {seal:?}"), "••• •••");
}

#[test]
fn a_rotation_is_taken_in_without_a_new_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    StationKeys::generate().unwrap().save(&path).unwrap();
    let source = KeySource::File {
        path: path.clone(),
        given: false,
    };
    let running = Vault::open(&source).unwrap();
    let (old, check) = (running.new_order_key(DataKeyId(1)).unwrap(), running.key_check());
    let mut keys = StationKeys::load(&path).unwrap();
    keys.rotate().unwrap();
    keys.replace(&path).unwrap();
    // What it makes from now on is wrapped by the new key; what another process made opens.
    let rotating = Vault::open(&source).unwrap();
    let theirs = rotating.new_order_key(DataKeyId(2)).unwrap();
    running.open_key(&theirs).unwrap();
    let ours = running.new_order_key(DataKeyId(3)).unwrap();
    assert_eq!(ours.bytes[..5], theirs.bytes[..5]);
    let anew = rotating.rewrap(&old).unwrap().expect("it was under the old key");
    assert_eq!(anew.bytes[..5], theirs.bytes[..5]);
    assert!(rotating.rewrap(&anew).unwrap().is_none());
    // The old key's secret goes; a store that knows it is still ours.
    assert_eq!(keys.retire_old(), 1);
    keys.replace(&path).unwrap();
    let after = Vault::open(&source).unwrap();
    after.open_key(&anew).unwrap();
    assert!(refused(after.open_key(&old)).contains("does not hold"));
    after.check(&check).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        (text.matches("\nkey ").count(), text.matches("\nretired ").count()),
        (1, 1)
    );
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[test]
fn a_key_file_is_never_replaced_by_one_that_lacks_a_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    let first = StationKeys::generate().unwrap();
    first.save(&path).unwrap();
    let mut one = StationKeys::load(&path).unwrap();
    let mut other = StationKeys::load(&path).unwrap();
    one.rotate().unwrap();
    other.rotate().unwrap();
    one.replace(&path).unwrap();
    let before = std::fs::read(&path).unwrap();
    for lacking in [&other, &first, &StationKeys::generate().unwrap()] {
        assert!(refused(lacking.replace(&path)).contains("not in its new version"));
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn keys_come_from_a_command_and_never_get_into_its_refusals() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    StationKeys::generate().unwrap().save(&path).unwrap();
    let command = |words: &[&str]| KeySource::Command(words.iter().map(|word| (*word).to_owned()).collect());
    let file = path.display().to_string();
    let vault = Vault::open(&command(&["cat", &file])).unwrap();
    let wrapped = vault.new_order_key(DataKeyId(1)).unwrap();
    // Rotated where the command finds it: looked for again, once.
    let mut keys = StationKeys::load(&path).unwrap();
    keys.rotate().unwrap();
    keys.replace(&path).unwrap();
    let theirs = Vault::new(keys).new_order_key(DataKeyId(2)).unwrap();
    vault.open_key(&theirs).unwrap();
    vault.open_key(&wrapped).unwrap();
    let secret = std::fs::read_to_string(&path).unwrap();
    let secret = secret.lines().find(|line| line.starts_with("key ")).unwrap();
    let print = format!("echo '{secret}'; exit 3");
    for (words, why) in [
        (vec!["sh", "-c", print.as_str()], "ended with"),
        (vec!["true"], "printed nothing"),
        (vec!["echo", secret], "first line"),
        (vec!["/nowhere/secret-tool", "lookup"], "No such file"),
        (vec!["head", "-c", "70000", "/dev/zero"], "too much"),
    ] {
        let refusal = refused(Vault::open(&command(&words)));
        assert!(refusal.contains(why), "{refusal}");
        assert!(!refusal.contains(&secret[15..30]), "{refusal}");
    }
    let text = KeySource::Text(Zeroizing::new(std::fs::read_to_string(&path).unwrap()));
    Vault::open(&text).unwrap().open_key(&theirs).unwrap();
    assert_eq!(format!("{text:?}"), "Text(•••)");
}

proptest! {
    #[test]
    fn whatever_is_sealed_comes_back(name in ".{0,200}", message in any::<String>()) {
        let vault = vault();
        let seal = vault.open_key(&vault.new_order_key(DataKeyId(3)).unwrap()).unwrap();
        let mut value = customer(&name);
        value.gift_messages.push(("x".to_owned(), message));
        let sealed = seal.seal(Slot::CUSTOMER, &store(), &number(1), &value).unwrap();
        prop_assert_eq!(seal.open(Slot::CUSTOMER, &store(), &number(1), &sealed).unwrap(), value);
    }

    #[test]
    fn a_flipped_bit_anywhere_does_not_open(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let vault = vault();
        let seal = vault.open_key(&vault.new_order_key(DataKeyId(3)).unwrap()).unwrap();
        let bytes = DocumentBytes(b"^XA^FDAda^FS^XZ".to_vec());
        let label = IntentId(Uuid::from_u128(5));
        let mut blob = seal
            .seal_document(label, "LABEL", &store(), &number(1), &bytes).unwrap().as_bytes().to_vec();
        let at = at.index(blob.len());
        blob[at] ^= 1 << bit;
        let changed = Sealed::from_bytes(blob);
        prop_assert!(seal.open_document(label, "LABEL", &store(), &number(1), &changed).is_err());
    }

    #[test]
    fn a_cut_blob_does_not_open(keep in 0_usize..60) {
        let vault = vault();
        let wrapped = vault.new_order_key(DataKeyId(3)).unwrap();
        let seal = vault.open_key(&wrapped).unwrap();
        let label = IntentId(Uuid::from_u128(5));
        let blob = seal
            .seal_document(label, "LABEL", &store(), &number(1), &DocumentBytes(vec![1; 64]))
            .unwrap();
        let cut = Sealed::from_bytes(blob.as_bytes()[..keep].to_vec());
        prop_assert!(seal.open_document(label, "LABEL", &store(), &number(1), &cut).is_err());
        let mut short = wrapped.clone();
        short.bytes.truncate(keep);
        prop_assert!(vault.open_key(&short).is_err());
    }
}
