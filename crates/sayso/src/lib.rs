//! The engine of Sayso: `Doc -> mark -> resolve -> grade -> Story`.
//!
//! Each stage's input type is its requirement. None of them can fail: they return what they found and their
//! complaints. Nothing here knows files, JSON or terminals.

pub mod compare;
mod correct;
pub mod grade;
pub mod mark;
pub mod resolve;
pub mod score;
pub mod trace;

pub use correct::{Correction, correct};
pub use grade::{Naming, Source, Statement, Story, Sure, SureLevel, grade};
pub use mark::{Attribution, Form, Level, Marked, Tagger, given, mark};
pub use resolve::{Resolved, SourceKind, resolve};

use sayso_text::Doc;

/// The whole way: a story in, its sourcing out.
pub fn read(doc: Doc, tagger: &Tagger) -> Story {
    grade(resolve(mark(doc, tagger)))
}
