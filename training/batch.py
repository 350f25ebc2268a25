"""Windows and candidate cues as tensors."""
import torch


def pad(rows, value=0):
    n = max(1, max(map(len, rows)))
    return torch.tensor([list(r) + [value] * (n - len(r)) for r in rows])


def lengths_mask(rows, width):
    n = torch.tensor([len(r) for r in rows])
    return torch.arange(width)[None] < n[:, None]


class Windows:
    """ids, case, state, mask (B, T); first, words (B, W)."""

    def __init__(self, windows):
        self.windows = windows
        self.ids = pad([w.ids for w in windows])
        self.case = pad([w.case for w in windows], 5)
        self.state = pad([w.states for w in windows])
        self.mask = lengths_mask([w.ids for w in windows], self.ids.shape[1])
        self.first = pad([w.first for w in windows])
        self.words = lengths_mask([w.first for w in windows], self.first.shape[1])


class Candidates:
    """Segments of candidate cues: [(window index, paragraph index, first cue word, one past the last)],
    words counted within the window's labelled words."""

    def __init__(self, windows, cues):
        seg, cue, first, self.words_of = [], [], [], []
        for b, k, lo, hi in cues:
            w = windows[b]
            p0, p1 = w.paragraph_words[k]
            begin, end = w.first[p0], w.last[p1 - 1]
            seg.append(range(begin, end))
            c0, c1 = w.first[lo], w.last[hi - 1]
            cue.append([1 if c0 <= i < c1 else 0 for i in range(begin, end)])
            first.append([w.first[j] - begin for j in range(p0, p1)])
            self.words_of.append((p0, p1))
        self.cues = cues
        self.window = torch.tensor([c[0] for c in cues])
        self.segment, self.cue, self.first = pad(seg), pad(cue), pad(first)
        self.mask = lengths_mask(seg, self.segment.shape[1])
        self.words = lengths_mask(first, self.first.shape[1])


def by_length(windows, cues):
    """Indices of the cues in groups of like segment length, so that padding stays small."""

    def length(i):
        b, k, _, _ = cues[i]
        p0, p1 = windows[b].paragraph_words[k]
        return windows[b].last[p1 - 1] - windows[b].first[p0]

    out = []
    for i in sorted(range(len(cues)), key=length):
        if out and length(i) <= 1.3 * length(out[-1][0]) + 12:
            out[-1].append(i)
        else:
            out.append([i])
    return out


def cue_runs(tags):
    """[(first, one past the last)] of the runs B I*."""
    out, at = [], None
    for i, t in enumerate(list(tags) + [0]):
        if at is not None and t != 2:
            out.append((at, i))
            at = None
        if t == 1:
            at = i
    return out
