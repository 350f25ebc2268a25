//! Names in a story: where they stand, which are people's, and which full name a short one means.

use std::collections::HashMap;

use sayso_text::Span;

use super::nouns::{NOT_NAMES, Noun, TITLES, gender_of, is_body_word, is_place};
use crate::mark::{sentences, words};

/// A run of capitalised words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Where, without titles before it.
    pub span: Span,
    /// Titles before it, in lower case.
    pub titles: Vec<String>,
    /// Its words.
    pub words: Vec<String>,
    /// Whether a possessive ending follows.
    pub possessive: bool,
}

impl Run {
    /// The words as one name.
    pub fn name(&self) -> String {
        self.words.join(" ")
    }
}

/// Small words that stand inside names: "Ludwig van Aalst", "Bank of Ostland".
const INSIDE: &[&str] = &[
    "of", "de", "da", "di", "del", "della", "van", "von", "der", "den", "al", "el", "bin", "ibn", "la", "le", "dos", "du", "ter", "for",
    "and", "the",
];
const PARTICLES: &[&str] =
    &["de", "da", "di", "del", "della", "van", "von", "der", "den", "al", "el", "bin", "ibn", "la", "le", "dos", "du", "ter"];

/// Letters behind a name that are no part of it.
const POST_NOMINALS: &[&str] = &["KC", "QC", "SC", "MP", "MSP", "MEP", "TD", "MD", "CBE", "OBE", "MBE", "DBE", "PhD", "CPA", "RN", "USN"];

/// Whether nothing but letters behind a name and marks stand there.
pub fn is_post_nominal(words: &str) -> bool {
    words.split(|c: char| !c.is_alphanumeric()).all(|w| w.is_empty() || POST_NOMINALS.contains(&w))
}

fn capital(w: &str) -> bool {
    w.chars().next().is_some_and(char::is_uppercase)
}

/// The runs of capitalised words in a stretch of text. At the head of a sentence a word that is no name is passed over.
pub fn runs(text: &str, within: Span) -> Vec<Run> {
    let all = words(text, within);
    let heads: Vec<u32> = sentences(text, within).iter().map(|s| s.start).collect();
    let mut out = Vec::new();
    let mut i = 0;
    while i < all.len() {
        let w = all[i].of(text);
        let lower = w.to_lowercase();
        let starts_sentence =
            heads.binary_search(&all[i].start).is_ok() || i > 0 && matches!(all[i - 1].of(text), "\"" | "“" | "‘" | ":" | "—");
        if !capital(w) || (NOT_NAMES.contains(&lower.as_str()) && (starts_sentence || w.len() <= 3 || lower == "the")) {
            i += 1;
            continue;
        }
        let start = i;
        let mut end = i + 1;
        while end < all.len() {
            let gap = &text[all[end - 1].end as usize..all[end].start as usize];
            let next = all[end].of(text);
            let tight = gap.is_empty();
            let blank = !gap.is_empty() && gap.chars().all(char::is_whitespace) && !gap.contains('\n');
            if capital(next) && (blank || tight && matches!(all[end - 1].of(text), "-" | "." | "'" | "’" | "&")) {
                end += 1;
            } else if tight
                && next == "-"
                && end > start
                && all.get(end + 1).is_some_and(|n| n.start == all[end].end && given_half(n.of(text)))
            {
                end += 2; // Soo-jin
            } else if blank
                && PARTICLES.contains(&next.to_lowercase().as_str())
                && all.get(end + 1).is_some_and(|n| matches!(n.of(text), "-" | "’" | "'") && n.start == all[end].end)
                && all.get(end + 2).is_some_and(|n| capital(n.of(text)) && n.start == all[end + 1].end)
            {
                end += 3; // al-Masri
            } else if tight
                && matches!(next, "-" | "’" | "'")
                && all.get(end + 1).is_some_and(|n| capital(n.of(text)) && n.start == all[end].end)
            {
                end += 2; // O'Neil, Garcia-Lund
            } else if tight && next == "." && is_short(all[end - 1].of(text)) && all.get(end + 1).is_some_and(|n| capital(n.of(text))) {
                end += 1; // an initial or a title
            } else if blank
                && (next == "&" || INSIDE.contains(&next))
                && all.get(end + 1).is_some_and(|n| joins(text, &all, start, end, n.of(text)))
            {
                end += 1;
            } else {
                break;
            }
        }
        let tokens = &all[start..end];
        let after = all.get(end).map_or("", |w| w.of(text));
        let possessive = matches!(after, "'" | "’") && text[all[end].end as usize..].starts_with(['s', ' ']);
        if let Some(run) = build(text, tokens, possessive) {
            out.push(run);
        }
        i = end;
    }
    out
}

