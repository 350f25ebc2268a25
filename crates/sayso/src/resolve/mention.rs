//! What the words of a source are: a pronoun, a name, or a description.

use sayso_text::Span;

use super::names::{self, Run};
use super::nouns::{self, Noun};
use crate::mark::words;

/// Pronouns by what they can stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pronoun {
    /// he, him, his (`true`); she, her (`false`).
    One(bool),
    /// they, them, their.
    They,
    /// it, its.
    It,
    /// I, we: the speaker of the words around.
    Speaker,
    /// you: whoever reads or listens, nobody in the story.
    Hearer,
    /// who, which, that: what stands just before.
    Relative,
}

/// The words of a source, taken apart.
#[derive(Clone, Debug, PartialEq)]
pub enum Mention {
    /// A pronoun.
    Pronoun(Pronoun),
    /// A proper name.
    Name {
        /// The run of capitals that is the name.
        run: Run,
        /// Words before or behind it that tell the role: "the city's engineer", "a Democrat from Port Ellery".
        role: Option<String>,
    },
    /// Several names joined: "Ida Moss and Olav Brandt".
    Names(Vec<Run>),
    /// A description.
    Nominal(Nominal),
}

/// A description taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Nominal {
    /// The words as they stand, without what follows a comma or a relative clause.
    pub words: String,
    /// The noun that decides, in lower case.
    pub head: String,
    /// What the tables say of it.
    pub class: Option<Noun>,
    /// Whether more than one is meant.
    pub plural: bool,
    /// "the", "this", a possessive.
    pub definite: bool,
    /// "another", "a second": surely not the one before.
    pub other: bool,
    /// A name inside it that tells whose: "Reyes" in "Reyes aides".
    pub of: Option<Run>,
}

/// What a person gives that is no document: "according to her account".
const TELLINGS: &[&str] = &["account", "telling", "words", "testimony", "recollection", "estimation", "view", "comments", "remarks"];

fn pronoun(word: &str) -> Option<Pronoun> {
    Some(match word.to_lowercase().as_str() {
        "he" | "him" | "his" | "himself" => Pronoun::One(true),
        "she" | "her" | "hers" | "herself" => Pronoun::One(false),
        "they" | "them" | "their" | "theirs" | "themselves" => Pronoun::They,
        "it" | "its" | "itself" => Pronoun::It,
        "i" | "we" | "me" | "us" | "my" | "our" | "myself" => Pronoun::Speaker,
        "you" => Pronoun::Hearer,
        "this" => Pronoun::It,
        "who" | "which" | "that" | "whom" | "whose" => Pronoun::Relative,
        _ => return None,
    })
}

/// Words after which a description goes on about its head: all before them is the head's phrase.
const STOPS: &[&str] = &[
    "of", "in", "at", "from", "for", "with", "by", "on", "to", "who", "which", "that", "whose", "close", "familiar", "briefed",
    "including", "such", "near", "inside", "within", "involved", "about", "against", "aligned", "present", "speaking", "working", "named",
    "called", "as", "and", "or", "like", "among", "between", "over", "under", "backing", "supporting", "closest", "around", "across",
    "during", "after", "before", "since", "interviewed", "conducted", "released", "published", "taken", "filed", "obtained", "known",
    "not", "based", "led", "run", "held",
];

