//! The quotation grammar: which marks quote, and which words stand in quotation, paragraph by paragraph.
//!
//! `training/features.py` does the same for the model's input; `models/parity.json` holds both to it.

use sayso_text::Span;

const DOUBLE_OPEN: [char; 3] = ['“', '„', '«'];
const DOUBLE_CLOSE: [char; 2] = ['”', '»'];
const DOUBLE_EITHER: [char; 3] = ['"', '‟', '＂'];
const SINGLE_OPEN: [char; 3] = ['‘', '‚', '‹'];
const SINGLE_CLOSE: [char; 2] = ['’', '›'];

/// One mark that quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Byte offset in the text.
    pub at: usize,
    /// Whether it opens.
    pub opens: bool,
    /// Whether it is a single mark.
    pub single: bool,
}

/// A stretch between an opening mark and the mark that shuts it, both inside; or to the paragraph's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotation {
    /// From the opening mark through the closing one.
    pub span: Span,
    /// Whether a mark shuts it.
    pub closed: bool,
    /// Whether single marks hold it.
    pub single: bool,
}

impl Quotation {
    /// The words between the marks.
    pub fn inside(&self, text: &str) -> Span {
        let words = self.span.of(text);
        let first = width(words);
        let last = match self.closed {
            true if words.ends_with("''") && words.len() > first + 1 => 2,
            true => words.chars().next_back().map_or(0, char::len_utf8),
            false => 0,
        };
        let start = self.span.start as usize + first;
        Span::new(start, (self.span.end as usize - last).max(start)).trim(text)
    }
}

struct Chars {
    span: Span,
    chars: Vec<(usize, char)>,
}

impl Chars {
    fn new(text: &str, span: Span) -> Self {
        let start = span.start as usize;
        Self { span, chars: span.of(text).char_indices().map(|(i, c)| (start + i, c)).collect() }
    }

    fn get(&self, i: usize) -> char {
        self.chars.get(i).map_or(' ', |c| c.1)
    }

    fn before(&self, i: usize) -> char {
        if i == 0 { ' ' } else { self.get(i - 1) }
    }

    fn at(&self, i: usize) -> usize {
        self.chars.get(i).map_or(self.span.end as usize, |c| c.0)
    }
}

/// The marks that quote in one paragraph, in order.
///
/// Double marks first. Single marks count only outside double ones and only in pairs, so that an apostrophe
/// never opens or shuts a quotation. A straight mark opens where white space, an opening bracket or a dash
/// stands before it and text after it; else it shuts if a quotation is open. A closing mark that shuts nothing
/// is stray and is left out; nothing after it is turned inside out.
pub fn marks(text: &str, paragraph: Span) -> Vec<Mark> {
    let c = Chars::new(text, paragraph);
    let n = c.chars.len();
    let mut out = Vec::new();
    let mut open = false;
    let mut twin = None;
    for i in 0..n {
        if twin == Some(i) {
            continue; // the second half of a mark written as two
        }
        let ch = c.get(i);
        let (b, a) = (c.before(i), c.get(i + 1));
        let opens = if ch == '`' && a == '`' {
            twin = Some(i + 1);
            true
        } else if ch == '\'' && a == '\'' && b != '\'' && c.get(i + 2) != '\'' {
            // archives write a double mark as two apostrophes
            twin = Some(i + 1);
            let a = c.get(i + 2);
            let may_open = (b.is_whitespace() || "([{—–-/:".contains(b)) && !a.is_whitespace();
            let may_shut = !b.is_whitespace() && (a.is_whitespace() || ")]}—–-,.;:?!".contains(a));
            match (may_open, may_shut) {
                (true, false) => true,
                (false, true) => false,
                _ => !open,
            }
        } else if DOUBLE_OPEN.contains(&ch) {
            true
        } else if DOUBLE_CLOSE.contains(&ch) {
            false
        } else if DOUBLE_EITHER.contains(&ch) {
            let may_open = (b.is_whitespace() || "([{—–-/:‘'".contains(b)) && !a.is_whitespace();
            let may_shut = !b.is_whitespace() && (a.is_whitespace() || ")]}—–-,.;:?!’'".contains(a));
            match (may_open, may_shut) {
                (true, false) => true,
                (false, true) => false,
                _ => !open,
            }
        } else {
            continue;
        };
        if !opens && !open || "«»".contains(ch) && b.is_whitespace() && a.is_whitespace() {
            continue;
        }
        open = opens;
        out.push(Mark { at: i, opens, single: false });
    }
    let mut spans: Vec<(usize, usize)> = Vec::new();
    let mut start = None;
    for m in &out {
        if m.opens {
            start = start.or(Some(m.at));
        } else if let Some(s) = start.take() {
            spans.push((s, m.at));
        }
    }
    if let Some(s) = start {
        spans.push((s, n));
    }
    let quoted = |i: usize| {
        let k = spans.partition_point(|s| s.0 <= i);
        k > 0 && i <= spans[k - 1].1
    };
    let mut i = 0;
    while i < n {
        let (ch, b, a) = (c.get(i), c.before(i), c.get(i + 1));
        let opens = SINGLE_OPEN.contains(&ch) && !a.is_whitespace()
            || ch == '\'' && (b.is_whitespace() || "([{—–:".contains(b)) && (a.is_alphabetic() || "[…".contains(a));
        if opens
            && !quoted(i)
            && let Some(shut) = single_close(&c, i, &quoted)
        {
            out.push(Mark { at: i, opens: true, single: true });
            out.push(Mark { at: shut, opens: false, single: true });
            i = shut;
        }
        i += 1;
    }
    out.sort();
    for m in &mut out {
        m.at = c.at(m.at);
    }
    out
}