/// The small second half of a given name, as Korean ones are written; not what is hung on a name: "Moss-led".
fn given_half(w: &str) -> bool {
    const HUNG: &[&str] = &[
        "led", "era", "born", "run", "like", "elect", "area", "made", "wide", "own", "turn", "free", "only", "type", "plus", "bred",
        "held", "size", "rich", "poor", "year", "held", "mad", "in", "on", "up", "to", "of", "up", "the", "and", "or", "a", "is", "had",
    ];
    (2..=5).contains(&w.len()) && w.chars().all(|c| c.is_lowercase()) && !HUNG.contains(&w) && !w.ends_with("ed")
}

fn is_short(w: &str) -> bool {
    w.chars().count() == 1 || TITLES.contains(&w.to_lowercase().as_str()) || matches!(w, "St" | "Jr" | "Sr")
}

/// Whether a small word joins what is before it to `next`: "of" and its like only in bodies' names.
fn joins(text: &str, all: &[Span], start: usize, at: usize, next: &str) -> bool {
    let small = all[at].of(text);
    if PARTICLES.contains(&small) || small == "&" {
        return capital(next);
    }
    let body = all[start..at].iter().any(|w| is_body_word(&w.of(text).to_lowercase()));
    body && small != "and" && (capital(next) || next == "the")
}

fn build(text: &str, tokens: &[Span], possessive: bool) -> Option<Run> {
    let mut from = 0;
    let mut titles = Vec::new();
    while from < tokens.len() {
        let w = tokens[from].of(text);
        let lower = w.to_lowercase();
        if w == "." && from > 0 {
            from += 1;
        } else if TITLES.contains(&lower.as_str()) && from + 1 < tokens.len() {
            titles.push(lower);
            from += 1;
        } else if from == 0 && (3..=4).contains(&tokens.len()) && is_trade(&lower) && tokens[1..].iter().all(|w| w.of(text) != "-") {
            titles.push(lower); // "Analyst Bo Hsieh"
            from += 1;
        } else {
            break;
        }
    }
    // "Democratic Rep. Ida Moss", "House Speaker Ida Moss": the name stands behind the last title. "Justice Department" and
    // "General Motors" hold none.
    let body = |w: &Span| matches!(w.of(text), "Electric" | "Mills" | "Dynamics") || is_body_word(&w.of(text).to_lowercase());
    if tokens[from..].iter().all(body) {
        from = 0;
        titles.clear();
    } else {
        let inner = (from + 1..tokens.len().saturating_sub(1)).rev().find(|i| {
            TITLES.contains(&tokens[*i].of(text).to_lowercase().as_str())
                && !matches!(tokens[*i].of(text), "Sister" | "Father" | "Prince" | "King")
        });
        if let Some(i) = inner {
            let next = if tokens[i + 1].of(text) == "." { i + 2 } else { i + 1 };
            if next < tokens.len() && !tokens[next..].iter().any(body) && !matches!(tokens[next].of(text), "of" | "for" | "&") {
                titles.push(tokens[i].of(text).to_lowercase());
                from = next;
            }
        }
    }
    let mut to = tokens.len();
    while to > from + 2 && POST_NOMINALS.contains(&tokens[to - 1].of(text)) {
        to -= 1;
    }
    let tokens = &tokens[from..to];
    let (first, last) = (tokens.first()?, tokens.last()?);
    let span = first.hull(*last);
    let words: Vec<String> = span.of(text).split_whitespace().map(|w| w.replace('’', "'")).collect();
    Some(Run { span, titles, words, possessive })
}

