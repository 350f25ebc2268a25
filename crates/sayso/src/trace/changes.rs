//! What changed on the way: in the words, and in who is said to have said them.

use std::collections::BTreeSet;

use super::align::Step;
use super::forms::Form;
use super::report::{Report, Said};
use super::words::{ELLIPSIS, NEGATIONS, NUMBERS, Vocabulary};
use crate::grade::Naming;

/// A typed change of the words from an earlier wording to a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// Word for word the same.
    Identical,
    /// The beginning is left out.
    TrimmedFront,
    /// The end is left out.
    TrimmedBack,
    /// Words in the middle are left out, and an ellipsis says so.
    CutMarked,
    /// Words in the middle are left out, and nothing says so.
    CutUnmarked,
    /// Words stand in square brackets that were not there.
    Bracketed,
    /// Other words stand there.
    Altered,
    /// Words were put in.
    Inserted,
    /// A number is another.
    NumberAltered,
    /// A name is another.
    NameAltered,
    /// A negation came in or fell away.
    NegationAltered,
    /// What stood in quotation marks stands there without them.
    MarksLost,
    /// What stood without quotation marks stands there in them.
    MarksGained,
    /// The later wording is the longer one: it begins before or ends behind the earlier.
    Extended,
}

sayso_text::named!(Change {
    Identical => "identical",
    TrimmedFront => "beginning left out",
    TrimmedBack => "end left out",
    CutMarked => "cut, with an ellipsis",
    CutUnmarked => "cut, without an ellipsis",
    Bracketed => "words in brackets put in",
    Altered => "words altered",
    Inserted => "words put in",
    NumberAltered => "number altered",
    NameAltered => "name altered",
    NegationAltered => "negation altered",
    MarksLost => "quotation marks lost",
    MarksGained => "quotation marks gained",
    Extended => "longer than the earlier",
});

/// A change in who is said to have said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Drift {
    /// "senior" and its like fell away.
    RankLost,
    /// "senior" and its like came in.
    RankGained,
    /// "former" fell away: somebody who left became somebody who is there.
    FormerLost,
    /// Named there, unnamed here.
    NamedToUnnamed,
    /// Unnamed there, named here.
    UnnamedToNamed,
    /// Another name.
    OtherSpeaker,
    /// An unnamed source in other words.
    Redescribed,
    /// The source is no longer given.
    SpeakerLost,
    /// Told to another.
    OtherRecipient,
    /// The earlier report is not credited.
    RelayDropped,
}

sayso_text::named!(Drift {
    RankLost => "rank lost",
    RankGained => "rank gained",
    FormerLost => "\"former\" lost",
    NamedToUnnamed => "named became unnamed",
    UnnamedToNamed => "unnamed became named",
    OtherSpeaker => "another speaker",
    Redescribed => "described otherwise",
    SpeakerLost => "speaker left out",
    OtherRecipient => "another recipient",
    RelayDropped => "earlier report not credited",
});

