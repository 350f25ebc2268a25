//! What tracing found: kept beside the stories, and made again when stories were added.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};
use sayso::grade::Channel;
use sayso::trace::{
    Change, Drift, Echo, Evidence, Family, From, How, Passage, Phrase, Place, Report, Retelling, Said, Speaker, Standing, Traced, When,
};
use sayso::{Form, Naming};
use sayso_text::Span;

use crate::story::{credits, pairs, span};
use crate::{Result, Store, explain};

/// Families with the stories that they speak of. Every [`Place`] gives the story by its index in `stories`.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// Row ids of the stories, in the order of `reports`.
    pub stories: Vec<i64>,
    /// The stories.
    pub reports: Vec<Report>,
    /// What tracing found in them.
    pub traced: Traced,
}

impl Kept {
    /// Traces stories as [`Store::reports`] gives them.
    pub fn trace((stories, reports): (Vec<i64>, Vec<Report>)) -> Kept {
        let traced = sayso::trace::trace(&reports);
        Kept { stories, reports, traced }
    }
}

impl Store {
    /// All stories, or those of the given ids, as tracing sees them, in the order of their ids.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn reports(&self, only: Option<&[i64]>) -> Result<(Vec<i64>, Vec<Report>)> {
        self.sql(|db| {
            let ids: Vec<i64> = match only {
                Some(ids) => {
                    let mut ids = ids.to_vec();
                    ids.sort_unstable();
                    ids.dedup();
                    ids
                }
                None => db.prepare("SELECT id FROM story ORDER BY id")?.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?,
            };
            let reports = ids.iter().map(|id| report(db, *id)).collect::<rusqlite::Result<Vec<Report>>>()?;
            Ok((ids, reports))
        })
    }

    /// Whether what tracing found is of all stories that are there now.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn is_traced(&self, program: &str) -> Result<bool> {
        self.sql(|db| {
            let now: (i64, i64) = db.query_row("SELECT count(*), coalesce(max(id), 0) FROM story", [], |r| Ok((r.get(0)?, r.get(1)?)))?;
            let then: Option<(i64, i64, String)> =
                db.query_row("SELECT stories, last, program FROM traced", [], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional()?;
            Ok(then.is_some_and(|(n, last, p)| (n, last) == now && p == program))
        })
    }

    /// Keeps what tracing found, in place of what was there.
    ///
    /// # Errors
    /// What SQLite says; what was there is kept then.
    pub fn keep(&mut self, kept: &Kept, program: &str) -> Result<()> {
        let path = self.path.clone();
        keep(&mut self.db, kept, program).map_err(|e| explain(&path, e))
    }

    /// The families that any of the stories belongs to, or all, with every story that they speak of.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn kept(&self, stories: Option<&[i64]>) -> Result<Kept> {
        self.sql(|db| {
            let families = match stories {
                None => ids(db, "SELECT id FROM family ORDER BY id", &[])?,
                Some(of) => each(db, "SELECT DISTINCT family FROM member WHERE story = ?1", of)?.into_iter().collect(),
            };
            read_back(db, &families, stories)
        })
    }

    /// One family with every story that it speaks of: that of a statement, given by its story and its place there.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn family_of(&self, story: i64, said: u32) -> Result<Option<Kept>> {
        self.sql(|db| {
            let family: Option<i64> = db
                .prepare_cached("SELECT family FROM member WHERE story = ?1 AND said = ?2")?
                .query_row(params![story, said], |r| r.get(0))
                .optional()?;
            family.map(|f| read_back(db, &[f], Some(&[]))).transpose()
        })
    }

    /// Families, the most reported first, from the `skip`-th on, each with the story and place of its first member; and how many there are.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn families(&self, skip: usize, limit: usize) -> Result<(Kept, usize)> {
        self.sql(|db| {
            let all: i64 = db.query_row("SELECT count(*) FROM family", [], |r| r.get(0))?;
            let page = ids(
                db,
                "SELECT id FROM family ORDER BY reports DESC, origins, id LIMIT ?1 OFFSET ?2",
                &[limit.min(10_000) as i64, skip as i64],
            )?;
            Ok((read_back(db, &page, Some(&[]))?, all as usize))
        })
    }
}

