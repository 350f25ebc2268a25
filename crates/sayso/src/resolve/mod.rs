//! `Marked -> Resolved`: the sources behind a story's attributions, each mention tied to one of them.
//!
//! Rules over closed tables: they are exact where they apply and say nothing where they do not. Two people are never
//! made one on a surname alone; a surname that fits two full names stays a source of its own.

mod described;
mod mention;
mod names;
mod nouns;
mod pronouns;

use sayso_text::{BlockKind, Span};

use crate::grade::outlets;
use crate::mark::{Marked, asks, sentences, touching};
pub use mention::{Mention, Nominal, Pronoun, mention, shown_role};
pub use names::{People, Run, runs};
pub use nouns::{KIN, Noun};

/// Whether a noun is a plural that is spoken of as a crowd: "Republicans", "critics".
pub fn is_crowd(word: &str) -> bool {
    nouns::is_plural(word) && nouns::class(word, true, true) == Some(Noun::Crowd)
}

/// Whether a capitalised word is no name: a day, a month, a word that begins a sentence.
pub fn is_no_name(word: &str) -> bool {
    nouns::NOT_NAMES.contains(&&*word.to_lowercase())
}

/// What stands behind attributions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// One person.
    Person,
    /// A body that speaks as such.
    Organisation,
    /// Several people.
    Group,
    /// Something written.
    Document,
    /// A news organisation.
    Outlet,
    /// Something counted.
    Data,
    /// The words do not tell.
    Unknown,
}

sayso_text::named!(SourceKind {
    Person => "person",
    Organisation => "organisation",
    Group => "group",
    Document => "document",
    Outlet => "outlet",
    Data => "data",
    Unknown => "unknown",
});

/// One source of a story, before it is graded.
#[derive(Clone, Debug)]
pub struct Entity {
    /// The fullest name or description that the story uses.
    pub name: String,
    /// What it is.
    pub kind: SourceKind,
    /// The first description met, taken apart; `None` for names.
    pub nominal: Option<Nominal>,
    /// Whether the description names some of those whom it describes.
    pub names_some: bool,
    /// Words that tell the role, as they stand in the story.
    pub role: Option<String>,
    /// Other names and descriptions, no pronouns.
    pub aliases: Vec<String>,
    /// Where it is mentioned as a source.
    pub mentions: Vec<Span>,
}

/// A story whose attributions have speakers.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The story and its attributions.
    pub marked: Marked,
    /// Sources in the order of their first mention.
    pub entities: Vec<Entity>,
    /// For each attribution its source, by index; `None` where nothing in the story says or implies who.
    pub speakers: Vec<Option<usize>>,
    /// For each attribution, on what ground.
    pub whys: Vec<Why>,
    /// For each attribution that is left unresolved, whom it may be.
    pub candidates: Vec<Vec<usize>>,
}

/// On what ground an attribution was given its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// The source's words are its name.
    Name,
    /// The source's words describe it.
    Description,
    /// A description of somebody whom the story named before.
    Holder,
    /// A pronoun.
    Pronoun,
    /// "I" or "we" inside words that are attributed to the same speaker.
    Speaker,
    /// No source stands there; the words carry on those of the speaker before.
    CarriedOn,
    /// A headline's "lawmaker": the person whom the story names first.
    Headline,
    /// "I" outside all quotation marks: the writer.
    Narrator,
    /// "A:" in an interview: the one whom the story names before its first question.
    Interviewee,
    /// A pronoun that fits several people equally well.
    Unresolved,
    /// A person said so, in a corrections file.
    Corrected,
    /// Nothing in the story says or implies who.
    Nobody,
}

sayso_text::named!(Why {
    Name => "name",
    Description => "description",
    Holder => "holder",
    Pronoun => "pronoun",
    Speaker => "speaker",
    CarriedOn => "carried on",
    Headline => "headline",
    Narrator => "narrator",
    Interviewee => "interviewee",
    Unresolved => "unresolved",
    Corrected => "corrected",
    Nobody => "nobody",
});