/// The changes of words along an alignment of an earlier with a later form.
pub fn changes(steps: &[Step], earlier: &Form, later: &Form, vocabulary: &Vocabulary) -> BTreeSet<Change> {
    let mut out = BTreeSet::new();
    let real = |f: &Form, i: usize| f.words[i] != ELLIPSIS && !f.inserted[i];
    let first = steps.iter().position(|s| matches!(s, Step::Same(..)));
    let last = steps.iter().rposition(|s| matches!(s, Step::Same(..)));
    let (Some(first), Some(last)) = (first, last) else { return out };
    let (head, tail) = (&steps[..first], &steps[last + 1..]);
    let leaves = |part: &[Step]| part.iter().any(|s| matches!(s, Step::Left(i) | Step::Changed(i, _) if real(earlier, *i)));
    if leaves(head) {
        out.insert(Change::TrimmedFront);
    }
    if leaves(tail) {
        out.insert(Change::TrimmedBack);
    }
    // "that she" before a quotation is the later story's sentence, no longer wording; a form without marks has nothing else
    let marked = later.quoted.iter().any(|q| *q);
    let wider = |part: &[Step]| {
        part.iter().any(|s| matches!(s, Step::Added(j) | Step::Changed(_, j) if real(later, *j) && (later.quoted[*j] || !marked)))
    };
    if wider(head) || wider(tail) {
        out.insert(Change::Extended);
    }
    // The stretches between shared words.
    let inner = &steps[first..=last];
    for stretch in inner.split(|s| matches!(s, Step::Same(..))).filter(|s| !s.is_empty()) {
        let left: Vec<u32> = stretch
            .iter()
            .filter_map(|s| match s {
                Step::Left(i) | Step::Changed(i, _) => Some(*i),
                _ => None,
            })
            .filter(|i| real(earlier, *i))
            .map(|i| earlier.words[i])
            .collect();
        let added: Vec<usize> = stretch
            .iter()
            .filter_map(|s| match s {
                Step::Added(j) | Step::Changed(_, j) => Some(*j),
                _ => None,
            })
            .collect();
        let ellipsis = added.iter().any(|j| later.words[*j] == ELLIPSIS);
        let brackets = added.iter().any(|j| later.inserted[*j]);
        let new: Vec<u32> = added.iter().filter(|j| real(later, **j)).map(|j| later.words[*j]).collect();
        if brackets {
            out.insert(Change::Bracketed);
        }
        if left.is_empty() && new.is_empty() {
            continue;
        }
        if new.is_empty() {
            if ellipsis {
                out.insert(Change::CutMarked);
            } else if !brackets {
                out.insert(Change::CutUnmarked);
            }
        } else if left.is_empty() {
            out.insert(Change::Inserted);
        } else {
            out.insert(Change::Altered);
        }
        if !brackets || !new.is_empty() {
            let numbers = |w: &[u32]| w.iter().filter(|w| is_number(vocabulary.word(**w))).copied().collect::<Vec<_>>();
            if !new.is_empty() && !left.is_empty() && numbers(&left) != numbers(&new) {
                out.insert(Change::NumberAltered);
            }
            let negations = |w: &[u32]| w.iter().filter(|w| NEGATIONS.contains(&vocabulary.word(**w))).count() % 2;
            // a cut that an ellipsis marks takes its negations with it in the open
            if !ellipsis && left.len().max(new.len()) <= 4 && negations(&left) != negations(&new) {
                out.insert(Change::NegationAltered);
            }
        }
    }
    let (mut was, mut is) = (0usize, 0usize);
    for s in steps {
        if let Step::Same(i, j) = s {
            was += usize::from(earlier.quoted[*i] && !later.quoted[*j]);
            is += usize::from(!earlier.quoted[*i] && later.quoted[*j]);
        }
    }
    if was >= 5 {
        out.insert(Change::MarksLost);
    }
    if is >= 5 {
        out.insert(Change::MarksGained);
    }
    if out.is_empty() {
        out.insert(Change::Identical);
    }
    out
}

/// Whether a folded word is a number.
pub fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) || NUMBERS.contains(&word)
}

/// Adds the changes of names, which the folded words alone do not show: capitalised in both texts, in the middle of a sentence.
pub fn name_changes(
    steps: &[Step],
    earlier: (&Report, &[sayso_text::Span]),
    later: (&Report, &[sayso_text::Span]),
    out: &mut BTreeSet<Change>,
) {
    let name = |(r, spans): (&Report, &[sayso_text::Span]), i: usize| {
        let Some(s) = spans.get(i) else { return false };
        let before = r.text[..s.start as usize].trim_end();
        s.of(&r.text).starts_with(char::is_uppercase)
            && s.len() > 1
            && !before.ends_with(['.', '!', '?', '"', '“', '‘', ':', '—'])
            && !s.of(&r.text).starts_with("I'")
    };
    if steps.iter().any(|s| matches!(s, Step::Changed(i, j) if name(earlier, *i) && name(later, *j))) {
        out.insert(Change::NameAltered);
    }
}

const RANKS: &[&str] = &["senior", "top", "high-ranking", "chief", "leading", "veteran", "high-level", "ranking", "longtime", "principal"];

/// The words of a statement's source, in lower case.
fn source_words(r: &Report, s: &Said) -> String {
    let spoken: Vec<&str> = s.source.iter().map(|x| x.of(&r.text)).collect();
    let said = spoken.join(" ").to_lowercase();
    // a pronoun says nothing of its own: the source's fullest description speaks for it
    match &s.speaker {
        Some(speaker) if said.split_whitespace().count() <= 1 => speaker.name.to_lowercase(),
        _ => said,
    }
}

