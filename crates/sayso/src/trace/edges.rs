//! Who took the words from whom, with the evidence.
//!
//! Each member of a family is given the one source that fits it best: a credit that the story states weighs most, then the dates, then
//! what of its words the other has. A cut cannot come before what it is cut from, and shared odd words point to a shared source, because
//! both show in how much of a member's words a candidate holds. Where nothing tells, the edge says so.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;
use sayso_text::Span;

use super::align::Step;
use super::changes::{Change, Drift, changes, drift, name_changes};
use super::credit::{Credited, Near, credited, own_access};
use super::families::{Family, Link};
use super::forms::{Form, Forms, Place, words_of};
use super::passages::Passage;
use super::report::Report;
use super::when::Order;
use super::words::{ELLIPSIS, Vocabulary};

/// Where words came from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum From {
    /// A statement of the collection.
    Place(Place),
    /// An outlet that is credited and has no such report in the collection.
    Outlet(String),
}

/// On what ground an edge stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// The later story says so.
    Stated,
    /// Dates or wording tell.
    Inferred,
    /// The words are shared; which came first cannot be told.
    Undetermined,
}

sayso_text::named!(How {
    Stated => "stated",
    Inferred => "inferred",
    Undetermined => "undetermined",
});

/// What shows an edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Runs of words that both share: in the earlier and in the later story.
    Words {
        /// How many words.
        words: u32,
        /// Where, in the earlier and the later.
        runs: Vec<(Span, Span)>,
    },
    /// The earlier story is older, by so many days.
    Dates {
        /// Whole days.
        days: i64,
    },
    /// The later story credits the outlet, in these words.
    Credit {
        /// The outlet.
        outlet: String,
        /// The words that name it.
        span: Span,
        /// Whether they stand with the statement (or only elsewhere in the story).
        with_statement: bool,
    },
    /// The later story's dateline or credit line names the agency.
    CreditLine {
        /// The agency.
        outlet: String,
    },
    /// The later wording is cut from the earlier.
    Contained,
    /// The stories share a passage beside it.
    Passage {
        /// How many words.
        words: u32,
        /// Their share of the shorter story, in percent.
        share: u8,
        /// The longest run, in the earlier and the later.
        spans: (Span, Span),
    },
}

/// A later statement and where its words came from.
#[derive(Clone, Debug)]
pub struct Echo {
    /// The later.
    pub later: Place,
    /// Where the words came from.
    pub from: From,
    /// On what ground.
    pub how: How,
    /// What shows it.
    pub evidence: Vec<Evidence>,
    /// What changed in the words.
    pub changes: BTreeSet<Change>,
    /// What changed in who is said to have said them.
    pub drift: BTreeSet<Drift>,
    /// Others that it may have come from, the likeliest first.
    pub others: Vec<Place>,
}

/// What a member of a family is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// No earlier source of it is visible.
    Origin,
    /// Its story says that the words were said to its own outlet.
    OwnAccess(Span),
    /// It came from another report.
    Derived,
    /// Its words are shared; whence they came cannot be told.
    Undetermined,
}

impl Standing {
    /// The name used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Origin => "origin",
            Standing::OwnAccess(_) => "origin, says it had it itself",
            Standing::Derived => "derived",
            Standing::Undetermined => "undetermined",
        }
    }
}

/// Candidates looked at for each form that shares words: the first, the last before, and those whose outlet is credited.
const LOOKED_AT: usize = 3;
/// Forms looked at for each form.
const FORMS: usize = 24;

struct Member {
    place: Place,
    form: u32,
}

struct Candidate {
    member: usize,
    score: f32,
    how: How,
    evidence: Vec<Evidence>,
    link: Option<usize>,
}

