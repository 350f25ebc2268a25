//! Scoring attributions against a person's: exact and by overlap, counts that add, undefined kept apart from zero.
//!
//! *Exact*: the same characters once blanks, quote marks and `.,;:` are taken off the ends of every piece and pieces
//! parted by nothing else are joined. *Overlap*: one character or more in common. Matching is one to one, greedy by
//! characters in common. *Complete*: source, cue and content all agree; a part that both sides leave out agrees.

mod bootstrap;
mod brat;
mod speakers;

use std::collections::BTreeMap;

use sayso_text::Span;

pub use bootstrap::interval;
pub use brat::standoff;
pub use speakers::{Tally, Wanted, matches, speaker_right, speakers};

/// The three parts of one attribution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Triple {
    /// Words that name whose it is.
    pub source: Vec<Span>,
    /// Words that signal it.
    pub cue: Vec<Span>,
    /// What is attributed.
    pub content: Vec<Span>,
}

impl Triple {
    fn parts(&self) -> [&[Span]; 3] {
        [&self.source, &self.cue, &self.content]
    }
}

/// Right, found and gold, which add over stories.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Matched.
    pub right: usize,
    /// Found by the system.
    pub found: usize,
    /// Marked by the person.
    pub gold: usize,
}

impl Count {
    /// Share of the found that is right; `None` where nothing was found.
    pub fn precision(self) -> Option<f64> {
        (self.found > 0).then(|| self.right as f64 / self.found as f64)
    }

    /// Share of the gold that was found; `None` where there is no gold.
    pub fn recall(self) -> Option<f64> {
        (self.gold > 0).then(|| self.right as f64 / self.gold as f64)
    }

    /// Their harmonic mean; `None` where there is neither.
    pub fn f1(self) -> Option<f64> {
        (self.found + self.gold > 0).then(|| 2.0 * self.right as f64 / (self.found + self.gold) as f64)
    }

    fn add(&mut self, other: Count) {
        self.right += other.right;
        self.found += other.found;
        self.gold += other.gold;
    }
}

/// What is counted, in the order in which it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// A part alone: 0 source, 1 cue, 2 content; exact or by overlap.
    Part(u8, bool),
    /// Whole attributions.
    Complete(bool),
    /// Whole attributions whose content is direct, indirect or mixed by its quote marks.
    Form(QuoteForm, bool),
    /// Direct contents of the person that any found content touches.
    DirectFound,
}

impl Measure {
    /// The name used in every output.
    pub fn name(self) -> String {
        let how = |exact: bool| if exact { "exact" } else { "overlap" };
        match self {
            Measure::Part(i, e) => format!("{} {}", ["source", "cue", "content"][usize::from(i)], how(e)),
            Measure::Complete(e) => format!("complete {}", how(e)),
            Measure::Form(f, e) => format!("{} complete {}", f.name(), how(e)),
            Measure::DirectFound => "direct content found".into(),
        }
    }
}

/// Direct, indirect or mixed by the quote marks in and around content, as the published scoring has it. (The engine's
/// own [`crate::Form`] goes by the quotation grammar; figures must not depend on that.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuoteForm {
    /// All in marks.
    Direct,
    /// No marks.
    Indirect,
    /// Some marks.
    Mixed,
}

impl QuoteForm {
    /// The name used in every output.
    pub fn name(self) -> &'static str {
        match self {
            QuoteForm::Direct => "direct",
            QuoteForm::Indirect => "indirect",
            QuoteForm::Mixed => "mixed",
        }
    }
}

/// Counts by measure.
pub type Counts = BTreeMap<Measure, Count>;

/// Adds counts.
pub fn add(total: &mut Counts, more: &Counts) {
    for (m, c) in more {
        total.entry(*m).or_default().add(*c);
    }
}

const ENDS: &[char] = &[' ', '\t', '\r', '\n', '"', '\'', '“', '”', '‘', '’', '`', '.', ',', ';', ':'];

/// Spans without blanks and marks at their ends, sorted, joined where nothing else parts them.
pub fn norm(text: &str, spans: &[Span]) -> Vec<Span> {
    let mut out: Vec<Span> = spans
        .iter()
        .filter_map(|s| {
            let words = s.of(text);
            let lead = words.len() - words.trim_start_matches(ENDS).len();
            let kept = words.trim_matches(ENDS).len();
            let start = s.start as usize + lead;
            (kept > 0).then(|| Span::new(start, start + kept))
        })
        .collect();
    out.sort();
    let mut joined: Vec<Span> = Vec::new();
    for s in out {
        match joined.last_mut() {
            // Overlapping pieces slice to nothing between them, as in the published scoring.
            Some(last) if text.get(last.end as usize..s.start as usize).unwrap_or("").trim_matches(ENDS).is_empty() => last.end = s.end,
            _ => joined.push(s),
        }
    }
    joined
}

