//! Corrections that a person made: honoured on every later run.
//!
//! They name sources by their names and statements by their words, so that they outlive ids, which move when a story is edited or a
//! model is better. One that fits nothing says so in the story's warnings.

use sayso_text::{Code, Warning};

use crate::grade::{Basis, Naming, Source, Story};
use crate::resolve::{SourceKind, Why};

/// One correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Correction {
    /// Sources that are one; the first name stands.
    Merge(Vec<String>),
    /// A source by another name, which the old one becomes an alias of.
    Rename {
        /// The name that it has.
        source: String,
        /// The name that it should have.
        to: String,
    },
    /// Statements that are another's: a source of the story, a new one, or nobody's.
    Attribute {
        /// Words of the statement, or its id.
        statement: String,
        /// Whose it is.
        to: Option<String>,
    },
    /// Statements of one source that are another's.
    Split {
        /// The source that is two.
        source: String,
        /// Words of the statements that are the other's.
        statements: Vec<String>,
        /// What to call the other.
        into: String,
    },
    /// A source of another naming class.
    Naming {
        /// The source.
        source: String,
        /// Its class.
        is: Naming,
    },
}

/// Applies corrections in their order. What fits nothing becomes a warning.
pub fn correct(story: &mut Story, corrections: &[Correction]) {
    for c in corrections {
        if let Err(what) = apply(story, c) {
            story.warnings.push(Warning::new(Code::Correction, format!("a correction fits nothing here: {what}")));
        }
    }
}

fn apply(story: &mut Story, c: &Correction) -> Result<(), String> {
    match c {
        Correction::Merge(names) => {
            let found: Vec<usize> = names.iter().map(|n| source(story, n)).collect::<Result<_, _>>()?;
            let (first, rest) = found.split_first().ok_or("it names no source")?;
            for other in rest.iter().filter(|o| *o != first) {
                let gone = story.sources[*other].clone();
                let kept = &mut story.sources[*first];
                for alias in std::iter::once(gone.name).chain(gone.aliases).filter(|a| *a != kept.name) {
                    if !kept.aliases.contains(&alias) {
                        kept.aliases.push(alias);
                    }
                }
                kept.mentions.extend(gone.mentions);
                kept.mentions.sort();
                kept.role = kept.role.take().or(gone.role);
                kept.reason = kept.reason.or(gone.reason);
                for s in story.statements.iter_mut().filter(|s| s.speaker == Some(*other)) {
                    s.speaker = Some(*first);
                    s.why = Why::Corrected;
                }
            }
            Ok(())
        }
        Correction::Rename { source: name, to } => {
            let k = source(story, name)?;
            let old = std::mem::replace(&mut story.sources[k].name, to.clone());
            let aliases = &mut story.sources[k].aliases;
            aliases.retain(|a| a != to);
            aliases.push(old);
            Ok(())
        }
        Correction::Attribute { statement, to } => {
            let found = statements(story, statement)?;
            let speaker = to.as_ref().map(|name| source(story, name).unwrap_or_else(|_| enter(story, name, None)));
            give(story, &found, speaker);
            Ok(())
        }
        Correction::Split { source: name, statements: words, into } => {
            let k = source(story, name)?;
            let mut found = Vec::new();
            for w in words {
                found.extend(statements(story, w)?.into_iter().filter(|i| story.statements[*i].speaker == Some(k)));
            }
            if found.is_empty() {
                return Err(format!("{name:?} makes none of the statements"));
            }
            let other = enter(story, into, Some(k));
            give(story, &found, Some(other));
            Ok(())
        }
        Correction::Naming { source: name, is } => {
            let k = source(story, name)?;
            story.sources[k].naming = *is;
            Ok(())
        }
    }
}

fn give(story: &mut Story, statements: &[usize], speaker: Option<usize>) {
    for i in statements {
        let s = &mut story.statements[*i];
        s.speaker = speaker;
        s.why = Why::Corrected;
        s.candidates.clear();
        if let Some(k) = speaker {
            let mention = s.attribution.source.first().copied().unwrap_or(s.attribution.anchor());
            story.sources[k].mentions.push(mention);
            story.sources[k].mentions.sort();
        }
    }
}

/// A source that the story does not have yet: like another, or a named person.
fn enter(story: &mut Story, name: &str, like: Option<usize>) -> usize {
    let fresh = match like {
        Some(k) => Source { name: name.to_string(), aliases: Vec::new(), mentions: Vec::new(), ..story.sources[k].clone() },
        None => Source {
            name: name.to_string(),
            proper: name.chars().any(char::is_uppercase),
            kind: SourceKind::Person,
            naming: Naming::Named,
            role: None,
            affiliation: None,
            aliases: Vec::new(),
            mentions: Vec::new(),
            descriptor_level: 6,
            basis: Basis { kind: "unstated", span: None },
            reason: None,
        },
    };
    story.sources.push(fresh);
    story.sources.len() - 1
}