fn ids(db: &Connection, sql: &str, values: &[i64]) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached(sql)?.query_map(rusqlite::params_from_iter(values), |r| r.get(0))?.collect()
}

/// What a statement with one argument gives for each of some ids, each once.
fn each(db: &Connection, sql: &str, of: &[i64]) -> rusqlite::Result<BTreeSet<i64>> {
    let mut out = BTreeSet::new();
    for id in of {
        out.extend(ids(db, sql, &[*id])?);
    }
    Ok(out)
}

/// The rows of a table that a statement with no or one argument reads, whole or for each of some stories; each row once.
fn rows_of<T>(
    db: &Connection,
    (all, one): (&str, &str),
    stories: Option<&[i64]>,
    mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<(i64, T)>,
) -> rusqlite::Result<BTreeMap<i64, T>> {
    let mut out = BTreeMap::new();
    let mut take = |sql: &str, values: &[i64]| -> rusqlite::Result<()> {
        let mut q = db.prepare_cached(sql)?;
        let mut rows = q.query(rusqlite::params_from_iter(values))?;
        while let Some(r) = rows.next()? {
            let (row, value) = read(r)?;
            out.insert(row, value);
        }
        Ok(())
    };
    match stories {
        None => take(all, &[])?,
        Some(of) => of.iter().try_for_each(|id| take(one, &[*id]))?,
    }
    Ok(out)
}

/// Families, and what else the stories share with others, with all stories at either end.
fn read_back(db: &Connection, families: &[i64], stories: Option<&[i64]>) -> rusqlite::Result<Kept> {
    let passages = passages(db, stories)?;
    let phrases = phrases(db, stories)?;
    let retellings = retellings(db, stories)?;
    let mut ids: BTreeSet<i64> = stories.map(|s| s.iter().copied().collect()).unwrap_or_default();
    ids.extend(each(db, "SELECT DISTINCT story FROM member WHERE family = ?1", families)?);
    ids.extend(passages.values().flat_map(|(a, b, _)| [*a, *b]));
    ids.extend(phrases.values().flat_map(|(a, b, _)| [*a, *b]));
    ids.extend(retellings.values().flat_map(|(a, b, _)| [*a, *b]));
    let ids: Vec<i64> = ids.into_iter().collect();
    let reports = ids.iter().map(|id| report(db, *id)).collect::<rusqlite::Result<Vec<Report>>>()?;
    let index: HashMap<i64, u32> = ids.iter().enumerate().map(|(i, id)| (*id, i as u32)).collect();
    let at = |id: &i64| index.get(id).copied().unwrap_or(0);
    let traced = Traced {
        families: families.iter().map(|f| family(db, *f, &index)).collect::<rusqlite::Result<Vec<Family>>>()?,
        passages: passages.into_values().map(|(a, b, p)| Passage { a: at(&a), b: at(&b), ..p }).collect(),
        phrases: phrases
            .into_values()
            .map(|(a, b, p)| Phrase { a: Place { report: at(&a), ..p.a }, b: Place { report: at(&b), ..p.b }, ..p })
            .collect(),
        retellings: retellings
            .into_values()
            .filter_map(|(a, b, r)| {
                // kept by attribution, told by place: several attributions may be one utterance
                let place = |story: i64, n: u32| {
                    let said = &reports[at(&story) as usize].said;
                    let said = said.iter().position(|s| s.attribution == Some(n as usize))?;
                    Some(Place { report: at(&story), said: said as u32 })
                };
                Some(Retelling { a: place(a, r.a.said)?, b: place(b, r.b.said)?, ..r })
            })
            .collect(),
    };
    Ok(Kept { stories: ids, reports, traced })
}

