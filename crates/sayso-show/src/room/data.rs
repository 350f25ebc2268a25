//! What pages and the HTTP interface say, as data. The interface's description is generated from these types.

use sayso_store::{Cell, Listed, Table};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A story in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StoryItem {
    /// Its number in the collection.
    pub story: i64,
    /// Headline.
    pub title: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// When, as given.
    pub published: Option<String>,
    /// Where it was read from.
    pub path: String,
    /// Words of its text.
    pub words: u32,
    /// Statements that it attributes.
    pub statements: u32,
    /// Named sources.
    pub named_sources: u32,
    /// Unnamed sources.
    pub unnamed_sources: u32,
    /// The story that it is a later version of.
    pub version_of: Option<i64>,
}

impl From<Listed> for StoryItem {
    fn from(l: Listed) -> Self {
        Self {
            story: l.id,
            title: l.title,
            outlet: l.outlet,
            published: l.published,
            path: l.path,
            words: l.words,
            statements: l.statements,
            named_sources: l.named,
            unnamed_sources: l.unnamed,
            version_of: l.version_of,
        }
    }
}

/// A page of a list of stories.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StoryList {
    /// How many fit in all.
    pub found: usize,
    /// This page, the last added first.
    pub items: Vec<StoryItem>,
    /// Gives the next page as `cursor`; null on the last.
    pub next: Option<String>,
}

/// A statement that was found.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Hit {
    /// The story's number.
    pub story: i64,
    /// The statement's id in the story: a3.
    pub statement: String,
    /// When the story was published.
    pub published: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// To whom the article attributes it; null where nobody is stated, or where that is unresolved.
    pub speaker: Option<String>,
    /// named, unnamed, collective, public, document, outlet or none.
    pub naming: String,
    /// direct, indirect or mixed.
    pub form: String,
    /// The outlet that it was taken from.
    pub via: Option<String>,
    /// tentative, likely or firm.
    pub sure: String,
    /// The words that are attributed.
    pub words: String,
    /// The story's headline, or its path.
    pub title: Option<String>,
}

/// A page of statements that were found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Hits {
    /// How many fit in all.
    pub found: usize,
    /// This page: the best first where words were asked for, else by date.
    pub items: Vec<Hit>,
    /// Gives the next page as `cursor`; null on the last.
    pub next: Option<String>,
}

/// A statement attributed to a name.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SaidItem {
    /// When the story was published.
    pub published: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// The full name in that story.
    pub speaker: String,
    /// named, document or outlet.
    pub naming: String,
    /// Role, as the story words it.
    pub role: Option<String>,
    /// direct, indirect or mixed.
    pub form: String,
    /// speech, thought or perception.
    pub level: String,
    /// Where it was said.
    pub channel: String,
    /// The outlet that it was taken from.
    pub via: Option<String>,
    /// tentative, likely or firm.
    pub sure: String,
    /// The words that are attributed.
    pub words: String,
    /// The story's number.
    pub story: i64,
    /// The statement's id in the story.
    pub statement: String,
}

/// What is attributed to one name over time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SaidList {
    /// The name asked for.
    pub name: String,
    /// Full names that it fits: more than one means that it is not one person's only.
    pub names: Vec<String>,
    /// Names like it, where nothing is attributed to it.
    pub like: Vec<String>,
    /// The statements by date, undated ones last.
    pub items: Vec<SaidItem>,
}

/// A count with what it is out of.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Count {
    /// What is counted.
    pub what: String,
    /// Which of these; empty for all.
    pub which: String,
    /// How many.
    pub number: Option<i64>,
    /// Out of how many; null where the count is no part of another.
    pub out_of: Option<i64>,
}

/// On what terms an outlet's statements come.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OutletTerms {
    /// The outlet; "unknown" for stories without one.
    pub outlet: String,
    /// Its stories.
    pub stories: i64,
    /// Their statements, by the naming of their sources below.
    pub statements: i64,
    /// From named sources.
    pub named: Option<i64>,
    /// From unnamed ones.
    pub unnamed: Option<i64>,
    /// From groups.
    pub collective: Option<i64>,
    /// From unidentified members of the public.
    pub public: Option<i64>,
    /// From documents.
    pub document: Option<i64>,
    /// From other outlets.
    pub other_outlet: Option<i64>,
    /// From nobody stated.
    pub nobody_stated: Option<i64>,
    /// Share of unnamed sources' statements.
    pub percent_unnamed: Option<f64>,
    /// Taken from another outlet.
    pub relayed: Option<i64>,
}

/// How often a name is given statements.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NameCount {
    /// The full name.
    pub name: String,
    /// person, organisation, group and so on.
    pub kind: String,
    /// Statements.
    pub statements: i64,
    /// In so many stories.
    pub stories: i64,
    /// Of so many outlets.
    pub outlets: i64,
    /// Direct quotations among them.
    pub direct: Option<i64>,
    /// Share of all statements of named sources.
    pub percent_of_named: Option<f64>,
}

/// Counts of a collection.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CountTables {
    /// What it holds, each count with what it is out of.
    pub counts: Vec<Count>,
    /// By outlet.
    pub outlets: Vec<OutletTerms>,
    /// Named sources, most statements first.
    pub names: Vec<NameCount>,
}

/// One of two stories that are compared.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Side {
    /// Its number.
    pub story: i64,
    /// Headline.
    pub title: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// When, as given.
    pub published: Option<String>,
    /// Words of its text.
    pub words: usize,
}