/// Works out a family of forms.
pub fn family(
    group: &[u32],
    forms: &Forms,
    links: &[Link],
    neighbours: &HashMap<u32, Vec<usize>>,
    reports: &[Report],
    copied: &HashMap<(u32, u32), &Passage>,
) -> Family {
    let mut members: Vec<Member> =
        group.iter().flat_map(|f| forms.forms[*f as usize].places.iter().map(|p| Member { place: *p, form: *f })).collect();
    members.sort_by_key(|m| (reports[m.place.report as usize].published.sort_key(), m.place));
    let inside: BTreeSet<u32> = group.iter().copied().collect();
    let mut of_form: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut by_outlet: HashMap<(u32, String), Vec<usize>> = HashMap::new();
    let mut outlets: BTreeSet<String> = BTreeSet::new();
    for (i, m) in members.iter().enumerate() {
        of_form.entry(m.form).or_default().push(i);
        if let Some(o) = &reports[m.place.report as usize].outlet {
            by_outlet.entry((m.form, o.to_lowercase())).or_default().push(i);
            outlets.insert(o.to_lowercase());
        }
    }
    let work = Work { members: &members, forms, links, reports, copied };
    let mut echoes: Vec<Option<Echo>> = Vec::with_capacity(members.len());
    let mut standing: Vec<Standing> = Vec::with_capacity(members.len());
    let mut stated: Vec<(String, String)> = Vec::new();
    for (i, m) in members.iter().enumerate() {
        let report = &reports[m.place.report as usize];
        let said = &report.said[m.place.said as usize];
        let credits = credited(report, said);
        if let Some(o) = &report.outlet {
            stated.extend(credits.iter().filter(|c| c.near <= Near::Paragraph).map(|c| (o.clone(), c.outlet.clone())));
        }
        // candidate members: of the same form, and of forms that share words
        let mut near: Vec<(u32, Option<usize>)> = vec![(m.form, None)];
        let mut linked: Vec<usize> = neighbours.get(&m.form).map_or(&[][..], Vec::as_slice).to_vec();
        linked.sort_by_key(|k| (std::cmp::Reverse(links[*k].weight), *k));
        near.extend(
            linked
                .into_iter()
                .map(|k| (if links[k].a == m.form { links[k].b } else { links[k].a }, Some(k)))
                .filter(|(f, _)| inside.contains(f))
                .take(FORMS),
        );
        let mut found: Vec<Candidate> = Vec::new();
        for (form, link) in near {
            let list = &of_form[&form];
            let before = list.partition_point(|j| *j < i);
            let mut looked: BTreeSet<usize> = list.iter().take(LOOKED_AT).copied().collect();
            looked.extend(list[..before].iter().rev().take(LOOKED_AT));
            for c in &credits {
                if let Some(of) = by_outlet.get(&(form, c.outlet.to_lowercase())) {
                    looked.extend(of.iter().take(LOOKED_AT));
                }
            }
            found.extend(
                looked
                    .into_iter()
                    .filter(|j| members[*j].place.report != m.place.report)
                    .filter_map(|j| work.candidate(i, j, link, &credits)),
            );
        }
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.member.cmp(&b.member)));
        let own = own_access(report, said);
        // An outlet that is credited with the statement and is not here comes before any guess.
        let absent =
            credits.iter().find(|c| (c.near <= Near::Paragraph || c.near == Near::Line) && !outlets.contains(&c.outlet.to_lowercase()));
        let best_stated = found.first().is_some_and(|c| c.how == How::Stated);
        let told_here = own.filter(|_| !credits.iter().any(|c| c.near == Near::Statement));
        let (echo, stands) = match (told_here, absent) {
            (Some(span), _) => (None, Standing::OwnAccess(span)),
            (None, Some(c)) if !best_stated => (Some(outside(m.place, c)), Standing::Derived),
            _ => match found.first() {
                None => (None, Standing::Origin),
                Some(_) => {
                    let chosen = members[found[0].member].place.report;
                    let others = found[1..].iter().map(|c| members[c.member].place).filter(|p| p.report != chosen).take(3).collect();
                    let c = found.swap_remove(0);
                    let how = c.how;
                    let echo = work.echo(i, c, others);
                    (Some(echo), if how == How::Undetermined { Standing::Undetermined } else { Standing::Derived })
                }
            },
        };
        echoes.push(echo);
        standing.push(stands);
    }
    cut_circles(&members, &mut echoes, &mut standing);
    count(members, echoes, standing, &stated)
}

fn outside(later: Place, c: &Credited) -> Echo {
    let evidence = match c.span {
        Some(span) => Evidence::Credit { outlet: c.outlet.clone(), span, with_statement: c.near == Near::Statement },
        None => Evidence::CreditLine { outlet: c.outlet.clone() },
    };
    Echo {
        later,
        from: From::Outlet(c.outlet.clone()),
        how: How::Stated,
        evidence: vec![evidence],
        changes: BTreeSet::new(),
        drift: BTreeSet::new(),
        others: Vec::new(),
    }
}

struct Work<'a> {
    members: &'a [Member],
    forms: &'a Forms,
    links: &'a [Link],
    reports: &'a [Report],
    copied: &'a HashMap<(u32, u32), &'a Passage>,
}