/// How the attribution drifted from the earlier statement to the later.
pub fn drift(earlier: (&Report, &Said), later: (&Report, &Said)) -> BTreeSet<Drift> {
    let mut out = BTreeSet::new();
    let ((er, es), (lr, ls)) = (earlier, later);
    let (Some(a), Some(b)) = (&es.speaker, &ls.speaker) else {
        if es.speaker.is_some() && ls.speaker.is_none() {
            out.insert(Drift::SpeakerLost);
        }
        relay(earlier, later, &mut out);
        return out;
    };
    let (x, y) = (source_words(er, es), source_words(lr, ls));
    let has = |s: &str, words: &[&str]| s.split(|c: char| !c.is_alphanumeric() && c != '-').any(|w| words.contains(&w));
    let unnamed = |n: Naming| matches!(n, Naming::Unnamed | Naming::Public | Naming::Collective | Naming::None);
    match (unnamed(a.naming), unnamed(b.naming)) {
        (false, true) => {
            out.insert(Drift::NamedToUnnamed);
        }
        (true, false) if b.naming == Naming::Named => {
            out.insert(Drift::UnnamedToNamed);
        }
        (true, true) => {
            match (has(&x, RANKS), has(&y, RANKS)) {
                (true, false) => drop(out.insert(Drift::RankLost)),
                (false, true) => drop(out.insert(Drift::RankGained)),
                _ => {}
            }
            let former = &["former", "ex", "onetime", "then"];
            if has(&x, former) && !has(&y, former) {
                out.insert(Drift::FormerLost);
            }
            if out.is_empty() && head(&x) != head(&y) {
                out.insert(Drift::Redescribed);
            }
        }
        (false, false) if a.naming == Naming::Named && b.naming == Naming::Named && !same_name(&a.name, &b.name) => {
            out.insert(Drift::OtherSpeaker);
        }
        _ => {}
    }
    relay(earlier, later, &mut out);
    out
}

/// Whether two names may be one person's or body's: the last word of one stands in the other.
pub fn same_name(a: &str, b: &str) -> bool {
    let words =
        |s: &str| s.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 1).map(str::to_string).collect::<Vec<_>>();
    let (x, y) = (words(a), words(b));
    match (x.last(), y.last()) {
        (Some(p), Some(q)) => x.contains(q) || y.contains(p),
        _ => false,
    }
}

/// The noun of a description, without what stands about it.
fn head(s: &str) -> String {
    let cut = s.split([',', '(']).next().unwrap_or(s);
    let words: Vec<&str> = cut
        .split_whitespace()
        .take_while(|w| !matches!(*w, "of" | "to" | "in" | "at" | "with" | "who" | "from" | "for" | "close" | "familiar" | "on" | "inside"))
        .collect();
    words.last().map_or(String::new(), |w| w.trim_end_matches('s').to_string())
}

fn relay((er, es): (&Report, &Said), (lr, ls): (&Report, &Said), out: &mut BTreeSet<Drift>) {
    let told =
        |r: &Report, s: &Said| s.recipient.map(|x| x.of(&r.text).trim_start_matches("the ").trim_start_matches("The ").to_lowercase());
    if let (Some(a), Some(b)) = (told(er, es), told(lr, ls)) {
        // "told the Herald" in the Herald's own story and in another's are the same telling
        let own = |r: &Report| r.outlet.as_ref().map(|o| o.to_lowercase());
        let telling = |x: &str, r: &Report| own(r).is_some_and(|o| o.ends_with(x) || x.ends_with(&o));
        let general = |x: &str| {
            ["reporter", "newspaper", "outlet", "paper", "us", "me", "magazine", "network", "crowd", "supporters", "audience"]
                .iter()
                .any(|w| x.split(|c: char| !c.is_alphanumeric()).any(|y| y.trim_end_matches('s') == *w || y == *w))
        };
        if a != b && !a.ends_with(&b) && !b.ends_with(&a) && !telling(&b, er) && !general(&a) && !general(&b) {
            out.insert(Drift::OtherRecipient);
        }
    }
    if let Some(outlet) = &er.outlet
        && lr.outlet.as_ref() != Some(outlet)
        && !lr.credits.iter().any(|c| c.name.eq_ignore_ascii_case(outlet))
        && lr.agency.as_ref() != Some(outlet)
    {
        // only where the earlier words were the earlier outlet's to give: nobody owes a credit for a public speech
        let own = es.recipient.is_some_and(|x| er.credits.iter().any(|c| c.own && c.span.common(x) > 0));
        let unnamed = es.speaker.as_ref().is_some_and(|s| s.naming == Naming::Unnamed);
        if own || unnamed {
            out.insert(Drift::RelayDropped);
        }
    }
}
