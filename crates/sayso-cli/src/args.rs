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
  sayso explain a3 story.html                  the evidence behind one statement
  sayso add stories/ --to news.sayso           a collection in one file
  sayso origins \"she put her coffee on it\"     how many origins are visible behind a quotation
  sayso serve                                  the reading room, in a browser";

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
    /// Adds stories to a collection: one SQLite file.
    #[command(after_help = ADD_EXAMPLES)]
    Add(Add),
    /// Finds statements in a collection.
    #[command(after_help = SEARCH_EXAMPLES)]
    Search(Search),
    /// Who is given most statements, and on what terms each outlet's come.
    #[command(after_help = "Examples:\n  sayso sources\n  sayso sources --outlet \"Ferrisburg Herald\" --format csv")]
    Sources(Sources),
    /// Everything attributed to one person or body, over time.
    #[command(after_help = "Example:\n  sayso said \"Alma Reyes\"")]
    Said(Said),
    /// Counts of what a collection holds.
    Stats(Stats),
    /// Where words first appear in a collection, who repeated them and what changed on the way.
    #[command(after_help = TRACE_EXAMPLES)]
    Trace(Trace),
    /// How many origins are visible behind a quotation, a story or several.
    #[command(after_help = ORIGINS_EXAMPLES)]
    Origins(Trace),
    /// Opens the reading room: pages and an HTTP interface, on this machine alone.
    #[command(after_help = SERVE_EXAMPLES)]
    Serve(Serve),
    /// Prints the JSON Schema of the exchange format.
    Schema,
}

const ADD_EXAMPLES: &str = "\
Examples:
  sayso add stories/ --to news.sayso
  sayso add stories/ --to news.sayso --metadata stories.tsv
  sayso add dump.jsonl --to news.sayso --field text=body --field outlet=paper
  sayso add draft.txt --outlet \"Ferrisburg Herald\" --published 2023-05-03

What was added stays added, whatever happens: the same command goes on where it was stopped.";

const SEARCH_EXAMPLES: &str = "\
Examples:
  sayso search coffee
  sayso search '\"on her desk\"' --form direct
  sayso search 'insolv*' --naming unnamed --outlet Herald --from 2023-05-01
  sayso search --speaker Reyes --format csv -o reyes.csv";

const TRACE_EXAMPLES: &str = "\
Examples:
  sayso trace \"she had the report on her desk\"    one quotation
  sayso trace stories/relay.txt                     what a story shares with the others
  sayso trace                                       the whole collection
  sayso trace --format graphml -o lineage.graphml   for Gephi; also dot, json, csv, webanno

Edges: ── the later story says so, ╌╌ dates or wording tell, ┈┈ the words are shared and no more can be told.";

const ORIGINS_EXAMPLES: &str = "\
Examples:
  sayso origins \"she had the report on her desk\"   one quotation
  sayso origins a.html b.html c.html               it's on three wires: how many sources is that?
  sayso origins                                    the whole collection, most repeated first

\"Visible\" is all that a text can show: never that two reports are independent of one another.";

const SERVE_EXAMPLES: &str = "\
Examples:
  sayso serve                                  the reading room over news.sayso, made when the first story is kept
  sayso serve desk.sayso --port 0              another collection, any free port
  SAYSO_TOKEN=secret sayso serve               a token of your own, for programs that add stories

The address is http://127.0.0.1:4117/. Nothing is sent anywhere, and no other machine can reach it. Ctrl-C ends it.";

#[derive(clap::Args, Debug)]
pub struct Serve {
    /// The collection; made when the first story is kept.
    #[arg(value_name = "FILE", default_value = "news.sayso")]
    pub collection: PathBuf,
    /// The port on 127.0.0.1; 0 for any that is free.
    #[arg(long, value_name = "N", default_value_t = 4117)]
    pub port: u16,
}

/// Which collection.
#[derive(clap::Args, Debug, Clone)]
pub struct Collection {
    /// The collection.
    #[arg(long = "in", value_name = "FILE", default_value = "news.sayso")]
    pub collection: PathBuf,
}

