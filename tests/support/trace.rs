//! Reads what `strace -f -y -o FILE` wrote, and looks in it for the order of reading a scan, writing it into the
//! database's log, bringing the log to the disk, and acknowledging the scan.

use std::collections::BTreeMap;

/// One system call on a file descriptor.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) descriptor: u32,
    /// What the descriptor stands for: a file's path, or `pipe:[…]`.
    pub(crate) file: String,
    /// The other arguments as `strace` writes them.
    pub(crate) arguments: String,
    /// What it returned; none where it never did.
    pub(crate) result: Option<i64>,
    /// Line on which it began.
    pub(crate) begun: usize,
    /// Line on which it returned.
    pub(crate) ended: Option<usize>,
}

/// The calls in the order in which they began; those that another thread interrupted are put together again.
pub(crate) fn calls(trace: &str) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    // By thread: the call that has not returned, and what was written of it.
    let mut open: BTreeMap<&str, (usize, String)> = BTreeMap::new();
    for (number, line) in trace.lines().enumerate() {
        let Some((thread, rest)) = line.split_once(' ') else {
            continue;
        };
        let rest = rest.trim_start();
        let (begun, text) = if let Some(resumed) = rest.strip_prefix("<... ") {
            let Some((begun, mut text)) = open.remove(thread) else {
                continue;
            };
            text.push_str(resumed.split_once(" resumed>").map_or("", |(_, after)| after));
            (begun, text)
        } else {
            (number, rest.to_owned())
        };
        if let Some(start) = text.strip_suffix("<unfinished ...>") {
            open.insert(thread, (begun, start.trim_end().to_owned()));
            continue;
        }
        calls.extend(call(&text, begun, Some(number)));
    }
    calls.extend(open.values().filter_map(|(begun, text)| call(text, *begun, None)));
    calls.sort_by_key(|call| call.begun);
    calls
}

/// Takes `name(3</path>, arguments) = result` apart; none for what is no call on a descriptor.
fn call(text: &str, begun: usize, ended: Option<usize>) -> Option<Call> {
    let (name, after) = text.split_once('(')?;
    let (descriptor, after) = after.split_once('<')?;
    // A `>` in a path is written as an escape.
    let (file, after) = after.split_once('>')?;
    let (arguments, result) = match after.rsplit_once(" = ") {
        Some((arguments, result)) if ended.is_some() => (arguments, result.split(' ').next()),
        _ => (after, None),
    };
    Some(Call {
        name: name.to_owned(),
        descriptor: descriptor.parse().ok()?,
        file: file.to_owned(),
        arguments: arguments.to_owned(),
        result: result.and_then(|result| result.parse().ok()),
        begun,
        ended,
    })
}

impl Call {
    fn writes(&self) -> bool {
        matches!(self.name.as_str(), "write" | "writev" | "pwrite64" | "pwritev")
    }

    fn brings_to_disk(&self) -> bool {
        matches!(self.name.as_str(), "fsync" | "fdatasync") && self.result == Some(0)
    }

    /// Lies between two lines, from its beginning to its end.
    fn within(&self, after: usize, before: usize) -> bool {
        self.begun > after && self.ended.is_some_and(|ended| ended < before)
    }
}

/// How many scans were acknowledged as accepted on standard output, or why one of them was not on the disk then:
/// after the scan was read from standard input, the last write into the log must be followed, before the
/// acknowledgement begins, by a sync of the log that began after that write and succeeded.
pub(crate) fn acknowledged(calls: &[Call], log: &str) -> Result<usize, String> {
    let answers = calls.iter().filter(|call| {
        call.descriptor == 1 && call.writes() && call.arguments.contains("\\\"accepted\\\":true")
    });
    let mut count = 0;
    for answer in answers {
        count += 1;
        let scanned = calls
            .iter()
            .filter(|call| call.descriptor == 0 && call.name == "read" && call.result > Some(0))
            .filter_map(|call| call.ended)
            .filter(|ended| *ended < answer.begun)
            .max()
            .ok_or_else(|| format!("scan {count}: acknowledged before anything was read"))?;
        let of_log = || calls.iter().filter(|call| call.file.ends_with(log));
        let written = of_log()
            .filter(|call| call.writes() && call.begun > scanned && call.begun < answer.begun)
            .max_by_key(|call| call.begun)
            .ok_or_else(|| format!("scan {count}: acknowledged, and nothing was written"))?;
        let synced = written.ended.is_some_and(|ended| {
            of_log().any(|call| call.brings_to_disk() && call.within(ended, answer.begun))
        });
        if !synced {
            return Err(format!("scan {count}: acknowledged before it was on the disk"));
        }
    }
    Ok(count)
}
