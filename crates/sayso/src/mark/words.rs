//! Words as the model counts them: runs without white space or punctuation, and single marks of punctuation.

use sayso_encoder::{is_dropped, is_punctuation};
use sayso_text::Span;

/// The words of a stretch of text, in order.
pub fn words(text: &str, within: Span) -> Vec<Span> {
    let mut out = Vec::new();
    let mut at: Option<usize> = None;
    let start = within.start as usize;
    for (i, c) in within.of(text).char_indices() {
        let i = start + i;
        if c.is_whitespace() {
            out.extend(at.take().map(|s| Span::new(s, i)));
        } else if is_dropped(c) {
            // inside a word it stays: the word is one, whatever invisible character it hides
        } else if is_punctuation(c) {
            out.extend(at.take().map(|s| Span::new(s, i)));
            out.push(Span::new(i, i + c.len_utf8()));
        } else {
            at = at.or(Some(i));
        }
    }
    out.extend(at.map(|s| Span::new(s, within.end as usize)));
    out
}

/// The letter case of a word: the model's first feature (its vocabulary knows no capitals).
pub fn case(word: &str) -> u8 {
    if word.chars().all(is_punctuation) {
        return 5;
    }
    if word.chars().any(char::is_numeric) {
        return 4;
    }
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let first = letters.next().is_some_and(char::is_uppercase);
    let (mut upper, mut all) = (usize::from(first), 1);
    for c in letters {
        upper += usize::from(c.is_uppercase());
        all += 1;
    }
    match upper {
        0 => 0,
        1 if first => 1,
        n if n == all => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_at_blanks_and_punctuation_and_keeps_hidden_characters_in_their_word() {
        let text = "Don't (ask)\u{200b} me—now, na\u{200d}ïve.";
        let got: Vec<&str> = words(text, Span::new(0, text.len())).into_iter().map(|w| w.of(text)).collect();
        assert_eq!(got, ["Don", "'", "t", "(", "ask", ")", "me", "—", "now", ",", "na\u{200d}ïve", "."]);
    }

    #[test]
    fn cases() {
        let got: Vec<u8> = ["lower", "Capital", "UPPER", "mcDonald", "5th", "—", "A"].iter().map(|w| case(w)).collect();
        assert_eq!(got, [0, 1, 2, 3, 4, 5, 1]);
    }
}
