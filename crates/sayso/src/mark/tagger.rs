//! The trained tagger: the encoder's lower layers find cues, its upper layers re-read a cue's paragraph with the cue
//! marked and find its source and content. `training/model.py` is its definition; `models/README.md` its card.

use std::sync::OnceLock;

use rayon::prelude::*;
use sayso_encoder::{Crf, Encoder, Linear, Ragged, Simd, WeightError, Weights, WordPiece};
use sayso_text::Span;

use super::windows::{Paragraph, Part, Window, pack};

const WIDTH: usize = 384;
const LAYERS: usize = 6;
/// Layers that read a window once; the others read once for each cue.
const SHARED: usize = 4;
/// Distances to the cue are told apart exactly to 16 pieces, then by quarters of powers of two, to this bucket.
const REACH: i32 = 32;

/// SHA-256 of the committed weights; a test compares.
pub const WEIGHTS_HASH: &str = include_str!("../../../../models/tagger.sha256");
static WEIGHTS: &[u8] = include_bytes!("../../../../models/tagger.safetensors");
static VOCABULARY: &str = include_str!("../../../../models/vocab.txt");

/// An attribution as the model proposes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Words that signal it.
    pub cue: Vec<Span>,
    /// Words that name whose it is.
    pub source: Vec<Span>,
    /// What is attributed. Empty where the cue ends its paragraph: the content may stand in the next.
    pub content: Vec<Span>,
    /// Calibrated probability that two readers would agree on it.
    pub probability: f32,
}

/// The model, loaded.
pub struct Tagger {
    wordpiece: WordPiece,
    encoder: Encoder,
    words: (Vec<i8>, Vec<f32>),
    positions: Vec<f32>,
    cases: Vec<f32>,
    states: Vec<f32>,
    norm: (Vec<f32>, Vec<f32>),
    mark: Vec<f32>,
    distance: Vec<f32>,
    cue_head: Linear,
    cue_chain: Crf,
    part_head: Linear,
    part_chain: Crf,
    valid_head: Linear,
    decision: Decision,
}

/// How scores become proposals; fitted on the development stories and kept in the weight file.
#[derive(Clone, Copy, Debug)]
struct Decision {
    /// Added to the score of a cue's beginning, so that unlikely cues are looked at too.
    bias: f32,
    /// Proposals less probable than this are dropped.
    threshold: f32,
    /// Logistic regression: a constant, then on the validity score, on the log-probability of the parts, and on whether no
    /// source was found: without the last, statements that name nobody were called likelier than they were right.
    weights: [f32; 4],
}

