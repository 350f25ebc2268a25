//! Looking things up.

use std::collections::{BTreeMap, HashSet};

use rusqlite::types::ValueRef;
use rusqlite::{Row as SqlRow, ToSql};

use sayso::grade::outlets::canonical;

use crate::{Result, Store};

/// One cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing known.
    Null,
    /// A whole number.
    Integer(i64),
    /// A share or a probability.
    Real(f64),
    /// Words.
    Text(String),
}

/// Rows under named columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows, each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

/// What to look for among statements.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Words of the statement: all must stand in it; `"in quotation marks"` in that order, `begin*` as beginnings.
    pub words: Option<String>,
    /// Part of the speaker's name or description.
    pub speaker: Option<String>,
    /// The outlet, as stored or as the table of outlets names it.
    pub outlet: Option<String>,
    /// First and last date, compared as written.
    pub dates: (Option<String>, Option<String>),
    /// A naming class.
    pub naming: Option<String>,
    /// direct, indirect or mixed.
    pub form: Option<String>,
    /// From the so-manieth on.
    pub skip: usize,
    /// At most so many.
    pub limit: usize,
}

/// What a list says of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its row.
    pub id: i64,
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
    /// The story that it is a later version of.
    pub version_of: Option<i64>,
    /// How many statements it has.
    pub statements: u32,
    /// How many named sources.
    pub named: u32,
    /// How many unnamed ones.
    pub unnamed: u32,
}

/// The first and the last of some dates.
pub type Dates = (String, String);

/// What LIKE is given to find words anywhere.
fn pattern(words: &str) -> String {
    format!("%{}%", words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// Words as the full-text index wants them: each quoted, so that nothing in them is an operator.
fn terms(words: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    for (i, part) in words.split('"').enumerate() {
        if i % 2 == 1 {
            if part.chars().any(char::is_alphanumeric) {
                out.push(format!("\"{part}\""));
            }
            continue;
        }
        for w in part.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)) {
            let beginning = w.ends_with('*');
            out.push(format!("\"{}\"{}", w.trim_end_matches('*'), if beginning { "*" } else { "" }));
        }
    }
    out.join(" ")
}

impl Store {
    fn table(&self, sql: &str, values: &[&dyn ToSql]) -> Result<Table> {
        self.sql(|db| {
            let mut q = db.prepare(sql)?;
            let columns: Vec<String> = q.column_names().map(str::to_string).collect();
            let n = columns.len();
            let rows = q.query_map(values, |r: &SqlRow<'_>| (0..n).map(|i| Ok(cell(r.get_ref(i)?))).collect())?;
            Ok(Table { columns, rows: rows.collect::<rusqlite::Result<_>>()? })
        })
    }

    /// Statements that fit, the best first where words are given, else by date. The second value is how many fit in all.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn search(&self, q: &Query) -> Result<(Table, usize)> {
        let words = q.words.as_deref().map(terms).filter(|w| !w.is_empty());
        let like = |s: &Option<String>| s.as_deref().map(pattern);
        let (speaker, outlet) = (like(&q.speaker), like(&q.outlet));
        let until = q.dates.1.as_ref().map(|d| format!("{d}\u{10ffff}"));
        let from = if words.is_some() { "said_words f JOIN attribution a ON a.id = f.rowid" } else { "attribution a" };
        let fits = format!(
            "FROM {from} JOIN story t ON t.id = a.story LEFT JOIN source x ON x.id = a.source
             WHERE {}
               AND (?2 IS NULL OR x.name LIKE ?2 ESCAPE '\\' OR EXISTS (SELECT 1 FROM alias l WHERE l.source = x.id AND l.name LIKE ?2 ESCAPE '\\'))
               AND (?3 IS NULL OR t.outlet LIKE ?3 ESCAPE '\\')
               AND (?4 IS NULL OR t.published >= ?4) AND (?5 IS NULL OR t.published <= ?5)
               AND (?6 IS NULL OR coalesce(x.naming, 'none') = ?6) AND (?7 IS NULL OR a.form = ?7)",
            if words.is_some() { "said_words MATCH ?1" } else { "?1 IS NULL" }
        );
        let (a, b): (&Option<String>, &Option<String>) = (&q.dates.0, &until);
        let values: [&dyn ToSql; 7] = [&words, &speaker, &outlet, a, b, &q.naming, &q.form];
        let all = self.table(&format!("SELECT count(*) {fits}"), &values)?;
        let count = match all.rows.first().and_then(|r| r.first()) {
            Some(Cell::Integer(n)) => *n as usize,
            _ => 0,
        };
        let order = if words.is_some() { "f.rank, t.published, a.id" } else { "t.published IS NULL, t.published, a.id" };
        let table = self.table(
            &format!(
                "SELECT t.id AS story, 'a' || (a.n + 1) AS statement, t.published, t.outlet, x.name AS speaker,
                   coalesce(x.naming, 'none') AS naming, a.form, a.via, a.sure, {CONTENT} AS words, coalesce(t.title, t.path) AS title
                 {fits} ORDER BY {order} LIMIT {} OFFSET {}",
                q.limit.min(1_000_000),
                q.skip.min(1_000_000_000)
            ),
            &values,
        )?;
        Ok((table, count))
    }

