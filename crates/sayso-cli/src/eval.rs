//! `sayso eval`: what Sayso finds, or a file of what something else found, against what people marked.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rayon::prelude::*;
use sayso::score::{self, Counts, Measure, QuoteForm, Triple};
use sayso::{Tagger, grade};
use sayso_text::Format;

use crate::args::Eval;
use crate::input::Known;
use crate::output;

mod speakers;
mod worst;

/// A story as people marked it.
struct Gold {
    name: String,
    outlet: String,
    text: String,
    /// One for each annotator, by file name; figures are against the first.
    annotators: Vec<Vec<Triple>>,
    /// What the first annotator is called in the file names; empty where nothing tells.
    first: String,
}

/// A story as it was found: attributions with the lower end of their range of confidence.
type Found = Vec<(Triple, Option<f32>)>;

pub fn eval(args: &Eval) -> Result<u8> {
    let mut gold = Vec::new();
    for path in &args.gold {
        gold.extend(read_gold(path).with_context(|| path.display().to_string())?);
    }
    if gold.is_empty() {
        bail!("no annotated story was found");
    }
    if let Some(labels) = &args.speakers {
        return speakers::eval(&gold, labels, &Known::new(&args.about)?, args.errors).map(|()| 0);
    }
    let found = match &args.pred {
        Some(p) => recorded(p, &gold)?,
        None => gold.par_iter().map(|g| mark(&g.text)).collect::<Result<Vec<Found>>>()?,
    };
    output::print(&report(&gold, &found, args.errors.unwrap_or(0)))?;
    Ok(0)
}

/// Sayso's own attributions. The text is read as the plain file that the annotators saw.
fn mark(text: &str) -> Result<Found> {
    let hint = sayso_read::Hint { name: None, format: Some(Format::Plain) };
    let doc = sayso_read::read(text.as_bytes(), &hint)?.value;
    let story = sayso::read(doc, Tagger::shared());
    Ok(story
        .statements
        .into_iter()
        .map(|s| {
            let a = s.attribution;
            (Triple { source: a.source, cue: a.cue, content: a.content }, Some(s.sure.range.0))
        })
        .collect())
}

/// A PolNeAR split (`text/` and `attributions/`) or a file in the exchange format.
fn read_gold(path: &Path) -> Result<Vec<Gold>> {
    if path.is_file() {
        return Ok(exchange(path)?
            .into_iter()
            .map(|r| Gold {
                outlet: r.outlet.unwrap_or_else(|| outlet_of(&stem(&r.path))),
                name: stem(&r.path),
                text: r.text,
                annotators: vec![r.attributions.into_iter().map(|(t, _)| t).collect()],
                first: String::new(),
            })
            .collect());
    }
    let (texts, anns) = (path.join("text"), path.join("attributions"));
    if !texts.is_dir() || !anns.is_dir() {
        bail!("is neither a file in the exchange format nor a folder with text/ and attributions/");
    }
    let mut by_story: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for file in listed(&anns, "ann")? {
        let name = stem(&file.to_string_lossy());
        // NAME_xxxx.ann: four characters name the annotator
        if let Some((story, _)) = name.rsplit_once('_').filter(|(_, who)| who.chars().count() == 4) {
            by_story.entry(story.to_string()).or_default().push(file);
        }
    }
    let mut out = Vec::new();
    for file in listed(&texts, "txt")? {
        let name = stem(&file.to_string_lossy());
        let Some(files) = by_story.get(&name) else {
            continue;
        };
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let mut annotators = Vec::new();
        for f in files {
            let (all, odd) = score::standoff(&text, &fs::read_to_string(f).with_context(|| f.display().to_string())?);
            if odd > 0 {
                output::complain(&format!("{}: {odd} line(s) make no sense and were passed over", f.display()));
            }
            annotators.push(all);
        }
        let first = files.first().map_or(String::new(), |f| stem(&f.to_string_lossy()).rsplit('_').next().unwrap_or("").to_string());
        out.push(Gold { outlet: outlet_of(&name), name, text, annotators, first });
    }
    Ok(out)
}

fn listed(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut out: Vec<PathBuf> = fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    out.retain(|p| p.extension().is_some_and(|e| e == extension));
    out.sort();
    Ok(out)
}

fn stem(path: &str) -> String {
    Path::new(path).file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned())
}

/// PolNeAR's file names begin with the outlet.
fn outlet_of(name: &str) -> String {
    name.split('_').next().unwrap_or(name).to_string()
}

fn exchange(path: &Path) -> Result<Vec<sayso_show::Recorded>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    text.lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty())
        .map(|(i, l)| sayso_show::recorded(l).map_err(|e| anyhow::anyhow!("{} line {} {e}", path.display(), i + 1)))
        .collect()
}

/// What a file says was found, in the order of the gold. A story that it leaves out has nothing found.
fn recorded(path: &Path, gold: &[Gold]) -> Result<Vec<Found>> {
    let mut by_name: BTreeMap<String, sayso_show::Recorded> = exchange(path)?.into_iter().map(|r| (stem(&r.path), r)).collect();
    gold.iter()
        .map(|g| match by_name.remove(&g.name) {
            Some(r) if r.text != g.text.trim_start_matches('\u{feff}') => {
                bail!("{}: the text of {} is not the annotated one", path.display(), g.name)
            }
            Some(r) => Ok(r.attributions),
            None => {
                output::complain(&format!("{} has no story {}: all of it counts as missed", path.display(), g.name));
                Ok(Vec::new())
            }
        })
        .collect()
}

fn triples(found: &Found) -> Vec<Triple> {
    found.iter().map(|(t, _)| t.clone()).collect()
}

