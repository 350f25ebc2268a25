//! Channel, recipient, relay, reason for anonymity and basis of knowledge, read off the words around an attribution.

use sayso_text::Span;

use super::credit::{Credit, CreditKind};
use super::{Naming, Source, outlets};
use crate::mark::{Attribution, Form};
use crate::resolve::{Entity, SourceKind, runs};

/// Where something was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// To a reporter.
    Interview,
    /// In a statement or press release.
    Statement,
    /// In a speech, at a rally or a news conference.
    Speech,
    /// In a debate.
    Debate,
    /// On air.
    Broadcast,
    /// On a social network.
    SocialMedia,
    /// In writing.
    Document,
    /// Not in public.
    Private,
    /// The text does not say.
    Unstated,
}

sayso_text::named!(Channel {
    Interview => "interview",
    Statement => "statement",
    Speech => "speech",
    Debate => "debate",
    Broadcast => "broadcast",
    SocialMedia => "social media",
    Document => "document",
    Private => "private",
    Unstated => "unstated",
});

/// How a source is said to know, and the words that say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Basis {
    /// witness, participant, briefed, document, told-by, office or unstated.
    pub kind: &'static str,
    /// The words.
    pub span: Option<Span>,
}

impl Basis {
    /// The kinds, in the order of how near the source was.
    pub const KINDS: [&str; 7] = ["witness", "participant", "briefed", "document", "told-by", "office", "unstated"];
}

/// Why a source is not named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The words.
    pub span: Span,
    /// Whether it is one of the formulas that editors complain of.
    pub rote: bool,
}

/// The outlet that a statement was taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Via {
    /// Its name in the table, or as the story has it.
    pub name: String,
    /// The words.
    pub span: Span,
}

/// What the words around an attribution tell.
pub struct Terms {
    pub channel: Channel,
    pub recipient: Option<Span>,
    pub via: Option<Via>,
}

fn find(text: &str, within: Span, phrases: &[&str]) -> Option<Span> {
    // ASCII only, so that no offset moves
    let lower = within.of(text).to_ascii_lowercase();
    phrases
        .iter()
        .filter_map(|p| {
            lower
                .match_indices(p)
                .map(|(i, _)| i)
                .find(|i| {
                    let before = lower[..*i].chars().next_back();
                    let after = lower[i + p.len()..].chars().next();
                    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
                })
                .map(|i| Span::new(within.start as usize + i, within.start as usize + i + p.len()))
        })
        .min_by_key(|s| s.start)
}

/// `credits` are those of the whole story.
pub fn terms(text: &str, a: &Attribution, sentence: Span, source: Option<&Source>, credits: &[Credit]) -> Terms {
    let outside = |s: Span| !a.content.iter().any(|c| c.covers(s));
    let cue: String = a.cue.iter().map(|s| s.of(text).to_ascii_lowercase()).collect::<Vec<_>>().join(" ");
    let recipient = recipient(text, a, sentence);
    let via = stated_via(a, sentence, credits);
    let says = |phrases: &[&str]| find(text, sentence, phrases).is_some_and(outside);
    let document = source.is_some_and(|s| s.naming == Naming::Document);
    let channel = if says(&[
        "tweeted", "tweet", "tweets", "on twitter", "on facebook", "instagram", "facebook post", "on social media", "on x", "truth social",
        "bluesky", "mastodon", "posted online", "in a post",
    ]) || cue.contains("tweet")
    {
        Channel::SocialMedia
    } else if find(text, sentence, &["debate", "debates"])
        .is_some_and(|d| outside(d) && held(&text[sentence.start as usize..d.start as usize]))
    {
        Channel::Debate
    } else if says(&["in a statement", "statement", "press release", "news release", "said in a release", "in a written statement"]) {
        Channel::Statement
    } else if via.as_ref().is_some_and(|v| outlets::known(&v.name).is_some_and(|o| matches!(o.kind, "programme" | "broadcaster"))) {
        Channel::Broadcast
    } else if says(&["interview", "told reporters", "in a telephone interview", "told me"]) || via.is_some() && cue.contains("told") {
        Channel::Interview
    } else if says(&[
        "speech", "rally", "address", "remarks", "town hall", "news conference", "press conference", "told supporters", "told the crowd",
        "told a crowd", "fundraiser", "campaign stop", "at an event", "keynote", "convention",
    ]) {
        Channel::Speech
    } else if document
        || says(&[
            "wrote in a", "in a letter", "in an email", "in an e-mail", "in a memo", "in a report", "in a book", "op-ed", "column",
            "essay", "blog post", "on its website", "on his website", "on her website", "court filing", "in the report", "in the memo",
            "in the letter",
        ])
        || matches!(cue.as_str(), "wrote" | "writes" | "has written")
    {
        Channel::Document
    } else if says(&["privately", "behind closed doors", "in private", "in a private", "closed-door"]) {
        Channel::Private
    } else {
        Channel::Unstated
    };
    Terms { channel, recipient, via }
}

