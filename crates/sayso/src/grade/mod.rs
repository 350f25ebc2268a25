//! `Resolved -> Story`: on what terms each source is used, each answer pointing at the words that show it.

mod credit;
pub mod outlets;
mod relay;
mod sure;
mod terms;

use std::collections::BTreeMap;

use sayso_text::{Code, Doc, Span, Warning};

use crate::mark::{Attribution, sentences};
use crate::resolve::{Entity, KIN, Noun, Resolved, SourceKind, Why, shown_role};
pub use credit::{Credit, CreditKind};
pub use sure::{Level as SureLevel, Sure};
pub use terms::{Basis, Channel, Reason, Via};

/// Whether and how a source is identified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Naming {
    /// An identified person, or a body that speaks as such.
    Named,
    /// Somebody whom the reporter leaves unidentified.
    Unnamed,
    /// A group that is ascribed words or opinions as a group.
    Collective,
    /// An unidentified member of the public.
    Public,
    /// Something written or counted.
    Document,
    /// A news organisation.
    Outlet,
    /// Nobody is stated or implied.
    None,
}

sayso_text::named!(Naming {
    Named => "named",
    Unnamed => "unnamed",
    Collective => "collective",
    Public => "public",
    Document => "document",
    Outlet => "outlet",
    None => "none",
});

/// A source with its terms.
#[derive(Clone, Debug)]
pub struct Source {
    /// The fullest name or description that the story uses.
    pub name: String,
    /// Whether that is a proper name, which means the same in another story; "the company" does not.
    pub proper: bool,
    /// What it is.
    pub kind: SourceKind,
    /// Whether and how it is identified.
    pub naming: Naming,
    /// Role, as the story words it.
    pub role: Option<String>,
    /// The body it belongs to, as the story names it.
    pub affiliation: Option<String>,
    /// Other names and descriptions, no pronouns.
    pub aliases: Vec<String>,
    /// Where it is mentioned as a source.
    pub mentions: Vec<Span>,
    /// How specific the description is: 0 none, 1 bare, 2 class, 3 institution, 4 institution and rank, 5 any of those and how
    /// the source knows, 6 named, 7 named with position. Specificity, not credibility.
    pub descriptor_level: u8,
    /// How it is said to know.
    pub basis: Basis,
    /// Why it is not named, where the story says so.
    pub reason: Option<Reason>,
}

/// An attribution with its speaker and terms.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The words.
    pub attribution: Attribution,
    /// Whose it is, by index into the story's sources.
    pub speaker: Option<usize>,
    /// On what ground it is theirs.
    pub why: Why,
    /// Whom it may be, by index into the story's sources, where that is left unresolved.
    pub candidates: Vec<usize>,
    /// Where it was said.
    pub channel: Channel,
    /// To whom.
    pub recipient: Option<Span>,
    /// The outlet that it was taken from.
    pub via: Option<Via>,
    /// How sure Sayso is of the words.
    pub sure: Sure,
}

/// A story with whose word every statement is.
#[derive(Clone, Debug)]
pub struct Story {
    /// The story.
    pub doc: Doc,
    /// In the order of their first mention.
    pub sources: Vec<Source>,
    /// In text order.
    pub statements: Vec<Statement>,
    /// Where it credits outlets, in text order.
    pub credits: Vec<Credit>,
    /// What stands in quotation marks, without the marks, in text order.
    pub quotations: Vec<Span>,
    /// Complaints.
    pub warnings: Vec<Warning>,
}

