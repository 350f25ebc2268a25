//! The evidence behind one statement.

use maud::{Markup, html};
use sayso_text::Span;
use serde_json::{Value, json};

use super::read::story_head;
use super::{Chrome, Page, tag};
use crate::exchange::{attribution_id, exchange_value, source_id};
use crate::view::{Part, View, one_line, parts};

/// A statement and all that it rests on.
pub struct Explained<'s> {
    /// The story's number.
    pub id: i64,
    /// The story.
    pub view: View<'s>,
    /// The statement's place in the story.
    pub statement: usize,
}

impl Page for Explained<'_> {
    fn title(&self) -> String {
        format!("Statement {} of {}", self.statement + 1, one_line(super::read::title(&self.view)))
    }

    fn at(&self) -> &'static str {
        "/"
    }

    fn json(&self) -> Value {
        let s = &self.view.story.statements[self.statement];
        let all = exchange_value(&self.view);
        json!({
            "story": self.id,
            "attribution": all["attributions"][self.statement],
            "source": s.speaker.map(|i| all["sources"].as_array().and_then(|l| l.iter().find(|x| x["id"] == source_id(i).as_str())).cloned()),
            "candidates": s.candidates.iter().map(|i| self.view.story.sources[*i].name.as_str()).collect::<Vec<_>>(),
            "whose": s.why.says(),
            "evidence": self.rows(),
        })
    }

    fn rows(&self) -> Vec<Value> {
        let points = sayso_text::CodePoints::new(self.view.text());
        let lines = sayso_text::LineIndex::new(self.view.text());
        self.evidence()
            .into_iter()
            .map(|(what, span)| {
                let (start, end) = points.span(span);
                let (line, column) = lines.line_column(self.view.text(), span.start as usize);
                json!({ "what": what, "words": one_line(span.of(self.view.text())), "start": start, "end": end, "line": line, "column": column })
            })
            .collect()
    }

    fn stories(&self) -> Vec<i64> {
        vec![self.id]
    }

    fn body(&self, c: &Chrome) -> Markup {
        let view = &self.view;
        let s = &view.story.statements[self.statement];
        let a = &s.attribution;
        let id = attribution_id(self.statement);
        let lines = sayso_text::LineIndex::new(view.text());
        let source = s.speaker.map(|i| &view.story.sources[i]);
        let (lo, hi) = s.sure.range;
        html! {
            (story_head(view, Some(self.id), "/explain", c))
            h2 { "Statement " (self.statement + 1) ": the article attributes to " (view.speaker(s)) }
            blockquote .statement {
                @for (part, span) in parts(view.text(), s) {
                    @match part {
                        Part::Source => span .s .(view.naming(s).name()) { (span.of(view.text())) },
                        Part::Cue => span .q { (span.of(view.text())) },
                        Part::Content => span .c { (span.of(view.text())) },
                        Part::Between => span .quiet { (crate::terminal::clip(span.of(view.text()), 160)) },
                    }
                }
            }
            p { (c.link(&format!("/stories/{}#t-{id}", self.id), "In the story")) }
            dl .evidence {
                dt { "Whose" }
                dd { (tag(view.naming(s))) (view.speaker(s)) ". " (s.why.says()) "." }
                @if !s.candidates.is_empty() {
                    dt { "Unresolved" }
                    dd { "It may be " (s.candidates.iter().map(|i| view.story.sources[*i].name.as_str()).collect::<Vec<_>>().join(" or ")) ". Sayso gives it to none of them." }
                }
                @if let Some(x) = source {
                    dt { "Terms" }
                    dd { (x.naming.name()) ", " (x.kind.name()) @if let Some(r) = &x.role { ", “" (one_line(r)) "”" } ". Described at level " (x.descriptor_level) " of 7: how specific, not how credible." }
                    @if !x.aliases.is_empty() { dt { "Also called" } dd { (x.aliases.join("; ")) } }
                    dt { "How they know" }
                    dd { (x.basis.kind) @if let Some(b) = x.basis.span { ": “" (one_line(b.of(view.text()))) "”" } }
                    @if x.naming == sayso::Naming::Unnamed {
                        dt { "Why unnamed" }
                        dd { @match x.reason { Some(r) => { "“" (one_line(r.span.of(view.text()))) "”" @if r.rote { ", a rote reason" } }, None => "the story does not say" } }
                    }
                }
                dt { "Form" }
                dd { (a.form.name()) ": " (match a.form {
                    sayso::Form::Direct => "all of the content stands in quotation marks",
                    sayso::Form::Indirect => "none of the content stands in quotation marks",
                    sayso::Form::Mixed => "part of the content stands in quotation marks",
                }) }
                dt { "Level" }
                dd { (a.level.name()) ", read off the cue" }
                dt { "Channel" }
                dd { (s.channel.name()) @if let Some(r) = s.recipient { ", to “" (one_line(r.of(view.text()))) "”" } }
                @if let Some(v) = &s.via { dt { "Taken from" } dd { (v.name) ": “" (one_line(v.span.of(view.text()))) "”" } }
                @if let Some(p) = a.parent {
                    dt { "Stands inside" }
                    dd { (c.link(&format!("/stories/{}/explain/{}", self.id, attribution_id(p)), &format!("statement {}", p + 1))) }
                }
                dt { "Sure" }
                dd { (s.sure.level.name()) " (" (format!("{:.0}–{:.0}", lo * 100.0, hi * 100.0)) " %): " (s.sure.level.definition()) "." }
            }
            h3 { "The words that this rests on" }
            div .wide role="region" aria-label="Evidence" tabindex="0" {
                table {
                    thead { tr { th scope="col" { "What" } th scope="col" { "Words" } th scope="col" { "Where" } } }
                    tbody {
                        @for (what, span) in self.evidence() {
                            @let (line, column) = lines.line_column(view.text(), span.start as usize);
                            tr { th scope="row" { (what) } td { "“" (one_line(span.of(view.text()))) "”" } td { "line " (line) ", column " (column) } }
                        }
                    }
                }
            }
        }
    }
}

impl Explained<'_> {
    /// What shows what, in the order in which it is told.
    fn evidence(&self) -> Vec<(&'static str, Span)> {
        let s = &self.view.story.statements[self.statement];
        let a = &s.attribution;
        let source = s.speaker.map(|i| &self.view.story.sources[i]);
        let mut out: Vec<(&'static str, Span)> = Vec::new();
        out.extend(a.source.iter().map(|x| ("source", *x)));
        out.extend(a.cue.iter().map(|x| ("cue", *x)));
        out.extend(a.content.iter().map(|x| ("content", *x)));
        out.extend(source.and_then(|x| x.basis.span).map(|x| ("how they know", x)));
        out.extend(source.filter(|x| x.naming != sayso::Naming::Named).and_then(|x| x.reason).map(|r| ("why unnamed", r.span)));
        out.extend(s.recipient.map(|x| ("recipient", x)));
        out.extend(s.via.as_ref().map(|v| ("taken from", v.span)));
        out
    }
}
