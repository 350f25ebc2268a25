"""The reading room under load: how long a stored story's page takes with 10,000 stories in the collection, and what 200 requests at once
do to it for a minute.

    cargo build --release
    python3 benches/serve.py FOLDER [--stories 10000] [--seconds 60] [--at-once 200]

FOLDER keeps the collection for the next run. The stories are made up here. Needs nothing but Python and Linux (/proc).
"""

import argparse
import http.client
import json
import os
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from functools import partial

print = partial(print, flush=True)

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SAYSO = os.path.join(ROOT, "target", "release", "sayso")

FIRST = "Ida Olav Femi Ngozi Tobias Alma Ruth Henrik Priya Anwar Maeve Sunniva Cato Bo Lior Tamsin Yusra Piet Greta Desmond".split()
LAST = "Moss Brandt Lund Adeyemi Renn Reyes Ellery Aas Raman Haddad Quill Dahl Vane Okafor Castell Pargeter Haidari Aalst Lind Tuttle".split()
OUTLETS = ["Ferrisburg Herald", "Vellmar Courier", "Ostland Ledger", "The Lantern", "Harbour Post", "Northern Measure", "Daily Skimmer", "Tarn Gazette"]
ROLES = ["the harbour master", "a councillor", "the city engineer", "a spokeswoman for the port", "the union's secretary", "a retired judge"]
UNNAMED = ["a former aide", "two people familiar with the audit", "an official who was not authorised to speak publicly", "one person in the room", "a senior Treasury official"]
THINGS = "pump ferry bridge fund audit ledger regatta museum lido market choir pier tram library orchard quarry canal school depot archive".split()
VERBS = "failed closed opened burned sank vanished grew shrank returned collapsed stalled leaked moved cracked".split()
SYLLABLES = "ba dor fen gil har jo kel lim mar nos pel quin ros sta tor ul vel wyn yar zen bri cla dre flo gru".split()


def word(rng):
    """A word that hardly any other story has: real stories are not made of each other's."""
    return "".join(rng.choice(SYLLABLES) for _ in range(rng.randint(2, 3)))


def sentence(rng, people):
    thing, verb = rng.choice(THINGS), rng.choice(VERBS)
    said = f"the {word(rng)} {thing} {verb} {rng.choice(['under', 'near', 'behind', 'without'])} the {word(rng)} {word(rng)}"
    who, role = rng.choice(people), rng.choice(ROLES)
    return rng.choice([
        f'"{said[0].upper()}{said[1:]}," said {who}, {role}.',
        f"{who} told reporters that {said}.",
        f"{rng.choice(UNNAMED).capitalize()} said that {said}.",
        f'According to {rng.choice(UNNAMED)}, {said}. "It was never going to {word(rng)} the {word(rng)}," {rng.choice(["she", "he"])} added.',
        f"The {thing} was built in {rng.randint(1890, 2010)} by {word(rng).capitalize()} & Sons and has {rng.randint(2, 90)} doors, most of them shut.",
        f"A report by {rng.choice(OUTLETS)} says that {said}.",
    ])


