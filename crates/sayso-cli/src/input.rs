//! Which files are meant, and their bytes.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sayso::{Correction, Story};
use sayso_read::MAX_BYTES;
use sayso_read::records::{Mapping, Sidecar};
use sayso_show::Corrections;
use sayso_text::Meta;

use crate::args::About;

/// One thing to read: a path as it will be shown, or standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

impl Input {
    /// As shown to the user and written to outputs.
    pub fn shown(&self) -> String {
        match self {
            Input::File(p) => p.to_string_lossy().into_owned(),
            Input::Stdin => "-".into(),
        }
    }

    /// Its bytes: one more than are read at most, so that a longer file is known for one.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        let most = MAX_BYTES as u64 + 1;
        match self {
            Input::File(p) => {
                let size = fs::metadata(p).map_or(0, |m| m.len());
                fs::File::open(p).with_context(|| format!("{} cannot be opened", p.display()))?.take(most).read_to_end(&mut out)?;
                // What is said of a file that is too long should name its true size.
                if out.len() as u64 == most && size > most {
                    anyhow::bail!(sayso_read::Refused::TooLong(size as usize));
                }
            }
            Input::Stdin => {
                std::io::stdin().lock().take(most).read_to_end(&mut out)?;
            }
        }
        Ok(out)
    }
}

/// What the user tells of the stories, beside what they tell of themselves.
#[derive(Debug, Default)]
pub struct Known {
    sidecar: Option<Sidecar>,
    outlet: Option<String>,
    published: Option<String>,
    mapping: Mapping,
    corrections: Corrections,
}

fn read_corrections(path: &Path) -> Result<Corrections> {
    let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    sayso_show::corrections(&text).map_err(|e| anyhow::anyhow!("{} {e}", path.display()))
}

impl Known {
    /// Reads the table that the arguments name.
    pub fn new(about: &About) -> Result<Self> {
        let mut mapping = Mapping::default();
        for rule in &about.field {
            mapping.set(rule).map_err(anyhow::Error::msg)?;
        }
        let sidecar = match &about.metadata {
            Some(path) => {
                let bytes = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
                Some(Sidecar::read(&bytes, mapping.clone()).map_err(|e| anyhow::anyhow!("{}: {e}", path.display()))?)
            }
            None => None,
        };
        let corrections = about.corrections.as_deref().map(read_corrections).transpose()?.unwrap_or_default();
        Ok(Self { sidecar, outlet: about.outlet.clone(), published: about.published.clone(), mapping, corrections })
    }

    /// Applies the corrections for a story: those that were given, and those in a file beside it. A file that cannot be read is an
    /// error, for running without somebody's corrections would look like running with them.
    pub fn correct(&self, path: &str, story: &mut Story) -> Result<()> {
        let name = Path::new(path).file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let beside = PathBuf::from(format!("{path}.corrections.json"));
        let own = if path != "-" && beside.is_file() { read_corrections(&beside)? } else { Vec::new() };
        let meant = |s: &Option<String>| s.as_ref().is_none_or(|s| s == path || *s == name || s == story.doc.id.as_str());
        let all: Vec<Correction> = self.corrections.iter().chain(&own).filter(|(s, _)| meant(s)).map(|(_, c)| c.clone()).collect();
        sayso::correct(story, &all);
        Ok(())
    }

    /// Which column holds what.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// Fills in what is known of one story: the table first, then what was said of all of them.
    pub fn fill(&self, path: &str, meta: &mut Meta) {
        if let Some(s) = &self.sidecar {
            s.fill(path, meta);
        }
        for (given, slot) in [(&self.outlet, &mut meta.outlet), (&self.published, &mut meta.published)] {
            if given.is_some() {
                slot.clone_from(given);
            }
        }
    }
}

const EXTENSIONS: &[&str] = &["txt", "text", "html", "htm", "xhtml", "md", "markdown"];

/// The inputs that the arguments mean, in their order, and what of them could not be used, with the reason. A file that is
/// meant twice is read once.
pub fn inputs(paths: &[String]) -> (Vec<Input>, Vec<(String, String)>) {
    let (mut out, mut wrong, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut add = |p: PathBuf, out: &mut Vec<Input>| {
        if seen.insert(p.clone()) {
            out.push(Input::File(p));
        }
    };
    for arg in paths {
        let path = Path::new(arg);
        if arg == "-" {
            out.push(Input::Stdin);
        } else if path.is_dir() {
            let before = out.len();
            for file in walk(path, &mut wrong) {
                let known =
                    file.extension().and_then(|e| e.to_str()).is_some_and(|e| EXTENSIONS.contains(&e.to_ascii_lowercase().as_str()));
                if known {
                    add(file, &mut out);
                }
            }
            if out.len() == before {
                wrong.push((arg.clone(), format!("holds no story: no file that ends in .{}", EXTENSIONS.join(", ."))));
            }
        } else if path.exists() {
            add(path.to_path_buf(), &mut out);
        } else if arg.contains(['*', '?', '[']) {
            match matching(arg, &mut wrong) {
                Ok(found) if !found.is_empty() => found.into_iter().for_each(|f| add(f, &mut out)),
                Ok(_) => wrong.push((arg.clone(), "matches no file".into())),
                Err(e) => wrong.push((arg.clone(), format!("is no pattern: {e}"))),
            }
        } else {
            wrong.push((arg.clone(), "does not exist".into()));
        }
    }
    (out, wrong)
}

/// The files below a folder, by name.
fn walk(folder: &Path, wrong: &mut Vec<(String, String)>) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        match entry {
            Ok(e) if e.file_type().is_file() => out.push(e.into_path()),
            Ok(_) => {}
            Err(e) => wrong
                .push((e.path().map_or_else(|| folder.display().to_string(), |p| p.display().to_string()), "cannot be looked into".into())),
        }
    }
    out
}

/// The files that a pattern means, for shells that hand it on as it is.
fn matching(pattern: &str, wrong: &mut Vec<(String, String)>) -> Result<Vec<PathBuf>, globset::Error> {
    let glob = globset::GlobBuilder::new(pattern).literal_separator(true).build()?.compile_matcher();
    let fixed: PathBuf =
        Path::new(pattern).components().take_while(|c| !c.as_os_str().to_string_lossy().contains(['*', '?', '['])).collect();
    let root = if fixed.as_os_str().is_empty() { PathBuf::from(".") } else { fixed };
    let found = walk(&root, wrong).into_iter().map(|p| p.strip_prefix("./").map(Path::to_path_buf).unwrap_or(p));
    Ok(found.filter(|p| glob.is_match(p)).collect())
}