impl Why {
    /// One sentence for a person.
    pub fn says(self) -> &'static str {
        match self {
            Why::Name => "the source's words are a name; a short name stands for the one full name in the story that it fits",
            Why::Description => "the source's words are a description, kept as the story has it",
            Why::Holder => "the description fits one person whom the story named or described before",
            Why::Pronoun => "a pronoun, taken for the nearest fitting person or body that was named or spoke before it",
            Why::Speaker => "a first-person word inside words attributed to the same speaker",
            Why::CarriedOn => "no source stands there: the quoted words carry on those of the speaker before",
            Why::Headline => "the headline does not name its source: taken for the one whom the story names and quotes first",
            Why::Interviewee => "an answer in an interview: taken for the one whom the story names before its first question",
            Why::Narrator => "a first-person word outside all quotation marks: the writer of the story",
            Why::Unresolved => "a pronoun that fits several people about equally well: unresolved",
            Why::Corrected => "a correction by a person",
            Why::Nobody => "nothing in the story says or implies whose it is",
        }
    }
}

/// Ties every attribution to its source.
pub fn resolve(marked: Marked) -> Resolved {
    let text = marked.doc.text.clone();
    let people = People::of(&text, &marked.paragraphs);
    let meta = &marked.doc.meta;
    let mut outlets: Vec<String> = meta.outlet.iter().chain(&meta.credit).map(|o| outlets::canonical(o)).collect();
    let mut firms: Vec<String> = Vec::new();
    for run in &people.runs {
        if outlets::looks_like(&run.name()) || outlets::is_told(&text, run.span) {
            outlets.push(run.name());
        }
        if run.words.len() >= 2 && run.words.last().is_some_and(|w| nouns::FIRM_WORDS.contains(&&*w.to_lowercase())) {
            firms.push(run.name());
        }
    }
    outlets.dedup();
    let starts = marked.paragraphs.iter().flat_map(|p| sentences(&text, *p)).map(|s| s.start).collect();
    let mut r = Resolver {
        text: &text,
        marked: &marked,
        people,
        starts,
        entities: Vec::new(),
        speakers: Vec::new(),
        last_person: Vec::new(),
        whys: Vec::new(),
        open: Vec::new(),
        outlets,
        firms,
        answering: None,
    };
    r.vote();
    let mut candidates = Vec::with_capacity(marked.attributions.len());
    for i in 0..marked.attributions.len() {
        let (speaker, why) = r.speaker(i);
        let open = std::mem::take(&mut r.open);
        r.whys.push(match speaker {
            Some(_) => why,
            None if !open.is_empty() => Why::Unresolved,
            None => Why::Nobody,
        });
        r.speakers.push(speaker);
        candidates.push(open);
    }
    r.headlines();
    let (entities, speakers, whys) = (r.entities, r.speakers, r.whys);
    Resolved { marked, entities, speakers, whys, candidates }
}

struct Resolver<'m> {
    text: &'m str,
    marked: &'m Marked,
    people: People,
    /// Starts of the sentences.
    starts: Vec<u32>,
    entities: Vec<Entity>,
    speakers: Vec<Option<usize>>,
    whys: Vec<Why>,
    /// Entity of each person of `people`, once they speak.
    last_person: Vec<(usize, usize)>,
    /// Outlets that the story names in full, and its own.
    outlets: Vec<String>,
    /// Companies that the story names in full.
    firms: Vec<String>,
    /// Who may answer in an interview, once that was asked.
    answering: Option<Vec<usize>>,
    /// Whom the pronoun at hand may mean, where it is left unresolved.
    open: Vec<usize>,
}

