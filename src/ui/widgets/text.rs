//! Text measured in cells, never in characters: cut with `…`, padded, wrapped.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Cells that the text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// At most `cells` wide, cut with `…` where it is longer. A wide character that does not fit is left out whole.
pub(crate) fn fit(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let wide = width(grapheme);
        if used + wide + 1 > cells {
            break;
        }
        used += wide;
        cut.push_str(grapheme);
    }
    if cells > 0 {
        cut.push('…');
    }
    cut
}

/// The end of the text, cut at its beginning with `…`: what was typed last stays in sight.
pub(crate) fn fit_end(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let mut kept: Vec<&str> = Vec::new();
    let mut used = 1;
    for grapheme in text.graphemes(true).rev() {
        used += width(grapheme);
        if used > cells {
            break;
        }
        kept.push(grapheme);
    }
    kept.reverse();
    if cells == 0 {
        String::new()
    } else {
        format!("…{}", kept.concat())
    }
}

/// Exactly `cells` wide: cut or filled up on the right.
pub(crate) fn left(text: &str, cells: usize) -> String {
    let mut text = fit(text, cells);
    let missing = cells.saturating_sub(width(&text));
    text.extend(std::iter::repeat_n(' ', missing));
    text
}

/// Exactly `cells` wide: cut, or filled up on the left.
pub(crate) fn right(text: &str, cells: usize) -> String {
    let text = fit(text, cells);
    let missing = cells.saturating_sub(width(&text));
    format!("{}{text}", " ".repeat(missing))
}

/// At most `lines` lines of `cells` cells, broken at blanks; the last is cut with `…` where more is left.
pub(crate) fn wrap(text: &str, cells: usize, lines: usize) -> Vec<String> {
    let mut done: Vec<String> = Vec::new();
    let mut line = String::new();
    if cells == 0 || lines == 0 {
        return done;
    }
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let gap = usize::from(!line.is_empty());
        if width(&line) + gap + width(word) <= cells {
            if gap == 1 {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if done.len() + 1 == lines {
            let rest: Vec<&str> = std::iter::once(word).chain(words).collect();
            let gap = if line.is_empty() { "" } else { " " };
            done.push(fit(&format!("{line}{gap}{}", rest.join(" ")), cells));
            return done;
        }
        if !line.is_empty() {
            done.push(std::mem::take(&mut line));
        }
        line = fit(word, cells);
    }
    if !line.is_empty() {
        done.push(line);
    }
    done
}

#[cfg(test)]
mod tests;
