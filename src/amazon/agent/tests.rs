use super::*;

#[test]
fn names_program_version_language_and_platform() {
    let agent = own();
    assert!(agent.starts_with("tapegun/"), "{agent}");
    assert!(agent.contains("(Language=Rust/1."), "{agent}");
    assert!(agent.contains("; Platform="), "{agent}");
    assert!(agent.ends_with(')'), "{agent}");
}

#[test]
fn escapes_what_would_end_a_part() {
    let agent = user_agent("a/b", "1(2", "R;u)st", &[("N=m", "v;1)2\\3")]);
    assert_eq!(agent, r"a\/b/1\(2 (Language=R\;u\)st; N\=m=v\;1\)2\\3)");
}

#[test]
fn is_never_longer_than_amazon_allows() {
    let long = "x".repeat(2000);
    let agent = user_agent(&long, &long, &long, &[("A", "kept"), ("B", &long), ("C", "too")]);
    assert!(agent.len() <= 500, "{}", agent.len());
    assert!(agent.contains("; A=kept"), "{agent}");
    assert!(agent.contains("Language="), "{agent}");
    assert!(agent.ends_with(')'));
}

#[test]
fn holds_printable_ascii_only() {
    let agent = user_agent("täpe\ngun", "1\u{7f}", "Rust", &[("P", "日本")]);
    assert_eq!(agent, "tpegun/1 (Language=Rust; P=)");
}