/// Takes the words of a source apart.
pub fn mention(text: &str, span: Span) -> Mention {
    let span = clean(text, span);
    let tokens = words(text, span);
    let word = |i: usize| tokens.get(i).map_or("", |w| w.of(text));
    if (tokens.len() == 1 || tokens.len() <= 3 && matches!(word(1), "'" | "’"))
        && let Some(p) = pronoun(word(0))
    {
        return Mention::Pronoun(p);
    }
    // "who resigned in June", too
    if let Some(p) = pronoun(word(0)).filter(|p| *p == Pronoun::Relative && (tokens.len() <= 2 || word(0).eq_ignore_ascii_case("who"))) {
        return Mention::Pronoun(p);
    }
    // "residents, many of whom": they
    if (2..=4).contains(&tokens.len()) && word(tokens.len() - 2) == "of" && matches!(word(tokens.len() - 1), "whom" | "which") {
        return Mention::Pronoun(Pronoun::Relative);
    }
    // "was questioned by the committee": the committee
    if tokens.len() >= 2 && matches!(word(0), "from" | "by" | "with" | "against") {
        return mention(text, Span { start: tokens[1].start, end: span.end });
    }
    // "her account": hers
    if tokens.len() == 2
        && TELLINGS.contains(&word(1))
        && let Some(p @ (Pronoun::One(_) | Pronoun::They)) = pronoun(word(0))
    {
        return Mention::Pronoun(p);
    }
    if let Some(title) = work(text, span) {
        return Mention::Nominal(title);
    }
    if let Some(several) = joined(text, span) {
        return Mention::Names(several);
    }
    // The phrase before the first comma, bracket or dash; the rest is apposition.
    let cut = tokens.iter().position(|w| matches!(w.of(text), "," | "(" | "—" | "–" | ";")).filter(|i| *i > 0).unwrap_or(tokens.len());
    let head = Span::new(span.start as usize, tokens.get(cut.saturating_sub(1)).map_or(span.end, |w| w.end) as usize);
    let rest = (cut + 1 < tokens.len()).then(|| Span::new(tokens[cut + 1].start as usize, span.end as usize).trim(text));
    let named = name_of(text, head, rest);
    // "Vellmar, Ostland, Mayor Ida Moss": a place first, the name with its title last
    if let (Some(Mention::Name { run, .. }), Some(rest)) = (&named, rest)
        && run.titles.is_empty()
        && let Some(last) = names::runs(text, rest).last()
        && !last.titles.is_empty()
        && last.words.len() >= 2
        && last.span.end == rest.end
    {
        return Mention::Name { run: last.clone(), role: None };
    }
    if let Some(name) = named {
        return name;
    }
    // "A spokeswoman for the bank, Ida Moss," names her behind the comma.
    if let Some(rest) = rest {
        let behind = names::runs(text, rest);
        let noun = head.of(text).rsplit(' ').next().unwrap_or("");
        // "Mr. Renn's widow, Isla": a first name will do for one of the family
        let kin = nouns::KIN.contains(&noun);
        // "the data regulator, OPRA,": a body by its name
        if let [run] = behind.as_slice()
            && run.titles.is_empty()
            && (run.span.start, run.span.end) == (rest.start, rest.trim(text).end)
            && nouns::class(noun, nouns::is_plural(noun), false) == Some(Noun::Body)
        {
            return Mention::Name { run: run.clone(), role: Some(head.of(text).to_string()) };
        }
        if let [run] = behind.as_slice()
            && (run.words.len() >= 2 && names::is_personal(&run.words, !run.titles.is_empty()) || kin && run.words.len() == 1)
            && names::is_post_nominal(&text[run.span.end as usize..rest.end as usize])
            && text[rest.start as usize..run.span.start as usize].trim_end().rsplit(',').next().is_some_and(|w| {
                let title = |w: &str| nouns::TITLES.contains(&w.trim_matches('.').to_lowercase().as_str()) || w == "the";
                // "her daughter, the cellist Ida Moss"
                let trade = kin && w.starts_with("the ") && w.split_whitespace().count() <= 4 && !w.contains(['(', '"', '“']);
                trade || w.split_whitespace().all(title)
            })
        {
            return Mention::Name { run: run.clone(), role: Some(head.of(text).to_string()) };
        }
    }
    Mention::Nominal(nominal(text, head))
}

/// What somebody made, by its title: "DuVallon's “Thirteen”", as cleaning leaves it.
fn work(text: &str, span: Span) -> Option<Nominal> {
    let words = span.of(text);
    let at = ["’s “", "'s “", "’s \"", "'s \"", "’s ‘", "’ “", "' \""].iter().find_map(|m| words.find(m).map(|k| k + m.len()))?;
    let title = words[at..].trim_matches(|c: char| !c.is_alphanumeric());
    let whole = !title.is_empty() && title.split_whitespace().count() <= 8 && !title.contains(['“', '”', '"']);
    let maker = words[..at].starts_with(char::is_uppercase);
    (whole && maker && title.chars().next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())).then(|| Nominal {
        words: title.to_string(),
        head: "title".into(),
        class: Some(Noun::Document),
        plural: false,
        definite: true,
        other: false,
        of: None,
    })
}

