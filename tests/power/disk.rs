//! A disk as a trace of system calls tells of it: what was brought down for certain, and what may or may not have come
//! down when the power went.

use super::trace::Call;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Small seeded chance (xorshift).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or(usize::MAX) % end.max(1)
    }
}

/// A change of a file's content.
#[derive(Debug, Clone)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Cut { length: usize },
}

/// Something that the traced programs did to a file, and when.
#[derive(Debug, Clone)]
struct Deed {
    begun: usize,
    ended: usize,
    change: Change,
}

/// A file by its life: a name that was unlinked and made again stands for two of them.
#[derive(Debug, Default)]
struct Content {
    /// What lay on the disk before the trace.
    before: Vec<u8>,
    deeds: Vec<Deed>,
    /// Syncs that succeeded: from when to when.
    syncs: Vec<(usize, usize)>,
}

/// A name begins or ceases to stand for a content.
#[derive(Debug)]
struct Naming {
    at: usize,
    name: String,
    content: Option<usize>,
}

/// All that the trace tells of a folder's files.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    contents: Vec<Content>,
    namings: Vec<Naming>,
    /// Syncs of the folder itself.
    folder_syncs: Vec<(usize, usize)>,
    now: BTreeMap<String, usize>,
}

/// What of an image came about by the cut.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Losses {
    pub(crate) lost: usize,
    pub(crate) torn: usize,
    pub(crate) kept_unsynced: usize,
    pub(crate) reordered: usize,
    pub(crate) names: usize,
}

impl Disk {
    /// A file that was there, and on the disk, before the trace begins.
    pub(crate) fn put(&mut self, name: &str, before: Vec<u8>) {
        self.contents.push(Content {
            before,
            ..Content::default()
        });
        self.now.insert(name.to_owned(), self.contents.len() - 1);
        self.namings.push(Naming {
            at: 0,
            name: name.to_owned(),
            content: Some(self.contents.len() - 1),
        });
    }

    /// The name's content; a new one where there is none.
    fn content(&mut self, name: &str, at: usize) -> &mut Content {
        let Self {
            contents,
            namings,
            now,
            ..
        } = self;
        let number = *now.entry(name.to_owned()).or_insert_with(|| {
            contents.push(Content::default());
            let content = Some(contents.len() - 1);
            let name = name.to_owned();
            namings.push(Naming { at, name, content });
            contents.len() - 1
        });
        &mut contents[number]
    }

    /// Takes note of a call on a file of the folder.
    pub(crate) fn call(&mut self, name: &str, call: &Call) {
        let ended = call.ended.unwrap_or(usize::MAX);
        let (begun, succeeded) = (call.begun, call.result.is_some_and(|result| result >= 0));
        let change = match call.name.as_str() {
            "pwrite64" => written(&call.arguments).map(|(bytes, at)| Change::Write { at, bytes }),
            "ftruncate" => {
                let length = call.arguments.trim_matches([',', ' ', ')']).parse();
                length.ok().map(|length| Change::Cut { length })
            }
            "fsync" | "fdatasync" if succeeded => {
                self.content(name, begun).syncs.push((begun, ended));
                None
            }
            _ => None,
        };
        if let Some(change) = change {
            let deed = Deed { begun, ended, change };
            self.content(name, begun).deeds.push(deed);
        }
    }

    pub(crate) fn folder_synced(&mut self, call: &Call) {
        if let (Some(ended), Some(0)) = (call.ended, call.result) {
            self.folder_syncs.push((call.begun, ended));
        }
    }

    pub(crate) fn unlinked(&mut self, name: &str, at: usize) {
        if self.now.remove(name).is_some() {
            self.namings.push(Naming {
                at,
                name: name.to_owned(),
                content: None,
            });
        }
    }

    /// Every moment at which the power may go: between any two calls.
    pub(crate) fn moments(&self) -> Vec<usize> {
        let mut moments: Vec<usize> = Vec::new();
        for content in &self.contents {
            for deed in &content.deeds {
                moments.extend([deed.begun, deed.ended]);
            }
            for (begun, ended) in &content.syncs {
                moments.extend([*begun, *ended]);
            }
        }
        moments.extend(self.namings.iter().map(|naming| naming.at));
        moments.retain(|moment| *moment < usize::MAX);
        moments.extend(moments.clone().iter().map(|moment| moment + 1));
        moments.sort_unstable();
        moments.dedup();
        moments
    }

