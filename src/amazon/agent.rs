//! The mandatory `user-agent` (amazon.md 1.2): `App/Version (Language=…; Name=Value)`, at most 500 characters,
//! with a backslash before what would end a part.

const LONGEST: usize = 500;

/// What this program calls itself.
pub(super) fn own() -> String {
    user_agent(
        env!("CARGO_PKG_NAME"),
        env!("CARGO_PKG_VERSION"),
        concat!("Rust/", env!("CARGO_PKG_RUST_VERSION")),
        &[(
            "Platform",
            &format!("{}/{}", std::env::consts::OS, std::env::consts::ARCH),
        )],
    )
}

/// Builds the header. Attributes that would make it too long are left out; `Language` never is.
fn user_agent(application: &str, version: &str, language: &str, attributes: &[(&str, &str)]) -> String {
    let mut text = format!(
        "{}/{} (Language={}",
        part(application, &['/'], 100),
        part(version, &['('], 50),
        part(language, &[')', ';'], 50)
    );
    for (name, value) in attributes {
        let more = format!(
            "; {}={}",
            part(name, &['='], LONGEST),
            part(value, &[')', ';'], LONGEST)
        );
        if text.len() + more.len() < LONGEST {
            text.push_str(&more);
        }
    }
    text.push(')');
    text
}

/// One part: printable ASCII only, what would end it escaped, at most `longest` bytes.
fn part(raw: &str, ends: &[char], longest: usize) -> String {
    let mut text = String::new();
    for sign in raw.chars().filter(|sign| sign.is_ascii_graphic() || *sign == ' ') {
        let escaped = sign == '\\' || ends.contains(&sign);
        if text.len() + 1 + usize::from(escaped) > longest {
            break;
        }
        if escaped {
            text.push('\\');
        }
        text.push(sign);
    }
    text
}

#[cfg(test)]
mod tests;
