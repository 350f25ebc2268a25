//! Scaled dot-product attention over ragged sequences, in f32.

use crate::Simd;
use crate::simd::dispatch;
use crate::vector::{LANES, exp, fold};

/// Width of a head. The kernels keep a head's row in two vectors.
pub const HEAD: usize = 32;
/// Queries that share each load of keys and values.
const QUERIES: usize = 8;

/// Scratch space of one thread.
#[derive(Default)]
pub struct Scratch {
    keys: Vec<f32>,
    values: Vec<f32>,
    scores: Vec<f32>,
}

/// Scores of `QUERIES` queries against all keys: `out[i * padded + t] = q[i] . k[t]`, summed over the head's
/// dimensions in order.
type Score = unsafe fn(q: &[[f32; HEAD]; QUERIES], keys: &[f32], padded: usize, out: &mut [f32]);
/// `out[i][d] = sum over t of p[i * padded + t] * values[t][d]`, summed over `t` in order.
type Mix = unsafe fn(p: &[f32], padded: usize, values: &[f32], out: &mut [[f32; HEAD]; QUERIES]);

/// The two products of attention for each kind of vectors. Left to itself the compiler makes scalars of these loops, so
/// they are written out; each sum runs in one order, so all give the same bits.
mod products {
    use super::{HEAD, QUERIES};

    pub unsafe fn score(q: &[[f32; HEAD]; QUERIES], keys: &[f32], padded: usize, out: &mut [f32]) {
        out.fill(0.0);
        for (d, keys) in keys.chunks_exact(padded).enumerate() {
            for (q, out) in q.iter().zip(out.chunks_exact_mut(padded)) {
                for (o, k) in out.iter_mut().zip(keys) {
                    *o = q[d].mul_add(*k, *o);
                }
            }
        }
    }