/// Two or more people's names with nothing but commas, brackets' insides and "and" between them.
fn joined(text: &str, span: Span) -> Option<Vec<Run>> {
    let found = names::runs(text, span);
    if found.len() < 2 || found.len() > 12 {
        return None;
    }
    let personal = |r: &Run| names::is_personal(&r.words, true) && crate::grade::outlets::known(&r.name()).is_none();
    let bracketed = |r: &Run| {
        let before = &text[..r.span.start as usize];
        before.ends_with('(') || before.ends_with(", ") && matches!(r.words[0].get(..2), Some("R-" | "D-" | "I-"))
    };
    let people: Vec<Run> = found.into_iter().filter(|r| personal(r) && !bracketed(r)).collect();
    let last = people.len().checked_sub(1).filter(|n| *n > 0)?;
    let between = |a: &Run, b: &Run| {
        let mut depth = 0;
        let words: String = text[a.span.end as usize..b.span.start as usize]
            .chars()
            .filter(|c| {
                depth += i32::from(*c == '(') - i32::from(*c == ')');
                depth == 0 && *c != ')'
            })
            .collect();
        words.to_lowercase()
    };
    // ", R-Ostland," tells whose they are, as a bracket does
    let party = |w: String| {
        let mut kept = String::new();
        for piece in w.split(',') {
            let p = piece.trim();
            if !(p.len() <= 12 && p.len() > 2 && p.is_char_boundary(2) && matches!(&p[..2], "r-" | "d-" | "i-")) {
                kept.push_str(piece);
                kept.push(',');
            }
        }
        kept
    };
    let between = |a: &Run, b: &Run| party(between(a, b));
    let plain = |w: &str| w.split(|c: char| !c.is_alphanumeric()).all(|w| matches!(w, "" | "and") || super::nouns::TITLES.contains(&w));
    let and = between(&people[last - 1], &people[last]).split_whitespace().any(|w| w == "and");
    let lead = text[span.start as usize..people[0].span.start as usize].to_lowercase();
    (and && people.windows(2).all(|w| plain(&between(&w[0], &w[1]))) && plain(&lead)).then_some(people)
}

fn clean(text: &str, span: Span) -> Span {
    let mut s = span.trim(text);
    let marks: &[char] = &['"', '“', '”', '‘', '’', '\'', ',', ':', ';', '.', '-', '—', '–', ' ', '*', '['];
    let words = s.of(text);
    let lead = words.len() - words.trim_start_matches(marks).len();
    s.start += lead as u32;
    let words = s.of(text);
    let mut kept = words.trim_end_matches([',', ':', ';', '"', '“', '”', ' ', '—', '–', '*', ']']);
    for ending in ["'s", "’s", "'", "’"] {
        kept = kept.strip_suffix(ending).unwrap_or(kept);
    }
    s.end = s.start + kept.len() as u32;
    if s.is_empty() { span.trim(text) } else { s }
}

