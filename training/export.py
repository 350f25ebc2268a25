"""Quantises a trained tagger, fits its confidence on the development stories, and writes models/.

    python export.py POLNEAR AVERAGE.pt MODELS

Writes tagger.safetensors (s8 matrices with one scale an output row, the rest f32), tagger.sha256, vocab.txt and
golden.json (the float model's scores on own-written sentences).
"""
import argparse
import hashlib
import json
import math
import os
import shutil

import torch
from safetensors.torch import save_file

import data
import evaluate
import features
from batch import Candidates, Windows, cue_runs
from model import LAYERS, Tagger
from train import pretrained

POSITIONS = 320
BIASES = (0.5, 1.5)
GOLDEN = [
    "“The bridge will open by June,” said Tobias Renn, the harbour master.",
    "A former aide, who asked not to be named, told the Ferrisburg Herald that the fund was empty.",
    "Critics say the plan, according to two people briefed on it, would cost $4.2m.",
    "‘We won’t sell,’ Ms Oyelaran said, adding that the voters’ hall was ‘not for sale’.",
    "Ida Moss believes that “nobody” knew; Moss later tweeted: \"I was wrong.\"",
]


def quantise(w):
    """Row-wise symmetric s8: (rows x columns) -> q, scale."""
    scale = (w.abs().amax(1) / 127).clamp(min=1e-12)
    return torch.round(w / scale[:, None]).clamp(-127, 127).to(torch.int8), scale


def dequantised(model):
    """The model with its matrices rounded to s8 and back, to see what rounding costs."""
    state = {k: v.clone() for k, v in model.state_dict().items()}
    for k in state:
        if k == "word.weight" or (k.startswith("layers.") and k.endswith(".weight") and state[k].dim() == 2):
            q, s = quantise(state[k])
            state[k] = q.float() * s[:, None]
    out = Tagger(0)
    out.load_state_dict(state)
    return out.eval()


def tensors(model):
    state, out = model.state_dict(), {}
    for k, v in state.items():
        if k == "word.weight":
            out["word.q"], out["word.s"] = quantise(v)
        elif k == "position.weight":
            out[k] = v[:POSITIONS]
        elif k.startswith("layers.") and v.dim() == 2:
            name = k.removesuffix(".weight")
            out[name + ".q"], out[name + ".s"] = quantise(v)
            out[name + ".b"] = state[name + ".bias"]
        elif k.startswith("layers.") and ".norm" not in k or k.startswith("hint_head"):
            continue
        elif k.endswith("_crf.ban"):
            out[k.replace("ban", "move")] = state[k.replace("ban", "move")] + v
        elif k.endswith("_crf.ban_start"):
            out[k.replace("ban_start", "start")] = state[k.replace("ban_start", "start")] + v
        elif k.endswith(("_crf.move", "_crf.start")):
            continue
        else:
            out[k] = v
    return {k: v.contiguous().clone() for k, v in out.items()}


def correct(text, found, gold):
    """For each found attribution, whether one gold attribution agrees with it by overlap in all its parts."""
    P, G = ([{f: evaluate.norm(text, a.get(f)) for f in data.FIELDS} for a in x] for x in (found, gold))

    def both(x, y):
        return evaluate.common(x["content"], y["content"]) + 1 if all(evaluate.agree(x, y, f) for f in data.FIELDS) else 0

    right = {i for i, _ in evaluate.pairs(P, G, both)}
    return [i in right for i in range(len(P))]


def fit(rows, truth):
    """Logistic regression by Newton's method; rows (n x k), truth (n). -> k weights, the constant among them"""
    x, y = torch.tensor(rows).double(), torch.tensor(truth).double()
    w = torch.zeros(x.shape[1]).double()
    for _ in range(50):
        p = torch.sigmoid(x @ w)
        h = x.T @ (x * (p * (1 - p))[:, None]) + 1e-6 * torch.eye(len(w)).double()
        w = w + torch.linalg.solve(h, x.T @ (y - p))
    return w.tolist()


