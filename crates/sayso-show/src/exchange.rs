//! The exchange format, `sayso/1`. Offsets count Unicode code points in `text`, half-open.

use sayso::{Naming, Story};
use sayso_text::{CodePoints, Span};
use serde::Serialize;

use crate::view::View;

/// The value of `schema` in every story.
pub const SCHEMA_NAME: &str = "sayso/1";
/// The JSON Schema of one story.
pub const SCHEMA: &str = include_str!("exchange.schema.json");

type Range = [usize; 2];

#[derive(Serialize)]
struct Exchange<'s> {
    schema: &'static str,
    id: &'s str,
    path: &'s str,
    meta: Meta<'s>,
    text: &'s str,
    blocks: Vec<Block>,
    sources: Vec<Source<'s>>,
    attributions: Vec<Attribution<'s>>,
    warnings: Vec<Warning<'s>>,
}

#[derive(Serialize)]
struct Meta<'s> {
    title: Option<&'s str>,
    outlet: Option<&'s str>,
    byline: Option<&'s str>,
    published: Option<&'s str>,
    address: Option<&'s str>,
    language: Option<&'s str>,
}

#[derive(Serialize)]
struct Block {
    kind: &'static str,
    span: Range,
}

#[derive(Serialize)]
struct Source<'s> {
    id: String,
    name: &'s str,
    kind: &'static str,
    naming: &'static str,
    role: Option<&'s str>,
    affiliation: Option<&'s str>,
    aliases: &'s [String],
    mentions: Vec<Range>,
    descriptor_level: u8,
}

#[derive(Serialize)]
struct Attribution<'s> {
    id: String,
    source: Vec<Range>,
    cue: Vec<Range>,
    content: Vec<Range>,
    form: &'static str,
    level: &'static str,
    parent: Option<String>,
    speaker: Option<String>,
    channel: &'static str,
    recipient: Option<&'s str>,
    via: Option<&'s str>,
    basis: Basis,
    anonymity_reason: Option<Reason>,
    sure: Sure,
}

#[derive(Serialize)]
struct Basis {
    kind: &'static str,
    span: Option<Range>,
}

#[derive(Serialize)]
struct Reason {
    span: Range,
    rote: bool,
}

#[derive(Serialize)]
struct Sure {
    level: &'static str,
    range: [serde_json::Number; 2],
}

#[derive(Serialize)]
struct Warning<'s> {
    code: &'static str,
    message: &'s str,
    span: Option<Range>,
}

/// One story as a line of JSON, without the line's end.
pub fn exchange(view: &View<'_>) -> String {
    // Nothing in it can fail to serialise: no maps with odd keys, no floats that are not numbers.
    serde_json::to_string(&build(view)).unwrap_or_default()
}

/// One story as a JSON value.
pub(crate) fn exchange_value(view: &View<'_>) -> serde_json::Value {
    serde_json::to_value(build(view)).unwrap_or_default()
}

fn build<'s>(view: &View<'s>) -> Exchange<'s> {
    let story: &'s Story = view.story;
    let text = view.text();
    let points = CodePoints::new(text);
    let range = |s: Span| {
        let (a, b) = points.span(s);
        [a, b]
    };
    let ranges = |s: &[Span]| s.iter().map(|s| range(*s)).collect::<Vec<_>>();
    let m = &story.doc.meta;
    let shown = view.sources();
    let statements: Vec<_> = view.statements().collect();
    let is_shown = |k: usize| statements.binary_search_by_key(&k, |(i, _)| *i).is_ok();
    Exchange {
        schema: SCHEMA_NAME,
        id: story.doc.id.as_str(),
        path: view.path,
        meta: Meta {
            title: m.title.as_deref(),
            outlet: m.outlet.as_deref(),
            byline: m.byline.as_deref(),
            published: m.published.as_deref(),
            address: m.address.as_deref(),
            language: m.language.as_deref(),
        },
        text,
        blocks: story.doc.blocks.iter().map(|b| Block { kind: b.kind.name(), span: range(b.span) }).collect(),
        sources: shown
            .iter()
            .map(|(i, _, _)| {
                let s = &story.sources[*i];
                Source {
                    id: source_id(*i),
                    name: &s.name,
                    kind: s.kind.name(),
                    naming: s.naming.name(),
                    role: s.role.as_deref(),
                    affiliation: s.affiliation.as_deref(),
                    aliases: &s.aliases,
                    mentions: ranges(&s.mentions),
                    descriptor_level: s.descriptor_level,
                }
            })
            .collect(),
        attributions: if view.filter.sources_only {
            Vec::new()
        } else {
            statements
                .iter()
                .map(|(k, s)| {
                    let a = &s.attribution;
                    let source = s.speaker.map(|i| &story.sources[i]);
                    let withheld = source.filter(|s| !matches!(s.naming, Naming::Named));
                    Attribution {
                        id: attribution_id(*k),
                        source: ranges(&a.source),
                        cue: ranges(&a.cue),
                        content: ranges(&a.content),
                        form: a.form.name(),
                        level: a.level.name(),
                        parent: a.parent.filter(|p| is_shown(*p)).map(attribution_id),
                        speaker: s.speaker.map(source_id),
                        channel: s.channel.name(),
                        recipient: s.recipient.map(|r| r.of(text)),
                        via: s.via.as_ref().map(|v| v.name.as_str()),
                        basis: source.map_or(Basis { kind: "unstated", span: None }, |s| Basis {
                            kind: s.basis.kind,
                            span: s.basis.span.map(range),
                        }),
                        anonymity_reason: withheld.and_then(|s| s.reason).map(|r| Reason { span: range(r.span), rote: r.rote }),
                        sure: Sure { level: s.sure.level.name(), range: [tenth(s.sure.range.0), tenth(s.sure.range.1)] },
                    }
                })
                .collect()
        },
        warnings: story.warnings.iter().map(|w| Warning { code: w.code.name(), message: &w.message, span: w.span.map(range) }).collect(),
    }
}

/// A number of tenths as JSON writes it: 0.9, not 0.8999999761581421.
fn tenth(x: f32) -> serde_json::Number {
    let tenths = (x * 10.0).round() as i32;
    serde_json::Number::from_f64(f64::from(tenths) / 10.0).unwrap_or_else(|| 0.into())
}

/// The id of a statement, by its place in the story.
pub fn attribution_id(k: usize) -> String {
    format!("a{}", k + 1)
}

/// The id of a source, by its place in the story.
pub fn source_id(i: usize) -> String {
    format!("s{}", i + 1)
}
