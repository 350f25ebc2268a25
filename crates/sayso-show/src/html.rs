//! One self-contained page: the story in one column, its statements as cards beside their paragraphs. No script, no
//! outside asset; article text is escaped, never passed through.

use sayso::{Naming, Statement};
use sayso_text::{BlockKind, Span};

use crate::exchange::attribution_id;
use crate::markdown::terms;
use crate::summary::summary;
use crate::view::{View, harmless, one_line};

const STYLE: &str = include_str!("page.css");

/// The page.
pub fn html(view: &View<'_>) -> String {
    let story = view.story;
    let title = story.doc.meta.title.as_deref().unwrap_or(view.path);
    let language = story.doc.meta.language.as_deref().unwrap_or("en");
    let mut out = String::with_capacity(view.text().len() * 4);
    out += &format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>{} – sourcing by Sayso</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
        escape(language),
        escape(title)
    );
    out += "<header>\n";
    let about: Vec<&str> =
        [&story.doc.meta.outlet, &story.doc.meta.byline, &story.doc.meta.published].into_iter().flatten().map(String::as_str).collect();
    out += &format!("<p class=\"about\">{}</p>\n<p class=\"summary\">{}</p>\n", escape(&about.join(" · ")), escape(&summary(view)));
    out += "<p class=\"legend\">In the text: <span class=\"s\">source</span>, <span class=\"q\">cue</span>, <span class=\"c\">content</span>. The letter before a card's name: N named, U unnamed, G group, P public, D document, O outlet.</p>\n";
    for w in &story.warnings {
        out += &format!("<p class=\"note\">Note: {}</p>\n", escape(&w.message));
    }
    out += "</header>\n<main>\n";
    if !view.filter.sources_only {
        read(view, &mut out);
    }
    sources(view, &mut out);
    out += "</main>\n<footer><p>Made by Sayso. It shows whom the article attributes words to; whether they were said, it does not know.</p></footer>\n</body>\n</html>\n";
    out
}

fn read(view: &View<'_>, out: &mut String) {
    let text = view.text();
    let shown: Vec<(usize, &Statement)> = view.statements().collect();
    *out += "<article>\n";
    let mut next = 0;
    let starts = |s: &Statement| s.attribution.hull().start;
    for block in &view.story.doc.blocks {
        let tag = match block.kind {
            BlockKind::Headline => "h1",
            BlockKind::Heading => "h2",
            BlockKind::Blockquote => "blockquote",
            _ => "p",
        };
        *out += &format!("<section class=\"{}\">\n<{tag}>", block.kind.name());
        let mut here: Vec<(usize, &Statement)> = Vec::new();
        while next < shown.len() && starts(shown[next].1) < block.span.end {
            here.push(shown[next]);
            next += 1;
        }
        // Statements of a paragraph that holds a dateline start before this block; all that touch it are marked.
        let from =
            shown.partition_point(|(_, s)| s.attribution.hull().end <= block.span.start && s.attribution.hull().start < block.span.start);
        let touching: Vec<(usize, &Statement)> =
            shown[from.min(shown.len())..].iter().take_while(|(_, s)| starts(s) < block.span.end).copied().collect();
        marked(text, block.span, &touching, out);
        *out += &format!("</{tag}>\n");
        if !here.is_empty() {
            *out += "<aside aria-label=\"statements of this paragraph\">\n<ol>\n";
            for (k, s) in here {
                card(view, k, s, out);
            }
            *out += "</ol>\n</aside>\n";
        }
        *out += "</section>\n";
    }
    *out += "</article>\n";
}

