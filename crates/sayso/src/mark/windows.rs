//! A story as windows of whole paragraphs, each with some of what stands before it.

use sayso_encoder::WordPiece;
use sayso_text::Span;

use super::quotes::{self, Mark, State};
use super::words;

/// Pieces of a window that are its own.
pub const MAIN: usize = 256;
/// Pieces of context before them, and the overlap of the parts of a paragraph that is longer than a window.
pub const CONTEXT: usize = 44;

/// One paragraph, ready for the model.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// Where it stands.
    pub span: Span,
    /// Its words.
    pub words: Vec<Span>,
    /// Its marks that quote.
    pub marks: Vec<Mark>,
    /// First piece of each word in `pieces`, and one more for the end.
    starts: Vec<u32>,
    pieces: Vec<u32>,
    cases: Vec<u8>,
    states: Vec<State>,
}

impl Paragraph {
    /// Cuts a paragraph into words and pieces.
    pub fn new(text: &str, span: Span, wordpiece: &WordPiece) -> Self {
        let words = words::words(text, span);
        let marks = quotes::marks(text, span);
        let states = quotes::states(&words, &marks);
        let (mut pieces, mut starts) = (Vec::with_capacity(words.len() * 5 / 4), Vec::with_capacity(words.len() + 1));
        for (w, s) in words.iter().zip(&states) {
            starts.push(pieces.len() as u32);
            // A mark that quotes is read as a straight double mark, whatever its style.
            let quoting = matches!(s, State::Open | State::Close);
            wordpiece.push(if quoting { "\"" } else { w.of(text) }, &mut pieces);
        }
        starts.push(pieces.len() as u32);
        let cases = words.iter().map(|w| words::case(w.of(text))).collect();
        Self { span, words, marks, starts, pieces, cases, states }
    }

    /// Pieces of all words, and case and quotation state of each word.
    pub fn features(&self) -> (Vec<i64>, Vec<i64>, Vec<i64>) {
        (
            self.pieces.iter().map(|i| i64::from(*i)).collect(),
            self.cases.iter().map(|c| i64::from(*c)).collect(),
            self.states.iter().map(|s| *s as i64).collect(),
        )
    }

    fn len_of(&self, from: usize, to: usize) -> usize {
        (self.starts[to] - self.starts[from]) as usize
    }
}

/// One piece of a window: its id, letter case and quotation state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Vocabulary id.
    pub id: u32,
    /// See [`words::case`].
    pub case: u8,
    /// See [`State`].
    pub state: u8,
}

/// A part of a paragraph in a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which paragraph.
    pub paragraph: usize,
    /// Its words `from..to`.
    pub from: usize,
    /// One past the last.
    pub to: usize,
    /// Only cues in these words are this window's to find: parts of a long paragraph overlap.
    pub own: (usize, usize),
    /// The first piece of each word in the window, and one past the last piece.
    pub first: Vec<u32>,
}

/// What the model reads at once.
#[derive(Clone, Debug)]
pub struct Window {
    /// `[CLS]`, context, paragraphs each with `[SEP]` behind it.
    pub pieces: Vec<Piece>,
    /// The paragraphs to be marked.
    pub parts: Vec<Part>,
}

/// Packs paragraphs into windows, in order. Nothing is cut off: a long paragraph becomes several windows.
pub fn pack(paragraphs: &[Paragraph], wordpiece: &WordPiece) -> Vec<Window> {
    let (cls, sep) = (wordpiece.id("[CLS]"), wordpiece.id("[SEP]"));
    let mut out = Vec::new();
    let mut at = 0;
    while at < paragraphs.len() {
        let mut end = at + 1;
        let mut size = paragraphs[at].pieces.len();
        while end < paragraphs.len() && size + 1 + paragraphs[end].pieces.len() <= MAIN {
            size += 1 + paragraphs[end].pieces.len();
            end += 1;
        }
        let before = context(&paragraphs[..at], sep);
        if size > MAIN {
            for (i, (from, to, own)) in chunks(&paragraphs[at]).into_iter().enumerate() {
                let mut w = Window::new(cls, if i == 0 { &before } else { &[] });
                w.push(paragraphs, at, from, to, own, sep);
                out.push(w);
            }
        } else {
            let mut w = Window::new(cls, &before);
            for (k, p) in paragraphs.iter().enumerate().take(end).skip(at) {
                w.push(paragraphs, k, 0, p.words.len(), (0, p.words.len()), sep);
            }
            out.push(w);
        }
        at = end;
    }
    out
}