/// Characters in common. Bytes would weigh accents twice.
fn common(text: &str, a: &[Span], b: &[Span]) -> usize {
    let mut n = 0;
    for x in a {
        for y in b {
            if x.common(*y) > 0 {
                n += text[x.start.max(y.start) as usize..x.end.min(y.end) as usize].chars().count();
            }
        }
    }
    n
}

/// One-to-one pairs, greedy by weight; ties go to the earlier pair.
fn pairs(found: usize, gold: usize, weight: impl Fn(usize, usize) -> usize) -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize, usize)> =
        (0..found).flat_map(|i| (0..gold).map(move |j| (i, j))).map(|(i, j)| (weight(i, j), i, j)).filter(|(w, _, _)| *w > 0).collect();
    all.sort_by_key(|(w, _, _)| std::cmp::Reverse(*w));
    let (mut used_i, mut used_j) = (vec![false; found], vec![false; gold]);
    let mut out = Vec::new();
    for (_, i, j) in all {
        if !used_i[i] && !used_j[j] {
            (used_i[i], used_j[j]) = (true, true);
            out.push((i, j));
        }
    }
    out
}

fn quote_form(text: &str, content: &[Span]) -> QuoteForm {
    let before = |s: Span, n: usize| -> &str {
        let at = text[..s.start as usize].char_indices().rev().nth(n - 1).map_or(0, |(i, _)| i);
        &text[at..s.start as usize]
    };
    let around: String = content
        .iter()
        .map(|s| {
            let after = text[s.end as usize..].chars().next().map_or(0, char::len_utf8);
            format!("{}{}", before(*s, 1), &text[s.start as usize..s.end as usize + after])
        })
        .collect();
    if !(around.contains(['"', '“', '”']) || around.contains("''") || around.contains("``")) {
        return QuoteForm::Indirect;
    }
    let marks: &[char] = &['"', '“', '”', '`', '\''];
    let body: String = content.iter().map(|s| s.of(text)).collect();
    let opened = body.trim_start().starts_with(marks);
    if opened || content.iter().all(|s| before(*s, 2).trim_end().ends_with(marks)) { QuoteForm::Direct } else { QuoteForm::Mixed }
}

/// The normalised attributions of one side; those with neither content nor cue are left out.
fn side(text: &str, all: &[Triple]) -> Vec<Triple> {
    all.iter()
        .map(|t| Triple { source: norm(text, &t.source), cue: norm(text, &t.cue), content: norm(text, &t.content) })
        .filter(|t| !t.content.is_empty() || !t.cue.is_empty())
        .collect()
}

fn agrees(text: &str, a: &Triple, b: &Triple) -> bool {
    a.parts()
        .into_iter()
        .zip(b.parts())
        .all(|(x, y)| if x.is_empty() || y.is_empty() { x.is_empty() && y.is_empty() } else { common(text, x, y) > 0 })
}

/// Which found attributions agree with one of the person's in all parts, one to one.
pub fn correct(text: &str, found: &[Triple], gold: &[Triple]) -> Vec<bool> {
    let (p, g) = (side(text, found), side(text, gold));
    let mut out = vec![false; p.len()];
    let weight = |i: usize, j: usize| {
        if agrees(text, &p[i], &g[j]) { common(text, &p[i].content, &g[j].content) + 1 } else { 0 }
    };
    for (i, _) in pairs(p.len(), g.len(), weight) {
        out[i] = true;
    }
    out
}

