use sayso::Naming;

use crate::exchange::attribution_id;
use crate::summary::summary;
use crate::view::{View, harmless, one_line};

/// A story as Markdown: summary, table of sources, statements.
pub fn markdown(view: &View<'_>) -> String {
    let story = view.story;
    let mut out = format!("# {}\n\n", escape(story.doc.meta.title.as_deref().unwrap_or(view.path)));
    let about: Vec<&str> =
        [&story.doc.meta.outlet, &story.doc.meta.byline, &story.doc.meta.published].into_iter().flatten().map(String::as_str).collect();
    if !about.is_empty() {
        out += &format!("*{}*\n\n", escape(&about.join(" · ")));
    }
    out += &format!("{}\n\n", summary(view));
    out += "| source | terms | statements | first |\n| --- | --- | ---: | --- |\n";
    for (i, n, first) in view.sources() {
        let s = &story.sources[i];
        out += &format!("| {} | {} | {n} | {} |\n", escape(&s.name), escape(&terms(view, i)), attribution_id(first));
    }
    if view.filter.sources_only {
        return out;
    }
    out += "\n";
    for (k, s) in view.statements() {
        let a = &s.attribution;
        let via = s.via.as_ref().map(|v| format!(", via {}", v.name)).unwrap_or_default();
        out += &format!(
            "**{}** The article attributes to **{}** ({}, {} {}{}, {}):\n\n> {}\n\n",
            attribution_id(k),
            escape(view.speaker(s)),
            view.naming(s).name(),
            a.form.name(),
            a.level.name(),
            escape(&via),
            s.sure.level.name(),
            escape(&view.words(&a.content)),
        );
    }
    out
}

/// The terms of a source in a few words.
pub fn terms(view: &View<'_>, i: usize) -> String {
    let s = &view.story.sources[i];
    let mut out = vec![s.naming.name().to_string()];
    if let Some(role) = &s.role {
        out.push(one_line(role));
    }
    if matches!(s.naming, Naming::Unnamed | Naming::Public) {
        out.push(format!("described at level {} of 7", s.descriptor_level));
        match s.reason {
            Some(r) => out.push(format!("{}reason: {}", if r.rote { "rote " } else { "" }, view.words(&[r.span]))),
            None => out.push("no reason given".into()),
        }
    }
    if let Some(span) = s.basis.span {
        out.push(format!("knows as {}: {}", s.basis.kind, view.words(&[span])));
    }
    out.join("; ")
}

fn escape(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    for c in harmless(&one_line(s)).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