def stories(path, n):
    rng = random.Random(7)
    quotes = []
    for k in range(n // 20):
        words = " ".join(word(rng) if rng.random() < 0.5 else rng.choice(THINGS + ["and", "the", "of", "never", "under"]) for _ in range(14))
        quotes.append((f'"{words.capitalize()}," said {rng.choice(FIRST)} {rng.choice(LAST)} of Vellmar.'))
    with open(path, "w", encoding="utf-8") as out:
        for k in range(n):
            people = [f"{rng.choice(FIRST)} {rng.choice(LAST)}" for _ in range(5)]
            paragraphs = [" ".join(sentence(rng, people) for _ in range(3)) for _ in range(6)]
            if rng.random() < 0.3:
                paragraphs.insert(2, rng.choice(quotes))
            title = f"{word(rng).capitalize()} {rng.choice(THINGS)} {rng.choice(VERBS)}, says {people[0]}"
            day = f"20{rng.randint(18, 23)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
            out.write(json.dumps({"title": title, "outlet": rng.choice(OUTLETS), "published": day, "text": title + "\n\n" + "\n\n".join(paragraphs)}) + "\n")


class Server:
    def __init__(self, collection):
        self.process = subprocess.Popen([SAYSO, "serve", "--port", "0", collection], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = re.search(r"127\.0\.0\.1:\d+", self.process.stdout.readline())[0]

    def memory(self):
        """Resident MiB now, and the most there ever was."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as f:
            text = f.read()
        return tuple(int(re.search(rf"{name}:\s+(\d+)", text)[1]) / 1024 for name in ("VmRSS", "VmHWM"))

    def close(self):
        self.process.send_signal(2)
        self.process.wait()


def get(connection, path):
    start = time.perf_counter()
    connection.request("GET", path, headers={"Accept": "text/html"})
    answer = connection.getresponse()
    body = answer.read()
    return answer.status, len(body), (time.perf_counter() - start) * 1000


def spread(ms):
    ms = sorted(ms)
    return f"median {statistics.median(ms):.1f} ms, 95 of 100 under {ms[int(len(ms) * 0.95)]:.1f} ms, worst {ms[-1]:.1f} ms"


def main():
    p = argparse.ArgumentParser()
    p.add_argument("folder")
    p.add_argument("--stories", type=int, default=10_000)
    p.add_argument("--seconds", type=float, default=60)
    p.add_argument("--at-once", type=int, default=200)
    args = p.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    collection = os.path.join(args.folder, f"news-{args.stories}.sayso")
    if not os.path.exists(collection):
        made = os.path.join(args.folder, "stories.jsonl")
        stories(made, args.stories)
        start = time.perf_counter()
        subprocess.run([SAYSO, "add", made, "--to", collection + ".part"], check=True)
        subprocess.run([SAYSO, "stats", "--in", collection + ".part"], check=True, stdout=subprocess.DEVNULL)
        os.rename(collection + ".part", collection)
        print(f"made {collection} in {time.perf_counter() - start:.0f} s")
    server = Server(collection)
    connection = http.client.HTTPConnection(server.address)
    start = time.perf_counter()
    get(connection, "/chain")
    print(f"the first chain, which traces what is not traced yet: {time.perf_counter() - start:.2f} s")
    rng = random.Random(1)
    ids = [rng.randint(1, args.stories) for _ in range(400)]
    mixed = ["/", "/search?q=pump", "/search?speaker=Moss&naming=named", "/said?name=Ida+Moss", "/counts", "/chain", "/help"]
    print(f"one after the other, {args.stories} stories in the collection:")
    for name, paths in {
        "a story": [f"/stories/{i}" for i in ids],
        "its sources": [f"/stories/{i}/sources" for i in ids[:200]],
        "its chain": [f"/stories/{i}/chain" for i in ids[:200]],
        "its exchange format": [f"/stories/{i}.json" for i in ids[:200]],
        "two compared": [f"/compare?a={a}&b={b}" for a, b in zip(ids[:100], ids[100:200]) if a != b],
        **{m: [m] * 20 for m in mixed},
    }.items():
        took = [get(connection, path) for path in paths]
        assert all(t[0] == 200 for t in took), (name, [t[0] for t in took if t[0] != 200][:3])
        print(f"  {name}: {spread([t[2] for t in took])}")
    paths = [f"/stories/{i}" for i in ids] + [f"/stories/{i}/sources" for i in ids[:80]] + [f"/stories/{i}/chain" for i in ids[:80]] + [m for m in mixed if m != "/counts"] * 10 + ["/counts"]
    done, errors, lock = [], [], threading.Lock()
    end = time.perf_counter() + args.seconds
    before = server.memory()

    def ask(seed):
        mine, rng = [], random.Random(seed)
        c = http.client.HTTPConnection(server.address, timeout=60)
        while time.perf_counter() < end:
            path = rng.choice(paths)
            try:
                status, size, ms = get(c, path)
                mine.append(ms)
                if status != 200 or size < 500:
                    with lock:
                        errors.append(f"{path}: {status}, {size} bytes")
            except OSError as e:
                with lock:
                    errors.append(f"{path}: {e!r}")
                c = http.client.HTTPConnection(server.address, timeout=60)
        with lock:
            done.extend(mine)

    threads = [threading.Thread(target=ask, args=(k,)) for k in range(args.at_once)]
    for t in threads:
        t.start()
    halves = []
    while any(t.is_alive() for t in threads):
        time.sleep(max(1.0, args.seconds / 12))
        halves.append(server.memory()[0])
    print(f"{args.at_once} at once for {args.seconds:.0f} s: {len(done)} answers, {len(errors)} errors, {spread(done)}")
    print(f"memory: {before[0]:.0f} MiB before, then " + ", ".join(f"{m:.0f}" for m in halves) + f"; {server.memory()[1]:.0f} MiB at most")
    for e in errors[:5]:
        print(" ", e)
    server.close()
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
