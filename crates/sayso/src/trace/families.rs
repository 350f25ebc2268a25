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
    /// How much the shared words tell: common words and names count one, others four.
    pub weight: u32,
    /// The way from `a` to `b`.
    pub steps: Vec<Step>,
}

/// Words in a row that make a candidate an echo, by where quotation marks stand: on both sides, on one, on neither.
const RUN: [usize; 3] = [5, 8, 12];
/// What those words have to weigh: three words of substance, or two and their company; more without marks.
const WEIGHT: [u32; 3] = [12, 16, 24];
/// A run so long that it needs no more.
const LONG: usize = 10;
/// Share of a quotation, in percent, that shorter runs have to cover: five words in the middle of two long quotations are an accident.
const COVER: usize = 60;
/// Words in a row inside quotation marks on both sides that are listed as a shared phrase where they are no echo.
const PHRASE: usize = 7;

/// Words in a row that two quotations share, and that say too little to call one the other's echo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// Where they stand first in the collection.
    pub a: Place,
    /// And where else.
    pub b: Place,
    /// The words, folded.
    pub words: String,
}

/// The forms that share enough to be one utterance, and the phrases that others share.
pub fn links(forms: &Forms, reports: &[Report]) -> (Vec<Link>, Vec<Phrase>) {
    let all: Vec<(Link, bool)> = forms.candidates().into_par_iter().filter_map(|(a, b)| compare(forms, reports, a, b)).collect();
    let (links, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, echo)| *echo);
    let mut phrases: Vec<Phrase> = rest.iter().flat_map(|(l, _)| shared_phrase(forms, l)).collect();
    phrases.sort_by(|x, y| (x.a, x.b, &x.words).cmp(&(y.a, y.b, &y.words)));
    (links.into_iter().map(|(l, _)| l).collect(), phrases)
}

/// Two forms laid over one another: `true` where one may be the other's echo, `false` where they but share a phrase.
fn compare(forms: &Forms, reports: &[Report], a: u32, b: u32) -> Option<(Link, bool)> {
    let (x, y) = (&forms.forms[a as usize], &forms.forms[b as usize]);
    let steps = align(&x.words, &y.words);
    let (longest, pairs) = shared(&steps);
    let weight: u32 = pairs.iter().map(|(i, j)| u32::from(x.weight[*i].min(y.weight[*j]))).sum();
    let words = pairs.iter().filter(|(i, _)| x.words[*i] != ELLIPSIS).count();
    let both = pairs.iter().filter(|(i, j)| x.quoted[*i] && y.quoted[*j]).count();
    let one = pairs.iter().filter(|(i, j)| x.quoted[*i] != y.quoted[*j]).count();
    let marks = if both >= RUN[0] {
        0
    } else if both + one >= RUN[1] {
        1
    } else {
        2
    };
    // how much of a quotation they share, in percent: the best of either side's
    let cover = |f: &Form, at: &dyn Fn(&(usize, usize)) -> usize| {
        let mut held: BTreeMap<u16, usize> = BTreeMap::new();
        for p in &pairs {
            *held.entry(f.piece[at(p)]).or_default() += 1;
        }
        held.into_iter()
            .filter(|(piece, _)| marks == 2 || *piece > 0)
            .map(|(piece, n)| 100 * n / f.piece.iter().filter(|p| **p == piece).count().max(RUN[0]))
            .max()
            .unwrap_or(0)
    };
    let (of_x, of_y) = (cover(x, &|p| p.0), cover(y, &|p| p.1));
    let covers = of_x.max(of_y) >= COVER;
    // the whole of a quotation under another name is a swapped speaker; a part of it is a phrase that two people use
    let whole = of_x.min(of_y) >= 90 && words >= RUN[1];
    let long = longest >= LONG + 4 * marks;
    let echo = longest >= RUN[marks]
        && weight >= WEIGHT[marks]
        && (covers || long && marks < 2 || words >= 16 && marks == 0)
        && (whole || words >= 16 || !strangers(x, y, reports));
    let link = Link { a, b, words: words as u32, weight, steps };
    (echo || longest >= PHRASE && both >= PHRASE).then_some((link, echo))
}

fn shared_phrase(forms: &Forms, l: &Link) -> Vec<Phrase> {
    let (x, y) = (&forms.forms[l.a as usize], &forms.forms[l.b as usize]);
    let mut best: Vec<u32> = Vec::new();
    let mut run: Vec<u32> = Vec::new();
    for s in &l.steps {
        match s {
            Step::Same(i, j) if x.quoted[*i] && y.quoted[*j] => run.push(x.words[*i]),
            _ => run.clear(),
        }
        if run.len() > best.len() {
            best.clone_from(&run);
        }
    }
    if best.len() < PHRASE {
        return Vec::new();
    }
    let words = best.iter().map(|w| forms.vocabulary.word(*w)).collect::<Vec<_>>().join(" ");
    // each place of one with the first of the other: listing every pair would be quadratic in a famous phrase
    let first = |f: &Form| f.places.first().copied();
    let mut out = Vec::new();
    if let (Some(a), Some(b)) = (first(x), first(y)) {
        out.extend(y.places.iter().map(|p| (a, *p)));
        out.extend(x.places.iter().skip(1).map(|p| (*p, b)));
    }
    out.into_iter().filter(|(a, b)| a.report != b.report).map(|(a, b)| Phrase { a: a.min(b), b: a.max(b), words: words.clone() }).collect()
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
    let groups = group(forms, links);
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
            // words that would not make two forms an echo make two stories none either
            let alone = group.len() == 1 && !tells(forms, group[0]);
            (stories.len() > 1 && !alone).then(|| edges::family(&group, forms, links, &neighbours, reports, &copied))
        })
        .collect();
    out.sort_by_key(|f| f.members.iter().min().copied());
    out
}

/// Whether a form's words are enough to tie the stories that have them, word for word.
fn tells(forms: &Forms, f: u32) -> bool {
    let form = &forms.forms[f as usize];
    let quoted = form.quoted.iter().filter(|q| **q).count();
    let marks = if quoted >= RUN[0] { 0 } else { 2 };
    let weight: u32 = form.weight.iter().zip(&form.quoted).filter(|(_, q)| marks == 2 || **q).map(|(w, _)| u32::from(*w)).sum();
    form.len() >= RUN[marks] && weight >= WEIGHT[marks]
}

/// Groups of forms. Links are taken strongest first; a short form joins one group only, so that a stock phrase bridges nothing.
fn group(forms: &Forms, links: &[Link]) -> Vec<Vec<u32>> {
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
        if bridging {
            continue;
        }
        // only what hangs on a longer one has found its place
        joined[shorter as usize] |= x.len() != y.len();
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

/// Whether the words are given to people of different names throughout: two mouths, one phrase.
fn strangers(x: &Form, y: &Form, reports: &[Report]) -> bool {
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
