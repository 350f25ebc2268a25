//! Many stories: which statements carry the same words, who took them from whom, and how many origins are visible.
//!
//! `reports -> forms -> pairs -> families -> edges -> origins`. Nothing here decides that two reports are independent: text can show
//! dependence, hardly ever the lack of it. What cannot be told is counted as undetermined.

pub mod align;
mod changes;
mod credit;
mod edges;
mod families;
mod forms;
mod passages;
mod report;
mod retell;
mod together;
mod when;
pub mod words;

pub use changes::{Change, Drift};
pub use edges::{Echo, Evidence, From, How, Standing};
pub use families::{Family, Phrase};
pub use forms::Place;
pub use passages::Passage;
pub use report::{Report, Said, Speaker};
pub use retell::Retelling;
pub use together::{Root, Together, together};
pub use when::{Order, When};

/// What tracing found in a collection.
#[derive(Clone, Debug, Default)]
pub struct Traced {
    /// Statements that carry the same words, family by family; families by their first report.
    pub families: Vec<Family>,
    /// Runs of words that two stories share, in quotation marks or out of them.
    pub passages: Vec<Passage>,
    /// Phrases that quotations share without one being the other's echo: listed, and counted nowhere.
    pub phrases: Vec<Phrase>,
    /// Indirect statements that may retell another: proposals, never counted.
    pub retellings: Vec<Retelling>,
}

/// Traces a collection. The result does not depend on the number of threads; reports keep their indices.
pub fn trace(reports: &[Report]) -> Traced {
    let forms = forms::Forms::of(reports);
    let (links, phrases) = families::links(&forms, reports);
    let passages = passages::passages(reports);
    let families = families::families(&forms, &links, reports, &passages);
    let retellings = retell::retellings(reports, &families);
    Traced { families, passages, phrases, retellings }
}
