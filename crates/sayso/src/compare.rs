//! Two texts word by word: what is the same, what changed, and of what kind each change is.
//!
//! The longest common subsequence of tokens (Myers 1986, by the `similar` crate). Kinds are read off closed lists and off the spans of the
//! two stories; a change may be of several. Changes of case, quotation marks and punctuation alone are cosmetic: they are kept apart, for
//! they hide the others.

use std::borrow::Cow;
use std::collections::BTreeSet;

use sayso_text::Span;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::grade::Story;

/// What a change touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// Words in quotation marks.
    Quote,
    /// A number.
    Number,
    /// Words that say whose a statement is, or that it is one.
    Source,
    /// A word that makes a statement less or more certain.
    Hedge,
    /// None of these.
    Other,
    /// Case, punctuation and quotation marks only.
    Cosmetic,
}

sayso_text::named!(ChangeKind {
    Quote => "quote",
    Number => "number",
    Source => "source",
    Hedge => "hedge",
    Other => "other",
    Cosmetic => "cosmetic",
});

/// A stretch of two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// In the first text, piece by piece where what is compared is in pieces; empty where words were put in.
    pub a: Vec<Span>,
    /// In the second; empty where words were left out.
    pub b: Vec<Span>,
    /// Of what kinds the change is; empty where the words are the same.
    pub kinds: BTreeSet<ChangeKind>,
}

impl Stretch {
    /// Whether both have the same words there.
    pub fn is_same(&self) -> bool {
        self.kinds.is_empty()
    }
}

/// Two texts laid side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// In the order of both texts.
    pub stretches: Vec<Stretch>,
    /// Words of the first, of the second, and words that both have in the same order.
    pub words: (usize, usize, usize),
}

impl Comparison {
    /// Words in common, in percent of the shorter text.
    pub fn share(&self) -> usize {
        100 * self.words.2 / self.words.0.min(self.words.1).max(1)
    }

    /// How many changes there are of a kind.
    pub fn count(&self, kind: ChangeKind) -> usize {
        self.stretches.iter().filter(|s| s.kinds.contains(&kind)).count()
    }
}

/// Words of a text beyond which it is not laid beside another: the cost grows with the product of length and difference.
pub const LONGEST: usize = 12_000;

const HEDGES: &[&str] = &[
    "about", "alleged", "allegedly", "apparent", "apparently", "appear", "appeared", "appears", "approximately", "around", "believed",
    "can", "claimed", "could", "expected", "likely", "may", "maybe", "might", "nearly", "perhaps", "possible", "possibly", "potentially",
    "presumably", "probable", "probably", "purported", "purportedly", "reported", "reportedly", "roughly", "seem", "seemed", "seemingly",
    "seems", "should", "some", "suggested", "suggests", "suspected", "unconfirmed", "unlikely", "will", "would",
];

const NUMBERS: &[&str] = &[
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
    "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    "hundred", "hundreds", "thousand", "thousands", "million", "millions", "billion", "billions", "dozen", "dozens", "half", "twice",
    "once", "first", "second", "third", "both", "several",
];

/// A word or a mark.
#[derive(Clone, Debug)]
struct Token<'t> {
    /// What it is compared by.
    key: Cow<'t, str>,
    /// What is shown of it.
    span: Span,
    /// Which of the compared spans it stands in.
    piece: usize,
}

impl Token<'_> {
    fn is_word(&self) -> bool {
        self.key.chars().any(char::is_alphanumeric)
    }

    fn folded(&self) -> String {
        self.key.to_lowercase().replace('’', "'")
    }
}

/// The words alone, compared without their case, each with the marks that stand at it.
fn words_with_marks<'t>(text: &'t str, spans: &[Span]) -> Vec<Token<'t>> {
    let mut out: Vec<Token<'t>> = Vec::new();
    let mut open: Option<Span> = None;
    for t in tokens(text, spans) {
        if t.is_word() {
            let before =
                open.take().filter(|o| o.end == t.span.start && out.last().is_none_or(|l| l.piece == t.piece || l.span.end <= o.start));
            let span = before.map_or(t.span, |o| o.hull(t.span));
            out.push(Token { key: Cow::Owned(t.folded()), span, piece: t.piece });
            continue;
        }
        match out.last_mut() {
            // a mark belongs to the word that it touches, first to the one before
            Some(last) if open.is_none() && last.span.end == t.span.start && last.piece == t.piece => last.span.end = t.span.end,
            _ => open = Some(open.filter(|o| o.end == t.span.start).map_or(t.span, |o| o.hull(t.span))),
        }
    }
    out
}

