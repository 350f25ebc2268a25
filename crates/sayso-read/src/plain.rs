use sayso_text::{Block, BlockKind, Doc, Format, Meta, Span};

use crate::decode::Decoded;
use crate::furniture;

/// A plain file: its text as it stands, its paragraphs as blocks.
pub fn read(decoded: Decoded) -> Doc {
    let spans = paragraphs(&decoded.text);
    let mut blocks: Vec<Block> = spans.into_iter().map(|span| Block { kind: BlockKind::Body, span }).collect();
    furniture::classify(&decoded.text, &mut blocks);
    let title = blocks
        .iter()
        .find(|b| b.kind == BlockKind::Headline)
        .map(|b| b.span.of(&decoded.text).split_whitespace().collect::<Vec<_>>().join(" "));
    let meta = Meta { title, ..printed(&decoded.text, &blocks) };
    Doc::new(decoded.text, blocks, meta, decoded.alignment, Format::Plain)
}

/// Author, outlet and date, where lines at the head of the story print them.
pub fn printed(text: &str, blocks: &[Block]) -> Meta {
    let mut meta = Meta::default();
    for b in blocks.iter().take(5).filter(|b| b.kind == BlockKind::Byline) {
        let (author, rest) = furniture::author(b.span.of(text));
        meta.byline = meta.byline.or(author.map(str::to_string));
        if let Some((outlet, day)) = furniture::imprint(&rest.replace(['|', '•'], ",")) {
            meta.outlet.get_or_insert(outlet);
            meta.published.get_or_insert(day);
        }
    }
    meta
}

/// Paragraphs: lines, save that lines broken only to fit a page are one paragraph with what they go on from.
///
/// A break is soft where no blank line stands at it, the line is of page width, and the next line's first word
/// would not have fitted on it.
pub fn paragraphs(text: &str) -> Vec<Span> {
    let mut lines: Vec<Span> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        lines.push(Span::new(at, at + line.len()));
        at += line.len();
    }
    let widths: Vec<usize> = lines.iter().map(|l| l.of(text).trim().chars().count()).collect();
    let width = widths.iter().copied().max().unwrap_or(0);
    // Hard-wrapped files hold no long line and many of nearly full width.
    let full = widths.iter().filter(|w| **w * 10 >= width * 7).count();
    let filled = widths.iter().filter(|w| **w > 0).count();
    let wrapped = (40..=110).contains(&width) && filled >= 3 && full * 2 >= filled;
    let mut out: Vec<Span> = Vec::new();
    let mut open = false;
    for (i, line) in lines.iter().enumerate() {
        let span = line.trim(text);
        if span.is_empty() {
            // "\r\n" splits into the line and an empty "\n": no blank line
            open &= line.of(text) == "\n" && i > 0 && lines[i - 1].of(text).ends_with('\r');
            continue;
        }
        match out.last_mut() {
            Some(last) if open => last.end = span.end,
            _ => out.push(unlisted(text, span)),
        }
        let next = lines[i + 1..].iter().find(|l| !matches!(l.of(text), "\n"));
        let first = next.and_then(|l| l.of(text).split_whitespace().next()).map_or(0, |w| w.chars().count());
        open = wrapped && first > 0 && widths[i] + 1 + first > width;
    }
    out
}

/// A line without the mark of a list before it: the mark is nobody's word.
fn unlisted(text: &str, line: Span) -> Span {
    let words = line.of(text);
    let item = ["- ", "* ", "• ", "· ", "‣ ", "▪ ", "◦ "].iter().find_map(|m| words.strip_prefix(m)).map(str::trim_start);
    item.filter(|i| !i.is_empty()).map_or(line, |i| Span::new(line.end as usize - i.len(), line.end as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        paragraphs(text).into_iter().map(|s| s.of(text)).collect()
    }

    #[test]
    fn blank_lines_and_single_lines_both_part_paragraphs() {
        assert_eq!(cut("One two.\n\nThree.\n"), ["One two.", "Three."]);
        assert_eq!(cut("One two.\r\nThree.\rFour."), ["One two.", "Three.", "Four."]);
    }

    #[test]
    fn the_head_of_a_story_tells_who_published_it() {
        for line in ["By Nuala Keane | Harbour Times | 4 March 2024", "By Nuala Keane, Harbour Times, 4 March 2024"] {
            let text =
                format!("Minister quits after ferry row\n\n{line}\n\nThe minister resigned on Monday, hours after the ferry had left.\n");
            let doc = read(crate::decode::decode(text.as_bytes()));
            let found = (doc.meta.byline.as_deref(), doc.meta.outlet.as_deref(), doc.meta.published.as_deref());
            assert_eq!(found, (Some("Nuala Keane"), Some("Harbour Times"), Some("2024-03-04")), "{line}");
        }
    }

    #[test]
    fn the_marks_of_a_list_are_no_words() {
        assert_eq!(cut("- Two died.\n• The crane fell.\n-40 degrees.\n-\n"), ["Two died.", "The crane fell.", "-40 degrees.", "-"]);
    }

    #[test]
    fn lines_wrapped_to_a_page_are_one_paragraph() {
        let text = "The council met on Tuesday to talk about the bridge, and it\nwill meet again next week because the engineers who came to\nspeak had left their drawings behind.\n\n\"We are sorry,\" said one of them, who then went home to get\nthem.\n";
        let got = cut(text);
        assert_eq!(got.len(), 2, "{got:?}");
        assert!(got[0].ends_with("behind."));
    }

    #[test]
    fn wrapped_lines_with_windows_ends_are_one_paragraph_too() {
        let text = "The council met on Tuesday to talk about the bridge, and it\r\nwill meet again next week because the engineers who came to\r\nspeak had left their drawings behind.\r\n\r\nNobody objected.\r\n";
        assert_eq!(cut(text).len(), 2, "{:?}", cut(text));
    }
}
