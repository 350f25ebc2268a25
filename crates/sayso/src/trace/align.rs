//! Two wordings laid over one another, word by word.
//!
//! Affine gaps with free ends (Gotoh 1982): a quotation cut in front or behind costs nothing, a cut in the middle costs little more for
//! thirty words than for three. Scores are of this module's own choosing and are checked by the lineage generator.

/// One step from the earlier wording to the later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The same word in both: index in each.
    Same(usize, usize),
    /// One word for another.
    Changed(usize, usize),
    /// A word of the earlier wording that the later lacks.
    Left(usize),
    /// A word that the later wording adds.
    Added(usize),
}

const MATCH: i32 = 8;
const CHANGE: i32 = -6;
const OPEN: i32 = -7;
const EXTEND: i32 = -1;
const LOW: i32 = i32::MIN / 2;

/// Longer wordings are compared over this many words about their first shared ones only: more is a text, not a quotation.
pub const LONGEST: usize = 600;

/// The best way from `a` (the earlier) to `b`, from the first word of either to the last.
pub fn align(a: &[u32], b: &[u32]) -> Vec<Step> {
    let (n, m) = (a.len().min(LONGEST), b.len().min(LONGEST));
    let (a, b) = (&a[..n], &b[..m]);
    // What both begin and end with needs no table.
    if a == b {
        return (0..n).map(|i| Step::Same(i, i)).collect();
    }
    let width = m + 1;
    // h: ends in a pair; x: ends in a word of `a` left out; y: ends in a word added by `b`
    let mut h = vec![LOW; (n + 1) * width];
    let mut x = h.clone();
    let mut y = h.clone();
    h[..width].fill(0);
    for i in 0..=n {
        h[i * width] = 0;
    }
    for i in 1..=n {
        for j in 1..=m {
            let (here, up, left, diagonal) = (i * width + j, (i - 1) * width + j, i * width + j - 1, (i - 1) * width + j - 1);
            x[here] = (x[up] + EXTEND).max(h[up] + OPEN);
            y[here] = (y[left] + EXTEND).max(h[left] + OPEN).max(x[left] + OPEN);
            let best = h[diagonal].max(x[diagonal]).max(y[diagonal]);
            h[here] = best + if a[i - 1] == b[j - 1] { MATCH } else { CHANGE };
        }
    }
    let score = |i: usize, j: usize| h[i * width + j];
    // free ends: anywhere on the last row or column
    let end = (0..=n).map(|i| (score(i, m), i, m)).chain((0..=m).map(|j| (score(n, j), n, j))).max_by_key(|(s, i, j)| (*s, i + j));
    let (_, mut i, mut j) = end.unwrap_or((0, n, m));
    let mut back: Vec<Step> = Vec::new();
    back.extend((j..m).rev().map(Step::Added));
    back.extend((i..n).rev().map(Step::Left));
    let mut state = 0u8;
    while i > 0 && j > 0 {
        let here = i * width + j;
        match state {
            0 => {
                let diagonal = here - width - 1;
                back.push(if a[i - 1] == b[j - 1] { Step::Same(i - 1, j - 1) } else { Step::Changed(i - 1, j - 1) });
                let best = h[diagonal].max(x[diagonal]).max(y[diagonal]);
                i -= 1;
                j -= 1;
                state = if best == h[diagonal] {
                    0
                } else if best == x[diagonal] {
                    1
                } else {
                    2
                };
            }
            1 => {
                back.push(Step::Left(i - 1));
                state = u8::from(x[here] == x[here - width] + EXTEND);
                i -= 1;
            }
            _ => {
                back.push(Step::Added(j - 1));
                state = if y[here] == y[here - 1] + EXTEND { 2 } else { u8::from(y[here] != h[here - 1] + OPEN) };
                j -= 1;
            }
        }
    }
    back.extend((0..j).rev().map(Step::Added));
    back.extend((0..i).rev().map(Step::Left));
    back.reverse();
    back
}

/// Longest run of shared words, and how many are shared in runs of three and more.
pub fn shared(steps: &[Step]) -> (usize, Vec<(usize, usize)>) {
    let (mut longest, mut pairs) = (0, Vec::new());
    let mut run: Vec<(usize, usize)> = Vec::new();
    for s in steps.iter().copied().chain([Step::Left(0)]) {
        if let Step::Same(i, j) = s {
            run.push((i, j));
        } else {
            longest = longest.max(run.len());
            if run.len() >= 3 {
                pairs.append(&mut run);
            }
            run.clear();
        }
    }
    (longest, pairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn letters(s: &str) -> Vec<u32> {
        s.bytes().map(u32::from).collect()
    }

    fn drawn(a: &str, b: &str) -> String {
        let (x, y) = (letters(a), letters(b));
        align(&x, &y)
            .into_iter()
            .map(|s| match s {
                Step::Same(..) => '=',
                Step::Changed(..) => '~',
                Step::Left(_) => '-',
                Step::Added(_) => '+',
            })
            .collect()
    }

    #[test]
    fn cuts_changes_and_additions() {
        assert_eq!(drawn("abcdef", "abcdef"), "======");
        assert_eq!(drawn("abcdefgh", "cdefgh"), "--======");
        assert_eq!(drawn("abcdefgh", "abcdef"), "======--");
        assert_eq!(drawn("abcdXefgh", "abcdYefgh"), "====~====");
        assert_eq!(drawn("abcdWXYZefgh", "abcdefgh"), "====----====");
        assert_eq!(drawn("abcdefgh", "abcdWXefgh"), "====++====");
    }

    proptest! {
        #[test]
        fn every_word_of_both_is_accounted_for_once(a in "[a-d]{0,40}", b in "[a-d]{0,40}") {
            let (x, y) = (letters(&a), letters(&b));
            let (mut i, mut j) = (0, 0);
            for s in align(&x, &y) {
                match s {
                    Step::Same(p, q) => { prop_assert_eq!((p, q), (i, j)); prop_assert_eq!(x[p], y[q]); i += 1; j += 1; }
                    Step::Changed(p, q) => { prop_assert_eq!((p, q), (i, j)); i += 1; j += 1; }
                    Step::Left(p) => { prop_assert_eq!(p, i); i += 1; }
                    Step::Added(q) => { prop_assert_eq!(q, j); j += 1; }
                }
            }
            prop_assert_eq!((i, j), (x.len(), y.len()));
        }
    }
}