/// A change between two texts. Offsets count Unicode code points, half-open.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Changed {
    /// quote, number, source, hedge, other or cosmetic; several may hold.
    pub kinds: Vec<&'static str>,
    /// Where in the first story; empty where words were put in.
    pub a: Vec<[usize; 2]>,
    /// Where in the second; empty where words were left out.
    pub b: Vec<[usize; 2]>,
    /// The words of the first.
    pub before: String,
    /// The words of the second.
    pub after: String,
}

/// An echo between two stories.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EchoItem {
    /// The earlier story.
    pub earlier: i64,
    /// The later one.
    pub later: i64,
    /// stated, inferred or undetermined.
    pub how: &'static str,
    /// The words in the earlier.
    pub earlier_words: String,
    /// The words in the later.
    pub later_words: String,
    /// Whose they are in the earlier.
    pub earlier_speaker: String,
    /// Whose they are in the later.
    pub later_speaker: String,
    /// What changed in the words.
    pub changes: Vec<&'static str>,
    /// What changed in who is said to have said them.
    pub drift: Vec<&'static str>,
    /// What shows that one is the other's echo.
    pub evidence: Vec<String>,
}

/// Two stories, or two versions of one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CompareData {
    /// The first.
    pub a: Side,
    /// The second.
    pub b: Side,
    /// Words in common without regard to order, in percent of the shorter.
    pub percent_in_common: usize,
    /// Whether the texts are like enough to be laid side by side; `changes` is empty where not.
    pub side_by_side: bool,
    /// What changed, in text order.
    pub changes: Vec<Changed>,
    /// Statements that both carry.
    pub echoes: Vec<EchoItem>,
}

/// An origin behind some stories.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OriginItem {
    /// The story that is the origin; null where it is an outlet that has no such story here.
    pub story: Option<i64>,
    /// What to call it.
    pub name: String,
    /// The stories behind which it stands.
    pub stories: Vec<i64>,
}

/// How many origins are visible behind some stories. Visible is all that a text can show: never that two are independent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OriginsData {
    /// "3 reports, 1 visible origin".
    pub in_words: String,
    /// Stories asked about.
    pub reports: usize,
    /// Origins.
    pub visible_origins: Vec<OriginItem>,
    /// Stories whose words are shared and whence they came cannot be told.
    pub undetermined: Vec<i64>,
    /// Stories that share no words with others. That does not make them independent.
    pub alone: Vec<i64>,
}

/// What became of one thing that was given.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Arrived {
    /// What it was called.
    pub name: String,
    /// added, version, known or refused.
    pub outcome: &'static str,
    /// Its number; null where it was refused.
    pub story: Option<i64>,
    /// Its headline, where it has one.
    pub title: Option<String>,
    /// Why it was refused.
    pub why: Option<String>,
    /// How many statements it has.
    pub statements: usize,
}

/// What became of what was given.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Arrivals {
    /// Whether it is kept in the collection's file, or on the desk, which ends with the program.
    pub kept: bool,
    /// One after the other.
    pub items: Vec<Arrived>,
}

/// One shape for every error.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Failure {
    /// What went wrong.
    pub error: FailureBody,
}

/// What went wrong.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FailureBody {
    /// A stable word.
    pub code: String,
    /// A sentence for a person, with what to do next.
    pub message: String,
    /// Where more is said.
    pub link: String,
}

/// The rows of a table as they are named by its columns.
pub fn rows<T: DeserializeOwned>(t: &Table) -> Vec<T> {
    t.rows.iter().filter_map(|r| serde_json::from_value(object(&t.columns, r)).ok()).collect()
}

fn object(columns: &[String], row: &[Cell]) -> Value {
    let cells = columns.iter().zip(row).map(|(c, v)| (c.clone(), value(v)));
    Value::Object(cells.collect::<Map<String, Value>>())
}

/// A cell as JSON.
pub fn value(c: &Cell) -> Value {
    match c {
        Cell::Null => Value::Null,
        Cell::Integer(n) => (*n).into(),
        Cell::Real(x) => (*x).into(),
        Cell::Text(t) => t.clone().into(),
    }
}

/// Anything as JSON; what cannot be is null.
pub fn json<T: Serialize>(x: &T) -> Value {
    serde_json::to_value(x).unwrap_or_default()
}

/// Objects as CSV, a head line first: the keys of all of them in the order in which they are met. Lists are joined by "; ".
pub fn csv(items: &[Value], guard: bool) -> Vec<u8> {
    let mut head: Vec<String> = Vec::new();
    for o in items.iter().filter_map(Value::as_object) {
        for k in o.keys() {
            if !head.contains(k) {
                head.push(k.clone());
            }
        }
    }
    let cell = |v: &Value| -> String {
        let text = match v {
            Value::Null => String::new(),
            Value::String(s) => s.clone(),
            Value::Array(a) => a.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_string)).collect::<Vec<_>>().join("; "),
            other => other.to_string(),
        };
        if guard { crate::csv::guarded(&crate::view::harmless(&text)) } else { text }
    };
    let rows = items.iter().map(|o| head.iter().map(|k| cell(&o[k.as_str()])).collect()).collect::<Vec<Vec<String>>>();
    let all: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    if items.is_empty() { Vec::new() } else { crate::csv::csv_bytes(&all) }
}