fn report(db: &Connection, id: i64) -> rusqlite::Result<Report> {
    let mut q = db.prepare_cached("SELECT text, title, outlet, credit, published, address FROM story WHERE id = ?1")?;
    type Head = (String, Option<String>, Option<String>, Option<String>, Option<String>, Option<String>);
    let (text, title, outlet, credit, published, address): Head =
        q.query_row([id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?)))?;
    let mut paragraphs = Vec::new();
    let mut q = db.prepare_cached("SELECT kind, first, past FROM block WHERE story = ?1 ORDER BY n")?;
    let mut rows = q.query([id])?;
    while let Some(r) = rows.next()? {
        let kind: String = r.get(0)?;
        if !matches!(kind.as_str(), "dateline" | "byline" | "furniture") {
            paragraphs.push(Span { start: r.get(1)?, end: r.get(2)? });
        }
    }
    let quotations = pairs(db, "SELECT first, past FROM quotation WHERE story = ?1 ORDER BY n", id)?;
    let credits = credits(db, id)?;
    let mut parts: HashMap<i64, [Vec<Span>; 2]> = HashMap::new();
    let mut q = db.prepare_cached(
        "SELECT p.attribution, p.part, p.first, p.past FROM attribution a JOIN span p ON p.attribution = a.id
         WHERE a.story = ?1 AND p.part <> 'cue' ORDER BY p.attribution, p.n",
    )?;
    let mut rows = q.query([id])?;
    while let Some(r) = rows.next()? {
        let slot = usize::from(r.get_ref(1)?.as_str().unwrap_or("") == "content");
        parts.entry(r.get(0)?).or_default()[slot].push(Span { start: r.get(2)?, end: r.get(3)? });
    }
    let said = db
        .prepare_cached(
            "SELECT a.id, a.n, a.form, a.channel, a.recipient_first, a.recipient_past, a.via, a.via_first, a.via_past, x.name, x.naming
             FROM attribution a LEFT JOIN source x ON x.id = a.source WHERE a.story = ?1 ORDER BY a.n",
        )?
        .query_map([id], |r| {
            let [source, content] = parts.remove(&r.get::<_, i64>(0)?).unwrap_or_default();
            let via: Option<String> = r.get(6)?;
            let (name, naming): (Option<String>, Option<String>) = (r.get(9)?, r.get(10)?);
            Ok(Said {
                attribution: Some(r.get::<_, i64>(1)? as usize),
                content,
                quoted: Vec::new(),
                source,
                speaker: name.zip(naming.and_then(|n| Naming::parse(&n))).map(|(name, naming)| Speaker { name, naming }),
                form: Form::parse(&r.get::<_, String>(2)?).unwrap_or(Form::Indirect),
                channel: Channel::parse(&r.get::<_, String>(3)?).unwrap_or(Channel::Unstated),
                recipient: span(r.get(4)?, r.get(5)?),
                via: via.zip(span(r.get(7)?, r.get(8)?)),
            })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Report::put_together(
        text.into(),
        title,
        (outlet.as_deref(), credit.as_deref()),
        published.as_deref().map_or(When::UNKNOWN, When::parse),
        address,
        said,
        credits,
        paragraphs,
        &quotations,
    ))
}