/// A name, where the phrase is one: it ends in the run of capitals, or the run is followed by "of", "from" and the like.
fn name_of(text: &str, head: Span, rest: Option<Span>) -> Option<Mention> {
    let found = names::runs(text, head);
    let last = found.last()?;
    // "Save the Herring": one name in two runs
    if let [first, second] = found.as_slice()
        && (first.span.start, second.span.end) == (head.start, head.end)
        && &text[first.span.end as usize..second.span.start as usize] == " the "
    {
        let words = first.words.iter().cloned().chain(["the".to_string()]).chain(second.words.iter().cloned()).collect();
        let run = Run { span: head, titles: Vec::new(), words, possessive: false };
        return Some(Mention::Name { run, role: rest.map(|r| r.of(text).to_string()) });
    }
    // "Dozens said": many, and nobody's name
    if last.words.len() == 1 && last.span.start == head.start && QUANTITY.contains(&&*last.words[0].to_lowercase()) {
        return None;
    }
    // "Allies", "the Ostland Democrat": a noun that is capitalised, not a name
    let noun = |w: &str| nouns::class(w, nouns::is_plural(w), true).filter(|c| *c != Noun::Body && *c != Noun::Outlet);
    let common = last.words.last().and_then(|w| noun(w));
    let article = text[head.start as usize..last.span.start as usize]
        .split_whitespace()
        .next()
        .is_some_and(|w| matches!(w.to_lowercase().as_str(), "the" | "a" | "an" | "one" | "another"));
    if last.span.end == head.end
        && common.is_some()
        && last.titles.is_empty()
        && (last.words.len() == 1 && last.span.start == head.start
            || last.words.len() == 2 && last.span.start == head.start && last.words.last().is_some_and(|w| crowd_of(w))
            || QUANTITY.contains(&text[head.start as usize..last.span.start as usize].trim().to_lowercase().as_str())
                && last.words.len() == 1
                && last.words.last().is_some_and(|w| nouns::is_plural(w))
            || article
                && last.words.len() <= 3
                && matches!(last.words.last().map(String::as_str), Some("Democrat" | "Republican" | "Democrats" | "Republicans")))
    {
        return None;
    }
    let role_before = |run: &Run| {
        let before = text[head.start as usize..run.span.start as usize].trim();
        (!before.is_empty()).then(|| before.to_string())
    };
    let apposition = rest.map(|r| r.of(text).to_string());
    // "the U.S.", "James Lund Jr."
    let tail = text[last.span.end as usize..head.end as usize].trim_start_matches(['\'', '’', 's', '.']).trim();
    let before_last = text[head.start as usize..last.span.start as usize].to_lowercase();
    // A preposition before the run makes it a part of a description: "a spokesman for the Bank of Ostland".
    // "his wife and campaign manager, Ida Moss" names her all the same.
    let full = last.words.len() >= 2 && names::is_personal(&last.words, !last.titles.is_empty());
    let joined = full && matches!(before_last.split_whitespace().next(), Some("his" | "her" | "their" | "the"));
    let within = before_last.split_whitespace().any(|w| STOPS.contains(&w) && !(joined && w == "and"));
    if tail.is_empty() && !within {
        // "Dr. Ruth Abara, the zoo's director", "Labour's Asha Dunn, a solicitor": what stands behind tells more
        let before = role_before(last).filter(|b| !matches!(b.to_lowercase().as_str(), "the" | "a" | "an"));
        let tells = |r: &Option<String>| r.as_deref().is_some_and(|r| shown_role(r).is_some());
        let role = if tells(&before) || !tells(&apposition) { before.or(apposition) } else { apposition };
        return Some(Mention::Name { run: last.clone(), role });
    }
    // "Ida Moss of Port Ellery", "Renn from the harbour office", "Moss, who ..."
    let first = found.first()?;
    let behind = text[first.span.end as usize..head.end as usize].split_whitespace().next().unwrap_or("");
    let starts = text[head.start as usize..first.span.start as usize]
        .split_whitespace()
        .all(|w| w.chars().next().is_some_and(char::is_uppercase) || matches!(w, "the" | "."));
    // "Polling by the paper", "Interviews with nineteen officials": a noun that is capitalised because it stands first
    let counted = first.words[0].ends_with('s') && matches!(behind, "with" | "by" | "between" | "about");
    let lone_noun = first.words.len() == 1
        && first.titles.is_empty()
        && (noun(&first.words[0]).is_some() || first.words[0].ends_with("ing") || counted);
    let personal = (names::is_personal(&first.words, !first.titles.is_empty()) || first.words.len() == 1) && !lone_noun;
    if (starts || role_before(first).is_some_and(|r| !r.split_whitespace().any(|w| STOPS.contains(&w.to_lowercase().as_str()))))
        && personal
        && STOPS.contains(&behind)
        && !matches!(behind, "and" | "or" | "including" | "such" | "like")
    {
        return Some(Mention::Name { run: first.clone(), role: apposition });
    }
    None
}

