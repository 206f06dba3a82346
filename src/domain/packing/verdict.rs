//! How a scan is judged, and the words that a packer reads when it is refused.

use super::{CodeNeed, Expectation, PackEvent, PackingSession, UnitRef};
use crate::domain::ids::{Sku, UserId};
use crate::domain::rows::CodeMeaning;
use crate::domain::scan::{self, Scan};
use crate::domain::text::Clean;
use crate::domain::transparency::{self, UnitCode};

/// Most units that one scan of a case may count: every one of them is recorded.
const LARGEST_CASE: u32 = 10_000;

/// What the session says to a scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Right: this is what it does once it is stored.
    Accepted(PackEvent),
    /// Wrong, and why.
    Refused(Refusal),
    /// An order, a command, a badge, a tracking number, …: not the session's business.
    Elsewhere(Scan),
}

/// Why a scan is refused, in the packer's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// In no catalogue that the session knows.
    #[error(
        "unknown code {code}: no product of this order has it; look whether another barcode is on the item"
    )]
    Unknown {
        /// The code, clean and short.
        code: String,
    },
    /// A product that the order does not want scanned.
    #[error("wrong item: {item} is not in this order; put it back")]
    WrongProduct {
        /// Title or SKU.
        item: String,
    },
    /// A child of a kit: the kit is scanned as one.
    #[error("{item} comes packed within a kit: scan the kit's own barcode")]
    PartOfKit {
        /// Title.
        item: String,
    },
    /// A group has no barcode of its own at the bench.
    #[error("{item} is a group: scan its items one by one")]
    GroupItself {
        /// Title.
        item: String,
    },
    /// All of it is packed.
    #[error("one too many: all {wanted} × {item} are packed already; put it back")]
    Surplus {
        /// Title.
        item: String,
        /// Pieces ordered.
        wanted: u64,
    },
    /// A case that holds more than what is missing.
    #[error("this case counts {quantity}, only {remaining} × {item} are missing: scan single units")]
    Overshoot {
        /// Title.
        item: String,
        /// Units in the case.
        quantity: u32,
        /// Units missing.
        remaining: u64,
    },
    /// A case of so many units that the catalogue must be wrong.
    #[error("this barcode counts {quantity} × {item}: the catalogue must be corrected; scan single units")]
    CaseTooLarge {
        /// Title.
        item: String,
        /// Units that the catalogue gives it.
        quantity: u32,
    },
    /// The same code on two products of the order, or with two quantities on one.
    #[error("ambiguous: {code} stands for {items}; scan another barcode of the item")]
    Ambiguous {
        /// The code, clean and short.
        code: String,
        /// What it may be, in words.
        items: String,
    },
    /// A code is due first.
    #[error("first scan the {need} of {item} (unit {number} of {units})")]
    CodeFirst {
        /// What is due.
        need: &'static str,
        /// Title.
        item: String,
        /// Which unit, from 1.
        number: u32,
        /// Units of the line.
        units: u32,
    },
    /// A transparency code, and none is due.
    #[error("this is a transparency code: scan the item's product barcode first")]
    CodeTooEarly,
    /// A transparency code, and no unit of this order needs one.
    #[error("this is a transparency code, and nothing in this order needs one: scan the product barcode")]
    CodeNotNeeded,
    /// A transparency code where the serial number is wanted.
    #[error("this is a transparency code: scan the serial number of {item}")]
    SerialWanted {
        /// Title.
        item: String,
    },
    /// Neither a code nor a serial.
    #[error(
        "{code} is not a {need}: one begins with AZ: or ZA:, or is a serial of 7 to 20 letters and digits"
    )]
    NoCode {
        /// The scan, clean and short.
        code: String,
        /// What is due.
        need: &'static str,
    },
    /// A barcode with a digit misread, or a part of one: never taken for a serial by itself.
    #[error(
        "{code} looks like a misread barcode: scan the {need} again; if it is truly the serial number, type SN: and scan it"
    )]
    MisreadBarcode {
        /// The scan, clean and short.
        code: String,
        /// What is due.
        need: &'static str,
    },
    /// Begins like a transparency code and is not whole.
    #[error("damaged transparency code: scan it again, or clean the label")]
    DamagedCode,
    /// Form B with the GTIN of another product.
    #[error("this transparency code belongs to another product than {item}: check the item")]
    CodeOfAnotherProduct {
        /// Title.
        item: String,
    },
    /// The code stands for another unit of this order.
    #[error("this code was already scanned for another unit: every unit has its own")]
    CodeTwice,
    /// An override where no code is due.
    #[error("no code is due just now: there is nothing to override")]
    NothingToOverride,
    /// An override without a reason.
    #[error("an override needs a reason: type why there is no code")]
    ReasonMissing,
}

