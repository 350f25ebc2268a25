//! Credits: where a story says that something comes from another outlet, in which words.
//!
//! An outlet counts where it stands in a phrase that credits ("told the Ferrisburg Herald", "according to Reuters", "the Courier
//! first reported"), not where it is merely named.

use std::collections::HashMap;

use sayso_text::Span;

use super::outlets;
use crate::mark::words;
use crate::resolve::{Run, runs};

/// What a credit says of the way from the outlet to this story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CreditKind {
    /// Somebody told the outlet.
    Told,
    /// An interview with it, an appearance on it.
    Interview,
    /// The outlet reported.
    Reported,
    /// Somebody who writes for it.
    Writer,
    /// A link to its site. A link alone is no attribution: it shows a way, and says nothing of whose word a statement is.
    Link,
}

sayso_text::named!(CreditKind {
    Told => "told",
    Interview => "interview",
    Reported => "reported",
    Writer => "writer",
    Link => "link",
});

/// One phrase that credits an outlet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    /// The outlet: its name in the table, or as the story first has it.
    pub name: String,
    /// The words that name it here.
    pub span: Span,
    /// What they say.
    pub kind: CreditKind,
    /// Whether it is the outlet that publishes this story.
    pub own: bool,
    /// Whether the words only refer to what was credited before: "the interview", "the newspaper".
    pub refers: bool,
}

const TELLING: &[&str] = &["told", "tells", "tell", "telling"];
const LINKS: &[&str] = &["with", "to", "on", "for", "by", "in", "from", "at", "of", "during"];
const APPEARING: &[&str] = &[
    "interview", "interviews", "interviewed", "appearance", "appearing", "appeared", "speaking", "spoke", "broadcast", "episode", "aired",
    "sit-down", "guest", "host", "segment",
];
const REPORTS: &[&str] = &[
    "report", "reports", "reported", "reporting", "story", "article", "piece", "essay", "op-ed", "column", "profile", "investigation",
    "analysis", "account", "published", "obtained", "reviewed", "cited", "according", "revealed", "editorial", "disclosed", "seen",
];
const CITING: &[&str] = &["citing", "quoting", "crediting", "via", "per"];
const REPORTING: &[&str] = &[
    "report", "reports", "reported", "wrote", "writes", "found", "revealed", "reveals", "published", "noted", "notes", "quoted", "quotes",
    "said", "says", "obtained", "disclosed", "cited", "cites", "claimed", "claims", "ran", "first", "has", "had", "also", "previously",
    "later", "broke",
];
const WORKS: &[&str] =
    &["interview", "report", "story", "article", "essay", "op-ed", "column", "profile", "piece", "investigation", "account", "editorial"];
/// Nouns that stand for an outlet that was named before.
const AGAIN: &[&str] =
    &["newspaper", "paper", "outlet", "magazine", "network", "agency", "site", "website", "station", "broadcaster", "daily", "tabloid"];

/// Credits by links, where no words beside them credit the same outlet.
pub fn linked(links: &[(Span, String)], own: Option<&str>, credits: &mut Vec<Credit>) {
    let own = own.map(outlets::canonical);
    for (span, address) in links {
        if let Some(o) = outlets::of_address(address)
            && !credits.iter().any(|c| c.span.common(*span) > 0)
        {
            let own = own.as_ref().is_some_and(|x| x.eq_ignore_ascii_case(o.name));
            credits.push(Credit { name: o.name.to_string(), span: *span, kind: CreditKind::Link, own, refers: false });
        }
    }
    credits.sort_by_key(|c| c.span);
}

