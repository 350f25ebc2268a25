//! What tracing found: as an indented tree, as JSON, as tables and graphs, and as W3C Web Annotations for the evidence.

mod graph;
mod json;
mod text;
mod webanno;

use std::collections::{HashMap, HashSet};

use sayso::trace::{Echo, Evidence, Family, From, Place, Report, Root, Standing};
use sayso_store::Kept;
use sayso_text::Span;

use crate::view::one_line;

pub use graph::{dot, graphml};
pub use json::lineage_json;
pub(crate) use json::lineage_value;
pub(crate) use text::in_marks;
pub use text::{beside_text, lineage_text, reports_and_origins, together_line, together_text};
pub use webanno::web_annotations;

/// Which stories a collection holds, for saying in what "the earliest" is the earliest.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// How many stories.
    pub stories: usize,
    /// How many of them have no date.
    pub undated: usize,
    /// The first and the last date.
    pub dates: Option<(String, String)>,
    /// Outlets that the stories asked for credit and that have no story here, with the number of stories that credit them.
    pub credited_elsewhere: Vec<(String, usize)>,
}

impl Coverage {
    /// "4 stories, 2021-03-11 to 2024-07-23".
    pub fn sentence(&self) -> String {
        let stories = format!("{} {}", self.stories, if self.stories == 1 { "story" } else { "stories" });
        let dates = match &self.dates {
            Some((a, b)) if a == b => format!(", {a}"),
            Some((a, b)) => format!(", {a} to {b}"),
            None => String::new(),
        };
        let undated = if self.undated > 0 { format!(", {} without a date", self.undated) } else { String::new() };
        format!("{stories}{dates}{undated}")
    }
}

/// Families that are to be shown.
#[derive(Clone, Debug)]
pub struct Lineage<'k> {
    /// Stories and what was found in them.
    pub kept: &'k Kept,
    /// Which of the families, by index.
    pub families: Vec<usize>,
    /// What the collection holds.
    pub coverage: Coverage,
}

impl<'k> Lineage<'k> {
    pub(crate) fn families(&self) -> impl Iterator<Item = &'k Family> + '_ {
        self.families.iter().map(|k| &self.kept.traced.families[*k])
    }

    pub(crate) fn report(&self, p: Place) -> &'k Report {
        &self.kept.reports[p.report as usize]
    }

    pub(crate) fn words(&self, p: Place) -> String {
        let r = self.report(p);
        let words = r.said[p.said as usize].content.iter().map(|s| one_line(s.of(&r.text))).collect::<Vec<_>>().join(" … ");
        // one pair of marks about the whole says no more than the marks it is shown in
        let inner = words.strip_prefix(['"', '“']).and_then(|w| w.strip_suffix(['"', '”'])).filter(|w| !w.contains(['"', '“', '”']));
        inner.map_or(words.clone(), str::to_string)
    }

    /// "Ferrisburg Herald, 2023-05-03".
    pub(crate) fn label(&self, p: Place) -> String {
        let r = self.report(p);
        format!("{}, {}", r.label(), r.published)
    }

    /// "Ferrisburg Herald (2023-05-03)".
    pub(crate) fn story(&self, report: u32) -> String {
        let r = &self.kept.reports[report as usize];
        format!("{} ({})", r.label(), r.published)
    }

    pub(crate) fn root(&self, root: &Root) -> String {
        match root {
            Root::Story(i) => self.story(*i),
            Root::Outlet(o) => format!("{o}, which is not in this collection"),
        }
    }

    /// The words that name whose it is, as the story has them, and the naming class.
    pub(crate) fn speaker(&self, p: Place) -> (String, sayso::Naming) {
        let r = self.report(p);
        let s = &r.said[p.said as usize];
        let words = s.source.iter().map(|x| one_line(x.of(&r.text))).collect::<Vec<_>>().join(" … ");
        match &s.speaker {
            // a pronoun says too little alone
            Some(x) if words.split_whitespace().count() < 2 => (x.name.clone(), x.naming),
            // what stands behind a comma tells more than a label has room for
            Some(x) => {
                let head = words.split_once(", ").map(|(h, _)| h).filter(|h| h.split_whitespace().count() > 1).unwrap_or(&words);
                (head.trim_end_matches([',', ' ']).to_string(), x.naming)
            }
            None => ("nobody stated".into(), sayso::Naming::None),
        }
    }

    /// The member whose words stand for the family: the longest of those nearest to an origin.
    pub(crate) fn head(&self, f: &Family) -> Option<Place> {
        let origin = |i: usize| f.standing[i].name().starts_with("origin");
        let longest = |ok: &dyn Fn(usize) -> bool| {
            (0..f.members.len()).filter(|i| ok(*i)).max_by_key(|i| (self.words(f.members[*i]).len(), std::cmp::Reverse(*i)))
        };
        longest(&origin).or_else(|| longest(&|_| true)).map(|i| f.members[i])
    }
}

