"""Text to model input: words, pieces, letter case and quotation state.

The Rust crate `sayso-encoder` (wordpiece.rs) and `sayso` (mark/quotes.rs) do the same; `parity.json`
in `models/` holds both sides to it.

A *word* is a pre-token of BERT: a run of characters that are neither white space nor punctuation, or
one punctuation character. A *piece* is a WordPiece of a word. Offsets are code points.
"""
import bisect
import unicodedata

CASE = {"lower": 0, "capitalised": 1, "upper": 2, "mixed": 3, "digit": 4, "punctuation": 5}
OUT, IN, OPEN, CLOSE, UNCLOSED = range(5)
DOUBLE_OPEN, DOUBLE_CLOSE, DOUBLE_EITHER = "“„«", "”»", "\"‟＂"
SINGLE_OPEN, SINGLE_CLOSE, SINGLE_EITHER = "‘‚‹", "’›", "'"
MAX_WORD = 100


def is_punctuation(ch):
    o = ord(ch)
    if 33 <= o <= 47 or 58 <= o <= 64 or 91 <= o <= 96 or 123 <= o <= 126:
        return True
    return unicodedata.category(ch)[0] == "P"


def is_dropped(ch):
    """Characters that carry no text: controls, format characters (zero-width, direction), private use."""
    return ch == "\ufffd" or (ch not in "\t\n\r" and unicodedata.category(ch)[0] == "C")


def words(text, start=0, end=None):
    """[(start, end)] of the words of text[start:end]."""
    out, at = [], None
    end = len(text) if end is None else end
    for i in range(start, end):
        ch = text[i]
        if ch.isspace() or is_dropped(ch):
            if ch.isspace() or at is None:
                if at is not None:
                    out.append((at, i))
                    at = None
        elif is_punctuation(ch):
            if at is not None:
                out.append((at, i))
                at = None
            out.append((i, i + 1))
        elif at is None:
            at = i
    if at is not None:
        out.append((at, end))
    return out


def case_of(word):
    if all(is_punctuation(c) for c in word):
        return CASE["punctuation"]
    if any(c.isdigit() for c in word):
        return CASE["digit"]
    letters = [c for c in word if c.isalpha()]
    upper = sum(c.isupper() for c in letters)
    if not upper:
        return CASE["lower"]
    if letters[0].isupper() and upper == 1:
        return CASE["capitalised"]
    if upper == len(letters):
        return CASE["upper"]
    return CASE["mixed"]


def quote_marks(text, start, end):
    """Marks of one paragraph: sorted [(offset, "open" | "close", single)] of the marks that quote.

    Double marks first. Single marks count only outside double ones and only in pairs, so that an
    apostrophe never opens or shuts a quotation. A straight mark opens where white space, an opening
    bracket or a dash stands before it and text after it; else it shuts if a quotation is open.
    """
    marks, depth = [], 0

    def before(i):
        return text[i - 1] if i > start else " "

    def after(i):
        return text[i + 1] if i + 1 < end else " "

    twin = -1
    for i in range(start, end):
        ch = text[i]
        if i == twin:
            continue  # the second half of a mark written as two
        pair = text[i : i + 2] if i + 1 < end else ""
        if pair == "``":
            kind, twin = "open", i + 1
        elif pair == "''" and before(i) != "'" and after(i + 1) != "'":
            # archives write a double mark as two apostrophes
            b, a = before(i), after(i + 1)
            opens = (b.isspace() or b in "([{—–-/:") and not a.isspace()
            shuts = not b.isspace() and (a.isspace() or a in ")]}—–-,.;:?!")
            kind = "open" if opens and not shuts else "close" if shuts and not opens else "close" if depth else "open"
            twin = i + 1
        elif ch in DOUBLE_OPEN:
            kind = "open"
        elif ch in DOUBLE_CLOSE:
            kind = "close"
        elif ch in DOUBLE_EITHER:
            b, a = before(i), after(i)
            opens = (b.isspace() or b in "([{—–-/:‘'") and not a.isspace()
            shuts = not b.isspace() and (a.isspace() or a in ")]}—–-,.;:?!’'")
            if opens and not shuts:
                kind = "open"
            elif shuts and not opens:
                kind = "close"
            else:
                kind = "close" if depth else "open"
        else:
            continue
        if kind == "close" and not depth:
            continue  # a closing mark that shuts nothing: stray
        if ch in "«»" and before(i).isspace() and after(i).isspace():
            continue  # a guillemet used as a bullet or arrow
        depth = 1 if kind == "open" else 0
        marks.append((i, kind, False))
    spans, at = [], None
    for i, kind, _ in marks:
        if kind == "open" and at is None:
            at = i
        elif kind == "close":
            spans.append((at, i))
            at = None
    if at is not None:
        spans.append((at, end))
    starts = [s for s, _ in spans]

    def quoted(i):
        k = bisect.bisect_right(starts, i) - 1
        return k >= 0 and i <= spans[k][1]

    i = start
    while i < end:
        ch = text[i]
        opens = (ch in SINGLE_OPEN and not after(i).isspace()) or (
            ch in SINGLE_EITHER
            and (before(i).isspace() or before(i) in "([{—–:")
            and (after(i).isalpha() or after(i) in "[…")
        )
        if opens and not quoted(i):
            shut = _single_close(text, i, end, quoted)
            if shut is not None:
                marks.append((i, "open", True))
                marks.append((shut, "close", True))
                i = shut
        i += 1
    marks.sort()
    return marks


