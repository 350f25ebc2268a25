//! Adding stories.

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};
use sayso::{Naming, Story};
use sayso_text::{Meta, Span};
use sha2::{Digest, Sha256};

use crate::{Result, Store, explain};

/// A story that is to be stored.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'s> {
    /// The story.
    pub story: &'s Story,
    /// Where it was read from, as the user wrote it.
    pub path: &'s str,
    /// The hash of what it was read from: [`bytes_hash`].
    pub bytes: &'s str,
}

/// What became of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is new; its id.
    New(i64),
    /// It is a changed version of one that was there; its id, and the earlier one's.
    Version(i64, i64),
    /// It was there; its id. What was not known of it before is filled in.
    Known(i64),
}

/// The name of some bytes: SHA-256 in hexadecimal digits.
pub fn bytes_hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

impl Store {
    /// Whether a story read from these bytes is there, published where `meta` says: its id. The same bytes under two outlets' names
    /// are two reports, for that is what tracing is about; bytes without an outlet are taken for the story that has one.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn known(&self, bytes: &str, meta: &Meta) -> Result<Option<i64>> {
        self.sql(|db| known(db, bytes, meta))
    }

    /// Adds stories, all of them or none, and returns when they are on the disk.
    ///
    /// # Errors
    /// What SQLite says; nothing of this call is stored then, and everything of the calls before is.
    pub fn add(&mut self, arrivals: &[Arrival<'_>]) -> Result<Vec<Added>> {
        let path = self.path.clone();
        let work = |db: &mut rusqlite::Connection| -> rusqlite::Result<Vec<Added>> {
            let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let out = arrivals.iter().map(|a| put(&tx, a)).collect::<rusqlite::Result<Vec<Added>>>()?;
            tx.commit()?;
            Ok(out)
        };
        work(&mut self.db).map_err(|e| explain(&path, e))
    }

    /// Takes a story out, with all that was found in it; a later version of it becomes a story of its own. What tracing found has to be made
    /// again. Returns whether it was there.
    ///
    /// # Errors
    /// What SQLite says; the story is there then.
    pub fn remove(&mut self, id: i64) -> Result<bool> {
        let path = self.path.clone();
        let work = |db: &mut rusqlite::Connection| -> rusqlite::Result<bool> {
            let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            tx.execute("UPDATE story SET version_of = NULL WHERE version_of = ?1", [id])?;
            // the index of words keeps no text of its own: it has to be told what goes
            tx.execute(
                "INSERT INTO story_words (story_words, rowid, title, text) SELECT 'delete', id, title, text FROM story WHERE id = ?1",
                [id],
            )?;
            tx.execute("DELETE FROM said_words WHERE rowid IN (SELECT id FROM attribution WHERE story = ?1)", [id])?;
            let there = tx.execute("DELETE FROM story WHERE id = ?1", [id])? > 0;
            tx.execute("DELETE FROM traced", [])?;
            tx.commit()?;
            Ok(there)
        };
        work(&mut self.db).map_err(|e| explain(&path, e))
    }
}

fn known(db: &rusqlite::Connection, bytes: &str, meta: &Meta) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(
        "SELECT id FROM story WHERE bytes = ?1
           AND (outlet IS NULL OR ?2 IS NULL OR outlet = ?2) AND (address IS NULL OR ?3 IS NULL OR address = ?3)
         ORDER BY outlet IS NOT ?2, id LIMIT 1",
    )?
    .query_row(params![bytes, meta.outlet, meta.address], |r| r.get(0))
    .optional()
}

