#!/usr/bin/env python3
"""Brute force against tracing: story pairs that share seven words in a row inside quotation marks, and how many of them tracing reports.

    python3 benches/brute.py news.sayso [WORDS]

Reads the collection's own tables (`quotation`, `member`, `phrase`) and compares every quotation with every other by its runs of WORDS words (7 if
left out), with no index, no threshold and no alignment of its own. Run `sayso trace --in news.sayso` before. Prints the missed pairs.
"""
import collections
import itertools
import re
import sqlite3
import sys
import unicodedata


def words(text):
    flat = "".join(c for c in unicodedata.normalize("NFKD", text.replace("’", "'")) if not unicodedata.combining(c)).lower()
    return re.findall(r"[^\W_]+(?:'[^\W\d_]+)*", re.sub(r"(?<=\d)[,](?=\d)", "", flat))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    db = sqlite3.connect(sys.argv[1])
    stories = {i: t.encode() for i, t in db.execute("SELECT id, text FROM story")}
    holders = collections.defaultdict(set)
    for story, first, past in db.execute("SELECT story, first, past FROM quotation"):
        w = words(stories[story][first:past].decode())
        for i in range(len(w) - n + 1):
            holders[tuple(w[i : i + n])].add(story)
    shared = collections.defaultdict(list)
    for run, held in holders.items():
        for pair in itertools.combinations(sorted(held), 2):
            shared[pair].append(" ".join(run))
    families = collections.defaultdict(set)
    for family, story in db.execute("SELECT family, story FROM member"):
        families[family].add(story)
    reported = {p for held in families.values() for p in itertools.combinations(sorted(held), 2)}
    phrases = {tuple(sorted(p)) for p in db.execute("SELECT a_story, b_story FROM phrase")}
    missed = sorted(set(shared) - reported - phrases)
    for pair in missed[:40]:
        print("missed", pair, repr(shared[pair][0]), f"and {len(shared[pair]) - 1} more runs")
    found = len(shared) - len(missed)
    print(f"{len(stories)} stories, {len(shared)} pairs share {n} words in a row inside quotation marks, {found} of them reported ({found / max(1, len(shared)):.3f})")
    print(f"of these as echoes {len(set(shared) & reported)}, as shared phrases only {len((set(shared) & phrases) - reported)}")
    print(f"{len(reported)} pairs reported as echoes in all, in {len(families)} families; {len(phrases)} pairs share a phrase")


main()
