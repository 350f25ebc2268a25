//! The visible characters of an HTML source with their byte offsets: what an extractor's text is tied back to.

use std::collections::HashMap;

/// Every visible character that is not white space, in source order.
pub struct Visible {
    /// The characters.
    pub chars: String,
    /// For each byte of `chars` that starts a character: offset in the source and number of bytes there.
    at: Vec<(u32, u32)>,
    /// Byte offsets in `chars`, in step with `at`.
    starts: Vec<u32>,
}

impl Visible {
    /// The source range of the character that starts at byte `i` of `chars`.
    pub fn source(&self, i: usize) -> Option<(usize, usize)> {
        let k = self.starts.binary_search(&(i as u32)).ok()?;
        let (at, len) = self.at[k];
        Some((at as usize, len as usize))
    }

    fn push(&mut self, c: char, at: usize, len: usize) {
        if c.is_whitespace() {
            return;
        }
        self.starts.push(self.chars.len() as u32);
        self.at.push((at as u32, len as u32));
        self.chars.push(c);
    }
}

/// Scans a page. Tags, comments and the insides of scripts and styles are passed over.
pub fn visible(html: &str) -> Visible {
    let mut out = Visible { chars: String::with_capacity(html.len() / 3), at: Vec::new(), starts: Vec::new() };
    let mut entities: HashMap<String, String> = HashMap::new();
    let bytes = html.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            b'<' if html[i..].starts_with("<!--") => {
                i = html[i + 4..].find("-->").map_or(bytes.len(), |n| i + 4 + n + 3);
            }
            b'<' if bytes.get(i + 1).is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?')) => {
                let name: String =
                    html[i + 1..].chars().take_while(char::is_ascii_alphanumeric).take(12).collect::<String>().to_ascii_lowercase();
                i = tag_end(bytes, i);
                if matches!(name.as_str(), "script" | "style" | "noscript" | "template") {
                    let close = format!("</{name}");
                    i = find_ignoring_case(bytes, i, close.as_bytes()).unwrap_or(bytes.len());
                }
            }
            b'&' => {
                let end = html[i..].bytes().take(34).position(|b| b == b';').map(|n| i + n + 1);
                let entity = end
                    .map(|e| &html[i..e])
                    .filter(|e| e.len() > 2 && e[1..e.len() - 1].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#'));
                if let Some(entity) = entity {
                    let text = entities.entry(entity.to_string()).or_insert_with(|| unescape(entity));
                    let text = text.clone();
                    for c in text.chars() {
                        out.push(c, i, entity.len());
                    }
                    i += entity.len();
                } else {
                    out.push('&', i, 1);
                    i += 1;
                }
            }
            _ => {
                let c = html[i..].chars().next().unwrap_or(' ');
                out.push(c, i, c.len_utf8());
                i += c.len_utf8();
            }
        }
    }
    out
}

/// The parser's own reading of a character reference, so that both sides agree.
fn unescape(entity: &str) -> String {
    scraper::Html::parse_fragment(entity).root_element().text().collect()
}

/// One past the `>` that ends the tag at `i`, minding quoted attribute values.
fn tag_end(bytes: &[u8], i: usize) -> usize {
    let mut quote = None;
    let mut prev = b' ';
    for (k, b) in bytes.iter().enumerate().skip(i + 1) {
        match (quote, b) {
            (Some(q), b) if q == *b => quote = None,
            (None, b'"' | b'\'') if prev == b'=' => quote = Some(*b),
            (None, b'>') => return k + 1,
            _ => {}
        }
        if !b.is_ascii_whitespace() {
            prev = *b;
        }
    }
    // A value whose quote is never shut: take the first `>` at all.
    bytes[i..].iter().position(|b| *b == b'>').map_or(bytes.len(), |n| i + n + 1)
}

fn find_ignoring_case(bytes: &[u8], from: usize, needle: &[u8]) -> Option<usize> {
    bytes[from..].windows(needle.len()).position(|w| w.eq_ignore_ascii_case(needle)).map(|n| from + n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_a_reader_sees_with_its_place() {
        let html = "<p title=\"a>b\">He &amp; I<!-- x --> said <script>no</script>\u{201c}é\u{201d}&hellip;</p>";
        let v = visible(html);
        assert_eq!(v.chars, "He&Isaid“é”…");
        let at = v.chars.find('&').unwrap();
        let (s, n) = v.source(at).unwrap();
        assert_eq!(&html[s..s + n], "&amp;");
    }

    #[test]
    fn survives_markup_that_never_ends() {
        for html in ["<p", "<!--", "a < b &", "<a href='", "<script>", "&#x1F600;&#xZZ;&bogus;", "<p title=\"x>y</p>z"] {
            let v = visible(html);
            assert_eq!(v.starts.len(), v.chars.chars().count());
        }
    }
}