type Chunk = (usize, usize, (usize, usize));

/// Parts of a long paragraph that overlap by [`CONTEXT`]; a cue in the overlap belongs to the part in which it
/// stands further from the edge.
fn chunks(p: &Paragraph) -> Vec<Chunk> {
    let mut out: Vec<Chunk> = Vec::new();
    let n = p.words.len();
    let mut from = 0;
    loop {
        let mut to = from + 1;
        while to < n && p.len_of(from, to + 1) <= MAIN {
            to += 1;
        }
        if let Some(last) = out.last_mut() {
            let middle = from + (last.1 - from) / 2;
            last.2.1 = middle;
            out.push((from, to, (middle, to)));
        } else {
            out.push((from, to, (from, to)));
        }
        if to == n {
            return out;
        }
        let mut back = to;
        while back > from + 1 && p.len_of(back - 1, to) <= CONTEXT {
            back -= 1;
        }
        from = back;
    }
}

fn context(before: &[Paragraph], sep: u32) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut room = CONTEXT as isize;
    for p in before.iter().rev() {
        if room <= 0 {
            break;
        }
        let skip = p.pieces.len().saturating_sub(room as usize);
        let mut here: Vec<Piece> = Vec::new();
        for (w, range) in p.starts.windows(2).enumerate() {
            for i in range[0] as usize..range[1] as usize {
                if i >= skip {
                    here.push(Piece { id: p.pieces[i], case: p.cases[w], state: p.states[w] as u8 });
                }
            }
        }
        room -= here.len() as isize + 1;
        here.push(Piece { id: sep, case: 5, state: 0 });
        here.append(&mut out);
        out = here;
    }
    out
}

impl Window {
    fn new(cls: u32, before: &[Piece]) -> Self {
        let mut pieces = vec![Piece { id: cls, case: 5, state: 0 }];
        pieces.extend_from_slice(before);
        Self { pieces, parts: Vec::new() }
    }

    fn push(&mut self, paragraphs: &[Paragraph], k: usize, from: usize, to: usize, own: (usize, usize), sep: u32) {
        let p = &paragraphs[k];
        let mut first = Vec::with_capacity(to - from + 1);
        for w in from..to {
            first.push(self.pieces.len() as u32);
            for i in p.starts[w]..p.starts[w + 1] {
                self.pieces.push(Piece { id: p.pieces[i as usize], case: p.cases[w], state: p.states[w] as u8 });
            }
        }
        first.push(self.pieces.len() as u32);
        self.pieces.push(Piece { id: sep, case: 5, state: 0 });
        self.parts.push(Part { paragraph: k, from, to, own, first });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_marked_once_and_no_window_is_too_long() {
        let wp = WordPiece::new("[UNK]\n[CLS]\n[SEP]\nword");
        let long = "word ".repeat(1000);
        let text = format!("word word.\n{long}\nword\nword word");
        let mut paragraphs = Vec::new();
        let mut at = 0;
        for line in text.split('\n') {
            paragraphs.push(Paragraph::new(&text, Span::new(at, at + line.len()), &wp));
            at += line.len() + 1;
        }
        let windows = pack(&paragraphs, &wp);
        let mut seen = vec![Vec::new(); paragraphs.len()];
        for w in &windows {
            assert!(w.pieces.len() <= 1 + CONTEXT + 1 + MAIN + 1, "{}", w.pieces.len());
            for p in &w.parts {
                assert_eq!(p.first.len(), p.to - p.from + 1);
                seen[p.paragraph].extend(p.own.0..p.own.1);
            }
        }
        for (p, s) in paragraphs.iter().zip(seen) {
            assert_eq!(s, (0..p.words.len()).collect::<Vec<_>>());
        }
    }
}