/// Scores one story.
pub fn score(text: &str, found: &[Triple], gold: &[Triple]) -> Counts {
    let mut out = Counts::new();
    let (p, g) = (side(text, found), side(text, gold));
    for part in 0..3u8 {
        let of = |side: &[Triple]| -> Vec<Vec<Span>> {
            side.iter().map(|t| t.parts()[usize::from(part)].to_vec()).filter(|s| !s.is_empty()).collect()
        };
        let (p, g) = (of(&p), of(&g));
        let count = |right: usize| Count { right, found: p.len(), gold: g.len() };
        out.insert(Measure::Part(part, true), count(pairs(p.len(), g.len(), |i, j| usize::from(p[i] == g[j])).len()));
        out.insert(Measure::Part(part, false), count(pairs(p.len(), g.len(), |i, j| common(text, &p[i], &g[j])).len()));
    }
    let complete = |p: &[&Triple], g: &[&Triple], exact: bool| {
        let weight = |i: usize, j: usize| {
            if exact {
                usize::from(p[i] == g[j])
            } else if agrees(text, p[i], g[j]) {
                common(text, &p[i].content, &g[j].content) + 1
            } else {
                0
            }
        };
        Count { right: pairs(p.len(), g.len(), weight).len(), found: p.len(), gold: g.len() }
    };
    let (all_p, all_g): (Vec<&Triple>, Vec<&Triple>) = (p.iter().collect(), g.iter().collect());
    let of_form = |side: &[&'_ Triple], form: QuoteForm| -> Vec<usize> {
        (0..side.len()).filter(|i| !side[*i].content.is_empty() && quote_form(text, &side[*i].content) == form).collect()
    };
    for exact in [true, false] {
        out.insert(Measure::Complete(exact), complete(&all_p, &all_g, exact));
        for form in [QuoteForm::Direct, QuoteForm::Indirect, QuoteForm::Mixed] {
            let fp: Vec<&Triple> = of_form(&all_p, form).into_iter().map(|i| all_p[i]).collect();
            let fg: Vec<&Triple> = of_form(&all_g, form).into_iter().map(|i| all_g[i]).collect();
            out.insert(Measure::Form(form, exact), complete(&fp, &fg, exact));
        }
    }
    let direct: Vec<&Triple> = of_form(&all_g, QuoteForm::Direct).into_iter().map(|i| all_g[i]).collect();
    let right = pairs(p.len(), direct.len(), |i, j| common(text, &p[i].content, &direct[j].content)).len();
    out.insert(Measure::DirectFound, Count { right, found: direct.len(), gold: direct.len() });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, words: &[&str]) -> Vec<Span> {
        words
            .iter()
            .map(|w| {
                let i = text.find(w).unwrap();
                Span::new(i, i + w.len())
            })
            .collect()
    }

    const TEXT: &str = "“No,” said Ida Moss. “Never.” Olav Brandt hopes that it rains; critics scoff that it “won’t”.";

    fn gold() -> Vec<Triple> {
        vec![
            Triple { source: at(TEXT, &["Ida Moss"]), cue: at(TEXT, &["said"]), content: at(TEXT, &["“No,”", "“Never.”"]) },
            Triple { source: at(TEXT, &["Olav Brandt"]), cue: at(TEXT, &["hopes"]), content: at(TEXT, &["that it rains"]) },
            Triple { source: at(TEXT, &["critics"]), cue: at(TEXT, &["scoff"]), content: at(TEXT, &["that it “won’t”"]) },
        ]
    }

    fn get(c: &Counts, m: Measure) -> (usize, usize, usize) {
        let c = c[&m];
        (c.right, c.found, c.gold)
    }

    #[test]
    fn marks_at_the_ends_do_not_count_and_pieces_parted_by_them_join() {
        assert_eq!(norm(TEXT, &at(TEXT, &["“No,”"])), at(TEXT, &["No"]));
        let text = "a. b, c d";
        assert_eq!(norm(text, &[Span::new(0, 2), Span::new(3, 5), Span::new(6, 7), Span::new(8, 9)]), [Span::new(0, 9)]);
        assert!(norm(text, &[Span::new(1, 3)]).is_empty());
    }

    #[test]
    fn worked_by_hand() {
        let found = vec![
            // exact but for marks
            Triple { source: at(TEXT, &["Ida Moss."]), cue: at(TEXT, &["said "]), content: at(TEXT, &["No,”", "Never.”"]) },
            // the content too long: overlap, not exact
            Triple { source: at(TEXT, &["Olav Brandt"]), cue: at(TEXT, &["hopes"]), content: at(TEXT, &["that it rains; critics"]) },
            // no source where the person has one: agrees in cue and content only
            Triple { source: vec![], cue: at(TEXT, &["scoff"]), content: at(TEXT, &["that it “won’t”"]) },
            // nothing like it
            Triple { source: vec![], cue: at(TEXT, &["rains"]), content: at(TEXT, &["Never"]) },
        ];
        let c = score(TEXT, &found, &gold());
        assert_eq!(get(&c, Measure::Part(0, true)), (2, 2, 3));
        assert_eq!(get(&c, Measure::Part(1, true)), (3, 4, 3));
        assert_eq!(get(&c, Measure::Part(2, true)), (2, 4, 3));
        assert_eq!(get(&c, Measure::Part(2, false)), (3, 4, 3));
        assert_eq!(get(&c, Measure::Complete(true)), (1, 4, 3));
        assert_eq!(get(&c, Measure::Complete(false)), (2, 4, 3));
        assert_eq!(get(&c, Measure::Form(QuoteForm::Direct, true)), (1, 2, 1));
        assert_eq!(get(&c, Measure::Form(QuoteForm::Mixed, false)), (0, 1, 1));
        assert_eq!(get(&c, Measure::DirectFound), (1, 1, 1));
        let f = c[&Measure::Complete(true)];
        assert_eq!((f.precision(), f.recall(), f.f1()), (Some(0.25), Some(1.0 / 3.0), Some(2.0 / 7.0)));
        assert_eq!(correct(TEXT, &found, &gold()), [true, true, false, false]);
    }

    #[test]
    fn nothing_is_undefined_not_zero() {
        let c = score(TEXT, &[], &[]);
        assert_eq!(c[&Measure::Complete(true)].f1(), None);
        assert_eq!(score(TEXT, &[], &gold())[&Measure::Complete(true)].precision(), None);
        assert_eq!(score(TEXT, &[], &gold())[&Measure::Complete(true)].f1(), Some(0.0));
    }
}
