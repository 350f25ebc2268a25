//! Indirect statements that may retell what another story attributes to the same source in other words. Proposals: they are shown as
//! possible and counted nowhere.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::families::Family;
use super::forms::Place;
use super::report::Report;
use super::words::{ELLIPSIS, Vocabulary};
use crate::grade::Naming;

/// Two statements that may say the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Retelling {
    /// The one in the report that comes first.
    pub a: Place,
    /// The other.
    pub b: Place,
    /// Uncommon words that both use, in the order of `a`.
    pub shared: Vec<String>,
    /// Their share of the uncommon words of both, in percent.
    pub likeness: u8,
}

/// Uncommon words that two statements must share.
const SHARED: usize = 4;
/// Their least share of all uncommon words of both, in percent.
const LIKENESS: usize = 34;
/// Statements of one speaker that may hold a word for it to bring two together.
const SPREAD: usize = 40;

/// Pairs of statements of one named speaker in two stories, one of them at least without quotation marks.
pub fn retellings(reports: &[Report], families: &[Family]) -> Vec<Retelling> {
    let mut family: HashMap<Place, usize> = HashMap::new();
    for (k, f) in families.iter().enumerate() {
        family.extend(f.members.iter().map(|m| (*m, k)));
    }
    let mut vocabulary = Vocabulary::default();
    let mut by_speaker: BTreeMap<String, Vec<(Place, Vec<u32>, bool)>> = BTreeMap::new();
    for (r, report) in reports.iter().enumerate() {
        for (k, s) in report.said.iter().enumerate() {
            let Some(speaker) = s.speaker.as_ref().filter(|s| s.naming == Naming::Named) else { continue };
            let mut words: Vec<u32> = s.content.iter().flat_map(|c| vocabulary.read(&report.text, *c)).map(|w| w.id).collect();
            words.retain(|w| *w != ELLIPSIS && !vocabulary.is_common(*w));
            let mut seen = HashSet::new();
            words.retain(|w| seen.insert(*w));
            if words.len() >= SHARED {
                let last = speaker.name.split_whitespace().next_back().unwrap_or("").to_lowercase();
                by_speaker.entry(last).or_default().push((Place { report: r as u32, said: k as u32 }, words, s.quoted.is_empty()));
            }
        }
    }
    let mut out = Vec::new();
    for said in by_speaker.values().filter(|s| s.len() > 1) {
        let mut holders: HashMap<u32, Vec<usize>> = HashMap::new();
        for (i, (_, words, _)) in said.iter().enumerate() {
            for w in words {
                holders.entry(*w).or_default().push(i);
            }
        }
        let mut common: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for list in holders.values().filter(|l| l.len() > 1 && l.len() <= SPREAD) {
            for (k, i) in list.iter().enumerate() {
                for j in &list[k + 1..] {
                    *common.entry((*i, *j)).or_default() += 1;
                }
            }
        }
        for ((i, j), _) in common.into_iter().filter(|(_, n)| *n >= SHARED - 1) {
            let ((a, x, plain_a), (b, y, plain_b)) = (&said[i], &said[j]);
            let together = family.get(a).is_some_and(|k| family.get(b) == Some(k));
            if a.report == b.report || together || !(*plain_a || *plain_b) {
                continue;
            }
            let other: BTreeSet<u32> = y.iter().copied().collect();
            let shared: Vec<u32> = x.iter().copied().filter(|w| other.contains(w)).collect();
            let likeness = 100 * shared.len() / (x.len() + y.len() - shared.len());
            if shared.len() >= SHARED && likeness >= LIKENESS {
                let shared = shared.iter().map(|w| vocabulary.word(*w).to_string()).collect();
                out.push(Retelling { a: *a, b: *b, shared, likeness: likeness as u8 });
            }
        }
    }
    out.sort_by_key(|r| (r.a, r.b));
    out
}