fn keep(db: &mut Connection, kept: &Kept, program: &str) -> rusqlite::Result<()> {
    let story = |report: u32| kept.stories[report as usize];
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // children first: cascading through a hundred thousand rows one by one takes longer than all the rest
    for table in ["other", "evidence", "change", "echo", "member", "circle", "family", "passage", "phrase", "retelling", "traced"] {
        tx.execute(&format!("DELETE FROM {table}"), [])?;
    }
    let mut attribution: HashMap<(i64, i64), i64> = HashMap::new();
    {
        let mut q = tx.prepare("SELECT id, story, n FROM attribution")?;
        let mut rows = q.query([])?;
        while let Some(r) = rows.next()? {
            attribution.insert((r.get(1)?, r.get(2)?), r.get(0)?);
        }
    }
    let row_of = |p: Place| {
        let said = &kept.reports[p.report as usize].said[p.said as usize];
        said.attribution.and_then(|n| attribution.get(&(story(p.report), n as i64)).copied())
    };
    for (f, family) in kept.traced.families.iter().enumerate() {
        let id = f as i64 + 1;
        tx.prepare_cached("INSERT INTO family VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![id, family.reports as i64, family.origins as i64, family.undetermined as i64])?;
        for (n, ring) in family.circles.iter().enumerate() {
            for outlet in ring {
                tx.prepare_cached("INSERT INTO circle VALUES (?1, ?2, ?3)")?.execute(params![id, n as i64, outlet])?;
            }
        }
        let place: HashMap<Place, i64> = family.members.iter().enumerate().map(|(n, p)| (*p, n as i64)).collect();
        for (n, (p, standing)) in family.members.iter().zip(&family.standing).enumerate() {
            let said = &kept.reports[p.report as usize].said[p.said as usize];
            let first = said.content.iter().map(|s| s.start).min().unwrap_or(0);
            let past = said.content.iter().map(|s| s.end).max().unwrap_or(0);
            tx.prepare_cached("INSERT INTO member VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?.execute(params![
                id,
                n as i64,
                story(p.report),
                p.said,
                row_of(*p),
                first,
                past,
                standing.name()
            ])?;
        }
        for e in &family.echoes {
            let (earlier, outlet) = match &e.from {
                From::Place(p) => (Some(place[p]), None),
                From::Outlet(o) => (None, Some(o)),
            };
            let words = e.evidence.iter().find_map(|x| match x {
                Evidence::Words { words, .. } => Some(*words),
                _ => None,
            });
            tx.prepare_cached("INSERT INTO echo (family, later, earlier, outlet, how, words) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
                .execute(params![id, place[&e.later], earlier, outlet, e.how.name(), words.unwrap_or(0)])?;
            let echo = tx.last_insert_rowid();
            for (kind, what) in e.changes.iter().map(|c| ("words", c.name())).chain(e.drift.iter().map(|d| ("attribution", d.name()))) {
                tx.prepare_cached("INSERT INTO change VALUES (?1, ?2, ?3)")?.execute(params![echo, kind, what])?;
            }
            for x in &e.evidence {
                evidence(&tx, echo, x)?;
            }
            for p in &e.others {
                tx.prepare_cached("INSERT INTO other VALUES (?1, ?2, ?3)")?.execute(params![echo, story(p.report), p.said])?;
            }
        }
    }
    for p in &kept.traced.passages {
        let (a, b) = p.longest;
        tx.prepare_cached("INSERT INTO passage VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?.execute(params![
            story(p.a),
            story(p.b),
            p.words,
            p.share,
            a.start,
            a.end,
            b.start,
            b.end
        ])?;
    }
    for p in &kept.traced.phrases {
        tx.prepare_cached("INSERT INTO phrase VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(params![
            story(p.a.report),
            p.a.said,
            story(p.b.report),
            p.b.said,
            p.words
        ])?;
    }
    for r in &kept.traced.retellings {
        if let (Some(a), Some(b)) = (row_of(r.a), row_of(r.b)) {
            tx.prepare_cached("INSERT INTO retelling VALUES (?1, ?2, ?3, ?4)")?.execute(params![a, b, r.likeness, r.shared.join(" ")])?;
        }
    }
    tx.execute("INSERT INTO traced SELECT 1, count(*), coalesce(max(id), 0), ?1 FROM story", [program])?;
    tx.commit()
}

fn evidence(db: &Connection, echo: i64, x: &Evidence) -> rusqlite::Result<()> {
    type Row<'a> = (&'static str, Option<&'a str>, Option<i64>, Option<u8>, Option<Span>, Option<Span>);
    let rows: Vec<Row<'_>> = match x {
        Evidence::Words { words, runs } => {
            runs.iter().map(|(a, b)| ("words", None, Some(i64::from(*words)), None, Some(*a), Some(*b))).collect()
        }
        Evidence::Dates { days } => vec![("dates", None, Some(*days), None, None, None)],
        Evidence::Credit { outlet, span, with_statement } => {
            vec![("credit", Some(outlet), Some(i64::from(*with_statement)), None, None, Some(*span))]
        }
        Evidence::CreditLine { outlet } => vec![("credit line", Some(outlet), None, None, None, None)],
        Evidence::Contained => vec![("contained", None, None, None, None, None)],
        Evidence::Passage { words, share, spans } => {
            vec![("passage", None, Some(i64::from(*words)), Some(*share), Some(spans.0), Some(spans.1))]
        }
    };
    for (kind, outlet, number, share, a, b) in rows {
        db.prepare_cached("INSERT INTO evidence VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?.execute(params![
            echo,
            kind,
            outlet,
            number,
            share,
            a.map(|s| s.start),
            a.map(|s| s.end),
            b.map(|s| s.start),
            b.map(|s| s.end)
        ])?;
    }
    Ok(())
}