/// Whether a name looks like a person's: one to four words, none of a body's, not in capitals throughout.
pub fn is_personal(words: &[String], titled: bool) -> bool {
    let n = words.len();
    if n == 0 || n > 4 {
        return false;
    }
    let body = words.iter().enumerate().any(|(i, w)| {
        let low = w.to_lowercase();
        let low = low.trim_end_matches('.');
        // what is a place behind a name is somebody's family name before one: Park Min-ho
        let place = matches!(low, "park" | "hall" | "law" | "bill");
        is_body_word(low) && !(place && i == 0 && n > 1) || w.contains('&') || w.chars().any(|c| c.is_ascii_digit())
    });
    let acronym = words
        .iter()
        .any(|w| w.chars().filter(|c| c.is_alphabetic()).count() >= 2 && w.chars().all(|c| !c.is_lowercase()) && !w.contains('.'));
    !body && (titled || !acronym && n >= 2 && !is_place(words))
}

/// A noun that stands before a name as a title does where it begins a sentence.
fn is_trade(word: &str) -> bool {
    const TRADES: &[&str] = &[
        "analyst", "actor", "actress", "author", "lawyer", "engineer", "forecaster", "researcher", "historian", "columnist", "critic",
        "resident", "neighbour", "neighbor", "striker", "midfielder", "goalkeeper", "defender", "winger", "playwright", "novelist", "poet",
        "filmmaker", "organizer", "organiser", "campaigner", "composer", "conductor", "singer", "farmer", "teacher", "nurse", "student",
        "candidate", "lawmaker", "investor", "trader", "driver", "survivor", "witness", "prosecutor", "investigator",
    ];
    TRADES.contains(&word) || super::nouns::is_agent(word) && word.ends_with("ist")
}

fn is_title_case(paragraph: &str) -> bool {
    let long: Vec<&str> = paragraph.split_whitespace().filter(|w| w.chars().count() > 3).take(40).collect();
    let capitals = long.iter().filter(|w| w.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase)).count();
    long.len() >= 4 && long.len() < 40 && capitals * 10 >= long.len() * 7
}

/// Whether a word can be a person's only name in a story: no body, place, group or outlet.
fn is_lone(w: &str) -> bool {
    let low = w.to_lowercase();
    w.chars().count() >= 3
        && w.chars().any(char::is_lowercase)
        && w.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'))
        && !is_body_word(&low)
        && !is_place(&[w.to_string()])
        && super::nouns::class(&low, super::nouns::is_plural(&low), true).is_none()
        && !crate::grade::outlets::looks_like(&format!("X {w}"))
        && crate::grade::outlets::known(w).is_none()
        && !w.ends_with("ans")
        && !NO_ONE.contains(&low.as_str())
}

/// Capitalised words that stand alone and are nobody's name.
const NO_ONE: &[&str] = &[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "june", "july",
    "august", "september", "october", "november", "december", "assembly", "christmas", "easter", "ramadan", "twitter", "facebook",
    "google", "god", "islam", "brexit", "medicare", "medicaid", "obamacare", "internet", "english", "spanish", "french", "german",
    "chinese", "russian", "british", "american", "european", "irish", "polish", "arabic", "democratic", "republican", "capitol",
    "pentagon", "kremlin",
];

