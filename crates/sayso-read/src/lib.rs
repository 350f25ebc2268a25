//! From bytes to a document: `bytes -> sniff -> decode -> plain | markdown | html -> Doc`.
//!
//! Reading makes no guess about the world: the same bytes and the same hint give the same document. It does
//! not open files. What is odd in the bytes comes back as warnings; only what is no text at all is refused.

mod decode;
mod furniture;
mod html;
mod html_source;
mod markdown;
mod plain;
pub mod records;
mod sniff;

use sayso_text::{BlockKind, Code, Doc, Format, Warned, Warning};

pub use sniff::Refused;

/// What the caller knows of the bytes.
#[derive(Clone, Debug, Default)]
pub struct Hint {
    /// File name or extension, to tell Markdown and HTML from plain text.
    pub name: Option<String>,
    /// The format, where the caller says so.
    pub format: Option<Format>,
}

/// Agencies that stand alone in a byline.
const AGENCIES: &[&str] = &[
    "associated press", "ap", "reuters", "afp", "agence france-presse", "upi", "united press international", "press association",
    "pa media", "dpa", "bloomberg news", "canadian press", "australian associated press", "kyodo news", "xinhua",
];

/// Stories longer than this are refused: 16 MiB is over two million words.
pub const MAX_BYTES: usize = 16 << 20;

/// Reads one story.
///
/// # Errors
/// [`Refused`] where the bytes are empty, too many, or no text (a picture, a PDF, an archive, a program).
pub fn read(bytes: &[u8], hint: &Hint) -> Result<Warned<Doc>, Refused> {
    sniff::refuse(bytes)?;
    let decoded = decode::decode(bytes);
    if decoded.text.chars().all(char::is_whitespace) {
        return Err(Refused::Blank);
    }
    let format = hint.format.unwrap_or_else(|| sniff::format(&decoded.text, hint.name.as_deref()));
    let mut warnings = decoded.warnings.clone();
    let mut doc = match format {
        Format::Plain => plain::read(decoded),
        Format::Markdown => markdown::read(decoded),
        Format::Html => html::read(&decoded, &mut warnings)?,
    };
    // "PORT ELLERY (OPA) —": where the story comes from
    if let Some(b) = doc.blocks.iter().find(|b| b.kind == BlockKind::Dateline)
        && let Some((_, inside)) = b.span.of(&doc.text).split_once('(')
        && let Some((agency, _)) = inside.split_once(')')
    {
        doc.meta.credit.get_or_insert_with(|| agency.trim().to_string());
    }
    // "By the Associated Press"
    if let Some(byline) = &doc.meta.byline {
        let name = byline.trim().trim_start_matches("By ").trim_start_matches("by ");
        let name = name.strip_prefix("The ").or_else(|| name.strip_prefix("the ")).unwrap_or(name);
        if AGENCIES.contains(&name.to_lowercase().as_str()) {
            doc.meta.credit.get_or_insert_with(|| name.to_string());
        }
    }
    let hidden = doc.text.chars().filter(|c| is_hidden(*c)).count();
    if hidden > 0 {
        warnings.push(Warning::new(
            Code::HiddenCharacters,
            format!("{hidden} zero-width, direction or control character(s) stand in the text"),
        ));
    }
    if !doc.text.chars().any(char::is_alphanumeric) {
        warnings.push(Warning::new(Code::NoWords, "the text holds no words"));
    }
    Ok(Warned { value: doc, warnings })
}

/// Characters that change what a person sees without being seen.
pub fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
        || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}