impl Tagger {
    /// The model that ships with Sayso, on the fastest instructions of this processor.
    pub fn shared() -> &'static Tagger {
        static SHARED: OnceLock<Tagger> = OnceLock::new();
        SHARED.get_or_init(|| match Tagger::new(WEIGHTS, VOCABULARY, Simd::detect()) {
            Ok(t) => t,
            // The bytes are compiled in and a test loads them.
            Err(e) => panic!("the weights in this program are broken: {e}"),
        })
    }

    /// The same model on chosen instructions.
    ///
    /// # Errors
    /// [`WeightError`] where the weights do not fit.
    pub fn on(simd: Simd) -> Result<Tagger, WeightError> {
        Tagger::new(WEIGHTS, VOCABULARY, simd)
    }

    /// A model from the bytes of a weight file and a vocabulary.
    ///
    /// # Errors
    /// [`WeightError`] where a tensor is missing or has another size.
    pub fn new(bytes: &[u8], vocabulary: &str, simd: Simd) -> Result<Tagger, WeightError> {
        let w = Weights::new(bytes)?;
        let number = |key: &str, at: usize| -> Result<f32, WeightError> {
            w.note(key).and_then(|n| n.split_whitespace().nth(at)?.parse().ok()).ok_or_else(|| WeightError::Tensor(format!("(note) {key}")))
        };
        Ok(Tagger {
            wordpiece: WordPiece::new(vocabulary),
            encoder: Encoder::new(&w, LAYERS, WIDTH, simd)?,
            words: (w.bytes("word.q")?.to_vec(), w.floats("word.s")?),
            positions: w.floats("position.weight")?,
            cases: w.floats("case.weight")?,
            states: w.floats("state.weight")?,
            norm: (w.floats("norm.weight")?, w.floats("norm.bias")?),
            mark: w.floats("mark.weight")?,
            distance: w.floats("distance.weight")?,
            cue_head: w.linear("cue_head", WIDTH)?,
            cue_chain: w.crf("cue_crf")?,
            part_head: w.linear("part_head", WIDTH)?,
            part_chain: w.crf("part_crf")?,
            valid_head: w.linear("valid_head", WIDTH)?,
            decision: Decision {
                bias: number("cue_bias", 0)?,
                threshold: number("threshold", 0)?,
                weights: [number("sure", 0)?, number("sure", 1)?, number("sure", 2)?, number("sure", 3)?],
            },
        })
    }

    /// Cuts paragraphs for [`Tagger::propose`].
    pub fn paragraph(&self, text: &str, span: Span) -> Paragraph {
        Paragraph::new(text, span, &self.wordpiece)
    }

    /// What the model finds in a story's paragraphs, in text order of the cues. Windows are spread over the threads
    /// of rayon's pool; the result does not depend on their number.
    pub fn propose(&self, paragraphs: &[Paragraph]) -> Vec<Proposal> {
        let windows = pack(paragraphs, &self.wordpiece);
        let found: Vec<Vec<Proposal>> = windows.par_iter().map(|w| self.window(w, paragraphs)).collect();
        found.into_iter().flatten().collect()
    }

    fn window(&self, window: &Window, paragraphs: &[Paragraph]) -> Vec<Proposal> {
        thread_local! {
            /// Rows of a window and of its re-read paragraphs. Kept: taking some megabytes anew for each window cost 5 %.
            static ROWS: std::cell::RefCell<[Ragged; 2]> = std::cell::RefCell::new([Ragged::new(WIDTH), Ragged::new(WIDTH)]);
        }
        ROWS.with_borrow_mut(|[hidden, x]| self.window_in(window, paragraphs, hidden, x))
    }

    fn window_in(&self, window: &Window, paragraphs: &[Paragraph], hidden: &mut Ragged, x: &mut Ragged) -> Vec<Proposal> {
        self.embed(window, hidden);
        // Of the context nothing is read but through attention, of a re-read paragraph the first piece of each word and the cue.
        let own: Vec<u32> = window.parts.iter().flat_map(|p| p.first[0]..p.first[p.first.len() - 1]).collect();
        self.encoder.run_for(hidden, 0..SHARED, Some(&own));
        let cues = self.cues(window, hidden);
        if cues.is_empty() {
            return Vec::new();
        }
        x.clear();
        let mut read = Vec::new();
        for (part, from, to) in &cues {
            let base = x.len() as u32;
            self.reread(part, *from, *to, hidden, x);
            for w in 0..part.first.len() - 1 {
                let end = if (*from..*to).contains(&w) { part.first[w + 1] } else { part.first[w] + 1 };
                read.extend((part.first[w]..end).map(|p| base + p - part.first[0]));
            }
        }
        self.encoder.run_for(x, SHARED..LAYERS, Some(&read));
        let mut out = Vec::new();
        for (i, (part, from, to)) in cues.iter().enumerate() {
            let (scores, valid) = self.scores(part, *from, *to, x, x.bounds[i]);
            let path = self.part_chain.best(&scores);
            let words = &paragraphs[part.paragraph].words[part.from..part.to];
            let (source, content) = (runs(words, &path.tags, 1), runs(words, &path.tags, 3));
            let seen = [1.0, valid, path.log_probability, f32::from(u8::from(source.is_empty()))];
            let score: f32 = self.decision.weights.iter().zip(seen).map(|(w, x)| w * x).sum();
            let probability = 1.0 / (1.0 + (-score).exp());
            // "He wrote:" at the end of a paragraph: its content stands in the next.
            let announces = *to + 1 >= words.len() && words.last().is_some_and(|w| w.len() == 1) && content.is_empty();
            if probability >= self.decision.threshold && (announces || !content.is_empty()) {
                out.push(Proposal { cue: vec![words[*from].hull(words[*to - 1])], source, content, probability });
            }
        }
        out
    }

    /// Part scores of a re-read paragraph (words x 5) and the validity score of its cue; its rows start at `base`.
    fn scores(&self, part: &Part, from: usize, to: usize, x: &Ragged, base: usize) -> (Vec<f32>, f32) {
        let begin = part.first[0];
        let mut scores = Vec::with_capacity(part.first.len() * 5);
        for first in &part.first[..part.first.len() - 1] {
            self.part_head.push(x.row(base + (first - begin) as usize), &mut scores);
        }
        let pieces = (part.first[from] - begin) as usize..(part.first[to] - begin) as usize;
        let mut mean = vec![0f32; WIDTH];
        for r in pieces.clone() {
            for (m, v) in mean.iter_mut().zip(x.row(base + r)) {
                *m += v;
            }
        }
        mean.iter_mut().for_each(|m| *m /= pieces.len().max(1) as f32);
        let mut valid = Vec::with_capacity(1);
        self.valid_head.push(&mean, &mut valid);
        (scores, valid[0])
    }

    /// Embeddings of a window's pieces as one sequence, in place of what `x` held.
    fn embed(&self, window: &Window, x: &mut Ragged) {
        x.clear();
        x.rows.reserve(window.pieces.len() * WIDTH);
        for (t, p) in window.pieces.iter().enumerate() {
            let id = p.id as usize;
            let scale = self.words.1[id];
            let word = &self.words.0[id * WIDTH..][..WIDTH];
            let position = &self.positions[t * WIDTH..][..WIDTH];
            let case = &self.cases[usize::from(p.case) * WIDTH..][..WIDTH];
            let state = &self.states[usize::from(p.state) * WIDTH..][..WIDTH];
            x.rows.extend((0..WIDTH).map(|i| f32::from(word[i]) * scale + position[i] + case[i] + state[i]));
        }
        x.close();
        self.encoder.norm(x, &self.norm.0, &self.norm.1);
    }

    /// Candidate cues: the part they stand in, first word and one past the last, counted within the part.
    fn cues<'w>(&self, window: &'w Window, hidden: &Ragged) -> Vec<(&'w Part, usize, usize)> {
        let mut scores = Vec::new();
        let mut at = Vec::new();
        for part in &window.parts {
            for (w, first) in part.first[..part.first.len() - 1].iter().enumerate() {
                let from = scores.len();
                self.cue_head.push(hidden.row(*first as usize), &mut scores);
                scores[from + 1] += self.decision.bias;
                at.push((part, w));
            }
        }
        let tags = self.cue_chain.best(&scores).tags;
        let mut out: Vec<(&Part, usize, usize)> = Vec::new();
        for (i, tag) in tags.iter().enumerate() {
            let (part, w) = at[i];
            match (tag, out.last_mut()) {
                (1, _) => out.push((part, w, w + 1)),
                (2, Some(last)) if std::ptr::eq(last.0, part) && last.2 == w => last.2 = w + 1,
                _ => {}
            }
        }
        out.retain(|(part, from, _)| (part.own.0..part.own.1).contains(&(part.from + from)));
        out
    }

    /// Appends a cue's paragraph with the cue marked, as one more sequence.
    fn reread(&self, part: &Part, from: usize, to: usize, hidden: &Ragged, x: &mut Ragged) {
        let (lo, hi) = (part.first[from] as i32, part.first[to] as i32 - 1);
        let end = part.first[part.first.len() - 1];
        for at in part.first[0]..end {
            let at = at as i32;
            let inside = usize::from((lo..=hi).contains(&at));
            let d = if at < lo {
                at - lo
            } else if at > hi {
                at - hi
            } else {
                0
            };
            let mark = &self.mark[inside * WIDTH..][..WIDTH];
            let distance = &self.distance[bucket(d) * WIDTH..][..WIDTH];
            let row = hidden.row(at as usize);
            x.rows.extend((0..WIDTH).map(|i| row[i] + mark[i] + distance[i]));
        }
        x.close();
    }
}

