//! `sayso trace` and `sayso origins`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use sayso::trace::{Evidence, From, Place, words::Vocabulary};
use sayso_show::{Coverage, Lineage, Style};
use sayso_store::{Kept, Store};
use sayso_text::Span;

use crate::args::{LineageFormat, Trace};
use crate::collection::traced;
use crate::output;

/// What was asked for, found in a collection.
struct Asked {
    store: Store,
    kept: Kept,
    /// Families that answer, by index.
    families: Vec<usize>,
    /// Stories that were asked for, by index in `kept`; none where words were.
    stories: Vec<u32>,
    /// Stories in which asked-for words stand, by index in `kept`.
    holding: Vec<u32>,
    words: bool,
}

fn ask(args: &Trace) -> Result<Asked> {
    let store = traced(&args.collection.collection)?;
    if args.what.is_empty() {
        let kept = store.kept(None)?;
        let mut families: Vec<usize> = (0..kept.traced.families.len()).collect();
        families.sort_by_key(|k| std::cmp::Reverse(kept.traced.families[*k].reports));
        return Ok(Asked { store, kept, families, stories: Vec::new(), holding: Vec::new(), words: false });
    }
    let mut ids: Vec<i64> = Vec::new();
    let mut unknown: Vec<&String> = Vec::new();
    for what in &args.what {
        let found = store.find(what)?;
        if found.is_empty() {
            unknown.push(what);
        }
        ids.extend(found);
    }
    if ids.is_empty() {
        return words(store, &args.what.join(" "));
    }
    if let Some(what) = unknown.first() {
        bail!("{what:?} is no story of {}; `sayso add` adds it", args.collection.collection.display());
    }
    let kept = store.kept(Some(&ids))?;
    let stories: Vec<u32> = ids.iter().filter_map(|id| kept.stories.binary_search(id).ok().map(|i| i as u32)).collect();
    let mut families: Vec<usize> = (0..kept.traced.families.len()).collect();
    families.sort_by_key(|k| std::cmp::Reverse(kept.traced.families[*k].reports));
    Ok(Asked { store, kept, families, stories, holding: Vec::new(), words: false })
}

/// The families in which words stand. A quotation that is written down a little wrong is found too: five words in a row are enough.
fn words(store: Store, words: &str) -> Result<Asked> {
    let mut vocabulary = Vocabulary::default();
    let asked: Vec<u32> = vocabulary.read(words, Span::new(0, words.len())).iter().map(|w| w.id).collect();
    let spoken: Vec<&str> = words.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’'))).filter(|w| !w.is_empty()).collect();
    if asked.len() < 3 {
        bail!("{words:?} is no story of this collection, and a quotation needs three words or more");
    }
    let ids = store.stories_with(&spoken)?;
    let kept = store.kept(Some(&ids))?;
    let need = asked.len().min(5);
    let mut holds = |text: &str, spans: &[Span]| {
        let said: Vec<u32> = spans.iter().flat_map(|s| vocabulary.read(text, *s)).map(|w| w.id).collect();
        said.windows(need).any(|w| asked.windows(need).any(|v| v == w))
    };
    let mut families = Vec::new();
    for (k, f) in kept.traced.families.iter().enumerate() {
        let here = |m: &Place| {
            let r = &kept.reports[m.report as usize];
            (r.text.clone(), r.said[m.said as usize].content.clone())
        };
        if f.members.iter().map(here).any(|(text, spans)| holds(&text, &spans)) {
            families.push(k);
        }
    }
    let mut holding = Vec::new();
    for id in &ids {
        if let Ok(i) = kept.stories.binary_search(id) {
            let r = &kept.reports[i];
            if holds(&r.text, &r.paragraphs) {
                holding.push(i as u32);
            }
        }
    }
    Ok(Asked { store, kept, families, stories: Vec::new(), holding, words: true })
}

fn coverage(asked: &Asked) -> Result<Coverage> {
    let (stories, undated, dates) = asked.store.coverage()?;
    let ids: Vec<i64> = asked.stories.iter().map(|i| asked.kept.stories[*i as usize]).collect();
    let credited_elsewhere = asked.store.credited_elsewhere((!ids.is_empty()).then_some(&ids[..]))?;
    Ok(Coverage { stories, undated, dates, credited_elsewhere })
}

pub fn trace(args: &Trace) -> Result<u8> {
    show(args, true)
}

pub fn origins(args: &Trace) -> Result<u8> {
    show(args, false)
}

