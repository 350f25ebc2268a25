//! Tables from a collection: for the terminal, as CSV and as JSON Lines.

use sayso_store::{Cell, Table};
use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr;

use crate::csv::guarded;
use crate::terminal::{Style, clip};
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
            let object: Map<String, Value> = t
                .columns
                .iter()
                .zip(r)
                .map(|(c, v)| {
                    let v = match v {
                        Cell::Null => Value::Null,
                        Cell::Integer(n) => (*n).into(),
                        Cell::Real(x) => (*x).into(),
                        Cell::Text(t) => t.clone().into(),
                    };
                    (c.clone(), v)
                })
                .collect();
            serde_json::to_string(&object).unwrap_or_default() + "\n"
        })
        .collect()
}
