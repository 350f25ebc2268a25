//! Two stories, or two versions of one.

use std::collections::BTreeSet;

use maud::{Markup, html};
use sayso::compare::{ChangeKind, Comparison, Stretch, likeness, stories};
use sayso_store::Stored;
use sayso_text::{CodePoints, Span};
use serde_json::Value;

use super::data::{Changed, CompareData, EchoItem, Side, json};
use super::{Chrome, Page, counted, published};
use crate::lineage::Lineage;
use crate::view::one_line;

/// Words in common, in percent of the shorter, from which on two texts are laid side by side. Stories on one matter share half of their
/// words, most of them small ones; versions share nine tenths.
const LIKE: usize = 65;

/// Two stories beside one another.
pub struct Compare<'s> {
    /// The earlier one, as far as is known.
    pub a: &'s Stored,
    /// The other.
    pub b: &'s Stored,
    /// Which kinds of changes are shown.
    pub kinds: BTreeSet<ChangeKind>,
    data: CompareData,
    laid: Option<Comparison>,
}

impl<'s> Compare<'s> {
    /// Lays them side by side, where they are like enough or `anyway`.
    pub fn new(a: &'s Stored, b: &'s Stored, kinds: BTreeSet<ChangeKind>, anyway: bool, lineage: Option<&Lineage<'_>>) -> Self {
        let like = likeness(&a.story, &b.story);
        let laid = if like >= LIKE || anyway { stories(&a.story, &b.story) } else { None };
        let side = |s: &Stored| Side {
            story: s.id,
            title: s.story.doc.meta.title.clone(),
            outlet: s.story.doc.meta.outlet.clone(),
            published: s.story.doc.meta.published.clone(),
            words: s.story.doc.text.split_whitespace().count(),
        };
        let (x, y) = (CodePoints::new(&a.story.doc.text), CodePoints::new(&b.story.doc.text));
        let points = |p: &CodePoints<'_>, spans: &[Span]| {
            spans
                .iter()
                .map(|s| {
                    let (from, to) = p.span(*s);
                    [from, to]
                })
                .collect()
        };
        let changes = laid
            .iter()
            .flat_map(|l| &l.stretches)
            .filter(|s| !s.is_same())
            .map(|s| Changed {
                kinds: s.kinds.iter().map(|k| k.name()).collect(),
                a: points(&x, &s.a),
                b: points(&y, &s.b),
                before: words(&a.story.doc.text, &s.a),
                after: words(&b.story.doc.text, &s.b),
            })
            .collect();
        let echoes = lineage.map(|l| echoes(l, a.id, b.id)).unwrap_or_default();
        let data = CompareData { a: side(a), b: side(b), percent_in_common: like, side_by_side: laid.is_some(), changes, echoes };
        Self { a, b, kinds, data, laid }
    }
}

fn words(text: &str, spans: &[Span]) -> String {
    spans.iter().map(|s| one_line(s.of(text))).collect::<Vec<_>>().join(" ")
}

/// The echoes that have one of two stories at each end.
fn echoes(l: &Lineage<'_>, a: i64, b: i64) -> Vec<EchoItem> {
    let story = |p: sayso::trace::Place| l.kept.stories[p.report as usize];
    l.families()
        .flat_map(|f| &f.echoes)
        .filter_map(|e| {
            let sayso::trace::From::Place(from) = &e.from else { return None };
            let (earlier, later) = (story(*from), story(e.later));
            ([earlier, later] == [a, b] || [later, earlier] == [a, b]).then(|| EchoItem {
                earlier,
                later,
                how: e.how.name(),
                earlier_words: l.words(*from),
                later_words: l.words(e.later),
                earlier_speaker: l.speaker(*from).0,
                later_speaker: l.speaker(e.later).0,
                changes: e.changes.iter().map(|c| c.name()).collect(),
                drift: e.drift.iter().map(|d| d.name()).collect(),
                evidence: crate::lineage::reasons(l, e),
            })
        })
        .collect()
}

