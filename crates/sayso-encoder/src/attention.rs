//! Scaled dot-product attention over ragged sequences, in f32.

use crate::simd::dispatch;
use crate::vector::{LANES, exp, fold};

/// Width of a head. The kernels keep a head's row in two vectors.
pub const HEAD: usize = 32;
/// Queries that share each load of keys and values.
const QUERIES: usize = 4;

/// Scratch space of one thread.
#[derive(Default)]
pub struct Scratch {
    keys: Vec<f32>,
    values: Vec<f32>,
    scores: Vec<f32>,
}

/// One head of one sequence. `qkv` holds `n` rows of `3 * width`; `head` counts from 0. Writes its 32 columns
/// of `out` (`n` rows of `width`).
#[inline(always)]
fn head_body(qkv: &[f32], width: usize, n: usize, head: usize, out: &mut [f32], scratch: &mut Scratch) {
    let stride = 3 * width;
    let padded = n.next_multiple_of(LANES);
    let Scratch { keys, values, scores } = scratch;
    // Keys by dimension, so that sixteen keys are scored at once; values row by row.
    keys.clear();
    keys.resize(HEAD * padded, 0.0);
    values.clear();
    values.reserve(n * HEAD);
    for t in 0..n {
        let k = &qkv[t * stride + width + head * HEAD..][..HEAD];
        for (d, k) in k.iter().enumerate() {
            keys[d * padded + t] = *k;
        }
        values.extend_from_slice(&qkv[t * stride + 2 * width + head * HEAD..][..HEAD]);
    }
    scores.clear();
    scores.resize(QUERIES * padded, 0.0);
    let scale = 1.0 / (HEAD as f32).sqrt();
    let mut t = 0;
    while t < n {
        let rows = QUERIES.min(n - t);
        // Rows past the last repeat it: the same work for every block, and nothing of it is kept.
        let mut q = [[0f32; HEAD]; QUERIES];
        for (i, q) in q.iter_mut().enumerate() {
            let row = &qkv[(t + i.min(rows - 1)) * stride + head * HEAD..][..HEAD];
            for d in 0..HEAD {
                q[d] = row[d] * scale;
            }
        }
        for block in (0..padded).step_by(LANES) {
            let mut acc = [[0f32; LANES]; QUERIES];
            for d in 0..HEAD {
                let k: &[f32; LANES] = keys[d * padded + block..].first_chunk().unwrap_or(&[0.0; LANES]);
                for i in 0..QUERIES {
                    for l in 0..LANES {
                        acc[i][l] = q[i][d].mul_add(k[l], acc[i][l]);
                    }
                }
            }
            for i in 0..QUERIES {
                scores[i * padded + block..][..LANES].copy_from_slice(&acc[i]);
            }
        }
        let mut inverse = [0f32; QUERIES];
        for i in 0..QUERIES {
            let row = &mut scores[i * padded..][..padded];
            for s in &mut row[n..] {
                *s = f32::NEG_INFINITY;
            }
            let mut most = [f32::NEG_INFINITY; LANES];
            for c in row.as_chunks::<LANES>().0 {
                for l in 0..LANES {
                    most[l] = if c[l] > most[l] { c[l] } else { most[l] };
                }
            }
            let most = most.iter().fold(f32::NEG_INFINITY, |a, b| if *b > a { *b } else { a });
            let mut sum = [0f32; LANES];
            for c in row.as_chunks_mut::<LANES>().0 {
                for l in 0..LANES {
                    c[l] = exp(c[l] - most);
                    sum[l] += c[l];
                }
            }
            inverse[i] = 1.0 / fold(sum);
        }
        let mut acc = [[0f32; HEAD]; QUERIES];
        for (s, v) in values.as_chunks::<HEAD>().0.iter().enumerate() {
            for i in 0..QUERIES {
                let p = scores[i * padded + s];
                for d in 0..HEAD {
                    acc[i][d] = p.mul_add(v[d], acc[i][d]);
                }
            }
        }
        for i in 0..rows {
            let row = &mut out[(t + i) * width + head * HEAD..][..HEAD];
            for d in 0..HEAD {
                row[d] = acc[i][d] * inverse[i];
            }
        }
        t += rows;
    }
}

#[inline(always)]
fn attention_body(qkv: &[f32], width: usize, bounds: &[usize], out: &mut [f32], scratch: &mut Scratch) {
    for w in bounds.windows(2) {
        let n = w[1] - w[0];
        if n == 0 {
            continue;
        }
        let (from, to) = (&qkv[w[0] * 3 * width..w[1] * 3 * width], &mut out[w[0] * width..w[1] * width]);
        for head in 0..width / HEAD {
            head_body(from, width, n, head, to, scratch);
        }
    }
}

dispatch! {
    /// Attention within each sequence `bounds[i]..bounds[i + 1]` of the rows: `qkv` is `n x 3 * width` (queries,
    /// keys, values), `out` is `n x width`.
    pub fn attention(qkv: &[f32], width: usize, bounds: &[usize], out: &mut [f32], scratch: &mut Scratch) = attention_body
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Simd;

    #[test]
    fn agrees_with_the_definition_on_every_path() {
        let (width, bounds) = (64, [0usize, 5, 5, 41]);
        let n = 41;
        let qkv: Vec<f32> = (0..n * 3 * width).map(|i| (((i * 2654435761) >> 7) % 2000) as f32 * 1e-3 - 1.0).collect();
        let mut seen: Vec<Vec<u32>> = Vec::new();
        for simd in Simd::available() {
            let mut out = vec![0f32; n * width];
            attention(simd, &qkv, width, &bounds, &mut out, &mut Scratch::default());
            for w in bounds.windows(2) {
                for t in w[0]..w[1] {
                    for head in 0..2 {
                        let row = |r: usize, part: usize| &qkv[r * 3 * width + part * width + head * HEAD..][..HEAD];
                        let score = |s: usize| -> f64 {
                            row(t, 0).iter().zip(row(s, 1)).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>() / 32f64.sqrt()
                        };
                        let e: Vec<f64> = (w[0]..w[1]).map(|s| score(s).exp()).collect();
                        let total: f64 = e.iter().sum();
                        for d in 0..HEAD {
                            let want: f64 = (w[0]..w[1]).zip(&e).map(|(s, e)| e / total * f64::from(row(s, 2)[d])).sum();
                            let got = f64::from(out[t * width + head * HEAD + d]);
                            assert!((want - got).abs() < 1e-5, "{simd:?} {t} {head} {d}: {want} {got}");
                        }
                    }
                }
            }
            seen.push(out.iter().map(|v| v.to_bits()).collect());
        }
        assert!(seen.windows(2).all(|w| w[0] == w[1]));
    }
}