impl PackingSession {
    /// Judges a scan. Nothing changes: apply the event of an accepted one.
    pub fn scan(&self, scan: &Scan) -> Verdict {
        self.scan_known(scan, &[])
    }

    /// Judges a scan, knowing also what its code means in the whole catalogue (`Store::code_meanings`): a
    /// barcode of any product is then never taken as a serial, and a wrong item is called by its name.
    pub fn scan_known(&self, scan: &Scan, catalogue: &[CodeMeaning]) -> Verdict {
        let verdict = match scan {
            Scan::DamagedTransparency(_) => Err(Refusal::DamagedCode),
            Scan::Transparency(code) => self.transparency(code),
            Scan::Code(code) => self.code(code, catalogue),
            // A seller's own barcode may look like a tracking number; on an item of this order it is none.
            Scan::Tracking(number) if self.is_own_barcode(number.as_str()) => {
                self.code(number.as_str(), catalogue)
            }
            other => return Verdict::Elsewhere(other.clone()),
        };
        match verdict {
            Ok(event) => Verdict::Accepted(event),
            Err(refusal) => Verdict::Refused(refusal),
        }
    }

    /// Skips the code that is due, with a reason and who did it.
    pub fn override_code(&self, reason: &str, by: UserId) -> Result<PackEvent, Refusal> {
        let Expectation::Code { unit, .. } = self.expects() else {
            return Err(Refusal::NothingToOverride);
        };
        let reason = Clean::text(reason);
        if reason.is_empty() {
            return Err(Refusal::ReasonMissing);
        }
        Ok(PackEvent::Coded {
            unit,
            code: UnitCode::Overridden { reason, by },
        })
    }

    fn transparency(&self, code: &str) -> Result<PackEvent, Refusal> {
        match self.expects() {
            Expectation::Code {
                need: CodeNeed::Serial,
                title,
                ..
            } => Err(Refusal::SerialWanted { item: title }),
            Expectation::Code { unit, sku, title, .. } => {
                let another = self
                    .products
                    .iter()
                    .find(|product| product.sku == sku)
                    .is_some_and(|product| transparency::names_another_product(code, product));
                if another {
                    return Err(Refusal::CodeOfAnotherProduct { item: title });
                }
                self.coded(unit, UnitCode::Code(code.to_owned()))
            }
            _ if self.ships_in_bulk() => Err(Refusal::CodeNotNeeded),
            _ => Err(Refusal::CodeTooEarly),
        }
    }

    fn code(&self, code: &str, catalogue: &[CodeMeaning]) -> Result<PackEvent, Refusal> {
        if let Expectation::Code {
            unit,
            number,
            units,
            title,
            need,
            ..
        } = self.expects()
        {
            let named = transparency::named_serial(code);
            let known = !catalogue.is_empty() || self.is_own_barcode(named.unwrap_or(code));
            return if known {
                Err(Refusal::CodeFirst {
                    need: need.words(),
                    item: title,
                    number,
                    units,
                })
            } else if let Some(serial) = named {
                self.coded(unit, UnitCode::Serial(serial.to_owned()))
            } else if self.is_misread_barcode(code) {
                Err(Refusal::MisreadBarcode {
                    code: shown(code),
                    need: need.words(),
                })
            } else if transparency::is_serial(code) {
                self.coded(unit, UnitCode::Serial(code.to_owned()))
            } else {
                Err(Refusal::NoCode {
                    code: shown(code),
                    need: need.words(),
                })
            };
        }
        let key = scan::barcode_key(code);
        let meanings: Vec<(&Sku, &str, u32)> = self
            .products
            .iter()
            .flat_map(|product| {
                let quantities = product.quantities_of(&key);
                quantities
                    .into_iter()
                    .map(move |quantity| (&product.sku, product.title.as_str(), quantity))
            })
            .collect();
        let wanted: Vec<_> = meanings
            .iter()
            .filter(|(sku, ..)| self.lines.iter().any(|line| line.wants(sku)))
            .collect();
        match wanted.as_slice() {
            [] => Err(self.not_wanted(
                code,
                meanings.first().map(|(sku, title, _)| (*sku, *title)),
                catalogue,
            )),
            [(sku, title, quantity)] => self.verified(sku, title, *quantity),
            several => Err(Refusal::Ambiguous {
                code: shown(code),
                items: several
                    .iter()
                    .map(|(_, title, quantity)| format!("{quantity} × {title}"))
                    .collect::<Vec<_>>()
                    .join(" or "),
            }),
        }
    }