impl Work<'_> {
    fn report(&self, i: usize) -> &Report {
        &self.reports[self.members[i].place.report as usize]
    }

    fn form(&self, i: usize) -> &Form {
        &self.forms.forms[self.members[i].form as usize]
    }

    /// How well member `j` fits as the source of member `i`; `None` where it cannot be.
    fn candidate(&self, i: usize, j: usize, link: Option<usize>, credits: &[Credited]) -> Option<Candidate> {
        let (later, earlier) = (self.report(i), self.report(j));
        let order = earlier.published.order(later.published);
        if order == Order::After {
            return None;
        }
        let (mut score, mut evidence) = (0.0f32, Vec::new());
        let mut how = How::Undetermined;
        if order == Order::Before {
            score += 3.0;
            how = How::Inferred;
            evidence.push(Evidence::Dates { days: earlier.published.days_until(later.published).unwrap_or(0) });
        }
        let credit = earlier.outlet.as_ref().and_then(|o| credits.iter().find(|c| c.outlet.eq_ignore_ascii_case(o)));
        if let Some(c) = credit {
            score += match c.near {
                Near::Statement => 8.0,
                Near::Paragraph | Near::Line => 6.0,
                Near::Story => 3.0,
            };
            evidence.push(match c.span {
                Some(span) => Evidence::Credit { outlet: c.outlet.clone(), span, with_statement: c.near <= Near::Paragraph },
                None => Evidence::CreditLine { outlet: c.outlet.clone() },
            });
            how = if c.near == Near::Story { how.min(How::Inferred) } else { How::Stated };
        }
        let (a, b) = (self.form(j), self.form(i));
        let shared = link.map_or(b.len(), |k| self.links[k].words as usize);
        let (of_later, of_earlier) = (shared as f32 / b.len().max(1) as f32, shared as f32 / a.len().max(1) as f32);
        // what the later has and the earlier lacks speaks against it; what it left out says less
        score += 4.0 * of_later + 1.5 * of_earlier + if link.is_none() { 0.5 } else { 0.0 };
        let cut = of_later > 0.99 && of_earlier < 0.9;
        if cut {
            evidence.push(Evidence::Contained);
            if how == How::Undetermined {
                how = How::Inferred;
                score += 1.0;
            }
        }
        if order == Order::Untold && credit.is_none() && of_earlier > 0.99 && of_later < 0.9 {
            return None; // it would be cut from the later one
        }
        // where nothing else tells, the collection's own order keeps the edges from going round
        if how == How::Undetermined && j > i {
            return None;
        }
        let key = (
            self.members[i].place.report.min(self.members[j].place.report),
            self.members[i].place.report.max(self.members[j].place.report),
        );
        if let Some(p) = self.copied.get(&key)
            && p.words > shared as u32 + 10
        {
            score += 2.0;
            let spans = if self.members[j].place.report == p.a { p.longest } else { (p.longest.1, p.longest.0) };
            evidence.push(Evidence::Passage { words: p.words, share: p.share, spans });
        }
        if earlier.outlet.is_some() && earlier.outlet == later.outlet && order == Order::Before {
            score += 1.0;
        }
        Some(Candidate { member: j, score, how, evidence, link })
    }

    fn echo(&self, i: usize, c: Candidate, others: Vec<Place>) -> Echo {
        let (later, earlier) = (self.members[i].place, self.members[c.member].place);
        let (a, b) = (self.form(c.member), self.form(i));
        let steps: Vec<Step> = match c.link {
            None => (0..a.words.len()).map(|k| Step::Same(k, k)).collect(),
            Some(k) if self.links[k].a == self.members[c.member].form => self.links[k].steps.clone(),
            Some(k) => self.links[k].steps.iter().map(|s| flip(*s)).collect(),
        };
        let spans = |i: usize, p: Place| -> Vec<Span> {
            let mut throwaway = Vocabulary::default();
            words_of(&mut throwaway, self.report(i), p.said as usize).0.iter().map(|w| w.span).collect()
        };
        let (x, y) = (spans(c.member, earlier), spans(i, later));
        let mut changed = changes(&steps, a, b, &self.forms.vocabulary);
        name_changes(&steps, (self.report(c.member), &x), (self.report(i), &y), &mut changed);
        let mut runs: Vec<(Span, Span)> = Vec::new();
        let mut last: Option<(usize, usize)> = None;
        let mut words = 0;
        for s in &steps {
            if let Step::Same(p, q) = *s
                && let (Some(m), Some(n)) = (x.get(p), y.get(q))
            {
                words += u32::from(a.words[p] != ELLIPSIS);
                match runs.last_mut() {
                    Some(run) if last == p.checked_sub(1).zip(q.checked_sub(1)) => *run = (run.0.hull(*m), run.1.hull(*n)),
                    _ => runs.push((*m, *n)),
                }
                last = Some((p, q));
            }
        }
        let mut evidence = vec![Evidence::Words { words, runs }];
        evidence.extend(c.evidence);
        let (er, lr) = (self.report(c.member), self.report(i));
        let drift = drift((er, &er.said[earlier.said as usize]), (lr, &lr.said[later.said as usize]));
        Echo { later, from: From::Place(earlier), how: c.how, evidence, changes: changed, drift, others }
    }
}

