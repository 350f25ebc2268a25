use std::fmt;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::{Alignment, Span};

/// The content-addressed name of a story: the first 16 hexadecimal digits of SHA-256 over format and text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocId(String);

impl DocId {
    /// The id of a text.
    pub fn of(text: &str) -> Self {
        let digest = Sha256::digest(text.as_bytes());
        Self(digest.iter().take(8).map(|b| format!("{b:02x}")).collect())
    }

    /// As written in every output.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a stretch of a story is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockKind {
    /// The story's title.
    Headline,
    /// The line under the headline.
    Deck,
    /// Who wrote it.
    Byline,
    /// Place, agency or outlet before the first sentence.
    Dateline,
    /// The first paragraph of the story itself.
    Lead,
    /// A paragraph.
    Body,
    /// A heading inside the story.
    Heading,
    /// Words set off as a quotation, with or without marks.
    Blockquote,
    /// Words under a picture or video.
    Caption,
    /// Navigation, promotion, notices: no part of the story. Never attributed to anybody.
    Furniture,
}

crate::named!(BlockKind {
    Headline => "headline",
    Deck => "deck",
    Byline => "byline",
    Dateline => "dateline",
    Lead => "lead",
    Body => "body",
    Heading => "heading",
    Blockquote => "blockquote",
    Caption => "caption",
    Furniture => "furniture",
});

impl BlockKind {
    /// Whether statements are looked for in it.
    pub fn is_story(self) -> bool {
        !matches!(self, BlockKind::Furniture | BlockKind::Byline | BlockKind::Dateline)
    }
}

/// One paragraph, or the part of one that has a kind of its own (a dateline).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is for.
    pub kind: BlockKind,
    /// Where, without white space at the ends.
    pub span: Span,
}

/// What a story's bytes were read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Plain text.
    Plain,
    /// Markdown.
    Markdown,
    /// A web page.
    Html,
}

crate::named!(Format {
    Plain => "plain",
    Markdown => "markdown",
    Html => "html",
});

/// What is known of a story beside its text. `None` is unknown; nothing is guessed from the file's time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// Headline.
    pub title: Option<String>,
    /// Publisher as it names itself.
    pub outlet: Option<String>,
    /// Authors as printed.
    pub byline: Option<String>,
    /// Date of publication: `YYYY-MM-DD`, or a date and time as RFC 3339 where the page gives one.
    pub published: Option<String>,
    /// The agency or outlet that its credit line names as where it comes from.
    pub credit: Option<String>,
    /// Canonical address.
    pub address: Option<String>,
    /// Language as BCP 47.
    pub language: Option<String>,
}

/// One story: text that is never edited, its blocks, what is known of it, and the way back to its bytes.
#[derive(Clone, Debug)]
pub struct Doc {
    /// Content-addressed id.
    pub id: DocId,
    /// The text; every span of every result lies in it.
    pub text: Arc<str>,
    /// Blocks in text order, disjoint.
    pub blocks: Vec<Block>,
    /// What else is known.
    pub meta: Meta,
    /// From text back to source bytes.
    pub alignment: Alignment,
    /// What it was read as.
    pub format: Format,
    /// Words of the text that a page links, in text order, with the addresses that they lead to.
    pub links: Vec<(Span, String)>,
}

impl Doc {
    /// A document over `text`. Blocks must be sorted and disjoint and lie on character boundaries.
    pub fn new(text: impl Into<Arc<str>>, blocks: Vec<Block>, meta: Meta, alignment: Alignment, format: Format) -> Self {
        let text = text.into();
        debug_assert!(blocks.windows(2).all(|w| w[0].span.end <= w[1].span.start), "blocks are disjoint");
        debug_assert!(blocks.iter().all(|b| text.get(b.span.range()).is_some()), "blocks lie on character boundaries");
        Self { id: DocId::of(&text), text, blocks, meta, alignment, format, links: Vec::new() }
    }

    /// The block in which `offset` stands.
    pub fn block_at(&self, offset: usize) -> Option<&Block> {
        let at = self.blocks.partition_point(|b| b.span.end as usize <= offset);
        self.blocks.get(at).filter(|b| b.span.contains(offset))
    }
}