    fn verified(&self, sku: &Sku, title: &str, quantity: u32) -> Result<PackEvent, Refusal> {
        let remaining: u64 = self.lines.iter().map(|line| line.open_count(sku)).sum();
        if remaining == 0 {
            let wanted = self
                .progress()
                .iter()
                .flat_map(|line| &line.parts)
                .filter(|part| part.sku == *sku)
                .map(|part| part.wanted)
                .sum();
            return Err(Refusal::Surplus {
                item: title.to_owned(),
                wanted,
            });
        }
        if u64::from(quantity) > remaining {
            return Err(Refusal::Overshoot {
                item: title.to_owned(),
                quantity,
                remaining,
            });
        }
        if quantity > LARGEST_CASE {
            return Err(Refusal::CaseTooLarge {
                item: title.to_owned(),
                quantity,
            });
        }
        let units = self
            .lines
            .iter()
            .flat_map(|line| {
                line.open_parts(sku).map(|(unit, part)| UnitRef {
                    line: line.id.clone(),
                    unit,
                    part,
                })
            })
            .take(quantity as usize)
            .collect();
        Ok(PackEvent::Verified {
            units,
            sku: sku.clone(),
        })
    }

    /// Why a code that no line wants is refused.
    fn not_wanted(&self, code: &str, known: Option<(&Sku, &str)>, catalogue: &[CodeMeaning]) -> Refusal {
        let Some((sku, title)) = known else {
            return match catalogue.first() {
                Some(meaning) => Refusal::WrongProduct {
                    item: Clean::bounded(meaning.sku.as_str(), 60),
                },
                None => Refusal::Unknown { code: shown(code) },
            };
        };
        let item = title.to_owned();
        if self.lines.iter().any(|line| line.is_group && line.sku == *sku) {
            return Refusal::GroupItself { item };
        }
        let in_kit = self.lines.iter().any(|line| {
            self.products
                .iter()
                .find(|product| product.sku == line.sku)
                .is_some_and(|product| product.components.iter().any(|component| component.sku == *sku))
        });
        if in_kit {
            Refusal::PartOfKit { item }
        } else {
            Refusal::WrongProduct { item }
        }
    }

    fn coded(&self, unit: UnitRef, code: UnitCode) -> Result<PackEvent, Refusal> {
        let taken = code.key().is_some_and(|key| {
            self.codes()
                .iter()
                .any(|(other, code)| *other != unit && code.key().as_ref() == Some(&key))
        });
        if taken {
            Err(Refusal::CodeTwice)
        } else {
            Ok(PackEvent::Coded { unit, code })
        }
    }

    /// Digits of a barcode with a wrong check digit, a part of a barcode of this session's products or of an
    /// order number, or two barcodes run together.
    fn is_misread_barcode(&self, code: &str) -> bool {
        if scan::is_misread_gtin(code) || scan::is_cut_order_number(code) {
            return true;
        }
        if !transparency::is_serial(code) {
            return false;
        }
        let code = code.to_ascii_uppercase();
        let glued = |first: &str| {
            code.strip_prefix(first)
                .is_some_and(|rest| self.is_own_barcode(rest))
        };
        self.products
            .iter()
            .flat_map(|product| &product.barcodes)
            .map(|barcode| scan::barcode_key(&barcode.code))
            .any(|key| key.contains(&code) || glued(&key))
    }

    /// A barcode of a product that this session was given.
    fn is_own_barcode(&self, code: &str) -> bool {
        let key = scan::barcode_key(code);
        self.products
            .iter()
            .any(|product| !product.quantities_of(&key).is_empty())
    }
}

/// A code as it may be shown: clean, at most 40 characters.
fn shown(code: &str) -> String {
    Clean::bounded(code, 40)
}
