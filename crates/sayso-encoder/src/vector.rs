//! Element-wise work on rows: exponentials, GELU, layer normalisation, quantising. Sixteen lanes at a time, in
//! one order for every processor.

use crate::Simd;
use crate::simd::dispatch;

/// Lanes of the widest vectors; sums are kept in this many parts whatever the processor.
pub const LANES: usize = 16;

/// `e^x` for x up to 88, within 3 units in the last place (Cephes' polynomial); `e^-87`, about 1e-38, for all below -87.
///
/// Neither branches nor casts: a cast to an integer saturates in Rust, which costs more than the polynomial.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    const MAGIC: f32 = 12_582_912.0; // 1.5 * 2^23: adding it rounds, and leaves the integer in the low bits
    let x = if x > -87.0 { x } else { -87.0 };
    let t = x.mul_add(std::f32::consts::LOG2_E, MAGIC);
    let n = t - MAGIC;
    let r = n.mul_add(-0.693_359_4, x);
    let r = n.mul_add(2.121_944_4e-4, r);
    let mut p = 1.987_569_1e-4_f32;
    p = p.mul_add(r, 1.398_199_9e-3);
    p = p.mul_add(r, 8.333_452e-3);
    p = p.mul_add(r, 4.166_579_6e-2);
    p = p.mul_add(r, 1.666_666_5e-1);
    p = p.mul_add(r, 5e-1);
    let y = p.mul_add(r * r, r) + 1.0;
    // t's low bits hold n; moved into the exponent they scale y by 2^n.
    let scale = t.to_bits().wrapping_sub(MAGIC.to_bits()).wrapping_add(127) << 23;
    y * f32::from_bits(scale)
}

/// `x * Phi(x)` with the error function of Abramowitz and Stegun 7.1.26 (absolute error under 2e-7).
#[inline(always)]
fn gelu_one(x: f32) -> f32 {
    let z = (x * std::f32::consts::FRAC_1_SQRT_2).abs();
    let t = 1.0 / 0.327_591_1_f32.mul_add(z, 1.0);
    let mut p = 1.061_405_4_f32;
    p = p.mul_add(t, -1.453_152_1);
    p = p.mul_add(t, 1.421_413_8);
    p = p.mul_add(t, -0.284_496_72);
    p = p.mul_add(t, 0.254_829_6);
    let tail = p * t * exp(-z * z);
    0.5 * x * (1.0 + (1.0 - tail).copysign(x))
}

#[inline(always)]
fn gelu_body(x: &mut [f32]) {
    let (chunks, rest) = x.as_chunks_mut::<LANES>();
    for c in chunks {
        for v in c.iter_mut() {
            *v = gelu_one(*v);
        }
    }
    for v in rest {
        *v = gelu_one(*v);
    }
}

dispatch! {
    /// GELU in place.
    pub fn gelu(x: &mut [f32]) = gelu_body
}

/// Sum of the lanes, always folded in halves.
#[inline(always)]
pub fn fold(mut a: [f32; LANES]) -> f32 {
    let mut n = LANES / 2;
    while n > 0 {
        for i in 0..n {
            a[i] += a[i + n];
        }
        n /= 2;
    }
    a[0]
}

#[inline(always)]
fn add_norm_body(x: &mut [f32], add: &[f32], gain: &[f32], bias: &[f32]) {
    let width = gain.len();
    for (row, more) in x.chunks_exact_mut(width).zip(add.chunks_exact(width)) {
        let mut sum = [0f32; LANES];
        for (c, m) in row.as_chunks_mut::<LANES>().0.iter_mut().zip(more.as_chunks::<LANES>().0) {
            for i in 0..LANES {
                c[i] += m[i];
                sum[i] += c[i];
            }
        }
        let mean = fold(sum) / width as f32;
        let mut square = [0f32; LANES];
        for c in row.as_chunks::<LANES>().0 {
            for i in 0..LANES {
                let d = c[i] - mean;
                square[i] = d.mul_add(d, square[i]);
            }
        }
        let scale = 1.0 / (fold(square) / width as f32 + 1e-12).sqrt();
        let affine = gain.as_chunks::<LANES>().0.iter().zip(bias.as_chunks::<LANES>().0);
        for (c, (g, b)) in row.as_chunks_mut::<LANES>().0.iter_mut().zip(affine) {
            for i in 0..LANES {
                c[i] = ((c[i] - mean) * scale).mul_add(g[i], b[i]);
            }
        }
    }
}