/// All credits of a story, in text order. `sentences` are those of its paragraphs; `own` is the outlet that publishes it.
pub fn credits(text: &str, sentences: &[Span], own: Option<&str>) -> Vec<Credit> {
    let found: Vec<(Span, Vec<Run>)> = sentences.iter().map(|s| (*s, runs(text, *s))).collect();
    // "the Herald" is the Ferrisburg Herald where the story names that one
    let mut full: HashMap<String, String> = HashMap::new();
    let own_name = own.map(|o| outlets::known(o).map_or_else(|| o.to_string(), |k| k.name.to_string()));
    if let Some(o) = &own_name {
        full.insert(last_word(o), o.clone());
    }
    for run in found.iter().flat_map(|(_, r)| r) {
        let name = run.name();
        if outlets::known(&name).is_none() && (outlets::looks_like(&name) || outlets::is_told(text, run.span)) {
            full.entry(last_word(&name)).or_insert(name);
        }
    }
    let mut out: Vec<Credit> = Vec::new();
    let mut last: Option<(String, bool)> = None;
    for (sentence, runs) in &found {
        let tokens: Vec<Span> = words(text, *sentence);
        let mut here: Vec<Credit> = Vec::new();
        for run in runs {
            let around = Around::new(text, &tokens, run.span);
            let Some(kind) = around.kind(text, &tokens, run) else { continue };
            let name = run.name();
            let whole = if around.article { format!("the {name}") } else { name.clone() };
            let strong = around.article && matches!(kind, CreditKind::Told | CreditKind::Reported);
            let known = outlets::known(&whole).or_else(|| outlets::known(&name));
            let outlet = match known {
                Some(o) if !outlets::is_plain(&whole) && !outlets::is_plain(&name) || strong || kind == CreditKind::Interview => {
                    (kind != CreditKind::Told || !around.reversed).then(|| o.name.to_string())
                }
                Some(_) => None,
                None if outlets::looks_like(&name) || outlets::is_told(text, run.span) => Some(name.clone()),
                // "told KVT radio"
                None if around.after.first().is_some_and(|w| matches!(w.as_str(), "radio" | "television" | "newspaper" | "magazine")) => {
                    Some(name.clone())
                }
                None if run.words.len() == 1 && around.article => full
                    .get(&last_word(&name))
                    .cloned()
                    .or_else(|| (strong && outlets::looks_like(&format!("X {name}"))).then(|| name.clone())),
                None => None,
            };
            if let Some(name) = outlet {
                let own = own_name.as_ref().is_some_and(|o| o.eq_ignore_ascii_case(&name));
                here.push(Credit { name, span: run.span, kind, own, refers: false });
            }
        }
        for span in titles(text, *sentence) {
            let around = Around::new(text, &tokens, span);
            let on = around.before.iter().take(3).any(|w| w == "on") || around.kind_of_words().is_some_and(|k| k <= CreditKind::Interview);
            let Some(o) = outlets::known(span.of(text)) else { continue };
            let own = own_name.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(o.name));
            // CBS's "Face the Nation": the programme says more than its broadcaster
            if let Some(c) = here.iter_mut().find(|c| span.start >= c.span.end && span.start - c.span.end < 6) {
                c.name = o.name.to_string();
            } else if on && !here.iter().any(|c| c.span.common(span) > 0) {
                here.push(Credit { name: o.name.to_string(), span, kind: CreditKind::Interview, own, refers: false });
            }
        }
        for (i, t) in tokens.iter().enumerate().skip(1) {
            if t.of(text) == "interview" && tokens[i - 1].of(text).eq_ignore_ascii_case("the") {
                let with = tokens.get(i + 1).is_some_and(|t| matches!(t.of(text), "with" | "on" | "by" | "to"));
                if let Some(c) = out.iter().rfind(|c| c.kind == CreditKind::Interview)
                    && !with
                {
                    here.push(Credit { span: *t, refers: true, ..c.clone() });
                }
            }
            if !AGAIN.contains(&t.of(text)) || !tokens[i - 1].of(text).eq_ignore_ascii_case("the") {
                continue;
            }
            let around = Around::new(text, &tokens, *t);
            if let (Some(kind @ (CreditKind::Told | CreditKind::Reported | CreditKind::Interview)), Some((name, own))) =
                (around.kind_of_words(), here.iter().rfind(|c| c.span.start < t.start).map(|c| (c.name.clone(), c.own)).or(last.clone()))
            {
                here.push(Credit { name, span: *t, kind, own, refers: true });
            }
        }
        here.sort_by_key(|c| c.span);
        if let Some(c) = here.last() {
            last = Some((c.name.clone(), c.own));
        }
        out.extend(here);
    }
    out
}

/// Short titles in quotation marks: "Face the Nation".
fn titles(text: &str, sentence: Span) -> Vec<Span> {
    let mut out = Vec::new();
    let mut open: Option<usize> = None;
    for (i, c) in sentence.of(text).char_indices() {
        let at = sentence.start as usize + i;
        match (c, open) {
            ('"' | '“', None) => open = Some(at + c.len_utf8()),
            ('"' | '”', Some(from)) => {
                let span = Span::new(from, at);
                let inner = span.of(text).trim_end_matches([',', '.']);
                let span = Span::new(from, from + inner.len());
                if inner.split_whitespace().count() <= 5 && inner.starts_with(char::is_uppercase) {
                    out.push(span);
                }
                open = None;
            }
            _ => {}
        }
    }
    out
}

fn last_word(name: &str) -> String {
    name.split_whitespace().next_back().unwrap_or_default().to_lowercase()
}

/// The words about a name: before it, nearest first, and behind it.
struct Around {
    before: Vec<String>,
    after: Vec<String>,
    article: bool,
    reversed: bool,
}

impl Around {
    fn new(text: &str, tokens: &[Span], name: Span) -> Self {
        let low = |s: &Span| s.of(text).to_lowercase();
        let word = |w: &String| w.chars().any(char::is_alphanumeric);
        let at = tokens.partition_point(|t| t.start < name.start);
        let mut before: Vec<String> = tokens[..at].iter().rev().take(14).map(low).filter(word).take(8).collect();
        let article = before.first().is_some_and(|w| matches!(w.as_str(), "the" | "a" | "an"));
        if article {
            before.remove(0);
        }
        let end = tokens.partition_point(|t| t.start < name.end);
        let after: Vec<String> = tokens[end..].iter().take(8).map(low).filter(word).filter(|w| w != "s").take(4).collect();
        // "the Herald told": the outlet tells
        let reversed = after.first().is_some_and(|w| TELLING.contains(&w.as_str()));
        Self { before, after, article, reversed }
    }

