//! Meanings to colours. The tables are data (`assets/themes/*.toml`).

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a colour says. Always beside a word or a glyph that says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// Ordinary text.
    Text,
    /// Headings.
    Title,
    /// Less important, or not to be had.
    Muted,
    /// The selected row.
    Selected,
    /// Lines around things.
    Frame,
    /// A good scan, a bought label.
    Good,
    /// A refused scan, trouble.
    Alarm,
    /// Not known yet.
    Wait,
    /// A remark.
    Note,
    /// What to scan or do next.
    Next,
    /// Verified.
    Done,
    /// A weekend delivery that must not be.
    Weekend,
    /// Allowed where nothing better is left.
    Amber,
    /// Prime badge.
    Prime,
    /// Business badge.
    Business,
    /// Commercial badge.
    Commercial,
    /// Transparency badge.
    Transparency,
    /// Ship-by is over, or nearly.
    Late,
    /// Ship-by is near.
    Soon,
    /// A key's name.
    Key,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStyle {
    fg: Option<String>,
    bg: Option<String>,
    #[serde(default)]
    add: Vec<String>,
}

/// Styles of all meanings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme(BTreeMap<Meaning, Style>);

impl Theme {
    /// Sixteen colours.
    pub fn standard() -> Self {
        Self::parse(include_str!("../../assets/themes/standard.toml"))
            .expect("the embedded table is checked by a test")
    }

    /// No colour at all (`NO_COLOR`, `TERM=dumb`).
    pub fn plain() -> Self {
        Self::parse(include_str!("../../assets/themes/plain.toml"))
            .expect("the embedded table is checked by a test")
    }

    /// By the name in the configuration: `standard` or `plain`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "standard" => Some(Self::standard()),
            "plain" => Some(Self::plain()),
            _ => None,
        }
    }

    /// It shows colours at all.
    pub fn has_colours(&self) -> bool {
        self.0
            .values()
            .any(|style| style.fg.is_some() || style.bg.is_some())
    }

    /// Reads a table; the words say what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let raw: BTreeMap<Meaning, RawStyle> = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut styles = BTreeMap::new();
        for (meaning, entry) in raw {
            let mut style = Style {
                fg: color(entry.fg)?,
                bg: color(entry.bg)?,
                ..Style::default()
            };
            for word in entry.add {
                style = style.add_modifier(match word.as_str() {
                    "bold" => Modifier::BOLD,
                    "dim" => Modifier::DIM,
                    "italic" => Modifier::ITALIC,
                    "underlined" => Modifier::UNDERLINED,
                    "reversed" => Modifier::REVERSED,
                    other => return Err(format!("{other:?} is no attribute of text")),
                });
            }
            styles.insert(meaning, style);
        }
        Ok(Self(styles))
    }

    /// The style of a meaning; plain where the table does not name it.
    pub fn style(&self, meaning: Meaning) -> Style {
        self.0.get(&meaning).copied().unwrap_or_default()
    }
}

fn color(name: Option<String>) -> Result<Option<Color>, String> {
    name.map(|name| name.parse().map_err(|_| format!("{name:?} is no colour")))
        .transpose()
}
