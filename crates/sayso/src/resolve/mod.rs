//! `Marked -> Resolved`: the sources behind a story's attributions, each mention tied to one of them.
//!
//! Rules over closed tables: they are exact where they apply and say nothing where they do not. Two people are never
//! made one on a surname alone; a surname that fits two full names stays a source of its own.

mod mention;
mod names;
mod nouns;

use sayso_text::{BlockKind, Span};

use crate::grade::outlets;
use crate::mark::{Form, Marked, sentences, touching};
pub use mention::{Mention, Nominal, Pronoun, mention};
pub use names::{People, Run, runs};
pub use nouns::Noun;

/// Whether a noun is a plural that is spoken of as a crowd: "Republicans", "critics".
pub fn is_crowd(word: &str) -> bool {
    nouns::is_plural(word) && nouns::class(word, true, true) == Some(Noun::Crowd)
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
    let mut outlets: Vec<String> = marked.doc.meta.outlet.iter().map(|o| outlets::canonical(o)).collect();
    outlets.extend(marked.paragraphs.iter().flat_map(|p| runs(&text, *p)).map(|r| r.name()).filter(|n| outlets::looks_like(n)));
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
        open: Vec::new(),
        outlets,
    };
    r.vote();
    let mut whys = Vec::with_capacity(marked.attributions.len());
    let mut candidates = Vec::with_capacity(marked.attributions.len());
    for i in 0..marked.attributions.len() {
        let (speaker, why) = r.speaker(i);
        let open = std::mem::take(&mut r.open);
        whys.push(match speaker {
            Some(_) => why,
            None if !open.is_empty() => Why::Unresolved,
            None => Why::Nobody,
        });
        r.speakers.push(speaker);
        candidates.push(open);
    }
    r.headlines(&mut whys);
    let (entities, speakers) = (r.entities, r.speakers);
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
    /// Entity of each person of `people`, once they speak.
    last_person: Vec<(usize, usize)>,
    /// Outlets that the story names in full, and its own.
    outlets: Vec<String>,
    /// Whom the pronoun at hand may mean, where it is left unresolved.
    open: Vec<usize>,
}

/// Two candidates for a pronoun whose scores differ by less than this are both listed, and neither is chosen.
const MARGIN: f32 = 0.2;

/// How far back, in paragraphs, a pronoun or a carried-on quotation looks for its speaker.
const REACH: usize = 3;

