use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use sayso_text::{Alignment, Block, BlockKind, Doc, Format, Meta, Run, Span};

use crate::decode::Decoded;
use crate::furniture;

/// A Markdown file: its words without the marks, each block set apart by a blank line.
pub fn read(decoded: Decoded) -> Doc {
    let source = decoded.text.as_str();
    let mut out = Builder::default();
    let mut quote = 0usize;
    let mut kind = BlockKind::Body;
    let mut title = None;
    for (event, range) in Parser::new_ext(source, Options::ENABLE_TABLES | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS).into_offset_iter() {
        match event {
            Event::Start(Tag::BlockQuote(_)) => {
                out.flush(kind);
                quote += 1;
            }
            Event::End(TagEnd::BlockQuote(_)) => {
                out.flush(kind);
                quote = quote.saturating_sub(1);
                kind = BlockKind::Body;
            }
            Event::Start(Tag::Heading { level, .. }) => {
                out.flush(kind);
                let first = out.blocks.is_empty() && level == pulldown_cmark::HeadingLevel::H1;
                kind = if first { BlockKind::Headline } else { BlockKind::Heading };
            }
            Event::Start(Tag::CodeBlock(_) | Tag::MetadataBlock(_) | Tag::HtmlBlock) => {
                out.flush(kind);
                kind = BlockKind::Furniture;
            }
            Event::Start(Tag::Paragraph | Tag::Item | Tag::TableCell) => {
                out.flush(kind);
                kind = if quote > 0 { BlockKind::Blockquote } else { BlockKind::Body };
            }
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::Heading(_)
                | TagEnd::TableCell
                | TagEnd::CodeBlock
                | TagEnd::HtmlBlock
                | TagEnd::MetadataBlock(_),
            ) => {
                if let (Some(block), BlockKind::Headline) = (out.flush(kind), kind) {
                    title = Some(block.of(&out.text).to_string());
                }
                kind = BlockKind::Body;
            }
            Event::Text(t) | Event::Code(t) | Event::InlineMath(t) | Event::DisplayMath(t) => out.push(&t, source, range),
            Event::SoftBreak | Event::HardBreak => out.push(" ", source, range),
            _ => {}
        }
    }
    out.flush(kind);
    let Builder { text, mut blocks, runs, .. } = out;
    let mut alignment = Alignment::default();
    for (span, from) in runs {
        if let Some((lo, hi)) = decoded.alignment.source(from) {
            alignment.push(Run { text: span, source: lo, source_len: (hi - lo) as u32 });
        }
    }
    furniture::classify(&text, &mut blocks);
    let meta = Meta { title, ..crate::plain::printed(&text, &blocks) };
    Doc::new(text, blocks, meta, alignment, Format::Markdown)
}

#[derive(Default)]
struct Builder {
    text: String,
    blocks: Vec<Block>,
    runs: Vec<(Span, Span)>,
    start: Option<usize>,
}

impl Builder {
    fn push(&mut self, piece: &str, source: &str, range: std::ops::Range<usize>) {
        if self.start.is_none() {
            if !self.text.is_empty() {
                self.text.push_str("\n\n");
            }
            self.start = Some(self.text.len());
        }
        let at = self.text.len();
        self.text.push_str(piece);
        // An event's text is a slice of the source, save for entities and escapes: those align as a whole.
        let from = match source[range.clone()].find(piece) {
            Some(i) => Span::new(range.start + i, range.start + i + piece.len()),
            None => Span::new(range.start, range.end),
        };
        self.runs.push((Span::new(at, self.text.len()), from));
    }

    fn flush(&mut self, kind: BlockKind) -> Option<Span> {
        let start = self.start.take()?;
        let span = Span::new(start, self.text.len()).trim(&self.text);
        if span.is_empty() {
            return None;
        }
        self.blocks.push(Block { kind, span });
        Some(span)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Hint, read};
    use sayso_text::{BlockKind, Format};

    #[test]
    fn marks_are_taken_off_and_words_map_back() {
        let source = "# Bridge *shut*\n\nThe mayor said **no**.\n\n> A quoted line\n> goes on.\n\n- item &amp; more\n";
        let doc = read(source.as_bytes(), &Hint { name: None, format: Some(Format::Markdown) }).unwrap().value;
        assert_eq!(&*doc.text, "Bridge shut\n\nThe mayor said no.\n\nA quoted line goes on.\n\nitem & more");
        assert_eq!(doc.meta.title.as_deref(), Some("Bridge shut"));
        assert_eq!(doc.blocks[2].kind, BlockKind::Blockquote);
        let at = doc.text.find("no.").unwrap();
        let (lo, hi) = doc.alignment.source(sayso_text::Span::new(at, at + 2)).unwrap();
        assert_eq!(&source[lo as usize..hi as usize], "no");
    }
}