/// What stands just before a name that a body bears: "the group Save Our Pool", "the humour site The Daily Newt".
///
/// # Returns
/// [`Noun::Outlet`] or [`Noun::Body`]; nothing for "the company Ida Moss founded", which is hers.
pub fn bearer(text: &str, run: &Run) -> Option<Noun> {
    const BODIES: &[&str] = &[
        "group", "company", "firm", "charity", "union", "retailer", "airline", "agency", "app", "startup", "start-up", "bank", "chain",
        "giant", "organisation", "organization", "nonprofit", "non-profit", "coalition", "brand", "platform", "tank", "consultancy",
        "brokerage", "lender", "carrier", "utility", "supermarket", "watchdog", "regulator", "operator", "subsidiary", "foundation",
    ];
    const OUTLETS: &[&str] = &[
        "broadcaster", "newspaper", "magazine", "website", "site", "blog", "tabloid", "weekly", "daily", "channel", "station", "podcast",
        "outlet", "broadsheet",
    ];
    const HERS: &[&str] = &["founded", "co-founded", "runs", "ran", "leads", "led", "owns", "owned", "heads", "headed", "built", "started"];
    if !run.titles.is_empty() {
        return None;
    }
    let before = text[..run.span.start as usize].strip_suffix(' ')?;
    let before = before.strip_suffix(" The").unwrap_or(before);
    let noun = before.rsplit(char::is_whitespace).next()?;
    let next = text[run.span.end as usize..].split_whitespace().next().unwrap_or("");
    if HERS.contains(&next) {
        return None;
    }
    if OUTLETS.contains(&noun) { Some(Noun::Outlet) } else { BODIES.contains(&noun).then_some(Noun::Body) }
}

/// Whether the story speaks of a lone name as one does of a company: "shares in Parley", "Parley, based in", "a Parley spokesperson".
pub fn trades(text: &str, name: &str) -> bool {
    const OWN: &[&str] = &[
        "shares", "stock", "employees", "executives", "customers", "headquarters", "website", "board", "parent", "subsidiary", "factory",
        "spokesperson",
    ];
    text.match_indices(name).take(20).any(|(at, _)| {
        let (before, behind) = (&text[..at], &text[at + name.len()..]);
        if before.ends_with(char::is_alphanumeric) || behind.starts_with(char::is_alphanumeric) {
            return false;
        }
        let owned = behind.strip_prefix("'s").or_else(|| behind.strip_prefix("’s")).unwrap_or(behind);
        let next = owned.split_whitespace().next().unwrap_or("").trim_end_matches(|c: char| !c.is_alphanumeric());
        OWN.contains(&next) && owned.starts_with(' ')
            || [", based in", ", which "].iter().any(|w| behind.starts_with(w))
            || ["shares in ", "shares of ", "Shares in ", "Shares of "].iter().any(|w| before.ends_with(w))
    })
}

/// Whether "the" stands just before a name, as it does before bodies' and not before people's: "the Merrin Mercury" as
/// against "the Moss campaign" and "the Rev. Ida Moss".
pub fn has_article(text: &str, run: &Run) -> bool {
    let before = text[..run.span.start as usize].strip_suffix(' ').unwrap_or("");
    let article = matches!(before.rsplit(|c: char| !c.is_alphanumeric()).next(), Some("the" | "The"));
    let next = text[run.span.end as usize..].split_whitespace().next().unwrap_or("");
    let next = next.trim_matches(|c: char| !c.is_alphanumeric());
    run.titles.is_empty() && !run.possessive && article && !BEARERS.contains(&next)
}

/// Whether a verb of speech or thought stands behind a name, or "said" before it.
fn speaks(text: &str, name: Span) -> bool {
    const VERBS: &[&str] =
        &["said", "says", "told", "asked", "added", "thought", "believed", "replied", "wrote", "recalled", "admitted", "insisted"];
    let next = text[name.end as usize..].split_whitespace().next().unwrap_or("");
    let before = text[..name.start as usize].split_whitespace().next_back().unwrap_or("");
    VERBS.contains(&next.trim_matches(|c: char| !c.is_alphanumeric())) || before == "said"
}

