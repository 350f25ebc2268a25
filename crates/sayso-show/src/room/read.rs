//! A story in one column, its sources, cues and contents marked, a card in the margin for each statement.

use maud::{Markup, html};
use sayso::{Naming, Statement};
use sayso_text::{Block, BlockKind, Span};
use serde_json::Value;

use super::{Chrome, Page, letter, tag, web_address};
use crate::exchange::{attribution_id, exchange_value};
use crate::summary::summary;
use crate::view::{View, one_line};

/// Bytes of text beyond which a browser lays out only the paragraphs that are looked at.
const LONG: usize = 200_000;
/// A content that fills so much of a paragraph of so many bytes is shown by a bar in the margin.
const BAR: (usize, usize) = (85, 240);

/// A story to read.
pub struct Read<'s> {
    /// Its number in the collection; none for a page of its own.
    pub id: Option<i64>,
    /// The story and what of it is shown.
    pub view: View<'s>,
    /// All versions of it, itself among them.
    pub versions: Vec<i64>,
}

impl Page for Read<'_> {
    fn title(&self) -> String {
        one_line(title(&self.view))
    }

    fn at(&self) -> &'static str {
        "/"
    }

    fn json(&self) -> Value {
        exchange_value(&self.view)
    }

    fn rows(&self) -> Vec<Value> {
        crate::csv::objects(&self.view)
    }

    fn stories(&self) -> Vec<i64> {
        self.id.into_iter().collect()
    }

    fn body(&self, c: &Chrome) -> Markup {
        let view = &self.view;
        let long = view.text().len() > LONG;
        html! {
            (story_head(view, self.id, "", c))
            @if self.versions.len() > 1 { (versions(self, c)) }
            @for w in &view.story.warnings { p .note { "Note: " (w.message) } }
            @if view.story.statements.is_empty() {
                p .empty { "No attributions were found in this text. Sayso reads English news; a list, a table or another language has none that it sees." }
            }
            @if !view.filter.sources_only {
                @if !view.story.statements.is_empty() { (switches(view)) }
                article .story .long[long] lang=(view.story.doc.meta.language.as_deref().unwrap_or("en")) { (blocks(self, c)) }
                (endnotes(view))
            }
            @if let Some(id) = self.id.filter(|_| !c.alone) { (fate(id, c)) }
            @if c.alone {
                section aria-labelledby="sources" { h2 #sources { "Sources" } (super::sources::table(view, self.id, None, c)) }
            }
        }
    }
}

/// The headline, or what stands for it.
pub(super) fn title<'v>(view: &'v View<'_>) -> &'v str {
    view.story.doc.meta.title.as_deref().unwrap_or(view.path)
}

/// What stands over every page of one story.
pub(super) fn story_head(view: &View<'_>, id: Option<i64>, at: &str, c: &Chrome) -> Markup {
    let m = &view.story.doc.meta;
    let tabs: &[(&str, &str)] = &[("", "Read"), ("/sources", "Sources"), ("/chain", "Chain")];
    html! {
        div .storyhead {
            p .about {
                @let day = m.published.as_ref().map(|d| d.split('T').next().unwrap_or(d).to_string());
                @let about: Vec<&str> = [&m.outlet, &m.byline, &day].into_iter().flatten().map(String::as_str).collect();
                (if about.is_empty() { "no outlet, undated".to_string() } else { about.join(" · ") })
                @if let Some(a) = m.address.as_deref() {
                    " · "
                    @if let Some(a) = web_address(a).filter(|_| !c.alone) { a href=(a) rel="noreferrer noopener nofollow external" { "original" } }
                    @else { (a) }
                }
            }
            h1 { (one_line(title(view))) }
            p .summary { (summary(view)) }
            @if let Some(id) = id.filter(|_| !c.alone) {
                nav .tabs aria-label="This story" {
                    ul {
                        @for (path, name) in tabs {
                            li { a href=(c.href(&format!("/stories/{id}{path}"))) aria-current=[(*path == at).then_some("page")] { (name) } }
                        }
                    }
                }
            }
        }
    }
}

/// What may become of a story that lies here.
fn fate(id: i64, c: &Chrome) -> Markup {
    let form = |what: &str, name: &str| {
        html! {
            form method="post" action=(c.href(&format!("/stories/{id}/{what}"))) {
                input type="hidden" name="token" value=(c.token);
                button type="submit" { (name) }
            }
        }
    };
    html! {
        div .fate {
            @if !c.prefix.is_empty() { (form("keep", &format!("Keep in {}", c.kept.name))) }
            details {
                summary { "Remove this story" }
                p { "It is taken out of " (if c.prefix.is_empty() { c.kept.name.as_str() } else { "the desk" }) " with all that was found in it. The file that it was read from is not touched." }
                (form("remove", "Remove"))
            }
        }
    }
}

