//! `sayso read` and `sayso explain`.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Result, anyhow, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use sayso::{Story, SureLevel, Tagger};
use sayso_read::Hint;
use sayso_show::{Filter, Style, View};

use crate::args::{self, Explain, Format, Read};
use crate::input::{Input, Known, inputs};
use crate::output;

/// Stories read at once before their results are written: bounds memory and keeps what was written whole on Ctrl-C.
const BATCH: usize = 32;

/// Exit code where Ctrl-C ended the run.
pub const INTERRUPTED: u8 = 130;

/// Uses so many threads; all processors if none are given.
pub fn threads(jobs: Option<usize>) -> Result<()> {
    if let Some(n) = jobs {
        rayon::ThreadPoolBuilder::new().num_threads(n).build_global()?;
    }
    Ok(())
}

/// Set by Ctrl-C. A second Ctrl-C ends at once; the first lets the stories in work be written.
pub fn interrupted() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::SeqCst) {
            std::process::exit(i32::from(INTERRUPTED));
        }
    })?;
    Ok(stop)
}

/// A bar over so many stories, on standard error.
pub fn bar(n: usize, target: ProgressDrawTarget) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(n as u64), target);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} stories, {eta} left") {
        bar.set_style(style);
    }
    bar
}

pub fn read(args: &Read) -> Result<u8> {
    threads(args.jobs)?;
    let (inputs, mut failed) = inputs(&args.paths);
    for (path, why) in &failed {
        output::complain(&format!("{path} {why}"));
    }
    if inputs.is_empty() {
        bail!("there is nothing to read");
    }
    let stop = interrupted()?;
    let about = Known::new(&args.about)?;
    let bar = progress(inputs.len(), args);
    let mut writer = Writer::new(args)?;
    let (mut done, mut written) = (0, 0);
    for batch in inputs.chunks(BATCH) {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let stories: Vec<(String, Result<Story>)> = batch
            .par_iter()
            .map(|i| {
                let story = story(i, args.from, &about);
                bar.inc(1);
                (i.shown(), story)
            })
            .collect();
        for (path, story) in stories {
            done += 1;
            match story {
                Ok(story) => {
                    writer.write(&story, &path)?;
                    written += 1;
                }
                Err(e) => {
                    bar.suspend(|| output::complain(&format!("{path} {e:#}")));
                    failed.push((path, format!("{e:#}")));
                }
            }
        }
        writer.flush()?;
    }
    bar.finish_and_clear();
    writer.finish()?;
    if stop.load(Ordering::SeqCst) {
        output::complain(&format!("interrupted: {done} of {} read, what was read is written", inputs.len()));
        return Ok(INTERRUPTED);
    }
    if inputs.len() + failed.len() > 1 && (!failed.is_empty() || args.output.is_some()) {
        output::complain(&format!("{written} read, {} could not be read", failed.len()));
    }
    Ok(match (written, failed.len()) {
        (_, 0) => 0,
        (0, _) => crate::NOTHING,
        _ => 1,
    })
}

fn progress(n: usize, args: &Read) -> ProgressBar {
    // Where results run over the same terminal a bar would stand between them.
    let quiet = n < 2 || args.output.is_none() && std::io::IsTerminal::is_terminal(&std::io::stdout());
    bar(n, if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() })
}

/// Reads one input as far as its attributions.
pub fn story(input: &Input, from: Option<args::From>, about: &Known) -> Result<Story> {
    let format = from.map(|f| match f {
        args::From::Text => sayso_text::Format::Plain,
        args::From::Markdown => sayso_text::Format::Markdown,
        args::From::Html => sayso_text::Format::Html,
    });
    of_bytes(&input.shown(), input.bytes()?, format, about)
}

/// The story that some bytes are. `shown` is the path as the user wrote it, or `-`.
pub fn of_bytes(shown: &str, bytes: Vec<u8>, format: Option<sayso_text::Format>, about: &Known) -> Result<Story> {
    let name = (shown != "-").then(|| Path::new(shown).file_name().map(|n| n.to_string_lossy().into_owned())).flatten();
    let read = sayso_read::read(&bytes, &Hint { name, format })?;
    drop(bytes);
    let mut doc = read.value;
    about.fill(shown, &mut doc.meta);
    let mut story = sayso::read(doc, Tagger::shared());
    story.warnings.splice(0..0, read.warnings);
    about.correct(shown, &mut story)?;
    Ok(story)
}

fn level(sure: args::Sure) -> SureLevel {
    match sure {
        args::Sure::Tentative => SureLevel::Tentative,
        args::Sure::Likely => SureLevel::Likely,
        args::Sure::Firm => SureLevel::Firm,
    }
}

/// Writes stories one after the other in the chosen format.
struct Writer<'a> {
    args: &'a Read,
    out: Box<dyn Write>,
    count: usize,
    style: Style,
}

impl<'a> Writer<'a> {
    fn new(args: &'a Read) -> Result<Self> {
        let style = Style { width: output::width(), colour: args.output.is_none() && output::colours() };
        let mut out = output::open(args.output.as_deref())?;
        match args.format {
            Format::Csv => out.write_all(&sayso_show::csv_bytes(&[sayso_show::CSV_COLUMNS.iter().map(|c| (*c).to_string()).collect()]))?,
            Format::Json => out.write_all(b"[")?,
            _ => {}
        }
        Ok(Self { args, out, count: 0, style })
    }

    fn write(&mut self, story: &Story, path: &str) -> Result<()> {
        let filter = Filter { sources_only: self.args.sources, unnamed: self.args.unnamed, min_sure: self.args.min_sure.map(level) };
        let view = View { story, path, filter };
        let again = self.count > 0;
        self.count += 1;
        let text = match self.args.format {
            Format::Terminal => format!("{}{}", if again { "\n" } else { "" }, sayso_show::terminal(&view, self.style)),
            Format::Jsonl => sayso_show::exchange(&view) + "\n",
            Format::Json => format!("{}\n{}", if again { "," } else { "" }, sayso_show::exchange(&view)),
            Format::Markdown => format!("{}{}", if again { "\n" } else { "" }, sayso_show::markdown(&view)),
            Format::Html => {
                if again {
                    bail!("a page holds one story: use --format html with one path, or jsonl for many");
                }
                sayso_show::html(&view)
            }
            Format::Csv => {
                self.out.write_all(&sayso_show::csv_bytes(&sayso_show::csv_rows(&view, !self.args.no_formula_guard)))?;
                return Ok(());
            }
        };
        self.out.write_all(text.as_bytes())?;
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }

    fn finish(mut self) -> Result<()> {
        if self.args.format == Format::Json {
            self.out.write_all(b"\n]\n")?;
        }
        self.flush()
    }
}

pub fn explain(args: &Explain) -> Result<u8> {
    let (inputs, failed) = inputs(std::slice::from_ref(&args.path));
    if let Some((path, why)) = failed.first() {
        bail!("{path} {why}");
    }
    let [input] = inputs.as_slice() else { bail!("{} is not one story", args.path) };
    let story = story(input, None, &Known::new(&args.about)?).map_err(|e| anyhow!("{} {e:#}", args.path))?;
    match sayso_show::explain(&View::new(&story, &args.path), &args.id) {
        Some(text) => output::print(&text).map(|()| 0),
        None => bail!("{} has no statement {}: it has a1 to a{}", args.path, args.id, story.statements.len()),
    }
}