impl Page for Compare<'_> {
    fn title(&self) -> String {
        "Compare two stories".into()
    }

    fn at(&self) -> &'static str {
        "/"
    }

    fn json(&self) -> Value {
        json(&self.data)
    }

    fn rows(&self) -> Vec<Value> {
        self.data.changes.iter().map(json).chain(self.data.echoes.iter().map(json)).collect()
    }

    fn stories(&self) -> Vec<i64> {
        vec![self.a.id, self.b.id]
    }

    fn body(&self, c: &Chrome) -> Markup {
        let d = &self.data;
        let side = |s: &Side, stored: &Stored| {
            html! {
                strong { (c.link(&format!("/stories/{}", s.story), s.title.as_deref().unwrap_or(&stored.path))) }
                br; span .quiet { (published(s.outlet.as_deref(), s.published.as_deref())) ", " (counted(s.words, "word", "words")) }
            }
        };
        html! {
            h1 { "Compare" }
            div .sides { p { span .hush { "First: " } (side(&d.a, self.a)) } p aria-hidden="true" .against { "→" } p { span .hush { "Second: " } (side(&d.b, self.b)) } }
            p .summary {
                (d.percent_in_common) " % of the shorter one's words stand in the other; "
                (counted(d.echoes.len(), "statement is an echo", "statements are echoes")) "."
            }
            // of two versions the text tells most, of two reports the statements that both carry
            @if d.percent_in_common >= LIKE { (self.texts(c)) (self.both(c)) } @else { (self.both(c)) (self.texts(c)) }
        }
    }
}

impl Compare<'_> {
    fn texts(&self, c: &Chrome) -> Markup {
        let d = &self.data;
        html! {
            @match &self.laid {
                Some(l) => (side_by_side(self, l, c)),
                None if d.side_by_side => {},
                None if d.a.words.max(d.b.words) > sayso::compare::LONGEST => p .note { "One of the texts is too long to be laid side by side." },
                None => p .note {
                    "The two are told in different words; laying them side by side shows little. "
                    @if !c.alone { a href=(format!("?a={}&b={}&anyway=1", d.a.story, d.b.story)) { "Do it anyway" } "." }
                },
            }
        }
    }

    fn both(&self, c: &Chrome) -> Markup {
        let (same, other): (Vec<&EchoItem>, Vec<&EchoItem>) =
            self.data.echoes.iter().partition(|e| e.changes == ["identical"] && e.drift.is_empty());
        html! {
            @if !self.data.echoes.is_empty() { h2 { "Statements that both carry" } }
            @for e in other { (echo(e, self, c)) }
            @if same.len() > 3 {
                details { summary { (same.len()) " word for word, with the same source" } @for e in same { (echo(e, self, c)) } }
            } @else { @for e in same { (echo(e, self, c)) } }
        }
    }
}

fn echo(e: &EchoItem, page: &Compare<'_>, c: &Chrome) -> Markup {
    let whole = |s: &str| [Span::new(0, s.len())];
    let laid = sayso::compare::wordings((&e.earlier_words, &whole(&e.earlier_words)), (&e.later_words, &whole(&e.later_words)));
    let who = |id: i64| if id == page.a.id { &page.data.a } else { &page.data.b };
    let label = |id: i64| who(id).outlet.clone().or_else(|| who(id).title.clone()).unwrap_or_else(|| format!("story {id}"));
    html! {
        section .echo {
            p .words { (changed((&e.earlier_words, &e.later_words), &laid.stretches, &|_| true)) }
            p .lines {
                (c.link(&format!("/stories/{}", e.earlier), &label(e.earlier))) ": " (e.earlier_speaker) " → "
                (c.link(&format!("/stories/{}", e.later), &label(e.later))) ": " (e.later_speaker)
            }
            p .lines {
                span .how .(e.how) { (e.how) }
                @for x in e.changes.iter().chain(&e.drift) { " " span .chip { (if *x == "identical" { "word for word" } else { x }) } }
            }
            @if !e.evidence.is_empty() { p .lines { "because: " (e.evidence.join("; ")) } }
        }
    }
}