#[derive(clap::Args, Debug)]
pub struct Add {
    /// Files, folders, patterns, JSON Lines with a story a line (.jsonl, .ndjson), or - for standard input.
    #[arg(required = true)]
    pub paths: Vec<String>,
    /// The collection; made where there is none.
    #[arg(long, value_name = "FILE", default_value = "news.sayso")]
    pub to: PathBuf,
    #[command(flatten)]
    pub about: About,
    /// Print each story's path once it is stored.
    #[arg(long)]
    pub list: bool,
    /// Threads to use; all processors if left out.
    #[arg(short, long, value_name = "N")]
    pub jobs: Option<usize>,
}

/// How a table is shown.
#[derive(clap::Args, Debug, Clone)]
pub struct Shown {
    /// How to show it.
    #[arg(long, value_enum, default_value_t = TableFormat::Terminal)]
    pub format: TableFormat,
    /// Write to this file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Leave CSV cells that start with = + - @ as they are: a spreadsheet may run them as formulas.
    #[arg(long)]
    pub no_formula_guard: bool,
}

#[derive(clap::Args, Debug)]
pub struct Search {
    /// Words of the statement; \"in quotation marks\" in that order, begin* for beginnings.
    pub words: Vec<String>,
    #[command(flatten)]
    pub collection: Collection,
    /// Part of the speaker's name or description.
    #[arg(long, value_name = "NAME")]
    pub speaker: Option<String>,
    /// Part of the outlet's name.
    #[arg(long, value_name = "NAME")]
    pub outlet: Option<String>,
    /// Published on this day or later: 2023-05-03, 2023-05, 2023.
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// Published on this day or earlier.
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// Only sources of this class.
    #[arg(long, value_name = "CLASS", value_parser = ["named", "unnamed", "collective", "public", "document", "outlet", "none"])]
    pub naming: Option<String>,
    /// Only statements of this form.
    #[arg(long, value_name = "FORM", value_parser = ["direct", "indirect", "mixed"])]
    pub form: Option<String>,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: usize,
    #[command(flatten)]
    pub shown: Shown,
}

#[derive(clap::Args, Debug)]
pub struct Sources {
    #[command(flatten)]
    pub collection: Collection,
    /// Only this outlet's stories.
    #[arg(long, value_name = "NAME")]
    pub outlet: Option<String>,
    /// At most so many names.
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub limit: usize,
    #[command(flatten)]
    pub shown: Shown,
}

#[derive(clap::Args, Debug)]
pub struct Said {
    /// The name.
    pub name: String,
    #[command(flatten)]
    pub collection: Collection,
    #[command(flatten)]
    pub shown: Shown,
}

#[derive(clap::Args, Debug)]
pub struct Stats {
    #[command(flatten)]
    pub collection: Collection,
    #[command(flatten)]
    pub shown: Shown,
}

#[derive(clap::Args, Debug)]
pub struct Trace {
    /// A quotation, or stories by path, address, title or number; all stories if left out.
    pub what: Vec<String>,
    #[command(flatten)]
    pub collection: Collection,
    /// How to show it.
    #[arg(long, value_enum, default_value_t = LineageFormat::Terminal)]
    pub format: LineageFormat,
    /// Write to this file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// At most so many families of words in the terminal.
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    Terminal,
    Csv,
    Jsonl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LineageFormat {
    Terminal,
    Json,
    Csv,
    Graphml,
    Dot,
    Webanno,
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
    /// Corrections by a person (JSON); STORY.corrections.json beside a story is read without being asked for.
    #[arg(long, value_name = "FILE")]
    pub corrections: Option<PathBuf>,
}

#[derive(clap::Args, Debug)]
pub struct Explain {
    /// Id of the statement, as `sayso read` prints it: a3.
    pub id: String,
    /// The story, or - for standard input.
    pub path: String,
    #[command(flatten)]
    pub about: About,
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