/// A role as a reader would have it: no bare "Dr." or age, no "Labour's", which tells whose and not what, no clause.
pub fn shown_role(role: &str) -> Option<String> {
    const HONORIFICS: &[&str] = &["mr", "mrs", "ms", "miss", "mx", "dr", "sir", "dame", "lord", "lady"];
    let role = role.trim().trim_end_matches([',', ' ']);
    // "61, who sells vegetables"
    let role = role.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches([',', ' ']);
    let role = role.strip_suffix(" The").or_else(|| role.strip_suffix(" the")).unwrap_or(role);
    let first = role.split_whitespace().next()?.trim_end_matches(',').to_lowercase();
    let honorific = HONORIFICS.contains(&role.trim_end_matches('.').to_lowercase().as_str());
    let whose = role.ends_with("'s") || role.ends_with("’s");
    let clause = role.ends_with("ing") && !role.contains(' ')
        || matches!(first.as_str(), "who" | "whose" | "whom" | "which" | "aged" | "based" | "of" | "in" | "from");
    let tells = role.chars().any(char::is_alphabetic) && !honorific && !whose && !clause;
    tells.then(|| role.to_string())
}

/// A plural that makes two capitalised words a description: "Black Lawmakers", "Harris Aides".
fn crowd_of(word: &str) -> bool {
    nouns::is_plural(word) && matches!(nouns::class(word, true, true), Some(Noun::Insider | Noun::Role | Noun::Crowd))
}

fn nominal(text: &str, head: Span) -> Nominal {
    let words_of = head.of(text).split_whitespace().collect::<Vec<_>>();
    // "the vice president herself"
    let words_of = match words_of.split_last() {
        Some((last, rest)) if !rest.is_empty() && matches!(*last, "himself" | "herself" | "themselves" | "itself") => rest.to_vec(),
        _ => words_of,
    };
    let lower: Vec<String> = words_of.iter().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric() && c != '-').to_lowercase()).collect();
    let first = lower.first().map_or("", String::as_str);
    // "one of the people briefed on it": the head stands behind "of the"
    let partitive = lower.iter().take(6).position(|w| w == "of").filter(|i| {
        let number = |w: &String| QUANTITY.contains(&w.as_str()) || w.chars().all(|c| c.is_ascii_digit());
        let quantity = lower[..*i].last().is_some_and(number);
        quantity && *i + 1 < lower.len()
    });
    let from = partitive.map_or(0, |i| i + 1);
    let classed = |w: &String| nouns::class(w, nouns::is_plural(w), true).is_some();
    // "federal and state officials": the noun stands behind the "and"
    let end = (from + 1..lower.len())
        .find(|i| {
            STOPS.contains(&lower[*i].as_str())
                && !(matches!(lower[*i].as_str(), "and" | "or")
                    && !lower[from..*i].iter().any(classed)
                    && lower[*i..].iter().take(4).any(classed))
        })
        .unwrap_or(lower.len());
    let phrase = &lower[from.min(end)..end];
    let deciding =
        phrase.iter().rev().find(|w| nouns::class(w, nouns::is_plural(w), true).is_some()).or(phrase.last()).cloned().unwrap_or_default();
    // "a majority of voters" are many, "one of the aides" is one
    let many = partitive.is_some()
        && lower
            .iter()
            .take(from)
            .any(|w| matches!(w.as_str(), "majority" | "number" | "handful" | "group" | "half" | "dozens" | "couple"));
    let single = !many && matches!(first, "a" | "an" | "one" | "another" | "each" | "every");
    let plural = many || !single && nouns::is_plural(&deciding);
    let definite = matches!(first, "the" | "this" | "that" | "these" | "those" | "his" | "her" | "their" | "its" | "our" | "my")
        || words_of.iter().take(3).any(|w| w.ends_with("'s") || w.ends_with("’s"));
    let counts =
        |w: Option<&String>| w.is_some_and(|w| w.starts_with(|c: char| c.is_ascii_digit()) || QUANTITY.contains(&w.as_str()) || w == "ten");
    let fraction = lower.iter().position(|w| w == "in").is_some_and(|k| k > 0 && counts(lower.get(k - 1)) && counts(lower.get(k + 1)));
    let of = names::runs(text, head).into_iter().find(|r| r.span.end < head.end || r.words.len() > 1);
    Nominal {
        words: words_of.join(" "),
        class: nouns::class(&deciding, plural, !definite || partitive.is_some())
            .or_else(|| nouns::is_agent(&nouns::singular(&deciding)).then_some(if plural { Noun::Insider } else { Noun::Role }))
            // "six in 10 of them"
            .or_else(|| (fraction || lower.len() == 1 && nouns::is_plural(first) && QUANTITY.contains(&first)).then_some(Noun::Crowd))
            // "a diver", who speaks; "the tracker" need not
            .or_else(|| (matches!(first, "a" | "an" | "one" | "another") && nouns::is_doer(&deciding)).then_some(Noun::Role)),
        head: deciding,
        plural,
        definite,
        other: matches!(first, "another" | "other")
            || lower.iter().take(3).any(|w| matches!(w.as_str(), "second" | "third" | "fourth" | "other" | "separate" | "different")),
        of,
    }
}

