#!/usr/bin/env python3
"""Trains the recipes of the lesson on circuits with five seeds each, as a learner would type them.

    swift build -c release
    python3 Tests/Interop/circuit_recipes.py                 # some five minutes
    python3 Tests/Interop/circuit_recipes.py --seeds 2 --first 100 --only copies

Each line of the table is one training: what came out, whether it is within its bounds, and how many
seconds of one processor it took, whatever else the machine had to do. The exit status is 1 if one
is outside. `swift test` trains a short form of the first (`CircuitTests`) and a small one of the
third (`TaskTrainingTests`).
"""

import argparse
import json
import math
import os
import re
import resource
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PASSO = os.path.join(HERE, "..", "..", ".build", "release", "passo")

COPIES = (
    "width 32 mlp none norm none positions sinusoidal position-scale 0.5 tied on init 0.14"
)
# The highest prefix match of each seed of the echoes: with stripes or without, by seed.
STRIPES = []
HEAD = re.compile(
    r"head (\d+\.\d+); token before ([\d.]+); prefix match ([\d.]+);"
    r" right answers without it ([\d.]+) %"
)


def work():
    """Seconds of a processor that the programs have used which have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def typed(lines):
    """What a session says, and the seconds of a processor it took."""
    start = work()
    run = subprocess.run(
        [PASSO, "--lang", "en", "--plain"],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        sys.exit(f"{lines}: {run.stderr}")
    return run.stdout, work() - start


def heads(said):
    """The accuracy, and of each head: previous token, prefix match, accuracy without it."""
    accuracy = float(re.search(r"the model gives ([\d.]+) % right", said).group(1)) / 100
    rows = {
        name: (float(before), float(match), float(off) / 100)
        for name, before, match, off in HEAD.findall(said)
    }
    return accuracy, rows


def copies(seed, limit):
    """Two layers: the heads form, and are needed; one layer: they cannot."""
    said, seconds = typed([
        f":corpus segmenti seed {seed + 1}", f":model new layers 2 heads 2 {COPIES} seed {seed}",
        ":train 2000", ":heads",
    ])
    accuracy, rows = heads(said)
    first, second = sorted(["0.0", "0.1"], key=lambda name: -rows[name][0])
    matches = [rows["1.0"][1], rows["1.1"][1]]
    said, alone = typed([
        f":corpus segmenti seed {seed + 1}", f":model new layers 1 heads 2 {COPIES} seed {seed}",
        ":train 2000", ":heads",
    ])
    single, _ = heads(said)
    fits = (
        accuracy >= 0.9 and min(matches) >= 0.8 and rows[first][2] <= 0.45
        and rows[second][2] >= 0.8 and single <= 0.45 and max(seconds, alone) < limit
    )
    return fits, (
        f"accuracy {accuracy:.3f}, previous token {rows[first][0]:.2f},"
        f" prefix match {matches[0]:.2f} {matches[1]:.2f}, without {first} {rows[first][2]:.3f},"
        f" without {second} {rows[second][2]:.3f}; one layer {single:.3f}"
    ), max(seconds, alone)


def echoes(seed, limit):
    """The behaviour, close to the floor, whatever the heads look like; some head is vital."""
    said, seconds = typed([
        f":corpus eco seed {seed + 1}", f":model new layers 2 heads 2 {COPIES} seed {seed}",
        ":optimizer adamw 0.01 beta2 0.98 decay 0.01 clip 1 warmup 20 cosine 4000", ":train 4000",
        ":eval", ":heads",
    ])
    loss = float(re.search(r"fresh rows; rows 256; loss ([\d.]+)", said).group(1))
    accuracy, rows = heads(said)
    stripe, vital = max(row[1] for row in rows.values()), min(row[2] for row in rows.values())
    STRIPES.append(stripe)
    floor = (8.5 * math.log(26) + math.log(8)) / 19
    fits = floor - 0.02 < loss < 1.6 and accuracy >= 0.97 and vital < 0.25 and seconds < limit
    return fits, (
        f"loss {loss:.4f} (floor {floor:.4f}), accuracy {accuracy:.3f}, highest prefix match"
        f" {stripe:.2f}, without the head that counts most {vital:.3f}"
    ), seconds


def trained(folder, seed, decay, steps):
    """The accuracies of a training by step, and the seconds of a processor it took."""
    log = os.path.join(folder, f"{seed}-{decay}.jsonl")
    start = work()
    subprocess.run(
        [
            PASSO, "train", "--corpus", f"somma 53 split {seed + 1}", "--layers", "1", "--heads",
            "4", "--width", "64", "--mlp", "256", "--init", "0.1", "--weight-decay", str(decay),
            "--precision", "f32", "--steps", str(steps), "--seed", str(seed), "--threads", "2",
            "--out", os.path.join(folder, f"{seed}-{decay}"), "--log", log,
        ],
        capture_output=True,
        check=True,
    )
    rows = [json.loads(line) for line in open(log, encoding="utf-8")]
    return [row for row in rows if "test_accuracy" in row], work() - start


def first(rows, key, bound):
    return next((row["step"] for row in rows if row[key] >= bound), None)


def grokking(seed, limit):
    """The rows first, the rule long after; without decay the rule never."""
    with tempfile.TemporaryDirectory() as folder:
        rows, seconds = trained(folder, seed, 1.0, 2800)
        control, alone = trained(folder, seed, 0, 1500)
    known, understood = first(rows, "train_accuracy", 0.99), first(rows, "test_accuracy", 0.99)
    best = max(row["test_accuracy"] for row in control)
    fits = (
        known is not None and known < 300 and understood is not None
        and 600 < understood < 4000 and best < 0.3 and max(seconds, alone) < limit
    )
    return fits, (
        f"its rows 99 % at {known}, the others 99 % at {understood};"
        f" without decay {best:.3f} at most"
    ), max(seconds, alone)


RECIPES = {"copies": copies, "echoes": echoes, "grokking": grokking}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=0, help="the first of the seeds")
    parser.add_argument("--only", choices=RECIPES)
    parser.add_argument("--limit", type=float, default=20, help="seconds of one processor")
    parser.add_argument("--passo", default=PASSO)
    arguments = parser.parse_args()
    globals()["PASSO"] = arguments.passo
    failures = 0
    for name, recipe in RECIPES.items():
        if arguments.only not in (None, name):
            continue
        for seed in range(arguments.first, arguments.first + arguments.seeds):
            fits, said, seconds = recipe(seed, arguments.limit)
            failures += not fits
            print(f"{name} {seed}: {said}; {seconds:.1f} s{'' if fits else '  OUTSIDE'}", flush=True)
    if len(STRIPES) >= 5 and not (max(STRIPES) > 0.8 and min(STRIPES) < 0.4):
        failures += 1
        print("echoes: all seeds have stripes, or none has  OUTSIDE")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
