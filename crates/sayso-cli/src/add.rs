//! `sayso add`: stories into a collection.

use std::fs::File;
use std::io::{BufRead, BufReader, Write as _};
use std::sync::atomic::Ordering;

use anyhow::{Context, Result, anyhow, bail};
use indicatif::{ProgressBar, ProgressDrawTarget};
use rayon::prelude::*;
use sayso::{Story, Tagger};
use sayso_read::records::{Field, record};
use sayso_read::{Hint, MAX_BYTES};
use sayso_store::{Added, Arrival, Store, bytes_hash};
use sayso_text::{Format, Meta};

use crate::args::Add;
use crate::input::{Input, Known, inputs};
use crate::output;
use crate::read::{INTERRUPTED, bar, interrupted, of_bytes, threads};

/// Stories that are stored at once: what a killed run has to read again at most.
const BATCH: usize = 32;

/// One story as it came: a file, or a line of a file.
struct Item {
    name: String,
    bytes: Vec<u8>,
    line: bool,
}

#[derive(Default)]
struct Tally {
    new: usize,
    versions: usize,
    known: usize,
    failed: usize,
}

pub fn add(args: &Add) -> Result<u8> {
    threads(args.jobs)?;
    let (mut inputs, failed) = inputs(&args.paths);
    let mut tally = Tally { failed: failed.len(), ..Tally::default() };
    for (path, why) in &failed {
        output::complain(&format!("{path} {why}"));
    }
    if inputs.is_empty() {
        bail!("there is nothing to add");
    }
    // a collection that lies among its stories is none of them
    inputs.retain(|i| i.shown() != args.to.to_string_lossy());
    let about = Known::new(&args.about)?;
    let mut store = Store::create(&args.to)?;
    let stop = interrupted()?;
    let bar = bar(inputs.len(), ProgressDrawTarget::stderr());
    let mut batch: Vec<Item> = Vec::with_capacity(BATCH);
    'all: for input in &inputs {
        let lines = matches!(input, Input::File(p) if p.extension().is_some_and(|e| e == "jsonl" || e == "ndjson"));
        if lines {
            let Input::File(path) = input else { continue };
            let file = File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
            for (n, line) in BufReader::new(file).split(b'\n').enumerate() {
                let line = line.with_context(|| format!("{} cannot be read", path.display()))?;
                if line.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                batch.push(Item { name: format!("{}:{}", path.display(), n + 1), bytes: line, line: true });
                if batch.len() == BATCH {
                    bar.inc_length(BATCH as u64);
                    store_batch(&mut store, &mut batch, &about, args, &bar, &mut tally)?;
                    if stop.load(Ordering::SeqCst) {
                        break 'all;
                    }
                }
            }
            bar.inc(1);
            continue;
        }
        match input.bytes() {
            Ok(bytes) => batch.push(Item { name: input.shown(), bytes, line: false }),
            Err(e) => {
                bar.suspend(|| output::complain(&format!("{} {e:#}", input.shown())));
                tally.failed += 1;
                bar.inc(1);
            }
        }
        if batch.len() == BATCH {
            store_batch(&mut store, &mut batch, &about, args, &bar, &mut tally)?;
        }
        if stop.load(Ordering::SeqCst) {
            break;
        }
    }
    let stopped = stop.load(Ordering::SeqCst);
    if !stopped {
        store_batch(&mut store, &mut batch, &about, args, &bar, &mut tally)?;
    }
    bar.finish_and_clear();
    output::complain(&report(&tally, &store, args)?);
    if stopped {
        output::complain("interrupted; what was added is kept, and the same command goes on from there");
        return Ok(INTERRUPTED);
    }
    Ok(match (tally.new + tally.versions + tally.known, tally.failed) {
        (_, 0) => 0,
        (0, _) => crate::NOTHING,
        _ => 1,
    })
}

fn report(t: &Tally, store: &Store, args: &Add) -> Result<String> {
    let mut parts = vec![format!("{} added", t.new)];
    if t.versions > 0 {
        parts.push(format!("{} as later versions of stories that were there", t.versions));
    }
    if t.known > 0 {
        parts.push(format!("{} were there already", t.known));
    }
    if t.failed > 0 {
        parts.push(format!("{} could not be read", t.failed));
    }
    let n = store.len()?;
    Ok(format!("{}; {} holds {n} {}", parts.join(", "), args.to.display(), if n == 1 { "story" } else { "stories" }))
}

/// Reads a batch's stories on all threads and stores them in one transaction.
fn store_batch(store: &mut Store, batch: &mut Vec<Item>, about: &Known, args: &Add, bar: &ProgressBar, tally: &mut Tally) -> Result<()> {
    let mut fresh: Vec<(String, String, Vec<u8>, bool)> = Vec::new();
    for item in batch.drain(..) {
        let hash = bytes_hash(&item.bytes);
        let mut meta = Meta::default();
        if !item.line {
            about.fill(&item.name, &mut meta);
        }
        // what was read before is not read again
        if store.known(&hash, &meta)?.is_some() && meta == Meta::default() {
            tally.known += 1;
            bar.inc(1);
        } else {
            fresh.push((item.name, hash, item.bytes, item.line));
        }
    }
    let read: Vec<(String, String, Result<Story>)> = fresh
        .into_par_iter()
        .map(|(name, hash, bytes, line)| {
            let story = if line { from_line(&bytes, about) } else { of_bytes(&name, bytes, None, about) };
            (name, hash, story)
        })
        .collect();
    let mut good = Vec::new();
    for (name, hash, story) in read {
        match story {
            Ok(story) => good.push((name, hash, story)),
            Err(e) => {
                bar.suspend(|| output::complain(&format!("{name} {e:#}")));
                tally.failed += 1;
                bar.inc(1);
            }
        }
    }
    let arrivals: Vec<Arrival<'_>> = good.iter().map(|(name, hash, story)| Arrival { story, path: name, bytes: hash }).collect();
    if arrivals.is_empty() {
        return Ok(());
    }
    for (added, (name, ..)) in store.add(&arrivals)?.into_iter().zip(&good) {
        match added {
            Added::New(_) => tally.new += 1,
            Added::Version(..) => tally.versions += 1,
            Added::Known(_) => tally.known += 1,
        }
        if args.list {
            writeln!(std::io::stdout(), "{name}")?;
        }
        bar.inc(1);
    }
    Ok(())
}

/// A story out of a line of JSON: its text, and what the line tells of it.
fn from_line(bytes: &[u8], about: &Known) -> Result<Story> {
    if bytes.len() > MAX_BYTES {
        bail!(sayso_read::Refused::TooLong(bytes.len()));
    }
    let line = std::str::from_utf8(bytes).map_err(|_| anyhow!("is not UTF-8, as JSON must be"))?;
    let row = record(line).map_err(|e| anyhow!("{e}"))?;
    let mapping = about.mapping();
    let text = mapping.get(&row, Field::Text).ok_or_else(|| {
        anyhow!("has no text; say --field text=COLUMN (it has: {})", row.iter().map(|(c, _)| c.as_str()).collect::<Vec<_>>().join(", "))
    })?;
    let read = sayso_read::read(text.as_bytes(), &Hint { name: None, format: Some(Format::Plain) })?;
    let mut doc = read.value;
    mapping.fill(&row, &mut doc.meta);
    if let Some(path) = mapping.get(&row, Field::Path) {
        about.fill(path, &mut doc.meta);
    }
    let mut story = sayso::read(doc, Tagger::shared());
    story.warnings.splice(0..0, read.warnings);
    Ok(story)
}