dispatch! {
    fn add_norm_plain(x: &mut [f32], add: &[f32], gain: &[f32], bias: &[f32]) = add_norm_body
}

/// `x = LayerNorm(x + add)` for each row; the width is `gain.len()`, a multiple of 16.
pub fn add_norm(simd: Simd, x: &mut [f32], add: &[f32], gain: &[f32], bias: &[f32]) {
    assert!(gain.len().is_multiple_of(LANES) && bias.len() == gain.len() && x.len() == add.len());
    match simd {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: `Simd` tells that the processor has AVX-512 F; lengths were checked.
        Simd::Avx512Vnni => unsafe { wide::add_norm(x, add, gain, bias) },
        _ => add_norm_plain(simd, x, add, gain, bias),
    }
}

#[inline(always)]
fn quantise_body(x: &[f32], width: usize, out: &mut [u8], scales: &mut [f32]) {
    for ((row, q), scale) in x.chunks_exact(width).zip(out.chunks_exact_mut(width)).zip(scales) {
        let mut most = [0f32; LANES];
        for c in row.as_chunks::<LANES>().0 {
            for i in 0..LANES {
                let a = c[i].abs();
                most[i] = if a > most[i] { a } else { most[i] };
            }
        }
        let most = most.iter().fold(0f32, |a, b| if *b > a { *b } else { a });
        *scale = if most > 0.0 { most / 127.0 } else { 1.0 };
        let inverse = 1.0 / *scale;
        for (c, q) in row.as_chunks::<LANES>().0.iter().zip(q.as_chunks_mut::<LANES>().0) {
            for i in 0..LANES {
                const MAGIC: f32 = 12_582_912.0; // rounds half to even, and leaves the integer in the low bits
                let bits = c[i].mul_add(inverse, MAGIC).to_bits();
                q[i] = (bits as u8).wrapping_add(128);
            }
        }
    }
}

dispatch! {
    fn quantise_plain(x: &[f32], width: usize, out: &mut [u8], scales: &mut [f32]) = quantise_body
}

/// Each row to u8 = round(x / scale) + 128 with its own scale, so that its largest value is 127 away from 128.
pub fn quantise(simd: Simd, x: &[f32], width: usize, out: &mut [u8], scales: &mut [f32]) {
    assert!(width.is_multiple_of(LANES) && x.len() == out.len() && x.len() == scales.len() * width);
    match simd {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: `Simd` tells that the processor has AVX-512 F; lengths were checked.
        Simd::Avx512Vnni => unsafe { wide::quantise(x, width, out, scales) },
        _ => quantise_plain(simd, x, width, out, scales),
    }
}

/// The same operations in the same order, written out for 512-bit vectors: left to itself the compiler makes scalars of
/// half of them, which took a fifth of the encoder's time.
#[cfg(target_arch = "x86_64")]
mod wide {
    use super::{LANES, fold};
    use std::arch::x86_64::*;

    #[target_feature(enable = "avx512f")]
    fn lanes(v: __m512) -> [f32; LANES] {
        let mut out = [0f32; LANES];
        // SAFETY: sixteen values fit.
        unsafe { _mm512_storeu_ps(out.as_mut_ptr(), v) };
        out
    }

