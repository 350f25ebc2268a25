//! Scoring who stands behind attributions, and on what terms, against a person's labels.

use std::collections::BTreeMap;

use super::{Triple, common, pairs};
use crate::grade::{Naming, Source, Story};

/// One attribution as a person labelled it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Its words.
    pub triple: Triple,
    /// The fullest name or description of its source; empty where nobody is stated or implied.
    pub speaker: String,
    /// Other names of it.
    pub aliases: Vec<String>,
    /// Its naming class.
    pub naming: String,
    /// Its level.
    pub level: String,
    /// Its form.
    pub form: String,
    /// The outlet it was taken from.
    pub via: Option<String>,
}

/// Counts that add over stories.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Labelled.
    pub gold: usize,
    /// Of these, matched to something found.
    pub matched: usize,
    /// Of these, right in speaker.
    pub speaker: usize,
    /// Of the matched, left unresolved with its candidates listed.
    pub unresolved: usize,
    /// Of the unresolved, those whose speaker is among the candidates.
    pub listed: usize,
    /// Of the matched, right in naming class.
    pub naming: usize,
    /// Of the matched, right in form.
    pub form: usize,
    /// Of the matched, right in level.
    pub level: usize,
    /// Relays: right, found, labelled.
    pub via: [usize; 3],
    /// Unnamed against all else: right, found, labelled.
    pub unnamed: [usize; 3],
    /// How often a naming class (labelled, found) was taken for another.
    pub confused: BTreeMap<(String, String), usize>,
}

impl Tally {
    /// Adds another story's.
    pub fn add(&mut self, other: &Tally) {
        for (a, b) in [
            (&mut self.gold, other.gold),
            (&mut self.matched, other.matched),
            (&mut self.speaker, other.speaker),
            (&mut self.unresolved, other.unresolved),
            (&mut self.listed, other.listed),
            (&mut self.naming, other.naming),
            (&mut self.form, other.form),
            (&mut self.level, other.level),
        ] {
            *a += b;
        }
        for i in 0..3 {
            self.via[i] += other.via[i];
            self.unnamed[i] += other.unnamed[i];
        }
        for (k, n) in &other.confused {
            *self.confused.entry(k.clone()).or_default() += n;
        }
    }
}

/// A name without case, titles, articles and what stands about it.
fn plain(name: &str) -> String {
    let flat = name.replace('’', "'").split_whitespace().collect::<Vec<_>>().join(" ");
    let flat = flat.strip_suffix("'s").or_else(|| flat.strip_suffix('\'')).unwrap_or(&flat);
    let mut s = flat.trim_matches(|c: char| " .,\"“”".contains(c)).to_lowercase();
    while let Some(rest) =
        LEFT_OUT.iter().find_map(|w| s.strip_prefix(w).map(|r| r.strip_prefix('.').unwrap_or(r)).and_then(|r| r.strip_prefix(' ')))
    {
        s = rest.trim_start().to_string();
    }
    s
}

/// Articles and titles that do not make a name another.
const LEFT_OUT: &[&str] = &[
    "the", "a", "an", "mr", "mrs", "ms", "dr", "sen", "rep", "gov", "president", "former president", "vice president", "senator",
    "governor", "judge",
];

/// Which found statement is which labelled one: each labelled attribution with the found one that has most characters of content in
/// common, then of cue and source.
pub fn matches(story: &Story, wanted: &[Wanted]) -> Vec<(usize, usize)> {
    let text = &*story.doc.text;
    let weight = |i: usize, j: usize| {
        let (a, w) = (&story.statements[i].attribution, &wanted[j].triple);
        match common(text, &a.content, &w.content) {
            0 => 0,
            n => 4 * n + 2 * common(text, &a.cue, &w.cue) + common(text, &a.source, &w.source),
        }
    };
    pairs(story.statements.len(), wanted.len(), weight)
}

/// Whether a source of the story is the labelled speaker, by name or alias.
pub fn is_speaker(source: &Source, w: &Wanted) -> bool {
    let want: Vec<String> = std::iter::once(&w.speaker).chain(&w.aliases).map(|n| plain(n)).collect();
    std::iter::once(&source.name).chain(&source.aliases).any(|n| want.contains(&plain(n)))
}