fn tokens<'t>(text: &'t str, spans: &[Span]) -> Vec<Token<'t>> {
    let mut out = Vec::new();
    for (piece, span) in spans.iter().enumerate() {
        let words = span.of(text);
        let mut start: Option<usize> = None;
        let chars: Vec<(usize, char)> = words.char_indices().collect();
        let mut push = |from: usize, to: usize| {
            let span = Span::new(span.start as usize + from, span.start as usize + to);
            out.push(Token { key: Cow::Borrowed(span.of(text)), span, piece });
        };
        for (k, (i, c)) in chars.iter().enumerate() {
            let between = |d: char| matches!(d, '\'' | '’' | '-' | '.' | ',');
            // an apostrophe, a hyphen or a decimal point holds a word together where letters or digits stand on both sides
            let next = chars.get(k + 1).map(|x| x.1);
            let prior = k.checked_sub(1).map(|k| chars[k].1);
            let digits = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            let holds = start.is_some()
                && between(*c)
                && next.is_some_and(char::is_alphanumeric)
                && (!matches!(c, '.' | ',') || digits(next) && digits(prior));
            if c.is_alphanumeric() || holds {
                start.get_or_insert(*i);
                continue;
            }
            if let Some(from) = start.take() {
                push(from, *i);
            }
            if !c.is_whitespace() {
                push(*i, i + c.len_utf8());
            }
        }
        if let Some(from) = start {
            push(from, words.len());
        }
    }
    out
}

/// Words of two texts that stand in both, counted without their order, in percent of the shorter: cheap, and an upper bound of
/// [`Comparison::share`].
pub fn likeness(a: &Story, b: &Story) -> usize {
    let mut counts: std::collections::HashMap<String, i64> = std::collections::HashMap::new();
    let words = |s: &Story| -> Vec<String> { tokens(&s.doc.text, &shown(s)).iter().filter(|t| t.is_word()).map(Token::folded).collect() };
    let (x, y) = (words(a), words(b));
    for w in &x {
        *counts.entry(w.clone()).or_default() += 1;
    }
    let mut shared = 0;
    for w in &y {
        if let Some(n) = counts.get_mut(w).filter(|n| **n > 0) {
            *n -= 1;
            shared += 1;
        }
    }
    100 * shared / x.len().min(y.len()).max(1)
}

/// The blocks of a story that are compared.
fn shown(s: &Story) -> Vec<Span> {
    s.doc.blocks.iter().filter(|b| b.kind.is_story()).map(|b| b.span).collect()
}

/// Two wordings word by word; marks and case do not count. Every change is of the kind [`ChangeKind::Other`].
pub fn wordings(a: (&str, &[Span]), b: (&str, &[Span])) -> Comparison {
    let (x, y) = (words_with_marks(a.0, a.1), words_with_marks(b.0, b.1));
    lay(&x, &y, |_, _, _, _| BTreeSet::from([ChangeKind::Other]))
}

