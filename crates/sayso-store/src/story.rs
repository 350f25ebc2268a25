//! A stored story read back whole.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};
use sayso::grade::{Basis, Channel, Credit, CreditKind, Reason, Via};
use sayso::resolve::Why;
use sayso::{Attribution, Form, Level, Naming, Source, SourceKind, Statement, Story, Sure, SureLevel};
use sayso_text::{Alignment, Block, BlockKind, Code, Doc, Format, Meta, Span, Warning};

use crate::{Result, Store};

/// A story with where it was read from.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its row.
    pub id: i64,
    /// Where it was read from, as the user wrote it.
    pub path: String,
    /// The hash of what it was read from.
    pub bytes: String,
    /// The story that it is a later version of.
    pub version_of: Option<i64>,
    /// The story. It has no way back to the bytes of its file, and no links.
    pub story: Story,
}

impl Store {
    /// The story of that row, as it was when it was added.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn story(&self, id: i64) -> Result<Option<Stored>> {
        self.sql(|db| {
            let Some((Head { path, bytes, version_of }, mut doc)) = head(db, id)? else { return Ok(None) };
            doc.blocks = blocks(db, id)?;
            let (rows, sources) = sources(db, id)?;
            let story = Story {
                statements: statements(db, id, &rows)?,
                sources,
                credits: credits(db, id)?,
                quotations: pairs(db, "SELECT first, past FROM quotation WHERE story = ?1 ORDER BY n", id)?,
                warnings: if self.version < 2 { Vec::new() } else { warnings(db, id)? },
                doc,
            };
            Ok(Some(Stored { id, path, bytes, version_of, story }))
        })
    }
}

/// Spans out of a statement with one argument and two columns.
pub fn pairs(db: &Connection, sql: &str, id: i64) -> rusqlite::Result<Vec<Span>> {
    db.prepare_cached(sql)?.query_map([id], |r| Ok(Span { start: r.get(0)?, end: r.get(1)? }))?.collect()
}

/// Where a story credits outlets.
pub fn credits(db: &Connection, id: i64) -> rusqlite::Result<Vec<Credit>> {
    db.prepare_cached("SELECT outlet, kind, own, refers, first, past FROM credit WHERE story = ?1 ORDER BY n")?
        .query_map([id], |r| {
            Ok(Credit {
                name: r.get(0)?,
                kind: CreditKind::parse(&r.get::<_, String>(1)?).unwrap_or(CreditKind::Reported),
                own: r.get(2)?,
                refers: r.get(3)?,
                span: Span { start: r.get(4)?, end: r.get(5)? },
            })
        })?
        .collect()
}

/// A span whose ends may be null.
pub fn span(first: Option<u32>, past: Option<u32>) -> Option<Span> {
    Some(Span { start: first?, end: past? })
}

/// What a story's row tells beside the story.
struct Head {
    path: String,
    bytes: String,
    version_of: Option<i64>,
}

fn head(db: &Connection, id: i64) -> rusqlite::Result<Option<(Head, Doc)>> {
    db.prepare_cached(
        "SELECT path, version_of, format, outlet, title, byline, published, credit, address, language, text, bytes FROM story WHERE id = ?1",
    )?
    .query_row([id], |r| {
        let meta = Meta {
            outlet: r.get(3)?,
            title: r.get(4)?,
            byline: r.get(5)?,
            published: r.get(6)?,
            credit: r.get(7)?,
            address: r.get(8)?,
            language: r.get(9)?,
        };
        let format = Format::parse(&r.get::<_, String>(2)?).unwrap_or(Format::Plain);
        let text: String = r.get(10)?;
        let head = Head { path: r.get(0)?, bytes: r.get(11)?, version_of: r.get(1)? };
        Ok((head, Doc::new(text, Vec::new(), meta, Alignment::default(), format)))
    })
    .optional()
}

fn blocks(db: &Connection, id: i64) -> rusqlite::Result<Vec<Block>> {
    db.prepare_cached("SELECT kind, first, past FROM block WHERE story = ?1 ORDER BY n")?
        .query_map([id], |r| {
            let kind = BlockKind::parse(&r.get::<_, String>(0)?).unwrap_or(BlockKind::Body);
            Ok(Block { kind, span: Span { start: r.get(1)?, end: r.get(2)? } })
        })?
        .collect()
}