/// The words of a block, in spans of one part each. Marks never change the layout of lines.
fn marked(text: &str, block: Span, statements: &[(usize, &Statement)], out: &mut String) {
    let mut cuts = vec![block.start, block.end];
    let mut anchors: Vec<(u32, usize)> = Vec::new();
    let mut edges: Vec<(Span, char)> = Vec::new();
    for (k, s) in statements {
        let a = &s.attribution;
        for (class, spans) in [('s', &a.source), ('q', &a.cue), ('c', &a.content)] {
            for span in spans.iter().filter(|s| s.common(block) > 0) {
                let span = Span { start: span.start.max(block.start), end: span.end.min(block.end) };
                cuts.extend([span.start, span.end]);
                edges.push((span, class));
            }
        }
        let at = a.hull().start;
        if block.contains(at as usize) {
            anchors.push((at, *k));
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    edges.sort_by_key(|(s, _)| s.start);
    for w in cuts.windows(2) {
        let span = Span { start: w[0], end: w[1] };
        for (_, k) in anchors.iter().filter(|(at, _)| *at == w[0]) {
            let id = attribution_id(*k);
            *out += &format!("<a class=\"ref\" id=\"t-{id}\" href=\"#{id}\">{}</a>", k + 1);
        }
        let has = |class: char| edges.iter().any(|(s, c)| *c == class && s.covers(span));
        let classes: Vec<&str> = [('s', "s"), ('q', "q"), ('c', "c")].iter().filter(|(c, _)| has(*c)).map(|(_, n)| *n).collect();
        let words = escape(span.of(text));
        if classes.is_empty() {
            *out += &words;
        } else {
            *out += &format!("<span class=\"{}\">{words}</span>", classes.join(" "));
        }
    }
}

fn letter(naming: Naming) -> &'static str {
    match naming {
        Naming::Named => "N",
        Naming::Unnamed => "U",
        Naming::Collective => "G",
        Naming::Public => "P",
        Naming::Document => "D",
        Naming::Outlet => "O",
        Naming::None => "–",
    }
}

fn card(view: &View<'_>, k: usize, s: &Statement, out: &mut String) {
    let id = attribution_id(k);
    let naming = view.naming(s);
    let (lo, hi) = s.sure.range;
    let a = &s.attribution;
    let mut lines = vec![format!("{} {}", a.form.name(), a.level.name())];
    if let Some(v) = &s.via {
        lines.push(format!("via {}", v.name));
    } else if let Some(r) = s.recipient {
        lines.push(format!("to {}", one_line(r.of(view.text()))));
    }
    if let Some(i) = s.speaker {
        let source = &view.story.sources[i];
        if let Some(span) = source.basis.span {
            lines.push(format!("knows: {}", view.words(&[span])));
        }
        if naming == Naming::Unnamed {
            lines.push(source.reason.map_or("no reason given".to_string(), |r| format!("why unnamed: {}", view.words(&[r.span]))));
        }
    }
    lines.push(format!("{} ({:.0}–{:.0} %)", s.sure.level.name(), lo * 100.0, hi * 100.0));
    *out += &format!(
        "<li id=\"{id}\" class=\"{}\" value=\"{}\"><a href=\"#t-{id}\"><span class=\"letter\">{}</span> {}</a><br><small>{}</small></li>\n",
        naming.name(),
        k + 1,
        letter(naming),
        escape(view.speaker(s)),
        escape(&lines.join(" · "))
    );
}

fn sources(view: &View<'_>, out: &mut String) {
    *out += "<section class=\"sources\" aria-labelledby=\"sources\">\n<h2 id=\"sources\">Sources</h2>\n<table>\n<thead><tr><th scope=\"col\">Source</th><th scope=\"col\">Terms</th><th scope=\"col\">Statements</th><th scope=\"col\">First</th></tr></thead>\n<tbody>\n";
    for (i, n, first) in view.sources() {
        let s = &view.story.sources[i];
        let id = attribution_id(first);
        *out += &format!(
            "<tr><th scope=\"row\"><span class=\"letter\">{}</span> {}</th><td>{}</td><td>{n}</td><td><a href=\"#t-{id}\">{id}</a></td></tr>\n",
            letter(s.naming),
            escape(&s.name),
            escape(&terms(view, i))
        );
    }
    *out += "</tbody>\n</table>\n</section>\n";
}

fn escape(s: &str) -> String {
    let mut out = String::with_capacity(s.len() + 8);
    for c in harmless(s).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