fn put(tx: &Transaction<'_>, a: &Arrival<'_>) -> rusqlite::Result<Added> {
    let (doc, story) = (&a.story.doc, a.story);
    let m = &doc.meta;
    if let Some(id) = known(tx, a.bytes, m)? {
        tx.prepare_cached(
            "UPDATE story SET outlet = coalesce(outlet, ?2), published = coalesce(published, ?3), byline = coalesce(byline, ?4),
               credit = coalesce(credit, ?5), address = coalesce(address, ?6), language = coalesce(language, ?7) WHERE id = ?1",
        )?
        .execute(params![id, m.outlet, m.published, m.byline, m.credit, m.address, m.language])?;
        return Ok(Added::Known(id));
    }
    let before: Option<i64> = match &m.address {
        Some(address) => tx
            .prepare_cached("SELECT id FROM story WHERE address = ?1 ORDER BY id DESC LIMIT 1")?
            .query_row([address], |r| r.get(0))
            .optional()?,
        None => None,
    };
    let words = doc.text.split_whitespace().count() as i64;
    tx.prepare_cached(
        "INSERT INTO story (bytes, doc, path, format, outlet, title, byline, published, credit, address, language, version_of, words, text)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?
    .execute(params![
        a.bytes,
        doc.id.as_str(),
        a.path,
        doc.format.name(),
        m.outlet,
        m.title,
        m.byline,
        m.published,
        m.credit,
        m.address,
        m.language,
        before,
        words,
        &*doc.text
    ])?;
    let id = tx.last_insert_rowid();
    tx.prepare_cached("INSERT INTO story_words (rowid, title, text) VALUES (?1, ?2, ?3)")?.execute(params![id, m.title, &*doc.text])?;
    for (n, b) in doc.blocks.iter().enumerate() {
        tx.prepare_cached("INSERT INTO block VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(params![
            id,
            n as i64,
            b.kind.name(),
            b.span.start,
            b.span.end
        ])?;
    }
    for (n, q) in story.quotations.iter().enumerate() {
        tx.prepare_cached("INSERT INTO quotation VALUES (?1, ?2, ?3, ?4)")?.execute(params![id, n as i64, q.start, q.end])?;
    }
    for (n, c) in story.credits.iter().enumerate() {
        tx.prepare_cached("INSERT INTO credit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?.execute(params![
            id,
            n as i64,
            c.name,
            c.kind.name(),
            c.own,
            c.refers,
            c.span.start,
            c.span.end
        ])?;
    }
    for (n, w) in story.warnings.iter().enumerate() {
        tx.prepare_cached("INSERT INTO warning VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute(params![
            id,
            n as i64,
            w.code.name(),
            w.message,
            w.span.map(|s| s.start),
            w.span.map(|s| s.end)
        ])?;
    }
    let sources = sources(tx, id, story)?;
    statements(tx, id, story, &sources)?;
    Ok(before.map_or(Added::New(id), |b| Added::Version(id, b)))
}

/// Stores a story's sources: their row ids, in their order.
fn sources(tx: &Transaction<'_>, id: i64, story: &Story) -> rusqlite::Result<Vec<i64>> {
    let mut out = Vec::with_capacity(story.sources.len());
    for (n, s) in story.sources.iter().enumerate() {
        let reason = s.reason.filter(|_| s.naming != Naming::Named);
        tx.prepare_cached(
            "INSERT INTO source (story, n, name, proper, kind, naming, role, affiliation, level, basis, basis_first, basis_past, reason_first,
               reason_past, reason_rote) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(params![
            id,
            n as i64,
            s.name,
            s.proper,
            s.kind.name(),
            s.naming.name(),
            s.role,
            s.affiliation,
            s.descriptor_level,
            s.basis.kind,
            s.basis.span.map(|x| x.start),
            s.basis.span.map(|x| x.end),
            reason.map(|r| r.span.start),
            reason.map(|r| r.span.end),
            reason.map(|r| r.rote),
        ])?;
        let row = tx.last_insert_rowid();
        for name in &s.aliases {
            tx.prepare_cached("INSERT INTO alias VALUES (?1, ?2)")?.execute(params![row, name])?;
        }
        for m in &s.mentions {
            tx.prepare_cached("INSERT INTO mention VALUES (?1, ?2, ?3)")?.execute(params![row, m.start, m.end])?;
        }
        out.push(row);
    }
    Ok(out)
}

fn statements(tx: &Transaction<'_>, id: i64, story: &Story, sources: &[i64]) -> rusqlite::Result<()> {
    for (n, s) in story.statements.iter().enumerate() {
        let a = &s.attribution;
        tx.prepare_cached(
            "INSERT INTO attribution (story, n, source, why, form, level, parent, channel, recipient_first, recipient_past, via, via_first,
               via_past, sure, low, high) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        )?
        .execute(params![
            id,
            n as i64,
            s.speaker.map(|k| sources[k]),
            s.why.name(),
            a.form.name(),
            a.level.name(),
            a.parent.map(|p| p as i64),
            s.channel.name(),
            s.recipient.map(|r| r.start),
            s.recipient.map(|r| r.end),
            s.via.as_ref().map(|v| &v.name),
            s.via.as_ref().map(|v| v.span.start),
            s.via.as_ref().map(|v| v.span.end),
            s.sure.level.name(),
            tenths(s.sure.range.0),
            tenths(s.sure.range.1),
        ])?;
        let row = tx.last_insert_rowid();
        for k in &s.candidates {
            tx.prepare_cached("INSERT INTO candidate VALUES (?1, ?2)")?.execute(params![row, sources[*k]])?;
        }
        for (part, spans) in [("source", &a.source), ("cue", &a.cue), ("content", &a.content)] {
            for (k, x) in spans.iter().enumerate() {
                tx.prepare_cached("INSERT INTO span VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(params![row, part, k as i64, x.start, x.end])?;
            }
        }
        let content = words(&story.doc.text, &a.content);
        tx.prepare_cached("INSERT INTO said_words (rowid, content) VALUES (?1, ?2)")?.execute(params![row, content])?;
    }
    Ok(())
}

fn tenths(x: f32) -> f64 {
    f64::from((x * 10.0).round()) / 10.0
}

fn words(text: &str, spans: &[Span]) -> String {
    spans.iter().map(|s| s.of(text)).collect::<Vec<_>>().join(" ")
}
