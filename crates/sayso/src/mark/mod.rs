//! `Doc -> Marked`: which words are attributed, by which words, to which words.
//!
//! The trained tagger proposes; the quotation grammar and the blocks correct: nothing is taken from furniture or
//! a dateline, and words in quotation marks that carry on somebody's talk are not lost.

mod level;
mod quotes;
mod repair;
mod sentences;
mod tagger;
mod windows;
mod words;

use sayso_text::{Block, BlockKind, Code, Doc, Span, Warning};

pub use level::Level;
pub use quotes::{Mark, Quotation, touching};
pub(crate) use repair::asks;
pub use sayso_encoder::Simd;
pub use sentences::sentences;
pub use tagger::{Golden, Proposal, Tagger, WEIGHTS_HASH, golden};
pub use words::words;

/// How much of the content stands in quotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// All of it.
    Direct,
    /// None of it.
    Indirect,
    /// Part of it.
    Mixed,
}

sayso_text::named!(Form {
    Direct => "direct",
    Indirect => "indirect",
    Mixed => "mixed",
});

/// One attribution: who, signalled how, what. Each part may be in several pieces; source and cue may be absent.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    /// Words that name whose it is.
    pub source: Vec<Span>,
    /// Words that signal it.
    pub cue: Vec<Span>,
    /// What is attributed.
    pub content: Vec<Span>,
    /// How much of it is quoted.
    pub form: Form,
    /// Said, thought or perceived.
    pub level: Level,
    /// The attribution in whose content this one stands, by index.
    pub parent: Option<usize>,
    /// Calibrated probability that two readers would agree on it.
    pub probability: f32,
}

impl Attribution {
    /// The smallest span over all its parts.
    pub fn hull(&self) -> Span {
        let mut all = self.source.iter().chain(&self.cue).chain(&self.content);
        let first = all.next().copied().unwrap_or_default();
        all.fold(first, |a, b| a.hull(*b))
    }

    /// Where it is spoken of: the source if it has one, else the cue, else the content.
    pub fn anchor(&self) -> Span {
        self.source.first().or(self.cue.first()).or(self.content.first()).copied().unwrap_or_default()
    }
}

/// A story with its attributions in text order.
#[derive(Clone, Debug)]
pub struct Marked {
    /// The story.
    pub doc: Doc,
    /// In the order of their first words.
    pub attributions: Vec<Attribution>,
    /// All quotations of the story's paragraphs.
    pub quotations: Vec<Quotation>,
    /// Paragraphs as they were marked: a dateline and what follows it on its line are one.
    pub paragraphs: Vec<Span>,
    /// Complaints.
    pub warnings: Vec<Warning>,
}

/// Marks a story.
pub fn mark(doc: Doc, tagger: &Tagger) -> Marked {
    let spans = paragraphs(&doc);
    let cut: Vec<windows::Paragraph> = spans.iter().map(|s| tagger.paragraph(&doc.text, *s)).collect();
    let quotations: Vec<Quotation> = cut.iter().flat_map(|p| quotes::quotations(&doc.text, p.span, &p.marks)).collect();
    let proposals = tagger.propose(&cut);
    let mut warnings = Vec::new();
    let unclosed: Vec<&Quotation> = quotations.iter().filter(|q| !q.closed && !goes_on(&doc, &spans, q)).collect();
    if let Some(first) = unclosed.first() {
        warnings.push(
            Warning::new(Code::UnclosedQuote, format!("{} quotation mark(s) open and nothing shuts them", unclosed.len())).at(first.span),
        );
    }
    let attributions = repair::repair(&doc, &spans, &quotations, proposals);
    Marked { doc, attributions, quotations, paragraphs: spans, warnings }
}

/// A story with the attributions that somebody else marked in it, as if they had been found: source, cue and content of each, in
/// any order. Form, level and nesting are Sayso's. Gives the place of each in the result beside it.
pub fn given(doc: Doc, triples: Vec<[Vec<Span>; 3]>) -> (Marked, Vec<usize>) {
    let spans = paragraphs(&doc);
    let quotations: Vec<Quotation> = spans.iter().flat_map(|p| quotes::quotations(&doc.text, *p, &quotes::marks(&doc.text, *p))).collect();
    let mut all: Vec<(usize, Attribution)> = triples
        .into_iter()
        .enumerate()
        .filter(|(_, [source, cue, content])| !(source.is_empty() && cue.is_empty() && content.is_empty()))
        .map(|(i, [source, cue, content])| {
            // People's marks cut words now and then: a source is made of whole ones.
            let source = source.into_iter().map(|s| whole_words(&doc.text, s)).collect();
            let words: Vec<&str> = cue.iter().map(|s| s.of(&doc.text)).collect();
            let (form, level) = (repair::form(&doc.text, &content, &quotations), Level::of_cue(&words.join(" ")));
            (i, Attribution { source, cue, content, form, level, parent: None, probability: 1.0 })
        })
        .collect();
    all.sort_by_key(|(_, a)| (a.hull().start, a.anchor().start));
    let (order, mut attributions): (Vec<usize>, Vec<Attribution>) = all.into_iter().unzip();
    repair::nest(&mut attributions);
    let mut places = vec![usize::MAX; order.iter().max().map_or(0, |m| m + 1)];
    for (at, i) in order.into_iter().enumerate() {
        places[i] = at;
    }
    (Marked { doc, attributions, quotations, paragraphs: spans, warnings: Vec::new() }, places)
}

/// The span, widened to the ends of the words that it cuts.
fn whole_words(text: &str, s: Span) -> Span {
    let letter = |c: &char| c.is_alphanumeric();
    let (inside, before, after) = (s.of(text), &text[..s.start as usize], &text[s.end as usize..]);
    let more = |cut: bool, side: &mut dyn Iterator<Item = char>| -> usize {
        if cut { side.take_while(letter).map(char::len_utf8).sum() } else { 0 }
    };
    let start = more(inside.starts_with(char::is_alphanumeric), &mut before.chars().rev());
    let end = more(inside.ends_with(char::is_alphanumeric), &mut after.chars());
    Span { start: s.start - start as u32, end: s.end + end as u32 }
}

/// Whether an unshut quotation is taken up by an opening mark at the head of the next paragraph: the printers'
/// rule for speech over several paragraphs.
fn goes_on(doc: &Doc, paragraphs: &[Span], q: &Quotation) -> bool {
    let next = paragraphs.partition_point(|p| p.start < q.span.end);
    paragraphs.get(next).is_some_and(|p| p.of(&doc.text).starts_with(['"', '“', '‘', '«', '„', '\'']))
}

/// The paragraphs in which statements are looked for.
fn paragraphs(doc: &Doc) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let mut before: Option<Block> = None;
    for b in &doc.blocks {
        let joins = before
            .is_some_and(|d| d.kind == BlockKind::Dateline && !doc.text[d.span.end as usize..b.span.start as usize].contains(['\n', '\r']));
        if b.kind.is_story() {
            match before {
                Some(d) if joins => out.push(d.span.hull(b.span)),
                _ => out.push(b.span),
            }
        }
        before = Some(*b);
    }
    out
}
