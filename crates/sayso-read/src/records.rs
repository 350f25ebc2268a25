//! Tables about stories: a sidecar with what is known of files (CSV, TSV, JSON Lines), and stories as JSON Lines, one a line.

use std::collections::HashMap;

use sayso_text::Meta;
use serde_json::Value;

/// One row: column names in lower case and their values, in the order of the file. Empty values and those that say "none" or
/// "null" are left out.
pub type Record = Vec<(String, String)>;

/// The fields that Sayso takes from a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The file that the row is about, or the story's own id.
    Path,
    /// The story's words.
    Text,
    /// Its headline.
    Title,
    /// Who publishes it.
    Outlet,
    /// Who wrote it.
    Byline,
    /// When it appeared.
    Published,
    /// Where it stands.
    Address,
    /// Its language.
    Language,
    /// The agency that its credit line names.
    Credit,
}

impl Field {
    /// All fields, each with the names under which it is found unless the user says otherwise.
    pub const ALL: [(Field, &'static [&'static str]); 9] = [
        (Field::Path, &["path", "file", "filename", "file_name", "id", "doc", "name"]),
        (Field::Text, &["text", "body", "content", "article", "maintext", "plain_text"]),
        (Field::Title, &["title", "headline"]),
        (Field::Outlet, &["outlet", "publisher", "publication", "source", "source_name", "media_name", "site", "domain"]),
        (Field::Byline, &["byline", "author", "authors"]),
        (Field::Published, &["published", "publication_date", "publish_date", "date_published", "date_publish", "pub_date", "date"]),
        (Field::Address, &["address", "url", "link", "uri"]),
        (Field::Language, &["language", "lang"]),
        (Field::Credit, &["wire", "agency", "credit", "credit_line"]),
    ];

    /// Its own name, as `--field` takes it.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(f, _)| *f == self).map_or("", |(_, names)| names[0])
    }

    /// The field of that name.
    pub fn parse(name: &str) -> Option<Field> {
        Self::ALL.iter().map(|(f, _)| *f).find(|f| f.name() == name)
    }
}

/// Which column holds which field, where the usual names do not fit.
#[derive(Clone, Debug, Default)]
pub struct Mapping(HashMap<Field, String>);

impl Mapping {
    /// Reads `FIELD=COLUMN`.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn set(&mut self, rule: &str) -> Result<(), String> {
        let names = || Field::ALL.iter().map(|(f, _)| f.name()).collect::<Vec<_>>().join(", ");
        let (field, column) = rule.split_once('=').ok_or_else(|| format!("{rule:?} is not FIELD=COLUMN; fields are {}", names()))?;
        let field = Field::parse(field.trim()).ok_or_else(|| format!("{field:?} is no field; fields are {}", names()))?;
        self.0.insert(field, column.trim().to_lowercase());
        Ok(())
    }

    /// The value of a field in a row.
    pub fn get<'r>(&self, record: &'r Record, field: Field) -> Option<&'r str> {
        let column = |name: &str| record.iter().find(|(c, _)| c == name).map(|(_, v)| v.as_str());
        match self.0.get(&field) {
            Some(name) => column(name),
            None => Field::ALL.iter().find(|(f, _)| *f == field)?.1.iter().find_map(|n| column(n)),
        }
    }

    /// Puts what a row tells into what is known of a story. What the row says wins over what the page said.
    pub fn fill(&self, record: &Record, meta: &mut Meta) {
        for (field, slot) in [
            (Field::Title, &mut meta.title),
            (Field::Outlet, &mut meta.outlet),
            (Field::Byline, &mut meta.byline),
            (Field::Published, &mut meta.published),
            (Field::Address, &mut meta.address),
            (Field::Language, &mut meta.language),
            (Field::Credit, &mut meta.credit),
        ] {
            if let Some(v) = self.get(record, field) {
                // "h/t: The Courier" credits the Courier
                let v = if field == Field::Credit {
                    ["h/t:", "h/t", "via"].iter().find_map(|p| v.strip_prefix(p)).unwrap_or(v).trim()
                } else {
                    v
                };
                *slot = Some(v.to_string());
            }
        }
    }
}

/// Rows about files, found by the file's name.
#[derive(Clone, Debug, Default)]
pub struct Sidecar {
    rows: Vec<Record>,
    by_name: HashMap<String, usize>,
    mapping: Mapping,
}

impl Sidecar {
    /// Reads a table. What it is, is told by its first line: `{` begins JSON Lines, a tab makes it TSV, else it is CSV.
    ///
    /// # Errors
    /// A sentence that names the line and says what is wrong with it.
    pub fn read(bytes: &[u8], mapping: Mapping) -> Result<Self, String> {
        let rows = table(bytes)?;
        let mut by_name = HashMap::new();
        for (i, row) in rows.iter().enumerate() {
            if let Some(path) = mapping.get(row, Field::Path) {
                by_name.entry(path.to_string()).or_insert(i);
                by_name.entry(stem(path).to_string()).or_insert(i);
            }
        }
        if !rows.is_empty() && by_name.is_empty() {
            let columns: Vec<&str> = rows[0].iter().map(|(c, _)| c.as_str()).collect();
            return Err(format!("no column names the files (columns: {}); say --field path=COLUMN", columns.join(", ")));
        }
        Ok(Self { rows, by_name, mapping })
    }

