use sayso::{Naming, SureLevel};
use sayso_text::{LineIndex, Span};

use crate::exchange::{attribution_id, source_id};
use crate::view::{View, harmless, one_line};

/// The evidence behind one statement: every answer with the words that it rests on, and where they stand. `None` where the
/// story has no statement of that id.
pub fn explain(view: &View<'_>, id: &str) -> Option<String> {
    let (k, s) = view.story.statements.iter().enumerate().find(|(k, _)| attribution_id(*k) == id)?;
    let text = view.text();
    let lines = LineIndex::new(text);
    let mut out = Vec::new();
    let place = |span: Span| {
        let (line, column) = lines.line_column(text, span.start as usize);
        let bytes = view.story.doc.alignment.source(span).map(|(a, b)| format!(", bytes {a}-{b} of the file")).unwrap_or_default();
        format!("line {line}, column {column}{bytes}")
    };
    let words = |name: &str, spans: &[Span], out: &mut Vec<String>| {
        if spans.is_empty() {
            out.push(format!("  {name:<9} (none)"));
        }
        for span in spans {
            out.push(format!("  {name:<9} “{}”", harmless(&one_line(span.of(text)))));
            out.push(format!("            {}", place(*span)));
        }
    };
    let a = &s.attribution;
    out.push(format!("{} of {}", attribution_id(k), harmless(view.path)));
    out.push(format!("The article attributes to {}:", harmless(view.speaker(s))));
    words("source", &a.source, &mut out);
    words("cue", &a.cue, &mut out);
    words("content", &a.content, &mut out);
    out.push(format!(
        "Form: {} - {}",
        a.form.name(),
        match a.form {
            sayso::Form::Direct => "all of the content stands in quotation",
            sayso::Form::Indirect => "none of the content stands in quotation",
            sayso::Form::Mixed => "part of the content stands in quotation",
        }
    ));
    out.push(format!("Level: {} - read off the cue", a.level.name()));
    if let Some(p) = a.parent {
        out.push(format!("Stands in the content of {}", attribution_id(p)));
    }
    out.push(format!("Whose: {}", s.why.says()));
    if let Some(i) = s.speaker {
        let source = &view.story.sources[i];
        out.push(format!("Source {}: {}, {}, {}", source_id(i), harmless(&source.name), source.kind.name(), source.naming.name()));
        if !source.aliases.is_empty() {
            out.push(format!("  also “{}”", harmless(&source.aliases.join("”, “"))));
        }
        if let Some(r) = &source.role {
            out.push(format!("  role “{}”", harmless(&one_line(r))));
        }
        out.push(format!("  described at level {} of 7 (how specific, not how credible)", source.descriptor_level));
        match source.basis.span {
            Some(span) => out.push(format!("  knows as {}: “{}” ({})", source.basis.kind, harmless(&one_line(span.of(text))), place(span))),
            None => out.push(format!("  how they know: {}", source.basis.kind)),
        }
        if !matches!(source.naming, Naming::Named) {
            match source.reason {
                Some(r) => out.push(format!(
                    "  why unnamed: “{}” ({}){}",
                    harmless(&one_line(r.span.of(text))),
                    place(r.span),
                    if r.rote { ", a rote reason" } else { "" }
                )),
                None if source.naming == Naming::Unnamed => out.push("  why unnamed: the story does not say".into()),
                None => {}
            }
        }
    }
    if let Some(r) = s.recipient {
        out.push(format!("To: “{}” ({})", harmless(&one_line(r.of(text))), place(r)));
    }
    if let Some(v) = &s.via {
        out.push(format!("Taken from: {} (“{}”, {})", harmless(&v.name), harmless(v.span.of(text)), place(v.span)));
    }
    out.push(format!("Channel: {}", s.channel.name()));
    let (lo, hi) = s.sure.range;
    let level: SureLevel = s.sure.level;
    out.push(format!("Sure: {} ({:.0}-{:.0} %) - {}", level.name(), lo * 100.0, hi * 100.0, level.definition()));
    out.push(String::new());
    Some(out.join("\n"))
}
