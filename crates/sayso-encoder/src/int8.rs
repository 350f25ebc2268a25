//! Products of u8 rows with s8 weights into exact 32-bit sums.
//!
//! Weights are packed as `[n/16][k/4][16 outputs][4 inputs]`, the order in which a 512-bit dot product reads
//! them. Rows are s8 values plus 128; the sums are put right by `128 * sum(weights)`.

use crate::Simd;

/// Quantised weights of a linear layer, `outputs x inputs`, packed for the kernels.
pub struct Packed {
    data: Vec<i8>,
    scales: Vec<f32>,
    /// 128 times the sum of each output's weights.
    offset: Vec<i32>,
    bias: Vec<f32>,
    outputs: usize,
    inputs: usize,
}

const COLUMNS: usize = 16;

impl Packed {
    /// Packs row-major weights (`outputs x inputs`). `outputs` must be a multiple of 16 and `inputs` of 16.
    pub fn new(weights: &[i8], scales: Vec<f32>, bias: Vec<f32>) -> Self {
        let outputs = scales.len();
        let inputs = weights.len() / outputs;
        assert!(outputs.is_multiple_of(COLUMNS) && inputs.is_multiple_of(16), "{outputs} x {inputs}");
        let mut data = Vec::with_capacity(weights.len());
        for panel in weights.chunks_exact(COLUMNS * inputs) {
            for k in (0..inputs).step_by(4) {
                for row in panel.chunks_exact(inputs) {
                    data.extend_from_slice(&row[k..k + 4]);
                }
            }
        }
        let offset = weights.chunks_exact(inputs).map(|r| 128 * r.iter().map(|w| i32::from(*w)).sum::<i32>()).collect();
        Self { data, scales, offset, bias, outputs, inputs }
    }

