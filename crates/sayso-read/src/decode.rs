use sayso_text::{Alignment, Code, Run, Span, Warning};

use crate::sniff::looks_utf16;

/// Text, how it ties back to the bytes, and complaints.
#[derive(Clone, Debug)]
pub struct Decoded {
    pub text: String,
    pub alignment: Alignment,
    pub warnings: Vec<Warning>,
}

/// Decodes by byte-order mark, then the page's own declaration, then UTF-8 if it is valid, then by guess.
pub fn decode(bytes: &[u8]) -> Decoded {
    if let Some((encoding, skip)) = encoding_rs::Encoding::for_bom(bytes) {
        return with(bytes, encoding, skip, None);
    }
    if let Some(little) = looks_utf16(&bytes[..bytes.len().min(64 << 10)]) {
        let encoding = if little { encoding_rs::UTF_16LE } else { encoding_rs::UTF_16BE };
        return with(bytes, encoding, 0, Some("no byte-order mark"));
    }
    if std::str::from_utf8(bytes).is_ok() {
        return with(bytes, encoding_rs::UTF_8, 0, None);
    }
    if let Some(declared) = declared(bytes) {
        return with(bytes, declared, 0, None);
    }
    // Mostly valid UTF-8 with a few broken places is broken UTF-8, not another encoding.
    let (mut valid, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    if valid > 2 * broken {
        return with(bytes, encoding_rs::UTF_8, 0, None);
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, chardetng::Utf8Detection::Deny);
    with(bytes, guess, 0, Some("not UTF-8"))
}

/// The encoding that `<meta charset>` or an XML declaration names within the first 4 KiB.
fn declared(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = bytes[..bytes.len().min(4096)].to_ascii_lowercase();
    let at = ["charset=", "encoding="]
        .iter()
        .find_map(|key| head.windows(key.len()).position(|w| w == key.as_bytes()).map(|i| i + key.len()))?;
    let label: Vec<u8> = head[at..]
        .iter()
        .copied()
        .skip_while(|b| matches!(b, b'"' | b'\''))
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        .collect();
    encoding_rs::Encoding::for_label(&label).map(|e| {
        // A page that could be searched byte by byte for its declaration is not in UTF-16, whatever it says.
        if e == encoding_rs::UTF_16LE || e == encoding_rs::UTF_16BE { encoding_rs::UTF_8 } else { e }
    })
}

fn with(bytes: &[u8], encoding: &'static encoding_rs::Encoding, skip: usize, guessed: Option<&str>) -> Decoded {
    let body = &bytes[skip..];
    let mut warnings = Vec::new();
    if let Some(why) = guessed {
        warnings.push(Warning::new(Code::GuessedEncoding, format!("read as {} ({why})", encoding.name())));
    }
    let mut text = String::with_capacity(body.len() + 16);
    let mut alignment = Alignment::default();
    let mut broken = 0;
    let mut add = |text: &mut String, piece: &str, at: usize, len: usize| {
        let start = text.len();
        text.push_str(piece);
        alignment.push(Run { text: Span::new(start, text.len()), source: (skip + at) as u64, source_len: len as u32 });
    };
    if encoding == encoding_rs::UTF_8 {
        let mut at = 0;
        for chunk in body.utf8_chunks() {
            add(&mut text, chunk.valid(), at, chunk.valid().len());
            at += chunk.valid().len();
            if !chunk.invalid().is_empty() {
                broken += 1;
                add(&mut text, "\u{fffd}", at, chunk.invalid().len());
                at += chunk.invalid().len();
            }
        }
    } else if encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE {
        let units: Vec<u16> = body
            .chunks(2)
            .map(|c| {
                let pair = [c[0], *c.get(1).unwrap_or(&0)];
                if encoding == encoding_rs::UTF_16LE { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
            })
            .collect();
        let mut at = 0;
        for unit in char::decode_utf16(units) {
            let c = unit.unwrap_or_else(|_| {
                broken += 1;
                '\u{fffd}'
            });
            let len = 2 * c.len_utf16();
            add(&mut text, c.encode_utf8(&mut [0; 4]), at, len.min(body.len().saturating_sub(at)));
            at += len;
        }
    } else if encoding.is_single_byte() {
        // One byte, one character.
        for (at, b) in body.iter().enumerate() {
            let (c, had_errors) = encoding.decode_without_bom_handling(std::slice::from_ref(b));
            broken += usize::from(had_errors);
            add(&mut text, &c, at, 1);
        }
    } else {
        // Encodings of several bytes a character are aligned line by line.
        let mut at = 0;
        for line in body.split_inclusive(|b| *b == b'\n') {
            let (piece, had_errors) = encoding.decode_without_bom_handling(line);
            broken += usize::from(had_errors);
            add(&mut text, &piece, at, line.len());
            at += line.len();
        }
    }
    if broken > 0 {
        warnings.push(Warning::new(
            Code::Undecodable,
            format!("{broken} place(s) are not valid {} and were replaced by U+FFFD", encoding.name()),
        ));
    }
    Decoded { text, alignment, warnings }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        decode(bytes).text
    }

    #[test]
    fn reads_the_encodings_that_newsrooms_save() {
        assert_eq!(text("\u{feff}“Né”".as_bytes()), "“Né”");
        assert_eq!(text(b"\xff\xfeN\0\xe9\0"), "Né");
        assert_eq!(text(b"\xfe\xff\0N\0\xe9"), "Né");
        let long = "A long enough line for a guess, said Zoë Núñez. ";
        let le: Vec<u8> = long.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&le), long);
        let cp1252 = b"\x93We can\x92t,\x94 said Ana\xefs \x96 the mayor of Saint-\xc9tienne-sur-Mer.";
        assert_eq!(text(cp1252), "“We can’t,” said Anaïs – the mayor of Saint-Étienne-sur-Mer.");
    }

    #[test]
    fn a_declared_charset_is_believed_where_utf8_fails() {
        let page = b"<meta charset=\"iso-8859-1\"><p>Ren\xe9e</p>";
        assert!(text(page).contains("Renée"));
    }

    #[test]
    fn broken_utf8_is_mended_and_said() {
        let d = decode("“é” said — “x\u{e9}”\u{201c}".as_bytes().split_last().unwrap().1);
        assert!(d.text.ends_with('\u{fffd}'));
        assert_eq!(d.warnings[0].code, Code::Undecodable);
    }

    #[test]
    fn every_character_maps_back_to_its_bytes() {
        let d = decode(b"ab\xe9cd \x93x\x94 ef gh \xe8 and so on");
        let at = d.text.find('x').unwrap();
        assert_eq!(d.alignment.source(Span::new(at, at + 1)), Some((7, 8)));
    }
}