    /// Who is given most statements: named sources, each under its full name. Unnamed ones are never brought together over stories;
    /// they are counted by outlet.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn sources(&self, outlet: Option<&str>, limit: usize) -> Result<Table> {
        self.table(
            &format!(
                "SELECT x.name, x.kind, count(*) AS statements, count(DISTINCT a.story) AS stories, count(DISTINCT t.outlet) AS outlets,
                   sum(a.form = 'direct') AS direct,
                   round(100.0 * count(*) / (SELECT count(*) FROM attribution b JOIN story u ON u.id = b.story
                     JOIN source y ON y.id = b.source WHERE y.naming = 'named' AND (?1 IS NULL OR u.outlet = ?1)), 1) AS percent_of_named
                 FROM attribution a JOIN source x ON x.id = a.source JOIN story t ON t.id = a.story
                 WHERE x.naming = 'named' AND x.proper AND (?1 IS NULL OR t.outlet = ?1)
                 GROUP BY x.name COLLATE NOCASE, x.kind ORDER BY statements DESC, x.name LIMIT {}",
                limit.min(1_000_000)
            ),
            &[&outlet],
        )
    }

    /// For each outlet, on what terms its stories' statements come, with how many there are.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn terms(&self, outlet: Option<&str>) -> Result<Table> {
        self.table(
            "SELECT coalesce(t.outlet, 'unknown') AS outlet, count(DISTINCT t.id) AS stories, count(a.id) AS statements,
               sum(x.naming = 'named') AS named, sum(x.naming = 'unnamed') AS unnamed, sum(x.naming = 'collective') AS collective,
               sum(x.naming = 'public') AS public, sum(x.naming = 'document') AS document, sum(x.naming = 'outlet') AS other_outlet,
               sum(a.id IS NOT NULL AND x.id IS NULL) AS nobody_stated,
               round(100.0 * sum(x.naming = 'unnamed') / nullif(count(a.id), 0), 1) AS percent_unnamed, sum(a.via IS NOT NULL) AS relayed
             FROM story t LEFT JOIN attribution a ON a.story = t.id LEFT JOIN source x ON x.id = a.source
             WHERE ?1 IS NULL OR t.outlet = ?1 GROUP BY t.outlet ORDER BY stories DESC, t.outlet",
            &[&outlet],
        )
    }

    /// Everything that is attributed to one name, by date. Gives the full names that fit as well: more than one means that the name
    /// asked for is not one person's only.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn said(&self, name: &str) -> Result<(Table, Vec<String>)> {
        let table = self.table(
            &format!(
                "SELECT t.published, t.outlet, x.name AS speaker, x.naming, x.role, a.form, a.level, a.channel, a.via, a.sure,
                   {CONTENT} AS words, t.id AS story, 'a' || (a.n + 1) AS statement
                 FROM attribution a JOIN source x ON x.id = a.source JOIN story t ON t.id = a.story
                 WHERE x.naming IN ('named', 'outlet', 'document') AND x.proper AND (x.name = ?1 COLLATE NOCASE
                   OR x.id IN (SELECT source FROM alias WHERE name = ?1 COLLATE NOCASE))
                 ORDER BY t.published IS NULL, t.published, t.id, a.n"
            ),
            &[&name],
        )?;
        let mut names: Vec<String> =
            table.rows.iter().filter_map(|r| if let Cell::Text(n) = &r[2] { Some(n.clone()) } else { None }).collect();
        names.sort();
        names.dedup();
        Ok((table, names))
    }

    /// Names like the one asked for.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn names_like(&self, name: &str) -> Result<Vec<String>> {
        let like = pattern(name);
        self.sql(|db| {
            db.prepare(
                "SELECT DISTINCT name FROM source WHERE naming = 'named' AND name LIKE ?1 ESCAPE '\\' ORDER BY length(name) LIMIT 8",
            )?
            .query_map([like], |r| r.get(0))?
            .collect()
        })
    }

    /// Counts of everything, each with what it is out of.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn stats(&self) -> Result<Table> {
        self.table(
            "SELECT 'stories' AS what, '' AS which, count(*) AS number, NULL AS out_of FROM story
             UNION ALL SELECT 'stories', 'with a date', count(published), count(*) FROM story
             UNION ALL SELECT 'stories', 'with an outlet', count(outlet), count(*) FROM story
             UNION ALL SELECT 'stories', 'later versions of another', count(version_of), count(*) FROM story
             UNION ALL SELECT 'words', '', coalesce(sum(words), 0), NULL FROM story
             UNION ALL SELECT 'outlets', '', count(DISTINCT outlet), NULL FROM story
             UNION ALL SELECT 'statements', '', count(*), NULL FROM attribution
             UNION ALL SELECT * FROM (SELECT 'statements', form, count(*), (SELECT count(*) FROM attribution) FROM attribution GROUP BY form)
             UNION ALL SELECT * FROM (SELECT 'statements', 'from ' || coalesce(x.naming, 'nobody stated'), count(*), (SELECT count(*) FROM attribution)
               FROM attribution a LEFT JOIN source x ON x.id = a.source GROUP BY x.naming ORDER BY 3 DESC)
             UNION ALL SELECT 'statements', 'taken from another outlet', count(via), count(*) FROM attribution
             UNION ALL SELECT * FROM (SELECT 'statements', 'sure: ' || sure, count(*), (SELECT count(*) FROM attribution) FROM attribution GROUP BY sure)
             UNION ALL SELECT 'sources', 'unnamed', sum(naming = 'unnamed'), count(*) FROM source
             UNION ALL SELECT 'sources', 'unnamed, with a reason given', sum(naming = 'unnamed' AND reason_first IS NOT NULL), sum(naming = 'unnamed') FROM source
             UNION ALL SELECT 'sources', 'unnamed, with a rote reason', sum(naming = 'unnamed' AND reason_rote = 1), sum(naming = 'unnamed' AND reason_first IS NOT NULL) FROM source
             UNION ALL SELECT 'families of repeated words', '', count(*), NULL FROM family
             UNION ALL SELECT 'families of repeated words', 'with one visible origin', sum(origins = 1), count(*) FROM family
             UNION ALL SELECT 'echoes', '', count(*), NULL FROM echo
             UNION ALL SELECT * FROM (SELECT 'echoes', how, count(*), (SELECT count(*) FROM echo) FROM echo GROUP BY how)",
            &[],
        )
    }

    /// Stories, the last added first, below row `before`; with `like`, those with it in their title, outlet or path. The second value is how
    /// many fit in all.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn list(&self, like: Option<&str>, before: Option<i64>, limit: usize) -> Result<(Vec<Listed>, usize)> {
        let like = like.map(pattern);
        const FITS: &str = "(?1 IS NULL OR title LIKE ?1 ESCAPE '\\' OR outlet LIKE ?1 ESCAPE '\\' OR path LIKE ?1 ESCAPE '\\')";
        self.sql(|db| {
            let all: i64 = match &like {
                None => db.query_row("SELECT count(*) FROM story", [], |r| r.get(0))?,
                Some(l) => db.prepare_cached(&format!("SELECT count(*) FROM story WHERE {FITS}"))?.query_row([l], |r| r.get(0))?,
            };
            // the page first: what is counted is counted for its rows alone
            let rows = db
                .prepare_cached(&format!(
                    "SELECT id, title, outlet, published, path, words, version_of,
                       (SELECT count(*) FROM attribution a WHERE a.story = s.id),
                       (SELECT count(*) FROM source x WHERE x.story = s.id AND x.naming = 'named'),
                       (SELECT count(*) FROM source x WHERE x.story = s.id AND x.naming = 'unnamed')
                     FROM (SELECT * FROM story WHERE {FITS} AND (?2 IS NULL OR id < ?2) ORDER BY id DESC LIMIT ?3) s ORDER BY id DESC"
                ))?
                .query_map(rusqlite::params![like, before, limit.min(10_000) as i64], |r| {
                    Ok(Listed {
                        id: r.get(0)?,
                        title: r.get(1)?,
                        outlet: r.get(2)?,
                        published: r.get(3)?,
                        path: r.get(4)?,
                        words: r.get(5)?,
                        version_of: r.get(6)?,
                        statements: r.get(7)?,
                        named: r.get(8)?,
                        unnamed: r.get(9)?,
                    })
                })?
                .collect::<rusqlite::Result<_>>()?;
            Ok((rows, all as usize))
        })
    }

    /// Stories that are too many or too long to lie here, the oldest of them: all beyond the last `stories`, and beyond the last `bytes` of
    /// text. The last one is never among them.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn beyond(&self, stories: usize, bytes: usize) -> Result<Vec<i64>> {
        self.sql(|db| {
            db.prepare_cached(
                "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id DESC) AS n, sum(octet_length(text)) OVER (ORDER BY id DESC) AS b FROM story)
                 WHERE n > max(?1, 1) OR (b > ?2 AND n > 1)",
            )?
            .query_map([stories as i64, bytes as i64], |r| r.get(0))?
            .collect()
        })
    }

    /// Whether there is a story of that row.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn holds(&self, id: i64) -> Result<bool> {
        self.sql(|db| db.prepare_cached("SELECT 1 FROM story WHERE id = ?1")?.exists([id]))
    }

    /// Every story's row, the first added first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn ids(&self) -> Result<Vec<i64>> {
        self.sql(|db| db.prepare_cached("SELECT id FROM story ORDER BY id")?.query_map([], |r| r.get(0))?.collect())
    }

    /// Every version of a story that has its address, the first one first; the story alone where it has none.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn versions(&self, id: i64) -> Result<Vec<i64>> {
        self.sql(|db| {
            db.prepare_cached(
                "SELECT v.id FROM story s JOIN story v ON v.id = s.id OR v.address = s.address WHERE s.id = ?1 ORDER BY v.id",
            )?
            .query_map([id], |r| r.get(0))?
            .collect()
        })
    }

    /// The stories that an argument means: a row id, a path, an address or a part of the title.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn find(&self, what: &str) -> Result<Vec<i64>> {
        let name = what.rsplit(['/', '\\']).next().unwrap_or(what);
        self.sql(|db| {
            let ids = |sql: &str, v: &str| -> rusqlite::Result<Vec<i64>> { db.prepare(sql)?.query_map([v], |r| r.get(0))?.collect() };
            if let Ok(id) = what.parse::<i64>() {
                let found = ids("SELECT id FROM story WHERE id = ?1", &id.to_string())?;
                if !found.is_empty() {
                    return Ok(found);
                }
            }
            for sql in [
                "SELECT id FROM story WHERE path = ?1 OR address = ?1 OR doc = ?1 ORDER BY id",
                "SELECT id FROM story WHERE title = ?1 COLLATE NOCASE ORDER BY id",
            ] {
                let found = ids(sql, what)?;
                if !found.is_empty() {
                    return Ok(found);
                }
            }
            ids("SELECT id FROM story WHERE path LIKE '%/' || ?1 ORDER BY id", name)
        })
    }

    /// The stories in which any four of the words stand in a row, or all of them where they are fewer.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn stories_with(&self, words: &[&str]) -> Result<Vec<i64>> {
        let n = words.len().clamp(1, 4);
        let grams: Vec<String> = words.windows(n).map(|w| format!("\"{}\"", w.join(" ").replace('"', " "))).collect();
        if grams.is_empty() {
            return Ok(Vec::new());
        }
        self.sql(|db| {
            db.prepare("SELECT rowid FROM story_words WHERE story_words MATCH ?1 ORDER BY rowid")?
                .query_map([format!("text : ({})", grams.join(" OR "))], |r| r.get(0))?
                .collect()
        })
    }

    /// How many stories there are, how many of them without a date, and the first and last date.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn coverage(&self) -> Result<(usize, usize, Option<Dates>)> {
        self.sql(|db| {
            db.query_row("SELECT count(*), count(*) - count(published), min(published), max(published) FROM story", [], |r| {
                let dates: (Option<String>, Option<String>) = (r.get(2)?, r.get(3)?);
                let day = |d: String| d.split('T').next().unwrap_or("").to_string();
                Ok((r.get::<_, i64>(0)? as usize, r.get::<_, i64>(1)? as usize, dates.0.map(day).zip(dates.1.map(day))))
            })
        })
    }

    /// Outlets that stories credit and that have no story here, with the number of stories that credit them, most first. With `only`,
    /// what those stories credit.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn credited_elsewhere(&self, only: Option<&[i64]>) -> Result<Vec<(String, usize)>> {
        self.sql(|db| {
            let names = |sql: &str| -> rusqlite::Result<Vec<String>> { db.prepare(sql)?.query_map([], |r| r.get(0))?.collect() };
            let here: HashSet<String> = names("SELECT DISTINCT outlet FROM story WHERE outlet IS NOT NULL")?
                .into_iter()
                // a story without an outlet is its agency's own
                .chain(names("SELECT DISTINCT credit FROM story WHERE outlet IS NULL AND credit IS NOT NULL")?)
                .map(|o| canonical(&o).to_lowercase())
                .collect();
            let mut by: BTreeMap<String, HashSet<i64>> = BTreeMap::new();
            let mut take = |sql: &str, of: &[i64]| -> rusqlite::Result<()> {
                let mut q = db.prepare_cached(sql)?;
                let mut rows = q.query(rusqlite::params_from_iter(of))?;
                while let Some(r) = rows.next()? {
                    let (outlet, story): (String, i64) = (r.get(0)?, r.get(1)?);
                    let outlet = canonical(&outlet);
                    if !here.contains(&outlet.to_lowercase()) {
                        by.entry(outlet).or_default().insert(story);
                    }
                }
                Ok(())
            };
            match only {
                None => take(
                    "SELECT outlet, story FROM credit WHERE own = 0 UNION ALL SELECT credit, id FROM story WHERE credit IS NOT NULL",
                    &[],
                )?,
                Some(ids) => ids.iter().try_for_each(|id| {
                    take(
                        "SELECT outlet, story FROM credit WHERE own = 0 AND story = ?1
                         UNION ALL SELECT credit, id FROM story WHERE credit IS NOT NULL AND id = ?1",
                        &[*id],
                    )
                })?,
            }
            let mut out: Vec<(String, usize)> = by.into_iter().map(|(o, s)| (o, s.len())).collect();
            out.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
            Ok(out)
        })
    }
}

/// The words of attribution `a` of story `t`.
const CONTENT: &str = "(SELECT group_concat(CAST(substr(CAST(t.text AS BLOB), p.first + 1, p.past - p.first) AS TEXT), ' … ')
   FROM (SELECT * FROM span WHERE attribution = a.id AND part = 'content' ORDER BY n) p)";

fn cell(v: ValueRef<'_>) -> Cell {
    match v {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(n) => Cell::Integer(n),
        ValueRef::Real(x) => Cell::Real(x),
        ValueRef::Text(t) | ValueRef::Blob(t) => Cell::Text(String::from_utf8_lossy(t).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::terms;

    #[test]
    fn nothing_in_words_is_an_operator() {
        assert_eq!(terms("coffee on \"her desk\" ins*"), "\"coffee\" \"on\" \"her desk\" \"ins\"*");
        assert_eq!(terms("NOT (a OR b) - ^"), "\"NOT\" \"(a\" \"OR\" \"b)\"");
        assert_eq!(terms("\"unclosed phrase"), "\"unclosed phrase\"");
    }
}
