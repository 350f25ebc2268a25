//! Offsets for others: code points for JSON and Python, line and column for people. Nothing else converts.

use crate::Span;

/// Bytes to code points and back over one text, in O(log n) with one entry for every 64 bytes.
#[derive(Clone, Debug)]
pub struct CodePoints<'t> {
    text: &'t str,
    /// Code points before byte `64 * i` (rounded up to a character boundary).
    before: Vec<u32>,
}

const STRIDE: usize = 64;

/// A byte that starts a character.
fn leads(b: u8) -> bool {
    b & 0xC0 != 0x80
}

impl<'t> CodePoints<'t> {
    /// Indexes `text`.
    pub fn new(text: &'t str) -> Self {
        let mut before = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut n = 0u32;
        for chunk in text.as_bytes().chunks(STRIDE) {
            before.push(n);
            n += chunk.iter().filter(|b| leads(**b)).count() as u32;
        }
        before.push(n);
        Self { text, before }
    }

    /// Number of code points before byte `at`.
    pub fn of_byte(&self, at: usize) -> usize {
        let from = at / STRIDE * STRIDE;
        self.before[at / STRIDE] as usize + self.text.as_bytes()[from..at].iter().filter(|b| leads(**b)).count()
    }

    /// Byte of code point `at`; the text's length for one past the last.
    pub fn to_byte(&self, at: usize) -> Option<usize> {
        let k = self.before.partition_point(|n| (*n as usize) <= at).checked_sub(1)?;
        let mut n = self.before[k] as usize;
        for (i, b) in self.text.as_bytes().iter().enumerate().skip(k * STRIDE) {
            if leads(*b) {
                if n == at {
                    return Some(i);
                }
                n += 1;
            }
        }
        (n == at).then_some(self.text.len())
    }

    /// A span as `(start, end)` in code points.
    pub fn span(&self, span: Span) -> (usize, usize) {
        (self.of_byte(span.start as usize), self.of_byte(span.end as usize))
    }
}

/// Lines of a text, counted from 1.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes `text`; a line ends at `\n`.
    pub fn new(text: &str) -> Self {
        let starts = std::iter::once(0).chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i as u32 + 1)).collect();
        Self { starts }
    }

    /// Line and column (in code points), both from 1, of byte `at`.
    pub fn line_column(&self, text: &str, at: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|s| *s as usize <= at);
        let start = self.starts[line - 1] as usize;
        (line, text[start..at].chars().count() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_characters_not_bytes() {
        let text = "é🙂x\nß";
        let cp = CodePoints::new(text);
        assert_eq!(cp.span(Span::new(2, 7)), (1, 3));
        assert_eq!(LineIndex::new(text).line_column(text, 8), (2, 1));
    }

    proptest! {
        #[test]
        fn bytes_and_code_points_round_trip(text in "\\PC{0,300}") {
            let cp = CodePoints::new(&text);
            for (n, (at, _)) in text.char_indices().enumerate() {
                prop_assert_eq!(cp.of_byte(at), n);
                prop_assert_eq!(cp.to_byte(n), Some(at));
            }
            prop_assert_eq!(cp.to_byte(text.chars().count()), Some(text.len()));
            prop_assert_eq!(cp.to_byte(text.chars().count() + 1), None);
        }
    }
}
