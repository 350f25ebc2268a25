use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// Punctuation as BERT has it: Unicode's, and every ASCII symbol.
pub fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation() || (!c.is_ascii() && c.general_category_group() == GeneralCategoryGroup::Punctuation)
}

/// Characters that carry no text: controls, format characters (zero-width, direction), private use.
pub fn is_dropped(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r');
    }
    c == '\u{fffd}' || c.general_category_group() == GeneralCategoryGroup::Other
}

/// Words longer than this many characters are one unknown piece.
const MAX_WORD: usize = 100;

/// Greedy longest-match WordPiece over a BERT uncased vocabulary (Schuster and Nakajima 2012).
pub struct WordPiece {
    ids: HashMap<Box<str>, u32>,
    unknown: u32,
}

impl WordPiece {
    /// A vocabulary with one piece a line; the line number is the id.
    pub fn new(vocabulary: &str) -> Self {
        let ids: HashMap<Box<str>, u32> = vocabulary.lines().enumerate().map(|(i, l)| (Box::from(l), i as u32)).collect();
        let unknown = ids.get("[UNK]").copied().unwrap_or(0);
        Self { ids, unknown }
    }

    /// The id of a piece that must be in the vocabulary, such as `[CLS]`; the unknown piece's where it is not.
    pub fn id(&self, piece: &str) -> u32 {
        self.ids.get(piece).copied().unwrap_or(self.unknown)
    }

    /// Appends the ids of one word: lower case, accents taken off, quotation marks and dashes made plain.
    pub fn push(&self, word: &str, out: &mut Vec<u32>) {
        let plain = match word {
            "‘" | "’" | "`" => "'",
            "“" | "”" => "\"",
            "–" | "—" => "-",
            other => other,
        };
        if plain.is_ascii() && !plain.bytes().any(|b| b.is_ascii_control()) {
            return self.push_folded(&plain.to_ascii_lowercase(), out);
        }
        let folded: String = plain
            .chars()
            .filter(|c| !is_dropped(*c))
            .flat_map(char::to_lowercase)
            .nfd()
            .filter(|c| c.general_category() != GeneralCategory::NonspacingMark)
            .collect();
        self.push_folded(&folded, out);
    }

    fn push_folded(&self, word: &str, out: &mut Vec<u32>) {
        if word.is_empty() || word.chars().count() > MAX_WORD {
            return out.push(self.unknown);
        }
        let before = out.len();
        let mut at = 0;
        let mut key = String::with_capacity(word.len() + 2);
        while at < word.len() {
            let mut end = word.len();
            let found = loop {
                key.clear();
                if at > 0 {
                    key.push_str("##");
                }
                key.push_str(&word[at..end]);
                if let Some(id) = self.ids.get(key.as_str()) {
                    break Some(*id);
                }
                match word[at..end].char_indices().next_back() {
                    Some((i, _)) if i > 0 => end = at + i,
                    _ => break None,
                }
            };
            let Some(id) = found else {
                out.truncate(before);
                return out.push(self.unknown);
            };
            out.push(id);
            at = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(word: &str) -> Vec<u32> {
        let wp = WordPiece::new("[UNK]\nbridge\n##s\nun\n##bridge\n'\nrene\ne");
        let mut out = Vec::new();
        wp.push(word, &mut out);
        out
    }

    #[test]
    fn longest_piece_first_and_unknown_as_a_whole() {
        assert_eq!(ids("Bridges"), [1, 2]);
        assert_eq!(ids("unbridges"), [3, 4, 2]);
        assert_eq!(ids("bridgex"), [0]);
        assert_eq!(ids("’"), [5]);
        assert_eq!(ids("René"), [6]);
        assert_eq!(ids("\u{200b}"), [0]);
        assert_eq!(ids(&"s".repeat(101)), [0]);
    }
}