/// Whether the words before "debate" say that it was spoken in, not spoken of.
fn held(before: &str) -> bool {
    let near: Vec<String> = before.split_whitespace().rev().take(5).map(str::to_lowercase).collect();
    let has = |list: &[&str]| near.iter().any(|w| list.contains(&w.as_str()));
    has(&["in", "at", "during", "from"]) && !has(&["upcoming", "coming", "next", "future", "into", "ahead"])
}

/// Whom a statement was made to: the phrase behind "told".
fn recipient(text: &str, a: &Attribution, sentence: Span) -> Option<Span> {
    let cue = a.cue.first()?;
    let words = cue.of(text).to_ascii_lowercase();
    let telling = ["told", "tells", "tell", "telling"];
    let verb = words.split_whitespace().position(|w| telling.contains(&w))?;
    // "the inquiry was told": whom, not by whom, comes first
    if words.split_whitespace().take(verb).any(|w| matches!(w, "was" | "were" | "been" | "being" | "be")) {
        return None;
    }
    // Inside the cue, or between the cue and what follows it.
    let behind: String = words.split_whitespace().skip(verb + 1).collect::<Vec<_>>().join(" ");
    if !behind.is_empty() {
        let at = cue.of(text).len() - behind.len();
        return Some(Span::new(cue.start as usize + at, cue.end as usize));
    }
    let stop = a.content.iter().chain(&a.source).map(|s| s.start).filter(|s| *s > cue.end).chain(std::iter::once(sentence.end)).min()?;
    if stop <= cue.end {
        return None;
    }
    let between = Span { start: cue.end, end: stop }.trim(text);
    let phrase = between.of(text);
    let cut = phrase.find([',', ':', ';', '"', '“', '‘', '.', '—']).unwrap_or(phrase.len());
    let mut end = cut;
    for word in [" that ", " on ", " in ", " at ", " during ", " last ", " after ", " before ", " this ", " of ", " earlier ", " who "] {
        end = end.min(phrase.find(word).unwrap_or(end));
    }
    let span = Span::new(between.start as usize, between.start as usize + end).trim(text);
    let n = span.of(text).split_whitespace().count();
    (1..=8).contains(&n).then_some(span)
}

/// The outlet that the statement's own sentence credits. Words of the statement itself credit nobody for it.
fn stated_via(a: &Attribution, sentence: Span, credits: &[Credit]) -> Option<Via> {
    let from = credits.partition_point(|c| c.span.start < sentence.start);
    let cue = a.cue.first().map_or(sentence.start, |c| c.start);
    credits[from..]
        .iter()
        .take_while(|c| c.span.start < sentence.end)
        // "noted the rule in the interview last week": where it was said, though it stands behind the cue
        .filter(|c| {
            !c.own && c.kind != CreditKind::Link && (!a.content.iter().any(|s| s.covers(c.span)) || a.form == Form::Indirect && c.refers)
        })
        .min_by_key(|c| (c.kind, c.span.start.abs_diff(cue)))
        .map(|c| Via { name: c.name.clone(), span: c.span })
}

const ANONYMITY: &[&str] = &[
    "on condition of anonymity",
    "on the condition of anonymity",
    "condition that they not be named",
    "condition that he not be named",
    "condition that she not be named",
    "condition he not be named",
    "condition she not be named",
    "asked not to be named",
    "asked not to be identified",
    "asked that their names",
    "asked for anonymity",
    "requested anonymity",
    "requesting anonymity",
    "was granted anonymity",
    "were granted anonymity",
    "granted anonymity",
    "declined to be named",
    "declined to be identified",
    "not to be named",
    "not to be identified",
    "did not want to be named",
    "did not want to be identified",
    "spoke anonymously",
    "speaking anonymously",
    "insisted on anonymity",
    "spoke on background",
    "wished to remain anonymous",
    "remain anonymous",
    "withheld",
];
const AUTHORISED: &[&str] = &[
    "not authorized to", "not authorised to", "was not allowed to speak", "were not allowed to speak", "not permitted to",
    "lacked authorization", "without authorization",
];
const ROTE: &[&str] = &[
    "authorized to", "authorised to", "allowed to speak", "permitted to", "sensitivity of", "sensitive nature", "speak freely",
    "speak candidly", "speak openly", "speak frankly", "discuss internal", "internal deliberations", "private conversations",
    "private discussions", "ongoing", "speak publicly",
];

