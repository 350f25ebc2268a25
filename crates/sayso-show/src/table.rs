//! Tables from a collection: for the terminal, as CSV and as JSON Lines.

use sayso_store::{Cell, Table};
use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr;

use crate::csv::guarded;
use crate::room::data::value;
use crate::terminal::{BOLD, DIM, Printer, Style, clip};
use crate::view::{harmless, one_line};

fn words(c: &Cell) -> String {
    match c {
        Cell::Null => String::new(),
        Cell::Integer(n) => n.to_string(),
        Cell::Real(x) => format!("{x:.1}"),
        Cell::Text(t) => t.clone(),
    }
}

/// A table in columns. The widest columns of words give way where the terminal is narrow.
pub fn table_text(t: &Table, style: Style) -> String {
    if t.rows.is_empty() {
        return String::new();
    }
    if t.columns.iter().any(|c| c == "words") {
        return statements(t, style);
    }
    let cells: Vec<Vec<String>> = t.rows.iter().map(|r| r.iter().map(|c| one_line(&harmless(&words(c)))).collect()).collect();
    let heads: Vec<String> = t.columns.iter().map(|c| c.replace('_', " ")).collect();
    let numeric: Vec<bool> = (0..heads.len()).map(|i| t.rows.iter().all(|r| !matches!(r[i], Cell::Text(_)))).collect();
    let mut width: Vec<usize> =
        (0..heads.len()).map(|i| cells.iter().map(|r| r[i].width()).chain([heads[i].width()]).max().unwrap_or(0)).collect();
    while width.iter().sum::<usize>() + 2 * width.len().saturating_sub(1) > style.width {
        let Some((i, w)) = width.iter().copied().enumerate().filter(|(i, _)| !numeric[*i]).max_by_key(|(_, w)| *w) else { break };
        if w <= 8 {
            break;
        }
        width[i] = w - 1;
    }
    let mut out = String::new();
    for (n, row) in std::iter::once(&heads).chain(&cells).enumerate() {
        let mut line = String::new();
        for (i, c) in row.iter().enumerate() {
            let c = clip(c, width[i]);
            let pad = " ".repeat(width[i].saturating_sub(c.width()));
            line += &if numeric[i] { format!("{pad}{c}  ") } else { format!("{c}{pad}  ") };
        }
        let line = line.trim_end();
        if n == 0 && style.colour {
            let bold = crate::terminal::BOLD;
            out += &format!("{}{line}{}\n", bold.render(), bold.render_reset());
        } else {
            out += line;
            out.push('\n');
        }
    }
    out
}

/// Rows that hold a statement's words: what is known of it on one line, its words under it.
fn statements(t: &Table, style: Style) -> String {
    let mut p = Printer::new(style);
    for (n, row) in t.rows.iter().enumerate() {
        let of = |name: &str| t.columns.iter().position(|c| c == name).map(|i| words(&row[i])).filter(|w| !w.is_empty());
        if n > 0 {
            p.out.push('\n');
        }
        let who = of("speaker").unwrap_or_else(|| "nobody stated".into());
        let place = match (of("outlet"), of("published")) {
            (Some(o), Some(d)) => format!("{o}, {d}"),
            (Some(o), None) => format!("{o}, undated"),
            (None, Some(d)) => format!("no outlet, {d}"),
            (None, None) => "no outlet, undated".into(),
        };
        let terms: Vec<String> = [
            of("naming"),
            of("role"),
            of("form"),
            of("level").filter(|l| l != "speech"),
            of("channel").filter(|c| c != "unstated"),
            of("via").map(|v| format!("via {v}")),
            of("sure"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let id = format!("{} of story {}", of("statement").unwrap_or_default(), of("story").unwrap_or_default());
        p.line(&[(BOLD, &harmless(&who)), (DIM, &harmless(&format!(" · {place} · {} · {id}", terms.join(" · "))))], 0);
        p.line(&[(anstyle::Style::new(), &harmless(&of("words").unwrap_or_default()))], 4);
    }
    p.out
}

/// A table as CSV with a head line; with `guard`, formulas are disarmed.
pub fn table_csv(t: &Table, guard: bool) -> Vec<Vec<String>> {
    let row = |r: &Vec<Cell>| r.iter().map(|c| if guard { guarded(&harmless(&words(c))) } else { words(c) }).collect();
    std::iter::once(t.columns.clone()).chain(t.rows.iter().map(row)).collect()
}

/// A table as JSON Lines, one object a row.
pub fn table_jsonl(t: &Table) -> String {
    t.rows
        .iter()
        .map(|r| {
            let object: Map<String, Value> = t.columns.iter().cloned().zip(r.iter().map(value)).collect();
            serde_json::to_string(&object).unwrap_or_default() + "\n"
        })
        .collect()
}
