#!/usr/bin/env python3
"""Article extraction against ground truth: mean precision and recall of shared 4-word shingles over pages.

    python3 benches/pages.py PAGES [--sayso target/release/sayso]

PAGES holds html/*.html.gz and ground-truth.json ({name: {"articleBody"}}), as the public article-extraction benchmark
has them. The measure is that benchmark's: words are runs of letters and digits, shingles count as often as they
stand, F1 is of the mean precision and the mean recall. Headline and furniture blocks are not body.
"""
import argparse
import collections
import glob
import gzip
import json
import math
import os
import re
import subprocess
import tempfile


def shingles(text, n=4):
    words = re.findall(r"\w+", text or "")
    return collections.Counter(tuple(words[i : i + n]) for i in range(max(1, len(words) - n + 1))) if words else collections.Counter()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("pages")
    p.add_argument("--sayso", default="target/release/sayso")
    args = p.parse_args()
    truth = json.load(open(os.path.join(args.pages, "ground-truth.json"), encoding="utf-8"))
    with tempfile.TemporaryDirectory() as tmp:
        for path in glob.glob(os.path.join(args.pages, "html", "*.html.gz")):
            with gzip.open(path) as f, open(os.path.join(tmp, os.path.basename(path)[:-3]), "wb") as out:
                out.write(f.read())
        run = subprocess.run([args.sayso, "read", tmp, "--format", "jsonl", "--from", "html"], capture_output=True, text=True)
    print(run.stderr.strip())
    found = {}
    for line in run.stdout.splitlines():
        story = json.loads(line)
        body = [b["span"] for b in story["blocks"] if b["kind"] not in ("headline", "furniture")]
        found[os.path.basename(story["path"])[: -len(".html")]] = "\n".join(story["text"][a:b] for a, b in body)
    rows = []
    for name, page in truth.items():
        want, got = shingles(page["articleBody"]), shingles(found.get(name, ""))
        right = sum(min(want[s], n) for s, n in got.items())
        both_empty = not want and not got
        precision = right / sum(got.values()) if got else float(both_empty)
        recall = right / sum(want.values()) if want else float(both_empty)
        rows.append((precision, recall, name))
    precision, recall = (sum(r[i] for r in rows) / len(rows) for i in (0, 1))
    f1 = 2 * precision * recall / (precision + recall)
    means = []
    for k in range(len(rows)):  # jackknife
        rest = rows[:k] + rows[k + 1 :]
        a, b = (sum(r[i] for r in rest) / len(rest) for i in (0, 1))
        means.append(2 * a * b / (a + b))
    error = math.sqrt((len(rows) - 1) / len(rows) * sum((m - sum(means) / len(means)) ** 2 for m in means))
    print(f"{len(found)} of {len(rows)} pages read; F1 {f1:.3f} ± {error:.3f}, precision {precision:.3f}, recall {recall:.3f}")
    for p_, r_, name in sorted(rows, key=lambda r: r[0] + r[1])[:5]:
        print(f"  {name[:16]} precision {p_:.2f} recall {r_:.2f}")


if __name__ == "__main__":
    main()