fn versions(read: &Read<'_>, c: &Chrome) -> Markup {
    let Some(id) = read.id else { return html! {} };
    html! {
        p .note {
            "There are " (read.versions.len()) " versions of this story: "
            @for (k, v) in read.versions.iter().enumerate() {
                @if k > 0 { ", " }
                @if *v == id { strong { "version " (k + 1) } }
                @else {
                    (c.link(&format!("/stories/{v}"), &format!("version {}", k + 1)))
                    " ("
                    (c.link(&format!("/compare?a={}&b={}", id.min(*v), id.max(*v)), "what changed"))
                    ")"
                }
            }
            "."
        }
    }
}

/// Switches for the marks. They work by the style sheet alone, and no line moves.
fn switches(view: &View<'_>) -> Markup {
    html! {
            fieldset .switches {
                legend { "Marks" }
                label { input #m-source type="checkbox" checked autocomplete="off"; " " span .s .named { "source" } }
                label { input #m-cue type="checkbox" checked autocomplete="off"; " " span .q { "cue" } }
                label { input #m-content type="checkbox" checked autocomplete="off"; " " span .c { "content" } }
                fieldset .only {
                    legend { "Cards of" }
                    @let of = |test: &dyn Fn(Naming) -> bool| view.statements().filter(|(_, s)| test(view.naming(s))).count();
                    @for (id, name, n) in [
                        ("all", "all", of(&|_| true)),
                        ("named", "named sources", of(&|n| n == Naming::Named)),
                        ("unnamed", "unnamed", of(&|n| n == Naming::Unnamed)),
                        ("others", "others", of(&|n| !matches!(n, Naming::Named | Naming::Unnamed))),
                    ] {
                        label { input #{ "only-" (id) } type="radio" name="only" value=(id) checked[id == "all"] autocomplete="off"; " " (name) " (" (n) ")" }
                    }
                }
                p .key {
                    "Letters: "
                    @for n in [Naming::Named, Naming::Unnamed, Naming::Collective, Naming::Public, Naming::Document, Naming::Outlet] {
    span .pair { span .letter .(n.name()) aria-hidden="true" { (letter(n)) } (if n == Naming::Collective { "group" } else { n.name() }) } " "
                    }
                }
            }
        }
}

fn blocks(read: &Read<'_>, c: &Chrome) -> Markup {
    let view = &read.view;
    let shown: Vec<(usize, &Statement)> = view.statements().collect();
    let starts = |s: &Statement| s.attribution.hull().start;
    // the statements that begin in a block stand beside it
    let past = |b: &Block| shown.partition_point(|(_, s)| starts(s) < b.span.end);
    let mut from = 0;
    let beside: Vec<_> = view.story.doc.blocks.iter().map(|b| (b, std::mem::replace(&mut from, past(b))..past(b))).collect();
    html! {
        @for (block, here) in beside.into_iter().filter(|(b, here)| !(here.is_empty() && is_title(view, b))) {
            @let here = &shown[here];
            // A statement that began before this block may reach into it: all that touch it are marked.
            @let touching = touching(&shown, block.span);
            @let words = marked(view, block.span, &touching);
            div .block .(block.kind.name()) .bar[bar(view.text(), block, &touching)] {
                @match block.kind {
                    BlockKind::Headline => p .headline { (words) },
                    BlockKind::Heading => h2 { (words) },
                    BlockKind::Blockquote => blockquote { (words) },
                    _ => p { (words) },
                }
                @if !here.is_empty() {
                    ol .cards aria-label="Statements of this paragraph" {
                        @for (k, s) in here { (card(view, *k, s, read.id, c)) }
                    }
                }
            }
        }
    }
}

/// Whether a block says no more than the title over the page does.
fn is_title(view: &View<'_>, block: &Block) -> bool {
    block.kind == BlockKind::Headline && one_line(block.span.of(view.text())) == one_line(title(view))
}

fn touching<'s>(shown: &[(usize, &'s Statement)], block: Span) -> Vec<(usize, &'s Statement)> {
    let before = |at: u32| shown.partition_point(|(_, s)| s.attribution.hull().start < at);
    // a statement reaches over a few paragraphs at most: one that began fifty statements before this one does not
    let (reach, past) = (before(block.start).saturating_sub(50), before(block.end));
    shown[reach..past].iter().filter(|(_, s)| s.attribution.hull().end > block.start).copied().collect()
}

fn bar(text: &str, block: &Block, touching: &[(usize, &Statement)]) -> bool {
    let bytes = block.span.of(text).len();
    bytes > BAR.1
        && touching.iter().any(|(_, s)| s.attribution.content.iter().map(|c| c.common(block.span)).sum::<usize>() * 100 > bytes * BAR.0)
}

/// The words of a block, in spans of one part each. Marks never change the layout of lines.
fn marked(view: &View<'_>, block: Span, statements: &[(usize, &Statement)]) -> Markup {
    let text = view.text();
    let mut cuts = vec![block.start, block.end];
    let mut edges: Vec<(Span, u8, Naming, usize)> = Vec::new();
    let mut anchors: Vec<(u32, usize, &Statement)> = Vec::new();
    for (k, s) in statements {
        let a = &s.attribution;
        for (part, spans) in [(0u8, &a.source), (1, &a.cue), (2, &a.content)] {
            for span in spans.iter().filter(|s| s.common(block) > 0) {
                let span = Span { start: span.start.max(block.start), end: span.end.min(block.end) };
                cuts.extend([span.start, span.end]);
                edges.push((span, part, view.naming(s), *k));
            }
        }
        let at = a.hull().start;
        if block.contains(at as usize) {
            anchors.push((at, *k, s));
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    edges.sort_by_key(|(s, ..)| s.start);
    let mut active: Vec<usize> = Vec::new();
    let mut upcoming = 0;
    let segments: Vec<(Span, Vec<usize>)> = cuts
        .windows(2)
        .map(|w| {
            let span = Span { start: w[0], end: w[1] };
            active.retain(|e| edges[*e].0.end > span.start);
            while upcoming < edges.len() && edges[upcoming].0.start <= span.start {
                active.push(upcoming);
                upcoming += 1;
            }
            (span, active.clone())
        })
        .collect();
    html! {
        @for (span, active) in segments {
            @for (_, k, s) in anchors.iter().filter(|(at, ..)| *at == span.start) {
                @let id = attribution_id(*k);
                a .ref #{ "t-" (id) } href={ "#" (id) } aria-label=(format!("statement {}: {}", k + 1, said_of(view, s))) { (k + 1) }
            }
            @let has = |part: u8| active.iter().map(|e| &edges[*e]).find(|(s, p, ..)| *p == part && s.covers(span));
            @let source = has(0);
            @let class = [source.map(|(_, _, n, _)| format!("s {}", n.name())), has(1).map(|_| "q".into()), has(2).map(|_| "c".into())].into_iter().flatten().collect::<Vec<String>>().join(" ");
            @if class.is_empty() { (span.of(text)) }
            @else { span class=(class) { (span.of(text)) } }
            @for e in active.iter().map(|e| &edges[*e]).filter(|(s, p, ..)| *p == 0 && s.end == span.end) {
                sup .by .(e.2.name()) aria-hidden="true" { (letter(e.2)) }
            }
        }
    }
}

/// "unnamed, a former senior aide, direct speech".
fn said_of(view: &View<'_>, s: &Statement) -> String {
    let naming = view.naming(s);
    let class = if naming == Naming::None { String::new() } else { format!("{}, ", naming.name()) };
    format!("{class}{}, {} {}", view.speaker(s), s.attribution.form.name(), s.attribution.level.name())
}

/// What a card and an endnote say under the name.
fn lines(view: &View<'_>, s: &Statement) -> Vec<(&'static str, String)> {
    let mut out = vec![("terms", format!("{} {}", s.attribution.form.name(), s.attribution.level.name()))];
    if let Some(v) = &s.via {
        out.push(("via", format!("via {}", v.name)));
    }
    if let Some(r) = s.recipient {
        out.push(("to", format!("to {}", one_line(r.of(view.text())).trim_end_matches([':', ',']))));
    }
    if let Some(i) = s.speaker {
        let source = &view.story.sources[i];
        if let Some(span) = source.basis.span {
            out.push(("knows", format!("knows as {}: “{}”", source.basis.kind, view.words(&[span]))));
        }
        if matches!(source.naming, Naming::Unnamed) {
            out.push(match source.reason {
                Some(r) => ("why", format!("why unnamed: “{}”{}", view.words(&[r.span]), if r.rote { " (a rote reason)" } else { "" })),
                None => ("flag", "no reason given for the anonymity".into()),
            });
        }
    }
    if !s.candidates.is_empty() {
        let names: Vec<&str> = s.candidates.iter().map(|i| view.story.sources[*i].name.as_str()).collect();
        out.push(("flag", format!("unresolved: may be {}", names.join(" or "))));
    }
    let (lo, hi) = s.sure.range;
    out.push(("sure", format!("{} ({:.0}–{:.0} %)", s.sure.level.name(), lo * 100.0, hi * 100.0)));
    out
}

fn card(view: &View<'_>, k: usize, s: &Statement, id: Option<i64>, c: &Chrome) -> Markup {
    let naming = view.naming(s);
    let a = attribution_id(k);
    html! {
        li #(a) .card .(naming.name()) value=(k + 1) {
            a .who href={ "#t-" (a) } { span .no { (k + 1) } " " (tag(naming)) (view.speaker(s)) }
            p .lines {
                @for (n, (class, line)) in lines(view, s).iter().enumerate() {
                    @if n > 0 { " · " }
                    span class=(class) { (line) }
                }
                @if let Some(id) = id.filter(|_| !c.alone) {
                    " · " a .why href=(c.href(&format!("/stories/{id}/explain/{a}"))) { "explain" span .hush { " statement " (k + 1) } }
                }
            }
        }
    }
}

/// The statements as numbered notes, for paper.
fn endnotes(view: &View<'_>) -> Markup {
    html! {
        section .endnotes {
            h2 { "Notes" }
            ol {
                @for (k, s) in view.statements() {
                    li value=(k + 1) {
                        span .letter { (letter(view.naming(s))) } " " strong { (view.speaker(s)) } ": "
                        (lines(view, s).into_iter().map(|(_, l)| l).collect::<Vec<_>>().join(" · "))
                    }
                }
            }
        }
    }
}