fn flip(s: Step) -> Step {
    match s {
        Step::Same(i, j) => Step::Same(j, i),
        Step::Changed(i, j) => Step::Changed(j, i),
        Step::Left(i) => Step::Added(i),
        Step::Added(j) => Step::Left(j),
    }
}

/// Edges that lead round are cut at the member that comes first: stories that credit one another have no way out of the circle.
fn cut_circles(members: &[Member], echoes: &mut [Option<Echo>], standing: &mut [Standing]) {
    let index: HashMap<Place, usize> = members.iter().enumerate().map(|(i, m)| (m.place, i)).collect();
    let mut done = vec![false; members.len()];
    for start in 0..members.len() {
        let mut path: Vec<usize> = Vec::new();
        let mut at = start;
        while !done[at] && !path.contains(&at) {
            path.push(at);
            match echoes[at].as_ref().map(|e| &e.from) {
                Some(From::Place(p)) => at = index[p],
                _ => break,
            }
        }
        if let Some(from) = path.iter().position(|x| *x == at)
            && path.last() != Some(&at)
            && let Some(first) = path[from..].iter().min().copied()
        {
            echoes[first] = None;
            standing[first] = Standing::Origin;
        }
        for x in path {
            done[x] = true;
        }
    }
}

/// Counts reports, origins and what is undetermined.
fn count(members: Vec<Member>, echoes: Vec<Option<Echo>>, standing: Vec<Standing>, stated: &[(String, String)]) -> Family {
    let mut by_report: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (i, m) in members.iter().enumerate() {
        by_report.entry(m.place.report).or_default().push(i);
    }
    let (mut origins, mut undetermined) = (0, 0);
    for at in by_report.values() {
        let is = |s: fn(&Standing) -> bool| at.iter().any(|i| s(&standing[*i]));
        if is(|s| matches!(s, Standing::OwnAccess(_))) {
            origins += 1;
        } else if is(|s| *s == Standing::Derived) {
        } else if is(|s| *s == Standing::Undetermined) {
            undetermined += 1;
        } else {
            origins += 1;
        }
    }
    let away: BTreeSet<String> = echoes
        .iter()
        .flatten()
        .filter_map(|e| match &e.from {
            From::Outlet(o) => Some(o.to_lowercase()),
            From::Place(_) => None,
        })
        .collect();
    let reports = by_report.len();
    Family {
        members: members.iter().map(|m| m.place).collect(),
        echoes: echoes.into_iter().flatten().collect(),
        standing,
        reports,
        origins: origins + away.len(),
        undetermined,
        circles: circles(stated),
    }
}

/// Outlets that credit one another, directly or in a ring (strongly connected, Tarjan 1972).
fn circles(stated: &[(String, String)]) -> Vec<Vec<String>> {
    let names: Vec<&str> = stated.iter().flat_map(|(a, b)| [a.as_str(), b.as_str()]).collect::<BTreeSet<_>>().into_iter().collect();
    let at = |name: &str| names.binary_search(&name).unwrap_or(0);
    let graph: DiGraphMap<usize, ()> = stated.iter().map(|(a, b)| (at(a), at(b), ())).collect();
    let mut out: Vec<Vec<String>> = tarjan_scc(&graph)
        .into_iter()
        .filter(|c| c.len() > 1)
        .map(|c| {
            let mut c: Vec<String> = c.into_iter().map(|i| names[i].to_string()).collect();
            c.sort();
            c
        })
        .collect();
    out.sort();
    out
}
