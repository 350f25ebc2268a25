//! The sources of one story as a table that can be sorted: the accessible primary.

use maud::{Markup, html};
use sayso::Naming;
use serde_json::{Value, json};

use super::read::story_head;
use super::{Chrome, Page, encoded, tag};
use crate::exchange::attribution_id;
use crate::view::{View, one_line};

/// By what the table is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SourceOrder {
    /// First mention.
    #[default]
    First,
    /// Name.
    Name,
    /// Naming class.
    Terms,
    /// How specific the description is.
    Described,
    /// How many statements.
    Count,
}

sayso_text::named!(SourceOrder { First => "first", Name => "name", Terms => "terms", Described => "described", Count => "count" });

/// The sources of a story.
pub struct SourceTable<'s> {
    /// Its number.
    pub id: i64,
    /// The story.
    pub view: View<'s>,
    /// By what they are sorted, and whether downwards.
    pub order: (SourceOrder, bool),
}

impl Page for SourceTable<'_> {
    fn title(&self) -> String {
        format!("Sources of {}", one_line(super::read::title(&self.view)))
    }

    fn at(&self) -> &'static str {
        "/"
    }

    fn json(&self) -> Value {
        json!({ "story": self.id, "sources": self.rows() })
    }

    fn rows(&self) -> Vec<Value> {
        let view = &self.view;
        sorted(view, self.order)
            .into_iter()
            .map(|(i, n, first)| {
                let s = &view.story.sources[i];
                let unnamed = s.naming != Naming::Named;
                json!({
                    "source": crate::exchange::source_id(i),
                    "name": s.name,
                    "naming": s.naming.name(),
                    "kind": s.kind.name(),
                    "role": s.role.as_deref().map(one_line),
                    "affiliation": s.affiliation,
                    "aliases": s.aliases,
                    "descriptor_level": s.descriptor_level,
                    "basis": s.basis.kind,
                    "basis_words": s.basis.span.map(|b| view.words(&[b])),
                    "anonymity_reason": s.reason.filter(|_| unnamed).map(|r| view.words(&[r.span])),
                    "rote_reason": s.reason.filter(|_| unnamed).map(|r| r.rote),
                    "statements": n,
                    "first": attribution_id(first),
                })
            })
            .collect()
    }

    fn stories(&self) -> Vec<i64> {
        vec![self.id]
    }

    fn body(&self, c: &Chrome) -> Markup {
        html! {
            (story_head(&self.view, Some(self.id), "/sources", c))
            (table(&self.view, Some(self.id), Some(self.order), c))
        }
    }
}

fn sorted(view: &View<'_>, (order, down): (SourceOrder, bool)) -> Vec<(usize, usize, usize)> {
    let mut rows = view.sources();
    let source = |i: usize| &view.story.sources[i];
    match order {
        SourceOrder::First => rows.sort_by_key(|r| r.2),
        SourceOrder::Name => rows.sort_by_key(|r| (source(r.0).name.to_lowercase(), r.2)),
        SourceOrder::Terms => rows.sort_by_key(|r| (source(r.0).naming, r.2)),
        SourceOrder::Described => rows.sort_by_key(|r| (source(r.0).descriptor_level, r.2)),
        SourceOrder::Count => rows.sort_by_key(|r| (r.1, std::cmp::Reverse(r.2))),
    }
    if down {
        rows.reverse();
    }
    rows
}

/// What a level of description means.
const LEVELS: [&str; 8] =
    ["not described", "bare", "class", "institution", "institution and rank", "and how they know", "named", "named, with position"];

/// The table. Without an order its heads are no links.
pub(super) fn table(view: &View<'_>, id: Option<i64>, order: Option<(SourceOrder, bool)>, c: &Chrome) -> Markup {
    let head = |this: SourceOrder, name: &str| -> Markup {
        let Some((by, down)) = order.filter(|_| !c.alone) else { return html! { th scope="col" { (name) } } };
        let here = by == this;
        // numbers are looked at from the largest down
        let turn = if here { !down } else { matches!(this, SourceOrder::Count | SourceOrder::Described) };
        let href = format!("?sort={}{}", this.name(), if turn { "&down=1" } else { "" });
        let state = here.then_some(if down { "descending" } else { "ascending" });
        html! {
            th scope="col" aria-sort=[state] {
                a href=(href) { (name) @if here { span aria-hidden="true" { (if down { " ▼" } else { " ▲" }) } } }
            }
        }
    };
    let rows = sorted(view, order.unwrap_or_default());
    let start = |first: usize| match id.filter(|_| !c.alone) {
        Some(id) => c.href(&format!("/stories/{id}#t-{}", attribution_id(first))),
        None => format!("#t-{}", attribution_id(first)),
    };
    html! {
        @if rows.is_empty() { p .empty { "No source was found in this story." } }
        @else {
            div .wide role="region" aria-label="Table of sources" tabindex="0" {
                table .sources {
                    caption .hush { "Sources of this story, with their terms" }
                    thead { tr {
                        (head(SourceOrder::Name, "Source"))
                        (head(SourceOrder::Terms, "Terms"))
                        (head(SourceOrder::Described, "Described"))
                        th scope="col" { "How they know" }
                        th scope="col" { "Why unnamed" }
                        (head(SourceOrder::Count, "Statements"))
                        (head(SourceOrder::First, "First"))
                    } }
                    tbody {
                        @for (i, n, first) in rows {
                            @let s = &view.story.sources[i];
                            tr .(s.naming.name()) {
                                th scope="row" {
                                    (tag(s.naming))
                                    @if s.naming == Naming::Named && s.proper { (c.link(&format!("/said?name={}", encoded(&s.name)), &s.name)) }
                                    @else { (s.name) }
                                    @if !s.aliases.is_empty() { br; small { "also " (s.aliases.join("; ")) } }
                                }
                                td { (s.naming.name()) @if let Some(r) = &s.role { ", " (one_line(r)) } }
                                td { (s.descriptor_level) " of 7, " (LEVELS[usize::from(s.descriptor_level.min(7))]) }
                                td { @match s.basis.span { Some(b) => { (s.basis.kind) ": “" (view.words(&[b])) "”" }, None => span .quiet { (s.basis.kind) } } }
                                td {
                                    @match (s.naming, s.reason) {
                                        (Naming::Named, _) => {},
                                        (_, Some(r)) => { "“" (view.words(&[r.span])) "”" @if r.rote { " (rote)" } },
                                        (Naming::Unnamed, None) => span .flag { "no reason given" },
                                        _ => {},
                                    }
                                }
                                td .n { (n) }
                                td { a href=(start(first)) { (attribution_id(first)) } br; small { (clipped(&view.words(&view.story.statements[first].attribution.content))) } }
                            }
                        }
                    }
                }
            }
            p .quiet { "“Described” says how specific the description is, not how credible the source." }
        }
    }
}

fn clipped(words: &str) -> String {
    crate::terminal::clip(words, 90)
}