/// Why a source in this sentence is not named, in the sentence's own words.
pub fn reason(text: &str, sentence: Span) -> Option<Reason> {
    let asked = find(text, sentence, ANONYMITY);
    let unauthorised = find(text, sentence, AUTHORISED);
    let from = match (asked, unauthorised) {
        (Some(a), _) => {
            let rest = Span { start: a.end, end: sentence.end };
            let link = find(
                text,
                rest,
                &[
                    "because", "for fear", "fearing", "out of fear", "citing", "in order to", "so that", "so as", "given", "due to",
                    "to discuss", "to describe", "to speak", "to talk", "to avoid", "to protect", "since", "as they", "as he", "as she",
                ],
            )?;
            link.start
        }
        (None, Some(u)) => u.start,
        (None, None) => return None,
    };
    let span = Span { start: from, end: sentence.end };
    let words = span.of(text);
    // An unauthorised speaker's clause ends at its comma; a stated reason goes on to the end of the sentence.
    // "... anonymity to speak frankly, they all tell" ends there too.
    let clause = asked.is_none() || words.starts_with("to ");
    let stops: &[char] = if clause { &['“', '"', ';', '—', ','] } else { &['“', '"', ';', '—'] };
    let end = words.find(stops).unwrap_or(words.len());
    let words = words[..end].trim_end().trim_end_matches(['.', ',', '”', '"', '’', '\'']);
    let span = Span::new(from as usize, from as usize + words.len());
    (!span.is_empty())
        .then(|| Reason { span, rote: find(text, span, ROTE).is_some() || ROTE.iter().any(|r| words.to_ascii_lowercase().contains(r)) })
}

const RANKS: &[&str] = &[
    "senior", "top", "deputy", "chief", "high-ranking", "ranking", "leading", "key", "longtime", "veteran", "head", "principal",
    "high-level", "director",
];
const BASES: &[(&str, &[&str])] = &[
    (
        "document",
        &[
            "who's seen", "who’s seen", "who has seen", "who had seen", "who have seen", "who reviewed", "who has reviewed", "seen by",
            "who read",
        ],
    ),
    (
        "witness",
        &[
            "in the room", "who saw", "who witnessed", "who was present", "who were present", "who attended", "present at",
            "who was there", "who overheard", "who watched", "an eyewitness",
        ],
    ),
    (
        "participant",
        &[
            "involved in", "who took part", "who participated", "who worked on", "in the meeting", "who has worked", "who worked",
            "who work", "who works", "participating in", "on the call", "who helped",
        ],
    ),
    (
        "briefed",
        &[
            "briefed on", "familiar with", "with knowledge of", "with direct knowledge", "with firsthand knowledge",
            "with first-hand knowledge", "knowledgeable about", "aware of", "close to", "privy to", "informed of",
        ],
    ),
    (
        "told-by",
        &[
            "who was told", "who were told", "who spoke with", "who has spoken with", "who heard from", "told by", "who's heard",
            "who’s heard", "who has heard", "who heard", "who spoke to", "who has spoken to", "who discussed", "who has discussed",
        ],
    ),
];

/// Adjectives that tell a part of the world and no institution.
const REGIONS: &[&str] = &[
    "Western", "Eastern", "Northern", "Southern", "European", "African", "Asian", "Arab", "Latin", "Middle", "Gulf", "Nordic", "Baltic",
    "Balkan", "Pacific", "Caribbean",
];

/// Words before a noun that have a capital only where they begin a sentence.
const PLAIN_ADJECTIVES: &[&str] = &[
    "local", "federal", "state", "city", "county", "opposition", "government", "military", "intelligence", "police", "security", "health",
    "legal", "political", "diplomatic", "industry", "company", "council", "court", "union", "campaign", "party", "medical", "academic",
    "independent", "outside", "current", "former", "retired", "regular", "law", "election", "hospital", "university", "school", "club",
    "rival", "foreign", "public", "private", "financial", "market", "rescue", "fire", "border", "tax", "team", "trade",
];