/// Nouns that a person's name stands before as a mere name.
const BEARERS: &[&str] = &[
    "campaign", "administration", "camp", "team", "aides", "aide", "supporters", "supporter", "family", "presidency", "government",
    "adviser", "advisers", "allies", "ally", "staff", "officials", "official", "spokesman", "spokeswoman", "spokesperson", "voters",
    "rally", "surrogate", "surrogates", "loyalists", "backers", "donors", "donor", "era", "years", "foundation", "policy", "policies",
];

/// A person of the story.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// The fullest name.
    pub name: String,
    /// Names in full that were seen.
    pub forms: Vec<String>,
    /// How often, in any form.
    pub count: usize,
    /// Titles that stood before the name, in lower case.
    pub titles: Vec<String>,
    /// What the text's own words tell of he or she: votes for each.
    pub votes: [usize; 2],
}

/// Where a person is named.
#[derive(Clone, Copy, Debug)]
pub struct Naming {
    /// Where.
    pub span: Span,
    /// Whom, by index.
    pub person: usize,
    /// Whether the name is the first in its sentence and no possessive.
    pub subject: bool,
}

/// The people of a story and the places where they are named.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// In order of first full mention.
    pub people: Vec<Person>,
    /// In text order.
    pub namings: Vec<Naming>,
    /// All runs of capitals, in text order.
    pub runs: Vec<Run>,
    by_last: HashMap<String, Vec<usize>>,
    by_first: HashMap<String, Vec<usize>>,
}

impl People {
    /// Collects the people of a story.
    pub fn of(text: &str, paragraphs: &[Span]) -> Self {
        let mut out = Self::default();
        let all: Vec<Run> = paragraphs.iter().flat_map(|s| runs(text, *s)).collect();
        // In a headline with every word capitalised a run is no evidence of a name.
        let shouting: Vec<Span> = paragraphs.iter().filter(|p| is_title_case(p.of(text))).copied().collect();
        let plain = |run: &Run| !shouting.iter().any(|p| p.covers(run.span));
        // "Gap Goes On: ...": a heading run into its paragraph, unless its last word comes back
        let heading = |run: &Run| {
            text[run.span.end as usize..].starts_with(": ")
                && paragraphs.iter().any(|p| p.start <= run.span.start && run.span.start <= p.start + 4)
                && !all.iter().any(|r| r.span != run.span && r.words.last() == run.words.last())
        };
        for run in &all {
            let bears = bearer(text, run).is_some() || has_article(text, run);
            if run.words.len() >= 2 && !heading(run) && !bears && plain(run) && is_personal(&run.words, !run.titles.is_empty()) {
                out.add(&run.words);
            }
        }
        // A surname with a title is a person even where the full name never comes.
        for run in &all {
            if let [one] = run.words.as_slice()
                && !run.titles.is_empty()
                && is_personal(&run.words, true)
                && !out.by_last.contains_key(one.as_str())
                // "Mr. Ban" is Ban Ki-moon: family names come first in many places
                && out.by_first.get(one.as_str()).is_none_or(|f| f.len() != 1)
            {
                out.add(&run.words);
            }
        }
        // A lone name that speaks is somebody's where no full name has it: a first name in a portrait, a surname that needs no other.
        let mut lone: HashMap<&str, (usize, usize)> = HashMap::new();
        for run in all.iter().filter(|r| plain(r)) {
            if let [one] = run.words.as_slice()
                && run.titles.is_empty()
                && !out.by_last.contains_key(one.as_str())
                && !out.by_first.contains_key(one.as_str())
                && is_lone(one)
            {
                let seen = lone.entry(one).or_default();
                seen.0 += 1;
                seen.1 += usize::from(speaks(text, run.span));
            }
        }
        let mut lone: Vec<(&str, (usize, usize))> = lone.into_iter().filter(|(_, (n, says))| *n >= 3 && *says >= 2).collect();
        lone.sort_unstable();
        for (one, _) in lone {
            out.add(&[one.to_string()]);
        }
        let starts: Vec<u32> = paragraphs.iter().flat_map(|p| sentences(text, *p)).map(|s| s.start).collect();
        let mut named = vec![false; starts.len() + 1];
        for run in &all {
            let Some(person) = out.find(&run.words) else {
                continue;
            };
            let sentence = starts.partition_point(|s| *s <= run.span.start);
            // "Moss and Lund met": both are who the sentence is about
            let beside = out
                .namings
                .last()
                .is_some_and(|n: &Naming| n.subject && text.get(n.span.end as usize..run.span.start as usize) == Some(" and "));
            let subject = !run.possessive && (!std::mem::replace(&mut named[sentence], true) || beside);
            out.people[person].count += 1;
            for t in &run.titles {
                if !out.people[person].titles.contains(t) {
                    out.people[person].titles.push(t.clone());
                }
            }
            for g in run.titles.iter().filter_map(|t| gender_of(t)) {
                out.people[person].votes[usize::from(!g)] += 3;
            }
            // "the Reyes campaign": a body that bears the name, not she
            let next = text[run.span.end as usize..].split_whitespace().next().unwrap_or("");
            if !text[run.span.end as usize..].starts_with(' ') || !BEARERS.contains(&next.trim_matches(|c: char| !c.is_alphanumeric())) {
                out.namings.push(Naming { span: run.span, person, subject });
            }
        }
        // "Gap Goes On": a name that stands in lines without an end mark alone is a headline's words. No pronoun means it.
        let line = |at: u32| {
            let k = paragraphs.partition_point(|p| p.end <= at);
            paragraphs.get(k).is_none_or(|p| !p.of(text).trim_end().ends_with(['.', '!', '?', '”', '"', '’', ')', ':', '…']))
        };
        let mut in_text = vec![false; out.people.len()];
        for n in &out.namings {
            in_text[n.person] |= !line(n.span.start);
        }
        out.namings.retain(|n| in_text[n.person]);
        out.runs = all;
        out
    }