const QUANTITY: &[&str] = &[
    "one", "two", "three", "four", "five", "six", "some", "many", "most", "several", "few", "all", "both", "none", "any", "dozens", "half",
    "number", "majority", "handful", "percent", "each", "group", "torrent", "slew", "spate", "string", "series", "raft", "flurry", "host",
    "pair", "couple", "scores", "hundreds", "thousands", "millions", "third", "two-thirds", "quarter", "three-quarters", "fifth", "much",
    "lot", "lots", "trio", "batch",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Mention {
        mention(text, Span::new(0, text.len()))
    }

    fn name(text: &str) -> String {
        match of(text) {
            Mention::Name { run, .. } => run.name(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn names_lose_titles_roles_and_appositions() {
        for (text, want) in [
            ("Mr. Renn", "Renn"),
            ("city engineer Tobias Renn", "Tobias Renn"),
            ("Ida Moss, a Democrat from Port Ellery,", "Ida Moss"),
            ("Rep. Ngozi Adeyemi of Vellmar", "Ngozi Adeyemi"),
            ("A spokeswoman for the bank, Ida Moss,", "Ida Moss"),
            ("the Ferrisburg Herald", "Ferrisburg Herald"),
            ("Renn’s", "Renn"),
            ("his wife and campaign manager, Ida Moss", "Ida Moss"),
            ("his wife and former campaign manager Ida Moss", "Ida Moss"),
        ] {
            assert_eq!(name(text), want, "{text}");
        }
    }

    #[test]
    fn descriptions_give_their_head_and_number() {
        let n = |t: &str| match of(t) {
            Mention::Nominal(n) => (n.head, n.plural, n.definite, n.class),
            other => panic!("{t}: {other:?}"),
        };
        assert_eq!(n("a former senior aide to Reyes"), ("aide".into(), false, false, Some(Noun::Insider)));
        assert_eq!(n("Reyes aides"), ("aides".into(), true, false, Some(Noun::Insider)));
        assert_eq!(n("one of the people briefed on the plan"), ("people".into(), false, false, Some(Noun::Insider)));
        assert_eq!(n("the report"), ("report".into(), false, true, Some(Noun::Document)));
        assert_eq!(n("critics"), ("critics".into(), true, false, Some(Noun::Crowd)));
        assert_eq!(n("one woman"), ("woman".into(), false, false, Some(Noun::Bystander)));
        assert_eq!(n("Interviews with nine of Mayor Alma Reyes's friends"), ("interviews".into(), true, false, Some(Noun::Document)));
        assert_eq!(n("Many Ostlandic-Americans"), ("ostlandic-americans".into(), true, false, Some(Noun::Crowd)));
        assert_eq!(n("Dara Quill’s “Low Water”").3, Some(Noun::Document));
    }

    #[test]
    fn several_names_are_a_group() {
        for text in ["Mr. Renn and Ms. Rao", "Sens. Ida Moss (D-Vellmar), Olav Brandt (R-Ostland) and Femi Lund"] {
            assert!(matches!(of(text), Mention::Names(_)), "{text}: {:?}", of(text));
        }
        assert!(!matches!(of("Ida Moss, who wrote to Olav Brandt and Femi Lund"), Mention::Names(_)));
    }

    #[test]
    fn pronouns() {
        assert_eq!(of("She"), Mention::Pronoun(Pronoun::One(false)));
        assert_eq!(of("their"), Mention::Pronoun(Pronoun::They));
        assert_eq!(of("who"), Mention::Pronoun(Pronoun::Relative));
    }
}
