//! `pack`: scans from standard input, one a line, through the same packing session as the screen. Every accepted scan
//! is durable before its verdict is written.

use super::{Context, parcel};
use crate::cli::PackArgs;
use crate::domain::ids::{OrderId, ScanId};
use crate::domain::packing::{
    Expectation, PackEvent, PackingSession, Refusal, ScanRecord, Verdict, last_standing,
};
use crate::domain::rows::{BoxRow, CodeMeaning};
use crate::domain::scan::{self, Command, Scan};
use crate::domain::transparency::{self, UnitCode};
use crate::domain::user::User;
use crate::error::{Exit, Outcome};
use crate::store::{StoreError, Turn};
use serde_json::json;
use std::io::{BufRead, Write};
use uuid::Uuid;

/// Longest line that is read as a scan; the rest of a longer one is dropped and the scan refused.
const LONGEST_LINE: usize = 4096;

/// One packing at the command line.
struct Packing<'a> {
    context: &'a Context,
    user: User,
    row: BoxRow,
    session: PackingSession,
    scans: Vec<ScanRecord>,
    override_reason: Option<String>,
}

/// Runs `pack`. Done where every unit is verified with its code at the end of input, refused where not.
pub(super) fn run(
    arguments: &PackArgs,
    context: &Context,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> Outcome<Exit> {
    let user = context.user()?;
    let order = context.order(&arguments.order)?;
    let (by, take_over, wanted) = (user.id, arguments.take_over, arguments.box_number);
    let (confirmation, now) = (context.default_confirmation(order)?, context.clock.now());
    let (row, detail) = context.store.write_blocking(move |store| {
        let mut row = store.begin_packing(order, by, take_over, confirmation, now)?;
        if let Some(number) = wanted.filter(|number| *number != row.number) {
            row = store.open_box(turn_of(order, &row), number, by, now)?;
        }
        Ok((row, store.order(order)?))
    })?;
    let mut packing = Packing {
        context,
        user,
        row,
        session: parcel::session(&detail),
        scans: detail.scans,
        override_reason: arguments.override_codes.clone(),
    };
    let mut number = 0_u64;
    while let Some(line) = read_line(input)? {
        if line.trim().is_empty() {
            continue;
        }
        number += 1;
        let said = packing.scan(order, &line)?;
        write_verdict(arguments, out, number, &said, &packing.session)?;
    }
    let missing = packing.session.complete().err().unwrap_or_default();
    if arguments.json {
        let summary = json!({ "scans": number, "complete": missing.is_empty(), "missing": missing });
        writeln!(out, "{summary}")?;
    } else if missing.is_empty() {
        writeln!(out, "complete: every unit is verified")?;
    } else {
        writeln!(out, "not complete: {}", missing.join("; "))?;
    }
    out.flush()?;
    Ok(if missing.is_empty() {
        Exit::Done
    } else {
        Exit::Refused
    })
}

fn turn_of(order: OrderId, row: &BoxRow) -> Turn {
    Turn {
        order,
        box_id: row.id,
        turn: row.turn,
    }
}

/// A line without its end; none at the end of input. Bytes that are not UTF-8 become a damaged scan.
pub(super) fn read_line(input: &mut dyn BufRead) -> std::io::Result<Option<String>> {
    let mut bytes = Vec::new();
    if input.read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    bytes.truncate(LONGEST_LINE);
    let line = String::from_utf8_lossy(&bytes);
    Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned()))
}

/// What a scan was, in words.
struct Said {
    accepted: bool,
    words: String,
}

