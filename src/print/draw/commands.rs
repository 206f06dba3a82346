//! A label's language parted into commands and their parameters.

use super::canvas::Way;

/// Most commands that are looked at: some hundred times those of a label.
const MOST_COMMANDS: usize = 60_000;

/// A caret command.
pub(super) struct Command<'a> {
    /// It begins with a tilde: it is for the printer, not for the sheet.
    pub(super) tilde: bool,
    pub(super) name: [u8; 2],
    pub(super) parameters: &'a [u8],
}

/// Parts the document; what is no command is passed over.
pub(super) fn commands(document: &[u8]) -> (Vec<Command<'_>>, bool) {
    let mut all = Vec::new();
    let mut rest = document;
    while let Some(start) = rest.iter().position(|byte| matches!(byte, b'^' | b'~')) {
        let tilde = rest[start] == b'~';
        let Some((name, tail)) = rest[start + 1..].split_first_chunk::<2>() else {
            break;
        };
        if all.len() == MOST_COMMANDS {
            return (all, false);
        }
        let name = name.map(|byte| byte.to_ascii_uppercase());
        let end = end_of(name, tail);
        let (parameters, after) = tail.split_at(end);
        rest = after;
        all.push(Command {
            tilde,
            name,
            parameters,
        });
    }
    (all, true)
}

/// Where the parameters and data of a command end: binary graphics are counted.
fn end_of(name: [u8; 2], tail: &[u8]) -> usize {
    let text_end = tail
        .iter()
        .position(|byte| matches!(byte, b'^' | b'~'))
        .unwrap_or(tail.len());
    if &name != b"GF" || !matches!(tail.first(), Some(b'B' | b'C' | b'b' | b'c')) {
        return text_end;
    }
    let commas: Vec<usize> = (0..tail.len().min(64))
        .filter(|at| tail[*at] == b',')
        .take(4)
        .collect();
    let [first, second, _, last] = commas[..] else {
        return text_end;
    };
    let length = std::str::from_utf8(&tail[first + 1..second])
        .ok()
        .and_then(|digits| digits.trim().parse::<usize>().ok());
    let end = length.and_then(|length| (last + 1).checked_add(length));
    end.filter(|end| *end <= tail.len()).unwrap_or(text_end)
}

/// Parameters parted by commas.
pub(super) fn parts(parameters: &[u8]) -> Vec<&str> {
    std::str::from_utf8(parameters)
        .unwrap_or_default()
        .split(',')
        .take(16)
        .map(str::trim)
        .collect()
}

pub(super) fn number(parts: &[&str], place: usize) -> Option<i64> {
    let text = parts.get(place)?;
    let digits = text.split('.').next()?;
    digits
        .parse::<i64>()
        .ok()
        .map(|number| number.clamp(-32_000, 32_000))
}

pub(super) fn way(letter: Option<char>) -> Option<Way> {
    Some(match letter?.to_ascii_uppercase() {
        'N' => Way::Right,
        'R' => Way::Down,
        'I' => Way::Back,
        'B' => Way::Up,
        _ => return None,
    })
}