    /// Number of outputs.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Number of inputs.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// `out = rows * weights^T + bias`: rows are `n x inputs` quantised with `scales`, out is `n x outputs`.
    pub fn apply(&self, simd: Simd, rows: &[u8], scales: &[f32], out: &mut [f32]) {
        let n = scales.len();
        assert!(rows.len() == n * self.inputs && out.len() == n * self.outputs);
        match simd {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the features of the variant were detected; lengths were checked above.
            Simd::Avx512Vnni => unsafe { x86::avx512(self, rows, scales, out) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Simd::AvxVnni => unsafe { x86::avx_vnni(self, rows, scales, out) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Simd::Avx2 => unsafe { x86::avx2(self, rows, scales, out) },
            _ => self.portable(rows, scales, out),
        }
    }

    fn portable(&self, rows: &[u8], scales: &[f32], out: &mut [f32]) {
        for (p, panel) in self.data.chunks_exact(COLUMNS * self.inputs).enumerate() {
            for (r, row) in rows.chunks_exact(self.inputs).enumerate() {
                let mut sums = [0i32; COLUMNS];
                for (x, block) in row.as_chunks::<4>().0.iter().zip(panel.as_chunks::<64>().0) {
                    for (sum, w) in sums.iter_mut().zip(block.as_chunks::<4>().0) {
                        *sum += (0..4).map(|i| i32::from(x[i]) * i32::from(w[i])).sum::<i32>();
                    }
                }
                self.finish(&sums, p * COLUMNS, scales[r], &mut out[r * self.outputs + p * COLUMNS..][..COLUMNS]);
            }
        }
    }

    /// From sums to values, in the same operations on every path.
    #[inline(always)]
    fn finish(&self, sums: &[i32; COLUMNS], column: usize, scale: f32, out: &mut [f32]) {
        let (s, o, b) = (&self.scales[column..][..COLUMNS], &self.offset[column..][..COLUMNS], &self.bias[column..][..COLUMNS]);
        for i in 0..COLUMNS {
            out[i] = ((sums[i] - o[i]) as f32 * scale).mul_add(s[i], b[i]);
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{COLUMNS, Packed};
    use std::arch::x86_64::*;

    /// Runs `$tile::<ROWS>` over all rows, in tiles of `$rows` and then of one.
    macro_rules! tiles {
        ($p:ident, $rows:ident, $scales:ident, $out:ident, $panels:literal, $tile:ident, $high:literal) => {
            let n = $scales.len();
            for panel in (0..$p.outputs / COLUMNS).step_by($panels) {
                let mut r = 0;
                while r + $high <= n {
                    $tile::<$high>($p, panel, $rows, r, $scales, $out);
                    r += $high;
                }
                while r + 4 <= n {
                    $tile::<4>($p, panel, $rows, r, $scales, $out);
                    r += 4;
                }
                while r < n {
                    $tile::<1>($p, panel, $rows, r, $scales, $out);
                    r += 1;
                }
            }
        };
    }

    /// # Safety
    /// Needs AVX-512 F, BW, VL and VNNI; `rows`, `scales` and `out` as `Packed::apply` checks them.
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni,avx2,fma")]
    pub unsafe fn avx512(p: &Packed, rows: &[u8], scales: &[f32], out: &mut [f32]) {
        // SAFETY: forwarded.
        unsafe {
            if p.outputs.is_multiple_of(2 * COLUMNS) {
                tiles!(p, rows, scales, out, 2, tile512, 12);
            } else {
                tiles!(p, rows, scales, out, 1, tile256v, 4);
            }
        }
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni,avx2,fma")]
    #[inline]
    unsafe fn tile512<const R: usize>(p: &Packed, panel: usize, rows: &[u8], r0: usize, scales: &[f32], out: &mut [f32]) {
        let k = p.inputs;
        // SAFETY: two panels of 16 * k bytes stand from `panel` on, R rows of k bytes from `r0` on, and `out` has
        // `outputs` values for each of them.
        unsafe {
            // Sums begin at what is to be taken off them. Beginning at nothing, the compiler clears them with a call for each
            // tile, which cost 3 % of the whole.
            let below = |column: usize| _mm512_sub_epi32(_mm512_setzero_si512(), _mm512_loadu_si512(p.offset.as_ptr().add(column).cast()));
            let mut acc = [[below(panel * COLUMNS), below((panel + 1) * COLUMNS)]; R];
            let w0 = p.data.as_ptr().add(panel * COLUMNS * k);
            let w1 = w0.add(COLUMNS * k);
            let x = rows.as_ptr().add(r0 * k);
            for step in 0..k / 4 {
                let a = _mm512_loadu_si512(w0.add(step * 64).cast());
                let b = _mm512_loadu_si512(w1.add(step * 64).cast());
                for (r, acc) in acc.iter_mut().enumerate() {
                    let x = _mm512_set1_epi32(x.add(r * k + step * 4).cast::<i32>().read_unaligned());
                    acc[0] = _mm512_dpbusd_epi32(acc[0], x, a);
                    acc[1] = _mm512_dpbusd_epi32(acc[1], x, b);
                }
            }
            for (r, acc) in acc.iter().enumerate() {
                let scale = _mm512_set1_ps(scales[r0 + r]);
                for (half, acc) in acc.iter().enumerate() {
                    let column = (panel + half) * COLUMNS;
                    let value = _mm512_mul_ps(_mm512_cvtepi32_ps(*acc), scale);
                    let s = _mm512_loadu_ps(p.scales.as_ptr().add(column));
                    let b = _mm512_loadu_ps(p.bias.as_ptr().add(column));
                    let y = _mm512_fmadd_ps(value, s, b);
                    _mm512_storeu_ps(out.as_mut_ptr().add((r0 + r) * p.outputs + column), y);
                }
            }
        }
    }

    /// A tile of 256-bit dot products: the same source for AVX-512 VL and for AVX-VNNI.
    macro_rules! tile256 {
        ($name:ident, $features:literal, $dot:ident) => {
            #[target_feature(enable = $features)]
            #[inline]
            unsafe fn $name<const R: usize>(p: &Packed, panel: usize, rows: &[u8], r0: usize, scales: &[f32], out: &mut [f32]) {
                let k = p.inputs;
                // SAFETY: one panel of 16 * k bytes stands at `panel`, R rows of k bytes from `r0` on.
                unsafe {
                    let mut acc = [[_mm256_setzero_si256(); 2]; R];
                    let w = p.data.as_ptr().add(panel * COLUMNS * k);
                    let x = rows.as_ptr().add(r0 * k);
                    for step in 0..k / 4 {
                        let a = _mm256_loadu_si256(w.add(step * 64).cast());
                        let b = _mm256_loadu_si256(w.add(step * 64 + 32).cast());
                        for (r, acc) in acc.iter_mut().enumerate() {
                            let x = _mm256_set1_epi32(x.add(r * k + step * 4).cast::<i32>().read_unaligned());
                            acc[0] = $dot(acc[0], x, a);
                            acc[1] = $dot(acc[1], x, b);
                        }
                    }
                    for (r, acc) in acc.iter().enumerate() {
                        let sums = std::mem::transmute::<[__m256i; 2], [i32; COLUMNS]>(*acc);
                        let column = panel * COLUMNS;
                        p.finish(&sums, column, scales[r0 + r], &mut out[(r0 + r) * p.outputs + column..][..COLUMNS]);
                    }
                }
            }
        };
    }
    tile256!(tile256v, "avx512f,avx512vl,avx512vnni,avx2,fma", _mm256_dpbusd_epi32);
    tile256!(tile256a, "avxvnni,avx2,fma", _mm256_dpbusd_avx_epi32);

    /// # Safety
    /// Needs AVX-VNNI, AVX2 and FMA; lengths as `Packed::apply` checks them.
    #[target_feature(enable = "avxvnni,avx2,fma")]
    pub unsafe fn avx_vnni(p: &Packed, rows: &[u8], scales: &[f32], out: &mut [f32]) {
        // SAFETY: forwarded.
        unsafe {
            tiles!(p, rows, scales, out, 1, tile256a, 6);
        }
    }

    /// Rows and a panel of weights, widened to 16 bits.
    type Widened = (Vec<i16>, Vec<i16>);

    thread_local! {
        static WIDENED: std::cell::RefCell<Widened> = std::cell::RefCell::default();
    }

    /// Widened to 16 bits, since the 8-bit multiply-add of AVX2 saturates: each row and each panel once, not in the product.
    ///
    /// # Safety
    /// Needs AVX2 and FMA; lengths as `Packed::apply` checks them.
    #[target_feature(enable = "avx2,fma")]
    pub unsafe fn avx2(p: &Packed, rows: &[u8], scales: &[f32], out: &mut [f32]) {
        WIDENED.with_borrow_mut(|(wide, panel)| {
            wide.clear();
            wide.extend(rows.iter().map(|x| i16::from(*x)));
            for (at, weights) in p.data.chunks_exact(COLUMNS * p.inputs).enumerate() {
                panel.clear();
                panel.extend(weights.iter().map(|w| i16::from(*w)));
                let n = scales.len();
                let mut r = 0;
                // SAFETY: `panel` holds 16 * inputs values, `wide` `inputs` for each of `n` rows.
                unsafe {
                    while r + 2 <= n {
                        tile_avx2::<2>(p, at, panel, wide, r, scales, out);
                        r += 2;
                    }
                    if r < n {
                        tile_avx2::<1>(p, at, panel, wide, r, scales, out);
                    }
                }
            }
        });
    }

    #[target_feature(enable = "avx2,fma")]
    #[inline]
    unsafe fn tile_avx2<const R: usize>(p: &Packed, at: usize, panel: &[i16], wide: &[i16], r0: usize, scales: &[f32], out: &mut [f32]) {
        let k = p.inputs;
        // SAFETY: a panel holds 16 * k values, and R rows of k stand from `r0` on.
        unsafe {
            let mut acc = [[_mm256_setzero_si256(); 4]; R];
            let (w, x) = (panel.as_ptr(), wide.as_ptr().add(r0 * k));
            for step in 0..k / 4 {
                // Four outputs of four inputs each in every register.
                let b: [__m256i; 4] = std::array::from_fn(|q| _mm256_loadu_si256(w.add(step * 64 + q * 16).cast()));
                for (r, acc) in acc.iter_mut().enumerate() {
                    let x = _mm256_set1_epi64x(x.add(r * k + step * 4).cast::<i64>().read_unaligned());
                    for q in 0..4 {
                        acc[q] = _mm256_add_epi32(acc[q], _mm256_madd_epi16(x, b[q]));
                    }
                }
            }
            for (r, acc) in acc.iter().enumerate() {
                let pairs = std::mem::transmute::<[__m256i; 4], [[i32; 2]; COLUMNS]>(*acc);
                let sums = pairs.map(|[a, b]| a + b);
                let column = at * COLUMNS;
                p.finish(&sums, column, scales[r0 + r], &mut out[(r0 + r) * p.outputs + column..][..COLUMNS]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(n: usize, seed: u64) -> impl Iterator<Item = u8> {
        let mut x = seed | 1;
        (0..n).map(move |_| {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            (x >> 24) as u8
        })
    }

    #[test]
    fn every_path_gives_the_sums_of_plain_arithmetic() {
        for (outputs, inputs, n) in [(64, 32, 1), (48, 384, 13), (384, 1536, 29)] {
            let weights: Vec<i8> = noise(outputs * inputs, 3).map(|b| b as i8).collect();
            let rows: Vec<u8> = noise(n * inputs, 5).collect();
            let scales: Vec<f32> = (0..n).map(|i| 0.01 + i as f32 * 1e-3).collect();
            let out_scales: Vec<f32> = (0..outputs).map(|i| 0.02 + i as f32 * 1e-4).collect();
            let bias: Vec<f32> = (0..outputs).map(|i| i as f32 * 0.1 - 1.0).collect();
            let packed = Packed::new(&weights, out_scales.clone(), bias.clone());
            for simd in Simd::available() {
                let mut out = vec![0f32; n * outputs];
                packed.apply(simd, &rows, &scales, &mut out);
                for r in 0..n {
                    for c in 0..outputs {
                        let sum: i32 =
                            (0..inputs).map(|k| (i32::from(rows[r * inputs + k]) - 128) * i32::from(weights[c * inputs + k])).sum();
                        let want = (sum as f32 * scales[r]).mul_add(out_scales[c], bias[c]);
                        assert_eq!(out[r * outputs + c].to_bits(), want.to_bits(), "{simd:?} row {r} column {c}");
                    }
                }
            }
        }
    }
}
