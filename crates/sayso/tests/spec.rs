//! The pages of `spec/` say what Sayso means, in examples. This test reads every example and holds Sayso to what is expected of it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::path::Path;

use sayso::trace::{From, Report, trace};
use sayso::{Story, Tagger};
use sayso_read::{Hint, read};

/// Fenced blocks of a page: the word behind the fence, and what stands in it.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(kind) = line.strip_prefix("```").filter(|k| !k.is_empty()) {
            let body: Vec<&str> = lines.by_ref().take_while(|l| !l.starts_with("```")).collect();
            out.push((kind.to_string(), body.join("\n")));
        }
    }
    out
}

fn page(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec").join(name)).unwrap()
}

fn story(text: &str, outlet: Option<&str>, published: Option<&str>) -> Story {
    let mut doc = read(text.as_bytes(), &Hint::default()).unwrap().value;
    doc.meta.outlet = outlet.map(str::to_string).or(doc.meta.outlet);
    doc.meta.published = published.map(str::to_string).or(doc.meta.published);
    sayso::read(doc, Tagger::shared())
}

/// What the statement that holds the words is found to be, by the name of the field.
fn field(s: &Story, words: &str, name: &str) -> String {
    let text = &s.doc.text;
    let at = s
        .statements
        .iter()
        .filter(|x| x.attribution.content.iter().any(|c| c.of(text).contains(words)))
        .min_by_key(|x| x.attribution.content.iter().map(|c| c.len()).sum::<usize>());
    let Some(x) = at else { return "no such statement".into() };
    let source = x.speaker.map(|k| &s.sources[k]);
    let some = |v: Option<String>| v.unwrap_or_else(|| "none".into());
    match name {
        "speaker" => some(source.map(|k| k.name.clone())),
        "naming" => source.map_or("none", |k| k.naming.name()).to_string(),
        "kind" => some(source.map(|k| k.kind.name().to_string())),
        "role" => some(source.and_then(|k| k.role.clone())),
        "level of description" => some(source.map(|k| k.descriptor_level.to_string())),
        "basis" => some(source.map(|k| k.basis.kind.to_string())),
        "reason" => some(source.and_then(|k| k.reason).map(|r| r.span.of(text).to_string())),
        "rote" => some(source.and_then(|k| k.reason).map(|r| r.rote.to_string())),
        "form" => x.attribution.form.name().to_string(),
        "level" => x.attribution.level.name().to_string(),
        "channel" => x.channel.name().to_string(),
        "recipient" => some(x.recipient.map(|r| r.of(text).to_string())),
        "via" => some(x.via.as_ref().map(|v| v.name.clone())),
        "inside" => some(x.attribution.parent.map(|p| s.statements[p].attribution.cue.iter().map(|c| c.of(text)).collect())),
        other => panic!("no field {other}"),
    }
}

fn statements(name: &str) {
    let (mut current, mut checked) = (None, 0);
    let mut wrong = Vec::new();
    for (kind, body) in blocks(&page(name)) {
        match kind.split(' ').next().unwrap() {
            "story" => {
                let outlet = kind.strip_prefix("story of ");
                current = Some(story(&body, outlet, None));
            }
            "expect" => {
                let s: &Story = current.as_ref().expect("a story stands before what is expected of it");
                for line in body.lines().filter(|l| !l.trim().is_empty()) {
                    let (words, rest) = line.strip_prefix('"').and_then(|l| l.split_once("\" ")).expect(line);
                    for pair in rest.split("; ") {
                        let (key, want) = pair.split_once('=').expect(line);
                        let got = field(s, words, key);
                        checked += 1;
                        if got != want {
                            wrong.push(format!("{name}: {words:?}: {key} should be {want:?}, is {got:?}"));
                        }
                    }
                }
            }
            _ => {}
        }
    }
    assert!(checked > 20, "{name} has {checked} expectations");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn sources() {
    statements("sources.md");
}

#[test]
fn terms() {
    statements("terms.md");
}

#[test]
fn tracing() {
    let mut reports: Vec<Report> = Vec::new();
    let (mut checked, mut wrong) = (0, Vec::new());
    for (kind, body) in blocks(&page("tracing.md")) {
        match kind.as_str() {
            "stories" => {
                reports = body
                    .split("=== ")
                    .filter(|s| !s.trim().is_empty())
                    .map(|s| {
                        let (head, text) = s.split_once('\n').unwrap();
                        let (outlet, date) = head.split_once(", ").unwrap_or((head, ""));
                        Report::of(&story(text.trim(), Some(outlet), (!date.is_empty()).then_some(date)))
                    })
                    .collect();
            }
            "expect" => {
                let traced = trace(&reports);
                let label = |i: u32| reports[i as usize].outlet.clone().unwrap_or_default();
                let mut found: Vec<String> = traced
                    .families
                    .iter()
                    .map(|f| format!("{} reports, {} visible origin(s), {} undetermined", f.reports, f.origins, f.undetermined))
                    .collect();
                for e in traced.families.iter().flat_map(|f| &f.echoes) {
                    let from = match &e.from {
                        From::Place(p) => label(p.report),
                        From::Outlet(o) => format!("{o} (not here)"),
                    };
                    let changes: Vec<&str> = e.changes.iter().map(|c| c.name()).collect();
                    let drift: Vec<&str> = e.drift.iter().map(|d| d.name()).collect();
                    found.push(format!(
                        "{} <- {from}: {}; {}; {}",
                        label(e.later.report),
                        e.how.name(),
                        if changes.is_empty() { "-".into() } else { changes.join(", ") },
                        if drift.is_empty() { "-".into() } else { drift.join(", ") }
                    ));
                }
                found.extend(traced.families.iter().flat_map(|f| &f.circles).map(|c| format!("circle: {}", c.join(", "))));
                let want: Vec<&str> = body.lines().filter(|l| !l.trim().is_empty()).collect();
                checked += want.len();
                if found != want {
                    wrong.push(format!("should be\n  {}\nis\n  {}", want.join("\n  "), found.join("\n  ")));
                }
            }
            _ => {}
        }
    }
    assert!(checked >= 10, "{checked} expectations");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
