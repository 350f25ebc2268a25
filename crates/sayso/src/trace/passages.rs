//! Copied passages: long runs of words that two stories share, in or out of quotation marks. Wire copy and rewritten releases show here.
//!
//! Winnowed 8-word fingerprints (Schleimer, Wilkerson and Aiken 2003) find the pairs; the runs themselves are read off the texts.

use rayon::prelude::*;
use sayso_text::Span;

use super::report::Report;
use super::words::{ELLIPSIS, Vocabulary, Word};

/// Words of a fingerprint, and of the window out of which one is kept: any shared run of 15 words is seen.
const GRAM: usize = 8;
const WINDOW: usize = 8;
/// Words of a run that is reported.
const SHORTEST: usize = 15;
/// Stories that share a fingerprint up to which each is compared with each; above, in a chain through time.
const ALL_PAIRS: usize = 32;

/// A run of words that stands in two stories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The report that comes first in the collection's order.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// How many words all their shared runs have.
    pub words: u32,
    /// Their share of the shorter story, in percent.
    pub share: u8,
    /// The longest run, in `a` and in `b`.
    pub longest: (Span, Span),
}

/// All pairs of stories with a shared run of [`SHORTEST`] words, by report.
pub fn passages(reports: &[Report]) -> Vec<Passage> {
    let mut vocabulary = Vocabulary::default();
    let texts: Vec<Vec<Word>> = reports
        .iter()
        .map(|r| {
            let mut words: Vec<Word> = r.paragraphs.iter().flat_map(|p| vocabulary.read(&r.text, *p)).collect();
            words.retain(|w| w.id != ELLIPSIS);
            words
        })
        .collect();
    drop(vocabulary);
    let mut postings: Vec<(u64, u32, u32)> =
        texts.par_iter().enumerate().flat_map_iter(|(r, words)| winnow(words).into_iter().map(move |(h, at)| (h, r as u32, at))).collect();
    postings.par_sort_unstable();
    let mut seeds: Vec<(u32, u32, u32, u32)> = Vec::new();
    for group in postings.chunk_by(|x, y| x.0 == y.0).filter(|g| g.len() > 1) {
        let mut link = |x: &(u64, u32, u32), y: &(u64, u32, u32)| {
            if x.1 != y.1 {
                seeds.push((x.1, y.1, x.2, y.2));
            }
        };
        if group.len() <= ALL_PAIRS {
            for (i, x) in group.iter().enumerate() {
                group[i + 1..].iter().for_each(|y| link(x, y));
            }
        } else {
            group.windows(2).for_each(|w| link(&w[0], &w[1]));
            group[1..].iter().for_each(|y| link(&group[0], y));
        }
    }
    seeds.par_sort_unstable();
    seeds
        .chunk_by(|x, y| (x.0, x.1) == (y.0, y.1))
        .collect::<Vec<_>>()
        .into_par_iter()
        .filter_map(|group| {
            let (a, b) = (group[0].0, group[0].1);
            let (x, y) = (&texts[a as usize], &texts[b as usize]);
            let (mut total, mut best, mut covered) = (0usize, (0usize, 0usize, 0usize), 0usize);
            for (_, _, i, j) in group {
                let (i, j) = (*i as usize, *j as usize);
                if i < covered {
                    continue;
                }
                let same = |k: isize| {
                    let (p, q) = (i as isize + k, j as isize + k);
                    p >= 0 && q >= 0 && x.get(p as usize).zip(y.get(q as usize)).is_some_and(|(p, q)| p.id == q.id)
                };
                if !(0..GRAM as isize).all(same) {
                    continue;
                }
                let before = (1..).take_while(|k| i >= covered + *k as usize && same(-*k)).count();
                let after = (0..).take_while(|k| same(*k)).count();
                let n = before + after;
                covered = i + after;
                if n >= SHORTEST {
                    total += n;
                    if n > best.0 {
                        best = (n, i - before, j - before);
                    }
                }
            }
            (total > 0).then(|| {
                let (n, i, j) = best;
                let span = |w: &[Word], at: usize| w[at].span.hull(w[at + n - 1].span);
                let share = (100 * total / x.len().min(y.len()).max(1)).min(100);
                Passage { a, b, words: total as u32, share: share as u8, longest: (span(x, i), span(y, j)) }
            })
        })
        .collect()
}

/// The fingerprints of a text with their places: of each window the smallest, the last one of equals.
fn winnow(words: &[Word]) -> Vec<(u64, u32)> {
    let grams: Vec<u64> = words
        .windows(GRAM)
        .map(|w| {
            w.iter().fold(0x9e37_79b9, |h: u64, w| {
                let x = (h ^ u64::from(w.id)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                x ^ (x >> 31)
            })
        })
        .collect();
    let mut out: Vec<(u64, u32)> = Vec::new();
    for (from, window) in grams.windows(WINDOW.min(grams.len().max(1))).enumerate() {
        if let Some((at, h)) = window.iter().enumerate().rev().min_by_key(|(_, h)| **h) {
            let at = (from + at) as u32;
            if out.last().is_none_or(|(_, last)| *last != at) {
                out.push((*h, at));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::When;

    fn report(text: &str) -> Report {
        Report {
            text: text.into(),
            title: None,
            outlet: None,
            agency: None,
            published: When::UNKNOWN,
            address: None,
            said: Vec::new(),
            credits: Vec::new(),
            paragraphs: vec![Span::new(0, text.len())],
        }
    }

    #[test]
    fn a_shared_run_is_found_whole_and_a_short_one_is_not() {
        let run = "the council met behind closed doors for nine hours on Tuesday and left without a word to anybody who waited outside";
        let a = report(&format!("Nobody knew. Then {run}, and it rained."));
        let b = report(&format!("In Port Ellery {run}. That was all."));
        let c = report("The council met behind closed doors for nine hours and then went home.");
        let found = passages(&[a.clone(), b.clone(), c]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].a, found[0].b, found[0].words), (0, 1, 21));
        assert_eq!(found[0].longest.0.of(&a.text), run);
        assert_eq!(found[0].longest.1.of(&b.text), run);
    }
}
