//! The wordings that a collection's statements come in, and which of them share words.
//!
//! Statements with the same words are one *form*: a quotation that two thousand stories carry is compared once. Forms that share runs
//! of words are found by 4-word seeds (sorted postings, as in n-gram joins). How often a seed occurs never makes it count for
//! nothing: above [`ALL_PAIRS`] forms the links change their shape, to a star about the longest form and a chain through the rest, so
//! that a famous quotation costs no more than its number of wordings.

use std::collections::HashMap;

use rayon::prelude::*;

use super::report::Report;
use super::words::{ELLIPSIS, Vocabulary, Word};

/// Words of a seed.
pub const SEED: usize = 4;
/// Words that a form needs: shorter ones are names and scare quotes.
const SHORTEST: usize = 5;
/// Forms that share a seed up to which each is compared with each.
const ALL_PAIRS: usize = 64;

/// One statement's place in a collection: report and statement, both by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Which report.
    pub report: u32,
    /// Which of its statements.
    pub said: u32,
}

/// One wording.
#[derive(Clone, Debug)]
pub struct Form {
    /// Its words' numbers.
    pub words: Vec<u32>,
    /// Which of them stand in quotation marks.
    pub quoted: Vec<bool>,
    /// In which quotation each stands, counted from 1; 0 in none.
    pub piece: Vec<u16>,
    /// What each weighs: a common word or one with a capital 1, others 4.
    pub weight: Vec<u8>,
    /// Which of them an editor put in brackets.
    pub inserted: Vec<bool>,
    /// Where it stands, in the order of the reports.
    pub places: Vec<Place>,
}

impl Form {
    /// Words without ellipses.
    pub fn len(&self) -> usize {
        self.words.iter().filter(|w| **w != ELLIPSIS).count()
    }
}

/// All forms of a collection with the vocabulary that numbers their words.
pub struct Forms {
    /// The forms.
    pub forms: Vec<Form>,
    /// Their words.
    pub vocabulary: Vocabulary,
}

/// The words of a statement's content, with the number of the quotation in which each stands.
pub fn words_of(vocabulary: &mut Vocabulary, report: &Report, said: usize) -> (Vec<Word>, Vec<u16>) {
    let s = &report.said[said];
    let words: Vec<Word> = s.content.iter().flat_map(|c| vocabulary.read(&report.text, *c)).collect();
    let piece = words.iter().map(|w| s.quoted.iter().position(|q| q.covers(w.span)).map_or(0, |k| k as u16 + 1)).collect();
    (words, piece)
}

impl Forms {
    /// Collects the forms of all statements.
    pub fn of(reports: &[Report]) -> Forms {
        let mut vocabulary = Vocabulary::default();
        let mut forms: Vec<Form> = Vec::new();
        let mut known: HashMap<(Vec<u32>, Vec<bool>), usize> = HashMap::new();
        for (r, report) in reports.iter().enumerate() {
            for said in 0..report.said.len() {
                let (words, piece) = words_of(&mut vocabulary, report, said);
                if words.len() < SHORTEST {
                    continue;
                }
                let ids: Vec<u32> = words.iter().map(|w| w.id).collect();
                let quoted: Vec<bool> = piece.iter().map(|p| *p > 0).collect();
                let place = Place { report: r as u32, said: said as u32 };
                let next = forms.len();
                match known.entry((ids.clone(), quoted.clone())) {
                    std::collections::hash_map::Entry::Occupied(at) => forms[*at.get()].places.push(place),
                    std::collections::hash_map::Entry::Vacant(slot) => {
                        slot.insert(next);
                        let inserted = words.iter().map(|w| w.inserted).collect();
                        let light = |w: &Word| w.capital || vocabulary.is_common(w.id);
                        let weight = words.iter().map(|w| if light(w) { 1 } else { 4 }).collect();
                        forms.push(Form { words: ids, weight, quoted, piece, inserted, places: vec![place] });
                    }
                }
            }
        }
        Forms { forms, vocabulary }
    }

    /// Pairs of forms that share at least two seeds (five words in a row), smaller index first.
    pub fn candidates(&self) -> Vec<(u32, u32)> {
        let mut postings: Vec<(u64, u32)> = self
            .forms
            .par_iter()
            .enumerate()
            .flat_map_iter(|(f, form)| {
                form.words.windows(SEED).filter(|w| !w.contains(&ELLIPSIS)).map(move |w| (seed(w), f as u32)).collect::<Vec<_>>()
            })
            .collect();
        postings.par_sort_unstable();
        postings.dedup();
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for group in postings.chunk_by(|a, b| a.0 == b.0).filter(|g| g.len() > 1) {
            if group.len() <= ALL_PAIRS {
                for (i, (_, a)) in group.iter().enumerate() {
                    pairs.extend(group[i + 1..].iter().map(|(_, b)| (*a, *b)));
                }
            } else {
                // the longest holds most of what the others are cut from; forms are numbered by their first report
                let longest = group.iter().map(|(_, f)| *f).max_by_key(|f| (self.forms[*f as usize].words.len(), std::cmp::Reverse(*f)));
                let longest = longest.unwrap_or(group[0].1);
                pairs.extend(group.iter().filter(|(_, f)| *f != longest).map(|(_, f)| (longest.min(*f), longest.max(*f))));
                pairs.extend(group.windows(2).map(|w| (w[0].1, w[1].1)));
            }
        }
        pairs.par_sort_unstable();
        pairs.chunk_by(|a, b| a == b).filter(|g| g.len() >= 2).map(|g| g[0]).collect()
    }
}

/// A seed's number: the words' numbers mixed. Chance meetings are harmless, for alignment checks the words.
fn seed(words: &[u32]) -> u64 {
    words.iter().fold(0xcbf2_9ce4_8422_2325, |h, w| {
        let x = (h ^ u64::from(*w)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        x ^ (x >> 29)
    })
}
