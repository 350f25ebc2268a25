//! Words that a person asks for, found in what was traced.

use sayso::trace::{Place, words::Vocabulary};
use sayso_text::Span;

use crate::{Kept, Result, Store};

/// Where asked-for words stand.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The stories and families that may hold them.
    pub kept: Kept,
    /// Families of which a member has them, by index.
    pub families: Vec<usize>,
    /// Stories that have them, by index.
    pub holding: Vec<u32>,
}

/// Words in a row that have to stand there: a quotation that is written down a little wrong is found too.
const ENOUGH: usize = 5;
/// Words that a question needs.
const FEWEST: usize = 3;

impl Store {
    /// The families and stories in which words stand; `None` where they are fewer than three.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn asked(&self, words: &str) -> Result<Option<Asked>> {
        let mut vocabulary = Vocabulary::default();
        let asked: Vec<u32> = vocabulary.read(words, Span::new(0, words.len())).iter().map(|w| w.id).collect();
        let spoken: Vec<&str> =
            words.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’'))).filter(|w| !w.is_empty()).collect();
        if asked.len() < FEWEST {
            return Ok(None);
        }
        let ids = self.stories_with(&spoken)?;
        let kept = self.kept(Some(&ids))?;
        let need = asked.len().min(ENOUGH);
        let mut holds = |text: &str, spans: &[Span]| {
            let said: Vec<u32> = spans.iter().flat_map(|s| vocabulary.read(text, *s)).map(|w| w.id).collect();
            said.windows(need).any(|w| asked.windows(need).any(|v| v == w))
        };
        let mut families = Vec::new();
        for (k, f) in kept.traced.families.iter().enumerate() {
            let mut here = |m: &Place| {
                let r = &kept.reports[m.report as usize];
                holds(&r.text, &r.said[m.said as usize].content)
            };
            if f.members.iter().any(&mut here) {
                families.push(k);
            }
        }
        let mut holding = Vec::new();
        for id in &ids {
            if let Ok(i) = kept.stories.binary_search(id) {
                let r = &kept.reports[i];
                if holds(&r.text, &r.paragraphs) {
                    holding.push(i as u32);
                }
            }
        }
        Ok(Some(Asked { kept, families, holding }))
    }
}
