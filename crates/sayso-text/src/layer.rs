use crate::Span;

/// Values over spans, sorted by start: a stand-off layer. Spans may overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer<T> {
    items: Vec<(Span, T)>,
}

impl<T> Default for Layer<T> {
    fn default() -> Self {
        Self { items: Vec::new() }
    }
}

impl<T> FromIterator<(Span, T)> for Layer<T> {
    fn from_iter<I: IntoIterator<Item = (Span, T)>>(items: I) -> Self {
        let mut items: Vec<_> = items.into_iter().collect();
        items.sort_by_key(|(s, _)| (s.start, s.end));
        Self { items }
    }
}

impl<T> Layer<T> {
    /// All, in text order.
    pub fn iter(&self) -> impl Iterator<Item = &(Span, T)> {
        self.items.iter()
    }

    /// Those that start inside `span`.
    pub fn starting_in(&self, span: Span) -> &[(Span, T)] {
        let lo = self.items.partition_point(|(s, _)| s.start < span.start);
        let hi = self.items.partition_point(|(s, _)| s.start < span.end);
        &self.items[lo..hi]
    }

    /// The last one that starts at or before `offset` and covers it. For layers without overlap.
    pub fn covering(&self, offset: usize) -> Option<&(Span, T)> {
        let at = self.items.partition_point(|(s, _)| s.start as usize <= offset);
        self.items[..at].last().filter(|(s, _)| s.contains(offset))
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_covers_and_what_starts_inside() {
        let l: Layer<char> = [(Span::new(6, 9), 'b'), (Span::new(0, 4), 'a')].into_iter().collect();
        assert_eq!(l.covering(3).map(|x| x.1), Some('a'));
        assert_eq!(l.covering(4), None);
        assert_eq!(l.starting_in(Span::new(1, 7)).len(), 1);
    }
}