/// Two wordings as one text: what was left out struck through, what was put in underlined.
pub(super) fn changed((a, b): (&str, &str), stretches: &[Stretch], shown: &dyn Fn(&Stretch) -> bool) -> Markup {
    let open = |text: &str, from: u32, to: u32| text.get(from as usize..to as usize).is_some_and(|t| t.contains(char::is_whitespace));
    let mut behind: Option<(u32, u32)> = None;
    // whether a blank stands before a stretch, in the text that has it
    let gaps: Vec<bool> = stretches
        .iter()
        .map(|s| {
            let (p, q) = behind.unwrap_or_default();
            let gap = behind.is_some()
                && match (s.a.first(), s.b.first()) {
                    (_, Some(y)) => open(b, q, y.start),
                    (Some(x), None) => open(a, p, x.start),
                    (None, None) => false,
                };
            behind = Some((s.a.last().map_or(p, |x| x.end), s.b.last().map_or(q, |x| x.end)));
            gap
        })
        .collect();
    html! {
        @for (s, gap) in stretches.iter().zip(gaps) {
            @if gap { " " }
            @if s.is_same() || !shown(s) { (words(b, &s.b)) }
            @else {
                @if !s.a.is_empty() { del { span .hush { "left out: " } (words(a, &s.a)) } }
                @if !s.a.is_empty() && !s.b.is_empty() { " " }
                @if !s.b.is_empty() { ins { span .hush { "put in: " } (words(b, &s.b)) } }
            }
        }
    }
}

fn side_by_side(page: &Compare<'_>, l: &Comparison, c: &Chrome) -> Markup {
    let (a, b) = (&page.a.story.doc, &page.b.story.doc);
    let shown = |s: &Stretch| s.kinds.iter().any(|k| page.kinds.contains(k));
    let listed: Vec<&Stretch> = l.stretches.iter().filter(|s| !s.is_same() && shown(s)).collect();
    // the later text, paragraph by paragraph: what was left out goes with the words before it
    let mut paragraphs: Vec<Vec<Stretch>> = Vec::new();
    let mut at = usize::MAX;
    for s in &l.stretches {
        let pieces = s.b.len().max(1);
        for k in 0..pieces {
            let piece: Vec<Span> = s.b.get(k).copied().into_iter().collect();
            let block = piece.first().map_or(at, |p| b.blocks.partition_point(|x| x.span.end <= p.start));
            if block != at || paragraphs.is_empty() {
                paragraphs.push(Vec::new());
                at = block;
            }
            let a = if k == 0 { s.a.clone() } else { Vec::new() };
            if let Some(last) = paragraphs.last_mut() {
                last.push(Stretch { a, b: piece, kinds: s.kinds.clone() });
            }
        }
    }
    html! {
        h2 { "Side by side" }
        @if !c.alone {
            form .kinds method="get" {
                input type="hidden" name="a" value=(page.a.id);
                input type="hidden" name="b" value=(page.b.id);
                @if page.data.percent_in_common < LIKE { input type="hidden" name="anyway" value="1"; }
                fieldset {
                    legend { "Show changes of" }
                    @for k in ChangeKind::ALL {
                        label { input type="checkbox" name="kinds" value=(k.name()) checked[page.kinds.contains(&k)] autocomplete="off"; " " (k.name()) " " span .quiet { "(" (l.count(k)) ")" } }
                    }
                    button type="submit" { "Show" }
                }
            }
        }
        p role="status" { (counted(listed.len(), "change", "changes")) " shown, out of " (l.stretches.iter().filter(|s| !s.is_same()).count()) "." @if !page.kinds.contains(&ChangeKind::Cosmetic) { " Changes of case and punctuation alone are hidden." } }
        article .story .compared lang=(b.meta.language.as_deref().unwrap_or("en")) {
            @for p in &paragraphs { p { (changed((&a.text, &b.text), p, &shown)) } }
        }
        @if !listed.is_empty() {
            h2 { "The changes as a list" }
            div .wide role="region" aria-label="Changes" tabindex="0" {
                table {
                    thead { tr { th scope="col" { "Kind" } th scope="col" { "Before" } th scope="col" { "After" } } }
                    tbody { @for s in listed { tr {
                        th scope="row" { (s.kinds.iter().map(|k| k.name()).collect::<Vec<_>>().join(", ")) }
                        td { (words(&a.text, &s.a)) } td { (words(&b.text, &s.b)) }
                    } } }
                }
            }
        }
    }
}