/// Grades a story's sources and statements.
pub fn grade(resolved: Resolved) -> Story {
    let Resolved { marked, entities, speakers, whys, candidates } = resolved;
    let text = marked.doc.text.clone();
    let all: Vec<Span> = marked.paragraphs.iter().flat_map(|p| sentences(&text, *p)).collect();
    // where nothing tells who publishes it, the agency that its dateline names speaks of itself as its own
    let own = marked.doc.meta.outlet.clone().or_else(|| marked.doc.meta.credit.clone());
    let mut credits = credit::credits(&text, &all, own.as_deref());
    credit::linked(&marked.doc.links, own.as_deref(), &mut credits);
    let mut sources: Vec<Source> = entities.iter().map(|e| source(&text, e)).collect();
    let mut cues: Vec<Span> = marked.attributions.iter().flat_map(|a| a.cue.iter().copied()).collect();
    cues.sort();
    reasons(&text, &all, &cues, &mut sources);
    let mut statements: Vec<Statement> = Vec::with_capacity(speakers.len());
    for (((a, speaker), why), candidates) in marked.attributions.into_iter().zip(speakers).zip(whys).zip(candidates) {
        let at = a.cue.first().copied().unwrap_or(a.anchor());
        let sentence = sentence_of(&all, at).unwrap_or(a.hull());
        let found = terms::terms(&text, &a, sentence, speaker.map(|s| &sources[s]), &credits);
        let sure = Sure::of(a.probability);
        statements.push(Statement {
            attribution: a,
            speaker,
            why,
            candidates,
            channel: found.channel,
            recipient: found.recipient,
            via: found.via,
            sure,
        });
    }
    relay::carry(&text, &marked.paragraphs, &marked.quotations, &credits, own.is_some(), &sources, &mut statements);
    let mut warnings = marked.warnings;
    for (n, s) in statements.iter().enumerate().filter(|(_, s)| !s.candidates.is_empty()) {
        let names: Vec<&str> = s.candidates.iter().map(|k| sources[*k].name.as_str()).collect();
        let span = s.attribution.source.first().copied().unwrap_or(s.attribution.anchor());
        let message = format!("a{}: \"{}\" may be {}; unresolved", n + 1, span.of(&text), names.join(" or "));
        warnings.push(Warning::new(Code::Unresolved, message).at(span));
    }
    let quotations = marked.quotations.iter().map(|q| q.inside(&text)).collect();
    Story { doc: marked.doc, sources, statements, credits, quotations, warnings }
}

fn sentence_of(all: &[Span], at: Span) -> Option<Span> {
    let k = all.partition_point(|s| s.end <= at.start);
    all.get(k).copied().filter(|s| s.start <= at.start)
}

fn source(text: &str, e: &Entity) -> Source {
    let (basis, rank, institution) = terms::descriptor(text, e);
    let naming = match naming(e) {
        // "two people familiar with the talks", "those close to her": people who know are no crowd
        Naming::Collective if basis.span.is_some() || e.nominal.as_ref().is_some_and(counted_people) => Naming::Unnamed,
        other => other,
    };
    let role = e.role.as_deref().and_then(shown_role);
    let descriptor_level = match naming {
        Naming::Named => 6 + u8::from(role.is_some()),
        Naming::Outlet | Naming::Document => 6,
        Naming::None => 0,
        _ => {
            let plain = if institution && rank {
                4
            } else if institution {
                3
            } else if e
                .nominal
                .as_ref()
                .is_some_and(|n| n.words.split_whitespace().filter(|w| !BARE.contains(&w.to_lowercase().as_str())).count() > 1)
            {
                2
            } else {
                1
            };
            if basis.span.is_some() && plain >= 1 { 5 } else { plain }
        }
    };
    Source {
        name: e.name.clone(),
        proper: e.nominal.is_none() && e.name.chars().any(char::is_uppercase),
        kind: e.kind,
        naming,
        role,
        affiliation: terms::affiliation(text, e),
        aliases: e.aliases.clone(),
        mentions: e.mentions.clone(),
        descriptor_level,
        basis,
        reason: None,
    }
}

/// "two people", "three members": so many of them spoke to somebody.
fn counted_people(n: &crate::resolve::Nominal) -> bool {
    let first = n.words.split_whitespace().next().unwrap_or("").to_lowercase();
    matches!(first.as_str(), "two" | "three" | "four" | "five" | "six" | "one")
        && matches!(n.head.as_str(), "people" | "person" | "persons" | "members" | "individuals" | "others")
}

/// Words that add nothing to a bare description.
const BARE: &[&str] = &[
    "a", "an", "the", "one", "another", "some", "several", "two", "three", "four", "five", "many", "few", "other", "second", "same", "of",
    "multiple", "various", "unnamed", "anonymous",
];