/// What the model makes of one paragraph, for comparing it with the model that was trained.
pub struct Golden {
    /// Words.
    pub words: Vec<Span>,
    /// Pieces of all words.
    pub pieces: Vec<i64>,
    /// Letter cases of the words.
    pub cases: Vec<i64>,
    /// Quotation states of the words.
    pub states: Vec<i64>,
    /// Cue scores: words x 3.
    pub cue_scores: Vec<f32>,
    /// For each cue the part scores (words x 5) and the validity score.
    pub parts: Vec<(Vec<f32>, f32)>,
}

/// Features and scores of one paragraph, with the cues given as ranges of words.
pub fn golden(text: &str, cues: &[(usize, usize)]) -> Golden {
    let tagger = Tagger::shared();
    let paragraph = tagger.paragraph(text, Span::new(0, text.len()));
    let paragraphs = std::slice::from_ref(&paragraph);
    let windows = pack(paragraphs, &tagger.wordpiece);
    let window = &windows[0];
    let part = &window.parts[0];
    let mut hidden = Ragged::new(WIDTH);
    tagger.embed(window, &mut hidden);
    tagger.encoder.run(&mut hidden, 0..SHARED);
    let mut cue_scores = Vec::new();
    for first in &part.first[..part.first.len() - 1] {
        tagger.cue_head.push(hidden.row(*first as usize), &mut cue_scores);
    }
    let mut x = Ragged::new(WIDTH);
    for (from, to) in cues {
        tagger.reread(part, *from, *to, &hidden, &mut x);
    }
    tagger.encoder.run(&mut x, SHARED..LAYERS);
    let parts = cues.iter().enumerate().map(|(i, (from, to))| tagger.scores(part, *from, *to, &x, x.bounds[i])).collect();
    let (pieces, cases, states) = paragraph.features();
    Golden { words: paragraph.words.clone(), pieces, cases, states, cue_scores, parts }
}

