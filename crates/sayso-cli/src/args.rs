use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// Shows, for every statement that a story carries, whose word it is.
#[derive(Parser, Debug)]
#[command(name = "sayso", version, about, long_about = None, after_help = EXAMPLES, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  sayso read story.html                        one story, in the terminal
  sayso read stories/ --format csv -o out.csv  a folder, as a table
  pbpaste | sayso read -                       what was copied
  sayso explain a3 story.html                  the evidence behind one statement";

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Reads stories and shows whose word every statement is.
    #[command(after_help = READ_EXAMPLES)]
    Read(Read),
    /// Shows the evidence behind one statement of a story.
    #[command(after_help = "Example:\n  sayso explain a3 examples/harbour-bridge.txt")]
    Explain(Explain),
    /// Scores attributions against those that people marked.
    #[command(after_help = EVAL_EXAMPLES)]
    Eval(Eval),
    /// Prints the JSON Schema of the exchange format.
    Schema,
}

const READ_EXAMPLES: &str = "\
Examples:
  sayso read story.txt
  sayso read story.html --unnamed              unnamed sources only
  sayso read a.txt b.html 'desk/*.md' --sources
  sayso read stories/ --format jsonl -o out.jsonl
  sayso read story.txt --format html -o story-read.html

Exit codes: 0 all was read, 1 something could not be read, 2 nothing could be read.";

#[derive(clap::Args, Debug)]
pub struct Read {
    /// Files, folders (searched for .txt, .text, .html, .htm, .xhtml, .md and .markdown), patterns, or - for standard input.
    #[arg(required = true)]
    pub paths: Vec<String>,
    /// How to show it.
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    pub format: Format,
    /// Write to this file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Only the table of sources.
    #[arg(long)]
    pub sources: bool,
    /// Only unnamed sources and what is attributed to them.
    #[arg(long)]
    pub unnamed: bool,
    /// Only statements at least this sure.
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub min_sure: Option<Sure>,
    /// Read everything as this, whatever its name and first bytes say.
    #[arg(long, value_enum, value_name = "KIND")]
    pub from: Option<From>,
    #[command(flatten)]
    pub about: About,
    /// Leave CSV cells that start with = + - @ as they are: a spreadsheet may run them as formulas.
    #[arg(long)]
    pub no_formula_guard: bool,
    /// Threads to use; all processors if left out. The output does not depend on it.
    #[arg(short, long, value_name = "N")]
    pub jobs: Option<usize>,
}

/// What is known of the stories beside their text.
#[derive(clap::Args, Debug, Clone, Default)]
pub struct About {
    /// A table about the files (CSV, TSV or JSON Lines; columns such as file, outlet, title, author, date, url).
    #[arg(long, value_name = "FILE")]
    pub metadata: Option<PathBuf>,
    /// Which column of it, or which field of a story in JSON Lines, holds what, where the usual names do not fit: outlet=publisher.
    #[arg(long, value_name = "FIELD=COLUMN")]
    pub field: Vec<String>,
    /// The outlet that published the stories.
    #[arg(long, value_name = "NAME")]
    pub outlet: Option<String>,
    /// When they were published: 2023-05-04.
    #[arg(long, value_name = "DATE")]
    pub published: Option<String>,
}

#[derive(clap::Args, Debug)]
pub struct Explain {
    /// Id of the statement, as `sayso read` prints it: a3.
    pub id: String,
    /// The story, or - for standard input.
    pub path: String,
}

const EVAL_EXAMPLES: &str = "\
Examples:
  sayso eval polnear/dev                         Sayso's own attributions
  sayso eval polnear/dev --pred other.jsonl      somebody else's, in the exchange format
  sayso eval polnear/dev --speakers speakers.jsonl   who is behind them, and on what terms
  sayso eval polnear/dev --errors 3              and the three worst stories, gold and found";

#[derive(clap::Args, Debug)]
pub struct Eval {
    /// Annotated stories: folders with text/ and attributions/ (brat standoff, as PolNeAR has it), or files in the exchange format.
    #[arg(required = true)]
    pub gold: Vec<PathBuf>,
    /// Score this file (exchange format, one story a line) instead of Sayso.
    #[arg(long, value_name = "FILE")]
    pub pred: Option<PathBuf>,
    /// Score who is behind the attributions and on what terms, against this file of labels (JSON Lines, one attribution a line), with
    /// the labelled words given and end to end.
    #[arg(long, value_name = "FILE", conflicts_with = "pred")]
    pub speakers: Option<PathBuf>,
    #[command(flatten)]
    pub about: About,
    /// Show the worst stories, with what was marked and what was found.
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "5")]
    pub errors: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Terminal,
    Json,
    Jsonl,
    Csv,
    Markdown,
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Sure {
    Tentative,
    Likely,
    Firm,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum From {
    Text,
    Markdown,
    Html,
}
