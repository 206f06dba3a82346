//! Just enough of Rust's tokens to see who names whom: words and punctuation, without comments and literals.

/// A word or a punctuation mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// Identifier, keyword or number.
    Word(String),
    /// `::`
    Path,
    /// Any other single character.
    Mark(char),
}

impl Token {
    /// The word, if it is one.
    pub(crate) fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// Takes a source apart.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let characters: Vec<char> = source.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        let character = characters[at];
        let next = characters.get(at + 1).copied().unwrap_or('\0');
        if character == '/' && next == '/' {
            at = after_line(&characters, at);
        } else if character == '/' && next == '*' {
            at = after_block_comment(&characters, at);
        } else if let Some(end) = after_raw_string(&characters, at) {
            at = end;
        } else if character == '"' {
            at = after_string(&characters, at);
        } else if character == '\'' {
            at = after_quote(&characters, at);
        } else if character.is_alphanumeric() || character == '_' {
            let start = at;
            while at < characters.len() && (characters[at].is_alphanumeric() || characters[at] == '_') {
                at += 1;
            }
            found.push(Token::Word(characters[start..at].iter().collect()));
        } else if character == ':' && next == ':' {
            found.push(Token::Path);
            at += 2;
        } else {
            if !character.is_whitespace() {
                found.push(Token::Mark(character));
            }
            at += 1;
        }
    }
    found
}

fn after_line(characters: &[char], mut at: usize) -> usize {
    while at < characters.len() && characters[at] != '\n' {
        at += 1;
    }
    at
}

fn after_block_comment(characters: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    while at < characters.len() {
        match (characters[at], characters.get(at + 1)) {
            ('/', Some('*')) => {
                depth += 1;
                at += 2;
            }
            ('*', Some('/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    at
}

fn after_string(characters: &[char], mut at: usize) -> usize {
    at += 1;
    while at < characters.len() && characters[at] != '"' {
        at += if characters[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// `r"…"`, `r#"…"#`, `br"…"`; none where no raw string begins here. (`b"…"` is a word and a string.)
fn after_raw_string(characters: &[char], at: usize) -> Option<usize> {
    let before_is_word = at > 0 && (characters[at - 1].is_alphanumeric() || characters[at - 1] == '_');
    let mut position = at;
    if characters.get(position) == Some(&'b') {
        position += 1;
    }
    if before_is_word || characters.get(position) != Some(&'r') {
        return None;
    }
    position += 1;
    let hashes = characters[position..].iter().take_while(|c| **c == '#').count();
    position += hashes;
    if characters.get(position) != Some(&'"') {
        return None;
    }
    position += 1;
    while position < characters.len() {
        let closes = characters[position] == '"'
            && characters[position + 1..]
                .iter()
                .take(hashes)
                .filter(|c| **c == '#')
                .count()
                == hashes;
        position += 1;
        if closes {
            return Some(position + hashes);
        }
    }
    Some(position)
}

/// A character literal, or the quote of a lifetime.
fn after_quote(characters: &[char], at: usize) -> usize {
    if characters.get(at + 1) == Some(&'\\') {
        let mut end = at + 3;
        while end < characters.len() && characters[end] != '\'' {
            end += 1;
        }
        return end + 1;
    }
    if characters.get(at + 2) == Some(&'\'') {
        return at + 3;
    }
    at + 1
}