    /// Whether it has a row about the file, by its path, its name or its name without the ending.
    pub fn find(&self, path: &str) -> Option<&Record> {
        let at = self.by_name.get(path).or_else(|| self.by_name.get(file_name(path))).or_else(|| self.by_name.get(stem(path)))?;
        Some(&self.rows[*at])
    }

    /// Fills in what it knows of the file.
    pub fn fill(&self, path: &str, meta: &mut Meta) -> bool {
        let row = self.find(path);
        if let Some(row) = row {
            self.mapping.fill(row, meta);
        }
        row.is_some()
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn stem(path: &str) -> &str {
    let name = file_name(path);
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && (1..=8).contains(&ending.len()) && !ending.contains(' ') => stem,
        _ => name,
    }
}

/// The rows of a table.
///
/// # Errors
/// A sentence that names the line and says what is wrong with it.
pub fn table(bytes: &[u8]) -> Result<Vec<Record>, String> {
    let text = crate::decode::decode(bytes).text;
    let first = text.lines().find(|l| !l.trim().is_empty()).unwrap_or("");
    if first.trim_start().starts_with('{') {
        return text
            .lines()
            .enumerate()
            .filter(|(_, l)| !l.trim().is_empty())
            .map(|(i, l)| record(l).map_err(|e| format!("line {}: {e}", i + 1)))
            .collect();
    }
    let delimiter = if first.contains('\t') { b'\t' } else { b',' };
    // In tab-separated files a quotation mark is a quotation mark.
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).quoting(delimiter == b',').flexible(true).from_reader(text.as_bytes());
    let columns: Vec<String> = reader.headers().map_err(|e| e.to_string())?.iter().map(|c| c.trim().to_lowercase()).collect();
    reader
        .records()
        .map(|row| {
            let row = row.map_err(|e| e.to_string())?;
            Ok(columns.iter().cloned().zip(row.iter().map(str::to_string)).filter(|(_, v)| says_something(v)).collect())
        })
        .collect()
}

/// One line of JSON Lines as a row. Lists of strings are joined by commas; what is nested deeper is left out.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn record(line: &str) -> Result<Record, String> {
    let value: Value = serde_json::from_str(line).map_err(|e| format!("is not JSON: {e}"))?;
    let Value::Object(object) = value else { return Err("is no JSON object".into()) };
    // what is known of a story stands one level down in the exchange format
    let inner = object.get("meta").and_then(Value::as_object).cloned().unwrap_or_default();
    Ok(object
        .iter()
        .chain(&inner)
        .filter_map(|(k, v)| {
            let v = match v {
                Value::String(s) => s.clone(),
                Value::Number(n) => n.to_string(),
                Value::Array(list) => list.iter().map(Value::as_str).collect::<Option<Vec<_>>>()?.join(", "),
                _ => return None,
            };
            says_something(&v).then(|| (k.to_lowercase(), v))
        })
        .collect())
}

fn says_something(v: &str) -> bool {
    !matches!(v.trim(), "" | "None" | "none" | "null" | "NULL" | "NA" | "N/A" | "nan" | "NaN")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_found_by_path_name_or_stem() {
        let tsv = "filename\tpublisher\tpublication_date\tauthor\nferry-42\tFerrisburg Herald\t2023-05-03\tNone\n";
        let s = Sidecar::read(tsv.as_bytes(), Mapping::default()).unwrap();
        let mut meta = Meta::default();
        assert!(s.fill("stories/ferry-42.txt", &mut meta));
        assert_eq!(meta.outlet.as_deref(), Some("Ferrisburg Herald"));
        assert_eq!((meta.published.as_deref(), meta.byline), (Some("2023-05-03"), None));
        assert!(!s.fill("stories/ferry-43.txt", &mut Meta::default()));
    }

    #[test]
    fn csv_quotes_and_json_lines_and_mapping() {
        let csv = "file,who\na.txt,\"Herald, The\"\n";
        let mut m = Mapping::default();
        m.set("outlet=who").unwrap();
        let s = Sidecar::read(csv.as_bytes(), m).unwrap();
        let mut meta = Meta::default();
        s.fill("a.txt", &mut meta);
        assert_eq!(meta.outlet.as_deref(), Some("Herald, The"));
        let r = record(r#"{"id":7,"body":"Words.","meta":{"outlet":"Courier"},"authors":["A","B"],"x":null}"#).unwrap();
        let m = Mapping::default();
        assert_eq!(m.get(&r, Field::Text), Some("Words."));
        assert_eq!(m.get(&r, Field::Outlet), Some("Courier"));
        assert_eq!(m.get(&r, Field::Byline), Some("A, B"));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        assert!(table(b"{\"a\":1}\nnonsense").unwrap_err().starts_with("line 2: is not JSON"));
        assert!(Sidecar::read(b"colour,shape\nred,round\n", Mapping::default()).unwrap_err().contains("colour, shape"));
        assert!(Mapping::default().set("outlet").unwrap_err().contains("FIELD=COLUMN"));
        assert!(Mapping::default().set("hat=x").unwrap_err().contains("no field"));
    }
}