def _single_close(text, i, end, quoted):
    """The mark that shuts the single quotation opened at i. One after punctuation is certain; one
    after a letter may be a plural possessive, so a certain one before the next opening wins."""
    maybe = None
    for j in range(i + 1, end):
        ch = text[j]
        if quoted(j):
            return maybe
        nxt = text[j + 1] if j + 1 < end else " "
        prev = text[j - 1]
        if ch in SINGLE_OPEN:
            break
        if ch in SINGLE_CLOSE or ch in SINGLE_EITHER:
            if nxt.isalnum() or prev.isspace() or j <= i + 2:
                continue
            if prev in ",.?!…":
                return j
            if maybe is None:
                maybe = j
            if prev != "s" or not (nxt == " " and j + 2 < end and text[j + 2].islower()):
                return j
    return maybe


def quote_states(text, start, end, spans):
    """Quotation state of each word span of a paragraph text[start:end]."""
    marks = quote_marks(text, start, end)
    kind = {i: k for i, k, _ in marks}
    last_open = max((i for i, k, _ in marks if k == "open"), default=None)
    last_close = max((i for i, k, _ in marks if k == "close"), default=-1)
    unclosed = last_open if last_open is not None and last_open > last_close else None
    out, inside = [], False
    for s, e in spans:
        k = kind.get(s)
        if k == "open":
            out.append(OPEN)
            inside = True
        elif k == "close":
            out.append(CLOSE)
            inside = False
        elif inside:
            out.append(UNCLOSED if unclosed is not None and s > unclosed else IN)
        else:
            out.append(OUT)
    return out


class WordPiece:
    """Greedy longest-match WordPiece over a BERT uncased vocabulary."""

    def __init__(self, vocab_path):
        with open(vocab_path, encoding="utf-8") as f:
            self.ids = {line.rstrip("\n"): i for i, line in enumerate(f)}
        self.unk, self.cls, self.sep, self.pad, self.mask = (
            self.ids[t] for t in ("[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]")
        )
        self.cache = {}

    def pieces(self, word, quoting=False):
        """Ids of one word. A mark that quotes is read as a straight double mark, whatever its style."""
        if quoting:
            return [self.ids['"']]
        got = self.cache.get(word)
        if got is None:
            got = self.cache[word] = self._pieces(word)
        return got

    def _pieces(self, word):
        if len(word) == 1:
            word = {"‘": "'", "’": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-"}.get(word, word)
        w = "".join(c for c in word if not is_dropped(c)).lower()
        w = "".join(c for c in unicodedata.normalize("NFD", w) if unicodedata.category(c) != "Mn")
        if not w or len(w) > MAX_WORD:
            return [self.unk]
        out, at = [], 0
        while at < len(w):
            for end in range(len(w), at, -1):
                sub = ("##" if at else "") + w[at:end]
                if sub in self.ids:
                    out.append(self.ids[sub])
                    at = end
                    break
            else:
                return [self.unk]
        return out


def paragraphs(text):
    """[(start, end)] of the lines that hold something but white space, trimmed."""
    out, at = [], 0
    for line in text.split("\n"):
        s, e = at, at + len(line)
        at = e + 1
        while s < e and text[s].isspace():
            s += 1
        while e > s and text[e - 1].isspace():
            e -= 1
        if e > s:
            out.append((s, e))
    return out


def read_paragraph(text, start, end, wordpiece):
    """One paragraph as parallel lists: word spans, piece ids by word, case and quotation state by word."""
    spans = words(text, start, end)
    states = quote_states(text, start, end, spans)
    ids = [wordpiece.pieces(text[s:e], q in (OPEN, CLOSE)) for (s, e), q in zip(spans, states)]
    case = [case_of(text[s:e]) for s, e in spans]
    return spans, ids, case, states
