//! The forward pass of a BERT-shaped encoder (Devlin et al. 2019; MiniLM, Wang et al. 2020), post-norm, over ragged
//! sequences: rows of all sequences stand behind one another, so nothing is padded.

use crate::attention::{HEAD, Scratch, attention};
use crate::vector::{LANES, add_norm, fold, gelu, quantise};
use crate::{Packed, Simd, WeightError, Weights};

/// Rows of `width` values for several sequences: sequence `i` has the rows `bounds[i]..bounds[i + 1]`.
#[derive(Clone, Debug)]
pub struct Ragged {
    /// Row-major values.
    pub rows: Vec<f32>,
    /// Row numbers; one more than there are sequences, from 0 to the number of rows.
    pub bounds: Vec<usize>,
    /// Values in a row.
    pub width: usize,
}

impl Ragged {
    /// No rows yet.
    pub fn new(width: usize) -> Self {
        Self { rows: Vec::new(), bounds: vec![0], width }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len() / self.width
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// One row.
    pub fn row(&self, i: usize) -> &[f32] {
        &self.rows[i * self.width..][..self.width]
    }

    /// Takes all rows out; the room they had stays.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.bounds.truncate(1);
    }

    /// Ends the sequence that the rows pushed last belong to.
    pub fn close(&mut self) {
        self.bounds.push(self.len());
    }
}

struct Layer {
    qkv: Packed,
    out: Packed,
    up: Packed,
    down: Packed,
    norms: [(Vec<f32>, Vec<f32>); 2],
}

/// Transformer layers of one width.
pub struct Encoder {
    layers: Vec<Layer>,
    width: usize,
    simd: Simd,
}

/// Room that a thread keeps between calls: a window's worth, a few megabytes.
#[derive(Default)]
struct Space {
    scratch: Scratch,
    quantised: Vec<u8>,
    scales: Vec<f32>,
    wide: Vec<f32>,
    narrow: Vec<f32>,
    all: Vec<u32>,
    kept: Vec<f32>,
}

thread_local! {
    static SPACE: std::cell::RefCell<Space> = std::cell::RefCell::default();
}

impl Encoder {
    /// Loads `layers.0 ..` of a file: `qkv`, `out`, `up`, `down` quantised, `norm1` and `norm2` as they are.
    ///
    /// # Errors
    /// [`WeightError`] where a tensor is missing or has another size.
    pub fn new(weights: &Weights<'_>, layers: usize, width: usize, simd: Simd) -> Result<Self, WeightError> {
        if !width.is_multiple_of(HEAD) {
            return Err(WeightError::Tensor(format!("of width {width}")));
        }
        let layer = |i: usize| -> Result<Layer, WeightError> {
            let at = format!("layers.{i}");
            let norm = |n: &str| -> Result<(Vec<f32>, Vec<f32>), WeightError> {
                let (gain, bias) = (weights.floats(&format!("{at}.{n}.weight"))?, weights.floats(&format!("{at}.{n}.bias"))?);
                if gain.len() != width || bias.len() != width {
                    return Err(WeightError::Tensor(format!("{at}.{n}")));
                }
                Ok((gain, bias))
            };
            Ok(Layer {
                qkv: weights.packed(&format!("{at}.qkv"), 3 * width, width)?,
                out: weights.packed(&format!("{at}.out"), width, width)?,
                up: weights.packed(&format!("{at}.up"), 4 * width, width)?,
                down: weights.packed(&format!("{at}.down"), width, 4 * width)?,
                norms: [norm("norm1")?, norm("norm2")?],
            })
        };
        Ok(Self { layers: (0..layers).map(layer).collect::<Result<_, _>>()?, width, simd })
    }

    /// Runs the layers `range` over the sequences, in place.
    pub fn run(&self, x: &mut Ragged, range: std::ops::Range<usize>) {
        self.run_for(x, range, None);
    }

    /// The same where only the rows `wanted` (in order) are read afterwards: the last layer leaves the others as they came to
    /// it, which saves most of its work on them.
    pub fn run_for(&self, x: &mut Ragged, range: std::ops::Range<usize>, wanted: Option<&[u32]>) {
        let (n, w) = (x.len(), self.width);
        assert_eq!(x.width, w);
        assert!(wanted.is_none_or(|rows| rows.is_sorted() && rows.last().is_none_or(|r| (*r as usize) < n)));
        if n == 0 {
            return;
        }
        SPACE.with_borrow_mut(|space| self.run_in(x, range, wanted, space));
    }