fn report(gold: &[Gold], found: &[Found], errors: usize) -> String {
    let per_story: Vec<Counts> = gold.iter().zip(found).map(|(g, f)| score::score(&g.text, &triples(f), &g.annotators[0])).collect();
    let all: Vec<&Counts> = per_story.iter().collect();
    let mut out = String::new();
    let annotated: usize = gold.iter().map(|g| g.annotators[0].len()).sum();
    let _ = writeln!(out, "{} stories, {annotated} attributions marked by the first annotator of each\n", gold.len());
    let _ = writeln!(out, "{:<26}{:>7}{:>7}{:>7}  {:<14}  right of found, gold", "", "P", "R", "F1", "95 % interval");
    let mut lines: Vec<Measure> = (0..3).flat_map(|i| [Measure::Part(i, true), Measure::Part(i, false)]).collect();
    lines.extend([Measure::Complete(true), Measure::Complete(false)]);
    for f in [QuoteForm::Direct, QuoteForm::Indirect, QuoteForm::Mixed] {
        lines.extend([Measure::Form(f, true), Measure::Form(f, false)]);
    }
    lines.push(Measure::DirectFound);
    for m in lines {
        line(&mut out, &m.name(), &all, m);
    }
    grouped(&mut out, "Complete, by outlet", gold, &per_story, |g| &g.outlet);
    if gold.iter().any(|g| g.first != gold[0].first) {
        // People differ in how much they mark; these lines show how much of the errors is theirs.
        grouped(&mut out, "Complete, by annotator", gold, &per_story, |g| &g.first);
    }
    people(&mut out, gold);
    calibration(&mut out, gold, found);
    if errors > 0 {
        worst::worst(&mut out, gold, found, &per_story, errors);
    }
    out
}

/// Complete attributions for each group of stories, groups by name.
fn grouped(out: &mut String, title: &str, gold: &[Gold], per_story: &[Counts], key: impl Fn(&Gold) -> &str) {
    let _ = writeln!(out, "\n{title}");
    let mut groups: BTreeMap<&str, Vec<&Counts>> = BTreeMap::new();
    for (g, c) in gold.iter().zip(per_story) {
        groups.entry(key(g)).or_default().push(c);
    }
    for (name, of) in groups {
        line(out, &format!("{name} exact"), &of, Measure::Complete(true));
        line(out, &format!("{name} overlap"), &of, Measure::Complete(false));
    }
}

fn total(stories: &[&Counts]) -> Counts {
    let mut sum = Counts::new();
    for c in stories {
        score::add(&mut sum, c);
    }
    sum
}

fn line(out: &mut String, name: &str, stories: &[&Counts], m: Measure) {
    let c = total(stories).get(&m).copied().unwrap_or_default();
    let percent = |x: Option<f64>| x.map_or("-".to_string(), |x| format!("{:.1}", 100.0 * x));
    let range = score::interval(stories, m).map_or("-".to_string(), |(a, b)| format!("{:.1}-{:.1}", 100.0 * a, 100.0 * b));
    let _ = writeln!(
        out,
        "{name:<26}{:>7}{:>7}{:>7}  {range:<14}  {} of {}, {}",
        percent(c.precision()),
        percent(c.recall()),
        percent(c.f1()),
        c.right,
        c.found,
        c.gold
    );
}

/// How far people agree with one another where a story has several: every ordered pair.
fn people(out: &mut String, gold: &[Gold]) {
    let several: Vec<&Gold> = gold.iter().filter(|g| g.annotators.len() > 1).collect();
    if several.is_empty() {
        let _ = writeln!(out, "\nPerson to person: no story here has two annotators");
        return;
    }
    let mut pairs = Vec::new();
    for g in &several {
        let mut sum = Counts::new();
        for (i, a) in g.annotators.iter().enumerate() {
            for (j, b) in g.annotators.iter().enumerate() {
                if i != j {
                    score::add(&mut sum, &score::score(&g.text, a, b));
                }
            }
        }
        pairs.push(sum);
    }
    let _ = writeln!(out, "\nPerson to person, {} stories with several annotators", several.len());
    let all: Vec<&Counts> = pairs.iter().collect();
    for m in [Measure::Complete(true), Measure::Complete(false)] {
        line(out, &m.name(), &all, m);
    }
}

/// Whether the ranges mean what they say: of the attributions in each, how many agree with the person's.
fn calibration(out: &mut String, gold: &[Gold], found: &[Found]) {
    let mut bins: BTreeMap<u8, (usize, usize)> = BTreeMap::new();
    for (g, f) in gold.iter().zip(found) {
        // Those without cue and content are not scored, so they are not calibrated on either.
        let scored: Vec<&(Triple, Option<f32>)> =
            f.iter().filter(|(t, _)| !score::norm(&g.text, &t.content).is_empty() || !score::norm(&g.text, &t.cue).is_empty()).collect();
        let right = score::correct(&g.text, &scored.iter().map(|(t, _)| t.clone()).collect::<Vec<_>>(), &g.annotators[0]);
        for ((_, low), right) in scored.into_iter().zip(right) {
            if let Some(low) = low {
                let bin = bins.entry((low * 10.0).round() as u8).or_default();
                bin.0 += usize::from(right);
                bin.1 += 1;
            }
        }
    }
    if bins.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nCalibration: of the attributions that say so, how many agree (complete, overlap)");
    for (tenth, (right, n)) in bins {
        let level = grade::Sure::of(f32::from(tenth) / 10.0 + 0.05).level.name();
        let _ = writeln!(
            out,
            "{:<26}{:>6.1} %  {right} of {n}",
            format!("{}-{} % ({level})", tenth * 10, tenth * 10 + 10),
            100.0 * right as f64 / n as f64
        );
    }
}
