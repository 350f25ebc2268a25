//! `sayso eval --speakers`: who is behind attributions and on what terms, with the words given and end to end.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use rayon::prelude::*;
use sayso::score::{Tally, Wanted, matches, speaker_right, speakers};
use sayso::{Naming, Story, Tagger, grade, resolve};
use sayso_text::{Doc, Format, Span};

use super::Gold;
use crate::input::Known;
use crate::output;

pub fn eval(gold: &[Gold], labels: &Path, about: &Known, errors: Option<usize>) -> Result<()> {
    let texts: BTreeMap<&str, &Gold> = gold.iter().map(|g| (g.name.as_str(), g)).collect();
    let mut wanted: BTreeMap<String, Vec<Wanted>> = BTreeMap::new();
    let file = fs::read_to_string(labels).with_context(|| labels.display().to_string())?;
    for (i, line) in file.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let read = sayso_show::labelled(line, |doc| texts.get(doc).map(|g| g.text.clone()))
            .map_err(|e| anyhow!("{} line {} {e}", labels.display(), i + 1))?;
        if let Some((doc, w)) = read {
            wanted.entry(doc).or_default().push(w);
        }
    }
    let doc = |name: &str| -> Result<Doc> {
        let hint = sayso_read::Hint { name: None, format: Some(Format::Plain) };
        let mut doc = sayso_read::read(texts[name].text.as_bytes(), &hint)?.value;
        about.fill(name, &mut doc.meta);
        Ok(doc)
    };
    let stories: Vec<(&String, &Vec<Wanted>)> = wanted.iter().collect();
    let both: Vec<(Tally, Tally, String)> = stories
        .par_iter()
        .map(|(name, w)| {
            let words = w.iter().map(|w| [w.triple.source.clone(), w.triple.cue.clone(), w.triple.content.clone()]).collect();
            let given = grade(resolve(sayso::given(doc(name)?, words).0));
            let whole = sayso::read(doc(name)?, Tagger::shared());
            let wrong = errors.map_or_else(String::new, |_| wrong(name, &given, w));
            Ok((speakers(&given, w), speakers(&whole, w), wrong))
        })
        .collect::<Result<_>>()?;
    let mut sums = [Tally::default(), Tally::default()];
    for (a, b, _) in &both {
        sums[0].add(a);
        sums[1].add(b);
    }
    let mut out = report(stories.len(), &sums);
    let mut listed: Vec<&String> = both.iter().map(|(_, _, w)| w).collect();
    listed.sort_by_key(|w| std::cmp::Reverse(w.lines().count()));
    out.extend(listed.into_iter().take(errors.unwrap_or(0)).map(String::as_str));
    output::print(&out)
}

/// What is wrong with the words given, one statement a line, labelled and found.
fn wrong(name: &str, story: &Story, wanted: &[Wanted]) -> String {
    let mut out = format!("\n=== {name}\n");
    for (i, j) in matches(story, wanted) {
        let (s, w) = (&story.statements[i], &wanted[j]);
        let source = s.speaker.map(|k| &story.sources[k]);
        let (found, naming) = source.map_or(("nobody", Naming::None), |x| (x.name.as_str(), x.naming));
        let right = speaker_right(story, i, w);
        let words = |s: &[Span]| s.iter().map(|s| s.of(&story.doc.text)).collect::<Vec<_>>().join(" … ");
        if !right || naming.name() != w.naming {
            let mark = if right { ' ' } else { '*' };
            let a = &s.attribution;
            let _ = writeln!(
                out,
                "{mark} labelled {} ({}), found {found} ({})  {{{}}} <{}>",
                w.speaker,
                w.naming,
                naming.name(),
                words(&a.source),
                words(&a.cue)
            );
        }
        let via = s.via.as_ref().map(|v| v.name.as_str());
        if via.is_some() != w.via.is_some() {
            let _ = writeln!(
                out,
                "  via labelled {}, found {}  {{{}}}",
                w.via.as_deref().unwrap_or("none"),
                via.unwrap_or("none"),
                words(&s.attribution.source)
            );
        }
    }
    out
}

fn report(stories: usize, [given, whole]: &[Tally; 2]) -> String {
    let mut out = format!("{stories} stories, {} labelled attributions\n\n", given.gold);
    let _ = writeln!(out, "{:<34}{:>22}{:>22}", "", "words given", "end to end");
    let mut line = |name: &str, cell: &dyn Fn(&Tally) -> String| {
        let _ = writeln!(out, "{name:<34}{:>22}{:>22}", cell(given), cell(whole));
    };
    let share = |n: usize, of: usize| {
        if of == 0 { "-".to_string() } else { format!("{:.1} % ({n} of {of})", 100.0 * n as f64 / of as f64) }
    };
    line("matched", &|t| share(t.matched, t.gold));
    line("speaker right", &|t| share(t.speaker, t.matched));
    line("  left unresolved", &|t| share(t.unresolved, t.matched));
    line("  right of those resolved", &|t| share(t.speaker, t.matched - t.unresolved));
    line("  unresolved, speaker listed", &|t| share(t.listed, t.unresolved));
    line("naming class right", &|t| share(t.naming, t.matched));
    line("form right", &|t| share(t.form, t.matched));
    line("level right", &|t| share(t.level, t.matched));
    line("via, precision", &|t| share(t.via[0], t.via[1]));
    line("via, recall", &|t| share(t.via[0], t.via[2]));
    line("unnamed, precision", &|t| share(t.unnamed[0], t.unnamed[1]));
    line("unnamed, recall", &|t| share(t.unnamed[0], t.unnamed[2]));
    line("unnamed, F1", &|t| {
        let [right, found, gold] = t.unnamed;
        if found + gold == 0 { "-".into() } else { format!("{:.1} %", 200.0 * right as f64 / (found + gold) as f64) }
    });
    for (title, t) in [("words given", given), ("end to end", whole)] {
        let mut all: Vec<_> = t.confused.iter().collect();
        all.sort_by_key(|(k, n)| (std::cmp::Reverse(**n), (*k).clone()));
        let shown: Vec<String> = all.iter().take(8).map(|((a, b), n)| format!("{a} as {b} {n}")).collect();
        let _ = writeln!(out, "\nnaming, {title}: {}", shown.join(", "));
    }
    out
}
