//! The stories with most errors, what people marked beside what was found.

use std::fmt::Write as _;

use sayso::score::{self, Counts, Measure, Triple};
use sayso_text::{CodePoints, Span};

use super::{Found, Gold, triples};
use crate::output;

/// Writes the `most` stories with most errors, worst first: for each error its place (in characters), the words that people
/// marked on the left and the words that were found on the right. What shares words stands in one row.
pub(super) fn worst(out: &mut String, gold: &[Gold], found: &[Found], per_story: &[Counts], most: usize) {
    let wrong = |c: &Counts| {
        let c = c.get(&Measure::Complete(true)).copied().unwrap_or_default();
        c.found + c.gold - 2 * c.right
    };
    let mut order: Vec<usize> = (0..gold.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(wrong(&per_story[*i])));
    let column = (output::width().saturating_sub(12) / 2).max(20);
    for i in order.into_iter().take(most) {
        let (g, f) = (&gold[i], triples(&found[i]));
        let _ = writeln!(out, "\n=== {}: {} errors; {{source}} <cue> content", g.name, wrong(&per_story[i]));
        let _ = writeln!(out, "{:>7}  {:<column$}   found", "at", "marked by people");
        let points = CodePoints::new(&g.text);
        for (marked, got) in rows(&g.text, &g.annotators[0], &f) {
            let at = points.of_byte(marked.or(got).map_or(0, start) as usize);
            let [left, right] = [marked, got].map(|t| t.map_or(Vec::new(), |t| wrap(&cell(&g.text, t), column)));
            for k in 0..left.len().max(right.len()) {
                let [l, r] = [&left, &right].map(|c| c.get(k).map_or("", String::as_str));
                let at = if k == 0 { at.to_string() } else { String::new() };
                let _ = writeln!(out, "{}", format!("{at:>7}  {l:<column$} | {r}").trim_end());
            }
        }
    }
}

/// What differs, in text order: a marked attribution and the found one that shares most of its words, or one of them alone.
fn rows<'t>(text: &str, gold: &'t [Triple], found: &'t [Triple]) -> Vec<(Option<&'t Triple>, Option<&'t Triple>)> {
    let same = |a: &Triple, b: &Triple| parts(a).iter().zip(parts(b)).all(|(x, y)| score::norm(text, x) == score::norm(text, y));
    let marked: Vec<&Triple> = gold.iter().filter(|t| !found.iter().any(|u| same(t, u))).collect();
    let mut got: Vec<&Triple> = found.iter().filter(|t| !gold.iter().any(|u| same(t, u))).collect();
    let mut out: Vec<(Option<&Triple>, Option<&Triple>)> = Vec::new();
    for t in marked {
        let near = got.iter().enumerate().map(|(k, u)| (shared(t, u), k)).filter(|(n, _)| *n > 0).max_by_key(|(n, k)| (*n, usize::MAX - k));
        out.push((Some(t), near.map(|(_, k)| got.remove(k))));
    }
    out.extend(got.into_iter().map(|u| (None, Some(u))));
    out.sort_by_key(|(a, b)| a.or(*b).map_or(0, start));
    out
}

fn parts(t: &Triple) -> [&[Span]; 3] {
    [&t.source, &t.cue, &t.content]
}

/// Bytes of cue and content in common.
fn shared(a: &Triple, b: &Triple) -> usize {
    let common = |a: &[Span], b: &[Span]| a.iter().flat_map(|x| b.iter().map(|y| x.common(*y))).sum::<usize>();
    common(&a.cue, &b.cue) + common(&a.content, &b.content)
}

fn start(t: &Triple) -> u32 {
    parts(t).into_iter().flatten().map(|s| s.start).min().unwrap_or(0)
}

fn cell(text: &str, t: &Triple) -> String {
    let words = |s: &[Span]| s.iter().map(|s| s.of(text).split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join(" … ");
    format!("{{{}}} <{}> {}", words(&t.source), words(&t.cue), words(&t.content))
}

/// Lines of at most `width` characters, broken between words.
fn wrap(words: &str, width: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for w in words.split(' ') {
        match out.last_mut() {
            Some(line) if line.chars().count() + 1 + w.chars().count() <= width => {
                line.push(' ');
                line.push_str(w);
            }
            _ => out.push(w.to_string()),
        }
    }
    out
}