    pub unsafe fn mix(p: &[f32], padded: usize, values: &[f32], out: &mut [[f32; HEAD]; QUERIES]) {
        *out = [[0.0; HEAD]; QUERIES];
        for (t, v) in values.as_chunks::<HEAD>().0.iter().enumerate() {
            for (i, out) in out.iter_mut().enumerate() {
                for (o, v) in out.iter_mut().zip(v) {
                    *o = p[i * padded + t].mul_add(*v, *o);
                }
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    pub mod x86 {
        use super::{HEAD, QUERIES};
        use std::arch::x86_64::*;

        /// # Safety
        /// Needs AVX-512 F. `keys` holds `HEAD * padded` values, `out` `QUERIES * padded`, `padded` is a multiple of 16.
        #[target_feature(enable = "avx512f")]
        pub unsafe fn score512(q: &[[f32; HEAD]; QUERIES], keys: &[f32], padded: usize, out: &mut [f32]) {
            assert!(keys.len() == HEAD * padded && out.len() == QUERIES * padded && padded.is_multiple_of(16));
            for block in (0..padded).step_by(16) {
                let mut acc = [_mm512_setzero_ps(); QUERIES];
                for d in 0..HEAD {
                    // SAFETY: `d * padded + block + 16` is at most `HEAD * padded`.
                    let k = unsafe { _mm512_loadu_ps(keys.as_ptr().add(d * padded + block)) };
                    for i in 0..QUERIES {
                        acc[i] = _mm512_fmadd_ps(_mm512_set1_ps(q[i][d]), k, acc[i]);
                    }
                }
                for (i, acc) in acc.iter().enumerate() {
                    // SAFETY: `i * padded + block + 16` is at most `QUERIES * padded`.
                    unsafe { _mm512_storeu_ps(out.as_mut_ptr().add(i * padded + block), *acc) };
                }
            }
        }

        /// # Safety
        /// Needs AVX-512 F. `values` holds rows of `HEAD`, not more than `padded`; `p` holds `QUERIES * padded`.
        #[target_feature(enable = "avx512f")]
        pub unsafe fn mix512(p: &[f32], padded: usize, values: &[f32], out: &mut [[f32; HEAD]; QUERIES]) {
            let n = values.len() / HEAD;
            assert!(n <= padded && p.len() == QUERIES * padded);
            let mut acc = [[_mm512_setzero_ps(); 2]; QUERIES];
            for t in 0..n {
                // SAFETY: row `t` of `values` and value `i * padded + t` of `p` stand in them.
                unsafe {
                    let a = _mm512_loadu_ps(values.as_ptr().add(t * HEAD));
                    let b = _mm512_loadu_ps(values.as_ptr().add(t * HEAD + 16));
                    for i in 0..QUERIES {
                        let p = _mm512_set1_ps(*p.as_ptr().add(i * padded + t));
                        acc[i][0] = _mm512_fmadd_ps(p, a, acc[i][0]);
                        acc[i][1] = _mm512_fmadd_ps(p, b, acc[i][1]);
                    }
                }
            }
            for (acc, out) in acc.iter().zip(out) {
                // SAFETY: a row of `out` holds 32 values.
                unsafe {
                    _mm512_storeu_ps(out.as_mut_ptr(), acc[0]);
                    _mm512_storeu_ps(out.as_mut_ptr().add(16), acc[1]);
                }
            }
        }

        /// Queries that fit the sixteen registers of AVX2 at once.
        const FEW: usize = 4;

        /// # Safety
        /// Needs AVX2 and FMA; lengths as for `score512`.
        #[target_feature(enable = "avx2,fma")]
        pub unsafe fn score256(q: &[[f32; HEAD]; QUERIES], keys: &[f32], padded: usize, out: &mut [f32]) {
            assert!(keys.len() == HEAD * padded && out.len() == QUERIES * padded && padded.is_multiple_of(16));
            for first in (0..QUERIES).step_by(FEW) {
                for block in (0..padded).step_by(16) {
                    let mut acc = [[_mm256_setzero_ps(); 2]; FEW];
                    for d in 0..HEAD {
                        // SAFETY: as in `score512`.
                        let (a, b) = unsafe {
                            let at = keys.as_ptr().add(d * padded + block);
                            (_mm256_loadu_ps(at), _mm256_loadu_ps(at.add(8)))
                        };
                        for i in 0..FEW {
                            let q = _mm256_set1_ps(q[first + i][d]);
                            acc[i][0] = _mm256_fmadd_ps(q, a, acc[i][0]);
                            acc[i][1] = _mm256_fmadd_ps(q, b, acc[i][1]);
                        }
                    }
                    for (i, acc) in acc.iter().enumerate() {
                        // SAFETY: as in `score512`.
                        unsafe {
                            let at = out.as_mut_ptr().add((first + i) * padded + block);
                            _mm256_storeu_ps(at, acc[0]);
                            _mm256_storeu_ps(at.add(8), acc[1]);
                        }
                    }
                }
            }
        }

        /// # Safety
        /// Needs AVX2 and FMA; lengths as for `mix512`.
        #[target_feature(enable = "avx2,fma")]
        pub unsafe fn mix256(p: &[f32], padded: usize, values: &[f32], out: &mut [[f32; HEAD]; QUERIES]) {
            let n = values.len() / HEAD;
            assert!(n <= padded && p.len() == QUERIES * padded);
            for first in (0..QUERIES).step_by(FEW) {
                for half in [0, 16] {
                    let mut acc = [[_mm256_setzero_ps(); 2]; FEW];
                    for t in 0..n {
                        // SAFETY: as in `mix512`.
                        unsafe {
                            let at = values.as_ptr().add(t * HEAD + half);
                            let (a, b) = (_mm256_loadu_ps(at), _mm256_loadu_ps(at.add(8)));
                            for i in 0..FEW {
                                let p = _mm256_set1_ps(*p.as_ptr().add((first + i) * padded + t));
                                acc[i][0] = _mm256_fmadd_ps(p, a, acc[i][0]);
                                acc[i][1] = _mm256_fmadd_ps(p, b, acc[i][1]);
                            }
                        }
                    }
                    for (acc, out) in acc.iter().zip(&mut out[first..]) {
                        // SAFETY: a row of `out` holds 32 values.
                        unsafe {
                            _mm256_storeu_ps(out.as_mut_ptr().add(half), acc[0]);
                            _mm256_storeu_ps(out.as_mut_ptr().add(half + 8), acc[1]);
                        }
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn softmax_body(scores: &mut [f32], padded: usize, n: usize, inverse: &mut [f32; QUERIES]) {
    for (row, inverse) in scores.chunks_exact_mut(padded).zip(inverse) {
        row[n..].fill(f32::NEG_INFINITY);
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
        *inverse = 1.0 / fold(sum);
    }
}

dispatch! {
    /// `e^(score - most)` in place, and one over the sum of each row.
    fn softmax(scores: &mut [f32], padded: usize, n: usize, inverse: &mut [f32; QUERIES]) = softmax_body
}

/// One head of one sequence. `qkv` holds `n` rows of `3 * width`; `head` counts from 0. Writes its 32 columns of `out`, which
/// has a row of `width` for each of `asked`, numbers among the rows of all sequences, where this one begins at `base`.
#[allow(clippy::too_many_arguments, reason = "the shape of the problem: rows, their width and number, which head, which rows")]
fn one_head(
    simd: Simd,
    qkv: &[f32],
    width: usize,
    n: usize,
    head: usize,
    (asked, base): (&[u32], usize),
    out: &mut [f32],
    scratch: &mut Scratch,
) {
    let (score, mix): (Score, Mix) = match simd {
        #[cfg(target_arch = "x86_64")]
        Simd::Avx512Vnni => (products::x86::score512, products::x86::mix512),
        #[cfg(target_arch = "x86_64")]
        Simd::AvxVnni | Simd::Avx2 => (products::x86::score256, products::x86::mix256),
        _ => (products::score, products::mix),
    };
    let stride = 3 * width;
    let padded = n.next_multiple_of(LANES);
    let Scratch { keys, values, scores } = scratch;
    // Keys by dimension, so that sixteen keys are scored at once; values row by row.
    // What an earlier call left in the padding is scored too, and then set aside by the softmax.
    keys.resize(keys.len().max(HEAD * padded), 0.0);
    scores.resize(scores.len().max(QUERIES * padded), 0.0);
    let (keys, scores) = (&mut keys[..HEAD * padded], &mut scores[..QUERIES * padded]);
    values.clear();
    values.reserve(n * HEAD);
    for first in (0..n).step_by(LANES) {
        let rows = LANES.min(n - first);
        for d in 0..HEAD {
            let column = &qkv[first * stride + width + head * HEAD + d..];
            for (k, row) in keys[d * padded + first..][..rows].iter_mut().zip(column.chunks(stride)) {
                *k = row[0];
            }
        }
        for t in first..first + rows {
            values.extend_from_slice(&qkv[t * stride + 2 * width + head * HEAD..][..HEAD]);
        }
    }
    let scale = 1.0 / (HEAD as f32).sqrt();
    // Written anew for every block of queries.
    let (mut q, mut mixed, mut inverse) = ([[0f32; HEAD]; QUERIES], [[0f32; HEAD]; QUERIES], [0f32; QUERIES]);
    for t in (0..asked.len()).step_by(QUERIES) {
        let rows = QUERIES.min(asked.len() - t);
        // Rows past the last repeat it: the same work for every block, and nothing of it is kept.
        for (i, q) in q.iter_mut().enumerate() {
            let at = asked[t + i.min(rows - 1)] as usize - base;
            let row = &qkv[at * stride + head * HEAD..][..HEAD];
            for (q, x) in q.iter_mut().zip(row) {
                *q = x * scale;
            }
        }
        // SAFETY: `Simd` tells that the processor has the features; the functions check their lengths.
        unsafe { score(&q, keys, padded, scores) };
        softmax(simd, scores, padded, n, &mut inverse);
        // SAFETY: as above.
        unsafe { mix(scores, padded, values, &mut mixed) };
        for i in 0..rows {
            let row = &mut out[(t + i) * width + head * HEAD..][..HEAD];
            for (o, x) in row.iter_mut().zip(&mixed[i]) {
                *o = x * inverse[i];
            }
        }
    }
}

/// Attention within each sequence `bounds[i]..bounds[i + 1]` of the rows: `qkv` is `n x 3 * width` (queries, keys, values),
/// `asked` the rows whose attention is wanted, in order, and `out` has a row of `width` for each of them.
pub fn attention(simd: Simd, qkv: &[f32], width: usize, bounds: &[usize], asked: &[u32], out: &mut [f32], scratch: &mut Scratch) {
    let mut done = 0;
    for w in bounds.windows(2).filter(|w| w[1] > w[0]) {
        let end = done + asked[done..].partition_point(|r| (*r as usize) < w[1]);
        let (from, to) = (&qkv[w[0] * 3 * width..w[1] * 3 * width], &mut out[done * width..end * width]);
        for head in 0..width / HEAD {
            one_head(simd, from, width, w[1] - w[0], head, (&asked[done..end], w[0]), to, scratch);
        }
        done = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_definition_on_every_path() {
        let (width, bounds) = (64, [0usize, 5, 5, 41]);
        let n = 41;
        let qkv: Vec<f32> = (0..n * 3 * width).map(|i| (((i * 2654435761) >> 7) % 2000) as f32 * 1e-3 - 1.0).collect();
        let mut seen: Vec<Vec<u32>> = Vec::new();
        for simd in Simd::available() {
            let mut out = vec![0f32; n * width];
            let all: Vec<u32> = (0..n as u32).collect();
            attention(simd, &qkv, width, &bounds, &all, &mut out, &mut Scratch::default());
            let some = [1u32, 4, 5, 40];
            let mut few = vec![0f32; some.len() * width];
            attention(simd, &qkv, width, &bounds, &some, &mut few, &mut Scratch::default());
            for (k, r) in some.iter().enumerate() {
                assert_eq!(few[k * width..][..width], out[*r as usize * width..][..width], "row {r}");
            }
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