    fn add(&mut self, words: &[String]) {
        let name = words.join(" ");
        let (first, last) = (words[0].clone(), last_name(words).to_string());
        let same = self.by_last.get(&last).and_then(|l| {
            l.iter().copied().find(|i| {
                let theirs = self.people[*i].name.split(' ').next().unwrap_or("");
                words.len() > 1 && (theirs == first || initial_of(theirs, &first) || initial_of(&first, theirs))
            })
        });
        match same {
            Some(i) => {
                let person = &mut self.people[i];
                if !person.forms.contains(&name) {
                    person.forms.push(name.clone());
                    if name.len() > person.name.len() {
                        person.name = name;
                    }
                }
            }
            None => {
                let i = self.people.len();
                self.people.push(Person { name: name.clone(), forms: vec![name], ..Person::default() });
                self.by_last.entry(last).or_default().push(i);
                if words.len() > 1 {
                    self.by_first.entry(first).or_default().push(i);
                }
            }
        }
    }

    /// Whom a name means. `None` where it is nobody's, or where it fits two people and neither is named far more often.
    pub fn find(&self, words: &[String]) -> Option<usize> {
        self.candidates(words).ok().flatten()
    }

    /// Whom a run means that holds more than a name: the person whose full name it starts or ends with.
    pub fn within(&self, words: &[String]) -> Option<usize> {
        (2..words.len()).rev().find_map(|n| self.find(&words[..n]).or_else(|| self.find(&words[words.len() - n..])))
    }