fn naming(e: &Entity) -> Naming {
    match e.kind {
        SourceKind::Outlet => return Naming::Outlet,
        SourceKind::Document | SourceKind::Data => return Naming::Document,
        _ => {}
    }
    let Some(n) = &e.nominal else {
        return Naming::Named;
    };
    if e.names_some {
        return Naming::Named;
    }
    match n.class {
        Some(c) if c != Noun::Insider && !(c == Noun::Crowd && crowd_first(n)) && capitalised(n) => Naming::Named,
        Some(Noun::Insider) => Naming::Unnamed,
        Some(Noun::Bystander) => Naming::Public,
        // "people familiar" know something; people do not
        Some(Noun::Crowd) if n.words.contains("familiar") => Naming::Unnamed,
        Some(Noun::Crowd) => Naming::Collective,
        Some(Noun::Body) if n.plural => Naming::Collective,
        // "a panel of voters", "a Courier panel": no body that has a name, as "a House panel" has
        Some(Noun::Body)
            if !n.definite
                && matches!(n.head.as_str(), "panel" | "group" | "jury" | "team" | "delegation")
                && n.of.as_ref().is_none_or(|of| outlets::known(&of.name()).is_some() || outlets::looks_like(&of.name())) =>
        {
            Naming::Collective
        }
        Some(Noun::Body) => Naming::Named,
        Some(Noun::Role) if KIN.contains(&n.head.as_str()) && whose(n) => Naming::Public,
        Some(Noun::Role) if n.definite => Naming::Named,
        Some(Noun::Role) => Naming::Unnamed,
        Some(Noun::Document) => Naming::Document,
        Some(Noun::Outlet) => Naming::Outlet,
        None if n.plural && !capitalised(n) => Naming::Collective,
        None if n.of.is_some() && !matches!(n.words.split(' ').next(), Some("a" | "an" | "A" | "An")) || capitalised(n) => Naming::Named,
        None if n.words.contains("familiar") => Naming::Unnamed,
        None => Naming::Collective,
    }
}

/// "her daughter", "Reyes's son"; not "the mother of three", who may be anybody whom the story names.
fn whose(n: &crate::resolve::Nominal) -> bool {
    let first = n.words.split(' ').next().unwrap_or("").to_lowercase();
    matches!(first.as_str(), "his" | "her" | "their" | "my" | "our" | "your") || n.words.contains("’s ") || n.words.contains("'s ")
}

/// "Republicans on the Harbour Committee": a crowd, though every word has its capital.
fn crowd_first(n: &crate::resolve::Nominal) -> bool {
    let first = n.words.split(' ').next().unwrap_or("");
    n.plural && crate::resolve::is_crowd(first)
}

/// "United States Citizenship and Immigration Services": a name, whatever its number.
fn capitalised(n: &crate::resolve::Nominal) -> bool {
    let words: Vec<&str> = n.words.split_whitespace().filter(|w| !matches!(*w, "and" | "of" | "the" | "for" | "on")).collect();
    words.len() >= 3 && words.iter().all(|w| w.starts_with(char::is_uppercase))
}

/// Finds why sources are not named and gives each reason to the unnamed sources of its sentence, or to the last one
/// before it.
fn reasons(text: &str, all: &[Span], cues: &[Span], sources: &mut [Source]) {
    let mut by_place: BTreeMap<(u32, usize), ()> = BTreeMap::new();
    for (i, s) in sources.iter().enumerate().filter(|(_, s)| matches!(s.naming, Naming::Unnamed | Naming::Public | Naming::Collective)) {
        by_place.extend(s.mentions.iter().map(|m| ((m.start, i), ())));
    }
    for s in all {
        let Some(mut reason) = terms::reason(text, *s) else {
            continue;
        };
        // "..., who asked not to be named for fear of his job, said": the reason ends before the verb of saying.
        let next = cues.partition_point(|c| c.start <= reason.span.start);
        if let Some(cue) = cues.get(next).filter(|c| c.start < reason.span.end) {
            let between = &text[reason.span.start as usize..cue.start as usize];
            let kept = between.trim_end_matches([',', ' ']);
            if kept.contains(' ') && between[kept.len()..].contains(',') {
                reason.span.end = reason.span.start + kept.len() as u32;
            }
        }
        let mut here: Vec<usize> = by_place.range((s.start, 0)..(s.end, 0)).map(|((_, i), ())| *i).collect();
        if here.is_empty() {
            here.extend(by_place.range(..(s.start, 0)).next_back().map(|((_, i), ())| *i));
        }
        for i in here {
            sources[i].reason.get_or_insert(reason);
        }
    }
}
