//! The nouns of Sayso: immutable text, spans of it, documents, and the alignment back to source bytes.
//!
//! No input or output, no model. A [`Span`] is a half-open range of UTF-8 bytes; the conversions to code
//! points and to lines live in [`lines`] alone.

mod align;
mod doc;
mod layer;
pub mod lines;
mod named;
mod span;
mod warn;

pub use align::{Alignment, Run};
pub use doc::{Block, BlockKind, Doc, DocId, Format, Meta};
pub use layer::Layer;
pub use lines::{CodePoints, LineIndex};
pub use span::Span;
pub use warn::{Code, Warned, Warning};
