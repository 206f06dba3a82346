//! The emergency file: one line of JSON for each paid answer, sealed under its order's data key. Written whole
//! beside the old one and put in its place; gone when nothing waits.

use super::Kept;
use crate::domain::ids::{DataKeyId, IntentId, OrderNumber, ShipmentId, StoreId, TrackingNumber};
use crate::domain::order::Window;
use crate::domain::sealed::{Sealed, WrappedKey};
use crate::domain::seller::DocumentFormat;
use crate::store::{SealedDocument, Settlement};
use crate::vault::{Slot, Vault};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

#[derive(Serialize, Deserialize)]
struct Line {
    label: IntentId,
    store: StoreId,
    number: OrderNumber,
    key_id: DataKeyId,
    key: String,
    answer: String,
}

/// A success, as it is sealed.
#[derive(Serialize, Deserialize)]
struct Answer {
    shipment: Option<ShipmentId>,
    tracking: Option<TrackingNumber>,
    promise: Option<Window>,
    /// Format, kind, sealed bytes.
    documents: Vec<(DocumentFormat, String, String)>,
    held: Option<String>,
    request_id: Option<String>,
}

/// Writes the file, or removes it when there is nothing to keep. Durable before it returns.
pub(super) fn write(path: &Path, kept: &[Kept], vault: &Vault) -> Result<(), String> {
    let words = |error: std::io::Error| error.to_string();
    if kept.is_empty() {
        return match std::fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(words(error)),
            _ => Ok(()),
        };
    }
    let mut text = String::new();
    for kept in kept {
        text.push_str(&line(kept, vault)?);
        text.push('\n');
    }
    let draft = path.with_extension("emergency-draft");
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)
        .map_err(words)?;
    file.write_all(text.as_bytes()).map_err(words)?;
    file.sync_all().map_err(words)?;
    std::fs::rename(&draft, path).map_err(words)?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    std::fs::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(words)
}

fn line(kept: &Kept, vault: &Vault) -> Result<String, String> {
    let Kept::Purchase {
        label,
        store,
        number,
        key,
        settlement:
            Settlement::Bought {
                shipment,
                tracking,
                promise,
                documents,
                held,
                request_id,
            },
    } = kept
    else {
        return Err("only a paid answer is written".to_owned());
    };
    let documents = documents
        .iter()
        .map(|document| {
            let bytes = BASE64.encode(document.bytes.as_bytes());
            (document.format, document.kind.clone(), bytes)
        })
        .collect();
    let answer = Answer {
        shipment: shipment.clone(),
        tracking: tracking.clone(),
        promise: *promise,
        documents,
        held: held.clone(),
        request_id: request_id.clone(),
    };
    let seal = vault.open_key(key).map_err(|error| error.to_string())?;
    let sealed = seal
        .seal(&Slot::emergency(*label), store, number, &answer)
        .map_err(|error| error.to_string())?;
    let line = Line {
        label: *label,
        store: store.clone(),
        number: number.clone(),
        key_id: key.id,
        key: BASE64.encode(&key.bytes),
        answer: BASE64.encode(sealed.as_bytes()),
    };
    serde_json::to_string(&line).map_err(|error| error.to_string())
}

/// Reads the file; an absent one holds nothing. A line that does not open is refused aloud: it is money.
pub(super) fn read(path: &Path, vault: &Vault) -> Result<Vec<Kept>, String> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => {
            return Err(format!(
                "the emergency file {} cannot be read: {error}",
                path.display()
            ));
        }
    };
    let lines = text.lines().filter(|line| !line.is_empty()).enumerate();
    lines
        .map(|(index, line)| {
            kept(line, vault).map_err(|why| {
                format!(
                    "line {} of the emergency file {} cannot be read ({why}): it holds a bought label, keep it",
                    index + 1,
                    path.display()
                )
            })
        })
        .collect()
}

fn kept(line: &str, vault: &Vault) -> Result<Kept, String> {
    let line: Line = serde_json::from_str(line).map_err(|_| "it is cut or changed".to_owned())?;
    let decode = |text: &str| BASE64.decode(text).map_err(|_| "it is cut or changed".to_owned());
    let key = WrappedKey {
        id: line.key_id,
        bytes: decode(&line.key)?,
    };
    let seal = vault.open_key(&key).map_err(|error| error.to_string())?;
    let sealed: Sealed<Answer> = Sealed::from_bytes(decode(&line.answer)?);
    let answer = seal
        .open(&Slot::emergency(line.label), &line.store, &line.number, &sealed)
        .map_err(|error| error.to_string())?;
    let mut documents = Vec::with_capacity(answer.documents.len());
    for (format, kind, bytes) in answer.documents {
        documents.push(SealedDocument {
            format,
            kind,
            bytes: Sealed::from_bytes(decode(&bytes)?),
        });
    }
    Ok(Kept::Purchase {
        label: line.label,
        store: line.store,
        number: line.number,
        key,
        settlement: Settlement::Bought {
            shipment: answer.shipment,
            tracking: answer.tracking,
            promise: answer.promise,
            documents,
            held: answer.held,
            request_id: answer.request_id,
        },
    })
}

#[cfg(test)]
mod tests;