/// Sources in their order, and the place of each row among them.
fn sources(db: &Connection, id: i64) -> rusqlite::Result<(HashMap<i64, usize>, Vec<Source>)> {
    let (mut rows, mut out) = (HashMap::new(), Vec::new());
    let mut q = db.prepare_cached(
        "SELECT id, name, proper, kind, naming, role, affiliation, level, basis, basis_first, basis_past, reason_first, reason_past, reason_rote
         FROM source WHERE story = ?1 ORDER BY n",
    )?;
    let mut found = q.query([id])?;
    while let Some(r) = found.next()? {
        let row: i64 = r.get(0)?;
        rows.insert(row, out.len());
        let basis: String = r.get(8)?;
        out.push(Source {
            name: r.get(1)?,
            proper: r.get(2)?,
            kind: SourceKind::parse(&r.get::<_, String>(3)?).unwrap_or(SourceKind::Unknown),
            naming: Naming::parse(&r.get::<_, String>(4)?).unwrap_or(Naming::None),
            role: r.get(5)?,
            affiliation: r.get(6)?,
            aliases: db
                .prepare_cached("SELECT name FROM alias WHERE source = ?1 ORDER BY rowid")?
                .query_map([row], |r| r.get(0))?
                .collect::<rusqlite::Result<_>>()?,
            mentions: pairs(db, "SELECT first, past FROM mention WHERE source = ?1 ORDER BY rowid", row)?,
            descriptor_level: r.get(7)?,
            basis: Basis { kind: Basis::KINDS.into_iter().find(|k| *k == basis).unwrap_or("unstated"), span: span(r.get(9)?, r.get(10)?) },
            reason: span(r.get(11)?, r.get(12)?).map(|span| Reason { span, rote: r.get(13).unwrap_or(false) }),
        });
    }
    Ok((rows, out))
}

fn statements(db: &Connection, id: i64, sources: &HashMap<i64, usize>) -> rusqlite::Result<Vec<Statement>> {
    let mut parts: HashMap<i64, [Vec<Span>; 3]> = HashMap::new();
    let mut q = db.prepare_cached(
        "SELECT p.attribution, p.part, p.first, p.past FROM attribution a JOIN span p ON p.attribution = a.id
         WHERE a.story = ?1 ORDER BY p.attribution, p.n",
    )?;
    let mut rows = q.query([id])?;
    while let Some(r) = rows.next()? {
        let slot = match r.get_ref(1)?.as_str().unwrap_or("") {
            "source" => 0,
            "cue" => 1,
            _ => 2,
        };
        parts.entry(r.get(0)?).or_default()[slot].push(Span { start: r.get(2)?, end: r.get(3)? });
    }
    let mut open: HashMap<i64, Vec<usize>> = HashMap::new();
    let mut q = db.prepare_cached(
        "SELECT c.attribution, c.source FROM attribution a JOIN candidate c ON c.attribution = a.id WHERE a.story = ?1 ORDER BY c.rowid",
    )?;
    let mut rows = q.query([id])?;
    while let Some(r) = rows.next()? {
        open.entry(r.get(0)?).or_default().extend(sources.get(&r.get(1)?));
    }
    db.prepare_cached(
        "SELECT id, source, why, form, level, parent, channel, recipient_first, recipient_past, via, via_first, via_past, sure, low, high
         FROM attribution WHERE story = ?1 ORDER BY n",
    )?
    .query_map(params![id], |r| {
        let row: i64 = r.get(0)?;
        let text = |i: usize| r.get::<_, String>(i);
        let [source, cue, content] = parts.remove(&row).unwrap_or_default();
        let (low, high): (f64, f64) = (r.get(13)?, r.get(14)?);
        Ok(Statement {
            attribution: Attribution {
                source,
                cue,
                content,
                form: Form::parse(&text(3)?).unwrap_or(Form::Indirect),
                level: Level::parse(&text(4)?).unwrap_or(Level::Speech),
                parent: r.get::<_, Option<i64>>(5)?.map(|p| p as usize),
                probability: ((low + high) / 2.0) as f32,
            },
            speaker: r.get::<_, Option<i64>>(1)?.and_then(|s| sources.get(&s).copied()),
            why: Why::parse(&text(2)?).unwrap_or(Why::Nobody),
            candidates: open.remove(&row).unwrap_or_default(),
            channel: Channel::parse(&text(6)?).unwrap_or(Channel::Unstated),
            recipient: span(r.get(7)?, r.get(8)?),
            via: r.get::<_, Option<String>>(9)?.zip(span(r.get(10)?, r.get(11)?)).map(|(name, span)| Via { name, span }),
            sure: Sure { level: SureLevel::parse(&text(12)?).unwrap_or(SureLevel::Tentative), range: (low as f32, high as f32) },
        })
    })?
    .collect()
}

fn warnings(db: &Connection, id: i64) -> rusqlite::Result<Vec<Warning>> {
    let mut out = Vec::new();
    let mut q = db.prepare_cached("SELECT code, message, first, past FROM warning WHERE story = ?1 ORDER BY n")?;
    let mut rows = q.query([id])?;
    while let Some(r) = rows.next()? {
        // a code of a later program is passed over
        if let Some(code) = Code::parse(&r.get::<_, String>(0)?) {
            out.push(Warning { code, message: r.get(1)?, span: span(r.get(2)?, r.get(3)?) });
        }
    }
    Ok(out)
}
