"""PolNeAR stories as training windows. Offsets are code points; see features.py for words and pieces."""
import collections
import dataclasses
import glob
import os
import random
import re

import features

FIELDS = ("source", "cue", "content")
MAIN, CONTEXT = 256, 48  # pieces


@dataclasses.dataclass
class Paragraph:
    start: int
    end: int
    spans: list
    ids: list
    case: list
    states: list
    attributions: list  # of {"source": [word], "cue": [word], "content": [word]} as sets of word indices

    @property
    def pieces(self):
        return sum(map(len, self.ids))


def standoff(ann):
    spans, out = {}, []
    for line in ann.split("\n"):
        part = line.rstrip("\r").split("\t")
        if line.startswith("T") and len(part) >= 2:
            _, rest = part[1].split(" ", 1)
            spans[part[0]] = [tuple(map(int, s.split())) for s in rest.split(";")]
        elif line.startswith("E") and len(part) >= 2:
            event = collections.defaultdict(list)
            for item in part[1].split():
                role, ref = item.split(":")
                event[re.sub(r"\d+$", "", role)].append(ref)
            out.append(
                {f: sorted(s for r in event.get(f.capitalize(), []) if r in spans for s in spans[r]) for f in FIELDS}
            )
    return out


def read_split(folder, wordpiece):
    """[(name, text, [[Paragraph] for each annotator], first annotator's attributions)] by file name."""
    out = []
    for path in sorted(glob.glob(os.path.join(folder, "text", "*.txt"))):
        name = os.path.basename(path)[:-4]
        text = open(path, encoding="utf-8", newline="").read()
        anns = sorted(glob.glob(os.path.join(folder, "attributions", glob.escape(name) + "_????.ann")))
        read = [(s, e) + features.read_paragraph(text, s, e, wordpiece) for s, e in features.paragraphs(text)]
        versions, first = [], None
        for ann in anns:
            gold = standoff(open(ann, encoding="utf-8").read())
            first = gold if first is None else first
            versions.append([Paragraph(*p, attributions=_within(p, gold)) for p in read])
        if versions:
            out.append((name, text, versions, first))
    return out


def _within(paragraph, gold):
    """The attributions whose cue stands in the paragraph, as word indices; parts outside it are left out."""
    start, end, spans = paragraph[0], paragraph[1], paragraph[2]
    out, taken = [], set()
    for a in gold:
        if not a["cue"] or not start <= a["cue"][0][0] < end:
            continue
        w = {f: {k for k, (s, e) in enumerate(spans) if any(s < y and x < e for x, y in a[f])} for f in FIELDS}
        w["starts"] = {
            f: {min((k for k, (s, e) in enumerate(spans) if s < y and x < e), default=-1) for x, y in a[f]} - {-1}
            for f in FIELDS
        }
        w["source"] -= w["cue"]
        w["content"] -= w["cue"] | w["source"]
        if w["cue"] and w["cue"].isdisjoint(taken):
            taken |= w["cue"]
            out.append(w)
    return out


@dataclasses.dataclass
class Window:
    ids: list
    case: list
    states: list
    first: list  # piece position of the first piece of each labelled word
    last: list  # one past its last piece
    where: list  # (paragraph index, word index) of each labelled word
    paragraph_words: dict  # paragraph index -> (first labelled word, one past the last)


def pack(paragraphs, wordpiece, rng=None, main=MAIN, context=CONTEXT):
    """Windows of whole paragraphs: up to `main` pieces, with up to `context` pieces of what stands before.

    A paragraph longer than `main` is cut into parts that overlap by `context` at inference.
    With `rng` the first window is cut short at random, so that each epoch sees other windows.
    """
    out, at = [], 0
    budget = rng.randint(main // 4, main) if rng else main
    while at < len(paragraphs):
        group, size = [at], paragraphs[at].pieces
        while group[-1] + 1 < len(paragraphs) and size + 1 + paragraphs[group[-1] + 1].pieces <= budget:
            group.append(group[-1] + 1)
            size += 1 + paragraphs[group[-1]].pieces
        at, budget = group[-1] + 1, main
        out.extend(_window(paragraphs, group, wordpiece, main, context))
    return out


def _window(paragraphs, group, wordpiece, main, context):
    before, room, k = [], context, group[0] - 1
    while k >= 0 and room > 0:
        p = paragraphs[k]
        flat = [(i, c, q) for ids, c, q in zip(p.ids, p.case, p.states) for i in ids][-room:]
        before[:0] = flat + [(wordpiece.sep, 5, 0)]
        room -= len(flat) + 1
        k -= 1
    chunks = []
    if len(group) == 1 and paragraphs[group[0]].pieces > main:
        p, lo = paragraphs[group[0]], 0
        sizes = [len(i) for i in p.ids]
        while lo < len(sizes):
            hi, n = lo, 0
            while hi < len(sizes) and (hi == lo or n + sizes[hi] <= main):
                n += sizes[hi]
                hi += 1
            chunks.append([(group[0], lo, hi)])
            if hi == len(sizes):
                break
            back, n = hi, 0
            while back > lo + 1 and n + sizes[back - 1] <= context:
                back -= 1
                n += sizes[back]
            lo = back
    else:
        chunks.append([(k, 0, len(paragraphs[k].ids)) for k in group])
    for chunk in chunks:
        w = Window([wordpiece.cls], [5], [0], [], [], [], {})
        for i, c, q in before:
            w.ids.append(i), w.case.append(c), w.states.append(q)
        for k, lo, hi in chunk:
            p = paragraphs[k]
            w.paragraph_words[k] = (len(w.first), len(w.first) + hi - lo)
            for j in range(lo, hi):
                w.first.append(len(w.ids))
                for i in p.ids[j]:
                    w.ids.append(i[0] if isinstance(i, tuple) else i)
                    w.case.append(p.case[j])
                    w.states.append(p.states[j])
                w.last.append(len(w.ids))
                w.where.append((k, j))
            w.ids.append(wordpiece.sep), w.case.append(5), w.states.append(0)
        yield w
        before = []


def epoch(stories, wordpiece, seed):
    """All training windows of an epoch, in random order; a story with several annotators lends one at random."""
    rng = random.Random(seed)
    out = []
    for _, _, versions, _ in stories:
        paragraphs = rng.choice(versions)
        for w in pack(paragraphs, wordpiece, rng):
            out.append((w, paragraphs))
    rng.shuffle(out)
    return out