fn family(db: &Connection, id: i64, index: &HashMap<i64, u32>) -> rusqlite::Result<Family> {
    let (reports, origins, undetermined): (i64, i64, i64) = db
        .prepare_cached("SELECT reports, origins, undetermined FROM family WHERE id = ?1")?
        .query_row([id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    let mut members: Vec<Place> = Vec::new();
    let mut standing = Vec::new();
    let mut q = db.prepare_cached(
        "SELECT m.story, m.said, m.standing, a.recipient_first, a.recipient_past FROM member m LEFT JOIN attribution a ON a.id = m.attribution
         WHERE m.family = ?1 ORDER BY m.n",
    )?;
    let mut rows = q.query([id])?;
    while let Some(r) = rows.next()? {
        members.push(Place { report: index[&r.get::<_, i64>(0)?], said: r.get(1)? });
        let name: String = r.get(2)?;
        let told = span(r.get(3)?, r.get(4)?).unwrap_or(Span { start: 0, end: 0 });
        let known = [Standing::Origin, Standing::OwnAccess(told), Standing::Derived, Standing::Undetermined];
        standing.push(known.into_iter().find(|s| s.name() == name).unwrap_or(Standing::Undetermined));
    }
    let mut circles: Vec<Vec<String>> = Vec::new();
    let mut q = db.prepare_cached("SELECT n, outlet FROM circle WHERE family = ?1 ORDER BY n, outlet")?;
    let mut rows = q.query([id])?;
    while let Some(r) = rows.next()? {
        let n = r.get::<_, i64>(0)? as usize;
        circles.resize(circles.len().max(n + 1), Vec::new());
        circles[n].push(r.get(1)?);
    }
    let mut echoes = Vec::new();
    let mut q = db.prepare_cached("SELECT id, later, earlier, outlet, how FROM echo WHERE family = ?1 ORDER BY id")?;
    let mut rows = q.query([id])?;
    while let Some(r) = rows.next()? {
        let (echo, later, earlier): (i64, i64, Option<i64>) = (r.get(0)?, r.get(1)?, r.get(2)?);
        let from = match earlier {
            Some(n) => From::Place(members[n as usize]),
            None => From::Outlet(r.get(3)?),
        };
        let what = |kind: &str| -> rusqlite::Result<Vec<String>> {
            db.prepare_cached("SELECT what FROM change WHERE echo = ?1 AND kind = ?2")?
                .query_map(params![echo, kind], |r| r.get(0))?
                .collect()
        };
        let others = db
            .prepare_cached("SELECT story, said FROM other WHERE echo = ?1 ORDER BY rowid")?
            .query_map([echo], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, u32>(1)?)))?
            .filter_map(|r| r.map(|(s, said)| index.get(&s).map(|report| Place { report: *report, said })).transpose())
            .collect::<rusqlite::Result<Vec<Place>>>()?;
        echoes.push(Echo {
            later: members[later as usize],
            from,
            how: How::parse(&r.get::<_, String>(4)?).unwrap_or(How::Undetermined),
            evidence: evidences(db, echo)?,
            changes: what("words")?.iter().filter_map(|c| Change::parse(c)).collect(),
            drift: what("attribution")?.iter().filter_map(|d| Drift::parse(d)).collect(),
            others,
        });
    }
    Ok(Family {
        members,
        echoes,
        standing,
        reports: reports as usize,
        origins: origins as usize,
        undetermined: undetermined as usize,
        circles,
    })
}

