//! Families: statements whose words are one utterance's.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::align::{Step, align, shared};
use super::changes::same_name;
use super::edges::{self, Echo, Standing};
use super::forms::{Form, Forms, Place};
use super::passages::Passage;
use super::report::Report;
use super::words::ELLIPSIS;
use crate::grade::Naming;

/// Two forms that share words.
#[derive(Clone, Debug)]
pub struct Link {
    /// The form with the smaller number.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// Words shared in runs of three and more.
    pub words: u32,
    /// How much the shared words tell: common words count one, others four.
    pub weight: u32,
    /// The way from `a` to `b`.
    pub steps: Vec<Step>,
}

/// Weight that shared words need: three words of substance, or two and their company.
const WEIGHT: u32 = 12;
/// Words in a row that both sides must share where quotation marks stand on one of them, and where they stand on neither.
const RUN: usize = 5;
const RUN_UNQUOTED: usize = 9;

/// The forms that share enough.
pub fn links(forms: &Forms) -> Vec<Link> {
    forms
        .candidates()
        .into_par_iter()
        .filter_map(|(a, b, _)| {
            let (x, y) = (&forms.forms[a as usize], &forms.forms[b as usize]);
            let steps = align(&x.words, &y.words);
            let (longest, pairs) = shared(&steps);
            let marked = pairs.iter().filter(|(i, j)| x.quoted[*i] || y.quoted[*j]).count() >= RUN;
            let weight: u32 = pairs.iter().map(|(i, _)| if forms.vocabulary.is_common(x.words[*i]) { 1 } else { 4 }).sum();
            let words = pairs.iter().filter(|(i, _)| x.words[*i] != ELLIPSIS).count() as u32;
            let shorter = x.len().min(y.len());
            // of a long quotation five words in a row are an accident, of a short one they are all
            let enough = longest >= RUN_UNQUOTED || words as usize * 2 >= shorter || longest >= RUN && weight >= 2 * WEIGHT;
            (longest >= if marked { RUN } else { RUN_UNQUOTED } && weight >= WEIGHT && enough).then_some(Link {
                a,
                b,
                words,
                weight,
                steps,
            })
        })
        .collect()
}

/// Statements that carry one utterance's words.
#[derive(Clone, Debug)]
pub struct Family {
    /// Where they stand: by date, as far as it is known, then by report.
    pub members: Vec<Place>,
    /// The way by which each member other than an origin came, as far as can be told.
    pub echoes: Vec<Echo>,
    /// For each member, what it is.
    pub standing: Vec<Standing>,
    /// How many reports.
    pub reports: usize,
    /// How many visible origins: members without a visible earlier source, and outlets outside the collection that are credited.
    pub origins: usize,
    /// Of the reports, how many cannot be told to come from another or to be an origin.
    pub undetermined: usize,
    /// Circles of outlets that credit one another.
    pub circles: Vec<Vec<String>>,
}

/// Puts forms together and works out each family's tree.
pub fn families(forms: &Forms, links: &[Link], reports: &[Report], passages: &[Passage]) -> Vec<Family> {
    let groups = group(forms, links, reports);
    let mut neighbours: HashMap<u32, Vec<usize>> = HashMap::new();
    for (k, l) in links.iter().enumerate() {
        neighbours.entry(l.a).or_default().push(k);
        neighbours.entry(l.b).or_default().push(k);
    }
    let copied: HashMap<(u32, u32), &Passage> = passages.iter().map(|p| ((p.a, p.b), p)).collect();
    let mut out: Vec<Family> = groups
        .into_par_iter()
        .filter_map(|group| {
            let stories: BTreeSet<u32> = group.iter().flat_map(|f| forms.forms[*f as usize].places.iter().map(|p| p.report)).collect();
            (stories.len() > 1).then(|| edges::family(&group, forms, links, &neighbours, reports, &copied))
        })
        .collect();
    out.sort_by_key(|f| f.members.iter().min().copied());
    out
}

/// Groups of forms. Links are taken strongest first; a short form joins one group only, so that a stock phrase bridges nothing.
fn group(forms: &Forms, links: &[Link], reports: &[Report]) -> Vec<Vec<u32>> {
    let n = forms.forms.len();
    let mut parent: Vec<u32> = (0..n as u32).collect();
    fn find(parent: &mut [u32], mut x: u32) -> u32 {
        while parent[x as usize] != x {
            parent[x as usize] = parent[parent[x as usize] as usize];
            x = parent[x as usize];
        }
        x
    }
    let mut order: Vec<usize> = (0..links.len()).collect();
    order.sort_by_key(|k| (std::cmp::Reverse(links[*k].weight), links[*k].a, links[*k].b));
    let mut joined = vec![false; n];
    for k in order {
        let l = &links[k];
        let (x, y) = (&forms.forms[l.a as usize], &forms.forms[l.b as usize]);
        let shorter = if x.len() <= y.len() { l.a } else { l.b };
        let part = l.words as usize * 100 / forms.forms[shorter as usize].len().max(1);
        let brief = forms.forms[shorter as usize].len() < 12;
        let longer = if shorter == l.a { l.b } else { l.a };
        // A short form, or one that shares but a part of itself, belongs to the one it fits best.
        let bridging = (brief || part < 60) && joined[shorter as usize] && find(&mut parent, shorter) != find(&mut parent, longer);
        if bridging || strangers(x, y, l, reports) {
            continue;
        }
        joined[l.a as usize] = true;
        joined[l.b as usize] = true;
        let (p, q) = (find(&mut parent, l.a), find(&mut parent, l.b));
        let (low, high) = (p.min(q), p.max(q));
        parent[high as usize] = low;
    }
    let mut groups: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for f in 0..n as u32 {
        let root = find(&mut parent, f);
        groups.entry(root).or_default().push(f);
    }
    groups.into_values().collect()
}

/// Whether few shared words are given to people of different names throughout: two mouths, one phrase.
fn strangers(x: &Form, y: &Form, l: &Link, reports: &[Report]) -> bool {
    if l.words >= 10 {
        return false;
    }
    let names = |f: &Form| -> Option<Vec<String>> {
        f.places
            .iter()
            .take(8)
            .map(|p| {
                let s = &reports[p.report as usize].said[p.said as usize];
                s.speaker.as_ref().filter(|s| s.naming == Naming::Named).map(|s| s.name.clone())
            })
            .collect()
    };
    match (names(x), names(y)) {
        (Some(a), Some(b)) => !a.iter().any(|n| b.iter().any(|m| same_name(n, m))),
        _ => false,
    }
}