fn fold(s: &str) -> String {
    s.replace(['’', '‘'], "'").replace(['“', '”'], "\"").split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn source(story: &Story, name: &str) -> Result<usize, String> {
    let want = fold(name);
    let by = |f: &dyn Fn(&Source) -> bool| story.sources.iter().position(f);
    by(&|s| fold(&s.name) == want)
        .or_else(|| by(&|s| s.aliases.iter().any(|a| fold(a) == want)))
        .ok_or_else(|| format!("there is no source {name:?}"))
}

/// The statements that an id means, or that hold the words.
fn statements(story: &Story, what: &str) -> Result<Vec<usize>, String> {
    if let Some(n) = what.strip_prefix('a').and_then(|n| n.parse::<usize>().ok()) {
        return if (1..=story.statements.len()).contains(&n) { Ok(vec![n - 1]) } else { Err(format!("there is no statement {what}")) };
    }
    let want = fold(what);
    let found: Vec<usize> = (0..story.statements.len())
        .filter(|i| {
            let content = &story.statements[*i].attribution.content;
            let words = content.iter().map(|s| s.of(&story.doc.text)).collect::<Vec<_>>().join(" ");
            fold(&words).contains(&want)
        })
        .collect();
    if found.is_empty() || want.is_empty() { Err(format!("no statement holds {what:?}")) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{grade, mark, resolve};
    use sayso_text::{Alignment, Block, BlockKind, Doc, Format, Meta, Span};

    fn story() -> Story {
        let text = "Ida Moss said it rained. A former aide said it snowed. One official said it hailed. She said it thundered.";
        let at = |w: &str, from: usize| {
            let i = from + text[from..].find(w).unwrap();
            vec![Span::new(i, i + w.len())]
        };
        let triple = |s: &str, c: &str| {
            let from = text.find(&format!("{s} said {c}")).unwrap();
            [at(s, from), at("said", from), at(c, from)]
        };
        let block = Block { kind: BlockKind::Body, span: Span::new(0, text.len()) };
        let doc = Doc::new(text, vec![block], Meta::default(), Alignment::identity(text.len(), 0), Format::Plain);
        let all = vec![
            triple("Ida Moss", "it rained"),
            triple("A former aide", "it snowed"),
            triple("One official", "it hailed"),
            triple("She", "it thundered"),
        ];
        grade(resolve(mark::given(doc, all).0))
    }

    fn speakers(s: &Story) -> Vec<Option<&str>> {
        s.statements.iter().map(|x| x.speaker.map(|k| s.sources[k].name.as_str())).collect()
    }

    #[test]
    fn merge_split_rename_attribute() {
        let mut s = story();
        correct(
            &mut s,
            &[
                Correction::Merge(vec!["a former aide".into(), "One official".into()]),
                Correction::Attribute { statement: "it thundered".into(), to: Some("Olav Brandt".into()) },
                Correction::Rename { source: "ida moss".into(), to: "Ida Maria Moss".into() },
            ],
        );
        assert_eq!(speakers(&s), [Some("Ida Maria Moss"), Some("A former aide"), Some("A former aide"), Some("Olav Brandt")]);
        assert!(s.warnings.is_empty());
        assert!(s.sources[s.statements[0].speaker.unwrap()].aliases.contains(&"Ida Moss".to_string()));
        correct(
            &mut s,
            &[
                Correction::Split { source: "A former aide".into(), statements: vec!["it hailed".into()], into: "another aide".into() },
                Correction::Attribute { statement: "a1".into(), to: None },
                Correction::Naming { source: "another aide".into(), is: Naming::Public },
            ],
        );
        assert_eq!(speakers(&s), [None, Some("A former aide"), Some("another aide"), Some("Olav Brandt")]);
        assert_eq!(s.sources[s.statements[2].speaker.unwrap()].naming, Naming::Public);
    }

    #[test]
    fn what_fits_nothing_is_said() {
        let mut s = story();
        let before = format!("{:?}", speakers(&s));
        correct(
            &mut s,
            &[
                Correction::Merge(vec!["Nobody Here".into(), "Ida Moss".into()]),
                Correction::Attribute { statement: "it burned".into(), to: None },
                Correction::Attribute { statement: "a99".into(), to: None },
            ],
        );
        assert_eq!(s.warnings.len(), 3);
        assert!(s.warnings[1].message.contains("no statement holds \"it burned\""));
        assert_eq!(format!("{:?}", speakers(&s)), before);
    }
}