/// How far back, in paragraphs, "he" and "she" look at most: nearer ones win.
const FAR: usize = 6;

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

    /// Collects what the text tells of "he" and "she": a pronoun in a sentence that follows one with a single
    /// person in it speaks of that person.
    fn vote(&mut self) {
        let mut votes = Vec::new();
        for p in &self.marked.paragraphs {
            for s in sentences(self.text, *p) {
                let lower = s.of(self.text).to_lowercase();
                let has = |w: &[&str]| lower.split(|c: char| !c.is_alphanumeric()).any(|x| w.contains(&x));
                let (he, she) = (has(&["he", "his", "him", "himself"]), has(&["she", "her", "herself"]));
                if he == she {
                    continue;
                }
                let lo = self.people.namings.partition_point(|n| n.span.start < s.start);
                let hi = self.people.namings.partition_point(|n| n.span.start < s.end);
                let mut here: Vec<usize> = self.people.namings[lo..hi].iter().map(|n| n.person).collect();
                here.dedup();
                if let [one] = here.as_slice() {
                    votes.push((*one, usize::from(she)));
                }
            }
        }
        for (person, g) in votes {
            self.people.people[person].votes[g] += 1;
        }
    }

    fn speaker(&mut self, i: usize) -> (Option<usize>, Why) {
        let a = &self.marked.attributions[i];
        let Some(source) = a.source.first().copied() else {
            return (self.unsaid(i), Why::CarriedOn);
        };
        let whole = a.source.iter().skip(1).fold(source, |x, y| if y.start >= x.end && y.start - x.end <= 2 { x.hull(*y) } else { x });
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
        if let Some(p) = self.people.find(&run.words).or_else(|| self.people.within(&run.words)) {
            let e = self.person(p);
            self.mention(e, span, Some(plain));
            if self.entities[e].role.is_none() {
                let titled = (!run.titles.is_empty()).then(|| run.titles.join(" "));
                self.entities[e].role = role.or(titled);
            }
            return e;
        }
        let written = run.words.len() >= 2 && nouns::WRITTEN.contains(&run.words[run.words.len() - 1].to_lowercase().as_str());
        let kind = if written {
            SourceKind::Document
        } else if outlets::looks_like(&plain) {
            SourceKind::Outlet
        } else if names::is_personal(&run.words, !run.titles.is_empty())
            || run.words.len() == 1
                && !all_capitals(&plain)
                && !nouns::is_place(&run.words)
                && !as_written.to_lowercase().starts_with("the ")
        {
            SourceKind::Person
        } else {
            SourceKind::Organisation
        };
        let e = self.body(plain, kind, &as_written, span);
        if self.entities[e].role.is_none() && kind == SourceKind::Person {
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

    /// "Another said", "some said": the noun left out is that of the source before.
    fn complete(&self, n: &mut Nominal) {
        let lower = n.words.to_lowercase();
        let of_them = lower.ends_with(" of them") || lower.ends_with(" of those") || lower == "the others";
        let bare = of_them
            || matches!(
                lower.as_str(),
                "another"
                    | "one"
                    | "others"
                    | "some"
                    | "many"
                    | "most"
                    | "a second"
                    | "a third"
                    | "the other"
                    | "a few"
                    | "several"
                    | "both"
            );
        if !bare {
            return;
        }
        let before = self
            .entities
            .iter()
            .rev()
            .take(3)
            .find_map(|e| e.nominal.as_ref().filter(|m| matches!(m.class, Some(Noun::Insider | Noun::Bystander | Noun::Crowd))));
        if let Some(m) = before {
            // One of a crowd is a member of the public.
            let singular = matches!(lower.split(' ').next(), Some("one" | "another" | "a"));
            n.class = if m.class == Some(Noun::Crowd) && singular { Some(Noun::Bystander) } else { m.class };
            n.head.clone_from(&m.head);
            n.definite = false;
            let first = lower.split(' ').next().unwrap_or("");
            n.plural = matches!(first, "others" | "some" | "many" | "most" | "several" | "both" | "few")
                || lower == "a few"
                || lower == "the others";
            n.words = format!("{} ({})", n.words, if n.plural { m.head.clone() } else { nouns::singular(&m.head) });
        }
    }

    fn described(&mut self, mut n: Nominal, span: Span) -> usize {
        self.complete(&mut n);
        // "a report by the Herald": the outlet is whose word it is
        if matches!(n.head.as_str(), "report" | "reports" | "story" | "article" | "piece" | "account" | "reporting")
            && let Some((run, name)) = self.outlet_in(span, &["by", "from", "in"])
        {
            return self.body(name, SourceKind::Outlet, &run, span);
        }
        // "a reporter for the Herald": what reporters report is their outlet's word
        if matches!(nouns::singular(&n.head).as_str(), "reporter" | "journalist" | "correspondent" | "columnist")
            && let Some((_, name)) = self.outlet_in(span, &["by", "from", "in", "for", "at", "of", "with"])
        {
            return self.body(name, SourceKind::Outlet, &words_of(self.text, span), span);
        }
        // "the article", where the story has spoken of one outlet's: its word; not "the report, seen by the Herald"
        let shown = [" seen by ", " obtained by ", " reviewed by ", " released by "].iter().any(|w| span.of(self.text).contains(w));
        if n.definite
            && !shown
            && !n.plural
            && n.of.is_none()
            && matches!(n.head.as_str(), "story" | "article" | "piece" | "feature" | "report" | "investigation")
            && n.words.split_whitespace().count() == 2
            && !self.entities.iter().any(|e| e.nominal.as_ref().is_some_and(|m| nouns::singular(&m.head) == n.head))
            && let Some(e) = self.entities.iter().rposition(|e| e.kind == SourceKind::Outlet)
        {
            return self.mention(e, span, Some(n.words.clone()));
        }
        // "the committee" after "the Harbour Committee"
        if n.definite
            && !n.plural
            && n.of.is_none()
            && n.class == Some(Noun::Body)
            && n.words.split_whitespace().count() == 2
            && let Some(name) = self.body_with(&n.head, span.start)
        {
            return self.body(name, SourceKind::Organisation, &words_of(self.text, span), span);
        }
        let fold = |s: &str| s.to_lowercase();
        let bare = |s: &str| {
            let l = s.to_lowercase();
            let cut = ["the same ", "the ", "a ", "an ", "one ", "this ", "that ", "these ", "those "]
                .iter()
                .find_map(|p| l.strip_prefix(p).map(str::to_string));
            cut.unwrap_or(l)
        };
        if !n.other {
            // The same description again: a plural or a definite one means the same source; "an aide" twice need not.
            let again = self.entities.iter().rposition(|e| {
                e.nominal.as_ref().is_some_and(|m| fold(&m.words) == fold(&n.words) && (n.plural || n.definite || n.of.is_some()))
            });
            if let Some(e) = again {
                return self.mention(e, span, None);
            }
            if n.definite && !n.plural {
                if let Some(e) = self.lawmaker(&n, span) {
                    return e;
                }
                if let Some(e) = self.holder(&n, span) {
                    return e;
                }
                let head = nouns::singular(&n.head);
                let before = self.entities.iter().rposition(|e| {
                    e.nominal.as_ref().is_some_and(|m| {
                        !m.plural
                            && nouns::singular(&m.head) == head
                            && (n.of.is_none() || m.of == n.of || bare(&m.words).contains(&bare(&n.words)))
                    })
                });
                if let Some(e) = before {
                    return self.mention(e, span, Some(n.words.clone()));
                }
            }
            if n.plural || n.definite {
                // "aides" after "Reyes aides", "the officials" after "city officials"
                let short = bare(&n.words).split(' ').count() <= 1;
                let fuller = self.entities.iter().rposition(|e| {
                    e.nominal.as_ref().is_some_and(|m| {
                        m.plural == n.plural && short && n.definite && nouns::singular(&m.head) == nouns::singular(&n.head)
                    })
                });
                if let Some(e) = fuller {
                    return self.mention(e, span, Some(n.words.clone()));
                }
            }
        }
        // "Reyes campaign", "the Reyes campaign": a body named by whose it is
        let kind = match n.class {
            Some(Noun::Document)
                if matches!(
                    n.head.as_str(),
                    "data"
                        | "statistics"
                        | "figures"
                        | "polls"
                        | "poll"
                        | "survey"
                        | "surveys"
                        | "polling"
                        | "average"
                        | "averages"
                        | "numbers"
                ) =>
            {
                SourceKind::Data
            }
            Some(Noun::Document) => SourceKind::Document,
            Some(Noun::Outlet) => SourceKind::Outlet,
            Some(Noun::Body) if n.plural => SourceKind::Group,
            Some(Noun::Body) => SourceKind::Organisation,
            Some(Noun::Crowd) => SourceKind::Group,
            Some(_) if n.plural => SourceKind::Group,
            Some(_) => SourceKind::Person,
            None => SourceKind::Unknown,
        };
        let name = n.words.clone();
        let named = self.named_among(span).or_else(|| self.holders(&n));
        // "a report released last year" is "a report"
        let short = [" released ", " published ", " issued ", " filed "].iter().find_map(|w| name.find(w)).map(|at| name[..at].to_string());
        let e = self.enter(name, kind, Some(n));
        if let Some(names) = named {
            self.entities[e].names_some = true;
            self.entities[e].aliases.push(names);
        }
        self.mention(e, span, short)
    }

    /// Whom "the senators" and "both candidates" mean: two or three people whom the story has given that title or role.
    fn holders(&self, n: &Nominal) -> Option<String> {
        let first = n.words.split(' ').next().unwrap_or("").to_lowercase();
        let several = matches!(first.as_str(), "the" | "both");
        let head = nouns::singular(&n.head);
        if !(several && n.plural && n.of.is_none()) || nouns::class(&head, false, false) != Some(Noun::Role) {
            return None;
        }
        let titles: &[&str] = match head.as_str() {
            "senator" => &["sen", "sens", "senator", "senators"],
            "representative" => &["rep", "reps", "representative", "representatives"],
            "governor" => &["gov", "govs", "governor", "governors"],
            "candidate" | "nominee" => &["candidate", "nominee"],
            h => &[h],
        };
        let by_title = self.people.people.iter().filter(|p| p.titles.iter().any(|t| titles.contains(&t.as_str()))).map(|p| p.name.clone());
        let by_role = self.entities.iter().filter(|e| {
            e.kind == SourceKind::Person
                && e.nominal.is_none()
                && e.role.as_ref().is_some_and(|r| r.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|w| titles.contains(&w)))
        });
        let mut names: Vec<String> = by_title.chain(by_role.map(|e| e.name.clone())).collect();
        names.sort();
        names.dedup();
        match names.as_slice() {
            [a, b] => Some(format!("{a} and {b}")),
            [a, b, c] => Some(format!("{a}, {b} and {c}")),
            // both of two kinds of people who are in the news: known, whoever they are
            _ if first == "both" && matches!(head.as_str(), "candidate" | "nominee" | "president" | "leader") => Some(n.words.clone()),
            _ => None,
        }
    }

    /// The last body named before `at` with the noun in its name.
    fn body_with(&self, head: &str, at: u32) -> Option<String> {
        let here = self.paragraph(at);
        self.marked.paragraphs[..(here + 1).min(self.marked.paragraphs.len())].iter().rev().take(2 * FAR).find_map(|p| {
            let before = Span { start: p.start, end: p.end.min(at) };
            let all = runs(self.text, before);
            (0..all.len()).rev().find_map(|k| {
                let r = &all[k];
                if !r.words.iter().any(|w| w.to_lowercase() == head) {
                    return None;
                }
                // "Alliance to Mend the Harbour": one name in two runs
                let on = all.get(k + 1).filter(|next| {
                    matches!(
                        self.text[r.span.end as usize..next.span.start as usize].trim(),
                        "to" | "for" | "against" | "to the" | "for the"
                    )
                });
                match on {
                    Some(next) => Some(words_of(self.text, r.span.hull(next.span))),
                    None => (r.words.len() >= 2).then(|| r.name()),
                }
            })
        })
    }

    /// The people or bodies that a description names among those whom it describes: "critics, like Senators Moss and Renn".
    fn named_among(&self, span: Span) -> Option<String> {
        let words = span.of(self.text);
        let at = [", like ", ", including ", " including ", " such as ", ", among them "]
            .iter()
            .find_map(|w| words.find(w).map(|i| i + w.len()))?;
        let behind = Span { start: span.start + at as u32, end: span.end };
        let bracketed =
            |r: &Run| matches!(r.words[0].as_str(), "Republican" | "Democrat") || self.text[..r.span.start as usize].ends_with("of ");
        let names: Vec<String> = runs(self.text, behind)
            .into_iter()
            .filter(|r| !bracketed(r))
            .map(|r| self.people.find(&r.words).map_or_else(|| r.name(), |p| self.people.people[p].name.clone()))
            .collect();
        match names.split_last() {
            Some((last, [])) => Some(last.clone()),
            Some((last, rest)) => Some(format!("{} and {last}", rest.join(", "))),
            None => None,
        }
    }

    /// An outlet named behind one of the links ("by", "from") inside a description.
    fn outlet_in(&self, span: Span, links: &[&str]) -> Option<(String, String)> {
        runs(self.text, span).into_iter().find_map(|r| {
            let before = self.text[span.start as usize..r.span.start as usize].trim_end();
            let before = before.strip_suffix("the").unwrap_or(before).trim_end();
            let behind = links.iter().any(|p| before.ends_with(p));
            let name =
                outlets::known(&r.name()).map(|o| o.name.to_string()).or_else(|| outlets::looks_like(&r.name()).then(|| r.name()))?;
            behind.then(|| (r.name(), name))
        })
    }

    /// "The Ostland Democrat" behind what a senator said: the senator.
    fn lawmaker(&mut self, n: &Nominal, span: Span) -> Option<usize> {
        const SEATS: &[&str] = &["sen", "senator", "rep", "representative", "congressman", "congresswoman", "gov", "governor"];
        if !matches!(n.head.as_str(), "democrat" | "republican" | "lawmaker" | "independent") {
            return None;
        }
        let here = self.paragraph(span.start);
        let seated = |e: usize| {
            let by_role = self.entities[e]
                .role
                .as_ref()
                .is_some_and(|r| r.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|w| SEATS.contains(&w)));
            let person = self.last_person.iter().find(|(_, x)| *x == e).map(|(p, _)| &self.people.people[*p]);
            self.entities[e].nominal.is_none() && (by_role || person.is_some_and(|p| p.titles.iter().any(|t| SEATS.contains(&t.as_str()))))
        };
        let e = (0..self.speakers.len())
            .rev()
            .take(3)
            .filter(|j| here.saturating_sub(self.paragraph(self.marked.attributions[*j].anchor().start)) <= 2)
            .find_map(|j| self.speakers[j].filter(|e| seated(*e)))?;
        Some(self.mention(e, span, Some(n.words.clone())))
    }

    /// Whom "the senator" means: the one person of the story who was given that title or role before.
    fn holder(&mut self, n: &Nominal, span: Span) -> Option<usize> {
        // "the mayor of Port Ellery" may be the mayor whom the story names; "Reyes's spokesman" is not Reyes's rival's.
        let of_person = n.of.as_ref().is_some_and(|o| self.people.find(&o.words).is_some());
        if !matches!(n.class, Some(Noun::Role | Noun::Insider | Noun::Bystander))
            || of_person
            || n.of.is_some() && n.class != Some(Noun::Role)
        {
            return None;
        }
        let titles: &[&str] = match n.head.as_str() {
            "senator" => &["sen", "senator"],
            "congressman" | "congresswoman" | "congressperson" | "representative" => {
                &["rep", "representative", "congressman", "congresswoman"]
            }
            "lawmaker" | "legislator" => &["sen", "rep", "senator", "congressman", "congresswoman", "mp"],
            "governor" => &["gov", "governor"],
            "general" => &["gen", "general"],
            "professor" => &["prof", "professor"],
            "doctor" => &["dr", "doctor"],
            "spokesman" | "spokeswoman" | "spokesperson" => &["spokesman", "spokeswoman", "spokesperson"],
            "president" if n.words.to_lowercase().contains("vice president") => &["vice"],
            head => &[head],
        };
        let gender = nouns::gender_of(&n.head);
        let fits = |e: &Entity| {
            e.kind == SourceKind::Person
                && e.nominal.is_none()
                && e.role.as_ref().is_some_and(|r| r.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|w| titles.contains(&w)))
        };
        let mut found: Vec<usize> = (0..self.entities.len()).filter(|e| fits(&self.entities[*e])).collect();
        if found.is_empty() {
            // Somebody with that title who has not spoken yet.
            let mut titled: Vec<usize> = (0..self.people.people.len())
                .filter(|p| {
                    self.people.people[*p].titles.iter().any(|t| titles.contains(&t.as_str()))
                        && !(titles == ["president"] && self.people.people[*p].titles.iter().any(|t| t == "vice"))
                })
                .collect();
            titled.sort_by_key(|p| std::cmp::Reverse(self.people.people[*p].count));
            if let [one, rest @ ..] = titled.as_slice()
                && rest.first().is_none_or(|r| self.people.people[*one].count >= 3 * self.people.people[*r].count)
            {
                found.push(self.person(*one));
            }
        }
        match found.as_slice() {
            [one] => {
                let e = *one;
                if let (Some(g), Some((p, _))) = (gender, self.last_person.iter().find(|(_, x)| *x == e)) {
                    self.people.people[*p].votes[usize::from(!g)] += 2;
                }
                Some(self.mention(e, span, Some(n.words.clone())))
            }
            _ => None,
        }
    }

    fn pronoun(&mut self, i: usize, span: Span, p: Pronoun) -> Option<usize> {
        let a = &self.marked.attributions[i];
        match p {
            Pronoun::Speaker => {
                if let Some(parent) = a.parent.filter(|p| *p < i) {
                    return self.speakers[parent];
                }
                self.previous(i, span.start, |_| true)
            }
            Pronoun::One(he) => self.one(i, span, he),
            Pronoun::They => {
                let many = |e: &Entity| {
                    matches!(
                        e.kind,
                        SourceKind::Group | SourceKind::Organisation | SourceKind::Data | SourceKind::Outlet | SourceKind::Unknown
                    ) || e.nominal.as_ref().is_some_and(|n| n.plural)
                };
                match self.plural_subject(i, span) {
                    Some(e) => Some(e),
                    None => self.previous(i, span.start, many),
                }
            }
            Pronoun::It => self.previous(i, span.start, |e| !matches!(e.kind, SourceKind::Person | SourceKind::Group)),
            Pronoun::Relative => {
                // what stands just before: the last name in the sentence, if it ends where the pronoun starts
                let near =
                    self.people.namings.iter().rev().find(|n| n.span.end <= span.start && span.start - n.span.end <= 3).map(|n| n.person);
                if let Some(person) = near {
                    let e = self.person(person);
                    return Some(self.mention(e, span, None));
                }
                let sentence = self.starts[self.sentence(span.start).saturating_sub(1)];
                let before = Span { start: sentence, end: span.start }.trim(self.text);
                // "a surgeon, who": the comma belongs to the clause
                let words = before.of(self.text).trim_end_matches([',', ' ']);
                let before = Span::new(before.start as usize, before.start as usize + words.len());
                let from = words.rfind([',', ';', '—', '“', '"']).map_or(0, |k| k + words[k..].chars().next().map_or(1, char::len_utf8));
                // the last noun phrase: what begins with the last article; "is backed by relatives of the victims, many of whom": what stands
                // behind the last such word, if that tells nothing
                let last = |of: &[&str], skip: bool| {
                    of.iter().filter_map(|d| words.rfind(d).map(|k| k + if skip { d.len() } else { 1 })).max().filter(|k| *k > from)
                };
                let article = last(&[" a ", " an ", " the ", " one ", " two "], false);
                let behind = last(&[" by ", " with ", " from ", " among ", " to ", " for "], true);
                let starts = match article {
                    // "a person briefed on the inquiry, who": the inquiry tells nothing, the whole does
                    Some(k) => [Some(k), behind.filter(|b| *b < k), Some(from)],
                    None => [Some(from), behind, None],
                };
                for from in starts.into_iter().flatten() {
                    let phrase = Span { start: before.start + from as u32, end: before.end }.trim(self.text);
                    let count = phrase.of(self.text).split_whitespace().count();
                    // "to" may be a verb's: "to join her when she visits their homes"
                    let guessed = Some(from) == behind;
                    if count == 0 || count > if guessed { 6 } else { 14 } {
                        continue;
                    }
                    // whoever was a source there is meant
                    if let Some(e) = self.entities.iter().position(|e| e.mentions.iter().any(|m| m.start == phrase.start)) {
                        return Some(self.mention(e, span, None));
                    }
                    match mention(self.text, phrase) {
                        Mention::Names(runs) => return Some(self.several(&runs, phrase)),
                        Mention::Name { run, role } => return Some(self.named(&run, role, phrase)),
                        Mention::Nominal(n) if n.class.is_some() => return Some(self.described(n, phrase)),
                        _ => {}
                    }
                }
                None
            }
        }
    }

    /// The people that begin a sentence of this paragraph before "they", where nobody has spoken in it since: "Protesters
    /// gathered at noon. They chanted".
    fn plural_subject(&mut self, i: usize, span: Span) -> Option<usize> {
        let here = self.paragraph(span.start);
        let paragraph = *self.marked.paragraphs.get(here)?;
        if i > 0 && self.paragraph(self.marked.attributions[i - 1].anchor().start) == here {
            return None;
        }
        let before = sentences(self.text, Span { start: paragraph.start, end: span.start.max(paragraph.start) });
        before
            .iter()
            .rev()
            .take(3)
            .find_map(|s| {
                let start = s.start as usize;
                let mut end = start;
                for w in s.of(self.text).split_whitespace().take(4) {
                    let from = end + self.text[end..].find(w)?;
                    end = from + w.len();
                    let noun = w.trim_matches(|c: char| !c.is_alphanumeric() && c != '-');
                    if nouns::is_plural(noun) && matches!(nouns::class(noun, true, true), Some(Noun::Insider | Noun::Crowd)) {
                        let phrase = Span::new(start, from + noun.len());
                        return match mention(self.text, phrase) {
                            Mention::Nominal(n) => Some((n, phrase)),
                            _ => None,
                        };
                    }
                }
                None
            })
            .map(|(n, phrase)| self.described(n, phrase))
    }

    /// The last speaker before `at` that fits, within reach.
    fn previous(&mut self, i: usize, at: u32, fits: impl Fn(&Entity) -> bool) -> Option<usize> {
        let here = self.paragraph(at);
        let found = (0..i).rev().take(8).find_map(|j| {
            let e = self.speakers[j]?;
            let there = self.paragraph(self.marked.attributions[j].anchor().start);
            (here.saturating_sub(there) <= REACH && fits(&self.entities[e])).then_some(e)
        })?;
        Some(self.mention(found, self.marked.attributions[i].anchor(), None))
    }

    /// Whom "he" or "she" means: the best of the people named or speaking before, by nearness, by being the subject
    /// of a sentence, and by being the last who spoke.
    fn one(&mut self, i: usize, span: Span, he: bool) -> Option<usize> {
        let (sentence, paragraph) = (self.sentence(span.start), self.paragraph(span.start));
        let quoted = self.quoted(span);
        let mut offers: Vec<(f32, Who)> = Vec::new();
        let mut offer = |score: f32, who: Who| offers.push((score, who));
        let end = self.people.namings.partition_point(|n| n.span.end <= span.start);
        for n in self.people.namings[..end].iter().rev().take(24) {
            let back = paragraph - self.paragraph(n.span.start).min(paragraph);
            if back > FAR {
                break;
            }
            let person = &self.people.people[n.person];
            let [m, f] = person.votes;
            let (for_it, against) = if he { (m, f) } else { (f, m) };
            if against > 2 * for_it && against >= 2 {
                continue;
            }
            let distance = (sentence - self.sentence(n.span.start)) as f32;
            let mut score = -distance - 0.5 * back as f32;
            score += if n.subject { 1.5 } else { 0.0 };
            score += if for_it > 2 * against && for_it >= 2 { 1.0 } else { 0.0 };
            score -= if self.quoted(n.span) && !quoted { 2.0 } else { 0.0 };
            score += 0.2 * (person.count as f32).ln();
            offer(score, Who::Person(n.person));
        }
        // Whoever spoke last is spoken of next.
        for j in (0..i).rev().take(6) {
            let Some(e) = self.speakers[j] else { continue };
            let at = self.marked.attributions[j].anchor();
            let back = paragraph - self.paragraph(at.start).min(paragraph);
            if back > REACH || self.marked.attributions[j].parent.is_some() && !quoted {
                continue;
            }
            let entity = &self.entities[e];
            if entity.kind != SourceKind::Person || entity.nominal.as_ref().is_some_and(|n| nouns::gender_of(&n.head) == Some(!he)) {
                continue;
            }
            if let Some((p, _)) = self.last_person.iter().find(|(_, x)| *x == e) {
                let [m, f] = self.people.people[*p].votes;
                let (for_it, against) = if he { (m, f) } else { (f, m) };
                if against > 2 * for_it && against >= 2 {
                    continue;
                }
            }
            let distance = (sentence.saturating_sub(self.sentence(at.start))) as f32;
            offer(1.6 - 0.6 * distance - 0.4 * back as f32, Who::Entity(e));
            break;
        }
        offers.sort_by(|a, b| b.0.total_cmp(&a.0));
        let top = offers.first()?.0;
        let mut close: Vec<usize> = Vec::new();
        for (_, who) in offers.into_iter().take_while(|(score, _)| top - score < MARGIN) {
            let e = match who {
                Who::Person(p) => self.person(p),
                Who::Entity(e) => e,
            };
            // what is offered twice, as one named and as one who spoke, is one
            if !close.contains(&e) {
                close.push(e);
            }
        }
        match close.as_slice() {
            [one] => Some(self.mention(*one, span, None)),
            _ => {
                self.open = close;
                None
            }
        }
    }

    /// A headline's "lawmaker" or "former aide" that the story never speaks of again is the person whom it names and quotes
    /// first, unless it quotes somebody unnamed before.
    fn headlines(&mut self, whys: &mut [Why]) {
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
        for (i, why) in whys.iter_mut().enumerate().take(first) {
            let Some(e) = self.speakers[i].filter(|_| top(self, i)) else { continue };
            if unnamed(self, e) && !self.speakers[first..].contains(&Some(e)) {
                let (words, span) = (self.entities[e].name.clone(), self.entities[e].mentions.first().copied());
                self.speakers[i] = Some(person);
                *why = Why::Headline;
                if let Some(span) = span {
                    self.mention(person, span, Some(words));
                }
            }
        }
    }

    /// A statement without a source: words in quotation marks carry on the talk of whoever spoke last.
    fn unsaid(&mut self, i: usize) -> Option<usize> {
        let a = &self.marked.attributions[i];
        if a.form == Form::Indirect {
            return None;
        }
        let here = self.paragraph(a.anchor().start);
        let j = (0..i).rev().take(4).find(|j| {
            self.marked.attributions[*j].form != Form::Indirect || self.paragraph(self.marked.attributions[*j].anchor().start) == here
        })?;
        let there = self.paragraph(self.marked.attributions[j].anchor().start);
        if here - there.min(here) > 1 {
            return None;
        }
        self.speakers[j]
    }
}

fn words_of(text: &str, span: Span) -> String {
    span.of(text).split_whitespace().collect::<Vec<_>>().join(" ").trim_matches(|c: char| !c.is_alphanumeric() && c != ')').to_string()
}

enum Who {
    Person(usize),
    Entity(usize),
}

fn all_capitals(s: &str) -> bool {
    s.chars().filter(|c| c.is_alphabetic()).count() >= 2 && !s.chars().any(char::is_lowercase)
}