    fn kind_of_words(&self) -> Option<CreditKind> {
        let has = |words: &[String], list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
        let first = self.before.first().map_or("", String::as_str);
        if TELLING.contains(&first) {
            return Some(CreditKind::Told);
        }
        // "h/t the Courier"
        if CITING.contains(&first) || first == "t" && self.before.get(1).is_some_and(|w| w == "h") {
            return Some(CreditKind::Reported);
        }
        if LINKS.contains(&first) {
            let near = &self.before[1..self.before.len().min(7)];
            if has(near, APPEARING) {
                return Some(CreditKind::Interview);
            }
            if has(&near[..near.len().min(2)], &["writing", "wrote", "writes"]) {
                return Some(CreditKind::Writer);
            }
            if has(&near[..near.len().min(4)], REPORTS) {
                return Some(CreditKind::Reported);
            }
        }
        if self.after.first().is_some_and(|w| {
            REPORTING.contains(&w.as_str()) && !matches!(w.as_str(), "first" | "has" | "had" | "also" | "later" | "previously")
        }) || self.after.len() > 1 && REPORTING.contains(&self.after[0].as_str()) && REPORTING.contains(&self.after[1].as_str())
        {
            return Some(CreditKind::Reported);
        }
        if has(&self.after[..self.after.len().min(2)], WORKS) {
            let is = |list: &[&str]| has(&self.after[..self.after.len().min(2)], list);
            return Some(if is(&["interview"]) {
                CreditKind::Interview
            } else if is(&["essay", "op-ed", "column"]) {
                CreditKind::Writer
            } else {
                CreditKind::Reported
            });
        }
        None
    }

    fn kind(&self, text: &str, tokens: &[Span], run: &Run) -> Option<CreditKind> {
        if let Some(kind) = self.kind_of_words() {
            return Some(kind);
        }
        let first = self.before.first().map_or("", String::as_str);
        let o = outlets::known(&run.name());
        if first == "on" && o.is_some_and(|o| matches!(o.kind, "programme" | "broadcaster")) {
            return Some(CreditKind::Interview);
        }
        // "Ida Moss of the Ferrisburg Herald": behind a name
        if matches!(first, "at" | "of" | "for" | "from") {
            let at = tokens.partition_point(|t| t.start < run.span.start);
            let link = tokens[..at].iter().rposition(|t| t.of(text) == first)?;
            let named = |k: usize| tokens.get(k).is_some_and(|t| t.of(text).starts_with(char::is_uppercase));
            if link >= 2 && named(link - 1) && named(link - 2) {
                return Some(CreditKind::Writer);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, own: Option<&str>) -> Vec<(String, CreditKind, bool)> {
        let whole = Span::new(0, text.len());
        credits(text, &crate::mark::sentences(text, whole), own).into_iter().map(|c| (c.name, c.kind, c.own)).collect()
    }

    #[test]
    fn what_credits_and_what_only_names() {
        let text = "Reyes told the Ferrisburg Herald that she knew. The Herald reported it first. A clerk told the newspaper more. \
                    According to Reuters, nobody left. She reads the Vellmar Courier every day. \
                    Olav Brandt of the Vellmar Courier disagreed.";
        let found = of(text, None);
        assert_eq!(
            found.iter().map(|(n, k, _)| (n.as_str(), *k)).collect::<Vec<_>>(),
            [
                ("Ferrisburg Herald", CreditKind::Told),
                ("Ferrisburg Herald", CreditKind::Reported),
                ("Ferrisburg Herald", CreditKind::Told),
                ("Reuters", CreditKind::Reported),
                ("Vellmar Courier", CreditKind::Writer),
            ]
        );
    }

    #[test]
    fn outlets_that_no_table_knows_are_known_by_how_they_are_told() {
        assert_eq!(of("A clerk told The Lantern that it rained.", None), [("Lantern".to_string(), CreditKind::Told, false)]);
        assert_eq!(of("A clerk told KVT radio that it rained.", None), [("KVT".to_string(), CreditKind::Told, false)]);
        assert_eq!(of("A clerk told The Lantern's mayor, told The Hague, and went to The Lantern by train.", None), []);
    }

    #[test]
    fn links_and_tips() {
        assert_eq!(of("The fund is empty (h/t Reuters).", None), [("Reuters".to_string(), CreditKind::Reported, false)]);
        let mut found = Vec::new();
        let links = [(Span::new(4, 8), "https://www.reuters.com/x".to_string()), (Span::new(9, 11), "https://herald.example/".to_string())];
        linked(&links, None, &mut found);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].name.as_str(), found[0].kind), ("Reuters", CreditKind::Link));
    }

    #[test]
    fn an_outlet_that_speaks_of_itself() {
        let found = of("As the Herald has previously reported, the fund was empty.", Some("Ferrisburg Herald"));
        assert_eq!(found, [("Ferrisburg Herald".to_string(), CreditKind::Reported, true)]);
    }
}
