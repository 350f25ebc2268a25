/// A linear chain over tags: `N` tags, with scores for starting, moving and ending.
///
/// Viterbi's and the forward algorithm, as in Lafferty, McCallum and Pereira 2001.
#[derive(Clone, Debug)]
pub struct Crf {
    n: usize,
    moves: Vec<f32>,
    start: Vec<f32>,
    end: Vec<f32>,
}

/// The best sequence of tags and the natural logarithm of its probability.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// One tag a position.
    pub tags: Vec<u8>,
    /// `ln P(tags)`, at most 0.
    pub log_probability: f32,
}

impl Crf {
    /// `moves[a * n + b]` scores going from tag `a` to tag `b`.
    pub fn new(moves: Vec<f32>, start: Vec<f32>, end: Vec<f32>) -> Self {
        let n = start.len();
        assert!(moves.len() == n * n && end.len() == n);
        Self { n, moves, start, end }
    }

    /// Decodes `scores` (`positions x n`).
    pub fn best(&self, scores: &[f32]) -> Path {
        let n = self.n;
        let len = scores.len() / n;
        if len == 0 {
            return Path { tags: Vec::new(), log_probability: 0.0 };
        }
        let mut best: Vec<f32> = (0..n).map(|j| self.start[j] + scores[j]).collect();
        let mut total = best.clone();
        let mut back = vec![0u8; len * n];
        let (mut next, mut sum) = (vec![0f32; n], vec![0f32; n]);
        for t in 1..len {
            for j in 0..n {
                let (mut from, mut top) = (0, f32::NEG_INFINITY);
                for i in 0..n {
                    let s = best[i] + self.moves[i * n + j];
                    if s > top {
                        (from, top) = (i, s);
                    }
                }
                back[t * n + j] = from as u8;
                next[j] = top + scores[t * n + j];
                sum[j] = log_sum((0..n).map(|i| total[i] + self.moves[i * n + j])) + scores[t * n + j];
            }
            std::mem::swap(&mut best, &mut next);
            std::mem::swap(&mut total, &mut sum);
        }
        let mut tag = 0;
        for j in 1..n {
            if best[j] + self.end[j] > best[tag] + self.end[tag] {
                tag = j;
            }
        }
        let top = best[tag] + self.end[tag];
        let all = log_sum((0..n).map(|j| total[j] + self.end[j]));
        let mut tags = vec![0u8; len];
        for t in (0..len).rev() {
            tags[t] = tag as u8;
            tag = back[t * n + tag] as usize;
        }
        Path { tags, log_probability: (top - all).min(0.0) }
    }
}

fn log_sum(x: impl Iterator<Item = f32> + Clone) -> f32 {
    let most = x.clone().fold(f32::NEG_INFINITY, f32::max);
    most + x.map(|v| crate::vector::exp(v - most)).sum::<f32>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_best_path_and_its_probability_by_enumeration() {
        let crf = Crf::new(vec![0.3, -1.0, 0.8, 0.1, 0.5, -0.4, -0.2, 0.9, 0.0], vec![0.1, -0.3, 0.2], vec![0.0, 0.4, -0.1]);
        let scores = [0.5, 1.0, -0.2, 0.3, 0.1, 0.9, -0.7, 0.2, 0.6, 1.1, 0.0, 0.4];
        let mut all = Vec::new();
        for code in 0..81usize {
            let tags: Vec<usize> = (0..4).map(|t| code / 3usize.pow(t) % 3).collect();
            let mut s = crf.start[tags[0]] + crf.end[tags[3]];
            for t in 0..4 {
                s += scores[t * 3 + tags[t]];
                if t > 0 {
                    s += crf.moves[tags[t - 1] * 3 + tags[t]];
                }
            }
            all.push((s, tags));
        }
        let top = all.iter().max_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
        let z: f32 = all.iter().map(|(s, _)| s.exp()).sum();
        let path = crf.best(&scores);
        assert_eq!(path.tags.iter().map(|t| *t as usize).collect::<Vec<_>>(), top.1);
        assert!((path.log_probability - (top.0.exp() / z).ln()).abs() < 1e-4);
    }

    #[test]
    fn nothing_in_nothing_out() {
        let crf = Crf::new(vec![0.0], vec![0.0], vec![0.0]);
        assert!(crf.best(&[]).tags.is_empty());
    }
}