    /// The same, with the people it fits where it is open (`Err`).
    pub fn candidates(&self, words: &[String]) -> Result<Option<usize>, Vec<usize>> {
        // A label in capitals: "MOSS" is Moss.
        if words.iter().all(|w| w.len() > 1 && w.chars().all(|c| !c.is_lowercase())) {
            let small: Vec<String> = words.iter().map(|w| title_case(w)).collect();
            if small != words {
                return self.candidates(&small);
            }
        }
        let (Some(first), last) = (words.first(), last_name(words)) else {
            return Ok(None);
        };
        if words.len() >= 2 {
            let found = self.by_last.get(last).into_iter().flatten().copied().find(|i| self.people[*i].forms.contains(&words.join(" ")));
            return Ok(found);
        }
        let fit = self.by_last.get(last).or_else(|| self.by_first.get(first)).map_or(&[][..], Vec::as_slice);
        match fit {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            many => {
                let mut by_count = many.to_vec();
                by_count.sort_by_key(|i| std::cmp::Reverse(self.people[*i].count));
                // Counted while reading on: the one whose full name stands alone so far in most places.
                if self.people[by_count[0]].count >= 3 * self.people[by_count[1]].count.max(1) {
                    Ok(Some(by_count[0]))
                } else {
                    Err(many.to_vec())
                }
            }
        }
    }
}

fn title_case(word: &str) -> String {
    let mut up = true;
    word.chars()
        .flat_map(|c| {
            let out = if up { c.to_uppercase().collect::<Vec<_>>() } else { c.to_lowercase().collect() };
            up = !c.is_alphabetic();
            out
        })
        .collect()
}

fn initial_of(short: &str, full: &str) -> bool {
    let s = short.trim_end_matches('.');
    s.chars().count() == 1 && full.starts_with(s)
}

fn last_name(words: &[String]) -> &str {
    let mut it = words.iter().rev().map(String::as_str);
    let last = it.next().unwrap_or("");
    if matches!(last, "Jr" | "Jr." | "Sr" | "Sr." | "II" | "III" | "IV") { it.next().unwrap_or(last) } else { last }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        runs(text, Span::new(0, text.len())).iter().map(Run::name).collect()
    }

    #[test]
    fn names_of_many_shapes() {
        assert_eq!(
            names("Sen. J. T. O’Dowd met Ludwig van Aalst and Ngozi Adeyemi-Lund of the Bank of Ostland."),
            ["J. T. O'Dowd", "Ludwig van Aalst", "Ngozi Adeyemi-Lund", "Bank of Ostland"]
        );
        assert_eq!(names("But critics said no. When Ms. Rao left, The Hague slept."), ["Rao", "Hague"]);
        assert_eq!(names("House Speaker Ida Moss and Adaeze Thorn KC met."), ["Ida Moss", "Adaeze Thorn"]);
        assert_eq!(names("Tarn Ferries CFO Olav Brandt met Harbour Director Ida Moss."), ["Olav Brandt", "Ida Moss"]);
    }

    #[test]
    fn what_bears_a_name_is_told_by_the_words_before_it() {
        let first = |text: &str| runs(text, Span::new(0, text.len())).remove(0);
        for (text, want) in [
            ("campaign group Mend Our Pier said", Some(Noun::Body)),
            ("the humour site The Weekly Herring said", Some(Noun::Outlet)),
            ("the company Ida Moss founded", None),
            ("a diver named Ida Moss", None),
        ] {
            assert_eq!(bearer(text, &first(text)), want, "{text}");
        }
        assert!(has_article("on the Merrin Mercury", &first("on the Merrin Mercury")));
        assert!(!has_article("for the Rev. Ida Moss", &first("for the Rev. Ida Moss")));
        assert!(trades("Plank, based in Vellmar, fell.", "Plank") && !trades("Planks fell. Moss, who fell, rose.", "Moss"));
    }

    #[test]
    fn a_surname_means_its_full_name_unless_two_share_it() {
        let text = "Tobias Renn spoke first. Renn left. Ida Moss and Olav Moss stayed. Moss wept.";
        let p = People::of(text, &[Span::new(0, text.len())]);
        let find = |n: &str| p.candidates(&[n.to_string()]);
        assert_eq!(find("Renn").map(|i| i.map(|i| p.people[i].name.clone())), Ok(Some("Tobias Renn".into())));
        assert_eq!(find("Moss").map_err(|c| c.len()), Err(2));
        assert_eq!(find("Nobody"), Ok(None));
    }
}