def seen(a):
    """What the probability of a found attribution rests on: a constant, validity, log-probability, no source."""
    return [1.0, a["valid"], a["log_probability"], float(not a["source"])]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("polnear")
    p.add_argument("average")
    p.add_argument("models")
    p.add_argument("--stories", type=int)
    args = p.parse_args()
    torch.set_num_threads(2)
    model_dir = pretrained()
    wordpiece = features.WordPiece(os.path.join(model_dir, "vocab.txt"))
    model = Tagger(0)
    model.load_state_dict(torch.load(args.average))
    model.eval()
    dev = data.read_split(os.path.join(args.polnear, "dev"), wordpiece)[: args.stories]
    rounded, best = dequantised(model), None
    for bias in BIASES:
        found = [(text, [a for a in evaluate.decode(rounded, v[0], wordpiece, bias) if a["content"]], gold) for _, text, v, gold in dev]
        rows = [seen(a) for _, f, _ in found for a in f]
        if not rows:
            raise SystemExit("these weights find nothing yet: train on more stories, or longer")
        w = fit(rows, [c for text, f, gold in found for c in correct(text, f, gold)])
        for threshold in [x / 100 for x in range(16, 61, 4)]:
            cut = math.log(threshold / (1 - threshold))
            kept = [
                (text, [a for a in f if sum(x * y for x, y in zip(w, seen(a))) >= cut], gold)
                for text, f, gold in found
            ]
            s = {k: evaluate.f1(v) for k, v in evaluate.score(kept).items()}
            value = s["complete exact"] + s["complete overlap"]
            if best is None or value > best[0]:
                best = (value, bias, threshold, w, s)
                print(bias, threshold, {k: round(v, 2) for k, v in s.items()}, flush=True)
    _, bias, threshold, w, _ = best
    os.makedirs(args.models, exist_ok=True)
    path = os.path.join(args.models, "tagger.safetensors")
    save_file(tensors(model), path, {"cue_bias": str(bias), "threshold": str(threshold), "sure": " ".join(f"{x:.6f}" for x in w)})
    with open(path, "rb") as f:
        digest = hashlib.sha256(f.read()).hexdigest()
    open(os.path.join(args.models, "tagger.sha256"), "w").write(digest + "\n")
    shutil.copyfile(os.path.join(model_dir, "vocab.txt"), os.path.join(args.models, "vocab.txt"))
    write_golden(model, wordpiece, os.path.join(args.models, "golden.json"))


@torch.no_grad()
def write_golden(model, wordpiece, path):
    """Features and float scores of the golden sentences: what the other implementation must give."""
    out = []
    for text in GOLDEN:
        spans, ids, case, states = features.read_paragraph(text, 0, len(text), wordpiece)
        paragraph = data.Paragraph(0, len(text), spans, ids, case, states, [])
        window = next(iter(data.pack([paragraph], wordpiece)))
        w = Windows([window])
        hidden = model.encode(w.ids, w.case, w.state, w.mask)
        cue, _ = model.cue_scores(hidden, w.first)
        runs = cue_runs(model.cue_crf.best(cue, w.words, torch.tensor([0.0, 1.0, 0.0]))[0])
        entry = {"text": text, "words": spans, "ids": ids, "case": case, "states": states, "cue_scores": cue[0].tolist(), "cues": []}
        for lo, hi in runs:
            c = Candidates([window], [(0, 0, lo, hi)])
            x, valid = model.parts(hidden, c.window, c.segment, c.cue, c.mask, c.first)
            entry["cues"].append({"words": [lo, hi], "part_scores": x[0].tolist(), "valid": valid.item()})
        out.append(entry)

    def rounded(v):
        return [rounded(x) for x in v] if isinstance(v, (list, tuple)) else round(v, 4) if isinstance(v, float) else v

    for e in out:
        e["cue_scores"] = rounded(e["cue_scores"])
        for c in e["cues"]:
            c["part_scores"], c["valid"] = rounded(c["part_scores"]), rounded(c["valid"])
    with open(path, "w", encoding="utf-8") as f:
        json.dump(out, f, ensure_ascii=False, separators=(",", ":"))
        f.write("\n")


if __name__ == "__main__":
    main()