/// Signed distance in pieces to a row of the distance table.
fn bucket(d: i32) -> usize {
    let a = d.unsigned_abs();
    let far = if a <= 16 {
        a as i32
    } else {
        // quarters of powers of two above 16, compared as integers so that no rounding differs
        let quarter = (1..=16).take_while(|q| u64::from(a).pow(4) >= (1u64 << q) * 65536).count() as i32;
        (16 + quarter).min(REACH)
    };
    (if d < 0 { REACH - far } else { REACH + far }) as usize
}

/// Spans of the runs of tag `begin` and `begin + 1`.
fn runs(words: &[Span], tags: &[u8], begin: u8) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let mut open = false;
    for (w, t) in words.iter().zip(tags) {
        let inside = *t == begin || *t == begin + 1;
        match out.last_mut() {
            Some(last) if inside && open && *t == begin + 1 => *last = last.hull(*w),
            _ if inside => out.push(*w),
            _ => {}
        }
        open = inside;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_weights_are_the_ones_that_were_measured() {
        assert_eq!(Weights::hash(WEIGHTS), WEIGHTS_HASH.trim());
    }

    #[test]
    fn rows_that_are_wanted_do_not_depend_on_those_that_are_not() {
        let t = Tagger::shared();
        let text = "The wall is sound, said Ida Moss, who built it. “It will stand,” she added, and went home.";
        let paragraph = t.paragraph(text, Span::new(0, text.len()));
        let window = &pack(std::slice::from_ref(&paragraph), &t.wordpiece)[0];
        let mut whole = Ragged::new(WIDTH);
        t.embed(window, &mut whole);
        let mut some = whole.clone();
        let wanted = [2u32, 3, 9, 17];
        t.encoder.run(&mut whole, 0..LAYERS);
        t.encoder.run_for(&mut some, 0..LAYERS, Some(&wanted));
        for r in wanted.map(|r| r as usize) {
            assert_eq!(whole.row(r), some.row(r), "row {r}");
        }
        assert_ne!(whole.row(4), some.row(4));
    }

    #[test]
    fn distances_fall_into_the_buckets_of_the_training() {
        // 16 + floor(4 * log2(d / 16)), at most 32
        for (d, want) in [(0, 32), (1, 33), (-16, 16), (17, 48), (20, 49), (32, 52), (-64, 8), (256, 64), (5000, 64), (-5000, 0)] {
            assert_eq!(bucket(d), want, "{d}");
        }
    }

    #[test]
    fn runs_join_what_goes_on_and_part_what_begins_anew() {
        let words: Vec<Span> = (0..6).map(|i| Span::new(i * 2, i * 2 + 1)).collect();
        assert_eq!(runs(&words, &[3, 4, 3, 0, 1, 4], 3), [Span::new(0, 3), Span::new(4, 5), Span::new(10, 11)]);
    }
}