/// How the source knows, whether it has a rank, and whether an institution is named.
pub fn descriptor(text: &str, e: &Entity) -> (Basis, bool, bool) {
    let mut basis = Basis { kind: "unstated", span: None };
    for m in &e.mentions {
        // The words of the mention and what follows it closely: "one person, who was in the room, said"
        let mut end = (m.end as usize + 80).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let behind = &text[m.end as usize..end];
        let near = if behind.starts_with([',', ' ']) && (behind.trim_start_matches([',', ' ']).starts_with("who ")) {
            let stop = behind.find(['.', '“', '"', '\n']).unwrap_or(behind.len());
            Span::new(m.start as usize, m.end as usize + stop)
        } else {
            *m
        };
        let said = |s: &Span| !denied(&text[near.start as usize..s.start as usize]);
        if let Some((kind, span)) = BASES.iter().find_map(|(kind, phrases)| find(text, near, phrases).filter(said).map(|s| (*kind, s))) {
            basis = Basis { kind, span: Some(span) };
            break;
        }
    }
    let words = e.nominal.as_ref().map_or_else(String::new, |n| n.words.to_ascii_lowercase());
    let rank = words.split(|c: char| !c.is_alphanumeric() && c != '-').any(|w| RANKS.contains(&w));
    // "a Western diplomat" is a class; "One of them", "Economists" and "Opposition councillors" begin a sentence
    let first = |r: &crate::resolve::Run| e.mentions.iter().any(|m| m.start == r.span.start);
    let common =
        |w: &str| e.nominal.as_ref().is_some_and(|n| n.head.eq_ignore_ascii_case(w)) || RANKS.contains(&w) || PLAIN_ADJECTIVES.contains(&w);
    let names = |r: &crate::resolve::Run| {
        !(r.words.len() == 1
            && (REGIONS.contains(&r.words[0].as_str())
                || crate::resolve::is_no_name(&r.words[0])
                || first(r) && common(&r.words[0].to_lowercase())))
    };
    let institution = e.nominal.as_ref().is_some_and(|n| n.of.as_ref().is_some_and(names))
        || e.mentions.first().is_some_and(|m| e.nominal.is_some() && runs(text, *m).iter().any(names));
    if basis.span.is_none() && institution && e.kind == SourceKind::Person && e.nominal.is_some() {
        basis.kind = "office";
    }
    (basis, rank, institution)
}

/// Whether the words before a phrase take it back: "who was not involved in the work".
fn denied(before: &str) -> bool {
    let near: Vec<&str> = before.split_whitespace().rev().take(2).collect();
    near.iter().any(|w| matches!(w.to_ascii_lowercase().as_str(), "not" | "never" | "no") || w.ends_with("n't") || w.ends_with("n’t"))
}

/// The body that a source is said to belong to.
pub fn affiliation(text: &str, e: &Entity) -> Option<String> {
    if matches!(e.kind, SourceKind::Organisation | SourceKind::Outlet | SourceKind::Document | SourceKind::Data) {
        return None;
    }
    if let Some(n) = &e.nominal {
        return n.of.as_ref().map(crate::resolve::Run::name);
    }
    let role = e.role.as_ref()?;
    let at = e
        .mentions
        .iter()
        .find_map(|m| m.of(text).find(role.as_str()).map(|i| Span::new(m.start as usize + i, m.start as usize + i + role.len())))?;
    runs(text, at).into_iter().map(|r| r.name()).find(|r| !e.name.contains(r.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(text: &str) -> Option<(&str, bool)> {
        reason(text, Span::new(0, text.len())).map(|r| (r.span.of(text), r.rote))
    }

    #[test]
    fn reasons_are_the_words_behind_the_request() {
        assert_eq!(
            why("He spoke on condition of anonymity because he feared for his job."),
            Some(("because he feared for his job", false))
        );
        assert_eq!(why("The aide, who was not authorized to speak publicly, said so."), Some(("not authorized to speak publicly", true)));
        assert_eq!(why("Granted anonymity to speak frankly, they told one story."), Some(("to speak frankly", true)));
        assert_eq!(why("She asked not to be named."), None);
        assert_eq!(why("She was named mayor."), None);
    }
}
