//! The only matrices in Sayso: WordPiece, weights, a transformer's forward pass with int8 products, and
//! linear-chain decoding. It knows nothing of news.
//!
//! Same bytes, same weights, same scores on every processor: integer sums do not depend on order, and every
//! floating-point sum is written in one fixed order with fused multiply-add, whatever the width of the vectors.
#![allow(clippy::needless_range_loop, reason = "lanes of several arrays are walked in step")]

mod attention;
mod crf;
mod forward;
mod int8;
mod simd;
mod vector;
mod weights;
mod wordpiece;

pub use crf::{Crf, Path};
pub use forward::{Encoder, Linear, Ragged};
pub use int8::Packed;
pub use simd::Simd;
pub use weights::{WeightError, Weights};
pub use wordpiece::{WordPiece, is_dropped, is_punctuation};