/// What of an echo is said in one line: "stated: “told the Herald”; cut, with an ellipsis".
pub(crate) fn reasons(l: &Lineage<'_>, e: &Echo) -> Vec<String> {
    let later = l.report(e.later);
    let around = |span: Span| {
        // the words before the name carry the verb: "told the Herald"
        let text = &later.text;
        let before: Vec<&str> = text[..span.start as usize].split_whitespace().rev().take(3).collect();
        let lead: Vec<&str> = before.into_iter().rev().collect();
        one_line(&format!("{} {}", lead.join(" "), span.of(text)))
    };
    let mut out = Vec::new();
    for x in &e.evidence {
        out.push(match x {
            Evidence::Words { words, .. } => format!("{words} words shared"),
            Evidence::Dates { days: 0 } => "appeared later the same day".into(),
            Evidence::Dates { days: 1 } => "appeared a day later".into(),
            Evidence::Dates { days } => format!("appeared {days} days later"),
            Evidence::Credit { span, with_statement: true, .. } => format!("credits it there: “… {}”", around(*span)),
            Evidence::Credit { span, .. } => format!("credits it elsewhere in the story: “… {}”", around(*span)),
            Evidence::CreditLine { outlet } => format!("its credit line names {outlet}"),
            Evidence::Contained => "all its words stand in the earlier, which has more".into(),
            Evidence::Passage { words, share, .. } => format!("the stories share {words} words in long runs ({share} % of the shorter)"),
        });
    }
    out
}

/// One row an echo, with a head line.
pub fn lineage_csv(l: &Lineage<'_>) -> Vec<Vec<String>> {
    let head = [
        "family", "reports", "visible_origins", "undetermined", "how", "earlier_story", "earlier_outlet", "earlier_published",
        "earlier_speaker", "earlier_words", "later_story", "later_outlet", "later_published", "later_speaker", "later_words", "changes",
        "drift", "evidence",
    ];
    let mut out = vec![head.iter().map(|h| (*h).to_string()).collect::<Vec<String>>()];
    for (n, f) in l.families().enumerate() {
        for e in &f.echoes {
            let side = |p: Place| {
                let r = l.report(p);
                let date = if r.published.is_known() { r.published.to_string() } else { String::new() };
                let story = l.kept.stories[p.report as usize].to_string();
                [story, r.outlet.clone().unwrap_or_default(), date, l.speaker(p).0, l.words(p)]
            };
            let earlier = match &e.from {
                From::Place(p) => side(*p),
                From::Outlet(o) => [String::new(), format!("{o} (not in the collection)"), String::new(), String::new(), String::new()],
            };
            let names = |list: Vec<&str>| list.join("; ");
            let mut row =
                vec![(n + 1).to_string(), f.reports.to_string(), f.origins.to_string(), f.undetermined.to_string(), e.how.name().into()];
            row.extend(earlier);
            row.extend(side(e.later));
            row.extend([
                names(e.changes.iter().map(|c| c.name()).collect()),
                names(e.drift.iter().map(|d| d.name()).collect()),
                reasons(l, e).join("; "),
            ]);
            out.push(row.into_iter().map(|c| crate::csv::guarded(&crate::view::harmless(&c))).collect());
        }
    }
    out
}

/// The echoes of a family by what they come from.
pub(crate) struct Branches<'f> {
    /// From a member, in the order of the members.
    pub(crate) of: HashMap<Place, Vec<&'f Echo>>,
    /// From outlets that are not in the collection.
    pub(crate) away: Vec<(&'f str, Vec<&'f Echo>)>,
    /// Members that come from no other, those that others come from first. A story that has the words twice stands here once, unless others
    /// took them from both places.
    pub(crate) roots: Vec<Place>,
}

pub(crate) fn branches(f: &Family) -> Branches<'_> {
    let mut of: HashMap<Place, Vec<&Echo>> = HashMap::new();
    let mut away: Vec<(&str, Vec<&Echo>)> = Vec::new();
    for e in &f.echoes {
        match &e.from {
            From::Place(p) => of.entry(*p).or_default().push(e),
            From::Outlet(o) => match away.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(o)) {
                Some((_, list)) => list.push(e),
                None => away.push((o, vec![e])),
            },
        }
    }
    let root = |i: &usize| matches!(f.standing[*i], Standing::Origin | Standing::OwnAccess(_));
    let (with, without): (Vec<usize>, Vec<usize>) = (0..f.members.len()).filter(root).partition(|i| of.contains_key(&f.members[*i]));
    let inner: HashSet<u32> = f.echoes.iter().map(|e| e.later.report).collect();
    let mut shown: HashSet<u32> = HashSet::new();
    let mut roots = Vec::new();
    for m in with.into_iter().chain(without).map(|i| f.members[i]) {
        if of.contains_key(&m) || !shown.contains(&m.report) && !inner.contains(&m.report) {
            shown.insert(m.report);
            roots.push(m);
        }
    }
    Branches { of, away, roots }
}