fn evidences(db: &Connection, echo: i64) -> rusqlite::Result<Vec<Evidence>> {
    let mut out: Vec<Evidence> = Vec::new();
    let mut q = db.prepare_cached(
        "SELECT kind, outlet, number, share, earlier_first, earlier_past, later_first, later_past FROM evidence WHERE echo = ?1 ORDER BY rowid",
    )?;
    let mut rows = q.query([echo])?;
    while let Some(r) = rows.next()? {
        let (kind, outlet, number): (String, Option<String>, Option<i64>) = (r.get(0)?, r.get(1)?, r.get(2)?);
        let (a, b) = (span(r.get(4)?, r.get(5)?), span(r.get(6)?, r.get(7)?));
        match (kind.as_str(), a, b) {
            ("words", Some(a), Some(b)) => match out.last_mut() {
                Some(Evidence::Words { runs, .. }) => runs.push((a, b)),
                _ => out.push(Evidence::Words { words: number.unwrap_or(0) as u32, runs: vec![(a, b)] }),
            },
            ("dates", ..) => out.push(Evidence::Dates { days: number.unwrap_or(0) }),
            ("credit", _, Some(span)) => {
                out.push(Evidence::Credit { outlet: outlet.unwrap_or_default(), span, with_statement: number == Some(1) });
            }
            ("credit line", ..) => out.push(Evidence::CreditLine { outlet: outlet.unwrap_or_default() }),
            ("contained", ..) => out.push(Evidence::Contained),
            ("passage", Some(a), Some(b)) => {
                out.push(Evidence::Passage {
                    words: number.unwrap_or(0) as u32,
                    share: r.get::<_, Option<u8>>(3)?.unwrap_or(0),
                    spans: (a, b),
                });
            }
            _ => {}
        }
    }
    Ok(out)
}

/// Something that two stories share: their rows, and what it is, without its place among the stories that are read back.
type Between<T> = BTreeMap<i64, (i64, i64, T)>;

const NOWHERE: u32 = 0;

fn passages(db: &Connection, stories: Option<&[i64]>) -> rusqlite::Result<Between<Passage>> {
    const ALL: &str = "SELECT a * 4294967296 + b, a, b, words, share, a_first, a_past, b_first, b_past FROM passage";
    let one = format!("{ALL} WHERE a = ?1 UNION {ALL} WHERE b = ?1");
    rows_of(db, (ALL, &one), stories, |r| {
        let longest = (Span { start: r.get(5)?, end: r.get(6)? }, Span { start: r.get(7)?, end: r.get(8)? });
        let passage = Passage { a: NOWHERE, b: NOWHERE, words: r.get(3)?, share: r.get(4)?, longest };
        Ok((r.get(0)?, (r.get(1)?, r.get(2)?, passage)))
    })
}

fn phrases(db: &Connection, stories: Option<&[i64]>) -> rusqlite::Result<Between<Phrase>> {
    const ALL: &str = "SELECT rowid, a_story, b_story, a_said, b_said, words FROM phrase";
    let one = format!("{ALL} WHERE a_story = ?1 UNION {ALL} WHERE b_story = ?1");
    rows_of(db, (ALL, &one), stories, |r| {
        let place = |i: usize| -> rusqlite::Result<Place> { Ok(Place { report: NOWHERE, said: r.get(i)? }) };
        Ok((r.get(0)?, (r.get(1)?, r.get(2)?, Phrase { a: place(3)?, b: place(4)?, words: r.get(5)? })))
    })
}

fn retellings(db: &Connection, stories: Option<&[i64]>) -> rusqlite::Result<Between<Retelling>> {
    const ALL: &str = "SELECT r.rowid, x.story, y.story, x.n, y.n, r.likeness, r.shared
       FROM retelling r JOIN attribution x ON x.id = r.a JOIN attribution y ON y.id = r.b";
    let one = format!(
        "{ALL} WHERE r.rowid IN (SELECT s.rowid FROM attribution z JOIN retelling s ON s.a = z.id WHERE z.story = ?1
           UNION SELECT s.rowid FROM attribution z JOIN retelling s ON s.b = z.id WHERE z.story = ?1)"
    );
    rows_of(db, (ALL, &one), stories, |r| {
        let place = |i: usize| -> rusqlite::Result<Place> { Ok(Place { report: NOWHERE, said: r.get(i)? }) };
        let shared: String = r.get(6)?;
        let shared = shared.split(' ').map(str::to_string).collect();
        Ok((r.get(0)?, (r.get(1)?, r.get(2)?, Retelling { a: place(3)?, b: place(4)?, likeness: r.get(5)?, shared })))
    })
}