impl Packing<'_> {
    fn scan(&mut self, order: OrderId, line: &str) -> Outcome<Said> {
        let scan = match scan::classify(line) {
            Err(error) => return self.refused(order, "unreadable", error.to_string()),
            Ok(scan) => scan,
        };
        let verdict = match &scan {
            Scan::Command(Command::Override) => self.override_code(),
            Scan::Command(Command::Next) => return self.next_box(order),
            Scan::Command(Command::Undo) => {
                let last = last_standing(&self.scans, self.row.id);
                let Some(event) = last.and_then(PackEvent::undoing) else {
                    let words = format!(
                        "nothing lies in box {}: there is nothing to take back",
                        self.row.number
                    );
                    return self.refused(order, form(&scan), words);
                };
                Verdict::Accepted(event)
            }
            scan => self.judge(scan)?,
        };
        let event = match verdict {
            Verdict::Accepted(event) => event,
            Verdict::Refused(refusal) => return self.refused(order, form(&scan), refusal.to_string()),
            Verdict::Elsewhere(_) => {
                let words = "not an item of this order: only items and their codes are scanned here";
                return self.refused(order, form(&scan), words);
            }
        };
        let record = ScanRecord {
            id: ScanId(Uuid::now_v7()),
            order,
            box_id: self.row.id,
            turn: self.row.turn,
            sequence: self.next_sequence(),
            event: event.clone(),
            by: self.user.id,
            at: self.context.clock.now(),
        };
        let sent = record.clone();
        match self
            .context
            .store
            .write_blocking(move |store| store.accept_scan(&sent))
        {
            Ok(()) => {}
            Err(StoreError::Refused(refusal @ crate::store::Refusal::CodeUsed(_))) => {
                return self.refused(order, "code used", refusal.to_string());
            }
            Err(error) => return Err(error.into()),
        }
        self.scans.push(record);
        self.session.apply(&event);
        Ok(Said {
            accepted: true,
            words: accepted(&event),
        })
    }

    fn next_sequence(&self) -> u32 {
        let here = self.scans.iter().filter(|scan| scan.box_id == self.row.id);
        here.map(|scan| scan.sequence + 1).max().unwrap_or(0)
    }

    /// Closes the box and opens the next one.
    fn next_box(&mut self, order: OrderId) -> Outcome<Said> {
        let (from, by, now) = (turn_of(order, &self.row), self.user.id, self.context.clock.now());
        let opened = self
            .context
            .store
            .write_blocking(move |store| store.next_box(from, by, now));
        match opened {
            Ok(row) => {
                self.row = row;
                Ok(Said {
                    accepted: true,
                    words: format!("box {}", self.row.number),
                })
            }
            Err(StoreError::Refused(refusal @ crate::store::Refusal::Other(_))) => {
                self.refused(order, "next box", refusal.to_string())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The session's verdict, with the catalogue's word where it needs one.
    fn judge(&self, scan: &Scan) -> Outcome<Verdict> {
        let verdict = self.session.scan(scan);
        let Scan::Code(code) = scan else {
            return Ok(verdict);
        };
        if !needs_catalogue(&verdict) {
            return Ok(verdict);
        }
        let code = transparency::named_serial(code).unwrap_or(code).to_owned();
        let meanings: Vec<CodeMeaning> = self
            .context
            .store
            .read_blocking(move |store| store.code_meanings(&code))?;
        Ok(self.session.scan_known(scan, &meanings))
    }

    fn override_code(&self) -> Verdict {
        let reason = self.override_reason.as_deref().unwrap_or("");
        match self.session.override_code(reason, self.user.id) {
            Ok(event) => Verdict::Accepted(event),
            Err(refusal) => Verdict::Refused(refusal),
        }
    }

    /// Notes a refused scan: its form and no content.
    fn refused(&self, order: OrderId, form: &str, words: impl Into<String>) -> Outcome<Said> {
        let (by, form, now) = (self.user.id, form.to_owned(), self.context.clock.now());
        self.context
            .store
            .write_blocking(move |store| store.note_refused_scan(Some(order), Some(by), &form, now))?;
        Ok(Said {
            accepted: false,
            words: words.into(),
        })
    }
}

/// Form and no content, for the history.
fn form(scan: &Scan) -> &'static str {
    match scan {
        Scan::Code(_) => "product code",
        Scan::Transparency(_) => "transparency code",
        Scan::DamagedTransparency(_) => "damaged transparency code",
        Scan::Order(_) => "order",
        Scan::PickList(_) => "pick list",
        Scan::Manifest(_) => "manifest",
        Scan::Tote(_) => "tote",
        Scan::BoxPreset(_) => "box",
        Scan::Command(_) => "command",
        Scan::Badge(_) => "badge",
        Scan::Tracking(_) => "tracking number",
    }
}

/// Whether a code could be a product that this order does not know.
fn needs_catalogue(verdict: &Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Accepted(PackEvent::Coded {
            code: UnitCode::Serial(_),
            ..
        }) | Verdict::Refused(
            Refusal::Unknown { .. } | Refusal::NoCode { .. } | Refusal::MisreadBarcode { .. },
        ) | Verdict::Elsewhere(_)
    )
}

fn accepted(event: &PackEvent) -> String {
    match event {
        PackEvent::Verified { units, sku } if units.len() == 1 => format!("{sku}"),
        PackEvent::Verified { units, sku } => format!("{} × {sku}", units.len()),
        PackEvent::Coded { code, .. } => match code {
            UnitCode::Code(_) => "transparency code".to_owned(),
            UnitCode::Serial(_) => "serial".to_owned(),
            UnitCode::Overridden { .. } => "code overridden".to_owned(),
        },
        PackEvent::Undone { units, code, .. } => match code {
            Some(_) => "code taken back".to_owned(),
            None => format!("{} taken out of the box again", units.len()),
        },
    }
}

/// What comes next, in words.
fn next(session: &PackingSession) -> String {
    match session.expects() {
        Expectation::Unit { title, .. } => format!("next: {title}"),
        Expectation::Code {
            title,
            number,
            units,
            need,
            ..
        } => {
            format!("next: {} of unit {number} of {units}, {title}", need.words())
        }
        Expectation::Done => "all verified".to_owned(),
    }
}

fn write_verdict(
    arguments: &PackArgs,
    out: &mut dyn Write,
    number: u64,
    said: &Said,
    session: &PackingSession,
) -> std::io::Result<()> {
    if arguments.json {
        let verdict = json!({
            "scan": number, "accepted": said.accepted, "words": said.words, "next": next(session),
        });
        writeln!(out, "{verdict}")?;
    } else {
        let word = if said.accepted { "GOOD" } else { "BAD " };
        writeln!(out, "{word} {}; {}", said.words, next(session))?;
    }
    out.flush()
}
