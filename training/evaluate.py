"""Decoding a story and scoring it on the development split. The scoring is that of `sayso eval` (crates/sayso/src/score)."""
import collections
import re

import torch

from batch import Candidates, Windows, by_length, cue_runs, pad
from data import FIELDS, pack

STRIP = " \t\r\n\"'“”‘’`.,;:"


@torch.no_grad()
def decode(model, paragraphs, wordpiece, bias=1.0, batch=8):
    """[{source, cue, content: [(start, end)], "valid": logit, "log_probability"}] of one story."""
    windows, found, seen = list(pack(paragraphs, wordpiece)), [], set()
    shift = torch.tensor([0.0, bias, 0.0])
    for at in range(0, len(windows), batch):
        group = windows[at : at + batch]
        w = Windows(group)
        hidden = model.encode(w.ids, w.case, w.state, w.mask)
        cue, _ = model.cue_scores(hidden, w.first)
        cues = []
        for b, tags in enumerate(model.cue_crf.best(cue, w.words, shift)):
            for lo, hi in cue_runs(tags):
                k = group[b].where[lo][0]
                hi = min(hi, group[b].paragraph_words[k][1])
                key = (k, group[b].where[lo][1])
                if key not in seen:
                    seen.add(key)
                    cues.append((b, k, lo, hi))
        if not cues:
            continue
        read = []
        for like in by_length(group, cues):
            c = Candidates(group, [cues[i] for i in like])
            x, valid = model.parts(hidden, c.window, c.segment, c.cue, c.mask, c.first)
            best = model.part_crf.best(x, c.words)
            nll = model.part_crf.loss(x, pad(best), c.words)
            read.extend(zip(like, c.cues, c.words_of, best, valid.tolist(), (-nll).tolist()))
        for _, (b, k, lo, hi), (p0, _), tags, v, log_probability in sorted(read):
            p, where = paragraphs[k], group[b].where
            part = {"source": [], "content": [], "cue": [(p.spans[where[lo][1]][0], p.spans[where[hi - 1][1]][1])]}
            for j, tag in enumerate(tags):
                if tag:
                    field, span = ("source", "content")[(tag - 1) // 2], p.spans[where[p0 + j][1]]
                    if tag % 2 == 0 and part[field]:
                        part[field][-1] = (part[field][-1][0], span[1])
                    else:
                        part[field].append(span)
            part["valid"], part["log_probability"] = v, log_probability
            found.append(part)
    return found


def norm(text, spans):
    out = []
    for s, e in spans or []:
        while s < e and text[s] in STRIP:
            s += 1
        while e > s and text[e - 1] in STRIP:
            e -= 1
        if e > s:
            out.append((s, e))
    out.sort()
    merged = []
    for s, e in out:
        if merged and not text[merged[-1][1] : s].strip(STRIP):
            merged[-1] = (merged[-1][0], e)
        else:
            merged.append((s, e))
    return tuple(merged)


def common(a, b):
    return sum(max(0, min(x[1], y[1]) - max(x[0], y[0])) for x in a for y in b)


def pairs(pred, gold, weight):
    cand = sorted(((weight(p, g), i, j) for i, p in enumerate(pred) for j, g in enumerate(gold)), key=lambda c: -c[0])
    ui, uj, out = set(), set(), []
    for w, i, j in cand:
        if w <= 0:
            break
        if i not in ui and j not in uj:
            ui.add(i), uj.add(j), out.append((i, j))
    return out


def form(text, spans):
    t = "".join(text[max(0, s - 1) : e + 1] for s, e in spans)
    body = "".join(text[s:e] for s, e in spans).strip()
    if not re.search(r"[\"“”]|''|``", t):
        return "indirect"
    opened = re.match(r"[\"“”`']", body)
    return "direct" if opened or all(re.search(r"[\"“”`']\s*$", text[max(0, s - 2) : s]) for s, e in spans) else "mixed"


def agree(a, b, f):
    return common(a[f], b[f]) > 0 if a[f] and b[f] else not a[f] and not b[f]


def score(docs):
    """{name: [right, found, gold]} over (text, predicted, gold)."""
    c = collections.defaultdict(lambda: [0, 0, 0])

    def add(key, tp, p, g):
        c[key] = [a + b for a, b in zip(c[key], (tp, p, g))]

    def both(x, y):
        return common(x["content"], y["content"]) + 1 if all(agree(x, y, f) for f in FIELDS) else 0

    for text, pred, gold in docs:
        P, G = ([{f: norm(text, a.get(f)) for f in FIELDS} for a in x] for x in (pred, gold))
        P, G = ([a for a in x if a["content"] or a["cue"]] for x in (P, G))
        for f in FIELDS:
            p, g = [a[f] for a in P if a[f]], [a[f] for a in G if a[f]]
            add(f + " exact", len(pairs(p, g, lambda x, y: x == y)), len(p), len(g))
            add(f + " overlap", len(pairs(p, g, common)), len(p), len(g))
        add("complete exact", len(pairs(P, G, lambda x, y: x == y)), len(P), len(G))
        add("complete overlap", len(pairs(P, G, both)), len(P), len(G))
        Pd, Gd = ([a for a in x if a["content"] and form(text, a["content"]) == "direct"] for x in (P, G))
        add("direct exact", len(pairs(Pd, Gd, lambda x, y: x == y)), len(Pd), len(Gd))
        add("direct overlap", len(pairs(Pd, Gd, both)), len(Pd), len(Gd))
    return c


def f1(c):
    return 100 * 2 * c[0] / max(1, c[1] + c[2])


def dev_figures(model, stories, wordpiece, bias=1.0, thresholds=(0.2, 0.3, 0.4, 0.5, 0.6)):
    """{threshold: {name: F1}} on stories as data.read_split gives them."""
    found = [(text, decode(model, versions[0], wordpiece, bias), gold) for _, text, versions, gold in stories]
    out = {}
    for t in thresholds:
        keep = [
            (text, [a for a in pred if a["content"] and torch.sigmoid(torch.tensor(a["valid"])) >= t], gold)
            for text, pred, gold in found
        ]
        out[t] = {k: round(f1(v), 2) for k, v in score(keep).items()}
    return out
