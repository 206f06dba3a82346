//! Labels that are pages (PDF). The first page is the label; a packing slip may follow.

use super::LabelFault;
use lopdf::content::Content;
use lopdf::{Dictionary, Document, LoadOptions, Object, Stream};

/// Most bytes that one stream, and all drawing instructions of a page, may unpack to.
const UNPACKED: usize = 64 * 1024 * 1024;

/// How deep drawings may stand within drawings.
const DEPTH: u8 = 8;

/// Most drawings within drawings that are looked at: a drawing that draws itself many times would never end.
const DRAWINGS: u32 = 256;

/// Least of a label's page: characters of text, or painted paths (text drawn as outlines, bars).
const LEAST_TEXT: u64 = 20;
const LEAST_PATHS: u64 = 20;

/// Opens the document and looks whether its first page draws a label.
pub(super) fn inspect(document: &[u8]) -> Result<(), LabelFault> {
    if !document.starts_with(b"%PDF-") {
        return Err(LabelFault::NotThisFormat("PDF"));
    }
    let tail = &document[document.len().saturating_sub(1024)..];
    if !tail.windows(5).any(|window| window == b"%%EOF") {
        return Err(LabelFault::Truncated("the page's end mark is missing"));
    }
    let options = LoadOptions {
        max_decompressed_size: Some(UNPACKED),
        ..LoadOptions::default()
    };
    let pdf = Document::load_mem_with_options(document, options)
        .map_err(|_| LabelFault::Damaged("the page cannot be read"))?;
    if pdf.is_encrypted() {
        return Err(LabelFault::Damaged("the page is locked with a password"));
    }
    if pdf.objects.values().any(|object| acts(object, DEPTH)) {
        return Err(LabelFault::Damaged("it holds a program or a file"));
    }
    let first = pdf
        .page_iter()
        .next()
        .ok_or(LabelFault::Blank("the document has no page"))?;
    let content = pdf
        .get_page_content_with_limit(first, UNPACKED)
        .map_err(|_| LabelFault::Damaged("the page's drawing cannot be unpacked"))?;
    let (own, referenced) = pdf
        .get_page_resources(first)
        .map_err(|_| LabelFault::Damaged("the page's parts cannot be read"))?;
    let mut resources: Vec<&Dictionary> = own.into_iter().collect();
    resources.extend(referenced.iter().filter_map(|id| pdf.get_dictionary(*id).ok()));
    let mut drawn = Drawn::default();
    drawn.add(&pdf, &content, &resources, DEPTH)?;
    if drawn.picture || drawn.text >= LEAST_TEXT || drawn.paths >= LEAST_PATHS {
        Ok(())
    } else {
        Err(LabelFault::Blank("the page draws nothing"))
    }
}

/// A page for a printer only draws: nothing in it runs, opens or carries anything.
fn acts(object: &Object, depth: u8) -> bool {
    let dictionary = match object {
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => &stream.dict,
        Object::Array(parts) => return depth > 0 && parts.iter().any(|part| acts(part, depth - 1)),
        _ => return false,
    };
    let action = dictionary.get(b"S").and_then(Object::as_name).unwrap_or_default();
    let kinds: [&[u8]; 6] = [
        b"JavaScript",
        b"Launch",
        b"ImportData",
        b"SubmitForm",
        b"GoToR",
        b"GoToE",
    ];
    let keys: [&[u8]; 3] = [b"JS", b"EmbeddedFiles", b"EF"];
    kinds.contains(&action)
        || keys.iter().any(|key| dictionary.has(key))
        || depth > 0 && dictionary.iter().any(|(_, value)| acts(value, depth - 1))
}

/// What a page draws.
#[derive(Default)]
struct Drawn {
    /// Characters that are not blank.
    text: u64,
    /// Painted paths and shadings.
    paths: u64,
    /// A picture that is not of one colour.
    picture: bool,
    /// Drawings within drawings so far.
    drawings: u32,
    /// Bytes of drawing instructions so far.
    bytes: usize,
}

impl Drawn {
    fn add(
        &mut self,
        pdf: &Document,
        content: &[u8],
        resources: &[&Dictionary],
        depth: u8,
    ) -> Result<(), LabelFault> {
        self.bytes = self.bytes.saturating_add(content.len());
        if self.bytes > UNPACKED {
            return Err(LabelFault::Damaged("it draws more than any label"));
        }
        let content =
            Content::decode(content).map_err(|_| LabelFault::Damaged("the page's drawing cannot be read"))?;
        for operation in &content.operations {
            match operation.operator.as_str() {
                "Tj" | "TJ" | "'" | "\"" => {
                    self.text += operation.operands.iter().map(characters).sum::<u64>();
                }
                "S" | "s" | "f" | "F" | "f*" | "B" | "B*" | "b" | "b*" | "sh" => self.paths += 1,
                "BI" | "EI" => self.picture = true,
                "Do" => {
                    let named = operation.operands.first().and_then(|name| name.as_name().ok());
                    if let Some(stream) = named.and_then(|name| external(pdf, resources, name)) {
                        self.add_external(pdf, stream, resources, depth)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn add_external(
        &mut self,
        pdf: &Document,
        stream: &Stream,
        resources: &[&Dictionary],
        depth: u8,
    ) -> Result<(), LabelFault> {
        self.drawings += 1;
        if self.drawings > DRAWINGS {
            return Err(LabelFault::Damaged("it draws more than any label"));
        }
        let kind = stream
            .dict
            .get(b"Subtype")
            .and_then(Object::as_name)
            .unwrap_or_default();
        if kind == b"Image" {
            // Some kinds of compression are not unpacked here: such a picture is taken for one.
            let one_colour = stream
                .decompressed_content_with_limit(UNPACKED)
                .is_ok_and(|dots| dots.windows(2).all(|pair| pair[0] == pair[1]));
            self.picture |= !one_colour;
        } else if kind == b"Form" && depth > 0 {
            let content = if stream.dict.has(b"Filter") {
                stream
                    .decompressed_content_with_limit(UNPACKED)
                    .map_err(|_| LabelFault::Damaged("the page's drawing cannot be unpacked"))?
            } else {
                stream.content.clone()
            };
            let own = stream
                .dict
                .get_deref(b"Resources", pdf)
                .and_then(Object::as_dict)
                .ok();
            match own {
                Some(own) => self.add(pdf, &content, &[own], depth - 1)?,
                None => self.add(pdf, &content, resources, depth - 1)?,
            }
        }
        Ok(())
    }
}

/// A drawing or picture by its name in the page's resources.
fn external<'a>(pdf: &'a Document, resources: &[&'a Dictionary], name: &[u8]) -> Option<&'a Stream> {
    resources.iter().find_map(|resources| {
        let parts = resources.get_deref(b"XObject", pdf).ok()?.as_dict().ok()?;
        parts.get_deref(name, pdf).ok()?.as_stream().ok()
    })
}

/// Characters of a text operand that are not blank.
fn characters(operand: &Object) -> u64 {
    match operand {
        Object::String(bytes, _) => bytes
            .iter()
            .filter(|byte| !matches!(byte, 0 | b' ' | b'\t' | b'\n'))
            .count() as u64,
        Object::Array(parts) => parts.iter().map(characters).sum(),
        _ => 0,
    }
}