    fn run_in(&self, x: &mut Ragged, range: std::ops::Range<usize>, wanted: Option<&[u32]>, space: &mut Space) {
        let (n, w, simd) = (x.len(), self.width, self.simd);
        let Space { scratch, quantised, scales, wide, narrow, all, kept } = space;
        all.clear();
        all.extend(0..n as u32);
        quantised.resize(quantised.len().max(n * 4 * w), 0);
        scales.resize(scales.len().max(n), 0.0);
        wide.resize(wide.len().max(n * 4 * w), 0.0);
        narrow.resize(narrow.len().max(n * w), 0.0);
        let (quantised, scales, wide, narrow) =
            (&mut quantised[..n * 4 * w], &mut scales[..n], &mut wide[..n * 4 * w], &mut narrow[..n * w]);
        for (layer, k) in self.layers[range.clone()].iter().zip(range.clone()) {
            let some = wanted.filter(|_| k + 1 == range.end);
            let asked: &[u32] = some.unwrap_or(all);
            let m = asked.len();
            let qkv = &mut wide[..n * 3 * w];
            quantise(simd, &x.rows, w, &mut quantised[..n * w], scales);
            layer.qkv.apply(simd, &quantised[..n * w], scales, qkv);
            attention(simd, qkv, w, &x.bounds, asked, &mut narrow[..m * w], scratch);
            let (scales, narrow, wide, quantised) =
                (&mut scales[..m], &mut narrow[..m * w], &mut wide[..m * 4 * w], &mut quantised[..m * 4 * w]);
            let rows: &mut [f32] = if some.is_some() {
                kept.clear();
                asked.iter().for_each(|r| kept.extend_from_slice(x.row(*r as usize)));
                kept
            } else {
                &mut x.rows
            };
            quantise(simd, narrow, w, &mut quantised[..m * w], scales);
            layer.out.apply(simd, &quantised[..m * w], scales, narrow);
            add_norm(simd, rows, narrow, &layer.norms[0].0, &layer.norms[0].1);
            quantise(simd, rows, w, &mut quantised[..m * w], scales);
            layer.up.apply(simd, &quantised[..m * w], scales, wide);
            gelu(simd, wide);
            quantise(simd, wide, 4 * w, quantised, scales);
            layer.down.apply(simd, quantised, scales, narrow);
            add_norm(simd, rows, narrow, &layer.norms[1].0, &layer.norms[1].1);
            if some.is_some() {
                for (r, row) in asked.iter().zip(kept.chunks_exact(w)) {
                    x.rows[*r as usize * w..][..w].copy_from_slice(row);
                }
            }
        }
    }

    /// `LayerNorm(x)` of each row in place, for embeddings.
    pub fn norm(&self, x: &mut Ragged, gain: &[f32], bias: &[f32]) {
        SPACE.with_borrow_mut(|space| {
            let n = x.rows.len();
            space.narrow.resize(space.narrow.len().max(n), 0.0);
            space.narrow[..n].fill(0.0);
            add_norm(self.simd, &mut x.rows, &space.narrow[..n], gain, bias);
        });
    }
}

/// A small f32 layer for the heads: `outputs x inputs`, inputs a multiple of 16.
pub struct Linear {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    /// Row-major weights and a bias for each output.
    pub fn new(weight: Vec<f32>, bias: Vec<f32>) -> Self {
        Self { weight, bias }
    }

    /// Scores of one row, appended to `out`.
    pub fn push(&self, row: &[f32], out: &mut Vec<f32>) {
        for (w, b) in self.weight.chunks_exact(row.len()).zip(&self.bias) {
            let mut sum = [0f32; LANES];
            for (x, w) in row.as_chunks::<LANES>().0.iter().zip(w.as_chunks::<LANES>().0) {
                for i in 0..LANES {
                    sum[i] += x[i] * w[i];
                }
            }
            out.push(fold(sum) + b);
        }
    }
}
