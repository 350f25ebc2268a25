//! Words as tracing compares them: case, quotation marks, dashes, compatibility forms and hidden characters set aside, each with its
//! place in the text.

use std::collections::HashMap;

use sayso_text::Span;
use unicode_normalization::UnicodeNormalization;

/// One word, or an ellipsis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// Its number in the vocabulary.
    pub id: u32,
    /// Where it stands.
    pub span: Span,
    /// Whether it stands in square brackets: put in by an editor.
    pub inserted: bool,
    /// Whether it begins with a capital: names and titles are shared by many who quote nobody.
    pub capital: bool,
}

/// The number of the ellipsis.
pub const ELLIPSIS: u32 = 0;

/// Folded words and their numbers, and in how many stories each stands.
#[derive(Debug)]
pub struct Vocabulary {
    ids: HashMap<Box<str>, u32>,
    words: Vec<Box<str>>,
    common: Vec<bool>,
}

impl Default for Vocabulary {
    fn default() -> Self {
        Self { ids: HashMap::from([("…".into(), ELLIPSIS)]), words: vec!["…".into()], common: vec![true] }
    }
}

impl Vocabulary {
    fn id(&mut self, folded: &str) -> u32 {
        if let Some(id) = self.ids.get(folded) {
            return *id;
        }
        let id = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.words.push(folded.into());
        self.common.push(COMMON.contains(&folded));
        self.ids.insert(folded.into(), id);
        id
    }

    /// The folded word of a number.
    pub fn word(&self, id: u32) -> &str {
        self.words.get(id as usize).map_or("", |w| w)
    }

    /// Whether a word is so common that sharing it says nothing.
    pub fn is_common(&self, id: u32) -> bool {
        self.common.get(id as usize).copied().unwrap_or(true)
    }

    /// The words of a stretch of text.
    pub fn read(&mut self, text: &str, within: Span) -> Vec<Word> {
        let mut out = Vec::new();
        let base = within.start as usize;
        let mut chars = within.of(text).char_indices().peekable();
        let mut brackets = 0u32;
        let mut folded = String::new();
        let mut dots = 0;
        let mut dots_from = 0;
        while let Some((i, c)) = chars.next() {
            match c {
                '[' => brackets += 1,
                ']' => brackets = brackets.saturating_sub(1),
                '…' => {
                    out.push(Word { id: ELLIPSIS, span: Span::new(base + i, base + i + c.len_utf8()), inserted: false, capital: false })
                }
                '.' => {
                    if dots == 0 {
                        dots_from = i;
                    }
                    dots += 1;
                    if dots == 3 {
                        out.push(Word { id: ELLIPSIS, span: Span::new(base + dots_from, base + i + 1), inserted: false, capital: false });
                    }
                    continue;
                }
                // ". . ." is an ellipsis too
                ' ' | '\u{a0}' if dots > 0 && chars.peek().is_some_and(|(_, c)| *c == '.') => continue,
                _ => {}
            }
            dots = 0;
            if !c.is_alphanumeric() {
                continue;
            }
            let mut end = i + c.len_utf8();
            folded.clear();
            fold(c, &mut folded);
            let mut digit = c.is_numeric();
            while let Some((j, d)) = chars.peek().copied() {
                let next = within.of(text)[j + d.len_utf8()..].chars().next();
                if d.is_alphanumeric() || is_hidden(d) || is_mark(d) {
                    if !is_hidden(d) {
                        fold(d, &mut folded);
                    }
                } else if matches!(d, '\'' | '’') && next.is_some_and(char::is_alphabetic) {
                    folded.push('\'');
                } else if digit && matches!(d, '.' | ',') && next.is_some_and(char::is_numeric) {
                    if d == '.' {
                        folded.push('.');
                    }
                } else {
                    break;
                }
                digit = d.is_numeric() || matches!(d, '.' | ',');
                end = j + d.len_utf8();
                chars.next();
            }
            let id = self.id(&folded);
            out.push(Word { id, span: Span::new(base + i, base + end), inserted: brackets > 0, capital: c.is_uppercase() });
        }
        out
    }
}

fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0100}'..='\u{e01ef}')
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn fold(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
    } else {
        // compatibility forms decomposed, without their accents: "café" and "cafe" are one word
        out.extend(c.nfkd().filter(|c| !is_mark(*c)).flat_map(char::to_lowercase));
    }
}

/// Words that two strangers' sentences share.
const COMMON: &[&str] = &[
    "a", "about", "after", "again", "all", "also", "am", "an", "and", "any", "are", "aren't", "as", "at", "back", "be", "because", "been",
    "before", "being", "but", "by", "can", "can't", "come", "could", "did", "didn't", "do", "does", "doesn't", "don't", "down", "even",
    "every", "for", "from", "get", "go", "going", "good", "got", "had", "has", "have", "he", "he's", "her", "here", "him", "his", "how",
    "i", "i'd", "i'll", "i'm", "i've", "if", "in", "into", "is", "isn't", "it", "it's", "its", "just", "know", "let", "like", "look",
    "lot", "make", "many", "me", "more", "most", "much", "my", "need", "never", "no", "not", "now", "of", "off", "on", "one", "only", "or",
    "other", "our", "out", "over", "people", "really", "right", "said", "say", "says", "see", "she", "she's", "should", "so", "some",
    "than", "that", "that's", "the", "their", "them", "then", "there", "there's", "these", "they", "they're", "thing", "things", "think",
    "this", "those", "through", "time", "to", "too", "told", "up", "us", "very", "want", "was", "wasn't", "way", "we", "we're", "we've",
    "well", "were", "what", "when", "where", "which", "who", "why", "will", "with", "won't", "would", "year", "years", "you", "you're",
    "your",
];

/// Words that change who did or whether: negations.
pub const NEGATIONS: &[&str] = &[
    "not", "no", "never", "nobody", "nothing", "none", "neither", "nor", "cannot", "without", "can't", "don't", "doesn't", "didn't",
    "won't", "wouldn't", "shouldn't", "couldn't", "isn't", "aren't", "wasn't", "weren't", "hasn't", "haven't", "hadn't",
];

/// Numbers in words.
pub const NUMBERS: &[&str] = &[
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
    "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty",
    "ninety", "hundred", "thousand", "million", "billion", "dozen", "half", "twice",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_keep_their_places() {
        let mut v = Vocabulary::default();
        let text = "“She’s [the mayor] late … 1,200 cafés\u{200b}” . . . done";
        let words = v.read(text, Span::new(0, text.len()));
        let folded: Vec<&str> = words.iter().map(|w| v.word(w.id)).collect();
        assert_eq!(folded, ["she's", "the", "mayor", "late", "…", "1200", "cafes", "…", "done"]);
        assert!(words[1].inserted && words[2].inserted && !words[3].inserted);
        assert_eq!(words[0].span.of(text), "She’s");
        assert_eq!(words[5].span.of(text), "1,200");
        assert_eq!(words[7].span.of(text), ". . .");
        let plain = "She's late";
        assert_eq!(v.read(plain, Span::new(0, plain.len()))[0].id, words[0].id);
    }
}
