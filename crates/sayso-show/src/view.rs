//! What of a story is shown: the story itself, or a part of it that was asked for.

use sayso::{Naming, Statement, Story, SureLevel};
use sayso_text::Span;

/// Which statements and sources to show.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Only the table of sources.
    pub sources_only: bool,
    /// Only unnamed sources and what they are given.
    pub unnamed: bool,
    /// Only statements of this level or surer.
    pub min_sure: Option<SureLevel>,
}

/// A story with its path and what of it passes a filter.
pub struct View<'s> {
    /// The story.
    pub story: &'s Story,
    /// Where it was read from, as the user wrote it.
    pub path: &'s str,
    /// What to show.
    pub filter: Filter,
}

impl<'s> View<'s> {
    /// All of a story.
    pub fn new(story: &'s Story, path: &'s str) -> Self {
        Self { story, path, filter: Filter::default() }
    }

    /// Its text.
    pub fn text(&self) -> &'s str {
        &self.story.doc.text
    }

    /// The naming class of a statement's speaker.
    pub fn naming(&self, s: &Statement) -> Naming {
        s.speaker.map_or(Naming::None, |i| self.story.sources[i].naming)
    }

    /// The statements that pass, with their places in the story's list.
    pub fn statements(&self) -> impl Iterator<Item = (usize, &'s Statement)> {
        let filter = self.filter;
        self.story.statements.iter().enumerate().filter(move |(_, s)| {
            filter.min_sure.is_none_or(|m| s.sure.level >= m)
                && (!filter.unnamed || s.speaker.is_some_and(|i| self.story.sources[i].naming == Naming::Unnamed))
        })
    }

    /// The sources that pass and speak in a statement that passes: index, number of statements, first of them.
    pub fn sources(&self) -> Vec<(usize, usize, usize)> {
        let mut out: Vec<(usize, usize, usize)> = Vec::new();
        let mut rows: Vec<Option<usize>> = vec![None; self.story.sources.len()];
        for (k, s) in self.statements() {
            let Some(i) = s.speaker else { continue };
            match rows[i] {
                Some(row) => out[row].1 += 1,
                None => {
                    rows[i] = Some(out.len());
                    out.push((i, 1, k));
                }
            }
        }
        out
    }

    /// The words of spans, joined where they are in pieces.
    pub fn words(&self, spans: &[Span]) -> String {
        spans.iter().map(|s| one_line(s.of(self.text()))).collect::<Vec<_>>().join(" … ")
    }

    /// The speaker's name, or what to say where there is none.
    pub fn speaker(&self, s: &Statement) -> &'s str {
        s.speaker.map_or("nobody stated", |i| self.story.sources[i].name.as_str())
    }
}

/// White space made single blanks.
pub fn one_line(s: &str) -> String {
    s.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Makes controls, escapes and direction marks visible: what a page or a terminal is given never acts on it.
pub fn harmless(s: &str) -> String {
    s.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            '\r' => ' ',
            c if (c as u32) < 0x20 => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
            '\u{7f}'..='\u{9f}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {
                '\u{fffd}'
            }
            c => c,
        })
        .collect()
}

/// Kinds of words in a statement, in the order in which they win where they meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Words that name whose it is.
    Source,
    /// Words that signal it.
    Cue,
    /// What is attributed.
    Content,
    /// Words between.
    Between,
}

/// A statement's words from its first to its last part, cut where the part changes.
pub fn parts(text: &str, statement: &Statement) -> Vec<(Part, Span)> {
    let a = &statement.attribution;
    let hull = a.hull();
    let kinds = [(Part::Source, &a.source), (Part::Cue, &a.cue), (Part::Content, &a.content)];
    let mut cuts: Vec<u32> =
        kinds.iter().flat_map(|(_, s)| s.iter().flat_map(|s| [s.start, s.end])).chain([hull.start, hull.end]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut out: Vec<(Part, Span)> = Vec::new();
    for w in cuts.windows(2) {
        let span = Span { start: w[0], end: w[1] };
        let part = kinds.iter().find(|(_, s)| s.iter().any(|s| s.covers(span))).map_or(Part::Between, |(p, _)| *p);
        match out.last_mut() {
            Some((p, s)) if *p == part => s.end = span.end,
            _ => out.push((part, span)),
        }
    }
    // A source far from its content leaves a long stretch between: its middle is left out.
    out.into_iter().filter(|(_, s)| !s.of(text).is_empty()).collect()
}
