//! A paid answer survives in the file, sealed, and nothing else is written.

use super::*;
use crate::vault::StationKeys;
use std::os::unix::fs::PermissionsExt as _;
use uuid::Uuid;

fn vault() -> Vault {
    Vault::new(StationKeys::generate().unwrap())
}

fn paid(vault: &Vault, label: u128) -> Kept {
    let key = vault.new_order_key(DataKeyId(4)).unwrap();
    Kept::Purchase {
        label: IntentId(Uuid::from_u128(label)),
        store: StoreId::from("us"),
        number: OrderNumber::from("111-1111111-1111111"),
        key,
        settlement: Settlement::Bought {
            shipment: Some(ShipmentId::from("amzn1.sid.CANARY")),
            tracking: Some(TrackingNumber::from("1Z999")),
            promise: None,
            documents: vec![SealedDocument {
                format: DocumentFormat::Zpl,
                kind: "LABEL".to_owned(),
                bytes: Sealed::from_bytes(vec![1, 2, 3]),
            }],
            held: Some("blank".to_owned()),
            request_id: None,
        },
    }
}

#[test]
fn what_is_written_comes_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db.emergency");
    let vault = vault();
    assert!(read(&path, &vault).unwrap().is_empty());
    write(&path, &[paid(&vault, 1), paid(&vault, 2)], &vault).unwrap();
    let back = read(&path, &vault).unwrap();
    let Kept::Purchase {
        label,
        settlement:
            Settlement::Bought {
                shipment,
                tracking,
                documents,
                held,
                ..
            },
        ..
    } = &back[1]
    else {
        panic!("{back:?}");
    };
    assert_eq!(label.0.as_u128(), 2);
    assert_eq!(shipment.as_ref().unwrap().as_str(), "amzn1.sid.CANARY");
    assert_eq!(tracking.as_ref().unwrap().as_str(), "1Z999");
    assert_eq!(documents[0].bytes.as_bytes(), [1, 2, 3]);
    assert_eq!(held.as_deref(), Some("blank"));
}

#[test]
fn the_file_is_private_sealed_and_goes_when_nothing_waits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db.emergency");
    let vault = vault();
    write(&path, &[paid(&vault, 1)], &vault).unwrap();
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert!(!std::fs::read_to_string(&path).unwrap().contains("CANARY"));
    write(&path, &[], &vault).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_file_that_does_not_open_is_refused_aloud() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db.emergency");
    let ours = vault();
    write(&path, &[paid(&ours, 1)], &ours).unwrap();
    assert!(
        read(&path, &vault())
            .unwrap_err()
            .contains("holds a bought label")
    );
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, &text[..text.len() / 2]).unwrap();
    let words = read(&path, &ours).unwrap_err();
    assert!(words.contains("line 1") && words.contains("keep it"), "{words}");
}
