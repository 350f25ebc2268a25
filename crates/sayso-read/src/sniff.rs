use std::fmt;

use sayso_text::Format;

use crate::MAX_BYTES;

/// Why bytes are not read as a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// No bytes at all.
    Empty,
    /// White space only.
    Blank,
    /// More than [`MAX_BYTES`].
    TooLong(usize),
    /// Known to be something else; the second part says what to do.
    NotText(&'static str, &'static str),
    /// Control bytes all over.
    Binary,
    /// A page without any visible text.
    NoVisibleText,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Empty => f.write_str("is empty"),
            Refused::Blank => f.write_str("holds only white space"),
            Refused::TooLong(n) => {
                write!(f, "is {} MiB long; a story of more than {} MiB is not read: split it into stories", n >> 20, MAX_BYTES >> 20)
            }
            Refused::NotText(what, then) => write!(f, "is {what}, not text: {then}"),
            Refused::Binary => f.write_str("is not text: it is full of control bytes"),
            Refused::NoVisibleText => {
                f.write_str("is a page without visible text (made by a script?): save it from the browser as complete page or text")
            }
        }
    }
}

impl std::error::Error for Refused {}

const UNPACK: &str = "unpack it first";
const MAGIC: &[(&[u8], &str, &str)] = &[
    (b"%PDF-", "a PDF", "save its text and read that"),
    (b"\x1f\x8b", "gzip-compressed", UNPACK),
    (b"PK\x03\x04", "a ZIP archive or an office document", "save it as plain text or HTML"),
    (b"BZh", "bzip2-compressed", UNPACK),
    (b"\xfd7zXZ\0", "xz-compressed", UNPACK),
    (b"(\xb5/\xfd", "zstd-compressed", UNPACK),
    (b"\x89PNG", "a PNG picture", "pictures are not read"),
    (b"\xff\xd8\xff", "a JPEG picture", "pictures are not read"),
    (b"GIF8", "a GIF picture", "pictures are not read"),
    (b"RIFF", "a RIFF media file", "sound and pictures are not read"),
    (b"ID3", "an MP3 sound file", "sound is not read"),
    (b"\x7fELF", "a program", "give it a story"),
    (b"SQLite format 3\0", "an SQLite database", "give it a story"),
    (b"\xd0\xcf\x11\xe0", "an old office document", "save it as plain text or HTML"),
    (b"{\\rtf", "an RTF document", "save it as plain text or HTML"),
];

/// Turns away what is no story.
pub fn refuse(bytes: &[u8]) -> Result<(), Refused> {
    if bytes.is_empty() {
        return Err(Refused::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(Refused::TooLong(bytes.len()));
    }
    if let Some((_, what, then)) = MAGIC.iter().find(|(m, _, _)| bytes.starts_with(m)) {
        return Err(Refused::NotText(what, then));
    }
    let head = &bytes[..bytes.len().min(64 << 10)];
    let utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || looks_utf16(head).is_some();
    if !utf16 {
        let control = head.iter().filter(|b| matches!(b, 0..=8 | 14..=26 | 28..=31 | 127)).count();
        if head.contains(&0) && control * 50 > head.len() || control * 10 > head.len() {
            return Err(Refused::Binary);
        }
    }
    Ok(())
}

/// UTF-16 without a byte-order mark: `Some(true)` for little-endian. Latin text has a zero in every other byte.
pub fn looks_utf16(head: &[u8]) -> Option<bool> {
    let pairs = head.len() / 2;
    if pairs < 8 || !head.len().is_multiple_of(2) && head.len() < 64 << 10 {
        return None;
    }
    let zeros = |odd: usize| head.chunks_exact(2).filter(|c| c[odd] == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 10 > pairs * 7 && even * 20 < pairs {
        Some(true)
    } else if even * 10 > pairs * 7 && odd * 20 < pairs {
        Some(false)
    } else {
        None
    }
}

/// Plain text, Markdown or HTML, by name and then by the first characters.
pub fn format(text: &str, name: Option<&str>) -> Format {
    let extension = name.and_then(|n| n.rsplit_once('.')).map(|(_, e)| e.to_ascii_lowercase());
    match extension.as_deref() {
        Some("html" | "htm" | "xhtml" | "shtml") => return Format::Html,
        Some("md" | "markdown") => return Format::Markdown,
        _ => {}
    }
    let head: String = text.trim_start().chars().take(1024).collect::<String>().to_ascii_lowercase();
    let tagged = ["<!doctype html", "<html", "<?xml", "<head", "<body", "<article", "<div", "<p>", "<script", "<!--"];
    if tagged.iter().any(|t| head.starts_with(t)) && head.contains('>') { Format::Html } else { Format::Plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdf_renamed_to_txt_is_named_for_what_it_is() {
        let said = refuse(b"%PDF-1.7 ...").unwrap_err().to_string();
        assert!(said.contains("a PDF") && said.contains("save its text"), "{said}");
    }

    #[test]
    fn binary_is_told_from_text_with_a_stray_control() {
        assert_eq!(refuse(&[0, 1, 2, 3, 0, 0, 9, 9, 200, 1]), Err(Refused::Binary));
        assert_eq!(refuse("a story with one \u{1} in it and then some more words".as_bytes()), Ok(()));
    }

    #[test]
    fn markup_is_known_by_its_first_tag() {
        assert_eq!(format("  <!DOCTYPE html><p>x", None), Format::Html);
        assert_eq!(format("< 5 people came, he said", None), Format::Plain);
        assert_eq!(format("# x", Some("a.md")), Format::Markdown);
    }
}