    /// # Safety
    /// Needs AVX-512 F. `x` and `add` hold rows of `gain.len()` values, a multiple of 16.
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,fma")]
    pub unsafe fn add_norm(x: &mut [f32], add: &[f32], gain: &[f32], bias: &[f32]) {
        let width = gain.len();
        for (row, more) in x.chunks_exact_mut(width).zip(add.chunks_exact(width)) {
            let (row, more) = (row.as_mut_ptr(), more.as_ptr());
            let (mut sum, mut square) = (_mm512_setzero_ps(), _mm512_setzero_ps());
            for i in (0..width).step_by(LANES) {
                // SAFETY: `i + 16` is at most the width, here and below.
                unsafe {
                    let v = _mm512_add_ps(_mm512_loadu_ps(row.add(i)), _mm512_loadu_ps(more.add(i)));
                    _mm512_storeu_ps(row.add(i), v);
                    sum = _mm512_add_ps(sum, v);
                }
            }
            let mean = _mm512_set1_ps(fold(lanes(sum)) / width as f32);
            for i in (0..width).step_by(LANES) {
                // SAFETY: as above.
                let d = unsafe { _mm512_sub_ps(_mm512_loadu_ps(row.add(i)), mean) };
                square = _mm512_fmadd_ps(d, d, square);
            }
            let scale = _mm512_set1_ps(1.0 / (fold(lanes(square)) / width as f32 + 1e-12).sqrt());
            for i in (0..width).step_by(LANES) {
                // SAFETY: as above; `gain` and `bias` are as wide.
                unsafe {
                    let d = _mm512_mul_ps(_mm512_sub_ps(_mm512_loadu_ps(row.add(i)), mean), scale);
                    let y = _mm512_fmadd_ps(d, _mm512_loadu_ps(gain.as_ptr().add(i)), _mm512_loadu_ps(bias.as_ptr().add(i)));
                    _mm512_storeu_ps(row.add(i), y);
                }
            }
        }
    }

    /// # Safety
    /// Needs AVX-512 F and VL. `x` and `out` hold rows of `width` values, a multiple of 16.
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,fma")]
    pub unsafe fn quantise(x: &[f32], width: usize, out: &mut [u8], scales: &mut [f32]) {
        for ((row, q), scale) in x.chunks_exact(width).zip(out.chunks_exact_mut(width)).zip(scales) {
            let mut most = _mm512_setzero_ps();
            for c in row.as_chunks::<LANES>().0 {
                // SAFETY: sixteen values stand there.
                most = _mm512_max_ps(most, _mm512_abs_ps(unsafe { _mm512_loadu_ps(c.as_ptr()) }));
            }
            let most = lanes(most).iter().fold(0f32, |a, b| if *b > a { *b } else { a });
            *scale = if most > 0.0 { most / 127.0 } else { 1.0 };
            let (inverse, magic) = (_mm512_set1_ps(1.0 / *scale), _mm512_set1_ps(12_582_912.0));
            for (c, q) in row.as_chunks::<LANES>().0.iter().zip(q.as_chunks_mut::<LANES>().0) {
                // SAFETY: sixteen values and sixteen bytes stand there.
                unsafe {
                    let v = _mm512_castps_si512(_mm512_fmadd_ps(_mm512_loadu_ps(c.as_ptr()), inverse, magic));
                    let bytes = _mm_add_epi8(_mm512_cvtepi32_epi8(v), _mm_set1_epi8(-128));
                    _mm_storeu_si128(q.as_mut_ptr().cast(), bytes);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_and_gelu_are_close_to_the_library() {
        for i in -8000..8000 {
            let x = i as f32 * 0.01;
            let want = f64::from(x).exp();
            assert!((f64::from(exp(x)) - want).abs() <= 3e-7 * want, "exp({x})");
        }
        assert!(exp(-100.0) < 1e-37 && exp(f32::NEG_INFINITY) < 1e-37);
        // GELU at points from tables of the normal distribution
        for (x, phi) in [(0.0, 0.5), (1.0, 0.841_344_8), (-1.0, 0.158_655_25), (2.0, 0.977_249_9), (-3.0, 0.001_349_898)] {
            assert!((gelu_one(x) - x * phi).abs() < 1e-6, "gelu({x})");
        }
    }

    #[test]
    fn every_processor_path_gives_the_same_bits() {
        let x: Vec<f32> = (0..384 * 3).map(|i| ((i * 7919) % 1000) as f32 * 0.01 - 5.0).collect();
        let gain: Vec<f32> = (0..384).map(|i| 1.0 + i as f32 * 1e-3).collect();
        let mut seen: Vec<(Vec<u32>, Vec<u8>)> = Vec::new();
        for simd in Simd::available() {
            let mut y = x.clone();
            gelu(simd, &mut y);
            add_norm(simd, &mut y, &x, &gain, &gain);
            let (mut q, mut s) = (vec![0u8; y.len()], vec![0f32; 3]);
            quantise(simd, &y, 384, &mut q, &mut s);
            seen.push((y.iter().chain(&s).map(|v| v.to_bits()).collect(), q));
        }
        assert!(seen.windows(2).all(|w| w[0] == w[1]));
    }
}