/// Whether a statement's speaker is the labelled one; nobody where nobody is labelled.
pub fn speaker_right(story: &Story, statement: usize, w: &Wanted) -> bool {
    let s = &story.statements[statement];
    match s.speaker {
        Some(k) => !w.speaker.is_empty() && is_speaker(&story.sources[k], w),
        None => w.speaker.is_empty() && s.candidates.is_empty(),
    }
}

/// Scores one story.
pub fn speakers(story: &Story, wanted: &[Wanted]) -> Tally {
    let mut out = Tally { gold: wanted.len(), ..Tally::default() };
    for (i, j) in matches(story, wanted) {
        let (s, w) = (&story.statements[i], &wanted[j]);
        // one of two named people is named, whichever it is
        let open = s.candidates.first().filter(|k| s.candidates.iter().all(|x| story.sources[*x].naming == story.sources[**k].naming));
        let naming = s.speaker.or(open.copied()).map_or(Naming::None, |k| story.sources[k].naming).name();
        out.matched += 1;
        out.speaker += usize::from(speaker_right(story, i, w));
        out.unresolved += usize::from(!s.candidates.is_empty());
        out.listed += usize::from(s.candidates.iter().any(|k| is_speaker(&story.sources[*k], w)));
        out.naming += usize::from(naming == w.naming);
        if naming != w.naming {
            *out.confused.entry((w.naming.clone(), naming.to_string())).or_default() += 1;
        }
        out.form += usize::from(s.attribution.form.name() == w.form);
        out.level += usize::from(s.attribution.level.name() == w.level);
        let (a, b) = (s.via.as_ref().map(|v| plain(&v.name)), w.via.as_ref().map(|v| plain(v)));
        let same = a.as_ref().zip(b.as_ref()).is_some_and(|(a, b)| a.contains(b.as_str()) || b.contains(a.as_str()));
        for (slot, yes) in out.via.iter_mut().zip([same, a.is_some(), b.is_some()]) {
            *slot += usize::from(yes);
        }
        let (u, v) = (naming == "unnamed", w.naming == "unnamed");
        for (slot, yes) in out.unnamed.iter_mut().zip([u && v, u, v]) {
            *slot += usize::from(yes);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{grade, mark, resolve};
    use sayso_text::{Alignment, Block, BlockKind, Doc, Format, Meta, Span};

    #[test]
    fn names_are_compared_without_titles() {
        assert_eq!(plain("The Mr. Renn’s"), "renn");
        assert_eq!(plain("Sen. Ida Moss"), plain("ida moss"));
        assert_ne!(plain("Ida Moss"), plain("Olav Moss"));
    }

    #[test]
    fn a_story_worked_by_hand() {
        let text = "Ida Moss said it rained. A former aide told the Vellmar Courier it snowed. Rain fell, some say.";
        let at = |w: &str| {
            let i = text.find(w).unwrap();
            vec![Span::new(i, i + w.len())]
        };
        let block = Block { kind: BlockKind::Body, span: Span::new(0, text.len()) };
        let doc = Doc::new(text, vec![block], Meta::default(), Alignment::identity(text.len(), 0), Format::Plain);
        let (marked, _) =
            mark::given(doc, vec![[at("Ida Moss"), at("said"), at("it rained")], [at("A former aide"), at("told"), at("it snowed")]]);
        let story = grade(resolve(marked));
        let wanted = |speaker: &str, naming: &str, via: Option<&str>, content: &str| Wanted {
            triple: Triple { source: vec![], cue: vec![], content: at(content) },
            speaker: speaker.into(),
            aliases: vec![],
            naming: naming.into(),
            level: "speech".into(),
            form: "indirect".into(),
            via: via.map(str::to_string),
        };
        let t = speakers(
            &story,
            &[
                wanted("Ida Moss", "named", None, "it rained"),
                wanted("a former aide", "unnamed", Some("the Vellmar Courier"), "it snowed"),
                wanted("some", "collective", None, "Rain fell"),
            ],
        );
        assert_eq!((t.gold, t.matched, t.speaker, t.naming, t.form, t.level), (3, 2, 2, 2, 2, 2));
        assert_eq!((t.via, t.unnamed), ([1, 1, 1], [1, 1, 1]));
    }
}