fn show(args: &Trace, evidence: bool) -> Result<u8> {
    let asked = ask(args)?;
    let l = Lineage { kept: &asked.kept, families: asked.families.clone(), coverage: coverage(&asked)? };
    let mut out = output::open(args.output.as_deref())?;
    match args.format {
        LineageFormat::Json => out.write_all(sayso_show::lineage_json(&l).as_bytes())?,
        LineageFormat::Graphml => out.write_all(sayso_show::graphml(&l).as_bytes())?,
        LineageFormat::Dot => out.write_all(sayso_show::dot(&l).as_bytes())?,
        LineageFormat::Webanno => out.write_all(sayso_show::web_annotations(&l).as_bytes())?,
        LineageFormat::Csv => out.write_all(&output::csv(sayso_show::lineage_csv(&l))?)?,
        LineageFormat::Terminal => {
            let style = Style { width: output::width(), colour: args.output.is_none() && output::colours() };
            if let Some(none) = nothing(&asked, &l) {
                writeln!(out, "{none}")?;
            }
            if asked.stories.len() > 1 {
                writeln!(out, "{}\n", together(&asked))?;
            }
            let few = Lineage { families: l.families.iter().take(args.limit).copied().collect(), ..l.clone() };
            out.write_all(sayso_show::lineage_text(&few, evidence, style).as_bytes())?;
            if evidence && !asked.words {
                out.write_all(sayso_show::beside_text(&few, style).as_bytes())?;
            }
            if l.families.len() > args.limit {
                out.flush()?;
                output::complain(&format!("{} of {} shown; --limit {} shows all", args.limit, l.families.len(), l.families.len()));
            }
        }
    }
    out.flush()?;
    Ok(u8::from(asked.words && asked.families.is_empty() && asked.holding.is_empty()))
}

/// What to say where nothing is repeated.
fn nothing(asked: &Asked, l: &Lineage<'_>) -> Option<String> {
    if !asked.families.is_empty() {
        return None;
    }
    let all = l.coverage.sentence();
    Some(match (asked.words, asked.holding.as_slice()) {
        (true, []) => format!("These words stand nowhere in this collection of {all}."),
        (true, [one]) => {
            let r = &asked.kept.reports[*one as usize];
            format!("These words stand in one story of {all}: {}, {}.", r.label(), r.published)
        }
        (true, many) => {
            let names: Vec<String> =
                many.iter().map(|i| &asked.kept.reports[*i as usize]).map(|r| format!("{}, {}", r.label(), r.published)).collect();
            format!("These words stand in {} stories of {all}, not as one statement that was repeated: {}.", many.len(), names.join("; "))
        }
        (false, _) => format!("No statement is repeated in this collection of {all}."),
    })
}

/// "It's on three wires": what of the stories that were asked for hangs together.
fn together(asked: &Asked) -> String {
    let set: BTreeSet<u32> = asked.stories.iter().copied().collect();
    let traced = &asked.kept.traced;
    let label = |i: u32| {
        let r = &asked.kept.reports[i as usize];
        format!("{} ({})", r.label(), r.published)
    };
    // each story's sources: other stories, or outlets that are not here
    let mut sources: BTreeMap<u32, BTreeSet<Root>> = BTreeMap::new();
    let mut open: BTreeSet<u32> = BTreeSet::new();
    for e in traced.families.iter().flat_map(|f| &f.echoes) {
        let undetermined = e.how == sayso::trace::How::Undetermined;
        let root = match &e.from {
            From::Place(p) => Root::Story(p.report),
            From::Outlet(o) => Root::Outlet(o.clone()),
        };
        let credited = e.evidence.iter().any(|x| !matches!(x, Evidence::Words { .. }));
        if undetermined {
            open.insert(e.later.report);
        } else if credited {
            sources.entry(e.later.report).or_default().insert(root);
        }
    }
    let mut roots: BTreeMap<Root, BTreeSet<u32>> = BTreeMap::new();
    let (mut untold, mut alone) = (BTreeSet::new(), BTreeSet::new());
    let shared: BTreeSet<u32> = traced.families.iter().flat_map(|f| f.members.iter().map(|m| m.report)).collect();
    for s in &set {
        let mut at = vec![Root::Story(*s)];
        let mut seen: BTreeSet<Root> = BTreeSet::new();
        let mut ends: BTreeSet<Root> = BTreeSet::new();
        while let Some(x) = at.pop() {
            if !seen.insert(x.clone()) {
                continue;
            }
            match &x {
                Root::Story(i) => match sources.get(i) {
                    Some(more) => at.extend(more.iter().cloned()),
                    None => drop(ends.insert(x)),
                },
                Root::Outlet(_) => drop(ends.insert(x)),
            }
        }
        let derived = !ends.contains(&Root::Story(*s));
        if !derived && open.contains(s) {
            untold.insert(*s);
        } else if !shared.contains(s) {
            alone.insert(*s);
        } else {
            for e in ends {
                roots.entry(e).or_default().insert(*s);
            }
        }
    }
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    let mut out = format!("{} report{}, {} visible origin{}", set.len(), plural(set.len()), roots.len(), plural(roots.len()));
    if !untold.is_empty() {
        out += &format!(", {} undetermined", untold.len());
    }
    for (root, of) in &roots {
        let name = match root {
            Root::Story(i) => label(*i),
            Root::Outlet(o) => format!("{o}, which is not in this collection"),
        };
        let from: Vec<String> = of.iter().filter(|i| *root != Root::Story(**i)).map(|i| label(*i)).collect();
        out += &format!("\n  {name}{}", if from.is_empty() { String::new() } else { format!(" ← {}", from.join(", ")) });
    }
    if !alone.is_empty() {
        let names: Vec<String> = alone.iter().map(|i| label(*i)).collect();
        out += &format!("\n  no repeated words were found for: {}. That does not make them independent.", names.join(", "));
    }
    out
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Root {
    Story(u32),
    Outlet(String),
}
