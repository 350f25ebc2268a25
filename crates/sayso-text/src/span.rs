use std::fmt;
use std::ops::Range;

/// A half-open range of UTF-8 bytes in a document's text.
///
/// `u32` because a story longer than 4 GiB is refused when it is read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of `start..end`. `start` must not exceed `end`.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "span {start}..{end}");
        Self { start: start as u32, end: end as u32 }
    }

    /// Number of bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// As a range to slice with.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The words it stands for.
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
    }

    /// Whether `offset` lies in it.
    pub fn contains(self, offset: usize) -> bool {
        self.range().contains(&offset)
    }

    /// Whether `other` lies wholly in it.
    pub fn covers(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Number of bytes in common.
    pub fn common(self, other: Span) -> usize {
        (self.end.min(other.end) as usize).saturating_sub(self.start.max(other.start) as usize)
    }

    /// The smallest span that covers both.
    pub fn hull(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Without white space at either end.
    pub fn trim(self, text: &str) -> Span {
        let words = self.of(text);
        let start = self.start as usize + words.len() - words.trim_start().len();
        Span::new(start, start + words.trim().len())
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trims_to_words_and_keeps_an_empty_span_inside() {
        let text = "  a b \n";
        assert_eq!(Span::new(0, 7).trim(text), Span::new(2, 5));
        let blank = Span::new(0, 2).trim(text);
        assert!(blank.is_empty() && blank.end <= 2);
    }

    #[test]
    fn common_counts_shared_bytes_only() {
        assert_eq!(Span::new(0, 5).common(Span::new(3, 9)), 2);
        assert_eq!(Span::new(0, 3).common(Span::new(3, 9)), 0);
    }
}