    /// What is found after a power cut at `moment`: file names with their bytes.
    pub(crate) fn image(&self, moment: usize, chance: &mut Chance) -> (BTreeMap<String, Vec<u8>>, Losses) {
        let mut losses = Losses::default();
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        // Names come down in order; how far beyond the folder's last sync, chance decides.
        let synced = self.folder_syncs.iter().filter(|(_, ended)| *ended < moment);
        let sure = synced.map(|(begun, _)| *begun).max().unwrap_or(0);
        let done: Vec<&Naming> = self
            .namings
            .iter()
            .filter(|naming| naming.at < moment.max(1))
            .collect();
        let kept = done.iter().filter(|naming| naming.at <= sure).count();
        let kept = kept + chance.below(done.len() - kept + 1);
        losses.names = done.len() - kept;
        for naming in &done[..kept] {
            match naming.content {
                Some(content) => names.insert(&naming.name, content),
                None => names.remove(naming.name.as_str()),
            };
        }
        let files = names.into_iter().map(|(name, content)| {
            (
                name.to_owned(),
                self.contents[content].image(moment, chance, &mut losses),
            )
        });
        (files.collect(), losses)
    }
}

impl Content {
    fn image(&self, moment: usize, chance: &mut Chance, losses: &mut Losses) -> Vec<u8> {
        let mut bytes = self.before.clone();
        let sure = self.syncs.iter().filter(|(_, ended)| *ended < moment);
        let sure = sure.map(|(begun, _)| *begun).max().unwrap_or(0);
        let mut unsure: Vec<&Deed> = Vec::new();
        for deed in self.deeds.iter().filter(|deed| deed.begun < moment) {
            if deed.ended < sure {
                apply(&mut bytes, &deed.change);
            } else {
                unsure.push(deed);
            }
        }
        // Any of the rest, in any order; a write in pieces of a sector or of a block.
        for last in (1..unsure.len()).rev() {
            let other = chance.below(last + 1);
            losses.reordered += usize::from(other != last);
            unsure.swap(last, other);
        }
        let keeps = chance.below(4);
        for deed in unsure {
            // None, most, half or all of them.
            let comes_down = match keeps {
                0 => false,
                1 => chance.below(4) > 0,
                2 => chance.below(2) > 0,
                _ => true,
            };
            if !comes_down {
                losses.lost += 1;
                continue;
            }
            losses.kept_unsynced += 1;
            match &deed.change {
                Change::Write { at, bytes: written } if chance.below(3) == 0 => {
                    losses.torn += 1;
                    let sector = [512, 4096][chance.below(2)];
                    let mut from = 0;
                    while from < written.len() {
                        let to = ((at + from) / sector * sector + sector - at).min(written.len());
                        if chance.below(2) > 0 {
                            write(&mut bytes, at + from, &written[from..to]);
                        }
                        from = to;
                    }
                }
                whole => apply(&mut bytes, whole),
            }
        }
        bytes
    }
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write { at, bytes: written } => write(bytes, *at, written),
        Change::Cut { length } => bytes.resize(*length, 0),
    }
}

fn write(bytes: &mut Vec<u8>, at: usize, written: &[u8]) {
    let end = at + written.len();
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[at..end].copy_from_slice(written);
}

/// The bytes and the offset of `, "\x00…", length, offset`.
fn written(arguments: &str) -> Option<(Vec<u8>, usize)> {
    let (_, rest) = arguments.split_once('"')?;
    let (text, rest) = rest.split_once('"')?;
    let mut numbers = rest.trim_matches([',', ' ', ')']).split(", ");
    let length: usize = numbers.next()?.parse().ok()?;
    let at = numbers.next()?.trim_end_matches(')').parse().ok()?;
    let bytes = unescaped(text);
    assert_eq!(bytes.len(), length, "strace wrote the whole of it");
    Some((bytes, at))
}

/// Text of `strace -xx`: every byte as `\x00`.
pub(crate) fn unescaped(text: &str) -> Vec<u8> {
    let bytes = text.split("\\x").skip(1);
    let byte = |hex: &str| u8::from_str_radix(hex.get(..2)?, 16).ok();
    bytes.filter_map(byte).collect()
}

/// The other way.
pub(crate) fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        let _ = write!(escaped, "\\x{byte:02x}");
        escaped
    })
}
