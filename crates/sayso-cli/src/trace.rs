//! `sayso trace` and `sayso origins`.

use anyhow::{Result, bail};
use sayso::trace::together;
use sayso_show::{Coverage, Lineage, Style};
use sayso_store::{Kept, Store};

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

/// The families in which words stand.
fn words(store: Store, words: &str) -> Result<Asked> {
    let Some(found) = store.asked(words)? else {
        bail!("{words:?} is no story of this collection, and a quotation needs three words or more");
    };
    let sayso_store::Asked { kept, families, holding } = found;
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
        LineageFormat::Csv => out.write_all(&sayso_show::csv_bytes(&sayso_show::lineage_csv(&l)))?,
        LineageFormat::Terminal => {
            let style = Style { width: output::width(), colour: args.output.is_none() && output::colours() };
            if let Some(none) = nothing(&asked, &l) {
                writeln!(out, "{none}")?;
            }
            if asked.stories.len() > 1 {
                let all = together(&asked.kept.traced, &asked.kept.reports, &asked.stories);
                writeln!(out, "{}\n", sayso_show::together_text(&l, &all))?;
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