/// Two stories, or two versions of one, word by word; `None` where one is longer than [`LONGEST`].
pub fn stories(a: &Story, b: &Story) -> Option<Comparison> {
    let (x, y) = (tokens(&a.doc.text, &shown(a)), tokens(&b.doc.text, &shown(b)));
    if x.len().max(y.len()) > LONGEST {
        return None;
    }
    let whose = |s: &Story| -> Vec<Span> {
        s.statements.iter().flat_map(|s| s.attribution.source.iter().chain(&s.attribution.cue).copied()).collect()
    };
    let whose = (whose(a), whose(b));
    Some(lay(&x, &y, |x, y, left, right| {
        let mut kinds = BTreeSet::new();
        let folded = |t: &[Token<'_>]| t.iter().map(Token::folded).collect::<Vec<_>>();
        let (p, q) = (folded(x), folded(y));
        let differ = |is: &dyn Fn(&str) -> bool| {
            let of = |w: &[String]| w.iter().filter(|w| is(w)).cloned().collect::<Vec<_>>();
            of(&p) != of(&q)
        };
        if differ(&|w| w.chars().any(|c| c.is_ascii_digit()) || NUMBERS.contains(&w)) {
            kinds.insert(ChangeKind::Number);
        }
        if differ(&|w| HEDGES.contains(&w)) {
            kinds.insert(ChangeKind::Hedge);
        }
        let touches = |of: &[Span], spans: &[Span]| of.iter().any(|o| spans.iter().any(|s| o.common(*s) > 0));
        if touches(&a.quotations, left) || touches(&b.quotations, right) {
            kinds.insert(ChangeKind::Quote);
        }
        if touches(&whose.0, left) || touches(&whose.1, right) {
            kinds.insert(ChangeKind::Source);
        }
        if kinds.is_empty() {
            kinds.insert(ChangeKind::Other);
        }
        kinds
    }))
}

/// Lays tokens side by side; `kinds` types a change that is more than cosmetic.
fn lay<'t>(
    x: &[Token<'t>],
    y: &[Token<'t>],
    kinds: impl Fn(&[Token<'t>], &[Token<'t>], &[Span], &[Span]) -> BTreeSet<ChangeKind>,
) -> Comparison {
    // (same, first of x, past of x, first of y, past of y)
    let mut runs: Vec<(bool, usize, usize, usize, usize)> = Vec::new();
    let keys = |t: &[Token<'t>]| t.iter().map(|t| t.key.clone()).collect::<Vec<Cow<'t, str>>>();
    for op in capture_diff_slices(Algorithm::Myers, &keys(x), &keys(y)) {
        let (same, a, b) = match op {
            DiffOp::Equal { old_index, new_index, len } => (true, old_index..old_index + len, new_index..new_index + len),
            DiffOp::Delete { old_index, old_len, new_index } => (false, old_index..old_index + old_len, new_index..new_index),
            DiffOp::Insert { old_index, new_index, new_len } => (false, old_index..old_index, new_index..new_index + new_len),
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                (false, old_index..old_index + old_len, new_index..new_index + new_len)
            }
        };
        // a mark or a little word between two changes holds no reader up: they are one
        let little = |r: &(bool, usize, usize, usize, usize)| r.0 && r.2 - r.1 == 1 && x[r.1].key.len() <= 3;
        match runs.as_mut_slice() {
            [.., before, between] if !same && !before.0 && little(between) => {
                (before.2, before.4) = (a.end, b.end);
                runs.pop();
            }
            [.., last] if last.0 == same => (last.2, last.4) = (a.end, b.end),
            _ => runs.push((same, a.start, a.end, b.start, b.end)),
        }
    }
    let pieces = |t: &[Token<'_>]| {
        let hull = |t: &[Token<'_>]| t.iter().map(|t| t.span).reduce(Span::hull);
        t.chunk_by(|x, y| x.piece == y.piece).filter_map(hull).collect::<Vec<Span>>()
    };
    let words = |t: &[Token<'_>]| t.iter().filter(|t| t.is_word()).count();
    let mut out = Comparison { words: (words(x), words(y), 0), ..Comparison::default() };
    for (same, a0, a1, b0, b1) in runs {
        let (p, q) = (&x[a0..a1], &y[b0..b1]);
        let (a, b) = (pieces(p), pieces(q));
        let kinds = if same {
            out.words.2 += words(p);
            BTreeSet::new()
        } else {
            let plain = |t: &[Token<'_>]| t.iter().filter(|t| t.is_word()).map(Token::folded).collect::<Vec<_>>();
            if plain(p) == plain(q) {
                out.words.2 += words(p);
                BTreeSet::from([ChangeKind::Cosmetic])
            } else {
                kinds(p, q, &a, &b)
            }
        };
        out.stretches.push(Stretch { a, b, kinds });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(s: &str) -> [Span; 1] {
        [Span::new(0, s.len())]
    }

    fn shown<'t>(text: &'t str, spans: &[Span]) -> Vec<&'t str> {
        spans.iter().map(|s| s.of(text)).collect()
    }

    #[test]
    fn words_are_laid_side_by_side_and_marks_do_not_count() {
        let (a, b) = ("“The bridge cost 3.5 million, she said.", "The old bridge cost 4.5 million she said ...");
        let c = wordings((a, &whole(a)), (b, &whole(b)));
        let all: Vec<(Vec<&str>, Vec<&str>, bool)> = c.stretches.iter().map(|s| (shown(a, &s.a), shown(b, &s.b), s.is_same())).collect();
        assert_eq!(
            all,
            [
                (vec!["“The"], vec!["The"], true),
                (vec![], vec!["old"], false),
                (vec!["bridge cost"], vec!["bridge cost"], true),
                (vec!["3.5"], vec!["4.5"], false),
                (vec!["million, she said."], vec!["million she said"], true),
            ]
        );
        assert_eq!(c.words, (7, 8, 6));
    }

    #[test]
    fn the_changes_of_two_versions_have_their_kinds() {
        let read = |text: &str| {
            let got = sayso_read::read(text.as_bytes(), &sayso_read::Hint { name: None, format: None }).unwrap();
            crate::read(got.value, crate::Tagger::shared())
        };
        let lead = "The council met on Monday about the old bridge and its cost.";
        let first = read(&format!(
            "{lead}\n\nIt cost 3 million crowns, “which nobody here had foreseen,” the mayor, Ida Moss, said in the hall.\n\nWork begins in May."
        ));
        let second = read(&format!(
            "{lead}\n\nIt cost 4 million crowns, “which nobody there had foreseen,” an aide to the mayor said in the hall.\n\nWork may begin soon, in May!"
        ));
        let c = stories(&first, &second).unwrap();
        for kind in [ChangeKind::Number, ChangeKind::Quote, ChangeKind::Source, ChangeKind::Hedge, ChangeKind::Cosmetic] {
            assert!(c.count(kind) > 0, "{kind:?}: {:?}", c.stretches);
        }
        let mut at = (0, 0);
        for s in &c.stretches {
            for x in &s.a {
                assert!(first.doc.text[at.0..x.start as usize].trim().is_empty(), "{s:?}");
                at.0 = x.end as usize;
            }
            for x in &s.b {
                assert!(second.doc.text[at.1..x.start as usize].trim().is_empty(), "{s:?}");
                at.1 = x.end as usize;
            }
        }
        assert!(c.share() > 70 && likeness(&first, &second) >= c.share());
        let same = stories(&first, &first).unwrap();
        assert!(same.stretches.iter().all(Stretch::is_same) && same.share() == 100);
    }

    #[test]
    fn nothing_beside_nothing_is_no_change() {
        let c = wordings(("", &[]), ("", &[]));
        assert!(c.stretches.is_empty());
        assert_eq!(c.share(), 0);
    }
}
