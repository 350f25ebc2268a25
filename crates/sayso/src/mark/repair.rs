//! From the tagger's proposals to attributions, with the quotation grammar and the blocks correcting them.

use sayso_text::{BlockKind, Doc, Span};

use super::quotes::Quotation;
use super::tagger::Proposal;
use super::{Attribution, Form, Level};

/// The probability given to a quotation that no cue introduces. Set by hand to the middle level: the annotated stories
/// hold too few of them to calibrate on.
const CARRIED_ON: f32 = 0.6;

/// Words of a quotation from which on it is taken for speech rather than for a title, a nickname or a scare quote.
const SPEECH_WORDS: usize = 6;

pub fn repair(doc: &Doc, paragraphs: &[Span], quotations: &[Quotation], proposals: Vec<Proposal>) -> Vec<Attribution> {
    let text = &*doc.text;
    let datelines: Vec<Span> = doc.blocks.iter().filter(|b| b.kind == BlockKind::Dateline).map(|b| b.span).collect();
    let mut out: Vec<Attribution> = Vec::new();
    for p in proposals {
        let [source, cue, content] = [p.source, p.cue, p.content].map(|spans| without(text, spans, &datelines));
        let content = tidy(text, content, quotations);
        if content.is_empty() || cue.is_empty() {
            continue;
        }
        let words: Vec<&str> = cue.iter().map(|s| s.of(text)).collect();
        let level = Level::of_cue(&words.join(" "));
        let form = form(text, &content, quotations);
        out.push(Attribution { source, cue, content, form, level, parent: None, probability: p.probability });
    }
    carried_on(doc, paragraphs, quotations, &mut out);
    out.sort_by_key(|a| (a.hull().start, a.anchor().start));
    nest(&mut out);
    out
}

/// Takes the datelines out of spans.
fn without(text: &str, spans: Vec<Span>, datelines: &[Span]) -> Vec<Span> {
    spans
        .into_iter()
        .filter_map(|mut s| {
            for d in datelines {
                if s.common(*d) > 0 {
                    if d.covers(s) {
                        return None;
                    }
                    s = Span { start: s.start.max(d.end), end: s.end.max(d.end) }.trim(text);
                }
            }
            (!s.is_empty()).then_some(s)
        })
        .collect()
}

/// Makes content end where its quotation ends: a span that stops one mark short of a quotation's end, or starts just
/// behind its opening, takes the mark in; blanks and marks alone are no content.
fn tidy(text: &str, spans: Vec<Span>, quotations: &[Quotation]) -> Vec<Span> {
    spans
        .into_iter()
        .map(|mut s| {
            let near = quotations.partition_point(|q| q.span.end <= s.start);
            let end = s.end;
            for q in quotations[near..].iter().take_while(|q| q.span.start < end) {
                let inside = q.inside(text);
                let open = inside.start - q.span.start;
                // shut but for the closing mark (and the comma before it)
                if q.closed && s.end < q.span.end && inside.end <= s.end + 2 && text[s.end as usize..q.span.end as usize].chars().all(|c| !c.is_alphanumeric()) {
                    s.end = q.span.end;
                }
                if s.start > q.span.start && s.start - q.span.start <= open {
                    s.start = q.span.start;
                }
            }
            s.trim(text)
        })
        .filter(|s| s.of(text).chars().any(char::is_alphanumeric))
        .collect()
}

/// Direct where all words stand in quotation, indirect where none does.
pub fn form(text: &str, content: &[Span], quotations: &[Quotation]) -> Form {
    let letters = |s: Span| s.of(text).chars().filter(|c| c.is_alphanumeric()).count();
    let (mut all, mut quoted) = (0, 0);
    for s in content {
        all += letters(*s);
        let near = quotations.partition_point(|q| q.span.end <= s.start);
        for q in quotations[near..].iter().take_while(|q| q.span.start < s.end) {
            quoted += letters(Span { start: s.start.max(q.span.start), end: s.end.min(q.span.end) });
        }
    }
    if quoted == 0 {
        Form::Indirect
    } else if quoted * 50 >= all * 49 {
        Form::Direct
    } else {
        Form::Mixed
    }
}

/// Quotations that no proposal covers, where they carry on a speaker's talk: a paragraph that opens with a mark
/// after one whose quotation was not shut, a paragraph that is all quotation, a block quotation.
fn carried_on(doc: &Doc, paragraphs: &[Span], quotations: &[Quotation], out: &mut Vec<Attribution>) {
    let text = &*doc.text;
    let mut covered: Vec<Span> = out.iter().flat_map(|a| a.content.iter().copied()).collect();
    covered.sort();
    let lone = |s: Span| {
        let mut common = 0;
        for c in covered.iter().skip_while(|c| c.end <= s.start).take_while(|c| c.start < s.end) {
            common += c.common(s);
        }
        common * 4 < s.len()
    };
    let mut fresh = Vec::new();
    for p in paragraphs {
        let kind = doc.block_at(p.end as usize - 1).map_or(BlockKind::Body, |b| b.kind);
        if kind == BlockKind::Blockquote && lone(*p) {
            fresh.push((*p, Form::Direct));
            continue;
        }
        if matches!(kind, BlockKind::Headline | BlockKind::Deck | BlockKind::Heading | BlockKind::Caption) {
            continue;
        }
        let near = quotations.partition_point(|q| q.span.end <= p.start);
        for q in quotations[near..].iter().take_while(|q| q.span.start < p.end) {
            let inside = q.inside(text);
            let words = inside.of(text).split_whitespace().count();
            let sentence = inside.of(text).ends_with(['.', ',', '?', '!', '…', '—', '–']) || !q.closed;
            if words >= SPEECH_WORDS && sentence && lone(q.span) {
                fresh.push((q.span, Form::Direct));
            }
        }
    }
    for (span, form) in fresh {
        out.push(Attribution {
            source: Vec::new(),
            cue: Vec::new(),
            content: vec![span.trim(text)],
            form,
            level: Level::Speech,
            parent: None,
            probability: CARRIED_ON,
        });
    }
}

/// How many neighbours on either side may hold an attribution: keeps nesting linear in the story's length.
const NEAR: usize = 32;

/// Gives each attribution the smallest other one in whose content its anchor stands.
fn nest(all: &mut [Attribution]) {
    for i in 0..all.len() {
        let anchor = all[i].cue.first().copied().unwrap_or(all[i].anchor());
        let parent = (i.saturating_sub(NEAR)..all.len().min(i + NEAR))
            .filter(|j| *j != i)
            .filter_map(|j| all[j].content.iter().find(|c| c.covers(anchor)).map(|c| (c.len(), j)))
            .filter(|(_, j)| !all[i].content.iter().any(|c| all[*j].cue.iter().any(|k| c.covers(*k))))
            .min();
        all[i].parent = parent.map(|(_, j)| j);
    }
}
