/// The instructions that the products run on, chosen once at run time. All give the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Simd {
    /// 512-bit integer dot products (AVX-512 VNNI).
    Avx512Vnni,
    /// 256-bit integer dot products (AVX-VNNI).
    AvxVnni,
    /// 256-bit widening multiply-add.
    Avx2,
    /// Plain Rust.
    Portable,
}

impl Simd {
    /// The fastest that this processor has.
    pub fn detect() -> Self {
        Self::available()[0]
    }

    /// All that this processor has, fastest first. [`Simd::Portable`] is always the last.
    pub fn available() -> Vec<Self> {
        let mut out = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            use std::arch::is_x86_feature_detected as has;
            let avx2 = has!("avx2") && has!("fma");
            if avx2 && has!("avx512f") && has!("avx512bw") && has!("avx512vl") && has!("avx512vnni") {
                out.push(Simd::Avx512Vnni);
            }
            if avx2 && has!("avxvnni") {
                out.push(Simd::AvxVnni);
            }
            if avx2 {
                out.push(Simd::Avx2);
            }
        }
        out.push(Simd::Portable);
        out
    }
}

/// Defines `$name(simd, args..)` that runs the inlined `$body` compiled for the processor's vectors. The body is
/// plain Rust over arrays of lanes, so each version does the same operations in the same order.
macro_rules! dispatch {
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $ty:ty),* $(,)?) = $body:ident) => {
        $(#[$doc])*
        #[allow(clippy::too_many_arguments)]
        $vis fn $name(simd: $crate::Simd, $($arg: $ty),*) {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx2,fma")]
                #[allow(clippy::too_many_arguments)]
                fn wide($($arg: $ty),*) { $body($($arg),*) }
                #[target_feature(enable = "avx2,fma")]
                #[allow(clippy::too_many_arguments)]
                fn middle($($arg: $ty),*) { $body($($arg),*) }
                match simd {
                    // SAFETY: `Simd` is only made by `detect`/`available`, which checked these features.
                    $crate::Simd::Avx512Vnni => return unsafe { wide($($arg),*) },
                    // SAFETY: as above.
                    $crate::Simd::AvxVnni | $crate::Simd::Avx2 => return unsafe { middle($($arg),*) },
                    $crate::Simd::Portable => {}
                }
            }
            let _ = simd;
            $body($($arg),*)
        }
    };
}
pub(crate) use dispatch;