impl Resolver<'_> {
    fn sentence(&self, at: u32) -> usize {
        self.starts.partition_point(|s| *s <= at)
    }

    fn paragraph(&self, at: u32) -> usize {
        self.marked.paragraphs.partition_point(|p| p.end <= at)
    }

    fn quoted(&self, span: Span) -> bool {
        touching(&self.marked.quotations, span).next().is_some_and(|q| q.span.covers(span))
    }

    fn speaker(&mut self, i: usize) -> (Option<usize>, Why) {
        let a = &self.marked.attributions[i];
        let Some(source) = a.source.first().copied() else {
            return (self.unsaid(i), Why::CarriedOn);
        };
        // "the other said ..., but declined to ...": one mention is one source
        let same = (0..i).rev().take(8).find(|j| self.marked.attributions[*j].source.first() == Some(&source));
        if let Some(j) = same
            && self.speakers[j].is_some()
        {
            return (self.speakers[j], self.whys[j]);
        }
        let whole = a.source.iter().skip(1).fold(source, |x, y| if y.start >= x.end && y.start - x.end <= 2 { x.hull(*y) } else { x });
        // "A: No." in an interview
        if whole.of(self.text) == "A" && a.cue.first().is_some_and(|c| matches!(c.of(self.text), ":" | ".")) {
            return (self.interviewee(whole), Why::Interviewee);
        }
        // people now and then mark source and cue the wrong way round
        let verb = words_of(self.text, whole).to_lowercase();
        let whole = match a.cue.first() {
            Some(cue) if matches!(verb.as_str(), "said" | "says" | "according to" | "told" | "added" | "wrote") => *cue,
            _ => whole,
        };
        // "the fund" <report stated>: what is written speaks
        let whole = match a.cue.first() {
            Some(cue) if cue.start > whole.end && cue.start - whole.end <= 1 => match words_of(self.text, *cue).split_once(' ') {
                Some((noun, _)) if matches!(noun, "report" | "poll" | "survey" | "study" | "memo" | "letter" | "filing" | "complaint") => {
                    Span { start: whole.start, end: cue.start + noun.len() as u32 }
                }
                _ => whole,
            },
            _ => whole,
        };
        if let Some(names) = self.person_and(whole) {
            return (Some(names), Why::Name);
        }
        match mention(self.text, whole) {
            Mention::Pronoun(Pronoun::Speaker) if a.parent.is_none() && !self.quoted(whole) => (self.narrator(whole), Why::Narrator),
            Mention::Pronoun(p) => (self.pronoun(i, whole, p), if p == Pronoun::Speaker { Why::Speaker } else { Why::Pronoun }),
            // whoever "first reported" something is an outlet, though no table knows it
            Mention::Name { run, .. } if run.titles.is_empty() && self.broke(a, whole) => {
                (Some(self.body(run.name(), SourceKind::Outlet, &words_of(self.text, whole), whole)), Why::Name)
            }
            Mention::Name { run, role } => (Some(self.named(&run, role, whole)), Why::Name),
            Mention::Names(runs) => (Some(self.several(&runs, whole)), Why::Name),
            Mention::Nominal(n) => {
                let known = self.entities.len();
                let e = self.described(n, whole);
                (Some(e), if e < known { Why::Holder } else { Why::Description })
            }
        }
    }

    /// Whether an attribution says that what has an article before its name was first with the news.
    fn broke(&self, a: &crate::mark::Attribution, source: Span) -> bool {
        let lower = |s: Span| words_of(self.text, s).to_lowercase();
        lower(source).starts_with("the ") && a.cue.first().is_some_and(|c| lower(*c).starts_with("first reported"))
    }

    /// Who answers in an interview: the one whom the story names before the first question, or names most there.
    fn interviewee(&mut self, span: Span) -> Option<usize> {
        if self.answering.is_none() {
            self.answering = Some(self.named_before_questions());
        }
        let named = self.answering.clone().unwrap_or_default();
        let entities: Vec<usize> = named.iter().map(|p| self.person(*p)).collect();
        match entities.as_slice() {
            [one] => Some(self.mention(*one, span, None)),
            _ => {
                self.open = entities;
                None
            }
        }
    }

    /// The person named most before the first question; where several are named as often, all who are named there.
    fn named_before_questions(&self) -> Vec<usize> {
        let Some(first) = self.marked.paragraphs.iter().find(|p| asks(self.text, **p)) else { return Vec::new() };
        let end = self.people.namings.partition_point(|n| n.span.end <= first.start);
        let mut named: Vec<(usize, usize)> = Vec::new();
        for n in &self.people.namings[..end] {
            match named.iter_mut().find(|(p, _)| *p == n.person) {
                Some((_, times)) => *times += 1,
                None => named.push((n.person, 1)),
            }
        }
        named.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
        if let [(_, most), (_, next), ..] = named[..]
            && most > next
        {
            named.truncate(1);
        }
        named.into_iter().map(|(p, _)| p).collect()
    }

    /// The writer, who speaks as "I" outside all quotation marks. "We" may be anybody's.
    fn narrator(&mut self, span: Span) -> Option<usize> {
        if !matches!(words_of(self.text, span).to_lowercase().as_str(), "i" | "me" | "my" | "myself") {
            return None;
        }
        let name = self.marked.doc.meta.byline.clone().unwrap_or_else(|| "the writer".to_string());
        Some(self.body(name, SourceKind::Person, "the writer", span))
    }

    /// "Ida Moss and other members of the council", "Ida Moss and the Reyes administration": a source that begins with a person's
    /// full name and goes on to others.
    fn person_and(&mut self, span: Span) -> Option<usize> {
        let words = span.of(self.text);
        let at = words.find(" and ")?;
        let (left, right) = (Span { start: span.start, end: span.start + at as u32 }, &words[at + 5..]);
        if words[..at].contains(',') || right.contains([',', '"', '“']) || right.split_whitespace().count() > 6 {
            return None;
        }
        let Mention::Name { run, .. } = mention(self.text, left) else { return None };
        let known = self.people.find(&run.words)?;
        if run.span.end != left.end {
            return None;
        }
        let rest = Span { start: span.start + at as u32 + 5, end: span.end };
        let other = match mention(self.text, rest) {
            // two people are joined elsewhere
            Mention::Name { run, .. } if self.people.find(&run.words).is_some() => return None,
            Mention::Name { .. } => words_of(self.text, rest),
            Mention::Nominal(n) if n.class.is_some() => words_of(self.text, rest),
            _ => return None,
        };
        let name = format!("{} and {other}", self.people.people[known].name);
        Some(self.body(name, SourceKind::Group, &words_of(self.text, span), span))
    }

    /// A new entity, not mentioned yet.
    fn enter(&mut self, name: String, kind: SourceKind, nominal: Option<Nominal>) -> usize {
        self.entities.push(Entity { name, kind, nominal, names_some: false, role: None, aliases: Vec::new(), mentions: Vec::new() });
        self.entities.len() - 1
    }

    fn mention(&mut self, e: usize, span: Span, alias: Option<String>) -> usize {
        let entity = &mut self.entities[e];
        entity.mentions.push(span);
        if let Some(a) = alias
            && a != entity.name
            && !entity.aliases.contains(&a)
        {
            entity.aliases.push(a);
        }
        e
    }

    fn named(&mut self, run: &Run, role: Option<String>, span: Span) -> usize {
        let plain = run.name();
        let as_written = span.of(self.text).trim_matches(|c: char| !c.is_alphanumeric()).to_string();
        if let Some(o) = outlets::known(&plain) {
            let personal = outlets::is_plain(&plain) && self.people.find(&run.words).is_some();
            if !personal {
                return self.body(o.name.to_string(), SourceKind::Outlet, &as_written, span);
            }
        }
        // "the Herald", where the story or its publisher is the Ferrisburg Herald
        if run.words.len() == 1
            && let Some(full) = self.outlets.iter().find(|o| o.rsplit(' ').next() == Some(plain.as_str())).cloned()
        {
            return self.body(full, SourceKind::Outlet, &as_written, span);
        }
        // "Kestrel", where the story names Kestrel Foods
        if run.words.len() == 1
            && run.titles.is_empty()
            && let Some(full) = self.firms.iter().find(|f| f.split(' ').next() == Some(plain.as_str())).cloned()
        {
            return self.body(full, SourceKind::Organisation, &as_written, span);
        }
        if let Some(p) = self.people.find(&run.words).or_else(|| self.people.within(&run.words)) {
            let e = self.person(p);
            self.mention(e, span, Some(plain));
            if self.entities[e].role.is_none() {
                let titled = (!run.titles.is_empty()).then(|| run.titles.join(" "));
                self.entities[e].role = role.or(titled);
            }
            return e;
        }
        let bodily = |r: &String| r.rsplit(' ').next().and_then(|w| nouns::class(w, nouns::is_plural(w), false)) == Some(Noun::Body);
        let bearer = names::bearer(self.text, run).or_else(|| {
            // asked once for each name: it reads the story
            let met = || self.entities.iter().any(|e| e.name == plain);
            let lone = run.words.len() == 1 && run.titles.is_empty() && !met();
            (role.as_ref().is_some_and(bodily) || lone && names::trades(self.text, &plain)).then_some(Noun::Body)
        });
        let written = run.words.len() >= 2 && nouns::WRITTEN.contains(&run.words[run.words.len() - 1].to_lowercase().as_str());
        let kind = if written {
            SourceKind::Document
        } else if outlets::looks_like(&plain) || bearer == Some(Noun::Outlet) {
            SourceKind::Outlet
        } else if bearer.is_some() || names::has_article(self.text, run) || run.words.iter().any(|w| w == "the") {
            SourceKind::Organisation
        } else if names::is_personal(&run.words, !run.titles.is_empty())
            || run.words.len() == 1 && !all_capitals(&plain) && !nouns::is_place(&run.words)
        {
            SourceKind::Person
        } else {
            SourceKind::Organisation
        };
        let e = self.body(plain, kind, &as_written, span);
        if self.entities[e].role.is_none() && matches!(kind, SourceKind::Person | SourceKind::Organisation) {
            self.entities[e].role = role;
        }
        e
    }

    /// Several people as one source: they spoke together, so the words are nobody's alone.
    fn several(&mut self, runs: &[Run], span: Span) -> usize {
        let full: Vec<String> =
            runs.iter().map(|r| self.people.find(&r.words).map_or_else(|| r.name(), |p| self.people.people[p].name.clone())).collect();
        let name = match full.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => full.join(" and "),
        };
        self.body(name, SourceKind::Group, &words_of(self.text, span), span)
    }

    /// The entity of a person, made at the first mention.
    fn person(&mut self, p: usize) -> usize {
        if let Some((_, e)) = self.last_person.iter().find(|(q, _)| *q == p) {
            return *e;
        }
        let person = &self.people.people[p];
        let (name, forms) = (person.name.clone(), person.forms.clone());
        let e = self.enter(name.clone(), SourceKind::Person, None);
        self.entities[e].aliases = forms.into_iter().filter(|f| *f != name).collect();
        self.last_person.push((p, e));
        e
    }

    /// A body, outlet or lone name: one entity for each name, whatever its article.
    fn body(&mut self, name: String, kind: SourceKind, as_written: &str, span: Span) -> usize {
        let fold = |s: &str| s.to_lowercase().trim_start_matches("the ").to_string();
        let same = self
            .entities
            .iter()
            .position(|e| e.nominal.is_none() && (fold(&e.name) == fold(&name) || e.aliases.iter().any(|a| fold(a) == fold(&name))));
        let e = same.unwrap_or_else(|| self.enter(name, kind, None));
        self.mention(e, span, Some(as_written.to_string()))
    }

    /// A headline's "lawmaker" or "former aide" that the story never speaks of again is the person whom it names and quotes
    /// first, unless it quotes somebody unnamed before.
    fn headlines(&mut self) {
        let attributions = &self.marked.attributions;
        let head = |i: usize| {
            let block = self.marked.doc.block_at(attributions[i].anchor().start as usize);
            block.is_some_and(|b| matches!(b.kind, BlockKind::Headline | BlockKind::Deck))
        };
        let unnamed = |r: &Self, e: usize| {
            r.entities[e]
                .nominal
                .as_ref()
                .is_some_and(|n| !n.plural && matches!(n.class, Some(Noun::Insider | Noun::Role | Noun::Bystander)))
        };
        // headlines drop their articles
        let clipped = |r: &Self, e: usize| {
            let first = r.entities[e].name.split_whitespace().next().unwrap_or("").to_lowercase();
            !matches!(first.as_str(), "a" | "an" | "the" | "one" | "another" | "some")
                && r.entities[e].nominal.as_ref().is_some_and(|n| !n.definite)
        };
        let top = |r: &Self, i: usize| {
            head(i) || r.paragraph(attributions[i].anchor().start) <= 1 && r.speakers[i].is_some_and(|e| unnamed(r, e) && clipped(r, e))
        };
        let Some(first) = (0..attributions.len()).find(|i| !top(self, *i) && self.speakers[*i].is_some()) else { return };
        let Some(person) = self.speakers[first] else { return };
        let named = &self.entities[person];
        if named.kind != SourceKind::Person || named.nominal.is_some() {
            return;
        }
        for i in 0..first {
            let Some(e) = self.speakers[i].filter(|_| top(self, i)) else { continue };
            if unnamed(self, e) && !self.speakers[first..].contains(&Some(e)) {
                let (words, span) = (self.entities[e].name.clone(), self.entities[e].mentions.first().copied());
                self.speakers[i] = Some(person);
                self.whys[i] = Why::Headline;
                if let Some(span) = span {
                    self.mention(person, span, Some(words));
                }
            }
        }
    }
}

fn words_of(text: &str, span: Span) -> String {
    span.of(text).split_whitespace().collect::<Vec<_>>().join(" ").trim_matches(|c: char| !c.is_alphanumeric() && c != ')').to_string()
}

fn all_capitals(s: &str) -> bool {
    s.chars().filter(|c| c.is_alphabetic()).count() >= 2 && !s.chars().any(char::is_lowercase)
}
