//! Element-wise work on rows: exponentials, GELU, layer normalisation, quantising. Sixteen lanes at a time, in
//! one order for every processor.

use crate::simd::dispatch;

/// Lanes of the widest vectors; sums are kept in this many parts whatever the processor.
pub const LANES: usize = 16;

/// `e^x`, within 2 units in the last place from -87 to 88 (Cephes' polynomial), 0 below.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    const MAGIC: f32 = 12_582_912.0; // 1.5 * 2^23: adding it rounds to an integer
    let x = if x > 88.0 { 88.0 } else { x };
    let low = x < -87.0;
    let x = if low { -87.0 } else { x };
    let n = x.mul_add(std::f32::consts::LOG2_E, MAGIC) - MAGIC;
    let r = n.mul_add(-0.693_359_4, x);
    let r = n.mul_add(2.121_944_4e-4, r);
    let mut p = 1.987_569_1e-4_f32;
    p = p.mul_add(r, 1.398_199_9e-3);
    p = p.mul_add(r, 8.333_452e-3);
    p = p.mul_add(r, 4.166_579_6e-2);
    p = p.mul_add(r, 1.666_666_5e-1);
    p = p.mul_add(r, 5e-1);
    let y = p.mul_add(r * r, r) + 1.0;
    let scale = f32::from_bits((((n as i32) + 127) << 23) as u32);
    if low { 0.0 } else { y * scale }
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
    let erf = if x < 0.0 { tail - 1.0 } else { 1.0 - tail };
    0.5 * x * (1.0 + erf)
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
    /// `x = LayerNorm(x + add)` for each row; the width is `gain.len()`, a multiple of 16.
    pub fn add_norm(x: &mut [f32], add: &[f32], gain: &[f32], bias: &[f32]) = add_norm_body
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
    /// Each row to u8 = round(x / scale) + 128 with its own scale, so that its largest value is 127 away from 128.
    pub fn quantise(x: &[f32], width: usize, out: &mut [u8], scales: &mut [f32]) = quantise_body
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Simd;

    #[test]
    fn exp_and_gelu_are_close_to_the_library() {
        for i in -8000..8000 {
            let x = i as f32 * 0.01;
            let want = f64::from(x).exp();
            assert!((f64::from(exp(x)) - want).abs() <= 3e-7 * want, "exp({x})");
        }
        assert_eq!(exp(-100.0), 0.0);
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
