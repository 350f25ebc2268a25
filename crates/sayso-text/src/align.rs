use crate::Span;

/// A run of text that stands in the source: `text` bytes come from `source` bytes.
///
/// Where both have one length they correspond byte by byte; else the run as a whole does (an entity, a
/// character of another encoding).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Where in the text.
    pub text: Span,
    /// First source byte.
    pub source: u64,
    /// Number of source bytes.
    pub source_len: u32,
}

/// From text back to the bytes it was read from: sorted, disjoint runs. Text that stands in no run was
/// made by the reader (a blank line between blocks) or could not be found in the source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alignment {
    runs: Vec<Run>,
}

impl Alignment {
    /// Text that is the source, byte for byte, after `skip` bytes (a byte-order mark).
    pub fn identity(len: usize, skip: usize) -> Self {
        let mut a = Self::default();
        a.push(Run { text: Span::new(0, len), source: skip as u64, source_len: len as u32 });
        a
    }

    /// Adds a run behind all others, joined to the last where both go on without a gap.
    pub fn push(&mut self, run: Run) {
        if run.text.is_empty() {
            return;
        }
        if let Some(last) = self.runs.last_mut() {
            debug_assert!(last.text.end <= run.text.start, "runs are sorted");
            let plain = |r: &Run| r.text.len() == r.source_len as usize;
            if plain(last) && plain(&run) && last.text.end == run.text.start && last.source + u64::from(last.source_len) == run.source {
                last.text.end = run.text.end;
                last.source_len += run.source_len;
                return;
            }
        }
        self.runs.push(run);
    }

    /// The runs, in order.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The source bytes that the span was read from, as the hull of its pieces: `None` where no byte of it is
    /// aligned.
    pub fn source(&self, span: Span) -> Option<(u64, u64)> {
        let at = self.runs.partition_point(|r| r.text.end <= span.start);
        let mut hull: Option<(u64, u64)> = None;
        for r in self.runs[at..].iter().take_while(|r| r.text.start < span.end) {
            let (mut lo, mut hi) = (r.source, r.source + u64::from(r.source_len));
            if r.text.len() == r.source_len as usize {
                lo += u64::from(span.start.saturating_sub(r.text.start));
                hi -= u64::from(r.text.end.saturating_sub(span.end));
            }
            hull = Some(hull.map_or((lo, hi), |(a, b)| (a.min(lo), b.max(hi))));
        }
        hull
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_join_and_map_back() {
        let mut a = Alignment::default();
        a.push(Run { text: Span::new(0, 3), source: 10, source_len: 3 });
        a.push(Run { text: Span::new(3, 5), source: 13, source_len: 2 });
        a.push(Run { text: Span::new(5, 6), source: 15, source_len: 5 }); // "&amp;"
        a.push(Run { text: Span::new(8, 9), source: 40, source_len: 1 });
        assert_eq!(a.runs().len(), 3);
        assert_eq!(a.source(Span::new(1, 4)), Some((11, 14)));
        assert_eq!(a.source(Span::new(4, 9)), Some((14, 41)));
        assert_eq!(a.source(Span::new(6, 8)), None);
    }
}