/// The mark that shuts the single quotation opened at `i`. One after punctuation is certain; one after a letter
/// may be a plural possessive, so a certain one before the next opening wins.
fn single_close(c: &Chars, i: usize, quoted: &impl Fn(usize) -> bool) -> Option<usize> {
    let mut maybe = None;
    for j in i + 1..c.chars.len() {
        if quoted(j) {
            return maybe;
        }
        let (ch, prev, next) = (c.get(j), c.before(j), c.get(j + 1));
        if SINGLE_OPEN.contains(&ch) {
            break;
        }
        if SINGLE_CLOSE.contains(&ch) || ch == '\'' {
            // 'n' and its like: a letter dropped on either side, not a quotation
            if next.is_alphanumeric() || prev.is_whitespace() || j <= i + 2 {
                continue;
            }
            if ",.?!…".contains(prev) {
                return Some(j);
            }
            maybe = maybe.or(Some(j));
            if prev != 's' || !(next == ' ' && c.get(j + 2).is_lowercase()) {
                return Some(j);
            }
        }
    }
    maybe
}

/// Bytes of the mark that some text begins with: two apostrophes are one.
fn width(text: &str) -> usize {
    if text.starts_with("''") || text.starts_with("``") { 2 } else { text.chars().next().map_or(0, char::len_utf8) }
}

/// The quotations of one paragraph, in order, without those inside others.
pub fn quotations(text: &str, paragraph: Span, marks: &[Mark]) -> Vec<Quotation> {
    let mut out = Vec::new();
    let mut open: Option<Mark> = None;
    for m in marks {
        if m.opens {
            open = open.or(Some(*m));
        } else if let Some(o) = open.take() {
            let end = m.at + width(&text[m.at..]);
            out.push(Quotation { span: Span::new(o.at, end), closed: true, single: o.single });
        }
    }
    if let Some(o) = open {
        out.push(Quotation { span: Span::new(o.at, paragraph.end as usize), closed: false, single: o.single });
    }
    out
}

/// The quotations that share a byte with a span. They are sorted and disjoint, so this is a search and a walk.
pub fn touching(quotations: &[Quotation], span: Span) -> impl Iterator<Item = &Quotation> {
    let near = quotations.partition_point(|q| q.span.end <= span.start);
    quotations[near..].iter().take_while(move |q| q.span.start < span.end)
}

/// How a word stands to quotation: the model's second feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum State {
    /// Outside.
    Out = 0,
    /// Between marks.
    In = 1,
    /// An opening mark.
    Open = 2,
    /// A closing mark.
    Close = 3,
    /// After an opening mark that nothing shuts.
    Unclosed = 4,
}

/// The state of each word of a paragraph.
pub fn states(words: &[Span], marks: &[Mark]) -> Vec<State> {
    let last = |opens: bool| marks.iter().filter(|m| m.opens == opens).map(|m| m.at).max();
    let unclosed = match (last(true), last(false)) {
        (Some(o), Some(c)) if o < c => None,
        (o, _) => o,
    };
    let mut inside = false;
    words
        .iter()
        .map(|w| {
            let at = w.start as usize;
            match marks.binary_search_by_key(&at, |m| m.at) {
                Ok(k) if marks[k].opens => {
                    inside = true;
                    State::Open
                }
                Ok(_) => {
                    inside = false;
                    State::Close
                }
                Err(_) if inside && unclosed.is_some_and(|u| at > u) => State::Unclosed,
                Err(_) if inside => State::In,
                Err(_) => State::Out,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> Vec<&str> {
        let p = Span::new(0, text.len());
        quotations(text, p, &marks(text, p)).iter().map(|q| q.inside(text).of(text)).collect()
    }

    #[test]
    fn straight_curly_and_foreign_marks() {
        assert_eq!(quoted("\"I can't,\" she said. \"No.\""), ["I can't,", "No."]);
        assert_eq!(quoted("“Yes,” he said; «peut-être», „vielleicht”."), ["Yes,", "peut-être", "vielleicht"]);
    }

    #[test]
    fn marks_written_as_two_characters() {
        assert_eq!(quoted("''We won't go,'' she said. ``Never,'' said the twins' mother."), ["We won't go,", "Never,"]);
        assert_eq!(quoted("''They said 'no,' and left,'' he said."), ["They said 'no,' and left,"]);
        assert!(quoted("It was 6' 2'' tall in the ''' code").is_empty());
    }

    #[test]
    fn british_single_quotes_and_apostrophes_that_are_none() {
        assert_eq!(quoted("‘We won’t go,’ he said, ‘to the voters’ hall.’"), ["We won’t go,", "to the voters’ hall."]);
        assert_eq!(quoted("'It wasn't us,' said the twins' mother."), ["It wasn't us,"]);
        assert!(quoted("The voters' hall and the drivers' yard, don't you know; rock 'n' roll in the '90s").is_empty());
    }

    #[test]
    fn single_marks_inside_double_ones_do_not_end_them() {
        assert_eq!(quoted("“He told me, ‘Leave,’ and I left,” she said."), ["He told me, ‘Leave,’ and I left,"]);
    }

    #[test]
    fn stray_marks_turn_nothing_inside_out() {
        assert_eq!(quoted("A stray ” mark, then “a quote,” he said."), ["a quote,"]);
        assert_eq!(quoted("» Bullet one » bullet two"), Vec::<&str>::new());
        assert_eq!(quoted("It measured 6\" across and \"nothing more,\" he said."), ["nothing more,"]);
        assert_eq!(quoted("“Never shut, he said"), ["Never shut, he said"]);
    }
}
