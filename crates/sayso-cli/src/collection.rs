//! `sayso search`, `sources`, `said` and `stats`.

use std::path::Path;

use anyhow::{Result, bail};
use sayso_show::Style;
use sayso_store::{Kept, Query, Store, Table};

use crate::args::{Said, Search, Shown, Sources, Stats, TableFormat};
use crate::output;

pub fn search(args: &Search) -> Result<u8> {
    let store = Store::open(&args.collection.collection)?;
    let words = args.words.join(" ");
    let query = Query {
        words: (!words.trim().is_empty()).then_some(words),
        speaker: args.speaker.clone(),
        outlet: args.outlet.clone(),
        dates: (args.from.clone(), args.until.clone()),
        naming: args.naming.clone(),
        form: args.form.clone(),
        skip: 0,
        limit: args.limit,
    };
    let (table, all) = store.search(&query)?;
    if all == 0 {
        output::complain("no statement fits; fewer words, or begin* for a beginning, find more");
        return Ok(1);
    }
    print(&[(String::new(), table)], &args.shown)?;
    if all > args.limit {
        output::complain(&format!("{} of {all} shown; --limit {all} shows all", args.limit));
    }
    Ok(0)
}

pub fn sources(args: &Sources) -> Result<u8> {
    let store = Store::open(&args.collection.collection)?;
    let outlet = args.outlet.as_deref();
    let terms = store.terms(outlet)?;
    if terms.rows.is_empty() {
        bail!("there are no stories{}", outlet.map(|o| format!(" of {o}")).unwrap_or_default());
    }
    let named = store.sources(outlet, args.limit)?;
    match args.shown.format {
        // two tables in one CSV file would be none
        TableFormat::Terminal => {
            print(&[("Named sources, most statements first".into(), named), ("On what terms, by outlet".into(), terms)], &args.shown)?
        }
        _ => print(&[(String::new(), named)], &args.shown)?,
    }
    Ok(0)
}

pub fn said(args: &Said) -> Result<u8> {
    let store = Store::open(&args.collection.collection)?;
    let (table, names) = store.said(&args.name)?;
    if table.rows.is_empty() {
        let like = store.names_like(args.name.split_whitespace().next_back().unwrap_or(&args.name))?;
        let hint = if like.is_empty() { String::new() } else { format!("; there are: {}", like.join(", ")) };
        output::complain(&format!("nothing is attributed to anybody named {:?}{hint}", args.name));
        return Ok(1);
    }
    if names.len() > 1 {
        output::complain(&format!("{:?} fits {} names, kept apart in the column speaker: {}", args.name, names.len(), names.join(", ")));
    }
    print(&[(String::new(), table)], &args.shown)?;
    Ok(0)
}

pub fn stats(args: &Stats) -> Result<u8> {
    let store = Store::open(&args.collection.collection)?;
    print(&[(String::new(), store.stats()?)], &args.shown)?;
    Ok(0)
}

/// Tables, each with its title, as asked for.
fn print(tables: &[(String, Table)], shown: &Shown) -> Result<()> {
    let style = Style { width: output::width(), colour: shown.output.is_none() && output::colours() };
    let mut out = output::open(shown.output.as_deref())?;
    for (n, (title, table)) in tables.iter().enumerate() {
        match shown.format {
            TableFormat::Terminal => {
                if !title.is_empty() {
                    writeln!(out, "{}{title}", if n > 0 { "\n" } else { "" })?;
                }
                out.write_all(sayso_show::table_text(table, style).as_bytes())?;
            }
            TableFormat::Csv => out.write_all(&sayso_show::csv_bytes(&sayso_show::table_csv(table, !shown.no_formula_guard)))?,
            TableFormat::Jsonl => out.write_all(sayso_show::table_jsonl(table).as_bytes())?,
        }
    }
    Ok(out.flush()?)
}

/// Opens a collection and traces what was added since it was traced last.
pub fn traced(path: &Path) -> Result<Store> {
    let store = Store::open(path)?;
    if store.is_traced(env!("CARGO_PKG_VERSION"))? {
        return Ok(store);
    }
    let mut store = Store::create(path)?;
    let n = store.len()?;
    if n > 500 {
        output::complain(&format!("tracing {n} stories, once for what was added"));
    }
    let kept = Kept::trace(store.reports(None)?);
    store.keep(&kept, env!("CARGO_PKG_VERSION"))?;
    Ok(store)
}
